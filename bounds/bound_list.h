/* All bounds in the order of a printed table: what any noise must have, then what suffices. */
#ifndef SB_BOUNDS_BOUND_LIST_H
#define SB_BOUNDS_BOUND_LIST_H

#include "bounds/bound.h"

#include <stddef.h>

size_t sb_bound_count(void);
const sb_bound *sb_bound_at(size_t index); /* NULL past the end */

/* The first row of that source and quantity, or NULL. */
const sb_bound *sb_bound_find(const char *source, const char *quantity);

/* value := an enclosure of the bound with relative radius below 10^-(digits+3). SB_OUTSIDE and the reason
 * where the statement does not speak. */
sb_status sb_bound_evaluate(arb_t value, const sb_bound *bound, const sb_parameters *parameters, int digits,
                            sb_error *error);

/* The largest lower bound on the rms noise that any noise with that promise must have, and its row (of equal
   ones the first). */
sb_status sb_bound_best_necessary(arb_t rms, const sb_bound **best, const sb_parameters *parameters,
                                  sb_promise promise, int digits, sb_error *error);

#endif
