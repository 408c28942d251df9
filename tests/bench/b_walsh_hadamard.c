/* The Walsh-Hadamard transform of 2^n floats on one core, beside one in-place pass x[i] = -x[i] over the same
   array, with the processor's widest vectors, and beside the textbook's three loops. */
#include "support/walsh_hadamard.h"
#include "tests/bench/bench.h"

enum { LONGEST = 24 };

typedef struct {
    void (*run)(float *x, unsigned n);
    float *x;
    unsigned n;
} run_case;

static void call(void *context) {
    run_case *at = context;
    at->run(at->x, at->n);
}

#define PASS(name, bytes, target)                                                                            \
    target static void name(float *x, unsigned n) {                                                          \
        typedef float vector __attribute__((vector_size(bytes)));                                            \
        for (float *end = x + ((size_t)1 << n); x < end; x += bytes / sizeof *x) {                           \
            vector v;                                                                                        \
            memcpy(&v, x, sizeof v);                                                                         \
            v = -v;                                                                                          \
            memcpy(x, &v, sizeof v);                                                                         \
        }                                                                                                    \
    }
PASS(pass_baseline, 16, )
#ifdef __x86_64__
PASS(pass_avx2, 32, __attribute__((target("avx2"))))
PASS(pass_avx512, 64, __attribute__((target("avx512f"))))
static void (*const pass[])(float *, unsigned) = {pass_baseline, pass_avx2, pass_avx512};
#else
static void (*const pass[])(float *, unsigned) = {pass_baseline};
#endif

static void textbook(float *x, unsigned n) {
    for (size_t step = 1, size = (size_t)1 << n; step < size; step *= 2)
        for (size_t block = 0; block < size; block += 2 * step)
            for (size_t i = block; i < block + step; i++) {
                float a = x[i], b = x[i + step];
                x[i] = a + b;
                x[i + step] = a - b;
            }
}

static void must_agree(float *x, float *y, unsigned n) {
    for (size_t i = 0; i < (size_t)1 << n; i++) x[i] = y[i] = (float)(i % 1009) / 1009;
    sb_walsh_hadamard_float(x, n);
    textbook(y, n);
    if (memcmp(x, y, sizeof *x << n) != 0) bench_fail("n = %u: not what the three loops give", n);
    memset(x, 0, sizeof *x << n); /* zeros stay zeros, however often they are transformed */
}

int main(void) {
    static const sb_column column[] = {{"n", "n", SB_COLUMN_RIGHT},
                                       {"transform", "Transform, us", SB_COLUMN_RIGHT},
                                       {"addition", "ps an addition", SB_COLUMN_RIGHT},
                                       {"pass", "One pass, us", SB_COLUMN_RIGHT},
                                       {"pass_ratio", "/ pass", SB_COLUMN_RIGHT},
                                       {"textbook", "x textbook", SB_COLUMN_RIGHT}};
    static const unsigned length[] = {6, 8, 10, 12, 14, 16, 18, 20, 22, LONGEST};
    float *x = aligned_alloc(64, sizeof *x << LONGEST), *y = aligned_alloc(64, sizeof *y << LONGEST);
    sb_table table;
    if (!x || !y) bench_fail("out of memory");
    sb_table_init(&table, NULL, column, sizeof column / sizeof column[0]);
    table.caption = "Walsh-Hadamard transform of 2^n floats, in place";
    for (size_t i = 0; i < sizeof length / sizeof length[0]; i++) {
        unsigned n = length[i];
        must_agree(x, y, n);
        run_case ours = {sb_walsh_hadamard_float, x, n}, plain = {textbook, x, n};
        run_case once = {pass[sb_walsh_hadamard_levels() - 1], x, n};
        double transform = bench_seconds(call, &ours), one_pass = bench_seconds(call, &once);
        sb_table_row(&table);
        sb_table_setf(&table, 0, "%u", n);
        sb_table_setf(&table, 1, "%.3f", 1e6 * transform);
        sb_table_setf(&table, 2, "%.1f", 1e12 * transform / (double)((size_t)n << n));
        sb_table_setf(&table, 3, "%.3f", 1e6 * one_pass);
        sb_table_setf(&table, 4, "%.1f", transform / one_pass);
        sb_table_setf(&table, 5, "%.1f", bench_seconds(call, &plain) / transform);
    }
    free(x);
    free(y);
    bench_print(&table,
                "/ pass: times one pass x[i] = -x[i] with vectors over the same array; at n = 20 at most "
                "12 is wanted.\nx textbook: how many times as fast as the three loops.");
    return 0;
}
