/* The tail inequality of Theorem 1.3 with c = 1/8 (docs/theory/tails.md), tried on D = (D')^d for finite laws
   D' on the line, in exact rationals: d = 1 with every p > 2, and d = 2 with p = inf. q = c eps
   (1-delta)/delta. Since q/s < 1 the inequality is hardest for the smallest alpha = 2p/(p-2), which is 2.
   Between two atoms Pr(|zeta| > s) is constant and (q/s)^2 decreases, so some s > q has Pr(|zeta| > s) >
   (q/s)^2 if and only if some atom a, |a| > q, has Pr(|zeta| >= |a|) > (q/|a|)^2; if none has, then no s > q
   has even >=. */
#include "bounds/ledger_sharp_space.h"

#include "bounds/ledger_instances.h"

typedef struct {
    slong numerator;
    ulong denominator;
} constant;

/* mass := Pr(|zeta| >= a) */
static void tail_mass(fmpq_t mass, const sb_finite_law *law, const fmpq_t a) {
    fmpq_t size;
    fmpq_init(size);
    fmpq_zero(mass);
    for (size_t i = 0; i < law->count; i++) {
        fmpq_abs(size, law->point + i);
        if (fmpq_cmp(size, a) >= 0) fmpq_add(mass, mass, law->mass + i);
    }
    fmpq_clear(size);
}

static int has_tail(const sb_finite_law *law, const fmpq_t q) {
    int found = 0;
    fmpq_t a, mass;
    fmpq_init(a);
    fmpq_init(mass);
    for (size_t i = 0; i < law->count && !found; i++) {
        fmpq_abs(a, law->point + i);
        if (fmpq_cmp(a, q) <= 0) continue;
        tail_mass(mass, law, a);
        fmpq_div(a, q, a);
        fmpq_mul(a, a, a);
        found = fmpq_cmp(mass, a) > 0;
    }
    fmpq_clear(a);
    fmpq_clear(mass);
    return found;
}

/* q := c eps (1-delta)/delta */
static void threshold(fmpq_t q, const fmpq_t shift, const fmpq_t delta, const constant *c) {
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_one(factor);
    fmpq_sub(q, factor, delta);
    fmpq_div(q, q, delta);
    fmpq_mul(q, q, shift);
    fmpq_set_si(factor, c->numerator, c->denominator);
    fmpq_canonicalise(factor);
    fmpq_mul(q, q, factor);
    fmpq_clear(factor);
}

static sb_status line_holds(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)error;
    fmpq_t q;
    fmpq_init(q);
    threshold(q, instance->shift, instance->delta, context);
    *holds = fmpq_is_zero(q) || has_tail(instance->law, q); /* q = 0: delta = 1 */
    fmpq_clear(q);
    return SB_OK;
}

static sb_status square_holds(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    sb_finite_law product;
    fmpq shift[2];
    fmpq_t delta, mean;
    sb_finite_law_init(&product);
    fmpq_init(delta);
    fmpq_init(mean);
    for (size_t i = 0; i < 2; i++) {
        fmpq_init(shift + i);
        fmpq_set(shift + i, instance->shift);
    }
    sb_status status = sb_finite_law_product(&product, instance->law, instance->law, error);
    if (!status) {
        fmpq_t q;
        fmpq_init(q);
        sb_sign_distances(delta, mean, &product, shift);
        threshold(q, instance->shift, delta, context);
        *holds = fmpq_is_zero(q) || has_tail(instance->law, q);
        fmpq_clear(q);
    }
    sb_finite_law_clear(&product);
    fmpq_clear(delta);
    fmpq_clear(mean);
    for (size_t i = 0; i < 2; i++) fmpq_clear(shift + i);
    return status;
}

/* Uniform noise on 2..LARGEST points of spacing eps = 1, d = 1. Leaves the finding empty unless it fails. */
enum { LARGEST = 100 };

static sb_status try_uniform(sb_finding *finding, const constant *c, sb_error *error) {
    sb_finite_law law;
    fmpq_t origin, one, delta;
    sb_finite_law_init(&law);
    fmpq_init(origin);
    fmpq_init(one);
    fmpq_init(delta);
    fmpq_one(one);
    sb_status status = SB_OK;
    for (size_t n = 2; n <= LARGEST && !status && !finding->evidence; n++) {
        int holds = 0;
        fmpq_set_si(origin, 1 - (slong)n, 2);
        fmpq_canonicalise(origin);
        fmpq_set_si(delta, 1, n);
        status = sb_finite_law_lattice(&law, 1, n, origin, one, NULL, error);
        sb_instance instance = {.law = &law, .shift = one, .length = one, .delta = delta};
        if (!status) status = line_holds(&holds, &instance, c, error);
        if (!status && !holds)
            status =
                sb_find(finding, error, SB_REFUTED,
                        "D' uniform on %zu points of spacing eps about 0, d = 1, p = inf: delta = 1/%zu, q "
                        "= (%ld/%lu) eps %zu, and no s > q has Pr(|zeta| > s) >= (q/s)^2",
                        n, n, (long)c->numerator, (unsigned long)c->denominator, n - 1);
    }
    sb_finite_law_clear(&law);
    fmpq_clear(origin);
    fmpq_clear(one);
    fmpq_clear(delta);
    return status;
}

static sb_status check_tail(constant c, sb_finding *finding, sb_error *error) {
    sb_status status = try_uniform(finding, &c, error);
    if (status || finding->evidence) return status;
    status = sb_try_line(finding, error, line_holds, &c);
    if (status || finding->verdict == SB_REFUTED) return status;
    status = sb_try_line(finding, error, square_holds, &c);
    if (status || finding->verdict == SB_REFUTED) return status;
    return sb_find(
        finding, error, SB_CONSISTENT,
        "exact for uniform noise on 2 to %d points (d = 1), and for every law in sixths on 6 and 7 "
        "lattice points with shifts 1, 2, 3 and 1000 random laws on the line (d = 1 with every p > 2, "
        "d = 2 with p = inf)",
        (int)LARGEST);
}

sb_status sb_check_product_tail(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_tail((constant){1, 8}, finding, error);
}

/* false: c = 1/5 */
sb_status sb_check_product_tail_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_tail((constant){1, 5}, finding, error);
}
