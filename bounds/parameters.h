/* What every statement of the paper is about: dimension d, attack norm l_p of radius eps, total variation
 * bound (or score gap) delta. */
#ifndef SB_BOUNDS_PARAMETERS_H
#define SB_BOUNDS_PARAMETERS_H

#include "support/enclosure.h"
#include "support/exact.h"
#include "support/status.h"

#include <stdint.h>

typedef struct {
    uint64_t dimension; /* d, 1 .. 2^62 */
    sb_exact norm;      /* p, rational >= 1 or inf */
    fmpq_t radius;      /* eps > 0, in the units of the input */
    fmpq_t delta;       /* 0 < delta < 1 */
} sb_parameters;

void sb_parameters_init(sb_parameters *parameters); /* d = 1, p = 2, eps = 1, delta = 1/2 */
void sb_parameters_clear(sb_parameters *parameters);
void sb_parameters_set(sb_parameters *parameters, const sb_parameters *other);

/* Reads the four from text; each is checked against the range above. SB_BAD_INPUT names the offending value.
 */
sb_status sb_parameters_parse(sb_parameters *parameters, const char *dimension, const char *norm,
                              const char *radius, const char *delta, sb_error *error);
/* Checks values that were set by hand. */
sb_status sb_parameters_check(const sb_parameters *parameters, sb_error *error);

/* reciprocal := 1/p, with 1/inf = 0. */
void sb_reciprocal_norm(fmpq_t reciprocal, const sb_exact *norm);

#endif
