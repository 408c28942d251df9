/* The check functions of sections 3 and A-C and of the sharper results: what they find, that every false
 * strengthening is refuted, and the numbers that they print. */
#include "bounds/ledger_checks.h"
#include "bounds/ledger_instances.h"
#include "support/file.h"
#include "support/text.h"

#include "tests/test.h"

static const sb_ledger_section *const sections[] = {&sb_ledger_analysis, &sb_ledger_appendices,
                                                    &sb_ledger_sharp, &sb_ledger_sharp_space};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

static const sb_claim *find(const char *id) {
    for (size_t s = 0; s < SECTIONS; s++)
        for (size_t i = 0; i < sections[s]->count; i++)
            if (strcmp(sections[s]->claim[i].id, id) == 0) return &sections[s]->claim[i];
    return NULL;
}

static void run_all(int control) {
    for (size_t s = 0; s < SECTIONS; s++) {
        for (size_t i = 0; i < sections[s]->count; i++) {
            const sb_claim *claim = &sections[s]->claim[i];
            sb_claim_check *function = control ? claim->control : claim->check;
            if (!function) continue;
            sb_finding finding = {0};
            sb_error error = {0};
            SB_CHECK(function(claim, &finding, &error) == SB_OK, "%s: %s", claim->id, error.message);
            sb_verdict expected = control ? SB_REFUTED : claim->expected;
            SB_CHECK(finding.verdict == expected, "%s: %s, %s", claim->id, sb_verdict_name(finding.verdict),
                     finding.evidence ? finding.evidence : "no evidence");
            SB_CHECK(finding.evidence && *finding.evidence, "%s: no evidence", claim->id);
            SB_CHECK(finding.evidence && !strchr(finding.evidence, '\n'), "%s: more than a line", claim->id);
            free(finding.evidence);
        }
    }
}

static void check_findings(void) {
    run_all(0);
}

static void check_controls(void) {
    run_all(1);
}

static void expect_words(const sb_claim *claim, sb_claim_check *function, const char *id, const char *words) {
    SB_CHECK(claim != NULL && function != NULL, "%s", id);
    if (!claim || !function) return;
    sb_finding finding = {0};
    sb_error error = {0};
    SB_CHECK(function(claim, &finding, &error) == SB_OK, "%s", error.message);
    SB_CHECK(finding.evidence && strstr(finding.evidence, words), "%s: '%s' not in '%s'", id, words,
             finding.evidence ? finding.evidence : "");
    free(finding.evidence);
}

static void expect_evidence(const char *id, const char *words) {
    const sb_claim *claim = find(id);
    expect_words(claim, claim ? claim->check : NULL, id, words);
}

static void expect_control(const char *id, const char *words) {
    const sb_claim *claim = find(id);
    expect_words(claim, claim ? claim->control : NULL, id, words);
}

/* 72 + 32 sqrt 5 = 143.5541752799932702850935573994...: independent digits from bc. */
static void check_numbers(void) {
    expect_evidence("lemma-3.1-best-constant",
                    "[143.554175279993270285093557399, 143.554175279993270285093557400]");
    expect_evidence("lemma-C.1-constant-tight", "delta = 1/3");
    expect_evidence("covering-as-printed", "delta = 1/2");
    expect_evidence("top-fraction-as-printed", "1.099");
    expect_evidence("lemma-3.8-constant-as-printed", "E|X| = 2 q");
    expect_evidence("lemma-3.5", "11180715 pairs"); /* sum of 2^n (2^n - 1)/2, n = 0..12 */
    expect_evidence("sharp-all-shifts", "is 1/2, E eta^2 = 5/16 < 1/3");
    expect_control("sharp-m-instances",
                   "{-1/2: 1/2, 1/2: 1/2}, eps = 1: delta = 1/2, E eta^2 = 1/4 < 101/400");
    expect_control("sharp-a-instances", "delta = 1/3, E|eta| = 2/3 < 101/150");
    expect_control("sharp-tau-instances", "rho = 21/22, TV(D, D+eps) = 10/11 > 2079/2300");
    /* the line n = 2 at rho = 17/21: (3 - 5 rho/2)/2 = 41/84; 2(1 - rho) = 8/21 */
    expect_control("sharp-robust-symmetric-instances", "rho = 17/21, E eta^2 = 8/21 < 41/84");
    /* (250^2 - 1)/12; 1.01 ((1 - 1/125)/(3/125^2) - 1/12) */
    expect_control("sharp-robust-instances", "E eta^2 = 20833/4 < 6261899/1200");
}

/* Every claim file that these sections name is there, and says its own name. */
static void check_files_exist(const char *directory, const char *const *name) {
    for (; name && *name; name++) {
        char *path = sb_path_join(directory, *name), *data = NULL;
        size_t size = 0;
        sb_error error = {0};
        SB_CHECK(path && sb_file_read(path, 1 << 16, &data, &size, &error) == SB_OK, "%s", error.message);
        if (data) {
            char line[160];
            snprintf(line, sizeof line, "\nclaim   %s\n", *name);
            SB_CHECK(strstr(data, line), "%s does not name itself", *name);
        }
        free(data);
        free(path);
    }
}

static void check_files(void) {
    char *directory = NULL;
    sb_error error = {0};
    if (sb_directory_exists("bounds/claims")) /* the tests run in the root of the source tree */
        directory = sb_duplicate("bounds/claims");
    else
        SB_CHECK(sb_data_path("bounds/claims", &directory, &error) == SB_OK, "%s", error.message);
    if (!directory) return;
    for (size_t s = 0; s < SECTIONS; s++) {
        for (size_t i = 0; i < sections[s]->count; i++) {
            check_files_exist(directory, sections[s]->claim[i].goals);
            check_files_exist(directory, sections[s]->claim[i].controls);
        }
    }
    free(directory);
}

/* A statement that is true of all but one instance is refuted, with that instance printed; one that fails to
 * run hands its error on. */
static sb_status all_but_one(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)error;
    fmpq_t point;
    fmpq_init(point);
    fmpq_set_si(point, *(const slong *)context, 1);
    *holds = !(instance->law->count == 1 && fmpq_equal(instance->law->point, point));
    fmpq_clear(point);
    return SB_OK;
}

static sb_status broken(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)holds;
    (void)instance;
    (void)context;
    return sb_fail(error, SB_INTERNAL, "broken");
}

static void check_families(void) {
    sb_finding finding = {0};
    sb_error error = {0};
    slong place = 3;
    SB_CHECK(sb_try_line(&finding, &error, all_but_one, &place) == SB_OK && finding.verdict == SB_REFUTED);
    SB_CHECK(finding.evidence && strstr(finding.evidence, "D = {3: 1}"), "%s",
             finding.evidence ? finding.evidence : "");
    free(finding.evidence);
    finding = (sb_finding){0};
    place = 77;
    SB_CHECK(sb_try_line(&finding, &error, all_but_one, &place) == SB_OK && finding.verdict == SB_CONSISTENT);
    SB_CHECK(finding.evidence && strstr(finding.evidence, "5158 instances"), "3 (462 + 924) + 1000: %s",
             finding.evidence ? finding.evidence : "");
    free(finding.evidence);
    finding = (sb_finding){0};
    SB_CHECK(sb_try_line(&finding, &error, broken, NULL) == SB_INTERNAL);
    SB_CHECK(sb_try_space(&finding, &error, broken, NULL) == SB_INTERNAL);
    SB_CHECK(sb_try_cube(&finding, &error, broken, NULL) == SB_INTERNAL);
    free(finding.evidence);
}

static const sb_test tests[] = {
    {"every check finds what the ledger expects", check_findings},
    {"every negative control is refuted", check_controls},
    {"numbers in the evidence", check_numbers},
    {"claim files exist and name themselves", check_files},
    {"families of instances", check_families},
};
SB_TEST_MAIN(tests)
