/* Enclosures of an expression, its partial derivatives and its second derivatives on a box with rational
   ends: the natural interval extension. Two arithmetics. The fast one has double ends, directed by exact
   error terms, with Arb for the functions. The exact one has rational ends, exact for rational operations and
   SB_EXACT_PRECISION bits wide at functions. */
#ifndef SB_BOUNDS_EXPRESSION_RANGE_H
#define SB_BOUNDS_EXPRESSION_RANGE_H

#include "bounds/expression.h"

enum { SB_EXACT_PRECISION = 160 };

typedef struct {
    fmpq_t low[SB_EXPRESSION_VARIABLES], high[SB_EXPRESSION_VARIABLES];
} sb_box;

void sb_box_init(sb_box *box);
void sb_box_clear(sb_box *box);
void sb_box_set(sb_box *box, const sb_box *other);

/* One thread's workplace for one expression. */
typedef struct sb_evaluator sb_evaluator;

sb_status sb_evaluator_create(sb_evaluator **evaluator, const sb_expression *expression, sb_error *error);
void sb_evaluator_free(sb_evaluator *evaluator);

/* What can be asked for: the value, df/dx_i, d2f/dx_i^2. */
typedef enum { SB_VALUE = 0, SB_SLOPE = 1, SB_CURVATURE = 1 + SB_EXPRESSION_VARIABLES } sb_quantity; /* + i */

void sb_evaluator_set_box(sb_evaluator *evaluator, const sb_box *box);
/* A point of doubles, at which only the fast arithmetic works. */
void sb_evaluator_set_point(sb_evaluator *evaluator, const double *x);

/* [*low, *high] contains the quantity on the box. 0: no value (a point may be outside a function's domain, or
 * an overflow). */
int sb_fast_range(sb_evaluator *evaluator, int quantity, double *low, double *high);
int sb_exact_range(sb_evaluator *evaluator, int quantity, fmpq_t low, fmpq_t high);

/* Whether sign * quantity >= 0 (strict: > 0) on the whole box is certain: by the fast arithmetic, or, where
   that misses by no more than its rounding, by the exact one. */
int sb_certainly(sb_evaluator *evaluator, int quantity, int sign, int strict);

/* The largest magnitude of a subexpression in the last fast evaluation: the scale of its rounding errors. */
double sb_fast_scale(const sb_evaluator *evaluator, int quantity);

/* Why the value has none on the box: malloc'd "log of [-1/8, 0.25]"; NULL when it has one or memory is short.
 */
char *sb_evaluator_trouble(sb_evaluator *evaluator);

/* The pairs of subexpressions whose crossing makes a kink (the operands of max and min, an argument of abs
   and 0). `variables`: bit i for each variable in either. */
int sb_kink_count(const sb_evaluator *evaluator);
unsigned sb_kink_variables(const sb_evaluator *evaluator, int kink);
/* At a point or box: an estimate of the difference of the two (NaN without value); whether it is exactly 0
 * (boxes only). */
double sb_kink_difference(sb_evaluator *evaluator, int kink);
int sb_kink_is_zero(sb_evaluator *evaluator, int kink);

/* Directed conversion. */
double sb_double_below(const fmpq_t value);
double sb_double_above(const fmpq_t value);

#endif
