/* Gaussian noise N(0, diag(b)) with independent coordinates of variances b_i > 0: what it promises, exactly.
 */
#ifndef SB_BOUNDS_DIAGONAL_GAUSSIAN_H
#define SB_BOUNDS_DIAGONAL_GAUSSIAN_H

#include "bounds/coordinate_moments.h"
#include "bounds/sharp_inverse.h"

typedef struct {
    const sb_coordinate_moments *variances; /* sorted */
    const sb_exact *norm;                   /* p >= 1 or inf */
} sb_diagonal_gaussian;

/* The largest sum of v_i^2/b_i over |v|_p <= 1: max 1/b_i for p <= 2, else (sum of b_i^-q)^(1/q) with q =
   p/(p-2), q = 1 for p = inf. Infinite variances count as 1/b_i = 0; +inf where some b_i is 0. Context: const
   sb_diagonal_gaussian *. */
void sb_diagonal_gaussian_sensitivity(arb_t value, const void *diagonal_gaussian, slong precision);

/* radius := the largest eps at which this noise keeps the promise at delta: 2 z(delta)/sqrt(sensitivity) for
   total variation, half of that for robustness (criterion T0), z(delta) = Phi^-1((1+delta)/2). */
void sb_diagonal_gaussian_radius(arb_t radius, const arb_t sensitivity, sb_sharp_hypothesis hypothesis,
                                 const fmpq_t delta, slong precision);

#endif
