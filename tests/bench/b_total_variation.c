/* A certified total variation of product noise against numpy: the same integral by the trapezoid rule in
   doubles, without a certificate, to the same 12 digits (total_variation_reference.py). Both values must
   agree. Skipped where there is no python3 with numpy and scipy. */
#include "distributions/product_overlap.h"
#include "tests/bench/bench.h"

#include <math.h>

typedef struct {
    const char *label, *noise, *shift; /* NULL: 150528 different ones */
    uint64_t dimension;
} bench_row;

/* In the order of the script. */
static const bench_row row[] = {
    {"Gaussian", "gaussian:sigma=1", "linf:0.0035", 150528},
    {"Laplace", "laplace:b=1", "linf:0.024", 3072},
    {"Laplace", "laplace:b=1", "linf:0.0035", 150528},
    {"logistic", "logistic:scale=1", "linf:0.042", 3072},
    {"logistic", "logistic:scale=1", "linf:0.006", 150528},
    {"Laplace, all shifts different", "laplace:b=1", NULL, 150528},
};
enum { ROWS = sizeof row / sizeof row[0], SMALLEST = 25000000 /* different shifts are k/SMALLEST */ };

typedef struct {
    sb_noise_spec noise;
    sb_shift shift;
    sb_tv_options options;
    sb_tv_result result;
} bench_case;

static void different_shifts(sb_shift *shift, uint64_t dimension) {
    shift->dimension = dimension;
    shift->group = malloc(dimension * sizeof *shift->group);
    if (!shift->group) bench_fail("out of memory");
    for (uint64_t i = 0; i < dimension; i++) {
        sb_shift_group *group = &shift->group[shift->group_count++];
        fmpq_init(group->base);
        fmpq_init(group->exponent);
        fmpq_set_ui(group->base, i + 1, SMALLEST);
        group->root = 1;
        group->count = 1;
    }
}

static void case_init(bench_case *at, const bench_row *from) {
    sb_error error = {0};
    sb_noise_spec_init(&at->noise);
    sb_shift_init(&at->shift);
    sb_tv_options_init(&at->options);
    sb_tv_result_init(&at->result);
    at->options.digits = 12;
    bench_need(sb_noise_spec_parse(&at->noise, from->noise, &error), &error);
    if (from->shift)
        bench_need(sb_shift_parse(&at->shift, from->shift, from->dimension, &error), &error);
    else
        different_shifts(&at->shift, from->dimension);
}

static void case_clear(bench_case *at) {
    sb_noise_spec_clear(&at->noise);
    sb_shift_clear(&at->shift);
    sb_tv_result_clear(&at->result);
}

static void enclose(void *context) {
    bench_case *at = context;
    sb_error error = {0};
    bench_need(sb_product_total_variation(&at->result, &at->noise, &at->shift, &at->options, &error), &error);
    if (!at->result.digits_met) bench_fail("12 digits not met");
}

/* ------------------------------------------------------------------ the reference */
typedef struct {
    double value, seconds;
} reference;

/* 1 when some python3 gave all rows. */
static int run_reference(reference *peer) {
    const char *data = getenv("SMOOTHBOUND_DATA"), *chosen = getenv("PYTHON");
    const char *python[] = {chosen && *chosen ? chosen : "python3", "/usr/bin/python3"};
    char *script = sb_format("%s/tests/bench/total_variation_reference.py", data && *data ? data : ".");
    char *output = sb_format("%s/reference", bench_temporary_folder());
    if (!script || !output) bench_fail("out of memory");
    int complete = 0;
    for (size_t i = 0; i < sizeof python / sizeof *python && !complete; i++) {
        char *words = sb_format("exec %s '%s' 2>/dev/null", python[i], script);
        char shell[] = "/bin/sh", option[] = "-c", *command[] = {shell, option, words, NULL};
        if (!words) bench_fail("out of memory");
        bench_process(command, output, 255);
        free(words);
        FILE *file = fopen(output, "r");
        size_t rows = 0;
        while (file && rows < ROWS &&
               fscanf(file, "%*s %*s %lf %lf", &peer[rows].value, &peer[rows].seconds) == 2)
            rows++;
        if (file) fclose(file);
        complete = rows == ROWS;
    }
    free(script);
    free(output);
    return complete;
}

int main(void) {
    static const sb_column column[] = {{"noise", "Noise", 0},
                                       {"d", "d", SB_COLUMN_RIGHT},
                                       {"tv", "TV", SB_COLUMN_RIGHT},
                                       {"certified", "Enclosure, ms", SB_COLUMN_RIGHT},
                                       {"numpy", "numpy, ms", SB_COLUMN_RIGHT},
                                       {"ratio", "numpy / ours", SB_COLUMN_RIGHT}};
    reference peer[ROWS];
    sb_table table;
    int compare = run_reference(peer);
    sb_table_init(&table, NULL, column, sizeof column / sizeof column[0]);
    table.caption = "Total variation of product noise to 12 digits, one core";
    for (size_t i = 0; i < ROWS; i++) {
        bench_case at;
        case_init(&at, &row[i]);
        double certified = bench_seconds(enclose, &at);
        double value = arf_get_d(arb_midref(at.result.total_variation), ARF_RND_NEAR);
        if (compare && !(fabs(peer[i].value - value) < 3e-12))
            bench_fail("%s: numpy has %.15g, the enclosure is at %.15g", row[i].label, peer[i].value, value);
        sb_table_row(&table);
        sb_table_set(&table, 0, row[i].label);
        sb_table_setf(&table, 1, "%llu", (unsigned long long)row[i].dimension);
        sb_table_setf(&table, 2, "%.12f", value);
        sb_table_setf(&table, 3, "%.3f", 1e3 * certified);
        if (compare) sb_table_setf(&table, 4, "%.3f", 1e3 * peer[i].seconds);
        if (compare) sb_table_setf(&table, 5, "%.2f", peer[i].seconds / certified);
        case_clear(&at);
    }
    bench_print(&table,
                compare
                    ? "numpy / ours: how many times longer numpy takes, in doubles and without a certificate."
                    : "Comparison skipped: no python3 with numpy and scipy.");
    flint_cleanup();
    return 0;
}
