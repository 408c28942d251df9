/* Sampled total variation against closed forms and the certified methods, at fixed seeds: coverage of the
   intervals over repetitions, the estimator's lack of bias, independence of the number of threads; and
   classifiers. A count or mean is held to 6.5 standard deviations (two-sided 8e-11). */
#include "distributions/confidence_sequence.h"
#include "distributions/sampled_tv.h"
#include "tests/test.h"

#include <math.h>

static const double deviations = 6.5;

typedef struct {
    sb_noise_spec noise;
    sb_shift shift;
    sb_tv_options options;
    sb_tv_result result;
} question;

static void ask(question *q, const char *noise, const char *shift, uint64_t dimension) {
    sb_error error = {0};
    sb_noise_spec_init(&q->noise);
    sb_shift_init(&q->shift);
    sb_tv_options_init(&q->options);
    sb_tv_result_init(&q->result);
    if (sb_noise_spec_parse(&q->noise, noise, &error) ||
        sb_shift_parse(&q->shift, shift, dimension, &error)) {
        printf("# %s\n", error.message);
        abort();
    }
}

static void forget(question *q) {
    sb_noise_spec_clear(&q->noise);
    sb_shift_clear(&q->shift);
    sb_tv_result_clear(&q->result);
}

static void ends(const arb_t ball, double *low, double *high) {
    arf_t end;
    arf_init(end);
    arb_get_lbound_arf(end, ball, 64);
    *low = arf_get_d(end, ARF_RND_FLOOR);
    arb_get_ubound_arf(end, ball, 64);
    *high = arf_get_d(end, ARF_RND_CEIL);
    arf_clear(end);
}

/* ------------------------------------------------------------------ confidence sequences */
static double variable(int law, uint64_t *state) {
    double u = (double)(sb_test_random(state) >> 11) * 0x1p-53;
    return law == 0 ? u : law == 1 ? u < 0.5 : law == 2 ? u < 0.01 : law == 3 ? u * u * u : 0.25;
}

/* The mean is in all intervals, at every time, in at least 90% of the repetitions. */
static void sequences_cover_at_every_time(void) {
    static const double mean[] = {0.5, 0.5, 0.01, 0.25, 0.25};
    enum { REPETITIONS = 1000, COUNT = 1500 };
    uint64_t state = 1;
    for (int law = 0; law < 5; law++)
        for (int plan = 0; plan < 2; plan++) { /* narrow at the end, or planned for far fewer */
            int missed = 0;
            for (int r = 0; r < REPETITIONS; r++) {
                sb_confidence_sequence s;
                int outside = 0;
                sb_confidence_sequence_init(&s, 0.1, plan ? 50 : COUNT);
                for (int i = 0; i < COUNT; i++) {
                    sb_confidence_sequence_add(&s, variable(law, &state));
                    outside |= s.low > mean[law] || s.high < mean[law];
                }
                SB_CHECK(s.low <= s.high && s.low >= 0 && s.high <= 1, "[%g, %g]", s.low, s.high);
                missed += outside;
            }
            SB_CHECK(missed <= 0.1 * REPETITIONS + deviations * sqrt(0.09 * REPETITIONS),
                     "law %d: %d of %d missed", law, missed, REPETITIONS);
        }
}

/* Near the normal interval for many observations: 3.29 standard errors at confidence 0.999. */
static void sequences_are_narrow(void) {
    static const double deviation[] = {0.28867513459481287, 0.5, 0.099498743710662, 0.28347335475692, 0};
    enum { COUNT = 100000 };
    uint64_t state = 2;
    for (int law = 0; law < 5; law++) {
        sb_confidence_sequence s;
        sb_confidence_sequence_init(&s, 0.001, COUNT);
        for (int i = 0; i < COUNT; i++) sb_confidence_sequence_add(&s, variable(law, &state));
        double width = s.high - s.low, normal = 2 * 3.29 * deviation[law] / sqrt(COUNT);
        SB_CHECK(width >= normal && width <= 1.3 * normal + 3e-4, "law %d: width %g, normal %g", law, width,
                 normal);
    }
}

/* ------------------------------------------------------------------ total variation */
static double estimate(const sb_tv_result *result) {
    const char *open = strchr(result->how, '(');
    for (double value; open; open = strchr(open + 1, '('))
        if (sscanf(open, "(%lf)", &value) == 1) return value;
    return NAN;
}

static double gaussian_value(double length) { /* |v|_2/sigma */
    return erf(length / sqrt(8));
}

/* 500 intervals at confidence 0.9, and the mean of all samples. Laplace: convolution of the laws of the
   coordinates' losses (d = 10), Fourier integral (d = 1000). */
static void intervals_cover_the_known_value(void) {
    const struct {
        const char *noise, *shift;
        uint64_t dimension, samples;
        double value;
    } row[] = {{"gaussian:sigma=1", "linf:1", 1, 400, gaussian_value(1)},
               {"gaussian:sigma=1/2", "linf:1/6", 10, 200, gaussian_value(sqrt(10) / 3)},
               {"gaussian:sigma=1", "l2:7/3", 1000, 20, gaussian_value(7 / 3.0)},
               {"gaussian:sigma=1", "basis:1/1000", 50, 200, gaussian_value(0.001)},
               {"laplace:b=2", "linf:1", 1, 400, -expm1(-0.25)},
               {"laplace:b=1", "linf:1/3", 10, 200, 0.38344910},
               {"laplace:b=1", "linf:1/20", 1000, 20, 0.56704244},
               {"uniform:r=1", "3:3/10", 12, 200, 1 - 0.85 * 0.85 * 0.85}};
    enum { REPETITIONS = 500 };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        question q;
        sb_error error = {0};
        double low, high, sum = 0, value = row[i].value, total = (double)row[i].samples * REPETITIONS;
        int missed = 0;
        ask(&q, row[i].noise, row[i].shift, row[i].dimension);
        q.options.samples = row[i].samples;
        q.options.confidence = 0.9;
        for (uint64_t seed = 0; seed < REPETITIONS; seed++) {
            q.options.seed = seed;
            SB_CHECK(sb_sampled_total_variation(&q.result, &q.noise, &q.shift, &q.options, &error) == SB_OK,
                     "%s", error.message);
            ends(q.result.total_variation, &low, &high);
            missed += low > value || high < value;
            sum += estimate(&q.result) / REPETITIONS;
        }
        SB_CHECK(missed <= 0.1 * REPETITIONS + deviations * sqrt(0.09 * REPETITIONS), "%s: %d of %d missed",
                 row[i].noise, missed, REPETITIONS);
        SB_CHECK(fabs(sum - value) <= deviations * sqrt(value * (1 - value) / total) + 1e-6,
                 "%s %s: mean %.8f, total variation %.8f", row[i].noise, row[i].shift, sum, value);
        forget(&q);
    }
}

/* Confidence 1 - 1e-9: one interval is to contain the value. */
static void check_interval(const char *noise, const char *shift, uint64_t samples, double low, double high) {
    question q;
    sb_error error = {0};
    double least, most;
    ask(&q, noise, shift, 5);
    q.options.method = SB_METHOD_SAMPLE;
    q.options.samples = samples;
    q.options.confidence = 1 - 1e-9;
    sb_status status = sb_total_variation(&q.result, &q.noise, &q.shift, &q.options, &error);
    SB_CHECK(status == SB_OK && !q.result.certified && q.result.method == SB_METHOD_SAMPLE &&
                 q.result.nodes == samples,
             "%s: %s", noise, error.message);
    ends(q.result.total_variation, &least, &most);
    SB_CHECK(least <= high && low <= most, "%s %s: [%.6f, %.6f], not in [%.6f, %.6f]", noise, shift, low,
             high, least, most);
    SB_CHECK(most - least < 7 / sqrt((double)samples), "%s %s: width %g", noise, shift, most - least);
    forget(&q);
}

/* One moved coordinate against the closed forms, two against 2-D integrals under P (midpoint rule, 6000^2
 * points). */
static void every_family(void) {
    static const char *const noise[] = {"gaussian:sigma=2/3",
                                        "laplace:b=1",
                                        "uniform:r=1",
                                        "logistic:scale=1/2",
                                        "cauchy:scale=1",
                                        "student-t:nu=1/2,scale=1",
                                        "student-t:nu=3,scale=1",
                                        "gengauss:shape=1/2,scale=1",
                                        "gengauss:shape=5,scale=1",
                                        "pareto:alpha=2,xm=1/2",
                                        "lomax:alpha=3/2,scale=1",
                                        "triangular:r=1",
                                        "staircase:ratio=1/3,gamma=1/4,step=1"};
    static const char *const moved[] = {"basis:1/7", "basis:5/4"};
    static const struct {
        const char *noise, *shift;
        double value, slack;
    } pair[] = {{"cauchy:scale=1", "1:1/2,1:5/4", 0.371152, 1e-6},
                {"student-t:nu=2,scale=1", "1:1/2,1:5/4", 0.417765, 1e-6},
                {"logistic:scale=1/2", "1:1/2,1:5/4", 0.579871, 1e-6},
                {"lomax:alpha=3/2,scale=1", "1:1/2,1:5/4", 0.544614, 1e-6},
                {"pareto:alpha=2,xm=1", "1:1/2,1:5/4", 0.86303, 2e-4},
                {"triangular:r=2", "1:1/2,1:1", 0.491643, 1e-6}};
    for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++)
        for (size_t k = 0; k < 2; k++) {
            question q;
            sb_error error = {0};
            double low, high;
            ask(&q, noise[i], moved[k], 5);
            sb_status status = sb_total_variation(&q.result, &q.noise, &q.shift, &q.options, &error);
            SB_CHECK(status == SB_OK && q.result.certified, "%s %s: %s", noise[i], moved[k], error.message);
            ends(q.result.total_variation, &low, &high);
            forget(&q);
            SB_CHECK(high - low < 1e-5, "%s %s: [%g, %g]", noise[i], moved[k], low, high);
            check_interval(noise[i], moved[k], 10000, low, high);
        }
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++)
        check_interval(pair[i].noise, pair[i].shift, 40000, pair[i].value - pair[i].slack,
                       pair[i].value + pair[i].slack);
    /* no log_density_at: the density in balls. Unimodal, so the components' values add up. */
    double mixed = 0.9 * gaussian_value(0.5) + 0.1 * atan(0.125) / M_PI_2;
    check_interval("mixture:0.9*gaussian:sigma=1+0.1*cauchy:scale=2", "basis:1/2", 10000, mixed, mixed);
}

/* log_density_at and density differ by a constant, on the support. */
static void log_densities_are_the_densities(void) {
    static const char *const shape[] = {"gaussian",
                                        "laplace",
                                        "uniform",
                                        "logistic",
                                        "cauchy",
                                        "student-t:nu=1/2",
                                        "student-t:nu=9",
                                        "gengauss:shape=1/3",
                                        "gengauss:shape=4",
                                        "pareto:alpha=3/2",
                                        "lomax:alpha=1/2",
                                        "triangular",
                                        "staircase:ratio=1/3,gamma=1/4"};
    uint64_t state = 4;
    arb_t at, value;
    arb_init(at);
    arb_init(value);
    for (size_t i = 0; i < sizeof shape / sizeof shape[0]; i++) {
        sb_noise_spec noise;
        sb_error error = {0};
        double constant = NAN;
        sb_noise_spec_init(&noise);
        SB_CHECK(sb_noise_spec_parse_shape(&noise, shape[i], &error) == SB_OK, "%s", error.message);
        const sb_product_law *law = noise.family ? noise.family->product : NULL;
        SB_CHECK(law && law->log_density_at, "%s", shape[i]);
        for (int k = 0; law && law->log_density_at && k < 300; k++) {
            double x = 4 * (double)(int64_t)sb_test_random(&state) * 0x1p-63, got;
            if (k % 10 == 9) x *= 5;
            law->log_density_at(&got, &noise, &x, 1);
            arb_set_d(at, x);
            law->density(value, &noise, at, 80);
            if (arb_is_zero(value)) {
                SB_CHECK(isinf(got) && got < 0, "%s: %g at %g, where the density is 0", shape[i], got, x);
                continue;
            }
            arb_log(value, value, 80);
            double wanted = arf_get_d(arb_midref(value), ARF_RND_NEAR);
            if (isnan(constant)) constant = wanted - got;
            SB_CHECK(fabs(wanted - got - constant) <= 1e-13 * (1 + fabs(wanted)),
                     "%s: %.17g at %.17g, log density %.17g", shape[i], got, x, wanted);
        }
        sb_noise_spec_clear(&noise);
    }
    arb_clear(at);
    arb_clear(value);
}

static void jobs_change_nothing(void) {
    static const int jobs[] = {1, 2, 3, 7};
    static const char *const noise[] = {"laplace:b=1", "mixture:0.9*gaussian:sigma=1+0.1*cauchy:scale=2"};
    for (int k = 0; k < 2; k++) {
        question q[4];
        sb_error error = {0};
        for (int i = 0; i < 4; i++) {
            ask(&q[i], noise[k], k ? "2:1" : "100:1/10,800:1/30", k ? 4 : 1000);
            q[i].options.samples = k ? 400 : 2500; /* more than a round */
            q[i].options.seed = 5;
            q[i].options.jobs = jobs[i];
            SB_CHECK(sb_sampled_total_variation(&q[i].result, &q[i].noise, &q[i].shift, &q[i].options,
                                                &error) == SB_OK,
                     "%s", error.message);
            SB_CHECK(arb_equal(q[i].result.total_variation, q[0].result.total_variation) &&
                         strcmp(q[i].result.how, q[0].result.how) == 0,
                     "%s, %d jobs: %s", noise[k], jobs[i], q[i].result.how);
        }
        q[1].options.seed = 6;
        SB_CHECK(sb_sampled_total_variation(&q[1].result, &q[1].noise, &q[1].shift, &q[1].options, &error) ==
                         SB_OK &&
                     !arb_equal(q[1].result.total_variation, q[0].result.total_variation),
                 "another seed, the same samples");
        for (int i = 0; i < 4; i++) forget(&q[i]);
    }
}

/* The mean over more samples than a round has, from sb_noise_draw. */
static void the_samples_are_those_of_the_noise(void) {
    enum { COUNT = 70000 };
    question q;
    sb_error error = {0};
    double sum = 0;
    ask(&q, "laplace:b=2", "basis:3", 1);
    q.options.samples = COUNT;
    q.options.seed = 12;
    SB_CHECK(sb_sampled_total_variation(&q.result, &q.noise, &q.shift, &q.options, &error) == SB_OK, "%s",
             error.message);
    for (uint64_t i = 0; i < COUNT; i++) {
        double x;
        sb_noise_draw(&q.noise, 1, 12, i, &x);
        sum += fabs(tanh((fabs(x - 3) - fabs(x)) / 4));
    }
    SB_CHECK(fabs(sum / COUNT - estimate(&q.result)) < 1e-6, "%.8f, but %s", sum / COUNT, q.result.how);
    forget(&q);
}

static int refuse_to_proceed(void) {
    return 0;
}

static void ends_of_the_range(void) {
    question q;
    sb_error error = {0};
    double low, high;
    ask(&q, "uniform:r=1", "basis:3", 4); /* disjoint supports */
    SB_CHECK(sb_sampled_total_variation(&q.result, &q.noise, &q.shift, &q.options, &error) == SB_OK);
    ends(q.result.total_variation, &low, &high);
    SB_CHECK(low > 0.999 && high == 1 && estimate(&q.result) == 1, "[%g, %g]: %s", low, high, q.result.how);
    ends(q.result.overlap, &low, &high);
    SB_CHECK(low == 0 && high < 0.001, "overlap [%g, %g]", low, high);
    forget(&q);
    ask(&q, "laplace:b=1", "linf:0", 4);
    SB_CHECK(sb_sampled_total_variation(&q.result, &q.noise, &q.shift, &q.options, &error) == SB_OK);
    ends(q.result.total_variation, &low, &high);
    SB_CHECK(low == 0 && high < 0.001 && !q.result.digits_met, "[%g, %g]: %s", low, high, q.result.how);
    q.options.proceed = refuse_to_proceed;
    SB_CHECK(sb_sampled_total_variation(&q.result, &q.noise, &q.shift, &q.options, &error) == SB_INTERRUPTED,
             "%s", error.message);
    q.options.proceed = NULL;
    const double bad[] = {0, 1, -1, 2, NAN};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        q.options.confidence = bad[i];
        SB_CHECK(sb_sampled_total_variation(&q.result, &q.noise, &q.shift, &q.options, &error) ==
                         SB_OUTSIDE &&
                     strstr(error.message, "confidence"),
                 "confidence %g", bad[i]);
    }
    q.options.confidence = 0.9;
    q.options.samples = 0;
    SB_CHECK(sb_sampled_total_variation(&q.result, &q.noise, &q.shift, &q.options, &error) == SB_OUTSIDE,
             "0 samples");
    q.options.samples = 1;
    SB_CHECK(sb_sampled_total_variation(&q.result, &q.noise, &q.shift, &q.options, &error) == SB_OK,
             "1 sample");
    forget(&q);
    static const char *const other[] = {"lattice:points=3,spacing=1", "l2-ball:r=1"};
    for (int i = 0; i < 2; i++) {
        ask(&q, other[i], "basis:1", 4);
        SB_CHECK(sb_sampled_total_variation(&q.result, &q.noise, &q.shift, &q.options, &error) ==
                         SB_OUTSIDE &&
                     strstr(error.message, "method sample"),
                 "%s: %s", other[i], error.message);
        forget(&q);
    }
}

/* ------------------------------------------------------------------ classifiers */
/* All correct: 2 (alpha/2)^(1/n) - 1. The half-line x < 1/2 tells N(0,1) from N(1,1) best: TV = 2 Phi(1/2)
 * - 1. */
static void classifiers(void) {
    fmpq_t alpha;
    arb_t bound;
    sb_error error = {0};
    double low, high;
    fmpq_init(alpha);
    arb_init(bound);
    fmpq_set_si(alpha, 1, 50);
    SB_CHECK(sb_classifier_tv_lower(bound, 700, 700, 700, 700, alpha, 10, &error) == SB_OK, "%s",
             error.message);
    ends(bound, &low, &high);
    SB_CHECK(fabs(low - (2 * pow(0.01, 1.0 / 700) - 1)) < 1e-10 && high - low < 1e-10, "[%.15g, %.15g]", low,
             high);
    SB_CHECK(sb_classifier_tv_lower(bound, 100, 50, 100, 49, alpha, 10, &error) == SB_OK &&
                 arb_is_zero(bound),
             "a coin");
    SB_CHECK(sb_classifier_tv_lower(bound, 100, 101, 100, 49, alpha, 10, &error) == SB_OUTSIDE, "101 of 100");
    SB_CHECK(sb_classifier_tv_lower(bound, 100, 10, 0, 0, alpha, 10, &error) == SB_OUTSIDE, "no draws");
    enum { REPETITIONS = 400, COUNT = 300 };
    double truth = erf(0.5 / sqrt(2)), nearest = 1;
    int missed = 0;
    fmpq_set_si(alpha, 1, 10);
    for (int r = 0; r < REPETITIONS; r++) {
        uint64_t correct_p = 0, correct_q = 0;
        for (uint32_t i = 0; i < COUNT; i++) {
            sb_random random = sb_random_at(77, (uint64_t)r, i);
            correct_p += sb_random_normal(&random) < 0.5;
            correct_q += 1 + sb_random_normal(&random) > 0.5;
        }
        SB_CHECK(sb_classifier_tv_lower(bound, COUNT, correct_p, COUNT, correct_q, alpha, 6, &error) == SB_OK,
                 "%s", error.message);
        ends(bound, &low, &high);
        missed += low > truth;
        nearest = fmin(nearest, fabs(truth - low));
    }
    SB_CHECK(missed <= 0.1 * REPETITIONS + deviations * sqrt(0.09 * REPETITIONS), "%d of %d missed", missed,
             REPETITIONS);
    SB_CHECK(nearest < 0.02, "never near: %g", nearest);
    fmpq_clear(alpha);
    arb_clear(bound);
}

static const sb_test tests[] = {{"confidence sequences cover at every time", sequences_cover_at_every_time},
                                {"confidence sequences are narrow", sequences_are_narrow},
                                {"intervals cover the known value; no bias", intervals_cover_the_known_value},
                                {"every family", every_family},
                                {"log-densities are the densities", log_densities_are_the_densities},
                                {"jobs change nothing", jobs_change_nothing},
                                {"the samples are those of the noise", the_samples_are_those_of_the_noise},
                                {"ends of the range, refusals", ends_of_the_range},
                                {"classifiers bound from below", classifiers}};
SB_TEST_MAIN(tests)
