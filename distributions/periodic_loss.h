/* Product noise whose losses are whole multiples of one number, so that H is periodic. */
#ifndef SB_DISTRIBUTIONS_PERIODIC_LOSS_H
#define SB_DISTRIBUTIONS_PERIODIC_LOSS_H

#include "distributions/family.h"

/* sb_product_law.overlap_equal for a law whose losses log(p/q) are multiples of log(1/base), 0 < base < 1. The
   relative error is about 2^-precision. NaN when that would take more than a million values of H, or when
   log_lambda is a ball around a multiple of log(1/base) other than an exact 0. */
void sb_periodic_loss_overlap(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t shift,
                              const fmpq_t base, const arb_t log_lambda, slong precision);

#endif
