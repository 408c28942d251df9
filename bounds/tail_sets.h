/* Where the tail inequality of Theorem 1.3 holds for a given noise, and what holds for every s. D = (D')^d,
   zeta ~ D', h(delta) = (1-delta)/delta, alpha = 2p/(p-2), q = c eps h.

   Theorem 1.3 says that some s > q has Pr(|zeta| > s) >= (q/s)^alpha. The set of all such s is found here, by
   certified evaluation: for Gaussian and for bounded uniform noise it is an interval, so that the inequality
   does not make D' heavy-tailed.

   For all s >= 0 (docs/theory/tails.md): if TV(D, D + h_d s) <= delta for the sign vectors s, h_d = eps
   d^(-1/p), then Pr(|zeta| > s) >= 1 - (floor(2s/h_d) + 1) tau,   tau = sqrt(1 - (1-delta)^(2/d)). */
#ifndef SB_BOUNDS_TAIL_SETS_H
#define SB_BOUNDS_TAIL_SETS_H

#include "bounds/parameters.h"
#include "distributions/noise.h"

/* An interval of the set, as enclosures of its two ends (whether an end belongs to it is not told). */
typedef struct {
    arb_t low, high;
    int from_threshold; /* it begins at q, which itself is not in it: low = q */
    int unbounded;      /* high = +inf */
} sb_tail_interval;

typedef struct {
    fmpq_t threshold, exponent; /* q, alpha */
    sb_tail_interval *interval; /* increasing, apart */
    size_t interval_count;
    arb_ptr
        unsettled; /* narrow ranges of s in which nothing is decided: a range touched without being crossed */
    size_t unsettled_count;
    uint64_t evaluations; /* of the tail */
} sb_tail_set;

void sb_tail_set_init(sb_tail_set *set);
void sb_tail_set_clear(sb_tail_set *set);

/* Finds {s > q: Pr(|zeta| > s) >= (q/s)^alpha} with ends to `digits` significant digits. What lies neither in
   an interval, nor in an enclosure of an end, nor in an unsettled range is certainly not in the set.
   `constant` is c > 0. SB_OUTSIDE: p <= 2, or a noise whose coordinates are not independent. SB_UNDECIDED:
   the law's moments and power tail leave open what happens far out, or the set has too many intervals. */
sb_status sb_tail_set_find(sb_tail_set *set, const sb_noise_spec *noise, const sb_parameters *parameters,
                           const fmpq_t constant, int digits, sb_error *error);

/* The bound for all s, at s >= 0; negative where it says nothing. */
void sb_tail_all_s(arb_t bound, const sb_parameters *parameters, const fmpq_t s, slong precision);

/* A bound that median|zeta| satisfies: (h_d/2)(1/(2 tau) - 1), at least eps d^(1/2-1/p)/(4 sqrt(2L)) - h_d/2
   with L = -log(1-delta). Negative where it says nothing. Context: const sb_parameters *. */
void sb_tail_median(arb_t bound, const void *parameters, slong precision);

#endif
