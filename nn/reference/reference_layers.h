/* The layers of a residual network in scalar double precision, each with its backward pass beside it, written
   to be read: the truth that the fast backends are tested against.

   Maps are [image][channel][row][column]. A backward function takes the gradient of the loss with respect to
   the layer's output and ADDS the gradients with respect to its input and parameters to arrays of the caller;
   each of these may be NULL where the header says so. */
#ifndef SB_NN_REFERENCE_LAYERS_H
#define SB_NN_REFERENCE_LAYERS_H

#include <stddef.h>

/* Square kernel of odd side, padded by side/2 zeros, of stride 1 or 2: maps in_size x in_size to out_size x
   out_size, out_size = ceil(in_size / stride). Weights [out][in][row][column]. */
typedef struct {
    int in_channels, out_channels, in_size, out_size, side, stride;
} sb_reference_convolution;

void sb_reference_convolve(const sb_reference_convolution *c, size_t images, const double *x,
                           const double *weight, double *y);
/* x_gradient, weight_gradient may be NULL. */
void sb_reference_convolve_backward(const sb_reference_convolution *c, size_t images, const double *x,
                                    const double *weight, const double *y_gradient, double *x_gradient,
                                    double *weight_gradient);

/* Batch normalisation: y = scale (x - mean) / sqrt(variance + epsilon) + shift, channel by channel. */
typedef struct {
    int channels;
    size_t pixels; /* of a map */
    const double *mean, *variance, *scale, *shift;
} sb_reference_norm;

/* Mean and (biased) variance over all images and pixels. */
void sb_reference_moments(int channels, size_t pixels, size_t images, const double *x, double *mean,
                          double *variance);
void sb_reference_normalise(const sb_reference_norm *norm, size_t images, const double *x, double *y);
/* Evaluation mode: mean and variance are constants. */
void sb_reference_normalise_backward(const sb_reference_norm *norm, size_t images, const double *y_gradient,
                                     double *x_gradient);
/* Training mode: mean and variance are the moments of x. */
void sb_reference_batch_normalise_backward(const sb_reference_norm *norm, size_t images, const double *x,
                                           const double *y_gradient, double *x_gradient,
                                           double *scale_gradient, double *shift_gradient);

/* In place; NaN stays NaN. */
void sb_reference_relu(size_t count, double *x);
/* In place: keeps the gradient where the layer's output y is positive. */
void sb_reference_relu_backward(size_t count, const double *y, double *gradient);

/* y += x: the residual connection, and its own backward pass. */
void sb_reference_add(size_t count, const double *x, double *y);

/* Means over the pixels of each of so many maps. */
void sb_reference_average(size_t maps, size_t pixels, const double *x, double *y);
void sb_reference_average_backward(size_t maps, size_t pixels, const double *y_gradient, double *x_gradient);

/* y = weight x + bias, weight [out][in]. */
void sb_reference_linear(size_t images, int in, int out, const double *x, const double *weight,
                         const double *bias, double *y);
/* weight_gradient and bias_gradient may be NULL. */
void sb_reference_linear_backward(size_t images, int in, int out, const double *x, const double *weight,
                                  const double *y_gradient, double *x_gradient, double *weight_gradient,
                                  double *bias_gradient);

/* -sum_c target_c log softmax_c(logits) for a probability vector `target`. */
double sb_reference_cross_entropy(int classes, const double *logits, const double *target);
/* Overwrites: softmax - target. */
void sb_reference_cross_entropy_backward(int classes, const double *logits, const double *target,
                                         double *logit_gradient);

#endif
