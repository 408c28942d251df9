/* Cauchy noise: density 1/(pi (1 + x^2)), Pr(|X| > s) = (2/pi) atan(1/s), E|X|^k = 1/cos(pi k/2) for k < 1,
   else infinite. H(t) = F(1/2 + it, 1/2 - it; 1; -v^2/4) = P_(-1/2+it)(cosh M),   M = 2 asinh(v/2), Gauss's
   hypergeometric function and Legendre's, and H(iy) = F(1/2 - y, 1/2 + y; 1; -v^2/4). The loss lies in [-M,
   M] and by the Mehler-Dirichlet formula it has the density f(s) = 1/(pi sqrt(2 (cosh M - cosh s)))   under
   sqrt(pq) dx. H decreases on [0, pi/M], since H' is minus the integral of s f(s) sin(ts). For 0 < b < M, by
   parts over |s| < b, where f increases in |s|, and with cosh M - cosh s >= (M^2 - s^2) sinh(b)/(2b) beyond
   (cosh is convex as a function of s^2), |H(t)| <= c(t) = (4 f(b) - 2 f(0))/t + (2/pi) sqrt(b/sinh b)
   acos(b/M), and since |H/H(0)|^2 is a characteristic function, 1 - |H(t)/H(0)|^2 >= 4^-k (1 - (c(2^k
   t)/H(0))^2) for k >= 0. */
#include "distributions/from_tail.h"
#include "distributions/law_numerics.h"

#include <math.h>

static unsigned traits(const sb_noise_spec *spec) {
    (void)spec;
    return SB_UNIMODAL;
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    (void)spec;
    arb_t pi;
    arb_init(pi);
    arb_sqr(value, x, precision);
    arb_add_ui(value, value, 1, precision);
    arb_const_pi(pi, precision);
    arb_mul(value, value, pi, precision);
    arb_inv(value, value, precision);
    arb_clear(pi);
}

/* 1 - (2/pi) atan(s), or (2/pi) atan(1/s) */
static void tail_at(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    (void)spec;
    arb_t factor;
    arb_init(factor);
    arb_const_pi(factor, precision);
    arb_mul_2exp_si(factor, factor, -1);
    int near = arf_cmp_2exp_si(arb_midref(s), 0) < 0;
    if (near) {
        arb_atan(value, s, precision);
    } else {
        arb_inv(value, s, precision);
        arb_atan(value, value, precision);
    }
    arb_div(value, value, factor, precision);
    if (near) {
        arb_sub_ui(value, value, 1, precision);
        arb_neg(value, value);
    }
    arb_clear(factor);
}

static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    sb_law_from_ends(value, tail_at, spec, s, precision);
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    sb_cdf_from_tail(value, tail, spec, x, precision);
}

/* -cot(pi u) */
static void quantile(arb_t value, const sb_noise_spec *spec, const arb_t u, slong precision) {
    (void)spec;
    arb_cot_pi(value, u, precision);
    arb_neg(value, value);
}

static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    (void)spec;
    if (fmpq_cmp_ui(order, 1) >= 0) {
        arb_pos_inf(value);
        return;
    }
    fmpq_t half;
    fmpq_init(half);
    fmpq_div_2exp(half, order, 1);
    arb_cos_pi_fmpq(value, half, precision);
    arb_inv(value, value, precision);
    fmpq_clear(half);
}

/* Pr(|X| > s) = w at s = 1/tan(pi w/2) */
static double draw(const sb_noise_spec *spec, sb_random *random) {
    (void)spec;
    double size = 1 / tan(M_PI_2 * sb_random_uniform(random));
    return sb_random_bits(random) >> 63 ? size : -size;
}

static void log_density_at(double *value, const sb_noise_spec *spec, const double *x, size_t count) {
    (void)spec;
    for (size_t i = 0; i < count; i++) value[i] = -log1p(x[i] * x[i]);
}

/* ------------------------------------------------------------------ affinity */
/* M = 2 asinh(v/2) */
static void loss_range(arb_t range, const arb_t shift, slong precision) {
    arb_mul_2exp_si(range, shift, -1);
    arb_asinh(range, range, precision);
    arb_mul_2exp_si(range, range, 1);
}

/* value := F(1/2 + offset, 1/2 - offset; 1; -v^2/4) at a point, with an error of about 2^-precision/(1 + v)
   or relatively 2^-precision. The series cancel for large t. */
static void legendre(arb_t value, const acb_t offset, const arb_t shift, slong precision) {
    acb_t a, b, z, one, result;
    mag_t error;
    acb_init(a);
    acb_init(b);
    acb_init(z);
    acb_init(one);
    acb_init(result);
    mag_init(error);
    arb_set_d(acb_realref(a), 0.5);
    acb_sub(b, a, offset, ARF_PREC_EXACT);
    acb_add(a, a, offset, ARF_PREC_EXACT);
    acb_one(one);
    for (slong work = precision + 20; work < 40 * precision + 4000; work *= 2) {
        arb_sqr(acb_realref(z), shift, work);
        acb_mul_2exp_si(z, z, -2);
        acb_neg(z, z);
        acb_hypgeom_2f1(result, a, b, one, z, 0, work);
        arb_add_ui(acb_realref(z), shift, 1, 30);
        arb_get_mag(error, acb_realref(z));
        mag_mul(error, error, arb_radref(acb_realref(result)));
        if (arb_rel_accuracy_bits(acb_realref(result)) >= precision || mag_cmp_2exp_si(error, -precision) < 0)
            break;
    }
    arb_swap(value, acb_realref(result));
    acb_clear(a);
    acb_clear(b);
    acb_clear(z);
    acb_clear(one);
    acb_clear(result);
    mag_clear(error);
}

/* At the middle of both balls: |dH/dt| <= M H(0) <= M, and |dH/dv| <= 1/2 + t because |(log p)'| <= 1. */
static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision) {
    (void)spec;
    acb_t offset;
    arb_t v, slope;
    mag_t error;
    acb_init(offset);
    arb_init(v);
    arb_init(slope);
    mag_init(error);
    arb_get_mid_arb(acb_imagref(offset), t);
    arb_get_mid_arb(v, shift);
    legendre(v, offset, v, precision);
    loss_range(slope, shift, 30);
    arb_get_mag(error, slope);
    mag_mul(error, error, arb_radref(t));
    arb_add_error_mag(v, error);
    arb_abs(slope, t);
    arb_add_ui(slope, slope, 1, 30);
    arb_get_mag(error, slope);
    mag_mul(error, error, arb_radref(shift));
    arb_add_error_mag(v, error);
    arb_swap(value, v);
    acb_clear(offset);
    arb_clear(v);
    arb_clear(slope);
    mag_clear(error);
}

/* Increasing in y, and in v monotone: dH/dv has the sign of y - 1/2, by Legendre's equation. So from the
 * corners. */
static void affinity_imaginary(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision) {
    (void)spec;
    acb_t offset;
    arb_t v, corner, hull;
    acb_init(offset);
    arb_init(v);
    arb_init(corner);
    arb_init(hull);
    for (int i = 0; i < 4; i++) {
        if (i % 2)
            arb_get_ubound_arf(arb_midref(acb_realref(offset)), y, 2 * precision);
        else
            arb_get_lbound_arf(arb_midref(acb_realref(offset)), y, 2 * precision);
        if (i / 2)
            arb_get_ubound_arf(arb_midref(v), shift, 2 * precision);
        else
            arb_get_lbound_arf(arb_midref(v), shift, 2 * precision);
        legendre(corner, offset, v, precision);
        if (i)
            arb_union(hull, hull, corner, precision);
        else
            arb_set(hull, corner);
    }
    arb_swap(value, hull);
    acb_clear(offset);
    arb_clear(v);
    arb_clear(corner);
    arb_clear(hull);
}

/* value := 1/(pi sqrt(2 (cosh M - cosh s))), cosh M - cosh s = 2 sinh((M+s)/2) sinh((M-s)/2) */
static void loss_density(arb_t value, const arb_t range, const arb_t s, slong precision) {
    arb_t factor;
    arb_init(factor);
    arb_add(value, range, s, precision);
    arb_mul_2exp_si(value, value, -1);
    arb_sinh(value, value, precision);
    arb_sub(factor, range, s, precision);
    arb_mul_2exp_si(factor, factor, -1);
    arb_sinh(factor, factor, precision);
    arb_mul(value, value, factor, precision);
    arb_rsqrt(value, value, precision);
    arb_mul_2exp_si(value, value, -1);
    arb_const_pi(factor, precision);
    arb_div(value, value, factor, precision);
    arb_clear(factor);
}

/* value := c(t) with b = M (1 - portion) */
static void decay_at(arb_t value, const arb_t t, const arb_t range, double portion, slong precision) {
    arb_t b, part, middle;
    arb_init(b);
    arb_init(part);
    arb_init(middle);
    arb_set_d(part, portion);
    arb_sub_ui(part, part, 1, precision);
    arb_neg(part, part);
    arb_mul(b, range, part, precision);
    arb_acos(value, part, precision);
    arb_sinh(part, b, precision);
    arb_div(part, b, part, precision);
    arb_sqrt(part, part, precision);
    arb_mul(value, value, part, precision);
    arb_const_pi(part, precision);
    arb_div(value, value, part, precision);
    loss_density(part, range, b, precision);
    arb_mul_2exp_si(part, part, 1);
    arb_zero(b);
    loss_density(middle, range, b, precision);
    arb_sub(part, part, middle, precision);
    arb_div(part, part, t, precision);
    arb_add(value, value, part, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_clear(b);
    arb_clear(part);
    arb_clear(middle);
}

/* bound := a bound on |H| over [t, inf), at most whole = H(0) */
static void decay(arb_t bound, const arb_t t, const arb_t range, const arb_t whole, slong precision) {
    arb_t c, try, at;
    arb_init(c);
    arb_init(try);
    arb_init(at);
    arb_set(bound, whole);
    arb_set(at, t);
    for (int k = 0; k < 40; k++) {
        arb_set(c, whole);
        for (double portion = 0.75; portion > 1e-6; portion *= 0.75) {
            decay_at(try, at, range, portion, precision);
            arb_min(c, c, try, precision);
        }
        arb_sqr(c, c, precision); /* H(0)^2 - 4^-k (H(0)^2 - c^2) */
        arb_sqr(try, whole, precision);
        arb_sub(c, try, c, precision);
        arb_mul_2exp_si(c, c, -2 * k);
        arb_sub(try, try, c, precision);
        arb_sqrt(try, try, precision);
        arb_min(bound, bound, try, precision);
        arb_mul_2exp_si(c, c, 2 * k + 1);
        arb_sqr(try, whole, precision);
        if (arb_gt(c, try)) break; /* c^2 < H(0)^2/2: no doubling gains */
        arb_mul_2exp_si(at, at, 1);
    }
    arb_clear(c);
    arb_clear(try);
    arb_clear(at);
}

static void affinity_supremum(arb_t value, const sb_noise_spec *spec, const arb_t from, const arb_t shift,
                              slong precision) {
    arb_t range, turn, whole, at, beyond;
    arb_init(range);
    arb_init(beyond);
    arb_init(turn);
    arb_init(whole);
    arb_init(at);
    loss_range(range, shift, precision);
    arb_const_pi(turn, precision);
    arb_div(turn, turn, range, precision);
    affinity(whole, spec, at, shift, precision);
    if (arb_lt(from, turn)) {
        affinity(at, spec, from, shift, precision);
        arb_abs(at, at);
        decay(beyond, turn, range, whole, precision);
        arb_max(at, at, beyond, precision);
    } else {
        decay(at, from, range, whole, precision);
    }
    arb_min(value, at, whole, precision);
    arb_clear(range);
    arb_clear(beyond);
    arb_clear(turn);
    arb_clear(whole);
    arb_clear(at);
}

/* G = -log(1 + z^2); with r = 1/(1 + z^2) its derivatives are g = -2zr, g2 = g^2 - 2r and 2 g (g2 - r). */
static void log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length,
                        slong precision) {
    (void)spec;
    acb_t r;
    acb_init(r);
    acb_sqr(r, z, precision);
    acb_add_ui(r, r, 1, precision);
    acb_log_analytic(jet, r, 1, precision);
    acb_neg(jet, jet);
    if (length > 1) {
        acb_inv(r, r, precision);
        acb_mul(jet + 1, z, r, precision);
        acb_mul_2exp_si(jet + 1, jet + 1, 1);
        acb_neg(jet + 1, jet + 1);
        acb_sqr(jet + 2, jet + 1, precision);
        acb_submul_ui(jet + 2, r, 2, precision);
        acb_sub(jet + 3, jet + 2, r, precision);
        acb_mul(jet + 3, jet + 3, jet + 1, precision);
        acb_mul_2exp_si(jet + 3, jet + 3, 1);
    }
    acb_clear(r);
}

/* -log pi */
static void log_constant(arb_t value, const sb_noise_spec *spec, slong precision) {
    (void)spec;
    arb_const_pi(value, precision);
    arb_log(value, value, precision);
    arb_neg(value, value);
}

/* 2 asinh(v/2) */
static void loss_bound(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    (void)spec;
    arb_mul_2exp_si(value, shift, -1);
    arb_asinh(value, value, precision);
    arb_mul_2exp_si(value, value, 1);
}

static const sb_log_density analytic = {.log_density = log_density,
                                        .log_constant = log_constant,
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
    .affinity_time = 4000,
    .affinity_supremum = affinity_supremum,
    .log_density = own_log_density,
};

const sb_noise_family sb_cauchy_family = {
    .name = "cauchy",
    .description = "Cauchy noise in every coordinate",
    .density = "1/(pi scale (1 + (x/scale)^2))",
    .source = "",
    .tail_class = "s^-1",
    .moments = "below 1",
    .key = {{"scale", "scale; half of the mass lies within it", SB_KEY_POSITIVE}, {0}},
    .scale = 0,
    .product = &product,
};
