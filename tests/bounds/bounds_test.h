/* Shared by the tests of bounds: random parameters, and truth computed apart from the library, by MPFR at 300
 * bits. */
#ifndef SB_TESTS_BOUNDS_TEST_H
#define SB_TESTS_BOUNDS_TEST_H

#include "bounds/bound_list.h"
#include "tests/test.h"

enum { TRUTH_BITS = 300, TRUTH_ERROR = 250 }; /* a truth is right to 2^-TRUTH_ERROR, relatively */

/* x := a random rational strictly between 0 and 1 with a denominator below 2^bits */
static inline void random_fraction(fmpq_t x, uint64_t *state, unsigned bits) {
    ulong bottom = 2 + sb_test_random(state) % ((1ul << bits) - 2);
    ulong top = 1 + sb_test_random(state) % (bottom - 1);
    fmpz_set_ui(fmpq_numref(x), top);
    fmpz_set_ui(fmpq_denref(x), bottom);
    fmpq_canonicalise(x);
}

/* Random parameters: d of every size, p = inf, an integer or a rational from `least` on, eps of every size,
 * delta sometimes near 0 or 1. */
static inline void random_parameters(sb_parameters *parameters, uint64_t *state, ulong least) {
    parameters->dimension = 1 + sb_test_random(state) % ((uint64_t)1 << (1 + sb_test_random(state) % 62));
    random_fraction(parameters->norm.value, state, 6);
    fmpq_add_si(parameters->norm.value, parameters->norm.value, (slong)(least + sb_test_random(state) % 4));
    parameters->norm.infinite = sb_test_random(state) % 3 == 0;
    random_fraction(parameters->radius, state, 12);
    if (sb_test_random(state) % 2)
        fmpq_mul_2exp(parameters->radius, parameters->radius, sb_test_random(state) % 200);
    if (sb_test_random(state) % 4 == 0)
        fmpq_div_2exp(parameters->radius, parameters->radius, sb_test_random(state) % 14000);
    random_fraction(parameters->delta, state, 10);
    if (sb_test_random(state) % 4 == 0)
        fmpq_div_2exp(parameters->delta, parameters->delta, sb_test_random(state) % 200);
    if (sb_test_random(state) % 6 == 0) {
        fmpq_div_2exp(parameters->delta, parameters->delta, sb_test_random(state) % 100);
        fmpq_sub_si(parameters->delta, parameters->delta, 1);
        fmpq_neg(parameters->delta, parameters->delta);
    }
}

static inline void set_text(fmpq_t value, const char *text) {
    sb_exact number;
    sb_exact_init(&number);
    if (sb_exact_parse("test", text, &number, NULL)) abort();
    fmpq_set(value, number.value);
    sb_exact_clear(&number);
}

/* Parameters from text, which must be fine. */
static inline void set_parameters(sb_parameters *parameters, const char *d, const char *p, const char *eps,
                                  const char *delta) {
    sb_error error;
    if (sb_parameters_parse(parameters, d, p, eps, delta, &error)) {
        printf("# %s\n", error.message);
        abort();
    }
}

/* ------------------------------------------------------------------ MPFR */
static inline void mpfr_from_rational(mpfr_t y, const fmpq_t x) {
    mpq_t q;
    mpq_init(q);
    fmpq_get_mpq(q, x);
    mpfr_set_q(y, q, MPFR_RNDN);
    mpq_clear(q);
}

/* y := d^(constant + slope/p), by exp and log */
static inline void mpfr_power_law(mpfr_t y, const sb_parameters *parameters, double constant, long slope) {
    mpfr_t e;
    mpfr_init2(e, TRUTH_BITS);
    if (parameters->norm.infinite) {
        mpfr_set_zero(e, 1);
    } else {
        mpfr_from_rational(e, parameters->norm.value);
        mpfr_si_div(e, slope, e, MPFR_RNDN);
    }
    mpfr_add_d(e, e, constant, MPFR_RNDN);
    mpfr_set_ui(y, parameters->dimension, MPFR_RNDN);
    mpfr_log(y, y, MPFR_RNDN);
    mpfr_mul(y, y, e, MPFR_RNDN);
    mpfr_exp(y, y, MPFR_RNDN);
    mpfr_clear(e);
}

/* Whether the ball holds the truth and is narrow (12 digits at least). */
static inline int ball_agrees(const arb_t ball, const mpfr_t truth) {
    arb_t t;
    arb_init(t);
    arf_set_mpfr(arb_midref(t), truth);
    mag_t error;
    mag_init(error);
    arf_get_mag(error, arb_midref(t));
    mag_mul_2exp_si(error, error, -TRUTH_ERROR);
    mag_set(arb_radref(t), error);
    mag_clear(error);
    int agrees = arb_overlaps(ball, t) && arb_rel_accuracy_bits(ball) > 40;
    arb_clear(t);
    return agrees;
}

/* Whether the printed ends are on either side of the truth and not far from it. */
static inline int ends_agree(const arb_t ball, const mpfr_t truth, int digits) {
    char *lower = sb_decimal_lower(ball, digits), *upper = sb_decimal_upper(ball, digits);
    mpfr_t low, high, slack;
    mpfr_inits2(TRUTH_BITS + 4000, low, high, slack, (mpfr_ptr)0);
    int read = mpfr_set_str(low, lower, 10, MPFR_RNDU) == 0 && mpfr_set_str(high, upper, 10, MPFR_RNDD) == 0;
    mpfr_abs(slack, truth, MPFR_RNDN);
    mpfr_div_2ui(slack, slack, TRUTH_ERROR, MPFR_RNDN);
    mpfr_sub(low, low, slack, MPFR_RNDD);
    mpfr_add(high, high, slack, MPFR_RNDU);
    int agrees = read && mpfr_cmp(low, truth) <= 0 && mpfr_cmp(high, truth) >= 0;
    mpfr_sub(high, high, low, MPFR_RNDU); /* at most 2 units of the last digit, and the slack */
    mpfr_ui_pow_ui(low, 10, (unsigned long)(digits - 1), MPFR_RNDN);
    mpfr_mul(high, high, low, MPFR_RNDU);
    mpfr_mul_ui(low, truth, 3, MPFR_RNDU);
    agrees = agrees && mpfr_cmpabs(high, low) <= 0;
    mpfr_clears(low, high, slack, (mpfr_ptr)0);
    free(lower);
    free(upper);
    return agrees;
}

/* Encloses a bound and holds it against the truth, ball and decimals. */
static inline int bound_agrees(sb_ball_function *function, const void *context, const mpfr_t truth,
                               uint64_t *state) {
    int digits = 1 + (int)(sb_test_random(state) % 40);
    arb_t ball;
    arb_init(ball);
    int agrees = sb_enclose(ball, function, context, digits < 12 ? 12 : digits, NULL) == SB_OK &&
                 ball_agrees(ball, truth) && ends_agree(ball, truth, digits);
    arb_clear(ball);
    return agrees;
}

/* f(x) as a double, at 128 bits inside: for laws that need no more. */
static inline double value_of(sb_ball_function *function, const void *context) {
    arb_t ball;
    arb_init(ball);
    function(ball, context, 128);
    double x = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
    arb_clear(ball);
    return x;
}

#define PARAMETERS_FORMAT "d=%llu p=%s eps=%s delta=%s"

#endif
