/* Shared by the tests of the ledger's check functions, a program for every section: what they find, the words
   of their evidence, and that every false strengthening is refuted. */
#ifndef SB_TESTS_LEDGER_TEST_H
#define SB_TESTS_LEDGER_TEST_H

#include "bounds/ledger.h"
#include "support/file.h"
#include "support/text.h"
#include "tests/test.h"

/* Words that the evidence of a check (control 0) or of its negative control (1) must have; a list ends with a
   NULL id. */
typedef struct {
    const char *id;
    int control;
    const char *words;
} evidence_words;

/* Runs one check; returns how many rows of `list` are about it. */
static inline size_t run_check(const sb_claim *claim, int control, const evidence_words *list) {
    size_t named = 0;
    sb_claim_check *function = control ? claim->control : claim->check;
    if (!function) return 0;
    sb_finding finding = {0};
    sb_error error = {0};
    SB_CHECK(function(claim, &finding, &error) == SB_OK, "%s: %s", claim->id, error.message);
    sb_verdict expected = control ? SB_REFUTED : claim->expected;
    const char *evidence = finding.evidence ? finding.evidence : "";
    SB_CHECK(finding.verdict == expected, "%s: %s, %s", claim->id, sb_verdict_name(finding.verdict),
             evidence);
    SB_CHECK(*evidence, "%s: no evidence", claim->id);
    SB_CHECK(!strchr(evidence, '\n'), "%s: more than a line", claim->id);
    for (; list && list->id; list++) {
        if (list->control != control || strcmp(list->id, claim->id) != 0) continue;
        SB_CHECK(strstr(evidence, list->words), "%s: '%s' not in '%s'", claim->id, list->words, evidence);
        named++;
    }
    free(finding.evidence);
    return named;
}

/* All checks of a section, or all negative controls; list may be NULL. */
static inline void run_section(const sb_ledger_section *section, int control, const evidence_words *list) {
    size_t named = 0, wanted = 0;
    for (size_t i = 0; i < section->count; i++) named += run_check(&section->claim[i], control, list);
    for (; list && list->id; list++) wanted += list->control == control;
    SB_CHECK(named == wanted, "%zu claims with words to look for, not %zu", named, wanted);
}

/* Every claim file of the list is there, and says its own name. */
static inline void check_files_exist(const char *directory, const char *const *name) {
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

static inline void check_section_files(const sb_ledger_section *section) {
    char *directory = NULL;
    sb_error error = {0};
    if (sb_directory_exists("bounds/claims")) /* the tests run in the root of the source tree */
        directory = sb_duplicate("bounds/claims");
    else
        SB_CHECK(sb_data_path("bounds/claims", &directory, &error) == SB_OK, "%s", error.message);
    if (!directory) return;
    for (size_t i = 0; i < section->count; i++) {
        check_files_exist(directory, section->claim[i].goals);
        check_files_exist(directory, section->claim[i].controls);
    }
    free(directory);
}

#endif
