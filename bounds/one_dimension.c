/* With r = eps/2, Chebyshev on the disjoint (-r, r) and [eps-r, eps+r] gives delta >= 1 - 8 E eta^2/eps^2
   (Lemma 3.2). Every interval [a, a+eps) has mass at most delta, so {|x| < tau} has at most (2 tau/eps + 1)
   delta, and E|eta| >= (1-delta) tau - 2 delta tau^2/eps is largest at tau = eps (1-delta)/(4 delta)
   (Lemma 3.3). max{(1-delta)/8, (1-delta)^4/(64 delta^2)} >= (1-delta)/(200 delta^2) (Lemma 3.1). A law on
   R^d is projected on v: v.eta is shifted by |v|_2^2 (Corollary 3.4). */
#include "bounds/one_dimension.h"

void sb_squared_length(fmpq_t squared_length, const fmpq *v, size_t count) {
    fmpq_zero(squared_length);
    for (size_t i = 0; i < count; i++) fmpq_addmul(squared_length, v + i, v + i);
}

/* bound := (1-delta)/delta^2 divided by n */
static void hardness(fmpq_t bound, const fmpq_t delta, ulong n) {
    fmpq_t square;
    fmpq_init(square);
    fmpq_mul(square, delta, delta);
    fmpq_mul_ui(square, square, n);
    sb_rational_complement(bound, delta);
    fmpq_div(bound, bound, square);
    fmpq_clear(square);
}

void sb_lemma_3_1(fmpq_t bound, const fmpq_t shift, const fmpq_t delta) {
    fmpq_t square;
    fmpq_init(square);
    fmpq_mul(square, shift, shift);
    sb_corollary_3_4(bound, square, delta);
    fmpq_clear(square);
}

void sb_lemma_3_2(fmpq_t bound, const fmpq_t shift, const fmpq_t delta) {
    fmpq_t square;
    fmpq_init(square);
    fmpq_mul(square, shift, shift);
    fmpq_div_2exp(square, square, 3);
    sb_rational_complement(bound, delta);
    fmpq_mul(bound, bound, square);
    fmpq_clear(square);
}

void sb_lemma_3_3(fmpq_t bound, const fmpq_t shift, const fmpq_t delta) {
    fmpq_t rest;
    fmpq_init(rest);
    fmpq_sub_si(rest, delta, 1);
    fmpq_mul(rest, rest, rest);
    fmpq_div(rest, rest, delta);
    fmpq_mul(bound, rest, shift);
    fmpq_div_2exp(bound, bound, 3);
    fmpq_clear(rest);
}

void sb_lemma_3_3_square(fmpq_t bound, const fmpq_t shift, const fmpq_t delta) {
    sb_lemma_3_3(bound, shift, delta);
    fmpq_mul(bound, bound, bound);
}

void sb_corollary_3_4(fmpq_t bound, const fmpq_t squared_length, const fmpq_t delta) {
    fmpq_t factor;
    fmpq_init(factor);
    hardness(factor, delta, 200);
    fmpq_mul(bound, squared_length, factor);
    fmpq_clear(factor);
}

/* ------------------------------------------------------------------ rows */
typedef void one_dimensional_law(fmpq_t bound, const fmpq_t shift, const fmpq_t delta);

static void as_ball(arb_t value, const sb_parameters *parameters, one_dimensional_law *law, int root,
                    slong precision) {
    fmpq_t bound;
    fmpq_init(bound);
    law(bound, parameters->radius, parameters->delta);
    arb_set_fmpq(value, bound, precision);
    if (root) arb_sqrt(value, value, precision);
    fmpq_clear(bound);
}

static void lemma_3_1(arb_t value, const void *parameters, slong precision) {
    as_ball(value, parameters, sb_lemma_3_1, 0, precision);
}

static void lemma_3_1_rms(arb_t value, const void *parameters, slong precision) {
    as_ball(value, parameters, sb_lemma_3_1, 1, precision);
}

static void lemma_3_2(arb_t value, const void *parameters, slong precision) {
    as_ball(value, parameters, sb_lemma_3_2, 0, precision);
}

static void lemma_3_2_rms(arb_t value, const void *parameters, slong precision) {
    as_ball(value, parameters, sb_lemma_3_2, 1, precision);
}

static void lemma_3_3(arb_t value, const void *parameters, slong precision) {
    as_ball(value, parameters, sb_lemma_3_3, 0, precision);
}

static void lemma_3_3_square(arb_t value, const void *parameters, slong precision) {
    as_ball(value, parameters, sb_lemma_3_3_square, 0, precision);
}

const sb_bound sb_one_dimension_bound[] = {
    {"lemma-3.1", "Lemma 3.1", "E[eta_i^2]", SB_NECESSARY, "eps^2 (1-delta) / (200 delta^2)",
     "every coordinate of any noise", lemma_3_1, NULL, SB_PROMISE_TV},
    {"lemma-3.1", "Lemma 3.1", "rms", SB_NECESSARY, "eps sqrt((1-delta)/200) / delta", "any noise",
     lemma_3_1_rms, NULL, SB_PROMISE_TV},
    {"lemma-3.2", "Lemma 3.2", "E[eta_i^2]", SB_NECESSARY, "eps^2 (1-delta) / 8",
     "every coordinate of any noise", lemma_3_2, NULL, SB_PROMISE_TV},
    {"lemma-3.2", "Lemma 3.2", "rms", SB_NECESSARY, "eps sqrt((1-delta)/8)", "any noise", lemma_3_2_rms, NULL,
     SB_PROMISE_TV},
    {"lemma-3.3", "Lemma 3.3", "E||eta||_2", SB_NECESSARY, "eps (1-delta)^2 / (8 delta)",
     "any noise (it bounds E|eta_i| of every coordinate)", lemma_3_3, NULL, SB_PROMISE_TV},
    {"lemma-3.3", "Lemma 3.3", "E[eta_i^2]", SB_NECESSARY, "eps^2 (1-delta)^4 / (64 delta^2)",
     "every coordinate of any noise", lemma_3_3_square, NULL, SB_PROMISE_TV},
    {"lemma-3.3", "Lemma 3.3", "rms", SB_NECESSARY, "eps (1-delta)^2 / (8 delta)", "any noise", lemma_3_3,
     NULL, SB_PROMISE_TV},
};
const size_t sb_one_dimension_bound_count = sizeof sb_one_dimension_bound / sizeof sb_one_dimension_bound[0];
