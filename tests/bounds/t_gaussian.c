/* Gaussian noise: total variation against MPFR's erf and against the integral itself, the smallest sigma,
 * Corollaries B.2 and B.3, Theorem 2.1. */
#include "bounds/gaussian.h"
#include "tests/bounds/bounds_test.h"

#include <math.h>

/* (1/2) integral |phi(x) - phi(x - t)| by Simpson's rule, split where the densities cross */
static double variation_by_quadrature(double t) {
    double sum = 0;
    for (int part = 0; part < 2; part++) {
        double a = part ? t / 2 : t / 2 - 20, b = part ? t / 2 + 20 : t / 2, h = (b - a) / 4000;
        for (int i = 0; i <= 4000; i++) {
            double x = a + h * i,
                   f = fabs(exp(-x * x / 2) - exp(-(x - t) * (x - t) / 2)) / sqrt(2 * acos(-1));
            sum += f * (i == 0 || i == 4000 ? 1 : i % 2 ? 4 : 2) * h / 3;
        }
    }
    return sum / 2;
}

/* truth := erf(sqrt(square) / (2 sqrt 2)) by MPFR; times 2 in the argument for the criterion */
static void truth_of_variation(mpfr_t truth, const fmpq_t square, int criterion) {
    mpfr_t two;
    mpfr_init2(two, TRUTH_BITS + 100);
    mpfr_from_rational(truth, square);
    mpfr_sqrt(truth, truth, MPFR_RNDN);
    mpfr_sqrt_ui(two, criterion ? 2 : 8, MPFR_RNDN);
    mpfr_div(truth, truth, two, MPFR_RNDN);
    mpfr_erf(truth, truth, MPFR_RNDN);
    mpfr_clear(two);
}

static void total_variation(void) {
    uint64_t state = 41;
    sb_gaussian_shift shift;
    mpfr_t truth;
    fmpq_t square;
    sb_gaussian_shift_init(&shift);
    mpfr_init2(truth, TRUTH_BITS + 100);
    fmpq_init(square);
    for (int i = 0; i < 300; i++) {
        random_fraction(shift.squared_length, &state, 20);
        fmpq_mul_ui(shift.squared_length, shift.squared_length, 1 + sb_test_random(&state) % 100);
        if (i % 5 == 0)
            fmpq_div_2exp(shift.squared_length, shift.squared_length, sb_test_random(&state) % 9000);
        random_fraction(shift.sigma, &state, 20);
        fmpq_add_si(shift.sigma, shift.sigma, 1);
        fmpq_div(square, shift.squared_length, shift.sigma);
        fmpq_div(square, square, shift.sigma);
        truth_of_variation(truth, square, 0);
        SB_CHECK(bound_agrees(sb_gaussian_shift_total_variation, &shift, truth, &state), "instance %d", i);
    }
    fmpq_one(shift.sigma);
    for (int i = 1; i <= 40; i++) {
        fmpq_set_si(shift.squared_length, (slong)i * i, 25); /* |v| = i/5 */
        fmpq_canonicalise(shift.squared_length);
        SB_CHECK(fabs(value_of(sb_gaussian_shift_total_variation, &shift) - variation_by_quadrature(i / 5.)) <
                     1e-10,
                 "t = %g", i / 5.);
    }
    fmpq_zero(shift.squared_length);
    SB_CHECK(value_of(sb_gaussian_shift_total_variation, &shift) == 0);
    sb_gaussian_shift_clear(&shift);
    mpfr_clear(truth);
    fmpq_clear(square);
}

static void corollary_B_2(void) {
    uint64_t state = 42;
    fmpq_t ratio, lower, upper;
    arb_t t, value;
    fmpq_init(ratio);
    fmpq_init(lower);
    fmpq_init(upper);
    arb_init(t);
    arb_init(value);
    for (int i = 0; i < 500; i++) {
        random_fraction(ratio, &state, 10);
        fmpq_mul_ui(ratio, ratio, 1 + sb_test_random(&state) % 30);
        sb_corollary_B_2(lower, upper, ratio);
        arb_set_fmpq(t, ratio, 100);
        sb_gaussian_total_variation(value, t, 100);
        arb_set_fmpq(t, lower, 100);
        SB_CHECK(arb_gt(value, t));
        arb_set_fmpq(t, upper, 100);
        SB_CHECK(arb_lt(value, t));
        double x = fmpz_get_d(fmpq_numref(ratio)) / fmpz_get_d(fmpq_denref(ratio)), least = x < 1 ? x : 1;
        double low = fmpz_get_d(fmpq_numref(lower)) / fmpz_get_d(fmpq_denref(lower));
        double high = fmpz_get_d(fmpq_numref(upper)) / fmpz_get_d(fmpq_denref(upper));
        SB_CHECK(fabs(low * 200 / least - 1) < 1e-14 && fabs(high / 4.5 / least - 1) < 1e-14);
    }
    fmpq_clear(ratio);
    fmpq_clear(lower);
    fmpq_clear(upper);
    arb_clear(t);
    arb_clear(value);
}

/* sigma of the parameters, put back into MPFR's erf with the longest shift: delta again. */
static void smallest_sigma(void) {
    uint64_t state = 43;
    sb_parameters q;
    mpfr_t t, delta, x;
    arb_t sigma;
    sb_parameters_init(&q);
    mpfr_inits2(TRUTH_BITS + 200, t, delta, x, (mpfr_ptr)0);
    arb_init(sigma);
    for (int i = 0; i < 300; i++) {
        random_parameters(&q, &state, 1);
        SB_CHECK(sb_enclose(sigma, sb_gaussian_sigma, &q, 60, NULL) == SB_OK, "instance %d", i);
        int above = q.norm.infinite || fmpq_cmp_ui(q.norm.value, 2) > 0;
        if (above)
            mpfr_power_law(t, &q, 0.5, -1);
        else
            mpfr_set_ui(t, 1, MPFR_RNDN);
        mpfr_from_rational(x, q.radius);
        mpfr_mul(t, t, x, MPFR_RNDN); /* the longest shift */
        arf_get_mpfr(x, arb_midref(sigma), MPFR_RNDN);
        mpfr_div(t, t, x, MPFR_RNDN);
        mpfr_sqrt_ui(x, 8, MPFR_RNDN);
        mpfr_div(t, t, x, MPFR_RNDN);
        mpfr_from_rational(delta, q.delta);
        if (mpfr_cmp_d(delta, 0.5) > 0) { /* compare 1 - delta, which may be tiny */
            mpfr_erfc(t, t, MPFR_RNDN);
            mpfr_ui_sub(delta, 1, delta, MPFR_RNDN);
        } else {
            mpfr_erf(t, t, MPFR_RNDN);
        }
        mpfr_div(t, t, delta, MPFR_RNDN);
        mpfr_sub_ui(t, t, 1, MPFR_RNDN);
        SB_CHECK(fabs(mpfr_get_d(t, MPFR_RNDN)) < 1e-50, "instance %d: off by %g", i,
                 mpfr_get_d(t, MPFR_RNDN));
    }
    sb_parameters_clear(&q);
    mpfr_clears(t, delta, x, (mpfr_ptr)0);
    arb_clear(sigma);
}

/* The longest shift of the l_p ball, by random points of its surface. */
static void longest_shift(void) {
    uint64_t state = 44;
    static const char *const norm[] = {"1", "3/2", "2", "5/2", "4", "17", "inf"};
    static const double p[] = {1, 1.5, 2, 2.5, 4, 17, HUGE_VAL};
    sb_parameters q;
    sb_parameters_init(&q);
    for (size_t i = 0; i < 7; i++) {
        set_parameters(&q, "6", norm[i], "1", "1/2");
        double most = 0, bound = value_of(sb_longest_shift, &q);
        for (int trial = 0; trial < 4000; trial++) {
            double v[6], length = 0, square = 0;
            int support = 1 + (int)(sb_test_random(&state) % 6), flat = trial % 2;
            for (int j = 0; j < 6; j++) {
                v[j] = j >= support ? 0 : flat ? 1 : (double)(sb_test_random(&state) % 1000) / 1000;
                length = isinf(p[i]) ? fmax(length, v[j]) : length + pow(v[j], p[i]);
                square += v[j] * v[j];
            }
            if (!isinf(p[i])) length = pow(length, 1 / p[i]);
            if (length > 0 && sqrt(square) / length > most) most = sqrt(square) / length;
        }
        SB_CHECK(most <= bound * (1 + 1e-12) && most >= bound * (1 - 1e-12), "p = %s: %g against %g", norm[i],
                 most, bound);
    }
    sb_parameters_clear(&q);
}

static void corollary_B_3(void) {
    uint64_t state = 45;
    sb_parameters q;
    arb_t sigma, best;
    sb_parameters_init(&q);
    arb_init(sigma);
    arb_init(best);
    for (int i = 0; i < 300; i++) {
        random_parameters(&q, &state, 2);
        sb_corollary_B_3(sigma, &q, 128);
        sb_gaussian_sigma(best, &q, 128);
        SB_CHECK(arb_gt(sigma, best)); /* so it has TV <= delta */
        const sb_bound *variance = sb_bound_find("cor-B.3", "E[eta_i^2]");
        arb_mul(sigma, sigma, sigma, 128);
        variance->value(best, &q, 128);
        SB_CHECK(arb_overlaps(sigma, best));
        sb_corollary_B_3_norm(best, &q, 128); /* sqrt(d) sigma */
        arb_mul(best, best, best, 128);
        arb_div_ui(best, best, q.dimension, 128);
        SB_CHECK(arb_overlaps(sigma, best));
    }
    set_parameters(&q, "7", "4", "1", "1/1000000");
    double ratio = value_of(sb_corollary_B_3, &q) / value_of(sb_gaussian_sigma, &q);
    SB_CHECK(fabs(ratio * ratio - 81 * acos(-1) / 2) < 1e-3, "variance ratio %g",
             ratio * ratio); /* -> 127.2 */
    sb_parameters_clear(&q);
    arb_clear(sigma);
    arb_clear(best);
}

static void theorem_2_1(void) {
    uint64_t state = 46;
    sb_gaussian_scores scores;
    sb_error error;
    sb_gaussian_scores_init(&scores);
    for (int i = 0; i < 200; i++) {
        random_fraction(scores.sigma, &state, 10);
        random_fraction(scores.top, &state, 10);
        fmpq_sub_si(scores.runner_up, scores.top, 1);
        fmpq_neg(scores.runner_up, scores.runner_up);
        if (fmpq_cmp(scores.top, scores.runner_up) < 0) fmpq_swap(scores.top, scores.runner_up);
        if (fmpq_equal(scores.top, scores.runner_up)) continue;
        SB_CHECK(sb_theorem_2_1_domain(&scores, &error) == SB_OK);
        /* pB = 1 - pA: radius = sigma Phi^{-1}(pA), so erfc(-radius/(sigma sqrt 2))/2 = pA */
        double sigma = fmpz_get_d(fmpq_numref(scores.sigma)) / fmpz_get_d(fmpq_denref(scores.sigma));
        double top = fmpz_get_d(fmpq_numref(scores.top)) / fmpz_get_d(fmpq_denref(scores.top));
        double radius = value_of(sb_theorem_2_1, &scores);
        SB_CHECK(fabs(erfc(-radius / sigma / sqrt(2)) / 2 - top) < 1e-14, "pA = %g", top);
        scores.norm.infinite = 1; /* in l_inf divided by sqrt d */
        scores.dimension = 3072;
        SB_CHECK(fabs(value_of(sb_theorem_2_1, &scores) * sqrt(3072) / radius - 1) < 1e-14);
        scores.norm.infinite = 0;
        scores.dimension = 1;
    }
    set_text(scores.sigma, "1");
    set_text(scores.top, "0.9");
    set_text(scores.runner_up, "0.05"); /* (Phi^{-1}(0.9) + Phi^{-1}(0.95))/2 */
    SB_CHECK(fabs(value_of(sb_theorem_2_1, &scores) - (1.2815515655446004 + 1.6448536269514722) / 2) < 1e-14);
    fmpq_one(scores.top);
    SB_CHECK(sb_theorem_2_1_domain(&scores, &error) == SB_OUTSIDE && strstr(error.message, "pA < 1"));
    set_text(scores.top, "0.9");
    fmpq_zero(scores.runner_up);
    SB_CHECK(sb_theorem_2_1_domain(&scores, &error) == SB_OUTSIDE && strstr(error.message, "pB > 0"));
    sb_gaussian_scores_clear(&scores);
}

static void worked_numbers(void) {
    static const struct {
        const char *d, *eps, *delta;
        double exact, corollary;
    } known[] = {{"3072", "2/255", "0.5", .3223, 3.912},
                 {"3072", "2/255", "0.99", .0844, 1.976},
                 {"3x224x224", "8/255", "0.1", 48.43, 547.7},
                 {"3x224x224", "8/255", "0.5", 9.02, 109.5}};
    sb_parameters q;
    sb_parameters_init(&q);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        set_parameters(&q, known[i].d, "inf", known[i].eps, known[i].delta);
        double exact = value_of(sb_gaussian_sigma, &q), corollary = value_of(sb_corollary_B_3, &q);
        SB_CHECK(fabs(exact / known[i].exact - 1) < 6e-4, "%zu: %g", i, exact);
        SB_CHECK(fabs(corollary / known[i].corollary - 1) < 6e-4, "%zu: %g", i, corollary);
    }
    sb_parameters_clear(&q);
}

static const sb_test tests[] = {{"gaussian: total variation against MPFR and quadrature", total_variation},
                                {"gaussian: Corollary B.2 brackets it", corollary_B_2},
                                {"gaussian: the smallest sigma gives delta back", smallest_sigma},
                                {"gaussian: the longest shift of the ball", longest_shift},
                                {"gaussian: Corollary B.3 is enough, by a factor of 127", corollary_B_3},
                                {"gaussian: Theorem 2.1", theorem_2_1},
                                {"gaussian: worked numbers", worked_numbers}};
SB_TEST_MAIN(tests)
