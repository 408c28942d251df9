/* For each p the r.m.s. noise a pixel must have by Theorem 1.2, and the least sigma of Gaussian noise that
   keeps the total variation within delta; both are a constant times d^(1/2-1/p), straight lines in
   logarithmic axes. The necessary one is rounded down, the sufficient one up. */
#include "plots/bound_values.h"
#include "plots/figures.h"
#include "plots/gnuplot_text.h"

#include <math.h>
#include <stdlib.h>

enum {
    DIGITS = 9,
    SHOWN_DIGITS = 3,
    STEPS = 10,
    FIRST = 2,
    LAST = 6
}; /* STEPS a decade, from 10^FIRST to 10^LAST */
enum { CIFAR_10 = 3072, IMAGENET = 150528 };

/* What the scripts need besides the data, gathered panel by panel. */
typedef struct {
    sb_text names, exponents, necessary, sufficient; /* words, one for each panel */
    double lowest, highest;                          /* over all lines */
    char *cifar, *imagenet;                          /* the necessary noise at these, for the last panel */
} panels;

/* One row: p, d, necessary, sufficient. */
static sb_status put_dimension(sb_text *data, panels *all, const sb_parameters *parameters, const char *norm,
                               sb_error *error) {
    arb_t least, enough;
    arb_init(least);
    arb_init(enough);
    sb_status status = sb_necessary_rms(least, parameters, DIGITS, error);
    if (!status) status = sb_sufficient_sigma(enough, parameters, DIGITS, error);
    if (status) goto cleanup;
    char *low = sb_decimal_lower(least, DIGITS), *high = sb_decimal_upper(enough, DIGITS);
    if (low && high) {
        uint64_t d = parameters->dimension;
        sb_text_format(data, "%s\t%llu\t%s\t%s\n", norm, (unsigned long long)d, low, high);
        if (d == 100) {
            sb_text_format(&all->necessary, "%s ", low);
            sb_text_format(&all->sufficient, "%s ", high);
        }
        char **shown = d == CIFAR_10 ? &all->cifar : d == IMAGENET ? &all->imagenet : NULL;
        if (shown) {
            free(*shown);
            *shown = sb_decimal_lower(least, SHOWN_DIGITS);
            data->failed |= !*shown;
        }
        all->lowest = fmin(all->lowest, strtod(low, NULL));
        all->highest = fmax(all->highest, strtod(high, NULL));
    } else {
        data->failed = 1;
    }
    free(low);
    free(high);
cleanup:
    arb_clear(least);
    arb_clear(enough);
    return status;
}

/* The dimension of step i, with those of the two data sets where they belong; returns how many. */
static size_t dimensions_at(int i, uint64_t dimension[2]) {
    double here = pow(10, FIRST + (double)i / STEPS), next = pow(10, FIRST + (double)(i + 1) / STEPS);
    uint64_t known[] = {CIFAR_10, IMAGENET};
    dimension[0] = (uint64_t)(here + 0.5);
    for (size_t k = 0; k < 2; k++) {
        if ((double)known[k] <= here || (double)known[k] >= next) continue;
        dimension[1] = known[k];
        return 2;
    }
    return 1;
}

static sb_status put_panel(sb_text *data, panels *all, sb_parameters *parameters, sb_error *error) {
    char *norm = sb_exact_print(&parameters->norm);
    fmpq_t exponent, half;
    fmpq_init(exponent);
    fmpq_init(half);
    fmpq_set_si(half, 1, 2);
    sb_reciprocal_norm(exponent, &parameters->norm);
    fmpq_sub(exponent, half, exponent);
    char *slope = sb_rational_print(exponent);
    sb_status status = norm && slope ? SB_OK : sb_fail_memory(error);
    if (!status) {
        sb_text_format(&all->names, "%s ", parameters->norm.infinite ? "∞" : norm);
        sb_text_format(&all->exponents, "%s ", slope);
    }
    for (int i = 0; i <= (LAST - FIRST) * STEPS && !status; i++) {
        uint64_t dimension[2];
        size_t count = dimensions_at(i, dimension);
        for (size_t k = 0; k < count && !status; k++) {
            parameters->dimension = dimension[k];
            status = put_dimension(data, all, parameters, norm, error);
        }
    }
    free(norm);
    free(slope);
    fmpq_clear(exponent);
    fmpq_clear(half);
    return status;
}

static sb_status put_values(sb_text *values, const sb_figure_options *options, const panels *all,
                            sb_error *error) {
    double range = fmpq_get_d(options->range);
    double decades =
        log10(fmax(all->highest, range) / fmin(all->lowest, range)); /* room for labels in proportion */
    double bottom = fmin(all->lowest * pow(10, -0.14 * decades), range * pow(10, -0.04 * decades));
    double top = fmax(all->highest * pow(10, 0.05 * decades), range * pow(10, 0.1 * decades));
    char *eps = sb_shown_number(options->radius), *delta = sb_shown_number(options->delta);
    char *pixel = sb_shown_number(options->range);
    char *setting =
        sb_format("Noise with total variation at most delta = %s over every shift of l_p length eps = %s",
                  delta ? delta : "", eps ? eps : "");
    char *foot = sb_format("Lower line: Theorem 1.2, for any noise.  Upper line: exact Gaussian sigma.  "
                           "Dots: d = %d (CIFAR-10), "
                           "%d (ImageNet).  Pixels in [0, %s].",
                           CIFAR_10, IMAGENET, pixel ? pixel : "");
    int failed = !eps || !delta || !pixel || !setting || !foot || !all->cifar || !all->imagenet;
    if (!failed) {
        sb_text_format(values, "panels = %zu\nrange = %.9g\nbottom = %.6g\ntop = %.6g\n",
                       options->norms.count, range, bottom, top);
        sb_gnuplot_set_string(values, "norms", all->names.data);
        sb_gnuplot_set_string(values, "exponents", all->exponents.data);
        sb_gnuplot_set_string(values, "necessary", all->necessary.data);
        sb_gnuplot_set_string(values, "sufficient", all->sufficient.data);
        sb_gnuplot_set_string(values, "cifar", all->cifar);
        sb_gnuplot_set_string(values, "imagenet", all->imagenet);
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

sb_status sb_noise_against_dimension_prepare(const sb_figure_options *options, sb_figure_input *input,
                                             sb_error *error) {
    if (options->norms.count < 1 || options->norms.count > 4)
        return sb_fail(error, SB_BAD_INPUT, "%zu norms: the figure has room for 1 to 4",
                       options->norms.count);
    sb_parameters parameters;
    panels all = {.lowest = INFINITY, .highest = 0};
    sb_text *const words[] = {&all.names, &all.exponents, &all.necessary, &all.sufficient};
    for (size_t i = 0; i < 4; i++) sb_text_init(words[i]);
    sb_parameters_init(&parameters);
    fmpq_set(parameters.radius, options->radius);
    fmpq_set(parameters.delta, options->delta);
    sb_text_append(&input->data, "p\td\tnecessary\tsufficient\n");
    sb_status status = SB_OK;
    for (size_t i = 0; i < options->norms.count && !status; i++) {
        if (i && sb_exact_compare(&options->norms.item[i], &options->norms.item[i - 1]) == 0)
            status = sb_fail(error, SB_BAD_INPUT, "p: the same norm stands twice in the list");
        if (status) break;
        sb_exact_set(&parameters.norm, &options->norms.item[i]);
        status = sb_parameters_check(&parameters, error);
        if (!status) status = put_panel(&input->data, &all, &parameters, error);
    }
    for (size_t i = 0; i < 4 && !status; i++) status = sb_text_status(words[i], error);
    if (!status) status = put_values(&input->values, options, &all, error);
    for (size_t i = 0; i < 4; i++) sb_text_clear(words[i]);
    free(all.cifar);
    free(all.imagenet);
    sb_parameters_clear(&parameters);
    return status;
}
