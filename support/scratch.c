/* The folder holds plain files only: removing it does not descend. */
#include "support/scratch.h"

#include "support/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

sb_status sb_scratch_make(char **directory, sb_error *error) {
    const char *parent = getenv("TMPDIR");
    if (!parent || !*parent) parent = "/tmp";
    *directory = sb_path_join(parent, "smoothbound-XXXXXX");
    if (!*directory) return sb_fail_memory(error);
    if (mkdtemp(*directory)) return SB_OK;
    sb_status status =
        sb_fail(error, SB_IO, "%s: cannot make a temporary folder: %s", parent, strerror(errno));
    free(*directory);
    *directory = NULL;
    return status;
}

void sb_scratch_remove(char *directory) {
    if (!directory) return;
    DIR *listing = opendir(directory);
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char *path = sb_path_join(directory, entry->d_name);
        if (path) unlink(path);
        free(path);
    }
    if (listing) closedir(listing);
    rmdir(directory);
    free(directory);
}
