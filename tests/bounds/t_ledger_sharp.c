/* The checks of the results that are sharper than the paper: one shift and robustness, then every dimension.
 */
#include "tests/bounds/ledger_test.h"

static const evidence_words words[] = {
    {"sharp-all-shifts", 0, "is 1/2, E eta^2 = 5/16 < 1/3"},
    {"sharp-m-instances", 1, "{-1/2: 1/2, 1/2: 1/2}, eps = 1: delta = 1/2, E eta^2 = 1/4 < 101/400"},
    {"sharp-a-instances", 1, "delta = 1/3, E|eta| = 2/3 < 101/150"},
    {"sharp-tau-instances", 1, "rho = 21/22, TV(D, D+eps) = 10/11 > 2079/2300"},
    /* the line n = 2 at rho = 17/21: (3 - 5 rho/2)/2 = 41/84; 2(1 - rho) = 8/21 */
    {"sharp-robust-symmetric-instances", 1, "rho = 17/21, E eta^2 = 8/21 < 41/84"},
    /* (250^2 - 1)/12; 1.01 ((1 - 1/125)/(3/125^2) - 1/12) */
    {"sharp-robust-instances", 1, "E eta^2 = 20833/4 < 6261899/1200"},
    {NULL, 0, NULL}};

static void line_findings(void) {
    run_section(&sb_ledger_sharp, 0, words);
}

static void line_controls(void) {
    run_section(&sb_ledger_sharp, 1, words);
}

static void space_findings(void) {
    run_section(&sb_ledger_sharp_space, 0, NULL);
}

static void space_controls(void) {
    run_section(&sb_ledger_sharp_space, 1, NULL);
}

static void files(void) {
    check_section_files(&sb_ledger_sharp);
    check_section_files(&sb_ledger_sharp_space);
}

static const sb_test tests[] = {
    {"one shift: every check finds what the ledger expects, with the numbers", line_findings},
    {"one shift: every negative control is refuted, with the numbers", line_controls},
    {"every dimension: every check finds what the ledger expects", space_findings},
    {"every dimension: every negative control is refuted", space_controls},
    {"sharper results: claim files exist and name themselves", files},
};
SB_TEST_MAIN(tests)
