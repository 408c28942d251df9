/* Which method for which noise, and the formulas. The overlap is 1 - TV = integral of min(p, q).

   One coordinate, density non-increasing in |x|: p > q exactly on the side of 0 from v/2, so
     1 - TV = Pr(|X| > v/2).
   Gaussian noise is spherical: the same with |v|_2 for v, in any dimension. Where p = q wherever both are
   positive (uniform noise on the cube, uniform noise on lattice points) the overlaps of the coordinates
   multiply (Lemma B.4). Spherically decreasing noise and cubes: the family's own formula (family.h). TV
   itself is 1 minus the overlap, with as many bits more as cancel. */
#include "distributions/total_variation.h"

#include "distributions/lattice_overlap.h"
#include "distributions/product_overlap.h"
#include "distributions/sampled_tv.h"
#include "support/enclosure.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ methods, options, results */
static const char *const method_name[] = {"auto", "closed", "product", "radial", "lattice", "sample", NULL};

sb_status sb_tv_method_parse(const char *text, sb_tv_method *method, sb_error *error) {
    for (int i = 0; method_name[i]; i++) {
        if (strcmp(text, method_name[i])) continue;
        *method = (sb_tv_method)i;
        return SB_OK;
    }
    const char *near = sb_nearest_word(text, method_name);
    if (near) return sb_fail(error, SB_BAD_INPUT, "unknown method '%.40s': did you mean %s?", text, near);
    return sb_fail(error, SB_BAD_INPUT,
                   "unknown method '%.40s' (known: auto, closed, product, radial, lattice, sample)", text);
}

const char *sb_tv_method_name(sb_tv_method method) {
    return method_name[method];
}

void sb_tv_options_init(sb_tv_options *options) {
    *options = (sb_tv_options){.digits = 6, .samples = 100000, .confidence = 0.999, .jobs = 1};
}

void sb_tv_result_init(sb_tv_result *result) {
    memset(result, 0, sizeof *result);
    arb_init(result->total_variation);
    arb_init(result->overlap);
}

void sb_tv_result_clear(sb_tv_result *result) {
    arb_clear(result->total_variation);
    arb_clear(result->overlap);
    free(result->how);
    result->how = NULL;
}

/* ------------------------------------------------------------------ formulas */
void sb_unit_shift(arb_t length, const sb_noise_spec *noise, const sb_shift *shift, size_t index,
                   slong precision) {
    const sb_shift_group *group = &shift->group[index];
    if (noise->scale_given == 1 && group->root == 1) {
        fmpq_t ratio;
        fmpq_init(ratio);
        fmpq_div(ratio, group->base, noise->value[noise->family->scale]);
        arb_set_fmpq(length, ratio, precision);
        fmpq_clear(ratio);
        return;
    }
    arb_t scale;
    arb_init(scale);
    sb_noise_scale(scale, noise, shift->dimension, precision);
    sb_shift_length(length, shift, index, precision);
    arb_div(length, length, scale, precision);
    arb_clear(scale);
}

typedef struct {
    const sb_noise_spec *noise;
    const sb_shift *shift;
} question;

/* The overlap of one coordinate and its translate by `length`, at unit scale. */
static void coordinate_overlap(arb_t value, const sb_noise_spec *noise, const arb_t length, slong precision) {
    const sb_product_law *law = noise->family->product;
    if (law->total_variation) {
        law->total_variation(value, noise, length, precision);
        arb_sub_ui(value, value, 1, precision);
        arb_neg(value, value);
    } else {
        arb_t half;
        arb_init(half);
        arb_mul_2exp_si(half, length, -1);
        law->tail(value, noise, half, precision);
        arb_clear(half);
    }
}

/* Ball functions of a question. */
static void multiplied_overlap(arb_t value, const void *context, slong precision) {
    const question *q = context;
    arb_t factor, length;
    arb_init(factor);
    arb_init(length);
    arb_one(value);
    for (size_t i = 0; i < q->shift->group_count; i++) {
        sb_unit_shift(length, q->noise, q->shift, i, precision);
        coordinate_overlap(factor, q->noise, length, precision);
        arb_pow_ui(factor, factor, (ulong)q->shift->group[i].count, precision);
        arb_mul(value, value, factor, precision);
    }
    arb_clear(factor);
    arb_clear(length);
}

static void radial_overlap(arb_t value, const void *context, slong precision) {
    const question *q = context;
    arb_t factor;
    arb_init(factor);
    sb_noise_scale(factor, q->noise, q->shift->dimension, precision);
    arb_inv(factor, factor, precision);
    q->noise->family->radial->overlap(value, q->noise, q->shift, factor, precision);
    arb_clear(factor);
}

typedef struct {
    sb_ball_function *overlap;
    const question *question;
} complement;

static void one_minus_overlap(arb_t value, const void *context, slong precision) {
    const complement *c = context;
    c->overlap(value, c->question, precision);
    arb_sub_ui(value, value, 1, precision);
    arb_neg(value, value);
}

/* Encloses to the digits, or as well as it goes: *met says which. */
static sb_status enclose(arb_t value, sb_ball_function *function, const void *context, int digits, int *met,
                         sb_error *error) {
    sb_status status = sb_enclose(value, function, context, digits, error);
    if (status != SB_UNDECIDED) return status;
    *met = 0;
    return SB_OK;
}

static sb_status by_formula(sb_tv_result *result, sb_ball_function *overlap, const question *q, int digits,
                            const char *how, sb_error *error) {
    complement other = {overlap, q};
    result->certified = result->digits_met = 1;
    result->how = sb_duplicate(how);
    if (!result->how) return sb_fail_memory(error);
    sb_status status = enclose(result->overlap, overlap, q, digits, &result->digits_met, error);
    if (!status)
        status =
            enclose(result->total_variation, one_minus_overlap, &other, digits, &result->digits_met, error);
    return status;
}

/* ------------------------------------------------------------------ dispatch */
static int has_family(const sb_noise_spec *noise, const char *name) {
    return strcmp(noise->family->name, name) == 0;
}

static int one_coordinate(const sb_shift *shift) {
    return shift->group_count == 1 && shift->group[0].count == 1;
}

/* Why there is a formula, or NULL. */
static const char *formula(const sb_noise_spec *noise, const sb_shift *shift) {
    const sb_product_law *law = noise->family->product;
    if (!shift->group_count) return "the shift is 0";
    if (has_family(noise, "gaussian")) return "TV = erf(|v|_2/(2 sqrt(2) sigma))";
    if (has_family(noise, "uniform")) return "1 - TV = prod max{0, 1 - |v_i|/(2r)}";
    if (has_family(noise, "lattice"))
        return "1 - TV is the share of the points that are common to both lattices";
    if (law && one_coordinate(shift) && law->total_variation)
        return "one coordinate moves: the family's formula";
    if (law && one_coordinate(shift) && law->traits(noise) & SB_UNIMODAL)
        return "one coordinate moves: TV = Pr(|X| <= |v|/2)";
    return NULL;
}

static sb_tv_method choose(const sb_noise_spec *noise, const sb_shift *shift) {
    if (formula(noise, shift)) return SB_METHOD_CLOSED;
    if (noise->family->radial && noise->family->radial->overlap) return SB_METHOD_RADIAL;
    return SB_METHOD_PRODUCT;
}

static sb_status closed(sb_tv_result *result, const question *q, int digits, sb_error *error) {
    const char *how = formula(q->noise, q->shift);
    if (!how)
        return sb_fail(
            error, SB_OUTSIDE,
            "method closed: no formula for %s noise and this shift (Gaussian, uniform or lattice noise, or "
            "a shift of one coordinate)",
            q->noise->family->name);
    return by_formula(result, has_family(q->noise, "gaussian") ? radial_overlap : multiplied_overlap, q,
                      digits, how, error);
}

static sb_status radial(sb_tv_result *result, const question *q, int digits, sb_error *error) {
    const sb_radial_law *law = q->noise->family->radial;
    if (!law || !law->overlap)
        return sb_fail(error, SB_OUTSIDE,
                       "method radial: the level sets of %s noise are neither balls nor cubes",
                       q->noise->family->name);
    if (!q->shift->group_count) return closed(result, q, digits, error);
    return by_formula(result, radial_overlap, q, digits,
                      law->infinity_norm ? "a mixture of cubes: E prod max{0, 1 - |v_i|/(2R)}"
                                         : "spherically decreasing: TV = Pr(|X_1| <= |v|_2/2)",
                      error);
}

static sb_status product_only(const sb_noise_spec *noise, sb_tv_method method, sb_error *error) {
    if (noise->family->product) return SB_OK;
    return sb_fail(error, SB_OUTSIDE, "method %s: the coordinates of %s noise are not independent",
                   method_name[method], noise->family->name);
}

/* The finer of two enclosures of the same numbers into *result, cut down by the other one. */
static void combine(sb_tv_result *result, sb_tv_result *other) {
    if (arb_rel_accuracy_bits(other->total_variation) > arb_rel_accuracy_bits(result->total_variation)) {
        sb_tv_result swap = *result;
        *result = *other;
        *other = swap;
    }
    arb_intersection(result->total_variation, result->total_variation, other->total_variation, ARF_PREC_EXACT);
    arb_intersection(result->overlap, result->overlap, other->overlap, ARF_PREC_EXACT);
}

/* The integral; where it does not give the digits (transforms that decay slowly, few coordinates), the lattice too. */
static sb_status integral_or_lattice(sb_tv_result *result, const question *q, const sb_tv_options *options,
                                     sb_error *error) {
    sb_tv_result other;
    sb_error refusal;
    sb_status status = sb_product_total_variation(result, q->noise, q->shift, options, error);
    if ((status && status != SB_OUTSIDE) || (!status && result->digits_met)) return status;
    sb_tv_result_init(&other);
    other.method = SB_METHOD_LATTICE;
    sb_status second = sb_lattice_total_variation(&other, q->noise, q->shift, options, &refusal);
    if (!second && status) {
        sb_tv_result_clear(result);
        *result = other;
        return SB_OK;
    }
    if (!second)
        combine(result, &other);
    else if (second != SB_OUTSIDE)
        status = sb_fail(error, second, "%s", refusal.message);
    sb_tv_result_clear(&other);
    return status;
}

sb_status sb_total_variation(sb_tv_result *result, const sb_noise_spec *noise, const sb_shift *shift,
                             const sb_tv_options *options, sb_error *error) {
    const question q = {noise, shift};
    sb_status status = sb_noise_domain(noise, shift->dimension, error);
    if (status) return status;
    sb_tv_result_clear(result);
    sb_tv_result_init(result);
    result->method = options->method == SB_METHOD_AUTO ? choose(noise, shift) : options->method;
    switch (result->method) {
    case SB_METHOD_AUTO:
        break;
    case SB_METHOD_CLOSED:
        return closed(result, &q, options->digits, error);
    case SB_METHOD_RADIAL:
        return radial(result, &q, options->digits, error);
    case SB_METHOD_PRODUCT:
        status = product_only(noise, result->method, error);
        if (status) return status;
        return options->method == SB_METHOD_AUTO
                   ? integral_or_lattice(result, &q, options, error)
                   : sb_product_total_variation(result, noise, shift, options, error);
    case SB_METHOD_LATTICE:
        status = product_only(noise, result->method, error);
        return status ? status : sb_lattice_total_variation(result, noise, shift, options, error);
    case SB_METHOD_SAMPLE:
        return sb_sampled_total_variation(result, noise, shift, options, error);
    }
    return sb_fail(error, SB_INTERNAL, "total variation: no method");
}
