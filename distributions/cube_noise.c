/* exp-linf: R has density ~ r^(d+k-1) exp(-r^k), so R^k ~ Gamma(d/k + 1); ||X|| has ~ r^(d-1) exp(-r^k).
   pow-linf: R has density ~ r^d (1+r)^-(a+1), so R/(1+R) ~ Beta(d+1, a-d); ||X|| has ~ r^(d-1) (1+r)^-a. */
#include "distributions/cube_noise.h"

#include <math.h>

static void norm_law(sb_radius_law *radius, const sb_noise_spec *spec, uint64_t dimension) {
    fmpq_t zero;
    fmpq_init(zero);
    sb_radius_law_init(radius, spec->family == &sb_pow_linf_family, dimension, zero, spec->value[0]);
    fmpq_clear(zero);
}

void sb_cube_layer(sb_radius_law *layer, const sb_noise_spec *spec, uint64_t dimension) {
    norm_law(layer, spec, dimension);
    if (layer->power) { /* -f'(r) ~ (1+r)^-(a+1) */
        fmpq_add_si(layer->order, layer->order, 1);
        fmpq_add_si(layer->shape, layer->shape, 1);
    } else { /* ~ r^(k-1) exp(-r^k) */
        fmpq_add(layer->order, layer->order, layer->shape);
    }
}

void sb_cube_norm_moment(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                         slong precision) {
    sb_radius_law norm;
    norm_law(&norm, spec, dimension);
    sb_radius_moment(value, &norm, order, precision);
    sb_radius_law_clear(&norm);
}

void sb_cube_norm_tail(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                       slong precision) {
    sb_radius_law norm;
    norm_law(&norm, spec, dimension);
    sb_radius_tail(value, &norm, s, precision);
    sb_radius_law_clear(&norm);
}

/* E|X_1|^order = E R^order/(order + 1) */
void sb_cube_coordinate_moment(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                               slong precision) {
    sb_radius_law layer;
    fmpq_t count;
    arb_t divisor;
    fmpq_init(count);
    arb_init(divisor);
    sb_cube_layer(&layer, spec, dimension);
    sb_radius_moment(value, &layer, order, precision + 10);
    fmpq_add_si(count, order, 1);
    arb_set_fmpq(divisor, count, precision + 10);
    arb_div(value, value, divisor, precision);
    sb_radius_law_clear(&layer);
    fmpq_clear(count);
    arb_clear(divisor);
}

void sb_cube_coordinate_tail(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                             slong precision) {
    sb_radius_law layer;
    sb_cube_layer(&layer, spec, dimension);
    sb_radius_coordinate_tail(value, &layer, s, precision);
    sb_radius_law_clear(&layer);
}

void sb_cube_overlap(arb_t value, const sb_noise_spec *spec, const sb_shift *shift, const arb_t factor,
                     slong precision) {
    sb_radius_law layer;
    sb_cube_layer(&layer, spec, shift->dimension);
    sb_radius_overlap(value, &layer, shift, factor, precision);
    sb_radius_law_clear(&layer);
}

/* R^k is a gamma variate, or R a ratio of two. */
void sb_cube_draw(const sb_noise_spec *spec, uint64_t dimension, uint64_t seed, uint64_t stream, double *x) {
    sb_random random = sb_random_radius(seed, stream);
    double shape = fmpq_get_d(spec->value[0]), d = (double)dimension, log_radius;
    if (spec->family == &sb_pow_linf_family) {
        fmpq_t excess;
        fmpq_init(excess);
        fmpz_set_ui(fmpq_numref(excess), dimension);
        fmpq_sub(excess, spec->value[0], excess);
        log_radius = sb_random_log_gamma(&random, d + 1) - sb_random_log_gamma(&random, fmpq_get_d(excess));
        fmpq_clear(excess);
    } else {
        log_radius = sb_random_log_gamma(&random, d / shape + 1) / shape;
    }
    sb_draw_in_cube(x, dimension, exp(log_radius), seed, stream);
}
