/* The families are nested loops over laws and shifts; `visit` hands each instance to the statement and keeps
 * the first failure. */
#include "bounds/ledger_instances.h"

#include "support/text.h"

#include <stdlib.h>

enum { LARGEST_DIMENSION = 4, EIGHTHS = 8 };

typedef struct {
    sb_instance_test *test;
    const void *statement;
    sb_finding *finding;
    const char *argument; /* what the statement rests on in general; NULL: the paper */
    size_t count;
    int refuted;
} trial;

void sb_holds_at_least(int *holds, const fmpq_t left, const fmpq_t right) {
    *holds = fmpq_cmp(left, right) >= 0;
}

static sb_status report_failure(trial *t, const sb_instance *instance, sb_error *error) {
    char *law = sb_finite_law_print(instance->law);
    char *delta = fmpq_get_str(NULL, 10, instance->delta);
    sb_text shift;
    sb_text_init(&shift);
    for (size_t i = 0; i < instance->law->dimension; i++) {
        char *digits = fmpq_get_str(NULL, 10, instance->shift + i);
        sb_text_format(&shift, i ? ", %s" : "%s", digits);
        flint_free(digits);
    }
    sb_status status = sb_find(t->finding, error, SB_REFUTED, "fails for D = %s, v = (%s), delta = %s",
                               law ? law : "?", shift.data, delta);
    t->refuted = 1;
    free(law);
    flint_free(delta);
    sb_text_clear(&shift);
    return status;
}

static sb_status visit_with(trial *t, const sb_finite_law *law, const fmpq *shift, const fmpq_t delta,
                            sb_error *error) {
    fmpq_t length;
    fmpq_init(length);
    for (size_t i = 0; i < law->dimension; i++) fmpq_addmul(length, shift + i, shift + i);
    sb_instance instance = {.law = law, .shift = shift, .length = length, .delta = delta};
    int holds = 0;
    sb_status status = t->test(&holds, &instance, t->statement, error);
    t->count++;
    if (!status && !holds) status = report_failure(t, &instance, error);
    fmpq_clear(length);
    return status;
}

static sb_status visit(trial *t, const sb_finite_law *law, const fmpq *shift, sb_error *error) {
    fmpq_t delta;
    fmpq_init(delta);
    sb_finite_law_shift_distance(delta, law, shift);
    sb_status status = visit_with(t, law, shift, delta, error);
    fmpq_clear(delta);
    return status;
}

static sb_status conclude(trial *t, const char *family, sb_error *error) {
    if (t->refuted) return SB_OK;
    return sb_find(t->finding, error, SB_CONSISTENT, "in general by %s; held exactly in %zu instances (%s)",
                   t->argument ? t->argument : "the paper's argument", t->count, family);
}

/* ---------------------------------------- the line */

/* Every law with weights k/total on origin, origin + 1, ..., shifts 1, 2, 3. */
static sb_status exhaust_line(trial *t, size_t points, uint32_t total, slong twice_origin, sb_error *error) {
    uint32_t weight[EIGHTHS] = {0};
    weight[0] = total;
    sb_finite_law law;
    fmpq_t origin, spacing, shift;
    sb_finite_law_init(&law);
    fmpq_init(origin);
    fmpq_init(spacing);
    fmpq_init(shift);
    fmpq_set_si(origin, twice_origin, 2);
    fmpq_one(spacing);
    sb_status status = SB_OK;
    do {
        status = sb_finite_law_lattice(&law, 1, points, origin, spacing, weight, error);
        for (slong s = 1; s <= 3 && !status && !t->refuted; s++) {
            fmpq_set_si(shift, s, 1);
            status = visit(t, &law, shift, error);
        }
    } while (!status && !t->refuted && sb_next_composition(weight, points));
    sb_finite_law_clear(&law);
    fmpq_clear(origin);
    fmpq_clear(spacing);
    fmpq_clear(shift);
    return status;
}

static sb_status random_line(trial *t, size_t laws, sb_error *error) {
    uint64_t state = 20200208;
    sb_finite_law law;
    fmpq_t shift;
    sb_finite_law_init(&law);
    fmpq_init(shift);
    sb_status status = SB_OK;
    for (size_t k = 0; k < laws && !status && !t->refuted; k++) {
        size_t points = 1 + sb_finite_law_random_below(&state, EIGHTHS);
        status = sb_finite_law_random(&law, 1, points, 12, 6, 9, &state, error);
        if (status) break;
        size_t i = sb_finite_law_random_below(&state, (uint32_t)law.count);
        size_t j = sb_finite_law_random_below(&state, (uint32_t)law.count);
        fmpq_sub(shift, law.point + i, law.point + j);
        fmpq_abs(shift, shift);
        if (fmpq_is_zero(shift)) fmpq_set_si(shift, 1 + (slong)(k % 6), 6);
        status = visit(t, &law, shift, error);
    }
    sb_finite_law_clear(&law);
    fmpq_clear(shift);
    return status;
}

sb_status sb_try_line(sb_finding *finding, sb_error *error, sb_instance_test *test, const void *statement) {
    trial t = {.test = test, .statement = statement, .finding = finding};
    sb_status status = exhaust_line(&t, 6, 6, -5, error);
    if (!status && !t.refuted) status = exhaust_line(&t, 7, 6, -6, error);
    if (!status && !t.refuted) status = random_line(&t, 1000, error);
    if (status) return status;
    return conclude(
        &t,
        "every law in sixths on 6 and 7 lattice points with shifts 1, 2, 3, and 1000 random laws on the line",
        error);
}

/* ---------------------------------------- space */

/* The k-th law of dimension d: a random law on a small lattice, or a product of random laws, or (cubes only)
 * uniform. */
static sb_status make_law(sb_finite_law *law, size_t d, size_t k, uint64_t *state, sb_error *error) {
    static const size_t side[LARGEST_DIMENSION + 1] = {0, 8, 4, 3, 2};
    uint32_t weight[64];
    size_t points = 1;
    for (size_t i = 0; i < d; i++) points *= side[d];
    fmpq_t origin, spacing;
    fmpq_init(origin);
    fmpq_init(spacing);
    fmpq_one(spacing);
    fmpq_set_si(origin, 1 - (slong)side[d] - (slong)(k % 2), 2); /* centred, or half a step off */
    sb_status status = SB_OK;
    if (k % 3 < 2) {
        for (size_t i = 0; i < points; i++)
            weight[i] = (k % 3 ? 0 : 4) + sb_finite_law_random_below(state, 6);
        weight[0]++; /* not all 0 */
        status = sb_finite_law_lattice(law, d, side[d], origin, spacing, weight, error);
    } else {
        sb_finite_law factor, product;
        sb_finite_law_init(&factor);
        sb_finite_law_init(&product);
        for (size_t i = 0; i < d && !status; i++) {
            for (size_t w = 0; w < 3; w++) weight[w] = 1 + sb_finite_law_random_below(state, 6);
            status = sb_finite_law_lattice(i ? &factor : law, 1, 3, origin, spacing, weight, error);
            if (status || i == 0) continue;
            status = sb_finite_law_product(&product, law, &factor, error);
            if (status) continue;
            sb_finite_law swap = *law;
            *law = product;
            product = swap;
        }
        sb_finite_law_clear(&factor);
        sb_finite_law_clear(&product);
    }
    fmpq_clear(origin);
    fmpq_clear(spacing);
    return status;
}

static int draw_shift(fmpq *shift, size_t d, uint64_t *state) {
    int zero = 1;
    for (size_t i = 0; i < d; i++) {
        slong entry = (slong)sb_finite_law_random_below(state, 5) - 2;
        fmpq_set_si(shift + i, entry, 1);
        if (entry) zero = 0;
    }
    return !zero;
}

sb_status sb_try_space(sb_finding *finding, sb_error *error, sb_instance_test *test, const void *statement) {
    enum { LAWS = 150, SHIFTS = 6 };
    trial t = {.test = test, .statement = statement, .finding = finding};
    sb_finite_law law;
    fmpq shift[LARGEST_DIMENSION];
    sb_finite_law_init(&law);
    for (size_t i = 0; i < LARGEST_DIMENSION; i++) fmpq_init(shift + i);
    uint64_t state = 31;
    sb_status status = SB_OK;
    for (size_t d = 1; d <= LARGEST_DIMENSION; d++) {
        for (size_t k = 0; k < LAWS && !status && !t.refuted; k++) {
            status = make_law(&law, d, k, &state, error);
            for (size_t s = 0; s < SHIFTS && !status && !t.refuted; s++)
                if (draw_shift(shift, d, &state)) status = visit(&t, &law, shift, error);
        }
    }
    if (!status)
        status = conclude(&t, "random and product laws on lattices in d = 1..4, shifts in {-2..2}^d", error);
    sb_finite_law_clear(&law);
    for (size_t i = 0; i < LARGEST_DIMENSION; i++) fmpq_clear(shift + i);
    return status;
}

/* ---------------------------------------- the cube */

/* delta := max TV(D, D+w) over w in {-1, 0, 1}^d; +w and -w give the same. Leaves shift = (1, ..., 1). */
static void largest_distance(fmpq_t delta, fmpq *shift, const sb_finite_law *law) {
    size_t d = law->dimension, patterns = 1;
    fmpq_t here;
    fmpq_init(here);
    fmpq_zero(delta);
    for (size_t i = 0; i < d; i++) patterns *= 3;
    for (size_t k = patterns / 2 + 1; k < patterns; k++) {
        size_t rest = k;
        for (size_t i = 0; i < d; i++, rest /= 3) fmpq_set_si(shift + i, (slong)(rest % 3) - 1, 1);
        sb_finite_law_shift_distance(here, law, shift);
        if (fmpq_cmp(here, delta) > 0) fmpq_set(delta, here);
    }
    for (size_t i = 0; i < d; i++) fmpq_one(shift + i);
    fmpq_clear(here);
}

static sb_status make_cube(sb_finite_law *law, size_t d, size_t side, sb_error *error) {
    fmpq_t origin, spacing;
    fmpq_init(origin);
    fmpq_init(spacing);
    fmpq_one(spacing);
    fmpq_set_si(origin, 1 - (slong)side, 2);
    sb_status status = sb_finite_law_lattice(law, d, side, origin, spacing, NULL, error);
    fmpq_clear(origin);
    fmpq_clear(spacing);
    return status;
}

sb_status sb_try_cube(sb_finding *finding, sb_error *error, sb_instance_test *test, const void *statement) {
    enum { LAWS = 120 };
    static const size_t largest_side[LARGEST_DIMENSION + 1] = {0, 16, 12, 6, 4};
    trial t = {.test = test, .statement = statement, .finding = finding};
    sb_finite_law law;
    fmpq shift[LARGEST_DIMENSION];
    fmpq_t delta;
    sb_finite_law_init(&law);
    fmpq_init(delta);
    for (size_t i = 0; i < LARGEST_DIMENSION; i++) fmpq_init(shift + i);
    uint64_t state = 17;
    sb_status status = SB_OK;
    for (size_t d = 1; d <= LARGEST_DIMENSION; d++) {
        for (size_t k = 0; k < LAWS + largest_side[d] && !status && !t.refuted; k++) {
            status = k < LAWS ? make_law(&law, d, k, &state, error) : make_cube(&law, d, 1 + k - LAWS, error);
            if (status) break;
            largest_distance(delta, shift, &law);
            status = visit_with(&t, &law, shift, delta, error);
        }
    }
    if (!status)
        status = conclude(
            &t,
            "random, product and uniform laws on lattices in d = 1..4, delta = max over shifts in {-1,0,1}^d",
            error);
    sb_finite_law_clear(&law);
    fmpq_clear(delta);
    for (size_t i = 0; i < LARGEST_DIMENSION; i++) fmpq_clear(shift + i);
    return status;
}

/* ---------------------------------------- sign vectors */

/* -w gives the same as w, so that the last sign may stay. */
void sb_sign_distances(fmpq_t largest, fmpq_t mean, const sb_finite_law *law, const fmpq *v) {
    size_t d = law->dimension;
    fmpq shift[LARGEST_DIMENSION];
    fmpq_t here;
    fmpq_init(here);
    fmpq_zero(largest);
    fmpq_zero(mean);
    for (size_t i = 0; i < LARGEST_DIMENSION; i++) fmpq_init(shift + i);
    for (unsigned signs = 0; signs < 1u << (d - 1); signs++) {
        for (size_t i = 0; i < d; i++) {
            fmpq_set(shift + i, v + i);
            if (i < d - 1 && signs >> i & 1) fmpq_neg(shift + i, shift + i);
        }
        sb_finite_law_shift_distance(here, law, shift);
        if (fmpq_cmp(here, largest) > 0) fmpq_set(largest, here);
        fmpq_add(mean, mean, here);
    }
    fmpq_div_2exp(mean, mean, d - 1);
    for (size_t i = 0; i < LARGEST_DIMENSION; i++) fmpq_clear(shift + i);
    fmpq_clear(here);
}

/* A law on integer points whose coordinates are all even or all odd, |x_i| <= reach (what sign vectors
   generate); weight[k] belongs to the k-th of them in lexicographic order. NULL: random weights, larger near
   0. */
static sb_status parity_law(sb_finite_law *law, size_t d, slong reach, const uint32_t *weight,
                            uint64_t *state, sb_error *error) {
    enum { MOST = 128 };
    size_t side = (size_t)(2 * reach + 1), cells = 1, count = 0;
    fmpq point[MOST * LARGEST_DIMENSION], mass[MOST];
    for (size_t i = 0; i < MOST * LARGEST_DIMENSION; i++) fmpq_init(point + i);
    for (size_t i = 0; i < MOST; i++) fmpq_init(mass + i);
    for (size_t i = 0; i < d; i++) cells *= side;
    for (size_t cell = 0; cell < cells && count < MOST; cell++) {
        slong x[LARGEST_DIMENSION], far = 0;
        size_t rest = cell, odd = 0;
        for (size_t i = d; i-- > 0; rest /= side) {
            x[i] = (slong)(rest % side) - reach;
            odd += (size_t)(labs(x[i]) % 2);
            if (labs(x[i]) > far) far = labs(x[i]);
        }
        if (odd % d) continue;
        for (size_t i = 0; i < d; i++) fmpq_set_si(point + count * d + i, x[i], 1);
        uint32_t size =
            weight ? weight[count] : (uint32_t)(2 * (reach - far)) + sb_finite_law_random_below(state, 4);
        fmpq_set_si(mass + count++, (slong)size, 1);
    }
    if (!weight) fmpq_add_si(mass, mass, 1); /* not all 0 */
    sb_status status = sb_finite_law_set(law, d, point, mass, count, error);
    for (size_t i = 0; i < MOST * LARGEST_DIMENSION; i++) fmpq_clear(point + i);
    for (size_t i = 0; i < MOST; i++) fmpq_clear(mass + i);
    return status;
}

/* Multiplies coordinate i of every point by factor[i] > 0, which keeps their order. */
static void stretch(sb_finite_law *law, const fmpq *factor) {
    for (size_t k = 0; k < law->count * law->dimension; k++)
        fmpq_mul(law->point + k, law->point + k, factor + k % law->dimension);
}

/* v = (1, ..., 1); or, stretched, random v, the law with it, and every other law with 2v_1 for v_1. */
static sb_status visit_signs(trial *t, sb_finite_law *law, int stretched, uint64_t *state, sb_error *error) {
    fmpq v[LARGEST_DIMENSION];
    fmpq_t delta, mean;
    fmpq_init(delta);
    fmpq_init(mean);
    for (size_t i = 0; i < LARGEST_DIMENSION; i++) {
        fmpq_init(v + i);
        fmpq_one(v + i);
        if (stretched)
            fmpq_set_ui(v + i, 1 + sb_finite_law_random_below(state, 6),
                        1 + sb_finite_law_random_below(state, 4));
        fmpq_canonicalise(v + i);
    }
    if (stretched) stretch(law, v);
    if (stretched && sb_finite_law_random_below(state, 2)) fmpq_mul_2exp(v, v, 1);
    sb_sign_distances(delta, mean, law, v);
    sb_status status = visit_with(t, law, v, delta, error);
    for (size_t i = 0; i < LARGEST_DIMENSION; i++) fmpq_clear(v + i);
    fmpq_clear(delta);
    fmpq_clear(mean);
    return status;
}

/* Every law with integer weights of that sum on the points of parity_law, d = 2, reach 1: 5 points. */
static sb_status exhaust_parity(trial *t, uint32_t total, int stretched, uint64_t *state, sb_error *error) {
    enum { POINTS = 5 };
    uint32_t weight[POINTS] = {total};
    sb_finite_law law;
    sb_finite_law_init(&law);
    sb_status status = SB_OK;
    do {
        status = parity_law(&law, 2, 1, weight, state, error);
        if (!status) status = visit_signs(t, &law, stretched, state, error);
    } while (!status && !t->refuted && sb_next_composition(weight, POINTS));
    sb_finite_law_clear(&law);
    return status;
}

sb_status sb_try_signs(sb_finding *finding, sb_error *error, sb_instance_test *test, const void *statement,
                       int stretched) {
    enum { LAWS = 60, CUBES = 6 };
    static const slong reach[LARGEST_DIMENSION + 1] = {0, 6, 4, 3, 2};
    trial t = {.test = test,
               .statement = statement,
               .finding = finding,
               .argument = "the argument of docs/theory/every-dimension.md"};
    sb_finite_law law;
    sb_finite_law_init(&law);
    uint64_t state = 2003;
    sb_status status = SB_OK;
    for (size_t d = 1; d <= LARGEST_DIMENSION; d++)
        for (size_t k = 0; k < CUBES + 2 * LAWS && !status && !t.refuted; k++) {
            if (k < CUBES)
                status = make_cube(&law, d, 1 + k % (d < 3 ? CUBES : 3), error);
            else if (k % 2)
                status = parity_law(&law, d, reach[d], NULL, &state, error);
            else
                status = make_law(&law, d, k / 2, &state, error);
            if (!status) status = visit_signs(&t, &law, stretched, &state, error);
        }
    if (!status && !t.refuted) status = exhaust_parity(&t, 8, stretched, &state, error);
    if (!status)
        status =
            conclude(&t,
                     stretched ? "uniform, random and product laws on lattices of random spacings in d = "
                                 "1..4, every law in eighths on 5 points of the plane"
                               : "uniform, random and product laws on lattices in d = 1..4, every law in "
                                 "eighths on 5 points of the plane",
                     error);
    sb_finite_law_clear(&law);
    return status;
}
