/* The state of the training mode: its memory, the optimiser, the running statistics. */
#include "nn/cpu/training_state.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    ALIGNMENT = 16,        /* floats: of every array, for whole vectors and lines of a cache */
    HUGE_PAGE = 1 << 21,   /* bytes */
    GROUP_SIZE = 64 * 1024 /* floats of a group's padded map: three of them fit a cache of 1 MiB */
};

/* ------------------------------------------------------------------ memory */
/* Arrays of floats laid one after the other: with start == NULL only counted. */
typedef struct {
    float *start;
    size_t used;
} arena;

static float *take(arena *a, size_t count) {
    float *first = a->start ? a->start + a->used : NULL;
    a->used += (count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return first;
}

static float *allocate(size_t count) {
    void *memory = NULL;
    if (count > SIZE_MAX / 2 / sizeof(float)) return NULL;
    if (posix_memalign(&memory, HUGE_PAGE, count * sizeof(float))) return NULL;
#ifdef MADV_HUGEPAGE /* fewer misses of the address translation; a hint that may be refused */
    madvise(memory, count * sizeof(float), MADV_HUGEPAGE);
#endif
    return memory;
}

int sb_cpu_training_side(const sb_cpu_network *network, int channels) {
    int side = network->common.size;
    for (int c = 16; c < channels; c *= 2) side = (side + 1) / 2;
    return side;
}

int sb_cpu_training_group(int side, int channels) {
    size_t group = GROUP_SIZE / sb_padded_size(side, channels);
    return group < 1 ? 1 : group > SB_CHUNK_IMAGES ? SB_CHUNK_IMAGES : (int)group;
}

/* Numbers of the padded maps of a group, for the channels for which they are most. */
static size_t largest_group(const sb_cpu_network *network) {
    size_t largest = 0;
    for (int channels = 16; channels <= SB_MOST_CHANNELS; channels *= 2) {
        int side = sb_cpu_training_side(network, channels), group = sb_cpu_training_group(side, channels);
        if (channels > 16) { /* the output of a stride goes by the group of its input */
            int in = sb_cpu_training_group(sb_cpu_training_side(network, channels / 2), channels / 2);
            group = in > group ? in : group;
        }
        size_t size = (size_t)group * sb_padded_size(side, channels);
        largest = size > largest ? size : largest;
    }
    return largest;
}

static void lay_out_training(struct sb_cpu_training *t, const sb_cpu_network *network, arena *a) {
    size_t values = network->common.resnet->value_count, group = largest_group(network);
    t->momentum = take(a, values);
    t->gradient = take(a, values);
    for (int k = 0; k < SB_MOST_BRANCHES; k++) {
        t->weights[k] = take(a, SB_MOST_WEIGHTS);
        t->chunk_filters[k] = take(a, (size_t)SB_MOST_CHUNKS * SB_MOST_FILTERS);
        t->chunk_sums[k] = (void *)take(a, (size_t)SB_MOST_CHUNKS * sizeof *t->chunk_sums[k] / sizeof(float));
    }
    for (int w = 0; w < network->workers->count; w++) {
        sb_training_worker *worker = &t->worker[w];
        worker->input = take(a, group);
        worker->input_gradient = take(a, group);
        for (int k = 0; k < SB_MOST_BRANCHES; k++) worker->gradient[k] = take(a, group);
        worker->products = take(a, SB_MOST_WEIGHTS);
        worker->scratch.input = take(a, 36 * SB_TILES_AT_ONCE * SB_MOST_CHANNELS);
        worker->scratch.output = take(a, 36 * SB_TILES_AT_ONCE * SB_MOST_CHANNELS);
    }
}

sb_status sb_cpu_training_open(sb_cpu_network *network, sb_error *error) {
    if (network->training) return SB_OK;
    struct sb_cpu_training *t = calloc(1, sizeof *t);
    arena count = {NULL, 0}, real = {NULL, 0};
    if (t) t->worker = calloc((size_t)network->workers->count, sizeof *t->worker);
    if (t && t->worker) {
        lay_out_training(t, network, &count);
        t->memory = allocate(count.used);
    }
    if (!t || !t->memory) {
        sb_cpu_training_close(t);
        return sb_fail_memory(error);
    }
    memset(t->memory, 0, count.used * sizeof *t->memory);
    real.start = t->memory;
    lay_out_training(t, network, &real);
    for (int c = 0; c < SB_MOST_CHANNELS; c++) t->ones[c] = 1;
    t->kernels = sb_training_kernels_at(network->level);
    network->training = t;
    return SB_OK;
}

static void clear_slot(sb_training_slot *slot) {
    free(slot->memory);
    free(slot->z);
    free(slot->x);
    free(slot->normalisation);
    *slot = (sb_training_slot){0};
}

void sb_cpu_training_close(struct sb_cpu_training *training) {
    if (!training) return;
    for (int i = 0; i < SB_TRAINING_SLOTS; i++) clear_slot(&training->slot[i]);
    free(training->map_gradient[0]);
    free(training->memory);
    free(training->worker);
    free(training);
}

static void lay_out_slot(sb_training_slot *slot, const sb_cpu_network *network, size_t images, arena *a) {
    const sb_resnet *resnet = network->common.resnet;
    size_t side = (size_t)network->common.size;
    slot->images = take(a, images * SB_CHANNELS * side * side);
    for (int i = 0; i < resnet->convolution_count; i++) {
        int channels = resnet->convolution[i].out_channels;
        side = (size_t)sb_cpu_training_side(network, channels);
        slot->z[i] = take(a, images * side * side * (size_t)channels);
    }
    for (int b = 0; b < resnet->block_count; b++) {
        int channels = resnet->convolution[resnet->block[b].first].in_channels;
        side = (size_t)sb_cpu_training_side(network, channels);
        slot->x[b] = take(a, images * side * side * (size_t)channels);
    }
    slot->features = take(a, images * SB_MOST_CHANNELS);
}

/* Gradients of maps for so many images. Those of the first stage are the largest. */
static int reserve_gradients(const sb_cpu_network *network, size_t count) {
    struct sb_cpu_training *t = network->training;
    size_t side = (size_t)network->common.size, size = 16 * side * side;
    if (count <= t->gradient_capacity) return 1;
    free(t->map_gradient[0]);
    t->gradient_capacity = 0;
    t->map_gradient[0] = allocate(3 * count * size);
    if (!t->map_gradient[0]) return 0;
    t->gradient_capacity = count;
    for (size_t i = 1; i < 3; i++) t->map_gradient[i] = t->map_gradient[0] + i * count * size;
    return 1;
}

sb_status sb_cpu_training_reserve(sb_cpu_network *network, int slot_index, size_t count, sb_error *error) {
    if (slot_index < 0 || slot_index >= SB_TRAINING_SLOTS)
        return sb_fail(error, SB_INTERNAL, "training slot %d: there are %d", slot_index, SB_TRAINING_SLOTS);
    sb_training_slot *slot = &network->training->slot[slot_index];
    const sb_resnet *resnet = network->common.resnet;
    if (count > slot->capacity) {
        arena one = {NULL, 0}, all = {NULL, 0}, real = {NULL, 0};
        clear_slot(slot);
        slot->z = calloc((size_t)resnet->convolution_count, sizeof *slot->z);
        slot->x = calloc((size_t)resnet->block_count, sizeof *slot->x);
        slot->normalisation = calloc((size_t)resnet->convolution_count, sizeof *slot->normalisation);
        if (!slot->z || !slot->x || !slot->normalisation) {
            clear_slot(slot);
            return sb_fail_memory(error);
        }
        lay_out_slot(slot, network, 1, &one);
        if (count <= SIZE_MAX / 4 / sizeof(float) / one.used) {
            lay_out_slot(slot, network, count, &all);
            slot->memory = allocate(all.used);
        }
        if (!slot->memory) {
            clear_slot(slot);
            return sb_fail_memory(error);
        }
        real.start = slot->memory;
        lay_out_slot(slot, network, count, &real);
        slot->capacity = count;
    }
    slot->kept = 0;
    slot->count = 0;
    if (!reserve_gradients(network, count)) return sb_fail_memory(error);
    slot->count = count;
    return SB_OK;
}

/* ------------------------------------------------------------------ the optimiser */
sb_status sb_cpu_set_momentum(sb_network *base, const float *momentum, sb_error *error) {
    sb_cpu_network *network = (sb_cpu_network *)base;
    const sb_resnet *resnet = base->resnet;
    sb_status status = sb_cpu_training_open(network, error);
    if (status) return status;
    memset(network->training->momentum, 0, resnet->value_count * sizeof *momentum);
    for (size_t i = 0; momentum && i < resnet->tensor_count; i++) {
        const sb_tensor *t = &resnet->tensor[i];
        if (sb_tensor_is_trained(t))
            memcpy(network->training->momentum + t->offset, momentum + t->offset,
                   t->count * sizeof *momentum);
    }
    return SB_OK;
}

sb_status sb_cpu_get_momentum(sb_network *base, float *momentum, sb_error *error) {
    sb_cpu_network *network = (sb_cpu_network *)base;
    sb_status status = sb_cpu_training_open(network, error);
    if (!status) memcpy(momentum, network->training->momentum, base->resnet->value_count * sizeof *momentum);
    return status;
}

sb_status sb_cpu_get_gradient(sb_network *base, float *gradient, sb_error *error) {
    sb_cpu_network *network = (sb_cpu_network *)base;
    sb_status status = sb_cpu_training_open(network, error);
    if (!status) memcpy(gradient, network->training->gradient, base->resnet->value_count * sizeof *gradient);
    return status;
}

sb_status sb_cpu_sgd_step(sb_network *base, const sb_sgd *sgd, sb_error *error) {
    sb_cpu_network *network = (sb_cpu_network *)base;
    const sb_resnet *resnet = base->resnet;
    sb_status status = sb_cpu_training_open(network, error);
    if (status) return status;
    float *value = network->values, *momentum = network->training->momentum;
    float *gradient = network->training->gradient;
    for (size_t i = 0; i < resnet->tensor_count; i++) {
        const sb_tensor *t = &resnet->tensor[i];
        if (!sb_tensor_is_trained(t)) continue;
        for (size_t k = t->offset; k < t->offset + t->count; k++) {
            momentum[k] = sgd->momentum * momentum[k] + (gradient[k] + sgd->decay * value[k]);
            value[k] -= sgd->rate * momentum[k];
        }
    }
    memset(gradient, 0, resnet->value_count * sizeof *gradient);
    network->values_changed = 1;
    return SB_OK;
}

/* ------------------------------------------------------------------ running statistics */
sb_status sb_cpu_update_statistics(sb_network *base, int slot_index, sb_error *error) {
    sb_cpu_network *network = (sb_cpu_network *)base;
    const struct sb_cpu_training *t = network->training;
    if (slot_index < 0 || slot_index >= SB_TRAINING_SLOTS || !t || !t->slot[slot_index].count)
        return sb_fail(error, SB_INTERNAL, "training slot %d holds no batch", slot_index);
    const sb_training_slot *slot = &t->slot[slot_index];
    for (int i = 0; i < base->resnet->convolution_count; i++) {
        const sb_convolution *c = &base->resnet->convolution[i];
        double side = sb_cpu_training_side(network, c->out_channels), n = (double)slot->count * side * side;
        double unbiased = n > 1 ? n / (n - 1) : 1, share = (double)SB_BATCH_NORM_MOMENTUM;
        float *mean = network->values + c->running_mean, *variance = network->values + c->running_variance;
        for (int k = 0; k < c->out_channels; k++) {
            double m = slot->normalisation[i].exact_mean[k],
                   v = unbiased * slot->normalisation[i].variance[k];
            mean[k] = (float)((double)mean[k] + share * (m - (double)mean[k]));
            variance[k] = (float)((double)variance[k] + share * (v - (double)variance[k]));
        }
    }
    network->values_changed = 1;
    return SB_OK;
}
