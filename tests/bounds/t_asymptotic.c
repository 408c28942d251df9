/* The certified constant against an independent optimisation (L on a grid of V, convex hull on a grid of t,
   random search over K and x0, in double precision), against what suffices, and the lines themselves against
   L from its definition; stronger lines are refused. */
#include "bounds/asymptotic.h"
#include "bounds/sharp.h"
#include "bounds/tv_robustness.h"
#include "tests/bounds/bounds_test.h"

#include <math.h>
#include <pthread.h>

static const double pi = 3.14159265358979323846;

static double constant_at(uint64_t dimension, const char *delta, sb_promise promise) {
    fmpq_t x, value;
    fmpq_init(x);
    fmpq_init(value);
    fmpq_set_str(x, delta, 10);
    sb_asymptotic_constant(value, dimension, x, promise);
    double result = fmpq_get_d(value);
    fmpq_clear(x);
    fmpq_clear(value);
    return result;
}

/* T, or 4 T, rounded up a little */
static double sufficient_at(const fmpq_t delta, sb_promise promise) {
    arb_t limit;
    arb_init(limit);
    sb_sharp_T(limit, delta, 64);
    double value = arf_get_d(arb_midref(limit), ARF_RND_UP) * (1 + 1e-12);
    arb_clear(limit);
    return promise == SB_PROMISE_TV ? value : 4 * value;
}

/* ------------------------------------------------------------------ values */
static void reference_values(void) {
    static const struct {
        uint64_t dimension;
        const char *delta;
        sb_promise promise;
        double constant;
    } at[] = {{3072, "1/2", SB_PROMISE_TV, 0.47846},   {150528, "1/10", SB_PROMISE_TV, 15.5474},
              {784, "1/2", SB_PROMISE_TV, 0.40478},    {12288, "1/10", SB_PROMISE_TV, 14.0763},
              {150528, "9/10", SB_PROMISE_TV, 0.0628}, {3072, "3/10", SB_PROMISE_ROBUST, 5.8926}};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        double value = constant_at(at[i].dimension, at[i].delta, at[i].promise);
        SB_CHECK(value > 0.99 * at[i].constant && value < 1.002 * at[i].constant, "d=%llu delta=%s: %g, %g",
                 (unsigned long long)at[i].dimension, at[i].delta, value, at[i].constant);
    }
    /* CIFAR-10 and ImageNet, l_inf: the rms noise eps sqrt(d B) */
    double cifar = 2.0 / 255 * sqrt(3072 * constant_at(3072, "1/2", SB_PROMISE_TV)),
           imagenet = 8.0 / 255 * sqrt(150528 * constant_at(150528, "1/10", SB_PROMISE_TV));
    SB_CHECK(cifar > 0.3 && cifar < 0.3223, "CIFAR-10 2/255, delta 1/2: %g", cifar);
    SB_CHECK(imagenet > 47.66 && imagenet < 48.43, "ImageNet 8/255, delta 1/10: %g", imagenet);
}

static void random_case(uint64_t *dimension, fmpq_t delta, uint64_t *state) {
    uint64_t size = (uint64_t)1 << (4 + sb_test_random(state) % 59);
    *dimension = 2 + sb_test_random(state) % size;
    random_fraction(delta, state, 10);
    if (sb_test_random(state) % 4 == 0) {
        fmpq_div_2exp(delta, delta, sb_test_random(state) % 30);
        if (sb_test_random(state) % 2) sb_rational_complement(delta, delta);
    }
}

/* What is necessary is never above what suffices; a chosen line is certified; larger d, nearer to T. */
static void below_what_suffices(void) {
    uint64_t state = 1, dimension;
    fmpq_t delta, value;
    sb_asymptotic_line line;
    fmpq_init(delta);
    fmpq_init(value);
    sb_asymptotic_line_init(&line);
    int positive = 0;
    for (int trial = 0; trial < 240; trial++) {
        sb_promise promise = trial % 2 ? SB_PROMISE_ROBUST : SB_PROMISE_TV;
        random_case(&dimension, delta, &state);
        double d = (double)dimension, x = fmpq_get_d(delta), limit = sufficient_at(delta, promise);
        int chosen = sb_asymptotic_choose(&line, dimension, delta, promise);
        sb_asymptotic_constant(value, dimension, delta, promise);
        double found = fmpq_get_d(value);
        SB_CHECK(found <= limit, "d=%g delta=%g promise %d: %g above %g", d, x, promise, found, limit);
        SB_CHECK((found > 0) == chosen, "d=%g delta=%g promise %d: chosen %d, constant %g", d, x, promise,
                 chosen, found);
        positive += chosen;
        if (x * x * d > 1e5 && x < 0.75) {
            SB_CHECK(found > limit / (1.003 + 10 / sqrt(d)), "d=%g delta=%g: %g of %g", d, x, found, limit);
        }
    }
    SB_CHECK(positive > 100, "%d", positive);
    fmpq_clear(delta);
    fmpq_clear(value);
    sb_asymptotic_line_clear(&line);
}

/* delta far above 1/sqrt d: better than m, and than M for symmetric noise. */
static void beats_one_dimension(void) {
    static const uint64_t at[] = {3072, 12288, 150528, 10000000, (uint64_t)1 << 40};
    fmpq_t delta, value, other;
    fmpq_init(delta);
    fmpq_init(value);
    fmpq_init(other);
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        for (double x = 10 / sqrt((double)at[i]); x < 0.75; x *= 1.7) {
            fmpq_set_si(delta, (slong)(x * 1e9), 1000000000);
            sb_asymptotic_constant(value, at[i], delta, SB_PROMISE_TV);
            sb_sharp_m(other, delta);
            SB_CHECK(fmpq_cmp(value, other) > 0, "d=%g delta=%g", (double)at[i], x);
            sb_asymptotic_constant(value, at[i], delta, SB_PROMISE_ROBUST);
            sb_sharp_M(other, delta);
            SB_CHECK(fmpq_cmp(value, other) > 0, "d=%g delta=%g, symmetric", (double)at[i], x);
        }
    }
    fmpq_clear(delta);
    fmpq_clear(value);
    fmpq_clear(other);
}

/* ------------------------------------------------------------------ lines */
/* max{0, A, A'}, its infimum on a grid, and L, from the definitions in bounds/small_ball.h */
static double least_mass(double y, double V, double clip, double band) {
    double W = pow(pi * clip / band, 2), root = sqrt(V), phi_0 = 1 / sqrt(2 * pi),
           beta = (-log(cos(band)) - band * band / 2) / pow(band, 4),
           A = erf(y / root / sqrt(2)) - 6 * beta * phi_0 * clip * clip * y / (V * root) -
               W / (2 * V) * fmin(2 * phi_0 * exp(-0.5), 2 * phi_0 * y / root),
           chebyshev = 1 - (V + W) / (y * y);
    return fmax(0, fmax(A, chebyshev));
}

static double grid_ell(double y, double v, double clip, double band) {
    double least = 1;
    for (int k = 0; k <= 3000; k++) least = fmin(least, least_mass(y, v * pow(2, -k * 0.01), clip, band));
    return least;
}

static double grid_profile(double t, double d, double clip, double band, sb_promise promise) {
    double n = t * d * d / pow(clip - 1, 2), v = t * d * d;
    if (promise == SB_PROMISE_ROBUST) return n < d ? grid_ell(d - n, v, clip, band) : 0;
    return n < d / 2 ? (grid_ell(d / 2, v, clip, band) + grid_ell(d / 2 - n, v, clip, band)) / 2 : 0;
}

/* L - a + c t on a grid: never negative (but for the grid of V), and nearly 0 somewhere. */
static void lines_touch(void) {
    static const struct {
        uint64_t dimension;
        const char *delta;
        sb_promise promise;
    } at[] = {{3072, "1/2", SB_PROMISE_TV},    {784, "3/10", SB_PROMISE_TV},
              {150528, "9/10", SB_PROMISE_TV}, {3072, "3/10", SB_PROMISE_ROBUST},
              {300, "1/2", SB_PROMISE_TV},     {3072, "1/20", SB_PROMISE_TV}};
    fmpq_t delta;
    sb_asymptotic_line line;
    fmpq_init(delta);
    sb_asymptotic_line_init(&line);
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        fmpq_set_str(delta, at[i].delta, 10);
        SB_CHECK(sb_asymptotic_choose(&line, at[i].dimension, delta, at[i].promise), "%zu", i);
        double a = fmpq_get_d(line.height), c = fmpq_get_d(line.slope), gain = a - fmpq_get_d(delta),
               least = 1;
        for (int k = 1; k <= 600; k++) {
            double t = a / c * pow(k / 600.0, 3);
            double gap = grid_profile(t, (double)at[i].dimension, fmpq_get_d(line.clip),
                                      fmpq_get_d(line.band), at[i].promise) -
                         a + c * t;
            SB_CHECK(gap >= 0, "%zu: t=%g gap %g", i, t, gap);
            least = fmin(least, gap);
        }
        SB_CHECK(least < 0.05 * gain, "%zu: least gap %g, gain %g", i, least, gain);
    }
    fmpq_clear(delta);
    sb_asymptotic_line_clear(&line);
}

/* A cell is certified where L(right) >= a - c left, and nowhere else. */
static void cells(void) {
    static const uint64_t dimension = 3072;
    uint64_t state = 8;
    fmpq_t delta;
    sb_asymptotic_line line;
    fmpq_init(delta);
    sb_asymptotic_line_init(&line);
    fmpq_set_si(delta, 1, 2);
    sb_asymptotic_choose(&line, dimension, delta, SB_PROMISE_TV);
    double a = fmpq_get_d(line.height), c = fmpq_get_d(line.slope), end = a / c;
    int certified = 0, refused = 0;
    for (int trial = 0; trial < 400; trial++) {
        double left = end * (double)(sb_test_random(&state) % 1000) / 1000,
               right = left + end * (double)(1 + sb_test_random(&state) % 1000) / 10000,
               gap = grid_profile(right, (double)dimension, fmpq_get_d(line.clip), fmpq_get_d(line.band),
                                  SB_PROMISE_TV) -
                     (a - c * left);
        if (fabs(gap) < 1e-4) continue;
        int proved = sb_asymptotic_certify_cell(&line, dimension, SB_PROMISE_TV, left, right);
        SB_CHECK(proved == (gap > 0), "[%g, %g]: gap %g, certified %d", left, right, gap, proved);
        certified += proved;
        refused += !proved;
    }
    SB_CHECK(certified > 50 && refused > 50, "%d certified, %d refused", certified, refused);
    SB_CHECK(!sb_asymptotic_certify_cell(&line, dimension, SB_PROMISE_TV, end, end) &&
             !sb_asymptotic_certify_cell(&line, dimension, SB_PROMISE_TV, -1, end) &&
             !sb_asymptotic_certify_cell(&line, dimension, SB_PROMISE_TV, 0, NAN));
    fmpq_clear(delta);
    sb_asymptotic_line_clear(&line);
}

/* Too strong by 1% in the height or 2% in the slope is refused, and so is a line without sense. */
static void stronger_lines(void) {
    uint64_t state = 3, dimension;
    fmpq_t delta, factor, kept;
    sb_asymptotic_line line;
    fmpq_init(delta);
    fmpq_init(factor);
    fmpq_init(kept);
    sb_asymptotic_line_init(&line);
    int tried = 0;
    for (int trial = 0; trial < 60; trial++) {
        sb_promise promise = trial % 2 ? SB_PROMISE_ROBUST : SB_PROMISE_TV;
        random_case(&dimension, delta, &state);
        if (!sb_asymptotic_choose(&line, dimension, delta, promise)) continue;
        tried++;
        SB_CHECK(sb_asymptotic_certify(&line, dimension, promise), "trial %d: the line itself", trial);
        fmpq_set_si(factor, 101, 100);
        fmpq_set(kept, line.height);
        fmpq_mul(line.height, line.height, factor);
        SB_CHECK(!sb_asymptotic_certify(&line, dimension, promise), "trial %d: d=%g, height", trial,
                 (double)dimension);
        fmpq_set(line.height, kept);
        fmpq_set(kept, line.slope);
        fmpq_div(line.slope, line.slope, factor);
        fmpq_div(line.slope, line.slope, factor);
        SB_CHECK(!sb_asymptotic_certify(&line, dimension, promise), "trial %d: d=%g, slope", trial,
                 (double)dimension);
        fmpq_neg(line.slope, kept);
        SB_CHECK(!sb_asymptotic_certify(&line, dimension, promise), "trial %d: negative slope", trial);
        fmpq_set(line.slope, kept);
        fmpq_set_si(line.band, 8, 5);
        SB_CHECK(!sb_asymptotic_certify(&line, dimension, promise), "trial %d: x0 = 8/5", trial);
        fmpq_one(line.band);
        fmpq_one(line.clip);
        SB_CHECK(!sb_asymptotic_certify(&line, dimension, promise), "trial %d: K = 1", trial);
    }
    SB_CHECK(tried > 20, "%d", tried);
    fmpq_clear(delta);
    fmpq_clear(factor);
    fmpq_clear(kept);
    sb_asymptotic_line_clear(&line);
}

/* ------------------------------------------------------------------ the same everywhere */
static void *in_thread(void *value) {
    *(double *)value = constant_at(3072, "1/2", SB_PROMISE_TV);
    flint_cleanup();
    return NULL;
}

static void deterministic(void) {
    double first = constant_at(3072, "1/2", SB_PROMISE_TV), value[3];
    pthread_t thread[3];
    for (int i = 0; i < 3; i++) SB_CHECK(pthread_create(&thread[i], NULL, in_thread, &value[i]) == 0);
    for (int i = 0; i < 3; i++) {
        pthread_join(thread[i], NULL);
        SB_CHECK(value[i] == first, "%.17g %.17g", value[i], first);
    }
}

/* ------------------------------------------------------------------ rows */
static double row_value(size_t i, const sb_parameters *parameters) {
    return value_of(sb_asymptotic_bound[i].value, parameters);
}

static void rows(void) {
    sb_parameters parameters;
    sb_parameters_init(&parameters);
    set_parameters(&parameters, "3x32x32", "4", "1/3", "2/5");
    fmpq_t tau;
    fmpq_init(tau);
    sb_symmetric_limit_total_variation(tau, parameters.delta);
    char *limit = sb_rational_print(tau);
    double scale = pow(3072, 1.5) / 9, tv = constant_at(3072, "2/5", SB_PROMISE_TV),
           robust = constant_at(3072, limit, SB_PROMISE_TV),
           symmetric = constant_at(3072, "2/5", SB_PROMISE_ROBUST),
           upper = sufficient_at(parameters.delta, 0);
    const double truth[] = {tv, upper, robust, symmetric};
    SB_CHECK(sb_asymptotic_bound_count == 8);
    for (size_t i = 0; i < sb_asymptotic_bound_count; i++) {
        double value = row_value(i, &parameters),
               wanted = i % 2 ? sqrt(scale * truth[i / 2] / 3072) : scale * truth[i / 2];
        SB_CHECK(fabs(value / wanted - 1) < 1e-9, "row %zu: %.12g, %.12g", i, value, wanted);
        SB_CHECK(sb_asymptotic_bound[i].domain(&parameters, NULL) == SB_OK, "row %zu", i);
    }
    SB_CHECK(tv < upper && robust > tv && symmetric > robust, "%g %g %g %g", tv, upper, robust, symmetric);
    sb_error error = {0};
    set_parameters(&parameters, "100", "inf", "1", "1/20");
    SB_CHECK(sb_asymptotic_bound[0].domain(&parameters, &error) == SB_OUTSIDE &&
                 strstr(error.message, "d = 100 and delta = 1/20"),
             "%s", error.message);
    SB_CHECK(sb_asymptotic_bound[2].domain(&parameters, &error) == SB_OK);
    set_parameters(&parameters, "10000", "3/2", "1", "1/2");
    for (size_t i = 0; i < sb_asymptotic_bound_count; i++)
        SB_CHECK(sb_asymptotic_bound[i].domain(&parameters, &error) == SB_OUTSIDE &&
                     strstr(error.message, "p >= 2"),
                 "%s", error.message);
    free(limit);
    fmpq_clear(tau);
    sb_parameters_clear(&parameters);
}

/* The noise behind the sufficient row, for delta > delta0: its total variation at the longest shift is delta.
 */
static void mixture(void) {
    sb_parameters parameters;
    sb_parameters_init(&parameters);
    for (int k = 77; k < 100; k += 3) {
        fmpq_set_si(parameters.delta, k, 100);
        parameters.dimension = 100;
        parameters.norm.infinite = 1;
        double square = row_value(2, &parameters), z0 = 1.19060124833, sigma = 10 / (2 * z0), /* |v|_2 = 10 */
            w = square / (100 * sigma * sigma), delta = 1 - w + w * erf(z0 / sqrt(2));
        SB_CHECK(w > 0 && w <= 1 && fabs(delta - k / 100.0) < 1e-9, "delta %d/100: w %g, TV %.12g", k, w,
                 delta);
    }
    sb_parameters_clear(&parameters);
}

static const sb_test tests[] = {{"asymptotic: reference values", reference_values},
                                {"asymptotic: below what suffices", below_what_suffices},
                                {"asymptotic: better than one dimension", beats_one_dimension},
                                {"asymptotic: lines touch L", lines_touch},
                                {"asymptotic: cells", cells},
                                {"asymptotic: stronger lines are refused", stronger_lines},
                                {"asymptotic: the same on every thread", deterministic},
                                {"asymptotic: rows", rows},
                                {"asymptotic: Gaussian noise with an atom", mixture}};
SB_TEST_MAIN(tests)
