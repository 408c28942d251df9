/* Many bounds are rational at many parameters: c(eps, delta) d^(a + b/p) with c rational is, wherever d is a
   perfect power of the right degree. Then the value needs no enclosure. */
#ifndef SB_BOUNDS_EXACT_VALUE_H
#define SB_BOUNDS_EXACT_VALUE_H

#include "bounds/bound.h"

/* power := base^exponent if that is rational; returns whether it is (and has no more than some thousand
 * digits). base > 0. */
int sb_rational_power(fmpq_t power, uint64_t base, const fmpq_t exponent);

/* value := the bound, exactly; returns whether it is known to be rational here. The bound's own domain is the
 * caller's business. */
int sb_bound_exact_value(fmpq_t value, const sb_bound *bound, const sb_parameters *parameters);

/* The same for Lemma 3.7, and for its sharp form, at a rank. */
int sb_lemma_3_7_exact_value(fmpq_t value, const sb_parameters *parameters, uint64_t rank);
int sb_sharp_ranked_exact_value(fmpq_t value, const sb_parameters *parameters, uint64_t rank);

#endif
