/* Maps as the kernels of the cpu backend see them: [image][row][column][channel], channels a multiple of 16
   but for the 3 of the images. A *padded* map has side 4 ceil(side/4) + 2, the map at (1, 1) and zeros around
   it, so that tiles of 4x4 outputs, with the 6x6 inputs under them, cover it. */
#ifndef SB_NN_CPU_MAPS_H
#define SB_NN_CPU_MAPS_H

#include <stddef.h>

enum {
    SB_TILES_AT_ONCE = 32,  /* most tiles whose transforms lie in the scratch at a time */
    SB_PIXELS_AT_ONCE = 64, /* of the output of a convolution by columns */
    SB_MOST_CHANNELS = 64,
    SB_MOST_COLUMNS = 9 * 32 /* numbers under the kernel of a convolution by columns */
};

/* Images of one map. */
typedef struct {
    int images, side, channels;
} sb_map_shape;

static inline int sb_padded_side(int side) {
    return (side + 3) / 4 * 4 + 2;
}
/* Numbers in one image of a padded map. */
static inline size_t sb_padded_size(int side, int channels) {
    return (size_t)sb_padded_side(side) * (size_t)sb_padded_side(side) * (size_t)channels;
}

/* A convolution that is not 3x3 of stride 1 on full channels: the numbers under the kernel at each pixel of
   the output make a row of a matrix ("im2col"), of `columns` numbers, with zeros at its end. */
typedef struct {
    int side, in_channels, out_channels; /* side of the kernel */
    int stride, in_side, out_side;
    int columns; /* side^2 in_channels, rounded up to a multiple of 16 */
} sb_column_shape;

/* A worker's own. */
typedef struct {
    float *input, *output; /* 36 SB_TILES_AT_ONCE SB_MOST_CHANNELS numbers each */
} sb_product_scratch;

#endif
