/* Options of the commands that run a network: --data --source-size --data-seed --size --device --precision
   --unpinned. Threads come from --jobs. */
#ifndef SB_CLI_NETWORK_OPTIONS_H
#define SB_CLI_NETWORK_OPTIONS_H

#include "cli/options.h"
#include "nn/backend.h"
#include "nn/image_set.h"

/* Child argp sb_network_argp, input sb_network_options. The texts are as given, NULL where not. */
typedef struct {
    const char *data, *source_size_text, *data_seed_text, *size_text, *device_text, *precision_text;
    int unpinned;
    /* After sb_cli_read_network: */
    sb_image_source source;
    int size; /* of the images the network sees; 0: not given */
    const sb_backend *backend;
    sb_backend_options backend_options;
} sb_network_options;
extern const struct argp sb_network_argp;

/* Reads the texts. SB_BAD_INPUT names the option: no --data, a size that no network takes, an unknown device
   or precision. */
sb_status sb_cli_read_network(sb_network_options *options, const sb_common_options *common, sb_error *error);

#endif
