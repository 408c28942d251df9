/* Everything printed here stands in the rows too; numbers are taken from their cells, which are rounded so
   that the sentence around them holds. */
#include "cli/check_noise_text.h"

#include "cli/check_noise_input.h"

#include <stdlib.h>
#include <string.h>

static int is_given(unsigned given, unsigned what) {
    return (given & what) != 0;
}

static const char *or_blank(const char *cell) {
    return cell ? cell : "";
}

/* A cell of the answer rows. */
static const char *cell_of(const sb_check_noise_rows *rows, const char *quantity, const char *key) {
    return or_blank(sb_check_noise_cell(rows, 0, rows->table.row_count, quantity, key));
}

static const char *plural(uint64_t count) {
    return count == 1 ? "" : "s";
}

char *sb_check_noise_caption(const sb_check_noise_case *noise) {
    sb_text text;
    sb_text_init(&text);
    unsigned long long d = noise->moments->dimension;
    if (noise->noise)
        sb_text_append(&text, noise->noise);
    else if (noise->confidence)
        sb_text_format(
            &text,
            "%s: second moments of %llu coordinate%s from %llu sample%s, upper bounds at confidence %s",
            noise->input, d, plural(d), (unsigned long long)noise->samples, plural(noise->samples),
            noise->confidence);
    else
        sb_text_format(&text, "%.60s%s: %llu second moment%s or variance%s", noise->input,
                       strlen(noise->input) > 60 ? "..." : "", d, plural(d), plural(d));
    return sb_text_detach(&text);
}

/* ------------------------------------------------------------------ one block */
static void promise_line(sb_text *out, const sb_check_noise_case *noise) {
    sb_text_append(
        out, noise->promise == SB_PROMISE_TV
                 ? "Promise: TV(D, D+v) <= delta for all |v|_p <= eps"
                 : "Promise: no score gap above delta is overturned by any |v|_p <= eps (Definition 1)");
    if (noise->symmetric) sb_text_append(out, ", D symmetric about a point");
    sb_text_append(out, "\n");
}

static void verdict_line(sb_text *out, const sb_check_noise_rows *rows, const sb_check_noise_case *noise,
                         const sb_common_options *common) {
    const char *word = cell_of(rows, "promise", "verdict");
    int refuted = rows->refuted;
    sb_cli_coloured(out, common, refuted ? "31" : "32", word);
    if (refuted && noise->confidence) sb_text_format(out, " at confidence %s", noise->confidence);
    sb_text_append(out, refuted ? ": no noise with these second moments keeps it\n"
                                : ": these second moments do not exclude it; that does not prove it\n");
}

/* "coordinates 0, 5, 17, ..." from the list of a cell */
static void append_coordinates(sb_text *text, const char *list, unsigned long long size) {
    enum { SHOWN = 8 };
    unsigned long long shown = 0;
    sb_text_append(text, size > 1 ? "coordinates " : "coordinate ");
    for (const char *at = list; *at && shown < SHOWN; shown++) {
        size_t length = strcspn(at, ",");
        sb_text_format(text, "%s%.*s", shown ? ", " : "", (int)length, at);
        at += length + (at[length] == ',');
    }
    if (size > shown) sb_text_append(text, ", ...");
}

/* Which coordinates the tightest inequality is about. */
static char *coordinates_text(const sb_check_noise_case *noise, const char *list) {
    const sb_moment_limit *limit = &noise->limit;
    unsigned long long size = sb_moment_limit_support(limit), d = noise->moments->dimension;
    sb_text text;
    sb_text_init(&text);
    if (!limit->size) {
        int few = noise->samples < SB_CHECK_NOISE_LEAST_SAMPLES;
        sb_text_append(&text, !noise->confidence ? "no second moment is finite"
                              : few              ? "too few samples for any bound"
                                                 : "no upper bound is finite");
    } else if (d == 1) {
        sb_text_append(&text, "the only coordinate");
    } else if (size == d) {
        sb_text_format(&text, "%s %llu coordinates", limit->group_count ? "weights on all" : "all", size);
    } else if (fmpq_is_zero(limit->sum)) {
        sb_text_append(&text, "no noise in ");
        append_coordinates(&text, list, size);
    } else if (size == 1) {
        append_coordinates(&text, list, size);
        sb_text_append(&text, ", of least second moment");
    } else {
        sb_text_format(
            &text, "%s%llu of least second moment: ", limit->group_count ? "weights on the " : "the ", size);
        append_coordinates(&text, list, size);
    }
    return sb_text_detach(&text);
}

/* malloc'd quotient of two positive cells, rounded up */
static char *quotient(const char *above, const char *below) {
    sb_exact a, b;
    sb_error error;
    char *text = NULL;
    sb_exact_init(&a);
    sb_exact_init(&b);
    if (!sb_exact_parse("", above, &a, &error) && !sb_exact_parse("", below, &b, &error)) {
        fmpq_div(a.value, a.value, b.value);
        text = sb_rational_decimal(a.value, 4, 1);
    }
    sb_exact_clear(&a);
    sb_exact_clear(&b);
    return text;
}

static void add_answer(sb_lines *lines, const sb_check_noise_rows *rows, const char *name,
                       const char *quantity, const char *end, const char *relation, const char *remark) {
    sb_lines_add(lines, name, relation, sb_duplicate(cell_of(rows, quantity, end)), sb_duplicate(remark));
}

/* What the tightest inequality says. */
static void add_reason(sb_lines *lines, const sb_check_noise_rows *rows, const sb_check_noise_case *noise,
                       unsigned given) {
    const sb_moment_limit *limit = &noise->limit;
    const char *quantity = is_given(given, SB_GIVEN_DELTA) ? "eps_most" : "delta_least";
    const char *source = !limit->size               ? "nothing is excluded"
                         : fmpq_is_zero(limit->sum) ? "no promise at any eps"
                         : limit->group_count       ? "average over signs (sharp-1.2)"
                                                    : "sharp Lemma 3.7 (sharp-3.7)";
    sb_lines_add(lines, "by", "", coordinates_text(noise, cell_of(rows, quantity, "coordinates")),
                 sb_duplicate(source));
    if (!limit->size) return;
    if (limit->group_count) {
        sb_lines_add(
            lines, "weights", "",
            sb_format("w_i^2 = (t - E[eta_i^2])^(2/(p-2)) below t = %s", cell_of(rows, quantity, "level")),
            sb_duplicate(""));
        return;
    }
    if (given == (SB_GIVEN_EPS | SB_GIVEN_DELTA))
        sb_lines_add(lines, "their sum", "<=", sb_duplicate(cell_of(rows, "promise", "sum")),
                     sb_format("needed: at least %s", cell_of(rows, "promise", "needed")));
}

static void add_answers(sb_lines *lines, const sb_check_noise_rows *rows, const sb_check_noise_case *noise,
                        unsigned given) {
    int both = given == (SB_GIVEN_EPS | SB_GIVEN_DELTA);
    if (is_given(given, SB_GIVEN_DELTA))
        add_answer(lines, rows, "eps", "eps_most", "hi", "<=",
                   !noise->limit.size ? "no limit"
                   : both             ? "of any promise at this delta"
                                      : "of any promise: a larger one is impossible");
    if (is_given(given, SB_GIVEN_EPS))
        add_answer(lines, rows, "delta", "delta_least", "lo", ">=",
                   !noise->limit.size ? "no limit"
                   : both             ? "of any promise at this eps"
                                      : "of any promise: a smaller one is impossible");
    add_reason(lines, rows, noise, given);
    const char *kept = cell_of(rows, "eps_promised", "lo");
    if (*kept) {
        char *times = quotient(cell_of(rows, "eps_most", "hi"), kept);
        sb_lines_add(lines, "Gaussian", "eps =", sb_duplicate(kept),
                     times ? sb_format("kept by independent Gaussian coordinates with these variances, "
                                       "%s times less",
                                       times)
                           : NULL);
        free(times);
    }
    kept = cell_of(rows, "delta_promised", "hi");
    if (*kept)
        add_answer(lines, rows, "Gaussian", "delta_promised", "hi",
                   "delta =", "kept by independent Gaussian coordinates with these variances");
}

/* Then all prefixes say the same, or less than the whole. */
static int all_equal(const sb_coordinate_moments *moments) {
    return !moments->count ||
           sb_coordinate_moment_equals(&moments->item[0], &moments->item[moments->count - 1]);
}

/* The prefix rows as a table of their own. */
static const sb_column prefix_column[] = {{"k", "k", SB_COLUMN_RIGHT},
                                          {"largest", "E[eta_i^2] up to", SB_COLUMN_RIGHT},
                                          {"sum", "sum", SB_COLUMN_RIGHT},
                                          {"needed", "needed", SB_COLUMN_RIGHT},
                                          {"hi", "eps at most", SB_COLUMN_RIGHT},
                                          {"lo", "delta at least", SB_COLUMN_RIGHT},
                                          {"verdict", "", 0}};

static void prefix_table(sb_text *out, const sb_check_noise_rows *rows, unsigned given) {
    enum { COLUMNS = sizeof prefix_column / sizeof prefix_column[0] };
    sb_column shown[COLUMNS];
    sb_table table;
    memcpy(shown, prefix_column, sizeof shown);
    sb_table_init(&table, NULL, shown, COLUMNS);
    for (size_t i = 0; i < rows->table.row_count; i++) {
        const char *quantity = sb_check_noise_cell(rows, i, i + 1, "prefix", "quantity");
        if (!quantity) continue;
        sb_table_row(&table);
        for (size_t j = 0; j < COLUMNS; j++) {
            const char *key = prefix_column[j].key;
            if (strcmp(key, is_given(given, SB_GIVEN_DELTA) ? "lo" : "hi") == 0) continue;
            const char *cell = sb_check_noise_cell(rows, i, i + 1, "prefix", key);
            if (cell) sb_table_set(&table, j, cell);
        }
    }
    sb_hide_empty_columns(&table, shown);
    sb_text_append(out, "\n");
    table.caption = "The k coordinates of least second moment alone:";
    if (table.row_count && sb_table_print(&table, SB_FORMAT_TEXT, 0, out, NULL)) out->failed = 1;
    sb_table_clear(&table);
}

void sb_check_noise_text(sb_text *out, const sb_check_noise_rows *rows, const sb_check_noise_case *noise,
                         const sb_parameters *parameters, unsigned given, const sb_common_options *common) {
    sb_text head;
    sb_lines lines;
    char *title = sb_check_noise_caption(noise);
    sb_text_init(&head);
    sb_text_format(&head, "%s%s", title ? title : "", noise->confidence ? "\n" : "; ");
    sb_text parameter;
    sb_text_init(&parameter);
    sb_parameter_line(&parameter, parameters,
                      !is_given(given, SB_GIVEN_EPS)     ? "eps"
                      : !is_given(given, SB_GIVEN_DELTA) ? "delta"
                                                         : NULL);
    sb_text_append(&head, parameter.data);
    sb_cli_coloured(out, common, "1", head.data);
    sb_text_append(out, "\n");
    promise_line(out, noise);
    if (given == (SB_GIVEN_EPS | SB_GIVEN_DELTA)) verdict_line(out, rows, noise, common);
    sb_lines_init(&lines);
    add_answers(&lines, rows, noise, given);
    sb_lines_print(&lines, out);
    if (!all_equal(noise->moments)) prefix_table(out, rows, given);
    out->failed |= head.failed | parameter.failed | !title;
    sb_text_clear(&head);
    sb_text_clear(&parameter);
    free(title);
    if (!noise->confidence) return;
    sb_text_append(out, "\n");
    sb_text_paragraph(
        out,
        "The upper bounds hold together for all coordinates, as far as the measured fourth moments are "
        "right: the confidence is asymptotic.",
        0, sb_cli_width(common), 0);
}

/* ------------------------------------------------------------------ one line each */
enum {
    K_D,
    K_P,
    K_EPS,
    K_DELTA,
    K_VERDICT,
    K_EPS_MOST,
    K_DELTA_LEAST,
    K_K,
    K_SOURCE,
    K_EPS_GAUSS,
    K_DELTA_GAUSS
};

const sb_column sb_check_noise_compact_column[] = {{"d", "d", SB_COLUMN_RIGHT},
                                                   {"p", "p", SB_COLUMN_RIGHT},
                                                   {"eps", "eps", SB_COLUMN_RIGHT},
                                                   {"delta", "delta", SB_COLUMN_RIGHT},
                                                   {"verdict", "verdict", 0},
                                                   {"eps_most", "eps at most", SB_COLUMN_RIGHT},
                                                   {"delta_least", "delta at least", SB_COLUMN_RIGHT},
                                                   {"k", "coordinates", SB_COLUMN_RIGHT},
                                                   {"source", "by", 0},
                                                   {"eps_promised", "Gaussian: eps", SB_COLUMN_RIGHT},
                                                   {"delta_promised", "Gaussian: delta", SB_COLUMN_RIGHT}};
const size_t sb_check_noise_compact_column_count =
    sizeof sb_check_noise_compact_column / sizeof sb_check_noise_compact_column[0];

void sb_check_noise_compact(const sb_check_noise_rows *rows, sb_table *table) {
    static const struct {
        size_t column;
        const char *quantity, *key; /* quantity NULL: that of the first row */
    } part[] = {{K_D, NULL, "d"},
                {K_P, NULL, "p"},
                {K_EPS, NULL, "eps"},
                {K_DELTA, NULL, "delta"},
                {K_VERDICT, "promise", "verdict"},
                {K_EPS_MOST, "eps_most", "hi"},
                {K_DELTA_LEAST, "delta_least", "lo"},
                {K_K, NULL, "k"},
                {K_SOURCE, NULL, "source"},
                {K_EPS_GAUSS, "eps_promised", "lo"},
                {K_DELTA_GAUSS, "delta_promised", "hi"}};
    size_t count = rows->table.row_count;
    if (!count) return;
    const char *first = "promise"; /* the quantity that each call begins with */
    if (!sb_check_noise_cell(rows, 0, 1, first, "quantity")) first = "eps_most";
    if (!sb_check_noise_cell(rows, 0, 1, first, "quantity")) first = "delta_least";
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && !sb_check_noise_cell(rows, end, end + 1, first, "quantity");) end++;
        sb_table_row(table);
        for (size_t j = 0; j < sizeof part / sizeof part[0]; j++) {
            const char *cell =
                sb_check_noise_cell(rows, i, end, part[j].quantity ? part[j].quantity : first, part[j].key);
            if (cell) sb_table_set(table, part[j].column, cell);
        }
    }
}
