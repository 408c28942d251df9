/* d^(m/n), m and n coprime, is rational if and only if d = t^n for an integer t; it is then t^m. d <= 2^62
 * leaves n <= 62 unless d = 1. */
#include "bounds/exact_value.h"

#include "bounds/dimension_law.h"
#include "bounds/gaussian.h"
#include "bounds/noise_magnitude.h"
#include "bounds/one_dimension.h"
#include "bounds/sharp.h"

#include <string.h>

enum { MOST_BITS = 1 << 14 };

int sb_rational_power(fmpq_t power, uint64_t base, const fmpq_t exponent) {
    if (base == 1 || fmpq_is_zero(exponent)) {
        fmpq_one(power);
        return 1;
    }
    if (fmpz_cmp_si(fmpq_denref(exponent), 63) > 0 || fmpz_cmp_si(fmpq_numref(exponent), MOST_BITS) > 0 ||
        fmpz_cmp_si(fmpq_numref(exponent), -MOST_BITS) < 0)
        return 0;
    slong n = fmpz_get_si(fmpq_denref(exponent)), m = fmpz_get_si(fmpq_numref(exponent));
    fmpz_t t, b;
    fmpz_init(t);
    fmpz_init(b);
    fmpz_set_ui(b, base);
    fmpz_root(t, b, n);
    fmpz_pow_ui(b, t, (ulong)n);
    int rational = fmpz_equal_ui(b, base) && (double)fmpz_bits(t) * (double)(m < 0 ? -m : m) <= MOST_BITS;
    if (rational) {
        fmpq_set_fmpz(power, t);
        fmpq_pow_si(power, power, m);
    }
    fmpz_clear(t);
    fmpz_clear(b);
    return rational;
}

typedef void coefficient_law(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta);

/* coefficient base^exponent, and its square root if `root` */
static int scaled_power(fmpq_t value, coefficient_law *coefficient, const sb_parameters *parameters,
                        uint64_t base, const fmpq_t exponent, int root) {
    fmpq_t power;
    fmpq_init(power);
    int rational = sb_rational_power(power, base, exponent);
    if (rational) {
        coefficient(value, parameters->radius, parameters->delta);
        fmpq_mul(value, value, power);
        if (root) {
            rational = fmpz_is_square(fmpq_numref(value)) && fmpz_is_square(fmpq_denref(value));
            if (rational) {
                fmpz_sqrt(fmpq_numref(value), fmpq_numref(value));
                fmpz_sqrt(fmpq_denref(value), fmpq_denref(value));
            }
        }
    }
    fmpq_clear(power);
    return rational;
}

/* coefficient base^(twice_constant/2 + slope/p), and its square root if `root` */
static int power_law(fmpq_t value, coefficient_law *coefficient, const sb_parameters *parameters,
                     uint64_t base, slong twice_constant, slong slope, int root) {
    fmpq_t exponent;
    fmpq_init(exponent);
    sb_norm_exponent(exponent, &parameters->norm, twice_constant, slope);
    int rational = scaled_power(value, coefficient, parameters, base, exponent, root);
    fmpq_clear(exponent);
    return rational;
}

static int sharp_law(fmpq_t value, const sb_sharp_law *law, const sb_parameters *parameters, uint64_t base) {
    fmpq_t exponent;
    fmpq_init(exponent);
    sb_sharp_exponent(exponent, law, &parameters->norm);
    int rational = scaled_power(value, law->coefficient, parameters, base, exponent, law->root);
    fmpq_clear(exponent);
    return rational;
}

/* ------------------------------------------------------------------ coefficients that have no function of
 * their own */
static void tail_threshold(fmpq_t coefficient, const fmpq_t radius,
                           const fmpq_t delta) { /* (eps/8)(1-delta)/delta */
    sb_lemma_C_1_coefficient(coefficient, radius, delta);
    fmpq_mul_ui(coefficient, coefficient, 3);
}

static void variance_of_corollary_B_3(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta) {
    sb_corollary_B_3_coefficient(coefficient, radius, delta);
    fmpq_mul(coefficient, coefficient, coefficient);
}

static void uniform_r(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta) { /* eps/(2 delta) */
    fmpq_div(coefficient, radius, delta);
    fmpq_div_2exp(coefficient, coefficient, 1);
}

static void uniform_variance(fmpq_t coefficient, const fmpq_t radius, const fmpq_t delta) { /* r^2/3 */
    fmpq_t three;
    fmpq_init(three);
    fmpq_set_si(three, 3, 1);
    uniform_r(coefficient, radius, delta);
    fmpq_mul(coefficient, coefficient, coefficient);
    fmpq_div(coefficient, coefficient, three);
    fmpq_clear(three);
}

static const struct {
    const char *source, *quantity;
    coefficient_law *coefficient;
    slong twice_constant, slope;
    int root;
    int one_coordinate; /* rational only where one coordinate decides: d = 1 or p = 1 */
} law[] = {
    {"thm-1.2", "E||eta||_2^2", sb_theorem_1_2_coefficient, 4, -2, 0, 0},
    {"thm-1.2", "rms", sb_theorem_1_2_coefficient, 2, -2, 1, 0},
    {"lemma-C.1", "E||eta||_2", sb_lemma_C_1_coefficient, 2, -1, 0, 0},
    {"lemma-C.1", "rms", sb_lemma_C_1_coefficient, 1, -1, 0, 0},
    {"lemma-C.1", "E max|eta_i|", sb_lemma_C_1_coefficient, 1, -1, 0, 0},
    {"lemma-3.1", "E[eta_i^2]", sb_lemma_3_1, 0, 0, 0, 0},
    {"lemma-3.1", "rms", sb_lemma_3_1, 0, 0, 1, 0},
    {"lemma-3.2", "E[eta_i^2]", sb_lemma_3_2, 0, 0, 0, 0},
    {"lemma-3.2", "rms", sb_lemma_3_2, 0, 0, 1, 0},
    {"lemma-3.3", "E||eta||_2", sb_lemma_3_3, 0, 0, 0, 0},
    {"lemma-3.3", "E[eta_i^2]", sb_lemma_3_3_square, 0, 0, 0, 0},
    {"lemma-3.3", "rms", sb_lemma_3_3, 0, 0, 0, 0},
    {"thm-1.3-tail", "tail", tail_threshold, 0, 0, 0, 0},
    {"cor-B.3", "sigma", sb_corollary_B_3_coefficient, 1, -1, 0, 0},
    {"cor-B.3", "rms", sb_corollary_B_3_coefficient, 1, -1, 0, 0},
    {"cor-B.3", "E[eta_i^2]", variance_of_corollary_B_3, 2, -2, 0, 0},
    {"cor-B.3", "E||eta||_2", sb_corollary_B_3_coefficient, 2, -1, 0, 0},
    {"uniform-exact", "r", uniform_r, 0, 0, 0, 1},
    {"uniform-exact", "E[eta_i^2]", uniform_variance, 0, 0, 0, 1},
};

/* The 99% statement: Theorem 1.2's coefficient times (d/100)^(1-2/p). */
static int theorem_1_3_exact_value(fmpq_t value, const sb_parameters *parameters) {
    fmpq_t power, exponent;
    fmpq_init(power);
    fmpq_init(exponent);
    sb_norm_exponent(exponent, &parameters->norm, 2, -2);
    int rational = sb_rational_power(power, 100, exponent) &&
                   power_law(value, sb_theorem_1_2_coefficient, parameters, parameters->dimension, 2, -2, 0);
    if (rational) fmpq_div(value, value, power);
    fmpq_clear(power);
    fmpq_clear(exponent);
    return rational;
}

int sb_bound_exact_value(fmpq_t value, const sb_bound *bound, const sb_parameters *parameters) {
    const sb_sharp_law *sharp = sb_sharp_law_of(bound);
    if (sharp) return sharp_law(value, sharp, parameters, parameters->dimension);
    if (bound->promise != SB_PROMISE_TV) return 0;
    if (strcmp(bound->source, "lemma-3.7") == 0 && strcmp(bound->statement, "Lemma 3.7") == 0)
        return sb_lemma_3_7_exact_value(value, parameters, 1);
    if (strcmp(bound->source, "lemma-3.7") == 0) return theorem_1_3_exact_value(value, parameters);
    int one_coordinate =
        parameters->dimension == 1 || (!parameters->norm.infinite && fmpq_is_one(parameters->norm.value));
    for (size_t i = 0; i < sizeof law / sizeof law[0]; i++)
        if (strcmp(bound->source, law[i].source) == 0 && strcmp(bound->quantity, law[i].quantity) == 0)
            return (one_coordinate || !law[i].one_coordinate) &&
                   power_law(value, law[i].coefficient, parameters, parameters->dimension,
                             law[i].twice_constant, law[i].slope, law[i].root);
    return 0;
}

int sb_lemma_3_7_exact_value(fmpq_t value, const sb_parameters *parameters, uint64_t rank) {
    return power_law(value, sb_theorem_1_2_coefficient, parameters, parameters->dimension - rank + 1, 2, -2,
                     0);
}

int sb_sharp_ranked_exact_value(fmpq_t value, const sb_parameters *parameters, uint64_t rank) {
    return sharp_law(value, sb_sharp_law_of(sb_sharp_ranked_bound()), parameters,
                     parameters->dimension - rank + 1);
}
