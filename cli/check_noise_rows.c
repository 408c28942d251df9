/* lo and hi enclose the value of a bound; of eps_most and delta_least the ends that may be relied upon are hi
   and lo. Sums are upper ends, needed sums lower ends. */
#include "cli/check_noise_rows.h"

#include "bounds/diagonal_gaussian.h"
#include "bounds/gaussian.h"
#include "cli/parameter_grid.h"

#include <stdlib.h>
#include <string.h>

enum {
    C_NOISE,
    C_INPUT,
    C_D,
    C_P,
    C_EPS,
    C_DELTA,
    C_PROMISE,
    C_SYMMETRIC,
    C_QUANTITY,
    C_SENSE,
    C_SOURCE,
    C_K,
    C_LARGEST,
    C_LEVEL,
    C_SUM,
    C_NEEDED,
    C_LO,
    C_HI,
    C_VERDICT,
    C_COORDINATES,
    C_SAMPLES,
    C_CONFIDENCE,
    C_VALIDITY
};

static const sb_column column[] = {{"noise", "noise", SB_COLUMN_DATA},
                                   {"input", "input", SB_COLUMN_DATA},
                                   {"d", "d", SB_COLUMN_RIGHT},
                                   {"p", "p", SB_COLUMN_RIGHT},
                                   {"eps", "eps", SB_COLUMN_RIGHT},
                                   {"delta", "delta", SB_COLUMN_RIGHT},
                                   {"promise", "promise", 0},
                                   {"symmetric", "symmetric", SB_COLUMN_DATA},
                                   {"quantity", "quantity", 0},
                                   {"sense", "sense", 0},
                                   {"source", "source", 0},
                                   {"k", "k", SB_COLUMN_RIGHT},
                                   {"largest", "E[eta_i^2] up to", SB_COLUMN_RIGHT},
                                   {"level", "t", SB_COLUMN_RIGHT},
                                   {"sum", "sum", SB_COLUMN_RIGHT},
                                   {"needed", "needed", SB_COLUMN_RIGHT},
                                   {"lo", "at least", SB_COLUMN_RIGHT},
                                   {"hi", "at most", SB_COLUMN_RIGHT},
                                   {"verdict", "verdict", 0},
                                   {"coordinates", "coordinates", SB_COLUMN_DATA},
                                   {"n", "n", SB_COLUMN_DATA | SB_COLUMN_NUMBER},
                                   {"confidence", "confidence", SB_COLUMN_DATA},
                                   {"validity", "bounds", SB_COLUMN_DATA}};

void sb_check_noise_rows_init(sb_check_noise_rows *rows) {
    memcpy(rows->column, column, sizeof column);
    sb_table_init(&rows->table, "smoothbound/check-noise/1", rows->column, sizeof column / sizeof column[0]);
    rows->refuted = 0;
}

void sb_check_noise_rows_clear(sb_check_noise_rows *rows) {
    sb_table_clear(&rows->table);
}

/* ------------------------------------------------------------------ the noise */
void sb_check_noise_case_init(sb_check_noise_case *noise) {
    memset(noise, 0, sizeof *noise);
    sb_moment_limit_init(&noise->limit);
    arb_init(noise->sensitivity);
}

static void clear_prefixes(sb_check_noise_case *noise) {
    for (size_t i = 0; i < noise->prefix_count; i++) sb_moment_limit_clear(&noise->prefix[i]);
    noise->prefix_count = 0;
}

void sb_check_noise_case_clear(sb_check_noise_case *noise) {
    clear_prefixes(noise);
    sb_moment_limit_clear(&noise->limit);
    arb_clear(noise->sensitivity);
}

static void find_prefixes(sb_check_noise_case *noise, const sb_exact *norm) {
    uint64_t d = noise->moments->dimension - noise->moments->infinite, tightest = noise->limit.size;
    clear_prefixes(noise);
    for (uint64_t size = 1, power = 1; d;) {
        sb_moment_limit *prefix = &noise->prefix[noise->prefix_count++];
        sb_moment_limit_init(prefix);
        sb_moment_limit_prefix(prefix, noise->moments, norm, size);
        if (size == d) break;
        uint64_t next = 2 * power < d ? 2 * power : d;
        if (size < tightest && tightest < next)
            size = tightest;
        else
            power = size = next;
    }
}

/* Whether Gaussian noise with these variances exists and is not without noise somewhere. */
static int has_gaussian(const sb_check_noise_case *noise) {
    return noise->limit.size && !fmpq_is_zero(noise->limit.sum);
}

sb_status sb_check_noise_case_find(sb_check_noise_case *noise, const sb_exact *norm, sb_error *error) {
    sb_diagonal_gaussian gaussian = {noise->moments, norm};
    sb_status status = sb_moment_limit_find(&noise->limit, noise->moments, norm, error);
    if (status) return status;
    find_prefixes(noise, norm);
    if (!has_gaussian(noise)) return SB_OK;
    return sb_enclose(noise->sensitivity, sb_diagonal_gaussian_sensitivity, &gaussian, noise->digits + 3,
                      error);
}

/* ------------------------------------------------------------------ cells */
typedef struct {
    const sb_check_noise_case *noise;
    const sb_parameters *parameters;
    unsigned given;
    sb_sharp_hypothesis hypothesis;
} question;

/* Bits for balls that are printed. */
static slong ball_precision(const question *q) {
    return 4 * (slong)q->noise->digits + SB_PRECISION_START;
}

static void set_ball(sb_table *table, const arb_t value, int digits) {
    sb_table_own(table, C_LO, sb_decimal_lower(value, digits));
    sb_table_own(table, C_HI, sb_decimal_upper(value, digits));
}

static void start_row(sb_table *table, const question *q, const char *quantity, const char *sense,
                      const char *source) {
    const sb_check_noise_case *noise = q->noise;
    sb_table_row(table);
    if (noise->noise) sb_table_set(table, C_NOISE, noise->noise);
    if (noise->input) sb_table_set(table, C_INPUT, noise->input);
    sb_table_setf(table, C_D, "%llu", (unsigned long long)noise->moments->dimension);
    sb_table_own(table, C_P, sb_exact_print(&q->parameters->norm));
    if (q->given & SB_GIVEN_EPS) sb_table_own(table, C_EPS, sb_exact_text(q->parameters->radius, 0));
    if (q->given & SB_GIVEN_DELTA) sb_table_own(table, C_DELTA, sb_exact_text(q->parameters->delta, 0));
    sb_table_set(table, C_PROMISE, sb_promise_name(noise->promise));
    if (noise->symmetric) sb_table_set(table, C_SYMMETRIC, "yes");
    sb_table_set(table, C_QUANTITY, quantity);
    sb_table_set(table, C_SENSE, sense);
    sb_table_set(table, C_SOURCE, source);
    if (!noise->confidence) return;
    sb_table_setf(table, C_SAMPLES, "%llu", (unsigned long long)noise->samples);
    sb_table_set(table, C_CONFIDENCE, noise->confidence);
    sb_table_set(table, C_VALIDITY, "asymptotic, joint");
}

/* "0,5,17": the first coordinates by second moment, at most SHOWN of them */
static void set_coordinates(sb_table *table, const sb_check_noise_case *noise, uint64_t size) {
    enum { SHOWN = 20 };
    const sb_coordinate_moments *moments = noise->moments;
    if (moments->count && moments->item[0].count > 1) return; /* all have one second moment */
    sb_text list;
    sb_text_init(&list);
    for (uint64_t i = 0; i < size && i < SHOWN; i++)
        sb_text_format(&list, "%s%llu", i ? "," : "", (unsigned long long)moments->item[i].coordinate);
    sb_table_own(table, C_COORDINATES, sb_text_detach(&list));
}

static const char *verdict_word(int refuted) {
    return refuted ? "refuted" : "consistent";
}

/* k, the largest second moment or t, the sum and what it would have to be */
static void set_limit(sb_table *table, const question *q, const sb_moment_limit *limit) {
    int digits = q->noise->digits;
    sb_table_setf(table, C_K, "%llu", (unsigned long long)sb_moment_limit_support(limit));
    if (limit->group_count) {
        sb_table_own(table, C_LEVEL, sb_rational_decimal(limit->level, digits, 0));
        return;
    }
    sb_table_own(table, C_LARGEST, sb_rational_decimal(limit->largest, digits, 1));
    sb_table_own(table, C_SUM, sb_rational_decimal(limit->sum, digits, 1));
    if (q->given != (SB_GIVEN_EPS | SB_GIVEN_DELTA)) return;
    const sb_parameters *at = q->parameters;
    fmpq_t exact;
    arb_t needed;
    fmpq_init(exact);
    arb_init(needed);
    if (sb_moment_needed_sum_exact(exact, limit, q->hypothesis, at->radius, at->delta)) {
        sb_table_own(table, C_NEEDED, sb_rational_decimal(exact, digits, -1));
    } else {
        sb_moment_needed_sum(needed, limit, q->hypothesis, at->radius, at->delta, ball_precision(q));
        sb_table_own(table, C_NEEDED, sb_decimal_lower(needed, digits));
    }
    fmpq_clear(exact);
    arb_clear(needed);
}

/* lo and hi of eps_most or delta_least */
static sb_status set_answer(sb_table *table, const question *q, const sb_moment_limit *limit, int radius,
                            sb_error *error) {
    sb_moment_question about = {.limit = limit, .hypothesis = q->hypothesis};
    int digits = q->noise->digits;
    sb_status status = SB_OK;
    fmpq_t exact;
    arb_t value;
    fmpq_init(about.given);
    fmpq_init(exact);
    arb_init(value);
    fmpq_set(about.given, radius ? q->parameters->delta : q->parameters->radius);
    if (!limit->size) {
        sb_table_set(table, C_LO, radius ? "inf" : "0");
        sb_table_set(table, C_HI, radius ? "inf" : "0");
    } else if (radius ? sb_moment_largest_radius_exact(exact, &about)
                      : sb_moment_least_delta_exact(exact, &about)) {
        sb_table_own(table, C_LO, sb_rational_decimal(exact, digits, -1));
        sb_table_own(table, C_HI, sb_rational_decimal(exact, digits, 1));
    } else {
        status = sb_enclose(value, radius ? sb_moment_largest_radius : sb_moment_least_delta, &about, digits,
                            error);
        set_ball(table, value, digits);
    }
    fmpq_clear(about.given);
    fmpq_clear(exact);
    arb_clear(value);
    return status;
}

/* ------------------------------------------------------------------ rows */
static sb_status answer_rows(sb_check_noise_rows *rows, const question *q, sb_error *error) {
    const sb_moment_limit *limit = &q->noise->limit;
    const char *source = sb_moment_limit_source(limit);
    sb_table *table = &rows->table;
    sb_status status = SB_OK;
    if (q->given == (SB_GIVEN_EPS | SB_GIVEN_DELTA)) {
        int refuted =
            sb_moment_limit_excludes(limit, q->hypothesis, q->parameters->radius, q->parameters->delta);
        rows->refuted |= refuted;
        start_row(table, q, "promise", "necessary", source);
        if (limit->size) {
            set_limit(table, q, limit);
            set_coordinates(table, q->noise, sb_moment_limit_support(limit));
        }
        sb_table_set(table, C_VERDICT, verdict_word(refuted));
    }
    for (int radius = 1; radius >= 0 && !status; radius--) {
        if (!(q->given & (radius ? SB_GIVEN_DELTA : SB_GIVEN_EPS))) continue;
        start_row(table, q, radius ? "eps_most" : "delta_least", "necessary", source);
        if (limit->size) {
            set_limit(table, q, limit);
            set_coordinates(table, q->noise, sb_moment_limit_support(limit));
        }
        status = set_answer(table, q, limit, radius, error);
    }
    return status;
}

/* What N(0, diag(b)) keeps: the eps at delta, and the delta at eps. */
static void gaussian_rows(sb_table *table, const question *q) {
    slong precision = ball_precision(q);
    arb_t value, ratio;
    if (!has_gaussian(q->noise)) return;
    arb_init(value);
    arb_init(ratio);
    if (q->given & SB_GIVEN_DELTA) {
        sb_diagonal_gaussian_radius(value, q->noise->sensitivity, q->hypothesis, q->parameters->delta,
                                    precision);
        start_row(table, q, "eps_promised", "sufficient", "gaussian-exact");
        set_ball(table, value, q->noise->digits);
    }
    if (q->given & SB_GIVEN_EPS) {
        arb_sqrt(ratio, q->noise->sensitivity, precision);
        arb_set_fmpq(value, q->parameters->radius, precision);
        arb_mul(ratio, ratio, value, precision);
        if (q->hypothesis == SB_SHARP_TV)
            sb_gaussian_total_variation(value, ratio, precision);
        else
            sb_gaussian_criterion(value, ratio, precision);
        start_row(table, q, "delta_promised", "sufficient", "gaussian-exact");
        arb_one(ratio);
        sb_table_own(table, C_LO, sb_decimal_lower(value, q->noise->digits));
        if (arb_lt(value, ratio))
            sb_table_own(table, C_HI, sb_decimal_upper(value, q->noise->digits));
        else
            sb_table_set(table, C_HI, "1"); /* the ball reaches beyond it */
    }
    arb_clear(value);
    arb_clear(ratio);
}

static sb_status prefix_row(sb_table *table, const question *q, const sb_moment_limit *limit,
                            sb_error *error) {
    start_row(table, q, "prefix", "necessary", "sharp-3.7");
    set_limit(table, q, limit);
    if (q->given == (SB_GIVEN_EPS | SB_GIVEN_DELTA))
        sb_table_set(table, C_VERDICT,
                     verdict_word(sb_moment_limit_excludes(limit, q->hypothesis, q->parameters->radius,
                                                           q->parameters->delta)));
    return set_answer(table, q, limit, (q->given & SB_GIVEN_DELTA) != 0, error);
}

sb_status sb_check_noise_rows_add(sb_check_noise_rows *rows, const sb_check_noise_case *noise,
                                  const sb_parameters *parameters, unsigned given, int prefixes,
                                  sb_error *error) {
    question q = {noise, parameters, given,
                  noise->promise == SB_PROMISE_TV ? SB_SHARP_TV
                  : noise->symmetric              ? SB_SHARP_SYMMETRIC
                                                  : SB_SHARP_ROBUST};
    sb_status status = answer_rows(rows, &q, error);
    if (status) return status;
    gaussian_rows(&rows->table, &q);
    for (size_t i = 0; prefixes && i < noise->prefix_count && !status; i++)
        status = prefix_row(&rows->table, &q, &noise->prefix[i], error);
    return status;
}

const char *sb_check_noise_cell(const sb_check_noise_rows *rows, size_t first, size_t end,
                                const char *quantity, const char *key) {
    const sb_table *table = &rows->table;
    size_t j = 0;
    while (j < table->column_count && strcmp(table->column[j].key, key) != 0) j++;
    for (size_t i = first; i < end && j < table->column_count; i++) {
        char *const *row = table->cell + i * table->column_count;
        if (row[C_QUANTITY] && strcmp(row[C_QUANTITY], quantity) == 0) return row[j];
    }
    return NULL;
}
