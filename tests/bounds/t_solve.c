/* The bounds read backwards: round trips, closed forms by MPFR, exact ties, and the root isolation by itself.
 */
#include "bounds/exact_value.h"
#include "bounds/root.h"
#include "bounds/solve.h"
#include "tests/bounds/bounds_test.h"

#include <math.h>

static const char *const source[] = {"thm-1.2",        "lemma-C.1", "lemma-3.1",     "lemma-3.2", "lemma-3.3",
                                     "gaussian-exact", "cor-B.3",   "uniform-exact", "cor-B.6"};
enum { SOURCES = sizeof source / sizeof source[0] };

/* ------------------------------------------------------------------ root isolation */
static void inverse_square(arb_t value, const fmpq_t x, const void *context, slong precision) {
    (void)context;
    arb_set_fmpq(value, x, precision);
    arb_mul(value, value, value, precision);
    arb_inv(value, value, precision);
}

static void steep(arb_t value, const fmpq_t x, const void *context,
                  slong precision) { /* -log x: level 1000 has the root exp(-1000) */
    (void)context;
    arb_set_fmpq(value, x, precision);
    arb_log(value, value, precision);
    arb_neg(value, value);
}

static void flat(arb_t value, const fmpq_t x, const void *context, slong precision) { /* -x^9 */
    (void)context;
    arb_set_fmpq(value, x, precision);
    arb_pow_ui(value, value, 9, precision);
    arb_neg(value, value);
}

static void roots(void) {
    uint64_t state = 71;
    fmpq_t level, root;
    arb_t ball, truth;
    sb_error error;
    fmpq_init(level);
    fmpq_init(root);
    arb_init(ball);
    arb_init(truth);
    for (int i = 0; i < 300;
         i++) { /* known rational roots, dyadic ones among them: the sign there is never decided */
        int digits = 1 + (int)(sb_test_random(&state) % 60);
        random_fraction(root, &state, 8);
        if (i % 3 == 0) fmpq_set_si(root, 1 + 2 * (slong)(sb_test_random(&state) % 32), 64);
        if (i % 5 == 0) fmpq_div_2exp(root, root, sb_test_random(&state) % 3000);
        fmpq_mul(level, root, root);
        fmpq_inv(level, level);
        SB_CHECK(sb_isolate_root(ball, inverse_square, NULL, level, digits, &error) == SB_OK);
        SB_CHECK(arb_contains_fmpq(ball, root) && (double)arb_rel_accuracy_bits(ball) > 3.32 * digits,
                 "instance %d", i);
        fmpq_pow_si(level, root, 9);
        fmpq_neg(level, level);
        SB_CHECK(sb_isolate_root(ball, flat, NULL, level, digits, &error) == SB_OK);
        SB_CHECK(arb_contains_fmpq(ball, root) && (double)arb_rel_accuracy_bits(ball) > 3.32 * digits,
                 "instance %d", i);
    }
    fmpq_set_si(level, 1000, 1);
    SB_CHECK(sb_isolate_root(ball, steep, NULL, level, 300, &error) == SB_OK);
    arb_set_si(truth, -1000);
    arb_exp(truth, truth, 2000);
    SB_CHECK(arb_overlaps(ball, truth) && arb_rel_accuracy_bits(ball) > 990);
    fmpq_div_2exp(level, level, 3000); /* a root at exp(-tiny), nearer to 1 than can be told apart */
    SB_CHECK(sb_isolate_root(ball, steep, NULL, level, 10, &error) == SB_OK);
    arb_one(truth);
    SB_CHECK(arb_rel_accuracy_bits(ball) > 30 && (arb_overlaps(ball, truth)));
    fmpq_clear(level);
    fmpq_clear(root);
    arb_clear(ball);
    arb_clear(truth);
}

/* ------------------------------------------------------------------ round trips */
/* Parameters that every row speaks about, and a sigma. */
static void random_problem(sb_parameters *q, fmpq_t sigma, uint64_t *state) {
    random_parameters(q, state, 2);
    q->norm.infinite = 1;
    q->dimension = 1 + sb_test_random(state) % 1000000;
    if (fmpq_cmp_ui(q->norm.value, 2) < 0) fmpq_set_si(q->norm.value, 2, 1);
    random_fraction(sigma, state, 10);
    fmpq_mul(sigma, sigma, q->radius);
    fmpq_mul_2exp(sigma, sigma, sb_test_random(state) % 20);
}

/* rms at the solution's nearest rational is sigma, to the accuracy asked. */
static int gives_sigma_back(const sb_bound *row, sb_parameters *q, const fmpq_t sigma, double tolerance) {
    arb_t rms, bar;
    arb_init(rms);
    arb_init(bar);
    row->value(rms, q, 400);
    arb_set_fmpq(bar, sigma, 400);
    arb_div(rms, rms, bar, 400);
    arb_sub_ui(rms, rms, 1, 400);
    double off = fabs(arf_get_d(arb_midref(rms), ARF_RND_NEAR));
    arb_clear(rms);
    arb_clear(bar);
    return off < tolerance;
}

static void eps_and_delta(void) {
    uint64_t state = 72;
    sb_parameters q, at;
    fmpq_t sigma;
    sb_solution solution;
    sb_error error;
    arb_t rms;
    int values = 0;
    arb_init(rms);
    sb_parameters_init(&q);
    sb_parameters_init(&at);
    fmpq_init(sigma);
    sb_solution_init(&solution);
    for (int i = 0; i < 360; i++) {
        const sb_bound *row = sb_bound_find(source[i % SOURCES], "rms");
        random_problem(&q, sigma, &state);
        sb_parameters_set(&at, &q);
        SB_CHECK(sb_solve(&solution, row, &q, sigma, SB_SOLVE_EPS, 30, &error) == SB_OK &&
                     solution.kind == SB_SOLUTION_VALUE,
                 "%s", row->source);
        arf_get_fmpq(at.radius, arb_midref(solution.value));
        SB_CHECK(gives_sigma_back(row, &at, sigma, 1e-30), "eps by %s", row->source);
        sb_parameters_set(&at, &q);
        SB_CHECK(sb_solve(&solution, row, &q, sigma, SB_SOLVE_DELTA, 30, &error) == SB_OK, "%s: %s",
                 row->source, error.message);
        if (solution.kind == SB_SOLUTION_VALUE) {
            values++;
            /* rms at both ends of the ball brackets sigma: rms falls with delta */
            arf_t end;
            arf_init(end);
            int sign = 0;
            arb_get_lbound_arf(end, solution.value, 300);
            arf_get_fmpq(at.delta, end);
            SB_CHECK(fmpq_sgn(at.delta) > 0 &&
                         sb_compare_with(row->value, &at, sigma, &sign, NULL) == SB_OK && sign > 0,
                     "%s", row->source);
            arb_get_ubound_arf(end, solution.value, 300);
            arf_get_fmpq(at.delta, end);
            if (fmpq_cmp_ui(at.delta, 1) < 0)
                SB_CHECK(sb_compare_with(row->value, &at, sigma, &sign, NULL) == SB_OK && sign < 0, "%s",
                         row->source);
            SB_CHECK(arb_rel_accuracy_bits(solution.value) > 99);
            arf_clear(end);
        }
        SB_CHECK(sb_solve(&solution, row, &q, sigma, SB_SOLVE_SIGMA, 30, &error) == SB_OK);
        SB_CHECK(sb_enclose(rms, row->value, &q, 40, NULL) == SB_OK && arb_overlaps(rms, solution.value),
                 "%s", row->source);
    }
    SB_CHECK(values > 150, "only %d deltas were solved", values);
    arb_clear(rms);
    sb_parameters_clear(&q);
    sb_parameters_clear(&at);
    fmpq_clear(sigma);
    sb_solution_clear(&solution);
}

/* rms at d is at most sigma, at d + 1 above it. */
static void dimension(void) {
    uint64_t state = 73;
    sb_parameters q;
    fmpq_t sigma;
    sb_solution solution;
    sb_error error;
    int kinds[4] = {0};
    sb_parameters_init(&q);
    fmpq_init(sigma);
    sb_solution_init(&solution);
    for (int i = 0; i < 270; i++) {
        const sb_bound *row = sb_bound_find(source[i % SOURCES], "rms");
        random_problem(&q, sigma, &state);
        SB_CHECK(sb_solve(&solution, row, &q, sigma, SB_SOLVE_DIMENSION, 6, &error) == SB_OK, "%s: %s",
                 row->source, error.message);
        kinds[solution.kind]++;
        int sign = 0;
        q.dimension = solution.kind == SB_SOLUTION_VALUE         ? solution.dimension
                      : solution.kind == SB_SOLUTION_UP_TO_LIMIT ? (uint64_t)1 << 62
                                                                 : 1;
        SB_CHECK(sb_compare_with(row->value, &q, sigma, &sign, NULL) == SB_OK &&
                     (solution.kind == SB_SOLUTION_NONE ? sign > 0 : sign <= 0),
                 "%s", row->source);
        if (solution.kind == SB_SOLUTION_VALUE) {
            q.dimension++;
            SB_CHECK(sb_compare_with(row->value, &q, sigma, &sign, NULL) == SB_OK && sign > 0, "%s",
                     row->source);
        }
        int constant = strncmp(row->source, "lemma-3.", 8) == 0;
        SB_CHECK((solution.kind == SB_SOLUTION_EVERY) <= constant, "%s", row->source);
    }
    SB_CHECK(kinds[SB_SOLUTION_VALUE] > 50 && kinds[SB_SOLUTION_EVERY] > 5 && kinds[SB_SOLUTION_NONE] > 20);
    sb_parameters_clear(&q);
    fmpq_clear(sigma);
    sb_solution_clear(&solution);
}

/* Equality of algebraic numbers, which no ball decides: Theorem 1.2's rms is rational at d = t^4, p = 4;
 * sigma is put there exactly. */
static void exact_ties(void) {
    static const struct {
        const char *d, *p;
    } power[] = {{"6561", "4"}, {"144", "inf"}, {"2^60", "3"},  {"4096", "12/5"},
                 {"1", "7"},    {"50", "2"},    {"2^62", "inf"}};
    sb_parameters q;
    fmpq_t sigma;
    sb_solution solution;
    sb_error error;
    sb_parameters_init(&q);
    fmpq_init(sigma);
    sb_solution_init(&solution);
    for (size_t i = 0; i < sizeof power / sizeof power[0]; i++)
        for (int corollary = 0; corollary < 2; corollary++) {
            const sb_bound *row = sb_bound_find(corollary ? "cor-B.3" : "thm-1.2", "rms");
            set_parameters(&q, power[i].d, power[i].p, "3/7",
                           "1/2"); /* (1-delta)/(800 delta^2) = 1/400 is a square */
            uint64_t d = q.dimension;
            SB_CHECK(sb_bound_exact_value(sigma, row, &q), "d = %s, p = %s", power[i].d, power[i].p);
            q.dimension = 17;
            SB_CHECK(sb_solve(&solution, row, &q, sigma, SB_SOLVE_DIMENSION, 6, &error) == SB_OK, "%s",
                     error.message);
            int at_two = strcmp(power[i].p, "2") == 0, last = d == (uint64_t)1 << 62;
            sb_solution_kind kind = at_two ? SB_SOLUTION_EVERY
                                    : last ? SB_SOLUTION_UP_TO_LIMIT
                                           : SB_SOLUTION_VALUE;
            SB_CHECK(solution.kind == kind && (kind != SB_SOLUTION_VALUE || solution.dimension == d),
                     "d = %s, p = %s: kind %d, d %llu", power[i].d, power[i].p, (int)solution.kind,
                     (unsigned long long)solution.dimension);
            fmpq_t tiny;
            fmpq_init(tiny);
            set_text(tiny, "1e-60");
            fmpq_sub(sigma, sigma, tiny);
            fmpq_clear(tiny);
            SB_CHECK(sb_solve(&solution, row, &q, sigma, SB_SOLVE_DIMENSION, 6, &error) == SB_OK, "%s",
                     error.message);
            if (at_two || d == 1)
                SB_CHECK(solution.kind == SB_SOLUTION_NONE);
            else
                SB_CHECK(solution.kind == SB_SOLUTION_VALUE && solution.dimension == d - 1);
        }
    sb_parameters_clear(&q);
    fmpq_clear(sigma);
    sb_solution_clear(&solution);
}

/* delta in closed form: Gaussian erf(eps d^u/(2 sqrt 2 sigma)); uniform 1 - (1 - eps/(2 sqrt 3 sigma))^d;
 * Lemma C.1 1/(1 + 24 sigma/(eps d^u)). */
static void closed_forms_of_delta(void) {
    uint64_t state = 74;
    sb_parameters q;
    fmpq_t sigma;
    sb_solution solution;
    mpfr_t truth, x;
    sb_parameters_init(&q);
    fmpq_init(sigma);
    sb_solution_init(&solution);
    mpfr_inits2(TRUTH_BITS + 200, truth, x, (mpfr_ptr)0);
    for (int i = 0; i < 150; i++) {
        random_problem(&q, sigma, &state);
        mpfr_from_rational(truth, q.radius);
        mpfr_from_rational(x, sigma);
        mpfr_div(truth, truth, x, MPFR_RNDN);
        mpfr_set_ui(x, q.dimension, MPFR_RNDN);
        mpfr_sqrt(x, x, MPFR_RNDN);
        if (i % 3 < 2) mpfr_mul(truth, truth, x, MPFR_RNDN); /* eps d^u / sigma */
        const char *name = i % 3 == 0 ? "gaussian-exact" : i % 3 == 1 ? "lemma-C.1" : "uniform-exact";
        if (i % 3 == 0) {
            mpfr_sqrt_ui(x, 8, MPFR_RNDN);
            mpfr_div(truth, truth, x, MPFR_RNDN);
            mpfr_erf(truth, truth, MPFR_RNDN);
        } else if (i % 3 == 1) {
            mpfr_ui_div(truth, 24, truth, MPFR_RNDN);
            mpfr_add_ui(truth, truth, 1, MPFR_RNDN);
            mpfr_ui_div(truth, 1, truth, MPFR_RNDN);
        } else {
            mpfr_sqrt_ui(x, 12, MPFR_RNDN);
            mpfr_div(truth, truth, x, MPFR_RNDN);
            mpfr_neg(truth, truth, MPFR_RNDN);
            int none = mpfr_cmp_si(truth, -1) <= 0;
            mpfr_log1p(truth, truth, MPFR_RNDN);
            mpfr_mul_ui(truth, truth, q.dimension, MPFR_RNDN);
            mpfr_expm1(truth, truth, MPFR_RNDN);
            mpfr_neg(truth, truth, MPFR_RNDN);
            if (none) {
                SB_CHECK(sb_solve(&solution, sb_bound_find(name, "rms"), &q, sigma, SB_SOLVE_DELTA, 40,
                                  NULL) == SB_OK);
                SB_CHECK(solution.kind == SB_SOLUTION_NONE);
                continue;
            }
        }
        SB_CHECK(sb_solve(&solution, sb_bound_find(name, "rms"), &q, sigma, SB_SOLVE_DELTA, 40, NULL) ==
                 SB_OK);
        SB_CHECK(solution.kind == SB_SOLUTION_VALUE && ball_agrees(solution.value, truth), "%s, instance %d",
                 name, i);
    }
    sb_parameters_clear(&q);
    fmpq_clear(sigma);
    sb_solution_clear(&solution);
    mpfr_clears(truth, x, (mpfr_ptr)0);
}

/* Limits of delta: Lemma 3.2 stays below eps/sqrt 8, Corollary B.3 above (9/2) eps d^u, both also at
 * equality. */
static void limits_of_delta(void) {
    sb_parameters q;
    fmpq_t sigma;
    sb_solution solution;
    sb_parameters_init(&q);
    fmpq_init(sigma);
    sb_solution_init(&solution);
    set_parameters(&q, "16", "inf", "2", "1/2");
    set_text(sigma, "0.7072"); /* 2/sqrt 8 = 0.70710... */
    sb_solve(&solution, sb_bound_find("lemma-3.2", "rms"), &q, sigma, SB_SOLVE_DELTA, 10, NULL);
    SB_CHECK(solution.kind == SB_SOLUTION_EVERY);
    set_text(sigma, "0.7071");
    sb_solve(&solution, sb_bound_find("lemma-3.2", "rms"), &q, sigma, SB_SOLVE_DELTA, 10, NULL);
    SB_CHECK(solution.kind == SB_SOLUTION_VALUE &&
             fabs(arf_get_d(arb_midref(solution.value), ARF_RND_NEAR) - (1 - 2 * 0.7071 * 0.7071)) < 1e-12);
    set_text(sigma, "36"); /* (9/2) 2 sqrt 16, the limit at delta -> 1 */
    sb_solve(&solution, sb_bound_find("cor-B.3", "rms"), &q, sigma, SB_SOLVE_DELTA, 10, NULL);
    SB_CHECK(solution.kind == SB_SOLUTION_NONE);
    set_text(sigma, "36.0001");
    sb_solve(&solution, sb_bound_find("cor-B.3", "rms"), &q, sigma, SB_SOLVE_DELTA, 10, NULL);
    SB_CHECK(solution.kind == SB_SOLUTION_VALUE &&
             fabs(arf_get_d(arb_midref(solution.value), ARF_RND_NEAR) - 36 / 36.0001) < 1e-12);
    sb_parameters_clear(&q);
    fmpq_clear(sigma);
    sb_solution_clear(&solution);
}

static void refusals(void) {
    sb_parameters q;
    fmpq_t sigma;
    sb_solution solution;
    sb_unknown unknown;
    sb_error error;
    sb_parameters_init(&q);
    fmpq_init(sigma);
    fmpq_one(sigma);
    sb_solution_init(&solution);
    set_parameters(&q, "16", "3/2", "2", "1/2");
    SB_CHECK(sb_solve(&solution, sb_bound_find("thm-1.2", "rms"), &q, sigma, SB_SOLVE_EPS, 10, &error) ==
             SB_OUTSIDE);
    SB_CHECK(sb_solve(&solution, sb_bound_find("uniform-exact", "rms"), &q, sigma, SB_SOLVE_DIMENSION, 10,
                      &error) == SB_OUTSIDE);
    SB_CHECK(sb_solve(&solution, sb_bound_find("thm-1.2", "E||eta||_2^2"), &q, sigma, SB_SOLVE_EPS, 10,
                      &error) == SB_OUTSIDE);
    SB_CHECK(sb_unknown_parse("foo", &unknown, &error) == SB_BAD_INPUT && strstr(error.message, "'foo'"));
    SB_CHECK(sb_unknown_parse("detla", &unknown, &error) == SB_BAD_INPUT &&
             strstr(error.message, "did you mean delta"));
    for (int i = 0; i < 4; i++)
        SB_CHECK(sb_unknown_parse(sb_unknown_name((sb_unknown)i), &unknown, &error) == SB_OK &&
                 (int)unknown == i);
    sb_parameters_clear(&q);
    fmpq_clear(sigma);
    sb_solution_clear(&solution);
}

static const sb_test tests[] = {{"solve: roots known beforehand are isolated", roots},
                                {"solve: eps and delta give sigma back", eps_and_delta},
                                {"solve: d holds and d + 1 does not", dimension},
                                {"solve: ties of algebraic numbers are decided exactly", exact_ties},
                                {"solve: delta in closed form", closed_forms_of_delta},
                                {"solve: where no delta or every delta will do", limits_of_delta},
                                {"solve: refusals", refusals}};
SB_TEST_MAIN(tests)
