/* The program is solved for laws within a ball. Let its optimal multipliers be level and price_j. If level is
   at most the squared radius, they hold beyond it (bounds/extremal_dual.c), and the optimum of the ball is
   that of the lattice; otherwise the ball grows. The first radius is a guess: the level is about (d/delta)^2
   eps^2/4 for small d, as n(n+1)/4 with n = 1/delta for d = 1, and times 0.4 for large d. */
#include "bounds/extremal.h"

#include "bounds/extremal_program.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void sb_extremal_problem_init(sb_extremal_problem *problem) {
    problem->dimension = 1;
    problem->grid = 2;
    problem->every_shift = 0;
    fmpq_init(problem->delta);
    fmpq_set_si(problem->delta, 1, 2);
    fmpq_init(problem->radius);
}

void sb_extremal_problem_clear(sb_extremal_problem *problem) {
    fmpq_clear(problem->delta);
    fmpq_clear(problem->radius);
}

void sb_extremal_init(sb_extremal *extremal) {
    memset(extremal, 0, sizeof *extremal);
    fmpq_init(extremal->lo);
    fmpq_init(extremal->hi);
    sb_dual_init(&extremal->dual);
}

static void release(sb_extremal *extremal) {
    free(extremal->point);
    free(extremal->size);
    if (extremal->mass) _fmpq_vec_clear(extremal->mass, (slong)extremal->count);
    extremal->point = NULL;
    extremal->size = NULL;
    extremal->mass = NULL;
    extremal->count = 0;
}

void sb_extremal_clear(sb_extremal *extremal) {
    release(extremal);
    fmpq_clear(extremal->lo);
    fmpq_clear(extremal->hi);
    sb_dual_clear(&extremal->dual);
}

/* ------------------------------------------------------------------ one ball */
typedef struct {
    const sb_extremal_problem *problem;
    sb_extremal *extremal;
    int (*proceed)(void *);
    void *context;
    sb_error *error;
    size_t shift_count;
    sb_orbits orbits;
    sb_orbit_edges *edges; /* shift_count */
    sb_extremal_solution solution;
} search;

/* The step of shift number j, in units of the lattice. */
static int shift_step(const sb_extremal_problem *problem, size_t j) {
    if (problem->every_shift) return 2 * ((int)j + 1);
    return problem->grid == SB_EXTREMAL_PARITY ? 1 : (int)problem->grid;
}

static sb_status solve_in_ball(search *s, uint64_t square_radius) {
    const sb_extremal_problem *problem = s->problem;
    sb_orbits_clear(&s->orbits);
    s->orbits.dimension = problem->dimension;
    s->orbits.grid = problem->grid;
    s->orbits.square_radius = square_radius;
    sb_status status = sb_orbits_list(&s->orbits, SB_EXTREMAL_ORBITS, s->error);
    for (size_t j = 0; j < s->shift_count && !status; j++) {
        s->edges[j].count = 0;
        status = sb_orbits_edges(&s->edges[j], &s->orbits, shift_step(problem, j),
                                 SB_EXTREMAL_EDGES / s->shift_count, s->error);
    }
    if (status) return status;
    sb_extremal_program program = {&s->orbits,     s->edges,   s->shift_count,
                                   problem->delta, s->proceed, s->context};
    return sb_extremal_solve(&s->solution, &program, s->error);
}

/* radius^2 grid^2, rounded down */
static sb_status given_radius(uint64_t *square_radius, search *s) {
    fmpq_t square;
    fmpz_t whole;
    fmpq_init(square);
    fmpz_init(whole);
    fmpq_mul_si(square, s->problem->radius, s->extremal->unit);
    fmpq_mul(square, square, square);
    fmpz_fdiv_q(whole, fmpq_numref(square), fmpq_denref(square));
    int fits = fmpz_cmp_ui(whole, SB_DUAL_SQUARE) <= 0;
    if (fits) *square_radius = fmpz_get_ui(whole);
    fmpq_clear(square);
    fmpz_clear(whole);
    return fits ? SB_OK : sb_fail(s->error, SB_OUTSIDE, "the radius is too large for a linear program");
}

static sb_status solve_in_given_ball(search *s) {
    uint64_t square_radius = 0;
    sb_status status = given_radius(&square_radius, s);
    if (!status) status = solve_in_ball(s, square_radius);
    if (!status && !s->solution.feasible)
        status = sb_fail(s->error, SB_OUTSIDE, "no law within the radius has total variation delta or less");
    return status;
}

/* In units of the lattice; for choosing sizes only. */
static double likely_level(const sb_extremal_problem *problem, unsigned grid) {
    double d = problem->dimension, factor = d < 6 ? 0.24 + 0.03 * d : 0.43;
    double reach = d / fmpq_get_d(problem->delta) * (grid == SB_EXTREMAL_PARITY ? 1 : grid);
    return factor * reach * reach;
}

static sb_status solve_in_growing_ball(search *s) {
    double square_radius = ceil(likely_level(s->problem, s->problem->grid));
    while (square_radius <= SB_DUAL_SQUARE) {
        sb_status status = solve_in_ball(s, (uint64_t)square_radius);
        if (status) return status;
        if (s->solution.feasible && fmpq_cmp_ui(s->solution.level, (ulong)square_radius) <= 0) return SB_OK;
        double level = s->solution.feasible ? ceil(fmpq_get_d(s->solution.level)) : 2 * square_radius;
        square_radius = level > square_radius ? level : square_radius + 1;
    }
    return sb_fail(s->error, SB_OUTSIDE, "delta is too small for a linear program in dimension %u",
                   s->problem->dimension);
}

/* ------------------------------------------------------------------ the law and its proof */
/* value := sum over e of pairs |mass(inner) - mass(outer)| */
static void shift_distance(fmpq_t value, const search *s, size_t shift) {
    fmpq_t term;
    fmpz_t pairs;
    fmpq_init(term);
    fmpz_init(pairs);
    fmpq_zero(value);
    for (size_t i = 0; i < s->edges[shift].count; i++) {
        const sb_orbit_edge *edge = &s->edges[shift].edge[i];
        fmpq_set(term, s->solution.mass + edge->inner);
        if (edge->outer < s->orbits.count) fmpq_sub(term, term, s->solution.mass + edge->outer);
        if (fmpq_is_zero(term)) continue;
        fmpq_abs(term, term);
        fmpz_set_ui(pairs, edge->pairs);
        fmpq_mul_fmpz(term, term, pairs);
        fmpq_add(value, value, term);
    }
    fmpq_clear(term);
    fmpz_clear(pairs);
}

/* total := sum of size mass, square := sum of size |x|^2 mass. 0: a mass is negative. */
static int add_up(fmpq_t total, fmpq_t square, const search *s) {
    int fine = 1;
    fmpq_t term;
    fmpz_t factor;
    fmpq_init(term);
    fmpz_init(factor);
    fmpq_zero(total);
    fmpq_zero(square);
    for (size_t a = 0; a < s->orbits.count; a++) {
        if (fmpq_is_zero(s->solution.mass + a)) continue;
        fine &= fmpq_sgn(s->solution.mass + a) > 0;
        fmpz_set_ui(factor, s->orbits.size[a]);
        fmpq_mul_fmpz(term, s->solution.mass + a, factor);
        fmpq_add(total, total, term);
        fmpz_set_ui(factor, s->orbits.square[a]);
        fmpq_mul_fmpz(term, term, factor);
        fmpq_add(square, square, term);
    }
    fmpq_clear(term);
    fmpz_clear(factor);
    return fine;
}

/* Checks that the masses are a law that keeps the promise; square := its second moment. */
static sb_status check_law(fmpq_t square, const search *s) {
    fmpq_t value;
    fmpq_init(value);
    int fine = add_up(value, square, s) && fmpq_is_one(value);
    for (size_t j = 0; j < s->shift_count && fine; j++) {
        shift_distance(value, s, j);
        fine = fmpq_cmp(value, s->problem->delta) <= 0;
    }
    fmpq_clear(value);
    return fine ? SB_OK
                : sb_fail(s->error, SB_UNDECIDED,
                          "GLPK's last solution does not hold in exact arithmetic, so nothing is certified");
}

static sb_status keep_law(search *s) {
    sb_extremal *extremal = s->extremal;
    size_t count = 0, d = extremal->dimension;
    for (size_t a = 0; a < s->orbits.count; a++) count += !fmpq_is_zero(s->solution.mass + a);
    release(extremal);
    extremal->point = malloc((count * d + 1) * sizeof *extremal->point);
    extremal->size = malloc((count + 1) * sizeof *extremal->size);
    if (!extremal->point || !extremal->size) return sb_fail_memory(s->error);
    extremal->mass = _fmpq_vec_init((slong)count);
    extremal->count = count;
    for (size_t a = 0, kept = 0; a < s->orbits.count; a++) {
        if (fmpq_is_zero(s->solution.mass + a)) continue;
        memcpy(extremal->point + kept * d, s->orbits.point + a * d, d * sizeof *extremal->point);
        extremal->size[kept] = s->orbits.size[a];
        fmpq_set(extremal->mass + kept++, s->solution.mass + a);
    }
    return SB_OK;
}

/* An edge needs an entry of its own where its test is not the standard one. */
static int needs_entry(const search *s, const sb_orbit_edge *edge, const fmpq *relief) {
    return edge->outer < s->orbits.count &&
           (!fmpq_is_zero(relief) || s->orbits.square[edge->inner] == s->orbits.square[edge->outer]);
}

/* test value at inner over outer := price - relief/(2 pairs), kept within [0, price] */
static void set_entry(sb_dual_test *test, const search *s, size_t shift, const sb_orbit_edge *edge,
                      const fmpq *relief) {
    size_t d = s->orbits.dimension;
    const fmpq *price = s->extremal->dual.price + shift;
    fmpz_t pairs;
    fmpz_init_set_ui(pairs, edge->pairs);
    test->shift = shift;
    memcpy(test->near, s->orbits.point + edge->inner * d, d * sizeof *test->near);
    memcpy(test->far, s->orbits.point + edge->outer * d, d * sizeof *test->far);
    fmpq_div_fmpz(test->weight, relief, pairs);
    fmpq_div_2exp(test->weight, test->weight, 1);
    fmpq_sub(test->weight, price, test->weight);
    if (fmpq_sgn(test->weight) < 0) fmpq_zero(test->weight);
    if (fmpq_cmp(test->weight, price) > 0) fmpq_set(test->weight, price);
    fmpz_clear(pairs);
}

static sb_status keep_dual(search *s) {
    sb_extremal_dual *dual = &s->extremal->dual;
    const fmpq *relief = s->solution.relief;
    size_t needed = 0, place = 0, used = 0;
    for (size_t j = 0; j < s->shift_count; j++)
        for (size_t e = 0; e < s->edges[j].count; e++)
            needed += (size_t)needs_entry(s, &s->edges[j].edge[e], relief + place++);
    sb_status status = sb_dual_allocate(dual, s->shift_count, needed, s->error);
    if (status) return status;
    dual->dimension = s->orbits.dimension;
    dual->same_parity = s->orbits.grid == SB_EXTREMAL_PARITY;
    dual->square_radius = s->orbits.square_radius;
    fmpq_set(dual->level, s->solution.level);
    place = 0;
    for (size_t j = 0; j < s->shift_count; j++) {
        dual->step[j] = shift_step(s->problem, j);
        if (fmpq_sgn(s->solution.price + j) > 0) fmpq_set(dual->price + j, s->solution.price + j);
        for (size_t e = 0; e < s->edges[j].count; e++, place++)
            if (needs_entry(s, &s->edges[j].edge[e], relief + place))
                set_entry(&dual->test[used++], s, j, &s->edges[j].edge[e], relief + place);
    }
    return SB_OK;
}

/* The certificate as it came from the basis; where that fails, with the level that the rest allows. */
static sb_status certify(search *s) {
    sb_extremal *extremal = s->extremal;
    sb_status status = sb_dual_check(extremal->lo, &extremal->dual, s->problem->delta, s->error);
    if (status != SB_OUTSIDE) return status;
    status = sb_dual_settle(&extremal->dual, s->error);
    return status ? status : sb_dual_check(extremal->lo, &extremal->dual, s->problem->delta, s->error);
}

/* ------------------------------------------------------------------ the problem */
static sb_status check_problem(const sb_extremal_problem *problem, sb_error *error) {
    if (problem->dimension < 1 || problem->dimension > SB_EXTREMAL_DIMENSION)
        return sb_fail(error, SB_OUTSIDE, "extremal noise is found in dimensions up to %d; got d = %u",
                       SB_EXTREMAL_DIMENSION, problem->dimension);
    if (problem->grid > SB_EXTREMAL_GRID)
        return sb_fail(error, SB_OUTSIDE, "the grid has at most %d points per eps; got %u", SB_EXTREMAL_GRID,
                       problem->grid);
    if (problem->every_shift && problem->dimension != 1)
        return sb_fail(error, SB_OUTSIDE, "every shift is for d = 1 only; got d = %u", problem->dimension);
    if (problem->every_shift && (problem->grid == SB_EXTREMAL_PARITY || problem->grid % 2))
        return sb_fail(error, SB_OUTSIDE, "every shift needs an even grid; got %u", problem->grid);
    if (fmpq_sgn(problem->delta) <= 0 || fmpq_cmp_ui(problem->delta, 1) > 0 || fmpq_sgn(problem->radius) < 0)
        return sb_fail(error, SB_OUTSIDE, "delta must be above 0 and at most 1, and the radius not negative");
    return SB_OK;
}

static sb_status find(search *s) {
    s->edges = calloc(s->shift_count, sizeof *s->edges);
    if (!s->edges) return sb_fail_memory(s->error);
    sb_status status = fmpq_is_zero(s->problem->radius) ? solve_in_growing_ball(s) : solve_in_given_ball(s);
    if (!status) status = check_law(s->extremal->hi, s);
    if (!status) status = keep_law(s);
    if (!status) status = keep_dual(s);
    if (!status) status = certify(s);
    if (status) return status;
    fmpz_t unit;
    fmpz_init_set_ui(unit, s->extremal->unit);
    fmpz_mul(unit, unit, unit);
    fmpq_div_fmpz(s->extremal->lo, s->extremal->lo, unit);
    fmpq_div_fmpz(s->extremal->hi, s->extremal->hi, unit);
    fmpz_clear(unit);
    return SB_OK;
}

sb_status sb_extremal_find(sb_extremal *extremal, const sb_extremal_problem *problem,
                           int (*proceed)(void *context), void *context, sb_error *error) {
    sb_status status = check_problem(problem, error);
    if (status) return status;
    search s = {.problem = problem,
                .extremal = extremal,
                .proceed = proceed,
                .context = context,
                .error = error,
                .shift_count = problem->every_shift ? problem->grid / 2 : 1};
    sb_orbits_init(&s.orbits);
    sb_extremal_solution_init(&s.solution);
    extremal->dimension = problem->dimension;
    extremal->unit = problem->grid == SB_EXTREMAL_PARITY ? 1 : problem->grid;
    status = find(&s);
    for (size_t j = 0; j < s.shift_count && s.edges; j++) free(s.edges[j].edge);
    free(s.edges);
    sb_orbits_clear(&s.orbits);
    sb_extremal_solution_clear(&s.solution);
    return status;
}

/* Whether the orbits of a lattice are few enough. */
static sb_status try_grid(int *fits, const sb_extremal_problem *problem, unsigned grid, size_t most,
                          sb_error *error) {
    sb_orbits orbits;
    sb_orbits_init(&orbits);
    orbits.dimension = problem->dimension;
    orbits.grid = grid;
    double square_radius = ceil(likely_level(problem, grid));
    *fits = square_radius <= SB_DUAL_SQUARE;
    orbits.square_radius = *fits ? (uint64_t)square_radius : 0;
    sb_status status = sb_orbits_list(&orbits, most, error);
    sb_orbits_clear(&orbits);
    if (status != SB_OUTSIDE) return status;
    *fits = 0;
    return SB_OK;
}

sb_status sb_extremal_choose_grid(sb_extremal_problem *problem, sb_error *error) {
    enum { FINEST = 8, FEW = 1000, MANY = 3000 };
    sb_status status = check_problem(problem, error);
    if (status) return status;
    if (problem->every_shift || problem->dimension < 3) {
        problem->grid = problem->every_shift ? 16 : 3 - problem->dimension;
        return SB_OK;
    }
    int fits = 0;
    for (unsigned grid = FINEST; grid > SB_EXTREMAL_PARITY && !fits && !status; grid /= 2) {
        problem->grid = grid;
        status = try_grid(&fits, problem, grid, grid > 1 ? FEW : MANY, error);
    }
    if (!fits) problem->grid = SB_EXTREMAL_PARITY;
    return status;
}

/* ------------------------------------------------------------------ beyond the lattice */
/* value := from + top/(bottom grid^2) */
static void add_cell(fmpq_t value, const fmpq_t from, slong top, ulong bottom, unsigned grid) {
    fmpq_set_si(value, top, bottom * grid * grid);
    fmpq_add(value, from, value);
}

int sb_extremal_every_law(fmpq_t value, const sb_extremal *extremal, const sb_extremal_problem *problem) {
    if (problem->grid == SB_EXTREMAL_PARITY) return 0;
    if (problem->every_shift)
        add_cell(value, extremal->lo, -1, 2, problem->grid);
    else
        add_cell(value, extremal->lo, -(slong)problem->dimension, 4, problem->grid);
    if (fmpq_sgn(value) < 0) fmpq_zero(value);
    return 1;
}

int sb_extremal_every_length(fmpq_t value, const sb_extremal *extremal, const sb_extremal_problem *problem) {
    if (!problem->every_shift) return 0;
    add_cell(value, extremal->hi, 1, 3, problem->grid);
    return 1;
}
