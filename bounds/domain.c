/* A theorem that does not speak at given parameters is SB_OUTSIDE, with what it needs: no error of the
 * user's.
 */
#include "bounds/domain.h"

#include <stdlib.h>

static sb_status refuse(const char *statement, const char *need, const sb_parameters *parameters,
                        sb_error *error) {
    char *norm = sb_exact_print(&parameters->norm);
    sb_status status = sb_fail(error, SB_OUTSIDE, "%s %s; got p = %.60s", statement, need, norm ? norm : "?");
    free(norm);
    return status;
}

sb_status sb_domain_norm_from_two(const char *statement, const sb_parameters *parameters, sb_error *error) {
    if (parameters->norm.infinite || fmpq_cmp_ui(parameters->norm.value, 2) >= 0) return SB_OK;
    return refuse(statement, "needs p >= 2", parameters, error);
}

sb_status sb_domain_norm_two(const char *statement, const sb_parameters *parameters, sb_error *error) {
    if (!parameters->norm.infinite && fmpq_cmp_ui(parameters->norm.value, 2) == 0) return SB_OK;
    return refuse(statement, "needs p = 2", parameters, error);
}

sb_status sb_domain_norm_above_two(const char *statement, const sb_parameters *parameters, sb_error *error) {
    if (parameters->norm.infinite || fmpq_cmp_ui(parameters->norm.value, 2) > 0) return SB_OK;
    return refuse(statement, "needs p > 2", parameters, error);
}

sb_status sb_domain_cube(const char *statement, const sb_parameters *parameters, sb_error *error) {
    if (parameters->norm.infinite || parameters->dimension == 1) return SB_OK;
    return refuse(statement, "needs p = inf (or d = 1)", parameters, error);
}
