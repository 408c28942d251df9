/* Sylvester's matrix is H_2 x ... x H_2 (n Kronecker factors), a product of n sparse matrices (Good, J. Roy.
   Statist. Soc. B 20, 1958): step s turns every pair of entries a, b that lie 2^s apart into a + b, a - b. A
   step costs more memory traffic than arithmetic. So several are done on what is loaded once: the first ones
   on 8 vectors, within each and then across them; the others three at a time, across 8 rows; and depth first,
   so that a part is finished while a near cache holds it. More rows at a time are slower: rows a power of two
   apart share the same few places of a cache.

   Every entry goes through the same additions in the same order whatever the vectors; a product by 1 or -1 is
   exact, so that a fused multiply-add rounds as the addition or subtraction does. */
#include "support/walsh_hadamard.h"

#include <stddef.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#ifdef __FAST_MATH__
#error "-ffast-math changes the numbers"
#endif

/* log2 of the number of entries in 16 KiB: half of a small nearest cache */
#define NEAR(type) (sizeof(type) == 4 ? 12u : 11u)

#define TAKE_2(a, b, ...) a, b
#define TAKE_4(a, b, c, d, ...) a, b, c, d
#define TAKE_8(a, b, c, d, e, f, g, h, ...) a, b, c, d, e, f, g, h
/* Lane i meets lane i XOR step; the upper one of the two is subtracted. */
#define PARTNERS_1 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14
#define PARTNERS_2 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13
#define PARTNERS_4 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11
#define PARTNERS_8 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7
#define SIGNS_1 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1
#define SIGNS_2 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1
#define SIGNS_4 1, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1, -1
#define SIGNS_8 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1
#define PRODUCT_SUM(v, s, w) ((v) * (s) + (w))
#define FLIPPED_SUM(v, s, w) (((v) ^ ((s) >> 63)) - ((s) >> 63) + (w)) /* for 64-bit integers */

/* ------------------------------------------------------------------ every processor */
#define TYPE float
#define LANES 4
#define NAME(name) name##_float_baseline
#define TARGET
#define SIGNED_SUM PRODUCT_SUM
#include "support/walsh_hadamard_kernel.inc"

#define TYPE double
#define LANES 2
#define NAME(name) name##_double_baseline
#define TARGET
#define SIGNED_SUM PRODUCT_SUM
#include "support/walsh_hadamard_kernel.inc"

#define TYPE int64_t
#define LANES 2
#define NAME(name) name##_int64_baseline
#define TARGET
#define SIGNED_SUM FLIPPED_SUM
#include "support/walsh_hadamard_kernel.inc"

#ifdef __x86_64__
/* ------------------------------------------------------------------ AVX2 and FMA */
#define AVX2 __attribute__((target("avx2,fma")))

#define TYPE float
#define LANES 8
#define NAME(name) name##_float_avx2
#define TARGET AVX2
#define SIGNED_SUM(v, s, w) ((V)_mm256_fmadd_ps((__m256)(v), (__m256)(s), (__m256)(w)))
#include "support/walsh_hadamard_kernel.inc"

#define TYPE double
#define LANES 4
#define NAME(name) name##_double_avx2
#define TARGET AVX2
#define SIGNED_SUM(v, s, w) ((V)_mm256_fmadd_pd((__m256d)(v), (__m256d)(s), (__m256d)(w)))
#include "support/walsh_hadamard_kernel.inc"

#define TYPE int64_t
#define LANES 4
#define NAME(name) name##_int64_avx2
#define TARGET AVX2
#define SIGNED_SUM FLIPPED_SUM
#include "support/walsh_hadamard_kernel.inc"

/* ------------------------------------------------------------------ AVX-512 */
#define AVX512 __attribute__((target("avx512f,avx512dq")))

#define TYPE float
#define LANES 16
#define NAME(name) name##_float_avx512
#define TARGET AVX512
#define SIGNED_SUM(v, s, w) ((V)_mm512_fmadd_ps((__m512)(v), (__m512)(s), (__m512)(w)))
#include "support/walsh_hadamard_kernel.inc"

#define TYPE double
#define LANES 8
#define NAME(name) name##_double_avx512
#define TARGET AVX512
#define SIGNED_SUM(v, s, w) ((V)_mm512_fmadd_pd((__m512d)(v), (__m512d)(s), (__m512d)(w)))
#include "support/walsh_hadamard_kernel.inc"

#define TYPE int64_t
#define LANES 8
#define NAME(name) name##_int64_avx512
#define TARGET AVX512
#define SIGNED_SUM FLIPPED_SUM
#include "support/walsh_hadamard_kernel.inc"
#endif

/* ------------------------------------------------------------------ the best that this processor has */
int sb_walsh_hadamard_levels(void) {
#ifdef __x86_64__
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return 3;
    if (avx2) return 2;
#endif
    return 1;
}

#ifdef __x86_64__
#define SET(type)                                                                                            \
    { transform_##type##_baseline, transform_##type##_avx2, transform_##type##_avx512 }
#else
#define SET(type)                                                                                            \
    { transform_##type##_baseline }
#endif

/* A level's code needs 8 of its vectors, 2^(LEAF + level) entries; below level 0 are the plain loops. */
#define TRANSFORM(type, name)                                                                                \
    void sb_walsh_hadamard_##name##_at(int level, type *x, unsigned n) {                                     \
        static void (*const set[])(type *, unsigned) = SET(name);                                            \
        while (level >= 0 && n < LEAF_##name##_baseline + (unsigned)level) level--;                          \
        if (level >= 0) {                                                                                    \
            set[level](x, n);                                                                                \
            return;                                                                                          \
        }                                                                                                    \
        for (size_t step = 1, size = (size_t)1 << n; step < size; step *= 2)                                 \
            for (size_t i = 0; i < size; i++)                                                                \
                if (!(i & step)) {                                                                           \
                    type a = x[i], b = x[i + step];                                                          \
                    x[i] = a + b;                                                                            \
                    x[i + step] = a - b;                                                                     \
                }                                                                                            \
    }                                                                                                        \
    void sb_walsh_hadamard_##name(type *x, unsigned n) {                                                     \
        sb_walsh_hadamard_##name##_at(sb_walsh_hadamard_levels() - 1, x, n);                                 \
    }

TRANSFORM(float, float)
TRANSFORM(double, double)
TRANSFORM(int64_t, int64)
