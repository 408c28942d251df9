/* Lower bounds for noise on a lattice, as certificates that are checked in exact rationals by code that
   shares nothing with the search for them (docs/theory/full-shift.md). Lengths are in steps of the lattice:
   its points are all of Z^d, or those with all coordinates even or all odd. */
#ifndef SB_BOUNDS_EXTREMAL_DUAL_H
#define SB_BOUNDS_EXTREMAL_DUAL_H

#include "support/arb_compat.h"
#include "support/status.h"

#include <stddef.h>
#include <stdint.h>

enum { SB_DUAL_DIMENSION = 12, SB_DUAL_SQUARE = 1 << 26 };

/* The value of a test at the points y with sorted |y_i| as in `near` and sorted |y_i - step| as in `far`
   (falling order); it is price - weight at those with near and far swapped. */
typedef struct {
    size_t shift;
    int near[SB_DUAL_DIMENSION], far[SB_DUAL_DIMENSION]; /* 0 from the dimension on */
    fmpq_t weight;                                       /* between 0 and the price of the shift */
} sb_dual_test;

/* Shift number j is by (step_j, ..., step_j) up to signs. Its test is given by the entries `test`, and
   elsewhere by price_j, price_j/2 or 0, as y is nearer to 0 than y - (step_j, ..., step_j) is, as near, or
   farther. */
typedef struct {
    unsigned dimension; /* 1 to SB_DUAL_DIMENSION */
    int same_parity;    /* the lattice: coordinates all even or all odd */
    size_t shift_count;
    int *step;              /* shift_count, each >= 1 */
    fmpq *price;            /* shift_count, each >= 0 */
    fmpq_t level;           /* at most square_radius */
    uint64_t square_radius; /* near and far of each entry lie in this ball; at most SB_DUAL_SQUARE */
    sb_dual_test *test;     /* test_count entries; sb_dual_check sorts them */
    size_t test_count;
} sb_extremal_dual;

void sb_dual_init(sb_extremal_dual *dual); /* no shifts, no entries */
void sb_dual_clear(sb_extremal_dual *dual);

/* Room for that many shifts and entries, all 0. */
sb_status sb_dual_allocate(sb_extremal_dual *dual, size_t shift_count, size_t test_count, sb_error *error);

/* bound := level - delta sum price_j, after a check of the whole certificate: then
     E||eta||_2^2 >= bound for every law of eta on the (infinite) lattice
   for which the mean of TV(D, D + step_j s) over s in {-1,1}^d is at most delta for each j. SB_OUTSIDE, with
   the point where it fails, for a certificate that proves nothing. */
sb_status sb_dual_check(fmpq_t bound, sb_extremal_dual *dual, const fmpq_t delta, sb_error *error);

/* level := the largest for which the rest of the certificate can hold. */
sb_status sb_dual_settle(sb_extremal_dual *dual, sb_error *error);

#endif
