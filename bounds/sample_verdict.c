/* The upper bound on E X is mean + sqrt(2 B log(1/alpha)/n) with B >= E X^2 (sb_mean_upper_bound). With m_k =
   E|eta_1|^k of a known noise, whose coordinates have one law: X = eta_i^2:        B = m_4; X = ||eta||_2^2:
   B = d m_4 + d(d-1) m_2^2 for independent coordinates, else d^2 m_4 (Cauchy-Schwarz); X = ||eta||_2:      B
   = d m_2; X = max|eta_i|:     B = min over k of (d m_2k)^(1/k), since (E X^2)^k <= E X^2k <= sum of E
   eta_i^2k. An infinite moment makes B infinite: then nothing can be refuted. Without a known noise B is the
   mean of X^2. */
#include "bounds/sample_verdict.h"

#include "bounds/bound_list.h"
#include "bounds/exact_value.h"
#include "bounds/peeling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BITS = 96, LEAST_SAMPLES = 30, MOST_ROWS = 96 };

void sb_sample_verdict_init(sb_sample_verdict *verdict) {
    memset(verdict, 0, sizeof *verdict);
}

void sb_sample_verdict_clear(sb_sample_verdict *verdict) {
    for (size_t i = 0; i < verdict->count; i++) {
        arb_clear(verdict->row[i].needed);
        fmpq_clear(verdict->row[i].exact);
    }
    free(verdict->row);
    sb_sample_verdict_init(verdict);
}

/* ------------------------------------------------------------------ second moments of the variables */
typedef struct {
    double coordinate, square, norm, largest; /* bounds on E X^2; NaN: estimated for each coordinate */
} second_moments;

/* A double not below E|eta_1|^order; +inf where it diverges or is not known. */
static double moment(const sb_noise_spec *noise, uint64_t dimension, ulong order) {
    fmpq_t k;
    arb_t ball;
    arf_t top;
    fmpq_init(k);
    arb_init(ball);
    arf_init(top);
    fmpq_set_si(k, (slong)order, 1);
    sb_noise_absolute_moment(ball, noise, dimension, k, BITS);
    arb_get_ubound_arf(top, ball, BITS);
    double value = arb_is_finite(ball) ? arf_get_d(top, ARF_RND_UP) : INFINITY;
    fmpq_clear(k);
    arb_clear(ball);
    arf_clear(top);
    return value;
}

static second_moments known_moments(const sb_noise_spec *noise, uint64_t dimension) {
    static const ulong half_order[] = {1, 2, 3, 4, 6, 8, 12, 16};
    double d = (double)dimension, m2 = moment(noise, dimension, 2), m4 = moment(noise, dimension, 4);
    second_moments b = {m4, noise->family->product ? d * m4 + d * (d - 1) * m2 * m2 : d * d * m4, d * m2,
                        INFINITY};
    for (size_t i = 0; i < sizeof half_order / sizeof half_order[0]; i++) {
        double m = moment(noise, dimension, 2 * half_order[i]);
        if (isfinite(m)) b.largest = fmin(b.largest, pow(d * m, 1 / (double)half_order[i]));
    }
    return b;
}

static double mean_square(const sb_running_mean *x) {
    return x->mean * x->mean + x->squares / (double)x->count;
}

/* Too few samples estimate nothing. */
static second_moments estimated_moments(const sb_sample_statistics *s) {
    if (s->count < LEAST_SAMPLES) return (second_moments){INFINITY, INFINITY, INFINITY, INFINITY};
    return (second_moments){NAN, mean_square(&s->square), mean_square(&s->norm), mean_square(&s->largest)};
}

/* ------------------------------------------------------------------ comparisons */
/* Adds a row; the caller sets `needed` and, where that is rational, `exact`. */
static sb_sample_comparison *add_row(sb_sample_verdict *verdict, const sb_bound *bound, uint64_t rank,
                                     double measured, double upper) {
    sb_sample_comparison *row = &verdict->row[verdict->count++];
    *row = (sb_sample_comparison){.bound = bound, .rank = rank, .measured = measured, .upper = upper};
    arb_init(row->needed);
    fmpq_init(row->exact);
    return row;
}

static int is_below(double upper, const arb_t needed) {
    arb_t x;
    arb_init(x);
    arb_set_d(x, upper);
    int result = isfinite(upper) && arb_lt(x, needed);
    arb_clear(x);
    return result;
}

static void compare_mean(sb_sample_verdict *verdict, const char *source, const char *quantity,
                         const sb_running_mean *mean, double square, const sb_parameters *parameters,
                         double alpha) {
    const sb_bound *bound = sb_bound_find(source, quantity);
    sb_sample_comparison *row =
        add_row(verdict, bound, 0, mean->mean, sb_mean_upper_bound(mean->mean, square, mean->count, alpha));
    bound->value(row->needed, parameters, BITS);
    row->rational = sb_bound_exact_value(row->exact, bound, parameters);
    row->refuted = is_below(row->upper, row->needed);
    verdict->refuted |= row->refuted;
}

typedef struct {
    double upper, measured;
} coordinate;

static int larger_first(const void *a, const void *b) {
    double x = ((const coordinate *)a)->upper, y = ((const coordinate *)b)->upper;
    return x < y ? 1 : x > y ? -1 : 0;
}

static void compare_rank(sb_sample_verdict *verdict, const coordinate *sorted,
                         const sb_parameters *parameters, uint64_t rank) {
    sb_ranked_coordinate ranked = {parameters, rank};
    sb_sample_comparison *row = add_row(verdict, sb_bound_find("lemma-3.7", "E[eta_i^2]"), rank,
                                        sorted[rank - 1].measured, sorted[rank - 1].upper);
    sb_lemma_3_7(row->needed, &ranked, BITS);
    row->rational = sb_lemma_3_7_exact_value(row->exact, parameters, rank);
    row->refuted = is_below(row->upper, row->needed);
}

/* All ranks are compared; the rows are those of the powers of two, d, and the one with the least
 * upper/needed. */
static uint64_t tightest_rank(sb_sample_verdict *verdict, const coordinate *sorted,
                              const sb_parameters *parameters) {
    uint64_t tightest = 1;
    double least = INFINITY;
    arb_t needed;
    arb_init(needed);
    for (uint64_t rank = 1; rank <= parameters->dimension; rank++) {
        sb_ranked_coordinate ranked = {parameters, rank};
        sb_lemma_3_7(needed, &ranked, BITS);
        verdict->refuted_ranks += (uint64_t)is_below(sorted[rank - 1].upper, needed);
        double ratio = sorted[rank - 1].upper / arf_get_d(arb_midref(needed), ARF_RND_NEAR);
        if (ratio < least) {
            least = ratio;
            tightest = rank;
        }
    }
    arb_clear(needed);
    return tightest;
}

static sb_status compare_coordinates(sb_sample_verdict *verdict, const sb_sample_statistics *s,
                                     const second_moments *b, const sb_parameters *parameters, double alpha,
                                     sb_error *error) {
    uint64_t d = parameters->dimension;
    coordinate *sorted = malloc((size_t)d * sizeof *sorted);
    if (!sorted) return sb_fail_memory(error);
    for (uint64_t i = 0; i < d; i++) {
        double square = isnan(b->coordinate) ? s->fourth[i] : b->coordinate;
        sorted[i].measured = s->second[i];
        sorted[i].upper = sb_mean_upper_bound(s->second[i], square, s->count, alpha / (double)d);
    }
    qsort(sorted, (size_t)d, sizeof *sorted, larger_first);
    uint64_t tightest = tightest_rank(verdict, sorted, parameters), power = 1, rank = 1;
    for (;;) {
        if (rank == tightest) verdict->tightest = verdict->count;
        compare_rank(verdict, sorted, parameters, rank);
        if (rank == d) break;
        uint64_t next = 2 * power < d ? 2 * power : d;
        if (rank < tightest && tightest < next)
            rank = tightest;
        else
            power = rank = next;
    }
    free(sorted);
    return SB_OK;
}

sb_status sb_sample_verdict_reach(sb_sample_verdict *verdict, const sb_sample_statistics *statistics,
                                  const sb_noise_spec *noise, const sb_parameters *parameters, double alpha,
                                  sb_error *error) {
    sb_ranked_coordinate largest = {parameters, 1};
    sb_status status = sb_lemma_3_7_domain(&largest, error);
    if (status) return status;
    sb_sample_verdict_clear(verdict);
    verdict->row = calloc(MOST_ROWS, sizeof *verdict->row);
    if (!verdict->row) return sb_fail_memory(error);
    second_moments b = noise ? known_moments(noise, statistics->dimension) : estimated_moments(statistics);
    verdict->exact = noise != NULL;
    const struct {
        const char *paper, *sharp, *quantity; /* two bounds on one mean, by one upper confidence bound */
        const sb_running_mean *mean;
        double square;
    } compared[] = {{"thm-1.2", "sharp-1.2", "E||eta||_2^2", &statistics->square, b.square},
                    {"lemma-C.1", "sharp-C.1", "E||eta||_2", &statistics->norm, b.norm},
                    {"lemma-C.1", "sharp-C.1", "E max|eta_i|", &statistics->largest, b.largest}};
    for (size_t i = 0; i < sizeof compared / sizeof compared[0]; i++) {
        compare_mean(verdict, compared[i].paper, compared[i].quantity, compared[i].mean, compared[i].square,
                     parameters, alpha / 4);
        compare_mean(verdict, compared[i].sharp, compared[i].quantity, compared[i].mean, compared[i].square,
                     parameters, alpha / 4);
    }
    status = compare_coordinates(verdict, statistics, &b, parameters, alpha / 4, error);
    verdict->refuted |= verdict->refuted_ranks > 0;
    return status;
}
