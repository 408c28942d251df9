/* The worst shift of an l_p ball: closed forms, brute force over shifts in small dimension, and what must not
 * be claimed. */
#include "distributions/worst_shift.h"
#include "tests/test.h"

#include <math.h>

enum { DIGITS = 12 };

typedef struct {
    sb_noise_spec noise;
    sb_exact norm, eps;
    sb_worst_result result;
    sb_error error;
    sb_status status;
} answer;

static void ask_digits(answer *a, const char *noise, uint64_t dimension, const char *norm, const char *eps,
                       int digits) {
    sb_tv_options options;
    sb_tv_options_init(&options);
    options.digits = digits;
    sb_noise_spec_init(&a->noise);
    sb_exact_init(&a->norm);
    sb_exact_init(&a->eps);
    sb_worst_result_init(&a->result);
    a->error = (sb_error){SB_OK, ""};
    a->status = sb_noise_spec_parse(&a->noise, noise, &a->error);
    if (!a->status) a->status = sb_exact_parse("p", norm, &a->norm, &a->error);
    if (!a->status) a->status = sb_exact_parse("eps", eps, &a->eps, &a->error);
    if (!a->status)
        a->status = sb_worst_total_variation(&a->result, &a->noise, dimension, &a->norm, a->eps.value,
                                             &options, &a->error);
}

static void ask(answer *a, const char *noise, uint64_t dimension, const char *norm, const char *eps) {
    ask_digits(a, noise, dimension, norm, eps, DIGITS);
    SB_CHECK(a->status == SB_OK, "%s d=%llu p=%s eps=%s: %s", noise, (unsigned long long)dimension, norm, eps,
             a->error.message);
}

static void forget(answer *a) {
    sb_noise_spec_clear(&a->noise);
    sb_exact_clear(&a->norm);
    sb_exact_clear(&a->eps);
    sb_worst_result_clear(&a->result);
}

/* Both numbers agree with the overlap `reference`, to DIGITS digits if it is no bracket. */
static int agrees(const answer *a, const arb_t reference) {
    arb_t complement;
    arb_init(complement);
    arb_sub_ui(complement, reference, 1, 400);
    arb_neg(complement, complement);
    int same = arb_overlaps(a->result.overlap, reference) &&
               arb_overlaps(a->result.total_variation, complement) &&
               (a->result.kind == SB_WORST_BRACKET || a->result.digits_met);
    if (!same) {
        printf("# overlap ");
        arb_printn(a->result.overlap, 30, 0);
        printf(", not ");
        arb_printn(reference, 30, 0);
        printf(" (%s)\n", a->result.how ? a->result.how : "");
    }
    arb_clear(complement);
    return same;
}

static double middle(const arb_t x) {
    return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

/* ------------------------------------------------------------------ closed forms */
/* Gaussian, and exp-l2 with k = 2, which has sigma = b/sqrt(2): erfc(eps d^(1/2-1/p)_+/(2 sqrt(2) sigma)). */
static void isotropic(void) {
    static const struct {
        const char *norm, *eps;
        uint64_t dimension;
        int root; /* d^(root/12) */
    } cases[] = {{"inf", "8/255", 150528, 6},
                 {"inf", "1/10^9", 3072, 6},
                 {"2", "1/2", 3072, 0},
                 {"1", "3", 10, 0},
                 {"1/2", "3", 10, 0},
                 {"4", "1/100", 3072, 3},
                 {"3", "2", 7, 2},
                 {"inf", "40", 3, 6},
                 {"6", "1/10", UINT64_C(1) << 62, 4}};
    arb_t reference, x;
    arb_init(reference);
    arb_init(x);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static const char *const noise[] = {"gaussian:sigma=1/2", "exp-l2:k=2,b=1", "exp-l2:k=2,sigma=1/2"};
        for (int n = 0; n < 3; n++) {
            answer a;
            ask(&a, noise[n], cases[i].dimension, cases[i].norm, cases[i].eps);
            arb_set_ui(x, cases[i].dimension);
            arb_root_ui(x, x, 12, 400);
            arb_pow_ui(x, x, (ulong)cases[i].root, 400);
            arb_set_fmpq(reference, a.eps.value, 400);
            arb_mul(x, x, reference, 400);
            arb_mul_2exp_si(x, x, n == 1 ? -1 : 0); /* b = 1: eps/2; sigma = 1/2: eps/sqrt(2) */
            if (n != 1) {
                arb_set_d(reference, 0.5);
                arb_sqrt(reference, reference, 400);
                arb_mul(x, x, reference, 400);
            }
            arb_hypgeom_erfc(reference, x, 400);
            SB_CHECK(agrees(&a, reference), "%s d=%llu p=%s eps=%s", noise[n],
                     (unsigned long long)cases[i].dimension, cases[i].norm, cases[i].eps);
            SB_CHECK(a.result.kind == SB_WORST_EXACT);
            forget(&a);
        }
    }
    arb_clear(reference);
    arb_clear(x);
}

/* Cubes of density exp(-||x||_inf/b): p = inf gives 1 - TV = e^(-eps/2b) in every dimension; p = 1, d = 2:
   Pr(|X_1| > s) = (s+2) e^-s/2 at s = eps/2. pow-linf: (1 + eps/2b)^-(a-d). */
static void cubes(void) {
    static const char *const eps[] = {"1/10^25", "1/100", "3", "150"};
    static const uint64_t dimension[] = {1, 2, 3072, UINT64_C(1) << 62};
    arb_t reference, s;
    arb_init(reference);
    arb_init(s);
    for (size_t i = 0; i < 4; i++) {
        answer a;
        for (size_t j = 0; j < 4; j++) {
            char noise[60];
            ask(&a, "exp-linf:k=1,b=1/2", dimension[j], "inf", eps[i]);
            arb_set_fmpq(s, a.eps.value, 400);
            arb_neg(reference, s);
            arb_exp(reference, reference, 400);
            SB_CHECK(agrees(&a, reference) && a.result.kind == SB_WORST_EXACT, "exp-linf d=%llu eps=%s",
                     (unsigned long long)dimension[j], eps[i]);
            forget(&a);
            snprintf(noise, sizeof noise, "pow-linf:a=%llu,b=1/2", (unsigned long long)dimension[j] + 3);
            ask(&a, noise, dimension[j], "inf", eps[i]);
            arb_add_ui(reference, s, 1, 400);
            arb_pow_ui(reference, reference, 3, 400);
            arb_inv(reference, reference, 400);
            SB_CHECK(agrees(&a, reference) && a.result.kind == SB_WORST_EXACT, "%s eps=%s", noise, eps[i]);
            forget(&a);
        }
        ask(&a, "exp-linf:k=1,b=1/2", 2, i % 2 ? "1" : "2/3", eps[i]);
        arb_neg(reference, s);
        arb_exp(reference, reference, 400);
        arb_add_ui(s, s, 2, 400);
        arb_mul(reference, reference, s, 400);
        arb_mul_2exp_si(reference, reference, -1);
        SB_CHECK(agrees(&a, reference) && a.result.kind == SB_WORST_EXACT && a.result.coordinates == 1,
                 "eps=%s", eps[i]);
        forget(&a);
    }
    arb_clear(reference);
    arb_clear(s);
}

/* ------------------------------------------------------------------ uniform noise, by brute force */
/* The product over 1 - x_i for y_i = x_i^p. */
static double remaining(const double *y, int d, double p) {
    double product = 1;
    for (int i = 0; i < d; i++) product *= fmax(0, 1 - pow(fmax(y[i], 0), 1 / p));
    return product;
}

/* From y, moves of mass between two coordinates as long as they help. */
static double descend(double *y, int d, double p, double total) {
    double best = remaining(y, d, p);
    for (double step = total / 4; step > total * 1e-13;) {
        int better = 0;
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) {
                if (i == j || y[i] < step) continue;
                y[i] -= step;
                y[j] += step;
                double value = remaining(y, d, p);
                if (value < best) {
                    best = value;
                    better = 1;
                } else {
                    y[i] += step;
                    y[j] -= step;
                }
            }
        if (!better) step /= 2;
    }
    return best;
}

static double brute_force(int d, double p, double rho) {
    double total = pow(rho, p), least = 1, y[4];
    enum { GRID = 16 };
    for (int a = 0; a <= GRID; a++)
        for (int b = 0; a + b <= GRID; b++)
            for (int c = 0; a + b + c <= GRID; c++) {
                int rest = GRID - a - b - c;
                if ((d < 4 && c) || (d < 3 && b)) continue;
                if (a < b || (d > 3 && b < c) || rest > (d == 2 ? a : d == 3 ? b : c)) continue; /* sorted */
                y[0] = a * total / GRID, y[1] = b * total / GRID, y[2] = c * total / GRID;
                y[d - 1] = rest * total / GRID;
                double value = (a + b + c) % 3 ? remaining(y, d, p) : descend(y, d, p, total);
                if (value < least) least = value;
            }
    return least;
}

static void uniform_by_brute_force(void) {
    static const char *const norm[] = {"1/2", "1", "13/10", "2", "3", "8"};
    static const double p[] = {0.5, 1, 1.3, 2, 3, 8};
    static const char *const rho[] = {"1/50", "3/10", "3/5", "4/5", "19/20", "999/1000"};
    static const double r[] = {0.02, 0.3, 0.6, 0.8, 0.95, 0.999};
    int searched = 0, uneven = 0;
    for (int d = 2; d <= 4; d++)
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++) {
                answer a;
                ask(&a, "uniform:r=1/2", (uint64_t)d, norm[i], rho[j]);
                double least = brute_force(d, p[i], r[j]), ours = middle(a.result.overlap);
                SB_CHECK(fabs(ours - least) <= 1e-9 * least + 1e-14,
                         "d=%d p=%s rho=%s: %.17g, brute force %.17g (%s)", d, norm[i], rho[j], ours, least,
                         a.result.how);
                SB_CHECK(a.result.kind == SB_WORST_EXACT && a.result.digits_met, "d=%d p=%s rho=%s", d,
                         norm[i], rho[j]);
                searched += a.result.boxes > 0;
                uneven += a.result.coordinates != (uint64_t)d;
                forget(&a);
            }
    SB_CHECK(searched > 20 && uneven > 10, "%d searches, %d uneven", searched, uneven);
}

/* Known ends: p = inf, p = 1, rho <= 1 - 1/p; eps >= 2r; large d. */
static void uniform_closed(void) {
    answer a;
    arb_t reference;
    arb_init(reference);
    ask(&a, "uniform:r=1/2", 150528, "inf", "8/255");
    arb_set_ui(reference, 247);
    arb_div_ui(reference, reference, 255, 400);
    arb_pow_ui(reference, reference, 150528, 400);
    SB_CHECK(agrees(&a, reference) && a.result.coordinates == 150528 && !a.result.boxes);
    forget(&a);
    ask(&a, "uniform:r=1/2", 150528, "2", "1/2"); /* rho = 1/2 = 1 - 1/p */
    arb_set_ui(reference, 150528);
    arb_rsqrt(reference, reference, 400);
    arb_mul_2exp_si(reference, reference, -1);
    arb_sub_ui(reference, reference, 1, 400);
    arb_neg(reference, reference);
    arb_pow_ui(reference, reference, 150528, 400);
    SB_CHECK(agrees(&a, reference) && !a.result.boxes && strstr(a.result.how, "1 - 1/p"), "%s", a.result.how);
    forget(&a);
    ask(&a, "uniform:r=1/2", 150528, "2", "9/10"); /* far above: still all equal */
    arb_set_ui(reference, 150528);
    arb_rsqrt(reference, reference, 400);
    arb_mul_ui(reference, reference, 9, 400);
    arb_div_ui(reference, reference, 10, 400);
    arb_sub_ui(reference, reference, 1, 400);
    arb_neg(reference, reference);
    arb_pow_ui(reference, reference, 150528, 400);
    SB_CHECK(agrees(&a, reference) && a.result.boxes && a.result.coordinates == 150528, "%s", a.result.how);
    forget(&a);
    ask(&a, "uniform:r=1/2", 150528, "1", "1/3");
    arb_set_ui(reference, 2);
    arb_div_ui(reference, reference, 3, 400);
    SB_CHECK(agrees(&a, reference) && a.result.coordinates == 1);
    forget(&a);
    ask(&a, "uniform:r=1/2", 20, "5", "1");
    SB_CHECK(arb_is_zero(a.result.overlap) && arb_is_one(a.result.total_variation) && a.result.digits_met);
    forget(&a);
    ask(&a, "uniform:r=1/2", 20, "5", "0");
    SB_CHECK(arb_is_one(a.result.overlap) && arb_is_zero(a.result.total_variation));
    forget(&a);
    arb_clear(reference);
}

/* ------------------------------------------------------------------ brackets */
/* In two dimensions no shift of the sphere |v|_p = eps has an overlap below the bracket, and some v reaches
 * its upper end. */
static void brackets_hold(void) {
    static const char *const norm[] = {"3/2", "2", "4"};
    static const double p[] = {1.5, 2, 4};
    static const char *const noise[] = {"exp-linf:k=1,b=1", "exp-linf:k=4,b=1", "pow-linf:a=6,b=1"};
    arb_t one, value;
    sb_shift shift;
    arb_init(one);
    arb_init(value);
    sb_shift_init(&shift);
    arb_one(one);
    for (int i = 0; i < 3; i++)
        for (int n = 0; n < 3; n++) {
            answer a;
            ask(&a, noise[n], 2, norm[i], "3/2");
            SB_CHECK(a.result.kind == SB_WORST_BRACKET);
            double least = 1, width = 2 * mag_get_d(arb_radref(a.result.overlap));
            for (int j = 0; j <= 12; j++) {
                char text[80];
                double x = 1.5 * j / 12.0, y = pow(fmax(0, pow(1.5, p[i]) - pow(x, p[i])), 1 / p[i]);
                snprintf(text, sizeof text, "1:%.17f,1:%.17f", x, y);
                SB_CHECK(!sb_shift_parse(&shift, text, 2, &a.error), "%s: %s", text, a.error.message);
                a.noise.family->radial->overlap(value, &a.noise, &shift, one, 60);
                least = fmin(least, middle(value));
            }
            double low = middle(a.result.overlap) - width / 2;
            SB_CHECK(low <= least + 1e-12 && least <= low + width + 2e-2, "%s p=%s: %g in %g..%g", noise[n],
                     norm[i], least, low, low + width);
            forget(&a);
        }
    arb_clear(one);
    arb_clear(value);
    sb_shift_clear(&shift);
}

/* The radius is concentrated in high dimension: the bracket is as narrow as a rounding error. */
static void brackets_are_narrow(void) {
    answer a;
    ask(&a, "exp-linf:k=1,b=1/100", 3072, "2", "1");
    SB_CHECK(a.result.kind == SB_WORST_BRACKET && a.result.digits_met && a.result.coordinates == 3072);
    forget(&a);
    ask(&a, "exp-linf:k=2,sigma=1", 150528, "4", "1");
    SB_CHECK(a.result.kind == SB_WORST_BRACKET && a.result.digits_met && a.result.coordinates == 150528);
    forget(&a);
}

/* ------------------------------------------------------------------ product noise */
static void words(const char *noise, uint64_t dimension, const char *norm, const char *expected) {
    answer a;
    ask_digits(&a, noise, dimension, norm, "1/5", 6);
    char *text = sb_worst_words(a.result.kind, a.result.coordinates, dimension);
    SB_CHECK(a.status == SB_OK && text && strcmp(text, expected) == 0, "%s d=%llu p=%s: %s %s", noise,
             (unsigned long long)dimension, norm, text ? text : "-", a.error.message);
    SB_CHECK(a.status || (a.result.how && *a.result.how), "%s", noise);
    free(text);
    forget(&a);
}

static void words_are_earned(void) {
    words("gaussian:sigma=1", 10, "4", "exact worst case");
    words("uniform:r=1", 10, "4", "exact worst case");
    words("exp-linf:k=2,b=1", 10, "inf", "exact worst case");
    words("exp-linf:k=2,b=1", 10, "4", "bracket");
    words("exp-linf:k=2,b=1", 1, "4", "exact worst case");
    words("laplace:b=1", 1, "2", "exact worst case");
    words("laplace:b=1", 200, "inf", "exact worst case");
    words("logistic:scale=1", 200, "inf", "exact worst case");
    words("cauchy:scale=1", 1, "inf", "exact worst case");
    words("cauchy:scale=1", 50, "inf", "at the equal shift");
    words("laplace:b=1", 64, "1", "at one coordinate");
}

/* One dimension: Laplace 1 - TV = e^(-eps/2b), logistic 1 - tanh(eps/4s). And d Laplace coordinates shifted
   equally are at least as far apart as one of them. */
static void product_noise(void) {
    answer a, b;
    arb_t reference;
    arb_init(reference);
    ask(&a, "laplace:b=1/2", 1, "3", "1/3");
    arb_set_si(reference, -1);
    arb_div_ui(reference, reference, 3, 400);
    arb_exp(reference, reference, 400);
    SB_CHECK(agrees(&a, reference));
    ask(&b, "laplace:b=1/2", 3072, "inf", "1/3");
    SB_CHECK(b.result.kind == SB_WORST_EXACT && b.result.digits_met && b.result.coordinates == 3072);
    SB_CHECK(arb_lt(b.result.overlap, a.result.overlap));
    forget(&a);
    forget(&b);
    ask(&a, "logistic:scale=1/4", 1, "inf", "1/3");
    arb_set_ui(reference, 1);
    arb_div_ui(reference, reference, 3, 400);
    arb_tanh(reference, reference, 400);
    arb_sub_ui(reference, reference, 1, 400);
    arb_neg(reference, reference);
    SB_CHECK(agrees(&a, reference));
    forget(&a);
    arb_clear(reference);
}

/* ------------------------------------------------------------------ laws */
/* TV does not decrease with eps; a wide ball of lengths contains the values inside. */
static void grows_with_eps(void) {
    static const char *const noise[] = {"uniform:r=1", "gaussian:sigma=1", "l2-ball:r=1", "exp-linf:k=3,b=1",
                                        "exp-l2:k=1,b=1"};
    static const char *const norm[] = {"1/2", "3/2", "2", "5", "inf"};
    uint64_t state = 3;
    arb_t length, before, now, wide;
    sb_noise_spec spec;
    sb_exact p;
    sb_error error = {SB_OK, ""};
    arb_init(length);
    arb_init(before);
    arb_init(now);
    arb_init(wide);
    sb_noise_spec_init(&spec);
    sb_exact_init(&p);
    for (int n = 0; n < 5; n++)
        for (int i = 0; i < 5; i++) {
            int kind = -1;
            double at = 0.05;
            sb_noise_spec_parse(&spec, noise[n], &error);
            sb_exact_parse("p", norm[i], &p, &error);
            arb_one(before);
            for (int step = 0; step < 4; step++, at *= 1.3 + (double)(sb_test_random(&state) % 100) / 50) {
                arb_set_d(length, at);
                SB_CHECK(!sb_worst_overlap(now, &kind, &spec, 5, &p, length, 8, &error), "%s", error.message);
                SB_CHECK(!arb_gt(now, before), "%s p=%s at %g", noise[n], norm[i], at);
                SB_CHECK(kind == SB_WORST_EXACT || kind == SB_WORST_BRACKET);
                arb_set(before, now);
                if (step != 1) continue;
                arb_set_d(wide, at * 1.01);
                arb_add_error_2exp_si(wide, -6);
                if (!arb_contains(wide, length)) continue;
                SB_CHECK(!sb_worst_overlap(wide, &kind, &spec, 5, &p, wide, 8, &error), "%s", error.message);
                SB_CHECK(arb_overlaps(wide, now) && arb_rel_accuracy_bits(wide) < 20, "%s p=%s at %g",
                         noise[n], norm[i], at);
            }
        }
    arb_clear(length);
    arb_clear(before);
    arb_clear(now);
    arb_clear(wide);
    sb_noise_spec_clear(&spec);
    sb_exact_clear(&p);
}

static void refuses(const char *noise, uint64_t dimension, const char *norm, const char *eps,
                    const char *part) {
    answer a;
    ask_digits(&a, noise, dimension, norm, eps, 6);
    SB_CHECK((a.status == SB_OUTSIDE || a.status == SB_BAD_INPUT) && strstr(a.error.message, part),
             "%s p=%s eps=%s: %d %s", noise, norm, eps, (int)a.status, a.error.message);
    forget(&a);
}

static void refusals(void) {
    refuses("gaussian:sigma=1", 5, "0", "1", "p");
    refuses("gaussian:sigma=1", 5, "-1", "1", "p");
    refuses("gaussian:sigma=1", 5, "-inf", "1", "p");
    refuses("gaussian:sigma=1", 5, "2", "-1/2", "eps");
    refuses("gaussian:sigma=1", 0, "2", "1", "d must");
    refuses("pow-linf:a=5,b=1", 5, "inf", "1", "a = 5");
    refuses("pow-linf:a=6,sigma=1", 5, "inf", "1", "second moment");
}

static const sb_test tests[] = {{"worst: isotropic noise", isotropic},
                                {"worst: cubes", cubes},
                                {"worst: uniform noise by brute force", uniform_by_brute_force},
                                {"worst: uniform noise in closed form", uniform_closed},
                                {"worst: brackets hold", brackets_hold},
                                {"worst: brackets are narrow in high dimension", brackets_are_narrow},
                                {"worst: product noise", product_noise},
                                {"worst: words are earned", words_are_earned},
                                {"worst: TV grows with eps", grows_with_eps},
                                {"worst: refusals", refusals}};
SB_TEST_MAIN(tests)
