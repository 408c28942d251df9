/* b > d/2 orthogonal vectors of signs v_1, ..., v_b, scaled to |v_i|_p = eps, have |v_i|_2 = eps b^(1/2-1/p)
   (Corollary 3.6). Corollary 3.4 for each and Pythagoras: E||eta||_2^2 >= sum |v_i|_2^2 (1-delta)/(200
   delta^2) = eps^2 b^(2-2/p) (1-delta)/(200 delta^2), and b^(2-2/p) >= d^(2-2/p)/4. For the first moment the
   same with E|Z| >= (shift/12)(1-delta)/delta and |x|_1 <= sqrt(b) |x|_2. Since E||eta||_2 <=
   sqrt(E||eta||_2^2) and |x|_2 <= sqrt(d) |x|_inf, Lemma C.1 / sqrt d bounds the rms and E max|eta_i| too. */
#include "bounds/noise_magnitude.h"

#include "bounds/dimension_law.h"
#include "bounds/domain.h"

void sb_theorem_1_2_coefficient(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta) {
    fmpq_t odds, scale;
    fmpq_init(odds);
    fmpq_init(scale);
    sb_odds(odds, delta);
    fmpq_mul(scale, radius, radius);
    fmpq_mul(scale, scale, odds);
    fmpq_div(scale, scale, delta);
    fmpq_set_si(odds, 1, 800);
    fmpq_mul(coefficient, scale, odds);
    fmpq_clear(odds);
    fmpq_clear(scale);
}

void sb_lemma_C_1_coefficient(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta) {
    fmpq_t odds, scale;
    fmpq_init(odds);
    fmpq_init(scale);
    sb_odds(odds, delta);
    fmpq_set_si(scale, 1, 24);
    fmpq_mul(scale, scale, odds);
    fmpq_mul(coefficient, scale, radius);
    fmpq_clear(odds);
    fmpq_clear(scale);
}

typedef void coefficient_law(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta);

static void law(arb_t value, const sb_parameters *parameters, coefficient_law *coefficient,
                slong twice_constant, slong slope, slong precision) {
    fmpq_t c;
    fmpq_init(c);
    coefficient(c, parameters->radius, parameters->delta);
    sb_dimension_law(value, c, parameters, twice_constant, slope, precision);
    fmpq_clear(c);
}

void sb_theorem_1_2(arb_t value, const void *parameters, slong precision) {
    law(value, parameters, sb_theorem_1_2_coefficient, 4, -2, precision);
}

void sb_some_coordinate(arb_t value, const void *parameters, slong precision) {
    law(value, parameters, sb_theorem_1_2_coefficient, 2, -2, precision);
}

void sb_theorem_1_2_rms(arb_t value, const void *parameters, slong precision) {
    sb_some_coordinate(value, parameters, precision + 5);
    arb_sqrt(value, value, precision);
}

void sb_lemma_C_1(arb_t value, const void *parameters, slong precision) {
    law(value, parameters, sb_lemma_C_1_coefficient, 2, -1, precision);
}

void sb_lemma_C_1_per_coordinate(arb_t value, const void *parameters, slong precision) {
    law(value, parameters, sb_lemma_C_1_coefficient, 1, -1, precision);
}

void sb_some_coordinate_as_printed(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    fmpq_t c;
    fmpq_init(c);
    sb_theorem_1_2_coefficient(c, parameters->radius, parameters->delta);
    fmpq_div(c, c, parameters->radius);
    sb_dimension_law(value, c, parameters, 1, -1, precision);
    fmpq_clear(c);
}

static sb_status theorem_domain(const sb_parameters *parameters, sb_error *error) {
    return sb_domain_norm_from_two("Theorem 1.2", parameters, error);
}

static sb_status lemma_domain(const sb_parameters *parameters, sb_error *error) {
    return sb_domain_norm_from_two("Lemma C.1", parameters, error);
}

const sb_bound sb_noise_magnitude_bound[] = {
    {"thm-1.2", "Theorem 1.2", "E||eta||_2^2", SB_NECESSARY, "eps^2 d^(2-2/p) (1-delta) / (800 delta^2)",
     "any noise", sb_theorem_1_2, theorem_domain, SB_PROMISE_TV},
    {"thm-1.2", "Theorem 1.2", "rms", SB_NECESSARY, "eps d^(1/2-1/p) sqrt((1-delta)/800) / delta",
     "any noise", sb_theorem_1_2_rms, theorem_domain, SB_PROMISE_TV},
    {"lemma-C.1", "Lemma C.1", "E||eta||_2", SB_NECESSARY, "eps d^(1-1/p) (1-delta) / (24 delta)",
     "any noise", sb_lemma_C_1, lemma_domain, SB_PROMISE_TV},
    {"lemma-C.1", "Lemma C.1", "rms", SB_NECESSARY, "eps d^(1/2-1/p) (1-delta) / (24 delta)", "any noise",
     sb_lemma_C_1_per_coordinate, lemma_domain, SB_PROMISE_TV},
    {"lemma-C.1", "Lemma C.1", "E max|eta_i|", SB_NECESSARY, "eps d^(1/2-1/p) (1-delta) / (24 delta)",
     "any noise", sb_lemma_C_1_per_coordinate, lemma_domain, SB_PROMISE_TV},
};
const size_t sb_noise_magnitude_bound_count =
    sizeof sb_noise_magnitude_bound / sizeof sb_noise_magnitude_bound[0];
