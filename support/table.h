/* One table, five ways to print it: aligned text, JSON lines, CSV, Markdown, LaTeX (booktabs). */
#ifndef SB_SUPPORT_TABLE_H
#define SB_SUPPORT_TABLE_H

#include "support/status.h"
#include "support/text.h"

#include <stddef.h>

typedef enum {
    SB_FORMAT_TEXT,
    SB_FORMAT_JSON,
    SB_FORMAT_CSV,
    SB_FORMAT_TEX,
    SB_FORMAT_MARKDOWN
} sb_format_kind;

/* "text", "json", "csv", "tex", "md". SB_BAD_INPUT otherwise, with the nearest name. */
sb_status sb_format_parse(const char *text, sb_format_kind *format, sb_error *error);

enum {
    SB_COLUMN_NUMBER = 1, /* in JSON unquoted (the cell must then be a JSON number); right aligned in text */
    SB_COLUMN_RIGHT = 2,  /* right aligned in text, Markdown and LaTeX */
    SB_COLUMN_DATA = 4,   /* only in JSON and CSV */
    SB_COLUMN_READER = 8, /* only in text, Markdown and LaTeX */
    SB_COLUMN_MATH = 16,  /* the cell is mathematics such as E||eta||_2^2: set in math mode by LaTeX */
    SB_COLUMN_WRAP = 32   /* long prose: in text wrapped to what is left of the line */
};

typedef struct {
    const char *key;   /* JSON key and CSV heading */
    const char *title; /* heading elsewhere */
    unsigned flags;
} sb_column;

typedef struct {
    const sb_column *column;
    size_t column_count;
    const char *schema; /* first key of every JSON row; may be NULL */
    char **cell;        /* row-major; NULL: the key does not apply to this row */
    size_t row_count, row_capacity;
    const char *caption; /* a title line in text and Markdown, a comment in LaTeX; may be NULL */
    int failed;
} sb_table;

/* The columns must outlive the table. */
void sb_table_init(sb_table *table, const char *schema, const sb_column *column, size_t column_count);
void sb_table_clear(sb_table *table);

/* Starts a row of absent cells; then set cells by column index (copied). Allocation failures are remembered
 * for sb_table_print. */
void sb_table_row(sb_table *table);
void sb_table_set(sb_table *table, size_t column, const char *value);
void sb_table_setf(sb_table *table, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void sb_table_own(sb_table *table, size_t column,
                  char *value); /* takes a malloc'd value; NULL counts as a failed allocation */

/* Appends the table to `out`. width: columns of the terminal for text (0: unlimited); where
   the columns do not fit, every row becomes a block of titled lines. The CSV heading,
   Markdown and LaTeX frames are written once per call. SB_NO_MEMORY if anything failed so far. */
sb_status sb_table_print(const sb_table *table, sb_format_kind format, size_t width, sb_text *out,
                         sb_error *error);

#endif
