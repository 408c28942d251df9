/* Whole files: read with a limit, written to a temporary neighbour and renamed. */
#ifndef SB_SUPPORT_FILE_H
#define SB_SUPPORT_FILE_H

#include "support/status.h"

#include <stddef.h>

/* Reads a whole file ("-" is standard input). *data is malloc'd, NUL-terminated after *size bytes. SB_IO with
   the path and the cause (a directory, no permission, ...); SB_BAD_INPUT when it holds more than `limit`
   bytes. */
sb_status sb_file_read(const char *path, size_t limit, char **data, size_t *size, sb_error *error);

/* Writes path.tmp, flushes it to the disk and renames it over `path`, so that a reader sees the old file or
   the whole new one. What exists and is not a regular file (/dev/full, a pipe) is written directly. SB_IO on
   failure; the old file is then untouched and no temporary one is left. */
sb_status sb_file_write(const char *path, const char *data, size_t size, sb_error *error);

/* Makes a directory and its missing parents; fine when it exists. */
sb_status sb_directory_make(const char *path, sb_error *error);

/* malloc'd DIRECTORY/NAME, or NULL when memory is short. */
char *sb_path_join(const char *directory, const char *name);

int sb_file_exists(const char *path); /* a readable regular file */
int sb_directory_exists(const char *path);

/* Where the data files of the suite lie (claims, figure scripts, published numbers): the environment's
   SMOOTHBOUND_DATA, or, found from the place of the running program, PREFIX/share/smoothbound, else the
   source tree around build/bin. malloc'd path of `name` (such as "bounds/claims") inside it; SB_IO when there
   is none. */
sb_status sb_data_path(const char *name, char **path, sb_error *error);

/* malloc'd path of a program that is installed beside the running one ("sbcheck"). */
sb_status sb_program_path(const char *name, char **path, sb_error *error);

#endif
