/* The check functions of the ledger's section on every dimension, and their negative controls. */
#ifndef SB_BOUNDS_LEDGER_SHARP_SPACE_H
#define SB_BOUNDS_LEDGER_SHARP_SPACE_H

#include "bounds/ledger.h"

/* ledger_sharp_space_checks.c: sharp-1.2, its weighted form, sharp-C.1, sharp-3.7, and where they are
   attained; the controls have constants 1% larger */
sb_claim_check sb_check_space_square, sb_check_space_square_control;
sb_claim_check sb_check_space_axes, sb_check_space_axes_control;
sb_claim_check sb_check_space_weighted, sb_check_space_weighted_control;
sb_claim_check sb_check_space_length, sb_check_space_length_control;
sb_claim_check sb_check_space_subsets, sb_check_space_subsets_control;
sb_claim_check sb_check_space_plane, sb_check_space_plane_control;
sb_claim_check sb_check_space_copies, sb_check_space_copies_control;

/* ledger_sharp_tail_checks.c: the tail inequality with c = 1/8 on laws of the line and their squares (false:
   1/5) */
sb_claim_check sb_check_product_tail, sb_check_product_tail_control;

/* ledger_sharp_ball_checks.c: the bounds by many directions never exceed what known noise has (false: 101/100
   of them); Gaussian noise has at most 2.2 times the best necessary second moment (false: 2.19) */
sb_claim_check sb_check_rotation, sb_check_rotation_control;
sb_claim_check sb_check_dual_norm, sb_check_dual_norm_control;
sb_claim_check sb_check_asymptotic, sb_check_asymptotic_control;
sb_claim_check sb_check_ball_families, sb_check_ball_families_control;
sb_claim_check sb_check_gaussian_ratio, sb_check_gaussian_ratio_control;

/* ledger_sharp_small_ball_checks.c: the probability of a small ball for given weights (false: 101/100 of the
   main term) */
sb_claim_check sb_check_small_ball, sb_check_small_ball_control;

#endif
