/* A noise D in R^d at its scale: density, distribution function, moments, tails and draws, through the family's unit-scale
   law. Functions of one coordinate are about eta_1; for product noise that is the law D' of every coordinate. */
#ifndef SB_DISTRIBUTIONS_NOISE_H
#define SB_DISTRIBUTIONS_NOISE_H

#include "distributions/family.h"

/* SB_OUTSIDE where the noise does not exist in this dimension, SB_BAD_INPUT for sigma= without a second moment. */
sb_status sb_noise_domain(const sb_noise_spec *noise, uint64_t dimension, sb_error *error);

/* SB_BAD_INPUT when the scale is given as sigma= and the law has no second moment in any dimension (product noise;
   radial noise is asked by sb_noise_domain, where the dimension is known). */
sb_status sb_noise_deviation_exists(const sb_noise_spec *noise, sb_error *error);

/* The scale: the scale key's value, or sigma over the unit law's standard deviation of a coordinate (which depends on d
   for radial laws); 1 when no scale was given. */
void sb_noise_scale(arb_t scale, const sb_noise_spec *noise, uint64_t dimension, slong precision);

/* Of one coordinate. The density: product noise only (NaN otherwise). */
void sb_noise_density(arb_t value, const sb_noise_spec *noise, const arb_t x, slong precision);
void sb_noise_cdf(arb_t value, const sb_noise_spec *noise, uint64_t dimension, const arb_t x, slong precision);
void sb_noise_quantile(arb_t value, const sb_noise_spec *noise, uint64_t dimension, const arb_t u,
                       slong precision);
void sb_noise_tail(arb_t value, const sb_noise_spec *noise, uint64_t dimension, const arb_t s,
                   slong precision); /* Pr(|eta_1| > s) */
void sb_noise_absolute_moment(arb_t value, const sb_noise_spec *noise, uint64_t dimension, const fmpq_t order,
                              slong precision); /* E|eta_1|^order, +inf where it diverges */

/* E[eta_i^2]; rms = its root: sqrt(E||eta||_2^2/d) for every noise here, since the coordinates have one law. */
void sb_noise_variance(arb_t value, const sb_noise_spec *noise, uint64_t dimension, slong precision);

unsigned sb_noise_traits(const sb_noise_spec *noise); /* of the product law; 0 without one */

/* The d coordinates of sample number `sample`: a function of (seed, sample) alone. Overwrites x[0..dimension). */
void sb_noise_draw(const sb_noise_spec *noise, uint64_t dimension, uint64_t seed, uint64_t sample, double *x);

#endif
