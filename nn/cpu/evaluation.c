/* The evaluation mode: a call's images are cut into micro-batches, each the work of one thread. */
#include "nn/cpu/evaluation.h"

#include "nn/cpu/evaluation_state.h"
#include "nn/noisy_sample.h"

#include <math.h>
#include <string.h>

typedef struct {
    struct sb_cpu_evaluation *evaluation;
    size_t share;        /* images of a task, at most a micro-batch */
    const float *images; /* or: */
    const sb_noisy_samples *samples;
    size_t count, elements;
    float *logits;
    const float *target, *weight; /* of the input gradient */
    float *gradient;
} job;

static job make_job(sb_cpu_network *network, size_t count) {
    size_t size = (size_t)network->common.size;
    return (job){.evaluation = network->evaluation, .count = count, .elements = size * size * SB_CHANNELS};
}

static size_t quotient_up(size_t a, size_t b) {
    return a / b + (a % b > 0);
}

/* As many tasks for every worker, as far as that is possible, of nearly the same size. */
static void run(sb_cpu_network *network, job *j, sb_cpu_task *task) {
    size_t micro_batch = (size_t)network->evaluation->group[SB_STAGES - 1];
    size_t workers = (size_t)network->workers->count;
    if (j->count == 0) return;
    j->share = quotient_up(j->count, quotient_up(quotient_up(j->count, micro_batch), workers) * workers);
    sb_cpu_workers_run(network->workers, quotient_up(j->count, j->share), task, j);
}

/* The images of a task: *first and how many. */
static int images_of(const job *j, size_t index, size_t *first) {
    *first = index * j->share;
    return (int)(j->count - *first < j->share ? j->count - *first : j->share);
}

static void load_image(const void *context, size_t i, float *flat) {
    const job *j = context;
    memcpy(flat, j->images + i * j->elements, j->elements * sizeof *flat);
}

static void load_sample(const void *context, size_t i, float *flat) {
    const job *j = context;
    sb_noisy_sample(j->samples, j->samples->first + i, j->elements, flat);
}

/* ------------------------------------------------------------------ counts */
/* The first of the largest; NaN counts as least. */
static int largest(const float *logits) {
    int best = -1;
    for (int c = 0; c < SB_CLASSES; c++)
        if (!isnan(logits[c]) && (best < 0 || logits[c] > logits[best])) best = c;
    return best < 0 ? 0 : best;
}

static void count_task(void *context, size_t index, int number) {
    const job *j = context;
    sb_evaluation_worker *worker = &j->evaluation->worker[number];
    size_t first;
    int n = images_of(j, index, &first);
    sb_cpu_forward(j->evaluation, worker, load_sample, j, first, n, 0);
    for (int i = 0; i < n; i++) worker->counts[largest(worker->logits + i * SB_CLASSES)]++;
}

sb_status sb_cpu_count_classes(sb_network *base, const sb_noisy_samples *samples, uint64_t counts[SB_CLASSES],
                               sb_error *error) {
    (void)error;
    sb_cpu_network *network = (sb_cpu_network *)base;
    struct sb_cpu_evaluation *evaluation = network->evaluation;
    sb_cpu_evaluation_fold(network, 0);
    for (int w = 0; w < evaluation->worker_count; w++)
        memset(evaluation->worker[w].counts, 0, sizeof evaluation->worker[w].counts);
    job j = make_job(network, samples->count);
    j.samples = samples;
    run(network, &j, count_task);
    for (int w = 0; w < evaluation->worker_count; w++)
        for (int c = 0; c < SB_CLASSES; c++) counts[c] += evaluation->worker[w].counts[c];
    return SB_OK;
}

/* ------------------------------------------------------------------ logits */
static void logits_task(void *context, size_t index, int number) {
    const job *j = context;
    sb_evaluation_worker *worker = &j->evaluation->worker[number];
    size_t first;
    int n = images_of(j, index, &first);
    sb_cpu_forward(j->evaluation, worker, load_image, j, first, n, 0);
    memcpy(j->logits + first * SB_CLASSES, worker->logits, (size_t)n * SB_CLASSES * sizeof(float));
}

sb_status sb_cpu_logits(sb_network *base, const float *images, size_t count, float *logits, sb_error *error) {
    (void)error;
    sb_cpu_network *network = (sb_cpu_network *)base;
    sb_cpu_evaluation_fold(network, 0);
    job j = make_job(network, count);
    j.images = images;
    j.logits = logits;
    run(network, &j, logits_task);
    return SB_OK;
}

/* ------------------------------------------------------------------ input gradient */
/* weight (softmax(logits) - target), the target summing to 1. */
static void loss_gradient(const float *logits, const float *target, double weight, float *gradient) {
    double power[SB_CLASSES], sum = 0, most = (double)logits[0];
    for (int c = 1; c < SB_CLASSES; c++) most = fmax(most, (double)logits[c]);
    for (int c = 0; c < SB_CLASSES; c++) sum += power[c] = exp((double)logits[c] - most);
    for (int c = 0; c < SB_CLASSES; c++) gradient[c] = (float)(weight * (power[c] / sum - (double)target[c]));
}

static void gradient_task(void *context, size_t index, int number) {
    const job *j = context;
    sb_evaluation_worker *worker = &j->evaluation->worker[number];
    size_t first;
    int n = images_of(j, index, &first);
    sb_cpu_forward(j->evaluation, worker, load_image, j, first, n, 1);
    for (int i = 0; i < n; i++) {
        size_t image = first + (size_t)i;
        float *logits = worker->logits + i * SB_CLASSES;
        if (j->logits) memcpy(j->logits + image * SB_CLASSES, logits, SB_CLASSES * sizeof *logits);
        loss_gradient(logits, j->target + image * SB_CLASSES, j->weight ? (double)j->weight[image] : 1,
                      logits);
    }
    sb_cpu_backward(j->evaluation, worker, worker->logits, n, j->gradient + first * j->elements);
}

sb_status sb_cpu_input_gradient(sb_network *base, const float *images, size_t count, const float *target,
                                const float *weight, float *gradient, float *logits, sb_error *error) {
    sb_cpu_network *network = (sb_cpu_network *)base;
    sb_status status = sb_cpu_evaluation_reserve_signs(network->evaluation, error);
    if (status) return status;
    sb_cpu_evaluation_fold(network, 1);
    job j = make_job(network, count);
    j.images = images;
    j.logits = logits;
    j.target = target;
    j.weight = weight;
    j.gradient = gradient;
    run(network, &j, gradient_task);
    return SB_OK;
}
