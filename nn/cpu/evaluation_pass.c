/* A micro-batch through the network, depth first: as few images as keep the kernels busy go through stage 1
   and wait at the door of stage 2 for a group, and so on, so that all maps stay in the worker's cache.
   Backward the same way; of the activations only the signs are kept. */
#include "nn/cpu/evaluation_state.h"

#include <string.h>

typedef struct {
    const struct sb_cpu_evaluation *evaluation;
    sb_evaluation_worker *worker;
    sb_load_image *load;
    const void *context;
    size_t first;
    int signs;
    float *gradient; /* backward */
} pass;

static const sb_block *block_of(const pass *p, int stage, int number) {
    return &p->evaluation->resnet->block[stage * p->evaluation->blocks + number];
}

static sb_map_shape shape_of(const pass *p, int stage, int images) {
    return (sb_map_shape){images, p->evaluation->side[stage], p->evaluation->channels[stage]};
}

/* Of image `first` of the micro-batch. Activations of stage 1: after the first convolution, then two a block;
   of the others two a block. */
static uint16_t *signs_of(const pass *p, int stage, int activation, int first) {
    if (!p->worker->signs[stage]) return NULL;
    size_t image = (size_t)activation * (size_t)p->evaluation->group[SB_STAGES - 1] + (size_t)first;
    return p->worker->signs[stage] +
           image * sb_signs_size(p->evaluation->side[stage], p->evaluation->channels[stage]);
}

static int inner_activation(int stage, int block) {
    return 2 * block + (stage == 0);
}

static size_t map_size(const pass *p, int stage) {
    return sb_padded_size(p->evaluation->side[stage], p->evaluation->channels[stage]);
}

/* ------------------------------------------------------------------ between flat and padded images */
static void pad_image(int size, const float *flat, float *padded) {
    size_t run = (size_t)size * SB_CHANNELS, row = (size_t)sb_padded_side(size) * SB_CHANNELS;
    for (size_t y = 0; y < (size_t)size; y++)
        memcpy(padded + (y + 1) * row + SB_CHANNELS, flat + y * run, run * sizeof *flat);
}

static void crop_image(int size, const float *padded, float *flat) {
    size_t run = (size_t)size * SB_CHANNELS, row = (size_t)sb_padded_side(size) * SB_CHANNELS;
    for (size_t y = 0; y < (size_t)size; y++)
        memcpy(flat + y * run, padded + (y + 1) * row + SB_CHANNELS, run * sizeof *flat);
}

/* ------------------------------------------------------------------ forward */
static void convolve(const pass *p, int stage, int index, int n, const float *in, const float *residual,
                     float *out, uint16_t *signs) {
    const sb_folded_convolution *f = &p->evaluation->convolution[index];
    sb_map_shape shape = shape_of(p, stage, n);
    sb_layer_end end = {f->bias, residual, out, p->signs ? signs : NULL, 1};
    if (f->rounded && !p->signs)
        p->evaluation->rounded->convolve(&shape, in, f->rounded, &end, &p->worker->scratch);
    else
        p->evaluation->kernels->convolve(&shape, in, f->forward, &end, &p->worker->scratch);
}

/* By columns, from a map of one stage to one of the next; signs NULL: not rectified. */
static void convolve_directly(const pass *p, int stage, int index, int n, const float *in, float *out,
                              int rectify, uint16_t *signs) {
    const sb_folded_convolution *f = &p->evaluation->convolution[index];
    sb_layer_end end = {f->bias, NULL, out, NULL, rectify};
    p->evaluation->kernels->convolve_directly(n, &f->shape, in, f->forward, &end);
    sb_map_shape shape = shape_of(p, stage, n);
    if (p->signs && signs) p->evaluation->kernels->record_signs(&shape, out, signs);
}

static void forward_stage(const pass *p, int stage, int first, int n);

/* The images as they come to the first block of a stage; for the later stages the block's first convolution
   and its shortcut. */
static void enter_stage(const pass *p, int stage, int first, int n) {
    sb_evaluation_worker *w = p->worker;
    if (stage == 0) {
        for (int i = 0; i < n; i++) {
            p->load(p->context, p->first + (size_t)(first + i), w->flat);
            pad_image(p->evaluation->size, w->flat, w->image);
            convolve_directly(p, 0, 0, 1, w->image, w->a[0] + (size_t)i * map_size(p, 0), 1,
                              signs_of(p, 0, 0, first + i));
        }
        return;
    }
    const sb_block *block = block_of(p, stage, 0);
    for (int i = 0, group = p->evaluation->group[stage - 1]; i < n; i += group) {
        int m = n - i < group ? n - i : group;
        forward_stage(p, stage - 1, first + i, m);
        size_t at = (size_t)i * map_size(p, stage);
        convolve_directly(p, stage, block->first, m, w->a[stage - 1], w->b[stage] + at, 1,
                          signs_of(p, stage, 0, first + i));
        convolve_directly(p, stage, block->shortcut, m, w->a[stage - 1], w->a[stage] + at, 0, NULL);
    }
}

/* Images first .. first + n - 1 of the micro-batch, n at most a group; leaves the stage's output in a. */
static void forward_stage(const pass *p, int stage, int first, int n) {
    enter_stage(p, stage, first, n);
    float *a = p->worker->a[stage], *b = p->worker->b[stage];
    for (int number = 0; number < p->evaluation->blocks; number++) {
        const sb_block *block = block_of(p, stage, number);
        int inner = inner_activation(stage, number);
        if (block->shortcut < 0)
            convolve(p, stage, block->first, n, a, NULL, b, signs_of(p, stage, inner, first));
        convolve(p, stage, block->second, n, b, a, a, signs_of(p, stage, inner + 1, first));
    }
}

/* The average of the last map, and the classifier. */
static void classify(const pass *p, int n) {
    const struct sb_cpu_evaluation *evaluation = p->evaluation;
    size_t side = (size_t)evaluation->side[SB_STAGES - 1],
           channels = (size_t)evaluation->channels[SB_STAGES - 1];
    size_t row = (size_t)sb_padded_side((int)side) * channels;
    for (int i = 0; i < n; i++) {
        const float *map = p->worker->a[SB_STAGES - 1] + (size_t)i * map_size(p, SB_STAGES - 1);
        float *logits = p->worker->logits + i * SB_CLASSES, feature[SB_MOST_CHANNELS] = {0};
        for (size_t y = 1; y <= side; y++)
            for (size_t x = 1; x <= side; x++)
                for (size_t c = 0; c < channels; c++) feature[c] += map[y * row + x * channels + c];
        for (size_t o = 0; o < SB_CLASSES; o++) {
            double sum = 0;
            for (size_t c = 0; c < channels; c++)
                sum += (double)feature[c] * (double)evaluation->classifier[o * channels + c];
            logits[o] = (float)(sum / (double)(side * side) + (double)evaluation->classifier_bias[o]);
        }
    }
}

void sb_cpu_forward(const struct sb_cpu_evaluation *evaluation, sb_evaluation_worker *worker,
                    sb_load_image *load, const void *context, size_t first, int n, int signs) {
    pass p = {evaluation, worker, load, context, first, signs, NULL};
    forward_stage(&p, SB_STAGES - 1, 0, n);
    classify(&p, n);
}

/* ------------------------------------------------------------------ backward */
static void reverse(const pass *p, int stage, int index, int n, const float *in, const float *residual,
                    float *out, uint16_t *signs) {
    const sb_folded_convolution *f = &p->evaluation->convolution[index];
    sb_map_shape shape = shape_of(p, stage, n);
    sb_layer_end end = {NULL, residual, out, signs, 0};
    p->evaluation->kernels->convolve(&shape, in, f->backward, &end, &p->worker->scratch);
}

static void reverse_directly(const pass *p, int index, int n, const float *gradient, float *input_gradient) {
    const sb_folded_convolution *f = &p->evaluation->convolution[index];
    p->evaluation->kernels->reverse_directly(n, &f->shape, gradient, f->backward, input_gradient,
                                             &p->worker->scratch);
}

static void backward_stage(const pass *p, int stage, int first, int n);

/* From the gradients at the first block of a stage to those of the stage before, or of the images. */
static void leave_stage(const pass *p, int stage, int first, int n) {
    sb_evaluation_worker *w = p->worker;
    const struct sb_cpu_evaluation *evaluation = p->evaluation;
    if (stage == 0) {
        size_t image = (size_t)evaluation->size * (size_t)evaluation->size * SB_CHANNELS;
        for (int i = 0; i < n; i++) {
            size_t padded = sb_padded_size(evaluation->size, SB_CHANNELS);
            memset(w->image, 0, padded * sizeof *w->image);
            reverse_directly(p, 0, 1, w->a[0] + (size_t)i * map_size(p, 0), w->image);
            crop_image(evaluation->size, w->image, p->gradient + (size_t)(first + i) * image);
        }
        memset(w->image, 0, sb_padded_size(evaluation->size, SB_CHANNELS) * sizeof *w->image);
        return;
    }
    const sb_block *block = block_of(p, stage, 0);
    int last = 2 * evaluation->blocks - (stage != 1); /* the last activation of the stage before */
    for (int i = 0, group = evaluation->group[stage - 1]; i < n; i += group) {
        int m = n - i < group ? n - i : group;
        size_t at = (size_t)i * map_size(p, stage);
        float *before = w->a[stage - 1];
        memset(before, 0, (size_t)m * map_size(p, stage - 1) * sizeof *before);
        reverse_directly(p, block->first, m, w->b[stage] + at, before);
        reverse_directly(p, block->shortcut, m, w->a[stage] + at, before);
        sb_map_shape shape = shape_of(p, stage - 1, m);
        evaluation->kernels->apply_signs(&shape, before, signs_of(p, stage - 1, last, first + i));
        backward_stage(p, stage - 1, first + i, m);
    }
}

/* a holds the gradients at the stage's output, before its last ReLU. */
static void backward_stage(const pass *p, int stage, int first, int n) {
    float *a = p->worker->a[stage], *b = p->worker->b[stage];
    for (int number = p->evaluation->blocks - 1; number >= 0; number--) {
        const sb_block *block = block_of(p, stage, number);
        int inner = inner_activation(stage, number);
        reverse(p, stage, block->second, n, a, NULL, b, signs_of(p, stage, inner, first));
        if (block->shortcut < 0)
            reverse(p, stage, block->first, n, b, a, a, signs_of(p, stage, inner - 1, first));
    }
    leave_stage(p, stage, first, n);
}

void sb_cpu_backward(const struct sb_cpu_evaluation *evaluation, sb_evaluation_worker *worker,
                     const float *logit_gradient, int n, float *gradient) {
    pass p = {evaluation, worker, NULL, NULL, 0, 1, gradient};
    int stage = SB_STAGES - 1;
    size_t side = (size_t)evaluation->side[stage], channels = (size_t)evaluation->channels[stage];
    size_t padded_side = (size_t)sb_padded_side((int)side);
    for (int i = 0; i < n; i++) {
        float feature[SB_MOST_CHANNELS], *map = worker->a[stage] + (size_t)i * map_size(&p, stage);
        for (size_t c = 0; c < channels; c++) {
            double sum = 0;
            for (size_t o = 0; o < SB_CLASSES; o++)
                sum += (double)logit_gradient[(size_t)i * SB_CLASSES + o] *
                       (double)evaluation->classifier[o * channels + c];
            feature[c] = (float)(sum / (double)(side * side));
        }
        for (size_t pixel = 0; pixel < padded_side * padded_side; pixel++)
            memcpy(map + pixel * channels, feature, channels * sizeof *feature);
    }
    sb_map_shape shape = shape_of(&p, stage, n);
    evaluation->kernels->apply_signs(&shape, worker->a[stage],
                                     signs_of(&p, stage, 2 * evaluation->blocks - 1, 0));
    backward_stage(&p, stage, 0, n);
}
