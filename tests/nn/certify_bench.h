/* For tests of whole certification runs: a linear classifier, whose smoothed classifier is known in closed
   form, and seven small images of random bytes. */
#ifndef SB_TESTS_NN_CERTIFY_BENCH_H
#define SB_TESTS_NN_CERTIFY_BENCH_H

#include "nn/certification_log.h"
#include "nn/certify.h"
#include "nn/certify_log.h"
#include "support/file.h"
#include "support/random.h"
#include "tests/test.h"

#include <math.h>
#include <unistd.h>

enum { SIDE = 4, PIXELS = SIDE * SIDE * SB_CHANNELS, IMAGES = 7 };

/* ------------------------------------------------------------------ a linear classifier */
/* x belongs to class 3 where its place w.x is positive, |w|_2 = 1, else to class 8. */
static inline double place(const float *x) {
    double sum = 0;
    for (int i = 0; i < PIXELS; i++) sum += (i % 2 ? -1 : 1) * (double)x[i];
    return sum / sqrt(PIXELS);
}

static inline sb_status linear_open(sb_network **network, const sb_resnet *resnet, int size,
                                    const sb_backend_options *options, sb_error *error);
static inline void linear_close(sb_network *network) {
    free(network);
}

static inline sb_status linear_set_values(sb_network *network, const float *values, sb_error *error) {
    (void)network;
    (void)values;
    (void)error;
    return SB_OK;
}

static inline sb_status linear_count(sb_network *network, const sb_noisy_samples *s,
                                     uint64_t counts[SB_CLASSES], sb_error *error) {
    float x[PIXELS];
    (void)network;
    (void)error;
    for (uint64_t k = s->first; k < s->first + s->count; k++) {
        if (s->draw)
            s->draw(s->context, s->seed, s->stream + k, x, PIXELS);
        else
            sb_random_normals_float(x, PIXELS, s->seed, s->stream + k, 0);
        for (int i = 0; i < PIXELS; i++) x[i] = s->image[i] + (s->draw ? 1 : s->sigma) * x[i];
        counts[place(x) > 0 ? 3 : 8]++;
    }
    return SB_OK;
}

static const sb_backend linear = {.name = "linear",
                                  .open = linear_open,
                                  .close = linear_close,
                                  .set_values = linear_set_values,
                                  .count_classes = linear_count};

static inline sb_status linear_open(sb_network **network, const sb_resnet *resnet, int size,
                                    const sb_backend_options *options, sb_error *error) {
    (void)options;
    *network = malloc(sizeof **network);
    if (!*network) return sb_fail_memory(error);
    **network = (sb_network){&linear, resnet, size, "linear f64"};
    return SB_OK;
}

/* ------------------------------------------------------------------ a run */
typedef struct {
    sb_image_set images;
    sb_model model;
    sb_noise_spec noise;
    sb_certify_options options;
    sb_certification task;
    char path[600];
} bench;

static inline void bench_open(bench *b, const char *noise) {
    const char *scratch = getenv("SCRATCH");
    sb_error error = {SB_OK, ""};
    uint64_t state = 5;
    sb_image_set_init(&b->images);
    SB_CHECK(!sb_image_set_allocate(&b->images, IMAGES, SIDE, &error), "%s", error.message);
    b->images.first = 100;
    b->images.description = strdup("noise of bytes");
    for (int i = 0; i < IMAGES * PIXELS; i++) b->images.pixel[i] = (uint8_t)sb_test_random(&state);
    for (int i = 0; i < IMAGES; i++) b->images.label[i] = i % 3 ? 3 : 8;
    sb_model_init(&b->model);
    snprintf(b->model.hash, sizeof b->model.hash, "%064d", 7);
    sb_noise_spec_init(&b->noise);
    SB_CHECK(!sb_noise_spec_parse(&b->noise, noise, &error), "%s", error.message);
    sb_certify_options_init(&b->options);
    b->options.noise = &b->noise;
    b->options.selection = 10;
    b->options.samples = 500;
    b->options.size = SIDE;
    b->options.seed = 11;
    snprintf(b->path, sizeof b->path, "%s/t_certify.%ld.tsv", scratch ? scratch : "/tmp", (long)getpid());
    b->task = (sb_certification){.options = &b->options,
                                 .model = &b->model,
                                 .backend = &linear,
                                 .images = &b->images,
                                 .log_path = b->path,
                                 .replace = 1};
}

static inline void bench_close(bench *b) {
    unlink(b->path);
    sb_certify_options_clear(&b->options);
    sb_noise_spec_clear(&b->noise);
    sb_model_clear(&b->model);
    sb_image_set_clear(&b->images);
}

static inline void write_file(const char *path, const char *data, size_t size) {
    sb_error error;
    SB_CHECK(!sb_file_write(path, data, size, &error), "%s", error.message);
}

static inline char *read_file(const char *path, size_t *size) {
    char *data = NULL;
    sb_error error = {SB_OK, ""};
    SB_CHECK(!sb_file_read(path, 1 << 20, &data, size, &error), "%s", error.message);
    return data ? data : calloc(1, 1);
}

/* The log of the run as it stands, malloc'd. */
static inline char *log_of(bench *b, size_t *size) {
    sb_error error = {SB_OK, ""};
    sb_status status = sb_certify(&b->task, &error);
    SB_CHECK(!status, "%s", error.message);
    return read_file(b->path, size);
}

static inline int same(const char *a, size_t a_size, const char *b, size_t b_size) {
    return a_size == b_size && memcmp(a, b, a_size) == 0;
}

/* ------------------------------------------------------------------ what is in the log */
typedef struct {
    int index, label, predict, correct;
    double radius;
    unsigned long selection[SB_CLASSES], counts[SB_CLASSES];
} row;

static inline void read_counts(const char *text, unsigned long counts[SB_CLASSES]) {
    for (int c = 0; c < SB_CLASSES; c++) {
        char *end;
        counts[c] = strtoul(text, &end, 10);
        SB_CHECK(*end == (c < SB_CLASSES - 1 ? ',' : 0), "counts end in '%s'", end);
        text = end + (*end != 0);
    }
}

/* Row number `number` of a log. */
static inline row read_row(const char *log, int number) {
    row r = {0};
    char selection[300], counts[300];
    const char *at = strstr(log, SB_LOG_HEADING);
    for (int i = 0; at && i <= number; i++) at = strchr(at, '\n') + 1;
    int fields = at ? sscanf(at, "%d %d %d %lf %d 0 %299s %299s", &r.index, &r.label, &r.predict, &r.radius,
                             &r.correct, selection, counts)
                    : 0;
    SB_CHECK(fields == 7, "row %d has %d fields", number, fields);
    if (fields == 7) read_counts(selection, r.selection);
    if (fields == 7) read_counts(counts, r.counts);
    return r;
}

#endif
