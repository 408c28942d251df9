/* d, p, eps, delta as exact numbers, and the ranges in which the question makes sense at all. The domains of
 * single theorems are theirs. */
#include "bounds/parameters.h"

#include <stdlib.h>

static const uint64_t most_dimension = (uint64_t)1 << 62;

void sb_parameters_init(sb_parameters *parameters) {
    parameters->dimension = 1;
    sb_exact_init(&parameters->norm);
    fmpq_init(parameters->radius);
    fmpq_init(parameters->delta);
    fmpq_set_si(parameters->norm.value, 2, 1);
    fmpq_one(parameters->radius);
    fmpq_set_si(parameters->delta, 1, 2);
}

void sb_parameters_clear(sb_parameters *parameters) {
    sb_exact_clear(&parameters->norm);
    fmpq_clear(parameters->radius);
    fmpq_clear(parameters->delta);
}

void sb_parameters_set(sb_parameters *parameters, const sb_parameters *other) {
    parameters->dimension = other->dimension;
    sb_exact_set(&parameters->norm, &other->norm);
    fmpq_set(parameters->radius, other->radius);
    fmpq_set(parameters->delta, other->delta);
}

/* "p '0.3': must be ..." with the value as it was given (or, when that is NULL, as an exact fraction). */
static sb_status refuse(const char *name, const char *given, const sb_exact *value, const char *why,
                        sb_error *error) {
    char *shown = given ? NULL : sb_exact_print(value);
    sb_status status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': %s", name,
                               given   ? given
                               : shown ? shown
                                       : "?",
                               why);
    free(shown);
    return status;
}

static sb_status refuse_rational(const char *name, const char *given, const fmpq_t value, const char *why,
                                 sb_error *error) {
    sb_exact exact;
    sb_exact_init(&exact);
    fmpq_set(exact.value, value);
    sb_status status = refuse(name, given, &exact, why, error);
    sb_exact_clear(&exact);
    return status;
}

static sb_status check_norm(const sb_exact *norm, const char *given, sb_error *error) {
    if (norm->infinite > 0 || (!norm->infinite && fmpq_cmp_ui(norm->value, 1) >= 0)) return SB_OK;
    return refuse("p", given, norm, "must be a rational >= 1, or inf", error);
}

static sb_status check_radius(const fmpq_t radius, const char *given, sb_error *error) {
    if (fmpq_sgn(radius) > 0) return SB_OK;
    return refuse_rational(
        "eps", given, radius,
        fmpq_sgn(radius) ? "must be positive" : "must be positive (a shift of 0 needs no noise)", error);
}

static sb_status check_delta(const fmpq_t delta, const char *given, sb_error *error) {
    if (fmpq_sgn(delta) > 0 && fmpq_cmp_ui(delta, 1) < 0) return SB_OK;
    const char *why = "must lie strictly between 0 and 1";
    if (fmpq_is_zero(delta))
        why = "must lie strictly between 0 and 1 (no noise has total variation 0 under a non-zero shift)";
    if (fmpq_is_one(delta))
        why = "must lie strictly between 0 and 1 (every noise has total variation at most 1)";
    return refuse_rational("delta", given, delta, why, error);
}

sb_status sb_parameters_check(const sb_parameters *parameters, sb_error *error) {
    if (parameters->dimension < 1 || parameters->dimension > most_dimension)
        return sb_fail(error, SB_BAD_INPUT, "d '%llu': must be from 1 to 2^62",
                       (unsigned long long)parameters->dimension);
    sb_status status = check_norm(&parameters->norm, NULL, error);
    if (!status) status = check_radius(parameters->radius, NULL, error);
    if (!status) status = check_delta(parameters->delta, NULL, error);
    return status;
}

/* A finite number. */
static sb_status parse_rational(const char *name, const char *text, fmpq_t value, sb_error *error) {
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = sb_exact_parse(name, text, &number, error);
    if (!status && number.infinite) status = refuse(name, text, &number, "must be finite", error);
    if (!status) fmpq_set(value, number.value);
    sb_exact_clear(&number);
    return status;
}

sb_status sb_parameters_parse(sb_parameters *parameters, const char *dimension, const char *norm,
                              const char *radius, const char *delta, sb_error *error) {
    sb_status status = sb_dimension_parse("d", dimension, &parameters->dimension, error);
    if (!status) status = sb_exact_parse("p", norm, &parameters->norm, error);
    if (!status) status = check_norm(&parameters->norm, norm, error);
    if (!status) status = parse_rational("eps", radius, parameters->radius, error);
    if (!status) status = check_radius(parameters->radius, radius, error);
    if (!status) status = parse_rational("delta", delta, parameters->delta, error);
    if (!status) status = check_delta(parameters->delta, delta, error);
    return status;
}

void sb_reciprocal_norm(fmpq_t reciprocal, const sb_exact *norm) {
    if (norm->infinite)
        fmpq_zero(reciprocal);
    else
        fmpq_inv(reciprocal, norm->value);
}
