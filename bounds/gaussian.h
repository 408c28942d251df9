/* Gaussian noise N(0, sigma^2 I): exact total variation, the exact robustness criterion, Corollaries B.2 and
   B.3, Theorem 2.1, and the smallest sigma. sigma and all lengths are in the units of the input. */
#ifndef SB_BOUNDS_GAUSSIAN_H
#define SB_BOUNDS_GAUSSIAN_H

#include "bounds/bound.h"

/* TV(N(0, sigma^2 I), N(v, sigma^2 I)) = erf(t/(2 sqrt 2)) = 2 Phi(t/2) - 1 with t = |v|_2/sigma >= 0; any
 * dimension. */
void sb_gaussian_total_variation(arb_t value, const arb_t ratio, slong precision);

/* min over lambda >= 0 of ||D - lambda (D + v)||_1 = 2 Phi(t) - 1, t as above: what a score gap must exceed
 * (criterion T0). */
void sb_gaussian_criterion(arb_t value, const arb_t ratio, slong precision);

/* A shift given by |v|_2^2 (rational for rational v) and sigma. */
typedef struct {
    fmpq_t squared_length; /* >= 0 */
    fmpq_t sigma;          /* > 0 */
} sb_gaussian_shift;

void sb_gaussian_shift_init(sb_gaussian_shift *shift); /* |v| = 0, sigma = 1 */
void sb_gaussian_shift_clear(sb_gaussian_shift *shift);
void sb_gaussian_shift_total_variation(arb_t value, const void *gaussian_shift,
                                       slong precision); /* ball function */

/* lower <= TV <= upper with lower = min{1, ratio}/200, upper = (9/2) min{1, ratio}, ratio = |v|_2/sigma >= 0
   (Corollary B.2; it specialises Theorem B.1, of which only the last term of the maximum is not zero here).
   Exact. The paper states it for d > 1; it holds for d = 1. */
void sb_corollary_B_2(fmpq_t lower, fmpq_t upper, const fmpq_t ratio);

/* Radius of Theorem 2.1 (Cohen et al.): (sigma/2)(Phi^{-1}(pA) - Phi^{-1}(pB)) in l_2; in l_p divided by
   d^((1/2-1/p)+), the largest |v|_2 / |v|_p. Context below. 0 < pB <= pA < 1, pA + pB <= 1. */
typedef struct {
    fmpq_t sigma, top, runner_up; /* sigma, pA, pB */
    uint64_t dimension;
    sb_exact norm;
} sb_gaussian_scores;

void sb_gaussian_scores_init(sb_gaussian_scores *scores); /* sigma = 1, pA = pB = 1/2, p = 2, d = 1 */
void sb_gaussian_scores_clear(sb_gaussian_scores *scores);
void sb_theorem_2_1(arb_t radius, const void *gaussian_scores, slong precision); /* ball function */
sb_status sb_theorem_2_1_domain(const sb_gaussian_scores *scores, sb_error *error);

/* Largest |v|_2 over |v|_p <= eps: eps d^((1/2-1/p)+). Context: const sb_parameters *; any p >= 1. */
void sb_longest_shift(arb_t value, const void *parameters, slong precision);

/* Smallest sigma with TV <= delta for all |v|_p <= eps: eps d^((1/2-1/p)+)/(2 z), z = Phi^{-1}((1+delta)/2);
 * delta = 1 gives 0. */
void sb_gaussian_sigma(arb_t value, const void *parameters, slong precision);

/* Smallest sigma for which no score gap above delta is overturned (criterion T0): twice the former. */
void sb_gaussian_robust_sigma(arb_t value, const void *parameters, slong precision);

/* sigma = (9/2)(eps/delta) d^(1/2-1/p) of Corollary B.3; p >= 2. */
void sb_corollary_B_3(arb_t value, const void *parameters, slong precision);
/* E||eta||_2 <= (9/2)(eps/delta) d^(1-1/p) for that sigma. */
void sb_corollary_B_3_norm(arb_t value, const void *parameters, slong precision);
/* Its rational part (9/2) eps/delta. */
void sb_corollary_B_3_coefficient(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta);

extern const sb_bound sb_gaussian_bound[];
extern const size_t sb_gaussian_bound_count;

#endif
