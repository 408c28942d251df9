/* Certified accuracy from a log: the share of images that are classified correctly and certified at a radius,
   with the paper's and the field's reading: certified accuracy(r) = mean(correct and radius >= r). It is a
   left-continuous step function of r. */
#ifndef SB_NN_CERTIFIED_ACCURACY_H
#define SB_NN_CERTIFIED_ACCURACY_H

#include "nn/certification_log.h"

/* A positive divisor of the radii, kept as its square so that sqrt(d) stays exact. */
typedef struct {
    fmpq_t square;
} sb_divisor;

void sb_divisor_init(sb_divisor *divisor); /* 1 */
void sb_divisor_clear(sb_divisor *divisor);
void sb_divisor_number(sb_divisor *divisor, const fmpq_t number); /* number > 0 */
void sb_divisor_sqrt_dimension(sb_divisor *divisor,
                               uint64_t dimension); /* l_2 radius -> l_inf radius: divide by sqrt(d) */
void sb_divisor_product(sb_divisor *result, const sb_divisor *a, const sb_divisor *b);
void sb_divisor_ball(arb_t value, const sb_divisor *divisor, slong precision);

/* Images that are correct with logged radius / divisor >= radius; exact. divisor NULL: 1. A radius of 0
 * counts every correct image. */
size_t sb_certified_count(const sb_certification_log *log, const fmpq_t radius, const sb_divisor *divisor);

/* Correct images whatever their radius ("natural" accuracy of the smoothed classifier; an abstention is an
 * error). */
size_t sb_natural_count(const sb_certification_log *log);
size_t sb_abstention_count(const sb_certification_log *log);

/* value := mean over all images of (correct ? radius : 0) / divisor. SB_BAD_INPUT for a log of no images. */
sb_status sb_average_certified_radius(arb_t value, const sb_certification_log *log, const sb_divisor *divisor,
                                      slong precision, sb_error *error);

/* maximum := the largest logged radius, undivided; 0 for no images. */
void sb_largest_radius(fmpq_t maximum, const sb_certification_log *log);

/* The set of l_2 radii that print as `printed` with so many significant digits, [low, high], both ends
   included. It is widened by 2^-22 of itself, because some programs divide in single precision before they
   print. A printed 0 means exactly 0. */
void sb_printed_interval(fmpq_t low, fmpq_t high, const fmpq_t printed, int significant_digits);

/* Whether a decimal has at most so many significant digits. */
int sb_printed_with(const fmpq_t printed, int significant_digits);

/* How a log was sampled. */
typedef struct {
    fmpq_t sigma;      /* standard deviation of the Gaussian noise */
    fmpq_t alpha;      /* failure probability of each confidence bound */
    uint64_t samples;  /* n */
    int classes;       /* 10; used by two-class-bonferroni only */
    int radius_digits; /* significant digits of a printed radius; 3 for "{:.3}" */
    sb_divisor logged; /* by what the l_2 radii were divided before they were written; 1 or sqrt(d) */
} sb_sampling;

void sb_sampling_init(
    sb_sampling *sampling); /* sigma 1, alpha 1/1000, n 100000, 10 classes, 3 digits, undivided */
void sb_sampling_clear(sb_sampling *sampling);

/* value := the largest l_2 radius that n samples can certify, sigma Phi^{-1}(alpha^(1/n)): all samples of one
 * class. */
sb_status sb_sampling_ceiling(arb_t value, const sb_sampling *sampling, int digits, sb_error *error);

/* *count := correct images whose printed radius is the ceiling to the digits that were printed. */
sb_status sb_ceiling_count(const sb_certification_log *log, const sb_sampling *sampling, size_t *count,
                           sb_error *error);

#endif
