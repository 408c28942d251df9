/* Tails and Clopper-Pearson bounds against sums of binomial terms in exact rationals and in MPFR, and against
 * GSL's beta quantile. */
#include "distributions/binomial.h"
#include "tests/test.h"

#include <dlfcn.h>
#include <math.h>

/* ------------------------------------------------------------------ independent: sums in rationals */
/* tail := sum_{j=from}^{to} C(n,j) p^j (1-p)^(n-j) */
static void exact_sum(fmpq_t tail, unsigned n, unsigned from, unsigned to, const fmpq_t p) {
    fmpq_t q, term, power;
    fmpz_t binomial;
    fmpq_init(q);
    fmpq_init(term);
    fmpq_init(power);
    fmpz_init(binomial);
    fmpq_one(q);
    fmpq_sub(q, q, p);
    fmpq_zero(tail);
    for (unsigned j = from; j <= to; j++) {
        fmpz_bin_uiui(binomial, n, j);
        fmpq_pow_si(term, p, j);
        fmpq_pow_si(power, q, (slong)(n - j));
        fmpq_mul(term, term, power);
        fmpq_mul_fmpz(term, term, binomial);
        fmpq_add(tail, tail, term);
    }
    fmpq_clear(q);
    fmpq_clear(term);
    fmpq_clear(power);
    fmpz_clear(binomial);
}

static void ends(fmpq_t low, fmpq_t high, const arb_t ball) {
    arf_t x;
    arf_init(x);
    arb_get_lbound_arf(x, ball, 4000);
    arf_get_fmpq(low, x);
    arb_get_ubound_arf(x, ball, 4000);
    arf_get_fmpq(high, x);
    arf_clear(x);
}

static void tails_equal_exact_sums(void) {
    uint64_t state = 1;
    arb_t value, p_ball;
    fmpq_t p, sum;
    arb_init(value);
    arb_init(p_ball);
    fmpq_init(p);
    fmpq_init(sum);
    for (int i = 0; i < 400; i++) {
        unsigned n = 1 + (unsigned)(sb_test_random(&state) % 90),
                 k = (unsigned)(sb_test_random(&state) % (n + 1));
        fmpq_set_si(p, 1 + (slong)(sb_test_random(&state) % 255), 256);
        arb_set_fmpq(p_ball, p, 100);
        exact_sum(sum, n, k, n, p);
        sb_binomial_upper_tail(value, n, k, p_ball, 100);
        SB_CHECK(arb_contains_fmpq(value, sum), "upper tail n=%u k=%u", n, k);
        SB_CHECK(arb_rel_accuracy_bits(value) > 90 || k == 0, "accuracy n=%u k=%u", n, k);
        exact_sum(sum, n, 0, k, p);
        sb_binomial_lower_tail(value, n, k, p_ball, 100);
        SB_CHECK(arb_contains_fmpq(value, sum), "lower tail n=%u k=%u", n, k);
    }
    arb_set_ui(p_ball, 1);
    sb_binomial_upper_tail(value, 10, 3, p_ball, 64);
    SB_CHECK(!arb_is_finite(value), "p = 1 is refused");
    arb_clear(value);
    arb_clear(p_ball);
    fmpq_clear(p);
    fmpq_clear(sum);
}

/* At the lower end of the enclosure of the bound the tail is at most alpha, at its upper end at least alpha.
 */
static void bounds_meet_their_definition(void) {
    static const char *const level[] = {"1/40",     "1/1000", "1/2", "9/10", "1/1000000000000",
                                        "999/1000", "3/10"};
    uint64_t state = 2;
    arb_t bound;
    fmpq_t alpha, low, high, tail;
    sb_error error;
    arb_init(bound);
    fmpq_init(alpha);
    fmpq_init(low);
    fmpq_init(high);
    fmpq_init(tail);
    for (int i = 0; i < 300; i++) {
        unsigned n = 1 + (unsigned)(sb_test_random(&state) % (i < 250 ? 25 : 120)),
                 k = (unsigned)(sb_test_random(&state) % (n + 1));
        fmpq_set_str(alpha, level[i % 7], 10);
        SB_CHECK(sb_clopper_pearson_lower(bound, n, k, alpha, 8, &error) == SB_OK, "%s", error.message);
        ends(low, high, bound);
        if (k == 0) {
            SB_CHECK(arb_is_zero(bound), "k = 0");
        } else {
            exact_sum(tail, n, k, n, low);
            SB_CHECK(fmpq_cmp(tail, alpha) <= 0, "lower bound, lower end: n=%u k=%u alpha=%s", n, k,
                     level[i % 7]);
            exact_sum(tail, n, k, n, high);
            SB_CHECK(fmpq_cmp(tail, alpha) >= 0, "lower bound, upper end: n=%u k=%u alpha=%s", n, k,
                     level[i % 7]);
            SB_CHECK(arb_rel_accuracy_bits(bound) >= 33, "width: n=%u k=%u alpha=%s", n, k, level[i % 7]);
        }
        SB_CHECK(sb_clopper_pearson_upper(bound, n, k, alpha, 8, &error) == SB_OK, "%s", error.message);
        ends(low, high, bound);
        if (k == n) {
            SB_CHECK(arb_is_one(bound), "k = n");
        } else {
            exact_sum(tail, n, 0, k, low);
            SB_CHECK(fmpq_cmp(tail, alpha) >= 0, "upper bound, lower end: n=%u k=%u alpha=%s", n, k,
                     level[i % 7]);
            exact_sum(tail, n, 0, k, high);
            SB_CHECK(fmpq_cmp(tail, alpha) <= 0, "upper bound, upper end: n=%u k=%u alpha=%s", n, k,
                     level[i % 7]);
            SB_CHECK(arb_rel_accuracy_bits(bound) >= 33, "width: n=%u k=%u alpha=%s", n, k, level[i % 7]);
        }
    }
    arb_clear(bound);
    fmpq_clear(alpha);
    fmpq_clear(low);
    fmpq_clear(high);
    fmpq_clear(tail);
}

/* Whatever the true p, the intervals contain it with probability at least 95 %. */
static void intervals_cover(void) {
    static const unsigned size[] = {1, 7, 20, 45};
    arb_t low, high;
    fmpq_t alpha, p, mass, cover, low_end, high_end, unused;
    sb_error error;
    arb_init(low);
    arb_init(high);
    fmpq_init(alpha);
    fmpq_init(p);
    fmpq_init(mass);
    fmpq_init(cover);
    fmpq_init(low_end);
    fmpq_init(high_end);
    fmpq_init(unused);
    fmpq_set_si(alpha, 1, 20);
    for (size_t s = 0; s < 4; s++) {
        unsigned n = size[s];
        double least = 1;
        for (int i = 1; i < 64; i++) {
            fmpq_set_si(p, i, 64);
            fmpq_canonicalise(p);
            fmpq_zero(cover);
            for (unsigned k = 0; k <= n; k++) {
                SB_CHECK(sb_clopper_pearson_interval(low, high, n, k, alpha, 10, &error) == SB_OK, "%s",
                         error.message);
                ends(unused, low_end, low); /* the narrowest interval that the balls allow */
                ends(high_end, unused, high);
                if (fmpq_cmp(low_end, p) > 0 || fmpq_cmp(high_end, p) < 0) continue;
                exact_sum(mass, n, k, k, p);
                fmpq_add(cover, cover, mass);
            }
            double c = fmpq_get_d(cover);
            if (c < least) least = c;
        }
        SB_CHECK(least >= 0.95, "n=%u covers with %.6f only", n, least);
        SB_CHECK(least < 1, "n=%u: an interval that always covers would be useless", n);
    }
    arb_clear(low);
    arb_clear(high);
    fmpq_clear(alpha);
    fmpq_clear(p);
    fmpq_clear(mass);
    fmpq_clear(cover);
    fmpq_clear(low_end);
    fmpq_clear(high_end);
    fmpq_clear(unused);
}

/* Pr(X >= k) by adding all terms downwards from n in 400-bit MPFR. */
static void mpfr_tail(mpfr_t tail, unsigned long n, unsigned long k, const mpfr_t p) {
    mpfr_t term, odds;
    mpfr_init2(term, 400);
    mpfr_init2(odds, 400);
    mpfr_ui_sub(odds, 1, p, MPFR_RNDN);
    mpfr_div(odds, odds, p, MPFR_RNDN);
    mpfr_pow_ui(term, p, n, MPFR_RNDN);
    mpfr_set_ui(tail, 0, MPFR_RNDN);
    for (unsigned long j = n;; j--) {
        mpfr_add(tail, tail, term, MPFR_RNDN);
        if (j == k) break;
        mpfr_mul(term, term, odds, MPFR_RNDN); /* C(n,j-1)/C(n,j) = j/(n-j+1) */
        mpfr_mul_ui(term, term, j, MPFR_RNDN);
        mpfr_div_ui(term, term, n - j + 1, MPFR_RNDN);
    }
    mpfr_clear(term);
    mpfr_clear(odds);
}

static void large_counts_agree_with_mpfr(void) {
    static const unsigned long pair[][2] = {{100000, 99999}, {100000, 99990}, {100000, 90000},
                                            {100000, 50000}, {10000, 6255},   {30000, 17}};
    arb_t bound, ball;
    arf_t x;
    mpfr_t p, tail;
    fmpq_t alpha;
    sb_error error;
    arb_init(bound);
    arb_init(ball);
    arf_init(x);
    mpfr_init2(p, 400);
    mpfr_init2(tail, 400);
    fmpq_init(alpha);
    fmpq_set_si(alpha, 1, 1000);
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        SB_CHECK(sb_clopper_pearson_lower(bound, pair[i][0], pair[i][1], alpha, 12, &error) == SB_OK, "%s",
                 error.message);
        arb_get_lbound_arf(x, bound, 200);
        arf_get_mpfr(p, x, MPFR_RNDN);
        mpfr_tail(tail, pair[i][0], pair[i][1], p);
        SB_CHECK(mpfr_cmp_d(tail, 0.001) <= 0, "%lu of %lu: lower end", pair[i][1], pair[i][0]);
        arb_get_ubound_arf(x, bound, 200);
        arf_get_mpfr(p, x, MPFR_RNDN);
        mpfr_tail(tail, pair[i][0], pair[i][1], p);
        mpfr_mul_ui(tail, tail, 1000, MPFR_RNDN);
        SB_CHECK(mpfr_cmp_ui(tail, 1) >= 0, "%lu of %lu: upper end", pair[i][1], pair[i][0]);
    }
    arb_clear(bound);
    arb_clear(ball);
    arf_clear(x);
    mpfr_clear(p);
    mpfr_clear(tail);
    fmpq_clear(alpha);
}

/* k = n: p^n = alpha. Checked by powers of the ends. */
static void all_successes(void) {
    arb_t bound;
    fmpq_t alpha, low, high;
    sb_error error;
    arb_init(bound);
    fmpq_init(alpha);
    fmpq_init(low);
    fmpq_init(high);
    fmpq_set_si(alpha, 1, 1000);
    for (unsigned n = 1; n < 200; n += 17) {
        SB_CHECK(sb_clopper_pearson_lower(bound, n, n, alpha, 10, &error) == SB_OK, "%s", error.message);
        ends(low, high, bound);
        fmpq_pow_si(low, low, n);
        fmpq_pow_si(high, high, n);
        SB_CHECK(fmpq_cmp(low, alpha) <= 0 && fmpq_cmp(high, alpha) >= 0, "n=%u", n);
    }
    arb_clear(bound);
    fmpq_clear(alpha);
    fmpq_clear(low);
    fmpq_clear(high);
}

static void extremes_are_certified(void) {
    static const struct {
        uint64_t n, k;
        const char *alpha;
    } item[] = {{1000000000, 1, "1/1000"},
                {1000000000, 999999999, "1/1000"},
                {1000000000, 500000000, "1/40"},
                {100000, 50000, "999999/1000000"},
                {1000, 999, "999999999999/1000000000000"},
                {2, 1, "1/1000000000000000000000000000000000000000000000000000000"},
                {100000, 99999, "1/1000000000000000000000000000000000000"},
                {5, 3, "99999999999999999999999/100000000000000000000000"}};
    arb_t bound, tail, alpha;
    fmpq_t level;
    sb_error error;
    arb_init(bound);
    arb_init(tail);
    arb_init(alpha);
    fmpq_init(level);
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        fmpq_set_str(level, item[i].alpha, 10);
        SB_CHECK(sb_clopper_pearson_lower(bound, item[i].n, item[i].k, level, 12, &error) == SB_OK, "%s",
                 error.message);
        SB_CHECK(arb_rel_accuracy_bits(bound) >= 46, "item %zu: width", i);
        sb_binomial_upper_tail(tail, item[i].n, item[i].k, bound, 200);
        arb_set_fmpq(alpha, level, 200);
        SB_CHECK(arb_overlaps(tail, alpha), "item %zu: the tail at the bound is not alpha", i);
        SB_CHECK(sb_clopper_pearson_upper(bound, item[i].n, item[i].k, level, 12, &error) == SB_OK, "%s",
                 error.message);
        SB_CHECK(arb_rel_accuracy_bits(bound) >= 46, "item %zu: width of the upper bound", i);
    }
    arb_clear(bound);
    arb_clear(tail);
    arb_clear(alpha);
    fmpq_clear(level);
}

static void agree_with_gsl(void) {
    void *blas = dlopen("libgslcblas.so.0", RTLD_NOW | RTLD_GLOBAL), *gsl = NULL;
    static const char *const name[] = {"libgsl.so.27", "libgsl.so.28", "libgsl.so.25", "libgsl.so"};
    for (size_t i = 0; blas && !gsl && i < 4; i++) gsl = dlopen(name[i], RTLD_NOW);
    if (!gsl) SB_SKIP("GSL is not installed");
    double (*quantile)(double, double, double);
    void *(*handler_off)(void);
    *(void **)&quantile = dlsym(gsl, "gsl_cdf_beta_Pinv");
    *(void **)&handler_off = dlsym(gsl, "gsl_set_error_handler_off");
    if (!quantile || !handler_off) SB_SKIP("GSL lacks the beta quantile");
    handler_off();
    uint64_t state = 5;
    arb_t bound;
    fmpq_t alpha;
    sb_error error;
    arb_init(bound);
    fmpq_init(alpha);
    int compared = 0;
    for (int i = 0; i < 300; i++) {
        uint64_t n = 2 + sb_test_random(&state) % (i < 200 ? 500 : 20000),
                 k = 1 + sb_test_random(&state) % (n - 1);
        fmpq_set_si(alpha, i % 2 ? 1 : 25, 1000);
        double reference = quantile(i % 2 ? 0.001 : 0.025, (double)k, (double)(n - k + 1));
        SB_CHECK(sb_clopper_pearson_lower(bound, n, k, alpha, 14, &error) == SB_OK, "%s", error.message);
        double value = arf_get_d(arb_midref(bound), ARF_RND_NEAR);
        if (isnan(reference) || reference == 0) continue; /* its iteration gave up */
        compared++;
        SB_CHECK(fabs(value - reference) < 1e-10, "n=%lu k=%lu: %.15g, GSL %.15g", (unsigned long)n,
                 (unsigned long)k, value, reference);
    }
    SB_CHECK(compared > 200, "only %d compared", compared);
    arb_clear(bound);
    fmpq_clear(alpha);
}

static void refuse_what_is_no_count(void) {
    arb_t bound;
    fmpq_t alpha;
    sb_error error;
    arb_init(bound);
    fmpq_init(alpha);
    fmpq_set_si(alpha, 1, 20);
    SB_CHECK(sb_clopper_pearson_lower(bound, 0, 0, alpha, 6, &error) == SB_OUTSIDE, "0 trials");
    SB_CHECK(sb_clopper_pearson_upper(bound, 10, 11, alpha, 6, &error) == SB_OUTSIDE &&
                 strstr(error.message, "11"),
             "11 of 10");
    SB_CHECK(sb_clopper_pearson_lower(bound, SB_TRIALS_LIMIT + 1, 1, alpha, 6, &error) == SB_OUTSIDE,
             "too many trials");
    fmpq_zero(alpha);
    SB_CHECK(sb_clopper_pearson_lower(bound, 10, 1, alpha, 6, &error) == SB_OUTSIDE, "alpha 0");
    fmpq_one(alpha);
    SB_CHECK(sb_clopper_pearson_lower(bound, 10, 1, alpha, 6, &error) == SB_OUTSIDE, "alpha 1");
    arb_clear(bound);
    fmpq_clear(alpha);
}

static void fixed_decimals_round_as_told(void) {
    static const struct {
        const char *value;
        int decimals, direction;
        const char *text;
    } item[] = {{"1/3", 4, -1, "0.3333"},
                {"1/3", 4, 1, "0.3334"},
                {"1/3", 4, 0, "0.3333"},
                {"6255/10000", 4, 1, "0.6255"},
                {"1/8", 2, 0, "0.12"},
                {"3/8", 2, 0, "0.38"},
                {"0", 3, -1, "0.000"},
                {"1", 2, 1, "1.00"},
                {"7", 0, 1, "7"},
                {"-1/3", 2, -1, "-0.34"},
                {"-1/3", 2, 1, "-0.33"},
                {"1/100000", 4, 1, "0.0001"},
                {"1/100000", 4, -1, "0.0000"},
                {"99999/100000", 4, 1, "1.0000"},
                {"1234567/100", 1, -1, "12345.6"}};
    fmpq_t value;
    fmpq_init(value);
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        fmpq_set_str(value, item[i].value, 10);
        char *text = sb_fixed_decimal_rational(value, item[i].decimals, item[i].direction);
        SB_CHECK(text && strcmp(text, item[i].text) == 0, "%s: %s, not %s", item[i].value, text,
                 item[i].text);
        free(text);
    }
    fmpq_clear(value);
}

static const sb_test tests[] = {
    {"tails equal exact sums", tails_equal_exact_sums},
    {"bounds meet their definition in rationals", bounds_meet_their_definition},
    {"intervals cover with 95 %", intervals_cover},
    {"bounds for large counts agree with MPFR sums", large_counts_agree_with_mpfr},
    {"all successes: alpha^(1/n)", all_successes},
    {"extreme counts and levels are certified", extremes_are_certified},
    {"bounds agree with GSL within 1e-10", agree_with_gsl},
    {"counts and levels out of range are refused", refuse_what_is_no_count},
    {"fixed decimals round as told", fixed_decimals_round_as_told}};
SB_TEST_MAIN(tests)
