/* Hadamard matrices by their definition, written out here for prime fields with Legendre's symbol;
   orthogonality by plain inner products; fast products against rows; Pythagoras on integers at the sizes of
   images. */
#include "bounds/hadamard_transform.h"

#include "tests/test.h"

#include <math.h>

static void make(sb_hadamard *h, uint64_t order) {
    sb_hadamard_order shape;
    sb_error error = {0};
    SB_CHECK(sb_hadamard_order_find(&shape, order), "order %llu", (unsigned long long)order);
    SB_CHECK(sb_hadamard_make(h, &shape, &error) == SB_OK, "%s", error.message);
}

static void get_row(const sb_hadamard *h, uint64_t i, int8_t *sign) {
    sb_error error = {0};
    SB_CHECK(sb_hadamard_row(h, i, sign, &error) == SB_OK, "%s", error.message);
}

/* ------------------------------------------------------------------ entries */
static int legendre(int64_t a, int64_t p) {
    int64_t power = 1, base = ((a % p) + p) % p;
    if (base == 0) return 0;
    for (int64_t e = (p - 1) / 2; e; e /= 2, base = base * base % p)
        if (e % 2) power = power * base % p;
    return power == 1 ? 1 : -1;
}

/* Entry (i, j) of [0 1; s Q]. */
static int conference(int64_t i, int64_t j, int64_t p, int s) {
    if (i == 0 && j == 0) return 0;
    return i == 0 ? 1 : j == 0 ? s : legendre(i - j, p);
}

static int paley_entry(int kind, int64_t i, int64_t j, int64_t p) {
    static const int A[2][2] = {{1, 1}, {1, -1}}, B[2][2] = {{1, -1}, {-1, -1}};
    if (kind == 1) return (i == j) + conference(i, j, p, -1);
    return conference(i / 2, j / 2, p, 1) * A[i % 2][j % 2] + (i / 2 == j / 2) * B[i % 2][j % 2];
}

static void check_paley(void) {
    static const int64_t core[][2] = {{1, 3},   {1, 7},  {1, 11}, {1, 19},
                                      {1, 107}, {2, 17}, {2, 37}, {2, 97}}; /* kind, p */
    for (size_t n = 0; n < sizeof core / sizeof core[0]; n++) {
        int kind = (int)core[n][0];
        int64_t p = core[n][1], order = kind == 1 ? p + 1 : 2 * (p + 1);
        sb_paley paley;
        sb_error error = {0};
        int8_t row[256], column[256];
        SB_CHECK(sb_paley_make(&paley, (uint64_t)order, &error) == SB_OK, "%s", error.message);
        for (int64_t i = 0; i < order; i++) {
            sb_paley_row(&paley, (uint64_t)i, 0, row);
            sb_paley_row(&paley, (uint64_t)i, 1, column);
            for (int64_t j = 0; j < order; j++) {
                SB_CHECK(row[j] == paley_entry(kind, i, j, p), "order %lld: (%lld, %lld)", (long long)order,
                         (long long)i, (long long)j);
                SB_CHECK(column[j] == paley_entry(kind, j, i, p), "order %lld: (%lld, %lld) transposed",
                         (long long)order, (long long)j, (long long)i);
            }
        }
        sb_paley_clear(&paley);
    }
}

/* Rows of a Kronecker product: the products of the entries of its factors. */
static void check_kronecker(void) {
    static const uint64_t order[] = {24, 96, 144, 560, 784, 1728, 2400, 3360};
    for (size_t n = 0; n < sizeof order / sizeof order[0]; n++) {
        sb_hadamard h;
        make(&h, order[n]);
        int8_t *row = malloc((size_t)order[n]), factor[2048];
        for (uint64_t i = 0; i < order[n]; i += 1 + order[n] / 50) {
            get_row(&h, i, row);
            for (uint64_t j = 0; j < order[n]; j += 1 + j % 5) {
                uint64_t u = i, v = j, two = (uint64_t)1 << h.shape.sylvester, both = u % two & v % two;
                int entry = 1;
                for (; both; both &= both - 1) entry = -entry;
                u /= two;
                v /= two;
                for (unsigned k = h.shape.core_count; k-- > 0;) {
                    uint64_t m = h.shape.core[k];
                    sb_paley_row(&h.core[k], u % m, 0, factor);
                    entry *= factor[v % m];
                    u /= m;
                    v /= m;
                }
                SB_CHECK(row[j] == entry, "order %llu: (%llu, %llu)", (unsigned long long)order[n],
                         (unsigned long long)i, (unsigned long long)j);
            }
        }
        free(row);
        sb_hadamard_clear(&h);
    }
}

/* All orders up to 200 and some with fields of prime powers: plain inner products of all pairs of rows. */
static void check_orthogonal(void) {
    static const uint64_t more[] = {344, 500, 588, 1000, 1332}; /* GF(7^3), ..., GF(11^3) */
    static int8_t row[2048 * 2048];
    for (uint64_t n = 1; n <= 200 + sizeof more / sizeof more[0]; n++) {
        uint64_t order = n <= 200 ? n : more[n - 201], bad = 0;
        sb_hadamard_order shape;
        if (!sb_hadamard_order_find(&shape, order)) continue;
        sb_hadamard h;
        make(&h, order);
        for (uint64_t i = 0; i < order; i++) get_row(&h, i, row + i * order);
        for (uint64_t i = 0; i < order; i++) {
            for (uint64_t j = i; j < order; j++) {
                int product = 0;
                for (uint64_t k = 0; k < order; k++) product += row[i * order + k] * row[j * order + k];
                bad += product != (i == j ? (int)order : 0);
            }
        }
        SB_CHECK(bad == 0, "order %llu: %llu wrong products", (unsigned long long)order,
                 (unsigned long long)bad);
        sb_hadamard_clear(&h);
    }
}

/* ------------------------------------------------------------------ products */
/* Orders with one core alone, before 2 and 4 (few columns), before 8 and more, two and three cores. */
static const uint64_t order[] = {1, 2, 32, 12, 36, 72, 80, 96, 144, 784, 1000, 1728, 2400, 5376};
enum { ORDERS = sizeof order / sizeof order[0] };

static void check_products(void) {
    uint64_t state = 3;
    for (size_t n = 0; n < ORDERS; n++) {
        size_t b = (size_t)order[n];
        sb_hadamard h;
        sb_error error = {0};
        make(&h, b);
        int64_t *x = malloc(b * sizeof *x), *y = malloc(b * sizeof *y), *back = calloc(b, sizeof *back);
        double *z = malloc(b * sizeof *z);
        int8_t *row = malloc(b);
        for (size_t i = 0; i < b; i++) {
            x[i] = (int64_t)(sb_test_random(&state) % 2000001) - 1000000;
            z[i] = (double)x[i];
        }
        memcpy(y, x, b * sizeof *y);
        SB_CHECK(sb_hadamard_product_int64(&h, 0, y, NULL, &error) == SB_OK, "%s", error.message);
        SB_CHECK(sb_hadamard_product_double(&h, 0, z, NULL, &error) == SB_OK, "%s", error.message);
        for (size_t i = 0; i < b; i++) { /* H x by rows, and H^T x as the sum of x_i times row i */
            int64_t sum = 0;
            get_row(&h, i, row);
            for (size_t j = 0; j < b; j++) {
                sum += row[j] * x[j];
                back[j] += row[j] * x[i];
            }
            SB_CHECK(y[i] == sum && z[i] == (double)sum, "order %zu: entry %zu of H x", b, i);
        }
        for (size_t i = 0; i < b; i++) z[i] = (double)x[i];
        SB_CHECK(sb_hadamard_product_int64(&h, 1, x, NULL, &error) == SB_OK, "%s", error.message);
        SB_CHECK(sb_hadamard_product_double(&h, 1, z, NULL, &error) == SB_OK, "%s", error.message);
        for (size_t i = 0; i < b; i++)
            SB_CHECK(x[i] == back[i] && z[i] == (double)back[i], "order %zu: entry %zu of H^T x", b, i);
        free(x);
        free(y);
        free(z);
        free(back);
        free(row);
        sb_hadamard_clear(&h);
    }
}

/* sum of (u_i . x)^2 = b ||x||^2 exactly, for integer noise at the sizes of images: Theorem 1.2 with Q =
 * H/sqrt b. */
static void check_pythagoras(void) {
    static const uint64_t dimension[] = {784, 1079, 3072, 6912, 12288, 150528};
    uint64_t state = 12;
    for (size_t n = 0; n < sizeof dimension / sizeof dimension[0]; n++) {
        size_t d = (size_t)dimension[n];
        sb_hadamard h;
        sb_error error = {0};
        SB_CHECK(sb_hadamard_below(&h, d, &error) == SB_OK, "%s", error.message);
        size_t b = (size_t)h.shape.order;
        int64_t *x = malloc(d * sizeof *x), whole = 0, head = 0, image = 0;
        for (size_t i = 0; i < d; i++) {
            x[i] = (int64_t)(sb_test_random(&state) % 2001) - 1000;
            whole += x[i] * x[i];
            if (i < b) head += x[i] * x[i];
        }
        SB_CHECK(sb_hadamard_product_int64(&h, 0, x, NULL, &error) == SB_OK, "%s", error.message);
        for (size_t i = 0; i < b; i++) image += x[i] * x[i];
        SB_CHECK(image == (int64_t)b * head, "d = %zu: %lld is not b times %lld", d, (long long)image,
                 (long long)head);
        SB_CHECK(image <= (int64_t)b * whole && (b < d || image == (int64_t)b * whole), "d = %zu", d);
        free(x);
        sb_hadamard_clear(&h);
    }
}

/* Double against int64 for numbers too long for a double's sums: the error stays below the bound. */
static void check_rounding(void) {
    static const uint64_t size[] = {12, 500, 784, 1064, 4096, 12288};
    uint64_t state = 77;
    for (size_t n = 0; n < sizeof size / sizeof size[0]; n++) {
        size_t b = (size_t)size[n];
        sb_hadamard h;
        sb_error error = {0};
        make(&h, b);
        int64_t *x = malloc(b * sizeof *x);
        double *z = malloc(b * sizeof *z), defect = 0, length = 0;
        for (size_t i = 0; i < b; i++) {
            x[i] = (int64_t)(sb_test_random(&state) >> 16) -
                   ((int64_t)1 << 47); /* below 2^48: exact in double */
            z[i] = (double)x[i];
        }
        SB_CHECK(sb_hadamard_product_int64(&h, 0, x, NULL, &error) == SB_OK, "%s", error.message);
        SB_CHECK(sb_hadamard_product_double(&h, 0, z, NULL, &error) == SB_OK, "%s", error.message);
        for (size_t i = 0; i < b; i++) {
            double difference = z[i] - (double)x[i];
            defect += difference * difference;
            length += (double)x[i] * (double)x[i];
        }
        SB_CHECK(sqrt(defect) <= sb_hadamard_rounding(&h.shape) * sqrt(length) + 0x1p-53 * sqrt(length),
                 "order %zu: relative error %g", b, sqrt(defect / length));
        SB_CHECK(sb_hadamard_rounding(&h.shape) < 1e-10, "order %zu: the bound says something", b);
        free(x);
        free(z);
        sb_hadamard_clear(&h);
    }
}

static int refuse(void) {
    return 0;
}

static void check_refusals(void) {
    sb_hadamard h;
    sb_error error = {0};
    sb_hadamard_order shape;
    int64_t x[12] = {1};
    make(&h, 12);
    SB_CHECK(sb_hadamard_product_int64(&h, 0, x, refuse, &error) == SB_INTERRUPTED);
    sb_hadamard_clear(&h);
    sb_hadamard_clear(&h);
    SB_CHECK(sb_hadamard_order_find(&shape, UINT64_C(4611686018427387848)));
    SB_CHECK(sb_hadamard_make(&h, &shape, &error) == SB_OUTSIDE, "a field of 2^62 elements");
    SB_CHECK(strstr(error.message, "4611686018427387847") != NULL, "%s", error.message);
    sb_hadamard_clear(&h);
    sb_paley paley;
    SB_CHECK(sb_paley_make(&paley, 92, &error) == SB_BAD_INPUT, "92 is no order of Paley's");
    sb_paley_clear(&paley);
}

static const sb_test tests[] = {
    {"Paley's matrices entry by entry", check_paley},
    {"rows of Kronecker products", check_kronecker},
    {"rows are orthogonal", check_orthogonal},
    {"fast products, also transposed", check_products},
    {"Pythagoras on integers", check_pythagoras},
    {"rounding", check_rounding},
    {"refusals", check_refusals},
};
SB_TEST_MAIN(tests)
