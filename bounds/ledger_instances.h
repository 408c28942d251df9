/* Committed families of finite laws on which a general statement is tried in exact rationals. A statement
   that holds on all of them is consistent, never proved; one instance on which it fails refutes it. */
#ifndef SB_BOUNDS_LEDGER_INSTANCES_H
#define SB_BOUNDS_LEDGER_INSTANCES_H

#include "bounds/ledger.h"
#include "distributions/finite_law.h"
#include "support/exact.h"

typedef struct {
    const sb_finite_law *law;
    const fmpq *shift;  /* v, law->dimension numbers, not all 0 */
    const fmpq *length; /* ||v||_2^2 */
    const fmpq *delta;  /* TV(D, D+v), > 0; for the cube family see below */
} sb_instance;

/* *holds := whether the statement holds for the instance. statement: what the caller handed to the family. */
typedef sb_status sb_instance_test(int *holds, const sb_instance *instance, const void *statement,
                                   sb_error *error);

/* Each fills the finding: SB_CONSISTENT with the number of instances and what they were, or SB_REFUTED with
   the first that fails.

   line: every law with weights in sixths on {-3, ..., 3} and on {-5/2, ..., 5/2}, shifts 1, 2, 3; and 1000
   seeded random laws on up to 8 points of Z/6, shifts that are distances between their points. space: seeded
   random and product laws on small lattices in d = 1..4, shifts in {-2, ..., 2}^d. cube: the laws of `space`
   and uniform laws on lattice cubes, one instance each: v = (1, ..., 1) and delta = the largest TV(D, D+w)
   over w in {-1, 0, 1}^d, which is at most the largest over the whole ball ||w||_inf <= 1; bounds that
   decrease in delta are so tried in a sharper form than stated. signs: uniform, random and product laws on
   lattices in d = 1..4, and every law in eighths on {0, (+-1, +-1)}; one instance each, shift = (1, ..., 1)
   and delta = the largest TV(D, D+s) over the sign vectors s; or stretched: shift = a random v > 0, points on
   a lattice of the same spacings, and the largest TV(D, D+w) over w = (+-v_1, ..., +-v_d). */
sb_status sb_try_line(sb_finding *finding, sb_error *error, sb_instance_test *test, const void *statement);
sb_status sb_try_space(sb_finding *finding, sb_error *error, sb_instance_test *test, const void *statement);
sb_status sb_try_cube(sb_finding *finding, sb_error *error, sb_instance_test *test, const void *statement);
sb_status sb_try_signs(sb_finding *finding, sb_error *error, sb_instance_test *test, const void *statement,
                       int stretched);

/* The largest and the mean TV(D, D + w) over w = (+-v_1, ..., +-v_d), d <= 4. */
void sb_sign_distances(fmpq_t largest, fmpq_t mean, const sb_finite_law *law, const fmpq *v);

/* A product noise whose worst total variation over the l_p ball is known in closed form: Gaussian noise N(0,
   sigma^2 I) for every p >= 2, and uniform noise on [-r, r]^d for p = inf. Balls contain the true values. */
typedef struct {
    const char *name; /* "Gaussian, sigma = 2 eps d^(1/2-1/p)" */
    uint64_t dimension;
    const sb_exact *norm; /* p */
    arb_srcptr radius;    /* eps */
    arb_srcptr square;    /* E eta_i^2, for every i */
    arb_srcptr length;    /* E||eta||_2; for uniform noise the lower bound E||eta||_1/sqrt(d) */
    arb_srcptr delta;     /* the largest TV(D, D+v) over ||v||_p <= eps */
    slong precision;
} sb_product_instance;

/* *holds := 1 only when the balls certify it, 0 when they do not, -1 when the statement is not about this
 * noise. */
typedef void sb_product_test(int *holds, const sb_product_instance *instance, const void *statement);

/* Appends to a consistent finding (", and certified for 378 ...") or turns it into a refutation; leaves a
 * refuted one alone. */
sb_status sb_try_products(sb_finding *finding, sb_error *error, sb_product_test *test, const void *statement);

/* ball := eps^power d^(halves/2 - multiple/p) (1-delta)/(denominator delta^decay), the bounds of the paper
 * for this noise. */
void sb_product_bound(arb_t ball, const sb_product_instance *instance, slong denominator, unsigned power,
                      slong halves, slong multiple, unsigned decay);

/* *holds := whether left >= right. */
void sb_holds_at_least(int *holds, const fmpq_t left, const fmpq_t right);

#endif
