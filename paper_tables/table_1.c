/* Published and recomputed side by side. "Certified at 2/255" has two readings, because the log prints three
   digits: radius >= 2/255 exactly, and radius >= 0.00784, which is 2/255 as the log would print it. Both
   round to what was published. */
#include "paper_tables/table_1.h"

#include "distributions/binomial.h"
#include "nn/authors_logs.h"
#include "paper_tables/published.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE, METHOD, QUANTITY, PUBLISHED, RECOMPUTED, COUNT, IMAGES, LO, HI, VERDICT, READING };
static const sb_column column[] = {{"table", "table", SB_COLUMN_DATA},
                                   {"method", "method", 0},
                                   {"quantity", "quantity", 0},
                                   {"published", "published %", SB_COLUMN_RIGHT},
                                   {"recomputed", "recomputed %", SB_COLUMN_RIGHT},
                                   {"count", "count", SB_COLUMN_NUMBER},
                                   {"n", "images", SB_COLUMN_NUMBER},
                                   {"lo", "from %", SB_COLUMN_RIGHT},
                                   {"hi", "to %", SB_COLUMN_RIGHT},
                                   {"verdict", "verdict", 0},
                                   {"reading", "reading, or source", SB_COLUMN_WRAP}};

enum { METHOD_CELL, CERTIFIED_CELL, NATURAL_CELL, CITATION_CELL };
static const char *const heading[] = {"method", "certified", "natural", "citation", NULL};

typedef struct {
    sb_table *table;
    sb_paper_table_outcome *outcome;
    sb_error *error;
} writer;

static void start_row(writer *w, const char *method, const char *quantity, const char *published,
                      sb_verdict verdict, const char *reading) {
    sb_table_row(w->table);
    sb_table_set(w->table, TABLE, "1");
    sb_table_set(w->table, METHOD, method);
    sb_table_set(w->table, QUANTITY, quantity);
    if (published) sb_table_set(w->table, PUBLISHED, published);
    sb_table_set(w->table, VERDICT, sb_verdict_name(verdict));
    sb_table_set(w->table, READING, reading);
    sb_paper_table_note(w->outcome, verdict);
}

/* 100 count / n to two places, and the Clopper-Pearson interval in per cent, outward */
static sb_status recomputed_cells(writer *w, size_t count, size_t images) {
    arb_t low, high;
    fmpq_t value;
    arb_init(low);
    arb_init(high);
    fmpq_init(value);
    fmpq_set_si(value, 1, 20);
    sb_status status = sb_clopper_pearson_interval(low, high, images, count, value, 12, w->error);
    if (!status) {
        arb_mul_ui(low, low, 100, 128);
        arb_mul_ui(high, high, 100, 128);
        fmpq_set_si(value, (slong)(100 * count), images);
        fmpq_canonicalise(value);
        sb_table_own(w->table, RECOMPUTED, sb_fixed_decimal_rational(value, 2, 0));
        sb_table_setf(w->table, COUNT, "%zu", count);
        sb_table_setf(w->table, IMAGES, "%zu", images);
        sb_table_own(w->table, LO, sb_fixed_decimal(low, 2, -1));
        sb_table_own(w->table, HI, sb_fixed_decimal(high, 2, 1));
    }
    arb_clear(low);
    arb_clear(high);
    fmpq_clear(value);
    return status;
}

/* Whether the recomputed value lies half-way between the printed one and a neighbour. */
static int is_tie(const fmpq_t value, const fmpq_t printed, int places) {
    fmpq_t unit;
    fmpq_init(unit);
    fmpq_set_si(unit, 10, 1);
    fmpq_pow_si(unit, unit, places);
    fmpq_mul(unit, unit, value);
    fmpq_mul_2exp(unit, unit, 1);
    int tie = fmpz_is_one(fmpq_denref(unit)) && fmpz_is_odd(fmpq_numref(unit)) &&
              sb_agrees_with_printed(value, printed, places);
    fmpq_clear(unit);
    return tie;
}

/* One number against the published one. */
static sb_status compare(writer *w, const char *method, const char *quantity, const char *published,
                         size_t count, size_t images, const char *reading) {
    fmpq_t printed, value;
    fmpq_init(printed);
    fmpq_init(value);
    int places;
    sb_status status = sb_published_decimal(published, printed, &places, w->error);
    if (!status) {
        fmpq_set_si(value, (slong)(100 * count), images);
        fmpq_canonicalise(value);
        sb_verdict verdict = sb_agrees_with_printed(value, printed, places) ? SB_REPRODUCED : SB_DIFFERS;
        char *text = sb_format(
            "%s%s", reading,
            is_tie(value, printed, places) ? "; half-way between two roundings, so within half a unit" : "");
        start_row(w, method, quantity, published, verdict, text ? text : reading);
        free(text);
        status = recomputed_cells(w, count, images);
    }
    fmpq_clear(printed);
    fmpq_clear(value);
    return status;
}

static const char *const certified = "certified at 2/255", *const natural = "natural";

static void rows_without_log(writer *w, const sb_published *p, size_t row, sb_verdict verdict,
                             const char *why) {
    const char *method = sb_published_cell(p, row, METHOD_CELL);
    start_row(w, method, certified, sb_published_cell(p, row, CERTIFIED_CELL), verdict, why);
    start_row(w, method, natural, sb_published_cell(p, row, NATURAL_CELL), verdict, why);
}

static sb_status trades_rows(writer *w, const sb_published *p, size_t row, const sb_certification_log *log) {
    const char *method = sb_published_cell(p, row, METHOD_CELL),
               *printed = sb_published_cell(p, row, CERTIFIED_CELL);
    fmpq_t radius;
    fmpq_init(radius);
    fmpq_set_si(radius, 2, 255);
    sb_status status = compare(w, method, certified, printed, sb_certified_count(log, radius, NULL),
                               log->count, "correct and logged radius >= 2/255 exactly");
    fmpq_set_si(radius, 784, 100000);
    fmpq_canonicalise(radius);
    if (!status)
        status = compare(w, method, certified, printed, sb_certified_count(log, radius, NULL), log->count,
                         "correct and logged radius >= 0.00784, which is 2/255 as the log prints it");
    if (!status)
        status = compare(
            w, method, natural, sb_published_cell(p, row, NATURAL_CELL), sb_natural_count(log), log->count,
            "correct at any radius, abstentions count as errors; the authors' README prints 78.7");
    fmpq_clear(radius);
    return status;
}

static sb_status salman_rows(writer *w, const sb_published *p, size_t row, const sb_certification_log *log) {
    const char *method = sb_published_cell(p, row, METHOD_CELL);
    fmpq_t radius;
    sb_divisor divisor;
    fmpq_init(radius);
    sb_divisor_init(&divisor);
    sb_authors_log_divisor(&divisor, SB_AUTHORS_SALMAN);
    fmpq_set_si(radius, 2, 255);
    sb_status status = compare(w, method, certified, sb_published_cell(p, row, CERTIFIED_CELL),
                               sb_certified_count(log, radius, &divisor), log->count,
                               "correct and logged l_2 radius >= (2/255) sqrt(3072); a log of Cohen's rule");
    if (!status)
        status = compare(w, method, natural, sb_published_cell(p, row, NATURAL_CELL), sb_natural_count(log),
                         log->count, "correct at any radius");
    fmpq_clear(radius);
    sb_divisor_clear(&divisor);
    return status;
}

/* The log beside the authors' own that carries Salman's name. */
static sb_status broken_row(writer *w, const sb_certification_log *log) {
    start_row(w, log->name, natural, NULL, SB_SKIPPED,
              "not compared: so low a natural accuracy shows a failed run; the paper used Salman et al.'s "
              "own log instead");
    return recomputed_cells(w, sb_natural_count(log), log->count);
}

static sb_status rows_from_log(writer *w, const sb_published *p, size_t row, const char *directory,
                               sb_authors_log which) {
    sb_certification_log log;
    int found = 0;
    sb_status status = sb_authors_log_read(&log, directory, which, &found, w->error);
    if (!status && found) {
        if (which == SB_AUTHORS_FULL_32)
            status = trades_rows(w, p, row, &log);
        else if (which == SB_AUTHORS_SALMAN)
            status = salman_rows(w, p, row, &log);
        else
            status = broken_row(w, &log);
    } else if (!status && which == SB_AUTHORS_FULL_32) {
        char *why = sb_format("%s is not in %s", sb_authors_log_facts_of(which)->name, directory);
        rows_without_log(w, p, row, SB_SKIPPED, why ? why : "its log is missing");
        free(why);
    } else if (!status && which == SB_AUTHORS_SALMAN) {
        rows_without_log(w, p, row, SB_QUOTED, sb_published_cell(p, row, CITATION_CELL));
    }
    sb_certification_log_clear(&log);
    return status;
}

static sb_status all_rows(writer *w, const sb_published *p, const char *directory) {
    sb_status status = SB_OK;
    for (size_t row = 0; !status && row < p->rows; row++) {
        const char *method = sb_published_cell(p, row, METHOD_CELL);
        int trades = strncmp(method, "TRADES", 6) == 0, salman = strncmp(method, "Salman", 6) == 0;
        if (directory && (trades || salman)) {
            status = rows_from_log(w, p, row, directory, trades ? SB_AUTHORS_FULL_32 : SB_AUTHORS_SALMAN);
            if (!status && salman) status = rows_from_log(w, p, row, directory, SB_AUTHORS_BROKEN_SALMAN);
        } else if (trades) {
            rows_without_log(w, p, row, SB_SKIPPED, "no logs given (--logs DIR)");
        } else {
            rows_without_log(w, p, row, SB_QUOTED, sb_published_cell(p, row, CITATION_CELL));
        }
    }
    return status;
}

sb_status sb_table_1(sb_table *table, const sb_paper_table_options *options, sb_paper_table_outcome *outcome,
                     sb_error *error) {
    sb_table_init(table, "smoothbound/table/1", column, sizeof column / sizeof column[0]);
    table->caption = "Table 1: l_inf accuracy on CIFAR-10, published and recomputed (from..to: 95 % "
                     "Clopper-Pearson interval)";
    *outcome = (sb_paper_table_outcome){0};
    sb_published published = {0};
    sb_status status =
        options->logs_directory ? sb_authors_logs_check(options->logs_directory, error) : SB_OK;
    if (!status) status = sb_published_read(&published, "table_1.tsv", heading, error);
    writer w = {table, outcome, error};
    if (!status) status = all_rows(&w, &published, options->logs_directory);
    sb_published_clear(&published);
    return status;
}
