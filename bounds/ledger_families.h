/* Checks of the ledger on noises of many families, by certified evaluation and by samples. */
#ifndef SB_BOUNDS_LEDGER_FAMILIES_H
#define SB_BOUNDS_LEDGER_FAMILIES_H

#include "bounds/ledger_instances.h"

/* ledger_families.c. As sb_try_products, on the smallest noise of each family for several d, p and delta;
   `delta` of the instance is exact and the other balls contain every noise that has it. */
sb_status sb_try_families(sb_finding *finding, sb_error *error, sb_product_test *test, const void *statement);

/* The tail inequality of Theorem 1.3 (false: with c = 2), and noise with light tails that satisfies it
   (false: Cauchy noise is light-tailed). */
sb_claim_check sb_check_tail_families, sb_check_tail_families_control;
sb_claim_check sb_check_light_tails, sb_check_light_tails_control;

/* ledger_sample_checks.c: statistics with stated n, seed and confidence. The certified total variation
   (false: that of another shift), second moments (false: 5/4 of them), and Theorem 1.2 (false: with 3 for
   800). */
sb_claim_check sb_check_sampled_variation, sb_check_sampled_variation_control;
sb_claim_check sb_check_sampled_moments, sb_check_sampled_moments_control;
sb_claim_check sb_check_sampled_magnitude, sb_check_sampled_magnitude_control;

#endif
