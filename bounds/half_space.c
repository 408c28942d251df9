/* eps enters S as eps^2, so that a slab of twice the width means four times the bound. */
#include "bounds/half_space.h"

void sb_half_space_square(arb_t value, sb_half_space_bound *bound, sb_sharp_hypothesis hypothesis,
                          const sb_parameters *parameters, slong precision) {
    fmpq_t total_variation;
    fmpq_init(total_variation);
    sb_sharp_level(total_variation, hypothesis, parameters->delta);
    bound(value, parameters, total_variation, precision);
    if (hypothesis == SB_SHARP_SYMMETRIC) arb_mul_2exp_si(value, value, 2);
    fmpq_clear(total_variation);
}

void sb_half_space_rms(arb_t value, sb_half_space_bound *bound, sb_sharp_hypothesis hypothesis,
                       const sb_parameters *parameters, slong precision) {
    sb_half_space_square(value, bound, hypothesis, parameters, precision + 10);
    arb_div_ui(value, value, parameters->dimension, precision + 10);
    arb_sqrt(value, value, precision);
}
