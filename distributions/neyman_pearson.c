/* With c = log lambda and the slack g(lambda) = 2 M(lambda) - lambda: g is concave, and 1 - rho is its
   maximum. The maximiser has c <= 0, since there lambda is the median of p/q under D_v. A parabola search
   finds it in double precision (for Gaussian noise c = -s^2/2, where TV = 2 Phi(s/2) - 1: the first guess).
   What is certified comes from three points l < m < r around it: between l and m the chord of m and r,
   extended, lies above g, between m and r that of l and m, and so on to 0 and 2 (lambda <= 2, since |1 -
   lambda| <= rho <= 1 at the minimiser). For a smooth g that is off by the square of the distance. TV <= rho
   <= 1 - g(m) holds anyway, and since g(0) = 0 and g(lambda) <= lambda one lambda with g <= 0 shows 1 - rho
   <= lambda. */
#include "distributions/neyman_pearson.h"

#include "distributions/product_overlap.h"
#include "support/enclosure.h"

#include <math.h>

enum { MOST_STEPS = 40, GUARD_DIGITS = 1, LEAST_LOG = -1000 };

/* A value of lambda that was tried. */
typedef struct {
    double c;        /* log lambda, exact */
    double height;   /* log(g/(1-g)), to compare by; -inf for g <= 0 */
    arb_t lambda, g; /* balls */
} trial;

typedef struct {
    sb_overlap_function *overlap;
    const void *context;
    int digits; /* asked of M */
    sb_error *error;
} search;

static slong bits_of(int digits) {
    return (slong)(digits * 3.33) + 40;
}

static void trial_init(trial *t) {
    t->c = 0;
    t->height = -INFINITY;
    arb_init(t->lambda);
    arb_init(t->g);
}

static void trial_clear(trial *t) {
    arb_clear(t->lambda);
    arb_clear(t->g);
}

static void trial_swap(trial *a, trial *b) {
    trial t = *a;
    *a = *b;
    *b = t;
}

/* Fills the trial at c; `overlap` (may be NULL) := M there. */
static sb_status try_at(const search *s, trial *t, double c, arb_t overlap) {
    slong precision = bits_of(s->digits);
    arb_t x, rest;
    arb_init(x);
    arb_init(rest);
    t->c = c;
    arb_set_d(x, c);
    arb_exp(t->lambda, x, precision);
    sb_status status = s->overlap(t->g, s->context, x, s->digits, s->error);
    if (!status && overlap) arb_set(overlap, t->g);
    arb_mul_2exp_si(t->g, t->g, 1);
    arb_sub(t->g, t->g, t->lambda, precision);
    arb_get_mid_arb(x, t->g);
    arb_sub_ui(rest, x, 1, precision);
    arb_neg(rest, rest);
    t->height = -INFINITY;
    if (arb_is_positive(x)) {
        t->height = INFINITY;
        arb_div(x, x, rest, precision);
        if (arb_is_positive(x)) {
            arb_log(x, x, 64);
            t->height = arf_get_d(arb_midref(x), ARF_RND_NEAR);
        }
    }
    arb_clear(x);
    arb_clear(rest);
    return status;
}

/* The vertex of the parabola through three trials. NaN where there is none. */
static double vertex(const trial *l, const trial *m, const trial *r) {
    double x = m->c - l->c, y = r->c - m->c, a = m->height - l->height, b = m->height - r->height;
    double bottom = 2 * (x * b + y * a);
    if (!(bottom > 0) || !isfinite(bottom)) return NAN;
    return m->c + (y * y * a - x * x * b) / bottom;
}

/* Moves l < m < r until m is the highest, starting with steps of `width`; to the left as long as g <= 0. */
static sb_status enclose_peak(const search *s, trial *l, trial *m, trial *r, double width) {
    sb_status status = try_at(s, l, m->c - width, NULL);
    if (!status) status = try_at(s, r, m->c + width, NULL);
    for (int i = 0; i < 60 && !status; i++) {
        int nothing = m->height == -INFINITY;
        if (nothing ? m->c < LEAST_LOG : m->height >= l->height && m->height >= r->height) break;
        width *= 2;
        if (nothing || l->height > r->height) { /* to the left */
            trial_swap(m, r);
            trial_swap(l, m);
            status = try_at(s, l, m->c - width, NULL);
        } else {
            trial_swap(m, l);
            trial_swap(r, m);
            status = try_at(s, r, m->c + width, NULL);
        }
    }
    return status;
}

/* Narrows l < m < r to about `step` on both sides of m. */
static sb_status climb(const search *s, trial *l, trial *m, trial *r, double step) {
    trial t;
    trial_init(&t);
    sb_status status = SB_OK;
    for (int i = 0; i < MOST_STEPS && !status && r->c - l->c > 3 * step; i++) {
        double guess = vertex(l, m, r);
        int left = m->c - l->c > r->c - m->c;
        double golden = left ? m->c - 0.381966 * (m->c - l->c) : m->c + 0.381966 * (r->c - m->c);
        if (i % 4 == 3 || !(guess > l->c && guess < r->c))
            guess = golden; /* every fourth step shrinks for certain */
        else if (fabs(guess - m->c) < step / 2)
            guess = left ? m->c - step : m->c + step;
        status = try_at(s, &t, guess, NULL);
        if (t.height > m->height || (t.height == m->height && t.c < m->c)) {
            trial_swap(t.c < m->c ? r : l, m);
            trial_swap(m, &t);
        } else {
            trial_swap(t.c < m->c ? l : r, &t);
        }
    }
    trial_clear(&t);
    return status;
}

/* value := max(0, value) */
static void positive_part(arb_t value, slong precision) {
    arb_t zero;
    arb_init(zero);
    arb_max(value, value, zero, precision);
    arb_clear(zero);
}

/* bound := end + (x - y)+ z/w */
static void extended(arb_t bound, const arb_t end, const arb_t x, const arb_t y, const arb_t z, const arb_t w,
                     slong precision) {
    arb_sub(bound, x, y, precision);
    positive_part(bound, precision);
    arb_mul(bound, bound, z, precision);
    arb_div(bound, bound, w, precision);
    arb_add(bound, bound, end, precision);
}

/* most := an upper bound of g over 0 <= lambda <= 2, by the chords on both sides of m, extended. */
static void concave_bound(arb_t most, const trial *l, const trial *m, const trial *r, slong precision) {
    arb_t left, right, rest, bound;
    arb_init(left);
    arb_init(right);
    arb_init(rest);
    arb_init(bound);
    arb_sub(left, m->lambda, l->lambda, precision);
    arb_sub(right, r->lambda, m->lambda, precision);
    extended(most, m->g, m->g, r->g, left, right, precision);  /* l .. m */
    extended(bound, m->g, m->g, l->g, right, left, precision); /* m .. r */
    arb_max(most, most, bound, precision);
    extended(bound, l->g, l->g, m->g, l->lambda, left, precision); /* 0 .. l */
    arb_max(most, most, bound, precision);
    arb_sub_ui(rest, r->lambda, 2, precision);
    arb_neg(rest, rest);
    extended(bound, r->g, r->g, m->g, rest, right, precision); /* r .. 2 */
    arb_max(most, most, bound, precision);
    arb_clear(left);
    arb_clear(right);
    arb_clear(rest);
    arb_clear(bound);
}

/* Turns g(m) <= slack <= most into two balls inside [0, 1]. */
static void finish(arb_t criterion, arb_t slack, const arb_t least, const arb_t most, slong precision) {
    arb_t zero, one;
    arb_init(zero);
    arb_init(one);
    arb_one(one);
    arb_union(slack, least, most, precision);
    arb_max(slack, slack, zero, precision);
    arb_min(slack, slack, one, precision);
    arb_sub(criterion, one, slack, precision);
    arb_clear(zero);
    arb_clear(one);
}

/* (most - g)/min(g, 1 - g): how much is left open */
static double open_part(const arb_t most, const trial *m) {
    arb_t gap, least;
    arb_init(gap);
    arb_init(least);
    arb_sub_ui(least, m->g, 1, 64);
    arb_neg(least, least);
    arb_min(least, least, m->g, 64);
    arb_sub(gap, most, m->g, 64);
    arb_div(gap, gap, least, 64);
    double result = arf_get_d(arb_midref(gap), ARF_RND_UP) + mag_get_d(arb_radref(gap));
    arb_clear(gap);
    arb_clear(least);
    return isfinite(result) ? result : INFINITY;
}

/* most := the smaller of most and what three points at distance `step` around the peak show. Where that
   leaves more open than `wanted`: again at a quarter of the distance where g has a corner, at four times that
   where the values are too inaccurate for the chords. */
static sb_status certify(const search *s, trial *l, trial *m, trial *r, double step, double wanted,
                         arb_t most) {
    slong precision = bits_of(s->digits);
    arb_t bound;
    arb_init(bound);
    sb_status status = SB_OK;
    for (int i = 0; i < MOST_STEPS && !status; i++) {
        if (l->c != m->c - step) status = try_at(s, l, m->c - step, NULL);
        if (!status && r->c != m->c + step) status = try_at(s, r, m->c + step, NULL);
        if (status) break;
        concave_bound(bound, l, m, r, precision);
        arb_min(most, most, bound, precision);
        if (open_part(most, m) <= wanted) break;
        if (l->height > m->height) {
            trial_swap(m, r);
            trial_swap(l, m);
        } else if (r->height > m->height) {
            trial_swap(m, l);
            trial_swap(r, m);
        } else {
            step *= arb_gt(m->g, l->g) && arb_gt(m->g, r->g) ? 0.25 : 4;
        }
    }
    arb_clear(bound);
    return status;
}

/* For Gaussian noise TV = 2 Phi(s/2) - 1; s from the overlap 1 - TV. */
static double gaussian_distance(const arb_t overlap) {
    arb_t x;
    arb_init(x);
    arb_get_mid_arb(x, overlap);
    arb_mul_2exp_si(x, x, -1);
    sb_normal_quantile(x, x, 64);
    double s = -2 * arf_get_d(arb_midref(x), ARF_RND_NEAR);
    arb_clear(x);
    return isfinite(s) && s > 1e-12 ? s : 1e-12;
}

sb_status sb_neyman_pearson(arb_t criterion, arb_t slack, sb_overlap_function *overlap, const void *context,
                            int digits, double *log_lambda, sb_error *error) {
    search s = {overlap, context, digits + GUARD_DIGITS, error};
    trial point[3], *l = &point[0], *m = &point[1], *r = &point[2];
    arb_t total, most;
    arb_init(total);
    arb_init(most);
    for (int i = 0; i < 3; i++) trial_init(&point[i]);
    sb_status status = try_at(&s, m, 0, total); /* M(1) = 1 - TV, and g(1) = 1 - 2 TV */
    if (status) goto cleanup;
    double distance = gaussian_distance(total), width = fmin(1, distance);
    s.digits += (int)ceil(fmax(0, -log10(width)) + fmax(0, log10(distance)));
    double start = log_lambda && isfinite(*log_lambda) ? fmin(*log_lambda, 0) : -distance * distance / 2;
    double step = width * pow(10, -0.5 * (digits + 1));
    arb_sub_ui(most, total, 1, bits_of(s.digits)); /* 1 - rho <= 1 - TV */
    arb_add_ui(most, most, 1, bits_of(s.digits));
    status = try_at(&s, m, start, NULL);
    if (!status) status = enclose_peak(&s, l, m, r, width / (log_lambda && isfinite(*log_lambda) ? 16 : 4));
    if (!status && arb_is_nonpositive(m->g)) {
        arb_min(most, most, m->lambda, bits_of(s.digits));
    } else if (!status) {
        status = climb(&s, l, m, r, step);
        if (!status) status = certify(&s, l, m, r, step, pow(10, -digits), most);
    }
    if (!status) finish(criterion, slack, m->g, most, bits_of(s.digits));
    if (!status && log_lambda) *log_lambda = m->c;
cleanup:
    for (int i = 0; i < 3; i++) trial_clear(&point[i]);
    arb_clear(total);
    arb_clear(most);
    return status;
}

/* ------------------------------------------------------------------ product noise, equal shift */
typedef struct {
    const sb_noise_spec *noise;
    uint64_t dimension;
    const arb_struct *length;
} equal_shift;

static sb_status product_overlap(arb_t overlap, const void *context, const arb_t log_lambda, int digits,
                                 sb_error *error) {
    const equal_shift *e = context;
    return sb_product_overlap_equal(overlap, e->noise, e->dimension, e->length, log_lambda, digits, error);
}

/* slack := Pr(|X| > factor length), X a coordinate at unit scale. */
static void coordinate_slack(arb_t slack, const equal_shift *e, const arb_t factor, slong precision) {
    arb_mul(slack, e->length, factor, precision);
    e->noise->family->product->tail(slack, e->noise, slack, precision);
}

/* slack := (2 (1 - length/2)_+^d - 1)_+: both densities take one value on their supports, so with the overlap
   o
   ||D - lambda D_v||_1 = |1 - lambda| o + (1 + lambda)(1 - o), which is linear between lambda = 0 (1) and 1
   (2 TV) and grows beyond: rho = min{1, 2 TV}. */
static void cube_slack(arb_t slack, const equal_shift *e, slong precision) {
    arb_t zero;
    arb_init(zero);
    arb_mul_2exp_si(slack, e->length, -1);
    arb_sub_ui(slack, slack, 1, precision);
    arb_neg(slack, slack);
    arb_max(slack, slack, zero, precision);
    arb_pow_ui(slack, slack, e->dimension, precision);
    arb_mul_2exp_si(slack, slack, 1);
    arb_sub_ui(slack, slack, 1, precision);
    arb_max(slack, slack, zero, precision);
    arb_clear(zero);
}

/* The laws for which {p > lambda q} is known: a half-line for a log-concave law on the line, where D_v{x < v}
   = 1/2, and a half-space for Gaussian noise, the same in the direction of v. Returns whether this is one. */
static int closed_slack(arb_t slack, const equal_shift *e, slong precision) {
    arb_t factor;
    arb_init(factor);
    int known = 1;
    if (e->noise->family == &sb_uniform_family) {
        cube_slack(slack, e, precision);
    } else if (e->noise->family == &sb_gaussian_family ||
               (e->dimension == 1 && (sb_noise_traits(e->noise) & SB_LOG_CONCAVE))) {
        arb_sqrt_ui(factor, e->dimension, precision);
        coordinate_slack(slack, e, factor, precision);
    } else {
        known = 0;
    }
    arb_clear(factor);
    return known;
}

sb_status sb_equal_shift_criterion(arb_t criterion, arb_t slack, const sb_noise_spec *noise,
                                   uint64_t dimension, const arb_t length, int digits, double *log_lambda,
                                   sb_error *error) {
    equal_shift e = {noise, dimension, length};
    if (!noise->family->product)
        return sb_fail(error, SB_OUTSIDE, "%s noise: the exact criterion is computed for product noise only",
                       noise->family->name);
    slong precision = bits_of(digits) + 64;
    if (arb_is_zero(length)) {
        arb_zero(criterion);
        arb_one(slack);
    } else if (closed_slack(slack, &e, precision)) {
        for (; precision < SB_PRECISION_LIMIT; precision *= 2) { /* 1 - slack may cancel */
            closed_slack(slack, &e, precision);
            arb_sub_ui(criterion, slack, 1, precision);
            arb_neg(criterion, criterion);
            if (arb_rel_accuracy_bits(criterion) > bits_of(digits) ||
                arb_rel_accuracy_bits(criterion) < -precision || !arb_is_exact(length))
                break;
        }
    } else {
        return sb_neyman_pearson(criterion, slack, product_overlap, &e, digits, log_lambda, error);
    }
    return SB_OK;
}
