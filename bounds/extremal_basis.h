/* Exact solutions of the linear systems of a basis of a linear program. */
#ifndef SB_BOUNDS_EXTREMAL_BASIS_H
#define SB_BOUNDS_EXTREMAL_BASIS_H

#include "support/arb_compat.h"
#include "support/status.h"

#include <glpk.h>
#include <stddef.h>

/* The basis matrix B of a program with integer coefficients: its entries, by row (0 to order-1) and by the
   position of a variable in the basis, both counted from 0. The program holds the factorisation. */
typedef struct {
    glp_prob *program;
    size_t order, count;
    size_t *row, *position;
    slong *value;
} sb_basis_matrix;

/* Solves B x = right (x by position, right by row), or B' x = right with `transposed` (x by row, right by
   position), with an integer right side: x = numerator/denominator. Exact: the result is put into the
   equations before it is returned. `numerator` and `right` hold `order` numbers. SB_UNDECIDED when the
   solution has too many digits to be found. */
sb_status sb_basis_solve(fmpz *numerator, fmpz_t denominator, const sb_basis_matrix *matrix,
                         const fmpz *right, int transposed, sb_error *error);

#endif
