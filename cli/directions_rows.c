/* Corollary 3.4 bounds E (v.eta)^2/||v||_2^2 from below by (||v||_2^2/200)(1-delta)/delta^2, with
   ||v_i||_2^2 = eps^2 b^(1-2/p) here. */
#include "cli/directions_rows.h"

#include "bounds/one_dimension.h"

#include <stdlib.h>
#include <string.h>

enum {
    C_D,
    C_P,
    C_EPS,
    C_DELTA,
    C_ORDER,
    C_CONSTRUCTION,
    C_RATIO,
    C_LENGTH_LO,
    C_LENGTH_HI,
    C_ENTRY_LO,
    C_ENTRY_HI,
    C_NOISE,
    C_N,
    C_SEED,
    C_DEFECT,
    C_ALLOWED,
    C_KEPT,
    C_SMALLEST,
    C_MEAN,
    C_LARGEST,
    C_NEEDED,
    C_ROW,
    C_SIGNS,
    C_FILE,
    C_ROWS,
    C_CHECK,
    C_VERDICT,
    C_EVIDENCE
};

static const sb_column column[] = {
    {"d", "d", SB_COLUMN_RIGHT},
    {"p", "p", 0},
    {"eps", "eps", 0},
    {"delta", "delta", SB_COLUMN_DATA},
    {"order", "b", SB_COLUMN_RIGHT},
    {"construction", "construction", 0},
    {"ratio", "b/d", SB_COLUMN_RIGHT},
    {"length_lo", "|v_i|_2 at least", SB_COLUMN_RIGHT},
    {"length_hi", "at most", SB_COLUMN_RIGHT},
    {"entry_lo", "|v_ij| at least", SB_COLUMN_DATA},
    {"entry_hi", "at most", SB_COLUMN_DATA},
    {"noise", "noise", 0},
    {"n", "n", SB_COLUMN_NUMBER},
    {"seed", "seed", SB_COLUMN_NUMBER | SB_COLUMN_DATA},
    {"defect", "relative defect", SB_COLUMN_RIGHT},
    {"allowed", "by rounding", SB_COLUMN_RIGHT},
    {"kept", "||Q eta||^2/||eta||^2", SB_COLUMN_RIGHT},
    {"smallest", "least (v_i.eta)^2/|v_i|^2", SB_COLUMN_DATA},
    {"mean", "mean (v_i.eta)^2/|v_i|^2", SB_COLUMN_RIGHT},
    {"largest", "largest (v_i.eta)^2/|v_i|^2", SB_COLUMN_DATA},
    {"needed", "Corollary 3.4", SB_COLUMN_RIGHT},
    {"row", "row", SB_COLUMN_NUMBER},
    {"signs", "signs", 0},
    {"file", "file", SB_COLUMN_DATA},
    {"rows", "rows", SB_COLUMN_NUMBER | SB_COLUMN_DATA},
    {"check", "check", 0},
    {"verdict", "verdict", 0},
    {"evidence", "evidence", SB_COLUMN_WRAP},
};

void sb_directions_rows_init(sb_directions_rows *rows) {
    memcpy(rows->column, column, sizeof column);
    sb_table_init(&rows->table, "smoothbound/directions/1", rows->column, sizeof column / sizeof column[0]);
}

void sb_directions_rows_clear(sb_directions_rows *rows) {
    sb_table_clear(&rows->table);
}

sb_verdict sb_directions_samples_verdict(const sb_direction_samples *samples) {
    return samples->defect <= samples->allowed ? SB_CONSISTENT : SB_DIFFERS;
}

/* malloc'd b/d, rounded down. */
static char *ratio(const sb_directions *directions) {
    fmpq_t value;
    fmpq_init(value);
    fmpz_set_ui(fmpq_numref(value), directions->shape->order);
    fmpz_set_ui(fmpq_denref(value), directions->parameters->dimension);
    fmpq_canonicalise(value);
    char *text = sb_rational_decimal(value, directions->digits, -1);
    fmpq_clear(value);
    return text;
}

/* malloc'd; NULL without delta. */
static char *needed(const sb_directions *directions) {
    if (!directions->has_delta) return NULL;
    fmpq_t coefficient;
    arb_t value, factor;
    slong precision = 4 * (slong)directions->digits + 64;
    fmpq_init(coefficient);
    arb_init(value);
    arb_init(factor);
    fmpq_one(coefficient);
    sb_corollary_3_4(coefficient, coefficient, directions->parameters->delta);
    arb_set_fmpq(factor, coefficient, precision);
    arb_mul(value, directions->length, directions->length, precision);
    arb_mul(value, value, factor, precision);
    char *text = sb_decimal_lower(value, directions->digits);
    fmpq_clear(coefficient);
    arb_clear(value);
    arb_clear(factor);
    return text;
}

/* ------------------------------------------------------------------ rows */
static void set_parameters(sb_table *table, const sb_directions *directions) {
    const sb_parameters *p = directions->parameters;
    sb_table_row(table);
    sb_table_setf(table, C_D, "%llu", (unsigned long long)p->dimension);
    sb_table_own(table, C_P, sb_exact_print(&p->norm));
    sb_table_own(table, C_EPS, sb_rational_print(p->radius));
    if (directions->has_delta) sb_table_own(table, C_DELTA, sb_rational_print(p->delta));
    sb_table_setf(table, C_ORDER, "%llu", (unsigned long long)directions->shape->order);
}

static void construction_row(sb_table *table, const sb_directions *directions) {
    sb_text construction;
    sb_text_init(&construction);
    sb_hadamard_order_print(&construction, directions->shape);
    set_parameters(table, directions);
    sb_table_own(table, C_CONSTRUCTION, sb_text_detach(&construction));
    sb_table_own(table, C_RATIO, ratio(directions));
    sb_table_own(table, C_LENGTH_LO, sb_decimal_lower(directions->length, directions->digits));
    sb_table_own(table, C_LENGTH_HI, sb_decimal_upper(directions->length, directions->digits));
    sb_table_own(table, C_ENTRY_LO, sb_decimal_lower(directions->entry, directions->digits));
    sb_table_own(table, C_ENTRY_HI, sb_decimal_upper(directions->entry, directions->digits));
    if (directions->written) {
        sb_table_set(table, C_FILE, directions->file);
        sb_table_setf(table, C_ROWS, "%llu", (unsigned long long)directions->written);
    }
    sb_table_set(table, C_CHECK, directions->check);
    sb_table_set(table, C_VERDICT, sb_verdict_name(directions->finding->verdict));
    sb_table_set(table, C_EVIDENCE, directions->finding->evidence.data);
}

static void samples_row(sb_table *table, const sb_directions *directions) {
    const sb_direction_samples *s = directions->samples;
    int digits = directions->digits < 17 ? directions->digits : 17;
    set_parameters(table, directions);
    sb_table_own(table, C_NOISE, sb_noise_spec_print(directions->noise));
    sb_table_setf(table, C_N, "%llu", (unsigned long long)s->count);
    sb_table_setf(table, C_SEED, "%llu", (unsigned long long)directions->seed);
    sb_table_setf(table, C_DEFECT, "%.3g", s->defect);
    sb_table_setf(table, C_ALLOWED, "%.3g", s->allowed);
    sb_table_setf(table, C_KEPT, "%.*g", digits, s->kept);
    sb_table_setf(table, C_SMALLEST, "%.*g", digits, s->smallest);
    sb_table_setf(table, C_MEAN, "%.*g", digits, s->mean);
    sb_table_setf(table, C_LARGEST, "%.*g", digits, s->largest);
    if (directions->has_delta) sb_table_own(table, C_NEEDED, needed(directions));
    sb_table_set(table, C_VERDICT, sb_verdict_name(sb_directions_samples_verdict(s)));
}

/* "+-+-..." of row i, NUL-terminated in `line`, by the signs in `sign`. */
static sb_status signs_of(const sb_hadamard *hadamard, uint64_t i, int8_t *sign, char *line,
                          sb_error *error) {
    sb_status status = sb_hadamard_row(hadamard, i, sign, error);
    uint64_t order = hadamard->shape.order;
    for (uint64_t j = 0; j < order && !status; j++) line[j] = sign[j] > 0 ? '+' : '-';
    line[order] = '\0';
    return status;
}

/* Calls `show` with every line of signs that is asked for. */
static sb_status each_row(const sb_directions *directions, void (*show)(void *, uint64_t, const char *),
                          void *context, sb_error *error) {
    if (!directions->printed) return SB_OK;
    size_t order = (size_t)directions->shape->order;
    int8_t *sign = malloc(order);
    char *line = malloc(order + 1);
    sb_status status = sign && line ? SB_OK : sb_fail_memory(error);
    for (uint64_t i = 0; i < directions->printed && !status; i++) {
        status = signs_of(directions->hadamard, i, sign, line, error);
        if (!status) show(context, i, line);
    }
    free(sign);
    free(line);
    return status;
}

static void signs_row(void *table, uint64_t row, const char *line) {
    sb_table_row(table);
    sb_table_setf(table, C_ROW, "%llu", (unsigned long long)row + 1);
    sb_table_set(table, C_SIGNS, line);
}

sb_status sb_directions_rows_fill(sb_directions_rows *rows, const sb_directions *directions,
                                  sb_error *error) {
    construction_row(&rows->table, directions);
    if (directions->noise) samples_row(&rows->table, directions);
    return each_row(directions, signs_row, &rows->table, error);
}

/* ------------------------------------------------------------------ text */
enum { INDENT = 16 };

static void construction_text(sb_text *out, const sb_directions *directions) {
    const sb_parameters *p = directions->parameters;
    uint64_t b = directions->shape->order;
    char *share = ratio(directions), *norm = sb_exact_print(&p->norm), *radius = sb_rational_print(p->radius);
    char *low = sb_decimal_lower(directions->length, directions->digits);
    char *high = sb_decimal_upper(directions->length, directions->digits);
    if (!share || !norm || !radius || !low || !high) {
        out->failed = 1;
    } else {
        sb_text_format(out, "d = %llu: b = %llu orthogonal directions, b/d = %s%s\n\n  construction  ",
                       (unsigned long long)p->dimension, (unsigned long long)b, share,
                       strchr(share, '.') ? "..." : "");
        sb_hadamard_order_print(out, directions->shape);
        sb_text_format(out, "\n  vectors       v_i = eps b^(-1/p) %s, u_i in {-1, 1}^b; p = %s, eps = %s\n",
                       b < p->dimension ? "(u_i, 0, ..., 0)" : "u_i", norm, radius);
        sb_text_append(out, "  length        |v_i|_p = eps, |v_i|_2 = eps b^(1/2-1/p) ");
        if (strcmp(low, high) == 0)
            sb_text_format(out, "= %s\n", low);
        else
            sb_text_format(out, "in [%s, %s]\n", low, high);
    }
    free(share);
    free(norm);
    free(radius);
    free(low);
    free(high);
}

static void check_text(sb_text *out, const sb_directions *directions, const sb_common_options *common) {
    sb_verdict verdict = directions->finding->verdict;
    sb_text_append(out, "  check         ");
    sb_cli_coloured(out, common,
                    verdict == SB_REFUTED                              ? "31"
                    : verdict == SB_PROVED || verdict == SB_CONSISTENT ? "32"
                                                                       : "33",
                    sb_verdict_name(verdict));
    sb_text_append(out, "\n");
    sb_text_paragraph(out, directions->finding->evidence.data, INDENT, sb_cli_width(common), 0);
    if (directions->written)
        sb_text_format(out, "  file          %s: shape (%llu, %llu), float32, read back and compared\n",
                       directions->file, (unsigned long long)directions->written,
                       (unsigned long long)directions->parameters->dimension);
}

static void samples_text(sb_text *out, const sb_directions *directions, const sb_common_options *common) {
    const sb_direction_samples *s = directions->samples;
    sb_verdict verdict = sb_directions_samples_verdict(s);
    int digits = directions->digits < 17 ? directions->digits : 17;
    char *noise = sb_noise_spec_print(directions->noise), *least = needed(directions);
    sb_text_format(out, "\n  samples       %llu of %s, seed %llu\n  Pythagoras    ",
                   (unsigned long long)s->count, noise ? noise : "?", (unsigned long long)directions->seed);
    sb_cli_coloured(out, common, verdict == SB_CONSISTENT ? "32" : "31", sb_verdict_name(verdict));
    sb_text_format(out,
                   ": sum of (v_i.eta)^2/|v_i|_2^2 = %s up to a relative %.2g (rounding can make %.2g)\n",
                   directions->shape->order < directions->parameters->dimension ? "eta_1^2 + ... + eta_b^2"
                                                                                : "||eta||_2^2",
                   s->defect, s->allowed);
    sb_text_format(out, "  projection    ||Q eta||_2^2/||eta||_2^2 is %.*g on average, at most 1\n", digits,
                   s->kept);
    sb_text_format(out, "  directions    mean of (v_i.eta)^2/|v_i|_2^2: %.*g (from %.*g to %.*g over i)\n",
                   digits, s->mean, digits, s->smallest, digits, s->largest);
    if (least) sb_text_format(out, "                Corollary 3.4 asks for %s in every direction\n", least);
    free(noise);
    free(least);
}

static void signs_line(void *out, uint64_t row, const char *line) {
    (void)row;
    sb_text_format(out, "%s\n", line);
}

sb_status sb_directions_text(sb_text *out, const sb_directions *directions, const sb_common_options *common,
                             sb_error *error) {
    construction_text(out, directions);
    check_text(out, directions, common);
    if (directions->noise) samples_text(out, directions, common);
    if (directions->printed) sb_text_append(out, "\n");
    sb_status status = each_row(directions, signs_line, out, error);
    return status ? status : sb_text_status(out, error);
}
