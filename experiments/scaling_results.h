/* What the finished logs of the experiment `scaling` say. */
#ifndef SB_EXPERIMENTS_SCALING_RESULTS_H
#define SB_EXPERIMENTS_SCALING_RESULTS_H

#include "experiments/coincidence.h"
#include "experiments/scaling_plan.h"

typedef enum {
    SB_CURVES_CONSISTENT, /* the permutation test does not reject at 5 %: consistent with one curve */
    SB_CURVES_ALIKE,      /* it rejects, but the 95 % upper bound of the distance is within the margin */
    SB_CURVES_DIFFER
} sb_curves_verdict;

/* "consistent", "alike", "differ" */
const char *sb_curves_verdict_name(sb_curves_verdict verdict);

/* Whether the paper's law says so: `scaled` should not differ, `fixed` should; of `detail` nothing is said.
 */
int sb_curves_as_expected(sb_arm arm, sb_curves_verdict verdict);

typedef struct {
    int present;                      /* its three logs were there */
    double ceiling[SB_SCALING_SIZES]; /* l_inf, approximately: the largest radius that n samples certify */
    double top;                       /* the largest of them: radii are compared below it */
    sb_coincidence test;              /* over all radii below top */
    sb_coincidence common;            /* the largest distance below the smallest ceiling */
    sb_curves_verdict verdict;
} sb_scaling_arm;

typedef struct {
    const sb_scaling_plan *plan;
    sb_certification_log log[SB_SCALING_NETWORKS]; /* empty where not present */
    int present[SB_SCALING_NETWORKS];
    sb_scaling_arm arm[SB_ARMS];
    fmpq_t report_radius; /* l_inf: the preset's, else 2/255, or a round number below .95 of every ceiling of
                             arm scaled when that is less */
} sb_scaling_results;

void sb_scaling_results_init(sb_scaling_results *results, const sb_scaling_plan *plan);
void sb_scaling_results_clear(sb_scaling_results *results);

/* Reads the logs of the arms in the mask that lie in the directory and compares them. An arm with a missing
   or unfinished log is left out. SB_BAD_INPUT for a log that cannot be read. proceed may be NULL. */
sb_status sb_scaling_results_read(sb_scaling_results *results, const char *directory, unsigned arms,
                                  int (*proceed)(void *context), void *context, sb_error *error);

/* sigma Phi^{-1}(alpha^(1/n))/sqrt(d) of a network */
sb_status sb_scaling_ceiling(arb_t ceiling, const sb_scaling_plan *plan, int network, sb_error *error);

#endif
