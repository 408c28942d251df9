/* With base b > 0 and r = b e^t, expectations over R > b of products of (1 - h/R), h <= b, are integrals of
   cube_integral.h: r^order exp(-r^shape) dt:     scale b^shape,   norm Gamma(order/shape)/shape r^order
   (1+r)^-shape dt:      scale b,         norm Beta(order, shape-order) The unit ball: Pr(|X_1| > s) is the
   integral of (1-u^2)^((d-1)/2) over s < u < 1 over (1/2) Beta(1/2, (d+1)/2); u^2 = e^-t. For U on the
   sphere, U_1^2 is Beta(1/2, (d-1)/2), so E|U_1|^k = Gamma((1+k)/2) Gamma(d/2)/(sqrt(pi) Gamma((d+k)/2)). */
#include "distributions/radial.h"

#include "distributions/cube_integral.h"

#include <math.h>
#include <stdlib.h>

void sb_radius_law_init(sb_radius_law *radius, int power, uint64_t dimension, const fmpq_t more,
                        const fmpq_t shape) {
    radius->power = power;
    fmpq_init(radius->order);
    fmpq_init(radius->shape);
    fmpz_set_ui(fmpq_numref(radius->order), dimension);
    fmpq_add(radius->order, radius->order, more);
    fmpq_set(radius->shape, shape);
}

void sb_radius_law_clear(sb_radius_law *radius) {
    fmpq_clear(radius->order);
    fmpq_clear(radius->shape);
}

/* ------------------------------------------------------------------ gamma functions */
/* Bits that x log x has before the point. */
static slong magnitude(const fmpq_t x) {
    slong bits = (slong)fmpz_bits(fmpq_numref(x)) - (slong)fmpz_bits(fmpq_denref(x));
    return (bits < 0 ? -bits : bits) + 16;
}

/* value := log Gamma(x), absolute error about 2^-precision */
static void log_gamma(arb_t value, const fmpq_t x, slong precision) {
    slong work = precision + magnitude(x);
    arb_set_fmpq(value, x, work);
    arb_lgamma(value, value, work);
}

void sb_gamma_ratio(arb_t value, const fmpq_t a, const fmpq_t b, slong precision) {
    arb_t other;
    slong work = precision + 10;
    arb_init(other);
    log_gamma(value, a, work);
    log_gamma(other, b, work);
    arb_sub(value, value, other, work + magnitude(a));
    arb_exp(value, value, precision);
    arb_clear(other);
}

static void half_of(fmpq_t half, uint64_t x) {
    fmpz_set_ui(fmpq_numref(half), x);
    fmpz_one(fmpq_denref(half));
    fmpq_div_2exp(half, half, 1);
}

/* value := Gamma((x+order)/2)/Gamma(x/2) */
static void half_ratio(arb_t value, uint64_t x, const fmpq_t order, slong precision) {
    fmpq_t a, b;
    fmpq_init(a);
    fmpq_init(b);
    half_of(b, x);
    fmpq_div_2exp(a, order, 1);
    fmpq_add(a, a, b);
    sb_gamma_ratio(value, a, b, precision);
    fmpq_clear(a);
    fmpq_clear(b);
}

void sb_sphere_moment(arb_t value, uint64_t dimension, const fmpq_t order, slong precision) {
    arb_t other;
    arb_init(other);
    half_ratio(value, 1, order, precision + 10);
    half_ratio(other, dimension, order, precision + 10);
    arb_div(value, value, other, precision);
    arb_clear(other);
}

void sb_radius_moment(arb_t value, const sb_radius_law *radius, const fmpq_t order, slong precision) {
    fmpq_t a, b;
    arb_t factor;
    fmpq_init(a);
    fmpq_init(b);
    arb_init(factor);
    fmpq_add(a, radius->order, order);
    if (!radius->power) { /* Gamma((order+k)/shape)/Gamma(order/shape) */
        fmpq_div(a, a, radius->shape);
        fmpq_div(b, radius->order, radius->shape);
        sb_gamma_ratio(value, a, b, precision);
    } else if (fmpq_cmp(a, radius->shape) >= 0) {
        arb_pos_inf(value);
    } else { /* Gamma(order+k) Gamma(shape-order-k)/(Gamma(order) Gamma(shape-order)) */
        sb_gamma_ratio(value, a, radius->order, precision + 10);
        fmpq_sub(a, radius->shape, a);
        fmpq_sub(b, radius->shape, radius->order);
        sb_gamma_ratio(factor, a, b, precision + 10);
        arb_mul(value, value, factor, precision);
    }
    fmpq_clear(a);
    fmpq_clear(b);
    arb_clear(factor);
}

/* value := log of the integral of the radius' density before it is normed */
static void log_norm(arb_t value, const sb_radius_law *radius, slong precision) {
    fmpq_t a;
    arb_t term;
    fmpq_init(a);
    arb_init(term);
    if (!radius->power) {
        fmpq_div(a, radius->order, radius->shape);
        log_gamma(value, a, precision);
        arb_set_fmpq(term, radius->shape, precision);
        arb_log(term, term, precision);
        arb_sub(value, value, term, precision);
    } else {
        log_gamma(value, radius->order, precision);
        log_gamma(term, radius->shape, precision);
        arb_sub(value, value, term, precision);
        fmpq_sub(a, radius->shape, radius->order);
        log_gamma(term, a, precision);
        arb_add(value, value, term, precision);
    }
    fmpq_clear(a);
    arb_clear(term);
}

/* ------------------------------------------------------------------ monotone functions of a ball */
void sb_decreasing(arb_t value, sb_decreasing_function *f, const void *context, const arb_t x,
                   slong precision) {
    arb_t low, high;
    if (!arb_is_finite(x)) {
        arb_zero_pm_one(value);
        arb_nonnegative_part(value, value);
        return;
    }
    if (arb_is_exact(x) || (arb_is_positive(x) && arb_rel_accuracy_bits(x) >= precision)) {
        if (arb_is_positive(x))
            f(value, context, x, precision);
        else
            arb_one(value);
        return;
    }
    arb_init(low);
    arb_init(high);
    arb_get_lbound_arf(arb_midref(low), x, precision);
    arb_get_ubound_arf(arb_midref(high), x, precision);
    sb_decreasing(value, f, context, low, precision);
    sb_decreasing(low, f, context, high, precision);
    arb_union(value, value, low, precision);
    arb_clear(low);
    arb_clear(high);
}

/* ------------------------------------------------------------------ products over cubes */
/* E prod (1 - h_i/R)_+^{n_i} over R > from. */
typedef struct {
    const sb_radius_law *radius;
    const arb_struct *from; /* NULL: 0 */
    const sb_shift *shift;  /* h_i = factor |v_i|/2; or */
    uint64_t count;         /* one h, so many times */
    const arb_struct *h;    /* NULL: no h */
} product;

static size_t group_count(const product *p) {
    return p->shift ? p->shift->group_count : p->h != NULL;
}

static void group_length(arb_t h, const product *p, size_t i, const arb_t factor, slong precision) {
    if (p->shift) {
        sb_shift_length(h, p->shift, i, precision);
        arb_mul(h, h, factor, precision);
        arb_mul_2exp_si(h, h, -1);
    } else {
        arb_set(h, p->h);
    }
}

/* base := the largest of `from` and the h_i; the index of the group that it is, group_count for `from` */
static size_t find_base(arb_t base, const product *p, const arb_t factor, slong precision) {
    size_t largest = group_count(p);
    arb_t h;
    arb_init(h);
    arb_zero(base);
    for (size_t i = 0; i < group_count(p); i++) {
        group_length(h, p, i, factor, precision);
        if (arf_cmp(arb_midref(h), arb_midref(base)) > 0) {
            arb_set(base, h);
            largest = i;
        }
    }
    if (p->from && arf_cmp(arb_midref(p->from), arb_midref(base)) >= 0) {
        arb_set(base, p->from);
        largest = group_count(p);
    }
    arb_clear(h);
    return largest;
}

/* The members of the integral at `precision`. */
static void fill(sb_cube_integral *f, const product *p, const arb_t factor, slong precision) {
    const sb_radius_law *radius = p->radius;
    arb_t base, log_base, term;
    arb_init(base);
    arb_init(log_base);
    arb_init(term);
    size_t largest = find_base(base, p, factor, precision);
    f->weight = radius->power ? SB_WEIGHT_POWER : SB_WEIGHT_EXPONENTIAL;
    arb_set_fmpq(f->order, radius->order, precision);
    arb_set_fmpq(f->shape, radius->shape, precision);
    arb_log(log_base, base, precision);
    if (radius->power) {
        arb_set(f->scale, base);
    } else {
        arb_mul(term, log_base, f->shape, precision);
        arb_exp(f->scale, term, precision);
    }
    arb_mul(f->constant, log_base, f->order, precision);
    log_norm(term, radius, precision);
    arb_sub(f->constant, f->constant, term, precision);
    for (size_t i = 0; i < f->count; i++) {
        if (i == largest) {
            arb_one(f->q + i);
            arb_zero(f->gap + i);
        } else {
            group_length(term, p, i, factor, precision);
            arb_div(f->q + i, term, base, precision);
            arb_sub(f->gap + i, base, term, precision);
            arb_div(f->gap + i, f->gap + i, base, precision);
        }
        arb_set_ui(f->n + i, p->shift ? p->shift->group[i].count : p->count);
    }
    arb_clear(base);
    arb_clear(log_base);
    arb_clear(term);
}

/* Without relative accuracy: a number in [0, 1]. */
static void anything(arb_t value) {
    arb_set_d(value, 0.5);
    arb_add_error_2exp_si(value, -1);
}

static void finish(arb_t value) {
    arb_t whole;
    arb_init(whole);
    anything(whole);
    if (!arb_is_finite(value) || !arb_overlaps(value, whole))
        arb_set(value, whole);
    else if (!arb_is_positive(value))
        arb_intersection(value, value, whole, arb_bits(value) + MAG_BITS);
    arb_clear(whole);
}

static void expectation(arb_t value, const void *context, const arb_t factor, slong precision) {
    const product *p = context;
    sb_cube_integral f;
    slong work = precision + 10;
    sb_cube_integral_init(&f, group_count(p));
    fill(&f, p, factor, 64);
    slong loss = sb_cube_integral_loss(&f);
    if (loss >= 0) fill(&f, p, factor, work + loss);
    sb_cube_integral_value(value, &f, loss, work);
    arb_set_round(value, value, precision);
    finish(value);
    sb_cube_integral_clear(&f);
}

static void tail_beyond(arb_t value, const void *radius, const arb_t s, slong precision) {
    product p = {.radius = radius, .from = s};
    arb_t one;
    arb_init(one);
    arb_one(one);
    expectation(value, &p, one, precision);
    arb_clear(one);
}

void sb_radius_tail(arb_t value, const sb_radius_law *radius, const arb_t s, slong precision) {
    sb_decreasing(value, tail_beyond, radius, s, precision);
}

void sb_radius_equal(arb_t value, const sb_radius_law *radius, uint64_t count, const arb_t h,
                     const arb_t from, slong precision) {
    product p = {.radius = radius, .count = count};
    arb_t one;
    arb_init(one);
    arb_one(one);
    if (arb_is_positive(h)) p.h = h;
    if (arb_is_positive(from)) p.from = from;
    if (p.h || p.from)
        expectation(value, &p, one, precision);
    else
        arb_one(value);
    arb_clear(one);
}

static void coordinate_beyond(arb_t value, const void *radius, const arb_t s, slong precision) {
    arb_t zero;
    arb_init(zero);
    sb_radius_equal(value, radius, 1, s, zero, precision);
    arb_clear(zero);
}

void sb_radius_coordinate_tail(arb_t value, const sb_radius_law *radius, const arb_t s, slong precision) {
    sb_decreasing(value, coordinate_beyond, radius, s, precision);
}

void sb_radius_overlap(arb_t value, const sb_radius_law *radius, const sb_shift *shift, const arb_t factor,
                       slong precision) {
    product p = {.radius = radius, .shift = shift};
    if (shift->group_count)
        sb_decreasing(value, expectation, &p, factor, precision);
    else
        arb_one(value);
}

/* ------------------------------------------------------------------ the l_2 ball */
/* e^(-t/2) (1 - e^-t)^((d-1)/2) over 0 < t < -2 log s */
static void fill_ball(sb_cube_integral *f, uint64_t dimension, const arb_t s, slong precision) {
    arb_set_d(f->order, -0.5);
    arb_one(f->q);
    arb_set_ui(f->n, dimension - 1);
    arb_mul_2exp_si(f->n, f->n, -1);
    arb_log(f->end, s, precision);
    arb_mul_2exp_si(f->end, f->end, 1);
    arb_neg(f->end, f->end);
}

/* times 1/Beta(1/2, (d+1)/2) = Gamma(d/2 + 1)/(Gamma((d+1)/2) sqrt(pi)) */
static void cap(arb_t value, uint64_t dimension, const arb_t s, slong precision) {
    sb_cube_integral f;
    fmpq_t a, b;
    arb_t factor;
    slong work = precision + 10;
    sb_cube_integral_init(&f, 1);
    fmpq_init(a);
    fmpq_init(b);
    arb_init(factor);
    fill_ball(&f, dimension, s, 64);
    slong loss = sb_cube_integral_loss(&f);
    if (loss >= 0) fill_ball(&f, dimension, s, work + loss);
    sb_cube_integral_value(value, &f, loss, work);
    half_of(a, dimension + 2);
    half_of(b, dimension + 1);
    sb_gamma_ratio(factor, a, b, work);
    arb_mul(value, value, factor, work);
    arb_const_sqrt_pi(factor, work);
    arb_div(value, value, factor, precision);
    sb_cube_integral_clear(&f);
    fmpq_clear(a);
    fmpq_clear(b);
    arb_clear(factor);
}

static void ball_beyond(arb_t value, const void *context, const arb_t s, slong precision) {
    const uint64_t *dimension = context;
    arb_t rest;
    arb_init(rest);
    arb_sub_ui(rest, s, 1, precision);
    arb_neg(rest, rest);
    if (arb_is_nonpositive(rest))
        arb_zero(value);
    else if (!arb_is_positive(rest))
        anything(value);
    else if (*dimension == 1)
        arb_set(value, rest);
    else
        cap(value, *dimension, s, precision);
    finish(value);
    arb_clear(rest);
}

void sb_ball_tail(arb_t value, uint64_t dimension, const arb_t s, slong precision) {
    sb_decreasing(value, ball_beyond, &dimension, s, precision);
}

/* ------------------------------------------------------------------ draws */
sb_random sb_random_radius(uint64_t seed, uint64_t stream) {
    return sb_random_at(seed, stream, UINT32_MAX);
}

double sb_random_log_gamma(sb_random *random, double shape) {
    /* Marsaglia, Tsang, "A simple method for generating gamma variables", 2000: d (1 + c x)^3 is accepted
       with probability (1 + c x)^3 e^(...). A shape below 1 is the variate of shape + 1 times U^(1/shape). */
    double more = 0;
    if (shape < 1) {
        more = log(sb_random_uniform(random)) / shape;
        shape += 1;
    }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = sb_random_normal(random), v = 1 + c * x;
        if (v <= 0) continue;
        double log_v = 3 * log(v);
        if (log(sb_random_uniform(random)) < 0.5 * x * x + d * (1 - v * v * v + log_v))
            return log(d) + log_v + more;
    }
}

void sb_draw_in_cube(double *x, uint64_t dimension, double radius, uint64_t seed, uint64_t stream) {
    for (uint64_t i = 0; i < dimension; i++) {
        sb_random random = sb_random_at(seed, stream, (uint32_t)i);
        x[i] = radius * (2 * sb_random_uniform(&random) - 1);
    }
}

void sb_draw_on_sphere(double *x, uint64_t dimension, double radius, uint64_t seed, uint64_t stream) {
    double sum = 0;
    for (uint64_t i = 0; i < dimension; i++) {
        sb_random random = sb_random_at(seed, stream, (uint32_t)i);
        x[i] = sb_random_normal(&random);
        sum += x[i] * x[i];
    }
    double factor = radius / sqrt(sum);
    for (uint64_t i = 0; i < dimension; i++) x[i] *= factor;
}
