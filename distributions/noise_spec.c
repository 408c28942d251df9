/* The families are one table: NAME:key=value,... is read against the keys in the row of that name. */
#include "distributions/noise_spec.h"

#include "support/text.h"

#include <stdlib.h>
#include <string.h>

static const sb_noise_family family[] = {
    {SB_NOISE_GAUSSIAN, "gaussian", {"sigma", NULL}, "N(0, sigma^2 I)"},
    {SB_NOISE_UNIFORM, "uniform", {"r", NULL}, "uniform on [-r, r]^d"},
};
enum { FAMILIES = sizeof family / sizeof family[0], WORD = 64 };

size_t sb_noise_family_count(void) {
    return FAMILIES;
}

const sb_noise_family *sb_noise_family_at(size_t index) {
    return index < FAMILIES ? &family[index] : NULL;
}

void sb_noise_spec_init(sb_noise_spec *spec) {
    spec->family = NULL;
    for (size_t i = 0; i < SB_NOISE_KEYS; i++) fmpq_init(spec->value[i]);
}

void sb_noise_spec_clear(sb_noise_spec *spec) {
    for (size_t i = 0; i < SB_NOISE_KEYS; i++) fmpq_clear(spec->value[i]);
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
    for (size_t i = 0; i < FAMILIES; i++) {
        name[i] = family[i].name;
        if (strcmp(word, name[i]) == 0) spec->family = &family[i];
    }
    name[FAMILIES] = NULL;
    return spec->family ? SB_OK : unknown("noise", word, name, error);
}

static sb_status read_value(const char *name, const char *key, const char *text, size_t length, fmpq_t value,
                            sb_error *error) {
    char *copy = sb_format("%.*s", (int)length, text);
    char *label = sb_format("%s:%s", name, key);
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = copy && label ? sb_exact_parse(label, copy, &number, error) : sb_fail_memory(error);
    if (!status && (number.infinite || fmpq_sgn(number.value) <= 0))
        status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must be positive and finite", label, copy);
    if (!status) fmpq_set(value, number.value);
    sb_exact_clear(&number);
    free(copy);
    free(label);
    return status;
}

/* One key=value of `length` bytes. */
static sb_status read_pair(sb_noise_spec *spec, const char *pair, size_t length, int *seen, sb_error *error) {
    const sb_noise_family *f = spec->family;
    const char *equals = memchr(pair, '=', length);
    char word[WORD];
    copy_word(word, pair, equals ? (size_t)(equals - pair) : length);
    size_t i = 0;
    while (f->key[i] && strcmp(word, f->key[i]) != 0) i++;
    if (!f->key[i]) {
        char what[WORD + 16];
        snprintf(what, sizeof what, "key of %s noise", f->name);
        return unknown(what, word, f->key, error);
    }
    if (!equals)
        return sb_fail(error, SB_BAD_INPUT, "noise %s: %s needs a value (%s=VALUE)", f->name, word, word);
    if (seen[i]++) return sb_fail(error, SB_BAD_INPUT, "noise %s: %s is given twice", f->name, word);
    equals++;
    return read_value(f->name, word, equals, length - (size_t)(equals - pair), spec->value[i], error);
}

sb_status sb_noise_spec_parse(sb_noise_spec *spec, const char *text, sb_error *error) {
    char word[WORD];
    int seen[SB_NOISE_KEYS] = {0};
    size_t length = strcspn(text, ":");
    spec->family = NULL;
    if (!*text)
        return sb_fail(error, SB_BAD_INPUT,
                       "noise '': is empty (NAME:key=value, such as gaussian:sigma=0.5)");
    copy_word(word, text, length);
    sb_status status = find_family(spec, word, error);
    for (const char *at = text + length; !status && *at;) {
        at++; /* the colon or comma */
        length = strcspn(at, ",");
        status = read_pair(spec, at, length, seen, error);
        at += length;
    }
    for (size_t i = 0; !status && spec->family->key[i]; i++)
        if (!seen[i])
            status = sb_fail(error, SB_BAD_INPUT, "noise %s: needs %s=VALUE (%s:%s=...)", spec->family->name,
                             spec->family->key[i], spec->family->name, spec->family->key[i]);
    if (status) spec->family = NULL;
    return status;
}

char *sb_noise_spec_print(const sb_noise_spec *spec) {
    sb_text out;
    sb_text_init(&out);
    sb_text_append(&out, spec->family->name);
    for (size_t i = 0; spec->family->key[i]; i++) {
        char *value = sb_rational_print(spec->value[i]);
        sb_text_format(&out, "%c%s=%s", i ? ',' : ':', spec->family->key[i], value ? value : "?");
        if (!value) out.failed = 1;
        free(value);
    }
    return sb_text_detach(&out);
}
