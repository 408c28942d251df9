/* The small-ball inequality of docs/theory/asymptotic.md, by certified integrals. X = sum r_i b_i - Y, r_i
   independent random signs, 0 < b_i <= K = 1, V = sum b_i^2; Y symmetric with the characteristic function

     c(u) = (1 - u/w) cos(pi u/w) + sin(pi u/w)/pi,   |u| <= w = x0,   0 < x0 < pi/2,

   of variance W = pi^2/x0^2. Then Q(y) = Pr(|X| < y) = (2/pi) int_0^w prod cos(b_i u) c(u) sin(y u)/u du, and
   with beta = (-log cos x0 - x0^2/2)/x0^4

     Q(y) >= A = 2 Phi(y/sqrt V) - 1 - (6 beta/sqrt(2 pi)) y V^(-3/2) - (W/2V) min{2 phi(1), 2 phi(0) y/sqrt
   V}, Q(y) >= B = 1 - (V+W)/y^2. */
#include "bounds/ledger_sharp_space.h"

#include "distributions/finite_law.h"
#include "support/arb_compat.h"
#include "support/enclosure.h"

#include <stdlib.h>

enum { BITS = 64, MOST = 12, LEVELS = 8 };

/* repeat copies of each of `count` weights level[i]/8; x0 = halves/2; y = quarters/4 sqrt V */
typedef struct {
    ulong repeat;
    size_t count;
    slong level[MOST], halves, quarters;
    arb_t y, width; /* w */
} small_ball;

static int integrand(acb_ptr value, const acb_t u, void *context, slong order, slong precision) {
    const small_ball *ball = context;
    acb_t part, angle;
    (void)order; /* entire */
    acb_init(part);
    acb_init(angle);
    acb_one(value);
    for (size_t i = 0; i < ball->count; i++) {
        acb_mul_si(part, u, ball->level[i], precision);
        acb_div_si(part, part, LEVELS, precision);
        acb_cos(part, part, precision);
        acb_mul(value, value, part, precision);
    }
    acb_pow_ui(value, value, ball->repeat, precision);
    acb_div_arb(angle, u, ball->width, precision);
    acb_sub_ui(part, angle, 1, precision);
    acb_neg(part, part);
    acb_cos_pi(angle, angle, precision);
    acb_mul(part, part, angle, precision);
    acb_div_arb(angle, u, ball->width, precision);
    acb_sin_pi(angle, angle, precision);
    arb_t pi;
    arb_init(pi);
    arb_const_pi(pi, precision);
    acb_div_arb(angle, angle, pi, precision);
    arb_clear(pi);
    acb_add(part, part, angle, precision);
    acb_mul(value, value, part, precision);
    acb_mul_arb(part, u, ball->y, precision);
    acb_sinc(part, part, precision);
    acb_mul(value, value, part, precision);
    acb_mul_arb(value, value, ball->y, precision);
    acb_clear(part);
    acb_clear(angle);
    return 0;
}

/* probability := Q(y) */
static void integrate(arb_t probability, small_ball *ball) {
    acb_t low, high, sum;
    mag_t tolerance;
    arb_t factor;
    acb_init(low);
    acb_init(high);
    acb_init(sum);
    mag_init(tolerance);
    arb_init(factor);
    mag_set_ui_2exp_si(tolerance, 1, -30);
    arb_set(acb_realref(high), ball->width);
    acb_calc_integrate(sum, integrand, ball, low, high, 30, tolerance, NULL, BITS);
    arb_const_pi(factor, BITS);
    arb_mul_2exp_si(factor, factor, -1);
    arb_div(probability, acb_realref(sum), factor, BITS);
    acb_clear(low);
    acb_clear(high);
    acb_clear(sum);
    mag_clear(tolerance);
    arb_clear(factor);
}

static void density(arb_t value, const arb_t x) {
    arb_t root;
    arb_init(root);
    arb_sqr(value, x, BITS);
    arb_mul_2exp_si(value, value, -1);
    arb_neg(value, value);
    arb_exp(value, value, BITS);
    arb_const_pi(root, BITS);
    arb_mul_2exp_si(root, root, 1);
    arb_rsqrt(root, root, BITS);
    arb_mul(value, value, root, BITS);
    arb_clear(root);
}

/* a := percent/100 (2 Phi(r) - 1) - the two error terms, r = y/sqrt V; b := B */
static void minorants(arb_t a, arb_t b, const arb_t r, const arb_t v, const small_ball *ball, slong percent) {
    arb_t w, beta, square, x;
    arb_init(w);
    arb_init(beta);
    arb_init(square);
    arb_init(x);
    arb_const_pi(w, BITS); /* W = pi^2/x0^2 */
    arb_div(w, w, ball->width, BITS);
    arb_sqr(w, w, BITS);
    arb_sqr(square, ball->width, BITS);
    arb_cos(beta, ball->width, BITS);
    arb_log(beta, beta, BITS);
    arb_neg(beta, beta);
    arb_mul_2exp_si(x, square, -1);
    arb_sub(beta, beta, x, BITS);
    arb_div(beta, beta, square, BITS);
    arb_div(beta, beta, square, BITS);
    sb_normal_cdf(a, r, BITS);
    arb_mul_2exp_si(a, a, 1);
    arb_sub_ui(a, a, 1, BITS);
    arb_mul_si(a, a, percent, BITS);
    arb_div_si(a, a, 100, BITS);
    arb_zero(x);
    density(x, x); /* phi(0) = 1/sqrt(2 pi) */
    arb_mul(square, x, beta, BITS);
    arb_mul_ui(square, square, 6, BITS);
    arb_mul(square, square, r, BITS);
    arb_div(square, square, v, BITS); /* y V^(-3/2) = r/V */
    arb_sub(a, a, square, BITS);
    arb_mul(x, x, r, BITS);
    arb_one(square);
    density(square, square);
    arb_min(x, x, square, BITS);
    arb_mul(x, x, w, BITS);
    arb_div(x, x, v, BITS);
    arb_sub(a, a, x, BITS);
    arb_add(b, v, w, BITS);
    arb_sqr(square, ball->y, BITS);
    arb_div(b, b, square, BITS);
    arb_sub_ui(b, b, 1, BITS);
    arb_neg(b, b);
    arb_clear(w);
    arb_clear(beta);
    arb_clear(square);
    arb_clear(x);
}

static sb_status try_ball(small_ball *ball, slong percent, sb_finding *finding, sb_error *error) {
    arb_t v, r, a, b, probability;
    arb_ptr all[] = {v, r, a, b, probability};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) arb_init(all[i]);
    slong sum = 0;
    for (size_t i = 0; i < ball->count; i++) sum += ball->level[i] * ball->level[i];
    arb_set_si(v, sum);
    arb_div_si(v, v, LEVELS * LEVELS, BITS);
    arb_mul_ui(v, v, ball->repeat, BITS);
    arb_set_si(r, ball->quarters);
    arb_mul_2exp_si(r, r, -2);
    arb_sqrt(ball->y, v, BITS);
    arb_mul(ball->y, ball->y, r, BITS);
    arb_set_si(ball->width, ball->halves);
    arb_mul_2exp_si(ball->width, ball->width, -1);
    integrate(probability, ball);
    minorants(a, b, r, v, ball, percent);
    arb_max(a, a, b, BITS);
    sb_status status = SB_OK;
    if (!arb_ge(probability, a)) {
        char *have = sb_decimal_upper(probability, 6), *want = sb_decimal_lower(a, 6);
        status =
            sb_find(finding, error, arb_lt(probability, a) ? SB_REFUTED : SB_UNSETTLED,
                    "%lu x %zu weights, the first %ld/8, x0 = %ld/2, y = (%ld/4) sqrt V: Q(y) <= %s, not %s",
                    ball->repeat, ball->count, (long)ball->level[0], (long)ball->halves, (long)ball->quarters,
                    have ? have : "?", want ? want : "?");
        free(have);
        free(want);
    }
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) arb_clear(all[i]);
    return status;
}

/* Random weights in eighths, up to 12 of them, taken 1 or 25 times; and 2500 equal ones. */
static void draw(small_ball *ball, size_t k, uint64_t *state) {
    ball->repeat = k % 2 ? 25 : 1;
    ball->count = 1 + sb_finite_law_random_below(state, MOST);
    for (size_t i = 0; i < ball->count; i++)
        ball->level[i] = 1 + (slong)sb_finite_law_random_below(state, LEVELS);
    if (k > 0) return;
    ball->repeat = 2500;
    ball->count = 1;
    ball->level[0] = LEVELS;
}

static sb_status check_small_ball(slong percent, sb_finding *finding, sb_error *error) {
    enum { WEIGHTS = 31, ROOTS = 3 };
    static const slong quarters[] = {1, 3, 5, 8, 16};
    enum { WIDTHS = sizeof quarters / sizeof quarters[0] };
    small_ball ball;
    arb_init(ball.y);
    arb_init(ball.width);
    uint64_t state = 12;
    sb_status status = SB_OK;
    for (size_t k = 0; k < WEIGHTS; k++) {
        draw(&ball, k, &state);
        for (size_t i = 0; i < ROOTS * WIDTHS && !status && !finding->evidence; i++) {
            ball.halves = 1 + (slong)(i / WIDTHS);
            ball.quarters = quarters[i % WIDTHS];
            status = try_ball(&ball, percent, finding, error);
        }
    }
    arb_clear(ball.y);
    arb_clear(ball.width);
    if (status || finding->evidence) return status;
    return sb_find(
        finding, error, SB_CONSISTENT,
        "certified by integrals for %d weights in eighths (1 to 12 of them, once or 25 times, and 2500 "
        "equal ones), x0 = 1/2, 1, 3/2, y = 1/4 to 4 sqrt V",
        (int)WEIGHTS);
}

sb_status sb_check_small_ball(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_small_ball(100, finding, error);
}

/* false: 101/100 of the main term */
sb_status sb_check_small_ball_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_small_ball(101, finding, error);
}
