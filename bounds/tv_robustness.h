/* Score gaps and total variation (Appendix A of the paper). A smoothed classifier whose score gap at x is g =
   G_a(x) - G_b(x) keeps its class at x + v, whatever the base classifier, if TV(D, D + v) < g/2 (Lemma A.1;
   for a ball of shifts Corollary A.3), if and only if rho_v < g, rho_v = min over lambda >= 0 of ||D - lambda
   (D + v)||_1     (criterion T0, exact), only if TV(D, D + v) <= g                              (Lemma A.4),
     and, where -v is allowed too, only if TV <= tau(g) = max{g/(1+g), g/(2-g)}           (T0, part c).
   "Only if" means: otherwise some base classifier with a larger gap than g changes its class.
   For Gaussian noise and for uniform noise on a cube the worst shift of an l_p ball is known, which turns
   gaps into radii and back. */
#ifndef SB_BOUNDS_TV_ROBUSTNESS_H
#define SB_BOUNDS_TV_ROBUSTNESS_H

#include "bounds/bound.h"
#include "distributions/noise_spec.h"

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

/* Ball functions (context: const sb_smoothing *), in the units of the noise scale. The class is safe for all
   |v|_p < radius (strictly); by SB_RULE_LEMMA_A_4 no promise can hold for any larger ball. */
void sb_radius_from_gap(arb_t radius, const void *smoothing, slong precision);
/* The gap that must be exceeded for the ball |v|_p <= radius. By SB_RULE_LEMMA_A_1 it may come out above 1:
 * that lemma then never applies. */
void sb_gap_from_radius(arb_t gap, const void *smoothing, slong precision);

/* The same, exactly; return whether the value is known to be rational: uniform noise with p = 1 or d = 1. */
int sb_radius_from_gap_exactly(fmpq_t radius, const sb_smoothing *smoothing);
int sb_gap_from_radius_exactly(fmpq_t gap, const sb_smoothing *smoothing);

/* SB_OUTSIDE: 1 < p < inf for uniform noise and d > 1; for radii a gap of 1 where the radius is infinite
 * (Gaussian noise; A.4). */
sb_status sb_radius_domain(const sb_smoothing *smoothing, sb_error *error);
sb_status sb_gap_domain(const sb_smoothing *smoothing, sb_error *error);

#endif
