/* Product noise D = (D')^d: the overlap of D and its translate by one Fourier integral (THEORY.md N1). With
   Phi(t) = prod H_i(t) over the coordinates, S = log(dD/dD_v), and lambda = e^c > 0,

     integral of min(p, lambda q) = (sqrt(lambda)/2 pi) integral over R of Phi(t) cos(c t)/(1/4 + t^2) dt.

   Trapezoid sum over all nodes kh: too large by at most (1 + lambda)/(e^(pi/h) - 1), never too small (Poisson). */
#ifndef SB_DISTRIBUTIONS_PRODUCT_OVERLAP_H
#define SB_DISTRIBUTIONS_PRODUCT_OVERLAP_H

#include "distributions/total_variation.h"

/* result->overlap and total_variation by the engine; `scale` as sb_noise_scale. */
sb_status sb_product_total_variation(sb_tv_result *result, const sb_noise_spec *noise, const sb_shift *shift,
                                     const sb_tv_options *options, sb_error *error);

/* overlap := integral of min(p, lambda q), lambda = e^log_lambda, to `digits` significant digits where they can be had (else a
   wider ball). The equal shift of `length` (a ball, at unit scale: already divided by the noise's scale) in each of
   `dimension` coordinates. */
sb_status sb_product_overlap_equal(arb_t overlap, const sb_noise_spec *noise, uint64_t dimension,
                                   const arb_t length, const arb_t log_lambda, int digits, sb_error *error);

#endif
