/* What a certified enclosure costs. The named peer evaluates the same formula in MPFR at the precision at
   which the enclosure is first tried, without any certificate; double is there for context. All must agree.
   Then the command `bound` as a process, against /bin/true. */
#include "tests/bench/bench.h"
#include "tests/bench/bound_peers.h"

typedef struct {
    const char *label, *source, *quantity, *norm;
    slong power_numerator;
    ulong power_denominator; /* of the power that the peers use */
    bench_call *in_mpfr, *in_double;
} bench_row;

/* p = 3, so that no power of d is rational; uniform noise is about p = inf. */
static const bench_row row[] = {
    {"Theorem 1.2, E||eta||_2^2", "thm-1.2", "E||eta||_2^2", "3", 4, 3, mpfr_theorem, double_theorem},
    {"Gaussian noise, exact sigma", "gaussian-exact", "sigma", "3", 1, 6, mpfr_gaussian, double_gaussian},
    {"uniform noise, exact r", "uniform-exact", "r", "inf", 0, 1, mpfr_uniform, double_uniform},
    {"Lemma 3.8, Gamma functions", "lemma-3.8", "E max|eta_i|", "3", 1, 6, mpfr_lemma, double_lemma},
};
enum { ROWS = sizeof row / sizeof row[0] };
static const int digits[] = {6, 50};

/* ------------------------------------------------------------------ a case */
static void case_init(bench_case *at, const bench_row *from, int wanted_digits) {
    sb_error error = {0};
    at->bound = sb_bound_find(from->source, from->quantity);
    if (!at->bound) bench_fail("no bound %s, %s", from->source, from->quantity);
    at->digits = wanted_digits;
    sb_parameters_init(&at->parameters);
    bench_need(sb_parameters_parse(&at->parameters, "3x32x32", from->norm, "8/255", "1/10", &error), &error);
    arb_init(at->value);
    mpq_inits(at->radius, at->delta, at->power, NULL);
    fmpq_get_mpq(at->radius, at->parameters.radius);
    fmpq_get_mpq(at->delta, at->parameters.delta);
    mpq_set_si(at->power, from->power_numerator, from->power_denominator);
    at->double_radius = mpq_get_d(at->radius);
    at->double_delta = mpq_get_d(at->delta);
    at->double_power = mpq_get_d(at->power);
    mpfr_prec_t bits = (mpfr_prec_t)((wanted_digits + 3) * 3.3219280948873626) + 34; /* as sb_enclose */
    if (bits < SB_PRECISION_START) bits = SB_PRECISION_START;
    mpfr_inits2(bits, at->result, at->a, at->b, at->c, at->start, (mpfr_ptr)NULL);
}

static void case_clear(bench_case *at) {
    sb_parameters_clear(&at->parameters);
    arb_clear(at->value);
    mpq_clears(at->radius, at->delta, at->power, NULL);
    mpfr_clears(at->result, at->a, at->b, at->c, at->start, (mpfr_ptr)NULL);
}

static void enclose(void *context) {
    bench_case *at = context;
    sb_error error = {0};
    bench_need(sb_bound_evaluate(at->value, at->bound, &at->parameters, at->digits, &error), &error);
}

static void print_ends(void *context) {
    bench_case *at = context;
    free(sb_decimal_lower(at->value, at->digits));
    free(sb_decimal_upper(at->value, at->digits));
}

/* A peer that computes something else is no peer. */
static void must_agree(const bench_case *at) {
    arb_t peer, tolerance;
    arb_init(peer);
    arb_init(tolerance);
    arf_set_mpfr(arb_midref(peer), at->result);
    arb_sub(peer, peer, at->value, 400);
    arb_div(peer, peer, at->value, 400);
    arb_abs(peer, peer);
    arb_set_ui(tolerance, 10);
    arb_pow_ui(tolerance, tolerance, (ulong)at->digits, 400);
    arb_inv(tolerance, tolerance, 400);
    double exact = arf_get_d(arb_midref(at->value), ARF_RND_NEAR);
    if (!arb_lt(peer, tolerance)) bench_fail("%s: MPFR disagrees", at->bound->source);
    if (!(fabs(at->double_result / exact - 1) < 1e-9)) bench_fail("%s: double disagrees", at->bound->source);
    arb_clear(peer);
    arb_clear(tolerance);
}

/* ------------------------------------------------------------------ the tables */
static void add(sb_table *table, const char *label, int wanted_digits, double certified, double in_mpfr,
                double in_double) {
    sb_table_row(table);
    sb_table_set(table, 0, label);
    sb_table_setf(table, 1, "%d", wanted_digits);
    sb_table_setf(table, 2, "%.2f", 1e6 * certified);
    sb_table_setf(table, 3, "%.2f", 1e6 * in_mpfr);
    sb_table_setf(table, 4, "%.2f", certified / in_mpfr);
    if (in_double > 0) sb_table_setf(table, 5, "%.3f", 1e6 * in_double);
    if (in_double > 0) sb_table_setf(table, 6, "%.0f", certified / in_double);
}

static void enclosures(void) {
    static const sb_column column[] = {{"bound", "Bound", 0},
                                       {"digits", "Digits", SB_COLUMN_RIGHT},
                                       {"certified", "Enclosure, us", SB_COLUMN_RIGHT},
                                       {"mpfr", "MPFR, us", SB_COLUMN_RIGHT},
                                       {"mpfr_ratio", "/ MPFR", SB_COLUMN_RIGHT},
                                       {"double", "double, us", SB_COLUMN_RIGHT},
                                       {"double_ratio", "/ double", SB_COLUMN_RIGHT}};
    sb_table table;
    sb_table_init(&table, NULL, column, sizeof column / sizeof column[0]);
    table.caption = "One certified enclosure: d = 3x32x32, p = 3 (uniform: inf), eps = 8/255, delta = 1/10";
    for (size_t k = 0; k < sizeof digits / sizeof digits[0]; k++) {
        for (size_t i = 0; i < ROWS; i++) {
            bench_case at;
            case_init(&at, &row[i], digits[k]);
            double certified = 1, in_mpfr = 1, in_double = 1;
            for (int round = 0; round < 3; round++) { /* in turns: a slow spell then hits all alike */
                certified = fmin(certified, bench_seconds(enclose, &at));
                in_mpfr = fmin(in_mpfr, bench_seconds(row[i].in_mpfr, &at));
                in_double = fmin(in_double, bench_seconds(row[i].in_double, &at));
            }
            must_agree(&at);
            add(&table, row[i].label, digits[k], certified, in_mpfr, in_double);
            if (i == 0)
                add(&table, "    both ends as decimals", digits[k], bench_seconds(print_ends, &at),
                    bench_seconds(mpfr_print_ends, &at), 0);
            case_clear(&at);
        }
    }
    bench_print(&table, "/ MPFR: times the same formula in MPFR at the same precision, which certifies "
                        "nothing. 1 means: the certificate is free.");
}

static void processes(void) {
    static const sb_column column[] = {
        {"command", "Process", 0}, {"ms", "ms", SB_COLUMN_RIGHT}, {"ratio", "/ true", SB_COLUMN_RIGHT}};
    char *program = bench_program("SMOOTHBOUND", "smoothbound"), nothing[] = "/bin/true";
    char *command[][13] = {
        {nothing},
        {program, "--version"},
        {program, "bound", "-d", "3x32x32", "-p", "inf", "-e", "8/255", "--delta", "1/10"},
        {program, "bound", "-d", "3x32x32", "-p", "inf", "-e", "8/255", "--delta", "1/10", "--digits", "50"},
    };
    sb_table table;
    double reference = 0;
    sb_table_init(&table, NULL, column, sizeof column / sizeof column[0]);
    table.caption = "The command: processor time of a whole process";
    for (size_t i = 0; i < sizeof command / sizeof command[0]; i++) {
        double seconds = bench_process_least(command[i], "/dev/null", 0, 30);
        if (i == 0) reference = seconds;
        sb_text words;
        sb_text_init(&words);
        sb_text_append(&words, i == 0 ? "/bin/true" : "smoothbound");
        for (size_t j = 1; command[i][j]; j++) sb_text_format(&words, " %s", command[i][j]);
        sb_table_row(&table);
        sb_table_own(&table, 0, sb_text_detach(&words));
        sb_table_setf(&table, 1, "%.2f", 1e3 * seconds);
        sb_table_setf(&table, 2, "%.2f", seconds / reference);
    }
    free(program);
    bench_print(&table,
                "/ true: times a process that does nothing. `--version` shows what loading the shared "
                "libraries takes.");
}

int main(void) {
    enclosures();
    processes();
    flint_cleanup();
    mpfr_free_cache();
    return 0;
}
