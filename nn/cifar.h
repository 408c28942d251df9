/* CIFAR-10's binary files (Krizhevsky, "Learning multiple layers of features from tiny images", 2009): in a
   record a byte of label, 0 .. 9, then 3072 bytes of pixels, a plane of 32 rows of 32 for each of red, green,
   blue. Training images are in data_batch_1.bin .. data_batch_5.bin, test images in test_batch.bin. A file
   may hold any number of records. */
#ifndef SB_NN_CIFAR_H
#define SB_NN_CIFAR_H

#include "nn/image_set.h"

enum { SB_CIFAR_SIZE = 32 };

const char *sb_cifar_class(int label); /* "airplane": of label 0 .. 9 */

/* Sets count, size, first, pixel and label of an empty set, as sb_image_set_read says for a folder. Files are
   looked at in order, and only those that are needed. */
sb_status sb_cifar_read(sb_image_set *set, const char *folder, sb_split split, uint64_t first, uint64_t most,
                        sb_error *error);

#endif
