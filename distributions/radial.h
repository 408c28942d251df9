/* Numerics of radial laws at unit scale: laws of a radius R with density proportional to

     r^(order-1) exp(-r^shape)     or     r^(order-1) (1+r)^-shape     on r > 0,

   expectations of products over cubes under them, and the l_2 ball. Values keep a small relative error
   however small they are, in any dimension up to 2^62; balls as arguments give the union over them. */
#ifndef SB_DISTRIBUTIONS_RADIAL_H
#define SB_DISTRIBUTIONS_RADIAL_H

#include "distributions/shift.h"
#include "support/random.h"

typedef struct {
    int power;    /* 0: exp(-r^shape), 1: (1+r)^-shape */
    fmpq_t order; /* > 0; below shape for the power law */
    fmpq_t shape; /* > 0 */
} sb_radius_law;

/* order := dimension + more. */
void sb_radius_law_init(sb_radius_law *radius, int power, uint64_t dimension, const fmpq_t more,
                        const fmpq_t shape);
void sb_radius_law_clear(sb_radius_law *radius);

/* E R^order, +inf where it diverges. */
void sb_radius_moment(arb_t value, const sb_radius_law *radius, const fmpq_t order, slong precision);

/* Pr(R > s). */
void sb_radius_tail(arb_t value, const sb_radius_law *radius, const arb_t s, slong precision);

/* E (1 - h/R)_+^count over R > from: what `count` equal coordinates shifted by 2h leave of a cube of half
   side R. h and from are narrow balls; both may be 0. */
void sb_radius_equal(arb_t value, const sb_radius_law *radius, uint64_t count, const arb_t h,
                     const arb_t from, slong precision);

/* Pr(|X_1| > s) for X uniform on the cube of half side R: the same with count 1. */
void sb_radius_coordinate_tail(arb_t value, const sb_radius_law *radius, const arb_t s, slong precision);

/* E prod (1 - factor |v_i|/(2R))_+, v the shift. */
void sb_radius_overlap(arb_t value, const sb_radius_law *radius, const sb_shift *shift, const arb_t factor,
                       slong precision);

/* Pr(|X_1| > s) for X uniform on the unit l_2 ball of R^d; no relative accuracy is lost far out. */
void sb_ball_tail(arb_t value, uint64_t dimension, const arb_t s, slong precision);

/* E|U_1|^order for U uniform on the unit sphere of R^d. */
void sb_sphere_moment(arb_t value, uint64_t dimension, const fmpq_t order, slong precision);

/* Gamma(a)/Gamma(b) for rationals a, b > 0. */
void sb_gamma_ratio(arb_t value, const fmpq_t a, const fmpq_t b, slong precision);

/* value := f(x) for a non-increasing f >= 0 on x >= 0 with f(0) = 1: at both ends of the ball x. */
typedef void sb_decreasing_function(arb_t value, const void *context, const arb_t x, slong precision);
void sb_decreasing(arb_t value, sb_decreasing_function *f, const void *context, const arb_t x,
                   slong precision);

/* ------------------------------------------------------------------ draws, in double precision */
/* Where a sample's radius is drawn, apart from its coordinates: coordinate i uses sb_random_at(seed, stream,
   i). For fewer than 2^32 - 1 coordinates. */
sb_random sb_random_radius(uint64_t seed, uint64_t stream);

/* log of a Gamma(shape) variate; a logarithm since a small shape gives numbers below the range of a double.
 */
double sb_random_log_gamma(sb_random *random, double shape);

/* radius times a uniform point of the cube [-1, 1]^d, or of the unit sphere. */
void sb_draw_in_cube(double *x, uint64_t dimension, double radius, uint64_t seed, uint64_t stream);
void sb_draw_on_sphere(double *x, uint64_t dimension, double radius, uint64_t seed, uint64_t stream);

#endif
