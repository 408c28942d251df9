/* Exact input: rationals and infinity as people write them.

   - number = [+-] power { "x" power } [ "/" power { "x" power } ] | [+-] "inf"; 8/255, 1e-3, 0.031, 3x32x32
   - power = decimal [ "^" integer ]; 2^10, 10^-4
   - list = item { "," item }; 2,4,8,inf
   - item = number
   - item = number ".." number [ "*" number ]: geometric, factor 2 if left out; 2^6..2^20*2
   - item = number ":" number ":" number: first, last, step; 0.1:0.9:0.1

   The values stay FLINT rationals until a transcendental function needs a ball. Numerators and denominators
   are limited to 2^20 bits, a list to 100000 items, so that no input can exhaust the machine. */
#ifndef SB_SUPPORT_EXACT_H
#define SB_SUPPORT_EXACT_H

#include "support/arb_compat.h"
#include "support/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct {
    fmpq_t value; /* meaningless when infinite */
    int infinite; /* +1 for inf, -1 for -inf, else 0 */
} sb_exact;

void sb_exact_init(sb_exact *number); /* 0 */
void sb_exact_clear(sb_exact *number);
void sb_exact_set(sb_exact *number, const sb_exact *other);
int sb_exact_compare(const sb_exact *a, const sb_exact *b); /* <0, 0, >0 */

/* Reads one number; the whole of `text` must be one. `name` ("eps") opens the message: `eps '8//255': ...`.
   SB_BAD_INPUT for anything that is not a number. */
sb_status sb_exact_parse(const char *name, const char *text, sb_exact *number, sb_error *error);

/* A dimension: a positive integer up to 2^62; a product such as 3x32x32 is fine. */
sb_status sb_dimension_parse(const char *name, const char *text, uint64_t *dimension, sb_error *error);

/* malloc'd "8/255", "inf": the shortest exact fraction. NULL when memory is short. */
char *sb_exact_print(const sb_exact *number);
char *sb_rational_print(const fmpq_t value);

/* complement := 1 - value; they may be the same. */
void sb_rational_complement(fmpq_t complement, const fmpq_t value);

/* malloc'd decimal of a rational to `digits` significant digits (at least 1), rounded down (-1), up (+1) or
   to nearest with ties to even (0). Plain notation for magnitudes from 1e-5 up to 10^max(digits, 6),
   else 1.2345e+10. An exact decimal is printed without padding zeros. */
char *sb_rational_decimal(const fmpq_t value, int digits, int direction);

typedef struct {
    sb_exact *item;
    size_t count;
} sb_exact_list;

/* Reads a list with ranges. On failure the list is empty. */
sb_status sb_exact_list_parse(const char *name, const char *text, sb_exact_list *list, sb_error *error);
void sb_exact_list_init(sb_exact_list *list);
void sb_exact_list_clear(sb_exact_list *list);

/* The same for dimensions. */
typedef struct {
    uint64_t *item;
    size_t count;
} sb_dimension_list;

sb_status sb_dimension_list_parse(const char *name, const char *text, sb_dimension_list *list,
                                  sb_error *error);
void sb_dimension_list_clear(sb_dimension_list *list);

#endif
