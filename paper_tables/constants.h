/* The constants of the paper's statements, the best that its own argument gives, and the best possible (or
 * best known) ones. */
#ifndef SB_PAPER_TABLES_CONSTANTS_H
#define SB_PAPER_TABLES_CONSTANTS_H

#include "paper_tables/paper_tables.h"
#include "support/enclosure.h"

/* Every number is computed when the table is made, as an enclosure rounded outward to options->digits
 * significant digits. */
sb_paper_table_build sb_table_constants;

/* delta*^2/8 with delta* = sqrt(5) - 2, the root of 8 delta^2 = (1-delta)^3: the largest c with
   max{(1-delta)/8, (1-delta)^4/(64 delta^2)} >= c (1-delta)/delta^2 for all 0 < delta <= 1 (end of
   section 3.1). context: unused. */
sb_ball_function sb_constant_lemma_3_1;

#endif
