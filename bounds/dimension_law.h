/* The bounds of the paper have the form c(eps, delta) d^(a + b/p). This is that form in balls. */
#ifndef SB_BOUNDS_DIMENSION_LAW_H
#define SB_BOUNDS_DIMENSION_LAW_H

#include "bounds/parameters.h"

/* exponent := twice_constant/2 + slope/p, exact; 1/inf = 0. */
void sb_norm_exponent(fmpq_t exponent, const sb_exact *norm, slong twice_constant, slong slope);

/* value := coefficient dimension^exponent. Any sizes; nothing overflows. */
void sb_scaled_power(arb_t value, const fmpq_t coefficient, uint64_t dimension, const fmpq_t exponent,
                     slong precision);

/* value := coefficient d^(twice_constant/2 + slope/p) with d and p of the parameters. */
void sb_dimension_law(arb_t value, const fmpq_t coefficient, const sb_parameters *parameters,
                      slong twice_constant, slong slope, slong precision);

/* odds := (1 - delta)/delta, the h(delta) of the paper. */
void sb_odds(fmpq_t odds, const fmpq_t delta);

#endif
