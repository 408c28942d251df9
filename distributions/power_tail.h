/* Laws whose tail is a power from below: s^index Pr(|X| > s) does not decrease in s > 0 and tends to a finite
   limit. These are Student's t (index nu), Cauchy (1), the symmetric Pareto law with a hole and the Lomax law
   (alpha). So a moment of order k is finite exactly for k < index. */
#ifndef SB_DISTRIBUTIONS_POWER_TAIL_H
#define SB_DISTRIBUTIONS_POWER_TAIL_H

#include "distributions/noise.h"

/* Whether the law of a coordinate of this product noise is one of them (a mixture is not: ask its
   components); then its index, exact, and an enclosure of the limit. */
int sb_power_tail(fmpq_t index, arb_t limit, const sb_noise_spec *noise, slong precision);

#endif
