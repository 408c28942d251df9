/* Each of m, a, M is a maximum of lines in delta that touch a convex curve from below, so the best line is
   the one whose segment delta lies in: m and M(for n >= 3) between 1/(n+1) and 1/n (2/(n+1) and 2/n), a
   between 1/(2j+1) and 1/(2j-1). T: the tangent from (0, 1) to g(t) = 2 Phi(1/(2 sqrt t)) - 1 touches it at
   t0 = 1/(4 z0^2), where 2(1 - Phi(z)) = z phi(z). */
#include "bounds/sharp.h"

#include "bounds/tv_robustness.h"
#include "support/enclosure.h"

/* n := floor(1/x), at least `least` */
static void floor_inverse(fmpz_t n, const fmpq_t x, ulong least) {
    fmpz_fdiv_q(n, fmpq_denref(x), fmpq_numref(x));
    if (fmpz_cmp_ui(n, least) < 0) fmpz_set_ui(n, least);
}

/* value := n(n+1)(3 - (2n+1) x)/12 */
static void line(fmpq_t value, const fmpz_t n, const fmpq_t x) {
    fmpz_t k;
    fmpz_init(k);
    fmpz_mul_2exp(k, n, 1);
    fmpz_add_ui(k, k, 1);
    fmpq_mul_fmpz(value, x, k);
    fmpq_neg(value, value);
    fmpq_add_si(value, value, 3);
    fmpz_add_ui(k, n, 1);
    fmpz_mul(k, k, n);
    fmpq_mul_fmpz(value, value, k);
    fmpz_set_ui(k, 12);
    fmpq_div_fmpz(value, value, k);
    fmpz_clear(k);
}

void sb_sharp_m(fmpq_t value, const fmpq_t delta) {
    fmpz_t n;
    fmpz_init(n);
    floor_inverse(n, delta, 1);
    line(value, n, delta);
    fmpz_clear(n);
}

void sb_sharp_a(fmpq_t value, const fmpq_t delta) {
    fmpq_t jdelta;
    fmpz_t j;
    fmpz_init(j);
    fmpq_init(jdelta);
    floor_inverse(j, delta, 1); /* the nearest integer to 1/(2 delta): floor((floor(1/delta) + 1)/2) */
    fmpz_add_ui(j, j, 1);
    fmpz_fdiv_q_2exp(j, j, 1);
    fmpq_mul_fmpz(jdelta, delta, j);
    sb_rational_complement(jdelta, jdelta);
    fmpq_mul_fmpz(value, jdelta, j);
    fmpz_clear(j);
    fmpq_clear(jdelta);
}

void sb_sharp_M(fmpq_t value, const fmpq_t delta) {
    fmpq_t half, first;
    fmpz_t n;
    fmpz_init(n);
    fmpq_init(half);
    fmpq_init(first);
    fmpq_div_2exp(half, delta, 1);
    sb_rational_complement(first, delta);
    fmpq_mul_2exp(first, first, 1);
    floor_inverse(n, half, 3);
    line(value, n, half);
    if (fmpq_cmp(first, value) > 0) fmpq_set(value, first);
    fmpz_clear(n);
    fmpq_clear(half);
    fmpq_clear(first);
}

/* (1-delta)/(3 delta^2) - 1/12 */
static void geometric(fmpq_t value, const fmpq_t delta) {
    fmpq_t square;
    fmpq_init(square);
    fmpq_mul(square, delta, delta);
    fmpq_mul_ui(square, square, 3);
    sb_rational_complement(value, delta);
    fmpq_div(value, value, square);
    fmpq_set_si(square, 1, 12);
    fmpq_sub(value, value, square);
    fmpq_clear(square);
}

void sb_sharp_R(fmpq_t value, const fmpq_t delta) {
    fmpq_t other, limit;
    fmpq_init(other);
    fmpq_init(limit);
    sb_rational_complement(value, delta);
    geometric(other, delta);
    if (fmpq_cmp(other, value) > 0) fmpq_set(value, other);
    sb_symmetric_limit_total_variation(limit, delta);
    sb_sharp_m(other, limit);
    if (fmpq_cmp(other, value) > 0) fmpq_set(value, other);
    fmpq_clear(other);
    fmpq_clear(limit);
}

void sb_sharp_level(fmpq_t level, sb_sharp_hypothesis hypothesis, const fmpq_t delta) {
    if (hypothesis == SB_SHARP_ROBUST)
        sb_symmetric_limit_total_variation(level, delta);
    else
        fmpq_set(level, delta);
}

/* ------------------------------------------------------------------ T */
/* value := 2(1 - Phi(z)) - z phi(z): positive left of z0, negative right of it (its derivative is phi(z)(z^2
   - 3), and it increases to 0 from z = sqrt 3 on). */
static void touch(arb_t value, const arb_t z, slong precision) {
    arb_t density, root;
    arb_init(density);
    arb_init(root);
    arb_sqr(density, z, precision);
    arb_mul_2exp_si(density, density, -1);
    arb_neg(density, density);
    arb_exp(density, density, precision);
    arb_const_pi(root, precision);
    arb_mul_2exp_si(root, root, 1);
    arb_rsqrt(root, root, precision);
    arb_mul(density, density, root, precision);
    arb_mul(density, density, z, precision);
    arb_set_ui(root, 2);
    arb_rsqrt(root, root, precision);
    arb_mul(value, z, root, precision);
    arb_hypgeom_erfc(value, value, precision);
    arb_sub(value, value, density, precision);
    arb_clear(density);
    arb_clear(root);
}

/* Bisection on [1, 3/2], where the sign changes once. */
static void isolate_z0(arb_t z0, slong precision) {
    arf_t low, high, middle;
    arb_t point, value;
    arf_init(low);
    arf_init(high);
    arf_init(middle);
    arb_init(point);
    arb_init(value);
    arf_set_d(low, 1);
    arf_set_d(high, 1.5);
    for (slong bits = 0; bits < precision; bits++) {
        arf_add(middle, low, high, ARF_PREC_EXACT, ARF_RND_DOWN);
        arf_mul_2exp_si(middle, middle, -1);
        arb_set_arf(point, middle);
        touch(value, point, precision + 30);
        if (arb_is_positive(value))
            arf_set(low, middle);
        else if (arb_is_negative(value))
            arf_set(high, middle);
        else
            break; /* as near as this precision can tell */
    }
    arb_set_interval_arf(z0, low, high, precision + 30);
    arf_clear(low);
    arf_clear(high);
    arf_clear(middle);
    arb_clear(point);
    arb_clear(value);
}

void sb_sharp_T_switch(arb_t delta0, arb_t z0, slong precision) {
    isolate_z0(z0, precision);
    sb_normal_cdf(delta0, z0, precision);
    arb_mul_2exp_si(delta0, delta0, 1);
    arb_sub_ui(delta0, delta0, 1, precision);
}

/* 1/(4 z^2) */
static void inverse_square(arb_t value, const arb_t z, slong precision) {
    arb_sqr(value, z, precision);
    arb_mul_2exp_si(value, value, 2);
    arb_inv(value, value, precision);
}

void sb_sharp_T(arb_t value, const void *context, slong precision) {
    const fmpq *delta = context;
    arb_t delta0, z, given;
    arb_init(delta0);
    arb_init(z);
    arb_init(given);
    sb_sharp_T_switch(delta0, z, precision);
    arb_set_fmpq(given, delta, precision);
    if (arb_lt(given, delta0)) {
        sb_normal_two_sided_quantile(z, delta, precision);
        inverse_square(value, z, precision);
    } else if (arb_gt(given, delta0)) { /* t0 (1-delta)/(1-delta0) */
        fmpq_t rest;
        fmpq_init(rest);
        inverse_square(value, z, precision);
        sb_rational_complement(rest, delta);
        arb_set_fmpq(given, rest, precision);
        arb_mul(value, value, given, precision);
        arb_sub_ui(delta0, delta0, 1, precision);
        arb_neg(delta0, delta0);
        arb_div(value, value, delta0, precision);
        fmpq_clear(rest);
    } else {
        arb_indeterminate(value); /* delta0 is not rational: a larger precision decides */
    }
    arb_clear(delta0);
    arb_clear(z);
    arb_clear(given);
}
