/* Files of lines `key = value`: presets of training and of experiments. Blanks around key and value do not
   count, `#` begins a comment, empty lines are skipped. */
#ifndef SB_NN_KEY_VALUES_H
#define SB_NN_KEY_VALUES_H

#include "support/status.h"

#include <stddef.h>

typedef struct {
    const char *key, *value; /* value may be "" */
    size_t line;             /* from 1 */
} sb_key_value;

typedef struct {
    sb_key_value *item; /* in the order of the file */
    size_t count;
    char *path; /* that messages begin with */
    char *text; /* holds the strings */
} sb_key_values;

void sb_key_values_init(sb_key_values *list);
void sb_key_values_clear(sb_key_values *list);

/* SB_BAD_INPUT names file and line: a line without "=", an empty key, a key given twice, a NUL byte; files
   over 64 KiB. On failure the list is empty. */
sb_status sb_key_values_read(sb_key_values *list, const char *path, sb_error *error);
/* The same from memory; `path` is for messages only. */
sb_status sb_key_values_parse(sb_key_values *list, const char *path, const char *text, size_t size,
                              sb_error *error);

/* NULL when the key is not there. */
const sb_key_value *sb_key_values_find(const sb_key_values *list, const char *key);

/* Puts "FILE: line N: " before the message of an error that the item's key or value caused; returns the
   error's status. */
sb_status sb_key_values_blame(const sb_key_values *list, const sb_key_value *item, sb_error *error);

#endif
