/* If Pr(|zeta| > s) < (q/s)^alpha for all s > q, then |zeta| is stochastically below q times a Pareto
   variable of shape alpha, so E max|eta_i| < q E max Pareto = q Gamma(1-u) Gamma(d+1)/Gamma(d+1-u) = q
   gamma(d,p) d^u, u = 1/alpha. With q = C eps h/gamma this contradicts E max|eta_i| >= C d^u eps h.
   gamma(d+1)/gamma(d) = (d+1)^(1-u) d^u/(d+1-u) <= 1 (weighted means), and gamma(1) = 1/(1-u) <= 2. */
#include "bounds/heavy_tail.h"

#include "bounds/dimension_law.h"
#include "bounds/domain.h"
#include "bounds/noise_magnitude.h"

enum { CANCELLATION = 160 }; /* bits: log Gamma(2^62) has 68 bits before the point */

void sb_tail_exponent(fmpq_t exponent, const sb_exact *norm) {
    sb_norm_exponent(exponent, norm, 1, -1);
    fmpq_inv(exponent, exponent);
}

void sb_pareto_maximum(arb_t value, uint64_t dimension, const fmpq_t u, slong precision) {
    slong work = precision + CANCELLATION;
    arb_t x, shift, rest;
    arb_init(x);
    arb_init(shift);
    arb_init(rest);
    arb_set_fmpq(shift, u, work);
    arb_set_ui(x, dimension);
    arb_add_ui(x, x, 1, work);
    arb_lgamma(value, x, work);
    arb_sub(x, x, shift, work);
    arb_lgamma(rest, x, work);
    arb_sub(value, value, rest, work);
    arb_sub_ui(shift, shift, 1, work);
    arb_neg(shift, shift);
    arb_lgamma(rest, shift, work);
    arb_add(value, value, rest, work);
    arb_exp(value, value, precision);
    arb_clear(x);
    arb_clear(shift);
    arb_clear(rest);
}

void sb_lemma_3_8_maximum(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    fmpq_t u;
    fmpq_init(u);
    sb_norm_exponent(u, &parameters->norm, 1, -1);
    sb_pareto_maximum(value, parameters->dimension, u, precision);
    fmpq_clear(u);
}

void sb_lemma_3_8_factor(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    fmpq_t u;
    arb_t power;
    fmpq_init(u);
    arb_init(power);
    sb_norm_exponent(u, &parameters->norm, 1, -1);
    sb_pareto_maximum(value, parameters->dimension, u, precision + 5);
    sb_dimension_power(power, parameters->dimension, u, precision + 5);
    arb_div(value, value, power, precision);
    fmpq_clear(u);
    arb_clear(power);
}

void sb_theorem_1_3_tail(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    fmpq_t threshold;
    fmpq_init(threshold);
    sb_odds(threshold, parameters->delta);
    fmpq_mul(threshold, threshold, parameters->radius);
    fmpq_div_2exp(threshold, threshold, 3);
    arb_set_fmpq(value, threshold, precision);
    fmpq_clear(threshold);
}

/* value := eps h / 24 */
static void printed_threshold(arb_t value, const sb_parameters *parameters, slong precision) {
    fmpq_t threshold;
    fmpq_init(threshold);
    sb_lemma_C_1_coefficient(threshold, parameters->radius, parameters->delta);
    arb_set_fmpq(value, threshold, precision);
    fmpq_clear(threshold);
}

void sb_lemma_3_8_tail(arb_t value, const void *context, slong precision) {
    arb_t factor;
    arb_init(factor);
    sb_lemma_3_8_factor(factor, context, precision + 5);
    printed_threshold(value, context, precision + 5);
    arb_div(value, value, factor, precision);
    arb_clear(factor);
}

void sb_lemma_3_8_pareto(arb_t value, const void *context, slong precision) {
    arb_t threshold;
    arb_init(threshold);
    printed_threshold(threshold, context, precision + 5);
    sb_lemma_3_8_maximum(value, context, precision + 5);
    arb_mul(value, value, threshold, precision);
    arb_clear(threshold);
}

static sb_status theorem_domain(const sb_parameters *parameters, sb_error *error) {
    return sb_domain_norm_above_two("Theorem 1.3", parameters, error);
}

static sb_status lemma_domain(const sb_parameters *parameters, sb_error *error) {
    return sb_domain_norm_above_two("Lemma 3.8", parameters, error);
}

const sb_bound sb_heavy_tail_bound[] = {
    {"thm-1.3-tail", "Theorem 1.3", "tail", SB_NECESSARY,
     "q = eps (1-delta) / (8 delta); Pr(|eta_i| > s) >= (q/s)^(2p/(p-2)) for some s > q", "any i.i.d. noise",
     sb_theorem_1_3_tail, theorem_domain, SB_PROMISE_TV},
    {"lemma-3.8", "Lemma 3.8", "tail", SB_NECESSARY,
     "q = c eps (1-delta) / delta, c = d^u Gamma(d+1-u) / (24 Gamma(1-u) Gamma(d+1)), u = 1/2-1/p; "
     "Pr(|eta_i| > s) >= (q/s)^(2p/(p-2)) for some s > q",
     "any i.i.d. noise", sb_lemma_3_8_tail, lemma_domain, SB_PROMISE_TV},
    {"lemma-3.8", "Lemma 3.8", "E max|eta_i|", SB_EXACT,
     "eps (1-delta) / (24 delta) Gamma(1-u) Gamma(d+1) / Gamma(d+1-u), u = 1/2-1/p",
     "i.i.d. Pareto noise of minimum eps (1-delta) / (24 delta) and shape 2p/(p-2)", sb_lemma_3_8_pareto,
     lemma_domain, SB_PROMISE_TV},
};
const size_t sb_heavy_tail_bound_count = sizeof sb_heavy_tail_bound / sizeof sb_heavy_tail_bound[0];
