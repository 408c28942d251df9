/* Two cubes of side 2r shifted by v overlap in a box of sides (2r - |v_i|)+, so TV = 1 - prod (1 - |v_i|/2r)+
   (Lemma B.4). It grows with every |v_i|, so (eps, ..., eps) is worst in l_inf. In l_1 one coordinate is
   worst, since prod (1 - x_i) >= 1 - sum x_i. With x = eps/2r, TV = 1 - (1-x)^d = -expm1(d log1p(-x)) <=
   delta means r >= eps/(2(1 - (1-delta)^(1/d))). */
#include "bounds/uniform.h"

#include "bounds/domain.h"

#include <stdlib.h>

void sb_lemma_B_4(fmpq_t total_variation, const fmpq *shift, size_t count, const fmpq_t r) {
    fmpq_t side, overlap;
    fmpq_init(side);
    fmpq_init(overlap);
    fmpq_one(overlap);
    for (size_t i = 0; i < count; i++) {
        fmpq_abs(side, shift + i);
        fmpq_div(side, side, r);
        fmpq_div_2exp(side, side, 1);
        sb_rational_complement(side, side);
        if (fmpq_sgn(side) < 0) fmpq_zero(side);
        fmpq_mul(overlap, overlap, side);
    }
    sb_rational_complement(total_variation, overlap);
    fmpq_clear(side);
    fmpq_clear(overlap);
}

void sb_uniform_shift_init(sb_uniform_shift *shift) {
    shift->dimension = 1;
    fmpq_init(shift->length);
    fmpq_init(shift->r);
    fmpq_one(shift->length);
    fmpq_one(shift->r);
}

void sb_uniform_shift_clear(sb_uniform_shift *shift) {
    fmpq_clear(shift->length);
    fmpq_clear(shift->r);
}

/* ------------------------------------------------------------------ Corollary B.5 */
/* x := eps/(2r) */
static void overlap_deficit(fmpq_t x, const sb_uniform_shift *shift) {
    fmpq_div(x, shift->length, shift->r);
    fmpq_div_2exp(x, x, 1);
}

/* value := log(1 - x) for a rational 0 <= x < 1, accurate near both ends */
static void log_complement(arb_t value, const fmpq *x, slong precision) {
    fmpq_t rest;
    fmpq_init(rest);
    sb_rational_complement(rest, x);
    if (fmpz_bits(fmpq_numref(x)) + 1 < fmpz_bits(fmpq_denref(x))) { /* x < 1/2 */
        arb_set_fmpq(value, x, precision + 10);
        arb_neg(value, value);
        arb_log1p(value, value, precision);
    } else {
        arb_set_fmpq(value, rest, precision + 10);
        arb_log(value, value, precision);
    }
    fmpq_clear(rest);
}

void sb_corollary_B_5(arb_t value, const void *uniform_shift, slong precision) {
    const sb_uniform_shift *shift = uniform_shift;
    fmpq_t x;
    fmpq_init(x);
    overlap_deficit(x, shift);
    if (fmpq_cmp_ui(x, 1) >= 0) {
        arb_one(value);
    } else if (shift->dimension == 1) {
        arb_set_fmpq(value, x, precision);
    } else {
        log_complement(value, x, precision + 80);
        arb_mul_ui(value, value, shift->dimension, precision + 80);
        arb_expm1(value, value, precision);
        arb_neg(value, value);
    }
    fmpq_clear(x);
}

void sb_corollary_B_5_as_printed(arb_t value, const void *uniform_shift, slong precision) {
    const sb_uniform_shift *shift = uniform_shift;
    fmpq_t x;
    fmpq_init(x);
    overlap_deficit(x, shift);
    if (fmpq_cmp_ui(x, 1) <= 0 || shift->dimension % 2) { /* odd d, x > 1: 1 - (1-x)^d > 1 */
        sb_corollary_B_5(value, shift, precision);
    } else { /* even d: 1 - (x-1)^d = -expm1(d log(x-1)) */
        fmpq_sub_si(x, x, 1);
        arb_set_fmpq(value, x, precision + 90);
        arb_log(value, value, precision + 80);
        arb_mul_ui(value, value, shift->dimension, precision + 80);
        arb_expm1(value, value, precision);
        arb_neg(value, value);
    }
    fmpq_clear(x);
}

/* value := 1 - exp(-d eps/(2r) * log(base)), with base = e for 0 */
static void exponential_bound(arb_t value, const sb_uniform_shift *shift, ulong base, slong precision) {
    fmpq_t x;
    arb_t factor;
    fmpq_init(x);
    arb_init(factor);
    overlap_deficit(x, shift);
    arb_set_fmpq(value, x, precision + 80);
    arb_mul_ui(value, value, shift->dimension, precision + 80);
    if (base) {
        arb_log_ui(factor, base, precision + 80);
        arb_mul(value, value, factor, precision + 80);
    }
    arb_neg(value, value);
    arb_expm1(value, value, precision);
    arb_neg(value, value);
    fmpq_clear(x);
    arb_clear(factor);
}

void sb_corollary_B_5_lower(arb_t value, const void *uniform_shift, slong precision) {
    exponential_bound(value, uniform_shift, 0, precision);
}

void sb_corollary_B_5_upper(arb_t value, const void *uniform_shift, slong precision) {
    exponential_bound(value, uniform_shift, 4, precision);
}

void sb_uniform_criterion(arb_t value, const void *uniform_shift, slong precision) {
    arb_t one;
    arb_init(one);
    arb_one(one);
    sb_corollary_B_5(value, uniform_shift, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_min(value, value, one, precision);
    arb_clear(one);
}

/* ------------------------------------------------------------------ the noise that suffices */
void sb_corollary_B_6(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    fmpq_t c;
    arb_t factor;
    fmpq_init(c);
    arb_init(factor);
    fmpq_div(c, parameters->radius, parameters->delta);
    arb_set_fmpq(value, c, precision + 10);
    arb_mul_ui(value, value, parameters->dimension, precision + 10);
    arb_const_log2(factor, precision + 10); /* (1/2) log 4 = log 2 */
    arb_mul(value, value, factor, precision);
    fmpq_clear(c);
    arb_clear(factor);
}

/* value := value^2/3, the variance of a uniform variable on [-value, value]; its root for the rms */
static void to_variance(arb_t value, slong precision) {
    arb_mul(value, value, value, precision + 5);
    arb_div_ui(value, value, 3, precision);
}

static void to_rms(arb_t value, slong precision) {
    arb_t root;
    arb_init(root);
    arb_sqrt_ui(root, 3, precision + 5);
    arb_div(value, value, root, precision);
    arb_clear(root);
}

void sb_corollary_B_6_variance(arb_t value, const void *parameters, slong precision) {
    sb_corollary_B_6(value, parameters, precision + 10);
    to_variance(value, precision);
}

void sb_corollary_B_6_variance_as_printed(arb_t value, const void *parameters, slong precision) {
    arb_t root;
    arb_init(root);
    sb_corollary_B_6_variance(value, parameters, precision + 10);
    arb_sqrt_ui(root, 8, precision + 10);
    arb_div(value, value, root, precision);
    arb_clear(root);
}

static void corollary_rms(arb_t value, const void *parameters, slong precision) {
    sb_corollary_B_6(value, parameters, precision + 10);
    to_rms(value, precision);
}

/* TV at Corollary B.6's r: eps/(2r) = delta/(d log 4). */
static void corollary_total_variation(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    slong work = precision + 80;
    arb_t x;
    arb_init(x);
    arb_set_fmpq(x, parameters->delta, work);
    arb_const_log2(value, work);
    arb_mul_2exp_si(value, value, 1);
    arb_mul_ui(value, value, parameters->dimension, work);
    arb_div(x, x, value, work);
    if (parameters->dimension > 1) {
        arb_neg(x, x);
        arb_log1p(x, x, work);
        arb_mul_ui(x, x, parameters->dimension, work);
        arb_expm1(x, x, work);
        arb_neg(x, x);
    }
    arb_set_round(value, x, precision);
    arb_clear(x);
}

void sb_corollary_B_5_radius(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    arb_t x;
    arb_init(x);
    log_complement(x, parameters->delta, precision + 10);
    arb_neg(x, x);
    arb_set_fmpq(value, parameters->radius, precision + 10);
    arb_mul_ui(value, value, parameters->dimension, precision + 10);
    arb_div(value, value, x, precision + 10);
    arb_const_log2(x, precision + 10);
    arb_mul(value, value, x, precision);
    arb_clear(x);
}

sb_status sb_corollary_B_5_radius_domain(const sb_parameters *parameters, sb_error *error) {
    sb_status status = sb_domain_cube("Corollary B.5", parameters, error);
    if (status) return status;
    fmpq_t rest;
    fmpq_init(rest);
    sb_rational_complement(rest, parameters->delta);
    int holds =
        parameters->dimension >= fmpz_bits(fmpq_denref(rest)); /* 1 - delta >= 1/denominator > 2^-bits */
    if (!holds) {
        fmpq_mul_2exp(rest, rest, (flint_bitcnt_t)parameters->dimension);
        holds = fmpq_cmp_ui(rest, 1) >= 0;
    }
    if (!holds) {
        char *delta = sb_rational_print(parameters->delta);
        status = sb_fail(
            error, SB_OUTSIDE,
            "Corollary B.5's upper bound needs eps <= r, here delta <= 1 - 2^-d; got delta = %.60s, d = %llu",
            delta ? delta : "?", (unsigned long long)parameters->dimension);
        free(delta);
    }
    fmpq_clear(rest);
    return status;
}

static sb_status corollary_domain(const sb_parameters *parameters, sb_error *error) {
    return sb_domain_cube("Corollary B.6", parameters, error);
}

void sb_uniform_radius(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    arb_t x;
    arb_init(x);
    arb_set_fmpq(x, parameters->delta, precision + 10);
    if (parameters->norm.infinite && parameters->dimension > 1 && !fmpq_is_one(parameters->delta)) {
        log_complement(x, parameters->delta, precision + 10);
        arb_div_ui(x, x, parameters->dimension, precision + 10);
        arb_expm1(x, x, precision + 10);
        arb_neg(x, x);
    }
    arb_set_fmpq(value, parameters->radius, precision + 10);
    arb_mul_2exp_si(value, value, -1);
    arb_div(value, value, x, precision);
    arb_clear(x);
}

sb_status sb_uniform_radius_domain(const sb_parameters *parameters, sb_error *error) {
    if (parameters->norm.infinite || parameters->dimension == 1 || fmpq_is_one(parameters->norm.value))
        return SB_OK;
    char *norm = sb_exact_print(&parameters->norm);
    sb_status status =
        sb_fail(error, SB_OUTSIDE,
                "uniform noise: the worst shift is known here for p = 1 and p = inf only; got p = %.60s",
                norm ? norm : "?");
    free(norm);
    return status;
}

static void radius_variance(arb_t value, const void *parameters, slong precision) {
    sb_uniform_radius(value, parameters, precision + 10);
    to_variance(value, precision);
}

static void radius_rms(arb_t value, const void *parameters, slong precision) {
    sb_uniform_radius(value, parameters, precision + 10);
    to_rms(value, precision);
}

/* rho = min{1, 2 TV} (criterion T0): the r of half the delta */
static void robust_radius(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    sb_parameters half;
    sb_parameters_init(&half);
    sb_parameters_set(&half, parameters);
    fmpq_div_2exp(half.delta, half.delta, 1);
    sb_uniform_radius(value, &half, precision);
    sb_parameters_clear(&half);
}

static void robust_radius_rms(arb_t value, const void *parameters, slong precision) {
    robust_radius(value, parameters, precision + 10);
    to_rms(value, precision);
}

#define UNIFORM "uniform noise on [-r, r]^d"
#define SMALLEST "eps / (2 (1 - (1-delta)^(1/d))), or eps / (2 delta) for p = 1"
#define SMALLEST_ROBUST "eps / (2 (1 - (1-delta/2)^(1/d))), or eps / delta for p = 1"

const sb_bound sb_uniform_bound[] = {
    {"uniform-exact", "smallest r", "r", SB_EXACT, "r = " SMALLEST, UNIFORM, sb_uniform_radius,
     sb_uniform_radius_domain, SB_PROMISE_TV},
    {"uniform-exact", "smallest r", "rms", SB_EXACT, "r / sqrt(3), r = " SMALLEST, UNIFORM, radius_rms,
     sb_uniform_radius_domain, SB_PROMISE_TV},
    {"uniform-exact", "smallest r", "E[eta_i^2]", SB_EXACT, "r^2 / 3, r = " SMALLEST, UNIFORM,
     radius_variance, sb_uniform_radius_domain, SB_PROMISE_TV},
    {"T0", "smallest r", "r", SB_EXACT, "r = " SMALLEST_ROBUST, UNIFORM, robust_radius,
     sb_uniform_radius_domain, SB_PROMISE_ROBUST},
    {"T0", "smallest r", "rms", SB_EXACT, "r / sqrt(3), r = " SMALLEST_ROBUST, UNIFORM, robust_radius_rms,
     sb_uniform_radius_domain, SB_PROMISE_ROBUST},
    {"cor-B.5", "Corollary B.5", "r", SB_SUFFICIENT, "d eps log(4) / (2 log(1/(1-delta)))", UNIFORM,
     sb_corollary_B_5_radius, sb_corollary_B_5_radius_domain, SB_PROMISE_TV},
    {"cor-B.6", "Corollary B.6", "r", SB_SUFFICIENT, "(1/2) (eps/delta) d log(4)", UNIFORM, sb_corollary_B_6,
     corollary_domain, SB_PROMISE_TV},
    {"cor-B.6", "Corollary B.6", "rms", SB_SUFFICIENT, "(log(4)/sqrt(12)) (eps/delta) d", UNIFORM,
     corollary_rms, corollary_domain, SB_PROMISE_TV},
    {"cor-B.6", "Corollary B.6", "E[eta_i^2]", SB_SUFFICIENT, "(log(4)^2/12) (eps^2/delta^2) d^2", UNIFORM,
     sb_corollary_B_6_variance, corollary_domain, SB_PROMISE_TV},
    {"cor-B.5", "Corollary B.5", "TV", SB_EXACT, "1 - (1 - eps/(2r))^d at the r of Corollary B.6", UNIFORM,
     corollary_total_variation, corollary_domain, SB_PROMISE_TV},
};
const size_t sb_uniform_bound_count = sizeof sb_uniform_bound / sizeof sb_uniform_bound[0];
