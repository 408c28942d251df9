/* Robustness of every classifier (docs/theory/robustness.md), decided exactly on finite laws by rho =
   min over lambda >= 0 of ||D - lambda (D+v)||_1: that rho is the threshold, tau, and the bounds M for
   symmetric laws and R for all. */
#include "bounds/ledger_sharp.h"

#include "bounds/ledger_sharp_trial.h"
#include "bounds/sharp.h"
#include "bounds/tv_robustness.h"
#include "distributions/mass_pairs.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ the criterion */
/* The psi with |psi| <= 1 and (D+v)(psi) = 0 that has the largest D(psi), by the Neyman-Pearson lemma: from
   psi = -1 raised to 1 in the order of here/there, the largest first. */
static sb_status best_test(fmpq *psi, const sb_mass_pairs *pairs, sb_error *error) {
    char *raised = calloc(pairs->count + 1, 1);
    if (!raised) return sb_fail_memory(error);
    fmpq_t room, left, right;
    fmpq_init(room);
    fmpq_init(left);
    fmpq_init(right);
    fmpq_one(room); /* -(D+v)(psi) */
    for (size_t i = 0; i < pairs->count; i++) fmpq_set_si(psi + i, -1, 1);
    for (size_t step = 0; step < pairs->count; step++) {
        size_t best = pairs->count;
        for (size_t i = 0; i < pairs->count; i++) {
            if (raised[i]) continue;
            if (best < pairs->count) {
                fmpq_mul(left, pairs->here + i, pairs->there + best);
                fmpq_mul(right, pairs->here + best, pairs->there + i);
            }
            if (best == pairs->count || fmpq_cmp(left, right) > 0) best = i;
        }
        raised[best] = 1;
        fmpq_mul_2exp(left, pairs->there + best, 1);
        if (fmpq_cmp(left, room) > 0) { /* in part: the last */
            fmpq_div(right, room, pairs->there + best);
            fmpq_add(psi + best, psi + best, right);
            break;
        }
        fmpq_one(psi + best);
        fmpq_sub(room, room, left);
    }
    free(raised);
    fmpq_clear(room);
    fmpq_clear(left);
    fmpq_clear(right);
    return SB_OK;
}

/* The classifier that answers 1 with probability (1 + psi')/2, psi' = max(psi - kappa, -1), kappa = rho/1000:
   whether its gap at 0 exceeds (percent/100) rho and its answer at v is 0, without a tie. */
static int classifier_changes(const fmpq *psi, const sb_mass_pairs *pairs, const fmpq_t rho, slong percent) {
    fmpq_t lowered, here, there, kappa, wanted;
    fmpq *const number[] = {lowered, here, there, kappa, wanted};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_init(number[i]);
    fmpq_set_si(kappa, 1, 1000);
    fmpq_mul(kappa, kappa, rho);
    for (size_t i = 0; i < pairs->count; i++) {
        fmpq_sub(lowered, psi + i, kappa);
        fmpq_set_si(wanted, -1, 1);
        if (fmpq_cmp(lowered, wanted) < 0) fmpq_set(lowered, wanted);
        fmpq_addmul(here, pairs->here + i, lowered);
        fmpq_addmul(there, pairs->there + i, lowered);
    }
    fmpq_set_si(wanted, percent, 100);
    fmpq_mul(wanted, wanted, rho);
    int changes = fmpq_cmp(here, wanted) > 0 && fmpq_sgn(there) < 0;
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_clear(number[i]);
    return changes;
}

/* D(psi) = rho for the best test, and the classifier made of it. */
static sb_status criterion_holds(int *holds, const sb_instance *instance, const void *percent,
                                 sb_error *error) {
    sb_mass_pairs pairs;
    sb_status status = sb_mass_pairs_shift(&pairs, instance->law, instance->shift, error);
    if (status) return status;
    fmpq_t rho, gap;
    fmpq_init(rho);
    fmpq_init(gap);
    fmpq *psi = malloc((pairs.count + 1) * sizeof *psi);
    status = psi ? SB_OK : sb_fail_memory(error);
    for (size_t i = 0; psi && i < pairs.count; i++) fmpq_init(psi + i);
    if (!status) status = best_test(psi, &pairs, error);
    if (!status) {
        sb_mass_pairs_threshold(rho, &pairs);
        for (size_t i = 0; i < pairs.count; i++) fmpq_addmul(gap, pairs.here + i, psi + i);
        *holds = fmpq_equal(gap, rho) && classifier_changes(psi, &pairs, rho, *(const slong *)percent);
    }
    for (size_t i = 0; psi && i < pairs.count; i++) fmpq_clear(psi + i);
    free(psi);
    fmpq_clear(rho);
    fmpq_clear(gap);
    sb_mass_pairs_clear(&pairs);
    return status;
}

sb_status sb_check_criterion(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong percent = 99;
    (void)claim;
    sb_status status = sb_try_line(finding, error, criterion_holds, &percent);
    return status ? status : sb_find_held(finding, error);
}

/* false: some classifier with a gap above 1.01 rho changes its answer */
sb_status sb_check_criterion_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong percent = 101;
    (void)claim;
    return sb_try_line(finding, error, criterion_holds, &percent);
}

/* ------------------------------------------------------------------ tau */
/* The larger rho of the shifts v and -v. */
static sb_status two_sided_rho(fmpq_t rho, const sb_finite_law *law, const fmpq *shift, sb_error *error) {
    sb_mass_pairs pairs;
    fmpq_t other;
    sb_status status = sb_mass_pairs_shift(&pairs, law, shift, error);
    if (status) return status;
    fmpq_init(other);
    sb_mass_pairs reversed = sb_mass_pairs_reversed(&pairs);
    sb_mass_pairs_threshold(rho, &pairs);
    sb_mass_pairs_threshold(other, &reversed);
    if (fmpq_cmp(other, rho) > 0) fmpq_set(rho, other);
    fmpq_clear(other);
    sb_mass_pairs_clear(&pairs);
    return SB_OK;
}

static sb_status tau_sides(fmpq_t quantity, fmpq_t bound, fmpq_t rho, const sb_instance *instance,
                           sb_error *error) {
    sb_status status = two_sided_rho(rho, instance->law, instance->shift, error);
    fmpq_set(quantity, instance->delta);
    sb_symmetric_limit_total_variation(bound, rho);
    return status;
}

static const sb_sharp_trial tau = {"TV(D, D+eps)", 1, "rho", tau_sides};

/* Where D/(D+v) takes two values the two laws are as two laws on two points: (a, 1-a) and (b, 1-b). */
static int two_points_attain(const fmpq_t a, const fmpq_t b, const fmpq_t delta) {
    fmpq here[2], there[2];
    fmpq_t rho, other, limit;
    sb_mass_pairs pairs = {here, there, 2}, reversed = {there, here, 2};
    for (size_t i = 0; i < 2; i++) {
        fmpq_init(here + i);
        fmpq_init(there + i);
    }
    fmpq_init(rho);
    fmpq_init(other);
    fmpq_init(limit);
    fmpq_set(here, a);
    fmpq_set(there, b);
    sb_rational_complement(here + 1, a);
    sb_rational_complement(there + 1, b);
    sb_mass_pairs_threshold(rho, &pairs);
    sb_mass_pairs_threshold(other, &reversed);
    sb_symmetric_limit_total_variation(limit, delta);
    int attained = fmpq_cmp(rho, delta) <= 0 && fmpq_cmp(other, delta) <= 0;
    fmpq_sub(rho, a, b); /* TV */
    attained = attained && fmpq_equal(rho, limit);
    for (size_t i = 0; i < 2; i++) {
        fmpq_clear(here + i);
        fmpq_clear(there + i);
    }
    fmpq_clear(rho);
    fmpq_clear(other);
    fmpq_clear(limit);
    return attained;
}

/* delta <= 1/2: masses (1-r) r^k on 0, 1, 2, ..., r = 1/(1+delta), shift 1: the point 0 and the rest have the
   masses (1-r, r) and (0, 1). Above: masses proportional to r^|k| on the integers, r = 1-delta: {k <= 0} and
   the rest have the masses 1/(1+r), r/(1+r), and the reverse. */
static int geometric_attains(const fmpq_t delta) {
    fmpq_t ratio, a, b;
    fmpq_init(ratio);
    fmpq_init(a);
    fmpq_init(b);
    fmpq_set_si(a, 1, 2);
    if (fmpq_cmp(delta, a) <= 0) {
        fmpq_add_si(ratio, delta, 1);
        fmpq_inv(ratio, ratio);
        sb_rational_complement(a, ratio);
    } else {
        sb_rational_complement(ratio, delta);
        fmpq_add_si(a, ratio, 1);
        fmpq_inv(a, a);
        sb_rational_complement(b, a);
    }
    int attained = two_points_attain(a, b, delta);
    fmpq_clear(ratio);
    fmpq_clear(a);
    fmpq_clear(b);
    return attained;
}

sb_status sb_check_tau(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    enum { PARTS = 40 };
    (void)claim;
    fmpq_t delta;
    fmpq_init(delta);
    sb_status status = sb_try_sharp(finding, error, &tau, 100);
    for (slong k = 1; k < PARTS && !status && finding->verdict == SB_CONSISTENT; k++) {
        fmpq_set_si(delta, k, PARTS);
        if (!geometric_attains(delta))
            status =
                sb_find(finding, error, SB_REFUTED, "not attained at delta = %ld/%d", (long)k, (int)PARTS);
    }
    fmpq_clear(delta);
    if (status || finding->verdict != SB_CONSISTENT) return status;
    return sb_find_more(finding, error,
                        "equality for geometric noise (ratio 1/(1+delta)) and discrete Laplace noise (ratio "
                        "1-delta), delta = 1/%d..%d/%d",
                        (int)PARTS, (int)PARTS - 1, (int)PARTS);
}

/* false: TV <= .99 tau(rho) */
sb_status sb_check_tau_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const uint32_t weight[] = {1, 20, 1};
    (void)claim;
    sb_finite_law law;
    fmpq_t origin, spacing;
    sb_finite_law_init(&law);
    fmpq_init(origin);
    fmpq_init(spacing);
    fmpq_set_si(origin, -1, 1);
    fmpq_one(spacing);
    sb_status status = sb_finite_law_lattice(&law, 1, 3, origin, spacing, weight, error);
    if (!status) status = sb_try_sharp_law(finding, error, &tau, 99, &law, NULL);
    sb_finite_law_clear(&law);
    fmpq_clear(origin);
    fmpq_clear(spacing);
    return status;
}

/* ------------------------------------------------------------------ symmetric laws */
/* law := the mean of `of` and its mirror image. */
static sb_status symmetrise(sb_finite_law *law, const sb_finite_law *of, sb_error *error) {
    size_t count = 2 * of->count;
    fmpq *point = calloc(count, sizeof *point), *weight = calloc(count, sizeof *weight);
    sb_status status = SB_OK;
    if (!point || !weight) {
        status = sb_fail_memory(error);
    } else {
        for (size_t i = 0; i < count; i++) {
            fmpq_init(point + i);
            fmpq_init(weight + i);
            fmpq_set(point + i, of->point + i / 2);
            fmpq_set(weight + i, of->mass + i / 2);
            if (i % 2) fmpq_neg(point + i, point + i);
        }
        status = sb_finite_law_set(law, 1, point, weight, count, error);
        for (size_t i = 0; i < count; i++) {
            fmpq_clear(point + i);
            fmpq_clear(weight + i);
        }
    }
    free(point);
    free(weight);
    return status;
}

/* E eta^2 of a law, and eps^2 bound(rho). */
static sb_status moment_sides(fmpq_t quantity, fmpq_t bound, fmpq_t rho, const sb_finite_law *law,
                              const sb_instance *instance, void (*function)(fmpq_t, const fmpq_t),
                              sb_error *error) {
    sb_status status = two_sided_rho(rho, law, instance->shift, error);
    if (status) return status;
    sb_finite_law_square_moment(quantity, law, 0);
    function(bound, rho);
    fmpq_mul(bound, bound, instance->length);
    return SB_OK;
}

static sb_status symmetric_with(fmpq_t quantity, fmpq_t bound, fmpq_t rho, const sb_instance *instance,
                                void (*function)(fmpq_t, const fmpq_t), sb_error *error) {
    sb_finite_law law;
    sb_finite_law_init(&law);
    sb_status status = symmetrise(&law, instance->law, error);
    if (!status) status = moment_sides(quantity, bound, rho, &law, instance, function, error);
    sb_finite_law_clear(&law);
    return status;
}

static sb_status symmetric_sides(fmpq_t quantity, fmpq_t bound, fmpq_t rho, const sb_instance *instance,
                                 sb_error *error) {
    return symmetric_with(quantity, bound, rho, instance, sb_sharp_M, error);
}

/* m(rho/2), the same lines with n = 1 and 2 besides */
static void half_m(fmpq_t value, const fmpq_t rho) {
    fmpq_t half;
    fmpq_init(half);
    fmpq_div_2exp(half, rho, 1);
    sb_sharp_m(value, half);
    fmpq_clear(half);
}

static sb_status half_sides(fmpq_t quantity, fmpq_t bound, fmpq_t rho, const sb_instance *instance,
                            sb_error *error) {
    return symmetric_with(quantity, bound, rho, instance, half_m, error);
}

static const sb_sharp_trial symmetric = {"E eta^2", 0, "rho", symmetric_sides};
static const sb_sharp_trial half_lines = {"E eta^2", 0, "rho", half_sides};

sb_status sb_check_symmetric(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_status status = sb_try_sharp(finding, error, &symmetric, 100);
    if (!status && finding->verdict == SB_CONSISTENT)
        status = sb_find_more(finding, error, "each law averaged with its mirror image");
    if (!status) status = sb_try_sharp_attained(finding, error, &symmetric, 3, 8, 1);
    return status ? status : sb_try_sharp_attained(finding, error, &symmetric, 1, 1, 2);
}

/* false, all of it: 1.01 M(rho), at the two kinds of laws that attain M; and m(rho/2) in place of M */
sb_status sb_check_symmetric_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const struct {
        const sb_sharp_trial *trial;
        slong percent;
        size_t n, m;
        ulong share;
    } variant[] = {{&symmetric, 101, 4, 5, 0}, {&symmetric, 101, 1, 3, 6}, {&half_lines, 100, 1, 3, 4}};
    (void)claim;
    sb_status status = SB_OK;
    finding->verdict = SB_REFUTED;
    for (size_t i = 0; i < sizeof variant / sizeof variant[0] && !status; i++) {
        sb_finding here = {.verdict = SB_REFUTED};
        status = sb_try_sharp_mixture(&here, error, variant[i].trial, variant[i].percent, variant[i].n,
                                      variant[i].m, variant[i].share);
        if (!status && here.verdict != SB_REFUTED) finding->verdict = here.verdict;
        if (!status) status = sb_find_more(finding, error, "%s", here.evidence);
        free(here.evidence);
    }
    return status;
}

/* ------------------------------------------------------------------ all laws */
static sb_status any_law_sides(fmpq_t quantity, fmpq_t bound, fmpq_t rho, const sb_instance *instance,
                               sb_error *error) {
    return moment_sides(quantity, bound, rho, instance->law, instance, sb_sharp_R, error);
}

static sb_status any_law_M_sides(fmpq_t quantity, fmpq_t bound, fmpq_t rho, const sb_instance *instance,
                                 sb_error *error) {
    return moment_sides(quantity, bound, rho, instance->law, instance, sb_sharp_M, error);
}

static const sb_sharp_trial any_law = {"E eta^2", 0, "rho", any_law_sides};
static const sb_sharp_trial any_law_M = {"E eta^2", 0, "rho", any_law_M_sides};

sb_status sb_check_any_law(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return sb_try_sharp(finding, error, &any_law, 100);
}

/* false: 1.01 R(rho), which is near M(rho) for small rho */
sb_status sb_check_any_law_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    enum { POINTS = 250 };
    (void)claim;
    sb_finite_law law;
    sb_finite_law_init(&law);
    sb_status status = sb_centred_mixture(&law, POINTS, POINTS + 1, 0, 1, error);
    if (!status)
        status =
            sb_try_sharp_law(finding, error, &any_law, 101, &law, "uniform on -249/2, -247/2, ..., 249/2");
    sb_finite_law_clear(&law);
    return status;
}

sb_status sb_check_any_law_as_symmetric(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return sb_try_sharp(finding, error, &any_law_M, 100);
}

/* false: 1.01 M(rho) */
sb_status sb_check_any_law_as_symmetric_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return sb_try_sharp_mixture(finding, error, &any_law_M, 101, 4, 5, 0);
}

/* ------------------------------------------------------------------ along a direction */
/* The law of v.eta under the shift |v|_2^2 has a rho of at most percent/100 that of D under v, and E
   (v.eta)^2
   >= |v|_2^4 R(rho). */
static sb_status direction_holds(int *holds, const sb_instance *instance, const void *percent,
                                 sb_error *error) {
    sb_finite_law line;
    fmpq_t whole, along, moment, bound;
    fmpq *const number[] = {whole, along, moment, bound};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_init(number[i]);
    sb_finite_law_init(&line);
    sb_status status = sb_finite_law_project(&line, instance->law, instance->shift, error);
    if (!status) status = two_sided_rho(whole, instance->law, instance->shift, error);
    if (!status) status = two_sided_rho(along, &line, instance->length, error);
    if (!status) {
        sb_sharp_R(bound, whole);
        fmpq_mul(bound, bound, instance->length);
        fmpq_mul(bound, bound, instance->length);
        sb_finite_law_square_moment(moment, &line, 0);
        *holds = fmpq_cmp(moment, bound) >= 0;
        fmpq_set_si(bound, *(const slong *)percent, 100);
        fmpq_mul(bound, bound, whole);
        *holds = *holds && fmpq_cmp(along, bound) <= 0;
    }
    sb_finite_law_clear(&line);
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) fmpq_clear(number[i]);
    return status;
}

sb_status sb_check_direction(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong percent = 100;
    (void)claim;
    sb_status status = sb_try_space(finding, error, direction_holds, &percent);
    return status ? status : sb_find_held(finding, error);
}

/* false: at most .99 of it */
sb_status sb_check_direction_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    static const slong percent = 99;
    (void)claim;
    return sb_try_space(finding, error, direction_holds, &percent);
}
