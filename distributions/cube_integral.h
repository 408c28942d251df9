/* Certified integrals of the radial laws: over 0 < t < end (end = +inf allowed),

     integral of exp(constant + phi(t)) dt,   phi(t) = order t - w(t) + sum n_i log(1 - q_i e^(-t)),  0 < q_i
   <= 1, n_i > 0,

   where w(t) is 0, scale e^(shape t), or shape log(1 + scale e^t). phi is concave and holomorphic for Re t >
   0, |Im t| < pi: what lies outside an interval of integration is at most the integral of a tangent's
   exponential. */
#ifndef SB_DISTRIBUTIONS_CUBE_INTEGRAL_H
#define SB_DISTRIBUTIONS_CUBE_INTEGRAL_H

#include "support/arb_compat.h"

#include <stddef.h>

typedef enum { SB_WEIGHT_NONE, SB_WEIGHT_EXPONENTIAL, SB_WEIGHT_POWER } sb_weight;

typedef struct {
    sb_weight weight;
    arb_t constant, order, shape, scale, end;
    size_t count;
    arb_ptr q, gap, n; /* gap = 1 - q, given apart so that it keeps its relative accuracy */
} sb_cube_integral;

/* `count` groups, all numbers 0, end +inf. */
void sb_cube_integral_init(sb_cube_integral *f, size_t count);
void sb_cube_integral_clear(sb_cube_integral *f);

/* Where phi is largest, approximately; negative when that cannot be found. */
double sb_cube_integral_peak(const sb_cube_integral *f);

/* How many bits of precision the terms of phi lose by cancelling at the peak of the integrand; negative when
   the peak cannot be found (memory is short, or numbers beyond the range of a double). From balls of any
   precision. */
slong sb_cube_integral_loss(const sb_cube_integral *f);

/* value := the integral to about `precision` bits, the members being given to `precision` + loss bits. Not
   finite where the loss is negative. */
void sb_cube_integral_value(arb_t value, const sb_cube_integral *f, slong loss, slong precision);

#endif
