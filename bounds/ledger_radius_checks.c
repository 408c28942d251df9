/* Section 2 and the numbers of section 4: the certified radius of Gaussian noise, the passage from l_2 to
   l_inf, the sampling ceiling, and where Figure 2 operates. Rationals where the statement is rational, balls
   elsewhere. */
#include "bounds/ledger_introduction.h"
#include "distributions/finite_law.h"
#include "support/enclosure.h"

#include <stdlib.h>

enum { BITS = 192 };

/* ------------------------------------------------------------------ Theorem 2.1 */
/* The classifier "A where x_1 <= a, B where x_1 > b, else a third class", with Pr(A) = pA and Pr(B) = pB at
   0: after a shift of t standard deviations along x_1 the scores are Phi(Phi^{-1}(pA) - t) and
   Phi(Phi^{-1}(pB) + t). 1 if A certainly leads, -1 if B does, 0 if not settled. */
static int leader(slong a, slong b, slong thousandths, slong factor) {
    arb_t above, below, t, score_a, score_b;
    arb_ptr all[] = {above, below, t, score_a, score_b};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) arb_init(all[i]);
    arb_set_si(score_a, a);
    arb_div_si(score_a, score_a, 100, BITS);
    arb_set_si(score_b, b);
    arb_div_si(score_b, score_b, 100, BITS);
    sb_normal_quantile(above, score_a, BITS);
    sb_normal_quantile(below, score_b, BITS);
    arb_sub(t, above, below,
            BITS); /* the theorem's radius is half of it: thousandths of that, times the factor under test */
    arb_mul_si(t, t, thousandths * factor, BITS);
    arb_div_si(t, t, 2000, BITS);
    arb_sub(above, above, t, BITS);
    arb_add(below, below, t, BITS);
    sb_normal_cdf(score_a, above, BITS);
    sb_normal_cdf(score_b, below, BITS);
    int result = arb_gt(score_a, score_b) ? 1 : arb_lt(score_a, score_b) ? -1 : 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) arb_clear(all[i]);
    return result;
}

/* The theorem is tight: at .999 of the radius the half-spaces keep their answer, at 1.001 they lose it. */
static sb_status scan_radius(slong factor, sb_finding *finding, sb_error *error) {
    size_t pairs = 0;
    for (slong a = 5; a <= 99; a += 2)
        for (slong b = 1; b < a && a + b <= 100; b += 3, pairs++) {
            if (leader(a, b, 999, factor) != 1)
                return sb_find(
                    finding, error, SB_REFUTED,
                    "fails for half-spaces with p_A = %ld/100, p_B = %ld/100: B leads inside the radius", a,
                    b);
            if (leader(a, b, 1001, factor) != -1)
                return sb_find(finding, error, SB_UNSETTLED, "not tight for p_A = %ld/100, p_B = %ld/100", a,
                               b);
        }
    return sb_find(finding, error, SB_CONSISTENT,
                   "certified for the half-space classifiers of %zu pairs (p_A, p_B): A leads at .999 of the "
                   "radius and B at 1.001 of it, so no larger "
                   "radius is possible; that no classifier does worse is Cohen et al.'s theorem",
                   pairs);
}

sb_status sb_check_gaussian_radius(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_radius(1, finding, error);
}

/* false: without the factor 1/2 */
sb_status sb_check_gaussian_radius_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_radius(2, finding, error);
}

/* ------------------------------------------------------------------ 0.435 in l_2 is 2/255 in l_inf */
/* (2/255)^2 3072 <= radius^2, radius in ten-thousandths. */
static sb_status convert_radius(slong radius, sb_finding *finding, sb_error *error) {
    fmpq_t pixel, length, allowed;
    fmpq_init(pixel);
    fmpq_init(length);
    fmpq_init(allowed);
    fmpq_set_si(pixel, 2, 255);
    fmpq_mul(length, pixel, pixel);
    fmpq_mul_si(length, length, 3072);
    fmpq_set_si(allowed, radius, 10000);
    fmpq_mul(allowed, allowed, allowed);
    int holds = fmpq_cmp(length, allowed) <= 0;
    arb_t ball;
    arb_init(ball);
    arb_set_fmpq(ball, length, BITS);
    arb_sqrt(ball, ball, BITS);
    char *low = sb_decimal_lower(ball, 7);
    arb_set_si(ball, 3072);
    arb_rsqrt(ball, ball, BITS);
    arb_mul_si(ball, ball, 255 * radius, BITS);
    arb_div_si(ball, ball, 10000, BITS);
    char *units = sb_decimal_lower(ball, 6);
    sb_status status = low && units ? sb_find(finding, error, holds ? SB_PROVED : SB_REFUTED,
                                              "(2/255)^2*3072 %s %ld^2/10^8 exactly: 2/255 in l_inf reaches "
                                              "%s in l_2, and %ld/10000 in l_2 is %s/255",
                                              holds ? "<=" : ">", radius, low, radius, units)
                                    : sb_fail_memory(error);
    free(low);
    free(units);
    arb_clear(ball);
    fmpq_clear(pixel);
    fmpq_clear(length);
    fmpq_clear(allowed);
    return status;
}

sb_status sb_check_radius_conversion(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return convert_radius(4350, finding, error);
}

/* false: 0.4347 is enough */
sb_status sb_check_radius_conversion_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return convert_radius(4347, finding, error);
}

/* ------------------------------------------------------------------ the three settings of Figure 2 */
/* sigma/eps_2, sigma^2/d and eps_2^2/d are the same for (3072, .12, .435), (6912, .18, .6525) and (12288,
 * .24, last/10000). */
static sb_status scale_radius(slong last, sb_finding *finding, sb_error *error) {
    const slong d[] = {3072, 6912, 12288}, sigma[] = {12, 18, 24}, radius[] = {4350, 6525, last};
    fmpq_t first[3], here[3], number;
    fmpq_init(number);
    for (size_t i = 0; i < 3; i++) {
        fmpq_init(first[i]);
        fmpq_init(here[i]);
    }
    slong broken = 0;
    for (size_t k = 0; k < 3; k++) {
        fmpq_set_si(number, radius[k], 10000);
        fmpq_set_si(here[0], sigma[k], 100);
        fmpq_mul(here[1], here[0], here[0]);
        fmpq_div(here[0], here[0], number);
        fmpq_mul(here[2], number, number);
        fmpq_set_si(number, 1, (ulong)d[k]);
        fmpq_mul(here[1], here[1], number);
        fmpq_mul(here[2], here[2], number);
        for (size_t i = 0; i < 3; i++) {
            if (k == 0) fmpq_set(first[i], here[i]);
            if (!fmpq_equal(first[i], here[i])) broken = d[k];
        }
    }
    arb_t units; /* 255 eps_2/sqrt d */
    arb_init(units);
    arb_set_fmpq(units, first[2], BITS);
    arb_sqrt(units, units, BITS);
    arb_mul_ui(units, units, 255, BITS);
    char *ratio = sb_rational_print(first[0]), *pixels = sb_decimal_nearest(units, 6);
    arb_clear(units);
    sb_status status;
    if (!ratio || !pixels)
        status = sb_fail_memory(error);
    else if (broken)
        status = sb_find(finding, error, SB_REFUTED, "the ratios at d = %ld differ from those at d = 3072",
                         broken);
    else
        status = sb_find(finding, error, SB_PROVED,
                         "sigma/eps_2 = %s, sigma^2/d and eps_2^2/d agree exactly for all three; eps_2/sqrt "
                         "d is %s/255 in each",
                         ratio, pixels);
    free(ratio);
    free(pixels);
    fmpq_clear(number);
    for (size_t i = 0; i < 3; i++) {
        fmpq_clear(first[i]);
        fmpq_clear(here[i]);
    }
    return status;
}

sb_status sb_check_radius_scaling(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scale_radius(8700, finding, error);
}

/* false: with .88 in place of .87 */
sb_status sb_check_radius_scaling_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scale_radius(8800, finding, error);
}

/* ------------------------------------------------------------------ "be (at least) proportional to
 * sigma/sqrt d" */
/* Printed: the radius that noise of standard deviation sigma certifies is at least proportional to sigma/sqrt
   d. The law uniform on {-1000, 1000} has sigma = 1000 and TV(D,D+v) = 1 for every v that is not a multiple
   of 2000, so that it certifies no positive radius for any delta < 1. */
sb_status sb_check_radius_direction(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_finite_law law;
    fmpq_t origin, spacing, shift, tv;
    fmpq *all[] = {origin, spacing, shift, tv};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) fmpq_init(all[i]);
    sb_finite_law_init(&law);
    fmpq_set_si(origin, -1000, 1);
    fmpq_set_si(spacing, 2000, 1);
    sb_status status = sb_finite_law_lattice(&law, 1, 2, origin, spacing, NULL, error);
    int apart = !status;
    for (slong k = 0; k <= 40 && apart; k++) { /* v = 1000/2^k */
        fmpq_set_si(shift, 1000, 1);
        fmpq_div_2exp(shift, shift, (ulong)k);
        sb_finite_law_shift_distance(tv, &law, shift);
        apart = fmpq_is_one(tv);
    }
    if (!status)
        status = apart ? sb_find(finding, error, SB_REFUTED,
                                 "d = 1, D uniform on {-1000, 1000}: sigma = 1000, yet TV(D,D+v) = 1 for v = "
                                 "1000/2^k, k = 0..40, so no such radius is "
                                 "certified for any delta < 1; the theorem bounds the radius from above")
                       : sb_find(finding, error, SB_CONSISTENT, "the two-point law does not refute it");
    sb_finite_law_clear(&law);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) fmpq_clear(all[i]);
    return status;
}

/* ------------------------------------------------------------------ the sampling ceiling */
/* With n samples that all agree, the lower confidence bound on p_A at level alpha is alpha^(1/n), so no
 * radius exceeds sigma Phi^{-1}(alpha^(1/n)). */
static void ceiling(arb_t radius, ulong n) {
    arb_set_ui(radius, 1000);
    arb_inv(radius, radius, BITS);
    arb_log(radius, radius, BITS);
    arb_div_ui(radius, radius, n, BITS);
    arb_exp(radius, radius, BITS);
    sb_normal_quantile(radius, radius, BITS);
    arb_mul_ui(radius, radius, 12, BITS);
    arb_div_ui(radius, radius, 100, BITS);
}

/* The ceiling in l_inf for d = 3072 against 2/255. */
static sb_status compare_ceiling(ulong n, sb_finding *finding, sb_error *error) {
    arb_t radius, root, pixel;
    arb_init(radius);
    arb_init(root);
    arb_init(pixel);
    ceiling(radius, n);
    char *euclidean = sb_decimal_nearest(radius, 6);
    arb_set_ui(root, 3072);
    arb_rsqrt(root, root, BITS);
    arb_mul(radius, radius, root, BITS);
    arb_set_ui(pixel, 2);
    arb_div_ui(pixel, pixel, 255, BITS);
    int above = arb_gt(radius, pixel), below = arb_lt(radius, pixel);
    char *low = sb_decimal_lower(radius, 4), *high = sb_decimal_upper(radius, 4);
    arb_mul_ui(radius, radius, 255, BITS);
    char *units = sb_decimal_nearest(radius, 5);
    sb_status status;
    if (!euclidean || !low || !high || !units)
        status = sb_fail_memory(error);
    else
        status = sb_find(finding, error,
                         above   ? SB_PROVED
                         : below ? SB_REFUTED
                                 : SB_UNSETTLED,
                         "n = %lu, alpha = .001, sigma = .12: sigma Phi^{-1}(alpha^(1/n)) = %s, in l_inf "
                         "between %s and %s, that is %s/255",
                         n, euclidean, low, high, units);
    free(euclidean);
    free(low);
    free(high);
    free(units);
    arb_clear(radius);
    arb_clear(root);
    arb_clear(pixel);
    return status;
}

sb_status sb_check_ceiling(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return compare_ceiling(100000, finding, error);
}

/* false: 10000 samples are enough for 2/255 */
sb_status sb_check_ceiling_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return compare_ceiling(10000, finding, error);
}

/* ------------------------------------------------------------------ where Figure 2 operates */
/* At radius 2/255 and sigma = .12 the score must be p_A = Phi(2 sqrt 3072/(255 sigma)), the gap delta = 2 p_A
   - 1, and Theorem 1.2 asks for a noise of rms (2/255) sqrt(3072 (1-delta)/(800 delta^2)) in a pixel:
   `factor` times less than sigma? */
static sb_status operate(ulong factor, sb_finding *finding, sb_error *error) {
    arb_t length, delta, gap, needed, sigma;
    arb_ptr all[] = {length, delta, gap, needed, sigma};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) arb_init(all[i]);
    arb_sqrt_ui(length, 3072, BITS);
    arb_mul_ui(length, length, 2, BITS);
    arb_div_ui(length, length, 255, BITS);
    arb_set_ui(sigma, 12);
    arb_div_ui(sigma, sigma, 100, BITS);
    arb_div(gap, length, sigma, BITS);
    arb_set_ui(delta, 2);
    arb_rsqrt(delta, delta, BITS);
    arb_mul(gap, gap, delta, BITS);
    arb_hypgeom_erfc(gap, gap, BITS); /* 1-delta = 2(1-p_A) */
    arb_sub_ui(delta, gap, 1, BITS);
    arb_neg(delta, delta);
    arb_div_ui(needed, gap, 800, BITS);
    arb_sqrt(needed, needed, BITS);
    arb_mul(needed, needed, length, BITS);
    arb_div(needed, needed, delta, BITS);
    char *rms = sb_decimal_upper(needed, 3), *score = sb_decimal_lower(delta, 5);
    arb_mul_ui(needed, needed, factor, BITS);
    sb_verdict verdict = arb_lt(needed, sigma)   ? SB_PROVED
                         : arb_gt(needed, sigma) ? SB_REFUTED
                                                 : SB_UNSETTLED;
    sb_status status = rms && score ? sb_find(finding, error, verdict,
                                              "delta = %s..., the bound of Theorem 1.2 on the rms noise of a "
                                              "pixel is %s, %s than sigma/%lu",
                                              score, rms, verdict == SB_PROVED ? "less" : "more", factor)
                                    : sb_fail_memory(error);
    free(rms);
    free(score);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) arb_clear(all[i]);
    return status;
}

sb_status sb_check_operating_point(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return operate(400, finding, error);
}

/* false: 500 times less */
sb_status sb_check_operating_point_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return operate(500, finding, error);
}
