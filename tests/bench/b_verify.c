/* What `verify` costs for each claim, on one thread. The ledger has no peer that does the same; its time is
   set against what sbcheck takes to read all of the certificates again (the least that trust in them costs),
   and against the ledger itself on all processors. */
#include "bounds/ledger.h"
#include "paper_tables/log_claims.h"
#include "tests/bench/bench.h"
#include "tests/bench/claim_files.h"

enum { SLOWEST = 3 };

typedef struct {
    double seconds; /* of a processor, sbcheck included; one thread only */
    double wall;
    double *of_claim; /* sb_ledger_size() of them, as the ledger reports them */
} ledger_times;

static void run_once(const bench_folder *folder, int jobs, ledger_times *now) {
    sb_error error = {0};
    sb_claim_result *result = calloc(sb_ledger_size(), sizeof *result);
    if (!result) bench_fail("out of memory");
    sb_ledger_options options = {.claims_directory = folder->claims,
                                 .certificate_directory = folder->certificates,
                                 .check_log = sb_log_claim_check,
                                 .check_log_control = sb_log_claim_control,
                                 .jobs = jobs};
    double wall = bench_wall_seconds(), start = bench_thread_seconds() + bench_children_seconds();
    bench_need(sb_ledger_run(&options, NULL, result, &error), &error);
    now->seconds = bench_thread_seconds() + bench_children_seconds() - start;
    now->wall = bench_wall_seconds() - wall;
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        if (!result[i].as_expected) bench_fail("%s: not as expected", result[i].claim->id);
        now->of_claim[i] = result[i].seconds;
        sb_claim_result_clear(&result[i]);
    }
    free(result);
}

static double lesser(double a, double b) {
    return a < b ? a : b;
}

/* The least of `runs`, entry by entry. */
static void run_ledger(const bench_folder *folder, int jobs, int runs, ledger_times *least) {
    ledger_times now = {0, 0, calloc(sb_ledger_size(), sizeof(double))};
    least->of_claim = calloc(sb_ledger_size(), sizeof(double));
    if (!now.of_claim || !least->of_claim) bench_fail("out of memory");
    for (int run = 0; run < runs; run++) {
        run_once(folder, jobs, &now);
        least->seconds = run ? lesser(least->seconds, now.seconds) : now.seconds;
        least->wall = run ? lesser(least->wall, now.wall) : now.wall;
        for (size_t i = 0; i < sb_ledger_size(); i++)
            least->of_claim[i] = run ? lesser(least->of_claim[i], now.of_claim[i]) : now.of_claim[i];
    }
    free(now.of_claim);
}

static void add(sb_table *table, const char *step, size_t count, double seconds, double reference) {
    sb_table_row(table);
    sb_table_set(table, 0, step);
    sb_table_setf(table, 1, "%zu", count);
    sb_table_setf(table, 2, "%.1f", 1e3 * seconds);
    sb_table_setf(table, 3, "%.3f", 1e3 * seconds / (double)count);
    sb_table_setf(table, 4, "%.1f", seconds / reference);
}

static void whole(const bench_folder *folder, const ledger_times *one) {
    static const sb_column column[] = {{"step", "All claims", 0},
                                       {"count", "Number", SB_COLUMN_RIGHT},
                                       {"ms", "ms", SB_COLUMN_RIGHT},
                                       {"each", "ms each", SB_COLUMN_RIGHT},
                                       {"ratio", "/ sbcheck", SB_COLUMN_RIGHT}};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    ledger_times all = {0, 0, NULL};
    run_ledger(folder, (int)processors, 2, &all);
    sb_table table;
    sb_table_init(&table, NULL, column, sizeof column / sizeof column[0]);
    double reading = bench_sbcheck(folder, folder->path, folder->count, 1);
    add(&table, "sbcheck, all certificates", folder->count, reading, reading);
    add(&table, "verify, claims, one thread", sb_ledger_size(), one->seconds, reading);
    char *meaning =
        sb_format("/ sbcheck: times reading all certificates once, in one process. On %ld threads "
                  "verify takes %.2f of the time that it takes on one.",
                  processors, all.wall / one->wall);
    if (!meaning) bench_fail("out of memory");
    bench_print(&table, meaning);
    free(meaning);
    free(all.of_claim);
}

static void slowest(const ledger_times *one) {
    static const sb_column column[] = {{"claim", "Slowest claims", 0},
                                       {"ms", "ms", SB_COLUMN_RIGHT},
                                       {"share", "% of all", SB_COLUMN_RIGHT}};
    sb_table table;
    sb_table_init(&table, NULL, column, sizeof column / sizeof column[0]);
    double sum = 0;
    for (size_t i = 0; i < sb_ledger_size(); i++) sum += one->of_claim[i];
    for (int k = 0; k < SLOWEST; k++) {
        size_t worst = 0;
        for (size_t i = 0; i < sb_ledger_size(); i++)
            if (one->of_claim[i] > one->of_claim[worst]) worst = i;
        sb_table_row(&table);
        sb_table_set(&table, 0, sb_ledger_claim(worst)->id);
        sb_table_setf(&table, 1, "%.1f", 1e3 * one->of_claim[worst]);
        sb_table_setf(&table, 2, "%.1f", 100 * one->of_claim[worst] / sum);
        one->of_claim[worst] = 0;
    }
    bench_print(&table, "A claim's time is that of its checks, its certificates (shared ones too) and its "
                        "negative controls.");
}

int main(void) {
    bench_folder folder;
    ledger_times one = {0, 0, NULL};
    bench_folder_make(&folder);
    run_ledger(&folder, 1, 3, &one);
    whole(&folder, &one);
    slowest(&one);
    free(one.of_claim);
    bench_folder_clear(&folder);
    return 0;
}
