/* The noise in single coordinates: Lemma 3.7 and the 99% statement of Theorem 1.3. Hypothesis: TV(D, D + v)
   <= delta for all v with |v|_p <= eps; p >= 2. Second moments are sorted, E eta_(1)^2 >= ... >= E eta_(d)^2.
   Units: those of eps, squared. */
#ifndef SB_BOUNDS_PEELING_H
#define SB_BOUNDS_PEELING_H

#include "bounds/bound.h"

typedef struct {
    const sb_parameters *parameters;
    uint64_t rank; /* 1 (the largest) .. d (the smallest) */
} sb_ranked_coordinate;

/* Bound on E eta_(rank)^2: (eps^2 (d-rank+1)^(1-2/p)/800)(1-delta)/delta^2 (Lemma 3.7). Context: const
 * sb_ranked_coordinate *. */
void sb_lemma_3_7(arb_t value, const void *ranked_coordinate, slong precision);

/* p >= 2 and 1 <= rank <= d, else SB_OUTSIDE. */
sb_status sb_lemma_3_7_domain(const sb_ranked_coordinate *coordinate, sb_error *error);

/* Bound on E eta_i^2 that at least 99% of the coordinates satisfy: (eps^2
   (d/100)^(1-2/p)/800)(1-delta)/delta^2 (Theorem 1.3 with its constant made explicit). Context: const
   sb_parameters *. */
void sb_theorem_1_3_coordinates(arb_t value, const void *parameters, slong precision);

/* The number of coordinates that it is about: ceil(99 d / 100). */
uint64_t sb_theorem_1_3_coordinate_count(uint64_t dimension);

extern const sb_bound sb_peeling_bound[]; /* rank 1, and the 99% statement */
extern const size_t sb_peeling_bound_count;

#endif
