/* What tests by half spaces give under three hypotheses (docs/theory/rotation.md): a bound E||eta||_2^2 >=
   S(TV) from TV(D, D + v) <= TV for |v|_p <= eps by the half space that lies midway between 0 and v holds

   - as it is, with TV = delta;
   - for a score gap delta (criterion T0) and any noise with TV = tau(delta) (bounds/tv_robustness.h);
   - for a score gap delta and noise symmetric about a point with 4 S(delta): the half space through v itself
   is then a test with no preference under D + v, and twice as wide a slab has probability at most delta. */
#ifndef SB_BOUNDS_HALF_SPACE_H
#define SB_BOUNDS_HALF_SPACE_H

#include "bounds/sharp.h"

/* value := S(total_variation), with d, p and eps of the parameters. */
typedef void sb_half_space_bound(arb_t value, const sb_parameters *parameters, const fmpq_t total_variation,
                                 slong precision);

/* The bound on E||eta||_2^2, and on rms = sqrt(E||eta||_2^2 / d). */
void sb_half_space_square(arb_t value, sb_half_space_bound *bound, sb_sharp_hypothesis hypothesis,
                          const sb_parameters *parameters, slong precision);
void sb_half_space_rms(arb_t value, sb_half_space_bound *bound, sb_sharp_hypothesis hypothesis,
                       const sb_parameters *parameters, slong precision);

#endif
