/* Projected gradient ascent in an l_2 ball, the inner maximisation of adversarial training (Madry, Makelov,
   Schmidt, Tsipras, Vladu, ICLR 2018), under noise that stays fixed while it runs. */
#ifndef SB_NN_ATTACK_H
#define SB_NN_ATTACK_H

#include "nn/backend.h"

enum { SB_MOST_NOISE_SAMPLES = 1024 };

typedef struct {
    double radius;         /* of the ball around each image */
    double step_size;      /* length of a step */
    double start;          /* standard deviation of the Gaussian point where it starts; 0: at the image */
    int steps;             /* at least 1 */
    int noise_samples;     /* m: noises of each image, 1 .. SB_MOST_NOISE_SAMPLES */
    uint64_t seed, stream; /* draws of image i are at (seed, stream + (steps + 1) i), (seed, ... + 1), ... */
    int jobs;              /* threads for what is outside of the network; the result does not depend on it */
} sb_attack;

typedef struct {
    const float *images; /* x: [count][elements], in [0, 1] */
    size_t count, elements;
    const float *noise;  /* eta: [count][m][elements] */
    const float *target; /* t: laws of the classes, [count][m][10] */
} sb_attack_batch;

/* adversarial[i] := a point x' with |x' - x_i| <= radius, all elements in [0, 1], found by ascending

     -log (1/m) sum_j exp(-H_j),   H_j = -sum_c t_jc log softmax_c(f(x' + eta_j)),

   in evaluation mode. With m = 1 that is the cross-entropy H_1 to the target: for the target softmax(f(x +
   eta)) the KL divergence of TRADES up to a constant; for a one-hot target and any m the objective of
   SmoothAdv (Salman et al., 2019), -log of the mean probability of the label.

   A step: along the gradient divided by its l_2 norm (along a random direction if that is 0), then back into
   [0, 1], then along the ray to x into the ball. scratch: 2 count m elements + 10 count m floats. */
sb_status sb_attack_run(const sb_attack *attack, sb_network *network, const sb_attack_batch *batch,
                        float *adversarial, float *scratch, sb_error *error);

/* Floats of scratch. */
size_t sb_attack_scratch(size_t count, size_t noise_samples, size_t elements);

#endif
