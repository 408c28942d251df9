/* B(d, delta), T(delta) and what they say as rows. Sufficient: (1-w) of the mass at 0 and w of it N(0,
   sigma^2 I) have TV(D, D + v) <= 1 - w + w (2 Phi(|v|_2/(2 sigma)) - 1), which is delta for |v|_2 = eps
   d^(1/2-1/p) = 2 z sigma when w = 1 and z = z(delta), or z = z0 and w = (1-delta)/(1-delta0) for delta >
   delta0; and E||eta||_2^2 = w d sigma^2 = eps^2 d^(2-2/p) w/(4 z^2) = eps^2 d^(2-2/p) T(delta). */
#include "bounds/asymptotic.h"

#include "bounds/dimension_law.h"
#include "bounds/domain.h"
#include "bounds/sharp.h"

#include <stdlib.h>

static sb_promise promise_of(sb_sharp_hypothesis of) {
    return of == SB_SHARP_SYMMETRIC ? SB_PROMISE_ROBUST : SB_PROMISE_TV;
}

/* value := eps^2 factor d^(twice_constant/2 - 2/p) */
static void scaled(arb_t value, const fmpq_t factor, const sb_parameters *parameters, slong twice_constant,
                   slong precision) {
    fmpq_t coefficient;
    fmpq_init(coefficient);
    fmpq_mul(coefficient, factor, parameters->radius);
    fmpq_mul(coefficient, coefficient, parameters->radius);
    sb_dimension_law(value, coefficient, parameters, twice_constant, -2, precision);
    fmpq_clear(coefficient);
}

static void necessary(arb_t value, const sb_parameters *parameters, sb_sharp_hypothesis of,
                      slong twice_constant, slong precision) {
    fmpq_t level, constant;
    fmpq_init(level);
    fmpq_init(constant);
    sb_sharp_level(level, of, parameters->delta);
    sb_asymptotic_constant(constant, parameters->dimension, level, promise_of(of));
    scaled(value, constant, parameters, twice_constant, precision);
    fmpq_clear(level);
    fmpq_clear(constant);
}

static void square(arb_t value, const void *parameters, slong precision) {
    necessary(value, parameters, SB_SHARP_TV, 4, precision);
}

static void rms(arb_t value, const void *parameters, slong precision) {
    necessary(value, parameters, SB_SHARP_TV, 2, precision + 5);
    arb_sqrt(value, value, precision);
}

static void robust_square(arb_t value, const void *parameters, slong precision) {
    necessary(value, parameters, SB_SHARP_ROBUST, 4, precision);
}

static void robust_rms(arb_t value, const void *parameters, slong precision) {
    necessary(value, parameters, SB_SHARP_ROBUST, 2, precision + 5);
    arb_sqrt(value, value, precision);
}

static void symmetric_square(arb_t value, const void *parameters, slong precision) {
    necessary(value, parameters, SB_SHARP_SYMMETRIC, 4, precision);
}

static void symmetric_rms(arb_t value, const void *parameters, slong precision) {
    necessary(value, parameters, SB_SHARP_SYMMETRIC, 2, precision + 5);
    arb_sqrt(value, value, precision);
}

static void sufficient(arb_t value, const sb_parameters *parameters, slong twice_constant, slong precision) {
    arb_t limit;
    fmpq_t one;
    arb_init(limit);
    fmpq_init(one);
    fmpq_one(one);
    sb_sharp_T(limit, parameters->delta, precision + 5);
    scaled(value, one, parameters, twice_constant, precision + 5);
    arb_mul(value, value, limit, precision);
    arb_clear(limit);
    fmpq_clear(one);
}

static void sufficient_square(arb_t value, const void *parameters, slong precision) {
    sufficient(value, parameters, 4, precision);
}

static void sufficient_rms(arb_t value, const void *parameters, slong precision) {
    sufficient(value, parameters, 2, precision + 5);
    arb_sqrt(value, value, precision);
}

/* ------------------------------------------------------------------ domains */
static const char statement[] = "the asymptotic bound";

static sb_status upper_domain(const sb_parameters *parameters, sb_error *error) {
    return sb_domain_norm_from_two("Gaussian noise with an atom", parameters, error);
}

/* The choice alone: where it finds a line the certificate follows, or the value is the trivial 0. */
static sb_status domain(const sb_parameters *parameters, sb_sharp_hypothesis of, sb_error *error) {
    sb_status status = sb_domain_norm_from_two(statement, parameters, error);
    if (status) return status;
    sb_asymptotic_line line;
    fmpq_t level;
    fmpq_init(level);
    sb_asymptotic_line_init(&line);
    sb_sharp_level(level, of, parameters->delta);
    if (!sb_asymptotic_choose(&line, parameters->dimension, level, promise_of(of))) {
        char *delta = fmpz_bits(fmpq_denref(parameters->delta)) <= 32
                          ? sb_rational_print(parameters->delta)
                          : sb_rational_decimal(parameters->delta, 6, 0);
        status = sb_fail(error, SB_OUTSIDE, "%s gives nothing for d = %llu and delta = %.60s", statement,
                         (unsigned long long)parameters->dimension, delta ? delta : "?");
        free(delta);
    }
    sb_asymptotic_line_clear(&line);
    fmpq_clear(level);
    return status;
}

static sb_status total_variation_domain(const sb_parameters *parameters, sb_error *error) {
    return domain(parameters, SB_SHARP_TV, error);
}

static sb_status robust_domain(const sb_parameters *parameters, sb_error *error) {
    return domain(parameters, SB_SHARP_ROBUST, error);
}

static sb_status symmetric_domain(const sb_parameters *parameters, sb_error *error) {
    return domain(parameters, SB_SHARP_SYMMETRIC, error);
}

#define ANY "any noise"
#define SYMMETRIC "any noise symmetric about a point"
#define GAUSSIAN "Gaussian noise with an atom at 0 (none up to delta = .766)"

const sb_bound sb_asymptotic_bound[] = {
    {"asymptotic", "asymptotic bound", "E||eta||_2^2", SB_NECESSARY, "eps^2 d^(2-2/p) B(d, delta)", ANY,
     square, total_variation_domain, SB_PROMISE_TV},
    {"asymptotic", "asymptotic bound", "rms", SB_NECESSARY, "eps d^(1/2-1/p) sqrt(B(d, delta))", ANY, rms,
     total_variation_domain, SB_PROMISE_TV},
    {"gaussian-atom", "Gaussian with an atom", "E||eta||_2^2", SB_SUFFICIENT, "eps^2 d^(2-2/p) T(delta)",
     GAUSSIAN, sufficient_square, upper_domain, SB_PROMISE_TV},
    {"gaussian-atom", "Gaussian with an atom", "rms", SB_SUFFICIENT, "eps d^(1/2-1/p) sqrt(T(delta))",
     GAUSSIAN, sufficient_rms, upper_domain, SB_PROMISE_TV},
    {"sharp-robust", "asymptotic bound", "E||eta||_2^2", SB_NECESSARY, "eps^2 d^(2-2/p) B(d, tau(delta))",
     ANY, robust_square, robust_domain, SB_PROMISE_ROBUST},
    {"sharp-robust", "asymptotic bound", "rms", SB_NECESSARY, "eps d^(1/2-1/p) sqrt(B(d, tau(delta)))", ANY,
     robust_rms, robust_domain, SB_PROMISE_ROBUST},
    {"sharp-robust", "asymptotic bound", "E||eta||_2^2", SB_NECESSARY,
     "eps^2 d^(2-2/p) B_symmetric(d, delta)", SYMMETRIC, symmetric_square, symmetric_domain,
     SB_PROMISE_ROBUST},
    {"sharp-robust", "asymptotic bound", "rms", SB_NECESSARY, "eps d^(1/2-1/p) sqrt(B_symmetric(d, delta))",
     SYMMETRIC, symmetric_rms, symmetric_domain, SB_PROMISE_ROBUST},
};
const size_t sb_asymptotic_bound_count = sizeof sb_asymptotic_bound / sizeof sb_asymptotic_bound[0];
