/* The least noise, by linear programs (bounds/extremal.h). For p = inf and small dimensions: E||eta||_2^2 of
   the least law on the points with all coordinates even or all odd multiples of eps, for shifts to the
   corners of the cube, divided by that of Gaussian noise. For small delta the bound from one shift is 1/12
   over 1/(2 pi) = pi/6 of the latter. And for d = 1 a density that keeps its promise for all shifts up to
   eps: the least law on a lattice, each mass spread over its cell. */
#include "bounds/extremal.h"
#include "plots/bound_values.h"
#include "plots/figures.h"
#include "plots/gnuplot_text.h"

#include <math.h>
#include <stdlib.h>

enum { CELLS = 24, EXTENT = 2 * CELLS }; /* cells of length 2 eps/CELLS; half-cells to both sides of 0 */

/* 1/delta is odd, so that the least law on the line is centred at a point of the lattice. */
static const struct { unsigned steepness, last; /* 1/delta, the largest d */ } series[] = {{3, 9}, {5, 6}};

typedef struct {
    double power, least; /* E eta^2/eps^2 of the density, and what no law has less of */
} density_moments;

/* Rows: 1/delta, d, E||eta||_2^2 over that of Gaussian noise. */
static sb_status put_series(sb_text *data, unsigned steepness, unsigned last, sb_error *error) {
    double sigma;
    sb_parameters parameters;
    sb_extremal_problem problem;
    sb_parameters_init(&parameters); /* d = 1, eps = 1 */
    sb_extremal_problem_init(&problem);
    problem.grid = SB_EXTREMAL_PARITY;
    fmpq_set_si(problem.delta, 1, steepness);
    fmpq_set(parameters.delta, problem.delta);
    sb_status status = sb_rms_of(&sigma, "gaussian-exact", &parameters, error);
    for (unsigned d = 1; d <= last && !status; d++) {
        sb_extremal least;
        sb_extremal_init(&least);
        problem.dimension = d;
        status = sb_extremal_find(&least, &problem, NULL, NULL, error);
        if (!status)
            sb_text_format(data, "%u\t%u\t%.9g\n", steepness, d, fmpq_get_d(least.hi) / pow(sigma * d, 2));
        sb_extremal_clear(&least);
    }
    sb_extremal_problem_clear(&problem);
    sb_parameters_clear(&parameters);
    return status;
}

/* The point k eps/CELLS spreads its mass over the half-cells on both sides of it. */
static void spread(double density[2 * EXTENT + 1], int k, double mass) {
    for (int j = EXTENT + k - 1; j <= EXTENT + k; j++)
        if (j >= 0 && j < 2 * EXTENT) density[j] += mass * CELLS / 2;
}

/* Rows: "law", x/eps, density: the outline, two rows where it jumps. */
static sb_status put_density(sb_text *data, density_moments *moments, sb_error *error) {
    double density[2 * EXTENT + 1] = {0};
    fmpq_t value;
    sb_extremal least;
    sb_extremal_problem problem;
    fmpq_init(value);
    sb_extremal_init(&least);
    sb_extremal_problem_init(&problem); /* d = 1, delta = 1/2 */
    problem.grid = CELLS;
    problem.every_shift = 1;
    sb_status status = sb_extremal_find(&least, &problem, NULL, NULL, error);
    if (!status) {
        sb_extremal_every_length(value, &least, &problem);
        moments->power = fmpq_get_d(value);
        sb_extremal_every_law(value, &least, &problem);
        moments->least = fmpq_get_d(value);
        for (size_t i = 0; i < least.count; i++) {
            spread(density, least.point[i], fmpq_get_d(least.mass + i));
            if (least.point[i]) spread(density, -least.point[i], fmpq_get_d(least.mass + i));
        }
        for (int j = 1; j <= 2 * EXTENT; j++)
            for (int i = j - 1; i <= j && fabs(density[j] - density[j - 1]) > 1e-9; i++)
                sb_text_format(data, "law\t%.9g\t%.9g\n", (double)(j - EXTENT) / CELLS, density[i]);
    }
    fmpq_clear(value);
    sb_extremal_clear(&least);
    sb_extremal_problem_clear(&problem);
    return status;
}

static sb_status put_values(sb_text *values, const density_moments *moments, sb_error *error) {
    double sigma;
    sb_parameters parameters;
    sb_parameters_init(&parameters); /* d = 1, eps = 1, delta = 1/2 */
    sb_status status = sb_rms_of(&sigma, "gaussian-exact", &parameters, error);
    sb_parameters_clear(&parameters);
    if (status) return status;
    char *foot =
        sb_format("Left: on the points with all coordinates even or all odd multiples of eps, for shifts "
                  "to the corners.  Right: none has less than %.3f.",
                  floor(1000 * moments->least) / 1000);
    if (!foot) return sb_fail_memory(error);
    sb_text_format(values, "sigma = %.9g\npower = %.9g\n", sigma, moments->power);
    sb_gnuplot_set_label(
        values, "setting",
        "Exact optima for noise with total variation at most delta over shifts of l_inf length eps");
    sb_gnuplot_set_label(values, "foot", foot);
    free(foot);
    return SB_OK;
}

sb_status sb_extremal_noise_prepare(const sb_figure_options *options, sb_figure_input *input,
                                    sb_error *error) {
    density_moments moments = {0};
    sb_status status = SB_OK;
    (void)options;
    sb_text_append(&input->data, "part\tx\tvalue\n");
    for (size_t i = 0; i < sizeof series / sizeof series[0] && !status; i++)
        status = put_series(&input->data, series[i].steepness, series[i].last, error);
    if (!status) status = put_density(&input->data, &moments, error);
    return status ? status : put_values(&input->values, &moments, error);
}
