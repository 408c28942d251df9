/* Threads that stay, for work that comes in many short pieces. The thread that hands out work is one of them.

   When the workers are at least as many as the processors that the process may use, each is bound to one of
   these while it works: two busy threads on one processor, as schedulers of virtual machines arrange it at
   times, would halve the speed. With fewer workers than processors nothing is bound, since several such
   processes would meet on the first processors. */
#ifndef SB_NN_CPU_WORKERS_H
#define SB_NN_CPU_WORKERS_H

#include "support/status.h"

#include <stddef.h>

enum { SB_MOST_WORKERS = 256 };

/* worker: 0 .. count - 1, of the thread that runs it, for scratch memory of its own. */
typedef void sb_cpu_task(void *context, size_t index, int worker);

typedef struct {
    int count;                       /* of the threads, with the one that calls */
    int pinned;                      /* whether they are bound */
    struct sb_cpu_worker_team *team; /* NULL for one worker */
} sb_cpu_workers;

/* jobs 0: as many as the processors that this process may use. SB_BAD_INPUT for less than 0 or more than
   SB_MOST_WORKERS. */
sb_status sb_cpu_workers_open(sb_cpu_workers **workers, int jobs, int unpinned, sb_error *error);
void sb_cpu_workers_close(sb_cpu_workers *workers); /* NULL is fine */

/* Calls task(context, index, worker) once for every index < count, in any order; returns when all are done.
   By one thread at a time, and not from within a task. */
void sb_cpu_workers_run(sb_cpu_workers *workers, size_t count, sb_cpu_task *task, void *context);

#endif
