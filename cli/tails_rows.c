/* An interval of s is given by its certain part [lo, hi], and by the ends below and above which the
   inequality certainly fails: fails_below <= lo <= hi <= fails_above. */
#include "cli/tails_rows.h"

#include "bounds/dimension_law.h"
#include "bounds/heavy_tail.h"
#include "cli/bound_text.h"
#include "distributions/power_tail.h"
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
    C_CONSTANT,
    C_QUANTITY,
    C_SOURCE,
    C_SENSE,
    C_S,
    C_K,
    C_ESTIMATE,
    C_LO,
    C_HI,
    C_BELOW,
    C_ABOVE,
    C_POWER,
    C_TAIL,
    C_EXCESS,
    C_EXCESS_LO,
    C_EXCESS_HI,
    C_CONFIDENCE,
    C_NOTE
};

static const sb_column column[] = {{"noise", "noise", SB_COLUMN_DATA},
                                   {"input", "input", SB_COLUMN_DATA},
                                   {"d", "d", SB_COLUMN_DATA},
                                   {"p", "p", SB_COLUMN_DATA},
                                   {"eps", "eps", SB_COLUMN_DATA},
                                   {"delta", "delta", SB_COLUMN_DATA},
                                   {"constant", "c", SB_COLUMN_DATA},
                                   {"quantity", "quantity", SB_COLUMN_MATH},
                                   {"source", "source", SB_COLUMN_DATA},
                                   {"sense", "sense", SB_COLUMN_DATA},
                                   {"s", "s", SB_COLUMN_RIGHT},
                                   {"k", "k", SB_COLUMN_RIGHT},
                                   {"estimate", "estimate", SB_COLUMN_RIGHT},
                                   {"lo", "at least", SB_COLUMN_RIGHT},
                                   {"hi", "at most", SB_COLUMN_RIGHT},
                                   {"fails_below", "fails below", SB_COLUMN_RIGHT},
                                   {"fails_above", "fails above", SB_COLUMN_RIGHT},
                                   {"power", "(q/s)^alpha", SB_COLUMN_RIGHT},
                                   {"tail", "Pr(|zeta|>s)", SB_COLUMN_RIGHT},
                                   {"mean_excess", "mean excess", SB_COLUMN_RIGHT},
                                   {"mean_excess_lo", "at least", SB_COLUMN_RIGHT},
                                   {"mean_excess_hi", "at most", SB_COLUMN_RIGHT},
                                   {"confidence", "confidence", SB_COLUMN_DATA},
                                   {"note", "note", 0}};

void sb_tails_rows_init(sb_tails_rows *rows) {
    memcpy(rows->column, column, sizeof column);
    sb_table_init(&rows->table, "smoothbound/tails/1", rows->column, sizeof column / sizeof column[0]);
}

void sb_tails_rows_clear(sb_tails_rows *rows) {
    sb_table_clear(&rows->table);
}

/* ------------------------------------------------------------------ a noise */
void sb_tails_case_init(sb_tails_case *tails) {
    memset(tails, 0, sizeof *tails);
    sb_tail_set_init(&tails->set);
    sb_tv_result_init(&tails->distance);
}

void sb_tails_case_clear(sb_tails_case *tails) {
    sb_tail_set_clear(&tails->set);
    sb_tv_result_clear(&tails->distance);
    free(tails->no_distance);
}

/* 1: certainly at most delta; 0: certainly above. */
static int at_most(const arb_t x, const fmpq_t delta) {
    arb_t bar;
    arb_init(bar);
    arb_set_fmpq(bar, delta, 256);
    int result = arb_le(x, bar) ? 1 : arb_gt(x, bar) ? 0 : -1;
    arb_clear(bar);
    return result;
}

/* TV(D, D + v) at v with equal coordinates and |v|_p = eps; where that cannot be had, the reason. */
static sb_status find_distance(sb_tails_case *tails, int jobs, int (*proceed)(void), sb_error *error) {
    const sb_parameters *parameters = tails->parameters;
    sb_shift shift;
    sb_tv_options options;
    sb_shift_init(&shift);
    sb_tv_options_init(&options);
    options.digits = tails->digits;
    options.jobs = jobs;
    options.proceed = proceed;
    sb_status status =
        sb_shift_set_equal(&shift, parameters->dimension, &parameters->norm, parameters->radius, error);
    if (!status) status = sb_total_variation(&tails->distance, tails->noise, &shift, &options, error);
    tails->holds = -1;
    if (!status) {
        tails->holds = at_most(tails->distance.total_variation, parameters->delta);
    } else if (status == SB_OUTSIDE || status == SB_UNDECIDED) {
        tails->no_distance = sb_duplicate(error->message);
        status = tails->no_distance ? SB_OK : sb_fail_memory(error);
    }
    sb_shift_clear(&shift);
    return status;
}

sb_status sb_tails_case_find(sb_tails_case *tails, int jobs, int (*proceed)(void), sb_error *error) {
    sb_status status =
        sb_tail_set_find(&tails->set, tails->noise, tails->parameters, tails->constant, tails->digits, error);
    return status ? status : find_distance(tails, jobs, proceed, error);
}

/* ------------------------------------------------------------------ cells */
static void start_row(sb_table *table, const sb_tails_case *tails, const char *quantity, const char *source,
                      const char *sense) {
    sb_table_row(table);
    sb_table_own(table, C_NOISE, sb_noise_spec_print(tails->noise));
    sb_table_setf(table, C_D, "%llu", (unsigned long long)tails->parameters->dimension);
    sb_table_own(table, C_P, sb_exact_print(&tails->parameters->norm));
    sb_table_own(table, C_EPS, sb_rational_print(tails->parameters->radius));
    sb_table_own(table, C_DELTA, sb_rational_print(tails->parameters->delta));
    sb_table_own(table, C_CONSTANT, sb_rational_print(tails->constant));
    sb_table_set(table, C_QUANTITY, quantity);
    sb_table_set(table, C_SOURCE, source);
    sb_table_set(table, C_SENSE, sense);
}

static void set_ball(sb_table *table, const arb_t ball, int digits) {
    sb_table_own(table, C_LO, sb_decimal_lower(ball, digits));
    sb_table_own(table, C_HI, sb_decimal_upper(ball, digits));
}

static void distance_row(sb_table *table, const sb_tails_case *tails) {
    static const char *const word[] = {"not decided: TV <= delta at the equal shift",
                                       "fails: TV > delta at the equal shift",
                                       "holds: TV <= delta at the equal shift"};
    start_row(table, tails, "TV", "thm-1.3",
              tails->distance.certified || tails->no_distance ? "exact" : "sampled");
    if (!tails->no_distance) set_ball(table, tails->distance.total_variation, tails->digits);
    sb_table_set(table, C_NOTE, tails->no_distance ? tails->no_distance : word[tails->holds + 1]);
}

static void interval_row(sb_table *table, const sb_tails_case *tails, const sb_tail_interval *x) {
    start_row(table, tails, "s", "thm-1.3-tail", "exact");
    if (x->from_threshold) sb_table_set(table, C_NOTE, "from q on");
    sb_table_own(table, C_LO, sb_decimal_upper(x->low, tails->digits));
    sb_table_own(table, C_BELOW, sb_decimal_lower(x->low, tails->digits));
    if (x->unbounded) {
        sb_table_set(table, C_HI, "inf");
        return;
    }
    sb_table_own(table, C_HI, sb_decimal_lower(x->high, tails->digits));
    sb_table_own(table, C_ABOVE, sb_decimal_upper(x->high, tails->digits));
}

/* power := (q/s)^alpha */
static void power_at(arb_t power, const sb_tail_set *set, const fmpq_t s) {
    fmpq_t ratio;
    fmpq_init(ratio);
    fmpq_div(ratio, set->threshold, s);
    arb_set_fmpq(power, ratio, 192);
    arb_pow_fmpq(power, power, set->exponent, 192);
    fmpq_clear(ratio);
}

/* The bound for all s, beside the noise's own tail and the inequality of Theorem 1.3. */
static void threshold_row(sb_table *table, const sb_tails_case *tails, const fmpq_t s) {
    arb_t bound, tail, power, x;
    arb_init(bound);
    arb_init(tail);
    arb_init(power);
    arb_init(x);
    start_row(table, tails, "tail", "tail-all-s", "necessary");
    sb_table_own(table, C_S, sb_rational_print(s));
    sb_tail_all_s(bound, tails->parameters, s, 192);
    arb_max(bound, bound, x, 192); /* 0: below it the bound says nothing */
    sb_table_own(table, C_LO, sb_decimal_lower(bound, tails->digits));
    arb_set_fmpq(x, s, 192);
    sb_noise_tail(tail, tails->noise, tails->parameters->dimension, x, 192);
    sb_table_own(table, C_TAIL, sb_decimal_nearest(tail, tails->digits));
    if (fmpq_cmp(s, tails->set.threshold) > 0) {
        power_at(power, &tails->set, s);
        sb_table_own(table, C_POWER, sb_decimal_nearest(power, tails->digits));
        sb_table_set(table, C_NOTE,
                     arb_ge(tail, power)   ? "inequality holds"
                     : arb_lt(tail, power) ? "inequality fails"
                                           : "equal to the working precision");
    } else {
        sb_table_set(table, C_NOTE, "s <= q");
    }
    arb_clear(bound);
    arb_clear(tail);
    arb_clear(power);
    arb_clear(x);
}

/* The median bound, and the noise's own median of |zeta|. */
static void median_row(sb_table *table, const sb_tails_case *tails) {
    arb_t bound, u;
    arb_init(bound);
    arb_init(u);
    start_row(table, tails, "median", "tail-all-s", "necessary");
    sb_tail_median(bound, tails->parameters, 192);
    arb_max(bound, bound, u, 192);
    sb_table_own(table, C_LO, sb_decimal_lower(bound, tails->digits));
    arb_set_d(u, 0.75);
    sb_noise_quantile(bound, tails->noise, 1, u, 128);
    if (arb_is_finite(bound)) sb_table_own(table, C_ESTIMATE, sb_decimal_nearest(bound, tails->digits));
    arb_clear(bound);
    arb_clear(u);
}

sb_status sb_tails_rows_fill(sb_tails_rows *rows, const sb_tails_case *tails, sb_error *error) {
    sb_table *table = &rows->table;
    (void)error;
    distance_row(table, tails);
    start_row(table, tails, "q", "thm-1.3-tail", "exact");
    sb_table_own(table, C_LO, sb_rational_decimal(tails->set.threshold, tails->digits, -1));
    sb_table_own(table, C_HI, sb_rational_decimal(tails->set.threshold, tails->digits, 1));
    for (size_t i = 0; i < tails->set.interval_count; i++)
        interval_row(table, tails, &tails->set.interval[i]);
    for (size_t i = 0; i < tails->set.unsettled_count; i++) {
        start_row(table, tails, "s", "thm-1.3-tail", "exact");
        set_ball(table, tails->set.unsettled + i, tails->digits);
        sb_table_set(table, C_NOTE, "not settled in this range");
    }
    if (!tails->set.interval_count && !tails->set.unsettled_count) {
        start_row(table, tails, "s", "thm-1.3-tail", "exact");
        sb_table_set(table, C_NOTE, "no s > q satisfies the inequality");
    }
    median_row(table, tails);
    for (size_t i = 0; i < tails->at->count; i++) threshold_row(table, tails, tails->at->item[i].value);
    return SB_OK;
}

/* ------------------------------------------------------------------ for people */
static void hypothesis_text(sb_text *out, const sb_tails_case *tails) {
    if (tails->no_distance) {
        sb_text_format(out, "  hypothesis   not decided: %s\n", tails->no_distance);
        return;
    }
    char *low = sb_decimal_lower(tails->distance.total_variation, tails->digits);
    char *high = sb_decimal_upper(tails->distance.total_variation, tails->digits);
    sb_text_format(out, "  hypothesis   %s: TV(D, D+v) in [%s, %s] for v = (h, ..., h), |v|_p = eps\n",
                   tails->holds > 0    ? "holds"
                   : tails->holds == 0 ? "FAILS"
                                       : "not decided",
                   low ? low : "?", high ? high : "?");
    free(low);
    free(high);
}

static void interval_text(sb_text *out, const sb_tail_interval *x, int digits, const char *before) {
    char *low = sb_decimal_upper(x->low, digits), *high = sb_decimal_lower(x->high, digits);
    char *below = sb_decimal_lower(x->low, digits), *above = sb_decimal_upper(x->high, digits);
    if (!low || !high || !below || !above) {
        out->failed = 1;
    } else if (x->unbounded) {
        sb_text_format(out, "%sfor all s %s %s%s%s\n", before, x->from_threshold ? "> q, q =" : ">=", low,
                       x->from_threshold ? "" : "; fails below ", x->from_threshold ? "" : below);
    } else if (x->from_threshold) {
        sb_text_format(out, "%sfor all s from q to %s; fails above %s\n", before, high, above);
    } else {
        sb_text_format(out, "%sfor %s <= s <= %s; fails below %s and above %s\n", before, low, high, below,
                       above);
    }
    free(low);
    free(high);
    free(below);
    free(above);
}

/* Whether some part of the noise has a power tail. */
static int is_power(const sb_noise_spec *noise) {
    fmpq_t index;
    arb_t limit;
    fmpq_init(index);
    arb_init(limit);
    int result = sb_power_tail(index, limit, noise, 64);
    for (size_t i = 0; i < noise->component_count; i++)
        result |= sb_power_tail(index, limit, &noise->component[i], 64);
    fmpq_clear(index);
    arb_clear(limit);
    return result;
}

/* What does not follow. */
static void conclusion_text(sb_text *out, const sb_tails_case *tails, size_t width) {
    const sb_tail_set *set = &tails->set;
    const sb_tail_interval *last = set->interval_count ? &set->interval[set->interval_count - 1] : NULL;
    sb_text line;
    sb_text_init(&line);
    if (tails->holds > 0 && last && !last->unbounded && !is_power(tails->noise)) {
        arb_t s, tail;
        arb_init(s);
        arb_init(tail);
        arb_mul_2exp_si(s, last->high, 1);
        sb_noise_tail(tail, tails->noise, 1, s, 128);
        char *name = sb_noise_spec_print(tails->noise), *upper = sb_decimal_upper(tail, 3),
             *place = sb_decimal_upper(s, 4);
        sb_text_format(
            &line,
            "%s satisfies the inequality and is not heavy-tailed: Pr(|zeta| > %s) <= %s. So the paper's "
            "\"in other words, D' is heavy-tailed\" does not follow; the inequality is about some s > q "
            "only.",
            name ? name : "?", place ? place : "?", upper ? upper : "?");
        free(name);
        free(upper);
        free(place);
        arb_clear(s);
        arb_clear(tail);
    } else if (last && last->unbounded) {
        sb_text_append(&line,
                       "This noise has a tail at least as heavy as s^-alpha, so that the inequality holds "
                       "far out; that does not "
                       "follow from the theorem, which Gaussian and bounded uniform noise satisfy too.");
    } else {
        sb_text_append(&line, "The inequality is about some s > q only: it does not make D' heavy-tailed "
                              "(try gaussian and uniform "
                              "noise).");
    }
    sb_text_paragraph(out, line.data, 0, width, 0);
    sb_text_clear(&line);
}

static void all_s_text(sb_text *out, const sb_tails_case *tails) {
    arb_t bound, u;
    arb_init(bound);
    arb_init(u);
    sb_tail_median(bound, tails->parameters, 192);
    arb_max(bound, bound, u, 192);
    char *least = sb_decimal_lower(bound, tails->digits);
    arb_set_d(u, 0.75);
    sb_noise_quantile(bound, tails->noise, 1, u, 128);
    char *own = arb_is_finite(bound) ? sb_decimal_nearest(bound, tails->digits) : NULL;
    sb_text_format(out,
                   "  for all s    Pr(|zeta| > s) >= 1 - (floor(2s/h) + 1) sqrt(1 - (1-delta)^(2/d)), h = "
                   "eps d^(-1/p)%s\n"
                   "  median       of |zeta| >= %s by that%s%s%s\n",
                   tails->holds ? "" : ", if the hypothesis held", least ? least : "?", own ? "; it is " : "",
                   own ? own : "", own ? " for this noise" : "");
    free(least);
    free(own);
    arb_clear(bound);
    arb_clear(u);
}

static sb_status at_text(sb_text *out, const sb_tails_case *tails, size_t width, sb_error *error) {
    sb_tails_rows rows;
    if (!tails->at->count) return SB_OK;
    sb_tails_rows_init(&rows);
    rows.column[C_LO].title = "bound for all s";
    for (size_t i = 0; i < tails->at->count; i++) threshold_row(&rows.table, tails, tails->at->item[i].value);
    sb_hide_empty_columns(&rows.table, rows.column);
    rows.column[C_QUANTITY].flags |= SB_COLUMN_DATA;
    sb_text_append(out, "\n");
    sb_status status = sb_table_print(&rows.table, SB_FORMAT_TEXT, width, out, error);
    sb_tails_rows_clear(&rows);
    return status;
}

void sb_tails_text(sb_text *out, const sb_tails_case *tails, const sb_common_options *common) {
    size_t width = sb_cli_width(common);
    const sb_tail_set *set = &tails->set;
    char *name = sb_noise_spec_print(tails->noise),
         *q = sb_rational_decimal(set->threshold, tails->digits, 0);
    char *alpha = sb_rational_print(set->exponent), *c = sb_rational_print(tails->constant);
    sb_text_format(out, "%s in every coordinate; ", name ? name : "?");
    sb_parameter_line(out, tails->parameters, NULL);
    sb_text_append(out, "\n\n");
    hypothesis_text(out, tails);
    sb_text_format(out,
                   "  Theorem 1.3  Pr(|zeta| > s) >= (q/s)^alpha for some s > q, alpha = %s, q = c eps "
                   "(1-delta)/delta = %s, c = %s\n",
                   alpha ? alpha : "?", q ? q : "?", c ? c : "?");
    for (size_t i = 0; i < set->interval_count; i++)
        interval_text(out, &set->interval[i], tails->digits,
                      i ? "               and " : "               holds ");
    if (!set->interval_count && !set->unsettled_count)
        sb_text_append(out, "               holds for no s > q\n");
    if (set->unsettled_count)
        sb_text_format(out, "               not settled in %zu narrow range%s of s\n", set->unsettled_count,
                       set->unsettled_count > 1 ? "s" : "");
    all_s_text(out, tails);
    if (at_text(out, tails, width, NULL)) out->failed = 1;
    sb_text_append(out, "\n");
    conclusion_text(out, tails, width);
    free(name);
    free(q);
    free(alpha);
    free(c);
}

/* ------------------------------------------------------------------ samples */
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

static void sample_row(sb_table *table, const char *input, const sb_tail_point *point, const fmpq_t alpha,
                       double z, int digits) {
    arb_t low, high;
    fmpq_t confidence;
    arb_init(low);
    arb_init(high);
    fmpq_init(confidence);
    sb_table_row(table);
    sb_table_set(table, C_INPUT, input);
    sb_table_set(table, C_QUANTITY, "tail index");
    set_double(table, C_S, point->threshold, digits, 0);
    sb_table_setf(table, C_K, "%llu", (unsigned long long)point->k);
    set_double(table, C_ESTIMATE, 1 / point->hill, digits, 0);
    sb_hill_interval(low, high, point, alpha);
    sb_table_own(table, C_LO, sb_decimal_lower(low, digits));
    sb_table_own(table, C_HI, sb_decimal_upper(high, digits));
    set_double(table, C_EXCESS, point->mean_excess, digits, 0);
    double half = z * point->deviation / sqrt((double)point->k);
    set_double(table, C_EXCESS_LO, point->mean_excess - half, digits, -1);
    set_double(table, C_EXCESS_HI, point->mean_excess + half, digits, 1);
    sb_rational_complement(confidence, alpha);
    sb_table_own(table, C_CONFIDENCE, sb_rational_decimal(confidence, 12, -1));
    arb_clear(low);
    arb_clear(high);
    fmpq_clear(confidence);
}

sb_status sb_tails_rows_samples(sb_tails_rows *rows, const char *input, const sb_largest *sorted,
                                const fmpq_t alpha, int digits, sb_error *error) {
    static const uint64_t step[] = {1, 2, 5};
    uint64_t most = sorted->seen / 5 < sorted->count - 1 ? sorted->seen / 5 : sorted->count - 1;
    if (sorted->seen < 50)
        return sb_fail(error, SB_BAD_INPUT, "%s: %llu values; the tail is looked at from 50 on", input,
                       (unsigned long long)sorted->seen);
    arb_t z;
    fmpq_t half;
    arb_init(z);
    fmpq_init(half);
    fmpq_div_2exp(half, alpha, 1);
    sb_rational_complement(half, half);
    arb_set_fmpq(z, half, 64);
    sb_normal_quantile(z, z, 64);
    rows->column[C_S].title = "u";
    rows->column[C_ESTIMATE].title = "tail index";
    for (uint64_t power = 10; power <= most; power *= 10)
        for (size_t i = 0; i < 3 && step[i] * power <= most; i++) {
            sb_tail_point point;
            if (sb_tail_point_at(&point, sorted, step[i] * power))
                sample_row(&rows->table, input, &point, alpha, arf_get_d(arb_midref(z), ARF_RND_NEAR),
                           digits);
        }
    arb_clear(z);
    fmpq_clear(half);
    if (!rows->table.row_count)
        return sb_fail(error, SB_BAD_INPUT, "%s: the largest values are all equal, or 0: they have no tail",
                       input);
    return SB_OK;
}
