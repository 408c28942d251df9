/* Gaussian noise, t = |v|_2/sigma: TV = 2 Phi(t/2) - 1, rho = 2 Phi(t) - 1. So with z(x) = Phi^{-1}((1+x)/2):
   TV < g/2 is t < 2 z(g/2), rho < g is t < z(g), TV <= g is t <= 2 z(g). Over |v|_p <= R the largest t is R
   d^((1/2-1/p)+)/sigma. Uniform noise on the cube: rho = min{1, 2 TV}; over |v|_p <= R the largest TV is 1 -
   (1 - R/2r)^d for p = inf and R/2r for p = 1. All other noise: the root of the criterion,
   distributions/calibration.h. */
#include "bounds/tv_robustness.h"

#include "bounds/gaussian.h"
#include "bounds/uniform.h"
#include "distributions/noise.h"

const char *sb_rule_source(sb_robustness_rule rule) {
    static const char *const name[] = {"lemma-A.1", "T0", "lemma-A.4"};
    return name[rule];
}

sb_sense sb_rule_sense(sb_robustness_rule rule) {
    static const sb_sense sense[] = {SB_SUFFICIENT, SB_EXACT, SB_NECESSARY};
    return sense[rule];
}

/* ------------------------------------------------------------------ any noise */
void sb_certified_total_variation(fmpq_t total_variation, const fmpq_t gap) {
    fmpq_div_2exp(total_variation, gap, 1);
}

void sb_limit_total_variation(fmpq_t total_variation, const fmpq_t gap) {
    fmpq_set(total_variation, gap);
}

/* quotient := factor x / (constant + slope x) */
static void mobius(fmpq_t quotient, const fmpq_t x, slong factor, slong constant, slong slope) {
    fmpq_t bottom;
    fmpq_init(bottom);
    fmpq_mul_si(bottom, x, slope);
    fmpq_add_si(bottom, bottom, constant);
    fmpq_mul_si(quotient, x, factor);
    fmpq_div(quotient, quotient, bottom);
    fmpq_clear(bottom);
}

void sb_symmetric_limit_total_variation(fmpq_t total_variation, const fmpq_t gap) {
    fmpq_t small, large;
    fmpq_init(small);
    fmpq_init(large);
    mobius(small, gap, 1, 1, 1);
    mobius(large, gap, 1, 2, -1);
    fmpq_set(total_variation, fmpq_cmp(small, large) > 0 ? small : large);
    fmpq_clear(small);
    fmpq_clear(large);
}

void sb_sufficient_gap(fmpq_t gap, const fmpq_t total_variation) {
    fmpq_mul_2exp(gap, total_variation, 1);
}

void sb_necessary_gap(fmpq_t gap, const fmpq_t total_variation) {
    fmpq_set(gap, total_variation);
}

void sb_symmetric_necessary_gap(fmpq_t gap, const fmpq_t total_variation) {
    fmpq_t other;
    fmpq_init(other);
    mobius(other, total_variation, 2, 1, 1);
    if (fmpq_is_one(total_variation)) {
        fmpq_one(gap);
    } else {
        mobius(gap, total_variation, 1, 1, -1);
        if (fmpq_cmp(gap, other) > 0) fmpq_set(gap, other);
    }
    fmpq_clear(other);
}

/* ------------------------------------------------------------------ Gaussian and uniform noise: closed forms
 */
void sb_smoothing_init(sb_smoothing *smoothing) {
    smoothing->noise = NULL;
    smoothing->dimension = 1;
    smoothing->norm = NULL;
    smoothing->rule = SB_RULE_EXACT;
    fmpq_init(smoothing->given);
}

void sb_smoothing_clear(sb_smoothing *smoothing) {
    fmpq_clear(smoothing->given);
}

/* The parameters with radius `radius` and total variation `delta`. */
static void to_parameters(sb_parameters *parameters, const sb_smoothing *smoothing, const fmpq_t radius,
                          const fmpq_t delta) {
    sb_parameters_init(parameters);
    parameters->dimension = smoothing->dimension;
    sb_exact_set(&parameters->norm, smoothing->norm);
    fmpq_set(parameters->radius, radius);
    fmpq_set(parameters->delta, delta);
}

/* Every rule is a threshold on the total variation: for uniform noise and for A.1 and A.4 at once, for T0 and
   Gaussian noise through 2 Phi(t) - 1 < g, which is "TV < g at half the shift". A noise scale s that keeps TV
   <= delta over the unit ball gives, by scaling, radius = scale/s. */
void sb_radius_from_gap(arb_t radius, const void *context, slong precision) {
    const sb_smoothing *smoothing = context;
    sb_parameters parameters;
    fmpq_t one, delta;
    arb_t scale;
    fmpq_init(one);
    fmpq_init(delta);
    arb_init(scale);
    fmpq_one(one);
    int gaussian = smoothing->noise->family == &sb_gaussian_family;
    int half = smoothing->rule == SB_RULE_LEMMA_A_1 || (smoothing->rule == SB_RULE_EXACT && !gaussian);
    fmpq_set(delta, smoothing->given);
    if (half) fmpq_div_2exp(delta, delta, 1);
    to_parameters(&parameters, smoothing, one, delta);
    if (gaussian)
        sb_gaussian_sigma(scale, &parameters, precision + 10);
    else
        sb_uniform_radius(scale, &parameters, precision + 10);
    sb_noise_scale(radius, smoothing->noise, smoothing->dimension, precision + 10);
    arb_div(radius, radius, scale, precision);
    if (gaussian && smoothing->rule == SB_RULE_EXACT) arb_mul_2exp_si(radius, radius, -1);
    sb_parameters_clear(&parameters);
    fmpq_clear(one);
    fmpq_clear(delta);
    arb_clear(scale);
}

static void gaussian_gap(arb_t gap, const sb_smoothing *smoothing, slong precision) {
    sb_parameters parameters;
    arb_t ratio, scale;
    arb_init(ratio);
    arb_init(scale);
    to_parameters(&parameters, smoothing, smoothing->given, smoothing->given);
    sb_longest_shift(ratio, &parameters, precision + 20);
    sb_noise_scale(scale, smoothing->noise, smoothing->dimension, precision + 20);
    arb_div(ratio, ratio, scale, precision + 20);
    if (smoothing->rule == SB_RULE_EXACT)
        sb_gaussian_criterion(gap, ratio, precision);
    else
        sb_gaussian_total_variation(gap, ratio, precision);
    if (smoothing->rule == SB_RULE_LEMMA_A_1) arb_mul_2exp_si(gap, gap, 1);
    sb_parameters_clear(&parameters);
    arb_clear(ratio);
    arb_clear(scale);
}

static void uniform_gap(arb_t gap, const sb_smoothing *smoothing, slong precision) {
    sb_uniform_shift shift;
    sb_uniform_shift_init(&shift);
    shift.dimension = smoothing->norm->infinite ? smoothing->dimension : 1; /* p = 1: one coordinate */
    fmpq_set(shift.length, smoothing->given);
    fmpq_set(shift.r, smoothing->noise->value[0]);
    if (smoothing->rule == SB_RULE_EXACT)
        sb_uniform_criterion(gap, &shift, precision);
    else
        sb_corollary_B_5(gap, &shift, precision);
    if (smoothing->rule == SB_RULE_LEMMA_A_1) arb_mul_2exp_si(gap, gap, 1);
    sb_uniform_shift_clear(&shift);
}

void sb_gap_from_radius(arb_t gap, const void *context, slong precision) {
    const sb_smoothing *smoothing = context;
    if (smoothing->noise->family == &sb_gaussian_family)
        gaussian_gap(gap, smoothing, precision);
    else
        uniform_gap(gap, smoothing, precision);
}

/* Uniform noise whose r is rational, and not given through its standard deviation. */
static int is_rational_cube(const sb_smoothing *smoothing) {
    return smoothing->noise->family == &sb_uniform_family && smoothing->noise->scale_given == 1;
}

static int one_coordinate_decides(const sb_smoothing *smoothing) {
    return is_rational_cube(smoothing) &&
           (smoothing->dimension == 1 || (!smoothing->norm->infinite && fmpq_is_one(smoothing->norm->value)));
}

int sb_radius_from_gap_exactly(fmpq_t radius, const sb_smoothing *smoothing) {
    if (!one_coordinate_decides(smoothing)) return 0;
    fmpq_mul(radius, smoothing->given, smoothing->noise->value[0]); /* 2 r TV, TV < gap/2 */
    if (smoothing->rule == SB_RULE_LEMMA_A_4) fmpq_mul_2exp(radius, radius, 1);
    return 1;
}

int sb_gap_from_radius_exactly(fmpq_t gap, const sb_smoothing *smoothing) {
    if (!one_coordinate_decides(smoothing)) return 0;
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    fmpq_div(gap, smoothing->given, smoothing->noise->value[0]); /* TV = min{1, R/2r} */
    fmpq_div_2exp(gap, gap, 1);
    if (fmpq_cmp(gap, one) > 0) fmpq_one(gap);
    if (smoothing->rule != SB_RULE_LEMMA_A_4) fmpq_mul_2exp(gap, gap, 1);
    if (smoothing->rule == SB_RULE_EXACT && fmpq_cmp(gap, one) > 0) fmpq_one(gap);
    fmpq_clear(one);
    return 1;
}

/* ------------------------------------------------------------------ any noise whose worst shift is known */
int sb_has_closed_radius(const sb_smoothing *smoothing) {
    return smoothing->noise->family == &sb_gaussian_family || one_coordinate_decides(smoothing) ||
           (is_rational_cube(smoothing) && smoothing->norm->infinite);
}

void sb_robustness_value_init(sb_robustness_value *result) {
    arb_init(result->value);
    result->scope = SB_SCOPE_WORST;
    result->narrow = 1;
}

void sb_robustness_value_clear(sb_robustness_value *result) {
    arb_clear(result->value);
}

static sb_shift_problem to_problem(const sb_smoothing *smoothing) {
    return (sb_shift_problem){.noise = smoothing->noise,
                              .dimension = smoothing->dimension,
                              .norm = smoothing->norm,
                              .criterion = smoothing->rule == SB_RULE_EXACT ? SB_CRITERION_EXACT
                                                                            : SB_CRITERION_TOTAL_VARIATION,
                              .promise = smoothing->rule == SB_RULE_LEMMA_A_1};
}

static int is_flat(const sb_smoothing *smoothing) {
    return smoothing->noise->family == &sb_uniform_family || smoothing->noise->family == &sb_l2_ball_family;
}

/* At a gap of 1 Lemma A.4 limits nothing. rho < 1 is TV < 1/2 for a noise that is uniform on a set; for
   others it can hold for all shifts. */
static sb_status check_full_gap(const sb_smoothing *smoothing, sb_error *error) {
    if (!fmpq_is_one(smoothing->given) || smoothing->rule == SB_RULE_LEMMA_A_1) return SB_OK;
    if (smoothing->rule == SB_RULE_LEMMA_A_4)
        return sb_fail(error, SB_OUTSIDE,
                       "Lemma A.4 limits nothing at a score gap of 1 (total variation is at most 1)");
    if (is_flat(smoothing)) return SB_OK;
    if (smoothing->noise->family == &sb_gaussian_family)
        return sb_fail(error, SB_OUTSIDE,
                       "a score gap of 1 under Gaussian noise gives an infinite radius; give a gap below 1");
    return sb_fail(error, SB_OUTSIDE, "%s noise: give a score gap below 1", smoothing->noise->family->name);
}

/* result := the largest shift with criterion <= level, at the noise's scale. */
static sb_status scaled_shift(sb_robustness_value *result, const sb_shift_problem *problem,
                              const fmpq_t level, int digits, sb_error *error) {
    slong precision = (slong)(digits * 3.33) + 80;
    arb_t scale;
    arb_init(scale);
    sb_status status =
        sb_largest_shift(result->value, &result->scope, &result->narrow, problem, level, digits + 1, error);
    sb_noise_scale(scale, problem->noise, problem->dimension, precision);
    arb_mul(result->value, result->value, scale, precision);
    arb_clear(scale);
    return status;
}

/* result := the criterion at the radius `given` of the noise at its scale. */
static sb_status criterion_at(sb_robustness_value *result, const sb_shift_problem *problem,
                              const fmpq_t radius, int digits, sb_error *error) {
    slong precision = (slong)(digits * 3.33) + 200;
    arb_t u, slack;
    sb_status status = sb_noise_domain(problem->noise, problem->dimension, error);
    if (status) return status;
    arb_init(u);
    arb_init(slack);
    sb_noise_scale(u, problem->noise, problem->dimension, precision);
    arb_set_fmpq(slack, radius, precision);
    arb_div(u, slack, u, precision);
    status = sb_shift_criterion(result->value, slack, &result->scope, problem, u, digits + 1, error);
    result->narrow = arb_rel_accuracy_bits(result->value) > (slong)(digits * 3.33);
    arb_clear(u);
    arb_clear(slack);
    return status;
}

sb_status sb_robust_radius(sb_robustness_value *result, const sb_smoothing *smoothing, int digits,
                           sb_error *error) {
    sb_status status = check_full_gap(smoothing, error);
    result->scope = SB_SCOPE_WORST;
    result->narrow = 1;
    if (status) return status;
    if (sb_has_closed_radius(smoothing))
        return sb_enclose(result->value, sb_radius_from_gap, smoothing, digits, error);
    sb_shift_problem problem = to_problem(smoothing);
    fmpq_t level;
    fmpq_init(level);
    fmpq_set(level, smoothing->given);
    if (smoothing->rule == SB_RULE_LEMMA_A_1) sb_certified_total_variation(level, smoothing->given);
    if (fmpq_is_one(level)) { /* min{1, 2 TV} < 1 */
        problem.criterion = SB_CRITERION_TOTAL_VARIATION;
        sb_certified_total_variation(level, smoothing->given);
    }
    status = scaled_shift(result, &problem, level, digits, error);
    fmpq_clear(level);
    return status;
}

sb_status sb_robust_gap(sb_robustness_value *result, const sb_smoothing *smoothing, int digits,
                        sb_error *error) {
    result->scope = SB_SCOPE_WORST;
    result->narrow = 1;
    if (sb_has_closed_radius(smoothing))
        return sb_enclose(result->value, sb_gap_from_radius, smoothing, digits, error);
    sb_shift_problem problem = to_problem(smoothing);
    sb_status status = criterion_at(result, &problem, smoothing->given, digits, error);
    if (smoothing->rule == SB_RULE_LEMMA_A_1) arb_mul_2exp_si(result->value, result->value, 1);
    return status;
}

sb_status sb_affinity_radius(sb_robustness_value *result, const sb_smoothing *smoothing, int digits,
                             sb_error *error) {
    sb_shift_problem problem = to_problem(smoothing);
    problem.criterion = SB_CRITERION_EXACT_AFFINITY;
    if (fmpq_is_one(smoothing->given))
        return sb_fail(error, SB_OUTSIDE, "%s noise: give a score gap below 1",
                       smoothing->noise->family->name);
    return scaled_shift(result, &problem, smoothing->given, digits, error);
}

sb_status sb_affinity_gap(sb_robustness_value *result, const sb_smoothing *smoothing, int digits,
                          sb_error *error) {
    sb_shift_problem problem = to_problem(smoothing);
    problem.criterion = SB_CRITERION_EXACT_AFFINITY;
    return criterion_at(result, &problem, smoothing->given, digits, error);
}
