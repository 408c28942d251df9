/* Score gaps and total variation (Appendix A of the paper). A smoothed classifier whose score gap at x is g =
   G_a(x) - G_b(x) keeps its class at x + v, whatever the base classifier, if TV(D, D + v) < g/2 (Lemma A.1;
   for a ball of shifts Corollary A.3), if and only if rho_v < g, rho_v = min over lambda >= 0 of ||D - lambda
   (D + v)||_1     (criterion T0, exact), only if TV(D, D + v) <= g                              (Lemma A.4),
     and, where -v is allowed too, only if TV <= tau(g) = max{g/(1+g), g/(2-g)}           (T0, part c).
   "Only if" means: otherwise some base classifier with a larger gap than g changes its class.
   A noise whose worst shift of the l_p ball is known turns gaps into radii and back. */
#ifndef SB_BOUNDS_TV_ROBUSTNESS_H
#define SB_BOUNDS_TV_ROBUSTNESS_H

#include "bounds/bound.h"
#include "distributions/calibration.h"

typedef enum {
    SB_RULE_LEMMA_A_1, /* sufficient */
    SB_RULE_EXACT,     /* T0 */
    SB_RULE_LEMMA_A_4  /* necessary */
} sb_robustness_rule;

const char *sb_rule_source(sb_robustness_rule rule); /* "lemma-A.1", "T0", "lemma-A.4" */
sb_sense sb_rule_sense(sb_robustness_rule rule);

/* For any noise, exact rationals. The TV below which a gap 0 < gap <= 1 certifies (A.1), above which it
   cannot (A.4), and for symmetric sets of shifts tau(gap). */
void sb_certified_total_variation(fmpq_t total_variation, const fmpq_t gap);       /* gap/2 */
void sb_limit_total_variation(fmpq_t total_variation, const fmpq_t gap);           /* gap */
void sb_symmetric_limit_total_variation(fmpq_t total_variation, const fmpq_t gap); /* tau(gap) */

/* Back: the gap above which a class is safe when TV <= total_variation (0 .. 1) for all shifts (A.1: 2 TV),
   and the gaps that no argument can undercut (A.4: TV; tau^{-1}(TV) = min{TV/(1-TV), 2 TV/(1+TV)}, at most
   1). */
void sb_sufficient_gap(fmpq_t gap, const fmpq_t total_variation);
void sb_necessary_gap(fmpq_t gap, const fmpq_t total_variation);
void sb_symmetric_necessary_gap(fmpq_t gap, const fmpq_t total_variation);

/* A noise, an l_p ball in R^d, a rule, and either a gap or a radius. */
typedef struct {
    const sb_noise_spec *noise;
    uint64_t dimension;
    const sb_exact *norm; /* p >= 1 or inf */
    sb_robustness_rule rule;
    fmpq_t given; /* a gap in (0, 1] for sb_radius_from_gap, a radius > 0 for sb_gap_from_radius */
} sb_smoothing;

void sb_smoothing_init(sb_smoothing *smoothing); /* everything but `given` is for the caller to set */
void sb_smoothing_clear(sb_smoothing *smoothing);

/* A radius or a gap, and what was evaluated for it. */
typedef struct {
    arb_t value;
    sb_scope scope; /* SB_SCOPE_EQUAL: a limit only, since a worse shift is not excluded */
    int narrow;     /* whether the digits asked for were reached */
} sb_robustness_value;

void sb_robustness_value_init(sb_robustness_value *result);
void sb_robustness_value_clear(sb_robustness_value *result);

/* The radius for the gap `given`: the class is safe for all |v|_p < radius by A.1 and T0, strictly; by A.4 no
   promise can hold for any larger ball. Only the lower end of A.1 and T0, and the upper end of A.4, may be
   relied upon; T0 with SB_SCOPE_EQUAL is a limit too, its upper end. In the unit of the noise scale, of
   relative width below 10^-(digits+1) if `narrow`. SB_OUTSIDE and the reason where the rule cannot be
   evaluated, sets no limit, or (A.1) the worst shift is not known. */
sb_status sb_robust_radius(sb_robustness_value *result, const sb_smoothing *smoothing, int digits,
                           sb_error *error);

/* Back: the gap that must be exceeded for the ball |v|_p <= given. By SB_RULE_LEMMA_A_1 it may come out above
   1: that lemma then never applies. */
sb_status sb_robust_gap(sb_robustness_value *result, const sb_smoothing *smoothing, int digits,
                        sb_error *error);

/* The same by the Hellinger affinity, whatever smoothing->rule: a promise for product noise whose worst shift
   is not known (SB_CRITERION_EXACT_AFFINITY). */
sb_status sb_affinity_radius(sb_robustness_value *result, const sb_smoothing *smoothing, int digits,
                             sb_error *error);
sb_status sb_affinity_gap(sb_robustness_value *result, const sb_smoothing *smoothing, int digits,
                          sb_error *error);

/* The same exactly; return whether the value is known to be rational: uniform noise with p = 1 or d = 1. */
int sb_radius_from_gap_exactly(fmpq_t radius, const sb_smoothing *smoothing);
int sb_gap_from_radius_exactly(fmpq_t gap, const sb_smoothing *smoothing);

/* Gaussian noise, and uniform noise of rational r with p = 1, p = inf or d = 1 (sb_has_closed_radius): the
   closed forms as ball functions, context const sb_smoothing *, for a gap below 1. */
int sb_has_closed_radius(const sb_smoothing *smoothing);
void sb_radius_from_gap(arb_t radius, const void *smoothing, slong precision);
void sb_gap_from_radius(arb_t gap, const void *smoothing, slong precision);

#endif
