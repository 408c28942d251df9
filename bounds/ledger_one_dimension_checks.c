/* Section 3.1 on the line. Every bound there has the form E|eta|^m >= k eps^m (1-delta)^a / delta^b with
   delta = TV(D, D+eps) > 0; it is tried as E|eta|^m delta^b >= k eps^m (1-delta)^a, in exact rationals. The
   false strengthenings enlarge k beyond what uniform laws on two to six neighbouring lattice points allow. */
#include "bounds/ledger_checks.h"
#include "bounds/ledger_instances.h"
#include "support/enclosure.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *id;
    unsigned moment, gap, decay; /* m, a, b */
    slong constant[2], control[2];
} moment_bound;

static const moment_bound moment_bounds[] = {
    {"lemma-3.1-instances", 2, 1, 2, {1, 200}, {1, 9}},
    {"lemma-3.2-instances", 2, 1, 0, {1, 8}, {51, 100}},
    {"lemma-3.3-instances", 1, 2, 1, {1, 8}, {2, 5}},
    {"lemma-3.3-square-instances", 2, 4, 2, {1, 64}, {1, 5}},
    {"cor-3.4-instances", 2, 1, 2, {1, 200}, {1, 1}},
    {"lemma-C.1-gap-instances", 1, 1, 0, {1, 4}, {11, 10}},
    {"lemma-C.1-line-instances", 1, 1, 1, {1, 12}, {7, 20}},
    {"lemma-C.1-direction-instances", 1, 1, 1, {1, 12}, {1, 1}},
};

typedef struct {
    const moment_bound *bound;
    fmpq_t constant;
} moment_statement;

static sb_status moment_holds(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)error;
    const moment_statement *statement = context;
    const moment_bound *bound = statement->bound;
    fmpq_t left, right, factor;
    fmpq_init(left);
    fmpq_init(right);
    fmpq_init(factor);
    if (bound->moment == 1)
        sb_finite_law_absolute_moment(left, instance->law, 0);
    else
        sb_finite_law_square_moment(left, instance->law, 0);
    fmpq_pow_si(factor, instance->delta, (slong)bound->decay);
    fmpq_mul(left, left, factor);
    fmpq_pow_si(right, instance->shift, (slong)bound->moment);
    fmpq_mul(right, right, statement->constant);
    fmpq_one(factor);
    fmpq_sub(factor, factor, instance->delta);
    fmpq_pow_si(factor, factor, (slong)bound->gap);
    fmpq_mul(right, right, factor);
    sb_holds_at_least(holds, left, right);
    fmpq_clear(left);
    fmpq_clear(right);
    fmpq_clear(factor);
    return SB_OK;
}

typedef sb_status family(sb_finding *finding, sb_error *error, sb_instance_test *test, const void *statement);

static sb_status check_moment(const sb_claim *claim, int control, family *tried, sb_instance_test *holds,
                              sb_finding *finding, sb_error *error) {
    for (size_t i = 0; i < sizeof moment_bounds / sizeof moment_bounds[0]; i++) {
        if (strcmp(moment_bounds[i].id, claim->id) != 0) continue;
        const slong *constant = control ? moment_bounds[i].control : moment_bounds[i].constant;
        moment_statement statement = {.bound = &moment_bounds[i]};
        fmpq_init(statement.constant);
        fmpq_set_si(statement.constant, constant[0], (ulong)constant[1]);
        sb_status status = tried(finding, error, holds, &statement);
        fmpq_clear(statement.constant);
        return status;
    }
    return sb_fail(error, SB_INTERNAL, "claim '%s' has no row in the table of moment bounds", claim->id);
}

sb_status sb_check_moment(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    return check_moment(claim, 0, sb_try_line, moment_holds, finding, error);
}

sb_status sb_check_moment_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    return check_moment(claim, 1, sb_try_line, moment_holds, finding, error);
}

/* ---------------------------------------- the same along a direction */

/* Z = v.eta is a noise on the line whose shift by |v|_2^2 has TV(Z, Z + |v|_2^2) <= TV(D, D+v). */
static sb_status projected_holds(int *holds, const sb_instance *instance, const void *context,
                                 sb_error *error) {
    sb_finite_law line;
    sb_finite_law_init(&line);
    sb_status status = sb_finite_law_project(&line, instance->law, instance->shift, error);
    sb_instance along = {.law = &line, .shift = instance->length, .delta = instance->delta};
    if (!status) status = moment_holds(holds, &along, context, error);
    sb_finite_law_clear(&line);
    return status;
}

/* Corollary 3.4 towards a corner: coordinates are independent and alike, so E (v.eta)^2/|v|_2^2 = E eta_1^2,
   |v|_2 = eps d^(1/2-1/p). context: the constant that stands for 200. */
static void product_projected_holds(int *holds, const sb_product_instance *instance, const void *context) {
    arb_t right;
    arb_init(right);
    sb_product_bound(right, instance, *(const slong *)context, 2, 2, 2, 2);
    *holds = arb_ge(instance->square, right);
    arb_clear(right);
}

sb_status sb_check_projected_moment(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    slong constant = 200;
    sb_status status = check_moment(claim, 0, sb_try_space, projected_holds, finding, error);
    if (status || strcmp(claim->id, "cor-3.4-instances") != 0) return status;
    return sb_try_products(finding, error, product_projected_holds, &constant);
}

sb_status sb_check_projected_moment_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    return check_moment(claim, 1, sb_try_space, projected_holds, finding, error);
}

/* ---------------------------------------- the best constant of Lemma 3.1 */

typedef struct {
    slong rational, root; /* rational + root sqrt(5) */
} golden;

static golden golden_product(golden a, golden b) {
    return (golden){a.rational * b.rational + 5 * a.root * b.root, a.rational * b.root + a.root * b.rational};
}

static void golden_ball(arb_t value, const void *context, slong precision) {
    const golden *number = context;
    arb_set_ui(value, 5);
    arb_sqrt(value, value, precision);
    arb_mul_si(value, value, number->root, precision);
    arb_add_si(value, value, number->rational, precision);
}

/* With s = sqrt(5) - 2: 8 s^2 = (1-s)^3, so that the increasing delta^2/8 and the decreasing (1-delta)^3/64
   meet at s, and constant * s^2/8 = 1, so that the least value of their maximum is 1/constant. */
static sb_status check_best(golden constant, sb_finding *finding, sb_error *error) {
    golden s = {-2, 1}, gap = {3, -1}, eight = {8, 0};
    golden square = golden_product(s, s), cube = golden_product(gap, golden_product(gap, gap));
    golden left = golden_product(eight, square), product = golden_product(constant, square);
    if (left.rational != cube.rational || left.root != cube.root)
        return sb_find(finding, error, SB_REFUTED, "at delta = sqrt(5)-2 the two bounds differ");
    if (product.rational != 8 || product.root != 0)
        return sb_find(finding, error, SB_REFUTED,
                       "(%ld + %ld sqrt 5) (sqrt(5)-2)^2 = %ld + %ld sqrt 5, not 8", (long)constant.rational,
                       (long)constant.root, (long)product.rational, (long)product.root);
    arb_t value;
    arb_init(value);
    char *low = NULL, *high = NULL;
    sb_status status = sb_enclose(value, golden_ball, &constant, 32, error);
    if (!status) {
        low = sb_decimal_lower(value, 30);
        high = sb_decimal_upper(value, 30);
        status = low && high
                     ? sb_find(finding, error, SB_PROVED,
                               "best constant 72 + 32 sqrt 5 in [%s, %s], attained at delta = sqrt(5) - 2 "
                               "(exact in Q(sqrt 5))",
                               low, high)
                     : sb_fail_memory(error);
    }
    free(low);
    free(high);
    arb_clear(value);
    return status;
}

sb_status sb_check_lemma_3_1_best(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_best((golden){72, 32}, finding, error);
}

sb_status sb_check_lemma_3_1_best_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_best((golden){70, 32}, finding, error);
}

/* ---------------------------------------- Lemma 3.2, step by step */

/* Chebyshev for A = (-r, r) and B = [eps-r, eps+r], r = eps/2, and what follows for delta: the largest k
   (here k/10 = 8) with delta >= 1 - k E eta^2/eps^2 is asked. */
static sb_status events_hold(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)error;
    fmpq_t r, minus, in_a, shifted_in_b, shifted_in_a, bound, low, high;
    fmpq *const number[] = {r, minus, in_a, shifted_in_b, shifted_in_a, bound, low, high};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_init(number[i]);
    const fmpq *eps = instance->shift;
    fmpq_div_2exp(r, eps, 1);
    fmpq_neg(minus, r);
    sb_finite_law_interval(in_a, instance->law, minus, 0, r, 0);
    sb_finite_law_interval(shifted_in_b, instance->law, minus, 1, r, 1); /* eta + eps in B */
    fmpq_sub(low, minus, eps);
    fmpq_sub(high, r, eps);
    sb_finite_law_interval(shifted_in_a, instance->law, low, 0, high, 0); /* eta + eps in A */
    sb_finite_law_square_moment(bound, instance->law, 0);
    fmpq_div(bound, bound, r);
    fmpq_div(bound, bound, r); /* E eta^2 / r^2 */
    fmpq_one(low);
    fmpq_sub(low, low, bound);
    *holds = fmpq_cmp(in_a, low) >= 0 && fmpq_cmp(shifted_in_b, low) >= 0 &&
             fmpq_cmp(in_a, shifted_in_b) <= 0 && fmpq_cmp(shifted_in_a, bound) <= 0;
    fmpq_sub(high, in_a, shifted_in_a);
    *holds = *holds && fmpq_cmp(instance->delta, high) >= 0;
    fmpq_set_si(high, *(const slong *)context, 40);
    fmpq_mul(high, high, bound); /* (k/10) E eta^2/eps^2 = (k/40) E eta^2/r^2 */
    fmpq_one(low);
    fmpq_sub(low, low, high);
    *holds = *holds && fmpq_cmp(instance->delta, low) >= 0;
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_clear(number[i]);
    return SB_OK;
}

sb_status sb_check_lemma_3_2_events(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong tenths = 80;
    return sb_try_line(finding, error, events_hold, &tenths);
}

sb_status sb_check_lemma_3_2_events_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong tenths = 19;
    return sb_try_line(finding, error, events_hold, &tenths);
}

static sb_status point_mass(sb_finite_law *law, slong p, ulong q, sb_error *error) {
    fmpq_t place, one;
    fmpq_init(place);
    fmpq_init(one);
    fmpq_set_si(place, p, q);
    fmpq_one(one);
    sb_status status = sb_finite_law_set(law, 1, place, one, 1, error);
    fmpq_clear(place);
    fmpq_clear(one);
    return status;
}

/* "eta' in B if and only if eta in A": false at the end point that B has and A has not. */
sb_status sb_check_lemma_3_2_events_as_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_finite_law law;
    sb_finite_law_init(&law);
    fmpq_t low, high, in_a, shifted_in_b;
    fmpq_init(low);
    fmpq_init(high);
    fmpq_init(in_a);
    fmpq_init(shifted_in_b);
    fmpq_set_si(low, -1, 2);
    fmpq_set_si(high, 1, 2);
    sb_status status = point_mass(&law, -1, 2, error);
    if (!status) {
        sb_finite_law_interval(in_a, &law, low, 0, high, 0);
        sb_finite_law_interval(shifted_in_b, &law, low, 1, high, 1);
        status =
            fmpq_equal(in_a, shifted_in_b)
                ? sb_find(finding, error, SB_CONSISTENT, "no difference at the end points")
                : sb_find(
                      finding, error, SB_REFUTED,
                      "eps = 1, eta = -1/2: eta' = 1/2 lies in B = [1/2, 3/2], eta not in A = (-1/2, 1/2)");
    }
    sb_finite_law_clear(&law);
    fmpq_clear(low);
    fmpq_clear(high);
    fmpq_clear(in_a);
    fmpq_clear(shifted_in_b);
    return status;
}

/* "eps >= 0": for eps = 0 the distance is 0, and (1-delta)/delta^2 has no value. */
sb_status sb_check_zero_shift_as_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_finite_law law;
    sb_finite_law_init(&law);
    fmpq_t eps, delta;
    fmpq_init(eps);
    fmpq_init(delta);
    sb_status status = point_mass(&law, 1, 2, error);
    if (!status) {
        sb_finite_law_shift_distance(delta, &law, eps);
        status = fmpq_is_zero(delta)
                     ? sb_find(finding, error, SB_REFUTED,
                               "eps = 0: delta = TV(D, D) = 0, and the bound (0/200)(1-0)/0^2 has no value")
                     : sb_find(finding, error, SB_CONSISTENT, "TV(D, D) is not 0");
    }
    sb_finite_law_clear(&law);
    fmpq_clear(eps);
    fmpq_clear(delta);
    return status;
}
