/* Tails of i.i.d. noise D = (D')^d: Lemma 3.8 and the tail inequality of Theorem 1.3. Notation: h =
   (1-delta)/delta, u = 1/2 - 1/p, and the exponent alpha = 1/u = 2p/(p-2). Hypothesis: TV(D, D + v) <= delta
   for all v with |v|_p <= eps; p > 2.

   Statement: with q = c eps h there is some s > q with Pr(|zeta| > s) >= (q/s)^alpha, zeta ~ D'.
   Constant: a lower bound E max|eta_i| >= C d^u eps h gives c = C / gamma(d, p), where gamma(d, p) <= 2 is
   the factor of sb_lemma_3_8_factor(). The paper's own choice c = 1/24 does not follow from its C = 1/24
   (gamma > 1 makes the two sides fail to contradict); C = 1/24 gives c = 1/48, and the sharp C >= (1+delta)/4
   gives c = 1/8, for every d, p and delta. */
#ifndef SB_BOUNDS_HEAVY_TAIL_H
#define SB_BOUNDS_HEAVY_TAIL_H

#include "bounds/bound.h"

/* alpha = 2p/(p-2), exact; 2 for p = inf. Domain: p > 2. */
void sb_tail_exponent(fmpq_t exponent, const sb_exact *norm);

/* 1 + integral over t > 1 of 1 - (1 - t^-alpha)^d  =  Gamma(1-u) Gamma(d+1) / Gamma(d+1-u): E max of d
   independent Pareto variables of minimum 1 and shape alpha (the identity in the proof of Lemma 3.8). This
   evaluates the right side. Context: const sb_parameters *, p > 2; u may also be given alone. */
void sb_lemma_3_8_maximum(arb_t value, const void *parameters, slong precision);
void sb_pareto_maximum(arb_t value, uint64_t dimension, const fmpq_t u, slong precision); /* 0 <= u < 1 */

/* gamma(d, p) = sb_lemma_3_8_maximum / d^u, in [1, 2]: 1/(1-u) at d = 1, decreasing to Gamma(1-u). */
void sb_lemma_3_8_factor(arb_t value, const void *parameters, slong precision);

/* The threshold q of the tail inequality with c = 1/8 (Theorem 1.3, valid for all d, p, delta). Context:
 * const sb_parameters *. */
void sb_theorem_1_3_tail(arb_t value, const void *parameters, slong precision);

/* q with the largest constant that Lemma C.1 gives for this d and p, c = 1/(24 gamma(d, p)) >= 1/48
 * (Lemma 3.8 with its constant mended). */
void sb_lemma_3_8_tail(arb_t value, const void *parameters, slong precision);

/* E max|eta_i| of i.i.d. Pareto noise of minimum eps h/24 and shape alpha: the value that the proof of
 * Lemma 3.8 computes. */
void sb_lemma_3_8_pareto(arb_t value, const void *parameters, slong precision);

extern const sb_bound sb_heavy_tail_bound[];
extern const size_t sb_heavy_tail_bound_count;

#endif
