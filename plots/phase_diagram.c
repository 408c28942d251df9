/* The plane of p and d, coloured by the r.m.s. noise K d^(1/2-1/p) that Theorem 1.2 demands; K is its value
   at d = 1. The noise reaches a level c at log10 d = log10(c/K) / (1/2 - 1/p), a closed form, so that a level
   curve is exact and no grid is needed. The levels are 1 and 3 times the powers of ten of the pixel range;
   the curve of the range itself stands apart as the last block. A curve is cut to the picture, 10 <= d <=
   10^6. */
#include "plots/bound_values.h"
#include "plots/figures.h"
#include "plots/gnuplot_text.h"

#include <math.h>
#include <stdlib.h>

enum { DIGITS = 9, PRECISION = 160, POINTS = 96, LOWEST = 1, HIGHEST = 6, MOST_LEVELS = 8 };

typedef struct {
    arb_t scale;         /* K */
    double scale_log;    /* log10 K, for the layout */
    sb_text names, ends; /* words, one for each level: its number, and log10 d where it meets p = infinity */
    size_t levels;
    int range_levels; /* blocks of the range's own curve: 0 or 1 */
    char *gaussian;   /* the sigma that suffices for p = 2, whatever d is */
} diagram;

/* One row: `first` (the name of the block), level, 1/p, log10 d rounded up. q = 1/2 - 1/p. */
static void put_point(sb_text *data, const diagram *g, const char *first, const char *name,
                      const fmpq_t level, double q) {
    arb_t height, ten, exponent;
    arb_init(height);
    arb_init(ten);
    arb_init(exponent);
    arb_set_fmpq(height, level, PRECISION);
    arb_div(height, height, g->scale, PRECISION);
    arb_log(height, height, PRECISION);
    arb_log_ui(ten, 10, PRECISION);
    arb_div(height, height, ten, PRECISION);
    arb_set_d(exponent, q);
    arb_div(height, height, exponent, PRECISION);
    arb_set_d(ten, 0.5);
    arb_sub(exponent, ten, exponent, PRECISION);
    char *across = sb_decimal_nearest(exponent, DIGITS), *up = sb_decimal_upper(height, DIGITS);
    if (across && up)
        sb_text_format(data, "%s\t%s\t%s\t%s\n", first, name, across, up);
    else
        data->failed = 1;
    free(across);
    free(up);
    arb_clear(height);
    arb_clear(ten);
    arb_clear(exponent);
}

/* The curve of a level above K that meets the picture, as one block. */
static void put_curve(sb_text *data, const diagram *g, const char *first, const char *name,
                      const fmpq_t level) {
    double height = log10(fmpq_get_d(level)) - g->scale_log; /* log10(c/K) */
    double from = height / HIGHEST,
           to = fmin(0.5, height / LOWEST); /* q where it enters at the top, leaves below or at p = inf */
    for (int i = 0; i <= POINTS; i++)
        put_point(data, g, first, name, level, i == POINTS ? to : from + (to - from) * i / POINTS);
    if (to < 0.5) sb_text_format(data, "%s\t%s\t0\t%d\n", first, name, LOWEST); /* along the lower edge */
}

/* Whether the curve of the level lies in the picture, not within a hair of its upper right corner. */
static int is_visible(const diagram *g, double level) {
    double height = log10(level) - g->scale_log;
    return height > 0.01 && 2 * height < HIGHEST - 0.08;
}

/* level := range m 10^k, for m = 1 or 3 */
static void make_level(fmpq_t level, const fmpq_t range, slong m, slong k) {
    fmpz_t power;
    fmpq_t factor;
    fmpz_init(power);
    fmpq_init(factor);
    fmpz_ui_pow_ui(power, 10, (ulong)labs(k));
    fmpq_set_si(factor, m, 1);
    if (k < 0)
        fmpq_div_fmpz(factor, factor, power);
    else
        fmpq_mul_fmpz(factor, factor, power);
    fmpq_mul(level, range, factor);
    fmpz_clear(power);
    fmpq_clear(factor);
}

static sb_status put_level(sb_text *data, diagram *g, const fmpq_t level, sb_error *error) {
    char *name = sb_rational_decimal(level, 3, 0);
    if (!name) return sb_fail_memory(error);
    put_curve(data, g, name, name, level);
    sb_text_format(&g->names, "%s ", name);
    sb_text_format(&g->ends, "%.6f ", 2 * (log10(fmpq_get_d(level)) - g->scale_log));
    g->levels++;
    free(name);
    return SB_OK;
}

static sb_status put_levels(sb_text *data, diagram *g, const fmpq_t range, sb_error *error) {
    sb_status status = SB_OK;
    fmpq_t level;
    fmpq_init(level);
    double span = log10(fmpq_get_d(range));
    slong start = (slong)floor(g->scale_log - span);
    for (slong k = start; k <= start + 4 && !status; k++) {
        for (slong m = 1; m <= 3 && !status; m += 2) {
            make_level(level, range, m, k);
            if (g->levels < MOST_LEVELS && is_visible(g, fmpq_get_d(level)))
                status = put_level(data, g, level, error);
        }
    }
    g->range_levels = is_visible(g, fmpq_get_d(range));
    char *name = sb_rational_decimal(range, 3, 0);
    if (!name)
        status = sb_fail_memory(error);
    else if (g->range_levels)
        put_curve(data, g, "range", name, range);
    free(name);
    fmpq_clear(level);
    return status;
}

static sb_status put_values(sb_text *values, const sb_figure_options *options, const diagram *g,
                            sb_error *error) {
    char *eps = sb_shown_number(options->radius), *delta = sb_shown_number(options->delta);
    char *pixel = sb_rational_decimal(options->range, 3, 0);
    char *setting = sb_format(
        "Demanded by Theorem 1.2 for total variation at most delta = %s over shifts of l_p length eps = %s",
        delta ? delta : "", eps ? eps : "");
    char *foot =
        sb_format("A lower bound for every noise; its level curves are exact.  Pixel values in [0, %s].",
                  pixel ? pixel : "");
    int failed = !eps || !delta || !pixel || !setting || !foot;
    if (!failed) {
        sb_text_format(values, "levels = %zu\nrange_levels = %d\n", g->levels, g->range_levels);
        sb_gnuplot_set_string(values, "level_names", g->names.data);
        sb_gnuplot_set_string(values, "ends", g->ends.data);
        sb_gnuplot_set_string(values, "range_name", pixel);
        sb_gnuplot_set_string(values, "gaussian", g->gaussian);
        sb_gnuplot_set_label(values, "setting", setting);
        sb_gnuplot_set_label(values, "foot", foot);
    }
    free(eps);
    free(delta);
    free(pixel);
    free(setting);
    free(foot);
    return failed ? sb_fail_memory(error) : SB_OK;
}

sb_status sb_phase_diagram_prepare(const sb_figure_options *options, sb_figure_input *input,
                                   sb_error *error) {
    diagram g = {.levels = 0};
    sb_parameters parameters;
    arb_t sigma;
    arb_init(g.scale);
    arb_init(sigma);
    sb_text_init(&g.names);
    sb_text_init(&g.ends);
    sb_parameters_init(&parameters); /* d = 1, p = 2 */
    fmpq_set(parameters.radius, options->radius);
    fmpq_set(parameters.delta, options->delta);
    sb_status status = sb_parameters_check(&parameters, error);
    if (!status) status = sb_necessary_rms(g.scale, &parameters, 30, error);
    if (!status) status = sb_sufficient_sigma(sigma, &parameters, DIGITS, error);
    if (!status && !(g.gaussian = sb_decimal_upper(sigma, 3))) status = sb_fail_memory(error);
    if (!status) {
        g.scale_log = log10(arf_get_d(arb_midref(g.scale), ARF_RND_NEAR));
        sb_text_append(&input->data, "curve\tnoise\treciprocal_p\tlog10_d\n");
        status = put_levels(&input->data, &g, options->range, error);
    }
    if (!status) status = sb_text_status(&g.names, error);
    if (!status) status = sb_text_status(&g.ends, error);
    if (!status) status = put_values(&input->values, options, &g, error);
    sb_text_clear(&g.names);
    sb_text_clear(&g.ends);
    free(g.gaussian);
    sb_parameters_clear(&parameters);
    arb_clear(g.scale);
    arb_clear(sigma);
    return status;
}
