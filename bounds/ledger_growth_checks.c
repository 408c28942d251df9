/* How much noise: Theorem 1.2 on instances, its growth in d, and the exact counterexamples to what the
 * introduction says about growth. */
#include "bounds/ledger_instances.h"
#include "bounds/ledger_introduction.h"
#include "support/enclosure.h"

#include <stdlib.h>

void sb_bound_1_2(fmpq_t bound, size_t dimension, const fmpq_t delta, ulong constant) {
    fmpz_t d;
    fmpq_t factor;
    fmpz_init_set_ui(d, dimension);
    fmpq_init(factor);
    fmpq_one(bound);
    fmpq_sub(bound, bound, delta);
    fmpq_div(bound, bound, delta);
    fmpq_div(bound, bound, delta);
    fmpq_set_ui(factor, 1, constant);
    fmpq_mul_fmpz(factor, factor, d);
    fmpq_mul_fmpz(factor, factor, d);
    fmpq_mul(bound, bound, factor);
    fmpz_clear(d);
    fmpq_clear(factor);
}

/* ------------------------------------------------------------------ Theorem 1.2 */
static sb_status try_finite(int *holds, const sb_instance *instance, const void *statement, sb_error *error) {
    (void)error;
    fmpq_t bound, moment;
    fmpq_init(bound);
    fmpq_init(moment);
    sb_bound_1_2(bound, instance->law->dimension, instance->delta, *(const ulong *)statement);
    sb_finite_law_mean_square(moment, instance->law);
    *holds = fmpq_cmp(moment, bound) >= 0;
    fmpq_clear(bound);
    fmpq_clear(moment);
    return SB_OK;
}

/* Gaussian noise whose worst shift is t standard deviations long, t = eps d^{1/2-1/p}/sigma: the theorem
   reads constant * delta^2 >= t^2 (1-delta) with delta = erf(t/(2 sqrt 2)), whatever d, p and eps are. 1 if
   certainly true. */
static int gaussian_holds(slong t, slong denominator, ulong constant) {
    enum { BITS = 192 };
    arb_t shift, delta, left, right;
    arb_init(shift);
    arb_init(delta);
    arb_init(left);
    arb_init(right);
    arb_set_si(shift, t);
    arb_div_si(shift, shift, denominator, BITS);
    arb_set_ui(delta, 8);
    arb_sqrt(delta, delta, BITS);
    arb_div(delta, shift, delta, BITS);
    arb_hypgeom_erfc(right, delta, BITS);
    arb_hypgeom_erf(delta, delta, BITS);
    arb_mul(right, right, shift, BITS);
    arb_mul(right, right, shift, BITS);
    arb_mul(left, delta, delta, BITS);
    arb_mul_ui(left, left, constant, BITS);
    int holds = arb_ge(left, right);
    arb_clear(shift);
    arb_clear(delta);
    arb_clear(left);
    arb_clear(right);
    return holds;
}

/* Uniform noise on the cube [-r,r]^d with x = eps d^{-1/p}/(2r): delta = 1-(1-x)^d, E||eta||^2 = d r^2/3 =
 * d/(12 x^2) in units of the shift. */
static int uniform_holds(size_t dimension, slong x, ulong denominator, ulong constant) {
    fmpq_t delta, side, bound, moment;
    fmpq_init(delta);
    fmpq_init(side);
    fmpq_init(bound);
    fmpq_init(moment);
    fmpq_set_si(side, x, denominator);
    fmpq_one(delta);
    fmpq_sub(bound, delta, side);
    fmpq_pow_si(bound, bound, (slong)dimension);
    fmpq_sub(delta, delta, bound);
    sb_bound_1_2(bound, dimension, delta, constant);
    fmpq_set_ui(moment, dimension, 12);
    fmpq_div(moment, moment, side);
    fmpq_div(moment, moment, side);
    int holds = fmpq_cmp(moment, bound) >= 0;
    fmpq_clear(delta);
    fmpq_clear(side);
    fmpq_clear(bound);
    fmpq_clear(moment);
    return holds;
}

static sb_status scan_theorem(ulong constant, sb_finding *finding, sb_error *error) {
    static const size_t dimension[] = {1, 2, 3, 10, 100, 784, 3072};
    enum { DIMENSIONS = sizeof dimension / sizeof dimension[0] };
    size_t uniform = 0, gaussian = 0;
    sb_status status = sb_try_cube(finding, error, try_finite, &constant);
    if (status || finding->verdict != SB_CONSISTENT) return status;
    for (size_t i = 0; i < DIMENSIONS; i++) {
        for (ulong steps = 1; steps <= 1u << 16; steps *= 4, uniform++) /* x = 1/(steps+1) */
            if (!uniform_holds(dimension[i], 1, steps + 1, constant))
                return sb_find(finding, error, SB_REFUTED,
                               "fails for uniform noise on [-r,r]^%zu, eps d^{-1/p} = 2r/%lu", dimension[i],
                               steps + 1);
    }
    for (slong t = 1; t <= 640; t++, gaussian++)
        if (!gaussian_holds(t, 64, constant))
            return sb_find(finding, error, SB_REFUTED,
                           "fails for Gaussian noise whose worst shift is %ld/64 standard deviations", t);
    char *exact = finding->evidence;
    finding->evidence = NULL;
    status = sb_find(finding, error, SB_CONSISTENT,
                     "%s; exactly for %zu uniform noises on cubes, d up to 3072; certified for %zu Gaussian "
                     "noises, any d, p and eps with "
                     "worst shift t/64 standard deviations, t = 1..640",
                     exact, uniform, gaussian);
    free(exact);
    return status;
}

sb_status sb_check_thm_1_2_instances(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_theorem(800, finding, error);
}

/* false: the constant 1/7 in place of 1/800; the uniform law on {-1/2, 1/2} refutes it */
sb_status sb_check_thm_1_2_instances_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_theorem(7, finding, error);
}

/* ------------------------------------------------------------------ growth for p <= 2 */
/* Printed: the necessary E||eta||^2, N(d), grows only like sqrt d. By Lemma 3.2 in every coordinate N(d) >= d
   eps^2 (1-delta)/8; in dimension 1 Gaussian noise shows N(1) <= eps^2/(4 z^2). At delta = 1/2 the first
   exceeds sqrt d times the second from some d on. */
sb_status sb_check_square_root_growth(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    enum { BITS = 128 };
    (void)claim;
    fmpq_t delta;
    arb_t first, z, needed, allowed;
    fmpq_init(delta);
    arb_init(first);
    arb_init(z);
    arb_init(needed);
    arb_init(allowed);
    fmpq_set_si(delta, 1, 2);
    sb_normal_two_sided_quantile(z, delta, BITS);
    arb_mul(first, z, z, BITS);
    arb_mul_ui(first, first, 4, BITS);
    arb_inv(first, first, BITS);
    sb_status status = SB_OK;
    ulong d = 1;
    for (; d <= 1000; d++) {
        arb_set_ui(needed, d);
        arb_div_ui(needed, needed, 16, BITS);
        arb_sqrt_ui(allowed, d, BITS);
        arb_mul(allowed, allowed, first, BITS);
        if (arb_gt(needed, allowed)) break;
    }
    if (d <= 1000) {
        char *low = sb_decimal_lower(needed, 6), *high = sb_decimal_upper(allowed, 6);
        status = low && high ? sb_find(finding, error, SB_REFUTED,
                                       "delta = 1/2: dimension 1 needs at most eps^2/(4 z^2), so growth like "
                                       "sqrt d would allow %s eps^2 at "
                                       "d = %lu, where any noise needs at least %s eps^2; the necessary "
                                       "amount lies between d eps^2/16 and "
                                       "d eps^2/(4 z^2)",
                                       high, d, low)
                             : sb_fail_memory(error);
        free(low);
        free(high);
    } else {
        status = sb_find(finding, error, SB_UNSETTLED, "no dimension up to 1000 refutes it");
    }
    fmpq_clear(delta);
    arb_clear(first);
    arb_clear(z);
    arb_clear(needed);
    arb_clear(allowed);
    return status;
}

/* ------------------------------------------------------------------ from E||eta||^2 to E||eta|| */
/* Printed: Theorem 1.2, which bounds E||eta||_2^2 below, implies that E||eta||_2 grows. The law with mass
   1/n^2 at n and the rest at 0 has E eta^2 = 1 and E|eta| = 1/n. */
sb_status sb_check_second_moment_inference(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_finite_law law;
    fmpq point[2], weight[2];
    fmpq_t square, absolute, want;
    sb_finite_law_init(&law);
    for (size_t i = 0; i < 2; i++) {
        fmpq_init(point + i);
        fmpq_init(weight + i);
    }
    fmpq_init(square);
    fmpq_init(absolute);
    fmpq_init(want);
    const slong n = 1000;
    fmpq_set_si(point + 1, n, 1);
    fmpq_set_si(weight, n * n - 1, 1);
    fmpq_one(weight + 1);
    sb_status status = sb_finite_law_set(&law, 1, point, weight, 2, error);
    if (!status) {
        sb_finite_law_square_moment(square, &law, 0);
        sb_finite_law_absolute_moment(absolute, &law, 0);
        fmpq_set_si(want, 1, (ulong)n);
        status = fmpq_is_one(square) && fmpq_equal(absolute, want)
                     ? sb_find(finding, error, SB_REFUTED,
                               "mass 1/n^2 at n, the rest at 0: E eta^2 = 1 for every n, E|eta| = 1/n "
                               "(computed for n = %ld): a second moment "
                               "bounds no first moment; Lemma C.1 does",
                               n)
                     : sb_find(finding, error, SB_UNSETTLED, "the moments are not 1 and 1/n");
    }
    for (size_t i = 0; i < 2; i++) {
        fmpq_clear(point + i);
        fmpq_clear(weight + i);
    }
    fmpq_clear(square);
    fmpq_clear(absolute);
    fmpq_clear(want);
    sb_finite_law_clear(&law);
    return status;
}

/* ------------------------------------------------------------------ exponents and counts */
/* The exponent of d in the bound on E eta_i^2, 1 - 2/p; 1 exactly when the bound is linear in d. */
static sb_status linear_growth(const char *norm, sb_finding *finding, sb_error *error) {
    sb_exact p;
    fmpq_t exponent, one;
    sb_exact_init(&p);
    fmpq_init(exponent);
    fmpq_init(one);
    fmpq_one(one);
    sb_status status = sb_exact_parse("p", norm, &p, error);
    if (!status) {
        if (!p.infinite) {
            fmpq_set_si(exponent, 2, 1);
            fmpq_div(exponent, exponent, p.value);
        }
        fmpq_sub(exponent, one, exponent);
        char *text = sb_rational_print(exponent);
        if (!text)
            status = sb_fail_memory(error);
        else
            status = sb_find(finding, error, fmpq_is_one(exponent) ? SB_PROVED : SB_REFUTED,
                             "p = %s: the exponent 1-2/p of d is %s", norm, text);
        free(text);
    }
    sb_exact_clear(&p);
    fmpq_clear(exponent);
    fmpq_clear(one);
    return status;
}

sb_status sb_check_linear_at_inf(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return linear_growth("inf", finding, error);
}

/* false: linear at p = 100 */
sb_status sb_check_linear_at_inf_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return linear_growth("100", finding, error);
}

/* Rank i = ceil(fraction d) from above is the smallest of the top fraction; Lemma 3.7 gives it
   (d-i+1)^{1-2/p}, which must be at least (d/100)^{1-2/p}. Integers: 100 (d-i+1) >= d. */
static sb_status count_coordinates(ulong per_thousand, sb_finding *finding, sb_error *error) {
    enum { LARGEST = 200000 };
    for (ulong d = 1; d <= LARGEST; d++) {
        ulong rank = (per_thousand * d + 999) / 1000;
        if (100 * (d - rank + 1) < d)
            return sb_find(finding, error, SB_REFUTED,
                           "d = %lu: the coordinate of rank %lu has only %lu below or at it", d, rank,
                           d - rank + 1);
    }
    return sb_find(finding, error, SB_PROVED,
                   "100 (d - ceil(%lu d/1000) + 1) >= d for d = 1..%d, and by the argument for all d",
                   per_thousand, LARGEST);
}

sb_status sb_check_99_percent(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return count_coordinates(990, finding, error);
}

/* false: with the same constant for 99.9% of the coordinates */
sb_status sb_check_99_percent_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return count_coordinates(999, finding, error);
}

/* ------------------------------------------------------------------ "leading to trivial smoothed
 * classifiers" */
/* All-black against all-white images (pixels 0 and 1), p = inf. Gaussian noise with sigma = eps sqrt d/z
   makes every classifier (eps,delta)-robust w.r.t. l_inf (Theorem 2.1) and grows with d; but the mean of all
   pixels then has standard deviation eps/z for every d, and the classifier "mean > 1/2" errs with probability
   Q(z/(2 eps)). */
sb_status sb_check_noise_dominates(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    enum { BITS = 128 };
    (void)claim;
    fmpq_t delta;
    arb_t z, sigma, mean, errs, limit;
    fmpq_init(delta);
    arb_init(z);
    arb_init(sigma);
    arb_init(mean);
    arb_init(errs);
    arb_init(limit);
    const ulong d = 150528;
    fmpq_set_si(delta, 1, 2);
    sb_normal_two_sided_quantile(z, delta, BITS);
    arb_set_ui(mean, 8); /* eps = 8/255 */
    arb_div_ui(mean, mean, 255, BITS);
    arb_div(mean, mean, z, BITS); /* eps/z */
    arb_sqrt_ui(sigma, d, BITS);
    arb_mul(sigma, sigma, mean, BITS);
    arb_mul_ui(errs, mean, 2, BITS); /* (1/2)/mean = z/(2 eps) standard deviations */
    arb_inv(errs, errs, BITS);
    arb_neg(errs, errs);
    sb_normal_cdf(errs, errs, BITS);
    arb_set_ui(limit, 10);
    arb_pow_ui(limit, limit, 26, BITS);
    arb_inv(limit, limit, BITS);
    sb_status status = SB_OK;
    char *rms = sb_decimal_lower(sigma, 4), *deviation = sb_decimal_upper(mean, 4);
    arb_sub_ui(sigma, sigma, 18, BITS);
    if (!rms || !deviation)
        status = sb_fail_memory(error);
    else if (arb_is_positive(sigma) && arb_lt(errs, limit))
        status = sb_find(finding, error, SB_REFUTED,
                         "all-black against all-white images, eps = 8/255, delta = 1/2, d = %lu: Gaussian "
                         "noise that makes every classifier robust has rms %s in a pixel, over 18 times "
                         "the pixel range, but the mean of all pixels has standard deviation %s for every d, "
                         "and 'mean > 1/2' errs with probability below 1e-26",
                         d, rms, deviation);
    else
        status = sb_find(finding, error, SB_UNSETTLED, "the enclosures do not settle it");
    free(rms);
    free(deviation);
    fmpq_clear(delta);
    arb_clear(z);
    arb_clear(sigma);
    arb_clear(mean);
    arb_clear(errs);
    arb_clear(limit);
    return status;
}
