/* One folder holds one preset and everything that was made from it, so that an interrupted run is continued
   and a finished one only reported. */
#include "cli/experiment_scaling.h"

#include "cli/experiment_rows.h"
#include "experiments/scaling.h"
#include "plots/figures.h"
#include "support/file.h"
#include "support/progress.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const sb_scaling_request *request;
    const sb_common_options *common;
    sb_scaling_outcome *outcome;
    sb_preset preset;
    sb_scaling_plan plan;
    unsigned arms;
    sb_scaling_results results;
    sb_progress progress;
} job;

void sb_scaling_outcome_init(sb_scaling_outcome *outcome) {
    outcome->name = outcome->folder = NULL;
    sb_text_init(&outcome->table);
    sb_text_init(&outcome->line);
}

void sb_scaling_outcome_clear(sb_scaling_outcome *outcome) {
    free(outcome->name);
    free(outcome->folder);
    sb_text_clear(&outcome->table);
    sb_text_clear(&outcome->line);
}

/* ------------------------------------------------------------------ options */
static sb_status check_data(const job *j, sb_error *error) {
    const char *folder = j->request->data;
    int shapes = strcmp(j->preset.data, "shapes") == 0;
    if (shapes && folder)
        return sb_fail(error, SB_BAD_INPUT, "--data %.200s: preset %s uses the built-in shapes", folder,
                       j->preset.name);
    if (!shapes && !folder && !j->request->report)
        return sb_fail(error, SB_BAD_INPUT,
                       "preset %s needs CIFAR-10: give --data DIR (`make data` says where it is)",
                       j->preset.name);
    if (folder && !sb_directory_exists(folder))
        return sb_fail(error, SB_IO, "--data %.200s: is no folder", folder);
    return SB_OK;
}

static sb_status read_request(job *j, sb_error *error) {
    const sb_scaling_request *q = j->request;
    sb_status status = sb_preset_read(&j->preset, q->preset, error);
    if (status) return status;
    if (j->common->seed_text) j->preset.training.seed = j->common->seed;
    j->arms = j->preset.arms;
    if (q->only) status = sb_arms_parse("--only", q->only, &j->arms, error);
    if (!status && j->arms & ~j->preset.arms)
        status =
            sb_fail(error, SB_BAD_INPUT, "--only %.60s: preset %s has no such arm", q->only, j->preset.name);
    if (!status) status = check_data(j, error);
    if (status) return status;
    char *name = sb_format("scaling-%s", j->preset.name);
    j->outcome->name = sb_duplicate(j->preset.name);
    j->outcome->folder = name ? sb_path_join(q->directory, name) : NULL;
    free(name);
    return j->outcome->name && j->outcome->folder ? SB_OK : sb_fail_memory(error);
}

/* ------------------------------------------------------------------ the run */
static int proceed(void *context, const sb_scaling_state *state) {
    job *j = context;
    char what[80];
    int training = state->phase == SB_SCALING_TRAINS;
    int length = snprintf(what, sizeof what, "%d of %d: %s %s, ", state->number, state->networks,
                          training ? "training" : "certifying", state->network->name);
    if (training)
        snprintf(what + length, sizeof what - (size_t)length, "epoch %d/%d", state->epoch, state->epochs);
    else
        snprintf(what + length, sizeof what - (size_t)length, "image %llu/%llu",
                 (unsigned long long)state->images_done, (unsigned long long)state->images);
    sb_progress_update(&j->progress, state->done, what);
    return !sb_cli_interrupted();
}

static void say_estimate(const job *j, const sb_scaling_estimate *e) {
    if (j->common->quiet || e->finished == e->networks) return;
    fprintf(stderr, "scaling, preset %s: %d networks", j->preset.name, e->networks);
    if (e->finished) fprintf(stderr, ", %d of them finished", e->finished);
    if (e->total < 100)
        fprintf(stderr, "; about %.0f s", e->total + 1);
    else if (e->total < 6000)
        fprintf(stderr, "; about %.0f min", e->total / 60);
    else
        fprintf(stderr, "; about %.1f h", e->total / 3600);
    fprintf(stderr, " (%s)\n", e->description);
}

static sb_status compute(job *j, sb_error *error) {
    const sb_scaling_request *q = j->request;
    sb_scaling scaling = {.plan = &j->plan,
                          .arms = j->arms,
                          .folder = q->data,
                          .directory = j->outcome->folder,
                          .backend_options = {.jobs = j->common->jobs, .unpinned = q->unpinned},
                          .proceed = proceed,
                          .context = j};
    sb_scaling_estimate estimate;
    sb_status status = sb_backend_find(q->device ? q->device : "auto", &scaling.backend, error);
    if (!status && q->precision)
        status = sb_precision_parse(q->precision, &scaling.backend_options.precision, error);
    if (!status) status = sb_scaling_open(&scaling, error);
    if (!status) status = sb_scaling_estimate_cost(&scaling, &estimate, error);
    if (status) return status;
    say_estimate(j, &estimate);
    sb_progress_start(&j->progress, sb_cli_progress(j->common), "scaling", estimate.total);
    status = sb_scaling_run(&scaling, &estimate, error);
    sb_progress_finish(&j->progress);
    if (status == SB_INTERRUPTED)
        sb_fail(error, status, "interrupted: the same command continues what is in %s", j->outcome->folder);
    return status;
}

/* ------------------------------------------------------------------ the report */
static int go_on(void *context) {
    (void)context;
    return !sb_cli_interrupted();
}

static sb_status write_table(const job *j, sb_format_kind format, const char *file, sb_error *error) {
    sb_text text;
    sb_text_init(&text);
    char *path = sb_path_join(j->outcome->folder, file);
    sb_status status =
        path ? sb_experiment_print(&j->results, format, 120, &text, error) : sb_fail_memory(error);
    if (!status) status = sb_file_write(path, text.data, text.length, error);
    sb_text_clear(&text);
    free(path);
    return status;
}

static sb_status write_tables(const job *j, sb_error *error) {
    sb_status status = write_table(j, SB_FORMAT_TEXT, "results.txt", error);
    if (!status) status = write_table(j, SB_FORMAT_MARKDOWN, "results.md", error);
    if (!status) status = write_table(j, SB_FORMAT_TEX, "results.tex", error);
    return status ? status : write_table(j, SB_FORMAT_JSON, "results.json", error);
}

static sb_status draw(const job *j, sb_error *error) {
    const sb_figure *figure;
    sb_figure_options options;
    sb_status status = sb_figure_options_init(&options, error);
    options.output_directory = options.logs_directory = j->outcome->folder;
    options.write_data = 1;
    if (!status) status = sb_figure_find("scaling", &figure, error);
    if (!status) status = sb_figure_write(figure, &options, error);
    sb_figure_options_clear(&options);
    return status;
}

/* *present := the number of asked arms that are finished. */
static sb_status report(job *j, int *present, sb_error *error) {
    sb_scaling_results *r = &j->results;
    sb_status status = sb_scaling_results_read(r, j->outcome->folder, j->arms, go_on, NULL, error);
    *present = 0;
    for (int arm = 0; arm < SB_ARMS; arm++) *present += r->arm[arm].present;
    if (status || !*present) return status;
    sb_text *table = &j->outcome->table;
    status = sb_experiment_print(r, j->common->format, sb_cli_width(j->common), table, error);
    sb_experiment_summary(r, &j->outcome->line);
    if (!status) status = write_tables(j, error);
    return status ? status : draw(j, error);
}

static int exit_status(const job *j) {
    int differs = 0, missing = 0;
    for (int arm = 0; arm < SB_ARMS; arm++) {
        const sb_scaling_arm *a = &j->results.arm[arm];
        if (!(j->arms & 1u << arm)) continue;
        missing |= !a->present;
        differs |= a->present && !sb_curves_as_expected((sb_arm)arm, a->verdict);
    }
    return differs ? SB_EXIT_DIFFERS : missing ? SB_EXIT_UNDECIDED : SB_EXIT_HOLDS;
}

static int run(job *j) {
    sb_error error;
    int present = 0;
    sb_status status = read_request(j, &error);
    if (status) return sb_cli_fail(&error);
    sb_cli_catch_interrupts();
    sb_scaling_plan_init(&j->plan, &j->preset);
    sb_scaling_results_init(&j->results, &j->plan);
    if (!j->request->report) status = compute(j, &error);
    if (!status) status = report(j, &present, &error);
    int result = status ? sb_cli_fail(&error) : exit_status(j);
    if (!status && !present) sb_cli_trouble("%s: no arm of the experiment is finished", j->outcome->folder);
    sb_scaling_results_clear(&j->results);
    sb_scaling_plan_clear(&j->plan);
    return result;
}

int sb_experiment_scaling(const sb_scaling_request *request, const sb_common_options *common,
                          sb_scaling_outcome *outcome) {
    job j = {.request = request, .common = common, .outcome = outcome};
    sb_preset_init(&j.preset);
    int result = run(&j);
    sb_preset_clear(&j.preset);
    return result;
}
