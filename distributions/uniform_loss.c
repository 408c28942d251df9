/* With a = v/2, g = c/v, c = log lambda: the total loss is S = v(R + W), where among the d coordinates j are
   uniform, W is the sum of j uniform variables on [-1, 1], and R is a simple random walk of d - j steps. So

     overlap = sqrt(lambda) sum over j of C(d,j) body^j ends^(d-j) E f_j(R - g),    f_j(x) = E exp(-a|x + W|).

   f_j from the density w_j of W: f'' = a^2 f - 2a w in the sense of distributions, and differentiation under
   the mean over one uniform variable is a difference, D f(x) = (f(x+1) - f(x-1))/2, so that

     a^2 f_j(x) = [f_(j-2)(x+2) - 2 f_(j-2)(x) + f_(j-2)(x-2)]/4 + 2a w_j(x),                          j >= 2,
     w_j(x) = [(j+x) w_(j-1)(x+1) + (j-x) w_(j-1)(x-1)]/(2(j-1)),     j >= 3;     w_2(x) = max(0, 2-|x|)/4,
     f_j(x) = (sinh(a)/a)^j exp(-a|x|) for |x| >= j.

   Hence E f_j(R-g) is (sinh(a)/a)^j G_(d-j) plus a finite sum, over |r-g| < j, of
   Pr(R=r) [f_j(r-g) - (sinh(a)/a)^j exp(-a|r-g|)]; and G_m = E exp(-a|R-g|) after m steps obeys (only the
   walk next to g feels the bend of |x|)

     G_(m+1) = cosh(a) G_m - sum over r of Pr(R_m = r) sinh(a max(0, 1-|r-g|)).

   The divisions by a^2 cost about j log2(1/a) bits, which are added to the precision. Terms above some J are
   bounded by a geometric series, as 0 < E f_j <= 1.

   All this is done at the midpoints of v and c. Replacing v by v' changes the overlap by at most lambda
   TV(D_v, D_v'), at most lambda d |v - v'|/2 for coordinates of density <= 1/2, and replacing lambda by
   lambda' by at most |lambda - lambda'|. */
#include "distributions/uniform_loss.h"

#include <stdlib.h>

enum { MOST_TERMS = 2000 };

typedef struct {
    uint64_t dimension;
    uint64_t first, last; /* of the terms j that are summed */
    slong centre;         /* nearest integer to g */
    arb_t a, g, sinch, cosh;
    slong precision;
} problem;

/* y := r - g */
static void distance(arb_t y, const problem *p, slong r) {
    arb_sub_si(y, p->g, r, p->precision);
    arb_neg(y, y);
}

/* value := exp(-a|y|) */
static void kernel(arb_t value, const problem *p, const arb_t y) {
    arb_abs(value, y);
    arb_mul(value, value, p->a, p->precision);
    arb_neg(value, value);
    arb_exp(value, value, p->precision);
}

/* ------------------------------------------------------------------ G_m */
/* Pr(R_m = r) for one r as m grows by 2. */
typedef struct {
    slong r;
    arb_t probability, loss; /* loss: sinh(a max(0, 1 - |r - g|)) */
} walk;

static void walk_init(walk *w, const problem *p, slong r) {
    arb_t one;
    arb_init(one);
    arb_init(w->probability);
    arb_init(w->loss);
    w->r = r;
    arb_one(one);
    arb_mul_2exp_si(w->probability, one, -labs(r)); /* at m = |r| */
    distance(w->loss, p, r);
    arb_abs(w->loss, w->loss);
    arb_sub(w->loss, one, w->loss, p->precision);
    arb_nonnegative_part(w->loss, w->loss);
    arb_mul(w->loss, w->loss, p->a, p->precision);
    arb_sinh(w->loss, w->loss, p->precision);
    arb_clear(one);
}

static void walk_clear(walk *w) {
    arb_clear(w->probability);
    arb_clear(w->loss);
}

/* probability: from m to m + 2 steps; (m+1)(m+2)/((m+2)^2 - r^2) times. */
static void walk_advance(walk *w, uint64_t m, slong precision) {
    uint64_t size = (uint64_t)labs(w->r);
    arb_mul_ui(w->probability, w->probability, (m + 1) * (m + 2), precision);
    arb_div_ui(w->probability, w->probability, (m + 2 - size) * (m + 2 + size), precision);
}

/* mean[k] := G_(d - last + k) for k = 0..last - first. */
static void walk_means(arb_ptr mean, const problem *p) {
    uint64_t start = p->dimension - p->last, end = p->dimension - p->first;
    arb_t now;
    walk track[3];
    arb_init(now);
    for (slong i = 0; i < 3; i++) walk_init(&track[i], p, p->centre - 1 + i);
    distance(now, p, 0);
    kernel(now, p, now);
    for (uint64_t m = 0;; m++) {
        if (m >= start) arb_set(mean + (m - start), now);
        if (m == end) break;
        arb_mul(now, now, p->cosh, p->precision);
        for (size_t i = 0; i < 3; i++) {
            uint64_t size = (uint64_t)labs(track[i].r);
            if (arb_is_zero(track[i].loss) || m < size || (m - size) % 2) continue;
            arb_submul(now, track[i].probability, track[i].loss, p->precision);
            walk_advance(&track[i], m, p->precision);
        }
    }
    for (size_t i = 0; i < 3; i++) walk_clear(&track[i]);
    arb_clear(now);
}

/* ------------------------------------------------------------------ f_j and w_j on r - g */
/* Rows of f_j and w_j at r = centre + o, |o| <= half; only o of one parity are filled. */
typedef struct {
    slong half;
    arb_ptr f[3], w[2];  /* by j mod 3, j mod 2 */
    arb_ptr sinch_power; /* (sinh(a)/a)^j */
} rows;

static void rows_init(rows *t, const problem *p) {
    t->half = (slong)p->last + 3;
    for (size_t i = 0; i < 3; i++) t->f[i] = _arb_vec_init(2 * t->half + 1);
    for (size_t i = 0; i < 2; i++) t->w[i] = _arb_vec_init(2 * t->half + 1);
    t->sinch_power = _arb_vec_init((slong)p->last + 1);
    _arb_vec_set_powers(t->sinch_power, p->sinch, (slong)p->last + 1, p->precision);
}

static void rows_clear(rows *t, const problem *p) {
    for (size_t i = 0; i < 3; i++) _arb_vec_clear(t->f[i], 2 * t->half + 1);
    for (size_t i = 0; i < 2; i++) _arb_vec_clear(t->w[i], 2 * t->half + 1);
    _arb_vec_clear(t->sinch_power, (slong)p->last + 1);
}

/* value := (1/2) integral of exp(-a|y+u|) over |u| <= 1, which is [e(y+1) - e(y-1)]/2 with
   e(y) = sgn(y)(1 - exp(-a|y|))/a. */
static void first_row(arb_t value, const problem *p, const arb_t y) {
    arb_t end, part;
    arb_init(end);
    arb_init(part);
    arb_zero(value);
    for (int sign = 1; sign >= -1; sign -= 2) {
        arb_add_si(end, y, sign, p->precision);
        if (arb_contains_zero(end) && !arb_is_zero(end)) { /* |e(y)| <= |y| */
            arb_abs(part, end);
            arb_get_ubound_arf(arb_midref(part), part, p->precision);
            mag_zero(arb_radref(part));
            arb_set(end, part);
            arb_zero(part);
            arb_add_error(part, end);
        } else {
            arb_abs(part, end);
            arb_mul(part, part, p->a, p->precision);
            arb_neg(part, part);
            arb_expm1(part, part, p->precision);
            arb_div(part, part, p->a, p->precision);
            if (!arb_is_negative(end)) arb_neg(part, part);
        }
        if (sign > 0)
            arb_add(value, value, part, p->precision);
        else
            arb_sub(value, value, part, p->precision);
    }
    arb_mul_2exp_si(value, value, -1);
    arb_clear(end);
    arb_clear(part);
}

/* value := f_j(y) at offset o of row j, from the row or, outside it, in closed form. */
static void row_value(arb_t value, const rows *t, const problem *p, slong j, slong o) {
    if (labs(o) <= j + 1) {
        arb_set(value, t->f[j % 3] + (o + t->half));
    } else { /* |o - (g - centre)| >= j + 2 - 1 */
        distance(value, p, p->centre + o);
        kernel(value, p, value);
        arb_mul(value, value, t->sinch_power + j, p->precision);
    }
}

/* w_j(y) for j >= 2 at offset o. */
static void fill_density(rows *t, const problem *p, slong j, slong o, const arb_t y) {
    slong precision = p->precision;
    arb_ptr w = t->w[j % 2] + (o + t->half);
    if (j == 2) {
        arb_abs(w, y);
        arb_sub_ui(w, w, 2, precision);
        arb_neg(w, w);
        arb_nonnegative_part(w, w);
        arb_mul_2exp_si(w, w, -2);
        return;
    }
    arb_srcptr before = t->w[(j - 1) % 2] + (o + t->half);
    arb_t part;
    arb_init(part);
    arb_add_si(w, y, j, precision);
    arb_mul(w, w, before + 1, precision);
    arb_sub_si(part, y, j, precision);
    arb_submul(w, part, before - 1, precision);
    arb_div_ui(w, w, (ulong)(2 * (j - 1)), precision);
    arb_clear(part);
}

/* Fills the rows for j: offsets o of the parity of d - j - centre, |o| <= j + 1. Rows below are full. */
static void fill_row(rows *t, const problem *p, slong j) {
    slong precision = p->precision;
    arb_t y, part;
    arb_init(y);
    arb_init(part);
    slong parity = (slong)((p->dimension + (uint64_t)j + (uint64_t)labs(p->centre)) % 2);
    if (j >= 2) _arb_vec_zero(t->w[j % 2], 2 * t->half + 1);
    for (slong o = -(j + 2); o <= j + 2; o++) {
        if (labs(o) % 2 != parity) continue;
        distance(y, p, p->centre + o);
        if (j >= 2) fill_density(t, p, j, o, y);
        arb_ptr f = t->f[j % 3] + (o + t->half);
        if (labs(o) > j + 1) continue;
        if (j == 0) {
            kernel(f, p, y);
        } else if (j == 1) {
            first_row(f, p, y);
        } else {
            row_value(f, t, p, j - 2, o);
            arb_mul_2exp_si(f, f, 1);
            arb_neg(f, f);
            row_value(part, t, p, j - 2, o + 2);
            arb_add(f, f, part, precision);
            row_value(part, t, p, j - 2, o - 2);
            arb_add(f, f, part, precision);
            arb_mul_2exp_si(f, f, -2);
            arb_div(f, f, p->a, precision);
            arb_mul_2exp_si(part, t->w[j % 2] + (o + t->half), 1);
            arb_add(f, f, part, precision);
            arb_div(f, f, p->a, precision);
        }
    }
    arb_clear(y);
    arb_clear(part);
}

/* value := E f_j(R - g), R after d - j steps; mean = G_(d-j). */
static void term_mean(arb_t value, const rows *t, const problem *p, slong j, const arb_t mean) {
    slong precision = p->precision, steps = (slong)p->dimension - j;
    arb_t weight, part;
    arb_init(weight);
    arb_init(part);
    arb_mul(value, t->sinch_power + j, mean, precision);
    int started = 0; /* weight = Pr(R = r) from one r to the next, r + 2 */
    for (slong o = -j; o <= j; o++) {
        slong r = p->centre + o;
        if (r < -steps || r > steps || (steps - r) % 2) continue;
        ulong up = (ulong)((steps + r) / 2);
        if (!started) {
            arb_bin_uiui(weight, (ulong)steps, up, precision);
            arb_mul_2exp_si(weight, weight, -steps);
            started = 1;
        } else { /* C(m, up)/C(m, up-1) */
            arb_mul_ui(weight, weight, (ulong)steps - up + 1, precision);
            arb_div_ui(weight, weight, up, precision);
        }
        distance(part, p, r);
        kernel(part, p, part);
        arb_mul(part, part, t->sinch_power + j, precision);
        arb_sub(part, t->f[j % 3] + (o + t->half), part, precision);
        arb_addmul(value, weight, part, precision);
    }
    arb_clear(weight);
    arb_clear(part);
}

/* ------------------------------------------------------------------ the sum over j */
/* The largest j that matters, and error := a bound on the terms above it, over ends^d. 0 when too many. */
static int last_term(problem *p, arb_t error, const arb_t ratio) {
    arb_t term, factor, bound;
    arb_init(term);
    arb_init(factor);
    arb_init(bound);
    int found = 0;
    arb_one(term);
    arb_zero(error);
    for (uint64_t j = 0; j <= MOST_TERMS && !found; j++) {
        p->last = j;
        if (j == p->dimension) {
            found = 1;
            break;
        }
        arb_mul_ui(factor, ratio, p->dimension - j, 64); /* term j + 1 over term j: decreasing in j */
        arb_div_ui(factor, factor, j + 1, 64);
        arb_mul(term, term, factor, 64);
        arb_sub_ui(bound, factor, 1, 64);
        arb_neg(bound, bound);
        if (arb_is_positive(bound)) {
            arb_div(bound, term, bound, 64);
            found = arf_cmpabs_2exp_si(arb_midref(bound), -p->precision) < 0;
            if (found) arb_get_ubound_arf(arb_midref(error), bound, 64);
        }
    }
    arb_clear(term);
    arb_clear(factor);
    arb_clear(bound);
    return found;
}

/* overlap := sum over j = first..last of C(d,j) ratio^(j-first) E f_j; ratio = body/ends, or 1. */
static void sum_terms(arb_t overlap, const problem *p, const arb_t ratio) {
    arb_ptr mean = _arb_vec_init((slong)(p->last - p->first) + 1);
    arb_t weight, term;
    rows table;
    arb_init(weight);
    arb_init(term);
    rows_init(&table, p);
    walk_means(mean, p);
    arb_one(weight);
    arb_zero(overlap);
    for (uint64_t j = 0; j <= p->last; j++) {
        fill_row(&table, p, (slong)j);
        if (j < p->first) continue;
        term_mean(term, &table, p, (slong)j, mean + (p->last - j));
        arb_addmul(overlap, weight, term, p->precision);
        arb_mul(weight, weight, ratio, p->precision);
        arb_mul_ui(weight, weight, p->dimension - j, p->precision);
        arb_div_ui(weight, weight, j + 1, p->precision);
    }
    rows_clear(&table, p);
    _arb_vec_clear(mean, (slong)(p->last - p->first) + 1);
    arb_clear(weight);
    arb_clear(term);
}

/* log2(1/a), or a little above; at least 0. */
static slong halvings(const arb_t shift) {
    slong count = 2 - arf_abs_bound_lt_2exp_si(arb_midref(shift));
    return count > 0 ? count : 0;
}

/* a, and g = c/v with its nearest integer; 0 when that is too large to be a number of steps. */
static int set_scales(problem *p, const arb_t shift, const arb_t log_lambda) {
    arb_mul_2exp_si(p->a, shift, -1);
    arb_div(p->g, log_lambda, shift, p->precision);
    arb_sinh_cosh(p->sinch, p->cosh, p->a, p->precision);
    arb_div(p->sinch, p->sinch, p->a, p->precision);
    if (!arb_is_finite(p->g) || arf_cmpabs_2exp_si(arb_midref(p->g), 40) > 0) return 0;
    p->centre = arf_get_si(arb_midref(p->g), ARF_RND_NEAR);
    return 1;
}

/* For exact shift and log_lambda; 0 when it is too much work. */
static int overlap_at(arb_t overlap, uint64_t dimension, sb_loss_masses *masses, const arb_t shift,
                      const arb_t log_lambda, slong precision) {
    problem p = {.dimension = dimension, .precision = precision};
    arb_t ends, body, error;
    arb_init(p.a);
    arb_init(p.g);
    arb_init(p.sinch);
    arb_init(p.cosh);
    arb_init(ends);
    arb_init(body);
    arb_init(error);
    masses(ends, body, shift, precision);
    int only = arb_is_zero(ends), fine; /* only the term j = d */
    if (only) {
        p.first = p.last = dimension;
        fine = dimension <= MOST_TERMS;
    } else {
        arb_div(body, body, ends, precision);
        fine = last_term(&p, error, body);
    }
    p.precision += halvings(shift) * (slong)(p.last + 2);
    if (fine && set_scales(&p, shift, log_lambda)) {
        masses(ends, body, shift, p.precision);
        if (only) {
            arb_set(ends, body);
            arb_one(body);
        } else {
            arb_div(body, body, ends, p.precision);
        }
        sum_terms(overlap, &p, body);
        arb_add_error(overlap, error);
        arb_pow_ui(ends, ends, dimension, precision);
        arb_mul(overlap, overlap, ends, precision);
        arb_mul_2exp_si(ends, log_lambda, -1);
        arb_exp(ends, ends, precision);
        arb_mul(overlap, overlap, ends, precision);
    } else {
        fine = 0;
    }
    arb_clear(p.a);
    arb_clear(p.g);
    arb_clear(p.sinch);
    arb_clear(p.cosh);
    arb_clear(ends);
    arb_clear(body);
    arb_clear(error);
    return fine;
}

void sb_uniform_loss_overlap(arb_t overlap, uint64_t dimension, sb_loss_masses *masses, const arb_t shift,
                             const arb_t log_lambda, slong precision) {
    arb_t middle, centre, error, lambda;
    arb_init(middle);
    arb_init(centre);
    arb_init(error);
    arb_init(lambda);
    arb_set_arf(middle, arb_midref(shift));
    arb_set_arf(centre, arb_midref(log_lambda));
    if (dimension <= SB_UNIFORM_LOSS_COORDINATES && arb_is_positive(shift) && arb_is_finite(log_lambda) &&
        overlap_at(overlap, dimension, masses, middle, centre, precision)) {
        arb_exp(lambda, log_lambda, precision);
        arb_get_rad_arb(error, shift);
        arb_mul_ui(error, error, dimension, MAG_BITS);
        arb_mul_2exp_si(error, error, -1);
        arb_mul(error, error, lambda, MAG_BITS);
        arb_add_error(overlap, error);
        arb_exp(error, centre, precision);
        if (!arb_is_exact(log_lambda)) {
            arb_sub(error, lambda, error, precision);
            arb_add_error(overlap, error);
        }
    } else {
        arb_indeterminate(overlap);
    }
    arb_clear(middle);
    arb_clear(centre);
    arb_clear(error);
    arb_clear(lambda);
}
