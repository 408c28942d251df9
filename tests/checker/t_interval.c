/* The enclosures of sbcheck against independent values: each law takes random intervals and random members,
   and evaluates at the members by another way (exact rationals, or MPFR at 500 bits). Slopes are held against
   difference quotients, curvatures against second divided differences, so no formula for a derivative is used
   twice. */
/* The checker is a program, not a library: the parts under test are compiled in. */
#include "bounds/checker/interval.c"

#include "bounds/checker/functions.c"

#include "tests/test.h"

#include <string.h>

enum { REFERENCE_PRECISION = 500, WORKING_PRECISION = 128 };

static uint64_t state = 20240229;

static unsigned pick(unsigned below) {
    return (unsigned)(sb_test_random(&state) % below);
}

/* A rational of one of several kinds: small, decimal, dyadic with 60 bits, huge, tiny. */
static void random_rational(mpq_t q) {
    unsigned kind = pick(8);
    long above = (long)pick(2001) - 1000;
    mpq_set_si(q, above, 1 + pick(kind < 3 ? 8 : 1000));
    if (kind == 4) mpz_set_ui(mpq_denref(q), 1000000007);
    if (kind == 5) {
        mpz_set_ui(mpq_numref(q), sb_test_random(&state) >> 4);
        mpz_set_ui(mpq_denref(q), 1);
        mpq_div_2exp(q, q, 50 + pick(20));
        if (pick(2)) mpq_neg(q, q);
    }
    mpq_canonicalize(q);
    if (kind == 6) mpq_div_2exp(q, q, pick(300));
    if (kind == 7) mpq_mul_2exp(q, q, pick(12));
}

static void random_interval(interval *x) {
    random_rational(x->low);
    random_rational(x->high);
    if (pick(8) == 0) mpq_set(x->high, x->low);
    if (pick(8) == 0) mpq_set_ui(x->low, 0, 1);
    if (mpq_cmp(x->low, x->high) > 0) mpq_swap(x->low, x->high);
}

/* An end, or low + k/16 (high - low). */
static void random_member(mpq_t q, const interval *x) {
    mpq_t part;
    mpq_init(part);
    mpq_set_ui(part, pick(17), 16);
    mpq_canonicalize(part);
    mpq_sub(q, x->high, x->low);
    mpq_mul(q, q, part);
    mpq_add(q, q, x->low);
    mpq_clear(part);
}

static bool contains(const interval *x, const mpq_t q) {
    return mpq_cmp(x->low, q) <= 0 && mpq_cmp(q, x->high) <= 0;
}

/* Do the two intervals meet? */
static bool meets(const interval *x, const interval *y) {
    return mpq_cmp(x->low, y->high) <= 0 && mpq_cmp(y->low, x->high) <= 0;
}

static void arithmetic_contains_members(void) {
    interval x, y, r;
    mpq_t a, b, c;
    interval_init(&x), interval_init(&y), interval_init(&r);
    mpq_inits(a, b, c, (mpq_ptr)0);
    for (int i = 0; i < 20000; i++) {
        random_interval(&x), random_interval(&y);
        random_member(a, &x), random_member(b, &y);
        interval_add(&r, &x, &y), mpq_add(c, a, b);
        SB_CHECK(contains(&r, c), "sum");
        interval_subtract(&r, &x, &y), mpq_sub(c, a, b);
        SB_CHECK(contains(&r, c), "difference");
        interval_multiply(&r, &x, &y), mpq_mul(c, a, b);
        SB_CHECK(contains(&r, c), "product");
        bool defined = interval_divide(&r, &x, &y);
        SB_CHECK(defined == !interval_contains_zero(&y),
                 "quotient is defined exactly where the divisor misses 0");
        if (defined) mpq_div(c, a, b);
        SB_CHECK(!defined || contains(&r, c), "quotient");
        interval_maximum(&r, &x, &y);
        SB_CHECK(contains(&r, mpq_cmp(a, b) > 0 ? a : b), "maximum");
        interval_minimum(&r, &x, &y);
        SB_CHECK(contains(&r, mpq_cmp(a, b) < 0 ? a : b), "minimum");
        interval_absolute(&r, &x), mpq_abs(c, a);
        SB_CHECK(contains(&r, c), "absolute value");
        interval_hull(&r, &x, &y);
        SB_CHECK(contains(&r, a) && contains(&r, b), "hull");
        interval_set(&r, &x), interval_multiply(&r, &r, &r), mpq_mul(c, a, a);
        SB_CHECK(contains(&r, c), "aliased product");
        interval_set(&r, &x), interval_subtract(&r, &y, &r), mpq_sub(c, b, a);
        SB_CHECK(contains(&r, c), "aliased difference");
    }
    interval_clear(&x), interval_clear(&y), interval_clear(&r);
    mpq_clears(a, b, c, (mpq_ptr)0);
}

/* a^n by repeated multiplication. */
static void plain_power(mpq_t c, const mpq_t a, long n) {
    mpq_set_ui(c, 1, 1);
    for (long k = 0; k < labs(n); k++) mpq_mul(c, c, a);
    if (n < 0) mpq_inv(c, c);
}

static void powers_contain_members_and_are_tight(void) {
    interval x, r;
    mpq_t a, c;
    interval_init(&x), interval_init(&r);
    mpq_inits(a, c, (mpq_ptr)0);
    for (int i = 0; i < 20000; i++) {
        random_interval(&x), random_member(a, &x);
        long n = (long)pick(15) - 7;
        bool defined = interval_power(&r, &x, n, WORKING_PRECISION);
        SB_CHECK(defined == !(n < 0 && interval_contains_zero(&x)), "defined, n = %ld", n);
        if (!defined) continue;
        plain_power(c, a, n);
        SB_CHECK(contains(&r, c), "power %ld", n);
        SB_CHECK(n <= 0 || n % 2 || mpq_sgn(r.low) >= 0, "an even power is not negative");
        plain_power(c, x.low, n);
        SB_CHECK(!interval_is_point(&x) || (interval_is_point(&r) && mpq_equal(c, r.low)),
                 "exact at a point");
    }
    mpq_set_si(x.low, -3, 2), mpq_set_ui(x.high, 3, 2); /* beyond the size limit: 2^p and 3^p bits, rounded */
    SB_CHECK(interval_power(&r, &x, 999999, WORKING_PRECISION) == false, "1.5^999999 is beyond the range");
    mpq_set_si(x.low, -1000001, 1000000), mpq_set_ui(x.high, 1000001, 1000000);
    SB_CHECK(interval_power(&r, &x, 999999, WORKING_PRECISION), "(1 + 1e-6)^999999");
    SB_CHECK(mpq_get_d(r.high) > 2.71827 && mpq_get_d(r.high) < 2.71829 && mpq_get_d(r.low) < -2.71827,
             "is near e");
    SB_CHECK(mpz_sizeinbase(mpq_denref(r.high), 2) < 1000, "is rounded");
    interval_clear(&x), interval_clear(&r);
    mpq_clears(a, c, (mpq_ptr)0);
}

/* Numerators of 2^17 bits and more: the ends move outward, by less than 2^-100 of themselves, and small ones
   stay. */
static void trimming_only_widens(void) {
    interval x, before;
    mpq_t distance;
    interval_init(&x), interval_init(&before);
    mpq_init(distance);
    for (int i = 0; i < 200; i++) {
        bool large = pick(2);
        for (int end = 0; end < 2; end++) {
            mpq_t *q = end ? &x.high : &x.low;
            mpq_set_ui(*q, 3 + pick(100), 101 + pick(100));
            mpq_canonicalize(*q);
            mpz_pow_ui(mpq_numref(*q), mpq_numref(*q), large ? 40000 : 1);
            mpz_pow_ui(mpq_denref(*q), mpq_denref(*q), large ? 40000 : 1);
            mpq_mul_2exp(*q, *q, large ? 50000 : 0);
            if (pick(2)) mpq_neg(*q, *q);
        }
        if (mpq_cmp(x.low, x.high) > 0) mpq_swap(x.low, x.high);
        interval_set(&before, &x);
        if (!interval_trim(&x, WORKING_PRECISION)) continue;
        SB_CHECK(mpq_cmp(x.low, before.low) <= 0 && mpq_cmp(before.high, x.high) <= 0, "outward");
        SB_CHECK(large || (mpq_equal(x.low, before.low) && mpq_equal(x.high, before.high)),
                 "small ends stay");
        mpq_sub(distance, before.low, x.low);
        mpq_mul_2exp(distance, distance, 100);
        mpq_abs(before.low, before.low);
        SB_CHECK(mpq_cmp(distance, before.low) <= 0 || mpq_cmp_ui(distance, 1, 1) < 0, "close");
    }
    interval_clear(&x), interval_clear(&before);
    mpq_clear(distance);
}

static interval_mpfr_function *const reference[FUNCTION_COUNT] = {
    [FUNCTION_EXP] = mpfr_exp, [FUNCTION_LOG] = mpfr_log,     [FUNCTION_SQRT] = mpfr_sqrt,
    [FUNCTION_ERF] = mpfr_erf, [FUNCTION_GAMMA] = mpfr_gamma, [FUNCTION_LGAMMA] = mpfr_lngamma,
};

/* A narrow interval around f(at), for an `at` that 500 bits hold exactly; false when f(at) is not finite. */
static bool reference_value(interval *r, int f, const mpq_t at) {
    mpfr_t x;
    mpfr_init2(x, REFERENCE_PRECISION);
    bool exact = mpfr_set_q(x, at, MPFR_RNDN) == 0;
    mpfr_clear(x);
    return exact && interval_end(r->low, reference[f], at, MPFR_RNDN, MPFR_RNDD, REFERENCE_PRECISION) &&
           interval_end(r->high, reference[f], at, MPFR_RNDN, MPFR_RNDU, REFERENCE_PRECISION);
}

/* Rounds to 60 significant bits, so that members are exact for MPFR. */
static void make_dyadic(interval *x) {
    interval_end(x->low, NULL, x->low, MPFR_RNDN, MPFR_RNDN, 60);
    interval_end(x->high, NULL, x->high, MPFR_RNDN, MPFR_RNDN, 60);
}

/* The interval of [f(b) - f(a)] / (b - a). */
static void divided_difference(interval *r, const interval *fa, const interval *fb, const mpq_t a,
                               const mpq_t b) {
    interval step;
    interval_init(&step);
    mpq_sub(step.low, b, a);
    mpq_set(step.high, step.low);
    interval_subtract(r, fb, fa);
    interval_divide(r, r, &step);
    interval_clear(&step);
}

static const char *show(const interval *x) {
    static char text[4][80];
    static unsigned next;
    char *t = text[next++ % 4];
    snprintf(t, 80, "[%.17g, %.17g]", mpq_get_d(x->low), mpq_get_d(x->high));
    return t;
}

static void check_function_on(int f, const interval *x) {
    interval enclosure, value[3], slope[2];
    mpq_t at[3];
    interval_init(&enclosure);
    for (int k = 0; k < 3; k++) interval_init(&value[k]), mpq_init(at[k]);
    for (int k = 0; k < 2; k++) interval_init(&slope[k]);
    bool defined = functions[f].derivative[0](&enclosure, x, WORKING_PRECISION), finite = true;
    for (int k = 0; k < 3; k++) {
        random_member(at[k], x);
        finite = finite && reference_value(&value[k], f, at[k]);
        SB_CHECK(!defined || !finite || meets(&enclosure, &value[k]), "%s%s contains %s", functions[f].name,
                 show(x), show(&value[k]));
    }
    bool distinct = mpq_cmp(at[0], at[1]) && mpq_cmp(at[1], at[2]) && mpq_cmp(at[0], at[2]);
    if (defined && finite && distinct) {
        divided_difference(&slope[0], &value[0], &value[1], at[0], at[1]);
        divided_difference(&slope[1], &value[1], &value[2], at[1], at[2]);
        if (functions[f].derivative[1](&enclosure, x, WORKING_PRECISION))
            SB_CHECK(meets(&enclosure, &slope[0]) && meets(&enclosure, &slope[1]), "%s'%s = %s contains %s",
                     functions[f].name, show(x), show(&enclosure), show(&slope[0]));
        divided_difference(&slope[0], &slope[0], &slope[1], at[0], at[2]);
        interval_scale(&slope[0], &slope[0], 2);
        if (functions[f].derivative[2](&enclosure, x, WORKING_PRECISION))
            SB_CHECK(meets(&enclosure, &slope[0]), "%s''%s = %s contains %s", functions[f].name, show(x),
                     show(&enclosure), show(&slope[0]));
    }
    interval_clear(&enclosure);
    for (int k = 0; k < 3; k++) interval_clear(&value[k]), mpq_clear(at[k]);
    for (int k = 0; k < 2; k++) interval_clear(&slope[k]);
}

static void functions_contain_values_and_difference_quotients(void) {
    interval x;
    interval_init(&x);
    for (int f = 0; f < FUNCTION_COUNT; f++) {
        for (int i = 0; i < 1000; i++) {
            random_interval(&x);
            if (f != FUNCTION_ERF && f != FUNCTION_EXP && pick(4)) interval_absolute(&x, &x);
            make_dyadic(&x);
            check_function_on(f, &x);
        }
    }
    interval_clear(&x);
}

/* Intervals of all widths around 1.4616..., where gamma turns. */
static void gamma_is_right_around_its_minimum(void) {
    interval x;
    mpq_t width;
    interval_init(&x);
    mpq_init(width);
    for (int i = 0; i < 600; i++) {
        mpq_set_str(x.low,
                    "1461632144968362341262659542325721328468/1000000000000000000000000000000000000000", 10);
        mpq_canonicalize(x.low);
        mpq_set(x.high, x.low);
        mpq_set_ui(width, pick(1000), 1000);
        mpq_canonicalize(width);
        mpq_div_2exp(width, width, pick(100));
        if (pick(4)) mpq_sub(x.low, x.low, width);
        if (pick(4)) mpq_add(x.high, x.high, width);
        interval_end(x.low, NULL, x.low, MPFR_RNDN, MPFR_RNDN, 200);
        interval_end(x.high, NULL, x.high, MPFR_RNDN, MPFR_RNDN, 200);
        if (mpq_cmp(x.low, x.high) > 0) mpq_swap(x.low, x.high);
        check_function_on(FUNCTION_GAMMA, &x);
        check_function_on(FUNCTION_LGAMMA, &x);
    }
    interval_clear(&x);
    mpq_clear(width);
}

/* The least value of gamma that 500 bits can find is at or above the constant in functions.c, and within
   1e-29. */
static void the_minima_of_gamma_are_rounded_down(void) {
    static const int f[2] = {FUNCTION_GAMMA, FUNCTION_LGAMMA};
    interval around, bound, value;
    interval_init(&around), interval_init(&bound), interval_init(&value);
    mpq_set_ui(around.low, 1, 1), mpq_set_ui(around.high, 2, 1);
    mpfr_t low, high, middle, sign;
    mpfr_inits2(REFERENCE_PRECISION, low, high, middle, sign, (mpfr_ptr)0);
    mpfr_set_ui(low, 1, MPFR_RNDN), mpfr_set_ui(high, 2, MPFR_RNDN);
    for (int i = 0; i < 480; i++) { /* the zero of digamma by bisection */
        mpfr_add(middle, low, high, MPFR_RNDN), mpfr_div_2ui(middle, middle, 1, MPFR_RNDN);
        mpfr_digamma(sign, middle, MPFR_RNDN);
        mpfr_set(mpfr_sgn(sign) < 0 ? low : high, middle, MPFR_RNDN);
    }
    for (int i = 0; i < 2; i++) {
        mpq_t at, gap;
        mpq_inits(at, gap, (mpq_ptr)0);
        mpfr_get_q(at, low);
        SB_CHECK(functions[f[i]].derivative[0](&bound, &around, WORKING_PRECISION), "defined");
        SB_CHECK(reference_value(&value, f[i], at), "defined");
        SB_CHECK(mpq_cmp(bound.low, value.low) <= 0, "the constant is a lower bound");
        mpq_sub(gap, value.low, bound.low);
        SB_CHECK(mpq_get_d(gap) < 1e-29, "the constant is close: %g", mpq_get_d(gap));
        mpq_clears(at, gap, (mpq_ptr)0);
    }
    mpfr_clears(low, high, middle, sign, (mpfr_ptr)0);
    interval_clear(&around), interval_clear(&bound), interval_clear(&value);
}

/* trigamma(1) = pi^2/6, trigamma(1/2) = pi^2/2, trigamma(x+1) = trigamma(x) - 1/x^2. */
static void trigamma_has_its_known_values(void) {
    interval x, here, there, expected;
    interval_init(&x), interval_init(&here), interval_init(&there), interval_init(&expected);
    interval_pi(&expected, REFERENCE_PRECISION);
    interval_power(&expected, &expected, 2, REFERENCE_PRECISION);
    interval_set_integer(&x, 6);
    interval_divide(&expected, &expected, &x);
    interval_set_integer(&x, 1);
    SB_CHECK(trigamma(&here, &x, WORKING_PRECISION) && meets(&here, &expected), "at 1: %s", show(&here));
    interval_scale(&expected, &expected, 3);
    mpq_set_ui(x.low, 1, 2), mpq_set_ui(x.high, 1, 2);
    SB_CHECK(trigamma(&here, &x, WORKING_PRECISION) && meets(&here, &expected), "at 1/2: %s", show(&here));
    for (int i = 0; i < 300; i++) {
        random_rational(x.low);
        mpq_abs(x.low, x.low);
        if (mpq_sgn(x.low) == 0) continue;
        mpq_set(x.high, x.low);
        SB_CHECK(trigamma(&here, &x, WORKING_PRECISION), "defined");
        interval_power(&expected, &x, -2, WORKING_PRECISION);
        interval_subtract(&here, &here, &expected);
        interval_set_integer(&expected, 1);
        interval_add(&x, &x, &expected);
        SB_CHECK(trigamma(&there, &x, WORKING_PRECISION) && meets(&here, &there), "the recurrence at %s",
                 show(&x));
    }
    interval_clear(&x), interval_clear(&here), interval_clear(&there), interval_clear(&expected);
}

/* At a point the enclosure at 256 bits is narrow: |width| < 2^-100 max(1, |value|). */
static void enclosures_are_narrow_at_points(void) {
    interval x, r;
    mpq_t width;
    interval_init(&x), interval_init(&r);
    mpq_init(width);
    for (int f = 0; f < FUNCTION_COUNT; f++) {
        for (int i = 0; i < 300; i++) {
            mpq_set_ui(x.low, 1 + pick(20000), 1000);
            mpq_canonicalize(x.low);
            mpq_set(x.high, x.low);
            for (int k = 0; k < 3; k++) {
                SB_CHECK(functions[f].derivative[k](&r, &x, 256), "defined");
                mpq_sub(width, r.high, r.low);
                mpq_mul_2exp(width, width, 100);
                mpq_abs(r.low, r.low);
                SB_CHECK(mpq_cmp_ui(width, 1, 1) < 0 || mpq_cmp(width, r.low) < 0, "%s, derivative %d at %s",
                         functions[f].name, k, show(&x));
            }
        }
    }
    interval_clear(&x), interval_clear(&r);
    mpq_clear(width);
}

/* Ends from 2^-70000 to 2^70000: what is declared defined still contains the values that the reference can
   name. */
static void extreme_ends_are_sound(void) {
    interval x, r, value;
    interval_init(&x), interval_init(&r), interval_init(&value);
    int defined = 0, values = 0;
    for (int i = 0; i < 1500; i++) {
        int f = (int)pick(FUNCTION_COUNT);
        mpq_set_ui(x.low, 1 + pick(1000), 1), mpq_set_ui(x.high, 1 + pick(1000), 1);
        mpq_div_2exp(x.low, x.low, pick(4) ? pick(40) : pick(70000));
        mpq_mul_2exp(x.high, x.high, pick(4) ? pick(24) : pick(70000));
        if (f <= FUNCTION_ERF && f != FUNCTION_LOG && f != FUNCTION_SQRT && pick(2)) interval_negate(&x, &x);
        if (mpq_cmp(x.low, x.high) > 0) continue;
        if (!functions[f].derivative[0](&r, &x, WORKING_PRECISION)) continue;
        defined++;
        for (int end = 0; end < 2; end++) {
            if (!reference_value(&value, f, end ? x.high : x.low)) continue;
            values++;
            SB_CHECK(meets(&r, &value), "%s%s", functions[f].name, show(&x));
        }
    }
    SB_CHECK(defined > 100 && values > 200, "%d intervals, %d values", defined, values);
    interval_clear(&x), interval_clear(&r), interval_clear(&value);
}

static bool defined_on(int f, int k, long low, long high) {
    interval x;
    interval_init(&x);
    mpq_set_si(x.low, low, 1), mpq_set_si(x.high, high, 1);
    bool defined = functions[f].derivative[k](&x, &x, WORKING_PRECISION);
    interval_clear(&x);
    return defined;
}

static void no_value_outside_the_domain(void) {
    for (int k = 0; k < 3; k++) {
        for (int f = 0; f < FUNCTION_COUNT; f++) {
            bool everywhere = f == FUNCTION_EXP || f == FUNCTION_ERF;
            SB_CHECK(defined_on(f, k, -2, -1) == everywhere, "%s, derivative %d, negative", functions[f].name,
                     k);
            SB_CHECK(defined_on(f, k, -1, 1) == everywhere, "%s, derivative %d, mixed", functions[f].name, k);
            SB_CHECK(defined_on(f, k, 0, 1) == (everywhere || (f == FUNCTION_SQRT && k == 0)),
                     "%s, derivative %d, from 0", functions[f].name, k);
            SB_CHECK(defined_on(f, k, 1, 2), "%s, derivative %d, positive", functions[f].name, k);
        }
    }
}

static void exact_values_are_exact(void) {
    static const struct {
        int f;
        const char *at, *value;
    } known[] = {
        {FUNCTION_EXP, "0", "1"},      {FUNCTION_LOG, "1", "0"},       {FUNCTION_SQRT, "0", "0"},
        {FUNCTION_SQRT, "4/9", "2/3"}, {FUNCTION_SQRT, "1/49", "1/7"}, {FUNCTION_ERF, "0", "0"},
        {FUNCTION_GAMMA, "1", "1"},    {FUNCTION_GAMMA, "2", "1"},     {FUNCTION_GAMMA, "11", "3628800"},
        {FUNCTION_LGAMMA, "1", "0"},   {FUNCTION_LGAMMA, "2", "0"},
    };
    interval x;
    mpq_t value;
    interval_init(&x);
    mpq_init(value);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        mpq_set_str(x.low, known[i].at, 10), mpq_set_str(value, known[i].value, 10);
        mpq_set(x.high, x.low);
        SB_CHECK(functions[known[i].f].derivative[0](&x, &x, WORKING_PRECISION), "defined");
        SB_CHECK(interval_is_point(&x) && mpq_equal(x.low, value), "%s(%s)", functions[known[i].f].name,
                 known[i].at);
    }
    interval_clear(&x);
    mpq_clear(value);
}

static const sb_test tests[] = {
    {"arithmetic contains the results of all members", arithmetic_contains_members},
    {"powers contain the results of all members and are tight", powers_contain_members_and_are_tight},
    {"trimming only widens", trimming_only_widens},
    {"functions contain values, difference quotients, second differences",
     functions_contain_values_and_difference_quotients},
    {"gamma and lgamma around their minimum", gamma_is_right_around_its_minimum},
    {"the minima of gamma and lgamma are rounded down", the_minima_of_gamma_are_rounded_down},
    {"trigamma has its known values and recurrence", trigamma_has_its_known_values},
    {"enclosures are narrow at points", enclosures_are_narrow_at_points},
    {"ends near the limits of the exponent range", extreme_ends_are_sound},
    {"no value outside the domain", no_value_outside_the_domain},
    {"exact values are exact", exact_values_are_exact},
};

int main(void) {
    interval_setup();
    int status = sb_test_main(tests, sizeof tests / sizeof *tests);
    mpfr_free_cache();
    return status;
}
