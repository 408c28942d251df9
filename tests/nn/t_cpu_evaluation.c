/* The evaluation mode of the cpu backend: against the reference, for every instruction set of this processor;
   and the same bits for every count, position and number of threads. */
#include "nn/cpu/cpu_network.h"
#include "nn/noisy_sample.h"
#include "support/random.h"
#include "tests/test.h"

#include <math.h>

enum { MOST_LEVELS = 8, MOST_IMAGES = 40 };

static void *allocate(size_t count, size_t size) {
    void *p = calloc(count, size);
    if (!p) abort();
    return p;
}

static float *uniforms(size_t count, uint64_t seed) {
    float *x = allocate(count, sizeof *x);
    sb_random_uniforms_float(x, count, seed, 0, 0);
    return x;
}

/* Weights as at the start of a training, batch normalisation as in the middle of one. */
static float *make_values(const sb_resnet *resnet, uint64_t seed) {
    float *values = allocate(resnet->value_count, sizeof *values);
    sb_resnet_initialise(resnet, values, seed);
    for (size_t i = 0; i < resnet->tensor_count; i++) {
        const sb_tensor *t = &resnet->tensor[i];
        float *x = values + t->offset;
        if (t->kind == SB_TENSOR_WEIGHT || t->kind == SB_TENSOR_BIAS) continue;
        sb_random_uniforms_float(x, t->count, seed, 1000 + i, 0);
        int positive = t->kind == SB_TENSOR_SCALE || t->kind == SB_TENSOR_RUNNING_VARIANCE;
        for (size_t k = 0; k < t->count; k++) x[k] = positive ? .5f + x[k] : .6f * x[k] - .3f;
    }
    return values;
}

/* Probability vectors, every other one with all on one class. */
static float *make_targets(size_t count, uint64_t seed) {
    float *target = uniforms(count * SB_CLASSES, seed);
    for (size_t i = 0; i < count; i++) {
        float *t = target + i * SB_CLASSES, sum = 0;
        for (int c = 0; c < SB_CLASSES; c++) sum += t[c];
        for (int c = 0; c < SB_CLASSES; c++) t[c] = i % 2 ? (float)((int)(i % SB_CLASSES) == c) : t[c] / sum;
    }
    return target;
}

static sb_network *opened(const sb_backend *backend, int level, const sb_resnet *resnet, int size, int jobs,
                          const float *values) {
    sb_backend_options options = {.jobs = jobs};
    sb_network *network = NULL;
    sb_error error = {0};
    sb_status status = backend == &sb_cpu_backend
                           ? sb_cpu_open_at(level, &network, resnet, size, &options, &error)
                           : backend->open(&network, resnet, size, &options, &error);
    SB_CHECK(!status, "%s", error.message);
    if (status) abort();
    SB_CHECK(!backend->set_values(network, values, &error), "%s", error.message);
    return network;
}

static int has_level(int level) {
    sb_resnet resnet;
    sb_network *network = NULL;
    sb_backend_options options = {.jobs = 1};
    if (sb_resnet_init(&resnet, 8, NULL)) abort();
    int has = sb_cpu_open_at(level, &network, &resnet, 4, &options, NULL) == SB_OK;
    sb_cpu_backend.close(network);
    sb_resnet_clear(&resnet);
    return has;
}

static double distance(const float *a, const float *b, size_t count) {
    double difference = 0, norm = 0;
    for (size_t i = 0; i < count; i++) {
        difference += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
        norm += (double)b[i] * (double)b[i];
    }
    return sqrt(difference / norm);
}

/* ------------------------------------------------------------------ against the reference */
/* A unit whose input is close to 0 may be on for one and off for the other; its share of the gradient is then
   lost or won. So most images must agree closely, and the others in general. */
static void compare(int depth, int size, size_t count) {
    sb_resnet resnet;
    if (sb_resnet_init(&resnet, depth, NULL)) abort();
    size_t elements = (size_t)size * (size_t)size * SB_CHANNELS;
    float *values = make_values(&resnet, (uint64_t)(depth + size)), *images = uniforms(count * elements, 5);
    float *target = make_targets(count, 6), *weight = uniforms(count, 7);
    float *logits = allocate(4 * count * SB_CLASSES, sizeof *logits), *right = logits + count * SB_CLASSES;
    float *with_gradient = right + count * SB_CLASSES;
    float *gradient = allocate(2 * count * elements, sizeof *gradient),
          *right_gradient = gradient + count * elements;
    sb_network *truth = opened(&sb_reference_backend, 0, &resnet, size, 1, values);
    truth->backend->input_gradient(truth, images, count, target, weight, right_gradient, right, NULL);
    truth->backend->close(truth);
    for (int level = 0; level < MOST_LEVELS && has_level(level); level++) {
        sb_network *network = opened(&sb_cpu_backend, level, &resnet, size, 1, values);
        sb_cpu_backend.logits(network, images, count, logits, NULL);
        sb_cpu_backend.input_gradient(network, images, count, target, weight, gradient, with_gradient, NULL);
        SB_CHECK(distance(logits, right, count * SB_CLASSES) < 2e-5,
                 "%s, depth %d, size %d: logits off by %g", network->description, depth, size,
                 distance(logits, right, count * SB_CLASSES));
        SB_CHECK(!memcmp(logits, with_gradient, count * SB_CLASSES * sizeof *logits));
        size_t close = 0;
        for (size_t i = 0; i < count; i++) {
            double off = distance(gradient + i * elements, right_gradient + i * elements, elements);
            SB_CHECK(off < .05, "%s, depth %d, size %d, image %zu: gradient off by %g", network->description,
                     depth, size, i, off);
            close += off < 1e-4;
        }
        SB_CHECK(3 * close >= 2 * count, "%s, depth %d, size %d: %zu of %zu gradients agree",
                 network->description, depth, size, close, count);
        sb_cpu_backend.close(network);
    }
    free(values), free(images), free(target), free(weight), free(logits), free(gradient);
    sb_resnet_clear(&resnet);
}

static void as_the_reference(void) {
    static const int size[] = {4, 5, 6, 7, 8, 11, 12, 17, 24, 33};
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) compare(8, size[i], size[i] < 20 ? 6 : 3);
    compare(20, 16, 3);
}

/* ------------------------------------------------------------------ the same bits */
typedef struct {
    sb_resnet resnet;
    int level, size;
    size_t elements;
    float *values, *images, *target, *weight; /* of MOST_IMAGES */
    float *logits, *gradient;                 /* one image at a time */
} fixture;

static fixture make_fixture(int level, int depth, int size) {
    fixture f = {.level = level, .size = size, .elements = (size_t)size * (size_t)size * SB_CHANNELS};
    if (sb_resnet_init(&f.resnet, depth, NULL)) abort();
    f.values = make_values(&f.resnet, 3);
    f.images = uniforms(MOST_IMAGES * f.elements, 8);
    f.target = make_targets(MOST_IMAGES, 9);
    f.weight = uniforms(MOST_IMAGES, 10);
    f.logits = allocate(MOST_IMAGES * SB_CLASSES, sizeof *f.logits);
    f.gradient = allocate(MOST_IMAGES * f.elements, sizeof *f.gradient);
    sb_network *network = opened(&sb_cpu_backend, level, &f.resnet, size, 1, f.values);
    for (size_t i = 0; i < MOST_IMAGES; i++)
        sb_cpu_backend.input_gradient(network, f.images + i * f.elements, 1, f.target + i * SB_CLASSES,
                                      f.weight + i, f.gradient + i * f.elements, f.logits + i * SB_CLASSES,
                                      NULL);
    sb_cpu_backend.close(network);
    return f;
}

static void free_fixture(fixture *f) {
    free(f->values), free(f->images), free(f->target), free(f->weight), free(f->logits), free(f->gradient);
    sb_resnet_clear(&f->resnet);
}

static void check_slice(const fixture *f, sb_network *network, int jobs, size_t first, size_t count,
                        int backward) {
    float *logits = allocate(count * SB_CLASSES, sizeof *logits);
    float *gradient = allocate(count * f->elements, sizeof *gradient);
    const float *images = f->images + first * f->elements;
    if (backward)
        sb_cpu_backend.input_gradient(network, images, count, f->target + first * SB_CLASSES,
                                      f->weight + first, gradient, logits, NULL);
    else
        sb_cpu_backend.logits(network, images, count, logits, NULL);
    SB_CHECK(!memcmp(logits, f->logits + first * SB_CLASSES, count * SB_CLASSES * sizeof *logits),
             "%s, size %d, jobs %d: logits of images %zu to %zu", network->description, f->size, jobs, first,
             first + count - 1);
    SB_CHECK(!backward ||
                 !memcmp(gradient, f->gradient + first * f->elements, count * f->elements * sizeof *gradient),
             "%s, size %d, jobs %d: gradients of images %zu to %zu", network->description, f->size, jobs,
             first, first + count - 1);
    free(logits), free(gradient);
}

static void same_bits(void) {
    static const int size[] = {4, 9, 16, 24};
    uint64_t state = 1;
    for (int level = 0; level < MOST_LEVELS && has_level(level); level++)
        for (size_t s = 0; s < sizeof size / sizeof size[0]; s++) {
            fixture f = make_fixture(level, 8, size[s]);
            for (int jobs = 1; jobs <= 4; jobs++) {
                sb_network *network = opened(&sb_cpu_backend, level, &f.resnet, size[s], jobs, f.values);
                check_slice(&f, network, jobs, 0, MOST_IMAGES, 1);
                for (size_t count = (size_t)jobs; count <= MOST_IMAGES; count += size[s] < 20 ? 4 : 11) {
                    size_t first = sb_test_random(&state) % (MOST_IMAGES - count + 1);
                    check_slice(&f, network, jobs, first, count, count % 3 == 0);
                }
                sb_cpu_backend.close(network);
            }
            free_fixture(&f);
        }
}

/* ------------------------------------------------------------------ counts */
static void draw_ramp(const void *context, uint64_t seed, uint64_t stream, float *noise, size_t elements) {
    for (size_t i = 0; i < elements; i++)
        noise[i] = *(const float *)context * (float)((i * (stream + 1) + seed) % 17);
}

static void draw_nan(const void *context, uint64_t seed, uint64_t stream, float *noise, size_t elements) {
    (void)context, (void)seed, (void)stream;
    for (size_t i = 0; i < elements; i++) noise[i] = NAN;
}

static void count_by_logits(sb_network *network, const sb_noisy_samples *samples, size_t elements,
                            uint64_t counts[SB_CLASSES]) {
    float *x = allocate(elements, sizeof *x), logits[SB_CLASSES];
    for (uint64_t k = 0; k < samples->count; k++) {
        sb_noisy_sample(samples, samples->first + k, elements, x);
        network->backend->logits(network, x, 1, logits, NULL);
        int best = 0;
        for (int c = 1; c < SB_CLASSES; c++)
            if (logits[c] > logits[best]) best = c;
        counts[best]++;
    }
    free(x);
}

static void counts(void) {
    float step = .02f;
    for (int level = 0; level < MOST_LEVELS && has_level(level); level++) {
        fixture f = make_fixture(level, 8, 12);
        for (int jobs = 1; jobs <= 3; jobs++)
            for (int kind = 0; kind < 2; kind++) {
                sb_network *network = opened(&sb_cpu_backend, level, &f.resnet, f.size, jobs, f.values);
                sb_noisy_samples samples = {.image = f.images,
                                            .seed = 4,
                                            .stream = 90,
                                            .first = 7,
                                            .count = 133,
                                            .sigma = 3,
                                            .draw = kind ? draw_ramp : NULL,
                                            .context = &step};
                uint64_t right[SB_CLASSES] = {1, 2}, all[SB_CLASSES] = {1, 2}, parts[SB_CLASSES] = {1, 2};
                count_by_logits(network, &samples, f.elements, right); /* counts are added to */
                sb_cpu_backend.count_classes(network, &samples, all, NULL);
                for (uint64_t end = samples.first + samples.count; samples.first < end;
                     samples.first += samples.count) {
                    samples.count = samples.first % 5 + (samples.first > 30 ? 29 : 0);
                    if (samples.count == 0) samples.count = 1;
                    if (samples.count > end - samples.first) samples.count = end - samples.first;
                    sb_cpu_backend.count_classes(network, &samples, parts, NULL);
                }
                int classes = 0;
                for (int c = 0; c < SB_CLASSES; c++) {
                    SB_CHECK(all[c] == right[c] && parts[c] == right[c], "level %d, class %d: %d, %d and %d",
                             level, c, (int)all[c], (int)parts[c], (int)right[c]);
                    classes += right[c] > 2;
                }
                SB_CHECK(kind || classes > 1, "the noise makes %d classes", classes);
                samples.count = 0;
                sb_cpu_backend.count_classes(network, &samples, all, NULL);
                SB_CHECK(!memcmp(all, right, sizeof all), "no samples, no counts");
                sb_cpu_backend.close(network);
            }
        free_fixture(&f);
    }
}

/* NaN goes through to the logits; the first class counts when all are NaN. */
static void not_a_number(void) {
    for (int level = 0; level < MOST_LEVELS && has_level(level); level++) {
        fixture f = make_fixture(level, 8, 8);
        sb_network *network = opened(&sb_cpu_backend, level, &f.resnet, f.size, 1, f.values);
        sb_noisy_samples samples = {.image = f.images, .count = 20, .draw = draw_nan};
        uint64_t count[SB_CLASSES] = {0};
        float logits[3 * SB_CLASSES];
        sb_cpu_backend.count_classes(network, &samples, count, NULL);
        SB_CHECK(count[0] == 20, "class 0: %d", (int)count[0]);
        float *images = allocate(3 * f.elements, sizeof *images);
        memcpy(images, f.images, 3 * f.elements * sizeof *images);
        images[f.elements] = NAN; /* the second image; its neighbours are as they are */
        sb_cpu_backend.logits(network, images, 3, logits, NULL);
        for (int c = 0; c < SB_CLASSES; c++) SB_CHECK(isnan(logits[SB_CLASSES + c]), "class %d", c);
        SB_CHECK(!memcmp(logits, f.logits, SB_CLASSES * sizeof *logits) &&
                 !memcmp(logits + 2 * SB_CLASSES, f.logits + 2 * SB_CLASSES, SB_CLASSES * sizeof *logits));
        free(images);
        sb_cpu_backend.close(network);
        free_fixture(&f);
    }
}

/* ------------------------------------------------------------------ bfloat16 */
/* Another network, but nearly; of one's own bits; its gradients are those in float. */
static void rounded_products(void) {
    sb_backend_options options = {.jobs = 1, .precision = SB_PRECISION_BF16};
    sb_network *network = NULL;
    sb_error error = {0};
    fixture f = make_fixture(0, 8, 12);
    sb_status status = sb_cpu_backend.open(&network, &f.resnet, f.size, &options, &error);
    if (status) {
        SB_CHECK(status == SB_BAD_INPUT && strstr(error.message, "AVX512-BF16"), "%s", error.message);
        free_fixture(&f);
        SB_SKIP("a processor without AVX512-BF16");
    }
    SB_CHECK(strstr(network->description, "bf16") != NULL, "%s", network->description);
    sb_cpu_backend.set_values(network, f.values, NULL);
    int level = ((sb_cpu_network *)network)->level;
    float *logits = allocate(2 * MOST_IMAGES * SB_CLASSES, sizeof *logits),
          *some = logits + MOST_IMAGES * SB_CLASSES;
    sb_cpu_backend.logits(network, f.images, MOST_IMAGES, logits, NULL);
    double off = distance(logits, f.logits, MOST_IMAGES * SB_CLASSES);
    SB_CHECK(off > 1e-5 && off < .05, "logits off by %g", off);
    sb_cpu_backend.close(network);
    free_fixture(&f);
    f = make_fixture(level, 8, 12);
    for (options.jobs = 1; options.jobs <= 3; options.jobs++) {
        SB_CHECK(!sb_cpu_backend.open(&network, &f.resnet, f.size, &options, &error), "%s", error.message);
        sb_cpu_backend.set_values(network, f.values, NULL);
        for (size_t count = 1; count <= MOST_IMAGES; count += 3) {
            size_t first = (MOST_IMAGES - count) / 2;
            sb_cpu_backend.logits(network, f.images + first * f.elements, count, some, NULL);
            SB_CHECK(!memcmp(some, logits + first * SB_CLASSES, count * SB_CLASSES * sizeof *some),
                     "jobs %d, images %zu to %zu", options.jobs, first, first + count - 1);
        }
        check_slice(&f, network, options.jobs, 2, 19, 1);
        sb_cpu_backend.close(network);
    }
    SB_CHECK(sb_cpu_open_at(0, &network, &f.resnet, f.size, &options, &error) == SB_BAD_INPUT &&
             strstr(error.message, "AVX512-BF16"));
    free(logits);
    free_fixture(&f);
}

/* ------------------------------------------------------------------ values, options */
static void values_that_change(void) {
    fixture f = make_fixture(0, 8, 9);
    float *other = make_values(&f.resnet, 99), *back = allocate(f.resnet.value_count, sizeof *back);
    sb_network *network = opened(&sb_cpu_backend, 0, &f.resnet, f.size, 2, f.values);
    for (int turn = 0; turn < 4; turn++) {
        float logits[SB_CLASSES];
        sb_cpu_backend.set_values(network, other, NULL);
        sb_cpu_backend.logits(network, f.images, 1, logits, NULL);
        SB_CHECK(memcmp(logits, f.logits, sizeof logits) != 0);
        sb_cpu_backend.set_values(network, f.values, NULL);
        sb_cpu_backend.get_values(network, back, NULL);
        SB_CHECK(!memcmp(back, f.values, f.resnet.value_count * sizeof *back));
        check_slice(&f, network, 2, 0, 5, turn & 1);
        check_slice(&f, network, 2, 3, 9, turn < 2);
    }
    sb_cpu_backend.close(network);
    free(other), free(back);
    free_fixture(&f);
}

static void refuses(int size, const sb_backend_options *options, const char *word) {
    sb_resnet resnet;
    sb_network *network = NULL;
    sb_error error = {0};
    if (sb_resnet_init(&resnet, 8, NULL)) abort();
    sb_status status = sb_cpu_backend.open(&network, &resnet, size, options, &error);
    SB_CHECK(status == SB_BAD_INPUT && !network && strstr(error.message, word), "%s: %d, %s", word,
             (int)status, error.message);
    sb_cpu_backend.close(network);
    sb_resnet_clear(&resnet);
}

static void bad_options(void) {
    refuses(3, &(sb_backend_options){.jobs = 1}, "3");
    refuses(1025, &(sb_backend_options){.jobs = 1}, "1025");
    refuses(8, &(sb_backend_options){.jobs = -2}, "-2");
    SB_CHECK(!has_level(-1) && !has_level(MOST_LEVELS) && has_level(0));
    sb_cpu_backend.close(NULL);
}

static const sb_test tests[] = {
    {"logits and input gradients as the reference's", as_the_reference},
    {"the same bits for every count, position and number of threads", same_bits},
    {"counts are those of the largest logits", counts},
    {"NaN", not_a_number},
    {"products of bfloat16", rounded_products},
    {"values that change", values_that_change},
    {"options", bad_options},
};

SB_TEST_MAIN(tests)
