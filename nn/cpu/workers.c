/* One run at a time: a generation number that grows tells the threads that there is work. They look for it
   for some microseconds before they sleep, since the layers of a network follow each other closely; so does
   the caller when it waits for them. Every worker takes the next index until none is left.

   A run is over when every worker has said so, not when all tasks are done: none is then still between
   reading the generation and asking for an index, which could be one of the next run. */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity, pthread_setaffinity_np */
#endif
#include "nn/cpu/workers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif

enum { LOOKS = 2000 }; /* before sleeping: some 20 to 50 microseconds */

typedef struct sb_cpu_worker_team team;

typedef struct {
    team *team;
    int number;
    pthread_t thread;
} member;

struct sb_cpu_worker_team {
    sb_cpu_task *task;
    void *context;
    size_t count;
    atomic_size_t next;     /* index */
    atomic_uint generation; /* of the run */
    atomic_int busy;        /* members that have not finished it */
    atomic_int closing;
    pthread_mutex_t lock; /* for sleeping only */
    pthread_cond_t work, done;
    int members; /* threads without the caller */
    member member[SB_MOST_WORKERS];
#ifdef __linux__
    cpu_set_t place[SB_MOST_WORKERS]; /* of each worker, if they are pinned */
#endif
};

/* ------------------------------------------------------------------ processors */
#ifdef __linux__
static int processors(cpu_set_t *set) {
    if (sched_getaffinity(0, sizeof *set, set) == 0) return CPU_COUNT(set);
    CPU_ZERO(set); /* more processors than the set has room for */
    return 0;
}

/* Gives worker i the i-th processor of the set, over and over. */
static void choose_places(team *t, int count, const cpu_set_t *set) {
    size_t processor = CPU_SETSIZE - 1;
    for (int i = 0; i < count; i++) {
        do processor = (processor + 1) % CPU_SETSIZE;
        while (!CPU_ISSET(processor, set));
        CPU_ZERO(&t->place[i]);
        CPU_SET(processor, &t->place[i]);
    }
}
#endif

static int usable_processors(void) {
#ifdef __linux__
    cpu_set_t set;
    int allowed = processors(&set);
    if (allowed > 0) return allowed;
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)(online < SB_MOST_WORKERS ? online : SB_MOST_WORKERS) : 1;
}

/* ------------------------------------------------------------------ a run */
static inline void pause_briefly(void) {
#if defined __x86_64__
    __builtin_ia32_pause();
#endif
}

static void take_all(team *t, int number) {
    for (size_t i; (i = atomic_fetch_add_explicit(&t->next, 1, memory_order_relaxed)) < t->count;)
        t->task(t->context, i, number);
}

/* Waits until the generation is not `last`; returns it. */
static unsigned next_generation(team *t, unsigned last) {
    unsigned now;
    for (int i = 0; i < LOOKS; i++) {
        if ((now = atomic_load(&t->generation)) != last) return now;
        pause_briefly();
    }
    pthread_mutex_lock(&t->lock);
    while ((now = atomic_load(&t->generation)) == last) pthread_cond_wait(&t->work, &t->lock);
    pthread_mutex_unlock(&t->lock);
    return now;
}

static void *serve(void *context) {
    member *m = context;
    team *t = m->team;
    for (unsigned generation = 0;;) {
        generation = next_generation(t, generation);
        if (atomic_load(&t->closing)) return NULL;
        take_all(t, m->number);
        if (atomic_fetch_sub(&t->busy, 1) == 1) {
            pthread_mutex_lock(&t->lock);
            pthread_cond_signal(&t->done);
            pthread_mutex_unlock(&t->lock);
        }
    }
}

static void announce(team *t) {
    pthread_mutex_lock(&t->lock);
    atomic_fetch_add(&t->generation, 1);
    pthread_cond_broadcast(&t->work);
    pthread_mutex_unlock(&t->lock);
}

static void run_team(team *t, size_t count, sb_cpu_task *task, void *context) {
    t->task = task;
    t->context = context;
    t->count = count;
    atomic_store(&t->next, 0);
    atomic_store(&t->busy, t->members);
    announce(t);
    take_all(t, 0);
    for (int i = 0; i < LOOKS && atomic_load(&t->busy) > 0; i++) pause_briefly();
    pthread_mutex_lock(&t->lock);
    while (atomic_load(&t->busy) > 0) pthread_cond_wait(&t->done, &t->lock);
    pthread_mutex_unlock(&t->lock);
}

void sb_cpu_workers_run(sb_cpu_workers *workers, size_t count, sb_cpu_task *task, void *context) {
    team *t = workers->team;
    if (!t || count < 2) {
        for (size_t i = 0; i < count; i++) task(context, i, 0);
        return;
    }
#ifdef __linux__
    cpu_set_t before; /* the caller gets back what it had */
    int bound = workers->pinned && pthread_getaffinity_np(pthread_self(), sizeof before, &before) == 0 &&
                pthread_setaffinity_np(pthread_self(), sizeof t->place[0], &t->place[0]) == 0;
    run_team(t, count, task, context);
    if (bound) pthread_setaffinity_np(pthread_self(), sizeof before, &before);
#else
    run_team(t, count, task, context);
#endif
}

/* ------------------------------------------------------------------ life */
static void end_team(team *t) {
    atomic_store(&t->closing, 1);
    announce(t);
    for (int i = 0; i < t->members; i++) pthread_join(t->member[i].thread, NULL);
    pthread_cond_destroy(&t->work);
    pthread_cond_destroy(&t->done);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

static void start_member(team *t, int pinned) {
    member *m = &t->member[t->members];
    m->team = t;
    m->number = t->members + 1;
    if (pthread_create(&m->thread, NULL, serve, m) != 0) return;
    t->members++;
#ifdef __linux__
    if (pinned) pthread_setaffinity_np(m->thread, sizeof t->place[0], &t->place[m->number]);
#else
    (void)pinned;
#endif
}

/* Threads that cannot be had make the team smaller. */
static sb_status start_team(sb_cpu_workers *workers, int unpinned, sb_error *error) {
    team *t = workers->team = calloc(1, sizeof *t);
    if (!t) return sb_fail_memory(error);
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->work, NULL);
    pthread_cond_init(&t->done, NULL);
#ifdef __linux__
    cpu_set_t set;
    int allowed = processors(&set);
    workers->pinned = !unpinned && allowed > 0 && workers->count >= allowed;
    if (workers->pinned) choose_places(t, workers->count, &set);
#else
    (void)unpinned;
#endif
    for (int i = 1; i < workers->count && t->members == i - 1; i++) start_member(t, workers->pinned);
    workers->count = 1 + t->members;
    return SB_OK;
}

sb_status sb_cpu_workers_open(sb_cpu_workers **workers, int jobs, int unpinned, sb_error *error) {
    *workers = NULL;
    if (jobs < 0 || jobs > SB_MOST_WORKERS)
        return sb_fail(error, SB_BAD_INPUT, "jobs %d: from 1 to %d, or 0 for every processor", jobs,
                       SB_MOST_WORKERS);
    sb_cpu_workers *w = calloc(1, sizeof *w);
    if (!w) return sb_fail_memory(error);
    w->count = jobs ? jobs : usable_processors();
    if (w->count > SB_MOST_WORKERS) w->count = SB_MOST_WORKERS;
    sb_status status = w->count > 1 ? start_team(w, unpinned, error) : SB_OK;
    if (status) {
        free(w);
        return status;
    }
    *workers = w;
    return SB_OK;
}

void sb_cpu_workers_close(sb_cpu_workers *workers) {
    if (!workers) return;
    if (workers->team) end_team(workers->team);
    free(workers);
}
