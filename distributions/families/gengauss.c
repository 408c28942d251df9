/* Density k/(2 Gamma(1/k)) exp(-|x|^k), k > 0: |X|^k is Gamma(1/k), so

     Pr(|X| > s) = Gamma(1/k, s^k)/Gamma(1/k),   E|X|^m = Gamma((m+1)/k)/Gamma(1/k).

   k = 1 is Laplace, k = 2 is N(0, 1/2). The loss |x-v|^k - |x|^k is bounded for k <= 1 only, by v^k. */
#include "distributions/family.h"

#include "distributions/from_tail.h"
#include "distributions/law_numerics.h"
#include "distributions/radial.h"

#include <math.h>

static unsigned traits(const sb_noise_spec *spec) {
    return SB_UNIMODAL | (fmpq_cmp_si(spec->value[0], 1) >= 0 ? SB_LOG_CONCAVE : 0u);
}

/* log of k/(2 Gamma(1/k)) */
static void log_constant(arb_t value, const sb_noise_spec *spec, slong precision) {
    arb_t shape;
    arb_init(shape);
    arb_set_fmpq(shape, spec->value[0], precision);
    arb_inv(value, shape, precision);
    arb_lgamma(value, value, precision);
    arb_mul_2exp_si(shape, shape, -1);
    arb_log(shape, shape, precision);
    arb_sub(value, shape, value, precision);
    arb_clear(shape);
}

/* value := x^k, x >= 0 */
static void power(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    if (arb_is_zero(x))
        arb_zero(value);
    else if (arb_is_positive(x) || arb_is_exact(x))
        arb_pow_fmpq(value, x, spec->value[0], precision);
    else
        sb_law_from_ends(value, power, spec, x, precision);
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    arb_t factor;
    arb_init(factor);
    arb_abs(value, x);
    arb_nonnegative_part(value, value);
    power(value, spec, value, precision);
    log_constant(factor, spec, precision);
    arb_sub(value, factor, value, precision);
    arb_exp(value, value, precision);
    arb_clear(factor);
}

static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    fmpq_t inverse;
    arb_t order;
    fmpq_init(inverse);
    arb_init(order);
    fmpq_inv(inverse, spec->value[0]);
    arb_set_fmpq(order, inverse, precision);
    power(value, spec, s, precision);
    arb_hypgeom_gamma_upper(value, order, value, 1, precision);
    fmpq_clear(inverse);
    arb_clear(order);
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    sb_cdf_from_tail(value, tail, spec, x, precision);
}

static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    fmpq_t a;
    arb_t factor;
    fmpq_init(a);
    arb_init(factor);
    fmpq_add_si(a, order, 1);
    fmpq_div(a, a, spec->value[0]);
    arb_gamma_fmpq(value, a, precision);
    fmpq_inv(a, spec->value[0]);
    arb_gamma_fmpq(factor, a, precision);
    arb_div(value, value, factor, precision);
    fmpq_clear(a);
    arb_clear(factor);
}

static double draw(const sb_noise_spec *spec, sb_random *random) {
    double inverse = 1 / fmpq_get_d(spec->value[0]);
    double size = exp(inverse * sb_random_log_gamma(random, inverse));
    return sb_random_bits(random) >> 63 ? size : -size;
}

static void log_density_at(double *value, const sb_noise_spec *spec, const double *x, size_t count) {
    double shape = fmpq_get_d(spec->value[0]);
    for (size_t i = 0; i < count; i++) value[i] = -pow(fabs(x[i]), shape);
}

/* -z^k and derivatives, -k (k-1) ... (k-n+1) z^(k-n); entire for a whole k */
static void log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length,
                        slong precision) {
    int whole = fmpz_is_one(fmpq_denref(spec->value[0]));
    fmpq_t exponent;
    arb_t factor, ball;
    acb_t log, power_of_z;
    fmpq_init(exponent);
    arb_init(factor);
    arb_init(ball);
    acb_init(log);
    acb_init(power_of_z);
    fmpq_set(exponent, spec->value[0]);
    arb_set_si(factor, -1);
    if (!whole) acb_log_analytic(log, z, 1, precision);
    for (slong n = 0; n < length; n++, fmpq_sub_si(exponent, exponent, 1)) {
        arb_set_fmpq(ball, exponent, precision);
        if (!whole) {
            acb_mul_arb(power_of_z, log, ball, precision);
            acb_exp(power_of_z, power_of_z, precision);
        } else if (fmpq_sgn(exponent) >= 0) {
            acb_pow_fmpz(power_of_z, z, fmpq_numref(exponent), precision);
        }
        acb_mul_arb(jet + n, power_of_z, factor, precision);
        arb_mul(factor, factor, ball, precision);
    }
    fmpq_clear(exponent);
    arb_clear(factor);
    arb_clear(ball);
    acb_clear(log);
    acb_clear(power_of_z);
}

/* v^k */
static void loss_bound(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    power(value, spec, shift, precision);
}

static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision);

#define LAW(bound, at_zero)                                                                                  \
    {                                                                                                        \
        .log_density = log_density, .log_constant = log_constant, .tail = tail, .loss_bound = bound,         \
        .affinity = affinity, .analytic_at_zero = at_zero                                                    \
    }
static const sb_log_density bounded = LAW(loss_bound, 0), kinked = LAW(NULL, 0), entire = LAW(NULL, 1);
#undef LAW

static const sb_log_density *analytic(const sb_noise_spec *spec) {
    const fmpq *shape = spec->value[0];
    if (fmpz_is_one(fmpq_denref(shape)) && fmpz_is_even(fmpq_numref(shape))) return &entire;
    return fmpq_cmp_si(shape, 1) <= 0 ? &bounded : &kinked;
}

static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision) {
    sb_law_affinity(value, analytic(spec), spec, t, shift, precision);
}

static void affinity_imaginary(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision) {
    sb_law_affinity_imaginary(value, analytic(spec), spec, y, shift, precision);
}

static void affinity_supremum(arb_t value, const sb_noise_spec *spec, const arb_t from, const arb_t shift,
                              slong precision) {
    sb_law_affinity_supremum(value, analytic(spec), spec, from, shift, precision);
}

static const sb_product_law product = {
    .traits = traits,
    .density = density,
    .cdf = cdf,
    .tail = tail,
    .absolute_moment = absolute_moment,
    .draw = draw,
    .log_density_at = log_density_at,
    .affinity = affinity,
    .affinity_imaginary = affinity_imaginary,
    .affinity_supremum = affinity_supremum,
    .log_density = analytic,
};

const sb_noise_family sb_gengauss_family = {
    .name = "gengauss",
    .description = "generalised Gaussian noise in every coordinate; shape 1 is Laplace, 2 Gaussian",
    .density = "shape/(2 scale Gamma(1/shape)) exp(-|x/scale|^shape)",
    .source = "Subbotin, \"On the law of frequency of error\", 1923",
    .tail_class = "exp(-s^shape)",
    .moments = "all",
    .key = {{"shape", "exponent of |x|", SB_KEY_POSITIVE},
            {"scale", "scale; for shape 2, sqrt(2) standard deviations", SB_KEY_POSITIVE},
            {0}},
    .scale = 1,
    .product = &product,
};
