/* Small balls: how much of a noise's clipped sum must lie near 0, known from its second moment alone
   (docs/theory/asymptotic.md). Let h = eps d^(-1/p), a_i = |eta_i|/h, t = sum a_i^2/d^2, S = sum of
   +-min(a_i, K) with random signs, and X = S - Y, where Y is independent and symmetric with a characteristic
   function that is 0 beyond x0/K. Put u = y/sqrt V, where

     V = sum of min(a_i, K)^2 <= t d^2,  W = Var Y = (pi K/x0)^2,  beta = (-log cos x0 - x0^2/2)/x0^4.
     Pr(|X| < y) >= A = 2 Phi(u) - 1 - (6 beta/sqrt(2 pi)) (K/y)^2 u^3
                            - (W/(2 y^2)) u^2 min{2 phi(1), 2 phi(0) u}                      (Fourier)
     Pr(|X| < y) >= A' = 1 - W/y^2 - 1/u^2                                                  (Chebyshev)
     ell(y, v) = inf over V <= v of max{0, A, A'}.

   Let P be the probability, given the a_i, by which a certain test tells eta from its shift. The promise says
   E P <= delta; and P >= L(t'), for t and for every t' >= t, where with n(t) = t d^2/(K-1)^2
     SB_PROMISE_TV, any noise:  L(t) = (ell(d/2, t d^2) + ell(d/2 - n(t), t d^2))/2, 0 where n(t) >= d/2;
     SB_PROMISE_ROBUST, noise symmetric about a point:  L(t) = ell(d - n(t), t d^2), 0 where n(t) >= d. */
#ifndef SB_BOUNDS_SMALL_BALL_H
#define SB_BOUNDS_SMALL_BALL_H

#include "bounds/bound.h"

/* y and sqrt V are counted in units of d here. */
typedef struct {
    sb_promise promise;
    arb_t cubic;                         /* (6 beta/sqrt(2 pi)) (K/d)^2 */
    arb_t square;                        /* W/(2 d^2) */
    arb_t loss;                          /* n(t)/(t d) = d/(K-1)^2 */
    arb_t root_half, phi_0, phi_1, kink; /* 1/sqrt 2, 2 phi(0), 2 phi(1), their ratio exp(-1/2) */
} sb_small_ball;

enum { SB_SMALL_BALL_SIDES = 2 }; /* terms of L */

void sb_small_ball_init(sb_small_ball *ball);
void sb_small_ball_clear(sb_small_ball *ball);

/* Sets all of it for d >= 1, clip K and band x0. Returns 0 unless K > 1 and 0 < x0 < pi/2. */
int sb_small_ball_set(sb_small_ball *ball, sb_promise promise, uint64_t dimension, const fmpq_t clip,
                      const fmpq_t band);

/* value := an enclosure of a number that is at most ell(y d, t d^2), for y > 0 and t > 0: the least of A' at
   the split and of A between the split and u = y/sqrt t. Any split > 0 is allowed; a good one gives ell. */
void sb_small_ball_ell(arb_t value, const sb_small_ball *ball, const arb_t y, const arb_t t, double split);

/* value := the same for L(t). The splits are those of the terms in the order above. */
void sb_small_ball_profile(arb_t value, const sb_small_ball *ball, const arb_t t,
                           const double split[SB_SMALL_BALL_SIDES]);

/* The same in floating point, to choose parameters with: an estimate of L(t), t >= 0, and the best splits
   (which may be NULL). */
typedef struct {
    sb_promise promise;
    double cubic, square, loss;
} sb_small_ball_estimate;

void sb_small_ball_estimate_set(sb_small_ball_estimate *ball, sb_promise promise, double dimension,
                                double clip, double band);
double sb_small_ball_estimate_profile(const sb_small_ball_estimate *ball, double t,
                                      double split[SB_SMALL_BALL_SIDES]);

/* The t from which on L is 0. */
double sb_small_ball_estimate_end(const sb_small_ball_estimate *ball);

#endif
