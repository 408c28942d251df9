/* Shared by the tests of second moments coordinate by coordinate: norms, random moments and hypotheses. */
#ifndef SB_TESTS_MOMENTS_TEST_H
#define SB_TESTS_MOMENTS_TEST_H

#include "bounds/moment_limit.h"
#include "tests/bounds/bounds_test.h"

#include <math.h>

static const char *const norms[] = {"1", "3/2", "2", "5/2", "3", "4", "8", "100", "inf"};
enum { NORMS = sizeof norms / sizeof norms[0] };

static inline void read_exact(sb_exact *number, const char *text) {
    if (sb_exact_parse("test", text, number, NULL)) abort();
}

static inline void add(sb_coordinate_moments *moments, const fmpq_t value) {
    sb_exact number;
    sb_exact_init(&number);
    fmpq_set(number.value, value);
    if (sb_coordinate_moments_add(moments, &number, NULL)) abort();
    sb_exact_clear(&number);
}

/* d moments: small fractions with repetitions, of one size or spread over `spread` powers of two. */
static inline void random_moments(sb_coordinate_moments *moments, fmpq *b, size_t d, unsigned spread,
                                  uint64_t *state) {
    fmpq_t x;
    fmpq_init(x);
    sb_coordinate_moments_clear(moments);
    for (size_t i = 0; i < d; i++) {
        fmpq_set_si(x, 1 + (slong)(sb_test_random(state) % 9), 1 + sb_test_random(state) % 5);
        fmpq_mul_2exp(x, x, sb_test_random(state) % (spread + 1));
        add(moments, x);
        fmpq_set(&b[i], x);
    }
    sb_coordinate_moments_sort(moments);
    fmpq_clear(x);
}

static inline void random_hypothesis(sb_sharp_hypothesis *hypothesis, fmpq_t delta, uint64_t *state) {
    *hypothesis = (sb_sharp_hypothesis)(sb_test_random(state) % 3);
    random_fraction(delta, state, 8);
    if (sb_test_random(state) % 4 == 0) fmpq_div_2exp(delta, delta, sb_test_random(state) % 60);
}

static inline double uniform(uint64_t *state) {
    return (double)(sb_test_random(state) >> 11) * 0x1p-53;
}

#endif
