/* One shift on the line (docs/theory/one-shift.md): D as a mixture of uniform laws on runs; m, a and the tail
   on finite laws, and the mixtures of centred uniform laws that attain them; the law that needs less than
   uniform noise when all shifts up to eps are asked for. */
#include "bounds/ledger_sharp.h"

#include "bounds/ledger_sharp_trial.h"
#include "bounds/sharp.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ runs */
/* Sums over the mixture of uniform laws on runs; a run of N points has the weight N thickness. */
typedef struct {
    fmpq_t total, inverse, square; /* the weights, E[1/N], E x^2 */
} run_sums;

/* The index of the point, or law->count. */
static size_t find_point(const sb_finite_law *law, const fmpq_t point) {
    size_t low = 0, high = law->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fmpq_cmp(law->point + middle, point) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < law->count && fmpq_equal(law->point + low, point) ? low : law->count;
}

static int is_above(const sb_finite_law *law, const fmpq_t point, const fmpq_t level) {
    size_t k = find_point(law, point);
    return k < law->count && fmpq_cmp(law->mass + k, level) > 0;
}

/* The runs that {x : D(x) > level} consists of. */
static void add_layer(run_sums *sums, const sb_finite_law *law, const fmpq *shift, const fmpq_t level,
                      const fmpq_t thickness) {
    fmpq_t place, term;
    fmpq_init(place);
    fmpq_init(term);
    for (size_t i = 0; i < law->count; i++) {
        fmpq_sub(place, law->point + i, shift);
        if (fmpq_cmp(law->mass + i, level) <= 0 || is_above(law, place, level)) continue; /* no first point */
        fmpq_add(sums->inverse, sums->inverse, thickness);
        for (fmpq_set(place, law->point + i); is_above(law, place, level); fmpq_add(place, place, shift)) {
            fmpq_add(sums->total, sums->total, thickness);
            fmpq_mul(term, place, place);
            fmpq_addmul(sums->square, term, thickness);
        }
    }
    fmpq_clear(place);
    fmpq_clear(term);
}

static void add_layers(run_sums *sums, const sb_finite_law *law, const fmpq *shift) {
    fmpq_t level, thickness;
    fmpq_init(level);
    fmpq_init(thickness);
    for (;;) {
        const fmpq *next = NULL; /* the least mass above the level */
        for (size_t i = 0; i < law->count; i++)
            if (fmpq_cmp(law->mass + i, level) > 0 && (!next || fmpq_cmp(law->mass + i, next) < 0))
                next = law->mass + i;
        if (!next) break;
        fmpq_sub(thickness, next, level);
        add_layer(sums, law, shift, level, thickness);
        fmpq_set(level, next);
    }
    fmpq_clear(level);
    fmpq_clear(thickness);
}

/* The weights add up to 1, E x^2 is that of D, and E[1/N] = (percent/100) TV(D, D + v). */
static sb_status representation_holds(int *holds, const sb_instance *instance, const void *percent,
                                      sb_error *error) {
    (void)error;
    run_sums sums;
    fmpq_t wanted, moment;
    fmpq *const number[] = {sums.total, sums.inverse, sums.square, wanted, moment};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_init(number[i]);
    add_layers(&sums, instance->law, instance->shift);
    fmpq_set_si(wanted, *(const slong *)percent, 100);
    fmpq_mul(wanted, wanted, instance->delta);
    sb_finite_law_square_moment(moment, instance->law, 0);
    *holds = fmpq_is_one(sums.total) && fmpq_equal(sums.square, moment) && fmpq_equal(sums.inverse, wanted);
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_clear(number[i]);
    return SB_OK;
}

sb_status sb_check_representation(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong percent = 100;
    (void)claim;
    sb_status status = sb_try_line(finding, error, representation_holds, &percent);
    return status ? status : sb_find_held(finding, error);
}

/* false: E[1/N] = 1.01 TV */
sb_status sb_check_representation_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong percent = 101;
    (void)claim;
    return sb_try_line(finding, error, representation_holds, &percent);
}

/* ------------------------------------------------------------------ E eta^2 and E|eta| */
static sb_status square_sides(fmpq_t quantity, fmpq_t bound, fmpq_t given, const sb_instance *instance,
                              sb_error *error) {
    (void)given;
    (void)error;
    sb_finite_law_square_moment(quantity, instance->law, 0);
    sb_sharp_m(bound, instance->delta);
    fmpq_mul(bound, bound, instance->length);
    return SB_OK;
}

static sb_status absolute_sides(fmpq_t quantity, fmpq_t bound, fmpq_t given, const sb_instance *instance,
                                sb_error *error) {
    (void)given;
    (void)error;
    sb_finite_law_absolute_moment(quantity, instance->law, 0);
    sb_sharp_a(bound, instance->delta);
    fmpq_mul(bound, bound, instance->shift);
    return SB_OK;
}

static const sb_sharp_trial square = {"E eta^2", 0, NULL, square_sides};
static const sb_sharp_trial absolute = {"E|eta|", 0, NULL, absolute_sides};

sb_status sb_check_sharp_square(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_status status = sb_try_sharp(finding, error, &square, 100);
    return status ? status : sb_try_sharp_attained(finding, error, &square, 1, 8, 1);
}

/* false: 1.01 m(delta) */
sb_status sb_check_sharp_square_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return sb_try_sharp_mixture(finding, error, &square, 101, 2, 3, 0);
}

sb_status sb_check_sharp_absolute(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_status status = sb_try_sharp(finding, error, &absolute, 100);
    return status ? status : sb_try_sharp_attained(finding, error, &absolute, 1, 15, 2);
}

/* false: 1.01 a(delta) */
sb_status sb_check_sharp_absolute_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return sb_try_sharp_mixture(finding, error, &absolute, 101, 1, 3, 7);
}

/* ------------------------------------------------------------------ the tail */
/* Pr(|eta| <= s) and (floor(2s/eps) + 1) delta, s = quarters eps/4. */
static void tail_sides(fmpq_t mass, fmpq_t bound, const sb_instance *instance, slong quarters) {
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    fmpq_set_si(high, quarters, 4);
    fmpq_mul(high, high, instance->shift);
    fmpq_neg(low, high);
    sb_finite_law_interval(mass, instance->law, low, 1, high, 1);
    fmpq_mul_si(bound, instance->delta, quarters / 2 + 1);
    fmpq_clear(low);
    fmpq_clear(high);
}

/* The s = 0, eps/4, ..., 4 eps at which the two sides are nearest. */
static sb_status nearest_tail_sides(fmpq_t quantity, fmpq_t bound, fmpq_t s, const sb_instance *instance,
                                    sb_error *error) {
    (void)error;
    fmpq_t mass, limit, ratio, largest;
    fmpq *const number[] = {mass, limit, ratio, largest};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_init(number[i]);
    for (slong quarters = 0; quarters <= 16; quarters++) {
        tail_sides(mass, limit, instance, quarters);
        fmpq_div(ratio, mass, limit);
        if (quarters && fmpq_cmp(ratio, largest) <= 0) continue;
        fmpq_set(largest, ratio);
        fmpq_set(quantity, mass);
        fmpq_set(bound, limit);
        fmpq_set_si(s, quarters, 4);
        fmpq_mul(s, s, instance->shift);
    }
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_clear(number[i]);
    return SB_OK;
}

static const sb_sharp_trial tail = {"Pr(|eta| <= s)", 1, "s", nearest_tail_sides};

/* Runs of K, K + 2, ... points about 0, K = floor(2s/eps) + 1: K of the points lie within s. */
static sb_status tail_is_attained(sb_finding *finding, sb_error *error) {
    enum { MOST = 9, SHARES = 7 };
    fmpq_t one, delta, mass, bound;
    fmpq *const number[] = {one, delta, mass, bound};
    size_t count = 0;
    sb_status status = SB_OK;
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_init(number[i]);
    fmpq_one(one);
    for (slong quarters = 0; quarters < MOST && !status && finding->verdict == SB_CONSISTENT; quarters++)
        for (ulong share = 0; share <= SHARES && !status; share++, count++) {
            size_t fewest = (size_t)quarters / 2 + 1 + 2 * (share % 3);
            sb_finite_law law;
            sb_finite_law_init(&law);
            status = sb_centred_mixture(&law, fewest, fewest + 2, share, SHARES, error);
            if (!status) {
                sb_finite_law_shift_distance(delta, &law, one);
                sb_instance instance = {.law = &law, .shift = one, .length = one, .delta = delta};
                tail_sides(mass, bound, &instance, quarters);
                if (!fmpq_equal(mass, bound))
                    status = sb_find(finding, error, SB_REFUTED, "not attained at s = %ld/4, N = %zu, %zu",
                                     (long)quarters, fewest, fewest + 2);
            }
            sb_finite_law_clear(&law);
        }
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_clear(number[i]);
    if (status || finding->verdict != SB_CONSISTENT) return status;
    return sb_find_more(finding, error,
                        "equality for %zu mixtures of centred uniform laws on N and N+2 points, N - "
                        "floor(2s/eps) odd, s = 0..2 eps",
                        count);
}

sb_status sb_check_sharp_tail(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_status status = sb_try_sharp(finding, error, &tail, 100);
    return status ? status : tail_is_attained(finding, error);
}

/* false: 99/100 of it */
sb_status sb_check_sharp_tail_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return sb_try_sharp_mixture(finding, error, &tail, 99, 2, 4, 1);
}

/* ------------------------------------------------------------------ all shifts up to eps */
enum { CELLS = 8, CELLS_TO_ONE = 4 };

/* Density piecewise constant on eight cells of length 1/4 about 0, with these weights. Between multiples of
   the length of a cell TV is linear in the shift, so that the largest over |v| <= 1 is at one of them. Claim:
   it is at most 1/2, and E eta^2 < 1/3. */
static sb_status try_cells(sb_finding *finding, sb_error *error, const uint32_t weight[CELLS]) {
    sb_finite_law law;
    fmpq_t origin, length, shift, here, largest, moment, third;
    fmpq *const number[] = {origin, length, shift, here, largest, moment, third};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_init(number[i]);
    sb_finite_law_init(&law);
    fmpq_set_si(origin, 1 - CELLS, 2 * CELLS_TO_ONE);
    fmpq_set_si(length, 1, CELLS_TO_ONE);
    fmpq_set_si(third, 1, 3);
    sb_status status = sb_finite_law_lattice(&law, 1, CELLS, origin, length, weight, error);
    if (!status) {
        for (slong k = 1; k <= CELLS_TO_ONE; k++) {
            fmpq_mul_si(shift, length, k);
            sb_finite_law_shift_distance(here, &law, shift);
            if (fmpq_cmp(here, largest) > 0) fmpq_set(largest, here);
        }
        sb_finite_law_square_moment(moment, &law, 0);
        fmpq_set_si(here, 1, 12 * CELLS_TO_ONE * CELLS_TO_ONE); /* the variance within a cell */
        fmpq_add(moment, moment, here);
        fmpq_set_si(here, 1, 2);
        int holds = fmpq_cmp(largest, here) <= 0 && fmpq_cmp(moment, third) < 0;
        char *variation = sb_rational_print(largest), *square_mean = sb_rational_print(moment);
        char *masses = sb_finite_law_print(&law);
        status =
            variation && square_mean && masses
                ? sb_find(finding, error, holds ? SB_PROVED : SB_REFUTED,
                          "cells of length 1/4 with centres and masses %s, eps = 1: largest TV(D, D+v) over "
                          "|v| <= 1 is %s, E eta^2 = %s%s",
                          masses, variation, square_mean, holds ? " < 1/3" : ", not below 1/3")
                : sb_fail_memory(error);
        free(variation);
        free(square_mean);
        free(masses);
    }
    sb_finite_law_clear(&law);
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_clear(number[i]);
    return status;
}

sb_status sb_check_all_shifts(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const uint32_t weight[CELLS] = {1, 2, 2, 1, 1, 2, 2, 1};
    (void)claim;
    return try_cells(finding, error, weight);
}

/* false: uniform noise has it */
sb_status sb_check_all_shifts_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const uint32_t weight[CELLS] = {1, 1, 1, 1, 1, 1, 1, 1};
    (void)claim;
    return try_cells(finding, error, weight);
}
