/* Robustness of every classifier, decided exactly on finite laws: some randomised classifier that has a gap
   above delta at 0 answers differently at v if and only if delta < rho (distributions/mass_pairs.h). */
#include "bounds/ledger_introduction.h"

#include "bounds/ledger_instances.h"
#include "distributions/mass_pairs.h"

#include <stdlib.h>
#include <string.h>

/* Lemma A.4's classifier for a delta below TV: class 1 with probability (1-kappa)alpha on S = {D > D'},
   (1-kappa)beta off S. Its scores are summed point by point. Returns whether class 1 leads by more than delta
   at 0 and strictly loses at v. */
static int classifier_breaks(const sb_mass_pairs *pairs, const fmpq_t tv, const fmpq_t delta) {
    fmpq_t q, kappa, on, off, here, there, term;
    fmpq *all[] = {q, kappa, on, off, here, there, term};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) fmpq_init(all[i]);
    for (size_t i = 0; i < pairs->count; i++)
        if (fmpq_cmp(pairs->here + i, pairs->there + i) > 0) fmpq_add(q, q, pairs->there + i);
    fmpq_sub(kappa, tv, delta); /* kappa = (TV-delta)/(2(1+TV)) */
    fmpq_set_si(term, 1, 1);
    fmpq_add(term, term, tv);
    fmpq_div(kappa, kappa, term);
    fmpq_div_2exp(kappa, kappa, 1);
    fmpq_set_si(on, 2, 1);
    fmpq_sub(on, on, q); /* alpha = (2-q)/2, beta = (1-q)/2 */
    fmpq_set_si(off, 1, 1);
    fmpq_sub(off, off, q);
    fmpq_set_si(term, 1, 1);
    fmpq_sub(term, term, kappa);
    fmpq_div_2exp(term, term, 1);
    fmpq_mul(on, on, term);
    fmpq_mul(off, off, term);
    for (size_t i = 0; i < pairs->count; i++) {
        const fmpq *chance = fmpq_cmp(pairs->here + i, pairs->there + i) > 0 ? on : off;
        fmpq_mul(term, pairs->here + i, chance);
        fmpq_add(here, here, term);
        fmpq_mul(term, pairs->there + i, chance);
        fmpq_add(there, there, term);
    }
    fmpq_mul_2exp(here, here, 1); /* the gap at 0 is 2 G_1 - 1 */
    fmpq_sub_si(here, here, 1);
    fmpq_set_si(term, 1, 2);
    int breaks = fmpq_cmp(here, delta) > 0 && fmpq_cmp(there, term) < 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) fmpq_clear(all[i]);
    return breaks;
}

/* ------------------------------------------------------------------ Lemma 1.1 */
/* If every f is robust for delta, that is rho <= delta, then TV <= delta; so TV <= rho. And for every delta =
   TV * k/8 the printed classifier breaks. statement: the factor in TV <= factor * rho. */
static sb_status try_lemma(int *holds, const sb_instance *instance, const void *statement, sb_error *error) {
    sb_mass_pairs pairs;
    sb_status status = sb_mass_pairs_shift(&pairs, instance->law, instance->shift, error);
    if (status) return status;
    fmpq_t bound, delta;
    fmpq_init(bound);
    fmpq_init(delta);
    sb_mass_pairs_threshold(bound, &pairs);
    fmpq_mul(bound, bound, (const fmpq *)statement);
    *holds = fmpq_cmp(instance->delta, bound) <= 0;
    for (int eighth = 0; eighth < 8 && *holds && !fmpq_is_zero(instance->delta); eighth++) {
        fmpq_set_si(delta, eighth, 8);
        fmpq_mul(delta, delta, instance->delta);
        *holds = classifier_breaks(&pairs, instance->delta, delta);
    }
    sb_mass_pairs_clear(&pairs);
    fmpq_clear(bound);
    fmpq_clear(delta);
    return SB_OK;
}

static sb_status scan_lemma(slong numerator, ulong denominator, sb_finding *finding, sb_error *error) {
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_set_si(factor, numerator, denominator);
    sb_status status = sb_try_line(finding, error, try_lemma, factor);
    if (!status && finding->verdict == SB_CONSISTENT) {
        char *line = finding->evidence;
        finding->evidence = NULL;
        status = sb_try_space(finding, error, try_lemma, factor);
        if (!status && finding->verdict == SB_CONSISTENT) {
            char *space = finding->evidence;
            const char *held = strstr(space, "held exactly");
            finding->evidence = NULL;
            status = sb_find(
                finding, error, SB_CONSISTENT,
                "%s; %s; for every delta = TV*k/8 the classifier of the proof lost its answer without a tie",
                line, held ? held : space);
            free(space);
        }
        free(line);
    }
    fmpq_clear(factor);
    return status;
}

sb_status sb_check_lemma_1_1_instances(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_lemma(1, 1, finding, error);
}

/* false: robustness for delta would give TV <= (99/100) delta */
sb_status sb_check_lemma_1_1_instances_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return scan_lemma(99, 100, finding, error);
}

/* ------------------------------------------------------------------ Theorem 1.2 with robustness in place of
 * TV */
/* delta := the largest threshold rho over the shifts s in {+-1}^d: robust for these shifts means delta at
 * least so large. */
static sb_status robust_delta(fmpq_t delta, const sb_finite_law *law, sb_error *error) {
    enum { MOST = 4 };
    fmpq shift[MOST];
    fmpq_t rho;
    fmpq_init(rho);
    for (size_t i = 0; i < MOST; i++) fmpq_init(shift + i);
    fmpq_zero(delta);
    sb_status status =
        law->dimension > MOST ? sb_fail(error, SB_INTERNAL, "dimension %zu", law->dimension) : SB_OK;
    for (unsigned signs = 0; !status && signs < 1u << law->dimension; signs++) {
        sb_mass_pairs pairs;
        for (size_t i = 0; i < law->dimension; i++) fmpq_set_si(shift + i, signs >> i & 1 ? -1 : 1, 1);
        status = sb_mass_pairs_shift(&pairs, law, shift, error);
        if (status) break;
        sb_mass_pairs_threshold(rho, &pairs);
        if (fmpq_cmp(rho, delta) > 0) fmpq_set(delta, rho);
        sb_mass_pairs_clear(&pairs);
    }
    for (size_t i = 0; i < MOST; i++) fmpq_clear(shift + i);
    fmpq_clear(rho);
    return status;
}

/* The unit of length is eps d^{-1/p}, so that the bound is d^2 (1-delta)/(constant delta^2) for every p at
 * once. */
static sb_status try_robust_bound(int *holds, const sb_instance *instance, const void *statement,
                                  sb_error *error) {
    fmpq_t delta, bound, moment;
    fmpq_init(delta);
    fmpq_init(bound);
    fmpq_init(moment);
    sb_status status = robust_delta(delta, instance->law, error);
    sb_finite_law_mean_square(moment, instance->law);
    sb_bound_1_2(bound, instance->law->dimension, delta, *(const ulong *)statement);
    *holds = fmpq_cmp(moment, bound) >= 0;
    fmpq_clear(delta);
    fmpq_clear(bound);
    fmpq_clear(moment);
    return status;
}

sb_status sb_check_thm_1_2_robust_instances(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const ulong constant = 800;
    (void)claim;
    return sb_try_cube(finding, error, try_robust_bound, &constant);
}

/* false: the constant 1 in place of 1/800 */
sb_status sb_check_thm_1_2_robust_instances_control(const sb_claim *claim, sb_finding *finding,
                                                    sb_error *error) {
    static const ulong constant = 1;
    (void)claim;
    return sb_try_cube(finding, error, try_robust_bound, &constant);
}

/* ------------------------------------------------------------------ delta = 0 */
/* statement: TV(D,D+v) > statement/8 */
static sb_status try_positive(int *holds, const sb_instance *instance, const void *statement,
                              sb_error *error) {
    (void)error;
    fmpq_t least;
    fmpq_init(least);
    fmpq_set_si(least, *(const slong *)statement, 8);
    *holds = fmpq_cmp(instance->delta, least) > 0;
    fmpq_clear(least);
    return SB_OK;
}

sb_status sb_check_delta_zero(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong eighths = 0;
    (void)claim;
    return sb_try_line(finding, error, try_positive, &eighths);
}

/* false: TV(D,D+v) > 1/4 */
sb_status sb_check_delta_zero_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong eighths = 2;
    (void)claim;
    return sb_try_line(finding, error, try_positive, &eighths);
}

/* ------------------------------------------------------------------ Theorem 1.3 read literally */
/* "(A,delta)-robust" with A free: for A = {0} every noise is robust, also the point mass at 0, whose
 * components have no second moment. */
sb_status sb_check_definition_of_a(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_finite_law law;
    fmpq shift[2];
    fmpq_t origin, rho, moment;
    sb_mass_pairs pairs = {0};
    sb_finite_law_init(&law);
    fmpq_init(shift);
    fmpq_init(shift + 1);
    fmpq_init(origin);
    fmpq_init(rho);
    fmpq_init(moment);
    sb_status status = sb_finite_law_lattice(&law, 2, 1, origin, origin, NULL, error);
    if (!status) status = sb_mass_pairs_shift(&pairs, &law, shift, error);
    if (!status) {
        sb_mass_pairs_threshold(rho, &pairs);
        sb_finite_law_square_moment(moment, &law, 0);
        status = fmpq_is_zero(rho) && fmpq_is_zero(moment)
                     ? sb_find(finding, error, SB_REFUTED,
                               "A = {0}, D = the point mass at 0 in dimension 2: every classifier is "
                               "(A,delta)-robust for every delta, yet "
                               "E eta_i^2 = 0 for all i")
                     : sb_find(finding, error, SB_UNSETTLED, "the point mass is not robust");
        sb_mass_pairs_clear(&pairs);
    }
    fmpq_clear(shift);
    fmpq_clear(shift + 1);
    fmpq_clear(origin);
    fmpq_clear(rho);
    fmpq_clear(moment);
    sb_finite_law_clear(&law);
    return status;
}
