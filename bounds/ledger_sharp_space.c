/* The ledger's section on bounds that are sharper than the paper's, in every dimension
   (docs/theory/every-dimension.md, rotation.md, dual-norm.md, asymptotic.md, tails.md). Labels are those of
   docs/theory/claims.md. h = eps d^(-1/p) in bounds for the shifts h (+-1, ..., +-1), which have ||v||_p =
   eps; m(delta), a(delta): bounds/sharp.h. */
#include "bounds/ledger_sharp_space.h"

#define FILES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char every_dimension[] = "docs/theory/every-dimension.md";
static const char tails[] = "docs/theory/tails.md";

static const sb_claim sharp_space[] = {
    /* ---------------------------------------- all sign vectors */
    {.id = "sharp-1.2",
     .label = "S3",
     .where = every_dimension,
     .statement = "TV(D,D+v) <= delta for v in eps d^{-1/p} {-1,1}^d gives E||eta||_2^2 >= eps^2 d^{2-2/p} "
                  "m(delta), for every d and 0 < p <= inf",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand = "v.eta has the shift ||v||_2^2 and at most the TV of D and D+v (projection); E(v.eta)^2 >= "
             "||v||_2^4 m(delta) on the line (sharp-m); the mean over all sign vectors",
     .goals = FILES("sharp-space-signs", "sharp-space-exponent"),
     .controls = FILES("sharp-space-signs-control")},
    {.id = "sharp-1.2-instances",
     .label = "S3",
     .where = every_dimension,
     .statement = "The same on finite laws with the mean of the TVs for delta, and on Gaussian and uniform "
                  "noises; the control has (101/100) m",
     .kind = SB_CHECK_EVALUATION,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_space_square,
     .control = sb_check_space_square_control},
    {.id = "sharp-1.2-factor",
     .label = "S3",
     .where = every_dimension,
     .statement = "m(delta) >= (1-delta^2)/(12 delta^2) = (200/3)(1+delta) (1-delta)/(800 delta^2): "
                  "(200/3)(1+delta) times the bound of Theorem 1.2",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand = "",
     .goals = FILES("sharp-m-closed", "sharp-space-factor"),
     .controls = FILES("sharp-space-factor-control")},
    {.id = "sharp-1.2-diamond",
     .label = "S3",
     .where = every_dimension,
     .statement =
         "d = 2, p = inf: uniform noise on {|x_1+x_2|, |x_1-x_2| <= eps/delta} has TV(D,D+v) <= delta "
         "for all ||v||_inf <= eps, with equality at the corners, and E||eta||_2^2 = 4 eps^2/(12 "
         "delta^2) <= 4 eps^2 m(delta)/(1-delta^2)",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand =
         "1 - TV of independent coordinates moved within their intervals is the product of the shares that "
         "overlap",
     .goals = FILES("sharp-space-diamond", "sharp-space-diamond-moment", "sharp-m-closed"),
     .controls = FILES("sharp-space-diamond-control")},
    {.id = "sharp-1.2-attained",
     .label = "S3",
     .where = every_dimension,
     .statement =
         "d = 2, p = inf: E||eta||_2^2 = 4 eps^2 m(delta) for eta = (u_1+u_2, u_1-u_2), u_i independent "
         "mixtures of centred uniform lattices of spacing eps; the control asks for (101/100) m",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "for every delta: where equality holds (every-dimension.md)",
     .check = sb_check_space_plane,
     .control = sb_check_space_plane_control},
    {.id = "sharp-1.2-below-2",
     .label = "S3b",
     .where = every_dimension,
     .statement = "0 < p < 2: TV(D,D+v) <= delta for v = eps e_i, i = 1..d, gives E||eta||_2^2 >= d eps^2 "
                  "m(delta)",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand =
         "eta_i has the shift eps and at most the TV of D and D + eps e_i; E eta_i^2 >= eps^2 m(delta) on "
         "the line (sharp-m); this is at least d^{2-2/p} (sharp-space-below-2)",
     .goals = FILES("sharp-space-below-2"),
     .controls = FILES("sharp-space-below-2-control")},
    {.id = "sharp-1.2-below-2-instances",
     .label = "S3b",
     .where = every_dimension,
     .statement = "The same on finite laws, delta = max TV(D, D + eps e_i); the control has (101/100) m",
     .kind = SB_CHECK_EVALUATION,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_space_axes,
     .control = sb_check_space_axes_control},
    {.id = "sharp-1.2-below-2-attained",
     .label = "S3b",
     .where = every_dimension,
     .statement =
         "TV(D, D + eps e_i) = delta and E||eta||_2^2 = d eps^2 m(delta) for independent mixtures of "
         "centred uniform lattices; the control asks for (101/100) m",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "for every d and delta: where equality holds (every-dimension.md)",
     .check = sb_check_space_copies,
     .control = sb_check_space_copies_control},
    {.id = "sharp-anisotropic",
     .label = "S3c",
     .where = every_dimension,
     .statement =
         "TV(D, D+v) <= delta for v = (+-w_1, ..., +-w_d), w >= 0, gives sum w_i^2 E eta_i^2 >= (sum "
         "w_i^2)^2 m(delta)",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand = "E(v.eta)^2 >= ||v||_2^4 m(delta) as for sharp-1.2; the mean over the signs of v",
     .goals = FILES("sharp-space-weights"),
     .controls = FILES("sharp-space-weights-control")},
    {.id = "sharp-anisotropic-instances",
     .label = "S3c",
     .where = every_dimension,
     .statement = "The same on finite laws on lattices with random spacings and random w; the control has "
                  "(101/100) m",
     .kind = SB_CHECK_EVALUATION,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_space_weighted,
     .control = sb_check_space_weighted_control},

    /* ---------------------------------------- first moments */
    {.id = "sharp-C.1",
     .label = "S4",
     .where = every_dimension,
     .statement =
         "TV(D,D+v) <= delta for v in eps d^{-1/p} {-1,1}^d gives E||eta||_2 >= eps d^{1-1/p} a(delta) "
         "and E||eta||_inf >= eps d^{1/2-1/p} a(delta)",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand = "E|v.eta| >= ||v||_2^2 a(delta) on the line (sharp-a); the mean of |s.x| over the "
             "sign vectors is at most the root of the mean of (s.x)^2 (sharp-space-mean), which is ||x||_2; "
             "||x||_2 <= sqrt(d) ||x||_inf",
     .goals = FILES("sharp-space-mean", "sharp-space-signs", "sharp-space-length-exponent", "max-noise"),
     .controls = FILES("sharp-space-mean-control")},
    {.id = "sharp-C.1-instances",
     .label = "S4",
     .where = every_dimension,
     .statement =
         "The same, and E|s.eta| >= eps d^{1-1/p} a(delta) for every sign vector s, on finite, Gaussian "
         "and uniform noises; the control has (101/100) a",
     .kind = SB_CHECK_EVALUATION,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_space_length,
     .control = sb_check_space_length_control},
    {.id = "sharp-C.1-factor",
     .label = "S4",
     .where = every_dimension,
     .statement = "a(delta) >= (1-delta^2)/(4 delta) = 6(1+delta) (1-delta)/(24 delta): 6(1+delta) times the "
                  "bound of Lemma C.1",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand = "",
     .goals = FILES("sharp-a-closed", "sharp-space-length-factor"),
     .controls = FILES("sharp-space-length-factor-control")},

    /* ---------------------------------------- single coordinates */
    {.id = "sharp-3.7",
     .label = "S5",
     .where = every_dimension,
     .statement =
         "If TV(D,D+v) <= delta for all v in eps k^{-1/p} {-1,1}^S, S any k coordinates (p >= 2): sum_S "
         "E eta_i^2 >= eps^2 k^{2-2/p} m(delta), so the i-th largest E eta_j^2 is at least eps^2 "
         "(d-i+1)^{1-2/p} m(delta)",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand =
         "the coordinates in S are a noise in R^k, and their TV is at most that of D and D+v; sharp-1.2 in "
         "R^k; S the d-i+1 smallest, whose largest is at least their mean",
     .goals =
         FILES("sharp-space-signs", "sharp-space-exponent", "lemma-3.7-exponent", "lemma-3.7-pigeonhole"),
     .controls = FILES("lemma-3.7-pigeonhole-control")},
    {.id = "sharp-3.7-instances",
     .label = "S5",
     .where = every_dimension,
     .statement =
         "The same for every set of coordinates, every prefix and every rank on finite laws, and for the "
         "largest coordinate of Gaussian and uniform noises; the control has (101/100) m",
     .kind = SB_CHECK_EVALUATION,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_space_subsets,
     .control = sb_check_space_subsets_control},
    {.id = "sharp-3.7-99-percent",
     .label = "S5",
     .where = every_dimension,
     .statement =
         "p >= 2: at least 99% of the coordinates have E eta_i^2 >= (1/100)^{1-2/p} eps^2 d^{1-2/p} m(delta)",
     .kind = SB_CHECK_INTERVAL,
     .expected = SB_PROVED,
     .hand = "sharp-3.7 for the ranks i <= d + 1 - d/100, at least 99% of them (thm-1.3-composition)",
     .goals = FILES("sharp-space-99-percent"),
     .controls = FILES("sharp-space-99-percent-control")},
    {.id = "sharp-3.7-best",
     .label = "S5",
     .where = every_dimension,
     .statement =
         "From the sums over the k smallest alone no more follows for one coordinate: b_1 = ... = b_k = "
         "k^{1-2/p} c, the rest large, has b_1 + ... + b_j >= j^{2-2/p} c for every j",
     .kind = SB_CHECK_INTERVAL,
     .expected = SB_PROVED,
     .hand = "",
     .goals = FILES("sharp-space-prefix"),
     .controls = FILES("sharp-space-prefix-control")},

    /* ---------------------------------------- many directions at once */
    {.id = "rotation",
     .label = "S7",
     .where = "docs/theory/rotation.md",
     .statement =
         "p = 2, d >= 2: if the mean of TV(D,D+v) over ||v||_2 = eps is at most delta, then E||eta||_2^2 "
         ">= eps^2 T_d(delta), T_d the inverse of the convex minorant of G_d(t) = Pr(|U_1| <= 1/(2 sqrt "
         "t)), U uniform on the sphere",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand = "half-space test: TV(D,D+eps w) >= D{-eps/2 <= x.w < eps/2}; its mean over w is E "
             "G_d(||eta||_2^2/eps^2) (Fubini); Jensen for the convex minorant",
     .goals = FILES("sharp-ball-curvature"),
     .controls = FILES("sharp-ball-curvature-control")},
    {.id = "rotation-gaussian",
     .label = "S7",
     .where = "docs/theory/rotation.md",
     .statement =
         "d T(delta), which Gaussian noise has, mixed with an atom above delta0, is at least T_d(delta); "
         "the control has (101/100) T_d",
     .kind = SB_CHECK_EVALUATION,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_rotation,
     .control = sb_check_rotation_control},
    {.id = "dual-norm",
     .label = "S7b",
     .where = "docs/theory/dual-norm.md",
     .statement =
         "p > 2, d >= 2: TV(D,D+v) <= delta for all ||v||_p = eps gives E||eta||_2^2 >= eps^2 d^{2-2/p} "
         "B7(d,p,delta), B7 from any line below the small-ball probability of a Gaussian direction",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand = "half-space test with a Gaussian normal g and the shift dual to it; 2 Phi(x) - 1 has second "
             "derivatives of at most 2 phi(1) in size and |g|_q a variance of at most L^2 (Poincare); "
             "Gaussian concentration; lines are proved below in balls (sb_dual_norm_certify); Jensen",
     .goals = FILES("sharp-ball-density-below", "sharp-ball-density-above"),
     .controls = FILES("sharp-ball-density-control")},
    {.id = "dual-norm-gaussian",
     .label = "S7b",
     .where = "docs/theory/dual-norm.md",
     .statement =
         "T(delta), which Gaussian noise has in these units, mixed with an atom above delta0, is at least "
         "B7(d,p,delta); the control has (101/100) B7",
     .kind = SB_CHECK_EVALUATION,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_dual_norm,
     .control = sb_check_dual_norm_control},
    {.id = "asymptotic",
     .label = "S12",
     .where = "docs/theory/asymptotic.md",
     .statement = "TV(D,D+v) <= delta for v in eps d^{-1/p} {-1,1}^d gives E||eta||_2^2 >= eps^2 d^{2-2/p} "
                  "B(d,delta), "
                  "B from any line below L(t), and B(d,delta) -> T(delta) as d grows",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand =
         "D with random signs has no larger TV; the test on the clipped sum, smoothed by Y; the small-ball "
         "inequality (asymptotic-small-ball); lines are proved below L in balls (sb_asymptotic_certify); "
         "Jensen; "
         "the limit with K^2 = T d^{3/2}",
     .goals = FILES("sharp-ball-density-below", "sharp-ball-density-above", "sharp-ball-second-derivative"),
     .controls = FILES("sharp-ball-density-control", "sharp-ball-second-derivative-control")},
    {.id = "asymptotic-gaussian",
     .label = "S12",
     .where = "docs/theory/asymptotic.md",
     .statement =
         "T(delta), which Gaussian noise has in these units, mixed with an atom above delta0, is at least "
         "B(d,delta); the control has (101/100) B",
     .kind = SB_CHECK_EVALUATION,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_asymptotic,
     .control = sb_check_asymptotic_control},
    {.id = "asymptotic-small-ball",
     .label = "S12",
     .where = "docs/theory/asymptotic.md",
     .statement =
         "Random signs with weights b_i <= K and smoothing of variance W = pi^2 K^2/x0^2: Pr(|X| < y) >= "
         "2 Phi(y/sqrt V) - 1 less two error terms, and >= 1 - (V+W)/y^2, V = sum b_i^2; the control has "
         "101/100 of the main term",
     .kind = SB_CHECK_EVALUATION,
     .expected = SB_CONSISTENT,
     .hand = "for all weights: exp(-z^2/2 - beta z^4) <= cos z <= exp(-z^2/2) for 0 <= z <= x0, under the "
             "integral; "
             "Chebyshev",
     .check = sb_check_small_ball,
     .control = sb_check_small_ball_control},
    {.id = "sharp-families",
     .label = "S3 S7 S7b S12",
     .where = every_dimension,
     .statement =
         "The largest of sharp-1.2, asymptotic, and rotation (p = 2) or dual-norm (p > 2) on calibrated "
         "noises of 10 families; the control has 105/100 of it",
     .kind = SB_CHECK_EVALUATION,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_ball_families,
     .control = sb_check_ball_families_control},
    {.id = "sharp-gaussian-ratio-grid",
     .label = "S6",
     .where = every_dimension,
     .statement = "Gaussian noise with TV <= delta over the l_p ball has at most 2.2 times the necessary "
                  "E||eta||_2^2, for every d, p >= 2 and delta <= .9; the control has 2.19",
     .kind = SB_CHECK_EVALUATION,
     .expected = SB_CONSISTENT,
     .hand = "for all at once: sharp-gaussian-ratio, with the same power of d on both sides",
     .check = sb_check_gaussian_ratio,
     .control = sb_check_gaussian_ratio_control},

    /* ---------------------------------------- tails of D = (D')^d */
    {.id = "sharp-1.3-tail",
     .label = "S9",
     .where = tails,
     .statement =
         "For D = (D')^d, p > 2, 0 < delta < 1: Pr(|zeta| > s) > (c eps h/s)^{2p/(p-2)} for some s > c "
         "eps h, with c = 1/8 (h = (1-delta)/delta); with c = a(delta)/(2h) at least >=",
     .kind = SB_CHECK_INTERVAL,
     .expected = SB_PROVED,
     .hand = "E max|eta_i| >= eps d^{1/2-1/p} a(delta) (sharp-C.1), a(delta) >= C h with C = (1+delta)/4; "
             "lemma-3.8 with C, strict as 1/8 < C/2",
     .goals =
         FILES("sharp-tail-constant", "sharp-a-closed", "lemma-3.8", "lemma-3.8-step", "lemma-3.8-weights"),
     .controls = FILES("sharp-tail-constant-control", "lemma-3.8-control")},
    {.id = "sharp-1.3-tail-instances",
     .label = "S9",
     .where = tails,
     .statement =
         "The same for finite laws D', d = 1 (every p > 2) and d = 2 (p = inf), exactly; the control has "
         "c = 1/5",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_product_tail,
     .control = sb_check_product_tail_control},
    {.id = "sharp-1.3-every-s",
     .label = "S9",
     .where = tails,
     .statement =
         "For D = (D')^d and all s >= 0: Pr(|zeta| <= s) <= (floor(2s/h)+1) sqrt(1-(1-delta)^{2/d}), h = "
         "eps d^{-1/p}",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand =
         "B is multiplicative: B^d >= 1-delta; every interval [a,a+h) has mass at most TV(D',D'+h) (key step "
         "of Lemma 3.3); floor(2s/h)+1 of them cover [-s,s]",
     .goals = FILES("sharp-tail-affinity", "sharp-tail-distance", "sharp-tail-distance-product"),
     .controls = FILES("sharp-tail-affinity-control")},
    {.id = "sharp-1.3-no-fixed-noise",
     .label = "S9",
     .where = tails,
     .statement =
         "p > 2, delta < 1: no D' serves in every dimension; Pr(|zeta| <= s) <= (2 s d^{1/p}/eps + 1) "
         "sqrt(2 log(1/(1-delta))/d), which tends to 0 as d grows, for every s",
     .kind = SB_CHECK_INTERVAL,
     .expected = SB_PROVED,
     .hand = "sharp-1.3-every-s; a law has Pr(|zeta| <= s) > 1/2 for some s",
     .goals = FILES("sharp-tail-growth", "sharp-tail-fixed-exponent"),
     .controls = FILES("sharp-tail-growth-control")},
};

const sb_ledger_section sb_ledger_sharp_space = {sharp_space, sizeof sharp_space / sizeof sharp_space[0]};
