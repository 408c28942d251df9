/* Reading a log again under another certificate.

   The logs of the paper were written with a two-class rule. From n0 samples it picks the most frequent class
   A and a runner-up B, and from n further samples with counts nA, nB it certifies R = (sigma/2)
   (Phi^{-1}(L(nA)) - Phi^{-1}(U(nB))), L and U the one-sided Clopper-Pearson bounds at level alpha each; it
   abstains when L(nA) < U(nB). That is a sound use of Theorem 2.1 only if B is the true runner-up and both
   bounds hold at once. Cohen et al. certify R = sigma Phi^{-1}(L(nA)), which needs neither. The counts are
   not in the log, but a printed radius leaves only some pairs (nA, nB), nA + nB <= n, possible: each image
   gets the least and the largest radius that the other rule could have given on the same samples. The
   mathematics is in certificate_rule.c. */
#ifndef SB_NN_CERTIFICATE_RULE_H
#define SB_NN_CERTIFICATE_RULE_H

#include "nn/certified_accuracy.h"

typedef enum {
    SB_RULE_AS_PRINTED,            /* the radii of the log */
    SB_RULE_COHEN,                 /* R = sigma Phi^{-1}(L(nA)) */
    SB_RULE_TWO_CLASS_BONFERRONI,  /* L(nA) and U of every other class, each at level alpha/classes */
    SB_RULE_TWO_CLASS_AS_PUBLISHED /* the radii of the log: what its authors' program certifies; unsound */
} sb_certificate_rule;

/* "cohen", "two-class-bonferroni", "two-class-as-published"; SB_BAD_INPUT otherwise, with the nearest. */
sb_status sb_certificate_rule_parse(const char *text, sb_certificate_rule *rule, sb_error *error);
const char *sb_certificate_rule_name(sb_certificate_rule rule);

/* What one image could have been given under the other rule: l_2 radii; a negative one is an abstention. */
typedef struct {
    arb_t least, largest;
    int printable; /* a count nA exists whose radius under Cohen's rule prints as the logged one */
} sb_reread_image;

typedef struct {
    sb_reread_image *image; /* as in the log; for abstentions least and largest are -1 */
    size_t count;
} sb_reread_log;

void sb_reread_log_init(sb_reread_log *reread);
void sb_reread_log_clear(sb_reread_log *reread);

/* Reads every image again. For SB_RULE_COHEN both ends are attained by possible counts; for
   SB_RULE_TWO_CLASS_BONFERRONI they enclose what is possible. SB_BAD_INPUT names the line when no counts
   explain its radius (sigma, d, n or alpha are not the log's). proceed may be NULL; it returns 0 to stop
   (SB_INTERRUPTED). */
sb_status sb_reread(sb_reread_log *reread, const sb_certification_log *log, const sb_sampling *sampling,
                    sb_certificate_rule rule, int (*proceed)(void *context, size_t done, size_t total),
                    void *context, sb_error *error);

/* The number of correct images with radius / divisor >= radius lies in [*lowest, *highest]; decided with
   certainty (a tie that the balls cannot decide widens the bracket). `divisor`: of the l_2 radii. */
void sb_reread_count(const sb_reread_log *reread, const sb_certification_log *log, const fmpq_t radius,
                     const sb_divisor *divisor, size_t *lowest, size_t *highest);

/* Correct images with logged radius / divisor >= radius whose printed radius no count gives under Cohen's
   rule. The divisor applies to the logged radii. */
size_t sb_not_cohen_count(const sb_reread_log *reread, const sb_certification_log *log, const fmpq_t radius,
                          const sb_divisor *divisor);

#endif
