/* Lemmas 3.1-3.3 and Corollary 3.4: against the printed formulas in mpq, and against laws on a lattice whose
   total variation and moments are exact sums. */
#include "bounds/one_dimension.h"
#include "tests/bounds/bounds_test.h"

/* value := eps^a (1-delta)^b / (c delta^e) in GMP */
static void printed(mpq_t value, const fmpq_t eps, const fmpq_t delta, int a, int b, unsigned long c, int e) {
    mpq_t x, d, rest;
    mpq_inits(x, d, rest, NULL);
    fmpq_get_mpq(x, eps);
    fmpq_get_mpq(d, delta);
    mpq_set_ui(value, 1, c);
    mpq_set_ui(rest, 1, 1);
    mpq_sub(rest, rest, d);
    while (a-- > 0) mpq_mul(value, value, x);
    while (b-- > 0) mpq_mul(value, value, rest);
    while (e-- > 0) mpq_div(value, value, d);
    mpq_clears(x, d, rest, NULL);
}

static int same(const fmpq_t x, const mpq_t y) {
    fmpq_t z;
    fmpq_init(z);
    fmpq_set_mpq(z, y);
    int result = fmpq_equal(x, z);
    fmpq_clear(z);
    return result;
}

static void printed_formulas(void) {
    uint64_t state = 1;
    fmpq_t eps, delta, bound;
    mpq_t truth;
    fmpq_init(eps);
    fmpq_init(delta);
    fmpq_init(bound);
    mpq_init(truth);
    for (int i = 0; i < 500; i++) {
        random_fraction(eps, &state, 20);
        random_fraction(delta, &state, 20);
        if (i % 50 == 0) fmpq_one(delta); /* all bounds are 0 there */
        sb_lemma_3_1(bound, eps, delta);
        printed(truth, eps, delta, 2, 1, 200, 2);
        SB_CHECK(same(bound, truth));
        sb_lemma_3_2(bound, eps, delta);
        printed(truth, eps, delta, 2, 1, 8, 0);
        SB_CHECK(same(bound, truth));
        sb_lemma_3_3(bound, eps, delta);
        printed(truth, eps, delta, 1, 2, 8, 1);
        SB_CHECK(same(bound, truth));
        sb_lemma_3_3_square(bound, eps, delta);
        printed(truth, eps, delta, 2, 4, 64, 2);
        SB_CHECK(same(bound, truth));
        sb_corollary_3_4(bound, eps, delta);
        printed(truth, eps, delta, 1, 1, 200, 2);
        SB_CHECK(same(bound, truth));
    }
    fmpq_clear(eps);
    fmpq_clear(delta);
    fmpq_clear(bound);
    mpq_clear(truth);
}

/* A random law on {-n, ..., n}: weights, their sum, E|x| and E x^2 times the sum, TV under a shift by k times
 * the sum. */
enum { N = 12, POINTS = 2 * N + 1 };
typedef struct {
    ulong weight[POINTS], total, first, second;
} lattice_law;

static void draw(lattice_law *law, uint64_t *state) {
    int width = 1 + (int)(sb_test_random(state) % N), spread = 1 + (int)(sb_test_random(state) % 20);
    law->total = law->first = law->second = 0;
    for (int i = -N; i <= N; i++) {
        ulong w = i < -width || i > width ? 0 : sb_test_random(state) % (ulong)spread;
        if (i == 0 && law->total == 0) w++;
        law->weight[i + N] = w;
        law->total += w;
        law->first += w * (ulong)labs(i);
        law->second += w * (ulong)(i * i);
    }
}

static ulong twice_variation(const lattice_law *law, int k) {
    ulong sum = 0;
    for (int i = -N; i <= N + k; i++) {
        long p = i <= N ? (long)law->weight[i + N] : 0, q = i - k >= -N ? (long)law->weight[i - k + N] : 0;
        sum += (ulong)labs(p - q);
    }
    return sum;
}

static int at_least(ulong top, ulong bottom, const fmpq_t bound) {
    fmpq_t value;
    fmpq_init(value);
    fmpq_set_si(value, (slong)top, bottom);
    fmpq_canonicalise(value);
    int result = fmpq_cmp(value, bound) >= 0;
    fmpq_clear(value);
    return result;
}

static void hold_for_lattice_laws(void) {
    uint64_t state = 2;
    fmpq_t eps, delta, bound;
    fmpq_init(eps);
    fmpq_init(delta);
    fmpq_init(bound);
    for (int i = 0; i < 5000; i++) {
        lattice_law law;
        draw(&law, &state);
        int k = 1 + (int)(sb_test_random(&state) % 3);
        fmpq_set_si(eps, k, 1);
        fmpq_set_si(delta, (slong)twice_variation(&law, k), 2 * law.total);
        fmpq_canonicalise(delta);
        sb_lemma_3_1(bound, eps, delta);
        SB_CHECK(at_least(law.second, law.total, bound));
        sb_lemma_3_2(bound, eps, delta);
        SB_CHECK(at_least(law.second, law.total, bound));
        sb_lemma_3_3(bound, eps, delta);
        SB_CHECK(at_least(law.first, law.total, bound));
        sb_lemma_3_3_square(bound, eps, delta);
        SB_CHECK(at_least(law.second, law.total, bound));
    }
    fmpq_clear(eps);
    fmpq_clear(delta);
    fmpq_clear(bound);
}

/* E (v.x)^2 / |v|^2 on a 5 x 5 grid of integers against Corollary 3.4. */
static void corollary_holds_in_the_plane(void) {
    uint64_t state = 3;
    fmpq_t delta, bound, length, v[2];
    fmpq_init(delta);
    fmpq_init(bound);
    fmpq_init(length);
    fmpq_init(v[0]);
    fmpq_init(v[1]);
    for (int trial = 0; trial < 1000; trial++) {
        ulong weight[5][5], total = 0, moment = 0, variation = 0;
        int a = 1 + (int)(sb_test_random(&state) % 2), b = (int)(sb_test_random(&state) % 3);
        for (int x = -2; x <= 2; x++)
            for (int y = -2; y <= 2; y++) {
                ulong w = sb_test_random(&state) % 8 + (x == 0 && y == 0);
                weight[x + 2][y + 2] = w;
                total += w;
                moment += w * (ulong)((a * x + b * y) * (a * x + b * y));
            }
        for (int x = -2; x <= 4; x++)
            for (int y = -2; y <= 4; y++) {
                long p = x <= 2 && y <= 2 ? (long)weight[x + 2][y + 2] : 0;
                int inside = x - a >= -2 && x - a <= 2 && y - b >= -2 && y - b <= 2;
                long q = inside ? (long)weight[x - a + 2][y - b + 2] : 0;
                variation += (ulong)labs(p - q);
            }
        fmpq_set_si(v[0], a, 1);
        fmpq_set_si(v[1], b, 1);
        sb_squared_length(length, v[0], 1); /* the vector in two parts: |v|^2 adds up */
        sb_squared_length(bound, v[1], 1);
        fmpq_add(length, length, bound);
        SB_CHECK(fmpz_equal_ui(fmpq_numref(length), (ulong)(a * a + b * b)) &&
                 fmpz_is_one(fmpq_denref(length)));
        fmpq_set_si(delta, (slong)variation, 2 * total);
        fmpq_canonicalise(delta);
        sb_corollary_3_4(bound, length, delta);
        SB_CHECK(at_least(moment, total * (ulong)(a * a + b * b), bound));
    }
    fmpq_clear(delta);
    fmpq_clear(bound);
    fmpq_clear(length);
    fmpq_clear(v[0]);
    fmpq_clear(v[1]);
}

/* Lemma 3.1 follows from the larger of 3.2 and 3.3; which one is larger changes at delta = sqrt 5 - 2, that
 * is (delta + 2)^2 = 5. */
static void larger_of_the_two(void) {
    uint64_t state = 4;
    fmpq_t one, delta, first, second, both, five;
    fmpq_init(one);
    fmpq_init(delta);
    fmpq_init(first);
    fmpq_init(second);
    fmpq_init(both);
    fmpq_init(five);
    fmpq_one(one);
    for (int i = 0; i < 2000; i++) {
        random_fraction(delta, &state, 16);
        sb_lemma_3_2(first, one, delta);
        sb_lemma_3_3_square(second, one, delta);
        sb_lemma_3_1(both, one, delta);
        fmpq_add_si(five, delta, 2);
        fmpq_mul(five, five, five);
        SB_CHECK((fmpq_cmp(first, second) > 0) == (fmpq_cmp_ui(five, 5) > 0));
        SB_CHECK(fmpq_cmp(first, both) >= 0 || fmpq_cmp(second, both) >= 0);
    }
    fmpq_clear(one);
    fmpq_clear(delta);
    fmpq_clear(first);
    fmpq_clear(second);
    fmpq_clear(both);
    fmpq_clear(five);
}

static void rows_enclose_the_rationals(void) {
    uint64_t state = 5;
    sb_parameters parameters;
    fmpq_t bound;
    arb_t ball;
    sb_parameters_init(&parameters);
    fmpq_init(bound);
    arb_init(ball);
    for (int i = 0; i < 300; i++) {
        random_parameters(&parameters, &state, 1);
        sb_lemma_3_1(bound, parameters.radius, parameters.delta);
        SB_CHECK(sb_bound_evaluate(ball, sb_bound_find("lemma-3.1", "E[eta_i^2]"), &parameters, 20, NULL) ==
                 SB_OK);
        SB_CHECK(arb_contains_fmpq(ball, bound));
        sb_bound_evaluate(ball, sb_bound_find("lemma-3.1", "rms"), &parameters, 20, NULL);
        arb_mul(ball, ball, ball, 200);
        SB_CHECK(arb_contains_fmpq(ball, bound) && arb_rel_accuracy_bits(ball) > 60);
        sb_lemma_3_3(bound, parameters.radius, parameters.delta);
        sb_bound_evaluate(ball, sb_bound_find("lemma-3.3", "E||eta||_2"), &parameters, 20, NULL);
        SB_CHECK(arb_contains_fmpq(ball, bound));
    }
    sb_parameters_clear(&parameters);
    fmpq_clear(bound);
    arb_clear(ball);
}

static const sb_test tests[] = {
    {"one dimension: the printed formulas, exactly", printed_formulas},
    {"one dimension: Lemmas 3.1-3.3 hold for lattice laws", hold_for_lattice_laws},
    {"one dimension: Corollary 3.4 holds in the plane", corollary_holds_in_the_plane},
    {"one dimension: the larger of 3.2 and 3.3 changes at sqrt 5 - 2 and gives 3.1", larger_of_the_two},
    {"one dimension: the rows enclose the rationals", rows_enclose_the_rationals}};
SB_TEST_MAIN(tests)
