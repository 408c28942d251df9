/* What is known of an expression on a box, along one variable x (the others fixed, anywhere in the box):

   value       contains every value of the expression on the box;
   slope       contains every difference quotient (f(x2) - f(x1)) / (x2 - x1) on the box. So a kink does no
               harm: no derivative need exist;
   curvature   contains every second derivative in x; known only where the expression is twice differentiable
               in x on all of the box.

   Each operation satisfies: if its arguments are right in this sense, so is its result. What cannot be had is
   left out, never guessed. */
#ifndef SBCHECK_JET_H
#define SBCHECK_JET_H

#include "functions.h"

/* Each level includes those before it. NOTHING: the expression may be undefined somewhere on the box. */
typedef enum { NOTHING, VALUE, SLOPE, CURVATURE } knowledge;

typedef struct {
    knowledge known;
    interval value, slope, curvature;
} jet;

/* What the operations should compute at most, and at which precision. */
typedef struct {
    knowledge wanted;
    mpfr_prec_t precision;
} effort;

void jet_init(jet *u);
void jet_clear(jet *u);

/* u := an expression whose value is already in u->value and that does not depend on x. */
void jet_set_constant(jet *u, effort e);

/* u := x itself, on `range`. */
void jet_set_variable(jet *u, const interval *range, effort e);

/* result must not alias an argument. */
void jet_negate(jet *result, const jet *u, effort e);
void jet_add(jet *result, const jet *u, const jet *v, effort e);
void jet_subtract(jet *result, const jet *u, const jet *v, effort e);
void jet_multiply(jet *result, const jet *u, const jet *v, effort e);
void jet_divide(jet *result, const jet *u, const jet *v, effort e);
void jet_power(jet *result, const jet *u, const jet *v, effort e);
void jet_maximum(jet *result, const jet *u, const jet *v, effort e);
void jet_minimum(jet *result, const jet *u, const jet *v, effort e);
void jet_absolute(jet *result, const jet *u, effort e);
void jet_function(jet *result, const function *f, const jet *u, effort e);

/* Bounds the size of all ends (interval_trim); what leaves the exponent range becomes unknown. */
void jet_trim(jet *u, effort e);

#endif
