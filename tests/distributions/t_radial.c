/* Radial laws against closed forms, exact sums and 25-digit quadratures of the densities, draws against their
 * laws. */
#include "distributions/cube_noise.h"
#include "distributions/noise.h"
#include "tests/test.h"

#include <math.h>

enum { BITS = 110 };
static const uint64_t largest = UINT64_C(1) << 62;

static void shape(sb_noise_spec *spec, const char *text) {
    sb_error error = {SB_OK, ""};
    sb_noise_spec_init(spec);
    sb_status status = sb_noise_spec_parse_shape(spec, text, &error);
    SB_CHECK(status == SB_OK, "%s: %s", text, error.message);
    if (status) exit(1);
}

/* "0.25" or "1/4" as an exact or narrow ball */
static void number(arb_t x, const char *text) {
    sb_exact exact;
    sb_exact_init(&exact);
    if (sb_exact_parse("x", text, &exact, NULL)) exit(1);
    arb_set_fmpq(x, exact.value, 4 * BITS);
    sb_exact_clear(&exact);
}

/* value contains a number within 10^-digits (relative) of the reference, and is itself as narrow. */
static int near(const arb_t value, const arb_t reference, int digits) {
    arb_t wide, unit;
    arb_init(wide);
    arb_init(unit);
    arb_set_ui(unit, 10);
    arb_pow_ui(unit, unit, (ulong)digits, 64);
    arb_div(unit, reference, unit, 64);
    arb_set(wide, reference);
    arb_add_error(wide, unit);
    int same = arb_overlaps(value, wide) && arb_rel_accuracy_bits(value) > 3 * digits;
    if (!same) {
        printf("# ");
        arb_printn(value, 40, 0);
        printf(" is not ");
        arb_printn(reference, 40, 0);
        printf("\n");
    }
    arb_clear(wide);
    arb_clear(unit);
    return same;
}

typedef enum { COORDINATE, NORM } of_what;

static void tail(arb_t value, const char *noise, of_what what, uint64_t dimension, const arb_t s,
                 slong precision) {
    sb_noise_spec spec;
    shape(&spec, noise);
    const sb_radial_law *law = spec.family->radial;
    (what == NORM ? law->norm_tail : law->coordinate_tail)(value, &spec, dimension, s, precision);
    sb_noise_spec_clear(&spec);
}

/* `count` coordinates shifted by `length` */
static void overlap(arb_t value, const char *noise, uint64_t dimension, uint64_t count, const char *length,
                    slong precision) {
    sb_noise_spec spec;
    sb_shift shift;
    sb_exact size;
    fmpq_t zero;
    arb_t one;
    shape(&spec, noise);
    sb_shift_init(&shift);
    sb_exact_init(&size);
    fmpq_init(zero);
    arb_init(one);
    arb_one(one);
    if (sb_exact_parse("length", length, &size, NULL)) exit(1);
    sb_shift_set(&shift, dimension, count, size.value, 1, zero, NULL);
    spec.family->radial->overlap(value, &spec, &shift, one, precision);
    sb_shift_clear(&shift);
    sb_exact_clear(&size);
    fmpq_clear(zero);
    arb_clear(one);
    sb_noise_spec_clear(&spec);
}

/* ------------------------------------------------------------------ against quadrature of the densities */
/* From the density in 40-digit arithmetic: coordinate tails; and, for cubes in two and three dimensions, the
   integral of min(f(||x||), f(||x-v||)) = f(max_i (|x_i - v_i/2| + |v_i|/2)). */
static void quadratures(void) {
    static const struct {
        const char *noise;
        uint64_t dimension;
        const char *s, *value;
    } tails[] = {
        {"l2-ball", 2, "0.5", "0.39100221895577064191100341751"},
        {"l2-ball", 7, "0.999", "4.3697521871875e-12"},
        {"l2-ball", 10, "0.9", "0.0000277160770361742395589050279183"},
        {"l2-ball", 100, "0.3", "0.00207869955357130570527454993243"},
        {"l2-ball", 3072, "0.02", "0.267553744932296181995430656731"},
        {"l2-ball", 3072, "0.3", "5.5806528580873497835394009387896e-65"},
        {"exp-l2:k=1", 2, "1.5", "0.3163505023260401939229445"},
        {"exp-l2:k=3", 2, "0.4", "0.5179885645743384985713788"},
        {"exp-l2:k=8", 2, "0.9", "0.0438746586368892745685644"},
        {"exp-l2:k=1/2", 3, "20", "0.3606639216308636534505555"},
        {"exp-l2:k=4", 5, "2", "1.519331779970712208817084e-10"},
        {"exp-l2:k=3/2", 10, "3", "0.01013855336147140718335233"},
    };
    static const struct {
        const char *noise, *shift, *value;
        uint64_t dimension;
    } overlaps[] = {
        {"exp-linf:k=1", "1:1,1:1/2", "0.6823469921767126015542745", 2},
        {"exp-linf:k=2", "2:1", "0.3538548640314393033517895", 2},
        {"exp-linf:k=3", "1:5/2,1:1/10", "0.0397641057433722341080849", 2},
        {"exp-linf:k=1/2", "1:3,1:2", "0.8278566344099869253469715", 2},
        {"pow-linf:a=7/2", "1:1,1:1/4", "0.6463931265677831092465055", 2},
        {"pow-linf:a=10", "2:1", "0.03901844231062338058222832", 2},
        {"exp-linf:k=2", "1:16,1:1", "7.5829256876027469489688158817e-29", 2},
        {"exp-linf:k=1", "1:1,1:1/2,1:1/5", "0.74805448031224788911", 3},
    };
    arb_t value, reference;
    arb_init(value);
    arb_init(reference);
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        number(reference, tails[i].s);
        tail(value, tails[i].noise, COORDINATE, tails[i].dimension, reference, BITS);
        number(reference, tails[i].value);
        SB_CHECK(near(value, reference, 23), "%s d=%llu s=%s", tails[i].noise,
                 (unsigned long long)tails[i].dimension, tails[i].s);
    }
    for (size_t i = 0; i < sizeof overlaps / sizeof overlaps[0]; i++) {
        sb_noise_spec spec;
        sb_shift shift;
        sb_error error = {SB_OK, ""};
        shape(&spec, overlaps[i].noise);
        sb_shift_init(&shift);
        SB_CHECK(!sb_shift_parse(&shift, overlaps[i].shift, overlaps[i].dimension, &error), "%s",
                 error.message);
        arb_one(reference);
        spec.family->radial->overlap(value, &spec, &shift, reference, BITS);
        number(reference, overlaps[i].value);
        SB_CHECK(near(value, reference, overlaps[i].dimension == 3 ? 19 : 23), "%s %s", overlaps[i].noise,
                 overlaps[i].shift);
        sb_shift_clear(&shift);
        sb_noise_spec_clear(&spec);
    }
    arb_clear(value);
    arb_clear(reference);
}

/* ------------------------------------------------------------------ closed forms */
/* k = 2 is N(0, I/2): every coordinate has Pr(|X_1| > s) = erfc(s). */
static void gaussian_case(void) {
    static const uint64_t dimension[] = {1, 2, 3, 17, 3072, 150528, UINT64_C(1) << 62};
    static const char *const s[] = {"1/1000000", "1/3", "1", "5/2", "12", "40"};
    arb_t value, reference, x;
    arb_init(value);
    arb_init(reference);
    arb_init(x);
    for (size_t i = 0; i < sizeof dimension / sizeof dimension[0]; i++)
        for (size_t j = 0; j < sizeof s / sizeof s[0]; j++) {
            number(x, s[j]);
            tail(value, "exp-l2:k=2", COORDINATE, dimension[i], x, BITS);
            arb_hypgeom_erfc(reference, x, BITS);
            SB_CHECK(near(value, reference, 28), "d=%llu s=%s", (unsigned long long)dimension[i], s[j]);
        }
    arb_clear(value);
    arb_clear(reference);
    arb_clear(x);
}

/* In one dimension exp-linf and exp-l2 are the generalised normal law, Pr(|X| > s) = Q(1/k, s^k), and
   pow-linf is the symmetric Lomax law, (1+s)^-(a-1); TV = Pr(|X| <= v/2). */
static void one_dimension(void) {
    static const char *const k[] = {"1", "2", "1/2", "7/3", "9"}, *const s[] = {"1/50", "7/4"};
    arb_t value, reference, x, a;
    arb_init(value);
    arb_init(reference);
    arb_init(x);
    arb_init(a);
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 2; j++) {
            char cube[40], sphere[40], power[40], twice[40];
            snprintf(cube, sizeof cube, "exp-linf:k=%s", k[i]);
            snprintf(sphere, sizeof sphere, "exp-l2:k=%s", k[i]);
            snprintf(power, sizeof power, "pow-linf:a=%s", i == 2 ? "3/2" : i == 0 ? "8" : k[i]);
            snprintf(twice, sizeof twice, "2x%s", s[j]);
            number(x, s[j]);
            number(a, k[i]);
            arb_pow(reference, x, a, 4 * BITS);
            arb_inv(a, a, 4 * BITS);
            arb_hypgeom_gamma_upper(reference, a, reference, 1, 4 * BITS);
            tail(value, cube, COORDINATE, 1, x, BITS);
            SB_CHECK(near(value, reference, 25), "%s s=%s", cube, s[j]);
            tail(value, cube, NORM, 1, x, BITS);
            SB_CHECK(near(value, reference, 25), "%s s=%s, norm", cube, s[j]);
            overlap(value, cube, 1, 1, twice, BITS);
            SB_CHECK(near(value, reference, 25), "%s s=%s, overlap", cube, s[j]);
            tail(value, sphere, COORDINATE, 1, x, BITS);
            SB_CHECK(near(value, reference, 25), "%s s=%s", sphere, s[j]);
            number(a, strchr(power, '=') + 1);
            arb_sub_ui(a, a, 1, BITS);
            arb_neg(a, a);
            arb_add_ui(reference, x, 1, 4 * BITS);
            arb_pow(reference, reference, a, 4 * BITS);
            tail(value, power, COORDINATE, 1, x, BITS);
            SB_CHECK(near(value, reference, 25), "%s s=%s", power, s[j]);
            tail(value, power, NORM, 1, x, BITS);
            SB_CHECK(near(value, reference, 25), "%s s=%s, norm", power, s[j]);
        }
    arb_clear(value);
    arb_clear(reference);
    arb_clear(x);
    arb_clear(a);
}

/* All d coordinates shifted by 2h: the integral of (r-h)^d e^-r/d! over r > h is e^-h for k = 1, and that of
   (r-h)^d (1+r)^-(a+1)/Beta(d+1, a-d) is (1+h)^-(a-d). Tiny TV, tiny 1 - TV, any dimension. */
static void equal_shifts(void) {
    static const uint64_t dimension[] = {1, 5, 150528, UINT64_C(1) << 62};
    static const char *const h[] = {"1/10^30", "1/10^9", "1/7", "3", "80", "2000"};
    arb_t value, reference;
    fmpz_t a;
    arb_init(value);
    arb_init(reference);
    fmpz_init(a);
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 6; j++) {
            char twice[40], noise[60];
            snprintf(twice, sizeof twice, "2x%s", h[j]);
            overlap(value, "exp-linf:k=1", dimension[i], dimension[i], twice, BITS);
            number(reference, h[j]);
            arb_neg(reference, reference);
            arb_exp(reference, reference, 4 * BITS);
            SB_CHECK(near(value, reference, 28), "exp-linf d=%llu h=%s", (unsigned long long)dimension[i],
                     h[j]);
            snprintf(noise, sizeof noise, "pow-linf:a=%llu.5", (unsigned long long)dimension[i] + 2);
            overlap(value, noise, dimension[i], dimension[i], twice, BITS);
            number(reference, h[j]);
            arb_log1p(reference, reference, 4 * BITS);
            arb_mul_si(reference, reference, -5, 4 * BITS);
            arb_mul_2exp_si(reference, reference, -1);
            arb_exp(reference, reference, 4 * BITS);
            SB_CHECK(near(value, reference, 28), "%s d=%llu h=%s", noise, (unsigned long long)dimension[i],
                     h[j]);
        }
    arb_clear(value);
    arb_clear(reference);
    fmpz_clear(a);
}

/* k = 1 and `groups` distinct shifts 2 h_i in d coordinates: prod (r - h_i) r^(d-groups), r = H + u, H the
   largest h_i, is a polynomial in u with coefficients >= 0; its integral against e^-r/d! is exact. */
static void distinct_shifts(void) {
    static const struct {
        uint64_t dimension, groups;
        int spread; /* h_i = i/spread */
    } cases[] = {{3, 3, 2},   {20, 20, 10}, {24, 24, 1},        {25, 25, 3},
                 {60, 60, 7}, {400, 40, 1}, {1500, 1500, 1500}, {200, 200, 20}};
    arb_poly_t product, factor;
    arb_t value, reference, x, one;
    sb_noise_spec spec;
    arb_poly_init(product);
    arb_poly_init(factor);
    arb_init(value);
    arb_init(reference);
    arb_init(x);
    arb_init(one);
    arb_one(one);
    shape(&spec, "exp-linf:k=1");
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        uint64_t d = cases[c].dimension, n = cases[c].groups;
        slong bits = 2 * BITS;
        sb_shift shift;
        sb_shift_init(&shift);
        shift.dimension = d;
        shift.group = calloc(n, sizeof *shift.group);
        if (!shift.group) exit(1);
        shift.group_count = n;
        arb_poly_one(product);
        for (uint64_t i = 0; i < d; i++) {
            arb_set_ui(x, i < n ? n - (i + 1) : n); /* H - h_i, h_i = 0 beyond the groups */
            arb_div_si(x, x, cases[c].spread, bits);
            arb_poly_zero(factor);
            arb_poly_set_coeff_arb(factor, 0, x);
            arb_poly_set_coeff_si(factor, 1, 1);
            arb_poly_mul(product, product, factor, bits);
            if (i >= n) continue;
            fmpq_init(shift.group[i].base);
            fmpq_init(shift.group[i].exponent);
            fmpq_set_si(shift.group[i].base, 2 * (slong)(i + 1), (ulong)cases[c].spread);
            shift.group[i].root = shift.group[i].count = 1;
        }
        arb_zero(reference); /* sum of c_j j!/d! by Horner from the top: (c_d d + c_(d-1))/d ... */
        arb_one(x);
        for (uint64_t j = d + 1; j-- > 0;) { /* x = j!/d! */
            arb_poly_get_coeff_arb(value, product, (slong)j);
            arb_addmul(reference, value, x, bits);
            if (j) arb_div_ui(x, x, j, bits);
        }
        arb_set_ui(x, n);
        arb_div_si(x, x, -cases[c].spread, bits);
        arb_exp(x, x, bits);
        arb_mul(reference, reference, x, bits);
        sb_cube_overlap(value, &spec, &shift, one, BITS);
        SB_CHECK(near(value, reference, 28), "d=%llu, %llu groups", (unsigned long long)d,
                 (unsigned long long)n);
        sb_shift_clear(&shift);
    }
    sb_noise_spec_clear(&spec);
    arb_poly_clear(product);
    arb_poly_clear(factor);
    arb_clear(value);
    arb_clear(reference);
    arb_clear(x);
    arb_clear(one);
}

/* Coordinate and norm tails in elementary functions. */
static void elementary_tails(void) {
    uint64_t state = 5;
    arb_t value, reference, s, u;
    arb_init(value);
    arb_init(reference);
    arb_init(s);
    arb_init(u);
    for (int i = 0; i < 12; i++) {
        double at = (double)(sb_test_random(&state) % 4000 + 1) / 1024;
        arb_set_d(s, at);
        /* exp-linf k = 1, d = 2, and exp-l2 k = 1, d = 3: (s+2) e^-s/2 */
        arb_neg(reference, s);
        arb_exp(reference, reference, 4 * BITS);
        arb_add_ui(u, s, 2, 4 * BITS);
        arb_mul(reference, reference, u, 4 * BITS);
        arb_mul_2exp_si(reference, reference, -1);
        tail(value, "exp-linf:k=1", COORDINATE, 2, s, BITS);
        SB_CHECK(near(value, reference, 28), "exp-linf s=%g", at);
        tail(value, "exp-l2:k=1", COORDINATE, 3, s, BITS);
        SB_CHECK(near(value, reference, 28), "exp-l2 s=%g", at);
        /* norms: k = 2, d = 4: (1 + s^2) e^(-s^2); pow-linf a = 5, d = 2: (1 + 4s)(1+s)^-4 */
        arb_sqr(u, s, 4 * BITS);
        arb_neg(reference, u);
        arb_exp(reference, reference, 4 * BITS);
        arb_add_ui(u, u, 1, 4 * BITS);
        arb_mul(reference, reference, u, 4 * BITS);
        tail(value, "exp-linf:k=2", NORM, 4, s, BITS);
        SB_CHECK(near(value, reference, 28), "norm, exp-linf s=%g", at);
        tail(value, "exp-l2:k=2", NORM, 4, s, BITS);
        SB_CHECK(near(value, reference, 28), "norm, exp-l2 s=%g", at);
        arb_mul_2exp_si(reference, s, 2);
        arb_add_ui(reference, reference, 1, 4 * BITS);
        arb_add_ui(u, s, 1, 4 * BITS);
        arb_pow_ui(u, u, 4, 4 * BITS);
        arb_div(reference, reference, u, 4 * BITS);
        tail(value, "pow-linf:a=5", NORM, 2, s, BITS);
        SB_CHECK(near(value, reference, 28), "norm, pow-linf s=%g", at);
        /* the unit ball in R^3: 1 - (3s - s^3)/2 = (1-s)^2 (2+s)/2; ||X||: 1 - s^3 */
        arb_set_d(s, at / 4);
        arb_sub_ui(u, s, 1, 4 * BITS);
        arb_sqr(u, u, 4 * BITS);
        arb_add_ui(reference, s, 2, 4 * BITS);
        arb_mul(reference, reference, u, 4 * BITS);
        arb_mul_2exp_si(reference, reference, -1);
        tail(value, "l2-ball", COORDINATE, 3, s, BITS);
        SB_CHECK(near(value, reference, 28), "l2-ball s=%g", at / 4);
        arb_pow_ui(reference, s, 3, 4 * BITS);
        arb_sub_ui(reference, reference, 1, 4 * BITS);
        arb_neg(reference, reference);
        tail(value, "l2-ball", NORM, 3, s, BITS);
        SB_CHECK(near(value, reference, 28), "norm, l2-ball s=%g", at / 4);
    }
    arb_one(s);
    tail(value, "l2-ball", COORDINATE, 3, s, BITS);
    SB_CHECK(arb_is_zero(value));
    arb_zero(s);
    tail(value, "l2-ball", COORDINATE, 3, s, BITS);
    SB_CHECK(arb_is_one(value));
    arb_clear(value);
    arb_clear(reference);
    arb_clear(s);
    arb_clear(u);
}

/* ------------------------------------------------------------------ wide balls, moments */
static void wide_balls(void) {
    static const char *const noise[] = {"l2-ball", "exp-l2:k=3", "exp-linf:k=3/2", "pow-linf:a=30"};
    uint64_t state = 9;
    arb_t wide, inner, value, point;
    arb_init(wide);
    arb_init(inner);
    arb_init(value);
    arb_init(point);
    for (int i = 0; i < 24; i++) {
        const char *n = noise[i % 4];
        double from = (double)(sb_test_random(&state) % 1000) / 2000,
               width = (double)(sb_test_random(&state) % 500) / 999;
        arb_set_d(wide, from);
        arb_set_d(inner, from + width);
        arb_union(wide, wide, inner, 80);
        arb_set_d(point, from + width * (double)(sb_test_random(&state) % 1001) / 1000);
        for (int what = 0; what < 2; what++) {
            tail(value, n, what ? NORM : COORDINATE, 4, wide, 60);
            tail(inner, n, what ? NORM : COORDINATE, 4, point, 60);
            SB_CHECK(arb_contains(value, inner) ||
                         (arb_overlaps(value, inner) && arb_rel_accuracy_bits(inner) > 40),
                     "%s from %g width %g", n, from, width);
            SB_CHECK(arb_rel_accuracy_bits(inner) > 40, "%s at %g", n, from);
        }
    }
    arb_clear(wide);
    arb_clear(inner);
    arb_clear(value);
    arb_clear(point);
}

static void moments(void) {
    static const struct {
        const char *noise;
        int norm;
        uint64_t dimension;
        const char *order, *value;
    } cases[] = {
        {"exp-l2:k=2", 0, 150528, "2", "1/2"},
        {"exp-l2:k=2", 1, 150528, "2", "75264"},
        {"exp-l2:k=2", 0, 7, "4", "3/4"},
        {"exp-l2:k=1", 0, 3, "2", "4"}, /* E R^2/3 = 12/3 */
        {"exp-linf:k=1", 1, 3072, "2", "3072x3073"},
        {"exp-linf:k=1", 0, 3072, "2", "3073x3074/3"},
        {"exp-linf:k=2", 1, 4, "2", "2"},
        {"exp-linf:k=3", 0, 6, "3", "3/4"}, /* R^3 ~ Gamma(3), 3/(3+1) */
        {"l2-ball", 1, 10, "2", "10/12"},
        {"l2-ball", 0, 10, "2", "1/12"},
        {"l2-ball", 0, 3, "1", "3/8"},
        {"pow-linf:a=10", 1, 3, "1", "1/2"}, /* d/(a-d-1) */
        {"pow-linf:a=10", 0, 3, "1", "1/3"}, /* (d+1)/(a-d-1)/2 */
        {"pow-linf:a=10", 1, 3, "7", "inf"},
        {"pow-linf:a=10", 0, 3, "7", "inf"},
        {"pow-linf:a=7/2", 0, 3, "1/2", "inf"},
        {"pow-linf:a=7/2", 1, 3, "1", "inf"},
    };
    arb_t value, reference;
    sb_exact order, expected;
    arb_init(value);
    arb_init(reference);
    sb_exact_init(&order);
    sb_exact_init(&expected);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sb_noise_spec spec;
        shape(&spec, cases[i].noise);
        sb_exact_parse("order", cases[i].order, &order, NULL);
        sb_exact_parse("value", cases[i].value, &expected, NULL);
        const sb_radial_law *law = spec.family->radial;
        (cases[i].norm ? law->norm_moment : law->coordinate_moment)(value, &spec, cases[i].dimension,
                                                                    order.value, BITS);
        arb_set_fmpq(reference, expected.value, 4 * BITS);
        SB_CHECK(expected.infinite ? arf_is_pos_inf(arb_midref(value)) : near(value, reference, 30),
                 "%s d=%llu %s^%s", cases[i].noise, (unsigned long long)cases[i].dimension,
                 cases[i].norm ? "norm" : "coordinate", cases[i].order);
        sb_noise_spec_clear(&spec);
    }
    arb_clear(value);
    arb_clear(reference);
    sb_exact_clear(&order);
    sb_exact_clear(&expected);
}

/* ------------------------------------------------------------------ draws */
static double norm_of(const sb_radial_law *law, const double *x, uint64_t d) {
    double norm = 0;
    for (uint64_t i = 0; i < d; i++) norm = law->infinity_norm ? fmax(norm, fabs(x[i])) : hypot(norm, x[i]);
    return norm;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The Kolmogorov-Smirnov distance of ||X|| and of |X_2| from their laws, and means of x_i, x_1 x_2, x_i^2. */
static void draws(void) {
    static const char *const noise[] = {"l2-ball",       "exp-l2:k=1",    "exp-l2:k=12", "exp-linf:k=1/2",
                                        "exp-linf:k=40", "pow-linf:a=20", "pow-linf:a=7"};
    enum { N = 60, MANY = 20000, D = 4 };
    double x[D], sample[2][N];
    arb_t at, value;
    fmpq_t two;
    arb_init(at);
    arb_init(value);
    fmpq_init(two);
    fmpq_set_si(two, 2, 1);
    for (size_t k = 0; k < sizeof noise / sizeof noise[0]; k++) {
        sb_noise_spec spec;
        shape(&spec, noise[k]);
        const sb_radial_law *law = spec.family->radial;
        for (int i = 0; i < N; i++) {
            law->draw(&spec, D, 11 + k, (uint64_t)i, x);
            sample[0][i] = norm_of(law, x, D);
            sample[1][i] = fabs(x[1]);
        }
        for (int what = 0; what < 2; what++) {
            double distance = 0;
            qsort(sample[what], N, sizeof(double), by_size);
            for (int i = 0; i < N; i++) {
                arb_set_d(at, sample[what][i]);
                (what ? law->coordinate_tail : law->norm_tail)(value, &spec, D, at, 24);
                double below = 1 - arf_get_d(arb_midref(value), ARF_RND_NEAR);
                distance = fmax(distance, fmax(below - (double)i / N, (double)(i + 1) / N - below));
            }
            SB_CHECK(distance * sqrt(N) < 1.95, "%s %s: distance %g", noise[k], what ? "|x_2|" : "norm",
                     distance);
        }
        law->coordinate_moment(value, &spec, D, two, 64);
        if (!arb_is_finite(value) || strstr(noise[k], "=1/2")) continue;
        double second = arf_get_d(arb_midref(value), ARF_RND_NEAR), mean = 0, square = 0, fourth = 0,
               mixed = 0;
        for (int i = 0; i < MANY; i++) {
            law->draw(&spec, D, 77, (uint64_t)i, x);
            mean += x[0];
            mixed += x[0] * x[D - 1];
            square += x[D - 1] * x[D - 1];
            fourth += pow(x[D - 1], 4);
        }
        double sd = sqrt(fourth / MANY - second * second) * sqrt(MANY);
        SB_CHECK(fabs(mean) < 4.5 * sqrt(second * MANY), "%s mean %g", noise[k], mean / MANY);
        SB_CHECK(fabs(square - second * MANY) < 4.5 * sd, "%s E x^2 %g, not %g", noise[k], square / MANY,
                 second);
        SB_CHECK(fabs(mixed) < 4.5 * sqrt(fourth * MANY), "%s E x_1 x_4 %g", noise[k], mixed / MANY);
        sb_noise_spec_clear(&spec);
    }
    arb_clear(at);
    arb_clear(value);
    fmpq_clear(two);
}

/* The same address gives the same draw; another stream another. */
static void draws_have_addresses(void) {
    double x[40], y[40];
    sb_noise_spec spec;
    shape(&spec, "exp-linf:k=3");
    sb_cube_draw(&spec, 40, 1, 2, x);
    sb_cube_draw(&spec, 40, 1, 2, y);
    SB_CHECK(memcmp(x, y, sizeof x) == 0);
    sb_cube_draw(&spec, 40, 1, 3, y);
    SB_CHECK(x[0] != y[0] && x[39] != y[39]);
    sb_cube_draw(&spec, 20, 1, 2, y);
    sb_noise_spec_clear(&spec);
}

static void domains(void) {
    sb_noise_spec spec;
    sb_error error = {SB_OK, ""};
    shape(&spec, "pow-linf:a=3072");
    SB_CHECK(sb_noise_domain(&spec, 3071, &error) == SB_OK);
    SB_CHECK(sb_noise_domain(&spec, 3072, &error) == SB_OUTSIDE);
    SB_CHECK(strstr(error.message, "a = 3072") && strstr(error.message, "d = 3072"), "%s", error.message);
    SB_CHECK(sb_noise_domain(&spec, largest, &error) == SB_OUTSIDE);
    SB_CHECK(sb_noise_spec_parse(&spec, "pow-linf:a=10,sigma=1", &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_noise_domain(&spec, 7, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_noise_domain(&spec, 8, &error) == SB_BAD_INPUT, "no second moment");
    SB_CHECK(sb_noise_spec_parse(&spec, "exp-linf:k=0,b=1", &error) == SB_BAD_INPUT);
    SB_CHECK(sb_noise_spec_parse(&spec, "exp-l2:k=2,b=-1", &error) == SB_BAD_INPUT);
    SB_CHECK(sb_noise_spec_parse(&spec, "exp-l2:b=1", &error) == SB_BAD_INPUT);
    SB_CHECK(sb_noise_spec_parse(&spec, "l2-ball:r=0", &error) == SB_BAD_INPUT);
    SB_CHECK(sb_noise_spec_parse(&spec, "exp-linf:k=2,b=1/2", &error) == SB_OK);
    sb_noise_spec_clear(&spec);
}

static const sb_test tests[] = {{"radial: quadratures of the densities", quadratures},
                                {"radial: exp-l2 with k = 2 is Gaussian", gaussian_case},
                                {"radial: one dimension", one_dimension},
                                {"radial: equal shifts of cubes", equal_shifts},
                                {"radial: distinct shifts of cubes", distinct_shifts},
                                {"radial: elementary tails", elementary_tails},
                                {"radial: wide balls", wide_balls},
                                {"radial: moments", moments},
                                {"radial: draws follow their laws", draws},
                                {"radial: draws have addresses", draws_have_addresses},
                                {"radial: domains", domains}};
SB_TEST_MAIN(tests)
