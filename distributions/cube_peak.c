/* The peak of e^phi (cube_integral.h) in double precision: phi' decreases, so bisection between the ends, by
   powers of 2 first. Nothing that is certified rests on it. */
#include "distributions/cube_integral.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    sb_weight weight;
    double order, shape, excess, log_scale, end; /* excess = shape - order */
    size_t count;
    double *q, *gap, *n;
} sketch;

static double to_double(const arb_t x) {
    return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

static int make_sketch(sketch *s, const sb_cube_integral *f) {
    arb_t log_scale;
    arb_init(log_scale);
    s->weight = f->weight;
    s->order = to_double(f->order);
    s->shape = to_double(f->shape);
    s->end = to_double(f->end);
    arb_sub(log_scale, f->shape, f->order, 64);
    s->excess = to_double(log_scale);
    arb_zero(log_scale);
    if (f->weight != SB_WEIGHT_NONE) arb_log(log_scale, f->scale, 64);
    s->log_scale = to_double(log_scale);
    arb_clear(log_scale);
    s->count = f->count;
    s->q = malloc(3 * (f->count + 1) * sizeof *s->q);
    if (!s->q) return 0;
    s->gap = s->q + f->count;
    s->n = s->gap + f->count;
    for (size_t i = 0; i < f->count; i++) {
        s->q[i] = to_double(f->q + i);
        s->gap[i] = to_double(f->gap + i);
        s->n[i] = to_double(f->n + i);
    }
    return 1;
}

/* phi'(t) */
static double sketch_slope(const sketch *s, double t) {
    double slope = s->order, e = exp(-t), rest = -expm1(-t);
    if (s->weight == SB_WEIGHT_EXPONENTIAL) slope -= s->shape * exp(s->log_scale + s->shape * t);
    if (s->weight == SB_WEIGHT_POWER) slope = s->shape / (1 + exp(s->log_scale + t)) - s->excess;
    for (size_t i = 0; i < s->count; i++) slope += s->n[i] * s->q[i] * e / (s->gap[i] + s->q[i] * rest);
    return slope;
}

/* log2 of the size of phi's terms at t */
static double sketch_size(const sketch *s, double t) {
    double size = fabs(s->order * t) + fabs(s->order * s->log_scale) + 1, e = exp(-t), rest = -expm1(-t);
    if (s->weight == SB_WEIGHT_EXPONENTIAL) size += exp(s->log_scale + s->shape * t);
    if (s->weight == SB_WEIGHT_POWER) size += s->shape * (fabs(s->log_scale) + t + 1);
    for (size_t i = 0; i < s->count; i++)
        size +=
            s->n[i] * (fabs(log(s->gap[i] + s->q[i] * rest)) + s->q[i] * e / (s->gap[i] + s->q[i] * rest));
    return log2(size);
}

/* Where phi is largest on [0, end], to about full precision; negative when it is not found. */
static double sketch_peak(const sketch *s) {
    double low, high = s->end < 1 ? s->end : 1;
    if (sketch_slope(s, 0) <= 0) return 0;
    if (s->end < HUGE_VAL && sketch_slope(s, s->end) >= 0) return s->end;
    while (sketch_slope(s, high) > 0) {
        if (high > 1e9) return -1;
        high *= 2;
    }
    for (low = high / 2; !(sketch_slope(s, low) > 0); low /= 2) {
        if (low < 1e-300) return -1;
        high = low;
    }
    for (int i = 0; i < 54; i++) {
        double middle = low + (high - low) / 2;
        *(sketch_slope(s, middle) > 0 ? &low : &high) = middle;
    }
    return low;
}

double sb_cube_integral_peak(const sb_cube_integral *f) {
    sketch s;
    if (!make_sketch(&s, f)) return -1;
    double peak = sketch_peak(&s);
    free(s.q);
    return peak;
}

slong sb_cube_integral_loss(const sb_cube_integral *f) {
    sketch s;
    if (!make_sketch(&s, f)) return -1;
    double peak = sketch_peak(&s), size = peak < 0 ? HUGE_VAL : sketch_size(&s, peak);
    free(s.q);
    return size < 4000 ? (slong)size + 16 : -1;
}
