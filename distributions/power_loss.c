/* With b = alpha+1 the loss is b s, s the logarithm of the quotient of the two bases. With w = b t:

   - Outside both centres (twice) the bases are x and x + v, x from 1; x/(x+v) = e^-s. An incomplete beta:
       alpha v^-alpha int_0^log(1+v) (2 sinh(s/2))^(alpha-1) cos(ws) ds
         = (1+v)^-alpha Re 2F1(alpha, b/2 - iw; b; v/(1+v)).
   - Between them the bases have the constant sum W (span), and e^|s| goes up to W - 1:
       alpha W^-alpha int_0^log(W-1) (2 cosh(s/2))^(alpha-1) cos(ws) ds. */
#include "distributions/power_loss.h"

#include <math.h>

void sb_power_log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length,
                        slong precision) {
    arb_t exponent;
    acb_t inverse;
    arb_init(exponent);
    acb_init(inverse);
    arb_set_fmpq(exponent, spec->value[0], precision);
    arb_add_ui(exponent, exponent, 1, precision);
    arb_neg(exponent, exponent);
    acb_log_analytic(jet, z, 1, precision);
    acb_mul_arb(jet, jet, exponent, precision);
    if (length > 1) {
        acb_inv(inverse, z, precision);
        acb_mul_arb(jet + 1, inverse, exponent, precision);
    }
    for (slong n = 2; n < length; n++) {
        acb_mul(jet + n, jet + n - 1, inverse, precision);
        acb_mul_si(jet + n, jet + n, 1 - n, precision);
    }
    acb_clear(inverse);
    arb_clear(exponent);
}

void sb_power_log_constant(arb_t value, const sb_noise_spec *spec, slong precision) {
    arb_set_fmpq(value, spec->value[0], precision);
    arb_mul_2exp_si(value, value, -1);
    arb_log(value, value, precision);
}

void sb_power_loss_bound(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    arb_t factor;
    arb_init(factor);
    arb_set_fmpq(factor, spec->value[0], precision);
    arb_add_ui(factor, factor, 1, precision);
    arb_log1p(value, shift, precision);
    arb_mul(value, value, factor, precision);
    arb_clear(factor);
}

/* value := the first part; its series in v/(1+v) has terms of size up to e^(|w| v/(1+v)) */
static void outside(arb_t value, const arb_t alpha, const arb_t frequency, int imaginary, const arb_t shift,
                    slong precision) {
    acb_t a, b, c, z;
    acb_init(a);
    acb_init(b);
    acb_init(c);
    acb_init(z);
    acb_set_arb(a, alpha);
    acb_add_ui(c, a, 1, precision);
    acb_mul_2exp_si(b, c, -1);
    arb_add_ui(acb_realref(z), shift, 1, precision);
    arb_div(acb_realref(z), shift, acb_realref(z), precision);
    if (imaginary) {
        arb_sub(acb_realref(b), acb_realref(b), frequency, precision);
        acb_hypgeom_2f1(z, a, b, c, z, 0, precision);
        arb_set(value, acb_realref(z));
        arb_add_ui(acb_realref(z), shift, 1, precision);
        arb_div(acb_realref(z), shift, acb_realref(z), precision);
        arb_addmul_si(acb_realref(b), frequency, 2, precision);
        acb_hypgeom_2f1(z, a, b, c, z, 0, precision);
        arb_add(value, value, acb_realref(z), precision);
        arb_mul_2exp_si(value, value, -1);
    } else {
        arb_neg(acb_imagref(b), frequency);
        acb_hypgeom_2f1(z, a, b, c, z, 0, precision);
        arb_set(value, acb_realref(z));
    }
    arb_log1p(acb_realref(b), shift, precision);
    arb_mul(acb_realref(b), acb_realref(b), alpha, precision);
    arb_neg(acb_realref(b), acb_realref(b));
    arb_exp(acb_realref(b), acb_realref(b), precision);
    arb_mul(value, value, acb_realref(b), precision);
    acb_clear(a);
    acb_clear(b);
    acb_clear(c);
    acb_clear(z);
}

typedef struct {
    arb_t range, exponent; /* log(W-1), alpha - 1 */
    arb_srcptr frequency;
    int imaginary;
} between_context;

/* (2 cosh(s/2))^(alpha-1) cos(ws), s = range x */
static int integrand(acb_ptr value, const acb_t x, void *context, slong order, slong precision) {
    const between_context *c = context;
    acb_t s, root;
    acb_init(s);
    acb_init(root);
    acb_mul_arb(s, x, c->range, precision);
    acb_mul_2exp_si(root, s, -1);
    acb_cosh(root, root, precision);
    acb_mul_2exp_si(root, root, 1);
    acb_log_analytic(root, root, order != 0, precision);
    acb_mul_arb(root, root, c->exponent, precision);
    acb_exp(root, root, precision);
    acb_mul_arb(s, s, c->frequency, precision);
    if (c->imaginary)
        acb_cosh(s, s, precision);
    else
        acb_cos(s, s, precision);
    acb_mul(value, root, s, precision);
    acb_clear(s);
    acb_clear(root);
    return 0;
}

/* value := the second part */
static void between(arb_t value, const arb_t alpha, const arb_t frequency, int imaginary, const arb_t span,
                    slong goal, slong precision) {
    between_context c = {.frequency = frequency, .imaginary = imaginary};
    arb_t factor;
    arf_t low, high;
    arb_init(c.range);
    arb_init(c.exponent);
    arb_init(factor);
    arf_init(low);
    arf_init(high);
    arb_sub_ui(c.range, span, 1, precision);
    arb_log(c.range, c.range, precision);
    arb_sub_ui(c.exponent, alpha, 1, precision);
    arb_log(factor, span, precision);
    arb_mul(factor, factor, alpha, precision);
    arb_neg(factor, factor);
    arb_exp(factor, factor, precision);
    arb_mul(factor, factor, alpha, precision);
    arb_mul(factor, factor, c.range, precision);
    arf_one(high);
    if (arb_is_zero(c.range)) {
        arb_zero(value);
    } else {
        arb_t scale; /* of what `factor` is multiplied with, so that the product has an error of 2^-goal */
        arb_init(scale);
        arb_abs(scale, factor);
        arb_get_mid_arb(scale, scale);
        if (arb_is_zero(scale)) arb_one(scale);
        arb_inv(scale, scale, 30);
        sb_integrate(value, integrand, &c, low, high, goal, scale, precision);
        arb_mul(value, value, factor, precision);
        arb_clear(scale);
    }
    arb_clear(c.range);
    arb_clear(c.exponent);
    arb_clear(factor);
    arf_clear(low);
    arf_clear(high);
}

/* The formula; NaN where it cannot be evaluated. */
static void evaluate(arb_t value, const sb_noise_spec *spec, const arb_t t, int imaginary, const arb_t shift,
                     int hole, slong precision) {
    const fmpq *alpha = spec->value[0];
    arb_t exponent, frequency, part, span;
    arb_init(span);
    arb_init(exponent);
    arb_init(frequency);
    arb_init(part);
    double v = arf_get_d(arb_midref(shift), ARF_RND_NEAR), w = fabs(arf_get_d(arb_midref(t), ARF_RND_NEAR));
    double lost = imaginary ? 0 : 1.5 * w * (fmpq_get_d(alpha) + 1) * (v / (1 + v));
    slong work = precision + 20 + (lost < 20000 ? (slong)lost : 20000);
    arb_set_ui(span, 2);
    if (hole)
        arb_max(span, span, shift, precision + 10);
    else
        arb_add(span, span, shift, precision + 10);
    arb_set_fmpq(exponent, alpha, work);
    arb_add_ui(frequency, exponent, 1, work);
    arb_mul(frequency, frequency, t, work);
    outside(part, exponent, frequency, imaginary, shift, work);
    between(value, exponent, frequency, imaginary, span, precision, precision + 20);
    arb_add(value, value, part, precision);
    arb_clear(exponent);
    arb_clear(frequency);
    arb_clear(part);
    arb_clear(span);
}

/* value := a bound on |H(t; v) - H(t; v')| / |v - v'| for |v - v'| <= 1/2. The translates of q^(1/2-it) move in L_2 at most
   with the speed |1/2 - it| sqrt(I), I = (alpha+1)^2 alpha/(alpha+2) the Fisher information for location, and sqrt(p) has norm
   1; near the two edges of a hole, over a length |v - v'| each, there is besides at most sqrt(pq) <= alpha/2. */
static void speed(arb_t value, const sb_noise_spec *spec, const arb_t t, int hole) {
    const fmpq *alpha = spec->value[0];
    fmpq_t fisher, part;
    arb_t size;
    fmpq_init(fisher);
    fmpq_init(part);
    arb_init(size);
    fmpq_add_si(fisher, alpha, 1);
    fmpq_mul(fisher, fisher, fisher);
    fmpq_mul(fisher, fisher, alpha);
    fmpq_add_si(part, alpha, 2);
    fmpq_div(fisher, fisher, part);
    fmpq_set_si(part, 1, 4);
    arb_set_fmpq(size, part, 64);
    arb_sqr(value, t, 64);
    arb_add(value, value, size, 64);
    arb_set_fmpq(size, fisher, 64);
    arb_mul(value, value, size, 64);
    arb_sqrt(value, value, 64);
    arb_set_fmpq(size, alpha, 64);
    if (hole) arb_add(value, value, size, 64);
    fmpq_clear(fisher);
    fmpq_clear(part);
    arb_clear(size);
}

void sb_power_loss_affinity(arb_t value, const sb_log_density *law, const sb_noise_spec *spec, const arb_t t,
                            int imaginary, const arb_t shift, int hole, slong precision) {
    arb_t middle, result, radius;
    arb_init(middle);
    arb_init(result);
    arb_init(radius);
    arb_get_rad_arb(radius, shift);
    int apart = !imaginary && arf_cmp_d(arb_midref(radius), 0.5) <= 0; /* else the series would blow the ball up */
    if (apart)
        arb_get_mid_arb(middle, shift);
    else
        arb_set(middle, shift);
    evaluate(result, spec, t, imaginary, middle, hole, precision);
    if (apart) {
        speed(middle, spec, t, hole);
        arb_mul(middle, middle, radius, 64);
        arb_add_error(result, middle);
    }
    if (arb_is_finite(result))
        arb_swap(value, result);
    else if (imaginary)
        sb_law_affinity_imaginary(value, law, spec, t, shift, precision);
    else
        sb_law_affinity(value, law, spec, t, shift, precision);
    arb_clear(middle);
    arb_clear(result);
    arb_clear(radius);
}
