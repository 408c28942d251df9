/* x_i = |v_i|/2, rho = length/2: the least prod (1 - x_i) under sum x_i^p <= rho^p. For rho >= 1 it is 0.
   Otherwise, with y_i = x_i^p, the sum of psi(y_i) = -log(1 - y_i^(1/p)) is to be largest under sum y_i =
   rho^p.

   p <= 1: psi is convex, so one coordinate has all. p > 1: psi'(y) = 1/(p x^(p-1) (1-x)) is infinite at 0, so
   no coordinate is 0; psi is concave for x <= 1 - 1/p and convex above, so at most one x_i lies above 1 - 1/p
   and the others are equal. If rho <= 1 - 1/p, all are. Otherwise put, for w >= 0, x_s = x e^(-w) (d - 1
   times),  x_l = x A^(1/p),  A = 1 + (d-1)(1 - e^(-pw)),  x = rho d^(-1/p) (all equal: w = 0), which keeps
   the sum, and minimise g(w) = (d-1) log(1 - x_s) + log(1 - x_l) by branch and bound over 0 <= w <= W: g'(w)
   = (d-1) (x_s/(1-x_s) - x_l e^(-pw)/(A (1-x_l))). Where g' has one sign the ends decide; else g is at least
   its middle value less |g'| times half the length. Beyond W it is at least (d-1) log(1 - x e^(-W)) + log(1 -
   rho). */
#include "distributions/worst_uniform.h"

#include "support/enclosure.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_BOXES = 200000, STACK = 4096 };

typedef struct {
    arb_t rho, equal, p, others; /* others = d - 1 */
    slong precision;
} problem;

/* slope NULL: value only */
static void evaluate(arb_t value, arb_t slope, const problem *q, const arb_t w) {
    slong precision = q->precision;
    arb_t decay, a, small, large, u;
    arb_init(decay);
    arb_init(a);
    arb_init(small);
    arb_init(large);
    arb_init(u);
    arb_neg(u, w);
    arb_exp(small, u, precision);
    arb_mul(small, small, q->equal, precision);
    arb_mul(u, u, q->p, precision);
    arb_exp(decay, u, precision);
    arb_expm1(a, u, precision);
    arb_mul(a, a, q->others, precision);
    arb_sub_ui(a, a, 1, precision);
    arb_neg(a, a);
    arb_log(large, a, precision);
    arb_div(large, large, q->p, precision);
    arb_exp(large, large, precision);
    arb_mul(large, large, q->equal, precision);
    arb_min(large, large, q->rho, precision);
    if (slope) {
        arb_sub_ui(u, small, 1, precision);
        arb_neg(u, u);
        arb_div(slope, small, u, precision);
        arb_sub_ui(u, large, 1, precision);
        arb_neg(u, u);
        arb_mul(u, u, a, precision);
        arb_mul(decay, decay, large, precision);
        arb_div(decay, decay, u, precision);
        arb_sub(slope, slope, decay, precision);
        arb_mul(slope, slope, q->others, precision);
    }
    arb_neg(small, small);
    arb_log1p(value, small, precision);
    arb_mul(value, value, q->others, precision);
    arb_neg(large, large);
    arb_log1p(large, large, precision);
    arb_add(value, value, large, precision);
    arb_clear(decay);
    arb_clear(a);
    arb_clear(small);
    arb_clear(large);
    arb_clear(u);
}

typedef struct {
    arf_t low, high;
} box;

typedef struct {
    arf_t best, bound; /* g is somewhere at most best, and everywhere at least bound */
    double best_at;    /* w */
    uint64_t boxes;
} search;

static void lower(arf_t least, const arb_t value, slong precision) {
    arf_t end;
    arf_init(end);
    if (arb_is_finite(value))
        arb_get_lbound_arf(end, value, precision);
    else
        arf_neg_inf(end);
    arf_min(least, least, end);
    arf_clear(end);
}

static void try_point(search *s, arb_t value, const problem *q, const arf_t w) {
    arb_t point;
    arf_t end;
    arb_init(point);
    arf_init(end);
    arb_set_arf(point, w);
    evaluate(value, NULL, q, point);
    if (arb_is_finite(value)) {
        arb_get_ubound_arf(end, value, q->precision);
        if (arf_cmp(end, s->best) < 0) {
            arf_set(s->best, end);
            s->best_at = arf_get_d(w, ARF_RND_NEAR);
        }
    }
    arb_clear(point);
    arf_clear(end);
}

/* least := a lower bound of g on the box; its middle and ends are tried. */
static void bound_box(arf_t least, search *s, const problem *q, const box *b, const arf_t middle) {
    arb_t range, value, slope, half;
    arb_init(range);
    arb_init(value);
    arb_init(slope);
    arb_init(half);
    arb_set_interval_arf(range, b->low, b->high, q->precision);
    evaluate(value, slope, q, range);
    arf_pos_inf(least);
    if (arb_is_finite(slope) && !arb_contains_zero(slope)) {
        try_point(s, value, q, b->low);
        lower(least, value, q->precision);
        try_point(s, value, q, b->high);
        lower(least, value, q->precision);
    } else {
        try_point(s, value, q, middle);
        arb_set_arf(half, b->high);
        arb_sub_arf(half, half, b->low, q->precision);
        arb_mul_2exp_si(half, half, -1);
        arb_abs(slope, slope);
        arb_submul(value, slope, half, q->precision);
        lower(least, value, q->precision);
    }
    arb_clear(range);
    arb_clear(value);
    arb_clear(slope);
    arb_clear(half);
}

static void branch_and_bound(search *s, const problem *q, const arf_t end, slong precision) {
    box *stack = malloc(STACK * sizeof *stack);
    size_t open = 0;
    arf_t middle, least, enough, tolerance;
    arb_t value;
    arf_init(middle);
    arf_init(least);
    arf_init(enough);
    arf_init(tolerance);
    arb_init(value);
    arf_one(tolerance);
    arf_mul_2exp_si(tolerance, tolerance, -precision);
    if (!stack) {
        arf_neg_inf(s->bound);
    } else {
        for (size_t i = 0; i < STACK; i++) {
            arf_init(stack[i].low);
            arf_init(stack[i].high);
        }
        arf_set(stack[open++].high, end);
    }
    while (open) {
        box *b = &stack[open - 1];
        arf_add(middle, b->low, b->high, ARF_PREC_EXACT, ARF_RND_DOWN);
        arf_mul_2exp_si(middle, middle, -1);
        bound_box(least, s, q, b, middle);
        arf_sub(enough, s->best, tolerance, q->precision, ARF_RND_DOWN);
        s->boxes++;
        if (arf_cmp(least, enough) >= 0 || open == STACK || s->boxes > MOST_BOXES) {
            arf_min(s->bound, s->bound, least);
            open--;
        } else {
            arf_set(stack[open].low, middle);
            arf_set(stack[open].high, b->high);
            arf_set(b->high, middle);
            open++;
        }
    }
    for (size_t i = 0; stack && i < STACK; i++) {
        arf_clear(stack[i].low);
        arf_clear(stack[i].high);
    }
    free(stack);
    arf_clear(middle);
    arf_clear(least);
    arf_clear(enough);
    arf_clear(tolerance);
    arb_clear(value);
}

/* far := a lower bound of g beyond W = end; alone := log(1 - rho), what one coordinate gives */
static void far_out(arb_t far, arb_t alone, const problem *q, const arf_t end) {
    arb_set_arf(far, end);
    arb_neg(far, far);
    arb_exp(far, far, q->precision);
    arb_mul(far, far, q->equal, q->precision);
    arb_neg(far, far);
    arb_log1p(far, far, q->precision);
    arb_mul(far, far, q->others, q->precision);
    arb_neg(alone, q->rho);
    arb_log1p(alone, alone, q->precision);
    arb_add(far, far, alone, q->precision);
}

/* value is as small as the best point, up to 2^-precision */
static int as_good(const arb_t value, const search *s, slong precision) {
    arb_t best;
    arb_init(best);
    arb_set_arf(best, s->best);
    arb_add_error_2exp_si(best, -precision);
    int good = arb_overlaps(value, best);
    arb_clear(best);
    return good;
}

/* rho < 1, p > 1: the least value of g, and who has it */
static void minimise(arb_t overlap, sb_uniform_worst *found, const problem *q, slong precision) {
    arb_t alone, together;
    arf_t end, start;
    search s;
    arb_init(alone);
    arb_init(together);
    arf_init(end);
    arf_init(start);
    arf_init(s.best);
    arf_init(s.bound);
    s.boxes = 0;
    arf_pos_inf(s.best);
    arf_pos_inf(s.bound);
    double d = arf_get_d(arb_midref(q->others), ARF_RND_NEAR) + 1;
    arf_set_d(end, ceil((double)(precision + 10) * log(2) + log(d)));
    far_out(together, alone, q, end);
    lower(s.bound, together, q->precision);
    arb_get_ubound_arf(s.best, alone, q->precision);
    try_point(&s, together, q, start);
    branch_and_bound(&s, q, end, precision);
    found->boxes = s.boxes;
    if (as_good(together, &s, precision)) {
        found->why = "all coordinates equal, by branch and bound";
    } else if (as_good(alone, &s, precision)) {
        found->coordinates = 1;
        found->why = "one coordinate, by branch and bound";
    } else {
        found->coordinates = 0;
        found->why = "one coordinate larger than the others, by branch and bound";
    }
    arb_set_arf(alone, s.best);
    arb_exp(overlap, alone, q->precision);
    if (arf_is_finite(s.bound)) {
        arb_set_arf(alone, s.bound);
        arb_exp(alone, alone, q->precision);
    } else {
        arb_zero(alone);
    }
    arb_union(overlap, overlap, alone, q->precision);
    arb_clear(alone);
    arb_clear(together);
    arf_clear(end);
    arf_clear(start);
    arf_clear(s.best);
    arf_clear(s.bound);
}

/* value := (1 - x)^count */
static void power(arb_t value, const arb_t x, const arb_t count, slong precision) {
    arb_neg(value, x);
    arb_log1p(value, value, precision);
    arb_mul(value, value, count, precision);
    arb_exp(value, value, precision);
}

/* equal := rho d^(-1/p); whether rho <= 1 - 1/p for certain */
static int equal_length(problem *q, uint64_t dimension, const sb_exact *norm) {
    fmpq_t exponent;
    arb_t bar;
    fmpq_init(exponent);
    arb_init(bar);
    arb_zero(q->p);
    if (!norm->infinite) {
        fmpq_inv(exponent, norm->value);
        arb_set_fmpq(q->p, norm->value, q->precision);
    }
    sb_dimension_power(bar, dimension, exponent, q->precision);
    arb_div(q->equal, q->rho, bar, q->precision);
    arb_set_ui(q->others, dimension - 1);
    sb_rational_complement(exponent, exponent);
    arb_set_fmpq(bar, exponent, q->precision);
    int certain = arb_le(q->rho, bar);
    fmpq_clear(exponent);
    arb_clear(bar);
    return certain;
}

void sb_uniform_worst_overlap(arb_t overlap, sb_uniform_worst *found, uint64_t dimension,
                              const sb_exact *norm, const arb_t length, slong precision) {
    problem q;
    arb_t rest, count;
    arb_init(q.rho);
    arb_init(q.equal);
    arb_init(q.p);
    arb_init(q.others);
    arb_init(rest);
    arb_init(count);
    q.precision = precision + 40 + 2 * (slong)FLINT_BIT_COUNT(dimension);
    arb_mul_2exp_si(q.rho, length, -1);
    arb_sub_ui(rest, q.rho, 1, q.precision);
    arb_neg(rest, rest);
    arb_set_ui(count, dimension);
    *found = (sb_uniform_worst){.coordinates = dimension, .boxes = 0};
    if (arb_is_nonpositive(rest)) {
        *found = (sb_uniform_worst){1, 0, "one coordinate moves the cube off itself"};
        arb_zero(overlap);
    } else if (!arb_is_positive(rest) || dimension == 1 ||
               (!norm->infinite && fmpq_cmp_ui(norm->value, 1) <= 0)) {
        *found = (sb_uniform_worst){1, 0, "one coordinate, since 1 - sum x_i <= prod (1 - x_i)"};
        if (dimension == 1) found->why = "one dimension";
        arb_nonnegative_part(overlap,
                             rest); /* where eps may be 2r: an upper end above every candidate's value */
    } else if (equal_length(&q, dimension, norm)) {
        found->why =
            norm->infinite ? "all coordinates equal" : "all coordinates equal, since eps/(2r) <= 1 - 1/p";
        power(overlap, q.equal, count, q.precision);
    } else {
        minimise(overlap, found, &q, precision);
    }
    if (!arb_is_positive(rest) && !arb_is_zero(overlap)) { /* the least is at most this, and may be 0 */
        arb_zero(rest);
        arb_union(overlap, overlap, rest, precision);
    }
    arb_set_round(overlap, overlap, precision);
    arb_clear(q.rho);
    arb_clear(q.equal);
    arb_clear(q.p);
    arb_clear(q.others);
    arb_clear(rest);
    arb_clear(count);
}
