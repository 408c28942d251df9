/* Sylvester's matrices against the Kronecker power of [1 1; 1 -1] and against a plain inner product. */
#include "bounds/hadamard.h"

#include "tests/test.h"

/* Entry (i, j) of the n-fold Kronecker power, by recursion on the leading bits. */
static int kronecker(unsigned n, uint64_t i, uint64_t j) {
    if (n == 0) return 1;
    uint64_t half = (uint64_t)1 << (n - 1);
    int sign = i >= half && j >= half ? -1 : 1;
    return sign * kronecker(n - 1, i % half, j % half);
}

static void check_entries(void) {
    sb_sign_matrix matrix;
    sb_sign_matrix_init(&matrix);
    sb_error error;
    for (unsigned n = 0; n <= 9; n++) {
        SB_CHECK(sb_sylvester(&matrix, n, &error) == SB_OK, "%s", error.message);
        SB_CHECK(matrix.order == (uint64_t)1 << n);
        for (uint64_t i = 0; i < matrix.order; i++)
            for (uint64_t j = 0; j < matrix.order; j++)
                SB_CHECK(sb_sign_matrix_entry(&matrix, i, j) == kronecker(n, i, j),
                         "n = %u, entry %llu, %llu", n, (unsigned long long)i, (unsigned long long)j);
    }
    sb_sign_matrix_clear(&matrix);
}

static void check_products(void) {
    sb_sign_matrix matrix;
    sb_sign_matrix_init(&matrix);
    sb_error error;
    uint64_t state = 5;
    for (unsigned n = 0; n <= 12; n += 3) {
        SB_CHECK(sb_sylvester(&matrix, n, &error) == SB_OK);
        for (uint64_t i = 0; i < matrix.order * matrix.words; i++) { /* random signs: products other than 0 */
            matrix.bits[i] = sb_test_random(&state);
            if (matrix.order < 64) matrix.bits[i] &= ((uint64_t)1 << matrix.order) - 1;
        }
        for (int trial = 0; trial < 30; trial++) {
            uint64_t i = sb_test_random(&state) % matrix.order, j = sb_test_random(&state) % matrix.order;
            int64_t sum = 0;
            for (uint64_t k = 0; k < matrix.order; k++)
                sum += sb_sign_matrix_entry(&matrix, i, k) * sb_sign_matrix_entry(&matrix, j, k);
            SB_CHECK(sb_sign_product(&matrix, i, j) == sum, "n = %u: %lld", n, (long long)sum);
            SB_CHECK(sb_sign_product(&matrix, i, i) == (int64_t)matrix.order, "a row with itself");
        }
    }
    sb_sign_matrix_clear(&matrix);
}

static void check_orthogonal(void) {
    sb_sign_matrix matrix;
    sb_sign_matrix_init(&matrix);
    sb_error error;
    uint64_t row, other;
    for (unsigned n = 0; n <= 11; n++) {
        SB_CHECK(sb_sylvester(&matrix, n, &error) == SB_OK);
        SB_CHECK(sb_sign_orthogonal(&matrix, &row, &other), "n = %u", n);
    }
    for (uint64_t damaged = 0; damaged < matrix.order;
         damaged += 97) { /* any single sign spoils it, and the row is named */
        matrix.bits[damaged * matrix.words + damaged % matrix.words] ^= (uint64_t)1 << damaged % 64;
        SB_CHECK(!sb_sign_orthogonal(&matrix, &row, &other), "row %llu damaged", (unsigned long long)damaged);
        SB_CHECK(row == damaged || other == damaged);
        matrix.bits[damaged * matrix.words + damaged % matrix.words] ^= (uint64_t)1 << damaged % 64;
    }
    sb_sign_matrix_clear(&matrix);
    SB_CHECK(sb_sylvester(&matrix, SB_SYLVESTER_LIMIT + 1, &error) == SB_BAD_INPUT, "beyond the limit");
}

static void check_count(void) {
    static const uint64_t value[][2] = {{1, 1},
                                        {2, 2},
                                        {3, 2},
                                        {4, 4},
                                        {5, 4},
                                        {784, 512},
                                        {3072, 2048},
                                        {150528, 131072},
                                        {1000, 512},
                                        {4096, 4096},
                                        {4095, 2048},
                                        {((uint64_t)1 << 62), (uint64_t)1 << 62},
                                        {((uint64_t)1 << 62) - 1, (uint64_t)1 << 61}};
    for (size_t i = 0; i < sizeof value / sizeof value[0]; i++)
        SB_CHECK(sb_direction_count(value[i][0]) == value[i][1], "d = %llu", (unsigned long long)value[i][0]);
}

/* The lengths b^e as numbers: b entries b^(-1/p), p = 3, b = 8, in double precision. */
static void check_lengths(void) {
    sb_exact norm, two, one;
    fmpq_t exponent;
    sb_exact_init(&norm);
    sb_exact_init(&two);
    sb_exact_init(&one);
    fmpq_init(exponent);
    fmpq_set_si(norm.value, 3, 1);
    fmpq_set_si(two.value, 2, 1);
    fmpq_set_si(one.value, 1, 1);
    sb_direction_length_exponent(exponent, &two, &norm); /* 8 entries 1/2: |v|_2 = sqrt(2) = 8^(1/6) */
    SB_CHECK(fmpq_cmp_si(exponent, 0) > 0 && fmpz_equal_si(fmpq_denref(exponent), 6) &&
             fmpz_is_one(fmpq_numref(exponent)));
    sb_direction_length_exponent(exponent, &one, &norm); /* |v|_1 = 4 = 8^(2/3) */
    SB_CHECK(fmpz_equal_si(fmpq_denref(exponent), 3) && fmpz_equal_si(fmpq_numref(exponent), 2));
    sb_direction_length_exponent(exponent, &norm, &norm);
    SB_CHECK(fmpq_is_zero(exponent));
    norm.infinite = 1;
    sb_direction_length_exponent(exponent, &two, &norm); /* entries 1: |v|_2 = sqrt(b) */
    SB_CHECK(fmpz_equal_si(fmpq_denref(exponent), 2) && fmpz_is_one(fmpq_numref(exponent)));
    sb_exact_clear(&norm);
    sb_exact_clear(&two);
    sb_exact_clear(&one);
    fmpq_clear(exponent);
}

/* eps b^e as numbers: eps = 3, b = 12, e = 1/2: 3 sqrt 12 = 10.392304845413264; e = -1/2: sqrt(3)/2; e =
 * 0: 3. */
static void check_length(void) {
    static const struct {
        slong top;
        double value;
    } length[] = {{1, 10.392304845413264}, {-1, 0.86602540378443865}, {0, 3}};
    fmpq_t radius, exponent;
    arb_t value;
    fmpq_init(radius);
    fmpq_init(exponent);
    arb_init(value);
    fmpq_set_si(radius, 3, 1);
    for (size_t i = 0; i < 3; i++) {
        fmpq_set_si(exponent, length[i].top, 2);
        sb_direction_length context = {12, radius, exponent};
        sb_direction_length_ball(value, &context, 128);
        double middle = arf_get_d(arb_midref(value), ARF_RND_NEAR);
        SB_CHECK(middle - length[i].value < 1e-15 * middle && length[i].value - middle < 1e-15 * middle,
                 "exponent %ld/2: %.17g", (long)length[i].top, middle);
        SB_CHECK(arb_rel_accuracy_bits(value) > 100);
    }
    fmpq_clear(radius);
    fmpq_clear(exponent);
    arb_clear(value);
}

/* Rows of signs at orders that are no multiple of 64. */
static void check_signs(void) {
    uint64_t state = 6;
    sb_sign_matrix matrix;
    sb_error error;
    sb_sign_matrix_init(&matrix);
    for (uint64_t order = 1; order <= 200; order += 13) {
        int8_t sign[200];
        SB_CHECK(sb_sign_matrix_make(&matrix, order, &error) == SB_OK, "%s", error.message);
        for (int time = 0; time < 2; time++) { /* the second time over what the first left */
            for (uint64_t j = 0; j < order; j++) sign[j] = sb_test_random(&state) % 2 ? 1 : -1;
            sb_sign_matrix_set_row(&matrix, order / 2, sign);
            for (uint64_t j = 0; j < order; j++)
                SB_CHECK(sb_sign_matrix_entry(&matrix, order / 2, j) == sign[j], "order %llu, column %llu",
                         (unsigned long long)order, (unsigned long long)j);
            SB_CHECK(sb_sign_product(&matrix, order / 2, order / 2) == (int64_t)order, "order %llu",
                     (unsigned long long)order);
        }
    }
    sb_sign_matrix_clear(&matrix);
    SB_CHECK(sb_sign_matrix_make(&matrix, 0, &error) == SB_BAD_INPUT);
    SB_CHECK(sb_sign_matrix_make(&matrix, SB_SIGN_ORDER_LIMIT + 1, &error) == SB_BAD_INPUT);
}

static const sb_test tests[] = {
    {"Sylvester's matrix is the Kronecker power", check_entries},
    {"inner products by counting bits", check_products},
    {"orthogonality, and one wrong sign is found", check_orthogonal},
    {"number of directions", check_count},
    {"lengths as exponents", check_lengths},
    {"lengths as numbers", check_length},
    {"rows of signs", check_signs},
};
SB_TEST_MAIN(tests)
