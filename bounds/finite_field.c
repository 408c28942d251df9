/* Z_p[x] modulo a monic polynomial of degree k has p^k = q elements. Where x has order q - 1 in it, its
   powers are all the elements other than 0, so each of them has an inverse and the ring is the field GF(q). A
   polynomial with that property (a primitive one) always exists; the first is taken. The order is q - 1
   exactly when x^(q-1) = 1 and x^((q-1)/r) != 1 for the prime divisors r of q - 1.

   The squares other than 0 are then the even powers of x: the character of x^e is (-1)^e, well defined
   because q - 1 is even, and a homomorphism. For k = 1 the polynomial is x - g with g a primitive root. */
#include "bounds/finite_field.h"

#include "support/arb_compat.h"

#include <stdlib.h>
#include <string.h>

int sb_prime_power(uint64_t q, uint64_t *characteristic, unsigned *degree) {
    for (unsigned k = 1; k < 64; k++) {
        ulong remainder = 0, root = k == 1 ? q : n_rootrem(&remainder, q, k);
        if (root < 2) return 0;
        if (remainder || !n_is_prime(root)) continue;
        *characteristic = root;
        *degree = k;
        return 1;
    }
    return 0;
}

/* ------------------------------------------------------------------ arithmetic */
static void digits_of(const sb_finite_field *field, uint64_t a, uint64_t *digit) {
    for (unsigned i = 0; i < field->degree; i++) {
        digit[i] = a % field->characteristic;
        a /= field->characteristic;
    }
}

static uint64_t number_of(const sb_finite_field *field, const uint64_t *digit) {
    uint64_t a = 0;
    for (unsigned i = field->degree; i > 0; i--) a = a * field->characteristic + digit[i - 1];
    return a;
}

/* digit := digit x */
static void times_x(const sb_finite_field *field, uint64_t *digit) {
    uint64_t p = field->characteristic, top = digit[field->degree - 1];
    for (unsigned i = field->degree; i > 0; i--)
        digit[i - 1] = ((i > 1 ? digit[i - 2] : 0) + top * field->reduction[i - 1]) % p;
}

uint64_t sb_finite_field_subtract(const sb_finite_field *field, uint64_t a, uint64_t b) {
    uint64_t p = field->characteristic, x[SB_FIELD_DEGREE], y[SB_FIELD_DEGREE];
    digits_of(field, a, x);
    digits_of(field, b, y);
    for (unsigned i = 0; i < field->degree; i++) x[i] = (x[i] + p - y[i]) % p;
    return number_of(field, x);
}

/* Horner's rule in x: a b = (...(a_(k-1) b) x + a_(k-2) b) x + ... */
uint64_t sb_finite_field_multiply(const sb_finite_field *field, uint64_t a, uint64_t b) {
    uint64_t p = field->characteristic, x[SB_FIELD_DEGREE], y[SB_FIELD_DEGREE],
             product[SB_FIELD_DEGREE] = {0};
    digits_of(field, a, x);
    digits_of(field, b, y);
    for (unsigned i = field->degree; i > 0; i--) {
        times_x(field, product);
        for (unsigned j = 0; j < field->degree; j++) product[j] = (product[j] + x[i - 1] * y[j]) % p;
    }
    return number_of(field, product);
}

static uint64_t power(const sb_finite_field *field, uint64_t a, uint64_t exponent) {
    uint64_t value = 1;
    for (; exponent; exponent /= 2) {
        if (exponent % 2) value = sb_finite_field_multiply(field, value, a);
        a = sb_finite_field_multiply(field, a, a);
    }
    return value;
}

/* ------------------------------------------------------------------ making */
static int x_is_primitive(const sb_finite_field *field, const n_factor_t *factors) {
    uint64_t q = field->order, digit[SB_FIELD_DEGREE] = {1};
    times_x(field, digit);
    uint64_t x = number_of(field, digit);
    if (power(field, x, q - 1) != 1) return 0;
    for (int i = 0; i < factors->num; i++)
        if (power(field, x, (q - 1) / factors->p[i]) == 1) return 0;
    return 1;
}

static void choose_reduction(sb_finite_field *field) {
    n_factor_t factors;
    n_factor_init(&factors);
    n_factor(&factors, field->order - 1, 1);
    for (uint64_t candidate = 1; candidate < field->order; candidate++) {
        digits_of(field, candidate, field->reduction);
        if (field->reduction[0] && x_is_primitive(field, &factors)) return;
    }
}

sb_status sb_finite_field_make(sb_finite_field *field, uint64_t q, sb_error *error) {
    sb_finite_field made = {.order = q};
    *field = (sb_finite_field){0};
    if (q % 2 == 0 || !sb_prime_power(q, &made.characteristic, &made.degree))
        return sb_fail(error, SB_BAD_INPUT, "GF(%llu): no odd prime power", (unsigned long long)q);
    if (q > SB_FIELD_LIMIT)
        return sb_fail(error, SB_OUTSIDE, "GF(%llu): the limit is %d elements", (unsigned long long)q,
                       (int)SB_FIELD_LIMIT);
    made.character = malloc((size_t)q);
    if (!made.character) return sb_fail_memory(error);
    choose_reduction(&made);
    uint64_t digit[SB_FIELD_DEGREE] = {1}; /* x^0 */
    made.character[0] = 0;
    for (uint64_t e = 0; e < q - 1; e++) {
        made.character[number_of(&made, digit)] = e % 2 ? -1 : 1;
        times_x(&made, digit);
    }
    *field = made;
    return SB_OK;
}

void sb_finite_field_clear(sb_finite_field *field) {
    free(field->character);
    *field = (sb_finite_field){0};
}

/* ------------------------------------------------------------------ a row of differences */
typedef struct {
    uint64_t p, digit[SB_FIELD_DEGREE]; /* of the row */
    int row_minus_j;
} difference;

/* The last digits 0..level of j run through all values; the character's table begins at the differences of
   the digits above them. size: p^level. */
static void differences(const difference *of, unsigned level, uint64_t size, const int8_t *table,
                        int8_t *out) {
    uint64_t p = of->p, i = of->digit[level];
    if (level == 0 && !of->row_minus_j) { /* j - i for j < i, then for j >= i */
        memcpy(out, table + (p - i), (size_t)i);
        memcpy(out + i, table, (size_t)(p - i));
        return;
    }
    if (level == 0) {
        for (uint64_t j = 0; j <= i; j++) out[j] = table[i - j];
        for (uint64_t j = i + 1; j < p; j++) out[j] = table[i + p - j];
        return;
    }
    for (uint64_t j = 0; j < p; j++) {
        uint64_t step = (of->row_minus_j ? i + p - j : j + p - i) % p;
        differences(of, level - 1, size / p, table + step * size, out + j * size);
    }
}

void sb_finite_field_differences(const sb_finite_field *field, uint64_t row, int row_minus_j,
                                 int8_t *character) {
    difference of = {.p = field->characteristic, .row_minus_j = row_minus_j};
    digits_of(field, row, of.digit);
    differences(&of, field->degree - 1, field->order / field->characteristic, field->character, character);
}
