/* smoothbound check-noise: which promise the second moments of a noise leave possible. */
#include "cli/bound_text.h"
#include "cli/check_noise_input.h"
#include "cli/check_noise_text.h"
#include "cli/parameter_grid.h"
#include "support/progress.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_VARIANCES = SB_KEY_OWN, KEY_SAMPLES, KEY_CONFIDENCE, KEY_PROMISE, KEY_SYMMETRIC };

typedef struct {
    sb_common_options common;
    sb_parameter_options parameters;
    const char *variances, *samples, *noise_text, *confidence_text, *promise_text;
    int symmetric;
    unsigned given; /* of eps and delta */
    sb_noise_spec law;
    fmpq_t alpha;
    sb_parameter_grid grid;
    sb_coordinate_moments moments;
    sb_check_noise_case noise;
    char *law_name, *confidence; /* what `noise` points to */
} check_options;

static const struct argp_option option[] = {
    {0, 0, 0, 0, "The noise, one of these:", 1},
    {"variances", KEY_VARIANCES, "LIST|FILE", 0,
     "second moments or variances of the coordinates: 1,1/4,0.3, a text file of numbers, or a .npy vector or "
     "covariance (its diagonal)",
     0},
    {"samples", KEY_SAMPLES, "FILE.npy", 0, "one sample a row: upper confidence bounds are taken", 0},
    {"noise", SB_KEY_NOISE, "SPEC", 0, "a law, such as laplace:b=1; needs -d", 0},
    {0, 0, 0, 0, "The promise, with -p and -e, --delta or both:", 2},
    {"promise", KEY_PROMISE, "WHAT", 0,
     "total-variation (TV at most delta, the default) or robustness (Definition 1)", 0},
    {"symmetric", KEY_SYMMETRIC, 0, 0,
     "with robustness: the noise is symmetric about a point, which asks for more", 0},
    {"confidence", KEY_CONFIDENCE, "C", 0, "of the bounds from samples, all together (0.99)", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    check_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        state->child_inputs[1] = &o->parameters;
        return 0;
    case KEY_VARIANCES:
        o->variances = text;
        return 0;
    case KEY_SAMPLES:
        o->samples = text;
        return 0;
    case SB_KEY_NOISE:
        o->noise_text = text;
        return 0;
    case KEY_CONFIDENCE:
        o->confidence_text = text;
        return 0;
    case KEY_PROMISE:
        o->promise_text = text;
        return 0;
    case KEY_SYMMETRIC:
        o->symmetric = 1;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&sb_common_argp, 0, 0, 0}, {&sb_parameter_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    option,
    parse,
    0,
    "Whether noise with given second moments can keep a promise. Says the largest eps at a delta, the "
    "smallest "
    "delta at an eps, or for both whether the promise is 'refuted' (exit status 1), which coordinates forbid "
    "it, "
    "and what independent Gaussian noise with the same variances keeps. -p, -e and --delta take lists. JSON "
    "and CSV "
    "have rows of the quantities promise, eps_most, delta_least, eps_promised, delta_promised and prefix "
    "(the k least "
    "second moments alone; lo and hi are the eps, else the delta, that they leave).\v"
    "smoothbound check-noise --variances 1/4,1,1,1 -p inf -e 1 --delta 1/2\n"
    "smoothbound check-noise --variances covariance.npy -p inf --delta 0.1,0.5\n"
    "smoothbound check-noise --samples noise.npy -p 4 -e 8/255 --delta 0.1\n"
    "smoothbound check-noise --noise laplace:b=1 -d 3072 -p inf --delta 0.5\n"
    "smoothbound check-noise --variances 1,2,3 -p 2 -e 1 --promise robustness",
    children,
    0,
    0};

/* ------------------------------------------------------------------ reading */
static sb_status read_confidence(check_options *o, sb_error *error) {
    sb_exact number;
    sb_exact_init(&number);
    const char *text = o->confidence_text ? o->confidence_text : "0.99";
    sb_status status = sb_exact_parse("confidence", text, &number, error);
    if (!status && (number.infinite || fmpq_sgn(number.value) <= 0 || fmpq_cmp_ui(number.value, 1) >= 0))
        status = sb_fail(error, SB_BAD_INPUT, "confidence '%.60s': must lie between 0 and 1", text);
    if (!status) {
        sb_rational_complement(o->alpha, number.value);
        o->confidence = sb_rational_decimal(number.value, 12, -1);
        if (!o->confidence) status = sb_fail_memory(error);
    }
    sb_exact_clear(&number);
    return status;
}

static sb_status check_choice(const check_options *o, sb_error *error) {
    int sources = (o->variances != NULL) + (o->samples != NULL) + (o->noise_text != NULL);
    if (sources != 1)
        return sb_fail(
            error, SB_BAD_INPUT,
            sources
                ? "--variances, --samples and --noise exclude each other"
                : "give the noise: --variances LIST or FILE, --samples FILE.npy, or --noise SPEC and -d D");
    if (o->noise_text && !o->parameters.dimension)
        return sb_fail(error, SB_BAD_INPUT, "d is missing: --noise needs -d DIMENSION");
    if (o->confidence_text && !o->samples)
        return sb_fail(error, SB_BAD_INPUT, "confidence '%.60s': goes with --samples", o->confidence_text);
    if (!o->given)
        return sb_fail(error, SB_BAD_INPUT,
                       "eps and delta are missing: give -e EPS, --delta DELTA or both (see --help)");
    if (o->symmetric && o->noise.promise == SB_PROMISE_TV)
        return sb_fail(
            error, SB_BAD_INPUT,
            "--symmetric goes with --promise robustness: for total variation symmetry changes nothing");
    return SB_OK;
}

/* Everything but the second moments of a file. */
static sb_status read_options(check_options *o, sb_error *error) {
    sb_parameter_options given = o->parameters;
    if (given.radius) o->given |= SB_GIVEN_EPS;
    if (given.delta) o->given |= SB_GIVEN_DELTA;
    if (!given.dimension) given.dimension = "1"; /* a file tells */
    sb_status status = o->promise_text ? sb_promise_parse(o->promise_text, &o->noise.promise, error) : SB_OK;
    if (!status) status = check_choice(o, error);
    if (!status)
        status = sb_parameter_grid_parse(&o->grid, &given,
                                         !given.radius  ? "eps"
                                         : !given.delta ? "delta"
                                                        : NULL,
                                         error);
    if (!status && o->samples) status = read_confidence(o, error);
    if (!status && o->noise_text) {
        status = sb_noise_spec_parse(&o->law, o->noise_text, error);
        if (!status && !(o->law_name = sb_noise_spec_print(&o->law))) status = sb_fail_memory(error);
    }
    o->noise.noise = o->law_name;
    o->noise.input = o->variances ? o->variances : o->samples;
    o->noise.confidence = o->confidence;
    o->noise.moments = &o->moments;
    o->noise.symmetric = o->symmetric;
    o->noise.digits = o->common.digits;
    return status;
}

static int proceed(void) {
    return !sb_cli_interrupted();
}

/* Reads --variances or --samples, and holds -d against it. */
static sb_status read_moments(check_options *o, sb_error *error) {
    sb_sample_options options = {sb_cli_jobs(&o->common), sb_cli_progress(&o->common), proceed};
    sb_status status = SB_OK;
    if (o->variances)
        status = sb_check_noise_variances(&o->moments, o->variances, &options, error);
    else if (o->samples)
        status = sb_check_noise_samples(&o->moments, o->samples, fmpq_get_d(o->alpha), &options,
                                        &o->noise.samples, error);
    if (status || o->noise_text) return status;
    uint64_t d = o->moments.dimension;
    if (o->parameters.dimension && (o->grid.dimension.count != 1 || o->grid.dimension.item[0] != d))
        return sb_fail(error, SB_BAD_INPUT, "d '%.40s': %.200s has %llu coordinates", o->parameters.dimension,
                       o->noise.input, (unsigned long long)d);
    o->grid.dimension.item[0] = d;
    return SB_OK;
}

/* ------------------------------------------------------------------ output */
/* Rows of all combinations; eps and delta vary fastest, and what a noise leaves possible in one norm is the
   same for all of them. */
static sb_status fill(check_options *o, sb_check_noise_rows *rows, sb_parameters *parameters, int prefixes,
                      sb_error *error) {
    size_t size = sb_parameter_grid_size(&o->grid), inner = o->grid.radius.count * o->grid.delta.count;
    sb_progress progress;
    sb_status status = SB_OK;
    sb_progress_start(&progress, sb_cli_progress(&o->common), "check-noise", (double)size);
    for (size_t i = 0; i < size && !status; i++) {
        sb_parameter_grid_get(&o->grid, i, parameters);
        if (!proceed()) status = sb_fail(error, SB_INTERRUPTED, "interrupted");
        if (!status && o->noise_text && i % (inner * o->grid.norm.count) == 0)
            status = sb_check_noise_law(&o->moments, &o->law, parameters->dimension, o->common.digits, error);
        if (!status && i % inner == 0) status = sb_check_noise_case_find(&o->noise, &parameters->norm, error);
        if (!status) status = sb_check_noise_rows_add(rows, &o->noise, parameters, o->given, prefixes, error);
        sb_progress_update(&progress, (double)i + 1, NULL);
    }
    sb_progress_finish(&progress);
    return status;
}

static sb_status print_list(const check_options *o, const sb_check_noise_rows *rows, sb_text *out,
                            sb_error *error) {
    sb_table table;
    sb_column column[SB_MOST_COLUMNS];
    memcpy(column, sb_check_noise_compact_column, sb_check_noise_compact_column_count * sizeof *column);
    sb_table_init(&table, NULL, column, sb_check_noise_compact_column_count);
    sb_check_noise_compact(rows, &table);
    sb_hide_empty_columns(&table, column);
    char *title = sb_check_noise_caption(&o->noise);
    table.caption = title;
    sb_status status = sb_table_print(&table, SB_FORMAT_TEXT, sb_cli_width(&o->common), out, error);
    free(title);
    sb_table_clear(&table);
    return status;
}

static int run(check_options *o) {
    sb_error error;
    sb_check_noise_rows rows;
    sb_parameters parameters;
    sb_text out;
    sb_check_noise_rows_init(&rows);
    sb_parameters_init(&parameters);
    sb_text_init(&out);
    sb_cli_catch_interrupts();
    sb_status status = read_options(o, &error);
    if (!status) status = read_moments(o, &error);
    int text = o->common.format == SB_FORMAT_TEXT, one = !status && sb_parameter_grid_size(&o->grid) == 1;
    if (!status) status = fill(o, &rows, &parameters, one || !text, &error);
    if (!status && text && one) {
        sb_check_noise_text(&out, &rows, &o->noise, &parameters, o->given, &o->common);
    } else if (!status && text) {
        status = print_list(o, &rows, &out, &error);
    } else if (!status) {
        sb_hide_empty_columns(&rows.table, rows.column);
        status = sb_table_print(&rows.table, o->common.format, 0, &out, &error);
    }
    if (!status) status = sb_text_status(&out, &error);
    int result = status ? sb_cli_fail(&error) : sb_cli_write(&o->common, &out);
    if (!result && rows.refuted) result = SB_EXIT_DIFFERS;
    sb_check_noise_rows_clear(&rows);
    sb_parameters_clear(&parameters);
    sb_text_clear(&out);
    return result;
}

int sb_command_check_noise(int argc, char **argv) {
    check_options o;
    memset(&o, 0, sizeof o);
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (status >= 0) return status;
    sb_check_noise_case_init(&o.noise);
    sb_noise_spec_init(&o.law);
    fmpq_init(o.alpha);
    sb_parameter_grid_init(&o.grid);
    sb_coordinate_moments_init(&o.moments);
    status = run(&o);
    sb_check_noise_case_clear(&o.noise);
    sb_noise_spec_clear(&o.law);
    fmpq_clear(o.alpha);
    sb_parameter_grid_clear(&o.grid);
    sb_coordinate_moments_clear(&o.moments);
    free(o.law_name);
    free(o.confidence);
    return status;
}
