/* The lattice engine against closed forms, against the product engine (with which it shares no formula), and
   the grids of losses against what they must be. */
#include "distributions/lattice_overlap.h"
#include "distributions/loss_grid.h"
#include "distributions/product_overlap.h"
#include "tests/test.h"

#include <math.h>

typedef sb_status engine(sb_tv_result *result, const sb_noise_spec *noise, const sb_shift *shift,
                         const sb_tv_options *options, sb_error *error);

static sb_status evaluate(sb_tv_result *result, engine *run, const char *noise, const char *shift,
                          uint64_t dimension, int digits, sb_error *error) {
    sb_noise_spec spec;
    sb_shift v;
    sb_tv_options options;
    sb_noise_spec_init(&spec);
    sb_shift_init(&v);
    sb_tv_options_init(&options);
    options.digits = digits;
    sb_tv_result_clear(result);
    sb_tv_result_init(result);
    sb_status status = sb_noise_spec_parse(&spec, noise, error);
    if (!status) status = sb_shift_parse(&v, shift, dimension, error);
    if (!status) status = run(result, &spec, &v, &options, error);
    sb_noise_spec_clear(&spec);
    sb_shift_clear(&v);
    return status;
}

/* The bracket contains the overlap `truth` and is narrower than `width` times it. */
static void brackets(const char *noise, const char *shift, uint64_t dimension, int digits, const arb_t truth,
                     double width) {
    sb_tv_result result;
    sb_error error;
    arb_t ratio;
    sb_tv_result_init(&result);
    arb_init(ratio);
    sb_status status = evaluate(&result, sb_lattice_total_variation, noise, shift, dimension, digits, &error);
    SB_CHECK(!status, "%s: %s", noise, error.message);
    char *got = arb_get_str(result.overlap, 20, ARB_STR_MORE), *wanted = arb_get_str(truth, 20, 0);
    SB_CHECK(arb_overlaps(result.overlap, truth), "%s %s, d = %llu: %s without %s", noise, shift,
             (unsigned long long)dimension, got, wanted);
    arb_div(ratio, result.overlap, truth, 64);
    double radius = mag_get_d(arb_radref(ratio));
    SB_CHECK(2 * radius < width, "%s %s, d = %llu: width %g of it, not %g", noise, shift,
             (unsigned long long)dimension, 2 * radius, width);
    arb_sub_ui(ratio, result.total_variation, 1, 64);
    arb_neg(ratio, ratio);
    SB_CHECK(arb_overlaps(ratio, result.overlap) && result.certified, "%s: TV is 1 minus the overlap", noise);
    flint_free(got);
    flint_free(wanted);
    arb_clear(ratio);
    sb_tv_result_clear(&result);
}

/* erfc(t/(2 sqrt 2)), t = |v|_2/sigma, down to 4e-34 */
static void gaussian(void) {
    static const struct {
        const char *noise, *shift;
        uint64_t dimension;
        double ratio; /* |v|_2/sigma */
        int digits;
        double width;
    } at[] = {{"gaussian:sigma=1", "l2:1", 1, 1, 4, 2e-4},
              {"gaussian:sigma=2", "l2:2", 7, 1, 4, 2e-4},
              {"gaussian:sigma=1", "l2:1", 3072, 1, 3, 2e-3},
              {"gaussian:sigma=1", "linf:1/4", 16, 1, 4, 2e-4},
              {"gaussian:sigma=1", "l2:1/1024", 9, 0x1p-10, 3, 2e-6},
              {"gaussian:sigma=1", "l2:8", 50, 8, 3, 4e-3},
              {"gaussian:sigma=1", "basis:24", 5, 24, 2, 4e-2},
              {"gaussian:sigma=1", "4:1/2,9:1,1:1.5", 20, 3.5, 3, 2e-3},
              {"gaussian:sigma=1/2", "linf:1", 100, 20, 2, 4e-2}};
    arb_t truth;
    arb_init(truth);
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        arb_set_ui(truth, 8);
        arb_rsqrt(truth, truth, 200);
        arf_t ratio;
        arf_init(ratio);
        arf_set_d(ratio, at[i].ratio);
        arb_mul_arf(truth, truth, ratio, 200);
        arf_clear(ratio);
        arb_hypgeom_erfc(truth, truth, 200);
        brackets(at[i].noise, at[i].shift, at[i].dimension, at[i].digits, truth, at[i].width);
    }
    arb_clear(truth);
}

/* One coordinate: Pr(|X| > v/2). Small shifts of heavy tails take more cells. */
static void one_dimension(void) {
    static const struct {
        const char *noise;
        size_t from;
    } law[] = {{"laplace:b=1", 0},
               {"logistic:scale=1", 0},
               {"uniform:r=2", 0},
               {"triangular:r=2", 0},
               {"gengauss:shape=3,scale=1", 0},
               {"cauchy:scale=1", 0},
               {"student-t:nu=3,scale=1", 2},
               {"gengauss:shape=1/2,scale=1", 1},
               {"lomax:alpha=2,scale=1", 1},
               {"staircase:ratio=1/2,gamma=1/3,step=1", 1}};
    static const char *const shift[] = {"basis:1/16", "basis:1", "basis:5/2"};
    static const double half[] = {0x1p-5, 0.5, 1.25};
    sb_noise_spec spec;
    sb_error error;
    arb_t truth, s;
    sb_noise_spec_init(&spec);
    arb_init(truth);
    arb_init(s);
    for (size_t i = 0; i < sizeof law / sizeof law[0]; i++)
        for (size_t j = law[i].from; j < 3; j++) {
            SB_CHECK(!sb_noise_spec_parse(&spec, law[i].noise, &error), "%s", error.message);
            arb_set_d(s, half[j]);
            sb_noise_tail(truth, &spec, 1, s, 128);
            brackets(law[i].noise, shift[j], 3, 3, truth, 2e-3);
        }
    sb_noise_spec_clear(&spec);
    arb_clear(truth);
    arb_clear(s);
}

/* Uniform noise has losses 0 only: the product of 1 - v/(2r), to all digits. */
static void uniform(void) {
    arb_t truth;
    arb_init(truth);
    arb_set_ui(truth, 7);
    arb_mul_2exp_si(truth, truth, -3);
    arb_pow_ui(truth, truth, 3072, 300);
    brackets("uniform:r=1", "linf:1/4", 3072, 3, truth, 1e-5);
    arb_set_d(truth, 0.875 * 0.875 * 0.875 * 0.5);
    brackets("uniform:r=1", "3:1/4,1:1", 10, 3, truth, 1e-5);
    arb_zero(truth);
    sb_tv_result result;
    sb_error error;
    sb_tv_result_init(&result);
    SB_CHECK(!evaluate(&result, sb_lattice_total_variation, "uniform:r=1", "1:2,3:1/4", 10, 3, &error));
    SB_CHECK(arb_is_zero(result.overlap) && arb_is_one(result.total_variation) && result.digits_met, "apart");
    SB_CHECK(!evaluate(&result, sb_lattice_total_variation, "laplace:b=1", "linf:0", 10, 3, &error));
    SB_CHECK(arb_is_one(result.overlap) && arb_is_zero(result.total_variation), "no shift");
    sb_tv_result_clear(&result);
    arb_clear(truth);
}

static void agrees_with_the_product_engine(void) {
    static const struct {
        const char *noise, *shift;
        uint64_t dimension;
    } at[] = {{"laplace:b=1", "l2:1", 2},
              {"laplace:b=1", "l2:2", 30},
              {"laplace:b=2", "linf:1/64", 3072},
              {"laplace:b=1", "3:1,20:1/8", 40},
              {"logistic:scale=1", "l2:1", 3},
              {"logistic:scale=1", "l2:3", 100},
              {"logistic:scale=1", "1:2,5:1/2,9:1/3", 20},
              {"gaussian:sigma=1", "l2:1/2", 12}};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        sb_tv_result product;
        sb_error error;
        sb_tv_result_init(&product);
        sb_status status = evaluate(&product, sb_product_total_variation, at[i].noise, at[i].shift,
                                    at[i].dimension, 8, &error);
        SB_CHECK(!status, "%s: %s", at[i].noise, error.message);
        SB_CHECK(arb_rel_accuracy_bits(product.overlap) > 20, "%s %s: the product engine's own accuracy",
                 at[i].noise, at[i].shift);
        brackets(at[i].noise, at[i].shift, at[i].dimension, 3, product.overlap, 3e-3);
        sb_tv_result_clear(&product);
    }
}

/* Densities that are not log-concave, where the loss is bounded by its slope: five digits. */
static void slopes(void) {
    static const struct {
        const char *noise;
        uint64_t dimension;
    } at[] = {{"cauchy:scale=1", 30}, {"lomax:alpha=3,scale=1", 30}};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        sb_tv_result product;
        sb_error error;
        sb_tv_result_init(&product);
        sb_status status = evaluate(&product, sb_product_total_variation, at[i].noise, "linf:1/10",
                                    at[i].dimension, 9, &error);
        SB_CHECK(!status, "%s: %s", at[i].noise, error.message);
        SB_CHECK(product.digits_met, "%s: the product engine's own accuracy", at[i].noise);
        brackets(at[i].noise, "linf:1/10", at[i].dimension, 5, product.overlap, 2e-5);
        sb_tv_result_clear(&product);
    }
}

/* The grids: all mass of P and of Q is there, the fine overlap is below and the coarse one above the true
   one, and their distance falls with the square of the step. */
static void grids_bracket(void) {
    static const char *const noise[] = {"gaussian:sigma=1", "laplace:b=1", "cauchy:scale=1"};
    enum { P = 200 };
    for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++) {
        sb_noise_spec spec;
        sb_error error;
        sb_loss_grid grid;
        double width[2] = {0, 0};
        arb_t v, fine, coarse, truth, mass, tilt;
        arb_ptr all[] = {v, fine, coarse, truth, mass, tilt};
        for (size_t j = 0; j < 6; j++) arb_init(all[j]);
        sb_noise_spec_init(&spec);
        sb_loss_grid_init(&grid);
        SB_CHECK(!sb_noise_spec_parse(&spec, noise[i], &error), "%s", error.message);
        for (int e = 4; e <= 6; e += 2) {
            arb_set_d(v, 0.75);
            SB_CHECK(!sb_loss_grid_fill(&grid, &spec, v, e, P, &error), "%s", error.message);
            arb_mul_2exp_si(v, v, -1);
            spec.family->product->tail(truth, &spec, v, P);
            arb_zero(fine);
            arb_zero(coarse);
            arb_zero(mass);
            for (slong k = -grid.reach; k <= grid.reach; k++) {
                arb_srcptr x = grid.fine + k + grid.reach, y = grid.coarse + k + grid.reach;
                SB_CHECK(!arb_is_negative(x) && !arb_is_negative(y), "%s: mass at %ld", noise[i], k);
                arb_set_si(tilt, k);
                arb_mul_2exp_si(tilt, tilt, -1 - e);
                arb_exp(tilt, tilt, P);
                arb_addmul(mass, x, tilt, P); /* under P */
                if (k > 0) arb_inv(tilt, tilt, P);
                arb_addmul(fine, x, tilt, P);
                if (k < 0) arb_addmul(coarse, y, tilt, P); /* the test by the sign of the loss */
                if (k < 0) arb_addmul(coarse, y, tilt, P);
                if (k == 0) arb_add(coarse, coarse, y, P);
            }
            SB_CHECK(!arb_gt(fine, truth) && arb_le(truth, coarse), "%s: step 2^-%d", noise[i], e);
            arb_sub_ui(mass, mass, 1, P);
            SB_CHECK(mag_get_d(arb_radref(mass)) + fabs(arf_get_d(arb_midref(mass), ARF_RND_NEAR)) < 1e-5 &&
                         !arb_is_positive(mass),
                     "%s: lost mass %g", noise[i], arf_get_d(arb_midref(mass), ARF_RND_NEAR));
            arb_sub(fine, coarse, fine, P);
            width[e / 2 - 2] = arf_get_d(arb_midref(fine), ARF_RND_NEAR);
        }
        SB_CHECK(width[1] < width[0] / 8, "%s: widths %g and %g at a quarter of the step", noise[i], width[0],
                 width[1]);
        for (size_t j = 0; j < 6; j++) arb_clear(all[j]);
        sb_noise_spec_clear(&spec);
        sb_loss_grid_clear(&grid);
    }
}

static int never(void) {
    return 0;
}

static void refusals(void) {
    sb_tv_result result;
    sb_error error;
    sb_tv_result_init(&result);
    SB_CHECK(evaluate(&result, sb_lattice_total_variation, "pareto:alpha=3,xm=1", "linf:1", 3, 3, &error) ==
                     SB_OUTSIDE &&
                 strstr(error.message, "pareto"),
             "%s", error.message);
    SB_CHECK(evaluate(&result, sb_lattice_total_variation, "lattice:points=4,spacing=1", "linf:1", 3, 3,
                      &error) == SB_OUTSIDE &&
                 strstr(error.message, "lattice noise"),
             "%s", error.message);
    char many[1024] = "1:1";
    for (unsigned i = 2; i <= SB_LATTICE_GROUPS + 1; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), ",1:%u", i);
    SB_CHECK(evaluate(&result, sb_lattice_total_variation, "laplace:b=99", many, 100, 3, &error) ==
                     SB_OUTSIDE &&
                 strstr(error.message, "65"),
             "%s", error.message);
    sb_noise_spec spec;
    sb_shift shift;
    sb_tv_options options;
    sb_noise_spec_init(&spec);
    sb_shift_init(&shift);
    sb_tv_options_init(&options);
    options.proceed = never;
    SB_CHECK(!sb_noise_spec_parse(&spec, "laplace:b=1", &error) &&
             !sb_shift_parse(&shift, "linf:1", 3, &error));
    SB_CHECK(sb_lattice_total_variation(&result, &spec, &shift, &options, &error) == SB_INTERRUPTED);
    sb_noise_spec_clear(&spec);
    sb_shift_clear(&shift);
    sb_tv_result_clear(&result);
}

static const sb_test tests[] = {{"lattice: Gaussian noise against erfc", gaussian},
                                {"lattice: densities that are not log-concave", slopes},
                                {"lattice: one coordinate against the tail", one_dimension},
                                {"lattice: uniform noise", uniform},
                                {"lattice: overlaps the product engine", agrees_with_the_product_engine},
                                {"lattice: fine and coarse grids bracket", grids_bracket},
                                {"lattice: refusals and interrupts", refusals}};
SB_TEST_MAIN(tests)
