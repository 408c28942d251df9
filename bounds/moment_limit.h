/* What promise the second moments b_1 <= ... <= b_d of a noise leave possible
   (docs/theory/coordinate-moments.md). Let c = m, R or M as the promise has it (bounds/sharp_inverse.h). A
   noise that promises delta for all |v|_p <= eps has

   - sum of w_i^2 b_i >= (sum of w_i^2)^2 c(delta) for every w with |w|_p <= eps (sharp-1.2),
   - b_1 + ... + b_k >= eps^2 k^(2-2/p) c(delta), which is the case of equal weights on k coordinates, of
     which the k least second moments are the hardest (sharp-3.7; p = 2 put for p < 2).

   All of these say eps^2 c(delta) <= V, where V depends on the second moments and on p alone: the least value
   of (s.b) ||s||_(p/2)/(1.s)^2 over s >= 0, s_i = w_i^2. */
#ifndef SB_BOUNDS_MOMENT_LIMIT_H
#define SB_BOUNDS_MOMENT_LIMIT_H

#include "bounds/coordinate_moments.h"
#include "bounds/sharp_inverse.h"

/* Coordinates with nearly the same second moment, which get the same weight. */
typedef struct {
    uint64_t count;
    double weight; /* s_i, up to a common factor */
    fmpq_t sum;    /* of their second moments */
} sb_moment_group;

/* A valid V: of the tightest prefix, or of weights that are better still. Which prefix and which weights is
   chosen in floating point; V itself is certified. */
typedef struct {
    sb_exact norm; /* p */
    uint64_t size; /* k, of the tightest prefix; 0: no second moment is finite, and nothing is excluded */
    fmpq_t sum, largest;    /* b_1 + ... + b_k and b_k */
    sb_moment_group *group; /* in increasing order of b_i; those without weight are left out */
    size_t group_count;     /* 0: equal weights on the prefix, V = sum/k^(2-2/p) */
    fmpq_t level;           /* t: the weights are (t - b_i)_+^(2/(p-2)), as far as the groups resolve b_i */
} sb_moment_limit;

void sb_moment_limit_init(sb_moment_limit *limit);
void sb_moment_limit_clear(sb_moment_limit *limit);

/* `moments` sorted; p >= 1. Replaces what was there. */
sb_status sb_moment_limit_find(sb_moment_limit *limit, const sb_coordinate_moments *moments,
                               const sb_exact *norm, sb_error *error);

/* The limit that the `size` coordinates with least second moments set alone, 1 <= size <= the finite ones. */
void sb_moment_limit_prefix(sb_moment_limit *limit, const sb_coordinate_moments *moments,
                            const sb_exact *norm, uint64_t size);

/* The number of coordinates with weight, and the name of the inequality: "sharp-3.7" or "sharp-1.2". */
uint64_t sb_moment_limit_support(const sb_moment_limit *limit);
const char *sb_moment_limit_source(const sb_moment_limit *limit);

/* V. Context: const sb_moment_limit *, of size > 0. Exactly: returns whether V is known to be rational. */
void sb_moment_limit_value(arb_t value, const void *limit, slong precision);
int sb_moment_limit_exact(fmpq_t value, const sb_moment_limit *limit);

typedef struct {
    const sb_moment_limit *limit;
    sb_sharp_hypothesis hypothesis;
    fmpq_t given; /* delta in (0, 1) for a radius, eps > 0 for a delta */
} sb_moment_question;

/* No promise at the given delta reaches beyond eps = sqrt(V/c(delta)); none at the given eps has a smaller
   delta than c^-1(V/eps^2), where 1 says that none is possible. Context: const sb_moment_question *. Exactly:
   returns whether the value is known to be rational. */
void sb_moment_largest_radius(arb_t radius, const void *moment_question, slong precision);
void sb_moment_least_delta(arb_t delta, const void *moment_question, slong precision);
int sb_moment_largest_radius_exact(fmpq_t radius, const sb_moment_question *question);
int sb_moment_least_delta_exact(fmpq_t delta, const sb_moment_question *question);

/* Whether this limit certainly excludes the promise: eps^2 c(delta) > V. Equality excludes nothing. */
int sb_moment_limit_excludes(const sb_moment_limit *limit, sb_sharp_hypothesis hypothesis,
                             const fmpq_t radius, const fmpq_t delta);

/* What the prefix would have to have: eps^2 k^(2-2/p) c(delta). Exactly: returns whether that is rational. */
void sb_moment_needed_sum(arb_t needed, const sb_moment_limit *limit, sb_sharp_hypothesis hypothesis,
                          const fmpq_t radius, const fmpq_t delta, slong precision);
int sb_moment_needed_sum_exact(fmpq_t needed, const sb_moment_limit *limit, sb_sharp_hypothesis hypothesis,
                               const fmpq_t radius, const fmpq_t delta);

#endif
