/* The Gamma identity of Lemma 3.8, Gautschi's inequality, and the count behind "99% of the components".

   For integer d expand (1 - t^(-alpha))^d; with v = 1/alpha, int_1^inf t^(-alpha k) dt = v/(k-v), so that
     1 + int_1^inf [1-(1-t^(-alpha))^d] dt = 1 + sum_{k=1}^d (-1)^(k+1) C(d,k) v/(k-v),
   and the right side Gamma(1-v)Gamma(d+1)/Gamma(d+1-v) = d!/((1-v)...(d-v)). Times (1-v)...(d-v) both are
   polynomials in v of degree at most d: agreement at d+1 points proves the identity for every v. */
#include "bounds/ledger_checks.h"
#include "support/enclosure.h"

#include <stdlib.h>

/* difference := left - right at v; top: the d! of the right side is (d+top)!/d!-fold (0 for the identity). */
static void gamma_difference(fmpq_t difference, slong d, const fmpq_t v, slong top) {
    fmpq_t sum, term, product, factor;
    fmpz_t binomial;
    fmpq_init(sum);
    fmpq_init(term);
    fmpq_init(product);
    fmpq_init(factor);
    fmpz_init(binomial);
    fmpq_one(sum);
    fmpq_one(product);
    for (slong k = 1; k <= d; k++) {
        fmpq_set_si(factor, k, 1);
        fmpq_sub(factor, factor, v); /* k - v */
        fmpz_bin_uiui(binomial, (ulong)d, (ulong)k);
        fmpq_div(term, v, factor);
        fmpq_mul_fmpz(term, term, binomial);
        if (k % 2 == 0) fmpq_neg(term, term);
        fmpq_add(sum, sum, term);
        fmpq_mul_si(product, product, k + top);
        fmpq_div(product, product, factor);
    }
    fmpq_sub(difference, sum, product);
    fmpq_clear(sum);
    fmpq_clear(term);
    fmpq_clear(product);
    fmpq_clear(factor);
    fmpz_clear(binomial);
}

static sb_status check_gamma(slong top, sb_finding *finding, sb_error *error) {
    enum { LARGEST = 50 };
    fmpq_t v, difference;
    fmpq_init(v);
    fmpq_init(difference);
    sb_status status = SB_OK;
    for (slong d = 1; d <= LARGEST && !finding->evidence && !status; d++) {
        for (slong k = 1; k <= d + 2 && !finding->evidence && !status; k++) { /* d + 2 points of (0, 1/2] */
            fmpq_set_si(v, k, (ulong)(2 * (d + 2)));
            gamma_difference(difference, d, v, top);
            if (!fmpq_is_zero(difference))
                status =
                    sb_find(finding, error, SB_REFUTED, "d = %ld, 1/alpha = %ld/%ld: the two sides differ",
                            (long)d, (long)k, (long)(2 * (d + 2)));
        }
    }
    fmpq_clear(v);
    fmpq_clear(difference);
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_PROVED,
                   "for d = 1..%d and every alpha >= 2: rational functions of 1/alpha of degree <= d that "
                   "agree exactly at d+2 points; larger d "
                   "by the Beta integral (hand step)",
                   LARGEST);
}

sb_status sb_check_gamma(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_gamma(0, finding, error);
}

sb_status sb_check_gamma_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_gamma(1, finding, error);
}

/* ---------------------------------------- Gautschi */

typedef struct {
    uint64_t dimension;
    slong numerator, denominator; /* s */
    slong tenths;                 /* the claimed lower bound is (d + tenths/10)^(1-s) */
} gautschi_case;

/* Both gaps of (d + t)^(1-s) < Gamma(d+1)/Gamma(d+s) < (d+1)^(1-s), as logarithms. */
static void gautschi_gaps(arb_t below, arb_t above, const gautschi_case *c, slong bits) {
    arb_t s, x, ratio;
    arb_init(s);
    arb_init(x);
    arb_init(ratio);
    arb_set_si(s, c->numerator);
    arb_div_si(s, s, c->denominator, bits);
    arb_set_ui(x, c->dimension);
    arb_add_ui(ratio, x, 1, bits);
    arb_lgamma(ratio, ratio, bits);
    arb_add(x, x, s, bits);
    arb_lgamma(x, x, bits);
    arb_sub(ratio, ratio, x, bits);
    arb_sub_ui(s, s, 1, bits);
    arb_neg(s, s);
    arb_set_si(x, c->tenths);
    arb_div_si(x, x, 10, bits);
    arb_add_ui(x, x, c->dimension, bits);
    arb_log(x, x, bits);
    arb_mul(x, x, s, bits);
    arb_sub(below, ratio, x, bits);
    arb_set_ui(x, c->dimension + 1);
    arb_log(x, x, bits);
    arb_mul(x, x, s, bits);
    arb_sub(above, x, ratio, bits);
    arb_clear(s);
    arb_clear(x);
    arb_clear(ratio);
}

static sb_status check_gautschi(slong tenths, sb_finding *finding, sb_error *error) {
    enum { SMALL = 60, BITS = 256 };
    static const slong norms[][2] = {{9, 4}, {5, 2},   {3, 1}, {4, 1},
                                     {8, 1}, {100, 1}, {1, 0}}; /* p; {1, 0}: inf */
    size_t count = 0, ps = sizeof norms / sizeof norms[0];
    arb_t below, above;
    arb_init(below);
    arb_init(above);
    sb_status status = SB_OK;
    for (unsigned k = 1; k <= SMALL + 40 && !finding->evidence && !status; k++) {
        for (size_t i = 0; i < ps && !finding->evidence && !status; i++, count++) {
            slong p = norms[i][0], q = norms[i][1];
            gautschi_case c = {.dimension = k <= SMALL ? k : (uint64_t)1 << (k - SMALL), .tenths = tenths};
            c.numerator = p + 2 * q; /* s = (p+2)/(2p) for p = p/q; 1/2 for inf */
            c.denominator = 2 * p;
            gautschi_gaps(below, above, &c, BITS);
            if (!arb_is_positive(below) || !arb_is_positive(above))
                status = sb_find(finding, error, SB_REFUTED, "fails for d = %llu, s = %ld/%ld",
                                 (unsigned long long)c.dimension, (long)c.numerator, (long)c.denominator);
        }
    }
    arb_clear(below);
    arb_clear(above);
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_PROVED,
                   "all d by monotone ratios (hand steps and certificates); certified strictly in %zu cases, "
                   "d = 1..%d and 2^1..2^40, p from 9/4 to inf",
                   count, SMALL);
}

sb_status sb_check_gautschi(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_gautschi(0, finding, error);
}

sb_status sb_check_gautschi_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_gautschi(5, finding, error);
}

/* ---------------------------------------- 99% of the components */

/* At least permille/1000 of the ranks i have d-i+1 >= d/100, so that (d-i+1)^(1-2/p) >= (1/100)^(1-2/p)
 * d^(1-2/p). */
static sb_status check_most(uint64_t permille, sb_finding *finding, sb_error *error) {
    enum { LARGEST = 5000 };
    for (uint64_t d = 1; d <= LARGEST; d++) {
        uint64_t count = 0;
        for (uint64_t i = 1; i <= d; i++) count += 100 * (d - i + 1) >= d;
        if (1000 * count < permille * d)
            return sb_find(finding, error, SB_REFUTED, "d = %llu: only %llu ranks", (unsigned long long)d,
                           (unsigned long long)count);
    }
    return sb_find(finding, error, SB_PROVED,
                   "all d by argument (the ranks i <= d + 1 - d/100 are at least 99%% of d); the count exact "
                   "for d = 1..%d; constant "
                   "(1/800)(1/100)^(1-2/p)",
                   LARGEST);
}

sb_status sb_check_most_coordinates(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_most(990, finding, error);
}

sb_status sb_check_most_coordinates_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_most(995, finding, error);
}
