/* In the variable y = T x/(2 pi) the function is e^(-L|y|), L = pi/T, and the type is 2 pi. Vaaler's
   interpolation formula for integrable F of type 2 pi, s = t/T in [-1, 1]:

     hat F(s) = (1 - |s|) sum F(n) e(-ns) + sgn(s)/(2 pi i) sum F'(n) e(-ns),   e(x) = exp(2 pi i x).

   M takes the values and derivatives of e^(-L|y|) at the integers (derivative 0 at y = 0), m at the integers
   plus 1/2. Summing the geometric series, with D = 2(sinh^2(L/2) + sin^2(pi s)):

     hat M = [(1 - |s|) sinh L + (L/2 pi) sin(2 pi |s|)]/D
     hat m = [(1 - |s|) 2 sinh(L/2) cos(pi s) + (L/pi) cosh(L/2) sin(pi |s|)]/D.

   Why they bracket. Summing residues of (pi/sin pi z)^2 e^(-Lz)/(y - z) gives, for y > 0,

     M(y) - e^(-Ly) = (sin(pi y)/pi)^2 integral over u > 0 of e^(-yu) [g(L + u) - g(L - u)] du,
     m(y) - e^(-Ly) = (cos(pi y)/pi)^2 integral over u > 0 of e^(-yu) [k(L + u) - k(L - u)] du,

   g(w) = (w/2) coth(w/2), k(w) = (w/2)/sinh(w/2). Both are even, g increases and k decreases in |w|, and |L +
   u| >= |L - u|: the first is >= 0, the second <= 0. */
#include "distributions/graham_vaaler.h"

void sb_graham_vaaler_init(sb_graham_vaaler *pair, const arb_t end, slong precision) {
    arb_init(pair->ratio);
    arb_init(pair->sinh);
    arb_init(pair->sinh_half);
    arb_init(pair->cosh_half);
    arb_const_pi(pair->ratio, precision);
    arb_div(pair->ratio, pair->ratio, end, precision);
    arb_sinh(pair->sinh, pair->ratio, precision);
    arb_mul_2exp_si(pair->cosh_half, pair->ratio, -1);
    arb_sinh_cosh(pair->sinh_half, pair->cosh_half, pair->cosh_half, precision);
}

void sb_graham_vaaler_clear(sb_graham_vaaler *pair) {
    arb_clear(pair->ratio);
    arb_clear(pair->sinh);
    arb_clear(pair->sinh_half);
    arb_clear(pair->cosh_half);
}

void sb_graham_vaaler_weights(arb_t majorant, arb_t minorant, const sb_graham_vaaler *pair, uint64_t node,
                              uint64_t nodes, slong precision) {
    arb_t rest, sine, cosine, slope, scratch; /* 1 - s, sin(pi s), cos(pi s), L/pi */
    fmpq_t s;
    fmpq_init(s);
    arb_init(rest);
    arb_init(sine);
    arb_init(cosine);
    arb_init(slope);
    arb_init(scratch);
    fmpq_set_ui(s, node, nodes);
    arb_sin_cos_pi_fmpq(sine, cosine, s, precision);
    arb_set_ui(rest, nodes - node);
    arb_div_ui(rest, rest, nodes, precision);
    arb_const_pi(slope, precision);
    arb_div(slope, pair->ratio, slope, precision);

    arb_mul(majorant, rest, pair->sinh, precision); /* (L/2 pi) sin(2 pi s) = (L/pi) sin(pi s) cos(pi s) */
    arb_mul(scratch, slope, sine, precision);
    arb_addmul(majorant, scratch, cosine, precision);

    arb_mul(minorant, rest, pair->sinh_half, precision);
    arb_mul_2exp_si(minorant, minorant, 1);
    arb_mul(minorant, minorant, cosine, precision);
    arb_addmul(minorant, scratch, pair->cosh_half, precision);

    arb_sqr(scratch, pair->sinh_half, precision);
    arb_addmul(scratch, sine, sine, precision);
    arb_mul_2exp_si(scratch, scratch, 1);
    arb_div(majorant, majorant, scratch, precision);
    arb_div(minorant, minorant, scratch, precision);
    fmpq_clear(s);
    arb_clear(rest);
    arb_clear(sine);
    arb_clear(cosine);
    arb_clear(slope);
    arb_clear(scratch);
}
