/* What a machine must do for the networks of this suite: a coarse table of functions, so that a backend may
   fuse across layers. `reference` is scalar double and the truth in tests; `cpu` is the fast one.

   Images are floats [row][column][channel], usually in [0, 1], of the size the network was opened with;
   batches are consecutive images; logits are [image][class]. Values, momentum and gradients are arrays laid
   out as sb_resnet says.

   Results of every function but train_* are functions of each image alone: the same bits whatever the number
   of images in a call, their order or the number of threads. Those of train_* are functions of the batch: the
   same bits whatever the number of threads.

   A network is used by one thread at a time; it may have threads of its own. */
#ifndef SB_NN_BACKEND_H
#define SB_NN_BACKEND_H

#include "nn/resnet.h"

typedef enum {
    SB_PRECISION_F32,
    SB_PRECISION_BF16 /* in evaluation mode the factors of the products in 3x3 convolutions of stride 1 are
                         rounded to bfloat16 */
} sb_precision;

typedef struct {
    int jobs; /* threads; 0: as many as the processors this process may use */
    sb_precision precision;
    int unpinned; /* workers are not bound to processors (they are when they fill all that the process may
                     use) */
} sb_backend_options;

/* Noisy copies of one image. Sample k is image + noise(stream + k), k = first .. first + count - 1. */
typedef struct {
    const float *image;
    uint64_t seed, stream, first, count;
    float sigma; /* Gaussian: noise element i is sigma * sb_random_normals_float's element i at (seed, stream
                    + k) */
    /* Any other noise: overwrites noise[0..elements) for the stream; called from several threads. NULL:
     * Gaussian. */
    void (*draw)(const void *context, uint64_t seed, uint64_t stream, float *noise, size_t elements);
    const void *context;
} sb_noisy_samples;

/* A step of stochastic gradient descent as PyTorch's SGD: g += decay * w; m = momentum * m + g; w -= rate *
 * m. */
typedef struct {
    float rate, momentum, decay;
} sb_sgd;

enum { SB_TRAINING_SLOTS = 2 }; /* batches whose activations can be kept at once */

typedef struct sb_network sb_network;

typedef struct {
    const char *name;    /* as --device takes it */
    const char *summary; /* one line */

    /* A network for images of size x size pixels. The resnet must outlive it; values must be set before use.
     */
    sb_status (*open)(sb_network **network, const sb_resnet *resnet, int size,
                      const sb_backend_options *options, sb_error *error);
    void (*close)(sb_network *network); /* NULL is fine */

    sb_status (*set_values)(sb_network *network, const float *values, sb_error *error);
    sb_status (*get_values)(sb_network *network, float *values, sb_error *error);
    sb_status (*set_momentum)(sb_network *network, const float *momentum, sb_error *error); /* NULL: zero */
    sb_status (*get_momentum)(sb_network *network, float *momentum,
                              sb_error *error); /* 0 for running statistics */
    sb_status (*get_gradient)(sb_network *network, float *gradient,
                              sb_error *error); /* what train_backward added up */

    /* Evaluation mode (running statistics). */

    /* counts[c] += the number of samples whose largest logit is c (the first of equal ones; NaN counts as
     * least). */
    sb_status (*count_classes)(sb_network *network, const sb_noisy_samples *samples,
                               uint64_t counts[SB_CLASSES], sb_error *error);
    sb_status (*logits)(sb_network *network, const float *images, size_t count, float *logits,
                        sb_error *error);

    /* The gradient, with respect to each image x, of weight * (-sum_c target_c log softmax_c(f(x))), where
       the target is a probability vector [image][class]: cross-entropy for a one-hot target, the KL
       divergence from a fixed law for any other. weight NULL: all 1. logits may be NULL. */
    sb_status (*input_gradient)(sb_network *network, const float *images, size_t count, const float *target,
                                const float *weight, float *gradient, float *logits, sb_error *error);

    /* Training mode (statistics of the batch). */

    /* Logits of a batch; keeps in the slot what the backward pass needs. count >= 1. */
    sb_status (*train_forward)(sb_network *network, int slot, const float *images, size_t count,
                               float *logits, sb_error *error);
    /* Moves the running statistics by those of the slot's batch: r += .1 (batch - r), the variance unbiased.
     */
    sb_status (*update_statistics)(sb_network *network, int slot, sb_error *error);
    /* Adds to the gradient of the values that of the loss whose gradient with respect to the slot's logits is
       given; once for each train_forward. */
    sb_status (*train_backward)(sb_network *network, int slot, const float *logit_gradient, sb_error *error);
    /* Applies the gradient and sets it to zero. */
    sb_status (*sgd_step)(sb_network *network, const sb_sgd *sgd, sb_error *error);
} sb_backend;

/* Every backend's own structure begins with this. */
struct sb_network {
    const sb_backend *backend;
    const sb_resnet *resnet;
    int size;
    char description[64]; /* what computes, for logs: "cpu avx512 f32"; two networks of one description agree
                             to the last bit */
};

extern const sb_backend sb_reference_backend; /* nn/reference/ */
extern const sb_backend sb_cpu_backend;       /* nn/cpu/ */

/* "auto" (the fastest that works here), "cpu", "reference"; SB_BAD_INPUT otherwise. */
sb_status sb_backend_find(const char *name, const sb_backend **backend, sb_error *error);
/* "f32", "bf16" */
sb_status sb_precision_parse(const char *name, sb_precision *precision, sb_error *error);

#endif
