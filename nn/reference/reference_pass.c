/* The chain rule over the tape. A block computes

       u = relu(norm1(conv1(x)))     y = relu(norm2(conv2(u)) + shortcut(x))

   and its backward pass, from dy: d = dy where y > 0; du from d through norm2 and conv2; dx from du through
   norm1 and conv1, plus d through the shortcut. */
#include "nn/reference/reference_pass.h"

#include <stdlib.h>
#include <string.h>

enum { FEATURES = 64 };

static size_t output_count(const sb_reference_tape *tape, int index) {
    return tape->images * (size_t)tape->layer[index].shape.out_channels * tape->layer[index].pixels;
}

static void shape_layer(sb_reference_tape *tape, int index, int in_size) {
    const sb_convolution *c = &tape->resnet->convolution[index];
    sb_reference_layer *layer = &tape->layer[index];
    int out_size = (in_size + c->stride - 1) / c->stride;
    layer->shape =
        (sb_reference_convolution){c->in_channels, c->out_channels, in_size, out_size, c->side, c->stride};
    layer->pixels = (size_t)out_size * (size_t)out_size;
    if (output_count(tape, index) > tape->largest_count) tape->largest_count = output_count(tape, index);
}

static double *take(double **next, size_t count) {
    double *first = *next;
    *next += count;
    return first;
}

/* Sums up what the tape needs, and lays it out when numbers have been allocated. */
static size_t lay_out(sb_reference_tape *tape) {
    size_t sum = tape->input_count + tape->images * (FEATURES + SB_CLASSES) + 4 * tape->largest_count;
    for (int i = 0; i < tape->resnet->convolution_count; i++)
        sum += 2 * (output_count(tape, i) + (size_t)tape->layer[i].shape.out_channels);
    if (!tape->numbers) return sum;
    double *next = tape->numbers;
    tape->input = take(&next, tape->input_count);
    tape->features = take(&next, tape->images * FEATURES);
    tape->logits = take(&next, tape->images * SB_CLASSES);
    for (int i = 0; i < 4; i++) tape->scratch[i] = take(&next, tape->largest_count);
    for (int i = 0; i < tape->resnet->convolution_count; i++) {
        sb_reference_layer *layer = &tape->layer[i];
        layer->product = take(&next, output_count(tape, i));
        layer->output = take(&next, output_count(tape, i));
        layer->mean = take(&next, (size_t)layer->shape.out_channels);
        layer->variance = take(&next, (size_t)layer->shape.out_channels);
    }
    return sum;
}

sb_status sb_reference_tape_init(sb_reference_tape *tape, const sb_resnet *resnet, int size, size_t images,
                                 sb_error *error) {
    *tape = (sb_reference_tape){.resnet = resnet, .images = images};
    tape->input_count = images * SB_CHANNELS * (size_t)size * (size_t)size;
    tape->layer = calloc((size_t)resnet->convolution_count, sizeof *tape->layer);
    if (!tape->layer) return sb_fail_memory(error);
    shape_layer(tape, 0, size);
    for (int b = 0; b < resnet->block_count; b++) {
        const sb_block *block = &resnet->block[b];
        shape_layer(tape, block->first, size);
        if (block->shortcut >= 0) shape_layer(tape, block->shortcut, size);
        size = tape->layer[block->first].shape.out_size;
        shape_layer(tape, block->second, size);
    }
    tape->numbers = calloc(lay_out(tape), sizeof *tape->numbers);
    if (!tape->numbers) {
        sb_reference_tape_clear(tape);
        return sb_fail_memory(error);
    }
    lay_out(tape);
    return SB_OK;
}

void sb_reference_tape_clear(sb_reference_tape *tape) {
    free(tape->layer);
    free(tape->numbers);
    *tape = (sb_reference_tape){0};
}

static sb_reference_norm norm_of(const sb_reference_tape *tape, const double *values, int index) {
    const sb_convolution *c = &tape->resnet->convolution[index];
    const sb_reference_layer *layer = &tape->layer[index];
    return (sb_reference_norm){c->out_channels, layer->pixels,     layer->mean,
                               layer->variance, values + c->scale, values + c->shift};
}

/* Convolution and batch normalisation. */
static void layer_forward(sb_reference_tape *tape, const double *values, int index, const double *x) {
    const sb_convolution *c = &tape->resnet->convolution[index];
    sb_reference_layer *layer = &tape->layer[index];
    size_t channels = (size_t)c->out_channels;
    sb_reference_convolve(&layer->shape, tape->images, x, values + c->weight, layer->product);
    if (tape->training) {
        sb_reference_moments(c->out_channels, layer->pixels, tape->images, layer->product, layer->mean,
                             layer->variance);
    } else {
        memcpy(layer->mean, values + c->running_mean, channels * sizeof *values);
        memcpy(layer->variance, values + c->running_variance, channels * sizeof *values);
    }
    sb_reference_norm norm = norm_of(tape, values, index);
    sb_reference_normalise(&norm, tape->images, layer->product, layer->output);
}

/* Adds to x_gradient and gradient; either may be NULL. */
static void layer_backward(sb_reference_tape *tape, const double *values, int index, const double *x,
                           const double *y_gradient, double *x_gradient, double *gradient) {
    const sb_convolution *c = &tape->resnet->convolution[index];
    sb_reference_layer *layer = &tape->layer[index];
    sb_reference_norm norm = norm_of(tape, values, index);
    double *product_gradient = tape->scratch[3];
    memset(product_gradient, 0, output_count(tape, index) * sizeof *product_gradient);
    if (tape->training)
        sb_reference_batch_normalise_backward(&norm, tape->images, layer->product, y_gradient,
                                              product_gradient, gradient + c->scale, gradient + c->shift);
    else
        sb_reference_normalise_backward(&norm, tape->images, y_gradient, product_gradient);
    sb_reference_convolve_backward(&layer->shape, tape->images, x, values + c->weight, product_gradient,
                                   x_gradient, gradient ? gradient + c->weight : NULL);
}

/* Returns the block's output. */
static const double *block_forward(sb_reference_tape *tape, const double *values, const sb_block *block,
                                   const double *x) {
    double *u = tape->layer[block->first].output, *y = tape->layer[block->second].output;
    size_t count = output_count(tape, block->second);
    layer_forward(tape, values, block->first, x);
    sb_reference_relu(count, u);
    layer_forward(tape, values, block->second, u);
    if (block->shortcut >= 0) layer_forward(tape, values, block->shortcut, x);
    sb_reference_add(count, block->shortcut >= 0 ? tape->layer[block->shortcut].output : x, y);
    sb_reference_relu(count, y);
    return y;
}

/* From the gradient at the output in scratch[0] to that at the input x in scratch[0]. */
static void block_backward(sb_reference_tape *tape, const double *values, const sb_block *block,
                           const double *x, double *gradient) {
    double *dy = tape->scratch[0], *du = tape->scratch[1], *dx = tape->scratch[2];
    const double *u = tape->layer[block->first].output, *y = tape->layer[block->second].output;
    size_t count = output_count(tape, block->second);
    sb_reference_relu_backward(count, y, dy);
    memset(dx, 0, tape->largest_count * sizeof *dx);
    if (block->shortcut >= 0)
        layer_backward(tape, values, block->shortcut, x, dy, dx, gradient);
    else
        sb_reference_add(count, dy, dx);
    memset(du, 0, count * sizeof *du);
    layer_backward(tape, values, block->second, u, dy, du, gradient);
    sb_reference_relu_backward(count, u, du);
    layer_backward(tape, values, block->first, x, du, dx, gradient);
    tape->scratch[0] = dx;
    tape->scratch[2] = dy;
}

void sb_reference_forward(sb_reference_tape *tape, const double *values, int training) {
    const sb_resnet *resnet = tape->resnet;
    tape->training = training;
    layer_forward(tape, values, 0, tape->input);
    sb_reference_relu(output_count(tape, 0), tape->layer[0].output);
    const double *x = tape->layer[0].output;
    for (int b = 0; b < resnet->block_count; b++) x = block_forward(tape, values, &resnet->block[b], x);
    size_t pixels = tape->layer[resnet->block[resnet->block_count - 1].second].pixels;
    sb_reference_average(tape->images * FEATURES, pixels, x, tape->features);
    sb_reference_linear(tape->images, FEATURES, SB_CLASSES, tape->features,
                        values + resnet->classifier_weight, values + resnet->classifier_bias, tape->logits);
}

void sb_reference_backward(sb_reference_tape *tape, const double *values, const double *logit_gradient,
                           double *input_gradient, double *gradient) {
    const sb_resnet *resnet = tape->resnet;
    double *feature_gradient = tape->scratch[1];
    memset(feature_gradient, 0, tape->images * FEATURES * sizeof *feature_gradient);
    sb_reference_linear_backward(tape->images, FEATURES, SB_CLASSES, tape->features,
                                 values + resnet->classifier_weight, logit_gradient, feature_gradient,
                                 gradient ? gradient + resnet->classifier_weight : NULL,
                                 gradient ? gradient + resnet->classifier_bias : NULL);
    memset(tape->scratch[0], 0, tape->largest_count * sizeof *tape->scratch[0]);
    sb_reference_average_backward(tape->images * FEATURES,
                                  tape->layer[resnet->block[resnet->block_count - 1].second].pixels,
                                  feature_gradient, tape->scratch[0]);
    for (int b = resnet->block_count - 1; b >= 0; b--) {
        int before = b > 0 ? resnet->block[b - 1].second : 0;
        block_backward(tape, values, &resnet->block[b], tape->layer[before].output, gradient);
    }
    sb_reference_relu_backward(output_count(tape, 0), tape->layer[0].output, tape->scratch[0]);
    if (input_gradient) memset(input_gradient, 0, tape->input_count * sizeof *input_gradient);
    layer_backward(tape, values, 0, tape->input, tape->scratch[0], input_gradient, gradient);
}
