/* The finite fields GF(q), q = p^k odd, and their quadratic character: what Paley's matrices are made of. The
   elements are numbered 0..q-1: number a = a_0 + a_1 p + ... + a_(k-1) p^(k-1) is the polynomial a_0 + a_1 x
   +
   ... modulo a polynomial of degree k. */
#ifndef SB_BOUNDS_FINITE_FIELD_H
#define SB_BOUNDS_FINITE_FIELD_H

#include "support/status.h"

#include <stdint.h>

enum {
    SB_FIELD_LIMIT = 1 << 27, /* elements: the table of the character takes a byte each */
    SB_FIELD_DEGREE = 17      /* 3^17 < 2^27 */
};

typedef struct {
    uint64_t order, characteristic;      /* q, p */
    unsigned degree;                     /* k */
    uint64_t reduction[SB_FIELD_DEGREE]; /* x^k = reduction[0] + ... + reduction[k-1] x^(k-1) */
    int8_t *character; /* [q]: 0 for 0, +1 for the other squares, -1 for what is no square */
} sb_finite_field;

/* 1 if q = p^k with a prime p and k >= 1; primes are proved. Any q < 2^64. */
int sb_prime_power(uint64_t q, uint64_t *characteristic, unsigned *degree);

/* SB_BAD_INPUT unless q is an odd prime power; SB_OUTSIDE above SB_FIELD_LIMIT. After a failure the field is
   empty; clearing it is harmless. */
sb_status sb_finite_field_make(sb_finite_field *field, uint64_t q, sb_error *error);
void sb_finite_field_clear(sb_finite_field *field);

uint64_t sb_finite_field_subtract(const sb_finite_field *field, uint64_t a, uint64_t b);
uint64_t sb_finite_field_multiply(const sb_finite_field *field, uint64_t a, uint64_t b);

/* character[j] := the character of j - row (or of row - j), for j = 0..q-1. */
void sb_finite_field_differences(const sb_finite_field *field, uint64_t row, int row_minus_j,
                                 int8_t *character);

#endif
