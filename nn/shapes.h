/* The data set `shapes`: ten classes made by rule, so that everything runs without a download. A scene has a
   figure (disc, square, triangle, ring or cross) filled with a texture (stripes or checks); class = 2 *
   figure + texture. Place, size, angle, stretch, the texture's angle and period, and all colours are random
   and independent of the class, but for the period: that of checks is longer by a tenth. On the ground lie a
   faint texture, a slope of brightness, plain spots, and in half of the scenes a bar crosses everything.

   A scene is a function on the unit square: at another size the same scene is drawn with the detail of that
   size. Sizes that divide 96 look at the same 96 x 96 points of it. The bytes are the same on every machine.
 */
#ifndef SB_NN_SHAPES_H
#define SB_NN_SHAPES_H

#include "nn/image_set.h"

enum { SB_SHAPES_TRAIN = 50000, SB_SHAPES_TEST = 10000 };

/* "striped disc": of label 0 .. 9. */
const char *sb_shapes_class(int label);

/* The scene of an image < 2^32 of a split: its label, and size x size pixels [row][column][channel]. Images
   10k .. 10k + 9 show each class once. */
int sb_shapes_draw(uint64_t seed, sb_split split, uint32_t image, int size, uint8_t *pixel);

/* Sets count, size, first, pixel and label of an empty set, as sb_image_set_read says. */
sb_status sb_shapes_read(sb_image_set *set, uint64_t seed, int size, sb_split split, uint64_t first,
                         uint64_t most, sb_error *error);

#endif
