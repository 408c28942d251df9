/* The experiment `scaling` from its preset to its tables and figure, for the commands `experiment` and
 * `paper`. */
#ifndef SB_CLI_EXPERIMENT_SCALING_H
#define SB_CLI_EXPERIMENT_SCALING_H

#include "cli/options.h"

typedef struct {
    const char *preset;             /* name or path */
    const char *data;               /* the folder of CIFAR-10; NULL for the presets that need none */
    const char *directory;          /* the results go into DIRECTORY/scaling-NAME */
    const char *only;               /* list of arms; NULL: those of the preset */
    const char *device, *precision; /* NULL: "auto", "f32" */
    int unpinned;
    int report; /* nothing is computed: what is finished */
} sb_scaling_request;

typedef struct {
    char *name;    /* of the preset; malloc'd */
    char *folder;  /* DIRECTORY/scaling-NAME; malloc'd */
    sb_text table; /* in the format of the common options */
    sb_text line;  /* the verdicts, one line */
} sb_scaling_outcome;

void sb_scaling_outcome_init(sb_scaling_outcome *outcome);
void sb_scaling_outcome_clear(sb_scaling_outcome *outcome);

/* Trains and certifies what is not finished, writes results.txt, .md, .tex and .json and the figure into the
   folder, and fills *outcome. Seed, threads, format and progress as in `common`. Returns SB_EXIT_HOLDS when
   all is as expected, SB_EXIT_DIFFERS when it is not, SB_EXIT_UNDECIDED for a report that lacks an arm; else
   it has printed one line and returns SB_EXIT_TROUBLE or SB_EXIT_INTERRUPTED. */
int sb_experiment_scaling(const sb_scaling_request *request, const sb_common_options *common,
                          sb_scaling_outcome *outcome);

#endif
