#include "cli/certify_run.h"

#include "distributions/binomial.h"
#include "support/progress.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEY_SIGMA = 0x400, /* apart from the keys of the commands and of network_options.c */
    KEY_SAMPLES,
    KEY_ALPHA,
    KEY_SPLIT,
    KEY_SKIP,
    KEY_MAX,
    KEY_SHARD,
    KEY_BATCH,
    KEY_RESUME,
    KEY_FORCE,
    KEY_TIME
};

static const struct argp_option option[] = {
    {0, 0, 0, 0, "Noise and samples:", 10},
    {"sigma", KEY_SIGMA, "S", 0, "Gaussian noise of this standard deviation, for pixels in [0, 1]", 0},
    {"noise", SB_KEY_NOISE, "SPEC", 0, "any other noise with a certified radius, such as uniform:r=1/2", 0},
    {"n", KEY_SAMPLES, "N", 0, "samples that are counted (100000)", 0},
    {"alpha", KEY_ALPHA, "A", 0, "failure probability for an image (0.001)", 0},
    {"batch", KEY_BATCH, "N", 0, "samples between two looks at interrupts (1000); changes no result", 0},
    {0, 0, 0, 0, "Which images:", 15},
    {"split", KEY_SPLIT, "WHICH", 0, "test (default) or train", 0},
    {"skip", KEY_SKIP, "N", 0, "every N-th image (1)", 0},
    {"max", KEY_MAX, "N", 0, "at most N of these (all)", 0},
    {"shard", KEY_SHARD, "I/N", 0, "part I of N of the images; merge-logs joins the logs", 0},
    {0, 0, 0, 0, "Log:", 40},
    {"resume", KEY_RESUME, 0, 0, "continue the log of an interrupted run (-o)", 0},
    {"force", KEY_FORCE, 0, 0, "replace an existing log", 0},
    {"time", KEY_TIME, 0, 0, "write the seconds an image took; without it the bytes are the same every time",
     0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    sb_certify_run *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->network;
        state->child_inputs[1] = &o->common;
        return 0;
    case KEY_SIGMA:
        o->sigma_text = text;
        return 0;
    case SB_KEY_NOISE:
        o->noise_text = text;
        return 0;
    case KEY_SAMPLES:
        o->samples_text = text;
        return 0;
    case KEY_ALPHA:
        o->alpha_text = text;
        return 0;
    case KEY_SPLIT:
        o->split_text = text;
        return 0;
    case KEY_SKIP:
        o->skip_text = text;
        return 0;
    case KEY_MAX:
        o->most_text = text;
        return 0;
    case KEY_SHARD:
        o->shard_text = text;
        return 0;
    case KEY_BATCH:
        o->batch_text = text;
        return 0;
    case KEY_RESUME:
        o->resume = 1;
        return 0;
    case KEY_FORCE:
        o->replace = 1;
        return 0;
    case KEY_TIME:
        o->times = 1;
        return 0;
    case ARGP_KEY_ARG:
        if (o->model) return ARGP_ERR_UNKNOWN;
        o->model = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&sb_network_argp, 0, 0, 0}, {&sb_common_argp, 0, 0, 0}, {0}};
const struct argp sb_certify_run_argp = {option, parse, 0, 0, children, 0, 0};

void sb_certify_run_init(sb_certify_run *o) {
    sb_noise_spec_init(&o->noise);
    sb_certify_options_init(&o->options);
    o->options.noise = &o->noise;
}

void sb_certify_run_clear(sb_certify_run *o) {
    sb_certify_options_clear(&o->options);
    sb_noise_spec_clear(&o->noise);
}

/* ------------------------------------------------------------------ reading */
sb_status sb_certify_run_whole(const char *name, const char *text, uint64_t most, uint64_t *value,
                               sb_error *error) {
    return text ? sb_cli_read_whole(name, text, most, value, error) : SB_OK;
}

static sb_status read_sigma(sb_certify_run *o, sb_error *error) {
    sb_exact sigma;
    sb_exact_init(&sigma);
    sb_status status = sb_exact_parse("--sigma", o->sigma_text, &sigma, error);
    if (!status) status = sb_cli_check_positive("--sigma", o->sigma_text, &sigma, error);
    char *exact = sb_exact_print(&sigma), *spec = exact ? sb_format("gaussian:sigma=%s", exact) : NULL;
    if (!status && !spec) status = sb_fail_memory(error);
    if (!status) status = sb_noise_spec_parse(&o->noise, spec, error);
    free(exact);
    free(spec);
    sb_exact_clear(&sigma);
    return status;
}

static sb_status read_alpha(sb_certify_run *o, sb_error *error) {
    if (!o->alpha_text) return SB_OK;
    sb_exact alpha;
    sb_exact_init(&alpha);
    sb_status status = sb_exact_parse("--alpha", o->alpha_text, &alpha, error);
    if (!status && (alpha.infinite || fmpq_sgn(alpha.value) <= 0 || fmpq_cmp_ui(alpha.value, 1) >= 0))
        status = sb_fail(error, SB_BAD_INPUT, "--alpha '%.60s': must be above 0 and below 1", o->alpha_text);
    if (!status) fmpq_set(o->options.alpha, alpha.value);
    sb_exact_clear(&alpha);
    return status;
}

sb_status sb_certify_run_read_noise(sb_certify_run *o, sb_error *error) {
    if (o->sigma_text && o->noise_text)
        return sb_fail(error, SB_BAD_INPUT, "--sigma and --noise exclude each other");
    if (!o->sigma_text && !o->noise_text)
        return sb_fail(error, SB_BAD_INPUT, "the noise is missing: give --sigma S, or --noise SPEC");
    sb_status status =
        o->sigma_text ? read_sigma(o, error) : sb_noise_spec_parse(&o->noise, o->noise_text, error);
    if (!status)
        status = sb_certify_run_whole("--n", o->samples_text, SB_TRIALS_LIMIT, &o->options.samples, error);
    return status ? status : read_alpha(o, error);
}

static sb_status read_shard(sb_certify_run *o, sb_error *error) {
    if (!o->shard_text) return SB_OK;
    const char *slash = strchr(o->shard_text, '/');
    sb_error why;
    sb_status status = SB_BAD_INPUT;
    char *number = slash ? sb_format("%.*s", (int)(slash - o->shard_text), o->shard_text) : NULL;
    if (number) status = sb_cli_read_whole("--shard", number, UINT32_MAX, &o->options.shard, &why);
    if (!status) status = sb_cli_read_whole("--shard", slash + 1, UINT32_MAX, &o->options.shards, &why);
    free(number);
    if (!status && o->options.shard <= o->options.shards) return SB_OK;
    return sb_fail(error, SB_BAD_INPUT, "--shard '%.40s': must be I/N with whole numbers 1 <= I <= N",
                   o->shard_text);
}

static sb_status read_split(sb_certify_run *o, sb_error *error) {
    const char *text = o->split_text ? o->split_text : "test";
    o->split = strcmp(text, "train") == 0 ? SB_SPLIT_TRAIN : SB_SPLIT_TEST;
    if (o->split == SB_SPLIT_TRAIN || strcmp(text, "test") == 0) return SB_OK;
    return sb_fail(error, SB_BAD_INPUT, "--split '%.40s': must be test or train", text);
}

static sb_status read_options(sb_certify_run *o, sb_error *error) {
    if (!o->model) return sb_fail(error, SB_BAD_INPUT, "which model? (see --help)");
    if (o->resume && o->replace)
        return sb_fail(error, SB_BAD_INPUT, "--resume and --force exclude each other");
    if (o->resume && !o->common.output)
        return sb_fail(error, SB_BAD_INPUT, "--resume needs the log that is to be continued: -o LOG");
    sb_status status = sb_certify_run_read_noise(o, error);
    if (!status) status = sb_certify_run_whole("--skip", o->skip_text, UINT32_MAX, &o->options.skip, error);
    if (!status) status = sb_certify_run_whole("--max", o->most_text, UINT32_MAX, &o->options.most, error);
    if (!status)
        status = sb_certify_run_whole("--batch", o->batch_text, SB_TRIALS_LIMIT, &o->options.batch, error);
    if (!status) status = read_shard(o, error);
    if (!status) status = read_split(o, error);
    o->options.seed = o->common.seed;
    return status ? status : sb_cli_read_network(&o->network, &o->common, error);
}

/* The size the network sees: --size, else the one that the model says it was trained at, else that of the
   images. */
static int network_size(const sb_certify_run *o, const sb_model *model, const sb_image_set *images) {
    char *trained = o->network.size ? NULL : sb_model_metadata(model, "size");
    int size = o->network.size ? o->network.size : trained ? atoi(trained) : 0;
    free(trained);
    return size ? size : images->size;
}

/* ------------------------------------------------------------------ running */
typedef struct {
    sb_progress progress;
    double each;  /* samples of an image, at most */
    double since; /* when the image at hand was begun */
    uint64_t first, done;
    int started;
} watch;

static int proceed(void *context, uint64_t done, uint64_t images, double rate) {
    watch *w = context;
    double now = sb_seconds(), elapsed = now - w->progress.started;
    if (!w->started) {
        w->started = 1;
        w->first = w->done = done;
        sb_progress_start(&w->progress, w->progress.stream, w->progress.label, (double)(images - done));
        w->since = now;
    } else if (done != w->done) {
        w->done = done;
        w->since = now;
    }
    double share = (now - w->since) * rate / w->each; /* of the image at hand, about */
    double speed = done > w->first ? (double)(done - w->first) / elapsed : rate / w->each;
    char what[60];
    snprintf(what, sizeof what, "%llu of %llu images, %.3g images/s", (unsigned long long)done,
             (unsigned long long)images, speed);
    sb_progress_update(&w->progress, (double)(done - w->first) + (share < 0.99 ? share : 0.99), what);
    return !sb_cli_interrupted();
}

static sb_status certify(sb_certify_run *o, const sb_model *model, const sb_image_set *images,
                         sb_error *error) {
    const char *log = o->common.output ? o->common.output : "-";
    watch w = {.each = (double)o->options.samples + (o->options.predict ? 0 : (double)o->options.selection)};
    sb_certification task = {.options = &o->options,
                             .model = model,
                             .backend = o->network.backend,
                             .backend_options = o->network.backend_options,
                             .images = images,
                             .log_path = log,
                             .resume = o->resume,
                             .replace = o->replace,
                             .times = o->times,
                             .watch = {proceed, &w}};
    sb_progress_start(&w.progress, sb_cli_progress(&o->common), o->options.predict ? "predict" : "certify",
                      1);
    sb_status status = sb_certify(&task, error);
    sb_progress_finish(&w.progress);
    if (status == SB_INTERRUPTED && o->common.output) {
        sb_error told = *error;
        sb_fail(error, SB_INTERRUPTED, "%s; the same command with --resume continues %.200s", told.message,
                log);
    }
    return status;
}

int sb_certify_run_all(sb_certify_run *o) {
    sb_error error;
    sb_model model;
    sb_image_set images;
    sb_model_init(&model);
    sb_image_set_init(&images);
    sb_status status = read_options(o, &error);
    if (!status && !o->options.predict && o->options.rule == SB_RULE_TWO_CLASS_AS_PUBLISHED)
        sb_cli_trouble("warning: two-class-as-published is unsound: its radii may exceed the true ones");
    if (!status) sb_cli_catch_interrupts();
    if (!status) status = sb_model_read(&model, o->model, &error);
    uint64_t most = o->options.most ? (o->options.most - 1) * o->options.skip + 1 : 0;
    if (!status) status = sb_image_set_read(&images, &o->network.source, o->split, 0, most, &error);
    if (!status) {
        o->options.size = network_size(o, &model, &images);
        status = certify(o, &model, &images, &error);
    }
    sb_model_clear(&model);
    sb_image_set_clear(&images);
    return status ? sb_cli_fail(&error) : SB_EXIT_HOLDS;
}
