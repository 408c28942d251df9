/* Certificates of extremal noise: one written by hand, and many that were tampered with. */
#include "tests/bounds/extremal_test.h"

/* A certificate written by hand: d = 1, delta = 1/2 on the integers: E eta^2 >= 1/2 for TV <= 1/2. With price
   1 the half-line test alone gives level 1: |0|^2 + w(0) - w(1) = 0 + 1 - 0, |1|^2 + 0, |-1|^2 + 0. */
static void check_by_hand(void) {
    sb_extremal_dual dual;
    sb_error error;
    fmpq_t bound, delta;
    fmpq_init(bound);
    fmpq_init(delta);
    fmpq_set_si(delta, 1, 2);
    sb_dual_init(&dual);
    SB_CHECK(sb_dual_allocate(&dual, 1, 0, &error) == SB_OK);
    dual.dimension = 1;
    dual.step[0] = 1;
    dual.square_radius = 1;
    fmpq_set_si(dual.price, 1, 1);
    fmpq_set_si(dual.level, 1, 1);
    SB_CHECK(sb_dual_check(bound, &dual, delta, &error) == SB_OK && equals(bound, "1/2"));
    dual.square_radius = 0; /* says nothing about 1 */
    SB_CHECK(sb_dual_check(bound, &dual, delta, &error) == SB_OUTSIDE);
    dual.square_radius = 4;
    fmpq_set_si(dual.price, 2, 1);
    fmpq_set_si(dual.level, 2, 1); /* fails at 1: 1 + 0 - 0 < 2 */
    SB_CHECK(sb_dual_check(bound, &dual, delta, &error) == SB_OUTSIDE && strstr(error.message, "(1)"), "%s",
             error.message);
    SB_CHECK(sb_dual_allocate(&dual, 1, 1, &error) == SB_OK);
    dual.step[0] = 1;
    fmpq_set_si(dual.price, 1, 1);
    fmpq_set_si(dual.level, 1, 2);
    dual.test[0].far[0] = 1; /* w(0) - w(1) = 2 w(0) - 1 */
    for (int weight = 0; weight <= 4; weight++) {
        fmpq_set_si(dual.test[0].weight, weight, 2);
        SB_CHECK((sb_dual_check(bound, &dual, delta, &error) == SB_OK) == (weight == 2), "weight %d/2: %s",
                 weight, error.message);
    }
    fmpq_set_si(dual.price, -1, 1);
    SB_CHECK(sb_dual_check(bound, &dual, delta, &error) == SB_OUTSIDE, "a negative price");
    fmpq_clear(bound);
    fmpq_clear(delta);
    sb_dual_clear(&dual);
}

/* ------------------------------------------------------------------ tampering */
static void copy_dual(sb_extremal_dual *copy, const sb_extremal_dual *of) {
    if (sb_dual_allocate(copy, of->shift_count, of->test_count, NULL)) abort();
    copy->dimension = of->dimension;
    copy->same_parity = of->same_parity;
    copy->square_radius = of->square_radius;
    fmpq_set(copy->level, of->level);
    for (size_t j = 0; j < of->shift_count; j++) {
        copy->step[j] = of->step[j];
        fmpq_set(copy->price + j, of->price + j);
    }
    for (size_t i = 0; i < of->test_count; i++) {
        copy->test[i].shift = of->test[i].shift;
        memcpy(copy->test[i].near, of->test[i].near, sizeof of->test[i].near);
        memcpy(copy->test[i].far, of->test[i].far, sizeof of->test[i].far);
        fmpq_set(copy->test[i].weight, of->test[i].weight);
    }
}

/* Changes one thing, by a little or by much. */
static void tamper(sb_extremal_dual *dual, uint64_t *state) {
    fmpq_t change;
    fmpq_init(change);
    fmpq_set_si(change, (slong)(sb_test_random(state) % 9) - 4, 1 + sb_test_random(state) % 1000);
    sb_dual_test *test = dual->test_count ? &dual->test[sb_test_random(state) % dual->test_count] : NULL;
    size_t shift = sb_test_random(state) % dual->shift_count;
    switch (sb_test_random(state) % 8) {
    case 0:
        fmpq_add(dual->level, dual->level, change);
        break;
    case 1:
        fmpq_add(dual->price + shift, dual->price + shift, change);
        break;
    case 2:
        dual->square_radius -= sb_test_random(state) % (dual->square_radius / 2 + 1);
        break;
    case 3:
        if (test) test->near[sb_test_random(state) % dual->dimension]++;
        break;
    case 4:
        if (test) test->far[0]++;
        break;
    default:
        if (test) fmpq_add(test->weight, test->weight, change);
    }
    fmpq_clear(change);
}

/* What the checker accepts is true: never more than the optimum, which a law attains. And it must refuse
 * much. */
static void check_tampering_with(unsigned dimension, unsigned grid, int every_shift, const char *delta) {
    sb_extremal extremal;
    sb_extremal_problem problem;
    sb_extremal_dual copy;
    sb_error error;
    fmpq_t bound, optimum, scale;
    fmpq_init(bound);
    fmpq_init(optimum);
    fmpq_init(scale);
    sb_dual_init(&copy);
    sb_extremal_init(&extremal);
    sb_extremal_problem_init(&problem);
    solve(&extremal, &problem, dimension, grid, every_shift, delta);
    fmpq_set_si(scale, (slong)extremal.unit * (slong)extremal.unit, 1);
    fmpq_mul(optimum, extremal.hi, scale);
    SB_CHECK(sb_dual_check(bound, &extremal.dual, problem.delta, &error) == SB_OK &&
             fmpq_equal(bound, optimum));
    copy_dual(&copy, &extremal.dual);
    fmpq_set_si(bound, 1, 1000000000);
    fmpq_add(copy.level, copy.level, bound);
    SB_CHECK(sb_dual_check(bound, &copy, problem.delta, &error) == SB_OUTSIDE, "a raised level");
    uint64_t state = 7 + dimension;
    int refused = 0, trials = 150;
    for (int i = 0; i < trials; i++) {
        copy_dual(&copy, &extremal.dual);
        for (uint64_t n = sb_test_random(&state) % 2 + 1; n > 0; n--) tamper(&copy, &state);
        if (i % 3 == 0 && sb_dual_settle(&copy, &error)) {
            refused++;
            continue;
        }
        sb_status status = sb_dual_check(bound, &copy, problem.delta, &error);
        refused += status == SB_OUTSIDE;
        SB_CHECK(status || fmpq_cmp(bound, optimum) <= 0, "trial %d of d = %u: accepted %.15g, optimum %.15g",
                 i, dimension, fmpq_get_d(bound), fmpq_get_d(optimum));
    }
    SB_CHECK(refused > trials / 4 && refused < trials, "%d refused of %d", refused, trials);
    fmpq_clear(bound);
    fmpq_clear(optimum);
    fmpq_clear(scale);
    sb_dual_clear(&copy);
    sb_extremal_clear(&extremal);
    sb_extremal_problem_clear(&problem);
}

static void check_tampering(void) {
    check_tampering_with(1, 2, 0, "3/10");
    check_tampering_with(1, 8, 1, "1/2");
    check_tampering_with(2, 1, 0, "3/10");
    check_tampering_with(3, 2, 0, "1/2");
    check_tampering_with(4, SB_EXTREMAL_PARITY, 0, "1/4");
}

static const sb_test tests[] = {
    {"extremal: a certificate by hand", check_by_hand},
    {"extremal: tampered certificates", check_tampering},
};
SB_TEST_MAIN(tests)
