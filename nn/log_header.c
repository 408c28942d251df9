/* A line is '#', blanks, the key up to the next blank, blanks, and the value up to the end of the line. */
#include "nn/log_header.h"

#include <stdlib.h>
#include <string.h>

size_t sb_log_header_length(const char *text, size_t size) {
    size_t at = 0;
    while (at < size && text[at] == '#') {
        const char *end = memchr(text + at, '\n', size - at);
        if (!end) return size;
        at = (size_t)(end - text) + 1;
    }
    return at;
}

typedef struct {
    const char *start;
    size_t length;
} words;

/* Takes one line off [*at, end). Returns 0 at the end. */
static int next_key(const char **at, const char *end, words *key, words *value) {
    if (*at >= end) return 0;
    const char *newline = memchr(*at, '\n', (size_t)(end - *at)), *stop = newline ? newline : end;
    const char *c = *at + 1; /* behind '#' */
    *at = newline ? newline + 1 : end;
    if (stop > c && stop[-1] == '\r') stop--;
    while (c < stop && *c == ' ') c++;
    key->start = c;
    while (c < stop && *c != ' ') c++;
    key->length = (size_t)(c - key->start);
    while (c < stop && *c == ' ') c++;
    *value = (words){c, (size_t)(stop - c)};
    return 1;
}

static int same(const words *a, const words *b) {
    return a->length == b->length && memcmp(a->start, b->start, a->length) == 0;
}

static int find(const char *header, size_t size, const words *wanted, words *value) {
    const char *at = header;
    words key;
    while (next_key(&at, header + size, &key, value))
        if (same(&key, wanted)) return 1;
    return 0;
}

char *sb_log_header_value(const char *header, size_t size, const char *key) {
    words wanted = {key, strlen(key)}, value;
    if (!find(header, size, &wanted, &value)) return NULL;
    char *copy = malloc(value.length + 1);
    if (!copy) return NULL;
    memcpy(copy, value.start, value.length);
    copy[value.length] = 0;
    return copy;
}

static int shown(const words *w) {
    return w->length < 80 ? (int)w->length : 80;
}

/* Every key of `header` is in the other with the same value. */
static sb_status compare_one_way(const char *name, const char *header, size_t size, const char *other,
                                 const char *other_header, size_t other_size, const char *except,
                                 sb_error *error) {
    const char *at = header;
    words key, value, there;
    while (next_key(&at, header + size, &key, &value)) {
        if (except && same(&key, &(words){except, strlen(except)})) continue;
        if (!find(other_header, other_size, &key, &there))
            return sb_fail(error, SB_BAD_INPUT, "%s: has '%.*s %.*s', which %s has not", name, shown(&key),
                           key.start, shown(&value), value.start, other);
        if (!same(&value, &there))
            return sb_fail(error, SB_BAD_INPUT, "%s: %.*s is '%.*s', but '%.*s' in %s", name, shown(&key),
                           key.start, shown(&value), value.start, shown(&there), there.start, other);
    }
    return SB_OK;
}

sb_status sb_log_header_compare(const char *name, const char *header, size_t size, const char *other,
                                const char *other_header, size_t other_size, const char *except,
                                sb_error *error) {
    sb_status status = compare_one_way(name, header, size, other, other_header, other_size, except, error);
    return status ? status
                  : compare_one_way(other, other_header, other_size, name, header, size, except, error);
}
