/* Random numbers with an address: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as
   easy as 1, 2, 3", SC 2011). A 64-bit seed is the key; the 128-bit counter holds the rest of the address. So
   every number depends on its address only: results are the same for any batch size, thread count or order,
   and after a resume.

   Logarithm, sine and cosine are minimax polynomials of our own, made of operations that IEEE 754 rounds in
   one way only: the numbers are the same to the last bit on every little-endian processor, with any of its
   vector instructions (gcc or clang, no -ffast-math). Different addresses, kinds of number and precisions
   share no Philox block. */
#ifndef SB_SUPPORT_RANDOM_H
#define SB_SUPPORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The block function: four words from a counter and a key. */
void sb_philox(uint32_t word[4], const uint32_t counter[4], const uint32_t key[2]);

/* A short sequence at the address (seed, stream, index): for one coordinate (index) of one sample (stream),
   however many numbers that takes (up to 2^33 words). */
typedef struct {
    uint64_t seed, stream;
    uint32_t index, block; /* block: of the next four words */
    uint32_t word[4];
    unsigned left; /* words not yet used */
} sb_random;

sb_random sb_random_at(uint64_t seed, uint64_t stream, uint32_t index);
uint64_t sb_random_bits(sb_random *random);                  /* 64 of them */
uint64_t sb_random_below(sb_random *random, uint64_t bound); /* 0 .. bound - 1, exactly equally likely */
double sb_random_uniform(sb_random *random);     /* in (0, 1): (k + 1/2) 2^-52; never 0, never 1 */
double sb_random_normal(sb_random *random);      /* N(0, 1) */
double sb_random_exponential(sb_random *random); /* mean 1 */

/* Whole runs, vectorised: element i < 2^61 of the stream is a function of (seed, stream, i) alone; fills
   x[0..count) with the elements first, first+1, ...

   Uniforms are (k + 1/2) 2^-52, in float (k + 1/2) 2^-23. Exponentials are -log u with u = (k + 1/2) 2^-52,
   in float (k + 1/2) 2^-32: up to 36.7 and 22.8, relative error below 5e-16 and 4e-7. Normals are
   Box-Muller's, of radius sqrt(-2 log u): up to 8.57 and 6.76, error below 1e-15 and 5e-7 times max(1, |x|).
 */
void sb_random_uniforms(double *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);
void sb_random_uniforms_float(float *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);
void sb_random_normals(double *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);
void sb_random_normals_float(float *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);
void sb_random_exponentials(double *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);
void sb_random_exponentials_float(float *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first);

#endif
