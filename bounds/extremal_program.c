/* Let p_a be the mass of each of the n_a points of orbit a and c_a its |x|^2. For a shift with k_e pairs
   between the orbits a = inner and b = outer of edge e,
     TV = sum over e of k_e |p_a - p_b| = sum over e of k_e (p_a - p_b) + 2 k_e s_e,  s_e = max{0, p_b - p_a},
   where p_b = 0 outside the list (then s_e = 0: there is no row for it). The inner orbit being the one nearer
   to 0, few s_e are ever positive. So:
     minimise    sum n_a c_a p_a
     subject to  sum n_a p_a = 1                                              (row 1; multiplier: level)
                 sum over e of k_e (p_a - p_b) + 2 k_e s_e <= delta           (a row a shift; - price)
                 p_b - p_a - s_e <= 0                                         (a row an edge; - relief)
                 p_a, s_e >= 0.
   All coefficients are integers. With all p = s = 0 the multipliers 0 are feasible, since the costs are not
   negative: the dual simplex method starts there. */
#include "bounds/extremal_program.h"

#include "bounds/extremal_basis.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

enum { BETWEEN_LINES = 100 /* milliseconds */, GAVE_UP = 1, INTERRUPTED };
#define TOLERANCE 1e-10

/* One coefficient; rows and columns are counted from 0. */
typedef struct {
    size_t row, column;
    slong value;
} coefficient;

typedef struct {
    const sb_extremal_program *program;
    sb_extremal_solution *solution;
    sb_status status;
    sb_error *error;
    coefficient *entry;
    size_t entry_count, rows, columns;
    glp_prob *glpk;
    jmp_buf escape;
} task;

/* ------------------------------------------------------------------ solutions */
void sb_extremal_solution_init(sb_extremal_solution *solution) {
    memset(solution, 0, sizeof *solution);
    fmpq_init(solution->level);
}

static void release(sb_extremal_solution *solution) {
    if (solution->mass) _fmpq_vec_clear(solution->mass, (slong)solution->orbit_count);
    if (solution->price) _fmpq_vec_clear(solution->price, (slong)solution->shift_count);
    if (solution->relief) _fmpq_vec_clear(solution->relief, (slong)solution->edge_count);
    solution->mass = solution->price = solution->relief = NULL;
}

void sb_extremal_solution_clear(sb_extremal_solution *solution) {
    release(solution);
    fmpq_clear(solution->level);
}

/* Zeros of the right number. */
static void prepare(sb_extremal_solution *solution, const sb_extremal_program *program) {
    release(solution);
    solution->orbit_count = program->orbits->count;
    solution->shift_count = program->shift_count;
    solution->edge_count = 0;
    for (size_t j = 0; j < program->shift_count; j++) solution->edge_count += program->edges[j].count;
    solution->mass = _fmpq_vec_init((slong)solution->orbit_count);
    solution->price = _fmpq_vec_init((slong)solution->shift_count);
    solution->relief = _fmpq_vec_init((slong)solution->edge_count);
}

/* ------------------------------------------------------------------ coefficients */
static void put(task *t, size_t row, size_t column, slong value) {
    if (value) t->entry[t->entry_count++] = (coefficient){row, column, value};
}

/* The row of a shift, and those of its edges; `row` and `column` are the next ones free. */
static sb_status put_shift(task *t, size_t shift, size_t *row, size_t *column) {
    const sb_orbit_edges *edges = &t->program->edges[shift];
    size_t orbits = t->program->orbits->count;
    slong *sum = calloc(orbits, sizeof *sum);
    if (!sum) return sb_fail_memory(t->error);
    for (size_t e = 0; e < edges->count; e++) {
        const sb_orbit_edge *edge = &edges->edge[e];
        slong pairs = (slong)edge->pairs;
        sum[edge->inner] += pairs;
        if (edge->outer == orbits) continue;
        sum[edge->outer] -= pairs;
        put(t, 1 + shift, *column, 2 * pairs);
        put(t, *row, edge->outer, 1);
        put(t, *row, edge->inner, -1);
        put(t, (*row)++, (*column)++, -1);
    }
    for (size_t a = 0; a < orbits; a++) put(t, 1 + shift, a, sum[a]);
    free(sum);
    return SB_OK;
}

static sb_status put_all(task *t) {
    const sb_extremal_program *program = t->program;
    size_t orbits = program->orbits->count, edges = 0;
    for (size_t j = 0; j < program->shift_count; j++) edges += program->edges[j].count;
    size_t capacity = (1 + program->shift_count) * orbits + 4 * edges;
    if (capacity > INT_MAX / 2) return sb_fail(t->error, SB_OUTSIDE, "the linear program is too large");
    t->entry = malloc(capacity * sizeof *t->entry);
    if (!t->entry) return sb_fail_memory(t->error);
    for (size_t a = 0; a < orbits; a++) put(t, 0, a, (slong)program->orbits->size[a]);
    t->rows = 1 + program->shift_count;
    t->columns = orbits;
    sb_status status = SB_OK;
    for (size_t j = 0; j < program->shift_count && !status; j++)
        status = put_shift(t, j, &t->rows, &t->columns);
    return status;
}

/* ------------------------------------------------------------------ GLPK */
/* 2^k near 1/x */
static double inverse_power(double x) {
    int exponent;
    frexp(x, &exponent);
    return ldexp(1, 1 - exponent);
}

/* Units for the simplex method: the mass n_a p_a of an orbit, and 2 k_e s_e for columns and rows of edges. */
static void scale(task *t) {
    const sb_extremal_program *program = t->program;
    int row = 1 + (int)program->shift_count, column = (int)program->orbits->count;
    for (size_t a = 0; a < program->orbits->count; a++)
        glp_set_sjj(t->glpk, (int)a + 1, inverse_power((double)program->orbits->size[a]));
    for (size_t j = 0; j < program->shift_count; j++)
        for (size_t e = 0; e < program->edges[j].count; e++) {
            if (program->edges[j].edge[e].outer == program->orbits->count) continue;
            double unit = inverse_power(2 * (double)program->edges[j].edge[e].pairs);
            glp_set_rii(t->glpk, ++row, 1 / unit);
            glp_set_sjj(t->glpk, ++column, unit);
        }
}

static sb_status load(task *t) {
    const sb_orbits *orbits = t->program->orbits;
    int *row = malloc((t->entry_count + 1) * sizeof *row),
        *column = malloc((t->entry_count + 1) * sizeof *row);
    double *value = malloc((t->entry_count + 1) * sizeof *value);
    sb_status status = row && column && value ? SB_OK : sb_fail_memory(t->error);
    if (!status) {
        t->glpk = glp_create_prob();
        glp_add_rows(t->glpk, (int)t->rows);
        glp_add_cols(t->glpk, (int)t->columns);
        for (size_t i = 0; i < t->entry_count; i++) {
            row[i + 1] = (int)t->entry[i].row + 1;
            column[i + 1] = (int)t->entry[i].column + 1;
            value[i + 1] = (double)t->entry[i].value;
        }
        glp_load_matrix(t->glpk, (int)t->entry_count, row, column, value);
        glp_set_row_bnds(t->glpk, 1, GLP_FX, 1, 1);
        for (size_t i = 1; i < t->rows; i++)
            glp_set_row_bnds(t->glpk, (int)i + 1, GLP_UP, 0,
                             i <= t->program->shift_count ? fmpq_get_d(t->program->delta) : 0);
        for (size_t i = 0; i < t->columns; i++) glp_set_col_bnds(t->glpk, (int)i + 1, GLP_LO, 0, 0);
        for (size_t a = 0; a < orbits->count; a++)
            glp_set_obj_coef(t->glpk, (int)a + 1, (double)orbits->size[a] * (double)orbits->square[a]);
        scale(t);
    }
    free(row);
    free(column);
    free(value);
    return status;
}

/* GLPK calls this with every line it would print: the time to ask whether to go on. */
static int look_up(void *argument, const char *line) {
    task *t = argument;
    (void)line;
    if (t->program->proceed && !t->program->proceed(t->program->context)) longjmp(t->escape, INTERRUPTED);
    return 1; /* print nothing */
}

static sb_status run_simplex(task *t) {
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_ALL;
    options.out_frq = BETWEEN_LINES;
    options.meth = GLP_DUALP;
    options.tol_bnd = options.tol_dj = TOLERANCE;
    int result = glp_simplex(t->glpk, &options), state = glp_get_status(t->glpk);
    glp_term_out(GLP_OFF); /* no way out from here on: there is memory to be given back */
    if (!result && state == GLP_NOFEAS) return SB_OK;
    if (result || state != GLP_OPT)
        return sb_fail(t->error, SB_UNDECIDED, "GLPK finds no optimal basis (simplex method: %d, status: %d)",
                       result, state);
    t->solution->feasible = 1;
    return SB_OK;
}

/* ------------------------------------------------------------------ the exact solutions of the basis */
/* For each variable (the rows' first, then the columns'), its position in the basis, or -1. */
static sb_status find_positions(task *t, int **position) {
    *position = malloc((t->rows + t->columns) * sizeof **position);
    if (!*position) return sb_fail_memory(t->error);
    for (size_t i = 0; i < t->rows + t->columns; i++) (*position)[i] = -1;
    if (glp_factorize(t->glpk)) /* afresh: the simplex method leaves one with many updates */
        return sb_fail(t->error, SB_UNDECIDED, "GLPK's last basis is singular");
    for (size_t i = 0; i < t->rows; i++) (*position)[glp_get_bhead(t->glpk, (int)i + 1) - 1] = (int)i;
    return SB_OK;
}

/* The columns of the basis in [I | -A], the matrix of "row value = sum of column values". */
static sb_status collect_basis(sb_basis_matrix *basis, const task *t, const int *position) {
    size_t capacity = t->rows + t->entry_count;
    *basis = (sb_basis_matrix){t->glpk, t->rows, 0, NULL, NULL, NULL};
    basis->row = malloc(capacity * sizeof *basis->row);
    basis->position = malloc(capacity * sizeof *basis->position);
    basis->value = malloc(capacity * sizeof *basis->value);
    if (!basis->row || !basis->position || !basis->value) return sb_fail_memory(t->error);
    for (size_t i = 0; i < t->rows + t->entry_count; i++) {
        const coefficient *entry = i < t->rows ? NULL : &t->entry[i - t->rows];
        int at = position[entry ? t->rows + entry->column : i];
        if (at < 0) continue;
        basis->row[basis->count] = entry ? entry->row : i;
        basis->position[basis->count] = (size_t)at;
        basis->value[basis->count++] = entry ? -entry->value : 1;
    }
    return SB_OK;
}

/* The masses: B x_B = - N x_N, where the variables outside the basis are at their bounds: 1 in the first row,
   delta in those of the shifts, else 0. Everything is multiplied by the denominator of delta. */
static sb_status solve_masses(task *t, const sb_basis_matrix *basis, const int *position, fmpz *right,
                              fmpz *answer) {
    const fmpq *delta = t->program->delta;
    fmpz_t denominator;
    fmpz_init(denominator);
    _fmpz_vec_zero(right, (slong)t->rows);
    for (size_t i = 0; i <= t->program->shift_count; i++)
        if (position[i] < 0) fmpz_neg(right + i, i ? fmpq_numref(delta) : fmpq_denref(delta));
    sb_status status = sb_basis_solve(answer, denominator, basis, right, 0, t->error);
    fmpz_mul(denominator, denominator, fmpq_denref(delta));
    for (size_t a = 0; a < t->program->orbits->count && !status; a++)
        if (position[t->rows + a] >= 0)
            fmpq_set_fmpz_frac(t->solution->mass + a, answer + position[t->rows + a], denominator);
    fmpz_clear(denominator);
    return status;
}

/* The multipliers y = -x, where B' x = costs of the variables in the basis. */
static sb_status solve_multipliers(task *t, const sb_basis_matrix *basis, const int *position, fmpz *right,
                                   fmpz *answer) {
    const sb_orbits *orbits = t->program->orbits;
    sb_extremal_solution *solution = t->solution;
    fmpz_t denominator;
    fmpz_init(denominator);
    _fmpz_vec_zero(right, (slong)t->rows);
    for (size_t a = 0; a < orbits->count; a++)
        if (position[t->rows + a] >= 0) {
            fmpz *cost = right + position[t->rows + a];
            fmpz_set_ui(cost, orbits->size[a]);
            fmpz_mul_ui(cost, cost, orbits->square[a]);
        }
    sb_status status = sb_basis_solve(answer, denominator, basis, right, 1, t->error);
    if (!status) {
        fmpq_set_fmpz_frac(solution->level, answer, denominator);
        fmpq_neg(solution->level, solution->level);
        size_t row = 1, place = 0;
        for (size_t j = 0; j < solution->shift_count; j++)
            fmpq_set_fmpz_frac(solution->price + j, answer + row++, denominator);
        for (size_t j = 0; j < solution->shift_count; j++)
            for (size_t e = 0; e < t->program->edges[j].count; e++, place++)
                if (t->program->edges[j].edge[e].outer < orbits->count)
                    fmpq_set_fmpz_frac(solution->relief + place, answer + row++, denominator);
    }
    fmpz_clear(denominator);
    return status;
}

static sb_status solve_exactly(task *t) {
    int *position = NULL;
    sb_basis_matrix basis = {0};
    fmpz *right = _fmpz_vec_init((slong)t->rows), *answer = _fmpz_vec_init((slong)t->rows);
    sb_status status = find_positions(t, &position);
    if (!status) status = collect_basis(&basis, t, position);
    if (!status) status = solve_masses(t, &basis, position, right, answer);
    if (!status) status = solve_multipliers(t, &basis, position, right, answer);
    free(basis.row);
    free(basis.position);
    free(basis.value);
    free(position);
    _fmpz_vec_clear(right, (slong)t->rows);
    _fmpz_vec_clear(answer, (slong)t->rows);
    return status;
}

/* ------------------------------------------------------------------ the thread */
/* GLPK calls this instead of ending the process: no memory, or a fault of its own. */
static void escape(void *argument) {
    task *t = argument;
    longjmp(t->escape, GAVE_UP);
}

static void solve(task *t) {
    glp_term_hook(look_up, t);
    t->status = load(t);
    if (!t->status) t->status = run_simplex(t);
    if (!t->status && t->solution->feasible) t->status = solve_exactly(t);
    if (t->glpk) glp_delete_prob(t->glpk);
}

static void *work(void *argument) {
    task *t = argument;
    switch (setjmp(t->escape)) {
    case 0:
        glp_error_hook(escape, t);
        solve(t);
        break;
    case INTERRUPTED:
        t->status = sb_fail(t->error, SB_INTERRUPTED, "interrupted while solving a linear program");
        break;
    default:
        t->status = sb_fail(t->error, SB_INTERNAL, "GLPK gave up on a linear program of %zu rows", t->rows);
    }
    glp_free_env();
    flint_cleanup();
    return NULL;
}

sb_status sb_extremal_solve(sb_extremal_solution *solution, const sb_extremal_program *program,
                            sb_error *error) {
    task t = {.program = program, .solution = solution, .error = error};
    prepare(solution, program);
    solution->feasible = 0;
    t.status = put_all(&t);
    pthread_t thread;
    if (!t.status && pthread_create(&thread, NULL, work, &t))
        t.status = sb_fail(error, SB_IO, "no thread for the linear program");
    else if (!t.status)
        pthread_join(thread, NULL);
    free(t.entry);
    return t.status;
}
