/* Finite laws against closed forms and against the definitions, taken literally: TV as the largest difference
 * over all events. */
#include "distributions/finite_law.h"

#include "tests/test.h"

static void set(fmpq_t value, slong p, ulong q) {
    fmpq_set_si(value, p, q);
}

static int equals(const fmpq_t value, slong p, ulong q) {
    fmpq_t other;
    fmpq_init(other);
    set(other, p, q);
    int same = fmpq_equal(value, other);
    fmpq_clear(other);
    return same;
}

/* The uniform law on n neighbouring points from `low`/2, step 1. */
static void make_uniform(sb_finite_law *law, size_t dimension, size_t n, slong twice_low) {
    fmpq_t origin, one;
    fmpq_init(origin);
    fmpq_init(one);
    set(origin, twice_low, 2);
    set(one, 1, 1);
    sb_error error;
    SB_CHECK(sb_finite_law_lattice(law, dimension, n, origin, one, NULL, &error) == SB_OK, "%s",
             error.message);
    fmpq_clear(origin);
    fmpq_clear(one);
}

static void check_construction(void) {
    fmpq point[4], weight[4];
    for (int i = 0; i < 4; i++) {
        fmpq_init(point + i);
        fmpq_init(weight + i);
        set(point + i, i == 3 ? 0 : 2 - i, 3); /* 2/3, 1/3, 0, 0 */
        set(weight + i, i + 1, 2);
    }
    fmpq_zero(weight + 1);
    sb_finite_law law;
    sb_finite_law_init(&law);
    sb_error error;
    SB_CHECK(sb_finite_law_set(&law, 1, point, weight, 4, &error) == SB_OK);
    SB_CHECK(law.count == 2, "equal points merged, weight 0 dropped: %zu", law.count);
    SB_CHECK(fmpq_is_zero(law.point) && equals(law.point + 1, 2, 3), "sorted");
    SB_CHECK(equals(law.mass, 7, 8) && equals(law.mass + 1, 1, 8), "masses 7/8 and 1/8");
    char *text = sb_finite_law_print(&law);
    SB_CHECK(text && strcmp(text, "{0: 7/8, 2/3: 1/8}") == 0, "%s", text ? text : "(null)");
    free(text);
    set(weight, -1, 2);
    SB_CHECK(sb_finite_law_set(&law, 1, point, weight, 4, &error) == SB_BAD_INPUT, "negative weight");
    SB_CHECK(law.count == 2, "a failure leaves the law alone");
    for (int i = 0; i < 4; i++) fmpq_zero(weight + i);
    SB_CHECK(sb_finite_law_set(&law, 1, point, weight, 4, &error) == SB_BAD_INPUT, "all weights 0");
    SB_CHECK(sb_finite_law_set(&law, 1, point, weight, 0, &error) == SB_BAD_INPUT, "no points");
    fmpq_t one;
    fmpq_init(one);
    set(one, 1, 1);
    SB_CHECK(sb_finite_law_lattice(&law, 40, 40, one, one, NULL, &error) == SB_BAD_INPUT,
             "a lattice too large");
    fmpq_clear(one);
    sb_finite_law_clear(&law);
    for (int i = 0; i < 4; i++) {
        fmpq_clear(point + i);
        fmpq_clear(weight + i);
    }
}

/* Uniform on n points: TV(D, D+k) = min(1, k/n), 1 for any shift off the lattice; moments (n^2-1)/12, n/4 or
 * (n^2-1)/(4n) when centred. */
static void check_uniform(void) {
    sb_finite_law law;
    sb_finite_law_init(&law);
    fmpq_t value, shift;
    fmpq_init(value);
    fmpq_init(shift);
    for (slong n = 1; n <= 12; n++) {
        make_uniform(&law, 1, (size_t)n, 1 - n);
        for (slong k = 0; k <= 15; k++) {
            set(shift, k, 1);
            sb_finite_law_shift_distance(value, &law, shift);
            SB_CHECK(equals(value, k < n ? k : n, (ulong)n), "n = %ld, k = %ld", (long)n, (long)k);
            set(shift, -k, 1);
            sb_finite_law_shift_distance(value, &law, shift);
            SB_CHECK(equals(value, k < n ? k : n, (ulong)n), "the same to the left");
        }
        set(shift, 1, 3);
        sb_finite_law_shift_distance(value, &law, shift);
        SB_CHECK(fmpq_is_one(value), "off the lattice");
        sb_finite_law_square_moment(value, &law, 0);
        SB_CHECK(equals(value, n * n - 1, 12));
        sb_finite_law_absolute_moment(value, &law, 0);
        SB_CHECK(n % 2 ? equals(value, n * n - 1, (ulong)(4 * n)) : equals(value, n, 4));
        set(shift, 5, 2);
        sb_finite_law_largest_interval(value, &law, shift);
        SB_CHECK(equals(value, n < 3 ? n : 3, (ulong)n), "[a, a+5/2) holds at most 3 points");
        set(shift, 2, 1);
        sb_finite_law_largest_interval(value, &law, shift);
        SB_CHECK(equals(value, n < 2 ? n : 2, (ulong)n), "[a, a+2) holds at most 2 points");
    }
    sb_finite_law_clear(&law);
    fmpq_clear(value);
    fmpq_clear(shift);
}

/* TV as the largest difference of probabilities over all events, for random laws with few points. */
static void largest_event(fmpq_t best, const sb_finite_law *a, const sb_finite_law *b) {
    fmpq_t difference, sum, here;
    fmpq_init(difference);
    fmpq_init(sum);
    fmpq_init(here);
    fmpq_zero(best);
    size_t points =
        a->count + b->count; /* an event: which points of a and of b; a common point follows a's bit */
    for (unsigned event = 0; event < 1u << points; event++) {
        fmpq_zero(sum);
        for (size_t i = 0; i < a->count; i++)
            if (event >> i & 1) fmpq_add(sum, sum, a->mass + i);
        for (size_t j = 0; j < b->count; j++) {
            int inside = event >> (a->count + j) & 1;
            for (size_t i = 0; i < a->count; i++) {
                int same = 1;
                for (size_t c = 0; c < a->dimension; c++)
                    same =
                        same && fmpq_equal(a->point + i * a->dimension + c, b->point + j * b->dimension + c);
                if (same) inside = event >> i & 1;
            }
            if (inside) fmpq_sub(sum, sum, b->mass + j);
        }
        if (fmpq_cmp(sum, best) > 0) fmpq_set(best, sum);
    }
    fmpq_clear(difference);
    fmpq_clear(sum);
    fmpq_clear(here);
}

static void check_distance(void) {
    uint64_t state = 4;
    sb_error error;
    sb_finite_law law, moved, other;
    sb_finite_law_init(&law);
    sb_finite_law_init(&moved);
    sb_finite_law_init(&other);
    fmpq shift[3];
    fmpq_t direct, value;
    for (int i = 0; i < 3; i++) fmpq_init(shift + i);
    fmpq_init(direct);
    fmpq_init(value);
    for (int trial = 0; trial < 150; trial++) {
        size_t d = 1 + (size_t)trial % 3;
        SB_CHECK(sb_finite_law_random(&law, d, 1 + (size_t)trial % 5, 2, 2, 5, &state, &error) == SB_OK);
        for (size_t i = 0; i < d; i++) set(shift + i, (slong)sb_finite_law_random_below(&state, 5) - 2, 2);
        SB_CHECK(sb_finite_law_translate(&moved, &law, shift, &error) == SB_OK);
        sb_finite_law_shift_distance(value, &law, shift);
        largest_event(direct, &law, &moved);
        SB_CHECK(fmpq_equal(value, direct), "trial %d: TV(D, D+v) and the largest event differ", trial);
        SB_CHECK(sb_finite_law_random(&other, d, 1 + (size_t)trial % 4, 1, 2, 5, &state, &error) == SB_OK);
        sb_finite_law_distance(value, &law, &other);
        largest_event(direct, &law, &other);
        SB_CHECK(fmpq_equal(value, direct), "trial %d: TV(A, B) and the largest event differ", trial);
        sb_finite_law_distance(direct, &other, &law);
        SB_CHECK(fmpq_equal(value, direct), "symmetric");
    }
    sb_finite_law_clear(&law);
    sb_finite_law_clear(&moved);
    sb_finite_law_clear(&other);
    for (int i = 0; i < 3; i++) fmpq_clear(shift + i);
    fmpq_clear(direct);
    fmpq_clear(value);
}

/* Products, projections, marginals: second moments add up, marginals of a product are its factors, the
   projection of a cube on (1, 1) is a convolution. */
static void check_products(void) {
    sb_finite_law a, b, product, part;
    sb_finite_law_init(&a);
    sb_finite_law_init(&b);
    sb_finite_law_init(&product);
    sb_finite_law_init(&part);
    sb_error error;
    fmpq direction[2];
    fmpq_init(direction);
    fmpq_init(direction + 1);
    set(direction, 1, 1);
    set(direction + 1, 1, 1);
    fmpq_t value, sum;
    fmpq_init(value);
    fmpq_init(sum);
    make_uniform(&a, 1, 3, -2);
    make_uniform(&b, 1, 4, 0);
    SB_CHECK(sb_finite_law_product(&product, &a, &b, &error) == SB_OK && product.count == 12 &&
             product.dimension == 2);
    static const size_t second[] = {1}, outside[] = {2};
    SB_CHECK(sb_finite_law_marginal(&part, &product, second, 1, &error) == SB_OK);
    sb_finite_law_distance(value, &part, &b);
    SB_CHECK(fmpq_is_zero(value), "the second marginal is b");
    SB_CHECK(sb_finite_law_marginal(&part, &product, outside, 1, &error) == SB_BAD_INPUT,
             "no third coordinate");
    sb_finite_law_mean_square(value, &product);
    SB_CHECK(equals(value, 25, 6), "E||x||^2 = 2/3 + 14/4");
    SB_CHECK(sb_finite_law_project(&part, &product, direction, &error) == SB_OK);
    SB_CHECK(part.count == 6 && equals(part.mass, 1, 12) && equals(part.mass + 1, 2, 12) &&
                 equals(part.mass + 2, 3, 12),
             "1, 2, 3, 3, 2, 1 twelfths");
    sb_finite_law_mean_largest(value, &product);
    /* max(|x|, y), x in {-1,0,1}, y in {0..3}: y = 0: 1,0,1; y = 1: 1,1,1; y = 2: 2,2,2; y = 3: 3,3,3 */
    SB_CHECK(equals(value, 20, 12), "E max = 20/12");
    make_uniform(&a, 2, 2, -1); /* the corners (+-1/2, +-1/2) */
    arb_t length, expected;
    arb_init(length);
    arb_init(expected);
    sb_finite_law_mean_length(length, &a, 128);
    arb_set_ui(expected, 2);
    arb_sqrt(expected, expected, 128);
    arb_mul_2exp_si(expected, expected, -1);
    SB_CHECK(arb_overlaps(length, expected) && arb_rel_accuracy_bits(length) > 100, "E||x||_2 = 1/sqrt 2");
    arb_clear(length);
    arb_clear(expected);
    sb_finite_law_clear(&a);
    sb_finite_law_clear(&b);
    sb_finite_law_clear(&product);
    sb_finite_law_clear(&part);
    fmpq_clear(direction);
    fmpq_clear(direction + 1);
    fmpq_clear(value);
    fmpq_clear(sum);
}

static void check_intervals(void) {
    sb_finite_law law;
    sb_finite_law_init(&law);
    make_uniform(&law, 1, 5, -4); /* -2..2 */
    fmpq_t low, high, value;
    fmpq_init(low);
    fmpq_init(high);
    fmpq_init(value);
    set(low, -1, 1);
    set(high, 1, 1);
    for (int ends = 0; ends < 4; ends++) {
        sb_finite_law_interval(value, &law, low, ends & 1, high, ends >> 1);
        SB_CHECK(equals(value, 1 + (ends & 1) + (ends >> 1), 5), "ends %d", ends);
    }
    sb_finite_law_clear(&law);
    fmpq_clear(low);
    fmpq_clear(high);
    fmpq_clear(value);
}

/* All compositions of n into k parts, each once: C(n+k-1, k-1) of them, in strictly decreasing lexicographic
 * order. */
static void check_compositions(void) {
    for (uint32_t n = 0; n <= 6; n++) {
        for (size_t k = 1; k <= 5; k++) {
            uint32_t part[5] = {0}, before[5];
            part[0] = n;
            unsigned long count = 0, expected = 1;
            for (size_t i = 1; i < k; i++) expected = expected * (n + i) / i;
            do {
                uint32_t sum = 0;
                for (size_t i = 0; i < k; i++) sum += part[i];
                SB_CHECK(sum == n, "parts of %u sum to %u", n, sum);
                size_t i = 0;
                while (count && i < k && part[i] == before[i]) i++;
                SB_CHECK(!count || (i < k && part[i] < before[i]), "order, n = %u, k = %zu", n, k);
                memcpy(before, part, sizeof part);
                count++;
            } while (sb_next_composition(part, k) && count <= expected);
            SB_CHECK(count == expected, "n = %u, k = %zu: %lu instead of %lu", n, k, count, expected);
        }
    }
}

static void check_random(void) {
    uint64_t one = 7, two = 7;
    sb_finite_law a, b;
    sb_finite_law_init(&a);
    sb_finite_law_init(&b);
    sb_error error;
    fmpq_t value, total;
    fmpq_init(value);
    fmpq_init(total);
    for (int i = 0; i < 50; i++) {
        SB_CHECK(sb_finite_law_random(&a, 2, 6, 4, 3, 9, &one, &error) == SB_OK);
        SB_CHECK(sb_finite_law_random(&b, 2, 6, 4, 3, 9, &two, &error) == SB_OK);
        sb_finite_law_distance(value, &a, &b);
        SB_CHECK(fmpq_is_zero(value), "the same state gives the same law");
        fmpq_zero(total);
        for (size_t k = 0; k < a.count; k++) fmpq_add(total, total, a.mass + k);
        SB_CHECK(fmpq_is_one(total), "masses sum to 1");
    }
    unsigned seen[6] = {0};
    for (int i = 0; i < 6000; i++) seen[sb_finite_law_random_below(&one, 6)]++;
    for (int i = 0; i < 6; i++)
        SB_CHECK(seen[i] > 800 && seen[i] < 1200, "value %d drawn %u times of 6000", i, seen[i]);
    SB_CHECK(sb_finite_law_random(&a, 1, 3, 2, 0, 9, &one, &error) == SB_BAD_INPUT, "denominator 0");
    sb_finite_law_clear(&a);
    sb_finite_law_clear(&b);
    fmpq_clear(value);
    fmpq_clear(total);
}

static const sb_test tests[] = {
    {"construction sorts, merges, normalises and refuses", check_construction},
    {"uniform laws have their closed forms", check_uniform},
    {"total variation is the largest difference over events", check_distance},
    {"products, projections, marginals", check_products},
    {"intervals with and without their ends", check_intervals},
    {"compositions", check_compositions},
    {"random laws", check_random},
};
SB_TEST_MAIN(tests)
