/* Logistic noise: density 1/(4 cosh(x/2)^2), distribution function 1/(1 + e^-x). For k > 0
     E|X|^k = 2 Gamma(k+1) (1 - 2^(1-k)) zeta(k),   2 log 2 for k = 1.
   Under sqrt(pq) dx the loss of the shift v is uniform on [-v, v] with the mass (v/2)/sinh(v/2), so
     H(t) = sin(vt)/(2t sinh(v/2)),   H(iy) = sinh(vy)/(2y sinh(v/2)).
   |sin x|/x decreases to its first zero, pi; beyond it is at most 1/x and at most |cos x| = 1/sqrt(1 + x^2)
   at the first solution 4.4934... of tan x = x, which is below 0.21724. */
#include "distributions/family.h"

#include "distributions/law_numerics.h"
#include "distributions/uniform_loss.h"

#include <math.h>

static unsigned traits(const sb_noise_spec *spec) {
    (void)spec;
    return SB_UNIMODAL | SB_LOG_CONCAVE;
}

/* 1/(2 + e^x + e^-x), by the smaller exponential */
static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    (void)spec;
    arb_t sum;
    arb_init(sum);
    arb_abs(sum, x);
    arb_neg(sum, sum);
    arb_exp(value, sum, precision);
    arb_add_ui(sum, value, 1, precision);
    arb_sqr(sum, sum, precision);
    arb_div(value, value, sum, precision);
    arb_clear(sum);
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    (void)spec;
    arb_neg(value, x);
    arb_exp(value, value, precision);
    arb_add_ui(value, value, 1, precision);
    arb_inv(value, value, precision);
}

static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    (void)spec;
    arb_exp(value, s, precision);
    arb_add_ui(value, value, 1, precision);
    arb_inv(value, value, precision);
    arb_mul_2exp_si(value, value, 1);
}

static void quantile(arb_t value, const sb_noise_spec *spec, const arb_t u, slong precision) {
    (void)spec;
    arb_t rest;
    arb_init(rest);
    arb_sub_ui(rest, u, 1, precision);
    arb_neg(rest, rest);
    arb_div(value, u, rest, precision);
    arb_log(value, value, precision);
    arb_clear(rest);
}

static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    (void)spec;
    slong work = precision + 2 * (slong)fmpz_bits(fmpq_denref(order)) + 10;
    arb_t k, factor;
    arb_init(k);
    arb_init(factor);
    arb_set_fmpq(k, order, work);
    if (fmpq_is_zero(order)) {
        arb_one(value);
    } else if (fmpq_is_one(order)) {
        arb_const_log2(value, precision);
        arb_mul_2exp_si(value, value, 1);
    } else {
        arb_sub_ui(value, k, 1, work); /* 1 - 2^(1-k) = -expm1((1-k) log 2) */
        arb_neg(value, value);
        arb_const_log2(factor, work);
        arb_mul(value, value, factor, work);
        arb_expm1(value, value, work);
        arb_neg(value, value);
        arb_zeta(factor, k, work);
        arb_mul(value, value, factor, work);
        arb_add_ui(k, k, 1, work);
        arb_gamma(k, k, work);
        arb_mul(value, value, k, precision);
        arb_mul_2exp_si(value, value, 1);
    }
    arb_clear(k);
    arb_clear(factor);
}

/* Pr(|X| > s) = w at s = log(2/w - 1) */
static double draw(const sb_noise_spec *spec, sb_random *random) {
    (void)spec;
    double w = sb_random_uniform(random), size = log1p(2 * (1 - w) / w);
    return sb_random_bits(random) >> 63 ? size : -size;
}

static void log_density_at(double *value, const sb_noise_spec *spec, const double *x, size_t count) {
    (void)spec;
    for (size_t i = 0; i < count; i++) value[i] = -fabs(x[i]) - 2 * log1p(exp(-fabs(x[i])));
}

/* ------------------------------------------------------------------ affinity */
/* body := (v/2)/sinh(v/2) */
static void body_mass(arb_t body, const arb_t shift, slong precision) {
    acb_t half;
    acb_init(half);
    arb_mul_2exp_si(acb_imagref(half), shift, -1);
    acb_sinc(half, half, precision); /* sinc(iz) = sinh(z)/z */
    arb_inv(body, acb_realref(half), precision);
    acb_clear(half);
}

static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision) {
    (void)spec;
    arb_t body;
    arb_init(body);
    body_mass(body, shift, precision);
    arb_mul(value, t, shift, precision);
    arb_sinc(value, value, precision);
    arb_mul(value, value, body, precision);
    arb_clear(body);
}

static void affinity_imaginary(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision) {
    (void)spec;
    acb_t angle;
    arb_t body;
    acb_init(angle);
    arb_init(body);
    body_mass(body, shift, precision);
    arb_mul(acb_imagref(angle), y, shift, precision);
    acb_sinc(angle, angle, precision);
    arb_mul(value, acb_realref(angle), body, precision);
    acb_clear(angle);
    arb_clear(body);
}

static void affinity_supremum(arb_t value, const sb_noise_spec *spec, const arb_t from, const arb_t shift,
                              slong precision) {
    (void)spec;
    arb_t x, bound, pi;
    arb_init(x);
    arb_init(bound);
    arb_init(pi);
    arb_mul(x, from, shift, precision);
    arb_const_pi(pi, precision);
    arb_set_ui(bound, 21724);
    arb_div_ui(bound, bound, 100000, precision);
    if (arb_gt(x, pi)) {
        arb_inv(x, x, precision);
        arb_min(bound, bound, x, precision);
    } else {
        arb_sinc(x, x, precision);
        arb_abs(x, x);
        arb_max(bound, bound, x, precision);
    }
    body_mass(value, shift, precision);
    arb_mul(value, value, bound, precision);
    arb_clear(x);
    arb_clear(bound);
    arb_clear(pi);
}

/* sin(x + z)/(x + z) (sign -1) or sinh(x + z)/(x + z) (sign 1) in z, for a ball |x| <= 4 that may contain 0:
   coefficient k is the sum over 2n >= k of sign^n binomial(2n, k) x^(2n-k)/(2n+1)!. From n = max(k, 8) on
   every term is less than half of the one before: the quotient is at most 4 x^2/((2n+3)(2n+2)). */
static void entire_series(arb_poly_t series, const arb_t x, int sign, slong length, slong precision) {
    slong terms = 8 + length + precision / 2;
    arb_ptr power = _arb_vec_init(2 * terms + 1);
    arb_t term, sum;
    fmpz_t binomial;
    mag_t rest;
    arb_init(term);
    arb_init(sum);
    fmpz_init(binomial);
    mag_init(rest);
    _arb_vec_set_powers(power, x, 2 * terms + 1, precision);
    arb_poly_zero(series);
    for (slong k = 0; k < length; k++) {
        arb_zero(sum);
        for (slong n = (k + 1) / 2; n <= terms; n++) {
            fmpz_bin_uiui(binomial, (ulong)(2 * n), (ulong)k);
            arb_mul_fmpz(term, power + (2 * n - k), binomial, precision);
            fmpz_fac_ui(binomial, (ulong)(2 * n + 1));
            arb_div_fmpz(term, term, binomial, precision);
            if (n % 2 && sign < 0) arb_neg(term, term);
            arb_get_mag(rest, term);
            if (n == terms || (n >= k && n >= 8 && mag_cmp_2exp_si(rest, -precision - 10) < 0)) {
                mag_mul_2exp_si(rest, rest, 1); /* this term and all after it */
                arb_add_error_mag(sum, rest);
                break;
            }
            arb_add(sum, sum, term, precision);
        }
        arb_poly_set_coeff_arb(series, k, sum);
    }
    _arb_vec_clear(power, 2 * terms + 1);
    arb_clear(term);
    arb_clear(sum);
    fmpz_clear(binomial);
    mag_clear(rest);
}

/* sin(fu)/(fu), or sinh(fu)/(fu), in u = shift + x, for a factor f */
static void quotient_series(arb_poly_t series, const arb_t factor, const arb_t shift, int sign, slong length,
                            slong precision) {
    arb_t x, power;
    arb_poly_t angle;
    mag_t size;
    arb_init(x);
    arb_init(power);
    arb_poly_init(angle);
    mag_init(size);
    arb_mul(x, factor, shift, precision);
    arb_get_mag(size, x);
    if (mag_cmp_2exp_si(size, 2) <= 0) {
        entire_series(angle, x, sign, length, precision);
        arb_poly_zero(series);
        arb_one(power);
        for (slong k = 0; k < length; k++) {
            arb_poly_get_coeff_arb(x, angle, k);
            arb_mul(x, x, power, precision);
            arb_poly_set_coeff_arb(series, k, x);
            arb_mul(power, power, factor, precision);
        }
    } else {
        arb_poly_set_coeff_arb(angle, 0, x);
        arb_poly_set_coeff_arb(angle, 1, factor);
        if (sign < 0) {
            arb_poly_sinc_series(series, angle, length, precision);
        } else {
            arb_poly_sinh_series(series, angle, length, precision);
            arb_poly_div_series(series, series, angle, length, precision);
        }
    }
    arb_clear(x);
    arb_clear(power);
    arb_poly_clear(angle);
    mag_clear(size);
}

/* log of (sin(tu)/(tu)) / (sinh(u/2)/(u/2)) in u = shift + x */
static void log_affinity_series(arb_poly_t series, const sb_noise_spec *spec, const arb_t t,
                                const arb_t shift, slong length, slong precision) {
    (void)spec;
    arb_t half;
    arb_poly_t body;
    arb_init(half);
    arb_poly_init(body);
    quotient_series(series, t, shift, -1, length, precision);
    arb_poly_log_series(series, series, length, precision);
    arb_set_d(half, 0.5);
    quotient_series(body, half, shift, 1, length, precision);
    arb_poly_log_series(body, body, length, precision);
    arb_poly_sub(series, series, body, precision);
    arb_clear(half);
    arb_poly_clear(body);
}

static void loss_masses(arb_t ends, arb_t body, const arb_t shift, slong precision) {
    arb_zero(ends);
    body_mass(body, shift, precision);
}

static void overlap_equal(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t shift,
                          const arb_t log_lambda, slong precision) {
    (void)spec;
    sb_uniform_loss_overlap(value, dimension, loss_masses, shift, log_lambda, precision);
}

/* G = -z - 2 log(1 + e^-z), and with -z for z; about Re z = 0 the logarithm of the product, 2 cosh(z/2), has
   no cut. Its derivative g = -tanh(z/2), then g2 = (g^2 - 1)/2 and g g2. */
static void log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length,
                        slong precision) {
    (void)spec;
    acb_t half;
    acb_init(half);
    acb_mul_2exp_si(half, z, -1);
    if (arb_contains_zero(acb_realref(z))) {
        acb_cosh(jet, half, precision);
        acb_mul_2exp_si(jet, jet, 1);
        acb_log_analytic(jet, jet, 1, precision);
    } else {
        if (arb_is_positive(acb_realref(z)))
            acb_neg(jet, z);
        else
            acb_set(jet, z);
        acb_exp(jet, jet, precision);
        acb_log1p(jet, jet, precision); /* |e^-|Re z|| < 1 */
        if (arb_is_positive(acb_realref(z)))
            acb_add(jet, jet, half, precision);
        else
            acb_sub(jet, jet, half, precision);
    }
    acb_mul_2exp_si(jet, jet, 1);
    acb_neg(jet, jet);
    if (length > 1) {
        acb_tanh(jet + 1, half, precision);
        acb_neg(jet + 1, jet + 1);
        acb_sqr(jet + 2, jet + 1, precision);
        acb_sub_ui(jet + 2, jet + 2, 1, precision);
        acb_mul_2exp_si(jet + 2, jet + 2, -1);
        acb_mul(jet + 3, jet + 1, jet + 2, precision);
    }
    acb_clear(half);
}

/* v */
static void loss_bound(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    (void)spec;
    arb_set_round(value, shift, precision);
}

static const sb_log_density analytic = {.log_density = log_density,
                                        .tail = tail,
                                        .loss_bound = loss_bound,
                                        .affinity = affinity,
                                        .analytic_at_zero = 1};

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
    .log_affinity_series = log_affinity_series,
    .overlap_equal = overlap_equal,
    .log_density = own_log_density,
};

const sb_noise_family sb_logistic_family = {
    .name = "logistic",
    .description = "logistic noise in every coordinate",
    .density = "1/(4 scale cosh(x/(2 scale))^2)",
    .source = "",
    .tail_class = "exponential",
    .moments = "all",
    .key = {{"scale", "scale; a coordinate has standard deviation scale pi/sqrt(3)", SB_KEY_POSITIVE}, {0}},
    .scale = 0,
    .product = &product,
};
