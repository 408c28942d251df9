/* smoothbound merge-logs: the logs of all shards of a run into the log of the whole. */
#include "cli/options.h"
#include "nn/certify_log.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    sb_common_options common;
    const char **path;
    size_t count;
} merge_options;

static error_t parse(int key, char *text, struct argp_state *state) {
    merge_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        return 0;
    case ARGP_KEY_ARG:
        o->path[o->count++] = text;
        return 0; /* there is room for every word */
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&sb_common_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    NULL,
    parse,
    "LOG...",
    "Joins the certification logs of all shards of a run (certify --shard I/N) into the log that the run "
    "without shards writes, byte for byte. The logs may be given in any order; all must be there, complete, "
    "and of one run.\v"
    "smoothbound merge-logs part-1.tsv part-2.tsv part-3.tsv -o log.tsv",
    children,
    0,
    0};

int sb_command_merge_logs(int argc, char **argv) {
    merge_options o;
    memset(&o, 0, sizeof o);
    o.path = calloc((size_t)argc + 1, sizeof *o.path);
    if (!o.path) return sb_cli_trouble("out of memory");
    int result = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (result < 0) {
        sb_error error;
        sb_text merged;
        sb_text_init(&merged);
        if (!o.count)
            result = sb_cli_trouble("which logs? (see --help)");
        else
            result = sb_merge_logs(&merged, o.path, o.count, &error) ? sb_cli_fail(&error)
                                                                     : sb_cli_write(&o.common, &merged);
        sb_text_clear(&merged);
    }
    free(o.path);
    return result;
}
