/* m is linear between the points (1/n, (n^2-1)/12), so y lies on the n-th line, y = n(n+1)(3 - (2n+1)
   delta)/12, for n = floor(sqrt(12y + 1)). M(delta) = m(delta/2) from 2/3 down, where it is 2/3, and 2(1 -
   delta) above. R is the largest of three decreasing functions, so its inverse is the largest of theirs:
   (1-delta)/(3 delta^2) - 1/12 = y is a quadratic equation for delta, and m(tau(delta)) <= y says that
   tau(delta) >= m^-1(y) (docs/theory/coordinate-moments.md). */
#include "bounds/sharp_inverse.h"

#include "bounds/tv_robustness.h"

void sb_sharp_constant(fmpq_t constant, sb_sharp_hypothesis hypothesis, const fmpq_t delta) {
    switch (hypothesis) {
    case SB_SHARP_TV:
        sb_sharp_m(constant, delta);
        return;
    case SB_SHARP_ROBUST:
        sb_sharp_R(constant, delta);
        return;
    case SB_SHARP_SYMMETRIC:
        sb_sharp_M(constant, delta);
        return;
    }
}

void sb_sharp_m_inverse(fmpq_t delta, const fmpq_t y) {
    fmpq_t slope;
    fmpz_t n, product;
    fmpq_init(slope);
    fmpz_init(n);
    fmpz_init(product);
    fmpq_mul_ui(slope, y, 12);
    fmpz_fdiv_q(n, fmpq_numref(slope), fmpq_denref(slope));
    fmpz_add_ui(n, n, 1);
    fmpz_sqrt(n, n);
    fmpz_add_ui(product, n, 1);
    fmpz_mul(product, product, n);
    fmpq_div_fmpz(slope, slope, product); /* delta := (3 - 12 y/(n(n+1)))/(2n+1) */
    fmpq_neg(slope, slope);
    fmpq_add_si(slope, slope, 3);
    fmpz_mul_2exp(n, n, 1);
    fmpz_add_ui(n, n, 1);
    fmpq_div_fmpz(delta, slope, n);
    fmpq_clear(slope);
    fmpz_clear(n);
    fmpz_clear(product);
}

static void inverse_of_M(fmpq_t delta, const fmpq_t y) {
    fmpq_t corner;
    fmpq_init(corner);
    fmpq_set_si(corner, 2, 3);
    if (fmpq_cmp(y, corner) < 0) {
        fmpq_div_2exp(delta, y, 1);
        sb_rational_complement(delta, delta);
    } else {
        sb_sharp_m_inverse(delta, y);
        fmpq_mul_2exp(delta, delta, 1);
    }
    fmpq_clear(corner);
}

/* the largest of 1 - y, 2/(1 + sqrt(2 + 12 y)) and tau^-1(m^-1(y)) */
static void inverse_of_R(arb_t delta, const fmpq_t y, slong precision) {
    fmpq_t rational;
    arb_t other;
    fmpq_init(rational);
    arb_init(other);
    fmpq_mul_ui(rational, y, 12);
    fmpq_add_si(rational, rational, 2);
    arb_set_fmpq(delta, rational, precision);
    arb_sqrt(delta, delta, precision);
    arb_add_ui(delta, delta, 1, precision);
    arb_ui_div(delta, 2, delta, precision);
    sb_rational_complement(rational, y);
    arb_set_fmpq(other, rational, precision);
    arb_max(delta, delta, other, precision);
    sb_sharp_m_inverse(rational, y);
    sb_symmetric_necessary_gap(rational, rational);
    arb_set_fmpq(other, rational, precision);
    arb_max(delta, delta, other, precision);
    fmpq_clear(rational);
    arb_clear(other);
}

int sb_sharp_inverse_exact(fmpq_t delta, sb_sharp_hypothesis hypothesis, const fmpq_t y) {
    if (hypothesis == SB_SHARP_ROBUST) return 0;
    if (hypothesis == SB_SHARP_TV)
        sb_sharp_m_inverse(delta, y);
    else
        inverse_of_M(delta, y);
    return 1;
}

void sb_sharp_inverse(arb_t delta, sb_sharp_hypothesis hypothesis, const fmpq_t y, slong precision) {
    fmpq_t exact;
    fmpq_init(exact);
    if (sb_sharp_inverse_exact(exact, hypothesis, y))
        arb_set_fmpq(delta, exact, precision);
    else
        inverse_of_R(delta, y, precision);
    fmpq_clear(exact);
}
