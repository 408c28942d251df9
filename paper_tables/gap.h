/* Necessary against sufficient noise for some settings that people use: the paper's two ends, and the sharp
 * ones. */
#ifndef SB_PAPER_TABLES_GAP_H
#define SB_PAPER_TABLES_GAP_H

#include "paper_tables/paper_tables.h"

/* One row a setting: rms noise per coordinate that is necessary by Theorem 1.2, by its sharp form and by the
   best bound (rounded down), that Gaussian noise needs and that Corollary B.3 takes (rounded up), and the
   ratios of the outer and of the inner pair. */
sb_paper_table_build sb_table_gap;

#endif
