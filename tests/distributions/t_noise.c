/* The noise API with Gaussian and Laplace noise: reference values are integrals by mpmath at 40 digits. */
#include "distributions/noise.h"
#include "distributions/shift.h"
#include "tests/test.h"

#include <math.h>

static void parse(sb_noise_spec *noise, const char *text) {
    sb_error error;
    sb_noise_spec_init(noise);
    if (sb_noise_spec_parse(noise, text, &error)) {
        printf("# %s\n", error.message);
        abort();
    }
}

static void set_decimal(arb_t value, const char *decimal) {
    if (arb_set_str(value, decimal, 200)) abort();
}

/* The ball lies within 1e-25 (relative) of a decimal with 30 digits. */
static int near_decimal(const arb_t value, const char *decimal) {
    arb_t wanted, slack;
    arb_init(wanted);
    arb_init(slack);
    set_decimal(wanted, decimal);
    arb_sub(wanted, wanted, value, 200);
    arb_abs(wanted, wanted);
    arb_abs(slack, value);
    arb_mul_2exp_si(slack, slack, -83);
    int near = arb_lt(wanted, slack);
    if (!near) {
        printf("# wanted %s, got ", decimal);
        arb_printd(value, 35);
        printf("\n");
    }
    arb_clear(wanted);
    arb_clear(slack);
    return near;
}

static void affinities(void) {
    static const struct {
        const char *noise, *t, *shift, *value;
    } row[] = {{"gaussian:sigma=1", "0.75", "0.5", "0.903424713533086710952896995096"},
               {"laplace:b=1", "0.75", "0.5", "0.914848952912392939335529259858"},
               {"gaussian:sigma=1", "3", "1.25", "0.000727015689142447311871774017128"},
               {"laplace:b=1", "3", "1.25", "-0.490202895120235325802502612073"},
               {"laplace:b=1", "0", "2", "0.735758882342884643191047540323"}};
    arb_t t, shift, value;
    arb_init(t);
    arb_init(shift);
    arb_init(value);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        sb_noise_spec noise;
        parse(&noise, row[i].noise);
        set_decimal(t, row[i].t);
        set_decimal(shift, row[i].shift);
        const sb_product_law *law = noise.family->product;
        law->affinity(value, &noise, t, shift, 128);
        SB_CHECK(near_decimal(value, row[i].value), "%s t=%s v=%s", row[i].noise, row[i].t, row[i].shift);
        arb_set_d(t, 0.5); /* the integral of q */
        law->affinity_imaginary(value, &noise, t, shift, 128);
        SB_CHECK(near_decimal(value, "1"), "%s: H(i/2)", row[i].noise);
        sb_noise_spec_clear(&noise);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(value);
}

/* Never below |H| on a dense grid. */
static void suprema(void) {
    static const char *const text[] = {"gaussian:sigma=1", "laplace:b=1"};
    uint64_t state = 3;
    arb_t t, from, shift, value, bound;
    arb_init(t);
    arb_init(from);
    arb_init(shift);
    arb_init(value);
    arb_init(bound);
    for (int trial = 0; trial < 40; trial++) {
        sb_noise_spec noise;
        parse(&noise, text[trial & 1]);
        const sb_product_law *law = noise.family->product;
        double first = exp(6 * ((double)(sb_test_random(&state) >> 11) * 0x1p-53) - 3);
        arb_set_d(shift, exp(8 * ((double)(sb_test_random(&state) >> 11) * 0x1p-53) - 6));
        arb_set_d(from, first);
        law->affinity_supremum(bound, &noise, from, shift, 96);
        for (int i = 0; i < 200; i++) {
            arb_set_d(t, first * (1 + 0.07 * i));
            law->affinity(value, &noise, t, shift, 96);
            arb_abs(value, value);
            SB_CHECK(!arb_gt(value, bound), "%s from %g at %g", text[trial & 1], first, first * (1 + 0.07 * i));
        }
        sb_noise_spec_clear(&noise);
    }
    arb_clear(t);
    arb_clear(from);
    arb_clear(shift);
    arb_clear(value);
    arb_clear(bound);
}

/* exp(series at x) = H(t; v + x), up to the truncated terms. */
static void series(void) {
    static const char *const text[] = {"gaussian:sigma=1", "laplace:b=1"};
    arb_t t, shift, x, value, wanted;
    arb_poly_t taylor;
    arb_init(t);
    arb_init(shift);
    arb_init(x);
    arb_init(value);
    arb_init(wanted);
    arb_poly_init(taylor);
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < 5; i++) {
            sb_noise_spec noise;
            parse(&noise, text[k]);
            const sb_product_law *law = noise.family->product;
            arb_set_d(t, 0.7 * i);
            arb_set_d(shift, 0.25);
            arb_set_d(x, 0.0009765625);
            law->log_affinity_series(taylor, &noise, t, shift, 12, 200);
            arb_poly_evaluate(value, taylor, x, 200);
            arb_exp(value, value, 200);
            arb_add(shift, shift, x, 200);
            law->affinity(wanted, &noise, t, shift, 200);
            arb_sub(value, value, wanted, 200);
            mag_t error;
            mag_init(error);
            arb_get_mag(error, value);
            SB_CHECK(mag_cmp_2exp_si(error, -90) < 0, "%s t = %g", text[k], 0.7 * i);
            mag_clear(error);
            sb_noise_spec_clear(&noise);
        }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(x);
    arb_clear(value);
    arb_clear(wanted);
    arb_poly_clear(taylor);
}

static void moments_and_scales(void) {
    static const struct {
        const char *noise, *order, *value;
    } row[] = {{"gaussian:sigma=1", "1/2", "0.822178958662458552336604770605"},
               {"laplace:b=1", "1/2", "0.886226925452758013649083741671"},
               {"gaussian:sigma=1", "3", "1.59576912160573071175978423974"},
               {"laplace:b=1", "3", "6"},
               {"laplace:b=2", "3", "48"},
               {"laplace:sigma=3", "2", "9"},
               {"gaussian:sigma=2", "2", "4"}};
    arb_t value;
    fmpq_t order;
    arb_init(value);
    fmpq_init(order);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        sb_noise_spec noise;
        parse(&noise, row[i].noise);
        fmpq_set_str(order, row[i].order, 10);
        sb_noise_absolute_moment(value, &noise, 7, order, 128);
        SB_CHECK(near_decimal(value, row[i].value), "%s order %s", row[i].noise, row[i].order);
        sb_noise_spec_clear(&noise);
    }
    arb_clear(value);
    fmpq_clear(order);
}

/* cdf(quantile(u)) = u, and 1 - tail(|x|) = cdf(|x|) - cdf(-|x|), at a scale that is not 1. */
static void quantiles(void) {
    static const char *const text[] = {"gaussian:sigma=1/3", "laplace:sigma=5", "uniform:r=3"};
    arb_t u, x, back, tail;
    arb_init(u);
    arb_init(x);
    arb_init(back);
    arb_init(tail);
    for (int k = 0; k < 3; k++)
        for (int i = 1; i < 40; i++) {
            sb_noise_spec noise;
            parse(&noise, text[k]);
            arb_set_si(u, i);
            arb_div_si(u, u, 40, 128);
            sb_noise_quantile(x, &noise, 1, u, 128);
            sb_noise_cdf(back, &noise, 1, x, 128);
            SB_CHECK(arb_overlaps(back, u) && arb_rel_accuracy_bits(back) > 90, "%s u = %d/40", text[k], i);
            arb_abs(x, x);
            sb_noise_tail(tail, &noise, 1, x, 128);
            sb_noise_cdf(back, &noise, 1, x, 128);
            arb_mul_2exp_si(back, back, 1);
            arb_add(back, back, tail, 128);
            arb_sub_ui(back, back, 2, 128);
            SB_CHECK(arb_contains_zero(back), "%s tail at u = %d/40", text[k], i);
            sb_noise_spec_clear(&noise);
        }
    arb_clear(u);
    arb_clear(x);
    arb_clear(back);
    arb_clear(tail);
}

/* One coordinate of radial noise: quantile and cdf undo each other; on the l_2 ball of radius 2 in three dimensions
   F(2y) = (2 + 3y - y^3)/4. */
static void radial_coordinates(void) {
    static const char *const text[] = {"l2-ball:r=2", "exp-linf:k=2,b=1/2", "pow-linf:a=9/2,b=1", "exp-l2:k=1,b=3"};
    arb_t u, x, back, cube;
    arb_init(u);
    arb_init(x);
    arb_init(back);
    arb_init(cube);
    for (int k = 0; k < 4; k++)
        for (int i = 1; i < 10; i += 3) {
            sb_noise_spec noise;
            parse(&noise, text[k]);
            arb_set_si(u, i);
            arb_div_si(u, u, 10, 64);
            sb_noise_quantile(x, &noise, 3, u, 64);
            sb_noise_cdf(back, &noise, 3, x, 64);
            SB_CHECK(arb_overlaps(back, u) && arb_rel_accuracy_bits(back) > 35, "%s u = %d/10", text[k], i);
            if (k == 0) {
                arb_mul_2exp_si(x, x, -1);
                arb_pow_ui(cube, x, 3, 64);
                arb_mul_ui(x, x, 3, 64);
                arb_sub(x, x, cube, 64);
                arb_add_ui(x, x, 2, 64);
                arb_mul_2exp_si(x, x, -2);
                SB_CHECK(arb_overlaps(x, u) && arb_rel_accuracy_bits(x) > 35, "l2-ball u = %d/10", i);
            }
            sb_noise_spec_clear(&noise);
        }
    arb_clear(u);
    arb_clear(x);
    arb_clear(back);
    arb_clear(cube);
}

/* A draw depends on its address alone: a longer vector begins with the shorter one. */
static void draws(void) {
    sb_noise_spec noise;
    double longer[50], shorter[20], sum = 0;
    parse(&noise, "laplace:b=2");
    sb_noise_draw(&noise, 50, 4, 9, longer);
    sb_noise_draw(&noise, 20, 4, 9, shorter);
    SB_CHECK(memcmp(longer, shorter, sizeof shorter) == 0);
    sb_noise_draw(&noise, 20, 4, 10, shorter);
    SB_CHECK(memcmp(longer, shorter, sizeof shorter) != 0);
    for (uint64_t sample = 0; sample < 2000; sample++) {
        sb_noise_draw(&noise, 50, 1, sample, longer);
        for (int i = 0; i < 50; i++) sum += fabs(longer[i]);
    }
    SB_CHECK(fabs(sum / 100000 - 2) < 5.5 * 2 / sqrt(100000), "mean of |eta_1| = %g", sum / 100000); /* 1e-7 */
    sb_noise_spec_clear(&noise);
}

static const sb_test tests[] = {{"noise: affinities against integrals", affinities},
                                {"noise: affinity suprema", suprema},
                                {"noise: affinity series", series},
                                {"noise: moments and scales", moments_and_scales},
                                {"noise: cdf, quantile and tail", quantiles},
                                {"noise: a coordinate of radial noise", radial_coordinates},
                                {"noise: draws have addresses", draws}};
SB_TEST_MAIN(tests)
