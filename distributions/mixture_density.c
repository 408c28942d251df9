/* A component is w/a exp(G(|x|/a)) with G its log-density at unit scale, or constant between breakpoints. */
#include "distributions/mixture_density.h"

#include "distributions/noise.h"

#include <stdlib.h>

static void part_init(sb_mixture_part *c, const sb_noise_spec *spec, const fmpq *weight, slong precision) {
    const sb_product_law *law = spec->family->product;
    c->spec = spec;
    c->law = law->log_density ? law->log_density(spec) : NULL;
    arb_init(c->scale);
    arb_init(c->log_factor);
    arb_init(c->level[0]);
    arb_init(c->level[1]);
    sb_noise_scale(c->scale, spec, 1, precision);
    arb_set_fmpq(c->log_factor, weight, precision);
    arb_div(c->log_factor, c->log_factor, c->scale, precision);
    arb_log(c->log_factor, c->log_factor, precision);
    if (c->law && c->law->log_constant) {
        c->law->log_constant(c->level[0], spec, precision);
        arb_add(c->log_factor, c->log_factor, c->level[0], precision);
    }
}

int sb_mixture_init(sb_mixture *m, const sb_noise_spec *spec, slong precision) {
    m->spec = spec;
    m->part = calloc(spec->component_count, sizeof *m->part);
    if (!m->part) return 0;
    for (size_t i = 0; i < spec->component_count; i++)
        part_init(&m->part[i], &spec->component[i], &spec->weight[i], precision);
    return 1;
}

void sb_mixture_clear(sb_mixture *m) {
    for (size_t i = 0; m->part && i < m->spec->component_count; i++) {
        arb_clear(m->part[i].scale);
        arb_clear(m->part[i].log_factor);
        arb_clear(m->part[i].level[0]);
        arb_clear(m->part[i].level[1]);
    }
    free(m->part);
    m->part = NULL;
}

sb_mixture_centre sb_mixture_centre_of(const sb_mixture_part *c, slong precision) {
    if (!c->law || c->law->hole || c->law->analytic_at_zero) return SB_SMOOTH;
    acb_t log, z;
    acb_init(log);
    acb_init(z);
    arb_add_error_2exp_si(acb_realref(z), -10);
    arb_add_error_2exp_si(acb_imagref(z), -10);
    c->law->log_density(log, c->spec, z, 1, precision);
    int finite = acb_is_finite(log);
    acb_clear(log);
    acb_clear(z);
    return finite ? SB_KINK : SB_BRANCH_POINT;
}

static int settle(sb_mixture_part *c, int side, const arb_t place, slong precision) {
    arb_t y, one;
    arb_init(y);
    arb_init(one);
    arb_one(one);
    arb_div(y, place, c->scale, precision);
    arb_zero(c->level[side]);
    c->analytic[side] = 0;
    if (!c->law) {
        c->spec->family->product->density(c->level[side], c->spec, y, precision);
        arb_exp(y, c->log_factor, precision);
        arb_mul(c->level[side], c->level[side], y, precision);
    } else if (arb_overlaps(y, one) && (c->law->hole || c->law->edge)) {
        arb_indeterminate(c->level[side]);
    } else {
        c->analytic[side] = !(c->law->edge && arb_gt(y, one)) && !(c->law->hole && arb_lt(y, one));
    }
    int positive = c->analytic[side] || !arb_is_zero(c->level[side]);
    arb_clear(y);
    arb_clear(one);
    return positive;
}

int sb_mixture_settle(sb_mixture *m, int side, const arb_t place, slong precision) {
    int positive = 0;
    for (size_t i = 0; i < m->spec->component_count; i++)
        positive |= settle(&m->part[i], side, place, precision);
    return positive;
}

void sb_mixture_value(acb_t value, const sb_mixture *m, int side, const acb_t z, slong precision) {
    acb_t y, term, sum;
    acb_init(y);
    acb_init(term);
    acb_init(sum);
    for (size_t i = 0; i < m->spec->component_count; i++) {
        const sb_mixture_part *c = &m->part[i];
        if (c->analytic[side]) {
            acb_div_arb(y, z, c->scale, precision);
            c->law->log_density(term, c->spec, y, 1, precision);
            acb_add_arb(term, term, c->log_factor, precision);
            acb_exp(term, term, precision);
            acb_add(sum, sum, term, precision);
        } else {
            acb_add_arb(sum, sum, c->level[side], precision);
        }
    }
    acb_swap(value, sum);
    acb_clear(y);
    acb_clear(term);
    acb_clear(sum);
}

/* sum += w term, or w/a term */
static void add_weighted(arb_t sum, const sb_mixture *m, size_t i, const arb_t term, int density,
                         slong precision) {
    arb_t weight;
    arb_init(weight);
    arb_set_fmpq(weight, &m->spec->weight[i], precision);
    if (density) arb_div(weight, weight, m->part[i].scale, precision);
    arb_addmul(sum, weight, term, precision);
    arb_clear(weight);
}

/* Densities do not increase in |x| where they are positive: at 0, or at the rim of a hole. */
void sb_mixture_largest(arb_t value, const sb_mixture *m, slong precision) {
    arb_t place, term;
    arb_init(place);
    arb_init(term);
    arb_zero(value);
    for (size_t i = 0; i < m->spec->component_count; i++) {
        const sb_mixture_part *c = &m->part[i];
        arb_set_si(place, c->law && c->law->hole);
        c->spec->family->product->density(term, c->spec, place, precision);
        add_weighted(value, m, i, term, 1, precision);
    }
    arb_clear(place);
    arb_clear(term);
}

void sb_mixture_mass(arb_t value, const sb_mixture *m, const arb_t s, slong precision) {
    arb_t sum, y, term;
    arb_init(sum);
    arb_init(y);
    arb_init(term);
    for (size_t i = 0; i < m->spec->component_count; i++) {
        const sb_product_law *law = m->part[i].spec->family->product;
        if (law->traits(m->part[i].spec) & SB_HAS_ATOMS) continue;
        arb_div(y, s, m->part[i].scale, precision);
        law->tail(term, m->part[i].spec, y, precision);
        add_weighted(sum, m, i, term, 0, precision);
    }
    arb_swap(value, sum);
    arb_clear(sum);
    arb_clear(y);
    arb_clear(term);
}

void sb_mixture_loss_bound(arb_t value, const sb_mixture *m, const arb_t shift, slong precision) {
    arb_t y, bound;
    arb_init(y);
    arb_init(bound);
    arb_zero(value);
    for (size_t i = 0; i < m->spec->component_count; i++) {
        const sb_mixture_part *c = &m->part[i];
        if (!c->law || !c->law->loss_bound || c->law->hole || c->law->edge) {
            arb_indeterminate(value);
            break;
        }
        arb_div(y, shift, c->scale, precision);
        c->law->loss_bound(bound, c->spec, y, precision);
        arb_max(value, value, bound, precision);
    }
    arb_clear(y);
    arb_clear(bound);
}

/* k-th derivative <-> k! times the k-th coefficient */
static void scale_by_factorial(acb_t value, slong k, int inverse, slong precision) {
    fmpz_t factorial;
    fmpz_init(factorial);
    fmpz_fac_ui(factorial, (ulong)k);
    if (inverse)
        acb_div_fmpz(value, value, factorial, precision);
    else
        acb_mul_fmpz(value, value, factorial, precision);
    fmpz_clear(factorial);
}

/* log of the sum of exp(log_factor + G_i(z/a_i)), as power series about z. */
void sb_mixture_log_density(acb_ptr jet, const sb_noise_spec *spec, const acb_t z, slong length,
                            slong precision) {
    acb_poly_t sum, series;
    acb_ptr part = _acb_vec_init(length);
    acb_t y;
    arb_t power;
    sb_mixture m;
    acb_poly_init(sum);
    acb_poly_init(series);
    acb_init(y);
    arb_init(power);
    int fine = sb_mixture_init(&m, spec, precision);
    for (size_t i = 0; fine && i < spec->component_count; i++) {
        const sb_mixture_part *c = &m.part[i];
        acb_div_arb(y, z, c->scale, precision);
        c->law->log_density(part, c->spec, y, length, precision);
        acb_add_arb(part, part, c->log_factor, precision);
        acb_poly_zero(series);
        for (slong k = 0; k < length; k++) {
            arb_pow_ui(power, c->scale, (ulong)k, precision);
            acb_div_arb(part + k, part + k, power, precision);
            scale_by_factorial(part + k, k, 1, precision);
            acb_poly_set_coeff_acb(series, k, part + k);
        }
        acb_poly_exp_series(series, series, length, precision);
        acb_poly_add(sum, sum, series, precision);
    }
    acb_poly_get_coeff_acb(y, sum, 0);
    acb_poly_log_series(sum, sum, length, precision);
    for (slong k = 0; k < length; k++) {
        acb_poly_get_coeff_acb(jet + k, sum, k);
        scale_by_factorial(jet + k, k, 0, precision);
        if (!fine) acb_indeterminate(jet + k);
    }
    if (fine) acb_log_analytic(jet, y, 1, precision);
    sb_mixture_clear(&m);
    acb_poly_clear(sum);
    acb_poly_clear(series);
    _acb_vec_clear(part, length);
    acb_clear(y);
    arb_clear(power);
}
