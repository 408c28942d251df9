/* Figure 2: certified accuracy of three networks, for images of s x s pixels, s = 32, 48, 64, so d = 3 s^2,
   and noise sigma = 0.12, 0.18, 0.24, so that sigma/sqrt(d) is the same. The logs hold the l_inf radius,
   which is the certified l_2 radius divided by sqrt(d); hence the l_2 reading is the printed radius times
   sqrt(d). Certified accuracy(r) = mean(correct and radius >= r) is a step function, left-continuous in r: a
   row of the data gives its value at a radius that occurs, which it has back to the radius before. The band
   is the two-sided 95% Clopper-Pearson interval at each radius by itself. No radius exceeds the ceiling sigma
   Phi^{-1}(alpha^(1/n)), met when all n samples fall into one class. */
#include "distributions/binomial.h"
#include "nn/authors_logs.h"
#include "plots/figures.h"
#include "plots/gnuplot_text.h"
#include "support/enclosure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOGS = 3, DIGITS = 6, PRECISION = 128 };

static const sb_authors_log source[LOGS] = {SB_AUTHORS_32, SB_AUTHORS_48, SB_AUTHORS_64};

/* The state of writing one log's curve. */
typedef struct {
    sb_figure_input *input;
    const sb_authors_log_facts *facts;
    size_t total;
    fmpq_t previous;        /* the radius of the row before, -1 at the start */
    double lowest, highest; /* over the bands of all positive counts so far: for the axis only */
} curve;

/* ------------------------------------------------------------------ rows */
/* l2 := radius sqrt(d) */
static void l2_radius(arb_t l2, const sb_authors_log_facts *facts, const fmpq_t radius) {
    arb_sqrt_ui(l2, facts->dimension, PRECISION);
    arb_mul_fmpz(l2, l2, fmpq_numref(radius), PRECISION);
    arb_div_fmpz(l2, l2, fmpq_denref(radius), PRECISION);
}

/* Appends log, size, d, l_2 radius, l_inf radius, and `rest`. */
static void put_row(sb_text *out, const sb_authors_log_facts *facts, const fmpq_t radius, const char *rest) {
    arb_t l2;
    arb_init(l2);
    l2_radius(l2, facts, radius);
    char *first = sb_decimal_nearest(l2, DIGITS), *second = sb_rational_decimal(radius, DIGITS, 0);
    if (first && second)
        sb_text_format(out, "%s\t%u\t%llu\t%s\t%s\t%s\n", facts->name, facts->size,
                       (unsigned long long)facts->dimension, first, second, rest);
    else
        out->failed = 1;
    free(first);
    free(second);
    arb_clear(l2);
}

/* The part of a row that depends on the count: n, count, accuracy, lower, upper. malloc'd into *rest. */
static sb_status accuracy_of(curve *c, size_t count, char **rest, sb_error *error) {
    arb_t low, high;
    fmpq_t accuracy, alpha;
    arb_init(low);
    arb_init(high);
    fmpq_init(accuracy);
    fmpq_init(alpha);
    fmpq_set_si(alpha, 1, 20);
    fmpq_set_si(accuracy, (slong)count, c->total);
    *rest = NULL;
    sb_status status = sb_clopper_pearson_interval(low, high, c->total, count, alpha, DIGITS, error);
    if (!status) {
        char *mean = sb_rational_decimal(accuracy, DIGITS, 0);
        char *lower = sb_decimal_lower(low, DIGITS), *upper = sb_decimal_upper(high, DIGITS);
        if (mean && lower && upper)
            *rest = sb_format("%zu\t%zu\t%s\t%s\t%s", c->total, count, mean, lower, upper);
        free(mean);
        free(lower);
        free(upper);
        if (!*rest) status = sb_fail_memory(error);
        c->lowest = fmin(c->lowest, count ? arf_get_d(arb_midref(low), ARF_RND_NEAR) : 1);
        c->highest = fmax(c->highest, arf_get_d(arb_midref(high), ARF_RND_NEAR));
    }
    fmpq_clear(accuracy);
    fmpq_clear(alpha);
    arb_clear(low);
    arb_clear(high);
    return status;
}

/* The curve has `count` of the images at `radius`, and back to the radius of the call before. */
static sb_status put_step(curve *c, const fmpq_t radius, size_t count, sb_error *error) {
    char *rest;
    sb_status status = accuracy_of(c, count, &rest, error);
    if (status) return status;
    put_row(&c->input->data, c->facts, radius, rest);
    if (fmpq_sgn(c->previous) >= 0) put_row(&c->input->bands, c->facts, c->previous, rest);
    put_row(&c->input->bands, c->facts, radius, rest);
    fmpq_set(c->previous, radius);
    free(rest);
    return SB_OK;
}

/* ------------------------------------------------------------------ a log */
static int compare_radii(const void *a, const void *b) {
    return fmpq_cmp(*(const fmpq *const *)a, *(const fmpq *const *)b);
}

/* All steps of a log, and a last row at `end` beyond every radius. */
static sb_status put_curve(curve *c, const sb_certification_log *log, const fmpq_t end, sb_error *error) {
    const fmpq **radius = malloc((log->count + 1) * sizeof *radius); /* of the correct images */
    fmpq_t zero;
    size_t correct = 0;
    if (!radius) return sb_fail_memory(error);
    for (size_t i = 0; i < log->count; i++)
        if (log->image[i].correct) radius[correct++] = log->image[i].radius;
    qsort(radius, correct, sizeof *radius, compare_radii);
    fmpq_init(zero);
    c->total = log->count;
    fmpq_set_si(c->previous, -1, 1);
    sb_status status = put_step(c, zero, correct, error);
    for (size_t i = 0; i < correct && !status; i++) {
        int new_radius = i == 0 ? fmpq_sgn(radius[0]) > 0 : !fmpq_equal(radius[i], radius[i - 1]);
        if (new_radius) status = put_step(c, radius[i], correct - i, error);
    }
    if (!status) status = put_step(c, end, 0, error);
    fmpq_clear(zero);
    free(radius);
    return status;
}

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
    l2_radius(l2_end, sb_authors_log_facts_of(source[LOGS - 1]), end);
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
    static const char heading[] = "log\tsize\td\tl2_radius\tlinf_radius\tn\tcount\taccuracy\tlower\tupper\n";
    sb_certification_log log[LOGS];
    curve c = {.input = input, .lowest = 1, .highest = 0};
    fmpq_t end, radius;
    fmpq_init(c.previous);
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
    sb_text_append(&input->data, heading);
    sb_text_append(&input->bands, heading);
    for (size_t i = 0; i < LOGS && !status; i++) {
        c.facts = sb_authors_log_facts_of(source[i]);
        status = put_curve(&c, &log[i], end, error);
    }
    if (!status) status = put_values(&input->values, log, end, c.lowest, c.highest, error);
    for (size_t i = 0; i < LOGS; i++) sb_certification_log_clear(&log[i]);
    fmpq_clear(c.previous);
    fmpq_clear(end);
    fmpq_clear(radius);
    return status;
}
