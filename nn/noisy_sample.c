#include "nn/noisy_sample.h"

#include "support/random.h"

void sb_noisy_sample(const sb_noisy_samples *samples, uint64_t k, size_t elements, float *x) {
    uint64_t stream = samples->stream + k;
    if (samples->draw) {
        samples->draw(samples->context, samples->seed, stream, x, elements);
        for (size_t i = 0; i < elements; i++) x[i] += samples->image[i];
        return;
    }
    sb_random_normals_float(x, elements, samples->seed, stream, 0);
    for (size_t i = 0; i < elements; i++) {
        float noise = samples->sigma * x[i]; /* a statement of its own, so that the two do not fuse */
        x[i] = samples->image[i] + noise;
    }
}
