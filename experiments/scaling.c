/* The networks share what can be shared: the order and crops of training images, the noise and the initial
   weights depend on the seed alone, and every network is certified on the same test images.

   The estimate counts passes of one image through a network, forward and backward alike, and measures how
   long a forward pass takes. */
#include "experiments/scaling.h"

#include "nn/certify.h"
#include "nn/log_header.h"
#include "nn/model.h"
#include "nn/shapes.h"
#include "nn/train.h"
#include "nn/train_step.h"
#include "support/file.h"
#include "support/progress.h"

#include <stdlib.h>
#include <string.h>

enum { LOG_LIMIT = 1 << 28, FIRST_TRIAL = 16 };
#define TRIAL_SECONDS 0.2
#define TRAINING_PASS 1.3 /* a pass in training against one in certification; measured */

/* ------------------------------------------------------------------ the folder */
/* The lines of the texts of two presets have the same keys. SB_BAD_INPUT names the first that differs. */
static sb_status compare_texts(const char *directory, const char *old, const char *new, sb_error *error) {
    while (*old && *new) {
        size_t length = strcspn(old, "\n"), other = strcspn(new, "\n");
        if (length != other || strncmp(old, new, length) != 0)
            return sb_fail(error, SB_BAD_INPUT, "%s: holds results for %.*s, not for %.*s", directory,
                           (int)(length < 100 ? length : 100), old, (int)(other < 100 ? other : 100), new);
        old += length + (old[length] == '\n');
        new += other + (new[other] == '\n');
    }
    return SB_OK;
}

static sb_status compare_with_folder(const sb_scaling *s, const char *path, sb_error *error) {
    sb_preset old;
    sb_text was, is;
    sb_preset_init(&old);
    sb_text_init(&was);
    sb_text_init(&is);
    sb_status status = sb_preset_read(&old, path, error);
    if (!status) {
        const sb_preset *new = s->plan->preset;
        fmpq_set(old.report_radius, new->report_radius);
        fmpq_set(old.margin, new->margin);
        old.permutations = new->permutations;
        sb_preset_text(&old, &was);
        sb_preset_text(new, &is);
        status = was.failed || is.failed ? sb_fail_memory(error)
                                         : compare_texts(s->directory, was.data, is.data, error);
    }
    sb_text_clear(&was);
    sb_text_clear(&is);
    sb_preset_clear(&old);
    return status;
}

sb_status sb_scaling_open(const sb_scaling *s, sb_error *error) {
    sb_status status = sb_directory_make(s->directory, error);
    if (status) return status;
    char *path = sb_path_join(s->directory, SB_SCALING_PRESET_FILE);
    if (!path) return sb_fail_memory(error);
    sb_text text;
    sb_text_init(&text);
    sb_preset_text(s->plan->preset, &text);
    if (sb_file_exists(path)) status = compare_with_folder(s, path, error);
    if (!status) status = sb_text_status(&text, error);
    if (!status) status = sb_file_write(path, text.data, text.length, error);
    sb_text_clear(&text);
    free(path);
    return status;
}

/* ------------------------------------------------------------------ what is finished */
/* Whether the log at `path` is complete and was made with the model of that hash. */
static int is_complete_log(const char *path, uint64_t images, const char *hash) {
    char *text = NULL;
    size_t size = 0;
    if (!sb_file_exists(path) || sb_file_read(path, LOG_LIMIT, &text, &size, NULL)) return 0;
    sb_certification_log log;
    sb_certification_log_init(&log);
    char *model = sb_log_header_value(text, sb_log_header_length(text, size), "model");
    int complete = model && strcmp(model, hash) == 0 && size && text[size - 1] == '\n' &&
                   sb_certification_log_parse(&log, path, text, size, NULL) == SB_OK && log.count == images;
    sb_certification_log_clear(&log);
    free(model);
    free(text);
    return complete;
}

int sb_scaling_is_finished(const sb_scaling_plan *plan, const char *directory, int network) {
    char *log = sb_scaling_file(plan, directory, network, "tsv");
    char *file = sb_scaling_file(plan, directory, network, "safetensors");
    sb_model model;
    sb_model_init(&model);
    int finished = log && file && sb_file_exists(log) && sb_file_exists(file) &&
                   sb_model_read(&model, file, NULL) == SB_OK &&
                   is_complete_log(log, plan->preset->test_images, model.hash);
    sb_model_clear(&model);
    free(log);
    free(file);
    return finished;
}

/* ------------------------------------------------------------------ how long it will take */
/* *seconds := what the classification of one noisy image of that size takes, at best: other work on the
   machine only slows it down. */
static sb_status time_forward(const sb_scaling *s, int size, sb_scaling_estimate *estimate, double *seconds,
                              sb_error *error) {
    sb_model model;
    sb_network *network = NULL;
    sb_model_init(&model);
    float *image = calloc((size_t)size * (size_t)size * SB_CHANNELS, sizeof *image);
    sb_status status =
        image ? sb_model_create(&model, s->plan->preset->training.depth, 0, error) : sb_fail_memory(error);
    if (!status) status = s->backend->open(&network, &model.resnet, size, &s->backend_options, error);
    if (!status) status = s->backend->set_values(network, model.values, error);
    double spent = 0;
    for (uint64_t count = FIRST_TRIAL; !status && spent < TRIAL_SECONDS;) {
        sb_noisy_samples samples = {.image = image, .count = count, .sigma = 1};
        uint64_t counts[SB_CLASSES] = {0};
        double started = sb_seconds();
        status = s->backend->count_classes(network, &samples, counts, error);
        double elapsed = sb_seconds() - started;
        if (!(*seconds > 0) || elapsed < *seconds * (double)count) *seconds = elapsed / (double)count;
        spent += elapsed;
        if (elapsed < TRIAL_SECONDS / 16) count *= 2;
    }
    if (network) memcpy(estimate->description, network->description, sizeof estimate->description);
    if (network) s->backend->close(network);
    sb_model_clear(&model);
    free(image);
    return status;
}

/* Passes that the training of a network takes. */
static double training_passes(const sb_scaling *s, int network) {
    sb_training_options options;
    sb_scaling_training(s->plan, network, &options);
    double images = options.images ? (double)options.images : SB_SHAPES_TRAIN; /* CIFAR-10 has as many */
    return TRAINING_PASS * images * options.epochs * sb_training_step_units(&options);
}

sb_status sb_scaling_estimate_cost(const sb_scaling *s, sb_scaling_estimate *estimate, sb_error *error) {
    const sb_preset *p = s->plan->preset;
    double forward[SB_SCALING_SIZES] = {0};
    sb_status status = SB_OK;
    memset(estimate, 0, sizeof *estimate);
    for (int i = 0; i < s->plan->count && !status; i++) {
        if (!sb_scaling_needs(s->plan, s->arms, i)) continue;
        estimate->networks++;
        if (sb_scaling_is_finished(s->plan, s->directory, i)) {
            estimate->finished++;
            continue;
        }
        int size = 0;
        while (p->size[size] != s->plan->network[i].size) size++;
        if (!(forward[size] > 0)) status = time_forward(s, p->size[size], estimate, &forward[size], error);
        estimate->training[i] = forward[size] * training_passes(s, i);
        estimate->certification[i] =
            forward[size] * (double)p->test_images * (double)(p->selection + p->samples);
        estimate->total += estimate->training[i] + estimate->certification[i];
    }
    return status;
}

/* ------------------------------------------------------------------ one network */
/* What is at hand; images of one source size are kept for the networks that follow. */
typedef struct {
    const sb_scaling *scaling;
    const sb_scaling_estimate *estimate;
    sb_scaling_state state;
    int at;      /* the network's number in the plan */
    double done; /* estimated seconds of the networks before */
    sb_image_set train, test;
    int source_size; /* of both sets; 0: none */
} run;

static int report(run *r, double share) {
    const sb_scaling *s = r->scaling;
    const double *training = r->estimate->training, *certification = r->estimate->certification;
    r->state.done =
        r->done + (r->state.phase == SB_SCALING_TRAINS ? share * training[r->at]
                                                       : training[r->at] + share * certification[r->at]);
    return s->proceed ? s->proceed(s->context, &r->state) : 1;
}

static int after_training_step(void *context, const sb_training_state *state) {
    run *r = context;
    r->state.epoch = state->epoch;
    r->state.epochs = state->epochs;
    return report(r, (double)state->step / (double)state->steps);
}

static int after_samples(void *context, uint64_t done, uint64_t images, double samples_per_second) {
    run *r = context;
    (void)samples_per_second;
    r->state.images_done = done;
    r->state.images = images;
    return report(r, images ? (double)done / (double)images : 1);
}

static sb_status read_images(run *r, int source_size, sb_error *error) {
    const sb_preset *p = r->scaling->plan->preset;
    if (r->source_size == source_size) return SB_OK;
    int shapes = strcmp(p->data, "shapes") == 0;
    const sb_image_source source = {shapes ? p->data : r->scaling->folder, source_size, p->data_seed};
    uint64_t wanted = p->test_images * p->test_skip;
    sb_image_set_clear(&r->train);
    sb_image_set_clear(&r->test);
    r->source_size = 0;
    sb_status status = sb_image_set_read(&r->train, &source, SB_SPLIT_TRAIN, 0, p->training.images, error);
    if (!status) status = sb_image_set_read(&r->test, &source, SB_SPLIT_TEST, 0, wanted, error);
    if (!status && (r->test.count - 1) / p->test_skip + 1 < p->test_images)
        status = sb_fail(error, SB_BAD_INPUT, "test-images %llu, test-skip %llu: there are %zu test images",
                         (unsigned long long)p->test_images, (unsigned long long)p->test_skip, r->test.count);
    if (!status) r->source_size = source_size;
    return status;
}

static sb_status train(run *r, const char *path, sb_error *error) {
    const sb_scaling *s = r->scaling;
    sb_training_options options;
    sb_scaling_training(s->plan, r->at, &options);
    char *log = sb_scaling_file(s->plan, s->directory, r->at, "log");
    if (!log) return sb_fail_memory(error);
    const sb_training training = {.options = &options,
                                  .images = &r->train,
                                  .backend = s->backend,
                                  .backend_options = s->backend_options,
                                  .model_path = path,
                                  .log_path = log,
                                  .resume = 1,
                                  .watch = {after_training_step, r}};
    r->state.phase = SB_SCALING_TRAINS;
    r->state.epoch = 1;
    r->state.epochs = options.epochs;
    sb_status status =
        report(r, 0) ? sb_train(&training, error) : sb_fail(error, SB_INTERRUPTED, "interrupted");
    free(log);
    return status;
}

static sb_status certify_model(run *r, const sb_model *model, const sb_noise_spec *noise, const char *path,
                               sb_error *error) {
    const sb_scaling *s = r->scaling;
    const sb_preset *p = s->plan->preset;
    sb_certify_options options;
    sb_certify_options_init(&options);
    options.noise = noise;
    options.rule = p->rule;
    fmpq_set(options.alpha, p->alpha);
    options.selection = p->selection;
    options.samples = p->samples;
    options.seed = p->training.seed;
    options.size = s->plan->network[r->at].size;
    options.skip = p->test_skip;
    options.most = p->test_images;
    const sb_certification certification = {.options = &options,
                                            .model = model,
                                            .backend = s->backend,
                                            .backend_options = s->backend_options,
                                            .images = &r->test,
                                            .log_path = path,
                                            .resume = 1,
                                            .watch = {after_samples, r}};
    r->state.phase = SB_SCALING_CERTIFIES;
    r->state.images_done = 0;
    r->state.images = p->test_images;
    sb_status status =
        report(r, 0) ? sb_certify(&certification, error) : sb_fail(error, SB_INTERRUPTED, "interrupted");
    sb_certify_options_clear(&options);
    return status;
}

static sb_status certify(run *r, const char *model_path, sb_error *error) {
    const sb_scaling *s = r->scaling;
    sb_model model;
    sb_noise_spec noise;
    sb_model_init(&model);
    sb_noise_spec_init(&noise);
    char *path = sb_scaling_file(s->plan, s->directory, r->at, "tsv");
    char *sigma = sb_rational_print(s->plan->network[r->at].sigma);
    char *spec = sigma ? sb_format("gaussian:sigma=%s", sigma) : NULL;
    sb_status status = path && spec ? sb_noise_spec_parse(&noise, spec, error) : sb_fail_memory(error);
    if (!status) status = sb_model_read(&model, model_path, error);
    if (!status) status = certify_model(r, &model, &noise, path, error);
    sb_model_clear(&model);
    sb_noise_spec_clear(&noise);
    free(path);
    free(sigma);
    free(spec);
    return status;
}

sb_status sb_scaling_run(const sb_scaling *s, const sb_scaling_estimate *estimate, sb_error *error) {
    run r = {.scaling = s, .estimate = estimate};
    r.state.networks = estimate->networks;
    r.state.total = estimate->total;
    sb_image_set_init(&r.train);
    sb_image_set_init(&r.test);
    sb_status status = SB_OK;
    for (int i = 0; i < s->plan->count && !status; i++) {
        if (!sb_scaling_needs(s->plan, s->arms, i)) continue;
        r.at = i;
        r.state.number++;
        r.state.network = &s->plan->network[i];
        if (sb_scaling_is_finished(s->plan, s->directory, i)) continue;
        char *path = sb_scaling_file(s->plan, s->directory, i, "safetensors");
        status = path ? read_images(&r, r.state.network->source_size, error) : sb_fail_memory(error);
        if (!status) status = train(&r, path, error);
        if (!status) status = certify(&r, path, error);
        free(path);
        r.done += estimate->training[i] + estimate->certification[i];
    }
    sb_image_set_clear(&r.train);
    sb_image_set_clear(&r.test);
    return status;
}
