/* Sums over the nodes of the trapezoid rule, by threads in fixed parts: the result does not depend on their
 * number. */
#ifndef SB_DISTRIBUTIONS_PRODUCT_SUM_H
#define SB_DISTRIBUTIONS_PRODUCT_SUM_H

#include "distributions/product_plan.h"
#include "distributions/total_variation.h"

/* low := high := sqrt(lambda) (h/2 pi) sum over |k| < nodes of Phi(kh) cos(ckh)/(1/4 + (kh)^2). With
   `bracket`, low and high are a lower and an upper bound on the sum over ALL nodes instead, with the weights
   of graham_vaaler.h of support
   [-nodes h, nodes h]: they need no bound on Phi. SB_INTERRUPTED when options->proceed says so. */
sb_status sb_product_sum(arb_t low, arb_t high, const sb_product_integrand *f, const arb_t log_lambda,
                         const arb_t step, uint64_t nodes, int bracket, slong precision,
                         const sb_tv_options *options, sb_error *error);

#endif
