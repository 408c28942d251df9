/* Two lower bounds of mu = E|g|_q. By the power means |g|_q >= d^(1/q-1) |g|_1, so mu >= d^(1/q) sqrt(2/pi),
   exact for q = 1. With X = |g|_q^q = sum |g_i|^q, M = E|g_1|^q, w = X/(dM) - 1 and b = 1 - 1/q = 1/p, the
   odd Taylor polynomials of (1+w)^-b lie below it, so (1+w)^(1-b) >= (1+w)(1 - b w + b(b+1)/2 w^2 -
   b(b+1)(b+2)/6 w^3), and

     mu >= (dM)^(1/q) (1 - b(1-b)/2 E w^2 + b(b+1)(1-b)/6 E w^3 - b(b+1)(b+2)/6 E w^4).

   The moments of w follow from those of |g_1|^q, E|g_1|^r = 2^(r/2) Gamma((r+1)/2)/sqrt(pi). */
#include "bounds/dual_norm.h"

#include "bounds/dimension_law.h"
#include "bounds/domain.h"
#include "bounds/half_space.h"

#include <stdlib.h>

/* value := E|g_1|^r */
static void normal_moment(arb_t value, const fmpq_t r, slong precision) {
    arb_t half, root;
    arb_init(half);
    arb_init(root);
    arb_set_fmpq(half, r, precision);
    arb_mul_2exp_si(half, half, -1);
    arb_const_log2(root, precision);
    arb_mul(value, half, root, precision);
    arb_exp(value, value, precision);
    arb_set_d(root, 0.5);
    arb_add(half, half, root, precision);
    arb_gamma(half, half, precision);
    arb_mul(value, value, half, precision);
    arb_const_sqrt_pi(root, precision);
    arb_div(value, value, root, precision);
    arb_clear(half);
    arb_clear(root);
}

/* w_j := E w^j, j = 2, 3, 4, from the central moments of |g_1|^q: c_2/(d M^2), c_3/(d^2 M^3) and
   (c_4 + 3 (d-1) c_2^2)/(d^3 M^4). mean := M. */
static void relative_moments(arb_ptr w, arb_t mean, const fmpq_t q, uint64_t d, slong precision) {
    arb_ptr raw = _arb_vec_init(5), term = _arb_vec_init(2);
    fmpq_t r;
    fmpq_init(r);
    arb_one(raw);
    for (ulong j = 1; j <= 4; j++) { /* raw moments, divided by M^j */
        fmpq_mul_ui(r, q, j);
        normal_moment(raw + j, r, precision);
        if (j == 1) arb_set(mean, raw + 1);
        arb_pow_ui(term, mean, j, precision);
        arb_div(raw + j, raw + j, term, precision);
    }
    for (ulong j = 2; j <= 4; j++) { /* sum of (-1)^(j-i) binomial(j, i) raw_i */
        arb_zero(w + j);
        for (ulong i = 0; i <= j; i++) {
            arb_bin_uiui(term, j, i, precision);
            arb_mul(term, term, raw + i, precision);
            if ((j - i) % 2) arb_neg(term, term);
            arb_add(w + j, w + j, term, precision);
        }
    }
    arb_sqr(term, w + 2, precision);
    arb_mul_ui(term, term, 3, precision);
    arb_mul_ui(term, term, d - 1, precision);
    arb_add(w + 4, w + 4, term, precision);
    for (ulong j = 2; j <= 4; j++) {
        arb_ui_pow_ui(term, d, j - 1, precision);
        arb_div(w + j, w + j, term, precision);
    }
    _arb_vec_clear(raw, 5);
    _arb_vec_clear(term, 2);
    fmpq_clear(r);
}

/* value := 1 - b(1-b)/2 w_2 + b(b+1)(1-b)/6 w_3 - b(b+1)(b+2)/6 w_4 */
static void taylor(arb_t value, const fmpq_t b, arb_srcptr w, slong precision) {
    fmpq_t x, y;
    arb_t term;
    fmpq_init(x);
    fmpq_init(y);
    arb_init(term);
    arb_one(value);
    sb_rational_complement(x, b);
    fmpq_mul(x, x, b);
    fmpq_div_2exp(y, x, 1);
    arb_set_fmpq(term, y, precision);
    arb_submul(value, term, w + 2, precision);
    fmpq_add_si(y, b, 1);
    fmpq_mul(x, x, y);
    arb_set_fmpq(term, x, precision);
    arb_div_ui(term, term, 6, precision);
    arb_addmul(value, term, w + 3, precision);
    fmpq_add_si(x, b, 2);
    fmpq_mul(x, x, y);
    fmpq_mul(x, x, b);
    arb_set_fmpq(term, x, precision);
    arb_div_ui(term, term, 6, precision);
    arb_submul(value, term, w + 4, precision);
    fmpq_clear(x);
    fmpq_clear(y);
    arb_clear(term);
}

/* value := the larger of the two lower bounds of mu/d^(1/q) */
static void mean_norm(arb_t value, const fmpq_t b, uint64_t d, slong precision) {
    fmpq_t root, q;
    arb_t mean, other;
    arb_ptr w = _arb_vec_init(5);
    fmpq_init(root);
    fmpq_init(q);
    arb_init(mean);
    arb_init(other);
    sb_rational_complement(root, b);
    fmpq_inv(q, root);
    relative_moments(w, mean, q, d, precision);
    taylor(value, b, w, precision);
    arb_set_fmpq(other, root, precision);
    arb_pow(mean, mean, other, precision);
    arb_mul(value, value, mean, precision);
    fmpq_one(q);
    normal_moment(other, q, precision);
    arb_max(value, value, other, precision);
    _arb_vec_clear(w, 5);
    fmpq_clear(root);
    fmpq_clear(q);
    arb_clear(mean);
    arb_clear(other);
}

/* value := mm/d^(1/q) = mu/d^(1/q) - sqrt(2/pi)/sqrt(d) */
static void scaled_mean(arb_t value, const sb_parameters *parameters, slong precision) {
    fmpq_t b;
    arb_t rest, root;
    slong work = precision + 20;
    fmpq_init(b);
    arb_init(rest);
    arb_init(root);
    sb_reciprocal_norm(b, &parameters->norm);
    mean_norm(value, b, parameters->dimension, work);
    fmpq_one(b);
    normal_moment(rest, b, work);
    arb_sqrt_ui(root, parameters->dimension, work);
    arb_div(rest, rest, root, work);
    arb_sub(value, value, rest, precision);
    fmpq_clear(b);
    arb_clear(rest);
    arb_clear(root);
}

void sb_dual_norm_mean(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    arb_t scale;
    fmpq_t one;
    arb_init(scale);
    fmpq_init(one);
    fmpq_one(one);
    sb_dimension_law(scale, one, parameters, 2, -1, precision + 10); /* d^(1/q) */
    scaled_mean(value, parameters, precision + 10);
    arb_mul(value, value, scale, precision);
    arb_clear(scale);
    fmpq_clear(one);
}

/* L = d^(1/q) / sqrt(d) */
void sb_dual_norm_ratio(fmpq_t y0, const sb_parameters *parameters) {
    arb_t value, root;
    arf_t low;
    arb_init(value);
    arb_init(root);
    arf_init(low);
    scaled_mean(value, parameters, 160);
    arb_sqrt_ui(root, parameters->dimension, 160);
    arb_mul(value, value, root, 160);
    arb_get_lbound_arf(low, value, 40);
    arf_get_fmpq(y0, low);
    arb_clear(value);
    arb_clear(root);
    arf_clear(low);
}

/* line := the rational T'(delta, mm/L) */
static void line_for(fmpq_t line, const sb_parameters *parameters, const fmpq_t delta) {
    fmpq_t y0;
    fmpq_init(y0);
    sb_dual_norm_ratio(y0, parameters);
    fmpq_zero(line);
    if (fmpq_sgn(y0) > 0) sb_dual_norm_line(line, y0, delta);
    fmpq_clear(y0);
}

void sb_dual_norm_constant(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    fmpq_t line;
    arb_t factor;
    fmpq_init(line);
    arb_init(factor);
    line_for(line, parameters, parameters->delta);
    scaled_mean(value, parameters, precision + 10);
    arb_sqr(value, value, precision + 10);
    arb_set_fmpq(factor, line, precision + 10);
    arb_mul(value, value, factor, precision);
    fmpq_clear(line);
    arb_clear(factor);
}

/* ------------------------------------------------------------------ rows */
static void bound(arb_t value, const sb_parameters *parameters, const fmpq_t total_variation,
                  slong precision) {
    fmpq_t line;
    arb_t scale;
    fmpq_init(line);
    arb_init(scale);
    line_for(line, parameters, total_variation);
    fmpq_mul(line, line, parameters->radius);
    fmpq_mul(line, line, parameters->radius);
    sb_dual_norm_mean(value, parameters, precision + 10);
    arb_sqr(value, value, precision + 10);
    arb_set_fmpq(scale, line, precision + 10);
    arb_mul(value, value, scale, precision);
    fmpq_clear(line);
    arb_clear(scale);
}

static void square(arb_t value, const void *parameters, slong precision) {
    sb_half_space_square(value, bound, SB_SHARP_TV, parameters, precision);
}

static void rms(arb_t value, const void *parameters, slong precision) {
    sb_half_space_rms(value, bound, SB_SHARP_TV, parameters, precision);
}

static void robust_square(arb_t value, const void *parameters, slong precision) {
    sb_half_space_square(value, bound, SB_SHARP_ROBUST, parameters, precision);
}

static void robust_rms(arb_t value, const void *parameters, slong precision) {
    sb_half_space_rms(value, bound, SB_SHARP_ROBUST, parameters, precision);
}

static void symmetric_square(arb_t value, const void *parameters, slong precision) {
    sb_half_space_square(value, bound, SB_SHARP_SYMMETRIC, parameters, precision);
}

static void symmetric_rms(arb_t value, const void *parameters, slong precision) {
    sb_half_space_rms(value, bound, SB_SHARP_SYMMETRIC, parameters, precision);
}

static sb_status domain_for(sb_sharp_hypothesis hypothesis, const sb_parameters *parameters,
                            sb_error *error) {
    sb_status status = sb_domain_norm_above_two("the dual-norm bound", parameters, error);
    if (status) return status;
    if (parameters->dimension < 2)
        return sb_fail(error, SB_OUTSIDE, "the dual-norm bound needs d >= 2; got d = 1");
    fmpq_t total_variation, line;
    fmpq_init(total_variation);
    fmpq_init(line);
    sb_sharp_level(total_variation, hypothesis, parameters->delta);
    line_for(line, parameters, total_variation);
    if (fmpq_is_zero(line)) {
        char *delta = sb_rational_decimal(parameters->delta, 6, 0);
        status = sb_fail(error, SB_OUTSIDE, "the dual-norm bound says nothing at d = %llu, delta = %s",
                         (unsigned long long)parameters->dimension, delta ? delta : "?");
        free(delta);
    }
    fmpq_clear(total_variation);
    fmpq_clear(line);
    return status;
}

static sb_status domain(const sb_parameters *parameters, sb_error *error) {
    return domain_for(SB_SHARP_TV, parameters, error);
}

static sb_status robust_domain(const sb_parameters *parameters, sb_error *error) {
    return domain_for(SB_SHARP_ROBUST, parameters, error);
}

#define NAME "dual-norm", "dual-norm bound"
#define ROBUST "sharp-robust", "dual-norm bound"
#define ANY "any noise"
#define SYMMETRIC "any noise symmetric about a point"

const sb_bound sb_dual_norm_bound[] = {
    {NAME, "E||eta||_2^2", SB_NECESSARY, "eps^2 d^(2-2/p) B7(d, p, delta)", ANY, square, domain,
     SB_PROMISE_TV},
    {NAME, "rms", SB_NECESSARY, "eps d^(1/2-1/p) sqrt(B7(d, p, delta))", ANY, rms, domain, SB_PROMISE_TV},
    {ROBUST, "E||eta||_2^2", SB_NECESSARY, "eps^2 d^(2-2/p) B7(d, p, tau(delta))", ANY, robust_square,
     robust_domain, SB_PROMISE_ROBUST},
    {ROBUST, "rms", SB_NECESSARY, "eps d^(1/2-1/p) sqrt(B7(d, p, tau(delta)))", ANY, robust_rms,
     robust_domain, SB_PROMISE_ROBUST},
    {ROBUST, "E||eta||_2^2", SB_NECESSARY, "4 eps^2 d^(2-2/p) B7(d, p, delta)", SYMMETRIC, symmetric_square,
     domain, SB_PROMISE_ROBUST},
    {ROBUST, "rms", SB_NECESSARY, "2 eps d^(1/2-1/p) sqrt(B7(d, p, delta))", SYMMETRIC, symmetric_rms, domain,
     SB_PROMISE_ROBUST},
};
const size_t sb_dual_norm_bound_count = sizeof sb_dual_norm_bound / sizeof sb_dual_norm_bound[0];
