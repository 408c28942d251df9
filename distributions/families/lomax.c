/* Density (alpha/2)(1 + |x|)^-(alpha+1): Pr(|X| > s) = (1 + s)^-alpha, and for k < alpha

     E|X|^k = Gamma(k+1) Gamma(alpha-k)/Gamma(alpha),   else infinite.

   The loss is bounded by (alpha+1) log(1+v), since |log(1+|x|) - log(1+|x-v|)| <= log(1+v). */
#include "distributions/family.h"

#include "distributions/from_tail.h"
#include "distributions/law_numerics.h"
#include "distributions/power_loss.h"

#include <math.h>

static unsigned traits(const sb_noise_spec *spec) {
    (void)spec;
    return SB_UNIMODAL;
}

/* value := (1 + x)^-(alpha + more), x >= 0 */
static void power(arb_t value, const sb_noise_spec *spec, const arb_t x, ulong more, slong precision) {
    arb_t exponent;
    arb_init(exponent);
    arb_set_fmpq(exponent, spec->value[0], precision);
    arb_add_ui(exponent, exponent, more, precision);
    arb_neg(exponent, exponent);
    arb_log1p(value, x, precision);
    arb_mul(value, value, exponent, precision);
    arb_exp(value, value, precision);
    arb_clear(exponent);
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    arb_t half;
    arb_init(half);
    arb_set_fmpq(half, spec->value[0], precision);
    arb_mul_2exp_si(half, half, -1);
    arb_abs(value, x);
    power(value, spec, value, 1, precision);
    arb_mul(value, value, half, precision);
    arb_clear(half);
}

static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    power(value, spec, s, 0, precision);
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    sb_cdf_from_tail(value, tail, spec, x, precision);
}

/* -+((2 min(u, 1-u))^(-1/alpha) - 1), the sign that of u - 1/2 */
static void quantile(arb_t value, const sb_noise_spec *spec, const arb_t u, slong precision) {
    arb_t mass, exponent;
    arb_init(mass);
    arb_init(exponent);
    arb_mul_2exp_si(mass, u, 1);
    arb_sub_ui(exponent, mass, 1, precision); /* 2u - 1 */
    int upper = arb_is_nonnegative(exponent);
    if (!upper && !arb_is_nonpositive(exponent)) {
        sb_law_from_ends(value, quantile, spec, u, precision);
    } else {
        if (upper) {
            arb_sub_ui(mass, mass, 2, precision);
            arb_neg(mass, mass);
        }
        arb_set_fmpq(exponent, spec->value[0], precision);
        arb_log(mass, mass, precision);
        arb_div(mass, mass, exponent, precision);
        arb_neg(mass, mass);
        arb_expm1(value, mass, precision);
        if (!upper) arb_neg(value, value);
    }
    arb_clear(mass);
    arb_clear(exponent);
}

static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    if (fmpq_cmp(order, spec->value[0]) >= 0) {
        arb_pos_inf(value);
        return;
    }
    fmpq_t rest;
    arb_t factor;
    fmpq_init(rest);
    arb_init(factor);
    arb_set_fmpq(value, order, precision);
    arb_add_ui(value, value, 1, precision);
    arb_gamma(value, value, precision);
    fmpq_sub(rest, spec->value[0], order);
    arb_gamma_fmpq(factor, rest, precision);
    arb_mul(value, value, factor, precision);
    arb_gamma_fmpq(factor, spec->value[0], precision);
    arb_div(value, value, factor, precision);
    fmpq_clear(rest);
    arb_clear(factor);
}

static double draw(const sb_noise_spec *spec, sb_random *random) {
    double size = expm1(sb_random_exponential(random) / fmpq_get_d(spec->value[0]));
    return sb_random_bits(random) >> 63 ? size : -size;
}

static void log_density_at(double *value, const sb_noise_spec *spec, const double *x, size_t count) {
    double exponent = fmpq_get_d(spec->value[0]) + 1;
    for (size_t i = 0; i < count; i++) value[i] = -exponent * log1p(fabs(x[i]));
}

static void log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length,
                        slong precision) {
    acb_t base;
    acb_init(base);
    acb_add_ui(base, z, 1, precision);
    sb_power_log_density(jet, spec, base, length, precision);
    acb_clear(base);
}

static const sb_log_density analytic;

static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision) {
    sb_power_loss_affinity(value, &analytic, spec, t, 0, shift, 0, precision);
}

static void affinity_imaginary(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision) {
    sb_power_loss_affinity(value, &analytic, spec, y, 1, shift, 0, precision);
}

static const sb_log_density analytic = {.log_density = log_density,
                                        .log_constant = sb_power_log_constant,
                                        .tail = tail,
                                        .loss_bound = sb_power_loss_bound,
                                        .affinity = affinity};

static void affinity_supremum(arb_t value, const sb_noise_spec *spec, const arb_t from, const arb_t shift,
                              slong precision) {
    sb_law_affinity_supremum(value, &analytic, spec, from, shift, precision);
}

static const sb_log_density *own_log_density(const sb_noise_spec *spec) {
    (void)spec;
    return &analytic;
}

static const sb_product_law product = {
    .traits = traits,
    .density = density,
    .cdf = cdf,
    .tail = tail,
    .quantile = quantile,
    .absolute_moment = absolute_moment,
    .draw = draw,
    .log_density_at = log_density_at,
    .affinity = affinity,
    .affinity_imaginary = affinity_imaginary,
    .affinity_supremum = affinity_supremum,
    .affinity_time = 300,
    .log_density = own_log_density,
};

const sb_noise_family sb_lomax_family = {
    .name = "lomax",
    .description = "symmetric Lomax (power law) noise in every coordinate",
    .density = "(alpha/(2 scale)) (1 + |x|/scale)^-(alpha+1)",
    .source = "",
    .tail_class = "s^-alpha",
    .moments = "below alpha",
    .key = {{"alpha", "exponent of the tail; moments of order alpha and above are infinite", SB_KEY_POSITIVE},
            {"scale", "scale; Pr(|x| > scale) = 2^-alpha", SB_KEY_POSITIVE},
            {0}},
    .scale = 1,
    .product = &product,
};
