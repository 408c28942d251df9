/* `bound --solve`: the bounds read backwards for noise of a given rms. */
#ifndef SB_CLI_BOUND_SOLVE_H
#define SB_CLI_BOUND_SOLVE_H

#include "bounds/solve.h"
#include "cli/options.h"

typedef struct {
    const sb_bound *bound;
    char *outside; /* why there is no answer; NULL: `solution` is one */
    sb_solution solution;
} sb_solve_row;

typedef struct {
    sb_unknown unknown;
    sb_parameters parameters; /* the unknown's entry is meaningless */
    fmpq_t sigma;
    sb_solve_row *row;
    size_t count;
} sb_solve_rows;

void sb_solve_rows_init(sb_solve_rows *rows);
void sb_solve_rows_clear(sb_solve_rows *rows);

/* Inverts every row of quantity "rms" of the promises in the set (bits 1 << promise). */
sb_status sb_solve_rows_evaluate(sb_solve_rows *rows, const sb_parameters *parameters, const fmpq_t sigma,
                                 sb_unknown unknown, unsigned promises, int digits, sb_error *error);

/* One block of text. */
void sb_solve_text(sb_text *out, const sb_solve_rows *rows, const sb_common_options *common);

/* The table of the other formats, and of text for many choices of parameters. */
extern const sb_column sb_solve_column[];
extern const size_t sb_solve_column_count;
void sb_solve_rows_append(const sb_solve_rows *rows, int digits, sb_table *table);

#endif
