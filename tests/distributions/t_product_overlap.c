/* The product engine against closed forms that it does not use: erf, products, one dimension, and values of
   two-dimensional integrals (mpmath, 30 digits) (the error bounds: t_product_plan.c). */
#include "distributions/product_overlap.h"
#include "distributions/product_sum.h"
#include "tests/distributions/overlap_test.h"

#include <math.h>

typedef struct {
    sb_noise_spec noise;
    sb_shift shift;
    sb_tv_options options;
    sb_tv_result result;
    sb_status status;
    sb_error error;
} tv_case;

static void tv_init(tv_case *at, const char *noise, uint64_t dimension, const char *shift, int digits) {
    memset(at, 0, sizeof *at);
    sb_noise_spec_init(&at->noise);
    sb_shift_init(&at->shift);
    sb_tv_options_init(&at->options);
    sb_tv_result_init(&at->result);
    at->options.digits = digits;
    at->status = sb_noise_spec_parse(&at->noise, noise, &at->error);
    if (!at->status) at->status = sb_shift_parse(&at->shift, shift, dimension, &at->error);
    SB_CHECK(!at->status, "%s %s: %s", noise, shift, at->error.message);
}

static void tv_run(tv_case *at) {
    at->status = sb_product_total_variation(&at->result, &at->noise, &at->shift, &at->options, &at->error);
}

static void tv_clear(tv_case *at) {
    sb_noise_spec_clear(&at->noise);
    sb_shift_clear(&at->shift);
    sb_tv_result_clear(&at->result);
}

/* Whether both are accurate to the digits and overlap these true values. */
static int is_right(const tv_case *at, const arb_t overlap, const arb_t tv) {
    slong bits = (slong)(at->options.digits * 3.33);
    return !at->status && at->result.digits_met && at->result.certified &&
           arb_overlaps(at->result.overlap, overlap) && arb_overlaps(at->result.total_variation, tv) &&
           (arb_is_exact(at->result.overlap) || arb_rel_accuracy_bits(at->result.overlap) >= bits) &&
           (arb_is_exact(at->result.overlap) || arb_rel_accuracy_bits(at->result.total_variation) >= bits);
}

static void print_case(const char *noise, uint64_t dimension, const char *shift, const tv_case *at) {
    char *overlap = arb_get_str(at->result.overlap, 40, ARB_STR_MORE);
    printf("# %s d=%llu %s: status %d, 1-TV %s, %s\n", noise, (unsigned long long)dimension, shift,
           (int)at->status, overlap, at->result.how ? at->result.how : at->error.message);
    flint_free(overlap);
}

/* ------------------------------------------------------------------ closed forms */
static void check_gaussian(const char *noise, uint64_t dimension, const char *shift, int digits) {
    const slong precision = 4000;
    tv_case at;
    arb_t x, overlap, scale;
    arb_init(x);
    arb_init(overlap);
    arb_init(scale);
    tv_init(&at, noise, dimension, shift, digits);
    tv_run(&at);
    sb_shift_euclidean(x, &at.shift, precision);
    sb_noise_scale(scale, &at.noise, dimension, precision);
    arb_div(x, x, scale, precision);
    arb_set_ui(scale, 8);
    arb_rsqrt(scale, scale, precision);
    arb_mul(x, x, scale, precision);
    arb_hypgeom_erfc(overlap, x, precision);
    arb_hypgeom_erf(x, x, precision);
    int right = is_right(&at, overlap, x);
    SB_CHECK(right, "Gaussian");
    if (!right) print_case(noise, dimension, shift, &at);
    tv_clear(&at);
    arb_clear(x);
    arb_clear(overlap);
    arb_clear(scale);
}

static void gaussian_is_erf(void) {
    static const char *const length[] = {"linf:1e-300", "linf:1e-20", "linf:1e-3", "linf:1/3", "linf:3"};
    for (uint64_t d = 1; d <= 1000000; d *= 10)
        for (size_t i = 0; i < sizeof length / sizeof *length; i++)
            check_gaussian("gaussian:sigma=2/3", d, length[i], i % 2 ? 20 : 33);
    check_gaussian("gaussian:sigma=1/2", 150528, "linf:8/255", 15);
    check_gaussian("gaussian:sigma=1", 1000, "linf:3/2", 25); /* 1 - TV near 1e-125 */
    check_gaussian("gaussian:sigma=1", 5, "linf:40", 20);
    check_gaussian("gaussian:sigma=1", 1, "l2:1", 300);
    check_gaussian("gaussian:sigma=1", 70, "3:1/7,20:1/5,1:2", 50);
}

static void published_value(void) {
    tv_case at;
    arb_t low, high;
    arb_init(low);
    arb_init(high);
    tv_init(&at, "gaussian:sigma=1/2", 150528, "linf:8/255", 15);
    tv_run(&at);
    arb_set_str(low, "4.38737584295082e-34", 128);
    arb_set_str(high, "4.38737584295083e-34", 128);
    SB_CHECK(arb_gt(at.result.overlap, low) && arb_lt(at.result.overlap, high));
    tv_clear(&at);
    arb_clear(low);
    arb_clear(high);
}

/* 1 - TV = prod (1 - v_i/2r) */
static void uniform_is_a_product(void) {
    static const char *const shift[] = {
        "linf:8/255", "linf:1e-40", "linf:39999999/10000000", "1:1/3,5:1/4,2:3", "1:4,3:1", "2:5", "linf:4"};
    const slong precision = 2000;
    for (size_t i = 0; i < sizeof shift / sizeof *shift; i++) {
        tv_case at;
        arb_t overlap, factor;
        arb_init(overlap);
        arb_init(factor);
        tv_init(&at, "uniform:r=2", 100, shift[i], 20);
        tv_run(&at);
        arb_one(overlap);
        for (size_t k = 0; k < at.shift.group_count; k++) {
            sb_shift_length(factor, &at.shift, k, precision);
            arb_mul_2exp_si(factor, factor, -2);
            arb_sub_ui(factor, factor, 1, precision);
            arb_neg(factor, factor);
            arb_nonnegative_part(factor, factor);
            arb_pow_ui(factor, factor, at.shift.group[k].count, precision);
            arb_mul(overlap, overlap, factor, precision);
        }
        arb_sub_ui(factor, overlap, 1, precision);
        arb_neg(factor, factor);
        int right = is_right(&at, overlap, factor);
        SB_CHECK(right, "uniform");
        if (!right) print_case("uniform:r=2", 100, shift[i], &at);
        tv_clear(&at);
        arb_clear(overlap);
        arb_clear(factor);
    }
}

typedef struct {
    const char *noise, *shift, *overlap; /* the true value */
    uint64_t dimension;
    int digits; /* 0: the enclosure need not be narrow */
} known_value;

static const known_value known[] = {
    {"laplace:b=1", "linf:1", "0.606530659712633423603799534991", 1, 25}, /* e^(-1/2) */
    {"laplace:b=1", "linf:1", "0.551819161757163482393285655242", 2, 25},
    {"laplace:b=1", "1:1,1:2", "0.334695240222644743399920706146", 2, 0},
    {"logistic:scale=1", "linf:1", "0.755081337596290870722198868509", 1, 25}, /* 1 - tanh(1/4) */
    {"logistic:scale=1", "linf:1", "0.677393774676931789120823035215", 2, 25},
    {"logistic:scale=1", "1:1,1:2", "0.503435443839716782679179173850", 2, 0},
};

static void few_coordinates(void) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        tv_case at;
        arb_t overlap, tv, width;
        arb_init(overlap);
        arb_init(tv);
        arb_init(width);
        tv_init(&at, known[i].noise, known[i].dimension, known[i].shift,
                known[i].digits ? known[i].digits : 5);
        tv_run(&at);
        arb_set_str(overlap, known[i].overlap, 200);
        arb_set_str(width, "1e-29", 64);
        arb_add_error(overlap, width);
        arb_sub_ui(tv, overlap, 1, 200);
        arb_neg(tv, tv);
        int right = is_right(&at, overlap, tv);
        SB_CHECK(right, "known value %zu", i);
        if (!right) print_case(known[i].noise, known[i].dimension, known[i].shift, &at);
        tv_clear(&at);
        arb_clear(overlap);
        arb_clear(tv);
        arb_clear(width);
    }
}

/* ------------------------------------------------------------------ lambda other than 1 */
static void gaussian_with_lambda(void) {
    const slong precision = 1000;
    sb_noise_spec noise;
    sb_error error = {0};
    arb_t length, c, s, truth, overlap;
    arb_init(length);
    arb_init(c);
    arb_init(s);
    arb_init(truth);
    arb_init(overlap);
    sb_noise_spec_init(&noise);
    SB_CHECK(!sb_noise_spec_parse_shape(&noise, "gaussian", &error), "%s", error.message);
    for (int i = 0; i < 60; i++) {
        uint64_t dimension = 1 + sb_test_random(&seed) % 100000;
        arb_set_d(length, exp(12 * uniform_draw() - 8) / sqrt((double)dimension));
        arb_set_d(c, i % 10 ? 8 * (uniform_draw() - 0.5) : 40 * (uniform_draw() - 0.5));
        arb_sqrt_ui(s, dimension, precision);
        arb_mul(s, s, length, precision);
        gaussian_overlap(truth, s, c, precision);
        sb_status status = sb_product_overlap_equal(overlap, &noise, dimension, length, c, 20, &error);
        SB_CHECK(!status && arb_overlaps(overlap, truth) && arb_rel_accuracy_bits(overlap) >= 66,
                 "d = %llu, |v| = %g, c = %g: accuracy %ld", (unsigned long long)dimension,
                 arf_get_d(arb_midref(s), ARF_RND_NEAR), arf_get_d(arb_midref(c), ARF_RND_NEAR),
                 (long)arb_rel_accuracy_bits(overlap));
    }
    sb_noise_spec_clear(&noise);
    arb_clear(length);
    arb_clear(c);
    arb_clear(s);
    arb_clear(truth);
    arb_clear(overlap);
}

/* log lambda = 3/10: from the same two-dimensional integrals. */
static void laplace_and_logistic_with_lambda(void) {
    static const known_value value[] = {
        {"laplace", NULL, "0.704688089718713434354820699031", 1, 0},
        {"laplace", NULL, "0.609066278026935504636642448676", 2, 0},
        {"logistic", NULL, "0.772981859210059625836342442160", 2, 0},
    };
    sb_error error = {0};
    arb_t one, c, overlap, truth, width;
    arb_init(one);
    arb_init(c);
    arb_init(overlap);
    arb_init(truth);
    arb_init(width);
    arb_one(one);
    arb_set_str(c, "0.3", 300);
    arb_set_str(width, "2e-30", 64);
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        sb_noise_spec noise;
        sb_noise_spec_init(&noise);
        SB_CHECK(!sb_noise_spec_parse_shape(&noise, value[i].noise, &error), "%s", error.message);
        arb_set_str(truth, value[i].overlap, 200);
        arb_add_error(truth, width);
        sb_status status = sb_product_overlap_equal(overlap, &noise, value[i].dimension, one, c, 25, &error);
        SB_CHECK(!status && arb_overlaps(overlap, truth) && arb_rel_accuracy_bits(overlap) >= 80, "case %zu",
                 i);
        sb_noise_spec_clear(&noise);
    }
    arb_clear(one);
    arb_clear(c);
    arb_clear(overlap);
    arb_clear(truth);
    arb_clear(width);
}

/* Where both the trapezoid rule and the closed form of the sum of losses give all digits, they agree: Laplace
   and logistic coordinates by families' overlap_equal against the engine. */
static void closed_form_agrees(void) {
    static const char *const name[] = {"laplace", "logistic"};
    sb_error error = {0};
    arb_t length, c, one, other;
    arb_init(length);
    arb_init(c);
    arb_init(one);
    arb_init(other);
    for (int i = 0; i < 20; i++) {
        sb_noise_spec noise;
        sb_noise_spec_init(&noise);
        SB_CHECK(!sb_noise_spec_parse_shape(&noise, name[i % 2], &error), "%s", error.message);
        uint64_t dimension = i % 2 ? 20 + sb_test_random(&seed) % 40 : 100 + sb_test_random(&seed) % 400;
        arb_set_d(length, (i % 2 ? 1 : 50 + 50 * uniform_draw()) * (1 + uniform_draw()) / (double)dimension);
        if (i >= 6) arb_set_d(c, 2 * (uniform_draw() - 0.5));
        sb_status status = sb_product_overlap_equal(one, &noise, dimension, length, c, 12, &error);
        noise.family->product->overlap_equal(other, &noise, dimension, length, c, 160);
        SB_CHECK(!status && arb_overlaps(one, other) && arb_rel_accuracy_bits(one) > 39 &&
                     arb_rel_accuracy_bits(other) > 39,
                 "%s d = %llu, v = %g, c = %g", name[i % 2], (unsigned long long)dimension,
                 arf_get_d(arb_midref(length), ARF_RND_NEAR), arf_get_d(arb_midref(c), ARF_RND_NEAR));
        sb_noise_spec_clear(&noise);
    }
    arb_clear(length);
    arb_clear(c);
    arb_clear(one);
    arb_clear(other);
}

/* Balls for the shift and log lambda: the overlap at a point of each is inside. */
static void wide_balls(void) {
    static const char *const name[] = {"laplace", "logistic", "gaussian", "uniform"};
    sb_error error = {0};
    arb_t length, c, wide, narrow;
    arb_init(length);
    arb_init(c);
    arb_init(wide);
    arb_init(narrow);
    for (int i = 0; i < 40; i++) {
        sb_noise_spec noise;
        sb_noise_spec_init(&noise);
        SB_CHECK(!sb_noise_spec_parse_shape(&noise, name[i % 4], &error), "%s", error.message);
        uint64_t dimension = 1 + sb_test_random(&seed) % 5;
        double v = 0.1 + uniform_draw(), log_lambda = i < 20 ? 0 : uniform_draw() - 0.5;
        arb_set_d(length, v);
        arb_set_d(c, log_lambda);
        mag_set_d(arb_radref(length), 1e-5);
        if (i >= 20) mag_set_d(arb_radref(c), 1e-5);
        sb_status status = sb_product_overlap_equal(wide, &noise, dimension, length, c, 10, &error);
        for (int side = -1; side <= 1; side++) {
            arb_set_d(length, v + side * 0.99e-5);
            arb_set_d(c, log_lambda + (i >= 20 ? side * 0.99e-5 : 0));
            if (!status) status = sb_product_overlap_equal(narrow, &noise, dimension, length, c, 10, &error);
            SB_CHECK(!status && arb_overlaps(wide, narrow) && arb_rel_accuracy_bits(wide) > 4,
                     "%s d = %llu, v = %g, c = %g: accuracy %ld", name[i % 4], (unsigned long long)dimension,
                     v, log_lambda, (long)arb_rel_accuracy_bits(wide));
        }
        sb_noise_spec_clear(&noise);
    }
    arb_clear(length);
    arb_clear(c);
    arb_clear(wide);
    arb_clear(narrow);
}

/* ------------------------------------------------------------------ many different shifts */
enum { LENGTHS = 700 };

/* Bins against one evaluation for each length; a few lengths are large. */
static void bins_agree(const char *noise_name) {
    sb_noise_spec noise;
    sb_error error = {0};
    sb_product_integrand f;
    uint64_t multiplicity[LENGTHS];
    arb_ptr length = _arb_vec_init(LENGTHS);
    arb_t reach, t, direct, binned;
    arb_init(reach);
    arb_init(t);
    arb_init(direct);
    arb_init(binned);
    sb_noise_spec_init(&noise);
    SB_CHECK(!sb_noise_spec_parse_shape(&noise, noise_name, &error), "%s", error.message);
    for (size_t i = 0; i < LENGTHS; i++) {
        arb_set_d(length + i, i % 100 ? 0.05 * uniform_draw() : 1.5 * uniform_draw());
        multiplicity[i] = 1 + (i % 7 == 0);
    }
    sb_product_lengths lengths = {
        .noise = &noise, .count = LENGTHS, .length = length, .multiplicity = multiplicity};
    sb_status status = sb_product_integrand_init(&f, &lengths, 128, &error);
    SB_CHECK(!status, "%s", error.message);
    arb_set_ui(reach, 8);
    for (int k = 0; !status && k <= 16; k++) {
        arb_set_d(t, k * 0.5);
        sb_product_integrand_load(&f, 128);
        sb_product_integrand_value(direct, &f, t, 128);
        status = sb_product_integrand_bin(&f, reach, 14, 128, &error);
        sb_product_integrand_value(binned, &f, t, 128);
        arb_sub(reach, binned, direct, 128);
        SB_CHECK(!status && arb_overlaps(direct, binned) && mag_cmp_2exp_si(arb_radref(binned), -60) < 0,
                 "%s t = %g: radius %g", noise_name, k * 0.5, mag_get_d(arb_radref(binned)));
        arb_set_ui(reach, 8);
    }
    sb_product_integrand_clear(&f);
    sb_noise_spec_clear(&noise);
    _arb_vec_clear(length, LENGTHS);
    arb_clear(reach);
    arb_clear(t);
    arb_clear(direct);
    arb_clear(binned);
}

/* "1:a,1:b,..." with different random rationals up to `largest`/1000000 */
static void many_shifts(char *text, size_t room, uint64_t largest) {
    size_t used = 0;
    for (size_t i = 0; i < LENGTHS; i++)
        used += (size_t)snprintf(text + used, room - used, "%s1:%llu/1000000", i ? "," : "",
                                 (unsigned long long)(i + 1 + sb_test_random(&seed) % largest));
}

static void many_different_shifts(void) {
    static char shift[LENGTHS * 32];
    bins_agree("gaussian");
    bins_agree("laplace");
    bins_agree("logistic");
    for (uint64_t largest = 10; largest <= 1000000; largest *= 100) {
        many_shifts(shift, sizeof shift, largest);
        check_gaussian("gaussian:sigma=1", 1000, shift, 20);
    }
}

/* Lengths rounded down and up give an enclosure of the truth, to a few digits. */
static void shift_rounded_outward(void) {
    static char shift[LENGTHS * 32];
    tv_case costly, cheap;
    many_shifts(shift, sizeof shift, 100000);
    tv_init(&costly, "gaussian:sigma=1", 1000, shift, 6);
    tv_init(&cheap, "gaussian:sigma=1", 1000, shift, 20);
    tv_run(&cheap);
    /* a Gaussian without its series is rounded down and up */
    sb_product_law law = *costly.noise.family->product;
    sb_noise_family family = *costly.noise.family;
    law.log_affinity_series = NULL;
    law.affinity_time = 10;
    family.product = &law;
    costly.noise.family = &family;
    tv_run(&costly);
    SB_CHECK(!costly.status && arb_contains(costly.result.overlap, cheap.result.overlap) &&
                 arb_rel_accuracy_bits(costly.result.overlap) > 4 && !costly.result.digits_met,
             "accuracy %ld", (long)arb_rel_accuracy_bits(costly.result.overlap));
    tv_clear(&costly);
    tv_clear(&cheap);
}

/* ------------------------------------------------------------------ the rest of the contract */
static void threads_change_nothing(void) {
    tv_case one, two;
    tv_init(&one, "laplace:b=1", 1000, "500:1/100,500:1/50", 5);
    tv_init(&two, "laplace:b=1", 1000, "500:1/100,500:1/50", 5);
    two.options.jobs = 2;
    tv_run(&one);
    tv_run(&two);
    SB_CHECK(!one.status && !two.status && arb_equal(one.result.overlap, two.result.overlap) &&
             arb_equal(one.result.total_variation, two.result.total_variation));
    SB_CHECK(one.result.digits_met && one.result.nodes > 512);
    tv_clear(&one);
    tv_clear(&two);
}

static int refuse(void) {
    return 0;
}

static void edges(void) {
    tv_case at;
    tv_init(&at, "laplace:b=1", 10, "linf:0", 6);
    tv_run(&at);
    SB_CHECK(!at.status && arb_is_one(at.result.overlap) && arb_is_zero(at.result.total_variation));
    tv_clear(&at);
    tv_init(&at, "gaussian:sigma=1", 10, "linf:1", 6);
    at.options.proceed = refuse;
    tv_run(&at);
    SB_CHECK(at.status == SB_INTERRUPTED, "status %d", (int)at.status);
    tv_clear(&at);
    tv_init(&at, "laplace:b=1", 3, "1:1,1:1/2,1:1/3", 30); /* not to be had: an honest, wider enclosure */
    tv_run(&at);
    SB_CHECK(!at.status && !at.result.digits_met && arb_rel_accuracy_bits(at.result.overlap) > 18,
             "accuracy %ld", (long)arb_rel_accuracy_bits(at.result.overlap));
    tv_clear(&at);
}

static const sb_test tests[] = {
    {"Gaussian noise: erf, TV from 1e-300 to 1 - 1e-1000 and up to 10^6 coordinates", gaussian_is_erf},
    {"eps = 8/255, sigma = 1/2, d = 150528: 4.38737584295082...e-34", published_value},
    {"uniform noise: a product", uniform_is_a_product},
    {"one and two coordinates: closed forms and two-dimensional integrals", few_coordinates},
    {"Gaussian integral of min(p, lambda q)", gaussian_with_lambda},
    {"Laplace and logistic integrals of min(p, lambda q)", laplace_and_logistic_with_lambda},
    {"trapezoid rule and sums of uniform losses agree", closed_form_agrees},
    {"balls for the shift and lambda", wide_balls},
    {"many different shifts", many_different_shifts},
    {"shifts rounded down and up", shift_rounded_outward},
    {"any number of threads", threads_change_nothing},
    {"no shift, interruption, digits that cannot be had", edges},
};

SB_TEST_MAIN(tests)
