/* The values are those of bounds/bound_list.h; the settings are the images and radii of the literature on
   certified robustness, and for each both a moderate delta and one near an end. */
#include "paper_tables/gap.h"

#include "bounds/bound_list.h"
#include "support/text.h"

#include <stdlib.h>

static const struct {
    const char *what, *dimension, *norm, *radius, *delta;
} setting[] = {
    {"CIFAR-10", "3x32x32", "inf", "2/255", "1/2"},   {"CIFAR-10", "3x32x32", "inf", "2/255", "99/100"},
    {"CIFAR-10", "3x32x32", "inf", "8/255", "1/10"},  {"ImageNet", "3x224x224", "inf", "8/255", "1/10"},
    {"ImageNet", "3x224x224", "inf", "8/255", "1/2"}, {"ImageNet", "3x224x224", "inf", "2/255", "9/10"},
    {"MNIST", "28x28", "inf", "3/10", "1/2"},         {"CIFAR-10", "3x32x32", "2", "1/2", "1/2"},
    {"ImageNet", "3x224x224", "2", "1", "1/2"},       {"CIFAR-10", "3x32x32", "4", "1/10", "1/2"},
};

enum { TABLE, WHAT, D, P, EPS, DELTA, PAPER, SHARP, BEST, SOURCE, GAUSSIAN, COROLLARY, PAPER_RATIO, RATIO };

static const sb_column column[] = {{"table", "table", SB_COLUMN_DATA},
                                   {"what", "images", 0},
                                   {"d", "d", SB_COLUMN_RIGHT},
                                   {"p", "p", SB_COLUMN_RIGHT},
                                   {"eps", "eps", SB_COLUMN_RIGHT},
                                   {"delta", "delta", SB_COLUMN_RIGHT},
                                   {"paper_lo", "Theorem 1.2", SB_COLUMN_RIGHT},
                                   {"sharp_lo", "its sharp form", SB_COLUMN_RIGHT},
                                   {"best_lo", "best necessary", SB_COLUMN_RIGHT},
                                   {"source", "by", 0},
                                   {"gaussian_hi", "Gaussian", SB_COLUMN_RIGHT},
                                   {"paper_hi", "Corollary B.3", SB_COLUMN_RIGHT},
                                   {"paper_ratio", "ratio, paper", SB_COLUMN_RIGHT},
                                   {"ratio", "ratio", SB_COLUMN_RIGHT}};

enum { PAPER_ROW, SHARP_ROW, GAUSSIAN_ROW, COROLLARY_ROW, BEST_ROW, VALUES };

static sb_status evaluate(arb_ptr value, const sb_bound **best, const sb_parameters *parameters, int digits,
                          sb_error *error) {
    static const char *const source[] = {"thm-1.2", "sharp-1.2", "gaussian-exact", "cor-B.3"};
    sb_status status = SB_OK;
    for (int i = 0; i < BEST_ROW && !status; i++)
        status = sb_bound_evaluate(value + i, sb_bound_find(source[i], "rms"), parameters, digits, error);
    return status ? status
                  : sb_bound_best_necessary(value + BEST_ROW, best, parameters, SB_PROMISE_TV, digits, error);
}

static char *ratio(const arb_t sufficient, const arb_t necessary, int digits) {
    arb_t quotient;
    arb_init(quotient);
    arb_div(quotient, sufficient, necessary, 128);
    char *result = sb_decimal_upper(quotient, digits);
    arb_clear(quotient);
    return result;
}

static sb_status add_row(sb_table *table, size_t i, int digits, sb_error *error) {
    sb_parameters parameters;
    const sb_bound *best = NULL;
    arb_ptr value = _arb_vec_init(VALUES);
    sb_parameters_init(&parameters);
    sb_status status = sb_parameters_parse(&parameters, setting[i].dimension, setting[i].norm,
                                           setting[i].radius, setting[i].delta, error);
    if (!status) status = evaluate(value, &best, &parameters, digits, error);
    if (!status) {
        int few = digits < 4 ? digits : 4;
        sb_table_row(table);
        sb_table_set(table, TABLE, "gap");
        sb_table_set(table, WHAT, setting[i].what);
        sb_table_setf(table, D, "%llu", (unsigned long long)parameters.dimension);
        sb_table_set(table, P, setting[i].norm);
        sb_table_set(table, EPS, setting[i].radius);
        sb_table_set(table, DELTA, setting[i].delta);
        sb_table_own(table, PAPER, sb_decimal_lower(value + PAPER_ROW, digits));
        sb_table_own(table, SHARP, sb_decimal_lower(value + SHARP_ROW, digits));
        sb_table_own(table, BEST, sb_decimal_lower(value + BEST_ROW, digits));
        sb_table_set(table, SOURCE, best->statement);
        sb_table_own(table, GAUSSIAN, sb_decimal_upper(value + GAUSSIAN_ROW, digits));
        sb_table_own(table, COROLLARY, sb_decimal_upper(value + COROLLARY_ROW, digits));
        sb_table_own(table, PAPER_RATIO, ratio(value + COROLLARY_ROW, value + PAPER_ROW, few));
        sb_table_own(table, RATIO, ratio(value + GAUSSIAN_ROW, value + BEST_ROW, few));
    }
    sb_parameters_clear(&parameters);
    _arb_vec_clear(value, VALUES);
    return status;
}

sb_status sb_table_gap(sb_table *table, const sb_paper_table_options *options,
                       sb_paper_table_outcome *outcome, sb_error *error) {
    sb_table_init(table, "smoothbound/table/1", column, sizeof column / sizeof column[0]);
    table->caption =
        "rms noise per coordinate for TV(D, D+v) <= delta over |v|_p <= eps: what is necessary (rounded "
        "down), what suffices (rounded up), and their ratio";
    *outcome = (sb_paper_table_outcome){0};
    sb_status status = SB_OK;
    for (size_t i = 0; i < sizeof setting / sizeof setting[0] && !status; i++)
        status = add_row(table, i, options->digits, error);
    return status;
}
