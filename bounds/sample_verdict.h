/* Samples against the bounds: can this noise have TV(D, D + v) <= delta for all |v|_p <= eps? Every such
   noise satisfies Theorem 1.2 and Lemma C.1, each also in its sharp form (bounds/sharp.h), and Lemma 3.7,
   which say that certain means are at least so large. Where a simultaneous upper confidence bound on those
   means lies below, the promise is refuted at that confidence; else the samples are consistent with it, and
   never more than that.

   The confidence 1 - alpha is shared by all comparisons (union bound): alpha/4 each for E||eta||_2^2,
   E||eta||_2 and E max|eta_i|, and alpha/(4d) for every E eta_i^2. Upper bounds u_i that all hold give the
   sorted second moments: E eta_(r)^2 is at most the r-th largest u_i. */
#ifndef SB_BOUNDS_SAMPLE_VERDICT_H
#define SB_BOUNDS_SAMPLE_VERDICT_H

#include "bounds/bound.h"
#include "distributions/sample_statistics.h"

typedef struct {
    const sb_bound *bound; /* the statement */
    uint64_t rank;         /* of the sorted coordinates (1: largest); 0: not about one */
    double measured; /* the mean of the samples; for a rank, that of the coordinate with the r-th largest
                        upper bound */
    double upper;    /* the upper confidence bound */
    arb_t needed;    /* what the statement demands */
    int rational;    /* it is known exactly: */
    fmpq_t exact;
    int refuted; /* upper < needed */
} sb_sample_comparison;

typedef struct {
    sb_sample_comparison *row; /* ranks 1, 2, 4, ..., d and the one where upper/needed is least */
    size_t count, tightest;    /* tightest: index of that row */
    int refuted;               /* any */
    uint64_t refuted_ranks;
    int exact; /* the upper bounds hold for every n; else they rest on estimated fourth moments (asymptotic)
                */
} sb_sample_verdict;

void sb_sample_verdict_init(sb_sample_verdict *verdict);
void sb_sample_verdict_clear(sb_sample_verdict *verdict);

/* `noise`: whose samples they are, so that its moments are known and the confidence is exact; NULL: second
   moments of the variables are estimated from the samples themselves. SB_OUTSIDE for p < 2. */
sb_status sb_sample_verdict_reach(sb_sample_verdict *verdict, const sb_sample_statistics *statistics,
                                  const sb_noise_spec *noise, const sb_parameters *parameters, double alpha,
                                  sb_error *error);

#endif
