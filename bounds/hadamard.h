/* Orthogonal directions towards the corners of a cube: Lemma 3.5 (Sylvester's construction) and
   Corollary 3.6. All checks are on integers. Other orders: bounds/hadamard_order.h. */
#ifndef SB_BOUNDS_HADAMARD_H
#define SB_BOUNDS_HADAMARD_H

#include "support/arb_compat.h"
#include "support/exact.h"
#include "support/status.h"

#include <stddef.h>
#include <stdint.h>

/* A square matrix of signs, a bit an entry: bit 1 is -1. Row i occupies words [i*words, (i+1)*words); column
   j is bit j % 64 of word j / 64; bits beyond the order are 0. */
typedef struct {
    uint64_t order;
    size_t words;
    uint64_t *bits;
} sb_sign_matrix;

enum { SB_SYLVESTER_LIMIT = 15, SB_SIGN_ORDER_LIMIT = 1 << SB_SYLVESTER_LIMIT }; /* 2^15 takes 128 MiB */

void sb_sign_matrix_init(sb_sign_matrix *matrix);

/* The matrix of this order, 1 .. SB_SIGN_ORDER_LIMIT, with +1 everywhere. */
sb_status sb_sign_matrix_make(sb_sign_matrix *matrix, uint64_t order, sb_error *error);
void sb_sign_matrix_set_row(sb_sign_matrix *matrix, uint64_t row, const int8_t *sign); /* +1 and -1 */
void sb_sign_matrix_clear(sb_sign_matrix *matrix);
int sb_sign_matrix_entry(const sb_sign_matrix *matrix, uint64_t row, uint64_t column); /* +1 or -1 */

/* Lemma 3.5: the 2^n orthogonal vectors of {+-1}^(2^n), 0 <= n <= SB_SYLVESTER_LIMIT, by the induction of the
   paper: row i becomes (v_i, v_i), which keeps its number, and (v_i, -v_i), which becomes row i + 2^(n-1). */
sb_status sb_sylvester(sb_sign_matrix *matrix, unsigned n, sb_error *error);

/* The inner product of two rows: order - 2 * (number of columns in which they differ). */
int64_t sb_sign_product(const sb_sign_matrix *matrix, uint64_t row, uint64_t other);

/* 1 if all pairs of different rows have inner product 0, every pair looked at (the Gram matrix is order *
   identity); else 0 and one pair that has not. */
int sb_sign_orthogonal(const sb_sign_matrix *matrix, uint64_t *row, uint64_t *other);

/* The same of one row with all later ones. */
int sb_sign_row_orthogonal(const sb_sign_matrix *matrix, uint64_t row, uint64_t *other);

/* Corollary 3.6 for dimension d >= 1: b = 2^n with the largest n such that 2^n <= d. Then b >= (d+1)/2, and
   the vectors v_i = b^(-1/p) (u_i, 0, ..., 0), u_i the rows of Sylvester's matrix of order b, are orthogonal.
 */
uint64_t sb_direction_count(uint64_t dimension);

/* Lengths of v_i as powers of b: ||v_i||_s = b^exponent with exponent = 1/s - 1/p (1/inf = 0), from b entries
   of modulus b^(-1/p): for s = p it is 0, for s = 2 it is 1/2 - 1/p. */
void sb_direction_length_exponent(fmpq_t exponent, const sb_exact *length_norm, const sb_exact *norm);

/* eps b^exponent. Context: const sb_direction_length *. */
typedef struct {
    uint64_t count; /* b */
    const fmpq *radius, *exponent;
} sb_direction_length;
void sb_direction_length_ball(arb_t value, const void *direction_length, slong precision);

#endif
