/* Memory of the evaluation mode, and batch normalisation folded into the convolutions: with factor = scale /
   sqrt(variance + epsilon) a convolution by factor w and the bias shift - factor mean is both in one. */
#include "nn/cpu/evaluation_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEATURES = 64, ALIGNMENT = 64, WINOGRAD_NUMBERS = 36 };

/* The sizes are small enough for int; a group is a power of two. */
static int group_for(int wanted, int tiles) {
    int group = 1;
    while (group * tiles < wanted) group *= 2;
    return group;
}

static size_t rounded(size_t count) {
    return (count + 15) / 16 * 16;
}

static void *aligned(size_t bytes) {
    void *memory = NULL;
    if (posix_memalign(&memory, ALIGNMENT, bytes)) return NULL;
    memset(memory, 0, bytes);
    return memory;
}

static sb_column_shape column_shape(const sb_convolution *c, int in_side) {
    int columns = c->side * c->side * c->in_channels;
    return (sb_column_shape){c->side,
                             c->in_channels,
                             c->out_channels,
                             c->stride,
                             in_side,
                             (in_side + c->stride - 1) / c->stride,
                             (columns + 15) / 16 * 16};
}

static size_t weight_count(const sb_folded_convolution *f, const sb_convolution *c) {
    if (f->by_columns) return (size_t)f->shape.columns * (size_t)c->out_channels;
    return (size_t)WINOGRAD_NUMBERS * (size_t)c->in_channels * (size_t)c->out_channels;
}

/* Cuts the memory of the weights into those of the convolutions; returns the numbers used. */
static size_t place_weights(struct sb_cpu_evaluation *evaluation, float *memory) {
    const sb_resnet *resnet = evaluation->resnet;
    size_t at = 0;
    for (int i = 0; i < resnet->convolution_count; i++) {
        const sb_convolution *c = &resnet->convolution[i];
        sb_folded_convolution *f = &evaluation->convolution[i];
        int stage = c->out_channels == 16 ? 0 : c->out_channels == 32 ? 1 : 2;
        f->by_columns = c->side == 1 || c->stride == 2 || c->in_channels == SB_CHANNELS;
        f->shape = column_shape(c, c->stride == 2 ? evaluation->side[stage - 1] : evaluation->side[stage]);
        size_t count = weight_count(f, c), rounded = evaluation->rounded && !f->by_columns ? count / 2 : 0;
        if (memory) {
            f->forward = memory + at;
            f->backward = f->forward + count;
            f->bias = f->backward + count;
            if (rounded) f->rounded = (uint16_t *)(void *)(f->bias + c->out_channels);
        }
        at += 2 * count + (size_t)c->out_channels + rounded;
    }
    if (memory) {
        evaluation->classifier = memory + at;
        evaluation->classifier_bias = evaluation->classifier + SB_CLASSES * FEATURES;
    }
    return at + SB_CLASSES * FEATURES + rounded(SB_CLASSES);
}

static size_t place_worker(const struct sb_cpu_evaluation *evaluation, sb_evaluation_worker *worker,
                           float *memory) {
    size_t image = (size_t)evaluation->size * (size_t)evaluation->size * SB_CHANNELS;
    size_t scratch = (size_t)WINOGRAD_NUMBERS * SB_TILES_AT_ONCE * SB_MOST_CHANNELS, at = 0;
#define PLACE(pointer, count)                                                                                \
    do {                                                                                                     \
        if (memory) (pointer) = memory + at;                                                                 \
        at += rounded(count);                                                                                \
    } while (0)
    PLACE(worker->flat, image);
    PLACE(worker->image, sb_padded_size(evaluation->size, SB_CHANNELS));
    for (int s = 0; s < SB_STAGES; s++) {
        size_t map =
            (size_t)evaluation->group[s] * sb_padded_size(evaluation->side[s], evaluation->channels[s]);
        PLACE(worker->a[s], map);
        PLACE(worker->b[s], map);
    }
    PLACE(worker->logits, (size_t)evaluation->group[SB_STAGES - 1] * SB_CLASSES);
    PLACE(worker->scratch.input, scratch);
    PLACE(worker->scratch.output, scratch);
#undef PLACE
    return at;
}

sb_status sb_cpu_evaluation_open(sb_cpu_network *network, sb_precision precision, sb_error *error) {
    struct sb_cpu_evaluation *evaluation = calloc(1, sizeof *evaluation);
    if (!evaluation) return sb_fail_memory(error);
    network->evaluation = evaluation;
    const sb_resnet *resnet = evaluation->resnet = network->common.resnet;
    evaluation->kernels = sb_evaluation_kernels_at(network->level);
    if (precision == SB_PRECISION_BF16) evaluation->rounded = sb_rounded_kernels_at(network->level);
    evaluation->size = network->common.size;
    evaluation->blocks = resnet->block_count / SB_STAGES;
    static const int tiles_wanted[SB_STAGES] = {8, 16, 64};
    for (int s = 0, side = evaluation->size, before = 1; s < SB_STAGES; s++, side = (side + 1) / 2) {
        int across = (side + 3) / 4, group = group_for(tiles_wanted[s], across * across);
        evaluation->side[s] = side;
        evaluation->channels[s] = 16 << s;
        before = evaluation->group[s] = group > before ? group : before;
    }
    evaluation->convolution = calloc((size_t)resnet->convolution_count, sizeof *evaluation->convolution);
    evaluation->worker_count = network->workers->count;
    evaluation->worker = calloc((size_t)evaluation->worker_count, sizeof *evaluation->worker);
    if (evaluation->convolution)
        evaluation->weight_memory = aligned(place_weights(evaluation, NULL) * sizeof(float));
    int failed = !evaluation->weight_memory || !evaluation->worker;
    for (int w = 0; !failed && w < evaluation->worker_count; w++) {
        sb_evaluation_worker *worker = &evaluation->worker[w];
        worker->memory = aligned(place_worker(evaluation, worker, NULL) * sizeof(float));
        if (worker->memory)
            place_worker(evaluation, worker, worker->memory);
        else
            failed = 1;
    }
    if (failed) return sb_fail_memory(error);
    place_weights(evaluation, evaluation->weight_memory);
    return SB_OK;
}

void sb_cpu_evaluation_close(struct sb_cpu_evaluation *evaluation) {
    if (!evaluation) return;
    for (int w = 0; evaluation->worker && w < evaluation->worker_count; w++) {
        free(evaluation->worker[w].memory);
        free(evaluation->worker[w].signs_memory);
    }
    free(evaluation->worker);
    free(evaluation->convolution);
    free(evaluation->weight_memory);
    free(evaluation);
}

sb_status sb_cpu_evaluation_reserve_signs(struct sb_cpu_evaluation *evaluation, sb_error *error) {
    size_t size[SB_STAGES], sum = 0;
    for (int s = 0; s < SB_STAGES; s++) {
        size_t activations = 2 * (size_t)evaluation->blocks + (s == 0);
        size[s] = activations * (size_t)evaluation->group[SB_STAGES - 1] *
                  sb_signs_size(evaluation->side[s], evaluation->channels[s]);
        sum += size[s];
    }
    for (int w = 0; w < evaluation->worker_count; w++) {
        sb_evaluation_worker *worker = &evaluation->worker[w];
        if (worker->signs_memory) continue;
        uint16_t *memory = worker->signs_memory = aligned(sum * sizeof *memory);
        if (!memory) return sb_fail_memory(error);
        for (int s = 0; s < SB_STAGES; memory += size[s++]) worker->signs[s] = memory;
    }
    return SB_OK;
}

/* ------------------------------------------------------------------ folding */
/* Weights [columns][out] from filters [out][in][row][column], and transposed. */
static void fold_columns(const sb_convolution *c, const sb_folded_convolution *f, const float *filter) {
    size_t area = (size_t)(c->side * c->side), in = (size_t)c->in_channels, out = (size_t)c->out_channels;
    for (size_t o = 0; o < out; o++)
        for (size_t i = 0; i < in; i++)
            for (size_t k = 0; k < area; k++) {
                float w = filter[(o * in + i) * area + k];
                f->forward[(k * in + i) * out + o] = w;
                f->backward[o * (size_t)f->shape.columns + k * in + i] = w;
            }
}

static void fold_convolution(const struct sb_cpu_evaluation *evaluation, int index, const float *values,
                             int backward, float *filter) {
    const sb_convolution *c = &evaluation->resnet->convolution[index];
    const sb_folded_convolution *f = &evaluation->convolution[index];
    size_t each = (size_t)(c->in_channels * c->side * c->side);
    for (size_t o = 0; o < (size_t)c->out_channels; o++) {
        double factor = (double)values[c->scale + o] /
                        sqrt((double)values[c->running_variance + o] + (double)SB_BATCH_NORM_EPSILON);
        for (size_t k = o * each; k < (o + 1) * each; k++)
            filter[k] = (float)(factor * (double)values[c->weight + k]);
        f->bias[o] = (float)((double)values[c->shift + o] - factor * (double)values[c->running_mean + o]);
    }
    if (f->by_columns) {
        fold_columns(c, f, filter);
        return;
    }
    evaluation->kernels->filters(filter, c->out_channels, 0, f->forward);
    if (f->rounded) evaluation->rounded->round(f->forward, c->out_channels, f->rounded);
    if (backward) evaluation->kernels->filters(filter, c->out_channels, 1, f->backward);
}

typedef struct {
    const sb_cpu_network *network;
    int backward;
} folding;

static void fold_task(void *context, size_t index, int worker) {
    const folding *job = context;
    struct sb_cpu_evaluation *evaluation = job->network->evaluation;
    fold_convolution(evaluation, (int)index, job->network->values, job->backward,
                     evaluation->worker[worker].scratch.input);
}

void sb_cpu_evaluation_fold(sb_cpu_network *network, int backward) {
    struct sb_cpu_evaluation *evaluation = network->evaluation;
    if (!network->values_changed && (evaluation->has_backward || !backward)) return;
    folding job = {network, backward};
    sb_cpu_workers_run(network->workers, (size_t)evaluation->resnet->convolution_count, fold_task, &job);
    const float *values = network->values;
    memcpy(evaluation->classifier, values + evaluation->resnet->classifier_weight,
           SB_CLASSES * FEATURES * sizeof *values);
    memcpy(evaluation->classifier_bias, values + evaluation->resnet->classifier_bias,
           SB_CLASSES * sizeof *values);
    evaluation->has_backward = backward;
    network->values_changed = 0;
}
