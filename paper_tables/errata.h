/* What is printed in the paper, what is right, and how one sees it: E1 to E38. */
#ifndef SB_PAPER_TABLES_ERRATA_H
#define SB_PAPER_TABLES_ERRATA_H

#include "paper_tables/paper_tables.h"

typedef enum {
    SB_ERRATUM_WRONG,     /* false as printed */
    SB_ERRATUM_IMPRECISE, /* true after a silent assumption, or too strong a reading */
    SB_ERRATUM_MISPRINT,  /* a slip of the pen without consequence */
    SB_ERRATUM_REMARK     /* right, but not best or not complete */
} sb_erratum_kind;

typedef struct {
    const char *id, *where; /* "E3", "Section 1.2" */
    sb_erratum_kind kind;
    const char *printed, *correct, *shown;
} sb_erratum;

extern const sb_erratum sb_errata[];
extern const size_t sb_errata_count;

sb_paper_table_build sb_table_errata;

#endif
