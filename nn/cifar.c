/* Two rounds over the files: lengths first (they say how many images there are, so that nothing is allocated
   for a file that lies), then the records in range. */
#include "nn/cifar.h"

#include "nn/resnet.h"
#include "support/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    PLANE = SB_CIFAR_SIZE * SB_CIFAR_SIZE,
    IMAGE = SB_CHANNELS * PLANE,
    RECORD = 1 + IMAGE,
    MOST_FILES = 5
};

static const char *const train_file[] = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                         "data_batch_4.bin", "data_batch_5.bin"};
static const char *const test_file[] = {"test_batch.bin"};

const char *sb_cifar_class(int label) {
    static const char *const name[SB_CLASSES] = {"airplane", "automobile", "bird",  "cat",  "deer",
                                                 "dog",      "frog",       "horse", "ship", "truck"};
    return name[label];
}

typedef struct {
    char *path;
    uint64_t records;
} part;

static sb_status measure(part *p, sb_error *error) {
    struct stat about;
    if (stat(p->path, &about) != 0) {
        int missing = errno == ENOENT || errno == ENOTDIR;
        return sb_fail(error, SB_IO, "%s: %s%s", p->path, strerror(errno),
                       missing ? " (`make data` says where CIFAR-10 is to be had)" : "");
    }
    if (!S_ISREG(about.st_mode))
        return sb_fail(error, SB_BAD_INPUT, "%s: is %s, not a file", p->path,
                       S_ISDIR(about.st_mode) ? "a directory" : "a device or a pipe");
    if (about.st_size == 0) return sb_fail(error, SB_BAD_INPUT, "%s: is empty", p->path);
    if (about.st_size % RECORD != 0)
        return sb_fail(error, SB_BAD_INPUT,
                       "%s: is cut short or no CIFAR-10 file: its length %lld is not a multiple of %d",
                       p->path, (long long)about.st_size, RECORD);
    p->records = (uint64_t)about.st_size / RECORD;
    return SB_OK;
}

/* Records first .. first + count - 1 of a file, to pixel and label. */
static sb_status read_records(const part *p, uint64_t first, size_t count, uint8_t *pixel, uint8_t *label,
                              sb_error *error) {
    FILE *file = fopen(p->path, "rb");
    if (!file) return sb_fail(error, SB_IO, "%s: %s", p->path, strerror(errno));
    sb_status status = SB_OK;
    if (fseeko(file, (off_t)(first * RECORD), SEEK_SET) != 0)
        status = sb_fail(error, SB_IO, "%s: %s", p->path, strerror(errno));
    for (size_t i = 0; !status && i < count; i++, pixel += IMAGE) {
        uint8_t record[RECORD];
        unsigned long long number = first + i;
        if (fread(record, sizeof record, 1, file) != 1)
            status = sb_fail(error, SB_IO, "%s: record %llu: %s", p->path, number,
                             ferror(file) ? strerror(errno) : "the file has become shorter");
        else if (record[0] >= SB_CLASSES)
            status = sb_fail(error, SB_BAD_INPUT, "%s: record %llu (from 0): label %d is none of 0 to 9",
                             p->path, number, record[0]);
        if (status) break;
        label[i] = record[0];
        for (size_t k = 0; k < PLANE; k++)
            for (size_t c = 0; c < SB_CHANNELS; c++) pixel[k * SB_CHANNELS + c] = record[1 + c * PLANE + k];
    }
    fclose(file);
    return status;
}

/* Paths and lengths of the files up to the one with image `last` or the end; *parts of them, with *total
   images. */
static sb_status measure_all(part *p, size_t *parts, uint64_t *total, const char *folder, sb_split split,
                             uint64_t last, sb_error *error) {
    const char *const *name = split == SB_SPLIT_TRAIN ? train_file : test_file;
    size_t names = split == SB_SPLIT_TRAIN ? sizeof train_file / sizeof *train_file : 1;
    sb_status status = SB_OK;
    for (*total = 0, *parts = 0; !status && *parts < names && *total <= last; ++*parts) {
        part *next = &p[*parts];
        next->path = sb_path_join(folder, name[*parts]);
        status = next->path ? measure(next, error) : sb_fail_memory(error);
        *total += next->records;
    }
    return status;
}

sb_status sb_cifar_read(sb_image_set *set, const char *folder, sb_split split, uint64_t first, uint64_t most,
                        sb_error *error) {
    part p[MOST_FILES] = {0};
    size_t parts = 0;
    uint64_t total = 0, last = most == 0 || most > UINT64_MAX - first ? UINT64_MAX : first + most - 1;
    sb_status status = measure_all(p, &parts, &total, folder, split, last, error);
    if (!status && first >= total)
        status = sb_fail(error, SB_BAD_INPUT, "%s: has %llu %s images, so none with number %llu (from 0)",
                         folder, (unsigned long long)total, sb_split_name(split), (unsigned long long)first);
    if (!status) {
        uint64_t count = last < total ? last - first + 1 : total - first;
        status = sb_image_set_allocate(set, count, SB_CIFAR_SIZE, error);
        set->first = first;
    }
    uint64_t begin = 0; /* number of the file's first image */
    size_t done = 0;
    for (size_t i = 0; !status && i < parts && done < set->count; begin += p[i++].records) {
        uint64_t from = first + done;
        if (from >= begin + p[i].records) continue;
        uint64_t left = begin + p[i].records - from, wanted = set->count - done;
        size_t count = (size_t)(left < wanted ? left : wanted);
        status =
            read_records(&p[i], from - begin, count, set->pixel + done * IMAGE, set->label + done, error);
        done += count;
    }
    for (size_t i = 0; i < MOST_FILES; i++) free(p[i].path);
    return status;
}
