/* H(t) of the uniform, logistic, triangular, Cauchy and Student's t families, on both axes, against numbers
   from 40-digit quadrature along the line (mpmath); the quadrature and the suprema of law_numerics.h against
   closed forms. */
#include "tests/distributions/family_test.h"

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
                 item[i].imaginary ? "i " : "", item[i].t, item[i].shift, middle(value),
                 mag_get_d(arb_radref(value)), item[i].value);
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
    for (int i = 0; i < 14; i++) {
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
        SB_CHECK(arb_overlaps(one, other), "y = %g, v = %g: %.17g, %.17g", middle(t), middle(shift),
                 middle(one), middle(other));
    }
    sb_noise_spec_clear(&cauchy);
    sb_noise_spec_clear(&student);
    arb_clear(t);
    arb_clear(shift);
    arb_clear(one);
    arb_clear(other);
}

/* The quadrature, in all its substitutions, against closed forms: laws that are analytic (Gaussian,
   logistic), that have a kink at 0 (Laplace, Lomax, shapes 1 and 2 of the generalised Gaussian) or a hole
   (Pareto). */
static void quadrature_matches_closed_forms(void) {
    static const char *const noise[][2] = {{"gaussian", "gaussian"},
                                           {"logistic", "logistic"},
                                           {"laplace", "laplace"},
                                           {"lomax:alpha=3/2", "lomax:alpha=3/2"},
                                           {"pareto:alpha=5/2", "pareto:alpha=5/2"},
                                           {"gengauss:shape=1", "laplace"}};
    uint64_t state = 7;
    sb_noise_spec spec, closed;
    arb_t t, shift, value, expected;
    arb_init(t);
    arb_init(shift);
    arb_init(value);
    arb_init(expected);
    for (size_t i = 0; i < 24; i++) {
        const char *const *name = noise[i % 6];
        open_shape(&spec, name[0]);
        open_shape(&closed, name[1]);
        const sb_log_density *law = spec.family->product->log_density(&spec);
        const sb_product_law *formula = closed.family->product;
        double v =
            ldexp(1 + 0.001 * (double)(sb_test_random(&state) % 1000), (int)(sb_test_random(&state) % 8) - 6);
        arb_set_d(shift, v);
        arb_set_d(t, 0.004 * (double)(sb_test_random(&state) % 1000) / (v < 1 ? v : 1));
        sb_law_affinity(value, law, &spec, t, shift, 60);
        formula->affinity(expected, &closed, t, shift, 60);
        SB_CHECK(arb_overlaps(value, expected) && mag_cmp_2exp_si(arb_radref(value), -50) < 0,
                 "%s: t = %g, v = %g: %.17g +- %.1e, not %.17g", name[0], middle(t), v, middle(value),
                 mag_get_d(arb_radref(value)), middle(expected));
        arb_set_d(t, 0.002 * (double)(sb_test_random(&state) % (law->loss_bound ? 1000 : 250)));
        sb_law_affinity_imaginary(value, law, &spec, t, shift, 60);
        formula->affinity_imaginary(expected, &closed, t, shift, 60);
        SB_CHECK(arb_overlaps(value, expected) && arb_rel_accuracy_bits(value) > 40,
                 "%s: y = %g, v = %g: %.17g +- %.1e, not %.17g", name[0], middle(t), v, middle(value),
                 mag_get_d(arb_radref(value)), middle(expected));
        sb_noise_spec_clear(&spec);
        sb_noise_spec_clear(&closed);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(value);
    arb_clear(expected);
}

/* sb_law_affinity_supremum where H has a closed form, so that many t can be looked at. */
static void suprema_of_log_densities(void) {
    static const char *const noise[] = {"gaussian",         "laplace",          "lomax:alpha=3/2",
                                        "pareto:alpha=5/2", "pareto:alpha=1/2", "logistic",
                                        "lomax:alpha=1/20", "pareto:alpha=1/50"};
    uint64_t state = 8;
    sb_noise_spec spec;
    arb_t t, shift, value, bound;
    arb_init(t);
    arb_init(shift);
    arb_init(value);
    arb_init(bound);
    for (size_t i = 0; i < 24; i++) {
        open_shape(&spec, noise[i % 8]);
        const sb_product_law *law = spec.family->product;
        double v = ldexp(1 + 0.001 * (double)(sb_test_random(&state) % 1000),
                         (int)(sb_test_random(&state) % 12) - 9),
               start = ldexp(1, (int)(sb_test_random(&state) % 9) - 4) / v;
        arb_set_d(shift, v);
        arb_set_d(t, start);
        sb_law_affinity_supremum(bound, law->log_density(&spec), &spec, t, shift, 60);
        double top = middle(bound) + mag_get_d(arb_radref(bound));
        for (int k = 0; k < 60; k++) {
            arb_set_d(t, start * pow(1.09, k));
            law->affinity(value, &spec, t, shift, 60);
            double size = fabs(middle(value)) - mag_get_d(arb_radref(value));
            if (!arb_is_finite(value)) continue;
            SB_CHECK(size <= top, "%s, v = %g: |H(%g)| = %.17g above the bound %.17g from T = %g on",
                     noise[i % 8], v, middle(t), size, top, start);
        }
        sb_noise_spec_clear(&spec);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(value);
    arb_clear(bound);
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
    for (size_t i = 0; i < FAMILIES * 6; i++) {
        if (i % FAMILIES == 7) continue; /* nu = 1/2 is slow */
        open_shape(&spec, family[i % FAMILIES]);
        const sb_product_law *law = spec.family->product;
        double width = ldexp(1, -4 - (int)(sb_test_random(&state) % 20)),
               v = 0.1 + 0.002 * (double)(sb_test_random(&state) % 1000),
               y = 0.004 * (double)(sb_test_random(&state) % 1000);
        if (i / FAMILIES == 5) v = 1; /* where triangular noise changes its form */
        arb_set_d(t, y);
        mag_set_d(arb_radref(t), width);
        arb_set_d(shift, v);
        mag_set_d(arb_radref(shift), width);
        arb_set_d(t_point, y + (sb_test_random(&state) % 2 ? width : -width) * 0.9);
        arb_set_d(shift_point, v + (sb_test_random(&state) % 2 ? width : -width) * 0.9);
        law->affinity(at_ball, &spec, t, shift, 40);
        law->affinity(at_point, &spec, t_point, shift_point, 40);
        SB_CHECK(arb_overlaps(at_ball, at_point),
                 "%s: H at t = %g, v = %g, +- %g: %.12g +- %.2g, at a point %.12g", family[i % FAMILIES], y,
                 v, width, middle(at_ball), mag_get_d(arb_radref(at_ball)), middle(at_point));
        arb_mul_2exp_si(t, t, -2);
        arb_mul_2exp_si(t_point, t_point, -2);
        law->affinity_imaginary(at_ball, &spec, t, shift, 40);
        law->affinity_imaginary(at_point, &spec, t_point, shift_point, 40);
        SB_CHECK(arb_overlaps(at_ball, at_point) || !arb_is_finite(at_ball),
                 "%s: H(iy) at y = %g, v = %g, +- %g", family[i % FAMILIES], y / 4, v, width);
        sb_noise_spec_clear(&spec);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(t_point);
    arb_clear(shift_point);
    arb_clear(at_ball);
    arb_clear(at_point);
}

/* The bound is at least every later |H|, at most H(0), and keeps a good part of H(0) - |H(T)| while T |l| is
 * small. */
static void suprema_are_bounds(void) {
    static const char *const noise[] = {"logistic",       "triangular",      "cauchy",
                                        "student-t:nu=3", "student-t:nu=40", "uniform"};
    static const double shift[] = {0.003, 0.2, 1.3};
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
                SB_CHECK(top <= middle(whole) * (1 + 1e-9), "%s, v = %g, T = %g: %.17g above H(0)", noise[i],
                         shift[j], start, top);
                law->affinity(value, &spec, t, v, 40);
                double drop = middle(whole) - fabs(middle(value));
                if (start * shift[j] < 0.3 && i < 5)
                    SB_CHECK(middle(whole) - top >= 0.5 * drop - 1e-9,
                             "%s, v = %g, T = %g: %.10g, H(T) = %.10g, H(0) = %.10g", noise[i], shift[j],
                             start, top, middle(value), middle(whole));
                for (int k = 0; k < 10; k++) {
                    arb_set_d(t, start * pow(1.35, k));
                    law->affinity(value, &spec, t, v, 30);
                    double size = fabs(middle(value)) - mag_get_d(arb_radref(value));
                    SB_CHECK(size <= top, "%s, v = %g: |H(%g)| = %.17g above the bound %.17g from T = %g on",
                             noise[i], shift[j], middle(t), size, top, start);
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

/* log H(v + x) by its series, against the closed form; and every coefficient over a ball of shifts contains
   those at points, also for balls near 0. */
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
        double centre = ldexp(0.5 + 0.0005 * (double)(sb_test_random(&state) % 1000),
                              -(int)(sb_test_random(&state) % 10)),
               y = i % 6 < 2 ? 0 : 0.001 * (double)(sb_test_random(&state) % 1500) / centre,
               step = centre / 64;
        arb_set_d(t, y);
        arb_set_d(v, centre);
        law->log_affinity_series(series, &spec, t, v, LENGTH, PRECISION);
        arb_set_d(x, step);
        arb_poly_evaluate(sum, series, x, PRECISION);
        arb_add(x, x, v, PRECISION);
        law->affinity(value, &spec, t, x, PRECISION);
        arb_log(value, value, PRECISION);
        SB_CHECK(fabs(middle(sum) - middle(value)) < 1e-15 && mag_cmp_2exp_si(arb_radref(sum), -70) < 0,
                 "%s: t = %g, v = %g: %.17g, series %.17g", noise[i % 2], y, centre, middle(value),
                 middle(sum));
        mag_set_d(arb_radref(v), centre * (i % 3 ? 0.1 : 1)); /* from 0 on, or narrow */
        arb_set_d(t, y / 4);
        law->log_affinity_series(over_ball, &spec, t, v, LENGTH, PRECISION);
        arb_set_d(v, centre * (i % 3 ? 0.91 : 0.1));
        law->log_affinity_series(series, &spec, t, v, LENGTH, PRECISION);
        for (slong k = 0; k < LENGTH; k++) {
            arb_poly_get_coeff_arb(sum, over_ball, k);
            arb_poly_get_coeff_arb(value, series, k);
            SB_CHECK(arb_overlaps(sum, value), "%s: coefficient %ld at t = %g, v = %g", noise[i % 2], (long)k,
                     y / 4, centre);
            if (i % 3 && i % 2 == 0)
                SB_CHECK(arb_is_finite(sum) && mag_get_d(arb_radref(sum)) < 8 * pow(centre, (double)-k),
                         "%s: coefficient %ld at t = %g, v = %g has radius %g", noise[i % 2], (long)k, y / 4,
                         centre, mag_get_d(arb_radref(sum)));
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

static const sb_test tests[] = {{"affinities match quadrature, on both axes", affinities_match_quadrature},
                                {"Cauchy noise is Student's t with nu = 1", cauchy_is_student_t},
                                {"quadrature matches closed forms", quadrature_matches_closed_forms},
                                {"affinities of balls contain those of points", affinities_of_balls},
                                {"suprema of affinities are bounds", suprema_are_bounds},
                                {"suprema from log-densities", suprema_of_log_densities},
                                {"series of log H in the shift", series_in_the_shift}};
SB_TEST_MAIN(tests)
