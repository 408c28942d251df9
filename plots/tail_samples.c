/* Hill's estimate of the tail index against the number k of values that it uses, and the mean excess against
   its threshold, for the numbers of a file, or else for draws of four laws whose median of |x| is 1:
   Gaussian, Laplace, Student's t with three degrees of freedom, uniform. */
#include "bounds/parameters.h"
#include "distributions/noise.h"
#include "distributions/tail_statistics.h"
#include "plots/figures.h"
#include "plots/gnuplot_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 200000, LENGTH = 2000, TOP = 40000, FIRST = 10, PER_DECADE = 14, MOST_LAWS = 4 };

static const struct {
    const char *name, *spec;
} law[MOST_LAWS] = {{"Gaussian", "gaussian:sigma=1.482602"},
                    {"Laplace", "laplace:b=1.442695"},
                    {"Student's_t", "student-t:nu=3,scale=1.307459"},
                    {"uniform", "uniform:r=2"}};

typedef struct {
    sb_text names, last_k, last_index; /* words, one for each series: its name, and where its curve ends */
    double highest, farthest;          /* mean excess, threshold */
    size_t count;
} picture;

/* One block: series, k, tail index with its interval, threshold, mean excess. */
static sb_status put_series(sb_text *data, picture *g, const char *series, sb_largest *largest,
                            sb_error *error) {
    fmpq_t alpha;
    arb_t low, high;
    sb_tail_point point;
    fmpq_init(alpha);
    fmpq_set_si(alpha, 1, 20);
    arb_init(low);
    arb_init(high);
    sb_largest_sort(largest);
    uint64_t most = largest->seen / 5 < largest->count - 1 ? largest->seen / 5 : largest->count - 1,
             previous = 0;
    double index = 0;
    for (int i = 0;; i++) {
        uint64_t k = (uint64_t)(FIRST * pow(10, (double)i / PER_DECADE));
        if (k > most) break;
        if (!sb_tail_point_at(&point, largest, k)) continue;
        sb_hill_interval(low, high, &point, alpha);
        index = 1 / point.hill;
        sb_text_format(data, "%s\t%llu\t%.9g\t%.9g\t%.9g\t%.9g\t%.9g\n", series, (unsigned long long)k, index,
                       arf_get_d(arb_midref(low), ARF_RND_NEAR), arf_get_d(arb_midref(high), ARF_RND_NEAR),
                       point.threshold, point.mean_excess);
        previous = k;
        g->highest = fmax(g->highest, point.mean_excess);
        g->farthest = fmax(g->farthest, point.threshold);
    }
    arb_clear(low);
    arb_clear(high);
    fmpq_clear(alpha);
    if (!previous)
        return sb_fail(error, SB_BAD_INPUT, "%s: too few different numbers for a tail (%llu in all)", series,
                       (unsigned long long)largest->seen);
    sb_text_format(&g->names, "%s ", series);
    sb_text_format(&g->last_k, "%llu ", (unsigned long long)previous);
    sb_text_format(&g->last_index, "%.6g ", index);
    g->count++;
    return SB_OK;
}

static sb_status draw_series(sb_text *data, picture *g, size_t which, sb_error *error) {
    sb_noise_spec noise;
    sb_largest largest;
    double *x = malloc(LENGTH * sizeof *x);
    if (!x) return sb_fail_memory(error);
    sb_noise_spec_init(&noise);
    sb_status status = sb_noise_spec_parse(&noise, law[which].spec, error);
    if (!status) status = sb_largest_init(&largest, TOP + 1, error);
    if (!status) {
        for (uint64_t i = 0; i < NUMBERS / LENGTH; i++) {
            sb_noise_draw(&noise, LENGTH, which, i, x);
            for (size_t j = 0; j < LENGTH; j++) sb_largest_add(&largest, x[j]);
        }
        status = put_series(data, g, law[which].name, &largest, error);
        sb_largest_clear(&largest);
    }
    sb_noise_spec_clear(&noise);
    free(x);
    return status;
}

static sb_status read_series(sb_text *data, picture *g, const char *path, sb_error *error) {
    sb_largest largest;
    sb_status status = sb_largest_init(&largest, TOP + 1, error);
    if (status) return status;
    status = sb_largest_read(&largest, path, NULL, NULL, error);
    if (!status) status = put_series(data, g, "samples", &largest, error);
    sb_largest_clear(&largest);
    return status;
}

sb_status sb_tail_samples_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error) {
    picture g = {.highest = 0, .farthest = 0, .count = 0};
    sb_text *const words[] = {&g.names, &g.last_k, &g.last_index};
    for (size_t i = 0; i < 3; i++) sb_text_init(words[i]);
    sb_text_append(&input->data, "series\tk\tindex\tindex_lo\tindex_hi\tthreshold\tmean_excess\n");
    sb_status status = SB_OK;
    if (options->samples)
        status = read_series(&input->data, &g, options->samples, error);
    else
        for (size_t i = 0; i < MOST_LAWS && !status; i++) status = draw_series(&input->data, &g, i, error);
    for (size_t i = 0; i < 3 && !status; i++) status = sb_text_status(words[i], error);
    if (!status) {
        sb_text *values = &input->values;
        const char *slash = options->samples ? strrchr(options->samples, '/') : NULL;
        char *setting = options->samples
                            ? sb_format("The numbers of %s", slash ? slash + 1 : options->samples)
                            : sb_format("%d draws from each of four laws whose median of |x| is 1", NUMBERS);
        sb_text_format(values, "series = %zu\nhighest = %.6g\nfarthest = %.6g\ndrawn = %d\n", g.count,
                       g.highest, g.farthest, options->samples == NULL);
        sb_gnuplot_set_string(values, "names", g.names.data);
        sb_gnuplot_set_string(values, "last_k", g.last_k.data);
        sb_gnuplot_set_string(values, "last_index", g.last_index.data);
        sb_gnuplot_set_label(values, "setting", setting ? setting : "");
        sb_gnuplot_set_string(
            values, "foot",
            "Left: Hill's estimator with 95 % intervals (exact for Pareto tails).  Right: mean of "
            "|x| - u over all |x| > u.");
        if (!setting) status = sb_fail_memory(error);
        free(setting);
    }
    for (size_t i = 0; i < 3; i++) sb_text_clear(words[i]);
    return status;
}
