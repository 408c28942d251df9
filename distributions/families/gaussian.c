/* N(0, 1) in every coordinate: density exp(-x^2/2)/sqrt(2 pi), also a function of ||x||_2 only.
   Loss l = log(p/q) = v^2/2 - v x: H(t) = exp(-(1/4 + t^2) v^2/2), entire in t. */
#include "distributions/family.h"

#include "distributions/law_numerics.h"
#include "distributions/shift.h"
#include "support/enclosure.h"

static unsigned traits(const sb_noise_spec *spec) {
    (void)spec;
    return SB_UNIMODAL | SB_LOG_CONCAVE;
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    (void)spec;
    arb_t root;
    arb_init(root);
    arb_const_pi(root, precision);
    arb_mul_2exp_si(root, root, 1);
    arb_rsqrt(root, root, precision);
    arb_sqr(value, x, precision);
    arb_mul_2exp_si(value, value, -1);
    arb_neg(value, value);
    arb_exp(value, value, precision);
    arb_mul(value, value, root, precision);
    arb_clear(root);
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    (void)spec;
    sb_normal_cdf(value, x, precision);
}

static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    (void)spec;
    arb_t half;
    arb_init(half);
    arb_set_d(half, 0.5);
    arb_sqrt(half, half, precision);
    arb_mul(value, s, half, precision);
    arb_hypgeom_erfc(value, value, precision);
    arb_clear(half);
}

static void quantile(arb_t value, const sb_noise_spec *spec, const arb_t u, slong precision) {
    (void)spec;
    sb_normal_quantile(value, u, precision);
}

/* E|X|^k = 2^(k/2) Gamma((k+1)/2)/sqrt(pi). */
static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    (void)spec;
    arb_t k, factor;
    arb_init(k);
    arb_init(factor);
    arb_set_fmpq(k, order, precision);
    arb_mul_2exp_si(k, k, -1);
    arb_const_log2(factor, precision);
    arb_mul(factor, factor, k, precision);
    arb_exp(factor, factor, precision);
    arb_set_d(value, 0.5);
    arb_add(value, value, k, precision);
    arb_gamma(value, value, precision);
    arb_mul(value, value, factor, precision);
    arb_const_pi(factor, precision);
    arb_rsqrt(factor, factor, precision);
    arb_mul(value, value, factor, precision);
    arb_clear(k);
    arb_clear(factor);
}

static double draw(const sb_noise_spec *spec, sb_random *random) {
    (void)spec;
    return sb_random_normal(random);
}

static void log_density_at(double *value, const sb_noise_spec *spec, const double *x, size_t count) {
    (void)spec;
    for (size_t i = 0; i < count; i++) value[i] = -x[i] * x[i] / 2;
}

/* exp(-(1/4 + sign t^2) v^2/2) */
static void exponential(arb_t value, const arb_t t, int sign, const arb_t shift, slong precision) {
    arb_t square;
    arb_init(square);
    arb_sqr(value, t, precision);
    if (sign < 0) arb_neg(value, value);
    arb_mul_2exp_si(value, value, 2);
    arb_add_ui(value, value, 1, precision);
    arb_sqr(square, shift, precision);
    arb_mul(value, value, square, precision);
    arb_mul_2exp_si(value, value, -3);
    arb_neg(value, value);
    arb_exp(value, value, precision);
    arb_clear(square);
}

static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift, slong precision) {
    (void)spec;
    exponential(value, t, 1, shift, precision);
}

static void affinity_imaginary(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision) {
    (void)spec;
    exponential(value, y, -1, shift, precision);
}

/* log H = -(1/8 + t^2/2)(v + x)^2. */
static void log_affinity_series(arb_poly_t series, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                                slong length, slong precision) {
    (void)spec;
    arb_t factor;
    arb_init(factor);
    arb_poly_zero(series);
    arb_poly_set_coeff_arb(series, 0, shift);
    arb_poly_set_coeff_si(series, 1, 1);
    arb_poly_mullow(series, series, series, length, precision);
    arb_sqr(factor, t, precision);
    arb_mul_2exp_si(factor, factor, 2);
    arb_add_ui(factor, factor, 1, precision);
    arb_mul_2exp_si(factor, factor, -3);
    arb_neg(factor, factor);
    arb_poly_scalar_mul(series, series, factor, precision);
    arb_clear(factor);
}

/* -z^2/2 and derivatives */
static void log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length, slong precision) {
    (void)spec;
    acb_sqr(jet, z, precision);
    acb_mul_2exp_si(jet, jet, -1);
    acb_neg(jet, jet);
    if (length > 1) {
        acb_neg(jet + 1, z);
        acb_set_si(jet + 2, -1);
        acb_zero(jet + 3);
    }
}

/* -log(2 pi)/2 */
static void log_constant(arb_t value, const sb_noise_spec *spec, slong precision) {
    (void)spec;
    arb_const_pi(value, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_log(value, value, precision);
    arb_mul_2exp_si(value, value, -1);
    arb_neg(value, value);
}

static const sb_log_density analytic = {.log_density = log_density,
                                        .log_constant = log_constant,
                                        .tail = tail,
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
    .affinity_supremum = affinity, /* H decreases */
    .log_affinity_series = log_affinity_series,
    .log_density = own_log_density,
};

/* ||X||_2^2 is chi-square with d degrees of freedom: E||X||^k = 2^(k/2) Gamma((d+k)/2)/Gamma(d/2). */
static void norm_moment(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                        slong precision) {
    (void)spec;
    arb_t half, k;
    arb_init(half);
    arb_init(k);
    arb_set_ui(half, dimension);
    arb_mul_2exp_si(half, half, -1);
    arb_set_fmpq(k, order, precision);
    arb_mul_2exp_si(k, k, -1);
    arb_rising(value, half, k, precision); /* Gamma(half + k)/Gamma(half) */
    arb_const_log2(half, precision);
    arb_mul(half, half, k, precision);
    arb_exp(half, half, precision);
    arb_mul(value, value, half, precision);
    arb_clear(half);
    arb_clear(k);
}

static void norm_tail(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                      slong precision) {
    (void)spec;
    arb_t half, x;
    arb_init(half);
    arb_init(x);
    arb_set_ui(half, dimension);
    arb_mul_2exp_si(half, half, -1);
    arb_sqr(x, s, precision);
    arb_mul_2exp_si(x, x, -1);
    arb_hypgeom_gamma_upper(value, half, x, 1, precision);
    arb_clear(half);
    arb_clear(x);
}

static void coordinate_moment(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                              slong precision) {
    (void)dimension;
    absolute_moment(value, spec, order, precision);
}

static void coordinate_tail(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                            slong precision) {
    (void)dimension;
    tail(value, spec, s, precision);
}

/* 1 - TV = Pr(|X_1| > |v|_2/2) = erfc(|v|_2/(2 sqrt 2)). */
static void overlap(arb_t value, const sb_noise_spec *spec, const sb_shift *shift, const arb_t factor,
                    slong precision) {
    sb_shift_euclidean(value, shift, precision);
    arb_mul(value, value, factor, precision);
    arb_mul_2exp_si(value, value, -1);
    tail(value, spec, value, precision);
}

static void draw_vector(const sb_noise_spec *spec, uint64_t dimension, uint64_t seed, uint64_t stream,
                        double *x) {
    for (uint64_t i = 0; i < dimension; i++) {
        sb_random random = sb_random_at(seed, stream, (uint32_t)i);
        x[i] = draw(spec, &random);
    }
}

static const sb_radial_law radial = {
    .infinity_norm = 0,
    .norm_moment = norm_moment,
    .norm_tail = norm_tail,
    .coordinate_moment = coordinate_moment,
    .coordinate_tail = coordinate_tail,
    .overlap = overlap,
    .draw = draw_vector,
};

const sb_noise_family sb_gaussian_family = {
    .name = "gaussian",
    .description = "N(0, sigma^2 I)",
    .density = "exp(-x^2/(2 sigma^2))/(sigma sqrt(2 pi))",
    .source = "Cohen, Rosenfeld, Kolter, \"Certified adversarial robustness via randomized smoothing\", 2019",
    .tail_class = "Gaussian",
    .moments = "all",
    .key = {{"sigma", "standard deviation of a coordinate", SB_KEY_POSITIVE}, {0}},
    .scale = 0,
    .product = &product,
    .radial = &radial,
};
