/* smoothbound figure: draws one of the figures of plots/figures.h. */
#include "cli/options.h"

#include "plots/figures.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEY_LIST = SB_KEY_OWN,
    KEY_DIRECTORY,
    KEY_LOGS,
    KEY_FORMATS,
    KEY_DATA,
    KEY_RANGE,
    KEY_INPUT,
    KEY_PRESET,
    KEY_IMAGES,
    KEY_IMAGE
};

typedef struct {
    sb_common_options common;
    const char *name, *directory, *logs, *formats, *norms, *radius, *delta, *range, *samples, *preset,
        *images, *image;
    int list, data;
} figure_options;

static const struct argp_option option[] = {
    {0, 0, 0, 0, "Figures:", 1},
    {"list", KEY_LIST, 0, 0, "say which figures there are", 0},
    {"output-dir", KEY_DIRECTORY, "DIR", 0, "write figure-NAME.svg, .pdf and .png into DIR (.)", 0},
    {"formats", KEY_FORMATS, "LIST", 0, "of svg,pdf,png (all)", 0},
    {"data", KEY_DATA, 0, 0, "also write the plotted numbers, tab-separated", 0},
    {"logs", KEY_LOGS, "DIR", 0,
     "the authors' certification logs, for figure 2; the folder of an experiment, for scaling", 0},
    {"input", KEY_INPUT, "FILE.npy", 0, "the numbers that figure hill looks at (draws of four laws)", 0},
    {"preset", KEY_PRESET, "NAME", 0, "the experiment whose noise figure images shows (quick)", 0},
    {"images", KEY_IMAGES, "DIR", 0, "with CIFAR-10's binary files, for figure images (shapes)", 0},
    {"image", KEY_IMAGE, "N", 0, "number of the test image that figure images shows", 0},
    {0, 0, 0, 0, "Parameters of noise, phase and tails (8/255, 1e-3, 2^10, inf):", 2},
    {"norm", 'p', "LIST", 0, "l_p balls of the panels of noise, up to four (2,4,8,inf)", 0},
    {"eps", 'e', "EPS", 0, "radius of the l_p ball (8/255)", 0},
    {"delta", SB_KEY_DELTA, "DELTA", 0, "total variation bound, 0 < DELTA < 1 (1/10)", 0},
    {"range", KEY_RANGE, "R", 0, "pixels are in [0, R] (1)", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    figure_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        return 0;
    case KEY_LIST:
        o->list = 1;
        return 0;
    case KEY_DATA:
        o->data = 1;
        return 0;
    case KEY_DIRECTORY:
        o->directory = text;
        return 0;
    case KEY_LOGS:
        o->logs = text;
        return 0;
    case KEY_FORMATS:
        o->formats = text;
        return 0;
    case KEY_RANGE:
        o->range = text;
        return 0;
    case KEY_INPUT:
        o->samples = text;
        return 0;
    case KEY_PRESET:
        o->preset = text;
        return 0;
    case KEY_IMAGES:
        o->images = text;
        return 0;
    case KEY_IMAGE:
        o->image = text;
        return 0;
    case SB_KEY_DELTA:
        o->delta = text;
        return 0;
    case 'p':
        o->norms = text;
        return 0;
    case 'e':
        o->radius = text;
        return 0;
    case ARGP_KEY_ARG:
        if (o->name) return ARGP_ERR_UNKNOWN;
        o->name = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child child[] = {{&sb_common_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    option,
    parse,
    "NAME",
    "Draws a figure as SVG, PDF and PNG with gnuplot and prints the names of the files. -o FILE "
    "writes one picture; the ending tells its format.",
    child,
    0,
    0};

static int list(const sb_common_options *common) {
    static const sb_column column[] = {
        {"figure", "figure", 0}, {"needs_logs", "needs logs", 0}, {"title", "what it shows", SB_COLUMN_WRAP}};
    sb_table table;
    sb_table_init(&table, "smoothbound/figure/1", column, 3);
    for (const sb_figure *f = sb_figures; f->name; f++) {
        sb_table_row(&table);
        sb_table_set(&table, 0, f->name);
        sb_table_set(&table, 1, f->needs_logs ? "yes" : "no");
        sb_table_set(&table, 2, f->title);
    }
    int status = sb_cli_write_table(common, &table);
    sb_table_clear(&table);
    return status;
}

/* value := a number that must be finite and positive, and below `limit` if that is not 0; absent text leaves
 * it. */
static sb_status read_positive(const char *name, const char *text, fmpq_t value, int limit, sb_error *error) {
    if (!text) return SB_OK;
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = sb_exact_parse(name, text, &number, error);
    if (!status) status = sb_cli_check_positive(name, text, &number, error);
    if (!status && limit && fmpq_cmp_si(number.value, limit) >= 0)
        status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must be below %d", name, text, limit);
    if (!status) fmpq_set(value, number.value);
    sb_exact_clear(&number);
    return status;
}

static sb_status read_image(const char *text, uint64_t *number, sb_error *error) {
    *number = 0;
    return strcmp(text, "0") == 0 ? SB_OK : sb_cli_read_whole("image", text, UINT32_MAX, number, error);
}

static sb_status read_options(const figure_options *given, sb_figure_options *o, sb_error *error) {
    o->output_directory = given->directory;
    o->output_file = given->common.output;
    o->logs_directory = given->logs;
    o->samples = given->samples;
    o->preset = given->preset;
    o->images = given->images;
    o->write_data = given->data;
    sb_status status = SB_OK;
    if (given->directory && given->common.output)
        status = sb_fail(error, SB_BAD_INPUT, "-o %.200s and --output-dir exclude each other",
                         given->common.output);
    if (!status && given->formats && given->common.output)
        status =
            sb_fail(error, SB_BAD_INPUT, "-o %.200s and --formats exclude each other", given->common.output);
    if (!status && given->formats) status = sb_figure_formats_parse(given->formats, &o->formats, error);
    if (!status) status = read_positive("eps", given->radius, o->radius, 0, error);
    if (!status) status = read_positive("delta", given->delta, o->delta, 1, error);
    if (!status) status = read_positive("range", given->range, o->range, 0, error);
    if (!status && given->image) status = read_image(given->image, &o->image, error);
    if (!status && given->norms) {
        sb_exact_list_clear(&o->norms);
        status = sb_exact_list_parse("p", given->norms, &o->norms, error);
    }
    return status;
}

static int write_figure(const figure_options *given, const sb_figure *figure, const sb_figure_options *o) {
    sb_error error;
    if (sb_figure_write(figure, o, &error)) return sb_cli_fail(&error);
    sb_text paths;
    sb_text_init(&paths);
    if (!given->common.quiet) sb_figure_paths(figure, o, &paths);
    int status = sb_cli_write(NULL, &paths);
    sb_text_clear(&paths);
    return status;
}

int sb_command_figure(int argc, char **argv) {
    figure_options given = {.name = NULL};
    int status = sb_cli_parse(&argp, argc, argv, &given, &given.common);
    if (status >= 0) return status;
    if (given.list)
        return given.name ? sb_cli_trouble("unexpected argument '%.60s'", given.name) : list(&given.common);
    if (!given.name) return sb_cli_trouble("which figure? (see --list)");
    const sb_figure *figure;
    sb_error error;
    if (sb_figure_find(given.name, &figure, &error)) return sb_cli_fail(&error);
    sb_figure_options options;
    if (sb_figure_options_init(&options, &error) || read_options(&given, &options, &error))
        status = sb_cli_fail(&error);
    else
        status = write_figure(&given, figure, &options);
    sb_figure_options_clear(&options);
    return status;
}
