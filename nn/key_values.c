/* The text is cut in place: each line ends at its comment, is split at the first "=", and the blanks around
   both parts are cut off. */
#include "nn/key_values.h"

#include "support/file.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

static const size_t FILE_LIMIT = (size_t)1 << 16; /* so that looking for double keys stays quick */
static const char blanks[] = " \t\r";

void sb_key_values_init(sb_key_values *list) {
    *list = (sb_key_values){NULL, 0, NULL, NULL};
}

void sb_key_values_clear(sb_key_values *list) {
    free(list->item);
    free(list->path);
    free(list->text);
    sb_key_values_init(list);
}

static char *trim(char *start, char *end) {
    while (start < end && strchr(blanks, *start)) start++;
    while (end > start && strchr(blanks, end[-1])) end--;
    *end = '\0';
    return start;
}

static sb_status read_line(sb_key_values *list, char *start, size_t line, sb_error *error) {
    char *end = start + strcspn(start, "#");
    char *content = trim(start, end);
    if (!*content) return SB_OK;
    char *equals = strchr(content, '=');
    if (!equals || equals == content)
        return sb_fail(error, SB_BAD_INPUT, "%s: line %zu: '%.60s' is not `key = value`", list->path, line,
                       content);
    char *value = trim(equals + 1, equals + 1 + strlen(equals + 1));
    char *key = trim(content, equals);
    const sb_key_value *earlier = sb_key_values_find(list, key);
    if (earlier)
        return sb_fail(error, SB_BAD_INPUT, "%s: line %zu: %.60s is given on line %zu already", list->path,
                       line, key, earlier->line);
    list->item[list->count++] = (sb_key_value){key, value, line};
    return SB_OK;
}

static sb_status read_lines(sb_key_values *list, size_t size, sb_error *error) {
    size_t lines = 1, line = 0;
    for (size_t i = 0; i < size; i++) {
        lines += list->text[i] == '\n';
        if (!list->text[i])
            return sb_fail(error, SB_BAD_INPUT, "%s: line %zu: has a NUL byte: not a text file", list->path,
                           lines);
    }
    list->item = malloc(lines * sizeof *list->item);
    if (!list->item) return sb_fail_memory(error);
    sb_status status = SB_OK;
    for (char *at = list->text, *next; at && !status; at = next) {
        next = strchr(at, '\n');
        if (next) *next++ = '\0';
        status = read_line(list, at, ++line, error);
    }
    return status;
}

sb_status sb_key_values_parse(sb_key_values *list, const char *path, const char *text, size_t size,
                              sb_error *error) {
    sb_key_values_init(list);
    list->path = sb_duplicate(path);
    list->text = malloc(size + 1);
    sb_status status = SB_OK;
    if (!list->path || !list->text) {
        status = sb_fail_memory(error);
    } else {
        memcpy(list->text, text, size);
        list->text[size] = '\0';
        status = read_lines(list, size, error);
    }
    if (status) sb_key_values_clear(list);
    return status;
}

sb_status sb_key_values_read(sb_key_values *list, const char *path, sb_error *error) {
    char *data = NULL;
    size_t size = 0;
    sb_key_values_init(list);
    sb_status status = sb_file_read(path, FILE_LIMIT, &data, &size, error);
    if (!status) status = sb_key_values_parse(list, path, data, size, error);
    free(data);
    return status;
}

const sb_key_value *sb_key_values_find(const sb_key_values *list, const char *key) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i].key, key) == 0) return &list->item[i];
    return NULL;
}

sb_status sb_key_values_blame(const sb_key_values *list, const sb_key_value *item, sb_error *error) {
    if (!error) return SB_BAD_INPUT;
    char cause[sizeof error->message];
    memcpy(cause, error->message, sizeof cause);
    return sb_fail(error, error->status, "%s: line %zu: %s", list->path, item->line, cause);
}
