/* The transform with every instruction set: against the definition, the entries (-1)^popcount(i AND j); its
   square; the textbook's loops, to the last bit; and its error bound. */
#include "support/walsh_hadamard.h"
#include "tests/test.h"

#include <math.h>

enum { SIZE = 1 << 20, MARGIN = 17 }; /* the longest transform; entries before and behind it */

static union {
    float f[SIZE + 2 * MARGIN];
    double d[SIZE + 2 * MARGIN];
    int64_t i[SIZE + 2 * MARGIN];
} space, other;

static int sign(size_t i, size_t j) {
    int odd = 0;
    for (size_t both = i & j; both; both &= both - 1) odd = !odd;
    return odd ? -1 : 1;
}

/* |x_i| < 2^bits */
static void draw(int64_t *x, size_t size, unsigned bits, uint64_t seed) {
    for (size_t i = 0; i < size; i++)
        x[i] = (int64_t)(sb_test_random(&seed) >> (63 - bits)) - (INT64_C(1) << bits);
}

/* Integers small enough that all three types are exact. */
static void definition(void) {
    static int64_t x[1 << 10];
    static double d[1 << 10];
    static float f[1 << 10];
    for (int level = 0; level < sb_walsh_hadamard_levels(); level++)
        for (unsigned n = 0; n <= 10; n++) {
            size_t size = (size_t)1 << n;
            draw(x, size, 12, n + 1);
            for (size_t i = 0; i < size; i++) {
                int64_t sum = 0;
                for (size_t j = 0; j < size; j++) sum += sign(i, j) * x[j];
                other.i[i] = sum;
                d[i] = (double)x[i];
                f[i] = (float)x[i];
            }
            sb_walsh_hadamard_int64_at(level, x, n);
            sb_walsh_hadamard_double_at(level, d, n);
            sb_walsh_hadamard_float_at(level, f, n);
            for (size_t i = 0; i < size; i++) {
                int64_t h = other.i[i];
                SB_CHECK(x[i] == h, "level %d, n = %u, entry %zu: %ld, not %ld", level, n, i, (long)x[i],
                         (long)h);
                SB_CHECK(d[i] == (double)h, "level %d, n = %u, entry %zu: %g, not %ld", level, n, i, d[i],
                         (long)h);
                SB_CHECK(f[i] == (float)h, "level %d, n = %u, entry %zu: %g, not %ld", level, n, i,
                         (double)f[i], (long)h);
            }
        }
}

/* Every entry of the matrix, one column at a time. */
static void columns(void) {
    for (unsigned n = 0; n <= 9; n++)
        for (size_t j = 0, size = (size_t)1 << n; j < size; j++) {
            memset(space.f, 0, size * sizeof(float));
            space.f[j] = 1;
            sb_walsh_hadamard_float(space.f, n);
            for (size_t i = 0; i < size; i++)
                SB_CHECK(space.f[i] == (float)sign(i, j), "n = %u, entry %zu, %zu: %g", n, i, j,
                         (double)space.f[i]);
        }
}

/* H H x = 2^n x, for entries up to 2^(62-2n): about the largest that cannot overflow. Level -1: the default.
 */
static void square(void) {
    for (unsigned n = 0; n <= 20; n++)
        for (int level = -1; level < sb_walsh_hadamard_levels(); level++) {
            size_t size = (size_t)1 << n;
            unsigned bits = 62 - 2 * n;
            draw(space.i, size, bits, n);
            memcpy(other.i, space.i, size * sizeof(int64_t));
            for (int time = 0; time < 2; time++)
                if (level < 0)
                    sb_walsh_hadamard_int64(space.i, n);
                else
                    sb_walsh_hadamard_int64_at(level, space.i, n);
            for (size_t i = 0; i < size; i++)
                SB_CHECK(space.i[i] == other.i[i] * (INT64_C(1) << n), "level %d, n = %u, entry %zu", level,
                         n, i);
        }
}

#define TEXTBOOK(type)                                                                                       \
    static void textbook_##type(type *x, unsigned n) {                                                       \
        for (size_t step = 1, size = (size_t)1 << n; step < size; step *= 2)                                 \
            for (size_t block = 0; block < size; block += 2 * step)                                          \
                for (size_t i = block; i < block + step; i++) {                                              \
                    type a = x[i], b = x[i + step];                                                          \
                    x[i] = a + b;                                                                            \
                    x[i + step] = a - b;                                                                     \
                }                                                                                            \
    }
TEXTBOOK(float)
TEXTBOOK(double)

/* Numbers of many sizes, from any place on; the entries beside them stay as they are. */
static void same_bits(void) {
    for (unsigned n = 0; n <= 17; n++)
        for (int level = 0; level < sb_walsh_hadamard_levels(); level++)
            for (size_t offset = 0; offset < MARGIN; offset += n < 10 ? 1 : 5) {
                size_t size = (size_t)1 << n, all = size + 2 * MARGIN;
                uint64_t seed = n + 100;
                for (size_t i = 0; i < all; i++) {
                    int e = (int)(sb_test_random(&seed) % 40);
                    space.f[i] = other.f[i] = (float)ldexp((double)(int64_t)sb_test_random(&seed), -63 - e);
                }
                sb_walsh_hadamard_float_at(level, space.f + offset, n);
                textbook_float(other.f + offset, n);
                SB_CHECK(!memcmp(space.f, other.f, all * sizeof(float)), "float, level %d, n = %u, from %zu",
                         level, n, offset);
                for (size_t i = 0; i < all; i++) {
                    int e = (int)(sb_test_random(&seed) % 80);
                    space.d[i] = other.d[i] = ldexp((double)(int64_t)sb_test_random(&seed), -63 - e);
                }
                sb_walsh_hadamard_double_at(level, space.d + offset, n);
                textbook_double(other.d + offset, n);
                SB_CHECK(!memcmp(space.d, other.d, all * sizeof(double)),
                         "double, level %d, n = %u, from %zu", level, n, offset);
                draw(space.i, all, 30, seed);
                memcpy(other.i, space.i, all * sizeof(int64_t));
                sb_walsh_hadamard_int64_at(level, space.i + offset, n);
                SB_CHECK(!memcmp(space.i, other.i, offset * sizeof(int64_t)) &&
                             !memcmp(space.i + offset + size, other.i + offset + size,
                                     (all - offset - size) * sizeof(int64_t)),
                         "int64, level %d, n = %u, from %zu writes outside", level, n, offset);
            }
}

/* Float against double, with the bound of the header; and an error, so that the check says something. */
static void error_bound(void) {
    static double exact[1 << 16];
    for (unsigned n = 1; n <= 16; n++) {
        double norm = 0, error = 0, bound = (pow(1 + 0x1p-24, n) - 1) * pow(2, n / 2.0);
        uint64_t seed = n;
        size_t size = (size_t)1 << n;
        for (size_t i = 0; i < size; i++) {
            space.f[i] = (float)ldexp((double)(int64_t)sb_test_random(&seed), -63);
            exact[i] = (double)space.f[i];
            norm = hypot(norm, exact[i]);
        }
        sb_walsh_hadamard_float(space.f, n);
        sb_walsh_hadamard_double(exact, n);
        for (size_t i = 0; i < size; i++) error = hypot(error, (double)space.f[i] - exact[i]);
        SB_CHECK(error <= bound * norm, "n = %u: error %g, bound %g", n, error, bound * norm);
        SB_CHECK(n < 4 || error > bound * norm / 100, "n = %u: error %g, bound %g", n, error, bound * norm);
    }
}

static const sb_test tests[] = {
    {"the transform is the sum with the signs (-1)^popcount(i AND j)", definition},
    {"every entry of the matrix", columns},
    {"its square is 2^n", square},
    {"the same bits with every instruction set, at every place", same_bits},
    {"the rounding error is within its bound", error_bound},
};
SB_TEST_MAIN(tests)
