/* smoothbound extremal: the least noise on a lattice in few dimensions, by linear programming, with an exact
 * dual certificate. */
#include "bounds/domain.h"
#include "cli/bound_text.h"
#include "cli/extremal_rows.h"
#include "cli/parameter_grid.h"
#include "support/progress.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_SHIFT = SB_KEY_OWN, KEY_GRID, KEY_RADIUS, KEY_LAW };

typedef struct {
    sb_common_options common;
    sb_parameter_options given;
    const char *shift_text, *grid_text, *radius_text;
    int law;
    sb_parameter_grid grid;
    sb_extremal_problem problem;
} extremal_options;

static const struct argp_option option[] = {
    {"shift", KEY_SHIFT, "WORD", 0,
     "single: the shifts by eps in every coordinate, up to signs (the default); full: also by shorter ones, "
     "for "
     "d = 1",
     0},
    {"grid", KEY_GRID, "K", 0,
     "the lattice: K for the multiples of eps/K, parity for multiples of eps that are all even or all odd "
     "(chosen by d and delta)",
     0},
    {"radius", KEY_RADIUS, "R", 0, "look at laws within l_2 distance R eps of 0 only (chosen)", 0},
    {"law", KEY_LAW, 0, 0, "also print an extremal law; as JSON or CSV, print the law only", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    extremal_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->given;
        state->child_inputs[1] = &o->common;
        return 0;
    case KEY_SHIFT:
        o->shift_text = text;
        return 0;
    case KEY_GRID:
        o->grid_text = text;
        return 0;
    case KEY_RADIUS:
        o->radius_text = text;
        return 0;
    case KEY_LAW:
        o->law = 1;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&sb_parameter_argp, 0, 0, 0}, {&sb_common_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    option,
    parse,
    0,
    "The least E||eta||_2^2 that noise on a lattice can have with TV(D, D+v) <= delta, as a linear program: "
    "an optimal law and a dual certificate, both checked in exact rationals, so that the result is a theorem "
    "about the infinite lattice. It also bounds all other noise from below, and in one dimension with "
    "--shift "
    "full from above. p = inf and eps = 1 unless given; -d and --delta take lists.\v"
    "smoothbound extremal -d 1 --delta 1/2,2/5,1/3 --law\n"
    "smoothbound extremal -d 1 --delta 1/2 --shift full --grid 8 --law\n"
    "smoothbound extremal -d 2..8*2 --delta 1/2",
    children,
    0,
    0};

/* ------------------------------------------------------------------ reading */
static sb_status read_shift(extremal_options *o, sb_error *error) {
    if (!o->shift_text || strcmp(o->shift_text, "single") == 0) return SB_OK;
    if (strcmp(o->shift_text, "full"))
        return sb_fail(error, SB_BAD_INPUT, "shift '%.60s': must be single or full", o->shift_text);
    o->problem.every_shift = 1;
    for (size_t i = 0; i < o->grid.dimension.count; i++)
        if (o->grid.dimension.item[i] != 1)
            return sb_fail(error, SB_BAD_INPUT, "shift 'full': is for d = 1 only; got d = %llu",
                           (unsigned long long)o->grid.dimension.item[i]);
    return SB_OK;
}

static sb_status read_lattice(extremal_options *o, sb_error *error) {
    uint64_t k = 2; /* fine for either shift; replaced by what is chosen */
    if (o->grid_text && strcmp(o->grid_text, "parity") == 0)
        k = SB_EXTREMAL_PARITY;
    else if (o->grid_text) {
        sb_status status = sb_cli_read_whole("grid", o->grid_text, SB_EXTREMAL_GRID, &k, error);
        if (status) return status;
    }
    if (o->problem.every_shift && (k == SB_EXTREMAL_PARITY || k % 2))
        return sb_fail(error, SB_BAD_INPUT, "grid '%.60s': must be an even number with --shift full",
                       o->grid_text);
    o->problem.grid = (unsigned)k;
    return SB_OK;
}

static sb_status read_radius(extremal_options *o, sb_error *error) {
    if (!o->radius_text) return SB_OK;
    sb_exact radius;
    sb_exact_init(&radius);
    sb_status status = sb_exact_parse("radius", o->radius_text, &radius, error);
    if (!status) status = sb_cli_check_positive("radius", o->radius_text, &radius, error);
    if (!status) fmpq_set(o->problem.radius, radius.value);
    sb_exact_clear(&radius);
    return status;
}

/* The cube only, and few dimensions. */
static sb_status check_combinations(const extremal_options *o, sb_error *error) {
    sb_parameters parameters;
    sb_parameters_init(&parameters);
    sb_status status = SB_OK;
    for (size_t i = 0; i < sb_parameter_grid_size(&o->grid) && !status; i++) {
        sb_parameter_grid_get(&o->grid, i, &parameters);
        status = sb_domain_cube("extremal noise", &parameters, error);
        if (!status && parameters.dimension > SB_EXTREMAL_DIMENSION)
            status = sb_fail(error, SB_OUTSIDE, "extremal noise is found for d up to %d; got d = %llu",
                             SB_EXTREMAL_DIMENSION, (unsigned long long)parameters.dimension);
    }
    sb_parameters_clear(&parameters);
    return status;
}

static sb_status read_options(extremal_options *o, sb_error *error) {
    if (!o->given.norm) o->given.norm = "inf";
    if (!o->given.radius) o->given.radius = "1";
    sb_status status = sb_parameter_grid_parse(&o->grid, &o->given, NULL, error);
    if (!status) status = read_shift(o, error);
    if (!status) status = read_lattice(o, error);
    if (!status) status = read_radius(o, error);
    return status ? status : check_combinations(o, error);
}

/* ------------------------------------------------------------------ solving */
typedef struct {
    sb_progress progress;
    double done;
} watch;

static int proceed(void *context) {
    watch *w = context;
    sb_progress_update(&w->progress, w->done, "solving a linear program");
    return !sb_cli_interrupted();
}

/* Puts the dimension, delta and a given radius before the message. */
static sb_status name_problem(const sb_parameters *parameters, const extremal_options *o, sb_status status,
                              sb_error *error) {
    char *delta = sb_exact_text(parameters->delta, 0), *message = sb_duplicate(error->message);
    if (delta && message)
        sb_fail(error, status, "d = %llu, delta = %s%s%s: %s", (unsigned long long)parameters->dimension,
                delta, o->radius_text ? ", radius " : "", o->radius_text ? o->radius_text : "", message);
    free(delta);
    free(message);
    return status;
}

/* Solves one combination and adds its rows; text of a single one goes to `out`. */
static sb_status solve(extremal_options *o, const sb_parameters *parameters, sb_extremal_rows *rows,
                       sb_text *out, watch *w, sb_error *error) {
    int only = sb_parameter_grid_size(&o->grid) == 1, text = o->common.format == SB_FORMAT_TEXT;
    sb_extremal extremal;
    sb_extremal_init(&extremal);
    sb_extremal_case solved = {parameters, &o->problem, &extremal, o->common.digits};
    o->problem.dimension = (unsigned)parameters->dimension;
    fmpq_set(o->problem.delta, parameters->delta);
    sb_status status = o->grid_text ? SB_OK : sb_extremal_choose_grid(&o->problem, error);
    if (!status) status = sb_extremal_find(&extremal, &o->problem, proceed, w, error);
    if (!status && o->law && !text)
        sb_extremal_rows_law(rows, &solved);
    else if (!status)
        status = sb_extremal_rows_add(rows, &solved, error);
    if (!status && text && only) sb_extremal_text(out, &solved, rows, &o->common);
    if (!status && text && o->law) sb_extremal_law_text(out, &solved);
    if ((status == SB_OUTSIDE || status == SB_UNDECIDED) && !only) {
        sb_extremal_rows_refused(rows, parameters, &o->problem, error);
        status = SB_OK;
    } else if (status == SB_OUTSIDE || status == SB_UNDECIDED) {
        status = name_problem(parameters, o, status, error);
    }
    sb_extremal_clear(&extremal);
    return status;
}

static sb_status solve_all(extremal_options *o, sb_extremal_rows *rows, sb_text *out, sb_error *error) {
    size_t count = sb_parameter_grid_size(&o->grid);
    sb_parameters parameters;
    watch w = {.done = 0};
    sb_status status = SB_OK;
    sb_parameters_init(&parameters);
    sb_progress_start(&w.progress, sb_cli_progress(&o->common), "extremal", (double)count);
    for (size_t i = 0; i < count && !status; i++) {
        w.done = (double)i;
        if (!proceed(&w)) status = sb_fail(error, SB_INTERRUPTED, "interrupted after %zu of %zu", i, count);
        sb_parameter_grid_get(&o->grid, i, &parameters);
        if (!status) status = solve(o, &parameters, rows, out, &w, error);
    }
    sb_progress_finish(&w.progress);
    sb_parameters_clear(&parameters);
    return status;
}

/* Many combinations: a table, and then what was drawn. */
static sb_status print(const extremal_options *o, sb_extremal_rows *rows, sb_text *drawn, sb_text *out,
                       sb_error *error) {
    int text = o->common.format == SB_FORMAT_TEXT;
    sb_status status = SB_OK;
    sb_hide_empty_columns(&rows->table, rows->column);
    if (!text || sb_parameter_grid_size(&o->grid) > 1)
        status =
            sb_table_print(&rows->table, o->common.format, text ? sb_cli_width(&o->common) : 0, out, error);
    sb_text_append(out, drawn->data);
    return status ? status : sb_text_status(drawn, error);
}

static int run(extremal_options *o) {
    sb_error error;
    sb_extremal_rows rows;
    sb_text drawn, out;
    if (read_options(o, &error)) return sb_cli_fail(&error);
    sb_cli_catch_interrupts();
    sb_extremal_rows_init(&rows);
    sb_text_init(&drawn);
    sb_text_init(&out);
    sb_status status = solve_all(o, &rows, &drawn, &error);
    if (!status) status = print(o, &rows, &drawn, &out, &error);
    int result = status ? sb_cli_fail(&error) : sb_cli_write(&o->common, &out);
    if (!result && rows.unsettled) result = SB_EXIT_UNDECIDED;
    sb_extremal_rows_clear(&rows);
    sb_text_clear(&drawn);
    sb_text_clear(&out);
    return result;
}

int sb_command_extremal(int argc, char **argv) {
    extremal_options o;
    memset(&o, 0, sizeof o);
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (status >= 0) return status;
    sb_parameter_grid_init(&o.grid);
    sb_extremal_problem_init(&o.problem);
    status = run(&o);
    sb_parameter_grid_clear(&o.grid);
    sb_extremal_problem_clear(&o.problem);
    return status;
}
