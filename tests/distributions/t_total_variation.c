/* The dispatch and the formulas, against exact rationals, reference values and laws that total variation
 * obeys. */
#include "distributions/total_variation.h"
#include "tests/test.h"

typedef struct {
    sb_noise_spec noise;
    sb_shift shift;
    sb_tv_options options;
    sb_tv_result result;
    sb_error error;
} fixture;

static void fixture_init(fixture *f) {
    sb_noise_spec_init(&f->noise);
    sb_shift_init(&f->shift);
    sb_tv_options_init(&f->options);
    sb_tv_result_init(&f->result);
}

static void fixture_clear(fixture *f) {
    sb_noise_spec_clear(&f->noise);
    sb_shift_clear(&f->shift);
    sb_tv_result_clear(&f->result);
}

static sb_status evaluate(fixture *f, const char *noise, const char *shift, uint64_t dimension) {
    sb_status status = sb_noise_spec_parse(&f->noise, noise, &f->error);
    if (!status) status = sb_shift_parse(&f->shift, shift, dimension, &f->error);
    if (!status) status = sb_total_variation(&f->result, &f->noise, &f->shift, &f->options, &f->error);
    return status;
}

static int contains(const arb_t ball, const char *decimal) {
    arb_t value;
    arb_init(value);
    arb_set_str(value, decimal, 200); /* a ball of the last digit given */
    mag_t unit;
    mag_init(unit);
    arf_get_mag(unit, arb_midref(value));
    mag_mul_2exp_si(unit, unit, -96); /* references have 30 digits */
    arb_add_error_mag(value, unit);
    mag_clear(unit);
    int found = arb_overlaps(ball, value);
    arb_clear(value);
    return found;
}

/* mpmath, 40 digits: one dimension from Pr(|X| <= v/2) or, with a hole, from masses; l2-ball I_{x^2}(1/2,
   (d+1)/2); exp-linf E prod (1 - v/(2R))_+ with R ~ Gamma(d+1); logistic, d = 2: 2 Pr(X + Y > v) by
   quadrature. */
static const struct {
    const char *noise, *shift;
    uint64_t dimension;
    const char *total_variation, *overlap;
} known[] = {
    {"gaussian:sigma=13/10", "basis:0.7", 1, "0.212247896285523360524855762265888",
     "0.787752103714476639475144237734112"},
    {"laplace:b=13/10", "basis:0.7", 1, "0.236033064757659792190499211678439",
     "0.763966935242340207809500788321561"},
    {"uniform:r=13/10", "basis:0.7", 1, "0.269230769230769230769230769230769",
     "0.730769230769230769230769230769231"},
    {"logistic:scale=13/10", "basis:0.7", 1, "0.13380810039119736070058586418907",
     "0.86619189960880263929941413581093"},
    {"cauchy:scale=13/10", "basis:0.7", 1, "0.167427646216580105851230516357219",
     "0.832572353783419894148769483642781"},
    {"triangular:r=13/10", "basis:0.7", 1, "0.465976331360946745562130177514793",
     "0.534023668639053254437869822485207"},
    {"lomax:alpha=5/2,scale=13/10", "basis:0.7", 1, "0.449003905905739297476174367270874",
     "0.550996094094260702523825632729126"},
    {"student-t:nu=5/2,scale=13/10", "basis:0.7", 1, "0.191601878630488525505575749330122",
     "0.808398121369511474494424250669878"},
    {"gengauss:shape=3,scale=13/10", "basis:0.7", 1, "0.300034357074032244608095312682114",
     "0.699965642925967755391904687317886"},
    {"gengauss:shape=1/2,scale=13/10", "basis:0.7", 1, "0.0959810056348421856103610090008065",
     "0.904018994365157814389638990999193"},
    {"gengauss:shape=1,scale=13/10", "basis:0.7", 1, "0.236033064757659792190499211678439",
     "0.763966935242340207809500788321561"},
    {"pareto:alpha=5/2,xm=13/10", "basis:0.7", 1, "0.659369610134386277187510591019666",
     "0.340630389865613722812489408980334"},
    {"pareto:alpha=5/2,xm=13/10", "basis:4", 1, "0.790433208775757650377051819696511",
     "0.209566791224242349622948180303489"},
    {"staircase:ratio=1/2,gamma=1/3,step=13/10", "basis:0.7", 1, "0.201923076923076923076923076923077",
     "0.798076923076923076923076923076923"},
    {"staircase:ratio=1/2,gamma=1/3,step=13/10", "basis:7", 1, "0.846153846153846153846153846153846",
     "0.153846153846153846153846153846154"},
    {"lattice:points=10,spacing=1/10", "basis:0.7", 1, "0.7", "0.3"},
    {"lattice:points=10,spacing=1/7", "basis:0.7", 1, "1.0", "0.0"},
    {"mixture:0.9*gaussian:sigma=1+0.1*cauchy:scale=2", "basis:0.7", 1, "0.257324333790171777820734035738712",
     "0.742675666209828222179265964261288"},
    {"l2-ball:r=13/10", "basis:0.7", 1, "0.269230769230769230769230769230769",
     "0.730769230769230769230769230769231"},
    {"l2-ball:r=13/10", "basis:0.7", 3, "0.394088529813381884387801547564861",
     "0.605911470186618115612198452435139"},
    {"exp-linf:k=3,b=13/10", "basis:0.7", 1, "0.300034357074032244608095312682114",
     "0.699965642925967755391904687317886"},
    {"pow-linf:a=7/2,b=13/10", "basis:0.7", 1, "0.449003905905739297476174367270874",
     "0.550996094094260702523825632729126"},
    {"exp-l2:k=3,b=13/10", "basis:0.7", 1, "0.300034357074032244608095312682114",
     "0.699965642925967755391904687317886"},
    {"exp-linf:k=1,b=13/10", "linf:0.7", 3, "0.236033064757659792190499211678439",
     "0.763966935242340207809500788321561"},
    {"logistic:scale=13/10", "linf:0.7", 2, "0.177770281493697247245303339195782",
     "0.822229718506302752754696660804218"},
    {"gaussian:sigma=1/2", "linf:8/255", 150528, "1.0", "4.38737584295082269623979716687471e-34"},
    {"gaussian:sigma=1/2", "linf:1e-20", 150528, "3.09562757926316589421659202844573e-18",
     "0.999999999999999996904372420736834"},
    {"uniform:r=2", "linf:1/1000", 3072, "0.536104522436330546742788336140979",
     "0.463895477563669453257211663859021"},
    {"uniform:r=2", "linf:1e-30", 3072, "7.67999999999999999999999999705184e-28",
     "0.999999999999999999999999999232"},
    {"uniform:r=2", "3:1/2,4:1,1:3", 10, "0.9470081329345703125", "0.0529918670654296875"},
};

static void reference_values(void) {
    fixture f;
    fixture_init(&f);
    f.options.digits = 25;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        sb_status status = evaluate(&f, known[i].noise, known[i].shift, known[i].dimension);
        SB_CHECK(!status, "%s: %s", known[i].noise, f.error.message);
        if (status) continue;
        char *tv = arb_get_str(f.result.total_variation, 35, 0),
             *overlap = arb_get_str(f.result.overlap, 35, 0);
        SB_CHECK(contains(f.result.total_variation, known[i].total_variation), "%s %s: TV %s, not %s",
                 known[i].noise, known[i].shift, tv, known[i].total_variation);
        SB_CHECK(contains(f.result.overlap, known[i].overlap), "%s %s: 1 - TV %s, not %s", known[i].noise,
                 known[i].shift, overlap, known[i].overlap);
        SB_CHECK(f.result.certified && f.result.digits_met, "%s %s", known[i].noise, known[i].shift);
        SB_CHECK(arb_rel_accuracy_bits(f.result.total_variation) >= 83 &&
                     arb_rel_accuracy_bits(f.result.overlap) >= 83,
                 "25 digits of %s %s", known[i].noise, known[i].shift);
        flint_free(tv);
        flint_free(overlap);
    }
    fixture_clear(&f);
}

/* Uniform noise: prod max{0, 1 - v_i/(2r)} in rationals, for random groups. */
static void uniform_is_exact(void) {
    uint64_t state = 3;
    fixture f;
    fmpq_t product, factor, power;
    fixture_init(&f);
    fmpq_init(product);
    fmpq_init(factor);
    fmpq_init(power);
    for (int i = 0; i < 60; i++) {
        char noise[64], shift[256] = "";
        unsigned r = 1 + (unsigned)(sb_test_random(&state) % 9), used = 0;
        size_t groups = 1 + (size_t)(sb_test_random(&state) % 4);
        fmpq_one(product);
        for (size_t g = 0; g < groups; g++) {
            unsigned v = (unsigned)(sb_test_random(&state) % 40),
                     n = 1 + (unsigned)(sb_test_random(&state) % 5);
            size_t length = strlen(shift);
            snprintf(shift + length, sizeof shift - length, "%s%u:%u/7", g ? "," : "", n, v);
            used += n;
            fmpq_set_si(factor, 14 * (slong)r - (slong)v, 14 * (ulong)r); /* 1 - (v/7)/(2r) */
            if (fmpq_sgn(factor) < 0) fmpq_zero(factor);
            fmpq_pow_si(power, factor, (slong)n);
            fmpq_mul(product, product, power);
        }
        snprintf(noise, sizeof noise, "uniform:r=%u", r);
        SB_CHECK(!evaluate(&f, noise, shift, used + 3), "%s %s: %s", noise, shift, f.error.message);
        SB_CHECK(f.result.method == SB_METHOD_CLOSED && f.result.digits_met, "%s %s", noise, shift);
        SB_CHECK(arb_contains_fmpq(f.result.overlap, product), "%s %s: 1 - TV", noise, shift);
        sb_rational_complement(product, product);
        SB_CHECK(arb_contains_fmpq(f.result.total_variation, product), "%s %s: TV", noise, shift);
    }
    fmpq_clear(product);
    fmpq_clear(factor);
    fmpq_clear(power);
    fixture_clear(&f);
}

/* TV depends on v/scale only, grows with the shift, is between the largest coordinate's and the sum of the
 * coordinates'. */
static void laws(void) {
    static const char *const family[] = {"gaussian:sigma", "laplace:b", "logistic:scale", "uniform:r"};
    static const char *const shift[] = {"basis:1/4", "basis:1/2", "1:1/2,1:1/4"};
    for (size_t i = 0; i < sizeof family / sizeof family[0]; i++) {
        fixture f[4];
        char noise[64];
        for (size_t j = 0; j < 3; j++) {
            fixture_init(&f[j]);
            snprintf(noise, sizeof noise, "%s=3", family[i]);
            SB_CHECK(!evaluate(&f[j], noise, shift[j], 5), "%s %s: %s", noise, shift[j], f[j].error.message);
        }
        fixture_init(&f[3]);
        snprintf(noise, sizeof noise, "%s=9/2", family[i]);
        SB_CHECK(!evaluate(&f[3], noise, "1:3/4,1:3/8", 5), "%s", f[3].error.message);
        arb_srcptr small = f[0].result.total_variation, large = f[1].result.total_variation,
                   both = f[2].result.total_variation;
        SB_CHECK(arb_lt(small, large) && arb_lt(large, both), "%s: TV grows", noise);
        arb_t sum;
        arb_init(sum);
        arb_add(sum, small, large, 100);
        SB_CHECK(arb_lt(both, sum), "%s: TV of a product", noise);
        SB_CHECK(arb_overlaps(both, f[3].result.total_variation), "%s: scales", noise);
        arb_add(sum, both, f[2].result.overlap, 100);
        SB_CHECK(arb_contains_si(sum, 1), "%s: TV + (1 - TV)", noise);
        arb_clear(sum);
        for (size_t j = 0; j < 4; j++) fixture_clear(&f[j]);
    }
}

static void chosen(const char *noise, const char *shift, uint64_t dimension, sb_tv_method method) {
    fixture f;
    fixture_init(&f);
    f.options.digits = 4;
    sb_status status = evaluate(&f, noise, shift, dimension);
    SB_CHECK(!status && f.result.method == method, "%s %s: %s (%s)", noise, shift,
             sb_tv_method_name(f.result.method), status ? f.error.message : "");
    SB_CHECK(status || (f.result.how && !strchr(f.result.how, '\n')), "%s: how", noise);
    fixture_clear(&f);
}

static void auto_chooses(void) {
    chosen("gaussian:sigma=1", "linf:1/100", 1000, SB_METHOD_CLOSED);
    chosen("uniform:r=1", "2:1/2,3:1/4", 10, SB_METHOD_CLOSED);
    chosen("laplace:b=1", "basis:1/2", 10, SB_METHOD_CLOSED);
    chosen("laplace:b=1", "linf:0", 10, SB_METHOD_CLOSED);
    chosen("laplace:b=1", "linf:1/2", 10, SB_METHOD_PRODUCT);
    chosen("l2-ball:r=1", "linf:1/20", 10, SB_METHOD_RADIAL);
    chosen("exp-linf:k=1,b=1", "linf:1/2", 10, SB_METHOD_RADIAL);
}

static void refused(const char *noise, sb_tv_method method, const char *word) {
    fixture f;
    fixture_init(&f);
    f.options.method = method;
    SB_CHECK(evaluate(&f, noise, "linf:1/8", 4) == SB_OUTSIDE && strstr(f.error.message, word), "%s: '%s'",
             noise, f.error.message);
    fixture_clear(&f);
}

static void methods(void) {
    sb_error error;
    for (sb_tv_method m = SB_METHOD_AUTO; m <= SB_METHOD_SAMPLE; m++) {
        sb_tv_method back = SB_METHOD_AUTO;
        SB_CHECK(!sb_tv_method_parse(sb_tv_method_name(m), &back, &error) && back == m, "%s",
                 sb_tv_method_name(m));
    }
    sb_tv_method method;
    SB_CHECK(sb_tv_method_parse("prodct", &method, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "product"),
             "%s", error.message);
    SB_CHECK(sb_tv_method_parse("", &method, &error) == SB_BAD_INPUT && strstr(error.message, "lattice"),
             "%s", error.message);
    refused("laplace:b=1", SB_METHOD_CLOSED, "closed");
    refused("laplace:b=1", SB_METHOD_RADIAL, "laplace");
    refused("exp-linf:k=1,b=1", SB_METHOD_PRODUCT, "not independent");
    refused("exp-linf:k=1,b=1", SB_METHOD_LATTICE, "not independent");
    refused("pow-linf:a=4,b=1", SB_METHOD_AUTO, "a");
}

/* Digits that a method cannot give: an enclosure all the same. */
static void undecided(void) {
    fixture f;
    fixture_init(&f);
    f.options.method = SB_METHOD_LATTICE;
    f.options.digits = 15;
    SB_CHECK(!evaluate(&f, "gaussian:sigma=1", "l2:1", 16), "%s", f.error.message);
    SB_CHECK(!f.result.digits_met && f.result.certified);
    SB_CHECK(contains(f.result.total_variation, "0.382924922548026207275362091"));
    SB_CHECK(arb_rel_accuracy_bits(f.result.total_variation) > 8);
    fixture_clear(&f);
}

static const sb_test tests[] = {
    {"tv: reference values", reference_values}, {"tv: uniform noise in rationals", uniform_is_exact},
    {"tv: scale, monotone, products", laws},    {"tv: auto chooses", auto_chooses},
    {"tv: method names and refusals", methods}, {"tv: digits that are not met", undecided}};
SB_TEST_MAIN(tests)
