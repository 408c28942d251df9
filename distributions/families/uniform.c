/* Uniform on [-1, 1] in every coordinate: on the cube. p = q where both are positive, so H is constant: (1 - v/2)_+. */
#include "distributions/family.h"

#include "distributions/shift.h"

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

static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift, slong precision) {
    (void)t;
    arb_mul_2exp_si(value, shift, -1);
    tail(value, spec, value, precision);
}

static const sb_product_law product = {
    .traits = traits,
    .density = density,
    .cdf = cdf,
    .tail = tail,
    .quantile = quantile,
    .absolute_moment = absolute_moment,
    .draw = draw,
    .affinity = affinity,
    .affinity_supremum = affinity,
};

const sb_noise_family sb_uniform_family = {
    .name = "uniform",
    .description = "uniform on the l_inf ball [-r, r]^d",
    .density = "1/(2r) for |x| <= r",
    .source = "",
    .key = {{"r", "half the side of the cube", SB_KEY_POSITIVE}, {0}},
    .scale = 0,
    .product = &product,
};
