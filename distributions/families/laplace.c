/* Density exp(-|x|)/2 in every coordinate. For the shift v the loss l = log(p/q) is v left of 0, v - 2x in between and -v
   right of v; the measure sqrt(pq) dx has mass e^(-v/2)/2 at each end and e^(-v/2)/4 dl in between:
     H(t) = e^(-v/2) (cos vt + sin(vt)/(2t)).
   |H(t)| <= e^(-v/2) sqrt(1 + 1/(4t^2)), and since |l| <= v, H decreases on [0, pi/v]: H' = -integral of sqrt(pq) l sin(tl). */
#include "distributions/family.h"

#include "distributions/law_numerics.h"
#include "distributions/uniform_loss.h"
#include "support/enclosure.h"

static unsigned traits(const sb_noise_spec *spec) {
    (void)spec;
    return SB_UNIMODAL | SB_LOG_CONCAVE;
}

/* value := exp(-|x|) */
static void decay(arb_t value, const arb_t x, slong precision) {
    arb_abs(value, x);
    arb_neg(value, value);
    arb_exp(value, value, precision);
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    (void)spec;
    decay(value, x, precision);
    arb_mul_2exp_si(value, value, -1);
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    if (arb_is_nonpositive(x)) {
        density(value, spec, x, precision);
    } else if (arb_is_nonnegative(x)) {
        density(value, spec, x, precision);
        arb_sub_ui(value, value, 1, precision);
        arb_neg(value, value);
    } else { /* increasing: from its two ends */
        arb_t low, high;
        arb_init(low);
        arb_init(high);
        arb_get_lbound_arf(arb_midref(low), x, precision);
        arb_get_ubound_arf(arb_midref(high), x, precision);
        cdf(value, spec, low, precision);
        cdf(low, spec, high, precision);
        arb_union(value, value, low, precision);
        arb_clear(low);
        arb_clear(high);
    }
}

static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    (void)spec;
    decay(value, s, precision);
}

/* log 2u left of 1/2, -log 2(1-u) right of it; increasing. */
static void quantile(arb_t value, const sb_noise_spec *spec, const arb_t u, slong precision) {
    arb_t half;
    arb_init(half);
    arb_set_d(half, 0.5);
    if (arb_le(u, half)) {
        arb_mul_2exp_si(value, u, 1);
        arb_log(value, value, precision);
    } else if (arb_ge(u, half)) {
        arb_sub_ui(value, u, 1, precision);
        arb_mul_2exp_si(value, value, 1);
        arb_neg(value, value);
        arb_log(value, value, precision);
        arb_neg(value, value);
    } else {
        arb_get_ubound_arf(arb_midref(half), u, precision);
        quantile(half, spec, half, precision);
        arb_get_lbound_arf(arb_midref(value), u, precision);
        mag_zero(arb_radref(value));
        quantile(value, spec, value, precision);
        arb_union(value, value, half, precision);
    }
    arb_clear(half);
}

/* E|X|^k = Gamma(k + 1) */
static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    (void)spec;
    arb_set_fmpq(value, order, precision);
    arb_add_ui(value, value, 1, precision);
    arb_gamma(value, value, precision);
}

static double draw(const sb_noise_spec *spec, sb_random *random) {
    (void)spec;
    double size = sb_random_exponential(random);
    return sb_random_bits(random) >> 63 ? size : -size;
}

static void log_density_at(double *value, const sb_noise_spec *spec, const double *x, size_t count) {
    (void)spec;
    for (size_t i = 0; i < count; i++) value[i] = x[i] < 0 ? x[i] : -x[i];
}

/* e^(-v/2) */
static void weight(arb_t value, const arb_t shift, slong precision) {
    arb_mul_2exp_si(value, shift, -1);
    arb_neg(value, value);
    arb_exp(value, value, precision);
}

static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift, slong precision) {
    (void)spec;
    arb_t angle, sum;
    arb_init(angle);
    arb_init(sum);
    arb_mul(angle, shift, t, precision);
    arb_sinc(sum, angle, precision);
    arb_mul(sum, sum, shift, precision);
    arb_mul_2exp_si(sum, sum, -1);
    arb_cos(angle, angle, precision);
    arb_add(sum, sum, angle, precision);
    weight(value, shift, precision);
    arb_mul(value, value, sum, precision);
    arb_clear(angle);
    arb_clear(sum);
}

/* e^(-v/2) (cosh vy + sinh(vy)/(2y)) */
static void affinity_imaginary(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision) {
    (void)spec;
    arb_t angle, sine, cosine;
    arb_init(angle);
    arb_init(sine);
    arb_init(cosine);
    arb_mul(angle, shift, y, precision);
    arb_sinh_cosh(sine, cosine, angle, precision);
    if (arb_contains_zero(y)) { /* sinh(vy)/y <= v cosh(vy) */
        arb_zero(sine);
        arb_mul(angle, shift, cosine, precision);
        arb_union(sine, sine, angle, precision);
    } else {
        arb_div(sine, sine, y, precision);
    }
    arb_mul_2exp_si(sine, sine, -1);
    arb_add(cosine, cosine, sine, precision);
    weight(value, shift, precision);
    arb_mul(value, value, cosine, precision);
    arb_clear(angle);
    arb_clear(sine);
    arb_clear(cosine);
}

/* On [from, pi/v] at most max(|H(from)|, |H(pi/v)|) since H decreases there; beyond T at most
   e^(-v/2) sqrt(1 + 1/(4T^2)). */
static void affinity_supremum(arb_t value, const sb_noise_spec *spec, const arb_t from, const arb_t shift,
                              slong precision) {
    arb_t turn, near;
    arb_init(turn);
    arb_init(near);
    arb_const_pi(turn, precision);
    arb_div(turn, turn, shift, precision);
    int before = arb_lt(from, turn);
    arb_mul_2exp_si(value, before ? turn : from, 1);
    arb_inv(value, value, precision);
    arb_sqr(value, value, precision);
    arb_add_ui(value, value, 1, precision);
    arb_sqrt(value, value, precision);
    weight(near, shift, precision);
    arb_mul(value, value, near, precision);
    if (before) {
        affinity(near, spec, from, shift, precision);
        arb_abs(near, near);
        arb_max(value, value, near, precision);
    }
    arb_clear(turn);
    arb_clear(near);
}

/* log of e^(-u/2) (cos ut + sin(ut)/(2t)) in u = shift + x. */
static void log_affinity_series(arb_poly_t series, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                                slong length, slong precision) {
    (void)spec;
    arb_poly_t angle, sine;
    arb_t factor;
    arb_poly_init(angle);
    arb_poly_init(sine);
    arb_init(factor);
    arb_mul(factor, shift, t, precision);
    arb_poly_set_coeff_arb(angle, 0, factor);
    arb_poly_set_coeff_arb(angle, 1, t);
    if (arb_contains_zero(t)) { /* at t = 0: 1 + u/2 */
        arb_poly_zero(series);
        arb_mul_2exp_si(factor, shift, -1);
        arb_add_ui(factor, factor, 1, precision);
        arb_poly_set_coeff_arb(series, 0, factor);
        arb_set_d(factor, 0.5);
        if (!arb_is_zero(t)) arb_indeterminate(factor);
        arb_poly_set_coeff_arb(series, 1, factor);
    } else {
        arb_poly_sin_cos_series(sine, series, angle, length, precision);
        arb_mul_2exp_si(factor, t, 1);
        arb_inv(factor, factor, precision);
        arb_poly_scalar_mul(sine, sine, factor, precision);
        arb_poly_add(series, series, sine, precision);
    }
    arb_poly_log_series(series, series, length, precision);
    arb_poly_zero(angle);
    arb_mul_2exp_si(factor, shift, -1);
    arb_poly_set_coeff_arb(angle, 0, factor);
    arb_set_d(factor, 0.5);
    if (length > 1) arb_poly_set_coeff_arb(angle, 1, factor);
    arb_poly_sub(series, series, angle, precision);
    arb_poly_clear(angle);
    arb_poly_clear(sine);
    arb_clear(factor);
}

static void loss_masses(arb_t ends, arb_t body, const arb_t shift, slong precision) {
    weight(ends, shift, precision);
    arb_mul(body, ends, shift, precision);
    arb_mul_2exp_si(body, body, -1);
}

static void overlap_equal(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t shift,
                          const arb_t log_lambda, slong precision) {
    (void)spec;
    sb_uniform_loss_overlap(value, dimension, loss_masses, shift, log_lambda, precision);
}

/* -z and derivatives */
static void log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length, slong precision) {
    (void)spec;
    (void)precision;
    acb_neg(jet, z);
    if (length > 1) {
        acb_set_si(jet + 1, -1);
        acb_zero(jet + 2);
        acb_zero(jet + 3);
    }
}

/* -log 2 */
static void log_constant(arb_t value, const sb_noise_spec *spec, slong precision) {
    (void)spec;
    arb_const_log2(value, precision);
    arb_neg(value, value);
}

/* v */
static void loss_bound(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    (void)spec;
    arb_set_round(value, shift, precision);
}

static const sb_log_density analytic = {.log_density = log_density,
                                        .log_constant = log_constant,
                                        .tail = tail,
                                        .loss_bound = loss_bound,
                                        .affinity = affinity};

static const sb_log_density *own_log_density(const sb_noise_spec *spec) {
    (void)spec;
    return &analytic;
}

static const sb_product_law product = {
    .traits = traits,
    .density = density,
    .cdf = cdf,
    .tail = tail,
    .quantile = quantile,
    .absolute_moment = absolute_moment,
    .draw = draw,
    .log_density_at = log_density_at,
    .affinity = affinity,
    .affinity_imaginary = affinity_imaginary,
    .affinity_supremum = affinity_supremum,
    .log_affinity_series = log_affinity_series,
    .overlap_equal = overlap_equal,
    .log_density = own_log_density,
};

const sb_noise_family sb_laplace_family = {
    .name = "laplace",
    .description = "Laplace noise in every coordinate",
    .density = "exp(-|x|/b)/(2b)",
    .source = "Dwork, McSherry, Nissim, Smith, \"Calibrating noise to sensitivity in private data analysis\", 2006",
    .tail_class = "exponential",
    .moments = "all",
    .key = {{"b", "scale; a coordinate has standard deviation sqrt(2) b", SB_KEY_POSITIVE}, {0}},
    .scale = 0,
    .product = &product,
};
