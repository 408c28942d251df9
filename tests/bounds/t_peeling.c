/* Lemma 3.7 and the 99% statement. */
#include "bounds/noise_magnitude.h"
#include "bounds/peeling.h"
#include "tests/bounds/bounds_test.h"

#include <math.h>

static double at_rank(const sb_parameters *parameters, uint64_t rank) {
    sb_ranked_coordinate coordinate = {parameters, rank};
    return value_of(sb_lemma_3_7, &coordinate);
}

/* Lemma 3.7 at rank i is Theorem 1.2 in dimension k = d-i+1, divided by k. */
static void is_theorem_1_2_of_the_rest(void) {
    uint64_t state = 21;
    sb_parameters q, rest;
    mpfr_t truth;
    sb_parameters_init(&q);
    sb_parameters_init(&rest);
    mpfr_init2(truth, TRUTH_BITS + 200);
    for (int i = 0; i < 400; i++) {
        random_parameters(&q, &state, 2);
        sb_ranked_coordinate coordinate = {&q, 1 + sb_test_random(&state) % q.dimension};
        sb_parameters_set(&rest, &q);
        rest.dimension = q.dimension - coordinate.rank + 1;
        mpfr_t x, delta;
        mpfr_inits2(TRUTH_BITS + 200, x, delta, (mpfr_ptr)0);
        mpfr_power_law(truth, &rest, 2, -2);
        mpfr_div_ui(truth, truth, rest.dimension, MPFR_RNDN);
        mpfr_from_rational(x, q.radius);
        mpfr_sqr(x, x, MPFR_RNDN);
        mpfr_mul(truth, truth, x, MPFR_RNDN);
        mpfr_from_rational(delta, q.delta);
        mpfr_ui_sub(x, 1, delta, MPFR_RNDN);
        mpfr_mul(truth, truth, x, MPFR_RNDN);
        mpfr_sqr(delta, delta, MPFR_RNDN);
        mpfr_mul_ui(delta, delta, 800, MPFR_RNDN);
        mpfr_div(truth, truth, delta, MPFR_RNDN);
        SB_CHECK(bound_agrees(sb_lemma_3_7, &coordinate, truth, &state), "instance %d", i);
        mpfr_clears(x, delta, (mpfr_ptr)0);
    }
    sb_parameters_clear(&q);
    sb_parameters_clear(&rest);
    mpfr_clear(truth);
}

static void ranks_one_and_d(void) {
    sb_parameters q;
    sb_parameters_init(&q);
    set_parameters(&q, "1000", "5", "3/7", "2/9");
    SB_CHECK(fabs(at_rank(&q, 1) * 1000 / value_of(sb_theorem_1_2, &q) - 1) < 1e-14);
    /* the smallest coordinate: no dimension left in it, eps^2 (1-delta)/(800 delta^2) */
    SB_CHECK(fabs(at_rank(&q, 1000) - (9. / 49) * (7. / 9) / (800 * 4. / 81)) < 1e-17);
    for (uint64_t i = 2; i <= 1000; i++) SB_CHECK(at_rank(&q, i) < at_rank(&q, i - 1));
    sb_parameters_clear(&q);
}

/* The 99% statement must follow from Lemma 3.7 for every rank that it counts, and count at least 99%. */
static void ninety_nine_percent(void) {
    uint64_t state = 22;
    sb_parameters q;
    sb_parameters_init(&q);
    for (uint64_t d = 1; d < 3000; d += 1 + d / 40) {
        uint64_t count = sb_theorem_1_3_coordinate_count(d);
        SB_CHECK(count <= d && 100 * count >= 99 * d && 100 * (count - 1) < 99 * d, "d = %llu",
                 (unsigned long long)d);
        random_parameters(&q, &state, 2);
        random_fraction(q.radius, &state, 8);
        random_fraction(q.delta, &state, 8);
        q.dimension = d;
        double claim = value_of(sb_theorem_1_3_coordinates, &q);
        SB_CHECK(at_rank(&q, count) >= claim * (1 - 1e-14) && at_rank(&q, 1) >= claim * (1 - 1e-14),
                 "d = %llu", (unsigned long long)d);
    }
    SB_CHECK(sb_theorem_1_3_coordinate_count((uint64_t)1 << 62) ==
             (uint64_t)4565569158243114025u); /* ceil(0.99 2^62) */
    sb_parameters_clear(&q);
}

/* Independent Gaussians with one small coordinate: sigma_1 = eps sqrt 2/(2z), the others eps
   sqrt(2(d-1))/(2z), satisfy the hypothesis at p = inf with equality (|Sigma^{-1/2} v| = 2z at v = (eps, ...,
   eps)). Every rank must hold, although the smallest does not grow with d. */
static void uneven_gaussian_noise(void) {
    sb_parameters q;
    sb_parameters_init(&q);
    set_parameters(&q, "500", "inf", "1/10", "1/5");
    double z = 0.2533471031357997, eps = 0.1; /* Phi^{-1}(0.6) */
    for (uint64_t rank = 1; rank <= 500; rank++) {
        double sigma = rank == 500 ? eps * sqrt(2) / (2 * z) : eps * sqrt(2 * 499.) / (2 * z);
        SB_CHECK(sigma * sigma >= at_rank(&q, rank), "rank %llu", (unsigned long long)rank);
    }
    sb_parameters_clear(&q);
}

static void domain_says_why(void) {
    sb_parameters q;
    sb_error error;
    sb_parameters_init(&q);
    set_parameters(&q, "5", "1", "1", "1/2");
    sb_ranked_coordinate coordinate = {&q, 1};
    SB_CHECK(sb_lemma_3_7_domain(&coordinate, &error) == SB_OUTSIDE);
    SB_CHECK(strcmp(error.message, "Lemma 3.7 needs p >= 2; got p = 1") == 0, "%s", error.message);
    set_parameters(&q, "5", "inf", "1", "1/2");
    SB_CHECK(sb_lemma_3_7_domain(&coordinate, &error) == SB_OK);
    coordinate.rank = 6;
    SB_CHECK(sb_lemma_3_7_domain(&coordinate, &error) == SB_OUTSIDE);
    coordinate.rank = 0;
    SB_CHECK(sb_lemma_3_7_domain(&coordinate, &error) == SB_OUTSIDE);
    sb_parameters_clear(&q);
}

static const sb_test tests[] = {
    {"peeling: Lemma 3.7 is Theorem 1.2 of the remaining coordinates", is_theorem_1_2_of_the_rest},
    {"peeling: the first and the last rank, decreasing between", ranks_one_and_d},
    {"peeling: the 99% statement follows for the ranks that it counts", ninety_nine_percent},
    {"peeling: uneven Gaussian noise satisfies every rank", uneven_gaussian_noise},
    {"peeling: the domain says why", domain_says_why}};
SB_TEST_MAIN(tests)
