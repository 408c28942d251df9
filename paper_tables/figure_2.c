/* The plotted values are multiples of 1/500 printed with three places, so that recomputation has to agree
 * exactly. */
#include "paper_tables/figure_2.h"

#include "distributions/binomial.h"
#include "nn/authors_logs.h"
#include "paper_tables/published.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE, SIZE, RADIUS, PUBLISHED, RECOMPUTED, COUNT, IMAGES, LO, HI, VERDICT, READING };
static const sb_column column[] = {{"table", "table", SB_COLUMN_DATA},
                                   {"size", "size", SB_COLUMN_NUMBER},
                                   {"radius", "radius", SB_COLUMN_RIGHT},
                                   {"published", "plotted", SB_COLUMN_RIGHT},
                                   {"recomputed", "recomputed", SB_COLUMN_RIGHT},
                                   {"count", "count", SB_COLUMN_NUMBER},
                                   {"n", "images", SB_COLUMN_NUMBER},
                                   {"lo", "from", SB_COLUMN_RIGHT},
                                   {"hi", "to", SB_COLUMN_RIGHT},
                                   {"verdict", "verdict", 0},
                                   {"reading", "reading", SB_COLUMN_WRAP}};

enum { SIZE_CELL, RADIUS_CELL, ACCURACY_CELL };
static const char *const heading[] = {"size", "radius", "accuracy", NULL};

typedef struct {
    sb_certification_log log[3];
    int found[3];
} three_logs;

static const sb_authors_log which[3] = {SB_AUTHORS_32, SB_AUTHORS_48, SB_AUTHORS_64};

static size_t log_of_size(const char *size) {
    for (size_t i = 0; i < 3; i++)
        if ((unsigned long)sb_authors_log_facts_of(which[i])->size == strtoul(size, NULL, 10)) return i;
    return 3;
}

static sb_status recomputed_cells(sb_table *table, const sb_certification_log *log, const char *radius_text,
                                  const char *published, sb_verdict *verdict, sb_error *error) {
    arb_t low, high;
    fmpq_t radius, printed, value;
    int places;
    arb_init(low);
    arb_init(high);
    fmpq_init(radius);
    fmpq_init(printed);
    fmpq_init(value);
    sb_status status = sb_published_decimal(radius_text, radius, &places, error);
    if (!status) status = sb_published_decimal(published, printed, &places, error);
    if (!status) {
        size_t count = sb_certified_count(log, radius, NULL);
        fmpq_set_si(value, 1, 20);
        status = sb_clopper_pearson_interval(low, high, log->count, count, value, 12, error);
        fmpq_set_si(value, (slong)count, log->count);
        fmpq_canonicalise(value);
        *verdict = fmpq_equal(value, printed) ? SB_REPRODUCED : SB_DIFFERS;
        sb_table_own(table, RECOMPUTED, sb_fixed_decimal_rational(value, 4, 0));
        sb_table_setf(table, COUNT, "%zu", count);
        sb_table_setf(table, IMAGES, "%zu", log->count);
        sb_table_own(table, LO, sb_fixed_decimal(low, 4, -1));
        sb_table_own(table, HI, sb_fixed_decimal(high, 4, 1));
    }
    arb_clear(low);
    arb_clear(high);
    fmpq_clear(radius);
    fmpq_clear(printed);
    fmpq_clear(value);
    return status;
}

static sb_status one_row(sb_table *table, const sb_published *p, size_t row, const three_logs *logs,
                         sb_paper_table_outcome *outcome, sb_error *error) {
    const char *size = sb_published_cell(p, row, SIZE_CELL), *radius = sb_published_cell(p, row, RADIUS_CELL);
    const char *published = sb_published_cell(p, row, ACCURACY_CELL);
    size_t i = log_of_size(size);
    if (i == 3) return sb_fail(error, SB_BAD_INPUT, "figure_2.tsv: size '%.20s' is none of 32, 48, 64", size);
    sb_verdict verdict = SB_SKIPPED;
    sb_table_row(table);
    sb_table_set(table, TABLE, "figure-2");
    sb_table_set(table, SIZE, size);
    sb_table_set(table, RADIUS, radius);
    sb_table_set(table, PUBLISHED, published);
    sb_status status = SB_OK;
    if (logs->found[i]) {
        status = recomputed_cells(table, &logs->log[i], radius, published, &verdict, error);
        sb_table_set(table, READING, "correct and logged radius >= radius");
    } else {
        sb_table_setf(table, READING, "log %s is not at hand", sb_authors_log_facts_of(which[i])->name);
    }
    sb_table_set(table, VERDICT, sb_verdict_name(verdict));
    sb_paper_table_note(outcome, verdict);
    return status;
}

sb_status sb_table_figure_2(sb_table *table, const sb_paper_table_options *options,
                            sb_paper_table_outcome *outcome, sb_error *error) {
    sb_table_init(table, "smoothbound/table/1", column, sizeof column / sizeof column[0]);
    table->caption = "Figure 2: certified accuracy for three input sizes, as plotted and recomputed "
                     "(from..to: 95 % Clopper-Pearson interval)";
    *outcome = (sb_paper_table_outcome){0};
    three_logs logs = {0};
    sb_published published = {0};
    sb_status status =
        options->logs_directory ? sb_authors_logs_check(options->logs_directory, error) : SB_OK;
    for (size_t i = 0; !status && options->logs_directory && i < 3; i++)
        status = sb_authors_log_read(&logs.log[i], options->logs_directory, which[i], &logs.found[i], error);
    if (!status) status = sb_published_read(&published, "figure_2.tsv", heading, error);
    for (size_t row = 0; !status && row < published.rows; row++)
        status = one_row(table, &published, row, &logs, outcome, error);
    for (size_t i = 0; i < 3; i++) sb_certification_log_clear(&logs.log[i]);
    sb_published_clear(&published);
    return status;
}
