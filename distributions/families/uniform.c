/* Uniform on [-1, 1] in every coordinate: on the cube. p = q where both are positive, so H is constant: (1 -
 * v/2)_+. */
#include "distributions/family.h"

#include "distributions/law_numerics.h"
#include "distributions/shift.h"

#include <math.h>

static unsigned traits(const sb_noise_spec *spec) {
    (void)spec;
    return SB_UNIMODAL | SB_LOG_CONCAVE;
}

/* Cuts x to [-1, 1]. */
static void clip(arb_t value, const arb_t x, slong precision) {
    arb_t one;
    arb_init(one);
    arb_one(one);
    arb_min(value, x, one, precision);
    arb_neg(one, one);
    arb_max(value, value, one, precision);
    arb_clear(one);
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    (void)spec;
    arb_t size, one;
    arb_init(size);
    arb_init(one);
    arb_one(one);
    arb_abs(size, x);
    arb_set_d(value, 0.5);
    if (arb_gt(size, one))
        arb_zero(value);
    else if (!arb_le(size, one)) {
        arb_zero(one);
        arb_union(value, value, one, precision);
    }
    arb_clear(size);
    arb_clear(one);
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    (void)spec;
    clip(value, x, precision);
    arb_add_ui(value, value, 1, precision);
    arb_mul_2exp_si(value, value, -1);
}

/* Pr(|X| > s) = (1 - s)_+ */
static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    (void)spec;
    clip(value, s, precision);
    arb_sub_ui(value, value, 1, precision);
    arb_neg(value, value);
}

static void quantile(arb_t value, const sb_noise_spec *spec, const arb_t u, slong precision) {
    (void)spec;
    arb_mul_2exp_si(value, u, 1);
    arb_sub_ui(value, value, 1, precision);
}

/* E|X|^k = 1/(k + 1) */
static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    (void)spec;
    arb_set_fmpq(value, order, precision);
    arb_add_ui(value, value, 1, precision);
    arb_inv(value, value, precision);
}

static double draw(const sb_noise_spec *spec, sb_random *random) {
    (void)spec;
    return 2 * sb_random_uniform(random) - 1;
}

static void log_density_at(double *value, const sb_noise_spec *spec, const double *x, size_t count) {
    (void)spec;
    for (size_t i = 0; i < count; i++) value[i] = fabs(x[i]) <= 1 ? 0 : -HUGE_VAL;
}

/* ------------------------------------------------------------------ as a product law */
static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision) {
    (void)t;
    arb_t half;
    arb_init(half);
    arb_mul_2exp_si(half, shift, -1);
    tail(value, spec, half, precision);
    arb_clear(half);
}

/* log(1 - u/2) in u = shift + x */
static void log_affinity_series(arb_poly_t series, const sb_noise_spec *spec, const arb_t t,
                                const arb_t shift, slong length, slong precision) {
    arb_t coefficient;
    arb_init(coefficient);
    arb_poly_zero(series);
    affinity(coefficient, spec, t, shift, precision);
    arb_poly_set_coeff_arb(series, 0, coefficient);
    arb_set_d(coefficient, -0.5);
    arb_poly_set_coeff_arb(series, 1, coefficient);
    arb_poly_log_series(series, series, length, precision);
    arb_clear(coefficient);
}

/* Constant where it is finite */
static void log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length,
                        slong precision) {
    (void)spec;
    (void)z;
    (void)precision;
    for (slong k = 0; k < length; k++) acb_zero(jet + k);
}

/* -log 2 */
static void log_constant(arb_t value, const sb_noise_spec *spec, slong precision) {
    (void)spec;
    arb_const_log2(value, precision);
    arb_neg(value, value);
}

static const sb_log_density analytic = {.log_density = log_density,
                                        .log_constant = log_constant,
                                        .tail = tail,
                                        .affinity = affinity,
                                        .analytic_at_zero = 1,
                                        .edge = 1};

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
    .affinity_imaginary = affinity,
    .affinity_supremum = affinity,
    .log_affinity_series = log_affinity_series,
    .log_density = own_log_density,
};

/* ------------------------------------------------------------------ as a law whose level sets are cubes */
/* E||X||^k = d/(d + k) */
static void norm_moment(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                        slong precision) {
    (void)spec;
    fmpq_t ratio;
    fmpq_init(ratio);
    fmpz_set_ui(fmpq_numref(ratio), dimension);
    fmpq_div(ratio, order, ratio);
    fmpq_add_ui(ratio, ratio, 1);
    fmpq_inv(ratio, ratio);
    arb_set_fmpq(value, ratio, precision);
    fmpq_clear(ratio);
}

/* 1 - s^d, from 1/2 on as -expm1(d log s) */
static void norm_tail(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                      slong precision) {
    (void)spec;
    arb_t inside, half;
    arb_init(inside);
    arb_init(half);
    clip(inside, s, precision + 64);
    arb_set_d(half, 0.5);
    if (arb_gt(inside, half)) {
        arb_log(value, inside, precision + 64);
        arb_mul_ui(value, value, dimension, precision + 64);
        arb_expm1(value, value, precision);
    } else {
        arb_pow_ui(value, inside, dimension, precision);
        arb_sub_ui(value, value, 1, precision);
    }
    arb_neg(value, value);
    arb_clear(inside);
    arb_clear(half);
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

static void overlap(arb_t value, const sb_noise_spec *spec, const sb_shift *shift, const arb_t factor,
                    slong precision) {
    arb_t length, sum;
    int empty = 0;
    arb_init(length);
    arb_init(sum);
    for (size_t i = 0; i < shift->group_count && !empty; i++) {
        sb_shift_length(length, shift, i, precision + 70);
        arb_mul(length, length, factor, precision + 70);
        affinity(value, spec, NULL, length, precision + 70);
        empty = !arb_is_positive(value);
        if (empty) break; /* 0, or it may be */
        arb_mul_2exp_si(length, length, -1);
        arb_neg(length, length);
        arb_log1p(length, length, precision + 70);
        arb_mul_ui(length, length, shift->group[i].count, precision + 70);
        arb_add(sum, sum, length, precision + 70);
    }
    if (!empty) arb_exp(value, sum, precision);
    arb_clear(length);
    arb_clear(sum);
}

static void draw_vector(const sb_noise_spec *spec, uint64_t dimension, uint64_t seed, uint64_t stream,
                        double *x) {
    for (uint64_t i = 0; i < dimension; i++) {
        sb_random random = sb_random_at(seed, stream, (uint32_t)i);
        x[i] = draw(spec, &random);
    }
}

static const sb_radial_law radial = {
    .infinity_norm = 1,
    .norm_moment = norm_moment,
    .norm_tail = norm_tail,
    .coordinate_moment = coordinate_moment,
    .coordinate_tail = coordinate_tail,
    .overlap = overlap,
    .draw = draw_vector,
};

const sb_noise_family sb_uniform_family = {
    .name = "uniform",
    .description = "uniform on the l_inf ball [-r, r]^d",
    .density = "1/(2r) for |x| <= r",
    .source =
        "Yang, Duan, Hu, Salman, Razenshteyn, Li, \"Randomized smoothing of all shapes and sizes\", 2020",
    .tail_class = "bounded",
    .moments = "all",
    .key = {{"r", "half the side of the cube", SB_KEY_POSITIVE}, {0}},
    .scale = 0,
    .product = &product,
    .radial = &radial,
};
