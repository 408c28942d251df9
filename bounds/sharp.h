/* Lower bounds that are sharper than the paper's, under the same hypotheses (docs/theory/one-shift.md,
   robustness.md, every-dimension.md). For one shift eps in one dimension m, a and M are exact infima:
     TV(D, D + eps) <= delta   implies   E eta^2 >= eps^2 m(delta),   E|eta| >= eps a(delta);
   with rho_v = min over lambda >= 0 of ||D - lambda (D + v)||_1 (criterion T0) and rho <= delta at eps and
   -eps E eta^2 >= eps^2 R(delta) for any D,   E eta^2 >= eps^2 M(delta) for D symmetric about a point. In R^d
   the average over the sign vectors carries them over, with d^(2-2/p) for second moments and d^(1-1/p) for
   first ones as in the paper: m stands where the paper has (1-delta)/(800 delta^2), a for (1-delta)/(24
   delta). For p < 2 the shifts eps e_i give more, the same as for p = 2. */
#ifndef SB_BOUNDS_SHARP_H
#define SB_BOUNDS_SHARP_H

#include "bounds/bound.h"

/* Exact, 0 < delta <= 1.
   m(delta) = max over n >= 1 of n(n+1)(3 - (2n+1) delta)/12: linear between the points (1/n, (n^2-1)/12).
   a(delta) = max over j >= 1 of j(1 - j delta): linear between the points 1/(2j-1), where it is
              (1-delta^2)/(4 delta).
   M(delta) = max{2(1-delta), max over n >= 3 of n(n+1)(3 - (2n+1) delta/2)/12}.
   R(delta) = max{1-delta, (1-delta)/(3 delta^2) - 1/12, m(tau(delta))}, tau as in bounds/tv_robustness.h. */
void sb_sharp_m(fmpq_t value, const fmpq_t delta);
void sb_sharp_a(fmpq_t value, const fmpq_t delta);
void sb_sharp_M(fmpq_t value, const fmpq_t delta);
void sb_sharp_R(fmpq_t value, const fmpq_t delta);

/* What a noise is assumed to keep at delta, and which of the bounds then holds. */
typedef enum {
    SB_SHARP_TV,       /* TV(D, D + v) <= delta: m */
    SB_SHARP_ROBUST,   /* Definition 1, any D: R */
    SB_SHARP_SYMMETRIC /* Definition 1, D symmetric about a point: M */
} sb_sharp_hypothesis;

/* level := what the tests of rotation.h, dual_norm.h and asymptotic.h have for delta: tau(delta) for
   SB_SHARP_ROBUST, since a robust noise has TV <= tau(delta) (bounds/tv_robustness.h), else delta itself. */
void sb_sharp_level(fmpq_t level, sb_sharp_hypothesis hypothesis, const fmpq_t delta);

/* T(delta): the limit of E||eta||_2^2/(eps^2 d^(2-2/p)) for the least noise as d grows (p >= 2); the inverse
   of the convex minorant of t -> 2 Phi(1/(2 sqrt t)) - 1 with value 1 at 0. 1/(4 z^2), z =
   Phi^-1((1+delta)/2), up to delta0 = .76619, and linear from there to T(1) = 0. Context: const fmpq *
   (delta, 0 < delta <= 1). */
void sb_sharp_T(arb_t value, const void *delta, slong precision);

/* delta0 = 2 Phi(z0) - 1 with 2 (1 - Phi(z0)) = z0 phi(z0), z0 = 1.19060; and z0 itself. */
void sb_sharp_T_switch(arb_t delta0, arb_t z0, slong precision);

/* A bound of this module is coefficient(eps, delta) d^(constant/2 + slope/p), with p = 2 put for p < 2; or
   its square root. The coefficient is rational. */
typedef struct {
    void (*coefficient)(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta);
    slong twice_constant, slope;
    int root;
} sb_sharp_law;

/* exponent := constant/2 + slope/p, with p = 2 put for p < 2. */
void sb_sharp_exponent(fmpq_t exponent, const sb_sharp_law *law, const sb_exact *norm);

/* The law behind a row of sb_sharp_bound, for exact values; NULL: it has none. */
const sb_sharp_law *sb_sharp_law_of(const sb_bound *bound);

/* Bound on the second moment of the coordinate of that rank (1: the largest), sharp-3.7: eps^2
   (d-rank+1)^(1-2/p) m(delta), for every p >= 1 (p = 2 put for p < 2). Context: const sb_ranked_coordinate *
   (bounds/peeling.h). */
void sb_sharp_ranked(arb_t value, const void *ranked_coordinate, slong precision);

/* Its row, which is about the largest coordinate. */
const sb_bound *sb_sharp_ranked_bound(void);

extern const sb_bound sb_sharp_bound[];
extern const size_t sb_sharp_bound_count;

#endif
