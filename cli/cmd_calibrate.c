/* smoothbound calibrate: the smallest noise of a family that keeps a promise over an l_p ball, beside the
 * bounds. */
#include "cli/bound_text.h"
#include "cli/calibrate_rows.h"
#include "cli/parameter_grid.h"
#include "support/progress.h"

#include <string.h>

enum { KEY_RULE = SB_KEY_OWN };
enum { MOST_SHAPES = 32 };

typedef struct {
    sb_common_options common;
    sb_parameter_options parameters;
    const char *noise_text[MOST_SHAPES], *rule_text;
    size_t noises;
    sb_parameter_grid grid;
    sb_calibrate_request request;
} calibrate_options;

static const struct argp_option option[] = {
    {0, 0, 0, 0, "Noise:", 10},
    {"noise", SB_KEY_NOISE, "SHAPE", 0,
     "a family without its scale: gaussian, laplace, uniform, student-t:nu=3, ... (see noise list); may be "
     "given "
     "several times",
     0},
    {0, 0, 0, 0, "Promise:", 20},
    {"rule", KEY_RULE, "RULE", 0,
     "tv: total variation at most delta (the default); T0: every score gap above delta is safe", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    calibrate_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->parameters;
        state->child_inputs[1] = &o->common;
        return 0;
    case SB_KEY_NOISE:
        if (o->noises < MOST_SHAPES) o->noise_text[o->noises] = text;
        o->noises++;
        return 0;
    case KEY_RULE:
        o->rule_text = text;
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
    "The smallest scale of a noise family with TV(D, D+v) <= delta for every |v|_p <= eps, its rms noise per "
    "coordinate, "
    "and how far that lies above what any noise must have. -d, -p, -e and --delta take lists and ranges.\v"
    "smoothbound calibrate --noise laplace -d 3x32x32 -p inf -e 8/255 --delta 1/10\n"
    "smoothbound calibrate --noise gaussian --noise student-t:nu=3 -d 2^6..2^18*8 -p inf -e 8/255 --delta "
    "0.1\n"
    "smoothbound calibrate --noise laplace -d 3x224x224 -p inf -e 8/255 --delta 1/2 --rule T0",
    children,
    0,
    0};

/* ------------------------------------------------------------------ reading */
static sb_status read_shape(sb_noise_spec *shape, const char *text, sb_error *error) {
    sb_status status = sb_noise_spec_parse_shape(shape, text, error);
    if (status) return status;
    if (shape->family->scale < 0)
        return sb_fail(error, SB_BAD_INPUT,
                       "noise '%.60s': has no scale that could be found; its components have theirs", text);
    if (shape->scale_given)
        return sb_fail(error, SB_BAD_INPUT, "noise '%.60s': its scale is what calibrate finds; leave %s out",
                       text,
                       shape->scale_given == 2 ? "sigma" : shape->family->key[shape->family->scale].name);
    return SB_OK;
}

static sb_status read_rule(calibrate_options *o, sb_error *error) {
    o->request.rule = SB_CRITERION_TOTAL_VARIATION;
    if (!o->rule_text || strcmp(o->rule_text, "tv") == 0) return SB_OK;
    o->request.rule = SB_CRITERION_EXACT;
    if (strcmp(o->rule_text, "T0") == 0) return SB_OK;
    return sb_fail(error, SB_BAD_INPUT, "rule '%.60s': must be tv or T0", o->rule_text);
}

static sb_status read_options(calibrate_options *o, sb_error *error) {
    if (!o->noises)
        return sb_fail(error, SB_BAD_INPUT,
                       "noise is missing: give --noise gaussian, laplace, uniform, ... (see --help)");
    if (o->noises > MOST_SHAPES)
        return sb_fail(error, SB_BAD_INPUT, "%zu noises: at most %d at a time", o->noises, MOST_SHAPES);
    sb_status status = read_rule(o, error);
    for (size_t i = 0; i < o->noises && !status; i++)
        status = read_shape(&o->request.shape, o->noise_text[i], error);
    if (!status) status = sb_parameter_grid_parse(&o->grid, &o->parameters, NULL, error);
    if (!status && sb_parameter_grid_size(&o->grid) * o->noises > SB_GRID_LIMIT)
        status = sb_fail(error, SB_BAD_INPUT, "too many combinations: at most %d at a time", SB_GRID_LIMIT);
    return status;
}

/* ------------------------------------------------------------------ output */
static int one_block(const calibrate_options *o) {
    return o->common.format == SB_FORMAT_TEXT && sb_parameter_grid_size(&o->grid) * o->noises == 1;
}

static sb_status fill(calibrate_options *o, sb_calibrate_rows *rows, sb_text *out, sb_error *error) {
    size_t points = sb_parameter_grid_size(&o->grid), count = points * o->noises;
    sb_progress progress;
    sb_status status = SB_OK;
    sb_progress_start(&progress, sb_cli_progress(&o->common), "calibrate", (double)count);
    for (size_t i = 0; i < count && !status; i++) {
        if (sb_cli_interrupted())
            status = sb_fail(error, SB_INTERRUPTED, "interrupted after %zu of %zu combinations", i, count);
        if (!status) status = read_shape(&o->request.shape, o->noise_text[i / points], error);
        if (status) break;
        sb_parameter_grid_get(&o->grid, i % points, &o->request.parameters);
        sb_progress_update(&progress, (double)i, o->noise_text[i / points]);
        status = sb_calibrate_rows_add(rows, &o->request, &o->common, one_block(o) ? out : NULL, error);
        sb_progress_update(&progress, (double)(i + 1), o->noise_text[i / points]);
    }
    sb_progress_finish(&progress);
    return status;
}

static int run(calibrate_options *o) {
    sb_error error;
    if (read_options(o, &error)) return sb_cli_fail(&error);
    sb_cli_catch_interrupts();
    sb_calibrate_rows rows;
    sb_text out;
    sb_calibrate_rows_init(&rows);
    sb_text_init(&out);
    int machine_readable = o->common.format == SB_FORMAT_JSON || o->common.format == SB_FORMAT_CSV, result;
    if (fill(o, &rows, &out, &error)) {
        result = sb_cli_fail(&error);
    } else if (one_block(o)) {
        result = sb_cli_write(&o->common, &out);
    } else {
        sb_hide_empty_columns(&rows.compact, rows.compact_column);
        result = sb_cli_write_table(&o->common, machine_readable ? &rows.table : &rows.compact);
    }
    if (!result && rows.undecided) result = SB_EXIT_UNDECIDED;
    sb_text_clear(&out);
    sb_calibrate_rows_clear(&rows);
    return result;
}

int sb_command_calibrate(int argc, char **argv) {
    calibrate_options o;
    memset(&o, 0, sizeof o);
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (status >= 0) return status;
    sb_parameter_grid_init(&o.grid);
    sb_noise_spec_init(&o.request.shape);
    sb_parameters_init(&o.request.parameters);
    status = run(&o);
    sb_parameter_grid_clear(&o.grid);
    sb_noise_spec_clear(&o.request.shape);
    sb_parameters_clear(&o.request.parameters);
    return status;
}
