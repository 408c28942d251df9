/* NumPy arrays in .npy files, format versions 1.0 to 3.0: float32 or float64, little endian, C order, one or two axes.
   Read row by row, so that memory does not grow with the file. */
#ifndef SB_SUPPORT_NPY_H
#define SB_SUPPORT_NPY_H

#include "support/status.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    FILE *stream;
    char *path;
    int item_size;         /* 4 or 8 */
    uint64_t rows, columns; /* (n, d); a vector of length d is one row */
    uint64_t read;          /* rows so far */
    void *buffer;
} sb_npy;

/* Opens and checks the whole header against the size of the file. SB_BAD_INPUT with one line that names the path and the
   offending value: bad magic, version, dtype (what it is and what is read), Fortran order, more than two axes, no
   elements, a file that is too short or too long for its shape. */
sb_status sb_npy_open(sb_npy *npy, const char *path, sb_error *error);
void sb_npy_close(sb_npy *npy);

/* The next row into x[0..columns). SB_BAD_INPUT for a NaN or an infinity (row and column are named). */
sb_status sb_npy_row(sb_npy *npy, double *x, sb_error *error);

#endif
