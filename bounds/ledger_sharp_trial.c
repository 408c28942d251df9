/* The sides of a bound are worked out by the caller; here they are compared and reported. */
#include "bounds/ledger_sharp_trial.h"

#include "support/text.h"

#include <stdlib.h>
#include <string.h>

enum { SHARES = 7 };

typedef struct {
    const sb_sharp_trial *trial;
    slong percent;
} attempt;

/* *holds: quantity >= bound percent/100, or <=; bound is replaced by its percentage. */
static void compare(int *holds, const fmpq_t quantity, fmpq_t bound, const attempt *a) {
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_set_si(factor, a->percent, 100);
    fmpq_mul(bound, bound, factor);
    int order = fmpq_cmp(quantity, bound);
    *holds = a->trial->upper ? order <= 0 : order >= 0;
    fmpq_clear(factor);
}

static sb_status instance_holds(int *holds, const sb_instance *instance, const void *context,
                                sb_error *error) {
    const attempt *a = context;
    fmpq_t quantity, bound, given;
    fmpq_init(quantity);
    fmpq_init(bound);
    fmpq_init(given);
    sb_status status = a->trial->sides(quantity, bound, given, instance, error);
    if (!status) compare(holds, quantity, bound, a);
    fmpq_clear(quantity);
    fmpq_clear(bound);
    fmpq_clear(given);
    return status;
}

sb_status sb_find_more(sb_finding *finding, sb_error *error, const char *format, ...) {
    sb_text text;
    sb_text_init(&text);
    if (finding->evidence) sb_text_format(&text, "%s; ", finding->evidence);
    va_list arguments;
    va_start(arguments, format);
    sb_text_vformat(&text, format, arguments);
    va_end(arguments);
    free(finding->evidence);
    finding->evidence = sb_text_detach(&text);
    return finding->evidence ? SB_OK : sb_fail_memory(error);
}

sb_status sb_find_held(sb_finding *finding, sb_error *error) {
    if (finding->verdict != SB_CONSISTENT) return SB_OK;
    char *said = finding->evidence; /* in general by an argument that is not the paper's */
    const char *held = strstr(said, "held exactly");
    finding->evidence = NULL;
    sb_status status = sb_find(finding, error, SB_CONSISTENT, "%s", held ? held : said);
    free(said);
    return status;
}

/* ------------------------------------------------------------------ one law */
/* "D = {...}, eps = 1: delta = 1/2, rho = 2/3, E eta^2 = 1/4 < 101/400" */
static sb_status describe(sb_text *text, const sb_sharp_trial *trial, const sb_instance *instance,
                          const char *name, const fmpq_t given, const fmpq_t quantity, const char *relation,
                          const fmpq_t bound, sb_error *error) {
    char *law = name ? sb_duplicate(name) : sb_finite_law_print(instance->law);
    char *delta = sb_rational_print(instance->delta), *more = sb_rational_print(given);
    char *left = sb_rational_print(quantity), *right = sb_rational_print(bound);
    sb_status status = law && delta && more && left && right ? SB_OK : sb_fail_memory(error);
    if (!status) {
        sb_text_format(text, "D = %s, eps = 1: delta = %s", law, delta);
        if (trial->given) sb_text_format(text, ", %s = %s", trial->given, more);
        sb_text_format(text, ", %s = %s %s %s", trial->quantity, left, relation, right);
    }
    free(law);
    free(delta);
    free(more);
    free(left);
    free(right);
    return status ? status : sb_text_status(text, error);
}

/* exactly: whether equality is asked, at 100 percent. */
static sb_status try_law(sb_finding *finding, sb_error *error, const attempt *a, int exactly,
                         const sb_finite_law *law, const char *name) {
    fmpq_t one, delta, quantity, bound, given;
    fmpq *const number[] = {one, delta, quantity, bound, given};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_init(number[i]);
    sb_text text;
    sb_text_init(&text);
    fmpq_one(one);
    sb_finite_law_shift_distance(delta, law, one);
    sb_instance instance = {.law = law, .shift = one, .length = one, .delta = delta};
    int holds = 0;
    sb_status status = a->trial->sides(quantity, bound, given, &instance, error);
    if (!status) compare(&holds, quantity, bound, a);
    int order = fmpq_cmp(quantity, bound);
    if (exactly) holds = order == 0;
    if (!status)
        status = describe(&text, a->trial, &instance, name, given, quantity,
                          order < 0   ? "<"
                          : order > 0 ? ">"
                                      : "=",
                          bound, error);
    if (!status)
        status = sb_find(finding, error, holds ? SB_CONSISTENT : SB_REFUTED, "%s %s",
                         holds ? "holds for" : "fails for", text.data);
    sb_text_clear(&text);
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_clear(number[i]);
    return status;
}

sb_status sb_try_sharp_law(sb_finding *finding, sb_error *error, const sb_sharp_trial *trial, slong percent,
                           const sb_finite_law *law, const char *name) {
    attempt a = {trial, percent};
    return try_law(finding, error, &a, 0, law, name);
}

/* ------------------------------------------------------------------ mixtures of centred uniform laws */
sb_status sb_centred_mixture(sb_finite_law *law, size_t n, size_t m, ulong share, ulong of, sb_error *error) {
    size_t count = n + m;
    fmpq *point = calloc(count, sizeof *point), *weight = calloc(count, sizeof *weight);
    sb_status status = SB_BAD_INPUT;
    if (!point || !weight) {
        status = sb_fail_memory(error);
    } else {
        for (size_t i = 0; i < count; i++) {
            size_t size = i < n ? n : m, place = i < n ? i : i - n;
            fmpq_init(point + i);
            fmpq_init(weight + i);
            fmpq_set_si(point + i, 2 * (slong)place - (slong)size + 1, 2);
            fmpq_set_si(weight + i, (slong)(i < n ? of - share : share), of * size);
        }
        status = sb_finite_law_set(law, 1, point, weight, count, error);
        for (size_t i = 0; i < count; i++) {
            fmpq_clear(point + i);
            fmpq_clear(weight + i);
        }
    }
    free(point);
    free(weight);
    return status;
}

sb_status sb_try_sharp_attained(sb_finding *finding, sb_error *error, const sb_sharp_trial *trial,
                                size_t first, size_t last, size_t step) {
    attempt a = {trial, 100};
    sb_finding here = {.verdict = SB_CONSISTENT};
    sb_finite_law law;
    size_t count = 0;
    sb_status status = SB_OK;
    if (finding->verdict != SB_CONSISTENT) return SB_OK;
    for (size_t n = first; n <= last; n += step)
        for (ulong share = 0; share <= SHARES && !status && here.verdict == SB_CONSISTENT; share++, count++) {
            sb_finite_law_init(&law);
            status = sb_centred_mixture(&law, n, n + step, share, SHARES, error);
            if (!status) status = try_law(&here, error, &a, 1, &law, NULL);
            sb_finite_law_clear(&law);
        }
    if (!status && here.verdict != SB_CONSISTENT) {
        finding->verdict = SB_REFUTED;
        status = sb_find_more(finding, error, "no equality: %s", here.evidence);
    } else if (!status) {
        status =
            last > first
                ? sb_find_more(finding, error,
                               "equality for %zu mixtures of centred uniform laws on n and n+%zu points, n = "
                               "%zu..%zu",
                               count, step, first, last)
                : sb_find_more(finding, error,
                               "equality for %zu mixtures of centred uniform laws on %zu and %zu points",
                               count, first, first + step);
    }
    free(here.evidence);
    return status;
}

sb_status sb_try_sharp_mixture(sb_finding *finding, sb_error *error, const sb_sharp_trial *trial,
                               slong percent, size_t n, size_t m, ulong share) {
    sb_finite_law law;
    sb_finite_law_init(&law);
    sb_status status = sb_centred_mixture(&law, n, m, share, SHARES, error);
    if (!status) status = sb_try_sharp_law(finding, error, trial, percent, &law, NULL);
    sb_finite_law_clear(&law);
    return status;
}

/* ------------------------------------------------------------------ families */
enum { LATTICE_LAWS = 1000, LATTICE_POINTS = 8 };

/* One or two cosets of the integers. On each some neighbouring points, with weights 0..9, or with weights
   that decrease from one of them to the left and to the right, each with a ratio of its own. */
static sb_status random_lattice_law(sb_finite_law *law, uint64_t *state, sb_error *error) {
    fmpq point[2 * LATTICE_POINTS], weight[2 * LATTICE_POINTS];
    for (size_t i = 0; i < 2 * LATTICE_POINTS; i++) {
        fmpq_init(point + i);
        fmpq_init(weight + i);
    }
    size_t count = 0, cosets = 1 + sb_finite_law_random_below(state, 2);
    for (size_t coset = 0; coset < cosets; coset++) {
        slong points = 1 + (slong)sb_finite_law_random_below(state, LATTICE_POINTS);
        slong twelfths = (slong)sb_finite_law_random_below(state, 12) - 6 * points;
        slong top = (slong)sb_finite_law_random_below(state, (uint32_t)points);
        slong left = (slong)sb_finite_law_random_below(state, 9);
        slong right = (slong)sb_finite_law_random_below(state, 9);
        int plain = sb_finite_law_random_below(state, 2) == 0;
        for (slong k = 0; k < points; k++, count++) {
            fmpq_set_si(point + count, twelfths + 12 * k, 12);
            if (plain) {
                fmpq_set_si(weight + count, (slong)sb_finite_law_random_below(state, 10) + (k == top), 1);
            } else {
                fmpq_set_si(weight + count, k < top ? left : right, 8);
                fmpq_pow_si(weight + count, weight + count, k < top ? top - k : k - top);
            }
        }
    }
    sb_status status = sb_finite_law_set(law, 1, point, weight, count, error);
    for (size_t i = 0; i < 2 * LATTICE_POINTS; i++) {
        fmpq_clear(point + i);
        fmpq_clear(weight + i);
    }
    return status;
}

static sb_status try_lattice_laws(sb_finding *finding, sb_error *error, const attempt *a) {
    uint64_t state = 4;
    sb_finding here = {.verdict = SB_CONSISTENT};
    sb_status status = SB_OK;
    for (size_t k = 0; k < LATTICE_LAWS && !status && here.verdict == SB_CONSISTENT; k++) {
        sb_finite_law law;
        sb_finite_law_init(&law);
        status = random_lattice_law(&law, &state, error);
        if (!status) status = try_law(&here, error, a, 0, &law, NULL);
        sb_finite_law_clear(&law);
    }
    if (!status && here.verdict == SB_CONSISTENT)
        status = sb_find_more(finding, error, "and for %d random lattice laws, eps = 1", (int)LATTICE_LAWS);
    else if (!status)
        status = sb_find(finding, error, SB_REFUTED, "%s", here.evidence);
    free(here.evidence);
    return status;
}

sb_status sb_try_sharp(sb_finding *finding, sb_error *error, const sb_sharp_trial *trial, slong percent) {
    attempt a = {trial, percent};
    sb_status status = sb_try_line(finding, error, instance_holds, &a);
    if (!status) status = sb_find_held(finding, error);
    return status || finding->verdict != SB_CONSISTENT ? status : try_lattice_laws(finding, error, &a);
}
