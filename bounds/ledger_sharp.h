/* The check functions behind bounds/ledger_sharp.c. Each fills a finding (bounds/ledger.h); one called
   ..._control checks a false variant by the same code and comes back refuted. */
#ifndef SB_BOUNDS_LEDGER_SHARP_H
#define SB_BOUNDS_LEDGER_SHARP_H

#include "bounds/ledger.h"

/* ledger_sharp_line_checks.c: one shift on the line */
sb_claim_check sb_check_representation, sb_check_representation_control;
sb_claim_check sb_check_sharp_square, sb_check_sharp_square_control;
sb_claim_check sb_check_sharp_absolute, sb_check_sharp_absolute_control;
sb_claim_check sb_check_sharp_tail, sb_check_sharp_tail_control;
sb_claim_check sb_check_all_shifts, sb_check_all_shifts_control;

/* ledger_sharp_robust_checks.c: robustness of every classifier */
sb_claim_check sb_check_criterion, sb_check_criterion_control;
sb_claim_check sb_check_tau, sb_check_tau_control;
sb_claim_check sb_check_symmetric, sb_check_symmetric_control;
sb_claim_check sb_check_any_law, sb_check_any_law_control;
sb_claim_check sb_check_any_law_as_symmetric, sb_check_any_law_as_symmetric_control;
sb_claim_check sb_check_direction, sb_check_direction_control;

#endif
