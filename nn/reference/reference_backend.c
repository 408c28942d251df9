/* The table of functions over double precision: evaluation runs image by image over a tape for one, training
   over a tape for the batch. Values and momentum are rounded to float after each step, so that they are what
   is read out, and a run goes on from them as if it had not stopped. */
#include "nn/backend.h"
#include "nn/noisy_sample.h"
#include "nn/reference/reference_pass.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    sb_network base;
    size_t pixels; /* of an image */
    double *values, *momentum,
        *gradient;         /* as sb_resnet says; the running statistics of the last two are 0 */
    float *noisy;          /* one image */
    sb_reference_tape one; /* for evaluation */
    sb_reference_tape slot[SB_TRAINING_SLOTS]; /* of the last train_forward */
} reference_network;

static void reference_close(sb_network *network) {
    reference_network *self = (reference_network *)network;
    if (!self) return;
    sb_reference_tape_clear(&self->one);
    for (int i = 0; i < SB_TRAINING_SLOTS; i++) sb_reference_tape_clear(&self->slot[i]);
    free(self->values);
    free(self->momentum);
    free(self->gradient);
    free(self->noisy);
    free(self);
}

static sb_status reference_open(sb_network **network, const sb_resnet *resnet, int size,
                                const sb_backend_options *options, sb_error *error) {
    *network = NULL;
    if (size < SB_LEAST_IMAGE_SIZE || size > SB_LARGEST_IMAGE_SIZE)
        return sb_fail(error, SB_BAD_INPUT, "images of %d x %d pixels: a network takes sides from %d to %d",
                       size, size, SB_LEAST_IMAGE_SIZE, SB_LARGEST_IMAGE_SIZE);
    if (options->precision != SB_PRECISION_F32)
        return sb_fail(error, SB_BAD_INPUT, "precision bf16: the reference computes in double only");
    reference_network *self = calloc(1, sizeof *self);
    if (!self) return sb_fail_memory(error);
    self->base = (sb_network){&sb_reference_backend, resnet, size, "reference f64"};
    self->pixels = (size_t)size * (size_t)size;
    self->values = calloc(resnet->value_count, sizeof *self->values);
    self->momentum = calloc(resnet->value_count, sizeof *self->momentum);
    self->gradient = calloc(resnet->value_count, sizeof *self->gradient);
    self->noisy = calloc(self->pixels * SB_CHANNELS, sizeof *self->noisy);
    sb_status status = self->values && self->momentum && self->gradient && self->noisy
                           ? sb_reference_tape_init(&self->one, resnet, size, 1, error)
                           : sb_fail_memory(error);
    if (status) {
        reference_close(&self->base);
        return status;
    }
    *network = &self->base;
    return SB_OK;
}

static void widen(size_t count, const float *from, double *to) {
    for (size_t i = 0; i < count; i++) to[i] = (double)from[i];
}

static void narrow(size_t count, const double *from, float *to) {
    for (size_t i = 0; i < count; i++) to[i] = (float)from[i];
}

static double round_to_float(double x) {
    return (double)(float)x;
}

static sb_status reference_set_values(sb_network *network, const float *values, sb_error *error) {
    (void)error;
    widen(network->resnet->value_count, values, ((reference_network *)network)->values);
    return SB_OK;
}

static sb_status reference_get_values(sb_network *network, float *values, sb_error *error) {
    (void)error;
    narrow(network->resnet->value_count, ((reference_network *)network)->values, values);
    return SB_OK;
}

/* Whatever is given for the running statistics is not used and comes back as 0. */
static sb_status reference_set_momentum(sb_network *network, const float *momentum, sb_error *error) {
    (void)error;
    const sb_resnet *resnet = network->resnet;
    double *to = ((reference_network *)network)->momentum;
    memset(to, 0, resnet->value_count * sizeof *to);
    for (size_t i = 0; momentum && i < resnet->tensor_count; i++) {
        const sb_tensor *t = &resnet->tensor[i];
        if (sb_tensor_is_trained(t)) widen(t->count, momentum + t->offset, to + t->offset);
    }
    return SB_OK;
}

static sb_status reference_get_momentum(sb_network *network, float *momentum, sb_error *error) {
    (void)error;
    narrow(network->resnet->value_count, ((reference_network *)network)->momentum, momentum);
    return SB_OK;
}

static sb_status reference_get_gradient(sb_network *network, float *gradient, sb_error *error) {
    (void)error;
    narrow(network->resnet->value_count, ((reference_network *)network)->gradient, gradient);
    return SB_OK;
}

/* From [row][column][channel] to [channel][row][column]. */
static void set_input(double *input, size_t pixels, const float *image) {
    for (size_t p = 0; p < pixels; p++)
        for (size_t c = 0; c < SB_CHANNELS; c++) input[c * pixels + p] = (double)image[p * SB_CHANNELS + c];
}

static void evaluate(reference_network *self, const float *image) {
    set_input(self->one.input, self->pixels, image);
    sb_reference_forward(&self->one, self->values, 0);
}

static int largest_class(const double *logits) {
    int best = 0;
    for (int c = 1; c < SB_CLASSES; c++)
        if (logits[c] > logits[best] || (isnan(logits[best]) && !isnan(logits[c]))) best = c;
    return best;
}

static sb_status reference_count_classes(sb_network *network, const sb_noisy_samples *samples,
                                         uint64_t counts[SB_CLASSES], sb_error *error) {
    (void)error;
    reference_network *self = (reference_network *)network;
    for (uint64_t k = 0; k < samples->count; k++) {
        sb_noisy_sample(samples, samples->first + k, self->pixels * SB_CHANNELS, self->noisy);
        evaluate(self, self->noisy);
        counts[largest_class(self->one.logits)]++;
    }
    return SB_OK;
}

static sb_status reference_logits(sb_network *network, const float *images, size_t count, float *logits,
                                  sb_error *error) {
    (void)error;
    reference_network *self = (reference_network *)network;
    for (size_t n = 0; n < count; n++) {
        evaluate(self, images + n * self->pixels * SB_CHANNELS);
        narrow(SB_CLASSES, self->one.logits, logits + n * SB_CLASSES);
    }
    return SB_OK;
}

static sb_status reference_input_gradient(sb_network *network, const float *images, size_t count,
                                          const float *target, const float *weight, float *gradient,
                                          float *logits, sb_error *error) {
    reference_network *self = (reference_network *)network;
    size_t elements = self->pixels * SB_CHANNELS;
    double *input_gradient = malloc(elements * sizeof *input_gradient);
    if (!input_gradient) return sb_fail_memory(error);
    for (size_t n = 0; n < count; n++) {
        double wanted[SB_CLASSES], logit_gradient[SB_CLASSES], factor = weight ? (double)weight[n] : 1;
        evaluate(self, images + n * elements);
        if (logits) narrow(SB_CLASSES, self->one.logits, logits + n * SB_CLASSES);
        widen(SB_CLASSES, target + n * SB_CLASSES, wanted);
        sb_reference_cross_entropy_backward(SB_CLASSES, self->one.logits, wanted, logit_gradient);
        for (int c = 0; c < SB_CLASSES; c++) logit_gradient[c] *= factor;
        sb_reference_backward(&self->one, self->values, logit_gradient, input_gradient, NULL);
        for (size_t p = 0; p < self->pixels; p++)
            for (size_t c = 0; c < SB_CHANNELS; c++)
                gradient[n * elements + p * SB_CHANNELS + c] = (float)input_gradient[c * self->pixels + p];
    }
    free(input_gradient);
    return SB_OK;
}

static sb_status reference_train_forward(sb_network *network, int slot, const float *images, size_t count,
                                         float *logits, sb_error *error) {
    reference_network *self = (reference_network *)network;
    sb_reference_tape *tape = &self->slot[slot];
    sb_reference_tape_clear(tape);
    sb_status status = sb_reference_tape_init(tape, network->resnet, network->size, count, error);
    if (status) return status;
    size_t elements = self->pixels * SB_CHANNELS;
    for (size_t n = 0; n < count; n++)
        set_input(tape->input + n * elements, self->pixels, images + n * elements);
    sb_reference_forward(tape, self->values, 1);
    narrow(count * SB_CLASSES, tape->logits, logits);
    return SB_OK;
}

static sb_status need_batch(const sb_reference_tape *tape, int slot, sb_error *error) {
    return tape->numbers ? SB_OK : sb_fail(error, SB_INTERNAL, "training slot %d holds no batch", slot);
}

/* r += .1 (batch - r); the variance is made unbiased by n/(n-1). A single number has variance 0. */
static sb_status reference_update_statistics(sb_network *network, int slot, sb_error *error) {
    reference_network *self = (reference_network *)network;
    const sb_reference_tape *tape = &self->slot[slot];
    sb_status status = need_batch(tape, slot, error);
    for (int i = 0; !status && i < network->resnet->convolution_count; i++) {
        const sb_convolution *c = &network->resnet->convolution[i];
        const sb_reference_layer *layer = &tape->layer[i];
        double n = (double)tape->images * (double)layer->pixels, unbiased = n > 1 ? n / (n - 1) : 1;
        double *mean = self->values + c->running_mean, *variance = self->values + c->running_variance;
        for (int k = 0; k < c->out_channels; k++) {
            double mean_step = layer->mean[k] - mean[k];
            double variance_step = unbiased * layer->variance[k] - variance[k];
            mean[k] = round_to_float(mean[k] + (double)SB_BATCH_NORM_MOMENTUM * mean_step);
            variance[k] = round_to_float(variance[k] + (double)SB_BATCH_NORM_MOMENTUM * variance_step);
        }
    }
    return status;
}

static sb_status reference_train_backward(sb_network *network, int slot, const float *logit_gradient,
                                          sb_error *error) {
    reference_network *self = (reference_network *)network;
    sb_reference_tape *tape = &self->slot[slot];
    sb_status status = need_batch(tape, slot, error);
    if (status) return status;
    double *wide = malloc(tape->images * SB_CLASSES * sizeof *wide);
    if (!wide) return sb_fail_memory(error);
    widen(tape->images * SB_CLASSES, logit_gradient, wide);
    sb_reference_backward(tape, self->values, wide, NULL, self->gradient);
    free(wide);
    return SB_OK;
}

static sb_status reference_sgd_step(sb_network *network, const sb_sgd *sgd, sb_error *error) {
    (void)error;
    reference_network *self = (reference_network *)network;
    const sb_resnet *resnet = network->resnet;
    double rate = (double)sgd->rate, momentum = (double)sgd->momentum, decay = (double)sgd->decay;
    for (size_t i = 0; i < resnet->tensor_count; i++) {
        const sb_tensor *t = &resnet->tensor[i];
        if (!sb_tensor_is_trained(t)) continue;
        for (size_t k = t->offset; k < t->offset + t->count; k++) {
            double g = self->gradient[k] + decay * self->values[k];
            self->momentum[k] = round_to_float(momentum * self->momentum[k] + g);
            self->values[k] = round_to_float(self->values[k] - rate * self->momentum[k]);
        }
    }
    memset(self->gradient, 0, resnet->value_count * sizeof *self->gradient);
    return SB_OK;
}

const sb_backend sb_reference_backend = {
    .name = "reference",
    .summary = "scalar double precision on one thread: slow, the truth in tests",
    .open = reference_open,
    .close = reference_close,
    .set_values = reference_set_values,
    .get_values = reference_get_values,
    .set_momentum = reference_set_momentum,
    .get_momentum = reference_get_momentum,
    .get_gradient = reference_get_gradient,
    .count_classes = reference_count_classes,
    .logits = reference_logits,
    .input_gradient = reference_input_gradient,
    .train_forward = reference_train_forward,
    .update_statistics = reference_update_statistics,
    .train_backward = reference_train_backward,
    .sgd_step = reference_sgd_step,
};
