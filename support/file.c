/* A file is written beside its place as NAME.tmp, flushed to the disk, and renamed over the old one: a reader
   never sees half of it. */
#include "support/file.h"

#include "support/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

sb_status sb_file_read(const char *path, size_t limit, char **data, size_t *size, sb_error *error) {
    int standard_input = strcmp(path, "-") == 0;
    int file = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return sb_fail(error, SB_IO, "%s: %s", path, strerror(errno));
    sb_status status = SB_OK;
    sb_text text;
    sb_text_init(&text);
    struct stat about;
    if (fstat(file, &about) == 0 && S_ISDIR(about.st_mode)) {
        status = sb_fail(error, SB_IO, "%s: is a directory, not a file", path);
        goto cleanup;
    }
    char block[1 << 16];
    for (;;) {
        ssize_t count = read(file, block, sizeof block);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            status = sb_fail(error, SB_IO, "%s: %s", path, strerror(errno));
            goto cleanup;
        }
        if (count == 0) break;
        if (text.length + (size_t)count > limit) {
            status = sb_fail(error, SB_BAD_INPUT, "%s: larger than the limit of %zu bytes", path, limit);
            goto cleanup;
        }
        sb_text_append_bytes(&text, block, (size_t)count);
    }
    *size = text.length;
    *data = sb_text_detach(&text);
    if (!*data) status = sb_fail_memory(error);
cleanup:
    sb_text_clear(&text);
    if (!standard_input) close(file);
    return status;
}

static int write_all(int file, const char *data, size_t size) {
    while (size) {
        ssize_t count = write(file, data, size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -1;
        data += count;
        size -= (size_t)count;
    }
    return 0;
}

static sb_status write_directly(const char *path, const char *data, size_t size, sb_error *error) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    int bad = file < 0 || write_all(file, data, size) != 0;
    int cause = errno;
    if (file >= 0 && close(file) != 0 && !bad) {
        bad = 1;
        cause = errno;
    }
    return bad ? sb_fail(error, SB_IO, "%s: %s", path, strerror(cause)) : SB_OK;
}

sb_status sb_file_write(const char *path, const char *data, size_t size, sb_error *error) {
    struct stat about;
    if (stat(path, &about) == 0) {
        if (S_ISDIR(about.st_mode)) return sb_fail(error, SB_IO, "%s: is a directory, not a file", path);
        if (!S_ISREG(about.st_mode)) return write_directly(path, data, size, error);
    }
    char *temporary = sb_format("%s.tmp", path);
    if (!temporary) return sb_fail_memory(error);
    sb_status status = SB_OK;
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) {
        status = sb_fail(error, SB_IO, "%s: %s", path, strerror(errno));
        goto cleanup;
    }
    int bad = write_all(file, data, size) != 0 || fsync(file) != 0;
    int cause = errno;
    if (close(file) != 0 && !bad) {
        bad = 1;
        cause = errno;
    }
    if (!bad && rename(temporary, path) != 0) {
        bad = 1;
        cause = errno;
    }
    if (bad) {
        unlink(temporary);
        status = sb_fail(error, SB_IO, "%s: %s", path, strerror(cause));
    }
cleanup:
    free(temporary);
    return status;
}

int sb_directory_exists(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

int sb_file_exists(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && access(path, R_OK) == 0;
}

sb_status sb_directory_make(const char *path, sb_error *error) {
    if (!*path) return sb_fail(error, SB_BAD_INPUT, "the name of a directory is empty");
    char *copy = sb_duplicate(path);
    if (!copy) return sb_fail_memory(error);
    sb_status status = SB_OK;
    for (char *end = copy + 1;; end++) {
        if (*end != '/' && *end != '\0') continue;
        char keep = *end;
        *end = '\0';
        if (mkdir(copy, 0777) != 0 && !sb_directory_exists(copy)) {
            status = sb_fail(error, SB_IO, "%s: %s", copy, strerror(errno == EEXIST ? ENOTDIR : errno));
            break;
        }
        *end = keep;
        if (!keep) break;
    }
    free(copy);
    return status;
}

char *sb_path_join(const char *directory, const char *name) {
    size_t length = strlen(directory);
    return sb_format("%s%s%s", directory, length && directory[length - 1] == '/' ? "" : "/", name);
}

/* The directory of the running program, malloc'd; NULL when the system does not tell. */
static char *program_directory(void) {
    char place[4096];
    ssize_t length = readlink("/proc/self/exe", place, sizeof place - 1);
    if (length <= 0) return NULL;
    place[length] = '\0';
    char *slash = strrchr(place, '/');
    if (!slash) return NULL;
    *slash = '\0';
    return sb_duplicate(place);
}

sb_status sb_data_path(const char *name, char **path, sb_error *error) {
    static const char *const places[] = {"../share/smoothbound", "../..", "../../..", "../../../.."};
    const char *chosen = getenv("SMOOTHBOUND_DATA");
    if (chosen && !*chosen) chosen = NULL;
    char *directory = chosen ? sb_duplicate(chosen) : program_directory();
    sb_status status = SB_OK;
    *path = NULL;
    if (!directory) return sb_fail(error, SB_IO, "cannot find the data files: set SMOOTHBOUND_DATA");
    for (size_t i = 0; i < (chosen ? 1 : sizeof places / sizeof places[0]); i++) {
        *path =
            chosen ? sb_format("%s/%s", directory, name) : sb_format("%s/%s/%s", directory, places[i], name);
        if (!*path) {
            status = sb_fail_memory(error);
            break;
        }
        if (sb_directory_exists(*path) || sb_file_exists(*path)) break;
        free(*path);
        *path = NULL;
    }
    if (!status && !*path)
        status = sb_fail(error, SB_IO, "%s: not found %s; set SMOOTHBOUND_DATA to the folder that holds it",
                         name, chosen ? "under SMOOTHBOUND_DATA" : "beside the program");
    free(directory);
    return status;
}

sb_status sb_program_path(const char *name, char **path, sb_error *error) {
    char *directory = program_directory();
    if (!directory) return sb_fail(error, SB_IO, "%s: cannot tell where the running program lies", name);
    *path = sb_path_join(directory, name);
    free(directory);
    if (!*path) return sb_fail_memory(error);
    if (access(*path, X_OK) == 0) return SB_OK;
    sb_status status = sb_fail(error, SB_IO, "%s: no such program", *path);
    free(*path);
    *path = NULL;
    return status;
}
