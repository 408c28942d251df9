/* U_1 has the density c (1-u^2)^((d-3)/2) on (-1, 1), c = Gamma(d/2)/(sqrt(pi) Gamma((d-1)/2)). Expanding the
   integral at its upper end gives a series of positive terms,

     F(x) = 2 c x (1-x^2)^((d-1)/2) sum over n >= 0 of prod over j < n of x^2 (d+2j)/(3+2j).

   With t = 1/(4 x^2): G'(t) = -2 x^3 F'(x), and G'' has the sign of 3 - (d-3) x^2/(1-x^2), positive for
   x^2 < 3/d. The slope (1 - G(t))/t of the line from (0, 1) to the graph is largest where
   H(x) = 1 - F(x) - x F'(x)/2 is 0, which happens once with x^2 < 3/d, at x*; there the line touches G from
   below. So the convex minorant is that line up to t* = 1/(4 x*^2), and G itself beyond. All roots are found
   in floating point and then caught by the interval Newton theorem. */
#include "bounds/rotation.h"

#include "bounds/domain.h"
#include "bounds/half_space.h"
#include "distributions/radial.h"

#include <math.h>

/* One coordinate of a uniform point of the sphere, and the level that an equation in x asks for. */
typedef struct {
    uint64_t dimension;
    arb_t peak; /* 2 c */
    arb_t level;
} sphere;

static void sphere_init(sphere *s, uint64_t dimension, slong precision) {
    fmpq_t a, b;
    arb_t root;
    fmpq_init(a);
    fmpq_init(b);
    arb_init(root);
    arb_init(s->peak);
    arb_init(s->level);
    s->dimension = dimension;
    fmpz_set_ui(fmpq_numref(a), dimension);
    fmpz_set_ui(fmpq_numref(b), dimension - 1);
    fmpq_div_2exp(a, a, 1);
    fmpq_div_2exp(b, b, 1);
    sb_gamma_ratio(s->peak, a, b, precision + 5);
    arb_const_sqrt_pi(root, precision + 5);
    arb_div(s->peak, s->peak, root, precision + 5);
    arb_mul_2exp_si(s->peak, s->peak, 1);
    fmpq_clear(a);
    fmpq_clear(b);
    arb_clear(root);
}

static void sphere_clear(sphere *s) {
    arb_clear(s->peak);
    arb_clear(s->level);
}

/* value := 2 c (1-x^2)^(twice/2) */
static void power(arb_t value, const sphere *s, const arb_t square, slong twice, slong precision) {
    arb_neg(value, square);
    arb_log1p(value, value, precision);
    arb_mul_si(value, value, twice, precision);
    arb_mul_2exp_si(value, value, -1);
    arb_exp(value, value, precision);
    arb_mul(value, value, s->peak, precision);
}

/* density := F'(x) */
static void density_at(arb_t density, const sphere *s, const arb_t x, slong precision) {
    arb_t square;
    arb_init(square);
    arb_sqr(square, x, precision);
    power(density, s, square, (slong)s->dimension - 3, precision);
    arb_clear(square);
}

/* sum := the series for x^2 = square. The ratios of its terms from n on are at most the larger of x^2
   (d+2n)/(3+2n) and x^2: they fall towards x^2 for d >= 3 and rise towards it for d = 2. */
static void series(arb_t sum, uint64_t d, const arb_t square, slong precision) {
    arb_t term, ratio, rest;
    mag_t error;
    arb_init(term);
    arb_init(ratio);
    arb_init(rest);
    mag_init(error);
    arb_one(term);
    arb_zero(sum);
    for (ulong n = 0;; n++) {
        arb_add(sum, sum, term, precision);
        arb_mul_ui(ratio, square, d + 2 * n, precision);
        arb_div_ui(ratio, ratio, 3 + 2 * n, precision);
        arb_mul(term, term, ratio, precision);
        arb_max(ratio, ratio, square, precision);
        arb_sub_ui(ratio, ratio, 1, precision);
        arb_neg(ratio, ratio);
        if (!arb_is_positive(ratio)) continue;
        arb_div(rest, term, ratio, MAG_BITS);
        if (arf_cmpabs_2exp_si(arb_midref(rest), -precision) < 0 || !arb_is_finite(rest)) break;
    }
    arb_get_mag(error, rest);
    arb_add_error_mag(sum, error);
    mag_clear(error);
    arb_clear(term);
    arb_clear(ratio);
    arb_clear(rest);
}

/* value := 3 - (d-3) x^2/(1-x^2), which has the sign of G'' */
static void bend_at(arb_t value, const sphere *s, const arb_t x, slong precision) {
    arb_t square;
    arb_init(square);
    arb_sqr(square, x, precision);
    arb_sub_ui(value, square, 1, precision);
    arb_div(value, square, value, precision);
    arb_mul_si(value, value, (slong)s->dimension - 3, precision);
    arb_add_ui(value, value, 3, precision);
    arb_clear(square);
}

/* value := F(x) for a narrow ball x with 0 < x^2 < min(3/d, 9/10), where the series converges fast */
static void distribution_at(arb_t value, const sphere *s, const arb_t x, slong precision) {
    arb_t square, factor, most;
    arb_init(square);
    arb_init(factor);
    arb_init(most);
    arb_sqr(square, x, precision);
    bend_at(factor, s, x, precision);
    arb_set_d(most, 0.9);
    if (arb_is_positive(factor) && arb_lt(square, most)) {
        series(value, s->dimension, square, precision);
        power(factor, s, square, (slong)s->dimension - 1, precision);
        arb_mul(value, value, factor, precision);
        arb_mul(value, value, x, precision);
    } else {
        arb_indeterminate(value);
    }
    arb_clear(square);
    arb_clear(factor);
    arb_clear(most);
}

/* ------------------------------------------------------------------ equations in x */
typedef void sphere_function(arb_t value, const sphere *s, const arb_t x, slong precision);

/* F(x) = level */
static void mass(arb_t value, const sphere *s, const arb_t x, slong precision) {
    distribution_at(value, s, x, precision);
    arb_sub(value, value, s->level, precision);
}

/* H(x) = 1 - F(x) - x F'(x)/2, H' = -(F'/2) (3 - (d-3) x^2/(1-x^2)) */
static void touch(arb_t value, const sphere *s, const arb_t x, slong precision) {
    arb_t density;
    arb_init(density);
    density_at(density, s, x, precision);
    arb_mul(density, density, x, precision);
    arb_mul_2exp_si(density, density, -1);
    distribution_at(value, s, x, precision);
    arb_add(value, value, density, precision);
    arb_sub_ui(value, value, 1, precision);
    arb_neg(value, value);
    arb_clear(density);
}

static void touch_slope(arb_t value, const sphere *s, const arb_t x, slong precision) {
    arb_t bend;
    arb_init(bend);
    bend_at(bend, s, x, precision);
    density_at(value, s, x, precision);
    arb_mul(value, value, bend, precision);
    arb_mul_2exp_si(value, value, -1);
    arb_neg(value, value);
    arb_clear(bend);
}

/* -G'(t) = 2 x^3 F'(x) = level; its derivative 2 x^2 F' (3 - (d-3) x^2/(1-x^2)) */
static void steepness(arb_t value, const sphere *s, const arb_t x, slong precision) {
    arb_t cube;
    arb_init(cube);
    arb_pow_ui(cube, x, 3, precision);
    density_at(value, s, x, precision);
    arb_mul(value, value, cube, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_sub(value, value, s->level, precision);
    arb_clear(cube);
}

static void steepness_slope(arb_t value, const sphere *s, const arb_t x, slong precision) {
    arb_t square;
    arb_init(square);
    arb_sqr(square, x, precision);
    touch_slope(value, s, x, precision);
    arb_mul(value, value, square, precision);
    arb_mul_si(value, value, -4, precision);
    arb_clear(square);
}

static slong exponent_of(const arb_t x) {
    return arf_is_special(arb_midref(x)) ? 0 : (slong)fmpz_get_si(ARF_EXPREF(arb_midref(x)));
}

/* Newton's method from x in floating point, then the interval Newton theorem on a ball around its end: if
   m - f(m)/f'(X) lies in X, then X has one root, and it lies there. Indeterminate if none was caught in
   0 < x^2 < 3/d (x < 1 for d = 2). */
static void solve(arb_t x, const sphere *s, sphere_function *f, sphere_function *slope, slong precision) {
    arb_t step, derivative, trial;
    arb_init(step);
    arb_init(derivative);
    arb_init(trial);
    arb_get_mid_arb(x, x);
    for (int i = 0, settled = 0; i < 100 && settled < 2; i++) {
        f(step, s, x, precision);
        slope(derivative, s, x, precision);
        arb_div(step, step, derivative, precision);
        arb_get_mid_arb(step, step);
        if (!arb_is_finite(step)) break;
        arb_sub(x, x, step, precision);
        arb_get_mid_arb(x, x);
        settled += arf_cmpabs_2exp_si(arb_midref(step), exponent_of(x) - precision / 2) < 0;
    }
    int caught = 0;
    f(step, s, x, precision);
    for (slong spare = 8; spare < 48 && arb_is_positive(x); spare += 8) {
        arb_set(trial, x);
        arb_add_error_2exp_si(trial, exponent_of(x) - precision + spare);
        slope(derivative, s, trial, precision);
        arb_div(derivative, step, derivative, precision);
        arb_sub(derivative, x, derivative, precision);
        if (!arb_is_finite(derivative) || !arb_contains(trial, derivative)) continue;
        arb_set(x, derivative);
        bend_at(derivative, s, x, precision);
        arb_sub_ui(trial, x, 1, precision);
        caught = arb_is_positive(derivative) && arb_is_negative(trial);
        break;
    }
    if (!caught) arb_indeterminate(x);
    arb_clear(step);
    arb_clear(derivative);
    arb_clear(trial);
}

/* x := x*. The start is sqrt(1.4175/(d+.2)): z0^2 = 1.4175 for the normal law that is the limit. */
static void touching_point(arb_t x, const sphere *s, slong precision) {
    arb_set_d(x, sqrt(1.4175 / ((double)s->dimension + 0.2)));
    solve(x, s, touch, touch_slope, precision);
}

/* x := the root of F(x) = delta below x*. F(x) <= 2 c x, so delta/(2c) lies left of it (d = 2: right of it,
   and F is convex): Newton's method climbs (falls) to it. */
static void quantile(arb_t x, sphere *s, const fmpq_t delta, slong precision) {
    arb_set_fmpq(s->level, delta, precision);
    arb_div(x, s->level, s->peak, precision);
    solve(x, s, mass, density_at, precision);
}

/* value := 1/(4 x^2) */
static void length_at(arb_t value, const arb_t x, slong precision) {
    arb_sqr(value, x, precision);
    arb_mul_2exp_si(value, value, 2);
    arb_inv(value, value, precision);
}

/* ------------------------------------------------------------------ the constant */
static slong working(slong precision) {
    return precision + 60;
}

static void touch_of(arb_t t, arb_t delta, const sphere *s, slong precision) {
    arb_t x;
    arb_init(x);
    touching_point(x, s, precision);
    length_at(t, x, precision);
    distribution_at(delta, s, x, precision);
    arb_clear(x);
}

void sb_rotation_touch(arb_t t, arb_t delta, uint64_t dimension, slong precision) {
    sphere s;
    sphere_init(&s, dimension, working(precision));
    touch_of(t, delta, &s, working(precision));
    sphere_clear(&s);
}

/* value := t* (1-delta)/(1-delta*) */
static void on_line(arb_t value, const arb_t t, const arb_t touched, const fmpq_t delta, slong precision) {
    arb_t share;
    fmpq_t rest;
    arb_init(share);
    fmpq_init(rest);
    sb_rational_complement(rest, delta);
    arb_sub_ui(share, touched, 1, precision);
    arb_neg(share, share);
    arb_div(share, t, share, precision);
    arb_set_fmpq(value, rest, precision);
    arb_mul(value, value, share, precision);
    arb_clear(share);
    fmpq_clear(rest);
}

void sb_rotation_constant(arb_t value, uint64_t dimension, const fmpq_t delta, slong precision) {
    sphere s;
    arb_t t, touched, x, given, curve;
    slong work = working(precision);
    sphere_init(&s, dimension, work);
    arb_init(t);
    arb_init(touched);
    arb_init(x);
    arb_init(given);
    arb_init(curve);
    touch_of(t, touched, &s, work);
    arb_set_fmpq(given, delta, work);
    if (!arb_lt(given, touched)) on_line(value, t, touched, delta, work);
    if (!arb_gt(given, touched)) {
        quantile(x, &s, delta, work);
        length_at(curve, x, work);
        if (arb_lt(given, touched))
            arb_set(value, curve);
        else
            arb_union(value, value, curve, work); /* delta* itself, as for d = 3 and 2/3 */
    }
    arb_set_round(value, value, precision);
    arb_clear(t);
    arb_clear(touched);
    arb_clear(x);
    arb_clear(given);
    arb_clear(curve);
    sphere_clear(&s);
}

/* The sign of "the line lies below": 1 proved, -1 refuted, 0 not decided at this precision. The least of G(t)
   + c t is 1 (at t = 0) for c >= -G'(t*), else it is where G'(t) = -c beyond t*. */
static int compare(uint64_t dimension, const fmpq_t a, const fmpq_t c, slong precision) {
    sphere s;
    arb_t x, limit, least, top;
    sphere_init(&s, dimension, precision);
    arb_init(x);
    arb_init(limit);
    arb_init(least);
    arb_init(top);
    touching_point(x, &s, precision);
    steepness(limit, &s, x, precision); /* level 0: -G'(t*) itself */
    arb_set_fmpq(s.level, c, precision);
    int sign = arb_gt(s.level, limit);
    if (!sign) {
        arb_div(x, s.level, s.peak, precision); /* 2 x^3 F'(x) <= 4 c_d x^3 */
        arb_mul_2exp_si(x, x, -1);
        arb_root_ui(x, x, 3, precision);
        solve(x, &s, steepness, steepness_slope, precision);
        length_at(least, x, precision);
        arb_mul(least, least, s.level, precision);
        distribution_at(limit, &s, x, precision);
        arb_add(least, least, limit, precision);
        arb_set_fmpq(top, a, precision);
        sign = arb_le(top, least) - arb_gt(top, least);
    }
    arb_clear(x);
    arb_clear(limit);
    arb_clear(least);
    arb_clear(top);
    sphere_clear(&s);
    return sign;
}

int sb_rotation_certify(uint64_t dimension, const fmpq_t a, const fmpq_t c) {
    if (fmpq_cmp_ui(a, 1) > 0 || fmpq_sgn(c) <= 0) return 0;
    int sign = 0;
    for (slong precision = 128; precision <= 1024 && !sign; precision *= 2)
        sign = compare(dimension, a, c, precision);
    return sign > 0;
}

/* ------------------------------------------------------------------ rows */
static void bound(arb_t value, const sb_parameters *parameters, const fmpq_t total_variation,
                  slong precision) {
    arb_t scale;
    arb_init(scale);
    sb_rotation_constant(value, parameters->dimension, total_variation, precision + 10);
    arb_set_fmpq(scale, parameters->radius, precision + 10);
    arb_sqr(scale, scale, precision + 10);
    arb_mul(value, value, scale, precision);
    arb_clear(scale);
}

static void square(arb_t value, const void *parameters, slong precision) {
    sb_half_space_square(value, bound, SB_SHARP_TV, parameters, precision);
}

static void rms(arb_t value, const void *parameters, slong precision) {
    sb_half_space_rms(value, bound, SB_SHARP_TV, parameters, precision);
}

static void robust_square(arb_t value, const void *parameters, slong precision) {
    sb_half_space_square(value, bound, SB_SHARP_ROBUST, parameters, precision);
}

static void robust_rms(arb_t value, const void *parameters, slong precision) {
    sb_half_space_rms(value, bound, SB_SHARP_ROBUST, parameters, precision);
}

static void symmetric_square(arb_t value, const void *parameters, slong precision) {
    sb_half_space_square(value, bound, SB_SHARP_SYMMETRIC, parameters, precision);
}

static void symmetric_rms(arb_t value, const void *parameters, slong precision) {
    sb_half_space_rms(value, bound, SB_SHARP_SYMMETRIC, parameters, precision);
}

static sb_status domain(const sb_parameters *parameters, sb_error *error) {
    sb_status status = sb_domain_norm_two("the rotation bound", parameters, error);
    if (status) return status;
    if (parameters->dimension < 2)
        return sb_fail(error, SB_OUTSIDE, "the rotation bound needs d >= 2; got d = 1");
    return SB_OK;
}

#define NAME "rotation", "rotation bound"
#define ROBUST "sharp-robust", "rotation bound"
#define ANY "any noise"
#define SYMMETRIC "any noise symmetric about a point"

const sb_bound sb_rotation_bound[] = {
    {NAME, "E||eta||_2^2", SB_NECESSARY, "eps^2 T_d(delta)", ANY, square, domain, SB_PROMISE_TV},
    {NAME, "rms", SB_NECESSARY, "eps sqrt(T_d(delta)/d)", ANY, rms, domain, SB_PROMISE_TV},
    {ROBUST, "E||eta||_2^2", SB_NECESSARY, "eps^2 T_d(tau(delta))", ANY, robust_square, domain,
     SB_PROMISE_ROBUST},
    {ROBUST, "rms", SB_NECESSARY, "eps sqrt(T_d(tau(delta))/d)", ANY, robust_rms, domain, SB_PROMISE_ROBUST},
    {ROBUST, "E||eta||_2^2", SB_NECESSARY, "4 eps^2 T_d(delta)", SYMMETRIC, symmetric_square, domain,
     SB_PROMISE_ROBUST},
    {ROBUST, "rms", SB_NECESSARY, "2 eps sqrt(T_d(delta)/d)", SYMMETRIC, symmetric_rms, domain,
     SB_PROMISE_ROBUST},
};
const size_t sb_rotation_bound_count = sizeof sb_rotation_bound / sizeof sb_rotation_bound[0];
