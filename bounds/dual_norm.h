/* The noise that l_p shifts demand, p > 2 (docs/theory/dual-norm.md). With 1/p + 1/q = 1, g a standard normal
   vector of R^d, mu = E|g|_q, L = d^(1/2-1/p) and mm = mu - sqrt(2/pi) L > 0,

     TV(D, D + v) <= delta for all |v|_p = eps   implies   E||eta||_2^2 >= eps^2 mm^2 T'(delta, mm/L),

   T' as in bounds/dual_norm_line.h; four times as much for a score gap delta (criterion T0) and D symmetric
   about a point. As d grows mm^2/d^(2-2/p) tends to kappa^2 = (E|g_1|^q)^(2/q), which falls from 1 (p = 2) to
   2/pi (p = inf), and T' to T(delta) (bounds/sharp.h). */
#ifndef SB_BOUNDS_DUAL_NORM_H
#define SB_BOUNDS_DUAL_NORM_H

#include "bounds/bound.h"
#include "bounds/dual_norm_line.h"

/* value := a lower bound of mm, p > 2, d >= 2; exact for p = inf: sqrt(2/pi) (d - sqrt(d)). Context: const
   sb_parameters * (dimension and norm). */
void sb_dual_norm_mean(arb_t value, const void *parameters, slong precision);

/* y0 := a rational lower bound of mm/L, within 2^-40 of that for sb_dual_norm_mean; numerator and power of 2.
 */
void sb_dual_norm_ratio(fmpq_t y0, const sb_parameters *parameters);

/* B7(d, p, delta), with E||eta||_2^2 >= eps^2 d^(2-2/p) B7; 0 where nothing is said. Context: const
   sb_parameters * (dimension, norm and delta). */
void sb_dual_norm_constant(arb_t value, const void *parameters, slong precision);

/* Rows for p > 2, d >= 2. */
extern const sb_bound sb_dual_norm_bound[];
extern const size_t sb_dual_norm_bound_count;

#endif
