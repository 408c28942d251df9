/* The transform of a shift with very many different coordinates: the lengths are put into short bins, each
   bin is replaced by its power sums about a centre, and log H(t; v) is summed over a bin by its Taylor
   polynomial in v with a certified remainder. After that a node costs a few bins, not d evaluations. */
#ifndef SB_DISTRIBUTIONS_SHIFT_MOMENTS_H
#define SB_DISTRIBUTIONS_SHIFT_MOMENTS_H

#include "distributions/family.h"

typedef struct {
    size_t first, count; /* the lengths first..first + count - 1 of the increasing list */
    arb_t centre;        /* exact */
    arb_t hull;          /* a ball that contains the lengths */
    arb_ptr power;       /* sum of n_i (v_i - centre)^k, k = 0..terms; NULL: too few lengths to be worth it */
} sb_shift_bin;

typedef struct {
    const sb_noise_spec *noise;
    arb_srcptr length;            /* increasing up to rounding; not owned */
    const uint64_t *multiplicity; /* of each length; not owned */
    slong terms;                  /* even */
    sb_shift_bin *bin;
    size_t bin_count;
} sb_shift_moments;

/* Bins of lengths at most `width` apart, with power sums up to `terms` (made even). The arrays must outlive
   *moments. The family must have log_affinity_series. SB_NO_MEMORY. */
sb_status sb_shift_moments_init(sb_shift_moments *moments, const sb_noise_spec *noise, arb_srcptr length,
                                const uint64_t *multiplicity, size_t count, const arb_t width, slong terms,
                                slong precision, sb_error *error);
void sb_shift_moments_clear(sb_shift_moments *moments);

/* What a value at t costs, about, in evaluations of H: where v t > 1 the series may fail. */
double sb_shift_moments_cost(const sb_shift_moments *moments, double t);

/* value := the product of H(t; v_i)^(n_i). Reads *moments only. */
void sb_shift_moments_value(arb_t value, const sb_shift_moments *moments, const arb_t t, slong precision);

#endif
