/* Groups of equal coordinates: length base * root^-exponent, `count` times. */
#include "distributions/shift.h"

#include "support/enclosure.h"
#include "support/npy.h"
#include "support/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void sb_shift_init(sb_shift *shift) {
    *shift = (sb_shift){1, NULL, 0};
}

static void clear_groups(sb_shift *shift) {
    for (size_t i = 0; i < shift->group_count; i++) {
        fmpq_clear(shift->group[i].base);
        fmpq_clear(shift->group[i].exponent);
    }
    free(shift->group);
    shift->group = NULL;
    shift->group_count = 0;
}

void sb_shift_clear(sb_shift *shift) {
    clear_groups(shift);
    shift->dimension = 1;
}

static sb_status add_group(sb_shift *shift, uint64_t count, const fmpq_t base, uint64_t root,
                           const fmpq_t exponent, sb_error *error) {
    if (fmpq_is_zero(base) || !count) return SB_OK;
    sb_shift_group *grown = realloc(shift->group, (shift->group_count + 1) * sizeof *grown);
    if (!grown) return sb_fail_memory(error);
    shift->group = grown;
    sb_shift_group *group = &grown[shift->group_count++];
    fmpq_init(group->base);
    fmpq_init(group->exponent);
    fmpq_abs(group->base, base);
    fmpq_set(group->exponent, exponent);
    group->root = root;
    group->count = count;
    return SB_OK;
}

sb_status sb_shift_set(sb_shift *shift, uint64_t dimension, uint64_t count, const fmpq_t base, uint64_t root,
                       const fmpq_t exponent, sb_error *error) {
    clear_groups(shift);
    shift->dimension = dimension;
    if (fmpq_is_zero(exponent)) root = 1;
    return add_group(shift, count, base, root, exponent, error);
}

sb_status sb_shift_set_equal(sb_shift *shift, uint64_t dimension, const sb_exact *norm, const fmpq_t radius,
                             sb_error *error) {
    fmpq_t exponent;
    fmpq_init(exponent);
    if (!norm->infinite) fmpq_inv(exponent, norm->value);
    sb_status status = sb_shift_set(shift, dimension, dimension, radius, dimension, exponent, error);
    fmpq_clear(exponent);
    return status;
}

/* ------------------------------------------------------------------ reading */
static int by_length(const void *a, const void *b) {
    return fmpq_cmp(((const sb_shift_group *)a)->base, ((const sb_shift_group *)b)->base);
}

/* Sorts rational groups and puts equal ones together. */
static void merge_groups(sb_shift *shift) {
    size_t kept = 0;
    if (!shift->group_count) return;
    qsort(shift->group, shift->group_count, sizeof *shift->group, by_length);
    for (size_t i = 1; i < shift->group_count; i++) {
        sb_shift_group *last = &shift->group[kept], *next = &shift->group[i];
        if (fmpq_equal(last->base, next->base)) {
            last->count += next->count;
            fmpq_clear(next->base);
            fmpq_clear(next->exponent);
        } else {
            shift->group[++kept] = *next;
        }
    }
    shift->group_count = kept + 1;
}

static sb_status read_length(const char *name, const char *text, sb_exact *length, sb_error *error) {
    sb_status status = sb_exact_parse(name, text, length, error);
    if (!status && length->infinite)
        status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must be finite", name, text);
    return status;
}

/* "k:V" of `length` bytes. */
static sb_status read_count(sb_shift *shift, const char *text, size_t length, uint64_t *used,
                            sb_error *error) {
    char *item = sb_format("%.*s", (int)length, text);
    char *colon = item ? strchr(item, ':') : NULL;
    uint64_t count = 0;
    fmpq_t zero;
    sb_exact value;
    sb_exact_init(&value);
    fmpq_init(zero);
    sb_status status = item ? SB_OK : sb_fail_memory(error);
    if (!status && !colon) status = sb_fail(error, SB_BAD_INPUT, "shift '%.60s': must be COUNT:LENGTH", item);
    if (!status) {
        *colon = '\0';
        status = sb_dimension_parse("shift count", item, &count, error);
    }
    if (!status) status = read_length("shift length", colon + 1, &value, error);
    if (!status && count > shift->dimension - *used)
        status = sb_fail(error, SB_BAD_INPUT, "shift '%s:...': more coordinates than d = %llu", item,
                         (unsigned long long)shift->dimension);
    if (!status) {
        *used += count;
        status = add_group(shift, count, value.value, 1, zero, error);
    }
    sb_exact_clear(&value);
    fmpq_clear(zero);
    free(item);
    return status;
}

static sb_status read_counts(sb_shift *shift, const char *text, sb_error *error) {
    uint64_t used = 0;
    for (;;) {
        size_t length = strcspn(text, ",");
        sb_status status = read_count(shift, text, length, &used, error);
        if (!status && !text[length]) merge_groups(shift);
        if (status || !text[length]) return status;
        text += length + 1;
    }
}

/* linf:V, l2:V, basis:V: V in `count` coordinates, divided by sqrt(d) for l2. */
static sb_status read_named(sb_shift *shift, const char *name, const char *text, uint64_t count,
                            int euclidean, sb_error *error) {
    sb_exact value;
    fmpq_t exponent;
    sb_exact_init(&value);
    fmpq_init(exponent);
    if (euclidean) fmpq_set_si(exponent, 1, 2);
    sb_status status = read_length(name, text, &value, error);
    if (!status)
        status = sb_shift_set(shift, shift->dimension, count, value.value, shift->dimension, exponent, error);
    sb_exact_clear(&value);
    fmpq_clear(exponent);
    return status;
}

/* ------------------------------------------------------------------ files */
static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* value := x exactly; x is finite. */
static void set_double(fmpq_t value, double x) {
    int exponent;
    int64_t mantissa = (int64_t)(frexp(x, &exponent) * 0x1p53);
    exponent -= 53;
    fmpq_set_si(value, mantissa, 1);
    if (exponent >= 0)
        fmpq_mul_2exp(value, value, (flint_bitcnt_t)exponent);
    else
        fmpq_div_2exp(value, value, (flint_bitcnt_t)-exponent);
}

/* Groups equal absolute values; x is overwritten. */
static sb_status group_values(sb_shift *shift, double *x, sb_error *error) {
    size_t count = (size_t)shift->dimension;
    fmpq_t base, zero;
    sb_status status = SB_OK;
    fmpq_init(base);
    fmpq_init(zero);
    for (size_t i = 0; i < count; i++) x[i] = fabs(x[i]);
    qsort(x, count, sizeof *x, by_size);
    for (size_t i = 0, next; i < count && !status; i = next) {
        for (next = i + 1; next < count && x[next] <= x[i];) next++;
        set_double(base, x[i]);
        status = add_group(shift, next - i, base, 1, zero, error);
    }
    fmpq_clear(base);
    fmpq_clear(zero);
    return status;
}

static sb_status read_file(sb_shift *shift, const char *path, sb_error *error) {
    sb_npy npy;
    double *x = NULL;
    sb_status status = sb_npy_open(&npy, path, error);
    if (status) return status;
    if (npy.rows != 1)
        status = sb_fail(error, SB_BAD_INPUT, "%.200s: %llu rows of %llu numbers: a shift is one vector",
                         path, (unsigned long long)npy.rows, (unsigned long long)npy.columns);
    else if (shift->dimension && shift->dimension != npy.columns)
        status = sb_fail(error, SB_BAD_INPUT, "%.200s: %llu numbers, but d = %llu", path,
                         (unsigned long long)npy.columns, (unsigned long long)shift->dimension);
    else if (!(x = calloc((size_t)npy.columns, sizeof *x)))
        status = sb_fail_memory(error);
    shift->dimension = npy.columns;
    if (!status) status = sb_npy_row(&npy, x, error);
    if (!status) status = group_values(shift, x, error);
    free(x);
    sb_npy_close(&npy);
    return status;
}

sb_status sb_shift_parse(sb_shift *shift, const char *text, uint64_t dimension, sb_error *error) {
    size_t length = strlen(text);
    clear_groups(shift);
    shift->dimension = dimension;
    sb_status status;
    if (length > 4 && strcmp(text + length - 4, ".npy") == 0)
        status = read_file(shift, text, error);
    else if (!dimension)
        status =
            sb_fail(error, SB_BAD_INPUT, "d is missing: give -d DIMENSION (only a .npy shift has its own)");
    else if (strncmp(text, "linf:", 5) == 0)
        status = read_named(shift, "shift linf", text + 5, dimension, 0, error);
    else if (strncmp(text, "l2:", 3) == 0)
        status = read_named(shift, "shift l2", text + 3, dimension, 1, error);
    else if (strncmp(text, "basis:", 6) == 0)
        status = read_named(shift, "shift basis", text + 6, 1, 0, error);
    else if (*text >= '0' && *text <= '9')
        status = read_counts(shift, text, error);
    else
        status = sb_fail(error, SB_BAD_INPUT,
                         "shift '%.60s': must be linf:V, l2:V, basis:V, COUNT:V,... or FILE.npy", text);
    if (status) clear_groups(shift);
    return status;
}

/* ------------------------------------------------------------------ lengths */
void sb_shift_length(arb_t length, const sb_shift *shift, size_t index, slong precision) {
    const sb_shift_group *group = &shift->group[index];
    arb_t power;
    arb_set_fmpq(length, group->base, precision);
    if (group->root == 1) return;
    arb_init(power);
    sb_dimension_power(power, group->root, group->exponent, precision);
    arb_div(length, length, power, precision);
    arb_clear(power);
}

void sb_shift_euclidean(arb_t length, const sb_shift *shift, slong precision) {
    arb_t sum, term;
    arb_init(sum);
    arb_init(term);
    for (size_t i = 0; i < shift->group_count; i++) {
        sb_shift_length(term, shift, i, precision);
        arb_sqr(term, term, precision);
        arb_mul_ui(term, term, shift->group[i].count, precision);
        arb_add(sum, sum, term, precision);
    }
    arb_sqrt(length, sum, precision);
    arb_clear(sum);
    arb_clear(term);
}

void sb_shift_largest(arb_t largest, const sb_shift *shift, slong precision) {
    arb_t term;
    arb_init(term);
    arb_zero(largest);
    for (size_t i = 0; i < shift->group_count; i++) {
        sb_shift_length(term, shift, i, precision);
        arb_max(largest, largest, term, precision);
    }
    arb_clear(term);
}
