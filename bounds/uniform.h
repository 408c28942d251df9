/* Uniform noise on the cube B_inf(0, r): Lemma B.4, Corollaries B.5 and B.6 as printed and as corrected, and
   the smallest r. Lengths are in the units of the input. The worst shift of an l_p ball is used for p = inf
   (all coordinates equal) and p = 1 (one coordinate); in one dimension all norms agree. For 1 < p < inf and d
   > 1 it is neither, and SB_OUTSIDE is returned. */
#ifndef SB_BOUNDS_UNIFORM_H
#define SB_BOUNDS_UNIFORM_H

#include "bounds/bound.h"

/* TV(U_r, U_r + v) = 1 - prod max{0, 1 - |v_i|/(2r)} for an explicit shift (Lemma B.4); exact; r > 0. */
void sb_lemma_B_4(fmpq_t total_variation, const fmpq *shift, size_t count, const fmpq_t r);

/* A shift of the cube by `length` in each of `dimension` coordinates. */
typedef struct {
    uint64_t dimension;
    fmpq_t length; /* >= 0 */
    fmpq_t r;      /* > 0 */
} sb_uniform_shift;

void sb_uniform_shift_init(sb_uniform_shift *shift); /* d = 1, length 1, r = 1 */
void sb_uniform_shift_clear(sb_uniform_shift *shift);

/* Ball functions (context: const sb_uniform_shift *). */
void sb_corollary_B_5(arb_t value, const void *uniform_shift,
                      slong precision); /* 1 - max{0, 1 - eps/(2r)}^d: the corrected form */
void sb_corollary_B_5_as_printed(
    arb_t value, const void *uniform_shift,
    slong precision); /* min{1, 1 - (1 - eps/(2r))^d}: wrong for even d, eps > 2r */
void sb_corollary_B_5_lower(arb_t value, const void *uniform_shift,
                            slong precision); /* 1 - exp(-d eps/(2r)) */
void sb_corollary_B_5_upper(arb_t value, const void *uniform_shift,
                            slong precision); /* 1 - 4^(-d eps/(2r)); a bound for eps <= r */
/* min over lambda >= 0 of ||D - lambda (D + v)||_1 = min{1, 2 TV} (criterion T0). */
void sb_uniform_criterion(arb_t value, const void *uniform_shift, slong precision);

/* Ball functions of the parameters (p = inf). r = (1/2)(eps/delta) d log 4 (Corollary B.6), and E[eta_i^2] =
   r^2/3 = (log(4)^2/12) eps^2 d^2/delta^2. The paper prints the constant sqrt(2) log(4)^2/48, smaller by a
   factor 2 sqrt 2; its closing bound eps^2 d^2/delta^2 is right. */
void sb_corollary_B_6(arb_t value, const void *parameters, slong precision);
void sb_corollary_B_6_variance(arb_t value, const void *parameters, slong precision);
void sb_corollary_B_6_variance_as_printed(arb_t value, const void *parameters, slong precision);

/* The smallest r for which Corollary B.5's upper bound gives TV <= delta: d eps log 4/(2 log(1/(1-delta)));
   needs eps <= r, that is delta <= 1 - 2^-d. */
void sb_corollary_B_5_radius(arb_t value, const void *parameters, slong precision);
sb_status sb_corollary_B_5_radius_domain(const sb_parameters *parameters, sb_error *error);

/* The smallest r with TV <= delta for all |v|_p <= eps. p = inf: eps/(2 (1 - (1-delta)^(1/d))); p = 1 or d =
 * 1: eps/(2 delta). delta = 1: eps/2. */
void sb_uniform_radius(arb_t value, const void *parameters, slong precision);
sb_status sb_uniform_radius_domain(const sb_parameters *parameters, sb_error *error);

extern const sb_bound sb_uniform_bound[];
extern const size_t sb_uniform_bound_count;

#endif
