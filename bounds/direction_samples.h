/* The step of Theorem 1.2 that adds up orthogonal directions, on samples of a noise: with the vectors v_1,
   ..., v_b of Corollary 3.6 and Q the matrix of rows v_i/||v_i||_2,

     sum over i of (v_i . eta)^2/||v_i||_2^2 = ||Q eta||_2^2 = eta_1^2 + ... + eta_b^2 <= ||eta||_2^2,

   with equality for b = d. The left side is by fast products in double precision. */
#ifndef SB_BOUNDS_DIRECTION_SAMPLES_H
#define SB_BOUNDS_DIRECTION_SAMPLES_H

#include "bounds/hadamard_check.h"
#include "distributions/noise.h"

typedef struct {
    uint64_t count;
    double defect;                  /* the largest |left - right| / right of the equation above */
    double allowed;                 /* what rounding can make of it, proven; more: the matrix is wrong */
    double kept;                    /* the mean of ||Q eta||_2^2/||eta||_2^2; 1 for b = d */
    double smallest, mean, largest; /* over the directions, of the sample mean of (v_i . eta)^2/||v_i||_2^2 */
} sb_direction_samples;

/* Draws samples 0 .. count-1 >= 1 of the noise in dimension >= order. The numbers do not depend on eps and p,
   which only scale v_i. SB_OUTSIDE where the noise does not exist in that dimension, or where squares leave
   the range of doubles. */
sb_status sb_direction_samples_draw(sb_direction_samples *samples, const sb_hadamard *hadamard,
                                    const sb_noise_spec *noise, uint64_t dimension, uint64_t seed,
                                    uint64_t count, const sb_check_watch *watch, sb_error *error);

#endif
