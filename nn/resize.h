/* Bilinear resampling of square 8-bit images as the Python library Pillow does it (Image.resize with
   BILINEAR), byte for byte: half-pixel centres, a triangle filter that widens when the image shrinks, a pass
   over rows and one over columns, each rounded to bytes. */
#ifndef SB_NN_RESIZE_H
#define SB_NN_RESIZE_H

#include "support/status.h"

#include <stdint.h>

/* The weights for one pair of sizes. */
typedef struct {
    int in, out, taps;
    int *first;      /* [out]: the first source pixel that a pixel of the result looks at */
    int32_t *weight; /* [out][taps], in units of 2^-22, 0 beyond the image; a row adds up to about 2^22 */
    uint8_t *rows;   /* the source after the first pass: [in][out][channel] */
} sb_resize;

/* From in x in to out x out pixels of 3 channels, both sizes >= 1. On failure *resize is cleared. A sb_resize
   is used by one thread at a time. */
sb_status sb_resize_init(sb_resize *resize, int in, int out, sb_error *error);
void sb_resize_clear(sb_resize *resize);

/* target[out][out][3] := source[in][in][3] resampled; equal sizes copy. */
void sb_resize_image(sb_resize *resize, const uint8_t *source, uint8_t *target);

#endif
