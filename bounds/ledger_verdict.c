/* Which items a run needs, and what verdict they add up to. */
#include "bounds/ledger_run.h"

#include "support/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ the plan */
static int runs(const sb_claim *claim) {
    return claim->expected != SB_QUOTED && claim->expected != SB_SKIPPED;
}

static void plan_goals(sb_ledger_run_state *run, const char *const *name) {
    for (; name && *name; name++) {
        size_t i = 0;
        while (i < run->goal_count && strcmp(run->goal[i].name, *name) != 0) i++;
        if (i == run->goal_count)
            run->goal[run->goal_count++] = (sb_goal_item){.name = *name, .verdict = SB_UNSETTLED};
    }
}

static size_t names(const char *const *name) {
    size_t count = 0;
    while (name && name[count]) count++;
    return count;
}

sb_status sb_ledger_plan(sb_ledger_run_state *run, const char *selected, sb_error *error) {
    size_t size = sb_ledger_size(), most_goals = 1;
    for (size_t i = 0; i < size; i++)
        most_goals += names(sb_ledger_claim(i)->goals) + names(sb_ledger_claim(i)->controls);
    run->goal = calloc(most_goals, sizeof *run->goal);
    run->check = calloc(2 * size + 1, sizeof *run->check);
    if (!run->goal || !run->check) return sb_fail_memory(error);
    for (size_t i = 0; i < size; i++) {
        const sb_claim *claim = sb_ledger_claim(i);
        if ((selected && !selected[i]) || !runs(claim)) continue;
        plan_goals(run, claim->goals);
        plan_goals(run, claim->controls);
        int log = claim->kind == SB_CHECK_LOG;
        sb_check_item item = {.claim = claim, .index = i, .log = log};
        if (log ? run->options->check_log != NULL : claim->check != NULL)
            run->check[run->check_count++] = item;
        item.is_control = 1;
        if (log ? run->options->check_log_control != NULL : claim->control != NULL)
            run->check[run->check_count++] = item;
    }
    run->item_count = run->goal_count + run->check_count;
    return SB_OK;
}

void sb_ledger_plan_clear(sb_ledger_run_state *run) {
    for (size_t i = 0; i < run->goal_count; i++) free(run->goal[i].line);
    for (size_t i = 0; i < run->check_count; i++) free(run->check[i].finding.evidence);
    free(run->goal);
    free(run->check);
}

/* ------------------------------------------------------------------ the verdict */
static const sb_goal_item *goal_named(const sb_ledger_run_state *run, const char *name) {
    for (size_t i = 0; i < run->goal_count; i++)
        if (strcmp(run->goal[i].name, name) == 0) return &run->goal[i];
    return NULL;
}

static sb_verdict weaker(sb_verdict a, sb_verdict b) {
    static const int strength[] = {
        [SB_REFUTED] = 0, [SB_UNSETTLED] = 1,  [SB_DIFFERS] = 2,    [SB_SKIPPED] = 3,
        [SB_QUOTED] = 4,  [SB_CONSISTENT] = 5, [SB_REPRODUCED] = 6, [SB_PROVED] = 7};
    return strength[a] <= strength[b] ? a : b;
}

static void separate(sb_text *text, const char *separator) {
    if (text->length) sb_text_append(text, separator);
}

/* The claim's own parts. */
static void conclude_claim(const sb_ledger_run_state *run, const sb_claim *claim, size_t index,
                           sb_claim_result *result, sb_text *evidence, sb_text *certificates) {
    int parts = 0;
    result->verdict = SB_PROVED;
    for (const char *const *name = claim->goals; name && *name; name++) {
        const sb_goal_item *goal = goal_named(run, *name);
        result->verdict = weaker(result->verdict, goal->verdict);
        result->hand_steps += goal->hand_steps;
        result->seconds += goal->seconds;
        separate(evidence, "; ");
        sb_text_append(evidence, goal->line);
        if (goal->accepted) {
            separate(certificates, ", ");
            sb_text_format(certificates, "%s.cert", goal->name);
        }
        parts++;
    }
    for (size_t i = 0; i < run->check_count; i++) {
        const sb_check_item *check = &run->check[i];
        if (check->index != index || check->is_control) continue;
        result->verdict = weaker(result->verdict, check->finding.verdict);
        result->seconds += check->seconds;
        separate(evidence, "; ");
        sb_text_append(evidence, check->finding.evidence);
        parts++;
    }
    if (!parts && claim->kind == SB_CHECK_LOG) {
        result->verdict = SB_SKIPPED;
        sb_text_append(evidence, "no certification logs were given");
    } else if (!parts) {
        result->verdict = SB_UNSETTLED;
        sb_text_append(evidence, "nothing to check it with");
    }
}

/* All of its controls must be refuted. */
static void conclude_control(const sb_ledger_run_state *run, const sb_claim *claim, size_t index,
                             sb_claim_result *result, sb_text *control, sb_text *passed) {
    result->control_refuted = 1;
    for (const char *const *name = claim->controls; name && *name; name++) {
        const sb_goal_item *goal = goal_named(run, *name);
        separate(control, "; ");
        sb_text_append(control, goal->line);
        result->control_ran = 1;
        result->seconds += goal->seconds;
        if (goal->verdict == SB_REFUTED) continue;
        result->control_refuted = 0;
        separate(passed, "; ");
        sb_text_format(passed, "the negative control %s was not refuted (%s)", goal->name, goal->line);
    }
    for (size_t i = 0; i < run->check_count; i++) {
        const sb_check_item *check = &run->check[i];
        if (check->index != index || !check->is_control) continue;
        separate(control, "; ");
        sb_text_append(control, check->finding.evidence);
        result->control_ran = 1;
        result->seconds += check->seconds;
        if (check->finding.verdict == SB_REFUTED) continue;
        result->control_refuted = 0;
        separate(passed, "; ");
        sb_text_format(passed, "the negative control was not refuted (%s)", check->finding.evidence);
    }
    result->control_refuted &= result->control_ran;
}

static size_t count_steps(const char *hand) {
    size_t count = hand && *hand ? 1 : 0;
    while (hand && (hand = strstr(hand, "; "))) {
        hand += 2;
        count++;
    }
    return count;
}

static int needs_control(sb_verdict expected) {
    return expected == SB_PROVED || expected == SB_CONSISTENT || expected == SB_REPRODUCED;
}

/* What went wrong goes in front of the evidence. */
static sb_status judge(sb_claim_result *result, const sb_text *evidence, const sb_text *passed,
                       sb_error *error) {
    sb_text line;
    sb_text_init(&line);
    if (result->verdict != result->expected)
        sb_text_format(&line, "expected %s, found %s", sb_verdict_name(result->expected),
                       sb_verdict_name(result->verdict));
    if (passed->length) {
        separate(&line, "; ");
        sb_text_append(&line, passed->data);
    } else if (needs_control(result->claim->expected) && !result->control_ran &&
               result->verdict != SB_SKIPPED && result->verdict != SB_QUOTED) {
        separate(&line, "; ");
        sb_text_append(&line, "there is no negative control");
    }
    result->as_expected = line.length == 0;
    separate(&line, ": ");
    sb_text_append(&line, evidence->data);
    result->evidence = sb_text_detach(&line);
    return result->evidence ? SB_OK : sb_fail_memory(error);
}

static sb_status conclude(const sb_ledger_run_state *run, size_t index, sb_claim_result *result,
                          sb_error *error) {
    const sb_claim *claim = sb_ledger_claim(index);
    sb_text evidence, certificates, control, passed;
    sb_text_init(&evidence);
    sb_text_init(&certificates);
    sb_text_init(&control);
    sb_text_init(&passed);
    *result = (sb_claim_result){.claim = claim, .verdict = claim->expected, .expected = claim->expected};
    if (runs(claim)) {
        conclude_claim(run, claim, index, result, &evidence, &certificates);
        if (claim->kind == SB_CHECK_LOG && (result->verdict == SB_SKIPPED || result->verdict == SB_QUOTED)) {
            result->expected = result->verdict; /* the log is not there */
        } else {
            conclude_control(run, claim, index, result, &control, &passed);
            result->hand_steps += count_steps(claim->hand);
        }
    } else {
        sb_text_append(&evidence, claim->why ? claim->why : "");
    }
    const sb_verdict *override = run->options->expected;
    if (override && override[index] != claim->expected) result->expected = override[index];
    sb_status status = judge(result, &evidence, &passed, error);
    if (certificates.length && !status && !(result->certificates = sb_text_detach(&certificates)))
        status = sb_fail_memory(error);
    if (control.length && !status && !(result->control = sb_text_detach(&control)))
        status = sb_fail_memory(error);
    if (control.failed || certificates.failed || passed.failed || evidence.failed)
        status = sb_fail_memory(error);
    sb_text_clear(&evidence);
    sb_text_clear(&certificates);
    sb_text_clear(&control);
    sb_text_clear(&passed);
    return status;
}

sb_status sb_ledger_conclude(const sb_ledger_run_state *run, const char *selected, sb_claim_result *result,
                             sb_error *error) {
    sb_status status = SB_OK;
    for (size_t i = 0; i < sb_ledger_size() && !status; i++)
        if (!selected || selected[i]) status = conclude(run, i, &result[i], error);
    return status;
}
