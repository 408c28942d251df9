/* The exact criterion against closed forms (Gaussian noise, log-concave laws on the line), finite laws by
   trying every breakpoint of lambda, and two Laplace coordinates by summing over a fine grid of losses. */
#include "distributions/neyman_pearson.h"
#include "distributions/product_overlap.h"
#include "support/enclosure.h"
#include "tests/test.h"

#include <math.h>

static double uniform(uint64_t *state) {
    return ((double)(sb_test_random(state) >> 11) + 0.5) / 9007199254740992.0;
}

static double middle(const arb_t ball) {
    return arf_get_d(arb_midref(ball), ARF_RND_NEAR);
}

/* Both balls have `digits` digits, and their sum is 1. */
static int is_sharp(const arb_t criterion, const arb_t slack, int digits) {
    slong bits = (slong)(digits * 3.32);
    arb_t sum;
    arb_init(sum);
    arb_add(sum, criterion, slack, 200);
    int result = arb_contains_si(sum, 1) && arb_rel_accuracy_bits(criterion) >= bits &&
                 arb_rel_accuracy_bits(slack) >= bits;
    arb_clear(sum);
    return result;
}

/* N(0, 1) against N(t, 1): p < lambda q for x > t/2 - c/t, so M = Phi(c/t - t/2) + lambda Phi(-t/2 - c/t). */
static sb_status gaussian_overlap(arb_t overlap, const void *context, const arb_t c, int digits,
                                  sb_error *error) {
    const double *t = context;
    slong precision = 4 * digits + 200;
    arb_t shift, x, y;
    (void)error;
    arb_init(shift);
    arb_init(x);
    arb_init(y);
    arb_set_d(shift, *t);
    arb_div(x, c, shift, precision);
    arb_mul_2exp_si(shift, shift, -1);
    arb_neg(y, x);
    arb_sub(x, x, shift, precision);
    arb_sub(y, y, shift, precision);
    sb_normal_cdf(overlap, x, precision);
    sb_normal_cdf(y, y, precision);
    arb_exp(x, c, precision);
    arb_mul(y, y, x, precision);
    arb_add(overlap, overlap, y, precision);
    arb_clear(shift);
    arb_clear(x);
    arb_clear(y);
    return SB_OK;
}

/* rho = 2 Phi(t) - 1 */
static void gaussian_noise(void) {
    uint64_t state = 1;
    arb_t criterion, slack, truth, x;
    arb_init(criterion);
    arb_init(slack);
    arb_init(truth);
    arb_init(x);
    for (int i = 0; i < 150; i++) {
        double t = pow(10, -4 + 5.3 * uniform(&state)); /* 1e-4 .. 20 */
        int digits = 3 + (int)(sb_test_random(&state) % 10);
        SB_CHECK(sb_neyman_pearson(criterion, slack, gaussian_overlap, &t, digits, NULL, NULL) == SB_OK);
        arb_set_d(x, -t);
        sb_normal_cdf(truth, x, 300);
        arb_mul_2exp_si(truth, truth, 1);
        SB_CHECK(arb_overlaps(slack, truth), "t = %.17g, digits %d", t, digits);
        arb_sub_ui(truth, truth, 1, 300);
        arb_neg(truth, truth);
        SB_CHECK(arb_overlaps(criterion, truth), "t = %.17g, digits %d", t, digits);
        SB_CHECK(is_sharp(criterion, slack, digits), "t = %.17g, digits %d: %ld and %ld bits", t, digits,
                 (long)arb_rel_accuracy_bits(criterion), (long)arb_rel_accuracy_bits(slack));
    }
    arb_clear(criterion);
    arb_clear(slack);
    arb_clear(truth);
    arb_clear(x);
}

/* ------------------------------------------------------------------ finite laws */
enum { POINTS = 6 };
typedef struct {
    double p[POINTS], q[POINTS];
} finite_pair;

static double finite_overlap_at(const finite_pair *pair, double lambda) {
    double sum = 0;
    for (int i = 0; i < POINTS; i++) sum += fmin(pair->p[i], lambda * pair->q[i]);
    return sum;
}

/* As balls: the doubles are taken as exact. */
static sb_status finite_overlap(arb_t overlap, const void *context, const arb_t c, int digits,
                                sb_error *error) {
    const finite_pair *pair = context;
    arb_t lambda, x, y;
    (void)digits;
    (void)error;
    arb_init(lambda);
    arb_init(x);
    arb_init(y);
    arb_exp(lambda, c, 300);
    arb_zero(overlap);
    for (int i = 0; i < POINTS; i++) {
        arb_set_d(x, pair->p[i]);
        arb_set_d(y, pair->q[i]);
        arb_mul(y, y, lambda, 300);
        arb_min(x, x, y, 300);
        arb_add(overlap, overlap, x, 300);
    }
    arb_clear(lambda);
    arb_clear(x);
    arb_clear(y);
    return SB_OK;
}

/* 1 + lambda - 2 M is piecewise linear: its minimum is at lambda = 0 or at a ratio p_i/q_i. */
static void finite_laws(void) {
    uint64_t state = 2;
    arb_t criterion, slack;
    arb_init(criterion);
    arb_init(slack);
    int below_one = 0;
    for (int trial = 0; trial < 300; trial++) {
        finite_pair pair;
        double sum_p = 0, sum_q = 0, truth = 1, variation = 0;
        for (int i = 0; i < POINTS; i++) {
            sum_p += pair.p[i] = floor(16 * uniform(&state)) * (sb_test_random(&state) % 4 ? 1 : 0);
            sum_q += pair.q[i] = floor(16 * uniform(&state));
        }
        if (sum_p == 0 || sum_q == 0) continue;
        for (int i = 0; i < POINTS; i++) { /* multiples of 2^-30 that add up to 1 within 2^-27 */
            pair.p[i] = floor(pair.p[i] / sum_p * 0x1p30) * 0x1p-30;
            pair.q[i] = floor(pair.q[i] / sum_q * 0x1p30) * 0x1p-30;
            variation += fabs(pair.p[i] - pair.q[i]) / 2;
        }
        for (int i = 0; i < POINTS; i++) {
            if (pair.q[i] == 0) continue;
            double lambda = pair.p[i] / pair.q[i];
            truth = fmin(truth, 1 + lambda - 2 * finite_overlap_at(&pair, lambda));
        }
        below_one += truth < 0.999;
        SB_CHECK(sb_neyman_pearson(criterion, slack, finite_overlap, &pair, 6, NULL, NULL) == SB_OK);
        double low, high;
        arf_t end;
        arf_init(end);
        arb_get_lbound_arf(end, criterion, 53);
        low = arf_get_d(end, ARF_RND_DOWN);
        arb_get_ubound_arf(end, criterion, 53);
        high = arf_get_d(end, ARF_RND_UP);
        arf_clear(end);
        SB_CHECK(low <= truth + 1e-7 && truth - 1e-7 <= high, "trial %d: [%.9g, %.9g] against %.9g", trial,
                 low, high, truth);
        SB_CHECK(low >= variation - 1e-7 && high - low < 1e-3, "trial %d: [%.9g, %.9g], TV %.9g", trial, low,
                 high, variation);
    }
    SB_CHECK(below_one > 100);
    arb_clear(criterion);
    arb_clear(slack);
}

/* ------------------------------------------------------------------ product noise */
static void open_noise(sb_noise_spec *noise, const char *text) {
    sb_noise_spec_init(noise);
    if (sb_noise_spec_parse_shape(noise, text, NULL)) abort();
}

/* d = 1: Pr(|X| <= v); Laplace 1 - e^-v, uniform min{1, v}. */
static void on_the_line(void) {
    uint64_t state = 3;
    sb_noise_spec laplace, cube;
    arb_t length, criterion, slack;
    arb_init(length);
    arb_init(criterion);
    arb_init(slack);
    open_noise(&laplace, "laplace");
    open_noise(&cube, "uniform");
    for (int i = 0; i < 100; i++) {
        double v = pow(10, -5 + 6 * uniform(&state));
        arb_set_d(length, v);
        SB_CHECK(sb_equal_shift_criterion(criterion, slack, &laplace, 1, length, 10, NULL, NULL) == SB_OK);
        SB_CHECK(fabs(middle(criterion) / -expm1(-v) - 1) < 1e-13 &&
                     fabs(middle(slack) / exp(-v) - 1) < 1e-13,
                 "v = %.17g", v);
        SB_CHECK(is_sharp(criterion, slack, 10), "v = %.17g", v);
        SB_CHECK(sb_equal_shift_criterion(criterion, slack, &cube, 1, length, 10, NULL, NULL) == SB_OK);
        SB_CHECK(fabs(middle(criterion) / fmin(1, v) - 1) < 1e-13, "v = %.17g", v);
    }
    sb_noise_spec_clear(&laplace);
    sb_noise_spec_clear(&cube);
    arb_clear(length);
    arb_clear(criterion);
    arb_clear(slack);
}

/* Two Laplace coordinates shifted by v each: with x uniform on cells of (0, v), the loss of one is v - 2x;
   atoms at v (mass 1/2) and -v (mass e^-v/2). */
enum { CELLS = 500 };
static double laplace_pair(double v) {
    static double loss[CELLS + 2], mass[CELLS + 2];
    for (int i = 0; i < CELLS; i++) {
        double a = v * i / CELLS, b = v * (i + 1) / CELLS;
        loss[i] = v - a - b;
        mass[i] = (exp(-a) - exp(-b)) / 2;
    }
    loss[CELLS] = v;
    mass[CELLS] = 0.5;
    loss[CELLS + 1] = -v;
    mass[CELLS + 1] = exp(-v) / 2;
    double low = -2 * v, high = 0, best = 2;
    for (int step = 0; step < 40; step++) {
        double c[2] = {low + (high - low) / 3, high - (high - low) / 3}, value[2];
        for (int k = 0; k < 2; k++) {
            double overlap = 0;
            for (int i = 0; i < CELLS + 2; i++)
                for (int j = 0; j < CELLS + 2; j++)
                    overlap += mass[i] * mass[j] * fmin(1, exp(c[k] - loss[i] - loss[j]));
            value[k] = 1 + exp(c[k]) - 2 * overlap;
            best = fmin(best, value[k]);
        }
        *(value[0] < value[1] ? &high : &low) = c[value[0] < value[1]];
    }
    return best;
}

static void two_laplace_coordinates(void) {
    static const double length[] = {0.2, 0.979366, 2.5};
    sb_noise_spec laplace;
    arb_t v, criterion, slack;
    arb_init(v);
    arb_init(criterion);
    arb_init(slack);
    open_noise(&laplace, "laplace");
    for (int i = 0; i < 3; i++) {
        double log_lambda = NAN, truth = laplace_pair(length[i]);
        arb_set_d(v, length[i]);
        SB_CHECK(sb_equal_shift_criterion(criterion, slack, &laplace, 2, v, 6, &log_lambda, NULL) == SB_OK);
        SB_CHECK(fabs(middle(criterion) - truth) < 2e-5, "v = %g: %.9g against %.9g", length[i],
                 middle(criterion), truth);
        SB_CHECK(log_lambda < 1e-6 && log_lambda > -2 * length[i], "v = %g: %.9g", length[i], log_lambda);
    }
    sb_noise_spec_clear(&laplace);
    arb_clear(v);
    arb_clear(criterion);
    arb_clear(slack);
}

/* TV <= rho <= min{1, 2 TV}; rho does not decrease in the length; the guess of lambda does not matter. */
static void laws_of_laplace_noise(void) {
    uint64_t state = 4;
    sb_noise_spec laplace;
    arb_t length, criterion, slack, again, variation, zero;
    arb_init(length);
    arb_init(criterion);
    arb_init(slack);
    arb_init(again);
    arb_init(variation);
    arb_init(zero);
    open_noise(&laplace, "laplace");
    for (int i = 0; i < 30; i++) {
        uint64_t d = 1 + sb_test_random(&state) % (i % 2 ? 3000 : 20);
        double v = pow(10, -1.5 + 2 * uniform(&state)) / sqrt((double)d), guess = -3 * uniform(&state);
        arb_set_d(length, v);
        SB_CHECK(sb_equal_shift_criterion(criterion, slack, &laplace, d, length, 5, NULL, NULL) == SB_OK);
        SB_CHECK(sb_equal_shift_criterion(again, variation, &laplace, d, length, 5, &guess, NULL) == SB_OK);
        SB_CHECK(arb_overlaps(criterion, again) && arb_overlaps(slack, variation), "d = %llu, v = %.17g",
                 (unsigned long long)d, v);
        SB_CHECK(sb_product_overlap_equal(variation, &laplace, d, length, zero, 8, NULL) == SB_OK);
        double tv = 1 - middle(variation), rho = middle(criterion);
        SB_CHECK(tv <= rho * (1 + 1e-4) && rho <= fmin(1, 2 * tv) * (1 + 1e-4),
                 "d = %llu, v = %.17g: TV %.9g, rho %.9g", (unsigned long long)d, v, tv, rho);
        arb_set_d(length, v * 1.01);
        SB_CHECK(sb_equal_shift_criterion(again, variation, &laplace, d, length, 5, NULL, NULL) == SB_OK);
        SB_CHECK(arb_gt(again, criterion), "d = %llu, v = %.17g", (unsigned long long)d, v);
    }
    sb_noise_spec_clear(&laplace);
    arb_clear(length);
    arb_clear(criterion);
    arb_clear(slack);
    arb_clear(again);
    arb_clear(variation);
    arb_clear(zero);
}

static void edges(void) {
    sb_noise_spec cube;
    arb_t length, criterion, slack;
    arb_init(length);
    arb_init(criterion);
    arb_init(slack);
    open_noise(&cube, "uniform");
    SB_CHECK(sb_equal_shift_criterion(criterion, slack, &cube, 7, length, 6, NULL, NULL) == SB_OK);
    SB_CHECK(arb_is_zero(criterion) && arb_is_one(slack)); /* no shift */
    arb_set_ui(length, 3);
    SB_CHECK(sb_equal_shift_criterion(criterion, slack, &cube, 7, length, 6, NULL, NULL) == SB_OK);
    SB_CHECK(arb_is_one(criterion) && arb_is_zero(slack)); /* disjoint */
    sb_noise_spec_clear(&cube);
    arb_clear(length);
    arb_clear(criterion);
    arb_clear(slack);
}

static const sb_test tests[] = {
    {"Neyman-Pearson: Gaussian noise", gaussian_noise},
    {"Neyman-Pearson: finite laws, every breakpoint", finite_laws},
    {"Neyman-Pearson: laws on the line", on_the_line},
    {"Neyman-Pearson: two Laplace coordinates on a grid", two_laplace_coordinates},
    {"Neyman-Pearson: TV <= rho <= 2 TV, monotone, any guess", laws_of_laplace_noise},
    {"Neyman-Pearson: edges", edges}};
SB_TEST_MAIN(tests)
