/* Numerics for families without closed forms: the quantile from the tail, and the affinity H(t) (family.h)
   with its supremum by quadrature, from log p and its derivatives.

   Let p be the density of the law, q that of its translate by v, a = v/2, and G(x) = log p(x) for x > 0.
   About the middle of the two centres, with w = a -+ u, p q = exp(G(2a - u) + G(u)) (0 < u < a) and exp(G(2a
   + u) + G(u)) (u > 0), and the other half of the line is its mirror image. */
#ifndef SB_DISTRIBUTIONS_LAW_NUMERICS_H
#define SB_DISTRIBUTIONS_LAW_NUMERICS_H

#include "distributions/family.h"

/* The quantile of one coordinate (at unit scale; dimension: for radial laws) with a continuous distribution function that increases strictly where it is neither 0
   nor 1, by certified isolation of the root of its tail; as narrow as `u` allows. NaN unless 0 < u < 1 is
   certain. */
void sb_law_quantile(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t u,
                     slong precision);

/* value := the hull of the values of a monotone law function at the two ends of the ball x. */
void sb_law_from_ends(arb_t value, sb_law_function *law, const sb_noise_spec *spec, const arb_t x,
                      slong precision);

/* value := integral of f over the real interval [low, high] (exact ends), real part; f as acb_calc_func_t
   wants it: not finite where it is not holomorphic when `order` is 1. Stops at an error of about 2^-goal *
   scale; the ball is certified whether or not that was reached. */
typedef int sb_integrand(acb_ptr value, const acb_t x, void *context, slong order, slong precision);
void sb_integrate(arb_t value, sb_integrand *f, void *context, const arf_t low, const arf_t high, slong goal,
                  const arb_t scale, slong precision);

/* A law given by its log-density. Its density must not increase in |x| where it is positive. */
typedef struct sb_log_density {
    /* jet[0..length) := log p (up to a constant) and its first three derivatives at z (length 1 or 4), where
       log p continues the function of x > 0: balls for every point of the ball z. Not finite where z may
       leave the domain in which that is holomorphic: Re z > 0 will do, with analytic_at_zero a neighbourhood
       of the real line. */
    void (*log_density)(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length, slong precision);
    void (*log_constant)(arb_t value, const sb_noise_spec *spec,
                         slong precision); /* that constant; NULL: 0 */
    sb_law_function *tail;                 /* Pr(|X| > s), or a cheaper upper bound on it, for s >= 1 */
    /* An upper bound on |log(p/q)| where both are positive, as a function of the shift. NULL: there is none.
     */
    sb_law_function *loss_bound;
    /* The family's own H(t), which may be sb_law_affinity. */
    void (*affinity)(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision);
    int analytic_at_zero; /* log p is analytic at 0, as a function on the real line */
    int hole;             /* the density is 0 for |x| < 1 */
    int edge;             /* the density is 0 for |x| > 1 (sb_law_affinity_supremum only) */
} sb_log_density;

/* H(t), and H(iy) for y >= 0, with an error of about 2^-precision times the largest sqrt(pq), besides what
   the balls t and shift bring. H(iy) is not finite for y > 1/2 without a loss bound. */
void sb_law_affinity(arb_t value, const sb_log_density *law, const sb_noise_spec *spec, const arb_t t,
                     const arb_t shift, slong precision);
void sb_law_affinity_imaginary(arb_t value, const sb_log_density *law, const sb_noise_spec *spec,
                               const arb_t y, const arb_t shift, slong precision);

/* An upper bound on sup |H(t)| over t >= from > 0; at most H(0). */
void sb_law_affinity_supremum(arb_t value, const sb_log_density *law, const sb_noise_spec *spec,
                              const arb_t from, const arb_t shift, slong precision);

#endif
