/* The law of the d-i+1 coordinates with the smallest second moments satisfies the hypothesis in its own
   dimension (pad a shift with zeros), so Theorem 1.2 holds for it, and its largest coordinate has at least
   the average: E eta_(i)^2 >= (1/k) Theorem 1.2 with k = d-i+1. 99%: the ranks i <= ceil(99 d/100) have d-i+1
   > d/100. */
#include "bounds/peeling.h"

#include "bounds/dimension_law.h"
#include "bounds/domain.h"
#include "bounds/noise_magnitude.h"

void sb_lemma_3_7(arb_t value, const void *ranked_coordinate, slong precision) {
    const sb_ranked_coordinate *coordinate = ranked_coordinate;
    const sb_parameters *parameters = coordinate->parameters;
    fmpq_t coefficient, exponent;
    fmpq_init(coefficient);
    fmpq_init(exponent);
    sb_theorem_1_2_coefficient(coefficient, parameters->radius, parameters->delta);
    sb_norm_exponent(exponent, &parameters->norm, 2, -2);
    sb_scaled_power(value, coefficient, parameters->dimension - coordinate->rank + 1, exponent, precision);
    fmpq_clear(coefficient);
    fmpq_clear(exponent);
}

sb_status sb_lemma_3_7_domain(const sb_ranked_coordinate *coordinate, sb_error *error) {
    uint64_t d = coordinate->parameters->dimension;
    if (coordinate->rank < 1 || coordinate->rank > d)
        return sb_fail(error, SB_OUTSIDE, "Lemma 3.7 needs a rank from 1 to d = %llu; got %llu",
                       (unsigned long long)d, (unsigned long long)coordinate->rank);
    return sb_domain_norm_from_two("Lemma 3.7", coordinate->parameters, error);
}

void sb_theorem_1_3_coordinates(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    arb_t power;
    fmpq_t coefficient, exponent;
    arb_init(power);
    fmpq_init(coefficient);
    fmpq_init(exponent);
    sb_theorem_1_2_coefficient(coefficient, parameters->radius, parameters->delta);
    sb_norm_exponent(exponent, &parameters->norm, 2, -2);
    sb_scaled_power(value, coefficient, parameters->dimension, exponent, precision + 5);
    sb_dimension_power(power, 100, exponent, precision + 5);
    arb_div(value, value, power, precision);
    arb_clear(power);
    fmpq_clear(coefficient);
    fmpq_clear(exponent);
}

uint64_t sb_theorem_1_3_coordinate_count(uint64_t dimension) {
    return dimension - dimension / 100; /* ceil(d - d/100) = d - floor(d/100) */
}

static void largest_coordinate(arb_t value, const void *parameters, slong precision) {
    sb_ranked_coordinate coordinate = {parameters, 1};
    sb_lemma_3_7(value, &coordinate, precision);
}

static sb_status lemma_domain(const sb_parameters *parameters, sb_error *error) {
    return sb_domain_norm_from_two("Lemma 3.7", parameters, error);
}

const sb_bound sb_peeling_bound[] = {
    {"lemma-3.7", "Lemma 3.7", "E[eta_i^2]", SB_NECESSARY,
     "eps^2 (d-rank+1)^(1-2/p) (1-delta) / (800 delta^2)", "the largest coordinate of any noise",
     largest_coordinate, lemma_domain, SB_PROMISE_TV},
    {"lemma-3.7", "Theorem 1.3", "E[eta_i^2]", SB_NECESSARY,
     "eps^2 (d/100)^(1-2/p) (1-delta) / (800 delta^2)", "99% of the coordinates of any noise",
     sb_theorem_1_3_coordinates, lemma_domain, SB_PROMISE_TV},
};
const size_t sb_peeling_bound_count = sizeof sb_peeling_bound / sizeof sb_peeling_bound[0];
