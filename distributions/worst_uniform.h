/* Uniform noise on the cube [-1, 1]^d: the least overlap 1 - TV(D, D + v) = prod (1 - |v_i|/2)_+ over |v|_p
   <= length, certified for every p > 0, inf included. */
#ifndef SB_DISTRIBUTIONS_WORST_UNIFORM_H
#define SB_DISTRIBUTIONS_WORST_UNIFORM_H

#include "support/exact.h"

typedef struct {
    uint64_t coordinates; /* how many coordinates move, all by the same; 0: d - 1 by one length, the last by
                             more */
    uint64_t boxes;       /* of the search; 0: settled without one */
    const char *why;      /* a phrase */
} sb_uniform_worst;

void sb_uniform_worst_overlap(arb_t overlap, sb_uniform_worst *found, uint64_t dimension,
                              const sb_exact *norm, const arb_t length, slong precision);

#endif
