/* The checks of section 3 of the paper. */
#include "tests/bounds/ledger_test.h"

static const evidence_words words[] = {
    /* 72 + 32 sqrt 5 = 143.5541752799932702850935573994...: independent digits from bc */
    {"lemma-3.1-best-constant", 0, "[143.554175279993270285093557399, 143.554175279993270285093557400]"},
    {"covering-as-printed", 0, "delta = 1/2"},
    {"top-fraction-as-printed", 0, "1.099"},
    {"lemma-3.8-constant-as-printed", 0, "E|X| = 2 q"},
    {"lemma-3.5", 0, "11180715 pairs"}, /* sum of 2^n (2^n - 1)/2, n = 0..12 */
    {NULL, 0, NULL}};

static void findings(void) {
    run_section(&sb_ledger_analysis, 0, words);
}

static void controls(void) {
    run_section(&sb_ledger_analysis, 1, words);
}

static void files(void) {
    check_section_files(&sb_ledger_analysis);
}

static const sb_test tests[] = {
    {"section 3: every check finds what the ledger expects, with the numbers", findings},
    {"section 3: every negative control is refuted", controls},
    {"section 3: claim files exist and name themselves", files},
};
SB_TEST_MAIN(tests)
