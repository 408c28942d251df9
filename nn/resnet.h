/* The residual networks for small images (He, Zhang, Ren, Sun, "Deep residual learning for image
   recognition", CVPR 2016, section 4.2; the paper's section 4.1 uses depth 110): a 3x3 convolution to 16
   channels, three stages of n blocks with 16, 32 and 64 channels, the average over the map, 10 outputs; depth
   6n + 2. A block is conv 3x3, batch normalisation, ReLU, conv 3x3, batch normalisation, plus its input,
   ReLU. The first block of stages 2 and 3 has stride 2 and a projection shortcut: conv 1x1 of stride 2, batch
   normalisation. A map of side s becomes one of side ceil(s/2).

   All numbers of a network lie in one array of floats; this module says where. Tensors are in the order and
   under the names of PyTorch's state_dict for that network (conv1.weight, bn1.running_mean,
   layer2.0.downsample.0.weight, fc.bias, ...), weights of convolutions as [out][in][row][column]. */
#ifndef SB_NN_RESNET_H
#define SB_NN_RESNET_H

#include "support/status.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SB_CLASSES = 10,
    SB_CHANNELS = 3,         /* red, green, blue */
    SB_STAGES = 3,           /* of 16, 32 and 64 channels */
    SB_LEAST_IMAGE_SIZE = 4, /* pixels along a side */
    SB_LARGEST_IMAGE_SIZE = 1024,
    SB_LARGEST_DEPTH = 1202
};

#define SB_BATCH_NORM_EPSILON 1e-5f /* added to the variance */
#define SB_BATCH_NORM_MOMENTUM 0.1f /* share of a batch in the running statistics */

typedef enum {
    SB_TENSOR_WEIGHT, /* of a convolution or the classifier */
    SB_TENSOR_BIAS,   /* of the classifier */
    SB_TENSOR_SCALE,  /* of a batch normalisation: its "weight" */
    SB_TENSOR_SHIFT,  /* its "bias" */
    SB_TENSOR_RUNNING_MEAN,
    SB_TENSOR_RUNNING_VARIANCE /* unbiased, as PyTorch keeps it */
} sb_tensor_kind;

typedef struct {
    char name[56];
    sb_tensor_kind kind;
    int rank, shape[4];
    size_t offset, count; /* in the array of values */
} sb_tensor;

/* A convolution without bias and the batch normalisation after it; offsets into the array of values. */
typedef struct {
    int in_channels, out_channels, side, stride; /* side of the kernel: 3 (padded by 1) or 1 */
    size_t weight, scale, shift, running_mean, running_variance;
} sb_convolution;

typedef struct {
    int first, second, shortcut; /* indices of convolutions; shortcut -1: the input itself */
    int channels;                /* of its output */
} sb_block;

typedef struct {
    int depth, block_count; /* block_count = depth / 2 - 1, of all three stages */
    sb_tensor *tensor;
    size_t tensor_count;
    sb_convolution *convolution; /* [0] is the first one, then block by block: first, second, shortcut */
    int convolution_count;
    sb_block *block;
    size_t classifier_weight, classifier_bias; /* offsets; [10][64] and [10] */
    size_t value_count;
} sb_resnet;

/* SB_BAD_INPUT unless depth = 6n + 2 with 8 <= depth <= SB_LARGEST_DEPTH. On failure *resnet is cleared. */
sb_status sb_resnet_init(sb_resnet *resnet, int depth, sb_error *error);
void sb_resnet_clear(sb_resnet *resnet);

int sb_tensor_is_trained(const sb_tensor *tensor); /* everything but the running statistics */

/* Sets all values: weights of convolutions normal with variance 2/(out_channels side^2) (He, Zhang, Ren, Sun,
   "Delving deep into rectifiers", ICCV 2015, the fan-out form); the classifier uniform within 1/sqrt(64), as
   PyTorch does; scale 1, shift 0, mean 0, variance 1. A function of the seed and the depth alone. */
void sb_resnet_initialise(const sb_resnet *resnet, float *values, uint64_t seed);

/* Multiplications and additions of one forward pass for images of that size, as 2 per product of a direct
 * convolution. */
double sb_resnet_operations(const sb_resnet *resnet, int image_size);

#endif
