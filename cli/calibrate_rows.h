/* The rows of the `calibrate` command: the smallest noise of a family at one choice of parameters, beside
   what any noise must have. */
#ifndef SB_CLI_CALIBRATE_ROWS_H
#define SB_CLI_CALIBRATE_ROWS_H

#include "bounds/parameters.h"
#include "cli/options.h"
#include "distributions/calibration.h"

typedef struct {
    sb_noise_spec shape; /* without its scale */
    sb_criterion rule;   /* SB_CRITERION_TOTAL_VARIATION or SB_CRITERION_EXACT */
    sb_parameters parameters;
} sb_calibrate_request;

typedef struct {
    sb_table table;   /* of JSON and CSV: a row for each quantity */
    sb_table compact; /* for readers of a list: a row for each request */
    sb_column column[20], compact_column[12];
    int undecided; /* whether a calibration came out wider than the digits asked, or not at all */
} sb_calibrate_rows;

void sb_calibrate_rows_init(sb_calibrate_rows *rows);
void sb_calibrate_rows_clear(sb_calibrate_rows *rows);

/* Adds the rows of one request to both tables, and to `block` (NULL: not wanted) its text. */
sb_status sb_calibrate_rows_add(sb_calibrate_rows *rows, const sb_calibrate_request *request,
                                const sb_common_options *common, sb_text *block, sb_error *error);

#endif
