/* With scale a the law of a coordinate is that of a X, X at unit scale: density f(x/a)/a, distribution function F(x/a), moments
   a^k E|X|^k. sigma= gives a = sigma/sqrt(E X_1^2). */
#include "distributions/noise.h"

#include "distributions/law_numerics.h"
#include "support/text.h"

#include <stdlib.h>

/* E|X_1|^order at unit scale. */
static void unit_moment(arb_t value, const sb_noise_spec *noise, uint64_t dimension, const fmpq_t order,
                        slong precision) {
    const sb_noise_family *f = noise->family;
    if (fmpq_is_zero(order))
        arb_one(value);
    else if (f->product)
        f->product->absolute_moment(value, noise, order, precision);
    else
        f->radial->coordinate_moment(value, noise, dimension, order, precision);
}

static void unit_second_moment(arb_t value, const sb_noise_spec *noise, uint64_t dimension, slong precision) {
    fmpq_t two;
    fmpq_init(two);
    fmpq_set_si(two, 2, 1);
    unit_moment(value, noise, dimension, two, precision);
    fmpq_clear(two);
}

static sb_status check_deviation(const sb_noise_spec *noise, uint64_t dimension, sb_error *error) {
    arb_t moment;
    sb_status status = SB_OK;
    arb_init(moment);
    unit_second_moment(moment, noise, dimension, 64);
    if (!arb_is_finite(moment)) {
        char *sigma = sb_rational_print(noise->deviation);
        status = sb_fail(error, SB_BAD_INPUT,
                         "%s:sigma '%.60s': this noise has no second moment, so no sigma; give %s instead",
                         noise->family->name, sigma ? sigma : "?",
                         noise->family->key[noise->family->scale].name);
        free(sigma);
    }
    arb_clear(moment);
    return status;
}

sb_status sb_noise_deviation_exists(const sb_noise_spec *noise, sb_error *error) {
    if (noise->scale_given != 2 || !noise->family->product) return SB_OK;
    return check_deviation(noise, 1, error);
}

sb_status sb_noise_domain(const sb_noise_spec *noise, uint64_t dimension, sb_error *error) {
    const sb_radial_law *radial = noise->family->radial;
    if (radial && radial->domain) {
        sb_status status = radial->domain(noise, dimension, error);
        if (status) return status;
    }
    return noise->scale_given == 2 ? check_deviation(noise, dimension, error) : SB_OK;
}

void sb_noise_scale(arb_t scale, const sb_noise_spec *noise, uint64_t dimension, slong precision) {
    if (noise->family->scale < 0 || !noise->scale_given) {
        arb_one(scale);
    } else if (noise->scale_given == 1) {
        arb_set_fmpq(scale, noise->value[noise->family->scale], precision);
    } else {
        arb_t sigma;
        arb_init(sigma);
        arb_set_fmpq(sigma, noise->deviation, precision);
        unit_second_moment(scale, noise, dimension, precision);
        arb_rsqrt(scale, scale, precision);
        arb_mul(scale, scale, sigma, precision);
        arb_clear(sigma);
    }
}

/* ------------------------------------------------------------------ one coordinate */
void sb_noise_density(arb_t value, const sb_noise_spec *noise, const arb_t x, slong precision) {
    const sb_product_law *law = noise->family->product;
    arb_t scale, y;
    if (!law) {
        arb_indeterminate(value);
        return;
    }
    arb_init(scale);
    arb_init(y);
    sb_noise_scale(scale, noise, 1, precision);
    arb_div(y, x, scale, precision);
    law->density(value, noise, y, precision);
    arb_div(value, value, scale, precision);
    arb_clear(scale);
    arb_clear(y);
}

/* F at unit scale from the tail, x on one side of 0: T(-x)/2 or 1 - T(x)/2. */
static void radial_side(arb_t value, const sb_noise_spec *noise, uint64_t dimension, const arb_t x,
                        slong precision) {
    int upper = arb_is_nonnegative(x);
    arb_abs(value, x);
    noise->family->radial->coordinate_tail(value, noise, dimension, value, precision);
    arb_mul_2exp_si(value, value, -1);
    if (!upper) return;
    arb_sub_ui(value, value, 1, precision);
    arb_neg(value, value);
}

static void radial_cdf(arb_t value, const sb_noise_spec *noise, uint64_t dimension, const arb_t x,
                       slong precision) {
    arb_t low, high;
    if (!arb_contains_zero(x)) {
        radial_side(value, noise, dimension, x, precision);
        return;
    }
    arb_init(low);
    arb_init(high);
    arb_get_lbound_arf(arb_midref(low), x, precision);
    arb_get_ubound_arf(arb_midref(high), x, precision);
    radial_side(low, noise, dimension, low, precision);
    radial_side(high, noise, dimension, high, precision);
    arb_union(value, low, high, precision);
    arb_clear(low);
    arb_clear(high);
}

void sb_noise_cdf(arb_t value, const sb_noise_spec *noise, uint64_t dimension, const arb_t x,
                  slong precision) {
    const sb_product_law *law = noise->family->product;
    arb_t scale, y;
    arb_init(scale);
    arb_init(y);
    sb_noise_scale(scale, noise, dimension, precision);
    arb_div(y, x, scale, precision);
    if (law)
        law->cdf(value, noise, y, precision);
    else
        radial_cdf(value, noise, dimension, y, precision);
    arb_clear(scale);
    arb_clear(y);
}

void sb_noise_quantile(arb_t value, const sb_noise_spec *noise, uint64_t dimension, const arb_t u,
                       slong precision) {
    const sb_product_law *law = noise->family->product;
    arb_t scale;
    arb_init(scale);
    if (law && law->quantile)
        law->quantile(value, noise, u, precision);
    else
        sb_law_quantile(value, noise, dimension, u, precision);
    sb_noise_scale(scale, noise, dimension, precision);
    arb_mul(value, value, scale, precision);
    arb_clear(scale);
}

void sb_noise_tail(arb_t value, const sb_noise_spec *noise, uint64_t dimension, const arb_t s,
                   slong precision) {
    const sb_noise_family *f = noise->family;
    arb_t scale, y;
    arb_init(scale);
    arb_init(y);
    sb_noise_scale(scale, noise, dimension, precision);
    arb_div(y, s, scale, precision);
    if (f->product)
        f->product->tail(value, noise, y, precision);
    else
        f->radial->coordinate_tail(value, noise, dimension, y, precision);
    arb_clear(scale);
    arb_clear(y);
}

void sb_noise_absolute_moment(arb_t value, const sb_noise_spec *noise, uint64_t dimension, const fmpq_t order,
                              slong precision) {
    arb_t scale;
    arb_init(scale);
    unit_moment(value, noise, dimension, order, precision);
    if (arb_is_finite(value) && !fmpq_is_zero(order)) {
        sb_noise_scale(scale, noise, dimension, precision);
        arb_pow_fmpq(scale, scale, order, precision);
        arb_mul(value, value, scale, precision);
    }
    arb_clear(scale);
}

void sb_noise_variance(arb_t value, const sb_noise_spec *noise, uint64_t dimension, slong precision) {
    fmpq_t two;
    fmpq_init(two);
    fmpq_set_si(two, 2, 1);
    if (noise->scale_given == 2) {
        fmpq_mul(two, noise->deviation, noise->deviation);
        arb_set_fmpq(value, two, precision);
    } else {
        sb_noise_absolute_moment(value, noise, dimension, two, precision);
    }
    fmpq_clear(two);
}

unsigned sb_noise_traits(const sb_noise_spec *noise) {
    return noise->family->product ? noise->family->product->traits(noise) : 0;
}

void sb_noise_draw(const sb_noise_spec *noise, uint64_t dimension, uint64_t seed, uint64_t sample, double *x) {
    const sb_noise_family *f = noise->family;
    arb_t ball;
    arb_init(ball);
    sb_noise_scale(ball, noise, dimension, 64);
    double scale = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
    arb_clear(ball);
    if (!f->product) {
        f->radial->draw(noise, dimension, seed, sample, x);
    } else {
        for (uint64_t i = 0; i < dimension; i++) {
            sb_random random = sb_random_at(seed, sample, (uint32_t)i);
            x[i] = f->product->draw(noise, &random);
        }
    }
    for (uint64_t i = 0; i < dimension; i++) x[i] *= scale;
}
