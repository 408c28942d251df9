/* Random numbers: known answers, the address of every number, the formulas (in long double, from the words of
   sb_philox), the same bits from every instruction set, and statistics at fixed seeds. A statistic that is
   normal in the limit is held to 6.5 standard deviations (two-sided 8e-11, below 1e-7 for all of them
   together); other bounds are stated where they are used. */
#include "support/random.h"

#include "support/random_vector.h"
#include "tests/test.h"

#include <float.h>
#include <math.h>

static const double deviations = 6.5;
static const char *const kind_name[] = {"uniforms",      "uniforms_float", "normals",
                                        "normals_float", "exponentials",   "exponentials_float"};
enum { KINDS = 6, LONG = 1 << 20, HUGE_RUN = 100000000, PIECE = 8192 };

static int is_float(sb_random_kind kind) {
    return kind & 1;
}

static double (*room)[LONG]; /* three arrays */

static double *array(int i) {
    if (!room && !(room = malloc(3 * sizeof *room))) abort();
    return room[i];
}

/* The public function of a kind, widened to double. */
static void draw(sb_random_kind kind, double *x, size_t count, uint64_t seed, uint64_t stream,
                 uint64_t first) {
    static float narrow[PIECE];
    switch (kind) {
    case SB_RANDOM_UNIFORM:
        sb_random_uniforms(x, count, seed, stream, first);
        return;
    case SB_RANDOM_NORMAL:
        sb_random_normals(x, count, seed, stream, first);
        return;
    case SB_RANDOM_EXPONENTIAL:
        sb_random_exponentials(x, count, seed, stream, first);
        return;
    default:
        break;
    }
    while (count > 0) {
        size_t piece = count < PIECE ? count : PIECE;
        if (kind == SB_RANDOM_UNIFORM_FLOAT)
            sb_random_uniforms_float(narrow, piece, seed, stream, first);
        else if (kind == SB_RANDOM_NORMAL_FLOAT)
            sb_random_normals_float(narrow, piece, seed, stream, first);
        else
            sb_random_exponentials_float(narrow, piece, seed, stream, first);
        for (size_t i = 0; i < piece; i++) x[i] = (double)narrow[i];
        x += piece;
        first += piece;
        count -= piece;
    }
}

/* ------------------------------------------------------------------ addresses and formulas */
/* The vectors of the Random123 distribution for philox4x32, 10 rounds. */
static void known_answers(void) {
    static const uint32_t row[][10] = {{0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
                                       {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
                                        0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
                                       {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822,
                                        0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        uint32_t word[4];
        sb_philox(word, row[i], row[i] + 4);
        SB_CHECK(memcmp(word, row[i] + 6, sizeof word) == 0, "vector %zu: %08x %08x %08x %08x", i, word[0],
                 word[1], word[2], word[3]);
    }
}

static void block_at(uint32_t word[4], uint64_t seed, uint64_t stream, uint32_t low, uint32_t high) {
    const uint32_t counter[4] = {low, high, (uint32_t)stream, (uint32_t)(stream >> 32)};
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    sb_philox(word, counter, key);
}

static void short_sequences(void) {
    uint64_t state = 1;
    for (int trial = 0; trial < 2000; trial++) {
        uint64_t seed = sb_test_random(&state), stream = sb_test_random(&state);
        uint32_t index = (uint32_t)sb_test_random(&state), word[4];
        sb_random a = sb_random_at(seed, stream, index), b = a, c = a, d = a;
        uint64_t bits[6];
        for (uint32_t k = 0; k < 3; k++) {
            block_at(word, seed, stream, 0x80000000u + k, index);
            bits[2 * k] = word[0] | (uint64_t)word[1] << 32;
            bits[2 * k + 1] = word[2] | (uint64_t)word[3] << 32;
        }
        for (int k = 0; k < 6; k++) {
            uint64_t got = sb_random_bits(&a);
            double uniform = sb_random_uniform(&b), exponential = sb_random_exponential(&c);
            double wanted = ((double)(bits[k] >> 12) + 0.5) * 0x1p-52;
            SB_CHECK(got == bits[k], "bits %d of (%lu, %lu, %u)", k, (unsigned long)seed,
                     (unsigned long)stream, index);
            SB_CHECK(uniform == wanted, "uniform %d: %a, %a", k, uniform, wanted);
            SB_CHECK(fabs(exponential + log(wanted)) <= 1e-15 * exponential, "exponential %d: %.17g", k,
                     exponential);
        }
        for (int k = 0; k < 6; k += 2) {
            double normal = sb_random_normal(&d), wanted = sb_random_normal_of(bits[k], bits[k + 1]);
            SB_CHECK(normal == wanted, "normal %d: %a, %a", k, normal, wanted);
        }
    }
}

/* ulp-wise: the kernel against libm in long double. */
static long double log_of_word(sb_random_kind kind, uint64_t word) {
    if (is_float(kind)) return logl(((long double)word + 0.5L) * 0x1p-32L);
    return logl(((long double)(word >> 12) + 0.5L) * 0x1p-52L);
}

/* What a pair of words stands for, and the error that the header allows. */
static void pair_of_words(sb_random_kind kind, uint64_t a, uint64_t b, long double value[2],
                          long double bound[2]) {
    const long double half_pi = 1.57079632679489661923132169163975144L;
    int single = is_float(kind);
    long double relative = single ? 4e-7L : 5e-16L, normal = single ? 5e-7L : 1e-15L;
    if (kind == SB_RANDOM_UNIFORM || kind == SB_RANDOM_UNIFORM_FLOAT) {
        const uint64_t word[2] = {a, b};
        for (int k = 0; k < 2; k++) {
            value[k] = single ? ((long double)(word[k] >> 9) + 0.5L) * 0x1p-23L
                              : ((long double)(word[k] >> 12) + 0.5L) * 0x1p-52L;
            bound[k] = 0;
        }
    } else if (kind == SB_RANDOM_EXPONENTIAL || kind == SB_RANDOM_EXPONENTIAL_FLOAT) {
        value[0] = -log_of_word(kind, a);
        value[1] = -log_of_word(kind, b);
        for (int k = 0; k < 2; k++) bound[k] = relative * value[k];
    } else {
        long double radius = sqrtl(-2 * log_of_word(kind, a)), x;
        int negative, swap;
        if (single) { /* the low 30 bits, signed */
            int64_t k = (int64_t)(b & 0x3fffffff) - (b & 0x20000000 ? 0x40000000 : 0);
            x = ((long double)k + 0.5L) * 0x1p-30L * half_pi;
            negative = b >> 31 & 1;
            swap = b >> 30 & 1;
        } else {
            x = (((long double)(b >> 12) + 0.5L) * 0x1p-52L - 0.5L) * half_pi;
            negative = b & 1;
            swap = b >> 1 & 1;
        }
        value[swap] = radius * (negative ? -cosl(x) : cosl(x));
        value[!swap] = radius * sinl(x);
        for (int k = 0; k < 2; k++) bound[k] = normal * fmaxl(1, fabsl(value[k]));
    }
}

/* Groups of words with the ends of all ranges, and random ones, through every instruction set. */
static void formulas(void) {
    static const uint32_t special[] = {0,          1,          2,          0x7fffff,   0xffffff,
                                       0x1000000,  0x1fffffff, 0x20000000, 0x3fffffff, 0x40000000,
                                       0x7fffffff, 0x80000000, 0xbfffffff, 0xc0000000, 0xc0000001,
                                       0xdfffffff, 0xe0000000, 0xfffffffe, 0xffffffff, 0xffffff00};
    enum { SPECIAL = sizeof special / sizeof special[0], GROUPS = 16 };
    static union {
        uint32_t w[64 * GROUPS];
        float f[64 * GROUPS];
        uint64_t w2[32 * GROUPS];
        double d[32 * GROUPS];
    } words, x;
    uint64_t state = 7;
    for (int trial = 0; trial < 60; trial++)
        for (int kind = 0; kind < KINDS; kind++) {
            int single = is_float((sb_random_kind)kind);
            size_t count = (single ? 64 : 32) * GROUPS, set = 16;
            for (size_t i = 0; i < count; i++) {
                uint64_t random = sb_test_random(&state),
                         edge = special[random >> 8 & 0xff ? random % SPECIAL : 0];
                uint64_t word = trial & 1 ? sb_test_random(&state) : edge << 32 | special[random >> 40 & 7];
                if (single)
                    words.w[i] = trial & 1 ? (uint32_t)word : (uint32_t)edge;
                else
                    words.w2[i] = word;
            }
            for (int level = 0; level < sb_random_levels(); level++) {
                x = words;
                sb_random_transform(level, (sb_random_kind)kind, &x, GROUPS);
                for (size_t i = 0; i < count; i += i % set == set - 1 ? set + 1 : 1) {
                    uint64_t a = single ? words.w[i] : words.w2[i],
                             b = single ? words.w[i + set] : words.w2[i + set];
                    long double value[2], bound[2];
                    pair_of_words((sb_random_kind)kind, a, b, value, bound);
                    for (size_t k = 0; k < 2; k++) {
                        long double got =
                            single ? (long double)x.f[i + k * set] : (long double)x.d[i + k * set];
                        SB_CHECK(fabsl(got - value[k]) <= bound[k],
                                 "%s, %s, words %lx %lx: %.20Lg, not %.20Lg", sb_random_level_name(level),
                                 kind_name[kind], (unsigned long)a, (unsigned long)b, got, value[k]);
                    }
                }
            }
        }
    float tail[64] = {0};
    sb_random_transform(0, SB_RANDOM_NORMAL_FLOAT, tail, 1); /* words 0: the largest radius, at the angle 0 */
    SB_CHECK(fabs((double)tail[0] - sqrt(66 * log(2))) < 4e-6, "%.9g", (double)tail[0]);
    double largest = sb_random_normal_of(0, UINT64_C(1) << 63);
    SB_CHECK(fabs(largest - sqrt(106 * log(2))) < 1e-14, "%.17g", largest);
}

/* Element i of a run comes from the block that random_vector.c says. */
static void addresses_are_as_documented(void) {
    uint64_t state = 5;
    for (int trial = 0; trial < 3000; trial++) {
        sb_random_kind kind = (sb_random_kind)(trial % KINDS);
        uint64_t seed = sb_test_random(&state), stream = sb_test_random(&state);
        uint64_t i = sb_test_random(&state) >> (3 + sb_test_random(&state) % 60), block;
        uint32_t word[4];
        long double value[2], bound[2];
        double x;
        unsigned k; /* of the pair */
        draw(kind, &x, 1, seed, stream, i);
        block = i / (is_float(kind) ? 64 : 32) * 16 + i % 16;
        block_at(word, seed, stream, (uint32_t)(block & 0x7fffffff),
                 (uint32_t)(block >> 31) | (uint32_t)kind << 29);
        if (is_float(kind)) {
            unsigned pair = i % 64 / 32;
            k = i % 32 / 16;
            pair_of_words(kind, word[2 * pair], word[2 * pair + 1], value, bound);
        } else {
            k = i % 32 / 16;
            pair_of_words(kind, word[0] | (uint64_t)word[1] << 32, word[2] | (uint64_t)word[3] << 32, value,
                          bound);
        }
        SB_CHECK(fabsl((long double)x - value[k]) <= bound[k], "%s: element %lu is %.17g, not %.17Lg",
                 kind_name[kind], (unsigned long)i, x, value[k]);
    }
}

/* Any slice of a long run equals the same addresses drawn alone, with every instruction set; nothing is
 * written outside. */
static void slices(void) {
    enum { LENGTH = 2500 };
    static union {
        float f[LENGTH + 2];
        double d[LENGTH + 2];
        unsigned char byte[(LENGTH + 2) * 8];
    } whole, part, guard;
    uint64_t state = 11;
    memset(guard.byte, 0xa5, sizeof guard.byte);
    for (int kind = 0; kind < KINDS; kind++)
        for (int level = 0; level < sb_random_levels(); level++)
            for (int far = 0; far < 3; far++) {
                size_t size = is_float((sb_random_kind)kind) ? 4 : 8; /* block 2^31 is element 2^33 or 2^32 */
                uint64_t carry = (UINT64_C(1) << (size == 4 ? 33 : 32)) - 1000;
                uint64_t origin = far == 2 ? carry : far == 1 ? UINT64_C(1234567890123) : 0;
                sb_random_fill(0, (sb_random_kind)kind, whole.byte, LENGTH, 3, 4, origin);
                for (size_t count = 0; count <= 170; count++) {
                    size_t length = count <= 70 ? count : 70 + sb_test_random(&state) % (LENGTH - 70);
                    size_t offset = sb_test_random(&state) % (LENGTH - length + 1);
                    memcpy(part.byte, guard.byte, sizeof part.byte);
                    sb_random_fill(level, (sb_random_kind)kind, part.byte + size, length, 3, 4,
                                   origin + offset);
                    SB_CHECK(memcmp(part.byte + size, whole.byte + offset * size, length * size) == 0,
                             "%s, %s: %zu from %zu", kind_name[kind], sb_random_level_name(level), length,
                             offset);
                    SB_CHECK(memcmp(part.byte, guard.byte, size) == 0 &&
                                 memcmp(part.byte + size * (length + 1), guard.byte, size) == 0,
                             "%s: %zu from %zu writes outside", kind_name[kind], length, offset);
                }
            }
}

/* ------------------------------------------------------------------ statistics */
static void check_standard(double z, const char *what, int i, int j) {
    SB_CHECK(fabs(z) <= deviations, "%s %d %d: %.2f standard deviations", what, i, j, z);
}

static double factorial(int n) {
    return n < 2 ? 1 : n * factorial(n - 1);
}

/* E X^k */
static double moment(sb_random_kind kind, int k) {
    switch (kind) {
    case SB_RANDOM_UNIFORM:
    case SB_RANDOM_UNIFORM_FLOAT:
        return 1.0 / (k + 1);
    case SB_RANDOM_EXPONENTIAL:
    case SB_RANDOM_EXPONENTIAL_FLOAT:
        return factorial(k);
    default:
        return k & 1 ? 0 : k == 0 ? 1 : (k - 1) * moment(kind, k - 2);
    }
}

static double distribution(sb_random_kind kind, double x) {
    switch (kind) {
    case SB_RANDOM_UNIFORM:
    case SB_RANDOM_UNIFORM_FLOAT:
        return x;
    case SB_RANDOM_EXPONENTIAL:
    case SB_RANDOM_EXPONENTIAL_FLOAT:
        return -expm1(-x);
    default:
        return erfc(-x / sqrt(2)) / 2;
    }
}

static void check_moments(sb_random_kind kind, const double *x, size_t count, const char *what) {
    double sum[7] = {0};
    for (size_t i = 0; i < count; i++) {
        double power = 1;
        for (int k = 1; k <= 6; k++) sum[k] += power *= x[i];
    }
    for (int k = 1; k <= 6; k++) {
        double variance = moment(kind, 2 * k) - moment(kind, k) * moment(kind, k);
        check_standard((sum[k] / (double)count - moment(kind, k)) / sqrt(variance / (double)count), what,
                       (int)kind, k);
    }
}

/* Kolmogorov-Smirnov at the 4096-quantiles: Pr(sup |F_n - F| > t/sqrt(n)) <= 2 exp(-2 t^2) = 3.4e-10 at t
   = 3.35 (Massart 1990). */
static void check_distribution(sb_random_kind kind, const double *x, size_t count, const char *what) {
    enum { CELLS = 4096 };
    size_t cell[CELLS] = {0}, below = 0;
    for (size_t i = 0; i < count; i++) {
        double u = distribution(kind, x[i]);
        int outside = !(u >= 0 && u <= 1);
        SB_CHECK(!outside, "%s: %.17g", what, x[i]);
        if (outside) return;
        cell[u < 1 ? (size_t)(u * CELLS) : CELLS - 1]++;
    }
    for (int i = 0; i + 1 < CELLS; i++) {
        below += cell[i];
        double distance = (double)below / (double)count - (i + 1.0) / CELLS;
        SB_CHECK(fabs(distance) * sqrt((double)count) <= 3.35, "%s, %s: %g at quantile %d/4096", what,
                 kind_name[kind], distance, i + 1);
    }
}

static void laws(void) {
    for (int kind = 0; kind < KINDS; kind++)
        for (uint64_t seed = 0; seed < 2; seed++) {
            draw((sb_random_kind)kind, array(0), LONG, seed, 17, 0);
            check_moments((sb_random_kind)kind, array(0), LONG, "moment (kind, order)");
            check_distribution((sb_random_kind)kind, array(0), LONG, "run");
        }
}

/* One number of each of many streams, indices or seeds. */
static void laws_across_addresses(void) {
    static const char *const what[] = {"over streams", "over indices", "over seeds"};
    static const sb_random_kind kind[] = {SB_RANDOM_NORMAL, SB_RANDOM_EXPONENTIAL, SB_RANDOM_UNIFORM};
    enum { COUNT = 200000 };
    double *x = array(0);
    for (int direction = 0; direction < 3; direction++)
        for (int k = 0; k < 3; k++) {
            for (uint64_t i = 0; i < COUNT; i++) {
                sb_random random = sb_random_at(direction == 2 ? i : 9, direction == 0 ? i : 8,
                                                direction == 1 ? (uint32_t)i : 7);
                x[i] = k == 0   ? sb_random_normal(&random)
                       : k == 1 ? sb_random_exponential(&random)
                                : sb_random_uniform(&random);
            }
            check_moments(kind[k], x, COUNT, what[direction]);
            check_distribution(kind[k], x, COUNT, what[direction]);
            double product = 0;
            for (size_t i = 1; i < COUNT; i++)
                product += (x[i] - moment(kind[k], 1)) * (x[i - 1] - moment(kind[k], 1));
            double variance = moment(kind[k], 2) - moment(kind[k], 1) * moment(kind[k], 1);
            check_standard(product / (variance * sqrt(COUNT - 1.0)), what[direction], k, -1);
        }
}

/* Counts of 10^8 numbers beyond 4 and 5 standard deviations. A Poisson count with mean m misses [15, 115]
   with probability below 5e-10 at m = 57.3. */
static void tails(void) {
    static float x[PIECE];
    size_t beyond_4 = 0, beyond_5 = 0, positive = 0;
    for (uint64_t done = 0; done < HUGE_RUN; done += PIECE) {
        sb_random_normals_float(x, PIECE, 2, 1, done);
        int four = 0, five = 0, sign = 0;
        for (size_t i = 0; i < PIECE; i++) {
            four += fabsf(x[i]) > 4;
            five += fabsf(x[i]) > 5;
            sign += x[i] > 4;
        }
        beyond_4 += (size_t)four;
        beyond_5 += (size_t)five;
        positive += (size_t)sign;
    }
    double count = (double)((HUGE_RUN + PIECE - 1) / PIECE) * PIECE, four = erfc(4 / sqrt(2)) * count;
    check_standard(((double)beyond_4 - four) / sqrt(four), "beyond 4", (int)beyond_4, 0);
    check_standard((2 * (double)positive - (double)beyond_4) / sqrt((double)beyond_4), "signs beyond 4",
                   (int)positive, 0);
    SB_CHECK(beyond_5 >= 15 && beyond_5 <= 115, "beyond 5: %zu, expected %.1f", beyond_5,
             erfc(5 / sqrt(2)) * count);
}

/* Sample correlations of x with y, and of the magnitudes: E (x^2-1)(y^2-1) = 0, of variance 4. */
static void check_uncorrelated(const double *x, const double *y, size_t count, const char *what, int i) {
    double product = 0, squares = 0;
    for (size_t k = 0; k < count; k++) {
        product += x[k] * y[k];
        squares += (x[k] * x[k] - 1) * (y[k] * y[k] - 1);
    }
    check_standard(product / sqrt((double)count), what, i, 1);
    check_standard(squares / (2 * sqrt((double)count)), what, i, 2);
}

static void neighbours_are_uncorrelated(void) {
    enum { COUNT = 1 << 18 };
    double *x = array(0), *y = array(1);
    for (int kind = SB_RANDOM_NORMAL; kind <= SB_RANDOM_NORMAL_FLOAT; kind++) {
        draw((sb_random_kind)kind, x, LONG, 100, 200, 0);
        for (int lag = 1; lag <= 130; lag++) check_uncorrelated(x, x + lag, COUNT, "lag", lag);
        for (int i = 0; i < 8; i++) {
            draw((sb_random_kind)kind, y, COUNT, 100, 200 ^ UINT64_C(1) << 8 * i, 0);
            check_uncorrelated(x, y, COUNT, "stream", i);
            draw((sb_random_kind)kind, y, COUNT, 100 ^ UINT64_C(1) << 8 * i, 200, 0);
            check_uncorrelated(x, y, COUNT, "seed", i);
            draw((sb_random_kind)kind, y, COUNT, 100, 200, UINT64_C(1) << (19 + 4 * i));
            check_uncorrelated(x, y, COUNT, "far index", i);
        }
        for (int other = 0; other < KINDS; other++) { /* the kinds share nothing */
            if (other == kind) continue;
            draw((sb_random_kind)other, y, COUNT, 100, 200, 0);
            for (size_t k = 0; k < COUNT; k++) {
                double u = distribution((sb_random_kind)other, y[k]);
                y[k] = (u - 0.5) * sqrt(12);
            }
            double product = 0, squares = 0; /* y is uniform: E y^4 = 9/5 */
            for (size_t k = 0; k < COUNT; k++) {
                product += x[k] * y[k];
                squares += (x[k] * x[k] - 1) * (y[k] * y[k] - 1);
            }
            check_standard(product / sqrt(COUNT), "kinds", kind, other);
            check_standard(squares / sqrt(1.6 * COUNT), "squares of kinds", kind, other);
        }
    }
}

/* Each bit, and each exclusive or of two neighbouring bits, is a fair coin. */
static void bits_are_fair(void) {
    enum { COUNT = 400000 };
    static int one[64], pair[64], one_float[23];
    static float x[COUNT];
    sb_random random = sb_random_at(1, 2, 3);
    memset(one, 0, sizeof one);
    memset(pair, 0, sizeof pair);
    memset(one_float, 0, sizeof one_float);
    for (int i = 0; i < COUNT; i++) {
        uint64_t bits = sb_random_bits(&random), twist = bits ^ (bits << 1 | bits >> 63);
        for (int k = 0; k < 64; k++) {
            one[k] += (int)(bits >> k & 1);
            pair[k] += (int)(twist >> k & 1);
        }
    }
    sb_random_uniforms_float(x, COUNT, 1, 2, 0);
    for (int i = 0; i < COUNT; i++) {
        uint32_t bits = (uint32_t)((double)x[i] * 0x1p23);
        for (int k = 0; k < 23; k++) one_float[k] += (int)(bits >> k & 1);
    }
    for (int k = 0; k < 64; k++) {
        check_standard((2.0 * one[k] - COUNT) / sqrt(COUNT), "bit", k, one[k]);
        check_standard((2.0 * pair[k] - COUNT) / sqrt(COUNT), "neighbouring bits", k, pair[k]);
    }
    for (int k = 0; k < 23; k++)
        check_standard((2.0 * one_float[k] - COUNT) / sqrt(COUNT), "bit of a float uniform", k, one_float[k]);
}

/* Chi-square of counts in equally likely cells, made normal by Wilson and Hilferty's cube root. */
static void check_cells(const int *cell, int cells, double count, const char *what, int i) {
    double expected = count / cells, sum = 0, freedom = cells - 1;
    for (int k = 0; k < cells; k++) sum += (cell[k] - expected) * (cell[k] - expected) / expected;
    double z = (cbrt(sum / freedom) - (1 - 2 / (9 * freedom))) / sqrt(2 / (9 * freedom));
    check_standard(z, what, i, (int)sum);
}

/* Serial test: successive pairs in 64 x 64 cells, triples in 16^3 cells; and pairs of successive streams. */
static void successive_numbers_fill_the_cube(void) {
    static int cell[4096];
    double *x = array(0), *y = array(1);
    for (int kind = SB_RANDOM_UNIFORM; kind <= SB_RANDOM_UNIFORM_FLOAT; kind++) {
        draw((sb_random_kind)kind, x, LONG, 6, 1, 0);
        draw((sb_random_kind)kind, y, LONG, 6, 2, 0);
        memset(cell, 0, sizeof cell);
        for (size_t i = 0; i + 1 < LONG; i += 2) cell[(int)(x[i] * 64) * 64 + (int)(x[i + 1] * 64)]++;
        check_cells(cell, 4096, LONG / 2, "pairs", kind);
        memset(cell, 0, sizeof cell);
        for (size_t i = 0; i + 2 < LONG; i += 3)
            cell[(int)(x[i] * 16) * 256 + (int)(x[i + 1] * 16) * 16 + (int)(x[i + 2] * 16)]++;
        check_cells(cell, 4096, LONG / 3, "triples", kind);
        memset(cell, 0, sizeof cell);
        for (size_t i = 0; i < LONG; i++) cell[(int)(x[i] * 64) * 64 + (int)(y[i] * 64)]++;
        check_cells(cell, 4096, LONG, "streams", kind);
    }
}

/* Below 3 * 2^62 each third is as likely; the remainder of 64 bits would be in the first one half of the
 * time. */
static void integers_below_a_bound_are_fair(void) {
    enum { DRAWS = 30000 };
    static const uint64_t bound[] = {1, 2, 3, 10, 1000, UINT64_C(3) << 62};
    for (size_t i = 0; i < sizeof bound / sizeof bound[0]; i++) {
        uint64_t part = bound[i] > 10 ? 3 : bound[i], count[10] = {0};
        sb_random random = sb_random_at(5, i, 0);
        for (int k = 0; k < DRAWS; k++) {
            uint64_t draw = sb_random_below(&random, bound[i]);
            SB_CHECK(draw < bound[i], "%llu", (unsigned long long)draw);
            count[bound[i] > 10 ? draw / (bound[i] / part + (bound[i] % part != 0)) : draw]++;
        }
        for (uint64_t k = 0; k < part; k++) {
            double share = bound[i] == 1000 ? (k < 2 ? .334 : .332) : 1.0 / (double)part;
            double z = ((double)count[k] - DRAWS * share) / sqrt(DRAWS * share * (1 - share) + (part == 1));
            SB_CHECK(fabs(z) < deviations, "bound %llu, part %llu: %llu", (unsigned long long)bound[i],
                     (unsigned long long)k, (unsigned long long)count[k]);
        }
    }
}

static const sb_test tests[] = {{"Philox4x32-10: known answers", known_answers},
                                {"short sequences are the words of their address", short_sequences},
                                {"every number is its formula, also at the ends", formulas},
                                {"runs: every number is at its address", addresses_are_as_documented},
                                {"runs: any slice, any instruction set, the same bits", slices},
                                {"moments to order 6, Kolmogorov-Smirnov", laws},
                                {"the same across streams, indices and seeds", laws_across_addresses},
                                {"tails beyond 4 and 5 standard deviations", tails},
                                {"neighbours are uncorrelated", neighbours_are_uncorrelated},
                                {"each bit is fair", bits_are_fair},
                                {"integers below a bound are fair", integers_below_a_bound_are_fair},
                                {"pairs and triples fill their cells", successive_numbers_fill_the_cube}};
SB_TEST_MAIN(tests)
