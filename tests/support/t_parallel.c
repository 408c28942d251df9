/* Every index once, whatever the number of threads. */
#include "support/parallel.h"
#include "tests/test.h"

enum { MOST = 500 };

static void count_once(void *context, size_t index) {
    unsigned *seen = context;
    seen[index]++;
}

static void every_index_once(void) {
    static const size_t count[] = {0, 1, 2, 7, MOST};
    for (int jobs = 0; jobs <= 9; jobs += 3)
        for (size_t k = 0; k < sizeof count / sizeof count[0]; k++) {
            unsigned seen[MOST + 1] = {0};
            sb_parallel(jobs, count[k], count_once, seen);
            for (size_t i = 0; i <= MOST; i++)
                SB_CHECK(seen[i] == (i < count[k]), "jobs %d, count %zu, index %zu: %u times", jobs, count[k], i,
                         seen[i]);
        }
}

static const sb_test tests[] = {{"parallel: every index once, on any number of threads", every_index_once}};
SB_TEST_MAIN(tests)
