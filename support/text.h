/* A growing string. After a failed allocation it stays valid but remembers the failure: append at will, ask
 * once. */
#ifndef SB_SUPPORT_TEXT_H
#define SB_SUPPORT_TEXT_H

#include "support/status.h"

#include <stdarg.h>
#include <stddef.h>

typedef struct {
    char *data; /* NUL-terminated; never NULL after sb_text_init, but possibly a static empty string */
    size_t length;
    size_t capacity; /* 0: data is not ours to free */
    int failed;
} sb_text;

void sb_text_init(sb_text *text);
void sb_text_clear(sb_text *text); /* frees; the text is empty and usable again */
void sb_text_truncate(sb_text *text, size_t length);
void sb_text_append(sb_text *text, const char *string);
void sb_text_append_bytes(sb_text *text, const char *bytes, size_t count);
void sb_text_repeat(sb_text *text, char byte, size_t count);
void sb_text_format(sb_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sb_text_vformat(sb_text *text, const char *format, va_list arguments);

/* Appends `string` as lines of at most `width` columns (0: one line), broken at blanks, every line behind
   `indent` blanks; the first line's indent is left out when `started`: it continues what stands in the text
   already. */
void sb_text_paragraph(sb_text *text, const char *string, size_t indent, size_t width, int started);

/* SB_OK, or SB_NO_MEMORY if any append failed. */
sb_status sb_text_status(const sb_text *text, sb_error *error);

/* Hands the string over (free() it), or NULL after a failed append; the text is empty afterwards. */
char *sb_text_detach(sb_text *text);

/* Columns that a terminal needs for a UTF-8 string: code points, combining marks not counted. */
size_t sb_text_width(const char *utf8);

/* malloc'd printf; NULL when memory is short. */
char *sb_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *sb_duplicate(const char *string);

/* The candidate (NULL-terminated list) nearest to `word` by edit distance with transpositions, or NULL when
   none is near enough to be worth a "did you mean". */
const char *sb_nearest_word(const char *word, const char *const *candidates);

#endif
