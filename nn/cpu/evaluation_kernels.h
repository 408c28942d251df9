/* The loops of the evaluation mode, compiled once for every instruction set. All maps are padded (maps.h). */
#ifndef SB_NN_CPU_EVALUATION_KERNELS_H
#define SB_NN_CPU_EVALUATION_KERNELS_H

#include "nn/cpu/maps.h"

#include <stdint.h>

/* Signs of a map, one bit a number: for every tile of 4x4 pixels, 16 bits (pixel (i, j) is bit 4 i + j) for
   each channel. */
static inline size_t sb_signs_size(int side, int channels) {
    size_t across = (size_t)(side + 3) / 4;
    return across * across * (size_t)channels;
}

/* What becomes of an output y of a convolution. Forward: y + bias (+ residual), the larger of that and 0 if
   `rectify`. Backward (bias NULL): y (+ residual), where the sign is 1, else 0. */
typedef struct {
    const float *bias, *residual;
    float *output;   /* may be the residual */
    uint16_t *signs; /* forward: whether the output is positive, unless NULL; backward: read, unless NULL */
    int rectify;
} sb_layer_end;

typedef struct {
    const char *name;
    /* Winograd F(4x4, 3x3). weights[36][c][c] as `filters` makes them from filters [out][in][9];
       backward: the filters turned by 180 degrees, in and out exchanged. */
    void (*filters)(const float *filter, int channels, int backward, float *weights);
    void (*convolve)(const sb_map_shape *shape, const float *padded, const float *weights,
                     const sb_layer_end *end, const sb_product_scratch *scratch);
    /* The other convolutions, forward; weights [columns][out_channels]; no residual, no signs. */
    void (*convolve_directly)(int images, const sb_column_shape *shape, const float *padded,
                              const float *weights, const sb_layer_end *end);
    /* input_gradient (padded) += that of the input; weights [out_channels][columns]. */
    void (*reverse_directly)(int images, const sb_column_shape *shape, const float *gradient,
                             const float *weights, float *input_gradient, const sb_product_scratch *scratch);
    void (*record_signs)(const sb_map_shape *shape, const float *padded, uint16_t *signs);
    /* Sets what lies outside the map, and numbers whose sign is 0, to 0. */
    void (*apply_signs)(const sb_map_shape *shape, float *padded, const uint16_t *signs);
} sb_evaluation_kernels;

/* level 0: every processor; 1: avx2; 2: avx512. NULL when this processor lacks it. */
const sb_evaluation_kernels *sb_evaluation_kernels_at(int level);

/* Winograd's convolution with products of factors rounded to bfloat16; forward only, without signs. */
typedef struct {
    /* From `weights` as sb_evaluation_kernels.filters makes them, as many numbers. */
    void (*round)(const float *weights, int channels, uint16_t *rounded);
    void (*convolve)(const sb_map_shape *shape, const float *padded, const uint16_t *rounded,
                     const sb_layer_end *end, const sb_product_scratch *scratch);
} sb_rounded_kernels;

/* Those that belong to a level; NULL when this processor lacks them. */
const sb_rounded_kernels *sb_rounded_kernels_at(int level);

#endif
