/* The ledger's section on bounds that are sharper than the paper's, on the line: one shift
   (docs/theory/one-shift.md) and robustness of every classifier (docs/theory/robustness.md). */
#include "bounds/ledger_sharp.h"

#define FILES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define RUN_FILES "sharp-m-identity", "sharp-m-above", "sharp-m-below"

static const sb_claim sharp_line[] = {
    {.id = "sharp-representation",
     .label = "T1",
     .where = "docs/theory/one-shift.md",
     .statement =
         "Every law D on the line is a mixture of uniform laws on runs of N points of spacing eps, and "
         "TV(D,D+eps) is the mean of 1/N",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "for all laws: layer cake on every coset of eps Z (docs/theory/one-shift.md)",
     .check = sb_check_representation,
     .control = sb_check_representation_control},
    {.id = "sharp-m-identity",
     .label = "S1",
     .where = "docs/theory/one-shift.md",
     .statement = "N(N^2-1) - 3n(n+1)N + n(n+1)(2n+1) = (N-n)(N-n-1)(N+2n+1) >= 0 for all integers N, n >= 1",
     .kind = SB_CHECK_INTERVAL,
     .expected = SB_PROVED,
     .hand = "an integer N is at most n or at least n+1",
     .goals = FILES(RUN_FILES),
     .controls = FILES("sharp-m-real-control")},
    {.id = "sharp-m",
     .label = "S1",
     .where = "docs/theory/one-shift.md",
     .statement = "TV(D,D+eps) <= delta gives E eta^2 >= eps^2 m(delta), m(delta) = max over n >= 1 of "
                  "n(n+1)(3-(2n+1) delta)/12; the least possible",
     .kind = SB_CHECK_INTERVAL,
     .expected = SB_PROVED,
     .hand = "mixture of runs with TV = E[1/N] (sharp-representation, docs/theory/one-shift.md); a run of N "
             "points of spacing eps has "
             "mean square at least that about its centre, eps^2 (N^2-1)/12; mean over the runs, for every n; "
             "mixtures of centred uniform laws on n and n+1 points attain it (sharp-m-instances)",
     .goals = FILES(RUN_FILES),
     .controls = FILES("sharp-m-control")},
    {.id = "sharp-m-instances",
     .label = "S1",
     .where = "docs/theory/one-shift.md",
     .statement = "E eta^2 >= eps^2 m(TV(D,D+eps)) on finite laws, and equality; the control has 1.01 m",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_sharp_square,
     .control = sb_check_sharp_square_control},
    {.id = "sharp-m-closed",
     .label = "S1",
     .where = "docs/theory/one-shift.md",
     .statement = "m(delta) >= (1-delta^2)/(12 delta^2), which is (50/3)(1+delta) times the bound of "
                  "Lemma 3.1, with equality exactly at delta = 1/n",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand = "n = floor(1/delta)",
     .goals = FILES("sharp-m-closed"),
     .controls = FILES("sharp-m-closed-control")},
    {.id = "sharp-all-shifts",
     .label = "S1c",
     .where = "docs/theory/full-shift.md",
     .statement =
         "Where TV(D,D+v) <= 1/2 is asked for all |v| <= eps, uniform noise (E eta^2 = eps^2/3) is not "
         "the least: noise on eight cells has 5/16 eps^2",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand = "for a density constant on cells TV is linear in v between multiples of the cell's length",
     .check = sb_check_all_shifts,
     .control = sb_check_all_shifts_control},
    {.id = "sharp-a",
     .label = "S2",
     .where = "docs/theory/one-shift.md",
     .statement = "TV(D,D+eps) <= delta gives E|eta| >= eps a(delta), a(delta) = max over j >= 1 of j(1-j "
                  "delta); the least possible",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand =
         "mixture of runs with TV = E[1/N] (sharp-representation, docs/theory/one-shift.md); a run of N "
         "points has sum |x| >= eps "
         "N^2/4 "
         "(N even) or eps (N^2-1)/4 (N odd), pairing its ends; mean over the runs, for every j; mixtures of "
         "centred uniform laws on 2j-1 and 2j+1 points attain it (sharp-a-instances)",
     .goals = FILES("sharp-a-even", "sharp-a-odd"),
     .controls = FILES("sharp-a-control")},
    {.id = "sharp-a-instances",
     .label = "S2",
     .where = "docs/theory/one-shift.md",
     .statement = "E|eta| >= eps a(TV(D,D+eps)) on finite laws, and equality; the control has 1.01 a",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_sharp_absolute,
     .control = sb_check_sharp_absolute_control},
    {.id = "sharp-a-closed",
     .label = "S2",
     .where = "docs/theory/one-shift.md",
     .statement = "a(delta) >= (1-delta^2)/(4 delta), with equality exactly at delta = 1/(2j-1)",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand = "j = the integer nearest to 1/(2 delta)",
     .goals = FILES("sharp-a-closed"),
     .controls = FILES("sharp-a-closed-control")},
    {.id = "sharp-tail",
     .label = "S2",
     .where = "docs/theory/one-shift.md",
     .statement = "TV(D,D+eps) <= delta gives Pr(|eta| <= s) <= (floor(2s/eps)+1) delta for all s >= 0, with "
                  "equality for some D wherever that is at most 1; the control has 99/100 of it",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "for all laws: a run has at most floor(2s/eps)+1 points in [-s,s] (docs/theory/one-shift.md)",
     .check = sb_check_sharp_tail,
     .control = sb_check_sharp_tail_control},
    {.id = "sharp-gaussian-ratio",
     .label = "S6",
     .where = "docs/theory/one-shift.md",
     .statement =
         "Gaussian noise with TV(D,D+eps) = delta has at most 2.1982 times eps^2 m(delta), for 0 < delta "
         "<= .9; 2.1981 is too little (at delta = 1/2)",
     .kind = SB_CHECK_INTERVAL,
     .expected = SB_PROVED,
     .hand = "Gaussian noise has E eta^2 = eps^2/(4 z(delta)^2)",
     .goals = FILES("sharp-gaussian-ratio", "sharp-gaussian-ratio-small"),
     .controls = FILES("sharp-gaussian-ratio-control")},

    {.id = "sharp-criterion",
     .label = "T0",
     .where = "docs/theory/robustness.md",
     .statement =
         "Every classifier with a gap above delta at 0 keeps its answer at v if and only if rho = min over "
         "lambda >= 0 of ||D - lambda (D+v)||_1 is at most delta",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "for all laws: docs/theory/robustness.md; tried on each: the best test has D(psi) = rho, "
             "(D+v)(psi) = 0, and "
             "the classifier made of it, with a gap above .99 rho, changes its answer without a tie",
     .check = sb_check_criterion,
     .control = sb_check_criterion_control},
    {.id = "sharp-tau",
     .label = "T0c",
     .where = "docs/theory/robustness.md",
     .statement = "Robustness at v and -v gives TV(D,D+v) <= tau(delta) = max{delta/(1+delta), "
                  "delta/(2-delta)}, 0 < delta < 1; the least possible",
     .kind = SB_CHECK_EXACT,
     .expected = SB_PROVED,
     .hand = "the criterion (sharp-criterion, docs/theory/robustness.md); ||D - lambda (D+v)||_1 does not "
             "grow when D and D+v are seen "
             "through "
             "the partition {D > D+v} and the rest; on two cells the least lambda is a ratio of masses; "
             "geometric "
             "and discrete Laplace noise attain it (sharp-tau-instances)",
     .goals = FILES("sharp-tau-cell", "sharp-tau-rest", "sharp-tau-outer", "sharp-tau-inner"),
     .controls = FILES("sharp-tau-control")},
    {.id = "sharp-tau-instances",
     .label = "T0c",
     .where = "docs/theory/robustness.md",
     .statement = "TV(D,D+eps) <= tau(rho) on finite laws, and equality; the control has .99 tau",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_tau,
     .control = sb_check_tau_control},
    {.id = "sharp-robust-symmetric",
     .label = "SR1",
     .where = "docs/theory/robustness.md",
     .statement =
         "Robustness at eps and a law symmetric about a point give E eta^2 >= eps^2 M(delta), M(delta) = "
         "max{2(1-delta), max over n >= 3 of n(n+1)(3-(2n+1) delta/2)/12}; the least possible",
     .kind = SB_CHECK_INTERVAL,
     .expected = SB_PROVED,
     .hand =
         "the criterion (sharp-criterion); symmetry gives lambda = 1-l, 0 <= l <= delta, for both shifts at "
         "once; weights along each coset, chosen outwards from the crossing (docs/theory/robustness.md); "
         "C/beta = "
         "6/(2n+1) <= "
         "1 for n >= 3, and 1 for the first line; mixtures of centred uniform laws attain it "
         "(sharp-robust-symmetric-instances)",
     .goals = FILES("sharp-robust-left", "sharp-robust-right", "sharp-robust-crossing", "sharp-robust-step",
                    RUN_FILES, "sharp-robust-three", "sharp-robust-three-below", "sharp-robust-three-above"),
     .controls = FILES("sharp-robust-step-control", "sharp-robust-three-control")},
    {.id = "sharp-robust-symmetric-instances",
     .label = "SR1",
     .where = "docs/theory/robustness.md",
     .statement =
         "E eta^2 >= eps^2 M(rho) on finite symmetric laws, and equality; the controls have 1.01 M, and the "
         "line n = 2 besides",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_symmetric,
     .control = sb_check_symmetric_control},
    {.id = "sharp-robust-direction",
     .label = "SR2",
     .where = "docs/theory/robustness.md",
     .statement =
         "Along a direction rho does not grow: rho of v.eta under |v|_2^2 is at most that of D under v, so "
         "that E (v.eta)^2 >= |v|_2^4 R(rho)",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand =
         "for all laws: the L1 norm does not grow under a map, whatever lambda (docs/theory/robustness.md)",
     .check = sb_check_direction,
     .control = sb_check_direction_control},
    {.id = "sharp-robust-gaussian-ratio",
     .label = "SR1 S6",
     .where = "docs/theory/robustness.md",
     .statement =
         "Gaussian noise that makes every classifier robust needs at most 6/pi times eps^2 M(delta), for "
         "0 < delta <= .9",
     .kind = SB_CHECK_INTERVAL,
     .expected = SB_PROVED,
     .hand = "for Gaussian noise rho = 2 Phi(eps/sigma) - 1, so E eta^2 = eps^2/z(delta)^2",
     .goals = FILES("sharp-robust-gaussian-ratio", "sharp-robust-gaussian-ratio-small"),
     .controls = FILES("sharp-robust-gaussian-ratio-control")},
    {.id = "sharp-robust",
     .label = "SR3",
     .where = "docs/theory/robustness.md",
     .statement = "Robustness at eps and -eps gives E eta^2 >= eps^2 R(delta) for every law, R(delta) = "
                  "max{1-delta, (1-delta)/(3 delta^2) - 1/12, m(tau(delta))}",
     .kind = SB_CHECK_INTERVAL,
     .expected = SB_PROVED,
     .hand =
         "tests at the median plus and minus eps (docs/theory/robustness.md, also for the rest); a law with "
         "lambda <= 1 is a mixture of truncated geometric "
         "laws, and ||D - lambda (D+eps)||_1 the mean of (1-lambda) coth(nc/2), c = -log lambda; their "
         "variance "
         "1/(4 sinh^2(c/2)) - n^2/(4 sinh^2(nc/2)) by the cumulant function; Jensen; a law with lambda > 1 "
         "is "
         "reflected; S1 with TV <= tau(delta) (sharp-m, sharp-tau)",
     .goals = FILES("sharp-robust-median", "sharp-robust-series", "sharp-robust-hyperbolic",
                    "sharp-lazarevic", "sharp-lazarevic-range", "sharp-robust-magnitude", "sharp-tau-outer",
                    "sharp-tau-inner", RUN_FILES),
     .controls = FILES("sharp-lazarevic-control", "sharp-tau-control")},
    {.id = "sharp-robust-instances",
     .label = "SR3",
     .where = "docs/theory/robustness.md",
     .statement =
         "E eta^2 >= eps^2 R(rho) on finite laws, rho the larger of eps and -eps; the control has 1.01 R",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_any_law,
     .control = sb_check_any_law_control},
    {.id = "sharp-robust-any-law",
     .label = "SR3",
     .where = "docs/theory/robustness.md",
     .statement = "E eta^2 >= eps^2 M(rho) on finite laws that need not be symmetric: seen on all that were "
                  "tried, not "
                  "proved; the control has 1.01 M",
     .kind = SB_CHECK_EXACT,
     .expected = SB_CONSISTENT,
     .hand = "",
     .check = sb_check_any_law_as_symmetric,
     .control = sb_check_any_law_as_symmetric_control},
};

const sb_ledger_section sb_ledger_sharp = {sharp_line, sizeof sharp_line / sizeof sharp_line[0]};
