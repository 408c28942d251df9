/* The optima of extremal noise: closed forms (m(delta) for d = 1 and 2), the bounds for laws off the lattice,
   several dimensions, and the limits of what is solved. */
#include "bounds/sharp.h"
#include "distributions/finite_law.h"
#include "tests/bounds/extremal_test.h"

/* ------------------------------------------------------------------ closed forms */
static void check_line(void) {
    static const char *const delta[] = {"1/2",  "1/3",  "2/5",  "3/7",    "1",      "9/10", "7/10",
                                        "5/17", "1/10", "3/50", "99/100", "1/1000", "2/3"};
    sb_extremal extremal;
    sb_extremal_problem problem;
    fmpq_t m;
    uint64_t state = 11;
    fmpq_init(m);
    sb_extremal_init(&extremal);
    sb_extremal_problem_init(&problem);
    enum { GIVEN = sizeof delta / sizeof delta[0], RANDOM = 20 };
    for (size_t i = 0; i < GIVEN + RANDOM; i++) {
        if (i >= GIVEN) random_fraction(problem.delta, &state, 5);
        if (i >= GIVEN && fmpq_get_d(problem.delta) < 0.03) continue;
        solve(&extremal, &problem, 1, 2, 0, i < GIVEN ? delta[i] : NULL);
        sb_sharp_m(m, problem.delta);
        SB_CHECK(fmpq_equal(m, extremal.lo), "delta = %g: %g, not m = %g", fmpq_get_d(problem.delta),
                 fmpq_get_d(extremal.lo), fmpq_get_d(m));
    }
    fmpq_clear(m);
    sb_extremal_clear(&extremal);
    sb_extremal_problem_clear(&problem);
}

/* d = 2: 4 m(delta) on Z^2; on the points of equal parity where 1/delta is odd, and more elsewhere. */
static void check_plane(void) {
    static const char *const delta[] = {"1/2", "1/3", "1/4", "1/5", "2/5", "4/9", "3/10"};
    sb_extremal extremal;
    sb_extremal_problem problem;
    fmpq_t m;
    fmpq_init(m);
    sb_extremal_init(&extremal);
    sb_extremal_problem_init(&problem);
    for (size_t i = 0; i < sizeof delta / sizeof delta[0]; i++) {
        solve(&extremal, &problem, 2, 1, 0, delta[i]);
        sb_sharp_m(m, problem.delta);
        fmpq_mul_2exp(m, m, 2);
        SB_CHECK(fmpq_equal(m, extremal.lo), "delta = %s: %g", delta[i], fmpq_get_d(extremal.lo));
        solve(&extremal, &problem, 2, SB_EXTREMAL_PARITY, 0, delta[i]);
        int odd = strcmp(delta[i], "1/3") == 0 || strcmp(delta[i], "1/5") == 0;
        SB_CHECK(odd ? fmpq_equal(m, extremal.lo) : fmpq_cmp(m, extremal.lo) < 0, "parity, delta = %s: %g",
                 delta[i], fmpq_get_d(extremal.lo));
    }
    fmpq_clear(m);
    sb_extremal_clear(&extremal);
    sb_extremal_problem_clear(&problem);
}

/* ------------------------------------------------------------------ beyond the lattice */
static void check_every_shift(void) {
    sb_extremal extremal;
    sb_extremal_problem problem;
    fmpq_t value, before, m;
    fmpq_init(value);
    fmpq_init(before);
    fmpq_init(m);
    sb_extremal_init(&extremal);
    sb_extremal_problem_init(&problem);
    solve(&extremal, &problem, 1, 8, 1, "1/2");
    SB_CHECK(equals(extremal.lo, "59/192"), "%g", fmpq_get_d(extremal.lo));
    SB_CHECK(sb_extremal_every_length(value, &extremal, &problem) && equals(value, "5/16"));
    SB_CHECK(sb_extremal_every_law(value, &extremal, &problem) && equals(value, "115/384"), "lo - 1/128");
    static const char *const delta[] = {"1/2", "1/3", "1/4", "3/5"};
    static const double low[] = {0.309, 0.733, 1.319, 0.20}, high[] = {0.31251, 0.739, 1.327, 0.27};
    for (size_t i = 0; i < 4; i++) {
        fmpq_zero(before);
        for (unsigned grid = 4; grid <= 16; grid *= 2) {
            solve(&extremal, &problem, 1, grid, 1, delta[i]);
            SB_CHECK(sb_extremal_every_law(value, &extremal, &problem) && fmpq_cmp(value, before) >= 0,
                     "grid %u, delta = %s: %g after %g", grid, delta[i], fmpq_get_d(value),
                     fmpq_get_d(before));
            fmpq_set(before, value);
        }
        sb_sharp_m(m, problem.delta);
        SB_CHECK(fmpq_cmp(m, value) < 0, "delta = %s: m = %g is not sharp, %g", delta[i], fmpq_get_d(m),
                 fmpq_get_d(value));
        SB_CHECK(sb_extremal_every_length(m, &extremal, &problem) && fmpq_cmp(value, m) < 0);
        SB_CHECK(fmpq_get_d(value) > low[i] && fmpq_get_d(m) < high[i], "delta = %s: %g to %g", delta[i],
                 fmpq_get_d(value), fmpq_get_d(m));
    }
    fmpq_clear(value);
    fmpq_clear(before);
    fmpq_clear(m);
    sb_extremal_clear(&extremal);
    sb_extremal_problem_clear(&problem);
}

/* The bound for every law holds for random laws off the lattice. */
static void check_every_law(void) {
    sb_extremal extremal;
    sb_extremal_problem problem;
    sb_finite_law law;
    fmpq_t value, worst, shift[2];
    uint64_t state = 3;
    int used = 0;
    fmpq_init(value);
    fmpq_init(worst);
    fmpq_init(shift[0]);
    fmpq_init(shift[1]);
    sb_finite_law_init(&law);
    sb_extremal_init(&extremal);
    sb_extremal_problem_init(&problem);
    for (int i = 0; i < 60; i++) {
        uint32_t weight[49];
        unsigned d = 1 + (unsigned)(i % 2), side = d == 1 ? 9 : 7;
        for (unsigned k = 0; k < 49; k++) weight[k] = 1 + sb_finite_law_random_below(&state, 3);
        fmpq_set_si(value, -(slong)sb_finite_law_random_below(&state, 12), 3);
        fmpq_set_si(worst, 1, 2);
        SB_CHECK(sb_finite_law_lattice(&law, d, side, value, worst, weight, NULL) == SB_OK);
        fmpq_zero(worst);
        for (int signs = 0; signs < 2; signs++) {
            fmpq_set_si(shift[0], 1, 1);
            fmpq_set_si(shift[1], signs ? -1 : 1, 1);
            fmpq pair[2] = {*shift[0], *shift[1]};
            sb_finite_law_shift_distance(value, &law, pair);
            if (fmpq_cmp(value, worst) > 0) fmpq_set(worst, value);
        }
        fmpq_set(problem.delta, worst);
        solve(&extremal, &problem, d, d == 1 ? 4 : 2, 0, NULL);
        sb_finite_law_mean_square(worst, &law);
        SB_CHECK(sb_extremal_every_law(value, &extremal, &problem) && fmpq_cmp(value, worst) <= 0,
                 "law %d: %g, not at least %g", i, fmpq_get_d(worst), fmpq_get_d(value));
        used += fmpq_sgn(value) > 0;
    }
    SB_CHECK(used > 30, "only %d bounds above 0", used);
    solve(&extremal, &problem, 1, 1, 0,
          "1/2"); /* the integers alone: the law on -1/2 and 1/2 attains the bound */
    SB_CHECK(equals(extremal.lo, "1/2") && sb_extremal_every_law(value, &extremal, &problem) &&
             equals(value, "1/4"));
    fmpq_clear(value);
    fmpq_clear(worst);
    fmpq_clear(shift[0]);
    fmpq_clear(shift[1]);
    sb_finite_law_clear(&law);
    sb_extremal_clear(&extremal);
    sb_extremal_problem_clear(&problem);
}

/* ------------------------------------------------------------------ several dimensions */
/* The optimum over that of Gaussian noise, 1/(4 z^2) d^2 with z = 0.6744898 at delta = 1/2, 0.1256613 at
   1/10; and finer lattices are no worse, larger delta is no worse. */
static void check_dimensions(void) {
    static const struct {
        unsigned dimension;
        const char *delta;
        double z, low, high;
    } known[] = {{3, "1/10", 0.12566134685, 0.585, 0.595},
                 {4, "1/10", 0.12566134685, 0.655, 0.665},
                 {6, "1/2", 0.67448975020, 0.77, 0.80},
                 {8, "1/2", 0.67448975020, 0.84, 0.86}};
    static const char *const rising[] = {"1/5", "1/4", "2/5", "1/2", "2/3", "9/10", "1"};
    sb_extremal extremal;
    sb_extremal_problem problem;
    fmpq_t before;
    fmpq_init(before);
    sb_extremal_init(&extremal);
    sb_extremal_problem_init(&problem);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        unsigned d = known[i].dimension;
        solve(&extremal, &problem, d, SB_EXTREMAL_PARITY, 0, known[i].delta);
        double ratio = fmpq_get_d(extremal.lo) / (d * d) * 4 * known[i].z * known[i].z;
        SB_CHECK(ratio > known[i].low && ratio < known[i].high, "d = %u: %g", d, ratio);
        fmpq_set(before, extremal.lo);
        if (i == 0 || i == 2) {
            solve(&extremal, &problem, d, 1, 0, known[i].delta);
            SB_CHECK(fmpq_cmp(extremal.lo, before) <= 0, "d = %u: all integers are worse", d);
        }
    }
    for (size_t i = 0; i < sizeof rising / sizeof rising[0]; i++) {
        solve(&extremal, &problem, 3, 1, 0, rising[i]);
        SB_CHECK(i == 0 || fmpq_cmp(extremal.lo, before) < 0, "delta = %s", rising[i]);
        fmpq_set(before, extremal.lo);
    }
    SB_CHECK(fmpq_is_zero(before), "delta = 1");
    fmpq_clear(before);
    sb_extremal_clear(&extremal);
    sb_extremal_problem_clear(&problem);
}

/* ------------------------------------------------------------------ limits */
static int stop(void *context) {
    ++*(int *)context;
    return 0;
}

static void check_limits(void) {
    sb_extremal extremal;
    sb_extremal_problem problem;
    sb_error error;
    int calls = 0;
    sb_extremal_init(&extremal);
    sb_extremal_problem_init(&problem);
#define REFUSED(status)                                                                                      \
    SB_CHECK(sb_extremal_find(&extremal, &problem, NULL, NULL, &error) == (status), "%s", error.message)
    problem.dimension = 13;
    REFUSED(SB_OUTSIDE);
    problem.dimension = 0;
    REFUSED(SB_OUTSIDE);
    problem.dimension = 2;
    problem.every_shift = 1;
    REFUSED(SB_OUTSIDE);
    problem.dimension = 1;
    problem.grid = 3;
    REFUSED(SB_OUTSIDE);
    problem.every_shift = 0;
    set_text(problem.delta, "0");
    REFUSED(SB_OUTSIDE);
    set_text(problem.delta, "1e-300");
    REFUSED(SB_OUTSIDE);
    set_text(problem.delta, "1/3");
    set_text(problem.radius, "1/9");
    REFUSED(SB_OUTSIDE);
    set_text(problem.radius, "1e300");
    REFUSED(SB_OUTSIDE);
    set_text(problem.radius, "1");
    problem.grid =
        2; /* a ball too small for the level 2: the law is fine, the bound is weaker and still true */
    REFUSED(SB_OK);
    SB_CHECK(equals(extremal.hi, "2/3") && fmpq_cmp(extremal.lo, extremal.hi) < 0);
    set_text(problem.radius, "0");
    problem.dimension = 12;
    set_text(problem.delta, "1/10");
    REFUSED(SB_OUTSIDE);
    problem.dimension = 4;
    problem.grid = 1;
    sb_status status = sb_extremal_find(&extremal, &problem, stop, &calls, &error);
    SB_CHECK(status == SB_INTERRUPTED && calls == 1, "%d calls: %s", calls, error.message);
    for (unsigned d = 1; d <= SB_EXTREMAL_DIMENSION; d++) {
        problem.dimension = d;
        set_text(problem.delta, "1/2");
        SB_CHECK(sb_extremal_choose_grid(&problem, &error) == SB_OK && problem.grid <= 8, "d = %u", d);
    }
    sb_extremal_clear(&extremal);
    sb_extremal_problem_clear(&problem);
}

static const sb_test tests[] = {
    {"extremal: m(delta) exactly for d = 1", check_line},
    {"extremal: 4 m(delta) exactly for d = 2", check_plane},
    {"extremal: every shift up to eps", check_every_shift},
    {"extremal: the bound for every law", check_every_law},
    {"extremal: several dimensions", check_dimensions},
    {"extremal: limits", check_limits},
};
SB_TEST_MAIN(tests)
