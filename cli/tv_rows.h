/* The rows of the `tv` command: the total variation of a noise and a shift of it, or the worst case over an
 * l_p ball. */
#ifndef SB_CLI_TV_ROWS_H
#define SB_CLI_TV_ROWS_H

#include "cli/options.h"
#include "distributions/worst_shift.h"

typedef struct {
    const sb_noise_spec *noise;
    uint64_t dimension;
    const char *shift_text; /* NULL: the worst case over |v|_norm <= radius */
    const sb_shift *shift;
    const sb_exact *norm;
    const fmpq *radius;
    sb_tv_options options;
    const char *confidence_text; /* of options.confidence, as given */
} sb_tv_request;

typedef struct {
    sb_table table;
    sb_column column[24];
    size_t undecided;   /* rows that lack the asked digits */
    sb_text conclusion; /* what the last row means for a score gap, one paragraph of text */
} sb_tv_rows;

void sb_tv_rows_init(sb_tv_rows *rows);
void sb_tv_rows_clear(sb_tv_rows *rows);

/* Adds the row of one request. SB_OUTSIDE, and no row, where the method does not apply. */
sb_status sb_tv_rows_add(sb_tv_rows *rows, const sb_tv_request *request, sb_error *error);

/* Adds the row of a request that has failed with SB_OUTSIDE, with the reason. */
void sb_tv_rows_add_outside(sb_tv_rows *rows, const sb_tv_request *request, const char *reason);

/* One block of text for a single row. */
void sb_tv_text(sb_text *out, const sb_tv_rows *rows, const sb_common_options *common);

#endif
