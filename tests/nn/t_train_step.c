/* One step of each method with the reference backend: what is called, in which order; the gradient of the
   whole step against central differences of the loss, written out here, over the double precision tapes. */
#include "nn/attack.h"
#include "nn/loss.h"
#include "nn/random_purpose.h"
#include "nn/reference/reference_pass.h"
#include "nn/train_step.h"
#include "support/random.h"
#include "tests/test.h"

#include <math.h>

enum { SIZE = 8, PIXELS = SIZE * SIZE, ELEMENTS = PIXELS * SB_CHANNELS, COUNT = 3, NOISES = 2 };

/* ------------------------------------------------------------------ a network that keeps a diary */
static char diary[200];

static void note(char letter) {
    size_t length = strlen(diary);
    if (length + 1 < sizeof diary) diary[length] = letter;
}

static sb_status noted_logits(sb_network *n, const float *x, size_t count, float *logits, sb_error *e) {
    note('L');
    return sb_reference_backend.logits(n, x, count, logits, e);
}
static sb_status noted_input_gradient(sb_network *n, const float *x, size_t count, const float *target,
                                      const float *weight, float *gradient, float *logits, sb_error *e) {
    note('G');
    return sb_reference_backend.input_gradient(n, x, count, target, weight, gradient, logits, e);
}
static sb_status noted_train_forward(sb_network *n, int slot, const float *x, size_t count, float *logits,
                                     sb_error *e) {
    note(slot ? 'f' : 'F');
    return sb_reference_backend.train_forward(n, slot, x, count, logits, e);
}
static sb_status noted_update_statistics(sb_network *n, int slot, sb_error *e) {
    note(slot ? 'u' : 'U');
    return sb_reference_backend.update_statistics(n, slot, e);
}
static sb_status noted_train_backward(sb_network *n, int slot, const float *gradient, sb_error *e) {
    note(slot ? 'b' : 'B');
    return sb_reference_backend.train_backward(n, slot, gradient, e);
}
static sb_status noted_sgd_step(sb_network *n, const sb_sgd *sgd, sb_error *e) {
    note('S');
    return sb_reference_backend.sgd_step(n, sgd, e);
}

/* What an entry costs, in forward passes. */
static int units_of_diary(int copies) {
    int units = 0;
    for (const char *c = diary; *c; c++)
        units += *c == 'L' || *c == 'F' || *c == 'f' ? 1 : *c == 'G' || *c == 'B' || *c == 'b' ? 2 : 0;
    return units * copies;
}

/* ------------------------------------------------------------------ a step */
typedef struct {
    sb_resnet resnet;
    sb_backend backend;
    sb_network *network;
    sb_training_options options;
    sb_training_step step;
    sb_training_sums sums;
    float *before, *after, *gradient; /* values; the gradient of the step, which is its momentum */
    float image[COUNT * ELEMENTS];
    uint8_t label[COUNT];
    sb_status status;
} scene;

static const uint64_t FIRST_IMAGE = 500;

static float *floats(size_t count) {
    float *x = calloc(count, sizeof *x);
    if (!x) abort();
    return x;
}

static void open_scene(scene *s, sb_training_method method) {
    sb_error error;
    memset(s, 0, sizeof *s);
    sb_training_options_init(&s->options);
    s->options.method = method;
    s->options.depth = 8;
    s->options.size = SIZE;
    s->options.sigma = .1;
    s->options.radius = .5;
    s->options.momentum = s->options.decay = 0; /* the momentum is then the gradient */
    s->options.seed = 21;
    if (method == SB_TRAIN_SMOOTH_ADV) s->options.noise_samples = NOISES;
    s->backend = sb_reference_backend;
    s->backend.logits = noted_logits;
    s->backend.input_gradient = noted_input_gradient;
    s->backend.train_forward = noted_train_forward;
    s->backend.update_statistics = noted_update_statistics;
    s->backend.train_backward = noted_train_backward;
    s->backend.sgd_step = noted_sgd_step;
    if (sb_resnet_init(&s->resnet, 8, &error) ||
        s->backend.open(&s->network, &s->resnet, SIZE, &(sb_backend_options){0}, &error) ||
        sb_training_step_init(&s->step, &s->options, s->network, COUNT, 1, &error))
        abort();
    s->network->backend = &s->backend;
    s->before = floats(s->resnet.value_count);
    s->after = floats(s->resnet.value_count);
    s->gradient = floats(s->resnet.value_count);
    sb_resnet_initialise(&s->resnet, s->before, 4);
    uint64_t state = 6;
    for (size_t k = 0; k < COUNT * ELEMENTS; k++)
        s->image[k] = (float)((double)(sb_test_random(&state) >> 11) * 0x1p-53);
    for (size_t i = 0; i < COUNT; i++) s->label[i] = (uint8_t)(4 * i + 1);
}

static void run_scene(scene *s) {
    sb_error error = {SB_OK, ""};
    memset(diary, 0, sizeof diary);
    sb_reference_backend.set_values(s->network, s->before, &error);
    s->status = sb_training_step_run(&s->step, s->image, s->label, COUNT, FIRST_IMAGE, .01, &s->sums, &error);
    SB_CHECK(s->status == SB_OK, "%s", error.message);
    sb_reference_backend.get_values(s->network, s->after, &error);
    sb_reference_backend.get_momentum(s->network, s->gradient, &error);
}

static void close_scene(scene *s) {
    sb_training_step_clear(&s->step);
    sb_reference_backend.close(s->network);
    sb_resnet_clear(&s->resnet);
    free(s->before);
    free(s->after);
    free(s->gradient);
}

/* ------------------------------------------------------------------ the losses, over tapes */
typedef struct {
    sb_reference_tape natural, adversarial; /* the second of trades only */
    size_t copies;
    double *values;
} truth;

static void set_input(sb_reference_tape *tape, const float *images, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t p = 0; p < PIXELS; p++)
            for (size_t c = 0; c < SB_CHANNELS; c++)
                tape->input[(i * SB_CHANNELS + c) * PIXELS + p] =
                    (double)images[(i * PIXELS + p) * SB_CHANNELS + c];
}

static void open_truth(truth *t, const scene *s) {
    sb_error error;
    int trades = s->options.method == SB_TRAIN_TRADES;
    memset(t, 0, sizeof *t);
    t->copies = COUNT * (size_t)s->options.noise_samples;
    t->values = calloc(s->resnet.value_count, sizeof *t->values);
    if (!t->values || sb_reference_tape_init(&t->natural, &s->resnet, SIZE, t->copies, &error)) abort();
    for (size_t k = 0; k < s->resnet.value_count; k++) t->values[k] = (double)s->before[k];
    set_input(&t->natural, s->options.method == SB_TRAIN_SMOOTH_ADV ? s->step.adversarial : s->step.natural,
              t->copies);
    if (!trades) return;
    if (sb_reference_tape_init(&t->adversarial, &s->resnet, SIZE, COUNT, &error)) abort();
    set_input(&t->adversarial, s->step.adversarial, COUNT);
}

static void close_truth(truth *t) {
    sb_reference_tape_clear(&t->natural);
    sb_reference_tape_clear(&t->adversarial);
    free(t->values);
}

static void law_of(const double *logit, double law[SB_CLASSES]) {
    double sum = 0;
    for (int c = 0; c < SB_CLASSES; c++) sum += law[c] = exp(logit[c]);
    for (int c = 0; c < SB_CLASSES; c++) law[c] /= sum;
}

static double loss_of(truth *t, const scene *s) {
    double loss = 0;
    int trades = s->options.method == SB_TRAIN_TRADES;
    sb_reference_forward(&t->natural, t->values, 1);
    if (trades) sb_reference_forward(&t->adversarial, t->values, 1);
    for (size_t i = 0; i < t->copies; i++) {
        double p[SB_CLASSES], q[SB_CLASSES];
        law_of(t->natural.logits + i * SB_CLASSES, p);
        loss -= log(p[s->label[i * COUNT / t->copies]]);
        if (!trades) continue;
        law_of(t->adversarial.logits + i * SB_CLASSES, q);
        for (int c = 0; c < SB_CLASSES; c++) loss += s->options.beta * p[c] * log(p[c] / q[c]);
    }
    return loss / (double)t->copies;
}

static void check_gradient(const scene *s) {
    truth t;
    open_truth(&t, s);
    double loss = loss_of(&t, s);
    SB_CHECK(fabs(s->sums.loss / COUNT - loss) < 1e-6 * loss, "loss %.9g, not %.9g", s->sums.loss / COUNT,
             loss);
    double largest = 0;
    for (size_t i = 0; i < s->resnet.tensor_count; i++) {
        const sb_tensor *tensor = &s->resnet.tensor[i];
        if (!sb_tensor_is_trained(tensor)) continue;
        for (size_t k = tensor->count / 3; k < tensor->count; k += tensor->count / 2 + 1) {
            double *at = &t.values[tensor->offset + k], value = *at, h = 1e-7;
            *at = value + h;
            double up = loss_of(&t, s);
            *at = value - h;
            double slope = (up - loss_of(&t, s)) / (2 * h), found = (double)s->gradient[tensor->offset + k];
            *at = value;
            SB_CHECK(fabs(found - slope) < 2e-6 * (1 + fabs(slope)),
                     "%s, number %zu: %.9g, by differences %.9g", tensor->name, k, found, slope);
            largest = fmax(largest, fabs(slope));
        }
    }
    SB_CHECK(largest > .1, "the gradients are all small: %g", largest);
    close_truth(&t);
}

/* Weights moved by -rate times the gradient, the first running mean by the batches in order. */
static void check_values(const scene *s, const char *order) {
    truth t;
    open_truth(&t, s);
    loss_of(&t, s);
    size_t mean = s->resnet.convolution[0].running_mean;
    for (size_t c = 0; c < 16; c++) {
        double running = (double)s->before[mean + c];
        for (const char *o = order; *o; o++)
            running += .1 * ((*o == 'u' ? t.adversarial : t.natural).layer[0].mean[c] - running);
        SB_CHECK(fabs((double)s->after[mean + c] - running) < 1e-6, "running mean %zu: %.9g, not %.9g", c,
                 (double)s->after[mean + c], running);
    }
    for (size_t k = s->resnet.classifier_weight; k < s->resnet.classifier_weight + 640; k++)
        SB_CHECK(fabsf(s->after[k] - (s->before[k] - .01f * s->gradient[k])) < 1e-6f, "classifier weight");
    close_truth(&t);
}

static void check_noise(const scene *s) {
    uint64_t seed = sb_purpose_seed(21, SB_PURPOSE_TRAINING_NOISE);
    size_t noises = (size_t)s->options.noise_samples;
    for (size_t j = 0; j < COUNT * noises; j++) {
        float normal[ELEMENTS];
        sb_random_normals_float(normal, ELEMENTS, seed, FIRST_IMAGE * noises + j, 0);
        for (size_t k = 0; k < ELEMENTS; k++)
            SB_CHECK(s->step.noise[j * ELEMENTS + k] == .1f * normal[k], "noise %zu", j);
    }
}

static void noise(void) {
    scene s;
    open_scene(&s, SB_TRAIN_NOISE);
    run_scene(&s);
    SB_CHECK(strcmp(diary, "FUBS") == 0, "%s", diary);
    SB_CHECK(units_of_diary(1) == sb_training_step_units(&s.options) && units_of_diary(1) == 3, "units");
    check_noise(&s);
    for (size_t k = 0; k < COUNT * ELEMENTS; k++)
        SB_CHECK(s.step.natural[k] == s.image[k] + s.step.noise[k], "x + eta");
    check_gradient(&s);
    check_values(&s, "U");
    close_scene(&s);
}

static double divergence(const float *p, const float *q) {
    double sum = 0;
    for (size_t i = 0; i < COUNT; i++)
        sum += sb_kl_divergence(p + i * SB_CLASSES, q + i * SB_CLASSES, 1, NULL, NULL);
    return sum;
}

static void trades(void) {
    scene s;
    sb_error error;
    open_scene(&s, SB_TRAIN_TRADES);
    run_scene(&s);
    SB_CHECK(strcmp(diary, "LGGGGGGGGGGFfUuUBbS") == 0, "%s", diary);
    SB_CHECK(units_of_diary(1) == 27 && sb_training_step_units(&s.options) == 27, "%d units",
             sb_training_step_units(&s.options));
    SB_CHECK(sb_training_step_updates(&s.options) == 3, "updates");
    check_noise(&s);
    for (size_t i = 0; i < COUNT; i++) {
        double way = 0;
        for (size_t k = i * ELEMENTS; k < (i + 1) * ELEMENTS; k++) {
            SB_CHECK(s.step.natural[k] == s.image[k] + s.step.noise[k] &&
                         s.step.adversarial[k] == s.step.moved[k] + s.step.noise[k],
                     "the same noise");
            way += pow((double)s.step.moved[k] - (double)s.image[k], 2);
        }
        SB_CHECK(sqrt(way) < .5 + 1e-6 && sqrt(way) > .3, "x' is %g from x", sqrt(way));
    }
    check_gradient(&s);
    check_values(&s, "UuU");

    float p[COUNT * SB_CLASSES], q[COUNT * SB_CLASSES], near[COUNT * ELEMENTS];
    for (size_t k = 0; k < COUNT * ELEMENTS; k++)
        near[k] = s.step.natural[k] + (k % 2 ? .5f : -.5f) / sqrtf(ELEMENTS); /* as far as x' may be */
    sb_reference_backend.set_values(s.network, s.before, &error);
    sb_reference_backend.logits(s.network, s.step.natural, COUNT, p, &error);
    sb_reference_backend.logits(s.network, near, COUNT, q, &error);
    double by_chance = divergence(p, q);
    sb_reference_backend.logits(s.network, s.step.adversarial, COUNT, q, &error);
    SB_CHECK(divergence(p, q) > 4 * by_chance, "the divergence at x' is %g, at another point %g",
             divergence(p, q), by_chance);
    close_scene(&s);
}

static void smooth_adv(void) {
    scene s;
    open_scene(&s, SB_TRAIN_SMOOTH_ADV);
    run_scene(&s);
    SB_CHECK(strcmp(diary, "GGGGGGGGGGFUBS") == 0, "%s", diary);
    SB_CHECK(units_of_diary(NOISES) == sb_training_step_units(&s.options), "units");
    check_noise(&s);
    for (size_t j = 0; j < COUNT * NOISES; j++)
        for (size_t k = 0; k < ELEMENTS; k++)
            SB_CHECK(s.step.adversarial[j * ELEMENTS + k] ==
                         s.step.moved[j / NOISES * ELEMENTS + k] + s.step.noise[j * ELEMENTS + k],
                     "x' + eta_j");
    check_gradient(&s);
    check_values(&s, "U");
    close_scene(&s);
}

/* The step's length decides how far x' comes in one step. */
static void recipes(void) {
    scene s;
    open_scene(&s, SB_TRAIN_SMOOTH_ADV);
    s.options.steps = 1;
    static const struct {
        sb_recipe recipe;
        double given, length;
    } item[] = {
        {SB_RECIPE_PAPER, 0, .007}, {SB_RECIPE_PUBLISHED_CODE, .2, .2}, {SB_RECIPE_PUBLISHED_CODE, 0, .5}};
    for (size_t i = 0; i < 3; i++) {
        s.options.recipe = item[i].recipe;
        s.options.step_size = item[i].given;
        for (size_t k = 0; k < COUNT * ELEMENTS; k++) s.image[k] = .5f;
        run_scene(&s);
        double way = 0;
        for (size_t k = 0; k < ELEMENTS; k++) way += pow((double)s.step.moved[k] - .5, 2);
        SB_CHECK(fabs(sqrt(way) - item[i].length) < 1e-5, "a step of %g, not %g", sqrt(way), item[i].length);
    }
    s.options.steps = 10;
    s.options.step_size = 0;
    s.options.recipe = SB_RECIPE_PUBLISHED_CODE;
    SB_CHECK(fabs(sb_attack_step_size(&s.options) - .1) < 1e-15, "2 eps / 10");
    close_scene(&s);
}

static void no_finite_loss(void) {
    for (int method = SB_TRAIN_NOISE; method <= SB_TRAIN_SMOOTH_ADV; method++) {
        scene s;
        open_scene(&s, (sb_training_method)method);
        s.before[s.resnet.classifier_weight + 5] = INFINITY;
        run_scene(&s);
        SB_CHECK(!isfinite(s.sums.loss), "method %d: loss %g", method, s.sums.loss);
        SB_CHECK(!strpbrk(diary, "UuBbS"), "method %d: the network was changed: %s", method, diary);
        close_scene(&s);
    }
}

static const sb_test tests[] = {{"noise: order, noise, gradient, statistics", noise},
                                {"trades: 27 units, the same noise, gradient, statistics", trades},
                                {"smooth-adv: all noises, gradient", smooth_adv},
                                {"recipes: the length of a step", recipes},
                                {"a loss that is not finite changes nothing", no_finite_loss}};
SB_TEST_MAIN(tests)
