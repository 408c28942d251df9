/* What is necessary for any noise and what some noise can do with, over delta, for p = inf: E||eta||_2^2
   divided by (eps d)^2. Necessary: Theorem 1.2, m(delta), and the best bound in two dimensions. Sufficient:
   Corollary B.3; Gaussian noise, 1/(4 z^2); and T(delta), which is the same up to delta0, and then the noise
   that is 0 with probability 1-w, w = (1-delta)/(1-delta0), and else Gaussian noise made for delta0: its
   total variation is at most 1-w + w delta0 = delta (docs/theory/every-dimension.md, asymptotic.md). */
#include "bounds/sharp.h"
#include "plots/bound_values.h"
#include "plots/figures.h"
#include "plots/gnuplot_text.h"

enum { STEPS = 400, DIGITS = 9 }; /* delta = k/STEPS */

/* One curve or band: the sources of its lower and upper line. */
typedef struct {
    const char *name, *necessary, *sufficient; /* NULL: the best of all; T */
    uint64_t dimension;                        /* where it matters */
    int step;                                  /* in k */
} band;

static const band bands[] = {{"paper", "thm-1.2", "cor-B.3", 1, 1},
                             {"one-shift", "sharp-1.2", NULL, 1, 1},
                             {"gaussian", "sharp-1.2", "gaussian-exact", 1, 1},
                             {"3072", NULL, NULL, 3072, 4},
                             {"150528", NULL, NULL, 150528, 4}};

/* *power := E||eta||_2^2/(eps d)^2 of that source, for eps = 1. */
static sb_status power_of(double *power, const char *source, const sb_parameters *parameters,
                          sb_error *error) {
    double rms;
    sb_status status = sb_rms_of(&rms, source, parameters, error);
    *power = rms * rms / (double)parameters->dimension;
    return status;
}

static sb_status limit(double *power, const fmpq_t delta, sb_error *error) {
    arb_t value;
    arb_init(value);
    sb_status status = sb_enclose(value, sb_sharp_T, delta, DIGITS, error);
    *power = arf_get_d(arb_midref(value), ARF_RND_NEAR);
    arb_clear(value);
    return status;
}

static sb_status put_band(sb_text *data, const band *b, sb_parameters *parameters, sb_error *error) {
    sb_status status = SB_OK;
    parameters->dimension = b->dimension;
    for (int k = b->step; k < STEPS && !status; k += b->step) {
        double low, high;
        fmpq_set_si(parameters->delta, k, STEPS);
        status = power_of(&low, b->necessary, parameters, error);
        if (!status)
            status = b->sufficient ? power_of(&high, b->sufficient, parameters, error)
                                   : limit(&high, parameters->delta, error);
        if (!status) sb_text_format(data, "%s\t%g\t%.9g\t%.9g\n", b->name, (double)k / STEPS, low, high);
    }
    return status;
}

sb_status sb_gap_against_delta_prepare(const sb_figure_options *options, sb_figure_input *input,
                                       sb_error *error) {
    (void)options;
    sb_parameters parameters;
    sb_parameters_init(&parameters);
    parameters.norm.infinite = 1;
    sb_text_append(&input->data, "band\tdelta\tnecessary\tsufficient\n");
    sb_status status = SB_OK;
    for (size_t i = 0; i < sizeof bands / sizeof bands[0] && !status; i++)
        status = put_band(&input->data, &bands[i], &parameters, error);
    sb_parameters_clear(&parameters);
    sb_gnuplot_set_label(
        &input->values, "setting",
        "Second moment of noise with total variation at most delta over every shift of l_inf length eps");
    sb_gnuplot_set_label(&input->values, "foot",
                         "From delta = 0.766 on, Gaussian noise mixed with none at all needs less than "
                         "Gaussian noise alone.  All bounds are certified.");
    return status;
}
