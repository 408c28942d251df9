/* Rows of the `extremal` command. */
#ifndef SB_CLI_EXTREMAL_ROWS_H
#define SB_CLI_EXTREMAL_ROWS_H

#include "bounds/extremal.h"
#include "bounds/parameters.h"
#include "cli/options.h"

enum { SB_EXTREMAL_COLUMNS = 19 };

typedef struct {
    sb_table table;
    sb_column column[SB_EXTREMAL_COLUMNS];
    int unsettled; /* some optimum was not settled */
} sb_extremal_rows;

void sb_extremal_rows_init(sb_extremal_rows *rows);
void sb_extremal_rows_clear(sb_extremal_rows *rows);

/* One choice of parameters, solved. */
typedef struct {
    const sb_parameters *parameters;
    const sb_extremal_problem *problem;
    const sb_extremal *extremal;
    int digits;
} sb_extremal_case;

/* The optimum of the lattice, what it says beyond (where that is more than d^2 m(delta)), and the bounds to
   hold it against. */
sb_status sb_extremal_rows_add(sb_extremal_rows *rows, const sb_extremal_case *solved, sb_error *error);

/* A problem that could not be solved, and why. */
void sb_extremal_rows_refused(sb_extremal_rows *rows, const sb_parameters *parameters,
                              const sb_extremal_problem *problem, const sb_error *why);

/* The extremal law: a row an orbit, for d = 1 a row a point. */
void sb_extremal_rows_law(sb_extremal_rows *rows, const sb_extremal_case *solved);

/* How people read one choice of parameters: the rows as lines; and the law, drawn. */
void sb_extremal_text(sb_text *out, const sb_extremal_case *solved, const sb_extremal_rows *rows,
                      const sb_common_options *common);
void sb_extremal_law_text(sb_text *out, const sb_extremal_case *solved);

#endif
