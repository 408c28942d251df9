/* rho against its definition, taken literally (the least of the distances at 0 and at every ratio of masses),
   and against closed forms. */
#include "distributions/mass_pairs.h"

#include "tests/test.h"

static void definition(fmpq_t rho, const sb_mass_pairs *pairs) {
    fmpq_t lambda, value;
    fmpq_init(lambda);
    fmpq_init(value);
    sb_mass_pairs_distance(rho, pairs, lambda);
    for (size_t i = 0; i < pairs->count; i++) {
        if (fmpq_is_zero(pairs->there + i)) continue;
        fmpq_div(lambda, pairs->here + i, pairs->there + i);
        sb_mass_pairs_distance(value, pairs, lambda);
        if (fmpq_cmp(value, rho) < 0) fmpq_set(rho, value);
    }
    fmpq_clear(lambda);
    fmpq_clear(value);
}

/* Both sides add up to 1, half the distance at lambda = 1 is TV, TV <= rho <= min(1, 2 TV), rho is the least
   distance; and so for the laws exchanged, which is D against D - v. */
static void check_pairs(const sb_finite_law *law, const fmpq *shift, size_t trial) {
    sb_mass_pairs pairs;
    sb_error error = {0};
    fmpq_t total, rho, wanted, one, opposite[3];
    fmpq *const number[] = {total, rho, wanted, one, opposite[0], opposite[1], opposite[2]};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_init(number[i]);
    fmpq_one(one);
    SB_CHECK(sb_mass_pairs_shift(&pairs, law, shift, &error) == SB_OK, "%s", error.message);
    sb_mass_pairs reversed = sb_mass_pairs_reversed(&pairs);
    for (size_t i = 0; i < pairs.count; i++) {
        fmpq_add(total, total, pairs.here + i);
        SB_CHECK(!fmpq_is_zero(pairs.here + i) || !fmpq_is_zero(pairs.there + i), "trial %zu", trial);
    }
    SB_CHECK(fmpq_is_one(total), "trial %zu", trial);
    sb_mass_pairs_threshold(rho, &pairs);
    definition(wanted, &pairs);
    SB_CHECK(fmpq_equal(rho, wanted), "trial %zu", trial);
    sb_mass_pairs_distance(wanted, &pairs, one);
    SB_CHECK(fmpq_cmp(rho, wanted) <= 0 && fmpq_cmp(rho, one) <= 0, "trial %zu", trial);
    fmpq_div_2exp(wanted, wanted, 1);
    sb_finite_law_shift_distance(total, law, shift);
    SB_CHECK(fmpq_equal(wanted, total) && fmpq_cmp(wanted, rho) <= 0, "trial %zu", trial);
    for (size_t i = 0; i < law->dimension; i++) fmpq_neg(opposite[i], shift + i);
    sb_mass_pairs_threshold(rho, &reversed);
    definition(wanted, &reversed);
    SB_CHECK(fmpq_equal(rho, wanted), "trial %zu, reversed", trial);
    sb_mass_pairs back;
    fmpq flat[3] = {*opposite[0], *opposite[1], *opposite[2]};
    SB_CHECK(sb_mass_pairs_shift(&back, law, flat, &error) == SB_OK, "%s", error.message);
    sb_mass_pairs_threshold(wanted, &back);
    SB_CHECK(fmpq_equal(rho, wanted), "trial %zu, -v", trial);
    sb_mass_pairs_clear(&back);
    sb_mass_pairs_clear(&pairs);
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_clear(number[i]);
}

static void random_laws(void) {
    uint64_t state = 7;
    fmpq shift[3];
    for (size_t i = 0; i < 3; i++) fmpq_init(shift + i);
    for (size_t trial = 0; trial < 600; trial++) {
        sb_finite_law law;
        sb_error error = {0};
        size_t d = 1 + trial % 3;
        sb_finite_law_init(&law);
        SB_CHECK(sb_finite_law_random(&law, d, 1 + sb_test_random(&state) % 12, 3, 1, 6, &state, &error) ==
                 SB_OK);
        for (size_t i = 0; i < d; i++) fmpq_set_si(shift + i, (slong)(sb_test_random(&state) % 4) - 1, 1);
        check_pairs(&law, shift, trial);
        sb_finite_law_clear(&law);
    }
    for (size_t i = 0; i < 3; i++) fmpq_clear(shift + i);
}

/* Uniform on n neighbouring points: min(1, 2/n). Weights 1, q, 1: (q+1)/(q+2) for q >= 1, at lambda = 1/q. */
static void closed_forms(void) {
    fmpq_t origin, one, rho, wanted;
    fmpq_init(origin);
    fmpq_init(one);
    fmpq_init(rho);
    fmpq_init(wanted);
    fmpq_one(one);
    for (uint32_t n = 1; n < 40; n++) {
        uint32_t weight[3] = {1, n, 1};
        sb_finite_law uniform, peak;
        sb_mass_pairs pairs;
        sb_error error = {0};
        sb_finite_law_init(&uniform);
        sb_finite_law_init(&peak);
        SB_CHECK(sb_finite_law_lattice(&uniform, 1, n, origin, one, NULL, &error) == SB_OK);
        SB_CHECK(sb_mass_pairs_shift(&pairs, &uniform, one, &error) == SB_OK);
        sb_mass_pairs_threshold(rho, &pairs);
        fmpq_set_si(wanted, n > 2 ? 2 : 1, n > 2 ? n : 1);
        SB_CHECK(fmpq_equal(rho, wanted), "uniform, %u points", (unsigned)n);
        sb_mass_pairs_clear(&pairs);
        SB_CHECK(sb_finite_law_lattice(&peak, 1, 3, origin, one, weight, &error) == SB_OK);
        SB_CHECK(sb_mass_pairs_shift(&pairs, &peak, one, &error) == SB_OK);
        sb_mass_pairs_threshold(rho, &pairs);
        fmpq_set_si(wanted, (slong)n + 1, n + 2);
        SB_CHECK(fmpq_equal(rho, wanted), "weights 1, %u, 1", (unsigned)n);
        sb_mass_pairs_clear(&pairs);
        sb_finite_law_clear(&uniform);
        sb_finite_law_clear(&peak);
    }
    fmpq_clear(origin);
    fmpq_clear(one);
    fmpq_clear(rho);
    fmpq_clear(wanted);
}

static const sb_test tests[] = {{"rho is the least distance, between TV and 2 TV", random_laws},
                                {"closed forms", closed_forms}};
SB_TEST_MAIN(tests)
