/* smoothbound predict: the class of a smoothed classifier, or abstention. */
#include "cli/certify_run.h"

#include <string.h>

static error_t parse(int key, char *text, struct argp_state *state) {
    (void)text;
    if (key != ARGP_KEY_INIT) return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = state->input;
    return 0;
}

static const struct argp_child children[] = {{&sb_certify_run_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    NULL,
    parse,
    "MODEL",
    "PREDICT of Cohen et al. for images: the most frequent class among N noisy copies, or abstention (-1) "
    "unless a two-sided binomial test between the two most frequent classes rejects equality at level A. The "
    "log has the columns of certify, with radius 0.\v"
    "smoothbound predict model.safetensors --data shapes --sigma 0.12 --n 1000 --max 20",
    children,
    0,
    0};

int sb_command_predict(int argc, char **argv) {
    sb_certify_run o;
    memset(&o, 0, sizeof o);
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (status >= 0) return status;
    sb_certify_run_init(&o);
    o.options.predict = 1;
    status = sb_certify_run_all(&o);
    sb_certify_run_clear(&o);
    return status;
}
