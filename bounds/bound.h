/* A bound of the theory as a row of a table: which statement, which quantity, and a procedure for its value.
   Each module (noise_magnitude.c, gaussian.c, ...) exports its rows; bound_list.c strings them together. */
#ifndef SB_BOUNDS_BOUND_H
#define SB_BOUNDS_BOUND_H

#include "bounds/parameters.h"

typedef enum {
    SB_NECESSARY,  /* every noise with the promised (eps, delta) has at least this */
    SB_SUFFICIENT, /* this much of the named noise gives the promise */
    SB_EXACT       /* equality for the named noise */
} sb_sense;

const char *sb_sense_name(sb_sense sense); /* "necessary" | "sufficient" | "exact" */

/* What the noise promises for all |v|_p <= eps: the hypothesis of the paper's Theorem 1.2, or Definition 1
   for every randomised base classifier (criterion T0: min over lambda >= 0 of ||D - lambda (D + v)||_1 <=
   delta). The second implies the first, and asks for more noise: up to twice the scale. */
typedef enum {
    SB_PROMISE_TV,    /* TV(D, D + v) <= delta */
    SB_PROMISE_ROBUST /* a score gap above delta is never overturned */
} sb_promise;

const char *sb_promise_name(sb_promise promise); /* "total-variation" | "robustness" */
/* SB_BAD_INPUT for any other word, with the nearest. */
sb_status sb_promise_parse(const char *text, sb_promise *promise, sb_error *error);

typedef struct {
    const char *source;    /* claim id: "thm-1.2" */
    const char *statement; /* "Theorem 1.2" */
    const char *quantity;  /* "E||eta||_2^2" | "E||eta||_2" | "E[eta_i^2]" | "rms" | "sigma" | "r" | "TV" | "E
                              max|eta_i|" | "tail" ... */
    sb_sense sense;
    const char *formula;     /* plain text, in d, p, eps, delta */
    const char *applies;     /* what it is about, one phrase: "any noise", "Gaussian noise N(0, sigma^2 I)" */
    sb_ball_function *value; /* context: const sb_parameters * */
    sb_status (*domain)(const sb_parameters *parameters,
                        sb_error *error); /* SB_OUTSIDE and why; NULL: everywhere */
    sb_promise promise;
} sb_bound;

#endif
