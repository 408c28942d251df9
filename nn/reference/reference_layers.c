/* With the loss L and its gradient dy = dL/dy at a layer's output:

   convolution      y_o[p] = sum_i,t w_oi[t] x_i[s p + t - 1]
                    dx_i[q] = sum over o, t, p with s p + t - 1 = q of w_oi[t] dy_o[p]
                    dw_oi[t] = sum_p x_i[s p + t - 1] dy_o[p]
   normalisation    y = a z + b with z = (x - m) / sqrt(v + e)
     constants m, v   dx = a dy / sqrt(v + e)
     moments of x     da = sum z dy, db = sum dy, dx = a (dy - db/n - z da/n) / sqrt(v + e) over n numbers
   cross-entropy    dlogits = softmax(logits) - target */
#include "nn/reference/reference_layers.h"

#include "nn/resnet.h"

#include <math.h>

/* The outputs first .. end - 1, along one axis, whose input stride * output + offset lies in the map. */
typedef struct {
    int first, end, offset;
} taps;

static taps taps_inside(const sb_reference_convolution *c, int tap) {
    taps t = {0, c->out_size, tap - c->side / 2};
    while (t.first * c->stride + t.offset < 0) t.first++;
    while ((t.end - 1) * c->stride + t.offset >= c->in_size) t.end--;
    return t;
}

/* For one map x, one map y and one tap of the kernel: y += w x. */
static void tap_forward(const sb_reference_convolution *c, taps rows, taps columns, double w, const double *x,
                        double *y) {
    for (int row = rows.first; row < rows.end; row++) {
        const double *from = x + (row * c->stride + rows.offset) * c->in_size;
        double *to = y + row * c->out_size;
        for (int column = columns.first; column < columns.end; column++)
            to[column] += w * from[column * c->stride + columns.offset];
    }
}

/* dx += w dy */
static void tap_backward(const sb_reference_convolution *c, taps rows, taps columns, double w,
                         const double *dy, double *dx) {
    for (int row = rows.first; row < rows.end; row++) {
        const double *from = dy + row * c->out_size;
        double *to = dx + (row * c->stride + rows.offset) * c->in_size;
        for (int column = columns.first; column < columns.end; column++)
            to[column * c->stride + columns.offset] += w * from[column];
    }
}

/* sum of x dy, which is dw */
static double tap_product(const sb_reference_convolution *c, taps rows, taps columns, const double *x,
                          const double *dy) {
    double sum = 0;
    for (int row = rows.first; row < rows.end; row++) {
        const double *a = x + (row * c->stride + rows.offset) * c->in_size, *b = dy + row * c->out_size;
        for (int column = columns.first; column < columns.end; column++)
            sum += a[column * c->stride + columns.offset] * b[column];
    }
    return sum;
}

static size_t square(int side) {
    return (size_t)side * (size_t)side;
}

void sb_reference_convolve(const sb_reference_convolution *c, size_t images, const double *x,
                           const double *weight, double *y) {
    size_t in = (size_t)c->in_channels, out = (size_t)c->out_channels;
    size_t in_map = square(c->in_size), out_map = square(c->out_size), kernel = square(c->side);
    for (size_t k = 0; k < images * out * out_map; k++) y[k] = 0;
    for (size_t n = 0; n < images; n++)
        for (size_t o = 0; o < out; o++)
            for (size_t i = 0; i < in; i++)
                for (int t = 0; t < (int)kernel; t++)
                    tap_forward(c, taps_inside(c, t / c->side), taps_inside(c, t % c->side),
                                weight[(o * in + i) * kernel + (size_t)t], x + (n * in + i) * in_map,
                                y + (n * out + o) * out_map);
}

void sb_reference_convolve_backward(const sb_reference_convolution *c, size_t images, const double *x,
                                    const double *weight, const double *y_gradient, double *x_gradient,
                                    double *weight_gradient) {
    size_t in = (size_t)c->in_channels, out = (size_t)c->out_channels;
    size_t in_map = square(c->in_size), out_map = square(c->out_size), kernel = square(c->side);
    for (size_t n = 0; n < images; n++)
        for (size_t o = 0; o < out; o++)
            for (size_t i = 0; i < in; i++)
                for (int t = 0; t < (int)kernel; t++) {
                    taps rows = taps_inside(c, t / c->side), columns = taps_inside(c, t % c->side);
                    size_t k = (o * in + i) * kernel + (size_t)t, from = (n * in + i) * in_map;
                    const double *dy = y_gradient + (n * out + o) * out_map;
                    if (x_gradient) tap_backward(c, rows, columns, weight[k], dy, x_gradient + from);
                    if (weight_gradient) weight_gradient[k] += tap_product(c, rows, columns, x + from, dy);
                }
}

void sb_reference_moments(int channels, size_t pixels, size_t images, const double *x, double *mean,
                          double *variance) {
    double n = (double)images * (double)pixels;
    size_t image = (size_t)channels * pixels;
    for (int c = 0; c < channels; c++) {
        const double *map = x + (size_t)c * pixels;
        double sum = 0, squares = 0;
        for (size_t i = 0; i < images; i++)
            for (size_t p = 0; p < pixels; p++) sum += map[i * image + p];
        mean[c] = sum / n;
        for (size_t i = 0; i < images; i++)
            for (size_t p = 0; p < pixels; p++) {
                double d = map[i * image + p] - mean[c];
                squares += d * d;
            }
        variance[c] = squares / n;
    }
}

static double inverse_deviation(const sb_reference_norm *norm, int channel) {
    return 1 / sqrt(norm->variance[channel] + (double)SB_BATCH_NORM_EPSILON);
}

void sb_reference_normalise(const sb_reference_norm *norm, size_t images, const double *x, double *y) {
    for (size_t i = 0; i < images; i++)
        for (int c = 0; c < norm->channels; c++, x += norm->pixels, y += norm->pixels) {
            double factor = norm->scale[c] * inverse_deviation(norm, c);
            for (size_t p = 0; p < norm->pixels; p++) y[p] = factor * (x[p] - norm->mean[c]) + norm->shift[c];
        }
}

void sb_reference_normalise_backward(const sb_reference_norm *norm, size_t images, const double *y_gradient,
                                     double *x_gradient) {
    for (size_t i = 0; i < images; i++)
        for (int c = 0; c < norm->channels; c++, x_gradient += norm->pixels, y_gradient += norm->pixels) {
            double factor = norm->scale[c] * inverse_deviation(norm, c);
            for (size_t p = 0; p < norm->pixels; p++) x_gradient[p] += factor * y_gradient[p];
        }
}

void sb_reference_batch_normalise_backward(const sb_reference_norm *norm, size_t images, const double *x,
                                           const double *y_gradient, double *x_gradient,
                                           double *scale_gradient, double *shift_gradient) {
    double n = (double)images * (double)norm->pixels;
    size_t image = (size_t)norm->channels * norm->pixels;
    for (int c = 0; c < norm->channels; c++) {
        size_t map = (size_t)c * norm->pixels;
        double inverse = inverse_deviation(norm, c), da = 0, db = 0;
        for (size_t i = 0; i < images; i++)
            for (size_t k = i * image + map; k < i * image + map + norm->pixels; k++) {
                da += (x[k] - norm->mean[c]) * inverse * y_gradient[k];
                db += y_gradient[k];
            }
        for (size_t i = 0; i < images; i++)
            for (size_t k = i * image + map; k < i * image + map + norm->pixels; k++) {
                double z = (x[k] - norm->mean[c]) * inverse;
                x_gradient[k] += norm->scale[c] * inverse * (y_gradient[k] - db / n - z * da / n);
            }
        scale_gradient[c] += da;
        shift_gradient[c] += db;
    }
}

void sb_reference_relu(size_t count, double *x) {
    for (size_t k = 0; k < count; k++)
        if (x[k] < 0) x[k] = 0;
}

void sb_reference_relu_backward(size_t count, const double *y, double *gradient) {
    for (size_t k = 0; k < count; k++)
        if (!(y[k] > 0)) gradient[k] = 0;
}

void sb_reference_add(size_t count, const double *x, double *y) {
    for (size_t k = 0; k < count; k++) y[k] += x[k];
}

void sb_reference_average(size_t maps, size_t pixels, const double *x, double *y) {
    for (size_t m = 0; m < maps; m++, x += pixels) {
        double sum = 0;
        for (size_t p = 0; p < pixels; p++) sum += x[p];
        y[m] = sum / (double)pixels;
    }
}

void sb_reference_average_backward(size_t maps, size_t pixels, const double *y_gradient, double *x_gradient) {
    for (size_t m = 0; m < maps; m++, x_gradient += pixels)
        for (size_t p = 0; p < pixels; p++) x_gradient[p] += y_gradient[m] / (double)pixels;
}

void sb_reference_linear(size_t images, int in, int out, const double *x, const double *weight,
                         const double *bias, double *y) {
    for (size_t n = 0; n < images; n++, x += in, y += out)
        for (int o = 0; o < out; o++) {
            y[o] = bias[o];
            for (int i = 0; i < in; i++) y[o] += weight[o * in + i] * x[i];
        }
}

void sb_reference_linear_backward(size_t images, int in, int out, const double *x, const double *weight,
                                  const double *y_gradient, double *x_gradient, double *weight_gradient,
                                  double *bias_gradient) {
    for (size_t n = 0; n < images; n++, x += in, x_gradient += in, y_gradient += out)
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) x_gradient[i] += weight[o * in + i] * y_gradient[o];
            if (bias_gradient) bias_gradient[o] += y_gradient[o];
            if (!weight_gradient) continue;
            for (int i = 0; i < in; i++) weight_gradient[o * in + i] += x[i] * y_gradient[o];
        }
}

/* log sum_c exp(logits_c), from the largest so that nothing overflows */
static double log_sum_exp(int classes, const double *logits) {
    double largest = logits[0], sum = 0;
    for (int c = 1; c < classes; c++) largest = fmax(largest, logits[c]);
    for (int c = 0; c < classes; c++) sum += exp(logits[c] - largest);
    return largest + log(sum);
}

double sb_reference_cross_entropy(int classes, const double *logits, const double *target) {
    double normaliser = log_sum_exp(classes, logits), loss = 0;
    for (int c = 0; c < classes; c++) loss += target[c] * (normaliser - logits[c]);
    return loss;
}

void sb_reference_cross_entropy_backward(int classes, const double *logits, const double *target,
                                         double *logit_gradient) {
    double normaliser = log_sum_exp(classes, logits);
    for (int c = 0; c < classes; c++) logit_gradient[c] = exp(logits[c] - normaliser) - target[c];
}
