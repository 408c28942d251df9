/* The logarithms and the transform of the loss for the two power laws, symmetric Lomax and symmetric Pareto with a hole; alpha is
   the first key. */
#ifndef SB_DISTRIBUTIONS_POWER_LOSS_H
#define SB_DISTRIBUTIONS_POWER_LOSS_H

#include "distributions/law_numerics.h"

/* jet := -(alpha+1) log z and its derivatives (law_numerics.h); z the base of the power, x or 1 + x. */
void sb_power_log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length, slong precision);
void sb_power_log_constant(arb_t value, const sb_noise_spec *spec, slong precision); /* log(alpha/2) */
/* (alpha+1) log(1+v), the largest loss where both densities are positive. */
void sb_power_loss_bound(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision);

/* H(t) (family.h), or H(it) with `imaginary`, for the density proportional to |x|^-(alpha+1) from 1 on, or to
   (1+|x|)^-(alpha+1), and its translate by shift > 0; alpha is the first key. hole: the first of the two. Where the formula
   cannot be evaluated, by quadrature from `law`. */
void sb_power_loss_affinity(arb_t value, const sb_log_density *law, const sb_noise_spec *spec, const arb_t t,
                            int imaginary, const arb_t shift, int hole, slong precision);

#endif
