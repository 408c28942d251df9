/* A law is a sorted list of points with masses. Translation keeps the order, so that TV(D, D+v) = sum (D(x) -
   D(x-v))^+ is one pass over two sorted lists. */
#include "distributions/finite_law.h"

#include "support/text.h"

#include <stdlib.h>

void sb_finite_law_init(sb_finite_law *law) {
    *law = (sb_finite_law){0};
}

static fmpq *numbers_new(size_t count) {
    fmpq *number = malloc((count ? count : 1) * sizeof *number);
    for (size_t i = 0; number && i < count; i++) fmpq_init(number + i);
    return number;
}

static void numbers_free(fmpq *number, size_t count) {
    for (size_t i = 0; number && i < count; i++) fmpq_clear(number + i);
    free(number);
}

void sb_finite_law_clear(sb_finite_law *law) {
    numbers_free(law->point, law->count * law->dimension);
    numbers_free(law->mass, law->count);
    sb_finite_law_init(law);
}

static int compare_points(const fmpq *a, const fmpq *b, size_t dimension) {
    for (size_t i = 0; i < dimension; i++) {
        int order = fmpq_cmp(a + i, b + i);
        if (order) return order;
    }
    return 0;
}

/* Sorts the indices of points by merging, since qsort's comparison would not know the points. */
static void sort_indices(size_t *index, size_t *spare, size_t count, const fmpq *point, size_t dimension) {
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count;
            size_t end = middle + width < count ? middle + width : count;
            size_t i = start, j = middle;
            for (size_t k = start; k < end; k++) {
                int left =
                    j >= end || (i < middle && compare_points(point + index[i] * dimension,
                                                              point + index[j] * dimension, dimension) <= 0);
                spare[k] = left ? index[i++] : index[j++];
            }
        }
        for (size_t k = 0; k < count; k++) index[k] = spare[k];
    }
}

static sb_status check_weights(fmpq_t sum, const fmpq *weight, size_t count, size_t dimension,
                               sb_error *error) {
    if (dimension == 0 || count == 0 || count > SB_FINITE_LAW_POINTS / dimension)
        return sb_fail(error, SB_BAD_INPUT, "a law on %zu points in dimension %zu: outside 1..%d numbers",
                       count, dimension, (int)SB_FINITE_LAW_POINTS);
    fmpq_zero(sum);
    for (size_t i = 0; i < count; i++) {
        if (fmpq_sgn(weight + i) < 0)
            return sb_fail(error, SB_BAD_INPUT, "weight number %zu of a law is negative", i + 1);
        fmpq_add(sum, sum, weight + i);
    }
    if (fmpq_is_zero(sum)) return sb_fail(error, SB_BAD_INPUT, "the weights of a law are all 0");
    return SB_OK;
}

/* Writes the sorted, merged points; law->point and law->mass have room for all. Returns how many remain. */
static size_t merge_points(sb_finite_law *law, const size_t *index, const fmpq *point, const fmpq *weight,
                           size_t count, const fmpq_t sum) {
    size_t kept = 0, dimension = law->dimension;
    fmpq_t mass;
    fmpq_init(mass);
    for (size_t k = 0; k < count; k++) {
        const fmpq *here = point + index[k] * dimension;
        if (fmpq_is_zero(weight + index[k])) continue;
        fmpq_div(mass, weight + index[k], sum);
        if (kept && compare_points(law->point + (kept - 1) * dimension, here, dimension) == 0) {
            fmpq_add(law->mass + kept - 1, law->mass + kept - 1, mass);
            continue;
        }
        for (size_t i = 0; i < dimension; i++) fmpq_set(law->point + kept * dimension + i, here + i);
        fmpq_set(law->mass + kept, mass);
        kept++;
    }
    fmpq_clear(mass);
    return kept;
}

sb_status sb_finite_law_set(sb_finite_law *law, size_t dimension, const fmpq *point, const fmpq *weight,
                            size_t count, sb_error *error) {
    fmpq_t sum;
    fmpq_init(sum);
    size_t *index = NULL;
    sb_status status = check_weights(sum, weight, count, dimension, error);
    if (status) goto cleanup;
    index = malloc(2 * count * sizeof *index);
    sb_finite_law made = {.dimension = dimension, .count = count};
    made.point = numbers_new(count * dimension);
    made.mass = numbers_new(count);
    if (!index || !made.point || !made.mass) {
        sb_finite_law_clear(&made);
        status = sb_fail_memory(error);
        goto cleanup;
    }
    for (size_t i = 0; i < count; i++) index[i] = i;
    sort_indices(index, index + count, count, point, dimension);
    size_t kept = merge_points(&made, index, point, weight, count, sum);
    for (size_t i = kept * dimension; i < count * dimension; i++) fmpq_clear(made.point + i);
    for (size_t i = kept; i < count; i++) fmpq_clear(made.mass + i);
    made.count = kept;
    sb_finite_law_clear(law);
    *law = made;
cleanup:
    free(index);
    fmpq_clear(sum);
    return status;
}

sb_status sb_finite_law_lattice(sb_finite_law *law, size_t dimension, size_t side, const fmpq_t origin,
                                const fmpq_t spacing, const uint32_t *weight, sb_error *error) {
    size_t count = 1;
    for (size_t i = 0; i < dimension && count <= SB_FINITE_LAW_POINTS; i++) count *= side;
    if (dimension == 0 || count == 0 || count > SB_FINITE_LAW_POINTS / dimension)
        return sb_fail(error, SB_BAD_INPUT, "a lattice of side %zu in dimension %zu: outside 1..%d numbers",
                       side, dimension, (int)SB_FINITE_LAW_POINTS);
    fmpq *point = numbers_new(count * dimension), *mass = numbers_new(count);
    sb_status status = SB_OK;
    if (!point || !mass) {
        status = sb_fail_memory(error);
    } else {
        for (size_t k = 0; k < count; k++) {
            size_t rest = k;
            for (size_t i = dimension; i-- > 0; rest /= side) {
                fmpq *here = point + k * dimension + i;
                fmpq_set_si(here, (slong)(rest % side), 1);
                fmpq_mul(here, here, spacing);
                fmpq_add(here, here, origin);
            }
            fmpq_set_si(mass + k, weight ? (slong)weight[k] : 1, 1);
        }
        status = sb_finite_law_set(law, dimension, point, mass, count, error);
    }
    numbers_free(point, count * dimension);
    numbers_free(mass, count);
    return status;
}

sb_status sb_finite_law_product(sb_finite_law *law, const sb_finite_law *a, const sb_finite_law *b,
                                sb_error *error) {
    size_t dimension = a->dimension + b->dimension;
    if (a->count > SB_FINITE_LAW_POINTS / dimension / b->count)
        return sb_fail(error, SB_BAD_INPUT, "a product of laws on %zu and %zu points: too many", a->count,
                       b->count);
    size_t count = a->count * b->count;
    fmpq *point = numbers_new(count * dimension), *mass = numbers_new(count);
    sb_status status = SB_OK;
    if (!point || !mass) {
        status = sb_fail_memory(error);
    } else {
        for (size_t k = 0; k < count; k++) {
            size_t i = k / b->count, j = k % b->count;
            fmpq *here = point + k * dimension;
            for (size_t c = 0; c < a->dimension; c++) fmpq_set(here + c, a->point + i * a->dimension + c);
            for (size_t c = 0; c < b->dimension; c++)
                fmpq_set(here + a->dimension + c, b->point + j * b->dimension + c);
            fmpq_mul(mass + k, a->mass + i, b->mass + j);
        }
        status = sb_finite_law_set(law, dimension, point, mass, count, error);
    }
    numbers_free(point, count * dimension);
    numbers_free(mass, count);
    return status;
}

sb_status sb_finite_law_project(sb_finite_law *law, const sb_finite_law *of, const fmpq *direction,
                                sb_error *error) {
    fmpq *point = numbers_new(of->count);
    if (!point) return sb_fail_memory(error);
    for (size_t k = 0; k < of->count; k++)
        for (size_t c = 0; c < of->dimension; c++)
            fmpq_addmul(point + k, direction + c, of->point + k * of->dimension + c);
    sb_status status = sb_finite_law_set(law, 1, point, of->mass, of->count, error);
    numbers_free(point, of->count);
    return status;
}

sb_status sb_finite_law_marginal(sb_finite_law *law, const sb_finite_law *of, const size_t *coordinate,
                                 size_t count, sb_error *error) {
    for (size_t i = 0; i < count; i++)
        if (coordinate[i] >= of->dimension)
            return sb_fail(error, SB_BAD_INPUT, "coordinate %zu of a law in dimension %zu", coordinate[i] + 1,
                           of->dimension);
    fmpq *point = numbers_new(of->count * count);
    if (!point) return sb_fail_memory(error);
    for (size_t k = 0; k < of->count; k++)
        for (size_t i = 0; i < count; i++)
            fmpq_set(point + k * count + i, of->point + k * of->dimension + coordinate[i]);
    sb_status status = sb_finite_law_set(law, count, point, of->mass, of->count, error);
    numbers_free(point, of->count * count);
    return status;
}

sb_status sb_finite_law_translate(sb_finite_law *law, const sb_finite_law *of, const fmpq *shift,
                                  sb_error *error) {
    size_t size = of->count * of->dimension;
    fmpq *point = numbers_new(size);
    if (!point) return sb_fail_memory(error);
    for (size_t k = 0; k < size; k++) fmpq_add(point + k, of->point + k, shift + k % of->dimension);
    sb_status status = sb_finite_law_set(law, of->dimension, point, of->mass, of->count, error);
    numbers_free(point, size);
    return status;
}

/* Order of point i of a against point j of b + shift (shift NULL: 0). */
static int compare_shifted(const sb_finite_law *a, size_t i, const sb_finite_law *b, size_t j,
                           const fmpq *shift, fmpq_t spare) {
    for (size_t c = 0; c < a->dimension; c++) {
        const fmpq *left = a->point + i * a->dimension + c, *right = b->point + j * b->dimension + c;
        int order;
        if (shift) {
            fmpq_add(spare, right, shift + c);
            order = fmpq_cmp(left, spare);
        } else {
            order = fmpq_cmp(left, right);
        }
        if (order) return order;
    }
    return 0;
}

static void distance(fmpq_t value, const sb_finite_law *a, const sb_finite_law *b, const fmpq *shift) {
    fmpq_t excess, sum;
    fmpq_init(excess);
    fmpq_init(sum);
    size_t j = 0;
    for (size_t i = 0; i < a->count; i++) {
        int order = 1;
        while (j < b->count && (order = compare_shifted(a, i, b, j, shift, excess)) > 0) j++;
        if (j < b->count && order == 0) {
            fmpq_sub(excess, a->mass + i, b->mass + j);
            if (fmpq_sgn(excess) > 0) fmpq_add(sum, sum, excess);
            j++;
        } else {
            fmpq_add(sum, sum, a->mass + i);
        }
    }
    fmpq_set(value, sum);
    fmpq_clear(excess);
    fmpq_clear(sum);
}

void sb_finite_law_shift_distance(fmpq_t value, const sb_finite_law *law, const fmpq *shift) {
    distance(value, law, law, shift);
}

void sb_finite_law_distance(fmpq_t value, const sb_finite_law *a, const sb_finite_law *b) {
    distance(value, a, b, NULL);
}

void sb_finite_law_absolute_moment(fmpq_t value, const sb_finite_law *law, size_t coordinate) {
    fmpq_t sum, size;
    fmpq_init(sum);
    fmpq_init(size);
    for (size_t k = 0; k < law->count; k++) {
        fmpq_abs(size, law->point + k * law->dimension + coordinate);
        fmpq_addmul(sum, size, law->mass + k);
    }
    fmpq_set(value, sum);
    fmpq_clear(sum);
    fmpq_clear(size);
}

void sb_finite_law_square_moment(fmpq_t value, const sb_finite_law *law, size_t coordinate) {
    fmpq_t sum, square;
    fmpq_init(sum);
    fmpq_init(square);
    for (size_t k = 0; k < law->count; k++) {
        const fmpq *x = law->point + k * law->dimension + coordinate;
        fmpq_mul(square, x, x);
        fmpq_addmul(sum, square, law->mass + k);
    }
    fmpq_set(value, sum);
    fmpq_clear(sum);
    fmpq_clear(square);
}

void sb_finite_law_mean_square(fmpq_t value, const sb_finite_law *law) {
    fmpq_t sum, part;
    fmpq_init(sum);
    fmpq_init(part);
    for (size_t c = 0; c < law->dimension; c++) {
        sb_finite_law_square_moment(part, law, c);
        fmpq_add(sum, sum, part);
    }
    fmpq_set(value, sum);
    fmpq_clear(sum);
    fmpq_clear(part);
}

void sb_finite_law_mean_largest(fmpq_t value, const sb_finite_law *law) {
    fmpq_t sum, size, largest;
    fmpq_init(sum);
    fmpq_init(size);
    fmpq_init(largest);
    for (size_t k = 0; k < law->count; k++) {
        fmpq_zero(largest);
        for (size_t c = 0; c < law->dimension; c++) {
            fmpq_abs(size, law->point + k * law->dimension + c);
            if (fmpq_cmp(size, largest) > 0) fmpq_set(largest, size);
        }
        fmpq_addmul(sum, largest, law->mass + k);
    }
    fmpq_set(value, sum);
    fmpq_clear(sum);
    fmpq_clear(size);
    fmpq_clear(largest);
}

void sb_finite_law_mean_length(arb_t value, const sb_finite_law *law, slong precision) {
    fmpq_t square;
    arb_t sum, length, mass;
    fmpq_init(square);
    arb_init(sum);
    arb_init(length);
    arb_init(mass);
    for (size_t k = 0; k < law->count; k++) {
        fmpq_zero(square);
        for (size_t c = 0; c < law->dimension; c++) {
            const fmpq *x = law->point + k * law->dimension + c;
            fmpq_addmul(square, x, x);
        }
        arb_set_fmpq(length, square, precision);
        arb_sqrt(length, length, precision);
        arb_set_fmpq(mass, law->mass + k, precision);
        arb_addmul(sum, length, mass, precision);
    }
    arb_set(value, sum);
    fmpq_clear(square);
    arb_clear(sum);
    arb_clear(length);
    arb_clear(mass);
}

void sb_finite_law_interval(fmpq_t value, const sb_finite_law *law, const fmpq_t low, int with_low,
                            const fmpq_t high, int with_high) {
    fmpq_t sum;
    fmpq_init(sum);
    for (size_t k = 0; k < law->count; k++) {
        int above = fmpq_cmp(law->point + k, low), below = fmpq_cmp(law->point + k, high);
        if ((above > 0 || (above == 0 && with_low)) && (below < 0 || (below == 0 && with_high)))
            fmpq_add(sum, sum, law->mass + k);
    }
    fmpq_set(value, sum);
    fmpq_clear(sum);
}

void sb_finite_law_largest_interval(fmpq_t value, const sb_finite_law *law, const fmpq_t width) {
    fmpq_t best, mass, end;
    fmpq_init(best);
    fmpq_init(mass);
    fmpq_init(end);
    for (size_t k = 0; k < law->count; k++) { /* slide any interval right until its left end is a point */
        fmpq_add(end, law->point + k, width);
        sb_finite_law_interval(mass, law, law->point + k, 1, end, 0);
        if (fmpq_cmp(mass, best) > 0) fmpq_set(best, mass);
    }
    fmpq_set(value, best);
    fmpq_clear(best);
    fmpq_clear(mass);
    fmpq_clear(end);
}

static void print_number(sb_text *text, const fmpq *number) {
    char *digits = fmpq_get_str(NULL, 10, number);
    sb_text_append(text, digits);
    flint_free(digits);
}

char *sb_finite_law_print(const sb_finite_law *law) {
    sb_text text;
    sb_text_init(&text);
    sb_text_append(&text, "{");
    for (size_t k = 0; k < law->count; k++) {
        if (k) sb_text_append(&text, ", ");
        if (law->dimension > 1) sb_text_append(&text, "(");
        for (size_t c = 0; c < law->dimension; c++) {
            if (c) sb_text_append(&text, ", ");
            print_number(&text, law->point + k * law->dimension + c);
        }
        sb_text_append(&text, law->dimension > 1 ? "): " : ": ");
        print_number(&text, law->mass + k);
    }
    sb_text_append(&text, "}");
    return sb_text_detach(&text);
}

/* Moves one unit of the last part before the end that has any, and gathers what lay in the end behind it. */
int sb_next_composition(uint32_t *part, size_t count) {
    if (count < 2) return 0;
    uint32_t gathered = part[count - 1];
    size_t i = count - 1;
    while (i > 0 && part[i - 1] == 0) i--;
    if (i == 0) return 0;
    part[count - 1] = 0;
    part[i - 1]--;
    part[i] = gathered + 1;
    return 1;
}

static uint64_t random_word(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint32_t sb_finite_law_random_below(uint64_t *state, uint32_t bound) {
    return (uint32_t)(((random_word(state) >> 32) * bound) >> 32);
}

sb_status sb_finite_law_random(sb_finite_law *law, size_t dimension, size_t count, uint32_t side,
                               uint32_t denominator, uint32_t largest_weight, uint64_t *state,
                               sb_error *error) {
    if (dimension == 0 || count == 0 || count > SB_FINITE_LAW_POINTS / dimension || side > 1u << 30 ||
        denominator == 0 || largest_weight == 0)
        return sb_fail(error, SB_BAD_INPUT,
                       "a random law on %zu points in dimension %zu: nothing to draw from", count, dimension);
    fmpq *point = numbers_new(count * dimension), *mass = numbers_new(count);
    sb_status status = SB_OK;
    if (!point || !mass) {
        status = sb_fail_memory(error);
    } else {
        for (size_t i = 0; i < count * dimension; i++)
            fmpq_set_si(point + i, (slong)sb_finite_law_random_below(state, 2 * side + 1) - (slong)side,
                        denominator);
        for (size_t i = 0; i < count; i++)
            fmpq_set_si(mass + i, 1 + (slong)sb_finite_law_random_below(state, largest_weight), 1);
        status = sb_finite_law_set(law, dimension, point, mass, count, error);
    }
    numbers_free(point, count * dimension);
    numbers_free(mass, count);
    return status;
}
