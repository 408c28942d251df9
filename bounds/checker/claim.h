/* The head of a certificate, which is all of a claim file: what is claimed, over which ranges. */
#ifndef SBCHECK_CLAIM_H
#define SBCHECK_CLAIM_H

#include "expression.h"

#define CLAIM_FIRST_LINE "smoothbound-claim 1"
#define CERTIFICATE_FIRST_LINE "smoothbound-certificate 1"

typedef enum { AT_LEAST_ZERO, ABOVE_ZERO, EQUAL_TO_ZERO } relation;

/* The texts point into the reader that they came from. */
typedef struct {
    char *name, *says, *source, *goal_text;
    char *variable[EXPRESSION_VARIABLES], *low_text[EXPRESSION_VARIABLES], *high_text[EXPRESSION_VARIABLES];
    interval range[EXPRESSION_VARIABLES];
    int variable_count;
    expression goal;
    relation relation;
    long hand_steps; /* `by` lines */
} claim;

/* Reads the head and stops at the first line that does not belong to it (r->line, NULL at the end of the
   file). claim_clear also after a fault. */
bool claim_read(claim *c, reader *r, const char *first_line, fault *why);
void claim_clear(claim *c);

/* Do both state the same: the same variables in the same order with the same ranges and the same goal, letter
   by letter after folding white space? */
bool claim_same(const claim *certificate, const claim *stated, fault *why);

#endif
