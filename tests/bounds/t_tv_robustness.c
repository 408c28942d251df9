/* Score gaps and radii: the criterion T0 against its definition (minimising over lambda by quadrature), the
   formulas published for uniform and Gaussian noise, Lemmas A.1 and A.4 on either side, and finite laws with
   all classifiers. */
#include "bounds/gaussian.h"
#include "bounds/tv_robustness.h"
#include "bounds/uniform.h"
#include "distributions/family.h"
#include "tests/bounds/bounds_test.h"

#include <math.h>

typedef struct {
    sb_smoothing smoothing;
    sb_noise_spec noise;
    sb_exact norm;
} setting;

static void open_setting(setting *s, const char *noise, const char *norm, uint64_t dimension,
                         sb_robustness_rule rule) {
    sb_noise_spec_init(&s->noise);
    sb_exact_init(&s->norm);
    sb_smoothing_init(&s->smoothing);
    if (sb_noise_spec_parse(&s->noise, noise, NULL) || sb_exact_parse("p", norm, &s->norm, NULL)) abort();
    s->smoothing.noise = &s->noise;
    s->smoothing.norm = &s->norm;
    s->smoothing.dimension = dimension;
    s->smoothing.rule = rule;
}

static void close_setting(setting *s) {
    sb_noise_spec_clear(&s->noise);
    sb_exact_clear(&s->norm);
    sb_smoothing_clear(&s->smoothing);
}

/* ||D - lambda D_t||_1 for standard normal D by Simpson, split at the crossing point */
static double distance(double t, double lambda) {
    double cross = t / 2 + log(1 / lambda) / t, sum = 0;
    for (int part = 0; part < 2; part++) {
        double a = part ? cross : -12, b = part ? 12 + t : cross, h = (b - a) / 2000;
        for (int i = 0; i <= 2000; i++) {
            double x = a + h * i,
                   f = fabs(exp(-x * x / 2) - lambda * exp(-(x - t) * (x - t) / 2)) / sqrt(2 * acos(-1));
            sum += f * (i == 0 || i == 2000 ? 1 : i % 2 ? 4 : 2) * h / 3;
        }
    }
    return sum;
}

static void criterion_of_gaussian_noise(void) {
    arb_t t, value;
    arb_init(t);
    arb_init(value);
    for (int i = 1; i <= 15; i++) {
        double ratio = i / 5., low = 0.001, high = 1.5; /* convex in lambda: ternary search */
        for (int k = 0; k < 80; k++) {
            double a = low + (high - low) / 3, b = high - (high - low) / 3;
            if (distance(ratio, a) < distance(ratio, b))
                high = b;
            else
                low = a;
        }
        arb_set_d(t, ratio);
        sb_gaussian_criterion(value, t, 100);
        SB_CHECK(fabs(arf_get_d(arb_midref(value), ARF_RND_NEAR) - distance(ratio, (low + high) / 2)) < 1e-7,
                 "t = %g", ratio);
    }
    arb_clear(t);
    arb_clear(value);
}

/* ||D - lambda D_v||_1 for the cube: |1 - lambda| on the overlap, 1 and lambda off it; smallest at lambda = 1
 * or 0. */
static void criterion_of_uniform_noise(void) {
    uint64_t state = 61;
    sb_uniform_shift shift;
    sb_uniform_shift_init(&shift);
    for (int i = 0; i < 200; i++) {
        shift.dimension = 1 + sb_test_random(&state) % 20;
        random_fraction(shift.length, &state, 8);
        fmpq_div_2exp(shift.length, shift.length, sb_test_random(&state) % 6);
        random_fraction(shift.r, &state, 8);
        double x = fmpz_get_d(fmpq_numref(shift.length)) / fmpz_get_d(fmpq_denref(shift.length)) / 2 /
                   (fmpz_get_d(fmpq_numref(shift.r)) / fmpz_get_d(fmpq_denref(shift.r)));
        double overlap = x < 1 ? pow(1 - x, (double)shift.dimension) : 0, least = 10;
        for (int k = 0; k <= 2000; k++) {
            double lambda = k / 1000., norm = fabs(1 - lambda) * overlap + (1 + lambda) * (1 - overlap);
            if (norm < least) least = norm;
        }
        SB_CHECK(fabs(value_of(sb_uniform_criterion, &shift) - least) < 1e-12);
    }
    sb_uniform_shift_clear(&shift);
}

/* Published radii, rho = pA = (1+gap)/2: Gaussian l_2 sigma Phi^{-1}(rho); uniform l_1 2 r (rho - 1/2), l_inf
 * 2 r (1 - (3/2 - rho)^(1/d)). */
static void published_radii(void) {
    uint64_t state = 62;
    setting gaussian, cube, cross;
    mpfr_t truth, x;
    open_setting(&gaussian, "gaussian:sigma=3/7", "2", 1, SB_RULE_EXACT);
    open_setting(&cube, "uniform:r=5/3", "inf", 150528, SB_RULE_EXACT);
    open_setting(&cross, "uniform:r=5/3", "1", 150528, SB_RULE_EXACT);
    mpfr_inits2(TRUTH_BITS, truth, x, (mpfr_ptr)0);
    for (int i = 0; i < 200; i++) {
        fmpq *gap = cube.smoothing.given;
        random_fraction(gap, &state, 12);
        fmpq_set(cross.smoothing.given, gap);
        fmpq_set(gaussian.smoothing.given, gap);
        mpfr_from_rational(x, gap); /* 3/2 - rho = 1 - gap/2 */
        mpfr_div_2ui(x, x, 1, MPFR_RNDN);
        mpfr_mul_ui(truth, x, 10, MPFR_RNDN);
        mpfr_div_ui(truth, truth, 3, MPFR_RNDN);
        SB_CHECK(bound_agrees(sb_radius_from_gap, &cross.smoothing, truth, &state), "instance %d", i);
        mpfr_neg(x, x, MPFR_RNDN);
        mpfr_log1p(x, x, MPFR_RNDN);
        mpfr_div_ui(x, x, 150528, MPFR_RNDN);
        mpfr_expm1(x, x, MPFR_RNDN);
        mpfr_mul_si(truth, x, -10, MPFR_RNDN);
        mpfr_div_ui(truth, truth, 3, MPFR_RNDN);
        SB_CHECK(bound_agrees(sb_radius_from_gap, &cube.smoothing, truth, &state), "instance %d", i);
        double radius = value_of(sb_radius_from_gap, &gaussian.smoothing),
               g = fmpz_get_d(fmpq_numref(gap)) / fmpz_get_d(fmpq_denref(gap));
        SB_CHECK(fabs(erf(radius / (3. / 7) / sqrt(2)) - g) < 1e-14);
    }
    close_setting(&gaussian);
    close_setting(&cube);
    close_setting(&cross);
    mpfr_clears(truth, x, (mpfr_ptr)0);
}

/* A float32 evaluation of 2r(1 - (1.5 - rho)^(1/d)) promises too much in high dimension; the printed radius
 * never does. */
static void no_single_precision_promise(void) {
    setting cube;
    open_setting(&cube, "uniform:r=1", "inf", 150528, SB_RULE_EXACT);
    int too_much = 0;
    for (int i = 1; i < 100; i++) {
        fmpq_set_si(cube.smoothing.given, i, 100);
        fmpq_canonicalise(cube.smoothing.given);
        double truth = -2 * expm1(log1p(-i / 200.) / 150528);
        float base = 1.0f - (float)i / 200.0f, naive = 2.0f * (1.0f - powf(base, 1.0f / 150528.0f));
        too_much += (double)naive > truth * 1.78;
        arb_t ball;
        arb_init(ball);
        SB_CHECK(sb_enclose(ball, sb_radius_from_gap, &cube.smoothing, 6, NULL) == SB_OK);
        char *lower = sb_decimal_lower(ball, 6);
        double printed = strtod(lower, NULL);
        SB_CHECK(printed <= truth * (1 + 1e-14) && printed >= truth * (1 - 2e-5), "%s against %.17g", lower,
                 truth);
        free(lower);
        arb_clear(ball);
    }
    SB_CHECK(too_much > 0); /* the trap exists */
    close_setting(&cube);
}

static const char *const noises[] = {"gaussian:sigma=0.12", "uniform:r=2"}, *const norms[] = {"inf", "1", "4",
                                                                                              "2"};

/* One of the noises, a norm that it can do, a random dimension and gap. */
static void random_setting(setting *s, uint64_t *state) {
    int kind = (int)(sb_test_random(state) % 2), which = (int)(sb_test_random(state) % (kind ? 2 : 4));
    open_setting(s, noises[kind], norms[which], 1 + sb_test_random(state) % 5000, SB_RULE_EXACT);
    random_fraction(s->smoothing.given, state, 10);
}

/* ball := ball - x */
static void subtract(arb_t ball, const fmpq_t x) {
    arb_t y;
    arb_init(y);
    arb_set_fmpq(y, x, 500);
    arb_sub(ball, ball, y, 500);
    arb_clear(y);
}

/* A.1 <= T0 <= A.4, TV at the radius of T0 at most tau(gap), and a larger radius for a larger gap. */
static void rules_are_ordered(void) {
    uint64_t state = 63;
    fmpq_t gap, more;
    arb_t first, exact, last;
    fmpq_init(gap);
    fmpq_init(more);
    arb_init(first);
    arb_init(exact);
    arb_init(last);
    for (int i = 0; i < 400; i++) {
        setting s;
        random_setting(&s, &state);
        fmpq_set(gap, s.smoothing.given);
        sb_radius_from_gap(exact, &s.smoothing, 300);
        s.smoothing.rule = SB_RULE_LEMMA_A_1;
        sb_radius_from_gap(first, &s.smoothing, 300);
        s.smoothing.rule = SB_RULE_LEMMA_A_4;
        sb_radius_from_gap(last, &s.smoothing, 300);
        SB_CHECK((arb_le(first, exact) || arb_overlaps(first, exact)) && arb_lt(exact, last), "%s",
                 s.noise.family->name);
        arf_get_fmpq(s.smoothing.given, arb_midref(exact));
        sb_gap_from_radius(last, &s.smoothing, 300); /* by A.4 that is TV itself */
        sb_symmetric_limit_total_variation(more, gap);
        subtract(last, more);
        SB_CHECK(!arb_is_positive(last), "%s", s.noise.family->name);
        random_fraction(more, &state, 10); /* gap + more (1 - gap) */
        fmpq_sub_si(s.smoothing.given, gap, 1);
        fmpq_mul(more, more, s.smoothing.given);
        fmpq_sub(s.smoothing.given, gap, more);
        s.smoothing.rule = SB_RULE_EXACT;
        sb_radius_from_gap(last, &s.smoothing, 300);
        SB_CHECK(arb_gt(last, exact), "%s", s.noise.family->name);
        close_setting(&s);
    }
    fmpq_clear(gap);
    fmpq_clear(more);
    arb_clear(first);
    arb_clear(exact);
    arb_clear(last);
}

/* gap -> radius -> gap, by each rule */
static void gaps_and_radii_invert(void) {
    uint64_t state = 67;
    fmpq_t gap;
    arb_t ball;
    mag_t off;
    fmpq_init(gap);
    arb_init(ball);
    mag_init(off);
    for (int i = 0; i < 600; i++) {
        setting s;
        random_setting(&s, &state);
        s.smoothing.rule = (sb_robustness_rule)(i % 3);
        fmpq_set(gap, s.smoothing.given);
        sb_radius_from_gap(ball, &s.smoothing, 400);
        arf_get_fmpq(s.smoothing.given, arb_midref(ball));
        sb_gap_from_radius(ball, &s.smoothing, 400);
        subtract(ball, gap);
        arb_get_mag(off, ball);
        SB_CHECK(mag_cmp_2exp_si(off, -200) < 0, "rule %d, %s", i % 3, s.noise.family->name);
        close_setting(&s);
    }
    fmpq_clear(gap);
    arb_clear(ball);
    mag_clear(off);
}

static void exact_forms_agree(void) {
    uint64_t state = 64;
    setting s;
    arb_t ball;
    fmpq_t exact;
    arb_init(ball);
    fmpq_init(exact);
    open_setting(&s, "uniform:r=3/5", "1", 77, SB_RULE_EXACT);
    for (int i = 0; i < 300; i++) {
        s.smoothing.rule = (sb_robustness_rule)(i % 3);
        random_fraction(s.smoothing.given, &state, 8);
        SB_CHECK(sb_radius_from_gap_exactly(exact, &s.smoothing));
        sb_radius_from_gap(ball, &s.smoothing, 100);
        SB_CHECK(arb_contains_fmpq(ball, exact));
        fmpq_mul_ui(s.smoothing.given, s.smoothing.given, 3);
        SB_CHECK(sb_gap_from_radius_exactly(exact, &s.smoothing));
        sb_gap_from_radius(ball, &s.smoothing, 100);
        SB_CHECK(arb_contains_fmpq(ball, exact));
    }
    s.norm.infinite = 1;
    SB_CHECK(!sb_radius_from_gap_exactly(exact, &s.smoothing));
    close_setting(&s);
    arb_clear(ball);
    fmpq_clear(exact);
}

/* Any noise: gap/2, tau, gap and their inverses. */
static void any_noise(void) {
    uint64_t state = 65;
    fmpq_t gap, first, middle, last, back;
    fmpq_init(gap);
    fmpq_init(first);
    fmpq_init(middle);
    fmpq_init(last);
    fmpq_init(back);
    for (int i = 0; i < 500; i++) {
        random_fraction(gap, &state, 12);
        if (i == 0) fmpq_one(gap);
        sb_certified_total_variation(first, gap);
        sb_symmetric_limit_total_variation(middle, gap);
        sb_limit_total_variation(last, gap);
        double g = fmpz_get_d(fmpq_numref(gap)) / fmpz_get_d(fmpq_denref(gap));
        double tau = fmpz_get_d(fmpq_numref(middle)) / fmpz_get_d(fmpq_denref(middle));
        SB_CHECK(fabs(tau - fmax(g / (1 + g), g / (2 - g))) < 1e-15);
        SB_CHECK(fmpq_cmp(first, middle) <= 0 && fmpq_cmp(middle, last) <= 0);
        sb_sufficient_gap(back, first);
        SB_CHECK(fmpq_equal(back, gap));
        sb_symmetric_necessary_gap(back, middle);
        SB_CHECK(fmpq_equal(back, gap), "gap %g", g);
        sb_necessary_gap(back, last);
        SB_CHECK(fmpq_equal(back, gap));
    }
    fmpq_clear(gap);
    fmpq_clear(first);
    fmpq_clear(middle);
    fmpq_clear(last);
    fmpq_clear(back);
}

/* Lemmas A.1 and A.4 on laws with 4 points: all deterministic two-class f for A.1; for A.4 the classifier of
 * the proof, with alpha, beta. */
static void finite_laws(void) {
    uint64_t state = 66;
    for (int trial = 0; trial < 500; trial++) {
        long p[5] = {0}, q[5] = {0}, total = 0;
        for (int i = 0; i < 4; i++) total += p[i] = 1 + (long)(sb_test_random(&state) % 9);
        for (int i = 0; i < 4; i++) q[i + 1] = p[i]; /* the law shifted by one */
        long variation = 0, best_p = 0, best_q = 0;  /* twice TV times total; the set {p > q} */
        for (int i = 0; i < 5; i++) {
            variation += labs(p[i] - q[i]);
            if (p[i] > q[i]) {
                best_p += p[i];
                best_q += q[i];
            }
        }
        for (int f = 0; f < 32; f++) {
            long score = 0, moved = 0;
            for (int i = 0; i < 5; i++)
                if (f >> i & 1) {
                    score += p[i];
                    moved += q[i];
                }
            long gap = 2 * score - total; /* G_1 - G_0, times total */
            if (gap > variation) SB_CHECK(2 * moved > total, "A.1 fails");
        }
        /* The proof of A.4: f = 1 with probability alpha = 1 - D'(S)/2 on S and beta = 1/2 - D'(S)/2 off S.
         * Times 2 total^2: */
        long alpha = 2 * total - best_q, beta = total - best_q;
        long at_zero = alpha * best_p + beta * (total - best_p),
             at_v = alpha * best_q + beta * (total - best_q);
        SB_CHECK(2 * at_zero - 2 * total * total == variation * total); /* the gap at 0 is TV */
        SB_CHECK(at_v == total * total);                                /* and there is none at v */
    }
}

/* Radius and gap by the high-level functions; -1 with the status in *status when there is none. */
static double radius_of(setting *s, sb_robustness_value *result, sb_status *status, sb_error *error) {
    *status = sb_robust_radius(result, &s->smoothing, 8, error);
    return *status ? -1 : arf_get_d(arb_midref(result->value), ARF_RND_NEAR);
}

/* Uniform noise by r = 1 goes the closed way, by its standard deviation (sigma = 1, r = sqrt 3) the general
 * one. */
static void general_way_agrees(void) {
    uint64_t state = 68;
    sb_robustness_value result;
    sb_robustness_value_init(&result);
    for (int i = 0; i < 60; i++) {
        setting closed, general;
        sb_status status;
        sb_error error;
        uint64_t d = 1 + sb_test_random(&state) % 100000;
        sb_robustness_rule rule = (sb_robustness_rule)(i % 3);
        open_setting(&closed, "uniform:r=1", i % 2 ? "inf" : "1", d, rule);
        open_setting(&general, "uniform:sigma=1", i % 2 ? "inf" : "1", d, rule); /* r = sqrt 3 */
        random_fraction(closed.smoothing.given, &state, 10);
        fmpq_set(general.smoothing.given, closed.smoothing.given);
        double first = radius_of(&closed, &result, &status, &error);
        double second = radius_of(&general, &result, &status, &error);
        SB_CHECK(status == SB_OK && fabs(second / first / sqrt(3) - 1) < 1e-8,
                 "d = %llu, rule %d: %.17g, %.17g", (unsigned long long)d, (int)rule, first, second);
        SB_CHECK(result.scope == SB_SCOPE_WORST && result.narrow);
        close_setting(&closed);
        close_setting(&general);
    }
    sb_robustness_value_clear(&result);
}

/* Radii of the literature: Laplace noise in l_1, -b log(2(1-pA)); the ball of l_2, where rho = 2 TV; and
   radius, gap, radius again for every family and norm that has them. */
static void radii_of_other_families(void) {
    static const struct {
        const char *noise, *norm;
        uint64_t dimension;
    } row[] = {{"laplace:b=2", "1", 40},          {"laplace:b=2", "inf", 500}, {"laplace:sigma=1", "inf", 7},
               {"logistic:scale=3", "inf", 3072}, {"l2-ball:r=2", "2", 40},    {"l2-ball:r=2", "inf", 40},
               {"exp-linf:k=1,b=1", "inf", 30},   {"uniform:r=1", "3", 12}};
    uint64_t state = 69;
    sb_robustness_value result;
    fmpq_t gap;
    sb_robustness_value_init(&result);
    fmpq_init(gap);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        for (int k = 0; k < 3; k++) {
            setting s;
            sb_status status;
            sb_error error = {SB_OK, ""};
            open_setting(&s, row[i].noise, row[i].norm, row[i].dimension, (sb_robustness_rule)(k % 3));
            random_fraction(gap, &state, 8);
            fmpq_set(s.smoothing.given, gap);
            double g = fmpq_get_d(gap), radius = radius_of(&s, &result, &status, &error);
            if (status == SB_OUTSIDE) { /* T0 of exp-linf, A.1 and A.4 of Laplace noise in l_1 */
                SB_CHECK(i == 0 || i == 6, "%s: %s", row[i].noise, error.message);
            } else {
                SB_CHECK(status == SB_OK && result.narrow, "%s: %s", row[i].noise, error.message);
                if (i == 0 && s.smoothing.rule == SB_RULE_EXACT)
                    SB_CHECK(fabs(radius / (-2 * log1p(-g)) - 1) < 1e-8, "gap %g: %.17g", g, radius);
                arf_get_fmpq(s.smoothing.given, arb_midref(result.value));
                status = sb_robust_gap(&result, &s.smoothing, 8, &error);
                SB_CHECK(status == SB_OK &&
                             fabs(arf_get_d(arb_midref(result.value), ARF_RND_NEAR) / g - 1) < 1e-6,
                         "%s, p = %s, rule %d, gap %g", row[i].noise, row[i].norm, k % 3, g);
            }
            close_setting(&s);
        }
    sb_robustness_value_clear(&result);
    fmpq_clear(gap);
}

/* The central-limit formula b Phi^{-1}(pA)/sqrt d for Laplace noise in l_inf promises too much on the line,
   where -b log(2(1-pA)) is the truth; the printed radius never does. */
static void no_central_limit_promise(void) {
    setting laplace;
    sb_robustness_value result;
    sb_robustness_value_init(&result);
    open_setting(&laplace, "laplace:b=1", "inf", 1, SB_RULE_EXACT);
    double most = 0;
    for (int i = 1; i < 100; i++) {
        fmpq_set_si(laplace.smoothing.given, i, 100);
        fmpq_canonicalise(laplace.smoothing.given);
        double truth = -log1p(-i / 100.), quantile = 0;
        for (int k = 0; k < 100; k++) /* Phi(quantile) = pA = (1 + gap)/2, by Newton's method */
            quantile -=
                (erf(quantile / sqrt(2)) - i / 100.) / (exp(-quantile * quantile / 2) * sqrt(2 / acos(-1)));
        most = fmax(most, quantile / truth);
        SB_CHECK(sb_robust_radius(&result, &laplace.smoothing, 6, NULL) == SB_OK);
        char *lower = sb_decimal_lower(result.value, 6);
        double printed = strtod(lower, NULL);
        SB_CHECK(printed <= truth * (1 + 1e-14) && printed >= truth * (1 - 2e-5), "%s against %.17g", lower,
                 truth);
        free(lower);
    }
    SB_CHECK(most > 1.24 && most < 1.2534, "%g", most); /* sqrt(pi/2) at pA = 1/2 */
    close_setting(&laplace);
    sb_robustness_value_clear(&result);
}

/* A promise by the affinity lies below the limit at the equal shift, and below the exact radius where that is
 * known. */
static void affinity_promises_less(void) {
    static const char *const noise[] = {"cauchy:scale=1", "gaussian:sigma=1", "laplace:b=1"};
    sb_robustness_value result;
    arb_t promise;
    sb_robustness_value_init(&result);
    arb_init(promise);
    for (int i = 0; i < 9; i++) {
        setting s;
        open_setting(&s, noise[i % 3], "inf", 3000, SB_RULE_EXACT);
        fmpq_set_si(s.smoothing.given, 1 + i, 10);
        fmpq_canonicalise(s.smoothing.given);
        SB_CHECK(sb_affinity_radius(&result, &s.smoothing, 3, NULL) == SB_OK &&
                 result.scope == SB_SCOPE_WORST);
        arb_set(promise, result.value);
        SB_CHECK(sb_robust_radius(&result, &s.smoothing, 3, NULL) == SB_OK && arb_lt(promise, result.value),
                 "%s", noise[i % 3]);
        SB_CHECK(result.scope == (i % 3 ? SB_SCOPE_WORST : SB_SCOPE_EQUAL));
        close_setting(&s);
    }
    sb_robustness_value_clear(&result);
    arb_clear(promise);
}

static void domains_say_why(void) {
    static const struct {
        const char *noise, *norm, *gap;
        sb_robustness_rule rule;
        const char *why; /* NULL: fine */
    } row[] = {{"gaussian:sigma=1", "2", "1", SB_RULE_EXACT, "infinite"},
               {"gaussian:sigma=1", "2", "1", SB_RULE_LEMMA_A_4, "limits nothing"},
               {"gaussian:sigma=1", "2", "1", SB_RULE_LEMMA_A_1, NULL},
               {"uniform:r=1", "inf", "1", SB_RULE_EXACT, NULL},
               {"laplace:b=1", "inf", "1", SB_RULE_EXACT, "below 1"},
               {"uniform:r=1", "3", "1/2", SB_RULE_EXACT, NULL},
               {"cauchy:scale=1", "inf", "1/2", SB_RULE_LEMMA_A_1, "not known"},
               {"exp-linf:k=1,b=1", "inf", "1/2", SB_RULE_EXACT, "not known"},
               {"pow-linf:a=5,b=1", "inf", "1/2", SB_RULE_LEMMA_A_1, "a"}};
    sb_robustness_value result;
    sb_robustness_value_init(&result);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        setting s;
        sb_error error = {SB_OK, ""};
        open_setting(&s, row[i].noise, row[i].norm, 10, row[i].rule);
        set_text(s.smoothing.given, row[i].gap);
        sb_status status = sb_robust_radius(&result, &s.smoothing, 6, &error);
        SB_CHECK(row[i].why ? status == SB_OUTSIDE && strstr(error.message, row[i].why) : status == SB_OK,
                 "%s, p = %s, gap %s: %d, %s", row[i].noise, row[i].norm, row[i].gap, (int)status,
                 error.message);
        close_setting(&s);
    }
    sb_robustness_value_clear(&result);
}

static const sb_test tests[] = {
    {"robustness: T0 of Gaussian noise by minimising over lambda", criterion_of_gaussian_noise},
    {"robustness: T0 of uniform noise by minimising over lambda", criterion_of_uniform_noise},
    {"robustness: the published radii", published_radii},
    {"robustness: printed radii do not fall for single precision", no_single_precision_promise},
    {"robustness: the rules are ordered, and monotone in the gap", rules_are_ordered},
    {"robustness: gaps and radii invert", gaps_and_radii_invert},
    {"robustness: exact forms agree with the enclosures", exact_forms_agree},
    {"robustness: any noise, gaps and total variation", any_noise},
    {"robustness: Lemmas A.1 and A.4 on finite laws", finite_laws},
    {"robustness: the general way agrees with the closed forms", general_way_agrees},
    {"robustness: radii of other families, there and back", radii_of_other_families},
    {"robustness: no promise by a central limit", no_central_limit_promise},
    {"robustness: the affinity promises less", affinity_promises_less},
    {"robustness: the domains say why", domains_say_why}};
SB_TEST_MAIN(tests)
