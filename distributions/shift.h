/* A shift v in R^d, as the groups of its equal coordinates (signs do not matter: all noises are symmetric in every
   coordinate). As people write it:

     linf:V   V in every coordinate            l2:V     equal coordinates, l_2 length V
     basis:V  V in one coordinate              k:V,...  k coordinates shifted by V, and so on; the rest by 0
     FILE.npy any vector of d numbers */
#ifndef SB_DISTRIBUTIONS_SHIFT_H
#define SB_DISTRIBUTIONS_SHIFT_H

#include "support/arb_compat.h"
#include "support/exact.h"
#include "support/status.h"

#include <stdint.h>

/* `count` coordinates of length base * root^-exponent; root = 1 for a rational length. */
typedef struct {
    fmpq_t base;     /* > 0 */
    uint64_t root;   /* >= 1 */
    fmpq_t exponent; /* >= 0 */
    uint64_t count;  /* >= 1 */
} sb_shift_group;

typedef struct sb_shift {
    uint64_t dimension;
    sb_shift_group *group; /* of pairwise different lengths, increasing for rational ones; none for v = 0 */
    size_t group_count;    /* coordinates that are not in a group are 0 */
} sb_shift;

void sb_shift_init(sb_shift *shift); /* dimension 1, v = 0 */
void sb_shift_clear(sb_shift *shift);

/* Replaces the shift by `count` coordinates of length base * root^-exponent in dimension d; base 0 is v = 0. */
sb_status sb_shift_set(sb_shift *shift, uint64_t dimension, uint64_t count, const fmpq_t base, uint64_t root,
                       const fmpq_t exponent, sb_error *error);

/* Equal coordinates with |v|_p = radius: radius * d^(-1/p). */
sb_status sb_shift_set_equal(sb_shift *shift, uint64_t dimension, const sb_exact *norm, const fmpq_t radius,
                             sb_error *error);

/* Reads the text above; `dimension` 0 takes it from the file (.npy), else a file of another length is SB_BAD_INPUT.
   Equal absolute values of a file are put together. */
sb_status sb_shift_parse(sb_shift *shift, const char *text, uint64_t dimension, sb_error *error);

/* length := that of group `index`. */
void sb_shift_length(arb_t length, const sb_shift *shift, size_t index, slong precision);

/* length := |v|_2; largest := max |v_i|. */
void sb_shift_euclidean(arb_t length, const sb_shift *shift, slong precision);
void sb_shift_largest(arb_t largest, const sb_shift *shift, slong precision);

#endif
