/* The steps of a log are its distinct radii of correct images, sorted; the count at the i-th of m radii is
   what is left, m - i. */
#include "plots/certified_curve.h"

#include "distributions/binomial.h"
#include "support/enclosure.h"

#include <math.h>
#include <stdlib.h>

enum { DIGITS = 6, PRECISION = 128 };

typedef struct {
    sb_certified_curve *curve;
    size_t total;
    fmpq_t previous; /* the radius of the row before, -1 at the start */
} state;

static uint64_t dimension_of(unsigned size) {
    return (uint64_t)3 * size * size;
}

void sb_times_sqrt_dimension(arb_t value, unsigned size, const fmpq_t radius) {
    arb_sqrt_ui(value, dimension_of(size), PRECISION);
    arb_mul_fmpz(value, value, fmpq_numref(radius), PRECISION);
    arb_div_fmpz(value, value, fmpq_denref(radius), PRECISION);
}

/* Appends name, size, d, l_2 radius, l_inf radius, and `rest`. */
static void put_row(sb_text *out, const sb_certified_curve *c, const fmpq_t radius, const char *rest) {
    arb_t other;
    arb_init(other);
    sb_times_sqrt_dimension(other, c->size, radius);
    if (!c->divided) { /* R/sqrt(d) = R sqrt(d)/d */
        arb_div_ui(other, other, dimension_of(c->size), PRECISION);
    }
    char *logged = sb_rational_decimal(radius, DIGITS, 0), *converted = sb_decimal_nearest(other, DIGITS);
    if (logged && converted)
        sb_text_format(out, "%s\t%u\t%llu\t%s\t%s\t%s\n", c->name, c->size,
                       (unsigned long long)dimension_of(c->size), c->divided ? converted : logged,
                       c->divided ? logged : converted, rest);
    else
        out->failed = 1;
    free(logged);
    free(converted);
    arb_clear(other);
}

/* The part of a row that depends on the count: n, count, accuracy, lower, upper. malloc'd into *rest. */
static sb_status accuracy_of(state *s, size_t count, char **rest, sb_error *error) {
    arb_t low, high;
    fmpq_t accuracy, alpha;
    arb_init(low);
    arb_init(high);
    fmpq_init(accuracy);
    fmpq_init(alpha);
    fmpq_set_si(alpha, 1, 20);
    fmpq_set_si(accuracy, (slong)count, s->total);
    *rest = NULL;
    sb_status status = sb_clopper_pearson_interval(low, high, s->total, count, alpha, DIGITS, error);
    if (!status) {
        char *mean = sb_rational_decimal(accuracy, DIGITS, 0);
        char *lower = sb_decimal_lower(low, DIGITS), *upper = sb_decimal_upper(high, DIGITS);
        if (mean && lower && upper)
            *rest = sb_format("%zu\t%zu\t%s\t%s\t%s", s->total, count, mean, lower, upper);
        free(mean);
        free(lower);
        free(upper);
        if (!*rest) status = sb_fail_memory(error);
        sb_certified_curve *c = s->curve;
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
static sb_status put_step(state *s, const fmpq_t radius, size_t count, sb_error *error) {
    char *rest;
    sb_status status = accuracy_of(s, count, &rest, error);
    if (status) return status;
    sb_figure_input *input = s->curve->input;
    put_row(&input->data, s->curve, radius, rest);
    if (fmpq_sgn(s->previous) >= 0) put_row(&input->bands, s->curve, s->previous, rest);
    put_row(&input->bands, s->curve, radius, rest);
    fmpq_set(s->previous, radius);
    free(rest);
    return SB_OK;
}

static int compare_radii(const void *a, const void *b) {
    return fmpq_cmp(*(const fmpq *const *)a, *(const fmpq *const *)b);
}

sb_status sb_certified_curve_put(sb_certified_curve *curve, const sb_certification_log *log, const fmpq_t end,
                                 sb_error *error) {
    const fmpq **radius = malloc((log->count + 1) * sizeof *radius); /* of the correct images */
    if (!radius) return sb_fail_memory(error);
    state s = {.curve = curve, .total = log->count};
    fmpq_t zero;
    size_t correct = 0;
    for (size_t i = 0; i < log->count; i++)
        if (log->image[i].correct) radius[correct++] = log->image[i].radius;
    qsort(radius, correct, sizeof *radius, compare_radii);
    fmpq_init(zero);
    fmpq_init(s.previous);
    fmpq_set_si(s.previous, -1, 1);
    sb_status status = put_step(&s, zero, correct, error);
    for (size_t i = 0; i < correct && !status; i++) {
        int new_radius = i == 0 ? fmpq_sgn(radius[0]) > 0 : !fmpq_equal(radius[i], radius[i - 1]);
        if (new_radius) status = put_step(&s, radius[i], correct - i, error);
    }
    if (!status) status = put_step(&s, end, 0, error);
    fmpq_clear(zero);
    fmpq_clear(s.previous);
    free(radius);
    return status;
}
