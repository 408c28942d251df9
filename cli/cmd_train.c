/* smoothbound train: a base classifier for random smoothing, from scratch or from its last checkpoint. */
#include "cli/network_options.h"
#include "nn/key_values.h"
#include "nn/model.h"
#include "nn/train.h"
#include "support/file.h"
#include "support/progress.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_KEYS = 40, KEY_PRESET = SB_KEY_OWN, KEY_RESUME, KEY_FORCE, KEY_LOG, KEY_CHECKPOINT, KEY_OPTION };

typedef struct {
    sb_common_options common;
    sb_network_options network;
    const char *preset, *log, *checkpoint_text;
    int resume, force;
    const char *given[MOST_KEYS]; /* of the training options, in their order; NULL: not on the command line */
    sb_training_options training;
} train_options;

static error_t parse(int key, char *text, struct argp_state *state) {
    train_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->network;
        state->child_inputs[1] = &o->common;
        return 0;
    case KEY_PRESET:
        o->preset = text;
        return 0;
    case KEY_LOG:
        o->log = text;
        return 0;
    case KEY_CHECKPOINT:
        o->checkpoint_text = text;
        return 0;
    case KEY_RESUME:
        o->resume = 1;
        return 0;
    case KEY_FORCE:
        o->force = 1;
        return 0;
    default:
        if (key < KEY_OPTION || key >= KEY_OPTION + MOST_KEYS) return ARGP_ERR_UNKNOWN;
        o->given[key - KEY_OPTION] = text;
        return 0;
    }
}

static const char documentation[] =
    "Trains a residual network under Gaussian noise, for certify: noise-augmented cross-entropy (noise), the "
    "paper's TRADES under noise (trades), or SmoothAdv (smooth-adv). The model in -o is written after every "
    "epoch, "
    "in "
    "between about every five minutes, and on an interrupt; with --resume the training goes on from there, "
    "to the "
    "same bytes.\v"
    "smoothbound train -o small.safetensors --data shapes --method noise --depth 8 --size 16 --epochs 4 "
    "--images "
    "5000\n"
    "smoothbound train -o paper.safetensors --data cifar-10-batches-bin --log paper.tsv\n"
    "smoothbound train -o paper.safetensors --data cifar-10-batches-bin --log paper.tsv --resume\n"
    "Without further options: the paper's ResNet-110 at 32 pixels with sigma .12.";

static const struct argp_option own_option[] = {
    {0, 0, 0, 0, "Files:", 1},
    {"preset", KEY_PRESET, "FILE", 0,
     "lines KEY = VALUE of the training options below; the command line goes first", 0},
    {"log", KEY_LOG, "FILE", 0, "a table of epochs: loss, accuracy, rate, seconds", 0},
    {"resume", KEY_RESUME, 0, 0, "continue the training of the model in -o, if it is there", 0},
    {"force", KEY_FORCE, 0, 0, "replace an existing model and log", 0},
    {"checkpoint-steps", KEY_CHECKPOINT, "N", 0, "write the model every N steps, too (every five minutes)",
     0},
    {0, 0, 0, 0, "Training:", 2}};
enum { OWN = sizeof own_option / sizeof own_option[0] };

/* --seed and --size belong to the shared options. */
static int is_shared(const char *key) {
    return strcmp(key, "seed") == 0 || strcmp(key, "size") == 0;
}

/* The options of this command: its own, and one for every key of the training options. */
static void list_options(struct argp_option option[OWN + MOST_KEYS + 1]) {
    memset(option, 0, (OWN + MOST_KEYS + 1) * sizeof *option);
    memcpy(option, own_option, sizeof own_option);
    const sb_training_option *name;
    struct argp_option *next = option + OWN;
    for (int i = 0; i < MOST_KEYS && (name = sb_training_option_at((size_t)i)); i++)
        if (!is_shared(name->key))
            *next++ = (struct argp_option){name->key, KEY_OPTION + i, name->argument, 0, name->summary, 0};
}

/* ------------------------------------------------------------------ reading */
static sb_status set_option(train_options *o, const char *key, const char *value, sb_error *error) {
    int known;
    sb_status status = sb_training_option_set(&o->training, key, value, &known, error);
    if (status || known) return status;
    const char *key_list[MOST_KEYS + 1] = {NULL};
    const sb_training_option *name;
    for (size_t i = 0; i < MOST_KEYS && (name = sb_training_option_at(i)); i++) key_list[i] = name->key;
    const char *near = sb_nearest_word(key, key_list);
    return near ? sb_fail(error, SB_BAD_INPUT, "'%.40s' is no training option: did you mean %s?", key, near)
                : sb_fail(error, SB_BAD_INPUT, "'%.40s' is no training option", key);
}

static sb_status read_preset(train_options *o, sb_error *error) {
    sb_key_values list;
    sb_status status = sb_key_values_read(&list, o->preset, error);
    for (size_t i = 0; i < list.count && !status; i++) {
        status = set_option(o, list.item[i].key, list.item[i].value, error);
        if (status) status = sb_key_values_blame(&list, &list.item[i], error);
    }
    sb_key_values_clear(&list);
    return status;
}

static sb_status read_options(train_options *o, sb_error *error) {
    sb_training_options_init(&o->training);
    if (!o->common.output) return sb_fail(error, SB_BAD_INPUT, "give the model's file: -o MODEL.safetensors");
    if (o->resume && o->force) return sb_fail(error, SB_BAD_INPUT, "--resume and --force exclude each other");
    sb_status status = sb_cli_read_network(&o->network, &o->common, error);
    if (!status && o->network.backend_options.precision != SB_PRECISION_F32)
        status =
            sb_fail(error, SB_BAD_INPUT, "precision '%.40s': training is in f32", o->network.precision_text);
    if (!status && o->preset) status = read_preset(o, error);
    const sb_training_option *name;
    for (size_t i = 0; i < MOST_KEYS && !status && (name = sb_training_option_at(i)); i++)
        if (o->given[i]) status = set_option(o, name->key, o->given[i], error);
    if (status) return status;
    if (o->network.size) o->training.size = o->network.size;
    if (o->common.seed_text) o->training.seed = o->common.seed;
    return sb_training_options_check(&o->training, error);
}

/* ------------------------------------------------------------------ work */
typedef struct {
    sb_progress progress;
    uint64_t first; /* step of this run */
    sb_training_state last;
} watch;

static int proceed(void *context, const sb_training_state *state) {
    watch *w = context;
    if (!w->first) {
        w->first = state->step;
        w->progress.total = (double)(state->steps - w->first + 1);
    }
    char line[80];
    snprintf(line, sizeof line, "epoch %d/%d loss %.4f accuracy %.3f %.0f images/s", state->epoch,
             state->epochs, state->loss, state->accuracy, state->images_per_second);
    sb_progress_update(&w->progress, (double)(state->step - w->first + 1), line);
    w->last = *state;
    return !sb_cli_interrupted();
}

enum {
    C_MODEL,
    C_METHOD,
    C_RECIPE,
    C_DEPTH,
    C_SIZE,
    C_SIGMA,
    C_RADIUS,
    C_EPOCHS,
    C_LOSS,
    C_ACCURACY,
    C_SECONDS,
    C_HASH
};
static const sb_column column[] = {{"model", "model", 0},
                                   {"method", "method", 0},
                                   {"recipe", "recipe", 0},
                                   {"depth", "depth", SB_COLUMN_NUMBER},
                                   {"size", "size", SB_COLUMN_NUMBER},
                                   {"sigma", "sigma", SB_COLUMN_RIGHT},
                                   {"radius", "radius", SB_COLUMN_RIGHT},
                                   {"epochs", "epochs", SB_COLUMN_NUMBER},
                                   {"loss", "loss", SB_COLUMN_RIGHT},
                                   {"accuracy", "accuracy", SB_COLUMN_RIGHT},
                                   {"seconds", "seconds", SB_COLUMN_NUMBER},
                                   {"sha256", "sha256", SB_COLUMN_DATA}};

/* One row about the finished model. Loss and accuracy are those of the last epoch, if this run had one. */
static int report(const train_options *o, const watch *w, double seconds) {
    static const struct {
        int column;
        const char *key;
    } option[] = {{C_METHOD, "method"}, {C_RECIPE, "recipe"}, {C_DEPTH, "depth"},  {C_SIZE, "size"},
                  {C_SIGMA, "sigma"},   {C_RADIUS, "radius"}, {C_EPOCHS, "epochs"}};
    sb_error error;
    sb_model model;
    sb_model_init(&model);
    if (sb_model_read(&model, o->common.output, &error)) return sb_cli_fail(&error);
    sb_table table;
    sb_table_init(&table, "smoothbound/train/1", column, sizeof column / sizeof column[0]);
    sb_table_row(&table);
    sb_table_set(&table, C_MODEL, o->common.output);
    for (size_t i = 0; i < sizeof option / sizeof option[0]; i++)
        if (o->training.method != SB_TRAIN_NOISE ||
            (option[i].column != C_RADIUS && option[i].column != C_RECIPE))
            sb_table_own(&table, (size_t)option[i].column,
                         sb_training_option_print(&o->training, option[i].key));
    if (w->first) {
        sb_table_setf(&table, C_LOSS, "%.4f", w->last.loss);
        sb_table_setf(&table, C_ACCURACY, "%.4f", w->last.accuracy);
    }
    sb_table_setf(&table, C_SECONDS, "%.1f", seconds);
    sb_table_set(&table, C_HASH, model.hash);
    sb_common_options to_screen = o->common;
    to_screen.output = NULL;
    int result = sb_cli_write_table(&to_screen, &table);
    sb_table_clear(&table);
    sb_model_clear(&model);
    return result;
}

static int run(train_options *o) {
    sb_error error;
    sb_image_set images;
    sb_image_set_init(&images);
    uint64_t checkpoint_steps = 0;
    double started = sb_seconds();
    watch w;
    memset(&w, 0, sizeof w);
    sb_status status = read_options(o, &error);
    if (!status && o->checkpoint_text)
        status = sb_cli_read_whole("checkpoint-steps", o->checkpoint_text, UINT64_C(1) << 40,
                                   &checkpoint_steps, &error);
    if (!status)
        status =
            sb_image_set_read(&images, &o->network.source, SB_SPLIT_TRAIN, 0, o->training.images, &error);
    if (!status) {
        sb_cli_catch_interrupts();
        sb_progress_start(&w.progress, sb_cli_progress(&o->common), "train", 1);
        sb_training training = {.options = &o->training,
                                .images = &images,
                                .backend = o->network.backend,
                                .backend_options = o->network.backend_options,
                                .model_path = o->common.output,
                                .log_path = o->log,
                                .resume = o->resume,
                                .replace = o->force,
                                .checkpoint_steps = checkpoint_steps,
                                .watch = {proceed, &w}};
        status = sb_train(&training, &error);
        sb_progress_finish(&w.progress);
    }
    sb_image_set_clear(&images);
    return status ? sb_cli_fail(&error) : report(o, &w, sb_seconds() - started);
}

int sb_command_train(int argc, char **argv) {
    static const struct argp_child children[] = {
        {&sb_network_argp, 0, 0, 0}, {&sb_common_argp, 0, 0, 0}, {0}};
    struct argp_option option[OWN + MOST_KEYS + 1];
    train_options o;
    memset(&o, 0, sizeof o);
    list_options(option);
    const struct argp argp = {option, parse, 0, documentation, children, 0, 0};
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    return status >= 0 ? status : run(&o);
}
