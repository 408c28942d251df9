/* A row is an enclosure [lo, hi] of TV and one of 1 - TV, each rounded outward to the asked digits and cut to
 * [0, 1]. */
#include "cli/tv_rows.h"

#include "bounds/tv_robustness.h"
#include "cli/bound_text.h"
#include "cli/parameter_grid.h"
#include "support/enclosure.h"

#include <stdlib.h>
#include <string.h>

enum {
    C_NOISE,
    C_D,
    C_SHIFT,
    C_P,
    C_EPS,
    C_QUANTITY,
    C_SENSE,
    C_METHOD,
    C_CERTIFIED,
    C_SOURCE,
    C_LO,
    C_HI,
    C_ONE_MINUS_LO,
    C_ONE_MINUS_HI,
    C_WORST,
    C_VERDICT,
    C_CONFIDENCE,
    C_EVALUATIONS,
    C_HOW,
    C_OUTSIDE
};

static const sb_column column[] = {{"noise", "noise", 0},
                                   {"d", "d", SB_COLUMN_RIGHT},
                                   {"shift", "shift", 0},
                                   {"p", "p", SB_COLUMN_RIGHT},
                                   {"eps", "eps", SB_COLUMN_RIGHT},
                                   {"quantity", "quantity", SB_COLUMN_DATA},
                                   {"sense", "sense", SB_COLUMN_DATA},
                                   {"method", "method", 0},
                                   {"certified", "certified", SB_COLUMN_DATA | SB_COLUMN_NUMBER},
                                   {"source", "source", SB_COLUMN_DATA},
                                   {"lo", "TV at least", SB_COLUMN_RIGHT},
                                   {"hi", "TV at most", SB_COLUMN_RIGHT},
                                   {"one_minus_lo", "1 - TV at least", SB_COLUMN_RIGHT},
                                   {"one_minus_hi", "1 - TV at most", SB_COLUMN_RIGHT},
                                   {"worst", "worst case", 0},
                                   {"verdict", "verdict", 0},
                                   {"confidence", "confidence", 0},
                                   {"evaluations", "evaluations", SB_COLUMN_DATA | SB_COLUMN_NUMBER},
                                   {"how", "how", SB_COLUMN_DATA},
                                   {"outside", "outside", 0}};

void sb_tv_rows_init(sb_tv_rows *rows) {
    memcpy(rows->column, column, sizeof column);
    sb_table_init(&rows->table, "smoothbound/tv/1", rows->column, sizeof column / sizeof column[0]);
    rows->undecided = 0;
    sb_text_init(&rows->conclusion);
}

void sb_tv_rows_clear(sb_tv_rows *rows) {
    sb_table_clear(&rows->table);
    sb_text_clear(&rows->conclusion);
}

/* ------------------------------------------------------------------ numbers */
enum { TINY = -(1 << 20) }; /* below 2^TINY a rational is not written out */

/* value := one end of the ball, rounded outward where it is tiny, and cut to [0, 1] */
static void end_of(fmpq_t value, const arb_t ball, int upper) {
    arf_t end;
    arf_init(end);
    if (upper)
        arb_get_ubound_arf(end, ball, arb_bits(ball) + 64);
    else
        arb_get_lbound_arf(end, ball, arb_bits(ball) + 64);
    if (arf_is_nan(end)) {
        fmpq_set_si(value, upper, 1);
    } else if (arf_cmp_si(end, 1) >= 0) {
        fmpq_set_si(value, 1, 1);
    } else if (arf_sgn(end) <= 0) {
        fmpq_zero(value);
    } else if (arf_cmpabs_2exp_si(end, TINY) < 0) {
        fmpq_set_si(value, upper, 1);
        fmpq_div_2exp(value, value, -TINY);
    } else {
        arf_get_fmpq(value, end);
    }
    arf_clear(end);
}

/* malloc'd decimal of one end, rounded outward */
static char *decimal_end(const arb_t ball, int upper, int digits) {
    if (arb_is_positive(ball) && arf_cmpabs_2exp_si(arb_midref(ball), TINY) < 0)
        return upper ? sb_decimal_upper(ball, digits) : sb_decimal_lower(ball, digits);
    fmpq_t end;
    fmpq_init(end);
    end_of(end, ball, upper);
    char *text = sb_rational_decimal(end, digits, upper ? 1 : -1);
    fmpq_clear(end);
    return text;
}

static void set_ends(sb_table *table, size_t low, size_t high, const arb_t ball, int digits) {
    sb_table_own(table, low, decimal_end(ball, 0, digits));
    sb_table_own(table, high, decimal_end(ball, 1, digits));
}

/* ------------------------------------------------------------------ rows */
/* Lemma A.1: a gap above 2 TV is safe. Lemma A.4: no gap below TV is safe for every classifier. */
static void conclude(sb_text *out, const sb_tv_request *request, const arb_t total_variation, int certified,
                     int at_least) {
    int digits = request->options.digits;
    fmpq_t low, high, sufficient, necessary, half;
    fmpq_init(low);
    fmpq_init(high);
    fmpq_init(sufficient);
    fmpq_init(necessary);
    fmpq_init(half);
    fmpq_set_si(half, 1, 2);
    end_of(low, total_variation, 0);
    end_of(high, total_variation, 1);
    sb_sufficient_gap(sufficient, high);
    sb_necessary_gap(necessary, low);
    char *safe = sb_rational_decimal(sufficient, digits, 1),
         *unsafe = sb_rational_decimal(necessary, digits, -1);
    const char *whom = request->shift_text ? "this shift" : "every shift in this ball";
    sb_text_truncate(out, 0);
    if (!certified) sb_text_format(out, "At confidence %s: ", request->confidence_text);
    if (at_least)
        sb_text_append(out, "Other shifts in the ball may be worse, so no score gap is certified.");
    else if (fmpq_cmp_ui(sufficient, 1) < 0)
        sb_text_format(out, "A score gap above %s is safe against %s (Lemma A.1).", safe ? safe : "?", whom);
    else
        sb_text_format(out, "Lemma A.1 certifies no score gap against %s, since 2 TV %s 1.", whom,
                       fmpq_cmp(low, half) < 0 ? "may reach" : "is at least");
    if (fmpq_sgn(necessary) > 0)
        sb_text_format(out, " No gap below %s is safe for every classifier (Lemma A.4).",
                       unsafe ? unsafe : "?");
    if (!safe || !unsafe) out->failed = 1;
    free(safe);
    free(unsafe);
    fmpq_clear(low);
    fmpq_clear(high);
    fmpq_clear(sufficient);
    fmpq_clear(necessary);
    fmpq_clear(half);
}

static void start_row(sb_table *table, const sb_tv_request *request) {
    sb_table_row(table);
    sb_table_own(table, C_NOISE, sb_noise_spec_print(request->noise));
    sb_table_setf(table, C_D, "%llu", (unsigned long long)request->dimension);
    if (request->shift_text) {
        sb_table_set(table, C_SHIFT, request->shift_text);
    } else {
        sb_table_own(table, C_P, sb_exact_print(request->norm));
        sb_table_own(table, C_EPS, sb_exact_text(request->radius, 0));
    }
    sb_table_set(table, C_QUANTITY, "TV");
}

static void set_verdict(sb_tv_rows *rows, int digits_met, int digits) {
    if (digits_met) return;
    sb_table_setf(&rows->table, C_VERDICT, "undecided: %d digits not reached", digits);
    rows->undecided++;
}

/* The statement of the theory behind a method. */
static const char *source_of(const sb_tv_request *request, sb_tv_method method) {
    const char *family = request->noise->family->name;
    switch (method) {
    case SB_METHOD_CLOSED:
        return strcmp(family, "gaussian") == 0 ? "S6" : strcmp(family, "uniform") == 0 ? "lemma-B.4" : "N3";
    case SB_METHOD_RADIAL:
        return "N3";
    case SB_METHOD_LATTICE:
        return "N2";
    case SB_METHOD_SAMPLE:
        return "N4";
    case SB_METHOD_AUTO:
    case SB_METHOD_PRODUCT:
        break;
    }
    return "N1";
}

static sb_status add_shift(sb_tv_rows *rows, const sb_tv_request *request, sb_error *error) {
    sb_table *table = &rows->table;
    sb_tv_result result;
    sb_tv_result_init(&result);
    sb_status status = sb_total_variation(&result, request->noise, request->shift, &request->options, error);
    if (!status) {
        start_row(table, request);
        sb_table_set(table, C_SENSE, "exact");
        sb_table_set(table, C_METHOD, sb_tv_method_name(result.method));
        sb_table_set(table, C_CERTIFIED, result.certified ? "true" : "false");
        sb_table_set(table, C_SOURCE, source_of(request, result.method));
        set_ends(table, C_LO, C_HI, result.total_variation, request->options.digits);
        set_ends(table, C_ONE_MINUS_LO, C_ONE_MINUS_HI, result.overlap, request->options.digits);
        if (result.certified)
            set_verdict(rows, result.digits_met, request->options.digits);
        else
            sb_table_set(table, C_CONFIDENCE, request->confidence_text);
        if (result.nodes) sb_table_setf(table, C_EVALUATIONS, "%llu", (unsigned long long)result.nodes);
        sb_table_set(table, C_HOW, result.how ? result.how : "");
        conclude(&rows->conclusion, request, result.total_variation, result.certified, 0);
    }
    sb_tv_result_clear(&result);
    return status;
}

static const char *worst_source(const sb_noise_family *family) {
    if (strcmp(family->name, "gaussian") == 0) return "S6";
    if (strcmp(family->name, "uniform") == 0) return "S8";
    return family->radial ? "N3" : "N1";
}

static sb_status add_worst(sb_tv_rows *rows, const sb_tv_request *request, sb_error *error) {
    sb_table *table = &rows->table;
    sb_worst_result result;
    sb_worst_result_init(&result);
    sb_status status = sb_worst_total_variation(&result, request->noise, request->dimension, request->norm,
                                                request->radius, &request->options, error);
    if (!status) {
        start_row(table, request);
        sb_table_set(table, C_SENSE, result.kind == SB_WORST_AT_EQUAL ? "necessary" : "exact");
        sb_table_set(table, C_CERTIFIED, "true");
        sb_table_set(table, C_SOURCE, worst_source(request->noise->family));
        set_ends(table, C_LO, C_HI, result.total_variation, request->options.digits);
        set_ends(table, C_ONE_MINUS_LO, C_ONE_MINUS_HI, result.overlap, request->options.digits);
        sb_table_own(table, C_WORST, sb_worst_words(result.kind, result.coordinates, request->dimension));
        set_verdict(rows, result.digits_met, request->options.digits);
        if (result.boxes) sb_table_setf(table, C_EVALUATIONS, "%llu", (unsigned long long)result.boxes);
        sb_table_set(table, C_HOW, result.how ? result.how : "");
        conclude(&rows->conclusion, request, result.total_variation, 1, result.kind == SB_WORST_AT_EQUAL);
    }
    sb_worst_result_clear(&result);
    return status;
}

sb_status sb_tv_rows_add(sb_tv_rows *rows, const sb_tv_request *request, sb_error *error) {
    return request->shift_text ? add_shift(rows, request, error) : add_worst(rows, request, error);
}

void sb_tv_rows_add_outside(sb_tv_rows *rows, const sb_tv_request *request, const char *reason) {
    start_row(&rows->table, request);
    sb_table_set(&rows->table, C_OUTSIDE, reason);
}

/* ------------------------------------------------------------------ text */
static char *interval(char *const *cell, size_t low, size_t high) {
    return strcmp(cell[low], cell[high]) == 0 ? sb_duplicate(cell[low])
                                              : sb_format("%s .. %s", cell[low], cell[high]);
}

void sb_tv_text(sb_text *out, const sb_tv_rows *rows, const sb_common_options *common) {
    const sb_table *table = &rows->table;
    if (table->failed || !table->row_count) {
        out->failed |= table->failed;
        return;
    }
    char *const *cell = table->cell;
    sb_text head;
    sb_text_init(&head);
    sb_text_format(&head, "%s, d = %s, ", cell[C_NOISE], cell[C_D]);
    if (cell[C_SHIFT])
        sb_text_format(&head, "shift %s", cell[C_SHIFT]);
    else
        sb_text_format(&head, "|v|_%s <= %s", cell[C_P], cell[C_EPS]);
    sb_cli_coloured(out, common, "1", head.data);
    out->failed |= head.failed;
    sb_text_clear(&head);
    sb_text_append(out, cell[C_SHIFT]
                            ? "\nTotal variation between the noise and the shifted noise\n"
                            : "\nTotal variation between the noise and the shifted noise, worst shift\n");
    sb_lines lines;
    sb_lines_init(&lines);
    sb_lines_add(&lines, "TV", "", interval(cell, C_LO, C_HI),
                 sb_duplicate(cell[C_WORST] ? cell[C_WORST] : ""));
    sb_lines_add(&lines, "1 - TV", "", interval(cell, C_ONE_MINUS_LO, C_ONE_MINUS_HI), sb_duplicate(""));
    sb_lines_print(&lines, out);
    sb_text_append(out, "\n");
    sb_text how;
    sb_text_init(&how);
    if (cell[C_CONFIDENCE])
        sb_text_format(&how, "Not certified: an interval at confidence %s", cell[C_CONFIDENCE]);
    else
        sb_text_append(&how, "Certified: the true values lie in these intervals");
    if (cell[C_METHOD])
        sb_text_format(&how, " (method %s: %s)", cell[C_METHOD], cell[C_HOW]);
    else if (*cell[C_HOW])
        sb_text_format(&how, " (%s)", cell[C_HOW]);
    sb_text_append(&how, ".");
    size_t width = sb_cli_width(common);
    sb_text_paragraph(out, how.data, 0, width, 0);
    out->failed |= how.failed;
    sb_text_clear(&how);
    sb_text_paragraph(out, rows->conclusion.data, 0, width, 0);
    if (cell[C_VERDICT]) {
        sb_cli_coloured(out, common, "33", "undecided");
        sb_text_format(out, "%s; the intervals above are what was reached.\n",
                       cell[C_VERDICT] + strlen("undecided"));
    }
}
