/* Noise for high dimension (docs/theory/asymptotic.md): for every noise that keeps its promise for all v =
   eps d^(-1/p) s, s a sign vector, E||eta||_2^2 >= eps^2 d^(2-2/p) B(d, delta), and B(d, delta) tends to
   T(delta) as d grows, 4 T(delta) for robustness: in the limit no noise beats the Gaussian (delta <= .766).
   By E L(t) <= delta (bounds/small_ball.h) a line that stays below L, L(t) >= a - c t for all t >= 0, gives
   B >= (a - delta)/c. Floating point chooses the line, balls certify it on finitely many cells. */
#ifndef SB_BOUNDS_ASYMPTOTIC_H
#define SB_BOUNDS_ASYMPTOTIC_H

#include "bounds/bound.h"

/* The line a - c t, and the K > 1 and 0 < x0 < pi/2 of the L that it stays below. */
typedef struct {
    fmpq_t clip, band;    /* K, x0 */
    fmpq_t height, slope; /* a, c > 0 */
} sb_asymptotic_line;

void sb_asymptotic_line_init(sb_asymptotic_line *line);
void sb_asymptotic_line_clear(sb_asymptotic_line *line);

/* Chooses a line for d and 0 < delta < 1 by floating point; its numbers have few bits. Returns 0 where it
   finds none that gives anything. It does not look for one where delta <= 1/sqrt d, as m (sharp.h) is far
   better there, and delta > .999, where a certificate would be long for little. A choice, not a proof. */
int sb_asymptotic_choose(sb_asymptotic_line *line, uint64_t dimension, const fmpq_t delta,
                         sb_promise promise);

/* Whether L(t) >= a - c t is certified for all t >= 0. 0 also where it holds by too little. */
int sb_asymptotic_certify(const sb_asymptotic_line *line, uint64_t dimension, sb_promise promise);

/* One cell of such a certificate: whether L(right) >= a - c left is certified, 0 <= left < right. Cells that
   cover [0, a/c] prove the line. */
int sb_asymptotic_certify_cell(const sb_asymptotic_line *line, uint64_t dimension, sb_promise promise,
                               double left, double right);

/* value := a rational c >= 0 with E||eta||_2^2 >= eps^2 d^(2-2/p) c, p >= 2, 0 < delta < 1,
     SB_PROMISE_TV: for every noise with TV(D, D + v) <= delta for the v above;
     SB_PROMISE_ROBUST: for every noise that is symmetric about a point and (eps, delta)-robust (Definition
   1). A robust noise without symmetry has TV <= tau(delta) (bounds/tv_robustness.h). 0 where the method gives
   nothing; then sharp.h holds. The same d and delta always give the same rational. */
void sb_asymptotic_constant(fmpq_t value, uint64_t dimension, const fmpq_t delta, sb_promise promise);

extern const sb_bound sb_asymptotic_bound[];
extern const size_t sb_asymptotic_bound_count;

#endif
