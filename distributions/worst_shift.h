/* The worst case of TV(D, D + v) over the l_p ball |v|_p <= eps, and what is known about it:

   - exact: the enclosure contains the supremum. Isotropic noise (any p): |v|_2 is largest at eps d^(1/2-1/p)
   (p >= 2) or at eps (p <= 2). Uniform noise on the cube (any p). Cubes, exp-linf and pow-linf: p = inf and p
   <= 1. Product noise with a log-concave density: p = inf. One dimension: unimodal laws.
   (docs/theory/worst-shift.md)
   - bracket: the supremum lies in the ball, whose width is not one of rounding (cubes, 1 < p < inf).
   - at equal coordinates: the value at the best shift among those with k equal coordinates, k = 1, 2, 4, ...,
   d. The supremum is at least that. */
#ifndef SB_DISTRIBUTIONS_WORST_SHIFT_H
#define SB_DISTRIBUTIONS_WORST_SHIFT_H

#include "distributions/total_variation.h"

typedef enum { SB_WORST_EXACT, SB_WORST_BRACKET, SB_WORST_AT_EQUAL } sb_worst_kind;

/* "exact worst case", "bracket", "at the equal shift" (coordinates = dimension) "at one coordinate" or "at 4
   equal coordinates": malloc'd, NULL when memory is short. */
char *sb_worst_words(sb_worst_kind kind, uint64_t coordinates, uint64_t dimension);

typedef struct {
    arb_t total_variation, overlap; /* TV and 1 - TV, each with its own relative accuracy */
    sb_worst_kind kind;
    uint64_t
        coordinates; /* this many equal ones attain it, the rest 0; 0: a shift with two different lengths */
    uint64_t boxes;  /* of the branch-and-bound search, 0 where none was needed */
    int digits_met;  /* whether both have the digits that were asked */
    char *how;       /* malloc'd, one line: why this shift ("rho <= 1 - 1/p: all coordinates equal") */
} sb_worst_result;
void sb_worst_result_init(sb_worst_result *result);
void sb_worst_result_clear(sb_worst_result *result);

/* The noise at its scale, eps >= 0 in the same unit, p > 0 or inf. options: digits only. SB_OUTSIDE for a
   noise that does not exist in this dimension, or whose density lacks a method. */
sb_status sb_worst_total_variation(sb_worst_result *result, const sb_noise_spec *noise, uint64_t dimension,
                                   const sb_exact *norm, const fmpq_t eps, const sb_tv_options *options,
                                   sb_error *error);

/* overlap := 1 - TV in the worst case, of the unit-scale law that `noise` names, over |v|_p <= length (a
   ball, so eps/scale of a noise with a scale; a wide ball gives the union over it). It decreases with the
   length, except that for SB_WORST_AT_EQUAL that is not proved. To `digits` significant digits of 1 - TV
   where they can be had (else wider; a small TV needs as many digits more). *kind is an sb_worst_kind. */
sb_status sb_worst_overlap(arb_t overlap, int *kind, const sb_noise_spec *noise, uint64_t dimension,
                           const sb_exact *norm, const arb_t length, int digits, sb_error *error);

#endif
