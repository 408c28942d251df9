/* The passes over the network. Forward, block by block: conv first (and the projection) of the block's input
   x, which is made from the previous block's z and x on the way; conv second of the rectified normalisation
   of the first's z. Then the head: average of the last block's output, classifier. Backward in the opposite
   order; a gradient of a rectified map is 0 where the map is, and is kept like that ("g"). At a block's end g
   reaches the second convolution, the block's input, and the projection if there is one: two or three users
   of one map, but only one normalisation each. */
#include "nn/cpu/training_state.h"

#include <math.h>
#include <string.h>

static size_t map_size(const sb_cpu_network *network, int channels) {
    size_t side = (size_t)sb_cpu_training_side(network, channels);
    return side * side * (size_t)channels;
}

/* ------------------------------------------------------------------ inputs of layers */
static sb_combination rectified_normalisation(const sb_training_slot *slot, int convolution) {
    const sb_normalisation *n = &slot->normalisation[convolution];
    return (sb_combination){
        .first = slot->z[convolution], .first_scale = n->factor, .shift = n->offset, .rectify = 1};
}

/* The input of block b, the output of the one before it, from its z's and its input; `shift` is room. */
static sb_combination block_input(const sb_cpu_network *network, const sb_training_slot *slot, int b,
                                  float shift[SB_MOST_CHANNELS]) {
    if (b == 0) return rectified_normalisation(slot, 0);
    const sb_block *before = &network->common.resnet->block[b - 1];
    sb_combination input = rectified_normalisation(slot, before->second);
    if (before->shortcut < 0) {
        input.second = slot->x[b - 1];
        input.second_scale = network->training->ones;
        return input;
    }
    const sb_normalisation *n = &slot->normalisation[before->shortcut];
    for (int c = 0; c < before->channels; c++) shift[c] = input.shift[c] + n->offset[c];
    input.second = slot->z[before->shortcut];
    input.second_scale = n->factor;
    input.shift = shift;
    return input;
}

/* The convolutions of block b's input. */
static void set_branches(sb_training_layer *layer, const sb_block *block) {
    layer->convolution[0] = block->first;
    layer->convolution[1] = block->shortcut;
    layer->branches = block->shortcut < 0 ? 1 : 2;
}

/* ------------------------------------------------------------------ the head */
typedef struct {
    sb_cpu_network *network;
    sb_training_slot *slot;
    sb_combination map; /* the last */
    float shift[SB_MOST_CHANNELS];
    float *logits;
    const float *logit_gradient;
    sb_outcome outcome;
} head;

/* Spreads the last map of an image; returns its shape. */
static sb_map_shape spread_last_map(const head *h, size_t image, float *padded) {
    sb_map_shape shape = {1, sb_cpu_training_side(h->network, SB_MOST_CHANNELS), SB_MOST_CHANNELS};
    size_t start = image * map_size(h->network, SB_MOST_CHANNELS);
    sb_combination map = h->map;
    map.first += start;
    map.second += start;
    h->network->training->kernels->combine(&shape, &map, NULL, padded);
    return shape;
}

static void head_forward(void *context, size_t chunk, int worker) {
    const head *h = context;
    const sb_resnet *resnet = h->network->common.resnet;
    const float *weight = h->network->values + resnet->classifier_weight;
    const float *bias = h->network->values + resnet->classifier_bias;
    float *padded = h->network->training->worker[worker].input;
    size_t image, end;
    for (sb_cpu_training_chunk(h->slot, chunk, &image, &end); image < end; image++) {
        sb_map_shape shape = spread_last_map(h, image, padded);
        size_t size = sb_padded_size(shape.side, SB_MOST_CHANNELS);
        float *feature = h->slot->features + image * SB_MOST_CHANNELS;
        double sum[SB_MOST_CHANNELS] = {0};
        for (size_t at = 0; at < size; at += SB_MOST_CHANNELS) /* the border is 0 */
            for (size_t c = 0; c < SB_MOST_CHANNELS; c++) sum[c] += (double)padded[at + c];
        for (int c = 0; c < SB_MOST_CHANNELS; c++)
            feature[c] = (float)(sum[c] / ((double)shape.side * shape.side));
        for (int k = 0; k < SB_CLASSES; k++) {
            float logit = bias[k];
            for (int c = 0; c < SB_MOST_CHANNELS; c++) logit += weight[k * SB_MOST_CHANNELS + c] * feature[c];
            h->logits[image * SB_CLASSES + (size_t)k] = logit;
        }
    }
}

static void head_backward(void *context, size_t chunk, int worker_index) {
    const head *h = context;
    const struct sb_cpu_training *t = h->network->training;
    const sb_training_worker *worker = &t->worker[worker_index];
    const float *weight = h->network->values + h->network->common.resnet->classifier_weight;
    size_t image, end;
    memset(t->chunk_sums[0][chunk], 0, sizeof t->chunk_sums[0][chunk]);
    for (sb_cpu_training_chunk(h->slot, chunk, &image, &end); image < end; image++) {
        sb_map_shape shape = spread_last_map(h, image, worker->input);
        size_t size = sb_padded_size(shape.side, SB_MOST_CHANNELS);
        float slope[SB_MOST_CHANNELS] = {0}, share = 1 / ((float)shape.side * (float)shape.side);
        for (int k = 0; k < SB_CLASSES; k++)
            for (int c = 0; c < SB_MOST_CHANNELS; c++)
                slope[c] += h->logit_gradient[image * SB_CLASSES + (size_t)k] * share *
                            weight[k * SB_MOST_CHANNELS + c];
        for (size_t at = 0; at < size; at += SB_MOST_CHANNELS)
            memcpy(worker->input_gradient + at, slope, sizeof slope);
        sb_outcome outcome = sb_outcome_from(h->outcome, map_size(h->network, SB_MOST_CHANNELS), image);
        outcome.activation = worker->input;
        outcome.sums = t->chunk_sums[0][chunk];
        t->kernels->conclude(&shape, worker->input_gradient, &outcome);
    }
}

static void reverse_classifier(const head *h) {
    const sb_resnet *resnet = h->network->common.resnet;
    float *gradient = h->network->training->gradient;
    for (size_t k = 0; k < SB_CLASSES; k++) {
        double weight[SB_MOST_CHANNELS] = {0}, bias = 0;
        for (size_t image = 0; image < h->slot->count; image++) {
            double slope = (double)h->logit_gradient[image * SB_CLASSES + k];
            const float *feature = h->slot->features + image * SB_MOST_CHANNELS;
            for (int c = 0; c < SB_MOST_CHANNELS; c++) weight[c] += slope * (double)feature[c];
            bias += slope;
        }
        for (size_t c = 0; c < SB_MOST_CHANNELS; c++)
            gradient[resnet->classifier_weight + k * SB_MOST_CHANNELS + c] += (float)weight[c];
        gradient[resnet->classifier_bias + k] += (float)bias;
    }
}

/* ------------------------------------------------------------------ forward */
sb_status sb_cpu_train_forward(sb_network *base, int slot_index, const float *images, size_t count,
                               float *logits, sb_error *error) {
    sb_cpu_network *network = (sb_cpu_network *)base;
    const sb_resnet *resnet = base->resnet;
    if (count < 1) return sb_fail(error, SB_BAD_INPUT, "a training batch of 0 images");
    sb_status status = sb_cpu_training_open(network, error);
    if (!status) status = sb_cpu_training_reserve(network, slot_index, count, error);
    if (status) return status;
    sb_training_slot *slot = &network->training->slot[slot_index];
    memcpy(slot->images, images, count * SB_CHANNELS * (size_t)(base->size * base->size) * sizeof *images);
    sb_training_layer layer = {.network = network, .slot = slot, .branches = 1};
    sb_cpu_training_convolve(&layer);
    for (int b = 0; b < resnet->block_count; b++) {
        const sb_block *block = &resnet->block[b];
        layer.input = block_input(network, slot, b, layer.input_shift);
        layer.kept_input = slot->x[b];
        set_branches(&layer, block);
        sb_cpu_training_convolve(&layer);
        layer.input = rectified_normalisation(slot, block->first);
        layer.kept_input = NULL;
        layer.branches = 1;
        layer.convolution[0] = block->second;
        sb_cpu_training_convolve(&layer);
    }
    head h = {.network = network, .slot = slot, .logits = logits};
    h.map = block_input(network, slot, resnet->block_count, h.shift);
    sb_cpu_training_run(network, slot, head_forward, &h);
    slot->kept = 1;
    return SB_OK;
}

/* ------------------------------------------------------------------ backward */
/* Where the gradient of the output of a block, or of convolution 0, is to be summed up. */
static void set_outcome(sb_outcome *outcome, const sb_training_slot *slot, int convolution, int shortcut) {
    outcome->map = slot->z[convolution];
    outcome->mean = slot->normalisation[convolution].mean;
    outcome->second = shortcut < 0 ? NULL : slot->z[shortcut];
    outcome->second_mean = shortcut < 0 ? NULL : slot->normalisation[shortcut].mean;
}

/* The gradient of z of the layer's convolution k, from that of the normalised z, `gradient`, and its sums: of
   itself and of its products with z - mean. Adds to the gradients of scale and shift. */
static void reverse_normalisation(sb_training_layer *layer, int k, const float *gradient, const double *sum,
                                  const double *product_sum) {
    const sb_cpu_network *network = layer->network;
    const sb_convolution *c = &network->common.resnet->convolution[layer->convolution[k]];
    const sb_normalisation *n = &layer->slot->normalisation[layer->convolution[k]];
    double count = (double)layer->slot->count * (double)map_size(network, c->out_channels) / c->out_channels;
    for (int i = 0; i < c->out_channels; i++) {
        double deviation = sqrt(n->variance[i] + (double)SB_BATCH_NORM_EPSILON);
        double factor = (double)network->values[c->scale + (size_t)i] / deviation;
        double slope = -factor * product_sum[i] / (count * deviation * deviation);
        network->training->gradient[c->scale + (size_t)i] += (float)(product_sum[i] / deviation);
        network->training->gradient[c->shift + (size_t)i] += (float)sum[i];
        layer->slope[k][i] = (float)slope;
        layer->shift[k][i] = (float)(-factor * sum[i] / count - slope * n->exact_mean[i]);
    }
    layer->gradient[k] = (sb_combination){.first = gradient,
                                          .first_scale = n->factor,
                                          .second = layer->slot->z[layer->convolution[k]],
                                          .second_scale = layer->slope[k],
                                          .shift = layer->shift[k]};
}

/* From the gradient g[0] of the block's output, with its sums in end_sums, to that of its input. */
static void reverse_block(sb_training_layer *layer, int b, float *g[3], double end_sums[SB_MOST_SUMS]) {
    const sb_resnet *resnet = layer->network->common.resnet;
    const sb_training_slot *slot = layer->slot;
    const sb_block *block = &resnet->block[b];
    int channels = block->channels, projects = block->shortcut >= 0;
    layer->branches = 1;
    layer->convolution[0] = block->second;
    layer->input = rectified_normalisation(slot, block->first);
    reverse_normalisation(layer, 0, g[0], end_sums, end_sums + channels);
    layer->outcome = (sb_outcome){.output = g[1]};
    set_outcome(&layer->outcome, slot, block->first, -1);
    sb_cpu_training_reverse(layer);

    set_branches(layer, block);
    layer->input = (sb_combination){.first = slot->x[b],
                                    .first_scale = layer->network->training->ones,
                                    .shift = layer->network->training->zeros};
    reverse_normalisation(layer, 0, g[1], layer->sums, layer->sums + channels);
    if (projects) reverse_normalisation(layer, 1, g[0], end_sums, end_sums + 2 * channels);
    layer->outcome = (sb_outcome){.output = projects ? g[2] : g[0], .residual = projects ? NULL : g[0]};
    if (b > 0)
        set_outcome(&layer->outcome, slot, resnet->block[b - 1].second, resnet->block[b - 1].shortcut);
    else
        set_outcome(&layer->outcome, slot, 0, -1);
    sb_cpu_training_reverse(layer);
    memcpy(end_sums, layer->sums, sizeof layer->sums);
    if (projects) {
        float *swap = g[0];
        g[0] = g[2];
        g[2] = swap;
    }
}

sb_status sb_cpu_train_backward(sb_network *base, int slot_index, const float *logit_gradient,
                                sb_error *error) {
    sb_cpu_network *network = (sb_cpu_network *)base;
    struct sb_cpu_training *t = network->training;
    const sb_resnet *resnet = base->resnet;
    if (slot_index < 0 || slot_index >= SB_TRAINING_SLOTS || !t || !t->slot[slot_index].kept)
        return sb_fail(error, SB_INTERNAL, "training slot %d holds no forward pass", slot_index);
    sb_training_slot *slot = &t->slot[slot_index];
    const sb_block *last = &resnet->block[resnet->block_count - 1];
    float *g[3] = {t->map_gradient[0], t->map_gradient[1], t->map_gradient[2]};
    double sums[SB_MOST_SUMS];
    head h = {
        .network = network, .slot = slot, .logit_gradient = logit_gradient, .outcome = {.output = g[0]}};
    h.map = block_input(network, slot, resnet->block_count, h.shift);
    set_outcome(&h.outcome, slot, last->second, last->shortcut);
    sb_cpu_training_run(network, slot, head_backward, &h);
    sb_cpu_training_total(network, slot, 0, SB_MOST_SUMS, sums);
    reverse_classifier(&h);
    sb_training_layer layer = {.network = network, .slot = slot};
    for (int b = resnet->block_count - 1; b >= 0; b--) reverse_block(&layer, b, g, sums);
    layer.branches = 1;
    layer.convolution[0] = 0;
    reverse_normalisation(&layer, 0, g[0], sums, sums + resnet->convolution[0].out_channels);
    sb_cpu_training_reverse(&layer);
    slot->kept = 0;
    return SB_OK;
}
