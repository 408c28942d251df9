/* How people read the `check-noise` command: a block for one choice of parameters, a line each for many. */
#ifndef SB_CLI_CHECK_NOISE_TEXT_H
#define SB_CLI_CHECK_NOISE_TEXT_H

#include "cli/check_noise_rows.h"

/* The rows of one call of sb_check_noise_rows_add, with prefixes. */
void sb_check_noise_text(sb_text *out, const sb_check_noise_rows *rows, const sb_check_noise_case *noise,
                         const sb_parameters *parameters, unsigned given, const sb_common_options *common);

/* One line for each call. `table` has the columns below. */
void sb_check_noise_compact(const sb_check_noise_rows *rows, sb_table *table);
extern const sb_column sb_check_noise_compact_column[];
extern const size_t sb_check_noise_compact_column_count;

/* malloc'd title: what was given, and which promise is asked about. */
char *sb_check_noise_caption(const sb_check_noise_case *noise);

#endif
