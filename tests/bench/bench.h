/* What the programs of `make bench` share. Times are processor time (of the calling thread, or of a finished
   child), so that a busy machine disturbs them little; the least of several measurements counts, after a
   warm-up. Numbers are printed to be compared inside one run; nothing is passed or failed by them. A bench
   does fail when what it times gives a wrong result. */
#ifndef SB_TESTS_BENCH_H
#define SB_TESTS_BENCH_H

#include "support/status.h"
#include "support/table.h"
#include "support/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static inline void bench_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
static inline void bench_fail(const char *format, ...) {
    va_list arguments;
    fflush(stdout);
    fputs("bench: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(2);
}

static inline void bench_need(sb_status status, const sb_error *error) {
    if (status) bench_fail("%s", error->message);
}

/* ------------------------------------------------------------------ clocks, in seconds */
static inline double bench_thread_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline double bench_wall_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Of all children that have ended. */
static inline double bench_children_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* ------------------------------------------------------------------ measuring */
typedef void bench_call(void *context);

/* Seconds of one call. Calls are put together in batches of at least 4 ms (the search for their number is
   the warm-up); the least of 7 batches, or of 3 when one call alone takes longer than 40 ms. */
static inline double bench_seconds(bench_call *call, void *context) {
    size_t batch = 1;
    double least = 0;
    for (;; batch *= 2) {
        double start = bench_thread_seconds();
        for (size_t i = 0; i < batch; i++) call(context);
        least = bench_thread_seconds() - start;
        if (least >= 4e-3) break;
    }
    for (int run = least > 40e-3 ? 2 : 6; run > 0; run--) {
        double start = bench_thread_seconds();
        for (size_t i = 0; i < batch; i++) call(context);
        double seconds = bench_thread_seconds() - start;
        if (seconds < least) least = seconds;
    }
    return least / (double)batch;
}

/* Runs a program with its output into the file `output`; returns its processor time. Every exit status up
   to `highest_status` is fine. */
static inline double bench_process(char *const *argument, const char *output, int highest_status) {
    posix_spawn_file_actions_t action;
    pid_t child;
    int state = 0;
    double start = bench_children_seconds();
    int cause = posix_spawn_file_actions_init(&action);
    if (!cause)
        cause = posix_spawn_file_actions_addopen(&action, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC,
                                                 0600);
    if (!cause) cause = posix_spawnp(&child, argument[0], &action, NULL, argument, environ);
    if (cause) bench_fail("%s: %s", argument[0], strerror(cause));
    posix_spawn_file_actions_destroy(&action);
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR) bench_fail("%s: %s", argument[0], strerror(errno));
    if (!WIFEXITED(state) || WEXITSTATUS(state) > highest_status)
        bench_fail("%s ended with status %d", argument[0], WIFEXITED(state) ? WEXITSTATUS(state) : -1);
    return bench_children_seconds() - start;
}

/* The least of `runs`, after one that does not count. */
static inline double bench_process_least(char *const *argument, const char *output, int highest_status,
                                         int runs) {
    bench_process(argument, output, highest_status);
    double least = bench_process(argument, output, highest_status);
    while (--runs > 0) {
        double seconds = bench_process(argument, output, highest_status);
        if (seconds < least) least = seconds;
    }
    return least;
}

/* ------------------------------------------------------------------ programs, results */
/* malloc'd path of a program of this build: the environment's `variable`, or bin/NAME of the build directory
   that holds tests/bench/THIS. */
static inline char *bench_program(const char *variable, const char *name) {
    const char *chosen = getenv(variable);
    char place[4096], *path = NULL;
    ssize_t length = readlink("/proc/self/exe", place, sizeof place - 1);
    if (chosen && *chosen) {
        path = sb_duplicate(chosen);
    } else if (length > 0) {
        place[length] = '\0';
        char *slash = strrchr(place, '/');
        if (slash) *slash = '\0';
        path = sb_format("%s/../../bin/%s", place, name);
    }
    if (!path || access(path, X_OK) != 0)
        bench_fail("%s: no such program; set %s", path ? path : name, variable);
    return path;
}

static char *bench_folder_path; /* the temporary folder */

static inline void bench_remove_folder(void) {
    DIR *folder = opendir(bench_folder_path);
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        char *file = sb_format("%s/%s", bench_folder_path, entry->d_name);
        if (file) unlink(file);
        free(file);
    }
    if (folder) closedir(folder);
    rmdir(bench_folder_path);
    free(bench_folder_path);
}

/* A folder for the files of this program, removed with them when it ends, failed or not. Once a program. */
static inline const char *bench_temporary_folder(void) {
    const char *place = getenv("TMPDIR");
    bench_folder_path = sb_format("%s/smoothbound-bench-XXXXXX", place && *place ? place : "/tmp");
    if (!bench_folder_path) bench_fail("out of memory");
    if (!mkdtemp(bench_folder_path)) bench_fail("%s: %s", bench_folder_path, strerror(errno));
    atexit(bench_remove_folder);
    return bench_folder_path;
}

/* Prints the table and what it means, and clears it. */
static inline void bench_print(sb_table *table, const char *meaning) {
    sb_text out;
    sb_error error = {0};
    sb_text_init(&out);
    bench_need(sb_table_print(table, SB_FORMAT_TEXT, 0, &out, &error), &error);
    printf("%s%s\n\n", out.data, meaning);
    fflush(stdout);
    sb_text_clear(&out);
    sb_table_clear(table);
}

#endif
