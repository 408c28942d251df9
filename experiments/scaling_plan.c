/* A network is determined by its size, the size of its source, sigma and the training radius. At size s of
   reference size s0 the arms `scaled` and `detail` have sigma s/s0 and radius s/s0, which is in proportion to
   sqrt(d) = sqrt(3) s. */
#include "experiments/scaling_plan.h"

#include "support/file.h"

#include <stdlib.h>
#include <string.h>

static void set_network(sb_scaling_network *network, const sb_preset *preset, sb_arm arm, int size) {
    snprintf(network->name, sizeof network->name, "%s-%d", sb_arm_name(arm), size);
    network->size = size;
    network->source_size = arm == SB_ARM_DETAIL ? size : preset->source_size;
    fmpq_t scale;
    fmpq_init(scale);
    if (arm == SB_ARM_FIXED)
        fmpq_div(scale, preset->control_sigma, preset->sigma);
    else
        fmpq_set_si(scale, size, (ulong)preset->reference_size);
    fmpq_mul(network->sigma, preset->sigma, scale);
    fmpq_mul(network->radius, preset->radius, scale);
    fmpq_clear(scale);
}

static int same_network(const sb_scaling_network *a, const sb_scaling_network *b) {
    return a->size == b->size && a->source_size == b->source_size && fmpq_equal(a->sigma, b->sigma) &&
           fmpq_equal(a->radius, b->radius);
}

void sb_scaling_plan_init(sb_scaling_plan *plan, const sb_preset *preset) {
    memset(plan, 0, sizeof *plan);
    plan->preset = preset;
    for (int i = 0; i < SB_SCALING_NETWORKS; i++) {
        fmpq_init(plan->network[i].sigma);
        fmpq_init(plan->network[i].radius);
    }
    for (int arm = 0; arm < SB_ARMS; arm++)
        for (int s = 0; s < SB_SCALING_SIZES && preset->arms & 1u << arm; s++) {
            sb_scaling_network *next = &plan->network[plan->count];
            int same = 0;
            set_network(next, preset, (sb_arm)arm, preset->size[s]);
            while (!same_network(&plan->network[same], next)) same++;
            plan->member[arm][s] = same;
            plan->count += same == plan->count;
        }
}

void sb_scaling_plan_clear(sb_scaling_plan *plan) {
    for (int i = 0; i < SB_SCALING_NETWORKS; i++) {
        fmpq_clear(plan->network[i].sigma);
        fmpq_clear(plan->network[i].radius);
    }
}

int sb_scaling_needs(const sb_scaling_plan *plan, unsigned arms, int network) {
    for (int arm = 0; arm < SB_ARMS; arm++)
        for (int s = 0; s < SB_SCALING_SIZES && arms & plan->preset->arms & 1u << arm; s++)
            if (plan->member[arm][s] == network) return 1;
    return 0;
}

char *sb_scaling_file(const sb_scaling_plan *plan, const char *directory, int network, const char *ending) {
    char *file = sb_format("%s.%s", plan->network[network].name, ending);
    char *path = file ? sb_path_join(directory, file) : NULL;
    free(file);
    return path;
}

void sb_scaling_training(const sb_scaling_plan *plan, int network, sb_training_options *options) {
    *options = plan->preset->training;
    options->size = plan->network[network].size;
    options->sigma = fmpq_get_d(plan->network[network].sigma);
    options->radius = fmpq_get_d(plan->network[network].radius);
    if (options->method == SB_TRAIN_NOISE) options->radius = 0;
}
