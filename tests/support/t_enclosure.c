/* Enclosures against MPFR, which shares no code with Arb: the true value lies inside, and printed ends never
 * cross it. */
#include "support/enclosure.h"
#include "tests/test.h"

#include <math.h>

static void ball_third(arb_t value, const void *context, slong precision) {
    (void)context;
    arb_set_ui(value, 1);
    arb_div_ui(value, value, 3, precision);
}

static void ball_quantile(arb_t value, const void *context, slong precision) {
    sb_normal_two_sided_quantile(value, (const fmpq *)context, precision);
}

static void ball_nothing(arb_t value, const void *context, slong precision) {
    (void)context;
    (void)precision;
    arb_indeterminate(value);
}

/* x := z(delta) is right iff erf(x / sqrt 2) brackets delta, evaluated by MPFR at both printed ends. */
static void two_sided_quantile_against_mpfr(void) {
    static const char *const delta[] = {"1/2",       "1/10",         "9/10",       "1e-30",
                                        "1/3",       "0.7661898387", "1e-300",     "0.999999999999999999",
                                        "0.5000001", "0.4999999",    "2385/10000", "1e-3"};
    for (size_t i = 0; i < sizeof delta / sizeof delta[0]; i++) {
        sb_exact number;
        sb_error error = {0};
        arb_t z;
        mpfr_t end, root, target;
        sb_exact_init(&number);
        arb_init(z);
        mpfr_inits2(2400, end, root, target, (mpfr_ptr)0);
        SB_CHECK(sb_exact_parse("delta", delta[i], &number, &error) == SB_OK);
        SB_CHECK(sb_enclose(z, ball_quantile, number.value, 40, &error) == SB_OK, "%s", error.message);
        mpq_t exact;
        mpq_init(exact);
        fmpq_get_mpq(exact, number.value);
        mpfr_set_q(target, exact, MPFR_RNDN);
        for (int upper = 0; upper < 2; upper++) {
            char *shown = upper ? sb_decimal_upper(z, 40) : sb_decimal_lower(z, 40);
            mpfr_set_str(end, shown, 10, MPFR_RNDN);
            mpfr_sqrt_ui(root, 2, MPFR_RNDN);
            mpfr_div(end, end, root, MPFR_RNDN);
            mpfr_erf(end, end, MPFR_RNDN);
            int side = mpfr_cmp(end, target);
            SB_CHECK(upper ? side >= 0 : side <= 0, "delta %s: %s end %s is on the wrong side", delta[i],
                     upper ? "upper" : "lower", shown);
            free(shown);
        }
        mpq_clear(exact);
        mpfr_clears(end, root, target, (mpfr_ptr)0);
        arb_clear(z);
        sb_exact_clear(&number);
    }
}

static void quantile_inverts_cdf(void) {
    uint64_t state = 3;
    arb_t p, x, back;
    arb_init(p);
    arb_init(x);
    arb_init(back);
    for (int i = 0; i < 400; i++) {
        double u = ((double)(sb_test_random(&state) >> 11) + 0.5) / 9007199254740992.0;
        if (i % 4 == 0) u = ldexp(u, -(int)(sb_test_random(&state) % 900));
        arb_set_d(p, u);
        slong precision = 64 + (slong)(sb_test_random(&state) % 200);
        sb_normal_quantile(x, p, precision);
        SB_CHECK(arb_is_finite(x), "no quantile at %g", u);
        sb_normal_cdf(back, x, precision + 50);
        SB_CHECK(arb_contains(back, p), "Phi(Phi^-1(%g)) misses it", u);
        SB_CHECK(arb_rel_accuracy_bits(x) >= precision - 25 || fabs(u - 0.5) < 1e-3,
                 "only %ld bits of %ld at %g", (long)arb_rel_accuracy_bits(x), (long)precision, u);
    }
    arb_set_d(p, 0.5);
    sb_normal_quantile(x, p, 64);
    SB_CHECK(arb_is_zero(x));
    static const double outside[] = {0, 1, -0.25, 1.5};
    for (size_t i = 0; i < 4; i++) {
        arb_set_d(p, outside[i]);
        sb_normal_quantile(x, p, 64);
        SB_CHECK(!arb_is_finite(x), "a quantile at %g", outside[i]);
    }
    arb_clear(p);
    arb_clear(x);
    arb_clear(back);
}

/* d^(a/b) by MPFR's root of an exact power. */
static void dimension_powers(void) {
    static const uint64_t base[] = {1, 2, 3, 3072, 150528, (uint64_t)1 << 62};
    static const slong exponent[][2] = {{2, 1}, {1, 1},  {0, 1}, {3, 2}, {1, 3},
                                        {7, 4}, {-1, 2}, {5, 3}, {-2, 1}};
    for (size_t i = 0; i < 6; i++) {
        for (size_t j = 0; j < sizeof exponent / sizeof exponent[0]; j++) {
            arb_t value;
            mpfr_t truth;
            fmpq_t e;
            arb_init(value);
            fmpq_init(e);
            mpfr_init2(truth, 500);
            fmpq_set_si(e, exponent[j][0], (ulong)exponent[j][1]);
            sb_dimension_power(value, base[i], e, 128);
            mpfr_set_ui(truth, base[i], MPFR_RNDN);
            mpfr_pow_si(truth, truth, exponent[j][0], MPFR_RNDN);
            mpfr_rootn_ui(truth, truth, (unsigned long)exponent[j][1], MPFR_RNDN);
            arf_t t;
            arf_init(t);
            arf_set_mpfr(t, truth);
            arb_t around; /* the truth with MPFR's own rounding error */
            arb_init(around);
            arb_set_arf(around, t);
            mag_t m;
            mag_init(m);
            arf_get_mag(m, t);
            mag_mul_2exp_si(m, m, -490);
            arb_add_error_mag(around, m);
            SB_CHECK(arb_overlaps(value, around) && arb_rel_accuracy_bits(value) > 100, "%lu^(%ld/%ld)",
                     (unsigned long)base[i], (long)exponent[j][0], (long)exponent[j][1]);
            mag_clear(m);
            arb_clear(around);
            arf_clear(t);
            mpfr_clear(truth);
            fmpq_clear(e);
            arb_clear(value);
        }
    }
}

static void printing_is_outward(void) {
    arb_t x;
    sb_error error;
    arb_init(x);
    SB_CHECK(sb_enclose(x, ball_third, NULL, 50, &error) == SB_OK);
    char *lower = sb_decimal_lower(x, 6), *upper = sb_decimal_upper(x, 6);
    SB_CHECK(strcmp(lower, "0.333333") == 0 && strcmp(upper, "0.333334") == 0, "%s %s", lower, upper);
    free(lower);
    free(upper);
    arb_set_str(x, "0.12345678 +/- 1e-30", 128); /* nearest to 6 digits goes up: 0.123457 */
    lower = sb_decimal_lower(x, 6);
    SB_CHECK(strcmp(lower, "0.123456") == 0, "%s", lower);
    free(lower);
    arb_set_d(x, 0.375); /* exact: no padding, both ends equal */
    lower = sb_decimal_lower(x, 6);
    upper = sb_decimal_upper(x, 6);
    SB_CHECK(strcmp(lower, "0.375") == 0 && strcmp(upper, "0.375") == 0);
    free(lower);
    free(upper);
    arb_zero_pm_inf(x);
    lower = sb_decimal_lower(x, 6);
    upper = sb_decimal_upper(x, 6);
    SB_CHECK(strcmp(lower, "-inf") == 0 && strcmp(upper, "inf") == 0);
    free(lower);
    free(upper);
    fmpz_t huge; /* 2^(2^40): far beyond what can be written out */
    fmpz_init(huge);
    fmpz_one_2exp(huge, 40);
    arb_one(x);
    arb_mul_2exp_fmpz(x, x, huge);
    lower = sb_decimal_lower(x, 6);
    upper = sb_decimal_upper(x, 6);
    SB_CHECK(strcmp(lower, upper) != 0 && strncmp(lower, "8.05723e+330985980541", 21) == 0, "%s %s", lower,
             upper);
    free(lower);
    free(upper);
    fmpz_clear(huge);
    arb_clear(x);
}

static void comparisons(void) {
    sb_error error;
    fmpq_t third;
    int sign = 9;
    fmpq_init(third);
    fmpq_set_si(third, 1, 3);
    SB_CHECK(sb_compare_with(ball_third, NULL, third, &sign, &error) ==
             SB_UNDECIDED); /* equal, but never exact in balls */
    fmpq_set_si(third, 333333333, 1000000000);
    SB_CHECK(sb_compare_with(ball_third, NULL, third, &sign, &error) == SB_OK && sign == 1);
    fmpq_set_si(third, 333333334, 1000000000);
    SB_CHECK(sb_compare_with(ball_third, NULL, third, &sign, &error) == SB_OK && sign == -1);
    arb_t x;
    arb_init(x);
    SB_CHECK(sb_enclose(x, ball_nothing, NULL, 6, &error) == SB_OUTSIDE);
    arb_clear(x);
    fmpq_clear(third);
}

static const sb_test tests[] = {
    {"z(delta) brackets the inverse of erf by MPFR", two_sided_quantile_against_mpfr},
    {"the quantile inverts the cdf", quantile_inverts_cdf},
    {"powers of dimensions against MPFR", dimension_powers},
    {"printed ends are rounded outward", printing_is_outward},
    {"certified comparison", comparisons}};
SB_TEST_MAIN(tests)
