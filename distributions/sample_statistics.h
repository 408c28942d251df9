/* Statistics of noise samples in one pass: E||eta||_2^2, E||eta||_2, E max|eta_i|, the second moment of every
   coordinate and tails Pr(|eta_i| > s), each with a confidence interval. Memory is a few numbers for each
   coordinate, whatever the number of samples. The samples are cut into blocks of a size that depends on d
   alone, and the blocks are put together in their order, so that results never depend on the number of
   threads.

   What an interval rests on:
   - tails: Clopper and Pearson (distributions/binomial.h), valid for every n. Independent coordinates count n
   d trials; else one coordinate of each sample, drawn at random, is a trial, with success probability the
   mean over i of Pr(|eta_i| > s);
   - means of the unbounded variables: the central limit theorem (sb_mean_interval), valid as n grows, and
   only when the variable has a second moment;
   - upper bounds on those means, for which a small sample cannot deceive: sb_mean_upper_bound, valid for
   every n when a bound on the second moment of the variable is known. */
#ifndef SB_DISTRIBUTIONS_SAMPLE_STATISTICS_H
#define SB_DISTRIBUTIONS_SAMPLE_STATISTICS_H

#include "distributions/noise.h"

#include <stdio.h>

enum { SB_TAIL_THRESHOLDS = 64, SB_SAMPLE_DIMENSION_LIMIT = 100000000 };

/* Mean and variance of one variable (Welford; pairs are merged by Chan, Golub and LeVeque's formula). */
typedef struct {
    uint64_t count;
    double mean, squares; /* sum of squared distances from the mean */
} sb_running_mean;

void sb_running_mean_add(sb_running_mean *mean, double x);
void sb_running_mean_merge(sb_running_mean *mean, const sb_running_mean *other);
double sb_running_mean_variance(const sb_running_mean *mean); /* unbiased; NaN for fewer than two */

typedef struct {
    uint64_t dimension, count;
    sb_running_mean square, norm, largest; /* ||eta||_2^2, ||eta||_2, max|eta_i| */
    double *second, *fourth;               /* means of eta_i^2 and eta_i^4, one for each coordinate */
    double threshold[SB_TAIL_THRESHOLDS];  /* increasing */
    uint64_t beyond[SB_TAIL_THRESHOLDS];   /* trials with |eta_i| > threshold */
    size_t threshold_count;
    uint64_t trials;
    int independent; /* trials: all coordinates (up to 10^9 trials in all), else one of each sample */
} sb_sample_statistics;

typedef struct {
    int jobs;
    FILE *progress;       /* NULL: silent */
    int (*proceed)(void); /* NULL or: 0 stops with SB_INTERRUPTED */
} sb_sample_options;

/* dimension 1 .. SB_SAMPLE_DIMENSION_LIMIT, thresholds increasing and at least 0; none: the powers of two
 * from 2^-32 to 2^31. */
sb_status sb_sample_statistics_init(sb_sample_statistics *statistics, uint64_t dimension,
                                    const double *threshold, size_t threshold_count, int independent,
                                    sb_error *error);
void sb_sample_statistics_clear(sb_sample_statistics *statistics);

/* Samples 0 .. samples - 1 of the noise (sb_noise_draw). */
sb_status sb_sample_statistics_draw(sb_sample_statistics *statistics, const sb_noise_spec *noise,
                                    uint64_t seed, uint64_t samples, const sb_sample_options *options,
                                    sb_error *error);

/* Samples from a source, one after the other: row() overwrites x with the next one. `seed` picks coordinates.
 */
typedef sb_status sb_sample_row(void *context, double *x, sb_error *error);
sb_status sb_sample_statistics_read(sb_sample_statistics *statistics, sb_sample_row *row, void *context,
                                    uint64_t seed, uint64_t samples, const sb_sample_options *options,
                                    sb_error *error);

/* The two-sided interval mean -+ z s/sqrt(n), z = Phi^-1(1 - alpha/2). Unbounded for n < 2 or a mean that
 * overflowed. */
void sb_mean_interval(const sb_running_mean *mean, double alpha, double *low, double *high);

/* A u with Pr(E X > u) <= alpha for n independent X >= 0 of this mean, when E X^2 <= square (which may be
   +inf): mean + sqrt(2 square log(1/alpha)/n). For every n; no central limit theorem. */
double sb_mean_upper_bound(double mean, double square, uint64_t count, double alpha);

/* Clopper-Pearson interval of confidence 1 - alpha for threshold `index`. */
sb_status sb_sample_tail_interval(arb_t low, arb_t high, const sb_sample_statistics *statistics, size_t index,
                                  const fmpq_t alpha, int digits, sb_error *error);

#endif
