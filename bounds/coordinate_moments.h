/* The second moments b_i = E eta_i^2 of the d coordinates of a noise, as a sorted list of exact numbers.
   Total variation does not change when the noise is centred, so whatever a promise demands of the second
   moments it demands of the variances too: b_i may be either. Units: those of eps, squared. */
#ifndef SB_BOUNDS_COORDINATE_MOMENTS_H
#define SB_BOUNDS_COORDINATE_MOMENTS_H

#include "support/enclosure.h"

typedef struct {
    double value;        /* b_i, rounded down where `rational` */
    int rational;        /* b_i is `exact`; else the double itself */
    fmpq exact;          /* canonical */
    uint64_t coordinate; /* i, from 0 */
    uint64_t count;      /* coordinates that this item stands for: 1, or d for sb_coordinate_moments_equal */
} sb_coordinate_moment;

typedef struct {
    sb_coordinate_moment *item; /* the finite ones; after sorting increasing, equal ones by coordinate */
    size_t count, capacity;
    uint64_t dimension; /* d */
    uint64_t infinite;  /* coordinates that are left out, since b_i is infinite or not known */
} sb_coordinate_moments;

void sb_coordinate_moments_init(sb_coordinate_moments *moments); /* d = 0 */
void sb_coordinate_moments_clear(sb_coordinate_moments *moments);

/* The next coordinate. SB_BAD_INPUT for a negative number or a NaN, which is named with its coordinate; +inf
   is fine. After the last one, sort. */
sb_status sb_coordinate_moments_add(sb_coordinate_moments *moments, const sb_exact *value, sb_error *error);
sb_status sb_coordinate_moments_add_double(sb_coordinate_moments *moments, double value, sb_error *error);
void sb_coordinate_moments_sort(sb_coordinate_moments *moments);

/* All d coordinates have this one; replaces what was there. No more memory for large d. */
sb_status sb_coordinate_moments_equal(sb_coordinate_moments *moments, const sb_exact *value,
                                      uint64_t dimension, sb_error *error);

void sb_coordinate_moment_get(fmpq_t value, const sb_coordinate_moment *item);
int sb_coordinate_moment_equals(const sb_coordinate_moment *a, const sb_coordinate_moment *b);

/* sum := sum + count value; exact until numerator and denominator both have some thousand bits, from then on
   rounded up, each time by less than a relative 2^-2048: never below the true sum. */
void sb_moment_sum_add(fmpq_t sum, const sb_coordinate_moment *item, uint64_t count);

#endif
