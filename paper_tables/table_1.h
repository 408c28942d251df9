/* Table 1 of the paper: certified accuracy at l_inf radius 2/255 and natural accuracy on CIFAR-10. */
#ifndef SB_PAPER_TABLES_TABLE_1_H
#define SB_PAPER_TABLES_TABLE_1_H

#include "paper_tables/paper_tables.h"

/* Each published number, and where a log is at hand the recomputed one with its reading and verdict. Rows
   without a log are quoted; recomputable rows whose log is missing are skipped. Numbers agree when they
   differ by at most half a unit of the last published digit. */
sb_paper_table_build sb_table_1;

#endif
