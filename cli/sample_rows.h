/* The rows of the `sample` command: what was measured, with its interval and the truth where it is known, and
   how it compares with the bounds. */
#ifndef SB_CLI_SAMPLE_ROWS_H
#define SB_CLI_SAMPLE_ROWS_H

#include "bounds/sample_verdict.h"
#include "cli/options.h"

typedef struct {
    const sb_noise_spec *noise;      /* NULL: samples of a file */
    const char *input;               /* its name */
    const sb_parameters *parameters; /* NULL: no promise to hold the samples against */
    const fmpq *alpha;               /* 1 - confidence */
    uint64_t seed;
    int digits;
} sb_sample_report;

typedef struct {
    sb_table table;
    sb_column column[24];
} sb_sample_rows;

void sb_sample_rows_init(sb_sample_rows *rows);
void sb_sample_rows_clear(sb_sample_rows *rows);

/* All rows. `verdict` NULL: no promise. every_threshold: also rows of thresholds that all or no trials
 * exceed. */
sb_status sb_sample_rows_fill(sb_sample_rows *rows, const sb_sample_report *report,
                              const sb_sample_statistics *statistics, const sb_sample_verdict *verdict,
                              int every_threshold, sb_error *error);

/* malloc'd "consistent" or "refuted at confidence 0.999". */
char *sb_sample_verdict_word(const sb_sample_report *report, int refuted);

#endif
