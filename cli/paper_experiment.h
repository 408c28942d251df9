/* The part of `smoothbound paper` that trains networks: the experiment `scaling`. */
#ifndef SB_CLI_PAPER_EXPERIMENT_H
#define SB_CLI_PAPER_EXPERIMENT_H

#include "cli/options.h"

typedef struct {
    const char *preset;    /* "none": left out */
    const char *data;      /* the folder of CIFAR-10; NULL for presets that need none */
    const char *directory; /* of the paper's files */
    sb_text *results;      /* one line: the verdicts */
    sb_text *files;        /* Markdown rows: file, what it is, the command that makes it alone */
    sb_text *pictures;     /* Markdown images */
} sb_paper_experiment;

/* SB_BAD_INPUT when there is no such preset, or it needs a folder of data and has none. */
sb_status sb_paper_experiment_check(const char *preset, sb_error *error);

/* Runs what is not finished and appends to the three texts. Returns SB_EXIT_HOLDS whatever the verdicts are:
   small networks that differ refute nothing of the paper. Else as sb_experiment_scaling. */
int sb_paper_experiment_write(const sb_paper_experiment *part, const sb_common_options *common);

#endif
