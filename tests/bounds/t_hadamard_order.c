/* The orders against the closure of 1, 2 and Paley's orders under products, made with a sieve, up to 200000;
   the cost of the chosen product against a table of all. */
#include "bounds/hadamard_order.h"

#include "bounds/hadamard_paley.h"
#include "tests/test.h"

enum { LIMIT = 200000 };

static uint32_t smallest_divisor[LIMIT + 1]; /* of n > 1 */
static uint8_t reached[LIMIT + 1];
static uint32_t cost[LIMIT + 1]; /* of the cheapest product of a reached order */

static int is_prime_power(uint32_t n) {
    if (n < 2) return 0;
    uint32_t p = smallest_divisor[n];
    while (n % p == 0) n /= p;
    return n == 1;
}

static int is_paley(uint32_t n) {
    if (n >= 4 && (n - 1) % 4 == 3 && is_prime_power(n - 1)) return 1;
    return n % 2 == 0 && n >= 4 && (n / 2 - 1) % 4 == 1 && is_prime_power(n / 2 - 1);
}

/* From small orders to large ones: every reached n times every core, and times 2. */
static void offer(uint32_t n, uint32_t price) {
    if (reached[n] && cost[n] <= price) return;
    reached[n] = 1;
    cost[n] = price;
}

static void make_closure(void) {
    static uint32_t core[LIMIT / 4 + 1];
    uint32_t cores = 0;
    if (reached[1]) return;
    for (uint32_t p = 2; p <= LIMIT; p++)
        if (!smallest_divisor[p])
            for (uint32_t n = p; n <= LIMIT; n += p)
                if (!smallest_divisor[n]) smallest_divisor[n] = p;
    for (uint32_t n = 4; n <= LIMIT; n += 4)
        if (is_paley(n)) core[cores++] = n;
    offer(1, 0);
    for (uint32_t n = 1; n <= LIMIT; n++) {
        if (!reached[n]) continue;
        if (2 * n <= LIMIT) offer(2 * n, cost[n] + 1);
        for (uint32_t i = 0; i < cores && (uint64_t)n * core[i] <= LIMIT; i++)
            offer(n * core[i], cost[n] + core[i]);
    }
}

static uint64_t product_of(const sb_hadamard_order *h, uint64_t *price) {
    uint64_t product = (uint64_t)1 << h->sylvester;
    *price = h->sylvester;
    for (unsigned i = 0; i < h->core_count; i++) {
        product *= h->core[i];
        *price += h->core[i];
    }
    return product;
}

static void check_closure(void) {
    make_closure();
    for (uint32_t n = 0; n <= LIMIT; n++) {
        sb_hadamard_order h;
        uint64_t price;
        int found = sb_hadamard_order_find(&h, n);
        SB_CHECK(found == reached[n], "order %u: found %d", n, found);
        if (!found || n == 0) continue;
        SB_CHECK(product_of(&h, &price) == n && h.order == n, "order %u", n);
        SB_CHECK(price == cost[n], "order %u costs %llu, the least is %u", n, (unsigned long long)price,
                 cost[n]);
        for (unsigned i = 0; i < h.core_count; i++) {
            SB_CHECK(is_paley((uint32_t)h.core[i]), "order %u: core %llu", n, (unsigned long long)h.core[i]);
            SB_CHECK(i == 0 || h.core[i] <= h.core[i - 1], "order %u: the largest core first", n);
        }
    }
}

static void check_paley(void) {
    make_closure();
    for (uint32_t n = 0; n <= LIMIT; n++) {
        uint64_t q = 0;
        sb_paley_kind kind = sb_paley_of_order(n, &q);
        SB_CHECK((kind != SB_PALEY_NONE) == is_paley(n), "order %u", n);
        if (kind == SB_PALEY_NONE) continue;
        SB_CHECK(is_prime_power((uint32_t)q), "order %u: q = %llu", n, (unsigned long long)q);
        SB_CHECK(kind == SB_PALEY_I ? q % 4 == 3 && n == q + 1 : q % 4 == 1 && n == 2 * (q + 1), "order %u",
                 n);
    }
}

/* The orders of the paper's images, and a dimension with no order near. */
static void check_named(void) {
    static const uint64_t exact[] = {3072, 6912, 12288, 150528, 784, 1000, 588, 196, 108, 500};
    sb_hadamard_order h;
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        sb_hadamard_order_below(&h, exact[i]);
        SB_CHECK(h.order == exact[i], "d = %llu", (unsigned long long)exact[i]);
    }
    sb_hadamard_order_below(&h, 1079);
    SB_CHECK(h.order >= 1064 && h.order <= 1079, "d = 1079: %llu", (unsigned long long)h.order);
    for (uint64_t d = 1; d <= 3; d++) {
        sb_hadamard_order_below(&h, d);
        SB_CHECK(h.order == (d == 1 ? 1 : 2) && h.core_count == 0);
    }
    for (uint64_t n = 0; n < 62; n++) { /* 2^n - 1, 2^n, 2^n + 1 by Sylvester alone */
        uint64_t power = (uint64_t)1 << n;
        sb_hadamard_order_sylvester(&h, power);
        SB_CHECK(h.order == power && h.sylvester == n && h.core_count == 0);
        if (n < 2) continue;
        sb_hadamard_order_sylvester(&h, power + 1);
        SB_CHECK(h.order == power);
        sb_hadamard_order_sylvester(&h, power - 1);
        SB_CHECK(h.order == power / 2);
    }
}

/* b >= 0.98 d for all d from 1000 to 200000, and b is the largest reached. */
static void check_ratio(void) {
    make_closure();
    uint32_t below = 1, worst = 0;
    double least = 2;
    for (uint32_t d = 1; d <= LIMIT; d++) {
        if (reached[d]) below = d;
        double ratio = (double)below / d;
        if (d < 1000) continue;
        if (ratio < least) {
            least = ratio;
            worst = d;
        }
        if (d % 7 && d % 1000 < 999) continue;
        sb_hadamard_order h;
        sb_hadamard_order_below(&h, d);
        SB_CHECK(h.order == below, "d = %u: %llu", d, (unsigned long long)h.order);
    }
    SB_CHECK(least >= 0.98, "d = %u: b/d = %g", worst, least);
}

/* Beyond the table: the product is right and the cores are Paley's; nothing between was passed over. */
static void check_large(void) {
    static const uint64_t dimension[] = {10000000,
                                         9999991,
                                         123456789,
                                         UINT64_C(1000000000039),
                                         UINT64_C(897612484786617600),
                                         (UINT64_C(1) << 62) - 1,
                                         UINT64_C(1) << 62};
    for (size_t i = 0; i < sizeof dimension / sizeof dimension[0]; i++) {
        sb_hadamard_order h, other;
        uint64_t d = dimension[i], price, q;
        sb_hadamard_order_below(&h, d);
        SB_CHECK(product_of(&h, &price) == h.order && h.order <= d, "d = %llu", (unsigned long long)d);
        SB_CHECK((double)h.order > 0.999 * (double)d, "d = %llu: %llu", (unsigned long long)d,
                 (unsigned long long)h.order);
        for (unsigned k = 0; k < h.core_count; k++)
            SB_CHECK(sb_paley_of_order(h.core[k], &q) != SB_PALEY_NONE, "core %llu",
                     (unsigned long long)h.core[k]);
        for (uint64_t n = d; n > h.order; n--) SB_CHECK(!sb_hadamard_order_find(&other, n));
    }
}

static void check_print(void) {
    static const struct {
        uint64_t order;
        const char *text;
    } printed[] = {
        {1, "2^0: Sylvester"},
        {2, "2^1: Sylvester"},
        {64, "2^6: Sylvester"},
        {12, "12: Paley I over GF(11)"},
        {28, "28: Paley I over GF(3^3)"},
        {36, "36: Paley II over GF(17)"},
        {52, "52: Paley II over GF(5^2)"},
        {3072, "12 x 2^8: Paley I over GF(11) (x) Sylvester"},
        {784, "28 x 28: Paley I over GF(3^3) (x) Paley I over GF(3^3)"},
    };
    for (size_t i = 0; i < sizeof printed / sizeof printed[0]; i++) {
        sb_hadamard_order h;
        sb_text text;
        sb_text_init(&text);
        SB_CHECK(sb_hadamard_order_find(&h, printed[i].order));
        sb_hadamard_order_print(&text, &h);
        SB_CHECK(strcmp(text.data, printed[i].text) == 0, "'%s'", text.data);
        sb_text_clear(&text);
    }
}

static const sb_test tests[] = {
    {"Paley's orders", check_paley},          {"the closure, and the cheapest product", check_closure},
    {"orders of common images", check_named}, {"b >= 0.98 d from 1000 to 200000", check_ratio},
    {"large dimensions", check_large},        {"the construction in words", check_print},
};
SB_TEST_MAIN(tests)
