/* smoothbound curve: certified accuracy from certification logs. */
#include "cli/options.h"
#include "distributions/binomial.h"
#include "nn/accuracy_curve.h"
#include "support/enclosure.h"
#include "support/progress.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEY_RADII = SB_KEY_OWN,
    KEY_DIVIDE,
    KEY_SIGMA,
    KEY_SAMPLES,
    KEY_SELECTION,
    KEY_ALPHA,
    KEY_RULE,
    KEY_CLASSES,
    KEY_RADIUS_DIGITS,
    KEY_SUMMARY
};

typedef struct {
    sb_common_options common;
    const char *radii, *divide, *dimension, *sigma, *samples, *selection, *alpha, *rule, *classes,
        *radius_digits;
    int summary;
    char **file;
    size_t file_count;
} curve_options;

static const struct argp_option option[] = {
    {"radii", KEY_RADII, "LIST", 0,
     "radii, such as natural,0,2/255,0.001:0.009:0.001; natural counts every correct image", 0},
    {"divide-by", KEY_DIVIDE, "WHAT", 0,
     "divide the logged radii by sqrt-d (from l_2 to l_inf) or by a number", 0},
    {"dim", 'd', "D", 0,
     "input dimension; without --divide-by sqrt-d it says that the logged radii are divided already", 0},
    {"summary", KEY_SUMMARY, 0, 0, "with json or csv: one row a log instead of the curve", 0},
    {0, 0, 0, 0, "How the logs were made (one value, or one for each log):", 1},
    {"sigma", KEY_SIGMA, "S", 0, "standard deviation of the Gaussian noise: prints the sampling ceiling", 1},
    {"n", KEY_SAMPLES, "N", 0, "samples that certified (100000)", 1},
    {"n0", KEY_SELECTION, "N", 0, "samples that chose the classes (1000); they enter no bound", 1},
    {"alpha", KEY_ALPHA, "A", 0, "failure probability of a confidence bound (0.001)", 1},
    {"rule", KEY_RULE, "RULE", 0,
     "read logs of the two-class rule again under cohen or two-class-bonferroni (needs --sigma); "
     "two-class-as-published is unsound",
     1},
    {"classes", KEY_CLASSES, "K", 0, "number of classes, for two-class-bonferroni (10)", 1},
    {"radius-digits", KEY_RADIUS_DIGITS, "N", 0, "significant digits of the logged radii (3)", 1},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    curve_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        return 0;
    case KEY_RADII:
        o->radii = text;
        return 0;
    case KEY_DIVIDE:
        o->divide = text;
        return 0;
    case 'd':
        o->dimension = text;
        return 0;
    case KEY_SUMMARY:
        o->summary = 1;
        return 0;
    case KEY_SIGMA:
        o->sigma = text;
        return 0;
    case KEY_SAMPLES:
        o->samples = text;
        return 0;
    case KEY_SELECTION:
        o->selection = text;
        return 0;
    case KEY_ALPHA:
        o->alpha = text;
        return 0;
    case KEY_RULE:
        o->rule = text;
        return 0;
    case KEY_CLASSES:
        o->classes = text;
        return 0;
    case KEY_RADIUS_DIGITS:
        o->radius_digits = text;
        return 0;
    case ARGP_KEY_ARG:
        o->file[o->file_count++] = text;
        return 0; /* there is room for every word */
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child child[] = {{&sb_common_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    option,
    parse,
    "LOG...",
    "Certified accuracy from certification logs (idx label predict radius correct time), with 95 % "
    "Clopper-Pearson intervals rounded "
    "outward: the share of all images that are classified correctly with a radius of at least r.",
    child,
    0,
    0};

/* ------------------------------------------------------------------ one log and what is known of it */
typedef struct {
    sb_certification_log log;
    sb_sampling sampling;
    sb_divisor shown, total; /* of the logged radii; of the l_2 radii */
    sb_reread_log reread;
    int is_reread;
} curve_log;

typedef struct {
    const curve_options *options;
    sb_certificate_rule rule;
    curve_log *log;
    size_t count;
    sb_curve_radii radii;
    int decimals;
} curve;

static sb_status positive_number(const char *name, const char *text, sb_exact *number, sb_error *error) {
    sb_status status = sb_exact_parse(name, text, number, error);
    return status ? status : sb_cli_check_positive(name, text, number, error);
}

static sb_status one_each(const char *name, size_t values, size_t logs, sb_error *error) {
    if (values == 1 || values == logs) return SB_OK;
    return sb_fail(error, SB_BAD_INPUT, "%s: %zu values for %zu logs (give one, or one for each)", name,
                   values, logs);
}

static sb_status read_sigma(curve *c, sb_error *error) {
    if (!c->options->sigma) return SB_OK;
    sb_exact_list list;
    sb_status status = sb_exact_list_parse("--sigma", c->options->sigma, &list, error);
    if (!status) status = one_each("--sigma", list.count, c->count, error);
    for (size_t i = 0; !status && i < c->count; i++) {
        const sb_exact *sigma = &list.item[list.count > 1 ? i : 0];
        status = sb_cli_check_positive("--sigma", c->options->sigma, sigma, error);
        fmpq_set(c->log[i].sampling.sigma, sigma->value);
    }
    sb_exact_list_clear(&list);
    return status;
}

static sb_status read_divisors(curve *c, sb_error *error) {
    const curve_options *o = c->options;
    int by_root = o->divide && strcmp(o->divide, "sqrt-d") == 0;
    sb_dimension_list dimension = {NULL, 0};
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = SB_OK;
    if (by_root && !o->dimension)
        status = sb_fail(error, SB_BAD_INPUT, "--divide-by sqrt-d needs the dimension, -d");
    if (!status && o->divide && !by_root) status = positive_number("--divide-by", o->divide, &number, error);
    if (!status && o->dimension) status = sb_dimension_list_parse("-d", o->dimension, &dimension, error);
    if (!status && o->dimension) status = one_each("-d", dimension.count, c->count, error);
    for (size_t i = 0; !status && i < c->count; i++) {
        curve_log *l = &c->log[i];
        if (o->dimension)
            sb_divisor_sqrt_dimension(by_root ? &l->shown : &l->sampling.logged,
                                      dimension.item[dimension.count > 1 ? i : 0]);
        if (o->divide && !by_root) sb_divisor_number(&l->shown, number.value);
        sb_divisor_product(&l->total, &l->shown, &l->sampling.logged);
    }
    sb_exact_clear(&number);
    sb_dimension_list_clear(&dimension);
    return status;
}

/* As sb_cli_read_whole; an absent text leaves the value. */
static sb_status whole(const char *name, const char *text, uint64_t most, uint64_t *value, sb_error *error) {
    return text ? sb_cli_read_whole(name, text, most, value, error) : SB_OK;
}

static sb_status read_sampling(curve *c, sb_error *error) {
    const curve_options *o = c->options;
    uint64_t samples = 100000, selection = 1000, classes = 10, digits = 3;
    sb_exact alpha;
    sb_exact_init(&alpha);
    fmpq_set_si(alpha.value, 1, 1000);
    sb_status status = whole("--n", o->samples, SB_TRIALS_LIMIT, &samples, error);
    if (!status) status = whole("--n0", o->selection, SB_TRIALS_LIMIT, &selection, error);
    if (!status) status = whole("--classes", o->classes, 1000000, &classes, error);
    if (!status) status = whole("--radius-digits", o->radius_digits, 12, &digits, error);
    if (!status && classes < 2)
        status = sb_fail(error, SB_BAD_INPUT, "--classes '%.40s': must be at least 2", o->classes);
    if (!status && o->alpha) status = positive_number("--alpha", o->alpha, &alpha, error);
    if (!status && fmpq_cmp_ui(alpha.value, 1) >= 0)
        status = sb_fail(error, SB_BAD_INPUT, "--alpha '%.60s': must be below 1", o->alpha);
    for (size_t i = 0; i < c->count; i++) {
        fmpq_set(c->log[i].sampling.alpha, alpha.value);
        c->log[i].sampling.samples = samples;
        c->log[i].sampling.classes = (int)classes;
        c->log[i].sampling.radius_digits = (int)digits;
    }
    sb_exact_clear(&alpha);
    if (!status) status = read_sigma(c, error);
    return status ? status : read_divisors(c, error);
}

static sb_status read_rule(curve *c, sb_error *error) {
    if (!c->options->rule) return SB_OK;
    sb_status status = sb_certificate_rule_parse(c->options->rule, &c->rule, error);
    if (!status && !c->options->sigma && c->rule != SB_RULE_TWO_CLASS_AS_PUBLISHED)
        status = sb_fail(error, SB_BAD_INPUT, "--rule %s needs --sigma", c->options->rule);
    return status;
}

static sb_status read_radii(curve *c, sb_error *error) {
    if (c->options->radii) return sb_curve_radii_parse(&c->radii, "--radii", c->options->radii, error);
    double largest = 0;
    arb_t divisor;
    fmpq_t radius;
    arb_init(divisor);
    fmpq_init(radius);
    for (size_t i = 0; i < c->count; i++) {
        sb_divisor_ball(divisor, &c->log[i].shown, 64);
        sb_largest_radius(radius, &c->log[i].log);
        double shown = fmpq_get_d(radius) / arf_get_d(arb_midref(divisor), ARF_RND_NEAR);
        if (shown > largest) largest = shown;
    }
    arb_clear(divisor);
    fmpq_clear(radius);
    return sb_curve_radii_default(&c->radii, largest, error);
}

static int proceed(void *context, size_t done, size_t total) {
    (void)total;
    sb_progress_update(context, (double)done, NULL);
    return !sb_cli_interrupted();
}

static sb_status read_again(curve *c, sb_error *error) {
    sb_status status = SB_OK;
    if (c->rule != SB_RULE_COHEN && c->rule != SB_RULE_TWO_CLASS_BONFERRONI) return status;
    sb_cli_catch_interrupts();
    for (size_t i = 0; !status && i < c->count; i++) {
        curve_log *l = &c->log[i];
        char *made_under = sb_certification_log_value(&l->log, "rule");
        if (made_under)
            status = sb_fail(error, SB_BAD_INPUT,
                             "%s: its header says rule '%.60s'; --rule reads logs of the two-class rule that "
                             "have no header",
                             l->log.path, made_under);
        free(made_under);
        if (status) break;
        sb_progress progress;
        sb_progress_start(&progress, sb_cli_progress(&c->options->common), l->log.name,
                          (double)l->log.count + 1);
        status = sb_reread(&l->reread, &l->log, &l->sampling, c->rule, proceed, &progress, error);
        sb_progress_finish(&progress);
        l->is_reread = 1;
    }
    return status;
}

static sb_status curve_init(curve *c, const curve_options *options, sb_error *error) {
    *c = (curve){.options = options, .rule = SB_RULE_AS_PRINTED, .decimals = 4};
    sb_curve_radii_init(&c->radii);
    if (options->common.digits_text) c->decimals = options->common.digits;
    if (!options->file_count) return sb_fail(error, SB_BAD_INPUT, "which log? (see --help)");
    c->log = calloc(options->file_count, sizeof *c->log);
    if (!c->log) return sb_fail_memory(error);
    for (; c->count < options->file_count; c->count++) {
        curve_log *l = &c->log[c->count];
        sb_certification_log_init(&l->log);
        sb_sampling_init(&l->sampling);
        sb_divisor_init(&l->shown);
        sb_divisor_init(&l->total);
        sb_reread_log_init(&l->reread);
    }
    sb_status status = read_rule(c, error);
    if (!status) status = read_sampling(c, error);
    for (size_t i = 0; !status && i < c->count; i++) {
        status = sb_certification_log_read(&c->log[i].log, options->file[i], error);
        if (!status && !c->log[i].log.count)
            status = sb_fail(error, SB_BAD_INPUT, "%s: holds no images", options->file[i]);
    }
    if (!status) status = read_radii(c, error);
    return status ? status : read_again(c, error);
}

static void curve_clear(curve *c) {
    for (size_t i = 0; i < c->count; i++) {
        curve_log *l = &c->log[i];
        sb_certification_log_clear(&l->log);
        sb_sampling_clear(&l->sampling);
        sb_divisor_clear(&l->shown);
        sb_divisor_clear(&l->total);
        sb_reread_log_clear(&l->reread);
    }
    free(c->log);
    sb_curve_radii_clear(&c->radii);
}

/* ------------------------------------------------------------------ tables */
enum { LOG, RADIUS, IMAGES, COUNT, COUNT_LO, COUNT_HI, ACCURACY, ACCURACY_LO, ACCURACY_HI, LO, HI, RULE };
static const sb_column data_column[] = {{"log", "log", 0},
                                        {"radius", "radius", 0},
                                        {"n", "n", SB_COLUMN_NUMBER},
                                        {"count", "count", SB_COLUMN_NUMBER},
                                        {"count_lo", "count", SB_COLUMN_NUMBER},
                                        {"count_hi", "count", SB_COLUMN_NUMBER},
                                        {"accuracy", "accuracy", 0},
                                        {"accuracy_lo", "accuracy", 0},
                                        {"accuracy_hi", "accuracy", 0},
                                        {"lo", "lo", 0},
                                        {"hi", "hi", 0},
                                        {"rule", "rule", 0}};

static sb_status compute(const curve *c, size_t log, size_t radius, sb_curve_point *point, sb_error *error) {
    const curve_log *l = &c->log[log];
    return sb_curve_point_compute(point, &l->log, l->is_reread ? &l->reread : NULL,
                                  l->is_reread ? &l->total : &l->shown, &c->radii.item[radius], c->decimals,
                                  error);
}

static void data_row(const curve *c, sb_table *table, size_t log, size_t radius,
                     const sb_curve_point *point) {
    sb_table_row(table);
    sb_table_set(table, LOG, c->log[log].log.name);
    sb_table_set(table, RADIUS, c->radii.item[radius].label);
    sb_table_setf(table, IMAGES, "%zu", point->images);
    if (c->log[log].is_reread) {
        sb_table_setf(table, COUNT_LO, "%zu", point->lowest);
        sb_table_setf(table, COUNT_HI, "%zu", point->highest);
        sb_table_set(table, ACCURACY_LO, point->accuracy_lowest);
        sb_table_set(table, ACCURACY_HI, point->accuracy_highest);
    } else {
        sb_table_setf(table, COUNT, "%zu", point->lowest);
        sb_table_set(table, ACCURACY, point->accuracy_lowest);
    }
    sb_table_set(table, LO, point->low);
    sb_table_set(table, HI, point->high);
    if (c->rule != SB_RULE_AS_PRINTED) sb_table_set(table, RULE, sb_certificate_rule_name(c->rule));
}

static sb_status data_table(const curve *c, sb_text *out, sb_error *error) {
    sb_column column[sizeof data_column / sizeof data_column[0]];
    size_t count = sizeof data_column / sizeof data_column[0];
    memcpy(column, data_column, sizeof column);
    int again = c->log[0].is_reread; /* columns that are empty throughout stay out of a CSV file too */
    for (size_t j = 0; j < count; j++)
        if (again ? j == COUNT || j == ACCURACY
                  : j == COUNT_LO || j == COUNT_HI || j == ACCURACY_LO || j == ACCURACY_HI)
            column[j].flags |= SB_COLUMN_READER;
    if (c->rule == SB_RULE_AS_PRINTED) column[RULE].flags |= SB_COLUMN_READER;
    sb_table table;
    sb_table_init(&table, "smoothbound/curve/1", column, count);
    sb_status status = SB_OK;
    for (size_t i = 0; !status && i < c->count; i++) {
        for (size_t r = 0; !status && r < c->radii.count; r++) {
            sb_curve_point point;
            if ((status = compute(c, i, r, &point, error))) break;
            data_row(c, &table, i, r, &point);
            sb_curve_point_clear(&point);
        }
    }
    if (!status) status = sb_table_print(&table, c->options->common.format, 0, out, error);
    sb_table_clear(&table);
    return status;
}

static const char *caption(sb_certificate_rule rule) {
    switch (rule) {
    case SB_RULE_COHEN:
        return "Certified accuracy under Cohen's rule, least..most that the logged radii allow, and 95 % "
               "interval";
    case SB_RULE_TWO_CLASS_BONFERRONI:
        return "Certified accuracy under the two-class rule with Bonferroni bounds, least..most, and 95 % "
               "interval";
    case SB_RULE_TWO_CLASS_AS_PUBLISHED:
        return "Certified accuracy as published, by an UNSOUND rule (docs/logs.md), and 95 % Clopper-Pearson "
               "interval";
    default:
        return "Certified accuracy and its 95 % Clopper-Pearson interval";
    }
}

/* Whether the names of the logs are too long for headings side by side. */
static int names_too_long(const curve *c, size_t width) {
    size_t total = 10;
    for (size_t i = 0; i < c->count; i++) total += sb_text_width(c->log[i].log.name) + 2;
    return c->count > 1 && width && total > width;
}

/* One column a log. */
static sb_status reader_table(const curve *c, size_t width, sb_text *out, sb_error *error) {
    sb_column *column = calloc(c->count + 1, sizeof *column);
    char(*number)[24] = calloc(c->count, sizeof *number);
    if (!column || !number) {
        free(column);
        free(number);
        return sb_fail_memory(error);
    }
    column[0] = (sb_column){"radius", "radius", SB_COLUMN_RIGHT};
    for (size_t i = 0; i < c->count; i++) {
        snprintf(number[i], sizeof number[i], "(%zu)", i + 1);
        const char *title = names_too_long(c, width) ? number[i] : c->log[i].log.name;
        column[i + 1] = (sb_column){title, title, 0};
    }
    sb_table table;
    sb_table_init(&table, NULL, column, c->count + 1);
    table.caption = caption(c->rule);
    sb_status status = SB_OK;
    for (size_t r = 0; !status && r < c->radii.count; r++) {
        sb_table_row(&table);
        sb_table_set(&table, 0, c->radii.item[r].label);
        for (size_t i = 0; !status && i < c->count; i++) {
            sb_curve_point p;
            if ((status = compute(c, i, r, &p, error))) break;
            if (p.lowest != p.highest)
                sb_table_setf(&table, i + 1, "%s..%s [%s, %s]", p.accuracy_lowest, p.accuracy_highest, p.low,
                              p.high);
            else
                sb_table_setf(&table, i + 1, "%s [%s, %s]", p.accuracy_lowest, p.low, p.high);
            sb_curve_point_clear(&p);
        }
    }
    if (!status) status = sb_table_print(&table, c->options->common.format, width, out, error);
    sb_table_clear(&table);
    free(column);
    free(number);
    return status;
}

enum {
    S_LOG,
    S_IMAGES,
    S_CORRECT,
    S_ABSTAINED,
    S_AVERAGE,
    S_LARGEST,
    S_CEILING_LO,
    S_CEILING_HI,
    S_CEILING,
    S_ON_CEILING,
    S_NOT_COHEN
};
static const sb_column summary_column[] = {{"log", "log", 0},
                                           {"n", "images", SB_COLUMN_NUMBER},
                                           {"correct", "correct", SB_COLUMN_NUMBER},
                                           {"abstained", "abstained", SB_COLUMN_NUMBER},
                                           {"average_radius", "average radius", SB_COLUMN_RIGHT},
                                           {"largest_radius", "largest", SB_COLUMN_RIGHT},
                                           {"ceiling_lo", "", SB_COLUMN_DATA},
                                           {"ceiling_hi", "", SB_COLUMN_DATA},
                                           {"ceiling", "sampling ceiling", SB_COLUMN_READER},
                                           {"on_ceiling", "correct images on it", SB_COLUMN_NUMBER},
                                           {"not_cohen", "radii not Cohen's", SB_COLUMN_NUMBER}};

static sb_status summary_ceiling(const curve *c, const curve_log *l, sb_table *table, sb_error *error) {
    arb_t ceiling, divisor;
    arb_init(ceiling);
    arb_init(divisor);
    size_t count = 0;
    int digits = c->options->common.digits;
    sb_status status = sb_sampling_ceiling(ceiling, &l->sampling, digits + 4, error);
    if (!status) status = sb_ceiling_count(&l->log, &l->sampling, &count, error);
    if (!status) {
        slong precision = 4 * digits + 128;
        sb_divisor_ball(divisor, &l->total, precision);
        arb_div(ceiling, ceiling, divisor, precision);
        char *low = sb_decimal_lower(ceiling, digits), *high = sb_decimal_upper(ceiling, digits);
        if (low && high) sb_table_setf(table, S_CEILING, "[%s, %s]", low, high);
        sb_table_own(table, S_CEILING_LO, low);
        sb_table_own(table, S_CEILING_HI, high);
        sb_table_setf(table, S_ON_CEILING, "%zu", count);
    }
    arb_clear(ceiling);
    arb_clear(divisor);
    return status;
}

static sb_status summary_row(const curve *c, size_t index, size_t width, sb_table *table, sb_error *error) {
    const curve_log *l = &c->log[index];
    arb_t value, divisor;
    fmpq_t largest, zero;
    arb_init(value);
    arb_init(divisor);
    fmpq_init(largest);
    fmpq_init(zero);
    int digits = c->options->common.digits;
    slong precision = 4 * digits + 128;
    sb_table_row(table);
    if (names_too_long(c, width))
        sb_table_setf(table, S_LOG, "(%zu) %s", index + 1, l->log.name);
    else
        sb_table_set(table, S_LOG, l->log.name);
    sb_table_setf(table, S_IMAGES, "%zu", l->log.count);
    sb_table_setf(table, S_CORRECT, "%zu", sb_natural_count(&l->log));
    sb_table_setf(table, S_ABSTAINED, "%zu", sb_abstention_count(&l->log));
    sb_status status = sb_average_certified_radius(value, &l->log, &l->shown, precision, error);
    if (!status) {
        sb_table_own(table, S_AVERAGE, sb_decimal_nearest(value, digits));
        sb_largest_radius(largest, &l->log);
        sb_divisor_ball(divisor, &l->shown, precision);
        arb_set_fmpq(value, largest, precision);
        arb_div(value, value, divisor, precision);
        sb_table_own(table, S_LARGEST,
                     fmpq_is_one(l->shown.square) ? sb_rational_decimal(largest, digits, 0)
                                                  : sb_decimal_nearest(value, digits));
        if (c->options->sigma) status = summary_ceiling(c, l, table, error);
    }
    if (!status && l->is_reread)
        sb_table_setf(table, S_NOT_COHEN, "%zu", sb_not_cohen_count(&l->reread, &l->log, zero, NULL));
    arb_clear(value);
    arb_clear(divisor);
    fmpq_clear(largest);
    fmpq_clear(zero);
    return status;
}

static sb_status summary_table(const curve *c, size_t width, sb_text *out, sb_error *error) {
    sb_column column[sizeof summary_column / sizeof summary_column[0]];
    memcpy(column, summary_column, sizeof column);
    if (!c->options->sigma)
        for (size_t j = S_CEILING_LO; j <= S_ON_CEILING; j++)
            column[j].flags |= SB_COLUMN_DATA | SB_COLUMN_READER;
    if (!c->log[0].is_reread) column[S_NOT_COHEN].flags |= SB_COLUMN_DATA | SB_COLUMN_READER;
    sb_table table;
    sb_table_init(&table, "smoothbound/curve-summary/1", column, sizeof column / sizeof column[0]);
    sb_status status = SB_OK;
    for (size_t i = 0; !status && i < c->count; i++) status = summary_row(c, i, width, &table, error);
    if (!status) status = sb_table_print(&table, c->options->common.format, width, out, error);
    sb_table_clear(&table);
    return status;
}

static sb_status write_curve(const curve *c, sb_text *out, sb_error *error) {
    const sb_common_options *common = &c->options->common;
    size_t width = sb_cli_width(common);
    if (common->format == SB_FORMAT_JSON || common->format == SB_FORMAT_CSV)
        return c->options->summary ? summary_table(c, 0, out, error) : data_table(c, out, error);
    sb_status status = c->options->summary ? SB_OK : reader_table(c, width, out, error);
    if (!status && !c->options->summary) sb_text_append(out, "\n");
    return status ? status : summary_table(c, width, out, error);
}

int sb_command_curve(int argc, char **argv) {
    curve_options options = {0};
    options.file = calloc((size_t)argc + 1, sizeof *options.file);
    if (!options.file) return sb_cli_trouble("out of memory");
    int result = sb_cli_parse(&argp, argc, argv, &options, &options.common);
    if (result < 0) {
        curve c;
        sb_error error;
        sb_text out;
        sb_text_init(&out);
        sb_status status = curve_init(&c, &options, &error);
        if (!status) status = write_curve(&c, &out, &error);
        result = status ? sb_cli_fail(&error) : sb_cli_write(&options.common, &out);
        sb_text_clear(&out);
        curve_clear(&c);
    }
    free(options.file);
    return result;
}
