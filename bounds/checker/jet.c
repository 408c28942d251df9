/* Value, slope and curvature through each operation: the rules of calculus, read as statements on difference
   quotients. With u1 = u(x1), u2 = u(x2) and [] for division by x2 - x1:

   product     [u2 v2 - u1 v1] = u2 [v2 - v1] + [u2 - u1] v1
   quotient    [u2/v2 - u1/v1] = ([u2 - u1] - (u1/v1) [v2 - v1]) / v2
   function    [f(u2) - f(u1)] = f'(t) [u2 - u1] for a t between u1 and u2
   maximum     [max(u2,v2) - max(u1,v1)] lies between the least and the greatest of [u2 - u1] and [v2 - v1]

   Each right side is enclosed by putting the intervals of value and slope for the letters. */
#include "jet.h"

void jet_init(jet *u) {
    u->known = NOTHING;
    interval_init(&u->value);
    interval_init(&u->slope);
    interval_init(&u->curvature);
}

void jet_clear(jet *u) {
    interval_clear(&u->value);
    interval_clear(&u->slope);
    interval_clear(&u->curvature);
}

static void jet_set(jet *result, const jet *u, effort e) {
    result->known = u->known < e.wanted ? u->known : e.wanted;
    if (result->known >= VALUE) interval_set(&result->value, &u->value);
    if (result->known >= SLOPE) interval_set(&result->slope, &u->slope);
    if (result->known >= CURVATURE) interval_set(&result->curvature, &u->curvature);
}

void jet_set_constant(jet *u, effort e) {
    u->known = e.wanted;
    interval_set_integer(&u->slope, 0);
    interval_set_integer(&u->curvature, 0);
}

void jet_set_variable(jet *u, const interval *range, effort e) {
    u->known = e.wanted;
    interval_set(&u->value, range);
    interval_set_integer(&u->slope, 1);
    interval_set_integer(&u->curvature, 0);
}

static knowledge least(knowledge a, knowledge b) {
    return a < b ? a : b;
}

void jet_negate(jet *result, const jet *u, effort e) {
    result->known = least(u->known, e.wanted);
    if (result->known >= VALUE) interval_negate(&result->value, &u->value);
    if (result->known >= SLOPE) interval_negate(&result->slope, &u->slope);
    if (result->known >= CURVATURE) interval_negate(&result->curvature, &u->curvature);
}

typedef void linear_operation(interval *, const interval *, const interval *);

static void linear(jet *result, linear_operation *operation, const jet *u, const jet *v, effort e) {
    result->known = least(least(u->known, v->known), e.wanted);
    if (result->known >= VALUE) operation(&result->value, &u->value, &v->value);
    if (result->known >= SLOPE) operation(&result->slope, &u->slope, &v->slope);
    if (result->known >= CURVATURE) operation(&result->curvature, &u->curvature, &v->curvature);
}

void jet_add(jet *result, const jet *u, const jet *v, effort e) {
    linear(result, interval_add, u, v, e);
}

void jet_subtract(jet *result, const jet *u, const jet *v, effort e) {
    linear(result, interval_subtract, u, v, e);
}

/* sum := sum + a*b */
static void add_product(interval *sum, const interval *a, const interval *b) {
    interval product;
    interval_init(&product);
    interval_multiply(&product, a, b);
    interval_add(sum, sum, &product);
    interval_clear(&product);
}

/* (uv)' = u v' + u' v,   (uv)'' = u v'' + 2 u' v' + u'' v */
void jet_multiply(jet *result, const jet *u, const jet *v, effort e) {
    result->known = least(least(u->known, v->known), e.wanted);
    if (result->known >= VALUE) interval_multiply(&result->value, &u->value, &v->value);
    if (result->known >= SLOPE) {
        interval_multiply(&result->slope, &u->value, &v->slope);
        add_product(&result->slope, &u->slope, &v->value);
    }
    if (result->known >= CURVATURE) {
        interval_multiply(&result->curvature, &u->slope, &v->slope);
        interval_scale(&result->curvature, &result->curvature, 2);
        add_product(&result->curvature, &u->value, &v->curvature);
        add_product(&result->curvature, &u->curvature, &v->value);
    }
}

/* With q = u/v:   q' = (u' - q v') / v,   q'' = (u'' - 2 q' v' - q v'') / v */
void jet_divide(jet *result, const jet *u, const jet *v, effort e) {
    result->known = least(least(u->known, v->known), e.wanted);
    if (result->known == NOTHING) return;
    if (!interval_divide(&result->value, &u->value, &v->value)) {
        result->known = NOTHING;
        return;
    }
    if (result->known >= SLOPE) {
        interval_multiply(&result->slope, &result->value, &v->slope);
        interval_subtract(&result->slope, &u->slope, &result->slope);
        interval_divide(&result->slope, &result->slope, &v->value);
    }
    if (result->known >= CURVATURE) {
        interval_multiply(&result->curvature, &result->slope, &v->slope);
        interval_scale(&result->curvature, &result->curvature, 2);
        add_product(&result->curvature, &result->value, &v->curvature);
        interval_subtract(&result->curvature, &u->curvature, &result->curvature);
        interval_divide(&result->curvature, &result->curvature, &v->value);
    }
}

/* --- choices --- */

/* The branch is open: the slopes of both branches count, and a curvature need not exist. */
static void undecided(jet *result, const jet *u, const jet *v, effort e) {
    result->known = least(least(u->known, v->known), least(e.wanted, SLOPE));
    if (result->known >= SLOPE) interval_hull(&result->slope, &u->slope, &v->slope);
}

/* Where u >= v on all of the box, max(u,v) is u, whatever the derivatives of v. v must have a value. */
void jet_maximum(jet *result, const jet *u, const jet *v, effort e) {
    if (u->known == NOTHING || v->known == NOTHING) {
        result->known = NOTHING;
    } else if (mpq_cmp(u->value.low, v->value.high) >= 0) {
        jet_set(result, u, e);
    } else if (mpq_cmp(v->value.low, u->value.high) >= 0) {
        jet_set(result, v, e);
    } else {
        undecided(result, u, v, e);
        interval_maximum(&result->value, &u->value, &v->value);
    }
}

void jet_minimum(jet *result, const jet *u, const jet *v, effort e) {
    if (u->known == NOTHING || v->known == NOTHING) {
        result->known = NOTHING;
    } else if (mpq_cmp(u->value.high, v->value.low) <= 0) {
        jet_set(result, u, e);
    } else if (mpq_cmp(v->value.high, u->value.low) <= 0) {
        jet_set(result, v, e);
    } else {
        undecided(result, u, v, e);
        interval_minimum(&result->value, &u->value, &v->value);
    }
}

/* |u| = max(u, -u) */
void jet_absolute(jet *result, const jet *u, effort e) {
    if (u->known == NOTHING) {
        result->known = NOTHING;
    } else if (mpq_sgn(u->value.low) >= 0) {
        jet_set(result, u, e);
    } else if (mpq_sgn(u->value.high) <= 0) {
        jet_negate(result, u, e);
    } else {
        jet minus;
        jet_init(&minus);
        jet_negate(&minus, u, e);
        undecided(result, u, &minus, e);
        interval_absolute(&result->value, &u->value);
        jet_clear(&minus);
    }
}

/* --- functions and powers --- */

/* A function of one variable: one of the table, or t^n, or t^v. */
typedef struct {
    const function *f;
    long n;
    const interval *v;
} outer_function;

/* derivative := an interval that contains the k-th derivative on u, k = 0, 1, 2; false: undefined. */
typedef bool outer_derivative(interval *derivative, const outer_function *outer, int k, const interval *u,
                              mpfr_prec_t precision);

static bool table_derivative(interval *derivative, const outer_function *outer, int k, const interval *u,
                             mpfr_prec_t precision) {
    return outer->f->derivative[k](derivative, u, precision);
}

/* n (n-1) ... (n-k+1) t^(n-k); where the factor is 0, so is the derivative, be t^(n-k) defined or not. */
static bool integer_power_derivative(interval *derivative, const outer_function *outer, int k,
                                     const interval *u, mpfr_prec_t precision) {
    long n = outer->n;
    interval_set_integer(derivative, 0);
    if (0 <= n && n < k) return true;
    if (!interval_power(derivative, u, n - k, precision)) return false;
    for (int i = 0; i < k; i++) interval_scale(derivative, derivative, n - i);
    return true;
}

/* v (v-1) ... (v-k+1) t^(v-k), with t^w = exp(w log t), t > 0. */
static bool real_power_derivative(interval *derivative, const outer_function *outer, int k, const interval *u,
                                  mpfr_prec_t precision) {
    interval exponent, factor, one;
    interval_init(&exponent);
    interval_init(&factor);
    interval_init(&one);
    interval_set(&exponent, outer->v);
    interval_set_integer(&factor, 1);
    interval_set_integer(&one, 1);
    for (int i = 0; i < k; i++) {
        interval_multiply(&factor, &factor, &exponent);
        interval_subtract(&exponent, &exponent, &one);
    }
    bool defined = interval_log(derivative, u, precision);
    if (defined) {
        interval_multiply(derivative, derivative, &exponent);
        defined = interval_exp(derivative, derivative, precision);
    }
    if (defined) interval_multiply(derivative, derivative, &factor);
    interval_clear(&exponent);
    interval_clear(&factor);
    interval_clear(&one);
    return defined;
}

/* f(u)' = f'(u) u',   f(u)'' = f''(u) u'^2 + f'(u) u'' */
static void compose(jet *result, outer_derivative *derivative, const outer_function *outer, const jet *u,
                    effort e) {
    knowledge limit = least(u->known, e.wanted);
    interval f[3];
    int known = 0;
    for (int k = 0; k < 3; k++) interval_init(&f[k]);
    while (known < (int)limit && derivative(&f[known], outer, known, &u->value, e.precision)) known++;
    if (known >= VALUE) interval_set(&result->value, &f[0]);
    if (known >= SLOPE) interval_multiply(&result->slope, &f[1], &u->slope);
    if (known >= CURVATURE) {
        interval_multiply(&result->curvature, &f[1], &u->curvature);
        if (interval_power(&f[0], &u->slope, 2, e.precision))
            add_product(&result->curvature, &f[2], &f[0]);
        else
            known = SLOPE;
    }
    result->known = (knowledge)known;
    for (int k = 0; k < 3; k++) interval_clear(&f[k]);
}

void jet_function(jet *result, const function *f, const jet *u, effort e) {
    compose(result, table_derivative, &(outer_function){.f = f}, u, e);
}

/* u^v = exp(v log u) for u > 0. */
static void real_power(jet *result, const jet *u, const jet *v, effort e) {
    jet logarithm, exponent;
    jet_init(&logarithm);
    jet_init(&exponent);
    jet_function(&logarithm, &functions[FUNCTION_LOG], u, e);
    jet_multiply(&exponent, v, &logarithm, e);
    jet_function(result, &functions[FUNCTION_EXP], &exponent, e);
    jet_clear(&logarithm);
    jet_clear(&exponent);
}

static bool is_zero(const interval *x) {
    return mpq_sgn(x->low) == 0 && mpq_sgn(x->high) == 0;
}

/* v is one integer on the whole box: u^v is that power, for every u that has it. A slope of exactly 0 says
   that v does not change with x. */
void jet_power(jet *result, const jet *u, const jet *v, effort e) {
    if (u->known == NOTHING || v->known == NOTHING) {
        result->known = NOTHING;
    } else if (interval_is_point(&v->value) && mpz_cmp_ui(mpq_denref(v->value.low), 1) == 0 &&
               mpz_cmpabs_ui(mpq_numref(v->value.low), INTERVAL_POWER_LIMIT) <= 0) {
        compose(result, integer_power_derivative,
                &(outer_function){.n = mpz_get_si(mpq_numref(v->value.low))}, u, e);
    } else if (v->known >= SLOPE && is_zero(&v->slope)) {
        compose(result, real_power_derivative, &(outer_function){.v = &v->value}, u, e);
    } else {
        real_power(result, u, v, e);
    }
}

void jet_trim(jet *u, effort e) {
    if (u->known >= VALUE && !interval_trim(&u->value, e.precision)) u->known = NOTHING;
    if (u->known >= SLOPE && !interval_trim(&u->slope, e.precision)) u->known = VALUE;
    if (u->known >= CURVATURE && !interval_trim(&u->curvature, e.precision)) u->known = SLOPE;
}
