/* The tables that `smoothbound table` prints, by name. A new table is one row in paper_tables.c and one file.
 */
#ifndef SB_PAPER_TABLES_PAPER_TABLES_H
#define SB_PAPER_TABLES_PAPER_TABLES_H

#include "bounds/verdict.h"
#include "support/status.h"
#include "support/table.h"

typedef struct {
    const char *logs_directory; /* certification logs of the authors, or NULL */
    int digits;                 /* significant digits of computed constants */
} sb_paper_table_options;

/* How many rows ended in which verdict. */
typedef struct {
    size_t reproduced, differs, quoted, skipped;
} sb_paper_table_outcome;

typedef sb_status sb_paper_table_build(sb_table *table, const sb_paper_table_options *options,
                                       sb_paper_table_outcome *outcome, sb_error *error);

typedef struct {
    const char *name;            /* "1" */
    const char *title;           /* one line */
    sb_paper_table_build *build; /* initialises `table`, which the caller clears also after a failure */
    int from_logs;               /* its numbers can be recomputed from the authors' logs */
    int prose;                   /* cells are sentences: in text it is read as blocks, not in columns */
} sb_paper_table;

extern const sb_paper_table sb_paper_tables[]; /* ends with a NULL name */

/* SB_BAD_INPUT with the nearest name, or with all names. */
sb_status sb_paper_table_find(const char *name, const sb_paper_table **table, sb_error *error);

/* Appends the table; for readers (text, Markdown) with the outcome and, where logs are missing, where to get
 * them. */
sb_status sb_paper_table_print(const sb_paper_table *paper_table, const sb_table *table,
                               const sb_paper_table_options *options, const sb_paper_table_outcome *outcome,
                               sb_format_kind format, size_t width, sb_text *out, sb_error *error);

/* "3 reproduced, 0 differ, 12 quoted, 1 skipped" and a newline. */
void sb_paper_table_outcome_print(sb_text *out, const sb_paper_table_outcome *outcome);

void sb_paper_table_note(sb_paper_table_outcome *outcome, sb_verdict verdict);

#endif
