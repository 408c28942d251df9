/* The certified radius is that of the noise's own norm; for isotropic noise an l_2 ball of radius R contains
   the l_inf ball of radius R/sqrt(d). */
#include "cli/certify_counts.h"

#include "cli/bound_text.h"
#include "distributions/family.h"
#include "nn/certify_image.h"
#include "support/enclosure.h"

#include <stdlib.h>
#include <string.h>

enum { PRECISION = 160 };

typedef struct {
    uint64_t samples, top, other;
    int other_given;
    uint64_t dimension;
    sb_exact norm;
    sb_certified_law law;
    arb_t top_score, other_score, radius;
    int certified;
} request;

/* ------------------------------------------------------------------ reading */
/* A whole number from *text on, at most 10^9. */
static int take_number(const char **text, uint64_t *value) {
    size_t digits = strspn(*text, "0123456789");
    if (digits < 1 || digits > 10) return 0;
    *value = strtoull(*text, NULL, 10);
    *text += digits;
    return *value <= UINT64_C(1000000000);
}

static sb_status read_counts(request *q, const char *text, sb_certificate_rule rule, sb_error *error) {
    const char *at = text;
    int fine = take_number(&at, &q->top);
    q->other_given = fine && *at == ',';
    if (q->other_given) {
        at++;
        fine = take_number(&at, &q->other);
    }
    fine = fine && *at++ == '/' && take_number(&at, &q->samples) && !*at && q->samples > 0;
    if (!fine)
        return sb_fail(error, SB_BAD_INPUT,
                       "--counts '%.40s': must be NA/N or NA,NB/N, whole numbers up to 10^9", text);
    if (q->top + q->other > q->samples)
        return sb_fail(error, SB_BAD_INPUT, "--counts '%.40s': more than N", text);
    if (!q->other_given) q->other = q->samples - q->top; /* the most that a class may have */
    uint64_t least = (q->samples - q->top + SB_CLASSES - 2) / (SB_CLASSES - 1);
    if (rule == SB_RULE_TWO_CLASS_BONFERRONI && q->other < least)
        return sb_fail(error, SB_BAD_INPUT, "--counts '%.40s': of ten classes another one has at least %llu",
                       text, (unsigned long long)least);
    return SB_OK;
}

static sb_status read_norm(request *q, const sb_certify_run *run, const sb_counts_options *given,
                           sb_error *error) {
    const sb_radial_law *radial = run->noise.family->radial;
    int isotropic = radial && !radial->infinity_norm;
    sb_status status = sb_exact_parse("p",
                                      given->norm_text ? given->norm_text
                                      : isotropic      ? "2"
                                                       : "inf",
                                      &q->norm, error);
    int two = !q->norm.infinite && fmpq_equal_si(q->norm.value, 2);
    if (!status && !(q->norm.infinite > 0 || (two && isotropic)))
        return sb_fail(error, SB_BAD_INPUT, "p '%.40s': must be %s for this noise (radius knows more norms)",
                       given->norm_text, isotropic ? "2 or inf" : "inf");
    if (!status && !given->dimension_text && !(two && run->noise.family == &sb_gaussian_family))
        return sb_fail(error, SB_BAD_INPUT,
                       "d is missing: give -d DIMENSION (for this noise and norm the radius depends on it)");
    q->dimension = 1;
    if (!status && given->dimension_text)
        status = sb_dimension_parse("d", given->dimension_text, &q->dimension, error);
    return status;
}

static sb_status evaluate(request *q, const sb_certify_run *run, sb_error *error) {
    sb_status status = sb_certified_scores(q->top_score, q->other_score, run->options.rule, q->samples,
                                           q->top, q->other, run->options.alpha, error);
    q->certified = !status && arb_gt(q->top_score, q->other_score);
    if (!q->certified) return status;
    status = sb_certified_law_evaluate(q->radius, &q->law, q->top_score, q->other_score, error);
    if (q->norm.infinite && !q->law.norm.infinite) {
        arb_t root;
        arb_init(root);
        arb_sqrt_ui(root, q->dimension, PRECISION);
        arb_div(q->radius, q->radius, root, PRECISION);
        arb_clear(root);
    }
    return status;
}

/* ------------------------------------------------------------------ output */
enum { NOISE, D, P, RULE, ALPHA, N, TOP_COUNT, OTHER_COUNT, TOP, OTHER, QUANTITY, SENSE, LO, NOTE };
static const sb_column column[] = {{"noise", "noise", 0},
                                   {"d", "d", SB_COLUMN_RIGHT},
                                   {"p", "p", SB_COLUMN_RIGHT},
                                   {"rule", "rule", 0},
                                   {"alpha", "alpha", SB_COLUMN_RIGHT},
                                   {"n", "n", SB_COLUMN_NUMBER},
                                   {"nA", "nA", SB_COLUMN_NUMBER},
                                   {"nB", "nB", SB_COLUMN_NUMBER},
                                   {"pA", "pA at least", SB_COLUMN_RIGHT},
                                   {"pB", "pB at most", SB_COLUMN_RIGHT},
                                   {"quantity", "quantity", SB_COLUMN_DATA},
                                   {"sense", "sense", SB_COLUMN_DATA},
                                   {"lo", "radius", SB_COLUMN_RIGHT},
                                   {"note", "note", 0}};

static void fill(sb_table *table, const request *q, const sb_certify_run *run,
                 const sb_counts_options *given) {
    int digits = run->common.digits;
    int unsound = run->options.rule == SB_RULE_TWO_CLASS_AS_PUBLISHED;
    sb_table_row(table);
    sb_table_own(table, NOISE, sb_noise_spec_print(&run->noise));
    if (given->dimension_text) sb_table_setf(table, D, "%llu", (unsigned long long)q->dimension);
    sb_table_own(table, P, sb_exact_print(&q->norm));
    sb_table_set(table, RULE, sb_certificate_rule_name(run->options.rule));
    sb_table_own(table, ALPHA, sb_rational_print(run->options.alpha));
    sb_table_setf(table, N, "%llu", (unsigned long long)q->samples);
    sb_table_setf(table, TOP_COUNT, "%llu", (unsigned long long)q->top);
    if (run->options.rule != SB_RULE_COHEN)
        sb_table_setf(table, OTHER_COUNT, "%llu", (unsigned long long)q->other);
    sb_table_own(table, TOP, sb_decimal_lower(q->top_score, digits));
    sb_table_own(table, OTHER, sb_decimal_upper(q->other_score, digits));
    sb_table_set(table, QUANTITY, "radius");
    sb_table_set(table, SENSE, "sufficient");
    if (q->certified) sb_table_own(table, LO, sb_decimal_lower(q->radius, digits));
    sb_table_set(table, NOTE,
                 !q->certified ? "abstains"
                 : unsound     ? "unsound: the radius may exceed the true one"
                               : "a promise");
}

static sb_status answer(request *q, sb_certify_run *run, const sb_counts_options *given, sb_table *table,
                        sb_error *error) {
    sb_status status = sb_certify_run_read_noise(run, error);
    if (!status) status = read_counts(q, given->counts_text, run->options.rule, error);
    if (!status) status = read_norm(q, run, given, error);
    if (status) return status;
    status = sb_certified_law_init(&q->law, &run->noise, q->dimension, error);
    if (!status) status = evaluate(q, run, error);
    if (!status) fill(table, q, run, given);
    sb_certified_law_clear(&q->law);
    return status;
}

int sb_certify_counts_print(sb_certify_run *run, const sb_counts_options *given) {
    sb_error error;
    sb_table table;
    sb_column shown[sizeof column / sizeof column[0]];
    request q = {0};
    memcpy(shown, column, sizeof column);
    sb_table_init(&table, "smoothbound/certify/1", shown, sizeof column / sizeof column[0]);
    sb_exact_init(&q.norm);
    arb_init(q.top_score);
    arb_init(q.other_score);
    arb_init(q.radius);
    sb_status status = answer(&q, run, given, &table, &error);
    if (!status) sb_hide_empty_columns(&table, shown);
    int result = status ? sb_cli_fail(&error) : sb_cli_write_table(&run->common, &table);
    sb_table_clear(&table);
    sb_exact_clear(&q.norm);
    arb_clear(q.top_score);
    arb_clear(q.other_score);
    arb_clear(q.radius);
    return result;
}
