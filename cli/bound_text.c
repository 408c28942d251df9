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

static int is_one_dimensional(const sb_bound *bound) {
    return strncmp(bound->source, "lemma-3.", 8) == 0 && bound->source[8] >= '1' && bound->source[8] <= '3' &&
           !bound->source[9];
}

/* The paper's one-dimensional lemmas are worth a line where they are not weaker than Theorem 1.2, or it does
 * not speak. */
static int one_dimension_matters(const sb_bound_rows *rows) {
    const sb_bound_row *line = sb_bound_rows_find(rows, SB_PROMISE_TV, "lemma-3.1", "rms"),
                       *theorem = sb_bound_rows_find(rows, SB_PROMISE_TV, "thm-1.2", "rms");
    return !line || !theorem || !arb_lt(line->value, theorem->value);
}

/* Whether no row of the same quantity, about the same noise, bounds it better. */
static int is_largest(const sb_bound_rows *rows, const sb_bound_row *row) {
    for (size_t i = 0; i < rows->count; i++) {
        const sb_bound_row *other = &rows->row[i];
        if (!other->outside && other->bound->promise == row->bound->promise &&
            other->bound->sense == SB_NECESSARY &&
            strcmp(other->bound->quantity, row->bound->quantity) == 0 &&
            strcmp(other->bound->applies, row->bound->applies) == 0 && arb_gt(other->value, row->value))
            return 0;
    }
    return 1;
}

/* Rows that would repeat another line: for Gaussian noise sigma is the rms, and E||eta||_2^2 = d rms^2 is
 * written out for the best bound and for Theorem 1.2 only. */
static int repeats(const sb_bound_rows *rows, const sb_bound_row *row) {
    const sb_bound *bound = row->bound;
    if (strcmp(bound->quantity, "E||eta||_2^2") == 0 && bound->sense == SB_NECESSARY)
        return strcmp(bound->source, "thm-1.2") != 0 && !is_largest(rows, row);
    if (strcmp(bound->source, "gaussian-atom") == 0) { /* the Gaussian noise itself up to delta0 */
        const sb_bound_row *gaussian = sb_bound_rows_exact(rows, bound->promise, "Gaussian", "rms");
        return !is_rms(bound) || !gaussian || !arb_lt(row->value, gaussian->value);
    }
    if (sb_bound_is_exact_for(bound, "Gaussian")) return strcmp(bound->quantity, "sigma") != 0;
    if (sb_bound_is_exact_for(bound, "uniform")) return strcmp(bound->quantity, "E[eta_i^2]") == 0;
    return is(bound, "cor-B.3", "rms") || is(bound, "cor-B.6", "rms") ||
           is(bound, "lemma-3.8", "E max|eta_i|");
}

static int in_text(const sb_bound_rows *rows, const sb_bound_row *row, sb_promise promise, int lemmas) {
    if (row->outside || row->bound->promise != promise || repeats(rows, row)) return 0;
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
    if (sb_bound_is_exact_for(bound, "Gaussian"))
        return sb_duplicate("Gaussian noise; no smaller sigma will do");
    if (is(bound, "cor-B.5", "TV"))
        return sb_duplicate("what the r of Corollary B.6 comes to (Corollary B.5)");
    if (sb_bound_is_exact_for(bound, "uniform"))
        return sb_duplicate(is_rms(bound) ? "of that uniform noise, r/sqrt(3)"
                                          : "uniform noise on [-r, r]^d; no smaller r will do");
    if (strcmp(bound->source, "gaussian-atom") == 0) return sb_duplicate(bound->applies);
    if (bound->sense == SB_SUFFICIENT)
        return sb_format("%s, %s noise", bound->statement,
                         strcmp(bound->source, "cor-B.3") == 0 ? "Gaussian" : "uniform");
    if (strcmp(bound->quantity, "E[eta_i^2]") == 0 || (is_one_dimensional(bound) && !is_rms(bound))) {
        char *applies = sb_bound_row_applies(row, parameters);
        char *result = applies ? sb_format("%s, %s", bound->statement, applies) : NULL;
        free(applies);
        return result;
    }
    return is_one_dimensional(bound) ? sb_duplicate(bound->statement) : sb_bound_row_statement(row);
}

/* The order of a block of needed noise: rms first, and of each quantity the largest bound first; what holds
 * for any noise before what holds for some. */
static int before(const sb_bound_row *a, const sb_bound_row *b) {
    static const char *const quantity[] = {"rms", "E||eta||_2^2", "E||eta||_2", "E max|eta_i|", "E[eta_i^2]"};
    enum { QUANTITIES = sizeof quantity / sizeof quantity[0] };
    int place[2] = {QUANTITIES, QUANTITIES};
    const sb_bound_row *row[] = {a, b};
    for (int k = 0; k < 2; k++)
        for (int i = QUANTITIES - 1; i >= 0; i--)
            if (strcmp(row[k]->bound->quantity, quantity[i]) == 0) place[k] = i;
    if (place[0] != place[1]) return place[0] < place[1];
    if (place[0] == QUANTITIES) return 0;
    int any[2];
    for (int k = 0; k < 2; k++) any[k] = strcmp(row[k]->bound->applies, "any noise") == 0;
    if (any[0] != any[1]) return any[0];
    return sb_bound_row_compare(a, b) > 0;
}

/* The rows of a block in the order of printing: those that are needed are sorted, the others stay. Returns
 * how many. */
static size_t collect(const sb_bound_row **chosen, const sb_bound_rows *rows, sb_promise promise,
                      int necessary) {
    int lemmas = one_dimension_matters(rows);
    size_t count = 0;
    for (size_t i = 0; i < rows->count && count < SB_LINES; i++) {
        const sb_bound_row *row = &rows->row[i];
        if ((row->bound->sense == SB_NECESSARY) != necessary || !in_text(rows, row, promise, lemmas))
            continue;
        size_t place = count++;
        for (; necessary && place > 0 && before(row, chosen[place - 1]); place--)
            chosen[place] = chosen[place - 1];
        chosen[place] = row;
    }
    return count;
}

static void block(sb_text *out, const sb_bound_rows *rows, sb_promise promise, int necessary, int digits) {
    const sb_bound_row *chosen[SB_LINES];
    size_t count = collect(chosen, rows, promise, necessary);
    sb_lines lines;
    sb_lines_init(&lines);
    for (size_t i = 0; i < count; i++) {
        const sb_bound_row *row = chosen[i];
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

/* How far the least sufficient noise is from the best necessary one, as sentences. */
static void gap_block(sb_text *out, const sb_bound_rows *rows, sb_promise promise, int digits) {
    const sb_bound_row *needed = sb_bound_rows_needed(rows, promise),
                       *gaussian = sb_bound_rows_exact(rows, promise, "Gaussian", "rms"),
                       *mixed = sb_bound_rows_find(rows, promise, "gaussian-atom", "rms"),
                       *theorem = sb_bound_rows_find(rows, promise, "thm-1.2", "rms"),
                       *corollary = sb_bound_rows_find(rows, promise, "cor-B.3", "rms");
    char *ratio = sb_bound_row_ratio(gaussian, needed, digits);
    out->failed |= !ratio;
    sb_text_format(out, "\nGaussian noise is within a factor of %s of the least possible rms",
                   ratio ? ratio : "");
    free(ratio);
    if (mixed && arb_lt(mixed->value, gaussian->value)) {
        ratio = sb_bound_row_ratio(mixed, needed, digits);
        out->failed |= !ratio;
        sb_text_format(out, ", with an atom at 0 of %s", ratio ? ratio : "");
        free(ratio);
    }
    if (theorem && corollary) {
        ratio = sb_bound_row_ratio(corollary, theorem, digits);
        out->failed |= !ratio;
        sb_text_format(out, " (the paper: %s)", ratio ? ratio : "");
        free(ratio);
    }
    sb_text_append(out, ".\n");
}

static int is_sharper(const sb_bound *bound) {
    static const char *const source[] = {"asymptotic", "rotation", "dual-norm", "sharp-robust"};
    for (size_t i = 0; i < sizeof source / sizeof source[0]; i++)
        if (strcmp(bound->source, source[i]) == 0) return 1;
    return 0;
}

static void outside_block(sb_text *out, const sb_bound_rows *rows) {
    int shown = 0;
    for (size_t i = 0; i < rows->count; i++) {
        /* The sharper bounds have halves for p = 2 and p > 2, and start at some d: no news. */
        int repeated = !rows->row[i].outside || is_sharper(rows->row[i].bound);
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

static void pixel_block(sb_text *out, const sb_bound_rows *rows, const fmpq_t range, int digits) {
    static const struct {
        sb_promise promise;
        const char *kind, *name, *remark;
    } noise[] = {{SB_PROMISE_TV, "Gaussian", "Gaussian noise", "enough"},
                 {SB_PROMISE_ROBUST, "Gaussian", "Gaussian noise", "enough for robustness"},
                 {SB_PROMISE_TV, "uniform", "uniform noise", "enough"}};
    sb_promise weakest = rows->promises & 1u << SB_PROMISE_TV ? SB_PROMISE_TV : SB_PROMISE_ROBUST;
    const sb_bound_row *needed = sb_bound_rows_needed(rows, weakest),
                       *theorem = sb_bound_rows_find(rows, SB_PROMISE_TV, "thm-1.2", "rms");
    char *most = sb_exact_text(range, 1);
    sb_text_format(out, "\nAs pixels: rms noise for an input in [0, 1] shown on a scale of 0 to %s\n",
                   most ? most : "?");
    free(most);
    sb_lines lines;
    sb_lines_init(&lines);
    if (theorem && theorem != needed)
        sb_lines_add(&lines, "any noise", ">=", pixels(theorem, range, 0, digits),
                     sb_duplicate("Theorem 1.2"));
    sb_lines_add(&lines, "any noise", ">=", pixels(needed, range, 0, digits),
                 sb_duplicate(needed->bound->statement));
    for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++) {
        const sb_bound_row *row = sb_bound_rows_exact(rows, noise[i].promise, noise[i].kind, "rms");
        if (row)
            sb_lines_add(&lines, noise[i].name, "=", pixels(row, range, 1, digits),
                         sb_duplicate(noise[i].remark));
    }
    sb_lines_print(&lines, out);
}

static void promise_block(sb_text *out, const sb_bound_rows *rows, sb_promise promise,
                          const sb_common_options *common) {
    static const char *const title[] = {
        "Total variation: TV(D, D+v) <= delta for all |v|_p <= eps, the hypothesis of Theorem 1.2",
        "Robustness: no score gap above delta is overturned by any |v|_p <= eps, Definition 1"};
    sb_text_append(out, "\n");
    sb_cli_coloured(out, common, "1", title[promise]);
    sb_text_append(out, "\nNeeded, whatever the noise\n");
    block(out, rows, promise, 1, common->digits);
    sb_text_append(out, "\nEnough\n");
    block(out, rows, promise, 0, common->digits);
    gap_block(out, rows, promise, common->digits < 4 ? common->digits : 4);
}

void sb_bound_text(sb_text *out, const sb_bound_rows *rows, const fmpq_t range,
                   const sb_common_options *common) {
    sb_text line;
    sb_text_init(&line);
    sb_parameter_line(&line, &rows->parameters, NULL);
    sb_cli_coloured(out, common, "1", line.data);
    sb_text_append(out, "\n");
    out->failed |= line.failed;
    sb_text_clear(&line);
    for (int promise = SB_PROMISE_TV; promise <= SB_PROMISE_ROBUST; promise++)
        if (rows->promises & 1u << promise) promise_block(out, rows, (sb_promise)promise, common);
    pixel_block(out, rows, range, common->digits < 4 ? common->digits : 4);
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
    {"source", "by", 0},
};
const size_t sb_bound_compact_column_count =
    sizeof sb_bound_compact_column / sizeof sb_bound_compact_column[0];

void sb_bound_compact(const sb_bound_rows *rows, sb_promise promise, const fmpq_t range, int digits,
                      sb_table *table) {
    const sb_bound_row *theorem = sb_bound_rows_find(rows, promise, "thm-1.2", "E||eta||_2^2"),
                       *needed = sb_bound_rows_needed(rows, promise);
    const sb_bound_row *gaussian = sb_bound_rows_exact(rows, promise, "Gaussian", "rms");
    const sb_bound_row *uniform = sb_bound_rows_exact(rows, promise, "uniform", "rms");
    sb_table_row(table);
    sb_parameter_cells(table, &rows->parameters);
    sb_table_own(table, 4, theorem ? sb_bound_row_lower(theorem, digits) : sb_duplicate("-"));
    sb_table_own(table, 5, sb_bound_row_lower(needed, digits));
    sb_table_own(table, 6, sb_bound_row_upper(gaussian, digits));
    sb_table_own(table, 7, uniform ? sb_bound_row_upper(uniform, digits) : sb_duplicate("-"));
    sb_table_own(table, 8, sb_bound_row_ratio(gaussian, needed, digits < 4 ? digits : 4));
    sb_bound_row scaled;
    sb_bound_row_scale(&scaled, needed, range);
    sb_table_own(table, 9, sb_bound_row_lower(&scaled, digits < 4 ? digits : 4));
    sb_bound_row_clear(&scaled);
    sb_table_set(table, 10, needed->bound->source);
}
