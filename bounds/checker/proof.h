/* The body of a certificate: a tree of cases, a point of refutation, or an identity. */
#ifndef SBCHECK_PROOF_H
#define SBCHECK_PROOF_H

#include "claim.h"
#include "polynomial.h"

enum { PROOF_DEPTH = 10000 /* cuts above a leaf */ };

typedef enum { PROVED, REFUTED } verdict;

typedef struct {
    verdict verdict;
    const char *method; /* "tree", "point" or "identity" */
    long leaves, depth;
    /* Where it is REFUTED, and the goal there: the end of its interval nearer to 0, rounded towards 0. */
    mpq_t point[EXPRESSION_VARIABLES];
    char value[64];
} outcome;

void outcome_init(outcome *o);
void outcome_clear(outcome *o);

/* Checks the body that starts at the current line of r, up to `end` and the end of the file. true: it proves
   or refutes the goal of c. */
bool proof_check(outcome *o, claim *c, reader *r, fault *why);

#endif
