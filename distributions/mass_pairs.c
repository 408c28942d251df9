/* sum |here - lambda there| = (a constant) + sum there |here/there - lambda| over the points with there > 0:
   it is least where lambda is a median of the ratio here/there under the second law. */
#include "distributions/mass_pairs.h"

#include <stdlib.h>

void sb_mass_pairs_clear(sb_mass_pairs *pairs) {
    for (size_t i = 0; i < pairs->count; i++) {
        fmpq_clear(pairs->here + i);
        fmpq_clear(pairs->there + i);
    }
    free(pairs->here);
    free(pairs->there);
    *pairs = (sb_mass_pairs){0};
}

static int compare_points(const fmpq *a, const fmpq *b, size_t dimension) {
    for (size_t i = 0; i < dimension; i++) {
        int order = fmpq_cmp(a + i, b + i);
        if (order) return order;
    }
    return 0;
}

/* Both laws have their points in order: a merge. */
static void merge(sb_mass_pairs *pairs, const sb_finite_law *law, const sb_finite_law *moved) {
    size_t d = law->dimension;
    for (size_t i = 0, j = 0; i < law->count || j < moved->count;) {
        int order = i == law->count     ? 1
                    : j == moved->count ? -1
                                        : compare_points(law->point + i * d, moved->point + j * d, d);
        fmpq *here = pairs->here + pairs->count, *there = pairs->there + pairs->count;
        pairs->count++;
        fmpq_init(here);
        fmpq_init(there);
        if (order <= 0) fmpq_set(here, law->mass + i++);
        if (order >= 0) fmpq_set(there, moved->mass + j++);
    }
}

sb_status sb_mass_pairs_shift(sb_mass_pairs *pairs, const sb_finite_law *law, const fmpq *shift,
                              sb_error *error) {
    sb_finite_law moved;
    *pairs = (sb_mass_pairs){0};
    sb_finite_law_init(&moved);
    sb_status status = sb_finite_law_translate(&moved, law, shift, error);
    if (!status) {
        size_t most = law->count + moved.count;
        pairs->here = malloc(most * sizeof *pairs->here);
        pairs->there = malloc(most * sizeof *pairs->there);
        if (pairs->here && pairs->there) {
            merge(pairs, law, &moved);
        } else {
            sb_mass_pairs_clear(pairs);
            status = sb_fail_memory(error);
        }
    }
    sb_finite_law_clear(&moved);
    return status;
}

sb_mass_pairs sb_mass_pairs_reversed(const sb_mass_pairs *pairs) {
    return (sb_mass_pairs){.here = pairs->there, .there = pairs->here, .count = pairs->count};
}

void sb_mass_pairs_distance(fmpq_t value, const sb_mass_pairs *pairs, const fmpq_t lambda) {
    fmpq_t term;
    fmpq_init(term);
    fmpq_zero(value);
    for (size_t i = 0; i < pairs->count; i++) {
        fmpq_mul(term, lambda, pairs->there + i);
        fmpq_sub(term, pairs->here + i, term);
        fmpq_abs(term, term);
        fmpq_add(value, value, term);
    }
    fmpq_clear(term);
}

/* Whether here[i]/there[i] lies beyond `bound` on the side of `sign`; bound NULL: no bound. there[i] > 0. */
static int is_beyond(const sb_mass_pairs *pairs, size_t i, const fmpq *bound, int sign) {
    fmpq_t term;
    if (!bound) return 1;
    fmpq_init(term);
    fmpq_mul(term, bound, pairs->there + i);
    int order = fmpq_cmp(pairs->here + i, term);
    fmpq_clear(term);
    return order * sign > 0;
}

/* The median by bisection: `low` and `high` are ratios already tried, on either side of it. */
void sb_mass_pairs_threshold(fmpq_t rho, const sb_mass_pairs *pairs) {
    fmpq_t low, high, lambda, below, upto, half;
    fmpq *const number[] = {low, high, lambda, below, upto, half};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_init(number[i]);
    const fmpq *least = NULL, *most = NULL;
    fmpq_set_si(half, 1, 2);
    for (size_t i = 0; i < pairs->count; i++) {
        if (fmpq_is_zero(pairs->there + i)) continue;
        if (!is_beyond(pairs, i, least, 1) || !is_beyond(pairs, i, most, -1)) continue;
        fmpq_div(lambda, pairs->here + i, pairs->there + i);
        fmpq_zero(below);
        fmpq_zero(upto);
        for (size_t j = 0; j < pairs->count; j++) {
            if (fmpq_is_zero(pairs->there + j) || is_beyond(pairs, j, lambda, 1)) continue;
            fmpq_add(upto, upto, pairs->there + j);
            if (is_beyond(pairs, j, lambda, -1)) fmpq_add(below, below, pairs->there + j);
        }
        if (fmpq_cmp(below, half) > 0) {
            fmpq_set(high, lambda);
            most = high;
        } else if (fmpq_cmp(upto, half) < 0) {
            fmpq_set(low, lambda);
            least = low;
        } else {
            break;
        }
    }
    sb_mass_pairs_distance(rho, pairs, lambda);
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_clear(number[i]);
}
