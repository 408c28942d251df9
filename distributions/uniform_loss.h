/* The overlap of d equal coordinates, exactly, where the loss of one has only atoms at its two ends and is
   uniform in between. Laplace and logistic noise are of this kind; it serves where their transform does not
   decay. */
#ifndef SB_DISTRIBUTIONS_UNIFORM_LOSS_H
#define SB_DISTRIBUTIONS_UNIFORM_LOSS_H

#include "support/arb_compat.h"

#include <stdint.h>

enum { SB_UNIFORM_LOSS_COORDINATES = 1 << 21 }; /* the most that is tried: the work grows with d */

/* The masses under sqrt(pq) dx of the loss log(p/q) of a coordinate: ends/2 >= 0 at each of +-shift, and body
   > 0 spread evenly over [-shift, shift]. */
typedef void sb_loss_masses(arb_t ends, arb_t body, const arb_t shift, slong precision);

/* overlap := integral of min(p, lambda q) for d coordinates, lambda = e^log_lambda, shift > 0; the density of
   a coordinate must not exceed 1/2. NaN for d above SB_UNIFORM_LOSS_COORDINATES and where more than 2000
   terms matter. */
void sb_uniform_loss_overlap(arb_t overlap, uint64_t dimension, sb_loss_masses *masses, const arb_t shift,
                             const arb_t log_lambda, slong precision);

#endif
