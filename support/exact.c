/* Numbers are read by a one-pass descent over the grammar in exact.h into FLINT rationals. Every step that
   could make a number long looks at its size first, so that 1e999999999 is refused before it is computed. */
#include "support/exact.h"

#include "support/text.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { BIT_LIMIT = 1 << 20, LIST_LIMIT = 100000, QUOTE_LIMIT = 60 };

void sb_exact_init(sb_exact *number) {
    fmpq_init(number->value);
    number->infinite = 0;
}

void sb_exact_clear(sb_exact *number) {
    fmpq_clear(number->value);
}

void sb_exact_set(sb_exact *number, const sb_exact *other) {
    fmpq_set(number->value, other->value);
    number->infinite = other->infinite;
}

int sb_exact_compare(const sb_exact *a, const sb_exact *b) {
    if (a->infinite || b->infinite) return a->infinite - b->infinite;
    return fmpq_cmp(a->value, b->value);
}

/* ------------------------------------------------------------------ reading one number */
typedef struct {
    const char *name, *whole; /* for messages */
    const char *at, *end;
    sb_error *error;
} reader;

static sb_status bad(reader *r, const char *why) {
    size_t length = strlen(r->whole);
    return sb_fail(r->error, SB_BAD_INPUT, "%s '%.*s%s': %s", r->name, QUOTE_LIMIT, r->whole,
                   length > QUOTE_LIMIT ? "..." : "", why);
}

static int peek(const reader *r, char c) {
    return r->at < r->end && *r->at == c;
}

static int digit(const reader *r) {
    return r->at < r->end && isdigit((unsigned char)*r->at);
}

/* A signed integer small enough for an exponent. */
static sb_status read_exponent(reader *r, slong *exponent) {
    int negative = peek(r, '-');
    if (negative || peek(r, '+')) r->at++;
    if (!digit(r)) return bad(r, "an exponent needs a whole number");
    slong value = 0;
    for (; digit(r); r->at++) {
        value = 10 * value + (*r->at - '0');
        if (value > BIT_LIMIT) return bad(r, "the exponent is too large");
    }
    *exponent = negative ? -value : value;
    return SB_OK;
}

/* value *= 10^shift */
static void scale_by_ten(fmpq_t value, slong shift) {
    fmpz_t power;
    fmpz_init(power);
    fmpz_set_ui(power, 10);
    fmpz_pow_ui(power, power, (ulong)(shift < 0 ? -shift : shift));
    if (shift < 0)
        fmpq_div_fmpz(value, value, power);
    else
        fmpq_mul_fmpz(value, value, power);
    fmpz_clear(power);
}

static sb_status read_decimal(reader *r, fmpq_t value) {
    sb_text digits;
    sb_text_init(&digits);
    sb_status status = SB_OK;
    slong shift = 0, exponent = 0;
    const char *start = r->at;
    while (digit(r)) sb_text_append_bytes(&digits, r->at++, 1);
    if (r->at - start == 1 && *start == '0' && r->at < r->end && *r->at == 'x' && r->at + 1 < r->end &&
        isdigit((unsigned char)r->at[1])) {
        status = bad(r, "hexadecimal is not read (a product is written 3x32x32)");
        goto cleanup;
    }
    /* A point that is followed by another belongs to a range, and never comes here. */
    if (peek(r, '.')) {
        r->at++;
        while (digit(r)) {
            sb_text_append_bytes(&digits, r->at++, 1);
            shift--;
        }
    }
    if (!digits.length) {
        status = bad(r, r->at == start ? "not a number" : "a number needs a digit");
        goto cleanup;
    }
    if (peek(r, 'e') || peek(r, 'E')) {
        r->at++;
        if ((status = read_exponent(r, &exponent))) goto cleanup;
    }
    if (digits.length > BIT_LIMIT / 4 || exponent > BIT_LIMIT / 4 || exponent < -BIT_LIMIT / 4) {
        status = bad(r, "the number is too long");
        goto cleanup;
    }
    if ((status = sb_text_status(&digits, r->error))) goto cleanup;
    if (fmpz_set_str(fmpq_numref(value), digits.data, 10)) {
        status = bad(r, "not a number");
        goto cleanup;
    }
    fmpz_one(fmpq_denref(value));
    scale_by_ten(value, shift + exponent);
cleanup:
    sb_text_clear(&digits);
    return status;
}

static sb_status read_power(reader *r, fmpq_t value) {
    sb_status status = read_decimal(r, value);
    if (status || !peek(r, '^')) return status;
    r->at++;
    slong exponent;
    if ((status = read_exponent(r, &exponent))) return status;
    if (fmpq_is_zero(value) && exponent < 0) return bad(r, "0 has no negative power");
    double bits = (double)fmpq_height_bits(value) * (double)(exponent < 0 ? -exponent : exponent);
    if (!fmpq_is_zero(value) && !fmpq_is_one(value) && bits > BIT_LIMIT)
        return bad(r, "the power is too large");
    fmpq_pow_si(value, value, exponent);
    return SB_OK;
}

static sb_status read_product(reader *r, fmpq_t value) {
    sb_status status = read_power(r, value);
    fmpq_t factor;
    fmpq_init(factor);
    while (!status && peek(r, 'x')) {
        r->at++;
        status = read_power(r, factor);
        if (!status && fmpq_height_bits(value) + fmpq_height_bits(factor) > BIT_LIMIT)
            status = bad(r, "the product is too large");
        if (!status) fmpq_mul(value, value, factor);
    }
    fmpq_clear(factor);
    return status;
}

static int read_word(reader *r, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(r->end - r->at) != length || strncmp(r->at, word, length) != 0) return 0;
    r->at += length;
    return 1;
}

static sb_status read_number(reader *r, sb_exact *number) {
    int negative = peek(r, '-');
    if (negative || peek(r, '+')) r->at++;
    number->infinite = 0;
    if (read_word(r, "inf") || read_word(r, "infinity") || read_word(r, "\xe2\x88\x9e")) {
        number->infinite = negative ? -1 : 1;
        return SB_OK;
    }
    if (r->at == r->end) return bad(r, "is empty where a number should stand");
    sb_status status = read_product(r, number->value);
    if (!status && peek(r, '/')) {
        fmpq_t divisor;
        fmpq_init(divisor);
        r->at++;
        status = read_product(r, divisor);
        if (!status && fmpq_is_zero(divisor)) status = bad(r, "division by zero");
        if (!status) fmpq_div(number->value, number->value, divisor);
        fmpq_clear(divisor);
    }
    if (!status && negative) fmpq_neg(number->value, number->value);
    if (!status && r->at < r->end) {
        char why[64];
        snprintf(why, sizeof why, "cannot read from '%.20s'", r->at);
        status = bad(r, why);
    }
    if (!status && fmpq_height_bits(number->value) > BIT_LIMIT) status = bad(r, "the number is too long");
    return status;
}

void sb_rational_complement(fmpq_t complement, const fmpq_t value) {
    fmpq_sub_si(complement, value, 1);
    fmpq_neg(complement, complement);
}

sb_status sb_exact_parse(const char *name, const char *text, sb_exact *number, sb_error *error) {
    reader r = {name, text, text, text + strlen(text), error};
    return read_number(&r, number);
}

static sb_status to_dimension(const char *name, const char *text, const sb_exact *number, uint64_t *dimension,
                              sb_error *error) {
    fmpz_t most;
    int length = strlen(text) > QUOTE_LIMIT ? QUOTE_LIMIT : (int)strlen(text);
    if (number->infinite || !fmpz_is_one(fmpq_denref(number->value)) || fmpq_sgn(number->value) <= 0)
        return sb_fail(error, SB_BAD_INPUT, "%s '%.*s': must be a positive whole number", name, length, text);
    fmpz_init(most);
    fmpz_one_2exp(most, 62);
    int fits = fmpz_cmp(fmpq_numref(number->value), most) <= 0;
    if (fits) *dimension = (uint64_t)fmpz_get_ui(fmpq_numref(number->value));
    fmpz_clear(most);
    return fits ? SB_OK : sb_fail(error, SB_BAD_INPUT, "%s '%.*s': must be at most 2^62", name, length, text);
}

sb_status sb_dimension_parse(const char *name, const char *text, uint64_t *dimension, sb_error *error) {
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = sb_exact_parse(name, text, &number, error);
    if (!status) status = to_dimension(name, text, &number, dimension, error);
    sb_exact_clear(&number);
    return status;
}

/* ------------------------------------------------------------------ lists and ranges */
void sb_exact_list_init(sb_exact_list *list) {
    *list = (sb_exact_list){NULL, 0};
}

void sb_exact_list_clear(sb_exact_list *list) {
    for (size_t i = 0; i < list->count; i++) sb_exact_clear(&list->item[i]);
    free(list->item);
    sb_exact_list_init(list);
}

static sb_status append(reader *r, sb_exact_list *list, const sb_exact *number) {
    if (list->count >= LIST_LIMIT) return bad(r, "the list has over 100000 items");
    if ((list->count & (list->count - 1)) == 0) { /* 0 or a power of two: double */
        sb_exact *item = realloc(list->item, (list->count ? 2 * list->count : 1) * sizeof *item);
        if (!item) return sb_fail_memory(r->error);
        list->item = item;
    }
    sb_exact_init(&list->item[list->count]);
    sb_exact_set(&list->item[list->count++], number);
    return SB_OK;
}

static sb_status part(reader *r, const char *start, const char *end, sb_exact *number) {
    reader inner = *r;
    inner.at = start;
    inner.end = end;
    return read_number(&inner, number);
}

/* first..last*factor */
static sb_status geometric(reader *r, sb_exact_list *list, const char *start, const char *dots,
                           const char *end) {
    sb_exact first, last, factor;
    sb_exact_init(&first);
    sb_exact_init(&last);
    sb_exact_init(&factor);
    const char *star = memchr(dots, '*', (size_t)(end - dots));
    sb_status status = part(r, start, dots, &first);
    if (!status) status = part(r, dots + 2, star ? star : end, &last);
    fmpq_set_si(factor.value, 2, 1);
    if (!status && star) status = part(r, star + 1, end, &factor);
    if (!status && (first.infinite || last.infinite || factor.infinite || fmpq_sgn(first.value) <= 0))
        status = bad(r, "a geometric range FIRST..LAST*FACTOR starts above 0 and is finite");
    if (!status && fmpq_cmp_ui(factor.value, 1) <= 0)
        status = bad(r, "the factor of a range must be above 1");
    if (!status && fmpq_cmp(first.value, last.value) > 0) status = bad(r, "the range is empty");
    while (!status && fmpq_cmp(first.value, last.value) <= 0) {
        status = append(r, list, &first);
        fmpq_mul(first.value, first.value, factor.value);
    }
    sb_exact_clear(&first);
    sb_exact_clear(&last);
    sb_exact_clear(&factor);
    return status;
}

/* first:last:step */
static sb_status arithmetic(reader *r, sb_exact_list *list, const char *start, const char *colon,
                            const char *end) {
    sb_exact first, last, step;
    sb_exact_init(&first);
    sb_exact_init(&last);
    sb_exact_init(&step);
    const char *second = memchr(colon + 1, ':', (size_t)(end - colon - 1));
    sb_status status = SB_OK;
    if (!second) status = bad(r, "a range is written FIRST:LAST:STEP or FIRST..LAST*FACTOR");
    if (!status) status = part(r, start, colon, &first);
    if (!status) status = part(r, colon + 1, second, &last);
    if (!status) status = part(r, second + 1, end, &step);
    if (!status && (first.infinite || last.infinite || step.infinite || fmpq_sgn(step.value) <= 0))
        status = bad(r, "the step of a range must be above 0, and its ends finite");
    if (!status && fmpq_cmp(first.value, last.value) > 0) status = bad(r, "the range is empty");
    while (!status && fmpq_cmp(first.value, last.value) <= 0) {
        status = append(r, list, &first);
        fmpq_add(first.value, first.value, step.value);
    }
    sb_exact_clear(&first);
    sb_exact_clear(&last);
    sb_exact_clear(&step);
    return status;
}

static const char *find_dots(const char *at, const char *end) {
    for (; at + 1 < end; at++)
        if (at[0] == '.' && at[1] == '.') return at;
    return NULL;
}

static sb_status read_item(reader *r, sb_exact_list *list, const char *start, const char *end) {
    const char *dots = find_dots(start, end), *colon = memchr(start, ':', (size_t)(end - start));
    if (dots) return geometric(r, list, start, dots, end);
    if (colon) return arithmetic(r, list, start, colon, end);
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = part(r, start, end, &number);
    if (!status) status = append(r, list, &number);
    sb_exact_clear(&number);
    return status;
}

sb_status sb_exact_list_parse(const char *name, const char *text, sb_exact_list *list, sb_error *error) {
    reader r = {name, text, text, text + strlen(text), error};
    sb_status status = SB_OK;
    sb_exact_list_init(list);
    for (const char *start = text; !status;) {
        const char *comma = strchr(start, ',');
        status = read_item(&r, list, start, comma ? comma : r.end);
        if (!comma) break;
        start = comma + 1;
    }
    if (status) sb_exact_list_clear(list);
    return status;
}

sb_status sb_dimension_list_parse(const char *name, const char *text, sb_dimension_list *list,
                                  sb_error *error) {
    sb_exact_list numbers;
    *list = (sb_dimension_list){NULL, 0};
    sb_status status = sb_exact_list_parse(name, text, &numbers, error);
    if (status) return status;
    list->item = malloc(numbers.count * sizeof *list->item);
    if (!list->item) status = sb_fail_memory(error);
    for (size_t i = 0; !status && i < numbers.count; i++) {
        char *shown = numbers.count > 1 ? sb_exact_print(&numbers.item[i]) : NULL;
        status = to_dimension(name, shown ? shown : text, &numbers.item[i], &list->item[i], error);
        free(shown);
    }
    list->count = numbers.count;
    if (status) sb_dimension_list_clear(list);
    sb_exact_list_clear(&numbers);
    return status;
}

void sb_dimension_list_clear(sb_dimension_list *list) {
    free(list->item);
    *list = (sb_dimension_list){NULL, 0};
}

/* ------------------------------------------------------------------ printing */
char *sb_rational_print(const fmpq_t value) {
    char *flint_string = fmpq_get_str(NULL, 10, value);
    char *copy = sb_duplicate(flint_string); /* FLINT's allocator need not be free()'s */
    flint_free(flint_string);
    return copy;
}

char *sb_exact_print(const sb_exact *number) {
    if (number->infinite) return sb_duplicate(number->infinite > 0 ? "inf" : "-inf");
    return sb_rational_print(number->value);
}
