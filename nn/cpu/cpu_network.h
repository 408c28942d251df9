/* The cpu backend's network. */
#ifndef SB_NN_CPU_CPU_NETWORK_H
#define SB_NN_CPU_CPU_NETWORK_H

#include "nn/backend.h"
#include "nn/cpu/workers.h"

struct sb_cpu_evaluation;
struct sb_cpu_training;

typedef struct {
    sb_network common;
    int level;          /* of the kernels: nn/cpu/evaluation_kernels.h */
    float *values;      /* as sb_resnet lays them out */
    int values_changed; /* since the evaluation mode has looked at them */
    sb_cpu_workers *workers;
    struct sb_cpu_evaluation *evaluation; /* nn/cpu/evaluation.h */
    struct sb_cpu_training *training;     /* nn/cpu/training.h; NULL until the first call that needs it */
} sb_cpu_network;

/* sb_cpu_backend.open with kernels of a given level, for tests: SB_BAD_INPUT when this processor lacks it. */
sb_status sb_cpu_open_at(int level, sb_network **network, const sb_resnet *resnet, int size,
                         const sb_backend_options *options, sb_error *error);

#endif
