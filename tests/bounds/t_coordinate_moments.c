/* What second moments leave possible: against all subsets of coordinates in rationals, against a search over
   all weights, against Gaussian noise that keeps the promise, and against the isotropic bound. */
#include "bounds/diagonal_gaussian.h"
#include "bounds/moment_limit.h"
#include "bounds/sharp.h"
#include "tests/bounds/bounds_test.h"

#include <math.h>

static const char *const norms[] = {"1", "3/2", "2", "5/2", "3", "4", "8", "100", "inf"};
enum { NORMS = sizeof norms / sizeof norms[0] };

static void read_exact(sb_exact *number, const char *text) {
    if (sb_exact_parse("test", text, number, NULL)) abort();
}

static void add(sb_coordinate_moments *moments, const fmpq_t value) {
    sb_exact number;
    sb_exact_init(&number);
    fmpq_set(number.value, value);
    if (sb_coordinate_moments_add(moments, &number, NULL)) abort();
    sb_exact_clear(&number);
}

/* d moments: small fractions with repetitions, of one size or spread over `spread` powers of two. */
static void random_moments(sb_coordinate_moments *moments, fmpq *b, size_t d, unsigned spread,
                           uint64_t *state) {
    fmpq_t x;
    fmpq_init(x);
    sb_coordinate_moments_clear(moments);
    for (size_t i = 0; i < d; i++) {
        fmpq_set_si(x, 1 + (slong)(sb_test_random(state) % 9), 1 + sb_test_random(state) % 5);
        fmpq_mul_2exp(x, x, sb_test_random(state) % (spread + 1));
        add(moments, x);
        fmpq_set(&b[i], x);
    }
    sb_coordinate_moments_sort(moments);
    fmpq_clear(x);
}

static void random_hypothesis(sb_sharp_hypothesis *hypothesis, fmpq_t delta, uint64_t *state) {
    *hypothesis = (sb_sharp_hypothesis)(sb_test_random(state) % 3);
    random_fraction(delta, state, 8);
    if (sb_test_random(state) % 4 == 0) fmpq_div_2exp(delta, delta, sb_test_random(state) % 60);
}

/* ------------------------------------------------------------------ inverses */
static void check_inverses(void) {
    uint64_t state = 1;
    fmpq_t delta, y, back;
    arb_t ball;
    fmpq_init(delta);
    fmpq_init(y);
    fmpq_init(back);
    arb_init(ball);
    for (int i = 0; i < 4000; i++) {
        sb_sharp_hypothesis hypothesis;
        random_hypothesis(&hypothesis, delta, &state);
        if (i % 50 == 0) fmpq_one(delta);
        sb_sharp_constant(y, hypothesis, delta);
        sb_sharp_inverse(ball, hypothesis, y, 200);
        SB_CHECK(arb_contains_fmpq(ball, delta) && arb_rel_accuracy_bits(ball) > 150, "%d: %s",
                 (int)hypothesis, fmpq_get_str(NULL, 10, delta));
        int exact = sb_sharp_inverse_exact(back, hypothesis, y);
        SB_CHECK(exact == (hypothesis != SB_SHARP_ROBUST) && (!exact || fmpq_equal(back, delta)), "%d: %s",
                 (int)hypothesis, fmpq_get_str(NULL, 10, delta));
    }
    fmpq_zero(y);
    sb_sharp_m_inverse(back, y);
    SB_CHECK(fmpq_is_one(back));
    fmpq_clear(delta);
    fmpq_clear(y);
    fmpq_clear(back);
    arb_clear(ball);
}

/* ------------------------------------------------------------------ subsets */
/* (b(S)^e)/k^f for the subset, which orders subsets as b(S)/k^(f/e) does */
static void subset_value(fmpq_t value, const fmpq *b, size_t d, unsigned set, ulong e, ulong f) {
    fmpz_t power;
    ulong k = 0;
    fmpz_init(power);
    fmpq_zero(value);
    for (size_t i = 0; i < d; i++)
        if (set >> i & 1) {
            fmpq_add(value, value, &b[i]);
            k++;
        }
    fmpq_pow_si(value, value, (slong)e);
    fmpz_ui_pow_ui(power, k, f);
    fmpq_div_fmpz(value, value, power);
    fmpz_clear(power);
}

static void check_subsets(void) {
    static const struct {
        const char *norm;
        ulong e, f;
    } law[] = {{"1", 1, 1}, {"2", 1, 1}, {"4", 2, 3}, {"3", 3, 4}, {"inf", 1, 2}};
    uint64_t state = 2;
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_exact norm;
    fmpq b[12];
    fmpq_t least, value;
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    sb_exact_init(&norm);
    fmpq_init(least);
    fmpq_init(value);
    for (int i = 0; i < 12; i++) fmpq_init(&b[i]);
    for (int trial = 0; trial < 60; trial++) {
        size_t d = trial < 3 ? 12 : 1 + (size_t)(sb_test_random(&state) % 9);
        random_moments(&moments, b, d, (unsigned)(trial % 6), &state);
        for (size_t n = 0; n < sizeof law / sizeof law[0]; n++) {
            for (unsigned set = 1; set < 1u << d; set++) {
                subset_value(value, b, d, set, law[n].e, law[n].f);
                if (set == 1 || fmpq_cmp(value, least) < 0) fmpq_set(least, value);
            }
            read_exact(&norm, law[n].norm);
            SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK);
            subset_value(value, limit.sum, 1, 1, law[n].e, 0);
            fmpz_t power;
            fmpz_init(power);
            fmpz_ui_pow_ui(power, limit.size, law[n].f);
            fmpq_div_fmpz(value, value, power);
            fmpz_clear(power);
            SB_CHECK(fmpq_equal(value, least), "d = %zu, p = %s, k = %llu", d, law[n].norm,
                     (unsigned long long)limit.size);
            if (!limit.group_count && law[n].e == 1) /* V itself, exactly */
                SB_CHECK(sb_moment_limit_exact(value, &limit) && fmpq_equal(value, least), "p = %s",
                         law[n].norm);
        }
    }
    for (int i = 0; i < 12; i++) fmpq_clear(&b[i]);
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    sb_exact_clear(&norm);
    fmpq_clear(least);
    fmpq_clear(value);
}

/* ------------------------------------------------------------------ weights */
/* (s.b) ||s||_(p/2)/(1.s)^2, which p < 2 has too: then the ball of all s is not convex */
static double functional(const double *s, const double *b, size_t d, double p) {
    double sum = 0, product = 0, power = 0, top = 0;
    for (size_t i = 0; i < d; i++) {
        sum += s[i];
        product += s[i] * b[i];
        top = fmax(top, s[i]);
    }
    for (size_t i = 0; i < d; i++) power += pow(s[i] / top, p / 2);
    return product / sum * (isinf(p) ? top : top * pow(power, 2 / p)) / sum;
}

static double uniform(uint64_t *state) {
    return (double)(sb_test_random(state) >> 11) * 0x1p-53;
}

/* The least value that a random search with shrinking steps finds, from random weights and from single
   coordinates. */
static double search(const double *b, size_t d, double p, uint64_t *state) {
    double best = INFINITY, s[8], t[8];
    for (size_t start = 0; start < 4 + d; start++) {
        for (size_t i = 0; i < d; i++) s[i] = start < 4 ? uniform(state) : start - 4 == i ? 1 : 1e-9;
        double least = functional(s, b, d, p), step = 1;
        for (int i = 0; i < 2000; i++) {
            for (size_t j = 0; j < d; j++)
                t[j] = s[j] * (uniform(state) < 0.5 ? exp(step * (uniform(state) - 0.5)) : 1);
            double value = functional(t, b, d, p);
            if (value < least) {
                least = value;
                memcpy(s, t, sizeof s);
            } else {
                step = fmax(1e-4, step * 0.998);
            }
        }
        best = fmin(best, least);
    }
    return best;
}

static void check_weights(void) {
    uint64_t state = 3;
    double close = 0, gain = 0;
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_exact norm;
    fmpq b[8];
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    sb_exact_init(&norm);
    for (int i = 0; i < 8; i++) fmpq_init(&b[i]);
    for (int trial = 0; trial < 90; trial++) {
        size_t d = 1 + (size_t)(sb_test_random(&state) % 8);
        double x[8];
        random_moments(&moments, b, d, (unsigned)(trial % 5), &state);
        for (size_t i = 0; i < d; i++) x[i] = fmpq_get_d(&b[i]);
        const char *text = norms[trial % NORMS];
        read_exact(&norm, text);
        double p = norm.infinite ? INFINITY : fmpq_get_d(norm.value);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK);
        double found = value_of(sb_moment_limit_value, &limit), least = search(x, d, p, &state);
        SB_CHECK(least > found * (1 - 1e-8), "d = %zu, p = %s: %.12g found, %.12g exists", d, text, found,
                 least);
        if (p <= 8) close = fmax(close, least / found - 1); /* the search gropes where the norm has corners */
        if (limit.group_count) { /* they are better than the prefix that is named beside them */
            double prefix = fmpq_get_d(limit.sum) / pow((double)limit.size, 2 - 2 / p);
            SB_CHECK(found < prefix, "p = %s", text);
            gain = fmax(gain, 1 - found / prefix);
        }
    }
    SB_CHECK(close < 0.002, "the search came near: %g", close);
    SB_CHECK(gain > 0.01, "weights helped somewhere: %g", gain);
    for (int i = 0; i < 8; i++) fmpq_clear(&b[i]);
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    sb_exact_clear(&norm);
}

/* Many coordinates share weights: b_i = 1 + (i/d)^2, d = 20000, p = 4, where s_i = t - b_i, and t = 2 s.b/1.s
   is found by iteration. */
static void check_many(void) {
    enum { D = 20000 };
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_exact norm;
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    sb_exact_init(&norm);
    double t = 2, value = 0, spread = 9;
    for (int i = 0; i < D; i++) {
        double x = (double)(D - i) / D;
        SB_CHECK(sb_coordinate_moments_add_double(&moments, 1 + spread * x * x, NULL) == SB_OK);
    }
    sb_coordinate_moments_sort(&moments);
    for (int round = 0; round < 200; round++) {
        double sum = 0, product = 0, square = 0;
        for (int i = 0; i < D; i++) {
            double b = moments.item[i].value, s = fmax(0, t - b);
            sum += s;
            product += s * b;
            square += s * s;
        }
        value = product * sqrt(square) / (sum * sum);
        t = 2 * product / sum;
    }
    read_exact(&norm, "4");
    SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK && limit.group_count > 10);
    double found = value_of(sb_moment_limit_value, &limit);
    SB_CHECK(found > value * (1 - 1e-10) && found < value * (1 + 1e-5), "%.12g against %.12g", found, value);
    uint64_t support = sb_moment_limit_support(&limit);
    SB_CHECK(support > 1 && support < D && fabs((double)support / D - sqrt((t - 1) / spread)) < 0.01,
             "%llu, t = %g", (unsigned long long)support, t);
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    sb_exact_clear(&norm);
}

/* ------------------------------------------------------------------ promises */
/* eps := the midpoint of `radius`, times thousandths/1000 */
static void times_radius(fmpq_t eps, const arb_t radius, ulong thousandths) {
    fmpz_t thousand;
    fmpz_init_set_ui(thousand, 1000);
    arf_get_fmpq(eps, arb_midref(radius));
    fmpq_mul_ui(eps, eps, thousandths);
    fmpq_div_fmpz(eps, eps, thousand);
    fmpz_clear(thousand);
}

/* The largest sum v_i^2/b_i over |v|_p <= 1: no random v has more, and the one with v_i^2 proportional to
   b_i^(-2/(p-2)), or all of v in one coordinate for p <= 2, has as much. */
static void check_worst_shift(const arb_t sensitivity, const fmpq *b, size_t d, double p, uint64_t *state) {
    double bound = arf_get_d(arb_midref(sensitivity), ARF_RND_NEAR), least = INFINITY, u[40];
    for (size_t i = 0; i < d; i++) least = fmin(least, fmpq_get_d(&b[i]));
    for (int trial = 0; trial < 4; trial++) {
        double top = 0, power = 0, value = 0;
        for (size_t i = 0; i < d; i++) {
            double x = fmpq_get_d(&b[i]);
            u[i] = trial ? uniform(state) : p > 2 ? pow(x / least, isinf(p) ? 0 : -2 / (p - 2)) : x <= least;
            top = fmax(top, u[i]);
        }
        if (!trial && p <= 2) /* one coordinate only */
            for (size_t i = 0, seen = 0; i < d; i++) {
                if (seen) u[i] = 0;
                seen |= u[i] > 0;
            }
        for (size_t i = 0; i < d; i++) {
            power += pow(u[i] / top, p / 2);
            value += u[i] / top / fmpq_get_d(&b[i]);
        }
        value /= isinf(p) ? 1 : pow(power, 2 / p);
        SB_CHECK(value <= bound * (1 + 1e-12), "p = %g: %.15g above %.15g", p, value, bound);
        SB_CHECK(trial || value >= bound * (1 - 1e-12), "p = %g: %.15g below %.15g", p, value, bound);
    }
}

/* A Gaussian noise that keeps its promise is never excluded, and the questions agree with the verdicts. */
static void check_gaussian(void) {
    uint64_t state = 4;
    double nearest = INFINITY;
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_exact norm;
    sb_moment_question question = {.limit = &limit};
    fmpq b[40];
    fmpq_t delta, eps, least;
    arb_t sensitivity, kept, most;
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    sb_exact_init(&norm);
    fmpq_init(question.given);
    fmpq_init(delta);
    fmpq_init(eps);
    fmpq_init(least);
    arb_init(sensitivity);
    arb_init(kept);
    arb_init(most);
    for (int i = 0; i < 40; i++) fmpq_init(&b[i]);
    for (int trial = 0; trial < 900; trial++) {
        size_t d = 1 + (size_t)(sb_test_random(&state) % 40);
        const char *text = norms[trial % NORMS];
        random_moments(&moments, b, d, (unsigned)(trial % 4), &state);
        read_exact(&norm, text);
        random_hypothesis(&question.hypothesis, delta, &state);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK);
        sb_diagonal_gaussian gaussian = {&moments, &norm};
        sb_diagonal_gaussian_sensitivity(sensitivity, &gaussian, 128);
        check_worst_shift(sensitivity, b, d, norm.infinite ? INFINITY : fmpq_get_d(norm.value), &state);
        sb_diagonal_gaussian_radius(kept, sensitivity, question.hypothesis, delta, 128);
        fmpq_set(question.given, delta);
        sb_moment_largest_radius(most, &question, 128);
        SB_CHECK(arb_lt(kept, most), "p = %s, d = %zu, delta = %s: kept %g, at most %g", text, d,
                 fmpq_get_str(NULL, 10, delta), arf_get_d(arb_midref(kept), ARF_RND_NEAR),
                 arf_get_d(arb_midref(most), ARF_RND_NEAR));
        nearest = fmin(nearest,
                       arf_get_d(arb_midref(most), ARF_RND_NEAR) / arf_get_d(arb_midref(kept), ARF_RND_NEAR));
        /* 1/1000 beyond the largest radius is excluded, 1/1000 below is not; at that radius delta is least */
        times_radius(eps, most, 999);
        SB_CHECK(!sb_moment_limit_excludes(&limit, question.hypothesis, eps, delta), "p = %s", text);
        times_radius(eps, most, 1001);
        SB_CHECK(sb_moment_limit_excludes(&limit, question.hypothesis, eps, delta), "p = %s", text);
        arf_get_fmpq(eps, arb_midref(most));
        fmpq_set(question.given, eps);
        sb_moment_least_delta(kept, &question, 256);
        sb_moment_least_delta(most, &question, 40);
        SB_CHECK(arb_contains(most, kept), "p = %s: a wide ball", text);
        arb_set_fmpq(sensitivity, delta, 256);
        arb_sub(kept, kept, sensitivity, 256);
        arb_div(kept, kept, sensitivity, 256);
        SB_CHECK(fabs(arf_get_d(arb_midref(kept), ARF_RND_NEAR)) < 1e-15, "p = %s, delta = %s", text,
                 fmpq_get_str(NULL, 10, delta));
    }
    SB_CHECK(nearest < 1.3, "Gaussian noise is near the limit somewhere: %g", nearest);
    for (int i = 0; i < 40; i++) fmpq_clear(&b[i]);
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    sb_exact_clear(&norm);
    fmpq_clear(question.given);
    fmpq_clear(delta);
    fmpq_clear(eps);
    fmpq_clear(least);
    arb_clear(sensitivity);
    arb_clear(kept);
    arb_clear(most);
}

/* Equal second moments, as much as sharp-1.2 asks for E||eta||_2^2 in all: exactly at the limit. */
static void check_isotropic(void) {
    uint64_t state = 5;
    const sb_bound *bound = sb_bound_find("sharp-1.2", "E||eta||_2^2");
    sb_parameters parameters;
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_moment_question question = {.limit = &limit};
    sb_exact each;
    fmpq_t radius, more;
    arb_t value;
    sb_parameters_init(&parameters);
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    fmpq_init(question.given);
    sb_exact_init(&each);
    fmpq_init(radius);
    fmpq_init(more);
    arb_init(value);
    for (int trial = 0; trial < 300; trial++) {
        random_parameters(&parameters, &state, 1);
        if (!parameters.norm.infinite && fmpq_cmp_ui(parameters.norm.value, 2) < 0) continue;
        bound->value(value, &parameters, 300);
        arf_get_fmpq(each.value, arb_midref(value));
        fmpz_t d;
        fmpz_init_set_ui(d, parameters.dimension);
        fmpq_div_fmpz(each.value, each.value, d);
        fmpz_clear(d);
        SB_CHECK(sb_coordinate_moments_equal(&moments, &each, parameters.dimension, NULL) == SB_OK);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &parameters.norm, NULL) == SB_OK);
        SB_CHECK(limit.size == parameters.dimension && !limit.group_count);
        question.hypothesis = SB_SHARP_TV;
        fmpq_set(question.given, parameters.delta);
        sb_moment_largest_radius(value, &question, 300);
        arb_t eps;
        arb_init(eps);
        arb_set_fmpq(eps, parameters.radius, 300);
        arb_div(value, value, eps, 300);
        arb_sub_ui(value, value, 1, 300);
        arb_abs(value, value);
        arb_mul_2exp_si(value, value, 250);
        arb_one(eps);
        SB_CHECK(arb_lt(value, eps), "d = %llu", (unsigned long long)parameters.dimension);
        arb_clear(eps);
        if (!parameters.norm.infinite) continue;
        /* p = inf: all is rational, eps^2 d m(delta) in every coordinate; one per cent less noise is excluded
         */
        sb_sharp_m(each.value, parameters.delta);
        fmpq_mul(each.value, each.value, parameters.radius);
        fmpq_mul(each.value, each.value, parameters.radius);
        fmpq_mul_ui(each.value, each.value, parameters.dimension);
        SB_CHECK(sb_coordinate_moments_equal(&moments, &each, parameters.dimension, NULL) == SB_OK);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &parameters.norm, NULL) == SB_OK);
        SB_CHECK(sb_moment_largest_radius_exact(radius, &question) == 1 &&
                 fmpq_equal(radius, parameters.radius));
        SB_CHECK(!sb_moment_limit_excludes(&limit, SB_SHARP_TV, radius, parameters.delta));
        fmpq_set_si(more, 99, 100);
        fmpq_mul(each.value, each.value, more);
        SB_CHECK(sb_coordinate_moments_equal(&moments, &each, parameters.dimension, NULL) == SB_OK);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &parameters.norm, NULL) == SB_OK);
        SB_CHECK(sb_moment_limit_excludes(&limit, SB_SHARP_TV, radius, parameters.delta));
    }
    sb_parameters_clear(&parameters);
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    fmpq_clear(question.given);
    sb_exact_clear(&each);
    fmpq_clear(radius);
    fmpq_clear(more);
    arb_clear(value);
}

/* Independent Gaussians with variances 2/(4 z^2) and 2(d-1)/(4 z^2), d-1 times: they promise delta for
   |v|_inf <= 1 exactly, although the first coordinate's variance does not grow with d. */
static void check_one_quiet_coordinate(void) {
    static const char *const deltas[] = {"1/100", "1/10", "1/3", "1/2", "3/4", "9/10"};
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_exact norm, quiet, loud;
    fmpq_t delta, one, scaled;
    arb_t z, sensitivity;
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    sb_exact_init(&norm);
    sb_exact_init(&quiet);
    sb_exact_init(&loud);
    fmpq_init(delta);
    fmpq_init(one);
    fmpq_init(scaled);
    arb_init(z);
    arb_init(sensitivity);
    read_exact(&norm, "inf");
    fmpq_one(one);
    for (size_t d = 2; d <= 2000; d *= 3)
        for (size_t k = 0; k < sizeof deltas / sizeof deltas[0]; k++) {
            set_text(delta, deltas[k]);
            sb_normal_two_sided_quantile(z, delta, 200);
            arb_sqr(z, z, 200);
            arb_mul_2exp_si(z, z, 1);
            arb_inv(z, z, 200);
            arf_get_fmpq(quiet.value, arb_midref(z));
            fmpq_mul_ui(loud.value, quiet.value, d - 1);
            sb_coordinate_moments_clear(&moments);
            for (size_t i = 0; i < d; i++)
                SB_CHECK(sb_coordinate_moments_add(&moments, i == d / 2 ? &quiet : &loud, NULL) == SB_OK);
            sb_coordinate_moments_sort(&moments);
            SB_CHECK(moments.item[0].coordinate == (d == 2 ? 0 : d / 2), "d = %zu", d);
            SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK);
            SB_CHECK(!sb_moment_limit_excludes(&limit, SB_SHARP_TV, one, delta), "d = %zu", d);
            sb_diagonal_gaussian gaussian = {&moments, &norm};
            sb_diagonal_gaussian_sensitivity(sensitivity, &gaussian, 200);
            sb_diagonal_gaussian_radius(z, sensitivity, SB_SHARP_TV, delta, 200);
            arb_sub_ui(z, z, 1, 200);
            SB_CHECK(fabs(arf_get_d(arb_midref(z), ARF_RND_NEAR)) < 1e-40, "d = %zu", d);
            /* scaled down to one per cent under the limit, it is excluded */
            SB_CHECK(sb_moment_limit_exact(scaled, &limit));
            sb_sharp_m(quiet.value, delta);
            fmpq_div(scaled, quiet.value, scaled);
            fmpq_set_si(quiet.value, 99, 100);
            fmpq_mul(scaled, scaled, quiet.value);
            sb_coordinate_moments smaller;
            sb_coordinate_moments_init(&smaller);
            for (size_t i = 0; i < d; i++) {
                sb_coordinate_moment_get(quiet.value, &moments.item[i]);
                fmpq_mul(quiet.value, quiet.value, scaled);
                SB_CHECK(sb_coordinate_moments_add(&smaller, &quiet, NULL) == SB_OK);
            }
            sb_coordinate_moments_sort(&smaller);
            SB_CHECK(sb_moment_limit_find(&limit, &smaller, &norm, NULL) == SB_OK);
            SB_CHECK(sb_moment_limit_excludes(&limit, SB_SHARP_TV, one, delta), "d = %zu", d);
            sb_coordinate_moments_clear(&smaller);
        }
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    sb_exact_clear(&norm);
    sb_exact_clear(&quiet);
    sb_exact_clear(&loud);
    fmpq_clear(delta);
    fmpq_clear(one);
    fmpq_clear(scaled);
    arb_clear(z);
    arb_clear(sensitivity);
}

/* ------------------------------------------------------------------ edges */
static void check_edges(void) {
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_exact norm, value;
    fmpq_t half, tiny;
    sb_error error;
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    sb_exact_init(&norm);
    sb_exact_init(&value);
    fmpq_init(half);
    fmpq_init(tiny);
    fmpq_set_si(half, 1, 2);
    set_text(tiny, "1e-5000");
    SB_CHECK(sb_coordinate_moments_add_double(&moments, -1, &error) == SB_BAD_INPUT);
    SB_CHECK(sb_coordinate_moments_add_double(&moments, NAN, &error) == SB_BAD_INPUT);
    read_exact(&value, "-1/7");
    SB_CHECK(sb_coordinate_moments_add(&moments, &value, &error) == SB_BAD_INPUT &&
             strstr(error.message, "'-1/7'"));
    SB_CHECK(moments.dimension == 0);
    for (int n = 0; n < (int)NORMS; n++) {
        read_exact(&norm, norms[n]);
        /* nothing finite excludes nothing */
        sb_coordinate_moments_clear(&moments);
        SB_CHECK(sb_coordinate_moments_add_double(&moments, INFINITY, NULL) == SB_OK &&
                 moments.infinite == 1);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK && limit.size == 0);
        SB_CHECK(!sb_moment_limit_excludes(&limit, SB_SHARP_TV, half, half));
        /* values that no double holds, among them two that differ in the last place only */
        static const char *const far[] = {"1e5000", "1e-4000", "1e-4000",     "3e-4000",
                                          "inf",    "1",       "100001e-4005"};
        for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
            read_exact(&value, far[i]);
            SB_CHECK(sb_coordinate_moments_add(&moments, &value, NULL) == SB_OK);
        }
        sb_coordinate_moments_sort(&moments);
        SB_CHECK(moments.count == 6 && moments.infinite == 2 && moments.dimension == 8);
        SB_CHECK(moments.item[0].coordinate == 2 && moments.item[1].coordinate == 3 &&
                 moments.item[2].coordinate == 7 && moments.item[5].coordinate == 1);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK);
        SB_CHECK(norm.infinite == 0 || limit.size == 3, "k = %llu", (unsigned long long)limit.size);
        SB_CHECK(sb_moment_limit_excludes(&limit, SB_SHARP_TV, half, half), "p = %s", norms[n]);
        SB_CHECK(!sb_moment_limit_excludes(&limit, SB_SHARP_TV, tiny, half), "p = %s", norms[n]);
        /* a coordinate without noise excludes everything */
        SB_CHECK(sb_coordinate_moments_add_double(&moments, 0, NULL) == SB_OK);
        sb_coordinate_moments_sort(&moments);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK && limit.size == 1);
        SB_CHECK(sb_moment_limit_excludes(&limit, SB_SHARP_TV, tiny, half), "p = %s", norms[n]);
    }
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    sb_exact_clear(&norm);
    sb_exact_clear(&value);
    fmpq_clear(half);
    fmpq_clear(tiny);
}

/* (1, 3 - 10^-30): the pair is tighter than the one, by less than doubles see. */
static void check_near_tie(void) {
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_exact norm, value;
    fmpq_t expected, found;
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    sb_exact_init(&norm);
    sb_exact_init(&value);
    fmpq_init(expected);
    fmpq_init(found);
    read_exact(&norm, "inf");
    static const char *const second[] = {"2999999999999999999999999999999e-30", "3",
                                         "3000000000000000000000000000001e-30"};
    static const char *const answer[] = {"3999999999999999999999999999999e-30/4", "1", "1"};
    for (uint64_t i = 0; i < 3; i++) {
        sb_coordinate_moments_clear(&moments);
        SB_CHECK(sb_coordinate_moments_add_double(&moments, 1, NULL) == SB_OK);
        read_exact(&value, second[i]);
        SB_CHECK(sb_coordinate_moments_add(&moments, &value, NULL) == SB_OK);
        sb_coordinate_moments_sort(&moments);
        set_text(expected, answer[i]);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK);
        SB_CHECK(limit.size == (i ? 1 : 2) && sb_moment_limit_exact(found, &limit) &&
                 fmpq_equal(found, expected));
    }
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    sb_exact_clear(&norm);
    sb_exact_clear(&value);
    fmpq_clear(expected);
    fmpq_clear(found);
}

/* 1 + 1/2 + ... + 1/20000, whose denominator has 28000 bits: never below, and near. */
static void check_long_sum(void) {
    enum { N = 20000 };
    fmpq_t sum, exact, gap;
    fmpq_init(sum);
    fmpq_init(exact);
    fmpq_init(gap);
    fmpq_harmonic_ui(exact, N);
    for (ulong n = 1; n <= N; n++) {
        sb_coordinate_moment item = {.rational = 1, .count = 1};
        fmpz_init_set_ui(&item.exact.num, 1);
        fmpz_init_set_ui(&item.exact.den, n);
        sb_moment_sum_add(sum, &item, 1);
    }
    fmpq_sub(gap, sum, exact);
    SB_CHECK(fmpq_sgn(gap) > 0 && fmpz_bits(fmpq_denref(sum)) < 5000);
    fmpq_mul_2exp(gap, gap, 2000);
    SB_CHECK(fmpq_cmp_ui(gap, 1) < 0);
    fmpq_clear(sum);
    fmpq_clear(exact);
    fmpq_clear(gap);
}

static const sb_test tests[] = {{"inverses of m, R and M", check_inverses},
                                {"the tightest prefix against all subsets", check_subsets},
                                {"weights against a search", check_weights},
                                {"many coordinates share weights", check_many},
                                {"Gaussian noise is never excluded", check_gaussian},
                                {"equal second moments and sharp-1.2", check_isotropic},
                                {"one quiet coordinate", check_one_quiet_coordinate},
                                {"edges", check_edges},
                                {"a near tie", check_near_tie},
                                {"a sum with a long denominator", check_long_sum}};
SB_TEST_MAIN(tests)
