/* smoothbound experiment: named experiments from presets (docs/experiments.md). */
#include "cli/experiment_scaling.h"
#include "experiments/preset.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEY_LIST = SB_KEY_OWN,
    KEY_PRESET,
    KEY_DATA,
    KEY_DIRECTORY,
    KEY_ONLY,
    KEY_REPORT,
    KEY_DEVICE,
    KEY_PRECISION,
    KEY_UNPINNED
};

typedef struct {
    sb_common_options common;
    sb_scaling_request request;
    const char *name;
    int list;
} experiment_options;

static const struct argp_option option[] = {
    {0, 0, 0, 0, "Experiments:", 1},
    {"list", KEY_LIST, 0, 0, "say which experiments and presets there are", 0},
    {"preset", KEY_PRESET, "NAME|FILE", 0, "quick (default), cifar-small, paper, or a file of your own", 0},
    {"data", KEY_DATA, "DIR", 0, "the folder with CIFAR-10's binary files, for presets that use it", 0},
    {"output-dir", KEY_DIRECTORY, "DIR", 0, "write into DIR/scaling-PRESET (out)", 0},
    {"only", KEY_ONLY, "ARMS", 0, "of scaled,fixed,detail", 0},
    {"report", KEY_REPORT, 0, 0, "compute nothing: report what is finished", 0},
    {0, 0, 0, 0, "Networks:", 2},
    {"device", KEY_DEVICE, "NAME", 0, "what computes: auto (default), cpu or reference", 0},
    {"precision", KEY_PRECISION, "WORD", 0, "f32 (default) or bf16, for certification", 0},
    {"unpinned", KEY_UNPINNED, 0, 0, "do not bind threads to processors", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    experiment_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        return 0;
    case KEY_LIST:
        o->list = 1;
        return 0;
    case KEY_PRESET:
        o->request.preset = text;
        return 0;
    case KEY_DATA:
        o->request.data = text;
        return 0;
    case KEY_DIRECTORY:
        o->request.directory = text;
        return 0;
    case KEY_ONLY:
        o->request.only = text;
        return 0;
    case KEY_REPORT:
        o->request.report = 1;
        return 0;
    case KEY_DEVICE:
        o->request.device = text;
        return 0;
    case KEY_PRECISION:
        o->request.precision = text;
        return 0;
    case KEY_UNPINNED:
        o->request.unpinned = 1;
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
    "scaling",
    "Runs an experiment. scaling is the paper's Figure 2 from networks of our "
    "own: three image sizes with sigma in "
    "proportion to sqrt(d) (arm scaled), the control with one sigma (fixed), "
    "and images with real detail at each "
    "size (detail); trained, certified, drawn, and tested for coincidence. An "
    "interrupted run continues where it "
    "was.\v"
    "Exit status 0 when the curves of scaled are consistent with one curve (or alike within the preset's "
    "margin) and those of fixed differ, 1 when not, 3 when an arm is missing.\n\n"
    "smoothbound experiment scaling\n"
    "smoothbound experiment scaling --preset cifar-small --data DIR",
    child,
    0,
    0};

static sb_status list_row(sb_table *table, const char *name, sb_error *error) {
    sb_preset p;
    sb_preset_init(&p);
    sb_status status = sb_preset_read(&p, name, error);
    if (!status) {
        sb_table_row(table);
        sb_table_set(table, 0, "scaling");
        sb_table_set(table, 1, name);
        sb_table_set(table, 2, p.data);
        sb_table_setf(table, 3, "ResNet-%d", p.training.depth);
        sb_table_setf(table, 4, "%d, %d, %d", p.size[0], p.size[1], p.size[2]);
        if (p.training.images)
            sb_table_setf(table, 5, "%llu", (unsigned long long)p.training.images);
        else
            sb_table_set(table, 5, "all");
        sb_table_setf(table, 6, "%d", p.training.epochs);
        sb_table_setf(table, 7, "%llu", (unsigned long long)p.test_images);
        sb_table_setf(table, 8, "%llu", (unsigned long long)p.samples);
    }
    sb_preset_clear(&p);
    return status;
}

static int list(const sb_common_options *common) {
    static const sb_column column[] = {{"experiment", "experiment", 0},
                                       {"preset", "preset", 0},
                                       {"data", "data", 0},
                                       {"network", "network", 0},
                                       {"sizes", "sizes", 0},
                                       {"images", "training images", SB_COLUMN_RIGHT},
                                       {"epochs", "epochs", SB_COLUMN_NUMBER},
                                       {"test_images", "test images", SB_COLUMN_NUMBER},
                                       {"n", "n", SB_COLUMN_NUMBER}};
    sb_error error;
    sb_table table;
    char *names = NULL, *name;
    sb_table_init(&table, "smoothbound/experiment-list/1", column, sizeof column / sizeof column[0]);
    sb_status status = sb_preset_names(&names, &error);
    for (char *rest = names; !status && (name = strtok_r(rest, "\n", &rest));)
        status = list_row(&table, name, &error);
    int result = status ? sb_cli_fail(&error) : sb_cli_write_table(common, &table);
    sb_table_clear(&table);
    free(names);
    return result;
}

int sb_command_experiment(int argc, char **argv) {
    experiment_options o = {.request = {.preset = "quick", .directory = "out"}};
    int result = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (result >= 0) return result;
    if (o.list) return o.name ? sb_cli_trouble("unexpected argument '%.60s'", o.name) : list(&o.common);
    if (!o.name) return sb_cli_trouble("which experiment? (see --list)");
    if (strcmp(o.name, "scaling") != 0) {
        const char *const names[] = {"scaling", NULL}, *near = sb_nearest_word(o.name, names);
        return near ? sb_cli_trouble("unknown experiment '%.40s': did you mean %s?", o.name, near)
                    : sb_cli_trouble("unknown experiment '%.40s' (see --list)", o.name);
    }
    sb_scaling_outcome outcome;
    sb_scaling_outcome_init(&outcome);
    result = sb_experiment_scaling(&o.request, &o.common, &outcome);
    if (outcome.table.length &&
        (result == SB_EXIT_HOLDS || result == SB_EXIT_DIFFERS || result == SB_EXIT_UNDECIDED)) {
        int written = sb_cli_write(&o.common, &outcome.table);
        if (written) result = written;
        if (!written && !o.common.quiet) fprintf(stderr, "see %s/figure-scaling.svg\n", outcome.folder);
    }
    sb_scaling_outcome_clear(&outcome);
    return result;
}
