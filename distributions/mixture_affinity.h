/* The affinity of a finite mixture and its translate (distributions/family.h), and their overlap: by
   quadrature between the points where the density of a component is not analytic, and by sums over atoms. */
#ifndef SB_DISTRIBUTIONS_MIXTURE_AFFINITY_H
#define SB_DISTRIBUTIONS_MIXTURE_AFFINITY_H

#include "distributions/family.h"

typedef enum {
    SB_MIXTURE_REAL,      /* H(t) */
    SB_MIXTURE_IMAGINARY, /* H(it), t >= 0; NaN for t > 1/2 unless every component has a loss bound */
    SB_MIXTURE_OVERLAP    /* integral of min(p, q), and the same sum over atoms; t is not used */
} sb_mixture_integral;

/* All of it, for a shift > 0. The absolutely continuous part has an error of about 2^-precision times the
   largest sqrt(pq), besides what the balls bring; when staircases and heavy tails meet more, which the ball
   says. */
void sb_mixture_affinity(arb_t value, const sb_noise_spec *mixture, sb_mixture_integral kind, const arb_t t,
                         const arb_t shift, slong precision);

/* The part of the atoms. Atoms of the mixture and of its translate coincide for certain only when the shift
   is an exact ball; else the enclosure reaches from none of the coincidences that the ball allows to all. */
void sb_mixture_atoms(arb_t value, const sb_noise_spec *mixture, sb_mixture_integral kind, const arb_t t,
                      const arb_t shift, slong precision);

/* SB_BAD_INPUT when the lattices among the components are not commensurable in the sense of mixture_atoms.c.
 */
sb_status sb_mixture_atoms_check(const sb_noise_spec *mixture, sb_error *error);

#endif
