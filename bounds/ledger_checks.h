/* The check functions of sections 3 and A-C of the ledger, and their negative controls: sb_check_NAME checks
   the claim as the ledger states it, sb_check_NAME_control a false strengthening of it with the same code.
   Where one function serves several claims, it finds its constants by the claim's id in a table. */
#ifndef SB_BOUNDS_LEDGER_CHECKS_H
#define SB_BOUNDS_LEDGER_CHECKS_H

#include "bounds/ledger.h"

/* ledger_one_dimension_checks.c: Lemmas 3.1-3.3, Corollary 3.4 and the one-dimensional part of Appendix C */
sb_claim_check sb_check_moment, sb_check_moment_control;
sb_claim_check sb_check_projected_moment, sb_check_projected_moment_control;
sb_claim_check sb_check_zero_shift_as_printed;
sb_claim_check sb_check_lemma_3_1_best, sb_check_lemma_3_1_best_control;
sb_claim_check sb_check_lemma_3_2_events, sb_check_lemma_3_2_events_control;
sb_claim_check sb_check_lemma_3_2_events_as_printed;

/* ledger_interval_checks.c: the steps of Lemma 3.3; 12 in Lemma C.1 */
sb_claim_check sb_check_interval_mass, sb_check_interval_mass_control;
sb_claim_check sb_check_covering, sb_check_covering_control, sb_check_covering_as_printed;
sb_claim_check sb_check_telescoping, sb_check_telescoping_control, sb_check_telescoping_as_printed;
sb_claim_check sb_check_vanishing, sb_check_vanishing_control;
sb_claim_check sb_check_markov, sb_check_markov_control;
sb_claim_check sb_check_lemma_C_1_tight, sb_check_lemma_C_1_tight_control;

/* ledger_space_checks.c: projections, Theorem 1.2, Lemma 3.7, Lemma C.1 */
sb_claim_check sb_check_projection, sb_check_projection_control;
sb_claim_check sb_check_noise_magnitude, sb_check_noise_magnitude_control;
sb_claim_check sb_check_peeling, sb_check_peeling_control, sb_check_smallest_variance_as_printed;
sb_claim_check sb_check_marginal, sb_check_marginal_control;
sb_claim_check sb_check_padding, sb_check_padding_control;
sb_claim_check sb_check_largest, sb_check_largest_control;
sb_claim_check sb_check_noise_length, sb_check_noise_length_control;

/* ledger_hadamard_checks.c: Lemma 3.5, Corollary 3.6, the matrix Q of Theorem 1.2 */
sb_claim_check sb_check_sylvester, sb_check_sylvester_control, sb_check_sylvester_count_as_printed;
sb_claim_check sb_check_directions, sb_check_directions_control;
sb_claim_check sb_check_power_of_two, sb_check_power_of_two_control;
sb_claim_check sb_check_rows, sb_check_rows_control, sb_check_rows_as_printed;
sb_claim_check sb_check_parseval, sb_check_parseval_control;

/* ledger_tail_checks.c: the top fraction, Lemma 3.8 */
sb_claim_check sb_check_top_fraction, sb_check_top_fraction_control, sb_check_top_fraction_as_printed;
sb_claim_check sb_check_tail_constant, sb_check_tail_constant_control, sb_check_tail_constant_as_printed;
sb_claim_check sb_check_layer_cake, sb_check_layer_cake_control;
sb_claim_check sb_check_maximum, sb_check_maximum_control;

/* ledger_gamma_checks.c: the Gamma identity, Gautschi, 99% of the components */
sb_claim_check sb_check_gamma, sb_check_gamma_control;
sb_claim_check sb_check_gautschi, sb_check_gautschi_control;
sb_claim_check sb_check_most_coordinates, sb_check_most_coordinates_control;

/* ledger_robustness_checks.c: Appendix A */
sb_claim_check sb_check_scores, sb_check_scores_control;
sb_claim_check sb_check_gap, sb_check_gap_control;
sb_claim_check sb_check_tv_ball, sb_check_tv_ball_control, sb_check_tv_ball_as_printed;
sb_claim_check sb_check_norm_ball, sb_check_norm_ball_control, sb_check_norm_ball_as_printed;

/* ledger_attack_checks.c: Lemma A.4 */
sb_claim_check sb_check_attack, sb_check_attack_control, sb_check_attack_as_printed;

/* ledger_gaussian_checks.c: B.1-B.3 */
sb_claim_check sb_check_gaussian_distance, sb_check_gaussian_distance_control;
sb_claim_check sb_check_gaussian_sufficient, sb_check_gaussian_sufficient_control;
sb_claim_check sb_check_power_mean, sb_check_power_mean_control;

/* ledger_uniform_checks.c: B.4-B.6 */
sb_claim_check sb_check_box_distance, sb_check_box_distance_control;
sb_claim_check sb_check_box_worst, sb_check_box_worst_control;
sb_claim_check sb_check_box_bounds, sb_check_box_bounds_control;
sb_claim_check sb_check_box_sufficient, sb_check_box_sufficient_control;
sb_claim_check sb_check_box_smallest, sb_check_box_smallest_control;

#endif
