/* Expressions in several real variables, as claims state them: the language of docs/certificates.md. Parsed
   once into an immutable tree that threads may share. */
#ifndef SB_BOUNDS_EXPRESSION_H
#define SB_BOUNDS_EXPRESSION_H

#include "support/arb_compat.h"
#include "support/status.h"

#include <stddef.h>

enum { SB_EXPRESSION_VARIABLES = 8 };

typedef struct sb_expression sb_expression;

/* Reads text[begin, end). Names are looked up among `variable`. SB_BAD_INPUT names the offending word and its
   column in `text` (from 1). */
sb_status sb_expression_parse(sb_expression **expression, const char *text, size_t begin, size_t end,
                              const char *const *variable, size_t variable_count, sb_error *error);
void sb_expression_free(sb_expression *expression); /* NULL is fine */

size_t sb_expression_variable_count(const sb_expression *expression);

/* SB_OK when `name` may name a variable: a letter, then letters, digits and `_`, and no function or constant
 * of the language. */
sb_status sb_expression_check_name(const char *name, sb_error *error);

/* Whether the expression, built from rationals, variables, + - * / and integer powers, is the zero function:
   its numerator over a common denominator, expanded over the rationals, is the zero polynomial and no
   denominator is. SB_OUTSIDE for an expression with functions or pi or other powers; SB_UNDECIDED when the
   expansion would be too large or divides by zero. */
sb_status sb_expression_is_zero(const sb_expression *expression, int *zero, sb_error *error);

#endif
