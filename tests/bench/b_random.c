/* Random numbers per second on one core, beside GSL's ziggurat with its default generator (mt19937) and with
   its fastest (taus2). GSL is opened at run time; without it only our own numbers are printed. */
#include "support/random.h"
#include "support/random_vector.h"
#include "tests/bench/bench.h"

#include <dlfcn.h>
#include <math.h>

enum { COUNT = 1 << 14 }; /* of one call: stays in the caches */

typedef struct {
    sb_random_kind kind;
    int level;
    uint64_t stream;
    void *x;
} run_case;

static void fill(void *context) {
    run_case *at = context;
    sb_random_fill(at->level, at->kind, at->x, COUNT, 1, at->stream++, 0);
}

typedef struct {
    double (*draw)(const void *generator, double sigma);
    void *generator;
    double *x;
} gsl_case;

static void draw_gsl(void *context) {
    gsl_case *at = context;
    for (int i = 0; i < COUNT; i++) at->x[i] = at->draw(at->generator, 1);
}

/* Mean 0 and variance 1, within 7 standard deviations. */
static void need_normal(const char *what, const double *x) {
    double sum = 0, squares = 0;
    for (int i = 0; i < COUNT; i++) {
        sum += x[i];
        squares += x[i] * x[i];
    }
    if (!(fabs(sum) < 7 * sqrt(COUNT)) || !(fabs(squares - COUNT) < 7 * sqrt(2.0 * COUNT)))
        bench_fail("%s: mean %g, second moment %g", what, sum / COUNT, squares / COUNT);
}

/* Seconds of COUNT numbers. */
static double gsl_seconds(void *gsl, const char *generator, double *x) {
    gsl_case at = {.x = x};
    void *(*allocate)(const void *type);
    void (*release)(void *);
    *(void **)&at.draw = dlsym(gsl, "gsl_ran_gaussian_ziggurat");
    *(void **)&allocate = dlsym(gsl, "gsl_rng_alloc");
    *(void **)&release = dlsym(gsl, "gsl_rng_free");
    const void *const *type = dlsym(gsl, generator);
    if (!at.draw || !allocate || !release || !type) bench_fail("GSL lacks %s", generator);
    at.generator = allocate(*type);
    if (!at.generator) bench_fail("out of memory");
    double seconds = bench_seconds(draw_gsl, &at);
    need_normal(generator, x);
    release(at.generator);
    return seconds;
}

static void add(sb_table *table, const char *what, double seconds, double mersenne, double taus) {
    sb_table_row(table);
    sb_table_set(table, 0, what);
    sb_table_setf(table, 1, "%.0f", 1e-6 * COUNT / seconds);
    sb_table_setf(table, 2, "%.2f", 1e9 * seconds / COUNT);
    if (mersenne > 0) sb_table_setf(table, 3, "%.1f", mersenne / seconds);
    if (taus > 0) sb_table_setf(table, 4, "%.1f", taus / seconds);
}

int main(void) {
    static const sb_column column[] = {{"what", "Random numbers", 0},
                                       {"speed", "10^6/s", SB_COLUMN_RIGHT},
                                       {"time", "ns each", SB_COLUMN_RIGHT},
                                       {"mt19937", "x GSL mt19937", SB_COLUMN_RIGHT},
                                       {"taus2", "x GSL taus2", SB_COLUMN_RIGHT}};
    static const char *const kind_name[] = {"uniforms, double",     "uniforms, float",
                                            "normals, double",      "normals, float",
                                            "exponentials, double", "exponentials, float"};
    static const char *const library[] = {"libgsl.so.28", "libgsl.so.27", "libgsl.so.25", "libgsl.so"};
    static double x[COUNT];
    static float narrow[COUNT];
    void *blas = dlopen("libgslcblas.so.0", RTLD_NOW | RTLD_GLOBAL), *gsl = NULL;
    for (size_t i = 0; blas && !gsl && i < sizeof library / sizeof library[0]; i++)
        gsl = dlopen(library[i], RTLD_NOW);
    double mersenne = gsl ? gsl_seconds(gsl, "gsl_rng_mt19937", x) : 0;
    double taus = gsl ? gsl_seconds(gsl, "gsl_rng_taus2", x) : 0;
    sb_table table;
    sb_table_init(&table, NULL, column, sizeof column / sizeof column[0]);
    if (gsl) {
        add(&table, "GSL's ziggurat normals, mt19937, double", mersenne, mersenne, taus);
        add(&table, "GSL's ziggurat normals, taus2, double", taus, mersenne, taus);
    }
    for (int kind = 0; kind <= SB_RANDOM_EXPONENTIAL_FLOAT; kind++)
        for (int level = sb_random_levels() - 1; level >= 0; level--) {
            int is_normal = kind == SB_RANDOM_NORMAL || kind == SB_RANDOM_NORMAL_FLOAT, is_float = kind & 1;
            run_case at = {(sb_random_kind)kind, level, 0, is_float ? (void *)narrow : x};
            if (!is_normal && level < sb_random_levels() - 1) continue;
            double seconds = bench_seconds(fill, &at);
            for (int i = 0; is_float && i < COUNT; i++) x[i] = (double)narrow[i];
            if (is_normal) need_normal(kind_name[kind], x);
            char *what = sb_format("%s, %s", kind_name[kind], sb_random_level_name(level));
            if (!what) bench_fail("out of memory");
            add(&table, what, seconds, is_normal ? mersenne : 0, is_normal ? taus : 0);
            free(what);
        }
    bench_print(&table,
                gsl ? "x GSL: how many times as fast as gsl_ran_gaussian_ziggurat with that generator."
                    : "GSL is not installed: nothing to compare with.");
    return 0;
}
