/* What it costs to find a proof and to check it, certificate by certificate: the prover in this process
   against sbcheck, its named peer, on what the prover wrote. The time of sbcheck is what 40 more copies of a
   certificate add to its process, so that the start of the process does not count. */
#include "bounds/prover.h"
#include "tests/bench/bench.h"
#include "tests/bench/claim_files.h"

enum { COPIES = 40, SLOWEST = 5 };

typedef struct {
    const char *name;
    size_t bytes;
    double prover, checker; /* seconds */
} proof_times;

static void prove(void *context) {
    sb_error error = {0};
    sb_proof proof;
    sb_proof_init(&proof);
    bench_need(sb_prove(context, NULL, &proof, &error), &error);
    sb_proof_clear(&proof);
}

/* Also has it checked once, for the verdict. */
static size_t write_certificate(const bench_folder *folder, const sb_goal *goal, const char *path) {
    sb_error error = {0};
    sb_proof proof;
    sb_proof_init(&proof);
    bench_need(sb_prove(goal, NULL, &proof, &error), &error);
    if (!proof.certificate) bench_fail("%s: undecided", goal->name);
    size_t bytes = strlen(proof.certificate);
    bench_need(sb_file_write(path, proof.certificate, bytes, &error), &error);
    sb_verdict verdict;
    char *line = NULL;
    bench_need(sb_check_certificate(path, folder->claims, &verdict, &line, &error), &error);
    if (verdict != proof.verdict) bench_fail("%s: prover and sbcheck differ", goal->name);
    free(line);
    sb_proof_clear(&proof);
    return bytes;
}

static void measure(const bench_folder *folder, size_t index, proof_times *times) {
    sb_error error = {0};
    sb_goal goal;
    sb_goal_init(&goal);
    char *file = sb_path_join(folder->claims, folder->name[index]);
    if (!file) bench_fail("out of memory");
    bench_need(sb_goal_read(&goal, file, &error), &error);
    times->name = folder->name[index];
    times->bytes = write_certificate(folder, &goal, folder->path[index]);
    times->prover = bench_seconds(prove, &goal);
    times->checker = (bench_sbcheck(folder, &folder->path[index], 1, COPIES + 1) -
                      bench_sbcheck(folder, &folder->path[index], 1, 1)) /
                     COPIES;
    if (!(times->checker > 0)) bench_fail("%s: too fast to be timed", times->name);
    sb_goal_clear(&goal);
    free(file);
}

static int by_prover(const void *a, const void *b) {
    const proof_times *x = a, *y = b;
    return x->prover > y->prover ? -1 : x->prover < y->prover;
}

static int by_ratio(const void *a, const void *b) {
    const proof_times *x = a, *y = b;
    double left = x->prover * y->checker, right = y->prover * x->checker;
    return left > right ? -1 : left < right;
}

static void add(sb_table *table, const char *name, size_t bytes, double prover, double checker) {
    sb_table_row(table);
    sb_table_set(table, 0, name);
    sb_table_setf(table, 1, "%zu", bytes);
    sb_table_setf(table, 2, "%.3f", 1e3 * prover);
    sb_table_setf(table, 3, "%.3f", 1e3 * checker);
    sb_table_setf(table, 4, "%.1f", prover / checker);
}

static void report(proof_times *times, size_t count) {
    static const sb_column column[] = {{"name", "Certificate", 0},
                                       {"bytes", "Bytes", SB_COLUMN_RIGHT},
                                       {"prover", "Prover, ms", SB_COLUMN_RIGHT},
                                       {"checker", "sbcheck, ms", SB_COLUMN_RIGHT},
                                       {"ratio", "/ sbcheck", SB_COLUMN_RIGHT}};
    sb_table table;
    sb_table_init(&table, NULL, column, sizeof column / sizeof column[0]);
    table.caption = "Finding a proof and checking it";
    proof_times all = {NULL, 0, 0, 0};
    for (size_t i = 0; i < count; i++) {
        all.bytes += times[i].bytes;
        all.prover += times[i].prover;
        all.checker += times[i].checker;
    }
    qsort(times, count, sizeof *times, by_prover);
    for (size_t i = 0; i < count && i < SLOWEST; i++)
        add(&table, times[i].name, times[i].bytes, times[i].prover, times[i].checker);
    char *total = sb_format("all %zu", count);
    add(&table, total ? total : "all", all.bytes, all.prover, all.checker);
    free(total);
    qsort(times, count, sizeof *times, by_ratio);
    char *meaning =
        sb_format("/ sbcheck: what finding costs, in times of checking; over certificates from %.2f "
                  "(%s) to %.0f (%s), median %.1f.",
                  times[count - 1].prover / times[count - 1].checker, times[count - 1].name,
                  times[0].prover / times[0].checker, times[0].name,
                  times[count / 2].prover / times[count / 2].checker);
    if (!meaning) bench_fail("out of memory");
    bench_print(&table, meaning);
    free(meaning);
}

int main(void) {
    bench_folder folder;
    bench_folder_make(&folder);
    proof_times *times = calloc(folder.count, sizeof *times);
    if (!times || !folder.count) bench_fail("no claim files");
    for (size_t i = 0; i < folder.count; i++) measure(&folder, i, &times[i]);
    report(times, folder.count);
    free(times);
    bench_folder_clear(&folder);
    flint_cleanup();
    return 0;
}
