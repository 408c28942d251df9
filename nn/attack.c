/* The gradient of -log (1/m) sum_j exp(-H_j) is sum_j w_j grad H_j with w_j = exp(-H_j) / sum_k exp(-H_k).
   The backend gives each grad H_j together with the logits that H_j, hence w_j, is made of: one forward and
   one backward pass per noise and step.

   Moving a point of the box [0, 1]^d towards x, another one, keeps it in the box; so the projection on the
   ball may come last. */
#include "nn/attack.h"

#include "nn/loss.h"
#include "support/parallel.h"
#include "support/random.h"

#include <math.h>
#include <string.h>

typedef struct {
    const sb_attack *attack;
    const sb_attack_batch *batch;
    float *adversarial, *noisy, *gradient, *logits;
    int step;
} pass;

size_t sb_attack_scratch(size_t count, size_t noise_samples, size_t elements) {
    return count * noise_samples * (2 * elements + SB_CLASSES);
}

static uint64_t stream_of(const sb_attack *a, size_t image, int draw) {
    return a->stream + ((uint64_t)a->steps + 1) * image + (uint64_t)draw;
}

static void add_noise(pass *p, size_t image) {
    size_t elements = p->batch->elements, m = (size_t)p->attack->noise_samples;
    const float *x = p->adversarial + image * elements;
    for (size_t j = image * m; j < (image + 1) * m; j++) {
        const float *eta = p->batch->noise + j * elements;
        float *noisy = p->noisy + j * elements;
        for (size_t k = 0; k < elements; k++) noisy[k] = x[k] + eta[k];
    }
}

static void start(void *context, size_t image) {
    pass *p = context;
    const sb_attack *a = p->attack;
    size_t elements = p->batch->elements;
    const float *x = p->batch->images + image * elements;
    float *moved = p->adversarial + image * elements;
    if (a->start > 0) {
        sb_random_normals_float(moved, elements, a->seed, stream_of(a, image, 0), 0);
        for (size_t k = 0; k < elements; k++) moved[k] = x[k] + (float)a->start * moved[k];
    } else {
        memcpy(moved, x, elements * sizeof *moved);
    }
    add_noise(p, image);
}

static double cross_entropy_to(const float *target, const float *logit) {
    double log_law[SB_CLASSES], sum = 0;
    sb_log_softmax(logit, log_law);
    for (int c = 0; c < SB_CLASSES; c++)
        if (target[c] != 0) sum -= (double)target[c] * log_law[c];
    return sum;
}

/* The gradients of the m noises of an image become their weighted sum, in the place of the first. */
static void join_gradients(pass *p, size_t image) {
    size_t elements = p->batch->elements, m = (size_t)p->attack->noise_samples;
    if (m == 1) return;
    const float *target = p->batch->target + image * m * SB_CLASSES,
                *logits = p->logits + image * m * SB_CLASSES;
    float *gradient = p->gradient + image * m * elements;
    double weight[SB_MOST_NOISE_SAMPLES], least = INFINITY, sum = 0;
    for (size_t j = 0; j < m; j++) {
        weight[j] = cross_entropy_to(target + j * SB_CLASSES, logits + j * SB_CLASSES);
        least = fmin(least, weight[j]);
    }
    for (size_t j = 0; j < m; j++) sum += weight[j] = exp(least - weight[j]);
    for (size_t k = 0; k < elements; k++) gradient[k] *= (float)(weight[0] / sum);
    for (size_t j = 1; j < m; j++)
        for (size_t k = 0; k < elements; k++)
            gradient[k] += (float)(weight[j] / sum) * gradient[j * elements + k];
}

/* Four sums side by side, so that additions need not wait for each other. */
static double norm(const float *x, size_t count) {
    double sum[4] = {0, 0, 0, 0};
    for (size_t k = 0; k < count; k++) sum[k % 4] += (double)x[k] * (double)x[k];
    return sqrt((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

static void climb(void *context, size_t image) {
    pass *p = context;
    const sb_attack *a = p->attack;
    size_t elements = p->batch->elements;
    const float *x = p->batch->images + image * elements;
    float *moved = p->adversarial + image * elements;
    float *g = p->gradient + image * (size_t)a->noise_samples * elements;
    join_gradients(p, image);
    double length = norm(g, elements);
    if (length == 0) {
        sb_random_normals_float(g, elements, a->seed, stream_of(a, image, p->step + 1), 0);
        length = norm(g, elements);
    }
    double factor = a->step_size / length;
    for (size_t k = 0; k < elements; k++) {
        double to = (double)moved[k] + factor * (double)g[k];
        to = to < 0 ? 0 : to > 1 ? 1 : to;
        g[k] = (float)(to - (double)x[k]);
    }
    double distance = norm(g, elements), shrink = distance > a->radius ? a->radius / distance : 1;
    for (size_t k = 0; k < elements; k++) {
        double to = (double)x[k] + shrink * (double)g[k];
        moved[k] = (float)(to < 0 ? 0 : to > 1 ? 1 : to);
    }
    add_noise(p, image);
}

sb_status sb_attack_run(const sb_attack *attack, sb_network *network, const sb_attack_batch *batch,
                        float *adversarial, float *scratch, sb_error *error) {
    size_t noisy = batch->count * (size_t)attack->noise_samples;
    pass p = {attack, batch, adversarial, scratch, scratch + noisy * batch->elements, NULL, 0};
    p.logits = p.gradient + noisy * batch->elements;
    sb_parallel(attack->jobs, batch->count, start, &p);
    sb_status status = SB_OK;
    for (; p.step < attack->steps && !status; p.step++) {
        status = network->backend->input_gradient(network, p.noisy, noisy, batch->target, NULL, p.gradient,
                                                  p.logits, error);
        if (!status) sb_parallel(attack->jobs, batch->count, climb, &p);
    }
    return status;
}
