/* The dual-norm bound against figures of four digits, the small-ball probability itself (by integration over
   the circle, and by draws), its two parts maximised by brute force, and the noise that Gaussian noise needs.
 */
#include "bounds/dual_norm.h"
#include "bounds/sharp.h"
#include "support/random.h"
#include "tests/bounds/bounds_test.h"

#include <math.h>

static const double PI = 3.14159265358979324;

static double to_double(const arb_t x) {
    return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

static double limit_of(const fmpq_t delta) { /* T(delta) */
    arb_t value;
    arb_init(value);
    sb_sharp_T(value, delta, 128);
    double result = to_double(value);
    arb_clear(value);
    return result;
}

static double gaussian(const fmpq_t delta) { /* 1/(4 z^2) */
    arb_t z;
    arb_init(z);
    sb_normal_two_sided_quantile(z, delta, 128);
    double result = 1 / (4 * to_double(z) * to_double(z));
    arb_clear(z);
    return result;
}

static void figures(void) {
    static const struct {
        const char *delta;
        double ratio;
    } image[] = {{"1/20", 1.634}, {"1/10", 1.639}, {"3/10", 1.659}, {"1/2", 1.681}};
    static const struct {
        const char *p;
        double kappa_square;
    } limit[] = {{"2.0000001", 1}, {"5/2", .8785}, {"3", .8179},  {"4", .7573},
                 {"6", .7090},     {"8", .6883},   {"16", .6607}, {"inf", .6366}};
    sb_parameters q;
    sb_parameters_init(&q);
    for (size_t i = 0; i < sizeof image / sizeof image[0]; i++) {
        set_parameters(&q, "3072", "inf", "1", image[i].delta);
        double ratio = gaussian(q.delta) / value_of(sb_dual_norm_constant, &q);
        SB_CHECK(fabs(ratio - image[i].ratio) <= .001, "delta = %s: %.5f", image[i].delta, ratio);
    }
    for (size_t i = 0; i < sizeof limit / sizeof limit[0]; i++) {
        set_parameters(&q, "2^62", limit[i].p, "1", i % 2 ? "1/7" : "19/20");
        double share = value_of(sb_dual_norm_constant, &q) / limit_of(q.delta);
        SB_CHECK(fabs(share - limit[i].kappa_square) <= 1e-4, "p = %s: %.6f", limit[i].p, share);
    }
    sb_parameters_clear(&q);
}

/* mm = mu - sqrt(2/pi) L: exact for p = inf; else not above the true value, and near to it. mu = E|g|_q by
   numerical integration: 1/(q Gamma(1-1/q)) times the integral of (1 - f(u)^d) u^(-1-1/q), f(u) = E exp(-u
   |g_1|^q). */
static void means(void) {
    static const struct {
        const char *d, *p;
        double mu, slack; /* relative */
    } known[] = {{"2", "3", 1.345431472, .1},      {"5", "3", 2.576528054, .04},
                 {"20", "3", 6.620588445, .002},   {"20", "4", 8.194157149, .002},
                 {"100", "4", 27.4956759, 5e-5},   {"100", "9/4", 12.41071128, 3e-4},
                 {"1000", "6", 266.2540792, 1e-6}, {"10", "21/10", 3.210697833, .04}};
    uint64_t state = 3;
    sb_parameters q;
    arb_t mean, truth, root;
    fmpq_t y0, other;
    sb_parameters_init(&q);
    arb_init(mean);
    arb_init(truth);
    arb_init(root);
    fmpq_init(y0);
    fmpq_init(other);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        set_parameters(&q, known[i].d, known[i].p, "1", "1/2");
        double d = (double)q.dimension, L = pow(d, .5 - 1 / fmpq_get_d(q.norm.value));
        double exact = known[i].mu - sqrt(2 / PI) * L, mm = value_of(sb_dual_norm_mean, &q);
        SB_CHECK(mm <= exact * (1 + 1e-8) && mm >= exact - known[i].slack * known[i].mu,
                 "d = %s, p = %s: %.9g of %.9g", known[i].d, known[i].p, mm, exact);
        sb_dual_norm_ratio(y0, &q);
        SB_CHECK(fmpq_get_d(y0) <= mm / L * (1 + 1e-15) && fmpq_get_d(y0) >= mm / L * (1 - 1e-11),
                 "d = %s, p = %s", known[i].d, known[i].p);
    }
    for (int i = 0; i < 100; i++) { /* sqrt(2/pi) (d - sqrt(d)) */
        random_parameters(&q, &state, 3);
        q.norm.infinite = 1;
        q.dimension++;
        sb_dual_norm_mean(mean, &q, 150);
        arb_sqrt_ui(root, q.dimension, 300);
        arb_sub_ui(truth, root, q.dimension, 300);
        arb_neg(truth, truth);
        arb_const_pi(root, 300);
        arb_mul_2exp_si(root, root, -1);
        arb_sqrt(root, root, 300);
        arb_div(truth, truth, root, 300);
        SB_CHECK(arb_overlaps(mean, truth) && arb_rel_accuracy_bits(mean) > 120, "d = %llu",
                 (unsigned long long)q.dimension);
    }
    sb_parameters_clear(&q);
    arb_clear(mean);
    arb_clear(truth);
    arb_clear(root);
    fmpq_clear(y0);
    fmpq_clear(other);
}

/* ------------------------------------------------------------------ the lines */
/* The larger of A's envelope and of B_t over a grid of t */
static double probability(double y, double y0) {
    double best = 0;
    for (int i = 1; i <= 200; i++) {
        double x = y * i / 200;
        best = fmax(best, erf(x / sqrt(2)) - exp(-.5) / sqrt(2 * PI) * x * x / (y0 * y0));
    }
    for (double t = .02; t < fmin(y0, 9); t += .02)
        best = fmax(best, -expm1(-t * t / 2) * erf(y * (1 - t / y0) / sqrt(2)));
    return best;
}

static double height(double y, double y0, double c) {
    double g = 1 / y - 1 / y0;
    return probability(y, y0) + c * g * g / 4;
}

static void set_double(fmpq_t x, double value) {
    arf_t y;
    arf_init(y);
    arf_set_d(y, value);
    arf_get_fmpq(x, y);
    arf_clear(y);
}

/* The least height over y by brute force is the highest line of that slope: 0.1% lower is proved, 1% higher
   is refused, and so is the same line made 1% flatter. */
static void lines(void) {
    static const double ratio[] = {.4, 1.5, 3, 7.25, 44, 1000};
    fmpq_t y0, a, c;
    fmpq_init(y0);
    fmpq_init(a);
    fmpq_init(c);
    for (size_t i = 0; i < sizeof ratio / sizeof ratio[0]; i++)
        for (double slope = .003; slope < 2; slope *= 3.3) {
            double least = 2, where = 0;
            for (double y = .05; y < ratio[i] * 1.01; y *= 1.01) {
                double place = fmin(y, ratio[i]), h = height(place, ratio[i], slope);
                if (h < least) {
                    least = h;
                    where = place;
                }
            }
            set_double(y0, ratio[i]);
            set_double(c, slope);
            set_double(a, least * .999);
            SB_CHECK(sb_dual_norm_certify(y0, a, c), "y0 = %g, c = %g: a true line refused", ratio[i], slope);
            set_double(a, least * 1.01);
            SB_CHECK(!sb_dual_norm_certify(y0, a, c), "y0 = %g, c = %g: 1%% too high", ratio[i], slope);
            set_double(a, least * 1.0001);
            if (where < ratio[i] * .9) { /* where R = 0 the slope plays no part */
                double g = 1 / where - 1 / ratio[i], part = slope * g * g / 4;
                set_double(c, slope * (1 - .01 * fmax(1, least / part)));
                SB_CHECK(!sb_dual_norm_certify(y0, a, c), "y0 = %g, c = %g: too flat", ratio[i], slope);
            }
        }
    fmpq_set_si(y0, 40, 1);
    fmpq_set_si(a, 11, 10);
    fmpq_set_si(c, 1000, 1);
    SB_CHECK(!sb_dual_norm_certify(y0, a, c)); /* a probability above 1 */
    fmpq_set_si(a, 1, 2);
    SB_CHECK(sb_dual_norm_certify(y0, a, c));
    fmpq_zero(c);
    SB_CHECK(!sb_dual_norm_certify(y0, a, c));
    fmpq_set_si(y0, 1, 3);
    fmpq_set_si(c, 1, 1);
    fmpq_set_si(a, 1, 100);
    SB_CHECK(!sb_dual_norm_certify(y0, a, c)); /* no binary fraction */
    fmpq_clear(y0);
    fmpq_clear(a);
    fmpq_clear(c);
}

/* T'(delta, y0) by the largest (a - delta)/c over 40000 places and all slopes, an approximation from above.
 */
static void best_lines(void) {
    static const struct {
        const char *y0, *delta;
        double value;
    } known[] = {{"43.421875", "3/10", 1.65384654}, {"43.421875", "1/2", 0.532440507},
                 {"43.421875", "4/5", 0.142508782}, {"43.421875", "99/100", 0.00712543909},
                 {"7.25", "1/2", 0.447148963},      {"7.25", "9/10", 0.0395646086},
                 {"1.75", "3/10", 0.913912639},     {"1.75", "3/5", 0.0483695777},
                 {"3", "1/2", 0.305460153},         {"15", "9/10", 0.0630963511}};
    fmpq_t y0, delta, value;
    fmpq_init(y0);
    fmpq_init(delta);
    fmpq_init(value);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        set_text(y0, known[i].y0);
        set_text(delta, known[i].delta);
        sb_dual_norm_line(value, y0, delta);
        double line = fmpq_get_d(value);
        SB_CHECK(line <= known[i].value * (1 + 1e-6) && line >= known[i].value * (1 - 2e-5),
                 "y0 = %s, delta = %s: %.9g", known[i].y0, known[i].delta, line);
    }
    fmpq_clear(y0);
    fmpq_clear(delta);
    fmpq_clear(value);
}

/* ------------------------------------------------------------------ the probability itself */
/* Pr(|g.x| <= |g|_q / 2) for x in the plane of length R and direction u, over directions of g */
static double on_circle(double R, double u, double q) {
    enum { STEPS = 4000 };
    int inside = 0;
    for (int i = 0; i < STEPS; i++) {
        double w = 2 * PI * (i + .5) / STEPS;
        double norm = pow(pow(fabs(cos(w)), q) + pow(fabs(sin(w)), q), 1 / q);
        inside += R * fabs(cos(w - u)) <= norm / 2;
    }
    return (double)inside / STEPS;
}

/* The best proved line for delta must lie below that probability in every direction; eps = 1. */
static void small_balls_in_the_plane(void) {
    static const char *const norm[] = {"inf", "4", "5/2"};
    sb_parameters q;
    fmpq_t y0, a, c;
    sb_parameters_init(&q);
    fmpq_init(y0);
    fmpq_init(a);
    fmpq_init(c);
    q.dimension = 2;
    int proved = 0;
    for (int i = 0; i < 3; i++) {
        set_parameters(&q, "2", norm[i], "1", "1/100");
        double exponent = q.norm.infinite ? 1 : 1 / (1 - 1 / fmpq_get_d(q.norm.value));
        double mm = value_of(sb_dual_norm_mean, &q);
        sb_dual_norm_ratio(y0, &q);
        for (double slope = .0003; slope < .1; slope *= 3) {
            double high = 1;
            do { /* the highest line that is proved, to 2% */
                high *= .98;
                set_double(a, high);
                set_double(c, slope);
            } while (high > 1e-3 && !sb_dual_norm_certify(y0, a, c));
            proved += high > 1e-3;
            for (double R = 0; R < 20; R = R * 1.3 + .02)
                for (double u = 0; u < PI / 4 + .01; u += PI / 16)
                    SB_CHECK(on_circle(R, u, exponent) >= high - slope * R * R / (mm * mm) - .002,
                             "p = %s, R = %g, direction %g, line %g - %g R^2", norm[i], R, u, high, slope);
        }
    }
    SB_CHECK(proved > 10);
    sb_parameters_clear(&q);
    fmpq_clear(y0);
    fmpq_clear(a);
    fmpq_clear(c);
}

/* The same in higher dimensions by draws, for x along an axis, along the diagonal and between: the lower
   bound max(A, B_t) at y = 1/(2 R/mm + 1/y0). */
static void small_balls_by_draws(void) {
    static const struct {
        const char *d, *p;
    } space[] = {{"5", "inf"}, {"20", "4"}, {"100", "inf"}, {"40", "5/2"}};
    enum { DRAWS = 4000, MOST = 100 };
    double g[MOST];
    sb_parameters q;
    sb_parameters_init(&q);
    for (size_t i = 0; i < sizeof space / sizeof space[0]; i++) {
        set_parameters(&q, space[i].d, space[i].p, "1", "1/2");
        size_t d = (size_t)q.dimension;
        double reciprocal = q.norm.infinite ? 0 : 1 / fmpq_get_d(q.norm.value),
               exponent = 1 / (1 - reciprocal);
        double mm = value_of(sb_dual_norm_mean, &q), L = pow((double)d, .5 - reciprocal);
        for (int place = 0; place < 18; place++) {
            double R = mm * pow(1.7, place / 3 - 3);
            size_t support = place % 3 == 0 ? 1 : place % 3 == 1 ? d : d / 3;
            int inside = 0;
            for (int n = 0; n < DRAWS; n++) {
                sb_random_normals(g, d, 29, i, (uint64_t)n * MOST);
                double dot = 0, norm = 0;
                for (size_t j = 0; j < d; j++) norm += pow(fabs(g[j]), exponent);
                for (size_t j = 0; j < support; j++) dot += g[j];
                inside += fabs(dot) * R / sqrt((double)support) <= pow(norm, 1 / exponent) / 2;
            }
            double bound = probability(1 / (2 * R / mm + L / mm), mm / L), seen = (double)inside / DRAWS;
            SB_CHECK(seen >= bound - 4 * sqrt(.25 / DRAWS), "d = %s, p = %s, R = %g mm: %g against %g",
                     space[i].d, space[i].p, R / mm, seen, bound);
        }
    }
    sb_parameters_clear(&q);
}

/* Gaussian noise, with an atom at 0, has eps^2 d^(2-2/p) T(delta): no bound may be above. It falls with delta
   and does not fall with d. */
static void below_what_suffices(void) {
    uint64_t state = 23;
    sb_parameters q;
    fmpq_t less;
    sb_parameters_init(&q);
    fmpq_init(less);
    int positive = 0;
    for (int i = 0; i < 150; i++) {
        random_parameters(&q, &state, 2);
        if (!q.norm.infinite && fmpq_cmp_ui(q.norm.value, 2) == 0) continue;
        q.dimension++;
        random_fraction(less, &state, 9);
        fmpq_mul(less, less, q.delta);
        double value = value_of(sb_dual_norm_constant, &q), best = limit_of(q.delta);
        SB_CHECK(value >= 0 && value <= best, "d = %llu, delta = %g: %g > %g",
                 (unsigned long long)q.dimension, fmpq_get_d(q.delta), value, best);
        positive += value > 0;
        q.dimension++;
        double next =
            value_of(sb_dual_norm_constant, &q) * pow((double)q.dimension / ((double)q.dimension - 1), 2);
        double rest = 1 - fmpq_get_d(q.delta);
        SB_CHECK(rest < 1e-6 || next >= value * (1 - 1e-8), "falls with d at %llu",
                 (unsigned long long)q.dimension);
        q.dimension--;
        fmpq_set(q.delta, less);
        SB_CHECK(value_of(sb_dual_norm_constant, &q) >= value * (1 - 1e-8), "rises with delta, trial %d", i);
    }
    SB_CHECK(positive > 100, "%d positive", positive);
    set_parameters(&q, "3072", "inf", "1", "1e-2000"); /* delta^2 B7 tends to mm^2/(2 pi d^2) */
    arb_t value, square;
    arb_init(value);
    arb_init(square);
    sb_dual_norm_constant(value, &q, 128);
    arb_set_fmpq(square, q.delta, 128);
    arb_sqr(square, square, 128);
    arb_mul(value, value, square, 128);
    double share = 1 - 1 / sqrt(3072);
    SB_CHECK(fabs(to_double(value) * PI * PI / (share * share) - 1) < 1e-8, "%.12g", to_double(value));
    arb_clear(value);
    arb_clear(square);
    sb_parameters_clear(&q);
    fmpq_clear(less);
}

static const sb_bound *row(const char *quantity, sb_promise promise, const char *applies) {
    for (size_t i = 0; i < sb_dual_norm_bound_count; i++) {
        const sb_bound *b = &sb_dual_norm_bound[i];
        if (!strcmp(b->quantity, quantity) && b->promise == promise && !strcmp(b->applies, applies)) return b;
    }
    printf("# no row for %s\n", quantity);
    abort();
}

static void rows(void) {
    static const char any[] = "any noise", symmetric[] = "any noise symmetric about a point";
    uint64_t state = 31;
    sb_parameters q;
    sb_error error;
    sb_parameters_init(&q);
    set_parameters(&q, "3072", "4", "1/2", "1/4");
    double quarter = value_of(sb_dual_norm_constant, &q) * pow(3072, 1.5) / 4;
    set_parameters(&q, "3072", "4", "1/2", "1/3"); /* tau(1/3) = 1/4 */
    double third = value_of(sb_dual_norm_constant, &q) * pow(3072, 1.5) / 4;
    double square = value_of(row("E||eta||_2^2", SB_PROMISE_TV, any)->value, &q);
    double gap = value_of(row("E||eta||_2^2", SB_PROMISE_ROBUST, any)->value, &q);
    double centred = value_of(row("E||eta||_2^2", SB_PROMISE_ROBUST, symmetric)->value, &q);
    SB_CHECK(fabs(square / third - 1) < 1e-13 && fabs(gap / quarter - 1) < 1e-13);
    SB_CHECK(fabs(centred / square - 4) < 1e-13);
    SB_CHECK(fabs(value_of(row("rms", SB_PROMISE_TV, any)->value, &q) / sqrt(square / 3072) - 1) < 1e-13);
    SB_CHECK(fabs(value_of(row("rms", SB_PROMISE_ROBUST, any)->value, &q) / sqrt(gap / 3072) - 1) < 1e-13);
    SB_CHECK(fabs(value_of(row("rms", SB_PROMISE_ROBUST, symmetric)->value, &q) / sqrt(centred / 3072) - 1) <
             1e-13);
    for (size_t i = 0; i < sb_dual_norm_bound_count; i++) {
        const sb_bound *b = &sb_dual_norm_bound[i];
        SB_CHECK(b->sense == SB_NECESSARY &&
                 !strcmp(b->source, b->promise == SB_PROMISE_TV ? "dual-norm" : "sharp-robust"));
        SB_CHECK(b->domain(&q, &error) == SB_OK);
        set_parameters(&q, "3072", "2", "1/2", "1/3");
        SB_CHECK(b->domain(&q, &error) == SB_OUTSIDE && strstr(error.message, "needs p > 2; got p = 2"));
        set_parameters(&q, "1", "3", "1/2", "1/3");
        SB_CHECK(b->domain(&q, &error) == SB_OUTSIDE && strstr(error.message, "d >= 2; got d = 1"));
        set_parameters(&q, "3", "inf", "1/2", "9/10");
        SB_CHECK(b->domain(&q, &error) == SB_OUTSIDE && strstr(error.message, "d = 3, delta = 0.9"), "%s",
                 error.message);
        set_parameters(&q, "3072", "4", "1/2", "1/3");
    }
    arb_t value;
    arb_init(value);
    for (int i = 0; i < 60; i++) { /* any size of d, eps, delta and digits */
        random_parameters(&q, &state, 3);
        const sb_bound *b = &sb_dual_norm_bound[(size_t)i % sb_dual_norm_bound_count];
        if (b->domain(&q, &error)) continue;
        SB_CHECK(sb_enclose(value, b->value, &q, i % 10 ? 12 : 100, &error) == SB_OK, "%s", error.message);
        SB_CHECK(arb_is_positive(value));
    }
    arb_clear(value);
    sb_parameters_clear(&q);
}

static const sb_test tests[] = {
    {"dual norm: figures and limits", figures},
    {"dual norm: lower bounds of mm", means},
    {"dual norm: lines below, none 1% higher or flatter", lines},
    {"dual norm: the best line, by brute force", best_lines},
    {"dual norm: the small-ball probability in the plane", small_balls_in_the_plane},
    {"dual norm: the small-ball probability by draws", small_balls_by_draws},
    {"dual norm: never above what suffices", below_what_suffices},
    {"dual norm: rows and their domains", rows}};
SB_TEST_MAIN(tests)
