/* Where the tail inequality of Theorem 1.3 holds: ends against mpmath (30 digits; Laplace there by Lambert's
   W), against closed forms (Laplace by Arb's W, Lomax by quadratics, Pareto), membership at random points,
   and the bound for all s. */
#include "bounds/tail_sets.h"
#include "tests/bounds/bounds_test.h"

#include <math.h>

typedef struct {
    sb_tail_set set;
    sb_parameters parameters;
    sb_noise_spec noise;
    fmpq_t constant;
    sb_status status;
    sb_error error;
} fixture;

static void setup(fixture *f) {
    sb_tail_set_init(&f->set);
    sb_parameters_init(&f->parameters);
    sb_noise_spec_init(&f->noise);
    fmpq_init(f->constant);
    fmpq_set_si(f->constant, 1, 8);
}

static void teardown(fixture *f) {
    sb_tail_set_clear(&f->set);
    sb_parameters_clear(&f->parameters);
    sb_noise_spec_clear(&f->noise);
    fmpq_clear(f->constant);
}

static void find(fixture *f, const char *noise, int digits) {
    memset(&f->error, 0, sizeof f->error);
    f->status = sb_noise_spec_parse(&f->noise, noise, &f->error);
    if (!f->status)
        f->status = sb_tail_set_find(&f->set, &f->noise, &f->parameters, f->constant, digits, &f->error);
    SB_CHECK(f->status == SB_OK, "%s: %s", noise, f->error.message);
}

/* Whether the ball meets value (1 -+ 1e-16) and is as narrow as `digits` wants. */
static int encloses(const arb_t ball, const char *value, int digits) {
    arb_t truth;
    arb_init(truth);
    arb_set_str(truth, value, 200);
    mag_t error;
    mag_init(error);
    arb_get_mag(error, truth);
    mag_mul_2exp_si(error, error, -53);
    arb_add_error_mag(truth, error);
    mag_clear(error);
    int result = arb_overlaps(ball, truth) && (double)arb_rel_accuracy_bits(ball) > 3.3 * digits;
    arb_clear(truth);
    return result;
}

static void ends_are_those_of_mpmath(void) {
    static const struct {
        const char *d, *p, *eps, *delta, *noise, *low, *high;
    } row[] = {
        {"3072", "inf", "2/255", "1/2", "gaussian:sigma=3.912", "0.00098049020050670713",
         "23.5545232765264841"},
        {"3072", "inf", "2/255", "1/2", "gaussian:sigma=.3223", "0.000981585511274047055",
         "1.64067677153299505"},
        {"3072", "inf", "2/255", "1/2", "laplace:b=.4039", "0.000981584187513245073", "7.18957325926538162"},
        {"3072", "inf", "2/255", "1/2", "uniform:r=17.38", "0.000980419810388660692", "17.3799999446968477"},
        {"3072", "4", "1", "1/10", "gaussian:sigma=30", "1.13364122880338964", "181.397864660113275"},
        {"3072", "4", "1", "1/10", "laplace:b=50", "1.13138205842548882", "1429.45279000633072"},
        {"3072", "4", "1", "1/10", "uniform:r=1958", "1.12516167795007084", "1957.99999999978661"},
        {"10", "3", "1", "3/10", "gaussian:sigma=4", "0.294623009826145277", "28.4383821420825908"},
        {"10", "3", "1", "3/10", "laplace:b=7", "0.293713492262949075", "289.865557946722708"},
        {"10", "3", "1", "3/10", "uniform:r=6.62", "0.293882405801337561", "6.61999995157932251"},
    };
    fixture f;
    setup(&f);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        for (int digits = 6; digits <= 15; digits += 9) {
            set_parameters(&f.parameters, row[i].d, row[i].p, row[i].eps, row[i].delta);
            find(&f, row[i].noise, digits);
            SB_CHECK(f.set.interval_count == 1 && f.set.unsettled_count == 0, "%s: %zu intervals",
                     row[i].noise, f.set.interval_count);
            if (f.set.interval_count != 1) continue;
            const sb_tail_interval *interval = f.set.interval;
            SB_CHECK(!interval->from_threshold && !interval->unbounded, "%s", row[i].noise);
            SB_CHECK(encloses(interval->low, row[i].low, digits), "%s low %.17g", row[i].noise,
                     arf_get_d(arb_midref(interval->low), ARF_RND_NEAR));
            SB_CHECK(encloses(interval->high, row[i].high, digits), "%s high %.17g", row[i].noise,
                     arf_get_d(arb_midref(interval->high), ARF_RND_NEAR));
        }
    teardown(&f);
}

/* exp(-s/b) = (q/s)^alpha at s = -alpha b W(-q/(alpha b)), branches 0 and -1. */
static void laplace_by_lambert(void) {
    uint64_t state = 5;
    fixture f;
    setup(&f);
    acb_t w;
    arb_t factor;
    fmpq_t scale;
    acb_init(w);
    arb_init(factor);
    fmpq_init(scale);
    int bounded = 0, none = 0;
    for (int i = 0; i < 150; i++) {
        random_parameters(&f.parameters, &state, 3);
        fmpq_set_si(scale, 1 + (slong)(sb_test_random(&state) % 1000), 1 + sb_test_random(&state) % 1000);
        fmpq_set_si(f.parameters.delta, 1 + (slong)(sb_test_random(&state) % 98), 99);
        set_text(f.parameters.radius, "1");
        char *text = sb_rational_print(scale), *spec = text ? malloc(strlen(text) + 16) : NULL;
        if (!spec) abort();
        sprintf(spec, "laplace:b=%s", text);
        find(&f, spec, 8);
        arb_set_fmpq(factor, f.set.exponent, 200);
        arb_set_fmpq(acb_realref(w), scale, 200);
        arb_mul(factor, factor, acb_realref(w), 200); /* alpha b */
        arb_set_fmpq(acb_realref(w), f.set.threshold, 200);
        arb_div(acb_realref(w), acb_realref(w), factor, 200);
        arb_neg(acb_realref(w), acb_realref(w));
        double argument = arf_get_d(arb_midref(acb_realref(w)), ARF_RND_NEAR);
        if (argument < -exp(-1)) {
            SB_CHECK(f.set.interval_count == 0, "%s: q/(alpha b) = %g, %zu intervals", spec, -argument,
                     f.set.interval_count);
            none++;
        } else {
            SB_CHECK(f.set.interval_count == 1, "%s: %zu intervals, argument %g", spec, f.set.interval_count,
                     argument);
            for (int branch = 0; branch < 2 && f.set.interval_count == 1; branch++) {
                acb_t x;
                acb_init(x);
                fmpz_t k;
                fmpz_init_set_si(k, -branch);
                acb_lambertw(x, w, k, 0, 200);
                arb_mul(acb_realref(x), acb_realref(x), factor, 200);
                arb_neg(acb_realref(x), acb_realref(x));
                SB_CHECK(arb_overlaps(acb_realref(x), branch ? f.set.interval->high : f.set.interval->low),
                         "%s branch %d: %.17g", spec, -branch,
                         arf_get_d(arb_midref(acb_realref(x)), ARF_RND_NEAR));
                fmpz_clear(k);
                acb_clear(x);
            }
            bounded++;
        }
        free(text);
        free(spec);
    }
    SB_CHECK(bounded > 20 && none > 5, "%d, %d", bounded, none);
    acb_clear(w);
    arb_clear(factor);
    fmpq_clear(scale);
    teardown(&f);
}

/* Whether s is certainly inside (1), certainly outside (0), or in an enclosure of an end (-1). */
static int membership(const sb_tail_set *set, const arb_t s) {
    for (size_t i = 0; i < set->unsettled_count; i++)
        if (arb_overlaps(s, set->unsettled + i)) return -1;
    for (size_t i = 0; i < set->interval_count; i++) {
        const sb_tail_interval *x = &set->interval[i];
        if (arb_overlaps(s, x->low) || (!x->unbounded && arb_overlaps(s, x->high))) return -1;
        if (arb_gt(s, x->low) && (x->unbounded || arb_lt(s, x->high))) return 1;
    }
    return 0;
}

/* At points on a logarithmic scale about q and the noise, the answer agrees with the inequality itself. */
static void check_membership(const fixture *f, uint64_t *state, const char *noise) {
    arb_t s, tail, power, alpha;
    arb_init(s);
    arb_init(tail);
    arb_init(power);
    arb_init(alpha);
    for (int i = 0; i < 120; i++) {
        arb_set_fmpq(power, f->set.threshold, 300);
        double t = (double)(sb_test_random(state) % 100000) / 100000;
        arb_set_d(s, exp(i % 2 ? 60 * t : t * t * t * 5 + 1e-7));
        arb_mul(s, s, power, 300);
        arb_div(power, power, s, 300);
        arb_set_fmpq(alpha, f->set.exponent, 300);
        arb_pow(power, power, alpha, 300);
        sb_noise_tail(tail, &f->noise, 1, s, 300);
        int side = membership(&f->set, s);
        SB_CHECK(side != 1 || !arb_lt(tail, power), "%s: s = %.17g is said to be inside", noise,
                 arf_get_d(arb_midref(s), ARF_RND_NEAR));
        SB_CHECK(side != 0 || !arb_gt(tail, power), "%s: s = %.17g is said to be outside", noise,
                 arf_get_d(arb_midref(s), ARF_RND_NEAR));
    }
    arb_clear(s);
    arb_clear(tail);
    arb_clear(power);
    arb_clear(alpha);
}

static void membership_at_random_points(void) {
    static const char *const noise[] = {"gaussian:sigma=1",
                                        "gaussian:sigma=1e6",
                                        "gaussian:sigma=1/50",
                                        "laplace:b=1",
                                        "uniform:r=3",
                                        "uniform:r=1/3",
                                        "logistic:scale=2",
                                        "triangular:r=3",
                                        "student-t:nu=3,scale=1",
                                        "student-t:nu=2,scale=1/9",
                                        "student-t:nu=5/2,scale=1",
                                        "cauchy:scale=1",
                                        "gengauss:shape=1/2,scale=1",
                                        "lomax:alpha=3,scale=1",
                                        "pareto:alpha=3,xm=1",
                                        "pareto:alpha=9/5,xm=1/100",
                                        "lattice:points=5,spacing=1",
                                        "staircase:ratio=1/2,gamma=1/3,step=1",
                                        "mixture:0.9*gaussian:sigma=1+0.1*cauchy:scale=2",
                                        "mixture:0.5*uniform:r=1+0.5*gaussian:sigma=30"};
    static const char *const norm[] = {"inf", "3", "5/2", "9/4", "16"};
    uint64_t state = 9;
    fixture f;
    setup(&f);
    sb_noise_spec spec;
    sb_noise_spec_init(&spec);
    for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++) {
        char family[16];
        sscanf(noise[i], "%15[^:]", family);
        if (!sb_noise_family_named(family)) continue;
        SB_CHECK(!sb_noise_spec_parse(&spec, noise[i], NULL), "%s", noise[i]);
        for (int j = 0; j < 5; j++) {
            char delta[16];
            sprintf(delta, "%d/20", 1 + (int)(sb_test_random(&state) % 19));
            set_parameters(&f.parameters, "100", norm[j], "1", delta);
            find(&f, noise[i], 6);
            if (!f.status) check_membership(&f, &state, noise[i]);
            SB_CHECK(f.set.unsettled_count == 0, "%s p=%s delta=%s: %zu unsettled ranges", noise[i], norm[j],
                     delta, f.set.unsettled_count);
        }
    }
    sb_noise_spec_clear(&spec);
    teardown(&f);
}

/* The only interval of the set; NULL (and a failed check) unless there is one of this kind. */
static const sb_tail_interval *only(fixture *f, const char *noise, int unbounded) {
    find(f, noise, 10);
    int fine =
        f->set.interval_count == 1 && f->set.unsettled_count == 0 && f->set.interval->unbounded == unbounded;
    SB_CHECK(fine, "%s: %zu intervals", noise, f->set.interval_count);
    return fine ? f->set.interval : NULL;
}

static void check_near(const arb_t ball, double value, const char *noise) {
    double x = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
    SB_CHECK(fabs(x - value) <= 2e-10 * value, "%s: %.12g, not %.12g", noise, x, value);
}

/* p = inf, q = 1/8 (eps = 1, delta = 1/2): alpha = 2. With scale a the inequality is (a/(a+s))^index >=
 * (q/s)^2. */
static void lomax_by_quadratics(void) {
    if (!sb_noise_family_named("lomax")) SB_SKIP("no such family in this build");
    fixture f;
    setup(&f);
    set_parameters(&f.parameters, "100", "inf", "1", "1/2");
    double q = 0.125;
    const sb_tail_interval *x = only(&f, "lomax:alpha=1,scale=3", 1); /* s^2 >= q^2 (1 + s/a) */
    if (x) check_near(x->low, (q * q / 3 + sqrt(q * q * q * q / 9 + 4 * q * q)) / 2, "index 1");
    x = only(&f, "lomax:alpha=2,scale=3", 1); /* s >= q a/(a - q) */
    if (x) check_near(x->low, q * 3 / (3 - q), "index 2");
    x = only(&f, "lomax:alpha=4,scale=3", 0); /* a^2 s >= q (a + s)^2 */
    if (x) {
        double b = 2 * q * 3 - 9, root = sqrt(b * b - 4 * q * q * 9);
        check_near(x->low, (-b - root) / (2 * q), "index 4");
        check_near(x->high, (-b + root) / (2 * q), "index 4");
    }
    find(&f, "lomax:alpha=2,scale=1/9", 6); /* a < q: never */
    SB_CHECK(f.set.interval_count == 0 && f.set.unsettled_count == 0, "a < q");
    teardown(&f);
}

static void pareto_in_closed_form(void) {
    if (!sb_noise_family_named("pareto")) SB_SKIP("no such family in this build");
    fixture f;
    setup(&f);
    set_parameters(&f.parameters, "100", "inf", "1", "1/2"); /* q = 1/8, alpha = 2 */
    static const struct {
        const char *noise;
        int count, from_threshold, unbounded;
        double low, high;
    } row[] = {
        {"pareto:alpha=2,xm=1/8", 1, 1, 1, 0, 0},   /* equality everywhere */
        {"pareto:alpha=2,xm=1", 1, 1, 1, 0, 0},     /* xm > q */
        {"pareto:alpha=2,xm=1/9", 0, 0, 0, 0, 0},   /* xm < q */
        {"pareto:alpha=1,xm=1/8", 1, 1, 1, 0, 0},   /* heavier, xm = q */
        {"pareto:alpha=3,xm=1/8", 0, 0, 0, 0, 0},   /* lighter, xm = q */
        {"pareto:alpha=3,xm=1", 1, 1, 0, 0, 64},    /* (1/s)^3 = (q/s)^2 at q^-2 */
        {"pareto:alpha=1,xm=1/16", 1, 0, 1, .25, 0} /* xm/s = (q/s)^2 at q^2/xm */
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        find(&f, row[i].noise, 10);
        SB_CHECK(f.set.interval_count == (size_t)row[i].count && f.set.unsettled_count == 0, "%s: %zu",
                 row[i].noise, f.set.interval_count);
        if (f.set.interval_count != 1 || !row[i].count) continue;
        SB_CHECK(f.set.interval->from_threshold == row[i].from_threshold, "%s", row[i].noise);
        SB_CHECK(f.set.interval->unbounded == row[i].unbounded, "%s", row[i].noise);
        if (row[i].low > 0) check_near(f.set.interval->low, row[i].low, row[i].noise);
        if (row[i].high > 0) check_near(f.set.interval->high, row[i].high, row[i].noise);
    }
    teardown(&f);
}

/* Two points: the tail is 1 up to 3, then 0. The set is all of (q, 3), or empty when q >= 3. */
static void two_points(void) {
    if (!sb_noise_family_named("lattice")) SB_SKIP("no such family in this build");
    fixture f;
    setup(&f);
    set_parameters(&f.parameters, "1", "inf", "1", "1/2");
    const sb_tail_interval *x = only(&f, "lattice:points=2,spacing=6", 0);
    if (x) {
        SB_CHECK(x->from_threshold, "from q");
        check_near(x->high, 3, "two points");
    }
    fmpq_set_si(f.constant, 4, 1);
    find(&f, "lattice:points=2,spacing=6", 6);
    SB_CHECK(f.set.interval_count == 0, "q = 4 > 3");
    teardown(&f);
}

/* d = 1, delta = 2/5: tau = sqrt(1 - 9/25), shift 1. d = 4, delta = 16/25, p = 2: tau = sqrt(1 - 3/5), shift
 * 1/2. */
static void all_s_in_closed_form(void) {
    fixture f;
    setup(&f);
    uint64_t state = 3;
    arb_t bound, truth;
    fmpq_t s;
    arb_init(bound);
    arb_init(truth);
    fmpq_init(s);
    for (int i = 0; i < 300; i++) {
        int d = 1 + i % 2;
        set_parameters(&f.parameters, d == 1 ? "1" : "4", d == 1 ? "3" : "2", "1", "2/5");
        if (d == 2) set_text(f.parameters.delta, "0.64");
        slong top = (slong)(sb_test_random(&state) % 40);
        fmpq_set_si(s, top, 8);
        slong halves = d == 1 ? top / 4 : top / 2; /* floor(2s/h) */
        sb_tail_all_s(bound, &f.parameters, s, 128);
        arb_set_si(truth, d == 1 ? 16 : 2);
        arb_div_si(truth, truth, d == 1 ? 25 : 5, 200);
        arb_sqrt(truth, truth, 200);
        arb_mul_si(truth, truth, halves + 1, 200);
        arb_sub_ui(truth, truth, 1, 200);
        arb_neg(truth, truth);
        SB_CHECK(arb_overlaps(bound, truth), "d = %d, s = %ld/8: %.9g", d == 1 ? 1 : 4, (long)top,
                 arf_get_d(arb_midref(bound), ARF_RND_NEAR));
        SB_CHECK(top % 2 == 0 || arb_rel_accuracy_bits(bound) > 60, "s = %ld/8", (long)top);
    }
    /* the median: (1/2)(1/(8/5) - 1) = -3/16 at d = 1 */
    set_parameters(&f.parameters, "1", "3", "1", "2/5");
    sb_tail_median(bound, &f.parameters, 128);
    arb_set_d(truth, -3. / 16);
    SB_CHECK(arb_overlaps(bound, truth), "median, d = 1");
    arb_clear(bound);
    arb_clear(truth);
    fmpq_clear(s);
    teardown(&f);
}

/* The median bound is at least eps d^(1/2-1/p)/(4 sqrt(2L)) - h/2, and not above the median of Gaussian noise
   with total variation delta exactly: .67448975 sigma, sigma = eps d^(1/2-1/p)/(2z). */
static void median_bound_lies_between(void) {
    uint64_t state = 11;
    fixture f;
    setup(&f);
    for (int i = 0; i < 400; i++) {
        random_parameters(&f.parameters, &state, 2);
        f.parameters.dimension = 1 + sb_test_random(&state) % 1000000;
        set_text(f.parameters.radius, "1");
        fmpq_set_si(f.parameters.delta, 1 + (slong)(sb_test_random(&state) % 98), 99);
        double d = (double)f.parameters.dimension, delta = fmpq_get_d(f.parameters.delta);
        double p = f.parameters.norm.infinite ? INFINITY : fmpq_get_d(f.parameters.norm.value);
        double h = pow(d, -1 / p), printed = h * sqrt(d) / (4 * sqrt(-2 * log1p(-delta))) - h / 2;
        double bound = value_of(sb_tail_median, &f.parameters);
        arb_t z;
        arb_init(z);
        sb_normal_two_sided_quantile(z, f.parameters.delta, 64);
        double sigma = h * sqrt(d) / (2 * arf_get_d(arb_midref(z), ARF_RND_NEAR));
        arb_clear(z);
        SB_CHECK(bound >= printed - 1e-12 * h * sqrt(d), "d = %g, p = %g, delta = %g: %g < %g", d, p, delta,
                 bound, printed);
        SB_CHECK(bound <= 0.6744897501960817 * sigma, "d = %g, p = %g, delta = %g: %g above the median", d, p,
                 delta, bound);
    }
    teardown(&f);
}

/* Gaussian noise whose total variation is delta obeys the bound at every s tried. */
static void gaussian_obeys_the_bound(void) {
    uint64_t state = 12;
    fixture f;
    setup(&f);
    arb_t bound, z;
    fmpq_t s;
    arb_init(bound);
    arb_init(z);
    fmpq_init(s);
    for (int i = 0; i < 2000; i++) {
        set_parameters(&f.parameters, "1", "inf", "1", "1/2");
        f.parameters.dimension = 1 + sb_test_random(&state) % (i % 2 ? 100000 : 10);
        fmpq_set_si(f.parameters.delta, 1 + (slong)(sb_test_random(&state) % 98), 99);
        sb_normal_two_sided_quantile(z, f.parameters.delta, 64);
        double sigma = sqrt((double)f.parameters.dimension) / (2 * arf_get_d(arb_midref(z), ARF_RND_NEAR));
        fmpq_set_si(s, (slong)(sb_test_random(&state) % 4000), 1000);
        fmpq_mul_si(s, s, 1 + (slong)sigma);
        sb_tail_all_s(bound, &f.parameters, s, 96);
        double tail = erfc(fmpq_get_d(s) / (sigma * sqrt(2)));
        SB_CHECK(arf_get_d(arb_midref(bound), ARF_RND_NEAR) <= tail + 1e-12, "d = %llu, s = %g: tail %g",
                 (unsigned long long)f.parameters.dimension, fmpq_get_d(s), tail);
    }
    arb_clear(bound);
    arb_clear(z);
    fmpq_clear(s);
    teardown(&f);
}

static void refusals(void) {
    fixture f;
    setup(&f);
    sb_error error;
    set_parameters(&f.parameters, "10", "2", "1", "1/2");
    sb_noise_spec_parse(&f.noise, "gaussian:sigma=1", &error);
    SB_CHECK(sb_tail_set_find(&f.set, &f.noise, &f.parameters, f.constant, 6, &error) == SB_OUTSIDE &&
                 strstr(error.message, "p > 2"),
             "%s", error.message);
    if (!sb_noise_spec_parse(&f.noise, "l2-ball:r=1", &error)) {
        set_parameters(&f.parameters, "10", "4", "1", "1/2");
        SB_CHECK(sb_tail_set_find(&f.set, &f.noise, &f.parameters, f.constant, 6, &error) == SB_OUTSIDE &&
                     strstr(error.message, "l2-ball"),
                 "%s", error.message);
    }
    teardown(&f);
}

static const sb_test tests[] = {{"ends are those of mpmath", ends_are_those_of_mpmath},
                                {"Laplace by Lambert's W", laplace_by_lambert},
                                {"membership at random points", membership_at_random_points},
                                {"Lomax by quadratics", lomax_by_quadratics},
                                {"Pareto in closed form", pareto_in_closed_form},
                                {"two points", two_points},
                                {"all s in closed form", all_s_in_closed_form},
                                {"median bound lies between", median_bound_lies_between},
                                {"Gaussian obeys the bound", gaussian_obeys_the_bound},
                                {"refusals", refusals}};

SB_TEST_MAIN(tests)
