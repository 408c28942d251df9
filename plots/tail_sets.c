/* The tails of three product noises that keep total variation within delta at the equal shift of l_inf length
   eps, and the line (q/s)^2 that Theorem 1.3 wants to see crossed: where each tail is above it, by
   bounds/tail_sets.h. With h = eps and d coordinates: Gaussian noise with TV = delta exactly; uniform noise
   with 1 - (1 - h/2r)^d = delta; Laplace noise with scale h/2y, y^2/2 = 1 - (1-delta^2)^(1/2d): its
   Bhattacharyya coefficient is e^-y (1 + y) >= 1 - y^2/2, and TV <= sqrt(1 - BC^2d). */
#include "bounds/tail_sets.h"
#include "plots/bound_values.h"
#include "plots/figures.h"
#include "plots/gnuplot_text.h"

#include <math.h>
#include <stdlib.h>

enum { DIMENSION = 3072, DIGITS = 9, PER_DECADE = 160, BITS = 128, NOISES = 3 };
static const char *const name[NOISES] = {"Gaussian", "Laplace", "uniform"};

typedef struct {
    sb_parameters parameters;
    fmpq_t constant;
    sb_noise_spec noise[NOISES];
    sb_tail_set set[NOISES];
    double last[NOISES]; /* where the inequality stops */
} picture;

/* scale := 2r, or b, of the comment above. */
static void uniform_scale(arb_t scale, const sb_parameters *parameters, int laplace) {
    arb_t kept;
    arb_init(kept);
    arb_set_fmpq(kept, parameters->delta, BITS);
    if (laplace) arb_sqr(kept, kept, BITS);
    arb_neg(kept, kept);
    arb_log1p(kept, kept, BITS);
    arb_div_ui(kept, kept, laplace ? 2 * parameters->dimension : parameters->dimension, BITS);
    arb_expm1(kept, kept, BITS);
    arb_neg(kept, kept); /* 1 - (1-delta^..)^(1/..d) */
    if (laplace) {
        arb_mul_2exp_si(kept, kept, 1);
        arb_sqrt(kept, kept, BITS);
    }
    arb_mul_2exp_si(kept, kept, 1);
    arb_set_fmpq(scale, parameters->radius, BITS);
    arb_div(scale, scale, kept, BITS);
    arb_clear(kept);
}

/* The noise with its scale rounded up to a decimal. */
static sb_status choose_noise(picture *p, size_t which, sb_error *error) {
    static const char *const spec[NOISES] = {"gaussian:sigma=%s", "laplace:b=%s", "uniform:r=%s"};
    arb_t scale;
    arb_init(scale);
    sb_status status = SB_OK;
    if (which == 0)
        status = sb_sufficient_sigma(scale, &p->parameters, 30, error);
    else
        uniform_scale(scale, &p->parameters, which == 1);
    char *number = status ? NULL : sb_decimal_upper(scale, DIGITS);
    char *text = number ? sb_format(spec[which], number) : NULL;
    if (!status) status = text ? sb_noise_spec_parse(&p->noise[which], text, error) : sb_fail_memory(error);
    free(number);
    free(text);
    arb_clear(scale);
    return status;
}

/* Rows: noise, s, tail, power, for s on a logarithmic scale up to where the tail is below the picture. */
static void put_curve(sb_text *data, const picture *p, size_t which, double first, double last,
                      double bottom) {
    arb_t s, tail;
    arb_init(s);
    arb_init(tail);
    double q = fmpq_get_d(p->set[which].threshold), steps = ceil(log10(last / first) * PER_DECADE);
    for (double i = 0; i <= steps; i++) {
        double x = first * pow(last / first, i / steps);
        arb_set_d(s, x);
        sb_noise_tail(tail, &p->noise[which], 1, s, BITS);
        double value = arf_get_d(arb_midref(tail), ARF_RND_NEAR);
        sb_text_format(data, "%s\t%.9g\t%.9g\t%.9g\n", name[which], x, fmax(value, bottom / 10),
                       pow(q / x, 2));
        if (value < bottom) break;
    }
    arb_clear(s);
    arb_clear(tail);
}

static sb_status find_set(picture *p, size_t which, sb_error *error) {
    sb_status status =
        sb_tail_set_find(&p->set[which], &p->noise[which], &p->parameters, p->constant, DIGITS, error);
    if (status) return status;
    if (p->set[which].interval_count != 1)
        return sb_fail(
            error, SB_OUTSIDE,
            "figure tails: the tail inequality holds on %zu intervals for %s noise; the figure shows one",
            p->set[which].interval_count, name[which]);
    p->last[which] = arf_get_d(arb_midref(p->set[which].interval->high), ARF_RND_NEAR);
    return SB_OK;
}

static sb_status put_values(sb_text *values, const sb_figure_options *options, const picture *p,
                            double bottom, sb_error *error) {
    sb_text ends, words;
    sb_text_init(&ends);
    sb_text_init(&words);
    for (size_t i = 0; i < NOISES; i++) {
        char *shown = sb_decimal_lower(p->set[i].interval->high, 4);
        sb_text_format(&ends, "%.9g ", p->last[i]);
        sb_text_format(&words, "%s ", shown ? shown : "?");
        free(shown);
    }
    char *eps = sb_shown_number(options->radius), *delta = sb_shown_number(options->delta);
    char *setting = sb_format(
        "d = %d; total variation at most delta = %s under the shift by eps = %s in every coordinate",
        DIMENSION, delta ? delta : "", eps ? eps : "");
    int failed = !eps || !delta || !setting || ends.failed || words.failed;
    if (!failed) {
        sb_text_format(values, "q = %.9g\nbottom = %.6g\n", fmpq_get_d(p->set[0].threshold), bottom);
        sb_gnuplot_set_string(values, "ends", ends.data);
        sb_gnuplot_set_string(values, "words_at_ends", words.data);
        sb_gnuplot_set_label(values, "setting", setting);
        sb_gnuplot_set_label(values, "foot",
                             "q = eps (1-delta)/(8 delta).  Dots: certified ends of the set of s in which "
                             "the inequality holds.");
    }
    free(eps);
    free(delta);
    free(setting);
    sb_text_clear(&ends);
    sb_text_clear(&words);
    return failed ? sb_fail_memory(error) : SB_OK;
}

sb_status sb_tail_sets_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error) {
    picture p;
    sb_parameters_init(&p.parameters);
    fmpq_init(p.constant);
    p.parameters.dimension = DIMENSION;
    p.parameters.norm.infinite = 1;
    fmpq_set(p.parameters.radius, options->radius);
    fmpq_set(p.parameters.delta, options->delta);
    fmpq_set_si(p.constant, 1, 8);
    for (size_t i = 0; i < NOISES; i++) {
        sb_noise_spec_init(&p.noise[i]);
        sb_tail_set_init(&p.set[i]);
    }
    sb_status status = SB_OK;
    for (size_t i = 0; i < NOISES && !status; i++) {
        status = choose_noise(&p, i, error);
        if (!status) status = find_set(&p, i, error);
    }
    if (!status) {
        double q = fmpq_get_d(p.set[0].threshold), bottom = pow(q / p.last[NOISES - 1], 2) / 30;
        sb_text_append(&input->data, "noise\ts\ttail\tpower\n");
        for (size_t i = 0; i < NOISES; i++) put_curve(&input->data, &p, i, q, 2 * p.last[i], bottom);
        status = put_values(&input->values, options, &p, bottom, error);
    }
    for (size_t i = 0; i < NOISES; i++) {
        sb_noise_spec_clear(&p.noise[i]);
        sb_tail_set_clear(&p.set[i]);
    }
    sb_parameters_clear(&p.parameters);
    fmpq_clear(p.constant);
    return status;
}
