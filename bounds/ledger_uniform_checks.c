/* Appendix B.2. Noise uniform on [-r, r]^d with 2r = m cells of length 1, shifted by an integer vector, is to
   total variation what the uniform law on the lattice cube {0, ..., m-1}^d is: each cell keeps its mass. That
   gives the left side of Lemma B.4 by counting. */
#include "bounds/ledger_checks.h"
#include "bounds/ledger_instances.h"
#include "support/enclosure.h"

#include <stdlib.h>

enum { LARGEST_DIMENSION = 3, LARGEST_SIDE = 6, BITS = 128 };

static sb_status make_box(sb_finite_law *law, size_t d, size_t side, sb_error *error) {
    fmpq_t origin, one;
    fmpq_init(origin);
    fmpq_init(one);
    fmpq_one(one);
    sb_status status = sb_finite_law_lattice(law, d, side, origin, one, NULL, error);
    fmpq_clear(origin);
    fmpq_clear(one);
    return status;
}

/* value := 1 - prod max(0, 1 - |v_i|/side)^power */
static void box_formula(fmpq_t value, const slong *v, size_t d, size_t side, slong power) {
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_one(value);
    for (size_t i = 0; i < d; i++) {
        slong overlap = (slong)side - labs(v[i]);
        fmpq_set_si(factor, overlap > 0 ? overlap : 0, (ulong)side);
        fmpq_pow_si(factor, factor, power);
        fmpq_mul(value, value, factor);
    }
    sb_rational_complement(value, value);
    fmpq_clear(factor);
}

/* ---------------------------------------- Lemma B.4, Corollary B.5 */

typedef struct {
    slong power; /* of each factor: 1 */
    slong worst; /* 0: every shift against the formula; else every shift with |v_i| <= e against the formula
                    at (e-worst+1, ...) */
} box_form;

/* One box, all shifts in {-reach..reach}^d. */
static sb_status try_box(const box_form *form, size_t d, size_t side, size_t *count, sb_finding *finding,
                         sb_error *error) {
    slong reach = (slong)side + 1, width = 2 * reach + 1, total = 1, v[LARGEST_DIMENSION];
    fmpq shift[LARGEST_DIMENSION];
    fmpq_t counted, formula;
    sb_finite_law law;
    sb_finite_law_init(&law);
    fmpq_init(counted);
    fmpq_init(formula);
    for (size_t i = 0; i < LARGEST_DIMENSION; i++) fmpq_init(shift + i);
    for (size_t i = 0; i < d; i++) total *= width;
    sb_status status = make_box(&law, d, side, error);
    for (slong code = 0; code < total && !status && !finding->evidence; code++, ++*count) {
        slong rest = code, largest = 0;
        for (size_t i = 0; i < d; i++, rest /= width) {
            v[i] = rest % width - reach;
            if (labs(v[i]) > largest) largest = labs(v[i]);
            fmpq_set_si(shift + i, v[i], 1);
        }
        sb_finite_law_shift_distance(counted, &law, shift);
        if (form->worst)
            for (size_t i = 0; i < d; i++) v[i] = largest >= form->worst ? largest - form->worst + 1 : 0;
        box_formula(formula, v, d, side, form->power);
        int order = fmpq_cmp(counted, formula);
        if (order != 0 && (!form->worst || order > 0))
            status =
                sb_find(finding, error, SB_REFUTED, "d = %zu, 2r = %zu: shift number %ld of {-%ld..%ld}^d", d,
                        side, (long)code, (long)reach, (long)reach);
    }
    sb_finite_law_clear(&law);
    fmpq_clear(counted);
    fmpq_clear(formula);
    for (size_t i = 0; i < LARGEST_DIMENSION; i++) fmpq_clear(shift + i);
    return status;
}

static sb_status check_box(const box_form *form, const char *what, sb_finding *finding, sb_error *error) {
    size_t count = 0;
    sb_status status = SB_OK;
    for (size_t d = 1; d <= LARGEST_DIMENSION && !status && !finding->evidence; d++)
        for (size_t side = 1; side <= (d == 3 ? 3 : LARGEST_SIDE) && !status && !finding->evidence; side++)
            status = try_box(form, d, side, &count, finding, error);
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_PROVED,
                   "%s; exact by counting cells for %zu boxes and integer shifts, d = 1..%d", what, count,
                   LARGEST_DIMENSION);
}

static const char lemma_argument[] =
    "all d, r and v by the volume of the intersection (hand step and certificate)";
static const char worst_argument[] = "all d, r > 0 and eps by argument (each factor decreases in |v_i|)";

sb_status sb_check_box_distance(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    box_form form = {.power = 1, .worst = 0};
    return check_box(&form, lemma_argument, finding, error);
}

sb_status sb_check_box_distance_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    box_form form = {.power = 2, .worst = 0};
    return check_box(&form, lemma_argument, finding, error);
}

sb_status sb_check_box_worst(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    box_form form = {.power = 1, .worst = 1};
    return check_box(&form, worst_argument, finding, error);
}

sb_status sb_check_box_worst_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    box_form form = {.power = 1, .worst = 2};
    return check_box(&form, worst_argument, finding, error);
}

/* ---------------------------------------- the exponential bounds */

/* base^(-d x) <= (1-x)^d <= e^(-d x) for x = a/b <= 1/2: the first, raised to b/d, as base^(-a) <= (1-x)^b in
   rationals (equality at x = 1/2), the second with balls. */
static sb_status check_box_bounds(slong base, sb_finding *finding, sb_error *error) {
    enum { LARGEST = 24 };
    size_t count = 0;
    fmpq_t keep, power;
    arb_t left, right;
    fmpq_init(keep);
    fmpq_init(power);
    arb_init(left);
    arb_init(right);
    sb_status status = SB_OK;
    for (slong b = 2; b <= LARGEST && !status && !finding->evidence; b++) {
        for (slong a = 1; 2 * a <= b && !status && !finding->evidence; a++, count++) {
            fmpq_set_si(keep, b - a, (ulong)b);
            arb_set_fmpq(left, keep, BITS);
            fmpq_pow_si(keep, keep, b);
            fmpq_set_si(power, base, 1);
            fmpq_pow_si(power, power, -a);
            arb_set_si(right, -a);
            arb_div_si(right, right, b, BITS);
            arb_exp(right, right, BITS);
            if (fmpq_cmp(power, keep) > 0 || !arb_lt(left, right))
                status = sb_find(finding, error, SB_REFUTED, "fails at eps/2r = %ld/%ld", (long)a, (long)b);
        }
    }
    fmpq_clear(keep);
    fmpq_clear(power);
    arb_clear(left);
    arb_clear(right);
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_CONSISTENT,
                   "in general by the certificates of cor-B.5-bounds; held at %zu rational values of eps/2r "
                   "in (0, 1/2], exact for 4^(-z)",
                   count);
}

sb_status sb_check_box_bounds(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_box_bounds(4, finding, error);
}

sb_status sb_check_box_bounds_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_box_bounds(3, finding, error);
}

/* ---------------------------------------- Corollary B.6 */

static const uint64_t dimensions[] = {1, 2, 3, 10, 784, 3072, 150528};

/* r = (1/2)(eps/delta) d k, k = log 4 (logarithm of `base`): 1 - max(0, 1 - delta/(d k))^d <= delta at delta
 * = j/40, j = 1..40. */
static sb_status check_box_sufficient(ulong base, sb_finding *finding, sb_error *error) {
    enum { STEPS = 40 };
    size_t count = 0;
    arb_t k, delta, keep;
    arb_init(k);
    arb_init(delta);
    arb_init(keep);
    sb_status status = SB_OK;
    arb_log_ui(k, base, BITS);
    for (size_t i = 0; i < sizeof dimensions / sizeof dimensions[0] && !status && !finding->evidence; i++) {
        for (slong j = 1; j <= STEPS && !status && !finding->evidence; j++, count++) {
            arb_set_si(delta, j);
            arb_div_si(delta, delta, STEPS, BITS);
            arb_div(keep, delta, k, BITS);
            arb_div_ui(keep, keep, dimensions[i], BITS);
            arb_sub_ui(keep, keep, 1, BITS);
            arb_neg(keep, keep);
            if (!arb_is_positive(keep)) arb_zero(keep);
            arb_pow_ui(keep, keep, dimensions[i], BITS);
            arb_sub_ui(keep, keep, 1, BITS);
            arb_neg(keep, keep);
            if (!arb_le(keep, delta))
                status = sb_find(finding, error, SB_REFUTED, "d = %llu, delta = %ld/%d: TV above delta",
                                 (unsigned long long)dimensions[i], (long)j, STEPS);
        }
    }
    arb_clear(k);
    arb_clear(delta);
    arb_clear(keep);
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_CONSISTENT,
                   "in general by cor-B.6; certified for %zu pairs d = 1..150528, delta = 1/40..1 (d = 1 and "
                   "delta > log(4)/2, "
                   "where eps > r, among them)",
                   count);
}

sb_status sb_check_box_sufficient(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_box_sufficient(4, finding, error);
}

sb_status sb_check_box_sufficient_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_box_sufficient(2, finding, error);
}

/* tv := 1 - max(0, 1-x)^d */
static void cube_formula(fmpq_t tv, const fmpq_t x, slong d) {
    sb_rational_complement(tv, x);
    if (fmpq_sgn(tv) < 0) fmpq_zero(tv);
    fmpq_pow_si(tv, tv, d);
    sb_rational_complement(tv, tv);
}

/* With x = eps/(2r) = k/40 and delta := 1 - (1-x)^d: r is the exact minimum for delta (a smaller r, x larger,
   has a larger distance), and d eps/(2 delta) >= percent/100 times it suffices: 1 - (1 - 100 delta/(percent
   d))^d <= delta. */
static sb_status check_box_smallest(slong percent, sb_finding *finding, sb_error *error) {
    enum { LARGEST = 12, STEPS = 40 };
    size_t count = 0;
    fmpq_t x, delta, other;
    fmpq_init(x);
    fmpq_init(delta);
    fmpq_init(other);
    sb_status status = SB_OK;
    for (slong d = 1; d <= LARGEST && !status && !finding->evidence; d++) {
        for (slong k = 1; k < STEPS && !status && !finding->evidence; k++, count++) {
            fmpq_set_si(x, k, STEPS);
            cube_formula(delta, x, d);
            fmpq_set_si(x, 1001 * k, 1000 * STEPS); /* r smaller by 1/1001 */
            cube_formula(other, x, d);
            int larger = fmpq_cmp(other, delta) > 0;
            fmpq_set_si(x, 100, (ulong)(percent * d));
            fmpq_mul(x, x, delta);
            cube_formula(other, x, d);
            if (!larger || fmpq_cmp(other, delta) > 0)
                status =
                    sb_find(finding, error, SB_REFUTED, "d = %ld, eps/2r = %ld/%d", (long)d, (long)k, STEPS);
        }
    }
    fmpq_clear(x);
    fmpq_clear(delta);
    fmpq_clear(other);
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_PROVED,
                   "all d and delta by argument (1-(1-x)^d increases in x; Bernoulli); exact for %zu pairs d "
                   "= 1..%d, eps/2r = 1/%d..%d/%d",
                   count, LARGEST, STEPS, STEPS - 1, STEPS);
}

sb_status sb_check_box_smallest(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_box_smallest(100, finding, error);
}

sb_status sb_check_box_smallest_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_box_smallest(90, finding, error);
}
