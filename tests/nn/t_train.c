/* Training as a whole, with the reference backend on small images: the same bytes after any interruption,
   what a run refuses, options, learning rates, and that it learns. */
#include "nn/model.h"
#include "nn/train.h"
#include "support/file.h"
#include "tests/test.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IMAGES = 8, SIZE = 4 };

static char *scratch(const char *name) {
    const char *directory = getenv("SCRATCH");
    char *path = sb_path_join(directory && *directory ? directory : "/tmp", name);
    if (!path) abort();
    return path;
}

/* Classes 0 and 1: red or blue, in noise. */
static void make_images(sb_image_set *set, size_t count) {
    size_t pixels = SIZE * SIZE;
    uint64_t state = 3;
    sb_image_set_init(set);
    set->count = count;
    set->size = SIZE;
    set->pixel = malloc(count * pixels * SB_CHANNELS);
    set->label = malloc(count);
    set->description = strdup("red or blue");
    if (!set->pixel || !set->label || !set->description) abort();
    for (size_t i = 0; i < count; i++) {
        set->label[i] = (uint8_t)(sb_test_random(&state) % 2);
        for (size_t p = 0; p < pixels * SB_CHANNELS; p++) {
            int bright = p % SB_CHANNELS == (set->label[i] ? 2 : 0);
            set->pixel[i * pixels * SB_CHANNELS + p] =
                (uint8_t)((bright ? 120 : 60) + sb_test_random(&state) % 60);
        }
    }
}

typedef struct {
    sb_training_options options;
    sb_image_set images;
    sb_training training;
    char *model, *log;
    uint64_t stop_at, steps_seen; /* stop_at 0: never */
    sb_training_state last;
} setting;

static int watch(void *context, const sb_training_state *state) {
    setting *s = context;
    s->steps_seen++;
    s->last = *state;
    return state->step != s->stop_at;
}

static void open_setting(setting *s, sb_training_method method) {
    memset(s, 0, sizeof *s);
    sb_training_options_init(&s->options);
    s->options.method = method;
    s->options.depth = 8;
    s->options.size = SIZE;
    s->options.steps = 1;
    s->options.epochs = 2;
    s->options.batch = 3; /* the last batch of an epoch has 2 */
    s->options.seed = 9;
    s->options.sigma = .1;
    if (method == SB_TRAIN_SMOOTH_ADV) s->options.noise_samples = 2;
    make_images(&s->images, IMAGES);
    s->model = scratch("model.safetensors");
    s->log = scratch("log.tsv");
    unlink(s->model);
    unlink(s->log);
    s->training = (sb_training){.options = &s->options,
                                .images = &s->images,
                                .backend = &sb_reference_backend,
                                .backend_options = {.jobs = 1},
                                .model_path = s->model,
                                .log_path = s->log,
                                .checkpoint_steps = 1000,
                                .watch = {watch, s}};
}

static void close_setting(setting *s) {
    unlink(s->model);
    unlink(s->log);
    sb_image_set_clear(&s->images);
    free(s->model);
    free(s->log);
}

static sb_status train(setting *s, sb_error *error) {
    *error = (sb_error){SB_OK, ""};
    s->steps_seen = 0;
    return sb_train(&s->training, error);
}

static char *contents(const char *path, size_t *size) {
    sb_error error;
    char *data = NULL;
    *size = 0;
    sb_status status = sb_file_read(path, (size_t)1 << 28, &data, size, &error);
    SB_CHECK(status == SB_OK, "%s", error.message);
    return status ? calloc(1, 1) : data;
}

/* Cuts the column of seconds off. */
static void cut_seconds(char *log) {
    char *to = log, *tab = NULL;
    for (const char *from = log; *from; from++) {
        if (*from == '\t') tab = to;
        if (*from == '\n' && tab) to = tab;
        if (*from == '\n') tab = NULL;
        *to++ = *from;
    }
    *to = 0;
}

/* Stopped after every possible step, and at every step of one run; continued to the same bytes. */
static void same_bytes_after_a_stop(void) {
    for (int method = SB_TRAIN_NOISE; method <= SB_TRAIN_SMOOTH_ADV; method++) {
        setting s;
        sb_error error;
        open_setting(&s, (sb_training_method)method);
        SB_CHECK(train(&s, &error) == SB_OK && s.steps_seen == 6, "%llu steps: %s",
                 (unsigned long long)s.steps_seen, error.message);
        size_t size, log_size, other_size;
        char *model = contents(s.model, &size), *log = contents(s.log, &log_size);
        cut_seconds(log);
        for (uint64_t stop = 0; stop < 6; stop++) { /* 0: at every step */
            unlink(s.model);
            unlink(s.log);
            s.training.resume = 1;
            sb_status status = SB_INTERRUPTED;
            for (uint64_t run = 1; run <= 6 && status == SB_INTERRUPTED; run++) {
                s.stop_at = stop ? (run == 1 ? stop : 0) : run;
                status = train(&s, &error);
            }
            SB_CHECK(status == SB_OK, "stop %llu: %s", (unsigned long long)stop, error.message);
            char *other = contents(s.model, &other_size), *other_log = contents(s.log, &log_size);
            SB_CHECK(other_size == size && memcmp(other, model, size) == 0, "method %d, stop %llu: the model",
                     method, (unsigned long long)stop);
            cut_seconds(other_log);
            SB_CHECK(strcmp(log, other_log) == 0, "method %d, stop %llu: the log\n%s\n%s", method,
                     (unsigned long long)stop, log, other_log);
            free(other);
            free(other_log);
        }
        s.training.backend_options.jobs = 3;
        s.training.resume = 0;
        s.training.replace = 1;
        s.training.checkpoint_steps = 1;
        SB_CHECK(train(&s, &error) == SB_OK, "%s", error.message);
        char *other = contents(s.model, &other_size);
        SB_CHECK(other_size == size && memcmp(other, model, size) == 0, "threads, checkpoints");
        free(other);
        free(model);
        free(log);
        close_setting(&s);
    }
}

/* With one image eight times over, no augmentation and a rate that moves nothing, only the noise can make two
   steps differ. */
static int note_loss(void *context, const sb_training_state *state) {
    double *loss = context;
    loss[state->step - 1] = state->loss;
    return 1;
}

static void noise_never_repeats(void) {
    setting s;
    sb_error error;
    double loss[8];
    open_setting(&s, SB_TRAIN_NOISE);
    for (size_t i = 1; i < IMAGES; i++) {
        memcpy(s.images.pixel + i * SIZE * SIZE * SB_CHANNELS, s.images.pixel, SIZE * SIZE * SB_CHANNELS);
        s.images.label[i] = s.images.label[0];
    }
    s.options.augment = 0;
    s.options.rate = 1e-30;
    s.options.batch = 8;
    s.options.epochs = 8;
    s.training.watch = (sb_training_watch){note_loss, loss};
    SB_CHECK(train(&s, &error) == SB_OK, "%s", error.message);
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < i; j++)
            SB_CHECK(loss[i] != loss[j], "epochs %d and %d have one loss: %.17g", i + 1, j + 1, loss[i]);
    close_setting(&s);
}

/* A finished training is left alone; its log is a row an epoch. */
static void finished(void) {
    setting s;
    sb_error error;
    open_setting(&s, SB_TRAIN_NOISE);
    SB_CHECK(train(&s, &error) == SB_OK, "%s", error.message);
    size_t size, log_size;
    char *log = contents(s.log, &log_size);
    SB_CHECK(strstr(log, "# method noise\n") && strstr(log, "# sigma 0.1\n") &&
                 strstr(log, "# recipe published-code\n") && strstr(log, "# data red or blue\n") &&
                 strstr(log, "# computed-by reference f64\n"),
             "%s", log);
    char *rows = strstr(log, "\nepoch\tloss\taccuracy\trate\tseconds\n1\t");
    SB_CHECK(rows && strstr(rows, "\n2\t") && !strstr(rows, "\n3\t"), "%s", log);
    free(log);
    sb_model model;
    sb_model_init(&model);
    SB_CHECK(sb_model_read(&model, s.model, &error) == SB_OK, "%s", error.message);
    static const char *const expected[][2] = {
        {"method", "noise"},          {"sigma", "0.1"},        {"epochs-done", "2"},  {"steps-done", "6"},
        {"recipe", "published-code"}, {"data", "red or blue"}, {"epoch-correct", "0"}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        char *value = sb_model_metadata(&model, expected[i][0]);
        SB_CHECK(value && strcmp(value, expected[i][1]) == 0, "%s: %s", expected[i][0],
                 value ? value : "none");
        free(value);
    }
    SB_CHECK(model.batches_tracked == 6 && model.momentum, "%llu batches",
             (unsigned long long)model.batches_tracked);
    sb_model_clear(&model);
    char *before = contents(s.model, &size);
    s.training.resume = 1;
    SB_CHECK(train(&s, &error) == SB_OK && s.steps_seen == 0, "nothing is left to do");
    char *after = contents(s.model, &log_size);
    SB_CHECK(size == log_size && memcmp(before, after, size) == 0, "a finished model is left alone");
    free(before);
    free(after);
    close_setting(&s);
}

static void refused(setting *s, const char *what, const char *word) {
    sb_error error;
    size_t size, other_size;
    char *before = contents(s->model, &size);
    sb_status status = train(s, &error);
    char *after = contents(s->model, &other_size);
    SB_CHECK(status == SB_BAD_INPUT && strstr(error.message, word) && !strchr(error.message, '\n'),
             "%s: status %d: %s", what, status, error.message);
    SB_CHECK(size == other_size && memcmp(before, after, size) == 0, "%s: the model changed", what);
    free(before);
    free(after);
}

static void refusals(void) {
    setting s;
    sb_error error;
    open_setting(&s, SB_TRAIN_NOISE);
    s.stop_at = 4;
    SB_CHECK(train(&s, &error) == SB_INTERRUPTED && strstr(error.message, "after step 4 of 6"), "%s",
             error.message);
    refused(&s, "an existing model", s.model);
    s.training.resume = 1;
    s.options.sigma = .2;
    refused(&s, "another sigma", "sigma 0.1, not 0.2");
    s.options.sigma = .1;
    s.options.epochs = 3;
    refused(&s, "more epochs", "epochs 2, not 3");
    s.options.epochs = 2;
    s.options.depth = 14;
    refused(&s, "another depth", "depth 8, not 14");
    s.options.depth = 8;
    s.options.seed = 1;
    refused(&s, "another seed", "seed 9, not 1");
    s.options.seed = 9;
    s.images.pixel[5] ^= 1;
    refused(&s, "another image", "data-sha256");
    s.images.pixel[5] ^= 1;
    s.images.label[5] ^= 1;
    refused(&s, "another label", "data-sha256");
    s.images.label[5] ^= 1;
    size_t size;
    char *log = contents(s.log, &size);
    unlink(s.log);
    refused(&s, "a lost log", "log.tsv: is not there");
    char *row = strstr(log, "\n1\t");
    sb_file_write(s.log, log, (size_t)(row + 1 - log), &error);
    refused(&s, "a log without rows", "has 0 of the 1 epochs");
    memcpy(strstr(log, "sigma 0.1"), "sigma 0.9", 9);
    sb_file_write(s.log, log, size, &error);
    refused(&s, "the log of another training", "sigma 0.9");
    memcpy(strstr(log, "sigma 0.9"), "sigma 0.1", 9);
    char *extra = sb_format("%s2\t9.0\t9.0\t9\t9\n3\tcut", log);
    sb_file_write(s.log, extra, strlen(extra), &error);
    s.images.description[0] = 'R'; /* where the images lie does not count */
    s.stop_at = 0;
    SB_CHECK(train(&s, &error) == SB_OK && s.steps_seen == 2, "the rest: %s", error.message);
    free(log);
    log = contents(s.log, &size);
    SB_CHECK(!strstr(log, "9.0") && !strstr(log, "cut") && strstr(log, "\n2\t"), "rows past the model: %s",
             log);
    free(log);
    free(extra);
    s.training.resume = 0;
    unlink(s.model);
    SB_CHECK(train(&s, &error) == SB_BAD_INPUT && strstr(error.message, s.log), "an existing log: %s",
             error.message);
    close_setting(&s);
}

static void no_training_at_all(void) {
    setting s;
    sb_error error;
    open_setting(&s, SB_TRAIN_NOISE);
    s.training.resume = 1;
    sb_model model;
    sb_model_init(&model);
    SB_CHECK(sb_model_create(&model, 8, 1, &error) == SB_OK &&
                 sb_model_write(&model, s.model, &error) == SB_OK,
             "%s", error.message);
    sb_model_clear(&model);
    refused(&s, "a model that was not trained here", "method");
    unlink(s.model);
    s.images.count = 0;
    SB_CHECK(train(&s, &error) == SB_BAD_INPUT && strstr(error.message, "no training images"), "%s",
             error.message);
    s.images.count = 7;
    SB_CHECK(train(&s, &error) == SB_BAD_INPUT && strstr(error.message, "batch 3"),
             "a last batch of one image of one pixel: %s", error.message);
    SB_CHECK(access(s.model, F_OK) != 0 && access(s.log, F_OK) != 0, "nothing is left behind");
    s.images.count = IMAGES;
    s.training.model_path = "/dev/full";
    SB_CHECK(train(&s, &error) != SB_OK, "/dev/full exists");
    s.training.resume = 0;
    s.training.replace = 1;
    SB_CHECK(train(&s, &error) == SB_IO && s.steps_seen == 0, "a full disk shows before the first step: %s",
             error.message);
    s.training.model_path = "/no/such/folder/model";
    SB_CHECK(train(&s, &error) == SB_IO && strstr(error.message, "/no/such/folder"), "%s", error.message);
    close_setting(&s);
}

/* The last good state is kept, and can be read. */
static void divergence(void) {
    setting s;
    sb_error error;
    open_setting(&s, SB_TRAIN_TRADES);
    s.options.rate = 1e19;
    s.options.epochs = 30;
    sb_status status = train(&s, &error);
    SB_CHECK(status == SB_BAD_INPUT && strstr(error.message, "step ") && strstr(error.message, "rate"),
             "status %d after %llu steps: %s", status, (unsigned long long)s.steps_seen, error.message);
    sb_model model;
    sb_model_init(&model);
    SB_CHECK(sb_model_read(&model, s.model, &error) == SB_OK, "the last good state: %s", error.message);
    for (size_t k = 0; model.values && k < model.resnet.value_count; k++)
        SB_CHECK(isfinite(model.values[k]), "value %zu is %g", k, (double)model.values[k]);
    sb_model_clear(&model);
    close_setting(&s);
}

static void learns(void) {
    static const struct {
        sb_training_method method;
        double loss, accuracy;
    } item[] = {{SB_TRAIN_NOISE, .2, .9}, {SB_TRAIN_TRADES, .7, .9}, {SB_TRAIN_SMOOTH_ADV, .3, .9}};
    for (size_t i = 0; i < 3; i++) {
        setting s;
        sb_error error;
        open_setting(&s, item[i].method);
        sb_image_set_clear(&s.images);
        make_images(&s.images, 32);
        s.options.batch = 8;
        s.options.epochs = 6;
        s.options.radius = .1;
        s.options.schedule = SB_SCHEDULE_COSINE;
        s.options.noise_samples = 1;
        SB_CHECK(train(&s, &error) == SB_OK, "%s", error.message);
        SB_CHECK(s.last.loss < item[i].loss && s.last.accuracy > item[i].accuracy,
                 "method %d: loss %g, accuracy %g after %d epochs", (int)item[i].method, s.last.loss,
                 s.last.accuracy, s.last.epoch);
        close_setting(&s);
    }
}

/* ------------------------------------------------------------------ options */
static sb_status set(sb_training_options *o, const char *key, const char *value, sb_error *error) {
    int known = 0;
    sb_status status = sb_training_option_set(o, key, value, &known, error);
    SB_CHECK(known, "%s is unknown", key);
    return status;
}

static void option_text(void) {
    sb_training_options o, read;
    sb_error error;
    sb_training_options_init(&o);
    static const char *const given[][2] = {{"method", "smooth-adv"},
                                           {"recipe", "paper"},
                                           {"depth", "20"},
                                           {"size", "48"},
                                           {"sigma", "8/255"},
                                           {"radius", "1/3"},
                                           {"step-size", ".1"},
                                           {"steps", "7"},
                                           {"beta", "0"},
                                           {"noise-samples", "4"},
                                           {"rate", "2^-3"},
                                           {"momentum", "0.1"},
                                           {"decay", "5e-4"},
                                           {"schedule", "cosine"},
                                           {"decay-epoch", "0"},
                                           {"warm-up", "1/3"},
                                           {"epochs", "1e2"},
                                           {"batch", "2^7"},
                                           {"seed", "18446744073709551615"},
                                           {"images", "50000"},
                                           {"augment", "no"}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        SB_CHECK(set(&o, given[i][0], given[i][1], &error) == SB_OK, "%s", error.message);
        SB_CHECK(strcmp(sb_training_option_at(i)->key, given[i][0]) == 0, "option %zu is %s", i, given[i][0]);
    }
    SB_CHECK(!sb_training_option_at(sizeof given / sizeof given[0]), "the number of options");
    SB_CHECK(o.method == SB_TRAIN_SMOOTH_ADV && o.recipe == SB_RECIPE_PAPER && o.depth == 20 &&
                 o.size == 48 && o.sigma == 8. / 255 && o.radius == 1. / 3 && o.step_size == .1 &&
                 o.steps == 7 && o.beta == 0 && o.noise_samples == 4 && o.rate == .125 && o.momentum == .1 &&
                 o.decay == 5e-4 && o.schedule == SB_SCHEDULE_COSINE && o.decay_epoch == 0 &&
                 o.warm_up == 1. / 3 && o.epochs == 100 && o.batch == 128 && o.seed == UINT64_MAX &&
                 o.images == 50000 && o.augment == 0,
             "an option has another value");
    SB_CHECK(sb_training_options_check(&o, &error) == SB_OK, "%s", error.message);
    sb_text text;
    sb_text_init(&text);
    sb_training_options_text(&o, &text);
    sb_training_options_init(&read);
    char *line = text.data, *end;
    for (; (end = strchr(line, '\n')); line = end + 1) {
        char *equals = strchr(line, '=');
        *end = *equals = 0;
        SB_CHECK(set(&read, line, equals + 1, &error) == SB_OK, "%s", error.message);
        if (strcmp(line, "step-size") == 0) SB_CHECK(strcmp(equals + 1, "0.1") == 0, "%s", equals + 1);
    }
    SB_CHECK(read.sigma == o.sigma && read.radius == o.radius && read.warm_up == o.warm_up &&
                 read.decay == o.decay && read.seed == o.seed && read.method == o.method &&
                 read.augment == o.augment && read.images == o.images && read.schedule == o.schedule,
             "the text reads back");
    sb_text_clear(&text);
    int known = 1;
    SB_CHECK(sb_training_option_set(&o, "Sigma", "1", &known, &error) == SB_OK && !known, "Sigma");
}

static void bad_options(void) {
    static const struct {
        const char *key, *value, *word;
    } single[] = {{"method", "trade", "did you mean 'trades'"},
                  {"method", "x", "noise, trades or smooth-adv"},
                  {"sigma", "-0.1", "sigma '-0.1'"},
                  {"sigma", "nan", "nan"},
                  {"sigma", "inf", "not finite"},
                  {"sigma", "", "sigma"},
                  {"sigma", "1e999", "sigma"},
                  {"depth", "7.5", "whole"},
                  {"depth", "7", "between 8"},
                  {"depth", "2000000", "between"},
                  {"steps", "0", "between 1"},
                  {"epochs", "0", "between 1"},
                  {"epochs", "-1", "whole"},
                  {"batch", "2^40", "between"},
                  {"seed", "-1", "whole"},
                  {"seed", "2^64", "whole"},
                  {"momentum", "2", "between 0 and 1"},
                  {"augment", "maybe", "no or yes"},
                  {"size", "3", "between 4"},
                  {"warm-up", "-1", "between 0"}};
    sb_error error;
    sb_training_options o, fresh;
    memset(&fresh, 0, sizeof fresh);
    sb_training_options_init(&fresh);
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++) {
        sb_training_options_init(&o);
        sb_status status = set(&o, single[i].key, single[i].value, &error);
        SB_CHECK(status == SB_BAD_INPUT && strstr(error.message, single[i].word), "%s %s: status %d: %s",
                 single[i].key, single[i].value, status, error.message);
        SB_CHECK(o.sigma == fresh.sigma && o.depth == fresh.depth && o.epochs == fresh.epochs, "%s was set",
                 single[i].key);
    }
    static const struct {
        const char *first[2], *second[2], *word;
    } together[] = {{{"depth", "21"}, {"depth", "21"}, "6n + 2"},
                    {{"radius", "0"}, {"method", "trades"}, "radius 0"},
                    {{"radius", "0"}, {"method", "smooth-adv"}, "radius 0"},
                    {{"noise-samples", "2"}, {"method", "trades"}, "noise-samples 2"},
                    {{"warm-up", "3"}, {"epochs", "2"}, "warm-up 3"},
                    {{"rate", "0"}, {"rate", "0"}, "rate 0"},
                    {{"momentum", "1"}, {"momentum", "1"}, "momentum 1"}};
    for (size_t i = 0; i < sizeof together / sizeof together[0]; i++) {
        sb_training_options_init(&o);
        set(&o, together[i].first[0], together[i].first[1], &error);
        set(&o, together[i].second[0], together[i].second[1], &error);
        sb_status status = sb_training_options_check(&o, &error);
        SB_CHECK(status == SB_BAD_INPUT && strstr(error.message, together[i].word), "item %zu: %s", i,
                 error.message);
    }
    sb_training_options_init(&o);
    o.sigma = NAN; /* a struct that was filled by hand */
    SB_CHECK(sb_training_options_check(&o, &error) == SB_BAD_INPUT && strstr(error.message, "sigma"), "%s",
             error.message);
    sb_training_options_init(&o);
    o.method = (sb_training_method)3;
    SB_CHECK(sb_training_options_check(&o, &error) == SB_BAD_INPUT && strstr(error.message, "method"), "%s",
             error.message);
}

static void rate_is(const sb_training_options *o, int epoch, uint64_t step, double expected) {
    double rate = sb_learning_rate(o, epoch, step, 10);
    SB_CHECK(fabs(rate - expected) < 1e-15, "epoch %d, step %llu: %.17g, not %.17g", epoch,
             (unsigned long long)step, rate, expected);
}

static void learning_rates(void) {
    sb_training_options o;
    sb_training_options_init(&o);
    rate_is(&o, 0, 0, .1);
    rate_is(&o, 49, 9, .1);
    rate_is(&o, 50, 0, .01);
    rate_is(&o, 54, 9, .01);
    o.warm_up = .5; /* 5 steps */
    rate_is(&o, 0, 0, .02);
    rate_is(&o, 0, 3, .08);
    rate_is(&o, 0, 4, .1);
    rate_is(&o, 0, 5, .1);
    o.decay_epoch = 0;
    rate_is(&o, 54, 9, .1);
    o.schedule = SB_SCHEDULE_COSINE;
    o.epochs = 1;
    o.warm_up = 0;
    rate_is(&o, 0, 0, .1);
    rate_is(&o, 0, 5, .05);
    o.epochs = 2;
    o.warm_up = 1;
    rate_is(&o, 0, 0, .01);
    rate_is(&o, 0, 9, .1);
    rate_is(&o, 1, 0, .1);
    rate_is(&o, 1, 5, .05);
    o.warm_up = 2; /* all of it */
    rate_is(&o, 1, 9, .1);
}

static const sb_test tests[] = {{"stopped anywhere, continued to the same bytes", same_bytes_after_a_stop},
                                {"every epoch has noise of its own", noise_never_repeats},
                                {"a finished training and its log", finished},
                                {"what does not fit is named, and nothing changes", refusals},
                                {"no training, no images, no disk", no_training_at_all},
                                {"a diverging loss keeps the last good state", divergence},
                                {"a toy is learnt", learns},
                                {"options: text and back", option_text},
                                {"options that are refused", bad_options},
                                {"learning rates", learning_rates}};
SB_TEST_MAIN(tests)
