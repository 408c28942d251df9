/* The reduction of extremal noise by symmetry: orbits and pairs by plain counting, and the optimum of the
   same program without symmetry. */
#include "tests/bounds/extremal_test.h"

#include <glpk.h>

/* ------------------------------------------------------------------ counting */
/* Counts all pairs (y, y - step) with y in the ball, point by point, into pairs[a * count + b]. */
static void count_pairs(const sb_orbits *orbits, int step, uint64_t *size, uint64_t *pairs) {
    enum { RANGE = 7 };
    size_t points = 1, n = orbits->count + 1;
    unsigned d = orbits->dimension;
    for (unsigned i = 0; i < d; i++) points *= 2 * RANGE + 1;
    for (size_t k = 0; k < points; k++) {
        int y[3], moved[3], parity = 0;
        size_t rest = k;
        uint64_t square = 0;
        for (unsigned i = 0; i < d; i++, rest /= 2 * RANGE + 1) {
            y[i] = (int)(rest % (2 * RANGE + 1)) - RANGE;
            moved[i] = y[i] - step;
            parity |= (y[i] - y[0]) & 1;
            square += (uint64_t)(y[i] * y[i]);
        }
        size_t a = sb_orbits_find(orbits, y), b = sb_orbits_find(orbits, moved);
        int listed = square <= orbits->square_radius && !(orbits->grid == SB_EXTREMAL_PARITY && parity);
        SB_CHECK((a < orbits->count) == listed, "a point of square %llu", (unsigned long long)square);
        if (a < orbits->count) size[a]++;
        pairs[a * n + b]++;
    }
}

static void check_orbits_at(unsigned dimension, unsigned grid, int step, uint64_t square_radius) {
    sb_orbits orbits;
    sb_orbit_edges edges = {NULL, 0, 0};
    sb_error error;
    sb_orbits_init(&orbits);
    orbits.dimension = dimension;
    orbits.grid = grid;
    orbits.square_radius = square_radius;
    SB_CHECK(sb_orbits_list(&orbits, 1000, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_orbits_edges(&edges, &orbits, step, 10000, &error) == SB_OK, "%s", error.message);
    size_t n = orbits.count + 1, found = 0, expected = 0;
    uint64_t *size = calloc(n, sizeof *size), *pairs = calloc(n * n, sizeof *pairs);
    if (!size || !pairs) abort();
    count_pairs(&orbits, step, size, pairs);
    for (size_t a = 0; a < orbits.count; a++) {
        SB_CHECK(size[a] == orbits.size[a], "size of orbit %zu", a);
        for (size_t b = 0; b < n; b++) {
            if (b < orbits.count)
                SB_CHECK(pairs[a * n + b] == pairs[b * n + a], "orbits %zu, %zu: back and forth", a, b);
            expected += b > a && pairs[a * n + b];
        }
    }
    for (; found < edges.count; found++) {
        const sb_orbit_edge *edge = &edges.edge[found];
        SB_CHECK(edge->pairs == pairs[edge->inner * n + edge->outer], "orbits %zu, %zu: %llu", edge->inner,
                 edge->outer, (unsigned long long)edge->pairs);
    }
    SB_CHECK(found == expected, "%zu edges, not %zu", found, expected);
    free(size);
    free(pairs);
    free(edges.edge);
    sb_orbits_clear(&orbits);
}

static void check_orbits(void) {
    check_orbits_at(1, 1, 1, 30);
    check_orbits_at(1, 3, 3, 16);
    check_orbits_at(2, 1, 1, 25);
    check_orbits_at(2, 2, 2, 25);
    check_orbits_at(2, SB_EXTREMAL_PARITY, 1, 36);
    check_orbits_at(3, 1, 1, 14);
    check_orbits_at(3, 2, 2, 17);
    check_orbits_at(3, SB_EXTREMAL_PARITY, 1, 30);
}

/* ------------------------------------------------------------------ without symmetry */
enum { SIDE = 4, WIDTH = 2 * SIDE + 1 };

static int column_of(int x, int y) {
    return abs(x) > SIDE || abs(y) > SIDE ? 0 : (x + SIDE) * WIDTH + y + SIDE + 1;
}

/* The least E||x||_2^2 on {-4..4}^2 with total variation at most delta for (1, 1) and (1, -1), in floating
   point. */
static double least_without_symmetry(double delta) {
    enum { POINTS = WIDTH * WIDTH, SPAN = WIDTH + 1, PAIRS = 2 * SPAN * SPAN };
    glp_prob *program = glp_create_prob();
    int index[POINTS + PAIRS + 1], row = 3;
    double value[POINTS + PAIRS + 1];
    glp_add_cols(program, POINTS + PAIRS);
    glp_add_rows(program, 3 + PAIRS);
    for (int x = -SIDE; x <= SIDE; x++)
        for (int y = -SIDE; y <= SIDE; y++) {
            glp_set_obj_coef(program, column_of(x, y), x * x + y * y);
            index[column_of(x, y)] = column_of(x, y);
        }
    for (int i = 1; i <= POINTS + PAIRS; i++) {
        glp_set_col_bnds(program, i, GLP_LO, 0, 0);
        value[i] = 1;
    }
    glp_set_mat_row(program, 1, POINTS, index, value);
    glp_set_row_bnds(program, 1, GLP_FX, 1, 1);
    for (int shift = 0; shift < 2; shift++) { /* s >= p(x, y) - p(x - 1, y -+ 1); the sum of s is the TV */
        int first = row - 2 + POINTS;
        for (int x = -SIDE; x <= SIDE + 1; x++)
            for (int step = 0; step < SPAN; step++) {
                int y = -SIDE + step - (shift ? 1 : 0), dy = shift ? -1 : 1, used = 0, place[4];
                double sign[4];
                row++;
                if (column_of(x, y)) place[++used] = column_of(x, y), sign[used] = 1;
                if (column_of(x - 1, y - dy)) place[++used] = column_of(x - 1, y - dy), sign[used] = -1;
                place[++used] = row - 3 + POINTS;
                sign[used] = -1;
                glp_set_mat_row(program, row, used, place, sign);
                glp_set_row_bnds(program, row, GLP_UP, 0, 0);
            }
        for (int i = 1; i <= SPAN * SPAN; i++) index[i] = first + i - 1;
        glp_set_mat_row(program, 2 + shift, SPAN * SPAN, index, value);
        glp_set_row_bnds(program, 2 + shift, GLP_UP, 0, delta);
    }
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    SB_CHECK(glp_simplex(program, &options) == 0 && glp_get_status(program) == GLP_OPT);
    double result = glp_get_obj_val(program);
    glp_delete_prob(program);
    return result;
}

static void check_symmetry(void) {
    static const char *const delta[] = {"1/2", "2/5", "1/3", "3/10", "7/10"};
    sb_extremal extremal;
    sb_extremal_problem problem;
    sb_extremal_init(&extremal);
    sb_extremal_problem_init(&problem);
    for (size_t i = 0; i < sizeof delta / sizeof delta[0]; i++) {
        solve(&extremal, &problem, 2, 1, 0, delta[i]);
        double plain = least_without_symmetry(fmpq_get_d(problem.delta)), reduced = fmpq_get_d(extremal.lo);
        SB_CHECK(plain - reduced < 1e-7 && reduced - plain < 1e-7, "delta = %s: %.12g, reduced %.12g",
                 delta[i], plain, reduced);
    }
    glp_free_env();
    sb_extremal_clear(&extremal);
    sb_extremal_problem_clear(&problem);
}

static const sb_test tests[] = {
    {"extremal: orbits and pairs by counting", check_orbits},
    {"extremal: the program without symmetry", check_symmetry},
};
SB_TEST_MAIN(tests)
