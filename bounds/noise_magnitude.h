/* How large the noise must be in R^d: Theorem 1.2 and Lemma C.1 of the paper. Hypothesis of both: TV(D, D +
   v) <= delta for all v with |v|_p <= eps; p >= 2, eps > 0, 0 < delta <= 1. Values are in the units of eps
   (squared for second moments). */
#ifndef SB_BOUNDS_NOISE_MAGNITUDE_H
#define SB_BOUNDS_NOISE_MAGNITUDE_H

#include "bounds/bound.h"

/* c with E||eta||_2^2 >= c d^(2-2/p): c = (eps^2/800)(1-delta)/delta^2 (Theorem 1.2). Exact. */
void sb_theorem_1_2_coefficient(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta);

/* c with E||eta||_2 >= c d^(1-1/p): c = (eps/24)(1-delta)/delta (Lemma C.1). Exact. */
void sb_lemma_C_1_coefficient(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta);

/* Ball functions (context: const sb_parameters *). */
void sb_theorem_1_2(arb_t value, const void *parameters, slong precision);     /* bound on E||eta||_2^2 */
void sb_theorem_1_2_rms(arb_t value, const void *parameters, slong precision); /* on sqrt(E||eta||_2^2 / d) */
void sb_lemma_C_1(arb_t value, const void *parameters, slong precision);       /* on E||eta||_2 */
void sb_lemma_C_1_per_coordinate(arb_t value, const void *parameters,
                                 slong precision); /* divided by sqrt d: on E max|eta_i|, on rms */

/* Section 1.2 of the paper says that Theorem 1.2 gives E[eta_i^2] >= (eps d^(1/2-1/p)/800)(1-delta)/delta^2
   for some i; the dimensions do not match, and the statement is false for small eps. What does follow is
   (eps^2 d^(1-2/p)/800)(1-delta)/delta^2. */
void sb_some_coordinate_as_printed(arb_t value, const void *parameters, slong precision);
void sb_some_coordinate(arb_t value, const void *parameters, slong precision);

extern const sb_bound sb_noise_magnitude_bound[];
extern const size_t sb_noise_magnitude_bound_count;

#endif
