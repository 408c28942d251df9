/* The bounds read backwards: how far can noise of a given strength go? The strength is the rms noise per
   coordinate, sigma = sqrt(E||eta||_2^2/d), and every row of quantity "rms" is inverted: rms(d, p, eps,
   delta) <= sigma is solved for one of its variables. rms is proportional to eps, strictly decreasing in
   delta, and does not decrease in d. necessary rows:  no noise of this rms can promise a larger eps, a
   smaller delta, a larger d; sufficient rows: the named noise with this rms does promise all up to there;
     exact rows:      both, for the named noise. */
#ifndef SB_BOUNDS_SOLVE_H
#define SB_BOUNDS_SOLVE_H

#include "bounds/bound.h"

typedef enum { SB_SOLVE_EPS, SB_SOLVE_DELTA, SB_SOLVE_SIGMA, SB_SOLVE_DIMENSION } sb_unknown;

/* "eps", "delta", "sigma", "d". SB_BAD_INPUT otherwise, with the nearest word. */
sb_status sb_unknown_parse(const char *text, sb_unknown *unknown, sb_error *error);
const char *sb_unknown_name(sb_unknown unknown);

typedef enum {
    SB_SOLUTION_VALUE, /* eps, delta, sigma: an enclosure in `value` (for a delta near 1 it may reach beyond
                          1); d: the integer `dimension` */
    SB_SOLUTION_EVERY, /* the inequality holds for every value (every delta > 0; every d, because the bound
                          does not grow with d) */
    SB_SOLUTION_UP_TO_LIMIT, /* d: it still holds at d = 2^62 */
    SB_SOLUTION_NONE         /* for no value (no delta < 1; not even d = 1) */
} sb_solution_kind;

typedef struct {
    sb_solution_kind kind;
    arb_t value;
    uint64_t dimension;
} sb_solution;

void sb_solution_init(sb_solution *solution);
void sb_solution_clear(sb_solution *solution);

/* Solves for `unknown`; that entry of `parameters` is not read (for SB_SOLVE_SIGMA: `sigma` is not read).
   `row` has quantity "rms". SB_OUTSIDE when the statement does not speak at these parameters; SB_UNDECIDED
   when a comparison or the asked digits are out of reach. */
sb_status sb_solve(sb_solution *solution, const sb_bound *row, const sb_parameters *parameters,
                   const fmpq_t sigma, sb_unknown unknown, int digits, sb_error *error);

#endif
