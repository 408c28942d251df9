/* Tails seen through the largest absolute values of samples, X_(1) >= X_(2) >= ...: Hill's estimator and the
   mean excess. One pass; memory holds the largest values only.

   Hill (Annals of Statistics 3, 1975): H_k = (1/k) sum over i <= k of log(X_(i)/X_(k+1)); 1/H_k estimates the
   index of a power tail. When the values above X_(k+1) are independent and exactly Pareto of index a, k a H_k
   has the Gamma(k, 1) law (Renyi), so that the interval below is exact; for other tails it only says what a
   Pareto tail would have to be.

   Mean excess: e(u) = E[X - u | X > u] at u = X_(k+1). It grows like u/(a-1) for a power tail of index a > 1,
   is constant for an exponential tail, falls for Gaussian tails and goes to 0 at the edge of bounded noise.
 */
#ifndef SB_DISTRIBUTIONS_TAIL_STATISTICS_H
#define SB_DISTRIBUTIONS_TAIL_STATISTICS_H

#include "support/arb_compat.h"
#include "support/status.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The `capacity` largest of all values that were added. */
typedef struct {
    double *value; /* a heap with the smallest first; decreasing after sb_largest_sort */
    size_t count, capacity;
    uint64_t seen;
} sb_largest;

sb_status sb_largest_init(sb_largest *largest, size_t capacity, sb_error *error); /* capacity >= 1 */
void sb_largest_clear(sb_largest *largest);
void sb_largest_add(sb_largest *largest, double x); /* its absolute value */
void sb_largest_sort(sb_largest *largest);          /* no more values after that */

/* Adds every number of a .npy file. `progress` NULL: silent; `proceed` NULL, or 0 stops with SB_INTERRUPTED.
 */
sb_status sb_largest_read(sb_largest *largest, const char *path, FILE *progress, int (*proceed)(void),
                          sb_error *error);

typedef struct {
    uint64_t k;
    double threshold;   /* u = X_(k+1) */
    double hill;        /* H_k */
    double mean_excess; /* e(u) */
    double deviation;   /* standard deviation of the k excesses over u; NaN for k = 1 */
} sb_tail_point;

/* The point for k, 1 <= k < count, of sorted values; 0 where X_(k+1) = 0 or H_k = 0 (ties) and there is none.
 */
int sb_tail_point_at(sb_tail_point *point, const sb_largest *sorted, uint64_t k);

/* index := the interval [g(alpha/2), g(1 - alpha/2)]/(k H_k) of confidence 1 - alpha, g the quantile of
 * Gamma(k, 1). */
void sb_hill_interval(arb_t low, arb_t high, const sb_tail_point *point, const fmpq_t alpha);

/* quantile := an enclosure of the x with Pr(Gamma(shape, 1) <= x) = probability, 0 < probability < 1, to
 * about 12 digits. */
void sb_gamma_quantile(arb_t quantile, uint64_t shape, const fmpq_t probability);

#endif
