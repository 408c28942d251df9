/* The grid is not stored: combination i is read off the digits of i in the mixed radix of the four lengths.
 */
#include "cli/parameter_grid.h"

#include "support/text.h"

#include <stdlib.h>
#include <string.h>

void sb_parameter_grid_init(sb_parameter_grid *grid) {
    grid->dimension = (sb_dimension_list){NULL, 0};
    sb_exact_list_init(&grid->norm);
    sb_exact_list_init(&grid->radius);
    sb_exact_list_init(&grid->delta);
}

void sb_parameter_grid_clear(sb_parameter_grid *grid) {
    sb_dimension_list_clear(&grid->dimension);
    sb_exact_list_clear(&grid->norm);
    sb_exact_list_clear(&grid->radius);
    sb_exact_list_clear(&grid->delta);
}

/* *text := what to read: the option's text, or a placeholder for what is solved for. */
static sb_status choose(const char **text, const char *given, const char *name, const char *option,
                        const char *placeholder, const char *leave_out, sb_error *error) {
    int out = leave_out && strcmp(leave_out, name) == 0;
    if (out && given)
        return sb_fail(error, SB_BAD_INPUT, "%s '%.60s': it is what --solve finds; leave %s out", name, given,
                       option);
    if (!out && !given)
        return sb_fail(error, SB_BAD_INPUT, "%s is missing: give %s (see --help)", name, option);
    *text = out ? placeholder : given;
    return SB_OK;
}

/* Puts every item into parameters that are fine otherwise and checks those. */
static sb_status check_items(const sb_parameter_grid *grid, sb_error *error) {
    sb_parameters parameters;
    sb_parameters_init(&parameters);
    sb_status status = SB_OK;
    for (size_t i = 0; i < grid->norm.count && !status; i++) {
        sb_exact_set(&parameters.norm, &grid->norm.item[i]);
        status = sb_parameters_check(&parameters, error);
    }
    for (size_t i = 0; i < grid->radius.count && !status; i++) {
        if (grid->radius.item[i].infinite) status = sb_fail(error, SB_BAD_INPUT, "eps 'inf': must be finite");
        fmpq_set(parameters.radius, grid->radius.item[i].value);
        if (!status) status = sb_parameters_check(&parameters, error);
    }
    for (size_t i = 0; i < grid->delta.count && !status; i++) {
        if (grid->delta.item[i].infinite)
            status = sb_fail(error, SB_BAD_INPUT, "delta 'inf': must lie strictly between 0 and 1");
        fmpq_set(parameters.delta, grid->delta.item[i].value);
        if (!status) status = sb_parameters_check(&parameters, error);
    }
    sb_parameters_clear(&parameters);
    return status;
}

/* For single values, so that a message quotes them as they were written. */
static sb_status check_singles(const sb_parameter_grid *grid, const char *p, const char *eps,
                               const char *delta, sb_error *error) {
    sb_parameters parameters;
    sb_parameters_init(&parameters);
    sb_status status = sb_parameters_parse(&parameters, "1", grid->norm.count == 1 ? p : "2",
                                           grid->radius.count == 1 ? eps : "1",
                                           grid->delta.count == 1 ? delta : "1/2", error);
    sb_parameters_clear(&parameters);
    return status;
}

/* The number of combinations, as a double: it cannot overflow. */
static double combinations(const sb_parameter_grid *grid) {
    return (double)grid->dimension.count * (double)grid->norm.count * (double)grid->radius.count *
           (double)grid->delta.count;
}

sb_status sb_parameter_grid_parse(sb_parameter_grid *grid, const sb_parameter_options *options,
                                  const char *leave_out, sb_error *error) {
    const char *d = NULL, *p = NULL, *eps = NULL, *delta = NULL;
    sb_status status = choose(&d, options->dimension, "d", "-d DIMENSION", "2", leave_out, error);
    if (!status) status = choose(&p, options->norm, "p", "-p NORM", "2", leave_out, error);
    if (!status) status = choose(&eps, options->radius, "eps", "-e EPS", "1", leave_out, error);
    if (!status) status = choose(&delta, options->delta, "delta", "--delta DELTA", "1/2", leave_out, error);
    if (!status) status = sb_dimension_list_parse("d", d, &grid->dimension, error);
    if (!status) status = sb_exact_list_parse("p", p, &grid->norm, error);
    if (!status) status = sb_exact_list_parse("eps", eps, &grid->radius, error);
    if (!status) status = sb_exact_list_parse("delta", delta, &grid->delta, error);
    if (!status) status = check_singles(grid, p, eps, delta, error);
    if (!status) status = check_items(grid, error);
    if (!status && combinations(grid) > SB_GRID_LIMIT)
        status =
            sb_fail(error, SB_BAD_INPUT, "%.0f combinations of d, p, eps and delta: at most %d at a time",
                    combinations(grid), SB_GRID_LIMIT);
    return status;
}

char *sb_exact_text(const fmpq_t value, int brief) {
    enum { LONG = 48, DIGITS = 20 };
    char *fraction = sb_rational_print(value);
    if (!fraction || strlen(fraction) <= (size_t)LONG) return fraction;
    char *down = sb_rational_decimal(value, DIGITS, -1), *up = sb_rational_decimal(value, DIGITS, 1),
         *result = fraction;
    if (down && up && strcmp(down, up) == 0)
        result = sb_duplicate(down);
    else if (brief && down)
        result = sb_format("%s...", down);
    free(down);
    free(up);
    if (result != fraction) free(fraction);
    return result;
}

size_t sb_parameter_grid_size(const sb_parameter_grid *grid) {
    return grid->dimension.count * grid->norm.count * grid->radius.count * grid->delta.count;
}

void sb_parameter_grid_get(const sb_parameter_grid *grid, size_t index, sb_parameters *parameters) {
    fmpq_set(parameters->delta, grid->delta.item[index % grid->delta.count].value);
    index /= grid->delta.count;
    fmpq_set(parameters->radius, grid->radius.item[index % grid->radius.count].value);
    index /= grid->radius.count;
    sb_exact_set(&parameters->norm, &grid->norm.item[index % grid->norm.count]);
    index /= grid->norm.count;
    parameters->dimension = grid->dimension.item[index];
}
