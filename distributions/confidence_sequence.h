/* The mean of independent variables in [0, 1], as a confidence sequence: intervals of which all together, for
   every number of observations, contain the mean with probability at least 1 - alpha. So one may look at any
   time and stop at will. It is the predictable plug-in empirical-Bernstein sequence of Waudby-Smith and
   Ramdas, "Estimating means of bounded random variables by betting", J. R. Stat. Soc. B 86, 2024 (Theorem 2).
   In double, hence not an enclosure. */
#ifndef SB_DISTRIBUTIONS_CONFIDENCE_SEQUENCE_H
#define SB_DISTRIBUTIONS_CONFIDENCE_SEQUENCE_H

#include <stdint.h>

typedef struct {
    double log_level; /* log(2/alpha) */
    uint64_t planned, count;
    double sum, squares;               /* of x_i, and of (x_i - mean after i)^2 */
    double weight, weighted_sum, cost; /* sums of lambda_i, lambda_i x_i, v_i psi(lambda_i) */
    double low, high;                  /* the intersection of the intervals so far */
} sb_confidence_sequence;

/* 0 < alpha < 1. `planned`: the number of observations (>= 1) at which the interval is to be narrow; it is
   valid at every other number too. */
void sb_confidence_sequence_init(sb_confidence_sequence *sequence, double alpha, uint64_t planned);

void sb_confidence_sequence_add(sb_confidence_sequence *sequence, double x); /* 0 <= x <= 1 */

#endif
