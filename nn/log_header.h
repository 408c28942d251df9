/* The lines `# key value` before the heading of a certification log. */
#ifndef SB_NN_LOG_HEADER_H
#define SB_NN_LOG_HEADER_H

#include "support/status.h"

#include <stddef.h>

/* The bytes of the lines that begin with '#', at the start of a text. */
size_t sb_log_header_length(const char *text, size_t size);

/* malloc'd value of a key in a text of such lines; NULL when it is not there, or memory is short. */
char *sb_log_header_value(const char *header, size_t size, const char *key);

/* SB_BAD_INPUT names the first key whose values in the two texts differ, or which only one of them has, but
   for the key `except` (NULL: none). name, other: what the texts belong to ("a.tsv", "this run"). */
sb_status sb_log_header_compare(const char *name, const char *header, size_t size, const char *other,
                                const char *other_header, size_t other_size, const char *except,
                                sb_error *error);

#endif
