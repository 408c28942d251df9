/* The choice of a line, all in floating point. K and x0 come from a coarse lattice, by a scan over K and a
   pattern search; for given K and x0 the bound is where the lower convex hull of L has the height delta. The
   line is the hull's edge there with its slope rounded, lowered by so much that the certificate's cells stay
   few. Its numbers have few bits, so that the last digits of the C library's erf do not show. */
#include "bounds/asymptotic.h"

#include "bounds/small_ball.h"

#include <math.h>

enum { SAMPLE = 48, CUTS = 24, SCAN = 16, DEPTH = 30 };

/* What is sought: the best line for d and delta. */
typedef struct {
    sb_promise promise;
    double dimension, delta;
    double scale; /* of t, as scale_of */
    double first; /* the least t > 0 to look at */
} search;

/* K from the index of a lattice with 32 steps an octave, x0 from one with steps of 1/64 */
typedef struct {
    int clip, band;
} place;

static double clip_at(place at) {
    return ldexp(32 + at.clip % 32, at.clip / 32 - 5);
}

static double band_at(place at) {
    return at.band / 64.0;
}

static int is_inside(place at, double dimension) {
    return at.clip > 0 && at.band >= 16 && at.band <= 100 && clip_at(at) < dimension / 2;
}

/* T, or t0 = .17636 where the tangent from (0, 1) touches there (delta > .766), and 4 times it for
   robustness, where L is stretched. z by Newton's method on the concave erf, from the left. */
static double scale_of(double delta, sb_promise promise) {
    double z = 1.1906;
    if (delta < 0.766) {
        z = 1.2533141373155 * delta;
        for (int i = 0; i < 8; i++)
            z += (delta - erf(z * 0.7071067811865476)) / (0.7978845608028654 * exp(-z * z / 2));
    }
    return (promise == SB_PROMISE_TV ? 0.25 : 1) / (z * z);
}

typedef struct {
    double t, value;
} point;

/* Points of L, t increasing: 0, a geometric sequence, and one where L is 0 or is taken for it. Returns how
   many. */
static int sample(point at[SAMPLE], const sb_small_ball_estimate *ball, const search *sought) {
    double end = fmin(sb_small_ball_estimate_end(ball), 16 * sought->scale), t = sought->first,
           ratio = pow(16 * sought->scale / sought->first, 1.0 / (SAMPLE - 2));
    int n = 0;
    at[n++] = (point){0, sb_small_ball_estimate_profile(ball, 0, NULL)};
    for (; n < SAMPLE - 1 && t < end; t *= ratio)
        at[n++] = (point){t, sb_small_ball_estimate_profile(ball, t, NULL)};
    at[n++] = (point){end, 0};
    return n;
}

/* Leaves the points' lower convex hull; its edge that crosses the height delta: the abscissa there, and the
   slope c. 0 when none does. */
static double hull_crossing(double *slope, point *at, int *count, double delta) {
    int top = 0; /* at[0 .. top] is the hull so far */
    for (int i = 1; i < *count; i++) {
        while (top > 0 && (at[top].value - at[top - 1].value) * (at[i].t - at[top].t) >=
                              (at[i].value - at[top].value) * (at[top].t - at[top - 1].t))
            top--;
        at[++top] = at[i];
    }
    *count = top + 1;
    for (int i = 1; i <= top; i++) {
        if (at[i - 1].value > delta && at[i].value <= delta) {
            *slope = (at[i - 1].value - at[i].value) / (at[i].t - at[i - 1].t);
            return at[i - 1].t + (at[i - 1].value - delta) / *slope;
        }
    }
    return 0;
}

/* The abscissa for K and x0, from a coarse sample. */
static double estimate(place at, const search *sought) {
    point sampled[SAMPLE];
    double slope;
    sb_small_ball_estimate ball;
    if (!is_inside(at, sought->dimension)) return 0;
    sb_small_ball_estimate_set(&ball, sought->promise, sought->dimension, clip_at(at), band_at(at));
    int count = sample(sampled, &ball, sought);
    return hull_crossing(&slope, sampled, &count, sought->delta);
}

/* A scan over K, then a pattern search. */
static double best_place(place *best, const search *sought) {
    double value = 0;
    place next = {SCAN, 64};
    for (*best = next; clip_at(next) < sought->dimension; next.clip += SCAN) {
        double found = estimate(next, sought);
        if (found > value) value = found, *best = next;
    }
    for (int step = 8; step > 0 && value > 0;) {
        place from = *best;
        const place neighbour[] = {{from.clip + step, from.band},
                                   {from.clip - step, from.band},
                                   {from.clip, from.band + step},
                                   {from.clip, from.band - step}};
        for (int i = 0; i < 4; i++) {
            double found = estimate(neighbour[i], sought);
            if (found > value) value = found, *best = neighbour[i];
        }
        if (from.clip == best->clip && from.band == best->band) step /= 2;
    }
    return value;
}

/* y rounded down to a multiple of 2^-bits times the power of two above `unit` */
static double round_down(double y, double unit, int bits) {
    int exponent;
    frexp(unit, &exponent);
    return ldexp(floor(ldexp(y, bits - exponent)), exponent - bits);
}

/* The search for the least L(t) + c t, by branch and bound: between two points L is taken for at least the L
   of the right one. */
typedef struct {
    const sb_small_ball_estimate *ball;
    double slope, tolerance;
    point lowest;
    double height; /* there */
} descent;

static void visit(descent *work, point at) {
    double height = at.value + work->slope * at.t;
    if (height < work->height) work->height = height, work->lowest = at;
}

static void descend(descent *work, point left, point right, int depth) {
    if (depth == 0 || right.value + work->slope * left.t >= work->height - work->tolerance) return;
    point middle = {.t = (left.t + right.t) / 2};
    middle.value = sb_small_ball_estimate_profile(work->ball, middle.t, NULL);
    visit(work, middle);
    descend(work, left, middle, depth - 1);
    descend(work, middle, right, depth - 1);
}

static void lowest(descent *work, const point *at, int count, double delta) {
    work->height = INFINITY;
    for (int i = 0; i < count; i++) visit(work, at[i]);
    work->tolerance = (work->height - delta) / 4096;
    for (int i = 1; i < count; i++) descend(work, at[i - 1], at[i], DEPTH);
}

/* The point among the others, by t. */
static void insert(point *at, int *count, point new) {
    int i = (*count)++;
    for (; i > 0 && at[i - 1].t > new.t; i--) at[i] = at[i - 1];
    at[i] = new;
}

/* Cutting planes: the lowest point of L below the edge joins the hull until it lies below by little. The
   abscissa, the slope c rounded, and the least a. */
static double best_line(double *height, double *slope, place at, const search *sought) {
    point hull[SAMPLE + CUTS];
    sb_small_ball_estimate ball;
    sb_small_ball_estimate_set(&ball, sought->promise, sought->dimension, clip_at(at), band_at(at));
    descent work = {.ball = &ball};
    int count = sample(hull, &ball, sought);
    double bound = 0;
    for (int cut = 0; cut < CUTS; cut++) {
        bound = hull_crossing(&work.slope, hull, &count, sought->delta);
        if (!(bound > 0)) return 0;
        lowest(&work, hull, count, sought->delta);
        double edge = sought->delta + work.slope * bound;
        if (work.height > edge - (edge - sought->delta) / 1024) break;
        insert(hull, &count, work.lowest);
    }
    work.slope = round_down(work.slope, work.slope * fmin(1, bound / sought->scale), 9);
    lowest(&work, hull, count, sought->delta);
    *height = work.height;
    *slope = work.slope;
    return bound;
}

static void set_dyadic(fmpq_t x, double y) {
    arf_t dyadic;
    arf_init(dyadic);
    arf_set_d(dyadic, y);
    arf_get_fmpq(x, dyadic);
    arf_clear(dyadic);
}

int sb_asymptotic_choose(sb_asymptotic_line *line, uint64_t dimension, const fmpq_t delta,
                         sb_promise promise) {
    search sought = {.promise = promise, .dimension = (double)dimension, .delta = fmpq_get_d(delta)};
    if (!(sought.delta * sought.delta * sought.dimension > 1 && 1 - sought.delta >= 1e-3)) return 0;
    sought.scale = scale_of(sought.delta, promise);
    sought.first = sought.scale * (sought.delta < 0.7 ? 0.125 : (1 - sought.delta) / 64);
    place at;
    double height, slope;
    if (!(best_place(&at, &sought) > 0) || !(best_line(&height, &slope, at, &sought) > 0)) return 0;
    double gain = height - sought.delta;
    if (!(gain > 0)) return 0;
    gain = round_down(gain - sqrt(gain * (gain + slope * sought.scale)) / 1400, gain, 12);
    if (!(gain > 0)) return 0;
    set_dyadic(line->clip, clip_at(at));
    fmpq_set_si(line->band, at.band, 64);
    set_dyadic(line->height, gain);
    fmpq_add(line->height, line->height, delta);
    set_dyadic(line->slope, slope);
    return 1;
}
