/* A Hadamard matrix H of an order of bounds/hadamard_order.h, held by its factors: its rows, and fast
   products with it. The matrix itself is never stored; memory is that of the factors' fields. */
#ifndef SB_BOUNDS_HADAMARD_TRANSFORM_H
#define SB_BOUNDS_HADAMARD_TRANSFORM_H

#include "bounds/hadamard.h"
#include "bounds/hadamard_order.h"
#include "bounds/hadamard_paley.h"

typedef struct {
    sb_hadamard_order shape;
    sb_paley core[SB_HADAMARD_CORES];
} sb_hadamard;

/* SB_OUTSIDE when a core's field has more than SB_FIELD_LIMIT elements. After a failure there is nothing to
   clear, and clearing is harmless. */
sb_status sb_hadamard_make(sb_hadamard *hadamard, const sb_hadamard_order *shape, sb_error *error);
void sb_hadamard_clear(sb_hadamard *hadamard);

/* The construction of the largest order <= dimension. */
sb_status sb_hadamard_below(sb_hadamard *hadamard, uint64_t dimension, sb_error *error);

/* sign[0..order) := a row of H. */
sb_status sb_hadamard_row(const sb_hadamard *hadamard, uint64_t row, int8_t *sign, sb_error *error);

/* All rows, for orders up to SB_SIGN_ORDER_LIMIT. */
sb_status sb_hadamard_signs(const sb_hadamard *hadamard, sb_sign_matrix *matrix, sb_error *error);

/* x := H x, or H^T x when transposed; x has `order` entries. About sb_hadamard_additions of them: a core of
   order m takes m for each entry, Sylvester's 2^n takes n. proceed (NULL: none) is asked now and then; when
   it answers 0, SB_INTERRUPTED, and x is spoilt.

   int64: exact while sum |x_i| < 2^63, which no partial sum can exceed. double: the relative error in l_2 is
   at most sb_hadamard_rounding. */
sb_status sb_hadamard_product_int64(const sb_hadamard *hadamard, int transposed, int64_t *x,
                                    int (*proceed)(void), sb_error *error);
sb_status sb_hadamard_product_double(const sb_hadamard *hadamard, int transposed, double *x,
                                     int (*proceed)(void), sb_error *error);

double sb_hadamard_additions(const sb_hadamard_order *shape);

/* Of the computed H x: ||error||_2 <= this * ||H x||_2 (IEEE double, rounded to nearest). */
double sb_hadamard_rounding(const sb_hadamard_order *shape);

#endif
