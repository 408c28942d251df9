/* Running the experiment `scaling`: every network of the plan is trained and certified in one folder, which
   also holds the preset. Each step resumes: what is finished is left alone, what was interrupted continues to
   the same bytes. */
#ifndef SB_EXPERIMENTS_SCALING_H
#define SB_EXPERIMENTS_SCALING_H

#include "experiments/scaling_plan.h"
#include "nn/backend.h"

typedef enum { SB_SCALING_TRAINS, SB_SCALING_CERTIFIES } sb_scaling_phase;

typedef struct {
    const sb_scaling_network *network;
    int number, networks; /* 1 .. of those that are asked for */
    sb_scaling_phase phase;
    int epoch, epochs;            /* while it trains */
    uint64_t images_done, images; /* while it certifies */
    double done, total;           /* as estimated, in seconds */
} sb_scaling_state;

/* Estimated seconds that each network still takes, and how many there are to make. */
typedef struct {
    double training[SB_SCALING_NETWORKS], certification[SB_SCALING_NETWORKS], total;
    int networks;         /* asked for */
    int finished;         /* of them */
    char description[64]; /* what computes: "cpu avx2 f32" */
} sb_scaling_estimate;

typedef struct {
    const sb_scaling_plan *plan;
    unsigned arms;         /* mask of 1 << sb_arm: the others are left out */
    const char *folder;    /* of CIFAR-10; not used for shapes */
    const char *directory; /* of the results; made when missing */
    const sb_backend *backend;
    sb_backend_options backend_options;
    int (*proceed)(void *context, const sb_scaling_state *state); /* 0: stop (SB_INTERRUPTED); NULL: go on */
    void *context;
} sb_scaling;

/* Makes the folder and writes its preset. SB_BAD_INPUT, naming the key, when it holds the results of another
   one; what only concerns the report (report-radius, margin, permutations) may change. */
sb_status sb_scaling_open(const sb_scaling *scaling, sb_error *error);

/* After sb_scaling_open: tries the backend for a moment at each size. */
sb_status sb_scaling_estimate_cost(const sb_scaling *scaling, sb_scaling_estimate *estimate, sb_error *error);

/* After both. SB_BAD_INPUT when files of the folder do not belong to the preset, or there are fewer test
   images than it asks for. */
sb_status sb_scaling_run(const sb_scaling *scaling, const sb_scaling_estimate *estimate, sb_error *error);

/* Whether the network is trained and certified: its log holds all test images and names the model's hash. */
int sb_scaling_is_finished(const sb_scaling_plan *plan, const char *directory, int network);

#endif
