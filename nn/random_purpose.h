/* Seeds for separate uses of one seed, so that the streams of training noise, augmentation, certification,
   ... never share a Philox block. */
#ifndef SB_NN_RANDOM_PURPOSE_H
#define SB_NN_RANDOM_PURPOSE_H

#include <stdint.h>

typedef enum {
    SB_PURPOSE_INITIALISATION = 1,
    SB_PURPOSE_SHUFFLE,
    SB_PURPOSE_AUGMENTATION,
    SB_PURPOSE_TRAINING_NOISE,
    SB_PURPOSE_ATTACK,
    SB_PURPOSE_CERTIFICATION,
    SB_PURPOSE_SHAPES,
    SB_PURPOSE_PERMUTATION_TEST
} sb_purpose;

/* The first two words of the Philox block with key `seed` and counter (purpose, 0, 0, 2^32 - 1). */
uint64_t sb_purpose_seed(uint64_t seed, sb_purpose purpose);

#endif
