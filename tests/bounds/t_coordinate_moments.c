/* Second moments of any size: what is refused, their order where doubles do not see it, and sums that are
   never too small. */
#include "tests/bounds/moments_test.h"

static void check_edges(void) {
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_exact norm, value;
    fmpq_t half, tiny;
    sb_error error;
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    sb_exact_init(&norm);
    sb_exact_init(&value);
    fmpq_init(half);
    fmpq_init(tiny);
    fmpq_set_si(half, 1, 2);
    set_text(tiny, "1e-5000");
    SB_CHECK(sb_coordinate_moments_add_double(&moments, -1, &error) == SB_BAD_INPUT);
    SB_CHECK(sb_coordinate_moments_add_double(&moments, NAN, &error) == SB_BAD_INPUT);
    read_exact(&value, "-1/7");
    SB_CHECK(sb_coordinate_moments_add(&moments, &value, &error) == SB_BAD_INPUT &&
             strstr(error.message, "'-1/7'"));
    SB_CHECK(moments.dimension == 0);
    for (int n = 0; n < (int)NORMS; n++) {
        read_exact(&norm, norms[n]);
        /* nothing finite excludes nothing */
        sb_coordinate_moments_clear(&moments);
        SB_CHECK(sb_coordinate_moments_add_double(&moments, INFINITY, NULL) == SB_OK &&
                 moments.infinite == 1);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK && limit.size == 0);
        SB_CHECK(!sb_moment_limit_excludes(&limit, SB_SHARP_TV, half, half));
        /* values that no double holds, among them two that differ in the last place only */
        static const char *const far[] = {"1e5000", "1e-4000", "1e-4000",     "3e-4000",
                                          "inf",    "1",       "100001e-4005"};
        for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
            read_exact(&value, far[i]);
            SB_CHECK(sb_coordinate_moments_add(&moments, &value, NULL) == SB_OK);
        }
        sb_coordinate_moments_sort(&moments);
        SB_CHECK(moments.count == 6 && moments.infinite == 2 && moments.dimension == 8);
        SB_CHECK(moments.item[0].coordinate == 2 && moments.item[1].coordinate == 3 &&
                 moments.item[2].coordinate == 7 && moments.item[5].coordinate == 1);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK);
        SB_CHECK(norm.infinite == 0 || limit.size == 3, "k = %llu", (unsigned long long)limit.size);
        SB_CHECK(sb_moment_limit_excludes(&limit, SB_SHARP_TV, half, half), "p = %s", norms[n]);
        SB_CHECK(!sb_moment_limit_excludes(&limit, SB_SHARP_TV, tiny, half), "p = %s", norms[n]);
        /* a coordinate without noise excludes everything */
        SB_CHECK(sb_coordinate_moments_add_double(&moments, 0, NULL) == SB_OK);
        sb_coordinate_moments_sort(&moments);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK && limit.size == 1);
        SB_CHECK(sb_moment_limit_excludes(&limit, SB_SHARP_TV, tiny, half), "p = %s", norms[n]);
    }
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    sb_exact_clear(&norm);
    sb_exact_clear(&value);
    fmpq_clear(half);
    fmpq_clear(tiny);
}

/* (1, 3 - 10^-30): the pair is tighter than the one, by less than doubles see. */
static void check_near_tie(void) {
    sb_coordinate_moments moments;
    sb_moment_limit limit;
    sb_exact norm, value;
    fmpq_t expected, found;
    sb_coordinate_moments_init(&moments);
    sb_moment_limit_init(&limit);
    sb_exact_init(&norm);
    sb_exact_init(&value);
    fmpq_init(expected);
    fmpq_init(found);
    read_exact(&norm, "inf");
    static const char *const second[] = {"2999999999999999999999999999999e-30", "3",
                                         "3000000000000000000000000000001e-30"};
    static const char *const answer[] = {"3999999999999999999999999999999e-30/4", "1", "1"};
    for (uint64_t i = 0; i < 3; i++) {
        sb_coordinate_moments_clear(&moments);
        SB_CHECK(sb_coordinate_moments_add_double(&moments, 1, NULL) == SB_OK);
        read_exact(&value, second[i]);
        SB_CHECK(sb_coordinate_moments_add(&moments, &value, NULL) == SB_OK);
        sb_coordinate_moments_sort(&moments);
        set_text(expected, answer[i]);
        SB_CHECK(sb_moment_limit_find(&limit, &moments, &norm, NULL) == SB_OK);
        SB_CHECK(limit.size == (i ? 1 : 2) && sb_moment_limit_exact(found, &limit) &&
                 fmpq_equal(found, expected));
    }
    sb_coordinate_moments_clear(&moments);
    sb_moment_limit_clear(&limit);
    sb_exact_clear(&norm);
    sb_exact_clear(&value);
    fmpq_clear(expected);
    fmpq_clear(found);
}

/* 1 + 1/2 + ... + 1/20000, whose denominator has 28000 bits: never below, and near. */
static void check_long_sum(void) {
    enum { N = 20000 };
    fmpq_t sum, exact, gap;
    fmpq_init(sum);
    fmpq_init(exact);
    fmpq_init(gap);
    fmpq_harmonic_ui(exact, N);
    for (ulong n = 1; n <= N; n++) {
        sb_coordinate_moment item = {.rational = 1, .count = 1};
        fmpz_init_set_ui(&item.exact.num, 1);
        fmpz_init_set_ui(&item.exact.den, n);
        sb_moment_sum_add(sum, &item, 1);
    }
    fmpq_sub(gap, sum, exact);
    SB_CHECK(fmpq_sgn(gap) > 0 && fmpz_bits(fmpq_denref(sum)) < 5000);
    fmpq_mul_2exp(gap, gap, 2000);
    SB_CHECK(fmpq_cmp_ui(gap, 1) < 0);
    fmpq_clear(sum);
    fmpq_clear(exact);
    fmpq_clear(gap);
}

static const sb_test tests[] = {
    {"edges", check_edges},
    {"a near tie", check_near_tie},
    {"a sum with a long denominator", check_long_sum},
};
SB_TEST_MAIN(tests)
