/* Uniform, logistic, triangular, Cauchy and Student's t noise against numbers from 40-digit quadrature of the densities
   (mpmath), against closed forms, against each other, and their draws against the distribution functions. */
#include "distributions/law_numerics.h"
#include "distributions/noise.h"
#include "distributions/shift.h"
#include "tests/test.h"

#include <math.h>

static const char *const family[] = {"uniform",         "logistic",        "triangular",       "cauchy",
                                     "student-t:nu=3",  "student-t:nu=5/2", "student-t:nu=40", "student-t:nu=1/2",
                                     "student-t:nu=100"};
enum { FAMILIES = sizeof family / sizeof family[0], PRECISION = 100 };

static void open_shape(sb_noise_spec *spec, const char *text) {
    sb_error error;
    sb_noise_spec_init(spec);
    if (sb_noise_spec_parse_shape(spec, text, &error)) {
        printf("# %s\n", error.message);
        abort();
    }
}

static double middle(const arb_t x) {
    return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

/* Whether the value is narrow and, within the digits of the reference, equal to it. */
static int agrees(const arb_t value, const char *reference) {
    arb_t expected, tolerance, zero;
    arb_init(expected);
    arb_init(tolerance);
    arb_init(zero);
    arb_set_str(expected, reference, 200);
    arb_abs(tolerance, expected);
    arb_set_d(zero, 1e-3);
    arb_add(tolerance, tolerance, zero, 60);
    arb_set_d(zero, 1e-23);
    arb_mul(tolerance, tolerance, zero, 60);
    arb_add_error(expected, tolerance);
    int same = arb_overlaps(value, expected) && mag_cmp_2exp_si(arb_radref(value), -80) < 0;
    arb_clear(expected);
    arb_clear(tolerance);
    arb_clear(zero);
    return same;
}

/* ------------------------------------------------------------------ one law */
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
        SB_CHECK(agrees(value, item[i].tail), "%s: tail(%s) = %.17g, not %s", item[i].noise, item[i].s, middle(value),
                 item[i].tail);
        sb_noise_spec_clear(&spec);
    }
    arb_clear(s);
    arb_clear(value);
}

/* F(x) = 1 - tail/2 right of 0 and F(-x) = 1 - F(x); and the integral of the density between two points is F(b) - F(a), by
   Simpson's rule. */
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
        double a = (double)(sb_test_random(&state) % 4000) / 1000 - 2, b = a + 0.001 * (double)(sb_test_random(&state) % 900);
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
            double x = (double)(sb_test_random(&state) % 4001) / 1000 - 2, offset = 0.001 * (double)(sb_test_random(&state) % 1001);
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
            SB_CHECK(arb_overlaps(at_ball, at_point) || !arb_is_finite(at_point), "%s: function %d at %g +- %g",
                     family[i % FAMILIES], k, x, width);
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
        sb_noise_quantile(x, &spec, u, PRECISION);
        sb_noise_cdf(back, &spec, x, PRECISION + 20);
        SB_CHECK(arb_overlaps(back, u) && arb_rel_accuracy_bits(x) > PRECISION - 56, "%s: F(quantile) at %.17g gives %.17g, %ld bits",
                 family[i % FAMILIES], middle(u), middle(back), (long)arb_rel_accuracy_bits(x));
        sb_law_quantile(back, spec.family->product, &spec, u, PRECISION);
        SB_CHECK(arb_overlaps(back, x), "%s: root isolation and closed form at %.17g", family[i % FAMILIES], middle(u));
        sb_noise_spec_clear(&spec);
    }
    open_shape(&spec, "student-t:nu=3");
    arb_set_d(u, 0.5);
    sb_noise_quantile(x, &spec, u, PRECISION);
    SB_CHECK(arb_is_zero(x), "the median");
    mag_set_d(arb_radref(u), 0.1); /* from about F^-1(0.4) = -0.277 to 0.277 */
    sb_noise_quantile(x, &spec, u, PRECISION);
    arb_set_d(back, 0.27667066233268955);
    SB_CHECK(arb_contains_zero(x) && fabs(mag_get_d(arb_radref(x)) - middle(back)) < 1e-6, "a ball around 1/2");
    arb_set_ui(u, 1);
    sb_noise_quantile(x, &spec, u, PRECISION);
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
            SB_CHECK(agrees(value, item[i].moment), "%s: E|X|^%s = %.17g", item[i].noise, item[i].order, middle(value));
        else
            SB_CHECK(arf_is_pos_inf(arb_midref(value)), "%s: E|X|^%s is infinite", item[i].noise, item[i].order);
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
            SB_CHECK(fabs(1 - middle(value) - item[i].total_variation) < 1e-14, "%s: v = %g: %.17g", item[i].noise, v,
                     1 - middle(value));
            sb_noise_spec_clear(&spec);
            arb_clear(s);
            arb_clear(value);
        }
    }
}

/* ------------------------------------------------------------------ affinity */
static void affinities_match_quadrature(void) {
    static const struct {
        const char *noise, *t, *shift, *value;
        int imaginary;
    } item[] = {{"uniform", "7", "0.5", "0.75", 0},
                {"uniform", "7", "2.5", "0", 0},
                {"logistic", "0", "0.5", "0.9896587908255000900518899", 0},
                {"logistic", "1", "0.5", "0.94893539765179931091155441", 0},
                {"logistic", "3", "2", "-0.039626618788081254011147376", 0},
                {"logistic", "0.25", "6", "0.19914303059919603600709645", 0},
                {"cauchy", "0", "0.5", "0.98490156054020796866857122", 0},
                {"cauchy", "1", "0.5", "0.9256523605902129935761458", 0},
                {"cauchy", "3", "2", "-0.068687169168703520759320369", 0},
                {"cauchy", "0.25", "6", "0.42528424315742569366619565", 0},
                {"cauchy", "8", "1", "0.21851410345911674939927438", 0},
                {"triangular", "0", "0.5", "0.78809334437704823586348899", 0},
                {"triangular", "1", "0.5", "0.53267128524326651376635213", 0},
                {"triangular", "3", "0.25", "0.33190220878168309581567555", 0},
                {"triangular", "0.25", "1.5", "0.09264504073435676572507017", 0},
                {"triangular", "5", "1.25", "0.0000067243763604518550329917592", 0},
                {"triangular", "2", "1", "0.024933576607549464524048194", 0},
                {"triangular", "2", "2", "0", 0},
                {"student-t:nu=3", "0", "0.5", "0.97959183673469387755102041", 0},
                {"student-t:nu=3", "3", "2", "0.21600671812161528162178962", 0},
                {"student-t:nu=3", "0.25", "6", "0.14173672469277148699231653", 0},
                {"student-t:nu=3", "10", "1", "-0.085496353914063796163865189", 0},
                {"student-t:nu=5/2", "2", "1", "0.08134774205839611432418821", 0},
                {"student-t:nu=40", "0.5", "3", "0.10445922337513104962604732", 0},
                {"student-t:nu=1/2", "2", "1", "0.40719891092118230194572477", 0},
                {"logistic", "0.25", "0.5", "0.99223804147512576123619074", 1},
                {"logistic", "2", "1", "1.7400177902248140554969466", 1},
                {"logistic", "0.5", "1", "1", 1},
                {"cauchy", "0.25", "0.5", "0.9886653624398897374844887", 1},
                {"cauchy", "2", "1", "2.0343427485811576779306851", 1},
                {"cauchy", "0.5", "3", "1", 1},
                {"triangular", "0.25", "0.5", "0.80862802668128578073560597", 1},
                {"triangular", "1", "0.5", "1.257543270429433165512813", 1},
                {"triangular", "1", "1.5", "0.29452431127404311610587282", 1},
                {"triangular", "0.5", "0.5", "0.875", 1}, /* 1 - v^2/2: the mass of q where p > 0 */
                {"student-t:nu=3", "0.25", "0.5", "0.98467411876067721121432671", 1},
                {"student-t:nu=3", "2", "1", "2.5827546296296296296296296", 1},
                {"student-t:nu=3", "0.5", "6", "1", 1},
                {"student-t:nu=5/2", "3", "2", "70.270580187273037275999809", 1}};
    sb_noise_spec spec;
    arb_t t, shift, value;
    arb_init(t);
    arb_init(shift);
    arb_init(value);
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        open_shape(&spec, item[i].noise);
        const sb_product_law *law = spec.family->product;
        arb_set_str(t, item[i].t, PRECISION + 10);
        arb_set_str(shift, item[i].shift, PRECISION + 10);
        (item[i].imaginary ? law->affinity_imaginary : law->affinity)(value, &spec, t, shift, PRECISION);
        SB_CHECK(agrees(value, item[i].value), "%s: H(%s%s), v = %s is %.17g +- %.1e, not %s", item[i].noise,
                 item[i].imaginary ? "i " : "", item[i].t, item[i].shift, middle(value), mag_get_d(arb_radref(value)),
                 item[i].value);
        sb_noise_spec_clear(&spec);
    }
    open_shape(&spec, "triangular");
    arb_set_d(t, 1.5);
    arb_set_d(shift, 0.5);
    spec.family->product->affinity_imaginary(value, &spec, t, shift, PRECISION);
    SB_CHECK(arf_is_pos_inf(arb_midref(value)), "triangular: H(3i/2) is infinite");
    sb_noise_spec_clear(&spec);
    arb_clear(t);
    arb_clear(shift);
    arb_clear(value);
}

/* Cauchy noise is Student's t with nu = 1: the hypergeometric function against quadrature. */
static void cauchy_is_student_t(void) {
    uint64_t state = 4;
    sb_noise_spec cauchy, student;
    arb_t t, shift, one, other;
    arb_init(t);
    arb_init(shift);
    arb_init(one);
    arb_init(other);
    open_shape(&cauchy, "cauchy");
    open_shape(&student, "student-t:nu=1");
    for (int i = 0; i < 20; i++) {
        double size = ldexp(1, (int)(sb_test_random(&state) % 12) - 6);
        arb_set_d(shift, size * (1 + 0.001 * (double)(sb_test_random(&state) % 1000)));
        arb_set_d(t, (double)(sb_test_random(&state) % 4000) * 0.005 / (size < 1 ? size : 1));
        cauchy.family->product->affinity(one, &cauchy, t, shift, 60);
        student.family->product->affinity(other, &student, t, shift, 60);
        SB_CHECK(arb_overlaps(one, other) && mag_cmp_2exp_si(arb_radref(one), -50) < 0 &&
                     mag_cmp_2exp_si(arb_radref(other), -50) < 0,
                 "t = %g, v = %g: %.17g, %.17g", middle(t), middle(shift), middle(one), middle(other));
        arb_set_d(t, (double)(sb_test_random(&state) % 100) * 0.05);
        cauchy.family->product->affinity_imaginary(one, &cauchy, t, shift, 60);
        student.family->product->affinity_imaginary(other, &student, t, shift, 60);
        SB_CHECK(arb_overlaps(one, other), "y = %g, v = %g: %.17g, %.17g", middle(t), middle(shift), middle(one),
                 middle(other));
    }
    sb_noise_spec_clear(&cauchy);
    sb_noise_spec_clear(&student);
    arb_clear(t);
    arb_clear(shift);
    arb_clear(one);
    arb_clear(other);
}

/* Wide t and shift. */
static void affinities_of_balls(void) {
    uint64_t state = 5;
    sb_noise_spec spec;
    arb_t t, shift, t_point, shift_point, at_ball, at_point;
    arb_init(t);
    arb_init(shift);
    arb_init(t_point);
    arb_init(shift_point);
    arb_init(at_ball);
    arb_init(at_point);
    for (size_t i = 0; i < FAMILIES * 8; i++) {
        if (i % FAMILIES == 7) continue; /* nu = 1/2 is slow */
        open_shape(&spec, family[i % FAMILIES]);
        const sb_product_law *law = spec.family->product;
        double width = ldexp(1, -4 - (int)(sb_test_random(&state) % 20)), v = 0.1 + 0.002 * (double)(sb_test_random(&state) % 1000),
               y = 0.004 * (double)(sb_test_random(&state) % 1000);
        if (i / FAMILIES == 7) v = 1; /* where triangular noise changes its form */
        arb_set_d(t, y);
        mag_set_d(arb_radref(t), width);
        arb_set_d(shift, v);
        mag_set_d(arb_radref(shift), width);
        arb_set_d(t_point, y + (sb_test_random(&state) % 2 ? width : -width) * 0.9);
        arb_set_d(shift_point, v + (sb_test_random(&state) % 2 ? width : -width) * 0.9);
        law->affinity(at_ball, &spec, t, shift, 40);
        law->affinity(at_point, &spec, t_point, shift_point, 40);
        SB_CHECK(arb_overlaps(at_ball, at_point), "%s: H at t = %g, v = %g, +- %g: %.12g +- %.2g, at a point %.12g",
                 family[i % FAMILIES], y, v, width, middle(at_ball), mag_get_d(arb_radref(at_ball)), middle(at_point));
        arb_mul_2exp_si(t, t, -2);
        arb_mul_2exp_si(t_point, t_point, -2);
        law->affinity_imaginary(at_ball, &spec, t, shift, 40);
        law->affinity_imaginary(at_point, &spec, t_point, shift_point, 40);
        SB_CHECK(arb_overlaps(at_ball, at_point) || !arb_is_finite(at_ball), "%s: H(iy) at y = %g, v = %g, +- %g",
                 family[i % FAMILIES], y / 4, v, width);
        sb_noise_spec_clear(&spec);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(t_point);
    arb_clear(shift_point);
    arb_clear(at_ball);
    arb_clear(at_point);
}

/* The bound is at least every later |H|, at most H(0), and keeps a good part of H(0) - |H(T)| while T |l| is small. */
static void suprema_are_bounds(void) {
    static const char *const noise[] = {"logistic", "triangular", "cauchy", "student-t:nu=3", "student-t:nu=40",
                                        "uniform"};
    static const double shift[] = {0.003, 0.2, 1.3, 6};
    sb_noise_spec spec;
    arb_t t, v, whole, value, bound;
    arb_init(t);
    arb_init(v);
    arb_init(whole);
    arb_init(value);
    arb_init(bound);
    for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++) {
        open_shape(&spec, noise[i]);
        const sb_product_law *law = spec.family->product;
        for (size_t j = 0; j < sizeof shift / sizeof shift[0]; j++) {
            arb_set_d(v, shift[j]);
            arb_zero(t);
            law->affinity(whole, &spec, t, v, 40);
            for (double start = 0.05 / shift[j]; start < 60 / shift[j]; start *= 7) {
                arb_set_d(t, start);
                law->affinity_supremum(bound, &spec, t, v, 53);
                double top = middle(bound) + mag_get_d(arb_radref(bound));
                SB_CHECK(top <= middle(whole) * (1 + 1e-9), "%s, v = %g, T = %g: %.17g above H(0)", noise[i], shift[j],
                         start, top);
                law->affinity(value, &spec, t, v, 40);
                double drop = middle(whole) - fabs(middle(value));
                if (start * shift[j] < 0.3 && i < 5)
                    SB_CHECK(middle(whole) - top >= 0.5 * drop - 1e-9, "%s, v = %g, T = %g: %.10g, H(T) = %.10g, H(0) = %.10g",
                             noise[i], shift[j], start, top, middle(value), middle(whole));
                for (int k = 0; k < 14; k++) {
                    arb_set_d(t, start * pow(1.23, k));
                    law->affinity(value, &spec, t, v, 30);
                    double size = fabs(middle(value)) - mag_get_d(arb_radref(value));
                    SB_CHECK(size <= top, "%s, v = %g: |H(%g)| = %.17g above the bound %.17g from T = %g on", noise[i],
                             shift[j], middle(t), size, top, start);
                }
            }
        }
        sb_noise_spec_clear(&spec);
    }
    arb_clear(t);
    arb_clear(v);
    arb_clear(whole);
    arb_clear(value);
    arb_clear(bound);
}

/* log H(v + x) by its series, against the closed form; and every coefficient over a ball of shifts contains those at
   points, also for balls near 0. */
static void series_in_the_shift(void) {
    static const char *const noise[] = {"logistic", "uniform"};
    enum { LENGTH = 12 };
    uint64_t state = 6;
    sb_noise_spec spec;
    arb_poly_t series, over_ball;
    arb_t t, v, x, value, sum;
    arb_poly_init(series);
    arb_poly_init(over_ball);
    arb_init(t);
    arb_init(v);
    arb_init(x);
    arb_init(value);
    arb_init(sum);
    for (int i = 0; i < 60; i++) {
        open_shape(&spec, noise[i % 2]);
        const sb_product_law *law = spec.family->product;
        double centre = ldexp(0.5 + 0.0005 * (double)(sb_test_random(&state) % 1000), -(int)(sb_test_random(&state) % 10)),
               y = i % 6 < 2 ? 0 : 0.001 * (double)(sb_test_random(&state) % 1500) / centre, step = centre / 64;
        arb_set_d(t, y);
        arb_set_d(v, centre);
        law->log_affinity_series(series, &spec, t, v, LENGTH, PRECISION);
        arb_set_d(x, step);
        arb_poly_evaluate(sum, series, x, PRECISION);
        arb_add(x, x, v, PRECISION);
        law->affinity(value, &spec, t, x, PRECISION);
        arb_log(value, value, PRECISION);
        SB_CHECK(fabs(middle(sum) - middle(value)) < 1e-15 && mag_cmp_2exp_si(arb_radref(sum), -70) < 0,
                 "%s: t = %g, v = %g: %.17g, series %.17g", noise[i % 2], y, centre, middle(value), middle(sum));
        mag_set_d(arb_radref(v), centre * (i % 3 ? 0.1 : 1)); /* from 0 on, or narrow */
        arb_set_d(t, y / 4);
        law->log_affinity_series(over_ball, &spec, t, v, LENGTH, PRECISION);
        arb_set_d(v, centre * (i % 3 ? 0.91 : 0.1));
        law->log_affinity_series(series, &spec, t, v, LENGTH, PRECISION);
        for (slong k = 0; k < LENGTH; k++) {
            arb_poly_get_coeff_arb(sum, over_ball, k);
            arb_poly_get_coeff_arb(value, series, k);
            SB_CHECK(arb_overlaps(sum, value), "%s: coefficient %ld at t = %g, v = %g", noise[i % 2], (long)k, y / 4, centre);
            if (i % 3 && i % 2 == 0)
                SB_CHECK(arb_is_finite(sum) && mag_get_d(arb_radref(sum)) < 8 * pow(centre, (double)-k),
                         "%s: coefficient %ld at t = %g, v = %g has radius %g", noise[i % 2], (long)k, y / 4, centre,
                         mag_get_d(arb_radref(sum)));
        }
        sb_noise_spec_clear(&spec);
    }
    arb_poly_clear(series);
    arb_poly_clear(over_ball);
    arb_clear(t);
    arb_clear(v);
    arb_clear(x);
    arb_clear(value);
    arb_clear(sum);
}

/* ------------------------------------------------------------------ draws */
static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov's distance; beyond 1.95/sqrt(n) has probability 0.001. */
static void draws_have_the_law(void) {
    enum { DRAWS = 4000 };
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
    static const char *const text[][2] = {{"student-t:nu=0,scale=1", "nu"},   {"student-t:nu=-2,scale=1", "nu"},
                                          {"student-t:scale=1", "nu"},        {"student-t:nu=3", "scale"},
                                          {"student-t:nu=2,sigma=1", "sigma"}, {"cauchy:sigma=1", "sigma"},
                                          {"cauchy:gamma=1", "gamma"},        {"logistic:scale=0", "scale"},
                                          {"triangular:r=-1", "r"},           {"uniform:r=inf", "r"},
                                          {"logistic:scale=1,scale=2", "scale"}, {"triangula:r=1", "triangular"}};
    sb_noise_spec spec;
    sb_error error;
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        sb_noise_spec_init(&spec);
        SB_CHECK(sb_noise_spec_parse(&spec, text[i][0], &error) == SB_BAD_INPUT && strstr(error.message, text[i][1]),
                 "%s: %s", text[i][0], error.message);
        sb_noise_spec_clear(&spec);
    }
}

static const sb_test tests[] = {
    {"tails match quadrature", tails_match_quadrature},
    {"density, distribution function and tail fit", density_cdf_and_tail_fit},
    {"balls contain their points", balls_contain_their_points},
    {"quantiles invert the distribution function", quantiles_invert_the_cdf},
    {"moments match quadrature; infinite ones", moments_match_quadrature},
    {"total variation in one dimension", one_dimension},
    {"affinities match quadrature, on both axes", affinities_match_quadrature},
    {"Cauchy noise is Student's t with nu = 1", cauchy_is_student_t},
    {"affinities of balls contain those of points", affinities_of_balls},
    {"suprema of affinities are bounds", suprema_are_bounds},
    {"series of log H in the shift", series_in_the_shift},
    {"draws have the law", draws_have_the_law},
    {"uniform noise on the cube", uniform_noise_on_the_cube},
    {"what is no noise is refused", what_is_no_noise_is_refused}};
SB_TEST_MAIN(tests)
