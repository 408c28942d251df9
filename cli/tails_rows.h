/* The rows of the `tails` command: where the tail inequality of Theorem 1.3 holds for a noise, or what a file
 * of samples shows. */
#ifndef SB_CLI_TAILS_ROWS_H
#define SB_CLI_TAILS_ROWS_H

#include "bounds/tail_sets.h"
#include "cli/options.h"
#include "distributions/tail_statistics.h"
#include "distributions/total_variation.h"

typedef struct {
    sb_table table;
    sb_column column[24];
} sb_tails_rows;

void sb_tails_rows_init(sb_tails_rows *rows);
void sb_tails_rows_clear(sb_tails_rows *rows);

/* What is told about a noise. */
typedef struct {
    const sb_noise_spec *noise;
    const sb_parameters *parameters;
    const fmpq *constant; /* c */
    const sb_exact_list *at;
    int digits;
    sb_tail_set set;
    sb_tv_result distance; /* TV at the equal shift */
    char *no_distance;     /* why there is none; else NULL */
    int holds;             /* the hypothesis at the equal shift: 1 yes, 0 no, -1 not decided */
} sb_tails_case;

void sb_tails_case_init(sb_tails_case *tails);
void sb_tails_case_clear(sb_tails_case *tails);

/* Finds the set and the total variation. */
sb_status sb_tails_case_find(sb_tails_case *tails, int jobs, int (*proceed)(void), sb_error *error);

sb_status sb_tails_rows_fill(sb_tails_rows *rows, const sb_tails_case *tails, sb_error *error);

/* The same for people, with what does and does not follow. */
void sb_tails_text(sb_text *out, const sb_tails_case *tails, const sb_common_options *common);

/* Hill's estimator and the mean excess of sorted values for k = 10, 20, 50, ... SB_BAD_INPUT for fewer than
 * ten values. */
sb_status sb_tails_rows_samples(sb_tails_rows *rows, const char *input, const sb_largest *sorted,
                                const fmpq_t alpha, int digits, sb_error *error);

#endif
