/* The exact robustness criterion (T0, docs/theory/robustness.md): a score gap g keeps its class under the shift
   v, whatever the base classifier, if and only if

     rho_v = min over lambda >= 0 of ||D - lambda D_v||_1 = min of 1 + lambda - 2 M(lambda) < g,
     M(lambda) = integral of min(p, lambda q),

   p, q the densities of D and D_v. By the lemma of Neyman and Pearson (1933) 1 - rho_v is twice the least
   error of the first kind of a test of D against D_v with power 1/2. */
#ifndef SB_DISTRIBUTIONS_NEYMAN_PEARSON_H
#define SB_DISTRIBUTIONS_NEYMAN_PEARSON_H

#include "distributions/noise.h"

/* overlap := an enclosure of M(e^log_lambda) to about `digits` significant digits (a wider ball is allowed);
   log_lambda is exact. */
typedef sb_status sb_overlap_function(arb_t overlap, const void *context, const arb_t log_lambda, int digits,
                                      sb_error *error);

/* criterion := an enclosure of rho, slack := one of 1 - rho; each to `digits` significant digits where M can
   be had accurately enough, else wider. *log_lambda: in, a guess of the minimiser (NaN: none); out, where it
   was found. Errors: those of `overlap`. */
sb_status sb_neyman_pearson(arb_t criterion, arb_t slack, sb_overlap_function *overlap, const void *context,
                            int digits, double *log_lambda, sb_error *error);

/* The same for D shifted by `length` >= 0 (at unit scale: divided by the noise's scale) in each of
   `dimension` coordinates; log_lambda may be NULL. For log-concave product noise no shift of the cube
   ||v||_inf <= length has a larger rho (docs/theory/worst-shift.md). SB_OUTSIDE unless D is product noise. */
sb_status sb_equal_shift_criterion(arb_t criterion, arb_t slack, const sb_noise_spec *noise,
                                   uint64_t dimension, const arb_t length, int digits, double *log_lambda,
                                   sb_error *error);

#endif
