#include "cli/directions_file.h"

#include "support/npy.h"
#include "support/progress.h"
#include "support/text.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

static const double largest_file = 0x1p36; /* bytes */

/* Bytes that may be written beside `path`; infinity where that is not known. */
static double free_bytes(const char *path) {
    struct statvfs about;
    char *directory = sb_duplicate(path);
    if (!directory) return INFINITY;
    char *slash = strrchr(directory, '/');
    if (slash) slash[slash == directory] = '\0';
    double bytes = statvfs(slash ? directory : ".", &about) == 0 && about.f_blocks
                       ? (double)about.f_bavail * (double)about.f_frsize
                       : INFINITY;
    free(directory);
    return bytes;
}

static sb_status check_size(const char *path, uint64_t dimension, uint64_t rows, sb_error *error) {
    double bytes = 4 * (double)rows * (double)dimension, room = free_bytes(path), GiB = 0x1p30;
    if (bytes > largest_file)
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: %llu rows of %llu numbers take %.4g GiB, the limit is %.4g: see --rows", path,
                       (unsigned long long)rows, (unsigned long long)dimension, bytes / GiB,
                       largest_file / GiB);
    if (bytes > room)
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: %llu rows of %llu numbers take %.4g GiB, and %.4g are free: see --rows", path,
                       (unsigned long long)rows, (unsigned long long)dimension, bytes / GiB, room / GiB);
    return SB_OK;
}

typedef struct {
    const sb_hadamard *hadamard;
    uint64_t dimension, rows;
    float entry;
    int8_t *sign;
    double *wanted, *found;
    const sb_check_watch *watch;
} job;

static sb_status make_row(job *j, uint64_t row, sb_error *error) {
    if (j->watch->proceed && !j->watch->proceed())
        return sb_fail(error, SB_INTERRUPTED, "interrupted: no file");
    sb_status status = sb_hadamard_row(j->hadamard, row, j->sign, error);
    for (uint64_t i = 0; i < j->hadamard->shape.order && !status; i++)
        j->wanted[i] = (double)(j->sign[i] > 0 ? j->entry : -j->entry);
    return status;
}

static sb_status write_rows(job *j, sb_npy_writer *writer, sb_error *error) {
    sb_progress progress;
    sb_status status = SB_OK;
    sb_progress_start(&progress, j->watch->progress, "write", (double)j->rows);
    for (uint64_t i = 0; i < j->rows && !status; i++) {
        status = make_row(j, i, error);
        if (!status) status = sb_npy_write_row(writer, j->wanted, error);
        sb_progress_update(&progress, (double)i + 1, NULL);
    }
    sb_progress_finish(&progress);
    return status ? status : sb_npy_finish(writer, error);
}

static sb_status compare_rows(job *j, sb_npy *npy, const char *path, sb_error *error) {
    sb_progress progress;
    sb_status status = SB_OK;
    if (npy->item_size != 4 || npy->rows != j->rows || npy->columns != j->dimension)
        return sb_fail(error, SB_IO, "%.300s: read back with another shape", path);
    sb_progress_start(&progress, j->watch->progress, "read back", (double)j->rows);
    for (uint64_t i = 0; i < j->rows && !status; i++) {
        status = make_row(j, i, error);
        if (!status) status = sb_npy_row(npy, j->found, error);
        if (!status && memcmp(j->found, j->wanted, (size_t)j->dimension * sizeof *j->wanted) != 0)
            status =
                sb_fail(error, SB_IO, "%.300s: row %llu reads back differently", path, (unsigned long long)i);
        sb_progress_update(&progress, (double)i + 1, NULL);
    }
    sb_progress_finish(&progress);
    return status;
}

static sb_status write_and_compare(job *j, const char *path, sb_error *error) {
    sb_npy_writer writer;
    sb_npy npy;
    sb_status status = sb_npy_create(&writer, path, 4, j->rows, j->dimension, error);
    if (status) return status;
    status = write_rows(j, &writer, error);
    sb_npy_abandon(&writer);
    if (!status) status = sb_npy_open(&npy, path, error);
    if (status) return status;
    status = compare_rows(j, &npy, path, error);
    sb_npy_close(&npy);
    if (status) remove(path);
    return status;
}

sb_status sb_directions_write(const char *path, const sb_hadamard *hadamard, uint64_t dimension,
                              uint64_t rows, double entry, const sb_check_watch *watch, sb_error *error) {
    if (!(entry >= (double)FLT_MIN && entry <= (double)FLT_MAX))
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: entries of modulus %g are outside the range of float32, %.3g to %.3g: see -e",
                       path, entry, (double)FLT_MIN, (double)FLT_MAX);
    sb_status status = check_size(path, dimension, rows, error);
    if (status) return status;
    job j = {hadamard, dimension, rows, (float)entry, NULL, NULL, NULL, watch};
    j.sign = malloc((size_t)hadamard->shape.order);
    j.wanted = calloc((size_t)dimension, sizeof *j.wanted);
    j.found = malloc((size_t)dimension * sizeof *j.found);
    status = j.sign && j.wanted && j.found ? write_and_compare(&j, path, error) : sb_fail_memory(error);
    free(j.sign);
    free(j.wanted);
    free(j.found);
    return status;
}
