/* How far a noise may be shifted, and how large it must therefore be. With X the noise at unit scale,
   everything depends on the shift v and the scale a through v/a only. A criterion c(u) of the shifts |w|_p <=
   u,

     total variation   max TV(X, X + w),
     exact             max rho_w, rho_w = min over lambda >= 0 of ||X - lambda (X + w)||_1 (T0,
                       docs/theory/robustness.md),

   or an upper bound of it by the Hellinger affinity B(w), the integral of sqrt(p q): TV <= sqrt(1 - B^2), rho
   <= 2 B sqrt(1 - B^2) for B^2 >= 1/2,

   does not decrease in u. The largest u with c(u) <= level is, as eps = u a, the certified radius of the
   noise of scale a, and as a = eps/u the smallest noise for the radius eps. */
#ifndef SB_DISTRIBUTIONS_CALIBRATION_H
#define SB_DISTRIBUTIONS_CALIBRATION_H

#include "distributions/noise.h"

typedef enum {
    SB_CRITERION_TOTAL_VARIATION,
    SB_CRITERION_EXACT,
    SB_CRITERION_TV_AFFINITY,
    SB_CRITERION_EXACT_AFFINITY
} sb_criterion;

/* The affinity bound of one of the first two; itself for the others. */
sb_criterion sb_criterion_by_affinity(sb_criterion criterion);

/* What is known about the shift that was evaluated. */
typedef enum {
    SB_SCOPE_WORST,   /* it is the worst of the ball */
    SB_SCOPE_BRACKET, /* bounds on both sides for the worst: an enclosure that does not become narrower */
    SB_SCOPE_EQUAL    /* k equal coordinates (exact: all of them): a worse shift is not excluded, c may even
                         decrease    further out; no promise */
} sb_scope;
/* "worst shift", "bracket of the worst shift", "at the equal shift" */
const char *sb_scope_name(sb_scope scope);

typedef struct {
    const sb_noise_spec *noise; /* its scale does not matter */
    uint64_t dimension;
    const sb_exact *norm; /* p >= 1 or inf */
    sb_criterion criterion;
    int promise; /* SB_OUTSIDE in place of SB_SCOPE_EQUAL */
} sb_shift_problem;

/* SB_OUTSIDE, and why: the noise does not exist in this dimension; it has atoms (then shifts however small
   separate them and no scale helps); exact: no product noise and no closed form; affinity: not product noise
   with a density that does not increase in |x|, or p < inf and d > 1. */
sb_status sb_shift_problem_domain(const sb_shift_problem *problem, sb_error *error);

/* value := an enclosure of c(u), slack := one of 1 - c(u); u > 0 a ball. About `digits` significant digits of
   both where they can be had. Within the domain. */
sb_status sb_shift_criterion(arb_t value, arb_t slack, sb_scope *scope, const sb_shift_problem *problem,
                             const arb_t u, int digits, sb_error *error);

/* shift := an enclosure of the largest u with c(u) <= level, 0 < level < 1. c was certified below the level
   at its lower end and above it at its upper end. Its relative width is below 10^-digits if *narrow (may be
   NULL); else c could not be compared with the level in between. SB_UNDECIDED when no such ends were found.
 */
sb_status sb_largest_shift(arb_t shift, sb_scope *scope, int *narrow, const sb_shift_problem *problem,
                           const fmpq_t level, int digits, sb_error *error);

/* The smallest scale whose criterion over |v|_p <= eps stays within delta, and what it comes to. */
typedef struct {
    arb_t scale; /* eps/u: its upper end will do; with SB_SCOPE_EQUAL only "nothing below the lower end will"
                    holds */
    arb_t rms;   /* of a coordinate; +inf without a second moment */
    arb_t squared_norm; /* E||eta||_2^2 */
    sb_scope scope;
    int narrow; /* whether the digits were reached */
} sb_calibration;
void sb_calibration_init(sb_calibration *calibration);
void sb_calibration_clear(sb_calibration *calibration);

/* eps > 0, 0 < delta < 1; errors as sb_largest_shift. */
sb_status sb_calibrate(sb_calibration *calibration, const sb_shift_problem *problem, const fmpq_t eps,
                       const fmpq_t delta, int digits, sb_error *error);

#endif
