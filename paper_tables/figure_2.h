/* Figure 2 of the paper: certified accuracy for input sizes 32, 48 and 64, 500 images each. */
#ifndef SB_PAPER_TABLES_FIGURE_2_H
#define SB_PAPER_TABLES_FIGURE_2_H

#include "paper_tables/paper_tables.h"

/* One row for each size and radius 0, .001, ..., .009: the plotted value, the recomputed count, verdict. The
   accuracies are multiples of 1/500, so that agreement is exact. */
sb_paper_table_build sb_table_figure_2;

#endif
