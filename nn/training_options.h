/* What determines a trained network. One table names the options for the command line, preset files and the
   metadata of a model. */
#ifndef SB_NN_TRAINING_OPTIONS_H
#define SB_NN_TRAINING_OPTIONS_H

#include "support/exact.h"
#include "support/text.h"

#include <stdint.h>

typedef enum {
    SB_TRAIN_NOISE,     /* "noise": cross-entropy of noisy images */
    SB_TRAIN_TRADES,    /* "trades": the paper's loss */
    SB_TRAIN_SMOOTH_ADV /* "smooth-adv" */
} sb_training_method;

typedef enum {
    SB_RECIPE_PUBLISHED_CODE, /* "published-code": l_2 step 2 eps/steps */
    SB_RECIPE_PAPER           /* "paper": step .007 */
} sb_recipe;

typedef enum { SB_SCHEDULE_STEP, SB_SCHEDULE_COSINE } sb_schedule;

typedef struct {
    sb_training_method method;
    sb_recipe recipe;
    int depth, size;              /* of the network; pixels along a side */
    double sigma;                 /* of the Gaussian noise, pixel values in [0, 1]; >= 0 */
    double radius;                /* l_2 radius of the inner maximisation; 0 for method noise */
    double step_size;             /* of its steps; 0: by the recipe */
    int steps;                    /* 10 */
    double beta;                  /* TRADES; 6 */
    int noise_samples;            /* SmoothAdv: noises averaged in the attack; 1 */
    double rate, momentum, decay; /* .1, .9, 1e-4 */
    sb_schedule schedule;
    int decay_epoch;   /* step: the rate is multiplied by .1 after so many epochs (paper: 50); 0: never */
    double warm_up;    /* epochs of linearly growing rate (may be a fraction) */
    int epochs, batch; /* 55, 256 */
    uint64_t seed;
    uint64_t images; /* of the training split, from its start; 0: all */
    int augment;     /* random crops and mirror images */
} sb_training_options;

/* The paper's section 4.1 at 32 pixels: trades, depth 110, sigma .12, radius .435, beta 6, 55 epochs, batch
   256, rate .1 times .1 after epoch 50. */
void sb_training_options_init(sb_training_options *options);

/* The names of the options in the order of the text form; NULL past the last. */
typedef struct {
    const char *key, *argument, *summary; /* "sigma", "NUMBER", one line for --help */
} sb_training_option;
const sb_training_option *sb_training_option_at(size_t i);

/* Sets one option from text: "method", "recipe", "depth", "size", "sigma", "radius", "step-size", "steps",
   "beta", "noise-samples", "rate", "momentum", "decay", "schedule", "decay-epoch", "warm-up", "epochs",
   "batch", "seed", "images", "augment". *known = 0 and SB_OK for any other key. SB_BAD_INPUT names key and
   value. Numbers are exact numbers of support/exact.h (so 8/255 is fine), rounded to double. */
sb_status sb_training_option_set(sb_training_options *options, const char *key, const char *value, int *known,
                                 sb_error *error);
/* SB_BAD_INPUT names what does not go together. */
sb_status sb_training_options_check(const sb_training_options *options, sb_error *error);
/* Lines KEY=VALUE of all options; reads back to the same struct. */
void sb_training_options_text(const sb_training_options *options, sb_text *text);

/* malloc'd value of one key in that form; NULL for an unknown key or when memory is short. */
char *sb_training_option_print(const sb_training_options *options, const char *key);

/* The length of a step of the inner maximisation: step_size, or by the recipe. */
double sb_attack_step_size(const sb_training_options *options);

/* The learning rate of a step (0, 1, ...) of an epoch (0, 1, ...). */
double sb_learning_rate(const sb_training_options *options, int epoch, uint64_t step,
                        uint64_t steps_per_epoch);

#endif
