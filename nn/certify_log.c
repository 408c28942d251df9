/* What a killed run leaves: nothing, the header alone (it comes by rename), or whole lines and a part of the
   next one. Each can be continued: the lines are counted and held against the images they should be about,
   the part is cut off, and since a sample has an address the rest comes out as it would have. A lock keeps
   two processes from writing one log. */
#include "nn/certify_log.h"

#include "nn/certification_log.h"
#include "nn/log_header.h"
#include "support/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t FILE_LIMIT = (size_t)1 << 28;

/* ------------------------------------------------------------------ continuing a log */
/* The size of the text up to its last end of line. */
static size_t whole_lines(const char *text, size_t size) {
    while (size && text[size - 1] != '\n') size--;
    return size;
}

static sb_status check_rows(sb_log_writer *writer, const sb_certification_log *log,
                            const sb_chosen_images *images, sb_error *error) {
    if (log->count > images->count)
        return sb_fail(error, SB_BAD_INPUT, "%s: holds %zu images, this run has %llu", writer->path,
                       log->count, (unsigned long long)images->count);
    for (size_t i = 0; i < log->count; i++) {
        const sb_certified_image *row = &log->image[i];
        uint64_t number = images->first + i * images->step, index = images->set->first + number;
        int label = images->set->label[number];
        if (row->index != index || row->label != label)
            return sb_fail(error, SB_BAD_INPUT,
                           "%s: line %zu: is idx %llu with label %d, this run has %llu with %d", writer->path,
                           row->line, (unsigned long long)row->index, row->label, (unsigned long long)index,
                           label);
    }
    writer->rows = log->count;
    return SB_OK;
}

/* Reads the log that is to be continued; sets length and rows. */
static sb_status check_existing(sb_log_writer *writer, const char *header, const sb_chosen_images *images,
                                sb_error *error) {
    char *text = NULL;
    size_t size = 0, own = strlen(header) - strlen(SB_LOG_HEADING);
    sb_certification_log log;
    sb_certification_log_init(&log);
    sb_status status = sb_file_read(writer->path, FILE_LIMIT, &text, &size, error);
    if (!status) {
        size = whole_lines(text, size);
        size_t theirs = sb_log_header_length(text, size);
        if (!theirs)
            status = sb_fail(error, SB_BAD_INPUT, "%s: has no header: not a log that can be continued",
                             writer->path);
        if (!status)
            status = sb_log_header_compare(writer->path, text, theirs, "this run", header, own, NULL, error);
        size_t head = theirs + strlen(SB_LOG_HEADING);
        if (!status && (head > size || memcmp(text + theirs, SB_LOG_HEADING, head - theirs) != 0))
            status =
                sb_fail(error, SB_BAD_INPUT, "%s: its heading is not that of this program", writer->path);
    }
    if (!status) status = sb_certification_log_parse(&log, writer->path, text, size, error);
    if (!status) status = check_rows(writer, &log, images, error);
    writer->length = size;
    sb_certification_log_clear(&log);
    free(text);
    return status;
}

/* ------------------------------------------------------------------ the file */
static sb_status system_error(const sb_log_writer *writer, sb_error *error) {
    return sb_fail(error, SB_IO, "%s: %s", writer->path, strerror(errno));
}

static sb_status lock(const sb_log_writer *writer, sb_error *error) {
    if (flock(writer->file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return sb_fail(error, SB_BAD_INPUT, "%s: another process is writing it", writer->path);
    return SB_OK; /* a file system without locks does without */
}

static sb_status open_file(sb_log_writer *writer, sb_error *error) {
    writer->file = open(writer->path, O_WRONLY | O_APPEND | O_CLOEXEC);
    return writer->file < 0 ? system_error(writer, error) : writer->can_be_cut ? lock(writer, error) : SB_OK;
}

static sb_status start(sb_log_writer *writer, const char *header, int replace, int exists, sb_error *error) {
    if (exists && !replace)
        return sb_fail(error, SB_BAD_INPUT, "%s: exists; --resume continues it, --force replaces it",
                       writer->path);
    sb_status status = exists ? open_file(writer, error) : SB_OK; /* nobody writes it */
    if (writer->file >= 0) close(writer->file);
    writer->file = -1;
    if (!status) status = sb_file_write(writer->path, header, strlen(header), error);
    writer->length = strlen(header);
    return status ? status : open_file(writer, error);
}

static sb_status resume_log(sb_log_writer *writer, const char *header, const sb_chosen_images *images,
                            sb_error *error) {
    sb_status status = open_file(writer, error);
    if (!status) status = check_existing(writer, header, images, error);
    if (!status && ftruncate(writer->file, (off_t)writer->length) != 0) status = system_error(writer, error);
    return status;
}

sb_status sb_log_open(sb_log_writer *writer, const char *path, const char *header,
                      const sb_chosen_images *images, int resume, int replace, sb_error *error) {
    *writer = (sb_log_writer){.path = path, .file = -1};
    if (!path) return SB_OK;
    struct stat about;
    int standard = strcmp(path, "-") == 0, exists = !standard && stat(path, &about) == 0;
    writer->can_be_cut = !standard && (!exists || S_ISREG(about.st_mode));
    if (resume && !writer->can_be_cut)
        return sb_fail(error, SB_BAD_INPUT, "%s: only a file can be continued", path);
    sb_status status = SB_OK;
    if (standard) {
        writer->path = "standard output";
        writer->file = dup(STDOUT_FILENO);
        if (writer->file < 0) status = system_error(writer, error);
    } else if (!writer->can_be_cut) {
        status = open_file(writer, error);
    } else {
        status = resume && exists ? resume_log(writer, header, images, error)
                                  : start(writer, header, replace, exists, error);
    }
    if (!status && !writer->can_be_cut) status = sb_log_append(writer, header, error);
    if (status && writer->file >= 0) {
        close(writer->file);
        writer->file = -1;
    }
    return status;
}

sb_status sb_log_append(sb_log_writer *writer, const char *line, sb_error *error) {
    size_t size = strlen(line), done = 0;
    while (writer->file >= 0 && done < size) {
        ssize_t count = write(writer->file, line + done, size - done);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            sb_status status = system_error(writer, error);
            if (writer->can_be_cut && ftruncate(writer->file, (off_t)writer->length) != 0)
                status = sb_fail(error, SB_IO, "%s: a line is unfinished: %s", writer->path, strerror(errno));
            return status;
        }
        done += (size_t)count;
    }
    writer->length += size;
    return SB_OK;
}

sb_status sb_log_close(sb_log_writer *writer, sb_error *error) {
    int file = writer->file;
    writer->file = -1;
    if (file < 0) return SB_OK;
    int bad = writer->can_be_cut && fsync(file) != 0;
    return close(file) != 0 || bad ? system_error(writer, error) : SB_OK;
}
