/* The loops of the training mode, compiled once for every instruction set. The maps of a batch lie in memory
   without a border; a worker spreads a few images of them at a time into padded maps (nn/cpu/maps.h) in its
   cache. */
#ifndef SB_NN_CPU_TRAINING_KERNELS_H
#define SB_NN_CPU_TRAINING_KERNELS_H

#include "nn/cpu/maps.h"

/* first_scale x + second_scale y + shift, channel by channel; second NULL: no y. */
typedef struct {
    const float *first, *second;
    const float *first_scale, *second_scale, *shift;
    int rectify; /* and the larger of that and 0 */
} sb_combination;

/* What becomes of an output y of a convolution and which sums over its pixels are added to `sums`, channel by
   channel. Forward (activation NULL): it is stored; sums of y and y^2. Backward: it is the gradient with
   respect to an activation, of which a residual's is added first; it is set to 0 where the activation is not
   positive, stored, and the sums are those of y, y (map - mean) and, with a second map, y (second -
   second_mean). `output`, `residual`, `map` and `second` are maps, `activation` is padded. */
typedef struct {
    float *output;
    const float *activation, *residual;
    const float *map, *mean, *second, *second_mean;
    double *sums; /* [2 or 3][channels] */
} sb_outcome;

typedef struct {
    const char *name;
    /* Writes the padded map and, unless NULL, the map `stored`. */
    void (*combine)(const sb_map_shape *shape, const sb_combination *combination, float *stored,
                    float *padded);
    /* The same from a padded map: the outcome of what lies in it. */
    void (*conclude)(const sb_map_shape *shape, const float *padded, const sb_outcome *outcome);

    /* Winograd F(4x4, 3x3). weights[36][c][c]: transform of filter[9] at (row, column) * its step; `turned`
       takes the nine in reverse. */
    void (*transform_filters)(const float *filter, size_t row_step, size_t column_step, int turned,
                              int channels, float *weights);
    void (*convolve)(const sb_map_shape *shape, const float *padded, const float *weights,
                     const sb_outcome *outcome, const sb_product_scratch *scratch);
    /* products[36][c][c] += ...; from the padded input and the padded gradient of the output. */
    void (*weight_products)(const sb_map_shape *shape, const float *input, const float *gradient,
                            float *products, const sb_product_scratch *scratch);
    /* gradient[9][c][c] of the filters from the products. */
    void (*transform_products)(int channels, const float *products, float *gradient);

    /* Convolutions by columns; weights [columns][out_channels]. */
    void (*convolve_columns)(int images, const sb_column_shape *shape, const float *padded,
                             const float *weights, const sb_outcome *outcome,
                             const sb_product_scratch *scratch);
    /* gradient[columns][out_channels] += that of the weights; input_gradient, unless NULL, += that of the
       padded input, by the transposed weights [out_channels][columns]. */
    void (*reverse_columns)(int images, const sb_column_shape *shape, const float *input,
                            const float *output_gradient, const float *transposed_weights, float *gradient,
                            float *input_gradient, const sb_product_scratch *scratch);
} sb_training_kernels;

/* The best that this processor has of at most this level (0 baseline, 1 avx2, 2 avx512). */
const sb_training_kernels *sb_training_kernels_at(int level);

#endif
