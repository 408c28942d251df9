/* The paper's bounds have the form c d^(a + b/p), with c rational, a a multiple of 1/2 and b whole: the
   exponent stays exact until the power of d is taken. The hardness (1-delta)/delta = 1/delta - 1 is the odds.
 */
#include "bounds/dimension_law.h"

void sb_norm_exponent(fmpq_t exponent, const sb_exact *norm, slong twice_constant, slong slope) {
    fmpq_t constant;
    fmpq_init(constant);
    sb_reciprocal_norm(exponent, norm);
    fmpq_mul_si(exponent, exponent, slope);
    fmpq_set_si(constant, twice_constant, 2);
    fmpq_add(exponent, exponent, constant);
    fmpq_clear(constant);
}

void sb_scaled_power(arb_t value, const fmpq_t coefficient, uint64_t dimension, const fmpq_t exponent,
                     slong precision) {
    arb_t factor;
    arb_init(factor);
    arb_set_fmpq(factor, coefficient, precision + 10);
    sb_dimension_power(value, dimension, exponent, precision + 10);
    arb_mul(value, value, factor, precision);
    arb_clear(factor);
}

void sb_dimension_law(arb_t value, const fmpq_t coefficient, const sb_parameters *parameters,
                      slong twice_constant, slong slope, slong precision) {
    fmpq_t exponent;
    fmpq_init(exponent);
    sb_norm_exponent(exponent, &parameters->norm, twice_constant, slope);
    sb_scaled_power(value, coefficient, parameters->dimension, exponent, precision);
    fmpq_clear(exponent);
}

void sb_odds(fmpq_t odds, const fmpq_t delta) {
    fmpq_inv(odds, delta);
    fmpq_sub_si(odds, odds, 1);
}
