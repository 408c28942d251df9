/* Independent Gaussian noise that keeps its promise is never excluded by its second moments, and comes near
   the limit. */
#include "bounds/diagonal_gaussian.h"
#include "bounds/sharp.h"
#include "tests/bounds/moments_test.h"

/* eps := the midpoint of `radius`, times thousandths/1000 */
static void times_radius(fmpq_t eps, const arb_t radius, ulong thousandths) {
    fmpz_t thousand;
    fmpz_init_set_ui(thousand, 1000);
    arf_get_fmpq(eps, arb_midref(radius));
    fmpq_mul_ui(eps, eps, thousandths);
    fmpq_div_fmpz(eps, eps, thousand);
    fmpz_clear(thousand);
}

/* The largest sum v_i^2/b_i over |v|_p <= 1: no random v has more, and the one with v_i^2 proportional to
   b_i^(-2/(p-2)), or all of v in one coordinate for p <= 2, has as much. */
static void check_worst_shift(const arb_t sensitivity, const fmpq *b, size_t d, double p, uint64_t *state) {
    double bound = arf_get_d(arb_midref(sensitivity), ARF_RND_NEAR), least = INFINITY, u[40];
    for (size_t i = 0; i < d; i++) least = fmin(least, fmpq_get_d(&b[i]));
    for (int trial = 0; trial < 4; trial++) {
        double top = 0, power = 0, value = 0;
        for (size_t i = 0; i < d; i++) {
            double x = fmpq_get_d(&b[i]);
            u[i] = trial ? uniform(state) : p > 2 ? pow(x / least, isinf(p) ? 0 : -2 / (p - 2)) : x <= least;
            top = fmax(top, u[i]);
        }
        if (!trial && p <= 2) /* one coordinate only */
            for (size_t i = 0, seen = 0; i < d; i++) {
                if (seen) u[i] = 0;
                seen |= u[i] > 0;
            }
        for (size_t i = 0; i < d; i++) {
            power += pow(u[i] / top, p / 2);
            value += u[i] / top / fmpq_get_d(&b[i]);
        }
        value /= isinf(p) ? 1 : pow(power, 2 / p);
        SB_CHECK(value <= bound * (1 + 1e-12), "p = %g: %.15g above %.15g", p, value, bound);
        SB_CHECK(trial || value >= bound * (1 - 1e-12), "p = %g: %.15g below %.15g", p, value, bound);
    }
}

/* A Gaussian noise that keeps its promise is never excluded, and the questions agree with the verdicts. */
static void check_gaussian(void) {
    uint64_t state = 4;
    double nearest = INFINITY;
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_exact norm;
    sb_moment_question question = {.limit = &limit};
    fmpq b[40];
    fmpq_t delta, eps, least;
    arb_t sensitivity, kept, most;
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    sb_exact_init(&norm);
    fmpq_init(question.given);
    fmpq_init(delta);
    fmpq_init(eps);
    fmpq_init(least);
    arb_init(sensitivity);
    arb_init(kept);
    arb_init(most);
    for (int i = 0; i < 40; i++) fmpq_init(&b[i]);
    for (int trial = 0; trial < 900; trial++) {
        size_t d = 1 + (size_t)(sb_test_random(&state) % 40);
        const char *text = norms[trial % NORMS];
        random_moments(&moments, b, d, (unsigned)(trial % 4), &state);
        read_exact(&norm, text);
        random_hypothesis(&question.hypothesis, delta, &state);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK);
        sb_diagonal_gaussian gaussian = {&moments, &norm};
        sb_diagonal_gaussian_sensitivity(sensitivity, &gaussian, 128);
        check_worst_shift(sensitivity, b, d, norm.infinite ? INFINITY : fmpq_get_d(norm.value), &state);
        sb_diagonal_gaussian_radius(kept, sensitivity, question.hypothesis, delta, 128);
        fmpq_set(question.given, delta);
        sb_moment_largest_radius(most, &question, 128);
        SB_CHECK(arb_lt(kept, most), "p = %s, d = %zu, delta = %s: kept %g, at most %g", text, d,
                 fmpq_get_str(NULL, 10, delta), arf_get_d(arb_midref(kept), ARF_RND_NEAR),
                 arf_get_d(arb_midref(most), ARF_RND_NEAR));
        nearest = fmin(nearest,
                       arf_get_d(arb_midref(most), ARF_RND_NEAR) / arf_get_d(arb_midref(kept), ARF_RND_NEAR));
        /* 1/1000 beyond the largest radius is excluded, 1/1000 below is not; at that radius delta is least */
        times_radius(eps, most, 999);
        SB_CHECK(!sb_moment_limit_excludes(&limit, question.hypothesis, eps, delta), "p = %s", text);
        times_radius(eps, most, 1001);
        SB_CHECK(sb_moment_limit_excludes(&limit, question.hypothesis, eps, delta), "p = %s", text);
        arf_get_fmpq(eps, arb_midref(most));
        fmpq_set(question.given, eps);
        sb_moment_least_delta(kept, &question, 256);
        sb_moment_least_delta(most, &question, 40);
        SB_CHECK(arb_contains(most, kept), "p = %s: a wide ball", text);
        arb_set_fmpq(sensitivity, delta, 256);
        arb_sub(kept, kept, sensitivity, 256);
        arb_div(kept, kept, sensitivity, 256);
        SB_CHECK(fabs(arf_get_d(arb_midref(kept), ARF_RND_NEAR)) < 1e-15, "p = %s, delta = %s", text,
                 fmpq_get_str(NULL, 10, delta));
    }
    SB_CHECK(nearest < 1.3, "Gaussian noise is near the limit somewhere: %g", nearest);
    for (int i = 0; i < 40; i++) fmpq_clear(&b[i]);
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    sb_exact_clear(&norm);
    fmpq_clear(question.given);
    fmpq_clear(delta);
    fmpq_clear(eps);
    fmpq_clear(least);
    arb_clear(sensitivity);
    arb_clear(kept);
    arb_clear(most);
}

/* Independent Gaussians with variances 2/(4 z^2) and 2(d-1)/(4 z^2), d-1 times: they promise delta for
   |v|_inf <= 1 exactly, although the first coordinate's variance does not grow with d. */
static void check_one_quiet_coordinate(void) {
    static const char *const deltas[] = {"1/100", "1/10", "1/3", "1/2", "3/4", "9/10"};
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_exact norm, quiet, loud;
    fmpq_t delta, one, scaled;
    arb_t z, sensitivity;
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    sb_exact_init(&norm);
    sb_exact_init(&quiet);
    sb_exact_init(&loud);
    fmpq_init(delta);
    fmpq_init(one);
    fmpq_init(scaled);
    arb_init(z);
    arb_init(sensitivity);
    read_exact(&norm, "inf");
    fmpq_one(one);
    for (size_t d = 2; d <= 2000; d *= 3)
        for (size_t k = 0; k < sizeof deltas / sizeof deltas[0]; k++) {
            set_text(delta, deltas[k]);
            sb_normal_two_sided_quantile(z, delta, 200);
            arb_sqr(z, z, 200);
            arb_mul_2exp_si(z, z, 1);
            arb_inv(z, z, 200);
            arf_get_fmpq(quiet.value, arb_midref(z));
            fmpq_mul_ui(loud.value, quiet.value, d - 1);
            sb_coordinate_moments_clear(&moments);
            for (size_t i = 0; i < d; i++)
                SB_CHECK(sb_coordinate_moments_add(&moments, i == d / 2 ? &quiet : &loud, NULL) == SB_OK);
            sb_coordinate_moments_sort(&moments);
            SB_CHECK(moments.item[0].coordinate == (d == 2 ? 0 : d / 2), "d = %zu", d);
            SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK);
            SB_CHECK(!sb_moment_limit_excludes(&limit, SB_SHARP_TV, one, delta), "d = %zu", d);
            sb_diagonal_gaussian gaussian = {&moments, &norm};
            sb_diagonal_gaussian_sensitivity(sensitivity, &gaussian, 200);
            sb_diagonal_gaussian_radius(z, sensitivity, SB_SHARP_TV, delta, 200);
            arb_sub_ui(z, z, 1, 200);
            SB_CHECK(fabs(arf_get_d(arb_midref(z), ARF_RND_NEAR)) < 1e-40, "d = %zu", d);
            /* scaled down to one per cent under the limit, it is excluded */
            SB_CHECK(sb_moment_limit_exact(scaled, &limit));
            sb_sharp_m(quiet.value, delta);
            fmpq_div(scaled, quiet.value, scaled);
            fmpq_set_si(quiet.value, 99, 100);
            fmpq_mul(scaled, scaled, quiet.value);
            sb_coordinate_moments smaller;
            sb_coordinate_moments_init(&smaller);
            for (size_t i = 0; i < d; i++) {
                sb_coordinate_moment_get(quiet.value, &moments.item[i]);
                fmpq_mul(quiet.value, quiet.value, scaled);
                SB_CHECK(sb_coordinate_moments_add(&smaller, &quiet, NULL) == SB_OK);
            }
            sb_coordinate_moments_sort(&smaller);
            SB_CHECK(sb_moment_limit_find(&limit, &smaller, &norm, NULL) == SB_OK);
            SB_CHECK(sb_moment_limit_excludes(&limit, SB_SHARP_TV, one, delta), "d = %zu", d);
            sb_coordinate_moments_clear(&smaller);
        }
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    sb_exact_clear(&norm);
    sb_exact_clear(&quiet);
    sb_exact_clear(&loud);
    fmpq_clear(delta);
    fmpq_clear(one);
    fmpq_clear(scaled);
    arb_clear(z);
    arb_clear(sensitivity);
}

static const sb_test tests[] = {
    {"Gaussian noise is never excluded", check_gaussian},
    {"one quiet coordinate", check_one_quiet_coordinate},
};
SB_TEST_MAIN(tests)
