/* Section 1.2: the one-dimensional warm-up and its consequence for the largest component, on finite laws in
 * exact rationals. */
#include "bounds/ledger_instances.h"
#include "bounds/ledger_introduction.h"

#include <stdlib.h>

/* The law that is uniform on {-a, a}, or on the 2d points +-a e_i of R^d. */
static sb_status signs_law(sb_finite_law *law, size_t dimension, const fmpq_t a, sb_error *error) {
    enum { MOST = 4 };
    fmpq point[2 * MOST * MOST] = {0}, weight[2 * MOST] = {0};
    size_t count = 2 * dimension, size = count * dimension;
    if (dimension > MOST) return sb_fail(error, SB_INTERNAL, "dimension %zu", dimension);
    for (size_t i = 0; i < size; i++) fmpq_init(point + i);
    for (size_t i = 0; i < count; i++) {
        fmpq_init(weight + i);
        fmpq_one(weight + i);
        fmpq *entry = point + i * dimension + i / 2;
        fmpq_set(entry, a);
        if (i % 2) fmpq_neg(entry, entry);
    }
    sb_status status = sb_finite_law_set(law, dimension, point, weight, count, error);
    for (size_t i = 0; i < size; i++) fmpq_clear(point + i);
    for (size_t i = 0; i < count; i++) fmpq_clear(weight + i);
    return status;
}

/* ------------------------------------------------------------------ E|v.eta|^2 >= ... (1-delta)/8 */
/* Printed with ||v||_4^2 in place of ||v||_2^4. In dimension 1, v = 1/4 and D uniform on {-1/8, 1/8}: delta =
   1/2 and E|v eta|^2 = 1/1024 < 1/256 = |v|^2 (1-delta)/8. */
sb_status sb_check_warm_up_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_finite_law law;
    fmpq_t v, half, delta, left, right;
    fmpq *all[] = {v, half, delta, left, right};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) fmpq_init(all[i]);
    sb_finite_law_init(&law);
    fmpq_set_si(v, 1, 4);
    fmpq_set_si(half, 1, 8);
    sb_status status = signs_law(&law, 1, half, error);
    if (!status) {
        sb_finite_law_shift_distance(delta, &law, v);
        sb_finite_law_square_moment(left, &law, 0);
        fmpq_mul(left, left, v);
        fmpq_mul(left, left, v);
        fmpq_one(right); /* ||v||_4^2 = v^2 in dimension 1 */
        fmpq_sub(right, right, delta);
        fmpq_mul(right, right, v);
        fmpq_mul(right, right, v);
        fmpq_div_2exp(right, right, 3);
        char *has = sb_rational_print(left), *needs = sb_rational_print(right),
             *tv = sb_rational_print(delta);
        if (!has || !needs || !tv)
            status = sb_fail_memory(error);
        else
            status = sb_find(finding, error, fmpq_cmp(left, right) < 0 ? SB_REFUTED : SB_CONSISTENT,
                             "d = 1, v = 1/4, D uniform on {-1/8, 1/8}: delta = %s, E|v eta|^2 = %s < %s", tv,
                             has, needs);
        free(has);
        free(needs);
        free(tv);
    }
    sb_finite_law_clear(&law);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) fmpq_clear(all[i]);
    return status;
}

/* E(v.eta)^2 >= ||v||_2^4 (1-delta)/statement */
static sb_status try_warm_up(int *holds, const sb_instance *instance, const void *statement,
                             sb_error *error) {
    sb_finite_law line;
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    sb_finite_law_init(&line);
    sb_status status = sb_finite_law_project(&line, instance->law, instance->shift, error);
    if (!status) {
        sb_finite_law_square_moment(left, &line, 0);
        fmpq_one(right);
        fmpq_sub(right, right, instance->delta);
        fmpq_mul(right, right, instance->length);
        fmpq_mul(right, right, instance->length);
        fmpq_mul_si(left, left, *(const slong *)statement);
        *holds = fmpq_cmp(left, right) >= 0;
    }
    sb_finite_law_clear(&line);
    fmpq_clear(left);
    fmpq_clear(right);
    return status;
}

sb_status sb_check_warm_up_instances(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong constant = 8;
    (void)claim;
    return sb_try_space(finding, error, try_warm_up, &constant);
}

/* false: the constant 1 in place of 1/8 (the best is 1/2) */
sb_status sb_check_warm_up_instances_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong constant = 1;
    (void)claim;
    return sb_try_space(finding, error, try_warm_up, &constant);
}

/* ------------------------------------------------------------------ Chebyshev's inequality */
typedef struct {
    fmpq_t in_a, moved_in_b, moved_in_a, ratio; /* Pr(Z in A), Pr(Z' in B), Pr(Z' in A), E Z^2/r^2 */
} events;

/* Z on a line, Z' = Z + n, r = n/2, A = (-r,r), B = [n-r,n+r]; Z' is in a set when Z is in the set moved back
 * by n. */
static void events_init(events *e, const sb_finite_law *law, const fmpq *n) {
    fmpq_t r, low, high;
    fmpq_init(e->in_a);
    fmpq_init(e->moved_in_b);
    fmpq_init(e->moved_in_a);
    fmpq_init(e->ratio);
    fmpq_init(r);
    fmpq_init(low);
    fmpq_init(high);
    fmpq_div_2exp(r, n, 1);
    fmpq_neg(low, r);
    sb_finite_law_interval(e->in_a, law, low, 0, r, 0);
    sb_finite_law_interval(e->moved_in_b, law, low, 1, r, 1);
    fmpq_sub(low, low, n);
    fmpq_sub(high, r, n);
    sb_finite_law_interval(e->moved_in_a, law, low, 0, high, 0);
    sb_finite_law_square_moment(e->ratio, law, 0);
    fmpq_div(e->ratio, e->ratio, r);
    fmpq_div(e->ratio, e->ratio, r);
    fmpq_clear(r);
    fmpq_clear(low);
    fmpq_clear(high);
}

static void events_clear(events *e) {
    fmpq_clear(e->in_a);
    fmpq_clear(e->moved_in_b);
    fmpq_clear(e->moved_in_a);
    fmpq_clear(e->ratio);
}

/* statement: the number k in Pr(Z in A) >= 1 - k E Z^2/r^2, Pr(Z' in B) >= the same, Pr(Z' in A) <= k E
 * Z^2/r^2, in halves. */
static sb_status try_chebyshev(int *holds, const sb_instance *instance, const void *statement,
                               sb_error *error) {
    (void)error;
    events e;
    fmpq_t most, least;
    fmpq_init(most);
    fmpq_init(least);
    events_init(&e, instance->law, instance->shift);
    fmpq_mul_si(most, e.ratio, *(const slong *)statement);
    fmpq_div_2exp(most, most, 1);
    fmpq_one(least);
    fmpq_sub(least, least, most);
    *holds = fmpq_cmp(e.in_a, least) >= 0 && fmpq_cmp(e.moved_in_b, least) >= 0 &&
             fmpq_cmp(e.moved_in_a, most) <= 0;
    events_clear(&e);
    fmpq_clear(most);
    fmpq_clear(least);
    return SB_OK;
}

sb_status sb_check_chebyshev(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong halves = 2;
    (void)claim;
    return sb_try_line(finding, error, try_chebyshev, &halves);
}

/* false: with E Z^2/(2 r^2) */
sb_status sb_check_chebyshev_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong halves = 1;
    (void)claim;
    return sb_try_line(finding, error, try_chebyshev, &halves);
}

/* Printed: Pr(Z' in A) < E Z^2/r^2, which is 0 < 0 for the point mass at 0. */
sb_status sb_check_chebyshev_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_finite_law law;
    fmpq_t zero, n;
    fmpq_init(zero);
    fmpq_init(n);
    fmpq_one(n);
    sb_finite_law_init(&law);
    sb_status status = sb_finite_law_lattice(&law, 1, 1, zero, n, NULL, error);
    if (!status) {
        events e;
        events_init(&e, &law, n);
        status = fmpq_cmp(e.moved_in_a, e.ratio) >= 0
                     ? sb_find(finding, error, SB_REFUTED,
                               "D = the point mass at 0: both sides are 0, and 0 < 0 is false")
                     : sb_find(finding, error, SB_CONSISTENT, "the point mass does not refute it");
        events_clear(&e);
    }
    sb_finite_law_clear(&law);
    fmpq_clear(zero);
    fmpq_clear(n);
    return status;
}

/* ------------------------------------------------------------------ the largest component */
/* Printed: E eta_i^2 >= eps d^{1/2-1/p} (1-delta)/(800 delta^2) for some i. In dimension 1 with eps = 1/255
   and uniform noise on
   [-eps,eps]: TV(D,D+v) <= 1/2 = delta for |v| <= eps, E eta^2 = eps^2/3, and the right side is eps/400. */
sb_status sb_check_largest_component_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    fmpq_t eps, left, right;
    fmpq_init(eps);
    fmpq_init(left);
    fmpq_init(right);
    fmpq_set_si(eps, 1, 255);
    fmpq_mul(left, eps, eps);
    fmpq_set_si(right, 1, 3);
    fmpq_mul(left, left, right);
    fmpq_set_si(right, 1, 400);
    fmpq_mul(right, right, eps);
    char *has = sb_rational_print(left), *needs = sb_rational_print(right);
    sb_status status =
        has && needs
            ? sb_find(finding, error, fmpq_cmp(left, right) < 0 ? SB_REFUTED : SB_CONSISTENT,
                      "d = 1, eps = 1/255, uniform noise on [-eps,eps]: delta = 1/2, E eta^2 = %s < %s", has,
                      needs)
            : sb_fail_memory(error);
    free(has);
    free(needs);
    fmpq_clear(eps);
    fmpq_clear(left);
    fmpq_clear(right);
    return status;
}

/* Printed: at least d/2 orthogonal v_i in the l_p ball have |v_i|_2 = eps d^{1/2-1/p}. Such vectors have
   entries of equal modulus; in R^3 the inner product of two sign vectors is odd, so that no two are
   orthogonal. */
sb_status sb_check_corner_directions(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    enum { D = 3 };
    (void)claim;
    int orthogonal = 0;
    for (unsigned v = 0; v < 1u << D; v++)
        for (unsigned w = 0; w < 1u << D; w++) {
            int product = 0;
            for (unsigned i = 0; i < D; i++) product += ((v ^ w) >> i & 1u) != 0 ? -1 : 1;
            orthogonal |= product == 0;
        }
    return sb_find(finding, error, orthogonal ? SB_CONSISTENT : SB_REFUTED,
                   "d = 3: the vectors of that length are eps 3^{-1/p} {+-1}^3, and no two of these are "
                   "orthogonal: one direction, fewer than d/2 (all 64 inner products)");
}

/* Printed: "by ||eta||_2 <= sqrt d ||eta||_inf, Theorem 1.2 implies E eta_i^2 >= B/d for some i", B =
   E||eta||_2^2. That inequality gives E||eta||_inf^2 >= B/d. A bound on E||eta||_inf^2 bounds no E eta_i^2 so
   far: on the points +-e_i of R^4 it is 1, and every E eta_i^2 is 1/4. */
sb_status sb_check_largest_component_inference(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    enum { D = 4 };
    (void)claim;
    sb_finite_law law;
    fmpq_t one, largest, moment;
    fmpq_init(one);
    fmpq_init(largest);
    fmpq_init(moment);
    fmpq_one(one);
    sb_finite_law_init(&law);
    sb_status status = signs_law(&law, D, one, error);
    int below = 1;
    if (!status) {
        sb_finite_law_mean_largest(largest,
                                   &law); /* |eta|_inf is 1 at every point, so its square has the same mean */
        for (size_t i = 0; i < D; i++) {
            sb_finite_law_square_moment(moment, &law, i);
            below &= fmpq_cmp(moment, largest) < 0;
        }
        char *text = sb_rational_print(moment);
        if (!text)
            status = sb_fail_memory(error);
        else
            status = sb_find(finding, error, below && fmpq_is_one(largest) ? SB_REFUTED : SB_CONSISTENT,
                             "D uniform on the points +-e_i of R^4: E||eta||_inf^2 = 1, yet E eta_i^2 = %s "
                             "for every i; the mean of the E eta_i^2 is "
                             "what gives the largest of them",
                             text);
        free(text);
    }
    sb_finite_law_clear(&law);
    fmpq_clear(one);
    fmpq_clear(largest);
    fmpq_clear(moment);
    return status;
}
