/* The infimum over V in closed form. Let u = y/sqrt V, C and E the coefficients of u^3 and of u^2 min{...} in
   A at that y, k = phi(1)/phi(0) = exp(-1/2). A' = 1 - 2E - 1/u^2 grows with u. For u <= k, A is 2 Phi(u) - 1
   - (C + 2 phi(0) E) u^3, for u >= k it is 2 Phi(u) - 1 - C u^3 - 2 phi(1) E u^2; both are concave on u > 0,
   so that on an interval A is least at one of its ends or at k. Hence for any s > 0 and all u >= y/sqrt v

     max{A, A'} >= min{A'(s), A(s), A(y/sqrt v), and A(k) if k lies between y/sqrt v and s}:

   use A' where u >= s, A where u < s. The best s is where the curves cross, or any s at which neither is
   below A(y/sqrt v). */
#include "bounds/small_ball.h"

#include <math.h>

enum { PRECISION = 64 }; /* one word */

void sb_small_ball_init(sb_small_ball *ball) {
    ball->promise = SB_PROMISE_TV;
    arb_init(ball->cubic);
    arb_init(ball->square);
    arb_init(ball->loss);
    arb_init(ball->root_half);
    arb_init(ball->phi_0);
    arb_init(ball->phi_1);
    arb_init(ball->kink);
}

void sb_small_ball_clear(sb_small_ball *ball) {
    arb_clear(ball->cubic);
    arb_clear(ball->square);
    arb_clear(ball->loss);
    arb_clear(ball->root_half);
    arb_clear(ball->phi_0);
    arb_clear(ball->phi_1);
    arb_clear(ball->kink);
}

static void set_constants(sb_small_ball *ball, slong precision) {
    arb_set_ui(ball->root_half, 2);
    arb_rsqrt(ball->root_half, ball->root_half, precision);
    arb_const_pi(ball->phi_0, precision);
    arb_rsqrt(ball->phi_0, ball->phi_0, precision);
    arb_mul(ball->phi_0, ball->phi_0, ball->root_half, precision);
    arb_mul_2exp_si(ball->phi_0, ball->phi_0, 1); /* 2/sqrt(2 pi) */
    arb_set_d(ball->kink, -0.5);
    arb_exp(ball->kink, ball->kink, precision);
    arb_mul(ball->phi_1, ball->phi_0, ball->kink, precision);
}

/* value := (-log cos x0 - x0^2/2)/x0^4; NaN unless x0 < pi/2 */
static void excess(arb_t value, const arb_t band, slong precision) {
    arb_t square;
    arb_init(square);
    arb_sqr(square, band, precision);
    arb_cos(value, band, precision);
    arb_log(value, value, precision);
    arb_neg(value, value);
    arb_div(value, value, square, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_sub_ui(value, value, 1, precision);
    arb_mul_2exp_si(value, value, -1);
    arb_div(value, value, square, precision);
    arb_clear(square);
}

int sb_small_ball_set(sb_small_ball *ball, sb_promise promise, uint64_t dimension, const fmpq_t clip,
                      const fmpq_t band) {
    slong precision = 4 * PRECISION;
    arb_t x0, width;
    fmpq_t ratio, loss;
    arb_init(x0);
    arb_init(width);
    fmpq_init(ratio);
    fmpq_init(loss);
    ball->promise = promise;
    set_constants(ball, precision);
    arb_set_fmpq(x0, band, precision);
    arb_const_pi(width, precision);
    arb_mul_2exp_si(width, width, -1);
    int inside = fmpq_cmp_ui(clip, 1) > 0 && fmpq_sgn(band) > 0 && arb_lt(x0, width);
    if (inside) {
        fmpz_set_ui(fmpq_numref(ratio), dimension); /* d/(K-1)^2 */
        fmpq_sub_si(loss, clip, 1);
        fmpq_div(ratio, ratio, loss);
        fmpq_div(loss, ratio, loss);
        arb_set_fmpq(ball->loss, loss, precision);
        fmpz_set_ui(fmpq_numref(ratio), dimension); /* (K/d)^2 */
        fmpz_one(fmpq_denref(ratio));
        fmpq_div(ratio, clip, ratio);
        fmpq_mul(ratio, ratio, ratio);
        arb_set_fmpq(ball->cubic, ratio, precision);
        arb_div(width, width, x0, precision); /* W/(2 d^2) = 2 (pi/(2 x0))^2 (K/d)^2 */
        arb_sqr(width, width, precision);
        arb_mul_2exp_si(width, width, 1);
        arb_mul(ball->square, width, ball->cubic, precision);
        excess(x0, x0, precision);
        arb_mul(ball->cubic, ball->cubic, x0, precision);
        arb_mul(ball->cubic, ball->cubic, ball->phi_0, precision);
        arb_mul_ui(ball->cubic, ball->cubic, 3, precision);
    }
    arb_clear(x0);
    arb_clear(width);
    fmpq_clear(ratio);
    fmpq_clear(loss);
    return inside && arb_is_finite(ball->cubic);
}

/* value := A(u) with those coefficients */
static void fourier(arb_t value, const sb_small_ball *ball, const arb_t u, const arb_t cubic,
                    const arb_t square) {
    arb_t power, curvature, term;
    arb_init(power);
    arb_init(curvature);
    arb_init(term);
    arb_mul(term, u, ball->root_half, PRECISION);
    arb_hypgeom_erf(value, term, PRECISION);
    arb_sqr(power, u, PRECISION);
    arb_mul(curvature, ball->phi_0, u, PRECISION);
    arb_min(curvature, curvature, ball->phi_1, PRECISION);
    arb_mul(curvature, curvature, square, PRECISION);
    arb_mul(term, cubic, u, PRECISION);
    arb_add(term, term, curvature, PRECISION);
    arb_submul(value, term, power, PRECISION);
    arb_clear(power);
    arb_clear(curvature);
    arb_clear(term);
}

static void lower(arb_t value, const arb_t other) {
    arb_min(value, value, other, PRECISION);
}

void sb_small_ball_ell(arb_t value, const sb_small_ball *ball, const arb_t y, const arb_t t, double split) {
    arb_t cubic, square, u, s, other;
    arb_init(cubic);
    arb_init(square);
    arb_init(u);
    arb_init(s);
    arb_init(other);
    arb_sqr(other, y, PRECISION);
    arb_div(cubic, ball->cubic, other, PRECISION);
    arb_div(square, ball->square, other, PRECISION);
    arb_rsqrt(u, t, PRECISION);
    arb_mul(u, u, y, PRECISION);
    arb_set_d(s, split);
    arb_sqr(value, s, PRECISION); /* A'(s) */
    arb_inv(value, value, PRECISION);
    arb_addmul_ui(value, square, 2, PRECISION);
    arb_sub_ui(value, value, 1, PRECISION);
    arb_neg(value, value);
    if (!arb_ge(u, s)) { /* else A' alone serves */
        fourier(other, ball, s, cubic, square);
        lower(value, other);
        fourier(other, ball, u, cubic, square);
        lower(value, other);
        if (!arb_ge(u, ball->kink) && !arb_le(s, ball->kink)) {
            fourier(other, ball, ball->kink, cubic, square);
            lower(value, other);
        }
    }
    arb_zero(other);
    arb_max(value, value, other, PRECISION);
    arb_clear(cubic);
    arb_clear(square);
    arb_clear(u);
    arb_clear(s);
    arb_clear(other);
}

void sb_small_ball_profile(arb_t value, const sb_small_ball *ball, const arb_t t,
                           const double split[SB_SMALL_BALL_SIDES]) {
    arb_t y, all;
    arb_init(y);
    arb_init(all);
    arb_one(all);
    if (ball->promise == SB_PROMISE_TV) arb_mul_2exp_si(all, all, -1);
    arb_mul(y, ball->loss, t, PRECISION);
    arb_sub(y, all, y, PRECISION);
    if (!arb_is_positive(y)) {
        arb_zero(value);
    } else if (ball->promise == SB_PROMISE_TV) {
        sb_small_ball_ell(value, ball, all, t, split[0]);
        sb_small_ball_ell(all, ball, y, t, split[1]);
        arb_add(value, value, all, PRECISION);
        arb_mul_2exp_si(value, value, -1);
    } else {
        sb_small_ball_ell(value, ball, y, t, split[0]);
    }
    arb_clear(y);
    arb_clear(all);
}

/* ------------------------------------------------------------------ in floating point */
static const double root_half = 0.7071067811865476, phi_0 = 0.7978845608028654, /* 2 phi(0) */
    phi_1 = 0.4839414490382867, kink = 0.6065306597126334;

void sb_small_ball_estimate_set(sb_small_ball_estimate *ball, sb_promise promise, double dimension,
                                double clip, double band) {
    double square = band * band, ratio = clip / dimension;
    ball->promise = promise;
    ball->cubic = 3 * phi_0 * (-log(cos(band)) - square / 2) / (square * square) * ratio * ratio;
    ball->square = 4.934802200544679 * ratio * ratio / square; /* pi^2/2 */
    ball->loss = dimension / ((clip - 1) * (clip - 1));
}

static double estimate_fourier(double u, double cubic, double square) {
    return erf(root_half * u) - u * u * (cubic * u + square * fmin(phi_1, phi_0 * u));
}

/* 1 - 2E - 1/u^2 */
static double estimate_chebyshev(double u, double square) {
    return 1 - 2 * square - 1 / (u * u);
}

/* The crossing of A and A' right of u, where A > A': there A < A' in the end. */
static double crossing(double u, double cubic, double square) {
    double low = u, high = 2 * u;
    while (estimate_fourier(high, cubic, square) > estimate_chebyshev(high, square)) high *= 2;
    for (int i = 0; i < 12; i++) {
        double middle = (low + high) / 2;
        if (estimate_fourier(middle, cubic, square) > estimate_chebyshev(middle, square))
            low = middle;
        else
            high = middle;
    }
    return low;
}

static double estimate_ell(const sb_small_ball_estimate *ball, double y, double t, double *split) {
    double square = ball->square / (y * y), cubic = ball->cubic / (y * y), u = y / sqrt(t),
           value = estimate_fourier(u, cubic, square), chebyshev = estimate_chebyshev(u, square);
    *split = u * (1 - 1e-12); /* certainly below u, so that A' alone serves */
    if (chebyshev >= value) return fmax(chebyshev, 0);
    if (value <= 0) return 0;
    double reach = 1 - 2 * square - value; /* A' = value where 1/s^2 is this */
    *split = reach > 0 ? 1 / sqrt(reach) : u;
    if (reach <= 0 || estimate_fourier(*split, cubic, square) < value) {
        *split = crossing(u, cubic, square);
        value = fmin(value, estimate_chebyshev(*split, square));
    }
    if (u < kink && kink < *split) value = fmin(value, estimate_fourier(kink, cubic, square));
    return fmax(value, 0);
}

double sb_small_ball_estimate_end(const sb_small_ball_estimate *ball) {
    return (ball->promise == SB_PROMISE_TV ? 0.5 : 1) / ball->loss;
}

double sb_small_ball_estimate_profile(const sb_small_ball_estimate *ball, double t,
                                      double split[SB_SMALL_BALL_SIDES]) {
    double all = ball->promise == SB_PROMISE_TV ? 0.5 : 1, y = all - ball->loss * t,
           unused[SB_SMALL_BALL_SIDES];
    if (!split) split = unused;
    split[0] = split[1] = 1;
    if (y <= 0) return 0;
    if (ball->promise == SB_PROMISE_ROBUST) return estimate_ell(ball, y, t, &split[0]);
    return (estimate_ell(ball, all, t, &split[0]) + estimate_ell(ball, y, t, &split[1])) / 2;
}
