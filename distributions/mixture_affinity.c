/* p(x) = sum of w_i f_i(|x|/a_i)/a_i, f_i at unit scale, and q(x) = p(x - v). The two are exchanged by the reflection about
   the middle v/2 of the centres, so that each of the integrals is twice the one over x > v/2. There p and q are
   analytic between the points s (|x| = s) and v +- s (|x - v| = s), s the breakpoints of the components: 0 for a density
   with a kink or a branch point there, the edge of a support, the rim of a hole, the steps of a staircase.

   What is left out, on each of the two sides:
   - short intervals around these points, which also take in the radii of their balls: sqrt(pq), min(p, q) and
     p^(1/2-y) q^(1/2+y) with 0 <= y <= 1/2 integrate to at most their length times the supremum of p;
   - x > R: at most Pr(X > R - v), by Hoelder's inequality.
   For y > 1/2 and |log(p/q)| <= M both are multiplied by e^((y-1/2)M), as p^(1/2-y) q^(1/2+y) <= q e^((y-1/2)M). */
#include "distributions/mixture_affinity.h"

#include "distributions/law_numerics.h"
#include "distributions/noise.h"

#include <math.h>
#include <stdlib.h>

enum { STEPS = 4096 /* of one staircase */ };

typedef struct {
    const sb_noise_spec *spec;
    const sb_log_density *law; /* NULL: constant between breakpoints (staircase, lattice) */
    arb_t scale, log_factor;   /* a, and log(w/a) plus the constant of `law` */
    arb_t level[2];            /* on the current piece as functions of |x| and |x - v|: a constant, */
    int analytic[2];           /* or, when this is set, the law's density */
} component;

typedef struct {
    const sb_noise_spec *spec;
    component *part;
    arb_srcptr shift, t;
    sb_mixture_integral kind;
    int flip;          /* on the current piece |x - v| = v - x */
    int map;           /* 0: the integral is over x; else over s, x = start + map unit e^s, map = 1 or -1 */
    arb_t start, unit; /* exact */
    int branched;      /* a component has a branch point at 0 */
    slong narrow;      /* the points have radii of at least 2^narrow */
    arb_t end;         /* exact: R where staircases set it, else +inf */
    arb_ptr point;     /* the middle, then breakpoints; exact centres, radii that hold what is left out */
    size_t point_count, room;
} mixture;

static void component_init(component *c, const sb_noise_spec *spec, const fmpq *weight, slong precision) {
    const sb_product_law *law = spec->family->product;
    c->spec = spec;
    c->law = law->log_density ? law->log_density(spec) : NULL;
    arb_init(c->scale);
    arb_init(c->log_factor);
    arb_init(c->level[0]);
    arb_init(c->level[1]);
    sb_noise_scale(c->scale, spec, 1, precision);
    arb_set_fmpq(c->log_factor, weight, precision);
    arb_div(c->log_factor, c->log_factor, c->scale, precision);
    arb_log(c->log_factor, c->log_factor, precision);
    if (c->law && c->law->log_constant) {
        c->law->log_constant(c->level[0], spec, precision);
        arb_add(c->log_factor, c->log_factor, c->level[0], precision);
    }
}

static int mixture_init(mixture *m, const sb_noise_spec *spec, slong precision) {
    m->spec = spec;
    m->part = calloc(spec->component_count, sizeof *m->part);
    m->point = NULL;
    m->point_count = m->room = 0;
    arb_init(m->start);
    arb_init(m->unit);
    arb_init(m->end);
    if (!m->part) return 0;
    for (size_t i = 0; i < spec->component_count; i++)
        component_init(&m->part[i], &spec->component[i], &spec->weight[i], precision);
    return 1;
}

static void mixture_clear(mixture *m) {
    for (size_t i = 0; m->part && i < m->spec->component_count; i++) {
        arb_clear(m->part[i].scale);
        arb_clear(m->part[i].log_factor);
        arb_clear(m->part[i].level[0]);
        arb_clear(m->part[i].level[1]);
    }
    free(m->part);
    for (size_t i = 0; i < m->room; i++) arb_clear(m->point + i);
    free(m->point);
    arb_clear(m->start);
    arb_clear(m->unit);
    arb_clear(m->end);
}

/* Whether the log-density does not continue to a neighbourhood of 0. */
static int has_branch_point(const component *c, slong precision) {
    if (!c->law || c->law->hole || c->law->analytic_at_zero) return 0;
    acb_t log, z;
    acb_init(log);
    acb_init(z);
    arb_add_error_2exp_si(acb_realref(z), -10);
    arb_add_error_2exp_si(acb_imagref(z), -10);
    c->law->log_density(log, c->spec, z, 1, precision);
    int branched = !acb_is_finite(log);
    acb_clear(log);
    acb_clear(z);
    return branched;
}

/* ------------------------------------------------------------------ breakpoints */
/* Keeps x unless it lies left of the middle, or right of the end, for certain. */
static int add_point(mixture *m, const arb_t x) {
    if (m->point_count && (arb_lt(x, m->point) || arb_gt(x, m->end))) return 1;
    if (m->point_count == m->room) {
        size_t room = 2 * m->room + 16;
        arb_ptr point = realloc(m->point, room * sizeof *point);
        if (!point) return 0;
        for (size_t i = m->room; i < room; i++) arb_init(point + i);
        m->point = point;
        m->room = room;
    }
    arb_set(m->point + m->point_count++, x);
    return 1;
}

/* s, v - s and v + s */
static int add_points(mixture *m, const arb_t s, slong precision) {
    arb_t x;
    arb_init(x);
    int fine = add_point(m, s);
    arb_sub(x, m->shift, s, precision);
    fine = fine && add_point(m, x);
    arb_add(x, m->shift, s, precision);
    fine = fine && add_point(m, x);
    arb_clear(x);
    return fine;
}

/* Step number k of a staircase: a (gamma + k) */
static void step(arb_t s, const component *c, slong k, slong precision) {
    arb_set_fmpq(s, c->spec->value[1], precision);
    arb_add_si(s, s, k, precision);
    arb_mul(s, s, c->scale, precision);
}

/* reach := where the first STEPS steps of a staircase end; +inf without one */
static void find_reach(arb_t reach, const mixture *m, slong precision) {
    arb_t s;
    arb_init(s);
    arb_pos_inf(reach);
    for (size_t i = 0; i < m->spec->component_count; i++) {
        if (m->part[i].spec->family != &sb_staircase_family) continue;
        step(s, &m->part[i], STEPS, precision);
        arb_get_lbound_arf(arb_midref(s), s, precision);
        mag_zero(arb_radref(s));
        arb_min(reach, reach, s, precision);
    }
    arb_clear(s);
}

static int find_points(mixture *m, slong precision) {
    arb_t s;
    arb_init(s);
    arb_mul_2exp_si(s, m->shift, -1);
    int fine = add_point(m, s);
    for (size_t i = 0; i < m->spec->component_count && fine; i++) {
        const component *c = &m->part[i];
        arb_zero(s);
        if (c->law && !c->law->hole && !c->law->analytic_at_zero) fine = add_points(m, s, precision);
        if (c->law && (c->law->hole || c->law->edge)) fine = fine && add_points(m, c->scale, precision);
        for (slong k = 0; k <= STEPS && fine && c->spec->family == &sb_staircase_family; k++) {
            step(s, c, k, precision);
            if (arb_gt(s, m->end)) break;
            fine = add_points(m, s, precision);
        }
    }
    if (arb_is_finite(m->end)) fine = fine && add_point(m, m->end);
    arb_clear(s);
    return fine;
}

static int by_lower_end(const void *a, const void *b) {
    arf_t x, y;
    arf_init(x);
    arf_init(y);
    arb_get_lbound_arf(x, a, ARF_PREC_EXACT);
    arb_get_lbound_arf(y, b, ARF_PREC_EXACT);
    int order = arf_cmp(x, y);
    arf_clear(x);
    arf_clear(y);
    return order;
}

/* ------------------------------------------------------------------ integrals */
/* value := p as a function of |x| (side 0), or q of |x - v| (side 1), at distance z */
static void density_at(acb_t value, const mixture *m, int side, const acb_t z, slong precision) {
    acb_t y, term;
    acb_init(y);
    acb_init(term);
    acb_zero(value);
    for (size_t i = 0; i < m->spec->component_count; i++) {
        const component *c = &m->part[i];
        if (c->analytic[side]) {
            acb_div_arb(y, z, c->scale, precision);
            c->law->log_density(term, c->spec, y, 1, precision);
            acb_add_arb(term, term, c->log_factor, precision);
            acb_exp(term, term, precision);
            acb_add(value, value, term, precision);
        } else {
            acb_add_arb(value, value, c->level[side], precision);
        }
    }
    acb_clear(y);
    acb_clear(term);
}

static int integrand(acb_ptr value, const acb_t s, void *context, slong order, slong precision) {
    const mixture *m = context;
    acb_t x, derivative, p, q;
    acb_init(x);
    acb_init(derivative);
    acb_init(p);
    acb_init(q);
    acb_set(x, s);
    acb_one(derivative);
    if (m->map) {
        acb_exp(derivative, s, precision);
        acb_mul_arb(derivative, derivative, m->unit, precision);
        acb_mul_si(x, derivative, m->map, precision);
        acb_add_arb(x, x, m->start, precision);
    }
    density_at(p, m, 0, x, precision);
    acb_sub_arb(x, x, m->shift, precision);
    if (m->flip) acb_neg(x, x);
    density_at(q, m, 1, x, precision);
    if (m->kind == SB_MIXTURE_OVERLAP) {
        acb_real_min(value, p, q, order != 0, precision);
    } else {
        acb_log_analytic(p, p, order != 0, precision);
        acb_log_analytic(q, q, order != 0, precision);
        acb_add(x, p, q, precision);
        acb_mul_2exp_si(x, x, -1);
        acb_exp(value, x, precision);
        acb_sub(x, p, q, precision);
        acb_mul_arb(x, x, m->t, precision);
        if (m->kind == SB_MIXTURE_REAL)
            acb_cos(x, x, precision);
        else
            acb_cosh(x, x, precision);
        acb_mul(value, value, x, precision);
    }
    acb_mul(value, value, derivative, precision);
    acb_clear(x);
    acb_clear(derivative);
    acb_clear(p);
    acb_clear(q);
    return 0;
}

/* What the component is at distance `place`, on a piece to which that belongs. Returns whether it is not 0. */
static int settle(component *c, int side, const arb_t place, slong precision) {
    arb_t y, one;
    arb_init(y);
    arb_init(one);
    arb_one(one);
    arb_div(y, place, c->scale, precision);
    arb_zero(c->level[side]);
    c->analytic[side] = 0;
    if (!c->law) {
        c->spec->family->product->density(c->level[side], c->spec, y, precision);
        arb_exp(y, c->log_factor, precision);
        arb_mul(c->level[side], c->level[side], y, precision);
    } else if (arb_overlaps(y, one) && (c->law->hole || c->law->edge)) {
        arb_indeterminate(c->level[side]);
    } else {
        c->analytic[side] = !(c->law->edge && arb_gt(y, one)) && !(c->law->hole && arb_lt(y, one));
    }
    int positive = c->analytic[side] || !arb_is_zero(c->level[side]);
    arb_clear(y);
    arb_clear(one);
    return positive;
}

/* unit := a power of 2 near the largest scale */
static void choose_unit(mixture *m) {
    slong most = 0;
    for (size_t i = 0; i < m->spec->component_count; i++) {
        slong size = arf_abs_bound_lt_2exp_si(arb_midref(m->part[i].scale));
        if (!i || size > most) most = size;
    }
    arb_one(m->unit);
    arb_mul_2exp_si(m->unit, m->unit, most);
}

/* Settles all components on the piece to which `place` belongs. Returns whether p and q are both not 0. */
static int settle_all(mixture *m, const arb_t place, slong precision) {
    int positive[2] = {0, 0};
    arb_t distance;
    arb_init(distance);
    arb_set(distance, place);
    for (int side = 0; side < 2; side++) {
        if (side) arb_sub(distance, place, m->shift, precision);
        m->flip = side && arf_sgn(arb_midref(distance)) < 0;
        if (m->flip) arb_neg(distance, distance);
        for (size_t i = 0; i < m->spec->component_count; i++)
            positive[side] |= settle(&m->part[i], side, distance, precision);
    }
    arb_clear(distance);
    return positive[0] && positive[1];
}

/* What the integrals go to, and how fine. */
typedef struct {
    arb_ptr value;
    mag_t cut; /* the length that is left out */
    arb_srcptr scale;
    slong goal, precision;
} tally;

/* Adds the integral from s = 0 (or x = low) on, as m->map says. */
static void add_integral(tally *sum, mixture *m, const arf_t low, const arf_t high) {
    arb_t part;
    arb_init(part);
    sb_integrate(part, integrand, m, low, high, sum->goal, sum->scale, sum->precision);
    arb_add(sum->value, sum->value, part, sum->precision);
    arb_clear(part);
}

/* Adds the integral over low < x < high by x = low - e + e e^s and high + e - e e^s, e = 2^narrow: a branch point
   that close to an end goes far away. The two meet in the middle, up to a length that is left out. */
static void add_branched(tally *sum, mixture *m, const arf_t low, const arf_t high) {
    arf_t zero, range;
    arb_t half, rest;
    arf_init(zero);
    arf_init(range);
    arb_init(half);
    arb_init(rest);
    arf_sub(arb_midref(half), high, low, ARF_PREC_EXACT, ARF_RND_NEAR);
    arb_mul_2exp_si(half, half, -1);
    arb_one(m->unit);
    arb_mul_2exp_si(m->unit, m->unit, m->narrow);
    arb_div(rest, half, m->unit, sum->precision);
    arb_log1p(rest, rest, sum->precision);
    arf_set(range, arb_midref(rest));
    arb_set_arf(rest, range);
    arb_expm1(rest, rest, sum->precision);
    arb_mul(rest, rest, m->unit, sum->precision);
    arb_sub(rest, rest, half, sum->precision);
    arb_mul_2exp_si(rest, rest, 1);
    arb_get_mag(arb_radref(half), rest);
    mag_add(sum->cut, sum->cut, arb_radref(half));
    for (m->map = 1; m->map >= -1; m->map -= 2) {
        arb_set_arf(m->start, m->map > 0 ? low : high);
        if (m->map > 0)
            arb_sub(m->start, m->start, m->unit, ARF_PREC_EXACT);
        else
            arb_add(m->start, m->start, m->unit, ARF_PREC_EXACT);
        add_integral(sum, m, zero, range);
    }
    m->map = 0;
    arf_clear(zero);
    arf_clear(range);
    arb_clear(half);
    arb_clear(rest);
}

static void add_piece(tally *sum, mixture *m, const arf_t low, const arf_t high) {
    arb_t place;
    arb_init(place);
    arf_add(arb_midref(place), low, high, ARF_PREC_EXACT, ARF_RND_NEAR);
    arb_mul_2exp_si(place, place, -1);
    if (settle_all(m, place, sum->precision)) {
        if (m->branched)
            add_branched(sum, m, low, high);
        else
            add_integral(sum, m, low, high);
    }
    arb_clear(place);
}

/* Adds the integral over x > low, up to s = range. */
static void add_outer(tally *sum, mixture *m, const arf_t low, slong range) {
    arf_t zero, end;
    arb_t place;
    arf_init(zero);
    arf_init(end);
    arb_init(place);
    choose_unit(m);
    if (m->branched) { /* as in add_branched: unit e^s is e e^(s + log(unit/e)) */
        slong finer = arf_abs_bound_lt_2exp_si(arb_midref(m->unit)) - m->narrow;
        arb_mul_2exp_si(m->unit, m->unit, -finer);
        range += finer > 0 ? finer * 7 / 10 + 1 : 0; /* log 2 < 7/10 */
    }
    arf_set_si(end, range);
    arb_set_arf(place, low);
    arb_sub(m->start, place, m->unit, ARF_PREC_EXACT);
    arb_add(place, place, m->unit, ARF_PREC_EXACT);
    m->map = 1;
    if (settle_all(m, place, sum->precision)) add_integral(sum, m, zero, end);
    m->map = 0;
    arf_clear(zero);
    arf_clear(end);
    arb_clear(place);
}

/* The pieces between the points, and the outer one if range is not 0. */
static void add_pieces(tally *sum, mixture *m, slong range) {
    arf_t low, high, end;
    arf_init(low);
    arf_init(high);
    arf_init(end);
    qsort(m->point, m->point_count, sizeof *m->point, by_lower_end);
    for (size_t i = 0; i < m->point_count; i++) {
        mag_add(sum->cut, sum->cut, arb_radref(m->point + i));
        mag_add(sum->cut, sum->cut, arb_radref(m->point + i));
        arb_get_lbound_arf(high, m->point + i, ARF_PREC_EXACT);
        arb_get_ubound_arf(end, m->point + i, ARF_PREC_EXACT);
        if (i && arf_cmp(low, high) < 0) add_piece(sum, m, low, high);
        if (!i || arf_cmp(low, end) < 0) arf_set(low, end);
    }
    if (range) add_outer(sum, m, low, range);
    arf_clear(low);
    arf_clear(high);
    arf_clear(end);
}

/* ------------------------------------------------------------------ what is left out, and how fine to be */
/* value := a bound on the density of the absolutely continuous part */
static void largest_density(arb_t value, const mixture *m, slong precision) {
    arb_t place, term;
    arb_init(place);
    arb_init(term);
    arb_zero(value);
    for (size_t i = 0; i < m->spec->component_count; i++) {
        const component *c = &m->part[i];
        arb_set_si(place, c->law && c->law->hole);
        c->spec->family->product->density(term, c->spec, place, precision);
        arb_set_fmpq(place, &m->spec->weight[i], precision);
        arb_mul(term, term, place, precision);
        arb_div(term, term, c->scale, precision);
        arb_add(value, value, term, precision);
    }
    arb_clear(place);
    arb_clear(term);
}

/* scale := roughly the largest sqrt(pq): at the middle or at a centre; `largest` where that is not known */
static void choose_scale(arb_t scale, const mixture *m, const arb_t largest, slong precision) {
    sb_law_function *density = m->spec->family->product->density;
    arb_t x, value;
    arb_init(x);
    arb_init(value);
    density(scale, m->spec, m->shift, precision);
    density(value, m->spec, x, precision);
    arb_mul(scale, scale, value, precision);
    arb_sqrtpos(scale, scale, precision);
    arb_mul_2exp_si(x, m->shift, -1);
    density(value, m->spec, x, precision);
    arb_max(scale, scale, value, precision);
    arb_get_mid_arb(scale, scale);
    if (!arb_is_positive(scale) || !arb_is_finite(scale)) arb_get_mid_arb(scale, largest);
    arb_clear(x);
    arb_clear(value);
}

/* The first whole s with Pr(X > from - v + unit (e^s - 1)) <= wanted; left := that tail. 0 when there is no such s. */
static slong far_enough(mag_t left, const mixture *m, const arb_t from, const arb_t wanted, slong precision) {
    arb_t x, mass;
    slong s = 1;
    arb_init(x);
    arb_init(mass);
    for (;; s += 1 + s / 8) {
        arb_set_si(x, s);
        arb_expm1(x, x, precision);
        arb_mul(x, x, m->unit, precision);
        arb_add(x, x, from, precision);
        arb_sub(x, x, m->shift, precision);
        arb_nonnegative_part(x, x);
        m->spec->family->product->tail(mass, m->spec, x, precision);
        if (arb_le(mass, wanted) || s > (slong)1 << 20) break;
    }
    arb_get_mag(left, mass);
    arb_clear(x);
    arb_clear(mass);
    return s;
}

/* m->end := R where staircases set it, at most their reach; else +inf. */
static void choose_end(mixture *m, const arb_t wanted, slong precision) {
    arb_t reach;
    mag_t left;
    arb_init(reach);
    mag_init(left);
    find_reach(reach, m, precision);
    arb_pos_inf(m->end);
    if (arb_is_finite(reach)) {
        arb_set_si(m->end, far_enough(left, m, m->shift, wanted, precision));
        arb_expm1(m->end, m->end, precision);
        arb_mul(m->end, m->end, m->unit, precision);
        arb_add(m->end, m->end, m->shift, precision);
        arb_min(m->end, m->end, reach, precision);
        arb_get_mid_arb(m->end, m->end);
    }
    arb_clear(reach);
    mag_clear(left);
}

/* log M: |log(p/q)| <= M, from the components, as p/q <= max of p_i/q_i. NaN where one has no bound. */
static void loss_bound(arb_t value, const mixture *m, slong precision) {
    arb_t unit_shift, bound;
    arb_init(unit_shift);
    arb_init(bound);
    arb_zero(value);
    for (size_t i = 0; i < m->spec->component_count; i++) {
        const component *c = &m->part[i];
        if (!c->law || !c->law->loss_bound || c->law->hole || c->law->edge) {
            arb_indeterminate(value);
            break;
        }
        arb_div(unit_shift, m->shift, c->scale, precision);
        c->law->loss_bound(bound, c->spec, unit_shift, precision);
        arb_max(value, value, bound, precision);
    }
    arb_clear(unit_shift);
    arb_clear(bound);
}

/* factor := e^((y-1/2)M) for H(iy), y > 1/2; else 1 */
static void excess_factor(arb_t factor, const mixture *m, slong precision) {
    arb_t half;
    arb_init(half);
    arb_set_d(half, 0.5);
    arb_one(factor);
    if (m->kind == SB_MIXTURE_IMAGINARY && !arb_le(m->t, half)) {
        arb_sub(half, m->t, half, precision);
        loss_bound(factor, m, precision);
        arb_mul(factor, factor, half, precision);
        arb_exp(factor, factor, precision);
    }
    arb_clear(half);
}

/* Adds 2^narrow to the radii of the points; last := the right end of the outermost. */
static void widen_points(arb_t last, mixture *m) {
    arf_t end;
    arf_init(end);
    for (size_t i = 0; i < m->point_count; i++) {
        arb_add_error_2exp_si(m->point + i, m->narrow);
        arb_get_ubound_arf(end, m->point + i, ARF_PREC_EXACT);
        if (!i || arf_cmp(end, arb_midref(last)) > 0) arb_set_arf(last, end);
    }
    arf_clear(end);
}

/* value += what the points and the far end leave out, on both sides */
static void add_errors(arb_t value, const mag_t cut, const mag_t left, const arb_t largest, const arb_t factor) {
    mag_t bound, error;
    mag_init(bound);
    mag_init(error);
    arb_get_mag(bound, largest);
    mag_mul(error, cut, bound);
    mag_mul_2exp_si(error, error, 1);
    mag_add(error, error, left);
    arb_get_mag(bound, factor);
    mag_mul(error, error, bound);
    arb_add_error_mag(value, error);
    mag_clear(bound);
    mag_clear(error);
}

/* The absolutely continuous part; not finite where a ball is too wide or memory is short. */
static void integrate(arb_t value, mixture *m, slong goal, slong precision) {
    arb_t largest, scale, wanted, factor, x;
    mag_t left;
    arb_init(largest);
    arb_init(scale);
    arb_init(wanted);
    arb_init(factor);
    arb_init(x);
    mag_init(left);
    for (size_t i = 0; i < m->spec->component_count; i++) m->branched |= has_branch_point(&m->part[i], precision);
    excess_factor(factor, m, precision);
    largest_density(largest, m, precision);
    choose_scale(scale, m, largest, precision);
    choose_unit(m);
    arb_mul_2exp_si(wanted, scale, -goal);
    arb_div(wanted, wanted, factor, precision);
    if (arb_is_finite(wanted)) choose_end(m, wanted, precision);
    if (arb_is_zero(largest)) {
        arb_zero(value);
    } else if (!arb_is_positive(wanted) || !arb_is_finite(wanted) || !find_points(m, precision)) {
        arb_indeterminate(value);
    } else {
        slong range = 0;
        arb_div(x, wanted, largest, precision); /* intervals of this length cost as much */
        m->narrow = arf_abs_bound_lt_2exp_si(arb_midref(x)) - 4;
        slong least = arf_abs_bound_lt_2exp_si(arb_midref(m->shift)) + 12 - precision; /* above the roundings */
        if (m->narrow < least) m->narrow = least;
        widen_points(x, m);
        if (arb_is_finite(m->end)) {
            arb_sub(x, m->end, m->shift, precision);
            arb_nonnegative_part(x, x);
            m->spec->family->product->tail(x, m->spec, x, precision);
            arb_get_mag(left, x);
        } else {
            range = far_enough(left, m, x, wanted, precision);
        }
        tally sum = {.value = value, .scale = scale, .goal = goal, .precision = precision};
        mag_init(sum.cut);
        arb_zero(value);
        add_pieces(&sum, m, range);
        arb_mul_2exp_si(value, value, 1);
        add_errors(value, sum.cut, left, largest, factor);
        mag_clear(sum.cut);
    }
    arb_clear(largest);
    arb_clear(scale);
    arb_clear(wanted);
    arb_clear(factor);
    arb_clear(x);
    mag_clear(left);
}

/* What is true of any law: |H(t)| <= 1, and 0 <= H(iy) <= 1 for y <= 1/2. */
static void trivial(arb_t value, sb_mixture_integral kind, const arb_t t) {
    arb_t half;
    arb_init(half);
    arb_set_d(half, 0.5);
    if (kind == SB_MIXTURE_REAL)
        arb_zero_pm_one(value);
    else if (kind == SB_MIXTURE_OVERLAP || arb_le(t, half))
        arb_unit_interval(value);
    else
        arb_indeterminate(value);
    arb_clear(half);
}

void sb_mixture_affinity(arb_t value, const sb_noise_spec *spec, sb_mixture_integral kind, const arb_t t,
                         const arb_t shift, slong precision) {
    double size = kind == SB_MIXTURE_OVERLAP ? 0 : fabs(arf_get_d(arb_midref(t), ARF_RND_NEAR));
    slong work = precision + 20 + (size > 1 ? size < 1e9 ? (slong)log2(size) : 30 : 0);
    mixture m = {.shift = shift, .t = t, .kind = kind};
    arb_t sum, atoms;
    arb_init(sum);
    arb_init(atoms);
    int fine = mixture_init(&m, spec, work);
    if (fine && arb_is_positive(shift)) {
        integrate(sum, &m, precision, work);
        if (spec->family->product->traits(spec) & SB_HAS_ATOMS) {
            sb_mixture_atoms(atoms, spec, kind, t, shift, work);
            arb_add(sum, sum, atoms, work);
        }
    } else {
        arb_indeterminate(sum);
    }
    if (arb_is_finite(sum))
        arb_set_round(value, sum, precision);
    else
        trivial(value, kind, t);
    mixture_clear(&m);
    arb_clear(sum);
    arb_clear(atoms);
}

/* ------------------------------------------------------------------ the log-density */
/* log of the sum of exp(log_factor + G_i(z/a)), as power series in z; then k! times its coefficients. */
void sb_mixture_log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length,
                            slong precision) {
    acb_poly_t sum, term;
    acb_ptr part = _acb_vec_init(length);
    acb_t y;
    fmpz_t factorial;
    mixture m = {.spec = spec};
    acb_poly_init(sum);
    acb_poly_init(term);
    acb_init(y);
    fmpz_init(factorial);
    int fine = mixture_init(&m, spec, precision);
    for (size_t i = 0; fine && i < spec->component_count; i++) {
        const component *c = &m.part[i];
        acb_div_arb(y, z, c->scale, precision);
        c->law->log_density(part, c->spec, y, length, precision);
        acb_add_arb(part, part, c->log_factor, precision);
        acb_poly_zero(term);
        for (slong k = 0; k < length; k++) {
            fmpz_fac_ui(factorial, (ulong)k);
            acb_div_fmpz(part + k, part + k, factorial, precision);
            arb_pow_ui(acb_realref(y), c->scale, (ulong)k, precision);
            acb_div_arb(part + k, part + k, acb_realref(y), precision);
            acb_poly_set_coeff_acb(term, k, part + k);
        }
        acb_poly_exp_series(term, term, length, precision);
        acb_poly_add(sum, sum, term, precision);
    }
    acb_poly_get_coeff_acb(y, sum, 0);
    acb_log_analytic(y, y, 1, precision);
    acb_poly_log_series(sum, sum, length, precision);
    acb_poly_set_coeff_acb(sum, 0, y);
    for (slong k = 0; k < length; k++) {
        fmpz_fac_ui(factorial, (ulong)k);
        acb_poly_get_coeff_acb(jet + k, sum, k);
        acb_mul_fmpz(jet + k, jet + k, factorial, precision);
        if (!fine) acb_indeterminate(jet + k);
    }
    mixture_clear(&m);
    acb_poly_clear(sum);
    acb_poly_clear(term);
    _acb_vec_clear(part, length);
    acb_clear(y);
    fmpz_clear(factorial);
}
