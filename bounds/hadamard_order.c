/* The Kronecker product of Hadamard matrices of orders a and b is one of order ab. An order n with an odd
   prime divisor needs a Paley core c that the largest odd prime P of n divides, and then a product of order
   n/c: all such c are tried, in the order of the divisors of n, but for those whose cost reaches that of a
   product already found. The cost of a core is its order, that of a factor 2 is 1. An order is 1, 2 or a
   multiple of 4. */
#include "bounds/hadamard_order.h"

#include "bounds/hadamard.h"
#include "bounds/hadamard_paley.h"
#include "support/arb_compat.h"

#include <stdlib.h>

enum { MOST_PRIMES = 15 }; /* 2 3 5 ... 47 53 > 2^63 */

typedef struct {
    uint64_t core[SB_HADAMARD_CORES];
    unsigned count;
    uint64_t best_cost; /* UINT64_MAX: none found */
    sb_hadamard_order *best;
    n_factor_t factors; /* of the order, the largest prime first */
} search;

static unsigned twos(uint64_t n) {
    unsigned count = 0;
    for (; n % 2 == 0; n /= 2) count++;
    return count;
}

static int reachable_shape(uint64_t n) {
    return n <= 2 || n % 4 == 0;
}

static void keep(search *s, unsigned sylvester, uint64_t cost) {
    if (cost >= s->best_cost) return;
    s->best_cost = cost;
    s->best->sylvester = sylvester;
    s->best->core_count = s->count;
    for (unsigned i = 0; i < s->count; i++) s->best->core[i] = s->core[i];
}

/* Completes the cores taken so far, of the given cost, to a product of order `rest`. */
static void complete(search *s, uint64_t rest, uint64_t cost) {
    const ulong *prime = s->factors.p;
    if ((rest & (rest - 1)) == 0) {
        keep(s, twos(rest), cost + twos(rest));
        return;
    }
    int first = 0; /* the largest prime of rest */
    while (rest % prime[first]) first++;
    int exponent[MOST_PRIMES] = {0}; /* of the divisor c: an odometer, small primes turn fastest */
    uint64_t c = prime[first];
    exponent[first] = 1;
    for (int i = first; i >= first;) {
        uint64_t q;
        if (c % 4 == 0 && reachable_shape(rest / c) && cost + c < s->best_cost &&
            sb_paley_of_order(c, &q) != SB_PALEY_NONE) {
            s->core[s->count++] = c;
            complete(s, rest / c, cost + c);
            s->count--;
        }
        for (i = s->factors.num - 1; i >= first; i--) { /* the next divisor */
            if (rest % (c * prime[i]) == 0) {
                c *= prime[i];
                exponent[i]++;
                break;
            }
            for (; exponent[i] > (i == first); exponent[i]--) c /= prime[i];
        }
    }
}

static int descending(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x < y) - (x > y);
}

int sb_hadamard_order_find(sb_hadamard_order *found, uint64_t order) {
    search s = {.best_cost = UINT64_MAX, .best = found};
    uint64_t q;
    *found = (sb_hadamard_order){.order = order};
    if (order == 0 || !reachable_shape(order)) return 0;
    if (order % 8 == 4 && order > 4) { /* one core; no need to factor */
        found->core[0] = order;
        found->core_count = sb_paley_of_order(order, &q) != SB_PALEY_NONE;
        return found->core_count == 1;
    }
    n_factor_init(&s.factors);
    n_factor(&s.factors, order, 1);
    qsort(s.factors.p, (size_t)s.factors.num, sizeof s.factors.p[0], descending);
    complete(&s, order, 0);
    qsort(found->core, found->core_count, sizeof found->core[0], descending);
    return s.best_cost != UINT64_MAX;
}

void sb_hadamard_order_below(sb_hadamard_order *found, uint64_t dimension) {
    uint64_t order = dimension;
    while (!sb_hadamard_order_find(found, order)) order--;
}

void sb_hadamard_order_sylvester(sb_hadamard_order *found, uint64_t dimension) {
    uint64_t order = sb_direction_count(dimension);
    *found = (sb_hadamard_order){.order = order, .sylvester = twos(order)};
}

static void print_core(sb_text *out, uint64_t order) {
    uint64_t q = 0, p = 0;
    unsigned k = 0;
    sb_paley_kind kind = sb_paley_of_order(order, &q);
    sb_prime_power(q, &p, &k);
    sb_text_format(out, "Paley %s over GF(%llu", kind == SB_PALEY_I ? "I" : "II", (unsigned long long)p);
    if (k > 1) sb_text_format(out, "^%u", k);
    sb_text_append(out, ")");
}

void sb_hadamard_order_print(sb_text *out, const sb_hadamard_order *order) {
    int sylvester = order->sylvester || !order->core_count;
    for (unsigned i = 0; i < order->core_count; i++)
        sb_text_format(out, "%s%llu", i ? " x " : "", (unsigned long long)order->core[i]);
    if (sylvester) sb_text_format(out, "%s2^%u", order->core_count ? " x " : "", order->sylvester);
    sb_text_append(out, ": ");
    for (unsigned i = 0; i < order->core_count; i++) {
        if (i) sb_text_append(out, " (x) ");
        print_core(out, order->core[i]);
    }
    if (sylvester) sb_text_append(out, order->core_count ? " (x) Sylvester" : "Sylvester");
}
