/* CIFAR-10 files made here: what is read from where, and every way in which they can be wrong; batches,
   augmentation against all crops made one by one, and permutations. Chi-square statistics of f degrees of
   freedom are held to f +- 6 sqrt(2 f). */
#include "nn/image_set.h"

#include "nn/resize.h"
#include "support/text.h"
#include "tests/test.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE = 32, CHANNELS = 3, PLANE = SIZE * SIZE, IMAGE = CHANNELS * PLANE, RECORD = IMAGE + 1 };

static const char *const name[] = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                   "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"};
static const size_t records[] = {7, 3, 1, 5, 4, 6};
enum { TRAIN = 20, TEST = 6 };

static char folder[] = "/tmp/smoothbound-images-XXXXXX";

/* What image number n of file f has in a channel at a place. */
static uint8_t pixel_of(size_t f, size_t n, int channel, int row, int column) {
    return (uint8_t)(89 * f + 31 * n + 101 * (size_t)channel + 7 * (size_t)row * (size_t)row +
                     3 * (size_t)column);
}

static uint8_t label_of(size_t f, size_t n) {
    return (uint8_t)((3 * f + n) % 10);
}

static char *path_of(size_t f) {
    return sb_format("%s/%s", folder, name[f]);
}

/* Writes file f with its records, then `extra` more bytes (or fewer); a label over 9 in record `bad`. */
static void write_file(size_t f, long extra, size_t bad) {
    size_t size = records[f] * RECORD;
    uint8_t *data = calloc(size + RECORD, 1);
    for (size_t n = 0; n < records[f]; n++) {
        data[n * RECORD] = n == bad ? 10 : label_of(f, n);
        for (int k = 0; k < IMAGE; k++)
            data[n * RECORD + 1 + (size_t)k] = pixel_of(f, n, k / PLANE, k % PLANE / SIZE, k % SIZE);
    }
    char *path = path_of(f);
    FILE *file = fopen(path, "wb");
    SB_CHECK(file && fwrite(data, 1, (size_t)((long)size + extra), file) == (size_t)((long)size + extra),
             "%s", path);
    if (file) fclose(file);
    free(path);
    free(data);
}

static void make_files(void) {
    if (!strstr(folder, "XXXXXX") || mkdtemp(folder))
        for (size_t f = 0; f < 6; f++) write_file(f, 0, SIZE_MAX);
}

static void remove_files(void) {
    for (size_t f = 0; f < 6; f++) {
        char *path = path_of(f);
        remove(path);
        free(path);
    }
    rmdir(folder);
}

static sb_status read_set(sb_image_set *set, sb_split split, uint64_t first, uint64_t most, sb_error *error) {
    sb_image_source source = {folder, 0, 0};
    return sb_image_set_read(set, &source, split, first, most, error);
}

/* ------------------------------------------------------------------ files */
static void check_image(const sb_image_set *set, size_t i, size_t f, size_t n) {
    int wrong = set->label[i] != label_of(f, n);
    for (int row = 0; row < SIZE; row++)
        for (int column = 0; column < SIZE; column++)
            for (int c = 0; c < CHANNELS; c++)
                wrong += set->pixel[i * IMAGE + (size_t)((row * SIZE + column) * CHANNELS + c)] !=
                         pixel_of(f, n, c, row, column);
    SB_CHECK(wrong == 0, "image %zu, record %zu of file %zu: %d wrong bytes", i, n, f, wrong);
}

static void layout(void) {
    sb_image_set set;
    sb_error error;
    SB_CHECK(read_set(&set, SB_SPLIT_TEST, 0, 0, &error) == SB_OK, "%s", error.message);
    SB_CHECK(set.count == TEST && set.size == SIZE && set.first == 0, "%zu images", set.count);
    for (size_t i = 0; i < set.count; i++) check_image(&set, i, 5, i);
    char *description = sb_format("CIFAR-10 (%s), 6 test images", folder);
    SB_CHECK(strcmp(set.description, description) == 0, "%s", set.description);
    free(description);
    sb_image_set_clear(&set);
    sb_image_set_clear(&set);
}

static void ranges(void) {
    for (uint64_t first = 0; first < TRAIN; first++) {
        for (uint64_t most = 0; most <= TRAIN + 1; most++) {
            sb_image_set set;
            sb_error error;
            SB_CHECK(read_set(&set, SB_SPLIT_TRAIN, first, most, &error) == SB_OK, "%s", error.message);
            uint64_t count = most && most < TRAIN - first ? most : TRAIN - first;
            SB_CHECK(set.count == count && set.first == first, "%zu images", set.count);
            for (size_t i = 0; i < set.count; i++) {
                size_t n = (size_t)first + i, f = 0;
                while (n >= records[f]) n -= records[f++];
                check_image(&set, i, f, n);
            }
            sb_image_set_clear(&set);
        }
    }
    sb_image_set set;
    sb_error error;
    SB_CHECK(read_set(&set, SB_SPLIT_TRAIN, 19, UINT64_MAX, &error) == SB_OK && set.count == 1, "%zu",
             set.count);
    SB_CHECK(strstr(set.description, ", 1 training image from number 19"), "%s", set.description);
    sb_image_set_clear(&set);
    SB_CHECK(read_set(&set, SB_SPLIT_TRAIN, 20, 1, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "20 training") && strstr(error.message, folder),
             "%s", error.message);
    SB_CHECK(read_set(&set, SB_SPLIT_TEST, UINT64_MAX, 0, &error) == SB_BAD_INPUT, "%s", error.message);
}

static void other_sizes(void) {
    sb_image_set native, set;
    sb_error error;
    sb_image_source source = {folder, 20, 0};
    SB_CHECK(read_set(&native, SB_SPLIT_TEST, 0, 0, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_image_set_read(&set, &source, SB_SPLIT_TEST, 2, 3, &error) == SB_OK, "%s", error.message);
    SB_CHECK(set.size == 20 && set.count == 3 && set.first == 2 &&
                 strstr(set.description, "resized to 20x20 pixels"),
             "%s", set.description);
    sb_resize resize;
    SB_CHECK(sb_resize_init(&resize, SIZE, 20, &error) == SB_OK, "%s", error.message);
    for (size_t i = 0; i < 3; i++) {
        uint8_t small[20 * 20 * CHANNELS];
        sb_resize_image(&resize, native.pixel + (i + 2) * IMAGE, small);
        SB_CHECK(memcmp(small, set.pixel + i * sizeof small, sizeof small) == 0 &&
                     set.label[i] == native.label[i + 2],
                 "image %zu", i);
    }
    sb_resize_clear(&resize);
    sb_image_set_clear(&native);
    sb_image_set_clear(&set);
    for (int bad = -1; bad <= 1025; bad += bad == 3 ? 1022 : 1) {
        source.size = bad;
        if (bad == 0) continue;
        SB_CHECK(sb_image_set_read(&set, &source, SB_SPLIT_TEST, 0, 0, &error) == SB_BAD_INPUT && !set.pixel,
                 "size %d: %s", bad, error.message);
    }
    SB_CHECK(sb_image_set_allocate(&set, UINT64_MAX, 4, &error) == SB_BAD_INPUT && !set.pixel, "%s",
             error.message);
}

/* Reading images first .. fails, with every word in its message, and leaves nothing. */
static void refused(uint64_t first, uint64_t most, sb_status expected, const char *word,
                    const char *another) {
    sb_image_set set;
    sb_error error = {SB_OK, ""};
    sb_status status = read_set(&set, SB_SPLIT_TRAIN, first, most, &error);
    SB_CHECK(status == expected && strstr(error.message, word) && strstr(error.message, another) &&
                 strstr(error.message, folder) && !strchr(error.message, '\n'),
             "status %d: %s", (int)status, error.message);
    SB_CHECK(!set.pixel && !set.label && !set.description && set.count == 0, "%zu images left", set.count);
    sb_image_set_clear(&set);
}

static void bad_files(void) {
    sb_image_set set;
    sb_error error;
    char *path = path_of(1);
    static const long cut[] = {-1, 1, -RECORD + 1, -2 * RECORD - 1, RECORD - 1};
    for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++) {
        write_file(1, cut[i], SIZE_MAX);
        refused(0, 0, SB_BAD_INPUT, "data_batch_2.bin: is cut short", "3073");
    }
    SB_CHECK(read_set(&set, SB_SPLIT_TRAIN, 0, 7, &error) == SB_OK, "the file before it: %s", error.message);
    sb_image_set_clear(&set);
    write_file(1, -3 * RECORD, SIZE_MAX);
    refused(0, 0, SB_BAD_INPUT, "data_batch_2.bin", "empty");
    write_file(1, 0, 2);
    refused(0, 0, SB_BAD_INPUT, "data_batch_2.bin: record 2", "label 10");
    SB_CHECK(read_set(&set, SB_SPLIT_TRAIN, 0, 9, &error) == SB_OK, "the records before it: %s",
             error.message);
    sb_image_set_clear(&set);
    SB_CHECK(read_set(&set, SB_SPLIT_TRAIN, 10, 0, &error) == SB_OK, "those after it: %s", error.message);
    sb_image_set_clear(&set);
    remove(path);
    refused(0, 0, SB_IO, "data_batch_2.bin", "make data");
    SB_CHECK(read_set(&set, SB_SPLIT_TRAIN, 0, 7, &error) == SB_OK, "a file that is not needed: %s",
             error.message);
    sb_image_set_clear(&set);
    SB_CHECK(mkdir(path, 0700) == 0, "%s", path);
    refused(0, 0, SB_BAD_INPUT, "data_batch_2.bin", "directory");
    rmdir(path);
    SB_CHECK(mkfifo(path, 0600) == 0, "%s", path);
    refused(0, 0, SB_BAD_INPUT, "data_batch_2.bin", "pipe");
    remove(path);
    write_file(1, 0, SIZE_MAX);
    if (geteuid() != 0) {
        chmod(path, 0);
        refused(0, 0, SB_IO, "data_batch_2.bin", "ermission");
        chmod(path, 0600);
    }
    free(path);
    sb_image_source none = {"/no/such/folder", 0, 0}, file = {"/dev/null", 0, 0};
    SB_CHECK(sb_image_set_read(&set, &none, SB_SPLIT_TEST, 0, 0, &error) == SB_IO &&
                 strstr(error.message, "/no/such/folder/test_batch.bin") &&
                 strstr(error.message, "make data"),
             "%s", error.message);
    SB_CHECK(sb_image_set_read(&set, &file, SB_SPLIT_TEST, 0, 0, &error) == SB_IO, "%s", error.message);
}

/* ------------------------------------------------------------------ batches */
static void batches(void) {
    sb_image_set set;
    sb_error error;
    SB_CHECK(read_set(&set, SB_SPLIT_TRAIN, 0, 0, &error) == SB_OK, "%s", error.message);
    static const uint32_t index[] = {19, 0, 7, 7};
    static float batch[4 * IMAGE], whole[TRAIN * IMAGE], larger[2 * 40 * 40 * CHANNELS];
    SB_CHECK(sb_image_batch(&set, index, 4, SIZE, NULL, batch, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_image_batch(&set, NULL, TRAIN, SIZE, NULL, whole, &error) == SB_OK, "%s", error.message);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < IMAGE; k++) {
            float level = (float)((double)set.pixel[index[i] * IMAGE + k] / 255);
            SB_CHECK(batch[i * IMAGE + k] == level && whole[index[i] * IMAGE + k] == level, "image %zu: %g",
                     i, (double)batch[i * IMAGE + k]);
        }
    SB_CHECK(sb_image_batch(&set, index, 2, 40, NULL, larger, &error) == SB_OK, "%s", error.message);
    sb_resize resize;
    uint8_t bytes[40 * 40 * CHANNELS];
    SB_CHECK(sb_resize_init(&resize, SIZE, 40, &error) == SB_OK, "%s", error.message);
    for (size_t i = 0; i < 2; i++) {
        sb_resize_image(&resize, set.pixel + index[i] * IMAGE, bytes);
        for (size_t k = 0; k < sizeof bytes; k++)
            SB_CHECK(larger[i * sizeof bytes + k] == (float)bytes[k] / 255, "image %zu, byte %zu", i, k);
    }
    sb_resize_clear(&resize);
    static const uint32_t beyond[] = {0, 20};
    SB_CHECK(sb_image_batch(&set, beyond, 2, SIZE, NULL, batch, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "20"),
             "%s", error.message);
    SB_CHECK(sb_image_batch(&set, NULL, 1, 3, NULL, batch, &error) == SB_BAD_INPUT, "%s", error.message);
    sb_augmentation bad = {0, 0, -1};
    SB_CHECK(sb_image_batch(&set, NULL, 1, SIZE, &bad, batch, &error) == SB_BAD_INPUT, "%s", error.message);
    SB_CHECK(sb_image_batch(&set, NULL, 0, SIZE, NULL, batch, &error) == SB_OK, "no images");
    sb_image_set_clear(&set);
}

/* What is at (row, column) of the image within a black frame, its corner cut off by (down, right), then
   mirrored. */
static uint8_t naive_crop(const uint8_t *image, int size, int padding, int down, int right, int mirror,
                          int row, int column, int channel) {
    int y = row + down - padding, x = (mirror ? size - 1 - column : column) + right - padding;
    return y < 0 || x < 0 || y >= size || x >= size ? 0 : image[(y * size + x) * CHANNELS + channel];
}

static int is_crop(const float *augmented, const uint8_t *image, int size, int padding, int which) {
    int places = 2 * padding + 1;
    for (int k = 0; k < size * size * CHANNELS; k++)
        if (augmented[k] != (float)naive_crop(image, size, padding, which / 2 / places, which / 2 % places,
                                              which % 2, k / CHANNELS / size, k / CHANNELS % size,
                                              k % CHANNELS) /
                                255)
            return 0;
    return 1;
}

/* Image 0 of a set, augmented in many epochs: always exactly one of the crops, all of them equally often. */
static void augmentation(void) {
    enum { SMALL = 8, PADDING = 2, CROPS = 2 * 25, EPOCHS = 40 * CROPS };
    sb_image_set set;
    sb_error error;
    sb_image_source source = {"shapes", SMALL, 0};
    SB_CHECK(sb_image_set_read(&set, &source, SB_SPLIT_TRAIN, 0, 4, &error) == SB_OK, "%s", error.message);
    uint64_t state = 5;
    for (int k = 0; k < 4 * SMALL * SMALL * CHANNELS; k++)
        set.pixel[k] = (uint8_t)(1 + sb_test_random(&state) % 255);
    for (size_t i = 0; i < 2; i++) {
        int count[CROPS] = {0}, pairs = 0, previous = -1;
        for (uint64_t epoch = 0; epoch < EPOCHS; epoch++) {
            float image[SMALL * SMALL * CHANNELS];
            sb_augmentation how = {.seed = 9, .epoch = epoch, .padding = PADDING};
            uint32_t index = (uint32_t)i;
            SB_CHECK(sb_image_batch(&set, &index, 1, SMALL, &how, image, &error) == SB_OK, "%s",
                     error.message);
            int found = 0, which = 0;
            for (int crop = 0; crop < CROPS; crop++) {
                if (!is_crop(image, set.pixel + i * SMALL * SMALL * CHANNELS, SMALL, PADDING, crop)) continue;
                found++;
                which = crop;
            }
            SB_CHECK(found == 1, "epoch %llu: %d crops fit", (unsigned long long)epoch, found);
            count[which]++;
            pairs += which == previous;
            previous = which;
        }
        double square = 0;
        for (int k = 0; k < CROPS; k++) square += (count[k] - 40.0) * (count[k] - 40.0) / 40;
        SB_CHECK(fabs(square - (CROPS - 1)) < 6 * sqrt(2.0 * (CROPS - 1)), "chi-square %g", square);
        SB_CHECK(pairs < 40 + 6 * sqrt(40.0), "%d epochs as the one before", pairs);
    }
    sb_image_set_clear(&set);
}

/* An image's augmentation depends on (seed, epoch, its number in the data set), not on its batch. */
static void augmentation_has_an_address(void) {
    sb_image_set all, part;
    sb_error error;
    SB_CHECK(read_set(&all, SB_SPLIT_TRAIN, 0, 0, &error) == SB_OK &&
                 read_set(&part, SB_SPLIT_TRAIN, 5, 4, &error) == SB_OK,
             "%s", error.message);
    static float whole[TRAIN * IMAGE], some[2 * IMAGE], other[TRAIN * IMAGE];
    sb_augmentation how = {.seed = 1, .epoch = 3, .padding = 4};
    static const uint32_t index[] = {3, 0};
    SB_CHECK(sb_image_batch(&all, NULL, TRAIN, SIZE, &how, whole, &error) == SB_OK &&
                 sb_image_batch(&part, index, 2, SIZE, &how, some, &error) == SB_OK,
             "%s", error.message);
    SB_CHECK(memcmp(some, whole + 8 * IMAGE, sizeof some / 2) == 0, "image 8");
    SB_CHECK(memcmp(some + IMAGE, whole + 5 * IMAGE, sizeof some / 2) == 0, "image 5");
    for (int change = 0; change < 2; change++) {
        sb_augmentation changed = {.seed = 1 + (uint64_t)change, .epoch = 4 - (uint64_t)change, .padding = 4};
        SB_CHECK(sb_image_batch(&all, NULL, TRAIN, SIZE, &changed, other, &error) == SB_OK, "%s",
                 error.message);
        int same = 0;
        for (size_t i = 0; i < TRAIN; i++)
            same += memcmp(whole + i * IMAGE, other + i * IMAGE, IMAGE * sizeof *whole) == 0;
        SB_CHECK(same < 4, "%d images as with another %s", same, change ? "seed" : "epoch");
    }
    how.padding = 0;
    int mirrored = 0;
    SB_CHECK(sb_image_batch(&all, NULL, TRAIN, SIZE, &how, whole, &error) == SB_OK, "%s", error.message);
    for (size_t i = 0; i < TRAIN; i++) {
        int is = is_crop(whole + i * IMAGE, all.pixel + i * IMAGE, SIZE, 0, 1);
        SB_CHECK(is || is_crop(whole + i * IMAGE, all.pixel + i * IMAGE, SIZE, 0, 0),
                 "image %zu without padding", i);
        mirrored += is;
    }
    SB_CHECK(mirrored > 1 && mirrored < TRAIN - 1, "%d mirrored", mirrored);
    sb_image_set_clear(&all);
    sb_image_set_clear(&part);
}

/* ------------------------------------------------------------------ permutations */
static void permutations(void) {
    static const size_t size[] = {0, 1, 2, 3, 10, 1000, 50000};
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        uint32_t *order = malloc((size[i] + 1) * sizeof *order);
        uint8_t *seen = calloc(size[i] + 1, 1);
        order[size[i]] = 77;
        sb_shuffle(order, size[i], 4, i);
        size_t fixed = 0, rises = 0;
        for (size_t k = 0; k < size[i]; k++) {
            SB_CHECK(order[k] < size[i] && !seen[order[k]], "size %zu: entry %zu is %u", size[i], k,
                     order[k]);
            if (order[k] < size[i]) seen[order[k]] = 1;
            fixed += order[k] == k;
            rises += k > 0 && order[k] > order[k - 1];
        }
        SB_CHECK(order[size[i]] == 77, "size %zu: wrote beyond", size[i]);
        if (size[i] >= 1000)
            SB_CHECK(fixed < 12 && fabs((double)rises - (double)size[i] / 2) < 6 * sqrt((double)size[i] / 12),
                     "size %zu: %zu fixed, %zu rises", size[i], fixed, rises);
        free(order);
        free(seen);
    }
}

static void all_permutations_equally_often(void) {
    enum { COUNT = 4, KINDS = 256, EACH = 200 };
    int count[KINDS] = {0}, kinds = 0;
    for (uint64_t epoch = 0; epoch < 24 * EACH; epoch++) {
        uint32_t order[COUNT];
        sb_shuffle(order, COUNT, 12, epoch);
        count[order[0] + 4 * order[1] + 16 * order[2] + 64 * order[3]]++;
    }
    double square = 0;
    for (int k = 0; k < KINDS; k++) {
        kinds += count[k] > 0;
        if (count[k]) square += (count[k] - (double)EACH) * (count[k] - (double)EACH) / EACH;
    }
    SB_CHECK(kinds == 24 && fabs(square - 23) < 6 * sqrt(2 * 23.0), "%d permutations, chi-square %g", kinds,
             square);
    uint32_t a[100], b[100];
    sb_shuffle(a, 100, 1, 2);
    for (uint64_t k = 0; k < 3; k++) {
        sb_shuffle(b, 100, k == 1 ? 0 : 1, k == 2 ? 3 : 2);
        SB_CHECK((memcmp(a, b, sizeof a) == 0) == (k == 0), "case %d", (int)k);
    }
}

/* CIFAR-10 itself, or a balanced part of it: classes equally many; mean colour as published for the training
   images, (.4914, .4822, .4465). */
static void real_images(void) {
    static const double published[CHANNELS] = {0.4914, 0.4822, 0.4465};
    const char *real = getenv("SMOOTHBOUND_CIFAR10");
    if (!real || !*real) SB_SKIP("SMOOTHBOUND_CIFAR10 names no directory");
    for (int split = 0; split < 2; split++) {
        sb_error error = {0};
        sb_image_set set;
        sb_image_set_init(&set);
        sb_image_source source = {real, 0, 0};
        sb_status status =
            sb_image_set_read(&set, &source, split ? SB_SPLIT_TEST : SB_SPLIT_TRAIN, 0, 0, &error);
        SB_CHECK(!status && set.count >= 1000, "%s: %s", real, error.message);
        size_t labels[10] = {0};
        double sum[CHANNELS] = {0};
        for (size_t i = 0; i < set.count; i++) {
            labels[set.label[i]]++;
            for (size_t k = 0; k < IMAGE; k++) sum[k % CHANNELS] += set.pixel[i * IMAGE + k];
        }
        for (int c = 0; c < 10; c++)
            SB_CHECK(labels[c] * 10 == set.count, "split %d, class %d: %zu of %zu", split, c, labels[c],
                     set.count);
        for (int c = 0; c < CHANNELS; c++) {
            double mean = sum[c] / (255.0 * PLANE * (double)set.count);
            SB_CHECK(fabs(mean - published[c]) < 0.01, "split %d, channel %d: %g", split, c, mean);
        }
        sb_image_set_clear(&set);
    }
}

static const sb_test tests[] = {{"files: the layout", layout},
                                {"files: ranges across them", ranges},
                                {"files: other sizes", other_sizes},
                                {"files: what is wrong with them", bad_files},
                                {"files: CIFAR-10 itself", real_images},
                                {"batches", batches},
                                {"augmentation: every crop, equally often", augmentation},
                                {"augmentation: its address", augmentation_has_an_address},
                                {"permutations", permutations},
                                {"all permutations equally often", all_permutations_equally_often}};

int main(void) {
    make_files();
    int status = sb_test_main(tests, sizeof tests / sizeof tests[0]);
    remove_files();
    return status;
}
