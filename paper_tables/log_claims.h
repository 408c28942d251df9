/* The ledger's claims about certification logs (kind SB_CHECK_LOG), and one that is about their parameters
 * only. */
#ifndef SB_PAPER_TABLES_LOG_CLAIMS_H
#define SB_PAPER_TABLES_LOG_CLAIMS_H

#include "bounds/ledger.h"

/* Checks the claim by its id against the authors' logs in `logs_directory`; each is reproduced or differs,
   unless it says otherwise:
   - table-1-trades: Table 1, row 1; 6255 and 7884 of 10000 round to what is printed
   - table-1-salman: Table 1, row 2, from Salman et al.'s own log (sigma_0.12); quoted when it is not there
   - figure-2-curves: the 30 plotted values are the logs'; at 2/255 no two of the three curves are 1.96
     standard errors apart
   - sampling-ceiling: every log's largest radius is sigma Phi^{-1}(alpha^(1/n)) to the printed digits
   - cohen-rereading: Cohen's rule on the same samples certifies between 61.15 and 61.81 %
   - radius-scaling: sigma/eps_2 and eps_2/sqrt(d) are the same for the three sizes; needs no logs; proved or
     refuted

   SB_SKIPPED with the reason when logs_directory is NULL or the log is not there. An id that is none of these
   is SB_INTERNAL. Thread-safe. The signature is sb_ledger_options.check_log's. */
sb_status sb_log_claim_check(const sb_claim *claim, const char *logs_directory, sb_finding *finding,
                             sb_error *error);

/* The negative control of the same claim: a false variant (a published number moved by one unit of its last
   digit, a ceiling for another n, Cohen's count taken to be the published one, another sigma) that the same
   computation must find to differ: SB_REFUTED then. */
sb_status sb_log_claim_control(const sb_claim *claim, const char *logs_directory, sb_finding *finding,
                               sb_error *error);

#endif
