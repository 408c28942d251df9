/* Quoted numbers: tab-separated files under paper_tables/published, with '#' comments that say where they
 * were printed, and a heading. */
#ifndef SB_PAPER_TABLES_PUBLISHED_H
#define SB_PAPER_TABLES_PUBLISHED_H

#include "support/arb_compat.h"
#include "support/status.h"

#include <stddef.h>

typedef struct {
    char *text;        /* the file, cut into cells */
    const char **cell; /* row-major */
    size_t rows, columns;
} sb_published;

/* Reads the file `name` ("table_1.tsv"); its heading must be `heading` (NULL-terminated). SB_BAD_INPUT with
 * file and line, SB_IO. */
sb_status sb_published_read(sb_published *published, const char *name, const char *const *heading,
                            sb_error *error);
void sb_published_clear(sb_published *published);
const char *sb_published_cell(const sb_published *published, size_t row, size_t column);

/* value := a printed decimal; places := its digits after the point. */
sb_status sb_published_decimal(const char *text, fmpq_t value, int *places, sb_error *error);

/* Whether a recomputed value agrees with a printed one: they differ by at most half a unit of the last
   printed digit (both roundings of a tie are accepted: 62.55 agrees with 62.6 and with 62.5). */
int sb_agrees_with_printed(const fmpq_t recomputed, const fmpq_t printed, int places);

#endif
