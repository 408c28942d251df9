/* m, a and M as the maxima they are defined as, taken over all lines; T against values by mpmath, and the
   tangent that defines it. */
#include "bounds/sharp.h"
#include "tests/test.h"

#include <math.h>
#include <string.h>

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
    /* near 1 it is linear, and as precise as elsewhere: T(1 - x)/x is one number */
    fmpq_t rest;
    fmpq_init(rest);
    arb_t slope;
    arb_init(slope);
    for (slong k = 1; k <= 61; k += 20) {
        fmpq_set_si(rest, 1, 10);
        fmpq_pow_si(rest, rest, k);
        sb_rational_complement(delta, rest);
        sb_sharp_T(value, delta, 128);
        arb_div_fmpz(value, value, fmpq_numref(rest), 128);
        arb_mul_fmpz(value, value, fmpq_denref(rest), 128);
        if (k == 1) arb_set(slope, value);
        SB_CHECK(arb_overlaps(slope, value) && arb_rel_accuracy_bits(value) > 100, "1 - 1e-%ld", k);
    }
    arb_clear(slope);
    fmpq_clear(rest);
    arb_clear(delta0);
    arb_clear(z0);
    arb_clear(value);
    fmpq_clear(delta);
}

/* The rows are coefficient times power of d: for p = inf, d = 100 all powers are rational. */
static void rows(void) {
    const struct {
        const char *source, *quantity, *applies;
        sb_promise promise;
        double
            value; /* eps = 1/2, delta = 1/3: m = 2/3, a = 2/3, R = max{2/3, 2 - 1/12, m(1/4)}, M = m(1/6) */
    } expected[] = {
        {"sharp-1.2", "E||eta||_2^2", "any noise", SB_PROMISE_TV, 10000 / 4. * 2 / 3},
        {"sharp-1.2", "rms", "any noise", SB_PROMISE_TV, 5 * sqrt(2 / 3.)},
        {"sharp-C.1", "E||eta||_2", "any noise", SB_PROMISE_TV, 100 / 2. * 2 / 3},
        {"sharp-C.1", "rms", "any noise", SB_PROMISE_TV, 10 / 2. * 2 / 3},
        {"sharp-C.1", "E max|eta_i|", "any noise", SB_PROMISE_TV, 10 / 2. * 2 / 3},
        {"sharp-3.7", "E[eta_i^2]", "the largest coordinate of any noise", SB_PROMISE_TV, 100 / 4. * 2 / 3},
        {"sharp-3.7", "E[eta_i^2]", "99% of the coordinates of any noise", SB_PROMISE_TV, 1 / 4. * 2 / 3},
        {"sharp-robust", "E||eta||_2^2", "any noise", SB_PROMISE_ROBUST, 10000 / 4. * 23 / 12},
        {"sharp-robust", "rms", "any noise", SB_PROMISE_ROBUST, 5 * sqrt(23 / 12.)},
        {"sharp-robust", "E||eta||_2^2", "any noise symmetric about a point", SB_PROMISE_ROBUST,
         10000 / 4. * 35 / 12},
    };
    sb_parameters at;
    arb_t value;
    sb_error error;
    arb_init(value);
    sb_parameters_init(&at);
    for (int p = 0; p < 2; p++) { /* p = inf; p = 1, where every power is that of p = 2 */
        SB_CHECK(sb_parameters_parse(&at, "100", p ? "1" : "inf", "1/2", "1/3", &error) == SB_OK);
        for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
            size_t k = 0;
            while (k < sb_sharp_bound_count &&
                   (strcmp(sb_sharp_bound[k].source, expected[i].source) != 0 ||
                    strcmp(sb_sharp_bound[k].quantity, expected[i].quantity) != 0 ||
                    strcmp(sb_sharp_bound[k].applies, expected[i].applies) != 0))
                k++;
            SB_CHECK(k < sb_sharp_bound_count && sb_sharp_bound[k].promise == expected[i].promise);
            if (k == sb_sharp_bound_count) continue;
            double factor = !p                                                  ? 1
                            : expected[i].quantity[0] == 'r'                    ? 0.1
                            : strcmp(expected[i].quantity, "E||eta||_2^2") == 0 ? 0.01
                            : strncmp(expected[i].applies, "99%", 3) == 0       ? 1
                            : strcmp(expected[i].quantity, "E[eta_i^2]") == 0   ? 0.01
                                                                                : 0.1;
            sb_sharp_bound[k].value(value, &at, 100);
            double found = arf_get_d(arb_midref(value), ARF_RND_NEAR);
            SB_CHECK(fabs(found / (expected[i].value * factor) - 1) < 1e-14, "%s %s, p = %s: %.17g",
                     expected[i].source, expected[i].quantity, p ? "1" : "inf", found);
        }
    }
    sb_parameters_clear(&at);
    arb_clear(value);
}

static const sb_test tests[] = {{"sharp: maxima over all lines", maxima},
                                {"sharp: closed forms", closed_forms},
                                {"sharp: limits", limits},
                                {"sharp: the rows in R^d", rows}};
SB_TEST_MAIN(tests)
