/* What the tests of the product engine share: a stream of numbers, and the overlap of Gaussian noise. */
#ifndef SB_TESTS_DISTRIBUTIONS_OVERLAP_TEST_H
#define SB_TESTS_DISTRIBUTIONS_OVERLAP_TEST_H

#include "support/enclosure.h"
#include "tests/test.h"

static uint64_t seed = 20200208;

static inline double uniform_draw(void) { /* in (0, 1) */
    return ((double)(sb_test_random(&seed) >> 11) + 0.5) * 0x1p-53;
}

/* overlap := Pr(X > s/2 - c/s) + lambda Pr(X > s/2 + c/s), X normal. */
static inline void gaussian_overlap(arb_t overlap, const arb_t s, const arb_t c, slong precision) {
    arb_t x, y, root;
    arb_init(x);
    arb_init(y);
    arb_init(root);
    arb_set_d(root, 0.5);
    arb_sqrt(root, root, precision);
    arb_div(y, c, s, precision);
    arb_mul_2exp_si(x, s, -1);
    arb_sub(overlap, x, y, precision);
    arb_mul(overlap, overlap, root, precision);
    arb_hypgeom_erfc(overlap, overlap, precision);
    arb_add(x, x, y, precision);
    arb_mul(x, x, root, precision);
    arb_hypgeom_erfc(x, x, precision);
    arb_exp(y, c, precision);
    arb_addmul(overlap, x, y, precision);
    arb_mul_2exp_si(overlap, overlap, -1);
    arb_clear(x);
    arb_clear(y);
    arb_clear(root);
}

#endif
