/* The outcome of the ledger, for people and for programs. */
#ifndef SB_REPORT_LEDGER_REPORT_H
#define SB_REPORT_LEDGER_REPORT_H

#include "bounds/ledger.h"
#include "support/table.h"

typedef struct {
    size_t width; /* columns of the text; 0: unlimited */
    int evidence; /* with evidence, control and hand steps of every claim, not only where something is
                     unexpected */
    int seconds;  /* with the time that each claim took: then the output is not the same twice */
    int colour;   /* verdict words in colour */
} sb_ledger_report_options;

/* Fills a table with a row for each claim that was run (result[i].claim set). Initialises it; the caller
 * clears it. */
void sb_ledger_report_table(sb_table *table, const sb_claim_result *result,
                            const sb_ledger_report_options *options);

/* The same as prose, by section, with the summary behind it. */
void sb_ledger_report_text(sb_text *out, const sb_claim_result *result,
                           const sb_ledger_report_options *options);

/* "168 claims: 84 proved, 33 refuted as expected, ...; 305 hand steps; all as expected" and a newline. */
void sb_ledger_report_summary(sb_text *out, const sb_claim_result *result);

typedef enum { SB_LEDGER_AS_EXPECTED, SB_LEDGER_DIFFERS, SB_LEDGER_UNDECIDED } sb_ledger_outcome;

/* SB_LEDGER_DIFFERS for any verdict or control that is not as expected, SB_LEDGER_UNDECIDED if all of those
 * are only undecided. */
sb_ledger_outcome sb_ledger_report_outcome(const sb_claim_result *result);

#endif
