/* What second moments leave possible: against all subsets of coordinates in rationals, against a search over
   all weights, and against the isotropic bound; and the inverses of the constants it is made of. */
#include "bounds/sharp.h"
#include "tests/bounds/moments_test.h"

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

/* ------------------------------------------------------------------ equal moments */
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

static const sb_test tests[] = {
    {"inverses of m, R and M", check_inverses},
    {"the tightest prefix against all subsets", check_subsets},
    {"weights against a search", check_weights},
    {"many coordinates share weights", check_many},
    {"equal second moments and sharp-1.2", check_isotropic},
};
SB_TEST_MAIN(tests)
