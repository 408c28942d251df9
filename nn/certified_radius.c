/* By T0 (docs/theory/robustness.md) a class with score gap g is safe from the shift v, whatever the base
   classifier, if and only if rho_v = min over lambda >= 0 of ||D - lambda (D + v)||_1 < g; by Lemma A.1 it is
   safe if TV(D, D + v) < g/2. Both ask how far the noise may be shifted before a criterion reaches a level,
   so a criterion will do when it is certified for the worst shift of the ball. Which one that is depends on
   the noise and the dimension, not on the scores, and is found at the shift 1. */
#include "nn/certified_radius.h"

#include "distributions/family.h"
#include "support/enclosure.h"

enum { PRECISION = 160, RADIUS_DIGITS = 8 };

static const struct {
    sb_criterion criterion;
    const char *name;
} ladder[] = {{SB_CRITERION_EXACT, "exact criterion T0"},
              {SB_CRITERION_EXACT_AFFINITY, "T0, affinity bound"},
              {SB_CRITERION_TOTAL_VARIATION, "Lemma A.1"}};
enum { RUNGS = sizeof ladder / sizeof ladder[0] };

const char *sb_certified_law_name(const sb_certified_law *law) {
    if (law->closed) return "Theorem 2.1";
    for (int i = 0; i < RUNGS; i++)
        if (ladder[i].criterion == law->criterion) return ladder[i].name;
    return "";
}

static sb_shift_problem problem_of(const sb_certified_law *law) {
    return (sb_shift_problem){.noise = law->noise,
                              .dimension = law->dimension,
                              .norm = &law->norm,
                              .criterion = law->criterion,
                              .promise = 1};
}

/* Whether the criterion can be certified for the worst shift of a ball. */
static sb_status try_criterion(const sb_certified_law *law, sb_error *error) {
    sb_shift_problem problem = problem_of(law);
    sb_scope scope;
    arb_t value, slack, one;
    arb_init(value);
    arb_init(slack);
    arb_init(one);
    arb_one(one);
    sb_status status = sb_shift_criterion(value, slack, &scope, &problem, one, 3, error);
    if (!status && scope == SB_SCOPE_EQUAL)
        status =
            sb_fail(error, SB_OUTSIDE, "%s noise: the worst shift is not known", law->noise->family->name);
    arb_clear(value);
    arb_clear(slack);
    arb_clear(one);
    return status;
}

sb_status sb_certified_law_init(sb_certified_law *law, const sb_noise_spec *noise, uint64_t dimension,
                                sb_error *error) {
    const sb_radial_law *radial = noise->family->radial;
    *law = (sb_certified_law){.noise = noise, .dimension = dimension};
    sb_exact_init(&law->norm);
    if (radial && !radial->infinity_norm)
        fmpq_set_si(law->norm.value, 2, 1);
    else
        law->norm.infinite = 1;
    law->closed = noise->family == &sb_gaussian_family;
    sb_status status = sb_noise_domain(noise, dimension, error);
    if (status || law->closed) return status;
    sb_error why;
    for (int i = 0; i < RUNGS; i++) {
        law->criterion = ladder[i].criterion;
        if ((status = try_criterion(law, &why)) != SB_OUTSIDE) break;
    }
    if (!status) return SB_OK;
    char *name = sb_noise_spec_print(noise);
    sb_fail(error, SB_OUTSIDE, "noise '%.80s': has no certified radius (%.200s)", name ? name : "?",
            why.message);
    free(name);
    return SB_OUTSIDE;
}

void sb_certified_law_clear(sb_certified_law *law) {
    sb_exact_clear(&law->norm);
}

static void gaussian_radius(arb_t radius, const sb_certified_law *law, const arb_t top,
                            const arb_t runner_up) {
    arb_t t;
    arb_init(t);
    sb_normal_quantile(radius, top, PRECISION);
    sb_normal_quantile(t, runner_up, PRECISION);
    arb_sub(radius, radius, t, PRECISION);
    arb_mul_2exp_si(radius, radius, -1);
    sb_noise_scale(t, law->noise, law->dimension, PRECISION);
    arb_mul(radius, radius, t, PRECISION);
    arb_clear(t);
}

/* level := the score gap, or half of it, rounded down */
static void level_of(fmpq_t level, const sb_certified_law *law, const arb_t top, const arb_t runner_up) {
    arb_t gap;
    arf_t low;
    arb_init(gap);
    arf_init(low);
    arb_sub(gap, top, runner_up, PRECISION);
    arb_get_lbound_arf(low, gap, PRECISION);
    arf_get_fmpq(level, low);
    if (law->criterion == SB_CRITERION_TOTAL_VARIATION) fmpq_div_2exp(level, level, 1);
    arb_clear(gap);
    arf_clear(low);
}

sb_status sb_certified_law_evaluate(arb_t radius, const sb_certified_law *law, const arb_t top,
                                    const arb_t runner_up, sb_error *error) {
    if (law->closed) {
        gaussian_radius(radius, law, top, runner_up);
        return SB_OK;
    }
    sb_shift_problem problem = problem_of(law);
    sb_scope scope;
    fmpq_t level;
    arb_t scale;
    fmpq_init(level);
    arb_init(scale);
    level_of(level, law, top, runner_up);
    sb_status status = sb_largest_shift(radius, &scope, NULL, &problem, level, RADIUS_DIGITS, error);
    sb_noise_scale(scale, law->noise, law->dimension, PRECISION);
    arb_mul(radius, radius, scale, PRECISION);
    fmpq_clear(level);
    arb_clear(scale);
    return status;
}
