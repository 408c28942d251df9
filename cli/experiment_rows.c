/* A share of the test images is a binomial proportion with its 95 % Clopper-Pearson interval, as in `curve`.
   The interval of a distance is that of experiments/coincidence.h. */
#include "cli/experiment_rows.h"

#include "distributions/binomial.h"
#include "nn/resnet.h"

#include <math.h>
#include <stdlib.h>

enum { SIZES = SB_SCALING_SIZES, DIGITS = 6, DECIMALS = 4 };

/* ------------------------------------------------------------------ one share */
typedef struct {
    size_t images, count;
    char *accuracy, *low, *high;
} share;

static void share_clear(share *s) {
    free(s->accuracy);
    free(s->low);
    free(s->high);
}

static sb_status share_of(share *s, size_t images, size_t count, sb_error *error) {
    arb_t low, high;
    fmpq_t value;
    arb_init(low);
    arb_init(high);
    fmpq_init(value);
    *s = (share){images, count, NULL, NULL, NULL};
    fmpq_set_si(value, 1, 20);
    sb_status status = sb_clopper_pearson_interval(low, high, images, count, value, DIGITS, error);
    if (!status) {
        fmpq_set_si(value, (slong)count, images);
        s->accuracy = sb_fixed_decimal_rational(value, DECIMALS, 0);
        s->low = sb_fixed_decimal(low, DECIMALS, -1);
        s->high = sb_fixed_decimal(high, DECIMALS, 1);
        if (!s->accuracy || !s->low || !s->high) {
            share_clear(s);
            status = sb_fail_memory(error);
        }
    }
    arb_clear(low);
    arb_clear(high);
    fmpq_clear(value);
    return status;
}

/* certified: at the report radius; else whatever the radius. */
static sb_status share_at(share *s, const sb_scaling_results *r, int network, int certified,
                          sb_error *error) {
    const sb_certification_log *log = &r->log[network];
    sb_divisor divisor;
    sb_divisor_init(&divisor);
    int size = r->plan->network[network].size;
    sb_divisor_sqrt_dimension(&divisor, (uint64_t)(SB_CHANNELS * size * size));
    size_t count = certified ? sb_certified_count(log, r->report_radius, &divisor) : sb_natural_count(log);
    sb_divisor_clear(&divisor);
    return share_of(s, log->count, count, error);
}

/* malloc'd "2/255" or a short decimal. */
static char *report_radius(const sb_scaling_results *r) {
    char *text = sb_rational_print(r->report_radius);
    if (text && fmpz_cmp_ui(fmpq_denref(r->report_radius), 255) == 0) return text;
    free(text);
    return sb_rational_decimal(r->report_radius, DIGITS, 0);
}

/* ------------------------------------------------------------------ the networks */
enum { PRESET, ARM, SIZE, DIMENSION, SIGMA, RADIUS, IMAGES, COUNT, ACCURACY, LO, HI };
static const sb_column data_column[] = {{"preset", "", 0},
                                        {"arm", "", 0},
                                        {"size", "", SB_COLUMN_NUMBER},
                                        {"d", "", 0},
                                        {"sigma", "", 0},
                                        {"radius", "", 0},
                                        {"n", "", SB_COLUMN_NUMBER},
                                        {"count", "", SB_COLUMN_NUMBER},
                                        {"accuracy", "", 0},
                                        {"lo", "", 0},
                                        {"hi", "", 0}};

static sb_status data_row(sb_table *table, const sb_scaling_results *r, sb_arm arm, int network,
                          int certified, sb_error *error) {
    const sb_scaling_network *n = &r->plan->network[network];
    share s;
    sb_status status = share_at(&s, r, network, certified, error);
    if (status) return status;
    sb_table_row(table);
    sb_table_set(table, PRESET, r->plan->preset->name);
    sb_table_set(table, ARM, sb_arm_name(arm));
    sb_table_setf(table, SIZE, "%d", n->size);
    sb_table_setf(table, DIMENSION, "%d", SB_CHANNELS * n->size * n->size);
    sb_table_own(table, SIGMA, sb_rational_decimal(n->sigma, DIGITS, 0));
    sb_table_own(table, RADIUS, certified ? report_radius(r) : sb_duplicate("natural"));
    sb_table_setf(table, IMAGES, "%zu", s.images);
    sb_table_setf(table, COUNT, "%zu", s.count);
    sb_table_set(table, ACCURACY, s.accuracy);
    sb_table_set(table, LO, s.low);
    sb_table_set(table, HI, s.high);
    share_clear(&s);
    return SB_OK;
}

enum { R_ARM, R_SIZE, R_SIGMA, R_NATURAL, R_CERTIFIED, R_COLUMNS };

static sb_status reader_row(sb_table *table, const sb_scaling_results *r, sb_arm arm, int network,
                            sb_error *error) {
    const sb_scaling_network *n = &r->plan->network[network];
    sb_status status = SB_OK;
    sb_table_row(table);
    sb_table_set(table, R_ARM, sb_arm_name(arm));
    sb_table_setf(table, R_SIZE, "%d", n->size);
    sb_table_own(table, R_SIGMA, sb_rational_decimal(n->sigma, DIGITS, 0));
    for (int certified = 0; certified < 2 && !status; certified++) {
        share s;
        if ((status = share_at(&s, r, network, certified, error))) break;
        sb_table_setf(table, certified ? R_CERTIFIED : R_NATURAL, "%s [%s, %s]", s.accuracy, s.low, s.high);
        share_clear(&s);
    }
    return status;
}

static sb_status fill_networks(sb_table *table, const sb_scaling_results *r, int reader, sb_error *error) {
    sb_status status = SB_OK;
    for (int arm = 0; arm < SB_ARMS; arm++)
        for (int s = 0; s < SIZES && r->arm[arm].present && !status; s++) {
            int network = r->plan->member[arm][s];
            if (reader)
                status = reader_row(table, r, (sb_arm)arm, network, error);
            else
                for (int certified = 0; certified < 2 && !status; certified++)
                    status = data_row(table, r, (sb_arm)arm, network, certified, error);
        }
    return status;
}

static sb_status print_networks(const sb_scaling_results *r, sb_format_kind format, int reader, size_t width,
                                sb_text *out, sb_error *error) {
    char *radius = report_radius(r);
    char *heading = radius ? sb_format("certified at l_inf radius %s", radius) : NULL;
    char *caption =
        sb_format("Experiment scaling, preset %s: accuracy on %llu test images with 95 %% intervals",
                  r->plan->preset->name, (unsigned long long)r->plan->preset->test_images);
    const sb_column reader_column[R_COLUMNS] = {{"arm", "arm", 0},
                                                {"size", "size", SB_COLUMN_RIGHT},
                                                {"sigma", "sigma", SB_COLUMN_RIGHT},
                                                {"natural", "natural accuracy", 0},
                                                {"certified", heading ? heading : "", 0}};
    sb_table table;
    if (reader)
        sb_table_init(&table, NULL, reader_column, R_COLUMNS);
    else
        sb_table_init(&table, "smoothbound/experiment/1", data_column,
                      sizeof data_column / sizeof data_column[0]);
    table.caption = caption;
    sb_status status = heading && caption ? fill_networks(&table, r, reader, error) : sb_fail_memory(error);
    if (!status) status = sb_table_print(&table, format, width, out, error);
    sb_table_clear(&table);
    free(radius);
    free(heading);
    free(caption);
    return status;
}

/* ------------------------------------------------------------------ the curves */
enum {
    T_PRESET,
    T_ARM,
    T_IMAGES,
    T_GAP,
    T_GAP_LO,
    T_GAP_HI,
    T_INTERVAL,
    T_BETWEEN,
    T_AT,
    T_COMMON,
    T_P,
    T_P_LO,
    T_P_HI,
    T_PERMUTATIONS,
    T_VERDICT,
    T_EXPECTED
};
static const sb_column test_column[] = {{"preset", "", SB_COLUMN_DATA},
                                        {"arm", "arm", 0},
                                        {"n", "", SB_COLUMN_NUMBER | SB_COLUMN_DATA},
                                        {"gap", "largest gap", SB_COLUMN_RIGHT},
                                        {"gap_lo", "", SB_COLUMN_DATA},
                                        {"gap_hi", "", SB_COLUMN_DATA},
                                        {"gap_interval", "95 % interval", SB_COLUMN_READER},
                                        {"between", "between", 0},
                                        {"at", "at radius", SB_COLUMN_RIGHT},
                                        {"gap_below_ceilings", "below all ceilings", SB_COLUMN_RIGHT},
                                        {"p", "p", SB_COLUMN_RIGHT},
                                        {"p_lo", "", SB_COLUMN_DATA},
                                        {"p_hi", "", SB_COLUMN_DATA},
                                        {"permutations", "", SB_COLUMN_NUMBER | SB_COLUMN_DATA},
                                        {"verdict", "verdict", 0},
                                        {"expected", "expected", 0}};

static const char *expected(sb_arm arm) {
    return arm == SB_ARM_SCALED ? "consistent or alike" : arm == SB_ARM_FIXED ? "differ" : "any";
}

static void test_row(sb_table *table, const sb_scaling_results *r, sb_arm which) {
    const sb_scaling_arm *arm = &r->arm[which];
    const sb_coincidence *t = &arm->test;
    const int *size = r->plan->preset->size;
    double low = floor(1e4 * t->lower) / 1e4, high = ceil(1e4 * t->upper) / 1e4;
    sb_table_row(table);
    sb_table_set(table, T_PRESET, r->plan->preset->name);
    sb_table_set(table, T_ARM, sb_arm_name(which));
    sb_table_setf(table, T_IMAGES, "%zu", t->images);
    sb_table_setf(table, T_GAP, "%.4f", t->gap);
    sb_table_setf(table, T_GAP_LO, "%.4f", low);
    sb_table_setf(table, T_GAP_HI, "%.4f", high);
    sb_table_setf(table, T_INTERVAL, "[%.4f, %.4f]", low, high);
    sb_table_setf(table, T_BETWEEN, "%d and %d", size[t->above], size[t->below]);
    sb_table_setf(table, T_AT, "%.3g", t->place * arm->top);
    sb_table_setf(table, T_COMMON, "%.4f", arm->common.gap);
    if (t->permutations) {
        sb_table_setf(table, T_P, "%.4f", t->p);
        sb_table_setf(table, T_P_LO, "%.5f", floor(1e5 * t->p_lower) / 1e5);
        sb_table_setf(table, T_P_HI, "%.5f", ceil(1e5 * t->p_upper) / 1e5);
    }
    sb_table_setf(table, T_PERMUTATIONS, "%llu", (unsigned long long)t->permutations);
    sb_table_set(table, T_VERDICT, sb_curves_verdict_name(arm->verdict));
    sb_table_set(table, T_EXPECTED, expected(which));
}

static sb_status print_tests(const sb_scaling_results *r, sb_format_kind format, size_t width, sb_text *out,
                             sb_error *error) {
    sb_table table;
    sb_table_init(&table, "smoothbound/experiment-test/1", test_column,
                  sizeof test_column / sizeof test_column[0]);
    table.caption = "Do the three l_inf curves of an arm coincide?";
    for (int arm = 0; arm < SB_ARMS; arm++)
        if (r->arm[arm].present) test_row(&table, r, (sb_arm)arm);
    sb_status status = sb_table_print(&table, format, width, out, error);
    sb_table_clear(&table);
    return status;
}

static void explain(const sb_scaling_results *r, size_t width, sb_text *out) {
    char *margin = sb_rational_decimal(r->plan->preset->margin, 4, 0);
    sb_text line;
    sb_text_init(&line);
    sb_text_format(
        &line,
        "gap: the largest distance of two curves over all radii; its interval holds for all radii at once, "
        "for these networks and images like these. p: of a permutation test by image, whose hypothesis is "
        "that the law of an image's three results stays the same when these networks are permuted. "
        "consistent: "
        "p >= 0.05, which is no proof; alike: p < 0.05 but the gap is at most %s; differ: neither. The "
        "images of arms scaled and fixed are resized from "
        "%d pixels, so that nearly one problem is posed at all sizes (docs/experiments.md).",
        margin ? margin : "?", r->plan->preset->source_size);
    sb_text_append(out, "\n");
    sb_text_paragraph(out, line.data, 0, width, 0);
    sb_text_clear(&line);
    free(margin);
}

sb_status sb_experiment_print(const sb_scaling_results *r, sb_format_kind format, size_t width, sb_text *out,
                              sb_error *error) {
    int reader = format != SB_FORMAT_JSON && format != SB_FORMAT_CSV;
    sb_status status = print_networks(r, format, reader, width, out, error);
    if (format != SB_FORMAT_JSON) sb_text_append(out, "\n");
    if (!status) status = print_tests(r, format, width, out, error);
    if (format == SB_FORMAT_TEXT) explain(r, width, out);
    return status ? status : sb_text_status(out, error);
}

void sb_experiment_summary(const sb_scaling_results *r, sb_text *out) {
    const char *comma = "";
    for (int arm = 0; arm < SB_ARMS; arm++) {
        if (!r->arm[arm].present) continue;
        sb_text_format(out, "%s%s %s (gap %.3f, at most %.3f)", comma, sb_arm_name((sb_arm)arm),
                       sb_curves_verdict_name(r->arm[arm].verdict), r->arm[arm].test.gap,
                       ceil(1e3 * r->arm[arm].test.upper) / 1e3);
        comma = ", ";
    }
    sb_text_append(out, "\n");
}
