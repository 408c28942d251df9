/* Uniform, logistic, triangular, Cauchy and Student's t noise against numbers from 40-digit quadrature of the
   densities (mpmath) and closed forms; their draws against the distribution functions. */
#include "distributions/shift.h"
#include "tests/distributions/family_test.h"

static void tails_match_quadrature(void) {
    static const struct {
        const char *noise, *s, *tail;
    } item[] = {{"uniform", "0.25", "0.75"},
                {"uniform", "3", "0"},
                {"logistic", "0.25", "0.87564699822840379194535272419411"},
                {"logistic", "3", "0.094851746355133561757696303543504"},
                {"logistic", "40", "8.496708510583177954561441808809e-18"},
                {"cauchy", "0.25", "0.84404173924526134907897422045374"},
                {"cauchy", "3", "0.20483276469913345164919784755052"},
                {"cauchy", "40", "0.015912179824051626636525433533686"},
                {"triangular", "0.25", "0.5625"},
                {"triangular", "0.75", "0.0625"},
                {"triangular", "3", "0"},
                {"student-t:nu=3", "0.25", "0.81872922242882958587055156387345"},
                {"student-t:nu=3", "0.75", "0.50771457942413421239037922447618"},
                {"student-t:nu=3", "40", "0.000034380680789158528283379985248879"},
                {"student-t:nu=5/2", "0.25", "0.82168060112530320564020313319569"},
                {"student-t:nu=5/2", "3", "0.072576095549031843893105576962606"},
                {"student-t:nu=40", "0.75", "0.4576436182062676114128822619148"},
                {"student-t:nu=40", "3", "0.0046301397841561377686229845796436"},
                {"student-t:nu=1/2", "0.25", "0.86911976968485091677501780000688"},
                {"student-t:nu=1/2", "40", "0.1014097999294943561967992356568"}};
    sb_noise_spec spec;
    arb_t s, value;
    arb_init(s);
    arb_init(value);
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        open_shape(&spec, item[i].noise);
        arb_set_str(s, item[i].s, PRECISION);
        spec.family->product->tail(value, &spec, s, PRECISION);
        SB_CHECK(agrees(value, item[i].tail), "%s: tail(%s) = %.17g, not %s", item[i].noise, item[i].s,
                 middle(value), item[i].tail);
        sb_noise_spec_clear(&spec);
    }
    arb_clear(s);
    arb_clear(value);
}

/* F(x) = 1 - tail/2 right of 0 and F(-x) = 1 - F(x); and the integral of the density between two points is
   F(b) - F(a), by Simpson's rule. */
static void density_cdf_and_tail_fit(void) {
    uint64_t state = 1;
    sb_noise_spec spec;
    arb_t x, f, g;
    arb_init(x);
    arb_init(f);
    arb_init(g);
    for (size_t i = 0; i < FAMILIES * 6; i++) {
        open_shape(&spec, family[i % FAMILIES]);
        const sb_product_law *law = spec.family->product;
        double a = (double)(sb_test_random(&state) % 4000) / 1000 - 2,
               b = a + 0.001 * (double)(sb_test_random(&state) % 900);
        if (law->density != NULL && (fabs(a) < 1) != (fabs(b) < 1)) b = a; /* no jump, no kink between */
        if (a < 0 && b > 0) b = a;
        double sum = 0, h = (b - a) / 200;
        for (int k = 0; k <= 200; k++) {
            arb_set_d(x, a + k * h);
            law->density(f, &spec, x, PRECISION);
            sum += middle(f) * (k == 0 || k == 200 ? 1 : k % 2 ? 4 : 2) * h / 3;
        }
        arb_set_d(x, a);
        law->cdf(f, &spec, x, PRECISION);
        arb_set_d(x, b);
        law->cdf(g, &spec, x, PRECISION);
        SB_CHECK(fabs(middle(g) - middle(f) - sum) < 1e-10, "%s: F(%g) - F(%g) = %.12g, integral %.12g",
                 family[i % FAMILIES], b, a, middle(g) - middle(f), sum);
        arb_neg(x, x);
        law->cdf(f, &spec, x, PRECISION);
        arb_add(f, f, g, PRECISION);
        SB_CHECK(arb_contains_si(f, 1), "%s: F(-x) + F(x) at %g", family[i % FAMILIES], b);
        arb_abs(x, x);
        law->tail(f, &spec, x, PRECISION);
        arb_mul_2exp_si(f, f, -1);
        if (b > 0) arb_neg(f, f);
        if (b > 0) arb_add_ui(f, f, 1, PRECISION);
        SB_CHECK(arb_overlaps(f, g), "%s: F and tail at %g", family[i % FAMILIES], b);
        sb_noise_spec_clear(&spec);
    }
    arb_clear(x);
    arb_clear(f);
    arb_clear(g);
}

/* A ball as argument: its value contains the values at points of the ball. */
static void balls_contain_their_points(void) {
    uint64_t state = 2;
    sb_noise_spec spec;
    arb_t ball, point, at_ball, at_point;
    arb_init(ball);
    arb_init(point);
    arb_init(at_ball);
    arb_init(at_point);
    for (size_t i = 0; i < FAMILIES * 60; i++) {
        open_shape(&spec, family[i % FAMILIES]);
        const sb_product_law *law = spec.family->product;
        sb_law_function *const function[] = {law->density, law->cdf, law->tail, law->quantile};
        double width = ldexp(1, -(int)(sb_test_random(&state) % 12));
        for (int k = 0; k < 4; k++) {
            double x = (double)(sb_test_random(&state) % 4001) / 1000 - 2,
                   offset = 0.001 * (double)(sb_test_random(&state) % 1001);
            if (k == 2) x = fabs(x) + width;
            if (k == 3) {
                width = 0.2;
                x = 0.25 + fabs(x) / 4.1;
            }
            if (!function[k]) continue;
            arb_set_d(point, x + width * offset * (sb_test_random(&state) % 2 ? 1 : -1));
            arb_set_d(ball, x);
            mag_set_d(arb_radref(ball), width);
            function[k](at_ball, &spec, ball, 60);
            function[k](at_point, &spec, point, 60);
            SB_CHECK(arb_overlaps(at_ball, at_point) || !arb_is_finite(at_point),
                     "%s: function %d at %g +- %g", family[i % FAMILIES], k, x, width);
        }
        sb_noise_spec_clear(&spec);
    }
    arb_clear(ball);
    arb_clear(point);
    arb_clear(at_ball);
    arb_clear(at_point);
}

static void quantiles_invert_the_cdf(void) {
    uint64_t state = 3;
    sb_noise_spec spec;
    arb_t u, x, back;
    arb_init(u);
    arb_init(x);
    arb_init(back);
    for (size_t i = 0; i < FAMILIES * 8; i++) {
        open_shape(&spec, family[i % FAMILIES]);
        arb_set_ui(u, 1 + sb_test_random(&state) % 999999);
        arb_div_ui(u, u, i / FAMILIES < 4 ? 1000000 : 1000000000000, PRECISION + 20);
        if (i / FAMILIES % 2) {
            arb_sub_ui(u, u, 1, PRECISION + 20);
            arb_neg(u, u);
        }
        sb_noise_quantile(x, &spec, 1, u, PRECISION);
        sb_noise_cdf(back, &spec, 1, x, PRECISION + 20);
        SB_CHECK(arb_overlaps(back, u) && arb_rel_accuracy_bits(x) > PRECISION - 56,
                 "%s: F(quantile) at %.17g gives %.17g, %ld bits", family[i % FAMILIES], middle(u),
                 middle(back), (long)arb_rel_accuracy_bits(x));
        sb_law_quantile(back, &spec, 1, u, PRECISION);
        SB_CHECK(arb_overlaps(back, x), "%s: root isolation and closed form at %.17g", family[i % FAMILIES],
                 middle(u));
        sb_noise_spec_clear(&spec);
    }
    open_shape(&spec, "student-t:nu=3");
    arb_set_d(u, 0.5);
    sb_noise_quantile(x, &spec, 1, u, PRECISION);
    SB_CHECK(arb_is_zero(x), "the median");
    mag_set_d(arb_radref(u), 0.1); /* from about F^-1(0.4) = -0.277 to 0.277 */
    sb_noise_quantile(x, &spec, 1, u, PRECISION);
    arb_set_d(back, 0.27667066233268955);
    SB_CHECK(arb_contains_zero(x) && fabs(mag_get_d(arb_radref(x)) - middle(back)) < 1e-6,
             "a ball around 1/2");
    arb_set_ui(u, 1);
    sb_noise_quantile(x, &spec, 1, u, PRECISION);
    SB_CHECK(!arb_is_finite(x), "u = 1");
    sb_noise_spec_clear(&spec);
    arb_clear(u);
    arb_clear(x);
    arb_clear(back);
}

static void moments_match_quadrature(void) {
    static const struct {
        const char *noise, *order, *moment; /* NULL: infinite */
    } item[] = {{"uniform", "1/2", "0.66666666666666666666666666667"},
                {"logistic", "1/2", "1.07215492994019133953089745"},
                {"logistic", "1", "1.38629436111989061883446424"},
                {"logistic", "2", "3.28986813369645287294483033"}, /* pi^2/3 */
                {"logistic", "3", "10.8185121284363485685976435"},
                {"logistic", "0", "1"},
                {"triangular", "1/2", "0.53333333333333333333333333333"},
                {"triangular", "2", "0.16666666666666666666666666667"},
                {"cauchy", "1/2", "1.41421356237309504880168872"},
                {"cauchy", "1/3", "1.15470053837925152901829756"},
                {"cauchy", "1", NULL},
                {"cauchy", "2", NULL},
                {"student-t:nu=3", "1", "1.10265779084358409902265299"}, /* 2 sqrt(3)/pi */
                {"student-t:nu=3", "2", "3"},
                {"student-t:nu=3", "3", NULL},
                {"student-t:nu=3", "1/3", "0.924481699134179606457803033"},
                {"student-t:nu=5/2", "1", "1.20602908009855009677847073"},
                {"student-t:nu=5/2", "2", "5"},
                {"student-t:nu=5/2", "5/2", NULL},
                {"student-t:nu=40", "4", "3.50877192982456140350877193"}, /* 3 nu^2/((nu-2)(nu-4)) */
                {"student-t:nu=1/2", "1/2", NULL}};
    sb_noise_spec spec;
    arb_t value;
    fmpq_t order;
    arb_init(value);
    fmpq_init(order);
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        open_shape(&spec, item[i].noise);
        fmpq_set_str(order, item[i].order, 10);
        sb_noise_absolute_moment(value, &spec, 1, order, PRECISION);
        if (item[i].moment)
            SB_CHECK(agrees(value, item[i].moment), "%s: E|X|^%s = %.17g", item[i].noise, item[i].order,
                     middle(value));
        else
            SB_CHECK(arf_is_pos_inf(arb_midref(value)), "%s: E|X|^%s is infinite", item[i].noise,
                     item[i].order);
        sb_noise_spec_clear(&spec);
    }
    arb_clear(value);
    fmpq_clear(order);
}

/* TV of one coordinate and its translate, Pr(|X| <= v/2), in the closed forms of one dimension. */
static void one_dimension(void) {
    for (double v = 0.01; v < 9; v *= 1.7) {
        double x = v / 2;
        const struct {
            const char *noise;
            double total_variation;
        } item[] = {{"uniform", x < 1 ? x : 1},
                    {"logistic", tanh(x / 2)},
                    {"cauchy", atan(x) / acos(0)},
                    {"triangular", x < 1 ? 1 - (1 - x) * (1 - x) : 1},
                    /* nu = 3: (2/pi)(atan(y) + y/(1 + y^2)), y = x/sqrt 3 */
                    {"student-t:nu=3", (atan(x / sqrt(3)) + x / sqrt(3) / (1 + x * x / 3)) / acos(0)}};
        for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
            sb_noise_spec spec;
            arb_t s, value;
            arb_init(s);
            arb_init(value);
            open_shape(&spec, item[i].noise);
            SB_CHECK(sb_noise_traits(&spec) & SB_UNIMODAL, "%s", item[i].noise);
            arb_set_d(s, x);
            sb_noise_tail(value, &spec, 1, s, PRECISION);
            SB_CHECK(fabs(1 - middle(value) - item[i].total_variation) < 1e-14, "%s: v = %g: %.17g",
                     item[i].noise, v, 1 - middle(value));
            sb_noise_spec_clear(&spec);
            arb_clear(s);
            arb_clear(value);
        }
    }
}

/* ------------------------------------------------------------------ draws */
static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov's distance; beyond 1.95/sqrt(n) has probability 0.001. */
static void draws_have_the_law(void) {
    enum { DRAWS = 2500 };
    static double x[DRAWS];
    sb_noise_spec spec;
    arb_t point, value;
    arb_init(point);
    arb_init(value);
    for (size_t i = 0; i < FAMILIES; i++) {
        open_shape(&spec, family[i]);
        const sb_product_law *law = spec.family->product;
        for (size_t k = 0; k < DRAWS; k++) {
            sb_random random = sb_random_at(11, i, (uint32_t)k);
            x[k] = law->draw(&spec, &random);
        }
        qsort(x, DRAWS, sizeof x[0], by_size);
        double distance = 0;
        for (size_t k = 0; k < DRAWS; k++) {
            arb_set_d(point, x[k]);
            law->cdf(value, &spec, point, 53);
            double above = ((double)k + 1) / DRAWS - middle(value), below = middle(value) - (double)k / DRAWS;
            if (above > distance) distance = above;
            if (below > distance) distance = below;
        }
        SB_CHECK(distance * sqrt(DRAWS) < 1.95, "%s: distance %g", family[i], distance);
        SB_CHECK(x[0] < -0.9 && x[DRAWS - 1] > 0.9, "%s: from %g to %g", family[i], x[0], x[DRAWS - 1]);
        sb_noise_spec_clear(&spec);
    }
    arb_clear(point);
    arb_clear(value);
}

/* ------------------------------------------------------------------ the cube, and refusals */
/* d coordinates: E max = d/(d+1), Pr(max > s) = 1 - s^d, overlap prod (1 - |v_i|/2). */
static void uniform_noise_on_the_cube(void) {
    sb_noise_spec spec;
    sb_shift shift;
    sb_error error;
    fmpq_t order, exponent;
    arb_t s, value;
    fmpq_init(order);
    fmpq_init(exponent);
    arb_init(s);
    arb_init(value);
    sb_shift_init(&shift);
    open_shape(&spec, "uniform");
    const sb_radial_law *law = spec.family->radial;
    fmpq_one(order);
    law->norm_moment(value, &spec, 7, order, PRECISION);
    SB_CHECK(agrees(value, "0.875"), "E max of 7: %.17g", middle(value));
    arb_set_d(s, 0.75);
    law->norm_tail(value, &spec, 5, s, PRECISION);
    SB_CHECK(agrees(value, "0.7626953125"), "Pr(max > 3/4): %.17g", middle(value));
    arb_set_d(s, 0.25);
    law->norm_tail(value, &spec, 2, s, PRECISION);
    SB_CHECK(agrees(value, "0.9375"), "Pr(max > 1/4): %.17g", middle(value));
    arb_set_d(s, 1.5);
    law->norm_tail(value, &spec, 2, s, PRECISION);
    SB_CHECK(arb_is_zero(value), "beyond the cube");
    arb_one(s);
    fmpq_set_si(order, 1, 2);
    SB_CHECK(sb_shift_set(&shift, 5, 3, order, 1, exponent, &error) == SB_OK, "%s", error.message);
    law->overlap(value, &spec, &shift, s, PRECISION);
    SB_CHECK(agrees(value, "0.421875"), "(3/4)^3: %.17g", middle(value));
    arb_set_ui(s, 5); /* shifts of 5/2 */
    law->overlap(value, &spec, &shift, s, PRECISION);
    SB_CHECK(arb_is_zero(value), "disjoint cubes");
    sb_shift_clear(&shift);
    sb_noise_spec_clear(&spec);
    fmpq_clear(order);
    fmpq_clear(exponent);
    arb_clear(s);
    arb_clear(value);
}

static void what_is_no_noise_is_refused(void) {
    static const char *const text[][2] = {{"student-t:nu=0,scale=1", "nu"},
                                          {"student-t:nu=-2,scale=1", "nu"},
                                          {"student-t:scale=1", "nu"},
                                          {"student-t:nu=3", "scale"},
                                          {"student-t:nu=2,sigma=1", "sigma"},
                                          {"cauchy:sigma=1", "sigma"},
                                          {"cauchy:gamma=1", "gamma"},
                                          {"logistic:scale=0", "scale"},
                                          {"triangular:r=-1", "r"},
                                          {"uniform:r=inf", "r"},
                                          {"logistic:scale=1,scale=2", "scale"},
                                          {"triangula:r=1", "triangular"}};
    sb_noise_spec spec;
    sb_error error;
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        sb_noise_spec_init(&spec);
        SB_CHECK(sb_noise_spec_parse(&spec, text[i][0], &error) == SB_BAD_INPUT &&
                     strstr(error.message, text[i][1]),
                 "%s: %s", text[i][0], error.message);
        sb_noise_spec_clear(&spec);
    }
}

static const sb_test tests[] = {{"tails match quadrature", tails_match_quadrature},
                                {"density, distribution function and tail fit", density_cdf_and_tail_fit},
                                {"balls contain their points", balls_contain_their_points},
                                {"quantiles invert the distribution function", quantiles_invert_the_cdf},
                                {"moments match quadrature; infinite ones", moments_match_quadrature},
                                {"total variation in one dimension", one_dimension},
                                {"draws have the law", draws_have_the_law},
                                {"uniform noise on the cube", uniform_noise_on_the_cube},
                                {"what is no noise is refused", what_is_no_noise_is_refused}};
SB_TEST_MAIN(tests)
