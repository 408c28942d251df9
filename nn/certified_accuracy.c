/* "radius / sqrt(d) >= t" is decided as radius^2 >= t^2 d, in rationals. The largest radius that n samples
   can certify is reached when all of them fall into one class: the Clopper-Pearson bound for n of n is
   alpha^(1/n). */
#include "nn/certified_accuracy.h"

#include "distributions/binomial.h"
#include "support/enclosure.h"
#include "support/text.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ divisors */
void sb_divisor_init(sb_divisor *divisor) {
    fmpq_init(divisor->square);
    fmpq_one(divisor->square);
}

void sb_divisor_clear(sb_divisor *divisor) {
    fmpq_clear(divisor->square);
}

void sb_divisor_number(sb_divisor *divisor, const fmpq_t number) {
    fmpq_mul(divisor->square, number, number);
}

void sb_divisor_sqrt_dimension(sb_divisor *divisor, uint64_t dimension) {
    fmpz_set_ui(fmpq_numref(divisor->square), dimension);
    fmpz_one(fmpq_denref(divisor->square));
}

void sb_divisor_product(sb_divisor *result, const sb_divisor *a, const sb_divisor *b) {
    fmpq_mul(result->square, a->square, b->square);
}

void sb_divisor_ball(arb_t value, const sb_divisor *divisor, slong precision) {
    arb_t denominator;
    arb_init(denominator);
    arb_sqrt_fmpz(value, fmpq_numref(divisor->square), precision);
    arb_sqrt_fmpz(denominator, fmpq_denref(divisor->square), precision);
    arb_div(value, value, denominator, precision);
    arb_clear(denominator);
}

/* ------------------------------------------------------------------ counts */
size_t sb_certified_count(const sb_certification_log *log, const fmpq_t radius, const sb_divisor *divisor) {
    if (fmpq_sgn(radius) <= 0) return sb_natural_count(log);
    fmpq_t bar, square;
    fmpq_init(bar);
    fmpq_init(square);
    fmpq_mul(bar, radius, radius);
    if (divisor) fmpq_mul(bar, bar, divisor->square);
    size_t count = 0;
    for (size_t i = 0; i < log->count; i++) {
        if (!log->image[i].correct) continue;
        fmpq_mul(square, log->image[i].radius, log->image[i].radius);
        count += fmpq_cmp(square, bar) >= 0;
    }
    fmpq_clear(bar);
    fmpq_clear(square);
    return count;
}

size_t sb_natural_count(const sb_certification_log *log) {
    size_t count = 0;
    for (size_t i = 0; i < log->count; i++) count += log->image[i].correct != 0;
    return count;
}

size_t sb_abstention_count(const sb_certification_log *log) {
    size_t count = 0;
    for (size_t i = 0; i < log->count; i++) count += log->image[i].predict == SB_ABSTAIN;
    return count;
}

sb_status sb_average_certified_radius(arb_t value, const sb_certification_log *log, const sb_divisor *divisor,
                                      slong precision, sb_error *error) {
    if (!log->count) return sb_fail(error, SB_BAD_INPUT, "%s: holds no images", log->path);
    fmpq_t sum;
    arb_t root;
    fmpq_init(sum);
    arb_init(root);
    for (size_t i = 0; i < log->count; i++)
        if (log->image[i].correct) fmpq_add(sum, sum, log->image[i].radius);
    arb_set_fmpq(value, sum, precision);
    arb_div_ui(value, value, log->count, precision);
    if (divisor) {
        sb_divisor_ball(root, divisor, precision);
        arb_div(value, value, root, precision);
    }
    fmpq_clear(sum);
    arb_clear(root);
    return SB_OK;
}

void sb_largest_radius(fmpq_t maximum, const sb_certification_log *log) {
    fmpq_zero(maximum);
    for (size_t i = 0; i < log->count; i++)
        if (fmpq_cmp(log->image[i].radius, maximum) > 0) fmpq_set(maximum, log->image[i].radius);
}

/* ------------------------------------------------------------------ printed radii */
/* unit := 10^(e + 1 - digits) with 10^e <= printed < 10^(e+1); returns whether printed = 10^e */
static int last_unit(fmpq_t unit, const fmpq_t printed, int digits) {
    fmpq_t ten;
    fmpq_init(ten);
    fmpq_set_si(ten, 10, 1);
    fmpq_one(unit);
    while (fmpq_cmp(unit, printed) > 0) fmpq_div(unit, unit, ten);
    for (fmpq_mul(unit, unit, ten); fmpq_cmp(unit, printed) <= 0;) fmpq_mul(unit, unit, ten);
    fmpq_div(unit, unit, ten);
    int power = fmpq_equal(unit, printed);
    for (int i = 1; i < digits; i++) fmpq_div(unit, unit, ten);
    fmpq_clear(ten);
    return power;
}

int sb_printed_with(const fmpq_t printed, int significant_digits) {
    if (fmpq_sgn(printed) <= 0) return fmpq_is_zero(printed);
    fmpq_t unit;
    fmpq_init(unit);
    last_unit(unit, printed, significant_digits);
    fmpq_div(unit, printed, unit);
    int whole = fmpz_is_one(fmpq_denref(unit));
    fmpq_clear(unit);
    return whole;
}

void sb_printed_interval(fmpq_t low, fmpq_t high, const fmpq_t printed, int significant_digits) {
    fmpq_set(low, printed);
    fmpq_set(high, printed);
    if (fmpq_sgn(printed) <= 0) return;
    fmpq_t half, slack;
    fmpq_init(half);
    fmpq_init(slack);
    int power = last_unit(half, printed, significant_digits);
    fmpq_div_2exp(half, half, 1);
    fmpq_add(high, high, half);
    if (power) { /* the numbers just below a power of ten are printed ten times finer */
        fmpq_set_si(slack, 1, 10);
        fmpq_mul(half, half, slack);
    }
    fmpq_sub(low, low, half);
    fmpq_div_2exp(slack, low, 22);
    fmpq_sub(low, low, slack);
    fmpq_div_2exp(slack, high, 22);
    fmpq_add(high, high, slack);
    fmpq_clear(half);
    fmpq_clear(slack);
}

/* ------------------------------------------------------------------ sampling */
void sb_sampling_init(sb_sampling *sampling) {
    fmpq_init(sampling->sigma);
    fmpq_init(sampling->alpha);
    fmpq_one(sampling->sigma);
    fmpq_set_si(sampling->alpha, 1, 1000);
    sampling->samples = 100000;
    sampling->classes = 10;
    sampling->radius_digits = 3;
    sb_divisor_init(&sampling->logged);
}

void sb_sampling_clear(sb_sampling *sampling) {
    fmpq_clear(sampling->sigma);
    fmpq_clear(sampling->alpha);
    sb_divisor_clear(&sampling->logged);
}

sb_status sb_sampling_ceiling(arb_t value, const sb_sampling *sampling, int digits, sb_error *error) {
    arb_t sigma;
    arb_init(sigma);
    slong precision = (slong)((digits + 20) * 3.33) + 64;
    sb_status status = sb_clopper_pearson_lower(value, sampling->samples, sampling->samples, sampling->alpha,
                                                digits + 20, error);
    if (!status) {
        sb_normal_quantile(value, value, precision);
        arb_set_fmpq(sigma, sampling->sigma, precision);
        arb_mul(value, value, sigma, precision);
        if (!arb_is_finite(value))
            status = sb_fail(error, SB_UNDECIDED, "sampling ceiling: %d digits not reached", digits);
    }
    arb_clear(sigma);
    return status;
}

sb_status sb_ceiling_count(const sb_certification_log *log, const sb_sampling *sampling, size_t *count,
                           sb_error *error) {
    arb_t ceiling, end;
    fmpq_t low, high;
    arb_init(ceiling);
    arb_init(end);
    fmpq_init(low);
    fmpq_init(high);
    *count = 0;
    sb_status status = sb_sampling_ceiling(ceiling, sampling, 20, error);
    sb_divisor_ball(end, &sampling->logged, 128);
    arb_div(ceiling, ceiling, end, 128);
    for (size_t i = 0; !status && i < log->count; i++) {
        if (!log->image[i].correct) continue;
        sb_printed_interval(low, high, log->image[i].radius, sampling->radius_digits);
        arb_set_fmpq(end, low, 128);
        int above = arb_ge(ceiling, end);
        arb_set_fmpq(end, high, 128);
        *count += above && arb_le(ceiling, end);
    }
    arb_clear(ceiling);
    arb_clear(end);
    fmpq_clear(low);
    fmpq_clear(high);
    return status;
}
