/* Section 3.1 of the paper, one dimension: what a law D on the line must have when TV(D, D + eps) <= delta
   for a shift eps > 0. All of it is rational in eps and delta, so the values are exact. Units: those of eps,
   squared for second moments. Domain: eps > 0, 0 < delta <= 1 (at delta = 1 every bound is 0; at delta = 0 no
   such law exists). */
#ifndef SB_BOUNDS_ONE_DIMENSION_H
#define SB_BOUNDS_ONE_DIMENSION_H

#include "bounds/bound.h"

/* E eta^2 >= bound = (eps^2/200)(1-delta)/delta^2 (Lemma 3.1). */
void sb_lemma_3_1(fmpq_t bound, const fmpq_t shift, const fmpq_t delta);

/* E eta^2 >= bound = (eps^2/8)(1-delta) (Lemma 3.2). */
void sb_lemma_3_2(fmpq_t bound, const fmpq_t shift, const fmpq_t delta);

/* E|eta| >= bound = (eps/8)(1-delta)^2/delta (Lemma 3.3). */
void sb_lemma_3_3(fmpq_t bound, const fmpq_t shift, const fmpq_t delta);

/* E eta^2 >= bound = (eps^2/64)(1-delta)^4/delta^2, the square of the former (Lemma 3.3, second part). */
void sb_lemma_3_3_square(fmpq_t bound, const fmpq_t shift, const fmpq_t delta);

/* E |v.eta|^2/|v|_2^2 >= bound = (|v|_2^2/200)(1-delta)/delta^2 for a law D on R^d with TV(D, D + v) <=
   delta, v != 0 (Corollary 3.4). squared_length: |v|_2^2 > 0, rational for every rational v. */
void sb_corollary_3_4(fmpq_t bound, const fmpq_t squared_length, const fmpq_t delta);

/* |v|_2^2 of a rational vector. */
void sb_squared_length(fmpq_t squared_length, const fmpq *v, size_t count);

/* The lemmas for each coordinate of noise on R^d: the shift eps e_i has |eps e_i|_p = eps for every p. E
   eta_i^2 and E|eta_i|, and the rms that follows. */
extern const sb_bound sb_one_dimension_bound[];
extern const size_t sb_one_dimension_bound_count;

#endif
