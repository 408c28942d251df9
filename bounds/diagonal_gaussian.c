/* N(0, S) and N(v, S) have total variation 2 Phi(t/2) - 1 and min over lambda of ||D - lambda (D + v)||_1 = 2
   Phi(t) - 1 with t^2 = v'S^-1 v. For S = diag(b) the largest t^2 in the l_p ball is eps^2 times the dual
   norm of 1/b, of order p/(p-2), or the largest 1/b_i for p <= 2 (docs/theory/coordinate-moments.md). */
#include "bounds/diagonal_gaussian.h"

/* value := sum over the coordinates of b_i^-q */
static void power_sum(arb_t value, const sb_coordinate_moments *variances, const fmpq_t q, slong precision) {
    arb_t term;
    fmpq_t b, exponent;
    arb_init(term);
    fmpq_init(b);
    fmpq_init(exponent);
    fmpq_neg(exponent, q);
    arb_zero(value);
    for (size_t i = 0; i < variances->count;) {
        const sb_coordinate_moment *item = &variances->item[i];
        uint64_t count = 0;
        for (; i < variances->count && sb_coordinate_moment_equals(item, &variances->item[i]); i++)
            count += variances->item[i].count;
        sb_coordinate_moment_get(b, item);
        arb_set_fmpq(term, b, precision);
        if (fmpq_is_one(q))
            arb_inv(term, term, precision);
        else
            arb_pow_fmpq(term, term, exponent, precision);
        arb_addmul_ui(value, term, count, precision);
    }
    arb_clear(term);
    fmpq_clear(b);
    fmpq_clear(exponent);
}

void sb_diagonal_gaussian_sensitivity(arb_t value, const void *context, slong precision) {
    const sb_diagonal_gaussian *gaussian = context;
    const sb_coordinate_moments *variances = gaussian->variances;
    fmpq_t q, least;
    if (!variances->count) {
        arb_zero(value);
        return;
    }
    fmpq_init(q);
    fmpq_init(least);
    sb_coordinate_moment_get(least, &variances->item[0]);
    if (fmpq_is_zero(least)) {
        arb_pos_inf(value);
    } else if (gaussian->norm->infinite) {
        fmpq_one(q);
        power_sum(value, variances, q, precision);
    } else if (fmpq_cmp_ui(gaussian->norm->value, 2) <= 0) {
        arb_set_fmpq(value, least, precision);
        arb_inv(value, value, precision);
    } else {
        fmpq_set(q, gaussian->norm->value);
        fmpq_sub_si(q, q, 2);
        fmpq_div(q, gaussian->norm->value, q);
        power_sum(value, variances, q, precision);
        fmpq_inv(q, q);
        arb_pow_fmpq(value, value, q, precision);
    }
    fmpq_clear(q);
    fmpq_clear(least);
}

void sb_diagonal_gaussian_radius(arb_t radius, const arb_t sensitivity, sb_sharp_hypothesis hypothesis,
                                 const fmpq_t delta, slong precision) {
    arb_t z;
    arb_init(z);
    sb_normal_two_sided_quantile(z, delta, precision);
    if (hypothesis == SB_SHARP_TV) arb_mul_2exp_si(z, z, 1);
    arb_rsqrt(radius, sensitivity, precision);
    arb_mul(radius, radius, z, precision);
    arb_clear(z);
}
