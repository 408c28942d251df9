/* Total variation from random samples: a check of the certified methods, and a method for noise that has no
   other. The results hold with the stated confidence; they are no enclosures. */
#ifndef SB_DISTRIBUTIONS_SAMPLED_TV_H
#define SB_DISTRIBUTIONS_SAMPLED_TV_H

#include "distributions/total_variation.h"

/* TV(D, D + v) for product noise with a density, as an interval that holds with options->confidence (in (0,
   1)), from options->samples samples (1 to 10^12), the samples 0, 1, ... of sb_noise_draw with options->seed:
   their coordinates that v moves. Valid whatever the number of samples (distributions/confidence_sequence.h).
   Losses are summed in double; that error, of the order 1e-16 a coordinate, is not in the interval.
   SB_OUTSIDE for dependent coordinates, atoms, or more than 2^32 moved coordinates; SB_INTERRUPTED when
   options->proceed says so. */
sb_status sb_sampled_total_variation(sb_tv_result *result, const sb_noise_spec *noise, const sb_shift *shift,
                                     const sb_tv_options *options, sb_error *error);

/* A lower bound on TV(P, Q) from any classifier that tells the two apart: of `count_p` independent draws of P
   it called `correct_p` P, of `count_q` draws of Q `correct_q` Q. For the set A where it says P, TV >= P(A) -
   Q(A) = P(A) + Q(not A) - 1, with Clopper-Pearson lower bounds at level alpha/2 for both terms, and 0 where
   the sum is negative. bound := an enclosure of that number, to `digits` digits of the two terms; TV is at
   least as large with probability at least 1 - alpha, whatever the classifier, as long as the draws had no
   part in making it. SB_OUTSIDE as sb_clopper_pearson_lower. */
sb_status sb_classifier_tv_lower(arb_t bound, uint64_t count_p, uint64_t correct_p, uint64_t count_q,
                                 uint64_t correct_q, const fmpq_t alpha, int digits, sb_error *error);

#endif
