/* Where to cut. A plain bisection never ends where a tight inequality is tight, so cuts go through the points
   that matter: where the goal is 0, and where two branches of max, min or abs cross at a rational. Otherwise
   the variable whose range moves the goal most, |df/dx_i| times the width, is cut at the simplest rational in
   the middle of its range. */
#include "bounds/prover_search.h"

#include <math.h>

enum { GRID = 128 };

static void set_double(fmpq_t value, double x) {
    arf_t exact;
    arf_init(exact);
    arf_set_d(exact, x);
    arf_get_fmpq(value, exact);
    arf_clear(exact);
}

void sb_simplest_near(fmpq_t result, double centre, double radius, const fmpq_t low, const fmpq_t high) {
    fmpq_t from, to;
    fmpq_init(from);
    fmpq_init(to);
    set_double(from, centre - radius);
    set_double(to, centre + radius);
    if (fmpq_cmp(from, low) < 0) fmpq_set(from, low);
    if (fmpq_cmp(to, high) > 0) fmpq_set(to, high);
    if (fmpq_cmp(from, high) > 0)
        fmpq_set(result, high);
    else if (fmpq_cmp(to, low) < 0)
        fmpq_set(result, low);
    else
        fmpq_simplest_between(result, from, to);
    fmpq_clear(from);
    fmpq_clear(to);
}

/* ------------------------------------------------------------------ kinks */
static double difference_at(sb_search *s, int kink, double *x, size_t variable, double at) {
    x[variable] = at;
    sb_evaluator_set_point(s->evaluator, x);
    return sb_kink_difference(s->evaluator, kink);
}

/* Notes a rational near `at` if the branches agree there exactly. */
static void note_kink(sb_search *s, int kink, size_t variable, double at, double radius) {
    if (s->kink_count == SB_MOST_MARKS) return;
    fmpq *found = s->kink[s->kink_count];
    sb_simplest_near(found, at, radius, s->whole.low[variable], s->whole.high[variable]);
    for (int k = 0; k < s->kink_count; k++)
        if (s->kink_variable[k] == (int)variable && fmpq_equal(s->kink[k], found)) return;
    sb_box_set(&s->part, &s->whole);
    for (size_t i = 0; i < s->goal->variable_count; i++) fmpq_set(s->part.high[i], s->part.low[i]);
    fmpq_set(s->part.low[variable], found);
    fmpq_set(s->part.high[variable], found);
    sb_evaluator_set_box(s->evaluator, &s->part);
    if (sb_kink_is_zero(s->evaluator, kink)) s->kink_variable[s->kink_count++] = (int)variable;
}

static void find_kinks(sb_search *s, int kink, size_t variable) {
    double low = sb_double_above(s->whole.low[variable]), high = sb_double_below(s->whole.high[variable]);
    double x[SB_GOAL_VARIABLES], width = high - low, before = NAN;
    for (size_t i = 0; i < s->goal->variable_count; i++) x[i] = sb_double_above(s->whole.low[i]);
    for (int g = 0; g <= GRID; g++) {
        double to = low + width * g / GRID, from = to - width / GRID,
               value = difference_at(s, kink, x, variable, to);
        if (value == 0) note_kink(s, kink, variable, to, 1e-9 * width);
        if (g && before * value < 0) {
            for (int i = 0; i < 60; i++) {
                double middle = from + (to - from) / 2;
                if (difference_at(s, kink, x, variable, middle) * before > 0)
                    from = middle;
                else
                    to = middle;
            }
            note_kink(s, kink, variable, to, 1e-9 * width);
        }
        before = value;
    }
}

void sb_search_kinks(sb_search *s) {
    for (int k = 0; k < sb_kink_count(s->evaluator); k++) {
        unsigned variables = sb_kink_variables(s->evaluator, k);
        for (size_t i = 0; i < s->goal->variable_count; i++)
            if (variables == 1u << i && sb_is_free(&s->whole, i)) find_kinks(s, k, i);
    }
}

/* ------------------------------------------------------------------ choosing */
static int strictly_inside(const sb_box *box, size_t i, const fmpq_t at) {
    return fmpq_cmp(at, box->low[i]) > 0 && fmpq_cmp(at, box->high[i]) < 0;
}

static int inside(const sb_search *s, const sb_rational_point *point) {
    for (size_t i = 0; i < s->goal->variable_count; i++)
        if (fmpq_cmp(point->at[i], s->face.low[i]) < 0 || fmpq_cmp(point->at[i], s->face.high[i]) > 0)
            return 0;
    return 1;
}

static double width_of(const sb_box *box, size_t i) {
    return sb_double_above(box->high[i]) - sb_double_below(box->low[i]);
}

/* A point where the goal is 0: cut along the variable in which it is farthest from the ends. */
static int cut_at_zero(sb_search *s, int *variable, fmpq_t at) {
    for (int z = 0; z < s->zero_count; z++) {
        if (!inside(s, &s->zero[z])) continue;
        double best = -1;
        for (size_t i = 0; i < s->goal->variable_count; i++) {
            if (!strictly_inside(&s->face, i, s->zero[z].at[i])) continue;
            double x = sb_double_below(s->zero[z].at[i]), width = width_of(&s->face, i);
            double left = (x - sb_double_below(s->face.low[i])) / width,
                   margin = left < 0.5 ? left : 1 - left;
            if (margin <= best) continue;
            best = margin;
            *variable = (int)i;
            fmpq_set(at, s->zero[z].at[i]);
        }
        if (best >= 0) return 1;
    }
    return 0;
}

static int cut_at_kink(sb_search *s, int *variable, fmpq_t at) {
    for (int k = 0; k < s->kink_count; k++) {
        if (!strictly_inside(&s->face, (size_t)s->kink_variable[k], s->kink[k])) continue;
        *variable = s->kink_variable[k];
        fmpq_set(at, s->kink[k]);
        return 1;
    }
    return 0;
}

/* How much a free variable matters. Without a slope, by its share of the whole range, above all that have
 * one. */
static double influence(sb_search *s, size_t i) {
    double low, high, width = width_of(&s->face, i), share = width / width_of(&s->whole, i);
    if (!sb_fast_range(s->evaluator, SB_SLOPE + (int)i, &low, &high)) return 1e300 * share;
    double largest = -low > high ? -low : high;
    return largest * width < 1e290 ? largest * width + 1e-300 * share : 1e290;
}

static void middle(const sb_box *box, size_t i, fmpq_t at) {
    fmpq_t from, to, eighth;
    fmpq_init(from);
    fmpq_init(to);
    fmpq_init(eighth);
    fmpq_sub(eighth, box->high[i], box->low[i]);
    fmpq_div_2exp(eighth, eighth, 3);
    fmpq_set(from, box->low[i]);
    for (int k = 0; k < 3; k++) fmpq_add(from, from, eighth);
    fmpq_add(to, from, eighth);
    fmpq_add(to, to, eighth);
    fmpq_simplest_between(at, from, to);
    fmpq_clear(from);
    fmpq_clear(to);
    fmpq_clear(eighth);
}

int sb_search_cut(sb_search *s, int *variable, fmpq_t at) {
    if (cut_at_zero(s, variable, at) || cut_at_kink(s, variable, at)) return 1;
    sb_evaluator_set_box(s->evaluator, &s->face);
    double best = -1;
    for (size_t i = 0; i < s->goal->variable_count; i++) {
        if (!sb_is_free(&s->face, i)) continue;
        double weight = influence(s, i);
        if (weight <= best) continue;
        best = weight;
        *variable = (int)i;
    }
    if (best < 0) return 0;
    middle(&s->face, (size_t)*variable, at);
    return 1;
}
