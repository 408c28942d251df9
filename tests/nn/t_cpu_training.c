/* What the training mode of the cpu backend has of its own, for every set of instructions: the kernels
   against plain sums in double, batches cut into chunks of all kinds, and slots that are used again. The
   passes as a whole are tested with those of the other backends. */
#include "nn/cpu/training_kernels.h"
#include "tests/nn/backend_models.h"

enum { LEVELS = 3 };

/* Kernels of a level; NULL when this processor lacks it. */
static const sb_training_kernels *kernels_at(int level) {
    const sb_training_kernels *kernels = sb_training_kernels_at(level);
    return level > 0 && kernels == sb_training_kernels_at(level - 1) ? NULL : kernels;
}

static float *aligned_floats(size_t count, uint64_t seed) { /* in (-1, 1); seed 0: zeros */
    void *memory = NULL;
    if (posix_memalign(&memory, 64, count * sizeof(float))) abort();
    float *x = memory;
    if (seed) sb_random_uniforms_float(x, count, seed, 0, 0);
    for (size_t i = 0; i < count; i++) x[i] = seed ? 2 * x[i] - 1 : 0;
    return x;
}

/* ------------------------------------------------------------------ kernels */
/* A map's number, 0 outside it. */
static double at(const float *map, int side, int channels, int image, int y, int x, int c) {
    if (y < 0 || x < 0 || y >= side || x >= side) return 0;
    return (double)map[((size_t)((image * side + y) * side + x)) * (size_t)channels + (size_t)c];
}

typedef struct {
    sb_map_shape shape;
    size_t size, padded_size, filter_count;
    float *x, *g, *z, *second, *residual, *output, *filter, *padded_x, *padded_g, *weights, *products, *found;
    float ones[SB_MOST_CHANNELS], zeros[SB_MOST_CHANNELS];
    sb_product_scratch scratch;
} bench;

static void bench_init(bench *b, int images, int side, int channels) {
    size_t square = (size_t)(channels * channels), scratch = 36 * SB_TILES_AT_ONCE * SB_MOST_CHANNELS;
    *b = (bench){.shape = {images, side, channels}, .filter_count = 9 * square};
    b->size = (size_t)(images * side * side * channels);
    b->padded_size = (size_t)images * sb_padded_size(side, channels);
    b->x = aligned_floats(b->size, 1);
    b->g = aligned_floats(b->size, 2);
    b->z = aligned_floats(b->size, 3);
    b->second = aligned_floats(b->size, 4);
    b->residual = aligned_floats(b->size, 5);
    b->output = aligned_floats(b->size, 0);
    b->filter = aligned_floats(b->filter_count, 6);
    b->padded_x = aligned_floats(b->padded_size, 7);
    b->padded_g = aligned_floats(b->padded_size, 8);
    b->weights = aligned_floats(36 * square, 0);
    b->products = aligned_floats(36 * square, 0);
    b->found = aligned_floats(b->filter_count, 0);
    b->scratch = (sb_product_scratch){aligned_floats(scratch, 0), aligned_floats(scratch, 0)};
    for (int c = 0; c < SB_MOST_CHANNELS; c++) b->ones[c] = 1;
}

static void bench_clear(bench *b) {
    float *const all[] = {
        b->x,        b->g,        b->z,       b->second,   b->residual, b->output,        b->filter,
        b->padded_x, b->padded_g, b->weights, b->products, b->found,    b->scratch.input, b->scratch.output};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) free(all[i]);
}

static void check_close(double got, double expected, double tolerance, const char *kernels, const bench *b,
                        const char *what) {
    SB_CHECK(fabs(got - expected) <= tolerance, "%s, %d images of %d pixels, %d channels: %s %.8g, not %.8g",
             kernels, b->shape.images, b->shape.side, b->shape.channels, what, got, expected);
}

/* The convolution of one pixel: sum over the square around it of filter(out, in) x; turned: of filter(in,
   out) in reverse. */
static double convolved(const bench *b, const float *map, int turned, int image, int y, int x, int out) {
    int channels = b->shape.channels;
    double sum = 0;
    for (int j = 0; j < 9; j++)
        for (int in = 0; in < channels; in++) {
            int from = turned ? in : out, to = turned ? out : in;
            sum += (double)b->filter[(from * channels + to) * 9 + (turned ? 8 - j : j)] *
                   at(map, b->shape.side, channels, image, y + j / 3 - 1, x + j % 3 - 1, in);
        }
    return sum;
}

/* Outputs at some pixels, and sums over all that the kernel wrote. */
static void check_forward(const sb_training_kernels *k, bench *b) {
    int channels = b->shape.channels, side = b->shape.side;
    double sums[2 * SB_MOST_CHANNELS] = {0};
    sb_outcome outcome = {.output = b->output, .sums = sums};
    k->transform_filters(b->filter, 9, 9 * (size_t)channels, 0, channels, b->weights);
    k->convolve(&b->shape, b->padded_x, b->weights, &outcome, &b->scratch);
    for (int i = 0; i < 200; i++) {
        int image = i % b->shape.images, y = 5 * i % side, x = 3 * i % side, c = 7 * i % channels;
        check_close(at(b->output, side, channels, image, y, x, c), convolved(b, b->x, 0, image, y, x, c),
                    1e-4, k->name, b, "convolution");
    }
    for (int c = 0; c < channels; c++) {
        double sum = 0, squares = 0;
        for (size_t n = (size_t)c; n < b->size; n += (size_t)channels) {
            sum += (double)b->output[n];
            squares += (double)b->output[n] * (double)b->output[n];
        }
        check_close(sums[c], sum, 1e-5 * sqrt(squares) + 1e-6 * squares, k->name, b, "sum");
        check_close(sums[channels + c], squares, 1e-6 * squares, k->name, b, "sum of squares");
    }
}

/* The gradient of the input, with a residual, behind a rectifier; the sums with both maps. */
static void check_backward(const sb_training_kernels *k, bench *b) {
    int channels = b->shape.channels, side = b->shape.side;
    double sums[3 * SB_MOST_CHANNELS] = {0};
    float mean[SB_MOST_CHANNELS];
    for (int c = 0; c < channels; c++) mean[c] = .01f * (float)c;
    sb_outcome outcome = {.output = b->output,
                          .activation = b->padded_x,
                          .residual = b->residual,
                          .map = b->z,
                          .mean = mean,
                          .second = b->second,
                          .second_mean = b->zeros,
                          .sums = sums};
    k->transform_filters(b->filter, 9 * (size_t)channels, 9, 1, channels, b->weights);
    k->convolve(&b->shape, b->padded_g, b->weights, &outcome, &b->scratch);
    for (int i = 0; i < 200; i++) {
        int image = i % b->shape.images, y = 5 * i % side, x = 3 * i % side, c = 7 * i % channels;
        double expected =
            convolved(b, b->g, 1, image, y, x, c) + at(b->residual, side, channels, image, y, x, c);
        check_close(at(b->output, side, channels, image, y, x, c),
                    at(b->x, side, channels, image, y, x, c) > 0 ? expected : 0, 1e-4, k->name, b,
                    "gradient of the input");
    }
    for (int c = 0; c < channels; c++) {
        double sum[3] = {0}, size = 0;
        for (size_t n = (size_t)c; n < b->size; n += (size_t)channels) {
            double y = (double)b->output[n];
            sum[0] += y;
            sum[1] += y * ((double)b->z[n] - (double)mean[c]);
            sum[2] += y * (double)b->second[n];
            size += y * y;
        }
        for (int i = 0; i < 3; i++)
            check_close(sums[i * channels + c], sum[i], 1e-6 * sqrt(size * (double)b->size), k->name, b,
                        "sum of the gradient");
    }
}

static void check_weight_gradient(const sb_training_kernels *k, bench *b) {
    int channels = b->shape.channels, side = b->shape.side;
    memset(b->products, 0, 4 * b->filter_count * sizeof *b->products);
    k->weight_products(&b->shape, b->padded_x, b->padded_g, b->products, &b->scratch);
    k->transform_products(channels, b->products, b->found);
    for (int i = 0; i < 40; i++) {
        int j = i % 9, in = 5 * i % channels, out = 7 * i % channels;
        double sum = 0;
        for (int image = 0; image < b->shape.images; image++)
            for (int y = 0; y < side; y++)
                for (int x = 0; x < side; x++)
                    sum += at(b->x, side, channels, image, y + j / 3 - 1, x + j % 3 - 1, in) *
                           at(b->g, side, channels, image, y, x, out);
        check_close((double)b->found[(j * channels + in) * channels + out], sum,
                    1e-5 * (double)(b->size / (size_t)channels) + 1e-5, k->name, b, "gradient of a filter");
    }
}

static void kernels_are_plain_sums(void) {
    static const sb_map_shape shape[] = {{1, 1, 64}, {2, 2, 64}, {3, 3, 32}, {1, 4, 16},
                                         {7, 5, 64}, {2, 9, 32}, {1, 33, 16}};
    for (int level = 0; level < LEVELS; level++) {
        const sb_training_kernels *k = kernels_at(level);
        for (size_t i = 0; k && i < sizeof shape / sizeof shape[0]; i++) {
            bench b;
            bench_init(&b, shape[i].images, shape[i].side, shape[i].channels);
            sb_combination x = {.first = b.x, .first_scale = b.ones, .shift = b.zeros}, g = x;
            g.first = b.g;
            k->combine(&b.shape, &x, NULL, b.padded_x); /* over random numbers: the border must become 0 */
            k->combine(&b.shape, &g, NULL, b.padded_g);
            check_forward(k, &b);
            check_backward(k, &b);
            check_weight_gradient(k, &b);
            bench_clear(&b);
        }
    }
}

/* scale_1 x + scale_2 z + shift, rectified or not, with and without z; NaN stays NaN. */
static void combinations(void) {
    for (int level = 0; level < LEVELS; level++) {
        const sb_training_kernels *k = kernels_at(level);
        for (int kind = 0; k && kind < 4; kind++) {
            bench b;
            bench_init(&b, 2, 5, 32);
            float scale[32], shift[32];
            for (int c = 0; c < 32; c++) scale[c] = .1f * (float)(c - 16), shift[c] = .01f * (float)c;
            sb_combination combination = {.first = b.x,
                                          .first_scale = b.ones,
                                          .second = kind & 1 ? b.z : NULL,
                                          .second_scale = scale,
                                          .shift = shift,
                                          .rectify = kind >> 1};
            b.x[77] = NAN;
            k->combine(&b.shape, &combination, b.output, b.padded_x);
            for (size_t i = 0; i < b.size; i++) {
                double v = (double)b.x[i] + (double)shift[i % 32];
                if (kind & 1) v += (double)scale[i % 32] * (double)b.z[i];
                if (kind >> 1 && v < 0) v = 0;
                size_t pixel = i / 32, image = pixel / 25, y = pixel % 25 / 5, x = pixel % 5;
                float padded = b.padded_x[((image * 10 + y + 1) * 10 + x + 1) * 32 + i % 32];
                SB_CHECK(memcmp(&padded, &b.output[i], sizeof padded) == 0, "%s: %zu", k->name, i);
                SB_CHECK(i == 77 ? isnan(b.output[i]) : fabs((double)b.output[i] - v) < 1e-6,
                         "%s: %zu: %g, not %g", k->name, i, (double)b.output[i], v);
            }
            bench_clear(&b);
        }
    }
}

/* ------------------------------------------------------------------ batches and slots */
typedef struct {
    float *images, *slope, *logits, *gradient;
} batch;

static void batch_init(batch *b, const model *m, size_t count) {
    *b = (batch){random_floats(count * m->elements, count), random_floats(count * SB_CLASSES, count + 1),
                 allocate(count * SB_CLASSES, sizeof(float)), allocate(m->resnet.value_count, sizeof(float))};
    for (size_t i = 0; i < count * SB_CLASSES; i++) b->slope[i] = (2 * b->slope[i] - 1) / (float)count;
}

static void batch_clear(batch *b) {
    free(b->images);
    free(b->slope);
    free(b->logits);
    free(b->gradient);
}

/* Logits and gradient of a batch, by a network whose gradient is 0; leaves it 0. */
static void learn(sb_network *network, int slot, batch *b, size_t count) {
    const sb_backend *backend = network->backend;
    sb_error error = {SB_OK, ""};
    SB_CHECK(backend->train_forward(network, slot, b->images, count, b->logits, &error) == SB_OK &&
                 backend->train_backward(network, slot, b->slope, &error) == SB_OK &&
                 backend->get_gradient(network, b->gradient, &error) == SB_OK &&
                 backend->sgd_step(network, &(sb_sgd){0}, &error) == SB_OK,
             "%s: %s", network->description, error.message);
}

static sb_network *open_level(int level, const model *m, int jobs) {
    sb_network *network = NULL;
    sb_error error;
    if (sb_cpu_open_at(level, &network, &m->resnet, m->size, &(sb_backend_options){.jobs = jobs}, &error))
        return NULL;
    SB_CHECK(sb_cpu_backend.set_values(network, m->values, &error) == SB_OK, "%s", error.message);
    return network;
}

/* Batches of less than a chunk, of whole and broken chunks, and so large that chunks are larger. */
static void batches_of_all_sizes(void) {
    static const struct {
        int size;
        size_t count;
    } item[] = {{4, 17}, {4, 100}, {4, 515}, {9, 8}, {20, 1}, {41, 9}};
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        model m;
        batch expected, got;
        size_t count = item[i].count;
        model_init(&m, 8, item[i].size, 1);
        batch_init(&expected, &m, count);
        batch_init(&got, &m, count);
        sb_network *reference = open_f32(&sb_reference_backend, &m);
        learn(reference, 0, &expected, count);
        sb_reference_backend.close(reference);
        for (int level = 0; level < LEVELS; level++) {
            float *first = allocate(m.resnet.value_count, sizeof *first);
            for (int jobs = 1; jobs <= 4; jobs++) {
                sb_network *network = open_level(level, &m, jobs);
                if (!network) continue;
                learn(network, 1, &got, count);
                double e = relative_error(got.logits, expected.logits, count * SB_CLASSES);
                double d = relative_error(got.gradient, expected.gradient, m.resnet.value_count);
                SB_CHECK(e < LOGIT_TOLERANCE && d < GRADIENT_TOLERANCE,
                         "%s: %d pixels, %zu images: relative error of logits %.2g, of the gradient %.2g",
                         network->description, m.size, count, e, d);
                if (jobs == 1) memcpy(first, got.gradient, m.resnet.value_count * sizeof *first);
                SB_CHECK(memcmp(first, got.gradient, m.resnet.value_count * sizeof *first) == 0,
                         "%s: %d pixels, %zu images, %d threads: other bits", network->description, m.size,
                         count, jobs);
                sb_cpu_backend.close(network);
            }
            free(first);
        }
        batch_clear(&expected);
        batch_clear(&got);
        model_clear(&m);
    }
}

/* A slot that held a larger batch, or grew, gives what a fresh network gives; so does the other slot. */
static void slots_are_used_again(void) {
    static const size_t course[] = {5, 20, 3, 20, 1, 9};
    model m;
    model_init(&m, 14, 10, 0);
    sb_network *used = open_level(2, &m, 2);
    if (!used) used = open_level(0, &m, 2);
    for (size_t i = 0; i < sizeof course / sizeof course[0]; i++) {
        batch a, b;
        batch_init(&a, &m, course[i]);
        batch_init(&b, &m, course[i]);
        sb_network *fresh = open_level(used && strstr(used->description, "avx512") ? 2 : 0, &m, 1);
        learn(used, (int)i % 2, &a, course[i]);
        learn(fresh, 0, &b, course[i]);
        SB_CHECK(memcmp(a.logits, b.logits, course[i] * SB_CLASSES * sizeof(float)) == 0 &&
                     memcmp(a.gradient, b.gradient, m.resnet.value_count * sizeof(float)) == 0,
                 "batch %zu of %zu images", i, course[i]);
        sb_cpu_backend.close(fresh);
        batch_clear(&a);
        batch_clear(&b);
    }
    sb_cpu_backend.close(used);
    model_clear(&m);
}

/* A number that is not finite reaches the logits, whichever it is. */
static void trouble_reaches_the_logits(void) {
    model m;
    batch b;
    model_init(&m, 8, 8, 0);
    batch_init(&b, &m, 3);
    for (int level = 0; level < LEVELS; level++)
        for (int i = 0; i < m.resnet.convolution_count; i++) {
            sb_network *network = open_level(level, &m, 1);
            if (!network) continue;
            float *weight = &m.values[m.resnet.convolution[i].weight + 5], kept = *weight;
            *weight = i % 2 ? NAN : INFINITY;
            SB_CHECK(sb_cpu_backend.set_values(network, m.values, NULL) == SB_OK);
            SB_CHECK(sb_cpu_backend.train_forward(network, 0, b.images, 3, b.logits, NULL) == SB_OK);
            SB_CHECK(!isfinite(b.logits[0]), "%s: convolution %d: logit %g", network->description, i,
                     (double)b.logits[0]);
            *weight = kept;
            sb_cpu_backend.close(network);
        }
    batch_clear(&b);
    model_clear(&m);
}

static void misuse_is_refused(void) {
    model m;
    batch b;
    sb_error error;
    model_init(&m, 8, 4, 0);
    batch_init(&b, &m, 2);
    sb_network *network = open_f32(&sb_cpu_backend, &m);
    const sb_backend *cpu = &sb_cpu_backend;
    SB_CHECK(cpu->train_backward(network, 0, b.slope, &error) == SB_INTERNAL, "no forward pass");
    SB_CHECK(cpu->update_statistics(network, 0, &error) == SB_INTERNAL, "no batch");
    SB_CHECK(cpu->train_forward(network, 0, b.images, 0, b.logits, &error) == SB_BAD_INPUT, "no images");
    SB_CHECK(cpu->train_forward(network, SB_TRAINING_SLOTS, b.images, 2, b.logits, &error) == SB_INTERNAL,
             "slot");
    SB_CHECK(cpu->train_forward(network, -1, b.images, 2, b.logits, &error) == SB_INTERNAL, "slot -1");
    SB_CHECK(cpu->train_forward(network, 0, b.images, SIZE_MAX / 1000, b.logits, &error) == SB_NO_MEMORY,
             "huge");
    SB_CHECK(cpu->update_statistics(network, 0, &error) == SB_INTERNAL, "after a batch that did not fit");
    learn(network, 0, &b, 2);
    SB_CHECK(cpu->train_backward(network, 0, b.slope, &error) == SB_INTERNAL, "a second backward pass");
    SB_CHECK(cpu->train_backward(network, 1, b.slope, &error) == SB_INTERNAL, "the other slot");
    cpu->close(network);
    batch_clear(&b);
    model_clear(&m);
}

static const sb_test tests[] = {
    {"kernels are plain sums", kernels_are_plain_sums},
    {"combinations", combinations},
    {"batches of all sizes", batches_of_all_sizes},
    {"slots are used again", slots_are_used_again},
    {"trouble reaches the logits", trouble_reaches_the_logits},
    {"misuse is refused", misuse_is_refused},
};

SB_TEST_MAIN(tests)
