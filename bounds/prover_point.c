/* Points. Samples and short descents (a pattern search: step along the coordinates, halve the step when no
   neighbour is lower) find where the goal is smallest; a refutation is then a rational as simple as possible
   near such a point, shown negative by the exact arithmetic. A descent that ends at 0 tells where the
   inequality is tight. */
#include "bounds/prover_search.h"

#include <math.h>

enum {
    SAMPLES = 256,      /* for each variable, over the whole range */
    START_DESCENTS = 4, /* from the lowest samples */
    SHORT_HALVINGS = 6,
    LONG_HALVINGS = 34,
    MOST_DESCENTS = 4000,
    MOST_DOUBTFUL = 20
};
static const double NEAR_ZERO = 1e-7; /* of the scale of the goal's terms: worth an exact look */

/* The goal's value at a point of doubles; infinite where it has none. */
static double value_at(sb_search *s, const double *x) {
    double low, high;
    sb_evaluator_set_point(s->evaluator, x);
    if (!sb_fast_range(s->evaluator, SB_VALUE, &low, &high)) return INFINITY;
    return low + (high - low) / 2;
}

int sb_search_refute_at(sb_search *s, const sb_rational_point *point) {
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    for (size_t i = 0; i < s->goal->variable_count; i++) {
        fmpq_set(s->part.low[i], point->at[i]);
        fmpq_set(s->part.high[i], point->at[i]);
    }
    sb_evaluator_set_box(s->evaluator, &s->part);
    if (sb_exact_range(s->evaluator, SB_VALUE, low, high)) {
        int above = fmpq_sgn(low), below = fmpq_sgn(high);
        s->refuted = s->goal->relation == SB_EQUAL_ZERO ? above > 0 || below < 0
                     : s->strict                        ? below <= 0
                                                        : below < 0;
    }
    if (s->refuted && &s->point != point)
        for (size_t i = 0; i < s->goal->variable_count; i++) fmpq_set(s->point.at[i], point->at[i]);
    fmpq_clear(low);
    fmpq_clear(high);
    return s->refuted;
}

/* Whether a look in the fast arithmetic leaves it possible that the goal is false at a point. */
static int doubtful(sb_search *s, const double *x) {
    double value = value_at(s, x);
    if (s->goal->relation == SB_EQUAL_ZERO) return 1;
    return value <= 0 || (isfinite(value) && value < NEAR_ZERO * sb_fast_scale(s->evaluator, SB_VALUE));
}

/* Turns a point of doubles into a refutation by simple rationals, from coarse to fine: on both sides of it,
   above it, below it (an end of the range is always simple, and often the one place where the goal holds). */
static void refute_near(sb_search *s, const double *x) {
    size_t n = s->goal->variable_count;
    double width[SB_GOAL_VARIABLES], y[SB_GOAL_VARIABLES];
    sb_rational_point point;
    for (size_t i = 0; i < n; i++) {
        width[i] = sb_double_above(s->whole.high[i]) - sb_double_below(s->whole.low[i]);
        fmpq_init(point.at[i]);
    }
    for (int k = 3; k < 240 && !s->refuted; k++) {
        for (size_t i = 0; i < n; i++) {
            double radius = ldexp(width[i], -k / 3), centre = k % 3 == 0   ? x[i]
                                                              : k % 3 == 1 ? x[i] + radius / 2
                                                                           : x[i] - radius / 2;
            sb_simplest_near(point.at[i], centre, k % 3 ? radius / 2 : radius, s->whole.low[i],
                             s->whole.high[i]);
            y[i] = sb_double_below(point.at[i]);
        }
        if (doubtful(s, y)) sb_search_refute_at(s, &point);
    }
    for (size_t i = 0; i < n; i++) fmpq_clear(point.at[i]);
}

/* Looks for a refutation near a point where the goal is not above 0. Where the rounding of doubles hides the
 * sign, only so often. */
static void try_to_refute(sb_search *s, const double *x, double value) {
    double low, high;
    if (s->strict ? value > 0 : value >= 0) return;
    sb_evaluator_set_point(s->evaluator, x);
    if (!sb_fast_range(s->evaluator, SB_VALUE, &low, &high)) return;
    if (high < 0 || s->doubtful_attempts++ < MOST_DOUBTFUL) refute_near(s, x);
}

/* Pattern search on [low, high] from x. Returns the value reached, in x. */
static double search_down(sb_search *s, double *x, const double *low, const double *high, int halvings) {
    size_t n = s->goal->variable_count;
    double best = value_at(s, x), share = 0.25;
    for (int k = 0, moves = 0; k < halvings && moves < 8 * LONG_HALVINGS; moves++) {
        int moved = 0;
        for (size_t i = 0; i < n; i++) {
            double start = x[i], step = share * (high[i] - low[i]);
            if (!(step > 0)) continue;
            for (int side = -1; side <= 1; side += 2) {
                double to = start + side * step;
                to = to < low[i] ? low[i] : to > high[i] ? high[i] : to;
                double before = x[i];
                x[i] = to;
                double value = value_at(s, x);
                if (value < best) {
                    best = value;
                    moved = 1;
                } else {
                    x[i] = before;
                }
            }
        }
        if (moved) continue;
        share /= 2;
        k++;
    }
    return best;
}

static void bounds_of(const sb_search *s, const sb_box *box, double *low, double *high) {
    for (size_t i = 0; i < s->goal->variable_count; i++) {
        low[i] = sb_double_above(box->low[i]);
        high[i] = sb_double_below(box->high[i]);
        if (low[i] > high[i]) low[i] = high[i];
    }
}

/* ------------------------------------------------------------------ the whole range */
/* Coordinate i of sample k: the additive recurrence k alpha_i mod 1 with alpha_i the powers of the root of
   x^(n+1) = x + 1, which fills the unit cube evenly; the corners come first. */
static void sample(const sb_search *s, size_t k, const double *low, const double *high, double *x) {
    size_t n = s->goal->variable_count, corners = (size_t)1 << n;
    double ratio = 1.6;
    for (int i = 0; i < 60; i++) ratio = pow(1 + ratio, 1 / (double)(n + 1));
    double alpha = 1;
    for (size_t i = 0; i < n; i++) {
        alpha /= ratio;
        double share = k < corners ? (double)(k >> i & 1u) : fmod(0.5 + (double)(k - corners) * alpha, 1.0);
        x[i] = share == 1 ? high[i] : low[i] + share * (high[i] - low[i]);
    }
}

void sb_search_sample(sb_search *s) {
    size_t n = s->goal->variable_count, count = SAMPLES * n + ((size_t)1 << n);
    double low[SB_GOAL_VARIABLES], high[SB_GOAL_VARIABLES], x[SB_GOAL_VARIABLES] = {0};
    double value[START_DESCENTS], start[START_DESCENTS][SB_GOAL_VARIABLES] = {{0}};
    for (int d = 0; d < START_DESCENTS; d++) value[d] = INFINITY;
    bounds_of(s, &s->whole, low, high);
    for (size_t k = 0; k < count; k++) {
        sample(s, k, low, high, x);
        double now = value_at(s, x);
        for (int d = 0; d < START_DESCENTS; d++) {
            if (!(now < value[d])) continue;
            for (int later = START_DESCENTS - 1; later > d; later--) {
                value[later] = value[later - 1];
                for (size_t i = 0; i < n; i++) start[later][i] = start[later - 1][i];
            }
            value[d] = now;
            for (size_t i = 0; i < n; i++) start[d][i] = x[i];
            break;
        }
    }
    for (int d = 0; d < START_DESCENTS && !s->refuted; d++) {
        if (value[d] == INFINITY) continue;
        double reached = search_down(s, start[d], low, high, LONG_HALVINGS);
        try_to_refute(s, start[d], reached);
    }
}

void sb_search_counterexample(sb_search *s, size_t *tried) {
    size_t n = s->goal->variable_count, count = SAMPLES * n + ((size_t)1 << n);
    double low[SB_GOAL_VARIABLES], high[SB_GOAL_VARIABLES], x[SB_GOAL_VARIABLES] = {0};
    bounds_of(s, &s->whole, low, high);
    *tried = 0;
    for (size_t k = 0; k < count && !s->refuted; k++) {
        sample(s, k, low, high, x);
        double from, to;
        sb_evaluator_set_point(s->evaluator, x);
        if (!sb_fast_range(s->evaluator, SB_VALUE, &from, &to)) continue;
        ++*tried;
        if (from > 0 || to < 0) refute_near(s, x);
    }
}

/* ------------------------------------------------------------------ a box that resists */
static int known_zero(const sb_search *s) {
    for (int z = 0; z < s->zero_count; z++) {
        int in = 1;
        for (size_t i = 0; i < s->goal->variable_count; i++)
            in = in && fmpq_cmp(s->zero[z].at[i], s->face.low[i]) >= 0 &&
                 fmpq_cmp(s->zero[z].at[i], s->face.high[i]) <= 0;
        if (in) return 1;
    }
    return 0;
}

/* A rational near x, in the face, where the goal is 0 (or so near to it that 100 bits do not tell). */
static void note_zero(sb_search *s, const double *x) {
    sb_rational_point *point = &s->zero[s->zero_count];
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    for (int k = 10, found = 0; k <= 22 && !found && !s->refuted; k += 6) {
        for (size_t i = 0; i < s->goal->variable_count; i++) {
            double width = sb_double_above(s->face.high[i]) - sb_double_below(s->face.low[i]);
            sb_simplest_near(point->at[i], x[i], ldexp(width, -k), s->face.low[i], s->face.high[i]);
        }
        if (sb_search_refute_at(s, point)) break;
        if (!sb_exact_range(s->evaluator, SB_VALUE, low, high)) continue;
        found = fmpq_sgn(low) <= 0 && fmpq_sgn(high) >= 0;
        if (found) s->zero_count++;
    }
    fmpq_clear(low);
    fmpq_clear(high);
}

/* The better of the centre and the corner to which the slopes point. */
static double start_point(sb_search *s, const double *low, const double *high, double *x) {
    size_t n = s->goal->variable_count;
    double corner[SB_GOAL_VARIABLES] = {0}, from, to;
    sb_evaluator_set_box(s->evaluator, &s->face);
    for (size_t i = 0; i < n; i++) {
        x[i] = low[i] + (high[i] - low[i]) / 2;
        corner[i] = x[i];
        if (low[i] < high[i] && sb_fast_range(s->evaluator, SB_SLOPE + (int)i, &from, &to))
            corner[i] = from + to > 0 ? low[i] : high[i];
    }
    double at_centre = value_at(s, x), at_corner = value_at(s, corner);
    if (!(at_corner < at_centre)) return at_centre;
    for (size_t i = 0; i < n; i++) x[i] = corner[i];
    return at_corner;
}

void sb_search_probe(sb_search *s) {
    double low[SB_GOAL_VARIABLES], high[SB_GOAL_VARIABLES], x[SB_GOAL_VARIABLES] = {0}, least, most;
    bounds_of(s, &s->face, low, high);
    sb_evaluator_set_box(s->evaluator, &s->face);
    int bounded = sb_fast_range(s->evaluator, SB_VALUE, &least, &most);
    double value = start_point(s, low, high, x);
    try_to_refute(s, x, value);
    double slack =
        NEAR_ZERO * sb_fast_scale(s->evaluator, SB_VALUE); /* a least value of 0 leaves a strict goal open */
    if (s->refuted || !bounded || s->descents >= MOST_DESCENTS || value > -least / 4 + slack) return;
    s->descents++;
    value = search_down(s, x, low, high, SHORT_HALVINGS);
    try_to_refute(s, x, value);
    if (s->refuted || value > -least / 32 + slack || s->zero_count == SB_MOST_MARKS || known_zero(s)) return;
    value = search_down(s, x, low, high, LONG_HALVINGS);
    try_to_refute(s, x, value);
    value_at(s, x);
    if (!s->refuted && fabs(value) <= NEAR_ZERO * sb_fast_scale(s->evaluator, SB_VALUE)) note_zero(s, x);
}
