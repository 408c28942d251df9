/* Weights of compact support that bracket an integral against 1/(1/4 + t^2).

   e^(-|x|/2) = (1/2 pi) integral of e^(itx)/(1/4 + t^2) dt lies between two integrable functions m <=
   e^(-|x|/2) <= M whose Fourier transforms vanish outside [-T, T]; of all such functions they have the
   largest and the least integral. (S. W. Graham, J. D. Vaaler, "A class of extremal functions for the Fourier
   transform", Trans. AMS 265, 1981.) */
#ifndef SB_DISTRIBUTIONS_GRAHAM_VAALER_H
#define SB_DISTRIBUTIONS_GRAHAM_VAALER_H

#include "support/arb_compat.h"

#include <stdint.h>

typedef struct {
    arb_t ratio, sinh, sinh_half, cosh_half; /* L = pi/T, sinh L, sinh(L/2), cosh(L/2) */
} sb_graham_vaaler;

/* For the support [-T, T], T = end > 0. */
void sb_graham_vaaler_init(sb_graham_vaaler *pair, const arb_t end, slong precision);
void sb_graham_vaaler_clear(sb_graham_vaaler *pair);

/* majorant := hat M(t)/(2 pi/T), minorant := hat m(t)/(2 pi/T) at t = (node/nodes) T, 0 <= node <= nodes: so
   that the integral of M(x) dmu(x) is (1/T) times the integral over [-T, T] of hat mu(t) majorant(t). */
void sb_graham_vaaler_weights(arb_t majorant, arb_t minorant, const sb_graham_vaaler *pair, uint64_t node,
                              uint64_t nodes, slong precision);

#endif
