/* The data set `shapes`: the same bytes everywhere, balanced classes that colour does not tell apart, and one
   scene at all sizes. */
#include "nn/resize.h"
#include "nn/resnet.h"
#include "nn/shapes.h"
#include "tests/test.h"

#include <math.h>

enum { LARGEST = 64 };

typedef uint8_t picture[LARGEST * LARGEST * SB_CHANNELS];

static sb_image_set read_shapes(int size, sb_split split, uint64_t first, uint64_t most, uint64_t seed) {
    sb_image_set set;
    sb_error error = {SB_OK, ""};
    sb_image_source source = {"shapes", size, seed};
    SB_CHECK(sb_image_set_read(&set, &source, split, first, most, &error) == SB_OK, "%s", error.message);
    return set;
}

/* FNV-1a of labels and pixels. The same for gcc and clang, any optimisation and any processor. */
static void the_same_bytes_everywhere(void) {
    static const struct {
        int size;
        sb_split split;
        uint64_t seed, hash;
    } golden[] = {{16, SB_SPLIT_TRAIN, 0, UINT64_C(0x3d87c66ce8c624c7)},
                  {32, SB_SPLIT_TEST, 0, UINT64_C(0xee687c9e45edf5cf)},
                  {33, SB_SPLIT_TRAIN, UINT64_MAX, UINT64_C(0x4fb663fdc2cad92d)},
                  {64, SB_SPLIT_TEST, 7, UINT64_C(0xbcb7efb31dde24c5)}};
    for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
        sb_image_set set = read_shapes(golden[i].size, golden[i].split, 100, 60, golden[i].seed);
        uint64_t hash = UINT64_C(0xcbf29ce484222325);
        for (size_t k = 0; k < set.count; k++) hash = (hash ^ set.label[k]) * UINT64_C(0x100000001b3);
        size_t bytes = set.count * (size_t)set.size * (size_t)set.size * SB_CHANNELS;
        for (size_t k = 0; k < bytes; k++) hash = (hash ^ set.pixel[k]) * UINT64_C(0x100000001b3);
        SB_CHECK(hash == golden[i].hash, "size %d, seed %llu: %016llx", golden[i].size,
                 (unsigned long long)golden[i].seed, (unsigned long long)hash);
        sb_image_set_clear(&set);
    }
}

/* Ranges are slices of one sequence; other splits, seeds and images are others. */
static void addresses(void) {
    sb_image_set all = read_shapes(8, SB_SPLIT_TRAIN, 0, 600, 3);
    size_t bytes = 8 * 8 * SB_CHANNELS;
    static const uint64_t range[][2] = {{0, 1}, {249, 3}, {250, 250}, {17, 500}, {599, 1}};
    for (size_t i = 0; i < sizeof range / sizeof range[0]; i++) {
        sb_image_set part = read_shapes(8, SB_SPLIT_TRAIN, range[i][0], range[i][1], 3);
        SB_CHECK(part.count == range[i][1] && part.first == range[i][0] &&
                     memcmp(part.pixel, all.pixel + range[i][0] * bytes, part.count * bytes) == 0 &&
                     memcmp(part.label, all.label + range[i][0], part.count) == 0,
                 "range %zu", i);
        sb_image_set_clear(&part);
    }
    sb_image_set test = read_shapes(8, SB_SPLIT_TEST, 0, 600, 3),
                 other = read_shapes(8, SB_SPLIT_TRAIN, 0, 600, 4);
    int alike = 0;
    for (size_t i = 0; i < 600; i++) {
        alike += memcmp(all.pixel + i * bytes, test.pixel + i * bytes, bytes) == 0;
        alike += memcmp(all.pixel + i * bytes, other.pixel + i * bytes, bytes) == 0;
        alike += i > 0 && memcmp(all.pixel + i * bytes, all.pixel + (i - 1) * bytes, bytes) == 0;
    }
    SB_CHECK(alike == 0, "%d equal images", alike);
    sb_image_set_clear(&all);
    sb_image_set_clear(&test);
    sb_image_set_clear(&other);
    sb_image_set end = read_shapes(4, SB_SPLIT_TRAIN, SB_SHAPES_TRAIN - 3, 100, 3);
    SB_CHECK(end.count == 3, "%zu images at the end", end.count);
    sb_image_set_clear(&end);
    sb_image_source source = {"shapes", 4, 0};
    sb_error error;
    SB_CHECK(sb_image_set_read(&end, &source, SB_SPLIT_TEST, SB_SHAPES_TEST, 1, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "10000 test images"),
             "%s", error.message);
}

/* Every ten images show every class; each class is at each of the ten places equally often (chi-square with
   81 degrees of freedom, within 6 standard deviations). */
static void classes_are_balanced(void) {
    enum { TENS = 1000 };
    sb_image_set set = read_shapes(4, SB_SPLIT_TRAIN, 0, 10 * TENS, 11);
    int place[10][10] = {{0}};
    for (size_t i = 0; i < 10 * TENS; i += 10) {
        unsigned seen = 0;
        for (size_t k = 0; k < 10; k++) {
            seen |= 1u << set.label[i + k];
            if (set.label[i + k] < 10) place[k][set.label[i + k]]++;
        }
        SB_CHECK(seen == 1023, "images %zu to %zu: classes %x", i, i + 9, seen);
    }
    double square = 0;
    for (int k = 0; k < 100; k++)
        square +=
            (place[k / 10][k % 10] - TENS / 10.0) * (place[k / 10][k % 10] - TENS / 10.0) / (TENS / 10.0);
    SB_CHECK(fabs(square - 81) < 6 * sqrt(2 * 81), "chi-square %g", square);
    sb_image_set_clear(&set);
}

/* Mean and mean square of each channel. */
static void colour_of(const sb_image_set *set, size_t image, double colour[6]) {
    size_t pixels = (size_t)set->size * (size_t)set->size;
    const uint8_t *pixel = set->pixel + image * pixels * SB_CHANNELS;
    memset(colour, 0, 6 * sizeof *colour);
    for (size_t k = 0; k < pixels * SB_CHANNELS; k++) {
        double level = pixel[k] / 255.0 - 0.5;
        colour[k % SB_CHANNELS] += level / (double)pixels;
        colour[SB_CHANNELS + k % SB_CHANNELS] += level * level / (double)pixels;
    }
}

static int group_of(int label, int groups) { /* classes, figures, textures */
    return groups == 10 ? label : groups == 5 ? label / 2 : label % 2;
}

/* Test images whose group has the nearest mean of the first `used` numbers of colour_of. */
static int found_by_colour(const sb_image_set *train, const sb_image_set *test, int groups, int used) {
    double mean[10][6] = {{0}}, colour[6];
    int found = 0;
    for (size_t i = 0; i < train->count; i++) {
        colour_of(train, i, colour);
        for (int k = 0; k < used; k++)
            mean[group_of(train->label[i], groups)][k] += colour[k] * groups / (double)train->count;
    }
    for (size_t i = 0; i < test->count; i++) {
        int best = 0;
        double least = INFINITY;
        colour_of(test, i, colour);
        for (int c = 0; c < groups; c++) {
            double distance = 0;
            for (int k = 0; k < used; k++) distance += (colour[k] - mean[c][k]) * (colour[k] - mean[c][k]);
            if (distance < least) {
                least = distance;
                best = c;
            }
        }
        found += best == group_of(test->label[i], groups);
    }
    return found;
}

/* Mean colours, and they with mean squares, find class, figure or texture hardly more often than chance. */
static void colour_does_not_tell(void) {
    enum { TRAIN = 5000, TEST = 4000 };
    static const int groups[] = {10, 5, 2};
    sb_image_set train = read_shapes(8, SB_SPLIT_TRAIN, 0, TRAIN, 1);
    sb_image_set test = read_shapes(8, SB_SPLIT_TEST, 0, TEST, 1);
    for (int g = 0; g < 3; g++) {
        for (int used = 3; used <= 6; used += 3) {
            double chance = 1.0 / groups[g],
                   share = found_by_colour(&train, &test, groups[g], used) / (double)TEST;
            SB_CHECK(fabs(share - chance) < 0.01 + 4 * sqrt(chance * (1 - chance) / TEST),
                     "%d groups, %d numbers: %g", groups[g], used, share);
        }
    }
    sb_image_set_clear(&train);
    sb_image_set_clear(&test);
}

static double difference(const uint8_t *a, const uint8_t *b, int size) { /* root mean square, in levels */
    double square = 0;
    for (int k = 0; k < size * size * SB_CHANNELS; k++) square += (a[k] - b[k]) * (a[k] - b[k]);
    return sqrt(square / (size * size * SB_CHANNELS));
}

/* Where no colour is clipped at 0 or 255, blocks of the larger drawing average to the smaller one: both are
   means over the same points. */
static void one_scene_at_all_sizes(void) {
    static const int pair[][2] = {{16, 32}, {16, 48}, {24, 48}, {8, 16}, {12, 48}};
    for (size_t p = 0; p < sizeof pair / sizeof pair[0]; p++) {
        int small = pair[p][0], large = pair[p][1], factor = large / small, compared = 0;
        for (uint32_t image = 0; image < 40; image++) {
            picture low, high;
            int label = sb_shapes_draw(5, SB_SPLIT_TEST, image, small, low);
            SB_CHECK(sb_shapes_draw(5, SB_SPLIT_TEST, image, large, high) == label, "image %u", image);
            for (int k = 0; k < small * small * SB_CHANNELS; k++) {
                int row = k / SB_CHANNELS / small, column = k / SB_CHANNELS % small, clipped = 0;
                double sum = 0;
                for (int i = 0; i < factor * factor; i++) {
                    int at = (row * factor + i / factor) * large + column * factor + i % factor;
                    int level = high[at * SB_CHANNELS + k % SB_CHANNELS];
                    clipped |= level == 0 || level == 255;
                    sum += level;
                }
                if (clipped) continue;
                compared++;
                SB_CHECK(fabs(sum / (factor * factor) - low[k]) <= 1,
                         "image %u, sizes %d and %d, byte %d: %g for %d", image, small, large, k,
                         sum / (factor * factor), low[k]);
            }
        }
        SB_CHECK(compared > 30 * small * small * SB_CHANNELS / 2, "only %d bytes compared", compared);
    }
}

/* At 32 pixels the drawing has what the enlarged drawing of 16 pixels has not. */
static void larger_drawings_have_more_detail(void) {
    sb_resize resize;
    sb_error error;
    double sum = 0;
    SB_CHECK(sb_resize_init(&resize, 16, 32, &error) == SB_OK, "%s", error.message);
    for (uint32_t image = 0; image < 100; image++) {
        picture small, large, enlarged;
        sb_shapes_draw(5, SB_SPLIT_TEST, image, 16, small);
        sb_shapes_draw(5, SB_SPLIT_TEST, image, 32, large);
        sb_resize_image(&resize, small, enlarged);
        sum += difference(enlarged, large, 32) / 100;
    }
    SB_CHECK(sum > 15, "root mean square difference %g levels", sum);
    sb_resize_clear(&resize);
}

static void any_size(void) {
    static const int size[] = {4, 5, 7, 31, 33, 47, 49, 97, 1024};
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        sb_image_set set = read_shapes(size[i], SB_SPLIT_TEST, 9999, 0, 2);
        unsigned levels[256] = {0}, distinct = 0;
        for (size_t k = 0; k < (size_t)size[i] * (size_t)size[i] * SB_CHANNELS; k++) levels[set.pixel[k]]++;
        for (int k = 0; k < 256; k++) distinct += levels[k] > 0;
        SB_CHECK(set.count == 1 && distinct > 10, "size %d: %u levels", size[i], distinct);
        sb_image_set_clear(&set);
    }
}

static void names(void) {
    SB_CHECK(strcmp(sb_shapes_class(0), "striped disc") == 0 &&
                 strcmp(sb_shapes_class(9), "chequered cross") == 0,
             "%s, %s", sb_shapes_class(0), sb_shapes_class(9));
}

static const sb_test tests[] = {{"the same bytes on every machine", the_same_bytes_everywhere},
                                {"ranges, splits and seeds", addresses},
                                {"classes are balanced", classes_are_balanced},
                                {"colour does not tell the class", colour_does_not_tell},
                                {"one scene at all sizes", one_scene_at_all_sizes},
                                {"larger drawings have more detail", larger_drawings_have_more_detail},
                                {"any size", any_size},
                                {"names of the classes", names}};
SB_TEST_MAIN(tests)
