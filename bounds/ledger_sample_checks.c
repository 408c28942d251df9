/* Statements held against samples: intervals for TV(D, D+v) that are valid for every number of samples
   (distributions/sampled_tv.h), and intervals for E||eta||_2^2 by the central limit theorem, for noise with a
   fourth moment. Each has confidence 1 - 10^-6, and the seed is fixed: the verdict is consistent, never more.
 */
#include "bounds/ledger_families.h"

#include "distributions/sample_statistics.h"
#include "distributions/sampled_tv.h"

enum { TV_SAMPLES = 2000, MOMENT_SAMPLES = 4000, SEED = 20, BITS = 64 };
static const double level = 1e-6;

/* A noise, shifted by `length` in every coordinate. */
typedef struct {
    const char *noise;
    uint64_t dimension;
    slong numerator, denominator; /* of the length */
} sample_case;

static const sample_case cases[] = {
    {"gaussian:sigma=1", 1, 3, 2},  {"gaussian:sigma=1", 16, 1, 3},     {"gaussian:sigma=1", 256, 1, 16},
    {"laplace:b=1", 1, 3, 2},       {"laplace:b=1", 16, 1, 3},          {"laplace:b=1", 256, 1, 16},
    {"logistic:scale=1", 1, 3, 1},  {"logistic:scale=1", 16, 2, 3},     {"logistic:scale=1", 256, 1, 8},
    {"uniform:r=2", 1, 3, 2},       {"uniform:r=2", 16, 1, 8},          {"uniform:r=2", 256, 1, 128},
    {"triangular:r=2", 1, 1, 1},    {"lomax:alpha=6,scale=2", 1, 1, 2}, {"student-t:nu=6,scale=1", 1, 3, 2},
    {"exp-linf:k=1,b=1", 16, 1, 2}, {"l2-ball:r=4", 16, 1, 2},          {"exp-l2:k=1,b=1", 16, 1, 2}};
enum { CASES = sizeof cases / sizeof cases[0] };

/* What samples and certified evaluation say about a case. */
typedef struct {
    sb_noise_spec noise;
    sb_shift shift;
    sb_tv_result truth, sampled;
    int has_interval;       /* independent coordinates: `sampled` is filled */
    double moment;          /* E||eta||_2^2 */
    double least, greatest; /* its interval */
} comparison;

static void comparison_init(comparison *c) {
    sb_noise_spec_init(&c->noise);
    sb_shift_init(&c->shift);
    sb_tv_result_init(&c->truth);
    sb_tv_result_init(&c->sampled);
}

static void comparison_clear(comparison *c) {
    sb_noise_spec_clear(&c->noise);
    sb_shift_clear(&c->shift);
    sb_tv_result_clear(&c->truth);
    sb_tv_result_clear(&c->sampled);
}

/* shift := percent/100 times the case's. */
static sb_status set_shift(comparison *c, const sample_case *at, slong percent, sb_error *error) {
    fmpq_t length, zero;
    fmpq_init(length);
    fmpq_init(zero);
    fmpq_set_si(length, at->numerator * percent, (ulong)at->denominator * 100);
    fmpq_canonicalise(length);
    sb_status status = sb_shift_set(&c->shift, at->dimension, at->dimension, length, 1, zero, error);
    fmpq_clear(length);
    fmpq_clear(zero);
    return status;
}

/* The interval of the case, and TV at percent/100 times its shift. */
static sb_status compare_variation(comparison *c, const sample_case *at, slong percent, sb_error *error) {
    sb_tv_options options;
    sb_tv_options_init(&options);
    options.samples = TV_SAMPLES;
    options.seed = SEED;
    options.confidence = 1 - level;
    sb_status status = sb_noise_spec_parse(&c->noise, at->noise, error);
    c->has_interval = !status && c->noise.family->product != NULL;
    if (!status && c->has_interval) {
        status = set_shift(c, at, 100, error);
        if (!status) status = sb_sampled_total_variation(&c->sampled, &c->noise, &c->shift, &options, error);
    }
    if (!status) status = set_shift(c, at, percent, error);
    return status ? status : sb_total_variation(&c->truth, &c->noise, &c->shift, &options, error);
}

static sb_status compare_moment(comparison *c, const sample_case *at, sb_error *error) {
    sb_sample_statistics statistics;
    sb_sample_options options = {.jobs = 1};
    sb_status status = sb_noise_spec_parse(&c->noise, at->noise, error);
    int independent = !status && c->noise.family->product != NULL;
    if (!status) status = sb_sample_statistics_init(&statistics, at->dimension, NULL, 0, independent, error);
    if (status) return status;
    status = sb_sample_statistics_draw(&statistics, &c->noise, SEED, MOMENT_SAMPLES, &options, error);
    sb_mean_interval(&statistics.square, level, &c->least, &c->greatest);
    arb_t variance;
    arb_init(variance);
    sb_noise_variance(variance, &c->noise, at->dimension, BITS);
    c->moment = arf_get_d(arb_midref(variance), ARF_RND_NEAR) * (double)at->dimension;
    arb_clear(variance);
    sb_sample_statistics_clear(&statistics);
    return status;
}

static sb_status misses(sb_finding *finding, const sample_case *at, const char *what, sb_error *error) {
    return sb_find(finding, error, SB_REFUTED, "%s, d = %llu: %s", at->noise,
                   (unsigned long long)at->dimension, what);
}

/* ------------------------------------------------------------------ total variation */
static sb_status scan_variation(slong percent, sb_finding *finding, sb_error *error) {
    size_t count = 0;
    sb_status status = SB_OK;
    for (size_t i = 0; i < CASES && !status && !finding->evidence; i++) {
        comparison c;
        comparison_init(&c);
        status = compare_variation(&c, &cases[i], percent, error);
        if (!status && c.has_interval) {
            count++;
            if (!arb_overlaps(c.sampled.total_variation, c.truth.total_variation))
                status = misses(finding, &cases[i], "the interval misses the certified value", error);
        }
        comparison_clear(&c);
    }
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_CONSISTENT,
                   "%zu intervals of confidence %.6f (%d samples each, seed %d; seven families, d = 1, 16, "
                   "256) cover the "
                   "certified total variation",
                   count, 1 - level, (int)TV_SAMPLES, (int)SEED);
}

sb_status sb_check_sampled_variation(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_variation(100, finding, error);
}

/* false: of a shift 3/2 as long */
sb_status sb_check_sampled_variation_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_variation(150, finding, error);
}

/* ------------------------------------------------------------------ second moments */
static sb_status scan_moments(double factor, sb_finding *finding, sb_error *error) {
    sb_status status = SB_OK;
    for (size_t i = 0; i < CASES && !status && !finding->evidence; i++) {
        comparison c;
        comparison_init(&c);
        status = compare_moment(&c, &cases[i], error);
        if (!status && !(c.least <= factor * c.moment && factor * c.moment <= c.greatest))
            status = misses(finding, &cases[i], "the interval misses E||eta||_2^2", error);
        comparison_clear(&c);
    }
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_CONSISTENT,
                   "%d intervals of confidence %.6f (%d samples each, seed %d; ten families, d = 1, 16, 256) "
                   "cover E||eta||_2^2",
                   (int)CASES, 1 - level, (int)MOMENT_SAMPLES, (int)SEED);
}

sb_status sb_check_sampled_moments(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_moments(1, finding, error);
}

/* false: 5/4 of the second moment */
sb_status sb_check_sampled_moments_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_moments(1.25, finding, error);
}

/* ------------------------------------------------------------------ Theorem 1.2, p = inf */
/* Whether the lower end for E||eta||_2^2 is at least eps^2 d^2 (1-t)/(constant t^2) at the lower end t of TV,
   where that is largest. */
static int magnitude_holds(const comparison *c, const sample_case *at, double constant) {
    arf_t end;
    arf_init(end);
    arb_get_lbound_arf(end, c->sampled.total_variation, BITS);
    double t = arf_get_d(end, ARF_RND_DOWN),
           reach = (double)at->numerator / (double)at->denominator * (double)at->dimension;
    arf_clear(end);
    return c->least * constant * t * t >= reach * reach * (1 - t);
}

static sb_status scan_magnitude(double constant, sb_finding *finding, sb_error *error) {
    size_t count = 0;
    sb_status status = SB_OK;
    for (size_t i = 0; i < CASES && !status && !finding->evidence; i++) {
        comparison c;
        comparison_init(&c);
        status = compare_variation(&c, &cases[i], 100, error);
        if (!status) status = compare_moment(&c, &cases[i], error);
        if (!status && c.has_interval) {
            count++;
            if (!magnitude_holds(&c, &cases[i], constant))
                status = misses(finding, &cases[i], "E||eta||_2^2 may be less", error);
        }
        comparison_clear(&c);
    }
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_CONSISTENT,
                   "the ends of %zu pairs of intervals of confidence %.6f (%d and %d samples, seed %d; p = "
                   "inf, d = 1, 16, 256) "
                   "satisfy Theorem 1.2",
                   count, 1 - level, (int)TV_SAMPLES, (int)MOMENT_SAMPLES, (int)SEED);
}

sb_status sb_check_sampled_magnitude(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_magnitude(800, finding, error);
}

/* false: 3 for 800 */
sb_status sb_check_sampled_magnitude_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_magnitude(3, finding, error);
}
