/* Radii from class counts alone: certify --counts. */
#ifndef SB_CLI_CERTIFY_COUNTS_H
#define SB_CLI_CERTIFY_COUNTS_H

#include "cli/certify_run.h"

typedef struct {
    const char *counts_text, *dimension_text, *norm_text;
} sb_counts_options;

/* Prints what the counts certify under run->options.rule. Returns an exit status. */
int sb_certify_counts_print(sb_certify_run *run, const sb_counts_options *given);

#endif
