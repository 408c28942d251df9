/* T_d against values by mpmath (regularised incomplete beta function and root finding at 60 or 300 digits),
   closed forms in two and three dimensions, noises that attain a given total variation, and the lines below
   G_d against its integral by Simpson's rule. */
#include "bounds/rotation.h"
#include "bounds/sharp.h"
#include "bounds/tv_robustness.h"
#include "distributions/radial.h"
#include "tests/bounds/bounds_test.h"

#include <math.h>

static double to_double(const arb_t x) {
    return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

static double constant_of(uint64_t d, const char *delta) {
    arb_t value;
    fmpq_t x;
    arb_init(value);
    fmpq_init(x);
    set_text(x, delta);
    sb_rotation_constant(value, d, x, 64);
    double result = to_double(value);
    arb_clear(value);
    fmpq_clear(x);
    return result;
}

/* Whether a ball is near a number of at most 120 digits, relatively; no ball without a bound is. */
static int is_near(const arb_t ball, const char *text, double distance) {
    arb_t truth;
    arb_init(truth);
    arb_set_str(truth, text, 400);
    arb_sub(truth, truth, ball, 400);
    arb_div(truth, truth, ball, 400);
    int near = arb_is_finite(truth) && fabs(to_double(truth)) < distance;
    arb_clear(truth);
    return near;
}

/* The touching point is as narrow as it was asked for, at every size of d: a root that Newton's method does
   not meet to full precision is not caught. */
static void touching_point(void) {
    static const struct {
        uint64_t d;
        const char *t, *delta;
    } known[] = {{2,
                  "0.3964512253460187591625991314990025991207575925690758194879"
                  "4509577010887174884830474575360299035142148119595562",
                  "0.5841146455776614549477708641438533080322701359570688352435"
                  "8281887995106934662672780311373508749674050961946701"},
                 {3, "0.5625",
                  "0.6666666666666666666666666666666666666666666666666666666666"
                  "6666666666666666666666666666666666666666666666666667"},
                 {10,
                  "1.7855313954533625904791800232794145609480291539225377030397"
                  "2215384124418276402006416335696191200266587193750312",
                  "0.7430802179721966440403884996988952201115313083345771670600"
                  "8191083021234402202480602896208379251897720164225997"},
                 {3072,
                  "541.80541259461217770757098684745929314288462994074640855100"
                  "1943366370502185705964678823434293466127164630001697",
                  "0.7661216403829107707397391934116757140861656237334777108002"
                  "4357331408770047697133123620726923472750553789658703"}};
    static const uint64_t dimension[] = {
        2, 3, 4, 5, 10, 100, 3072, 1000000, (uint64_t)1 << 40, (uint64_t)1 << 62};
    static const slong precision[] = {53, 128, 400, 1500};
    arb_t t, delta;
    arb_init(t);
    arb_init(delta);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        sb_rotation_touch(t, delta, known[i].d, 400);
        SB_CHECK(is_near(t, known[i].t, 1e-108) && is_near(delta, known[i].delta, 1e-108), "d = %llu",
                 (unsigned long long)known[i].d);
    }
    for (size_t i = 0; i < sizeof dimension / sizeof dimension[0]; i++)
        for (size_t k = 0; k < sizeof precision / sizeof precision[0]; k++) {
            sb_rotation_touch(t, delta, dimension[i], precision[k]);
            SB_CHECK(arb_is_finite(t) && arb_rel_accuracy_bits(t) >= precision[k] && arb_is_finite(delta) &&
                         arb_rel_accuracy_bits(delta) >= precision[k],
                     "d = %llu at %ld bits", (unsigned long long)dimension[i], (long)precision[k]);
        }
    arb_clear(t);
    arb_clear(delta);
}

static void by_mpmath(void) {
    static const struct {
        uint64_t d;
        const char *delta, *value;
    } known[] = {{2, "1/3", "1.0"},
                 {2, "3/5", "0.381308186143449425518145714475"},
                 {3, "1/2", "1.0"},
                 {4, "1/100", "4052.76401030390927218588891273"},
                 {4, "7/10", "0.730156414426746636715222928767"},
                 {5, "1/2", "2.0727148423453974016553056026"},
                 {10, "1/10", "134.929566578478598350840721811"},
                 {10, "9/10", "0.694976222290324019331894167682"},
                 {100, "1/2", "54.2543417519687110609639038077"},
                 {100, "19/20", "3.7416706402892148676974334012"},
                 {784, "3/4", "147.955845351518904967434310686"},
                 {3072, "1/10", "48612.371979841212293976830345"},
                 {3072, "1/2", "1687.44870967663646160931243495"},
                 {3072, "9/10", "231.661199215552845987447079627"},
                 {150528, "1/2", "82718.5513291595405333666857011"},
                 {1000000, "7/10", "232732.373770702893704792894104"}};
    arb_t value;
    fmpq_t delta;
    arb_init(value);
    fmpq_init(delta);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        set_text(delta, known[i].delta);
        sb_rotation_constant(value, known[i].d, delta, 128);
        SB_CHECK(arb_rel_accuracy_bits(value) >= 120 && is_near(value, known[i].value, 1e-28),
                 "d = %llu, delta = %s", (unsigned long long)known[i].d, known[i].delta);
    }
    arb_clear(value);
    fmpq_clear(delta);
}

/* value := 1/(4 sin^2(pi delta/2)) for d = 2, 1/(4 delta^2) for d = 3 */
static void closed_form(arb_t value, uint64_t d, const fmpq_t delta, slong precision) {
    arb_set_fmpq(value, delta, precision);
    if (d == 2) {
        arb_mul_2exp_si(value, value, -1);
        arb_sin_pi(value, value, precision);
    }
    arb_sqr(value, value, precision);
    arb_mul_2exp_si(value, value, 2);
    arb_inv(value, value, precision);
}

/* The line from (0, 1) to (delta*, t*): 27/16 (1 - delta) for d = 3, exactly. */
static void closed_forms(void) {
    uint64_t state = 7;
    arb_t value, truth;
    fmpq_t delta, two_thirds;
    arb_init(value);
    arb_init(truth);
    fmpq_init(delta);
    fmpq_init(two_thirds);
    fmpq_set_si(two_thirds, 2, 3);
    for (int i = 0; i < 200; i++) {
        random_fraction(delta, &state, 10);
        if (i % 3 == 0) fmpq_div_2exp(delta, delta, sb_test_random(&state) % 3000);
        if (i % 20 == 0) fmpq_set(delta, two_thirds);
        sb_rotation_constant(value, 3, delta, 150);
        if (fmpq_cmp(delta, two_thirds) <= 0) {
            closed_form(truth, 3, delta, 250);
        } else {
            sb_rational_complement(delta, delta);
            arb_set_fmpq(truth, delta, 250);
            arb_mul_ui(truth, truth, 27, 250);
            arb_mul_2exp_si(truth, truth, -4);
            sb_rational_complement(delta, delta);
        }
        SB_CHECK(arb_overlaps(value, truth) && arb_rel_accuracy_bits(value) > 120, "d = 3, trial %d", i);
        if (fmpq_cmp(delta, two_thirds) < 0) { /* 4/9 lies below delta* = .584 */
            fmpq_mul(delta, delta, two_thirds);
            sb_rotation_constant(value, 2, delta, 150);
            closed_form(truth, 2, delta, 250);
            SB_CHECK(arb_overlaps(value, truth) && arb_rel_accuracy_bits(value) > 120, "d = 2, trial %d", i);
        }
    }
    fmpq_one(delta);
    sb_rotation_constant(value, 5, delta, 100);
    SB_CHECK(arb_is_zero(value));
    arb_clear(value);
    arb_clear(truth);
    fmpq_clear(delta);
    fmpq_clear(two_thirds);
}

/* What Gaussian noise of that total variation has, against the better of T_d and d m: published figures of
   four digits. As delta tends to 0, delta^2 T_d/d tends to f^2/d, f = Gamma(d/2)/(sqrt(pi) Gamma((d-1)/2)).
 */
static void figures(void) {
    static const char *const delta[] = {"1/20", "1/10", "3/10", "1/2", "7/10", "9/10"};
    static const struct {
        uint64_t d;
        double ratio[6], unit;
    } row[] = {{2, {1.912, 1.919, 1.871, 2.198, 1.552, 1.848}, .001},
               {3, {1.907, 1.900, 1.819, 1.649, 1.379, 1.643}, .001},
               {10, {1.174, 1.173, 1.164, 1.143, 1.103, 1.330}, .001},
               {100, {1.015, 1.015, 1.014, 1.013, 1.010, 1.235}, .001},
               {3072, {1.0005, 1.0005, 1.0005, 1.0004, 1.0003, 1.2253}, .0001}};
    static const struct {
        uint64_t d;
        double limit, unit;
    } small[] = {{2, .0507, 1e-4},  {3, 1.0 / 12, 1e-12}, {4, .1013, 1e-4},
                 {10, .1355, 1e-4}, {100, .1568, 1e-4},   {3072, .15908, 1e-5}};
    fmpq_t x, m;
    arb_t z;
    fmpq_init(x);
    fmpq_init(m);
    arb_init(z);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        for (int j = 0; j < 6; j++) {
            set_text(x, delta[j]);
            sb_sharp_m(m, x);
            sb_normal_two_sided_quantile(z, x, 64);
            double d = (double)row[i].d, best = fmax(constant_of(row[i].d, delta[j]), d * fmpq_get_d(m));
            double ratio = d / (4 * to_double(z) * to_double(z)) / best;
            SB_CHECK(fabs(ratio - row[i].ratio[j]) <= row[i].unit, "d = %g, delta = %s: %.6f", d, delta[j],
                     ratio);
        }
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        double limit = constant_of(small[i].d, "1e-9") * 1e-18 / (double)small[i].d;
        SB_CHECK(fabs(limit - small[i].limit) <= small[i].unit, "d = %llu: %.8f",
                 (unsigned long long)small[i].d, limit);
    }
    fmpq_clear(x);
    fmpq_clear(m);
    arb_clear(z);
}

/* T_d/d stays below T(delta), which Gaussian noise (with an atom at 0) attains, and tends to it; T_d falls.
 */
static void below_the_limit(void) {
    uint64_t state = 11;
    sb_parameters q;
    arb_t value, limit, other;
    fmpq_t more;
    sb_parameters_init(&q);
    arb_init(value);
    arb_init(limit);
    arb_init(other);
    fmpq_init(more);
    for (int i = 0; i < 60; i++) {
        random_parameters(&q, &state, 2);
        q.dimension++;
        sb_rotation_constant(value, q.dimension, q.delta, 200);
        SB_CHECK(arb_rel_accuracy_bits(value) >= 190, "trial %d", i);
        sb_sharp_T(limit, q.delta, 600);
        arb_div_ui(other, value, q.dimension, 200);
        SB_CHECK(arb_lt(other, limit), "d = %llu", (unsigned long long)q.dimension);
        arb_div(other, other, limit, 200); /* the error is of the order 1/d */
        SB_CHECK(1 - to_double(other) < 2 / (double)q.dimension + 1e-12, "d = %llu: %g",
                 (unsigned long long)q.dimension, to_double(other));
        random_fraction(more, &state, 30);
        fmpq_mul(more, more, q.delta);
        sb_rotation_constant(other, q.dimension, more, 200); /* more < delta */
        SB_CHECK(arb_gt(other, value), "T_d does not fall, trial %d", i);
    }
    sb_parameters_clear(&q);
    arb_clear(value);
    arb_clear(limit);
    arb_clear(other);
    fmpq_clear(more);
}

/* Uniform noise on the l_2 ball of radius r: TV at |v|_2 = eps is Pr(|X_1| <= eps/2r) on the unit ball, the
   same as F_(d+2), and E||eta||_2^2 = r^2 d/(d+2). */
static void uniform_noise_obeys(void) {
    uint64_t state = 13;
    arb_t x, tail, bound;
    fmpq_t delta;
    arb_init(x);
    arb_init(tail);
    arb_init(bound);
    fmpq_init(delta);
    for (int i = 0; i < 100; i++) {
        uint64_t d = 2 + sb_test_random(&state) % (i % 2 ? 5 : 5000);
        double shift = 1.9 * (double)(1 + sb_test_random(&state) % 1000) / 1001; /* eps, in units of r */
        if (i % 4) shift /= sqrt((double)d);
        arb_set_d(x, shift / 2);
        sb_ball_tail(tail, d, x, 100);
        arf_get_fmpq(delta, arb_midref(tail));
        sb_rational_complement(delta, delta);
        if (fmpq_sgn(delta) <= 0 || fmpq_cmp_ui(delta, 1) >= 0) continue;
        sb_rotation_constant(bound, d, delta, 64);
        SB_CHECK(shift * shift * to_double(bound) <= (double)d / ((double)d + 2) * (1 + 1e-12),
                 "d = %llu, eps/r = %g", (unsigned long long)d, shift);
    }
    arb_clear(x);
    arb_clear(tail);
    arb_clear(bound);
    fmpq_clear(delta);
}

/* G_d(t) by Simpson's rule on the angle: density sin^(d-2). */
static double slab(uint64_t d, double t) {
    double x = t > 0 ? 1 / (2 * sqrt(t)) : 1;
    if (x >= 1) return 1;
    double part[2] = {0, 0}, end[2] = {asin(x), acos(0)};
    enum { STEPS = 200 };
    for (int which = 0; which < 2; which++)
        for (int i = 0; i <= STEPS; i++) {
            double weight = i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2;
            part[which] += weight * pow(cos(end[which] * i / STEPS), (double)d - 2) * end[which];
        }
    return part[0] / part[1];
}

/* Lines that touch G_d are accepted a little lower and refused 1% higher or 1% flatter; whatever is accepted
   lies below G_d. The best line gives T_d back. */
static void lines(void) {
    uint64_t state = 17;
    fmpq_t a, c, factor, delta;
    arb_t t, touched, value;
    fmpq_init(a);
    fmpq_init(c);
    fmpq_init(factor);
    fmpq_init(delta);
    arb_init(t);
    arb_init(touched);
    arb_init(value);
    for (int i = 0; i < 60; i++) {
        uint64_t d = 2 + sb_test_random(&state) % (i % 2 ? 4 : 60);
        sb_rotation_touch(t, touched, d, 64);
        double start = to_double(t), at = start * (1 + (double)(sb_test_random(&state) % 1000) / 100);
        double step = at * 1e-4, slope = (slab(d, at) - slab(d, at + step)) / step;
        double top =
            slab(d, at + step / 2) + slope * (at + step / 2); /* convex there: the chord's midpoint */
        SB_CHECK(isfinite(top) && isfinite(slope), "d = %llu: no touching point", (unsigned long long)d);
        if (!isfinite(top) || !isfinite(slope)) break;
        fmpq_set_si(factor, 9999, 10000);
        arb_set_d(value, top);
        arf_get_fmpq(a, arb_midref(value));
        arb_set_d(value, slope);
        arf_get_fmpq(c, arb_midref(value));
        fmpq_mul(delta, a, factor);
        SB_CHECK(sb_rotation_certify(d, delta, c), "d = %llu, t = %g: a true line refused",
                 (unsigned long long)d, at);
        fmpq_set_si(factor, 101, 100);
        fmpq_mul(delta, a, factor);
        SB_CHECK(!sb_rotation_certify(d, delta, c), "d = %llu, t = %g: 1%% too high", (unsigned long long)d,
                 at);
        fmpq_div(factor, c, factor);
        SB_CHECK(!sb_rotation_certify(d, a, factor), "d = %llu, t = %g: 1%% too flat", (unsigned long long)d,
                 at);
    }
    int accepted = 0;
    for (int i = 0; i < 400 && !sb_test_failures; i++) {
        uint64_t d = 2 + sb_test_random(&state) % 8;
        random_fraction(a, &state, 8);
        random_fraction(c, &state, 8);
        if (i % 3 == 0) fmpq_one(a);
        if (!sb_rotation_certify(d, a, c)) continue;
        accepted++;
        for (double at = 0; at < 3 * (double)d; at += 0.1 * (double)d)
            SB_CHECK(fmpq_get_d(a) - fmpq_get_d(c) * at <= slab(d, at) + 1e-6, "d = %llu, t = %g: too high",
                     (unsigned long long)d, at);
    }
    SB_CHECK(accepted > 100, "%d lines accepted", accepted);
    set_text(a, "1000001/1000000"); /* G_d(0) = 1 */
    set_text(c, "1000");
    SB_CHECK(!sb_rotation_certify(3, a, c));
    set_text(a, "1");
    SB_CHECK(sb_rotation_certify(3, a, c));
    set_text(c, "16/27"); /* d = 3: the line from (0, 1) exactly cannot be decided, a steeper one can */
    set_text(factor, "592593/1000000");
    SB_CHECK(sb_rotation_certify(3, a, factor));
    set_text(factor, "586667/1000000");
    SB_CHECK(!sb_rotation_certify(3, a, factor));
    fmpq_clear(a);
    fmpq_clear(c);
    fmpq_clear(factor);
    fmpq_clear(delta);
    arb_clear(t);
    arb_clear(touched);
    arb_clear(value);
}

static const sb_bound *row(const char *quantity, sb_promise promise, const char *applies) {
    for (size_t i = 0; i < sb_rotation_bound_count; i++) {
        const sb_bound *b = &sb_rotation_bound[i];
        if (!strcmp(b->quantity, quantity) && b->promise == promise && !strcmp(b->applies, applies)) return b;
    }
    printf("# no row for %s\n", quantity);
    abort();
}

static void rows(void) {
    static const char any[] = "any noise", symmetric[] = "any noise symmetric about a point";
    uint64_t state = 19;
    sb_parameters q;
    sb_error error;
    sb_parameters_init(&q);
    for (size_t i = 0; i < sb_rotation_bound_count; i++)
        SB_CHECK(sb_rotation_bound[i].sense == SB_NECESSARY &&
                 !strcmp(sb_rotation_bound[i].source,
                         sb_rotation_bound[i].promise == SB_PROMISE_TV ? "rotation" : "sharp-robust"));
    set_parameters(&q, "3072", "2", "1/2", "1/3"); /* tau(1/3) = 1/4 */
    double square = value_of(row("E||eta||_2^2", SB_PROMISE_TV, any)->value, &q);
    double gap = value_of(row("E||eta||_2^2", SB_PROMISE_ROBUST, any)->value, &q);
    double centred = value_of(row("E||eta||_2^2", SB_PROMISE_ROBUST, symmetric)->value, &q);
    SB_CHECK(fabs(square / (constant_of(3072, "1/3") / 4) - 1) < 1e-14);
    SB_CHECK(fabs(gap / (constant_of(3072, "1/4") / 4) - 1) < 1e-14);
    SB_CHECK(fabs(centred / square - 4) < 1e-14);
    SB_CHECK(fabs(value_of(row("rms", SB_PROMISE_TV, any)->value, &q) - sqrt(square / 3072)) < 1e-14);
    SB_CHECK(fabs(value_of(row("rms", SB_PROMISE_ROBUST, any)->value, &q) - sqrt(gap / 3072)) < 1e-14);
    SB_CHECK(fabs(value_of(row("rms", SB_PROMISE_ROBUST, symmetric)->value, &q) - sqrt(centred / 3072)) <
             1e-14);
    for (size_t i = 0; i < sb_rotation_bound_count; i++) {
        const sb_bound *b = &sb_rotation_bound[i];
        set_parameters(&q, "3072", "2", "1/2", "1/3");
        SB_CHECK(b->domain(&q, &error) == SB_OK);
        set_parameters(&q, "3072", "inf", "1/2", "1/3");
        SB_CHECK(b->domain(&q, &error) == SB_OUTSIDE && strstr(error.message, "needs p = 2; got p = inf"));
        set_parameters(&q, "3072", "5/2", "1/2", "1/3");
        SB_CHECK(b->domain(&q, &error) == SB_OUTSIDE && strstr(error.message, "got p = 5/2"));
        set_parameters(&q, "1", "2", "1/2", "1/3");
        SB_CHECK(b->domain(&q, &error) == SB_OUTSIDE && strstr(error.message, "d >= 2; got d = 1"));
    }
    arb_t value;
    arb_init(value);
    for (int i = 0; i < 40; i++) { /* any size of d, eps, delta and precision */
        random_parameters(&q, &state, 2);
        q.norm.infinite = 0;
        fmpq_set_si(q.norm.value, 2, 1);
        q.dimension++;
        const sb_bound *b = &sb_rotation_bound[(size_t)i % sb_rotation_bound_count];
        slong precision = i % 10 ? 96 : 600;
        b->value(value, &q, precision);
        SB_CHECK(arb_is_finite(value) && arb_rel_accuracy_bits(value) >= precision - 10,
                 "d = %llu, trial %d: %ld of %ld bits", (unsigned long long)q.dimension, i,
                 (long)arb_rel_accuracy_bits(value), (long)precision);
    }
    arb_clear(value);
    sb_parameters_clear(&q);
}

static const sb_test tests[] = {{"rotation: the touching point, to any precision", touching_point},
                                {"rotation: T_d by mpmath", by_mpmath},
                                {"rotation: closed forms for d = 2 and 3", closed_forms},
                                {"rotation: Gaussian noise against the bound", figures},
                                {"rotation: below the limit and towards it", below_the_limit},
                                {"rotation: uniform noise on the ball obeys it", uniform_noise_obeys},
                                {"rotation: lines below G_d, and none above", lines},
                                {"rotation: rows and their domains", rows}};
SB_TEST_MAIN(tests)
