/* Lines below the small-ball probability of docs/theory/dual-norm.md. For a vector of length R, in units of
   eps mm, let y be defined by R = (1/y - 1/y0)/2, 0 < y <= y0. The probability is at least

     A(y) = 2 Phi(y) - 1 - phi(1) (y/y0)^2   and   B_t(y) = (1 - e^(-t^2/2)) (2 Phi(y (1 - t/y0)) - 1)

   for every 0 <= t < y0, and it does not decrease in y. A line a - c R^2 that nowhere exceeds it turns
   "probability at most delta in the mean" into E R^2 >= (a - delta)/c. */
#ifndef SB_BOUNDS_DUAL_NORM_LINE_H
#define SB_BOUNDS_DUAL_NORM_LINE_H

#include "support/arb_compat.h"

/* Whether a - c R^2 <= that lower bound (its non-decreasing envelope in y) for all R >= 0 is proved, in
   balls; c > 0 and y0 > 0 with a numerator and a power of 2 below it. No line that exceeds the bound
   somewhere is accepted. */
int sb_dual_norm_certify(const fmpq_t y0, const fmpq_t a, const fmpq_t c);

/* value := (a - delta)/c for a line that was proved and is nearly the best; 0 where no line says anything.
   Exact, and the same on every call. */
void sb_dual_norm_line(fmpq_t value, const fmpq_t y0, const fmpq_t delta);

#endif
