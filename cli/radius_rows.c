/* A row is an enclosure [lo, hi]. For radii lo is the promise; for gaps hi is, since a larger gap is safe.
   Limits (Lemma A.4; T0 at the equal shift, where a worse shift is not excluded) are the other way round. The
   key rely_on says which end keeps the statement true, `scope` which shift was evaluated when it is not the
   worst. */
#include "cli/radius_rows.h"

#include "bounds/gaussian.h"
#include "cli/bound_text.h"
#include "cli/parameter_grid.h"
#include "distributions/family.h"

#include <stdlib.h>
#include <string.h>

void sb_radius_request_init(sb_radius_request *request) {
    request->mode = SB_FROM_GAP;
    sb_noise_spec_init(&request->noise);
    request->dimension = 1;
    request->dimension_given = request->runner_up_given = 0;
    sb_exact_init(&request->norm);
    fmpq_init(request->given);
    fmpq_init(request->runner_up);
}

void sb_radius_request_clear(sb_radius_request *request) {
    sb_noise_spec_clear(&request->noise);
    sb_exact_clear(&request->norm);
    fmpq_clear(request->given);
    fmpq_clear(request->runner_up);
}

enum {
    C_NOISE,
    C_D,
    C_P,
    C_PA,
    C_PB,
    C_GAP,
    C_EPS,
    C_TV,
    C_QUANTITY,
    C_SENSE,
    C_SOURCE,
    C_LO,
    C_HI,
    C_OUTSIDE,
    C_SCOPE,
    C_RELY_ON,
    C_STATEMENT,
    C_NOTE
};

static const sb_column column[] = {{"noise", "noise", 0},
                                   {"d", "d", SB_COLUMN_RIGHT},
                                   {"p", "p", SB_COLUMN_RIGHT},
                                   {"pA", "pA", SB_COLUMN_RIGHT},
                                   {"pB", "pB", SB_COLUMN_RIGHT},
                                   {"gap", "gap", SB_COLUMN_RIGHT},
                                   {"eps", "eps", SB_COLUMN_RIGHT},
                                   {"tv", "TV", SB_COLUMN_RIGHT},
                                   {"quantity", "quantity", 0},
                                   {"sense", "sense", 0},
                                   {"source", "source", 0},
                                   {"lo", "at least", SB_COLUMN_RIGHT},
                                   {"hi", "at most", SB_COLUMN_RIGHT},
                                   {"outside", "outside", 0},
                                   {"scope", "scope", 0},
                                   {"rely_on", "rely_on", SB_COLUMN_DATA},
                                   {"statement", "statement", SB_COLUMN_DATA},
                                   {"note", "note", SB_COLUMN_DATA}};

void sb_radius_rows_init(sb_radius_rows *rows) {
    memcpy(rows->column, column, sizeof column);
    sb_table_init(&rows->table, "smoothbound/radius/1", rows->column, sizeof column / sizeof column[0]);
    rows->undecided = 0;
}

void sb_radius_rows_clear(sb_radius_rows *rows) {
    sb_table_clear(&rows->table);
}

/* The score gap of a request that starts from scores or a gap. */
static void gap_of(fmpq_t gap, const sb_radius_request *request) {
    if (request->mode != SB_FROM_SCORES) {
        fmpq_set(gap, request->given);
    } else if (request->runner_up_given) {
        fmpq_sub(gap, request->given, request->runner_up);
    } else { /* pB = 1 - pA */
        fmpq_mul_2exp(gap, request->given, 1);
        fmpq_sub_si(gap, gap, 1);
    }
}

static void runner_up_of(fmpq_t runner_up, const sb_radius_request *request) {
    fmpq_set(runner_up, request->runner_up);
    if (request->runner_up_given) return;
    sb_rational_complement(runner_up, request->given);
}

/* Whether the answer is a score gap, where a larger one is safe; of radii and total variation a smaller one
 * is. */
static int more_is_safer(const sb_radius_request *request) {
    return request->mode == SB_FROM_RADIUS || request->mode == SB_FROM_TOTAL_VARIATION;
}

static void set_sense(sb_table *table, const sb_radius_request *request, sb_sense sense) {
    sb_table_set(table, C_SENSE, sb_sense_name(sense));
    sb_table_set(table, C_RELY_ON, (sense == SB_NECESSARY) != more_is_safer(request) ? "hi" : "lo");
}

/* Starts a row and fills what all rows of a request share. */
static void start_row(sb_table *table, const sb_radius_request *request, const char *quantity, sb_sense sense,
                      const char *source, const char *statement) {
    sb_table_row(table);
    if (request->noise.family) {
        sb_table_own(table, C_NOISE, sb_noise_spec_print(&request->noise));
        if (request->dimension_given)
            sb_table_setf(table, C_D, "%llu", (unsigned long long)request->dimension);
        sb_table_own(table, C_P, sb_exact_print(&request->norm));
    }
    static const int place[] = {C_PA, C_GAP, C_EPS, C_TV};
    sb_table_own(table, (size_t)place[request->mode], sb_exact_text(request->given, 0));
    if (request->mode == SB_FROM_SCORES) {
        fmpq_t runner_up;
        fmpq_init(runner_up);
        runner_up_of(runner_up, request);
        sb_table_own(table, C_PB, sb_exact_text(runner_up, 0));
        fmpq_clear(runner_up);
    }
    sb_table_set(table, C_QUANTITY, quantity);
    set_sense(table, request, sense);
    sb_table_set(table, C_SOURCE, source);
    sb_table_set(table, C_STATEMENT, statement);
}

static void exact_row(sb_table *table, const fmpq_t value, int digits) {
    sb_table_own(table, C_LO, sb_rational_decimal(value, digits, -1));
    sb_table_own(table, C_HI, sb_rational_decimal(value, digits, 1));
}

/* A score gap (or score) that must exceed 1 does not exist. */
static void mark_out_of_reach(sb_table *table, sb_sense sense) {
    if (sense != SB_NECESSARY) sb_table_set(table, C_NOTE, "out of reach: no score gap is above 1");
}

/* Fills lo, hi from the value, or the reason why there is none; *reached (may be NULL): whether the value is
 * certainly at least 1. */
static sb_status finish_row(sb_radius_rows *rows, sb_status status, arb_t value, int digits, int *reached,
                            const sb_error *error) {
    if (status == SB_OUTSIDE || status == SB_UNDECIDED) {
        rows->undecided |= status == SB_UNDECIDED;
        sb_table_setf(&rows->table, C_OUTSIDE, "%s%s", status == SB_UNDECIDED ? "undecided: " : "",
                      error->message);
        return SB_OK;
    }
    if (status) return status;
    sb_table_own(&rows->table, C_LO, sb_decimal_lower(value, digits));
    sb_table_own(&rows->table, C_HI, sb_decimal_upper(value, digits));
    arb_sub_ui(value, value, 1, arb_bits(value) + 64);
    if (reached) *reached = arb_is_nonnegative(value);
    return SB_OK;
}

/* ------------------------------------------------------------------ with a noise */
static sb_status theorem_2_1_row(sb_radius_rows *rows, const sb_radius_request *request, int digits,
                                 sb_error *error) {
    sb_gaussian_scores scores;
    arb_t radius;
    sb_gaussian_scores_init(&scores);
    arb_init(radius);
    fmpq_set(scores.sigma, request->noise.value[0]);
    fmpq_set(scores.top, request->given);
    runner_up_of(scores.runner_up, request);
    scores.dimension = request->dimension;
    sb_exact_set(&scores.norm, &request->norm);
    start_row(&rows->table, request, "radius", SB_SUFFICIENT, "thm-2.1", "Theorem 2.1");
    sb_table_set(&rows->table, C_NOTE, "a promise");
    sb_status status = sb_theorem_2_1_domain(&scores, error);
    if (!status) status = sb_enclose(radius, sb_theorem_2_1, &scores, digits, error);
    status = finish_row(rows, status, radius, digits, NULL, error);
    sb_gaussian_scores_clear(&scores);
    arb_clear(radius);
    return status;
}

static const char *const rule_statement[] = {"Lemma A.1", "exact criterion T0", "Lemma A.4"};
static const sb_robustness_rule rule_order[] = {SB_RULE_EXACT, SB_RULE_LEMMA_A_1, SB_RULE_LEMMA_A_4};

/* The rule at this request; `given` is for the caller to set. */
static void open_smoothing(sb_smoothing *smoothing, const sb_radius_request *request,
                           sb_robustness_rule rule) {
    sb_smoothing_init(smoothing);
    smoothing->noise = &request->noise;
    smoothing->dimension = request->dimension;
    smoothing->norm = &request->norm;
    smoothing->rule = rule;
}

/* What the evaluated shift means for the row that is open, besides its ends. */
static void set_scope(sb_radius_rows *rows, const sb_radius_request *request, const sb_smoothing *smoothing,
                      const sb_robustness_value *result) {
    sb_table *table = &rows->table;
    if (result->scope != SB_SCOPE_WORST) sb_table_set(table, C_SCOPE, sb_scope_name(result->scope));
    if (result->scope == SB_SCOPE_EQUAL) {
        if (smoothing->rule == SB_RULE_EXACT) set_sense(table, request, SB_NECESSARY);
        sb_table_set(table, C_NOTE,
                     more_is_safer(request) ? "at the equal shift: no smaller gap can be safe"
                                            : "at the equal shift: no promise for a larger ball");
    }
    if (!result->narrow && result->scope != SB_SCOPE_BRACKET) {
        sb_table_set(table, C_SCOPE, "undecided between the ends");
        rows->undecided = 1;
    }
}

/* T0 where the worst shift is not known: a promise by the Hellinger affinity, if that bound applies. */
static sb_status affinity_row(sb_radius_rows *rows, const sb_smoothing *smoothing,
                              const sb_radius_request *request, int digits, sb_error *error) {
    int back = more_is_safer(request), reached = 0;
    sb_robustness_value result;
    sb_robustness_value_init(&result);
    sb_status status = (back ? sb_affinity_gap : sb_affinity_radius)(&result, smoothing, digits, error);
    if (status != SB_OUTSIDE) {
        start_row(&rows->table, request, back ? "score gap" : "radius", SB_SUFFICIENT, "T0",
                  "T0, affinity bound");
        sb_table_set(&rows->table, C_SCOPE, "Hellinger affinity");
        sb_table_set(&rows->table, C_NOTE, back ? "every larger gap is safe" : "a promise for every shift");
        status = finish_row(rows, status, result.value, digits, &reached, error);
        if (back && reached) mark_out_of_reach(&rows->table, SB_SUFFICIENT);
    } else {
        status = SB_OK;
    }
    sb_robustness_value_clear(&result);
    return status;
}

static sb_status radius_rows(sb_radius_rows *rows, const sb_radius_request *request, int digits,
                             sb_error *error) {
    static const char *const note[] = {"a promise, since total variation stays below gap/2",
                                       "the largest ball that this score gap can promise",
                                       "no promise for a larger ball: total variation above the gap"};
    sb_status status = SB_OK;
    sb_robustness_value result;
    fmpq_t exact;
    fmpq_init(exact);
    sb_robustness_value_init(&result);
    if (request->mode == SB_FROM_SCORES && request->noise.family == &sb_gaussian_family)
        status = theorem_2_1_row(rows, request, digits, error);
    for (size_t i = 0; i < 3 && !status; i++) {
        sb_smoothing smoothing;
        open_smoothing(&smoothing, request, rule_order[i]);
        gap_of(smoothing.given, request);
        start_row(&rows->table, request, "radius", sb_rule_sense(smoothing.rule),
                  sb_rule_source(smoothing.rule), rule_statement[smoothing.rule]);
        sb_table_set(&rows->table, C_NOTE, note[smoothing.rule]);
        if (!(smoothing.rule == SB_RULE_LEMMA_A_4 && fmpq_is_one(smoothing.given)) &&
            sb_radius_from_gap_exactly(exact, &smoothing)) {
            exact_row(&rows->table, exact, digits);
        } else {
            status = sb_robust_radius(&result, &smoothing, digits, error);
            if (!status) set_scope(rows, request, &smoothing, &result);
            int limit = !status && smoothing.rule == SB_RULE_EXACT && result.scope == SB_SCOPE_EQUAL;
            status = finish_row(rows, status, result.value, digits, NULL, error);
            if (!status && limit) status = affinity_row(rows, &smoothing, request, digits, error);
        }
        sb_smoothing_clear(&smoothing);
    }
    sb_robustness_value_clear(&result);
    fmpq_clear(exact);
    return status;
}

/* A score gap, or with `top` the score pA = (1 + gap)/2 that goes with it. */
static sb_status gap_row(sb_radius_rows *rows, const sb_radius_request *request, sb_robustness_rule rule,
                         int top, int digits, sb_error *error) {
    static const char *const note[] = {"every larger gap is safe",
                                       "every larger value is safe, and no smaller one",
                                       "no smaller gap can be safe"};
    int reached = 0;
    sb_smoothing smoothing;
    sb_robustness_value result;
    fmpq_t exact;
    fmpq_init(exact);
    sb_robustness_value_init(&result);
    open_smoothing(&smoothing, request, rule);
    fmpq_set(smoothing.given, request->given);
    start_row(&rows->table, request, top ? "pA" : "score gap", sb_rule_sense(rule), sb_rule_source(rule),
              rule_statement[rule]);
    sb_table_set(&rows->table, C_NOTE, note[rule]);
    sb_status status = SB_OK;
    if (sb_gap_from_radius_exactly(exact, &smoothing)) {
        if (top) {
            fmpq_add_si(exact, exact, 1);
            fmpq_div_2exp(exact, exact, 1);
        }
        exact_row(&rows->table, exact, digits);
        reached = fmpq_cmp_ui(exact, 1) >= 0;
    } else {
        status = sb_robust_gap(&result, &smoothing, digits, error);
        if (!status) set_scope(rows, request, &smoothing, &result);
        if (!status && top) {
            arb_add_ui(result.value, result.value, 1, arb_bits(result.value) + 64);
            arb_mul_2exp_si(result.value, result.value, -1);
        }
        status = finish_row(rows, status, result.value, digits, &reached, error);
    }
    int limit = !status && rule == SB_RULE_EXACT && result.scope == SB_SCOPE_EQUAL;
    if (reached) mark_out_of_reach(&rows->table, limit ? SB_NECESSARY : sb_rule_sense(rule));
    if (limit && !top) status = affinity_row(rows, &smoothing, request, digits, error);
    sb_smoothing_clear(&smoothing);
    sb_robustness_value_clear(&result);
    fmpq_clear(exact);
    return status;
}

static sb_status gap_rows(sb_radius_rows *rows, const sb_radius_request *request, int digits,
                          sb_error *error) {
    sb_status status = gap_row(rows, request, SB_RULE_EXACT, 0, digits, error);
    for (size_t i = 0; i < 3 && !status; i++)
        status = gap_row(rows, request, rule_order[i], i == 0, digits, error);
    return status;
}

/* ------------------------------------------------------------------ any noise */
typedef struct {
    const char *source, *statement, *note;
    sb_sense sense;
    void (*law)(fmpq_t result, const fmpq_t x);
} exact_law;

static void any_noise_rows(sb_table *table, const sb_radius_request *request, int digits) {
    static const exact_law variation[] = {{"lemma-A.1", "Lemma A.1", "every shift with less is safe",
                                           SB_SUFFICIENT, sb_certified_total_variation},
                                          {"T0", "exact criterion T0",
                                           "no promise for shifts v and -v with more", SB_NECESSARY,
                                           sb_symmetric_limit_total_variation},
                                          {"lemma-A.4", "Lemma A.4", "no promise for a shift with more",
                                           SB_NECESSARY, sb_limit_total_variation}};
    static const exact_law gap[] = {
        {"lemma-A.1", "Lemma A.1", "every larger gap is safe", SB_SUFFICIENT, sb_sufficient_gap},
        {"T0", "exact criterion T0", "no smaller gap can be safe for shifts v and -v", SB_NECESSARY,
         sb_symmetric_necessary_gap},
        {"lemma-A.4", "Lemma A.4", "no smaller gap can be safe", SB_NECESSARY, sb_necessary_gap}};
    int back = request->mode == SB_FROM_TOTAL_VARIATION;
    fmpq_t x, result;
    fmpq_init(x);
    fmpq_init(result);
    gap_of(x, request);
    for (size_t i = 0; i < 3; i++) {
        const exact_law *law = back ? &gap[i] : &variation[i];
        start_row(table, request, back ? "score gap" : "TV", law->sense, law->source, law->statement);
        sb_table_set(table, C_NOTE, law->note);
        law->law(result, x);
        if (back && fmpq_cmp_ui(result, 1) >= 0) mark_out_of_reach(table, law->sense);
        exact_row(table, result, digits);
    }
    fmpq_clear(x);
    fmpq_clear(result);
}

sb_status sb_radius_rows_add(sb_radius_rows *rows, const sb_radius_request *request, int digits,
                             sb_error *error) {
    if (!request->noise.family) {
        any_noise_rows(&rows->table, request, digits);
        return SB_OK;
    }
    return request->mode == SB_FROM_RADIUS ? gap_rows(rows, request, digits, error)
                                           : radius_rows(rows, request, digits, error);
}

/* ------------------------------------------------------------------ text */
static void heading(sb_text *out, const sb_radius_request *request, const sb_common_options *common) {
    static const char *const name[] = {"pA", "score gap", "radius", "total variation"};
    sb_text line;
    sb_text_init(&line);
    char *noise = request->noise.family ? sb_noise_spec_print(&request->noise) : sb_duplicate("any noise");
    char *norm = sb_exact_print(&request->norm), *given = sb_exact_text(request->given, 1);
    sb_text_append(&line, noise ? noise : "?");
    if (request->noise.family) {
        if (request->dimension_given)
            sb_text_format(&line, ", d = %llu", (unsigned long long)request->dimension);
        sb_text_format(&line, ", p = %s", norm ? norm : "?");
    }
    sb_text_format(&line, ", %s %s", name[request->mode], given ? given : "?");
    if (request->mode == SB_FROM_SCORES) {
        fmpq_t x;
        fmpq_init(x);
        runner_up_of(x, request);
        free(given);
        given = sb_exact_text(x, 1);
        sb_text_format(&line, ", pB %s", given ? given : "?");
        gap_of(x, request);
        free(given);
        given = sb_exact_text(x, 1);
        sb_text_format(&line, ", score gap %s", given ? given : "?");
        fmpq_clear(x);
    }
    sb_cli_coloured(out, common, "1", line.data);
    sb_text_append(out, "\n\n");
    out->failed |= line.failed;
    free(noise);
    free(norm);
    free(given);
    sb_text_clear(&line);
}

static const char *opening(const sb_radius_request *request) {
    if (request->mode == SB_FROM_RADIUS)
        return "Smallest score gap (and score) that is safe for every shift in this ball\n";
    if (request->mode == SB_FROM_TOTAL_VARIATION)
        return "Smallest score gap that is safe for every shift of this total variation\n";
    if (!request->noise.family)
        return "Largest total variation under a shift that this score gap tolerates\n";
    return "Largest radius |v|_p within which the class cannot change\n";
}

void sb_radius_text(sb_text *out, const sb_radius_rows *rows, const sb_radius_request *request,
                    const sb_common_options *common) {
    const sb_table *table = &rows->table;
    sb_lines lines;
    sb_lines_init(&lines);
    heading(out, request, common);
    sb_text_append(out, opening(request));
    if (table->failed) out->failed = 1;
    for (size_t i = 0; i < table->row_count && !out->failed; i++) {
        char **cell = &table->cell[i * table->column_count];
        int hi = strcmp(cell[C_RELY_ON], "hi") == 0;
        const char *relation = cell[C_OUTSIDE] || strcmp(cell[C_SENSE], "exact") == 0 ? "" : hi ? "<=" : ">=";
        sb_lines_add(
            &lines, cell[C_QUANTITY], relation, sb_duplicate(cell[C_OUTSIDE] ? "-" : cell[hi ? C_HI : C_LO]),
            sb_format("%s: %s", cell[C_STATEMENT], cell[C_OUTSIDE] ? cell[C_OUTSIDE] : cell[C_NOTE]));
    }
    sb_lines_print(&lines, out);
    sb_text_append(out, more_is_safer(request) ? "\nA gap that is safe is rounded up, a limit down.\n"
                                               : "\nA radius is a promise: rely on the number as printed, "
                                                 "rounded down; a limit is rounded up.\n");
}
