/* Accuracy at a radius is a binomial proportion: count of n images. The interval is Clopper and Pearson's at
   95 %, each end from its own count when a re-reading only brackets the count. */
#include "nn/accuracy_curve.h"

#include "distributions/binomial.h"
#include "support/exact.h"
#include "support/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void sb_curve_radii_init(sb_curve_radii *radii) {
    *radii = (sb_curve_radii){NULL, 0};
}

void sb_curve_radii_clear(sb_curve_radii *radii) {
    for (size_t i = 0; i < radii->count; i++) {
        free(radii->item[i].label);
        fmpq_clear(radii->item[i].value);
    }
    free(radii->item);
    sb_curve_radii_init(radii);
}

/* Takes over `label`, which may be NULL after a failed allocation. */
static sb_status append(sb_curve_radii *radii, char *label, const fmpq_t value, sb_error *error) {
    sb_curve_radius *item = label ? realloc(radii->item, (radii->count + 1) * sizeof *item) : NULL;
    if (!item) {
        free(label);
        return sb_fail_memory(error);
    }
    radii->item = item;
    item += radii->count++;
    item->label = label;
    item->natural = value == NULL;
    fmpq_init(item->value);
    if (value) fmpq_set(item->value, value);
    return SB_OK;
}

/* "0.001" when the decimal is exact and short, else "2/255" */
static char *readable(const fmpq_t value) {
    char *decimal = sb_rational_decimal(value, 12, 0);
    sb_exact back;
    sb_exact_init(&back);
    int exact = decimal && sb_exact_parse("", decimal, &back, NULL) == SB_OK && fmpq_equal(back.value, value);
    sb_exact_clear(&back);
    if (exact) return decimal;
    free(decimal);
    return sb_rational_print(value);
}

static sb_status append_item(sb_curve_radii *radii, const char *name, const char *text, sb_error *error) {
    if (strcmp(text, "natural") == 0) return append(radii, sb_duplicate(text), NULL, error);
    sb_exact_list list;
    sb_status status = sb_exact_list_parse(name, text, &list, error);
    if (status) return status;
    for (size_t i = 0; !status && i < list.count; i++) {
        const sb_exact *number = &list.item[i];
        if (number->infinite || fmpq_sgn(number->value) < 0)
            status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': a radius is a finite number, 0 or above", name,
                             text);
        else
            status = append(radii, list.count > 1 ? readable(number->value) : sb_duplicate(text),
                            number->value, error);
    }
    sb_exact_list_clear(&list);
    return status;
}

sb_status sb_curve_radii_parse(sb_curve_radii *radii, const char *name, const char *text, sb_error *error) {
    sb_curve_radii_init(radii);
    char *copy = sb_duplicate(text);
    sb_status status = copy ? SB_OK : sb_fail_memory(error);
    for (char *item = copy; !status && item;) {
        char *comma = strchr(item, ',');
        if (comma) *comma = 0;
        status = append_item(radii, name, item, error);
        item = comma ? comma + 1 : NULL;
    }
    free(copy);
    if (status) sb_curve_radii_clear(radii);
    return status;
}

sb_status sb_curve_radii_default(sb_curve_radii *radii, double largest, sb_error *error) {
    sb_curve_radii_init(radii);
    sb_status status = append(radii, sb_duplicate("natural"), NULL, error);
    fmpq_t step, value, factor;
    fmpq_init(step);
    fmpq_init(value);
    fmpq_init(factor);
    if (!status) status = append(radii, sb_duplicate("0"), value, error);
    if (!status && largest > 0 && largest < 1e300) {
        static const int mantissa[] = {1, 2, 5, 10};
        int e = (int)floor(log10(largest / 10)), i = 0;
        while (i < 3 && largest > 10.000001 * mantissa[i] * pow(10, e)) i++;
        fmpq_set_si(factor, 10, 1);
        fmpq_pow_si(step, factor, e);
        fmpq_set_si(factor, mantissa[i], 1);
        fmpq_mul(step, step, factor);
        size_t count = (size_t)ceil(largest / (mantissa[i] * pow(10, e)));
        for (size_t j = 0; !status && j < count && j < 12; j++) {
            fmpq_add(value, value, step);
            status = append(radii, readable(value), value, error);
        }
    }
    fmpq_clear(step);
    fmpq_clear(value);
    fmpq_clear(factor);
    if (status) sb_curve_radii_clear(radii);
    return status;
}

/* ------------------------------------------------------------------ points */
void sb_curve_point_clear(sb_curve_point *point) {
    free(point->accuracy_lowest);
    free(point->accuracy_highest);
    free(point->low);
    free(point->high);
    *point = (sb_curve_point){0};
}

static char *share(size_t count, size_t images, int decimals) {
    fmpq_t ratio;
    fmpq_init(ratio);
    fmpz_set_ui(fmpq_numref(ratio), count);
    fmpz_set_ui(fmpq_denref(ratio), images);
    fmpq_canonicalise(ratio);
    char *text = sb_fixed_decimal_rational(ratio, decimals, 0);
    fmpq_clear(ratio);
    return text;
}

/* Both ends from their own counts, at 1/20. */
static sb_status interval(sb_curve_point *point, int decimals, sb_error *error) {
    arb_t low, high;
    fmpq_t alpha;
    arb_init(low);
    arb_init(high);
    fmpq_init(alpha);
    fmpq_set_si(alpha, 1, 40);
    int digits = decimals + 6;
    sb_status status = sb_clopper_pearson_lower(low, point->images, point->lowest, alpha, digits, error);
    if (!status) status = sb_clopper_pearson_upper(high, point->images, point->highest, alpha, digits, error);
    if (!status) {
        point->low = sb_fixed_decimal(low, decimals, -1);
        point->high = sb_fixed_decimal(high, decimals, 1);
        if (!point->low || !point->high) status = sb_fail_memory(error);
    }
    arb_clear(low);
    arb_clear(high);
    fmpq_clear(alpha);
    return status;
}

sb_status sb_curve_point_compute(sb_curve_point *point, const sb_certification_log *log,
                                 const sb_reread_log *reread, const sb_divisor *shown,
                                 const sb_curve_radius *radius, int decimals, sb_error *error) {
    *point = (sb_curve_point){.images = log->count};
    if (!log->count) return sb_fail(error, SB_BAD_INPUT, "%s: holds no images", log->path);
    if (reread)
        sb_reread_count(reread, log, radius->value, shown, &point->lowest, &point->highest);
    else if (radius->natural)
        point->lowest = point->highest = sb_natural_count(log);
    else
        point->lowest = point->highest = sb_certified_count(log, radius->value, shown);
    point->accuracy_lowest = share(point->lowest, point->images, decimals);
    point->accuracy_highest = share(point->highest, point->images, decimals);
    sb_status status = point->accuracy_lowest && point->accuracy_highest ? SB_OK : sb_fail_memory(error);
    if (!status) status = interval(point, decimals, error);
    if (status) sb_curve_point_clear(point);
    return status;
}
