/* The linear program of extremal noise against closed forms (m(delta) for d = 1 and 2), against an explicit
   law, against the same program without symmetry; its reduction against plain counting; and its certificates
   against tampering. */
#include "bounds/extremal.h"

#include "bounds/sharp.h"
#include "distributions/finite_law.h"
#include "tests/bounds/bounds_test.h"

#include <glpk.h>

/* Solves a problem, which must be fine. */
static void solve(sb_extremal *extremal, sb_extremal_problem *problem, unsigned dimension, unsigned grid,
                  int every_shift, const char *delta) {
    sb_error error = {SB_OK, ""};
    problem->dimension = dimension;
    problem->grid = grid;
    problem->every_shift = every_shift;
    if (delta) set_text(problem->delta, delta);
    sb_status status = sb_extremal_find(extremal, problem, NULL, NULL, &error);
    SB_CHECK(status == SB_OK, "d = %u, grid %u, delta = %s: %s", dimension, grid, delta ? delta : "?",
             error.message);
    SB_CHECK(fmpq_equal(extremal->lo, extremal->hi), "d = %u, grid %u, delta = %s: not settled", dimension,
             grid, delta ? delta : "?");
}

static int equals(const fmpq_t value, const char *text) {
    fmpq_t expected;
    fmpq_init(expected);
    set_text(expected, text);
    int equal = fmpq_equal(value, expected);
    fmpq_clear(expected);
    return equal;
}

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

/* ------------------------------------------------------------------ the law, point by point */
/* Appends all points with the given |coordinates| in any order and with any signs. */
typedef struct {
    fmpq *point, *weight;
    size_t count, dimension;
} point_list;

static void append_point(point_list *list, const int *point, unsigned unit, const fmpq_t mass) {
    for (size_t i = 0; i < list->dimension; i++)
        fmpq_set_si(list->point + list->count * list->dimension + i, point[i], unit);
    fmpq_set(list->weight + list->count++, mass);
}

static void append_signs(point_list *list, int *point, size_t set, unsigned unit, const fmpq_t mass) {
    if (set == list->dimension) {
        append_point(list, point, unit, mass);
        return;
    }
    append_signs(list, point, set + 1, unit, mass);
    if (!point[set]) return;
    point[set] = -point[set];
    append_signs(list, point, set + 1, unit, mass);
    point[set] = -point[set];
}

/* The next order of a falling sequence: permutations in falling lexicographic order, each once. */
static int next_order(int *point, size_t count) {
    size_t i = count - 1;
    while (i > 0 && point[i - 1] <= point[i]) i--;
    if (i == 0) return 0;
    size_t j = count - 1;
    while (point[j] >= point[i - 1]) j--;
    int swap = point[i - 1];
    point[i - 1] = point[j];
    point[j] = swap;
    for (size_t a = i, b = count - 1; a < b; a++, b--) {
        swap = point[a];
        point[a] = point[b];
        point[b] = swap;
    }
    return 1;
}

static void expand(sb_finite_law *law, const sb_extremal *extremal) {
    size_t d = extremal->dimension, total = 0;
    for (size_t i = 0; i < extremal->count; i++) total += extremal->size[i];
    point_list list = {_fmpq_vec_init((slong)(total * d)), _fmpq_vec_init((slong)total), 0, d};
    for (size_t i = 0; i < extremal->count; i++) {
        int point[SB_EXTREMAL_DIMENSION];
        size_t before = list.count;
        memcpy(point, extremal->point + i * d, d * sizeof *point);
        do append_signs(&list, point, 0, extremal->unit, extremal->mass + i);
        while (next_order(point, d));
        SB_CHECK(list.count - before == extremal->size[i], "orbit %zu of dimension %zu", i, d);
    }
    fmpq_t sum;
    fmpq_init(sum);
    for (size_t i = 0; i < total; i++) fmpq_add(sum, sum, list.weight + i);
    SB_CHECK(fmpq_is_one(sum), "masses sum to %g", fmpq_get_d(sum));
    fmpq_clear(sum);
    SB_CHECK(sb_finite_law_set(law, d, list.point, list.weight, total, NULL) == SB_OK);
    _fmpq_vec_clear(list.point, (slong)(total * d));
    _fmpq_vec_clear(list.weight, (slong)total);
}

/* Exact E||x||_2^2, and the total variation for every vector of signs. */
static void check_law(unsigned dimension, unsigned grid, int every_shift, const char *delta) {
    sb_extremal extremal;
    sb_extremal_problem problem;
    sb_finite_law law;
    fmpq_t value;
    fmpq_init(value);
    sb_finite_law_init(&law);
    sb_extremal_init(&extremal);
    sb_extremal_problem_init(&problem);
    solve(&extremal, &problem, dimension, grid, every_shift, delta);
    expand(&law, &extremal);
    sb_finite_law_mean_square(value, &law);
    SB_CHECK(fmpq_equal(value, extremal.hi), "d = %u: %g", dimension, fmpq_get_d(value));
    fmpq *shift = _fmpq_vec_init(dimension);
    for (unsigned j = 1; j <= (every_shift ? grid / 2 : 1); j++)
        for (unsigned signs = 0; signs < 1u << dimension; signs++) {
            for (unsigned i = 0; i < dimension; i++)
                fmpq_set_si(shift + i, (signs >> i & 1 ? -1 : 1) * (slong)(every_shift ? 2 * j : 1),
                            every_shift ? grid : 1);
            sb_finite_law_shift_distance(value, &law, shift);
            SB_CHECK(fmpq_cmp(value, problem.delta) <= 0, "d = %u, signs %u: TV = %g", dimension, signs,
                     fmpq_get_d(value));
        }
    _fmpq_vec_clear(shift, dimension);
    fmpq_clear(value);
    sb_finite_law_clear(&law);
    sb_extremal_clear(&extremal);
    sb_extremal_problem_clear(&problem);
}

static void check_laws(void) {
    check_law(1, 2, 0, "3/7");
    check_law(1, 12, 1, "2/5");
    check_law(2, 1, 0, "4/9");
    check_law(2, SB_EXTREMAL_PARITY, 0, "1/4");
    check_law(3, 2, 0, "1/2");
    check_law(4, 1, 0, "2/5");
    check_law(5, SB_EXTREMAL_PARITY, 0, "1/2");
}

/* ------------------------------------------------------------------ the full hypothesis, d = 1 */
/* Masses 1,2,2,1,1,2,2,1 (/12) on cells of length 1/4: with every cell cut into `parts`, a law on a lattice
   whose total variation at multiples of its spacing is that of the density. */
static void check_cells(void) {
    static const uint32_t weight[] = {1, 2, 2, 1, 1, 2, 2, 1};
    sb_finite_law law;
    fmpq_t origin, spacing, value, half, shift, cell;
    fmpq_init(origin);
    fmpq_init(spacing);
    fmpq_init(value);
    fmpq_init(half);
    fmpq_init(shift);
    fmpq_init(cell);
    fmpq_set_si(half, 1, 2);
    sb_finite_law_init(&law);
    for (uint32_t parts = 1; parts <= 5; parts++) {
        uint32_t fine[40];
        for (uint32_t i = 0; i < 8 * parts; i++) fine[i] = weight[i / parts];
        fmpq_set_si(spacing, 1, 4 * parts);
        fmpq_div_2exp(origin, spacing, 1);
        fmpq_sub_si(origin, origin, 1);
        SB_CHECK(sb_finite_law_lattice(&law, 1, 8 * parts, origin, spacing, fine, NULL) == SB_OK);
        for (uint32_t j = 1; j <= 4 * parts; j++) {
            fmpq_set_si(shift, (slong)j, 4 * parts);
            sb_finite_law_shift_distance(value, &law, shift);
            SB_CHECK(fmpq_cmp(value, half) <= 0, "shift %u/%u: %g", j, 4 * parts, fmpq_get_d(value));
            SB_CHECK(!fmpq_is_one(shift) || fmpq_equal(value, half), "TV at eps");
        }
        sb_finite_law_mean_square(value, &law); /* and what a point becomes when it is spread over its cell */
        fmpq_set_si(cell, 1, 12 * 16 * parts * parts);
        fmpq_add(value, value, cell);
        SB_CHECK(equals(value, "5/16"), "E eta^2 = %g", fmpq_get_d(value));
    }
    fmpq_clear(origin);
    fmpq_clear(spacing);
    fmpq_clear(value);
    fmpq_clear(half);
    fmpq_clear(shift);
    fmpq_clear(cell);
    sb_finite_law_clear(&law);
}

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

/* ------------------------------------------------------------------ the reduction */
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

/* ------------------------------------------------------------------ certificates */
static void copy_dual(sb_extremal_dual *copy, const sb_extremal_dual *of) {
    if (sb_dual_allocate(copy, of->shift_count, of->test_count, NULL)) abort();
    copy->dimension = of->dimension;
    copy->same_parity = of->same_parity;
    copy->square_radius = of->square_radius;
    fmpq_set(copy->level, of->level);
    for (size_t j = 0; j < of->shift_count; j++) {
        copy->step[j] = of->step[j];
        fmpq_set(copy->price + j, of->price + j);
    }
    for (size_t i = 0; i < of->test_count; i++) {
        copy->test[i].shift = of->test[i].shift;
        memcpy(copy->test[i].near, of->test[i].near, sizeof of->test[i].near);
        memcpy(copy->test[i].far, of->test[i].far, sizeof of->test[i].far);
        fmpq_set(copy->test[i].weight, of->test[i].weight);
    }
}

/* Changes one thing, by a little or by much. */
static void tamper(sb_extremal_dual *dual, uint64_t *state) {
    fmpq_t change;
    fmpq_init(change);
    fmpq_set_si(change, (slong)(sb_test_random(state) % 9) - 4, 1 + sb_test_random(state) % 1000);
    sb_dual_test *test = dual->test_count ? &dual->test[sb_test_random(state) % dual->test_count] : NULL;
    size_t shift = sb_test_random(state) % dual->shift_count;
    switch (sb_test_random(state) % 8) {
    case 0:
        fmpq_add(dual->level, dual->level, change);
        break;
    case 1:
        fmpq_add(dual->price + shift, dual->price + shift, change);
        break;
    case 2:
        dual->square_radius -= sb_test_random(state) % (dual->square_radius / 2 + 1);
        break;
    case 3:
        if (test) test->near[sb_test_random(state) % dual->dimension]++;
        break;
    case 4:
        if (test) test->far[0]++;
        break;
    default:
        if (test) fmpq_add(test->weight, test->weight, change);
    }
    fmpq_clear(change);
}

/* What the checker accepts is true: never more than the optimum, which a law attains. And it must refuse
 * much. */
static void check_tampering_with(unsigned dimension, unsigned grid, int every_shift, const char *delta) {
    sb_extremal extremal;
    sb_extremal_problem problem;
    sb_extremal_dual copy;
    sb_error error;
    fmpq_t bound, optimum, scale;
    fmpq_init(bound);
    fmpq_init(optimum);
    fmpq_init(scale);
    sb_dual_init(&copy);
    sb_extremal_init(&extremal);
    sb_extremal_problem_init(&problem);
    solve(&extremal, &problem, dimension, grid, every_shift, delta);
    fmpq_set_si(scale, (slong)extremal.unit * (slong)extremal.unit, 1);
    fmpq_mul(optimum, extremal.hi, scale);
    SB_CHECK(sb_dual_check(bound, &extremal.dual, problem.delta, &error) == SB_OK &&
             fmpq_equal(bound, optimum));
    copy_dual(&copy, &extremal.dual);
    fmpq_set_si(bound, 1, 1000000000);
    fmpq_add(copy.level, copy.level, bound);
    SB_CHECK(sb_dual_check(bound, &copy, problem.delta, &error) == SB_OUTSIDE, "a raised level");
    uint64_t state = 7 + dimension;
    int refused = 0, trials = 150;
    for (int i = 0; i < trials; i++) {
        copy_dual(&copy, &extremal.dual);
        for (uint64_t n = sb_test_random(&state) % 2 + 1; n > 0; n--) tamper(&copy, &state);
        if (i % 3 == 0 && sb_dual_settle(&copy, &error)) {
            refused++;
            continue;
        }
        sb_status status = sb_dual_check(bound, &copy, problem.delta, &error);
        refused += status == SB_OUTSIDE;
        SB_CHECK(status || fmpq_cmp(bound, optimum) <= 0, "trial %d of d = %u: accepted %.15g, optimum %.15g",
                 i, dimension, fmpq_get_d(bound), fmpq_get_d(optimum));
    }
    SB_CHECK(refused > trials / 4 && refused < trials, "%d refused of %d", refused, trials);
    fmpq_clear(bound);
    fmpq_clear(optimum);
    fmpq_clear(scale);
    sb_dual_clear(&copy);
    sb_extremal_clear(&extremal);
    sb_extremal_problem_clear(&problem);
}

static void check_tampering(void) {
    check_tampering_with(1, 2, 0, "3/10");
    check_tampering_with(1, 8, 1, "1/2");
    check_tampering_with(2, 1, 0, "3/10");
    check_tampering_with(3, 2, 0, "1/2");
    check_tampering_with(4, SB_EXTREMAL_PARITY, 0, "1/4");
}

/* A certificate written by hand: d = 1, delta = 1/2 on the integers: E eta^2 >= 1/2 for TV <= 1/2. With price
   1 the half-line test alone gives level 1: |0|^2 + w(0) - w(1) = 0 + 1 - 0, |1|^2 + 0, |-1|^2 + 0. */
static void check_by_hand(void) {
    sb_extremal_dual dual;
    sb_error error;
    fmpq_t bound, delta;
    fmpq_init(bound);
    fmpq_init(delta);
    fmpq_set_si(delta, 1, 2);
    sb_dual_init(&dual);
    SB_CHECK(sb_dual_allocate(&dual, 1, 0, &error) == SB_OK);
    dual.dimension = 1;
    dual.step[0] = 1;
    dual.square_radius = 1;
    fmpq_set_si(dual.price, 1, 1);
    fmpq_set_si(dual.level, 1, 1);
    SB_CHECK(sb_dual_check(bound, &dual, delta, &error) == SB_OK && equals(bound, "1/2"));
    dual.square_radius = 0; /* says nothing about 1 */
    SB_CHECK(sb_dual_check(bound, &dual, delta, &error) == SB_OUTSIDE);
    dual.square_radius = 4;
    fmpq_set_si(dual.price, 2, 1);
    fmpq_set_si(dual.level, 2, 1); /* fails at 1: 1 + 0 - 0 < 2 */
    SB_CHECK(sb_dual_check(bound, &dual, delta, &error) == SB_OUTSIDE && strstr(error.message, "(1)"), "%s",
             error.message);
    SB_CHECK(sb_dual_allocate(&dual, 1, 1, &error) == SB_OK);
    dual.step[0] = 1;
    fmpq_set_si(dual.price, 1, 1);
    fmpq_set_si(dual.level, 1, 2);
    dual.test[0].far[0] = 1; /* w(0) - w(1) = 2 w(0) - 1 */
    for (int weight = 0; weight <= 4; weight++) {
        fmpq_set_si(dual.test[0].weight, weight, 2);
        SB_CHECK((sb_dual_check(bound, &dual, delta, &error) == SB_OK) == (weight == 2), "weight %d/2: %s",
                 weight, error.message);
    }
    fmpq_set_si(dual.price, -1, 1);
    SB_CHECK(sb_dual_check(bound, &dual, delta, &error) == SB_OUTSIDE, "a negative price");
    fmpq_clear(bound);
    fmpq_clear(delta);
    sb_dual_clear(&dual);
}

/* ------------------------------------------------------------------ beyond the lattice */
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
    {"extremal: the laws, point by point", check_laws},
    {"extremal: the law of eight cells", check_cells},
    {"extremal: every shift up to eps", check_every_shift},
    {"extremal: the program without symmetry", check_symmetry},
    {"extremal: orbits and pairs by counting", check_orbits},
    {"extremal: a certificate by hand", check_by_hand},
    {"extremal: tampered certificates", check_tampering},
    {"extremal: the bound for every law", check_every_law},
    {"extremal: several dimensions", check_dimensions},
    {"extremal: limits", check_limits},
};
SB_TEST_MAIN(tests)
