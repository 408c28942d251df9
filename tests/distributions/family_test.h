/* What the tests of the uniform, logistic, triangular, Cauchy and Student's t families share. */
#ifndef SB_TESTS_DISTRIBUTIONS_FAMILY_TEST_H
#define SB_TESTS_DISTRIBUTIONS_FAMILY_TEST_H

#include "distributions/law_numerics.h"
#include "distributions/noise.h"
#include "tests/test.h"

#include <math.h>

static const char *const family[] = {"uniform",         "logistic",         "triangular",
                                     "cauchy",          "student-t:nu=3",   "student-t:nu=5/2",
                                     "student-t:nu=40", "student-t:nu=1/2", "student-t:nu=100"};
enum { FAMILIES = sizeof family / sizeof family[0], PRECISION = 100 };

static inline void open_shape(sb_noise_spec *spec, const char *text) {
    sb_error error;
    sb_noise_spec_init(spec);
    if (sb_noise_spec_parse_shape(spec, text, &error)) {
        printf("# %s\n", error.message);
        abort();
    }
}

static inline double middle(const arb_t x) {
    return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

/* Whether the value is narrow and, within the digits of the reference, equal to it. */
static inline int agrees(const arb_t value, const char *reference) {
    arb_t expected, tolerance, zero;
    arb_init(expected);
    arb_init(tolerance);
    arb_init(zero);
    arb_set_str(expected, reference, 200);
    arb_abs(tolerance, expected);
    arb_set_d(zero, 1e-3);
    arb_add(tolerance, tolerance, zero, 60);
    arb_set_d(zero, 1e-23);
    arb_mul(tolerance, tolerance, zero, 60);
    arb_add_error(expected, tolerance);
    int same = arb_overlaps(value, expected) && mag_cmp_2exp_si(arb_radref(value), -80) < 0;
    arb_clear(expected);
    arb_clear(tolerance);
    arb_clear(zero);
    return same;
}

#endif
