/* The vector code behind the runs of support/random.h, for each instruction set that this processor has. Not
   for use elsewhere, except by the tests: of the ends of the ranges, and that the sets agree to the last bit.
 */
#ifndef SB_SUPPORT_RANDOM_VECTOR_H
#define SB_SUPPORT_RANDOM_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#define SB_PHILOX_MULTIPLIER_0 UINT64_C(0xD2511F53)
#define SB_PHILOX_MULTIPLIER_1 UINT64_C(0xCD9E8D57)
#define SB_PHILOX_KEY_0 0x9E3779B9u
#define SB_PHILOX_KEY_1 0xBB67AE85u

typedef enum {
    SB_RANDOM_UNIFORM,
    SB_RANDOM_UNIFORM_FLOAT,
    SB_RANDOM_NORMAL,
    SB_RANDOM_NORMAL_FLOAT,
    SB_RANDOM_EXPONENTIAL,
    SB_RANDOM_EXPONENTIAL_FLOAT
} sb_random_kind;

/* Levels 0 (every processor) to sb_random_levels() - 1; on x86-64: SSE2, AVX2, AVX-512. */
int sb_random_levels(void);
const char *sb_random_level_name(int level);

/* The second step of a run: random bits in, numbers out, in place, for groups of 64 floats or 32 doubles
   (random_vector.c says which bits make which number). */
void sb_random_transform(int level, sb_random_kind kind, void *x, size_t groups);

/* The run with the code of one level. x: double or float, as the kind says. */
void sb_random_fill(int level, sb_random_kind kind, void *x, size_t count, uint64_t seed, uint64_t stream,
                    uint64_t first);

/* One number from given random bits, with the run's double arithmetic (level 0). */
double sb_random_normal_of(uint64_t radius_bits, uint64_t angle_bits);
double sb_random_exponential_of(uint64_t bits);

#endif
