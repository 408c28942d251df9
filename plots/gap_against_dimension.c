/* Sufficient over necessary, as second moments, against dimension: Gaussian noise with the least sigma
   divided by the best bound on any noise, for several p and two values of delta. It tends to 1 (docs/theory/
   asymptotic.md); m(delta) alone keeps it at 1/(4 z^2 m). */
#include "plots/bound_values.h"
#include "plots/figures.h"
#include "plots/gnuplot_text.h"

#include <math.h>
#include <stdlib.h>

enum { LAST = 44, PANELS = 2, CURVES = 4 }; /* d: 2^0, 2^(1/2), ..., 2^(LAST/2), rounded */

static const char *const norm[CURVES] = {"2", "3", "4", "inf"};
static const char *const delta[PANELS] = {"1/10", "1/2"};

/* Rows: p and delta, d, the ratio. */
static sb_status put_curve(sb_text *data, int panel, int curve, sb_error *error) {
    sb_parameters parameters;
    sb_parameters_init(&parameters);
    sb_status status = sb_parameters_parse(&parameters, "1", norm[curve], "1", delta[panel], error);
    for (int k = 0; k <= LAST && !status; k += k ? 1 : 2) { /* 2^(1/2) rounds to 1 */
        double needed, enough;
        parameters.dimension = (uint64_t)lround(exp2(k / 2.0));
        status = sb_rms_of(&needed, NULL, &parameters, error);
        if (!status) status = sb_rms_of(&enough, "gaussian-exact", &parameters, error);
        if (!status)
            sb_text_format(data, "p=%s,%s\t%llu\t%.9g\n", norm[curve], delta[panel],
                           (unsigned long long)parameters.dimension, pow(enough / needed, 2));
    }
    sb_parameters_clear(&parameters);
    return status;
}

/* Two ratios that no dimension changes: Gaussian noise over the bound from one shift, and Corollary B.3 over
   Theorem 1.2. */
static sb_status constant_ratios(double *one_shift, double *paper, const char *of_delta, sb_error *error) {
    double gaussian, sharp, corollary, theorem;
    sb_parameters parameters;
    sb_parameters_init(&parameters);
    sb_status status = sb_parameters_parse(&parameters, "1", "inf", "1", of_delta, error);
    if (!status) status = sb_rms_of(&gaussian, "gaussian-exact", &parameters, error);
    if (!status) status = sb_rms_of(&sharp, "sharp-1.2", &parameters, error);
    if (!status) status = sb_rms_of(&corollary, "cor-B.3", &parameters, error);
    if (!status) status = sb_rms_of(&theorem, "thm-1.2", &parameters, error);
    if (!status) {
        *one_shift = pow(gaussian / sharp, 2);
        *paper = pow(corollary / theorem, 2);
    }
    sb_parameters_clear(&parameters);
    return status;
}

static sb_status put_values(sb_text *values, sb_error *error) {
    double one_shift[PANELS], paper[PANELS];
    for (int i = 0; i < PANELS; i++) {
        char name[24];
        sb_status status = constant_ratios(&one_shift[i], &paper[i], delta[i], error);
        if (status) return status;
        sb_text_format(values, "one_shift_%d = %.6g\n", i + 1, one_shift[i]);
        snprintf(name, sizeof name, "delta_%d", i + 1);
        sb_gnuplot_set_string(values, name, delta[i]);
    }
    char *foot = sb_format(
        "Dashed: the bound from one shift alone.  The bounds of the paper are a factor of %.0f (left) "
        "and %.0f (right) apart, for every d.",
        paper[0], paper[1]);
    if (!foot) return sb_fail_memory(error);
    sb_gnuplot_set_label(values, "foot", foot);
    free(foot);
    sb_gnuplot_set_label(
        values, "setting",
        "Second moment of Gaussian noise divided by the best bound on any noise, for shifts in l_p");
    return SB_OK;
}

sb_status sb_gap_against_dimension_prepare(const sb_figure_options *options, sb_figure_input *input,
                                           sb_error *error) {
    (void)options;
    sb_text_append(&input->data, "curve\td\tratio\n");
    sb_status status = put_values(&input->values, error);
    for (int panel = 0; panel < PANELS && !status; panel++)
        for (int curve = 0; curve < CURVES && !status; curve++)
            status = put_curve(&input->data, panel, curve, error);
    return status;
}
