/* A certified l_2 radius R for images of s x s pixels is the l_inf radius R/sqrt(d), d = 3 s^2. */
#include "experiments/scaling_results.h"

#include "nn/resnet.h"
#include "support/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIZES = SB_SCALING_SIZES, DIGITS = 10, PRECISION = 128 };
#define SIGNIFICANCE 0.05
#define BELOW_CEILING 0.95

_Static_assert((int)SB_SCALING_SIZES == (int)SB_COMPARED_CURVES, "an arm is three curves");

const char *sb_curves_verdict_name(sb_curves_verdict verdict) {
    static const char *const name[] = {"consistent", "alike", "differ"};
    return name[verdict];
}

int sb_curves_as_expected(sb_arm arm, sb_curves_verdict verdict) {
    return arm == SB_ARM_DETAIL || (verdict == SB_CURVES_DIFFER) == (arm == SB_ARM_FIXED);
}

void sb_scaling_results_init(sb_scaling_results *results, const sb_scaling_plan *plan) {
    memset(results, 0, sizeof *results);
    results->plan = plan;
    for (int i = 0; i < SB_SCALING_NETWORKS; i++) sb_certification_log_init(&results->log[i]);
    fmpq_init(results->report_radius);
}

void sb_scaling_results_clear(sb_scaling_results *results) {
    for (int i = 0; i < SB_SCALING_NETWORKS; i++) sb_certification_log_clear(&results->log[i]);
    fmpq_clear(results->report_radius);
}

/* ------------------------------------------------------------------ ceilings */
sb_status sb_scaling_ceiling(arb_t ceiling, const sb_scaling_plan *plan, int network, sb_error *error) {
    const sb_scaling_network *n = &plan->network[network];
    sb_sampling sampling;
    arb_t root;
    arb_init(root);
    sb_sampling_init(&sampling);
    fmpq_set(sampling.sigma, n->sigma);
    fmpq_set(sampling.alpha, plan->preset->alpha);
    if (plan->preset->rule == SB_RULE_TWO_CLASS_BONFERRONI) {
        fmpz_mul_ui(fmpq_denref(sampling.alpha), fmpq_denref(sampling.alpha), SB_CLASSES);
        fmpq_canonicalise(sampling.alpha);
    }
    sampling.samples = plan->preset->samples;
    sb_status status = sb_sampling_ceiling(ceiling, &sampling, DIGITS, error);
    arb_sqrt_ui(root, (ulong)(SB_CHANNELS * n->size * n->size), PRECISION);
    arb_div(ceiling, ceiling, root, PRECISION);
    sb_sampling_clear(&sampling);
    arb_clear(root);
    return status;
}

static sb_status find_ceilings(sb_scaling_results *r, sb_error *error) {
    arb_t ceiling;
    arb_init(ceiling);
    sb_status status = SB_OK;
    for (int arm = 0; arm < SB_ARMS; arm++)
        for (int s = 0; s < SIZES && r->plan->preset->arms & 1u << arm && !status; s++) {
            status = sb_scaling_ceiling(ceiling, r->plan, r->plan->member[arm][s], error);
            r->arm[arm].ceiling[s] = arf_get_d(arb_midref(ceiling), ARF_RND_NEAR);
            r->arm[arm].top = fmax(r->arm[arm].top, r->arm[arm].ceiling[s]);
        }
    arb_clear(ceiling);
    return status;
}

static double smallest(const double ceiling[SIZES]) {
    return fmin(ceiling[0], fmin(ceiling[1], ceiling[2]));
}

/* The preset's report radius, or 2/255, or two digits of a number below the ceilings. */
static void choose_report_radius(sb_scaling_results *r) {
    if (!fmpq_is_zero(r->plan->preset->report_radius)) {
        fmpq_set(r->report_radius, r->plan->preset->report_radius);
        return;
    }
    int arm = 0;
    while (!(r->plan->preset->arms & 1u << arm)) arm++; /* scaled, if it is in the preset */
    double most = BELOW_CEILING * smallest(r->arm[arm].ceiling);
    fmpq_set_si(r->report_radius, 2, 255);
    if (fmpq_get_d(r->report_radius) <= most) return;
    double unit = pow(10, floor(log10(most)) - 1);
    fmpq_set_si(r->report_radius, (slong)floor(most / unit), 1);
    fmpz_ui_pow_ui(fmpq_denref(r->report_radius), 10, (ulong)lround(-log10(unit)));
    fmpq_canonicalise(r->report_radius);
}

/* ------------------------------------------------------------------ logs */
static sb_status read_log(sb_scaling_results *r, const char *directory, int network, sb_error *error) {
    char *path = sb_scaling_file(r->plan, directory, network, "tsv");
    if (!path) return sb_fail_memory(error);
    sb_status status = SB_OK;
    if (sb_file_exists(path)) status = sb_certification_log_read(&r->log[network], path, error);
    r->present[network] = !status && r->log[network].count == r->plan->preset->test_images;
    free(path);
    return status;
}

static sb_status compare(sb_scaling_results *r, sb_arm which, int (*proceed)(void *context), void *context,
                         sb_error *error) {
    const sb_preset *preset = r->plan->preset;
    sb_scaling_arm *arm = &r->arm[which];
    sb_certification_log log[SIZES];
    double divisor[SIZES];
    for (int s = 0; s < SIZES; s++) {
        log[s] = r->log[r->plan->member[which][s]]; /* borrowed */
        divisor[s] = sqrt(SB_CHANNELS) * preset->size[s];
    }
    const sb_coincidence_options options = {preset->training.seed, preset->permutations, proceed, context};
    sb_paired_levels paired;
    sb_status status = sb_paired_levels_read(&paired, log, divisor, arm->top, error);
    if (!status) status = sb_coincidence_compute(&arm->test, &paired, &options, error);
    if (!status) {
        double levels = SB_LEVELS * smallest(arm->ceiling) / arm->top;
        sb_coincidence_gap(&arm->common, &paired, (size_t)fmax(1, ceil(levels * (1 - 1e-5))));
    }
    sb_paired_levels_clear(&paired);
    arm->present = !status;
    arm->verdict = arm->test.p >= SIGNIFICANCE                     ? SB_CURVES_CONSISTENT
                   : arm->test.upper <= fmpq_get_d(preset->margin) ? SB_CURVES_ALIKE
                                                                   : SB_CURVES_DIFFER;
    return status;
}

sb_status sb_scaling_results_read(sb_scaling_results *r, const char *directory, unsigned arms,
                                  int (*proceed)(void *context), void *context, sb_error *error) {
    sb_status status = find_ceilings(r, error);
    if (!status) choose_report_radius(r);
    for (int i = 0; i < r->plan->count && !status; i++)
        if (sb_scaling_needs(r->plan, arms, i)) status = read_log(r, directory, i, error);
    for (int arm = 0; arm < SB_ARMS && !status; arm++) {
        const int *member = r->plan->member[arm];
        if (!(arms & r->plan->preset->arms & 1u << arm)) continue;
        if (r->present[member[0]] && r->present[member[1]] && r->present[member[2]])
            status = compare(r, (sb_arm)arm, proceed, context, error);
    }
    return status;
}
