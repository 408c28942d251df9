/* A bound on sup |H(t)| over t >= T. Half of H is the integral of psi cos(t l) over the half line w > 0 from
   the middle of the two centres, psi = sqrt(pq), l = log(p/q), l(0) = 0. The half line is cut into cells.

   For small t: on a cell of mass m or more with r <= |l| <= s, t |l| stays in [t r, t' s] for all t up to t',
   and 1 - cos and 1 + cos are bounded from below there. So is H(0) - |H| on [t, t'].

   For large t: on a run of cells where l' has no zero, with g = psi/|l'|, integration by parts gives
     |integral| <= (1/t) (g(first end) + g(last end) + variation of g),
   without the first term when the run starts at w = 0, where sin(t l) = 0. A cell outside such runs costs its
   mass at most. The cheapest choice, by dynamic programming, is c(t); it decreases in t.

   The bound is the smallest over t* of the larger one of c(t*) and the first bound on [T, t*], in steps t'
   = 1.1 t. Sums are of nonnegative doubles, so that the factors 1 +- 2^-30 outweigh all roundings. */
#include "distributions/law_numerics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PRECISION = 64, CELLS = 480, JET = 4, FINEST = 30 /* lengths below 2^-FINEST are of no interest */ };

typedef struct {
    double low, high;              /* of the distance u */
    int inner;                     /* between the centre and the middle; there w grows from `high` to `low` */
    int first;                     /* l' may jump before this cell */
    double mass, variation, slope; /* upper bounds: integral of psi, variation of g, g; by the scale */
    double least;                  /* lower bound on the mass */
    double small, large;           /* bounds on |l| */
    double cost;                   /* what a finer cut may save */
} cell;

typedef struct {
    const sb_log_density *law;
    const sb_noise_spec *spec;
    arb_t shift, half, constant; /* constant: of log p, less log scale */
    cell *cells;
    size_t count;
    double rest; /* what the cells leave out of half of H */
} partition;

/* ------------------------------------------------------------------ one cell */
/* near := the cell, far := the shift plus or minus that */
static void points(arb_t near, arb_t far, const partition *p, const cell *c) {
    arb_set_d(near, c->low);
    arb_set_d(far, c->high);
    arb_union(near, near, far, PRECISION);
    if (c->inner)
        arb_sub(far, p->shift, near, PRECISION);
    else
        arb_add(far, p->shift, near, PRECISION);
}

static void jet_at(acb_ptr jet, const partition *p, const arb_t x, slong length) {
    acb_t z;
    acb_init(z);
    acb_set_arb(z, x);
    for (slong i = 0; i < length; i++) acb_indeterminate(jet + i);
    p->law->log_density(jet, p->spec, z, length, PRECISION);
    acb_clear(z);
}

/* The upper end, infinite when there is none; the lower end of a nonnegative number, 0 when there is none. */
static double upper(const arb_t x) {
    arf_t end;
    arf_init(end);
    arb_get_ubound_arf(end, x, 53);
    double value = arf_is_nan(end) ? INFINITY : arf_get_d(end, ARF_RND_UP);
    arf_clear(end);
    return value;
}

static double lower(const arb_t x) {
    arf_t end;
    arf_init(end);
    arb_get_lbound_arf(end, x, 53);
    double value = arf_sgn(end) > 0 && arf_is_finite(end) ? arf_get_d(end, ARF_RND_DOWN) : 0;
    arf_clear(end);
    return value;
}

/* log := log psi, at the distances near and far */
static void log_psi(arb_t log, const partition *p, double near, double far, int inner) {
    arb_t x;
    acb_ptr jet = _acb_vec_init(2);
    arb_init(x);
    arb_set_d(x, near);
    jet_at(jet, p, x, 1);
    arb_set_d(x, far);
    if (inner)
        arb_sub(x, p->shift, x, PRECISION);
    else
        arb_add(x, p->shift, x, PRECISION);
    jet_at(jet + 1, p, x, 1);
    arb_add(log, acb_realref(jet), acb_realref(jet + 1), PRECISION);
    arb_mul_2exp_si(log, log, -1);
    arb_add(log, log, p->constant, PRECISION);
    arb_clear(x);
    _acb_vec_clear(jet, 2);
}

/* The integral of psi is at most its length times `largest`; and with m the middle, h half the length and
   (log psi)' in [g1, g2], it lies between psi(m) h (e^(g1 h/2) + e^(-g2 h/2)), by Jensen's inequality for
   each half, and psi(m) h (2 + e^(g2 h) + e^(-g1 h))/2, since the exponential is convex. A cell that may reach
   beyond the middle of the centres has no lower bound. */
static void mass_bounds(cell *c, const partition *p, const arb_t largest, const arb_t derivative) {
    double m = c->low + (c->high - c->low) / 2;
    arb_t half, bound, end;
    arb_init(half);
    arb_init(bound);
    arb_init(end);
    arb_set_d(half, c->high); /* m need not be exactly in the middle */
    arb_set_d(end, m);
    arb_sub(bound, half, end, PRECISION);
    arb_set_d(half, c->low);
    arb_sub(half, end, half, PRECISION);
    arb_union(half, half, bound, PRECISION);
    arb_mul(bound, half, largest, PRECISION);
    arb_mul_2exp_si(bound, bound, 1);
    c->mass = upper(bound);
    c->least = 0;
    if (arb_is_finite(derivative)) {
        arb_t middle, rise, fall;
        arb_init(middle);
        arb_init(rise);
        arb_init(fall);
        log_psi(middle, p, m, m, c->inner);
        arb_exp(middle, middle, PRECISION);
        arb_mul(middle, middle, half, PRECISION);
        arb_mul(end, derivative, half, PRECISION);
        arb_exp(rise, end, PRECISION);
        arb_neg(end, end);
        arb_exp(fall, end, PRECISION);
        arb_add(bound, rise, fall, PRECISION);
        arb_add_ui(bound, bound, 2, PRECISION);
        arb_mul(bound, bound, middle, PRECISION);
        arb_mul_2exp_si(bound, bound, -1);
        double other = upper(bound);
        if (other < c->mass) c->mass = other;
        arb_sqrt(rise, rise, PRECISION);
        arb_sqrt(fall, fall, PRECISION);
        arb_add(bound, rise, fall, PRECISION);
        arb_mul(bound, bound, middle, PRECISION);
        arb_set_d(end, c->high);
        if (!c->inner || arb_le(end, p->half)) c->least = lower(bound);
        arb_clear(middle);
        arb_clear(rise);
        arb_clear(fall);
    }
    arb_clear(half);
    arb_clear(bound);
    arb_clear(end);
}

/* slope := psi/|l'|, variation := length * psi |(log psi)'/l' - l''/l'^2|, both for `psi` and the derivatives
   in d; 0 when l' may vanish. d: l', l'', (log psi)'. */
static int by_parts(cell *c, const arb_t psi, arb_ptr d) {
    arb_t ratio, length;
    if (!arb_is_finite(d) || !arb_is_finite(d + 1) || !arb_is_finite(d + 2) || arb_contains_zero(d)) return 0;
    arb_init(ratio);
    arb_init(length);
    arb_div(d + 1, d + 1, d, PRECISION);
    arb_sub(d + 2, d + 2, d + 1, PRECISION);
    arb_div(ratio, psi, d, PRECISION);
    arb_abs(ratio, ratio);
    c->slope = upper(ratio);
    arb_mul(ratio, ratio, d + 2, PRECISION);
    arb_abs(ratio, ratio);
    arb_set_d(length, c->high);
    arb_set_d(d, c->low);
    arb_sub(length, length, d, PRECISION);
    arb_mul(ratio, ratio, length, PRECISION);
    c->variation = upper(ratio);
    arb_clear(ratio);
    arb_clear(length);
    return 1;
}

/* value := G^(k)(near) - G^(k)(far). Right of both centres also by the mean value, (near - far) G^(k+1) on a
   box that contains both: for small shifts the difference of two balls says little. */
static void difference(arb_t value, const partition *p, const cell *c, acb_srcptr near, acb_srcptr far,
                       acb_srcptr box, int k) {
    arb_t mean;
    arb_sub(value, acb_realref(near + k), acb_realref(far + k), PRECISION);
    if (c->inner) return;
    arb_init(mean);
    arb_mul(mean, p->shift, acb_realref(box + k + 1), PRECISION);
    arb_neg(mean, mean);
    if (arb_is_finite(mean) && (!arb_is_finite(value) || mag_cmp(arb_radref(mean), arb_radref(value)) < 0))
        arb_set(value, mean);
    arb_clear(mean);
}

static void fill_cell(cell *c, const partition *p) {
    arb_t near, far, psi, length;
    acb_ptr u = _acb_vec_init(JET), v = _acb_vec_init(JET), box = _acb_vec_init(JET);
    arb_ptr d = _arb_vec_init(3);
    arb_init(near);
    arb_init(far);
    arb_init(psi);
    arb_init(length);
    log_psi(psi, p, c->low, c->inner ? c->high : c->low, c->inner); /* largest: both densities decrease */
    arb_exp(psi, psi, PRECISION);
    points(near, far, p, c);
    jet_at(u, p, near, JET);
    jet_at(v, p, far, JET);
    arb_union(far, near, far, PRECISION);
    if (!c->inner) jet_at(box, p, far, JET);
    difference(length, p, c, u, v, box, 0);
    arb_abs(length, length);
    c->large = arb_is_finite(length) ? upper(length) : INFINITY;
    c->small = arb_is_finite(length) ? lower(length) : 0;
    if (c->inner) acb_neg(v + 1, v + 1); /* far = 2a - u */
    difference(d, p, c, u, v, box, 1);
    difference(d + 1, p, c, u, v, box, 2);
    arb_add(d + 2, acb_realref(u + 1), acb_realref(v + 1), PRECISION);
    arb_mul_2exp_si(d + 2, d + 2, -1);
    mass_bounds(c, p, psi, d + 2);
    if (!by_parts(c, psi, d)) c->slope = c->variation = INFINITY;
    arb_clear(near);
    arb_clear(far);
    arb_clear(psi);
    arb_clear(length);
    _acb_vec_clear(u, JET);
    _acb_vec_clear(v, JET);
    _acb_vec_clear(box, JET);
    _arb_vec_clear(d, 3);
}

/* ------------------------------------------------------------------ the first cells */
static void add_cell(partition *p, double low, double high, int inner) {
    if (!(low < high)) return;
    if (p->count >= CELLS) {
        p->rest = INFINITY;
        return;
    }
    cell *c = &p->cells[p->count++];
    *c = (cell){.low = low, .high = high, .inner = inner};
    fill_cell(c, p);
}

/* Cuts [low, high] at low + finest 2^j and, with `fine_high`, at high - finest 2^j, or by a larger factor
   where that would be too many; in descending order for the inner piece. */
static void add_piece(partition *p, double low, double high, double finest, int fine_high, int inner) {
    enum { MOST = CELLS / 6 };
    double cut[2 * MOST + 8], middle = fine_high ? low + (high - low) / 2 : high, step = finest;
    double doublings = log2((middle - low) / finest), factor = doublings > MOST ? exp2(doublings / MOST) : 2;
    size_t n = 0;
    cut[n++] = low;
    for (; low + step < middle && n < MOST + 2; step *= factor) cut[n++] = low + step;
    if (fine_high)
        for (size_t i = n; i-- > 1;) cut[n++] = high - (cut[i] - low);
    cut[n++] = high;
    for (size_t i = 0; i + 1 < n; i++) {
        size_t k = inner ? n - 2 - i : i;
        add_cell(p, cut[k], cut[k + 1], inner);
    }
}

/* A distance beyond which little of H is left: *rest, by the scale, of half of it. */
static double far_end(double *rest, const partition *p, const arb_t scale) {
    arb_t u, mass;
    double result = 1, bound = INFINITY;
    arb_init(u);
    arb_init(mass);
    for (; result < 0x1p500 && !(bound < 0x1p-36); result *= 4) {
        arb_set_d(u, result);
        p->law->tail(mass, p->spec, u, PRECISION);
        arb_div(mass, mass, scale, PRECISION);
        bound = upper(mass);
    }
    *rest = bound / 2;
    arb_clear(u);
    arb_clear(mass);
    return result / 4;
}

static double endpoint(const arb_t x, arf_rnd_t round) {
    arf_t end;
    arf_init(end);
    if (round == ARF_RND_UP)
        arb_get_ubound_arf(end, x, PRECISION);
    else
        arb_get_lbound_arf(end, x, PRECISION);
    double value = arf_get_d(end, round);
    arf_clear(end);
    return value;
}

/* The chain of cells from w = 0 outwards. top: p at a centre, by the scale. */
static void first_cells(partition *p, const arb_t scale, double top) {
    const sb_log_density *law = p->law;
    double a = endpoint(p->half, ARF_RND_UP), start = law->hole ? 1 : 0, unit = a < 1 ? a : 1, low = start;
    double finest = law->hole || law->analytic_at_zero ? unit / 8 : ldexp(unit, -FINEST);
    arb_t end;
    arb_init(end);
    if (law->edge) {
        arb_sub_ui(end, p->shift, 1, PRECISION);
        double support = endpoint(end, ARF_RND_FLOOR); /* u > 2a - 1 */
        if (support > low) low = support;
        finest = ldexp(unit, -FINEST);
    }
    int sliver = !law->hole && !law->analytic_at_zero && low == 0;
    double cut = sliver ? finest : 0;
    if (sliver) p->rest += 2 * finest * top;
    if (low + cut < a) add_piece(p, low + cut, a, finest, 0, 1);
    if (law->edge) {
        arb_neg(end, end); /* u < 1 - 2a */
        double high = endpoint(end, ARF_RND_UP);
        if (low == 0 && cut < high) {
            size_t before = p->count;
            add_piece(p, cut, high, finest, 1, 0);
            if (before < p->count) p->cells[before].first = 1;
        }
    } else {
        double rest, high = far_end(&rest, p, scale);
        size_t before = p->count;
        p->rest += rest;
        add_piece(p, start + cut, high, finest, 0, 0);
        if (before < p->count) p->cells[before].first = !law->analytic_at_zero;
    }
    arb_clear(end);
}

/* ------------------------------------------------------------------ small and large t */
/* c(t) by the scale; the cost of every cell in it. */
static double by_parts_or_mass(partition *p, double t) {
    char from[2][CELLS]; /* the state before cell i that gives its best cost: 1 by parts */
    double parts = 0, mass = 0, slope = 0;
    for (size_t i = 0; i < p->count; i++) {
        const cell *c = &p->cells[i];
        double jump = c->first ? (slope + c->slope) / t : 0;
        double stay = parts + jump, enter = i ? mass + c->slope / t : INFINITY,
               leave = i ? parts + slope / t : 0;
        from[1][i] = stay <= enter;
        from[0][i] = leave < mass;
        mass = (leave < mass ? leave : mass) + c->mass;
        parts = isfinite(c->slope) ? (stay <= enter ? stay : enter) + c->variation / t : INFINITY;
        slope = isfinite(c->slope) ? c->slope : 0;
    }
    double last = parts + slope / t;
    int state = last < mass;
    for (size_t i = p->count; i-- > 0;) {
        cell *c = &p->cells[i];
        c->cost = state ? c->variation / t : c->mass;
        state = from[state][i];
    }
    return 2 * ((last < mass ? last : mass) + p->rest) * (1 + 0x1p-30);
}

/* At most 1 - cos x, for 0 <= x <= pi. */
static double rise(double x) {
    double square = x * x;
    return square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56)));
}

/* At most 1 - cos x and 1 + cos x for all low <= x <= high. */
static void around_cosine(double *below, double *above, double low, double high) {
    *below = *above = 0;
    if (high < 3.14159) {
        *below = rise(low);
        *above = rise(3.14159 - high);
    } else if (high < 6.28318) {
        *below = rise(6.28318 - high);
        if (low < 3.14159 && rise(low) < *below) *below = rise(low);
        if (low > 3.1416) *above = rise(low - 3.1416);
    }
}

/* A lower bound on H(0) - |H| over [t, next] by the scale. */
static double least_drop(const partition *p, double t, double next) {
    double drop = 0, lift = 0; /* H(0) - H, H(0) + H */
    for (size_t i = 0; i < p->count; i++) {
        const cell *c = &p->cells[i];
        double below, above;
        around_cosine(&below, &above, t * c->small, next * c->large);
        drop += c->least * below;
        lift += c->least * above;
    }
    return 2 * (drop < lift ? drop : lift) * (1 - 0x1p-30);
}

/* The cost of every cell in that is the uncertainty of its mass and of l^2. Returns the sum. */
static double spread(partition *p, double t) {
    double sum = 0;
    for (size_t i = 0; i < p->count; i++) {
        cell *c = &p->cells[i];
        double most = c->large * t < 3.14 ? c->large : 3.14 / t;
        c->cost = most > c->small ? c->mass * most * most - c->least * c->small * c->small : 0;
        sum += c->cost;
    }
    return sum;
}

/* Halves the cells that cost more than the average one. Returns whether any was. */
static int refine(partition *p, double total) {
    double limit = total / (double)p->count;
    int any = 0;
    for (size_t i = 0; i < p->count && p->count < CELLS; i++) {
        cell *c = &p->cells[i];
        double middle = c->low > 0 && c->high > 4 * c->low ? sqrt(c->low * c->high) : (c->low + c->high) / 2;
        if (!(c->cost > limit) || !(c->low < middle && middle < c->high)) continue;
        memmove(c + 1, c, (p->count - i) * sizeof *c);
        p->count++;
        cell *left = c->inner ? c + 1 : c, *right = c->inner ? c : c + 1;
        left->high = right->low = middle;
        c[1].first = 0;
        fill_cell(c, p);
        fill_cell(c + 1, p);
        any = 1;
        i++;
    }
    return any;
}

/* sup over [from, inf) of |H| by the scale with the cells as they are; *at := the t* that gives it. */
static double best_switch(double *at, partition *p, double from, double whole) {
    double best = whole, drop = whole;
    *at = from;
    for (double t = from; drop > 0 && t < from * 1e15; t *= 1.1) {
        double far = by_parts_or_mass(p, t), near = t > from ? whole - drop : 0;
        double bound = far <= near ? near : far;
        if (bound < best) {
            best = bound;
            *at = t;
        }
        if (far < near) break;
        double next = least_drop(p, t, 1.1 * t * (1 + 0x1p-40));
        if (next < drop) drop = next;
    }
    return best * (1 + 0x1p-50);
}

static double supremum(partition *p, double from, double whole) {
    while (p->count < CELLS / 3 && refine(p, spread(p, from))) continue;
    double at, best = best_switch(&at, p, from, whole);
    for (int round = 0; round < 12; round++) {
        if (!refine(p, by_parts_or_mass(p, at) / 2)) break;
        double next = best_switch(&at, p, from, whole), gain = best - next;
        if (next < best) best = next;
        if (round >= 4 && gain < best * (1 - best / whole) / 30) break;
    }
    return best;
}

/* scale := sqrt(pq) at the middle or, when that is not in the support or smaller, at a centre (the rim of its
   hole); p->constant accordingly. Any positive number would do. */
static void choose_scale(arb_t scale, partition *p) {
    const sb_log_density *law = p->law;
    arb_t log, x;
    acb_ptr jet = _acb_vec_init(2);
    arb_init(log);
    arb_init(x);
    arb_set_d(x, law->hole ? 1 : 0x1p-30);
    jet_at(jet, p, x, 1);
    arb_add(x, x, p->shift, PRECISION);
    jet_at(jet + 1, p, x, 1);
    arb_add(log, acb_realref(jet), acb_realref(jet + 1), PRECISION);
    arb_mul_2exp_si(log, log, -1);
    jet_at(jet, p, p->half, 1);
    if (!arb_is_finite(log) || (!law->hole && arb_lt(log, acb_realref(jet)))) arb_set(log, acb_realref(jet));
    arb_get_mid_arb(log, log);
    if (!arb_is_finite(log)) arb_zero(log);
    arb_add(scale, log, p->constant, PRECISION);
    arb_exp(scale, scale, PRECISION);
    arb_neg(p->constant, log);
    arb_clear(log);
    arb_clear(x);
    _acb_vec_clear(jet, 2);
}

/* value := the smaller one of value >= H(0) and the bound */
static void bound_supremum(arb_t value, partition *p, const arb_t from, const arb_t scale) {
    arb_t part, top;
    arb_init(part);
    arb_init(top);
    arb_set_si(part, p->law->hole);
    p->spec->family->product->density(top, p->spec, part, PRECISION);
    arb_div(top, top, scale, PRECISION);
    first_cells(p, scale, upper(top));
    arb_div(top, value, scale, PRECISION);
    double bound = supremum(p, lower(from), upper(top));
    if (isfinite(bound)) {
        arb_set_d(part, bound);
        arb_mul(part, part, scale, PRECISION);
        arb_min(value, value, part, PRECISION);
    }
    arb_clear(part);
    arb_clear(top);
}

void sb_law_affinity_supremum(arb_t value, const sb_log_density *law, const sb_noise_spec *spec,
                              const arb_t from, const arb_t shift, slong precision) {
    partition p = {.law = law, .spec = spec, .cells = calloc(CELLS, sizeof *p.cells)};
    arb_t whole, scale;
    arb_init(p.shift);
    arb_init(p.half);
    arb_init(p.constant);
    arb_init(whole);
    arb_init(scale);
    arb_set(p.shift, shift);
    arb_mul_2exp_si(p.half, shift, -1);
    if (law->log_constant) law->log_constant(p.constant, spec, PRECISION);
    law->affinity(whole, spec, scale, shift, precision < 48 ? precision : 48); /* scale is 0 */
    choose_scale(scale, &p);
    if (p.cells && arb_is_positive(shift) && arb_is_positive(from) && arb_is_finite(scale))
        bound_supremum(whole, &p, from, scale);
    arb_set_round(value, whole, precision);
    free(p.cells);
    arb_clear(p.shift);
    arb_clear(p.half);
    arb_clear(p.constant);
    arb_clear(whole);
    arb_clear(scale);
}
