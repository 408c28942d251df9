/* The capacity grows by half; a failed allocation drops what is appended afterwards and is remembered. */
#include "support/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char empty[1] = "";

void sb_text_init(sb_text *text) {
    *text = (sb_text){.data = empty};
}

void sb_text_clear(sb_text *text) {
    if (text->capacity) free(text->data);
    sb_text_init(text);
}

void sb_text_truncate(sb_text *text, size_t length) {
    if (length >= text->length) return;
    text->length = length;
    text->data[length] = '\0';
}

static int reserve(sb_text *text, size_t extra) {
    if (text->failed) return 0;
    if (extra > SIZE_MAX / 4 - text->length) {
        text->failed = 1;
        return 0;
    }
    size_t need = text->length + extra + 1;
    if (need <= text->capacity) return 1;
    size_t capacity = need < 64 ? 64 : need + need / 2;
    char *data = realloc(text->capacity ? text->data : NULL, capacity);
    if (!data) {
        text->failed = 1;
        return 0;
    }
    if (!text->capacity) data[0] = '\0';
    text->data = data;
    text->capacity = capacity;
    return 1;
}

void sb_text_append_bytes(sb_text *text, const char *bytes, size_t count) {
    if (!count || !reserve(text, count)) return;
    memcpy(text->data + text->length, bytes, count);
    text->length += count;
    text->data[text->length] = '\0';
}

void sb_text_append(sb_text *text, const char *string) {
    sb_text_append_bytes(text, string, strlen(string));
}

void sb_text_repeat(sb_text *text, char byte, size_t count) {
    if (!count || !reserve(text, count)) return;
    memset(text->data + text->length, byte, count);
    text->length += count;
    text->data[text->length] = '\0';
}

void sb_text_vformat(sb_text *text, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int count = vsnprintf(NULL, 0, format, arguments);
    if (count < 0) {
        text->failed = 1;
    } else if (reserve(text, (size_t)count)) {
        vsnprintf(text->data + text->length, (size_t)count + 1, format, again);
        text->length += (size_t)count;
    }
    va_end(again);
}

void sb_text_format(sb_text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    sb_text_vformat(text, format, arguments);
    va_end(arguments);
}

/* Bytes of the longest start of `string` that fits `room` columns and ends before a blank; at least one word.
 */
static size_t line_length(const char *string, size_t room) {
    size_t columns = 0, end = 0;
    for (size_t i = 0;; i++) {
        if ((string[i] == ' ' || string[i] == '\0') && (columns <= room || end == 0)) end = i;
        if (string[i] == '\0' || (columns > room && end)) return end;
        columns += ((unsigned char)string[i] & 0xc0) != 0x80;
    }
}

void sb_text_paragraph(sb_text *text, const char *string, size_t indent, size_t width, int started) {
    enum { LEAST = 24 };
    size_t room = width == 0 ? SIZE_MAX : width > indent + LEAST ? width - indent : LEAST;
    while (*string == ' ') string++;
    do {
        size_t length = line_length(string, room);
        if (!started) sb_text_repeat(text, ' ', indent);
        sb_text_append_bytes(text, string, length);
        sb_text_append(text, "\n");
        started = 0;
        string += length;
        while (*string == ' ') string++;
    } while (*string);
}

sb_status sb_text_status(const sb_text *text, sb_error *error) {
    return text->failed ? sb_fail_memory(error) : SB_OK;
}

char *sb_text_detach(sb_text *text) {
    char *data = NULL;
    if (!text->failed) {
        if (text->capacity) {
            data = text->data;
            text->capacity = 0;
        } else {
            data = calloc(1, 1);
        }
    }
    sb_text_clear(text);
    return data;
}

size_t sb_text_width(const char *utf8) {
    size_t columns = 0;
    for (const unsigned char *c = (const unsigned char *)utf8; *c; c++) {
        if ((*c & 0xc0) == 0x80) continue;                         /* a continuation byte */
        if ((*c == 0xcc) || (*c == 0xcd && c[1] < 0xb0)) continue; /* U+0300..U+036F combine */
        columns++;
    }
    return columns;
}

char *sb_format(const char *format, ...) {
    sb_text text;
    sb_text_init(&text);
    va_list arguments;
    va_start(arguments, format);
    sb_text_vformat(&text, format, arguments);
    va_end(arguments);
    return sb_text_detach(&text);
}

char *sb_duplicate(const char *string) {
    size_t size = strlen(string) + 1;
    char *copy = malloc(size);
    if (copy) memcpy(copy, string, size);
    return copy;
}

enum { LONGEST_WORD = 40 };

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

/* Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours. */
static unsigned edit_distance(const char *a, size_t n, const char *b, size_t m) {
    unsigned row[3][LONGEST_WORD + 1];
    for (size_t j = 0; j <= m; j++) row[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned *now = row[i % 3], *above = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = least(least(above[j], now[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

const char *sb_nearest_word(const char *word, const char *const *candidates) {
    const char *best = NULL;
    size_t length = strlen(word);
    if (length > LONGEST_WORD) return NULL;
    unsigned best_distance = 1 + (unsigned)length / 3; /* one slip in a short word, more in a long one */
    for (; *candidates; candidates++) {
        size_t m = strlen(*candidates);
        if (m > LONGEST_WORD) continue;
        int prefix = length >= 3 && strncmp(word, *candidates, length) == 0;
        unsigned distance = prefix ? 1 : edit_distance(word, length, *candidates, m);
        if (distance < best_distance || (!best && distance == best_distance)) {
            best = *candidates;
            best_distance = distance;
        }
    }
    return best;
}
