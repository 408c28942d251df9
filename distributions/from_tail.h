/* The distribution function of a symmetric law without atoms from its tail T(s) = Pr(|X| > s). */
#ifndef SB_DISTRIBUTIONS_FROM_TAIL_H
#define SB_DISTRIBUTIONS_FROM_TAIL_H

#include "distributions/family.h"

/* F(x) = T(-x)/2 for x < 0, 1 - T(x)/2 for x >= 0. */
static inline void sb_cdf_from_tail(arb_t value, sb_law_function *tail, const sb_noise_spec *spec,
                                    const arb_t x, slong precision) {
    arb_t left, right, s;
    arb_init(left);
    arb_init(right);
    arb_init(s);
    if (!arb_is_nonnegative(x)) {
        arb_neg(s, x);
        arb_nonnegative_part(s, s);
        tail(left, spec, s, precision);
        arb_mul_2exp_si(left, left, -1);
    }
    if (!arb_is_negative(x)) {
        arb_nonnegative_part(s, x);
        tail(right, spec, s, precision);
        arb_mul_2exp_si(right, right, -1);
        arb_sub_ui(right, right, 1, precision);
        arb_neg(right, right);
    }
    if (arb_is_nonnegative(x))
        arb_set(value, right);
    else if (arb_is_negative(x))
        arb_set(value, left);
    else
        arb_union(value, left, right, precision);
    arb_clear(left);
    arb_clear(right);
    arb_clear(s);
}

#endif
