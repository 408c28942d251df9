/* The ledger's tables keep their rules, and the runner judges as it says: the verdict is the checker's, a
   control that passes is an error, results do not depend on threads. */
#include "bounds/goal.h"
#include "bounds/ledger.h"
#include "support/arb_compat.h"
#include "support/file.h"
#include "support/text.h"
#include "tests/test.h"

#include <unistd.h>

static int is_printed(const sb_claim *claim) {
    size_t length = strlen(claim->id), suffix = strlen("-as-printed");
    return length > suffix && strcmp(claim->id + length - suffix, "-as-printed") == 0;
}

static int runs(const sb_claim *claim) {
    return claim->expected != SB_QUOTED && claim->expected != SB_SKIPPED;
}

static void ids_are_distinct_words(void) {
    SB_CHECK(sb_ledger_size() >= 100, "%zu claims", sb_ledger_size());
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        const sb_claim *claim = sb_ledger_claim(i);
        SB_CHECK(claim->id && *claim->id && !strpbrk(claim->id, " =*?[,"), "claim %zu: %s", i, claim->id);
        SB_CHECK(claim->label && *claim->label && claim->where && *claim->where, "%s", claim->id);
        SB_CHECK(claim->statement && *claim->statement && !strchr(claim->statement, '\n'), "%s", claim->id);
        for (size_t j = 0; j < i; j++)
            SB_CHECK(strcmp(claim->id, sb_ledger_claim(j)->id) != 0, "%s twice", claim->id);
    }
}

static void rows_keep_the_rules(void) {
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        const sb_claim *claim = sb_ledger_claim(i);
        int checked = claim->check || claim->goals || claim->kind == SB_CHECK_LOG;
        int controlled = claim->control || claim->controls || claim->kind == SB_CHECK_LOG;
        SB_CHECK(!is_printed(claim) || claim->expected == SB_REFUTED, "%s is expected to be %s", claim->id,
                 sb_verdict_name(claim->expected));
        if (!runs(claim)) {
            SB_CHECK(!claim->check && !claim->goals && !claim->control && !claim->controls, "%s", claim->id);
            SB_CHECK(claim->why && *claim->why, "%s says no reason", claim->id);
            continue;
        }
        SB_CHECK(claim->expected != SB_UNSETTLED && claim->expected != SB_DIFFERS, "%s", claim->id);
        SB_CHECK(checked, "%s has nothing to check it with", claim->id);
        SB_CHECK(controlled || claim->expected == SB_REFUTED, "%s has no negative control", claim->id);
    }
}

/* The words of a label: "R5" and "E1" in "R5 E1". */
static int share_a_label(const char *a, const char *b) {
    char copy[64];
    snprintf(copy, sizeof copy, "%s", a);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        char *selected = calloc(sb_ledger_size() + 1, 1);
        sb_error error;
        int shares = 0;
        if (selected && sb_ledger_select(word, selected, &error) == SB_OK)
            for (size_t i = 0; i < sb_ledger_size(); i++)
                shares |= selected[i] && strcmp(sb_ledger_claim(i)->label, b) == 0;
        free(selected);
        if (shares) return 1;
    }
    return 0;
}

static void what_is_refuted_has_its_correction(void) {
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        const sb_claim *refuted = sb_ledger_claim(i);
        int found = 0;
        if (refuted->expected != SB_REFUTED) continue;
        for (size_t j = 0; j < sb_ledger_size(); j++) {
            const sb_claim *other = sb_ledger_claim(j);
            found |= other->expected != SB_REFUTED && share_a_label(refuted->label, other->label);
        }
        SB_CHECK(found, "%s (%s) stands alone", refuted->id, refuted->label);
    }
}

static void look_at_files(const char *directory, const char *const *name, int control) {
    for (; name && *name; name++) {
        char *path = sb_path_join(directory, *name);
        sb_goal goal;
        sb_error error = {0};
        sb_goal_init(&goal);
        SB_CHECK((strstr(*name, "-control") != NULL) == control, "%s", *name);
        SB_CHECK(sb_goal_read(&goal, path, &error) == SB_OK, "%s", error.message);
        SB_CHECK(goal.name && strcmp(goal.name, *name) == 0, "%s calls itself %s", *name,
                 goal.name ? goal.name : "nothing");
        sb_goal_clear(&goal);
        free(path);
    }
}

static void claim_files_are_there(void) {
    char *directory = NULL;
    sb_error error;
    SB_CHECK(sb_data_path("bounds/claims", &directory, &error) == SB_OK, "%s", error.message);
    if (!directory) return;
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        look_at_files(directory, sb_ledger_claim(i)->goals, 0);
        look_at_files(directory, sb_ledger_claim(i)->controls, 1);
    }
    free(directory);
}

static size_t count_selected(const char *word, sb_status want, const char *message) {
    char *selected = calloc(sb_ledger_size() + 1, 1);
    sb_error error = {0};
    size_t count = 0;
    SB_CHECK(selected != NULL);
    if (!selected) return 0;
    sb_status status = sb_ledger_select(word, selected, &error);
    SB_CHECK(status == want, "'%s' gives status %d: %s", word, (int)status, error.message);
    if (message) SB_CHECK(strstr(error.message, message) != NULL, "'%s': %s", word, error.message);
    for (size_t i = 0; i < sb_ledger_size(); i++) count += selected[i] != 0;
    free(selected);
    return count;
}

static void claims_are_found_by_name(void) {
    SB_CHECK(count_selected("lemma-1.1", SB_OK, NULL) == 1);     /* an id, though another begins so */
    SB_CHECK(count_selected("cohen-sig", SB_OK, NULL) == 1);     /* the beginning of one */
    SB_CHECK(count_selected("R5", SB_OK, NULL) == 2);            /* a label */
    SB_CHECK(count_selected("r5", SB_OK, NULL) == 2);            /* in any case */
    SB_CHECK(count_selected("E19", SB_OK, NULL) == 4);           /* an erratum */
    SB_CHECK(count_selected("warm-up-norm*", SB_OK, NULL) == 3); /* a pattern */
    SB_CHECK(count_selected("*", SB_OK, NULL) == sb_ledger_size());
    SB_CHECK(count_selected("warm-up-n", SB_BAD_INPUT, "warm-up-norm-as-printed") == 0);
    SB_CHECK(count_selected("lemma-1.11", SB_BAD_INPUT, "did you mean 'lemma-1.1'") == 0);
    SB_CHECK(count_selected("", SB_BAD_INPUT, NULL) == 0);
    SB_CHECK(count_selected("no such thing at all", SB_BAD_INPUT, "no such claim") == 0);
    SB_CHECK(count_selected("R", SB_BAD_INPUT, NULL) == 0); /* a label is a whole word */
}

/* ------------------------------------------------------------------ running */
typedef struct {
    char *selected;
    sb_claim_result *result;
    sb_status status;
    sb_error error;
} trial;

static trial run_words(const char *const *word, sb_ledger_options options) {
    trial t = {.selected = calloc(sb_ledger_size() + 1, 1),
               .result = calloc(sb_ledger_size() + 1, sizeof *t.result)};
    if (!t.selected || !t.result) exit(1);
    for (; *word; word++) {
        t.status = sb_ledger_select(*word, t.selected, &t.error);
        SB_CHECK(t.status == SB_OK, "%s", t.error.message);
    }
    t.status = sb_ledger_run(&options, t.selected, t.result, &t.error);
    return t;
}

static void trial_clear(trial *t) {
    for (size_t i = 0; i < sb_ledger_size(); i++) sb_claim_result_clear(&t->result[i]);
    free(t->selected);
    free(t->result);
}

static const sb_claim_result *result_of(const trial *t, const char *id) {
    static const sb_claim_result none = {.evidence = (char *)(size_t) "", .control = (char *)(size_t) ""};
    for (size_t i = 0; i < sb_ledger_size(); i++)
        if (t->result[i].claim && strcmp(t->result[i].claim->id, id) == 0) return &t->result[i];
    return &none;
}

static const char *const some[] = {"warm-up-*", "lemma-3.*", "thm-1.3-*",        "lemma-1.1",
                                   "X5",        "def-1",     "noise-dominates*", NULL};

static int equal_text(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void threads_change_nothing(void) {
    trial one = run_words((const char *const[]){"warm-up-*", "thm-1.3-*", "lemma-1.1*", "X5", NULL},
                          (sb_ledger_options){.jobs = 1});
    trial four = run_words((const char *const[]){"warm-up-*", "thm-1.3-*", "lemma-1.1*", "X5", NULL},
                           (sb_ledger_options){.jobs = 4});
    SB_CHECK(one.status == SB_OK && four.status == SB_OK, "%s %s", one.error.message, four.error.message);
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        const sb_claim_result *a = &one.result[i], *b = &four.result[i];
        SB_CHECK(a->claim == b->claim && a->verdict == b->verdict && a->hand_steps == b->hand_steps,
                 "claim %zu", i);
        SB_CHECK(equal_text(a->evidence, b->evidence) && equal_text(a->control, b->control), "claim %zu", i);
        SB_CHECK(equal_text(a->certificates, b->certificates), "claim %zu", i);
    }
    trial_clear(&one);
    trial_clear(&four);
}

static void verdicts_are_the_expected_ones(void) {
    trial t =
        run_words((const char *const[]){"warm-up-*", "lemma-1.1", "X5", "def-1", "table-1-trades", NULL},
                  (sb_ledger_options){.jobs = 2});
    SB_CHECK(t.status == SB_OK, "%s", t.error.message);
    for (size_t i = 0; i < sb_ledger_size(); i++)
        if (t.result[i].claim)
            SB_CHECK(t.result[i].as_expected, "%s: %s", t.result[i].claim->id, t.result[i].evidence);
    const sb_claim_result *lemma = result_of(&t, "lemma-1.1");
    SB_CHECK(lemma->verdict == SB_PROVED && lemma->control_ran && lemma->control_refuted);
    SB_CHECK(lemma->hand_steps == 4, "%zu: three in the row and one in the claim file", lemma->hand_steps);
    SB_CHECK(equal_text(lemma->certificates, "lemma-1.1.cert"));
    const sb_claim_result *printed = result_of(&t, "warm-up-norm-as-printed");
    SB_CHECK(printed->verdict == SB_REFUTED && strstr(printed->evidence, "1/1024 < 1/256"), "%s",
             printed->evidence);
    const sb_claim_result *log = result_of(&t, "table-1-trades");
    SB_CHECK(log->verdict == SB_SKIPPED && log->expected == SB_SKIPPED && log->hand_steps == 0, "%s",
             log->evidence);
    SB_CHECK(result_of(&t, "def-1")->verdict == SB_QUOTED);
    SB_CHECK(result_of(&t, "radius-scaling")->verdict == SB_PROVED);
    trial_clear(&t);
}

static void another_expectation_is_a_surprise(void) {
    sb_verdict *expected = calloc(sb_ledger_size() + 1, sizeof *expected);
    if (!expected) exit(1);
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        expected[i] = sb_ledger_claim(i)->expected;
        if (strcmp(sb_ledger_claim(i)->id, "radius-scaling") == 0) expected[i] = SB_REFUTED;
    }
    trial t = run_words((const char *const[]){"X5", "X1", "table-1-trades", NULL},
                        (sb_ledger_options){.jobs = 1, .expected = expected});
    const sb_claim_result *odd = result_of(&t, "radius-scaling");
    SB_CHECK(t.status == SB_OK && !odd->as_expected && odd->verdict == SB_PROVED &&
             odd->expected == SB_REFUTED);
    SB_CHECK(strncmp(odd->evidence, "expected refuted, found proved: ", 32) == 0, "%s", odd->evidence);
    SB_CHECK(result_of(&t, "radius-conversion")->as_expected);
    SB_CHECK(result_of(&t, "table-1-trades")->as_expected); /* no logs, so skipped */
    trial_clear(&t);
    free(expected);
}

/* ------------------------------------------------------------------ other claim files */
/* A folder with the claim files that lemma-1.1 and warm-up-disjoint need, one of them replaced by `text`
 * (NULL: left out). */
static char *folder_with(const char *replaced, const char *text) {
    static const char *const name[] = {"lemma-1.1", "lemma-1.1-control", "warm-up-disjoint",
                                       "warm-up-disjoint-control"};
    const char *scratch = getenv("SCRATCH");
    char *from = NULL, *to = sb_format("%s/ledger-XXXXXX", scratch ? scratch : "/tmp");
    sb_error error = {0};
    if (!to || !mkdtemp(to) || sb_data_path("bounds/claims", &from, &error)) exit(1);
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        char *in = sb_path_join(from, name[i]), *out = sb_path_join(to, name[i]), *data = NULL;
        size_t size = 0;
        int other = strcmp(name[i], replaced) == 0;
        if (!in || !out) exit(1);
        if (other) {
            if (text) SB_CHECK(sb_file_write(out, text, strlen(text), &error) == SB_OK, "%s", error.message);
        } else {
            SB_CHECK(sb_file_read(in, 1 << 20, &data, &size, &error) == SB_OK, "%s", error.message);
            if (data) SB_CHECK(sb_file_write(out, data, size, &error) == SB_OK, "%s", error.message);
        }
        free(in);
        free(out);
        free(data);
    }
    free(from);
    return to;
}

static void folder_remove(char *directory) {
    static const char *const name[] = {"lemma-1.1", "lemma-1.1-control", "warm-up-disjoint",
                                       "warm-up-disjoint-control"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        char *path = sb_path_join(directory, name[i]);
        if (path) unlink(path);
        free(path);
    }
    rmdir(directory);
    free(directory);
}

static trial run_in(const char *directory) {
    return run_words((const char *const[]){"lemma-1.1", "warm-up-disjoint", NULL},
                     (sb_ledger_options){.jobs = 2, .claims_directory = directory});
}

static void a_control_that_passes_is_an_error(void) {
    char *directory = folder_with(
        "lemma-1.1-control", "smoothbound-claim 1\nclaim lemma-1.1-control\nsays true\nvar s 0 1\nvar q 0 1\n"
                             "goal s + q - q - s == 0\n");
    trial t = run_in(directory);
    SB_CHECK(t.status == SB_OK, "%s", t.error.message);
    const sb_claim_result *bad = result_of(&t, "lemma-1.1"), *good = result_of(&t, "warm-up-disjoint");
    SB_CHECK(bad->verdict == SB_PROVED && bad->control_ran && !bad->control_refuted && !bad->as_expected);
    SB_CHECK(strstr(bad->evidence, "negative control lemma-1.1-control was not refuted") != NULL, "%s",
             bad->evidence);
    SB_CHECK(good->as_expected, "%s", good->evidence);
    trial_clear(&t);
    folder_remove(directory);
}

static void a_false_claim_is_refuted(void) {
    char *directory = folder_with(
        "lemma-1.1",
        "smoothbound-claim 1\nclaim lemma-1.1\nsays false\nvar s 0 1\nvar q 0 1\ngoal s - q >= 0\n");
    trial t = run_in(directory);
    const sb_claim_result *bad = result_of(&t, "lemma-1.1");
    SB_CHECK(t.status == SB_OK && bad->verdict == SB_REFUTED && !bad->as_expected, "%s", t.error.message);
    SB_CHECK(strncmp(bad->evidence, "expected proved, found refuted", 30) == 0, "%s", bad->evidence);
    trial_clear(&t);
    folder_remove(directory);
}

static void what_keeps_it_from_running(void) {
    char *directory = folder_with("lemma-1.1", NULL);
    trial t = run_in(directory);
    SB_CHECK(t.status == SB_IO && strstr(t.error.message, "lemma-1.1"), "%d %s", (int)t.status,
             t.error.message);
    trial_clear(&t);
    folder_remove(directory);
    directory = folder_with("lemma-1.1",
                            "smoothbound-claim 1\nclaim lemma-1.1\nsays nothing\nvar s 0 1\ngoal s + >= 0\n");
    t = run_in(directory);
    SB_CHECK(t.status == SB_BAD_INPUT, "%d %s", (int)t.status, t.error.message);
    trial_clear(&t);
    folder_remove(directory);
    t = run_in("/no/such/directory");
    SB_CHECK(t.status == SB_IO && strstr(t.error.message, "/no/such/directory"), "%s", t.error.message);
    trial_clear(&t);
}

static int stop_after_three(void *context, size_t done, size_t total, const char *id) {
    (void)id;
    *(size_t *)context = total;
    return done < 3;
}

static void it_can_be_interrupted(void) {
    size_t total = 0;
    trial t = run_words(some, (sb_ledger_options){.jobs = 2, .proceed = stop_after_three, .context = &total});
    SB_CHECK(t.status == SB_INTERRUPTED && total > 10, "%d, %zu items", (int)t.status, total);
    trial_clear(&t);
}

static const sb_test tests[] = {
    {"ids are distinct words", ids_are_distinct_words},
    {"rows keep the rules", rows_keep_the_rules},
    {"what is refuted has its correction", what_is_refuted_has_its_correction},
    {"claim files are there", claim_files_are_there},
    {"claims are found by name", claims_are_found_by_name},
    {"threads change nothing", threads_change_nothing},
    {"verdicts are the expected ones", verdicts_are_the_expected_ones},
    {"another expectation is a surprise", another_expectation_is_a_surprise},
    {"a control that passes is an error", a_control_that_passes_is_an_error},
    {"a false claim is refuted", a_false_claim_is_refuted},
    {"what keeps it from running", what_keeps_it_from_running},
    {"it can be interrupted", it_can_be_interrupted},
};

int main(void) {
    const char *checker =
        getenv("SBCHECK"); /* tests/run sets it; the test program does not lie beside sbcheck */
    if (checker && setenv("SMOOTHBOUND_SBCHECK", checker, 1) != 0) return 2;
    int failed = sb_test_main(tests, sizeof tests / sizeof tests[0]);
    flint_cleanup();
    return failed;
}
