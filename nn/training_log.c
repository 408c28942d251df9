/* The whole text is kept and written anew after every epoch, before the model: so the log of a killed run is
   never behind its model, and what it is ahead is cut off when the run goes on. */
#include "nn/training_log.h"

#include "support/file.h"

#include <stdlib.h>
#include <string.h>

static const char heading[] = "epoch\tloss\taccuracy\trate\tseconds\n";
static const size_t FILE_LIMIT = (size_t)1 << 27;

void sb_training_log_init(sb_training_log *log) {
    log->path = NULL;
    sb_text_init(&log->text);
}

void sb_training_log_clear(sb_training_log *log) {
    sb_text_clear(&log->text);
    log->path = NULL;
}

static size_t line_length(const char *line) {
    size_t length = strcspn(line, "\n");
    return length + (line[length] == '\n');
}

static int same_line(const char *a, const char *b) {
    return line_length(a) == line_length(b) && memcmp(a, b, line_length(a)) == 0;
}

static int is_place_of_data(const char *line) {
    return strncmp(line, "# data ", 7) == 0;
}

/* Takes the first rows of an earlier log over. */
static sb_status take_over(sb_training_log *log, const char *old, int epochs, sb_error *error) {
    const char *expected = log->text.data;
    int number = 0;
    for (; *expected; expected += line_length(expected), old += line_length(old)) {
        number++;
        if (same_line(old, expected) || (is_place_of_data(old) && is_place_of_data(expected))) continue;
        return sb_fail(error, SB_BAD_INPUT, "%s: line %d: is '%.*s', where this training's log has '%.*s'",
                       log->path, number, (int)strcspn(old, "\n"), old, (int)strcspn(expected, "\n"),
                       expected);
    }
    for (int epoch = 1; epoch <= epochs; epoch++, old += line_length(old)) {
        char *end;
        if (strtol(old, &end, 10) != epoch || *end != '\t' || !strchr(old, '\n'))
            return sb_fail(error, SB_BAD_INPUT, "%s: has %d of the %d epochs that the model has", log->path,
                           epoch - 1, epochs);
        sb_text_append_bytes(&log->text, old, line_length(old));
    }
    return SB_OK;
}

sb_status sb_training_log_open(sb_training_log *log, const char *path, const char *identity, int resume,
                               int epochs, sb_error *error) {
    sb_training_log_init(log);
    if (!path) return SB_OK;
    log->path = path;
    for (const char *line = identity; *line; line += line_length(line)) {
        size_t key = strcspn(line, "="), length = strcspn(line, "\n");
        sb_text_format(&log->text, "# %.*s %.*s\n", (int)key, line, (int)(length - key - 1), line + key + 1);
    }
    sb_text_append(&log->text, heading);
    sb_status status = sb_text_status(&log->text, error);
    if (status || !resume) return status;
    char *old = NULL;
    size_t size;
    if (sb_file_exists(path)) {
        status = sb_file_read(path, FILE_LIMIT, &old, &size, error);
        if (!status) status = take_over(log, old, epochs, error);
    } else if (epochs) {
        status =
            sb_fail(error, SB_BAD_INPUT, "%s: is not there, but the model has %d epochs of it", path, epochs);
    }
    free(old);
    return status ? status : sb_text_status(&log->text, error);
}

sb_status sb_training_log_write(sb_training_log *log, const sb_training_log_row *row, sb_error *error) {
    if (!log->path) return SB_OK;
    if (row)
        sb_text_format(&log->text, "%d\t%.6f\t%.6f\t%.6g\t%.1f\n", row->epoch, row->loss, row->accuracy,
                       row->rate, row->seconds);
    sb_status status = sb_text_status(&log->text, error);
    return status ? status : sb_file_write(log->path, log->text.data, log->text.length, error);
}
