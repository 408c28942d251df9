/* Finite fields against divisors tried one by one, against polynomials multiplied and reduced here, and the
   quadratic character against the squares of all elements and, for primes, Euler's criterion. */
#include "bounds/finite_field.h"

#include "tests/test.h"

static int plain_prime_power(uint64_t q, uint64_t *p, unsigned *k) {
    if (q < 2) return 0;
    *p = 2;
    while (q % *p) ++*p;
    for (*k = 0; q % *p == 0; ++*k) q /= *p;
    return q == 1;
}

static void check_prime_powers(void) {
    for (uint64_t q = 0; q <= 20000; q++) {
        uint64_t p = 0, plain = 0;
        unsigned k = 0, degree = 0;
        int is = sb_prime_power(q, &p, &k);
        SB_CHECK(is == plain_prime_power(q, &plain, &degree), "q = %llu", (unsigned long long)q);
        SB_CHECK(!is || (p == plain && k == degree), "q = %llu = %llu^%u", (unsigned long long)q,
                 (unsigned long long)p, k);
    }
    uint64_t p;
    unsigned k;
    SB_CHECK(sb_prime_power(UINT64_C(18446744073709551557), &p, &k) && k == 1); /* the largest below 2^64 */
    SB_CHECK(sb_prime_power(UINT64_C(12157665459056928801), &p, &k) && p == 3 && k == 40); /* 3^40 */
    SB_CHECK(!sb_prime_power(UINT64_C(12157665459056928803), &p, &k));
    SB_CHECK(sb_prime_power(UINT64_C(18446743927680663841), &p, &k) && p == 4294967279 && k == 2);
}

/* a b by the schoolbook: the full product, then x^k replaced from the top. */
static uint64_t plain_product(const sb_finite_field *f, uint64_t a, uint64_t b) {
    uint64_t p = f->characteristic, sum[2 * SB_FIELD_DEGREE] = {0}, x[SB_FIELD_DEGREE], y[SB_FIELD_DEGREE];
    for (unsigned i = 0; i < f->degree; i++, a /= p, b /= p) {
        x[i] = a % p;
        y[i] = b % p;
    }
    for (unsigned i = 0; i < f->degree; i++)
        for (unsigned j = 0; j < f->degree; j++) sum[i + j] = (sum[i + j] + x[i] * y[j]) % p;
    for (unsigned i = 2 * f->degree - 1; i >= f->degree; i--) {
        for (unsigned j = 0; j < f->degree; j++)
            sum[i - f->degree + j] = (sum[i - f->degree + j] + sum[i] * f->reduction[j]) % p;
        sum[i] = 0;
    }
    uint64_t product = 0;
    for (unsigned i = f->degree; i > 0; i--) product = product * p + sum[i - 1];
    return product;
}

static uint64_t plain_difference(const sb_finite_field *f, uint64_t a, uint64_t b) {
    uint64_t p = f->characteristic, difference = 0, place = 1;
    for (unsigned i = 0; i < f->degree; i++, a /= p, b /= p, place *= p)
        difference += (a % p + p - b % p) % p * place;
    return difference;
}

static const uint64_t order[] = {3,   5,   7,   9,   11,  13,  25,   27,   49,   81,   121,  125,
                                 169, 243, 343, 361, 529, 729, 1331, 2187, 2197, 2401, 3125, 6561};
enum { ORDERS = sizeof order / sizeof order[0] };

static void check_arithmetic(void) {
    uint64_t state = 8;
    for (size_t n = 0; n < ORDERS; n++) {
        sb_finite_field f;
        sb_error error;
        SB_CHECK(sb_finite_field_make(&f, order[n], &error) == SB_OK, "%s", error.message);
        uint64_t q = order[n];
        for (int t = 0; t < 2000; t++) {
            uint64_t a = sb_test_random(&state) % q, b = sb_test_random(&state) % q,
                     c = sb_test_random(&state) % q;
            uint64_t ab = sb_finite_field_multiply(&f, a, b), minus = sb_finite_field_subtract(&f, b, c);
            SB_CHECK(ab == plain_product(&f, a, b), "GF(%llu): %llu %llu", (unsigned long long)q,
                     (unsigned long long)a, (unsigned long long)b);
            SB_CHECK(minus == plain_difference(&f, b, c));
            SB_CHECK(ab < q && minus < q && (ab == 0) == (a == 0 || b == 0), "divisors of zero in GF(%llu)",
                     (unsigned long long)q);
            SB_CHECK(sb_finite_field_multiply(&f, a, minus) ==
                         sb_finite_field_subtract(&f, ab, sb_finite_field_multiply(&f, a, c)),
                     "a (b - c) in GF(%llu)", (unsigned long long)q);
            SB_CHECK(sb_finite_field_multiply(&f, ab, c) ==
                     sb_finite_field_multiply(&f, a, sb_finite_field_multiply(&f, b, c)));
            SB_CHECK(sb_finite_field_multiply(&f, a, 1) == a && sb_finite_field_subtract(&f, a, 0) == a);
            SB_CHECK(f.character[ab] == f.character[a] * f.character[b], "a character is multiplicative");
        }
        sb_finite_field_clear(&f);
    }
}

static void check_character(void) {
    for (size_t n = 0; n < ORDERS; n++) { /* the squares of all elements */
        sb_finite_field f;
        sb_error error;
        uint64_t q = order[n];
        SB_CHECK(sb_finite_field_make(&f, q, &error) == SB_OK, "%s", error.message);
        int8_t *square = calloc((size_t)q, 1);
        for (uint64_t a = 1; a < q && square; a++) square[plain_product(&f, a, a)] = 1;
        for (uint64_t a = 0; a < q && square; a++)
            SB_CHECK(f.character[a] == (a == 0      ? 0
                                        : square[a] ? 1
                                                    : -1),
                     "GF(%llu): element %llu", (unsigned long long)q, (unsigned long long)a);
        free(square);
        sb_finite_field_clear(&f);
    }
    static const uint64_t prime[] = {499, 587, 1063, 65537, 1000003};
    for (size_t n = 0; n < sizeof prime / sizeof prime[0]; n++) { /* a^((p-1)/2) */
        sb_finite_field f;
        sb_error error;
        uint64_t p = prime[n], state = n;
        SB_CHECK(sb_finite_field_make(&f, p, &error) == SB_OK, "%s", error.message);
        for (int t = 0; t < 500; t++) {
            uint64_t a = sb_test_random(&state) % p, power = 1;
            for (uint64_t e = (p - 1) / 2, base = a; e; e /= 2, base = base * base % p)
                if (e % 2) power = power * base % p;
            SB_CHECK((power == 1 && f.character[a] == 1) || (power == p - 1 && f.character[a] == -1) ||
                         (a == 0 && f.character[a] == 0),
                     "p = %llu, a = %llu", (unsigned long long)p, (unsigned long long)a);
        }
        sb_finite_field_clear(&f);
    }
}

static void check_differences(void) {
    static int8_t row[2401];
    for (size_t n = 0; n < ORDERS; n++) {
        sb_finite_field f;
        sb_error error;
        uint64_t q = order[n];
        if (q > sizeof row) continue;
        SB_CHECK(sb_finite_field_make(&f, q, &error) == SB_OK, "%s", error.message);
        for (uint64_t i = 0; i < q; i += 1 + q / 40) {
            for (int turned = 0; turned < 2; turned++) {
                sb_finite_field_differences(&f, i, turned, row);
                for (uint64_t j = 0; j < q; j++) {
                    uint64_t c = turned ? plain_difference(&f, i, j) : plain_difference(&f, j, i);
                    SB_CHECK(row[j] == f.character[c], "GF(%llu): row %llu, column %llu, turned %d",
                             (unsigned long long)q, (unsigned long long)i, (unsigned long long)j, turned);
                }
            }
        }
        sb_finite_field_clear(&f);
    }
}

static void check_refusals(void) {
    static const uint64_t bad[] = {0, 1, 2, 4, 8, 15, 21, 100, 64, 1001, UINT64_C(1) << 62};
    sb_finite_field f;
    sb_error error;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        SB_CHECK(sb_finite_field_make(&f, bad[i], &error) == SB_BAD_INPUT, "q = %llu",
                 (unsigned long long)bad[i]);
        SB_CHECK(!f.character);
        sb_finite_field_clear(&f);
    }
    SB_CHECK(sb_finite_field_make(&f, 387420489, &error) == SB_OUTSIDE, "3^18 is beyond the limit");
    SB_CHECK(strstr(error.message, "387420489") != NULL);
}

static const sb_test tests[] = {
    {"prime powers", check_prime_powers},
    {"arithmetic, and no divisors of zero", check_arithmetic},
    {"the quadratic character", check_character},
    {"rows of differences", check_differences},
    {"refusals", check_refusals},
};
SB_TEST_MAIN(tests)
