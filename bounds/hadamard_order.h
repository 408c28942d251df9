/* The orders of Hadamard matrices that Kronecker products of Sylvester's and Paley's reach, and the product
   that is taken for each: H = P_1 (x) ... (x) P_m (x) S, P_i Paley's, S Sylvester's of order 2^n. */
#ifndef SB_BOUNDS_HADAMARD_ORDER_H
#define SB_BOUNDS_HADAMARD_ORDER_H

#include "support/text.h"

#include <stdint.h>

enum { SB_HADAMARD_CORES = 17 }; /* a Paley core has order 12 at least, and 12^18 > 2^62 */

typedef struct {
    uint64_t order;
    unsigned sylvester;               /* n */
    unsigned core_count;              /* m */
    uint64_t core[SB_HADAMARD_CORES]; /* orders of P_1, ..., P_m, the largest first */
} sb_hadamard_order;

/* Whether the order, at most 2^62, is reached. *found := the product whose fast multiplication takes the
   fewest additions an entry: sum of the orders P_i, plus n, is least. */
int sb_hadamard_order_find(sb_hadamard_order *found, uint64_t order);

/* The largest order <= dimension that is reached, 1 <= dimension <= 2^62. */
void sb_hadamard_order_below(sb_hadamard_order *found, uint64_t dimension);

/* The largest power of two <= dimension: what the paper takes. */
void sb_hadamard_order_sylvester(sb_hadamard_order *found, uint64_t dimension);

/* "12 x 2^8: Paley I over GF(11) (x) Sylvester" */
void sb_hadamard_order_print(sb_text *out, const sb_hadamard_order *order);

#endif
