/* What the files of the training mode share. */
#ifndef SB_NN_CPU_TRAINING_STATE_H
#define SB_NN_CPU_TRAINING_STATE_H

#include "nn/cpu/cpu_network.h"
#include "nn/cpu/training.h"
#include "nn/cpu/training_kernels.h"

/* A batch is cut into chunks of images in a way that depends on its size alone. A chunk is the work of one
   thread; a sum over the batch is the sum, in the order of the chunks, of one sum for each. */
enum {
    SB_CHUNK_IMAGES = 8, /* more if there would be over SB_MOST_CHUNKS chunks */
    SB_MOST_CHUNKS = 64,
    SB_MOST_SUMS = 3 * SB_MOST_CHANNELS,
    SB_MOST_FILTERS = 9 * SB_MOST_CHANNELS * SB_MOST_CHANNELS,
    SB_MOST_WEIGHTS = 36 * SB_MOST_CHANNELS * SB_MOST_CHANNELS,
    SB_MOST_BRANCHES = 2 /* convolutions of one input: the first of a block and its shortcut */
};

/* A batch normalisation with the statistics of a batch: factor z + offset. */
typedef struct {
    float mean[SB_MOST_CHANNELS], factor[SB_MOST_CHANNELS], offset[SB_MOST_CHANNELS];
    double exact_mean[SB_MOST_CHANNELS], variance[SB_MOST_CHANNELS]; /* biased */
} sb_normalisation;

/* A batch and what its backward pass needs. */
typedef struct {
    size_t count, capacity; /* images; count 0: none yet */
    int kept;               /* the activations belong to the batch; its backward pass is to come */
    float *memory;          /* holds what follows */
    float *images;
    float **z;                       /* of every convolution: its output, before normalisation */
    float **x;                       /* of every block: its input */
    float *features;                 /* [image][64]: the last map's average */
    sb_normalisation *normalisation; /* of every convolution */
} sb_training_slot;

/* What a worker has for itself: padded maps of a few images, and sums of products. */
typedef struct {
    float *input, *input_gradient, *gradient[SB_MOST_BRANCHES];
    float *products; /* SB_MOST_WEIGHTS */
    sb_product_scratch scratch;
} sb_training_worker;

struct sb_cpu_training {
    const sb_training_kernels *kernels;
    sb_training_worker *worker;
    float *memory;                                        /* holds what follows and the workers' */
    float *momentum, *gradient;                           /* in the layout of the values */
    float *weights[SB_MOST_BRANCHES];                     /* SB_MOST_WEIGHTS each */
    float *chunk_filters[SB_MOST_BRANCHES];               /* [chunk][SB_MOST_FILTERS] */
    double (*chunk_sums[SB_MOST_BRANCHES])[SB_MOST_SUMS]; /* [chunk] */
    float ones[SB_MOST_CHANNELS], zeros[SB_MOST_CHANNELS];
    size_t gradient_capacity; /* images */
    float *map_gradient[3];   /* of the largest maps of a batch; the first owns the memory */
    int descends;             /* the order of the next run of chunks */
    sb_training_slot slot[SB_TRAINING_SLOTS];
};

/* The network's training state, made when there is none. */
sb_status sb_cpu_training_open(sb_cpu_network *network, sb_error *error);
/* Room for a batch in the slot. */
sb_status sb_cpu_training_reserve(sb_cpu_network *network, int slot, size_t count, sb_error *error);

/* Side of the maps with so many channels. */
int sb_cpu_training_side(const sb_cpu_network *network, int channels);
/* Images of which a worker's padded maps of that shape hold at once. */
int sb_cpu_training_group(int side, int channels);

/* One convolution, or the two of a block with a projection that have the same input, on the whole batch. */
typedef struct {
    sb_cpu_network *network;
    sb_training_slot *slot;
    int branches, convolution[SB_MOST_BRANCHES]; /* indices; 0: the first of the network */
    sb_combination input;                        /* for convolution 0 the images instead */
    float *kept_input;                           /* forward: NULL, or where the input is kept */
    sb_combination gradient[SB_MOST_BRANCHES];   /* backward: of the outputs */
    sb_outcome outcome;                          /* backward: of the input's gradient, but for `activation` */
    double sums[SB_MOST_SUMS];                   /* backward: those of the outcome over the batch */
    /* Room for what the combinations point to. */
    float input_shift[SB_MOST_CHANNELS];
    float slope[SB_MOST_BRANCHES][SB_MOST_CHANNELS], shift[SB_MOST_BRANCHES][SB_MOST_CHANNELS];
} sb_training_layer;

/* An outcome from an image on. */
sb_outcome sb_outcome_from(sb_outcome outcome, size_t image_size, size_t image);
/* Computes z of the layer's convolutions and their normalisations. */
void sb_cpu_training_convolve(sb_training_layer *layer);
/* Adds to the gradient of the filters and, unless it is convolution 0, does what the outcome says. */
void sb_cpu_training_reverse(sb_training_layer *layer);

/* Calls task(context, chunk, worker) for every chunk of the slot's batch. Every other call goes through them
   in descending order, since a cache holds what was used last. */
void sb_cpu_training_run(sb_cpu_network *network, const sb_training_slot *slot, sb_cpu_task *task,
                         void *context);
/* The images of a chunk: *first .. *end - 1. */
void sb_cpu_training_chunk(const sb_training_slot *slot, size_t chunk, size_t *first, size_t *end);
/* sums[count] = those of the chunks of a branch, in their order. */
void sb_cpu_training_total(const sb_cpu_network *network, const sb_training_slot *slot, int branch, int count,
                           double *sums);

#endif
