/* The evaluation mode of the cpu backend: the entries of sb_backend (nn/backend.h) by these names. */
#ifndef SB_NN_CPU_EVALUATION_H
#define SB_NN_CPU_EVALUATION_H

#include "nn/cpu/cpu_network.h"

struct sb_cpu_evaluation;

/* Needs level and workers of the network. */
sb_status sb_cpu_evaluation_open(sb_cpu_network *network, sb_precision precision, sb_error *error);
void sb_cpu_evaluation_close(struct sb_cpu_evaluation *evaluation); /* NULL is fine */

sb_status sb_cpu_count_classes(sb_network *network, const sb_noisy_samples *samples,
                               uint64_t counts[SB_CLASSES], sb_error *error);
sb_status sb_cpu_logits(sb_network *network, const float *images, size_t count, float *logits,
                        sb_error *error);
sb_status sb_cpu_input_gradient(sb_network *network, const float *images, size_t count, const float *target,
                                const float *weight, float *gradient, float *logits, sb_error *error);

#endif
