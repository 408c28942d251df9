/* The address of an image's augmentation is (epoch, number in the data set), so that it depends neither on
   the batch nor on what was drawn before. Equally likely integers come by rejection: no remainder is
   favoured.
 */
#include "nn/image_set.h"

#include "nn/cifar.h"
#include "nn/random_purpose.h"
#include "nn/resize.h"
#include "nn/resnet.h"
#include "nn/shapes.h"
#include "support/random.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

#define MOST_BYTES (UINT64_C(1) << 34) /* of pixels in one set */
#define MOST_PADDING 1024

const char *sb_split_name(sb_split split) {
    return split == SB_SPLIT_TRAIN ? "training" : "test";
}

void sb_image_set_init(sb_image_set *set) {
    memset(set, 0, sizeof *set);
}

void sb_image_set_clear(sb_image_set *set) {
    free(set->pixel);
    free(set->label);
    free(set->description);
    sb_image_set_init(set);
}

static size_t image_bytes(int size) {
    return (size_t)size * (size_t)size * SB_CHANNELS;
}

sb_status sb_image_set_allocate(sb_image_set *set, uint64_t count, int size, sb_error *error) {
    sb_image_set_init(set);
    if (count > MOST_BYTES / image_bytes(size))
        return sb_fail(error, SB_BAD_INPUT, "%llu images of %dx%d pixels take more than %d GiB",
                       (unsigned long long)count, size, size, (int)(MOST_BYTES >> 30));
    set->count = (size_t)count;
    set->size = size;
    set->pixel = malloc(set->count * image_bytes(size));
    set->label = malloc(set->count);
    if (set->pixel && set->label) return SB_OK;
    sb_image_set_clear(set);
    return sb_fail_memory(error);
}

/* ------------------------------------------------------------------ reading */
static sb_status resize_set(sb_image_set *set, int size, sb_error *error) {
    sb_image_set resized;
    sb_resize resize = {0};
    sb_status status = sb_image_set_allocate(&resized, set->count, size, error);
    if (!status) status = sb_resize_init(&resize, set->size, size, error);
    for (size_t i = 0; !status && i < set->count; i++)
        sb_resize_image(&resize, set->pixel + i * image_bytes(set->size),
                        resized.pixel + i * image_bytes(size));
    sb_resize_clear(&resize);
    if (!status) {
        memcpy(resized.label, set->label, set->count);
        resized.first = set->first;
        sb_image_set_clear(set);
        *set = resized;
    } else {
        sb_image_set_clear(&resized);
    }
    return status;
}

static sb_status describe(sb_image_set *set, const sb_image_source *source, sb_split split, int native,
                          sb_error *error) {
    sb_text text;
    sb_text_init(&text);
    if (native)
        sb_text_format(&text, "shapes (seed %llu)", (unsigned long long)source->seed);
    else
        sb_text_format(&text, "CIFAR-10 (%s)", source->data);
    sb_text_format(&text, ", %zu %s image%s", set->count, sb_split_name(split), set->count == 1 ? "" : "s");
    if (set->first) sb_text_format(&text, " from number %llu", (unsigned long long)set->first);
    if (native || set->size != SB_CIFAR_SIZE)
        sb_text_format(&text, "%s %dx%d pixels", native ? " of" : ", resized to", set->size, set->size);
    set->description = sb_text_detach(&text);
    return set->description ? SB_OK : sb_fail_memory(error);
}

sb_status sb_image_set_read(sb_image_set *set, const sb_image_source *source, sb_split split, uint64_t first,
                            uint64_t most, sb_error *error) {
    sb_image_set_init(set);
    int size = source->size ? source->size : SB_CIFAR_SIZE, shapes = strcmp(source->data, "shapes") == 0;
    if (size < SB_LEAST_IMAGE_SIZE || size > SB_LARGEST_IMAGE_SIZE)
        return sb_fail(error, SB_BAD_INPUT, "size %d of the data: is not within %d and %d", size,
                       SB_LEAST_IMAGE_SIZE, SB_LARGEST_IMAGE_SIZE);
    sb_status status = shapes ? sb_shapes_read(set, source->seed, size, split, first, most, error)
                              : sb_cifar_read(set, source->data, split, first, most, error);
    if (!status && set->size != size) status = resize_set(set, size, error);
    if (!status) status = describe(set, source, split, shapes, error);
    if (status) sb_image_set_clear(set);
    return status;
}

/* ------------------------------------------------------------------ batches */
/* cropped := the image moved by (down, right), black where nothing is, and mirrored on request. */
static void crop(const uint8_t *image, int size, int down, int right, int mirrored, uint8_t *cropped) {
    memset(cropped, 0, image_bytes(size));
    for (int row = 0; row < size; row++) {
        int from_row = row - down;
        if (from_row < 0 || from_row >= size) continue;
        for (int column = 0; column < size; column++) {
            int from = (mirrored ? size - 1 - column : column) - right;
            if (from < 0 || from >= size) continue;
            memcpy(cropped + (row * size + column) * SB_CHANNELS,
                   image + (from_row * size + from) * SB_CHANNELS, SB_CHANNELS);
        }
    }
}

static void augment(const sb_augmentation *augmentation, const uint8_t *image, uint64_t number, int size,
                    uint8_t *augmented) {
    sb_random random = sb_random_at(sb_purpose_seed(augmentation->seed, SB_PURPOSE_AUGMENTATION),
                                    augmentation->epoch, (uint32_t)number);
    uint64_t places = 2 * (uint64_t)augmentation->padding + 1;
    int down = augmentation->padding - (int)sb_random_below(&random, places);
    int right = augmentation->padding - (int)sb_random_below(&random, places);
    int mirrored = (int)sb_random_below(&random, 2);
    crop(image, size, down, right, mirrored, augmented);
}

static sb_status check_batch(const sb_image_set *set, const uint32_t *index, size_t count, int size,
                             const sb_augmentation *augmentation, sb_error *error) {
    if (size < SB_LEAST_IMAGE_SIZE || size > SB_LARGEST_IMAGE_SIZE)
        return sb_fail(error, SB_BAD_INPUT, "size %d: is not within %d and %d", size, SB_LEAST_IMAGE_SIZE,
                       SB_LARGEST_IMAGE_SIZE);
    if (augmentation && (augmentation->padding < 0 || augmentation->padding > MOST_PADDING))
        return sb_fail(error, SB_BAD_INPUT, "padding %d: is not within 0 and %d", augmentation->padding,
                       MOST_PADDING);
    for (size_t i = 0; i < count; i++) {
        size_t image = index ? index[i] : i;
        if (image >= set->count)
            return sb_fail(error, SB_BAD_INPUT, "image %zu: the set has %zu", image, set->count);
    }
    return SB_OK;
}

sb_status sb_image_batch(const sb_image_set *set, const uint32_t *index, size_t count, int size,
                         const sb_augmentation *augmentation, float *images, sb_error *error) {
    sb_status status = check_batch(set, index, count, size, augmentation, error);
    if (status) return status;
    sb_resize resize;
    status = sb_resize_init(&resize, set->size, size, error);
    if (status) return status;
    uint8_t *augmented = malloc(image_bytes(set->size)), *resized = malloc(image_bytes(size));
    if (!augmented || !resized) status = sb_fail_memory(error);
    for (size_t i = 0; !status && i < count; i++) {
        size_t number = index ? index[i] : i;
        const uint8_t *image = set->pixel + number * image_bytes(set->size);
        if (augmentation) {
            augment(augmentation, image, set->first + number, set->size, augmented);
            image = augmented;
        }
        sb_resize_image(&resize, image, resized);
        for (size_t k = 0; k < image_bytes(size); k++) *images++ = (float)resized[k] / 255;
    }
    free(augmented);
    free(resized);
    sb_resize_clear(&resize);
    return status;
}

/* Fisher and Yates, from the front: entry i changes places with one of 0 .. i. */
void sb_shuffle(uint32_t *order, size_t count, uint64_t seed, uint64_t epoch) {
    uint64_t key = sb_purpose_seed(seed, SB_PURPOSE_SHUFFLE);
    for (size_t i = 0; i < count; i++) {
        sb_random random = sb_random_at(key, epoch, (uint32_t)i);
        size_t j = (size_t)sb_random_below(&random, (uint64_t)i + 1);
        order[i] = (uint32_t)i;
        order[i] = order[j];
        order[j] = (uint32_t)i;
    }
}
