/* The conditions on p under which a statement speaks, and the one form in which a refusal is worded:
   "Theorem 1.2 needs p >= 2; got p = 3/2". Each returns SB_OK or SB_OUTSIDE. */
#ifndef SB_BOUNDS_DOMAIN_H
#define SB_BOUNDS_DOMAIN_H

#include "bounds/parameters.h"

sb_status sb_domain_norm_from_two(const char *statement, const sb_parameters *parameters,
                                  sb_error *error); /* p >= 2 */
sb_status sb_domain_norm_two(const char *statement, const sb_parameters *parameters,
                             sb_error *error); /* p = 2 */
sb_status sb_domain_norm_above_two(const char *statement, const sb_parameters *parameters,
                                   sb_error *error); /* p > 2 */
/* p = inf; all norms agree when d = 1. */
sb_status sb_domain_cube(const char *statement, const sb_parameters *parameters, sb_error *error);

#endif
