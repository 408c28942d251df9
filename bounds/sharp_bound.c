/* The bounds of sharp.h in R^d as rows. With v = eps d^(-1/p) s, s a sign vector, |v|_p = eps and the law of
   v.eta has the shift |v|_2^2 = eps^2 d^(1-2/p): E(s.eta)^2 >= eps^2 d^(2-2/p) m(delta). The mean over all s
   is E||eta||_2^2; |s.eta| gives the first moment. k coordinates are a noise in R^k, so the d-rank+1 smallest
   second moments have at least the sum of that dimension, and their largest its average. For p < 2 the shifts
   eps e_i say more: each coordinate has eps^2 m(delta), which is the same law with p = 2. */
#include "bounds/sharp.h"

#include "bounds/dimension_law.h"
#include "bounds/peeling.h"

static void second_moment(fmpq_t coefficient, const fmpq_t radius, void (*constant)(fmpq_t, const fmpq_t),
                          const fmpq_t delta) {
    constant(coefficient, delta);
    fmpq_mul(coefficient, coefficient, radius);
    fmpq_mul(coefficient, coefficient, radius);
}

static void square(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta) {
    second_moment(coefficient, radius, sb_sharp_m, delta);
}

static void length(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta) {
    sb_sharp_a(coefficient, delta);
    fmpq_mul(coefficient, coefficient, radius);
}

static void symmetric_square(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta) {
    second_moment(coefficient, radius, sb_sharp_M, delta);
}

static void robust_square(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta) {
    second_moment(coefficient, radius, sb_sharp_R, delta);
}

static const sb_sharp_law square_law = {square, 4, -2, 0}, square_rms_law = {square, 2, -2, 1},
                          length_law = {length, 2, -1, 0}, coordinate_length_law = {length, 1, -1, 0},
                          coordinate_law = {square, 2, -2, 0}, symmetric_law = {symmetric_square, 4, -2, 0},
                          symmetric_rms_law = {symmetric_square, 2, -2, 1},
                          robust_law = {robust_square, 4, -2, 0}, robust_rms_law = {robust_square, 2, -2, 1};

void sb_sharp_exponent(fmpq_t exponent, const sb_sharp_law *law, const sb_exact *norm) {
    if (!norm->infinite && fmpq_cmp_ui(norm->value, 2) < 0)
        fmpq_set_si(exponent, law->twice_constant + law->slope, 2);
    else
        sb_norm_exponent(exponent, norm, law->twice_constant, law->slope);
    fmpq_canonicalise(exponent);
}

static void evaluate(arb_t value, const sb_sharp_law *law, const sb_parameters *parameters, uint64_t base,
                     slong precision) {
    fmpq_t coefficient, exponent;
    fmpq_init(coefficient);
    fmpq_init(exponent);
    law->coefficient(coefficient, parameters->radius, parameters->delta);
    sb_sharp_exponent(exponent, law, &parameters->norm);
    sb_scaled_power(value, coefficient, base, exponent, precision + 5);
    if (law->root) arb_sqrt(value, value, precision);
    fmpq_clear(coefficient);
    fmpq_clear(exponent);
}

static void of_dimension(arb_t value, const sb_sharp_law *law, const sb_parameters *parameters,
                         slong precision) {
    evaluate(value, law, parameters, parameters->dimension, precision);
}

void sb_sharp_ranked(arb_t value, const void *ranked_coordinate, slong precision) {
    const sb_ranked_coordinate *coordinate = ranked_coordinate;
    evaluate(value, &coordinate_law, coordinate->parameters,
             coordinate->parameters->dimension - coordinate->rank + 1, precision);
}

static void sharp_square(arb_t value, const void *parameters, slong precision) {
    of_dimension(value, &square_law, parameters, precision);
}

static void sharp_rms(arb_t value, const void *parameters, slong precision) {
    of_dimension(value, &square_rms_law, parameters, precision);
}

static void sharp_length(arb_t value, const void *parameters, slong precision) {
    of_dimension(value, &length_law, parameters, precision);
}

static void sharp_coordinate_length(arb_t value, const void *parameters, slong precision) {
    of_dimension(value, &coordinate_length_law, parameters, precision);
}

static void largest_coordinate(arb_t value, const void *parameters, slong precision) {
    of_dimension(value, &coordinate_law, parameters, precision);
}

/* The ranks up to ceil(99 d/100) have d-rank+1 > d/100. */
static void most_coordinates(arb_t value, const void *parameters, slong precision) {
    arb_t power;
    fmpq_t exponent;
    arb_init(power);
    fmpq_init(exponent);
    sb_sharp_exponent(exponent, &coordinate_law, &((const sb_parameters *)parameters)->norm);
    sb_dimension_power(power, 100, exponent, precision + 5);
    of_dimension(value, &coordinate_law, parameters, precision + 5);
    arb_div(value, value, power, precision);
    arb_clear(power);
    fmpq_clear(exponent);
}

static void sharp_symmetric(arb_t value, const void *parameters, slong precision) {
    of_dimension(value, &symmetric_law, parameters, precision);
}

static void sharp_symmetric_rms(arb_t value, const void *parameters, slong precision) {
    of_dimension(value, &symmetric_rms_law, parameters, precision);
}

static void sharp_robust(arb_t value, const void *parameters, slong precision) {
    of_dimension(value, &robust_law, parameters, precision);
}

static void sharp_robust_rms(arb_t value, const void *parameters, slong precision) {
    of_dimension(value, &robust_rms_law, parameters, precision);
}

#define ANY "any noise"
#define SYMMETRIC "any noise symmetric about a point"

const sb_bound sb_sharp_bound[] = {
    {"sharp-1.2", "sharp Theorem 1.2", "E||eta||_2^2", SB_NECESSARY, "eps^2 d^max(2-2/p, 1) m(delta)", ANY,
     sharp_square, NULL, SB_PROMISE_TV},
    {"sharp-1.2", "sharp Theorem 1.2", "rms", SB_NECESSARY, "eps d^max(1/2-1/p, 0) sqrt(m(delta))", ANY,
     sharp_rms, NULL, SB_PROMISE_TV},
    {"sharp-C.1", "sharp Lemma C.1", "E||eta||_2", SB_NECESSARY, "eps d^max(1-1/p, 1/2) a(delta)", ANY,
     sharp_length, NULL, SB_PROMISE_TV},
    {"sharp-C.1", "sharp Lemma C.1", "rms", SB_NECESSARY, "eps d^max(1/2-1/p, 0) a(delta)", ANY,
     sharp_coordinate_length, NULL, SB_PROMISE_TV},
    {"sharp-C.1", "sharp Lemma C.1", "E max|eta_i|", SB_NECESSARY, "eps d^max(1/2-1/p, 0) a(delta)", ANY,
     sharp_coordinate_length, NULL, SB_PROMISE_TV},
    {"sharp-3.7", "sharp Lemma 3.7", "E[eta_i^2]", SB_NECESSARY, "eps^2 (d-rank+1)^max(1-2/p, 0) m(delta)",
     "the largest coordinate of any noise", largest_coordinate, NULL, SB_PROMISE_TV},
    {"sharp-3.7", "sharp Theorem 1.3", "E[eta_i^2]", SB_NECESSARY, "eps^2 (d/100)^max(1-2/p, 0) m(delta)",
     "99% of the coordinates of any noise", most_coordinates, NULL, SB_PROMISE_TV},
    {"sharp-robust", "sharp robustness bound", "E||eta||_2^2", SB_NECESSARY, "eps^2 d^max(2-2/p, 1) R(delta)",
     ANY, sharp_robust, NULL, SB_PROMISE_ROBUST},
    {"sharp-robust", "sharp robustness bound", "rms", SB_NECESSARY, "eps d^max(1/2-1/p, 0) sqrt(R(delta))",
     ANY, sharp_robust_rms, NULL, SB_PROMISE_ROBUST},
    {"sharp-robust", "sharp robustness bound", "E||eta||_2^2", SB_NECESSARY, "eps^2 d^max(2-2/p, 1) M(delta)",
     SYMMETRIC, sharp_symmetric, NULL, SB_PROMISE_ROBUST},
    {"sharp-robust", "sharp robustness bound", "rms", SB_NECESSARY, "eps d^max(1/2-1/p, 0) sqrt(M(delta))",
     SYMMETRIC, sharp_symmetric_rms, NULL, SB_PROMISE_ROBUST},
};
const size_t sb_sharp_bound_count = sizeof sb_sharp_bound / sizeof sb_sharp_bound[0];

const sb_sharp_law *sb_sharp_law_of(const sb_bound *bound) {
    static const struct {
        sb_ball_function *value;
        const sb_sharp_law *law;
    } of[] = {{sharp_square, &square_law},
              {sharp_rms, &square_rms_law},
              {sharp_length, &length_law},
              {sharp_coordinate_length, &coordinate_length_law},
              {largest_coordinate, &coordinate_law},
              {sharp_robust, &robust_law},
              {sharp_robust_rms, &robust_rms_law},
              {sharp_symmetric, &symmetric_law},
              {sharp_symmetric_rms, &symmetric_rms_law}};
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++)
        if (bound->value == of[i].value) return of[i].law;
    return NULL;
}

const sb_bound *sb_sharp_ranked_bound(void) {
    size_t i = 0;
    while (sb_sharp_bound[i].value != largest_coordinate) i++;
    return &sb_sharp_bound[i];
}
