/* Sample k of image i has the stream (i << 32) + k: k < n0 selects the classes, the n samples after that are
   counted. So the counts are a function of seed, image and model, whatever the batch, the threads, the shard
   or the run that was interrupted; and an image that stops early has counted the first of the same samples.
 */
#include "nn/certify.h"

#include "distributions/binomial.h"
#include "distributions/family.h"
#include "nn/certify_image.h"
#include "nn/certify_log.h"
#include "nn/random_purpose.h"
#include "support/progress.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

void sb_certify_options_init(sb_certify_options *o) {
    *o = (sb_certify_options){.rule = SB_RULE_COHEN,
                              .selection = 100,
                              .samples = 100000,
                              .batch = 1000,
                              .skip = 1,
                              .shard = 1,
                              .shards = 1};
    fmpq_init(o->alpha);
    fmpq_set_si(o->alpha, 1, 1000);
    fmpq_init(o->radius);
}

void sb_certify_options_clear(sb_certify_options *o) {
    fmpq_clear(o->alpha);
    fmpq_clear(o->radius);
}

/* ------------------------------------------------------------------ checks */
static sb_status check_numbers(const sb_certify_options *o, sb_error *error) {
    if (fmpq_sgn(o->alpha) <= 0 || fmpq_cmp_ui(o->alpha, 1) >= 0)
        return sb_fail(error, SB_BAD_INPUT, "alpha: must be above 0 and below 1");
    if (o->samples < 1 || o->samples > SB_TRIALS_LIMIT)
        return sb_fail(error, SB_BAD_INPUT, "n %llu: must be from 1 to 10^9", (unsigned long long)o->samples);
    if (!o->predict && (o->selection < 1 || o->selection > SB_TRIALS_LIMIT))
        return sb_fail(error, SB_BAD_INPUT, "n0 %llu: must be from 1 to 10^9",
                       (unsigned long long)o->selection);
    if (o->batch < 1 || o->skip < 1)
        return sb_fail(error, SB_BAD_INPUT, "batch and skip: must be at least 1");
    if (o->shard < 1 || o->shard > o->shards)
        return sb_fail(error, SB_BAD_INPUT, "shard %llu/%llu: there is no such shard",
                       (unsigned long long)o->shard, (unsigned long long)o->shards);
    if (o->size < SB_LEAST_IMAGE_SIZE || o->size > SB_LARGEST_IMAGE_SIZE)
        return sb_fail(error, SB_BAD_INPUT, "size %d: is not within %d and %d", o->size, SB_LEAST_IMAGE_SIZE,
                       SB_LARGEST_IMAGE_SIZE);
    if (o->adaptive && o->predict)
        return sb_fail(error, SB_BAD_INPUT, "adaptive stopping is about radii: not for predictions");
    if (o->adaptive && fmpq_sgn(o->radius) <= 0)
        return sb_fail(error, SB_BAD_INPUT, "adaptive stopping needs a target radius above 0");
    return SB_OK;
}

static sb_status check_options(const sb_certify_options *o, sb_error *error) {
    sb_status status = check_numbers(o, error);
    if (!status && (!o->noise || !o->noise->family))
        status = sb_fail(error, SB_BAD_INPUT, "the noise is missing");
    if (!status && (o->rule < SB_RULE_COHEN || o->rule > SB_RULE_TWO_CLASS_AS_PUBLISHED))
        status = sb_fail(error, SB_BAD_INPUT, "rule %d: is none that certifies", (int)o->rule);
    if (!status && o->noise->family == &sb_gaussian_family) { /* sampled in single precision */
        double sigma = fmpq_get_d(o->noise->value[0]);
        if (!(sigma > FLT_MIN && sigma < FLT_MAX))
            status = sb_fail(error, SB_BAD_INPUT, "sigma %g: is beyond single precision", sigma);
    }
    return status;
}

/* ------------------------------------------------------------------ noise */
/* Noise that the backend does not know, drawn in double. */
typedef struct {
    const sb_noise_spec *noise;
    atomic_int *out_of_memory;
} drawn_noise;

static void draw(const void *context, uint64_t seed, uint64_t stream, float *noise, size_t elements) {
    const drawn_noise *drawn = context;
    double *x = malloc(elements * sizeof *x);
    if (!x) {
        atomic_store(drawn->out_of_memory, 1);
        memset(noise, 0, elements * sizeof *noise);
        return;
    }
    sb_noise_draw(drawn->noise, elements, seed, stream, x);
    for (size_t i = 0; i < elements; i++) noise[i] = (float)x[i];
    free(x);
}

/* ------------------------------------------------------------------ a run */
typedef struct {
    const sb_certification *task;
    sb_certifier certifier;
    int certifies; /* the certifier is there: not for predictions */
    sb_network *network;
    float *image;
    sb_noisy_samples samples;
    drawn_noise drawn;
    atomic_int out_of_memory;
    sb_chosen_images chosen; /* of this shard */
    uint64_t all;            /* of all shards */
    sb_log_writer log;
    double started;
    uint64_t sampled; /* since then */
} run;

static void choose_images(run *r) {
    const sb_certify_options *o = r->task->options;
    uint64_t all = r->task->images->count ? (r->task->images->count - 1) / o->skip + 1 : 0;
    if (o->most && o->most < all) all = o->most;
    r->all = all;
    r->chosen = (sb_chosen_images){.set = r->task->images,
                                   .first = (o->shard - 1) * o->skip,
                                   .step = o->shards * o->skip,
                                   .count = all >= o->shard ? (all - o->shard) / o->shards + 1 : 0};
}

static void add_key(sb_text *header, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void add_key(sb_text *header, const char *key, const char *format, ...) {
    sb_text_format(header, "# %s ", key);
    size_t start = header->length;
    va_list arguments;
    va_start(arguments, format);
    sb_text_vformat(header, format, arguments);
    va_end(arguments);
    for (size_t i = start; i < header->length; i++)
        if ((unsigned char)header->data[i] < 0x20) header->data[i] = '?'; /* of a folder's name */
    sb_text_append(header, "\n");
}

static void add_rational(sb_text *header, const char *key, const fmpq_t value) {
    char *text = sb_rational_print(value);
    add_key(header, key, "%s", text ? text : "");
    header->failed |= !text;
    free(text);
}

/* What the counts are a function of. */
static void add_sampling_keys(sb_text *header, const run *r) {
    const sb_certify_options *o = r->task->options;
    char *noise = sb_noise_spec_print(o->noise);
    add_key(header, "noise", "%s", noise ? noise : "");
    header->failed |= !noise;
    free(noise);
    add_key(header, "n0", "%llu", (unsigned long long)(o->predict ? 0 : o->selection));
    add_key(header, "n", "%llu", (unsigned long long)o->samples);
    add_rational(header, "alpha", o->alpha);
    add_key(header, "seed", "%llu", (unsigned long long)o->seed);
    add_key(header, "size", "%d", o->size);
    add_key(header, "data", "%s", r->task->images->description ? r->task->images->description : "unnamed");
    add_key(header, "skip", "%llu", (unsigned long long)o->skip);
    add_key(header, "max", "%llu", (unsigned long long)o->most);
    add_key(header, "images", "%llu", (unsigned long long)r->all);
    if (o->shards > 1)
        add_key(header, "shard", "%llu/%llu", (unsigned long long)o->shard, (unsigned long long)o->shards);
    add_key(header, "device", "%s", r->network->description);
    add_key(header, "model", "%s", r->task->model->hash[0] ? r->task->model->hash : "unsaved");
}

static void add_certificate_keys(sb_text *header, const run *r) {
    const sb_certifier *c = &r->certifier;
    char *norm = sb_exact_print(&c->law.norm);
    add_key(header, "norm", "%s", norm ? norm : "");
    header->failed |= !norm;
    free(norm);
    add_key(header, "certificate", "%s", sb_certified_law_name(&c->law));
    if (!r->task->options->adaptive) return;
    sb_text stages;
    sb_text_init(&stages);
    sb_stages_text(&c->stages, &stages);
    add_rational(header, "adaptive", c->target);
    add_key(header, "stages", "%s", stages.data);
    header->failed |= stages.failed;
    sb_text_clear(&stages);
}

static sb_status write_header(const run *r, sb_text *header, sb_error *error) {
    const sb_certify_options *o = r->task->options;
    add_key(header, "smoothbound", "%s", SB_VERSION);
    add_key(header, "rule", "%s%s", o->predict ? "predict" : sb_certificate_rule_name(o->rule),
            !o->predict && o->rule == SB_RULE_TWO_CLASS_AS_PUBLISHED ? " (unsound)" : "");
    if (!o->predict) add_certificate_keys(header, r);
    add_sampling_keys(header, r);
    sb_text_append(header, SB_LOG_HEADING);
    return sb_text_status(header, error);
}

static sb_status open_network(run *r, sb_error *error) {
    const sb_certification *t = r->task;
    size_t side = (size_t)t->options->size;
    r->image = malloc(side * side * SB_CHANNELS * sizeof *r->image);
    if (!r->image) return sb_fail_memory(error);
    sb_status status =
        t->backend->open(&r->network, &t->model->resnet, t->options->size, &t->backend_options, error);
    return status ? status : t->backend->set_values(r->network, t->model->values, error);
}

static sb_status open_run(run *r, sb_error *error) {
    const sb_certify_options *o = r->task->options;
    sb_status status = check_options(o, error);
    if (status) return status;
    choose_images(r);
    uint64_t dimension = (uint64_t)o->size * (uint64_t)o->size * SB_CHANNELS;
    r->drawn = (drawn_noise){o->noise, &r->out_of_memory};
    r->samples = (sb_noisy_samples){.seed = sb_purpose_seed(o->seed, SB_PURPOSE_CERTIFICATION)};
    if (o->noise->family == &sb_gaussian_family) {
        r->samples.sigma = (float)fmpq_get_d(o->noise->value[0]);
    } else {
        r->samples.draw = draw;
        r->samples.context = &r->drawn;
        status = sb_noise_domain(o->noise, dimension, error);
    }
    if (!status && !o->predict) {
        r->certifies = 1;
        status = sb_certifier_init(&r->certifier, o->noise, dimension, o->rule, o->samples, o->alpha,
                                   o->adaptive ? o->radius : NULL, error);
    }
    if (!status) status = open_network(r, error);
    sb_text header;
    sb_text_init(&header);
    if (!status) status = write_header(r, &header, error);
    if (!status)
        status = sb_log_open(&r->log, r->task->log_path, header.data, &r->chosen, r->task->resume,
                             r->task->replace, error);
    sb_text_clear(&header);
    return status;
}

/* ------------------------------------------------------------------ an image */
static sb_status look_at_watch(const run *r, uint64_t done, sb_error *error) {
    const sb_certify_watch *watch = &r->task->watch;
    double seconds = sb_seconds() - r->started;
    if (watch->proceed && !watch->proceed(watch->context, done, r->chosen.count,
                                          seconds > 0 ? (double)r->sampled / seconds : 0))
        return sb_fail(error, SB_INTERRUPTED, "interrupted after %llu of %llu images",
                       (unsigned long long)done, (unsigned long long)r->chosen.count);
    return SB_OK;
}

/* counts += the classes of samples first .. end - 1 of image number `done`. */
static sb_status count(run *r, uint64_t done, uint64_t first, uint64_t end, uint64_t counts[SB_CLASSES],
                       sb_error *error) {
    sb_status status = SB_OK;
    for (uint64_t at = first; at < end && !status; at += r->samples.count) {
        r->samples.first = at;
        r->samples.count = end - at < r->task->options->batch ? end - at : r->task->options->batch;
        status = r->task->backend->count_classes(r->network, &r->samples, counts, error);
        if (!status && atomic_load(&r->out_of_memory)) status = sb_fail_memory(error);
        r->sampled += r->samples.count;
        if (!status) status = look_at_watch(r, done, error);
    }
    return status;
}

typedef struct {
    int predict;
    sb_certificate certificate;
    uint64_t selection[SB_CLASSES], counts[SB_CLASSES];
} image_result;

static sb_status certify_image(run *r, uint64_t done, image_result *result, sb_error *error) {
    uint64_t n0 = r->task->options->selection, drawn = 0;
    const sb_stages *stages = &r->certifier.stages;
    sb_status status = count(r, done, 0, n0, result->selection, error);
    sb_selected_classes selected = sb_select_classes(result->selection);
    for (int stage = 0, settled = 0; !status && !settled; stage++) {
        status = count(r, done, n0 + drawn, n0 + stages->samples[stage], result->counts, error);
        drawn = stages->samples[stage];
        if (!status)
            status = sb_certify_counts(&result->certificate, &r->certifier, stage, selected, result->counts,
                                       error);
        if (!status)
            status = sb_certify_settled(&settled, &r->certifier, stage, selected, result->counts,
                                        &result->certificate, error);
    }
    result->predict = result->certificate.certified ? selected.top : SB_ABSTAIN;
    return status;
}

static sb_status predict_image(run *r, uint64_t done, image_result *result, sb_error *error) {
    const sb_certify_options *o = r->task->options;
    sb_status status = count(r, done, 0, o->samples, result->counts, error);
    if (!status) result->predict = sb_predict_class(result->counts, o->alpha);
    result->certificate = (sb_certificate){.radius = "0"};
    return status;
}

static void append_counts(sb_text *line, const uint64_t counts[SB_CLASSES]) {
    for (int c = 0; c < SB_CLASSES; c++)
        sb_text_format(line, "%c%llu", c ? ',' : '\t', (unsigned long long)counts[c]);
}

static sb_status write_line(run *r, uint64_t index, int label, const image_result *result, double seconds,
                            sb_error *error) {
    sb_text line;
    sb_text_init(&line);
    sb_text_format(&line, "%llu\t%d\t%d\t%s\t%d\t", (unsigned long long)index, label, result->predict,
                   result->certificate.radius, result->predict == label);
    if (r->task->times)
        sb_text_format(&line, "%.3f", seconds);
    else
        sb_text_append(&line, "0");
    append_counts(&line, result->selection);
    append_counts(&line, result->counts);
    sb_text_append(&line, "\n");
    sb_status status = sb_text_status(&line, error);
    if (!status) status = sb_log_append(&r->log, line.data, error);
    sb_text_clear(&line);
    return status;
}

static sb_status do_image(run *r, uint64_t done, sb_error *error) {
    const sb_certify_options *o = r->task->options;
    const sb_image_set *set = r->task->images;
    uint32_t number = (uint32_t)(r->chosen.first + done * r->chosen.step);
    uint64_t index = set->first + number;
    double start = sb_seconds();
    sb_status status = sb_image_batch(set, &number, 1, o->size, NULL, r->image, error);
    image_result result = {0};
    r->samples.image = r->image;
    r->samples.stream = index << 32;
    if (!status) status = (o->predict ? predict_image : certify_image)(r, done, &result, error);
    return status ? status : write_line(r, index, set->label[number], &result, sb_seconds() - start, error);
}

sb_status sb_certify(const sb_certification *task, sb_error *error) {
    run r = {.task = task, .log.file = -1};
    atomic_init(&r.out_of_memory, 0);
    sb_status status = open_run(&r, error);
    r.started = sb_seconds();
    if (!status) status = look_at_watch(&r, r.log.rows, error);
    for (uint64_t done = r.log.rows; done < r.chosen.count && !status; done++) {
        status = do_image(&r, done, error);
        if (!status && done + 1 < r.chosen.count) status = look_at_watch(&r, done + 1, error);
    }
    sb_status closed = sb_log_close(&r.log, status ? NULL : error);
    task->backend->close(r.network);
    free(r.image);
    if (r.certifies) sb_certifier_clear(&r.certifier);
    return status ? status : closed;
}
