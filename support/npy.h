/* NumPy arrays in .npy files, format versions 1.0 to 3.0: float32 or float64, little endian, C order, up to
   two axes. Read and written row by row, so that memory does not grow with the file. */
#ifndef SB_SUPPORT_NPY_H
#define SB_SUPPORT_NPY_H

#include "support/status.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    FILE *stream;
    char *path;
    int item_size;          /* 4 or 8 */
    uint64_t rows, columns; /* (n, d); a vector of length d is one row, a number one row of length 1 */
    uint64_t read;          /* rows so far */
    void *buffer;
} sb_npy;

/* Opens and checks the whole header against the size of the file. SB_BAD_INPUT with one line that names the
   path and the offending value: bad magic, version, dtype (what it is and what is read), Fortran order, more
   than two axes, no elements, a file that is too short or too long for its shape; SB_IO for what cannot be
   opened. After a failure there is nothing to close, and closing is harmless. */
sb_status sb_npy_open(sb_npy *npy, const char *path, sb_error *error);
void sb_npy_close(sb_npy *npy);

/* The next row into x[0..columns). SB_BAD_INPUT for a NaN or an infinity (row and column are named, counted
   from 0) and beyond the last row. */
sb_status sb_npy_row(sb_npy *npy, double *x, sb_error *error);

typedef struct {
    FILE *stream;
    char *path, *temporary; /* temporary: NULL when written directly (/dev/full, a pipe) */
    int item_size;
    uint64_t rows, columns;
    uint64_t written; /* rows so far */
    void *buffer;
} sb_npy_writer;

/* Starts an array of shape (rows, columns), both >= 1, of float32 (item_size 4, each number rounded to
   nearest) or float64 (8), in path.tmp. sb_npy_write_row: SB_BAD_INPUT for a number that is not finite there.
 */
sb_status sb_npy_create(sb_npy_writer *writer, const char *path, int item_size, uint64_t rows,
                        uint64_t columns, sb_error *error);
sb_status sb_npy_write_row(sb_npy_writer *writer, const double *x, sb_error *error);

/* After the last row: flushes to the disk and renames path.tmp over `path`. */
sb_status sb_npy_finish(sb_npy_writer *writer, sb_error *error);

/* Frees the writer; without sb_npy_finish the temporary file is removed, and `path` is as it was. */
void sb_npy_abandon(sb_npy_writer *writer);

#endif
