/* Every index once, no worker number twice at a time, processors left as they were found. */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "nn/cpu/workers.h"
#include "tests/test.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { MOST = 600 };

typedef struct {
    int workers;
    atomic_int done[MOST], inside[SB_MOST_WORKERS], wrong;
} record;

static void note(void *context, size_t index, int worker) {
    record *r = context;
    if (worker < 0 || worker >= r->workers || atomic_fetch_add(&r->inside[worker], 1) != 0)
        atomic_fetch_add(&r->wrong, 1);
    atomic_fetch_add(&r->done[index], 1);
    atomic_fetch_sub(&r->inside[worker], 1);
}

static void every_index_once(void) {
    static record r;
#ifdef __linux__
    cpu_set_t before, after;
    sched_getaffinity(0, sizeof before, &before);
#endif
    static const int jobs[] = {1, 2, 3, 4, 7};
    for (size_t j = 0; j < sizeof jobs / sizeof jobs[0]; j++) {
        sb_cpu_workers *workers;
        sb_error error = {0};
        SB_CHECK(!sb_cpu_workers_open(&workers, jobs[j], 0, &error), "%s", error.message);
        SB_CHECK(workers->count == jobs[j], "%d threads for %d jobs", workers->count, jobs[j]);
        r.workers = workers->count;
        for (int run = 0; run < 400; run++) { /* short runs, one upon the other */
            size_t count = run < 200 ? (size_t)run % 9 : (size_t)run;
            for (size_t i = 0; i < MOST; i++) atomic_store(&r.done[i], 0);
            sb_cpu_workers_run(workers, count, note, &r);
            for (size_t i = 0; i < MOST; i++)
                SB_CHECK(atomic_load(&r.done[i]) == (i < count), "jobs %d, run %d of %zu: index %zu %d times",
                         jobs[j], run, count, i, atomic_load(&r.done[i]));
        }
        SB_CHECK(atomic_load(&r.wrong) == 0, "%d tasks with a bad worker number", atomic_load(&r.wrong));
        sb_cpu_workers_close(workers);
#ifdef __linux__
        sched_getaffinity(0, sizeof after, &after);
        SB_CHECK(CPU_EQUAL(&after, &before), "jobs %d: the caller is left on %d of %d processors", jobs[j],
                 CPU_COUNT(&after), CPU_COUNT(&before));
#endif
    }
    sb_cpu_workers_close(NULL);
}

static void options(void) {
    sb_cpu_workers *workers;
    sb_error error = {0};
    SB_CHECK(sb_cpu_workers_open(&workers, -1, 0, &error) == SB_BAD_INPUT && strstr(error.message, "-1"));
    SB_CHECK(sb_cpu_workers_open(&workers, SB_MOST_WORKERS + 1, 0, &error) == SB_BAD_INPUT);
    SB_CHECK(!sb_cpu_workers_open(&workers, 1, 0, &error) && workers->count == 1 && !workers->pinned);
    sb_cpu_workers_close(workers);
}

#ifdef __linux__
typedef struct {
    cpu_set_t set[SB_MOST_WORKERS];
    atomic_int seen;
    int workers;
} places;

/* Holds its worker until all have come, so that every one of them takes part. */
static void look(void *context, size_t index, int worker) {
    places *p = context;
    (void)index;
    sched_getaffinity(0, sizeof p->set[worker], &p->set[worker]);
    atomic_fetch_add(&p->seen, 1);
    while (atomic_load(&p->seen) < p->workers) sched_yield();
}

static void look_at(int jobs, int unpinned, places *p, int *pinned) {
    sb_cpu_workers *workers;
    sb_error error = {0};
    SB_CHECK(!sb_cpu_workers_open(&workers, jobs, unpinned, &error), "%s", error.message);
    p->workers = workers->count;
    *pinned = workers->pinned;
    atomic_store(&p->seen, 0);
    sb_cpu_workers_run(workers, (size_t)workers->count, look, p);
    sb_cpu_workers_close(workers);
}

/* As many workers as processors: a processor each. Otherwise, or when asked not to: those of the process. */
static void pinned_when_they_fill_the_processors(void) {
    static places p;
    cpu_set_t before, after, all;
    int pinned;
    sched_getaffinity(0, sizeof before, &before);
    int processors = CPU_COUNT(&before);
    if (processors < 2 || processors > SB_MOST_WORKERS) SB_SKIP("a machine of one processor");
    look_at(0, 0, &p, &pinned);
    SB_CHECK(pinned && p.workers == processors, "%d workers, %d processors", p.workers, processors);
    CPU_ZERO(&all);
    for (int i = 0; i < p.workers; i++) {
        SB_CHECK(CPU_COUNT(&p.set[i]) == 1, "worker %d may use %d processors", i, CPU_COUNT(&p.set[i]));
        CPU_OR(&all, &all, &p.set[i]);
    }
    SB_CHECK(CPU_EQUAL(&all, &before));
    look_at(processors, 1, &p, &pinned);
    for (int i = 0; i < p.workers; i++) SB_CHECK(!pinned && CPU_EQUAL(&p.set[i], &before), "worker %d", i);
    if (processors > 2) {
        look_at(processors - 1, 0, &p, &pinned);
        for (int i = 0; i < p.workers; i++)
            SB_CHECK(!pinned && CPU_EQUAL(&p.set[i], &before), "worker %d", i);
    }
    sched_getaffinity(0, sizeof after, &after);
    SB_CHECK(CPU_EQUAL(&after, &before));
}

/* A process that may use one processor: one worker by default; two share it. */
static void one_allowed_processor(void) {
    static places p;
    cpu_set_t before, one, after;
    int pinned;
    size_t last = CPU_SETSIZE - 1;
    sched_getaffinity(0, sizeof before, &before);
    while (!CPU_ISSET(last, &before)) last--;
    CPU_ZERO(&one);
    CPU_SET(last, &one);
    if (sched_setaffinity(0, sizeof one, &one)) SB_SKIP("this process may not choose its processors");
    look_at(0, 0, &p, &pinned);
    SB_CHECK(p.workers == 1, "%d workers", p.workers);
    look_at(2, 0, &p, &pinned);
    SB_CHECK(p.workers == 2 && CPU_EQUAL(&p.set[0], &one) && CPU_EQUAL(&p.set[1], &one));
    sched_getaffinity(0, sizeof after, &after);
    SB_CHECK(CPU_EQUAL(&after, &one));
    sched_setaffinity(0, sizeof before, &before);
}
#endif

static const sb_test tests[] = {
    {"every index once, on workers of their own", every_index_once},
    {"the number of jobs", options},
#ifdef __linux__
    {"pinned when they fill the processors", pinned_when_they_fill_the_processors},
    {"a process of one processor", one_allowed_processor},
#endif
};

SB_TEST_MAIN(tests)
