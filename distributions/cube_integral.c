/* The peak t* of the integrand is found in double precision (any t* is right, a good one is fast). The
   interval around it grows until what lies beyond its ends, by tangents, is below 2^-precision of the whole;
   on it acb_calc_integrate sums Gauss-Legendre rules with errors bounded on ellipses. There the integrand at
   a ball t is exp(phi(m) + phi'(m) (t - m) + phi''(t) (t - m)^2/2), m its midpoint: in high dimension phi(t)
   itself would lose the cancellation between its terms.

   For very many groups, with D = e^(-t) - e^(-t*), Q_i = q_i/(1 - q_i e^(-t*)) and P_j = sum n_i Q_i^j,
     sum n_i log(1 - q_i e^(-t)) = K* - sum_j P_j D^j/j,   |Q_i D| < 1,
   and P_j <= P_J Q^(j-J) bounds the terms beyond J, Q the largest Q_i. This sum is concave in t, so its
   tangent at t* is never below it: that serves beyond the two ends. */
#include "distributions/cube_integral.h"

#include <math.h>
#include <stdlib.h>

enum { FEW_GROUPS = 24 };

void sb_cube_integral_init(sb_cube_integral *f, size_t count) {
    f->weight = SB_WEIGHT_NONE;
    arb_init(f->constant);
    arb_init(f->order);
    arb_init(f->shape);
    arb_init(f->scale);
    arb_init(f->end);
    arb_pos_inf(f->end);
    f->count = count;
    f->q = _arb_vec_init((slong)count);
    f->gap = _arb_vec_init((slong)count);
    f->n = _arb_vec_init((slong)count);
}

void sb_cube_integral_clear(sb_cube_integral *f) {
    arb_clear(f->constant);
    arb_clear(f->order);
    arb_clear(f->shape);
    arb_clear(f->scale);
    arb_clear(f->end);
    _arb_vec_clear(f->q, (slong)f->count);
    _arb_vec_clear(f->gap, (slong)f->count);
    _arb_vec_clear(f->n, (slong)f->count);
}

static double to_double(const arb_t x) {
    return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

/* ------------------------------------------------------------------ phi and its derivatives */
typedef struct {
    const sb_cube_integral *f;
    slong precision;            /* of the terms of phi */
    arb_t peak, top;            /* t*, phi(t*) */
    arb_t centre;               /* e^(-t*) */
    arb_t kernel, kernel_slope; /* of the sum over all groups at t* */
    int tangent;                /* stand in for the sum by its tangent at t* */
    /* Power sums, for many groups: P_1, ..., P_terms in power_sum[0...]; 0 terms: none. */
    slong terms;
    arb_ptr power_sum;
    arb_t largest, at_peak; /* max Q_i of those groups, and their part of the sum at t* */
    char *direct;           /* by group: not in the power sums. NULL: all are direct */
    size_t edge; /* the group that the integrand has as (1 - e^-t)^n, left out of phi; count: none */
} evaluation;

/* value and slope at m, curvature on the ball t that m is the midpoint of: sums to which each part adds its
 * own. */
typedef struct {
    acb_t value, slope, curvature;
} jet;

static void jet_init(jet *j) {
    acb_init(j->value);
    acb_init(j->slope);
    acb_init(j->curvature);
}

static void jet_clear(jet *j) {
    acb_clear(j->value);
    acb_clear(j->slope);
    acb_clear(j->curvature);
}

/* order t - w(t) */
static void add_weight(jet *j, const sb_cube_integral *f, const acb_t m, const acb_t t, slong precision) {
    acb_t g, u;
    acb_init(g);
    acb_init(u);
    acb_mul_arb(u, m, f->order, precision);
    acb_add(j->value, j->value, u, precision);
    acb_add_arb(j->slope, j->slope, f->order, precision);
    if (f->weight == SB_WEIGHT_EXPONENTIAL) {
        acb_mul_arb(g, m, f->shape, precision);
        acb_exp(g, g, precision);
        acb_mul_arb(g, g, f->scale, precision);
        acb_sub(j->value, j->value, g, precision);
        acb_mul_arb(g, g, f->shape, precision);
        acb_sub(j->slope, j->slope, g, precision);
        acb_mul_arb(g, t, f->shape, precision);
        acb_exp(g, g, precision);
        acb_mul_arb(g, g, f->scale, precision);
        acb_mul_arb(g, g, f->shape, precision);
        acb_mul_arb(g, g, f->shape, precision);
        acb_sub(j->curvature, j->curvature, g, precision);
    } else if (f->weight ==
               SB_WEIGHT_POWER) { /* g = scale e^t: shape log(1+g), shape g/(1+g), shape g/(1+g)^2 */
        acb_exp(g, m, precision);
        acb_mul_arb(g, g, f->scale, precision);
        acb_add_ui(u, g, 1, precision);
        acb_div(g, g, u, precision);
        acb_log(u, u, precision);
        acb_mul_arb(u, u, f->shape, precision);
        acb_sub(j->value, j->value, u, precision);
        acb_mul_arb(g, g, f->shape, precision);
        acb_sub(j->slope, j->slope, g, precision);
        acb_exp(g, t, precision);
        acb_mul_arb(g, g, f->scale, precision);
        acb_add_ui(u, g, 1, precision);
        acb_sqr(u, u, precision);
        acb_div(g, g, u, precision);
        acb_mul_arb(g, g, f->shape, precision);
        acb_sub(j->curvature, j->curvature, g, precision);
    }
    acb_clear(g);
    acb_clear(u);
}

/* Group i: n log D, n q e/D, -n q e/D^2 with D = 1 - q e, e = e^(-t) and rest = 1 - e. Not finite unless Re D
 * > 0. */
static void add_group(jet *j, const sb_cube_integral *f, size_t i, const acb_t e_m, const acb_t rest_m,
                      const acb_t e_t, const acb_t rest_t, slong precision) {
    acb_t d, u;
    acb_init(d);
    acb_init(u);
    acb_mul_arb(d, rest_m, f->q + i, precision);
    acb_add_arb(d, d, f->gap + i, precision);
    acb_mul_arb(u, e_m, f->q + i, precision);
    acb_div(u, u, d, precision);
    acb_mul_arb(u, u, f->n + i, precision);
    acb_add(j->slope, j->slope, u, precision);
    acb_log(u, d, precision);
    acb_mul_arb(u, u, f->n + i, precision);
    acb_add(j->value, j->value, u, precision);
    acb_mul_arb(d, rest_t, f->q + i, precision);
    acb_add_arb(d, d, f->gap + i, precision);
    if (!arb_is_positive(acb_realref(d))) acb_indeterminate(j->curvature);
    acb_sqr(d, d, precision);
    acb_mul_arb(u, e_t, f->q + i, precision);
    acb_mul_arb(u, u, f->n + i, precision);
    acb_div(u, u, d, precision);
    acb_sub(j->curvature, j->curvature, u, precision);
    acb_clear(d);
    acb_clear(u);
}

/* bound := what the terms beyond J of sum_j P_j D^(j-lag) c_j add up to at most, where c_j <= j^(lag-1);
   infinite unless Q |D| < 1. With x = Q |D|: P_J |D|^(J-lag) times x/(1-x) for lag 0 and 1, J x/(1-x)^2 for
   lag 2. */
static void beyond(mag_t bound, const evaluation *v, const acb_t difference, slong lag, slong precision) {
    arb_t size, x, rest;
    mag_t m;
    arb_init(size);
    arb_init(x);
    arb_init(rest);
    mag_init(m);
    acb_get_mag(m, difference);
    arf_set_mag(arb_midref(size), m);
    arb_mul(x, size, v->largest, precision);
    arb_sub_ui(rest, x, 1, precision);
    arb_neg(rest, rest);
    if (!arb_is_positive(rest)) {
        mag_inf(bound);
    } else {
        arb_pow_ui(size, size, (ulong)(v->terms - lag), precision);
        arb_mul(size, size, v->power_sum + v->terms - 1, precision);
        arb_mul(size, size, x, precision);
        arb_div(size, size, rest, precision);
        if (lag == 2) {
            arb_div(size, size, rest, precision);
            arb_mul_si(size, size, v->terms, precision);
        }
        arb_get_mag(bound, size);
    }
    arb_clear(size);
    arb_clear(x);
    arb_clear(rest);
    mag_clear(m);
}

/* value := sum_{j > lag} P_j D^(j-lag) (-c_j), c_j = 1/j, 1, j - 1 for lag 0, 1, 2, by Horner's rule, and all
   that is left out. j = lag counts too for lag 1 and 2. */
static void power_series(acb_t value, const evaluation *v, const acb_t difference, slong lag,
                         slong precision) {
    arb_t c;
    mag_t bound;
    arb_init(c);
    mag_init(bound);
    acb_zero(value);
    for (slong j = v->terms; j >= (lag ? lag : 1); j--) {
        acb_mul(value, value, difference, precision);
        if (lag == 0)
            arb_div_si(c, v->power_sum + j - 1, j, precision);
        else if (lag == 1)
            arb_set(c, v->power_sum + j - 1);
        else
            arb_mul_si(c, v->power_sum + j - 1, j - 1, precision);
        acb_sub_arb(value, value, c, precision);
    }
    if (lag == 0) acb_mul(value, value, difference, precision);
    beyond(bound, v, difference, lag, precision);
    acb_add_error_mag(value, bound);
    arb_clear(c);
    mag_clear(bound);
}

/* The groups in the power sums: K as a function of y = e^(-t) has d/dt = -y d/dy. */
static void add_power_sums(jet *j, const evaluation *v, const acb_t e_m, const acb_t e_t, slong precision) {
    acb_t difference, u, w;
    acb_init(difference);
    acb_init(u);
    acb_init(w);
    acb_sub_arb(difference, e_m, v->centre, precision);
    power_series(u, v, difference, 0, precision);
    acb_add(j->value, j->value, u, precision);
    acb_add_arb(j->value, j->value, v->at_peak, precision);
    power_series(u, v, difference, 1, precision);
    acb_mul(u, u, e_m, precision);
    acb_sub(j->slope, j->slope, u, precision);
    acb_sub_arb(difference, e_t, v->centre, precision);
    power_series(u, v, difference, 1, precision);
    power_series(w, v, difference, 2, precision);
    acb_mul(w, w, e_t, precision);
    acb_add(u, u, w, precision);
    acb_mul(u, u, e_t, precision);
    acb_add(j->curvature, j->curvature, u, precision);
    acb_clear(difference);
    acb_clear(u);
    acb_clear(w);
}

static void add_kernel(jet *j, const evaluation *v, const acb_t m, const acb_t t, slong precision) {
    acb_t e_m, rest_m, e_t, rest_t;
    acb_init(e_m);
    acb_init(rest_m);
    acb_init(e_t);
    acb_init(rest_t);
    acb_neg(rest_m, m);
    acb_neg(rest_t, t);
    acb_exp(e_m, rest_m, precision);
    acb_exp(e_t, rest_t, precision);
    acb_expm1(rest_m, rest_m, precision);
    acb_expm1(rest_t, rest_t, precision);
    acb_neg(rest_m, rest_m);
    acb_neg(rest_t, rest_t);
    for (size_t i = 0; i < v->f->count; i++)
        if (i != v->edge && (!v->direct || v->direct[i]))
            add_group(j, v->f, i, e_m, rest_m, e_t, rest_t, precision);
    if (v->terms) add_power_sums(j, v, e_m, e_t, precision);
    acb_clear(e_m);
    acb_clear(rest_m);
    acb_clear(e_t);
    acb_clear(rest_t);
}

/* phi(m) - phi(t*), phi'(m), and phi'' on the ball t. */
static void evaluate(jet *j, const evaluation *v, const acb_t t) {
    slong precision = v->precision;
    acb_t m, u;
    acb_init(m);
    acb_init(u);
    acb_get_mid(m, t);
    acb_zero(j->value);
    acb_zero(j->slope);
    acb_zero(j->curvature);
    add_weight(j, v->f, m, t, precision);
    if (v->tangent) {
        acb_sub_arb(u, m, v->peak, precision);
        acb_mul_arb(u, u, v->kernel_slope, precision);
        acb_add(j->value, j->value, u, precision);
        acb_add_arb(j->value, j->value, v->kernel, precision);
        acb_add_arb(j->slope, j->slope, v->kernel_slope, precision);
    } else if (v->f->count) {
        add_kernel(j, v, m, t, precision);
    }
    acb_sub_arb(j->value, j->value, v->top, precision);
    acb_clear(m);
    acb_clear(u);
}

/* e^(phi(t) - phi(t*)); as acb_calc_integrate wants it. */
static int integrand(acb_ptr value, const acb_t t, void *context, slong order, slong precision) {
    const evaluation *v = context;
    jet j;
    acb_t step;
    (void)order;
    jet_init(&j);
    acb_init(step);
    acb_set_round(step, t, v->precision);
    arb_set_ui(acb_imagref(j.value), 3); /* < pi */
    arb_abs(acb_realref(j.value), acb_imagref(t));
    if (v->f->weight == SB_WEIGHT_POWER && !arb_lt(acb_realref(j.value), acb_imagref(j.value))) {
        acb_indeterminate(value);
    } else {
        evaluate(&j, v, t);
        acb_get_mid(step, t);
        acb_sub(step, t, step, precision);
        acb_mul(j.slope, j.slope, step, precision);
        acb_sqr(step, step, precision);
        acb_mul_2exp_si(step, step, -1);
        acb_mul(j.curvature, j.curvature, step, precision);
        acb_add(j.slope, j.slope, j.curvature, precision);
        acb_add(j.value, j.value, j.slope, precision);
        acb_exp(value, j.value, precision);
        if (v->edge < v->f->count) {
            acb_neg(step, t);
            acb_expm1(step, step, precision);
            acb_neg(step, step);
            acb_pow_arb(step, step, v->f->n + v->edge, precision);
            acb_mul(value, value, step, precision);
        }
    }
    jet_clear(&j);
    acb_clear(step);
    return 0;
}

/* ------------------------------------------------------------------ the interval and what lies beyond it */
/* bound := at least the integral of e^(phi - phi(t*)) beyond the real point t > 0: towards +inf (side 1),
   else over (0, t). There phi is below its tangent at t. */
static void outside(mag_t bound, const evaluation *v, double at, int side) {
    jet j;
    acb_t t;
    mag_t m;
    jet_init(&j);
    acb_init(t);
    mag_init(m);
    acb_set_d(t, at);
    evaluate(&j, v, t);
    arb_ptr value = acb_realref(j.value), slope = acb_realref(j.slope);
    if (side > 0) arb_neg(slope, slope);
    if (!arb_is_positive(slope)) {
        mag_inf(bound);
    } else {
        arb_exp(value, value, v->precision);
        arb_get_mag(bound, value);
        arb_get_mag_lower(m, slope);
        mag_inv(m, m);
        if (side < 0) {
            mag_t length;
            mag_init(length);
            mag_set_d(length, at);
            mag_min(m, m, length);
            mag_clear(length);
        }
        mag_mul(bound, bound, m);
    }
    jet_clear(&j);
    acb_clear(t);
    mag_clear(m);
}

/* The end of the interval on one side of the peak: what lies beyond is at most tolerance, if that can be had.
 */
static double reach(mag_t bound, const evaluation *v, double peak, double width, int side,
                    const mag_t tolerance) {
    double step = width, at = peak;
    for (int i = 0; i < 1200; i++, step *= 1.25) {
        double next = peak + side * step;
        at = side > 0 || next > peak / 2 ? next : at < peak ? at / 2 : peak / 2;
        if (at <= 0 || !isfinite(at)) break;
        outside(bound, v, at, side);
        if (mag_cmp(bound, tolerance) <= 0) break;
    }
    return at;
}

/* ------------------------------------------------------------------ power sums */
/* The groups with Q_i |D| <= 1/2 for e^(-low) >= e^(-t) >= e^(-high), with some room, go into power sums. */
static int sum_powers(evaluation *v, double low, double high) {
    const sb_cube_integral *f = v->f;
    slong precision = v->precision;
    double centre = to_double(v->centre);
    double room = 1.5 * fmax(exp(-low) - centre, centre - exp(-high)), most = 0;
    v->direct = malloc(f->count);
    if (!v->direct) return 0;
    arb_t ratio, rest, term;
    arb_init(ratio);
    arb_init(rest);
    arb_init(term);
    for (size_t i = 0; i < f->count; i++) {
        double q = to_double(f->q + i), x = q * room / (to_double(f->gap + i) + q * (1 - centre));
        v->direct[i] = !(x < 0.5);
        if (!v->direct[i] && x > most) most = x;
    }
    v->terms = 2 + (slong)((double)precision / -log2(most > 0 ? most : 0.5));
    v->power_sum = _arb_vec_init(v->terms);
    arb_neg(rest, v->peak);
    arb_expm1(rest, rest, precision);
    arb_neg(rest, rest);
    for (size_t i = 0; i < f->count; i++) {
        if (v->direct[i]) continue;
        arb_set(term, f->gap + i);
        arb_addmul(term, f->q + i, rest, precision);
        arb_div(ratio, f->q + i, term, precision);
        arb_max(v->largest, v->largest, ratio, precision);
        arb_log(term, term, precision);
        arb_addmul(v->at_peak, term, f->n + i, precision);
        arb_set(term, f->n + i);
        for (slong j = 0; j < v->terms; j++) {
            arb_mul(term, term, ratio, precision);
            arb_add(v->power_sum + j, v->power_sum + j, term, precision);
        }
    }
    arb_clear(ratio);
    arb_clear(rest);
    arb_clear(term);
    return 1;
}

/* ------------------------------------------------------------------ the integral */
static void evaluation_init(evaluation *v, const sb_cube_integral *f, double peak, slong precision) {
    v->f = f;
    v->precision = precision;
    arb_init(v->peak);
    arb_init(v->top);
    arb_init(v->centre);
    arb_init(v->kernel);
    arb_init(v->kernel_slope);
    arb_init(v->largest);
    arb_init(v->at_peak);
    v->tangent = 0;
    v->terms = 0;
    v->power_sum = NULL;
    v->direct = NULL;
    v->edge = f->count;
    arb_set_d(v->peak, peak);
    arb_neg(v->centre, v->peak);
    arb_exp(v->centre, v->centre, precision);
}

static void evaluation_clear(evaluation *v) {
    arb_clear(v->peak);
    arb_clear(v->top);
    arb_clear(v->centre);
    arb_clear(v->kernel);
    arb_clear(v->kernel_slope);
    arb_clear(v->largest);
    arb_clear(v->at_peak);
    if (v->terms) _arb_vec_clear(v->power_sum, v->terms);
    free(v->direct);
}

/* phi and the sum over groups at t*; the width of the peak, 1/sqrt(phi'^2 - phi''). */
static double look_at_peak(evaluation *v) {
    jet j;
    acb_t t;
    jet_init(&j);
    acb_init(t);
    acb_set_arb(t, v->peak);
    if (v->f->count) add_kernel(&j, v, t, t, v->precision);
    acb_get_real(v->kernel, j.value);
    acb_get_real(v->kernel_slope, j.slope);
    add_weight(&j, v->f, t, t, v->precision);
    acb_get_real(v->top, j.value);
    double slope = to_double(acb_realref(j.slope)), curvature = to_double(acb_realref(j.curvature));
    jet_clear(&j);
    acb_clear(t);
    return 1 / hypot(slope, sqrt(fabs(curvature)));
}

/* value += at most what lies between the exact point `from` and the ball `end` just above it. */
static void add_sliver(arb_t value, evaluation *v, const arb_t from) {
    acb_t t, height;
    arb_t length;
    acb_init(t);
    acb_init(height);
    arb_init(length);
    arb_union(acb_realref(t), from, v->f->end, v->precision);
    integrand(height, t, v, 0, v->precision);
    arb_sub(length, v->f->end, from, v->precision);
    arb_mul(length, length, acb_realref(height), v->precision);
    arb_zero(acb_realref(height));
    arb_union(length, length, acb_realref(height), v->precision);
    arb_add(value, value, length, v->precision);
    acb_clear(t);
    acb_clear(height);
    arb_clear(length);
}

/* A group with q = 1 and a small whole n, as (1 - e^-t)^n analytic at 0; count if there is none. */
static size_t find_edge(const sb_cube_integral *f) {
    for (size_t i = 0; i < f->count && f->count <= FEW_GROUPS; i++)
        if (arb_is_zero(f->gap + i) && arb_is_int(f->n + i) && arf_cmp_si(arb_midref(f->n + i), 64) <= 0)
            return i;
    return f->count;
}

/* value := the integral from t_low to t_high, or to f->end if t_high is not below it. */
static void integrate(arb_t value, evaluation *v, double t_low, double t_high, slong precision,
                      const mag_t tolerance) {
    acb_t low, high, sum;
    acb_init(low);
    acb_init(high);
    acb_init(sum);
    int cut = t_high >= to_double(v->f->end);
    acb_set_d(low, t_low);
    if (cut)
        arb_get_lbound_arf(arb_midref(acb_realref(high)), v->f->end, v->precision);
    else
        acb_set_d(high, t_high);
    acb_calc_integrate(sum, integrand, v, low, high, precision, tolerance, NULL, v->precision);
    acb_get_real(value, sum);
    if (cut) add_sliver(value, v, acb_realref(high));
    acb_clear(low);
    acb_clear(high);
    acb_clear(sum);
}

void sb_cube_integral_value(arb_t value, const sb_cube_integral *f, slong loss, slong precision) {
    double peak = loss >= 0 ? sb_cube_integral_peak(f) : -1;
    arb_indeterminate(value);
    if (peak < 0) return;
    evaluation v;
    mag_t left, right, tolerance;
    evaluation_init(&v, f, peak, precision + loss);
    mag_init(left);
    mag_init(right);
    mag_init(tolerance);
    double width = look_at_peak(&v), end = to_double(f->end);
    mag_set_d(tolerance, width);
    mag_mul_2exp_si(tolerance, tolerance, -precision);
    v.tangent = f->count > FEW_GROUPS;
    double start = width * sqrt(1.4 * (double)precision);
    double t_low = peak > 0 ? reach(left, &v, peak, start, -1, tolerance) : 0;
    double t_high = peak < end ? reach(right, &v, peak, start, 1, tolerance) : end;
    v.tangent = 0;
    int fine = f->count <= FEW_GROUPS || sum_powers(&v, t_low, t_high);
    if (fine && isfinite(t_low) && isfinite(t_high)) {
        if (t_low < t_high / 16) v.edge = find_edge(f);
        if (v.edge < f->count) {
            t_low = 0;
            mag_zero(left);
        }
        integrate(value, &v, t_low, t_high, precision, tolerance);
        if (t_high >= end) mag_zero(right);
        mag_add(left, left, right);
        arb_add_error_mag(value, left);
        arb_add(v.top, v.top, f->constant, v.precision);
        arb_exp(v.top, v.top, v.precision);
        arb_mul(value, value, v.top, precision + 10);
    }
    evaluation_clear(&v);
    mag_clear(left);
    mag_clear(right);
    mag_clear(tolerance);
}
