/* Decimals of rationals, rounded the asked way. With 10^e <= |x| < 10^(e+1), the significand is the integer
   quotient |x| 10^(digits-1-e), floored, and bumped by one unit where the direction asks for it. */
#include "support/exact.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

/* e with 10^e <= |value| < 10^(e+1) */
static slong decimal_exponent(const fmpq_t value) {
    slong bits = (slong)fmpz_bits(fmpq_numref(value)) - (slong)fmpz_bits(fmpq_denref(value));
    slong e = (slong)((double)bits * 0.30102999566398120) - 2; /* at most the true exponent, within a few */
    fmpz_t power, left, right;
    fmpz_init(power);
    fmpz_init(left);
    fmpz_init(right);
    fmpz_abs(left, fmpq_numref(value));
    fmpz_set(right, fmpq_denref(value));
    fmpz_set_ui(power, 10);
    fmpz_pow_ui(power, power, (ulong)(e + 1 < 0 ? -(e + 1) : e + 1));
    if (e + 1 < 0)
        fmpz_mul(left, left, power);
    else
        fmpz_mul(right, right, power);
    for (; fmpz_cmp(left, right) >= 0; e++) fmpz_mul_ui(right, right, 10); /* while |x| >= 10^(e+1) */
    fmpz_clear(power);
    fmpz_clear(left);
    fmpz_clear(right);
    return e;
}

/* Places the decimal point: significand digits d1 d2 ... with value d1.d2... 10^e. */
static char *place_point(const char *digits, size_t count, slong e, int negative, int asked) {
    sb_text out;
    sb_text_init(&out);
    slong plain_limit = asked > 6 ? asked : 6;
    if (negative) sb_text_append(&out, "-");
    if (e < -5 || e >= plain_limit) {
        sb_text_append_bytes(&out, digits, 1);
        if (count > 1) sb_text_append(&out, ".");
        sb_text_append_bytes(&out, digits + 1, count - 1);
        sb_text_format(&out, "e%c%02ld", e < 0 ? '-' : '+', (long)(e < 0 ? -e : e));
    } else if (e < 0) {
        sb_text_append(&out, "0.");
        sb_text_repeat(&out, '0', (size_t)(-e - 1));
        sb_text_append_bytes(&out, digits, count);
    } else if (count <= (size_t)e + 1) {
        sb_text_append_bytes(&out, digits, count);
        sb_text_repeat(&out, '0', (size_t)e + 1 - count);
    } else {
        sb_text_append_bytes(&out, digits, (size_t)e + 1);
        sb_text_append(&out, ".");
        sb_text_append_bytes(&out, digits + e + 1, count - (size_t)e - 1);
    }
    return sb_text_detach(&out);
}

/* significand := |value| 10^(digits-1-e), rounded: away from zero when `away`, to nearest (ties to even) when
   `nearest`, else to zero. Returns whether it is exact. */
static int round_significand(fmpz_t significand, const fmpq_t value, slong shift, int away, int nearest) {
    fmpz_t numerator, denominator, remainder;
    fmpz_init(numerator);
    fmpz_init(denominator);
    fmpz_init(remainder);
    fmpz_abs(numerator, fmpq_numref(value));
    fmpz_set(denominator, fmpq_denref(value));
    fmpz_set_ui(significand, 10);
    fmpz_pow_ui(significand, significand, (ulong)(shift < 0 ? -shift : shift));
    fmpz_mul(shift < 0 ? denominator : numerator, shift < 0 ? denominator : numerator, significand);
    fmpz_fdiv_qr(significand, remainder, numerator, denominator);
    int exact = fmpz_is_zero(remainder);
    if (nearest) {
        fmpz_mul_2exp(remainder, remainder, 1);
        int side = fmpz_cmp(remainder, denominator);
        away = side > 0 || (side == 0 && fmpz_is_odd(significand));
    }
    if (!exact && away) fmpz_add_ui(significand, significand, 1);
    fmpz_clear(numerator);
    fmpz_clear(denominator);
    fmpz_clear(remainder);
    return exact;
}

char *sb_rational_decimal(const fmpq_t value, int digits, int direction) {
    if (fmpq_is_zero(value)) return sb_duplicate("0");
    if (digits < 1) digits = 1;
    int negative = fmpq_sgn(value) < 0;
    slong e = decimal_exponent(value);
    fmpz_t significand;
    fmpz_init(significand);
    int away = direction != 0 && (direction > 0) != negative;
    int exact = round_significand(significand, value, digits - 1 - e, away, direction == 0);
    char *string = fmpz_get_str(NULL, 10, significand);
    size_t count = strlen(string);
    if (count > (size_t)digits) { /* 9.99 became 10.0 */
        e++;
        count--;
    }
    if (exact)
        while (count > 1 && string[count - 1] == '0') count--;
    char *result = place_point(string, count, e, negative, digits);
    flint_free(string);
    fmpz_clear(significand);
    return result;
}
