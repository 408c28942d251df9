/* Box-Muller: with u, x uniform on (0, 1), sqrt(-2 log u) (cos 2 pi x, sin 2 pi x) is a pair of independent
   normals (Box and Muller, Ann. Math. Statist. 29, 1958). Logarithm, sine and cosine are minimax polynomials
   of our own.

   A run is made of groups of 16 successive Philox blocks of 4 words: 64 floats or 32 doubles. Number 16 k + l
   of a group of floats comes from word k of block l (normals: from the words k and k + 1, k even, numbers 16
   k + l and 16 (k + 1) + l); number 16 k + l of a group of doubles from half k of block l, two words, the low
   one first. The counter is (low 31 bits of the block number, its next 29 bits and the kind in the upper 3,
   stream), while sb_random_at has the highest bit of its first word set: no two kinds share a block. */
#include "support/random_vector.h"

#include <math.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#ifdef __FAST_MATH__
#error "-ffast-math changes the numbers"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* gcc contracts nothing in ISO mode */
#endif

enum { BLOCKS = 16, FLOAT_GROUP = 4 * BLOCKS, DOUBLE_GROUP = 2 * BLOCKS, BATCH = 16, ROUND_KEYS = 20 };

typedef struct {
    sb_random_kind kind;
    uint64_t stream, key[ROUND_KEYS]; /* the two key words of every round */
} place;

static inline uint32_t counter_low(uint64_t block) {
    return (uint32_t)block & 0x7fffffffu;
}

static inline uint32_t counter_high(uint64_t block, sb_random_kind kind) {
    return ((uint32_t)(block >> 31) & 0x1fffffffu) | (uint32_t)kind << 29;
}

/* ------------------------------------------------------------------ instruction sets */
#ifdef __x86_64__
#define LEVEL(name) name##_avx512
#define TARGET __attribute__((target("avx512f,avx512dq")))
#define BYTES 64
#define MULTIPLY(a, b) ((U64)_mm512_mul_epu32((__m512i)(a), (__m512i)(b)))
#define SQRT_FLOAT(x) ((F32)_mm512_sqrt_ps((__m512)(x)))
#define SQRT_DOUBLE(x) ((F64)_mm512_sqrt_pd((__m512d)(x)))
#include "support/random_kernel.inc"

#define LEVEL(name) name##_avx2
#define TARGET __attribute__((target("avx2")))
#define BYTES 32
#define MULTIPLY(a, b) ((U64)_mm256_mul_epu32((__m256i)(a), (__m256i)(b)))
#define SQRT_FLOAT(x) ((F32)_mm256_sqrt_ps((__m256)(x)))
#define SQRT_DOUBLE(x) ((F64)_mm256_sqrt_pd((__m256d)(x)))
#include "support/random_kernel.inc"

#define LEVEL(name) name##_baseline
#define TARGET
#define BYTES 16
#define MULTIPLY(a, b) ((U64)_mm_mul_epu32((__m128i)(a), (__m128i)(b)))
#define SQRT_FLOAT(x) ((F32)_mm_sqrt_ps((__m128)(x)))
#define SQRT_DOUBLE(x) ((F64)_mm_sqrt_pd((__m128d)(x)))
#include "support/random_kernel.inc"
#else
#define LEVEL(name) name##_baseline
#define TARGET
#define BYTES 16
#define MULTIPLY(a, b) (((a)&0xffffffffu) * ((b)&0xffffffffu))
#define SQRT_FLOAT(x) ((F32){sqrtf((x)[0]), sqrtf((x)[1]), sqrtf((x)[2]), sqrtf((x)[3])})
#define SQRT_DOUBLE(x) ((F64){sqrt((x)[0]), sqrt((x)[1])})
#include "support/random_kernel.inc"
#endif

static const struct {
    const char *name;
    void (*words_float)(float *, const place *, uint64_t, size_t);
    void (*transform_float)(sb_random_kind, float *, size_t);
    void (*words_double)(double *, const place *, uint64_t, size_t);
    void (*transform_double)(sb_random_kind, double *, size_t);
} set[] = {
#ifdef __x86_64__
    {"SSE2", words_float_baseline, transform_float_baseline, words_double_baseline,
     transform_double_baseline},
    {"AVX2", words_float_avx2, transform_float_avx2, words_double_avx2, transform_double_avx2},
    {"AVX-512", words_float_avx512, transform_float_avx512, words_double_avx512, transform_double_avx512},
#else
    {"baseline", words_float_baseline, transform_float_baseline, words_double_baseline,
     transform_double_baseline},
#endif
};

int sb_random_levels(void) {
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return 3;
    if (__builtin_cpu_supports("avx2")) return 2;
#endif
    return 1;
}

const char *sb_random_level_name(int level) {
    return set[level].name;
}

/* ------------------------------------------------------------------ runs */
static int is_float(sb_random_kind kind) {
    return kind == SB_RANDOM_UNIFORM_FLOAT || kind == SB_RANDOM_NORMAL_FLOAT ||
           kind == SB_RANDOM_EXPONENTIAL_FLOAT;
}

void sb_random_transform(int level, sb_random_kind kind, void *x, size_t groups) {
    if (is_float(kind))
        set[level].transform_float(kind, x, groups);
    else
        set[level].transform_double(kind, x, groups);
}

/* In batches that stay in the nearest cache between the two steps. */
static void fill_groups(int level, unsigned char *x, const place *at, uint64_t group, size_t groups) {
    size_t size = is_float(at->kind) ? FLOAT_GROUP * sizeof(float) : DOUBLE_GROUP * sizeof(double);
    while (groups > 0) {
        size_t batch = groups < BATCH ? groups : BATCH;
        if (is_float(at->kind))
            set[level].words_float((float *)(void *)x, at, group, batch);
        else
            set[level].words_double((double *)(void *)x, at, group, batch);
        sb_random_transform(level, at->kind, x, batch);
        x += batch * size;
        group += batch;
        groups -= batch;
    }
}

void sb_random_fill(int level, sb_random_kind kind, void *x, size_t count, uint64_t seed, uint64_t stream,
                    uint64_t first) {
    union {
        float f[FLOAT_GROUP];
        double d[DOUBLE_GROUP];
    } part;
    place at = {.kind = kind, .stream = stream};
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int i = 0; i < ROUND_KEYS; i += 2) {
        at.key[i] = k0;
        at.key[i + 1] = k1;
        k0 += SB_PHILOX_KEY_0;
        k1 += SB_PHILOX_KEY_1;
    }
    size_t length = is_float(kind) ? FLOAT_GROUP : DOUBLE_GROUP,
           size = is_float(kind) ? sizeof(float) : sizeof(double);
    uint64_t group = first / length;
    size_t skip = (size_t)(first % length);
    unsigned char *to = x;
    while (count > 0) {
        size_t whole = skip ? 0 : count / length, taken = whole * length;
        if (whole) {
            fill_groups(level, to, &at, group, whole);
            group += whole;
        } else {
            taken = count < length - skip ? count : length - skip;
            fill_groups(level, (unsigned char *)&part, &at, group++, 1);
            memcpy(to, (const unsigned char *)&part + skip * size, taken * size);
            skip = 0;
        }
        to += taken * size;
        count -= taken;
    }
}

double sb_random_normal_of(uint64_t radius_bits, uint64_t angle_bits) {
    f64_baseline cosine, sine;
    circle_baseline((u64_baseline){angle_bits, angle_bits}, &cosine, &sine);
    return sqrt(2 * sb_random_exponential_of(radius_bits)) * cosine[0];
}

double sb_random_exponential_of(uint64_t bits) {
    return exponential_baseline((u64_baseline){bits, bits})[0];
}
