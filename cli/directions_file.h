/* The directions of Corollary 3.6 as a .npy file. */
#ifndef SB_CLI_DIRECTIONS_FILE_H
#define SB_CLI_DIRECTIONS_FILE_H

#include "bounds/hadamard_check.h"

/* Writes v_1, ..., v_rows as float32, shape (rows, dimension), every entry other than 0 the float nearest to
   +-entry; then reads the file back and compares every number. SB_BAD_INPUT for more than 64 GiB, more than
   the disk has free, or an entry outside the range of float32; SB_INTERRUPTED leaves no file. */
sb_status sb_directions_write(const char *path, const sb_hadamard *hadamard, uint64_t dimension,
                              uint64_t rows, double entry, const sb_check_watch *watch, sb_error *error);

#endif
