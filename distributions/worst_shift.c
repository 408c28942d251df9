/* Each case below is an overlap that decreases with eps, save the last.

   Isotropic, density non-increasing in |x|_2: 1 - TV = Pr(|X_1| > |v|_2/2), and max |v|_2 = eps
   d^(1/2-1/p)_+. Uniform on the cube: worst_uniform.h. Cubes (cube_noise.h): 1 - TV = E prod (1 -
   |v_i|/(2R))_+. Given R the least is at equal coordinates for p = inf, and at one coordinate for p <= 1. For
   1 < p < inf it is at equal coordinates when eps/(2R) <= 1 - 1/p (worst_uniform.c), so that E (1 - h/R)^d
   over R > eps p/(2(p-1))  <=  the least 1 - TV  <=  E (1 - h/R)_+^d,   h = eps d^(-1/p)/2. Product noise
   with a log-concave density, p = inf: equal coordinates (docs/theory/worst-shift.md). One dimension, density
   non-increasing in |x|: TV = Pr(|X| <= v/2).
   Anything else: k equal coordinates, k = 1, 2, 4, ..., d (p = inf: k = d), without a claim that this is the
   worst. */
#include "distributions/worst_shift.h"

#include "distributions/cube_noise.h"
#include "distributions/product_overlap.h"
#include "distributions/worst_uniform.h"
#include "support/enclosure.h"
#include "support/text.h"

#include <stdlib.h>

enum { PRECISION_LIMIT = 1 << 13 };

char *sb_worst_words(sb_worst_kind kind, uint64_t coordinates, uint64_t dimension) {
    if (kind == SB_WORST_EXACT) return sb_duplicate("exact worst case");
    if (kind == SB_WORST_BRACKET) return sb_duplicate("bracket");
    if (coordinates == dimension) return sb_duplicate("at the equal shift");
    if (coordinates == 1) return sb_duplicate("at one coordinate");
    return sb_format("at %llu equal coordinates", (unsigned long long)coordinates);
}

void sb_worst_result_init(sb_worst_result *result) {
    *result = (sb_worst_result){.kind = SB_WORST_EXACT};
    arb_init(result->total_variation);
    arb_init(result->overlap);
}

void sb_worst_result_clear(sb_worst_result *result) {
    arb_clear(result->total_variation);
    arb_clear(result->overlap);
    free(result->how);
    result->how = NULL;
}

/* ------------------------------------------------------------------ overlaps that decrease with eps */
typedef struct {
    const sb_noise_spec *noise;
    uint64_t dimension;
    const sb_exact *norm;
    uint64_t coordinates;
    sb_uniform_worst *found;
} ball;

static int at_most_one(const sb_exact *norm) {
    return !norm->infinite && fmpq_cmp_ui(norm->value, 1) <= 0;
}

/* h := length k^(-1/p)/2 */
static void half_shift(arb_t h, const ball *b, uint64_t k, const arb_t length, slong precision) {
    fmpq_t exponent;
    arb_t root;
    fmpq_init(exponent);
    arb_init(root);
    if (!b->norm->infinite) fmpq_inv(exponent, b->norm->value);
    sb_dimension_power(root, k, exponent, precision);
    arb_div(h, length, root, precision);
    arb_mul_2exp_si(h, h, -1);
    fmpq_clear(exponent);
    arb_clear(root);
}

static void isotropic(arb_t value, const void *context, const arb_t length, slong precision) {
    const ball *b = context;
    fmpq_t exponent;
    arb_t s;
    fmpq_init(exponent);
    arb_init(s);
    fmpq_set_si(exponent, 1, 2);
    if (!b->norm->infinite) {
        fmpq_t inverse;
        fmpq_init(inverse);
        fmpq_inv(inverse, b->norm->value);
        fmpq_sub(exponent, exponent, inverse);
        fmpq_clear(inverse);
    }
    if (fmpq_sgn(exponent) < 0) fmpq_zero(exponent);
    sb_dimension_power(s, b->dimension, exponent, precision + 10);
    arb_mul(s, s, length, precision + 10);
    arb_mul_2exp_si(s, s, -1);
    b->noise->family->radial->coordinate_tail(value, b->noise, b->dimension, s, precision);
    fmpq_clear(exponent);
    arb_clear(s);
}

static void uniform(arb_t value, const void *context, const arb_t length, slong precision) {
    const ball *b = context;
    sb_uniform_worst_overlap(value, b->found, b->dimension, b->norm, length, precision);
}

static void one_dimension(arb_t value, const void *context, const arb_t length, slong precision) {
    const ball *b = context;
    arb_t half;
    arb_init(half);
    arb_mul_2exp_si(half, length, -1);
    b->noise->family->product->tail(value, b->noise, half, precision);
    arb_clear(half);
}

/* E over R > from of (1 - h/R)_+^k, k = b->coordinates equal ones; from = 0 unless the bracket's lower end is
 * meant */
static void cube_value(arb_t value, const ball *b, const arb_t length, int lower, slong precision) {
    sb_radius_law layer;
    arb_t h, from;
    arb_init(h);
    arb_init(from);
    sb_cube_layer(&layer, b->noise, b->dimension);
    half_shift(h, b, b->coordinates, length, precision + 10);
    if (lower) { /* length p/(2(p-1)) */
        fmpq_t ratio;
        fmpq_init(ratio);
        fmpq_sub_si(ratio, b->norm->value, 1);
        fmpq_div(ratio, b->norm->value, ratio);
        arb_set_fmpq(from, ratio, precision + 10);
        arb_mul(from, from, length, precision + 10);
        arb_mul_2exp_si(from, from, -1);
        fmpq_clear(ratio);
    }
    sb_radius_equal(value, &layer, b->coordinates, h, from, precision);
    sb_radius_law_clear(&layer);
    arb_clear(h);
    arb_clear(from);
}

static void cube(arb_t value, const void *ball_context, const arb_t length, slong precision) {
    cube_value(value, ball_context, length, 0, precision);
}

static void cube_lower(arb_t value, const void *ball_context, const arb_t length, slong precision) {
    cube_value(value, ball_context, length, 1, precision);
}

/* overlap := f(length) to `digits` significant digits, or as many as the ball `length` allows. */
static void refine(arb_t overlap, sb_decreasing_function *f, const ball *b, const arb_t length, int digits) {
    slong wanted = (slong)((double)digits * 3.3219280948873626) + 6, before = WORD_MIN;
    for (slong precision = wanted + 40; precision <= PRECISION_LIMIT; precision *= 2) {
        sb_decreasing(overlap, f, b, length, precision);
        slong accuracy = arb_rel_accuracy_bits(overlap);
        if (arb_is_zero(overlap) || accuracy >= wanted || (!arb_is_exact(length) && accuracy <= before))
            return;
        before = accuracy;
    }
}

/* ------------------------------------------------------------------ which case */
typedef struct {
    sb_worst_kind kind;
    uint64_t coordinates, boxes;
    const char *why;
} verdict;

static void bracket(arb_t overlap, verdict *v, ball *b, const arb_t length, int digits) {
    arb_t low, other;
    arb_init(low);
    arb_init(other);
    refine(low, cube_lower, b, length, digits);
    refine(overlap, cube, b, length, digits);
    arb_sub(other, overlap, low, 64);
    arb_div(other, other, overlap, 64);
    arb_mul_2exp_si(other, other, 10);
    *v = (verdict){SB_WORST_BRACKET, b->dimension, 0,
                   "all coordinates equal, up to radii below eps p/(2(p-1))"};
    if (arf_cmp_si(arb_midref(other), 1) > 0) { /* a wide bracket: do fewer coordinates do more? */
        for (uint64_t k = 1; k < b->dimension; k *= 2) {
            b->coordinates = k;
            sb_decreasing(other, cube, b, length, 64);
            if (arf_cmp(arb_midref(other), arb_midref(overlap)) >= 0) continue;
            arb_set(overlap, other);
            v->coordinates = k;
        }
        b->coordinates = v->coordinates;
        refine(overlap, cube, b, length, digits);
        v->why = "between the least over cubes of large radius and the best number of equal coordinates";
    }
    arb_union(overlap, overlap, low, arb_bits(overlap) + MAG_BITS);
    arb_clear(low);
    arb_clear(other);
}

/* k equal coordinates of product noise, the best k. */
static sb_status best_equal(arb_t overlap, verdict *v, const ball *b, const arb_t length, int digits,
                            sb_error *error) {
    arb_t h, value, zero;
    sb_status status = SB_OK;
    slong precision = (slong)((double)digits * 3.33) + 60;
    arb_init(h);
    arb_init(value);
    arb_init(zero);
    v->coordinates = 0;
    for (uint64_t k = b->norm->infinite ? b->dimension : 1; !status;) {
        half_shift(h, b, k, length, precision);
        arb_mul_2exp_si(h, h, 1);
        status = sb_product_overlap_equal(value, b->noise, k, h, zero, digits, error);
        if (!status && (!v->coordinates || arf_cmp(arb_midref(value), arb_midref(overlap)) < 0)) {
            arb_set(overlap, value);
            v->coordinates = k;
        }
        if (k == b->dimension) break;
        k = k > b->dimension / 2 ? b->dimension : 2 * k;
    }
    arb_clear(h);
    arb_clear(value);
    arb_clear(zero);
    return status;
}

static sb_status product(arb_t overlap, verdict *v, const ball *b, const arb_t length, int digits,
                         sb_error *error) {
    unsigned traits = b->noise->family->product->traits(b->noise);
    if (b->dimension == 1 && (traits & (SB_UNIMODAL | SB_LOG_CONCAVE))) {
        *v = (verdict){SB_WORST_EXACT, 1, 0, "one dimension, density non-increasing in |x|"};
        refine(overlap, one_dimension, b, length, digits);
        return SB_OK;
    }
    *v = (verdict){
        SB_WORST_AT_EQUAL, 0, 0,
        "the largest value at 1, 2, 4, ..., d equal coordinates; a larger one elsewhere is not excluded"};
    if (b->norm->infinite) {
        v->why = "all coordinates equal; a larger value elsewhere is not excluded";
        if (traits & SB_LOG_CONCAVE) {
            v->kind = SB_WORST_EXACT;
            v->why = "all coordinates equal, since the density is log-concave";
        }
    }
    return best_equal(overlap, v, b, length, digits, error);
}

static sb_status find_worst(arb_t overlap, verdict *v, ball *b, const arb_t length, int digits,
                            sb_error *error) {
    const sb_noise_family *family = b->noise->family;
    sb_uniform_worst found = {0, 0, NULL};
    b->found = &found;
    b->coordinates = at_most_one(b->norm) ? 1 : b->dimension;
    if (family == &sb_uniform_family) {
        refine(overlap, uniform, b, length, digits);
        *v = (verdict){SB_WORST_EXACT, found.coordinates, found.boxes, found.why};
    } else if (family->radial && !family->radial->infinity_norm) {
        refine(overlap, isotropic, b, length, digits);
        int spread = b->norm->infinite || fmpq_cmp_ui(b->norm->value, 2) >= 0;
        *v = (verdict){SB_WORST_EXACT, spread ? b->dimension : 1, 0, "isotropic: the largest |v|_2"};
    } else if (family->radial && b->dimension > 1 && !b->norm->infinite && !at_most_one(b->norm)) {
        bracket(overlap, v, b, length, digits);
    } else if (family->radial) {
        refine(overlap, cube, b, length, digits);
        *v = (verdict){SB_WORST_EXACT, b->coordinates, 0,
                       b->coordinates == b->dimension ? "cubes: all coordinates equal"
                                                      : "cubes: one coordinate, since p <= 1"};
    } else {
        return product(overlap, v, b, length, digits, error);
    }
    return SB_OK;
}

static sb_status check(const sb_noise_spec *noise, uint64_t dimension, const sb_exact *norm,
                       sb_error *error) {
    if (norm->infinite < 0 || (!norm->infinite && fmpq_sgn(norm->value) <= 0))
        return sb_fail(error, SB_OUTSIDE, "the norm's p must be positive or inf");
    if (dimension < 1) return sb_fail(error, SB_OUTSIDE, "d must be at least 1");
    return sb_noise_domain(noise, dimension, error);
}

sb_status sb_worst_overlap(arb_t overlap, int *kind, const sb_noise_spec *noise, uint64_t dimension,
                           const sb_exact *norm, const arb_t length, int digits, sb_error *error) {
    ball b = {noise, dimension, norm, dimension, NULL};
    verdict v = {SB_WORST_EXACT, 0, 0, NULL};
    arb_t value; /* overlap and length may be the same */
    arb_init(value);
    sb_status status = check(noise, dimension, norm, error);
    if (!status) status = find_worst(value, &v, &b, length, digits, error);
    arb_swap(overlap, value);
    *kind = (int)v.kind;
    arb_clear(value);
    return status;
}

/* length := eps/scale */
static void unit_length(arb_t length, const sb_noise_spec *noise, uint64_t dimension, const fmpq_t eps,
                        slong precision) {
    arb_t scale;
    arb_init(scale);
    sb_noise_scale(scale, noise, dimension, precision);
    arb_set_fmpq(length, eps, precision);
    arb_div(length, length, scale, precision);
    arb_clear(scale);
}

/* How many digits of 1 - TV give that many of TV, from a first look at TV. */
static int more_digits(const arb_t total_variation, int wanted, int now) {
    if (arb_contains_zero(total_variation)) return 2 * now;
    slong exponent = arf_abs_bound_lt_2exp_si(arb_midref(total_variation));
    int more = wanted + 4 + (exponent < 0 ? (int)((double)-exponent * 0.302) : 0);
    return more > now ? more : 2 * now;
}

sb_status sb_worst_total_variation(sb_worst_result *result, const sb_noise_spec *noise, uint64_t dimension,
                                   const sb_exact *norm, const fmpq_t eps, const sb_tv_options *options,
                                   sb_error *error) {
    sb_status status = check(noise, dimension, norm, error);
    if (!status && fmpq_sgn(eps) < 0) status = sb_fail(error, SB_OUTSIDE, "eps must not be negative");
    if (status) return status;
    ball b = {noise, dimension, norm, dimension, NULL};
    verdict v = {SB_WORST_EXACT, dimension, 0, "eps = 0"};
    slong wanted = (slong)((double)options->digits * 3.3219280948873626) + 3;
    arb_t length;
    arb_init(length);
    if (fmpq_is_zero(eps)) {
        arb_one(result->overlap);
        arb_zero(result->total_variation);
        result->digits_met = 1;
    } else { /* TV = 1 - overlap cancels when it is small: then more digits of the overlap */
        int digits = options->digits + 2;
        for (int pass = 0; !status && pass < 10 && digits <= SB_DIGITS_LIMIT; pass++) {
            slong precision = (slong)((double)digits * 3.33) + 80;
            unit_length(length, noise, dimension, eps, precision);
            status = find_worst(result->overlap, &v, &b, length, digits, error);
            arb_sub_ui(result->total_variation, result->overlap, 1, precision);
            arb_neg(result->total_variation, result->total_variation);
            int fine = arb_is_zero(result->overlap) || arb_rel_accuracy_bits(result->overlap) >= wanted;
            result->digits_met = fine && arb_rel_accuracy_bits(result->total_variation) >= wanted;
            if (result->digits_met || !fine) break;
            digits = more_digits(result->total_variation, options->digits, digits);
        }
    }
    result->kind = v.kind;
    result->coordinates = v.coordinates;
    result->boxes = v.boxes;
    free(result->how);
    result->how =
        v.boxes ? sb_format("%s (%llu boxes)", v.why, (unsigned long long)v.boxes) : sb_duplicate(v.why);
    arb_clear(length);
    if (!status && !result->how) status = sb_fail_memory(error);
    return status;
}
