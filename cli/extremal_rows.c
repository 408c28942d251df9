/* A row is an exact rational times eps^2, printed outward; Gaussian noise is an enclosure. */
#include "cli/extremal_rows.h"

#include "bounds/bound.h"
#include "bounds/gaussian.h"
#include "bounds/sharp.h"
#include "cli/bound_text.h"
#include "cli/parameter_grid.h"

#include <stdlib.h>
#include <string.h>

enum {
    C_D,
    C_P,
    C_EPS,
    C_DELTA,
    C_LATTICE,
    C_SHIFT,
    C_QUANTITY,
    C_SENSE,
    C_SOURCE,
    C_LO,
    C_HI,
    C_EXACT,
    C_RATIO,
    C_VERDICT,
    C_STATEMENT,
    C_POINT,
    C_POINTS,
    C_MASS,
    C_NOTE
};

static const sb_column column[SB_EXTREMAL_COLUMNS] = {{"d", "d", SB_COLUMN_RIGHT},
                                                      {"p", "p", SB_COLUMN_RIGHT},
                                                      {"eps", "eps", SB_COLUMN_RIGHT},
                                                      {"delta", "delta", SB_COLUMN_RIGHT},
                                                      {"lattice", "lattice", 0},
                                                      {"shift", "shift", SB_COLUMN_DATA},
                                                      {"quantity", "quantity", SB_COLUMN_DATA},
                                                      {"sense", "sense", SB_COLUMN_DATA},
                                                      {"source", "source", SB_COLUMN_DATA},
                                                      {"lo", "at least", SB_COLUMN_RIGHT},
                                                      {"hi", "at most", SB_COLUMN_RIGHT},
                                                      {"exact", "exact", SB_COLUMN_DATA},
                                                      {"ratio", "of Gaussian", SB_COLUMN_RIGHT},
                                                      {"verdict", "verdict", SB_COLUMN_DATA},
                                                      {"statement", "what", 0},
                                                      {"point", "point", SB_COLUMN_RIGHT},
                                                      {"points", "points", SB_COLUMN_RIGHT},
                                                      {"mass", "mass of each", SB_COLUMN_RIGHT},
                                                      {"note", "note", 0}};

void sb_extremal_rows_init(sb_extremal_rows *rows) {
    memcpy(rows->column, column, sizeof column);
    sb_table_init(&rows->table, "smoothbound/extremal/1", rows->column, SB_EXTREMAL_COLUMNS);
    rows->unsettled = 0;
}

void sb_extremal_rows_clear(sb_extremal_rows *rows) {
    sb_table_clear(&rows->table);
}

/* ------------------------------------------------------------------ cells */
static void start_row(sb_table *table, const sb_parameters *parameters, const sb_extremal_problem *problem) {
    sb_table_row(table);
    sb_table_setf(table, C_D, "%llu", (unsigned long long)parameters->dimension);
    sb_table_own(table, C_P, sb_exact_print(&parameters->norm));
    sb_table_own(table, C_EPS, sb_exact_text(parameters->radius, 0));
    sb_table_own(table, C_DELTA, sb_exact_text(parameters->delta, 0));
    if (problem->grid == SB_EXTREMAL_PARITY)
        sb_table_set(table, C_LATTICE, "parity");
    else
        sb_table_setf(table, C_LATTICE, problem->grid == 1 ? "eps" : "eps/%u", problem->grid);
    sb_table_set(table, C_SHIFT, problem->every_shift ? "full" : "single");
}

/* A rational that is exact and short enough to be read. */
static void set_fraction(sb_table *table, size_t at, const fmpq_t value) {
    enum { SHORT = 24 };
    char *fraction = sb_rational_print(value);
    if (!fraction) table->failed = 1;
    if (fraction && strlen(fraction) <= SHORT) sb_table_set(table, at, fraction);
    free(fraction);
}

typedef struct {
    sb_sense sense;
    const char *source, *statement, *verdict;
} row_kind;

/* A row for a quantity between lo eps^2 and hi eps^2. */
static void add_exact(sb_extremal_rows *rows, const sb_extremal_case *solved, const row_kind *kind,
                      const fmpq_t lo, const fmpq_t hi, const arb_t gaussian) {
    sb_table *table = &rows->table;
    fmpq_t low, high;
    arb_t ratio;
    fmpq_init(low);
    fmpq_init(high);
    arb_init(ratio);
    fmpq_mul(high, solved->parameters->radius, solved->parameters->radius);
    fmpq_mul(low, lo, high);
    fmpq_mul(high, hi, high);
    start_row(table, solved->parameters, solved->problem);
    sb_table_set(table, C_QUANTITY, "E||eta||_2^2");
    sb_table_set(table, C_SENSE, sb_sense_name(kind->sense));
    sb_table_set(table, C_SOURCE, kind->source);
    sb_table_set(table, C_STATEMENT, kind->statement);
    if (kind->verdict) sb_table_set(table, C_VERDICT, kind->verdict);
    sb_table_own(table, C_LO, sb_rational_decimal(low, solved->digits, -1));
    sb_table_own(table, C_HI, sb_rational_decimal(high, solved->digits, 1));
    if (fmpq_equal(low, high)) set_fraction(table, C_EXACT, low);
    arb_set_fmpq(ratio, low, 128);
    arb_div(ratio, ratio, gaussian, 128);
    if (arb_is_finite(ratio))
        sb_table_own(table, C_RATIO,
                     kind->sense == SB_SUFFICIENT ? sb_decimal_upper(ratio, 4) : sb_decimal_lower(ratio, 4));
    fmpq_clear(low);
    fmpq_clear(high);
    arb_clear(ratio);
}

/* d sigma^2 of the smallest Gaussian noise. */
static void gaussian_square(arb_t value, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    sb_gaussian_sigma(value, parameters, precision);
    arb_mul(value, value, value, precision);
    arb_mul_ui(value, value, parameters->dimension, precision);
}

static void add_gaussian(sb_extremal_rows *rows, const sb_extremal_case *solved, const arb_t gaussian) {
    sb_table *table = &rows->table;
    start_row(table, solved->parameters, solved->problem);
    sb_table_set(table, C_QUANTITY, "E||eta||_2^2");
    sb_table_set(table, C_SENSE, sb_sense_name(SB_SUFFICIENT));
    sb_table_set(table, C_SOURCE, "gaussian-exact");
    sb_table_set(table, C_STATEMENT, "Gaussian noise");
    sb_table_own(table, C_LO, sb_decimal_lower(gaussian, solved->digits));
    sb_table_own(table, C_HI, sb_decimal_upper(gaussian, solved->digits));
    sb_table_set(table, C_RATIO, "1");
}

sb_status sb_extremal_rows_add(sb_extremal_rows *rows, const sb_extremal_case *solved, sb_error *error) {
    const sb_extremal *extremal = solved->extremal;
    int settled = fmpq_equal(extremal->lo, extremal->hi);
    const row_kind on_lattice = {SB_EXACT, "extremal", "least on the lattice",
                                 settled ? "proved" : "undecided"};
    static const row_kind every_law = {SB_NECESSARY, "extremal", "every noise, by the lattice", "proved"};
    static const row_kind cells = {SB_SUFFICIENT, "extremal", "that law spread over cells", "proved"};
    static const row_kind sharp = {SB_NECESSARY, "sharp-1.2", "every noise: d^2 m(delta)", NULL};
    arb_t gaussian;
    fmpq_t value, m;
    fmpz_t d;
    arb_init(gaussian);
    fmpq_init(value);
    fmpq_init(m);
    fmpz_init_set_ui(d, solved->problem->dimension);
    sb_status status = sb_enclose(gaussian, gaussian_square, solved->parameters, solved->digits, error);
    if (!status) {
        rows->unsettled |= !settled;
        add_exact(rows, solved, &on_lattice, extremal->lo, extremal->hi, gaussian);
        sb_sharp_m(m, solved->parameters->delta);
        fmpq_mul_fmpz(m, m, d);
        fmpq_mul_fmpz(m, m, d);
        if (sb_extremal_every_law(value, extremal, solved->problem) && fmpq_cmp(value, m) > 0)
            add_exact(rows, solved, &every_law, value, value, gaussian);
        if (sb_extremal_every_length(value, extremal, solved->problem))
            add_exact(rows, solved, &cells, value, value, gaussian);
        add_exact(rows, solved, &sharp, m, m, gaussian);
        add_gaussian(rows, solved, gaussian);
    }
    arb_clear(gaussian);
    fmpq_clear(value);
    fmpq_clear(m);
    fmpz_clear(d);
    return status;
}

void sb_extremal_rows_refused(sb_extremal_rows *rows, const sb_parameters *parameters,
                              const sb_extremal_problem *problem, const sb_error *why) {
    start_row(&rows->table, parameters, problem);
    sb_table_set(&rows->table, C_SOURCE, "extremal");
    sb_table_set(&rows->table, C_VERDICT, "skipped");
    sb_table_set(&rows->table, C_NOTE, why->message);
    rows->unsettled = 1;
}

/* ------------------------------------------------------------------ the law */
/* malloc'd multiple/unit: a coordinate in units of eps */
static char *coordinate(int multiple, unsigned unit) {
    fmpq_t x;
    fmpq_init(x);
    fmpq_set_si(x, multiple, unit);
    char *text = sb_rational_print(x);
    fmpq_clear(x);
    return text;
}

/* "(2, 1, 1)" */
static char *point_text(const sb_extremal *extremal, size_t orbit, int sign) {
    sb_text text;
    sb_text_init(&text);
    unsigned d = extremal->dimension;
    for (unsigned i = 0; i < d; i++) {
        char *x = coordinate(sign * extremal->point[orbit * d + i], extremal->unit);
        sb_text_format(&text, "%s%s%s",
                       i       ? ", "
                       : d > 1 ? "("
                               : "",
                       x ? x : "?", i + 1 == d && d > 1 ? ")" : "");
        text.failed |= !x;
        free(x);
    }
    return sb_text_detach(&text);
}

static void law_row(sb_extremal_rows *rows, const sb_extremal_case *solved, size_t orbit, int sign,
                    uint64_t points) {
    sb_table *table = &rows->table;
    start_row(table, solved->parameters, solved->problem);
    sb_table_own(table, C_POINT, point_text(solved->extremal, orbit, sign));
    sb_table_setf(table, C_POINTS, "%llu", (unsigned long long)points);
    sb_table_own(table, C_MASS, sb_rational_print(solved->extremal->mass + orbit));
}

void sb_extremal_rows_law(sb_extremal_rows *rows, const sb_extremal_case *solved) {
    const sb_extremal *extremal = solved->extremal;
    if (extremal->dimension > 1) {
        for (size_t i = 0; i < extremal->count; i++) law_row(rows, solved, i, 1, extremal->size[i]);
        return;
    }
    for (size_t i = extremal->count; i-- > 0;)
        if (extremal->point[i]) law_row(rows, solved, i, -1, 1);
    for (size_t i = 0; i < extremal->count; i++) law_row(rows, solved, i, 1, 1);
}

/* ------------------------------------------------------------------ text */
static const char *cell(const sb_table *table, size_t row, size_t at) {
    return table->cell[row * table->column_count + at];
}

/* One row: a fraction with its decimals behind it, or the decimals alone. */
static void add_line(sb_lines *lines, const sb_table *table, size_t row) {
    const char *lo = cell(table, row, C_LO), *hi = cell(table, row, C_HI), *exact = cell(table, row, C_EXACT);
    const char *sense = cell(table, row, C_SENSE), *ratio = cell(table, row, C_RATIO);
    if (!lo || !hi || !sense) return;
    int upper = strcmp(sense, "sufficient") == 0, lower = strcmp(sense, "necessary") == 0;
    sb_text decimal, remark;
    sb_text_init(&decimal);
    sb_text_init(&remark);
    if (upper || lower)
        sb_text_append(&decimal, upper ? hi : lo);
    else
        sb_text_format(&decimal, "[%s, %s]", lo, hi);
    if (exact && strchr(exact, '/'))
        sb_text_format(&remark, "%s%s", upper || lower ? "about " : "in ", decimal.data);
    if (ratio && strcmp(ratio, "1"))
        sb_text_format(&remark, "%s%s of Gaussian noise", remark.length ? ", " : "", ratio);
    char *value = exact ? sb_duplicate(exact) : sb_text_detach(&decimal);
    sb_lines_add(lines, cell(table, row, C_STATEMENT),
                 upper   ? "<="
                 : lower ? ">="
                 : exact ? "="
                         : "in",
                 value, remark.length ? sb_text_detach(&remark) : sb_duplicate(""));
    sb_text_clear(&decimal);
    sb_text_clear(&remark);
}

void sb_extremal_text(sb_text *out, const sb_extremal_case *solved, const sb_extremal_rows *rows,
                      const sb_common_options *common) {
    const sb_extremal_problem *problem = solved->problem;
    sb_text heading;
    sb_lines lines;
    sb_text_init(&heading);
    sb_lines_init(&lines);
    sb_parameter_line(&heading, solved->parameters, NULL);
    sb_cli_coloured(out, common, "1", heading.data);
    sb_text_append(out, "\n\nThe least E||eta||_2^2 on the lattice of multiples of eps");
    if (problem->grid == SB_EXTREMAL_PARITY)
        sb_text_append(out, ", all even or all odd");
    else if (problem->grid > 1)
        sb_text_format(out, "/%u", problem->grid);
    sb_text_format(out, ", with TV(D, D+v) <= delta for %s\n\n",
                   problem->every_shift     ? "every second multiple v up to eps"
                   : problem->dimension > 1 ? "v in {-eps, eps}^d"
                                            : "v = eps");
    for (size_t i = 0; i < rows->table.row_count; i++) add_line(&lines, &rows->table, i);
    sb_lines_print(&lines, out);
    sb_text_clear(&heading);
}

/* A bar of at most `width` blocks, to an eighth. */
static void draw_bar(sb_text *out, double share, int width) {
    static const char *const part[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int eighths = (int)(share * width * 8 + 0.5);
    for (int i = 0; i < eighths / 8; i++) sb_text_append(out, "█");
    sb_text_append(out, part[eighths % 8]);
}

void sb_extremal_law_text(sb_text *out, const sb_extremal_case *solved) {
    enum { WIDTH = 40, MASS = 24 };
    sb_extremal_rows rows;
    double largest = 0;
    sb_extremal_rows_init(&rows);
    sb_extremal_rows_law(&rows, solved);
    const sb_table *table = &rows.table;
    size_t point_width = strlen("point/eps"), points_width = strlen("points");
    for (size_t i = 0; i < solved->extremal->count; i++) {
        double mass = fmpq_get_d(solved->extremal->mass + i);
        if (mass > largest) largest = mass;
    }
    for (size_t i = 0; i < table->row_count; i++)
        if (cell(table, i, C_POINT) && strlen(cell(table, i, C_POINT)) > point_width)
            point_width = strlen(cell(table, i, C_POINT));
    char *delta = sb_exact_text(solved->parameters->delta, 1);
    out->failed |= !delta;
    sb_text_format(out, "\nAn extremal law for d = %u, delta = %s%s\n\n  %*s  %*s  mass of each\n",
                   solved->extremal->dimension, delta ? delta : "?",
                   solved->extremal->dimension > 1 ? " (coordinates in any order, with any signs)" : "",
                   (int)point_width, "point/eps", (int)points_width, "points");
    free(delta);
    fmpq_t mass;
    fmpq_init(mass);
    for (size_t i = 0; i < table->row_count; i++) {
        const char *point = cell(table, i, C_POINT), *points = cell(table, i, C_POINTS),
                   *text = cell(table, i, C_MASS);
        if (!point || !points || !text || fmpq_set_str(mass, text, 10)) continue;
        char *brief = strlen(text) <= MASS ? sb_duplicate(text) : sb_rational_decimal(mass, 8, 0);
        sb_text_format(out, "  %*s  %*s  %-*s ", (int)point_width, point, (int)points_width, points, MASS,
                       brief ? brief : "?");
        draw_bar(out, fmpq_get_d(mass) / largest, WIDTH);
        sb_text_append(out, "\n");
        free(brief);
    }
    fmpq_clear(mass);
    out->failed |= table->failed;
    sb_extremal_rows_clear(&rows);
}
