/* Philox4x32-10: ten rounds of two 32x32-bit products, a swap, and a key that grows by Weyl constants.
   Counter words of a short sequence: (2^31 + block, index, stream low, stream high); of the runs: see
   random_vector.c. */
#include "support/random.h"

#include "support/random_vector.h"

void sb_philox(uint32_t word[4], const uint32_t counter[4], const uint32_t key[2]) {
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t a = SB_PHILOX_MULTIPLIER_0 * c0, b = SB_PHILOX_MULTIPLIER_1 * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += SB_PHILOX_KEY_0;
        k1 += SB_PHILOX_KEY_1;
    }
    word[0] = c0;
    word[1] = c1;
    word[2] = c2;
    word[3] = c3;
}

sb_random sb_random_at(uint64_t seed, uint64_t stream, uint32_t index) {
    return (sb_random){seed, stream, index, 0, {0}, 0};
}

static uint32_t next_word(sb_random *random) {
    if (random->left == 0) {
        const uint32_t counter[4] = {random->block++ | 0x80000000u, random->index, (uint32_t)random->stream,
                                     (uint32_t)(random->stream >> 32)};
        const uint32_t key[2] = {(uint32_t)random->seed, (uint32_t)(random->seed >> 32)};
        sb_philox(random->word, counter, key);
        random->left = 4;
    }
    return random->word[4 - random->left--];
}

uint64_t sb_random_bits(sb_random *random) {
    uint64_t low = next_word(random);
    return low | (uint64_t)next_word(random) << 32;
}

/* 2^64 mod bound values are left out, so that every remainder has as many. */
uint64_t sb_random_below(sb_random *random, uint64_t bound) {
    uint64_t excess = (0 - bound) % bound, bits = sb_random_bits(random);
    while (bits < excess) bits = sb_random_bits(random);
    return bits % bound;
}

double sb_random_uniform(sb_random *random) {
    return ((double)(sb_random_bits(random) >> 12) + 0.5) * 0x1p-52;
}

double sb_random_exponential(sb_random *random) {
    return sb_random_exponential_of(sb_random_bits(random));
}

/* The sine of Box-Muller's pair is left unused, so that a draw is a function of its address alone. */
double sb_random_normal(sb_random *random) {
    uint64_t radius = sb_random_bits(random);
    return sb_random_normal_of(radius, sb_random_bits(random));
}

/* ------------------------------------------------------------------ runs */
#define RUN(name, type, kind)                                                                                \
    void name(type *x, size_t count, uint64_t seed, uint64_t stream, uint64_t first) {                       \
        sb_random_fill(sb_random_levels() - 1, kind, x, count, seed, stream, first);                         \
    }
RUN(sb_random_uniforms, double, SB_RANDOM_UNIFORM)
RUN(sb_random_uniforms_float, float, SB_RANDOM_UNIFORM_FLOAT)
RUN(sb_random_normals, double, SB_RANDOM_NORMAL)
RUN(sb_random_normals_float, float, SB_RANDOM_NORMAL_FLOAT)
RUN(sb_random_exponentials, double, SB_RANDOM_EXPONENTIAL)
RUN(sb_random_exponentials_float, float, SB_RANDOM_EXPONENTIAL_FLOAT)
