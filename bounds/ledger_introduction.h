/* The check functions behind bounds/ledger_introduction.c and bounds/ledger_experiments.c. Each fills a
   finding (bounds/ledger.h); one called
   ..._control checks a false variant by the same code and comes back refuted. */
#ifndef SB_BOUNDS_LEDGER_INTRODUCTION_H
#define SB_BOUNDS_LEDGER_INTRODUCTION_H

#include "bounds/ledger.h"
#include "support/arb_compat.h"

/* bound := d^2 (1-delta)/(constant delta^2), the bound of Theorem 1.2 in units of (eps d^{-1/p})^2; delta >
 * 0. */
void sb_bound_1_2(fmpq_t bound, size_t dimension, const fmpq_t delta, ulong constant);

/* ledger_robust_checks.c: which classifiers keep which answers, on finite laws */
sb_claim_check sb_check_lemma_1_1_instances, sb_check_lemma_1_1_instances_control;
sb_claim_check sb_check_thm_1_2_robust_instances, sb_check_thm_1_2_robust_instances_control;
sb_claim_check sb_check_definition_of_a;
sb_claim_check sb_check_delta_zero, sb_check_delta_zero_control;

/* ledger_growth_checks.c: how much noise */
sb_claim_check sb_check_thm_1_2_instances, sb_check_thm_1_2_instances_control;
sb_claim_check sb_check_square_root_growth;
sb_claim_check sb_check_second_moment_inference;
sb_claim_check sb_check_linear_at_inf, sb_check_linear_at_inf_control;
sb_claim_check sb_check_99_percent, sb_check_99_percent_control;
sb_claim_check sb_check_noise_dominates;

/* ledger_heavy_tail_checks.c: the tail of product noise */
sb_claim_check sb_check_tail_instances, sb_check_tail_instances_control;
sb_claim_check sb_check_tail_all_s, sb_check_tail_all_s_control;
sb_claim_check sb_check_heavy_tailed;

/* ledger_warm_up_checks.c: section 1.2 */
sb_claim_check sb_check_warm_up_printed;
sb_claim_check sb_check_warm_up_instances, sb_check_warm_up_instances_control;
sb_claim_check sb_check_chebyshev_printed;
sb_claim_check sb_check_chebyshev, sb_check_chebyshev_control;
sb_claim_check sb_check_corner_directions;
sb_claim_check sb_check_largest_component_printed;
sb_claim_check sb_check_largest_component_inference;

/* ledger_radius_checks.c: section 2 and the numbers of section 4 */
sb_claim_check sb_check_gaussian_radius, sb_check_gaussian_radius_control;
sb_claim_check sb_check_radius_conversion, sb_check_radius_conversion_control;
sb_claim_check sb_check_radius_scaling, sb_check_radius_scaling_control;
sb_claim_check sb_check_radius_direction;
sb_claim_check sb_check_ceiling, sb_check_ceiling_control;
sb_claim_check sb_check_operating_point, sb_check_operating_point_control;

#endif
