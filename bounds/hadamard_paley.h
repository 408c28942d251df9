/* Paley's Hadamard matrices (R. E. A. C. Paley, "On orthogonal matrices", Journal of Mathematics and Physics
   12, 1933), from the quadratic character of GF(q): order q + 1 for q = 3 mod 4, order 2(q + 1) for q = 1 mod
   4, q a prime power. docs/theory/directions.md proves that they are orthogonal. */
#ifndef SB_BOUNDS_HADAMARD_PALEY_H
#define SB_BOUNDS_HADAMARD_PALEY_H

#include "bounds/finite_field.h"

typedef enum { SB_PALEY_NONE, SB_PALEY_I, SB_PALEY_II } sb_paley_kind;

/* Which of the two has this order, I if both, and *q; SB_PALEY_NONE if neither. Any order < 2^63. */
sb_paley_kind sb_paley_of_order(uint64_t order, uint64_t *q);

typedef struct {
    sb_paley_kind kind;
    uint64_t order;
    sb_finite_field field;
} sb_paley;

/* SB_BAD_INPUT when neither construction has this order, SB_OUTSIDE for a field above SB_FIELD_LIMIT. */
sb_status sb_paley_make(sb_paley *paley, uint64_t order, sb_error *error);
void sb_paley_clear(sb_paley *paley);

/* sign[0..order) := a row (a column when transposed), +1 and -1. */
void sb_paley_row(const sb_paley *paley, uint64_t row, int transposed, int8_t *sign);

/* The facts about the character X on which the orthogonality rests, by adding up: X(0) = 0, X(-1) = 1 (II) or
   -1 (I), sum of X(y) = 0, sum of X(y) X(y+1) = -1. That X is multiplicative follows from how it is made. */
int sb_paley_sums_hold(const sb_paley *paley);

#endif
