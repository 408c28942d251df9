/* The state of a training is the network's values, the momentum and a position: every random draw has an
   address made of the seed, the epoch and the number of the image in the course of training. So a checkpoint
   may be taken after any step, and from there the bytes are those of an undisturbed run. */
#include "nn/train.h"

#include "nn/train_checkpoint.h"
#include "nn/training_log.h"
#include "support/file.h"
#include "support/parallel.h"
#include "support/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_CHUNKS = 64 }; /* of a batch that is being assembled */
#define CHECKPOINT_SECONDS 300

typedef struct {
    const sb_training *training;
    const sb_training_options *options;
    size_t images; /* in an epoch */
    uint64_t steps_per_epoch, steps;
    int jobs;
    sb_model model;
    sb_network *network;
    sb_training_step step;
    sb_training_log log;
    sb_text identity;
    sb_training_position at;
    uint32_t *order; /* of the epoch */
    float *batch;
    uint8_t *label;
    double started, epoch_started, saved; /* seconds on the monotonic clock */
    uint64_t images_done;                 /* since `started` */
} run;

/* ------------------------------------------------------------------ batches */
typedef struct {
    run *r;
    int epoch;
    size_t first, count, chunks; /* of the epoch's order */
    sb_status status[MOST_CHUNKS];
    sb_error error[MOST_CHUNKS];
} assembly;

static void assemble_chunk(void *context, size_t chunk) {
    assembly *a = context;
    run *r = a->r;
    const sb_image_set *set = r->training->images;
    sb_augmentation augmentation = {r->options->seed, (uint64_t)a->epoch, set->size / 8};
    size_t begin = a->count * chunk / a->chunks, end = a->count * (chunk + 1) / a->chunks;
    a->status[chunk] = sb_image_batch(set, r->order + a->first + begin, end - begin, r->options->size,
                                      r->options->augment ? &augmentation : NULL,
                                      r->batch + begin * r->step.elements, &a->error[chunk]);
    for (size_t i = begin; i < end; i++) r->label[i] = set->label[r->order[a->first + i]];
}

static sb_status assemble(run *r, int epoch, size_t first, size_t count, sb_error *error) {
    assembly a = {.r = r, .epoch = epoch, .first = first, .count = count};
    a.chunks = (size_t)(r->jobs < MOST_CHUNKS ? r->jobs : MOST_CHUNKS);
    sb_parallel(r->jobs, a.chunks, assemble_chunk, &a);
    for (size_t i = 0; i < a.chunks; i++)
        if (a.status[i]) {
            if (error) *error = a.error[i];
            return a.status[i];
        }
    return SB_OK;
}

/* ------------------------------------------------------------------ steps */
static sb_status save(run *r, sb_error *error) {
    r->saved = sb_seconds();
    return sb_checkpoint_write(&r->model, r->training->model_path, r->network, r->identity.data, &r->at,
                               r->steps_per_epoch, sb_training_step_updates(r->options), error);
}

/* The images of the epoch that the steps so far have seen. */
static size_t images_seen(const run *r, uint64_t steps) {
    size_t seen = (size_t)steps * (size_t)r->options->batch;
    return seen < r->images ? seen : r->images;
}

static sb_status take_step(run *r, int epoch, uint64_t step, sb_error *error) {
    size_t first = images_seen(r, step), count = images_seen(r, step + 1) - first;
    double rate = sb_learning_rate(r->options, epoch, step, r->steps_per_epoch);
    sb_training_sums sums;
    sb_status status = assemble(r, epoch, first, count, error);
    if (!status)
        status = sb_training_step_run(&r->step, r->batch, r->label, count,
                                      r->at.step * (uint64_t)r->options->batch, rate, &sums, error);
    if (status) return status;
    if (!isfinite(sums.loss))
        return sb_fail(error, SB_BAD_INPUT,
                       "the loss is %g at step %llu (epoch %d): lower the learning rate; %s holds the last "
                       "good state",
                       sums.loss, (unsigned long long)(r->at.step + 1), epoch + 1, r->training->model_path);
    r->at.step++;
    r->at.sums.loss += sums.loss;
    r->at.sums.correct += sums.correct;
    r->images_done += count;
    return SB_OK;
}

static sb_training_state state_of(const run *r, int epoch, uint64_t steps_in_epoch) {
    size_t seen = images_seen(r, steps_in_epoch);
    double elapsed = sb_seconds() - r->started;
    return (sb_training_state){.epoch = epoch + 1,
                               .epochs = r->options->epochs,
                               .step = r->at.step,
                               .steps = r->steps,
                               .loss = r->at.sums.loss / (double)seen,
                               .accuracy = (double)r->at.sums.correct / (double)(seen * r->step.noises),
                               .images_per_second = elapsed > 0 ? (double)r->images_done / elapsed : 0};
}

static sb_status finish_epoch(run *r, const sb_training_state *state, sb_error *error) {
    sb_training_log_row row = {
        state->epoch, state->loss, state->accuracy,
        sb_learning_rate(r->options, state->epoch - 1, r->steps_per_epoch - 1, r->steps_per_epoch),
        sb_seconds() - r->epoch_started};
    sb_status status = sb_training_log_write(&r->log, &row, error);
    r->at.sums = (sb_training_sums){0, 0};
    return status ? status : save(r, error);
}

static sb_status after_step(run *r, int epoch, uint64_t steps_in_epoch, sb_error *error) {
    const sb_training *t = r->training;
    sb_training_state state = state_of(r, epoch, steps_in_epoch);
    sb_status status = SB_OK;
    int due = t->checkpoint_steps ? r->at.step % t->checkpoint_steps == 0
                                  : sb_seconds() - r->saved >= CHECKPOINT_SECONDS;
    int stop = t->watch.proceed && !t->watch.proceed(t->watch.context, &state) && r->at.step < r->steps;
    if (steps_in_epoch == r->steps_per_epoch)
        status = finish_epoch(r, &state, error);
    else if (due || stop)
        status = save(r, error);
    if (!status && stop)
        status = sb_fail(error, SB_INTERRUPTED, "interrupted after step %llu of %llu; %s can be resumed",
                         (unsigned long long)r->at.step, (unsigned long long)r->steps, t->model_path);
    return status;
}

static sb_status run_epoch(run *r, sb_error *error) {
    int epoch = (int)(r->at.step / r->steps_per_epoch);
    sb_shuffle(r->order, r->images, r->options->seed, (uint64_t)epoch);
    r->epoch_started = sb_seconds();
    sb_status status = SB_OK;
    for (uint64_t step = r->at.step % r->steps_per_epoch; !status && step < r->steps_per_epoch; step++) {
        status = take_step(r, epoch, step, error);
        if (!status) status = after_step(r, epoch, step + 1, error);
    }
    return status;
}

/* ------------------------------------------------------------------ start */
static sb_status plan(run *r, sb_error *error) {
    const sb_training_options *o = r->options;
    const sb_training *t = r->training;
    sb_status status = sb_training_options_check(o, error);
    if (status) return status;
    r->images = t->images->count;
    if (o->images && o->images < r->images) r->images = (size_t)o->images;
    if (!r->images) return sb_fail(error, SB_BAD_INPUT, "no training images");
    size_t batch = (size_t)o->batch, last = r->images % batch;
    if (o->size == SB_LEAST_IMAGE_SIZE && o->noise_samples == 1 && (batch == 1 || last == 1))
        return sb_fail(error, SB_BAD_INPUT,
                       "batch %d: a batch of one image of size %d has maps of one pixel, without a variance",
                       o->batch, o->size);
    r->steps_per_epoch = r->images / batch + (last != 0);
    r->steps = r->steps_per_epoch * (uint64_t)o->epochs;
    r->jobs = t->backend_options.jobs;
    if (r->jobs < 1) r->jobs = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (r->jobs < 1) r->jobs = 1;
    return SB_OK;
}

static int exists(const char *path) {
    return path && access(path, F_OK) == 0;
}

/* Refuses what stands in the way; *resume: whether there is something to continue. */
static sb_status look_at_files(const sb_training *t, int *resume, sb_error *error) {
    *resume = t->resume && exists(t->model_path);
    if (t->log_path && strcmp(t->log_path, t->model_path) == 0)
        return sb_fail(error, SB_BAD_INPUT, "%s: cannot be both model and log", t->log_path);
    if (t->resume || t->replace) return SB_OK;
    const char *in_the_way = exists(t->model_path) ? t->model_path : exists(t->log_path) ? t->log_path : NULL;
    return in_the_way
               ? sb_fail(error, SB_BAD_INPUT, "%s: exists; resume its training, or replace it", in_the_way)
               : SB_OK;
}

static sb_status open_network(run *r, int resume, sb_error *error) {
    const sb_training *t = r->training;
    const sb_backend *b = t->backend;
    sb_status status = resume ? sb_model_read(&r->model, t->model_path, error)
                              : sb_model_create(&r->model, r->options->depth, r->options->seed, error);
    if (!status && r->model.resnet.depth != r->options->depth)
        status = sb_fail(error, SB_BAD_INPUT, "%s: was begun with depth %d, not %d", t->model_path,
                         r->model.resnet.depth, r->options->depth);
    if (!status)
        status = b->open(&r->network, &r->model.resnet, r->options->size, &t->backend_options, error);
    if (!status) status = b->set_values(r->network, r->model.values, error);
    return status ? status : b->set_momentum(r->network, r->model.momentum, error);
}

static sb_status start(run *r, sb_error *error) {
    const sb_training *t = r->training;
    int resume = 0;
    sb_status status = plan(r, error);
    if (!status) status = look_at_files(t, &resume, error);
    if (!status) status = open_network(r, resume, error);
    if (!status)
        status = sb_training_identity(r->options, t->images, r->images, r->network->description, &r->identity,
                                      error);
    if (!status && resume)
        status = sb_checkpoint_position(&r->model, t->model_path, r->identity.data, r->steps_per_epoch,
                                        r->steps, &r->at, error);
    if (!status)
        status = sb_training_log_open(&r->log, t->log_path, r->identity.data, t->resume,
                                      (int)(r->at.step / r->steps_per_epoch), error);
    size_t batch = images_seen(r, 1);
    if (!status) status = sb_training_step_init(&r->step, r->options, r->network, batch, r->jobs, error);
    if (status) return status;
    r->order = malloc(r->images * sizeof *r->order);
    r->batch = malloc(batch * r->step.elements * sizeof *r->batch);
    r->label = malloc(batch);
    if (!r->order || !r->batch || !r->label) return sb_fail_memory(error);
    status = sb_training_log_write(&r->log, NULL, error);
    if (!status && !resume) status = save(r, error);
    r->started = r->saved = sb_seconds();
    return status;
}

sb_status sb_train(const sb_training *training, sb_error *error) {
    run r = {.training = training, .options = training->options};
    sb_model_init(&r.model);
    sb_text_init(&r.identity);
    sb_training_log_init(&r.log);
    sb_status status = start(&r, error);
    while (!status && r.at.step < r.steps) status = run_epoch(&r, error);
    sb_training_step_clear(&r.step);
    sb_training_log_clear(&r.log);
    sb_text_clear(&r.identity);
    if (r.network) training->backend->close(r.network);
    sb_model_clear(&r.model);
    free(r.order);
    free(r.batch);
    free(r.label);
    return status;
}
