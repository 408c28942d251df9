/* ell against the exact Pr(|S - Y| < y), by Fourier inversion and by enumeration of the signs with the
   density of Y; against its definition as an infimum; L against values by mpmath. */
#include "bounds/small_ball.h"
#include "tests/test.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

static double uniform(uint64_t *state) {
    return (double)(sb_test_random(state) >> 11) / 9007199254740992.0;
}

/* The end of a ball as a double, rounded up a little: a lower bound that fails by less than that passes. */
static double upper_end(const arb_t value) {
    arf_t end;
    arf_init(end);
    arb_get_ubound_arf(end, value, 64);
    double x = arf_get_d(end, ARF_RND_UP);
    arf_clear(end);
    return x;
}

static double beta_of(double band) {
    return (-log(cos(band)) - band * band / 2) / pow(band, 4);
}

static double phi(double x) {
    return exp(-x * x / 2) / sqrt(2 * pi);
}

/* max{0, A, A'} at V, as the header states it */
static double least_mass(double y, double V, double clip, double band) {
    double W = pow(pi * clip / band, 2), root = sqrt(V),
           A = erf(y / root / sqrt(2)) - 6 * beta_of(band) / sqrt(2 * pi) * clip * clip * y / (V * root) -
               W / (2 * V) * fmin(2 * phi(1), 2 * phi(0) * y / root),
           chebyshev = 1 - (V + W) / (y * y);
    return fmax(0, fmax(A, chebyshev));
}

/* ------------------------------------------------------------------ exact probabilities */
typedef struct {
    double clip, band, width; /* K, x0, x0/K */
    double weight[64];        /* in (0, K] */
    int count;
} sum;

/* The characteristic function of Y: the autocorrelation of cos(pi xi/width) on |xi| <= width/2. */
static double transform_of_y(const sum *x, double xi) {
    double r = xi / x->width;
    return r >= 1 ? 0 : (1 - r) * cos(pi * r) + sin(pi * r) / pi;
}

/* (2/pi) int_0^width prod cos(b_i xi) c_Y(xi) sin(y xi)/xi dxi by Simpson's rule */
static double fourier_mass(const sum *x, double y) {
    enum { STEPS = 2000 };
    double total = 0, h = x->width / STEPS;
    for (int k = 0; k <= STEPS; k++) {
        double xi = k * h, f = transform_of_y(x, xi) * (k ? sin(y * xi) / xi : y);
        for (int i = 0; i < x->count; i++) f *= cos(x->weight[i] * xi);
        total += f * (k == 0 || k == STEPS ? 1 : k % 2 ? 4 : 2);
    }
    return total * h / 3 * 2 / pi;
}

/* The density of Y: 4 pi L cos^2(L x/2)/(pi^2 - L^2 x^2)^2, L = width */
static double density_of_y(const sum *x, double at) {
    double r = at * x->width, gap = pi * pi - r * r;
    if (fabs(gap) < 1e-6) return x->width / (4 * pi);
    return 4 * pi * x->width * pow(cos(r / 2) / gap, 2);
}

/* Pr(a < Y < b) by Simpson's rule */
static double mass_of_y(const sum *x, double a, double b) {
    enum { STEPS = 4000 };
    double total = 0, h = (b - a) / STEPS;
    for (int k = 0; k <= STEPS; k++)
        total += density_of_y(x, a + k * h) * (k == 0 || k == STEPS ? 1 : k % 2 ? 4 : 2);
    return total * h / 3;
}

static double enumerated_mass(const sum *x, double y) {
    double total = 0;
    for (int signs = 0; signs < 1 << x->count; signs++) {
        double S = 0;
        for (int i = 0; i < x->count; i++) S += signs >> i & 1 ? x->weight[i] : -x->weight[i];
        total += mass_of_y(x, S - y, S + y); /* |S - Y| < y */
    }
    return total / (1 << x->count);
}

static void random_sum(sum *x, uint64_t *state, int most) {
    x->clip = 1.5 + 20 * uniform(state);
    x->band = 0.5 + 1.05 * uniform(state);
    x->width = x->band / x->clip;
    x->count = 1 + (int)(sb_test_random(state) % (uint64_t)most);
    int kind = (int)(sb_test_random(state) % 3); /* all K, all small, mixed */
    for (int i = 0; i < x->count; i++)
        x->weight[i] = x->clip * (kind == 0 ? 1 : kind == 1 ? 0.3 * uniform(state) : uniform(state));
}

static double variance(const sum *x) {
    double V = 0;
    for (int i = 0; i < x->count; i++) V += x->weight[i] * x->weight[i];
    return V;
}

static void law_of_y(void) {
    uint64_t state = 5;
    for (int trial = 0; trial < 12; trial++) {
        sum x;
        random_sum(&x, &state, 5);
        double y = (0.1 + 2 * uniform(&state)) * sqrt(variance(&x)), a = fourier_mass(&x, y),
               b = enumerated_mass(&x, y), far = 400 / x.width, second = 0;
        SB_CHECK(fabs(a - b) < 1e-7, "trial %d: %.12g %.12g", trial, a, b);
        for (int k = 0; k < 200000; k++) /* the rest beyond `far` is 4 pi/(L^2 far) to first order */
            second += 2 * pow(far * (k + 0.5) / 200000, 2) * density_of_y(&x, far * (k + 0.5) / 200000);
        second = second * far / 200000 + 4 * pi / (pow(x.width, 3) * far);
        double W = pow(pi * x.clip / x.band, 2);
        SB_CHECK(fabs(second / W - 1) < 1e-4, "trial %d: Var Y %.12g, W %.12g", trial, second, W);
    }
}

/* ------------------------------------------------------------------ the bound */
/* The ball's ell at (y, v), the best of many splits; every one must be valid: none above `limit`. */
static double best_ell(const sum *x, uint64_t dimension, double y, double v, double limit, int trial) {
    sb_small_ball ball;
    fmpq_t clip, band;
    arf_t exact;
    arb_t side, t, value;
    sb_small_ball_init(&ball);
    fmpq_init(clip);
    fmpq_init(band);
    arf_init(exact);
    arb_init(side);
    arb_init(t);
    arb_init(value);
    arf_set_d(exact, x->clip);
    arf_get_fmpq(clip, exact);
    arf_set_d(exact, x->band);
    arf_get_fmpq(band, exact);
    double best = 0, d = (double)dimension;
    SB_CHECK(sb_small_ball_set(&ball, SB_PROMISE_TV, dimension, clip, band), "trial %d", trial);
    arb_set_d(side, y / d);
    arb_set_d(t, v / (d * d));
    const double odd[] = {0, 1e-300, -1, INFINITY, NAN};
    for (int k = -5; k < 120; k++) {
        double split = k < 0 ? odd[k + 5] : y / sqrt(v) * pow(2, k / 16.0 - 0.25);
        sb_small_ball_ell(value, &ball, side, t, split);
        double end = upper_end(value);
        if (k < 0 && !isfinite(end)) continue; /* no bound at all */
        SB_CHECK(end <= limit, "trial %d: K %g x0 %g n %d y %g v %g split %g: %.12g above %.12g", trial,
                 x->clip, x->band, x->count, y, v, split, end, limit);
        best = fmax(best, end);
    }
    sb_small_ball_clear(&ball);
    fmpq_clear(clip);
    fmpq_clear(band);
    arf_clear(exact);
    arb_clear(side);
    arb_clear(t);
    arb_clear(value);
    return best;
}

static void below_the_truth(void) {
    uint64_t state = 1;
    int useful = 0;
    double least_slack = 1;
    for (int trial = 0; trial < 150; trial++) {
        sum x;
        random_sum(&x, &state, 60);
        double v = variance(&x), y = (0.3 + 3 * uniform(&state)) * sqrt(v), exact = fourier_mass(&x, y),
               found = best_ell(&x, 2 + sb_test_random(&state) % 5000, y, v, exact + 1e-9, trial);
        useful += found > 0;
        if (found > 0) least_slack = fmin(least_slack, exact - found);
    }
    SB_CHECK(useful > 60 && least_slack < 0.02, "useful %d, least slack %g", useful, least_slack);
}

static void is_the_infimum(void) {
    uint64_t state = 2;
    for (int trial = 0; trial < 150; trial++) {
        sum x;
        random_sum(&x, &state, 3);
        double y = x.clip * pow(2, 6 * uniform(&state)), v = y * y * pow(2, 9 * uniform(&state) - 5),
               least = 1;
        for (int k = 0; k <= 4000; k++)
            least = fmin(least, least_mass(y, v * pow(2, -k * 0.004), x.clip, x.band));
        double found = best_ell(&x, 100, y, v, least + 1e-5, trial);
        SB_CHECK(found >= 0.93 * least - 0.01, "trial %d: K %g x0 %g y %g v %g: %g, infimum %g", trial,
                 x.clip, x.band, y, v, found, least);
    }
}

/* L by mpmath: the infimum by a scan and golden sections. x0 in 64ths. */
static const struct {
    uint64_t dimension;
    slong clip, band;
    double t;
    sb_promise promise;
    double profile;
} reference[] = {{3072, 212, 93, 0.5, SB_PROMISE_TV, 0.49051725085402003},
                 {3072, 212, 93, 0.0625, SB_PROMISE_TV, 0.72370726761592909},
                 {3072, 212, 93, 2.0, SB_PROMISE_TV, 0.23740014051087561},
                 {150528, 22784, 94, 16.0, SB_PROMISE_TV, 0.098581615503721129},
                 {150528, 22784, 94, 48.0, SB_PROMISE_TV, 0.056649842260651083},
                 {3072, 400, 94, 6.0, SB_PROMISE_ROBUST, 0.27939290824682764},
                 {784, 120, 94, 3.0, SB_PROMISE_TV, 0.110828791758678},
                 {784, 120, 94, 9.0, SB_PROMISE_TV, 0.065653399383607646},
                 {784, 120, 94, 10.0, SB_PROMISE_ROBUST, 0.11144275225044359},
                 {150528, 928, 80, 0.0078125, SB_PROMISE_TV, 0.97514945280134238}};

static void profiles(void) {
    fmpq_t clip, band;
    arb_t t, value;
    fmpq_init(clip);
    fmpq_init(band);
    arb_init(t);
    arb_init(value);
    for (size_t i = 0; i < sizeof reference / sizeof reference[0]; i++) {
        sb_small_ball ball;
        sb_small_ball_estimate estimate;
        double split[SB_SMALL_BALL_SIDES], truth = reference[i].profile;
        sb_small_ball_init(&ball);
        fmpq_set_si(clip, reference[i].clip, 1);
        fmpq_set_si(band, reference[i].band, 64);
        SB_CHECK(sb_small_ball_set(&ball, reference[i].promise, reference[i].dimension, clip, band));
        sb_small_ball_estimate_set(&estimate, reference[i].promise, (double)reference[i].dimension,
                                   (double)reference[i].clip, (double)reference[i].band / 64);
        double near = sb_small_ball_estimate_profile(&estimate, reference[i].t, split);
        arb_set_d(t, reference[i].t);
        sb_small_ball_profile(value, &ball, t, split);
        double end = upper_end(value);
        SB_CHECK(end <= truth + 1e-14 && end > truth - 2e-4, "%zu: %.15g, mpmath %.15g", i, end, truth);
        SB_CHECK(fabs(near - truth) < 2e-4, "%zu: %.15g, mpmath %.15g", i, near, truth);
        arb_set_d(t, 1.0001 * sb_small_ball_estimate_end(&estimate));
        sb_small_ball_profile(value, &ball, t, split);
        SB_CHECK(arb_is_zero(value), "%zu: 0 beyond the end", i);
        sb_small_ball_clear(&ball);
    }
    fmpq_clear(clip);
    fmpq_clear(band);
    arb_clear(t);
    arb_clear(value);
}

static void domain(void) {
    static const struct {
        const char *clip, *band;
        int inside;
    } at[] = {{"1", "1", 0},    {"1/2", "1", 0},  {"2", "0", 0},   {"2", "-1", 0},
              {"2", "22/7", 0}, {"2", "11/7", 0}, {"2", "3/2", 1}, {"10001/10000", "157/100", 1}};
    fmpq_t clip, band;
    fmpq_init(clip);
    fmpq_init(band);
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        sb_small_ball ball;
        sb_small_ball_init(&ball);
        fmpq_set_str(clip, at[i].clip, 10);
        fmpq_set_str(band, at[i].band, 10);
        SB_CHECK(sb_small_ball_set(&ball, SB_PROMISE_TV, 10, clip, band) == at[i].inside, "K %s, x0 %s",
                 at[i].clip, at[i].band);
        sb_small_ball_clear(&ball);
    }
    fmpq_clear(clip);
    fmpq_clear(band);
}

static const sb_test tests[] = {{"small_ball: the law of Y", law_of_y},
                                {"small_ball: below the exact probability", below_the_truth},
                                {"small_ball: the infimum over V", is_the_infimum},
                                {"small_ball: L by mpmath", profiles},
                                {"small_ball: domain", domain}};
SB_TEST_MAIN(tests)
