/* Ranges of the elementary and special functions over an interval, by Arb. */
#ifndef SB_BOUNDS_EXPRESSION_FUNCTION_H
#define SB_BOUNDS_EXPRESSION_FUNCTION_H

#include "bounds/expression_tree.h"

/* Numbers beyond 2^(+-SB_EXPONENT_LIMIT) are not kept: a lower end is lowered to 0, an upper end has no
 * value. */
enum { SB_EXPONENT_LIMIT = 1 << 15 };

/* [lower, upper] := an enclosure of the values of SB_EXP .. SB_TRIGAMMA on [low, high], about `precision`
   bits wide around the exact range. The balls low and high contain the ends; pass the same pointer twice for
   a single point. Returns 0 where a point of the interval may be outside the domain, or no finite value was
   found. */
int sb_function_range(sb_operation operation, arf_t lower, arf_t upper, const arb_t low, const arb_t high,
                      slong precision);

#endif
