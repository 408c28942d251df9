/* How people read the `bound` command: one block for one choice of parameters, one line each for many, and
 * tables for Markdown and LaTeX. */
#ifndef SB_CLI_BOUND_TEXT_H
#define SB_CLI_BOUND_TEXT_H

#include "cli/bound_rows.h"
#include "cli/options.h"

/* One block: what any noise must have, what suffices, the pixel reading. */
void sb_bound_text(sb_text *out, const sb_bound_rows *rows, const fmpq_t range,
                   const sb_common_options *common);

/* One row a choice of parameters: the best necessary rms, Gaussian and uniform noise that suffices, and their
 * ratio. */
extern const sb_column sb_bound_compact_column[];
extern const size_t sb_bound_compact_column_count;
void sb_bound_compact(const sb_bound_rows *rows, sb_promise promise, const fmpq_t range, int digits,
                      sb_table *table);

/* "d = 3072, p = inf, eps = 8/255, delta = 1/10", leaving out the names in `without` (a list such as "eps";
 * NULL: none). */
void sb_parameter_line(sb_text *out, const sb_parameters *parameters, const char *without);

/* Hides from readers (not from JSON and CSV) the columns in which no row has a cell. `column` is the array
 * that the table was given. */
enum { SB_MOST_COLUMNS = 24 };
void sb_hide_empty_columns(const sb_table *table, sb_column *column);

/* Lines of four aligned parts: name, relation, value, remark. */
enum { SB_LINES = 64 };
typedef struct {
    struct {
        char *name, *relation, *value, *remark; /* malloc'd */
    } line[SB_LINES];
    size_t count;
} sb_lines;
void sb_lines_init(sb_lines *lines);
void sb_lines_add(sb_lines *lines, const char *name, const char *relation, char *value,
                  char *remark);                    /* takes value and remark */
void sb_lines_print(sb_lines *lines, sb_text *out); /* and clears */

#endif
