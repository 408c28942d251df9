/* The constants of bounds/sharp.h turned round. Under each hypothesis E eta^2 >= eps^2 c(delta), with c = m,
   R or M decreasing to c(1) = 0; so a noise whose second moments allow no more than c(delta) <= y allows no
   delta below c^-1(y). Exact where c^-1(y) is known to be rational: always for m and M, whose graphs are
   polygons with rational corners. */
#ifndef SB_BOUNDS_SHARP_INVERSE_H
#define SB_BOUNDS_SHARP_INVERSE_H

#include "bounds/sharp.h"

/* c(delta), 0 < delta <= 1. */
void sb_sharp_constant(fmpq_t constant, sb_sharp_hypothesis hypothesis, const fmpq_t delta);

/* delta := the one number in (0, 1] with m(delta) = y, y >= 0. */
void sb_sharp_m_inverse(fmpq_t delta, const fmpq_t y);

/* c^-1 of the hypothesis as a ball; and exactly, returning whether that is possible (not for R). */
void sb_sharp_inverse(arb_t delta, sb_sharp_hypothesis hypothesis, const fmpq_t y, slong precision);
int sb_sharp_inverse_exact(fmpq_t delta, sb_sharp_hypothesis hypothesis, const fmpq_t y);

#endif
