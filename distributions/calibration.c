/* Root isolation for a non-decreasing criterion c(u), level g. Points are compared by y = log(c/(1-c)) -
   log(g/(1-g)), which is nearly linear in log u for small u and accurate at both ends. From a guess (by the
   affinity, below) a gallop finds a bracket [low, high], which shrinks by tests on both sides of the zero of
   the chord, at a distance of 2^-j of the width: success doubles j, a miss falls back on bisection. Only
   certified signs move an end. Where c cannot be compared with the level, the two ends are found on their
   own, by bisection.

   The affinity bounds: with B = prod B(w_i) and M = integral of min(p, lambda q), Cauchy and Schwarz give
   lambda B^2
   <= M (1 + lambda - M), that is ||D - lambda D_w||_1 = 1 + lambda - 2 M <= sqrt((1 + lambda)^2 - 4 lambda
   B^2). At lambda = 1 this is TV <= sqrt(1 - B^2); at lambda = 2 B^2 - 1, where it is least, rho <= 2 B
   sqrt(1 - B^2). A density p that is symmetric and does not increase in |x| has such a root, and so is
   B(w_i), the convolution of the root with itself (Wintner 1938): over the cube |w_i| <= u both bounds are
   largest at (u, ..., u). */
#include "distributions/calibration.h"

#include "distributions/neyman_pearson.h"
#include "distributions/worst_shift.h"
#include "support/enclosure.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_ORDER = 4000, FIRST_DIGITS = 3, RAISES = 3 };

const char *sb_scope_name(sb_scope scope) {
    static const char *const name[] = {"worst shift", "bracket of the worst shift", "at the equal shift"};
    return name[scope];
}

/* ------------------------------------------------------------------ the criterion */
sb_criterion sb_criterion_by_affinity(sb_criterion criterion) {
    return criterion == SB_CRITERION_EXACT             ? SB_CRITERION_EXACT_AFFINITY
           : criterion == SB_CRITERION_TOTAL_VARIATION ? SB_CRITERION_TV_AFFINITY
                                                       : criterion;
}

static int by_affinity(sb_criterion criterion) {
    return sb_criterion_by_affinity(criterion) == criterion;
}

static int is_l1(const sb_shift_problem *q) {
    return !q->norm->infinite && fmpq_is_one(q->norm->value);
}

/* Both densities take one value on their supports: rho = min{1, 2 TV} (neyman_pearson.c). */
static int is_flat(const sb_shift_problem *q) {
    return q->noise->family == &sb_uniform_family || q->noise->family == &sb_l2_ball_family;
}

static int is_laplace_in_l1(const sb_shift_problem *q) {
    return q->noise->family == &sb_laplace_family && is_l1(q);
}

/* For log-concave product noise and p = inf the equal shift has the largest rho (docs/theory/worst-shift.md). */
static int equal_shift_is_worst(const sb_shift_problem *q) {
    return (sb_noise_traits(q->noise) & SB_LOG_CONCAVE) && (q->norm->infinite || q->dimension == 1);
}

sb_status sb_shift_problem_domain(const sb_shift_problem *q, sb_error *error) {
    const sb_noise_family *family = q->noise->family;
    unsigned traits = sb_noise_traits(q->noise);
    sb_status status = sb_noise_domain(q->noise, q->dimension, error);
    if (status) return status;
    if (traits & SB_HAS_ATOMS)
        return sb_fail(error, SB_OUTSIDE,
                       "%s noise has atoms: shifts however small separate them, whatever its scale",
                       family->name);
    if (q->criterion == SB_CRITERION_EXACT && !family->product && !is_flat(q))
        return sb_fail(error, SB_OUTSIDE, "%s noise: the exact criterion is not known here", family->name);
    if (by_affinity(q->criterion) && (!(traits & SB_UNIMODAL) || (!q->norm->infinite && q->dimension > 1)))
        return sb_fail(error, SB_OUTSIDE,
                       "%s noise: the affinity bound is about p = inf and independent coordinates whose "
                       "density does not "
                       "increase in |x|",
                       family->name);
    return SB_OK;
}

static slong bits_of(int digits) {
    return (slong)(digits * 3.33) + 64;
}

/* length := u d^(-1/p), or for Gaussian noise the largest |w|_2, u d^((1/2-1/p)+). */
static void shift_length(arb_t length, const sb_shift_problem *q, const arb_t u, int euclidean,
                         slong precision) {
    fmpq_t exponent, half;
    fmpq_init(exponent);
    fmpq_init(half);
    if (!q->norm->infinite) fmpq_inv(exponent, q->norm->value);
    fmpq_neg(exponent, exponent);
    if (euclidean) {
        fmpq_set_si(half, 1, 2);
        fmpq_add(exponent, exponent, half);
        if (fmpq_sgn(exponent) < 0) fmpq_zero(exponent);
    }
    sb_dimension_power(length, q->dimension, exponent, precision);
    arb_mul(length, length, u, precision);
    fmpq_clear(exponent);
    fmpq_clear(half);
}

/* rest := 1 - value, cut to [0, 1] */
static void complement(arb_t rest, const arb_t value, slong precision) {
    arb_t bound;
    arb_init(bound);
    arb_sub_ui(rest, value, 1, precision);
    arb_neg(rest, rest);
    arb_max(rest, rest, bound, precision);
    arb_one(bound);
    arb_min(rest, rest, bound, precision);
    arb_clear(bound);
}

static sb_status variation(arb_t value, arb_t slack, sb_scope *scope, const sb_shift_problem *q,
                           const arb_t u, int digits, sb_error *error) {
    static const sb_scope scope_of[] = {[SB_WORST_EXACT] = SB_SCOPE_WORST,
                                        [SB_WORST_BRACKET] = SB_SCOPE_BRACKET,
                                        [SB_WORST_AT_EQUAL] = SB_SCOPE_EQUAL};
    int kind = SB_WORST_EXACT;
    sb_status status = SB_OK;
    for (int asked = digits, i = 0; i < 2 && !status; i++) { /* the complement of a small value cancels */
        status = sb_worst_overlap(slack, &kind, q->noise, q->dimension, q->norm, u, asked, error);
        complement(value, slack, bits_of(asked) + 64);
        double size = arf_get_d(arb_midref(value), ARF_RND_UP);
        if (!(size < 0.01)) break;
        asked += (int)ceil(-log10(fmax(size, 1e-300)));
    }
    *scope = scope_of[kind];
    return status;
}

/* With b = B(u)^d, a = sqrt(1 - b^2): value a, slack b^2/(1 + a); or 2 a b and (b - a)^2, and 1 and 0 where b
 * < a. */
static void affinity(arb_t value, arb_t slack, const sb_shift_problem *q, const arb_t u, slong precision) {
    arb_t a, b;
    arb_init(a);
    arb_init(b);
    q->noise->family->product->affinity(b, q->noise, a, u, precision); /* H(0) */
    arb_log(b, b, precision);
    arb_mul_ui(b, b, q->dimension, precision);
    arb_mul_2exp_si(a, b, 1);
    arb_expm1(a, a, precision);
    arb_neg(a, a);
    arb_sqrtpos(a, a, precision);
    arb_exp(b, b, precision);
    if (q->criterion == SB_CRITERION_TV_AFFINITY) {
        arb_set(value, a);
        arb_add_ui(a, a, 1, precision);
        arb_sqr(slack, b, precision);
        arb_div(slack, slack, a, precision);
    } else if (arb_gt(b, a)) {
        arb_mul(value, a, b, precision);
        arb_mul_2exp_si(value, value, 1);
        arb_sub(slack, b, a, precision);
        arb_sqr(slack, slack, precision);
    } else {
        arb_one(value);
        arb_zero(slack);
    }
    arb_clear(a);
    arb_clear(b);
}

static sb_status exact(arb_t value, arb_t slack, sb_scope *scope, const sb_shift_problem *q, const arb_t u,
                       int digits, double *log_lambda, sb_error *error) {
    int gaussian = q->noise->family == &sb_gaussian_family;
    slong precision = bits_of(digits);
    *scope = gaussian || equal_shift_is_worst(q) ? SB_SCOPE_WORST : SB_SCOPE_EQUAL;
    if (is_flat(q)) {
        sb_status status = variation(value, slack, scope, q, u, digits + 1, error);
        arb_mul_2exp_si(value, value, 1);
        complement(slack, value, precision + 64);
        complement(value, slack, precision + 64);
        return status;
    }
    if (is_laplace_in_l1(q)) {
        /* p/q >= e^-u everywhere, so ||D - e^-u D_v||_1 = 1 - e^-u for |v|_1 <= u: the largest value. A shift
           u of one coordinate has it: p = e^-u q on half the mass of q, so no other lambda is better. */
        *scope = SB_SCOPE_WORST;
        arb_neg(slack, u);
        arb_expm1(value, slack, precision + 64);
        arb_neg(value, value);
        arb_exp(slack, slack, precision + 64);
        return SB_OK;
    }
    arb_t length;
    arb_init(length);
    shift_length(length, q, u, gaussian, precision + 64);
    sb_status status = sb_equal_shift_criterion(value, slack, q->noise, gaussian ? 1 : q->dimension, length,
                                                digits, log_lambda, error);
    arb_clear(length);
    return status;
}

static sb_status evaluate(arb_t value, arb_t slack, sb_scope *scope, const sb_shift_problem *q, const arb_t u,
                          int digits, double *log_lambda, sb_error *error) {
    sb_status status = SB_OK;
    *scope = SB_SCOPE_WORST;
    if (by_affinity(q->criterion))
        affinity(value, slack, q, u, bits_of(digits) + 64);
    else if (q->criterion == SB_CRITERION_EXACT)
        status = exact(value, slack, scope, q, u, digits, log_lambda, error);
    else
        status = variation(value, slack, scope, q, u, digits, error);
    if (!status && q->promise && *scope == SB_SCOPE_EQUAL)
        status = sb_fail(error, SB_OUTSIDE, "%s noise: the worst shift of this ball is not known",
                         q->noise->family->name);
    return status;
}

sb_status sb_shift_criterion(arb_t value, arb_t slack, sb_scope *scope, const sb_shift_problem *problem,
                             const arb_t u, int digits, sb_error *error) {
    sb_status status = sb_shift_problem_domain(problem, error);
    return status ? status : evaluate(value, slack, scope, problem, u, digits, NULL, error);
}

/* ------------------------------------------------------------------ root isolation */
typedef struct {
    const sb_shift_problem *problem;
    arb_t level, rest; /* g, 1 - g */
    double log_lambda; /* the last minimiser of T0 */
    sb_scope scope;
    arf_t low, high;
    double at_low, at_high; /* y there: negative, positive */
    sb_error *error;
} isolation;

/* *sign := the certified sign of c(u) - level, 0 where `digits` and a few raises do not decide; *y := its
 * distance. */
static sb_status probe(isolation *s, const arf_t u, int digits, int *sign, double *y) {
    arb_t c, slack, ratio;
    sb_scope scope;
    sb_status status = SB_OK;
    arb_init(c);
    arb_init(slack);
    arb_init(ratio);
    *sign = 0;
    for (int i = 0; i <= RAISES && !status && !*sign; i++) {
        arb_set_arf(ratio, u);
        status = evaluate(c, slack, &scope, s->problem, ratio, digits, &s->log_lambda, s->error);
        *sign = arb_lt(c, s->level) || arb_gt(slack, s->rest) ? -1
                                                              : arb_gt(c, s->level) || arb_lt(slack, s->rest);
        digits += 3 << i;
        if (!status && scope > s->scope) s->scope = scope;
    }
    arb_get_mid_arb(c, c);
    arb_get_mid_arb(slack, slack);
    arb_div(ratio, c, slack, 64);
    arb_mul(ratio, ratio, s->rest, 64);
    arb_div(ratio, ratio, s->level, 64);
    arb_log(ratio, ratio, 64);
    *y = arf_get_d(arb_midref(ratio), ARF_RND_NEAR);
    if (!isfinite(*y) || *y * *sign <= 0) *y = *sign;
    if (*sign) {
        arf_set(*sign < 0 ? s->low : s->high, u);
        *(*sign < 0 ? &s->at_low : &s->at_high) = *y;
    }
    arb_clear(c);
    arb_clear(slack);
    arb_clear(ratio);
    return status;
}

static sb_status undecided(const isolation *s) {
    return sb_fail(s->error, SB_UNDECIDED,
                   "%s noise, d = %llu: the criterion cannot be evaluated accurately enough",
                   s->problem->noise->family->name, (unsigned long long)s->problem->dimension);
}

/* The sign at u = 2^position, for a start. */
static sb_status probe_position(isolation *s, double position, int *sign) {
    double whole = floor(position), y;
    arf_t u;
    if (fabs(position) > MOST_ORDER) return undecided(s);
    arf_init(u);
    arf_set_d(u, exp2(position - whole));
    arf_mul_2exp_si(u, u, (slong)whole);
    sb_status status = probe(s, u, FIRST_DIGITS, sign, &y);
    arf_clear(u);
    return status;
}

/* Goes from `position` in steps that grow, to the left (-1) or right (1), until c is below (above) the level.
 */
static sb_status gallop(isolation *s, double *position, double step, int direction) {
    int sign = 0;
    sb_status status = SB_OK;
    while (!status && sign != direction) {
        *position += direction * step;
        status = probe_position(s, *position, &sign);
        step = step < 0.25 ? 4 * step : 2 * step;
    }
    return status;
}

/* Brackets the root around u = 2^guess, then to a factor of 2. `step`: how far off the guess may be, in log2.
 */
static sb_status find_bracket(isolation *s, double guess, double step) {
    int sign;
    double low = guess, high = guess;
    sb_status status = probe_position(s, guess - step / 2, &sign);
    if (status) return status;
    low = high = guess - step / 2;
    if (sign >= 0) status = gallop(s, &low, step, -1);
    if (!status && sign <= 0) status = gallop(s, &high, step, 1);
    while (!status && sign && high - low > 1) {
        double middle = low + (high - low) / 2;
        status = probe_position(s, middle, &sign);
        *(sign < 0 ? &low : &high) = middle;
    }
    return status;
}

/* (high - low)/low */
static double relative_width(const isolation *s) {
    arf_t width;
    arf_init(width);
    arf_sub(width, s->high, s->low, 64, ARF_RND_UP);
    arf_div(width, width, s->low, 64, ARF_RND_UP);
    double result = arf_get_d(width, ARF_RND_UP);
    arf_clear(width);
    return result;
}

/* u := from + share (to - from), with a few more bits than the width needs */
static void between(arf_t u, const arf_t from, const arf_t to, double share, double width) {
    slong bits = 64 + (slong)fmax(0, -log2(width));
    arf_t step;
    arf_init(step);
    arf_set_d(u, share);
    arf_sub(step, to, from, bits, ARF_RND_NEAR);
    arf_mul(step, step, u, bits, ARF_RND_NEAR);
    arf_add(u, from, step, bits, ARF_RND_NEAR);
    arf_clear(step);
}

static int digits_for(double relative) {
    int digits = 1 + (int)ceil(-log10(relative));
    return digits < FIRST_DIGITS ? FIRST_DIGITS : digits;
}

/* Tests low + share (high - low) and moves an end; `distance`: from the expected root, as a part of the
 * width. */
static sb_status probe_between(isolation *s, double share, double distance, int *sign) {
    double width = relative_width(s), y;
    arf_t u;
    arf_init(u);
    between(u, s->low, s->high, share, width * distance);
    *sign = 0;
    sb_status status = SB_OK;
    if (arf_cmp(u, s->low) > 0 && arf_cmp(u, s->high) < 0)
        status = probe(s, u, digits_for(width * distance), sign, &y);
    arf_clear(u);
    return status;
}

/* [low, high] contains points where c cannot be compared with the level: the end on the side of `sign` moves
   towards `barrier`, one of these points, as far as it is decided. */
static sb_status creep(isolation *s, int sign, const arf_t barrier, double wanted) {
    arf_t from, to, u;
    arf_init(from);
    arf_init(to);
    arf_init(u);
    arf_set(from, sign < 0 ? s->low : s->high);
    arf_set(to, barrier);
    int digits = digits_for(wanted);
    sb_status status = SB_OK;
    for (int i = 0; i < 64 && !status; i++) {
        int found;
        double y, low = arf_get_d(from, ARF_RND_NEAR), high = arf_get_d(to, ARF_RND_NEAR);
        if (fabs(high / low - 1) < wanted) break;
        between(u, from, to, 0.5, wanted);
        status = probe(s, u, digits, &found, &y);
        arf_set(found == sign ? from : to, u);
    }
    arf_clear(from);
    arf_clear(to);
    arf_clear(u);
    return status;
}

/* *narrow := whether the bracket could be made as narrow as `wanted`. */
static sb_status shrink(isolation *s, double wanted, int *narrow) {
    int j = 2, sign = 0;
    sb_status status = SB_OK;
    *narrow = 1;
    while (!status && relative_width(s) > wanted) {
        double e = fmax(ldexp(1, -j), 0.3 * wanted / relative_width(s));
        double root = s->at_low / (s->at_low - s->at_high), right = 1;
        int hit = 1;
        if (root - e > 0) {
            status = probe_between(s, root - e, e, &sign);
            hit = sign < 0;
            right = 1 - (root - e); /* the width that is left, as a part of the one before */
        }
        if (!status && hit && root + e < 1) {
            status = probe_between(s, right < 1 ? 2 * e / right : root + e, e, &sign);
            hit = sign > 0;
        }
        j = hit ? (j < 40 ? 2 * j : j) : 2;
        if (hit || status || relative_width(s) <= wanted) continue;
        status = probe_between(s, 0.5, 0.25, &sign);
        if (status || sign) continue;
        arf_t barrier;
        arf_init(barrier);
        between(barrier, s->low, s->high, 0.5, wanted);
        status = creep(s, -1, barrier, wanted);
        if (!status) status = creep(s, 1, barrier, wanted);
        *narrow = relative_width(s) <= wanted;
        arf_clear(barrier);
        break;
    }
    return status;
}

/* log2 of u for noise that behaves like Gaussian noise: for affinity B^d = e^(-s^2/8), TV = 2 Phi(s/2) - 1
   and rho = 2 Phi(s) - 1, by a few steps of the secant method on log(-8 d log B). NaN where that leads
   nowhere. */
static double gaussian_guess(const sb_shift_problem *q, const fmpq_t level) {
    if (!q->noise->family->product || fmpq_get_d(level) < 1e-9) return NAN;
    arb_t u, b, zero;
    arb_init(u);
    arb_init(b);
    arb_init(zero);
    sb_normal_two_sided_quantile(b, level, 64);
    double wanted = 2 * log2(arf_get_d(arb_midref(b), ARF_RND_NEAR)), d = (double)q->dimension;
    if (q->criterion == SB_CRITERION_TOTAL_VARIATION) wanted += 2;
    double x = -log2(d) / 2, before = NAN, y_before = NAN; /* of one coordinate */
    for (int i = 0; i < 8 && isfinite(x) && fabs(x) < 500; i++) {
        arb_set_d(u, exp2(x));
        q->noise->family->product->affinity(b, q->noise, zero, u, 160);
        arb_log(b, b, 160);
        double y = log2(-8 * d * arf_get_d(arb_midref(b), ARF_RND_NEAR)) - wanted, slope = 2;
        if (i) slope = (y - y_before) / (x - before);
        before = x;
        y_before = y;
        if (!isfinite(y)) break;
        if (fabs(y) < 1e-5) break;
        x -= y / (slope > 0.3 ? slope : 2);
    }
    arb_clear(u);
    arb_clear(b);
    arb_clear(zero);
    if (!isfinite(y_before) || fabs(y_before) > 1) return NAN;
    return x + (q->norm->infinite ? 0 : log2(d) / fmpq_get_d(q->norm->value));
}

/* log2 of u for noise of bounded Fisher information: d^-(1/2-1/p)+. */
static double likely_order(const sb_shift_problem *q) {
    double exponent = 0.5 - (q->norm->infinite ? 0 : 1 / fmpq_get_d(q->norm->value));
    return exponent > 0 ? -exponent * log2((double)q->dimension) : 0;
}

sb_status sb_largest_shift(arb_t shift, sb_scope *scope, int *narrow, const sb_shift_problem *problem,
                           const fmpq_t level, int digits, sb_error *error) {
    sb_status status = sb_shift_problem_domain(problem, error);
    if (status) return status;
    isolation s = {.problem = problem, .log_lambda = NAN, .scope = SB_SCOPE_WORST, .error = error};
    int decided = 1;
    slong precision = bits_of(digits) + (slong)fmpz_bits(fmpq_denref(level));
    arb_init(s.level);
    arb_init(s.rest);
    arf_init(s.low);
    arf_init(s.high);
    arb_set_fmpq(s.level, level, precision);
    arb_sub_ui(s.rest, s.level, 1, precision);
    arb_neg(s.rest, s.rest);
    double guess = gaussian_guess(problem, level), wanted = pow(10, -digits);
    status = isfinite(guess) ? find_bracket(&s, guess, fmax(0.01, wanted))
                             : find_bracket(&s, likely_order(problem), 1);
    if (!status) status = shrink(&s, wanted, &decided);
    if (!status) {
        arb_set_arf(shift, s.high);
        arb_set_arf(s.level, s.low);
        arb_union(shift, shift, s.level, precision);
        *scope = s.scope;
        if (narrow) *narrow = decided;
    }
    arb_clear(s.level);
    arb_clear(s.rest);
    arf_clear(s.low);
    arf_clear(s.high);
    return status;
}

/* ------------------------------------------------------------------ the smallest noise */
void sb_calibration_init(sb_calibration *calibration) {
    arb_init(calibration->scale);
    arb_init(calibration->rms);
    arb_init(calibration->squared_norm);
    calibration->scope = SB_SCOPE_WORST;
    calibration->narrow = 1;
}

void sb_calibration_clear(sb_calibration *calibration) {
    arb_clear(calibration->scale);
    arb_clear(calibration->rms);
    arb_clear(calibration->squared_norm);
}

sb_status sb_calibrate(sb_calibration *c, const sb_shift_problem *problem, const fmpq_t eps,
                       const fmpq_t delta, int digits, sb_error *error) {
    slong precision = bits_of(digits) + 64;
    sb_status status = sb_largest_shift(c->rms, &c->scope, &c->narrow, problem, delta, digits, error);
    if (status) return status;
    arb_set_fmpq(c->scale, eps, precision);
    arb_div(c->scale, c->scale, c->rms, precision);
    sb_noise_spec unit = *problem->noise; /* borrows */
    unit.scale_given = 0;
    sb_noise_variance(c->rms, &unit, problem->dimension, precision);
    if (!arb_is_finite(c->rms)) {
        arb_pos_inf(c->rms);
        arb_pos_inf(c->squared_norm);
        return SB_OK;
    }
    arb_sqrt(c->rms, c->rms, precision);
    arb_mul(c->rms, c->rms, c->scale, precision);
    arb_sqr(c->squared_norm, c->rms, precision);
    arb_mul_ui(c->squared_norm, c->squared_norm, problem->dimension, precision);
    return SB_OK;
}
