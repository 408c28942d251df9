/* Section 3.2. With u = 1/2 - 1/p and alpha = 1/u the constants of Lemma 3.8 are rational for rational u:
   Gamma(1-u) Gamma(d+1)/Gamma(d+1-u) = d!/((1-u)(2-u)...(d-u)). */
#include "bounds/ledger_checks.h"
#include "bounds/ledger_instances.h"
#include "support/enclosure.h"

#include <stdlib.h>

/* value := d!/((1-u)...(d-u)) */
static void gamma_product(fmpq_t value, slong d, const fmpq_t u) {
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_one(value);
    for (slong k = 1; k <= d; k++) {
        fmpq_set_si(factor, k, 1);
        fmpq_sub(factor, factor, u);
        fmpq_div(value, value, factor);
        fmpq_mul_si(value, value, k);
    }
    fmpq_clear(factor);
}

/* ---------------------------------------- the top c-fraction */

/* i <= c d leaves d-i+1 >= (1-c) d coordinates; with c = k/100. extra: per cent by which the claim is
 * enlarged. */
static sb_status check_top_fraction(slong extra, sb_finding *finding, sb_error *error) {
    enum { LARGEST = 500 };
    for (slong d = 1; d <= LARGEST; d++)
        for (slong k = 0; k < 100; k++)
            for (slong i = 1; 100 * i <= k * d; i++)
                if (10000 * (d - i + 1) < (100 - k) * (100 + extra) * d)
                    return sb_find(finding, error, SB_REFUTED, "d = %ld, c = %ld/100, i = %ld", (long)d,
                                   (long)k, (long)i);
    return sb_find(finding, error, SB_PROVED,
                   "all d by argument from lemma-3.7 (d-i+1 >= (1-c)d); the count exact for d = 1..%d, c = "
                   "0, 1/100, ..., 99/100",
                   LARGEST);
}

sb_status sb_check_top_fraction(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_top_fraction(0, finding, error);
}

sb_status sb_check_top_fraction_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_top_fraction(10, finding, error);
}

/* p = inf, independent Gaussians with sigma_1^2 = 2 eps^2/(2z)^2, sigma_j^2 = 2(d-1) eps^2/(2z)^2 for j > 1,
   z = z(delta): the largest sum v_i^2/sigma_i^2 over |v_i| <= eps is (2z)^2 (1/2 + (d-1)/(2(d-1))) = (2z)^2,
   so that TV = 2 Phi(z) - 1 = delta. */
sb_status sb_check_top_fraction_as_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    enum { BITS = 96, DIMENSION = 1000, CONSTANT = 800 };
    fmpq_t delta, sum, part;
    arb_t z, square, bound;
    fmpq_init(delta);
    fmpq_init(sum);
    fmpq_init(part);
    arb_init(z);
    arb_init(square);
    arb_init(bound);
    fmpq_set_si(sum, 1, 2);
    for (slong j = 2; j <= DIMENSION; j++) {
        fmpq_set_si(part, 1, 2 * (DIMENSION - 1));
        fmpq_add(sum, sum, part);
    }
    fmpq_set_si(delta, 1, 2);
    sb_normal_two_sided_quantile(z, delta, BITS);
    arb_mul(square, z, z, BITS);
    arb_mul_2exp_si(square, square, 1);
    arb_inv(square, square, BITS);    /* E eta_1^2/eps^2 = 1/(2 z^2) */
    arb_set_si(bound, 2 * DIMENSION); /* d (1-delta)/delta^2 at delta = 1/2 */
    arb_div_si(bound, bound, CONSTANT, BITS);
    char *have = sb_decimal_upper(square, 6), *need = sb_decimal_lower(bound, 6);
    sb_status status = SB_OK;
    if (!have || !need)
        status = sb_fail_memory(error);
    else if (fmpq_is_one(sum) && arb_lt(square, bound))
        status = sb_find(finding, error, SB_REFUTED,
                         "c = 1, p = inf, delta = 1/2: independent Gaussians, sigma_1^2 = eps^2/(2 z^2), "
                         "other sigma_j^2 = eps^2 (d-1)/(2 z^2), have "
                         "TV = delta, but E eta_1^2 <= %s eps^2 for every d, below (1/%d) eps^2 d "
                         "(1-delta)/delta^2 = %s eps^2 at d = %d",
                         have, CONSTANT, need, DIMENSION);
    else
        status = sb_find(finding, error, SB_CONSISTENT, "the committed counterexample does not refute it");
    free(have);
    free(need);
    fmpq_clear(delta);
    fmpq_clear(sum);
    fmpq_clear(part);
    arb_clear(z);
    arb_clear(square);
    arb_clear(bound);
    return status;
}

/* ---------------------------------------- the constant of Lemma 3.8 */

static const slong exponents[][2] = {{1, 2}, {2, 5}, {3, 8},  {1, 3},
                                     {1, 4}, {1, 6}, {1, 10}, {1, 50}}; /* u = a/b */

/* Whether (d!/((1-u)...(d-u)) / limit)^b <= d^a, u = a/b, that is Gamma(1-u)Gamma(d+1)/(Gamma(d+1-u) d^u) <=
 * limit. */
static int tail_ratio_within(slong d, const slong *exponent, const fmpq_t limit) {
    fmpq_t u, value, power;
    fmpq_init(u);
    fmpq_init(value);
    fmpq_init(power);
    fmpq_set_si(u, exponent[0], (ulong)exponent[1]);
    gamma_product(value, d, u);
    fmpq_div(value, value, limit);
    fmpq_pow_si(value, value, exponent[1]);
    fmpq_set_si(power, d, 1);
    fmpq_pow_si(power, power, exponent[0]);
    int within = fmpq_cmp(value, power) <= 0;
    fmpq_clear(u);
    fmpq_clear(value);
    fmpq_clear(power);
    return within;
}

static sb_status check_tail_constant(slong p, ulong q, sb_finding *finding, sb_error *error) {
    enum { LARGEST = 120 };
    fmpq_t limit;
    fmpq_init(limit);
    fmpq_set_si(limit, p, q);
    sb_status status = SB_OK;
    for (slong d = 1; d <= LARGEST && !finding->evidence && !status; d++)
        for (size_t i = 0; i < sizeof exponents / sizeof exponents[0] && !finding->evidence && !status; i++)
            if (!tail_ratio_within(d, exponents[i], limit))
                status =
                    sb_find(finding, error, SB_REFUTED,
                            "d = %ld, 1/2 - 1/p = %ld/%ld: Gamma(1-u)Gamma(d+1)/(Gamma(d+1-u)d^u) > %ld/%lu",
                            (long)d, (long)exponents[i][0], (long)exponents[i][1], (long)p, (unsigned long)q);
    fmpq_clear(limit);
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_PROVED,
                   "c = C/2 (so c = 1/48 with C = 1/24): Gamma(1-u)Gamma(d+1)/(Gamma(d+1-u)d^u) <= 2 for all "
                   "d and u by the certificates, exact for "
                   "d = 1..%d at 8 values of u; the integral and the layer cake are hand steps",
                   LARGEST);
}

sb_status sb_check_tail_constant(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_tail_constant(2, 1, finding, error);
}

sb_status sb_check_tail_constant_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_tail_constant(19, 10, finding, error);
}

/* c = C = 1/24 needs the ratio to be <= 1 (strictly less for a contradiction); at d = 1, u = 1/2 it is 2. The
   law with Pr(|X| > x) = (q/x)^2 for x > q has E|X| = 2q. */
sb_status sb_check_tail_constant_as_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    static const slong half[2] = {1, 2};
    fmpq_t one, u, mean;
    fmpq_init(one);
    fmpq_init(u);
    fmpq_init(mean);
    fmpq_one(one);
    fmpq_set_si(u, 1, 2);
    gamma_product(mean, 1, u);
    char *ratio = fmpq_get_str(NULL, 10, mean);
    sb_status status =
        tail_ratio_within(1, half, one)
            ? sb_find(finding, error, SB_CONSISTENT, "c = C = 1/24 is not refuted at d = 1, p = inf")
            : sb_find(finding, error, SB_REFUTED,
                      "d = 1, p = inf, c = C = 1/24: Pr(|X| > x) = (q/x)^2 for x > q = eps h/24 has E|X| = "
                      "%s q >= C eps h, but "
                      "no x > q has Pr(|X| > x) > (q/x)^2",
                      ratio);
    flint_free(ratio);
    fmpq_clear(one);
    fmpq_clear(u);
    fmpq_clear(mean);
    return status;
}

/* ---------------------------------------- layer cake */

/* E max|eta_i| = int_0^inf Pr(max > x) dx, and int_0^q <= q * percent/100 for every q. The laws of `space`
   lie on half-integers, so that the integrand is constant on [j/2, (j+1)/2). */
static sb_status layer_cake_holds(int *holds, const sb_instance *instance, const void *context,
                                  sb_error *error) {
    (void)error;
    enum { STEPS = 24 };
    const sb_finite_law *law = instance->law;
    fmpq_t sum, tail, level, bound;
    fmpq_init(sum);
    fmpq_init(tail);
    fmpq_init(level);
    fmpq_init(bound);
    *holds = 1;
    for (slong j = 0; j < STEPS && *holds; j++) {
        fmpq_set_si(level, j, 2);
        fmpq_zero(tail);
        for (size_t k = 0; k < law->count; k++) {
            int above = 0;
            for (size_t c = 0; c < law->dimension; c++) {
                fmpq_abs(bound, law->point + k * law->dimension + c);
                if (fmpq_cmp(bound, level) > 0) above = 1;
            }
            if (above) fmpq_add(tail, tail, law->mass + k);
        }
        fmpq_div_2exp(tail, tail, 1);
        fmpq_add(sum, sum, tail);
        fmpq_set_si(bound, (j + 1) * *(const slong *)context, 200); /* q = (j+1)/2 */
        *holds = fmpq_cmp(sum, bound) <= 0;
    }
    sb_finite_law_mean_largest(bound, law);
    *holds = *holds && fmpq_equal(sum, bound);
    fmpq_clear(sum);
    fmpq_clear(tail);
    fmpq_clear(level);
    fmpq_clear(bound);
    return SB_OK;
}

sb_status sb_check_layer_cake(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 100;
    return sb_try_space(finding, error, layer_cake_holds, &percent);
}

sb_status sb_check_layer_cake_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 99;
    return sb_try_space(finding, error, layer_cake_holds, &percent);
}

/* ---------------------------------------- the maximum of d copies */

/* Pr(max|X_i| > x) for d independent copies, by multiplying the law out. */
static sb_status maximum_tail(fmpq_t tail, const sb_finite_law *one, size_t d, const fmpq_t x,
                              sb_error *error) {
    sb_finite_law power, next;
    sb_finite_law_init(&power);
    sb_finite_law_init(&next);
    sb_status status = sb_finite_law_set(&power, 1, one->point, one->mass, one->count, error);
    for (size_t i = 1; i < d && !status; i++) {
        status = sb_finite_law_product(&next, &power, one, error);
        if (status) break;
        sb_finite_law swap = power;
        power = next;
        next = swap;
    }
    fmpq_t size;
    fmpq_init(size);
    fmpq_zero(tail);
    for (size_t k = 0; !status && k < power.count; k++) {
        int above = 0;
        for (size_t c = 0; c < d; c++) {
            fmpq_abs(size, power.point + k * d + c);
            above = above || fmpq_cmp(size, x) > 0;
        }
        if (above) fmpq_add(tail, tail, power.mass + k);
    }
    fmpq_clear(size);
    sb_finite_law_clear(&power);
    sb_finite_law_clear(&next);
    return status;
}

/* Pr(max > x) = 1 - (1 - G(x))^(d + extra) for d = 1..4 at the points of the law. */
static sb_status check_maximum(slong extra, sb_finding *finding, sb_error *error) {
    enum { LAWS = 60, COPIES = 4 };
    uint64_t state = 38;
    size_t count = 0;
    sb_finite_law law;
    fmpq_t x, tail, inside, expected;
    sb_finite_law_init(&law);
    fmpq_init(x);
    fmpq_init(tail);
    fmpq_init(inside);
    fmpq_init(expected);
    sb_status status = SB_OK;
    for (size_t k = 0; k < LAWS * COPIES && !status && !finding->evidence; k++) {
        size_t d = 1 + k % COPIES;
        status = sb_finite_law_random(&law, 1, 3, 5, 2, 7, &state, error);
        for (size_t j = 0; j < law.count && !status && !finding->evidence; j++, count++) {
            fmpq_abs(x, law.point + j);
            status = maximum_tail(tail, &law, d, x, error);
            maximum_tail(inside, &law, 1, x, error); /* G(x) */
            fmpq_one(expected);
            fmpq_sub(inside, expected, inside);
            fmpq_pow_si(inside, inside, (slong)d + extra);
            fmpq_sub(expected, expected, inside);
            if (!status && !fmpq_equal(tail, expected))
                status = sb_find(finding, error, SB_REFUTED, "fails for %zu copies of random law number %zu",
                                 d, k + 1);
        }
    }
    sb_finite_law_clear(&law);
    fmpq_clear(x);
    fmpq_clear(tail);
    fmpq_clear(inside);
    fmpq_clear(expected);
    if (status || finding->evidence) return status;
    return sb_find(
        finding, error, SB_PROVED,
        "all d by independence (hand step); exact for 1..%d copies of %d random laws, %zu values of x",
        COPIES, LAWS, count);
}

sb_status sb_check_maximum(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_maximum(0, finding, error);
}

sb_status sb_check_maximum_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_maximum(1, finding, error);
}
