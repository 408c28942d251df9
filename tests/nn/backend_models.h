/* For tests that are run on every backend: the backends, and networks whose values are fit to compare them.

   Numbers are compared by the relative error in the Euclidean norm, |x - reference| / |reference|. The
   gradient of a network of ReLUs is discontinuous where a ReLU's input is 0, and rounding carries some inputs
   across. So there are networks of two kinds: in `decided` ones the shifts of the batch normalisations keep
   nearly every ReLU's input three deviations away from 0, and all gradients must agree closely; in the others
   half of the ReLUs are open, and most gradients, one an image, must. */
#ifndef SB_TESTS_NN_BACKEND_MODELS_H
#define SB_TESTS_NN_BACKEND_MODELS_H

#include "nn/backend.h"
#include "nn/cpu/cpu_network.h"
#include "nn/cpu/evaluation_kernels.h"
#include "support/random.h"
#include "tests/test.h"

#include <math.h>

#define CPU_AT(level)                                                                                        \
    static inline sb_status open_cpu_at_##level(sb_network **network, const sb_resnet *resnet, int size,     \
                                                const sb_backend_options *options, sb_error *error) {        \
        return sb_cpu_open_at(level, network, resnet, size, options, error);                                 \
    }
CPU_AT(0)
CPU_AT(1)

/* The reference, the cpu backend as it is, and with each lower level of instructions; then NULL. */
static inline const sb_backend *backend_number(int i) {
    static sb_backend lower[2];
    if (i == 0) return &sb_reference_backend;
    if (i == 1) return &sb_cpu_backend;
    if (i > 3 || !sb_evaluation_kernels_at(i - 1)) return NULL; /* the highest level is the backend's own */
    lower[i - 2] = sb_cpu_backend;
    lower[i - 2].open = i == 2 ? open_cpu_at_0 : open_cpu_at_1;
    return &lower[i - 2];
}

static inline const sb_backend *backend_after(const sb_backend *b) {
    int i = 0;
    while (backend_number(i) != b) i++;
    return backend_number(i + 1);
}

/* From the reference on, or from the first other one on. */
#define FOR_EACH_BACKEND(b) for (const sb_backend *b = backend_number(0); b; b = backend_after(b))
#define FOR_EACH_OTHER(b) for (const sb_backend *b = backend_number(1); b; b = backend_after(b))

static const double LOGIT_TOLERANCE = 5e-5, GRADIENT_TOLERANCE = 1e-4, KINK_TOLERANCE = .5,
                    BF16_TOLERANCE = 3e-2;

static const float SIGMA = .5f; /* of noise */

static inline void *allocate(size_t count, size_t size) {
    void *p = calloc(count, size);
    if (!p) abort();
    return p;
}

static inline float *random_floats(size_t count, uint64_t seed) { /* in (0, 1) */
    float *x = allocate(count, sizeof *x);
    sb_random_uniforms_float(x, count, seed, 0, 0);
    return x;
}

static inline double relative_error(const float *x, const float *expected, size_t count) {
    double difference = 0, size = 0;
    for (size_t i = 0; i < count; i++) {
        double d = (double)x[i] - (double)expected[i];
        difference += d * d;
        size += (double)expected[i] * (double)expected[i];
    }
    return sqrt(difference / size);
}

/* --- A network's values, and networks opened with them --- */

typedef struct {
    sb_resnet resnet;
    int size;
    size_t elements; /* of an image */
    float *values;
} model;

static inline sb_network *open_with(const sb_backend *b, const model *m, const sb_backend_options *options) {
    sb_network *network;
    sb_error error = {SB_OK, ""};
    sb_status status = b->open(&network, &m->resnet, m->size, options, &error);
    if (status) {
        SB_CHECK(options->precision == SB_PRECISION_BF16 && status == SB_BAD_INPUT, "%s, %d pixels: %s",
                 b->name, m->size, error.message);
        return NULL;
    }
    SB_CHECK(b->set_values(network, m->values, &error) == SB_OK, "%s: %s", b->name, error.message);
    return network;
}

static inline sb_network *open_f32(const sb_backend *b, const model *m) {
    return open_with(b, m, &(sb_backend_options){.jobs = 2});
}

/* Scales and shifts of a convolution's normalisation. added: its channels are added to others by the blocks,
   so the same ones must be open. */
static inline void set_shifts(model *m, int index, int decided, int added) {
    const sb_convolution *c = &m->resnet.convolution[index];
    float *u = random_floats(2 * (size_t)c->out_channels, (uint64_t)(1000 + index));
    for (int k = 0; k < c->out_channels; k++) {
        int open = (added ? k : k + index) % 3 != 0;
        m->values[c->scale + (size_t)k] = .75f + .5f * u[2 * k];
        m->values[c->shift + (size_t)k] = decided ? (open ? 3 : -3) : u[2 * k + 1] - .5f;
    }
    free(u);
}

/* Running statistics := those of some noisy images; the classifier centred on request, so that many classes
   win. */
static inline void calibrate(model *m, int centre) {
    const sb_backend *b = &sb_reference_backend;
    float logits[12 * SB_CLASSES];
    size_t count = m->size < 16 ? 12 : 3; /* a small image has few pixels for a variance */
    float *images = random_floats(count * m->elements, 77);
    float *noise = allocate(count * m->elements, sizeof *noise);
    sb_random_normals_float(noise, count * m->elements, 78, 0, 0);
    for (size_t i = 0; i < count * m->elements; i++) images[i] += SIGMA * noise[i];
    free(noise);
    sb_network *network = open_f32(b, m);
    int failed = b->train_forward(network, 0, images, count, logits, NULL) != SB_OK;
    for (int i = 0; i < 100; i++) failed |= b->update_statistics(network, 0, NULL) != SB_OK;
    failed |= b->get_values(network, m->values, NULL) != SB_OK;
    failed |= b->logits(network, images, count, logits, NULL) != SB_OK;
    if (failed) abort();
    for (size_t k = 0; centre && k < count * SB_CLASSES; k++)
        m->values[m->resnet.classifier_bias + k % SB_CLASSES] -= logits[k] / (float)count;
    b->close(network);
    free(images);
}

static inline void model_init(model *m, int depth, int size, int decided) {
    sb_error error;
    if (sb_resnet_init(&m->resnet, depth, &error)) abort();
    m->size = size;
    m->elements = (size_t)(size * size * SB_CHANNELS);
    m->values = allocate(m->resnet.value_count, sizeof *m->values);
    sb_resnet_initialise(&m->resnet, m->values, (uint64_t)(100 * depth + size));
    set_shifts(m, 0, decided, 1);
    for (int i = 0; i < m->resnet.block_count; i++) {
        const sb_block *block = &m->resnet.block[i];
        set_shifts(m, block->first, decided, 0);
        set_shifts(m, block->second, decided, 1);
        if (block->shortcut >= 0) set_shifts(m, block->shortcut, decided, 1);
    }
    calibrate(m, !decided);
}

static inline void model_clear(model *m) {
    sb_resnet_clear(&m->resnet);
    free(m->values);
}

#endif
