/* A goal: one inequality or identity over a box, as a claim file states it (docs/certificates.md). */
#ifndef SB_BOUNDS_GOAL_H
#define SB_BOUNDS_GOAL_H

#include "bounds/expression.h"
#include "support/arb_compat.h"
#include "support/status.h"
#include "support/text.h"

#include <stddef.h>

enum { SB_GOAL_VARIABLES = SB_EXPRESSION_VARIABLES };

typedef enum { SB_AT_LEAST_ZERO, SB_ABOVE_ZERO, SB_EQUAL_ZERO } sb_relation; /* >= 0, > 0, == 0 */

typedef struct {
    char *name, *says, *source; /* source may be NULL */
    char **by;                  /* the hand steps */
    size_t by_count;
    char *variable[SB_GOAL_VARIABLES];
    fmpq_t low[SB_GOAL_VARIABLES], high[SB_GOAL_VARIABLES];
    char *range_text[SB_GOAL_VARIABLES]; /* "LOW HIGH" as written; a certificate repeats it */
    size_t variable_count;
    char *expression_text; /* as written; what a certificate repeats */
    sb_expression *expression;
    sb_relation relation;
} sb_goal;

void sb_goal_init(sb_goal *goal);
void sb_goal_clear(sb_goal *goal);

/* Reads a claim file from memory or disk. SB_BAD_INPUT names the line and the word. On failure the goal is
 * empty. */
sb_status sb_goal_parse(sb_goal *goal, const char *label, const char *text, size_t size, sb_error *error);
sb_status sb_goal_read(sb_goal *goal, const char *path, sb_error *error);

/* Builds a goal from what a user types: `inequality` is LEFT (<= | < | >= | > | ==) RIGHT, `range` items are
   "x:0..1". SB_BAD_INPUT names the word and its column. On failure the goal is empty. */
sb_status sb_goal_from_inequality(sb_goal *goal, const char *name, const char *inequality,
                                  const char *const *range, size_t range_count, sb_error *error);

/* The same goal as a claim file, malloc'd. */
char *sb_goal_print(const sb_goal *goal);

/* The lines of the head after the first: `claim` to `goal`, as claim files and certificates share them. */
void sb_goal_print_head(const sb_goal *goal, sb_text *out);

const char *sb_relation_sign(sb_relation relation); /* ">=", ">", "==" */

/* SB_OK when the name of a claim is made of letters, digits, '.', '_' and '-'. */
sb_status sb_goal_check_name(const char *name, sb_error *error);

#endif
