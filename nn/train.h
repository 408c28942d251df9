/* Training of a base classifier for random smoothing: noise-augmented cross-entropy (Cohen, Rosenfeld,
   Kolter, 2019), TRADES under Gaussian noise (the paper's section 4.1), SmoothAdv (Salman et al., 2019). */
#ifndef SB_NN_TRAIN_H
#define SB_NN_TRAIN_H

#include "nn/backend.h"
#include "nn/image_set.h"
#include "nn/training_options.h"

/* After every step. */
typedef struct {
    int epoch, epochs;        /* epoch from 1 */
    uint64_t step, steps;     /* steps done, of all epochs */
    double loss, accuracy;    /* running means over the epoch so far; accuracy of the noisy training images */
    double images_per_second; /* since the start or the resume */
} sb_training_state;

typedef struct {
    /* After every step; returns 0 to stop (SB_INTERRUPTED, unless that was the last step). NULL: none. */
    int (*proceed)(void *context, const sb_training_state *state);
    void *context;
} sb_training_watch;

/* Trains a network of options->depth on the images (the first options->images of them; 0: all) and leaves it
   in the file `model_path` (nn/model.h), with the optimiser's momentum and, in its metadata, the options,
   where the images are from, what computed, and how far the training is. The file is written by rename before
   the first step, after every epoch, every checkpoint_steps steps, and when the watch stops the training. The
   images of an epoch are a permutation of all; a last smaller batch is kept; augmentation crops from the
   source padded by an eighth of its size.

   log_path (NULL: none): a table `epoch loss accuracy rate seconds`, tab-separated, a line an epoch, after
   lines of `# key value`. loss and accuracy are means over the epoch's steps as they were taken, of the noisy
   images in training mode; rate is that of the last step; seconds count from the epoch's start or from the
   resume. The column of seconds aside it is, like the model, a function of options, images and the network's
   description.

   resume: continues from model_path if it exists, to the same bytes as an undisturbed run; SB_BAD_INPUT when
   the options, the images or what computes differ, naming the first that does. Without resume an existing
   model_path or log_path is refused unless `replace`.

   A loss or a value of the network that is not finite stops with SB_BAD_INPUT, naming the step; the last
   checkpoint stays. SB_INTERRUPTED when the watch stops it. */
typedef struct {
    const sb_training_options *options;
    const sb_image_set *images;
    const sb_backend *backend;
    sb_backend_options backend_options;
    const char *model_path, *log_path;
    int resume, replace;
    uint64_t checkpoint_steps; /* 0: about every five minutes */
    sb_training_watch watch;
} sb_training;

sb_status sb_train(const sb_training *training, sb_error *error);

#endif
