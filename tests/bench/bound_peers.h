/* The peers of b_bound.c: the same formulas in MPFR, rounded to nearest throughout and certified by nobody,
   and in double. Phi^{-1} is Newton's method on erf from the left of the root, as far as half the digits; the
   last step doubles them. */
#ifndef SB_TESTS_BENCH_BOUND_PEERS_H
#define SB_TESTS_BENCH_BOUND_PEERS_H

#include "bounds/bound_list.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    const sb_bound *bound;
    sb_parameters parameters;
    int digits;
    arb_t value;
    /* the inputs as the peers want them, and room that is made once */
    mpq_t radius, delta, power; /* power: the exponent of d, or u */
    mpfr_t result, a, b, c, start;
    double double_radius, double_delta, double_power;
    volatile double double_result; /* volatile: the call is not to be optimised away */
} bench_case;

/* ------------------------------------------------------------------ MPFR */
/* d^power as a root of an integer, which is faster than the general power. */
static inline void mpfr_dimension_power(mpfr_t result, const bench_case *at) {
    mpfr_ui_pow_ui(result, at->parameters.dimension, mpz_get_ui(mpq_numref(at->power)), MPFR_RNDN);
    mpfr_rootn_ui(result, result, mpz_get_ui(mpq_denref(at->power)), MPFR_RNDN);
}

static inline void mpfr_theorem(void *context) { /* (eps^2/800) (1-delta)/delta^2 d^power, power = 2 - 2/p */
    bench_case *at = context;
    mpfr_set_q(at->a, at->delta, MPFR_RNDN);
    mpfr_ui_sub(at->b, 1, at->a, MPFR_RNDN);
    mpfr_sqr(at->a, at->a, MPFR_RNDN);
    mpfr_div(at->result, at->b, at->a, MPFR_RNDN);
    mpfr_set_q(at->a, at->radius, MPFR_RNDN);
    mpfr_sqr(at->a, at->a, MPFR_RNDN);
    mpfr_mul(at->result, at->result, at->a, MPFR_RNDN);
    mpfr_div_ui(at->result, at->result, 800, MPFR_RNDN);
    mpfr_dimension_power(at->b, at);
    mpfr_mul(at->result, at->result, at->b, MPFR_RNDN);
}

static inline void
mpfr_gaussian(void *context) { /* eps d^power/(2 z), erf(z / sqrt 2) = delta, power = 1/2 - 1/p */
    bench_case *at = context;
    mpfr_prec_t precision = mpfr_get_prec(at->result);
    mpfr_set_q(at->c, at->delta, MPFR_RNDN);
    mpfr_const_pi(at->b, MPFR_RNDN);
    mpfr_sqrt(at->b, at->b, MPFR_RNDN);
    mpfr_div_2ui(at->start, at->b, 1, MPFR_RNDN);
    mpfr_mul(at->result, at->start, at->c, MPFR_RNDN); /* x = z / sqrt 2, from (sqrt(pi)/2) delta */
    for (int settled = 0; !settled;) {
        mpfr_erf(at->a, at->result, MPFR_RNDN);
        mpfr_sub(at->a, at->c, at->a, MPFR_RNDN);
        mpfr_sqr(at->b, at->result, MPFR_RNDN);
        mpfr_exp(at->b, at->b, MPFR_RNDN);
        mpfr_mul(at->b, at->b, at->start, MPFR_RNDN);
        mpfr_mul(at->a, at->a, at->b, MPFR_RNDN);
        mpfr_add(at->result, at->result, at->a, MPFR_RNDN);
        settled = mpfr_zero_p(at->a) || mpfr_get_exp(at->a) < mpfr_get_exp(at->result) - precision / 2;
    }
    mpfr_sqrt_ui(at->a, 8, MPFR_RNDN); /* 2 z = sqrt(8) x */
    mpfr_mul(at->result, at->result, at->a, MPFR_RNDN);
    mpfr_dimension_power(at->b, at);
    mpfr_set_q(at->a, at->radius, MPFR_RNDN);
    mpfr_mul(at->b, at->b, at->a, MPFR_RNDN);
    mpfr_div(at->result, at->b, at->result, MPFR_RNDN);
}

static inline void mpfr_uniform(void *context) { /* eps/(2 (1 - (1-delta)^(1/d))) */
    bench_case *at = context;
    mpfr_set_q(at->a, at->delta, MPFR_RNDN);
    mpfr_neg(at->a, at->a, MPFR_RNDN);
    mpfr_log1p(at->a, at->a, MPFR_RNDN);
    mpfr_div_ui(at->a, at->a, at->parameters.dimension, MPFR_RNDN);
    mpfr_expm1(at->a, at->a, MPFR_RNDN);
    mpfr_mul_si(at->a, at->a, -2, MPFR_RNDN);
    mpfr_set_q(at->b, at->radius, MPFR_RNDN);
    mpfr_div(at->result, at->b, at->a, MPFR_RNDN);
}

static inline void mpfr_lemma(void *context) { /* eps h/24 Gamma(1-u) Gamma(d+1)/Gamma(d+1-u), u = power */
    bench_case *at = context;
    mpfr_set_q(at->c, at->power, MPFR_RNDN);
    mpfr_set_ui(at->a, at->parameters.dimension + 1, MPFR_RNDN);
    mpfr_lngamma(at->result, at->a, MPFR_RNDN);
    mpfr_sub(at->a, at->a, at->c, MPFR_RNDN);
    mpfr_lngamma(at->b, at->a, MPFR_RNDN);
    mpfr_sub(at->result, at->result, at->b, MPFR_RNDN);
    mpfr_ui_sub(at->a, 1, at->c, MPFR_RNDN);
    mpfr_lngamma(at->b, at->a, MPFR_RNDN);
    mpfr_add(at->result, at->result, at->b, MPFR_RNDN);
    mpfr_exp(at->result, at->result, MPFR_RNDN);
    mpfr_set_q(at->a, at->delta, MPFR_RNDN);
    mpfr_ui_sub(at->b, 1, at->a, MPFR_RNDN);
    mpfr_div(at->b, at->b, at->a, MPFR_RNDN);
    mpfr_set_q(at->a, at->radius, MPFR_RNDN);
    mpfr_mul(at->b, at->b, at->a, MPFR_RNDN);
    mpfr_div_ui(at->b, at->b, 24, MPFR_RNDN);
    mpfr_mul(at->result, at->result, at->b, MPFR_RNDN);
}

/* The same as print_ends: two decimals, one rounded down and one up. */
static inline void mpfr_print_ends(void *context) {
    bench_case *at = context;
    mpfr_exp_t exponent;
    mpfr_free_str(mpfr_get_str(NULL, &exponent, 10, (size_t)at->digits, at->result, MPFR_RNDD));
    mpfr_free_str(mpfr_get_str(NULL, &exponent, 10, (size_t)at->digits, at->result, MPFR_RNDU));
}

/* ------------------------------------------------------------------ double */
static inline void double_theorem(void *context) {
    bench_case *at = context;
    double eps = at->double_radius, delta = at->double_delta;
    at->double_result = eps * eps / 800 * (1 - delta) / (delta * delta) *
                        pow((double)at->parameters.dimension, at->double_power);
}

static inline void double_gaussian(void *context) {
    bench_case *at = context;
    const double half_root_pi = 0.88622692545275801365;
    double x = half_root_pi * at->double_delta, step = 1;
    while (fabs(step) > 1e-9 * x) x += step = (at->double_delta - erf(x)) * half_root_pi * exp(x * x);
    at->double_result =
        at->double_radius * pow((double)at->parameters.dimension, at->double_power) / (sqrt(8) * x);
}

static inline void double_uniform(void *context) {
    bench_case *at = context;
    at->double_result =
        at->double_radius / (-2 * expm1(log1p(-at->double_delta) / (double)at->parameters.dimension));
}

static inline void double_lemma(void *context) {
    bench_case *at = context;
    double d = (double)at->parameters.dimension, u = at->double_power, delta = at->double_delta;
    at->double_result =
        at->double_radius * (1 - delta) / delta / 24 * exp(lgamma(d + 1) - lgamma(d + 1 - u) + lgamma(1 - u));
}

#endif
