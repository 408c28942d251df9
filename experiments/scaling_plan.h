/* The networks of the experiment `scaling` (the paper's section 4.2): which there are, and where their files
   lie. Arms that ask for the same network share it. */
#ifndef SB_EXPERIMENTS_SCALING_PLAN_H
#define SB_EXPERIMENTS_SCALING_PLAN_H

#include "experiments/preset.h"

#define SB_SCALING_PRESET_FILE "preset.conf" /* what a folder of the experiment holds the results of */

enum { SB_SCALING_NETWORKS = SB_ARMS * SB_SCALING_SIZES };

typedef struct {
    char name[32];   /* "scaled-16": of its files */
    int size;        /* pixels along a side of what it sees */
    int source_size; /* of the images that are resized to it */
    fmpq_t sigma, radius;
} sb_scaling_network;

typedef struct {
    const sb_preset *preset;
    sb_scaling_network network[SB_SCALING_NETWORKS];
    int count;
    int member[SB_ARMS][SB_SCALING_SIZES]; /* numbers of networks; of an arm that is in the preset */
} sb_scaling_plan;

/* The preset must have been read, and outlive the plan. */
void sb_scaling_plan_init(sb_scaling_plan *plan, const sb_preset *preset);
void sb_scaling_plan_clear(sb_scaling_plan *plan);

/* Whether an arm of the mask uses the network. */
int sb_scaling_needs(const sb_scaling_plan *plan, unsigned arms, int network);

/* malloc'd DIRECTORY/NAME.ENDING: "safetensors" the network, "log" its training, "tsv" its certification;
   NULL when memory is short. */
char *sb_scaling_file(const sb_scaling_plan *plan, const char *directory, int network, const char *ending);

/* How the network is trained: the preset's options with its size, sigma and radius. */
void sb_scaling_training(const sb_scaling_plan *plan, int network, sb_training_options *options);

#endif
