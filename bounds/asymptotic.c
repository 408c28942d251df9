/* The line is a tangent of L. P >= L(t') for every t' >= t (small_ball.h), so the cells 0 = t_0 < t_1 <
   ... < t_n with t_n >= a/c prove P >= a - c t when L(t_i) >= a - c t_(i-1) for every i; each cell takes one
   evaluation of L in balls. The mean of P is at most delta, that of t is E||eta||_2^2/(eps^2 d^(2-2/p)). */
#include "bounds/asymptotic.h"

#include "bounds/small_ball.h"

#include <math.h>

enum { PRECISION = 64, MOST_CELLS = 5000 };

void sb_asymptotic_line_init(sb_asymptotic_line *line) {
    fmpq_init(line->clip);
    fmpq_init(line->band);
    fmpq_init(line->height);
    fmpq_init(line->slope);
}

void sb_asymptotic_line_clear(sb_asymptotic_line *line) {
    fmpq_clear(line->clip);
    fmpq_clear(line->band);
    fmpq_clear(line->height);
    fmpq_clear(line->slope);
}

typedef struct {
    sb_small_ball ball;
    sb_small_ball_estimate estimate;
    double height, slope;
    arb_t height_ball, slope_ball, t, target, value;
} certificate;

/* Returns whether the line has a meaning: K > 1, 0 < x0 < pi/2, a > 0, c > 0. */
static int certificate_init(certificate *work, const sb_asymptotic_line *line, uint64_t dimension,
                            sb_promise promise) {
    sb_small_ball_init(&work->ball);
    arb_init(work->height_ball);
    arb_init(work->slope_ball);
    arb_init(work->t);
    arb_init(work->target);
    arb_init(work->value);
    work->height = fmpq_get_d(line->height);
    work->slope = fmpq_get_d(line->slope);
    arb_set_fmpq(work->height_ball, line->height, PRECISION);
    arb_set_fmpq(work->slope_ball, line->slope, PRECISION);
    sb_small_ball_estimate_set(&work->estimate, promise, (double)dimension, fmpq_get_d(line->clip),
                               fmpq_get_d(line->band));
    return sb_small_ball_set(&work->ball, promise, dimension, line->clip, line->band) &&
           fmpq_sgn(line->height) > 0 && fmpq_sgn(line->slope) > 0;
}

static void certificate_clear(certificate *work) {
    sb_small_ball_clear(&work->ball);
    arb_clear(work->height_ball);
    arb_clear(work->slope_ball);
    arb_clear(work->t);
    arb_clear(work->target);
    arb_clear(work->value);
}

/* Whether L(right) >= a - c left: the cell [left, right] is proved. */
static int prove_cell(certificate *work, double left, double right) {
    double split[SB_SMALL_BALL_SIDES];
    sb_small_ball_estimate_profile(&work->estimate, right, split);
    arb_set_d(work->t, left);
    arb_mul(work->target, work->slope_ball, work->t, PRECISION);
    arb_sub(work->target, work->height_ball, work->target, PRECISION);
    arb_set_d(work->t, right);
    sb_small_ball_profile(work->value, &work->ball, work->t, split);
    return arb_ge(work->value, work->target);
}

/* About the farthest right end of a provable cell [left, right]; `step` is the first guess of its length. */
static double farthest(const certificate *work, double left, double step) {
    double target = (work->height - work->slope * left) * (1 + 1e-12), good = 0, bad = INFINITY;
    for (int i = 0; i < 60 && !(bad - good < good / 16); i++) {
        if (sb_small_ball_estimate_profile(&work->estimate, left + step, NULL) >= target)
            good = step;
        else
            bad = step;
        step = bad == INFINITY ? 2 * good : good == 0 ? bad / 2 : (good + bad) / 2;
    }
    return left + good;
}

static int prove_cells(certificate *work) {
    double left = 0, end = work->height / work->slope * (1 + 1e-12), step = end / 64;
    for (int cells = 0; left < end; cells++) {
        double right = farthest(work, left, step);
        if (!(right > left) || cells == MOST_CELLS || !prove_cell(work, left, right)) return 0;
        step = right - left;
        left = right;
    }
    arb_set_d(work->t, left); /* left >= a/c, certainly */
    arb_mul(work->t, work->t, work->slope_ball, PRECISION);
    return arb_ge(work->t, work->height_ball);
}

int sb_asymptotic_certify(const sb_asymptotic_line *line, uint64_t dimension, sb_promise promise) {
    certificate work;
    int proved = certificate_init(&work, line, dimension, promise) && prove_cells(&work);
    certificate_clear(&work);
    return proved;
}

int sb_asymptotic_certify_cell(const sb_asymptotic_line *line, uint64_t dimension, sb_promise promise,
                               double left, double right) {
    certificate work;
    int proved = certificate_init(&work, line, dimension, promise) && 0 <= left && left < right &&
                 prove_cell(&work, left, right);
    certificate_clear(&work);
    return proved;
}

void sb_asymptotic_constant(fmpq_t value, uint64_t dimension, const fmpq_t delta, sb_promise promise) {
    sb_asymptotic_line line;
    sb_asymptotic_line_init(&line);
    fmpq_zero(value);
    if (sb_asymptotic_choose(&line, dimension, delta, promise) &&
        sb_asymptotic_certify(&line, dimension, promise)) {
        fmpq_sub(value, line.height, delta);
        fmpq_div(value, value, line.slope);
    }
    sb_asymptotic_line_clear(&line);
}
