/* A cursor over JSON text (RFC 8259) for formats whose grammar is known: the caller says what comes next, so
   nothing is built in memory and nothing recurses. The first thing that is not as wanted stops the cursor:
   every later call returns 0, and `wanted` and `at` say what was missing and where. */
#ifndef SB_NN_JSON_H
#define SB_NN_JSON_H

#include "support/text.h"

#include <stdint.h>

typedef struct {
    const char *start, *at, *end;
    const char *wanted; /* NULL: all well so far */
} sb_json;

void sb_json_init(sb_json *json, const char *text, size_t size);

/* Takes `open` ('{' or '['). */
int sb_json_enter(sb_json *json, char open);
/* 1 when another item follows, 0 behind `close`, which is taken. *items counts them and begins at 0. */
int sb_json_next(sb_json *json, char close, size_t *items);
/* string := the string that comes next, its escapes decoded; valid UTF-8 without NUL. */
int sb_json_string(sb_json *json, sb_text *string);
/* The same and the colon after it. */
int sb_json_key(sb_json *json, sb_text *key);
/* An integer from 0 to 2^64 - 1 without sign, fraction or exponent. */
int sb_json_natural(sb_json *json, uint64_t *number);
/* 1 when nothing but blanks is left. */
int sb_json_end(sb_json *json);

/* Bytes of the UTF-8 character at `text`, of which `left` >= 1 bytes are there; 0 when it is none. */
size_t sb_utf8_length(const char *text, size_t left);

/* Stops the cursor; returns 0. */
int sb_json_stop(sb_json *json, const char *wanted);

#endif
