/* The bounds by many directions at once (docs/theory/rotation.md, dual-norm.md, asymptotic.md), in units of
   eps^2 d^(2-2/p), against noise that is known: none may exceed T(delta), which N(0, sigma^2 I) has with
   sigma = eps d^(1/2-1/p)/(2 z(delta)) up to delta0, and beyond it the law that is 0 with probability 1-w and
   N(0, t0 eps^2 d^(1-2/p) I) else, w = (1-delta)/(1-delta0). Both have TV <= delta over the whole ball
   ||v||_p <= eps, p >= 2. */
#include "bounds/ledger_sharp_space.h"

#include "bounds/asymptotic.h"
#include "bounds/dimension_law.h"
#include "bounds/dual_norm.h"
#include "bounds/ledger_families.h"
#include "bounds/rotation.h"
#include "bounds/sharp.h"

#include <stdlib.h>

enum { BITS = 96, DIGITS = 8 };

/* ------------------------------------------------------------------ the bounds */
/* value := the constant in E||eta||_2^2 >= eps^2 d^(2-2/p) value. */
typedef void ball_constant(arb_t value, const sb_parameters *parameters, slong precision);

static void rotation(arb_t value, const sb_parameters *parameters, slong precision) {
    sb_rotation_constant(value, parameters->dimension, parameters->delta, precision);
    arb_div_ui(value, value, parameters->dimension, precision);
}

static void asymptotic(arb_t value, const sb_parameters *parameters, slong precision) {
    fmpq_t constant;
    fmpq_init(constant);
    sb_asymptotic_constant(constant, parameters->dimension, parameters->delta, SB_PROMISE_TV);
    arb_set_fmpq(value, constant, precision);
    fmpq_clear(constant);
}

static void dual_norm(arb_t value, const sb_parameters *parameters, slong precision) {
    sb_dual_norm_constant(value, parameters, precision);
}

/* ------------------------------------------------------------------ against Gaussian noise */
typedef struct {
    ball_constant *constant;
    const uint64_t *dimension; /* to 0 */
    const slong (*norm)[2];    /* to {0, 0}; {1, 0}: inf */
} ball_grid;

static const slong shares[][2] = {{1, 20}, {3, 10}, {7, 10}, {99, 100}};
enum { SHARES = sizeof shares / sizeof shares[0] };

static sb_status report(const sb_parameters *at, const arb_t attained, const arb_t value, slong percent,
                        int certain, sb_finding *finding, sb_error *error) {
    char *p = sb_exact_print(&at->norm), *delta = sb_rational_print(at->delta);
    char *have = sb_decimal_upper(attained, DIGITS), *want = sb_decimal_lower(value, DIGITS);
    fmpq_t switch_point;
    fmpq_init(switch_point);
    fmpq_set_si(switch_point, 3, 4); /* below delta0 */
    sb_status status = sb_find(
        finding, error, certain ? SB_REFUTED : SB_UNSETTLED,
        "d = %llu, p = %s, delta = %s: %s has E||eta||_2^2 <= %s eps^2 d^(2-2/p), not (%ld/100) %s",
        (unsigned long long)at->dimension, p ? p : "?", delta ? delta : "?",
        fmpq_cmp(at->delta, switch_point) < 0 ? "Gaussian noise with sigma = eps d^(1/2-1/p)/(2 z(delta))"
                                              : "the mixture of N(0, t0 eps^2 d^(1-2/p) I) with an atom at 0",
        have ? have : "?", (long)percent, want ? want : "?");
    fmpq_clear(switch_point);
    free(p);
    free(delta);
    free(have);
    free(want);
    return status;
}

/* percent/100 times the bound against T(delta); fills the finding when that is not below. */
static sb_status try_gaussian(const sb_parameters *at, ball_constant *constant, slong percent, size_t *count,
                              sb_finding *finding, sb_error *error) {
    arb_t value, stronger, attained;
    arb_init(value);
    arb_init(stronger);
    arb_init(attained);
    constant(value, at, BITS);
    arb_mul_si(stronger, value, percent, BITS);
    arb_div_si(stronger, stronger, 100, BITS);
    sb_sharp_T(attained, at->delta, BITS);
    sb_status status = SB_OK;
    if (!arb_le(stronger, attained))
        status = report(at, attained, value, percent, arb_gt(stronger, attained), finding, error);
    else if (arb_is_positive(value))
        ++*count;
    arb_clear(value);
    arb_clear(stronger);
    arb_clear(attained);
    return status;
}

static void set_norm(sb_exact *norm, const slong *p) {
    norm->infinite = p[1] == 0;
    fmpq_set_si(norm->value, p[0], p[1] ? (ulong)p[1] : 1);
}

static sb_status check_grid(const ball_grid *grid, slong percent, sb_finding *finding, sb_error *error) {
    sb_parameters at;
    size_t count = 0;
    sb_status status = SB_OK;
    sb_parameters_init(&at);
    for (const uint64_t *d = grid->dimension; *d; d++)
        for (const slong(*p)[2] = grid->norm; (*p)[0]; p++)
            for (size_t k = 0; k < SHARES && !status && !finding->evidence; k++) {
                at.dimension = *d;
                set_norm(&at.norm, *p);
                fmpq_set_si(at.delta, shares[k][0], (ulong)shares[k][1]);
                status = try_gaussian(&at, grid->constant, percent, &count, finding, error);
            }
    sb_parameters_clear(&at);
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_CONSISTENT,
                   "certified at %zu points (delta = 1/20 to 99/100) where the bound is positive", count);
}

static const uint64_t dimensions[] = {2, 3, 10, 100, 784, 3072, 12288, 150528, 1000000, 0};
static const slong two[][2] = {{2, 1}, {0, 0}};
static const slong above_two[][2] = {{2001, 1000}, {5, 2}, {3, 1}, {4, 1}, {8, 1}, {1, 0}, {0, 0}};
static const ball_grid rotation_grid = {rotation, dimensions, two},
                       dual_norm_grid = {dual_norm, dimensions, above_two},
                       asymptotic_grid = {asymptotic, dimensions, two}; /* the same for every p >= 2 */

sb_status sb_check_rotation(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_grid(&rotation_grid, 100, finding, error);
}

sb_status sb_check_rotation_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_grid(&rotation_grid, 101, finding, error);
}

sb_status sb_check_dual_norm(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_grid(&dual_norm_grid, 100, finding, error);
}

sb_status sb_check_dual_norm_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_grid(&dual_norm_grid, 101, finding, error);
}

sb_status sb_check_asymptotic(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_grid(&asymptotic_grid, 100, finding, error);
}

sb_status sb_check_asymptotic_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_grid(&asymptotic_grid, 101, finding, error);
}

/* ------------------------------------------------------------------ against every family */
/* value := the largest of the constants, m(delta) among them. */
static void best_constant(arb_t value, const sb_parameters *at) {
    fmpq_t m;
    arb_t other;
    fmpq_init(m);
    arb_init(other);
    sb_sharp_m(m, at->delta);
    arb_set_fmpq(value, m, BITS);
    if (at->dimension > 1) {
        if (!at->norm.infinite && fmpq_cmp_ui(at->norm.value, 2) == 0)
            rotation(other, at, BITS);
        else
            dual_norm(other, at, BITS);
        arb_max(value, value, other, BITS);
        asymptotic(other, at, BITS);
        arb_max(value, value, other, BITS);
    }
    fmpq_clear(m);
    arb_clear(other);
}

/* The smallest noise of a family is known to 1%, too little for noise that comes as near to the bound as
   Gaussian noise does. So the bound is held against the upper end, at which the noise certainly keeps the
   promise; a millionth is taken off for the rounding of the ball. */
static int upper_end_is_at_least(const arb_t square, const arb_t value) {
    arf_t end;
    arb_t noise, factor;
    arf_init(end);
    arb_init(noise);
    arb_init(factor);
    arb_get_ubound_arf(end, square, BITS);
    arb_set_arf(noise, end);
    arb_set_ui(factor, 1000000);
    arb_inv(factor, factor, BITS);
    arb_sub_ui(factor, factor, 1, BITS);
    arb_neg(factor, factor);
    arb_mul(noise, noise, factor, BITS);
    int holds = arb_ge(noise, value);
    arf_clear(end);
    arb_clear(noise);
    arb_clear(factor);
    return holds;
}

/* d E eta_i^2 >= eps^2 d^(2-2/p) value(delta) for a delta not above the noise's. */
static void product_ball_holds(int *holds, const sb_product_instance *instance, const void *percent) {
    sb_parameters at;
    fmpq_t exponent, one;
    arf_t low;
    arb_t value, scale;
    sb_parameters_init(&at);
    fmpq_init(exponent);
    fmpq_init(one);
    arf_init(low);
    arb_init(value);
    arb_init(scale);
    at.dimension = instance->dimension;
    at.norm.infinite = instance->norm->infinite;
    fmpq_set(at.norm.value, instance->norm->value);
    arb_get_lbound_arf(low, instance->delta, BITS);
    arf_get_fmpq(at.delta, low);
    best_constant(value, &at);
    arb_mul_si(value, value, *(const slong *)percent, BITS);
    arb_div_si(value, value, 100, BITS);
    fmpq_one(one);
    sb_norm_exponent(exponent, instance->norm, 2, -2);
    sb_scaled_power(scale, one, instance->dimension, exponent, BITS);
    arb_mul(value, value, scale, BITS);
    arb_mul(value, value, instance->radius, BITS);
    arb_mul(value, value, instance->radius, BITS);
    *holds = upper_end_is_at_least(instance->square, value);
    sb_parameters_clear(&at);
    fmpq_clear(exponent);
    fmpq_clear(one);
    arf_clear(low);
    arb_clear(value);
    arb_clear(scale);
}

static sb_status check_families(slong percent, sb_finding *finding, sb_error *error) {
    sb_status status = sb_find(finding, error, SB_CONSISTENT, "in general by the proofs");
    return status ? status : sb_try_families(finding, error, product_ball_holds, &percent);
}

sb_status sb_check_ball_families(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_families(100, finding, error);
}

sb_status sb_check_ball_families_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_families(105, finding, error);
}

/* ------------------------------------------------------------------ the ratio of Gaussian noise */
/* ratio := 1/(4 z(delta)^2) over the largest necessary constant. */
static void gaussian_ratio(arb_t ratio, const sb_parameters *at) {
    arb_t necessary;
    arb_init(necessary);
    best_constant(necessary, at);
    sb_normal_two_sided_quantile(ratio, at->delta, BITS);
    arb_sqr(ratio, ratio, BITS);
    arb_mul_2exp_si(ratio, ratio, 2);
    arb_mul(ratio, ratio, necessary, BITS);
    arb_inv(ratio, ratio, BITS);
    arb_clear(necessary);
}

static sb_status exceeds(const sb_parameters *at, const arb_t ratio, const arb_t limit, sb_finding *finding,
                         sb_error *error) {
    char *text = sb_decimal_lower(ratio, DIGITS), *p = sb_exact_print(&at->norm);
    char *delta = sb_rational_print(at->delta);
    sb_status status =
        sb_find(finding, error, arb_gt(ratio, limit) ? SB_REFUTED : SB_UNSETTLED,
                "d = %llu, p = %s, delta = %s: the ratio is %s...", (unsigned long long)at->dimension,
                p ? p : "?", delta ? delta : "?", text ? text : "?");
    free(text);
    free(p);
    free(delta);
    return status;
}

static sb_status check_ratio(slong hundredths, sb_finding *finding, sb_error *error) {
    static const uint64_t sampled[] = {1, 2, 3, 10, 47, 784, 3072, 12288, 150528, 1000000};
    static const slong norm[][2] = {{2, 1}, {3, 1}, {4, 1}, {8, 1}, {1, 0}};
    static const slong share[][2] = {{1, 100}, {1, 4}, {1, 2}, {9, 10}};
    enum {
        DIMENSIONS = sizeof sampled / sizeof sampled[0],
        NORMS = sizeof norm / sizeof norm[0],
        DELTAS = sizeof share / sizeof share[0]
    };
    sb_parameters at;
    arb_t ratio, limit, largest;
    sb_status status = SB_OK;
    sb_parameters_init(&at);
    arb_init(ratio);
    arb_init(limit);
    arb_init(largest);
    arb_set_si(limit, hundredths);
    arb_div_ui(limit, limit, 100, BITS);
    for (size_t i = 0; i < DIMENSIONS * NORMS * DELTAS && !status && !finding->evidence; i++) {
        at.dimension = sampled[i / (NORMS * DELTAS)];
        set_norm(&at.norm, norm[i / DELTAS % NORMS]);
        fmpq_set_si(at.delta, share[i % DELTAS][0], (ulong)share[i % DELTAS][1]);
        gaussian_ratio(ratio, &at);
        arb_max(largest, largest, ratio, BITS);
        if (!arb_le(ratio, limit)) status = exceeds(&at, ratio, limit, finding, error);
    }
    char *text = sb_decimal_upper(largest, DIGITS);
    if (!status && !finding->evidence)
        status = sb_find(
            finding, error, SB_CONSISTENT,
            "at most %s at %d points: d = 1 to 10^6, p = 2, 3, 4, 8, inf, delta = 1/100 to 9/10; the "
            "necessary noise is the largest of sharp-1.2, asymptotic, and rotation (p = 2) or dual-norm",
            text ? text : "?", (int)(DIMENSIONS * NORMS * DELTAS));
    free(text);
    sb_parameters_clear(&at);
    arb_clear(ratio);
    arb_clear(limit);
    arb_clear(largest);
    return status;
}

sb_status sb_check_gaussian_ratio(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_ratio(220, finding, error);
}

sb_status sb_check_gaussian_ratio_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_ratio(219, finding, error);
}
