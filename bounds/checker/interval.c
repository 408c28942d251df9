/* Exact interval arithmetic, by the classical rules [a,b] + [c,d] = [a+c, b+d], and for a product, a quotient
   by 1/[c,d] = [1/d, 1/c], or a power, the least and the greatest value at the ends, where these operations
   take their extremes. */
#include "interval.h"

#include <stdlib.h>

void interval_setup(void) {
    mpfr_set_emin(-INTERVAL_EXPONENT_LIMIT);
    mpfr_set_emax(INTERVAL_EXPONENT_LIMIT);
}

void interval_init(interval *x) {
    mpq_init(x->low);
    mpq_init(x->high);
}

void interval_clear(interval *x) {
    mpq_clear(x->low);
    mpq_clear(x->high);
}

void interval_set(interval *result, const interval *x) {
    mpq_set(result->low, x->low);
    mpq_set(result->high, x->high);
}

void interval_set_point(interval *result, const mpq_t point) {
    mpq_set(result->low, point);
    mpq_set(result->high, point);
}

void interval_set_integer(interval *result, long value) {
    mpq_set_si(result->low, value, 1);
    mpq_set_si(result->high, value, 1);
}

bool interval_is_point(const interval *x) {
    return mpq_equal(x->low, x->high) != 0;
}

bool interval_contains_zero(const interval *x) {
    return mpq_sgn(x->low) <= 0 && mpq_sgn(x->high) >= 0;
}

void interval_negate(interval *result, const interval *x) {
    mpq_t low;
    mpq_init(low);
    mpq_neg(low, x->high);
    mpq_neg(result->high, x->low);
    mpq_swap(result->low, low);
    mpq_clear(low);
}

void interval_add(interval *result, const interval *x, const interval *y) {
    mpq_add(result->low, x->low, y->low);
    mpq_add(result->high, x->high, y->high);
}

void interval_subtract(interval *result, const interval *x, const interval *y) {
    mpq_t low;
    mpq_init(low);
    mpq_sub(low, x->low, y->high);
    mpq_sub(result->high, x->high, y->low);
    mpq_swap(result->low, low);
    mpq_clear(low);
}

/* A product is linear in each factor: over a rectangle it takes its extremes at corners. */
void interval_multiply(interval *result, const interval *x, const interval *y) {
    mpq_t corner[4];
    int least = 0, greatest = 0;
    for (int i = 0; i < 4; i++) {
        mpq_init(corner[i]);
        mpq_mul(corner[i], i & 1 ? x->high : x->low, i & 2 ? y->high : y->low);
        if (mpq_cmp(corner[i], corner[least]) < 0) least = i;
        if (mpq_cmp(corner[i], corner[greatest]) > 0) greatest = i;
    }
    mpq_set(result->low, corner[least]);
    mpq_set(result->high, corner[greatest]);
    for (int i = 0; i < 4; i++) mpq_clear(corner[i]);
}

void interval_scale(interval *result, const interval *x, long factor) {
    interval constant;
    interval_init(&constant);
    interval_set_integer(&constant, factor);
    interval_multiply(result, x, &constant);
    interval_clear(&constant);
}

static void set_greater(mpq_t result, const mpq_t a, const mpq_t b) {
    mpq_set(result, mpq_cmp(a, b) >= 0 ? a : b);
}

static void set_lesser(mpq_t result, const mpq_t a, const mpq_t b) {
    mpq_set(result, mpq_cmp(a, b) <= 0 ? a : b);
}

void interval_hull(interval *result, const interval *x, const interval *y) {
    set_lesser(result->low, x->low, y->low);
    set_greater(result->high, x->high, y->high);
}

/* max and min do not decrease in either argument. */
void interval_maximum(interval *result, const interval *x, const interval *y) {
    set_greater(result->low, x->low, y->low);
    set_greater(result->high, x->high, y->high);
}

void interval_minimum(interval *result, const interval *x, const interval *y) {
    set_lesser(result->low, x->low, y->low);
    set_lesser(result->high, x->high, y->high);
}

void interval_absolute(interval *result, const interval *x) {
    if (mpq_sgn(x->low) >= 0) {
        interval_set(result, x);
    } else if (mpq_sgn(x->high) <= 0) {
        interval_negate(result, x);
    } else { /* 0 lies inside */
        mpq_t other;
        mpq_init(other);
        mpq_neg(other, x->low);
        set_greater(result->high, other, x->high);
        mpq_set_ui(result->low, 0, 1);
        mpq_clear(other);
    }
}

/* 1/y decreases on an interval without 0. */
static bool invert(interval *result, const interval *y) {
    if (interval_contains_zero(y)) return false;
    mpq_t low;
    mpq_init(low);
    mpq_inv(low, y->high);
    mpq_inv(result->high, y->low);
    mpq_swap(result->low, low);
    mpq_clear(low);
    return true;
}

bool interval_divide(interval *result, const interval *x, const interval *y) {
    interval inverse;
    interval_init(&inverse);
    bool defined = invert(&inverse, y);
    if (defined) interval_multiply(result, x, &inverse);
    interval_clear(&inverse);
    return defined;
}

static size_t size_in_bits(const mpq_t q) {
    return mpz_sizeinbase(mpq_numref(q), 2) + mpz_sizeinbase(mpq_denref(q), 2);
}

bool interval_end(mpq_t result, interval_mpfr_function *f, const mpq_t at, mpfr_rnd_t argument,
                  mpfr_rnd_t value, mpfr_prec_t precision) {
    mpfr_t x;
    mpfr_init2(x, precision);
    mpfr_set_q(x, at, argument);
    if (f) f(x, x, value);
    bool finite = mpfr_number_p(x) != 0;
    if (finite) mpfr_get_q(result, x);
    mpfr_clear(x);
    return finite;
}

/* base^n in place, rounded in `direction` unless exact. The caller sees to it that the power does not
   decrease on [rounded base, base]. */
static bool raise_end(mpq_t base, unsigned long n, mpfr_rnd_t direction, mpfr_prec_t precision) {
    if (n == 0 || size_in_bits(base) <= INTERVAL_SIZE_LIMIT / n) {
        mpz_pow_ui(mpq_numref(base), mpq_numref(base), n); /* stays in lowest terms; 0^0 = 1 */
        mpz_pow_ui(mpq_denref(base), mpq_denref(base), n);
        return true;
    }
    mpfr_t x;
    mpfr_init2(x, precision);
    mpfr_set_q(x, base, direction);
    if (mpfr_number_p(x)) mpfr_pow_ui(x, x, n, direction);
    bool finite = mpfr_number_p(x) != 0;
    if (finite) mpfr_get_q(base, x);
    mpfr_clear(x);
    return finite;
}

/* An odd power increases everywhere; an even power is the power of |x|, which increases on the non-negative
   numbers. */
bool interval_power(interval *result, const interval *x, long n, mpfr_prec_t precision) {
    if (n < -INTERVAL_POWER_LIMIT || n > INTERVAL_POWER_LIMIT) return false;
    if (n < 0 && interval_contains_zero(x)) return false;
    unsigned long exponent = (unsigned long)labs(n);
    if (exponent % 2 == 0)
        interval_absolute(result, x);
    else
        interval_set(result, x);
    return raise_end(result->low, exponent, MPFR_RNDD, precision) &&
           raise_end(result->high, exponent, MPFR_RNDU, precision) && (n >= 0 || invert(result, result));
}

bool interval_trim(interval *x, mpfr_prec_t precision) {
    return (size_in_bits(x->low) <= INTERVAL_SIZE_LIMIT ||
            interval_end(x->low, NULL, x->low, MPFR_RNDD, MPFR_RNDD, precision)) &&
           (size_in_bits(x->high) <= INTERVAL_SIZE_LIMIT ||
            interval_end(x->high, NULL, x->high, MPFR_RNDU, MPFR_RNDU, precision));
}
