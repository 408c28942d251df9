/* Certified-accuracy curves as tables for gnuplot. Certified accuracy(r) = mean(correct and radius >= r) is a
   step function, left-continuous in r: a row of the data gives its value at a radius that occurs, which it
   has back to the radius before. The band is the two-sided 95% Clopper-Pearson interval at each radius by
   itself. Columns: name, size, d, l_2 radius, l_inf radius, n, count, accuracy, lower, upper. */
#ifndef SB_PLOTS_CERTIFIED_CURVE_H
#define SB_PLOTS_CERTIFIED_CURVE_H

#include "nn/certification_log.h"
#include "plots/figures.h"

#define SB_CURVE_HEADING "log\tsize\td\tl2_radius\tlinf_radius\tn\tcount\taccuracy\tlower\tupper\n"

typedef struct {
    sb_figure_input *input;
    const char *name;       /* the first column */
    unsigned size;          /* pixels along a side: d = 3 size^2 */
    int divided;            /* the logged radii are l_inf radii; else l_2 */
    double lowest, highest; /* in and out: over the bands of all positive counts; for an axis only */
} sb_certified_curve;

/* Appends the steps of a log to input->data, and to input->bands with every step spelled out, so that
   straight lines between the rows are the steps; a last row at radius `end`, in the unit of the log, has
   count 0. */
sb_status sb_certified_curve_put(sb_certified_curve *curve, const sb_certification_log *log, const fmpq_t end,
                                 sb_error *error);

/* value := radius * sqrt(3 size^2) */
void sb_times_sqrt_dimension(arb_t value, unsigned size, const fmpq_t radius);

#endif
