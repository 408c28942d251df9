/* The reference backend against central differences, layer by layer and as a whole, and against PyTorch. */
#include "nn/backend.h"
#include "nn/reference/reference_pass.h"
#include "tests/test.h"

#include <math.h>

static void *allocate(size_t count, size_t size) {
    void *p = calloc(count, size);
    if (!p) abort();
    return p;
}

static double uniform(uint64_t *state) { /* within (-1, 1) */
    return (double)(int64_t)sb_test_random(state) / 0x1p63;
}

/* Uniform within (-1, 1), but no closer to 0 than .01. */
static void fill(double *x, size_t count, uint64_t *state) {
    for (size_t k = 0; k < count; k++) {
        x[k] = uniform(state);
        x[k] += x[k] < 0 ? -.01 : .01;
    }
}

/* --- Each layer: the loss is sum_k direction_k y_k, and its gradient is that of the backward function. ---
 */

enum { PARTS = 4, LARGEST_PART = 1024 };

typedef struct {
    const char *name;
    void (*forward)(const void *shape, double *const part[], double *y);
    void (*backward)(const void *shape, double *const part[], const double *y_gradient,
                     double *const gradient[]);
    const void *shape;
    size_t part_count[PARTS]; /* numbers of the input and of each parameter; 0: there is none */
    size_t y_count;
} layer_case;

static double layer_loss(const layer_case *layer, double *const part[], const double *direction, double *y) {
    double loss = 0;
    layer->forward(layer->shape, part, y);
    for (size_t k = 0; k < layer->y_count; k++) loss += direction[k] * y[k];
    return loss;
}

/* The fourth-order central difference of step h: its error is of order h^4 and 1e-16/h. */
static double layer_difference(const layer_case *layer, double *const part[], double *at,
                               const double *direction, double *y) {
    double x = *at, h = 1e-3, loss[4];
    for (int i = 0; i < 4; i++) {
        static const int step[] = {-2, -1, 1, 2};
        *at = x + step[i] * h;
        loss[i] = layer_loss(layer, part, direction, y);
    }
    *at = x;
    return (8 * (loss[2] - loss[1]) - (loss[3] - loss[0])) / (12 * h);
}

static void check_layer(const layer_case *layer) {
    static double storage[2 * PARTS + 2][LARGEST_PART];
    double *part[PARTS], *gradient[PARTS], *direction = storage[2 * PARTS], *y = storage[2 * PARTS + 1];
    uint64_t state = 5;
    for (int i = 0; i < PARTS; i++) {
        part[i] = storage[2 * i];
        gradient[i] = storage[2 * i + 1];
        fill(part[i], layer->part_count[i], &state);
        for (size_t k = 0; k < layer->part_count[i]; k++) gradient[i][k] = .5; /* backward adds to it */
    }
    fill(direction, layer->y_count, &state);
    layer->forward(layer->shape, part, y);
    layer->backward(layer->shape, part, direction, gradient);
    for (int i = 0; i < PARTS; i++)
        for (size_t k = 0; k < layer->part_count[i]; k++) {
            double difference = layer_difference(layer, part, &part[i][k], direction, y);
            SB_CHECK(fabs(gradient[i][k] - .5 - difference) < 1e-8 * (1 + fabs(difference)),
                     "%s, part %d, number %zu: %.12g, by differences %.12g", layer->name, i, k,
                     gradient[i][k] - .5, difference);
        }
}

static void convolve(const void *shape, double *const part[], double *y) {
    sb_reference_convolve(shape, 2, part[0], part[1], y);
}

static void convolve_backward(const void *shape, double *const part[], const double *dy, double *const d[]) {
    sb_reference_convolve_backward(shape, 2, part[0], part[1], dy, d[0], d[1]);
}

static void gradient_of_convolution(void) {
    static const sb_reference_convolution shape[] = {
        {2, 3, 5, 5, 3, 1}, {2, 3, 5, 3, 3, 2}, {3, 2, 4, 2, 3, 2}, {2, 2, 1, 1, 3, 1}, {2, 2, 2, 1, 3, 2},
        {3, 4, 5, 3, 1, 2}, {3, 4, 4, 2, 1, 2}, {2, 2, 3, 3, 1, 1}, {1, 1, 1, 1, 3, 2}};
    for (size_t i = 0; i < sizeof shape / sizeof shape[0]; i++) {
        const sb_reference_convolution *c = &shape[i];
        layer_case layer = {.name = "convolution",
                            .forward = convolve,
                            .backward = convolve_backward,
                            .shape = c,
                            .part_count = {(size_t)(2 * c->in_channels * c->in_size * c->in_size),
                                           (size_t)(c->in_channels * c->out_channels * c->side * c->side)},
                            .y_count = (size_t)(2 * c->out_channels * c->out_size * c->out_size)};
        check_layer(&layer);
    }
}

/* Two images of 3 channels, 4 pixels; parts: x, scale, shift. Running moments for evaluation. */
static const double running_mean[] = {.1, -.2, .3}, running_variance[] = {.5, 1, 2};

static sb_reference_norm running_norm(double *const part[]) {
    return (sb_reference_norm){3, 4, running_mean, running_variance, part[1], part[2]};
}

static void normalise(const void *shape, double *const part[], double *y) {
    (void)shape;
    sb_reference_norm norm = running_norm(part);
    sb_reference_normalise(&norm, 2, part[0], y);
}

static void normalise_backward(const void *shape, double *const part[], const double *dy, double *const d[]) {
    (void)shape;
    sb_reference_norm norm = running_norm(part);
    sb_reference_normalise_backward(&norm, 2, dy, d[0]);
}

static void batch_normalise(const void *shape, double *const part[], double *y) {
    (void)shape;
    double mean[3], variance[3];
    sb_reference_norm norm = {3, 4, mean, variance, part[1], part[2]};
    sb_reference_moments(3, 4, 2, part[0], mean, variance);
    sb_reference_normalise(&norm, 2, part[0], y);
}

static void batch_normalise_backward(const void *shape, double *const part[], const double *dy,
                                     double *const d[]) {
    (void)shape;
    double mean[3], variance[3];
    sb_reference_norm norm = {3, 4, mean, variance, part[1], part[2]};
    sb_reference_moments(3, 4, 2, part[0], mean, variance);
    sb_reference_batch_normalise_backward(&norm, 2, part[0], dy, d[0], d[1], d[2]);
}

static void gradient_of_normalisation(void) {
    layer_case layer = {.name = "normalisation by running moments",
                        .forward = normalise,
                        .backward = normalise_backward,
                        .part_count = {24},
                        .y_count = 24};
    check_layer(&layer);
    layer_case batch = {.name = "normalisation by the batch",
                        .forward = batch_normalise,
                        .backward = batch_normalise_backward,
                        .part_count = {24, 3, 3},
                        .y_count = 24};
    check_layer(&batch);
}

/* relu(x + z) for parts x, z, away from the kink */
static void residual_relu(const void *shape, double *const part[], double *y) {
    (void)shape;
    memcpy(y, part[0], 20 * sizeof *y);
    sb_reference_add(20, part[1], y);
    sb_reference_relu(20, y);
}

static void residual_relu_backward(const void *shape, double *const part[], const double *dy,
                                   double *const d[]) {
    double y[20], dx[20];
    residual_relu(shape, part, y);
    memcpy(dx, dy, sizeof dx);
    sb_reference_relu_backward(20, y, dx);
    sb_reference_add(20, dx, d[0]);
    sb_reference_add(20, dx, d[1]);
}

static void average(const void *shape, double *const part[], double *y) {
    (void)shape;
    sb_reference_average(6, 9, part[0], y);
}

static void average_backward(const void *shape, double *const part[], const double *dy, double *const d[]) {
    (void)shape;
    (void)part;
    sb_reference_average_backward(6, 9, dy, d[0]);
}

static void linear(const void *shape, double *const part[], double *y) {
    (void)shape;
    sb_reference_linear(3, 5, 4, part[0], part[1], part[2], y);
}

static void linear_backward(const void *shape, double *const part[], const double *dy, double *const d[]) {
    (void)shape;
    sb_reference_linear_backward(3, 5, 4, part[0], part[1], dy, d[0], d[1], d[2]);
}

static const double law[] = {.1, .5, .15, .25};

static void cross_entropy(const void *shape, double *const part[], double *y) {
    (void)shape;
    y[0] = sb_reference_cross_entropy(4, part[0], law);
}

static void cross_entropy_backward(const void *shape, double *const part[], const double *dy,
                                   double *const d[]) {
    (void)shape;
    double gradient[4];
    sb_reference_cross_entropy_backward(4, part[0], law, gradient);
    for (int c = 0; c < 4; c++) d[0][c] += dy[0] * gradient[c];
}

static void gradients_of_the_other_layers(void) {
    static const layer_case layer[] = {
        {"residual and ReLU", residual_relu, residual_relu_backward, NULL, {20, 20}, 20},
        {"average pool", average, average_backward, NULL, {54}, 6},
        {"linear", linear, linear_backward, NULL, {15, 20, 4}, 12},
        {"cross-entropy", cross_entropy, cross_entropy_backward, NULL, {4}, 1}};
    for (size_t i = 0; i < sizeof layer / sizeof layer[0]; i++) check_layer(&layer[i]);
}

static void cross_entropy_in_closed_form(void) {
    double logits[] = {1000, 1000, 0, -1000}, target[] = {.5, 0, .25, .25}, gradient[4];
    /* log softmax = -log 2, -log 2, -1000 - log 2, -2000 - log 2 */
    double loss = sb_reference_cross_entropy(4, logits, target);
    SB_CHECK(fabs(loss - (750 + log(2.0))) < 1e-10, "%.17g", loss);
    sb_reference_cross_entropy_backward(4, logits, target, gradient);
    static const double expected[] = {0, .5, -.25, -.25};
    for (int c = 0; c < 4; c++) SB_CHECK(fabs(gradient[c] - expected[c]) < 1e-12, "%d: %g", c, gradient[c]);
}

/* --- The whole network, over a tape in double. --- */

typedef struct {
    sb_resnet resnet;
    sb_reference_tape tape;
    double *values, *gradient, *input_gradient, *direction, *logit_gradient;
    unsigned char *sign, *sign_before;
    size_t signs;
    int training;
} whole;

static void whole_init(whole *w, int depth, int size, size_t images, int training) {
    uint64_t state = 11;
    sb_error error;
    if (sb_resnet_init(&w->resnet, depth, &error)) abort();
    if (sb_reference_tape_init(&w->tape, &w->resnet, size, images, &error)) abort();
    w->training = training;
    w->values = allocate(w->resnet.value_count, sizeof *w->values);
    w->gradient = allocate(w->resnet.value_count, sizeof *w->gradient);
    w->input_gradient = allocate(w->tape.input_count, sizeof *w->input_gradient);
    w->direction = allocate(w->tape.largest_count + w->resnet.value_count, sizeof *w->direction);
    w->logit_gradient = allocate(images * SB_CLASSES, sizeof *w->logit_gradient);
    w->signs = 0;
    for (int i = 0; i < w->resnet.convolution_count; i++)
        w->signs += images * (size_t)w->resnet.convolution[i].out_channels * w->tape.layer[i].pixels;
    w->sign = allocate(w->signs, 1);
    w->sign_before = allocate(w->signs, 1);
    for (size_t i = 0; i < w->resnet.tensor_count; i++) {
        const sb_tensor *t = &w->resnet.tensor[i];
        double *x = w->values + t->offset;
        fill(x, t->count, &state);
        for (size_t k = 0; k < t->count; k++) {
            if (t->kind == SB_TENSOR_WEIGHT) x[k] *= sqrt(6.0 / (double)(t->count / (size_t)t->shape[0]));
            if (t->kind == SB_TENSOR_SCALE || t->kind == SB_TENSOR_RUNNING_VARIANCE) x[k] = 1 + .5 * x[k];
        }
    }
    fill(w->tape.input, w->tape.input_count, &state);
    fill(w->logit_gradient, images * SB_CLASSES, &state);
}

static void whole_clear(whole *w) {
    sb_reference_tape_clear(&w->tape);
    sb_resnet_clear(&w->resnet);
    free(w->values);
    free(w->gradient);
    free(w->input_gradient);
    free(w->direction);
    free(w->logit_gradient);
    free(w->sign);
    free(w->sign_before);
}

/* The loss, sum of logit_gradient * logits, at x + step * direction; and which ReLUs are open there. */
static double whole_loss(whole *w, double *x, size_t count, double step) {
    double *saved = allocate(count, sizeof *saved), loss = 0;
    memcpy(saved, x, count * sizeof *x);
    for (size_t k = 0; k < count; k++) x[k] += step * w->direction[k];
    sb_reference_forward(&w->tape, w->values, w->training);
    memcpy(x, saved, count * sizeof *x);
    free(saved);
    for (size_t k = 0; k < w->tape.images * SB_CLASSES; k++) loss += w->logit_gradient[k] * w->tape.logits[k];
    size_t s = 0;
    for (int i = 0; i < w->resnet.convolution_count; i++) {
        const sb_reference_layer *layer = &w->tape.layer[i];
        for (size_t k = 0; k < w->tape.images * (size_t)layer->shape.out_channels * layer->pixels; k++)
            w->sign[s++] = layer->output[k] > 0;
    }
    return loss;
}

/* The derivative along the direction by central differences, with a step so small that no ReLU opens or
   closes; where there is none, NaN. */
static double whole_difference(whole *w, double *x, size_t count) {
    for (double h = 1e-4; h > 1e-9; h /= 4) {
        double above = whole_loss(w, x, count, h);
        memcpy(w->sign_before, w->sign, w->signs);
        double below = whole_loss(w, x, count, -h);
        if (memcmp(w->sign, w->sign_before, w->signs) == 0) return (above - below) / (2 * h);
    }
    return NAN;
}

static void check_direction(whole *w, const char *name, double *x, const double *gradient, size_t count) {
    double expected = whole_difference(w, x, count), got = 0, size = 0;
    for (size_t k = 0; k < count; k++) {
        got += gradient[k] * w->direction[k];
        size += gradient[k] * gradient[k] * w->direction[k] * w->direction[k];
    }
    SB_CHECK(fabs(got - expected) < 1e-5 * (sqrt(size) + .01), "%s, %s: %.10g, by differences %.10g", name,
             w->training ? "training" : "evaluation", got, expected);
}

/* Along a random direction, which sees every number, and along an axis. */
static void check_gradient(whole *w, const char *name, double *x, const double *gradient, size_t count,
                           uint64_t *state) {
    fill(w->direction, count, state);
    check_direction(w, name, x, gradient, count);
    memset(w->direction, 0, count * sizeof *w->direction);
    w->direction[sb_test_random(state) % count] = 1;
    check_direction(w, name, x, gradient, count);
}

static void gradients_of_the_whole_network(void) {
    static const struct {
        int depth, size;
        size_t images;
    } item[] = {{8, 8, 2}, {14, 5, 2}};
    uint64_t state = 17;
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++)
        for (int training = 0; training < 2; training++) {
            whole w;
            whole_init(&w, item[i].depth, item[i].size, item[i].images, training);
            sb_reference_forward(&w.tape, w.values, training);
            sb_reference_backward(&w.tape, w.values, w.logit_gradient, w.input_gradient,
                                  training ? w.gradient : NULL);
            check_gradient(&w, "input", w.tape.input, w.input_gradient, w.tape.input_count, &state);
            for (size_t k = 0; training && k < w.resnet.tensor_count; k++) {
                const sb_tensor *t = &w.resnet.tensor[k];
                check_gradient(&w, t->name, w.values + t->offset, w.gradient + t->offset, t->count, &state);
            }
            whole_clear(&w);
        }
}

/* --- PyTorch --- */

/* What tests/nn/reference_golden.py prints. */
static const double golden_evaluation[] = {
    -1.94490522, 2.38600076,  3.83824937,  0.575463455, -3.46103683, -3.32103464, 0.896304994, 4.09766368,
    2.35724322,  -2.27889249, -1.96803888, 2.30052485,  3.79439432,  0.626569524, -3.37712922, -3.30638111,
    0.823881571, 4.02625086,  2.37369938,  -2.19458273, -1.94834883, 2.26934697,  3.75026972,  0.623166319,
    -3.33567175, -3.27048709, 0.81055477,  3.97991244,  2.35071009,  -2.16626135};
static const double golden_input_projection[] = {-0.0539099983, 0.142119367, 0.0981073677};
static const double golden_pixel[] = {-0.00618248325, -0.0132731943, 0.0303697028};
static const double golden_training_0[] = {
    -1.46999066,  -1.27469987,   0.494390729,  1.61553372,   0.697939961, -1.10165473,
    -1.52331157,  -0.0180047466, 1.55135093,   1.20518658,   -1.25274521, -1.41836183,
    0.164555338,  1.50069895,    0.93777766,   -0.79885565,  -1.52584124, -0.322786363,
    1.31501885,   1.32475134,    -0.688018925, -0.128582211, 0.610647994, 0.560528591,
    -0.245140096, -0.785755061,  -0.332656346, 0.599229292,  0.844430968, 0.0339291401};
static const double golden_training_1[] = {-1.11813267,  -1.06738033,  0.305012067,   1.2597954,  0.608521365,
                                           -0.815995052, -1.21001731,  -0.0581312001, 1.20660902, 0.975133817,
                                           -1.1429128,   -0.641552787, 0.663519411,   1.11493525, 0.136485003,
                                           -1.0410766,   -0.914380646, 0.398645096,   1.26895453, 0.567218589,
                                           -1.24855273,  -1.24809374,  0.293804425,   1.43172521, 0.754472869,
                                           -0.873540555, -1.4010681,   -0.150314942,  1.32541404, 1.16042676};
static const double golden_gradient[] = {
    89.2241158,   8.63901112,  -1.22613707, 75.380389,    -0.348720911, -13.2621642, 80.697233,   6.08522029,
    -19.2858961,  42.4521923,  -2.53439269, 5.3474907,    19.9665597,   -3.13408097, -1.45646478, 1.00113684,
    -0.626186423, -1.45646478, -16.1955955, -0.307713713, 2.35329231,   -23.0120021, -8.03923824, -28.7151126,
    0.185312174,  -16.995636,  -28.7151126, -20.9174432,  -1.72291261};
static const double golden_values_after[] = {
    68.888691,     -0.444482635,   0.548935095,  0.024495646, -0.640906686, 111.329732,  -1.23941738,
    1.93022109,    -0.630417002,   2.31065128,   -26.5130031, -1.13989454,  2.25952274,  -2.67933334,
    0.00552375393, -300.04823,     4.67205789,   3.44814979,  1.07372814,   4.53285944,  -360.661438,
    3.34447984,    0.53035372,     -0.959465593, -3.45679466, -127.740509,  4.67881409,  3.46185221,
    0.873463309,   -0.00814254063, -736.039574,  8.12340562,  6.60513154,   0.252226832, -4.04922406,
    -853.470728,   1.0949166,      7.95608755,   9.60092977,  -8.84193728,  -360.813322, -6.06400826,
    -5.21963875,   1.67305999,     13.3907789,   34.0014287,  1.32729057};

static void check_numbers(const char *name, const double *expected, const float *got, size_t count) {
    for (size_t k = 0; k < count; k++)
        SB_CHECK(fabs((double)got[k] - expected[k]) < 1e-6 * (1 + fabs(expected[k])),
                 "%s %zu: %.9g, PyTorch %.9g", name, k, (double)got[k], expected[k]);
}

static void check_projection(const char *name, double expected, const float *x, size_t count) {
    double sum = 0, size = 0;
    for (size_t k = 0; k < count; k++) {
        sum += (double)x[k] * cos((double)k);
        size += fabs((double)x[k]);
    }
    SB_CHECK(fabs(sum - expected) < 1e-7 * (1 + size), "%s: projection %.9g, PyTorch %.9g", name, sum,
             expected);
}

enum { SIZE = 7, IMAGES = 3, ELEMENTS = SIZE * SIZE * SB_CHANNELS };

/* The closed forms of reference_golden.py. */
static void golden_values(const sb_resnet *resnet, float *values) {
    for (size_t i = 0; i < resnet->tensor_count; i++) {
        const sb_tensor *t = &resnet->tensor[i];
        for (size_t k = t->offset; k < t->offset + t->count; k++) {
            double s = sin(1.0 + (double)k);
            switch (t->kind) {
            case SB_TENSOR_WEIGHT:
                s = 2 * s / sqrt((double)(t->count / (size_t)t->shape[0]));
                break;
            case SB_TENSOR_RUNNING_VARIANCE:
                s = 1 + .5 * s;
                break;
            case SB_TENSOR_SCALE:
                s = 1 + .25 * s;
                break;
            default:
                s = .25 * s;
            }
            values[k] = (float)s;
        }
    }
}

static void golden_images(float *images, int phase) {
    for (int j = 0; j < IMAGES * ELEMENTS; j++) images[j] = (float)(.5 + .5 * sin(phase + 1.7 * j));
}

typedef struct {
    sb_resnet resnet;
    sb_network *network;
    float *values;
    float images[IMAGES * ELEMENTS], logits[IMAGES * SB_CLASSES];
} golden;

static void golden_open(golden *g) {
    static const sb_backend_options options = {.jobs = 1};
    sb_error error;
    if (sb_resnet_init(&g->resnet, 8, &error)) abort();
    g->values = allocate(g->resnet.value_count, sizeof *g->values);
    golden_values(&g->resnet, g->values);
    if (sb_reference_backend.open(&g->network, &g->resnet, SIZE, &options, &error)) abort();
    SB_CHECK(sb_reference_backend.set_values(g->network, g->values, &error) == SB_OK);
    golden_images(g->images, 0);
}

static void golden_close(golden *g) {
    sb_reference_backend.close(g->network);
    sb_resnet_clear(&g->resnet);
    free(g->values);
}

static void evaluation_is_pytorchs(void) {
    golden g;
    golden_open(&g);
    float target[IMAGES * SB_CLASSES], gradient[IMAGES * ELEMENTS];
    static const float weight[] = {1, 1.5f, 2};
    for (int n = 0; n < IMAGES; n++)
        for (int c = 0; c < SB_CLASSES; c++)
            target[n * SB_CLASSES + c] = (float)((1.0 + (c + n) % SB_CLASSES) / 55);
    SB_CHECK(sb_reference_backend.input_gradient(g.network, g.images, IMAGES, target, weight, gradient,
                                                 g.logits, NULL) == SB_OK);
    check_numbers("logit", golden_evaluation, g.logits, IMAGES * SB_CLASSES);
    memset(g.logits, 0, sizeof g.logits);
    SB_CHECK(sb_reference_backend.logits(g.network, g.images, IMAGES, g.logits, NULL) == SB_OK);
    check_numbers("logit", golden_evaluation, g.logits, IMAGES * SB_CLASSES);
    for (int n = 0; n < IMAGES; n++)
        check_projection("input gradient", golden_input_projection[n], gradient + n * ELEMENTS, ELEMENTS);
    check_numbers("input gradient of a pixel", golden_pixel,
                  gradient + ELEMENTS + (3 * SIZE + 2) * SB_CHANNELS, SB_CHANNELS);
    golden_close(&g);
}

static void training_is_pytorchs(void) {
    const sb_backend *b = &sb_reference_backend;
    golden g;
    golden_open(&g);
    float gradient[2][IMAGES * SB_CLASSES]; /* the second batch has the rows in reverse order */
    for (int n = 0; n < IMAGES; n++)
        for (int c = 0; c < SB_CLASSES; c++)
            gradient[0][n * SB_CLASSES + c] = gradient[1][(IMAGES - 1 - n) * SB_CLASSES + c] =
                (float)sin(3.0 * n + c);
    for (int step = 0; step < 2; step++) {
        for (int slot = 0; slot < 2; slot++) {
            golden_images(g.images, step + 2 * slot);
            SB_CHECK(b->train_forward(g.network, slot, g.images, IMAGES, g.logits, NULL) == SB_OK);
            if (step == 0)
                check_numbers("logit", slot ? golden_training_1 : golden_training_0, g.logits,
                              IMAGES * SB_CLASSES);
            SB_CHECK(b->update_statistics(g.network, slot, NULL) == SB_OK);
        }
        for (int slot = 1; slot >= 0; slot--)
            SB_CHECK(b->train_backward(g.network, slot, gradient[slot], NULL) == SB_OK);
        SB_CHECK(b->get_gradient(g.network, g.values, NULL) == SB_OK);
        size_t trained = 0;
        for (size_t i = 0; step == 0 && i < g.resnet.tensor_count; i++) {
            const sb_tensor *t = &g.resnet.tensor[i];
            if (sb_tensor_is_trained(t))
                check_projection(t->name, golden_gradient[trained++], g.values + t->offset, t->count);
            else
                for (size_t k = 0; k < t->count; k++)
                    SB_CHECK(g.values[t->offset + k] == 0, "gradient of %s", t->name);
        }
        SB_CHECK(b->sgd_step(g.network, &(sb_sgd){.rate = 1 / 128.0f, .momentum = .75f, .decay = 1 / 64.0f},
                             NULL) == SB_OK);
    }
    SB_CHECK(b->get_values(g.network, g.values, NULL) == SB_OK);
    for (size_t i = 0; i < g.resnet.tensor_count; i++) {
        const sb_tensor *t = &g.resnet.tensor[i];
        check_projection(t->name, golden_values_after[i], g.values + t->offset, t->count);
    }
    golden_close(&g);
}

static void calls_out_of_order_are_refused(void) {
    golden g;
    golden_open(&g);
    sb_error error = {SB_OK, ""};
    SB_CHECK(sb_reference_backend.update_statistics(g.network, 1, &error) == SB_INTERNAL &&
                 strstr(error.message, "slot 1"),
             "%s", error.message);
    SB_CHECK(sb_reference_backend.train_backward(g.network, 0, g.logits, &error) == SB_INTERNAL &&
                 strstr(error.message, "slot 0"),
             "%s", error.message);
    golden_close(&g);
}

static const sb_test tests[] = {
    {"gradient of convolutions by central differences", gradient_of_convolution},
    {"gradient of normalisations by central differences", gradient_of_normalisation},
    {"gradients of the other layers by central differences", gradients_of_the_other_layers},
    {"cross-entropy in closed form", cross_entropy_in_closed_form},
    {"gradients of the whole network by central differences", gradients_of_the_whole_network},
    {"evaluation is PyTorch's", evaluation_is_pytorchs},
    {"training is PyTorch's", training_is_pytorchs},
    {"calls out of order are refused", calls_out_of_order_are_refused},
};

SB_TEST_MAIN(tests)
