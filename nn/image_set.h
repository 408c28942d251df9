/* Labelled images of ten classes: CIFAR-10's binary files from a folder, or the generator `shapes`
   (nn/shapes.h). Kept as bytes at the size of the source; made into floats a batch at a time, cropped,
   mirrored and resized. */
#ifndef SB_NN_IMAGE_SET_H
#define SB_NN_IMAGE_SET_H

#include "support/status.h"

#include <stddef.h>
#include <stdint.h>

typedef enum { SB_SPLIT_TRAIN, SB_SPLIT_TEST } sb_split;

typedef struct {
    const char
        *data; /* "shapes", or the folder with data_batch_1.bin .. data_batch_5.bin and test_batch.bin */
    int size; /* pixels along a side to which the source is brought first: CIFAR-10 is resized from 32 when it
                 is another (0: 32), shapes are rendered at that size (0: 32) */
    uint64_t seed; /* of shapes */
} sb_image_source;

typedef struct {
    size_t count;
    int size;          /* of the source: size x size pixels */
    uint64_t first;    /* index, in the data set, of image 0 */
    uint8_t *pixel;    /* [image][row][column][channel] */
    uint8_t *label;    /* 0 .. 9 */
    char *description; /* "CIFAR-10 (DIR), 10000 test images", for logs and captions */
} sb_image_set;

void sb_image_set_init(sb_image_set *set);
void sb_image_set_clear(sb_image_set *set);

/* Room for count images; what is in it is undefined, the description absent. SB_BAD_INPUT beyond 16 GiB. On
   failure the set is empty. */
sb_status sb_image_set_allocate(sb_image_set *set, uint64_t count, int size, sb_error *error);

const char *sb_split_name(sb_split split); /* "training", "test" */

/* Images first, first + 1, ... of a split, at most `most` of them (0: all that there are; shapes has 50000
   and 10000). Reads no more of a file than it needs. SB_BAD_INPUT names the file and what is wrong: a length
   that is not a multiple of 3073, no images, a label over 9 (with its record). */
sb_status sb_image_set_read(sb_image_set *set, const sb_image_source *source, sb_split split, uint64_t first,
                            uint64_t most, sb_error *error);

/* Random crop out of the image padded by `padding` black pixels of the source, and a mirror image half of the
   time: a function of (seed, epoch, index in the data set) alone. */
typedef struct {
    uint64_t seed, epoch;
    int padding;
} sb_augmentation;

/* images[i] := image index[i] of the set (index NULL: image i), in [0, 1], [row][column][channel], augmented
   (NULL: not), then resized to size x size. */
sb_status sb_image_batch(const sb_image_set *set, const uint32_t *index, size_t count, int size,
                         const sb_augmentation *augmentation, float *images, sb_error *error);

/* order := a permutation of 0 .. count - 1 that depends on (seed, epoch) alone. count < 2^32. */
void sb_shuffle(uint32_t *order, size_t count, uint64_t seed, uint64_t epoch);

#endif
