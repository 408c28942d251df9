/* Product noise D = (D')^d: the overlap of D and its translate by one Fourier integral. With Phi(t) = prod
   H_i(t) over the coordinates (sb_product_law.affinity), S = log(dD/dD_v), and lambda = e^c > 0,

     integral of min(p, lambda q) = (sqrt(lambda)/2 pi) integral over R of Phi(t) cos(c t)/(1/4 + t^2) dt,

   since min(p, lambda q) = sqrt(lambda p q) e^(-|S - c|/2) and e^(-|x|/2) has the transform 1/(1/4 + t^2).
   Points where p or q is 0 contribute nothing to either side. The error bounds are proved in product_plan.c,
   graham_vaaler.c and uniform_loss.c. */
#ifndef SB_DISTRIBUTIONS_PRODUCT_OVERLAP_H
#define SB_DISTRIBUTIONS_PRODUCT_OVERLAP_H

#include "distributions/total_variation.h"

/* result->overlap and total_variation, certified, each to options->digits significant digits; digits_met = 0
   where these cannot be had in about a second. SB_OUTSIDE for a noise whose coordinates are not independent,
   or without a transform; SB_INTERRUPTED. */
sb_status sb_product_total_variation(sb_tv_result *result, const sb_noise_spec *noise, const sb_shift *shift,
                                     const sb_tv_options *options, sb_error *error);

/* overlap := integral of min(p, lambda q), lambda = e^log_lambda, to `digits` significant digits where they
   can be had (else a wider ball). The equal shift of `length` (a ball, at unit scale: already divided by the
   noise's scale) in each of `dimension` coordinates. The ball holds for every point of the balls length and
   log_lambda. */
sb_status sb_product_overlap_equal(arb_t overlap, const sb_noise_spec *noise, uint64_t dimension,
                                   const arb_t length, const arb_t log_lambda, int digits, sb_error *error);

#endif
