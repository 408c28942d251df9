/* The binomial law and Clopper-Pearson bounds for a proportion, certified.

   For k successes in n independent trials the one-sided lower bound at level alpha is the probability p with
   Pr(Bin(n, p) >= k) = alpha (0 for k = 0), the upper bound the p with Pr(Bin(n, p) <= k) = alpha (1 for k =
   n). Each covers the true probability with probability at least 1 - alpha, whatever it is. (Clopper and
   Pearson, Biometrika 26, 1934.) */
#ifndef SB_DISTRIBUTIONS_BINOMIAL_H
#define SB_DISTRIBUTIONS_BINOMIAL_H

#include "support/arb_compat.h"
#include "support/status.h"

#include <stdint.h>

#define SB_TRIALS_LIMIT UINT64_C(1000000000) /* 10^9: a tail costs about ten square roots of n */

/* value := Pr(X >= k) and Pr(X <= k) for X ~ Bin(trials, probability). NaN unless the ball of the probability
   lies in (0, 1); both are sums of positive terms, so that a small tail keeps its relative accuracy. */
void sb_binomial_upper_tail(arb_t value, uint64_t trials, uint64_t successes, const arb_t probability,
                            slong precision);
void sb_binomial_lower_tail(arb_t value, uint64_t trials, uint64_t successes, const arb_t probability,
                            slong precision);

/* bound := an enclosure of the one-sided bound, of width below 10^-(digits+2) relative to itself (exact 0 for
   k = 0, exact 1 for the upper bound at k = n). 0 < alpha < 1, 1 <= trials <= SB_TRIALS_LIMIT, successes <=
   trials; SB_OUTSIDE otherwise. */
sb_status sb_clopper_pearson_lower(arb_t bound, uint64_t trials, uint64_t successes, const fmpq_t alpha,
                                   int digits, sb_error *error);
sb_status sb_clopper_pearson_upper(arb_t bound, uint64_t trials, uint64_t successes, const fmpq_t alpha,
                                   int digits, sb_error *error);

/* The two-sided interval of confidence 1 - alpha: each side at alpha/2. */
sb_status sb_clopper_pearson_interval(arb_t low, arb_t high, uint64_t trials, uint64_t successes,
                                      const fmpq_t alpha, int digits, sb_error *error);

/* malloc'd decimal with exactly `decimals` places ("0.6159"): rounded down (direction -1) below every point
   of the ball, up (+1) above every point, or its midpoint to nearest, ties to even (0: for display only).
   NULL when memory is short. */
char *sb_fixed_decimal(const arb_t ball, int decimals, int direction);
char *sb_fixed_decimal_rational(const fmpq_t value, int decimals, int direction);

#endif
