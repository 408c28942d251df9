/* Every thread takes the next index; the calling thread is one of them, so that a failed pthread_create only
   makes it slower. */
#include "support/parallel.h"

#include "support/arb_compat.h"

#include <pthread.h>

enum { MOST_JOBS = 256 };

typedef struct {
    size_t next, count;
    pthread_mutex_t lock;
    void (*task)(void *context, size_t index);
    void *context;
} work;

static void take_all(work *w) {
    for (;;) {
        pthread_mutex_lock(&w->lock);
        size_t index = w->next < w->count ? w->next++ : w->count;
        pthread_mutex_unlock(&w->lock);
        if (index == w->count) return;
        w->task(w->context, index);
    }
}

static void *helper(void *context) {
    take_all(context);
    flint_cleanup(); /* the caches of this thread */
    return NULL;
}

void sb_parallel(int jobs, size_t count, void (*task)(void *context, size_t index), void *context) {
    work w = {0, count, PTHREAD_MUTEX_INITIALIZER, task, context};
    pthread_t thread[MOST_JOBS];
    int started = 0;
    while (started + 1 < jobs && started < MOST_JOBS && (size_t)started + 1 < count &&
           pthread_create(&thread[started], NULL, helper, &w) == 0)
        started++;
    take_all(&w);
    for (int i = 0; i < started; i++) pthread_join(thread[i], NULL);
    pthread_mutex_destroy(&w.lock);
}
