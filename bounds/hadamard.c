/* Sylvester: from orthogonal v_1..v_d in {+-1}^d the 2d vectors (v_i, v_i) and (v_i, -v_i) are orthogonal in
   {+-1}^(2d), because a_i.a_j = b_i.b_j = 2 v_i.v_j and a_i.b_j = v_i.v_j - v_i.v_j = 0. Two sign vectors of
   length d that differ in k places have inner product d - 2k, and k is the number of set bits in the
   exclusive or of their rows. */
#include "bounds/hadamard.h"

#include "support/enclosure.h"

#include <stdlib.h>
#include <string.h>

void sb_sign_matrix_init(sb_sign_matrix *matrix) {
    *matrix = (sb_sign_matrix){0};
}

void sb_sign_matrix_clear(sb_sign_matrix *matrix) {
    free(matrix->bits);
    sb_sign_matrix_init(matrix);
}

sb_status sb_sign_matrix_make(sb_sign_matrix *matrix, uint64_t order, sb_error *error) {
    if (order < 1 || order > SB_SIGN_ORDER_LIMIT)
        return sb_fail(error, SB_BAD_INPUT, "a sign matrix of order %llu: the limit is %d",
                       (unsigned long long)order, (int)SB_SIGN_ORDER_LIMIT);
    sb_sign_matrix made = {.order = order, .words = (size_t)((order + 63) / 64)};
    made.bits = calloc((size_t)order * made.words, sizeof *made.bits);
    if (!made.bits) return sb_fail_memory(error);
    sb_sign_matrix_clear(matrix);
    *matrix = made;
    return SB_OK;
}

void sb_sign_matrix_set_row(sb_sign_matrix *matrix, uint64_t row, const int8_t *sign) {
    uint64_t *word = matrix->bits + row * matrix->words;
    memset(word, 0, matrix->words * sizeof *word);
    for (uint64_t j = 0; j < matrix->order; j++) word[j / 64] |= (uint64_t)(sign[j] < 0) << j % 64;
}

int sb_sign_matrix_entry(const sb_sign_matrix *matrix, uint64_t row, uint64_t column) {
    uint64_t word = matrix->bits[row * matrix->words + column / 64];
    return (word >> (column % 64)) & 1 ? -1 : 1;
}

/* Doubles the filled upper left corner of order d: columns d..2d-1 of the old rows, then the new rows. */
static void double_corner(sb_sign_matrix *matrix, uint64_t d) {
    for (uint64_t i = 0; i < d; i++) {
        uint64_t *kept = matrix->bits + i * matrix->words, *added = matrix->bits + (i + d) * matrix->words;
        if (d < 64) {
            uint64_t low = kept[0], ones = ((uint64_t)1 << d) - 1;
            kept[0] = low | low << d;
            added[0] = low | (~low & ones) << d;
        } else {
            size_t words = (size_t)(d / 64);
            for (size_t w = 0; w < words; w++) {
                kept[words + w] = added[w] = kept[w];
                added[words + w] = ~kept[w];
            }
        }
    }
}

sb_status sb_sylvester(sb_sign_matrix *matrix, unsigned n, sb_error *error) {
    if (n > SB_SYLVESTER_LIMIT)
        return sb_fail(error, SB_BAD_INPUT, "a Sylvester matrix of order 2^%u: the limit is 2^%d", n,
                       (int)SB_SYLVESTER_LIMIT);
    sb_status status = sb_sign_matrix_make(matrix, (uint64_t)1 << n, error);
    if (status) return status;
    for (uint64_t d = 1; d < matrix->order; d *= 2) double_corner(matrix, d); /* n = 0: the vector (1) */
    return SB_OK;
}

/* Set bits of a ^ b: counted in eight bytes at once; 31 words of at most 8 a byte fit. */
static uint64_t count_differences(const uint64_t *a, const uint64_t *b, size_t words) {
    uint64_t total = 0;
    while (words) {
        size_t block = words < 31 ? words : 31;
        uint64_t bytes = 0;
        for (size_t w = 0; w < block; w++) {
            uint64_t x = a[w] ^ b[w];
            x -= (x >> 1) & 0x5555555555555555u;
            x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
            bytes += (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
        }
        uint64_t pairs = (bytes & 0x00ff00ff00ff00ffu) + ((bytes >> 8) & 0x00ff00ff00ff00ffu);
        total += (pairs * 0x0001000100010001u) >> 48;
        a += block;
        b += block;
        words -= block;
    }
    return total;
}

int64_t sb_sign_product(const sb_sign_matrix *matrix, uint64_t row, uint64_t other) {
    const uint64_t *a = matrix->bits + row * matrix->words, *b = matrix->bits + other * matrix->words;
    return (int64_t)matrix->order - 2 * (int64_t)count_differences(a, b, matrix->words);
}

int sb_sign_row_orthogonal(const sb_sign_matrix *matrix, uint64_t row, uint64_t *other) {
    for (uint64_t j = row + 1; j < matrix->order; j++) {
        if (sb_sign_product(matrix, row, j) == 0) continue;
        *other = j;
        return 0;
    }
    return 1;
}

int sb_sign_orthogonal(const sb_sign_matrix *matrix, uint64_t *row, uint64_t *other) {
    for (uint64_t i = 0; i < matrix->order; i++) {
        if (sb_sign_row_orthogonal(matrix, i, other)) continue;
        *row = i;
        return 0;
    }
    return 1;
}

uint64_t sb_direction_count(uint64_t dimension) {
    uint64_t count = 1;
    while (count <= dimension / 2) count *= 2;
    return count;
}

static void reciprocal(fmpq_t value, const sb_exact *norm) {
    if (norm->infinite)
        fmpq_zero(value);
    else
        fmpq_inv(value, norm->value);
}

void sb_direction_length_exponent(fmpq_t exponent, const sb_exact *length_norm, const sb_exact *norm) {
    fmpq_t other;
    fmpq_init(other);
    reciprocal(other, norm);
    reciprocal(exponent, length_norm);
    fmpq_sub(exponent, exponent, other);
    fmpq_clear(other);
}

void sb_direction_length_ball(arb_t value, const void *direction_length, slong precision) {
    const sb_direction_length *length = direction_length;
    arb_t radius;
    arb_init(radius);
    arb_set_fmpq(radius, length->radius, precision);
    sb_dimension_power(value, length->count, length->exponent, precision);
    arb_mul(value, value, radius, precision);
    arb_clear(radius);
}
