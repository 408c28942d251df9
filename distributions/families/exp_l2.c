/* Density ~ exp(-||x||_2^k): X = R U, R^k ~ Gamma(d/k), U uniform on the sphere; k = 2 is N(0, I/2). With Y =
   log|X_1|, M(z) = E e^(zY) = Gamma((d+z)/k) Gamma((1+z)/2) Gamma(d/2) / (Gamma(d/k) sqrt(pi)
   Gamma((d+z)/2)),   Re z > -1, Pr(Y > y) = (1/2 pi) integral of F(t) dt,  F(t) = M(z) e^(-zy)/z,  z = c +
   it, any c > 0. F is the transform of G(w) = e^(cw) Pr(Y > y + w), so the sum over all nodes t = jh is
   (Poisson) (h/2 pi) sum F(jh) = Pr(Y > y) + sum over m != 0 of G(2 pi m/h): never too small, and too large
   by at most (L(c-b) + L(c+b)) q/(1-q), q = e^(-2 pi b/h), for any 0 < b <= c: by Chernoff's bound Pr(Y > y +
   w) <= L(a) e^(-aw), L(a) = M(a) e^(-ay), a >= 0, with a = c - b for w < 0 and a = c + b for w > 0.
   |Gamma(a+it)/Gamma(b+it)| decreases in |t| for a < b, and the logarithm of |Gamma(x+it)| has
   slope at most -arctan(t/x), so the terms beyond j = J add up to at most |F(Jh)|/(1-p), p = e^(-(h/k)
   arctan(Jh/(d+c))). */
#include "distributions/radial.h"

#include "distributions/family.h"

#include <math.h>

enum { MOST_NODES = 400000, MOST_LOSS = 100000 };
#define LEAST 0.25
#define MOST 0x1p70

typedef struct {
    const sb_noise_spec *spec;
    uint64_t dimension;
} law;

/* value := log M(z) */
static void log_moment(acb_t value, const law *l, const acb_t z, slong precision) {
    acb_t u;
    arb_t x, k, d;
    acb_init(u);
    arb_init(x);
    arb_init(k);
    arb_init(d);
    arb_set_fmpq(k, l->spec->value[0], precision);
    arb_set_ui(d, l->dimension);
    acb_add_arb(u, z, d, precision);
    acb_div_arb(u, u, k, precision);
    acb_lgamma(value, u, precision);
    acb_add_ui(u, z, 1, precision);
    acb_mul_2exp_si(u, u, -1);
    acb_lgamma(u, u, precision);
    acb_add(value, value, u, precision);
    acb_add_arb(u, z, d, precision);
    acb_mul_2exp_si(u, u, -1);
    acb_lgamma(u, u, precision);
    acb_sub(value, value, u, precision);
    arb_div(x, d, k, precision);
    arb_lgamma(x, x, precision);
    acb_sub_arb(value, value, x, precision);
    arb_mul_2exp_si(x, d, -1);
    arb_lgamma(x, x, precision);
    acb_add_arb(value, value, x, precision);
    arb_const_pi(x, precision);
    arb_log(x, x, precision);
    arb_mul_2exp_si(x, x, -1);
    acb_sub_arb(value, value, x, precision);
    acb_clear(u);
    arb_clear(x);
    arb_clear(k);
    arb_clear(d);
}

/* value := log M(c) - c y for real c > 0, and as a double */
static double log_bound(arb_t value, const law *l, double c, const arb_t y, slong precision) {
    acb_t z, moment;
    acb_init(z);
    acb_init(moment);
    acb_set_d(z, c);
    log_moment(moment, l, z, precision);
    arb_mul(value, acb_realref(z), y, precision);
    arb_sub(value, acb_realref(moment), value, precision);
    acb_clear(z);
    acb_clear(moment);
    return arf_get_d(arb_midref(value), ARF_RND_NEAR);
}

/* What a gamma function at x + it has lost since t = 0: integral of arctan(t/x). */
static double decay(double x, double t) {
    return t * atan(t / x) - x / 2 * log1p(t / x * (t / x));
}

typedef struct {
    double c, b, step;
    double loss; /* bits: log2 of F(0) over Pr */
    double cost;
} plan;

/* The nodes of the sum if |F| must fall by e^-fall. */
static double count_nodes(const law *l, double c, double step, double fall) {
    double k = fmpq_get_d(l->spec->value[0]), d = (double)l->dimension, low = 0, high = step;
    for (int i = 0; i < 100; i++) {
        double t = i < 50 && low == 0 ? high : (low + high) / 2;
        double has = decay(d + c, t) / k + (decay(1 + c, t) - decay(d + c, t)) / 2;
        if (has >= fall)
            high = t, low = low == 0 ? t / 2 : low;
        else if (low == 0)
            high = 2 * t;
        else
            low = t;
    }
    return high / step;
}

/* c := where log_bound is least, to a bound within a unit of that; returns the bound. It is convex in c, and
   its second derivative is about (1/k + 1/2)/c or less. */
static double chernoff(double *c, const law *l, const arb_t y) {
    arb_t unused;
    arb_init(unused);
    double k = fmpq_get_d(l->spec->value[0]), low = LEAST, high, at_low, at_high;
    double before = log_bound(unused, l, low, y, 192), least = before;
    *c = low;
    for (high = 2 * low; high < MOST; high *= 2) {
        double next = log_bound(unused, l, high, y, 192);
        if (next >= before) break;
        before = next;
    }
    low = fmax(low, high / 4);
    for (int i = 0; i < 60; i++) {
        double left = low + (high - low) / 3, right = high - (high - low) / 3;
        at_low = log_bound(unused, l, left, y, 192);
        at_high = log_bound(unused, l, right, y, 192);
        double at = at_low < at_high ? left : right;
        if (fmin(at_low, at_high) < least) {
            least = fmin(at_low, at_high);
            *c = at;
        }
        if ((high - low) * (high - low) * (1 / k + 0.5) < 0.1 * low) break;
        *(at == left ? &high : &low) = at == left ? right : left;
    }
    arb_clear(unused);
    return least;
}

/* Nodes and precision of the sum at c; taken if it is the cheapest so far. */
static void consider(plan *best, const law *l, double c, double b, double log_tail, const arb_t y,
                     slong precision) {
    arb_t unused;
    arb_init(unused);
    b = c + b - c; /* so that c + b and c - b are exact */
    double above = log_bound(unused, l, c + b, y, 192),
           below = b < c ? log_bound(unused, l, c - b, y, 192) : 0;
    double at = log_bound(unused, l, c, y, 192), fall = (double)precision * log(2) + 3;
    double rise = fmax(0, at - log(c) - log_tail), loss = rise / log(2);
    double step = 2 * acos(-1) * b / (fall - log_tail + fmax(above, below));
    double cost = count_nodes(l, c, step, fall + rise) * (400 + (double)precision + loss);
    if (cost < best->cost) *best = (plan){c, b, step, loss, cost};
    arb_clear(unused);
}

/* The cheapest c and b for a relative error of 2^-precision, among a few. */
static plan best_plan(const law *l, const arb_t y, slong precision) {
    double saddle, log_tail = fmin(-1, chernoff(&saddle, l, y));
    plan best = {.cost = HUGE_VAL};
    consider(&best, l, saddle, fmin(saddle, sqrt(saddle * (double)precision)), log_tail, y, precision);
    for (double c = LEAST; c < 100; c *= 2) consider(&best, l, c, c, log_tail, y, precision);
    return best;
}

/* value := F(t) */
static void transform(acb_t value, const law *l, double c, const arb_t t, const arb_t y, slong precision) {
    acb_t z;
    acb_init(z);
    arb_set_d(acb_realref(z), c);
    arb_set(acb_imagref(z), t);
    log_moment(value, l, z, precision);
    acb_submul_arb(value, z, y, precision);
    acb_exp(value, value, precision);
    acb_div(value, value, z, precision);
    acb_clear(z);
}

/* bound := what the terms from t = jh on add up to at most, F(jh) = last */
static void beyond(mag_t bound, const law *l, const plan *p, const arb_t t, const acb_t last) {
    arb_t x, k;
    mag_t m;
    arb_init(x);
    arb_init(k);
    mag_init(m);
    arb_set_d(x, p->c);
    arb_set_ui(k, l->dimension);
    arb_add(x, x, k, 64);
    arb_div(x, t, x, 64);
    arb_atan(x, x, 64);
    arb_set_d(k, p->step);
    arb_mul(x, x, k, 64);
    arb_set_fmpq(k, l->spec->value[0], 64);
    arb_div(x, x, k, 64);
    arb_neg(x, x);
    arb_expm1(x, x, 64);
    arb_get_mag_lower(m, x);
    acb_get_mag(bound, last);
    mag_div(bound, bound, m);
    arb_clear(x);
    arb_clear(k);
    mag_clear(m);
}

/* sum := F(0) + 2 Re sum over j >= 1 of F(jh), with what is left out */
static void sum_nodes(arb_t sum, const law *l, const plan *p, const arb_t y, slong precision, slong work) {
    acb_t f;
    arb_t t;
    mag_t rest, tolerance;
    acb_init(f);
    arb_init(t);
    mag_init(rest);
    mag_init(tolerance);
    transform(f, l, p->c, t, y, work);
    acb_get_real(sum, f);
    acb_get_mag(tolerance, f);
    mag_mul_2exp_si(tolerance, tolerance, -precision - (slong)p->loss);
    for (slong j = 1;; j++) {
        arb_set_d(t, p->step);
        arb_mul_si(t, t, j, work);
        transform(f, l, p->c, t, y, work);
        beyond(rest, l, p, t, f);
        if (mag_cmp(rest, tolerance) <= 0 || j > MOST_NODES) break;
        arb_addmul_ui(sum, acb_realref(f), 2, work);
    }
    mag_mul_2exp_si(rest, rest, 1);
    arb_add_error_mag(sum, rest);
    acb_clear(f);
    arb_clear(t);
    mag_clear(rest);
    mag_clear(tolerance);
}

/* bound := (L(c-b) + L(c+b)) q/(1-q) */
static void alias(arb_t bound, const law *l, const plan *p, const arb_t y, slong precision) {
    arb_t q, unit;
    arb_init(q);
    arb_init(unit);
    log_bound(bound, l, p->c + p->b, y, precision);
    arb_exp(bound, bound, precision);
    if (p->b < p->c) log_bound(q, l, p->c - p->b, y, precision);
    arb_exp(q, q, precision);
    arb_add(bound, bound, q, precision);
    arb_const_pi(q, precision);
    arb_mul_2exp_si(q, q, 1);
    arb_set_d(unit, p->b);
    arb_mul(q, q, unit, precision);
    arb_set_d(unit, p->step);
    arb_div(q, q, unit, precision);
    arb_expm1(q, q, precision); /* 1/q - 1 */
    arb_div(bound, bound, q, precision);
    arb_clear(q);
    arb_clear(unit);
}

/* value := (h/2 pi) (F(0) + 2 Re sum) less what the alias terms may add */
static void trapezoid(arb_t value, const law *l, const plan *p, const arb_t y, slong precision, slong work) {
    arb_t factor;
    arb_init(factor);
    sum_nodes(value, l, p, y, precision, work);
    arb_set_d(factor, p->step);
    arb_mul(value, value, factor, work);
    arb_const_pi(factor, work);
    arb_mul_2exp_si(factor, factor, 1);
    arb_div(value, value, factor, work);
    alias(factor, l, p, y, work); /* value - factor <= Pr <= value */
    arb_mul_2exp_si(factor, factor, -1);
    arb_sub(value, value, factor, work);
    arb_add_error(value, factor);
    arb_clear(factor);
}

/* Pr(|X_1| > s) for s > 0 */
static void tail_beyond(arb_t value, const void *context, const arb_t s, slong precision) {
    const law *l = context;
    arb_t y, probability;
    arb_init(y);
    arb_init(probability);
    arb_log(y, s, precision + 200);
    plan p = best_plan(l, y, precision + 10);
    slong work = precision + 60 + (slong)p.loss + (slong)log2(1 + p.c) +
                 2 * (slong)FLINT_BIT_COUNT(l->dimension) + (slong)fmpz_bits(fmpq_denref(l->spec->value[0]));
    if (p.loss < MOST_LOSS) {
        arb_log(y, s, work);
        trapezoid(value, l, &p, y, precision + 10, work);
    } else { /* too far out: from 0 to Chernoff's bound */
        log_bound(value, l, p.c, y, 192);
        arb_exp(value, value, 64);
        arb_zero(y);
        arb_union(value, value, y, 64);
    }
    arb_set_d(probability, 0.5);
    arb_add_error_2exp_si(probability, -1);
    if (!arb_is_finite(value))
        arb_set(value, probability);
    else if (!arb_contains(probability, value) && arb_overlaps(probability, value))
        arb_intersection(value, value, probability, precision + 10);
    arb_set_round(value, value, precision);
    arb_clear(y);
    arb_clear(probability);
}

static void coordinate_tail(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                            slong precision) {
    law l = {spec, dimension};
    sb_decreasing(value, tail_beyond, &l, s, precision);
}

/* ------------------------------------------------------------------ the norm */
static void norm_law(sb_radius_law *norm, const sb_noise_spec *spec, uint64_t dimension) {
    fmpq_t zero;
    fmpq_init(zero);
    sb_radius_law_init(norm, 0, dimension, zero, spec->value[0]);
    fmpq_clear(zero);
}

static void norm_moment(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                        slong precision) {
    sb_radius_law norm;
    norm_law(&norm, spec, dimension);
    sb_radius_moment(value, &norm, order, precision);
    sb_radius_law_clear(&norm);
}

static void norm_tail(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                      slong precision) {
    sb_radius_law norm;
    norm_law(&norm, spec, dimension);
    sb_radius_tail(value, &norm, s, precision);
    sb_radius_law_clear(&norm);
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

static void overlap(arb_t value, const sb_noise_spec *spec, const sb_shift *shift, const arb_t factor,
                    slong precision) {
    arb_t s;
    arb_init(s);
    sb_shift_euclidean(s, shift, precision + 10);
    arb_mul(s, s, factor, precision + 10);
    arb_mul_2exp_si(s, s, -1);
    coordinate_tail(value, spec, shift->dimension, s, precision);
    arb_clear(s);
}

static void draw(const sb_noise_spec *spec, uint64_t dimension, uint64_t seed, uint64_t stream, double *x) {
    sb_random random = sb_random_radius(seed, stream);
    double k = fmpq_get_d(spec->value[0]);
    double radius = exp(sb_random_log_gamma(&random, (double)dimension / k) / k);
    sb_draw_on_sphere(x, dimension, radius, seed, stream);
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

const sb_noise_family sb_exp_l2_family = {
    .name = "exp-l2",
    .description = "isotropic, density exp(-(||x||_2/b)^k) up to a constant",
    .density = "~ exp(-(||x||_2/b)^k)",
    .source =
        "Yang, Duan, Hu, Salman, Razenshteyn, Li, \"Randomized smoothing of all shapes and sizes\", 2020",
    .tail_class = "exp(-s^k)",
    .moments = "all",
    .key = {{"k", "power of the norm", SB_KEY_POSITIVE}, {"b", "scale", SB_KEY_POSITIVE}, {0}},
    .scale = 1,
    .radial = &radial,
};
