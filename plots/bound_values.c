#include "plots/bound_values.h"

#include "bounds/bound_list.h"
#include "bounds/domain.h"
#include "bounds/gaussian.h"
#include "bounds/noise_magnitude.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_DIGITS = 9 };

sb_status sb_necessary_rms(arb_t rms, const sb_parameters *parameters, int digits, sb_error *error) {
    sb_status status = sb_domain_norm_from_two("Theorem 1.2", parameters, error);
    return status ? status : sb_enclose(rms, sb_theorem_1_2_rms, parameters, digits, error);
}

sb_status sb_sufficient_sigma(arb_t sigma, const sb_parameters *parameters, int digits, sb_error *error) {
    return sb_enclose(sigma, sb_gaussian_sigma, parameters, digits, error);
}

sb_status sb_rms_of(double *rms, const char *source, const sb_parameters *parameters, sb_error *error) {
    const sb_bound *best;
    arb_t value;
    arb_init(value);
    sb_status status =
        source ? sb_bound_evaluate(value, sb_bound_find(source, "rms"), parameters, SHOWN_DIGITS, error)
               : sb_bound_best_necessary(value, &best, parameters, SB_PROMISE_TV, SHOWN_DIGITS, error);
    *rms = arf_get_d(arb_midref(value), ARF_RND_NEAR);
    arb_clear(value);
    return status;
}

char *sb_shown_number(const fmpq_t value) {
    char *shown = sb_rational_print(value);
    if (shown && strlen(shown) > 8) {
        free(shown);
        shown = sb_rational_decimal(value, 6, 0);
    }
    return shown;
}
