/* One step of stochastic gradient descent of each method, on one batch. */
#ifndef SB_NN_TRAIN_STEP_H
#define SB_NN_TRAIN_STEP_H

#include "nn/backend.h"
#include "nn/training_options.h"

typedef struct {
    const sb_training_options *options;
    sb_network *network;
    int jobs;
    size_t elements;              /* of an image */
    size_t noises;                /* noisy copies of an image */
    float *noise;                 /* eta; of batch * noises images, as the next two */
    float *natural, *adversarial; /* x + eta, x' + eta: what the network is trained on */
    float *moved;                 /* x', of batch images */
    float *target, *natural_logits, *adversarial_logits, *natural_gradient, *adversarial_gradient;
    float *scratch;
    float *memory; /* all of these in one piece */
} sb_training_step;

typedef struct {
    double loss;      /* summed over the images */
    uint64_t correct; /* noisy copies that are classified as their label in training mode: of x, for
                         smooth-adv of x' */
} sb_training_sums;

/* Memory for batches of at most `batch` images of the network's size. options and network must
   outlive it. jobs: threads for what is outside of the network. */
sb_status sb_training_step_init(sb_training_step *step, const sb_training_options *options,
                                sb_network *network, size_t batch, int jobs, sb_error *error);
void sb_training_step_clear(sb_training_step *step);

/* Passes over the network that one image takes, forward and backward counted alike, a backward pass with
   gradients of the weights twice. */
int sb_training_step_units(const sb_training_options *options);

/* One step on count <= batch images (in [0, 1]) with their labels, at the learning rate.
   first_image: the number of the first image in the course of training; image i's draws have addresses of
   their own, made of the seed and first_image + i.

   noise: descends CE(f(x + eta), y).

   trades: x' maximises KL(softmax f(x + eta) || softmax f(x' + eta)) in the l_2 ball (nn/attack.h) in
   evaluation mode, from x + .001 N(0, I); then descends CE(f(x + eta), y) + beta KL(...) through both
   arguments in training mode, with separate batch statistics. The running statistics move by the natural
   batch, the adversarial one, and the natural one again, as the three calls of the published code do.

   smooth-adv: x' maximises -log of the mean over the noises of softmax_y f(x' + eta_j), from x; then descends
   the mean of CE(f(x' + eta_j), y).

   A loss that is not finite is reported in sums and SB_OK, and changes nothing in the network. */
sb_status sb_training_step_run(sb_training_step *step, const float *images, const uint8_t *label,
                               size_t count, uint64_t first_image, double rate, sb_training_sums *sums,
                               sb_error *error);

/* Moves of the running statistics in a step. */
int sb_training_step_updates(const sb_training_options *options);

#endif
