/* Exact checks, in integers, that the rows of a matrix of signs are orthogonal. Each says what it looked at;
   a matrix with one wrong sign is refuted by each of them (a probe: with a probability of at least 254/255 a
   vector). */
#ifndef SB_BOUNDS_HADAMARD_CHECK_H
#define SB_BOUNDS_HADAMARD_CHECK_H

#include "bounds/hadamard_transform.h"
#include "bounds/verdict.h"

#include <stdio.h>

enum {
    SB_GRAM_AT_ONCE = 2048 /* orders up to this are multiplied out in well under a second */
};

typedef struct {
    FILE *progress;       /* NULL: silent */
    int (*proceed)(void); /* NULL, or: 0 stops with SB_INTERRUPTED */
} sb_check_watch;

/* *orthogonal := whether the Gram matrix is order * identity, by OpenBLAS in blocks: all its sums are of +-1
   and at most 2^15, exact in single precision in any order and for any number of threads. Else *row and
   *other are a pair whose product is wrong. */
sb_status sb_sign_gram(const sb_sign_matrix *matrix, const sb_check_watch *watch, int *orthogonal,
                       uint64_t *row, uint64_t *other, sb_error *error);

typedef struct {
    sb_verdict verdict; /* SB_PROVED, SB_REFUTED; SB_CONSISTENT: probes alone */
    sb_text evidence;   /* a phrase for each check, joined by "; " */
} sb_hadamard_finding;

void sb_hadamard_finding_init(sb_hadamard_finding *finding); /* SB_SKIPPED */
void sb_hadamard_finding_clear(sb_hadamard_finding *finding);

/* Each check adds to the finding: refuted stays refuted, proved stays proved.

   gram: every pair of rows of the whole matrix, by OpenBLAS and by counting bits. Orders up to
   SB_SIGN_ORDER_LIMIT, else SB_OUTSIDE. */
sb_status sb_hadamard_check_gram(const sb_hadamard *hadamard, const sb_check_watch *watch,
                                 sb_hadamard_finding *finding, sb_error *error);

/* factors: the same for every Paley core of order up to SB_GRAM_AT_ONCE, sb_paley_sums_hold for larger ones;
   Sylvester's by Lemma 3.5, and their Kronecker product by its two-line proof. */
sb_status sb_hadamard_check_factors(const sb_hadamard *hadamard, const sb_check_watch *watch,
                                    sb_hadamard_finding *finding, sb_error *error);

/* transform: H^T (H x) = order x and ||H x||_2^2 = order ||x||_2^2 for `probes` vectors x of random integers,
   by fast products in 64-bit integers. Orders up to SB_PROBE_ORDER_LIMIT, else SB_OUTSIDE. */
enum { SB_PROBE_ORDER_LIMIT = 1 << 24 };
sb_status sb_hadamard_check_transform(const sb_hadamard *hadamard, uint64_t probes, uint64_t seed,
                                      const sb_check_watch *watch, sb_hadamard_finding *finding,
                                      sb_error *error);

#endif
