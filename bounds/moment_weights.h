/* The weights s_i = w_i^2 for which (s.b) ||s||_(p/2)/(1.s)^2 is least, for 2 < p < inf: the strongest use of
   the averaged inequality against given second moments. Part of sb_moment_limit_find. */
#ifndef SB_BOUNDS_MOMENT_WEIGHTS_H
#define SB_BOUNDS_MOMENT_WEIGHTS_H

#include "bounds/moment_limit.h"

/* Gives `limit` its groups where weights beat the tightest prefix by more than a relative 1e-9, for which the
   value is `least`; ratio[i] = b_i/b_1 for the sorted items, b_1 > 0. Nothing to do for p = inf and p <= 2.
 */
sb_status sb_moment_weights_choose(sb_moment_limit *limit, const sb_coordinate_moments *moments,
                                   const double *ratio, double least, sb_error *error);

/* V of the groups. */
void sb_moment_weights_value(arb_t value, const sb_moment_limit *limit, slong precision);

#endif
