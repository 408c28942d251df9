/* The state of a training in a model's file: values and momentum of the network, and in the metadata what
   determines the training and how far it is. */
#ifndef SB_NN_TRAIN_CHECKPOINT_H
#define SB_NN_TRAIN_CHECKPOINT_H

#include "nn/backend.h"
#include "nn/image_set.h"
#include "nn/model.h"
#include "nn/train_step.h"

/* Where a training is. Every draw's address follows from it, so no state of a generator is kept. */
typedef struct {
    uint64_t step;         /* steps done, of all epochs */
    sb_training_sums sums; /* of the epoch so far */
} sb_training_position;

/* identity := lines KEY=VALUE: all options, "data" (where the images are from), "data-sha256" (of the sizes,
   labels and pixels of the first `images` images), "computed-by" (the network's description). */
sb_status sb_training_identity(const sb_training_options *options, const sb_image_set *set, size_t images,
                               const char *computed_by, sb_text *identity, sb_error *error);

/* Writes the network's state into the model's file by rename. SB_BAD_INPUT, with the old file intact, when a
   value is not finite. */
sb_status sb_checkpoint_write(sb_model *model, const char *path, sb_network *network, const char *identity,
                              const sb_training_position *position, uint64_t steps_per_epoch, int updates,
                              sb_error *error);

/* The position of a model that was read from `path`. SB_BAD_INPUT when it is not a training's, and when a key
   of the identity ("data" aside) has another value there. */
sb_status sb_checkpoint_position(const sb_model *model, const char *path, const char *identity,
                                 uint64_t steps_per_epoch, uint64_t steps, sb_training_position *position,
                                 sb_error *error);

#endif
