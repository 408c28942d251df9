/* With losses kL, k an integer, H has the period P = 2 pi/L. In the integral of product_overlap.h,

     integral of min(p, lambda q) = (sqrt(lambda)/2 pi) integral of H(t)^d cos(ct)/(1/4 + t^2) dt,

   lambda = e^c, by the trapezoid rule with N nodes to a period, the nodes that are whole periods apart are
   summed in closed form (Poisson): with theta = Lt, q = e^(-L/2), c = nL + r, 0 <= r <= L,

     sum over m of cos(c(t+mP))/(1/4 + (t+mP)^2) = L Re sum over k of e^(-|kL-c|/2) e^(ik theta) = L K,
     K = ((e^(-r/2) - q^2 e^(r/2)) cos(n theta) + q (e^(r/2) - e^(-r/2)) cos((n+1) theta))
         / (1 - 2q cos(theta) + q^2).

   So the rule with all its nodes is a sum of N terms. It is too large by at most (1 + lambda)/(e^(NL/2) - 1).

   With B = H(0)^d the overlap is at least lambda B^2/(1 + lambda), since it times the integral of
   max(p, lambda q), which is at most 1 + lambda, is at least the square of the integral of sqrt(lambda p q).
   That says how large N must be. */
#include "distributions/periodic_loss.h"

#include <math.h>

enum { MOST = 1 << 20 };

/* value := K */
static void folded(arb_t value, const arb_t q, slong n, const arb_t half_r, const arb_t theta,
                   slong precision) {
    arb_t x, y;
    arb_init(x);
    arb_init(y);
    arb_exp(y, half_r, precision);
    arb_inv(value, y, precision);
    arb_mul(y, y, q, precision);
    arb_submul(value, y, q, precision); /* e^(-r/2) - q^2 e^(r/2) */
    arb_mul_si(x, theta, n, precision);
    arb_cos(x, x, precision);
    arb_mul(value, value, x, precision);
    arb_sinh(x, half_r, precision);
    arb_mul(x, x, q, precision);
    arb_mul_2exp_si(x, x, 1);
    arb_mul_si(y, theta, n + 1, precision);
    arb_cos(y, y, precision);
    arb_addmul(value, x, y, precision);
    arb_cos(x, theta, precision);
    arb_mul_2exp_si(x, x, 1);
    arb_sub(x, q, x, precision);
    arb_mul(x, x, q, precision);
    arb_add_ui(x, x, 1, precision);
    arb_div(value, value, x, precision);
    arb_clear(x);
    arb_clear(y);
}

/* sum := that of H(t)^d K over the N nodes of a period; H is even. */
static void sum_period(arb_t sum, const sb_noise_spec *spec, uint64_t dimension, const arb_t shift,
                       const arb_t length, slong n, const arb_t half_r, slong nodes, slong precision) {
    arb_t q, theta, t, term;
    arb_init(q);
    arb_init(theta);
    arb_init(t);
    arb_init(term);
    arb_mul_2exp_si(q, length, -1);
    arb_neg(q, q);
    arb_exp(q, q, precision);
    for (slong j = 0; 2 * j <= nodes; j++) {
        arb_const_pi(theta, precision);
        arb_mul_si(theta, theta, 2 * j, precision);
        arb_div_si(theta, theta, nodes, precision);
        arb_div(t, theta, length, precision);
        spec->family->product->affinity(term, spec, t, shift, precision);
        arb_pow_ui(t, term, dimension, precision);
        folded(term, q, n, half_r, theta, precision);
        arb_mul(term, term, t, precision);
        if (j && 2 * j < nodes) arb_mul_2exp_si(term, term, 1);
        arb_add(sum, sum, term, precision);
    }
    arb_clear(q);
    arb_clear(theta);
    arb_clear(t);
    arb_clear(term);
}

/* -log B, for choices only */
static double log_spent(const sb_noise_spec *spec, uint64_t dimension, const arb_t shift) {
    arb_t zero, whole;
    arb_init(zero);
    arb_init(whole);
    spec->family->product->affinity(whole, spec, zero, shift, 64);
    double spent = -log(arf_get_d(arb_midref(whole), ARF_RND_NEAR)) * (double)dimension;
    arb_clear(zero);
    arb_clear(whole);
    return spent;
}

/* value := sqrt(lambda)/N times the sum, less an excess of at most (1 + lambda)/(e^(NL/2) - 1) */
static void finish(arb_t value, arb_t sum, const arb_t length, const arb_t log_lambda, slong nodes,
                   slong precision) {
    arb_t lambda, excess;
    arb_init(lambda);
    arb_init(excess);
    arb_mul_2exp_si(lambda, log_lambda, -1);
    arb_exp(lambda, lambda, precision);
    arb_mul(sum, sum, lambda, precision);
    arb_div_si(sum, sum, nodes, precision);
    arb_sqr(lambda, lambda, precision);
    arb_add_ui(lambda, lambda, 1, precision);
    arb_mul_si(excess, length, nodes, precision);
    arb_mul_2exp_si(excess, excess, -1);
    arb_expm1(excess, excess, precision);
    arb_div(excess, lambda, excess, precision);
    arb_sub(excess, sum, excess, precision);
    arb_union(value, sum, excess, precision);
    arb_clear(lambda);
    arb_clear(excess);
}

void sb_periodic_loss_overlap(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t shift,
                              const fmpq_t base, const arb_t log_lambda, slong precision) {
    double c = fabs(arf_get_d(arb_midref(log_lambda), ARF_RND_NEAR)),
           spent = log_spent(spec, dimension, shift);
    double nodes = ceil(2 / -log(fmpq_get_d(base)) * (0.7 * (double)precision + 2 * spent + 3 * c + 2));
    if (!(nodes < MOST)) {
        arb_indeterminate(value);
        return;
    }
    slong work = precision + (slong)(3 * (spent + c)) + 3 * (slong)FLINT_BIT_COUNT(dimension) + 60;
    arb_t length, half_r, sum;
    fmpz_t n;
    arb_init(length);
    arb_init(half_r);
    arb_init(sum);
    fmpz_init(n);
    arb_set_fmpq(length, base, work);
    arb_log(length, length, work);
    arb_neg(length, length);
    arb_div(sum, log_lambda, length, work);
    arb_floor(sum, sum, work);
    if (arb_get_unique_fmpz(n, sum) && fmpz_bits(n) < 50) {
        arb_mul_fmpz(half_r, length, n, work);
        arb_sub(half_r, log_lambda, half_r, work);
        arb_mul_2exp_si(half_r, half_r, -1);
        arb_zero(sum);
        sum_period(sum, spec, dimension, shift, length, fmpz_get_si(n), half_r, (slong)nodes, work);
        finish(value, sum, length, log_lambda, (slong)nodes, precision);
    } else {
        arb_indeterminate(value);
    }
    arb_clear(length);
    arb_clear(half_r);
    arb_clear(sum);
    fmpz_clear(n);
}
