/* With G = log p on x > 0 and the points at distance u from the nearer centre,
     H(t) = 2 (I + J),   I = integral over 0 < u < a of e^((G(u) + G(2a-u))/2) cos(t (G(u) - G(2a-u))) du,
   J the same over u > 0 with 2a + u for 2a - u; cosh(y .) for H(iy). A law that is analytic on the line needs
   no split at its centres: there w = sinh s, u = w - a. Otherwise u = e^s in J and u = a e^-s in I, which
   takes a branch point of G at 0, or a power of the tail, to an exponential decay in s. A law with a hole has
   u > 1.

   What is left out: 2 sqrt(pq) |cos| <= p + q over a set costs at most its mass under p plus that under q;
   beyond u = U that is at most Pr(|X| > U) for both halves, and u < e around the centres costs 4e p(0). For
   H(iy), y > 1/2, p^(1/2-y) q^(1/2+y) <= q e^((y-1/2)M) with |l| <= M. */
#include "distributions/law_numerics.h"

#include <math.h>

/* ------------------------------------------------------------------ integrals */
void sb_integrate(arb_t value, sb_integrand *f, void *context, const arf_t low, const arf_t high, slong goal,
                  const arb_t scale, slong precision) {
    acb_t integral, a, b;
    mag_t tolerance;
    acb_init(integral);
    acb_init(a);
    acb_init(b);
    mag_init(tolerance);
    arf_set(arb_midref(acb_realref(a)), low);
    arf_set(arb_midref(acb_realref(b)), high);
    arb_get_mag(tolerance, scale);
    mag_mul_2exp_si(tolerance, tolerance, -goal);
    acb_calc_integrate(integral, f, context, a, b, goal, tolerance, NULL, precision);
    arb_swap(value, acb_realref(integral));
    acb_clear(integral);
    acb_clear(a);
    acb_clear(b);
    mag_clear(tolerance);
}

/* ------------------------------------------------------------------ affinity */
typedef enum {
    LINE,  /* w = sinh s */
    OUTER, /* u = e^s, far = 2a + u */
    INNER, /* u = a e^-s, far = 2a - u */
    HOLED  /* u = 1 + (a - 1) s, far = 2a - u */
} substitution;

typedef struct {
    const sb_log_density *law;
    const sb_noise_spec *spec;
    arb_srcptr shift, t;
    arb_t half, constant; /* a; log p = log_density + constant */
    int imaginary;
    substitution map;
} loss_integral;

/* near, far, and du/ds */
static void substitute(acb_t near, acb_t far, acb_t derivative, const acb_t s, const loss_integral *c,
                       slong precision) {
    switch (c->map) {
    case LINE:
        acb_sinh_cosh(near, derivative, s, precision);
        acb_add_arb(far, near, c->half, precision);
        acb_sub_arb(near, near, c->half, precision);
        return;
    case OUTER:
        acb_exp(near, s, precision);
        acb_set(derivative, near);
        acb_add_arb(far, near, c->shift, precision);
        return;
    case INNER:
        acb_neg(near, s);
        acb_exp(near, near, precision);
        acb_mul_arb(near, near, c->half, precision);
        acb_set(derivative, near);
        break;
    case HOLED:
        acb_zero(derivative);
        arb_sub_ui(acb_realref(derivative), c->half, 1, precision);
        acb_mul(near, derivative, s, precision);
        acb_add_ui(near, near, 1, precision);
        break;
    }
    acb_sub_arb(far, near, c->shift, precision);
    acb_neg(far, far);
}

/* loss := G(near) - G(far) for wide balls, where the two values say little about their difference: (near -
   far) G' with G' over a box that contains both. */
static void loss_of_wide(acb_t loss, const loss_integral *c, const acb_t near, const acb_t far,
                         slong precision) {
    acb_ptr jet = _acb_vec_init(4);
    acb_t hull;
    acb_init(hull);
    acb_union(hull, near, far, precision);
    c->law->log_density(jet, c->spec, hull, 4, precision);
    if (c->map == LINE || c->map == OUTER) {
        acb_set_arb(hull, c->shift);
    } else { /* 2a - 2u */
        acb_mul_2exp_si(hull, near, 1);
        acb_sub_arb(hull, hull, c->shift, precision);
        acb_neg(hull, hull);
    }
    acb_mul(hull, hull, jet + 1, precision);
    acb_neg(hull, hull);
    if (acb_is_finite(hull) && acb_rel_error_bits(hull) < acb_rel_error_bits(loss)) acb_set(loss, hull);
    acb_clear(hull);
    _acb_vec_clear(jet, 4);
}

/* sqrt(pq) cos(t l) du/ds, or cosh. log_density is not finite where it is not holomorphic, whatever `order`
 * asks. */
static int integrand(acb_ptr value, const acb_t s, void *context, slong order, slong precision) {
    const loss_integral *c = context;
    acb_t near, far, derivative, sum, loss;
    acb_init(near);
    acb_init(far);
    acb_init(derivative);
    acb_init(sum);
    acb_init(loss);
    substitute(near, far, derivative, s, c, precision);
    c->law->log_density(loss, c->spec, near, 1, precision);
    c->law->log_density(value, c->spec, far, 1, precision);
    acb_add(sum, loss, value, precision);
    acb_mul_2exp_si(sum, sum, -1);
    acb_add_arb(sum, sum, c->constant, precision);
    acb_sub(loss, loss, value, precision);
    if (order || acb_rel_accuracy_bits(s) < 20) loss_of_wide(loss, c, near, far, precision);
    acb_mul_arb(loss, loss, c->t, precision);
    if (c->imaginary)
        acb_cosh(loss, loss, precision);
    else
        acb_cos(loss, loss, precision);
    acb_exp(value, sum, precision);
    acb_mul(value, value, loss, precision);
    acb_mul(value, value, derivative, precision);
    acb_clear(near);
    acb_clear(far);
    acb_clear(derivative);
    acb_clear(sum);
    acb_clear(loss);
    return 0;
}

/* value := e^(G(x)/2) for a point x > 0 of the support */
static void root_density(arb_t value, const loss_integral *c, const arb_t x, slong precision) {
    acb_t z, log;
    acb_init(z);
    acb_init(log);
    acb_set_arb(z, x);
    c->law->log_density(log, c->spec, z, 1, precision);
    arb_add(value, acb_realref(log), c->constant, precision);
    arb_mul_2exp_si(value, value, -1);
    arb_exp(value, value, precision);
    acb_clear(z);
    acb_clear(log);
}

/* scale := about the largest sqrt(pq): at the middle, or at a centre (a rim of its hole). top := p there. */
static void largest_value(arb_t scale, arb_t top, const loss_integral *c, slong precision) {
    arb_t x;
    arb_init(x);
    arb_set_si(x, c->law->hole);
    c->spec->family->product->density(top, c->spec, x, precision);
    if (c->law->hole) { /* at the rim itself the ball is wide */
        root_density(top, c, x, precision);
        arb_sqr(top, top, precision);
    }
    arb_add(x, x, c->shift, precision);
    root_density(scale, c, x, precision);
    arb_sqrt(x, top, precision);
    arb_mul(scale, scale, x, precision);
    arb_sub_si(x, c->half, c->law->hole, precision);
    if (arb_is_positive(x)) {
        root_density(x, c, c->half, precision);
        arb_sqr(x, x, precision);
        arb_max(scale, scale, x, precision);
    }
    arb_clear(x);
}

/* error := a bound on what is left out beyond s = `end`, times `factor` */
static void tail_error(mag_t error, const loss_integral *c, slong end, const arb_t factor, slong precision) {
    arb_t u, mass;
    arb_init(u);
    arb_init(mass);
    arb_set_si(u, end);
    if (c->map == LINE) {
        arb_sinh(u, u, precision);
        arb_sub(u, u, c->half, precision);
    } else {
        arb_exp(u, u, precision);
    }
    arb_sub_ui(u, u, 1, precision);
    int far_enough = arb_is_nonnegative(u);
    arb_add_ui(u, u, 1, precision);
    mag_inf(error);
    if (far_enough) {
        c->law->tail(mass, c->spec, u, precision);
        arb_mul(mass, mass, factor, precision);
        if (arb_is_finite(mass)) arb_get_mag(error, mass);
    }
    arb_clear(u);
    arb_clear(mass);
}

/* value += the integral in s from `low` to `high` */
static void add_piece(arb_t value, loss_integral *c, substitution map, slong low, slong high, slong goal,
                      const arb_t scale, slong precision) {
    arf_t from, to;
    arb_t part;
    arf_init(from);
    arf_init(to);
    arb_init(part);
    c->map = map;
    arf_set_si(from, low);
    arf_set_si(to, high);
    sb_integrate(part, integrand, c, from, to, goal, scale, precision);
    arb_add(value, value, part, precision);
    arf_clear(from);
    arf_clear(to);
    arb_clear(part);
}

/* All pieces. `factor`: e^((y-1/2)M). */
static void integrate_loss(arb_t value, loss_integral *c, const arb_t factor, slong goal, slong precision) {
    const sb_log_density *law = c->law;
    arb_t scale, top, left_out;
    mag_t error, wanted;
    arb_init(scale);
    arb_init(top);
    arb_init(left_out);
    mag_init(error);
    mag_init(wanted);
    largest_value(scale, top, c, precision);
    arb_get_mag_lower(wanted, scale);
    mag_mul_2exp_si(wanted, wanted, -goal);
    c->map = law->analytic_at_zero ? LINE : OUTER;
    slong end = 2;
    for (tail_error(error, c, end, factor, precision); mag_cmp(error, wanted) > 0 && end < (slong)1 << 24;
         tail_error(error, c, end, factor, precision))
        end += (end + 1) / 2;
    arb_zero(value);
    if (law->analytic_at_zero) {
        add_piece(value, c, LINE, 0, end, goal, scale, precision);
    } else if (law->hole) {
        add_piece(value, c, OUTER, 0, end, goal, scale, precision);
        arb_sub_ui(left_out, c->half, 1, precision);
        if (arb_is_positive(left_out)) {
            add_piece(value, c, HOLED, 0, 1, goal, scale, precision);
        } else if (!arb_is_nonpositive(left_out)) { /* a stretch of length a - 1 at most, or none */
            arb_mul(left_out, left_out, top, precision);
            arb_mul(left_out, left_out, factor, precision);
            arb_get_mag(wanted, left_out);
            arb_add_error_mag(value, wanted);
        }
    } else {
        slong rest = goal; /* 2^-rest p(0) is small against the scale */
        arb_div(left_out, top, scale, precision);
        arb_mul(left_out, left_out, factor, precision);
        arb_get_mag(wanted, left_out);
        if (mag_cmp_2exp_si(wanted, 0) > 0) /* at most 2^20: for wide balls it does not matter */
            rest += mag_cmp_2exp_si(wanted, 1 << 20) < 0 ? (slong)mag_get_d_log2_approx(wanted) + 1 : 1 << 20;
        slong start = rest * 7 / 10 + 2; /* log 2 < 7/10 */
        add_piece(value, c, OUTER, -start, end, goal, scale, precision);
        add_piece(value, c, INNER, 0, start, goal, scale, precision);
        arb_set_si(left_out, -start); /* (1 + a) e^-start p(0): half of 2e p(0) */
        arb_exp(left_out, left_out, precision);
        arb_add_ui(scale, c->half, 1, precision);
        arb_mul(left_out, left_out, scale, precision);
        arb_mul(left_out, left_out, top, precision);
        arb_mul(left_out, left_out, factor, precision);
        arb_get_mag(wanted, left_out);
        arb_add_error_mag(value, wanted);
    }
    arb_mul_2exp_si(value, value, 1);
    arb_add_error_mag(value, error);
    arb_clear(scale);
    arb_clear(top);
    arb_clear(left_out);
    mag_clear(error);
    mag_clear(wanted);
}

/* Bits that t l and the pieces lose. */
static slong working_precision(const arb_t t, slong precision) {
    double size = fabs(arf_get_d(arb_midref(t), ARF_RND_NEAR));
    return precision + 20 + (size > 1 && size < 1e9 ? (slong)log2(size) : size > 1 ? 30 : 0);
}

static void integral_init(loss_integral *c, const sb_log_density *law, const sb_noise_spec *spec,
                          const arb_t t, const arb_t shift, int imaginary, slong precision) {
    c->law = law;
    c->spec = spec;
    c->shift = shift;
    c->t = t;
    c->imaginary = imaginary;
    c->map = LINE;
    arb_init(c->half);
    arb_init(c->constant);
    arb_mul_2exp_si(c->half, shift, -1);
    if (law->log_constant) law->log_constant(c->constant, spec, precision);
}

static void integral_clear(loss_integral *c) {
    arb_clear(c->half);
    arb_clear(c->constant);
}

void sb_law_affinity(arb_t value, const sb_log_density *law, const sb_noise_spec *spec, const arb_t t,
                     const arb_t shift, slong precision) {
    slong work = working_precision(t, precision);
    loss_integral c;
    arb_t one, result;
    integral_init(&c, law, spec, t, shift, 0, work);
    arb_init(one);
    arb_init(result);
    arb_one(one);
    integrate_loss(result, &c, one, precision, work);
    arb_swap(value, result);
    integral_clear(&c);
    arb_clear(one);
    arb_clear(result);
}

void sb_law_affinity_imaginary(arb_t value, const sb_log_density *law, const sb_noise_spec *spec,
                               const arb_t y, const arb_t shift, slong precision) {
    slong work = working_precision(y, precision);
    loss_integral c;
    arb_t factor, excess, result;
    integral_init(&c, law, spec, y, shift, 1, work);
    arb_init(factor);
    arb_init(excess);
    arb_init(result);
    arb_set_d(excess, 0.5);
    arb_sub(excess, y, excess, work);
    if (arb_is_nonpositive(excess)) {
        arb_one(factor);
    } else if (law->loss_bound) {
        law->loss_bound(factor, spec, shift, work);
        arb_mul(factor, factor, excess, work);
        arb_exp(factor, factor, work);
    } else {
        arb_indeterminate(factor);
    }
    if (arb_is_finite(factor))
        integrate_loss(result, &c, factor, precision, work);
    else
        arb_indeterminate(result);
    arb_swap(value, result);
    integral_clear(&c);
    arb_clear(factor);
    arb_clear(excess);
    arb_clear(result);
}
