#include "cli/bound_rows.h"

#include "bounds/bound_list.h"
#include "bounds/exact_value.h"
#include "bounds/heavy_tail.h"
#include "bounds/peeling.h"
#include "bounds/sharp.h"
#include "cli/parameter_grid.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

void sb_bound_rows_init(sb_bound_rows *rows) {
    sb_parameters_init(&rows->parameters);
    rows->row = NULL;
    rows->count = 0;
}

void sb_bound_row_clear(sb_bound_row *row) {
    free(row->outside);
    arb_clear(row->value);
    fmpq_clear(row->exact);
}

void sb_bound_rows_clear(sb_bound_rows *rows) {
    for (size_t i = 0; i < rows->count; i++) sb_bound_row_clear(&rows->row[i]);
    free(rows->row);
    sb_parameters_clear(&rows->parameters);
}

static int is_ranked(const sb_bound *bound) {
    return (strcmp(bound->source, "lemma-3.7") == 0 && strcmp(bound->statement, "Lemma 3.7") == 0) ||
           bound == sb_sharp_ranked_bound();
}

static sb_status evaluate_ranked(sb_bound_row *row, const sb_parameters *parameters, uint64_t rank,
                                 int digits, sb_error *error) {
    sb_ranked_coordinate coordinate = {parameters, rank};
    int sharp = row->bound == sb_sharp_ranked_bound();
    row->rank = rank;
    sb_status status = sharp ? SB_OK : sb_lemma_3_7_domain(&coordinate, error);
    if (!status)
        status = sb_enclose(row->value, sharp ? sb_sharp_ranked : sb_lemma_3_7, &coordinate, digits, error);
    if (!status)
        row->rational = sharp ? sb_sharp_ranked_exact_value(row->exact, parameters, rank)
                              : sb_lemma_3_7_exact_value(row->exact, parameters, rank);
    return status;
}

/* Whether `row` is the rms of the statement whose E||eta||_2^2 is `before`. */
static int is_root_of(const sb_bound_row *row, const sb_bound_row *before) {
    const sb_bound *a = before->bound, *b = row->bound;
    return strcmp(b->quantity, "rms") == 0 && strcmp(a->quantity, "E||eta||_2^2") == 0 &&
           strcmp(a->source, b->source) == 0 && strcmp(a->applies, b->applies) == 0 &&
           a->promise == b->promise && a->sense == b->sense;
}

/* rms = sqrt(E||eta||_2^2/d): some of the bounds are costly, and once is enough. */
static sb_status take_root(sb_bound_row *row, const sb_bound_row *before, const sb_parameters *parameters,
                           sb_error *error) {
    if (before->outside) {
        row->outside = sb_duplicate(before->outside);
        return row->outside ? SB_OK : sb_fail_memory(error);
    }
    slong precision = arb_bits(before->value) + 64;
    arb_div_ui(row->value, before->value, parameters->dimension, precision);
    arb_sqrt(row->value, row->value, precision);
    row->rational = sb_bound_exact_value(row->exact, row->bound, parameters);
    return SB_OK;
}

static sb_status evaluate(sb_bound_row *row, const sb_bound_row *before, const sb_parameters *parameters,
                          uint64_t rank, int digits, sb_error *error) {
    sb_status status;
    if (before && is_root_of(row, before)) return take_root(row, before, parameters, error);
    if (is_ranked(row->bound)) {
        status = evaluate_ranked(row, parameters, rank, digits, error);
    } else {
        status = sb_bound_evaluate(row->value, row->bound, parameters, digits, error);
        if (!status) row->rational = sb_bound_exact_value(row->exact, row->bound, parameters);
    }
    if (status != SB_OUTSIDE) return status;
    row->outside = sb_duplicate(error->message);
    return row->outside ? SB_OK : sb_fail_memory(error);
}

sb_status sb_bound_rows_evaluate(sb_bound_rows *rows, const sb_parameters *parameters, uint64_t rank,
                                 unsigned promises, int digits, sb_error *error) {
    size_t count = sb_bound_count();
    sb_parameters_set(&rows->parameters, parameters);
    rows->promises = promises;
    rows->row = calloc(count, sizeof *rows->row);
    if (!rows->row) return sb_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        if (promises & 1u << sb_bound_at(i)->promise) rows->row[rows->count++].bound = sb_bound_at(i);
    for (size_t i = 0; i < rows->count; i++) {
        arb_init(rows->row[i].value);
        fmpq_init(rows->row[i].exact);
    }
    sb_status status = SB_OK;
    for (size_t i = 0; i < rows->count && !status; i++)
        status =
            evaluate(&rows->row[i], i ? &rows->row[i - 1] : NULL, &rows->parameters, rank, digits, error);
    return status;
}

const sb_bound_row *sb_bound_rows_find(const sb_bound_rows *rows, sb_promise promise, const char *source,
                                       const char *quantity) {
    for (size_t i = 0; i < rows->count; i++) {
        const sb_bound *bound = rows->row[i].bound;
        if (bound->promise == promise && strcmp(bound->source, source) == 0 &&
            strcmp(bound->quantity, quantity) == 0)
            return rows->row[i].outside ? NULL : &rows->row[i];
    }
    return NULL;
}

char *sb_bound_row_lower(const sb_bound_row *row, int digits) {
    return row->rational ? sb_rational_decimal(row->exact, digits, -1) : sb_decimal_lower(row->value, digits);
}

char *sb_bound_row_upper(const sb_bound_row *row, int digits) {
    return row->rational ? sb_rational_decimal(row->exact, digits, 1) : sb_decimal_upper(row->value, digits);
}

int sb_bound_is_exact_for(const sb_bound *bound, const char *noise) {
    return bound->sense == SB_EXACT && strncmp(bound->applies, noise, strlen(noise)) == 0;
}

const sb_bound_row *sb_bound_rows_exact(const sb_bound_rows *rows, sb_promise promise, const char *noise,
                                        const char *quantity) {
    for (size_t i = 0; i < rows->count; i++) {
        const sb_bound *bound = rows->row[i].bound;
        if (bound->promise == promise && sb_bound_is_exact_for(bound, noise) &&
            strcmp(bound->quantity, quantity) == 0)
            return rows->row[i].outside ? NULL : &rows->row[i];
    }
    return NULL;
}

int sb_bound_row_compare(const sb_bound_row *a, const sb_bound_row *b) {
    arf_t x, y;
    arf_init(x);
    arf_init(y);
    arb_get_lbound_arf(x, a->value, arb_bits(a->value) + 64);
    arb_get_lbound_arf(y, b->value, arb_bits(b->value) + 64);
    int order = arf_cmp(x, y);
    arf_clear(x);
    arf_clear(y);
    return order < 0 ? -1 : order > 0;
}

const sb_bound_row *sb_bound_rows_needed(const sb_bound_rows *rows, sb_promise promise) {
    const sb_bound_row *best = NULL;
    for (size_t i = 0; i < rows->count; i++) {
        const sb_bound_row *row = &rows->row[i];
        if (row->outside || row->bound->sense != SB_NECESSARY || row->bound->promise != promise ||
            strcmp(row->bound->quantity, "rms") != 0 || strcmp(row->bound->applies, "any noise") != 0)
            continue;
        if (!best || arb_gt(row->value, best->value)) best = row;
    }
    return best;
}

char *sb_bound_row_ratio(const sb_bound_row *sufficient, const sb_bound_row *needed, int digits) {
    slong precision = arb_bits(sufficient->value) + 64;
    arb_t quotient;
    arb_init(quotient);
    arb_div(quotient, sufficient->value, needed->value, precision);
    char *result = sb_decimal_upper(quotient, digits);
    arb_clear(quotient);
    return result;
}

/* A remark on a row (a misprint in the paper, where a constant comes from), or NULL. */
static const char *note(const sb_bound *bound) {
    if (strcmp(bound->source, "cor-B.6") == 0 && strcmp(bound->quantity, "E[eta_i^2]") == 0)
        return "the paper prints the constant sqrt(2) log(4)^2/48, a misprint: smaller by the factor 2 "
               "sqrt(2)";
    if (strcmp(bound->source, "thm-1.3-tail") == 0)
        return "c = 1/8 holds for every d, p and delta; Lemma C.1 alone gives c = 1/48";
    if (strcmp(bound->source, "lemma-3.8") == 0 && bound->sense == SB_NECESSARY)
        return "the largest c that Lemma C.1 gives for this d and p; the paper's proof takes c = 1/24, which "
               "does not follow";
    if (strcmp(bound->source, "cor-B.5") == 0 && strcmp(bound->quantity, "TV") == 0)
        return "the paper prints min{1, 1-(1-eps/(2r))^d}, wrong for even d and eps > 2r; here eps < 2r, "
               "where both agree";
    if (strncmp(bound->source, "lemma-3.", 8) == 0 && bound->source[8] <= '3')
        return "one coordinate, shifted by eps; for every p >= 1";
    if (strcmp(bound->source, "sharp-1.2") == 0 && strcmp(bound->quantity, "E||eta||_2^2") == 0)
        return "m(delta) = max over n >= 1 of n(n+1)(3-(2n+1) delta)/12; the least possible for d = 1 and "
               "one shift";
    if (strcmp(bound->source, "sharp-C.1") == 0 && strcmp(bound->quantity, "E||eta||_2") == 0)
        return "a(delta) = max over j >= 1 of j(1-j delta); the least possible for d = 1 and one shift";
    return NULL;
}

char *sb_bound_row_applies(const sb_bound_row *row, const sb_parameters *parameters) {
    if (!row->rank || row->rank == 1) return sb_duplicate(row->bound->applies);
    if (row->rank == parameters->dimension) return sb_duplicate("the smallest coordinate of any noise");
    return sb_format("the coordinate of rank %llu of any noise", (unsigned long long)row->rank);
}

char *sb_bound_row_statement(const sb_bound_row *row) {
    const sb_bound *bound = row->bound;
    return strcmp(bound->applies, "any noise") == 0 ? sb_duplicate(bound->statement)
                                                    : sb_format("%s, %s", bound->statement, bound->applies);
}

/* ------------------------------------------------------------------ the table of JSON and CSV */
enum {
    C_D,
    C_P,
    C_EPS,
    C_DELTA,
    C_QUANTITY,
    C_SENSE,
    C_SOURCE,
    C_LO,
    C_HI,
    C_OUTSIDE,
    C_RANK,
    C_C,
    C_EXPONENT,
    C_RANGE,
    C_PIXEL_LO,
    C_PIXEL_HI,
    C_RATIO,
    C_PROMISE,
    C_STATEMENT,
    C_APPLIES,
    C_FORMULA,
    C_NOTE
};

const sb_column sb_bound_column[] = {
    {"d", "d", SB_COLUMN_RIGHT},
    {"p", "p", SB_COLUMN_RIGHT},
    {"eps", "eps", SB_COLUMN_RIGHT},
    {"delta", "delta", SB_COLUMN_RIGHT},
    {"quantity", "quantity", SB_COLUMN_MATH},
    {"sense", "sense", 0},
    {"source", "source", 0},
    {"lo", "at least", SB_COLUMN_RIGHT},
    {"hi", "at most", SB_COLUMN_RIGHT},
    {"outside", "outside", SB_COLUMN_DATA},
    {"rank", "rank", SB_COLUMN_DATA},
    {"c", "c", SB_COLUMN_DATA},
    {"exponent", "exponent", SB_COLUMN_DATA},
    {"range", "range", SB_COLUMN_DATA},
    {"pixel_lo", "pixel_lo", SB_COLUMN_DATA},
    {"pixel_hi", "pixel_hi", SB_COLUMN_DATA},
    {"ratio", "ratio", SB_COLUMN_DATA},
    {"promise", "promise", 0},
    {"statement", "statement", SB_COLUMN_DATA},
    {"applies", "about", 0},
    {"formula", "formula", SB_COLUMN_DATA},
    {"note", "note", SB_COLUMN_DATA},
};
const size_t sb_bound_column_count = sizeof sb_bound_column / sizeof sb_bound_column[0];

void sb_parameter_cells(sb_table *table, const sb_parameters *parameters) {
    sb_table_setf(table, 0, "%llu", (unsigned long long)parameters->dimension);
    sb_table_own(table, 1, sb_exact_print(&parameters->norm));
    sb_table_own(table, 2, sb_exact_text(parameters->radius, 0));
    sb_table_own(table, 3, sb_exact_text(parameters->delta, 0));
}

/* The constant and the exponent of a tail inequality. c of Lemma 3.8 = q / (eps h), rounded down: a smaller c
 * is a weaker statement. */
static void tail_cells(sb_table *table, const sb_bound_row *row, const sb_parameters *parameters,
                       int digits) {
    fmpq_t exponent;
    fmpq_init(exponent);
    sb_tail_exponent(exponent, &parameters->norm);
    sb_table_own(table, C_EXPONENT, sb_rational_print(exponent));
    fmpq_clear(exponent);
    if (strcmp(row->bound->source, "thm-1.3-tail") == 0) {
        sb_table_set(table, C_C, "1/8");
        return;
    }
    arb_t c;
    arb_init(c);
    sb_lemma_3_8_factor(c, parameters, arb_bits(row->value) + 64);
    arb_mul_ui(c, c, 24, arb_bits(row->value) + 64);
    arb_inv(c, c, arb_bits(row->value) + 64);
    sb_table_own(table, C_C, sb_decimal_lower(c, digits));
    arb_clear(c);
}

void sb_bound_row_scale(sb_bound_row *scaled, const sb_bound_row *row, const fmpq_t factor) {
    slong precision = arb_bits(row->value) + 64;
    *scaled = (sb_bound_row){.bound = row->bound, .rational = row->rational};
    arb_init(scaled->value);
    fmpq_init(scaled->exact);
    arb_set_fmpq(scaled->value, factor, precision);
    arb_mul(scaled->value, scaled->value, row->value, precision);
    fmpq_mul(scaled->exact, row->exact, factor);
}

static void pixel_cells(sb_table *table, const sb_bound_row *row, const fmpq_t range, int digits) {
    sb_bound_row pixels;
    sb_bound_row_scale(&pixels, row, range);
    sb_table_own(table, C_RANGE, sb_exact_text(range, 0));
    sb_table_own(table, C_PIXEL_LO, sb_bound_row_lower(&pixels, digits));
    sb_table_own(table, C_PIXEL_HI, sb_bound_row_upper(&pixels, digits));
    sb_bound_row_clear(&pixels);
}

void sb_bound_rows_append(const sb_bound_rows *rows, const fmpq_t range, int digits, sb_table *table) {
    const sb_bound_row *gaussian[] = {sb_bound_rows_exact(rows, SB_PROMISE_TV, "Gaussian", "rms"),
                                      sb_bound_rows_exact(rows, SB_PROMISE_ROBUST, "Gaussian", "rms")};
    for (size_t i = 0; i < rows->count; i++) {
        const sb_bound_row *row = &rows->row[i];
        const sb_bound *bound = row->bound;
        sb_table_row(table);
        sb_parameter_cells(table, &rows->parameters);
        sb_table_set(table, C_QUANTITY, bound->quantity);
        sb_table_set(table, C_SENSE, sb_sense_name(bound->sense));
        sb_table_set(table, C_SOURCE, bound->source);
        if (row->outside) {
            sb_table_set(table, C_OUTSIDE, row->outside);
        } else {
            sb_table_own(table, C_LO, sb_bound_row_lower(row, digits));
            sb_table_own(table, C_HI, sb_bound_row_upper(row, digits));
            if (strcmp(bound->quantity, "tail") == 0) tail_cells(table, row, &rows->parameters, digits);
            if (strcmp(bound->quantity, "rms") == 0) {
                pixel_cells(table, row, range, digits);
                if (bound->sense == SB_NECESSARY)
                    sb_table_own(table, C_RATIO,
                                 sb_bound_row_ratio(gaussian[bound->promise], row, digits < 4 ? digits : 4));
            }
        }
        if (row->rank) sb_table_setf(table, C_RANK, "%llu", (unsigned long long)row->rank);
        if (strcmp(bound->quantity, "E[eta_i^2]") == 0 && strncmp(bound->applies, "99%", 3) == 0)
            sb_table_setf(table, C_RANK, "%llu",
                          (unsigned long long)sb_theorem_1_3_coordinate_count(rows->parameters.dimension));
        sb_table_set(table, C_PROMISE, sb_promise_name(bound->promise));
        sb_table_set(table, C_STATEMENT, bound->statement);
        sb_table_own(table, C_APPLIES, sb_bound_row_applies(row, &rows->parameters));
        sb_table_set(table, C_FORMULA, bound->formula);
        if (note(bound)) sb_table_set(table, C_NOTE, note(bound));
    }
}
