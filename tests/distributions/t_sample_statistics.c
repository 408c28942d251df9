/* Statistics of samples: exact small cases, independence of threads and of the source, agreement with known
   moments, coverage of the intervals over many seeds, and the laws of Hill's estimator on Pareto samples. */
#include "distributions/sample_statistics.h"
#include "distributions/tail_statistics.h"
#include "tests/test.h"

#include <math.h>

static void parse(sb_noise_spec *noise, const char *text) {
    sb_error error;
    if (!sb_noise_spec_parse(noise, text, &error)) return;
    printf("# %s\n", error.message);
    abort();
}

/* A fixed table of rows as a source. */
typedef struct {
    const double *x;
    size_t columns, next;
} rows;

static sb_status next_row(void *context, double *x, sb_error *error) {
    rows *r = context;
    (void)error;
    memcpy(x, r->x + r->columns * r->next++, r->columns * sizeof *x);
    return SB_OK;
}

static const sb_sample_options silent = {1, NULL, NULL};

static void small_cases_are_exact(void) {
    static const double x[] = {3, -4, 0, 0, -1, 0, 0, 0, 2}; /* three rows in three dimensions */
    static const double threshold[] = {0, 1, 2, 3};
    static const uint64_t beyond[] = {4, 3, 2, 1};
    sb_sample_statistics s;
    rows source = {x, 3, 0};
    SB_CHECK(!sb_sample_statistics_init(&s, 3, threshold, 4, 1, NULL), "init");
    SB_CHECK(!sb_sample_statistics_read(&s, next_row, &source, 0, 3, &silent, NULL), "read");
    SB_CHECK(s.count == 3 && s.trials == 9, "%llu trials", (unsigned long long)s.trials);
    SB_CHECK(fabs(s.square.mean - 10) < 1e-14, "E||eta||^2 %.17g", s.square.mean); /* 25, 1, 4 */
    SB_CHECK(fabs(sb_running_mean_variance(&s.square) - 171) < 1e-12, "%.17g", s.square.squares); /* 342/2 */
    SB_CHECK(fabs(s.norm.mean - 8. / 3) < 1e-14, "E||eta|| %.17g", s.norm.mean);
    SB_CHECK(fabs(s.largest.mean - 7. / 3) < 1e-14, "E max %.17g", s.largest.mean);
    static const double second[] = {3, 17. / 3, 4. / 3}, fourth[] = {27, 257. / 3, 16. / 3};
    for (int i = 0; i < 3; i++) {
        SB_CHECK(fabs(s.second[i] - second[i]) < 1e-14, "second %d: %.17g", i, s.second[i]);
        SB_CHECK(fabs(s.fourth[i] - fourth[i]) < 1e-13, "fourth %d: %.17g", i, s.fourth[i]);
    }
    for (int k = 0; k < 4; k++) /* strictly beyond: |eta_i| = s does not count */
        SB_CHECK(s.beyond[k] == beyond[k], "beyond %g: %llu", threshold[k], (unsigned long long)s.beyond[k]);
    sb_sample_statistics_clear(&s);
}

/* Neither threads nor the way in change a bit. */
static void results_do_not_depend_on_threads(void) {
    sb_noise_spec noise;
    sb_noise_spec_init(&noise);
    parse(&noise, "laplace:b=2");
    for (uint64_t d = 1; d <= 5000; d = d * 17 + 3) {
        uint64_t n = 300000 / d + 50;
        double *all = malloc((size_t)(d * n) * sizeof *all);
        if (!all) abort();
        for (uint64_t i = 0; i < n; i++) sb_noise_draw(&noise, d, 7, i, all + i * d);
        sb_sample_statistics s[3];
        rows source = {all, (size_t)d, 0};
        for (int k = 0; k < 3; k++) {
            sb_sample_options options = {k ? 5 : 1, NULL, NULL};
            SB_CHECK(!sb_sample_statistics_init(&s[k], d, NULL, 0, d % 2 == 1, NULL), "init");
            sb_status status =
                k < 2 ? sb_sample_statistics_draw(&s[k], &noise, 7, n, &options, NULL)
                      : sb_sample_statistics_read(&s[k], next_row, &source, 7, n, &options, NULL);
            SB_CHECK(status == SB_OK, "d = %llu", (unsigned long long)d);
        }
        for (int k = 1; k < 3; k++) {
            int same = s[0].square.mean == s[k].square.mean && s[0].square.squares == s[k].square.squares &&
                       s[0].norm.mean == s[k].norm.mean && s[0].largest.mean == s[k].largest.mean &&
                       s[0].trials == s[k].trials &&
                       memcmp(s[0].beyond, s[k].beyond, sizeof s[0].beyond) == 0 &&
                       memcmp(s[0].second, s[k].second, 2 * (size_t)d * sizeof(double)) == 0;
            SB_CHECK(same, "d = %llu, way %d", (unsigned long long)d, k);
        }
        for (int k = 0; k < 3; k++) sb_sample_statistics_clear(&s[k]);
        free(all);
    }
    sb_noise_spec_clear(&noise);
}

/* The sums keep their accuracy: n terms of very different size against long double. */
static void sums_are_accurate(void) {
    enum { N = 200000 };
    double *x = malloc(N * sizeof *x);
    if (!x) abort();
    long double second = 0;
    uint64_t state = 4;
    for (int i = 0; i < N; i++) {
        x[i] = exp((double)(sb_test_random(&state) % 1000) / 60);
        second += (long double)x[i] * x[i];
    }
    sb_sample_statistics s;
    rows source = {x, 1, 0};
    SB_CHECK(!sb_sample_statistics_init(&s, 1, NULL, 0, 1, NULL), "init");
    SB_CHECK(!sb_sample_statistics_read(&s, next_row, &source, 0, N, &silent, NULL), "read");
    double truth = (double)(second / N);
    SB_CHECK(fabs(s.second[0] - truth) < 3e-14 * truth, "%.17g, not %.17g", s.second[0], truth);
    SB_CHECK(fabs(s.square.mean - truth) < 1e-12 * truth, "%.17g, not %.17g", s.square.mean, truth);
    sb_sample_statistics_clear(&s);
    free(x);
}

/* Running means merged in any cut agree with two-pass formulas. */
static void running_means_merge(void) {
    uint64_t state = 8;
    for (int trial = 0; trial < 200; trial++) {
        double x[64], mean = 0, squares = 0;
        size_t n = 2 + sb_test_random(&state) % 63, cut = sb_test_random(&state) % (n + 1);
        sb_running_mean a = {0, 0, 0}, b = {0, 0, 0};
        for (size_t i = 0; i < n; i++) {
            x[i] = 1e6 + (double)(sb_test_random(&state) % 1000) / 7;
            mean += x[i] / (double)n;
            sb_running_mean_add(i < cut ? &a : &b, x[i]);
        }
        for (size_t i = 0; i < n; i++) squares += (x[i] - mean) * (x[i] - mean);
        sb_running_mean_merge(&a, &b);
        SB_CHECK(a.count == n && fabs(a.mean - mean) < 1e-8, "n = %zu, cut = %zu", n, cut);
        SB_CHECK(fabs(a.squares - squares) < 1e-9 * squares + 1e-6, "n = %zu, cut = %zu: %g, %g", n, cut,
                 a.squares, squares);
    }
}

/* Over 400 seeds: tails within their 95 % interval at least 350 times (a valid interval covers 380 on
   average, standard deviation 4.4), upper bounds never below their mean at alpha = 1e-6, central intervals
   near their level for Gaussian noise. */
static void intervals_cover(void) {
    enum { SEEDS = 400, N = 400, D = 5 };
    sb_noise_spec noise;
    sb_noise_spec_init(&noise);
    parse(&noise, "gaussian:sigma=2");
    const double threshold[] = {0.5, 2, 5};
    int tail[2][3] = {{0}}, square = 0, upper = 0, tight = 0;
    fmpq_t alpha;
    arb_t low, high;
    fmpq_init(alpha);
    fmpq_set_si(alpha, 1, 20);
    arb_init(low);
    arb_init(high);
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        for (int independent = 0; independent < 2; independent++) {
            sb_sample_statistics s;
            SB_CHECK(!sb_sample_statistics_init(&s, D, threshold, 3, independent, NULL), "init");
            SB_CHECK(!sb_sample_statistics_draw(&s, &noise, seed, N, &silent, NULL), "draw");
            SB_CHECK(s.trials == (independent ? N * D : N), "%llu trials", (unsigned long long)s.trials);
            for (size_t k = 0; k < 3; k++) {
                double truth = erfc(threshold[k] / (2 * sqrt(2)));
                SB_CHECK(!sb_sample_tail_interval(low, high, &s, k, alpha, 6, NULL), "interval");
                tail[independent][k] +=
                    arf_cmp_d(arb_midref(low), truth) <= 0 && arf_cmp_d(arb_midref(high), truth) >= 0;
            }
            double a, b; /* E||eta||^2 = 4 D, E||eta||^4 = 16 D (D + 2) */
            sb_mean_interval(&s.square, 0.05, &a, &b);
            square += a <= 4 * D && b >= 4 * D;
            double u = sb_mean_upper_bound(s.square.mean, 16. * D * (D + 2), N, 1e-6);
            upper += u >= 4 * D;
            tight += u < 8 * D;
            sb_sample_statistics_clear(&s);
        }
    for (int k = 0; k < 6; k++)
        SB_CHECK(tail[k / 3][k % 3] >= 350, "tail %d: covered %d of 400", k, tail[k / 3][k % 3]);
    SB_CHECK(square >= 700 && square <= 790, "E||eta||^2: covered %d of 800", square);
    SB_CHECK(upper == 800 && tight == 800, "upper bound: %d, %d", upper, tight);
    arb_clear(low);
    arb_clear(high);
    fmpq_clear(alpha);
    sb_noise_spec_clear(&noise);
}

/* The upper bound is valid where the central limit theorem deceives: X = 1/p with probability p, else 0, p =
   1/1000: n = 300 samples hold no large value in 74 % of all cases. E X = 1, E X^2 = 1000. */
static void upper_bound_is_not_deceived(void) {
    uint64_t state = 6;
    int below = 0, normal_below = 0;
    for (int trial = 0; trial < 1000; trial++) {
        sb_running_mean x = {0, 0, 0};
        for (int i = 0; i < 300; i++) sb_running_mean_add(&x, sb_test_random(&state) % 1000 ? 0 : 1000);
        double low, high;
        sb_mean_interval(&x, 0.1, &low, &high);
        normal_below += high < 1;
        below += sb_mean_upper_bound(x.mean, 1000, 300, 0.1) < 1;
    }
    SB_CHECK(below <= 130, "below the mean %d times of 1000", below); /* at most 100 on average */
    SB_CHECK(normal_below > 600, "the central limit theorem fails %d times", normal_below);
}

static void overflow_and_refusals(void) {
    static const double huge[] = {1e200, 1, 2};
    sb_sample_statistics s;
    rows source = {huge, 1, 0};
    SB_CHECK(!sb_sample_statistics_init(&s, 1, NULL, 0, 0, NULL), "init");
    SB_CHECK(!sb_sample_statistics_read(&s, next_row, &source, 0, 3, &silent, NULL), "read");
    double low, high;
    sb_mean_interval(&s.square, 0.05, &low, &high);
    SB_CHECK(low == -INFINITY && high == INFINITY, "overflow gives no interval");
    SB_CHECK(sb_mean_upper_bound(s.second[0], 1, 3, .05) == INFINITY, "%g", s.second[0]);
    sb_sample_statistics_clear(&s);
    sb_error error;
    SB_CHECK(sb_sample_statistics_init(&s, 0, NULL, 0, 0, &error) == SB_BAD_INPUT, "d = 0");
    SB_CHECK(sb_sample_statistics_init(&s, UINT64_C(1) << 60, NULL, 0, 0, &error) == SB_BAD_INPUT, "%s",
             error.message);
}

static int never(void) {
    return 0;
}

static void an_interrupt_stops(void) {
    sb_noise_spec noise;
    sb_noise_spec_init(&noise);
    parse(&noise, "gaussian:sigma=1");
    sb_sample_statistics s;
    sb_sample_options options = {2, NULL, never};
    SB_CHECK(!sb_sample_statistics_init(&s, 1, NULL, 0, 1, NULL), "init");
    SB_CHECK(sb_sample_statistics_draw(&s, &noise, 0, UINT64_MAX / 2, &options, NULL) == SB_INTERRUPTED,
             "draw");
    sb_sample_statistics_clear(&s);
    sb_noise_spec_clear(&noise);
}

/* ------------------------------------------------------------------ tails */
static void the_largest_are_those_of_a_sort(void) {
    uint64_t state = 13;
    for (int trial = 0; trial < 300; trial++) {
        size_t n = 1 + sb_test_random(&state) % 200, capacity = 1 + sb_test_random(&state) % 50;
        sb_largest all, largest;
        SB_CHECK(!sb_largest_init(&all, n, NULL) && !sb_largest_init(&largest, capacity, NULL), "init");
        for (size_t i = 0; i < n; i++) {
            double x = (double)(sb_test_random(&state) % 100) - 50;
            sb_largest_add(&all, x);
            sb_largest_add(&largest, x);
        }
        sb_largest_sort(&all);
        sb_largest_sort(&largest);
        SB_CHECK(largest.count == (n < capacity ? n : capacity) && largest.seen == n, "n = %zu", n);
        for (size_t i = 0; i + 1 < n; i++) SB_CHECK(all.value[i] >= all.value[i + 1], "sorted");
        SB_CHECK(memcmp(all.value, largest.value, largest.count * sizeof(double)) == 0,
                 "n = %zu, capacity %zu", n, capacity);
        sb_largest_clear(&all);
        sb_largest_clear(&largest);
    }
}

/* Against mpmath. */
static void gamma_quantiles(void) {
    static const struct {
        uint64_t shape;
        slong top;
        ulong bottom;
        double value;
    } row[] = {{1, 1, 2, 0.69314718055994531},           {5, 39, 40, 10.241588675403698},
               {5, 1, 40, 1.6234863901184205},           {1000, 1, 2000, 899.20868311918709},
               {100000, 1999, 2000, 101043.83287396979}, {2, 1, 1000000, 0.0014148806614793429}};
    fmpq_t p;
    arb_t x;
    fmpq_init(p);
    arb_init(x);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        fmpq_set_si(p, row[i].top, row[i].bottom);
        sb_gamma_quantile(x, row[i].shape, p);
        SB_CHECK(fabs(arf_get_d(arb_midref(x), ARF_RND_NEAR) - row[i].value) <= 1e-12 * row[i].value &&
                     arb_rel_accuracy_bits(x) > 38,
                 "shape %llu: %.17g", (unsigned long long)row[i].shape,
                 arf_get_d(arb_midref(x), ARF_RND_NEAR));
    }
    fmpq_clear(p);
    arb_clear(x);
}

static double uniform(uint64_t *state) {
    return ((double)(sb_test_random(state) >> 11) + 0.5) * 0x1p-53;
}

/* 400 Pareto samples of index a: the interval from k values holds a 380 times on average (deviation 4.4). For
   an exponential law the mean excess is 1 everywhere, for the Pareto law u/(a-1). */
static void hill_covers_on_pareto_samples(void) {
    static const double index[] = {0.7, 2, 6};
    static const uint64_t count[] = {1, 10, 200};
    uint64_t state = 21;
    fmpq_t alpha;
    arb_t low, high;
    fmpq_init(alpha);
    fmpq_set_si(alpha, 1, 20);
    arb_init(low);
    arb_init(high);
    for (int i = 0; i < 3; i++) {
        int covered = 0;
        for (int trial = 0; trial < 400; trial++) {
            sb_largest largest;
            sb_tail_point point;
            SB_CHECK(!sb_largest_init(&largest, (size_t)count[i] + 1, NULL), "init");
            for (int n = 0; n < 600; n++) {
                double x = pow(uniform(&state), -1 / index[i]);
                sb_largest_add(&largest, n % 2 ? -x : x);
            }
            sb_largest_sort(&largest);
            SB_CHECK(sb_tail_point_at(&point, &largest, count[i]), "a point");
            sb_hill_interval(low, high, &point, alpha);
            covered +=
                arf_cmp_d(arb_midref(low), index[i]) <= 0 && arf_cmp_d(arb_midref(high), index[i]) >= 0;
            sb_largest_clear(&largest);
        }
        SB_CHECK(covered >= 360 && covered <= 397, "index %g, k = %llu: covered %d of 400", index[i],
                 (unsigned long long)count[i], covered);
    }
    arb_clear(low);
    arb_clear(high);
    fmpq_clear(alpha);
}

static void mean_excess_of_known_laws(void) {
    uint64_t state = 22;
    for (int pareto = 0; pareto < 2; pareto++) {
        sb_largest largest;
        sb_tail_point point;
        SB_CHECK(!sb_largest_init(&largest, 20001, NULL), "init");
        for (int n = 0; n < 200000; n++)
            sb_largest_add(&largest, pareto ? pow(uniform(&state), -0.2) : -log(uniform(&state)));
        sb_largest_sort(&largest);
        for (uint64_t k = 100; k <= 20000; k *= 5) {
            SB_CHECK(sb_tail_point_at(&point, &largest, k), "a point");
            double truth = pareto ? point.threshold / 4 : 1;
            SB_CHECK(fabs(point.mean_excess - truth) < 5 * point.deviation / sqrt((double)k),
                     "%s, k = %llu: %g, not %g", pareto ? "Pareto" : "exponential", (unsigned long long)k,
                     point.mean_excess, truth);
        }
        sb_largest_clear(&largest);
    }
}

/* Hand-made: 8, 4, 2, 1: H_3 = (3 + 2 + 1) log 2/3, e(1) = (7 + 3 + 1)/3. Zeros and ties have no point. */
static void a_point_by_hand(void) {
    static const double x[] = {-2, 8, 0, 1, -4};
    sb_largest largest;
    sb_tail_point point;
    SB_CHECK(!sb_largest_init(&largest, 5, NULL), "init");
    for (int i = 0; i < 5; i++) sb_largest_add(&largest, x[i]);
    sb_largest_sort(&largest);
    SB_CHECK(sb_tail_point_at(&point, &largest, 3) && point.threshold == 1, "u = %g", point.threshold);
    SB_CHECK(fabs(point.hill - 2 * log(2)) < 1e-15 && fabs(point.mean_excess - 11. / 3) < 1e-15, "%g, %g",
             point.hill, point.mean_excess);
    SB_CHECK(fabs(point.deviation - sqrt(28. / 3)) < 1e-14, "%.17g", point.deviation); /* 7, 3, 1 */
    SB_CHECK(!sb_tail_point_at(&point, &largest, 4) && !sb_tail_point_at(&point, &largest, 5) &&
                 !sb_tail_point_at(&point, &largest, 0),
             "u = 0, and k beyond the values");
    sb_largest_clear(&largest);
}

static const sb_test tests[] = {{"small cases are exact", small_cases_are_exact},
                                {"results do not depend on threads", results_do_not_depend_on_threads},
                                {"sums are accurate", sums_are_accurate},
                                {"running means merge", running_means_merge},
                                {"intervals cover", intervals_cover},
                                {"the upper bound is not deceived", upper_bound_is_not_deceived},
                                {"overflow and refusals", overflow_and_refusals},
                                {"an interrupt stops", an_interrupt_stops},
                                {"the largest are those of a sort", the_largest_are_those_of_a_sort},
                                {"Gamma quantiles", gamma_quantiles},
                                {"Hill covers on Pareto samples", hill_covers_on_pareto_samples},
                                {"mean excess of known laws", mean_excess_of_known_laws},
                                {"a point by hand", a_point_by_hand}};

SB_TEST_MAIN(tests)
