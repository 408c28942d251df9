/* Measured means carry an interval by the central limit theorem, where the law is known to have the moments
   for it or, for a file, may have them; tails carry one by Clopper and Pearson. A comparison with a bound
   carries only an upper end. */
#include "cli/sample_rows.h"

#include "support/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    C_NOISE,
    C_INPUT,
    C_D,
    C_P,
    C_EPS,
    C_DELTA,
    C_QUANTITY,
    C_S,
    C_RANK,
    C_N,
    C_SEED,
    C_ESTIMATE,
    C_LO,
    C_HI,
    C_KNOWN,
    C_NEEDED,
    C_SOURCE,
    C_VERDICT,
    C_CONFIDENCE,
    C_VALIDITY,
    C_NOTE
};

static const sb_column column[] = {{"noise", "noise", SB_COLUMN_DATA},
                                   {"input", "input", SB_COLUMN_DATA},
                                   {"d", "d", SB_COLUMN_DATA},
                                   {"p", "p", SB_COLUMN_DATA},
                                   {"eps", "eps", SB_COLUMN_DATA},
                                   {"delta", "delta", SB_COLUMN_DATA},
                                   {"quantity", "quantity", SB_COLUMN_MATH},
                                   {"s", "s", SB_COLUMN_RIGHT},
                                   {"rank", "rank", SB_COLUMN_RIGHT},
                                   {"n", "n", SB_COLUMN_DATA | SB_COLUMN_NUMBER},
                                   {"seed", "seed", SB_COLUMN_DATA | SB_COLUMN_NUMBER},
                                   {"estimate", "estimate", SB_COLUMN_RIGHT},
                                   {"lo", "at least", SB_COLUMN_RIGHT},
                                   {"hi", "at most", SB_COLUMN_RIGHT},
                                   {"known", "known", SB_COLUMN_RIGHT},
                                   {"needed", "needed", SB_COLUMN_RIGHT},
                                   {"source", "source", 0},
                                   {"verdict", "verdict", 0},
                                   {"confidence", "confidence", SB_COLUMN_DATA},
                                   {"validity", "interval", 0},
                                   {"note", "note", 0}};

void sb_sample_rows_init(sb_sample_rows *rows) {
    memcpy(rows->column, column, sizeof column);
    sb_table_init(&rows->table, "smoothbound/sample/1", rows->column, sizeof column / sizeof column[0]);
}

void sb_sample_rows_clear(sb_sample_rows *rows) {
    sb_table_clear(&rows->table);
}

static char *confidence_text(const sb_sample_report *report) {
    fmpq_t confidence;
    fmpq_init(confidence);
    sb_rational_complement(confidence, report->alpha);
    char *text = sb_rational_decimal(confidence, 12, -1);
    fmpq_clear(confidence);
    return text;
}

char *sb_sample_verdict_word(const sb_sample_report *report, int refuted) {
    if (!refuted) return sb_duplicate("consistent");
    char *confidence = confidence_text(report);
    char *word = confidence ? sb_format("refuted at confidence %s", confidence) : NULL;
    free(confidence);
    return word;
}

/* ------------------------------------------------------------------ cells */
/* A double rounded to the digits: down (-1), up (1) or to nearest (0); nothing where it is not finite. */
static void set_double(sb_table *table, size_t column_index, double value, int digits, int direction) {
    arb_t ball;
    if (!isfinite(value)) return;
    arb_init(ball);
    arb_set_d(ball, value);
    sb_table_own(table, column_index,
                 direction < 0   ? sb_decimal_lower(ball, digits)
                 : direction > 0 ? sb_decimal_upper(ball, digits)
                                 : sb_decimal_nearest(ball, digits));
    arb_clear(ball);
}

/* The true value, "inf" where it diverges; nothing where it is not known. */
static void set_known(sb_table *table, const arb_t known, int digits) {
    if (arb_is_finite(known))
        sb_table_own(table, C_KNOWN, sb_decimal_nearest(known, digits));
    else if (arf_is_pos_inf(arb_midref(known)))
        sb_table_set(table, C_KNOWN, "inf");
}

static void start_row(sb_table *table, const sb_sample_report *report, const sb_sample_statistics *s,
                      const char *quantity) {
    sb_table_row(table);
    if (report->noise)
        sb_table_own(table, C_NOISE, sb_noise_spec_print(report->noise));
    else
        sb_table_set(table, C_INPUT, report->input);
    sb_table_setf(table, C_D, "%llu", (unsigned long long)s->dimension);
    sb_table_set(table, C_QUANTITY, quantity);
    sb_table_setf(table, C_N, "%llu", (unsigned long long)s->count);
    sb_table_setf(table, C_SEED, "%llu", (unsigned long long)report->seed);
    sb_table_own(table, C_CONFIDENCE, confidence_text(report));
}

/* ------------------------------------------------------------------ what is known */
/* value := E|eta_1|^order; order in units of 1. */
static void known_moment(arb_t value, const sb_sample_report *report, uint64_t dimension, slong order) {
    fmpq_t k;
    fmpq_init(k);
    fmpq_set_si(k, order, 1);
    sb_noise_absolute_moment(value, report->noise, dimension, k, 128);
    fmpq_clear(k);
}

/* E||X|| in the norm of the level sets of a radial law, at its scale. */
static void known_norm(arb_t value, const sb_noise_spec *noise, uint64_t dimension) {
    fmpq_t one;
    arb_t scale;
    fmpq_init(one);
    arb_init(scale);
    fmpq_one(one);
    noise->family->radial->norm_moment(value, noise, dimension, one, 128);
    sb_noise_scale(scale, noise, dimension, 128);
    if (arb_is_finite(value)) arb_mul(value, value, scale, 128);
    fmpq_clear(one);
    arb_clear(scale);
}

typedef enum { SQUARE, NORM, LARGEST } variable;

/* The mean of ||eta||_2^2, ||eta||_2 or max|eta_i|; NaN where no formula is at hand, +inf where it diverges.
 */
static void known_mean(arb_t value, const sb_sample_report *report, variable which, uint64_t dimension) {
    const sb_radial_law *radial = report->noise->family->radial;
    arb_t first;
    arb_init(first);
    known_moment(first, report, dimension, 1);
    if (which == SQUARE) {
        known_moment(value, report, dimension, 2);
        arb_mul_ui(value, value, dimension, 128);
    } else if (dimension == 1 ||
               !arb_is_finite(first)) { /* all three norms lie between E|eta_1| and d E|eta_1| */
        arb_set(value, first);
    } else if (radial && radial->norm_moment && radial->infinity_norm == (which == LARGEST)) {
        known_norm(value, report->noise, dimension);
    } else {
        arb_indeterminate(value);
    }
    arb_clear(first);
}

/* Why the known noise has no interval for a variable (its square has the mean of order 4 or 2), or NULL. */
static const char *no_interval(const sb_sample_report *report, variable which, uint64_t dimension) {
    if (!report->noise) return NULL;
    arb_t mean, square;
    arb_init(mean);
    arb_init(square);
    known_moment(mean, report, dimension, which == SQUARE ? 2 : 1);
    known_moment(square, report, dimension, which == SQUARE ? 4 : 2);
    const char *why = !arb_is_finite(mean)    ? "this moment is infinite: no estimate"
                      : arb_is_finite(square) ? NULL
                      : which == SQUARE       ? "no interval: E eta_i^4 is infinite"
                                              : "no interval: E eta_i^2 is infinite";
    arb_clear(mean);
    arb_clear(square);
    return why;
}

/* ------------------------------------------------------------------ rows */
static void set_interval(sb_table *table, const sb_sample_report *report, double low, double high) {
    if (!isfinite(low) || !isfinite(high)) return;
    set_double(table, C_LO, low, report->digits, -1);
    set_double(table, C_HI, high, report->digits, 1);
    sb_table_set(table, C_VALIDITY, "asymptotic");
}

static void mean_row(sb_table *table, const sb_sample_report *report, const sb_sample_statistics *s,
                     variable which) {
    static const char *const name[] = {"E||eta||_2^2", "E||eta||_2", "E max|eta_i|"};
    const sb_running_mean *mean = which == SQUARE ? &s->square : which == NORM ? &s->norm : &s->largest;
    const char *why = no_interval(report, which, s->dimension);
    start_row(table, report, s, name[which]);
    if (!why || strstr(why, "no interval")) set_double(table, C_ESTIMATE, mean->mean, report->digits, 0);
    if (!isfinite(mean->mean)) why = "overflow: values beyond 1e154";
    double low, high;
    fmpq_t alpha;
    fmpq_init(alpha);
    fmpq_set(alpha, report->alpha);
    sb_mean_interval(mean, fmpq_get_d(alpha), &low, &high);
    fmpq_clear(alpha);
    if (!why)
        set_interval(table, report, low, high);
    else
        sb_table_set(table, C_NOTE, why);
    if (!report->noise) return;
    arb_t known;
    arb_init(known);
    known_mean(known, report, which, s->dimension);
    set_known(table, known, report->digits);
    arb_clear(known);
}

static int larger_first(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* Sorted second moments: ranks 1, the middle and d, with intervals that hold for all coordinates at once
   (union bound): the r-th largest of all lower ends bounds the r-th largest second moment, and so do the
   upper ends. */
static sb_status coordinate_rows(sb_table *table, const sb_sample_report *report,
                                 const sb_sample_statistics *s, sb_error *error) {
    size_t d = (size_t)s->dimension;
    double *mean = malloc(3 * d * sizeof *mean), alpha = fmpq_get_d(report->alpha) / (double)d;
    if (!mean) return sb_fail_memory(error);
    double *low = mean + d, *high = mean + 2 * d;
    for (size_t i = 0; i < d; i++) {
        double n = (double)s->count;
        sb_running_mean x = {s->count, s->second[i], n * fmax(0, s->fourth[i] - s->second[i] * s->second[i])};
        mean[i] = x.mean;
        sb_mean_interval(&x, alpha, &low[i], &high[i]);
    }
    for (int k = 0; k < 3; k++) qsort(mean + (size_t)k * d, d, sizeof *mean, larger_first);
    const char *why = no_interval(report, SQUARE, s->dimension);
    size_t rank[] = {1, (d + 1) / 2, d};
    for (size_t k = 0; k < 3; k++) {
        if (k && rank[k] == rank[k - 1]) continue;
        start_row(table, report, s, "E[eta_i^2]");
        sb_table_setf(table, C_RANK, "%zu", rank[k]);
        if (!why || strstr(why, "no interval"))
            set_double(table, C_ESTIMATE, mean[rank[k] - 1], report->digits, 0);
        if (!why)
            set_interval(table, report, low[rank[k] - 1], high[rank[k] - 1]);
        else
            sb_table_set(table, C_NOTE, why);
        if (!report->noise) continue;
        arb_t known;
        arb_init(known);
        known_moment(known, report, s->dimension, 2);
        set_known(table, known, report->digits);
        arb_clear(known);
    }
    free(mean);
    return SB_OK;
}

static sb_status tail_row(sb_table *table, const sb_sample_report *report, const sb_sample_statistics *s,
                          size_t k, sb_error *error) {
    arb_t low, high, threshold;
    fmpq_t s_value;
    arb_init(low);
    arb_init(high);
    arb_init(threshold);
    fmpq_init(s_value);
    sb_status status = sb_sample_tail_interval(low, high, s, k, report->alpha, report->digits, error);
    if (!status) {
        start_row(table, report, s, "tail");
        arb_set_d(threshold, s->threshold[k]);
        arf_get_fmpq(s_value, arb_midref(threshold));
        sb_table_own(table, C_S, sb_rational_decimal(s_value, report->digits < 9 ? 9 : report->digits, 0));
        set_double(table, C_ESTIMATE, (double)s->beyond[k] / (double)s->trials, report->digits, 0);
        sb_table_own(table, C_LO, sb_decimal_lower(low, report->digits));
        sb_table_own(table, C_HI, sb_decimal_upper(high, report->digits));
        sb_table_set(table, C_VALIDITY, "exact");
        if (report->noise) {
            sb_noise_tail(low, report->noise, s->dimension, threshold, 128);
            set_known(table, low, report->digits);
        }
    }
    arb_clear(low);
    arb_clear(high);
    arb_clear(threshold);
    fmpq_clear(s_value);
    return status;
}

static void verdict_row(sb_table *table, const sb_sample_report *report, const sb_sample_statistics *s,
                        const sb_sample_verdict *verdict, const sb_sample_comparison *x) {
    start_row(table, report, s, x->bound->quantity);
    sb_table_own(table, C_P, sb_exact_print(&report->parameters->norm));
    sb_table_own(table, C_EPS, sb_rational_print(report->parameters->radius));
    sb_table_own(table, C_DELTA, sb_rational_print(report->parameters->delta));
    if (x->rank) sb_table_setf(table, C_RANK, "%llu", (unsigned long long)x->rank);
    if (isfinite(x->upper)) set_double(table, C_ESTIMATE, x->measured, report->digits, 0);
    set_double(table, C_HI, x->upper, report->digits, 1);
    sb_table_own(table, C_NEEDED,
                 x->rational ? sb_rational_decimal(x->exact, report->digits, -1)
                             : sb_decimal_lower(x->needed, report->digits));
    sb_table_set(table, C_SOURCE, x->bound->source);
    sb_table_own(table, C_VERDICT, sb_sample_verdict_word(report, x->refuted));
    if (isfinite(x->upper))
        sb_table_set(table, C_VALIDITY, verdict->exact ? "exact, joint" : "asymptotic, joint");
    else
        sb_table_set(table, C_NOTE, verdict->exact ? "no upper bound: an infinite moment" : "no upper bound");
}

sb_status sb_sample_rows_fill(sb_sample_rows *rows, const sb_sample_report *report,
                              const sb_sample_statistics *statistics, const sb_sample_verdict *verdict,
                              int every_threshold, sb_error *error) {
    enum { MOST_TAILS = 12 };
    sb_table *table = &rows->table;
    for (variable which = SQUARE; which <= LARGEST; which++) mean_row(table, report, statistics, which);
    sb_status status = coordinate_rows(table, report, statistics, error);
    for (size_t k = 0, shown = 0; k < statistics->threshold_count && !status; k++) {
        uint64_t beyond = statistics->beyond[k];
        int telling = beyond > 0 && (double)beyond < 0.95 * (double)statistics->trials && shown < MOST_TAILS;
        if (!telling && !every_threshold) continue;
        shown++;
        status = tail_row(table, report, statistics, k, error);
    }
    for (size_t i = 0; verdict && i < verdict->count && !status; i++)
        verdict_row(table, report, statistics, verdict, &verdict->row[i]);
    return status;
}
