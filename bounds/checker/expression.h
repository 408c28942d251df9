/* The expressions of docs/certificates.md: parsed into a list of nodes in which the arguments of a node come
   before it, so that every pass over an expression is one loop. */
#ifndef SBCHECK_EXPRESSION_H
#define SBCHECK_EXPRESSION_H

#include "jet.h"
#include "text.h"

enum {
    EXPRESSION_VARIABLES = 8,
    EXPRESSION_NODES = 20000, /* at most */
    EXPRESSION_NESTING = 500  /* brackets, calls, signs and towers of powers inside one another */
};

typedef enum {
    NUMBER,
    VARIABLE,
    PI,
    NEGATE,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    POWER,
    MAXIMUM,
    MINIMUM,
    ABSOLUTE,
    FUNCTION
} operation;

typedef struct {
    operation op;
    int left, right;    /* indices of the arguments */
    int which;          /* VARIABLE: its index; FUNCTION: its index in functions[] */
    unsigned variables; /* bit i is set: variable i occurs */
    mpq_t number;       /* NUMBER */
} node;

typedef struct {
    node *nodes; /* the last one is the whole expression */
    jet *jets;   /* workspace of expression_evaluate, one for each node */
    int count;
} expression;

/* Parses the longest expression at the start of `text`; *rest is what follows it. expression_clear also after
   a fault. */
bool expression_parse(expression *e, const char *text, const char **rest, char *const *variable,
                      int variable_count, fault *why);
void expression_clear(expression *e);

/* Is the word the name of a function or constant? */
bool expression_reserves(const char *word);

/* What can be enclosed of the expression on the box (one interval a variable), up to `wanted`, along the
   variable `direction` (ignored when only the VALUE is wanted). Valid until the next evaluation. */
const jet *expression_evaluate(expression *e, const interval *box, int direction, effort wanted);

#endif
