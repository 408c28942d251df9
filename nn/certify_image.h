/* From class counts to what is certified: the rules of certificate_rule.h and Cohen's PREDICT. */
#ifndef SB_NN_CERTIFY_IMAGE_H
#define SB_NN_CERTIFY_IMAGE_H

#include "nn/adaptive.h"
#include "nn/certificate_rule.h"
#include "nn/certified_radius.h"
#include "nn/resnet.h"

/* What counts give under a rule. */
typedef struct {
    int certified;    /* 0: abstains */
    int reaches;      /* radius >= the target */
    char radius[100]; /* plain decimal, six significant digits or a few more, rounded down; "0" for an
                         abstention */
} sb_certificate;

typedef struct {
    int top, runner_up; /* the two most frequent classes of the selection, the first of equal ones */
} sb_selected_classes;

sb_selected_classes sb_select_classes(const uint64_t counts[SB_CLASSES]);

/* The bounds of a rule on the two scores: `top` from below from its count among `samples`, `runner_up` from
   above from the count `other` (not looked at under Cohen's rule: 1 - top). All of them hold at once with
   probability at least 1 - alpha, but for the published rule. The rule certifies if top > runner_up.
   SB_OUTSIDE for counts above `samples`. */
sb_status sb_certified_scores(arb_t top, arb_t runner_up, sb_certificate_rule rule, uint64_t samples,
                              uint64_t top_count, uint64_t other, const fmpq_t alpha, sb_error *error);

/* A rule at a noise; remembers what it has computed. For one thread. */
typedef struct {
    sb_certificate_rule rule;
    sb_certified_law law;
    sb_stages stages;
    fmpq_t target; /* radius of adaptive stopping; else 0 */
    struct sb_known_certificate *known;
    size_t known_count, known_capacity;
} sb_certifier;

/* samples >= 1, 0 < alpha < 1. target NULL: all samples are drawn; else > 0: adaptive stopping. The noise
   must outlive the certifier. SB_OUTSIDE for a noise without certified radius. To be cleared also on failure.
 */
sb_status sb_certifier_init(sb_certifier *certifier, const sb_noise_spec *noise, uint64_t dimension,
                            sb_certificate_rule rule, uint64_t samples, const fmpq_t alpha,
                            const fmpq_t target, sb_error *error);
void sb_certifier_clear(sb_certifier *certifier);

/* What the counts of stages.samples[stage] samples certify for selected.top, at the stage's level. It
   abstains unless the lower bound of the class is certainly above what the others may have: 1/2 under Cohen's
   rule. */
sb_status sb_certify_counts(sb_certificate *certificate, sb_certifier *certifier, int stage,
                            sb_selected_classes selected, const uint64_t counts[SB_CLASSES], sb_error *error);

/* *settled := whether sampling may stop at this stage: it is the last; the target is certified; the last
   stage cannot certify it even if all further samples are of the class; or the radius that the rule would
   give for the true scores is below the target, by the bounds of the other side at the stage's level. The
   last two are given up: they cost power (under a sound rule the third with probability at most alpha_j for
   an image whose true scores give the target), never soundness. */
sb_status sb_certify_settled(int *settled, sb_certifier *certifier, int stage, sb_selected_classes selected,
                             const uint64_t counts[SB_CLASSES], const sb_certificate *certificate,
                             sb_error *error);

/* PREDICT of Cohen et al.: the most frequent class, or SB_ABSTAIN unless the two-sided binomial test of the
   two largest counts nA, nB rejects equality: 2 Pr(Bin(nA + nB, 1/2) >= nA) <= alpha, certainly. */
int sb_predict_class(const uint64_t counts[SB_CLASSES], const fmpq_t alpha);

#endif
