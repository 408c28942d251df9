/* What a step of TRADES costs, in forward passes of one image: the law of f(x + eta) does not change while x'
   moves, so it is computed once (1); each of the 10 steps of x' is a forward and a backward pass with
   gradients of the image alone (2); the gradient of the loss is a forward pass and a backward pass with
   gradients of the weights (3) for x and x' each: 1 + 10 * 2 + 2 * 3 = 27. The running statistics only have
   to be moved a third time, not computed again. */
#include "nn/train_step.h"

#include "nn/attack.h"
#include "nn/loss.h"
#include "nn/random_purpose.h"
#include "support/parallel.h"
#include "support/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TRADES_START 0.001 /* standard deviation of the point where x' starts around x */

sb_status sb_training_step_init(sb_training_step *step, const sb_training_options *options,
                                sb_network *network, size_t batch, int jobs, sb_error *error) {
    size_t noises = (size_t)options->noise_samples;
    size_t elements = (size_t)network->size * (size_t)network->size * SB_CHANNELS;
    size_t noisy = batch * noises * elements, logits = batch * noises * SB_CLASSES;
    int attacks = options->method != SB_TRAIN_NOISE;
    *step = (sb_training_step){
        .options = options, .network = network, .jobs = jobs, .elements = elements, .noises = noises};
    struct {
        float **place;
        size_t count;
    } part[] = {{&step->noise, noisy},
                {&step->natural, noisy},
                {&step->adversarial, attacks ? noisy : 0},
                {&step->moved, attacks ? batch * elements : 0},
                {&step->target, logits},
                {&step->natural_logits, logits},
                {&step->adversarial_logits, logits},
                {&step->natural_gradient, logits},
                {&step->adversarial_gradient, logits},
                {&step->scratch, attacks ? sb_attack_scratch(batch, noises, elements) : 0}};
    enum { PARTS = sizeof part / sizeof part[0] };
    size_t all = 0;
    for (int i = 0; i < PARTS; i++) all += part[i].count;
    step->memory = malloc(all * sizeof *step->memory);
    if (!step->memory) return sb_fail_memory(error);
    float *at = step->memory;
    for (int i = 0; i < PARTS; at += part[i++].count) *part[i].place = at;
    return SB_OK;
}

void sb_training_step_clear(sb_training_step *step) {
    free(step->memory);
    memset(step, 0, sizeof *step);
}

int sb_training_step_updates(const sb_training_options *options) {
    return options->method == SB_TRAIN_TRADES ? 3 : 1;
}

int sb_training_step_units(const sb_training_options *options) {
    enum { TRAIN = 3, INPUT_GRADIENT = 2 };
    switch (options->method) {
    case SB_TRAIN_TRADES:
        return 1 + options->steps * INPUT_GRADIENT + 2 * TRAIN;
    case SB_TRAIN_SMOOTH_ADV:
        return options->noise_samples * (options->steps * INPUT_GRADIENT + TRAIN);
    default:
        return TRAIN;
    }
}

/* ------------------------------------------------------------------ noise */
typedef struct {
    const sb_training_step *step;
    const float *images;
    float *noisy;
    uint64_t seed, stream;
} noise_task;

static void draw_noise(void *context, size_t copy) {
    const noise_task *t = context;
    const sb_training_step *s = t->step;
    float *eta = s->noise + copy * s->elements, sigma = (float)s->options->sigma;
    sb_random_normals_float(eta, s->elements, t->seed, t->stream + copy, 0);
    for (size_t k = 0; k < s->elements; k++) eta[k] *= sigma;
}

static void add_noise(void *context, size_t copy) {
    const noise_task *t = context;
    const sb_training_step *s = t->step;
    const float *eta = s->noise + copy * s->elements, *x = t->images + copy / s->noises * s->elements;
    float *noisy = t->noisy + copy * s->elements;
    for (size_t k = 0; k < s->elements; k++) noisy[k] = x[k] + eta[k];
}

static void make_noisy(sb_training_step *step, const float *images, size_t count, float *noisy) {
    noise_task task = {step, images, noisy, 0, 0};
    sb_parallel(step->jobs, count * step->noises, add_noise, &task);
}

static void make_noise(sb_training_step *step, size_t count, uint64_t first_image) {
    noise_task task = {step, NULL, NULL, sb_purpose_seed(step->options->seed, SB_PURPOSE_TRAINING_NOISE),
                       first_image * step->noises};
    sb_parallel(step->jobs, count * step->noises, draw_noise, &task);
}

/* ------------------------------------------------------------------ x' */
static sb_status attack(sb_training_step *step, const float *images, size_t count, uint64_t first_image,
                        double start, sb_error *error) {
    const sb_training_options *o = step->options;
    sb_attack options = {.radius = o->radius,
                         .step_size = sb_attack_step_size(o),
                         .start = start,
                         .steps = o->steps,
                         .noise_samples = o->noise_samples,
                         .seed = sb_purpose_seed(o->seed, SB_PURPOSE_ATTACK),
                         .stream = first_image * ((uint64_t)o->steps + 1),
                         .jobs = step->jobs};
    sb_attack_batch batch = {images, count, step->elements, step->noise, step->target};
    return sb_attack_run(&options, step->network, &batch, step->moved, step->scratch, error);
}

/* ------------------------------------------------------------------ the methods */
static sb_status descend(sb_training_step *step, double rate, sb_error *error) {
    sb_sgd sgd = {(float)rate, (float)step->options->momentum, (float)step->options->decay};
    return step->network->backend->sgd_step(step->network, &sgd, error);
}

/* Cross-entropy on noisy copies; label: of each copy. */
static sb_status train_on(sb_training_step *step, const float *noisy, const uint8_t *label, size_t copies,
                          double rate, sb_training_sums *sums, sb_error *error) {
    const sb_backend *b = step->network->backend;
    sb_network *n = step->network;
    sb_status status = b->train_forward(n, 0, noisy, copies, step->natural_logits, error);
    if (status) return status;
    sums->loss = sb_cross_entropy_batch(step->natural_logits, label, copies, step->natural_gradient);
    sums->correct = sb_count_correct(step->natural_logits, label, copies);
    if (!isfinite(sums->loss)) return SB_OK;
    status = b->update_statistics(n, 0, error);
    if (!status) status = b->train_backward(n, 0, step->natural_gradient, error);
    return status ? status : descend(step, rate, error);
}

static sb_status run_noise(sb_training_step *step, const float *images, const uint8_t *label, size_t count,
                           double rate, sb_training_sums *sums, sb_error *error) {
    make_noisy(step, images, count, step->natural);
    return train_on(step, step->natural, label, count, rate, sums, error);
}

static sb_status run_trades(sb_training_step *step, const float *images, const uint8_t *label, size_t count,
                            uint64_t first_image, double rate, sb_training_sums *sums, sb_error *error) {
    const sb_backend *b = step->network->backend;
    sb_network *n = step->network;
    make_noisy(step, images, count, step->natural);
    sb_status status = b->logits(n, step->natural, count, step->natural_logits, error);
    if (status) return status;
    for (size_t i = 0; i < count; i++)
        sb_softmax(step->natural_logits + i * SB_CLASSES, step->target + i * SB_CLASSES);
    status = attack(step, images, count, first_image, TRADES_START, error);
    if (status) return status;
    make_noisy(step, step->moved, count, step->adversarial);

    status = b->train_forward(n, 0, step->natural, count, step->natural_logits, error);
    if (!status) status = b->train_forward(n, 1, step->adversarial, count, step->adversarial_logits, error);
    if (status) return status;
    sums->loss = sb_trades_batch(step->natural_logits, step->adversarial_logits, label, count,
                                 step->options->beta, step->natural_gradient, step->adversarial_gradient);
    sums->correct = sb_count_correct(step->natural_logits, label, count);
    if (!isfinite(sums->loss)) return SB_OK;
    static const int order[] = {0, 1, 0};
    for (int i = 0; i < 3 && !status; i++) status = b->update_statistics(n, order[i], error);
    if (!status) status = b->train_backward(n, 0, step->natural_gradient, error);
    if (!status) status = b->train_backward(n, 1, step->adversarial_gradient, error);
    return status ? status : descend(step, rate, error);
}

static sb_status run_smooth_adv(sb_training_step *step, const float *images, const uint8_t *label,
                                size_t count, uint64_t first_image, double rate, sb_training_sums *sums,
                                sb_error *error) {
    size_t copies = count * step->noises;
    uint8_t *copy_label = malloc(copies);
    if (!copy_label) return sb_fail_memory(error);
    memset(step->target, 0, copies * SB_CLASSES * sizeof *step->target);
    for (size_t j = 0; j < copies; j++) {
        copy_label[j] = label[j / step->noises];
        step->target[j * SB_CLASSES + copy_label[j]] = 1;
    }
    sb_status status = attack(step, images, count, first_image, 0, error);
    if (!status) {
        make_noisy(step, step->moved, count, step->adversarial);
        status = train_on(step, step->adversarial, copy_label, copies, rate, sums, error);
        sums->loss /= (double)step->noises;
    }
    free(copy_label);
    return status;
}

sb_status sb_training_step_run(sb_training_step *step, const float *images, const uint8_t *label,
                               size_t count, uint64_t first_image, double rate, sb_training_sums *sums,
                               sb_error *error) {
    *sums = (sb_training_sums){0, 0};
    make_noise(step, count, first_image);
    switch (step->options->method) {
    case SB_TRAIN_TRADES:
        return run_trades(step, images, label, count, first_image, rate, sums, error);
    case SB_TRAIN_SMOOTH_ADV:
        return run_smooth_adv(step, images, label, count, first_image, rate, sums, error);
    default:
        return run_noise(step, images, label, count, rate, sums, error);
    }
}
