/* Every number in the reader's forms is rounded so that the sentence around it holds: necessary values down,
 * sufficient values up. */
#include "cli/bound_text.h"
#include "cli/parameter_grid.h"

#include "bounds/heavy_tail.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ aligned lines */
enum { LONGEST_VALUE = 40 }; /* a longer one does not set the width of the column */

void sb_lines_init(sb_lines *lines) {
    lines->count = 0;
}

void sb_lines_add(sb_lines *lines, const char *name, const char *relation, char *value, char *remark) {
    if (lines->count == SB_LINES) {
        free(value);
        free(remark);
        return;
    }
    lines->line[lines->count].name = sb_duplicate(name);
    lines->line[lines->count].relation = sb_duplicate(relation);
    lines->line[lines->count].value = value;
    lines->line[lines->count].remark = remark;
    lines->count++;
}

static void padded(sb_text *out, const char *string, size_t width) {
    size_t used = sb_text_width(string);
    sb_text_append(out, string);
    if (used < width) sb_text_repeat(out, ' ', width - used);
}

void sb_lines_print(sb_lines *lines, sb_text *out) {
    size_t name = 0, relation = 0, value = 0;
    for (size_t i = 0; i < lines->count; i++) {
        if (!lines->line[i].name || !lines->line[i].relation || !lines->line[i].value ||
            !lines->line[i].remark) {
            out->failed = 1;
            continue;
        }
        if (sb_text_width(lines->line[i].name) > name) name = sb_text_width(lines->line[i].name);
        if (sb_text_width(lines->line[i].relation) > relation)
            relation = sb_text_width(lines->line[i].relation);
        if (sb_text_width(lines->line[i].value) > value &&
            sb_text_width(lines->line[i].value) <= LONGEST_VALUE)
            value = sb_text_width(lines->line[i].value);
    }
    for (size_t i = 0; i < lines->count; i++) {
        if (!out->failed) {
            sb_text_append(out, "  ");
            padded(out, lines->line[i].name, name + 2);
            if (relation) padded(out, lines->line[i].relation, relation + 1);
            size_t used = sb_text_width(lines->line[i].value);
            padded(out, lines->line[i].value, *lines->line[i].remark ? (used > value ? used : value) + 3 : 0);
            sb_text_append(out, lines->line[i].remark);
            sb_text_append(out, "\n");
        }
        free(lines->line[i].name);
        free(lines->line[i].relation);
        free(lines->line[i].value);
        free(lines->line[i].remark);
    }
    lines->count = 0;
}

void sb_hide_empty_columns(const sb_table *table, sb_column *column) {
    for (size_t j = 0; j < table->column_count; j++) {
        size_t i = 0;
        while (i < table->row_count && !table->cell[i * table->column_count + j]) i++;
        if (i == table->row_count) column[j].flags |= SB_COLUMN_DATA;
    }
}

void sb_parameter_line(sb_text *out, const sb_parameters *parameters, const char *without) {
    char *norm = sb_exact_print(&parameters->norm), *radius = sb_exact_text(parameters->radius, 1);
    char *delta = sb_exact_text(parameters->delta, 1);
    const char *comma = "";
    if (!norm || !radius || !delta) out->failed = 1;
    if (!out->failed) {
        if (!without || strcmp(without, "d") != 0) {
            sb_text_format(out, "d = %llu", (unsigned long long)parameters->dimension);
            comma = ", ";
        }
        sb_text_format(out, "%sp = %s", comma, norm);
        if (!without || strcmp(without, "eps") != 0) sb_text_format(out, ", eps = %s", radius);
        if (!without || strcmp(without, "delta") != 0) sb_text_format(out, ", delta = %s", delta);
    }
    free(norm);
    free(radius);
    free(delta);
}

/* ------------------------------------------------------------------ one block */
static int is(const sb_bound *bound, const char *source, const char *quantity) {
    return strcmp(bound->source, source) == 0 && strcmp(bound->quantity, quantity) == 0;
}

static int is_rms(const sb_bound *bound) {
    return strcmp(bound->quantity, "rms") == 0;
}

/* The one-dimensional lemmas are worth a line where they are not weaker than Theorem 1.2, or it does not
 * speak. */
static int one_dimension_matters(const sb_bound_rows *rows) {
    const sb_bound_row *line = sb_bound_rows_find(rows, "lemma-3.1", "rms"),
                       *theorem = sb_bound_rows_find(rows, "thm-1.2", "rms");
    return !line || !theorem || !arb_lt(line->value, theorem->value);
}

/* Rows that would repeat another line: for Gaussian noise sigma is the rms. */
static int repeats(const sb_bound *bound) {
    return is(bound, "gaussian-exact", "rms") || is(bound, "gaussian-exact", "E[eta_i^2]") ||
           is(bound, "cor-B.3", "rms") || is(bound, "uniform-exact", "E[eta_i^2]") ||
           is(bound, "cor-B.6", "rms") || is(bound, "lemma-3.8", "E max|eta_i|");
}

static int is_one_dimensional(const sb_bound *bound) {
    return strncmp(bound->source, "lemma-3.", 8) == 0 && bound->source[8] >= '1' && bound->source[8] <= '3' &&
           !bound->source[9];
}

static int in_text(const sb_bound_row *row, int lemmas) {
    if (row->outside || repeats(row->bound)) return 0;
    return lemmas || !is_one_dimensional(row->bound);
}

static void tail_line(sb_lines *lines, const sb_bound_row *row, const sb_parameters *parameters, int digits) {
    fmpq_t exponent;
    fmpq_init(exponent);
    sb_tail_exponent(exponent, &parameters->norm);
    char *q = sb_bound_row_lower(row, digits), *power = sb_rational_print(exponent);
    int plain = fmpz_is_one(fmpq_denref(exponent));
    sb_lines_add(lines, "tail", "",
                 q && power ? sb_format("Pr(|eta_i| > s) >= (%s/s)^%s%s%s for some s > %s", q,
                                        plain ? "" : "(", power, plain ? "" : ")", q)
                            : NULL,
                 sb_format("%s, i.i.d. noise", row->bound->statement));
    free(q);
    free(power);
    fmpq_clear(exponent);
}

static char *remark(const sb_bound_row *row, const sb_parameters *parameters) {
    const sb_bound *bound = row->bound;
    if (strcmp(bound->source, "gaussian-exact") == 0)
        return sb_duplicate("Gaussian noise; no smaller sigma will do");
    if (is(bound, "uniform-exact", "r"))
        return sb_duplicate("uniform noise on [-r, r]^d; no smaller r will do");
    if (is(bound, "uniform-exact", "rms")) return sb_duplicate("of that uniform noise, r/sqrt(3)");
    if (is(bound, "cor-B.5", "TV"))
        return sb_duplicate("what the r of Corollary B.6 comes to (Corollary B.5)");
    if (bound->sense == SB_SUFFICIENT)
        return sb_format("%s, %s noise", bound->statement,
                         strcmp(bound->source, "cor-B.3") == 0 ? "Gaussian" : "uniform");
    if (strcmp(bound->source, "lemma-3.7") == 0 || (is_one_dimensional(bound) && !is_rms(bound))) {
        char *applies = sb_bound_row_applies(row, parameters);
        char *result = applies ? sb_format("%s, %s", bound->statement, applies) : NULL;
        free(applies);
        return result;
    }
    return sb_duplicate(bound->statement);
}

static void block(sb_text *out, const sb_bound_rows *rows, int necessary, int digits) {
    int lemmas = one_dimension_matters(rows);
    sb_lines lines;
    sb_lines_init(&lines);
    for (size_t i = 0; i < rows->count; i++) {
        const sb_bound_row *row = &rows->row[i];
        if ((row->bound->sense == SB_NECESSARY) != necessary || !in_text(row, lemmas)) continue;
        if (strcmp(row->bound->quantity, "tail") == 0) {
            tail_line(&lines, row, &rows->parameters, digits);
            continue;
        }
        int bounds_a_moment = row->bound->quantity[0] == 'E' || is(row->bound, "cor-B.5", "TV");
        sb_lines_add(&lines, row->bound->quantity,
                     necessary         ? ">="
                     : bounds_a_moment ? "<="
                                       : "=",
                     necessary ? sb_bound_row_lower(row, digits) : sb_bound_row_upper(row, digits),
                     remark(row, &rows->parameters));
    }
    sb_lines_print(&lines, out);
}

static void outside_block(sb_text *out, const sb_bound_rows *rows) {
    int shown = 0;
    for (size_t i = 0; i < rows->count; i++) {
        int repeated = !rows->row[i].outside;
        for (size_t j = 0; j < i && !repeated; j++)
            repeated = rows->row[j].outside && strcmp(rows->row[i].outside, rows->row[j].outside) == 0;
        if (repeated) continue;
        if (!shown++) sb_text_append(out, "\nOutside their domain\n");
        sb_text_format(out, "  %s\n", rows->row[i].outside);
    }
}

/* ------------------------------------------------------------------ the pixel reading */
static char *end_of(const sb_bound_row *row, int upper, int digits) {
    return upper ? sb_bound_row_upper(row, digits) : sb_bound_row_lower(row, digits);
}

/* "148.7 of 255 grey levels, 58.3% of the range"; upper: rounded up */
static char *pixels(const sb_bound_row *rms, const fmpq_t range, int upper, int digits) {
    sb_bound_row scaled, share;
    fmpq_t hundred;
    fmpq_init(hundred);
    fmpq_set_si(hundred, 100, 1);
    sb_bound_row_scale(&scaled, rms, range);
    sb_bound_row_scale(&share, rms, hundred);
    char *level = end_of(&scaled, upper, digits), *percent = end_of(&share, upper, digits < 3 ? digits : 3);
    char *times = end_of(rms, upper, digits < 3 ? digits : 3), *most = sb_exact_text(range, 1);
    char *result = NULL;
    arb_set_ui(share.value, 1);
    if (level && percent && times && most) {
        const char *unit = strcmp(most, "255") == 0 ? " grey levels" : "";
        if (arb_gt(rms->value, share.value))
            result = sb_format("%s%s: exceeds the whole range of %s, %s times", level, unit, most, times);
        else
            result = sb_format("%s of %s%s, %s%% of the range", level, most, unit, percent);
    }
    free(level);
    free(percent);
    free(times);
    free(most);
    sb_bound_row_clear(&scaled);
    sb_bound_row_clear(&share);
    fmpq_clear(hundred);
    return result;
}

/* malloc'd upper end of sufficient/needed */
static char *ratio(const sb_bound_row *sufficient, const sb_bound_row *needed, int digits) {
    slong precision = arb_bits(sufficient->value) + 64;
    arb_t quotient;
    arb_init(quotient);
    arb_div(quotient, sufficient->value, needed->value, precision);
    char *result = sb_decimal_upper(quotient, digits);
    arb_clear(quotient);
    return result;
}

static void pixel_block(sb_text *out, const sb_bound_rows *rows, const fmpq_t range, int digits) {
    static const struct {
        const char *source, *name;
    } noise[] = {{"gaussian-exact", "Gaussian noise"}, {"uniform-exact", "uniform noise"}};
    const sb_bound_row *needed = sb_bound_rows_needed(rows),
                       *theorem = sb_bound_rows_find(rows, "thm-1.2", "rms");
    char *most = sb_exact_text(range, 1);
    sb_text_format(out, "\nAs pixels: rms noise for an input in [0, 1] shown on a scale of 0 to %s\n",
                   most ? most : "?");
    free(most);
    sb_lines lines;
    sb_lines_init(&lines);
    if (theorem && theorem != needed)
        sb_lines_add(&lines, "any noise", ">=", pixels(theorem, range, 0, digits < 4 ? digits : 4),
                     sb_duplicate("Theorem 1.2"));
    sb_lines_add(&lines, "any noise", ">=", pixels(needed, range, 0, digits < 4 ? digits : 4),
                 sb_duplicate(needed->bound->statement));
    for (size_t i = 0; i < 2; i++) {
        const sb_bound_row *row = sb_bound_rows_find(rows, noise[i].source, "rms");
        if (row)
            sb_lines_add(&lines, noise[i].name, "=", pixels(row, range, 1, digits < 4 ? digits : 4),
                         sb_duplicate("enough"));
    }
    sb_lines_print(&lines, out);
    sb_text_append(out, "\nRatio of what suffices to what the paper shows to be necessary (rms)\n");
    for (size_t i = 0; i < 2; i++) {
        const sb_bound_row *row = sb_bound_rows_find(rows, noise[i].source, "rms");
        if (row)
            sb_lines_add(&lines, noise[i].name, "<=", ratio(row, needed, digits < 4 ? digits : 4),
                         sb_duplicate(""));
    }
    sb_lines_print(&lines, out);
}

void sb_bound_text(sb_text *out, const sb_bound_rows *rows, const fmpq_t range,
                   const sb_common_options *common) {
    sb_text line;
    sb_text_init(&line);
    sb_parameter_line(&line, &rows->parameters, NULL);
    sb_cli_coloured(out, common, "1", line.data);
    out->failed |= line.failed;
    sb_text_clear(&line);
    sb_text_append(out, "\n\nNeeded: any noise D with TV(D, D+v) <= delta for all |v|_p <= eps has\n");
    block(out, rows, 1, common->digits);
    sb_text_append(out, "\nEnough: this noise has TV(D, D+v) <= delta for all |v|_p <= eps\n");
    block(out, rows, 0, common->digits);
    pixel_block(out, rows, range, common->digits);
    outside_block(out, rows);
    sb_text_append(out, "\nrms is sqrt(E||eta||_2^2 / d), noise per coordinate. What is needed is rounded "
                        "down, what is enough up.\n");
}

/* ------------------------------------------------------------------ one line each */
const sb_column sb_bound_compact_column[] = {
    {"d", "d", SB_COLUMN_RIGHT},
    {"p", "p", SB_COLUMN_RIGHT},
    {"eps", "eps", SB_COLUMN_RIGHT},
    {"delta", "delta", SB_COLUMN_RIGHT},
    {"thm_1_2", "E||eta||_2^2 >=", SB_COLUMN_RIGHT},
    {"needed", "rms needed", SB_COLUMN_RIGHT},
    {"gaussian", "Gaussian sigma", SB_COLUMN_RIGHT},
    {"uniform", "uniform rms", SB_COLUMN_RIGHT},
    {"ratio", "enough/needed", SB_COLUMN_RIGHT},
    {"pixels", "needed in pixels", SB_COLUMN_RIGHT},
};
const size_t sb_bound_compact_column_count =
    sizeof sb_bound_compact_column / sizeof sb_bound_compact_column[0];

void sb_bound_compact(const sb_bound_rows *rows, const fmpq_t range, int digits, sb_table *table) {
    const sb_bound_row *theorem = sb_bound_rows_find(rows, "thm-1.2", "E||eta||_2^2"),
                       *needed = sb_bound_rows_needed(rows);
    const sb_bound_row *gaussian = sb_bound_rows_find(rows, "gaussian-exact", "rms");
    const sb_bound_row *uniform = sb_bound_rows_find(rows, "uniform-exact", "rms");
    sb_table_row(table);
    sb_parameter_cells(table, &rows->parameters);
    sb_table_own(table, 4, theorem ? sb_bound_row_lower(theorem, digits) : sb_duplicate("-"));
    sb_table_own(table, 5, sb_bound_row_lower(needed, digits));
    sb_table_own(table, 6, sb_bound_row_upper(gaussian, digits));
    sb_table_own(table, 7, uniform ? sb_bound_row_upper(uniform, digits) : sb_duplicate("-"));
    sb_table_own(table, 8, ratio(gaussian, needed, digits < 4 ? digits : 4));
    sb_bound_row scaled;
    sb_bound_row_scale(&scaled, needed, range);
    sb_table_own(table, 9, sb_bound_row_lower(&scaled, digits < 4 ? digits : 4));
    sb_bound_row_clear(&scaled);
}
