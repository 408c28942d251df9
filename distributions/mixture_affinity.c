/* With p the density of the mixture and q(x) = p(x - v): the two are exchanged by the reflection about the
   middle v/2 of the centres, so that each integral is twice the one over x > v/2. There p and q are analytic
   between the points s (|x| = s) and v +- s (|x - v| = s), s the breakpoints of the components: 0 for a
   density with a kink or a branch point there, the edge of a support, the rim of a hole, the steps of a
   staircase.

   What is left out, on each of the two sides:
   - short intervals around these points, which also take in the radii of their balls: sqrt(pq), min(p, q)
     and p^(1/2-y) q^(1/2+y), 0 <= y <= 1/2, integrate to at most their length times the supremum of p;
   - x > R: at most Pr(X > R - v), by Hoelder's inequality. For min(p, q) nothing, as R lies right of v and
     of all holes moved by v, where p <= q since p decreases: the integral over x > R is Pr(X > R).
   For y > 1/2 and |log(p/q)| <= M both are multiplied by e^((y-1/2)M), a bound on (q/p)^(y-1/2). */
#include "distributions/mixture_affinity.h"

#include "distributions/mixture_density.h"

#include <math.h>
#include <stdlib.h>

enum { STEPS = 4096 /* of one staircase */ };

typedef struct {
    sb_mixture mixture;
    sb_mixture_integral kind;
    arb_srcptr shift, t;
    slong goal, precision;
    arb_t scale;   /* exact: about the largest sqrt(pq); the error is to be 2^-goal of it */
    arb_t largest; /* at least the supremum of p */
    arb_t factor;  /* e^((y-1/2)M), or 1 */
    arb_t end;     /* exact: R where it is chosen beforehand, else +inf */
    int branched;  /* a component has a branch point at 0 */
    arb_ptr point; /* the middle, then breakpoints */
    size_t point_count, room;
    slong narrow; /* the points have radii of at least 2^narrow */
    int flip;     /* on the current piece |x - v| = v - x */
    int map;      /* 0: the integral is over x; else over s, x = start + map unit e^s, map = 1 or -1 */
    arb_t start, unit;
    arb_t sum; /* of the pieces */
    mag_t cut; /* the length that is left out */
} quadrature;

static int quadrature_init(quadrature *c, const sb_noise_spec *spec) {
    arb_init(c->scale);
    arb_init(c->largest);
    arb_init(c->factor);
    arb_init(c->end);
    arb_init(c->start);
    arb_init(c->unit);
    arb_init(c->sum);
    mag_init(c->cut);
    return sb_mixture_init(&c->mixture, spec, c->precision);
}

static void quadrature_clear(quadrature *c) {
    sb_mixture_clear(&c->mixture);
    arb_clear(c->scale);
    arb_clear(c->largest);
    arb_clear(c->factor);
    arb_clear(c->end);
    for (size_t i = 0; i < c->room; i++) arb_clear(c->point + i);
    free(c->point);
    arb_clear(c->start);
    arb_clear(c->unit);
    arb_clear(c->sum);
    mag_clear(c->cut);
}

/* The first part, and the one behind the last. */
static const sb_mixture_part *parts(const quadrature *c) {
    return c->mixture.part;
}

static const sb_mixture_part *parts_end(const quadrature *c) {
    return c->mixture.part + c->mixture.spec->component_count;
}

/* ------------------------------------------------------------------ breakpoints */
/* Keeps x unless it lies left of the middle, or right of the end, for certain. */
static int add_point(quadrature *c, const arb_t x) {
    if (c->point_count && (arb_lt(x, c->point) || arb_gt(x, c->end))) return 1;
    if (c->point_count == c->room) {
        size_t room = 2 * c->room + 16;
        arb_ptr point = realloc(c->point, room * sizeof *point);
        if (!point) return 0;
        for (size_t i = c->room; i < room; i++) arb_init(point + i);
        c->point = point;
        c->room = room;
    }
    arb_set(c->point + c->point_count++, x);
    return 1;
}

/* s, v - s and v + s */
static int add_points(quadrature *c, const arb_t s) {
    arb_t x;
    arb_init(x);
    int fine = add_point(c, s);
    arb_sub(x, c->shift, s, c->precision);
    fine = fine && add_point(c, x);
    arb_add(x, c->shift, s, c->precision);
    fine = fine && add_point(c, x);
    arb_clear(x);
    return fine;
}

static int is_staircase(const sb_mixture_part *part) {
    return part->spec->family == &sb_staircase_family;
}

/* Step number k of a staircase: a (gamma + k) */
static void step(arb_t s, const sb_mixture_part *part, slong k, slong precision) {
    arb_set_fmpq(s, part->spec->value[1], precision);
    arb_add_si(s, s, k, precision);
    arb_mul(s, s, part->scale, precision);
}

/* 0 when memory is short */
static int find_points(quadrature *c) {
    arb_t s;
    arb_init(s);
    arb_mul_2exp_si(s, c->shift, -1);
    int fine = add_point(c, s);
    for (const sb_mixture_part *part = parts(c); part < parts_end(c) && fine; part++) {
        sb_mixture_centre centre = sb_mixture_centre_of(part, c->precision);
        c->branched |= centre == SB_BRANCH_POINT;
        arb_zero(s);
        if (centre != SB_SMOOTH) fine = add_points(c, s);
        if (part->law && (part->law->hole || part->law->edge)) fine = fine && add_points(c, part->scale);
        for (slong k = 0; k <= STEPS && fine && is_staircase(part); k++) {
            step(s, part, k, c->precision);
            if (arb_gt(s, c->end)) break;
            fine = add_points(c, s);
        }
    }
    if (arb_is_finite(c->end)) fine = fine && add_point(c, c->end);
    arb_clear(s);
    return fine;
}

/* ------------------------------------------------------------------ how far, and how fine */
/* scale := p at the middle or sqrt(pq) at a centre, the larger one, or if that is not known the bound on p */
static void choose_scale(quadrature *c) {
    const sb_noise_spec *spec = c->mixture.spec;
    sb_law_function *density = spec->family->product->density;
    arb_t x, value;
    arb_init(x);
    arb_init(value);
    density(c->scale, spec, c->shift, c->precision);
    density(value, spec, x, c->precision);
    arb_mul(c->scale, c->scale, value, c->precision);
    arb_sqrtpos(c->scale, c->scale, c->precision);
    arb_mul_2exp_si(x, c->shift, -1);
    density(value, spec, x, c->precision);
    arb_max(c->scale, c->scale, value, c->precision);
    arb_get_mid_arb(c->scale, c->scale);
    if (!arb_is_positive(c->scale) || !arb_is_finite(c->scale)) arb_get_mid_arb(c->scale, c->largest);
    arb_clear(x);
    arb_clear(value);
}

/* unit := a power of 2 near the largest scale */
static void choose_unit(quadrature *c) {
    slong most = 0;
    for (const sb_mixture_part *part = parts(c); part < parts_end(c); part++) {
        slong size = arf_abs_bound_lt_2exp_si(arb_midref(part->scale));
        if (part == parts(c) || size > most) most = size;
    }
    arb_one(c->unit);
    arb_mul_2exp_si(c->unit, c->unit, most);
}

/* The first whole s for which Pr(|X| > from - v + unit (e^s - 1)) is small enough; left := that tail. */
static slong far_enough(mag_t left, const quadrature *c, const arb_t from) {
    arb_t x, mass, wanted;
    slong s = 1;
    arb_init(x);
    arb_init(mass);
    arb_init(wanted);
    arb_mul_2exp_si(wanted, c->scale, -c->goal);
    arb_div(wanted, wanted, c->factor, c->precision);
    for (;; s += 1 + s / 8) {
        arb_set_si(x, s);
        arb_expm1(x, x, c->precision);
        arb_mul(x, x, c->unit, c->precision);
        arb_add(x, x, from, c->precision);
        arb_sub(x, x, c->shift, c->precision);
        arb_nonnegative_part(x, x);
        sb_mixture_mass(mass, &c->mixture, x, c->precision);
        if (arb_le(mass, wanted) || s > (slong)1 << 20) break;
    }
    arb_get_mag(left, mass);
    arb_clear(x);
    arb_clear(mass);
    arb_clear(wanted);
    return s;
}

/* value := the largest rim of a hole, 0 without one */
static void largest_hole(arb_t value, const quadrature *c) {
    arb_zero(value);
    for (const sb_mixture_part *part = parts(c); part < parts_end(c); part++)
        if (part->law && part->law->hole) arb_max(value, value, part->scale, c->precision);
}

/* end := R for the overlap, v + the largest rim; for staircases, within their first steps; else +inf. Returns
   0 where the overlap would need more steps. */
static int choose_end(quadrature *c) {
    int fine = 1;
    arb_t reach, x;
    mag_t left;
    arb_init(reach);
    arb_init(x);
    mag_init(left);
    arb_pos_inf(reach);
    for (const sb_mixture_part *part = parts(c); part < parts_end(c); part++) {
        if (!is_staircase(part)) continue;
        step(x, part, STEPS, c->precision);
        arb_min(reach, reach, x, c->precision);
    }
    if (c->kind == SB_MIXTURE_OVERLAP) {
        largest_hole(x, c);
        arb_add(x, x, c->shift, c->precision);
        arb_get_ubound_arf(arb_midref(x), x, c->precision);
        mag_zero(arb_radref(x));
        fine = arb_le(x, reach);
    } else if (arb_is_finite(reach)) {
        arb_set_si(x, far_enough(left, c, c->shift));
        arb_expm1(x, x, c->precision);
        arb_mul(x, x, c->unit, c->precision);
        arb_add(x, x, c->shift, c->precision);
        arb_min(x, x, reach, c->precision);
    } else {
        arb_pos_inf(x);
    }
    arb_get_mid_arb(c->end, x);
    arb_clear(reach);
    arb_clear(x);
    mag_clear(left);
    return fine;
}

/* Adds 2^narrow to the radii of the points; last := the right end of the outermost. */
static void widen_points(arb_t last, quadrature *c) {
    arf_t end;
    arb_t length;
    arf_init(end);
    arb_init(length);
    arb_mul_2exp_si(length, c->scale, -c->goal);
    arb_div(length, length, c->factor, c->precision);
    arb_div(length, length, c->largest,
            c->precision); /* leaving this out would cost the error that is allowed */
    slong least =
        arf_abs_bound_lt_2exp_si(arb_midref(c->shift)) + 12 - c->precision; /* above the roundings */
    c->narrow = arf_abs_bound_lt_2exp_si(arb_midref(length)) - 4;
    if (c->narrow < least) c->narrow = least;
    for (size_t i = 0; i < c->point_count; i++) {
        arb_add_error_2exp_si(c->point + i, c->narrow);
        arb_get_ubound_arf(end, c->point + i, ARF_PREC_EXACT);
        if (!i || arf_cmp(end, arb_midref(last)) > 0) arb_set_arf(last, end);
    }
    arf_clear(end);
    arb_clear(length);
}

/* ------------------------------------------------------------------ integrals */
static int integrand(acb_ptr value, const acb_t s, void *context, slong order, slong precision) {
    const quadrature *c = context;
    acb_t x, derivative, p, q;
    acb_init(x);
    acb_init(derivative);
    acb_init(p);
    acb_init(q);
    acb_set(x, s);
    acb_one(derivative);
    if (c->map) {
        acb_exp(derivative, s, precision);
        acb_mul_arb(derivative, derivative, c->unit, precision);
        acb_mul_si(x, derivative, c->map, precision);
        acb_add_arb(x, x, c->start, precision);
    }
    sb_mixture_value(p, &c->mixture, 0, x, precision);
    acb_sub_arb(x, x, c->shift, precision);
    if (c->flip) acb_neg(x, x);
    sb_mixture_value(q, &c->mixture, 1, x, precision);
    if (c->kind == SB_MIXTURE_OVERLAP) {
        acb_real_min(value, p, q, order != 0, precision);
    } else {
        acb_log_analytic(p, p, order != 0, precision);
        acb_log_analytic(q, q, order != 0, precision);
        acb_add(x, p, q, precision);
        acb_mul_2exp_si(x, x, -1);
        acb_exp(value, x, precision);
        acb_sub(x, p, q, precision);
        acb_mul_arb(x, x, c->t, precision);
        if (c->kind == SB_MIXTURE_REAL)
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

/* Settles the piece to which x = place belongs. Returns whether p and q are both not 0 there. */
static int settle(quadrature *c, const arb_t place) {
    arb_t distance;
    arb_init(distance);
    arb_sub(distance, place, c->shift, c->precision);
    c->flip = arf_sgn(arb_midref(distance)) < 0;
    if (c->flip) arb_neg(distance, distance);
    int positive = sb_mixture_settle(&c->mixture, 0, place, c->precision);
    positive &= sb_mixture_settle(&c->mixture, 1, distance, c->precision);
    arb_clear(distance);
    return positive;
}

/* Adds the integral from `low` to `high` of x, or of s, as c->map says. */
static void add_integral(quadrature *c, const arf_t low, const arf_t high) {
    arb_t part;
    arb_init(part);
    sb_integrate(part, integrand, c, low, high, c->goal, c->scale, c->precision);
    arb_add(c->sum, c->sum, part, c->precision);
    arb_clear(part);
}

/* Adds the integral over low < x < high by x = low - e + e e^s and x = high + e - e e^s, e = 2^narrow: this
   sends a branch point at about that distance from an end far away. The two meet in the middle, up to a
   length that is left out. */
static void add_branched(quadrature *c, const arf_t low, const arf_t high) {
    arf_t zero, range;
    arb_t half, rest;
    mag_t length;
    arf_init(zero);
    arf_init(range);
    arb_init(half);
    arb_init(rest);
    mag_init(length);
    arf_sub(arb_midref(half), high, low, ARF_PREC_EXACT, ARF_RND_NEAR);
    arb_mul_2exp_si(half, half, -1);
    arb_one(c->unit);
    arb_mul_2exp_si(c->unit, c->unit, c->narrow);
    arb_div(rest, half, c->unit, c->precision);
    arb_log1p(rest, rest, c->precision);
    arf_set(range, arb_midref(rest));
    arb_set_arf(rest, range);
    arb_expm1(rest, rest, c->precision);
    arb_mul(rest, rest, c->unit, c->precision);
    arb_sub(rest, rest, half, c->precision);
    arb_get_mag(length, rest);
    mag_mul_2exp_si(length, length, 1);
    mag_add(c->cut, c->cut, length);
    for (c->map = 1; c->map >= -1; c->map -= 2) {
        arb_set_arf(c->start, c->map > 0 ? low : high);
        arb_addmul_si(c->start, c->unit, -c->map, ARF_PREC_EXACT);
        add_integral(c, zero, range);
    }
    c->map = 0;
    arf_clear(zero);
    arf_clear(range);
    arb_clear(half);
    arb_clear(rest);
    mag_clear(length);
}

static void add_piece(quadrature *c, const arf_t low, const arf_t high) {
    arb_t place;
    arb_init(place);
    arf_add(arb_midref(place), low, high, ARF_PREC_EXACT, ARF_RND_NEAR);
    arb_mul_2exp_si(place, place, -1);
    if (settle(c, place)) {
        if (c->branched)
            add_branched(c, low, high);
        else
            add_integral(c, low, high);
    }
    arb_clear(place);
}

/* Adds the integral over x = low - unit + unit e^s, 0 < s < range. */
static void add_outer(quadrature *c, const arf_t low, slong range) {
    arf_t zero, end;
    arb_t place;
    arf_init(zero);
    arf_init(end);
    arb_init(place);
    choose_unit(c);
    arb_set_arf(place, low);
    arb_add(place, place, c->unit, ARF_PREC_EXACT);
    if (c->branched) { /* with 2^narrow for the unit, as in add_branched, and at least as far */
        slong finer = arf_abs_bound_lt_2exp_si(arb_midref(c->unit)) - c->narrow;
        if (finer < 0) finer = 0;
        arb_mul_2exp_si(c->unit, c->unit, -finer);
        range += finer * 7 / 10 + 1; /* log 2 < 7/10 */
    }
    arf_set_si(end, range);
    arb_set_arf(c->start, low);
    arb_sub(c->start, c->start, c->unit, ARF_PREC_EXACT);
    c->map = 1;
    if (settle(c, place)) add_integral(c, zero, end);
    c->map = 0;
    arf_clear(zero);
    arf_clear(end);
    arb_clear(place);
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

/* Adds the pieces between the points, and the outer one if range is not 0. */
static void add_pieces(quadrature *c, slong range) {
    arf_t low, high, end;
    arf_init(low);
    arf_init(high);
    arf_init(end);
    qsort(c->point, c->point_count, sizeof *c->point, by_lower_end);
    for (size_t i = 0; i < c->point_count; i++) {
        mag_add(c->cut, c->cut, arb_radref(c->point + i));
        mag_add(c->cut, c->cut, arb_radref(c->point + i));
        arb_get_lbound_arf(high, c->point + i, ARF_PREC_EXACT);
        arb_get_ubound_arf(end, c->point + i, ARF_PREC_EXACT);
        if (i && arf_cmp(low, high) < 0) add_piece(c, low, high);
        if (!i || arf_cmp(low, end) < 0) arf_set(low, end);
    }
    if (range) add_outer(c, low, range);
    arf_clear(low);
    arf_clear(high);
    arf_clear(end);
}

/* ------------------------------------------------------------------ all together */
/* factor := e^((y-1/2)M) for H(iy), y > 1/2; else 1 */
static void choose_factor(quadrature *c) {
    arb_t half;
    arb_init(half);
    arb_set_d(half, 0.5);
    arb_one(c->factor);
    if (c->kind == SB_MIXTURE_IMAGINARY && !arb_le(c->t, half)) {
        arb_sub(half, c->t, half, c->precision);
        sb_mixture_loss_bound(c->factor, &c->mixture, c->shift, c->precision);
        arb_mul(c->factor, c->factor, half, c->precision);
        arb_exp(c->factor, c->factor, c->precision);
    }
    arb_clear(half);
}

/* value := twice the pieces, with what is left out: 2 cut sup p + left, times the factor */
static void close_sum(arb_t value, const quadrature *c, const mag_t left) {
    mag_t bound, error;
    mag_init(bound);
    mag_init(error);
    arb_get_mag(bound, c->largest);
    mag_mul(error, c->cut, bound);
    mag_mul_2exp_si(error, error, 1);
    mag_add(error, error, left);
    arb_get_mag(bound, c->factor);
    mag_mul(error, error, bound);
    arb_mul_2exp_si(value, c->sum, 1);
    arb_add_error_mag(value, error);
    mag_clear(bound);
    mag_clear(error);
}

static void integrate(arb_t value, quadrature *c) {
    slong range = 0;
    arb_t x, beyond;
    mag_t left;
    arb_init(x);
    arb_init(beyond);
    mag_init(left);
    if (!choose_end(c) || !find_points(c)) {
        arb_indeterminate(value);
    } else {
        widen_points(x, c);
        if (!arb_is_finite(c->end)) {
            range = far_enough(left, c, x);
        } else if (c->kind == SB_MIXTURE_OVERLAP) {
            sb_mixture_mass(beyond, &c->mixture, x, c->precision);
        } else {
            arb_sub(x, c->end, c->shift, c->precision);
            arb_nonnegative_part(x, x);
            sb_mixture_mass(x, &c->mixture, x, c->precision);
            arb_get_mag(left, x);
        }
        add_pieces(c, range);
        close_sum(value, c, left);
        arb_add(value, value, beyond, c->precision);
    }
    arb_clear(x);
    arb_clear(beyond);
    mag_clear(left);
}

/* The absolutely continuous part; not finite where a ball is too wide or memory is short. */
static void continuous_part(arb_t value, quadrature *c) {
    arb_t hole;
    arb_init(hole);
    largest_hole(hole, c);
    choose_factor(c);
    sb_mixture_largest(c->largest, &c->mixture, c->precision);
    choose_scale(c);
    choose_unit(c);
    if (arb_is_zero(c->largest)) { /* atoms only */
        arb_zero(value);
    } else if (c->kind == SB_MIXTURE_OVERLAP && arb_is_zero(hole)) { /* unimodal */
        arb_mul_2exp_si(value, c->shift, -1);
        sb_mixture_mass(value, &c->mixture, value, c->precision);
    } else if (arb_is_positive(c->scale) && arb_is_finite(c->factor) && arb_is_finite(c->largest)) {
        integrate(value, c);
    } else {
        arb_indeterminate(value);
    }
    arb_clear(hole);
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
    quadrature c = {.kind = kind, .shift = shift, .t = t, .goal = precision, .precision = work};
    arb_t sum, atoms;
    arb_init(sum);
    arb_init(atoms);
    arb_indeterminate(sum);
    if (quadrature_init(&c, spec) && arb_is_positive(shift) && arb_is_finite(shift)) {
        continuous_part(sum, &c);
        if (spec->family->product->traits(spec) & SB_HAS_ATOMS) {
            sb_mixture_atoms(atoms, spec, kind, t, shift, work);
            arb_add(sum, sum, atoms, work);
        }
    }
    if (arb_is_finite(sum))
        arb_set_round(value, sum, precision);
    else
        trivial(value, kind, t);
    quadrature_clear(&c);
    arb_clear(sum);
    arb_clear(atoms);
}
