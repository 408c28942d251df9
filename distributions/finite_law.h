/* Laws on finitely many rational points of R^d, in exact rationals: the noises for which every quantity of
   the paper (total variation under a shift, moments, interval masses, projections) is a rational number. They
   are where a general statement about "any distribution" is tried without rounding. */
#ifndef SB_DISTRIBUTIONS_FINITE_LAW_H
#define SB_DISTRIBUTIONS_FINITE_LAW_H

#include "support/arb_compat.h"
#include "support/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t dimension; /* d >= 1 */
    size_t count;     /* number of points, all with positive mass */
    fmpq *point;      /* count x dimension, row-major, distinct, in lexicographic order */
    fmpq *mass;       /* count; the sum is exactly 1 */
} sb_finite_law;

enum { SB_FINITE_LAW_POINTS = 1 << 20 }; /* limit on count x dimension */

void sb_finite_law_init(
    sb_finite_law *law); /* no points yet: every function below needs a law that was set */
void sb_finite_law_clear(sb_finite_law *law);

/* The law with masses proportional to `weight` (>= 0, not all 0) at count points, given row-major. Equal
   points are merged, points of weight 0 dropped. SB_BAD_INPUT for a negative weight, for weights that are all
   0, and beyond the limit of points. */
sb_status sb_finite_law_set(sb_finite_law *law, size_t dimension, const fmpq *point, const fmpq *weight,
                            size_t count, sb_error *error);

/* The same on the cubic lattice origin + spacing * {0..side-1}^dimension (origin in every coordinate),
   weights in row-major order, side^dimension of them. weight NULL: uniform. */
sb_status sb_finite_law_lattice(sb_finite_law *law, size_t dimension, size_t side, const fmpq_t origin,
                                const fmpq_t spacing, const uint32_t *weight, sb_error *error);

/* Laws made of others; `law` must not be an operand. */
sb_status sb_finite_law_product(sb_finite_law *law, const sb_finite_law *a, const sb_finite_law *b,
                                sb_error *error);
sb_status sb_finite_law_project(sb_finite_law *law, const sb_finite_law *of, const fmpq *direction,
                                sb_error *error); /* the law of direction . x, on R */
sb_status
sb_finite_law_marginal(sb_finite_law *law, const sb_finite_law *of, const size_t *coordinate, size_t count,
                       sb_error *error); /* the law of (x_c) for the listed coordinates, in that order */
sb_status sb_finite_law_translate(sb_finite_law *law, const sb_finite_law *of, const fmpq *shift,
                                  sb_error *error); /* D + v */

/* TV(D, D + v) = (1/2) sum |mass differences|, for any rational v in R^d; and TV(A, B) for laws of equal
 * dimension. */
void sb_finite_law_shift_distance(fmpq_t value, const sb_finite_law *law, const fmpq *shift);
void sb_finite_law_distance(fmpq_t value, const sb_finite_law *a, const sb_finite_law *b);

/* Moments about 0: E|x_i|, E x_i^2, E||x||_2^2, E max_i |x_i|; and E||x||_2, which is irrational, as a ball.
 */
void sb_finite_law_absolute_moment(fmpq_t value, const sb_finite_law *law, size_t coordinate);
void sb_finite_law_square_moment(fmpq_t value, const sb_finite_law *law, size_t coordinate);
void sb_finite_law_mean_square(fmpq_t value, const sb_finite_law *law);
void sb_finite_law_mean_largest(fmpq_t value, const sb_finite_law *law);
void sb_finite_law_mean_length(arb_t value, const sb_finite_law *law, slong precision);

/* One dimension only: the mass of an interval, each end with (1) or without (0) its end point; and the
   largest mass of a half-open interval [a, a + width) over all real a (width > 0; the maximum is attained
   with a at a point of the law). */
void sb_finite_law_interval(fmpq_t value, const sb_finite_law *law, const fmpq_t low, int with_low,
                            const fmpq_t high, int with_high);
void sb_finite_law_largest_interval(fmpq_t value, const sb_finite_law *law, const fmpq_t width);

/* malloc'd "{-1/2: 1/4, 1/2: 3/4}", points of several coordinates in parentheses; NULL when memory is short.
 */
char *sb_finite_law_print(const sb_finite_law *law);

/* Walks through all ways to write total = part[0] + ... + part[count-1] with parts >= 0. Start from (total,
   0, ..., 0); returns 0 after the last, (0, ..., 0, total). There are C(total+count-1, count-1) of them. */
int sb_next_composition(uint32_t *part, size_t count);

/* A number from 0 to bound-1, bound >= 1, by a small generator for committed families of instances
   (splitmix64); not for sampling noise. */
uint32_t sb_finite_law_random_below(uint64_t *state, uint32_t bound);

/* A law on `count` points drawn with replacement from (1/denominator) * {-side..side}^dimension, with integer
   weights 1..largest_weight; equal points are merged. The same state gives the same law. */
sb_status sb_finite_law_random(sb_finite_law *law, size_t dimension, size_t count, uint32_t side,
                               uint32_t denominator, uint32_t largest_weight, uint64_t *state,
                               sb_error *error);

#endif
