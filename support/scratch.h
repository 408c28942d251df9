/* Private folders for files that do not outlive a call. */
#ifndef SB_SUPPORT_SCRATCH_H
#define SB_SUPPORT_SCRATCH_H

#include "support/status.h"

/* Makes a folder of our own under TMPDIR or /tmp; *directory is malloc'd. SB_IO when it cannot be
   made; *directory is NULL then. */
sb_status sb_scratch_make(char **directory, sb_error *error);

/* Removes the files in it and the folder, and frees the name. NULL does nothing. */
void sb_scratch_remove(char *directory);

#endif
