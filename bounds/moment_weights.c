/* F(s) = (s.b) ||s||_r/(1.s)^2, r = p/2, over weights s >= 0 (docs/theory/coordinate-moments.md). For p <= 2
   and p = inf a prefix is best; so weights are of use for 2 < p < inf only. There a minimiser is proportional
   to (t - b_i)_+^(1/(r-1)), and scaled to b_1 = 1, t lies in [2, 2 d^(1-2/p)]: a grid of t and a golden
   section search.

   Coordinates whose b agree up to a factor 1 + h lose a relative h^2 or so by sharing one weight, those with
   equal b nothing (||s||_r is convex); this keeps the certificate short. */
#include "bounds/moment_weights.h"

#include <math.h>
#include <stdlib.h>

enum { FEW = 4096, GRID = 128, SECTIONS = 60 };
static const double group_width = 1.0 / 256;

/* Two sorted lists of numbers: what the search looks at. */
typedef struct {
    size_t count;
    double *ratio;    /* mean of b_i/b_1 in the group */
    double *number;   /* coordinates in it */
    double half_norm; /* r */
} problem;

/* s of a group at t, up to a factor: 1 at b_1 */
static double weight_at(const problem *x, size_t i, double t) {
    return x->ratio[i] < t ? pow((t - x->ratio[i]) / (t - 1), 1 / (x->half_norm - 1)) : 0;
}

static double value_at(const problem *x, double t) {
    double total = 0, product = 0, power = 0;
    for (size_t i = 0; i < x->count && x->ratio[i] < t; i++) {
        double s = weight_at(x, i, t);
        total += x->number[i] * s;
        product += x->number[i] * s * x->ratio[i];
        power += x->number[i] * pow(s, x->half_norm);
    }
    return product / total * pow(power, 1 / x->half_norm) / total;
}

/* The best t in [low, high] on a logarithmic grid, then by golden sections between its neighbours. */
static double best_parameter(const problem *x, double low, double high) {
    const double golden = 0.6180339887498949;
    double step = log(high / low) / GRID, best = low, least = INFINITY;
    for (int i = 0; i <= GRID; i++) {
        double t = low * exp(step * i), value = value_at(x, t);
        if (value < least) {
            least = value;
            best = t;
        }
    }
    double a = fmax(low, best * exp(-step)), b = best * exp(step);
    double t = b - golden * (b - a), u = a + golden * (b - a), at_t = value_at(x, t), at_u = value_at(x, u);
    for (int i = 0; i < SECTIONS && b - a > 1e-12 * b; i++) {
        if (at_t < at_u) {
            b = u;
            u = t;
            at_u = at_t;
            t = b - golden * (b - a);
            at_t = value_at(x, t);
        } else {
            a = t;
            t = u;
            at_t = at_u;
            u = a + golden * (b - a);
            at_u = value_at(x, u);
        }
    }
    return fmin(at_t, at_u) < least ? (at_t < at_u ? t : u) : best;
}

/* The number of leading items that belong to the group starting at `first`. */
static size_t group_end(const sb_coordinate_moments *moments, const double *ratio, size_t first) {
    double top = ratio[first] * (moments->count > FEW ? 1 + group_width : 1);
    size_t end = first + 1;
    while (end < moments->count && ratio[end] <= top) end++;
    return end;
}

/* Groups with b < most b_1, which are all that can have weight. */
static sb_status form_problem(problem *x, const sb_coordinate_moments *moments, const double *ratio,
                              double most, sb_error *error) {
    size_t groups = 0;
    for (size_t i = 0; i < moments->count && ratio[i] < most; i = group_end(moments, ratio, i)) groups++;
    x->ratio = malloc(2 * groups * sizeof *x->ratio);
    if (!x->ratio) return sb_fail_memory(error);
    x->number = x->ratio + groups;
    x->count = groups;
    for (size_t i = 0, j = 0; j < groups; j++) {
        size_t end = group_end(moments, ratio, i);
        double sum = 0, number = 0;
        for (; i < end; i++) {
            sum += ratio[i] * (double)moments->item[i].count;
            number += (double)moments->item[i].count;
        }
        x->ratio[j] = sum / number;
        x->number[j] = number;
    }
    return SB_OK;
}

/* level := t b_1 */
static void set_level(fmpq_t level, const sb_coordinate_moments *moments, double t) {
    fmpq_t first;
    arf_t x;
    fmpq_init(first);
    arf_init(x);
    arf_set_d(x, t);
    arf_get_fmpq(level, x);
    sb_coordinate_moment_get(first, &moments->item[0]);
    fmpq_mul(level, level, first);
    fmpq_clear(first);
    arf_clear(x);
}

/* limit->group := the groups with weight at t, and their exact sums */
static sb_status keep_weights(sb_moment_limit *limit, const problem *x, const sb_coordinate_moments *moments,
                              const double *ratio, double t, sb_error *error) {
    size_t count = 0;
    while (count < x->count && weight_at(x, count, t) > 0) count++;
    limit->group = malloc(count * sizeof *limit->group);
    if (!limit->group) return sb_fail_memory(error);
    limit->group_count = count;
    set_level(limit->level, moments, t);
    for (size_t i = 0, j = 0; j < count; j++) {
        sb_moment_group *group = &limit->group[j];
        size_t end = group_end(moments, ratio, i);
        group->count = 0;
        group->weight = weight_at(x, j, t);
        fmpq_init(group->sum);
        for (; i < end; i++) {
            group->count += moments->item[i].count;
            sb_moment_sum_add(group->sum, &moments->item[i], moments->item[i].count);
        }
    }
    return SB_OK;
}

sb_status sb_moment_weights_choose(sb_moment_limit *limit, const sb_coordinate_moments *moments,
                                   const double *ratio, double least, sb_error *error) {
    const sb_exact *norm = &limit->norm;
    if (norm->infinite || fmpq_cmp_ui(norm->value, 2) <= 0) return SB_OK;
    problem x;
    x.half_norm = fmpq_get_d(norm->value) / 2;
    if (!(x.half_norm > 1)) return SB_OK; /* p = 2 but for 1e-16 */
    double most = 2 * fmax(1, pow((double)moments->dimension, 1 - 1 / x.half_norm)) * (1 + 1e-9);
    sb_status status = form_problem(&x, moments, ratio, most, error);
    if (status) return status;
    double t = best_parameter(&x, 2, most);
    if (value_at(&x, t) < least * (1 - 1e-9)) status = keep_weights(limit, &x, moments, ratio, t, error);
    free(x.ratio);
    return status;
}

void sb_moment_weights_value(arb_t value, const sb_moment_limit *limit, slong precision) {
    arb_t s, part, total, product;
    fmpq_t half, inverse;
    arb_init(s);
    arb_init(part);
    arb_init(total);
    arb_init(product);
    fmpq_init(half);
    fmpq_init(inverse);
    fmpq_div_2exp(half, limit->norm.value, 1);
    fmpq_inv(inverse, half);
    arb_zero(value);
    for (size_t i = 0; i < limit->group_count; i++) {
        const sb_moment_group *group = &limit->group[i];
        arb_set_d(s, group->weight);
        arb_addmul_ui(total, s, group->count, precision);
        arb_set_fmpq(part, group->sum, precision);
        arb_addmul(product, s, part, precision);
        arb_pow_fmpq(part, s, half, precision);
        arb_addmul_ui(value, part, group->count, precision);
    }
    arb_pow_fmpq(value, value, inverse, precision);
    arb_mul(value, value, product, precision);
    arb_sqr(total, total, precision);
    arb_div(value, value, total, precision);
    arb_clear(s);
    arb_clear(part);
    arb_clear(total);
    arb_clear(product);
    fmpq_clear(half);
    fmpq_clear(inverse);
}
