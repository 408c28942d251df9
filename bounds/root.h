/* Certified root isolation for a strictly decreasing function on (0, 1). */
#ifndef SB_BOUNDS_ROOT_H
#define SB_BOUNDS_ROOT_H

#include "support/arb_compat.h"
#include "support/status.h"

/* value := a ball that contains f(x), x rational in (0, 1). */
typedef void sb_point_function(arb_t value, const fmpq_t x, const void *context, slong precision);

/* root := a ball around the x with f(x) = level, of relative radius below 10^-(digits+3); its ends were
   tested: f > level at the lower one and f < level at the upper one (or, for a root that near to 1, the upper
   end is 1). The caller has made sure that f - level changes its sign on (0, 1). SB_UNDECIDED when the
   precision limit comes first or the root lies below 2^-(2^20). */
sb_status sb_isolate_root(arb_t root, sb_point_function *f, const void *context, const fmpq_t level,
                          int digits, sb_error *error);

#endif
