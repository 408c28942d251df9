/* Appendix B.1. In the direction of v the problem is one-dimensional: TV(N(0, s^2 I), N(v, s^2 I)) = 2
   Phi(t/2) - 1 = erf(t/(2 sqrt 2)) with t = |v|_2/s. The inequalities for all t are certificates; here the
   distance is computed a second way, by Phi, and held against them. */
#include "bounds/gaussian.h"
#include "bounds/ledger_checks.h"
#include "bounds/ledger_instances.h"
#include "support/enclosure.h"

enum { BITS = 128 };

/* ---------------------------------------- Corollary B.2 */

/* low min(1,t) <= 2 Phi(t/2) - 1 <= high min(1,t), and the erf form, at t = k/16, k = 1..320. */
static sb_status check_distance(slong low_p, slong low_q, slong high_p, slong high_q, sb_finding *finding,
                                sb_error *error) {
    enum { STEPS = 320 };
    arb_t t, distance, form, smaller, bound;
    arb_init(t);
    arb_init(distance);
    arb_init(form);
    arb_init(smaller);
    arb_init(bound);
    int holds = 1;
    slong k = 1;
    for (; k <= STEPS && holds; k++) {
        arb_set_si(t, k);
        arb_mul_2exp_si(t, t, -5); /* t/2 */
        sb_normal_cdf(distance, t, BITS);
        arb_mul_2exp_si(distance, distance, 1);
        arb_sub_ui(distance, distance, 1, BITS);
        arb_mul_2exp_si(t, t, 1);
        sb_gaussian_total_variation(form, t, BITS);
        arb_set_si(smaller, k < 16 ? k : 16);
        arb_mul_2exp_si(smaller, smaller, -4);
        arb_mul_si(bound, smaller, low_p, BITS);
        arb_div_si(bound, bound, low_q, BITS);
        holds = arb_overlaps(form, distance) && arb_ge(distance, bound);
        arb_mul_si(bound, smaller, high_p, BITS);
        arb_div_si(bound, bound, high_q, BITS);
        holds = holds && arb_le(distance, bound);
    }
    arb_clear(t);
    arb_clear(distance);
    arb_clear(form);
    arb_clear(smaller);
    arb_clear(bound);
    if (!holds) return sb_find(finding, error, SB_REFUTED, "fails at |v|/sigma = %ld/16", (long)(k - 1));
    return sb_find(finding, error, SB_CONSISTENT,
                   "in general by the certificates of cor-B.2; certified at |v|/sigma = 1/16, 2/16, ..., 20 "
                   "by Phi and by erf");
}

sb_status sb_check_gaussian_distance(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_distance(1, 200, 9, 2, finding, error);
}

sb_status sb_check_gaussian_distance_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_distance(39, 100, 9, 2, finding, error);
}

/* ---------------------------------------- Corollary B.3 */

/* The noises of the family that have sigma >= k eps d^(1/2-1/p)/delta for delta = their worst distance would
   be covered; put the other way: with delta' := k eps d^(1/2-1/p)/sigma <= 1 the worst distance is at most
   delta'. And E||eta||_2 <= sqrt(d) sigma. */
static void sufficient_holds(int *holds, const sb_product_instance *instance, const void *context) {
    fmpq_t exponent;
    arb_t reach, sigma, allowed;
    slong bits = instance->precision;
    const slong *k = context; /* k[0]/k[1] */
    *holds = -1;
    if (instance->name[0] != 'G') return; /* Gaussian noises only */
    fmpq_init(exponent);
    arb_init(reach);
    arb_init(sigma);
    arb_init(allowed);
    if (!instance->norm->infinite) fmpq_inv(exponent, instance->norm->value);
    fmpq_neg(exponent, exponent);
    fmpq_t half;
    fmpq_init(half);
    fmpq_set_si(half, 1, 2);
    fmpq_add(exponent, exponent, half);
    sb_dimension_power(reach, instance->dimension, exponent, bits);
    arb_mul(reach, reach, instance->radius, bits);
    arb_sqrt(sigma, instance->square, bits);
    arb_div(allowed, reach, sigma, bits);
    arb_mul_si(allowed, allowed, k[0], bits);
    arb_div_si(allowed, allowed, k[1], bits);
    arb_sub_ui(reach, allowed, 1, bits);
    *holds = arb_is_nonnegative(reach) || arb_le(instance->delta, allowed);
    arb_mul_ui(reach, instance->square, instance->dimension, bits);
    arb_sqrt(reach, reach, bits);
    *holds = *holds && arb_le(instance->length, reach);
    fmpq_clear(half);
    fmpq_clear(exponent);
    arb_clear(reach);
    arb_clear(sigma);
    arb_clear(allowed);
}

sb_status sb_check_gaussian_sufficient(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    static const slong constant[2] = {9, 2};
    return sb_try_products(finding, error, sufficient_holds, constant);
}

sb_status sb_check_gaussian_sufficient_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    static const slong constant[2] = {3, 8};
    return sb_try_products(finding, error, sufficient_holds, constant);
}

/* ---------------------------------------- |v|_2 <= d^(1/2-1/p) |v|_p */

/* In integers: p = 2m even: (sum v^2)^m <= d^(m-1) sum v^(2m); p = 3: (sum v^2)^3 <= d (sum |v|^3)^2; p =
   inf: sum v^2 <= d max v^2. The right sides times percent/100. */
static sb_status power_mean_holds(int *holds, const sb_instance *instance, const void *context,
                                  sb_error *error) {
    (void)error;
    const slong percent = *(const slong *)context;
    size_t d = instance->law->dimension;
    fmpz_t x, part, sum[5], left, right; /* sum[k] = sum |v|^(k+2) */
    fmpz_init(x);
    fmpz_init(part);
    fmpz_init(left);
    fmpz_init(right);
    for (size_t k = 0; k < 5; k++) fmpz_init(sum[k]);
    slong largest = 0;
    for (size_t i = 0; i < d; i++) {
        fmpz_abs(x, fmpq_numref(instance->shift + i)); /* the shifts of `space` are integers */
        if (fmpz_get_si(x) > largest) largest = fmpz_get_si(x);
        for (size_t k = 0; k < 5; k++) {
            fmpz_pow_ui(part, x, (ulong)k + 2);
            fmpz_add(sum[k], sum[k], part);
        }
    }
    *holds = 1;
    for (size_t m = 1; m <= 5 && *holds; m++) { /* m = 1, 2, 3: p = 2m; m = 4: p = 3; m = 5: p = inf */
        fmpz_pow_ui(left, sum[0], m <= 3 ? (ulong)m : m == 4 ? 3 : 1);
        if (m <= 3) {
            fmpz_set_ui(part, (ulong)d);
            fmpz_pow_ui(part, part, (ulong)m - 1);
            fmpz_mul(right, part, sum[2 * m - 2]);
        } else if (m == 4) {
            fmpz_mul(right, sum[1], sum[1]);
            fmpz_mul_ui(right, right, (ulong)d);
        } else {
            fmpz_set_si(right, largest * largest);
            fmpz_mul_ui(right, right, (ulong)d);
        }
        fmpz_mul_ui(left, left, 100);
        fmpz_mul_si(right, right, percent);
        *holds = fmpz_cmp(left, right) <= 0;
    }
    fmpz_clear(x);
    fmpz_clear(part);
    fmpz_clear(left);
    fmpz_clear(right);
    for (size_t k = 0; k < 5; k++) fmpz_clear(sum[k]);
    return SB_OK;
}

sb_status sb_check_power_mean(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 100;
    return sb_try_space(finding, error, power_mean_holds, &percent);
}

sb_status sb_check_power_mean_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 99;
    return sb_try_space(finding, error, power_mean_holds, &percent);
}
