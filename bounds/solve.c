/* eps: rms is linear in eps, so eps = sigma / rms(eps = 1). delta: root isolation (root.h). d: bisection over
   the integers with certified comparisons. A comparison that is an equality of algebraic numbers, c d^(m/n) =
   sigma^2 with c rational, cannot be decided by balls; it holds only if d = t^n and sigma^2/c = t^m for an
   integer t (m, n coprime), which is tested exactly first. The other rows carry log 4, Phi^{-1} or
   (1-delta)^(1/d)/sqrt 3, where equality with a rational does not occur, or would end in SB_UNDECIDED. */
#include "bounds/solve.h"

#include "bounds/bound_list.h"
#include "bounds/dimension_law.h"
#include "bounds/gaussian.h"
#include "bounds/noise_magnitude.h"
#include "bounds/one_dimension.h"
#include "bounds/root.h"
#include "bounds/sharp.h"
#include "support/text.h"

#include <math.h>
#include <string.h>

static const char *const unknown_name[] = {"eps", "delta", "sigma", "d", NULL};

sb_status sb_unknown_parse(const char *text, sb_unknown *unknown, sb_error *error) {
    for (size_t i = 0; unknown_name[i]; i++)
        if (strcmp(text, unknown_name[i]) == 0) {
            *unknown = (sb_unknown)i;
            return SB_OK;
        }
    const char *near = sb_nearest_word(text, unknown_name);
    if (near)
        return sb_fail(error, SB_BAD_INPUT, "solve '%.40s': did you mean %s? (eps, delta, sigma or d)", text,
                       near);
    return sb_fail(error, SB_BAD_INPUT, "solve '%.40s': must be eps, delta, sigma or d", text);
}

const char *sb_unknown_name(sb_unknown unknown) {
    return unknown_name[unknown];
}

void sb_solution_init(sb_solution *solution) {
    solution->kind = SB_SOLUTION_NONE;
    solution->dimension = 0;
    arb_init(solution->value);
}

void sb_solution_clear(sb_solution *solution) {
    arb_clear(solution->value);
}

/* ------------------------------------------------------------------ what is known of each row */
/* How rms grows with d. SEARCHED: the value is the best that a search found, a valid bound everywhere but not
   quite monotone; what it excludes is excluded for smaller delta and larger d all the same, as the promise is
   the stronger. */
typedef enum { CONSTANT, POWER_FROM_TWO, POWER_ABOVE_TWO, CUBE, LINEAR, SEARCHED } growth;

typedef struct {
    const char *source;
    growth grows;
    /* rms^2 = square d^max(1-2/p, 0) (POWER) or square (CONSTANT), a rational; NULL: not of that form */
    void (*square)(fmpq_t square, const fmpq_t radius, const fmpq_t delta);
    int bounded_near_zero; /* rms has a finite limit for delta -> 0, namely its value there */
} trait;

static void square_of_lemma_C_1(fmpq_t square, const fmpq_t radius, const fmpq_t delta) {
    sb_lemma_C_1_coefficient(square, radius, delta);
    fmpq_mul(square, square, square);
}

static void square_of_sharp_lemma_C_1(fmpq_t square, const fmpq_t radius, const fmpq_t delta) {
    sb_sharp_a(square, delta);
    fmpq_mul(square, square, radius);
    fmpq_mul(square, square, square);
}

static void square_of_corollary_B_3(fmpq_t square, const fmpq_t radius, const fmpq_t delta) {
    sb_corollary_B_3_coefficient(square, radius, delta);
    fmpq_mul(square, square, square);
}

static int trait_of(trait *result, const sb_bound *row) {
    static const trait known[] = {
        {"thm-1.2", POWER_FROM_TWO, sb_theorem_1_2_coefficient, 0},
        {"lemma-C.1", POWER_FROM_TWO, square_of_lemma_C_1, 0},
        {"lemma-3.1", CONSTANT, sb_lemma_3_1, 0},
        {"lemma-3.2", CONSTANT, sb_lemma_3_2, 1},
        {"lemma-3.3", CONSTANT, sb_lemma_3_3_square, 0},
        {"sharp-C.1", POWER_ABOVE_TWO, square_of_sharp_lemma_C_1, 0},
        {"cor-B.3", POWER_FROM_TWO, square_of_corollary_B_3, 0},
        {"cor-B.6", LINEAR, NULL, 0},
        {"gaussian-atom", POWER_FROM_TWO, NULL, 0},
    };
    if (strcmp(row->quantity, "rms") != 0) return 0;
    const sb_sharp_law *sharp = sb_sharp_law_of(row);
    if (row->sense == SB_EXACT) { /* Gaussian or uniform noise */
        *result =
            (trait){row->source, strncmp(row->applies, "uniform", 7) == 0 ? CUBE : POWER_ABOVE_TWO, NULL, 0};
        return 1;
    }
    if (sharp && sharp->root) {
        *result = (trait){row->source, POWER_ABOVE_TWO, sharp->coefficient, 0};
        return 1;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].source, row->source) == 0) {
            *result = known[i];
            return 1;
        }
    *result = (trait){row->source, SEARCHED, NULL, 0};
    return row->sense == SB_NECESSARY;
}

/* p <= 2, where the exponent max(1 - 2/p, 0) is 0 */
static int is_up_to_two(const sb_exact *norm) {
    return !norm->infinite && fmpq_cmp_ui(norm->value, 2) <= 0;
}

static int independent_of_dimension(const trait *t, const sb_exact *norm) {
    switch (t->grows) {
    case CONSTANT:
        return 1;
    case POWER_FROM_TWO: /* p < 2 is outside */
    case POWER_ABOVE_TWO:
        return is_up_to_two(norm);
    case CUBE:
        return !norm->infinite;
    case LINEAR:
    case SEARCHED:
        break;
    }
    return 0;
}

/* Whether d = t^n and x = t^m for an integer t; n >= 1, m >= 0 coprime. */
static int common_root(uint64_t dimension, const fmpq_t x, const fmpz_t m, const fmpz_t n) {
    if (!fmpz_is_one(fmpq_denref(x)) || fmpq_sgn(x) <= 0) return 0;
    if (dimension == 1 || fmpz_is_zero(m)) return fmpq_is_one(x);
    if (fmpz_cmp_ui(n, 62) > 0) return 0; /* d <= 2^62 is no higher power */
    fmpz_t t, power;
    fmpz_init(t);
    fmpz_init(power);
    fmpz_set_ui(power, dimension);
    fmpz_root(t, power, (slong)fmpz_get_ui(n));
    fmpz_pow_ui(power, t, fmpz_get_ui(n));
    int result = fmpz_equal_ui(power, dimension) && fmpz_cmp_ui(m, fmpz_bits(fmpq_numref(x))) <= 0;
    if (result) {
        fmpz_pow_ui(power, t, fmpz_get_ui(m));
        result = fmpz_equal(power, fmpq_numref(x));
    }
    fmpz_clear(t);
    fmpz_clear(power);
    return result;
}

/* Whether rms = sigma exactly, for the rows whose squares are rational multiples of a power of d. */
static int equals_exactly(const trait *t, const sb_parameters *parameters, const fmpq_t sigma) {
    if (!t->square) return 0;
    fmpq_t square, ratio, exponent;
    fmpq_init(square);
    fmpq_init(ratio);
    fmpq_init(exponent);
    t->square(square, parameters->radius, parameters->delta);
    fmpq_mul(ratio, sigma, sigma);
    if (t->grows != CONSTANT && !is_up_to_two(&parameters->norm))
        sb_norm_exponent(exponent, &parameters->norm, 2, -2);
    int result = 0;
    if (!fmpq_is_zero(square)) {
        fmpq_div(ratio, ratio, square);
        result = common_root(parameters->dimension, ratio, fmpq_numref(exponent), fmpq_denref(exponent));
    }
    fmpq_clear(square);
    fmpq_clear(ratio);
    fmpq_clear(exponent);
    return result;
}

/* *sign := the sign of rms(parameters) - sigma */
static sb_status compare(const trait *t, const sb_bound *row, const sb_parameters *parameters,
                         const fmpq_t sigma, int *sign, sb_error *error) {
    if (equals_exactly(t, parameters, sigma)) {
        *sign = 0;
        return SB_OK;
    }
    return sb_compare_with(row->value, parameters, sigma, sign, error);
}

/* ------------------------------------------------------------------ eps */
typedef struct {
    const sb_bound *row;
    const sb_parameters *parameters;
    const fmpq *sigma;
} quotient;

static void sigma_over_rms(arb_t value, const void *context, slong precision) {
    const quotient *q = context;
    arb_t rms;
    arb_init(rms);
    q->row->value(rms, q->parameters, precision + 10);
    arb_set_fmpq(value, q->sigma, precision + 10);
    arb_div(value, value, rms, precision);
    arb_clear(rms);
}

/* Whether the statement speaks at these parameters; some speak from some d on, or for some delta only. */
static int speaks(const quotient *q, const sb_parameters *at, sb_error *error) {
    return !q->row->domain || q->row->domain(at, error) == SB_OK;
}

/* SEARCHED: whether rms <= sigma is not excluded; what is too near to tell is not. */
static int is_possible(const quotient *q, const sb_parameters *at) {
    sb_error unused;
    if (!speaks(q, at, &unused)) return 1;
    arb_t rms, limit;
    arb_init(rms);
    arb_init(limit);
    q->row->value(rms, at, SB_PRECISION_START);
    arb_set_fmpq(limit, q->sigma, SB_PRECISION_START);
    int possible = !arb_gt(rms, limit);
    arb_clear(rms);
    arb_clear(limit);
    return possible;
}

/* ------------------------------------------------------------------ delta */
static void rms_at_delta(arb_t value, const fmpq_t x, const void *context, slong precision) {
    const quotient *q = context;
    sb_parameters parameters;
    sb_parameters_init(&parameters);
    sb_parameters_set(&parameters, q->parameters);
    fmpq_set(parameters.delta, x);
    q->row->value(value, &parameters, precision);
    sb_parameters_clear(&parameters);
}

/* The largest excluded delta that a scan and a bisection find; nothing is excluded: SB_OUTSIDE. */
static sb_status search_delta(sb_solution *solution, const quotient *q, sb_parameters *at, sb_error *error) {
    enum { SCAN = 16, STEPS = 20 };
    fmpq_t excluded, allowed;
    int holds = 1, spoke = 0;
    sb_status status = SB_OK;
    fmpq_init(excluded);
    fmpq_init(allowed);
    fmpq_one(allowed);
    for (slong k = SCAN - 1; k >= 1 && holds; k--) {
        fmpq_set_si(at->delta, k, SCAN);
        fmpq_canonicalise(at->delta);
        if (!speaks(q, at, error)) continue;
        spoke = 1;
        holds = is_possible(q, at);
        fmpq_set(holds ? allowed : excluded, at->delta);
    }
    if (!status && !spoke) status = SB_OUTSIDE; /* error says why */
    if (!status && holds)
        status = sb_fail(error, SB_OUTSIDE, "%s: excludes no delta here", q->row->statement);
    for (int step = 0; step < STEPS && !status; step++) {
        fmpq_add(at->delta, excluded, allowed);
        fmpq_div_2exp(at->delta, at->delta, 1);
        holds = is_possible(q, at);
        fmpq_set(holds ? allowed : excluded, at->delta);
    }
    solution->kind = SB_SOLUTION_VALUE;
    arb_t end;
    arb_init(end);
    arb_set_fmpq(end, allowed, SB_PRECISION_START);
    arb_set_fmpq(solution->value, excluded, SB_PRECISION_START);
    arb_union(solution->value, solution->value, end, SB_PRECISION_START);
    arb_clear(end);
    fmpq_clear(excluded);
    fmpq_clear(allowed);
    return status;
}

static sb_status solve_delta(sb_solution *solution, const trait *t, const quotient *q, sb_parameters *at,
                             int digits, sb_error *error) {
    int sign = 0;
    sb_status status = SB_OK;
    if (t->grows == SEARCHED) return search_delta(solution, q, at, error);
    if (t->bounded_near_zero) { /* sigma at or above the limit for delta -> 0: every delta will do */
        fmpq_zero(at->delta);
        status = compare(t, q->row, at, q->sigma, &sign, error);
        if (!status && sign <= 0) {
            solution->kind = SB_SOLUTION_EVERY;
            return SB_OK;
        }
    }
    fmpq_one(at->delta); /* sigma at or below the limit for delta -> 1: none will */
    if (!status) status = compare(t, q->row, at, q->sigma, &sign, error);
    if (status || sign >= 0) return status;
    solution->kind = SB_SOLUTION_VALUE;
    return sb_isolate_root(solution->value, rms_at_delta, q, q->sigma, digits, error);
}

/* ------------------------------------------------------------------ d */
static sb_status holds_at(const trait *t, const quotient *q, sb_parameters *at, uint64_t dimension,
                          int *holds, sb_error *error) {
    int sign = 0;
    at->dimension = dimension;
    if (t->grows == SEARCHED) {
        *holds = is_possible(q, at);
        return SB_OK;
    }
    sb_status status = compare(t, q->row, at, q->sigma, &sign, error);
    *holds = sign <= 0;
    return status;
}

/* low < result < high: near the geometric mean while they are far apart, so that few of the steps are at huge
 * d */
static uint64_t between(uint64_t low, uint64_t high) {
    uint64_t middle = low + (high - low) / 2;
    if (high / low >= 4) middle = (uint64_t)(sqrt((double)low) * sqrt((double)high));
    return middle > low && middle < high ? middle : low + (high - low) / 2;
}

static sb_status solve_dimension(sb_solution *solution, const trait *t, const quotient *q, sb_parameters *at,
                                 sb_error *error) {
    uint64_t good = 1, bad = (uint64_t)1 << 62;
    int holds;
    sb_status status = holds_at(t, q, at, good, &holds, error);
    if (status || !holds) return status;
    if (independent_of_dimension(t, &at->norm)) {
        solution->kind = SB_SOLUTION_EVERY;
        return SB_OK;
    }
    at->dimension = bad;
    if (t->grows == SEARCHED && !speaks(q, at, error)) return SB_OUTSIDE;
    status = holds_at(t, q, at, bad, &holds, error);
    if (status) return status;
    if (holds) {
        solution->kind = SB_SOLUTION_UP_TO_LIMIT;
        return SB_OK;
    }
    /* a bound that is searched for is worth eight digits: it still excludes all from `bad` on */
    while (!status && bad - good > (t->grows == SEARCHED ? 1 + (good >> 24) : 1)) {
        uint64_t middle = between(good, bad);
        status = holds_at(t, q, at, middle, &holds, error);
        if (holds)
            good = middle;
        else
            bad = middle;
    }
    good = bad - 1;
    solution->kind = SB_SOLUTION_VALUE;
    solution->dimension = good;
    arb_set_ui(solution->value, good);
    return status;
}

sb_status sb_solve(sb_solution *solution, const sb_bound *row, const sb_parameters *parameters,
                   const fmpq_t sigma, sb_unknown unknown, int digits, sb_error *error) {
    trait known;
    const trait *t = &known;
    if (!trait_of(&known, row))
        return sb_fail(error, SB_OUTSIDE, "%s (%s) cannot be inverted", row->statement, row->quantity);
    sb_parameters at;
    sb_parameters_init(&at);
    sb_parameters_set(&at, parameters);
    quotient q = {row, &at, sigma};
    solution->kind = SB_SOLUTION_NONE;
    /* The unknown may hold anything: put in a value that no domain refuses or prefers. */
    if (unknown == SB_SOLVE_EPS) fmpq_one(at.radius);
    if (unknown == SB_SOLVE_DELTA) fmpq_set_si(at.delta, 1, 2);
    if (unknown == SB_SOLVE_DIMENSION) at.dimension = 2;
    int probe = t->grows != SEARCHED || unknown == SB_SOLVE_EPS || unknown == SB_SOLVE_SIGMA;
    sb_status status = row->domain && probe ? row->domain(&at, error) : SB_OK;
    if (!status) switch (unknown) {
        case SB_SOLVE_EPS:
            solution->kind = SB_SOLUTION_VALUE;
            status = sb_enclose(solution->value, sigma_over_rms, &q, digits, error);
            break;
        case SB_SOLVE_SIGMA:
            solution->kind = SB_SOLUTION_VALUE;
            status = sb_enclose(solution->value, row->value, &at, digits, error);
            break;
        case SB_SOLVE_DELTA:
            status = solve_delta(solution, t, &q, &at, digits, error);
            break;
        case SB_SOLVE_DIMENSION:
            status = solve_dimension(solution, t, &q, &at, error);
            break;
        }
    sb_parameters_clear(&at);
    return status;
}
