/* The proof of Lemma 3.3, step by step, on finite laws. The mass of any interval [a, a+eps) is at most delta
   = TV(D, D+eps), because the masses p_k of its translates by k eps satisfy |p_j - p_i| <= delta and tend to
   0. The open set {|x| < tau} is covered by ceil(2 tau/eps) such intervals, the closed one needs floor(2
   tau/eps) + 1. */
#include "bounds/ledger_checks.h"
#include "bounds/ledger_instances.h"

#include <stdlib.h>

/* ---------------------------------------- interval mass */

/* context: percent; largest mass <= (percent/100) delta */
static sb_status interval_mass_holds(int *holds, const sb_instance *instance, const void *context,
                                     sb_error *error) {
    (void)error;
    fmpq_t mass, bound;
    fmpq_init(mass);
    fmpq_init(bound);
    sb_finite_law_largest_interval(mass, instance->law, instance->shift);
    fmpq_set_si(bound, *(const slong *)context, 100);
    fmpq_mul(bound, bound, instance->delta);
    sb_holds_at_least(holds, bound, mass);
    fmpq_clear(mass);
    fmpq_clear(bound);
    return SB_OK;
}

sb_status sb_check_interval_mass(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 100;
    return sb_try_line(finding, error, interval_mass_holds, &percent);
}

sb_status sb_check_interval_mass_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 99;
    return sb_try_line(finding, error, interval_mass_holds, &percent);
}

/* ---------------------------------------- covering */

typedef enum { COVER_CORRECT, COVER_PRINTED, COVER_ONE_FEWER } cover;

/* Pr(|eta| <= tau or < tau) <= pieces * delta */
static int covered(const sb_instance *instance, const fmpq_t tau, int closed, const fmpz_t pieces) {
    fmpq_t mass, minus;
    fmpq_init(mass);
    fmpq_init(minus);
    fmpq_neg(minus, tau);
    sb_finite_law_interval(mass, instance->law, minus, closed, tau, closed);
    fmpq_mul_fmpz(minus, instance->delta, pieces);
    int holds = fmpq_cmp(mass, minus) <= 0;
    fmpq_clear(mass);
    fmpq_clear(minus);
    return holds;
}

static sb_status covering_holds(int *holds, const sb_instance *instance, const void *context,
                                sb_error *error) {
    (void)error;
    cover which = *(const cover *)context;
    fmpq_t tau;
    fmpz_t up, down;
    fmpq_init(tau);
    fmpz_init(up);
    fmpz_init(down);
    *holds = 1;
    for (slong k = 1; k <= 16 && *holds; k++) { /* tau = k eps/4; 2 tau/eps = k/2 */
        fmpq_set_si(tau, k, 4);
        fmpq_mul(tau, tau, instance->shift);
        fmpz_set_si(up, (k + 1) / 2);
        fmpz_set_si(down, k / 2 + 1);
        if (which == COVER_PRINTED) {
            *holds = covered(instance, tau, 1, up);
        } else {
            if (which == COVER_ONE_FEWER) fmpz_sub_ui(down, down, 1);
            *holds = covered(instance, tau, 0, up) && covered(instance, tau, 1, down);
        }
    }
    fmpq_clear(tau);
    fmpz_clear(up);
    fmpz_clear(down);
    return SB_OK;
}

sb_status sb_check_covering(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    cover which = COVER_CORRECT;
    return sb_try_line(finding, error, covering_holds, &which);
}

sb_status sb_check_covering_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    cover which = COVER_ONE_FEWER;
    return sb_try_line(finding, error, covering_holds, &which);
}

/* D uniform on {-1/2, 1/2}, eps = 1, tau = 1/2: TV(D, D+1) = 1/2, ceil(2 tau/eps) = 1, Pr(|eta| <= 1/2) = 1 >
 * 1/2. */
sb_status sb_check_covering_as_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_finite_law law;
    sb_finite_law_init(&law);
    fmpq_t eps, delta, tau;
    fmpz_t pieces;
    fmpq_init(eps);
    fmpq_init(delta);
    fmpq_init(tau);
    fmpz_init_set_ui(pieces, 1);
    fmpq_set_si(tau, -1, 2);
    fmpq_one(eps);
    sb_status status = sb_finite_law_lattice(&law, 1, 2, tau, eps, NULL, error);
    if (!status) {
        fmpq_neg(tau, tau);
        sb_finite_law_shift_distance(delta, &law, eps);
        sb_instance instance = {.law = &law, .shift = eps, .length = eps, .delta = delta};
        if (covered(&instance, tau, 1, pieces)) {
            status =
                sb_find(finding, error, SB_CONSISTENT, "the committed counterexample does not refute it");
        } else {
            char *distance = fmpq_get_str(NULL, 10, delta);
            status = sb_find(
                finding, error, SB_REFUTED,
                "D uniform on {-1/2, 1/2}, eps = 1, tau = 1/2: Pr(|eta| <= tau) = 1, but ceil(2 tau/eps) "
                "delta = %s",
                distance);
            flint_free(distance);
        }
    }
    sb_finite_law_clear(&law);
    fmpq_clear(eps);
    fmpq_clear(delta);
    fmpq_clear(tau);
    fmpz_clear(pieces);
    return status;
}

/* ---------------------------------------- the telescoping sum */

enum { CELLS = 16, LONGEST_SUM = 6 };

typedef struct {
    size_t first;  /* the sum of the positive terms runs over k in [i+first, j+first): printed 1, right 0 */
    slong percent; /* of delta, the claimed bound */
} telescope;

/* mass[k] := D([a + (k-1) eps, a + k eps)) with a the lowest point: mass[0] = 0. */
static void cell_masses(fmpq *mass, const sb_instance *instance) {
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    fmpq_set(high, instance->law->point);
    fmpq_zero(mass);
    for (size_t k = 1; k < CELLS; k++) {
        fmpq_set(low, high);
        fmpq_add(high, low, instance->shift);
        sb_finite_law_interval(mass + k, instance->law, low, 1, high, 0);
    }
    fmpq_clear(low);
    fmpq_clear(high);
}

static sb_status telescoping_holds(int *holds, const sb_instance *instance, const void *context,
                                   sb_error *error) {
    (void)error;
    const telescope *form = context;
    fmpq mass[CELLS];
    fmpq_t rise, step, bound, sum;
    for (size_t k = 0; k < CELLS; k++) fmpq_init(mass + k);
    fmpq_init(rise);
    fmpq_init(step);
    fmpq_init(bound);
    fmpq_init(sum);
    cell_masses(mass, instance);
    fmpq_set_si(bound, form->percent, 100);
    fmpq_mul(bound, bound, instance->delta);
    *holds = 1;
    for (size_t i = 0; i + 1 < CELLS && *holds; i++) {
        fmpq_zero(sum);
        for (size_t j = i + 1; j + form->first < CELLS && j <= i + LONGEST_SUM && *holds; j++) {
            size_t k = j - 1 + form->first; /* the term that j adds */
            fmpq_sub(step, mass + k + 1, mass + k);
            if (fmpq_sgn(step) > 0) fmpq_add(sum, sum, step);
            fmpq_sub(rise, mass + j, mass + i);
            *holds = fmpq_cmp(rise, sum) <= 0 && fmpq_cmp(sum, bound) <= 0;
            fmpq_neg(rise, rise);
            *holds = *holds && fmpq_cmp(rise, bound) <= 0;
        }
    }
    for (size_t k = 0; k < CELLS; k++) fmpq_clear(mass + k);
    fmpq_clear(rise);
    fmpq_clear(step);
    fmpq_clear(bound);
    fmpq_clear(sum);
    return SB_OK;
}

sb_status sb_check_telescoping(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    telescope form = {.first = 0, .percent = 100};
    return sb_try_line(finding, error, telescoping_holds, &form);
}

sb_status sb_check_telescoping_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    telescope form = {.first = 0, .percent = 99};
    return sb_try_line(finding, error, telescoping_holds, &form);
}

sb_status sb_check_telescoping_as_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    telescope form = {.first = 1, .percent = 100};
    sb_status status = sb_try_line(finding, error, telescoping_holds, &form);
    if (status || finding->verdict != SB_REFUTED) return status;
    char *instance = finding->evidence;
    finding->evidence = NULL;
    status = sb_find(finding, error, SB_REFUTED,
                     "the sum over (i, j] misses the step from I_i to I_{i+1}; %s", instance ? instance : "");
    free(instance);
    return status;
}

/* ---------------------------------------- cells of small mass */

/* At most 1/alpha of the disjoint translates have mass alpha or more; context: the numerator n of the tested
 * n/alpha. */
static sb_status vanishing_holds(int *holds, const sb_instance *instance, const void *context,
                                 sb_error *error) {
    (void)error;
    fmpq mass[CELLS];
    fmpq_t alpha, total;
    for (size_t k = 0; k < CELLS; k++) fmpq_init(mass + k);
    fmpq_init(alpha);
    fmpq_init(total);
    cell_masses(mass, instance);
    *holds = 1;
    for (ulong q = 1; q <= 12 && *holds; q++) {
        slong heavy = 0;
        fmpq_set_si(alpha, 1, q);
        for (size_t k = 0; k < CELLS; k++) heavy += fmpq_cmp(mass + k, alpha) >= 0;
        fmpq_set_si(total, heavy * *(const slong *)context, 1);
        fmpq_mul(total, total, alpha);
        *holds = fmpq_cmp_si(total, 1) <= 0;
    }
    for (size_t k = 0; k < CELLS; k++) fmpq_clear(mass + k);
    fmpq_clear(alpha);
    fmpq_clear(total);
    return SB_OK;
}

sb_status sb_check_vanishing(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong factor = 1;
    return sb_try_line(finding, error, vanishing_holds, &factor);
}

sb_status sb_check_vanishing_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong factor = 2;
    return sb_try_line(finding, error, vanishing_holds, &factor);
}

/* ---------------------------------------- Markov */

/* E|eta| >= (percent/100) tau Pr(|eta| >= tau) at every tau that is the modulus of a point: elsewhere the
   right side, and the one with
   ">", is smaller. */
static sb_status markov_holds(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)error;
    fmpq_t mean, tau, minus, inside, bound;
    fmpq_init(mean);
    fmpq_init(tau);
    fmpq_init(minus);
    fmpq_init(inside);
    fmpq_init(bound);
    sb_finite_law_absolute_moment(mean, instance->law, 0);
    *holds = 1;
    for (size_t k = 0; k < instance->law->count && *holds; k++) {
        fmpq_abs(tau, instance->law->point + k);
        fmpq_neg(minus, tau);
        sb_finite_law_interval(inside, instance->law, minus, 0, tau, 0);
        fmpq_one(bound);
        fmpq_sub(bound, bound, inside);
        fmpq_mul(bound, bound, tau);
        fmpq_set_si(inside, *(const slong *)context, 100);
        fmpq_mul(bound, bound, inside);
        *holds = fmpq_cmp(mean, bound) >= 0;
    }
    fmpq_clear(mean);
    fmpq_clear(tau);
    fmpq_clear(minus);
    fmpq_clear(inside);
    fmpq_clear(bound);
    return SB_OK;
}

sb_status sb_check_markov(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 100;
    return sb_try_line(finding, error, markov_holds, &percent);
}

sb_status sb_check_markov_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 101;
    return sb_try_line(finding, error, markov_holds, &percent);
}

/* ---------------------------------------- 12 in Lemma C.1 */

/* delta/4 increases, (1-delta)/8 decreases; they meet at delta = p/q with the common value 1/constant. */
static sb_status check_tight(slong p, ulong q, slong constant, sb_finding *finding, sb_error *error) {
    fmpq_t first, second, value;
    fmpq_init(first);
    fmpq_init(second);
    fmpq_init(value);
    fmpq_set_si(first, p, q);
    fmpq_one(second);
    fmpq_sub(second, second, first);
    fmpq_div_2exp(first, first, 2);
    fmpq_div_2exp(second, second, 3);
    fmpq_set_si(value, 1, (ulong)constant);
    int tight = fmpq_equal(first, second) && fmpq_equal(first, value);
    fmpq_clear(first);
    fmpq_clear(second);
    fmpq_clear(value);
    return tight ? sb_find(finding, error, SB_PROVED,
                           "at delta = %ld/%lu both sides equal 1/%ld exactly: no smaller constant holds",
                           (long)p, (unsigned long)q, (long)constant)
                 : sb_find(finding, error, SB_REFUTED, "at delta = %ld/%lu the sides are not 1/%ld", (long)p,
                           (unsigned long)q, (long)constant);
}

sb_status sb_check_lemma_C_1_tight(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_tight(1, 3, 12, finding, error);
}

sb_status sb_check_lemma_C_1_tight_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_tight(1, 3, 11, finding, error);
}
