/* Largest shifts against closed forms: Gaussian noise in every norm, the cube, Laplace noise in l_1, laws on
   the line; ends that were tested; the order of the criteria; and what a calibrated noise has. */
#include "distributions/calibration.h"
#include "support/enclosure.h"
#include "tests/test.h"

#include <math.h>

typedef struct {
    sb_noise_spec noise;
    sb_exact norm;
    sb_shift_problem problem;
} setting;

static void open_setting(setting *s, const char *noise, const char *norm, uint64_t dimension,
                         sb_criterion criterion) {
    sb_noise_spec_init(&s->noise);
    sb_exact_init(&s->norm);
    if (sb_noise_spec_parse_shape(&s->noise, noise, NULL) || sb_exact_parse("p", norm, &s->norm, NULL)) {
        printf("# %s, p = %s\n", noise, norm);
        abort();
    }
    s->problem = (sb_shift_problem){&s->noise, dimension, &s->norm, criterion, 0};
}

static void close_setting(setting *s) {
    sb_noise_spec_clear(&s->noise);
    sb_exact_clear(&s->norm);
}

/* level := k/1000 */
static double random_level(fmpq_t level, uint64_t *state) {
    slong k = 1 + (slong)(sb_test_random(state) % 999);
    fmpq_set_si(level, k, 1000);
    return (double)k / 1000;
}

/* z(x) = Phi^{-1}((1+x)/2) by Newton's method. */
static double two_sided_quantile(double x) {
    double z = x;
    for (int i = 0; i < 200; i++) z -= (erf(z / sqrt(2)) - x) / (exp(-z * z / 2) * sqrt(2 / acos(-1)));
    return z;
}

typedef double closed_form(const setting *s, double level);

static double longest(const setting *s) {
    if (s->norm.infinite) return sqrt((double)s->problem.dimension);
    double exponent = 0.5 - 1 / fmpq_get_d(s->norm.value);
    return exponent > 0 ? pow((double)s->problem.dimension, exponent) : 1;
}

static double gaussian(const setting *s, double level) {
    double z = two_sided_quantile(level);
    return (s->problem.criterion == SB_CRITERION_EXACT ? z : 2 * z) / longest(s);
}

static double cube(const setting *s, double level) {
    if (s->problem.criterion == SB_CRITERION_EXACT) level /= 2;
    return s->norm.infinite ? -2 * expm1(log1p(-level) / (double)s->problem.dimension) : 2 * level;
}

static double laplace_in_l1(const setting *s, double level) {
    (void)s;
    return -log1p(-level);
}

/* d = 1: TV = 1 - e^(-u/2) */
static double laplace_on_the_line(const setting *s, double level) {
    return (s->problem.criterion == SB_CRITERION_EXACT ? -1 : -2) * log1p(-level);
}

static void closed_forms(void) {
    static const struct {
        const char *noise, *norm;
        uint64_t most;
        sb_criterion criterion;
        closed_form *truth;
    } row[] = {{"gaussian", "2", 1u << 20, SB_CRITERION_TOTAL_VARIATION, gaussian},
               {"gaussian", "inf", 1u << 20, SB_CRITERION_TOTAL_VARIATION, gaussian},
               {"gaussian", "7/2", 1u << 20, SB_CRITERION_EXACT, gaussian},
               {"gaussian", "1", 1u << 20, SB_CRITERION_EXACT, gaussian},
               {"uniform", "inf", 1u << 20, SB_CRITERION_TOTAL_VARIATION, cube},
               {"uniform", "inf", 1u << 20, SB_CRITERION_EXACT, cube},
               {"uniform", "1", 1u << 20, SB_CRITERION_EXACT, cube},
               {"laplace", "1", 1u << 20, SB_CRITERION_EXACT, laplace_in_l1},
               {"laplace", "inf", 1, SB_CRITERION_EXACT, laplace_on_the_line},
               {"laplace", "5", 1, SB_CRITERION_TOTAL_VARIATION, laplace_on_the_line}};
    uint64_t state = 11;
    fmpq_t level;
    arb_t shift;
    fmpq_init(level);
    arb_init(shift);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        for (int k = 0; k < 25; k++) {
            setting s;
            sb_scope scope;
            sb_error error = {SB_OK, ""};
            int narrow = 0, digits = 3 + (int)(sb_test_random(&state) % 12);
            open_setting(&s, row[i].noise, row[i].norm, 1 + sb_test_random(&state) % row[i].most,
                         row[i].criterion);
            double g = random_level(level, &state), truth = row[i].truth(&s, g);
            SB_CHECK(sb_largest_shift(shift, &scope, &narrow, &s.problem, level, digits, &error) == SB_OK,
                     "%s", error.message);
            double found = arf_get_d(arb_midref(shift), ARF_RND_NEAR);
            SB_CHECK(narrow && scope == SB_SCOPE_WORST, "%s, p = %s: %s", row[i].noise, row[i].norm,
                     sb_scope_name(scope));
            SB_CHECK(fabs(found / truth - 1) < pow(10, -digits) + 1e-12,
                     "%s, p = %s, level %g: %.17g against %.17g", row[i].noise, row[i].norm, g, found, truth);
            SB_CHECK(arb_rel_accuracy_bits(shift) >= (slong)(digits * 3.32), "%d digits", digits);
            close_setting(&s);
        }
    fmpq_clear(level);
    arb_clear(shift);
}

/* The criterion lies below the level at the lower end and above it at the upper end. */
static int ends_hold(const sb_shift_problem *problem, const arb_t shift, const fmpq_t level, int digits) {
    arb_t end, value, slack, bar;
    sb_scope scope;
    int holds = 1;
    arb_init(end);
    arb_init(value);
    arb_init(slack);
    arb_init(bar);
    arb_set_fmpq(bar, level, 200);
    for (int i = 0; i < 2; i++) {
        (i ? arb_get_ubound_arf : arb_get_lbound_arf)(arb_midref(end), shift, 200);
        if (sb_shift_criterion(value, slack, &scope, problem, end, digits + 5, NULL)) holds = 0;
        holds &= i ? arb_gt(value, bar) : arb_lt(value, bar);
    }
    arb_clear(end);
    arb_clear(value);
    arb_clear(slack);
    arb_clear(bar);
    return holds;
}

/* T0 lies between TV at half the level and TV at the level; the affinity bound below TV. */
static void criteria_are_ordered(void) {
    static const char *const noise[] = {"gaussian", "laplace", "uniform"};
    uint64_t state = 12;
    fmpq_t level, half;
    arb_t exact, least, most, bound;
    fmpq_init(level);
    fmpq_init(half);
    arb_init(exact);
    arb_init(least);
    arb_init(most);
    arb_init(bound);
    for (int k = 0; k < 36; k++) {
        setting s;
        sb_scope scope;
        open_setting(&s, noise[k % 3], "inf", 1 + sb_test_random(&state) % (k % 2 ? 12 : 2000),
                     SB_CRITERION_EXACT);
        double g = random_level(level, &state);
        fmpq_div_2exp(half, level, 1);
        SB_CHECK(sb_largest_shift(exact, &scope, NULL, &s.problem, level, 4, NULL) == SB_OK &&
                 scope == SB_SCOPE_WORST);
        SB_CHECK(ends_hold(&s.problem, exact, level, 4), "%s, level %g, T0", noise[k % 3], g);
        s.problem.criterion = SB_CRITERION_TOTAL_VARIATION;
        SB_CHECK(sb_largest_shift(most, &scope, NULL, &s.problem, level, 4, NULL) == SB_OK &&
                 scope == SB_SCOPE_WORST);
        SB_CHECK(ends_hold(&s.problem, most, level, 4), "%s, level %g, TV", noise[k % 3], g);
        SB_CHECK(sb_largest_shift(least, &scope, NULL, &s.problem, half, 4, NULL) == SB_OK);
        s.problem.criterion = SB_CRITERION_TV_AFFINITY;
        SB_CHECK(sb_largest_shift(bound, &scope, NULL, &s.problem, level, 4, NULL) == SB_OK &&
                 scope == SB_SCOPE_WORST);
        SB_CHECK(!arb_gt(least, exact) && !arb_gt(exact, most), "%s, d = %llu, level %g", noise[k % 3],
                 (unsigned long long)s.problem.dimension, g);
        SB_CHECK(arb_lt(bound, most), "%s, d = %llu, level %g", noise[k % 3],
                 (unsigned long long)s.problem.dimension, g);
        s.problem.criterion = SB_CRITERION_EXACT_AFFINITY;
        SB_CHECK(sb_largest_shift(bound, &scope, NULL, &s.problem, level, 4, NULL) == SB_OK);
        SB_CHECK(arb_lt(bound, exact), "%s, d = %llu, level %g", noise[k % 3],
                 (unsigned long long)s.problem.dimension, g);
        close_setting(&s);
    }
    fmpq_clear(level);
    fmpq_clear(half);
    arb_clear(exact);
    arb_clear(least);
    arb_clear(most);
    arb_clear(bound);
}

/* Gaussian affinity: B = e^(-u^2/8), sqrt(1 - B^2d) <= g is u <= 2 sqrt(-log(1 - g^2)/d). */
static void affinity_of_gaussian_noise(void) {
    uint64_t state = 13;
    fmpq_t level;
    arb_t shift;
    fmpq_init(level);
    arb_init(shift);
    for (int k = 0; k < 50; k++) {
        setting s;
        sb_scope scope;
        uint64_t d = 1 + sb_test_random(&state) % 1000000;
        open_setting(&s, "gaussian", "inf", d, SB_CRITERION_TV_AFFINITY);
        double g = random_level(level, &state), truth = 2 * sqrt(-log1p(-g * g) / (double)d);
        SB_CHECK(sb_largest_shift(shift, &scope, NULL, &s.problem, level, 9, NULL) == SB_OK);
        SB_CHECK(fabs(arf_get_d(arb_midref(shift), ARF_RND_NEAR) / truth - 1) < 2e-9, "d = %llu, level %g",
                 (unsigned long long)d, g);
        s.problem.criterion = SB_CRITERION_EXACT_AFFINITY; /* 4 B^2 (1 - B^2) = g^2, B^2 >= 1/2 */
        truth = 2 * sqrt(-log1p(-0.5 * (1 - sqrt(1 - g * g))) / (double)d);
        SB_CHECK(sb_largest_shift(shift, &scope, NULL, &s.problem, level, 9, NULL) == SB_OK);
        SB_CHECK(fabs(arf_get_d(arb_midref(shift), ARF_RND_NEAR) / truth - 1) < 1e-8,
                 "T0, d = %llu, level %g", (unsigned long long)d, g);
        close_setting(&s);
    }
    fmpq_clear(level);
    arb_clear(shift);
}

/* Levels next to 0 and 1. */
static void extreme_levels(void) {
    static const char *const text[] = {"1e-30", "1e-8", "0.99999999"};
    fmpq_t half;
    arb_t shift;
    sb_exact level;
    fmpq_init(half);
    arb_init(shift);
    sb_exact_init(&level);
    for (int i = 0; i < 3; i++) {
        setting s;
        sb_scope scope;
        sb_error error = {SB_OK, ""};
        if (sb_exact_parse("level", text[i], &level, NULL)) abort();
        open_setting(&s, "uniform", "inf", 3072, SB_CRITERION_TOTAL_VARIATION);
        double g = fmpq_get_d(level.value), truth = cube(&s, g);
        SB_CHECK(sb_largest_shift(shift, &scope, NULL, &s.problem, level.value, 8, &error) == SB_OK, "%s",
                 error.message);
        SB_CHECK(fabs(arf_get_d(arb_midref(shift), ARF_RND_NEAR) / truth - 1) < 1e-7, "level %s", text[i]);
        close_setting(&s);
        open_setting(&s, "laplace", "inf", 3072, SB_CRITERION_TOTAL_VARIATION);
        SB_CHECK(sb_largest_shift(shift, &scope, NULL, &s.problem, level.value, 5, &error) == SB_OK, "%s: %s",
                 text[i], error.message);
        SB_CHECK(ends_hold(&s.problem, shift, level.value, 45), "level %s", text[i]);
        close_setting(&s);
    }
    fmpq_clear(half);
    arb_clear(shift);
    sb_exact_clear(&level);
}

/* E||eta||_2^2 = d rms^2, rms = sqrt 2 b, r/sqrt 3, sigma. */
static void calibrated_noise(void) {
    static const struct {
        const char *noise;
        double deviation; /* at unit scale */
    } row[] = {{"gaussian", 1}, {"laplace", 1.4142135623730951}, {"uniform", 0.57735026918962573}};
    uint64_t state = 14;
    fmpq_t eps, delta;
    arb_t shift;
    sb_calibration c;
    fmpq_init(eps);
    fmpq_init(delta);
    arb_init(shift);
    sb_calibration_init(&c);
    for (int k = 0; k < 30; k++) {
        setting s;
        uint64_t d = 1 + sb_test_random(&state) % 1000;
        open_setting(&s, row[k % 3].noise, "inf", d, SB_CRITERION_TOTAL_VARIATION);
        random_level(delta, &state);
        double e = random_level(eps, &state);
        SB_CHECK(sb_calibrate(&c, &s.problem, eps, delta, 6, NULL) == SB_OK && c.narrow);
        SB_CHECK(sb_largest_shift(shift, &c.scope, NULL, &s.problem, delta, 6, NULL) == SB_OK);
        double scale = arf_get_d(arb_midref(c.scale), ARF_RND_NEAR),
               rms = arf_get_d(arb_midref(c.rms), ARF_RND_NEAR);
        SB_CHECK(fabs(scale * arf_get_d(arb_midref(shift), ARF_RND_NEAR) / e - 1) < 3e-6);
        SB_CHECK(fabs(rms / scale / row[k % 3].deviation - 1) < 1e-9, "%s", row[k % 3].noise);
        SB_CHECK(fabs(arf_get_d(arb_midref(c.squared_norm), ARF_RND_NEAR) / ((double)d * rms * rms) - 1) <
                 1e-9);
        close_setting(&s);
    }
    fmpq_clear(eps);
    fmpq_clear(delta);
    arb_clear(shift);
    sb_calibration_clear(&c);
}

static const sb_test tests[] = {
    {"calibration: closed forms", closed_forms},
    {"calibration: the criteria are ordered, and both ends hold", criteria_are_ordered},
    {"calibration: the affinity of Gaussian noise", affinity_of_gaussian_noise},
    {"calibration: levels next to 0 and 1", extreme_levels},
    {"calibration: rms and E||eta||_2^2", calibrated_noise}};
SB_TEST_MAIN(tests)
