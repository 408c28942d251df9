/* Pixel k of n is the interval [k, k+1) of [0, n). Pixel x of the result has its centre at c = (x + 1/2) s in
   the source, s = in/out, and is the mean of the source pixels under the triangle max(0, 1 - |t - c|/w) at
   their centres t, w = max(s, 1): linear interpolation when the image grows, an average over the area when it
   shrinks. Weights are normalised, then rounded to multiples of 2^-22. */
#include "nn/resize.h"

#include "nn/resnet.h"

#include <stdlib.h>
#include <string.h>

enum { BITS = 22 };

/* The weights of pixel x of the result; `weight` is scratch. */
static void put_weights(sb_resize *resize, int x, double *weight) {
    double scale = (double)resize->in / resize->out, width = scale < 1 ? 1 : scale;
    double centre = (x + 0.5) * scale, inverse = 1 / width, sum = 0;
    int first = (int)(centre - width + 0.5), end = (int)(centre + width + 0.5);
    if (first < 0) first = 0;
    if (end > resize->in) end = resize->in;
    for (int k = first; k < end; k++) {
        double distance = (k - centre + 0.5) * inverse;
        if (distance < 0) distance = -distance;
        weight[k - first] = distance < 1 ? 1 - distance : 0;
        sum += weight[k - first];
    }
    resize->first[x] = first;
    int32_t *rounded = resize->weight + (size_t)x * (size_t)resize->taps;
    for (int k = 0; k < end - first; k++) rounded[k] = (int32_t)(weight[k] / sum * (1 << BITS) + 0.5);
}

sb_status sb_resize_init(sb_resize *resize, int in, int out, sb_error *error) {
    *resize = (sb_resize){.in = in, .out = out, .taps = 2 * (in > out ? (in - 1) / out + 1 : 1) + 1};
    size_t n = (size_t)out, taps = (size_t)resize->taps;
    double *weight = malloc(taps * sizeof *weight);
    resize->first = malloc(n * sizeof *resize->first);
    resize->weight = calloc(n * taps, sizeof *resize->weight);
    resize->rows = malloc((size_t)in * n * SB_CHANNELS);
    int complete = weight && resize->first && resize->weight && resize->rows;
    for (int x = 0; complete && x < out; x++) put_weights(resize, x, weight);
    free(weight);
    if (complete) return SB_OK;
    sb_resize_clear(resize);
    return sb_fail_memory(error);
}

void sb_resize_clear(sb_resize *resize) {
    free(resize->first);
    free(resize->weight);
    free(resize->rows);
    memset(resize, 0, sizeof *resize);
}

/* target := the weighted sum of `taps` pixels that lie `step` bytes apart. */
static void blend(const uint8_t *source, size_t step, const int32_t *weight, size_t taps, uint8_t *target) {
    int32_t sum[SB_CHANNELS];
    for (int c = 0; c < SB_CHANNELS; c++) sum[c] = 1 << (BITS - 1);
    for (size_t k = 0; k < taps; k++)
        for (int c = 0; c < SB_CHANNELS; c++) sum[c] += weight[k] * source[k * step + (size_t)c];
    for (int c = 0; c < SB_CHANNELS; c++) {
        int32_t value = sum[c] >> BITS;
        target[c] = (uint8_t)(value > 255 ? 255 : value);
    }
}

void sb_resize_image(sb_resize *resize, const uint8_t *source, uint8_t *target) {
    size_t in = (size_t)resize->in, out = (size_t)resize->out, taps = (size_t)resize->taps;
    if (in == out) {
        memcpy(target, source, in * in * SB_CHANNELS);
        return;
    }
    for (size_t i = 0; i < out; i++) { /* columns of the result, of every row of the source */
        size_t first = (size_t)resize->first[i], used = taps < in - first ? taps : in - first;
        for (size_t y = 0; y < in; y++)
            blend(source + (y * in + first) * SB_CHANNELS, SB_CHANNELS, resize->weight + i * taps, used,
                  resize->rows + (y * out + i) * SB_CHANNELS);
    }
    for (size_t i = 0; i < out; i++) { /* rows of the result */
        size_t first = (size_t)resize->first[i], used = taps < in - first ? taps : in - first;
        for (size_t x = 0; x < out; x++)
            blend(resize->rows + (first * out + x) * SB_CHANNELS, out * SB_CHANNELS,
                  resize->weight + i * taps, used, target + (i * out + x) * SB_CHANNELS);
    }
}
