/* |Phi(x + iy)| <= Phi(iy), since Phi(t) = E exp(itS) for the positive measure sqrt(pq) dx. Where the family
   has no Phi(iy), logarithmic convexity (Hoelder) gives for 0 <= y <= 1/2

     Phi(iy) <= Phi(0)^(1-2y) Phi(i/2)^(2y) <= Phi(0)^(1-2y),

   as Phi(i/2), the mass of q where p > 0, is at most 1.

   Very many lengths: the bounds take balls, each with the number of lengths in it. */
#include "distributions/product_integrand.h"

#include "distributions/total_variation.h"

#include <stdlib.h>

/* affinity, affinity_imaginary and affinity_supremum have this type. */
typedef void transform(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                       slong precision);

static void product(arb_t value, transform *h, const sb_noise_spec *noise, const arb_t t, arb_srcptr length,
                    const uint64_t *multiplicity, size_t count, slong precision) {
    arb_t factor;
    arb_init(factor);
    arb_one(value);
    for (size_t i = 0; i < count; i++) {
        h(factor, noise, t, length + i, precision);
        if (multiplicity[i] != 1) arb_pow_ui(factor, factor, multiplicity[i], precision);
        arb_mul(value, value, factor, precision);
    }
    arb_clear(factor);
}

/* bound := an upper end of the ball, +inf for NaN. */
static void upper_end(arb_t bound, slong precision) {
    if (arb_is_finite(bound)) {
        arb_get_ubound_arf(arb_midref(bound), bound, precision);
        mag_zero(arb_radref(bound));
    } else {
        arb_pos_inf(bound);
    }
}

/* ------------------------------------------------------------------ lengths */
void sb_product_integrand_load(sb_product_integrand *f, slong precision) {
    const sb_product_lengths *source = &f->source;
    arb_t scale;
    if (f->moments.bin_count) sb_shift_moments_clear(&f->moments);
    if (!source->shift) {
        for (size_t i = 0; i < f->count; i++) arb_set(f->length + i, source->length + f->order[i]);
        return;
    }
    if (source->noise->scale_given == 1) { /* exact where it can be */
        for (size_t i = 0; i < f->count; i++)
            sb_unit_shift(f->length + i, source->noise, source->shift, f->order[i], precision);
        return;
    }
    arb_init(scale);
    sb_noise_scale(scale, source->noise, source->shift->dimension, precision);
    for (size_t i = 0; i < f->count; i++) {
        sb_shift_length(f->length + i, source->shift, f->order[i], precision);
        arb_div(f->length + i, f->length + i, scale, precision);
    }
    arb_clear(scale);
}

typedef struct {
    arb_srcptr length;
    size_t index;
} keyed_length;

static int by_length(const void *left, const void *right) {
    const keyed_length *a = left, *b = right;
    int sign = arf_cmp(arb_midref(a->length), arb_midref(b->length));
    return sign ? sign : (a->index > b->index) - (a->index < b->index);
}

static sb_status sort_lengths(sb_product_integrand *f, slong precision, sb_error *error) {
    keyed_length *key = malloc((f->count ? f->count : 1) * sizeof *key);
    if (!key) return sb_fail_memory(error);
    for (size_t i = 0; i < f->count; i++) f->order[i] = i;
    sb_product_integrand_load(f, precision);
    for (size_t i = 0; i < f->count; i++) key[i] = (keyed_length){f->length + i, i};
    qsort(key, f->count, sizeof *key, by_length);
    for (size_t i = 0; i < f->count; i++) {
        f->order[i] = key[i].index;
        f->multiplicity[i] =
            f->source.shift ? f->source.shift->group[f->order[i]].count : f->source.multiplicity[f->order[i]];
        f->dimension += f->multiplicity[i];
    }
    free(key);
    sb_product_integrand_load(f, precision);
    return SB_OK;
}

/* Runs of lengths next to each other, the same number in each: balls around them. */
static sb_status make_coarse(sb_product_integrand *f, slong precision, sb_error *error) {
    if (f->count <= SB_FEW_LENGTHS) {
        f->coarse_count = f->count;
        f->coarse = f->length;
        f->coarse_multiplicity = f->multiplicity;
        return SB_OK;
    }
    f->coarse_multiplicity = calloc(SB_FEW_LENGTHS, sizeof *f->coarse_multiplicity);
    if (!f->coarse_multiplicity) return sb_fail_memory(error);
    f->coarse_count = SB_FEW_LENGTHS;
    f->coarse = _arb_vec_init(SB_FEW_LENGTHS);
    for (size_t i = 0; i < f->count; i++) {
        size_t run = i * SB_FEW_LENGTHS / f->count;
        if (f->coarse_multiplicity[run])
            arb_union(f->coarse + run, f->coarse + run, f->length + i, precision);
        else
            arb_set(f->coarse + run, f->length + i);
        f->coarse_multiplicity[run] += f->multiplicity[i];
    }
    return SB_OK;
}

sb_status sb_product_integrand_init(sb_product_integrand *f, const sb_product_lengths *source,
                                    slong precision, sb_error *error) {
    size_t count = source->shift ? source->shift->group_count : source->count;
    *f = (sb_product_integrand){.source = *source, .law = source->noise->family->product};
    if (!f->law || !f->law->affinity)
        return sb_fail(error, SB_OUTSIDE, "%s: no transform of the loss of one coordinate is known",
                       source->noise->family->name);
    f->order = malloc((count ? count : 1) * sizeof *f->order);
    f->multiplicity = malloc((count ? count : 1) * sizeof *f->multiplicity);
    if (!f->order || !f->multiplicity) {
        sb_product_integrand_clear(f);
        return sb_fail_memory(error);
    }
    f->count = count;
    f->length = _arb_vec_init((slong)count);
    sb_status status = sort_lengths(f, precision, error);
    if (!status) status = make_coarse(f, precision, error);
    if (status) sb_product_integrand_clear(f);
    return status;
}

void sb_product_integrand_clear(sb_product_integrand *f) {
    if (f->moments.bin_count) sb_shift_moments_clear(&f->moments);
    if (f->coarse_multiplicity != f->multiplicity) {
        free(f->coarse_multiplicity);
        if (f->coarse) _arb_vec_clear(f->coarse, (slong)f->coarse_count);
    }
    if (f->length) _arb_vec_clear(f->length, (slong)f->count);
    free(f->order);
    free(f->multiplicity);
    *f = (sb_product_integrand){0};
}

/* The series of log H converges at least up to about 1/t around a length: 1/16 of that. */
sb_status sb_product_integrand_bin(sb_product_integrand *f, const arb_t reach, slong terms, slong precision,
                                   sb_error *error) {
    arb_t width;
    arb_init(width);
    arb_one(width);
    arb_mul_2exp_si(width, width, -4);
    arb_div(width, width, reach, 53);
    if (f->moments.bin_count) sb_shift_moments_clear(&f->moments);
    sb_status status = sb_shift_moments_init(&f->moments, f->source.noise, f->length, f->multiplicity,
                                             f->count, width, terms, precision, error);
    arb_clear(width);
    return status;
}

/* ------------------------------------------------------------------ values and bounds */
void sb_product_integrand_value(arb_t value, const sb_product_integrand *f, const arb_t t, slong precision) {
    if (f->moments.bin_count)
        sb_shift_moments_value(value, &f->moments, t, precision);
    else
        product(value, f->law->affinity, f->source.noise, t, f->length, f->multiplicity, f->count, precision);
}

void sb_product_integrand_imaginary(arb_t value, const sb_product_integrand *f, const arb_t y,
                                    slong precision) {
    if (f->law->affinity_imaginary)
        product(value, f->law->affinity_imaginary, f->source.noise, y, f->length, f->multiplicity, f->count,
                precision);
    else
        arb_indeterminate(value);
}

/* Phi(0)^(1-2y), or 1 where Phi(0) is not known; +inf for y > 1/2. */
static void convexity_bound(arb_t bound, const sb_product_integrand *f, const arb_t y, slong precision) {
    arb_t rest;
    arb_init(rest);
    product(bound, f->law->affinity, f->source.noise, rest, f->coarse, f->coarse_multiplicity, f->coarse_count,
            precision);
    arb_mul_2exp_si(rest, y, 1);
    arb_sub_ui(rest, rest, 1, precision);
    arb_neg(rest, rest);
    upper_end(bound, precision);
    if (!arb_is_nonnegative(rest))
        arb_pos_inf(bound);
    else if (arb_is_finite(bound) && arb_is_positive(bound))
        arb_pow(bound, bound, rest, precision);
    else
        arb_one(bound);
    arb_clear(rest);
}

void sb_product_integrand_imaginary_bound(arb_t bound, const sb_product_integrand *f, const arb_t y,
                                          slong precision) {
    arb_indeterminate(bound);
    if (f->law->affinity_imaginary)
        product(bound, f->law->affinity_imaginary, f->source.noise, y, f->coarse, f->coarse_multiplicity,
                f->coarse_count, precision);
    if (!arb_is_finite(bound)) convexity_bound(bound, f, y, precision);
    upper_end(bound, precision);
}

void sb_product_integrand_supremum(arb_t bound, const sb_product_integrand *f, const arb_t from,
                                   slong precision) {
    if (f->law->affinity_supremum)
        product(bound, f->law->affinity_supremum, f->source.noise, from, f->coarse, f->coarse_multiplicity,
                f->coarse_count, precision);
    else
        arb_pos_inf(bound);
    upper_end(bound, precision);
}

void sb_product_integrand_estimate(arb_t real, arb_t imaginary, const sb_product_integrand *f,
                                   slong precision) {
    arb_t y;
    arb_ptr middle = _arb_vec_init((slong)f->coarse_count);
    arb_init(y);
    for (size_t i = 0; i < f->coarse_count; i++) arb_set_arf(middle + i, arb_midref(f->coarse + i));
    product(real, f->law->affinity, f->source.noise, y, middle, f->coarse_multiplicity, f->coarse_count,
            precision);
    if (f->law->affinity_imaginary) {
        arb_set_d(y, 0.5);
        product(imaginary, f->law->affinity_imaginary, f->source.noise, y, middle, f->coarse_multiplicity,
                f->coarse_count, precision);
    } else {
        arb_indeterminate(imaginary);
    }
    arb_clear(y);
    _arb_vec_clear(middle, (slong)f->coarse_count);
}
