/* The table of the cpu backend, and what its two modes share: values, threads, the choice of the kernels. */
#include "nn/cpu/cpu_network.h"
#include "nn/cpu/evaluation.h"
#include "nn/cpu/evaluation_kernels.h"
#include "nn/cpu/training.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HIGHEST_LEVEL = 2 };

static void close_network(sb_network *base) {
    sb_cpu_network *network = (sb_cpu_network *)base;
    if (!network) return;
    sb_cpu_training_close(network->training);
    sb_cpu_evaluation_close(network->evaluation);
    sb_cpu_workers_close(network->workers);
    free(network->values);
    free(network);
}

sb_status sb_cpu_open_at(int level, sb_network **result, const sb_resnet *resnet, int size,
                         const sb_backend_options *options, sb_error *error) {
    *result = NULL;
    const sb_evaluation_kernels *kernels = sb_evaluation_kernels_at(level);
    if (!kernels) return sb_fail(error, SB_BAD_INPUT, "this processor has no kernels of level %d", level);
    if (size < SB_LEAST_IMAGE_SIZE || size > SB_LARGEST_IMAGE_SIZE)
        return sb_fail(error, SB_BAD_INPUT, "size %d: images of %d to %d pixels along a side", size,
                       SB_LEAST_IMAGE_SIZE, SB_LARGEST_IMAGE_SIZE);
    int rounded = options->precision == SB_PRECISION_BF16;
    if (rounded && !sb_rounded_kernels_at(level))
        return sb_fail(error, SB_BAD_INPUT, "precision bf16 needs a processor with AVX512-BF16");
    sb_cpu_network *network = calloc(1, sizeof *network);
    if (!network) return sb_fail_memory(error);
    network->common.backend = &sb_cpu_backend;
    network->common.resnet = resnet;
    network->common.size = size;
    network->level = level;
    network->values_changed = 1;
    snprintf(network->common.description, sizeof network->common.description, "cpu %s %s", kernels->name,
             rounded ? "bf16" : "f32");
    network->values = calloc(resnet->value_count, sizeof *network->values);
    sb_status status = network->values ? SB_OK : sb_fail_memory(error);
    if (!status) status = sb_cpu_workers_open(&network->workers, options->jobs, options->unpinned, error);
    if (!status) status = sb_cpu_evaluation_open(network, options->precision, error);
    if (status)
        close_network(&network->common);
    else
        *result = &network->common;
    return status;
}

static sb_status open_network(sb_network **network, const sb_resnet *resnet, int size,
                              const sb_backend_options *options, sb_error *error) {
    int level = HIGHEST_LEVEL;
    while (level > 0 && !sb_evaluation_kernels_at(level)) level--;
    return sb_cpu_open_at(level, network, resnet, size, options, error);
}

static sb_status set_values(sb_network *base, const float *values, sb_error *error) {
    (void)error;
    sb_cpu_network *network = (sb_cpu_network *)base;
    memcpy(network->values, values, base->resnet->value_count * sizeof *values);
    network->values_changed = 1;
    return SB_OK;
}

static sb_status get_values(sb_network *base, float *values, sb_error *error) {
    (void)error;
    const sb_cpu_network *network = (const sb_cpu_network *)base;
    memcpy(values, network->values, base->resnet->value_count * sizeof *values);
    return SB_OK;
}

const sb_backend sb_cpu_backend = {
    .name = "cpu",
    .summary = "all processors, with their vector instructions",
    .open = open_network,
    .close = close_network,
    .set_values = set_values,
    .get_values = get_values,
    .set_momentum = sb_cpu_set_momentum,
    .get_momentum = sb_cpu_get_momentum,
    .get_gradient = sb_cpu_get_gradient,
    .count_classes = sb_cpu_count_classes,
    .logits = sb_cpu_logits,
    .input_gradient = sb_cpu_input_gradient,
    .train_forward = sb_cpu_train_forward,
    .update_statistics = sb_cpu_update_statistics,
    .train_backward = sb_cpu_train_backward,
    .sgd_step = sb_cpu_sgd_step,
};
