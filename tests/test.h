/* The test harness: a test program is a list of functions that state laws with SB_CHECK. It prints one line a
   function and ends with a count; a failed check prints its operands. Exit status 0 only when all held. */
#ifndef SB_TESTS_TEST_H
#define SB_TESTS_TEST_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int sb_test_failures;     /* in the function that is running */
static const char *sb_test_skip; /* why it was left out */

/* SB_CHECK(condition) or SB_CHECK(condition, format, operands...): a failure is counted, and the first few
 * are printed. */
#define SB_CHECK(...) SB_CHECK_(__VA_ARGS__, "", "")
#define SB_CHECK_(condition, ...)                                                                            \
    do {                                                                                                     \
        if (!(condition)) sb_test_report(__FILE__, __LINE__, #condition, __VA_ARGS__);                       \
    } while (0)

static inline void sb_test_report(const char *file, int line, const char *condition, const char *format,
                                  ...) {
    if (sb_test_failures++ >= 5) return;
    va_list operands;
    va_start(operands, format);
    printf("# %s:%d: %s: ", file, line, condition);
    vprintf(format, operands);
    printf("\n");
    va_end(operands);
}

/* Leaves the running function; counted as skipped. */
#define SB_SKIP(reason)                                                                                      \
    do {                                                                                                     \
        sb_test_skip = (reason);                                                                             \
        return;                                                                                              \
    } while (0)

typedef struct {
    const char *name;
    void (*run)(void);
} sb_test;

/* A small generator for test inputs (splitmix64): not for anything else. */
static inline uint64_t sb_test_random(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline int sb_test_main(const sb_test *test, size_t count) {
    int failed = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < count; i++) {
        sb_test_failures = 0;
        sb_test_skip = NULL;
        test[i].run();
        if (sb_test_failures) {
            printf("not ok - %s (%d failed checks)\n", test[i].name, sb_test_failures);
            failed = 1;
        } else if (sb_test_skip) {
            printf("ok - %s # SKIP %s\n", test[i].name, sb_test_skip);
        } else {
            printf("ok - %s\n", test[i].name);
        }
    }
    return failed;
}

#define SB_TEST_MAIN(tests)                                                                                  \
    int main(void) {                                                                                         \
        return sb_test_main(tests, sizeof(tests) / sizeof((tests)[0]));                                      \
    }

#endif
