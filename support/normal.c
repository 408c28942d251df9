/* The normal distribution in balls. Quantiles: a floating-point root by Newton's method on a concave function
   (one step brings the iterate to the left of the root, from where it climbs monotonically), then the
   interval Newton theorem: with F increasing and F' > 0 on X, if m - (F(m) - target) / F'(X) lies inside X,
   then the root exists, lies in it, and is unique. */
#include "support/enclosure.h"

/* phi(x) = exp(-x^2/2) / sqrt(2 pi) */
static void normal_density(arb_t value, const arb_t x, slong precision) {
    arb_t root;
    arb_init(root);
    arb_mul(value, x, x, precision);
    arb_mul_2exp_si(value, value, -1);
    arb_neg(value, value);
    arb_exp(value, value, precision);
    arb_const_pi(root, precision);
    arb_mul_2exp_si(root, root, 1);
    arb_rsqrt(root, root, precision);
    arb_mul(value, value, root, precision);
    arb_clear(root);
}

void sb_normal_cdf(arb_t value, const arb_t x, slong precision) {
    arb_t t;
    arb_init(t);
    slong work = precision + 10;
    arb_sqrt_ui(t, 2, work);
    arb_div(t, x, t, work);
    arb_neg(t, t);
    arb_hypgeom_erfc(value, t, work); /* erfc keeps the relative accuracy of a small tail */
    arb_mul_2exp_si(value, value, -1);
    arb_set_round(value, value, precision);
    arb_clear(t);
}

/* erf(x / sqrt 2) = Phi(x) - Phi(-x), with relative accuracy near 0 */
static void central_mass(arb_t value, const arb_t x, slong precision) {
    arb_t t;
    arb_init(t);
    arb_sqrt_ui(t, 2, precision + 10);
    arb_div(t, x, t, precision + 10);
    arb_hypgeom_erf(value, t, precision + 10);
    arb_clear(t);
}

typedef void ball_map(arb_t value, const arb_t x, slong precision);

/* Interval Newton around m for F(x) = target, F' = factor * phi. Tries radii from 2^(exponent) up. Returns
 * whether the root was caught. */
static int enclose_root(arb_t root, const arb_t m, ball_map *F, int factor, const arb_t target,
                        slong exponent, slong precision) {
    arb_t trial, slope, step;
    arf_t radius;
    arb_init(trial);
    arb_init(slope);
    arb_init(step);
    arf_init(radius);
    int caught = 0;
    for (int attempt = 0; attempt < 40 && !caught; attempt++) {
        arf_one(radius);
        arf_mul_2exp_si(radius, radius, exponent + 4 * attempt);
        arb_set(trial, m);
        arb_add_error_arf(trial, radius);
        normal_density(slope, trial, precision);
        arb_mul_ui(slope, slope, (ulong)factor, precision);
        F(step, m, precision);
        arb_sub(step, step, target, precision);
        arb_div(step, step, slope, precision);
        arb_sub(step, m, step, precision);
        if (arb_is_finite(step) && arb_contains(trial, step)) {
            arb_set(root, step);
            caught = 1;
        }
    }
    arb_clear(trial);
    arb_clear(slope);
    arb_clear(step);
    arf_clear(radius);
    return caught;
}

/* The binary exponent of x, or 0 for 0. */
static slong magnitude(const arb_t x) {
    return arf_is_special(arb_midref(x)) ? 0 : (slong)fmpz_get_si(ARF_EXPREF(arb_midref(x)));
}

/* x <= 0 with Phi(x) = tail, 0 < tail <= 1/2: Newton on log Phi, which is concave. */
static int lower_quantile(arb_t x, const arb_t tail, slong precision) {
    slong work = precision + 30;
    arb_t t, cdf, slope, step;
    arb_init(t);
    arb_init(cdf);
    arb_init(slope);
    arb_init(step);
    arb_get_mid_arb(t, tail);
    int caught = arb_is_positive(tail) && arb_is_positive(t);
    if (caught) {
        arb_log(step, t, work); /* start near -sqrt(-2 log 2t) */
        arb_const_log2(slope, work);
        arb_add(step, step, slope, work);
        arb_mul_2exp_si(step, step, 1);
        arb_neg(step, step);
        arb_get_mid_arb(step, step);
        if (arf_sgn(arb_midref(step)) < 0) arb_zero(step);
        arb_sqrt(x, step, work);
        arb_neg(x, x);
        arb_get_mid_arb(x, x);
        for (int i = 0, settled = 0; i < 300 && settled < 2; i++) {
            sb_normal_cdf(cdf, x, work);
            normal_density(slope, x, work);
            arb_div(step, cdf, t, work);
            arb_log(step, step, work);
            arb_mul(step, step, cdf, work);
            arb_div(step, step, slope, work);
            arb_sub(x, x, step, work);
            arb_get_mid_arb(x, x);
            arb_get_mid_arb(step, step);
            settled += arf_cmpabs_2exp_si(arb_midref(step), magnitude(x) - precision / 2) < 0;
        }
        caught = enclose_root(x, x, sb_normal_cdf, 1, tail, magnitude(x) - precision, work);
    }
    arb_clear(t);
    arb_clear(cdf);
    arb_clear(slope);
    arb_clear(step);
    return caught;
}

/* z >= 0 with erf(z / sqrt 2) = mass, 0 < mass <= 1/2 or so: Newton on the concave erf from z = mass
 * sqrt(pi/2), left of the root. */
static int central_quantile(arb_t z, const arb_t mass, slong precision) {
    slong work = precision + 30;
    arb_t t, value, slope, step;
    arb_init(t);
    arb_init(value);
    arb_init(slope);
    arb_init(step);
    arb_get_mid_arb(t, mass);
    arb_const_pi(z, work);
    arb_mul_2exp_si(z, z, -1);
    arb_sqrt(z, z, work);
    arb_mul(z, z, t, work);
    arb_get_mid_arb(z, z);
    for (int i = 0, settled = 0; i < 100 && settled < 2; i++) {
        central_mass(value, z, work);
        normal_density(slope, z, work);
        arb_mul_2exp_si(slope, slope, 1);
        arb_sub(step, value, t, work);
        arb_div(step, step, slope, work);
        arb_sub(z, z, step, work);
        arb_get_mid_arb(z, z);
        arb_get_mid_arb(step, step);
        settled += arf_cmpabs_2exp_si(arb_midref(step), magnitude(z) - precision / 2) < 0;
    }
    int caught =
        arb_is_positive(mass) && enclose_root(z, z, central_mass, 2, mass, magnitude(z) - precision, work);
    arb_clear(t);
    arb_clear(value);
    arb_clear(slope);
    arb_clear(step);
    return caught;
}

void sb_normal_quantile(arb_t value, const arb_t probability, slong precision) {
    arb_t other, result;
    arb_init(other);
    arb_init(result);
    arb_sub_ui(other, probability, 1, precision + 30);
    arb_neg(other, other);
    int upper = arf_cmp_d(arb_midref(probability), 0.5) > 0, known;
    if (arb_is_exact(probability) && arf_cmp_d(arb_midref(probability), 0.5) == 0) {
        arb_zero(result);
        known = 1;
    } else {
        known = lower_quantile(result, upper ? other : probability, precision);
    }
    if (known && upper) arb_neg(result, result);
    if (known)
        arb_set_round(value, result, precision);
    else
        arb_indeterminate(value);
    arb_clear(other);
    arb_clear(result);
}

void sb_normal_two_sided_quantile(arb_t z, const fmpq_t delta, slong precision) {
    arb_t mass, result;
    fmpq_t half, tail;
    arb_init(mass);
    arb_init(result);
    fmpq_init(half);
    fmpq_init(tail);
    fmpq_set_si(half, 1, 2);
    int known = 0;
    if (fmpq_sgn(delta) > 0 && fmpq_cmp(delta, half) <= 0) {
        arb_set_fmpq(mass, delta, precision + 30);
        known = central_quantile(result, mass, precision);
    } else if (fmpq_cmp(delta, half) > 0 && fmpq_cmp_ui(delta, 1) < 0) {
        fmpq_mul(tail, delta, half); /* (1 - delta) / 2, exact however near delta is to 1 */
        fmpq_sub(tail, half, tail);
        arb_set_fmpq(mass, tail, precision + 30);
        known = lower_quantile(result, mass, precision);
        arb_neg(result, result);
    }
    if (known)
        arb_set_round(z, result, precision);
    else
        arb_indeterminate(z);
    arb_clear(mass);
    arb_clear(result);
    fmpq_clear(half);
    fmpq_clear(tail);
}

void sb_dimension_power(arb_t value, uint64_t base, const fmpq_t exponent, slong precision) {
    arb_t b;
    fmpz_t power;
    arb_init(b);
    fmpz_init(power);
    arb_set_ui(b, base);
    slong e = fmpz_fits_si(fmpq_numref(exponent)) ? fmpz_get_si(fmpq_numref(exponent)) : WORD_MAX;
    if (fmpz_is_one(fmpq_denref(exponent)) && e >= -64 && e <= 64) {
        fmpz_set_ui(power, base);
        fmpz_pow_ui(power, power, (ulong)(e < 0 ? -e : e));
        arb_set_fmpz(value, power);
        if (e < 0) arb_inv(value, value, precision);
    } else {
        arb_t exponent_ball;
        arb_init(exponent_ball);
        arb_set_fmpq(exponent_ball, exponent, precision + 80);
        arb_log(b, b, precision + 80);
        arb_mul(b, b, exponent_ball, precision + 80);
        arb_exp(value, b, precision);
        arb_clear(exponent_ball);
    }
    arb_clear(b);
    fmpz_clear(power);
}
