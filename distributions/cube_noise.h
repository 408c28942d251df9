/* Noise whose level sets are cubes, at unit scale: exp-linf, density ~ exp(-||x||_inf^k), and pow-linf,
   density ~ (1 + ||x||_inf)^-a with a > d. The functions have the signatures of sb_radial_law
   (distributions/family.h) and serve both.

   f(r) decreasing: the noise is uniform on a cube [-R, R]^d, R random with density prop. to r^d (-f'(r))
   (layer cake: f(||x||) = integral of 1{||x|| < r} (-f'(r)) dr). Moreover min(f(||x||), f(||x - v||)) =
   integral of 1{||x|| < r and ||x - v|| < r} (-f'(r)) dr, and the two cubes share the fraction prod (1 -
   |v_i|/(2r))_+ of their volume, so 1 - TV(D, D + v) = E prod (1 - |v_i|/(2R))_+. */
#ifndef SB_DISTRIBUTIONS_CUBE_NOISE_H
#define SB_DISTRIBUTIONS_CUBE_NOISE_H

#include "distributions/family.h"
#include "distributions/radial.h"

/* The law of R. sb_radius_law_clear ends its life. */
void sb_cube_layer(sb_radius_law *layer, const sb_noise_spec *spec, uint64_t dimension);

void sb_cube_norm_moment(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                         slong precision);
void sb_cube_norm_tail(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                       slong precision);
void sb_cube_coordinate_moment(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                               slong precision);
void sb_cube_coordinate_tail(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                             slong precision);
void sb_cube_overlap(arb_t value, const sb_noise_spec *spec, const sb_shift *shift, const arb_t factor,
                     slong precision);
void sb_cube_draw(const sb_noise_spec *spec, uint64_t dimension, uint64_t seed, uint64_t stream, double *x);

#endif
