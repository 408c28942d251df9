/* exp, log, sqrt, erf and digamma increase, trigamma decreases: the range lies between the values at the
   ends. gamma and lgamma decrease up to x0 = 1.46163... and increase from there (Gauss); gamma(x0) =
   0.885603..., lgamma(x0) = -0.121486... . */
#include "bounds/expression_function.h"

static int in_domain(sb_operation operation, const arb_t low) {
    switch (operation) {
    case SB_EXP:
    case SB_ERF:
        return arb_is_finite(low);
    case SB_SQRT:
        return arb_is_finite(low) && arb_is_nonnegative(low);
    default:
        return arb_is_finite(low) && arb_is_positive(low);
    }
}

static void evaluate(sb_operation operation, arb_t value, const arb_t x, slong precision) {
    switch (operation) {
    case SB_EXP:
        arb_exp(value, x, precision);
        break;
    case SB_LOG:
        arb_log(value, x, precision);
        break;
    case SB_SQRT:
        arb_sqrt(value, x, precision);
        break;
    case SB_ERF:
        arb_hypgeom_erf(value, x, precision);
        break;
    case SB_GAMMA:
        arb_gamma(value, x, precision);
        break;
    case SB_LGAMMA:
        arb_lgamma(value, x, precision);
        break;
    case SB_DIGAMMA:
        arb_digamma(value, x, precision);
        break;
    case SB_TRIGAMMA: { /* the Hurwitz zeta function at 2 */
        arb_t two;
        arb_init(two);
        arb_set_ui(two, 2);
        arb_hurwitz_zeta(value, two, x, precision);
        arb_clear(two);
        break;
    }
    default:
        arb_indeterminate(value);
        break;
    }
}

/* Where gamma and lgamma are monotone: -1 decreasing on [low, high], +1 increasing, 0 unsure. */
static int gamma_direction(const arb_t low, const arb_t high) {
    arb_t turn;
    arb_init(turn);
    arb_set_d(turn, 1.4616321449683622); /* the double below x0 */
    int direction = arb_le(high, turn) ? -1 : 0;
    arb_set_d(turn, 1.4616321449683625); /* the double above x0 */
    if (arb_ge(low, turn)) direction = 1;
    arb_clear(turn);
    return direction;
}

static int keep(arf_t lower, arf_t upper) {
    if (arf_is_nan(lower) || arf_is_nan(upper) || arf_is_inf(lower) || arf_is_inf(upper)) return 0;
    if (arf_cmpabs_2exp_si(lower, SB_EXPONENT_LIMIT) > 0 || arf_cmpabs_2exp_si(upper, SB_EXPONENT_LIMIT) > 0)
        return 0;
    if (arf_cmpabs_2exp_si(lower, -SB_EXPONENT_LIMIT) < 0) {
        if (arf_sgn(lower) > 0) arf_zero(lower);
        if (arf_sgn(lower) < 0) {
            arf_one(lower);
            arf_neg(lower, lower);
            arf_mul_2exp_si(lower, lower, -SB_EXPONENT_LIMIT);
        }
    }
    if (arf_cmpabs_2exp_si(upper, -SB_EXPONENT_LIMIT) < 0) {
        if (arf_sgn(upper) < 0) arf_zero(upper);
        if (arf_sgn(upper) > 0) {
            arf_one(upper);
            arf_mul_2exp_si(upper, upper, -SB_EXPONENT_LIMIT);
        }
    }
    return 1;
}

int sb_function_range(sb_operation operation, arf_t lower, arf_t upper, const arb_t low, const arb_t high,
                      slong precision) {
    if (!in_domain(operation, low) || !arb_is_finite(high)) return 0;
    arb_t at_low, at_high;
    arb_init(at_low);
    arb_init(at_high);
    evaluate(operation, at_low, low, precision);
    if (high == low)
        arb_set(at_high, at_low);
    else
        evaluate(operation, at_high, high, precision);
    int hump = operation == SB_GAMMA || operation == SB_LGAMMA;
    int direction = operation == SB_TRIGAMMA ? -1 : hump && high != low ? gamma_direction(low, high) : 1;
    if (direction < 0) arb_swap(at_low, at_high);
    arb_get_lbound_arf(lower, at_low, precision);
    arb_get_ubound_arf(upper, at_high, precision);
    if (direction == 0) {
        arf_t other;
        arf_init(other);
        arb_get_ubound_arf(other, at_low, precision);
        if (arf_cmp(other, upper) > 0) arf_set(upper, other);
        arf_clear(other);
        arf_set_d(lower,
                  operation == SB_GAMMA ? 0.88560319441088863 : -0.12148629053584962); /* below the minima */
    }
    arb_clear(at_low);
    arb_clear(at_high);
    return keep(lower, upper);
}
