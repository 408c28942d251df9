/* Product noises with closed forms. Gaussian: TV(N(0, s^2 I), N(v, s^2 I)) = erf(|v|_2/(2 sqrt 2 s)), largest
   over ||v||_p <= eps at |v|_2 = eps d^(1/2-1/p) (p >= 2), E||eta||_2 = s sqrt 2 Gamma((d+1)/2)/Gamma(d/2).
   Uniform on [-r, r]^d: largest over ||v||_inf <= eps is 1-(1-eps/2r)^d, E eta_i^2 = r^2/3, E||eta||_2 >=
   E||eta||_1/sqrt d = sqrt d r/2. */
#include "bounds/gaussian.h"
#include "bounds/ledger_instances.h"
#include "support/enclosure.h"

#include <stdio.h>
#include <stdlib.h>

enum { BITS = 128 };

static const uint64_t dimensions[] = {1, 2, 3, 10, 784, 3072, 150528};
static const slong norms[][2] = {{2, 1}, {5, 2}, {3, 1}, {4, 1}, {8, 1}, {1, 0}}; /* {1, 0}: inf */
static const slong scales[][2] = {{1, 4}, {1, 2},  {1, 1}, {2, 1},
                                  {5, 1}, {20, 1}, {80, 1}}; /* sigma/(eps d^..), r/(eps d) */
static const slong radii[][2] = {{8, 255}, {1, 1}};

typedef struct {
    arb_t radius, square, length, delta;
} balls;

static void set_gaussian(balls *b, uint64_t d, const fmpq_t reciprocal, const slong *scale) {
    fmpq_t exponent;
    arb_t reach, sigma, part;
    fmpq_init(exponent);
    arb_init(reach);
    arb_init(sigma);
    arb_init(part);
    fmpq_set_si(exponent, 1, 2);
    fmpq_sub(exponent, exponent, reciprocal);
    sb_dimension_power(reach, d, exponent, BITS); /* d^(1/2-1/p) */
    arb_mul(reach, reach, b->radius, BITS);
    arb_mul_si(sigma, reach, scale[0], BITS);
    arb_div_si(sigma, sigma, scale[1], BITS);
    arb_mul(b->square, sigma, sigma, BITS);
    arb_div(part, reach, sigma, BITS);
    sb_gaussian_total_variation(b->delta, part, BITS);
    arb_set_ui(part, d); /* Gamma((d+1)/2)/Gamma(d/2) by logarithms: d may be large */
    arb_mul_2exp_si(part, part, -1);
    arb_lgamma(reach, part, BITS);
    arb_set_ui(part, d + 1);
    arb_mul_2exp_si(part, part, -1);
    arb_lgamma(part, part, BITS);
    arb_sub(part, part, reach, BITS);
    arb_exp(part, part, BITS);
    arb_sqrt_ui(reach, 2, BITS);
    arb_mul(part, part, reach, BITS);
    arb_mul(b->length, part, sigma, BITS);
    fmpq_clear(exponent);
    arb_clear(reach);
    arb_clear(sigma);
    arb_clear(part);
}

static void set_uniform(balls *b, uint64_t d, const slong *scale) {
    arb_t r, part;
    arb_init(r);
    arb_init(part);
    arb_mul_si(r, b->radius, scale[0], BITS);
    arb_div_si(r, r, scale[1], BITS);
    arb_mul_ui(r, r, d, BITS);
    arb_div(part, b->radius, r, BITS);
    arb_mul_2exp_si(part, part, -1);
    arb_sub_ui(part, part, 1, BITS);
    arb_neg(part, part);
    if (!arb_is_positive(part)) arb_zero(part); /* eps >= 2r: disjoint boxes */
    arb_pow_ui(part, part, d, BITS);
    arb_sub_ui(part, part, 1, BITS);
    arb_neg(b->delta, part);
    arb_mul(b->square, r, r, BITS);
    arb_div_ui(b->square, b->square, 3, BITS);
    arb_sqrt_ui(part, d, BITS);
    arb_mul(b->length, part, r, BITS);
    arb_mul_2exp_si(b->length, b->length, -1);
    arb_clear(r);
    arb_clear(part);
}

void sb_product_bound(arb_t ball, const sb_product_instance *instance, slong denominator, unsigned power,
                      slong halves, slong multiple, unsigned decay) {
    fmpq_t exponent, part;
    arb_t factor;
    fmpq_init(exponent);
    fmpq_init(part);
    arb_init(factor);
    slong bits = instance->precision;
    if (!instance->norm->infinite) {
        fmpq_inv(part, instance->norm->value);
        fmpq_mul_si(part, part, multiple);
    }
    fmpq_set_si(exponent, halves, 2);
    fmpq_sub(exponent, exponent, part);
    sb_dimension_power(ball, instance->dimension, exponent, bits);
    arb_pow_ui(factor, instance->radius, power, bits);
    arb_mul(ball, ball, factor, bits);
    arb_sub_ui(factor, instance->delta, 1, bits);
    arb_neg(factor, factor);
    arb_mul(ball, ball, factor, bits);
    arb_pow_ui(factor, instance->delta, decay, bits);
    arb_div(ball, ball, factor, bits);
    arb_div_si(ball, ball, denominator, bits);
    fmpq_clear(exponent);
    fmpq_clear(part);
    arb_clear(factor);
}

static sb_status report(sb_finding *finding, sb_error *error, const sb_product_instance *instance) {
    char *p = sb_exact_print(instance->norm), *delta = sb_decimal_nearest(instance->delta, 6);
    sb_status status =
        sb_find(finding, error, SB_REFUTED, "fails for %s, d = %llu, p = %s, delta = %s...", instance->name,
                (unsigned long long)instance->dimension, p ? p : "?", delta ? delta : "?");
    free(p);
    free(delta);
    return status;
}

/* One dimension, norm, radius and scale; count[0] and count[1] grow by the Gaussian and uniform noises tried.
 */
static sb_status try_noises(sb_product_instance *instance, balls *b, const slong *scale, sb_finding *finding,
                            size_t count[2], sb_product_test *test, const void *statement, sb_error *error) {
    fmpq_t reciprocal;
    fmpq_init(reciprocal);
    if (!instance->norm->infinite) fmpq_inv(reciprocal, instance->norm->value);
    for (int uniform = 0; uniform <= (instance->norm->infinite ? 1 : 0) && finding->verdict != SB_REFUTED;
         uniform++) {
        char name[96];
        snprintf(name, sizeof name,
                 uniform ? "uniform noise with r = (%ld/%ld) eps d"
                         : "Gaussian noise with sigma = (%ld/%ld) eps d^(1/2-1/p)",
                 (long)scale[0], (long)scale[1]);
        if (uniform)
            set_uniform(b, instance->dimension, scale);
        else
            set_gaussian(b, instance->dimension, reciprocal, scale);
        instance->name = name;
        int holds = 0;
        test(&holds, instance, statement);
        if (holds >= 0) count[uniform]++;
        sb_status status = holds ? SB_OK : report(finding, error, instance);
        instance->name = NULL;
        if (status) {
            fmpq_clear(reciprocal);
            return status;
        }
    }
    fmpq_clear(reciprocal);
    return SB_OK;
}

/* count: Gaussian and uniform noises that the statement was about. */
static sb_status append(sb_finding *finding, const size_t count[2], sb_error *error) {
    char *before = finding->evidence, uniform[64] = "";
    if (count[1]) snprintf(uniform, sizeof uniform, " and %zu uniform", count[1]);
    finding->evidence = NULL;
    sb_status status = sb_find(finding, error, SB_CONSISTENT,
                               "%s; certified for %zu Gaussian%s noises (d = 1..150528, p = 2..inf)",
                               before ? before : "in general by the paper's argument", count[0], uniform);
    free(before);
    return status;
}

sb_status sb_try_products(sb_finding *finding, sb_error *error, sb_product_test *test,
                          const void *statement) {
    if (finding->evidence && finding->verdict == SB_REFUTED) return SB_OK;
    finding->verdict = SB_CONSISTENT;
    balls b;
    arb_init(b.radius);
    arb_init(b.square);
    arb_init(b.length);
    arb_init(b.delta);
    sb_exact norm;
    sb_exact_init(&norm);
    sb_product_instance instance = {.norm = &norm,
                                    .radius = b.radius,
                                    .square = b.square,
                                    .length = b.length,
                                    .delta = b.delta,
                                    .precision = BITS};
    size_t count[2] = {0, 0}, ds = sizeof dimensions / sizeof dimensions[0],
           ps = sizeof norms / sizeof norms[0];
    size_t ss = sizeof scales / sizeof scales[0], rs = sizeof radii / sizeof radii[0];
    sb_status status = SB_OK;
    for (size_t k = 0; k < ds * ps * ss * rs && !status && finding->verdict != SB_REFUTED; k++) {
        const slong *p = norms[k / (ss * rs) % ps], *radius = radii[k % rs];
        instance.dimension = dimensions[k / (ss * rs * ps)];
        norm.infinite = p[1] == 0;
        fmpq_set_si(norm.value, p[0], p[1] ? (ulong)p[1] : 1);
        arb_set_si(b.radius, radius[0]);
        arb_div_si(b.radius, b.radius, radius[1], BITS);
        status = try_noises(&instance, &b, scales[k / rs % ss], finding, count, test, statement, error);
    }
    if (!status && finding->verdict != SB_REFUTED) status = append(finding, count, error);
    sb_exact_clear(&norm);
    arb_clear(b.radius);
    arb_clear(b.square);
    arb_clear(b.length);
    arb_clear(b.delta);
    return status;
}
