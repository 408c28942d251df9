/* One table holds every option's name, place, kind and range; reading, checking and printing walk along it.
   Decimals are printed with as few digits as read back to the same double, so that text and struct determine
   each other. */
#include "nn/training_options.h"

#include "nn/attack.h"

#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef enum { CHOICE, INTEGER, NATURAL, REAL } option_kind; /* int by words, int, uint64_t, double */

typedef struct {
    sb_training_option name;
    option_kind kind;
    size_t offset;
    double least, most; /* of INTEGER and REAL */
    const char *const *word;
} option;

static const char *const method_word[] = {"noise", "trades", "smooth-adv", NULL};
static const char *const recipe_word[] = {"published-code", "paper", NULL};
static const char *const schedule_word[] = {"step", "cosine", NULL};
static const char *const truth_word[] = {"no", "yes", NULL};

#define AT(member) offsetof(sb_training_options, member)
#define WORDS(key, member, words, summary)                                                                   \
    { {key, "WORD", summary}, CHOICE, AT(member), 0, 0, words }
#define WHOLE(key, member, least, most, summary)                                                             \
    { {key, "N", summary}, INTEGER, AT(member), least, most, NULL }
#define LARGE(key, member, summary)                                                                          \
    { {key, "N", summary}, NATURAL, AT(member), 0, 0, NULL }
#define NUMBER(key, member, most, summary)                                                                   \
    { {key, "NUMBER", summary}, REAL, AT(member), 0, most, NULL }
static const option table[] = {
    WORDS("method", method, method_word, "noise, trades (default) or smooth-adv"),
    WORDS("recipe", recipe, recipe_word,
          "attack steps of 2 RADIUS/STEPS: published-code (default); of .007: paper"),
    WHOLE("depth", depth, 8, SB_LARGEST_DEPTH, "of the residual network, 6n + 2 (110)"),
    WHOLE("size", size, SB_LEAST_IMAGE_SIZE, SB_LARGEST_IMAGE_SIZE,
          "pixels along a side of the images that the network sees (32)"),
    NUMBER("sigma", sigma, 1e3, "of the Gaussian noise; pixel values lie in [0, 1] (0.12)"),
    NUMBER("radius", radius, 1e3, "l_2 radius of the inner maximisation (0.435)"),
    NUMBER("step-size", step_size, 1e3, "length of its steps; 0 (default): by the recipe"),
    WHOLE("steps", steps, 1, 10000, "of the inner maximisation (10)"),
    NUMBER("beta", beta, 1e6, "trades: weight of the divergence (6)"),
    WHOLE("noise-samples", noise_samples, 1, SB_MOST_NOISE_SAMPLES, "smooth-adv: noises an image (1)"),
    NUMBER("rate", rate, 1e30, "learning rate (0.1)"),
    NUMBER("momentum", momentum, 1, "of stochastic gradient descent (0.9)"),
    NUMBER("decay", decay, 1e3, "weight decay (1e-4)"),
    WORDS("schedule", schedule, schedule_word, "of the learning rate: step (default) or cosine"),
    WHOLE("decay-epoch", decay_epoch, 0, 1e6,
          "step: the rate is a tenth after so many epochs (50); 0: never"),
    NUMBER("warm-up", warm_up, 1e6, "epochs in which the rate grows to its full size (0)"),
    WHOLE("epochs", epochs, 1, 1e6, "passes over the training images (55)"),
    WHOLE("batch", batch, 1, 1 << 20, "images in a step (256)"),
    LARGE("seed", seed, "of everything random (0)"),
    LARGE("images", images, "train on the first N of the training images; 0 (default): on all"),
    WORDS("augment", augment, truth_word, "random crops and mirror images: yes (default) or no"),
};
enum { OPTIONS = sizeof table / sizeof table[0] };

_Static_assert(sizeof(sb_training_method) == sizeof(int) && sizeof(sb_recipe) == sizeof(int) &&
                   sizeof(sb_schedule) == sizeof(int),
               "choices are stored as int");

static void put(sb_training_options *options, const option *o, const void *value) {
    memcpy((char *)options + o->offset, value,
           o->kind == REAL      ? sizeof(double)
           : o->kind == NATURAL ? sizeof(uint64_t)
                                : sizeof(int));
}

static int get_int(const sb_training_options *options, const option *o) {
    int value;
    memcpy(&value, (const char *)options + o->offset, sizeof value);
    return value;
}

static double get_real(const sb_training_options *options, const option *o) {
    double value;
    memcpy(&value, (const char *)options + o->offset, sizeof value);
    return value;
}

static uint64_t get_natural(const sb_training_options *options, const option *o) {
    uint64_t value;
    memcpy(&value, (const char *)options + o->offset, sizeof value);
    return value;
}

static const option *find(const char *key) {
    for (size_t i = 0; i < OPTIONS; i++)
        if (strcmp(table[i].name.key, key) == 0) return &table[i];
    return NULL;
}

const sb_training_option *sb_training_option_at(size_t i) {
    return i < OPTIONS ? &table[i].name : NULL;
}

void sb_training_options_init(sb_training_options *options) {
    *options = (sb_training_options){.method = SB_TRAIN_TRADES,
                                     .recipe = SB_RECIPE_PUBLISHED_CODE,
                                     .depth = 110,
                                     .size = 32,
                                     .sigma = .12,
                                     .radius = .435,
                                     .steps = 10,
                                     .beta = 6,
                                     .noise_samples = 1,
                                     .rate = .1,
                                     .momentum = .9,
                                     .decay = 1e-4,
                                     .schedule = SB_SCHEDULE_STEP,
                                     .decay_epoch = 50,
                                     .epochs = 55,
                                     .batch = 256,
                                     .augment = 1};
}

/* ------------------------------------------------------------------ reading */
static sb_status set_choice(sb_training_options *options, const option *o, const char *text,
                            sb_error *error) {
    for (int i = 0; o->word[i]; i++)
        if (strcmp(o->word[i], text) == 0) {
            put(options, o, &i);
            return SB_OK;
        }
    const char *guess = sb_nearest_word(text, o->word);
    sb_text words;
    sb_text_init(&words);
    for (int i = 0; o->word[i]; i++)
        sb_text_format(&words, "%s%s", i == 0 ? "" : o->word[i + 1] ? ", " : " or ", o->word[i]);
    sb_status status =
        guess ? sb_fail(error, SB_BAD_INPUT, "%s '%.60s': did you mean '%s'?", o->name.key, text, guess)
              : sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must be %s", o->name.key, text, words.data);
    sb_text_clear(&words);
    return status;
}

static sb_status refuse_range(const option *o, const char *text, sb_error *error) {
    return sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must lie between %.15g and %.15g", o->name.key, text,
                   o->least, o->most);
}

static double nearest_double(const fmpq_t value) {
    arf_t rounded;
    arf_init(rounded);
    arf_fmpz_div_fmpz(rounded, fmpq_numref(value), fmpq_denref(value), 53, ARF_RND_NEAR);
    double result = arf_get_d(rounded, ARF_RND_NEAR);
    arf_clear(rounded);
    return result;
}

static sb_status set_number(sb_training_options *options, const option *o, const char *text,
                            const sb_exact *number, sb_error *error) {
    if (number->infinite) return sb_fail(error, SB_BAD_INPUT, "%s '%.60s': is not finite", o->name.key, text);
    if (o->kind == REAL) {
        double value = nearest_double(number->value);
        if (value < o->least || value > o->most) return refuse_range(o, text, error);
        put(options, o, &value);
        return SB_OK;
    }
    if (!fmpz_is_one(fmpq_denref(number->value)) || fmpq_sgn(number->value) < 0 ||
        fmpz_bits(fmpq_numref(number->value)) > 64)
        return sb_fail(error, SB_BAD_INPUT, "%s '%.60s': is not a whole number from 0 to 2^64 - 1",
                       o->name.key, text);
    uint64_t whole = fmpz_get_ui(fmpq_numref(number->value));
    if (o->kind == NATURAL) {
        put(options, o, &whole);
        return SB_OK;
    }
    if ((double)whole < o->least || (double)whole > o->most) return refuse_range(o, text, error);
    int value = (int)whole;
    put(options, o, &value);
    return SB_OK;
}

sb_status sb_training_option_set(sb_training_options *options, const char *key, const char *value, int *known,
                                 sb_error *error) {
    const option *o = find(key);
    *known = o != NULL;
    if (!o) return SB_OK;
    if (o->kind == CHOICE) return set_choice(options, o, value, error);
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = sb_exact_parse(key, value, &number, error);
    if (!status) status = set_number(options, o, value, &number, error);
    sb_exact_clear(&number);
    return status;
}

/* ------------------------------------------------------------------ checking */
static sb_status check_ranges(const sb_training_options *options, sb_error *error) {
    for (const option *o = table; o < table + OPTIONS; o++) {
        double value = o->kind == REAL ? get_real(options, o) : o->kind == INTEGER ? get_int(options, o) : 0;
        char text[32];
        snprintf(text, sizeof text, "%.17g", value);
        int choices = 0;
        while (o->kind == CHOICE && o->word[choices]) choices++;
        if (o->kind == CHOICE && (get_int(options, o) < 0 || get_int(options, o) >= choices))
            return sb_fail(error, SB_BAD_INPUT, "%s: %d is none of its %d choices", o->name.key,
                           get_int(options, o), choices);
        if ((o->kind == REAL || o->kind == INTEGER) && !(value >= o->least && value <= o->most))
            return refuse_range(o, text, error);
    }
    return SB_OK;
}

sb_status sb_training_options_check(const sb_training_options *options, sb_error *error) {
    sb_status status = check_ranges(options, error);
    if (status) return status;
    const char *method = method_word[options->method];
    if (options->depth % 6 != 2)
        return sb_fail(error, SB_BAD_INPUT, "depth %d: must be 6n + 2 (8, 14, 20, ...)", options->depth);
    if (options->rate <= 0) return sb_fail(error, SB_BAD_INPUT, "rate 0: must be positive");
    if (options->momentum >= 1) return sb_fail(error, SB_BAD_INPUT, "momentum 1: must be below 1");
    if (options->method != SB_TRAIN_NOISE && options->radius <= 0)
        return sb_fail(error, SB_BAD_INPUT, "radius 0: must be positive for method %s", method);
    if (options->method != SB_TRAIN_SMOOTH_ADV && options->noise_samples != 1)
        return sb_fail(error, SB_BAD_INPUT, "noise-samples %d: goes with method smooth-adv, not %s",
                       options->noise_samples, method);
    if (options->warm_up > options->epochs)
        return sb_fail(error, SB_BAD_INPUT, "warm-up %.6g: is longer than the %d epochs", options->warm_up,
                       options->epochs);
    if ((double)options->batch * options->noise_samples > 1 << 20)
        return sb_fail(error, SB_BAD_INPUT, "batch %d with %d noises an image: more than 2^20 in a step",
                       options->batch, options->noise_samples);
    return SB_OK;
}

/* ------------------------------------------------------------------ printing */
static void print_real(sb_text *text, double value) {
    char digits[32];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value) break;
    }
    sb_text_append(text, digits);
}

static void print_value(sb_text *text, const sb_training_options *options, const option *o) {
    switch (o->kind) {
    case CHOICE:
        sb_text_append(text, o->word[get_int(options, o)]);
        break;
    case INTEGER:
        sb_text_format(text, "%d", get_int(options, o));
        break;
    case NATURAL:
        sb_text_format(text, "%llu", (unsigned long long)get_natural(options, o));
        break;
    case REAL:
        print_real(text, get_real(options, o));
        break;
    }
}

void sb_training_options_text(const sb_training_options *options, sb_text *text) {
    for (const option *o = table; o < table + OPTIONS; o++) {
        sb_text_format(text, "%s=", o->name.key);
        print_value(text, options, o);
        sb_text_append(text, "\n");
    }
}

char *sb_training_option_print(const sb_training_options *options, const char *key) {
    const option *o = find(key);
    if (!o) return NULL;
    sb_text text;
    sb_text_init(&text);
    print_value(&text, options, o);
    return sb_text_detach(&text);
}

/* ------------------------------------------------------------------ what follows from them */
double sb_attack_step_size(const sb_training_options *options) {
    if (options->step_size > 0) return options->step_size;
    return options->recipe == SB_RECIPE_PAPER ? .007 : 2 * options->radius / options->steps;
}

double sb_learning_rate(const sb_training_options *options, int epoch, uint64_t step,
                        uint64_t steps_per_epoch) {
    const double pi = 3.14159265358979323846;
    double done = (double)epoch * (double)steps_per_epoch + (double)step;
    double warm = options->warm_up * (double)steps_per_epoch;
    if (options->schedule == SB_SCHEDULE_STEP) {
        double rate = options->rate * (options->decay_epoch && epoch >= options->decay_epoch ? .1 : 1);
        return done < warm ? rate * fmin(1, (done + 1) / warm) : rate;
    }
    if (done < warm) return options->rate * fmin(1, (done + 1) / warm);
    double all = (double)options->epochs * (double)steps_per_epoch;
    return options->rate * .5 * (1 + cos(pi * (done - warm) / (all - warm)));
}
