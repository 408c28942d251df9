/* Uniform on the unit l_2 ball: ||X|| has density d r^(d-1), X_1 density ~ (1-x^2)^((d-1)/2), so that
   Pr(|X_1| <= s) = I_{s^2}(1/2, (d+1)/2). The density is the larger the nearer to 0, so 1 - TV = Pr(|X_1| >
   |v|_2/2). */
#include "distributions/radial.h"

#include "distributions/family.h"

#include <math.h>

/* E||X||^k = d/(d + k) */
static void norm_moment(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                        slong precision) {
    (void)spec;
    fmpq_t d, sum;
    fmpq_init(d);
    fmpq_init(sum);
    fmpz_set_ui(fmpq_numref(d), dimension);
    fmpq_add(sum, d, order);
    fmpq_div(sum, d, sum);
    arb_set_fmpq(value, sum, precision);
    fmpq_clear(d);
    fmpq_clear(sum);
}

/* 1 - s^d */
static void norm_beyond(arb_t value, const void *dimension, const arb_t s, slong precision) {
    const uint64_t *d = dimension;
    slong work = precision + 70;
    arb_t rest;
    arb_init(rest);
    arb_sub_ui(rest, s, 1, work);
    if (arb_is_nonnegative(rest)) {
        arb_zero(value);
    } else {
        arb_log1p(value, rest, work);
        arb_mul_ui(value, value, *d, work);
        arb_expm1(value, value, precision);
        arb_neg(value, value);
        arb_nonnegative_part(value, value);
    }
    arb_clear(rest);
}

static void norm_tail(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                      slong precision) {
    (void)spec;
    sb_decreasing(value, norm_beyond, &dimension, s, precision);
}

static void coordinate_moment(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                              slong precision) {
    arb_t factor;
    arb_init(factor);
    sb_sphere_moment(factor, dimension, order, precision + 10);
    norm_moment(value, spec, dimension, order, precision + 10);
    arb_mul(value, value, factor, precision);
    arb_clear(factor);
}

static void coordinate_tail(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                            slong precision) {
    (void)spec;
    sb_ball_tail(value, dimension, s, precision);
}

static void overlap(arb_t value, const sb_noise_spec *spec, const sb_shift *shift, const arb_t factor,
                    slong precision) {
    (void)spec;
    arb_t s;
    arb_init(s);
    sb_shift_euclidean(s, shift, precision + 10);
    arb_mul(s, s, factor, precision + 10);
    arb_mul_2exp_si(s, s, -1);
    sb_ball_tail(value, shift->dimension, s, precision);
    arb_clear(s);
}

/* ||X|| is U^(1/d). */
static void draw(const sb_noise_spec *spec, uint64_t dimension, uint64_t seed, uint64_t stream, double *x) {
    (void)spec;
    sb_random random = sb_random_radius(seed, stream);
    sb_draw_on_sphere(x, dimension, pow(sb_random_uniform(&random), 1 / (double)dimension), seed, stream);
}

static const sb_radial_law radial = {
    .infinity_norm = 0,
    .norm_moment = norm_moment,
    .norm_tail = norm_tail,
    .coordinate_moment = coordinate_moment,
    .coordinate_tail = coordinate_tail,
    .overlap = overlap,
    .draw = draw,
};

const sb_noise_family sb_l2_ball_family = {
    .name = "l2-ball",
    .description = "uniform on the l_2 ball of radius r",
    .density = "constant for ||x||_2 <= r",
    .source =
        "Yang, Duan, Hu, Salman, Razenshteyn, Li, \"Randomized smoothing of all shapes and sizes\", 2020",
    .tail_class = "bounded",
    .moments = "all",
    .key = {{"r", "radius of the ball", SB_KEY_POSITIVE}, {0}},
    .scale = 0,
    .radial = &radial,
};
