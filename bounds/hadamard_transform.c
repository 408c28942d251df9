/* (A (x) B) x is A applied to the columns and B to the rows of x read as a matrix. So a Kronecker product is
   multiplied factor by factor: (I (x) P (x) I) for every core P, the rows of P made as they are needed, and
   the fast transform for Sylvester's, which stands last.

   Rounding: a sum of m signed terms in any order has an error of at most (m-1) u sum |x_j| (1 + O(mu)), and
   the matrix of m x m ones has norm m, the core norm sqrt m: relative to ||P x||_2 = sqrt m ||x||_2 the error
   is at most m^(3/2) u (1 + O(mu)). Later factors multiply all lengths alike. */
#include "bounds/hadamard_transform.h"

#include "support/walsh_hadamard.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NARROW = 8, /* so few columns are summed one by one */
    TILE = 512  /* columns at a time: their sums stay in the first cache */
};

sb_status sb_hadamard_make(sb_hadamard *hadamard, const sb_hadamard_order *shape, sb_error *error) {
    sb_hadamard made = {.shape = *shape};
    sb_status status = SB_OK;
    for (unsigned i = 0; i < shape->core_count && !status; i++)
        status = sb_paley_make(&made.core[i], shape->core[i], error);
    if (status) sb_hadamard_clear(&made);
    *hadamard = made;
    return status;
}

void sb_hadamard_clear(sb_hadamard *hadamard) {
    for (unsigned i = 0; i < hadamard->shape.core_count; i++) sb_paley_clear(&hadamard->core[i]);
    *hadamard = (sb_hadamard){0};
}

sb_status sb_hadamard_below(sb_hadamard *hadamard, uint64_t dimension, sb_error *error) {
    sb_hadamard_order shape;
    sb_hadamard_order_below(&shape, dimension);
    return sb_hadamard_make(hadamard, &shape, error);
}

/* ------------------------------------------------------------------ rows */
/* The row of A (x) B is the Kronecker product of rows: each of the `length` signs becomes `count`, from the
   last to the first, so that none is overwritten before its turn. */
static void expand(int8_t *sign, size_t length, const int8_t *factor, size_t count) {
    for (size_t j = length; j-- > 0;) {
        int8_t s = sign[j];
        for (size_t k = 0; k < count; k++) sign[j * count + k] = (int8_t)(s * factor[k]);
    }
}

sb_status sb_hadamard_row(const sb_hadamard *hadamard, uint64_t row, int8_t *sign, sb_error *error) {
    const sb_hadamard_order *shape = &hadamard->shape;
    int8_t *factor = malloc(shape->core_count ? (size_t)shape->core[0] : 1); /* the largest */
    if (!factor) return sb_fail_memory(error);
    size_t length = 1;
    uint64_t right = shape->order;
    sign[0] = 1;
    for (unsigned i = 0; i < shape->core_count; i++) {
        size_t order = (size_t)shape->core[i];
        right /= order;
        sb_paley_row(&hadamard->core[i], row / right % order, 0, factor);
        expand(sign, length, factor, order);
        length *= order;
    }
    for (unsigned n = shape->sylvester; n > 0; n--, length *= 2)
        expand(sign, length, (const int8_t[]){1, row >> (n - 1) & 1 ? -1 : 1}, 2);
    free(factor);
    return SB_OK;
}

sb_status sb_hadamard_signs(const sb_hadamard *hadamard, sb_sign_matrix *matrix, sb_error *error) {
    uint64_t order = hadamard->shape.order;
    sb_status status = sb_sign_matrix_make(matrix, order, error);
    int8_t *sign = status ? NULL : malloc((size_t)order);
    if (!status && !sign) status = sb_fail_memory(error);
    for (uint64_t i = 0; i < order && !status; i++) {
        status = sb_hadamard_row(hadamard, i, sign, error);
        if (!status) sb_sign_matrix_set_row(matrix, i, sign);
    }
    free(sign);
    return status;
}

/* ------------------------------------------------------------------ products */
#define NUMBER int64_t
#define TYPED(name) name##_int64
#define FAST(x, n) sb_walsh_hadamard_int64(x, n)
#include "bounds/hadamard_product.inc"
#undef NUMBER
#undef TYPED
#undef FAST

#define NUMBER double
#define TYPED(name) name##_double
#define FAST(x, n) sb_walsh_hadamard_double(x, n)
#include "bounds/hadamard_product.inc"
#undef NUMBER
#undef TYPED
#undef FAST

sb_status sb_hadamard_product_int64(const sb_hadamard *hadamard, int transposed, int64_t *x,
                                    int (*proceed)(void), sb_error *error) {
    return product_int64(hadamard, transposed, x, proceed, error);
}

sb_status sb_hadamard_product_double(const sb_hadamard *hadamard, int transposed, double *x,
                                     int (*proceed)(void), sb_error *error) {
    return product_double(hadamard, transposed, x, proceed, error);
}

double sb_hadamard_additions(const sb_hadamard_order *shape) {
    double each = shape->sylvester;
    for (unsigned i = 0; i < shape->core_count; i++) each += (double)shape->core[i];
    return each * (double)shape->order;
}

/* Cores of 2^28 at most: m u < 2^-24, and the 1% covers all terms of higher order. */
double sb_hadamard_rounding(const sb_hadamard_order *shape) {
    double sum = shape->sylvester;
    for (unsigned i = 0; i < shape->core_count; i++) sum += pow((double)shape->core[i], 1.5);
    return 1.01 * sum * (DBL_EPSILON / 2);
}
