/* What the files of the evaluation mode share. */
#ifndef SB_NN_CPU_EVALUATION_STATE_H
#define SB_NN_CPU_EVALUATION_STATE_H

#include "nn/cpu/evaluation.h"
#include "nn/cpu/evaluation_kernels.h"

/* A convolution with its batch normalisation folded in, as the kernels take it. */
typedef struct {
    float *forward, *backward, *bias;
    uint16_t *rounded; /* forward, or NULL */
    int by_columns;    /* else Winograd */
    sb_column_shape shape;
} sb_folded_convolution;

/* What a worker has for itself: the maps of a micro-batch. */
typedef struct {
    float *flat, *image; /* one image: as it comes, and padded */
    float *a[SB_STAGES],
        *b[SB_STAGES];          /* padded maps of group[stage] images: outputs of blocks; inner ones */
    uint16_t *signs[SB_STAGES]; /* [activation][image of the micro-batch], or NULL */
    float *logits;              /* [image of the micro-batch][class] */
    sb_product_scratch scratch;
    uint64_t counts[SB_CLASSES];
    void *memory, *signs_memory;
} sb_evaluation_worker;

struct sb_cpu_evaluation {
    const sb_resnet *resnet;
    const sb_evaluation_kernels *kernels;
    const sb_rounded_kernels *rounded; /* NULL: precision f32 */
    int size, side[SB_STAGES], channels[SB_STAGES];
    /* Images that go through a stage together, each number a multiple of the one before; the last is the
       micro-batch. */
    int group[SB_STAGES];
    int blocks; /* of a stage */
    sb_folded_convolution *convolution;
    float *classifier, *classifier_bias; /* [class][channel] */
    float *weight_memory;
    int has_backward; /* the weights of the backward pass are those of the values */
    sb_evaluation_worker *worker;
    int worker_count;
};

/* Folds the network's values if they have changed, for the backward pass too if asked. */
void sb_cpu_evaluation_fold(sb_cpu_network *network, int backward);
/* Room for signs in every worker. */
sb_status sb_cpu_evaluation_reserve_signs(struct sb_cpu_evaluation *evaluation, sb_error *error);

/* Fills the worker's `flat` with image number i. */
typedef void sb_load_image(const void *context, size_t i, float *flat);

/* Images first .. first + n - 1, n at most a micro-batch, to the worker's logits; keeps signs if asked,
   and then all products are those of floats. */
void sb_cpu_forward(const struct sb_cpu_evaluation *evaluation, sb_evaluation_worker *worker,
                    sb_load_image *load, const void *context, size_t first, int n, int signs);
/* After a forward pass with signs: gradient[n][size][size][3] of the loss whose gradient with respect to the
 * logits is given. */
void sb_cpu_backward(const struct sb_cpu_evaluation *evaluation, sb_evaluation_worker *worker,
                     const float *logit_gradient, int n, float *gradient);

#endif
