/* The absolutely continuous part of a finite mixture, p(x) = sum of w_i f_i(|x|/a_i)/a_i with f_i the density
   of component i at unit scale, as an analytic function between its breakpoints. */
#ifndef SB_DISTRIBUTIONS_MIXTURE_DENSITY_H
#define SB_DISTRIBUTIONS_MIXTURE_DENSITY_H

#include "distributions/law_numerics.h"

typedef struct {
    const sb_noise_spec *spec;
    const sb_log_density *law; /* NULL: constant between breakpoints (staircase), or 0 (lattice) */
    arb_t scale, log_factor;   /* a, and log(w/a) plus the constant of `law` */
    int analytic[2];           /* by sb_mixture_settle, twice: whether `law` counts there, */
    arb_t level[2];            /* or else the constant value */
} sb_mixture_part;

typedef struct {
    const sb_noise_spec *spec;
    sb_mixture_part *part; /* spec->component_count of them */
} sb_mixture;

/* Returns 0 when memory is short; to be cleared in any case. */
int sb_mixture_init(sb_mixture *mixture, const sb_noise_spec *spec, slong precision);
void sb_mixture_clear(sb_mixture *mixture);

/* A component's density is analytic at 0 on the line, or continues analytically through 0 from x > 0, or
 * neither. */
typedef enum { SB_SMOOTH, SB_KINK, SB_BRANCH_POINT } sb_mixture_centre;
sb_mixture_centre sb_mixture_centre_of(const sb_mixture_part *part, slong precision);

/* Chooses, for `side` 0 or 1, the analytic functions that the components are near the distance |x| = place.
   Returns whether their sum is not 0. */
int sb_mixture_settle(sb_mixture *mixture, int side, const arb_t place, slong precision);

/* value := their sum at z; not finite where one is not analytic. */
void sb_mixture_value(acb_t value, const sb_mixture *mixture, int side, const acb_t z, slong precision);

/* value := a bound on p; the mass that p has on |x| > s */
void sb_mixture_largest(arb_t value, const sb_mixture *mixture, slong precision);
void sb_mixture_mass(arb_t value, const sb_mixture *mixture, const arb_t s, slong precision);

/* value := a bound on |log(p(x)/p(x - shift))| by p/q <= max p_i/q_i; NaN where a component has none. */
void sb_mixture_loss_bound(arb_t value, const sb_mixture *mixture, const arb_t shift, slong precision);

/* log p and its derivatives (law_numerics.h), for a mixture whose components all have a log-density. */
void sb_mixture_log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length,
                            slong precision);

#endif
