/* Student's t with nu degrees of freedom in every coordinate: density c (1 + x^2/nu)^(-(nu+1)/2) with
   c = Gamma((nu+1)/2)/(sqrt(nu pi) Gamma(nu/2)).

   Pr(|X| > s) = I_z(nu/2, 1/2), z = nu/(nu + s^2), and since 1 + x^2/nu > x^2/nu it is below 2c nu^((nu-1)/2)
   s^-nu. E|X|^k = nu^(k/2) Gamma((k+1)/2) Gamma((nu-k)/2)/(sqrt(pi) Gamma(nu/2)) for k < nu. The loss of the
   shift v, about the middle of the two centres, has its extrema at w^2 = nu + v^2/4, where it is (nu+1)
   asinh(v/(2 sqrt(nu))). It is bounded and the density is analytic on the line: H by quadrature, finite for
   all imaginary arguments. Draws by the polar method of Bailey, "Polar generation of random variates with the
   t-distribution", 1994. */
#include "distributions/law_numerics.h"

#include <math.h>

static unsigned traits(const sb_noise_spec *spec) {
    (void)spec;
    return SB_UNIMODAL;
}

static void degrees(arb_t nu, const sb_noise_spec *spec, slong precision) {
    arb_set_fmpq(nu, spec->value[0], precision);
}

/* value := log c */
static void log_constant(arb_t value, const sb_noise_spec *spec, slong precision) {
    arb_t half, part;
    arb_init(half);
    arb_init(part);
    slong work = precision + 2 * (slong)fmpz_bits(fmpq_numref(spec->value[0])) + 10;
    degrees(half, spec, work);
    arb_mul_2exp_si(half, half, -1);
    arb_lgamma(part, half, work);
    arb_const_pi(value, work);
    arb_mul(value, value, half, work);
    arb_mul_2exp_si(value, value, 1);
    arb_log(value, value, work);
    arb_mul_2exp_si(value, value, -1);
    arb_add(part, part, value, work);
    arb_set_d(value, 0.5);
    arb_add(half, half, value, work);
    arb_lgamma(value, half, work);
    arb_sub(value, value, part, precision);
    arb_clear(half);
    arb_clear(part);
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    arb_t nu, square;
    arb_init(nu);
    arb_init(square);
    degrees(nu, spec, precision);
    arb_sqr(square, x, precision);
    arb_div(square, square, nu, precision);
    arb_log1p(square, square, precision);
    arb_add_ui(nu, nu, 1, precision);
    arb_mul(square, square, nu, precision);
    arb_mul_2exp_si(square, square, -1);
    log_constant(value, spec, precision);
    arb_sub(value, value, square, precision);
    arb_exp(value, value, precision);
    arb_clear(nu);
    arb_clear(square);
}

/* At an exact s. Left of sqrt(nu) as 1 - I_(1-z)(1/2, nu/2). */
static void tail_at(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    arb_t nu, square, sum, half;
    arb_init(nu);
    arb_init(square);
    arb_init(sum);
    arb_init(half);
    degrees(nu, spec, precision);
    arb_sqr(square, s, precision);
    arb_add(sum, square, nu, precision);
    arb_set_d(half, 0.5);
    int far = arb_gt(square, nu);
    arb_div(value, far ? nu : square, sum, precision);
    arb_mul_2exp_si(nu, nu, -1);
    if (far) {
        arb_hypgeom_beta_lower(value, nu, half, value, 1, precision);
    } else {
        arb_hypgeom_beta_lower(value, half, nu, value, 1, precision);
        arb_sub_ui(value, value, 1, precision);
        arb_neg(value, value);
    }
    arb_clear(nu);
    arb_clear(square);
    arb_clear(sum);
    arb_clear(half);
}

static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    sb_law_from_ends(value, tail_at, spec, s, precision);
}

static void cdf_at(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    int upper = arb_is_positive(x);
    tail_at(value, spec, x, precision);
    arb_mul_2exp_si(value, value, -1);
    if (upper) {
        arb_sub_ui(value, value, 1, precision);
        arb_neg(value, value);
    }
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    sb_law_from_ends(value, cdf_at, spec, x, precision);
}

static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    if (fmpq_cmp(order, spec->value[0]) >= 0) {
        arb_pos_inf(value);
        return;
    }
    fmpq_t rest;
    arb_t nu, k, factor;
    fmpq_init(rest);
    arb_init(nu);
    arb_init(k);
    arb_init(factor);
    slong work = precision + 2 * (slong)fmpz_bits(fmpq_numref(spec->value[0])) + 10;
    degrees(nu, spec, work);
    arb_set_fmpq(k, order, work);
    arb_mul_2exp_si(k, k, -1);
    arb_pow(value, nu, k, work);
    arb_set_d(factor, 0.5);
    arb_add(k, k, factor, work);
    arb_gamma(k, k, work);
    arb_mul(value, value, k, work);
    arb_mul_2exp_si(nu, nu, -1);
    arb_lgamma(factor, nu, work);
    fmpq_sub(rest, spec->value[0], order);
    arb_set_fmpq(k, rest, work);
    arb_mul_2exp_si(k, k, -1);
    arb_lgamma(k, k, work);
    arb_sub(factor, k, factor, work);
    arb_exp(factor, factor, work);
    arb_mul(value, value, factor, work);
    arb_const_sqrt_pi(factor, work);
    arb_div(value, value, factor, precision);
    fmpq_clear(rest);
    arb_clear(nu);
    arb_clear(k);
    arb_clear(factor);
}

/* With W = U^2 + V^2 for a uniform point of the disc, U sqrt(nu (W^(-2/nu) - 1)/W). */
static double draw(const sb_noise_spec *spec, sb_random *random) {
    double nu = fmpq_get_d(spec->value[0]), u, v, square;
    do {
        u = 2 * sb_random_uniform(random) - 1;
        v = 2 * sb_random_uniform(random) - 1;
        square = u * u + v * v;
    } while (square >= 1 || square == 0);
    double half = -log(square) / nu; /* sqrt(e^(2h) - 1) = e^h sqrt(1 - e^(-2h)) */
    return u / sqrt(square) * sqrt(nu) * exp(half) * sqrt(-expm1(-2 * half));
}

static void log_density_at(double *value, const sb_noise_spec *spec, const double *x, size_t count) {
    double nu = fmpq_get_d(spec->value[0]);
    for (size_t i = 0; i < count; i++) {
        double square = x[i] * x[i] / nu,
               log_sum = isfinite(square) ? log1p(square) : 2 * log(fabs(x[i])) - log(nu);
        value[i] = -(nu + 1) / 2 * log_sum;
    }
}

/* ------------------------------------------------------------------ affinity */
/* -n log(1 + z^2/nu), n = (nu+1)/2; derivatives -2n z/(nu + z^2), -2n (nu - z^2)/(nu + z^2)^2 and
   4n z (3 nu - z^2)/(nu + z^2)^3. */
static void log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length,
                        slong precision) {
    arb_t nu, n;
    acb_t square, sum;
    arb_init(nu);
    arb_init(n);
    acb_init(square);
    acb_init(sum);
    degrees(nu, spec, precision);
    arb_add_ui(n, nu, 1, precision);
    arb_neg(n, n);
    acb_sqr(square, z, precision);
    if (length > 1) {
        acb_add_arb(sum, square, nu, precision);
        acb_inv(sum, sum, precision);
        acb_mul_arb(jet + 2, sum, n, precision);
        acb_mul(jet + 1, jet + 2, z, precision);
        acb_mul(jet + 2, jet + 2, sum, precision);
        acb_mul(jet + 3, jet + 2, sum, precision);
        acb_mul(jet + 3, jet + 3, z, precision);
        acb_mul_2exp_si(jet + 3, jet + 3, 1);
        acb_sub_arb(sum, square, nu, precision);
        acb_neg(sum, sum);
        acb_mul(jet + 2, jet + 2, sum, precision);
        acb_add_arb(sum, sum, nu, precision);
        acb_add_arb(sum, sum, nu, precision);
        acb_mul(jet + 3, jet + 3, sum, precision);
        acb_neg(jet + 3, jet + 3);
    }
    acb_div_arb(square, square, nu, precision);
    acb_add_ui(square, square, 1, precision);
    acb_log_analytic(jet, square, 1, precision);
    acb_mul_arb(jet, jet, n, precision);
    acb_mul_2exp_si(jet, jet, -1);
    arb_clear(nu);
    arb_clear(n);
    acb_clear(square);
    acb_clear(sum);
}

static void tail_bound(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    arb_t nu, log;
    arb_init(nu);
    arb_init(log);
    degrees(nu, spec, precision);
    log_constant(value, spec, precision);
    arb_log(log, s, precision);
    arb_mul(log, log, nu, precision);
    arb_sub(value, value, log, precision);
    arb_log(log, nu, precision);
    arb_sub_ui(nu, nu, 1, precision);
    arb_mul(log, log, nu, precision);
    arb_mul_2exp_si(log, log, -1);
    arb_add(value, value, log, precision);
    arb_exp(value, value, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_clear(nu);
    arb_clear(log);
}

static void loss_bound(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    arb_t nu;
    arb_init(nu);
    degrees(nu, spec, precision);
    arb_sqrt(value, nu, precision);
    arb_div(value, shift, value, precision);
    arb_mul_2exp_si(value, value, -1);
    arb_asinh(value, value, precision);
    arb_add_ui(nu, nu, 1, precision);
    arb_mul(value, value, nu, precision);
    arb_clear(nu);
}

static const sb_log_density law;

static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision) {
    sb_law_affinity(value, &law, spec, t, shift, precision);
}

static void affinity_imaginary(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision) {
    sb_law_affinity_imaginary(value, &law, spec, y, shift, precision);
}

static void affinity_supremum(arb_t value, const sb_noise_spec *spec, const arb_t from, const arb_t shift,
                              slong precision) {
    sb_law_affinity_supremum(value, &law, spec, from, shift, precision);
}

static const sb_log_density law = {
    .log_density = log_density,
    .log_constant = log_constant,
    .tail = tail_bound,
    .loss_bound = loss_bound,
    .affinity = affinity,
    .analytic_at_zero = 1,
};

static const sb_log_density *own_log_density(const sb_noise_spec *spec) {
    (void)spec;
    return &law;
}

static const sb_product_law product = {
    .traits = traits,
    .density = density,
    .cdf = cdf,
    .tail = tail,
    .absolute_moment = absolute_moment,
    .draw = draw,
    .log_density_at = log_density_at,
    .affinity = affinity,
    .affinity_imaginary = affinity_imaginary,
    .affinity_supremum = affinity_supremum,
    .affinity_time = 40000, /* for large t */
    .log_density = own_log_density,
};

const sb_noise_family sb_student_t_family = {
    .name = "student-t",
    .description = "Student's t in every coordinate",
    .density = "Gamma((nu+1)/2)/(Gamma(nu/2) scale sqrt(nu pi)) (1 + (x/scale)^2/nu)^(-(nu+1)/2)",
    .source = "\"Student\" (W. S. Gosset), \"The probable error of a mean\", 1908",
    .tail_class = "s^-nu",
    .moments = "below nu",
    .key = {{"nu", "degrees of freedom", SB_KEY_POSITIVE},
            {"scale", "scale; a coordinate has standard deviation scale sqrt(nu/(nu-2)) for nu > 2",
             SB_KEY_POSITIVE},
            {0}},
    .scale = 1,
    .product = &product,
};
