/* Along v the densities of N(0, sigma^2 I) and N(v, sigma^2 I) cross at the midplane, so TV = Pr(|g| <= t/2)
   with t = |v|_2/sigma and a standard normal g. |v|_2 <= d^((1/2-1/p)+) |v|_p, with equality at a vertex of
   the cube (p >= 2) or of the cross-polytope (p <= 2); so the worst shift of the ball is known, and TV <=
   delta means t <= 2 z(delta). */
#include "bounds/gaussian.h"

#include "bounds/dimension_law.h"
#include "bounds/domain.h"

/* value := erf(t / (sqrt 2 * 2^halvings)) */
static void central_mass(arb_t value, const arb_t t, slong halvings, slong precision) {
    arb_t x;
    arb_init(x);
    arb_sqrt_ui(x, 2, precision + 10);
    arb_div(x, t, x, precision + 10);
    arb_mul_2exp_si(x, x, -halvings);
    arb_hypgeom_erf(value, x, precision);
    arb_clear(x);
}

void sb_gaussian_total_variation(arb_t value, const arb_t ratio, slong precision) {
    central_mass(value, ratio, 1, precision);
}

void sb_gaussian_criterion(arb_t value, const arb_t ratio, slong precision) {
    central_mass(value, ratio, 0, precision);
}

void sb_gaussian_shift_init(sb_gaussian_shift *shift) {
    fmpq_init(shift->squared_length);
    fmpq_init(shift->sigma);
    fmpq_one(shift->sigma);
}

void sb_gaussian_shift_clear(sb_gaussian_shift *shift) {
    fmpq_clear(shift->squared_length);
    fmpq_clear(shift->sigma);
}

void sb_gaussian_shift_total_variation(arb_t value, const void *gaussian_shift, slong precision) {
    const sb_gaussian_shift *shift = gaussian_shift;
    arb_t ratio;
    fmpq_t square;
    arb_init(ratio);
    fmpq_init(square);
    fmpq_div(square, shift->squared_length, shift->sigma);
    fmpq_div(square, square, shift->sigma);
    arb_set_fmpq(ratio, square, precision + 20);
    arb_sqrt(ratio, ratio, precision + 20);
    sb_gaussian_total_variation(value, ratio, precision);
    arb_clear(ratio);
    fmpq_clear(square);
}

void sb_corollary_B_2(fmpq_t lower, fmpq_t upper, const fmpq_t ratio) {
    fmpq_t constant, least;
    fmpq_init(constant);
    fmpq_init(least);
    if (fmpq_cmp_ui(ratio, 1) < 0)
        fmpq_set(least, ratio);
    else
        fmpq_one(least);
    fmpq_set_si(constant, 1, 200);
    fmpq_mul(lower, constant, least);
    fmpq_set_si(constant, 9, 2);
    fmpq_mul(upper, constant, least);
    fmpq_clear(constant);
    fmpq_clear(least);
}

/* value := radius dimension^((1/2-1/p)+) */
static void longest_shift(arb_t value, const fmpq_t radius, uint64_t dimension, const sb_exact *norm,
                          slong precision) {
    fmpq_t exponent;
    fmpq_init(exponent);
    sb_norm_exponent(exponent, norm, 1, -1);
    if (fmpq_sgn(exponent) < 0) fmpq_zero(exponent);
    sb_scaled_power(value, radius, dimension, exponent, precision);
    fmpq_clear(exponent);
}

/* ------------------------------------------------------------------ Theorem 2.1 */
void sb_gaussian_scores_init(sb_gaussian_scores *scores) {
    fmpq_init(scores->sigma);
    fmpq_init(scores->top);
    fmpq_init(scores->runner_up);
    fmpq_one(scores->sigma);
    fmpq_set_si(scores->top, 1, 2);
    fmpq_set_si(scores->runner_up, 1, 2);
    scores->dimension = 1;
    sb_exact_init(&scores->norm);
    fmpq_set_si(scores->norm.value, 2, 1);
}

void sb_gaussian_scores_clear(sb_gaussian_scores *scores) {
    fmpq_clear(scores->sigma);
    fmpq_clear(scores->top);
    fmpq_clear(scores->runner_up);
    sb_exact_clear(&scores->norm);
}

/* Phi^{-1} of a rational: the tail below 1/2 is formed exactly, however near the probability is to 1. */
static void quantile(arb_t value, const fmpq_t probability, slong precision) {
    fmpq_t tail, half;
    arb_t ball;
    fmpq_init(tail);
    fmpq_init(half);
    arb_init(ball);
    fmpq_set_si(half, 1, 2);
    int side = fmpq_cmp(probability, half);
    fmpq_set(tail, probability);
    if (side > 0) {
        sb_rational_complement(tail, tail);
    }
    arb_set_fmpq(ball, tail, precision + 20);
    if (side)
        sb_normal_quantile(value, ball, precision);
    else
        arb_zero(value);
    if (side > 0) arb_neg(value, value);
    fmpq_clear(tail);
    fmpq_clear(half);
    arb_clear(ball);
}

void sb_theorem_2_1(arb_t radius, const void *gaussian_scores, slong precision) {
    const sb_gaussian_scores *scores = gaussian_scores;
    arb_t other;
    fmpq_t one;
    arb_init(other);
    fmpq_init(one);
    fmpq_one(one);
    quantile(radius, scores->top, precision + 10);
    quantile(other, scores->runner_up, precision + 10);
    arb_sub(radius, radius, other, precision + 10);
    arb_mul_2exp_si(radius, radius, -1);
    arb_set_fmpq(other, scores->sigma, precision + 10);
    arb_mul(radius, radius, other, precision + 10);
    longest_shift(other, one, scores->dimension, &scores->norm, precision + 10);
    arb_div(radius, radius, other, precision);
    arb_clear(other);
    fmpq_clear(one);
}

sb_status sb_theorem_2_1_domain(const sb_gaussian_scores *scores, sb_error *error) {
    if (fmpq_cmp_ui(scores->top, 1) >= 0)
        return sb_fail(error, SB_OUTSIDE, "Theorem 2.1 needs pA < 1 (at pA = 1 the radius is infinite)");
    if (fmpq_cmp_ui(scores->runner_up, 0) <= 0)
        return sb_fail(error, SB_OUTSIDE, "Theorem 2.1 needs pB > 0 (at pB = 0 the radius is infinite)");
    if (fmpq_cmp(scores->top, scores->runner_up) < 0)
        return sb_fail(error, SB_OUTSIDE, "Theorem 2.1 needs pA >= pB");
    return SB_OK;
}

/* ------------------------------------------------------------------ the noise that suffices */
void sb_longest_shift(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    longest_shift(value, parameters->radius, parameters->dimension, &parameters->norm, precision);
}

void sb_gaussian_sigma(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    arb_t z;
    if (fmpq_is_one(parameters->delta)) {
        arb_zero(value);
        return;
    }
    arb_init(z);
    sb_normal_two_sided_quantile(z, parameters->delta, precision + 10);
    arb_mul_2exp_si(z, z, 1);
    sb_longest_shift(value, parameters, precision + 10);
    arb_div(value, value, z, precision);
    arb_clear(z);
}

/* Twice the former: rho = 2 Phi(t) - 1, where TV = 2 Phi(t/2) - 1 (criterion T0). */
void sb_gaussian_robust_sigma(arb_t value, const void *parameters, slong precision) {
    sb_gaussian_sigma(value, parameters, precision);
    arb_mul_2exp_si(value, value, 1);
}

static void gaussian_variance(arb_t value, const void *parameters, slong precision) {
    sb_gaussian_sigma(value, parameters, precision + 5);
    arb_mul(value, value, value, precision);
}

void sb_corollary_B_3_coefficient(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta) {
    fmpq_t constant;
    fmpq_init(constant);
    fmpq_set_si(constant, 9, 2);
    fmpq_mul(constant, constant, radius);
    fmpq_div(coefficient, constant, delta);
    fmpq_clear(constant);
}

static void corollary_law(arb_t value, const sb_parameters *parameters, slong twice_constant, slong slope,
                          int squared, slong precision) {
    fmpq_t c;
    fmpq_init(c);
    sb_corollary_B_3_coefficient(c, parameters->radius, parameters->delta);
    if (squared) fmpq_mul(c, c, c);
    sb_dimension_law(value, c, parameters, twice_constant, slope, precision);
    fmpq_clear(c);
}

void sb_corollary_B_3(arb_t value, const void *parameters, slong precision) {
    corollary_law(value, parameters, 1, -1, 0, precision);
}

static void corollary_variance(arb_t value, const void *parameters, slong precision) {
    corollary_law(value, parameters, 2, -2, 1, precision);
}

void sb_corollary_B_3_norm(arb_t value, const void *parameters, slong precision) {
    corollary_law(value, parameters, 2, -1, 0, precision);
}

static sb_status corollary_domain(const sb_parameters *parameters, sb_error *error) {
    return sb_domain_norm_from_two("Corollary B.3", parameters, error);
}

#define GAUSSIAN "Gaussian noise N(0, sigma^2 I)"

const sb_bound sb_gaussian_bound[] = {
    {"gaussian-exact", "smallest sigma", "sigma", SB_EXACT,
     "eps d^max(1/2-1/p, 0) / (2 z), z = Phi^{-1}((1+delta)/2)", GAUSSIAN, sb_gaussian_sigma, NULL,
     SB_PROMISE_TV},
    {"gaussian-exact", "smallest sigma", "rms", SB_EXACT,
     "eps d^max(1/2-1/p, 0) / (2 z), z = Phi^{-1}((1+delta)/2)", GAUSSIAN, sb_gaussian_sigma, NULL,
     SB_PROMISE_TV},
    {"gaussian-exact", "smallest sigma", "E[eta_i^2]", SB_EXACT,
     "eps^2 d^max(1-2/p, 0) / (4 z^2), z = Phi^{-1}((1+delta)/2)", GAUSSIAN, gaussian_variance, NULL,
     SB_PROMISE_TV},
    {"T0", "smallest sigma", "sigma", SB_EXACT, "eps d^max(1/2-1/p, 0) / z, z = Phi^{-1}((1+delta)/2)",
     GAUSSIAN, sb_gaussian_robust_sigma, NULL, SB_PROMISE_ROBUST},
    {"T0", "smallest sigma", "rms", SB_EXACT, "eps d^max(1/2-1/p, 0) / z, z = Phi^{-1}((1+delta)/2)",
     GAUSSIAN, sb_gaussian_robust_sigma, NULL, SB_PROMISE_ROBUST},
    {"cor-B.3", "Corollary B.3", "sigma", SB_SUFFICIENT, "(9/2) (eps/delta) d^(1/2-1/p)", GAUSSIAN,
     sb_corollary_B_3, corollary_domain, SB_PROMISE_TV},
    {"cor-B.3", "Corollary B.3", "rms", SB_SUFFICIENT, "(9/2) (eps/delta) d^(1/2-1/p)", GAUSSIAN,
     sb_corollary_B_3, corollary_domain, SB_PROMISE_TV},
    {"cor-B.3", "Corollary B.3", "E[eta_i^2]", SB_SUFFICIENT, "(81/4) (eps^2/delta^2) d^(1-2/p)", GAUSSIAN,
     corollary_variance, corollary_domain, SB_PROMISE_TV},
    {"cor-B.3", "Corollary B.3", "E||eta||_2", SB_SUFFICIENT, "(9/2) (eps/delta) d^(1-1/p)", GAUSSIAN,
     sb_corollary_B_3_norm, corollary_domain, SB_PROMISE_TV},
};
const size_t sb_gaussian_bound_count = sizeof sb_gaussian_bound / sizeof sb_gaussian_bound[0];
