/* The error bounds of the product engine against the errors that they bound. */
#include "distributions/graham_vaaler.h"
#include "distributions/product_sum.h"
#include "tests/distributions/overlap_test.h"

#include <math.h>

typedef struct {
    sb_noise_spec noise;
    sb_product_integrand f;
    sb_product_plan plan;
    uint64_t dimension;
    arb_t length, log_lambda, sum, overlap, error;
} rule_case;

static void rule_init(rule_case *r, const char *noise, double length, uint64_t dimension) {
    sb_error error = {0};
    r->dimension = dimension;
    arb_init(r->length);
    arb_init(r->log_lambda);
    arb_init(r->sum);
    arb_init(r->overlap);
    arb_init(r->error);
    arb_set_d(r->length, length);
    sb_noise_spec_init(&r->noise);
    sb_product_plan_init(&r->plan);
    sb_status status = sb_noise_spec_parse_shape(&r->noise, noise, &error);
    sb_product_lengths lengths = {
        .noise = &r->noise, .count = 1, .length = r->length, .multiplicity = &r->dimension};
    if (!status) status = sb_product_integrand_init(&r->f, &lengths, 128, &error);
    SB_CHECK(!status, "%s: %s", noise, error.message);
}

static void rule_clear(rule_case *r) {
    sb_product_integrand_clear(&r->f);
    sb_product_plan_clear(&r->plan);
    sb_noise_spec_clear(&r->noise);
    arb_clear(r->length);
    arb_clear(r->log_lambda);
    arb_clear(r->sum);
    arb_clear(r->overlap);
    arb_clear(r->error);
}

/* How much of the bound A(Y) the error of the rule with step h, strip Y uses up; outside [0, 1] would refute
   it. One Gaussian coordinate of length s, where the overlap is known. */
static double alias_share(double s, double c, double h, double strip) {
    sb_tv_options options;
    sb_error error = {0};
    rule_case r;
    rule_init(&r, "gaussian", s, 1);
    sb_tv_options_init(&options);
    arb_set_d(r.log_lambda, c);
    arb_set_d(r.plan.step, h);
    arb_set_d(r.plan.strip, strip);
    sb_product_alias_bound(r.plan.alias, &r.f, r.log_lambda, r.plan.strip, r.plan.step, 200);
    sb_product_sum(r.sum, r.sum, &r.f, r.log_lambda, r.plan.step, (uint64_t)(50 / (s * h)) + 2, 0, 300,
                   &options, &error);
    gaussian_overlap(r.overlap, r.length, r.log_lambda, 300);
    sb_product_remove_aliases(r.error, r.sum, &r.plan, &r.f, r.log_lambda, 300);
    SB_CHECK(arb_overlaps(r.error, r.overlap), "s = %g, c = %g, h = %g, Y = %g", s, c, h, strip);
    /* the midpoint is off by half the bound: below for Y <= 1/2, above for larger Y */
    arb_sub(r.error, r.overlap, r.error, 300);
    arf_set_mag(arb_midref(r.sum), arb_radref(r.error));
    mag_zero(arb_radref(r.error));
    arb_div(r.error, r.error, r.plan.alias, 300);
    double share = 0.5 + (strip <= 0.5 ? -1 : 1) * arf_get_d(arb_midref(r.error), ARF_RND_NEAR);
    rule_clear(&r);
    return share;
}

static void alias_bounds_hold_and_are_tight(void) {
    for (int i = 0; i < 300; i++) {
        double s = exp(5 * uniform_draw() - 3), h = exp(3 * uniform_draw() - 1.5);
        double strip = exp(3 * uniform_draw() - 1.5), c = i % 2 ? 0 : 3 * (uniform_draw() - 0.5);
        double share = alias_share(s, c, h, strip);
        SB_CHECK(share >= -1e-9 && share <= 1 + 1e-9, "s = %g, c = %g, h = %g, Y = %g: share %g", s, c, h,
                 strip, share);
    }
    /* half the bound would be too small: nearly all of it is used here */
    double small = alias_share(0.01, 0, 1, 0.5), large = alias_share(12, 0, 1, 0.5 + 0x1p-30);
    SB_CHECK(small > 0.99, "share %g", small);
    SB_CHECK(large > 0.9, "share %g", large);
}

/* Constant Phi (uniform noise): the sum over all nodes is Phi coth(pi/2h), so the tail is known. */
static void tail_bound_holds_and_is_tight(void) {
    sb_tv_options options;
    sb_error error = {0};
    sb_tv_options_init(&options);
    for (int i = 0; i < 20; i++) {
        rule_case r;
        rule_init(&r, "uniform", 1, 3); /* Phi = 1/8 */
        uint64_t nodes = 3 + sb_test_random(&seed) % 400;
        arb_set_d(r.plan.step, 0.1 + 3 * uniform_draw());
        sb_product_tail_bound(r.plan.tail, &r.f, r.log_lambda, r.plan.step, nodes, 100);
        sb_product_sum(r.sum, r.sum, &r.f, r.log_lambda, r.plan.step, nodes, 0, 200, &options, &error);
        arb_const_pi(r.error, 200);
        arb_div(r.error, r.error, r.plan.step, 200);
        arb_mul_2exp_si(r.error, r.error, -1);
        arb_coth(r.error, r.error, 200);
        arb_mul_2exp_si(r.error, r.error, -3);
        arb_sub(r.error, r.error, r.sum, 200);
        arb_div(r.error, r.error, r.plan.tail, 200);
        double share = arf_get_d(arb_midref(r.error), ARF_RND_NEAR);
        double reach = (double)nodes * arf_get_d(arb_midref(r.plan.step), ARF_RND_NEAR);
        SB_CHECK(share > 0 && share < 1 && (reach < 20 || share > 0.99), "reach %g: share %g", reach, share);
        rule_clear(&r);
    }
}

/* sum over n of M(x + nP) and of m(x + nP), P = 2 pi/h, bracket the sum of e^(-|x + nP|/2), which is
   cosh(P/4 - x/2)/sinh(P/4) for 0 <= x <= P; and M touches at 0. */
static void extremal_functions_bracket(void) {
    const slong precision = 128;
    arb_t step, end, low, high, truth, upper, lower, x, part;
    arb_ptr all[] = {step, end, low, high, truth, upper, lower, x, part};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) arb_init(all[i]);
    for (int i = 0; i < 200; i++) {
        double h = exp(4 * uniform_draw() - 3.5), period = 6.283185307179586 / h;
        uint64_t nodes = 1 + sb_test_random(&seed) % 60;
        double place = i % 5 ? period * uniform_draw() : 0;
        sb_graham_vaaler pair;
        arb_set_d(step, h);
        arb_set_d(x, place);
        arb_mul_ui(end, step, nodes, precision);
        sb_graham_vaaler_init(&pair, end, precision);
        arb_zero(low);
        arb_zero(high);
        for (uint64_t k = 0; k <= nodes; k++) {
            sb_graham_vaaler_weights(upper, lower, &pair, k, nodes, precision);
            SB_CHECK(k < nodes || (arb_contains_zero(upper) && arb_contains_zero(lower)));
            arb_mul_ui(part, step, k, precision);
            arb_mul(part, part, x, precision);
            arb_cos(part, part, precision);
            if (k) arb_mul_2exp_si(part, part, 1);
            arb_addmul(high, upper, part, precision);
            arb_addmul(low, lower, part, precision);
        }
        arb_div_ui(high, high, nodes, precision);
        arb_div_ui(low, low, nodes, precision);
        arb_const_pi(end, precision);
        arb_div(end, end, step, precision);
        arb_mul_2exp_si(end, end, -1);
        arb_mul_2exp_si(x, x, -1);
        arb_sub(truth, end, x, precision);
        arb_cosh(truth, truth, precision);
        arb_sinh(part, end, precision);
        arb_div(truth, truth, part, precision);
        int touches = place == 0;
        SB_CHECK(touches ? arb_overlaps(high, truth) : arb_gt(high, truth), "h %g, N %llu, x %g", h,
                 (unsigned long long)nodes, place);
        SB_CHECK(arb_lt(low, truth), "h %g, N %llu, x %g", h, (unsigned long long)nodes, place);
        sb_graham_vaaler_clear(&pair);
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) arb_clear(all[i]);
}
static const sb_test tests[] = {
    {"alias bounds hold, and half of them would not", alias_bounds_hold_and_are_tight},
    {"tail bound holds and is tight", tail_bound_holds_and_is_tight},
    {"Graham-Vaaler weights bracket e^(-|x|/2)", extremal_functions_bracket},
};

SB_TEST_MAIN(tests)
