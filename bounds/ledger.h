/* The ledger: every checkable statement of the paper, in the paper's order, with the way it is checked, the
   verdict that is expected (a misprint is expected to be refuted as printed, and its correction to be
   proved), the hand steps between the printed statement and what the machine checks, and a negative control:
   a strengthened, false variant that the same machinery must refute. */
#ifndef SB_BOUNDS_LEDGER_H
#define SB_BOUNDS_LEDGER_H

#include "bounds/verdict.h"
#include "support/status.h"

#include <stddef.h>

typedef enum {
    SB_CHECK_INTERVAL,   /* IV: a rigorous interval proof over a parameter box; claim file and certificate */
    SB_CHECK_EXACT,      /* EX: integers, rationals, polynomial identities */
    SB_CHECK_EVALUATION, /* CE: certified evaluation for given noises on a committed grid */
    SB_CHECK_STATISTICS, /* ST */
    SB_CHECK_EXPERIMENT, /* NE */
    SB_CHECK_LOG,        /* LOG: recomputed from certification logs */
    SB_CHECK_DEFINITION  /* DOC: a definition or a quotation */
} sb_check_kind;

const char *sb_check_kind_name(sb_check_kind kind); /* "interval", "exact", ... */

/* What a check function reports. evidence: one line, malloc'd: "held in 4096 instances (laws on up to 6
   points, eps = 1..3)", with the counterexample when refuted. */
typedef struct {
    sb_verdict verdict;
    char *evidence;
} sb_finding;

/* Fills a finding; returns SB_OK, also for a refutation. */
sb_status sb_find(sb_finding *finding, sb_error *error, sb_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

typedef struct sb_claim sb_claim;
typedef sb_status sb_claim_check(const sb_claim *claim, sb_finding *finding, sb_error *error);

struct sb_claim {
    const char *id;        /* "lemma-3.1-constant"; also the name of its claim file, when it has one */
    const char *label;     /* its number in docs/theory/claims.md: "C14"; an erratum's correction carries the
                              erratum too: "C14 E31" */
    const char *where;     /* "Section 3.1, end" */
    const char *statement; /* one line of plain text */
    sb_check_kind kind;
    sb_verdict expected;
    const char *hand;      /* hand steps, separated by "; "; counted; a claim file's `by` lines are counted
                              besides. "" if none */
    sb_claim_check *check; /* an exact or certified check in C; NULL: only certificates */
    sb_claim_check
        *control; /* the false variant, checked by the same function family: must come back SB_REFUTED */
    const char *const *goals;    /* claim files under bounds/claims that make up the claim, NULL-terminated;
                                    NULL: none. All must be proved for SB_PROVED; for an expected SB_REFUTED
                                    the first is the printed one and must be refuted */
    const char *const *controls; /* claim files that must be refuted; NULL-terminated; NULL: none */
    const char *why;             /* skipped: the reason; quoted: from where */
};

/* The sections, each a table in a file of its own, in the paper's order. */
typedef struct {
    const sb_claim *claim;
    size_t count;
} sb_ledger_section;
extern const sb_ledger_section sb_ledger_introduction; /* abstract, sections 1 and 2 */
extern const sb_ledger_section sb_ledger_analysis;     /* section 3 */
extern const sb_ledger_section sb_ledger_experiments;  /* section 4 */
extern const sb_ledger_section sb_ledger_appendices;   /* A, B, C */
extern const sb_ledger_section sb_ledger_sharp;        /* sharper than the paper: one shift, robustness */
extern const sb_ledger_section sb_ledger_sharp_space;  /* the same in every dimension */

/* Rules for a row (tests/bounds/t_ledger.c holds the tables to them):
   - What is expected to be proved, consistent or reproduced has a negative control: claim files or a
   function.
   - NAME-as-printed is expected to be refuted. Its correction, or what remains of the statement, stands
   beside it under the same label. It needs no control: the correction shows that the machinery does not
   refute whatever it is given.
   - A claim file that is a control has a name that ends in -control, -control-2 and so on.
   - Quoted and skipped rows have neither check nor claim files, and say why. */

/* ------------------------------------------------------------------ running it */
typedef struct {
    const sb_claim *claim;
    sb_verdict verdict;
    sb_verdict
        expected;   /* the claim's; where logs are not there: skipped or quoted, as found; or the override */
    char *evidence; /* one line; begins with what went wrong when as_expected is 0 */
    char *control;  /* what the negative control came to, one line; NULL: none ran */
    char *certificates; /* names of the accepted certificates, ", " between; NULL: none */
    size_t hand_steps;
    int control_ran, control_refuted; /* a control that is not refuted makes the claim fail */
    int as_expected;
    double seconds; /* of processor-bound work, over all threads */
} sb_claim_result;

typedef struct {
    const char *claims_directory;      /* bounds/claims; NULL: sb_data_path */
    const char *certificate_directory; /* where certificates are written; NULL: a temporary folder, removed */
    const char *logs_directory;        /* certification logs of the authors, or NULL */
    /* checks of kind SB_CHECK_LOG and their controls live above this layer (paper_tables/log_claims.h); they
       are called with logs_directory, also when that is NULL. NULL: such claims are skipped */
    sb_status (*check_log)(const sb_claim *claim, const char *logs_directory, sb_finding *finding,
                           sb_error *error);
    sb_status (*check_log_control)(const sb_claim *claim, const char *logs_directory, sb_finding *finding,
                                   sb_error *error);
    int (*proceed)(void *context, size_t done, size_t total,
                   const char *id); /* may be NULL; return 0 to stop */
    void *context;
    int jobs;                   /* threads; results never depend on it */
    const sb_verdict *expected; /* sb_ledger_size() words that replace the ledger's own; NULL: none */
} sb_ledger_options;

/* All claims in order. *count on return. */
size_t sb_ledger_size(void);
const sb_claim *sb_ledger_claim(size_t index);
const char *sb_ledger_section_title(size_t index); /* of the section that claim `index` belongs to */

/* Sets selected[i] = 1 for the claims that `word` means: an id, a label ("R5", "E1", any case), a shell
   pattern, or the beginning of exactly one id. SB_BAD_INPUT with the nearest id, or the ids that begin so. */
sb_status sb_ledger_select(const char *word, char *selected, sb_error *error);

/* Runs the claims whose selected[index] is non-zero (NULL: all). result must hold sb_ledger_size() entries,
   zeroed; those of claims that were not selected stay so. A claim file is proved once, however many claims
   use it. SB_OK also when claims fail; an error is what keeps a check from running: a claim file that is
   missing or does not parse, no sbcheck, no memory, an interrupt. A certificate that sbcheck rejects leaves
   its claim undecided. */
sb_status sb_ledger_run(const sb_ledger_options *options, const char *selected, sb_claim_result *result,
                        sb_error *error);
void sb_claim_result_clear(sb_claim_result *result);

#endif
