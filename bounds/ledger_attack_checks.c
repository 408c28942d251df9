/* Lemma A.4: if TV(D, D+v) > delta, some randomised classifier has a gap above delta at 0 and predicts
   another class at v. With S = {x : D(x) > D(x-v)}, q = D'(S), the printed one answers 1 with probability 1 -
   q/2 on S and 1/2 - q/2 elsewhere: score 1/2 + (P(S)-q)/2 under any P, so exactly 1/2 at v, a tie.
   Multiplied by 1 - kappa it loses at v and keeps its gap at 0 for small kappa. */
#include "bounds/ledger_checks.h"
#include "bounds/ledger_instances.h"

#include <stdlib.h>

typedef struct {
    const sb_instance *instance;
    fmpq_t inside, outside; /* the probabilities of class 1 on S and elsewhere */
} attack;

static void mass_at(fmpq_t value, const sb_finite_law *law, const fmpq_t x) {
    sb_finite_law_interval(value, law, x, 1, x, 1);
}

/* Whether x lies in S. */
static int in_set(const sb_instance *instance, const fmpq_t x) {
    fmpq_t here, moved, place;
    fmpq_init(here);
    fmpq_init(moved);
    fmpq_init(place);
    mass_at(here, instance->law, x);
    fmpq_sub(place, x, instance->shift);
    mass_at(moved, instance->law, place);
    int inside = fmpq_cmp(here, moved) > 0;
    fmpq_clear(here);
    fmpq_clear(moved);
    fmpq_clear(place);
    return inside;
}

/* The score of class 1 at `at` (0 or v), point by point. */
static void attack_score(fmpq_t score, const attack *a, const fmpq_t at) {
    const sb_finite_law *law = a->instance->law;
    fmpq_t x;
    fmpq_init(x);
    fmpq_zero(score);
    for (size_t k = 0; k < law->count; k++) {
        fmpq_add(x, law->point + k, at);
        fmpq_addmul(score, law->mass + k, in_set(a->instance, x) ? a->inside : a->outside);
    }
    fmpq_clear(x);
}

static void attack_make(attack *a, const sb_instance *instance, const fmpq_t kappa) {
    fmpq_t mass, x, keep;
    fmpq_init(mass);
    fmpq_init(x);
    fmpq_init(keep);
    a->instance = instance;
    fmpq_init(a->inside);
    fmpq_init(a->outside);
    for (size_t k = 0; k < instance->law->count; k++) { /* mass := D'(S) */
        fmpq_add(x, instance->law->point + k, instance->shift);
        if (in_set(instance, x)) fmpq_add(mass, mass, instance->law->mass + k);
    }
    fmpq_div_2exp(mass, mass, 1);
    fmpq_one(keep);
    fmpq_sub(a->inside, keep, mass);
    fmpq_set_si(x, 1, 2);
    fmpq_sub(a->outside, x, mass);
    fmpq_sub(keep, keep, kappa);
    fmpq_mul(a->inside, a->inside, keep);
    fmpq_mul(a->outside, a->outside, keep);
    fmpq_clear(mass);
    fmpq_clear(x);
    fmpq_clear(keep);
}

static void attack_clear(attack *a) {
    fmpq_clear(a->inside);
    fmpq_clear(a->outside);
}

typedef struct {
    slong percent; /* delta = percent/100 of the total variation */
    int damped;    /* whether the factor 1 - kappa is there */
} attack_form;

/* Valid probabilities, gap at 0 above delta, class 1 strictly beaten at v. */
static sb_status attack_holds(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)error;
    const attack_form *form = context;
    fmpq_t delta, kappa, score, zero;
    fmpq_init(delta);
    fmpq_init(kappa);
    fmpq_init(score);
    fmpq_init(zero);
    fmpq_set_si(delta, form->percent, 100);
    fmpq_mul(delta, delta, instance->delta);
    if (form->damped) { /* half of (TV - delta)/(1 + TV) */
        fmpq_add_si(score, instance->delta, 1);
        fmpq_sub(kappa, instance->delta, delta);
        fmpq_abs(kappa, kappa);
        fmpq_div(kappa, kappa, score);
        fmpq_div_2exp(kappa, kappa, 1);
    }
    attack a;
    attack_make(&a, instance, kappa);
    *holds = fmpq_sgn(a.outside) >= 0 && fmpq_cmp_si(a.inside, 1) <= 0 && fmpq_cmp(a.outside, a.inside) <= 0;
    attack_score(score, &a, zero);
    fmpq_add(score, score, score);
    fmpq_sub_si(score, score, 1); /* the gap at 0 */
    *holds = *holds && fmpq_cmp(score, delta) > 0;
    attack_score(score, &a, instance->shift);
    fmpq_add(score, score, score);
    *holds = *holds && fmpq_cmp_si(score, 1) < 0;
    attack_clear(&a);
    fmpq_clear(delta);
    fmpq_clear(kappa);
    fmpq_clear(score);
    fmpq_clear(zero);
    return SB_OK;
}

sb_status sb_check_attack(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    attack_form form = {.percent = 99, .damped = 1};
    return sb_try_line(finding, error, attack_holds, &form);
}

sb_status sb_check_attack_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    attack_form form = {.percent = 101, .damped = 1};
    return sb_try_line(finding, error, attack_holds, &form);
}

/* "g(v) = 0" for the printed classifier: a tie at v, so false under a tie rule that prefers class 1. */
sb_status sb_check_attack_as_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    attack_form form = {.percent = 99, .damped = 0};
    sb_status status = sb_try_line(finding, error, attack_holds, &form);
    if (status || finding->verdict != SB_REFUTED) return status;
    char *instance = finding->evidence;
    finding->evidence = NULL;
    status = sb_find(finding, error, SB_REFUTED,
                     "both classes score 1/2 at v, a tie that the proof breaks by a rule which the "
                     "definition of g lacks; %s",
                     instance ? instance : "");
    free(instance);
    return status;
}
