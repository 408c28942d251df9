/* Triangular noise: density 1 - |x| on [-1, 1], Pr(|X| > s) = (1 - s)^2, E|X|^k = 2/((k+1)(k+2)).
   With x the distance of a point from the nearer edge of the overlap and l = log(q/p) there,
     0 < x < 1 - v:  p = x, q = x + v,          l = log(1 + v/x)        (left of both centres; v < 1)
     max(0, 1-v) < x < 1 - v/2:  p = x, q = 2 - v - x,   l = log((2-v)/x - 1)   (between the centres)
   and H(t) is 2 times the integral of x e^(l/2) cos(t l) over both. In s = log x the integrand is x^2 e^(l/2)
   cos(t l); at x = 0 it decays like x^(3/2), and like x^(3/2-y) for H(iy), which is infinite from y = 3/2 on.
   Left out below X: at most 2 X^(3/2-y)/(3/2-y), because p <= q <= 1 there; the code takes twice that. */
#include "distributions/from_tail.h"
#include "distributions/law_numerics.h"

#include <math.h>

static unsigned traits(const sb_noise_spec *spec) {
    (void)spec;
    return SB_UNIMODAL | SB_LOG_CONCAVE;
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    (void)spec;
    arb_t size;
    arb_init(size);
    arb_abs(size, x);
    arb_sub_ui(value, size, 1, precision);
    arb_neg(value, value);
    arb_nonnegative_part(value, value);
    arb_clear(size);
}

static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    density(value, spec, s, precision);
    arb_sqr(value, value, precision);
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    sb_cdf_from_tail(value, tail, spec, x, precision);
}

/* sqrt(2u) - 1 left of 1/2 */
static void quantile_at(arb_t value, const sb_noise_spec *spec, const arb_t u, slong precision) {
    (void)spec;
    int upper = arf_cmp_d(arb_midref(u), 0.5) > 0;
    arb_set(value, u);
    if (upper) {
        arb_sub_ui(value, value, 1, precision);
        arb_neg(value, value);
    }
    arb_mul_2exp_si(value, value, 1);
    arb_sqrt(value, value, precision);
    arb_sub_ui(value, value, 1, precision);
    if (upper) arb_neg(value, value);
}

static void quantile(arb_t value, const sb_noise_spec *spec, const arb_t u, slong precision) {
    sb_law_from_ends(value, quantile_at, spec, u, precision);
}

static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    (void)spec;
    arb_t k;
    arb_init(k);
    arb_set_fmpq(k, order, precision);
    arb_add_ui(value, k, 1, precision);
    arb_add_ui(k, k, 2, precision);
    arb_mul(value, value, k, precision);
    arb_ui_div(value, 2, value, precision);
    arb_clear(k);
}

/* Pr(|X| > s) = w at s = 1 - sqrt(w) = (1 - w)/(1 + sqrt(w)) */
static double draw(const sb_noise_spec *spec, sb_random *random) {
    (void)spec;
    double w = sb_random_uniform(random), size = (1 - w) / (1 + sqrt(w));
    return sb_random_bits(random) >> 63 ? size : -size;
}

static void log_density_at(double *value, const sb_noise_spec *spec, const double *x, size_t count) {
    (void)spec;
    for (size_t i = 0; i < count; i++) value[i] = fabs(x[i]) < 1 ? log1p(-fabs(x[i])) : -HUGE_VAL;
}

/* ------------------------------------------------------------------ affinity */
typedef struct {
    arb_srcptr t;
    int imaginary;
    arb_t start, rate; /* log x = start + rate s */
    arb_t factor;      /* l = log(factor/x + sign) */
    int sign;
    arb_t decay; /* 3/2 - y */
    arb_t scale; /* the largest sqrt(pq) */
    slong goal;
} edge_integral;

/* x^2 e^(l/2) cos(t l), or cosh; not finite where the logarithm is not holomorphic, whatever `order` asks */
static int integrand(acb_ptr value, const acb_t s, void *context, slong order, slong precision) {
    (void)order;
    const edge_integral *e = context;
    acb_t log, loss;
    acb_init(log);
    acb_init(loss);
    acb_mul_arb(log, s, e->rate, precision);
    acb_add_arb(log, log, e->start, precision);
    acb_neg(loss, log);
    acb_exp(loss, loss, precision);
    acb_mul_arb(loss, loss, e->factor, precision);
    arb_add_si(acb_realref(loss), acb_realref(loss), e->sign, precision);
    acb_log_analytic(loss, loss, 1, precision);
    acb_mul_2exp_si(log, log, 2);
    acb_add(log, log, loss, precision);
    acb_mul_2exp_si(log, log, -1);
    acb_exp(log, log, precision);
    acb_mul_arb(loss, loss, e->t, precision);
    if (e->imaginary)
        acb_cosh(loss, loss, precision);
    else
        acb_cos(loss, loss, precision);
    acb_mul(value, log, loss, precision);
    acb_clear(log);
    acb_clear(loss);
    return 0;
}

/* value += 2 times the integral over 0 < s < end, times |rate| */
static void add_integral(arb_t value, edge_integral *e, slong end, slong precision) {
    arf_t from, to;
    arb_t part, factor;
    arf_init(from);
    arf_init(to);
    arb_init(part);
    arb_init(factor);
    arf_set_si(to, end);
    sb_integrate(part, integrand, e, from, to, e->goal, e->scale, precision);
    arb_abs(factor, e->rate);
    arb_mul(part, part, factor, precision);
    arb_mul_2exp_si(part, part, 1);
    arb_add(value, value, part, precision);
    arf_clear(from);
    arf_clear(to);
    arb_clear(part);
    arb_clear(factor);
}

/* error := 4 x^decay/decay for the upper end of x, which is > 0 */
static void rest_below(mag_t error, const edge_integral *e, const arb_t x, slong precision) {
    arb_t rest;
    arb_init(rest);
    arb_get_ubound_arf(arb_midref(rest), x, precision);
    arb_log(rest, rest, precision);
    arb_mul(rest, rest, e->decay, precision);
    arb_exp(rest, rest, precision);
    arb_div(rest, rest, e->decay, precision);
    arb_mul_2exp_si(rest, rest, 2);
    arb_get_mag(error, rest);
    arb_clear(rest);
}

/* The same from x = first down to 0. */
static void add_to_edge(arb_t value, edge_integral *e, const arb_t first, slong precision) {
    arb_t cut;
    mag_t error;
    arb_init(cut);
    mag_init(error);
    double steps =
        0.7 * (double)(e->goal + 4) / arf_get_d(arb_midref(e->decay), ARF_RND_NEAR); /* log 2 < 0.7 */
    slong end = steps < 100000 ? (slong)steps + 1 : 100000;
    arb_log(e->start, first, precision);
    arb_set_si(e->rate, -1);
    add_integral(value, e, end, precision);
    arb_sub_si(cut, e->start, end, precision);
    arb_exp(cut, cut, precision);
    rest_below(error, e, cut, precision);
    arb_add_error_mag(value, error);
    arb_clear(cut);
    mag_clear(error);
}

/* Both stretches for a shift below 2. A ball of shifts around 1 is taken as 1 <= v: what that confuses lies
   below x = 1 - v, on either stretch, where p and q are at most 1 + (1 - v). */
static void overlap_integral(arb_t value, edge_integral *e, const arb_t shift, const arb_t middle,
                             slong precision) {
    arb_t edge;
    mag_t error;
    arb_init(edge);
    mag_init(error);
    arb_sub_ui(edge, shift, 1, precision); /* 1 - v */
    arb_neg(edge, edge);
    arb_set(e->scale, middle);
    arb_zero(value);
    if (arb_is_positive(edge)) {
        arb_set(e->factor, shift);
        e->sign = 1;
        add_to_edge(value, e, edge, precision);
    }
    arb_mul_2exp_si(e->factor, middle, 1);
    e->sign = -1;
    if (arb_is_positive(edge)) {
        arb_log(e->start, edge, precision);
        arb_div(e->rate, middle, edge, precision);
        arb_log(e->rate, e->rate, precision);
        add_integral(value, e, 1, precision);
    } else {
        add_to_edge(value, e, middle, precision);
    }
    if (arb_contains_positive(edge) && !arb_is_positive(edge)) {
        rest_below(error, e, edge, precision);
        mag_mul_2exp_si(error, error, 1);
        arb_add_error_mag(value, error);
        arb_sub_ui(edge, edge, 1, precision);
        arb_mul_2exp_si(edge, edge, 2);
        arb_add_ui(edge, edge, 2, precision); /* 1 - v < 1/2, else 4 is not enough */
        if (arb_contains_positive(edge)) arb_indeterminate(value);
    }
    arb_clear(edge);
    mag_clear(error);
}

static void transform(arb_t value, const arb_t t, int imaginary, const arb_t shift, slong precision) {
    edge_integral e = {.t = t, .imaginary = imaginary, .goal = precision};
    double size = fabs(arf_get_d(arb_midref(t), ARF_RND_NEAR));
    slong work = precision + 20 + (size > 1 && size < 1e9 ? (slong)log2(size) : 0);
    arb_t middle, result;
    mag_t error;
    arb_init(e.start);
    arb_init(e.rate);
    arb_init(e.factor);
    arb_init(e.decay);
    arb_init(e.scale);
    arb_init(middle);
    arb_init(result);
    mag_init(error);
    arb_set_d(e.decay, 1.5);
    if (imaginary) arb_sub(e.decay, e.decay, t, work);
    arb_mul_2exp_si(middle, shift, -1); /* 1 - v/2 */
    arb_sub_ui(middle, middle, 1, work);
    arb_neg(middle, middle);
    if (arb_is_nonpositive(middle)) {
        arb_zero(result);
    } else if (!arb_is_positive(e.decay)) {
        arb_indeterminate(result);
        if (arb_is_positive(middle) && arb_is_nonpositive(e.decay)) arb_pos_inf(result);
    } else if (arb_is_positive(middle)) {
        overlap_integral(result, &e, shift, middle, work);
    } else { /* all of it lies below x = 1 - v/2 */
        rest_below(error, &e, middle, work);
        arb_add_error_mag(result, error);
    }
    arb_swap(value, result);
    arb_clear(e.start);
    arb_clear(e.rate);
    arb_clear(e.factor);
    arb_clear(e.decay);
    arb_clear(e.scale);
    arb_clear(middle);
    arb_clear(result);
    mag_clear(error);
}

static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision) {
    (void)spec;
    transform(value, t, 0, shift, precision);
}

static void affinity_imaginary(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision) {
    (void)spec;
    transform(value, y, 1, shift, precision);
}

/* log(1 - z) and its derivatives -1/(1-z), -1/(1-z)^2, -2/(1-z)^3 */
static void log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length,
                        slong precision) {
    (void)spec;
    acb_t rest;
    acb_init(rest);
    acb_sub_ui(rest, z, 1, precision);
    acb_neg(rest, rest);
    acb_log_analytic(jet, rest, 1, precision);
    if (length > 1) {
        acb_inv(rest, rest, precision);
        acb_neg(jet + 1, rest);
        acb_mul(jet + 2, jet + 1, rest, precision);
        acb_mul(jet + 3, jet + 2, rest, precision);
        acb_mul_2exp_si(jet + 3, jet + 3, 1);
    }
    acb_clear(rest);
}

static const sb_log_density law = {.log_density = log_density, .affinity = affinity, .edge = 1};

static void affinity_supremum(arb_t value, const sb_noise_spec *spec, const arb_t from, const arb_t shift,
                              slong precision) {
    sb_law_affinity_supremum(value, &law, spec, from, shift, precision);
}

static const sb_log_density *own_log_density(const sb_noise_spec *spec) {
    (void)spec;
    return &law;
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
    .log_density = own_log_density,
};

const sb_noise_family sb_triangular_family = {
    .name = "triangular",
    .description = "triangular noise on [-r, r] in every coordinate",
    .density = "(1 - |x|/r)/r for |x| <= r",
    .source = "",
    .tail_class = "bounded",
    .moments = "all",
    .key = {{"r", "half of the base; a coordinate has standard deviation r/sqrt(6)", SB_KEY_POSITIVE}, {0}},
    .scale = 0,
    .product = &product,
};
