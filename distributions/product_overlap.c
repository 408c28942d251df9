/* The overlap to a number of digits relative to itself, and relative to the total variation too. Its size is
   estimated from B = Phi(0), the Bhattacharyya coefficient; for lambda = 1,
   1 - sqrt(1 - B^2) <= overlap <= B. Then

   1. nothing is lost (S = 0): |k(S - c) - k(c)| <= |S|/2 and S^2 <= 8 (cosh(S/2) - 1), so
      |overlap - sqrt(lambda) B k(c)| <= sqrt(lambda) sqrt(2 B (Phi(i/2) - B)), which is 0 for uniform noise;
   2. the trapezoid rule of product_plan.c, where the tail bound comes down within a number of nodes;
   3. else the family's overlap_equal;
   4. else the bracket of product_sum.c, as narrow as a fixed number of nodes makes it.

   What comes out is an enclosure in every case. When it is too wide, the size was misjudged or the precision
   too low, and the next attempt knows better. */
#include "distributions/product_overlap.h"

#include "distributions/product_sum.h"
#include "support/enclosure.h"
#include "support/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum {
    ATTEMPTS = 12,
    BRACKET_DIGITS = 9,
    CLOSED_FORM_NODES = 1 << 12, /* from here on overlap_equal is quicker */
    TRAPEZOID_TIME = 1 << 22,    /* microseconds, about, that a sum may take that gives the digits */
    BRACKET_TIME = 1 << 20,      /* and one that may not give them */
    FIRST_BRACKET = 64,          /* nodes */
    ROUNDED_LENGTHS = 100,
    SMALLEST_LOG = -1000000000 /* of an overlap to which digits are given */
};

typedef struct {
    sb_product_integrand f;
    sb_product_plan plan;
    const arb_struct *log_lambda;
    const sb_tv_options *options;
    int digits;
    double log_size, log_affinity; /* estimates of the logarithms of what is asked and of B */
    double log_lambda_near;        /* c, nearly */
    double log_allowed;            /* of the error of this attempt */
    slong extra, terms;            /* bits, and Taylor terms of bins */
    int no_loss;                   /* S = 0 is likely */
    arb_t overlap;
    uint64_t nodes;
    const char *rule;
} overlap_work;

static const double LOG_10 = 2.302585092994046;

static slong digit_bits(int digits) {
    return (slong)(digits * 3.3219280948873626) + 1;
}

/* The logarithm of the ball's upper end. */
static double log_upper(const arb_t x) {
    arb_t y;
    arb_init(y);
    arb_get_ubound_arf(arb_midref(y), x, 53);
    arb_log(y, y, 53);
    double result = arf_get_d(arb_midref(y), ARF_RND_NEAR);
    arb_clear(y);
    return result;
}

static double step_size(const overlap_work *w) {
    return log_upper(w->plan.step);
}

/* ------------------------------------------------------------------ how large it is, about */
static void estimate_size(overlap_work *w) {
    arb_t b, i, gap;
    arb_init(b);
    arb_init(i);
    arb_init(gap);
    for (slong precision = 64; precision <= 1 << 15; precision *= 2) {
        sb_product_integrand_estimate(b, i, &w->f, precision);
        arb_sub_ui(gap, b, 1, precision);
        arb_neg(gap, gap);
        if (arb_is_finite(gap) && (arb_rel_accuracy_bits(gap) >= 40 || arb_is_zero(gap))) break;
    }
    arb_sub(i, i, b, 64);
    arb_mul_2exp_si(i, i, 20);
    w->no_loss = arb_is_finite(i) && arb_lt(i, gap);
    w->log_lambda_near = arf_get_d(arb_midref(w->log_lambda), ARF_RND_NEAR);
    w->log_affinity = arb_is_positive(b) ? log_upper(b) : -1;
    double deviation = sqrt(-8 * (w->log_affinity < 0 ? w->log_affinity : 0)); /* of a Gaussian loss */
    double c = w->log_lambda_near, size = c / 2 + w->log_affinity - log1p(deviation);
    if (arb_is_zero(w->log_lambda) && arb_is_positive(gap)) {
        double log_gap = log_upper(gap); /* TV is 1 - B without a loss, else more like sqrt(1 - B) */
        size = fmin(size, w->no_loss ? log_gap : log_gap / 2 - 0.7);
    }
    if (c < size) size = c;
    w->log_size = size < 0 ? size : 0;
    arb_clear(b);
    arb_clear(i);
    arb_clear(gap);
}

/* ------------------------------------------------------------------ the rules */
/* Bits so that rounding stays below the allowed error, when the terms add up to e^log_sum. */
static slong bits_for(const overlap_work *w, double log_sum) {
    double bits = (log_sum - w->log_allowed) / 0.6931471805599453 + log2((double)w->f.dimension + 1);
    return (slong)(bits > 30 ? bits : 30) + 24 + w->extra;
}

/* The size of the terms of the sum: sqrt(lambda) B (1 + h). */
static double log_sum(const overlap_work *w) {
    double h = step_size(w);
    return w->log_lambda_near / 2 + w->log_affinity + (h > 30 ? h : log1p(exp(h)));
}

static void no_loss_rule(overlap_work *w) {
    slong precision = 2 * bits_for(w, 0);
    arb_t t, b, error;
    arb_init(t);
    arb_init(b);
    arb_init(error);
    sb_product_integrand_load(&w->f, precision);
    sb_product_integrand_value(b, &w->f, t, precision);
    arb_set_d(t, 0.5);
    sb_product_integrand_imaginary(error, &w->f, t, precision);
    arb_sub(error, error, b, precision); /* >= 0 */
    arb_nonnegative_part(error, error);
    arb_mul(error, error, b, precision);
    arb_mul_2exp_si(error, error, 1);
    arb_nonnegative_part(error, error);
    arb_sqrt(error, error, precision);
    arb_mul_2exp_si(t, w->log_lambda, -1);
    arb_exp(t, t, precision);
    arb_mul(b, b, t, precision);
    arb_mul(error, error, t, precision);
    arb_abs(t, w->log_lambda);
    arb_mul_2exp_si(t, t, -1);
    arb_neg(t, t);
    arb_exp(t, t, precision);
    arb_mul(w->overlap, b, t, precision);
    arb_add_error(w->overlap, error);
    w->nodes = 1;
    w->rule = "p = q wherever both are positive: the product of the masses";
    arb_clear(t);
    arb_clear(b);
    arb_clear(error);
}

/* Microseconds that a value of H takes, about. Fixed, so that results do not depend on the machine. */
static double evaluation_time(const overlap_work *w) {
    const sb_product_law *law = w->f.law;
    return law->affinity_time ? law->affinity_time : law->log_affinity_series ? 4 : 10000;
}

/* overlap <= sqrt(lambda) B, for what is too small to be worth more. */
static void extreme_rule(overlap_work *w) {
    arb_t b, part;
    arb_init(b);
    arb_init(part);
    sb_product_integrand_value(b, &w->f, part, 128);
    arb_mul_2exp_si(part, w->log_lambda, -1);
    arb_exp(part, part, 64);
    arb_mul(b, b, part, 64);
    arb_zero(part);
    arb_union(w->overlap, part, b, 64);
    w->nodes = 1;
    w->rule = "at most the Bhattacharyya coefficient";
    arb_clear(b);
    arb_clear(part);
}

/* How many nodes may be had in a time; in bins of lengths, at least one evaluation for each. */
static uint64_t most_nodes(const overlap_work *w, double time) {
    double each = w->f.count <= SB_FEW_LENGTHS ? (double)w->f.count : 16;
    return (uint64_t)(time / (each * evaluation_time(w)));
}

/* Lengths at this precision, and bins of them when they are many. *affordable: whether so many nodes take at
 * most `time`. */
static sb_status prepare(overlap_work *w, uint64_t nodes, slong precision, double time, int *affordable,
                         sb_error *error) {
    sb_status status = SB_OK;
    arb_t reach;
    *affordable = 1;
    sb_product_integrand_load(&w->f, precision);
    if (w->f.count <= SB_FEW_LENGTHS) return SB_OK;
    arb_init(reach);
    arb_mul_ui(reach, w->plan.step, nodes, 64);
    status = sb_product_integrand_bin(&w->f, reach, w->terms, precision, error);
    if (!status) {
        double each = sb_shift_moments_cost(&w->f.moments, arf_get_d(arb_midref(reach), ARF_RND_UP));
        *affordable = (double)nodes * each * evaluation_time(w) <= time;
    }
    arb_clear(reach);
    return status;
}

/* *done = 0 when it would cost too much. */
static sb_status trapezoid_rule(overlap_work *w, int *done, sb_error *error) {
    slong precision = bits_for(w, log_sum(w));
    arb_t sum;
    arb_init(sum);
    sb_status status = prepare(w, w->plan.nodes, precision, TRAPEZOID_TIME, done, error);
    if (!status && *done)
        status = sb_product_sum(sum, sum, &w->f, w->log_lambda, w->plan.step, w->plan.nodes, 0, precision,
                                w->options, error);
    if (!status && *done) {
        arb_add_error(sum, w->plan.tail);
        sb_product_remove_aliases(w->overlap, sum, &w->plan, &w->f, w->log_lambda, precision);
        w->nodes = w->plan.nodes;
        w->rule = "trapezoid rule";
    }
    arb_clear(sum);
    return status;
}

/* 0 when the family has no closed form for this. */
static int closed_rule(overlap_work *w) {
    if (!w->f.law->overlap_equal || w->f.count != 1) return 0;
    slong precision = bits_for(w, 0);
    sb_product_integrand_load(&w->f, precision);
    w->f.law->overlap_equal(w->overlap, w->f.source.noise, w->f.dimension, w->f.length, w->log_lambda,
                            precision);
    w->nodes = w->f.dimension;
    w->rule = "closed form of the sum of the losses";
    return !arf_is_nan(arb_midref(w->overlap));
}

/* For lambda = 1: 1 - sqrt(1 - B^2) <= overlap <= B. */
static void intersect_affinity(overlap_work *w, slong precision) {
    arb_t t, b, low;
    arb_init(t);
    arb_init(b);
    arb_init(low);
    sb_product_integrand_value(b, &w->f, t, precision);
    arb_sqr(low, b, precision);
    arb_sub_ui(low, low, 1, precision);
    arb_neg(low, low);
    arb_sqrtpos(low, low, precision);
    arb_sub_ui(low, low, 1, precision);
    arb_neg(low, low);
    arb_union(b, b, low, precision);
    if (arb_overlaps(b, w->overlap)) arb_intersection(w->overlap, w->overlap, b, precision);
    arb_clear(t);
    arb_clear(b);
    arb_clear(low);
}

static int accurate(const overlap_work *w);

/* Four times the nodes until accurate, or as many as can be afforded. */
static sb_status bracket_rule(overlap_work *w, sb_error *error) {
    sb_status status = SB_OK;
    uint64_t most = most_nodes(w, BRACKET_TIME), nodes = most < 16 * FIRST_BRACKET ? most : FIRST_BRACKET;
    int digits = w->digits < BRACKET_DIGITS ? w->digits : BRACKET_DIGITS, affordable;
    arb_t low, high;
    w->log_allowed = w->log_size - (digits + 2) * LOG_10;
    if (!nodes || !sb_product_plan_step(&w->plan, &w->f, w->log_lambda, w->log_allowed))
        return sb_fail(error, SB_OUTSIDE, "%s: no bound on the error of the integral is known",
                       w->f.source.noise->family->name);
    slong precision = bits_for(w, log_sum(w));
    arb_init(low);
    arb_init(high);
    arb_zero_pm_inf(w->overlap);
    for (;; nodes = 4 * nodes < most ? 4 * nodes : most) {
        status = prepare(w, nodes, precision, BRACKET_TIME, &affordable, error);
        if (status || (!affordable && w->nodes)) break;
        status = sb_product_sum(low, high, &w->f, w->log_lambda, w->plan.step, nodes, 1, precision,
                                w->options, error);
        if (status) break;
        arb_union(low, low, high, precision);
        sb_product_remove_aliases(w->overlap, low, &w->plan, &w->f, w->log_lambda, precision);
        if (arb_is_zero(w->log_lambda)) intersect_affinity(w, precision);
        w->nodes = nodes;
        if (nodes == most || accurate(w)) break;
    }
    w->rule = "trapezoid rule between extremal functions of compact transform";
    arb_clear(low);
    arb_clear(high);
    return status;
}

/* ------------------------------------------------------------------ attempts */
/* The relative accuracy of the overlap and, for lambda = 1, of the total variation, in bits. */
static slong accuracy(const overlap_work *w) {
    arb_t tv;
    slong bits = arb_rel_accuracy_bits(w->overlap);
    if (arb_is_zero(w->log_lambda)) {
        arb_init(tv);
        arb_sub_ui(tv, w->overlap, 1, arb_bits(w->overlap) + 128);
        slong other = arb_rel_accuracy_bits(tv);
        if (other < bits && !arb_is_zero(tv)) bits = other;
        arb_clear(tv);
    }
    return arb_is_exact(w->overlap) ? ARF_PREC_EXACT : bits;
}

static int accurate(const overlap_work *w) {
    return arb_is_finite(w->overlap) && accuracy(w) >= digit_bits(w->digits + 1);
}

/* After an enclosure that is too wide: more bits when rounding made it so, else a smaller guess. */
static void learn(overlap_work *w, double bounds) {
    arb_t part, radius;
    arb_init(part);
    arb_init(radius);
    arb_get_rad_arb(radius, w->overlap);
    double log_radius = arb_is_finite(w->overlap) ? log_upper(radius) : INFINITY;
    double limit = bounds > w->log_allowed ? bounds : w->log_allowed;
    if (!isfinite(log_radius)) {
        w->extra += 64 + w->extra;
    } else if (log_radius > limit + 0.7) {
        w->extra += (slong)((log_radius - limit) / 0.69) + 16;
        w->terms += 4;
    } else {
        arb_sub_ui(part, w->overlap, 1, 64);
        arb_neg(part, part);
        if (!arb_is_zero(w->log_lambda) || arb_lt(w->overlap, part)) arb_set(part, w->overlap);
        if (arb_is_positive(part))
            w->log_size = fmin(w->log_size - 2, log_upper(part) - 1);
        else
            w->log_size -= (w->digits + 2) * LOG_10;
    }
    arb_clear(part);
    arb_clear(radius);
}

/* One attempt; *final: another one would not be better. */
static sb_status attempt(overlap_work *w, int *final, sb_error *error) {
    w->log_allowed = w->log_size - (w->digits + 2) * LOG_10;
    double quarter = w->log_allowed - 1.3862943611198906;
    uint64_t most = most_nodes(w, TRAPEZOID_TIME), quick = CLOSED_FORM_NODES;
    if (!w->f.law->overlap_equal || w->f.count != 1 || most < quick) quick = most;
    int step = sb_product_plan_step(&w->plan, &w->f, w->log_lambda, quarter);
    if (step && most && sb_product_plan_nodes(&w->plan, &w->f, w->log_lambda, quarter, quick)) {
        int done;
        sb_status status = trapezoid_rule(w, &done, error);
        if (!status && done) learn(w, w->log_allowed);
        if (status || done) return status;
    }
    if (closed_rule(w)) {
        learn(w, -INFINITY);
        return SB_OK;
    }
    *final = 1;
    return bracket_rule(w, error);
}

static sb_status work_init(overlap_work *w, const sb_product_lengths *lengths, const arb_t log_lambda,
                           const sb_tv_options *options, int digits, sb_error *error) {
    *w = (overlap_work){.log_lambda = log_lambda, .options = options, .digits = digits < 1 ? 1 : digits};
    w->terms = 8 + w->digits / 3;
    arb_init(w->overlap);
    sb_product_plan_init(&w->plan);
    return sb_product_integrand_init(&w->f, lengths, 128 + digit_bits(w->digits), error);
}

static void work_clear(overlap_work *w) {
    arb_clear(w->overlap);
    sb_product_plan_clear(&w->plan);
    sb_product_integrand_clear(&w->f);
}

/* ------------------------------------------------------------------ many lengths, costly transform */
/* For log-concave laws the total variation grows with every |v_i| (docs/theory/worst-shift.md): it lies between
   those of the lengths rounded down and rounded up to few. */
typedef struct {
    arb_ptr low, high; /* exact */
    uint64_t multiplicity[ROUNDED_LENGTHS];
    size_t count;
} rounded_lengths;

static void round_lengths(rounded_lengths *r, const sb_product_integrand *f) {
    arf_t end;
    arf_init(end);
    *r = (rounded_lengths){.low = _arb_vec_init(ROUNDED_LENGTHS), .high = _arb_vec_init(ROUNDED_LENGTHS)};
    double widest = arf_get_d(arb_midref(f->length + (f->count - 1)), ARF_RND_UP), band = -1;
    for (size_t i = 0; i < f->count; i++) {
        double size = arf_get_d(arb_midref(f->length + i), ARF_RND_DOWN);
        double place = floor(size / widest * (ROUNDED_LENGTHS - 1));
        if (!i || place > band) {
            band = place;
            r->count++;
            arf_pos_inf(arb_midref(r->low + (r->count - 1)));
        }
        arf_ptr low = arb_midref(r->low + (r->count - 1)), high = arb_midref(r->high + (r->count - 1));
        arb_get_lbound_arf(end, f->length + i, 128);
        arf_min(low, low, end);
        arb_get_ubound_arf(end, f->length + i, 128);
        arf_max(high, high, end);
        r->multiplicity[r->count - 1] += f->multiplicity[i];
    }
    arf_clear(end);
}

static sb_status solve(overlap_work *w, sb_error *error);

/* w->overlap := between the overlaps of the lengths rounded up and rounded down. */
static sb_status rounding_rule(overlap_work *w, sb_error *error) {
    const sb_noise_spec *noise = w->f.source.noise;
    if (!(w->f.law->traits(noise) & SB_LOG_CONCAVE))
        return sb_fail(error, SB_OUTSIDE,
                       "%s: %zu different shifts are too many (at most %d) for a law that is neither "
                       "log-concave nor has its transform in series",
                       noise->family->name, w->f.count, (int)SB_FEW_LENGTHS);
    rounded_lengths r;
    round_lengths(&r, &w->f);
    sb_status status = SB_OK;
    for (int side = 0; side < 2 && !status; side++) {
        overlap_work part;
        sb_product_lengths lengths = {.noise = noise,
                                      .count = r.count,
                                      .length = side ? r.high : r.low,
                                      .multiplicity = r.multiplicity};
        status = work_init(&part, &lengths, w->log_lambda, w->options, w->digits < 4 ? w->digits : 4, error);
        if (!status) status = solve(&part, error);
        if (!status && side)
            arb_union(w->overlap, w->overlap, part.overlap, 64);
        else if (!status)
            arb_set(w->overlap, part.overlap);
        w->nodes += part.nodes * r.count;
        work_clear(&part);
    }
    w->rule = "shifts rounded down and up to few different ones";
    _arb_vec_clear(r.low, ROUNDED_LENGTHS);
    _arb_vec_clear(r.high, ROUNDED_LENGTHS);
    return status;
}

/* ------------------------------------------------------------------ all together */
/* Until accurate, or until more bits do not help. */
static sb_status solve(overlap_work *w, sb_error *error) {
    sb_status status = SB_OK;
    int final = 0;
    arb_t best;
    estimate_size(w);
    if (w->log_size < SMALLEST_LOG) { /* between 0 and sqrt(lambda) B */
        extreme_rule(w);
        return SB_OK;
    }
    if (w->no_loss) {
        w->log_allowed = w->log_size - (w->digits + 2) * LOG_10;
        no_loss_rule(w);
        if (accurate(w) || !w->f.source.shift) return SB_OK; /* a given ball does not get narrower */
    }
    if (w->f.count > SB_FEW_LENGTHS && !w->f.law->log_affinity_series) return rounding_rule(w, error);
    arb_init(best);
    arb_zero_pm_inf(best);
    slong best_bits = -ARF_PREC_EXACT, idle = 0;
    for (int i = 0; i < ATTEMPTS && !final && !status; i++) {
        status = attempt(w, &final, error);
        if (status) break;
        slong bits = accuracy(w);
        if (accurate(w)) {
            arb_set(best, w->overlap);
            break;
        }
        idle = bits > best_bits + 2 ? 0 : idle + 1;
        if (bits > best_bits || !arb_is_finite(best)) {
            arb_set(best, w->overlap);
            best_bits = bits;
        }
        if (idle >= 3) break;
    }
    arb_set(w->overlap, best);
    arb_clear(best);
    return status;
}

/* ------------------------------------------------------------------ a result in words */
static sb_status describe(sb_tv_result *result, const overlap_work *w, sb_error *error) {
    int plain = w->nodes == w->plan.nodes && w->nodes > 1;
    char *step = arb_is_zero(w->plan.step) ? NULL : sb_decimal_nearest(w->plan.step, 4);
    char *alias = plain ? sb_decimal_upper(w->plan.alias, 2) : NULL;
    char *tail = plain ? sb_decimal_upper(w->plan.tail, 2) : NULL;
    if (plain && step && alias && tail)
        result->how = sb_format("%s, step %s, %" PRIu64 " nodes; aliases below %s, the rest below %s",
                                w->rule, step, w->nodes, alias, tail);
    else
        result->how = sb_format("%s, %" PRIu64 " evaluations", w->rule, w->nodes);
    free(step);
    free(alias);
    free(tail);
    return result->how ? SB_OK : sb_fail_memory(error);
}

static sb_status finish(sb_tv_result *result, const overlap_work *w, sb_error *error) {
    arb_sub_ui(result->total_variation, w->overlap, 1, arb_bits(w->overlap) + 128);
    arb_neg(result->total_variation, result->total_variation);
    arb_nonnegative_part(result->total_variation, result->total_variation);
    arb_nonnegative_part(result->overlap, w->overlap);
    result->method = SB_METHOD_PRODUCT;
    result->certified = 1;
    result->digits_met = accurate(w);
    result->nodes = w->nodes;
    free(result->how);
    result->how = NULL;
    return describe(result, w, error);
}

/* ------------------------------------------------------------------ what others call */
sb_status sb_product_overlap_equal(arb_t overlap, const sb_noise_spec *noise, uint64_t dimension,
                                   const arb_t length, const arb_t log_lambda, int digits, sb_error *error) {
    sb_tv_options options = {.jobs = 1};
    sb_product_lengths lengths = {.noise = noise, .count = 1, .length = length, .multiplicity = &dimension};
    overlap_work w;
    if (!arb_is_finite(length) || !arb_is_finite(log_lambda) || !arb_is_nonnegative(length))
        return sb_fail(error, SB_OUTSIDE, "the overlap needs a finite shift >= 0 and a finite log lambda");
    if (arb_is_zero(length)) { /* min(1, lambda) */
        arb_zero(overlap);
        arb_min(overlap, overlap, log_lambda, 64 + digit_bits(digits));
        arb_exp(overlap, overlap, 64 + digit_bits(digits));
        return SB_OK;
    }
    sb_status status = work_init(&w, &lengths, log_lambda, &options, digits, error);
    if (!status) status = solve(&w, error);
    if (!status) arb_nonnegative_part(overlap, w.overlap);
    work_clear(&w);
    return status;
}

sb_status sb_product_total_variation(sb_tv_result *result, const sb_noise_spec *noise, const sb_shift *shift,
                                     const sb_tv_options *options, sb_error *error) {
    sb_product_lengths lengths = {.noise = noise, .shift = shift};
    overlap_work w;
    arb_t log_lambda;
    arb_init(log_lambda);
    sb_status status = work_init(&w, &lengths, log_lambda, options, options->digits, error);
    if (!status) {
        if (!w.f.count) {
            arb_one(w.overlap);
            w.rule = "no shift";
        } else {
            status = solve(&w, error);
        }
    }
    if (!status) status = finish(result, &w, error);
    work_clear(&w);
    arb_clear(log_lambda);
    return status;
}
