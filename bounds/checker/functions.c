/* The functions of the expression language.

   exp, log, sqrt, erf and digamma increase; their range on [a,b] is [f(a), f(b)], each end rounded outward by
   MPFR, the conversion of the end from a rational included. gamma and log gamma are convex on the positive
   numbers with one minimum, trigamma decreases. */
#include "functions.h"

/* --- increasing functions --- */

static bool increasing(interval *result, const interval *x, interval_mpfr_function *f,
                       mpfr_prec_t precision) {
    return interval_end(result->low, f, x->low, MPFR_RNDD, MPFR_RNDD, precision) &&
           interval_end(result->high, f, x->high, MPFR_RNDU, MPFR_RNDU, precision);
}

bool interval_exp(interval *result, const interval *x, mpfr_prec_t precision) {
    return increasing(result, x, mpfr_exp, precision);
}

bool interval_log(interval *result, const interval *x, mpfr_prec_t precision) {
    return mpq_sgn(x->low) > 0 && increasing(result, x, mpfr_log, precision);
}

/* The root of a rational square is that rational, exactly; of any other number, MPFR's. */
static bool square_root_end(mpq_t end, mpfr_rnd_t direction, mpfr_prec_t precision) {
    if (mpz_perfect_square_p(mpq_numref(end)) && mpz_perfect_square_p(mpq_denref(end))) {
        mpz_sqrt(mpq_numref(end), mpq_numref(end));
        mpz_sqrt(mpq_denref(end), mpq_denref(end));
        return true;
    }
    return interval_end(end, mpfr_sqrt, end, direction, direction, precision);
}

static bool square_root(interval *result, const interval *x, mpfr_prec_t precision) {
    if (mpq_sgn(x->low) < 0) return false;
    interval_set(result, x);
    return square_root_end(result->low, MPFR_RNDD, precision) &&
           square_root_end(result->high, MPFR_RNDU, precision);
}

static bool error_function(interval *result, const interval *x, mpfr_prec_t precision) {
    return increasing(result, x, mpfr_erf, precision);
}

static bool digamma(interval *result, const interval *x, mpfr_prec_t precision) {
    return mpq_sgn(x->low) > 0 && increasing(result, x, mpfr_digamma, precision);
}

bool interval_pi(interval *result, mpfr_prec_t precision) {
    mpfr_t pi;
    mpfr_init2(pi, precision);
    mpfr_const_pi(pi, MPFR_RNDD);
    mpfr_get_q(result->low, pi);
    mpfr_const_pi(pi, MPFR_RNDU);
    mpfr_get_q(result->high, pi);
    mpfr_clear(pi);
    return true;
}

/* --- derivatives of the elementary functions --- */

static bool log_slope(interval *result, const interval *x, mpfr_prec_t precision) { /* 1/x */
    return mpq_sgn(x->low) > 0 && interval_power(result, x, -1, precision);
}

static bool log_curvature(interval *result, const interval *x, mpfr_prec_t precision) { /* -1/x^2 */
    if (mpq_sgn(x->low) <= 0 || !interval_power(result, x, -2, precision)) return false;
    interval_negate(result, result);
    return true;
}

static void set_rational(mpq_t result, const char *text) {
    mpq_set_str(result, text, 10);
    mpq_canonicalize(result);
}

/* factor * sqrt(x)^n */
static bool scaled_root_power(interval *result, const interval *x, long n, const char *factor,
                              mpfr_prec_t precision) {
    if (mpq_sgn(x->low) <= 0 || !square_root(result, x, precision) ||
        !interval_power(result, result, n, precision))
        return false;
    interval constant;
    interval_init(&constant);
    set_rational(constant.low, factor);
    mpq_set(constant.high, constant.low);
    interval_multiply(result, result, &constant);
    interval_clear(&constant);
    return true;
}

static bool square_root_slope(interval *result, const interval *x, mpfr_prec_t precision) {
    return scaled_root_power(result, x, -1, "1/2", precision);
}

static bool square_root_curvature(interval *result, const interval *x, mpfr_prec_t precision) {
    return scaled_root_power(result, x, -3, "-1/4", precision);
}

static bool error_function_slope(interval *result, const interval *x,
                                 mpfr_prec_t precision) { /* 2 exp(-x^2)/sqrt(pi) */
    interval root;
    interval_init(&root);
    bool defined = interval_pi(&root, precision) && square_root(&root, &root, precision) &&
                   interval_power(result, x, 2, precision);
    if (defined) {
        interval_negate(result, result);
        defined = interval_exp(result, result, precision) && interval_divide(result, result, &root);
        interval_scale(result, result, 2);
    }
    interval_clear(&root);
    return defined;
}

static bool error_function_curvature(interval *result, const interval *x,
                                     mpfr_prec_t precision) { /* -2 x erf'(x) */
    interval slope;
    interval_init(&slope);
    bool defined = error_function_slope(&slope, x, precision);
    if (defined) {
        interval_multiply(result, x, &slope);
        interval_scale(result, result, -2);
    }
    interval_clear(&slope);
    return defined;
}

/* --- gamma and log gamma --- */

/* f is convex on the positive numbers and least at the zero of digamma, where it is above `minimum`. Write
   [a,b] for x rounded outward. f <= max(f(a), f(b)) by convexity. If digamma(a) >= 0 then f increases on
   [a,b], if digamma(b) <= 0 it decreases; else only the minimum bounds it from below. */
static bool convex_gamma(interval *result, const interval *x, interval_mpfr_function *f, const char *minimum,
                         mpfr_prec_t precision) {
    if (mpq_sgn(x->low) <= 0) return false;
    interval psi, value;
    interval_init(&psi);
    interval_init(&value);
    mpq_t other_end;
    mpq_init(other_end);
    bool defined = increasing(&psi, x, mpfr_digamma, precision) &&
                   interval_end(value.high, f, x->low, MPFR_RNDD, MPFR_RNDU, precision) &&
                   interval_end(other_end, f, x->high, MPFR_RNDU, MPFR_RNDU, precision);
    if (defined) {
        if (mpq_cmp(value.high, other_end) < 0) mpq_swap(value.high, other_end);
        if (mpq_sgn(psi.low) >= 0)
            defined = interval_end(value.low, f, x->low, MPFR_RNDD, MPFR_RNDD, precision);
        else if (mpq_sgn(psi.high) <= 0)
            defined = interval_end(value.low, f, x->high, MPFR_RNDU, MPFR_RNDD, precision);
        else
            set_rational(value.low, minimum);
    }
    if (defined) interval_set(result, &value);
    mpq_clear(other_end);
    interval_clear(&value);
    interval_clear(&psi);
    return defined;
}

/* The minima are gamma(1.46163...) = 0.885603194410888700278815900582588733... and its logarithm
   -0.121486290535849608095514557177691582...; rounded down. */
static bool gamma_value(interval *result, const interval *x, mpfr_prec_t precision) {
    return convex_gamma(result, x, mpfr_gamma,
                        "885603194410888700278815900582/1000000000000000000000000000000", precision);
}

static bool log_gamma(interval *result, const interval *x, mpfr_prec_t precision) {
    return convex_gamma(result, x, mpfr_lngamma,
                        "-121486290535849608095514557178/1000000000000000000000000000000", precision);
}

/* An enclosure of gamma' = gamma * digamma at one point. */
static bool gamma_slope_at(interval *result, const mpq_t point, mpfr_prec_t precision) {
    interval psi;
    interval_init(&psi);
    interval_set_point(&psi, point);
    bool defined = gamma_value(result, &psi, precision) && digamma(&psi, &psi, precision);
    if (defined) interval_multiply(result, result, &psi);
    interval_clear(&psi);
    return defined;
}

/* gamma is convex on the positive numbers, so gamma' increases: only the ends count. */
static bool gamma_slope(interval *result, const interval *x, mpfr_prec_t precision) {
    interval at_low, at_high;
    interval_init(&at_low);
    interval_init(&at_high);
    bool defined = mpq_sgn(x->low) > 0 && gamma_slope_at(&at_low, x->low, precision) &&
                   gamma_slope_at(&at_high, x->high, precision);
    if (defined) interval_hull(result, &at_low, &at_high);
    interval_clear(&at_low);
    interval_clear(&at_high);
    return defined;
}

/* (digamma(x+h) - digamma(x)) / h, rounded in `direction`; h may be negative. */
static bool digamma_quotient(mpq_t result, const mpq_t x, const mpq_t h, mpfr_rnd_t direction,
                             mpfr_prec_t precision) {
    interval here, there;
    interval_init(&here);
    interval_init(&there);
    interval_set_point(&here, x);
    mpq_add(there.low, x, h);
    mpq_set(there.high, there.low);
    bool defined = digamma(&here, &here, precision) && digamma(&there, &there, precision);
    if (defined) {
        interval_subtract(&there, &there, &here);
        interval_set_point(&here, h);
        interval_divide(&there, &there, &here); /* h is not 0 */
        mpq_set(result, direction == MPFR_RNDD ? there.low : there.high);
    }
    interval_clear(&here);
    interval_clear(&there);
    return defined;
}

/* trigamma = digamma' decreases on the positive numbers, because digamma is concave there. By concavity, too,
       (digamma(b+h) - digamma(b)) / h  <=  trigamma(b),    trigamma(a)  <=  (digamma(a) - digamma(a-k)) / k,
   with h = b / 2^m, k = a / 2^m: at 2m bits both sides agree to about m bits. */
static bool trigamma(interval *result, const interval *x, mpfr_prec_t precision) {
    if (mpq_sgn(x->low) <= 0) return false;
    interval step, value;
    interval_init(&step);
    interval_init(&value);
    mpq_div_2exp(step.low, x->low, (mp_bitcnt_t)precision);
    mpq_neg(step.low, step.low);
    mpq_div_2exp(step.high, x->high, (mp_bitcnt_t)precision);
    bool defined = digamma_quotient(value.low, x->high, step.high, MPFR_RNDD, 2 * precision) &&
                   digamma_quotient(value.high, x->low, step.low, MPFR_RNDU, 2 * precision);
    if (defined) interval_set(result, &value);
    interval_clear(&step);
    interval_clear(&value);
    return defined;
}

static bool gamma_curvature(interval *result, const interval *x,
                            mpfr_prec_t precision) { /* gamma * (digamma^2 + trigamma) */
    interval value, psi;
    interval_init(&value);
    interval_init(&psi);
    bool defined = gamma_value(&value, x, precision) && digamma(&psi, x, precision) &&
                   interval_power(&psi, &psi, 2, precision) && trigamma(result, x, precision);
    if (defined) {
        interval_add(&psi, &psi, result);
        interval_multiply(result, &value, &psi);
    }
    interval_clear(&value);
    interval_clear(&psi);
    return defined;
}

const function functions[FUNCTION_COUNT] = {
    [FUNCTION_EXP] = {"exp", {interval_exp, interval_exp, interval_exp}},
    [FUNCTION_LOG] = {"log", {interval_log, log_slope, log_curvature}},
    [FUNCTION_SQRT] = {"sqrt", {square_root, square_root_slope, square_root_curvature}},
    [FUNCTION_ERF] = {"erf", {error_function, error_function_slope, error_function_curvature}},
    [FUNCTION_GAMMA] = {"gamma", {gamma_value, gamma_slope, gamma_curvature}},
    [FUNCTION_LGAMMA] = {"lgamma", {log_gamma, digamma, trigamma}},
};
