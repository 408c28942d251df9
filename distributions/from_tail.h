/* The distribution function of a symmetric law without atoms from its tail T(s) = Pr(|X| > s). */
#ifndef SB_DISTRIBUTIONS_FROM_TAIL_H
#define SB_DISTRIBUTIONS_FROM_TAIL_H

#include "distributions/family.h"

/* F(x) = T(-x)/2 for x < 0, 1 - T(x)/2 for x >= 0. A ball around 0 goes from F of its lower to F of its upper end. */
static inline void sb_cdf_from_tail(arb_t value, sb_law_function *tail, const sb_noise_spec *spec,
                                    const arb_t x, slong precision) {
    arb_t left, right, s;
    arb_init(left);
    arb_init(right);
    arb_init(s);
    int both = arb_contains_zero(x) && !arb_is_zero(x);
    if (both || arb_is_negative(x)) {
        arb_neg(s, x);
        if (both) arb_get_ubound_arf(arb_midref(s), s, precision);
        if (both) mag_zero(arb_radref(s));
        tail(left, spec, s, precision);
        arb_mul_2exp_si(left, left, -1);
    }
    if (!arb_is_negative(x)) {
        arb_set(s, x);
        if (both) arb_get_ubound_arf(arb_midref(s), s, precision);
        if (both) mag_zero(arb_radref(s));
        tail(right, spec, s, precision);
        arb_mul_2exp_si(right, right, -1);
        arb_sub_ui(right, right, 1, precision);
        arb_neg(right, right);
    }
    if (both)
        arb_union(value, left, right, precision);
    else
        arb_set(value, arb_is_negative(x) ? left : right);
    arb_clear(left);
    arb_clear(right);
    arb_clear(s);
}

#endif
