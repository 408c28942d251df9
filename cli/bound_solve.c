#include "cli/bound_solve.h"

#include "bounds/bound_list.h"
#include "cli/bound_text.h"
#include "cli/parameter_grid.h"

#include <stdlib.h>
#include <string.h>

void sb_solve_rows_init(sb_solve_rows *rows) {
    rows->unknown = SB_SOLVE_EPS;
    sb_parameters_init(&rows->parameters);
    fmpq_init(rows->sigma);
    rows->row = NULL;
    rows->count = 0;
}

void sb_solve_rows_clear(sb_solve_rows *rows) {
    for (size_t i = 0; i < rows->count; i++) {
        free(rows->row[i].outside);
        sb_solution_clear(&rows->row[i].solution);
    }
    free(rows->row);
    sb_parameters_clear(&rows->parameters);
    fmpq_clear(rows->sigma);
}

sb_status sb_solve_rows_evaluate(sb_solve_rows *rows, const sb_parameters *parameters, const fmpq_t sigma,
                                 sb_unknown unknown, unsigned promises, int digits, sb_error *error) {
    rows->unknown = unknown;
    sb_parameters_set(&rows->parameters, parameters);
    fmpq_set(rows->sigma, sigma);
    rows->row = calloc(sb_bound_count(), sizeof *rows->row);
    if (!rows->row) return sb_fail_memory(error);
    for (size_t i = 0; i < sb_bound_count(); i++) {
        const sb_bound *bound = sb_bound_at(i);
        if (strcmp(bound->quantity, "rms") != 0 || !(promises & 1u << bound->promise)) continue;
        sb_solve_row *row = &rows->row[rows->count++];
        row->bound = bound;
        sb_solution_init(&row->solution);
        sb_status status = sb_solve(&row->solution, bound, parameters, sigma, unknown, digits, error);
        if (status == SB_OUTSIDE) {
            row->outside = sb_duplicate(error->message);
            if (!row->outside) return sb_fail_memory(error);
        } else if (status) {
            return status;
        }
    }
    return SB_OK;
}

#define SYMMETRIC "any noise symmetric about a point"

/* The end of the enclosure that keeps the sentence true: what noise cannot do is a limit from outside, what
   it can do one from inside. For eps and d more is more; delta and sigma are the smaller the better. */
static int round_up(const sb_solve_rows *rows, const sb_bound *bound) {
    int small_is_good = rows->unknown == SB_SOLVE_DELTA || rows->unknown == SB_SOLVE_SIGMA;
    return (bound->sense == SB_NECESSARY) != small_is_good;
}

/* The ball around a delta near 1 may reach beyond 1; delta does not. */
static char *upper_end(const sb_solve_rows *rows, const sb_solve_row *row, int digits) {
    arf_t end;
    arf_init(end);
    arb_get_ubound_arf(end, row->solution.value, arb_bits(row->solution.value) + 64);
    int beyond = rows->unknown == SB_SOLVE_DELTA && arf_cmp_si(end, 1) >= 0;
    arf_clear(end);
    return beyond ? sb_duplicate("1") : sb_decimal_upper(row->solution.value, digits);
}

static char *answer(const sb_solve_rows *rows, const sb_solve_row *row, int digits) {
    const char *name = sb_unknown_name(rows->unknown);
    switch (row->solution.kind) {
    case SB_SOLUTION_EVERY:
        return sb_format("every %s", name);
    case SB_SOLUTION_NONE:
        return sb_format(rows->unknown == SB_SOLVE_DELTA ? "no %s below 1" : "no %s", name);
    case SB_SOLUTION_UP_TO_LIMIT:
        return sb_duplicate("every d up to 2^62, at least");
    case SB_SOLUTION_VALUE:
        break;
    }
    if (rows->unknown == SB_SOLVE_DIMENSION)
        return sb_format("%llu", (unsigned long long)row->solution.dimension);
    return round_up(rows, row->bound) ? upper_end(rows, row, digits)
                                      : sb_decimal_lower(row->solution.value, digits);
}

/* ------------------------------------------------------------------ text */
static const char *relation(const sb_solve_rows *rows, const sb_solve_row *row) {
    if (row->solution.kind != SB_SOLUTION_VALUE || row->bound->sense == SB_EXACT) return "";
    return round_up(rows, row->bound) ? "<=" : ">=";
}

static const char *noise_name(const sb_bound *bound) {
    if (bound->sense == SB_NECESSARY) return "any noise";
    return strncmp(bound->applies, "Gaussian", 8) == 0 ? "Gaussian noise" : "uniform noise";
}

static char *remark(const sb_solve_row *row) {
    static const char *const how[3][3] = {/* necessary, sufficient, exact */
                                          {"a limit, by ", "enough, by ", "exactly"},
                                          {"no limit, by ", "enough, by ", "exactly"},
                                          {"impossible, by ", "not enough for ", "never"}};
    int kind = row->solution.kind == SB_SOLUTION_VALUE ? 0 : row->solution.kind == SB_SOLUTION_NONE ? 2 : 1;
    int symmetric = strcmp(row->bound->applies, SYMMETRIC) == 0;
    return sb_format("%s%s%s", how[kind][row->bound->sense],
                     row->bound->sense == SB_EXACT ? "" : row->bound->statement,
                     symmetric ? ", for " SYMMETRIC : "");
}

/* A lemma on one coordinate is left out of the text where Theorem 1.2 says more. */
static int hidden(const sb_solve_rows *rows, const sb_solve_row *row) {
    if (strncmp(row->bound->source, "lemma-3.", 8) != 0) return 0;
    const sb_solve_row *theorem = NULL;
    for (size_t i = 0; i < rows->count && !theorem; i++)
        if (strcmp(rows->row[i].bound->source, "thm-1.2") == 0 && !rows->row[i].outside)
            theorem = &rows->row[i];
    if (!theorem || row->solution.kind == SB_SOLUTION_NONE || theorem->solution.kind == SB_SOLUTION_EVERY)
        return 0;
    if (theorem->solution.kind != SB_SOLUTION_VALUE || row->solution.kind != SB_SOLUTION_VALUE)
        return theorem->solution.kind != row->solution.kind;
    int small_is_weak = rows->unknown == SB_SOLVE_DELTA || rows->unknown == SB_SOLVE_SIGMA;
    return small_is_weak ? arb_lt(row->solution.value, theorem->solution.value)
                         : arb_gt(row->solution.value, theorem->solution.value);
}

static void heading(sb_text *out, const sb_solve_rows *rows, const sb_common_options *common) {
    static const char *const what[] = {
        "Largest eps that noise of this rms can promise", "Smallest delta that noise of this rms can promise",
        "Smallest rms noise that can promise this", "Largest d in which noise of this rms can promise this"};
    sb_text line;
    sb_text_init(&line);
    sb_parameter_line(&line, &rows->parameters, sb_unknown_name(rows->unknown));
    if (rows->unknown != SB_SOLVE_SIGMA) {
        char *sigma = sb_exact_text(rows->sigma, 1);
        sb_text_format(&line, ", rms noise %s", sigma ? sigma : "?");
        free(sigma);
    }
    sb_cli_coloured(out, common, "1", line.data);
    sb_text_format(out, "\n\n%s\n", what[rows->unknown]);
    out->failed |= line.failed;
    sb_text_clear(&line);
}

/* Whether `a` is printed before `b`: limits before promises; those for any noise before those for some; of
 * these the strictest first. */
static int before(const sb_solve_rows *rows, const sb_solve_row *a, const sb_solve_row *b) {
    if (a->bound->sense != SB_NECESSARY || b->bound->sense != SB_NECESSARY)
        return a->bound->sense == SB_NECESSARY && b->bound->sense != SB_NECESSARY;
    int any_a = strcmp(a->bound->applies, SYMMETRIC) != 0, any_b = strcmp(b->bound->applies, SYMMETRIC) != 0;
    if (any_a != any_b) return any_a;
    if (a->solution.kind != SB_SOLUTION_VALUE || b->solution.kind != SB_SOLUTION_VALUE) {
        static const int order[] = {[SB_SOLUTION_NONE] = 0,
                                    [SB_SOLUTION_VALUE] = 1,
                                    [SB_SOLUTION_UP_TO_LIMIT] = 2,
                                    [SB_SOLUTION_EVERY] = 3};
        return order[a->solution.kind] < order[b->solution.kind];
    }
    int small_is_weak = rows->unknown == SB_SOLVE_DELTA || rows->unknown == SB_SOLVE_SIGMA;
    return small_is_weak ? arb_gt(a->solution.value, b->solution.value)
                         : arb_lt(a->solution.value, b->solution.value);
}

static void block(sb_text *out, const sb_solve_rows *rows, sb_promise promise, int digits) {
    static const char *const title[] = {"Total variation at most delta", "Robustness by Definition 1"};
    const sb_solve_row *chosen[SB_LINES];
    size_t count = 0;
    sb_lines lines;
    sb_lines_init(&lines);
    for (size_t i = 0; i < rows->count && count < SB_LINES; i++) {
        const sb_solve_row *row = &rows->row[i];
        if (row->outside || row->bound->promise != promise || hidden(rows, row)) continue;
        size_t place = count++;
        for (; place > 0 && before(rows, row, chosen[place - 1]); place--) chosen[place] = chosen[place - 1];
        chosen[place] = row;
    }
    for (size_t i = 0; i < count; i++)
        sb_lines_add(&lines, noise_name(chosen[i]->bound), relation(rows, chosen[i]),
                     answer(rows, chosen[i], digits), remark(chosen[i]));
    if (count) sb_text_format(out, "%s\n", title[promise]);
    sb_lines_print(&lines, out);
}

void sb_solve_text(sb_text *out, const sb_solve_rows *rows, const sb_common_options *common) {
    heading(out, rows, common);
    block(out, rows, SB_PROMISE_TV, common->digits);
    block(out, rows, SB_PROMISE_ROBUST, common->digits);
    int outside = 0;
    for (size_t i = 0; i < rows->count; i++) {
        int repeated = !rows->row[i].outside;
        for (size_t j = 0; j < i && !repeated; j++)
            repeated = rows->row[j].outside && strcmp(rows->row[i].outside, rows->row[j].outside) == 0;
        if (repeated) continue;
        if (!outside++) sb_text_append(out, "\nOutside their domain\n");
        sb_text_format(out, "  %s\n", rows->row[i].outside);
    }
    sb_text_append(out, "\nrms is sqrt(E||eta||_2^2 / d), noise per coordinate. Limits are rounded outward, "
                        "promises to the safe side.\n");
}

/* ------------------------------------------------------------------ the table */
enum {
    C_D,
    C_P,
    C_EPS,
    C_DELTA,
    C_SIGMA,
    C_QUANTITY,
    C_SENSE,
    C_SOURCE,
    C_LO,
    C_HI,
    C_ANSWER,
    C_OUTSIDE,
    C_PROMISE,
    C_STATEMENT,
    C_APPLIES
};

const sb_column sb_solve_column[] = {
    {"d", "d", SB_COLUMN_RIGHT},
    {"p", "p", SB_COLUMN_RIGHT},
    {"eps", "eps", SB_COLUMN_RIGHT},
    {"delta", "delta", SB_COLUMN_RIGHT},
    {"sigma", "rms", SB_COLUMN_RIGHT},
    {"quantity", "solved for", 0},
    {"sense", "sense", 0},
    {"source", "source", 0},
    {"lo", "at least", SB_COLUMN_RIGHT},
    {"hi", "at most", SB_COLUMN_RIGHT},
    {"note", "note", 0},
    {"outside", "outside", 0},
    {"promise", "promise", 0},
    {"statement", "statement", SB_COLUMN_DATA},
    {"applies", "applies", SB_COLUMN_DATA},
};
const size_t sb_solve_column_count = sizeof sb_solve_column / sizeof sb_solve_column[0];

static void value_cells(sb_table *table, const sb_solve_rows *rows, const sb_solve_row *row, int digits) {
    if (row->solution.kind != SB_SOLUTION_VALUE) {
        sb_table_own(table, C_ANSWER, answer(rows, row, digits));
    } else if (rows->unknown == SB_SOLVE_DIMENSION) {
        sb_table_setf(table, C_LO, "%llu", (unsigned long long)row->solution.dimension);
        sb_table_setf(table, C_HI, "%llu", (unsigned long long)row->solution.dimension);
    } else {
        sb_table_own(table, C_LO, sb_decimal_lower(row->solution.value, digits));
        sb_table_own(table, C_HI, upper_end(rows, row, digits));
    }
}

void sb_solve_rows_append(const sb_solve_rows *rows, int digits, sb_table *table) {
    for (size_t i = 0; i < rows->count; i++) {
        const sb_solve_row *row = &rows->row[i];
        sb_table_row(table);
        if (rows->unknown != SB_SOLVE_DIMENSION)
            sb_table_setf(table, C_D, "%llu", (unsigned long long)rows->parameters.dimension);
        sb_table_own(table, C_P, sb_exact_print(&rows->parameters.norm));
        if (rows->unknown != SB_SOLVE_EPS)
            sb_table_own(table, C_EPS, sb_exact_text(rows->parameters.radius, 0));
        if (rows->unknown != SB_SOLVE_DELTA)
            sb_table_own(table, C_DELTA, sb_exact_text(rows->parameters.delta, 0));
        if (rows->unknown != SB_SOLVE_SIGMA) sb_table_own(table, C_SIGMA, sb_exact_text(rows->sigma, 0));
        sb_table_set(table, C_QUANTITY, sb_unknown_name(rows->unknown));
        sb_table_set(table, C_SENSE, sb_sense_name(row->bound->sense));
        sb_table_set(table, C_SOURCE, row->bound->source);
        if (row->outside)
            sb_table_set(table, C_OUTSIDE, row->outside);
        else
            value_cells(table, rows, row, digits);
        sb_table_set(table, C_PROMISE, sb_promise_name(row->bound->promise));
        sb_table_set(table, C_STATEMENT, row->bound->statement);
        sb_table_set(table, C_APPLIES, row->bound->applies);
    }
}
