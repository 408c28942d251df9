/* S = log(p/q) under the measure sqrt(pq) dx, "E" is the integral against it; c = log lambda, x = S - c,
   k(x) = e^(-|x|/2):

     overlap = integral of min(p, lambda q) = sqrt(lambda) E k(x),      E e^(+-yS) = Phi(iy).

   Aliases. k has the transform 1/(1/4 + t^2), so by Poisson's formula the sum over all nodes is

     T_h = sqrt(lambda) (h/2 pi) sum over k in Z of Phi(kh) cos(ckh)/(1/4 + (kh)^2)
         = sqrt(lambda) E sum over m in Z of k(x + mP),

   P = 2 pi/h. With A(Y) = 2 sqrt(lambda) cosh(cY) Phi(iY)/(e^(YP) - 1):

   (1) 0 < Y <= 1/2:   0 <= T_h - overlap <= A(Y).
       k(x + mP) <= e^(-Y(x + mP)) for m >= 1, <= e^(Y(x + mP)) for m <= -1: geometric series in |m|, and
       sqrt(lambda) E (e^(Yx) + e^(-Yx)) = 2 sqrt(lambda) cosh(cY) Phi(iY).
   (2) Y >= 1/2:   0 <= overlap - [T_h - (1 + lambda) Phi(i/2)/(e^(P/2) - 1)] <= A(Y).
       Replace k(x + mP) by e^(-(x + mP)/2) for m >= 1 and by e^((x + mP)/2) for m <= -1: the sum of these
       has the mean (1 + lambda) Phi(i/2)/(e^(P/2) - 1). They differ from k only where |m|P < |x|, for one of
       +-m, by 2 sinh((|x| - |m|P)/2), which is at most e^(Y(|x| - |m|P)); and e^(Y|x|) <= e^(Yx) + e^(-Yx).

   Small Y serves when the overlap is tiny (Phi(iY) is tiny too), large Y when the total variation is: for a
   Gaussian loss of deviation s the best Y = 2 pi/(h s^2) leaves a relative error exp(-2 pi^2/(hs)^2),
   whatever the size of the result. Since cosh(cY) <= e^(|c|Y), the strip is found from log Phi(iY), convex in
   Y: the step 2 pi Y/(log Phi(iY) + ...) that an accuracy allows has one maximum in Y.

   Tail. The sum over k >= K of 1/(1/4 + (kh)^2) is at most h^-2 sum 1/(k^2 - 1/4) = 1/(h^2 (K - 1/2)).
   For both signs of k together:

     tail <= sqrt(lambda) sup over t >= Kh of |Phi(t)| / (pi h (K - 1/2)). */
#include "distributions/product_plan.h"

#include <math.h>

enum {
    PRECISION = 64,         /* of bounds */
    MOST_EXPONENT = 1 << 16 /* of strips */
};

void sb_product_plan_init(sb_product_plan *plan) {
    arb_init(plan->step);
    arb_init(plan->strip);
    arb_init(plan->alias);
    arb_init(plan->tail);
    plan->nodes = 0;
}

void sb_product_plan_clear(sb_product_plan *plan) {
    arb_clear(plan->step);
    arb_clear(plan->strip);
    arb_clear(plan->alias);
    arb_clear(plan->tail);
}

/* The upper end of a ball as a double; +inf for NaN. */
static double upper_double(const arb_t x) {
    arf_t end;
    if (arf_is_neg_inf(arb_midref(x)) && mag_is_zero(arb_radref(x))) return -INFINITY;
    if (!arb_is_finite(x)) return INFINITY;
    arf_init(end);
    arb_get_ubound_arf(end, x, PRECISION);
    double result = arf_get_d(end, ARF_RND_UP);
    arf_clear(end);
    return result;
}

/* Bits for n-th powers. */
static slong bound_precision(const sb_product_integrand *f) {
    return PRECISION + (slong)log2((double)f->dimension + 1);
}

/* ------------------------------------------------------------------ aliases */
/* value := log(2 sqrt(lambda) e^(|c|Y) Phi(iY)), or +inf */
static void log_growth(arb_t value, const sb_product_integrand *f, const arb_t log_lambda, const arb_t strip,
                       slong precision) {
    arb_t part;
    arb_init(part);
    sb_product_integrand_imaginary_bound(value, f, strip, precision);
    if (arb_is_finite(value)) {
        arb_log(value, value, precision);
        arb_const_log2(part, precision);
        arb_add(value, value, part, precision);
        arb_mul_2exp_si(part, log_lambda, -1);
        arb_add(value, value, part, precision);
        arb_abs(part, log_lambda);
        arb_addmul(value, part, strip, precision);
    }
    arb_clear(part);
}

/* value := 2 pi y/h */
static void decay(arb_t value, const arb_t y, const arb_t step, slong precision) {
    arb_const_pi(value, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_mul(value, value, y, precision);
    arb_div(value, value, step, precision);
}

void sb_product_alias_bound(arb_t bound, const sb_product_integrand *f, const arb_t log_lambda,
                            const arb_t strip, const arb_t step, slong precision) {
    arb_t growth, fall;
    arb_init(growth);
    arb_init(fall);
    log_growth(growth, f, log_lambda, strip, precision);
    if (arf_is_neg_inf(arb_midref(growth))) { /* Phi(iY) = 0: disjoint supports */
        arb_zero(bound);
    } else if (arb_is_finite(growth)) { /* e^(growth - fall)/(1 - e^-fall) */
        decay(fall, strip, step, precision);
        arb_sub(bound, growth, fall, precision);
        arb_exp(bound, bound, precision);
        arb_neg(fall, fall);
        arb_expm1(fall, fall, precision);
        arb_neg(fall, fall);
        arb_div(bound, bound, fall, precision);
        arb_get_ubound_arf(arb_midref(bound), bound, precision);
        mag_zero(arb_radref(bound));
    } else {
        arb_pos_inf(bound);
    }
    arb_clear(growth);
    arb_clear(fall);
}

static int inside_half(const arb_t strip) {
    return arf_cmp_d(arb_midref(strip), 0.5) <= 0;
}

void sb_product_remove_aliases(arb_t overlap, const arb_t sum, const sb_product_plan *plan,
                               const sb_product_integrand *f, const arb_t log_lambda, slong precision) {
    arb_t half, part, mass;
    arb_init(half);
    arb_init(part);
    arb_init(mass);
    arb_mul_2exp_si(half, plan->alias, -1);
    if (inside_half(plan->strip)) {
        arb_sub(overlap, sum, half, precision);
    } else {
        arb_set_d(part, 0.5);
        sb_product_integrand_imaginary(mass, f, part, precision);
        arb_exp(part, log_lambda, precision);
        arb_add_ui(part, part, 1, precision);
        arb_mul(mass, mass, part, precision);
        arb_const_pi(part, precision);
        arb_div(part, part, plan->step, precision);
        arb_expm1(part, part, precision);
        arb_div(mass, mass, part, precision);
        arb_sub(overlap, sum, mass, precision);
        arb_add(overlap, overlap, half, precision);
    }
    arb_add_error(overlap, half);
    arb_clear(half);
    arb_clear(part);
    arb_clear(mass);
}

/* ------------------------------------------------------------------ the step */
/* 2^exponent, rounded down to 20 bits; exact. */
static void set_power(arb_t value, double exponent) {
    double whole = floor(exponent);
    arb_set_d(value, floor(ldexp(exp2(exponent - whole), 20)));
    arb_mul_2exp_si(value, value, (slong)whole - 20);
}

/* log2 of the step that the strip 2^y allows; -inf where Phi(iY) is not known. */
static double log_step(const sb_product_integrand *f, const arb_t log_lambda, double log_allowed, double y) {
    if (fabs(y) > MOST_EXPONENT) return -INFINITY;
    arb_t strip, growth;
    arb_init(strip);
    arb_init(growth);
    set_power(strip, y);
    log_growth(growth, f, log_lambda, strip, bound_precision(f));
    double fall = upper_double(growth) - log_allowed;
    arb_clear(strip);
    arb_clear(growth);
    if (fall < 1) fall = 1; /* also where Phi(iY) = 0 */
    return isfinite(fall) ? y + log2(6.283185307179586 / (fall + 1e-9 * fabs(fall))) : -INFINITY;
}

int sb_product_plan_step(sb_product_plan *plan, const sb_product_integrand *f, const arb_t log_lambda,
                         double log_allowed) {
    const double gain = 1e-3; /* worth going on for: with a bounded loss the step has a limit for large Y */
    double y = -1, move = 1, best = log_step(f, log_lambda, log_allowed, y);
    while (move > 0.1) {
        double up = log_step(f, log_lambda, log_allowed, y + move);
        double down = up > best + gain ? -INFINITY : log_step(f, log_lambda, log_allowed, y - move);
        if (up > best + gain || down > best + gain) {
            y += up > best + gain ? move : -move;
            best = up > best + gain ? up : down;
            move *= 2;
        } else {
            move /= 2;
        }
    }
    if (!isfinite(best)) return 0;
    set_power(plan->strip, y);
    set_power(plan->step, best);
    sb_product_alias_bound(plan->alias, f, log_lambda, plan->strip, plan->step, bound_precision(f));
    return arb_is_finite(plan->alias);
}

/* ------------------------------------------------------------------ the nodes */
void sb_product_tail_bound(arb_t bound, const sb_product_integrand *f, const arb_t log_lambda,
                           const arb_t step, uint64_t nodes, slong precision) {
    arb_t part;
    arb_init(part);
    arb_mul_ui(part, step, nodes, precision);
    sb_product_integrand_supremum(bound, f, part, precision);
    if (arb_is_finite(bound)) {
        arb_set_ui(part, nodes);
        arb_mul_2exp_si(part, part, 1);
        arb_sub_ui(part, part, 1, precision);
        arb_mul_2exp_si(part, part, -1);
        arb_div(bound, bound, part, precision);
        arb_div(bound, bound, step, precision);
        arb_const_pi(part, precision);
        arb_div(bound, bound, part, precision);
        arb_mul_2exp_si(part, log_lambda, -1);
        arb_exp(part, part, precision);
        arb_mul(bound, bound, part, precision);
        arb_get_ubound_arf(arb_midref(bound), bound, precision);
        mag_zero(arb_radref(bound));
    }
    arb_clear(part);
}

static int tail_is_small(sb_product_plan *plan, const sb_product_integrand *f, const arb_t log_lambda,
                         double log_allowed, uint64_t nodes) {
    arb_t logarithm;
    arb_init(logarithm);
    sb_product_tail_bound(plan->tail, f, log_lambda, plan->step, nodes, bound_precision(f));
    int small = arb_is_zero(plan->tail);
    if (!small && arb_is_finite(plan->tail)) {
        arb_log(logarithm, plan->tail, PRECISION);
        small = upper_double(logarithm) <= log_allowed;
    }
    arb_clear(logarithm);
    return small;
}

int sb_product_plan_nodes(sb_product_plan *plan, const sb_product_integrand *f, const arb_t log_lambda,
                          double log_allowed, uint64_t most) {
    uint64_t low = 0, high = 4;
    plan->nodes = 0;
    if (!f->law->affinity_supremum) return 0;
    while (!tail_is_small(plan, f, log_lambda, log_allowed, high)) {
        low = high;
        if (high >= most) return 0;
        high = 2 * high < most ? 2 * high : most;
    }
    while (high - low > 1 + high / 64) {
        uint64_t middle = low + (high - low) / 2;
        if (tail_is_small(plan, f, log_lambda, log_allowed, middle))
            high = middle;
        else
            low = middle;
    }
    tail_is_small(plan, f, log_lambda, log_allowed, high);
    plan->nodes = high;
    return 1;
}
