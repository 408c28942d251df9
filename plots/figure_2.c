/* Figure 2: certified accuracy of three networks, for images of s x s pixels, s = 32, 48, 64, so d = 3 s^2,
   and noise sigma = 0.12, 0.18, 0.24, so that sigma/sqrt(d) is the same. The logs hold the l_inf radius,
   which is the certified l_2 radius divided by sqrt(d); hence the l_2 reading is the printed radius times
   sqrt(d). No radius exceeds the ceiling sigma Phi^{-1}(alpha^(1/n)), met when all n samples fall into one
   class. */
#include "nn/authors_logs.h"
#include "plots/certified_curve.h"
#include "plots/gnuplot_text.h"
#include "support/enclosure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOGS = 3, DIGITS = 6, PRECISION = 128 };

static const sb_authors_log source[LOGS] = {SB_AUTHORS_32, SB_AUTHORS_48, SB_AUTHORS_64};

static sb_status read_log(sb_certification_log *log, const char *directory, sb_authors_log which,
                          sb_error *error) {
    int found;
    sb_status status = sb_authors_log_read(log, directory, which, &found, error);
    if (!status && !found)
        status = sb_fail(error, SB_IO, "%s: has no log %s", directory, sb_authors_log_facts_of(which)->name);
    return status;
}

/* ceiling := sigma Phi^{-1}(alpha^(1/n)) / sqrt(d), as an l_inf radius */
static sb_status sampling_ceiling(arb_t ceiling, sb_authors_log which, uint64_t *samples, sb_error *error) {
    sb_sampling sampling;
    arb_t root;
    arb_init(root);
    sb_sampling_init(&sampling);
    sb_authors_log_sampling(&sampling, which);
    sb_status status = sb_sampling_ceiling(ceiling, &sampling, DIGITS, error);
    arb_sqrt_ui(root, sb_authors_log_facts_of(which)->dimension, PRECISION);
    arb_div(ceiling, ceiling, root, PRECISION);
    *samples = sampling.samples;
    sb_sampling_clear(&sampling);
    arb_clear(root);
    return status;
}

/* ------------------------------------------------------------------ the text of the picture */
static void put_foot(sb_text *values, const sb_certification_log *log, double floor) {
    sb_text line;
    sb_text_init(&line);
    sb_text_append(&line, "Data: certification logs noise12_size32, noise18_size48, noise24_size64; ");
    if (log[0].count == log[1].count && log[1].count == log[2].count)
        sb_text_format(&line, "%zu images each", log[0].count);
    else
        sb_text_format(&line, "%zu, %zu and %zu images", log[0].count, log[1].count, log[2].count);
    sb_text_append(&line, "; radii as printed (two-class rule).");
    sb_gnuplot_set_label(values, "foot_above", line.data);
    sb_text_truncate(&line, 0);
    sb_text_append(&line, "Bands: pointwise 95% Clopper–Pearson intervals.");
    if (floor > 0) sb_text_format(&line, "  The vertical axis starts at %.1f.", floor);
    sb_gnuplot_set_label(values, "foot", line.data);
    values->failed |= line.failed;
    sb_text_clear(&line);
}

static sb_status put_values(sb_text *values, const sb_certification_log *log, const fmpq_t end, double lowest,
                            double highest, sb_error *error) {
    double floor_y = fmax(0, floor(10 * lowest) / 10 - 0.1),
           ceil_y = fmin(1, ceil(20 * (highest + 0.02)) / 20);
    arb_t ceiling, l2_end;
    uint64_t samples = 0;
    arb_init(ceiling);
    arb_init(l2_end);
    sb_status status =
        sampling_ceiling(ceiling, source[0], &samples, error); /* sigma/sqrt(d) is the same for all */
    sb_times_sqrt_dimension(l2_end, sb_authors_log_facts_of(source[LOGS - 1])->size, end);
    double top = arf_get_d(arb_midref(ceiling), ARF_RND_NEAR);
    sb_text_format(values, "logs = %d\nfloor_y = %.1f\nceil_y = %.2f\nlinf_end = %.6g\nl2_end = %.6g\n", LOGS,
                   floor_y, ceil_y, fmpq_get_d(end), arf_get_d(arb_midref(l2_end), ARF_RND_NEAR));
    sb_text_append(values, "marker = 2.0/255\nmarker_name = '2/255'\nsizes = '");
    for (size_t i = 0; i < LOGS; i++) sb_text_format(values, "%u ", sb_authors_log_facts_of(source[i])->size);
    sb_text_append(values, "'\nl2_ceilings = '");
    for (size_t i = 0; i < LOGS; i++)
        sb_text_format(values, "%.6g ", top * sqrt((double)sb_authors_log_facts_of(source[i])->dimension));
    sb_text_format(values, "'\nceiling = %.6g\nceiling_name = '%.5f'\nsamples = '%llu'\n", top, top,
                   (unsigned long long)samples);
    sb_gnuplot_set_label(
        values, "setting",
        "CIFAR-10 images at 32, 48 and 64 pixels a side, Gaussian noise sigma = 0.12, 0.18 and 0.24");
    put_foot(values, log, floor_y);
    arb_clear(ceiling);
    arb_clear(l2_end);
    return status;
}

sb_status sb_figure_2_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error) {
    sb_certification_log log[LOGS];
    sb_certified_curve c = {.input = input, .divided = 1, .lowest = 1, .highest = 0};
    fmpq_t end, radius;
    fmpq_init(end);
    fmpq_init(radius);
    for (size_t i = 0; i < LOGS; i++) sb_certification_log_init(&log[i]);
    sb_status status = sb_authors_logs_check(options->logs_directory, error);
    fmpq_set_si(end, 82, 10000); /* about the ceiling: the axis never ends before it */
    for (size_t i = 0; i < LOGS && !status; i++) {
        status = read_log(&log[i], options->logs_directory, source[i], error);
        sb_largest_radius(radius, &log[i]);
        if (fmpq_cmp(radius, end) > 0) fmpq_set(end, radius);
    }
    fmpq_set_si(radius, 7, 6);
    fmpq_mul(end, end, radius);
    sb_text_append(&input->data, SB_CURVE_HEADING);
    sb_text_append(&input->bands, SB_CURVE_HEADING);
    for (size_t i = 0; i < LOGS && !status; i++) {
        c.name = sb_authors_log_facts_of(source[i])->name;
        c.size = sb_authors_log_facts_of(source[i])->size;
        status = sb_certified_curve_put(&c, &log[i], end, error);
    }
    if (!status) status = put_values(&input->values, log, end, c.lowest, c.highest, error);
    for (size_t i = 0; i < LOGS; i++) sb_certification_log_clear(&log[i]);
    fmpq_clear(end);
    fmpq_clear(radius);
    return status;
}
