/* Precision is doubled until the ball is narrow enough. An end of a ball is a dyadic rational, so its outward
   decimal is exact arithmetic; only for balls of extreme exponent (10^(10^9)) does MPFR's directed conversion
   take over. */
#include "support/enclosure.h"

#include "support/text.h"

#include <stdlib.h>

sb_status sb_enclose(arb_t value, sb_ball_function *function, const void *context, int digits,
                     sb_error *error) {
    if (digits < 1) digits = 1;
    if (digits > SB_DIGITS_LIMIT)
        return sb_fail(error, SB_BAD_INPUT, "%d digits: at most %d can be asked for", digits,
                       SB_DIGITS_LIMIT);
    slong wanted = (slong)((double)(digits + 3) * 3.3219280948873626) + 2; /* bits of relative accuracy */
    for (slong precision = wanted + 32 > SB_PRECISION_START ? wanted + 32 : SB_PRECISION_START;
         precision <= SB_PRECISION_LIMIT; precision *= 2) {
        function(value, context, precision);
        if (arb_is_exact(value) && arf_is_finite(arb_midref(value))) return SB_OK;
        if (arb_is_finite(value) && arb_rel_accuracy_bits(value) >= wanted) return SB_OK;
    }
    if (!arb_is_finite(value)) return sb_fail(error, SB_OUTSIDE, "no finite value at these parameters");
    return sb_fail(error, SB_UNDECIDED, "%d digits not reached with %d bits", digits,
                   (int)SB_PRECISION_LIMIT);
}

sb_status sb_compare_with(sb_ball_function *function, const void *context, const fmpq_t threshold, int *sign,
                          sb_error *error) {
    arb_t value, bar;
    arb_init(value);
    arb_init(bar);
    sb_status status = SB_UNDECIDED;
    for (slong precision = SB_PRECISION_START; status && precision <= SB_PRECISION_LIMIT; precision *= 2) {
        function(value, context, precision);
        arb_set_fmpq(bar, threshold, precision);
        status = SB_OK;
        if (arb_gt(value, bar))
            *sign = 1;
        else if (arb_lt(value, bar))
            *sign = -1;
        else if (arb_is_exact(value) && arb_is_exact(bar) && arb_equal(value, bar))
            *sign = 0;
        else
            status = SB_UNDECIDED;
    }
    arb_clear(value);
    arb_clear(bar);
    return status ? sb_fail(error, status, "comparison not decided with %d bits", (int)SB_PRECISION_LIMIT)
                  : SB_OK;
}

/* ------------------------------------------------------------------ decimals */
/* mpfr_get_str for magnitudes too extreme to be written out as rationals. */
static char *extreme_decimal(const arf_t x, int digits, int direction) {
    mpfr_t y;
    mpfr_init2(y, (mpfr_prec_t)(arf_bits(x) < 64 ? 64 : arf_bits(x)));
    mpfr_rnd_t rounding = direction > 0 ? MPFR_RNDU : direction < 0 ? MPFR_RNDD : MPFR_RNDN;
    arf_get_mpfr(y, x, rounding);
    char *result;
    if (!mpfr_number_p(y)) {
        result = sb_duplicate(mpfr_sgn(y) > 0 ? "inf" : "-inf");
    } else {
        mpfr_exp_t e;
        char *string = mpfr_get_str(NULL, &e, 10, (size_t)(digits < 2 ? 2 : digits), y, rounding);
        const char *s = string + (string[0] == '-');
        result = sb_format("%s%c.%se%c%02ld", s == string ? "" : "-", s[0], s + 1, e - 1 < 0 ? '-' : '+',
                           labs((long)e - 1));
        mpfr_free_str(string);
    }
    mpfr_clear(y);
    return result;
}

static char *end_decimal(const arf_t x, int digits, int direction) {
    if (arf_is_nan(x)) return sb_duplicate(direction > 0 ? "inf" : "-inf");
    if (arf_is_pos_inf(x)) return sb_duplicate("inf");
    if (arf_is_neg_inf(x)) return sb_duplicate("-inf");
    if (arf_cmpabs_2exp_si(x, 1 << 20) > 0 || (!arf_is_zero(x) && arf_cmpabs_2exp_si(x, -(1 << 20)) < 0))
        return extreme_decimal(x, digits, direction);
    fmpq_t exact;
    fmpq_init(exact);
    arf_get_fmpq(exact, x);
    char *result = sb_rational_decimal(exact, digits, direction);
    fmpq_clear(exact);
    return result;
}

/* x := the lower (or upper) end of the ball, rounded outward if it must be rounded */
static void ball_end(arf_t x, const arb_t ball, int upper) {
    slong precision = arb_bits(ball) + MAG_BITS + 64;
    if (upper)
        arb_get_ubound_arf(x, ball, precision);
    else
        arb_get_lbound_arf(x, ball, precision);
}

char *sb_decimal_lower(const arb_t ball, int digits) {
    arf_t end;
    arf_init(end);
    ball_end(end, ball, 0);
    char *result = end_decimal(end, digits, -1);
    arf_clear(end);
    return result;
}

char *sb_decimal_upper(const arb_t ball, int digits) {
    arf_t end;
    arf_init(end);
    ball_end(end, ball, 1);
    char *result = end_decimal(end, digits, 1);
    arf_clear(end);
    return result;
}

char *sb_decimal_nearest(const arb_t ball, int digits) {
    return end_decimal(arb_midref(ball), digits, 0);
}
