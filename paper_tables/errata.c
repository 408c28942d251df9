/* Text only. h(delta) = (1-delta)/delta, z(delta) = Phi^{-1}((1+delta)/2), m(delta) = max_n
 * n(n+1)(3-(2n+1)delta)/12. */
#include "paper_tables/errata.h"

#define WRONG SB_ERRATUM_WRONG
#define IMPRECISE SB_ERRATUM_IMPRECISE
#define MISPRINT SB_ERRATUM_MISPRINT
#define REMARK SB_ERRATUM_REMARK

const sb_erratum sb_errata[] = {
    {"E1", "Section 1.1, phase transition", WRONG,
     "For p <= 2 the necessary expected squared l_2 magnitude grows only like sqrt(d).",
     "The squared magnitude grows like d, the magnitude like sqrt(d). Theorem 1.2 itself is about p >= 2.",
     "Shifts eps e_i force E||eta||_2^2 >= d eps^2 m(delta); Gaussian noise with sigma = eps/(2z) has d "
     "eps^2/(4z^2)."},
    {"E2", "Theorem 1.3", IMPRECISE, "g is (A, delta)-robust, with A tied neither to p nor to eps.",
     "g is (eps, delta)-robust with respect to ||.||_p, 0 < delta < 1; for p = inf read 2p/(p-2) as 2.",
     "The conclusion speaks of eps and p; for A = {0} the hypothesis says nothing."},
    {"E3", "Section 1.2, warm-up", WRONG, "E|v.eta|^2 >= ||v||_4^2 (1-delta)/8.",
     "E|v.eta|^2 >= ||v||_2^4 (1-delta)/8; the sharp form is ||v||_2^4 m(delta), at least ||v||_2^4 "
     "(1-delta)/2.",
     "d = 1, v = t < 1/2, eta = +-t/2 with equal chances: delta = 1/2 and t^4/4 < t^2/16."},
    {"E4", "Section 1.2, warm-up", MISPRINT, "Pr(Z' in A) < E|Z|^2/r^2.", "Pr(Z' in A) <= E|Z|^2/r^2.",
     "eta = 0 gives 0 on both sides."},
    {"E5", "Section 1.2, peeling", WRONG, "E[eta_i^2] >= (eps d^(1/2-1/p)/800) (1-delta)/delta^2 for some i.",
     "E[eta_i^2] >= (eps^2 d^(1-2/p)/800) (1-delta)/delta^2 for some i.",
     "Units: scaling noise and eps together, the left side goes like eps^2, the printed right side like eps: "
     "it "
     "fails for small eps."},
    {"E6", "Section 1.2, peeling", WRONG, "By ||eta||_2 <= sqrt(d) ||eta||_inf, some E[eta_i^2] is large.",
     "Use max_i E[eta_i^2] >= E||eta||_2^2/d.",
     "The quoted inequality bounds E||eta||_inf^2 from below, and that may exceed every E[eta_i^2]: eta "
     "uniform on the 2d points +-e_i has 1 against 1/d."},
    {"E7", "Lemmas 3.1, 3.3, Corollary 3.4", IMPRECISE, "eps >= 0 (and any v).", "eps > 0 (and v != 0).",
     "eps = 0 gives delta = 0 and the quotient 0/0. For eps > 0 the total variation is above 0. (Lemma 3.2 "
     "stays true for eps = 0: it says 0 >= 0.)"},
    {"E8", "Lemma 3.2, proof", MISPRINT, "eta' in B if and only if eta in A.", "If eta in A then eta' in B.",
     "A is open and B closed; only the one direction is used."},
    {"E9", "Section 1.2 and Lemma 3.3, proof", WRONG,
     "{|x| <= tau} is covered by ceil(2 tau/eps) intervals [a, a+eps).",
     "It takes floor(2 tau/eps)+1 of them. The proof is repaired by Markov's inequality with Pr(|eta| >= "
     "tau): {|x| < tau} needs ceil(2 tau/eps).",
     "eta = +-1/2, eps = 1, tau = 1/2: Pr(|eta| <= tau) = 1, but ceil(1) delta = 1/2."},
    {"E10", "Lemma 3.3, proof", MISPRINT, "P is a subset of (i, j].", "P is a subset of [i, j).",
     "The telescoping sum runs over k = i, ..., j-1."},
    {"E11", "Corollary 3.4, Theorem 1.2, Lemma C.1", IMPRECISE,
     "Lemma 3.1 is stated for delta = TV and used with TV <= delta.",
     "Add that (1-delta)/delta^2 and (1-delta)/delta decrease in delta.",
     "Both derivatives are negative on (0, 1]."},
    {"E12", "Lemma 3.5, proof", MISPRINT, "The 2^(d+1) vectors a_1, ..., b_d.", "The 2d = 2^(n+1) vectors.",
     "There are d of each kind."},
    {"E13", "Corollary 3.6", REMARK, "b >= d/2 in the statement, b > d/2 in the proof.", "b >= (d+1)/2.",
     "b is a power of 2 with 2b > d, and both are whole numbers."},
    {"E14", "Theorem 1.2 and Lemma C.1, proofs", MISPRINT,
     "Q in R^(b x d) is the orthogonal projection matrix.",
     "Q^T Q is; Q has orthonormal rows, and ||Q eta||_2 <= ||eta||_2 holds.",
     "A projection matrix is square."},
    {"E15", "Lemma 3.7, proof", IMPRECISE, "The remaining coordinates have the smallest variance.",
     "They have the smallest second moments, by which they were sorted. The bounds hold for variances too.",
     "Total variation does not change when the noise is centred."},
    {"E16", "Section 3.2, after Lemma 3.7", WRONG,
     "For any constant c in [0, 1] the top c-fraction has variance Omega(d^(1-2/p) eps^2 (1-delta)/delta^2).",
     "For c < 1, with the factor (1-c)^(1-2/p) in the constant.",
     "p = inf, independent Gaussians with sigma_1 = eps sqrt(2)/(2z), the others eps sqrt(2(d-1))/(2z): the "
     "total variation is delta, E[eta_1^2] does not grow with d."},
    {"E17", "Lemma 3.8, proof", WRONG,
     "The tail bound with c = 1/24 gives E max < C d^(1/2-1/p) eps h for a constant C; Theorem 1.3 then sets "
     "it "
     "against Lemma C.1, whose constant is 1/24.",
     "The proof bounds E max by a constant above 1/24, which contradicts nothing. With c = 1/48 it works (>= "
     "for >), and with the sharp form of Lemma C.1 c = 1/8 works for every d, p, delta.",
     "Gamma(1-u) Gamma(d+1)/(Gamma(d+1-u) d^u) lies in (1, 2], u = 1/2-1/p."},
    {"E18", "Lemma 3.8, proof", MISPRINT, "The distribution function of the maximum is (1-F)^d, for Y_i ~ D.",
     "It is F^d, for Y_i ~ D'. The displayed formula, in the survival function G, is right.",
     "Independence."},
    {"E19", "Theorem 1.3, Lemma 3.8", WRONG, "So D' is heavy-tailed (in sufficiently high dimensions).",
     "The scale of D' must grow at least like d^(1/2-1/p); nothing follows about its tails. For a fixed D' "
     "the hypothesis cannot hold in all dimensions when p > 2 and delta < 1.",
     "The bounded uniform noise of Corollary B.6, with TV <= delta/2, satisfies hypothesis and inequality: "
     "the inequality is about one s for each d. docs/theory/tails.md has the bound for every s."},
    {"E20", "Theorem 1.3, footnote", MISPRINT, "Not a sub-Gaussian or sub-Gaussian distribution.",
     "Not a sub-Gaussian or sub-exponential distribution.",
     "The same word stands twice. The definition given beside it (the tail is no exponential function of x) "
     "would make Gaussian noise heavy-tailed."},
    {"E21", "Section 4.2", WRONG,
     "Theorem 1.3 suggests that the radius be (at least) proportional to sigma/sqrt(d).", "At most.",
     "A lower bound on the noise for a given radius is an upper bound on the radius for given noise."},
    {"E22", "Section 4.2, Figure 2", IMPRECISE, "Similar curves support Theorem 1.3.",
     "Resized images with sigma proportional to the side make nearly the same problem three times, so that "
     "similar curves are built in.",
     "k x k means turn noise (k sigma)^2 into sigma^2. At the operating point (delta = .99971) the theorem's "
     "bound on the rms noise is about 460 times below sigma."},
    {"E23", "Appendix A, Corollary A.3", IMPRECISE,
     "B_TV with '<' described as 'at most'; radius eps, then r; the smallest delta.",
     "With delta* = sup{TV(D, D+v): ||v||_p < r}: Delta(x) > 2 delta* implies g(x') = g(x) for ||x'-x||_p < "
     "r.",
     "For D a point mass no delta in [0, 1] works, so that there is no smallest one."},
    {"E24", "Lemma A.4, proof", IMPRECISE, "Ties are broken lexicographically; S is any set.",
     "S is Borel. Without ties: take (1-k) alpha and (1-k) beta with a small k > 0; then class 1 has a score "
     "below 1/2 at v, and the gap at 0 stays above delta.",
     "The definition of g leaves ties open. Lemma A.1 needs a gap over 2 TV, Lemma A.4 gives TV <= delta; "
     "the exact criterion lies between."},
    {"E25", "Appendix B.1", MISPRINT, "The first and last terms are zero.",
     "The first and second; the last is ||v||_2/sigma.", "Put Sigma_1 = Sigma_2 = sigma^2 I."},
    {"E26", "Corollaries B.2, B.3", IMPRECISE, "Any d and delta in [0, 1]; nearly tight.",
     "Theorem B.1 needs d > 1 (the erf formula covers d = 1), and delta > 0. The sharp sigma is eps "
     "d^(1/2-1/p)/(2z), with 127 times less variance as delta -> 0.",
     "Upper and lower bound in the paper differ by the factor 16200/(1-delta) in variance: tight in delta as "
     "delta -> 0, loose as delta -> 1."},
    {"E27", "Lemma B.4, Corollary B.5", WRONG, "r >= 0; TV = min{1, 1-(1-eps/(2r))^d}.",
     "r > 0; TV = 1-max{0, 1-eps/(2r)}^d.",
     "d = 2: eps = 3r gives .75, eps = 6r gives -3; the supports are disjoint and the truth is 1."},
    {"E28", "Corollary B.5, proof", MISPRINT, "Applied with z = 1-eps/(2r).", "With z = eps/(2r).",
     "Then 1-z is the factor in the product."},
    {"E29", "Corollary B.6, proof", WRONG, "The smallest r with 1-4^(-d eps/(2 delta)) <= delta.",
     "1-4^(-d eps/(2r)) <= delta, where the bound needs eps <= r; its smallest r is d eps log(4)/(2 "
     "log(1/(1-delta))), less than the one chosen. The conclusion holds; even r = d eps/(2 delta) suffices, "
     "and "
     "the least r of all is eps/(2(1-(1-delta)^(1/d))).",
     "log(1/(1-delta)) > delta. Bernoulli: 1-(1-x)^d <= dx. For d = 1 and delta > log(4)/2 the chosen r is "
     "below eps, outside of the "
     "bound used."},
    {"E30", "Corollary B.6", WRONG, "The variance is (sqrt(2) log(4)^2/48) eps^2 d^2/delta^2.",
     "It is (log(4)^2/12) eps^2 d^2/delta^2; the stated bound eps^2 d^2/delta^2 is true.",
     "r^2/3 with r = (log(4)/2) eps d/delta; the printed number is too small by the factor 2 sqrt(2)."},
    {"E31", "Section 3.1, end; Lemma C.1", REMARK, "The constants 200 and 12.",
     "By the same argument 8/(9-4 sqrt(5)) = 143.55... instead of 200; 12 cannot be improved by it.",
     "The branches meet at delta = sqrt(5)-2, and at delta = 1/3."},
    {"E32", "Abstract, conclusions", IMPRECISE,
     "The noise will eventually dominate the images, leading to trivial classifiers.",
     "A bound on second moments does not give this.",
     "A classifier can average pixels: for upsampled images the signal-to-noise ratio after pooling is "
     "unchanged. For delta near 1 the bound is tiny."},
    {"E33", "Theorem 2.1", MISPRINT, "Let f by any classifier.", "Let f be any classifier.", "-"},
    {"E34", "Section 3.1, introduction", REMARK,
     "TV(D, D+v) <= delta for all |v| <= eps; the lemmas use v = eps only.",
     "Both are right; the stronger hypothesis, which robustness gives, seems to allow a larger constant.",
     "Numerical evidence only: for delta = 1/2, eps = 1 one shift allows E[eta^2] = 1/4, linear programs "
     "with all shifts stop near .311."},
    {"E35", "Section 1.1, phase transition", IMPRECISE,
     "By Theorem 1.2 the expected l_2 magnitude grows strictly faster than sqrt(d) for p > 2.",
     "True, by Lemma C.1.", "A lower bound on E||eta||_2^2 is none on E||eta||_2."},
    {"E36", "Throughout", IMPRECISE, "delta in [0, 1].", "0 < delta < 1.",
     "delta = 1 makes every lower bound 0; delta = 0 is impossible for eps > 0, because total variation is "
     "then "
     "above 0."},
    {"E37", "Table 1", REMARK, "62.6 certified, 78.8 natural.",
     "The log has 6255 of 10000 at radius >= 2/255 (6264 at the printed 0.00784) and 7884 correct; the "
     "authors' README prints 78.7. The radii come from a two-class rule that is not Cohen et al.'s; on the "
     "same samples theirs certifies 61.15 to 61.81 %.",
     "smoothbound table 1 --logs DIR; smoothbound curve --rule cohen"},
    {"E38", "Section 1.2, summary", REMARK,
     "Gaussian smoothing for l_2, divided by sqrt(d), is almost optimal.",
     "For every d, p >= 2 and delta <= .9 the least Gaussian noise with TV <= delta has at most 2.2 times "
     "the "
     "E||eta||_2^2 that any noise must have; the paper's own bounds leave the factor 16200/(1-delta).",
     "smoothbound verify almost-as-hard; the bound with m(delta) in docs/theory/every-dimension.md."},
    {"E39", "Section 1.2, extension to d dimensions", WRONG,
     "Corollary 3.6 shows at least d/2 orthogonal v_i in the l_p ball with ||v_i||_2 = eps d^(1/2-1/p).",
     "It shows b > d/2 of them with ||v_i||_2 = eps b^(1/2-1/p), at least eps (d/2)^(1/2-1/p); this costs "
     "the "
     "factor 4 between 200 and 800.",
     "p > 2: all entries of such a v_i have the same modulus. In d = 3 two sign vectors have an odd inner "
     "product, so there is only one, fewer than d/2."}};

const size_t sb_errata_count = sizeof sb_errata / sizeof sb_errata[0];

static const char *kind_name(sb_erratum_kind kind) {
    static const char *const name[] = {"wrong", "imprecise", "misprint", "remark"};
    return name[kind];
}

enum { TABLE, ID, WHERE, KIND, PRINTED, CORRECT, SHOWN };
static const sb_column column[] = {{"table", "table", SB_COLUMN_DATA},
                                   {"id", "", 0},
                                   {"where", "where", 0},
                                   {"kind", "kind", 0},
                                   {"printed", "printed", 0},
                                   {"correct", "correct", 0},
                                   {"shown", "how one sees it", SB_COLUMN_WRAP}};

sb_status sb_table_errata(sb_table *table, const sb_paper_table_options *options,
                          sb_paper_table_outcome *outcome, sb_error *error) {
    (void)options;
    (void)error;
    sb_table_init(table, "smoothbound/table/1", column, sizeof column / sizeof column[0]);
    table->caption = "Errata: what is printed and what is right";
    *outcome = (sb_paper_table_outcome){0};
    for (size_t i = 0; i < sb_errata_count; i++) {
        const sb_erratum *e = &sb_errata[i];
        sb_table_row(table);
        sb_table_set(table, TABLE, "errata");
        sb_table_set(table, ID, e->id);
        sb_table_set(table, WHERE, e->where);
        sb_table_set(table, KIND, kind_name(e->kind));
        sb_table_set(table, PRINTED, e->printed);
        sb_table_set(table, CORRECT, e->correct);
        sb_table_set(table, SHOWN, e->shown);
    }
    return SB_OK;
}
