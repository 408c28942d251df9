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
    uint64_t rank; /* lemma-3.7, sharp-3.7: the coordinate it is about; else 0 */
} sb_bound_row;

typedef struct {
    sb_parameters parameters;
    unsigned promises; /* which rows are there: bits 1 << promise */
    sb_bound_row *row;
    size_t count;
} sb_bound_rows;

enum { SB_BOTH_PROMISES = 1u << SB_PROMISE_TV | 1u << SB_PROMISE_ROBUST };

void sb_bound_rows_init(sb_bound_rows *rows);
void sb_bound_rows_clear(sb_bound_rows *rows);

/* Evaluates the rows of the promises in the set `promises` (bits 1 << promise) to `digits`; Lemma 3.7 and its
   sharp form for coordinate `rank` (1..d). */
sb_status sb_bound_rows_evaluate(sb_bound_rows *rows, const sb_parameters *parameters, uint64_t rank,
                                 unsigned promises, int digits, sb_error *error);

/* The first row of that promise, source and quantity, NULL if it is outside its domain. */
const sb_bound_row *sb_bound_rows_find(const sb_bound_rows *rows, sb_promise promise, const char *source,
                                       const char *quantity);

/* malloc'd decimals of the lower or upper end; both are the value itself where it is a short decimal. */
char *sb_bound_row_lower(const sb_bound_row *row, int digits);
char *sb_bound_row_upper(const sb_bound_row *row, int digits);

/* scaled := row times a positive factor; clear it. */
void sb_bound_row_scale(sb_bound_row *scaled, const sb_bound_row *row, const fmpq_t factor);
void sb_bound_row_clear(sb_bound_row *row);

/* Whether the bound is what that noise needs, exactly: `noise` is how `applies` begins, "Gaussian" or
   "uniform". And the row of that promise and quantity; NULL if it is outside its domain. */
int sb_bound_is_exact_for(const sb_bound *bound, const char *noise);
const sb_bound_row *sb_bound_rows_exact(const sb_bound_rows *rows, sb_promise promise, const char *noise,
                                        const char *quantity);

/* The necessary rms row about any noise with the largest lower end. */
const sb_bound_row *sb_bound_rows_needed(const sb_bound_rows *rows, sb_promise promise);

/* -1, 0, 1: the lower end of `a` is below, at, above that of `b`. */
int sb_bound_row_compare(const sb_bound_row *a, const sb_bound_row *b);

/* malloc'd upper end of sufficient/needed */
char *sb_bound_row_ratio(const sb_bound_row *sufficient, const sb_bound_row *needed, int digits);

/* What a row is about: the bound's phrase, or the coordinate of Lemma 3.7. malloc'd. */
char *sb_bound_row_applies(const sb_bound_row *row, const sb_parameters *parameters);

/* malloc'd: the statement, and what noise it is about unless that is any: "sharp robustness bound, any noise
   symmetric about a point". For rows of rms and E||eta||_2^2. */
char *sb_bound_row_statement(const sb_bound_row *row);

/* The table of JSON and CSV: the keys of a row, in their order, and filling it. `range` (> 0) scales the
 * pixel reading of rms rows. */
extern const sb_column sb_bound_column[];
extern const size_t sb_bound_column_count;
void sb_bound_rows_append(const sb_bound_rows *rows, const fmpq_t range, int digits, sb_table *table);

/* Sets the columns d, p, eps, delta (the first four of a table). */
void sb_parameter_cells(sb_table *table, const sb_parameters *parameters);

#endif
