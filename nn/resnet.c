/* The tables of a residual network, made in the order in which PyTorch's modules list their state: a
   convolution and its batch normalisation are five tensors; a block is conv1 bn1 conv2 bn2 and, where its
   shape changes, downsample.0 downsample.1; the classifier comes last. */
#include "nn/resnet.h"

#include "nn/random_purpose.h"
#include "support/random.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CHANNELS = 16, FEATURES = 64, TENSORS_OF_A_CONVOLUTION = 5 };

/* Appends a tensor with a name by printf's rules; returns its offset. */
__attribute__((format(printf, 5, 6))) static size_t
append_tensor(sb_resnet *resnet, sb_tensor_kind kind, int rank, const int *shape, const char *name, ...) {
    sb_tensor *tensor = &resnet->tensor[resnet->tensor_count++];
    va_list arguments;
    va_start(arguments, name);
    vsnprintf(tensor->name, sizeof tensor->name, name, arguments);
    va_end(arguments);
    tensor->kind = kind;
    tensor->rank = rank;
    tensor->offset = resnet->value_count;
    tensor->count = 1;
    for (int i = 0; i < rank; i++) {
        tensor->shape[i] = shape[i];
        tensor->count *= (size_t)shape[i];
    }
    resnet->value_count += tensor->count;
    return tensor->offset;
}

/* A convolution named `conv` and its batch normalisation `norm`; returns its index. */
static int append_convolution(sb_resnet *resnet, const char *conv, const char *norm, int in_channels,
                              int out_channels, int side, int stride) {
    const int shape[] = {out_channels, in_channels, side, side};
    sb_convolution *c = &resnet->convolution[resnet->convolution_count];
    c->in_channels = in_channels;
    c->out_channels = out_channels;
    c->side = side;
    c->stride = stride;
    c->weight = append_tensor(resnet, SB_TENSOR_WEIGHT, 4, shape, "%s.weight", conv);
    c->scale = append_tensor(resnet, SB_TENSOR_SCALE, 1, shape, "%s.weight", norm);
    c->shift = append_tensor(resnet, SB_TENSOR_SHIFT, 1, shape, "%s.bias", norm);
    c->running_mean = append_tensor(resnet, SB_TENSOR_RUNNING_MEAN, 1, shape, "%s.running_mean", norm);
    c->running_variance = append_tensor(resnet, SB_TENSOR_RUNNING_VARIANCE, 1, shape, "%s.running_var", norm);
    return resnet->convolution_count++;
}

/* Block `number` of a stage (0, 1, 2) with the name `layer`. */
static sb_block make_block(sb_resnet *resnet, int stage, int number) {
    int channels = FIRST_CHANNELS << stage, projects = stage > 0 && number == 0;
    int in_channels = projects ? channels / 2 : channels, stride = projects ? 2 : 1;
    char conv[48], norm[48];
    sb_block block = {.shortcut = -1, .channels = channels};
    snprintf(conv, sizeof conv, "layer%d.%d.conv1", stage + 1, number);
    snprintf(norm, sizeof norm, "layer%d.%d.bn1", stage + 1, number);
    block.first = append_convolution(resnet, conv, norm, in_channels, channels, 3, stride);
    snprintf(conv, sizeof conv, "layer%d.%d.conv2", stage + 1, number);
    snprintf(norm, sizeof norm, "layer%d.%d.bn2", stage + 1, number);
    block.second = append_convolution(resnet, conv, norm, channels, channels, 3, 1);
    if (projects) {
        snprintf(conv, sizeof conv, "layer%d.%d.downsample.0", stage + 1, number);
        snprintf(norm, sizeof norm, "layer%d.%d.downsample.1", stage + 1, number);
        block.shortcut = append_convolution(resnet, conv, norm, in_channels, channels, 1, stride);
    }
    return block;
}

sb_status sb_resnet_init(sb_resnet *resnet, int depth, sb_error *error) {
    *resnet = (sb_resnet){0};
    if (depth < 8 || depth > SB_LARGEST_DEPTH || depth % 6 != 2)
        return sb_fail(error, SB_BAD_INPUT,
                       "depth %d: a residual network has depth 6n+2, from 8 to %d (8, 14, 20, ..., 110, ...)",
                       depth, SB_LARGEST_DEPTH);
    int blocks = depth / 2 - 1, convolutions = 1 + 2 * blocks + SB_STAGES - 1;
    resnet->depth = depth;
    resnet->tensor = calloc((size_t)(convolutions * TENSORS_OF_A_CONVOLUTION + 2), sizeof *resnet->tensor);
    resnet->convolution = calloc((size_t)convolutions, sizeof *resnet->convolution);
    resnet->block = calloc((size_t)blocks, sizeof *resnet->block);
    if (!resnet->tensor || !resnet->convolution || !resnet->block) {
        sb_resnet_clear(resnet);
        return sb_fail_memory(error);
    }
    append_convolution(resnet, "conv1", "bn1", SB_CHANNELS, FIRST_CHANNELS, 3, 1);
    for (int stage = 0; stage < SB_STAGES; stage++)
        for (int number = 0; number < blocks / SB_STAGES; number++)
            resnet->block[resnet->block_count++] = make_block(resnet, stage, number);
    const int shape[] = {SB_CLASSES, FEATURES};
    resnet->classifier_weight = append_tensor(resnet, SB_TENSOR_WEIGHT, 2, shape, "fc.weight");
    resnet->classifier_bias = append_tensor(resnet, SB_TENSOR_BIAS, 1, shape, "fc.bias");
    return SB_OK;
}

void sb_resnet_clear(sb_resnet *resnet) {
    free(resnet->tensor);
    free(resnet->convolution);
    free(resnet->block);
    *resnet = (sb_resnet){0};
}

int sb_tensor_is_trained(const sb_tensor *tensor) {
    return tensor->kind != SB_TENSOR_RUNNING_MEAN && tensor->kind != SB_TENSOR_RUNNING_VARIANCE;
}

static void set_normal(float *x, size_t count, uint64_t seed, uint64_t stream, double variance) {
    float deviation = (float)sqrt(variance);
    sb_random_normals_float(x, count, seed, stream, 0);
    for (size_t i = 0; i < count; i++) x[i] *= deviation;
}

static void set_uniform(float *x, size_t count, uint64_t seed, uint64_t stream, float bound) {
    sb_random_uniforms_float(x, count, seed, stream, 0);
    for (size_t i = 0; i < count; i++) x[i] = (2 * x[i] - 1) * bound;
}

/* The random numbers of a tensor are the stream of its index in the table. */
void sb_resnet_initialise(const sb_resnet *resnet, float *values, uint64_t seed) {
    uint64_t purpose = sb_purpose_seed(seed, SB_PURPOSE_INITIALISATION);
    for (size_t i = 0; i < resnet->tensor_count; i++) {
        const sb_tensor *t = &resnet->tensor[i];
        float *x = values + t->offset;
        if (t->kind == SB_TENSOR_WEIGHT && t->rank == 4) {
            set_normal(x, t->count, purpose, i, 2.0 / (t->shape[0] * t->shape[2] * t->shape[3]));
        } else if (t->kind == SB_TENSOR_WEIGHT || t->kind == SB_TENSOR_BIAS) {
            set_uniform(x, t->count, purpose, i, 1 / sqrtf(FEATURES));
        } else {
            float value = t->kind == SB_TENSOR_SCALE || t->kind == SB_TENSOR_RUNNING_VARIANCE ? 1.0f : 0.0f;
            for (size_t k = 0; k < t->count; k++) x[k] = value;
        }
    }
}

static double products(const sb_convolution *c, int out_size) {
    return (double)out_size * out_size * c->out_channels * c->in_channels * c->side * c->side;
}

double sb_resnet_operations(const sb_resnet *resnet, int image_size) {
    int size = image_size;
    double sum = products(&resnet->convolution[0], size) + SB_CLASSES * FEATURES;
    for (int b = 0; b < resnet->block_count; b++) {
        const sb_block *block = &resnet->block[b];
        if (resnet->convolution[block->first].stride == 2) size = (size + 1) / 2;
        sum += products(&resnet->convolution[block->first], size) +
               products(&resnet->convolution[block->second], size);
        if (block->shortcut >= 0) sum += products(&resnet->convolution[block->shortcut], size);
    }
    return 2 * sum;
}
