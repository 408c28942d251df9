/* A scale is an enclosure [lo, hi]. For the worst shift it is exact: hi will do, and nothing below lo. At the
   equal shift only the second half holds; then the Hellinger affinity, where it applies, gives a scale that
   will do. Ratios are rms noise of the family over what any noise must have. */
#include "cli/calibrate_rows.h"

#include "cli/bound_rows.h"
#include "cli/bound_text.h"
#include "cli/parameter_grid.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_CALIBRATIONS = 2, RATIO_DIGITS = 4 };

enum {
    C_NOISE,
    C_D,
    C_P,
    C_EPS,
    C_DELTA,
    C_RULE,
    C_QUANTITY,
    C_SENSE,
    C_SOURCE,
    C_LO,
    C_HI,
    C_RATIO_LO,
    C_RATIO_HI,
    C_OUTSIDE,
    C_SCOPE,
    C_RELY_ON,
    C_STATEMENT,
    C_APPLIES
};

static const sb_column column[] = {{"noise", "noise", 0},
                                   {"d", "d", 0},
                                   {"p", "p", 0},
                                   {"eps", "eps", 0},
                                   {"delta", "delta", 0},
                                   {"rule", "rule", 0},
                                   {"quantity", "quantity", SB_COLUMN_MATH},
                                   {"sense", "sense", 0},
                                   {"source", "source", 0},
                                   {"lo", "at least", 0},
                                   {"hi", "at most", 0},
                                   {"ratio_lo", "ratio at least", 0},
                                   {"ratio_hi", "ratio at most", 0},
                                   {"outside", "outside", 0},
                                   {"scope", "scope", 0},
                                   {"rely_on", "rely on", 0},
                                   {"statement", "statement", SB_COLUMN_DATA},
                                   {"applies", "applies", SB_COLUMN_DATA}};

enum { T_NOISE, T_D, T_P, T_EPS, T_DELTA, T_SCALE, T_RMS, T_NEEDED, T_RATIO, T_REMARK };

static const sb_column compact_column[] = {{"noise", "noise", 0},
                                           {"d", "d", SB_COLUMN_RIGHT},
                                           {"p", "p", SB_COLUMN_RIGHT},
                                           {"eps", "eps", SB_COLUMN_RIGHT},
                                           {"delta", "delta", SB_COLUMN_RIGHT},
                                           {"scale", "scale", SB_COLUMN_RIGHT},
                                           {"rms", "rms", SB_COLUMN_RIGHT},
                                           {"needed", "rms needed", SB_COLUMN_RIGHT},
                                           {"ratio", "ratio", SB_COLUMN_RIGHT},
                                           {"remark", "", 0}};

void sb_calibrate_rows_init(sb_calibrate_rows *rows) {
    memcpy(rows->column, column, sizeof column);
    memcpy(rows->compact_column, compact_column, sizeof compact_column);
    sb_table_init(&rows->table, "smoothbound/calibrate/1", rows->column, sizeof column / sizeof column[0]);
    sb_table_init(&rows->compact, NULL, rows->compact_column,
                  sizeof compact_column / sizeof compact_column[0]);
    rows->undecided = 0;
}

void sb_calibrate_rows_clear(sb_calibrate_rows *rows) {
    sb_table_clear(&rows->table);
    sb_table_clear(&rows->compact);
}

/* ------------------------------------------------------------------ computing */
typedef struct {
    sb_criterion criterion;
    sb_calibration value;
    sb_status status; /* SB_OK, SB_OUTSIDE or SB_UNDECIDED, and then: */
    char *outside;
} entry;

typedef struct {
    const sb_calibrate_request *request;
    const sb_common_options *common;
    char *noise;
    const char *scale; /* the name of the scale key */
    entry found[MOST_CALIBRATIONS];
    size_t count;
    sb_bound_rows bounds;
} answer;

static sb_status calibrate(answer *a, sb_criterion criterion, sb_error *error) {
    const sb_parameters *at = &a->request->parameters;
    sb_shift_problem problem = {&a->request->shape, at->dimension, &at->norm, criterion, 0};
    entry *e = &a->found[a->count++];
    sb_calibration_init(&e->value);
    e->criterion = criterion;
    e->outside = NULL;
    e->status = sb_calibrate(&e->value, &problem, at->radius, at->delta, a->common->digits + 1, error);
    if (e->status != SB_OUTSIDE && e->status != SB_UNDECIDED) return e->status;
    e->outside = sb_format("%s%s", e->status == SB_UNDECIDED ? "undecided: " : "", error->message);
    return e->outside ? SB_OK : sb_fail_memory(error);
}

/* Noise that is robust keeps its total variation too: then the bounds of both promises speak. */
static sb_promise promise_of(const sb_calibrate_request *request) {
    return request->rule == SB_CRITERION_EXACT ? SB_PROMISE_ROBUST : SB_PROMISE_TV;
}

static sb_status compute(answer *a, const sb_calibrate_request *request, const sb_common_options *common,
                         sb_error *error) {
    memset(a, 0, sizeof *a);
    a->request = request;
    a->common = common;
    sb_bound_rows_init(&a->bounds);
    a->scale = request->shape.family->key[request->shape.family->scale].name;
    a->noise = sb_noise_spec_print(&request->shape);
    sb_status status = a->noise ? calibrate(a, request->rule, error) : sb_fail_memory(error);
    if (!status && a->found[0].status != SB_OUTSIDE && a->found[0].value.scope == SB_SCOPE_EQUAL) {
        sb_shift_problem affinity = {&request->shape, request->parameters.dimension,
                                     &request->parameters.norm, sb_criterion_by_affinity(request->rule), 0};
        if (!sb_shift_problem_domain(&affinity, NULL)) status = calibrate(a, affinity.criterion, error);
    }
    return status ? status
                  : sb_bound_rows_evaluate(&a->bounds, &request->parameters, 1,
                                           promise_of(request) == SB_PROMISE_ROBUST ? SB_BOTH_PROMISES
                                                                                    : 1u << SB_PROMISE_TV,
                                           common->digits, error);
}

static void clear_answer(answer *a) {
    for (size_t i = 0; i < a->count; i++) {
        sb_calibration_clear(&a->found[i].value);
        free(a->found[i].outside);
    }
    free(a->noise);
    sb_bound_rows_clear(&a->bounds);
}

static int by_affinity(const entry *e) {
    return sb_criterion_by_affinity(e->criterion) == e->criterion;
}

/* The calibration that will do, or the only one. */
static const entry *best(const answer *a) {
    return &a->found[a->count - 1];
}

static sb_sense sense_of(const entry *e) {
    if (by_affinity(e)) return SB_SUFFICIENT;
    return e->value.scope == SB_SCOPE_EQUAL ? SB_NECESSARY : SB_EXACT;
}

static const char *source_of(const answer *a, const entry *e) {
    if (a->request->rule == SB_CRITERION_EXACT) return "T0";
    if (by_affinity(e)) return "hellinger";
    if (a->request->shape.family == &sb_gaussian_family) return "gaussian-exact";
    return a->request->shape.family == &sb_uniform_family ? "uniform-exact" : "cor-A.3";
}

/* Whether the digits were missed for want of accuracy, not because the worst shift is only bracketed. */
static int is_undecided(const entry *e) {
    return e->status == SB_UNDECIDED || (!e->value.narrow && e->value.scope != SB_SCOPE_BRACKET);
}

static const char *scope_words(const entry *e) {
    if (is_undecided(e)) return "undecided between the ends";
    return by_affinity(e) ? "Hellinger affinity, every shift" : sb_scope_name(e->value.scope);
}

/* malloc'd lower (-1) or upper (1) end; "inf" for an infinite moment. */
static char *end_of(const arb_t value, int digits, int direction) {
    if (arf_is_pos_inf(arb_midref(value))) return sb_duplicate("inf");
    return direction < 0 ? sb_decimal_lower(value, digits) : sb_decimal_upper(value, digits);
}

/* malloc'd end of noise/needed; the bound's own enclosure is taken at its lower end, which is what is
 * printed. */
static char *ratio_end(const arb_t noise, const arb_t needed, int direction) {
    arb_t quotient;
    arb_init(quotient);
    arb_div(quotient, noise, needed, 128);
    char *result =
        arf_is_pos_inf(arb_midref(noise)) ? sb_duplicate("inf") : end_of(quotient, RATIO_DIGITS, direction);
    arb_clear(quotient);
    return result;
}

/* ------------------------------------------------------------------ JSON and CSV */
static void start_row(sb_table *table, const answer *a, const char *quantity, sb_sense sense,
                      const char *source) {
    const sb_parameters *at = &a->request->parameters;
    sb_table_row(table);
    sb_table_set(table, C_NOISE, a->noise);
    sb_table_setf(table, C_D, "%llu", (unsigned long long)at->dimension);
    sb_table_own(table, C_P, sb_exact_print(&at->norm));
    sb_table_own(table, C_EPS, sb_exact_text(at->radius, 0));
    sb_table_own(table, C_DELTA, sb_exact_text(at->delta, 0));
    sb_table_set(table, C_RULE, a->request->rule == SB_CRITERION_EXACT ? "T0" : "tv");
    sb_table_set(table, C_QUANTITY, quantity);
    sb_table_set(table, C_SENSE, sb_sense_name(sense));
    sb_table_set(table, C_SOURCE, source);
}

static void append_entry(sb_table *table, const answer *a, const entry *e) {
    const char *quantity[] = {a->scale, "rms", "E||eta||_2^2"};
    const arb_struct *value[] = {e->value.scale, e->value.rms, e->value.squared_norm};
    int digits = a->common->digits;
    for (size_t i = 0; i < (e->outside ? 1 : 3); i++) {
        start_row(table, a, quantity[i], sense_of(e), source_of(a, e));
        if (e->outside) {
            sb_table_set(table, C_OUTSIDE, e->outside);
            continue;
        }
        sb_table_own(table, C_LO, end_of(value[i], digits, -1));
        sb_table_own(table, C_HI, end_of(value[i], digits, 1));
        sb_table_set(table, C_SCOPE, scope_words(e));
        sb_table_set(table, C_RELY_ON, sense_of(e) == SB_NECESSARY ? "lo" : "hi");
    }
}

static int is_shown(const sb_bound_row *row) {
    const sb_bound *bound = row->bound;
    return !row->outside && bound->sense == SB_NECESSARY &&
           (strcmp(bound->quantity, "rms") == 0 || strcmp(bound->quantity, "E||eta||_2^2") == 0);
}

/* A lemma about one coordinate that says less than Theorem 1.2 is left out of the text. */
static int says_less(const answer *a, const sb_bound_row *row) {
    const sb_bound_row *theorem =
        sb_bound_rows_find(&a->bounds, SB_PROMISE_TV, "thm-1.2", row->bound->quantity);
    return strncmp(row->bound->source, "lemma-3.", 8) == 0 && theorem && arb_lt(row->value, theorem->value);
}

/* What to divide by such a bound. */
static const arb_struct *counterpart(const sb_bound_row *row, const entry *e) {
    return strcmp(row->bound->quantity, "rms") == 0 ? e->value.rms : e->value.squared_norm;
}

static void append_bounds(sb_table *table, const answer *a) {
    const entry *e = best(a);
    for (size_t i = 0; i < a->bounds.count; i++) {
        const sb_bound_row *row = &a->bounds.row[i];
        if (!is_shown(row)) continue;
        start_row(table, a, row->bound->quantity, SB_NECESSARY, row->bound->source);
        sb_table_own(table, C_LO, sb_bound_row_lower(row, a->common->digits));
        sb_table_own(table, C_HI, sb_bound_row_upper(row, a->common->digits));
        sb_table_set(table, C_RELY_ON, "lo");
        sb_table_set(table, C_STATEMENT, row->bound->statement);
        sb_table_set(table, C_APPLIES, row->bound->applies);
        if (e->outside) continue;
        sb_table_own(table, C_RATIO_LO, ratio_end(counterpart(row, e), row->value, -1));
        sb_table_own(table, C_RATIO_HI, ratio_end(counterpart(row, e), row->value, 1));
    }
}

/* ------------------------------------------------------------------ for readers */
static void append_compact(sb_table *table, const answer *a) {
    const sb_parameters *at = &a->request->parameters;
    const sb_bound_row *needed = sb_bound_rows_needed(&a->bounds, promise_of(a->request));
    const entry *e = best(a);
    int direction = sense_of(e) == SB_NECESSARY ? -1 : 1, digits = a->common->digits;
    sb_table_row(table);
    sb_table_set(table, T_NOISE, a->noise);
    sb_table_setf(table, T_D, "%llu", (unsigned long long)at->dimension);
    sb_table_own(table, T_P, sb_exact_print(&at->norm));
    sb_table_own(table, T_EPS, sb_exact_text(at->radius, 0));
    sb_table_own(table, T_DELTA, sb_exact_text(at->delta, 0));
    if (needed) sb_table_own(table, T_NEEDED, sb_bound_row_lower(needed, digits));
    if (e->outside) {
        sb_table_set(table, T_REMARK, e->outside);
        return;
    }
    sb_table_own(table, T_SCALE, end_of(e->value.scale, digits, direction));
    sb_table_own(table, T_RMS, end_of(e->value.rms, digits, direction));
    if (needed) sb_table_own(table, T_RATIO, ratio_end(e->value.rms, needed->value, direction));
    sb_table_set(table, T_REMARK, scope_words(e));
}

static const char *opening(const answer *a) {
    return a->request->rule == SB_CRITERION_EXACT
               ? "Smallest noise under which a score gap above delta keeps its class for all |v|_p <= eps "
                 "(T0)\n"
               : "Smallest noise with TV(D, D+v) <= delta for all |v|_p <= eps\n";
}

static char *remark(const answer *a, const entry *e) {
    if (is_undecided(e))
        return sb_duplicate("undecided: the ends lie farther apart than the digits asked for");
    if (by_affinity(e)) return sb_duplicate("Hellinger affinity: enough for every shift");
    switch (e->value.scope) {
    case SB_SCOPE_WORST:
        return sb_format("worst shift; no smaller %s will do", a->scale);
    case SB_SCOPE_BRACKET:
        return sb_duplicate("enough; the worst shift is bracketed, a little less may do");
    case SB_SCOPE_EQUAL:
        return sb_format("at the equal shift: no smaller %s will do, this one may not", a->scale);
    }
    return NULL;
}

static void entry_lines(sb_lines *lines, const answer *a, const entry *e) {
    int least = sense_of(e) == SB_NECESSARY, digits = a->common->digits,
        infinite = arf_is_pos_inf(arb_midref(e->value.rms));
    if (e->outside) {
        sb_lines_add(lines, a->scale, "", sb_duplicate("-"), sb_duplicate(e->outside));
        return;
    }
    const char *relation = least ? ">=" : "=";
    sb_lines_add(lines, a->scale, relation, end_of(e->value.scale, digits, least ? -1 : 1), remark(a, e));
    sb_lines_add(lines, "rms", infinite ? "=" : relation,
                 infinite ? sb_duplicate("infinite") : end_of(e->value.rms, digits, least ? -1 : 1),
                 sb_duplicate(infinite ? "this noise has no second moment" : ""));
    sb_lines_add(lines, "E||eta||_2^2", infinite ? "=" : relation,
                 infinite ? sb_duplicate("infinite") : end_of(e->value.squared_norm, digits, least ? -1 : 1),
                 sb_duplicate(""));
}

static void text_block(sb_text *out, const answer *a) {
    sb_lines lines;
    sb_text line;
    sb_lines_init(&lines);
    sb_text_init(&line);
    sb_text_format(&line, "%s, ", a->noise);
    sb_parameter_line(&line, &a->request->parameters, NULL);
    sb_cli_coloured(out, a->common, "1", line.data);
    out->failed |= line.failed;
    sb_text_clear(&line);
    sb_text_append(out, "\n\n");
    sb_text_append(out, opening(a));
    for (size_t i = 0; i < a->count; i++) entry_lines(&lines, a, &a->found[i]);
    sb_lines_print(&lines, out);
    const entry *e = best(a);
    int least = sense_of(e) == SB_NECESSARY;
    sb_text_append(out, "\nNeeded, whatever the noise, and how many times that this noise has\n");
    for (size_t i = 0; i < a->bounds.count; i++) {
        const sb_bound_row *row = &a->bounds.row[i];
        if (!is_shown(row) || says_less(a, row)) continue;
        char *ratio = e->outside ? NULL : ratio_end(counterpart(row, e), row->value, least ? -1 : 1);
        char *statement = sb_bound_row_statement(row);
        sb_lines_add(&lines, row->bound->quantity, ">=", sb_bound_row_lower(row, a->common->digits),
                     !statement ? NULL
                     : !ratio   ? sb_duplicate(statement)
                     : strcmp(ratio, "inf") == 0
                         ? sb_format("%s, infinitely many times", statement)
                         : sb_format("%s, %s%s times", statement, least ? "at least " : "", ratio));
        free(statement);
        free(ratio);
    }
    sb_lines_print(&lines, out);
    sb_text_append(
        out, "\nrms is sqrt(E||eta||_2^2 / d), noise per coordinate. What is needed is rounded down, what is "
             "enough up.\n");
}

sb_status sb_calibrate_rows_add(sb_calibrate_rows *rows, const sb_calibrate_request *request,
                                const sb_common_options *common, sb_text *block, sb_error *error) {
    answer a;
    sb_status status = compute(&a, request, common, error);
    if (!status) {
        for (size_t i = 0; i < a.count; i++) {
            append_entry(&rows->table, &a, &a.found[i]);
            rows->undecided |= is_undecided(&a.found[i]);
        }
        append_bounds(&rows->table, &a);
        append_compact(&rows->compact, &a);
        if (block) text_block(block, &a);
    }
    clear_answer(&a);
    return status;
}
