/* The kernels of the evaluation mode, for every instruction set of this processor, against sums in double
   over the definition of a convolution, on maps of every side, also when it is no multiple of 4. */
#include "nn/cpu/evaluation_kernels.h"
#include "tests/test.h"

#include <math.h>

enum { MOST_LEVELS = 8, SLACK = 1024 };

static void *allocate(size_t count, size_t size) {
    void *p = NULL;
    if (posix_memalign(&p, 64, count * size + 64)) abort();
    memset(p, 0, count * size + 64);
    return p;
}

static float uniform(uint64_t *state) { /* within (-1, 1) */
    return (float)((double)(int64_t)sb_test_random(state) / 0x1p63);
}

static int below(uint64_t *state, int bound) {
    return (int)(sb_test_random(state) % (uint64_t)bound);
}

static float *numbers(size_t count, uint64_t *state) {
    float *x = allocate(count, sizeof *x);
    for (size_t i = 0; i < count; i++) x[i] = uniform(state);
    return x;
}

static size_t place(int side, int channels, int image, int y, int x) {
    size_t s = (size_t)sb_padded_side(side);
    return (((size_t)image * s + (size_t)(y + 1)) * s + (size_t)(x + 1)) * (size_t)channels;
}

/* A padded map with numbers inside and zeros around. */
static float *padded_map(sb_map_shape shape, uint64_t *state) {
    float *map =
        allocate((size_t)shape.images * sb_padded_size(shape.side, shape.channels) + SLACK, sizeof *map);
    for (int i = 0; i < shape.images; i++)
        for (int y = 0; y < shape.side; y++)
            for (int x = 0; x < shape.side; x++)
                for (int c = 0; c < shape.channels; c++)
                    map[place(shape.side, shape.channels, i, y, x) + (size_t)c] = uniform(state);
    return map;
}

static sb_product_scratch scratch(void) {
    size_t count = (size_t)36 * SB_TILES_AT_ONCE * SB_MOST_CHANNELS;
    return (sb_product_scratch){allocate(count, sizeof(float)), allocate(count, sizeof(float))};
}

static int sign(const uint16_t *signs, int side, int channels, int image, int y, int x, int c) {
    int across = (side + 3) / 4;
    size_t tile = ((size_t)image * (size_t)across + (size_t)(y / 4)) * (size_t)across + (size_t)(x / 4);
    return signs[tile * (size_t)channels + (size_t)c] >> (y % 4 * 4 + x % 4) & 1;
}

/* Numbers outside the maps that are not zero. */
static int outside(sb_map_shape shape, const float *map) {
    int wrong = 0, s = sb_padded_side(shape.side);
    for (int i = 0; i < shape.images; i++)
        for (int y = -1; y < s - 1; y++)
            for (int x = -1; x < s - 1; x++)
                for (int c = 0; c < shape.channels; c++)
                    if (y < 0 || x < 0 || y >= shape.side || x >= shape.side)
                        wrong += map[place(shape.side, shape.channels, i, y, x) + (size_t)c] != 0;
    return wrong;
}

static const char *where(sb_map_shape shape, int level) {
    static char text[80];
    snprintf(text, sizeof text, "level %d, %d maps of side %d with %d channels", level, shape.images,
             shape.side, shape.channels);
    return text;
}

/* sum over taps and channels; filters [out][in][3][3], or what makes it the transpose. */
static double sum_at(sb_map_shape shape, const float *in, const float *filter, int turned, int image, int y,
                     int x, int out) {
    double sum = 0;
    for (int k = 0; k < 9; k++)
        for (int c = 0; c < shape.channels; c++) {
            size_t w = turned ? (size_t)((c * shape.channels + out) * 9 + 8 - k)
                              : (size_t)((out * shape.channels + c) * 9 + k);
            sum += (double)filter[w] *
                   (double)
                       in[place(shape.side, shape.channels, image, y + k / 3 - 1, x + k % 3 - 1) + (size_t)c];
        }
    return sum;
}

/* One case of Winograd's convolution: checks every number of the output, its sign and the zeros around. */
static void check_winograd(int level, sb_map_shape shape, int backward, int with_residual, int with_signs,
                           uint64_t *state) {
    const sb_evaluation_kernels *kernels = sb_evaluation_kernels_at(level);
    size_t square = (size_t)(shape.channels * shape.channels);
    float *in = padded_map(shape, state), *residual = padded_map(shape, state);
    float *filter = numbers(9 * square, state), *bias = numbers((size_t)shape.channels, state);
    float *weights = allocate(36 * square, sizeof *weights),
          *out = allocate((size_t)shape.images * sb_padded_size(shape.side, shape.channels), sizeof *out);
    size_t sign_count = (size_t)shape.images * sb_signs_size(shape.side, shape.channels);
    uint16_t *signs = allocate(sign_count, sizeof *signs);
    for (size_t i = 0; i < sign_count; i++) signs[i] = (uint16_t)sb_test_random(state);
    sb_product_scratch s = scratch();
    sb_layer_end end = {backward ? NULL : bias, with_residual ? residual : NULL, out,
                        with_signs ? signs : NULL, !backward};
    kernels->filters(filter, shape.channels, backward, weights);
    kernels->convolve(&shape, in, weights, &end, &s);
    double worst = 0;
    for (int i = 0; i < shape.images; i++)
        for (int y = 0; y < shape.side; y++)
            for (int x = 0; x < shape.side; x++)
                for (int c = 0; c < shape.channels; c++) {
                    size_t at = place(shape.side, shape.channels, i, y, x) + (size_t)c;
                    int bit = with_signs ? sign(signs, shape.side, shape.channels, i, y, x, c) : 1;
                    double sum = sum_at(shape, in, filter, backward, i, y, x, c);
                    if (with_residual) sum += (double)residual[at];
                    if (!backward) {
                        sum += (double)bias[c];
                        if (with_signs)
                            SB_CHECK(bit == (out[at] > 0), "%s: sign %d of %g", where(shape, level), bit,
                                     (double)out[at]);
                        sum = sum > 0 ? sum : 0;
                    } else {
                        sum = bit ? sum : 0;
                    }
                    worst = fmax(worst, fabs(sum - (double)out[at]));
                }
    /* outputs have root mean square sqrt(channels); Winograd's transforms multiply numbers by up to 100 */
    SB_CHECK(worst < 6e-5 * sqrt(shape.channels), "%s, %s: error %g", where(shape, level),
             backward ? "backward" : "forward", worst);
    SB_CHECK(outside(shape, out) == 0, "%s: %d numbers around it", where(shape, level), outside(shape, out));
    free(in), free(residual), free(filter), free(bias), free(weights), free(out), free(signs);
    free(s.input), free(s.output);
}

static void winograd(void) {
    uint64_t state = 1;
    for (int level = 0; level < MOST_LEVELS && sb_evaluation_kernels_at(level); level++)
        for (int channels = 16; channels <= 64; channels *= 2)
            for (int side = 1; side <= 14; side++) {
                int kind = below(&state, 8);
                sb_map_shape shape = {1 + below(&state, 3), side, channels};
                check_winograd(level, shape, kind & 1, kind >> 1 & 1, kind >> 2, &state);
            }
}

/* Factors rounded to 8 bits: errors of some hundredths of the outputs, for the transforms enlarge them. */
static void winograd_rounded(void) {
    uint64_t state = 4;
    int level = 0, found = 0;
    for (; level < MOST_LEVELS; level++)
        for (int channels = 16; sb_rounded_kernels_at(level) && channels <= 64; channels *= 2)
            for (int side = 1; side <= 14; side++) {
                sb_map_shape shape = {1 + below(&state, 3), side, channels};
                size_t square = (size_t)(channels * channels);
                float *in = padded_map(shape, &state), *residual = padded_map(shape, &state);
                float *filter = numbers(9 * square, &state), *bias = numbers((size_t)channels, &state);
                float *weights = allocate(36 * square, sizeof *weights);
                uint16_t *rounded = allocate(36 * square, sizeof *rounded);
                float *out = padded_map(shape, &state);
                sb_product_scratch s = scratch();
                sb_layer_end end = {bias, residual, out, NULL, 1};
                sb_evaluation_kernels_at(level)->filters(filter, channels, 0, weights);
                sb_rounded_kernels_at(level)->round(weights, channels, rounded);
                sb_rounded_kernels_at(level)->convolve(&shape, in, rounded, &end, &s);
                double error = 0, norm = 0;
                for (int i = 0; i < shape.images; i++)
                    for (int y = 0; y < side; y++)
                        for (int x = 0; x < side; x++)
                            for (int c = 0; c < channels; c++) {
                                size_t at = place(side, channels, i, y, x) + (size_t)c;
                                double sum = sum_at(shape, in, filter, 0, i, y, x, c) + (double)bias[c];
                                sum = fmax(sum + (double)residual[at], 0);
                                error += (sum - (double)out[at]) * (sum - (double)out[at]);
                                norm += sum * sum;
                            }
                error = sqrt(error / norm);
                SB_CHECK(error < .05 && error > 1e-3, "%s: error %g", where(shape, level), error);
                SB_CHECK(outside(shape, out) == 0, "%s", where(shape, level));
                free(in), free(residual), free(filter), free(bias), free(weights), free(rounded), free(out);
                free(s.input), free(s.output);
                found = 1;
            }
    if (!found) SB_SKIP("a processor without AVX512-BF16");
}

/* ------------------------------------------------------------------ the other convolutions */
static sb_column_shape columns_of(int side, int in, int out, int stride, int in_side) {
    int columns = side * side * in;
    return (sb_column_shape){
        side, in, out, stride, in_side, (in_side + stride - 1) / stride, (columns + 15) / 16 * 16};
}

/* Place of the number under tap (i, j) of the output pixel (y, x), at channel 0 of the padded input. */
static size_t under(const sb_column_shape *c, int image, int y, int x, int i, int j) {
    int border = c->side / 2;
    return place(c->in_side, c->in_channels, image, y * c->stride + i - border, x * c->stride + j - border);
}

typedef struct {
    sb_column_shape c;
    sb_map_shape in_shape, out_shape;
    float *in, *filter, *bias, *out; /* filter [tap][in][out] */
    sb_product_scratch scratch;
} column_case;

static column_case make_columns(sb_column_shape c, int images, uint64_t *state) {
    column_case k = {.c = c};
    k.in_shape = (sb_map_shape){images, c.in_side, c.in_channels};
    k.out_shape = (sb_map_shape){images, c.out_side, c.out_channels};
    k.in = padded_map(k.in_shape, state);
    k.out = padded_map(k.out_shape, state);
    k.filter = allocate((size_t)(c.columns * c.out_channels), sizeof(float));
    for (int i = 0; i < c.side * c.side * c.in_channels * c.out_channels; i++) k.filter[i] = uniform(state);
    k.bias = numbers((size_t)c.out_channels, state);
    k.scratch = scratch();
    return k;
}

static void free_columns(column_case *k) {
    free(k->in), free(k->out), free(k->filter), free(k->bias);
    free(k->scratch.input), free(k->scratch.output);
}

static void check_columns_forward(int level, sb_column_shape c, int images, int rectify, uint64_t *state) {
    const sb_evaluation_kernels *kernels = sb_evaluation_kernels_at(level);
    column_case k = make_columns(c, images, state);
    uint16_t *signs = allocate((size_t)images * sb_signs_size(c.out_side, c.out_channels), sizeof *signs);
    sb_layer_end end = {k.bias, NULL, k.out, NULL, rectify};
    kernels->convolve_directly(images, &c, k.in, k.filter, &end);
    kernels->record_signs(&k.out_shape, k.out, signs);
    double worst = 0;
    for (int image = 0; image < images; image++)
        for (int y = 0; y < c.out_side; y++)
            for (int x = 0; x < c.out_side; x++)
                for (int o = 0; o < c.out_channels; o++) {
                    double sum = (double)k.bias[o];
                    for (int t = 0; t < c.side * c.side; t++)
                        for (int n = 0; n < c.in_channels; n++)
                            sum += (double)k.filter[(t * c.in_channels + n) * c.out_channels + o] *
                                   (double)k.in[under(&c, image, y, x, t / c.side, t % c.side) + (size_t)n];
                    if (rectify) sum = sum > 0 ? sum : 0;
                    float y_out = k.out[place(c.out_side, c.out_channels, image, y, x) + (size_t)o];
                    worst = fmax(worst, fabs(sum - (double)y_out));
                    SB_CHECK(sign(signs, c.out_side, c.out_channels, image, y, x, o) == (y_out > 0));
                }
    SB_CHECK(worst < 4e-5, "%s, kernel of side %d: error %g", where(k.in_shape, level), c.side, worst);
    SB_CHECK(outside(k.out_shape, k.out) == 0, "%s", where(k.out_shape, level));
    free(signs);
    free_columns(&k);
}

/* The transpose: the sum over outputs of what each gives back to its inputs, on top of what was there. */
static void check_columns_reverse(int level, sb_column_shape c, int images, uint64_t *state) {
    const sb_evaluation_kernels *kernels = sb_evaluation_kernels_at(level);
    column_case k = make_columns(c, images, state);
    size_t size = (size_t)images * sb_padded_size(c.in_side, c.in_channels);
    float *transposed = allocate((size_t)(c.columns * c.out_channels), sizeof *transposed);
    double *expected = allocate(size, sizeof *expected), worst = 0;
    for (int o = 0; o < c.out_channels; o++)
        for (int r = 0; r < c.columns; r++) transposed[o * c.columns + r] = k.filter[r * c.out_channels + o];
    for (size_t i = 0; i < size; i++) expected[i] = (double)k.in[i];
    for (int image = 0; image < images; image++)
        for (int y = 0; y < c.out_side; y++)
            for (int x = 0; x < c.out_side; x++)
                for (int t = 0; t < c.side * c.side; t++)
                    for (int n = 0; n < c.in_channels; n++)
                        for (int o = 0; o < c.out_channels; o++)
                            expected[under(&c, image, y, x, t / c.side, t % c.side) + (size_t)n] +=
                                (double)k.filter[(t * c.in_channels + n) * c.out_channels + o] *
                                (double)k.out[place(c.out_side, c.out_channels, image, y, x) + (size_t)o];
    kernels->reverse_directly(images, &c, k.out, transposed, k.in, &k.scratch);
    for (int image = 0; image < images; image++)
        for (int y = 0; y < c.in_side; y++)
            for (int x = 0; x < c.in_side; x++)
                for (int n = 0; n < c.in_channels; n++) {
                    size_t at = place(c.in_side, c.in_channels, image, y, x) + (size_t)n;
                    worst = fmax(worst, fabs(expected[at] - (double)k.in[at]));
                }
    SB_CHECK(worst < 4e-5, "%s, kernel of side %d: error %g", where(k.in_shape, level), c.side, worst);
    free(transposed), free(expected);
    free_columns(&k);
}

static void columns(void) {
    uint64_t state = 2;
    for (int level = 0; level < MOST_LEVELS && sb_evaluation_kernels_at(level); level++)
        for (int in_side = 1; in_side <= 21; in_side++) {
            static const int in[] = {3, 16, 32}, out[] = {16, 32, 64};
            for (int kind = 0; kind < 5; kind++) {
                int which = kind ? (kind + 1) / 2 : 0, side = kind == 0 || kind % 2 ? 3 : 1;
                sb_column_shape c = columns_of(side, in[which], out[which], kind ? 2 : 1, in_side);
                check_columns_forward(level, c, 1 + below(&state, 3), below(&state, 2), &state);
                check_columns_reverse(level, c, 1 + below(&state, 3), &state);
            }
        }
}

/* ------------------------------------------------------------------ signs */
static void signs_of_maps(void) {
    uint64_t state = 3;
    for (int level = 0; level < MOST_LEVELS && sb_evaluation_kernels_at(level); level++)
        for (int side = 1; side <= 10; side++) {
            const sb_evaluation_kernels *kernels = sb_evaluation_kernels_at(level);
            sb_map_shape shape = {2, side, 16 << below(&state, 3)};
            size_t size = 2 * sb_padded_size(side, shape.channels);
            float *activation = padded_map(shape, &state), *map = numbers(size, &state),
                  *before = numbers(size, &state);
            uint16_t *signs = allocate(2 * sb_signs_size(side, shape.channels), sizeof *signs);
            activation[place(side, shape.channels, 1, 0, 0)] = NAN; /* is not positive */
            memcpy(before, map, size * sizeof *map);
            kernels->record_signs(&shape, activation, signs);
            kernels->apply_signs(&shape, map, signs);
            for (int i = 0; i < 2; i++)
                for (int y = 0; y < side; y++)
                    for (int x = 0; x < side; x++)
                        for (int c = 0; c < shape.channels; c++) {
                            size_t at = place(side, shape.channels, i, y, x) + (size_t)c;
                            float right = activation[at] > 0 ? before[at] : 0;
                            SB_CHECK(map[at] == right, "%s: %g for %g", where(shape, level), (double)map[at],
                                     (double)right);
                        }
            SB_CHECK(outside(shape, map) == 0, "%s", where(shape, level));
            free(activation), free(map), free(before), free(signs);
        }
}

static const sb_test tests[] = {
    {"Winograd's convolution, forward and backward", winograd},
    {"Winograd's convolution with factors of bfloat16", winograd_rounded},
    {"the other convolutions and their transposes", columns},
    {"signs recorded and applied", signs_of_maps},
};

SB_TEST_MAIN(tests)
