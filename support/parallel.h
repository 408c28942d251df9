/* Independent tasks on several threads. */
#ifndef SB_SUPPORT_PARALLEL_H
#define SB_SUPPORT_PARALLEL_H

#include <stddef.h>

/* Calls task(context, i) once for every i < count, on at most `jobs` threads, in any order; returns when all
   are done. What a task writes must belong to its index alone, so that results do not depend on the threads.
 */
void sb_parallel(int jobs, size_t count, void (*task)(void *context, size_t index), void *context);

#endif
