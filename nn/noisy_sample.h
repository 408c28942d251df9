/* One noisy copy of an image, the same bits in every backend. */
#ifndef SB_NN_NOISY_SAMPLE_H
#define SB_NN_NOISY_SAMPLE_H

#include "nn/backend.h"

/* x[0..elements) := samples->image + the noise of sample k. The Gaussian noise is rounded to float, then
   multiplied by sigma and rounded, then added and rounded. */
void sb_noisy_sample(const sb_noisy_samples *samples, uint64_t k, size_t elements, float *x);

#endif
