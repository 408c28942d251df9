/* A prefix is a candidate only where the second moments grow behind it (docs/theory/coordinate-moments.md).
   Double arithmetic finds the candidates near the least value; among those balls decide. */
#include "bounds/moment_limit.h"

#include "bounds/dimension_law.h"
#include "bounds/exact_value.h"
#include "bounds/moment_weights.h"

#include <math.h>
#include <stdlib.h>

enum { CHOICE_BITS = 128 };

void sb_moment_limit_init(sb_moment_limit *limit) {
    sb_exact_init(&limit->norm);
    limit->size = 0;
    fmpq_init(limit->sum);
    fmpq_init(limit->largest);
    limit->group = NULL;
    limit->group_count = 0;
    fmpq_init(limit->level);
}

void sb_moment_limit_clear(sb_moment_limit *limit) {
    for (size_t i = 0; i < limit->group_count; i++) fmpq_clear(limit->group[i].sum);
    free(limit->group);
    sb_exact_clear(&limit->norm);
    fmpq_clear(limit->sum);
    fmpq_clear(limit->largest);
    fmpq_clear(limit->level);
}

static void start(sb_moment_limit *limit, const sb_exact *norm) {
    sb_moment_limit_clear(limit);
    sb_moment_limit_init(limit);
    sb_exact_set(&limit->norm, norm);
}

/* exponent := 2 - 2/p, with p = 2 for p < 2; sign -1 for its negative */
static void size_exponent(fmpq_t exponent, const sb_exact *norm, slong sign) {
    if (!norm->infinite && fmpq_cmp_ui(norm->value, 2) < 0)
        fmpq_set_si(exponent, sign, 1);
    else
        sb_norm_exponent(exponent, norm, 4 * sign, -2 * sign);
}

void sb_moment_limit_prefix(sb_moment_limit *limit, const sb_coordinate_moments *moments,
                            const sb_exact *norm, uint64_t size) {
    const sb_coordinate_moment *item = moments->item;
    fmpq_t sum;
    start(limit, norm);
    limit->size = size;
    fmpq_init(sum);
    for (uint64_t left = size; left; item++) {
        uint64_t count = item->count < left ? item->count : left;
        sb_moment_sum_add(sum, item, count);
        left -= count;
        if (!left) sb_coordinate_moment_get(limit->largest, item);
    }
    fmpq_swap(limit->sum, sum);
    fmpq_clear(sum);
}

/* ------------------------------------------------------------------ the tightest prefix */
/* ratio[i] := b_i/b_1 for the items in order, b_1 > 0; inf beyond the doubles */
static void find_ratios(double *ratio, const sb_coordinate_moments *moments) {
    arf_t first, x;
    fmpq_t value;
    arf_init(first);
    arf_init(x);
    fmpq_init(value);
    for (size_t i = 0; i < moments->count; i++) {
        const sb_coordinate_moment *item = &moments->item[i];
        if (item->rational) {
            sb_coordinate_moment_get(value, item);
            arf_set_fmpq(x, value, 64, ARF_RND_NEAR);
        } else {
            arf_set_d(x, item->value);
        }
        if (i == 0) arf_set(first, x);
        arf_div(x, x, first, 64, ARF_RND_NEAR);
        ratio[i] = arf_get_d(x, ARF_RND_NEAR);
    }
    arf_clear(first);
    arf_clear(x);
    fmpq_clear(value);
}

static int ends_run(const sb_coordinate_moments *moments, size_t i) {
    return i + 1 == moments->count || !sb_coordinate_moment_equals(&moments->item[i], &moments->item[i + 1]);
}

typedef struct {
    double exponent; /* t */
    double least;    /* the least (sum of ratios)/k^t found */
    double near;     /* all below this are candidates */
} scan;

static void scan_prefixes(scan *result, const sb_coordinate_moments *moments, const double *ratio) {
    double sum = 0, size = 0;
    result->least = INFINITY;
    for (size_t i = 0; i < moments->count; i++) {
        sum += ratio[i] * (double)moments->item[i].count;
        size += (double)moments->item[i].count;
        if (!ends_run(moments, i)) continue;
        double value = sum / pow(size, result->exponent);
        if (value < result->least) result->least = value;
    }
    /* a sum of n positive terms is off by at most n 2^-53, relatively */
    result->near = result->least * (1 + 1e-9 + 1e-15 * (double)moments->count);
}

/* limit := the candidate of least V; of equal ones the smallest. */
static void decide_prefix(sb_moment_limit *limit, const scan *found, const sb_coordinate_moments *moments,
                          const double *ratio) {
    sb_moment_limit prefix;
    arb_t least, value;
    double sum = 0;
    sb_moment_limit_init(&prefix);
    arb_init(least);
    arb_init(value);
    sb_exact_set(&prefix.norm, &limit->norm);
    for (size_t i = 0; i < moments->count; i++) {
        const sb_coordinate_moment *item = &moments->item[i];
        sum += ratio[i] * (double)item->count;
        prefix.size += item->count;
        sb_moment_sum_add(prefix.sum, item, item->count);
        if (!ends_run(moments, i) || sum / pow((double)prefix.size, found->exponent) > found->near) continue;
        sb_moment_limit_value(value, &prefix, CHOICE_BITS);
        if (limit->size && !arb_lt(value, least)) continue;
        arb_set(least, value);
        limit->size = prefix.size;
        fmpq_set(limit->sum, prefix.sum);
        sb_coordinate_moment_get(limit->largest, item);
    }
    sb_moment_limit_clear(&prefix);
    arb_clear(least);
    arb_clear(value);
}

sb_status sb_moment_limit_find(sb_moment_limit *limit, const sb_coordinate_moments *moments,
                               const sb_exact *norm, sb_error *error) {
    start(limit, norm);
    if (!moments->count) return SB_OK;
    size_t zeros = 0;
    while (zeros < moments->count && moments->item[zeros].value <= 0 &&
           !(moments->item[zeros].rational && !fmpz_is_zero(&moments->item[zeros].exact.num)))
        limit->size += moments->item[zeros++].count;
    if (zeros) return SB_OK; /* V = 0 */
    double *ratio = malloc(moments->count * sizeof *ratio);
    if (!ratio) return sb_fail_memory(error);
    fmpq_t exponent;
    scan found;
    fmpq_init(exponent);
    size_exponent(exponent, norm, 1);
    found.exponent = fmpq_get_d(exponent);
    fmpq_clear(exponent);
    find_ratios(ratio, moments);
    scan_prefixes(&found, moments, ratio);
    decide_prefix(limit, &found, moments, ratio);
    sb_status status = sb_moment_weights_choose(limit, moments, ratio, found.least, error);
    free(ratio);
    return status;
}

/* ------------------------------------------------------------------ V */
uint64_t sb_moment_limit_support(const sb_moment_limit *limit) {
    uint64_t support = 0;
    for (size_t i = 0; i < limit->group_count; i++) support += limit->group[i].count;
    return limit->group_count ? support : limit->size;
}

const char *sb_moment_limit_source(const sb_moment_limit *limit) {
    return limit->group_count ? "sharp-1.2" : "sharp-3.7";
}

void sb_moment_limit_value(arb_t value, const void *context, slong precision) {
    const sb_moment_limit *limit = context;
    if (limit->group_count) {
        sb_moment_weights_value(value, limit, precision);
        return;
    }
    fmpq_t exponent;
    fmpq_init(exponent);
    size_exponent(exponent, &limit->norm, -1);
    sb_scaled_power(value, limit->sum, limit->size, exponent, precision);
    fmpq_clear(exponent);
}

int sb_moment_limit_exact(fmpq_t value, const sb_moment_limit *limit) {
    if (limit->group_count) return 0;
    fmpq_t exponent, power;
    fmpq_init(exponent);
    fmpq_init(power);
    size_exponent(exponent, &limit->norm, -1);
    int rational = sb_rational_power(power, limit->size, exponent);
    if (rational) fmpq_mul(value, limit->sum, power);
    fmpq_clear(exponent);
    fmpq_clear(power);
    return rational;
}

/* ------------------------------------------------------------------ promises */
void sb_moment_largest_radius(arb_t radius, const void *context, slong precision) {
    const sb_moment_question *question = context;
    fmpq_t constant;
    arb_t divisor;
    fmpq_init(constant);
    arb_init(divisor);
    sb_sharp_constant(constant, question->hypothesis, question->given);
    arb_set_fmpq(divisor, constant, precision);
    sb_moment_limit_value(radius, question->limit, precision);
    arb_div(radius, radius, divisor, precision);
    arb_sqrtpos(radius, radius, precision);
    fmpq_clear(constant);
    arb_clear(divisor);
}

int sb_moment_largest_radius_exact(fmpq_t radius, const sb_moment_question *question) {
    fmpq_t constant;
    fmpq_init(constant);
    int rational = sb_moment_limit_exact(radius, question->limit);
    if (rational) {
        sb_sharp_constant(constant, question->hypothesis, question->given);
        fmpq_div(radius, radius, constant);
        rational = fmpz_is_square(fmpq_numref(radius)) && fmpz_is_square(fmpq_denref(radius));
        if (rational) {
            fmpz_sqrt(fmpq_numref(radius), fmpq_numref(radius));
            fmpz_sqrt(fmpq_denref(radius), fmpq_denref(radius));
        }
    }
    fmpq_clear(constant);
    return rational;
}

/* c^-1 at an end of a ball of non-negative numbers */
static void inverse_at(arb_t delta, sb_sharp_hypothesis hypothesis, const arf_t end, slong precision) {
    fmpq_t y;
    fmpq_init(y);
    if (arf_sgn(end) > 0) arf_get_fmpq(y, end);
    sb_sharp_inverse(delta, hypothesis, y, precision);
    fmpq_clear(y);
}

void sb_moment_least_delta(arb_t delta, const void *context, slong precision) {
    const sb_moment_question *question = context;
    arb_t value, low, square;
    arf_t end;
    fmpq_t radius;
    arb_init(value);
    arb_init(low);
    arb_init(square);
    arf_init(end);
    fmpq_init(radius);
    sb_moment_limit_value(value, question->limit, precision);
    fmpq_mul(radius, question->given, question->given);
    arb_set_fmpq(square, radius, precision);
    arb_div(value, value, square, precision);
    arb_get_ubound_arf(end, value, precision); /* c^-1 decreases */
    inverse_at(low, question->hypothesis, end, precision);
    arb_get_lbound_arf(end, value, precision);
    inverse_at(delta, question->hypothesis, end, precision);
    arb_union(delta, delta, low, precision);
    arb_clear(value);
    arb_clear(low);
    arb_clear(square);
    arf_clear(end);
    fmpq_clear(radius);
}

int sb_moment_least_delta_exact(fmpq_t delta, const sb_moment_question *question) {
    fmpq_t y, square;
    fmpq_init(y);
    fmpq_init(square);
    int rational = sb_moment_limit_exact(y, question->limit);
    if (rational) {
        fmpq_mul(square, question->given, question->given);
        fmpq_div(y, y, square);
        rational = sb_sharp_inverse_exact(delta, question->hypothesis, y);
    }
    fmpq_clear(y);
    fmpq_clear(square);
    return rational;
}

/* coefficient := eps^2 c(delta) */
static void promise_coefficient(fmpq_t coefficient, sb_sharp_hypothesis hypothesis, const fmpq_t radius,
                                const fmpq_t delta) {
    sb_sharp_constant(coefficient, hypothesis, delta);
    fmpq_mul(coefficient, coefficient, radius);
    fmpq_mul(coefficient, coefficient, radius);
}

int sb_moment_limit_excludes(const sb_moment_limit *limit, sb_sharp_hypothesis hypothesis,
                             const fmpq_t radius, const fmpq_t delta) {
    if (!limit->size) return 0;
    fmpq_t coefficient, value;
    int sign = 0, excludes;
    fmpq_init(coefficient);
    fmpq_init(value);
    promise_coefficient(coefficient, hypothesis, radius, delta);
    if (sb_moment_limit_exact(value, limit))
        excludes = fmpq_cmp(coefficient, value) > 0;
    else
        excludes =
            sb_compare_with(sb_moment_limit_value, limit, coefficient, &sign, NULL) == SB_OK && sign < 0;
    fmpq_clear(coefficient);
    fmpq_clear(value);
    return excludes;
}

void sb_moment_needed_sum(arb_t needed, const sb_moment_limit *limit, sb_sharp_hypothesis hypothesis,
                          const fmpq_t radius, const fmpq_t delta, slong precision) {
    fmpq_t coefficient, exponent;
    fmpq_init(coefficient);
    fmpq_init(exponent);
    promise_coefficient(coefficient, hypothesis, radius, delta);
    size_exponent(exponent, &limit->norm, 1);
    sb_scaled_power(needed, coefficient, limit->size, exponent, precision);
    fmpq_clear(coefficient);
    fmpq_clear(exponent);
}

int sb_moment_needed_sum_exact(fmpq_t needed, const sb_moment_limit *limit, sb_sharp_hypothesis hypothesis,
                               const fmpq_t radius, const fmpq_t delta) {
    fmpq_t coefficient, exponent;
    fmpq_init(coefficient);
    fmpq_init(exponent);
    size_exponent(exponent, &limit->norm, 1);
    int rational = sb_rational_power(needed, limit->size, exponent);
    if (rational) {
        promise_coefficient(coefficient, hypothesis, radius, delta);
        fmpq_mul(needed, needed, coefficient);
    }
    fmpq_clear(coefficient);
    fmpq_clear(exponent);
    return rational;
}
