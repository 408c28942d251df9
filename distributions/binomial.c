/* Tails. For k above the mean the terms of Pr(X >= k) fall: their ratios r_j = (n-k-j+1) x / (k+j), x =
   p/(1-p), decrease in j, so after J terms the rest is at most term_J r/(1-r) with r = r_{J+1}. Below the
   mean the same is done downwards for Pr(X <= k), and the other tail is the complement.

   Bounds. F(p) = Pr(Bin(n, p) >= k) increases in p, and log F is concave in u = log p, because
   d log F / du = k / (1 + r_1 + r_1 r_2 + ...) decreases in p. So Newton's method for log F = log alpha goes
   left of the root in one step and then climbs to it. The root m found so is certified by the interval Newton
   theorem: with X a small ball around m and F' = k C(n,k) p^(k-1) (1-p)^(n-k) on X, if
   m - (F(m) - alpha)/F'(X) lies inside X, then so does the only root. */
#include "distributions/binomial.h"

#include "support/exact.h"
#include "support/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* sum := 1 + r_1 + r_1 r_2 + ... with r_j = (top - j + 1) x / (bottom + j), r_1 < 1 or few terms; exact end
 * at j = top. */
static void falling_sum(arb_t sum, uint64_t top, uint64_t bottom, const arb_t x, slong precision) {
    arb_t term, ratio;
    mag_t rest, upper;
    arb_init(term);
    arb_init(ratio);
    mag_init(rest);
    mag_init(upper);
    arb_one(sum);
    arb_one(term);
    for (uint64_t j = 1; j <= top; j++) {
        arb_mul_ui(ratio, x, top - j + 1, precision);
        arb_div_ui(ratio, ratio, bottom + j, precision);
        if (j % 16 == 0) { /* may the rest go into the radius? */
            arb_get_mag(upper, ratio);
            arb_get_mag(rest, term);
            if (mag_cmp_2exp_si(rest, -precision) < 0 && mag_cmp_2exp_si(upper, 0) < 0) {
                mag_geom_series(upper, upper, 1); /* r + r^2 + ... */
                mag_mul(rest, rest, upper);
                arb_add_error_mag(sum, rest);
                break;
            }
        }
        arb_mul(term, term, ratio, precision);
        arb_add(sum, sum, term, precision);
    }
    arb_clear(term);
    arb_clear(ratio);
    mag_clear(rest);
    mag_clear(upper);
}

/* The same in floating point, as a start for Newton's method only; NaN or inf when it overflows. */
static double falling_sum_approximately(uint64_t top, uint64_t bottom, double x) {
    double sum = 1, term = 1, a = (double)top + 1, b = (double)bottom;
    for (double j = 1; j < a; j++) {
        double ratio = x * (a - j) / (b + j);
        if (ratio < 1 && term < 1e-18 * (1 - ratio) * sum) break;
        term *= ratio;
        sum += term;
    }
    return sum;
}

/* value := log C(n, k) */
static void log_choose(arb_t value, uint64_t n, uint64_t k, slong precision) {
    arb_t t;
    arb_init(t);
    arb_set_ui(t, n);
    arb_add_ui(t, t, 1, precision);
    arb_lgamma(value, t, precision);
    arb_set_ui(t, k);
    arb_add_ui(t, t, 1, precision);
    arb_lgamma(t, t, precision);
    arb_sub(value, value, t, precision);
    arb_set_ui(t, n - k);
    arb_add_ui(t, t, 1, precision);
    arb_lgamma(t, t, precision);
    arb_sub(value, value, t, precision);
    arb_clear(t);
}

/* mass := exp(log_choose) p^k (1-p)^(n-k), relative accuracy about `precision` for an exact p */
static void binomial_mass(arb_t mass, const arb_t log_binomial, uint64_t n, uint64_t k, const arb_t p,
                          slong precision) {
    slong work = precision + 64; /* the logarithms are below 2^36 */
    arb_t t;
    arb_init(t);
    arb_log(mass, p, work);
    arb_mul_ui(mass, mass, k, work);
    arb_neg(t, p);
    arb_log1p(t, t, work);
    arb_mul_ui(t, t, n - k, work);
    arb_add(mass, mass, t, work);
    arb_add(mass, mass, log_binomial, work);
    arb_exp(mass, mass, precision);
    arb_clear(t);
}

static int is_probability(const arb_t p) {
    arb_t q;
    arb_init(q);
    arb_sub_ui(q, p, 1, 64);
    int inside = arb_is_positive(p) && arb_is_negative(q);
    arb_clear(q);
    return inside;
}

/* tail := Pr(X >= k) when up, Pr(X <= k) when not, by the series from k outwards (meant for k outside of the
 * mean) */
static void outward_tail(arb_t tail, const arb_t log_binomial, uint64_t n, uint64_t k, const arb_t p, int up,
                         slong precision) {
    arb_t x, mass;
    arb_init(x);
    arb_init(mass);
    arb_sub_ui(x, p, 1, precision + 64);
    arb_neg(x, x);
    if (up)
        arb_div(x, p, x, precision + 20);
    else
        arb_div(x, x, p, precision + 20);
    falling_sum(tail, up ? n - k : k, up ? k : n - k, x, precision + 20);
    binomial_mass(mass, log_binomial, n, k, p, precision + 20);
    arb_mul(tail, tail, mass, precision);
    arb_clear(x);
    arb_clear(mass);
}

/* Pr(X >= k), 1 <= k <= n, p certainly inside (0, 1) */
static void upper_tail(arb_t value, uint64_t n, uint64_t k, const arb_t p, slong precision) {
    arb_t log_binomial, mean;
    arb_init(log_binomial);
    arb_init(mean);
    arb_mul_ui(mean, p, n, 64);
    int above = arf_cmp_d(arb_midref(mean), (double)k) <= 0;
    uint64_t from = above ? k : k - 1;
    log_choose(log_binomial, n, from, precision + 84);
    outward_tail(value, log_binomial, n, from, p, above, precision);
    if (!above) {
        arb_sub_ui(value, value, 1, precision);
        arb_neg(value, value);
    }
    arb_clear(log_binomial);
    arb_clear(mean);
}

void sb_binomial_upper_tail(arb_t value, uint64_t trials, uint64_t successes, const arb_t probability,
                            slong precision) {
    if (!is_probability(probability)) {
        arb_indeterminate(value);
    } else if (successes == 0) {
        arb_one(value);
    } else if (successes > trials) {
        arb_zero(value);
    } else {
        upper_tail(value, trials, successes, probability, precision);
    }
}

void sb_binomial_lower_tail(arb_t value, uint64_t trials, uint64_t successes, const arb_t probability,
                            slong precision) {
    if (!is_probability(probability)) {
        arb_indeterminate(value);
    } else if (successes >= trials) {
        arb_one(value);
    } else { /* count the failures instead */
        arb_t other;
        arb_init(other);
        arb_sub_ui(other, probability, 1, precision + 64);
        arb_neg(other, other);
        upper_tail(value, trials, trials - successes, other, precision);
        arb_clear(other);
    }
}

/* ------------------------------------------------------------------ Clopper-Pearson */
static sb_status check_counts(uint64_t n, uint64_t k, const fmpq_t alpha, sb_error *error) {
    if (n < 1 || n > SB_TRIALS_LIMIT)
        return sb_fail(error, SB_OUTSIDE, "%llu trials: must be from 1 to 10^9", (unsigned long long)n);
    if (k > n)
        return sb_fail(error, SB_OUTSIDE, "%llu successes in %llu trials", (unsigned long long)k,
                       (unsigned long long)n);
    if (fmpq_sgn(alpha) <= 0 || fmpq_cmp_ui(alpha, 1) >= 0) {
        char *shown = sb_rational_print(alpha);
        sb_fail(error, SB_OUTSIDE, "alpha %s: must be above 0 and below 1", shown ? shown : "?");
        free(shown);
        return SB_OUTSIDE;
    }
    return SB_OK;
}

/* Somewhere near the bound, to start from: the score interval with a rational approximation of the normal
 * quantile. */
static double first_guess(double n, double k, double alpha) {
    double tail = alpha < 0.5 ? alpha : 1 - alpha;
    double t = tail > 1e-300 ? sqrt(-2 * log(tail)) : 37;
    double z =
        t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    if (alpha >= 0.5) z = -z;
    double rate = (k - 0.5) / n, square = z * z / n;
    double guess = (rate + square / 2 - z * sqrt(rate * (1 - rate) / n + square / (4 * n))) / (1 + square);
    double least = rate * 1e-6, most = 1 - (1 - rate) * 1e-6;
    return guess > least ? guess < most ? guess : most : least;
}

/* p := a point near the bound, by Newton's method on log F(log p). The inner sum is taken in floating point
   unless `slowly`, which is for levels so near 1 that it would overflow. */
static void approximate_bound(arb_t p, const arb_t log_binomial, uint64_t n, uint64_t k, const arb_t alpha,
                              int slowly, slong precision) {
    arb_t x, sum, tail, step;
    arb_init(x);
    arb_init(sum);
    arb_init(tail);
    arb_init(step);
    arb_set_d(p, first_guess((double)n, (double)k, arf_get_d(arb_midref(alpha), ARF_RND_NEAR)));
    for (int i = 0, settled = 0; i < 300 && !settled && is_probability(p); i++) {
        arb_sub_ui(x, p, 1, precision);
        arb_neg(x, x);
        arb_div(x, p, x, precision);
        arb_get_mid_arb(x, x);
        if (slowly)
            falling_sum(sum, n - k, k, x, precision);
        else
            arb_set_d(sum, falling_sum_approximately(n - k, k, arf_get_d(arb_midref(x), ARF_RND_NEAR)));
        binomial_mass(tail, log_binomial, n, k, p, precision);
        arb_mul(tail, tail, sum, precision);
        arb_div(step, alpha, tail, precision);
        arb_log(step, step, precision);
        arb_mul(step, step, sum, precision);
        arb_div_ui(step, step, k, precision);
        arb_get_mid_arb(step, step);
        settled = arf_cmpabs_2exp_si(arb_midref(step), slowly ? -precision / 2 : -26) <
                  0; /* a step squares the error */
        arb_exp(step, step, precision);
        arb_mul(p, p, step, precision);
        arb_get_mid_arb(p, p);
    }
    arb_clear(x);
    arb_clear(sum);
    arb_clear(tail);
    arb_clear(step);
}

/* Interval Newton from m, repeated until the ball has `wanted` bits. Returns whether it got there. */
static int certify_bound(arb_t root, arb_t m, const arb_t log_binomial, uint64_t n, uint64_t k,
                         const arb_t alpha, slong wanted, slong precision) {
    arb_t trial, slope, value, step;
    mag_t radius;
    arb_init(trial);
    arb_init(slope);
    arb_init(value);
    arb_init(step);
    mag_init(radius);
    int done = 0, caught = is_probability(m);
    for (int round = 0; round < 12 && caught && !done; round++) {
        upper_tail(value, n, k, m, precision);
        arb_sub(value, value, alpha, precision);
        arb_set(trial, m);
        caught = 0;
        for (int widening = 0; widening < 4 && !caught && is_probability(trial); widening++) {
            binomial_mass(slope, log_binomial, n, k, trial, precision); /* F' = k mass / p */
            arb_mul_ui(slope, slope, k, precision);
            arb_div(slope, slope, trial, precision);
            arb_div(step, value, slope, precision);
            arb_sub(slope, m, step, precision);
            caught = widening && arb_is_finite(slope) && arb_contains(trial, slope);
            arb_get_mag(radius, step); /* a ball of twice the step should hold the root */
            mag_mul_2exp_si(radius, radius, 1 + 2 * widening);
            arb_set(trial, m);
            arb_add_error_mag(trial, radius);
        }
        if (!caught) break;
        arb_set(root, slope);
        done = arb_rel_accuracy_bits(root) >= wanted;
        arb_get_mid_arb(m, root);
    }
    arb_clear(trial);
    arb_clear(slope);
    arb_clear(value);
    arb_clear(step);
    mag_clear(radius);
    return done;
}

/* 1 <= k <= n - 1 */
static sb_status inner_bound(arb_t bound, uint64_t n, uint64_t k, const fmpq_t alpha, int digits,
                             sb_error *error) {
    arb_t level, log_binomial, p;
    arb_init(level);
    arb_init(log_binomial);
    arb_init(p);
    slong wanted = (slong)((digits + 2) * 3.33) + 4;
    sb_status status = SB_UNDECIDED;
    int slowly = 0;
    for (slong precision = wanted + 44; status && precision < 8 * wanted + 1000; precision *= 2, slowly = 1) {
        arb_set_fmpq(level, alpha, precision + 64);
        log_choose(log_binomial, n, k, precision + 84);
        approximate_bound(p, log_binomial, n, k, level, slowly, precision);
        if (certify_bound(bound, p, log_binomial, n, k, level, wanted, precision)) status = SB_OK;
    }
    arb_clear(level);
    arb_clear(log_binomial);
    arb_clear(p);
    return status ? sb_fail(error, status, "Clopper-Pearson bound for %llu of %llu: %d digits not reached",
                            (unsigned long long)k, (unsigned long long)n, digits)
                  : SB_OK;
}

sb_status sb_clopper_pearson_lower(arb_t bound, uint64_t trials, uint64_t successes, const fmpq_t alpha,
                                   int digits, sb_error *error) {
    sb_status status = check_counts(trials, successes, alpha, error);
    if (status) return status;
    if (digits < 1) digits = 1;
    if (successes == 0) {
        arb_zero(bound);
    } else if (successes == trials) { /* p^n = alpha */
        slong precision = (slong)((digits + 2) * 3.33) + 64;
        arb_set_fmpq(bound, alpha, precision);
        arb_log(bound, bound, precision);
        arb_div_ui(bound, bound, trials, precision);
        arb_exp(bound, bound, precision);
    } else {
        status = inner_bound(bound, trials, successes, alpha, digits, error);
    }
    return status;
}

sb_status sb_clopper_pearson_upper(arb_t bound, uint64_t trials, uint64_t successes, const fmpq_t alpha,
                                   int digits, sb_error *error) {
    sb_status status = check_counts(trials, successes, alpha, error);
    if (status) return status;
    if (digits < 1) digits = 1;
    /* 1 - (lower bound for the failures); an upper bound of 10^-j costs j digits, and it is at least about
     * 1/n or alpha-small */
    for (int extra = 4; extra < 2000; extra *= 2) {
        status = sb_clopper_pearson_lower(bound, trials, trials - successes, alpha, digits + extra, error);
        if (status) return status;
        slong precision = (slong)((digits + extra + 2) * 3.33) + 64;
        arb_sub_ui(bound, bound, 1, precision);
        arb_neg(bound, bound);
        if (arb_rel_accuracy_bits(bound) >= (slong)((digits + 2) * 3.33)) return SB_OK;
    }
    return sb_fail(error, SB_UNDECIDED, "Clopper-Pearson bound for %llu of %llu: %d digits not reached",
                   (unsigned long long)successes, (unsigned long long)trials, digits);
}

sb_status sb_clopper_pearson_interval(arb_t low, arb_t high, uint64_t trials, uint64_t successes,
                                      const fmpq_t alpha, int digits, sb_error *error) {
    fmpq_t half;
    fmpq_init(half);
    fmpq_div_2exp(half, alpha, 1);
    sb_status status = check_counts(trials, successes, alpha, error);
    if (!status) status = sb_clopper_pearson_lower(low, trials, successes, half, digits, error);
    if (!status) status = sb_clopper_pearson_upper(high, trials, successes, half, digits, error);
    fmpq_clear(half);
    return status;
}

/* ------------------------------------------------------------------ decimals */
/* units / 10^decimals as text */
static char *place(const fmpz_t units, int decimals) {
    sb_text out;
    sb_text_init(&out);
    char *digits = fmpz_get_str(NULL, 10, units), *d = digits;
    if (*d == '-') {
        sb_text_append(&out, "-");
        d++;
    }
    size_t length = strlen(d), places = (size_t)decimals;
    if (length <= places) {
        sb_text_append(&out, places ? "0." : "");
        sb_text_repeat(&out, '0', places - length);
        sb_text_append(&out, d);
    } else {
        sb_text_append_bytes(&out, d, length - places);
        if (places) sb_text_append(&out, ".");
        sb_text_append(&out, d + length - places);
    }
    flint_free(digits);
    return sb_text_detach(&out);
}

char *sb_fixed_decimal_rational(const fmpq_t value, int decimals, int direction) {
    fmpz_t units, scale, remainder;
    fmpz_init(units);
    fmpz_init(scale);
    fmpz_init(remainder);
    if (decimals < 0) decimals = 0;
    fmpz_set_ui(scale, 10);
    fmpz_pow_ui(scale, scale, (ulong)decimals);
    fmpz_mul(units, fmpq_numref(value), scale);
    if (direction > 0) {
        fmpz_cdiv_q(units, units, fmpq_denref(value));
    } else {
        fmpz_fdiv_qr(units, remainder, units, fmpq_denref(value));
        fmpz_mul_2exp(remainder, remainder, 1);
        int side = fmpz_cmp(remainder, fmpq_denref(value));
        if (direction == 0 && (side > 0 || (side == 0 && fmpz_is_odd(units)))) fmpz_add_ui(units, units, 1);
    }
    char *text = place(units, decimals);
    fmpz_clear(units);
    fmpz_clear(scale);
    fmpz_clear(remainder);
    return text;
}

char *sb_fixed_decimal(const arb_t ball, int decimals, int direction) {
    arf_t end;
    fmpq_t exact;
    arf_init(end);
    fmpq_init(exact);
    char *text = NULL;
    slong precision = arb_bits(ball) + MAG_BITS + 64;
    if (direction < 0)
        arb_get_lbound_arf(end, ball, precision);
    else if (direction > 0)
        arb_get_ubound_arf(end, ball, precision);
    else
        arf_set(end, arb_midref(ball));
    if (!arf_is_finite(end)) {
        text = sb_duplicate(arf_sgn(end) < 0 || (arf_is_nan(end) && direction < 0) ? "-inf" : "inf");
    } else {
        arf_get_fmpq(exact, end);
        text = sb_fixed_decimal_rational(exact, decimals, direction);
    }
    arf_clear(end);
    fmpq_clear(exact);
    return text;
}
