/* m, a and M as the maxima they are defined as, taken over all lines; T against values by mpmath, and the
   tangent that defines it. */
#include "bounds/sharp.h"
#include "tests/test.h"

#include <math.h>

static void random_delta(fmpq_t delta, uint64_t *state) {
    slong q = 1 + (slong)(sb_test_random(state) % 400), p = 1 + (slong)(sb_test_random(state) % (uint64_t)q);
    fmpq_set_si(delta, p, (ulong)q);
}

/* n(n+1)(3 - (2n+1) x)/12 */
static void line(fmpq_t value, slong n, const fmpq_t x) {
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_set_si(factor, -(2 * n + 1), 1);
    fmpq_mul(value, x, factor);
    fmpq_add_si(value, value, 3);
    fmpq_set_si(factor, n * (n + 1), 12);
    fmpq_mul(value, value, factor);
    fmpq_clear(factor);
}

static void maxima(void) {
    uint64_t state = 1;
    fmpq_t delta, half, best, next, value;
    fmpq_init(delta);
    fmpq_init(half);
    fmpq_init(best);
    fmpq_init(next);
    fmpq_init(value);
    for (int trial = 0; trial < 300; trial++) {
        random_delta(delta, &state);
        fmpq_div_2exp(half, delta, 1);
        fmpq_zero(best);
        for (slong n = 1; n <= 900; n++) {
            line(next, n, delta);
            if (fmpq_cmp(next, best) > 0) fmpq_set(best, next);
        }
        sb_sharp_m(value, delta);
        SB_CHECK(fmpq_equal(value, best), "m, trial %d", trial);
        fmpq_set_si(best, 2, 1);
        fmpq_submul(best, delta, best);
        for (slong n = 3; n <= 900; n++) {
            line(next, n, half);
            if (fmpq_cmp(next, best) > 0) fmpq_set(best, next);
        }
        sb_sharp_M(value, delta);
        SB_CHECK(fmpq_equal(value, best), "M, trial %d", trial);
        fmpq_zero(best);
        for (slong j = 1; j <= 900; j++) {
            fmpq_set_si(next, -j, 1);
            fmpq_mul(next, next, delta);
            fmpq_add_si(next, next, 1);
            fmpq_set_si(half, j, 1);
            fmpq_mul(next, next, half);
            if (fmpq_cmp(next, best) > 0) fmpq_set(best, next);
        }
        sb_sharp_a(value, delta);
        SB_CHECK(fmpq_equal(value, best), "a, trial %d", trial);
    }
    fmpq_clear(delta);
    fmpq_clear(half);
    fmpq_clear(best);
    fmpq_clear(next);
    fmpq_clear(value);
}

/* At delta = 1/n: m = (n^2-1)/12, above it (1-delta^2)/(12 delta^2); a >= (1-delta^2)/(4 delta). */
static void closed_forms(void) {
    fmpq_t delta, value, wanted;
    fmpq_init(delta);
    fmpq_init(value);
    fmpq_init(wanted);
    for (slong n = 1; n < 60; n++) {
        fmpq_set_si(delta, 1, (ulong)n);
        fmpq_set_si(wanted, n * n - 1, 12);
        sb_sharp_m(value, delta);
        SB_CHECK(fmpq_equal(value, wanted), "m(1/%ld)", n);
        fmpq_set_si(wanted, n % 2 ? n * n - 1 : n * n, (ulong)(4 * n));
        sb_sharp_a(value, delta);
        SB_CHECK(fmpq_equal(value, wanted), "a(1/%ld)", n);
    }
    fmpq_set_str(delta, "1/1000000000000000000000000000000", 10);
    sb_sharp_m(value, delta);
    fmpq_set_str(wanted, "333333333333333333333333333333333333333333333333333333333333/4", 10);
    SB_CHECK(fmpq_equal(value, wanted), "m(1e-30)");
    fmpq_clear(delta);
    fmpq_clear(value);
    fmpq_clear(wanted);
}

static double near_value(const arb_t value) {
    return arf_get_d(arb_midref(value), ARF_RND_NEAR);
}

static void limits(void) {
    arb_t delta0, z0, value;
    fmpq_t delta;
    arb_init(delta0);
    arb_init(z0);
    arb_init(value);
    fmpq_init(delta);
    sb_sharp_T_switch(delta0, z0, 150);
    SB_CHECK(fabs(near_value(z0) - 1.1906012483) < 1e-10 && arb_rel_accuracy_bits(z0) > 140);
    SB_CHECK(fabs(near_value(delta0) - 0.7661898387) < 1e-10);
    fmpq_set_si(delta, 9, 10);
    sb_sharp_T(value, delta, 128);
    SB_CHECK(fabs(near_value(value) - 0.07542997434) < 1e-11, "T(.9) = %.12g", near_value(value));
    fmpq_set_si(delta, 1, 2);
    sb_sharp_T(value, delta, 128);
    SB_CHECK(fabs(near_value(value) - 0.54952733457943) < 1e-13, "T(1/2) = %.12g", near_value(value));
    fmpq_set_si(delta, 1, 1);
    sb_sharp_T(value, delta, 128);
    SB_CHECK(arb_contains_zero(value));
    arb_clear(delta0);
    arb_clear(z0);
    arb_clear(value);
    fmpq_clear(delta);
}

static const sb_test tests[] = {{"sharp: maxima over all lines", maxima},
                                {"sharp: closed forms", closed_forms},
                                {"sharp: limits", limits}};
SB_TEST_MAIN(tests)
