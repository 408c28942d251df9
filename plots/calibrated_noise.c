/* For p = inf: the rms noise of every family at the smallest scale whose total variation over the ball stays
   within delta (distributions/calibration.h), in a second panel divided by that of Gaussian noise; and what
   any noise must have, the larger of Theorem 1.2 and Lemma C.1. Where only the equal shift can be evaluated,
   the noise shown is a lower bound of what the family needs. */
#include "bounds/bound_list.h"
#include "distributions/calibration.h"
#include "plots/bound_values.h"
#include "plots/figures.h"
#include "plots/gnuplot_text.h"

#include <math.h>
#include <stdlib.h>

enum { FINE = 4, COARSE = 2, LAST = 18, MOST_ORDERS = 4, BOUND_DIGITS = 9 }; /* d = 2^0 .. 2^LAST */

/* `label` is gnuplot's enhanced text. `order`: the exponents of d that are computed, 0 first, LAST last;
   empty: all. The affinity of some families is an integral, and then a point takes up to a second. */
typedef struct {
    const char *shape, *label;
    int order[MOST_ORDERS];
} curve;

static const curve curves[] = {
    {"l2-ball", "{/:Italic ℓ}_2 ball", {0}},
    {"gaussian", "Gaussian", {0}},
    {"logistic", "logistic", {0}},
    {"gengauss:shape=4", "exp(−{/:Italic x}^4)", {0, 6, LAST}},
    {"laplace", "Laplace", {0}},
    {"student-t:nu=3", "Student, ν = 3", {0, 4, LAST}},
    {"lomax:alpha=3", "Lomax, α = 3", {0, 4, 9, LAST}},
    {"uniform", "uniform on the cube", {0}},
    {"exp-linf:k=1", "exp(−‖{/:Italic x}‖_∞)", {0}},
    {"staircase:ratio=1/2,gamma=1/2", "staircase", {0}},
    {"triangular", "triangular", {0, 6, LAST}},
    {"exp-l2:k=1", "exp(−‖{/:Italic x}‖_2)", {0, 3, 6, LAST}},
};
enum { CURVES = sizeof curves / sizeof curves[0], GAUSSIAN = 1 };

static int is_computed(const curve *c, int order) {
    for (int i = 0; i < MOST_ORDERS; i++)
        if (c->order[i] == order) return 1;
    return c->order[1] == 0;
}

typedef struct {
    double rms[CURVES][LAST + 1]; /* NaN: not computed */
    double needed[LAST + 1];
} picture;

/* *rms := that of the noise calibrated in dimension 2^order, NaN where it cannot be had. */
static sb_status calibrated_rms(double *rms, const curve *c, int order, const sb_parameters *parameters,
                                sb_error *error) {
    sb_noise_spec shape;
    sb_calibration calibration;
    sb_noise_spec_init(&shape);
    sb_calibration_init(&calibration);
    sb_status status = sb_noise_spec_parse_shape(&shape, c->shape, error);
    sb_shift_problem problem = {&shape, (uint64_t)1 << order, &parameters->norm, SB_CRITERION_TOTAL_VARIATION,
                                0};
    if (!status)
        status = sb_calibrate(&calibration, &problem, parameters->radius, parameters->delta,
                              c->order[1] ? COARSE : FINE, error);
    *rms = status ? NAN : arf_get_d(arb_midref(calibration.rms), ARF_RND_NEAR);
    sb_noise_spec_clear(&shape);
    sb_calibration_clear(&calibration);
    return status == SB_UNDECIDED ? SB_OK : status;
}

/* *needed := the larger rms of Theorem 1.2 and Lemma C.1, rounded down. */
static sb_status needed_rms(double *needed, const sb_parameters *parameters, sb_error *error) {
    static const char *const source[] = {"thm-1.2", "lemma-C.1"};
    arb_t value;
    arf_t end;
    sb_status status = SB_OK;
    arb_init(value);
    arf_init(end);
    *needed = 0;
    for (int i = 0; i < 2 && !status; i++) {
        status = sb_bound_evaluate(value, sb_bound_find(source[i], "rms"), parameters, BOUND_DIGITS, error);
        arb_get_lbound_arf(end, value, 64);
        *needed = fmax(*needed, arf_get_d(end, ARF_RND_DOWN));
    }
    arb_clear(value);
    arf_clear(end);
    return status;
}

static sb_status compute(picture *p, sb_parameters *parameters, sb_error *error) {
    sb_status status = SB_OK;
    for (int order = 0; order <= LAST && !status; order++) {
        parameters->dimension = (uint64_t)1 << order;
        status = needed_rms(&p->needed[order], parameters, error);
        for (int k = 0; k < CURVES && !status; k++) {
            p->rms[k][order] = NAN;
            if (is_computed(&curves[k], order))
                status = calibrated_rms(&p->rms[k][order], &curves[k], order, parameters, error);
        }
    }
    return status;
}

/* Rows: number of the curve, d, rms, ratio to Gaussian noise; curve 0 is what any noise must have. */
static void put_rows(sb_text *data, const picture *p) {
    sb_text_append(data, "curve\td\trms\tratio\n");
    for (int k = -1; k < CURVES; k++)
        for (int order = 0; order <= LAST; order++) {
            double rms = k < 0 ? p->needed[order] : p->rms[k][order];
            if (isfinite(rms))
                sb_text_format(data, "%d\t%ld\t%.6g\t%.6g\n", k + 1, 1L << order, rms,
                               rms / p->rms[GAUSSIAN][order]);
        }
}

/* The words at the right of the second panel: height_K (NaN: the curve has left the panel) apart from one
   another by at least `gap`, in shares of its height. */
static void put_heights(sb_text *values, const picture *p, double bottom, double top, double gap) {
    double height[CURVES];
    int order[CURVES], count = 0;
    for (int k = 0; k < CURVES; k++) {
        double ratio = p->rms[k][LAST] / p->rms[GAUSSIAN][LAST];
        height[k] = ratio < top && ratio > bottom ? log(ratio / bottom) / log(top / bottom) : NAN;
        if (!isfinite(height[k])) continue;
        int place = count++;
        for (; place > 0 && height[order[place - 1]] > height[k]; place--) order[place] = order[place - 1];
        order[place] = k;
    }
    for (int round = 0; round < 200; round++)
        for (int i = 0; i + 1 < count; i++) {
            double lack = gap - (height[order[i + 1]] - height[order[i]]);
            if (lack <= 0) continue;
            height[order[i]] -= lack / 2;
            height[order[i + 1]] += lack / 2;
        }
    for (int k = 0; k < CURVES; k++)
        if (isfinite(height[k]))
            sb_text_format(values, "height_%d = %.4f\n", k + 1, height[k]);
        else
            sb_text_format(values, "height_%d = NaN\n", k + 1);
}

static sb_status put_values(sb_text *values, const sb_figure_options *options, const picture *p,
                            sb_error *error) {
    enum { LABEL = 24 };
    double least = INFINITY, lowest = p->needed[0], highest = 0, range = fmpq_get_d(options->range);
    for (int k = 0; k < CURVES; k++) {
        least = fmin(least, p->rms[k][0] / p->rms[GAUSSIAN][0]);
        highest = fmax(highest, p->rms[k][LAST]);
    }
    double bottom = fmin(0.8 * least, 0.9), top = 4.5;
    char *eps = sb_shown_number(options->radius), *delta = sb_shown_number(options->delta);
    char *setting =
        sb_format("The least noise of each family with total variation at most delta = %s over every "
                  "shift of l_inf length eps = %s",
                  delta ? delta : "", eps ? eps : "");
    int failed = !eps || !delta || !setting;
    if (!failed) {
        sb_text_format(
            values, "curves = %d\nbottom = %.4g\ntop = %.4g\nlowest = %.6g\nhighest = %.6g\nrange = %.9g\n",
            (int)CURVES, bottom, top, lowest, highest, range);
        sb_text_format(values, "needed_end = %.6g\ngaussian_end = %.6g\n", p->needed[LAST],
                       p->rms[GAUSSIAN][LAST]);
        for (int k = 0; k < CURVES; k++) {
            char name[LABEL];
            snprintf(name, sizeof name, "label_%d", k + 1);
            sb_gnuplot_set_string(values, name, curves[k].label);
            sb_text_format(values, "last_%d = %.6g\n", k + 1, p->rms[k][LAST]);
        }
        put_heights(values, p, bottom, top, 0.07);
        sb_gnuplot_set_label(values, "setting", setting);
        sb_gnuplot_set_label(values, "foot",
                             "Scales are certified.  Student, Lomax, staircase for d > 1: at the equal shift, so "
                             "at least this.  Cauchy noise: no second moment.");
    }
    free(eps);
    free(delta);
    free(setting);
    return failed ? sb_fail_memory(error) : SB_OK;
}

sb_status sb_calibrated_noise_prepare(const sb_figure_options *options, sb_figure_input *input,
                                      sb_error *error) {
    picture *p = malloc(sizeof *p);
    if (!p) return sb_fail_memory(error);
    sb_parameters parameters;
    sb_parameters_init(&parameters);
    fmpq_set(parameters.radius, options->radius);
    fmpq_set(parameters.delta, options->delta);
    parameters.norm.infinite = 1;
    sb_status status = sb_parameters_check(&parameters, error);
    if (!status) status = compute(p, &parameters, error);
    if (!status) {
        put_rows(&input->data, p);
        status = put_values(&input->values, options, p, error);
    }
    sb_parameters_clear(&parameters);
    free(p);
    return status;
}
