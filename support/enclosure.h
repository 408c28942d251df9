/* Enclosures: Arb balls made as narrow as the asked digits need, printed with both ends rounded outward. */
#ifndef SB_SUPPORT_ENCLOSURE_H
#define SB_SUPPORT_ENCLOSURE_H

#include "support/arb_compat.h"
#include "support/exact.h"
#include "support/status.h"

enum {
    SB_PRECISION_START = 96,      /* bits */
    SB_PRECISION_LIMIT = 1 << 16, /* bits; above 19000 digits */
    SB_DIGITS_LIMIT = 1000
};

/* A real number as a procedure: value := a ball that contains it, computed with about `precision` bits. A
   larger precision must in the end give a narrower ball. */
typedef void sb_ball_function(arb_t value, const void *context, slong precision);

/* value := an enclosure with relative radius below 10^-(digits+3) (an exact 0 counts). SB_UNDECIDED when the
   precision limit comes first, SB_OUTSIDE when the function has no finite value there. */
sb_status sb_enclose(arb_t value, sb_ball_function *function, const void *context, int digits,
                     sb_error *error);

/* *sign := -1, 0, +1, the certified sign of function(context) - threshold. 0 only where the ball is exact.
 * SB_UNDECIDED at the precision limit. */
sb_status sb_compare_with(sb_ball_function *function, const void *context, const fmpq_t threshold, int *sign,
                          sb_error *error);

/* malloc'd decimals with `digits` significant digits: a number not above (lower) or not below (upper) every
   point of the ball. Same notation as sb_rational_decimal. "-inf"/"inf" where the ball is unbounded. NULL
   when memory is short. */
char *sb_decimal_lower(const arb_t ball, int digits);
char *sb_decimal_upper(const arb_t ball, int digits);

/* malloc'd decimal of the midpoint rounded to nearest: for pictures only, never for a bound. */
char *sb_decimal_nearest(const arb_t ball, int digits);

/* Balls of the field's standard functions, all certified. */
void sb_normal_cdf(arb_t value, const arb_t x, slong precision); /* Phi(x) */
void sb_normal_quantile(arb_t value, const arb_t probability,
                        slong precision); /* Phi^{-1}; NaN unless 0 < p < 1 is certain */
void sb_normal_two_sided_quantile(arb_t z, const fmpq_t delta,
                                  slong precision); /* z(delta) = Phi^{-1}((1+delta)/2), 0 < delta < 1 */

/* value := base^exponent for a positive integer base (a dimension) and a rational exponent; exact when the
 * result is rational and small. */
void sb_dimension_power(arb_t value, uint64_t base, const fmpq_t exponent, slong precision);

#endif
