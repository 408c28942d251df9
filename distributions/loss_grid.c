/* The line is cut at x = v/2 -+ y, y >= 0; the half with + is the mirror image with P and Q exchanged, so
   only x = v/2 - y is walked, where l >= 0 for a density that does not increase in |x|:

     P{y0 <= y <= y1} = F(v/2 - y0) - F(v/2 - y1),     Q{...} = T(v/2 + y0) - T(v/2 + y1),   T = Pr(X > .).

   On such a cell the loss is between known bounds: log p(v/2 - y) increases up to y = v/2 and decreases
   beyond, log p(v/2 + y) decreases, and l increases throughout for a log-concave density; for others, where the family
   has the derivative of log p, the mean value theorem is added. Cells are halved
   until they fit between two neighbouring half nodes, or until what they cost is small. Any cut is valid: it
   decides how wide the bracket is, never whether it holds.

   Masses P, Q with a D <= l <= b D, tilted: (e^(bD/2) Q - e^(-bD/2) P)/(2 sinh((b-a)D/2)) at a,
   (e^(-aD/2) P - e^(aD/2) Q)/(2 sinh((b-a)D/2)) at b; for b = oo, e^(aD/2) Q at a. */
#include "distributions/loss_grid.h"

#include "distributions/law_numerics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_EVALUATIONS = 1 << 16, /* beyond, cells are taken as they are */
    MOST_REACH = 1 << 22
};

void sb_loss_grid_init(sb_loss_grid *grid) {
    memset(grid, 0, sizeof *grid);
}

void sb_loss_grid_clear(sb_loss_grid *grid) {
    if (grid->fine) _arb_vec_clear(grid->fine, 2 * grid->reach + 1);
    if (grid->coarse) _arb_vec_clear(grid->coarse, 2 * grid->reach + 1);
    sb_loss_grid_init(grid);
}

double sb_rough_log(const arb_t x) {
    mag_t size;
    mag_init(size);
    arf_get_mag(size, arb_midref(x));
    double result = mag_is_zero(size) ? -INFINITY : mag_get_d_log2_approx(size) * 0.69314718055994531;
    mag_clear(size);
    return result;
}

/* ------------------------------------------------------------------ points */
typedef struct {
    arf_t y;              /* exact */
    arb_t left, right;    /* Pr(X <= v/2 - y), Pr(X > v/2 + y) */
    double p_low, p_high; /* bounds on log p(v/2 - y) */
    double q_low, q_high; /* bounds on log p(v/2 + y) */
    int before, beyond;   /* whether y <= v/2, y >= v/2 for certain */
} point;

typedef struct {
    const sb_noise_spec *noise;
    const sb_product_law *law;
    int log_concave;
    const sb_log_density *smooth; /* NULL: no derivatives, or none needed */
    arb_t half; /* v/2 */
    slong precision;
    sb_loss_grid *grid;
    double step;
    double log_overlap; /* log Pr(|X| > v/2), roughly: the scale of all masses */
    double log_budget;  /* what a cell may cost, relative to that */
} walk;

static void point_init(point *at) {
    arf_init(at->y);
    arb_init(at->left);
    arb_init(at->right);
}

static void point_clear(point *at) {
    arf_clear(at->y);
    arb_clear(at->left);
    arb_clear(at->right);
}

/* Bounds on the logarithm of a ball of a non-negative number. */
static void log_bounds(double *low, double *high, const arb_t x, slong precision) {
    arb_t end;
    arf_t bound;
    arb_init(end);
    arf_init(bound);
    arb_get_lbound_arf(arb_midref(end), x, precision);
    *low = -INFINITY;
    if (arf_sgn(arb_midref(end)) > 0) {
        arb_log(end, end, 64);
        arb_get_lbound_arf(bound, end, 64);
        *low = arf_get_d(bound, ARF_RND_FLOOR);
    }
    arb_zero(end);
    arb_get_ubound_arf(arb_midref(end), x, precision);
    *high = -INFINITY;
    if (arf_sgn(arb_midref(end)) > 0) {
        arb_log(end, end, 64);
        arb_get_ubound_arf(bound, end, 64);
        *high = arf_get_d(bound, ARF_RND_CEIL);
    } else if (arf_is_nan(arb_midref(end))) {
        *high = INFINITY;
    }
    arb_clear(end);
    arf_clear(bound);
}

/* Fills the point at at->y. */
static void evaluate(walk *w, point *at) {
    arb_t x, value;
    arb_init(x);
    arb_init(value);
    w->grid->evaluations++;
    arb_add_arf(x, w->half, at->y, w->precision);
    w->law->tail(at->right, w->noise, x, w->precision);
    arb_mul_2exp_si(at->right, at->right, -1);
    w->law->density(value, w->noise, x, w->precision);
    log_bounds(&at->q_low, &at->q_high, value, w->precision);
    arb_sub_arf(x, w->half, at->y, w->precision);
    w->law->density(value, w->noise, x, w->precision);
    log_bounds(&at->p_low, &at->p_high, value, w->precision);
    at->before = arb_is_nonnegative(x);
    at->beyond = arb_is_nonpositive(x);
    if (arb_is_positive(x)) {
        w->law->tail(at->left, w->noise, x, w->precision);
        arb_mul_2exp_si(at->left, at->left, -1);
        arb_sub_ui(at->left, at->left, 1, w->precision);
        arb_neg(at->left, at->left);
    } else if (arb_is_negative(x)) {
        arb_neg(x, x);
        w->law->tail(at->left, w->noise, x, w->precision);
        arb_mul_2exp_si(at->left, at->left, -1);
    } else {
        w->law->cdf(at->left, w->noise, x, w->precision);
    }
    arb_clear(x);
    arb_clear(value);
}

/* log p - log q rounded down (direction < 0) or up; q = 0: infinite. */
static double difference(double p, double q, int direction) {
    return q == -INFINITY ? INFINITY : nextafter(p - q, direction < 0 ? -INFINITY : INFINITY);
}

/* Bounds on the loss between two points, the first nearer to v/2. An infinite lower one: Q has no mass there.
 */
static void loss_range(const walk *w, const point *near, const point *far, double *low, double *high) {
    *low = 0;
    *high = INFINITY;
    if (far->before || w->log_concave) {
        *low = difference(near->p_low, near->q_high, -1);
        *high = difference(far->p_high, far->q_low, 1);
    } else if (near->beyond) {
        *low = difference(far->p_low, near->q_high, -1);
        *high = difference(near->p_high, far->q_low, 1);
    }
    if (!(*low > 0)) *low = 0;
}

/* slope := an enclosure of dl/dy between two points on one side of y = v/2; not finite where there is none. */
static void loss_slope(arb_t slope, const walk *w, const point *near, const point *far) {
    arb_t y;
    acb_t z;
    acb_ptr jet = _acb_vec_init(4);
    arb_init(y);
    acb_init(z);
    arb_set_interval_arf(y, near->y, far->y, w->precision);
    arb_add(acb_realref(z), w->half, y, w->precision);
    w->smooth->log_density(jet, w->noise, z, 4, w->precision);
    arb_neg(slope, acb_realref(jet + 1));
    arb_sub(acb_realref(z), w->half, y, w->precision);
    if (!far->before) arb_neg(acb_realref(z), acb_realref(z));
    w->smooth->log_density(jet, w->noise, z, 4, w->precision);
    if (far->before)
        arb_sub(slope, slope, acb_realref(jet + 1), w->precision);
    else
        arb_add(slope, slope, acb_realref(jet + 1), w->precision);
    arb_clear(y);
    acb_clear(z);
    _acb_vec_clear(jet, 4);
}

/* Bounds on the loss from its values at the two points and its slope between them. */
static void narrow_range(const walk *w, const point *near, const point *far, double *low, double *high) {
    if (!w->smooth || !(far->before || near->beyond) || far->q_low == -INFINITY) return;
    arb_t slope, length;
    arf_t end;
    arb_init(slope);
    arb_init(length);
    arf_init(end);
    loss_slope(slope, w, near, far);
    arf_sub(arb_midref(length), far->y, near->y, 64, ARF_RND_UP);
    arb_mul(slope, slope, length, 64);
    if (arb_is_finite(slope)) {
        arb_get_lbound_arf(end, slope, 64);
        double fall = fmin(0, arf_get_d(end, ARF_RND_FLOOR));
        arb_get_ubound_arf(end, slope, 64);
        double rise = fmax(0, arf_get_d(end, ARF_RND_CEIL));
        double from_near = nextafter(difference(near->p_low, near->q_high, -1) + fall, -INFINITY);
        double from_far = nextafter(difference(far->p_low, far->q_high, -1) - rise, -INFINITY);
        *low = fmax(*low, fmax(from_near, from_far));
        from_near = nextafter(difference(near->p_high, near->q_low, 1) + rise, INFINITY);
        from_far = nextafter(difference(far->p_high, far->q_low, 1) - fall, INFINITY);
        *high = fmin(*high, fmin(from_near, from_far));
    }
    arb_clear(slope);
    arb_clear(length);
    arf_clear(end);
}

/* ------------------------------------------------------------------ masses */
/* value := e^(k D/2) */
static void tilt(arb_t value, const walk *w, slong k) {
    arb_set_si(value, k);
    arb_mul_2exp_si(value, value, -1 - w->grid->exponent);
    arb_exp(value, value, w->precision);
}

/* fine[k] and its mirror image += mass */
static void add_fine(sb_loss_grid *grid, slong k, const arb_t mass, slong precision) {
    arb_ptr centre = grid->fine + grid->reach;
    arb_add(centre + k, centre + k, mass, precision);
    arb_add(centre - k, centre - k, mass, precision);
}

/* Masses P, Q with losses from a D to b D; b < 0: without bound. */
static void split(walk *w, const arb_t p, const arb_t q, slong a, slong b) {
    sb_loss_grid *grid = w->grid;
    slong precision = w->precision;
    arb_t low, high, sine, mass;
    if (a > grid->reach) return; /* left out, that is, moved to an infinite loss */
    arb_init(low);
    arb_init(high);
    arb_init(sine);
    arb_init(mass);
    tilt(low, w, a);
    if (b < 0 || b > grid->reach || a == b) {
        arb_mul(mass, q, low, precision);
        add_fine(grid, a, mass, precision);
    } else {
        tilt(high, w, b);
        arb_set_si(sine, b - a);
        arb_mul_2exp_si(sine, sine, -1 - grid->exponent);
        arb_sinh(sine, sine, precision);
        arb_mul_2exp_si(sine, sine, 1);
        arb_mul(mass, q, high, precision);
        arb_inv(high, high, precision);
        arb_submul(mass, p, high, precision);
        arb_div(mass, mass, sine, precision);
        add_fine(grid, a, mass, precision);
        arb_inv(high, low, precision);
        arb_mul(mass, p, high, precision);
        arb_submul(mass, q, low, precision);
        arb_div(mass, mass, sine, precision);
        add_fine(grid, b, mass, precision);
    }
    arb_clear(low);
    arb_clear(high);
    arb_clear(sine);
    arb_clear(mass);
}

/* All of P, Q to the node k, and of the mirror image to -k. */
static void merge(walk *w, const arb_t p, const arb_t q, slong k) {
    arb_ptr centre = w->grid->coarse + w->grid->reach;
    arb_t factor;
    arb_init(factor);
    if (k > w->grid->reach) k = w->grid->reach;
    tilt(factor, w, k);
    arb_addmul(centre - k, q, factor, w->precision);
    arb_inv(factor, factor, w->precision);
    arb_addmul(centre + k, p, factor, w->precision);
    arb_clear(factor);
}

/* ------------------------------------------------------------------ cells */
/* Whether a cell with these losses can be taken as it is. A mass m that is spread over a length s costs about
   m s^2/8 of overlap, and at most m. */
static int good_enough(const walk *w, const arb_t p, const arb_t q, double low, double high) {
    double half = 0.5 * w->step;
    if (w->grid->evaluations >= MOST_EVALUATIONS) return 1;
    if (ceil(high / half) - floor(low / half) <= 1) return 1;
    if (high - low <= w->step / 16) return 1;
    double spread = (ceil(high / w->step) - floor(low / w->step)) * w->step;
    double log_mass = 0.5 * (sb_rough_log(p) + sb_rough_log(q));
    return log_mass + (spread < 1 ? 2 * log(spread) : 0) <= w->log_overlap + w->log_budget;
}

static void take(walk *w, const arb_t p, const arb_t q, double low, double high) {
    double a = floor(low / w->step), b = ceil(high / w->step), limit = (double)w->grid->reach + 1;
    double middle = high < INFINITY ? 0.5 * (low + high) : low;
    if (a > limit) a = limit;
    split(w, p, q, (slong)a, b > limit ? -1 : (slong)b);
    middle = floor(middle / w->step + 0.5);
    merge(w, p, q, (slong)(middle > limit ? limit : middle));
}

static void walk_cell(walk *w, const point *near, const point *far) {
    double low, high;
    arb_t p, q;
    loss_range(w, near, far, &low, &high);
    narrow_range(w, near, far, &low, &high);
    if (low == INFINITY) return;
    arb_init(p);
    arb_init(q);
    arb_sub(p, near->left, far->left, w->precision);
    arb_sub(q, near->right, far->right, w->precision);
    if (good_enough(w, p, q, low, high)) {
        take(w, p, q, low, high);
    } else {
        point middle;
        point_init(&middle);
        arf_add(middle.y, near->y, far->y, ARF_PREC_EXACT, ARF_RND_DOWN);
        arf_mul_2exp_si(middle.y, middle.y, -1);
        evaluate(w, &middle);
        walk_cell(w, near, &middle);
        walk_cell(w, &middle, far);
        point_clear(&middle);
    }
    arb_clear(p);
    arb_clear(q);
}

/* From `near` to infinity, where next to nothing is left. */
static void walk_rest(walk *w, const point *near) {
    double low = difference(near->p_low, near->q_high, -1);
    if (near->q_high == -INFINITY) return;
    if (!w->log_concave || !(low > 0)) low = 0;
    take(w, near->left, near->right, low, INFINITY);
}

/* ------------------------------------------------------------------ where to walk */
static double rest(const point *at) {
    return 0.5 * (sb_rough_log(at->left) + sb_rough_log(at->right));
}

/* end := about the first point beyond which the rest is small; *loss := the loss just before it, roughly. */
static void find_end(walk *w, point *end, double *loss) {
    double small = w->log_overlap + w->log_budget;
    arf_t low, high;
    arf_init(low);
    arf_init(high);
    arf_one(high); /* the stride at first */
    arb_get_ubound_arf(end->y, w->half, 64);
    do {
        arf_add(end->y, end->y, high, 64, ARF_RND_UP);
        arf_mul_2exp_si(high, high, 1);
        evaluate(w, end);
    } while (rest(end) > small && w->grid->evaluations < 200);
    arf_set(high, end->y);
    for (int i = 0; i < 30; i++) {
        arf_add(end->y, low, high, 64, ARF_RND_UP);
        arf_mul_2exp_si(end->y, end->y, -1);
        evaluate(w, end);
        arf_set(rest(end) > small ? low : high, end->y);
    }
    arf_set(end->y, low);
    evaluate(w, end);
    *loss = end->p_low - end->q_high;
    arf_set(end->y, high);
    evaluate(w, end);
    arf_clear(low);
    arf_clear(high);
}

/* The largest loss up to `end`, roughly; `loss`: at the end. */
static double largest_loss(walk *w, const point *end, double loss) {
    double centre = arf_get_d(arb_midref(w->half), ARF_RND_NEAR), last = arf_get_d(end->y, ARF_RND_NEAR);
    point at;
    point_init(&at);
    for (double from = 0; !w->log_concave && centre + from < last; from = fmax(1.25 * from, 0x1p-8)) {
        arf_set_d(at.y, centre + from);
        evaluate(w, &at);
        if (at.p_low - at.q_high > loss && at.q_high > -INFINITY) loss = at.p_low - at.q_high;
    }
    point_clear(&at);
    return loss > 0 ? loss : 0;
}

static void walk_all(walk *w, const point *end) {
    point at[2];
    size_t near = 0;
    for (size_t i = 0; i < 2; i++) point_init(&at[i]);
    evaluate(w, &at[0]);
    for (int upper = 0; upper < 2; upper++) { /* a kink may lie at y = v/2: enclosed by two points */
        point *next = &at[1 - near];
        if (upper)
            arb_get_ubound_arf(next->y, w->half, 64);
        else
            arb_get_lbound_arf(next->y, w->half, 64);
        if (arf_cmp(next->y, end->y) >= 0 || arf_cmp(next->y, at[near].y) <= 0) continue;
        evaluate(w, next);
        walk_cell(w, &at[near], next);
        near = 1 - near;
    }
    walk_cell(w, &at[near], end);
    walk_rest(w, end);
    for (size_t i = 0; i < 2; i++) point_clear(&at[i]);
}

sb_status sb_loss_grid_fill(sb_loss_grid *grid, const sb_noise_spec *noise, const arb_t shift, int exponent,
                            slong precision, sb_error *error) {
    const sb_product_law *law = noise->family->product;
    walk w = {.noise = noise, .law = law, .precision = precision, .grid = grid, .step = ldexp(1, -exponent)};
    w.log_concave = (law->traits(noise) & SB_LOG_CONCAVE) != 0;
    if (!w.log_concave && law->log_density) w.smooth = law->log_density(noise);
    point end;
    double loss;
    sb_status status = SB_OK;
    sb_loss_grid_clear(grid);
    grid->exponent = exponent;
    point_init(&end);
    arb_init(w.half);
    arb_mul_2exp_si(w.half, shift, -1);
    law->tail(end.left, noise, w.half, precision);
    w.log_overlap = sb_rough_log(end.left);
    w.log_budget = 2 * log(w.step) - 12;
    find_end(&w, &end, &loss);
    double reach = ceil(1.1 * largest_loss(&w, &end, loss) / w.step) + 4;
    if (!(reach < MOST_REACH)) {
        status = sb_fail(error, SB_OUTSIDE, "method lattice: a loss of %g is too large for steps of %g",
                         reach * w.step, w.step);
    } else {
        grid->reach = (slong)reach;
        grid->fine = _arb_vec_init(2 * grid->reach + 1);
        grid->coarse = _arb_vec_init(2 * grid->reach + 1);
        w.log_budget = 2 * log(w.step) - log(64 * (reach + 16));
        grid->evaluations = 0;
        walk_all(&w, &end);
    }
    arb_clear(w.half);
    point_clear(&end);
    return status;
}
