/* The tail decreases, so a bracket low < x < high of tail(x) = level is kept with certain signs at both ends
   and shrunk by the Illinois rule on log tail. */
#include "distributions/law_numerics.h"

typedef struct {
    const sb_noise_spec *spec;
    uint64_t dimension;
    arb_srcptr level; /* the tail that is looked for */
    slong precision;
} tail_equation;

/* The sign of tail(x) - level, 0 where it is not certain. excess := log(tail(x)/level), -inf where the tail
 * is 0. */
static int side(arb_t excess, const tail_equation *e, const arb_t x) {
    const sb_noise_family *f = e->spec->family;
    if (f->product)
        f->product->tail(excess, e->spec, x, e->precision);
    else
        f->radial->coordinate_tail(excess, e->spec, e->dimension, x, e->precision);
    int sign = arb_is_finite(excess) ? arb_gt(excess, e->level) - arb_lt(excess, e->level) : 0;
    if (arb_is_positive(excess)) {
        arb_div(excess, excess, e->level, e->precision);
        arb_log(excess, excess, e->precision);
        arb_get_mid_arb(excess, excess);
    } else {
        arb_neg_inf(excess);
    }
    return sign;
}

typedef struct {
    arb_t low, high;           /* exact; tail(low) > level > tail(high) */
    arb_t above, below, trial; /* the excess at both ends, and at a trial */
} tail_bracket;

static void bracket_init(tail_bracket *b) {
    arb_init(b->low);
    arb_init(b->high);
    arb_init(b->above);
    arb_init(b->below);
    arb_init(b->trial);
}

static void bracket_clear(tail_bracket *b) {
    arb_clear(b->low);
    arb_clear(b->high);
    arb_clear(b->above);
    arb_clear(b->below);
    arb_clear(b->trial);
}

/* Makes x an end of the bracket, by powers of 2 from 1. Returns whether it is complete; else x is a point
   where the sign is not certain. */
static int find_bracket(tail_bracket *b, arb_t x, const tail_equation *e) {
    int has_low = 0, has_high = 0;
    arb_one(x);
    for (slong step = 1; step < (slong)1 << 40; step *= 2) {
        int sign = side(b->trial, e, x);
        if (!sign) return 0;
        arb_set(sign > 0 ? b->low : b->high, x);
        arb_set(sign > 0 ? b->above : b->below, b->trial);
        if (sign > 0)
            has_low = 1;
        else
            has_high = 1;
        if (has_low && has_high) return 1;
        arb_mul_2exp_si(x, x, sign > 0 ? step : -step);
    }
    return 0;
}

/* The next trial: the middle of the exponents while the ends are far apart, then the chord of the excess. */
static void next_trial(arb_t x, const tail_bracket *b, slong precision) {
    slong apart =
        arf_abs_bound_lt_2exp_si(arb_midref(b->high)) - arf_abs_bound_lt_2exp_si(arb_midref(b->low));
    if (apart > 2) {
        arb_mul_2exp_si(x, b->low, apart / 2);
    } else if (!arb_is_finite(b->below)) {
        arb_add(x, b->low, b->high, precision);
        arb_mul_2exp_si(x, x, -1);
    } else {
        arb_t chord;
        arb_init(chord);
        arb_sub(chord, b->above, b->below, precision);
        arb_div(chord, b->above, chord, precision);
        arb_sub(x, b->high, b->low, precision);
        arb_mul(x, x, chord, precision);
        arb_add(x, x, b->low, precision);
        arb_clear(chord);
    }
    arb_get_mid_arb(x, x);
}

/* x := a point where the sign is not certain, or where the bracket is narrow. */
static void approach(arb_t x, tail_bracket *b, const tail_equation *e) {
    int last = 0;
    arb_t width;
    arb_init(width);
    for (slong i = 0; i < 200 + 2 * e->precision; i++) {
        next_trial(x, b, e->precision);
        int sign = side(b->trial, e, x);
        if (!sign || arb_le(x, b->low) || arb_ge(x, b->high)) break;
        arb_swap(sign > 0 ? b->above : b->below, b->trial);
        arb_set(sign > 0 ? b->low : b->high, x);
        if (sign == last) arb_mul_2exp_si(sign > 0 ? b->below : b->above, sign > 0 ? b->below : b->above, -1);
        last = sign;
        arb_sub(width, b->high, b->low, 30);
        arb_mul_2exp_si(width, width, e->precision - 10);
        if (arb_lt(width, b->low)) break;
    }
    arb_clear(width);
}

/* value := a ball around x at whose ends the signs are certain; where they are not, the bracket's end. */
static void certify(arb_t value, const arb_t x, tail_bracket *b, int bracketed, const tail_equation *e) {
    arb_t end;
    arb_init(end);
    for (int direction = -1; direction <= 1; direction += 2) {
        int certain = 0;
        for (slong bits = e->precision; bits > 0 && !certain; bits -= 2) {
            arb_mul_2exp_si(end, x, -bits);
            if (direction < 0)
                arb_sub(end, x, end, e->precision);
            else
                arb_add(end, x, end, e->precision);
            arb_get_mid_arb(end, end);
            certain = side(b->trial, e, end) == -direction;
        }
        if (!certain && bracketed) arb_set(end, direction < 0 ? b->low : b->high);
        if (!certain && !bracketed) arb_zero_pm_inf(end);
        if (direction < 0)
            arb_set(value, end);
        else
            arb_union(value, value, end, e->precision);
    }
    arb_clear(end);
}

/* value := the x > 0 with tail(x) = level, 0 < level < 1 */
static void tail_root(arb_t value, const tail_equation *e) {
    tail_bracket b;
    arb_t x;
    bracket_init(&b);
    arb_init(x);
    int bracketed = find_bracket(&b, x, e);
    if (bracketed) approach(x, &b, e);
    certify(value, x, &b, bracketed, e);
    bracket_clear(&b);
    arb_clear(x);
}

void sb_law_quantile(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t u,
                     slong precision) {
    arb_t level, one;
    arb_init(level);
    arb_init(one);
    arb_one(one);
    arb_mul_2exp_si(level, u, 1);
    if (!arb_is_positive(u) || !arb_lt(u, one)) {
        arb_indeterminate(value);
    } else if (arb_equal_si(level, 1)) {
        arb_zero(value);
    } else if (arb_contains_si(level, 1)) { /* from both ends */
        arb_get_lbound_arf(arb_midref(level), u, 2 * precision);
        arb_get_ubound_arf(arb_midref(one), u, 2 * precision);
        mag_zero(arb_radref(level));
        sb_law_quantile(level, spec, dimension, level, precision);
        sb_law_quantile(one, spec, dimension, one, precision);
        arb_union(value, level, one, precision);
    } else {
        int upper = arb_gt(level, one);
        if (upper) {
            arb_sub_ui(level, level, 2, precision + 30);
            arb_neg(level, level);
        }
        tail_equation e = {spec, dimension, level, precision + 30};
        tail_root(value, &e);
        if (!upper) arb_neg(value, value);
        arb_set_round(value, value, precision);
    }
    arb_clear(level);
    arb_clear(one);
}

void sb_law_from_ends(arb_t value, sb_law_function *law, const sb_noise_spec *spec, const arb_t x,
                      slong precision) {
    arb_t end, low, high;
    arb_init(end);
    arb_init(low);
    arb_init(high);
    arb_get_lbound_arf(arb_midref(end), x, 2 * precision);
    law(low, spec, end, precision);
    if (arb_is_exact(x)) {
        arb_set(high, low);
    } else {
        arb_get_ubound_arf(arb_midref(end), x, 2 * precision);
        law(high, spec, end, precision);
    }
    arb_union(value, low, high, precision);
    arb_clear(end);
    arb_clear(low);
    arb_clear(high);
}
