/* The laws that attain the optima of extremal noise, point by point: masses, E||x||_2^2, and the total
   variation for every vector of signs. */
#include "distributions/finite_law.h"
#include "tests/bounds/extremal_test.h"

/* ------------------------------------------------------------------ the law, point by point */
typedef struct {
    fmpq *point, *weight;
    size_t count, dimension;
} point_list;

static void append_point(point_list *list, const int *point, unsigned unit, const fmpq_t mass) {
    for (size_t i = 0; i < list->dimension; i++)
        fmpq_set_si(list->point + list->count * list->dimension + i, point[i], unit);
    fmpq_set(list->weight + list->count++, mass);
}

/* Appends the point with all signs of its coordinates from `set` on; 0 has one. */
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

/* The law point by point: every orbit is all orders and signs of one point. */
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

static const sb_test tests[] = {
    {"extremal: the laws, point by point", check_laws},
    {"extremal: the law of eight cells", check_cells},
};
SB_TEST_MAIN(tests)
