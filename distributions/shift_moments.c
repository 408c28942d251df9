/* On a bin with centre c, for f(v) = log H(t; v) and even J, Taylor's formula gives

     sum n_i f(v_i) in sum over k < J of (f^(k)(c)/k!) M_k + F M_J,     M_k = sum n_i (v_i - c)^k,

   where the ball F contains f^(J)/J! on the bin: the weights n_i (v_i - c)^J are >= 0, so the sum of the
   remainders is a point of F times their sum. Where f has no series (H may vanish on the bin) the lengths are
   taken one by one. */
#include "distributions/shift_moments.h"

#include <stdlib.h>

enum { FEWEST = 4 }; /* lengths that are worth a bin */

/* bin: centre, hull and power sums */
static void fill_bin(sb_shift_bin *bin, const sb_shift_moments *m, slong precision) {
    arb_srcptr v = m->length + bin->first;
    arb_t offset, power;
    arb_init(offset);
    arb_init(power);
    arb_union(bin->hull, v, v + (bin->count - 1), precision);
    for (size_t i = 0; i < bin->count; i++) /* rounding may have left one outside */
        if (!arb_contains(bin->hull, v + i)) arb_union(bin->hull, bin->hull, v + i, precision);
    arf_set_round(arb_midref(bin->centre), arb_midref(bin->hull), 53, ARF_RND_NEAR);
    arb_union(bin->hull, bin->hull, bin->centre, precision); /* lengths may agree to more than 53 bits */
    bin->power = bin->count < FEWEST ? NULL : _arb_vec_init(m->terms + 1);
    for (size_t i = 0; bin->power && i < bin->count; i++) {
        arb_sub(offset, v + i, bin->centre, precision);
        arb_set_ui(power, m->multiplicity[bin->first + i]);
        for (slong k = 0; k <= m->terms; k++) {
            arb_add(bin->power + k, bin->power + k, power, precision);
            arb_mul(power, power, offset, precision);
        }
    }
    arb_clear(offset);
    arb_clear(power);
}

/* Cuts the lengths into runs at most `width` long; with bin = NULL only counts them. */
static size_t cut(sb_shift_bin *bin, arb_srcptr length, size_t count, const arf_t width) {
    size_t bins = 0, first = 0;
    arf_t end;
    arf_init(end);
    while (first < count) {
        size_t next = first + 1;
        arf_add(end, arb_midref(length + first), width, 64, ARF_RND_DOWN);
        while (next < count && arf_cmp(arb_midref(length + next), end) <= 0) next++;
        if (bin) {
            bin[bins].first = first;
            bin[bins].count = next - first;
        }
        bins++;
        first = next;
    }
    arf_clear(end);
    return bins;
}

sb_status sb_shift_moments_init(sb_shift_moments *moments, const sb_noise_spec *noise, arb_srcptr length,
                                const uint64_t *multiplicity, size_t count, const arb_t width, slong terms,
                                slong precision, sb_error *error) {
    *moments = (sb_shift_moments){
        .noise = noise, .length = length, .multiplicity = multiplicity, .terms = terms + terms % 2};
    size_t bins = cut(NULL, length, count, arb_midref(width));
    moments->bin = calloc(bins ? bins : 1, sizeof *moments->bin);
    if (!moments->bin) return sb_fail_memory(error);
    moments->bin_count = cut(moments->bin, length, count, arb_midref(width));
    for (size_t i = 0; i < bins; i++) {
        arb_init(moments->bin[i].centre);
        arb_init(moments->bin[i].hull);
        fill_bin(&moments->bin[i], moments, precision);
    }
    return SB_OK;
}

void sb_shift_moments_clear(sb_shift_moments *moments) {
    for (size_t i = 0; i < moments->bin_count; i++) {
        arb_clear(moments->bin[i].centre);
        arb_clear(moments->bin[i].hull);
        if (moments->bin[i].power) _arb_vec_clear(moments->bin[i].power, moments->terms + 1);
    }
    free(moments->bin);
    *moments = (sb_shift_moments){0};
}

double sb_shift_moments_cost(const sb_shift_moments *moments, double t) {
    const double series = 16; /* evaluations that two series cost */
    double cost = 0;
    for (size_t i = 0; i < moments->bin_count; i++) {
        const sb_shift_bin *bin = &moments->bin[i];
        int direct = !bin->power || arf_get_d(arb_midref(bin->centre), ARF_RND_NEAR) * t > 1;
        cost += (bin->power ? series : 0) + (direct ? (double)bin->count : 0);
    }
    return cost;
}

/* value *= the product over the lengths of a bin, one by one */
static void multiply_directly(arb_t value, const sb_shift_moments *m, const sb_shift_bin *bin, const arb_t t,
                              slong precision) {
    arb_t factor;
    arb_init(factor);
    for (size_t i = bin->first; i < bin->first + bin->count; i++) {
        m->noise->family->product->affinity(factor, m->noise, t, m->length + i, precision);
        if (m->multiplicity[i] != 1) arb_pow_ui(factor, factor, m->multiplicity[i], precision);
        arb_mul(value, value, factor, precision);
    }
    arb_clear(factor);
}

/* sum := the sum of log H over a bin; 0 where it has no finite series. */
static int bin_logarithm(arb_t sum, const sb_shift_moments *m, const sb_shift_bin *bin, const arb_t t,
                         arb_poly_t series, slong precision) {
    arb_t coefficient;
    arb_init(coefficient);
    m->noise->family->product->log_affinity_series(series, m->noise, t, bin->hull, m->terms + 1, precision);
    arb_poly_get_coeff_arb(coefficient, series, m->terms);
    arb_mul(sum, coefficient, bin->power + m->terms, precision);
    int fine = arb_is_finite(sum);
    if (fine) {
        m->noise->family->product->log_affinity_series(series, m->noise, t, bin->centre, m->terms, precision);
        for (slong k = 0; k < m->terms; k++) {
            arb_poly_get_coeff_arb(coefficient, series, k);
            arb_addmul(sum, coefficient, bin->power + k, precision);
        }
        fine = arb_is_finite(sum);
    }
    arb_clear(coefficient);
    return fine;
}

void sb_shift_moments_value(arb_t value, const sb_shift_moments *moments, const arb_t t, slong precision) {
    arb_t total, sum;
    arb_poly_t series;
    arb_init(total);
    arb_init(sum);
    arb_poly_init(series);
    arb_one(value);
    for (size_t i = 0; i < moments->bin_count; i++) {
        const sb_shift_bin *bin = &moments->bin[i];
        if (bin->power && bin_logarithm(sum, moments, bin, t, series, precision))
            arb_add(total, total, sum, precision);
        else
            multiply_directly(value, moments, bin, t, precision);
    }
    arb_exp(total, total, precision);
    arb_mul(value, value, total, precision);
    arb_clear(total);
    arb_clear(sum);
    arb_poly_clear(series);
}
