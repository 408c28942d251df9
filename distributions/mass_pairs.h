/* Two finite laws point by point, and the exact criterion for the robustness of every classifier (T0,
   docs/theory/robustness.md): a randomised classifier that has a gap above delta under the first law may lose
   its answer under the second if and only if delta < rho = min over lambda >= 0 of sum |here - lambda there|.
 */
#ifndef SB_DISTRIBUTIONS_MASS_PAIRS_H
#define SB_DISTRIBUTIONS_MASS_PAIRS_H

#include "distributions/finite_law.h"

/* The masses of the two laws on the points of either; a pair is not (0, 0). */
typedef struct {
    fmpq *here, *there;
    size_t count;
} sb_mass_pairs;

/* pairs := (D, D + v). The caller clears what this has set; nothing is left after a failure. */
sb_status sb_mass_pairs_shift(sb_mass_pairs *pairs, const sb_finite_law *law, const fmpq *shift,
                              sb_error *error);
void sb_mass_pairs_clear(sb_mass_pairs *pairs);

/* The two laws exchanged: for D and D + v the pairs of D and D - v, up to a translation. Borrows. */
sb_mass_pairs sb_mass_pairs_reversed(const sb_mass_pairs *pairs);

void sb_mass_pairs_distance(fmpq_t value, const sb_mass_pairs *pairs, const fmpq_t lambda);
void sb_mass_pairs_threshold(fmpq_t rho, const sb_mass_pairs *pairs);

#endif
