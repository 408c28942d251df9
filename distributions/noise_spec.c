/* NAME:key=value,... is read against the keys in the row of that family. */
#include "distributions/noise_spec.h"

#include "distributions/family.h"
#include "distributions/noise.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

static const sb_noise_family *const family[] = {
#define SB_FAMILY(name) &sb_##name##_family,
#include "distributions/families/families.def"
#undef SB_FAMILY
};
enum { FAMILIES = sizeof family / sizeof family[0], WORD = 64 };

size_t sb_noise_family_count(void) {
    return FAMILIES;
}

const sb_noise_family *sb_noise_family_at(size_t index) {
    return index < FAMILIES ? family[index] : NULL;
}

const sb_noise_family *sb_noise_family_named(const char *name) {
    for (size_t i = 0; i < FAMILIES; i++)
        if (strcmp(name, family[i]->name) == 0) return family[i];
    return NULL;
}

void sb_noise_spec_init(sb_noise_spec *spec) {
    memset(spec, 0, sizeof *spec);
    for (size_t i = 0; i < SB_NOISE_KEYS; i++) fmpq_init(spec->value[i]);
    fmpq_init(spec->deviation);
}

void sb_noise_spec_clear(sb_noise_spec *spec) {
    for (size_t i = 0; i < SB_NOISE_KEYS; i++) fmpq_clear(spec->value[i]);
    fmpq_clear(spec->deviation);
    for (size_t i = 0; i < spec->component_count; i++) {
        sb_noise_spec_clear(&spec->component[i]);
        fmpq_clear(&spec->weight[i]);
    }
    free(spec->component);
    free(spec->weight);
    spec->component = NULL;
    spec->weight = NULL;
    spec->component_count = 0;
    spec->family = NULL;
}

/* Copies at most WORD - 1 bytes; a longer word cannot be one of ours. */
static void copy_word(char word[WORD], const char *start, size_t length) {
    if (length > WORD - 1) length = WORD - 1;
    memcpy(word, start, length);
    word[length] = '\0';
}

static sb_status unknown(const char *what, const char *word, const char *const *candidate, sb_error *error) {
    sb_text list;
    sb_text_init(&list);
    const char *near = sb_nearest_word(word, candidate);
    for (size_t i = 0; candidate[i]; i++) sb_text_format(&list, "%s%s", i ? ", " : "", candidate[i]);
    sb_status status =
        near ? sb_fail(error, SB_BAD_INPUT, "unknown %s '%s': did you mean %s?", what, word, near)
             : sb_fail(error, SB_BAD_INPUT, "unknown %s '%s' (known: %s)", what, word, list.data);
    sb_text_clear(&list);
    return status;
}

static sb_status find_family(sb_noise_spec *spec, const char *word, sb_error *error) {
    const char *name[FAMILIES + 1];
    for (size_t i = 0; i < FAMILIES; i++) name[i] = family[i]->name;
    name[FAMILIES] = NULL;
    spec->family = sb_noise_family_named(word);
    return spec->family ? SB_OK : unknown("noise", word, name, error);
}

/* Why `number` is outside the domain, or NULL. */
static const char *complaint(const sb_exact *number, sb_key_domain domain) {
    if (number->infinite || fmpq_sgn(number->value) < 0 ||
        (fmpq_is_zero(number->value) && domain != SB_KEY_FRACTION))
        return domain == SB_KEY_FRACTION ? "must lie in [0, 1]" : "must be positive and finite";
    switch (domain) {
    case SB_KEY_POSITIVE:
        return NULL;
    case SB_KEY_COUNT:
        return fmpz_is_one(fmpq_denref(number->value)) && fmpq_cmp_ui(number->value, 2) >= 0 &&
                       fmpq_cmp_ui(number->value, 1000000) <= 0
                   ? NULL
                   : "must be a whole number from 2 to 1000000";
    case SB_KEY_OPEN_FRACTION:
        return fmpq_cmp_ui(number->value, 1) < 0 ? NULL : "must be below 1";
    case SB_KEY_FRACTION:
        return fmpq_cmp_ui(number->value, 1) <= 0 ? NULL : "must lie in [0, 1]";
    }
    return NULL;
}

static sb_status read_value(const char *name, const char *key, const char *text, size_t length,
                            sb_key_domain domain, fmpq_t value, sb_error *error) {
    char *copy = sb_format("%.*s", (int)length, text);
    char *label = sb_format("%s:%s", name, key);
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = copy && label ? sb_exact_parse(label, copy, &number, error) : sb_fail_memory(error);
    const char *why = status ? NULL : complaint(&number, domain);
    if (why) status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': %s", label, copy, why);
    if (!status) fmpq_set(value, number.value);
    sb_exact_clear(&number);
    free(copy);
    free(label);
    return status;
}

enum { DEVIATION = SB_NOISE_KEYS }; /* sigma= in place of the scale key */

/* The index of a key, DEVIATION, or -1. */
static int key_index(const sb_noise_family *f, const char *word) {
    for (int i = 0; f->key[i].name; i++)
        if (strcmp(word, f->key[i].name) == 0) return i;
    return f->scale >= 0 && strcmp(word, "sigma") == 0 ? DEVIATION : -1;
}

static sb_status unknown_key(const sb_noise_family *f, const char *word, sb_error *error) {
    const char *name[SB_NOISE_KEYS + 2];
    char what[WORD + 16];
    size_t count = 0;
    for (; f->key[count].name; count++) name[count] = f->key[count].name;
    if (f->scale >= 0 && key_index(f, "sigma") == DEVIATION) name[count++] = "sigma";
    name[count] = NULL;
    snprintf(what, sizeof what, "key of %s noise", f->name);
    return unknown(what, word, name, error);
}

/* One key=value of `length` bytes. */
static sb_status read_pair(sb_noise_spec *spec, const char *pair, size_t length, int *seen, sb_error *error) {
    const sb_noise_family *f = spec->family;
    const char *equals = memchr(pair, '=', length);
    char word[WORD];
    copy_word(word, pair, equals ? (size_t)(equals - pair) : length);
    int i = key_index(f, word);
    if (i < 0) return unknown_key(f, word, error);
    if (!equals)
        return sb_fail(error, SB_BAD_INPUT, "noise %s: %s needs a value (%s=VALUE)", f->name, word, word);
    if (seen[i]++) return sb_fail(error, SB_BAD_INPUT, "noise %s: %s is given twice", f->name, word);
    equals++;
    length -= (size_t)(equals - pair);
    if (i == DEVIATION) {
        spec->scale_given = 2;
        return read_value(f->name, word, equals, length, SB_KEY_POSITIVE, spec->deviation, error);
    }
    if (i == f->scale) spec->scale_given = 1;
    return read_value(f->name, word, equals, length, f->key[i].domain, spec->value[i], error);
}

/* Everything that must be there is, and nothing twice. */
static sb_status check_keys(const sb_noise_spec *spec, const int *seen, int shape_only, sb_error *error) {
    const sb_noise_family *f = spec->family;
    if (f->scale >= 0 && seen[f->scale] && seen[DEVIATION])
        return sb_fail(error, SB_BAD_INPUT, "noise %s: %s and sigma exclude each other", f->name,
                       f->key[f->scale].name);
    for (int i = 0; f->key[i].name; i++)
        if (!seen[i] && !(i == f->scale && (seen[DEVIATION] || shape_only)))
            return sb_fail(error, SB_BAD_INPUT, "noise %s: needs %s=VALUE (%s:%s=...)", f->name,
                           f->key[i].name, f->name, f->key[i].name);
    return f->check ? f->check(spec, error) : SB_OK;
}

static sb_status read_keys(sb_noise_spec *spec, const char *text, int shape_only, sb_error *error) {
    int seen[SB_NOISE_KEYS + 1] = {0};
    sb_status status = SB_OK;
    while (!status && *text) {
        text++; /* the colon or comma */
        size_t length = strcspn(text, ",");
        status = read_pair(spec, text, length, seen, error);
        text += length;
    }
    return status ? status : check_keys(spec, seen, shape_only, error);
}

static sb_status parse(sb_noise_spec *spec, const char *text, int shape_only, sb_error *error) {
    char word[WORD];
    size_t length = strcspn(text, ":");
    sb_noise_spec_clear(spec);
    sb_noise_spec_init(spec);
    if (!*text)
        return sb_fail(error, SB_BAD_INPUT,
                       "noise '': is empty (NAME:key=value, such as gaussian:sigma=0.5)");
    copy_word(word, text, length);
    sb_status status = find_family(spec, word, error);
    if (status) return status;
    text += length;
    if (spec->family->parse)
        status = spec->family->parse(spec, *text ? text + 1 : text, error);
    else
        status = read_keys(spec, text, shape_only, error);
    if (!status) status = sb_noise_deviation_exists(spec, error);
    if (status) {
        sb_noise_spec_clear(spec);
        sb_noise_spec_init(spec);
    }
    return status;
}

sb_status sb_noise_spec_parse(sb_noise_spec *spec, const char *text, sb_error *error) {
    return parse(spec, text, 0, error);
}

sb_status sb_noise_spec_parse_shape(sb_noise_spec *spec, const char *text, sb_error *error) {
    return parse(spec, text, 1, error);
}

char *sb_noise_spec_print(const sb_noise_spec *spec) {
    const sb_noise_family *f = spec->family;
    if (f->print) return f->print(spec);
    sb_text out;
    sb_text_init(&out);
    sb_text_append(&out, f->name);
    char separator = ':';
    for (int i = 0; f->key[i].name; i++) {
        int deviation = i == f->scale && spec->scale_given == 2;
        if (i == f->scale && !spec->scale_given) continue;
        char *value = sb_rational_print(deviation ? spec->deviation : spec->value[i]);
        sb_text_format(&out, "%c%s=%s", separator, deviation ? "sigma" : f->key[i].name, value ? value : "?");
        if (!value) out.failed = 1;
        free(value);
        separator = ',';
    }
    return sb_text_detach(&out);
}
