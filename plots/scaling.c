/* The experiment `scaling` (docs/experiments.md), from the folder of a finished run: certified accuracy of
   three sizes against the l_2 radius, and against the l_inf radius, which is the l_2 radius divided by
   sqrt(d). What the title and the panels say of the curves is what the test said (experiments/coincidence.h).
 */
#include "experiments/scaling_results.h"
#include "nn/resnet.h"
#include "plots/certified_curve.h"
#include "plots/gnuplot_text.h"
#include "support/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIZES = SB_SCALING_SIZES };

#define BEYOND 1.12 /* the axes end so far beyond the largest ceiling */

/* ------------------------------------------------------------------ curves */
static sb_status put_arm(sb_figure_input *input, const sb_scaling_results *r, sb_arm arm, double *lowest,
                         double *highest, sb_error *error) {
    sb_status status = SB_OK;
    fmpq_t end;
    fmpq_init(end);
    for (int s = 0; s < SIZES && !status; s++) {
        char name[32];
        int size = r->plan->preset->size[s];
        snprintf(name, sizeof name, "%s-%d", sb_arm_name(arm), size);
        sb_certified_curve curve = {input, name, (unsigned)size, 0, *lowest, *highest};
        fmpq_set_si(end, (slong)ceil(1e6 * 2 * r->arm[arm].top * sqrt(SB_CHANNELS) * size), 1000000);
        status = sb_certified_curve_put(&curve, &r->log[r->plan->member[arm][s]], end, error);
        *lowest = curve.lowest;
        *highest = curve.highest;
    }
    fmpq_clear(end);
    return status;
}

/* ------------------------------------------------------------------ words */
static const char *title_of(const sb_scaling_results *r) {
    const sb_scaling_arm *scaled = &r->arm[SB_ARM_SCALED], *fixed = &r->arm[SB_ARM_FIXED];
    int control = fixed->present && fixed->verdict == SB_CURVES_DIFFER;
    if (!scaled->present)
        return control ? "With one sigma for all, image sizes are certified differently in l_inf"
                       : "Certified accuracy of three image sizes";
    switch (scaled->verdict) {
    case SB_CURVES_DIFFER:
        return "Even with sigma in proportion to sqrt(d), these image sizes are certified differently in "
               "l_inf";
    case SB_CURVES_ALIKE:
        return control
                   ? "With sigma in proportion to sqrt(d), image sizes are certified alike in l_inf; with "
                     "one "
                     "sigma they are not"
                   : "With sigma in proportion to sqrt(d), three image sizes are certified alike in l_inf";
    default:
        return control
                   ? "With sigma in proportion to sqrt(d), image sizes were not told apart in l_inf; with "
                     "one "
                     "sigma they were"
                   : "With sigma in proportion to sqrt(d), three image sizes were not told apart in l_inf";
    }
}

static void put_decimal(sb_text *out, const fmpq_t value) {
    char *text = sb_rational_decimal(value, 4, 0);
    sb_text_append(out, text ? text : "?");
    free(text);
}

static const char *said(const sb_scaling_arm *arm) {
    return arm->verdict == SB_CURVES_CONSISTENT ? "consistent with one curve"
           : arm->verdict == SB_CURVES_ALIKE    ? "alike within the margin"
                                                : "the curves differ";
}

/* A verdict with its numbers. */
static void put_note(sb_text *values, const char *name, const sb_scaling_arm *arm) {
    const sb_coincidence *t = &arm->test;
    sb_text note;
    sb_text_init(&note);
    sb_text_format(&note, "%s: gap %.3f, 95%% [%.3f, %.3f]", said(arm), t->gap, floor(1e3 * t->lower) / 1e3,
                   ceil(1e3 * t->upper) / 1e3);
    if (t->permutations && t->p < 1e-3)
        sb_text_append(&note, ", p < 0.001");
    else if (t->permutations)
        sb_text_format(&note, ", p = %.*f", t->p < 0.0995 ? 3 : 2, t->p);
    sb_gnuplot_set_label(values, name, note.data);
    values->failed |= note.failed;
    sb_text_clear(&note);
}

static void put_arm_values(sb_text *values, const sb_scaling_results *r, sb_arm which, int place) {
    static const char *const heading[] = {"sigma in proportion to sqrt(d): the same, divided by sqrt(d)",
                                          "control: one sigma for all sizes",
                                          "sigma scaled, real detail at each size"};
    const sb_scaling_arm *arm = &r->arm[which];
    char name[24];
    snprintf(name, sizeof name, "heading_%d", place);
    sb_gnuplot_set_label(values, name, heading[which]);
    snprintf(name, sizeof name, "note_%d", place);
    put_note(values, name, arm);
    sb_text_format(values, "end_%d = %.6g\nceilings_%d = '", place, BEYOND * arm->top, place);
    for (int s = 0; s < SIZES; s++) sb_text_format(values, "%.6g ", arm->ceiling[s]);
    sb_text_format(values, "'\none_ceiling_%d = %d\n", place, which != SB_ARM_FIXED);
}

static void put_setting(sb_text *values, const sb_scaling_results *r) {
    const sb_preset *p = r->plan->preset;
    sb_text line;
    sb_text_init(&line);
    sb_text_format(&line, "%s, ResNet-%d at %d, %d and %d pixels a side, Gaussian noise sigma = ",
                   strcmp(p->data, "shapes") == 0 ? "Built-in shapes" : "CIFAR-10", p->training.depth,
                   p->size[0], p->size[1], p->size[2]);
    sb_arm arm = r->arm[SB_ARM_SCALED].present ? SB_ARM_SCALED : SB_ARM_DETAIL;
    if (r->arm[arm].present)
        for (int s = 0; s < SIZES; s++) {
            put_decimal(&line, r->plan->network[r->plan->member[arm][s]].sigma);
            sb_text_append(&line, s == 0 ? ", " : s == 1 ? " and " : "");
        }
    if (r->arm[SB_ARM_FIXED].present) {
        sb_text_append(&line, r->arm[arm].present ? "; control " : "");
        put_decimal(&line, p->control_sigma);
    }
    sb_gnuplot_set_label(values, "setting", line.data);
    values->failed |= line.failed;
    sb_text_clear(&line);
}

static void put_feet(sb_text *values, const sb_scaling_results *r, double floor_y) {
    const sb_preset *p = r->plan->preset;
    sb_text line;
    sb_text_init(&line);
    sb_text_format(&line,
                   "Preset %s: the same %llu test images at every size, rule %s, %llu samples an image. "
                   "Bands: pointwise 95%% Clopper–Pearson intervals.",
                   p->name, (unsigned long long)p->test_images, sb_certificate_rule_name(p->rule),
                   (unsigned long long)p->samples);
    sb_gnuplot_set_label(values, "foot_above", line.data);
    sb_text_truncate(&line, 0);
    sb_text_append(&line,
                   "Gap: the largest distance of two curves; its interval holds for all radii at once, for "
                   "these networks; p: permutation test by image.");
    sb_gnuplot_set_label(values, "foot", line.data);
    sb_text_truncate(&line, 0);
    sb_text_format(
        &line,
        "Caveat: enlarged from %d pixels, the images pose nearly one problem at all sizes; likeness is "
        "partly built in%s.",
        p->source_size, r->arm[SB_ARM_DETAIL].present ? "; see the last panel" : "");
    if (floor_y > 0) sb_text_format(&line, " The vertical axes start at %.1f.", floor_y);
    sb_gnuplot_set_label(values, "foot_top", line.data);
    values->failed |= line.failed;
    sb_text_clear(&line);
}

static void put_values(sb_text *values, const sb_scaling_results *r, double lowest, double highest) {
    double floor_y = fmax(0, floor(10 * lowest) / 10 - 0.1),
           ceil_y = fmin(1, ceil(20 * (highest + 0.02)) / 20);
    const sb_preset *p = r->plan->preset;
    sb_text_format(values, "floor_y = %.1f\nceil_y = %.2f\nsizes = '%d %d %d'\nreport = %.6g\n", floor_y,
                   ceil_y, p->size[0], p->size[1], p->size[2], fmpq_get_d(r->report_radius));
    char *report = sb_rational_print(r->report_radius),
         *decimal = sb_rational_decimal(r->report_radius, 4, 0);
    int fraction = report && strlen(report) < 7; /* 2/255; else .0061 */
    sb_gnuplot_set_string(values, "report_name", fraction ? report : decimal ? decimal : "");
    free(report);
    free(decimal);
    sb_text_format(values, "samples = '%llu'\n", (unsigned long long)p->samples);
    int arms = 0;
    for (int arm = 0; arm < SB_ARMS; arm++)
        if (r->arm[arm].present) put_arm_values(values, r, (sb_arm)arm, ++arms);
    sb_text_format(values, "arms = %d\nwith_l2 = %d\nl2_end = %.6g\n", arms, r->arm[SB_ARM_SCALED].present,
                   BEYOND * r->arm[SB_ARM_SCALED].top * sqrt(SB_CHANNELS) * p->size[SIZES - 1]);
    put_setting(values, r);
    put_feet(values, r, floor_y);
}

/* ------------------------------------------------------------------ */
static sb_status prepare(const sb_scaling_results *r, const char *directory, sb_figure_input *input,
                         sb_error *error) {
    double lowest = 1, highest = 0;
    int arms = 0;
    sb_status status = SB_OK;
    sb_text_append(&input->data, SB_CURVE_HEADING);
    sb_text_append(&input->bands, SB_CURVE_HEADING);
    for (int arm = 0; arm < SB_ARMS && !status; arm++) {
        if (!r->arm[arm].present) continue;
        arms++;
        status = put_arm(input, r, (sb_arm)arm, &lowest, &highest, error);
    }
    if (!status && !arms)
        status = sb_fail(error, SB_BAD_INPUT, "%s: no arm of the experiment is finished", directory);
    if (status) return status;
    sb_text_append(&input->title, title_of(r));
    put_values(&input->values, r, lowest, highest);
    return SB_OK;
}

static sb_status prepare_from(const sb_preset *preset, const char *directory, sb_figure_input *input,
                              sb_error *error) {
    sb_scaling_plan plan;
    sb_scaling_results results;
    sb_scaling_plan_init(&plan, preset);
    sb_scaling_results_init(&results, &plan);
    sb_status status = sb_scaling_results_read(&results, directory, preset->arms, NULL, NULL, error);
    if (!status) status = prepare(&results, directory, input, error);
    sb_scaling_results_clear(&results);
    sb_scaling_plan_clear(&plan);
    return status;
}

sb_status sb_scaling_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error) {
    const char *directory = options->logs_directory;
    char *path = sb_path_join(directory, SB_SCALING_PRESET_FILE);
    sb_preset preset;
    sb_preset_init(&preset);
    sb_status status = path ? sb_preset_read(&preset, path, error) : sb_fail_memory(error);
    if (!status) status = prepare_from(&preset, directory, input, error);
    sb_preset_clear(&preset);
    free(path);
    return status;
}
