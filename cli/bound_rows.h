/* The rows of the `bound` command: every bound at one choice of parameters, and their table for JSON and CSV.
 */
#ifndef SB_CLI_BOUND_ROWS_H
#define SB_CLI_BOUND_ROWS_H

#include "bounds/bound.h"
#include "support/table.h"

typedef struct {
    const sb_bound *bound;
    char *outside; /* why the statement does not speak here; NULL: value holds an enclosure */
    arb_t value;
    int rational; /* the value is known exactly: */
    fmpq_t exact;
    uint64_t rank; /* lemma-3.7: the coordinate it is about; else 0 */
} sb_bound_row;

typedef struct {
    sb_parameters parameters;
    sb_bound_row *row;
    size_t count;
} sb_bound_rows;

void sb_bound_rows_init(sb_bound_rows *rows);
void sb_bound_rows_clear(sb_bound_rows *rows);

/* Evaluates all rows to `digits`; Lemma 3.7 for coordinate `rank` (1..d). */
sb_status sb_bound_rows_evaluate(sb_bound_rows *rows, const sb_parameters *parameters, uint64_t rank,
                                 int digits, sb_error *error);

/* The row of that source and quantity, NULL if it is outside its domain. */
const sb_bound_row *sb_bound_rows_find(const sb_bound_rows *rows, const char *source, const char *quantity);

/* malloc'd decimals of the lower or upper end; both are the value itself where it is a short decimal. */
char *sb_bound_row_lower(const sb_bound_row *row, int digits);
char *sb_bound_row_upper(const sb_bound_row *row, int digits);

/* scaled := row times a positive factor; clear it. */
void sb_bound_row_scale(sb_bound_row *scaled, const sb_bound_row *row, const fmpq_t factor);
void sb_bound_row_clear(sb_bound_row *row);

/* The necessary rms row with the largest lower end; NULL only if none speaks. */
const sb_bound_row *sb_bound_rows_needed(const sb_bound_rows *rows);

/* What a row is about: the bound's phrase, or the coordinate of Lemma 3.7. malloc'd. */
char *sb_bound_row_applies(const sb_bound_row *row, const sb_parameters *parameters);

/* The table of JSON and CSV: the keys of a row, in their order, and filling it. `range` (> 0) scales the
 * pixel reading of rms rows. */
extern const sb_column sb_bound_column[];
extern const size_t sb_bound_column_count;
void sb_bound_rows_append(const sb_bound_rows *rows, const fmpq_t range, int digits, sb_table *table);

/* Sets the columns d, p, eps, delta (the first four of a table). */
void sb_parameter_cells(sb_table *table, const sb_parameters *parameters);

#endif
