/* Shared by the tests of the linear program of extremal noise. */
#ifndef SB_TESTS_EXTREMAL_TEST_H
#define SB_TESTS_EXTREMAL_TEST_H

#include "bounds/extremal.h"
#include "tests/bounds/bounds_test.h"

/* Solves a problem, which must be fine. */
static inline void solve(sb_extremal *extremal, sb_extremal_problem *problem, unsigned dimension,
                         unsigned grid, int every_shift, const char *delta) {
    sb_error error = {SB_OK, ""};
    problem->dimension = dimension;
    problem->grid = grid;
    problem->every_shift = every_shift;
    if (delta) set_text(problem->delta, delta);
    sb_status status = sb_extremal_find(extremal, problem, NULL, NULL, &error);
    SB_CHECK(status == SB_OK, "d = %u, grid %u, delta = %s: %s", dimension, grid, delta ? delta : "?",
             error.message);
    SB_CHECK(fmpq_equal(extremal->lo, extremal->hi), "d = %u, grid %u, delta = %s: not settled", dimension,
             grid, delta ? delta : "?");
}

static inline int equals(const fmpq_t value, const char *text) {
    fmpq_t expected;
    fmpq_init(expected);
    set_text(expected, text);
    int equal = fmpq_equal(value, expected);
    fmpq_clear(expected);
    return equal;
}

#endif
