/* The transform of the loss for the two power laws, symmetric Lomax and symmetric Pareto with a hole. */
#ifndef SB_DISTRIBUTIONS_POWER_LOSS_H
#define SB_DISTRIBUTIONS_POWER_LOSS_H

#include "distributions/law_numerics.h"

/* H(t) (family.h), or H(it) with `imaginary`, for the density proportional to |x|^-(alpha+1) from 1 on, or to
   (1+|x|)^-(alpha+1), and its translate by shift > 0; alpha is the first key. hole: the first of the two. Where the formula
   cannot be evaluated, by quadrature from `law`. */
void sb_power_loss_affinity(arb_t value, const sb_log_density *law, const sb_noise_spec *spec, const arb_t t,
                            int imaginary, const arb_t shift, int hole, slong precision);

#endif
