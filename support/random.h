/* Random numbers with an address: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
   1, 2, 3", SC 2011). A 64-bit seed is the key; the 128-bit counter is (block, index, stream). So every number depends on
   its address only: results are the same for any batch size, thread count or order, and after a resume. */
#ifndef SB_SUPPORT_RANDOM_H
#define SB_SUPPORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The block function: four words from a counter and a key. */
void sb_philox(uint32_t word[4], const uint32_t counter[4], const uint32_t key[2]);

/* A short sequence at the address (seed, stream, index): for one coordinate (index) of one sample (stream), however many
   numbers that takes. */
typedef struct {
    uint64_t seed, stream;
    uint32_t index, block; /* block: of the next four words */
    uint32_t word[4];
    unsigned left; /* words not yet used */
} sb_random;

sb_random sb_random_at(uint64_t seed, uint64_t stream, uint32_t index);
uint64_t sb_random_bits(sb_random *random);      /* 64 of them */
double sb_random_uniform(sb_random *random);     /* in (0, 1): (k + 1/2) 2^-52; never 0, never 1 */
double sb_random_normal(sb_random *random);      /* N(0, 1) */
double sb_random_exponential(sb_random *random); /* mean 1 */

/* Whole runs, vectorised: element i of the stream is a function of (seed, stream, i) alone; fills x[0..count) with the
   elements first, first+1, ... These streams are apart from those of sb_random_at. */
void sb_random_uniforms(double *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);
void sb_random_uniforms_float(float *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);
void sb_random_normals(double *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);
void sb_random_normals_float(float *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);
void sb_random_exponentials(double *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);
void sb_random_exponentials_float(float *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);

#endif
