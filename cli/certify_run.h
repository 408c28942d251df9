/* What `certify` and `predict` share: their options, and the run itself. */
#ifndef SB_CLI_CERTIFY_RUN_H
#define SB_CLI_CERTIFY_RUN_H

#include "cli/network_options.h"
#include "nn/certify.h"

/* MODEL --sigma --noise --n --alpha --split --skip --max --shard --batch --resume --force --time: child argp
   sb_certify_run_argp, input sb_certify_run. */
typedef struct {
    sb_common_options common;
    sb_network_options network;
    const char *model, *sigma_text, *noise_text, *samples_text, *alpha_text, *split_text, *skip_text,
        *most_text, *shard_text, *batch_text;
    int resume, replace, times;
    sb_noise_spec noise;
    sb_certify_options options; /* options.noise is &noise */
    sb_split split;
} sb_certify_run;
extern const struct argp sb_certify_run_argp;

void sb_certify_run_init(sb_certify_run *run); /* after parsing */
void sb_certify_run_clear(sb_certify_run *run);

/* Reads --sigma or --noise, --n and --alpha: what a radius from counts needs too. */
sb_status sb_certify_run_read_noise(sb_certify_run *run, sb_error *error);

/* Reads all other options, the model and the images, certifies, and reports. Returns an exit status. */
int sb_certify_run_all(sb_certify_run *run);

/* A whole number option, `*value` when it is given. */
sb_status sb_certify_run_whole(const char *name, const char *text, uint64_t most, uint64_t *value,
                               sb_error *error);

#endif
