/* Enclosures of exp, log, sqrt, erf, gamma, lgamma and of their first two derivatives on an interval. */
#ifndef SBCHECK_FUNCTIONS_H
#define SBCHECK_FUNCTIONS_H

#include "interval.h"

/* result := an interval that contains f on all of x. false: some point of x is, or cannot be told from being,
   outside the domain of f, or a bound is beyond the exponent range. More bits of `precision`, closer ends;
   any precision is sound. result may alias x. */
typedef bool interval_function(interval *result, const interval *x, mpfr_prec_t precision);

typedef struct {
    const char *name;
    interval_function *derivative[3]; /* f, f', f'' */
} function;

enum {
    FUNCTION_EXP,
    FUNCTION_LOG,
    FUNCTION_SQRT,
    FUNCTION_ERF,
    FUNCTION_GAMMA,
    FUNCTION_LGAMMA,
    FUNCTION_COUNT
};

extern const function functions[FUNCTION_COUNT];

interval_function interval_exp, interval_log;
bool interval_pi(interval *result, mpfr_prec_t precision);

#endif
