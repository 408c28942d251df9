/* The bounds that pictures of the noise show, as enclosures or as numbers. */
#ifndef SB_PLOTS_BOUND_VALUES_H
#define SB_PLOTS_BOUND_VALUES_H

#include "bounds/parameters.h"

/* rms := what Theorem 1.2 demands of sqrt(E||eta||_2^2 / d), to that many digits. SB_OUTSIDE for p < 2. */
sb_status sb_necessary_rms(arb_t rms, const sb_parameters *parameters, int digits, sb_error *error);

/* sigma := the least standard deviation of Gaussian noise whose total variation stays within delta over the
 * l_p ball. */
sb_status sb_sufficient_sigma(arb_t sigma, const sb_parameters *parameters, int digits, sb_error *error);

/* *rms := the value of the row "rms" of that source (bounds/bound_list.h), to nearest, for a picture only;
   NULL: of the best row about any noise. */
sb_status sb_rms_of(double *rms, const char *source, const sb_parameters *parameters, sb_error *error);

/* malloc'd text of a number for a label: exact when that is short, else to six digits, to nearest. NULL when
   memory is short. */
char *sb_shown_number(const fmpq_t value);

#endif
