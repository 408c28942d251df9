/* The forward and the backward pass of a whole network, in double, over a tape that keeps every layer's
   output. */
#ifndef SB_NN_REFERENCE_PASS_H
#define SB_NN_REFERENCE_PASS_H

#include "nn/reference/reference_layers.h"
#include "nn/resnet.h"

/* A convolution with its batch normalisation; maps of all images. */
typedef struct {
    sb_reference_convolution shape;
    size_t pixels;           /* of a map of the output */
    double *product;         /* of the convolution */
    double *mean, *variance; /* what normalises it: moments of the batch, or running ones */
    double *output;          /* normalised; then, unless a shortcut, rectified (the second one of a block
                                after the shortcut was added) */
} sb_reference_layer;

typedef struct {
    const sb_resnet *resnet;
    size_t images, input_count, largest_count; /* numbers of the input; of the largest output */
    int training;                              /* the last forward pass used the moments of the batch */
    sb_reference_layer *layer;                 /* as resnet->convolution */
    double *input;                             /* [image][channel][row][column] */
    double *features, *logits;                 /* [image][64], [image][10] */
    double *scratch[4];                        /* largest_count each, for the backward pass */
    double *numbers;                           /* what all of these point into */
} sb_reference_tape;

/* A tape for so many images of size x size pixels; images >= 1. On failure *tape is cleared. */
sb_status sb_reference_tape_init(sb_reference_tape *tape, const sb_resnet *resnet, int size, size_t images,
                                 sb_error *error);
void sb_reference_tape_clear(sb_reference_tape *tape);

/* From input to logits, in training or in evaluation mode. Values are laid out as sb_resnet says. */
void sb_reference_forward(sb_reference_tape *tape, const double *values, int training);

/* The backward pass of the last forward pass, in its mode. Sets input_gradient and adds to the gradient of
   the values; either may be NULL, gradient must be in evaluation mode. */
void sb_reference_backward(sb_reference_tape *tape, const double *values, const double *logit_gradient,
                           double *input_gradient, double *gradient);

#endif
