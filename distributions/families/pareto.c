/* Density (alpha/2)|x|^-(alpha+1) for |x| >= 1, none in the hole (-1, 1): Pr(|X| > s) = max(1, s)^-alpha, and
   E|X|^k = alpha/(alpha-k) for k < alpha, else infinite.

   Not unimodal. With p the density and q its translate by v, right of v/2 the smaller of the two is p outside
   both holes and 0 in either; so with the mirror image, and w = max(2, v),

     1 - TV = 2 p{x: x > v/2, 1 < x < v-1 or x > v+1} = (1+v)^-alpha + (w/2)^-alpha - (w-1)^-alpha.

   Where both are positive |log |x| - log |x-v|| <= log(1+v): the loss is bounded by (alpha+1) log(1+v). */
#include "distributions/family.h"

#include "distributions/from_tail.h"
#include "distributions/law_numerics.h"
#include "distributions/power_loss.h"

#include <math.h>

static unsigned traits(const sb_noise_spec *spec) {
    (void)spec;
    return 0;
}

/* value := x^-(alpha + more), x >= 1 */
static void power(arb_t value, const sb_noise_spec *spec, const arb_t x, ulong more, slong precision) {
    arb_t exponent;
    arb_init(exponent);
    arb_set_fmpq(exponent, spec->value[0], precision);
    arb_add_ui(exponent, exponent, more, precision);
    arb_neg(exponent, exponent);
    arb_log(value, x, precision);
    arb_mul(value, value, exponent, precision);
    arb_exp(value, value, precision);
    arb_clear(exponent);
}

/* value := max(1, x) */
static void at_least_one(arb_t value, const arb_t x, slong precision) {
    arb_t one;
    arb_init(one);
    arb_one(one);
    arb_max(value, x, one, precision);
    arb_clear(one);
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    arb_t size, outside, one;
    arb_init(size);
    arb_init(outside);
    arb_init(one);
    arb_one(one);
    arb_abs(size, x);
    int hole = arb_lt(size, one), maybe = !arb_ge(size, one);
    at_least_one(size, size, precision);
    power(outside, spec, size, 1, precision);
    arb_set_fmpq(one, spec->value[0], precision);
    arb_mul(outside, outside, one, precision);
    arb_mul_2exp_si(outside, outside, -1);
    arb_zero(value);
    if (maybe && !hole)
        arb_union(value, value, outside, precision);
    else if (!hole)
        arb_swap(value, outside);
    arb_clear(size);
    arb_clear(outside);
    arb_clear(one);
}

static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    at_least_one(value, s, precision);
    power(value, spec, value, 0, precision);
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    sb_cdf_from_tail(value, tail, spec, x, precision);
}

/* -(2u)^(-1/alpha) up to 1/2, (2 - 2u)^(-1/alpha) above */
static void quantile(arb_t value, const sb_noise_spec *spec, const arb_t u, slong precision) {
    arb_t mass, exponent;
    arb_init(mass);
    arb_init(exponent);
    arb_mul_2exp_si(mass, u, 1);
    arb_sub_ui(exponent, mass, 1, precision); /* 2u - 1 */
    int lower = arb_is_nonpositive(exponent);
    if (!lower && !arb_is_positive(exponent)) {
        sb_law_from_ends(value, quantile, spec, u, precision);
    } else {
        if (!lower) {
            arb_sub_ui(mass, mass, 2, precision);
            arb_neg(mass, mass);
        }
        arb_set_fmpq(exponent, spec->value[0], precision);
        arb_log(mass, mass, precision);
        arb_div(mass, mass, exponent, precision);
        arb_neg(mass, mass);
        arb_exp(value, mass, precision);
        if (lower) arb_neg(value, value);
    }
    arb_clear(mass);
    arb_clear(exponent);
}

static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    if (fmpq_cmp(order, spec->value[0]) >= 0) {
        arb_pos_inf(value);
        return;
    }
    fmpq_t ratio;
    fmpq_init(ratio);
    fmpq_sub(ratio, spec->value[0], order);
    fmpq_div(ratio, spec->value[0], ratio);
    arb_set_fmpq(value, ratio, precision);
    fmpq_clear(ratio);
}

static double draw(const sb_noise_spec *spec, sb_random *random) {
    double size = exp(sb_random_exponential(random) / fmpq_get_d(spec->value[0]));
    return sb_random_bits(random) >> 63 ? size : -size;
}

static void log_density_at(double *value, const sb_noise_spec *spec, const double *x, size_t count) {
    double exponent = fmpq_get_d(spec->value[0]) + 1;
    for (size_t i = 0; i < count; i++) value[i] = fabs(x[i]) >= 1 ? -exponent * log(fabs(x[i])) : -HUGE_VAL;
}

/* 1 - (1+v)^-alpha, less (w/2)^-alpha - (w-1)^-alpha */
static void total_variation(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    arb_t w, middle, exponent;
    arb_init(w);
    arb_init(middle);
    arb_init(exponent);
    arb_set_fmpq(exponent, spec->value[0], precision);
    arb_neg(exponent, exponent);
    arb_log1p(value, shift, precision);
    arb_mul(value, value, exponent, precision);
    arb_expm1(value, value, precision);
    arb_neg(value, value);
    arb_mul_2exp_si(w, shift, -1);
    at_least_one(w, w, precision);
    power(middle, spec, w, 0, precision);
    arb_sub(value, value, middle, precision);
    arb_mul_2exp_si(w, w, 1);
    arb_sub_ui(w, w, 1, precision);
    power(middle, spec, w, 0, precision);
    arb_add(value, value, middle, precision);
    arb_clear(w);
    arb_clear(middle);
    arb_clear(exponent);
}

static const sb_log_density analytic;

static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision) {
    sb_power_loss_affinity(value, &analytic, spec, t, 0, shift, 1, precision);
}

static void affinity_imaginary(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision) {
    sb_power_loss_affinity(value, &analytic, spec, y, 1, shift, 1, precision);
}

static const sb_log_density analytic = {.log_density = sb_power_log_density,
                                        .log_constant = sb_power_log_constant,
                                        .tail = tail,
                                        .loss_bound = sb_power_loss_bound,
                                        .affinity = affinity,
                                        .hole = 1};

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
    .total_variation = total_variation,
    .affinity = affinity,
    .affinity_imaginary = affinity_imaginary,
    .affinity_supremum = affinity_supremum,
    .affinity_time = 300,
    .log_density = own_log_density,
};

const sb_noise_family sb_pareto_family = {
    .name = "pareto",
    .description = "symmetric Pareto noise with a hole (-xm, xm) in every coordinate",
    .density = "alpha xm^alpha/(2 |x|^(alpha+1)) for |x| >= xm",
    .source = "",
    .tail_class = "s^-alpha",
    .moments = "below alpha",
    .key = {{"alpha", "exponent of the tail; moments of order alpha and above are infinite", SB_KEY_POSITIVE},
            {"xm", "smallest |x|", SB_KEY_POSITIVE},
            {0}},
    .scale = 1,
    .product = &product,
};
