/* smoothbound verify: runs the ledger of the paper's statements and compares the verdicts with the expected
 * ones. */
#include "bounds/ledger.h"
#include "cli/options.h"
#include "paper_tables/log_claims.h"
#include "report/ledger_report.h"
#include "support/file.h"
#include "support/progress.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEY_LIST = SB_KEY_OWN,
    KEY_CERTIFICATES,
    KEY_CLAIMS,
    KEY_LOGS,
    KEY_EXPECT,
    KEY_EVIDENCE,
    KEY_TIME,
    MOST_WORDS = 256
};

typedef struct {
    sb_common_options common;
    const char *certificates, *claims, *logs;
    const char *word[MOST_WORDS], *expect[MOST_WORDS];
    size_t word_count, expect_count;
    int list, evidence, time, too_many;
} verify_options;

static const struct argp_option option[] = {
    {"list", KEY_LIST, 0, 0, "show the claims and how each is checked, without checking", 0},
    {"evidence", KEY_EVIDENCE, 0, 0,
     "show the evidence and the controls of every claim (as for claims that are named)", 0},
    {"certificates", KEY_CERTIFICATES, "DIR", 0, "keep the certificates in DIR (see sbcheck)", 0},
    {"claims", KEY_CLAIMS, "DIR", 0, "take the claim files from DIR", 0},
    {"logs", KEY_LOGS, "DIR", 0, "the authors' certification logs, for the claims of section 4", 0},
    {"expect", KEY_EXPECT, "ID=WORD", 0, "expect another verdict for a claim; may repeat", 0},
    {"time", KEY_TIME, 0, 0, "also give seconds", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    verify_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        return 0;
    case KEY_LIST:
        o->list = 1;
        return 0;
    case KEY_EVIDENCE:
        o->evidence = 1;
        return 0;
    case KEY_TIME:
        o->time = 1;
        return 0;
    case KEY_CERTIFICATES:
        o->certificates = text;
        return 0;
    case KEY_CLAIMS:
        o->claims = text;
        return 0;
    case KEY_LOGS:
        o->logs = text;
        return 0;
    case KEY_EXPECT:
        if (o->expect_count < MOST_WORDS)
            o->expect[o->expect_count++] = text;
        else
            o->too_many = 1;
        return 0;
    case ARGP_KEY_ARG:
        if (o->word_count < MOST_WORDS)
            o->word[o->word_count++] = text;
        else
            o->too_many = 1;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&sb_common_argp, 0, 0, 0}, {0}};
static const struct argp argp = {option,
                                 parse,
                                 "[CLAIM...]",
                                 "Checks the paper's statements: all of them, or those named by id, by label "
                                 "(R5, E1), by pattern, or by the beginning of an id. "
                                 "Misprints are expected to be refuted as printed. Every claim that is "
                                 "checked has a negative control, a false variant that the same "
                                 "machinery must refute.\v"
                                 "  smoothbound verify\n"
                                 "  smoothbound verify thm-1.2 'warm-up-*' E19\n"
                                 "  smoothbound verify --certificates out/certificates --logs logs\n\n"
                                 "Exit status: 0 every verdict is the expected one; 1 one is not, or a "
                                 "negative control passed; 2 trouble; 3 undecided.",
                                 children,
                                 0,
                                 0};

/* ------------------------------------------------------------------ reading the words */
static sb_status read_verdict(const char *word, sb_verdict *verdict, sb_error *error) {
    const char *name[SB_SKIPPED + 2];
    for (int v = SB_PROVED; v <= SB_SKIPPED; v++) {
        name[v] = sb_verdict_name((sb_verdict)v);
        if (strcmp(word, name[v]) != 0) continue;
        *verdict = (sb_verdict)v;
        return SB_OK;
    }
    name[SB_SKIPPED + 1] = NULL;
    const char *near = sb_nearest_word(word, name);
    return near ? sb_fail(error, SB_BAD_INPUT, "--expect: no verdict '%.40s'; did you mean '%s'?", word, near)
                : sb_fail(error, SB_BAD_INPUT,
                          "--expect: no verdict '%.40s' (proved, refuted, undecided, consistent, reproduced, "
                          "differs, "
                          "quoted, skipped)",
                          word);
}

/* ID=WORD: every claim that ID means. */
static sb_status read_expectation(const char *text, sb_verdict *expected, sb_error *error) {
    const char *equals = strrchr(text, '=');
    if (!equals || equals == text)
        return sb_fail(error, SB_BAD_INPUT, "--expect '%.80s': must be ID=WORD", text);
    sb_verdict verdict = SB_PROVED;
    sb_status status = read_verdict(equals + 1, &verdict, error);
    if (status) return status;
    char *id = sb_duplicate(text), *chosen = calloc(sb_ledger_size() + 1, 1);
    if (!id || !chosen) status = sb_fail_memory(error);
    if (!status) {
        id[equals - text] = '\0';
        status = sb_ledger_select(id, chosen, error);
    }
    for (size_t i = 0; !status && i < sb_ledger_size(); i++)
        if (chosen[i]) expected[i] = verdict;
    free(id);
    free(chosen);
    return status;
}

static sb_status read_words(const verify_options *o, char *selected, sb_verdict *expected, sb_error *error) {
    sb_status status = o->too_many ? sb_fail(error, SB_BAD_INPUT, "more than %d words", MOST_WORDS) : SB_OK;
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        expected[i] = sb_ledger_claim(i)->expected;
        selected[i] = o->word_count == 0;
    }
    for (size_t i = 0; i < o->word_count && !status; i++)
        status = sb_ledger_select(o->word[i], selected, error);
    for (size_t i = 0; i < o->expect_count && !status; i++)
        status = read_expectation(o->expect[i], expected, error);
    if (!status && o->logs && !sb_directory_exists(o->logs))
        status = sb_fail(error, SB_IO, "--logs '%s': no such directory", o->logs);
    return status;
}

/* ------------------------------------------------------------------ --list */
static void join(sb_text *out, const char *title, const char *const *name) {
    for (size_t i = 0; name && name[i]; i++) sb_text_format(out, "%s%s", i ? ", " : title, name[i]);
}

static int list(const verify_options *o, const char *selected) {
    static const sb_column column[] = {{"label", "Label", 0},
                                       {"claim", "Claim", 0},
                                       {"where", "Place", 0},
                                       {"kind", "Kind", 0},
                                       {"expected", "Expected", 0},
                                       {"files", "Claim files; controls", 0},
                                       {"hand", "Hand steps", SB_COLUMN_DATA},
                                       {"statement", "Statement", SB_COLUMN_WRAP}};
    sb_table table;
    sb_table_init(&table, "smoothbound/claim/1", column, sizeof column / sizeof column[0]);
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        const sb_claim *claim = sb_ledger_claim(i);
        if (!selected[i]) continue;
        sb_text files;
        sb_text_init(&files);
        join(&files, "", claim->goals);
        join(&files, "; ", claim->controls);
        sb_table_row(&table);
        sb_table_set(&table, 0, claim->label);
        sb_table_set(&table, 1, claim->id);
        sb_table_set(&table, 2, claim->where);
        sb_table_set(&table, 3, sb_check_kind_name(claim->kind));
        sb_table_set(&table, 4, sb_verdict_name(claim->expected));
        if (files.length) sb_table_own(&table, 5, sb_text_detach(&files));
        sb_text_clear(&files);
        if (claim->hand && *claim->hand) sb_table_set(&table, 6, claim->hand);
        sb_table_set(&table, 7, claim->statement);
    }
    int result = sb_cli_write_table(&o->common, &table);
    sb_table_clear(&table);
    return result;
}

/* ------------------------------------------------------------------ results */
static int write_results(const verify_options *o, const sb_claim_result *result) {
    const sb_ledger_report_options report = {.width = sb_cli_width(&o->common),
                                             .evidence = o->evidence || o->word_count,
                                             .seconds = o->time,
                                             .colour = o->common.color};
    int status;
    if (o->common.format == SB_FORMAT_TEXT) {
        sb_text out;
        sb_text_init(&out);
        sb_ledger_report_text(&out, result, &report);
        status = sb_cli_write(&o->common, &out);
        sb_text_clear(&out);
    } else {
        sb_table table;
        sb_ledger_report_table(&table, result, &report);
        status = sb_cli_write_table(&o->common, &table);
        sb_table_clear(&table);
    }
    return status;
}

/* ------------------------------------------------------------------ running */
static int proceed(void *context, size_t done, size_t total, const char *id) {
    sb_progress *progress = context;
    progress->total = (double)total;
    sb_progress_update(progress, (double)done, id);
    return !sb_cli_interrupted();
}

static int exit_status(const sb_claim_result *result) {
    switch (sb_ledger_report_outcome(result)) {
    case SB_LEDGER_DIFFERS:
        return SB_EXIT_DIFFERS;
    case SB_LEDGER_UNDECIDED:
        return SB_EXIT_UNDECIDED;
    default:
        return SB_EXIT_HOLDS;
    }
}

static int run(const verify_options *o, const char *selected, const sb_verdict *expected,
               sb_claim_result *result) {
    sb_error error = {0};
    sb_progress progress;
    sb_ledger_options options = {.claims_directory = o->claims,
                                 .certificate_directory = o->certificates,
                                 .logs_directory = o->logs,
                                 .check_log = sb_log_claim_check,
                                 .check_log_control = sb_log_claim_control,
                                 .proceed = proceed,
                                 .context = &progress,
                                 .jobs = sb_cli_jobs(&o->common),
                                 .expected = expected};
    sb_cli_catch_interrupts();
    sb_progress_start(&progress, sb_cli_progress(&o->common), "verify", 1);
    sb_status status = sb_ledger_run(&options, selected, result, &error);
    sb_progress_finish(&progress);
    if (status) return sb_cli_fail(&error);
    int written = write_results(o, result);
    return written ? written : exit_status(result);
}

int sb_command_verify(int argc, char **argv) {
    verify_options o = {0};
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (status >= 0) return status;
    size_t size = sb_ledger_size();
    char *selected = calloc(size + 1, 1);
    sb_verdict *expected = calloc(size + 1, sizeof *expected);
    sb_claim_result *result = calloc(size + 1, sizeof *result);
    sb_error error = {0};
    if (!selected || !expected || !result) {
        sb_fail_memory(&error);
        status = sb_cli_fail(&error);
    } else if (read_words(&o, selected, expected, &error) != SB_OK) {
        status = sb_cli_fail(&error);
    } else {
        status = o.list ? list(&o, selected) : run(&o, selected, expected, result);
    }
    for (size_t i = 0; result && i < size; i++) sb_claim_result_clear(&result[i]);
    free(selected);
    free(expected);
    free(result);
    return status;
}
