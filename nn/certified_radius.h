/* The certified radius of a smoothed classifier from bounds on its scores: pA at least `top` for the class,
   at most `runner_up` for every other one.

   Gaussian noise, l_2: R = (sigma/2) (Phi^{-1}(pA) - Phi^{-1}(pB)) (Theorem 2.1; Cohen, Rosenfeld, Kolter,
   ICML 2019). Any other noise: the largest l_p ball in which the score gap pA - pB keeps the class
   (distributions/calibration.h), p = 2 for isotropic noise and inf else. */
#ifndef SB_NN_CERTIFIED_RADIUS_H
#define SB_NN_CERTIFIED_RADIUS_H

#include "distributions/calibration.h"

typedef struct {
    const sb_noise_spec *noise; /* must outlive it */
    uint64_t dimension;
    sb_exact norm; /* 2 or inf */
    int closed;    /* Gaussian: the closed form; else by the criterion */
    sb_criterion criterion;
} sb_certified_law;

/* Finds the strongest criterion with a promise for this noise: T0, else T0 by the Hellinger affinity, else
   Lemma A.1. SB_OUTSIDE names a noise without any. To be cleared also on failure. */
sb_status sb_certified_law_init(sb_certified_law *law, const sb_noise_spec *noise, uint64_t dimension,
                                sb_error *error);
void sb_certified_law_clear(sb_certified_law *law);

/* "Theorem 2.1", "exact criterion T0", "T0, affinity bound", "Lemma A.1" */
const char *sb_certified_law_name(const sb_certified_law *law);

/* radius := an enclosure whose lower end is certified when top and runner_up enclose the two scores, 0 <
   runner_up < top < 1. In the unit of the noise scale; at least 8 digits for Gaussian noise. */
sb_status sb_certified_law_evaluate(arb_t radius, const sb_certified_law *law, const arb_t top,
                                    const arb_t runner_up, sb_error *error);

#endif
