/* Sorting by the double first and by the exact value only among equal doubles is right since rounding down is
   monotone. Sums of second moments are rounded up where they must be rounded: every use bounds a promise by
   them, and a larger sum only weakens that bound. */
#include "bounds/coordinate_moments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SUM_BITS = 2048 };

void sb_coordinate_moments_init(sb_coordinate_moments *moments) {
    memset(moments, 0, sizeof *moments);
}

void sb_coordinate_moments_clear(sb_coordinate_moments *moments) {
    for (size_t i = 0; i < moments->count; i++) {
        fmpz_clear(&moments->item[i].exact.num);
        fmpz_clear(&moments->item[i].exact.den);
    }
    free(moments->item);
    sb_coordinate_moments_init(moments);
}

/* Room for one more finite item, which is 0 and stands for one coordinate; NULL when memory is short. */
static sb_coordinate_moment *append(sb_coordinate_moments *moments) {
    if (moments->count == moments->capacity) {
        size_t capacity = moments->capacity ? 2 * moments->capacity : 64;
        sb_coordinate_moment *item = realloc(moments->item, capacity * sizeof *item);
        if (!item) return NULL;
        moments->item = item;
        moments->capacity = capacity;
    }
    sb_coordinate_moment *item = &moments->item[moments->count++];
    *item = (sb_coordinate_moment){.coordinate = moments->dimension, .count = 1};
    fmpz_init(&item->exact.num);
    fmpz_init_set_ui(&item->exact.den, 1);
    return item;
}

static double rounded_down(const fmpq_t value) {
    arf_t x;
    arf_init(x);
    arf_set_fmpq(x, value, 53, ARF_RND_DOWN);
    double result = arf_get_d(x, ARF_RND_DOWN);
    arf_clear(x);
    return result;
}

sb_status sb_coordinate_moments_add(sb_coordinate_moments *moments, const sb_exact *value, sb_error *error) {
    if (value->infinite < 0 || (!value->infinite && fmpq_sgn(value->value) < 0)) {
        char *shown = sb_exact_print(value);
        sb_status status =
            sb_fail(error, SB_BAD_INPUT, "coordinate %llu: variance '%.60s': must be at least 0",
                    (unsigned long long)moments->dimension, shown ? shown : "?");
        free(shown);
        return status;
    }
    if (value->infinite) {
        moments->infinite++;
    } else {
        sb_coordinate_moment *item = append(moments);
        if (!item) return sb_fail_memory(error);
        item->rational = 1;
        item->value = rounded_down(value->value);
        fmpz_set(&item->exact.num, fmpq_numref(value->value));
        fmpz_set(&item->exact.den, fmpq_denref(value->value));
    }
    moments->dimension++;
    return SB_OK;
}

sb_status sb_coordinate_moments_add_double(sb_coordinate_moments *moments, double value, sb_error *error) {
    if (!(value >= 0))
        return sb_fail(error, SB_BAD_INPUT, "coordinate %llu: variance '%.17g': must be at least 0",
                       (unsigned long long)moments->dimension, value);
    if (isinf(value)) {
        moments->infinite++;
    } else {
        sb_coordinate_moment *item = append(moments);
        if (!item) return sb_fail_memory(error);
        item->value = value;
    }
    moments->dimension++;
    return SB_OK;
}

sb_status sb_coordinate_moments_equal(sb_coordinate_moments *moments, const sb_exact *value,
                                      uint64_t dimension, sb_error *error) {
    sb_coordinate_moments_clear(moments);
    sb_status status = sb_coordinate_moments_add(moments, value, error);
    if (status) return status;
    moments->dimension = dimension;
    if (moments->count)
        moments->item[0].count = dimension;
    else
        moments->infinite = dimension;
    return SB_OK;
}

void sb_coordinate_moment_get(fmpq_t value, const sb_coordinate_moment *item) {
    if (item->rational) {
        fmpq_set(value, &item->exact);
        return;
    }
    arf_t x;
    arf_init(x);
    arf_set_d(x, item->value);
    arf_get_fmpq(value, x);
    arf_clear(x);
}

static int compare_values(const sb_coordinate_moment *a, const sb_coordinate_moment *b) {
    if (a->value != b->value) return a->value < b->value ? -1 : 1;
    if (!a->rational && !b->rational) return 0;
    if (a->rational && b->rational) return fmpq_cmp(&a->exact, &b->exact);
    fmpq_t x, y;
    fmpq_init(x);
    fmpq_init(y);
    sb_coordinate_moment_get(x, a);
    sb_coordinate_moment_get(y, b);
    int order = fmpq_cmp(x, y);
    fmpq_clear(x);
    fmpq_clear(y);
    return order;
}

int sb_coordinate_moment_equals(const sb_coordinate_moment *a, const sb_coordinate_moment *b) {
    return compare_values(a, b) == 0;
}

static int smaller_first(const void *a, const void *b) {
    const sb_coordinate_moment *x = a, *y = b;
    int order = compare_values(x, y);
    if (order) return order;
    return x->coordinate < y->coordinate ? -1 : x->coordinate > y->coordinate;
}

void sb_coordinate_moments_sort(sb_coordinate_moments *moments) {
    if (moments->count) qsort(moments->item, moments->count, sizeof *moments->item, smaller_first);
}

/* sum := sum rounded up to SUM_BITS significant bits */
static void round_up(fmpq_t sum) {
    fmpz_t scaled;
    fmpz_init(scaled);
    slong shift = SUM_BITS + (slong)fmpz_bits(fmpq_denref(sum)) - (slong)fmpz_bits(fmpq_numref(sum)) + 1;
    if (shift > 0)
        fmpz_mul_2exp(scaled, fmpq_numref(sum), (ulong)shift);
    else
        fmpz_set(scaled, fmpq_numref(sum));
    fmpz_cdiv_q(scaled, scaled, fmpq_denref(sum));
    fmpq_set_fmpz(sum, scaled);
    if (shift > 0) fmpq_div_2exp(sum, sum, (ulong)shift);
    fmpz_clear(scaled);
}

void sb_moment_sum_add(fmpq_t sum, const sb_coordinate_moment *item, uint64_t count) {
    fmpq_t value;
    fmpq_init(value);
    sb_coordinate_moment_get(value, item);
    if (count != 1) fmpq_mul_ui(value, value, count);
    fmpq_add(sum, sum, value);
    if (fmpz_bits(fmpq_denref(sum)) > 2 * SUM_BITS && fmpz_bits(fmpq_numref(sum)) > 2 * SUM_BITS)
        round_up(sum);
    fmpq_clear(value);
}
