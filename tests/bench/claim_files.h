/* The claim files that the ledger uses, a temporary folder for their certificates, and sbcheck on them. */
#ifndef SB_TESTS_BENCH_CLAIM_FILES_H
#define SB_TESTS_BENCH_CLAIM_FILES_H

#include "bounds/ledger.h"
#include "support/file.h"
#include "tests/bench/bench.h"

enum { BENCH_CLAIM_FILES = 1000 };

typedef struct {
    char *claims, *sbcheck;   /* a directory and a program */
    const char *certificates; /* a temporary directory */
    const char *name[BENCH_CLAIM_FILES];
    char *path[BENCH_CLAIM_FILES]; /* certificates/NAME.cert */
    size_t count;
} bench_folder;

static inline void bench_folder_add(bench_folder *folder, const char *name) {
    for (size_t i = 0; i < folder->count; i++)
        if (strcmp(folder->name[i], name) == 0) return;
    if (folder->count == BENCH_CLAIM_FILES) bench_fail("more than %d claim files", (int)BENCH_CLAIM_FILES);
    folder->name[folder->count] = name;
    folder->path[folder->count] = sb_format("%s/%s.cert", folder->certificates, name);
    if (!folder->path[folder->count++]) bench_fail("out of memory");
}

/* Also tells the library's own runs where sbcheck is. */
static inline void bench_folder_make(bench_folder *folder) {
    sb_error error = {0};
    memset(folder, 0, sizeof *folder);
    folder->sbcheck = bench_program("SBCHECK", "sbcheck");
    setenv("SMOOTHBOUND_SBCHECK", folder->sbcheck, 1);
    bench_need(sb_data_path("bounds/claims", &folder->claims, &error), &error);
    folder->certificates = bench_temporary_folder();
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        const sb_claim *claim = sb_ledger_claim(i);
        for (const char *const *name = claim->goals; name && *name; name++) bench_folder_add(folder, *name);
        for (const char *const *name = claim->controls; name && *name; name++)
            bench_folder_add(folder, *name);
    }
}

static inline void bench_folder_clear(bench_folder *folder) {
    for (size_t i = 0; i < folder->count; i++) free(folder->path[i]);
    free(folder->claims);
    free(folder->sbcheck);
}

/* Seconds of one process of sbcheck on `count` certificates, each read `copies` times. */
static inline double bench_sbcheck(const bench_folder *folder, char *const *path, size_t count,
                                   size_t copies) {
    enum { RUNS = 5 };
    char claims[] = "--claims", quiet[] = "--quiet";
    char **argument = calloc(count * copies + 5, sizeof *argument);
    if (!argument) bench_fail("out of memory");
    size_t used = 0;
    argument[used++] = folder->sbcheck;
    argument[used++] = quiet;
    argument[used++] = claims;
    argument[used++] = folder->claims;
    for (size_t i = 0; i < count * copies; i++) argument[used++] = path[i % count];
    double seconds = bench_process_least(argument, "/dev/null", 1, RUNS);
    free(argument);
    return seconds;
}

#endif
