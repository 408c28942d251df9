/* Choice, in double precision: with s = R^2 = (1/y - 1/y0)^2/4 and P = max(A, B_t), the line of slope c has a
   = min(P + c s), and (a - delta)/c has one maximum in c, since a is concave in c.

   Proof, in balls: on 0 < y <= 1/(2 sqrt(a/c) + 1/y0) the line is not positive. From there one walks up in
   cells [u, w]. A and B_t are concave in y, so they lie above their chord; c s is convex, so it lies above a
   tangent; hence P + c s >= a on the cell if the linear lower bound is at least a at u and at w. Once P(y) >=
   a, the rest follows since the probability does not decrease in y. */
#include "bounds/dual_norm_line.h"

#include <math.h>

enum { PRECISION = 96, GRID = 256, MOST_CELLS = 4000 };

static const double ROOT_HALF = 0.70710678118654752, PHI_ONE = 0.24197072451914335;

/* ------------------------------------------------------------------ in double precision */
/* Where A is largest on (0, y0]: A' = 2 phi(y) - 2 phi(1) y/y0^2 falls. */
static double summit_of_A(double y0) {
    double low = 0, high = y0 < 40 ? y0 : 40;
    for (int i = 0; i < 60; i++) {
        double y = (low + high) / 2;
        if (exp(0.5 - y * y / 2) > y / (y0 * y0))
            low = y;
        else
            high = y;
    }
    return high;
}

static double piece_A(double y, double y0) {
    return erf(y * ROOT_HALF) - PHI_ONE * (y / y0) * (y / y0);
}

static double piece_B(double y, double y0, double t) {
    return -expm1(-t * t / 2) * erf(y * (1 - t / y0) * ROOT_HALF);
}

typedef double real_function(double x, const void *context);

/* The place of the maximum of a unimodal f on [low, high]; each step leaves 0.55 of the interval. */
static double maximum(real_function *f, const void *context, double low, double high, int steps) {
    while (steps-- > 0) {
        double x = low + 0.45 * (high - low), z = low + 0.55 * (high - low);
        if (f(x, context) < f(z, context))
            low = x;
        else
            high = z;
    }
    return (low + high) / 2;
}

typedef struct {
    double y, y0;
} place;

static double log_B(double t, const void *context) { /* concave in t */
    const place *at = context;
    return log(piece_B(at->y, at->y0, t));
}

/* The largest of all B_t and of A up to y or to its summit; *t := 0 for A. */
static double best_piece(double y, double y0, double summit, double *t) {
    place at = {y, y0};
    double a = piece_A(y < summit ? y : summit, y0), best = maximum(log_B, &at, 0, y0 < 40 ? y0 : 40, 20),
           b = piece_B(y, y0, best);
    *t = b > a ? best : 0;
    return b > a ? b : a;
}

static double square(double y, double y0) {
    double g = 1 / y - 1 / y0;
    return g * g / 4;
}

/* -dA/ds, which rises in y and falls again before A is largest */
static double steepness(double y, const void *y0) {
    double ratio = *(const double *)y0;
    return 4 * PHI_ONE * y * y * (exp(0.5 - y * y / 2) - y / (ratio * ratio)) / (1 / y - 1 / ratio);
}

typedef struct {
    double y0, delta, c;
    double summit, steepest; /* the y where A and where -dA/ds is largest */
    double end, step;        /* of the grid; log y has this step */
    int count;
    double y[GRID + 4], s[GRID + 4], P[GRID + 4];
} choice;

/* A + c s where the line of slope c touches A; infinite where none does. */
static double touch(const choice *k, double c) {
    double low = 0, high = k->steepest;
    if (steepness(high, &k->y0) <= c) return INFINITY;
    for (int i = 0; i < 60; i++) {
        double y = (low + high) / 2;
        if (steepness(y, &k->y0) < c)
            low = y;
        else
            high = y;
    }
    return piece_A(high, k->y0) + c * square(high, k->y0);
}

/* P + c s is least at some place of the grid beyond `from`. */
static int lowest(const choice *k, double c, double from) {
    int where = GRID; /* y0 */
    for (int j = 0; j < k->count; j++)
        if (k->y[j] > from && k->P[j] + c * k->s[j] < k->P[where] + c * k->s[where]) where = j;
    return where;
}

static double intercept(const choice *k, double c) {
    int where = lowest(k, c, 0);
    return fmin(touch(k, c), k->P[where] + c * k->s[where]);
}

static double gain(double log_c, const void *context) {
    const choice *k = context;
    double c = exp(log_c);
    return (intercept(k, c) - k->delta) / c;
}

static double minus_height(double log_y, const void *context) {
    const choice *k = context;
    double t, y = exp(log_y);
    return -best_piece(y, k->y0, k->summit, &t) - k->c * square(y, k->y0);
}

static void add(choice *k, double y) {
    double t;
    k->y[k->count] = y;
    k->s[k->count] = square(y, k->y0);
    k->P[k->count++] = best_piece(y, k->y0, k->summit, &t);
}

/* The place between points of the grid where P + c s has its dip, if any, beyond what A alone explains */
static void add_dip(choice *k) {
    double y = log(k->y[lowest(k, k->c, k->steepest)]), end = log(k->end);
    double low = fmin(y - k->step, end), high = fmin(y + k->step, end);
    add(k, exp(maximum(minus_height, k, low, high, 40)));
}

/* The line a - c s with the largest (a - delta)/c; whether there is one. Since A(y) <= sqrt(2/pi) y, nothing
   below y = delta matters. log c lies between `low` and that of the steepest line through P(y0) at R = 0. The
   dip that the grid may miss is found for one c and counts for the next. */
static int choose(double *a, double *c, double y0, double delta) {
    choice k = {.y0 = y0, .delta = delta, .end = fmin(y0, 16)};
    if (delta >= k.end) return 0;
    k.summit = summit_of_A(y0);
    k.steepest = maximum(steepness, &y0, 0, k.summit, 40);
    k.step = log(k.end / delta) / GRID;
    for (int j = 0; j < GRID; j++) add(&k, delta * exp(k.step * j));
    add(&k, y0);
    double low = 3 * log(delta) - 3, high = low;
    for (int j = 0; j < GRID; j++) {
        double chord = log((k.P[GRID] - k.P[j]) / k.s[j]);
        if (chord > high && chord < 100) high = chord;
    }
    for (int round = 0; round < 3; round++) {
        *c = k.c = exp(maximum(gain, &k, low, high + 1, 60));
        add_dip(&k);
    }
    *a = intercept(&k, *c);
    return *a > delta;
}

/* ------------------------------------------------------------------ in balls */
typedef struct {
    arb_t y0, inverse; /* 1/y0 */
    arb_t a, c;
    double ratio, summit; /* y0, and where A is largest */
} walk;

static void erf_of(arb_t value, const arb_t y) {
    arb_t root;
    arb_init(root);
    arb_set_ui(root, 2);
    arb_rsqrt(root, root, PRECISION);
    arb_mul(value, y, root, PRECISION);
    arb_hypgeom_erf(value, value, PRECISION);
    arb_clear(root);
}

/* value := B_t(y), and for t = 0 A(y), or A at its summit beyond it: a value that the envelope of A, its
   largest up to y, has at least */
static void piece(arb_t value, const walk *k, const arf_t at, double t) {
    arb_t x, loss;
    arf_t y;
    arb_init(x);
    arb_init(loss);
    arf_init(y);
    arf_set_d(y, k->summit);
    if (t > 0 || arf_cmp(at, y) < 0) arf_set(y, at);
    arb_set_d(loss, t);
    arb_mul(x, loss, k->inverse, PRECISION);
    arb_sub_ui(x, x, 1, PRECISION);
    arb_neg(x, x);
    arb_mul_arf(x, x, y, PRECISION);
    erf_of(value, x);
    if (t > 0) { /* times -expm1(-t^2/2) */
        arb_sqr(loss, loss, PRECISION);
        arb_mul_2exp_si(loss, loss, -1);
        arb_neg(loss, loss);
        arb_expm1(loss, loss, PRECISION);
        arb_neg(loss, loss);
        arb_mul(value, value, loss, PRECISION);
    } else { /* minus phi(1) (y/y0)^2 */
        arb_mul_arf(x, k->inverse, y, PRECISION);
        arb_sqr(x, x, PRECISION);
        arb_set_d(loss, -0.5);
        arb_exp(loss, loss, PRECISION);
        arb_mul(x, x, loss, PRECISION);
        arb_const_pi(loss, PRECISION);
        arb_mul_2exp_si(loss, loss, 1);
        arb_rsqrt(loss, loss, PRECISION);
        arb_mul(x, x, loss, PRECISION);
        arb_sub(value, value, x, PRECISION);
    }
    arb_clear(x);
    arb_clear(loss);
    arf_clear(y);
}

/* c s(y), and its derivative -c (1/y - 1/y0)/(2 y^2) */
static void square_part(arb_t value, arb_t slope, const walk *k, const arf_t y) {
    arb_t inverse;
    arb_init(inverse);
    arb_set_arf(inverse, y);
    arb_inv(inverse, inverse, PRECISION);
    arb_sub(value, inverse, k->inverse, PRECISION);
    arb_sqr(inverse, inverse, PRECISION);
    arb_mul(slope, value, inverse, PRECISION);
    arb_mul_2exp_si(slope, slope, -1);
    arb_mul(slope, slope, k->c, PRECISION);
    arb_neg(slope, slope);
    arb_sqr(value, value, PRECISION);
    arb_mul_2exp_si(value, value, -2);
    arb_mul(value, value, k->c, PRECISION);
    arb_clear(inverse);
}

/* The t of the better piece; A where y is tiny. */
static double piece_for(const walk *k, const arf_t y) {
    double t = 0;
    if (arf_cmpabs_2exp_si(y, -20) > 0) best_piece(arf_get_d(y, ARF_RND_NEAR), k->ratio, k->summit, &t);
    return t < k->ratio ? t : 0;
}

/* Whether P(end) + c s >= a, with the tangent of c s at middle, by the piece t */
static int end_holds(const walk *k, const arf_t end, const arf_t middle, double t) {
    arb_t sum, value, slope;
    arf_t gap;
    arb_init(sum);
    arb_init(value);
    arb_init(slope);
    arf_init(gap);
    piece(sum, k, end, t);
    square_part(value, slope, k, middle);
    arf_sub(gap, end, middle, ARF_PREC_EXACT, ARF_RND_DOWN);
    arb_mul_arf(slope, slope, gap, PRECISION);
    arb_add(value, value, slope, PRECISION);
    arb_add(sum, sum, value, PRECISION);
    int holds = arb_ge(sum, k->a);
    arb_clear(sum);
    arb_clear(value);
    arb_clear(slope);
    arf_clear(gap);
    return holds;
}

static int cell_holds(const walk *k, const arf_t u, const arf_t w) {
    arf_t middle;
    arf_init(middle);
    arf_add(middle, u, w, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_mul_2exp_si(middle, middle, -1);
    double t = piece_for(k, middle);
    int holds = end_holds(k, u, middle, t) && end_holds(k, w, middle, t);
    arf_clear(middle);
    return holds;
}

/* Whether P(y) >= a */
static int above(const walk *k, const arf_t y) {
    arb_t value;
    arb_init(value);
    piece(value, k, y, piece_for(k, y));
    int result = arb_ge(value, k->a);
    arb_clear(value);
    return result;
}

/* y := a lower bound of 1/(2 sqrt(a/c) + 1/y0), up to which c s >= a */
static void walk_start(arf_t y, const walk *k) {
    arb_t x;
    arb_init(x);
    arb_div(x, k->a, k->c, PRECISION);
    arb_sqrt(x, x, PRECISION);
    arb_mul_2exp_si(x, x, 1);
    arb_add(x, x, k->inverse, PRECISION);
    arb_inv(x, x, PRECISION);
    arb_get_lbound_arf(y, x, 53);
    arb_clear(x);
}

/* One step up from y, of relative size 2^-*halvings or the next smaller that can be proved; 0: none can. */
static int step_up(arf_t y, const walk *k, int *halvings) {
    arf_t next;
    int proved = 0;
    arf_init(next);
    for (; !proved && *halvings < 45; *halvings += !proved) {
        arf_mul_2exp_si(next, y, -*halvings);
        arf_add(next, next, y, 64, ARF_RND_DOWN);
        if (arf_cmp(next, arb_midref(k->y0)) > 0) arf_set(next, arb_midref(k->y0));
        proved = cell_holds(k, y, next);
    }
    if (proved) arf_set(y, next);
    if (*halvings > 1) --*halvings;
    arf_clear(next);
    return proved;
}

static int walk_up(const walk *k) {
    arf_t y;
    arf_init(y);
    walk_start(y, k);
    int halvings = 2, cells = 0, below = arf_sgn(y) > 0 && above(k, arb_midref(k->y0));
    while (below && arf_cmp(y, arb_midref(k->y0)) < 0 && !above(k, y))
        below = cells++ < MOST_CELLS && step_up(y, k, &halvings);
    arf_clear(y);
    return below;
}

static void walk_init(walk *k, const fmpq_t y0) {
    arb_init(k->y0);
    arb_init(k->inverse);
    arb_init(k->a);
    arb_init(k->c);
    arb_set_fmpq(k->y0, y0, PRECISION);
    arb_inv(k->inverse, k->y0, PRECISION);
    k->ratio = arf_get_d(arb_midref(k->y0), ARF_RND_NEAR);
    k->summit = summit_of_A(k->ratio);
}

static void walk_clear(walk *k) {
    arb_clear(k->y0);
    arb_clear(k->inverse);
    arb_clear(k->a);
    arb_clear(k->c);
}

int sb_dual_norm_certify(const fmpq_t y0, const fmpq_t a, const fmpq_t c) {
    walk k;
    walk_init(&k, y0);
    arb_set_fmpq(k.a, a, PRECISION);
    arb_set_fmpq(k.c, c, PRECISION);
    int below = fmpq_sgn(c) > 0 && fmpq_sgn(a) > 0 && arb_is_exact(k.y0) && walk_up(&k);
    walk_clear(&k);
    return below;
}

/* ------------------------------------------------------------------ the line for delta */
/* a and c of a line that is nearly the best, exact; whether there is one. A small delta is about A(y) =
   sqrt(2/pi) y at the place of contact, where c = -dA/ds is sqrt(8/pi) y^3. */
static int draw(walk *k, const fmpq_t delta) {
    arb_t x, slope;
    arf_t y;
    double a, c;
    int drawn = 1;
    arb_init(x);
    arb_init(slope);
    arf_init(y);
    arb_set_fmpq(x, delta, PRECISION);
    if (arf_cmpabs_2exp_si(arb_midref(x), -30) < 0) {
        arf_set_d(y, 1.2533141373155003);
        arf_mul(y, y, arb_midref(x), 30, ARF_RND_DOWN);
        arb_set_arf(x, y);
        arb_pow_ui(x, x, 3, PRECISION);
        arb_set_d(k->c, 1.5957691216057308);
        arb_mul(k->c, k->c, x, PRECISION);
        arb_get_mid_arb(k->c, k->c);
        square_part(x, slope, k, y);
        piece(k->a, k, y, 0);
        arb_add(k->a, k->a, x, PRECISION);
        arb_get_mid_arb(k->a, k->a);
    } else if ((drawn = choose(&a, &c, k->ratio, arf_get_d(arb_midref(x), ARF_RND_NEAR))) != 0) {
        arb_set_d(k->a, a);
        arb_set_d(k->c, c);
    }
    arb_clear(x);
    arb_clear(slope);
    arf_clear(y);
    return drawn;
}

void sb_dual_norm_line(fmpq_t value, const fmpq_t y0, const fmpq_t delta) {
    walk k;
    fmpq_t a, c;
    arb_t whole, slack;
    walk_init(&k, y0);
    fmpq_init(a);
    fmpq_init(c);
    arb_init(whole);
    arb_init(slack);
    int proved = 0, drawn = draw(&k, delta);
    arb_set(whole, k.a);
    arb_set_fmpq(slack, delta, PRECISION);
    arb_sub(slack, whole, slack, PRECISION);
    arb_mul_2exp_si(slack, slack, -35);
    for (int bits = 30; drawn && !proved && bits > 4; bits -= 5) {
        arb_mul_2exp_si(slack, slack, 5); /* (a - delta) 2^-bits */
        arb_sub(k.a, whole, slack, PRECISION);
        arf_set_round(arb_midref(k.a), arb_midref(k.a), 64, ARF_RND_DOWN);
        mag_zero(arb_radref(k.a));
        proved = walk_up(&k);
    }
    fmpq_zero(value);
    if (proved) {
        arf_get_fmpq(a, arb_midref(k.a));
        arf_get_fmpq(c, arb_midref(k.c));
        fmpq_sub(a, a, delta);
        if (fmpq_sgn(a) > 0) fmpq_div(value, a, c);
    }
    walk_clear(&k);
    fmpq_clear(a);
    fmpq_clear(c);
    arb_clear(whole);
    arb_clear(slack);
}
