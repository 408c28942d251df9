/* The tables of `experiment scaling`: certified accuracy of every network, and what the test of the curves
 * says. */
#ifndef SB_CLI_EXPERIMENT_ROWS_H
#define SB_CLI_EXPERIMENT_ROWS_H

#include "experiments/scaling_results.h"
#include "support/table.h"

/* Appends the tables of the arms that are present, in the format: rows smoothbound/experiment/1 and
   smoothbound/experiment-test/1 for a machine; for a reader two tables and, in text, what they mean. */
sb_status sb_experiment_print(const sb_scaling_results *results, sb_format_kind format, size_t width,
                              sb_text *out, sb_error *error);

/* Appends one line: the verdicts of the arms that are present. */
void sb_experiment_summary(const sb_scaling_results *results, sb_text *out);

#endif
