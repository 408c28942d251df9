#include "report/ledger_report.h"

#include <string.h>

static void fill_row(sb_table *table, const sb_claim_result *r, int seconds) {
    sb_table_row(table);
    sb_table_set(table, 0, r->claim->id);
    sb_table_set(table, 1, sb_verdict_name(r->verdict));
    sb_table_set(table, 2, sb_verdict_name(r->expected));
    sb_table_set(table, 3, r->evidence);
    sb_table_setf(table, 4, "%zu", r->hand_steps);
    sb_table_set(table, 5, r->claim->label);
    sb_table_set(table, 6, r->claim->where);
    sb_table_set(table, 7, r->claim->statement);
    sb_table_set(table, 8, sb_check_kind_name(r->claim->kind));
    if (r->control) sb_table_set(table, 9, r->control);
    if (r->certificates) sb_table_set(table, 10, r->certificates);
    sb_table_set(table, 11, r->as_expected ? "yes" : "no");
    if (seconds) sb_table_setf(table, 12, "%.3f", r->seconds);
}

void sb_ledger_report_table(sb_table *table, const sb_claim_result *result,
                            const sb_ledger_report_options *options) {
    static const sb_column column[] = {{"claim", "Claim", 0},
                                       {"verdict", "Verdict", 0},
                                       {"expected", "Expected", 0},
                                       {"evidence", "Evidence", SB_COLUMN_DATA},
                                       {"hand_steps", "Hand steps", SB_COLUMN_NUMBER},
                                       {"label", "Label", 0},
                                       {"where", "Place", 0},
                                       {"statement", "Statement", SB_COLUMN_WRAP},
                                       {"kind", "Kind", 0},
                                       {"control", "Control", SB_COLUMN_DATA},
                                       {"certificate", "Certificates", SB_COLUMN_DATA},
                                       {"as_expected", "As expected", 0},
                                       {"seconds", "Seconds", SB_COLUMN_NUMBER}};
    size_t columns = sizeof column / sizeof column[0] - (options->seconds ? 0 : 1);
    sb_table_init(table, "smoothbound/verify/1", column, columns);
    for (size_t i = 0; i < sb_ledger_size(); i++)
        if (result[i].claim) fill_row(table, &result[i], options->seconds);
}

static const char *colour(const sb_claim_result *r) {
    static const char *const code[] = {
        [SB_PROVED] = "32",     [SB_REFUTED] = "35", [SB_UNSETTLED] = "33", [SB_CONSISTENT] = "36",
        [SB_REPRODUCED] = "32", [SB_DIFFERS] = "31", [SB_QUOTED] = "2",     [SB_SKIPPED] = "33"};
    return r->as_expected ? code[r->verdict] : "1;31";
}

/* A titled paragraph behind an indent. */
static void paragraph(sb_text *out, const char *title, const char *string, size_t width) {
    enum { INDENT = 12 };
    sb_text line;
    sb_text_init(&line);
    sb_text_format(&line, "%s%s", title, string);
    sb_text_paragraph(out, line.data, INDENT, width, 0);
    if (line.failed) out->failed = 1;
    sb_text_clear(&line);
}

static void describe(sb_text *out, const sb_claim_result *r, const sb_ledger_report_options *options) {
    const char *word = sb_verdict_name(r->verdict);
    if (options->colour)
        sb_text_format(out, "\033[%sm%s\033[0m", colour(r), word);
    else
        sb_text_append(out, word);
    sb_text_repeat(out, ' ', strlen(word) < 12 ? 12 - strlen(word) : 1);
    sb_text_format(out, "%s  (%s; %s)", r->claim->id, r->claim->label, r->claim->where);
    if (options->seconds) sb_text_format(out, "  %.2f s", r->seconds);
    sb_text_append(out, "\n");
    paragraph(out, "", r->claim->statement, options->width);
    if (!r->as_expected || options->evidence) {
        paragraph(out, r->as_expected ? "evidence: " : "NOT AS EXPECTED: ", r->evidence, options->width);
        if (r->control) paragraph(out, "control: ", r->control, options->width);
        if (r->claim->hand && *r->claim->hand) paragraph(out, "by hand: ", r->claim->hand, options->width);
    }
}

void sb_ledger_report_summary(sb_text *out, const sb_claim_result *result) {
    size_t count[SB_SKIPPED + 1] = {0}, claims = 0, hand = 0, surprises = 0, odd = 0;
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        if (!result[i].claim) continue;
        claims++;
        hand += result[i].hand_steps;
        surprises += !result[i].as_expected;
        if (result[i].verdict == SB_REFUTED && result[i].expected != SB_REFUTED)
            odd++;
        else
            count[result[i].verdict]++;
    }
    sb_text_format(out, "%zu claim%s:", claims, claims == 1 ? "" : "s");
    const char *separator = " ";
    static const sb_verdict order[] = {SB_PROVED,  SB_REFUTED, SB_CONSISTENT, SB_REPRODUCED,
                                       SB_DIFFERS, SB_QUOTED,  SB_SKIPPED,    SB_UNSETTLED};
    for (size_t k = 0; k < sizeof order / sizeof order[0]; k++) {
        if (!count[order[k]]) continue;
        sb_text_format(out, "%s%zu %s%s", separator, count[order[k]], sb_verdict_name(order[k]),
                       order[k] == SB_REFUTED ? " as expected" : "");
        separator = ", ";
    }
    if (odd) sb_text_format(out, "%s%zu refuted against expectation", separator, odd);
    sb_text_format(out, "; %zu hand step%s; ", hand, hand == 1 ? "" : "s");
    if (!surprises) {
        sb_text_append(out, "all as expected\n");
        return;
    }
    sb_text_append(out, "not as expected:");
    for (size_t i = 0; i < sb_ledger_size(); i++)
        if (result[i].claim && !result[i].as_expected) sb_text_format(out, " %s", result[i].claim->id);
    sb_text_append(out, "\n");
}

void sb_ledger_report_text(sb_text *out, const sb_claim_result *result,
                           const sb_ledger_report_options *options) {
    const char *title = NULL;
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        if (!result[i].claim) continue;
        const char *here = sb_ledger_section_title(i);
        if (here != title) {
            sb_text_format(out, "%s%s\n\n", title ? "\n" : "", here);
            title = here;
        }
        describe(out, &result[i], options);
    }
    sb_text_append(out, "\n");
    sb_ledger_report_summary(out, result);
}

sb_ledger_outcome sb_ledger_report_outcome(const sb_claim_result *result) {
    int undecided = 0;
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        if (!result[i].claim || result[i].as_expected) continue;
        if (result[i].verdict != SB_UNSETTLED || (result[i].control_ran && !result[i].control_refuted))
            return SB_LEDGER_DIFFERS;
        undecided = 1;
    }
    return undecided ? SB_LEDGER_UNDECIDED : SB_LEDGER_AS_EXPECTED;
}
