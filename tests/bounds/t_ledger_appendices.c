/* The checks of appendices A, B and C of the paper. */
#include "tests/bounds/ledger_test.h"

static const evidence_words words[] = {{"lemma-C.1-constant-tight", 0, "delta = 1/3"}, {NULL, 0, NULL}};

static void findings(void) {
    run_section(&sb_ledger_appendices, 0, words);
}

static void controls(void) {
    run_section(&sb_ledger_appendices, 1, words);
}

static void files(void) {
    check_section_files(&sb_ledger_appendices);
}

static const sb_test tests[] = {
    {"appendices: every check finds what the ledger expects, with the numbers", findings},
    {"appendices: every negative control is refuted", controls},
    {"appendices: claim files exist and name themselves", files},
};
SB_TEST_MAIN(tests)
