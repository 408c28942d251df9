/* Mass 1/n on each of the n points i - (n-1)/2, i = 0, ..., n-1. The law and its translate have points in
   common only if the shift is a whole number m < n; then n - m of them, all of loss 0: H(t) = (n-m)/n, and
   TV = m/n. A shift that is only known as a ball around m gives an enclosure that reaches from no common
   point to these. */
#include "distributions/family.h"

#include <math.h>

static unsigned traits(const sb_noise_spec *spec) {
    (void)spec;
    return SB_HAS_ATOMS;
}

static slong points(const sb_noise_spec *spec) {
    return fmpz_get_si(fmpq_numref(spec->value[0]));
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    (void)spec;
    (void)x;
    (void)precision;
    arb_zero(value);
}

/* low, high := the floor of x cut to [0, most], at the two ends of the ball; 0 when x is NaN. */
static int floors(slong *low, slong *high, const arb_t x, slong most, slong precision) {
    arf_t end;
    arf_init(end);
    arb_get_ubound_arf(end, x, precision);
    int fine = !arf_is_nan(end);
    if (fine) {
        slong *place[2] = {high, low};
        for (int i = 0; i < 2; i++) {
            if (i) arb_get_lbound_arf(end, x, precision);
            *place[i] = arf_sgn(end) < 0             ? 0
                        : arf_cmp_si(end, most) >= 0 ? most
                                                     : arf_get_si(end, ARF_RND_FLOOR);
        }
    }
    arf_clear(end);
    return fine;
}

/* value := hull of low/n and high/n */
static void fractions(arb_t value, slong low, slong high, slong n, slong precision) {
    arb_t last;
    arb_init(last);
    arb_set_si(value, low);
    arb_div_si(value, value, n, precision);
    if (high != low) {
        arb_set_si(last, high);
        arb_div_si(last, last, n, precision);
        arb_union(value, value, last, precision);
    }
    arb_clear(last);
}

/* The number of points up to x: floor(x + (n+1)/2) in [0, n]. */
static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    slong n = points(spec), low, high;
    arb_t place;
    arb_init(place);
    arb_set_si(place, n + 1);
    arb_mul_2exp_si(place, place, -1);
    arb_add(place, place, x, precision);
    if (floors(&low, &high, place, n, precision))
        fractions(value, low, high, n, precision);
    else
        arb_indeterminate(value);
    arb_clear(place);
}

/* Two sides: 2 (1 - F(s)) */
static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    arb_nonnegative_part(value, s);
    cdf(value, spec, value, precision);
    arb_sub_ui(value, value, 1, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_neg(value, value);
}

/* Point number ceil(n u) - 1 */
static void quantile(arb_t value, const sb_noise_spec *spec, const arb_t u, slong precision) {
    slong n = points(spec), low, high;
    arb_t last;
    arb_init(last);
    arb_mul_si(value, u, n, precision);
    arb_neg(value, value);
    arb_add_si(value, value, n, precision); /* n - n u, whose floor is n - ceil(n u) */
    if (floors(&low, &high, value, n - 1, precision)) {
        arb_set_si(value, n - 1 - 2 * low);
        arb_set_si(last, n - 1 - 2 * high);
        arb_union(value, value, last, precision);
        if (low == high) arb_set(value, last);
        arb_mul_2exp_si(value, value, -1);
    } else {
        arb_indeterminate(value);
    }
    arb_clear(last);
}

/* (2/n) sum of |x|^k over the points x > 0, which are c, c+1, ..., (n-1)/2 with c = 1 or 1/2: by the Hurwitz
   zeta function, zeta(-k, c) - zeta(-k, (n+1)/2). */
static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    slong n = points(spec);
    if (fmpq_is_zero(order)) {
        arb_one(value);
        return;
    }
    arb_t minus_order, end;
    arb_init(minus_order);
    arb_init(end);
    arb_set_fmpq(minus_order, order, precision);
    arb_neg(minus_order, minus_order);
    arb_set_si(end, n % 2 ? 2 : 1);
    arb_mul_2exp_si(end, end, -1);
    arb_hurwitz_zeta(value, minus_order, end, precision);
    arb_set_si(end, n + 1);
    arb_mul_2exp_si(end, end, -1);
    arb_hurwitz_zeta(end, minus_order, end, precision);
    arb_sub(value, value, end, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_div_si(value, value, n, precision);
    arb_clear(minus_order);
    arb_clear(end);
}

static double draw(const sb_noise_spec *spec, sb_random *random) {
    double n = (double)points(spec);
    return floor(n * sb_random_uniform(random)) - (n - 1) / 2;
}

/* The mass of the common points */
static void common(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    slong n = points(spec), low, high;
    arb_t flipped;
    arb_init(flipped);
    arb_sub_si(flipped, shift, n, precision);
    arb_neg(flipped, flipped); /* n - v, so that the floors are those of n - ceil(v) and n - floor(v) */
    if (!floors(&low, &high, flipped, n, precision))
        arb_unit_interval(value);
    else if (arb_is_int(shift))
        fractions(value, high, high, n, precision);
    else if (arb_contains_int(shift))
        fractions(value, 0, high, n, precision);
    else
        arb_zero(value);
    arb_clear(flipped);
}

static void total_variation(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    common(value, spec, shift, precision);
    arb_sub_ui(value, value, 1, precision);
    arb_neg(value, value);
}

/* H(t) and H(iy), constant */
static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision) {
    (void)t;
    common(value, spec, shift, precision);
}

static const sb_product_law product = {
    .traits = traits,
    .density = density,
    .cdf = cdf,
    .tail = tail,
    .quantile = quantile,
    .absolute_moment = absolute_moment,
    .draw = draw,
    .total_variation = total_variation,
    .affinity = affinity,
    .affinity_imaginary = affinity,
    .affinity_supremum = affinity,
    .affinity_time = 1,
};

const sb_noise_family sb_lattice_family = {
    .name = "lattice",
    .description = "uniform on equally spaced points centred at 0, in every coordinate",
    .density = "mass 1/points on each of (i - (points-1)/2) spacing, i = 0, ..., points-1",
    .source = "",
    .tail_class = "bounded",
    .moments = "all",
    .key = {{"points", "number of points", SB_KEY_COUNT},
            {"spacing", "distance of neighbouring points", SB_KEY_POSITIVE},
            {0}},
    .scale = 1,
    .product = &product,
};
