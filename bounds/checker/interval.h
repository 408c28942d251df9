/* Closed intervals with rational ends. Every function here satisfies one law, containment: if each argument
   interval contains a real number, the result contains the result of the operation on these numbers. Results
   may alias arguments.

   + - * / are exact: the result is the smallest such interval, so equality on a boundary comes out as exactly
   0. Ends whose numerator and denominator have outgrown INTERVAL_SIZE_LIMIT are rounded outward, by
   interval_trim only. */
#ifndef SBCHECK_INTERVAL_H
#define SBCHECK_INTERVAL_H

#include <stdio.h> /* before gmp.h and mpfr.h */

#include <gmp.h>
#include <mpfr.h>
#include <stdbool.h>

enum {
    INTERVAL_EXPONENT_LIMIT = 1 << 16, /* MPFR numbers are 0, infinite, or between 2^-65536 and 2^65536 */
    INTERVAL_SIZE_LIMIT = 1 << 17,     /* bits of numerator and denominator together */
    INTERVAL_POWER_LIMIT = 1000000     /* |n| in x^n */
};

typedef struct {
    mpq_t low, high; /* low <= high */
} interval;

/* Sets the exponent range of MPFR for the program: a bounded range keeps the conversion of MPFR numbers to
   rationals bounded. What leaves it is rounded in the asked direction by MPFR, to 0, to the last number of
   the range, or to infinity. */
void interval_setup(void);

void interval_init(interval *x);
void interval_clear(interval *x);
void interval_set(interval *result, const interval *x);
void interval_set_point(interval *result, const mpq_t point);
void interval_set_integer(interval *result, long value);
bool interval_is_point(const interval *x);
bool interval_contains_zero(const interval *x);

void interval_negate(interval *result, const interval *x);
void interval_add(interval *result, const interval *x, const interval *y);
void interval_subtract(interval *result, const interval *x, const interval *y);
void interval_multiply(interval *result, const interval *x, const interval *y);
void interval_scale(interval *result, const interval *x, long factor);
void interval_hull(interval *result, const interval *x, const interval *y);

/* max, min and |x| of the members. */
void interval_maximum(interval *result, const interval *x, const interval *y);
void interval_minimum(interval *result, const interval *x, const interval *y);
void interval_absolute(interval *result, const interval *x);

/* false, result untouched: y contains 0. */
bool interval_divide(interval *result, const interval *x, const interval *y);

/* x^n for |n| <= INTERVAL_POWER_LIMIT, the range of the power itself (not of a product); 0^0 = 1. Exact while
   the ends stay below the size limit, else rounded outward at `precision` bits. false: x contains 0 and n is
   negative, or an end is beyond the exponent range. */
bool interval_power(interval *result, const interval *x, long n, mpfr_prec_t precision);

/* Rounds ends above the size limit outward to `precision` bits. false: an end is beyond the range. */
bool interval_trim(interval *x, mpfr_prec_t precision);

/* One end through MPFR: f(at), where `at` is first rounded in direction `argument` and the result in
   direction `value`, both at `precision` bits. f = NULL is the identity. false: the result is infinite or not
   a number. */
typedef int interval_mpfr_function(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
bool interval_end(mpq_t result, interval_mpfr_function *f, const mpq_t at, mpfr_rnd_t argument,
                  mpfr_rnd_t value, mpfr_prec_t precision);

#endif
