/* Exact values lie in the enclosures, and are found where they exist. */
#include "bounds/exact_value.h"
#include "bounds/peeling.h"
#include "tests/bounds/bounds_test.h"

static void powers(void) {
    uint64_t state = 81;
    fmpq_t exponent, power;
    arb_t ball;
    fmpq_init(exponent);
    fmpq_init(power);
    arb_init(ball);
    for (int i = 0; i < 2000; i++) {
        slong n = 1 + (slong)(sb_test_random(&state) % 6), m = (slong)(sb_test_random(&state) % 25) - 12;
        uint64_t t = 1 + sb_test_random(&state) % 40, base = 1;
        for (slong k = 0; k < n; k++) base *= t;
        if (i % 2) base += 1 + sb_test_random(&state) % 3;
        fmpq_set_si(exponent, m, (ulong)n);
        fmpq_canonicalise(exponent);
        int rational = sb_rational_power(power, base, exponent);
        sb_dimension_power(ball, base, exponent, 200);
        if (rational)
            SB_CHECK(arb_contains_fmpq(ball, power), "%llu^(%ld/%ld)", (unsigned long long)base, m, n);
        if (i % 2 == 0) SB_CHECK(rational, "%llu^(%ld/%ld)", (unsigned long long)base, m, n);
        if (rational && n > 1) { /* power^n = base^m */
            fmpq_t left, right;
            fmpq_init(left);
            fmpq_init(right);
            fmpq_pow_si(left, power, n);
            fmpz_set_ui(fmpq_numref(right), base);
            fmpq_pow_si(right, right, m);
            SB_CHECK(fmpq_equal(left, right));
            fmpq_clear(left);
            fmpq_clear(right);
        }
    }
    fmpq_set_si(exponent, 1, 2);
    SB_CHECK(!sb_rational_power(power, 3072, exponent));
    SB_CHECK(!sb_rational_power(power, ((uint64_t)1 << 62) - 1, exponent));
    fmpq_clear(exponent);
    fmpq_clear(power);
    arb_clear(ball);
}

static void inside_the_enclosures(void) {
    static const uint64_t dimension[] = {1, 4, 81, 100, 3072, 4096, 1000000, (uint64_t)1 << 60};
    static const char *const norm[] = {"1", "2", "3", "4", "12/5", "6", "inf"};
    uint64_t state = 82;
    sb_parameters q;
    fmpq_t value;
    arb_t ball;
    int found = 0;
    sb_parameters_init(&q);
    fmpq_init(value);
    arb_init(ball);
    for (int i = 0; i < 300; i++) {
        set_parameters(&q, "1", norm[sb_test_random(&state) % 7], "1", "1/2");
        q.dimension = dimension[sb_test_random(&state) % 8];
        random_fraction(q.radius, &state, 8);
        if (i % 2) random_fraction(q.delta, &state, 8);
        const sb_bound *bound;
        for (size_t j = 0; (bound = sb_bound_at(j)) != NULL; j++) {
            if (sb_bound_evaluate(ball, bound, &q, 50, NULL) || !sb_bound_exact_value(value, bound, &q))
                continue;
            found++;
            SB_CHECK(arb_contains_fmpq(ball, value), "%s %s, instance %d", bound->source, bound->quantity, i);
        }
        sb_ranked_coordinate coordinate = {&q, 1 + sb_test_random(&state) % q.dimension};
        if (sb_lemma_3_7_exact_value(value, &q, coordinate.rank)) {
            sb_lemma_3_7(ball, &coordinate, 200);
            SB_CHECK(arb_contains_fmpq(ball, value));
        }
    }
    SB_CHECK(found > 3000, "only %d", found);
    sb_parameters_clear(&q);
    fmpq_clear(value);
    arb_clear(ball);
}

static void list_of_bounds(void) {
    size_t count = sb_bound_count();
    SB_CHECK(count > 20 && sb_bound_at(count) == NULL && sb_bound_at(count - 1) != NULL);
    for (size_t i = 0; i < count; i++) {
        const sb_bound *bound = sb_bound_at(i);
        SB_CHECK(bound->source && bound->statement && bound->quantity && bound->formula && bound->applies &&
                 bound->value);
        SB_CHECK(sb_bound_find(bound->source, bound->quantity) != NULL);
        SB_CHECK(strcmp(sb_sense_name(bound->sense), "necessary") == 0 ||
                 strcmp(sb_sense_name(bound->sense), "sufficient") == 0 ||
                 strcmp(sb_sense_name(bound->sense), "exact") == 0);
    }
    SB_CHECK(sb_bound_find("thm-1.2", "nothing") == NULL);
}

static const sb_test tests[] = {{"exact values: powers of integers", powers},
                                {"exact values: inside the enclosures", inside_the_enclosures},
                                {"exact values: the list of bounds is complete", list_of_bounds}};
SB_TEST_MAIN(tests)
