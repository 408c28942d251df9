/* Inside the ledger's runner: the items of one run (ledger_run.c carries them out, ledger_verdict.c plans
   them and puts the verdicts together). Not for other modules. */
#ifndef SB_BOUNDS_LEDGER_RUN_H
#define SB_BOUNDS_LEDGER_RUN_H

#include "bounds/ledger.h"

#include <pthread.h>

/* A claim file: proved or refuted once, for all claims that name it. */
typedef struct {
    const char *name;
    sb_verdict verdict;
    int accepted;      /* sbcheck took the certificate */
    char *line;        /* the checker's line, or why there is none */
    size_t hand_steps; /* its `by` lines */
    double seconds;
} sb_goal_item;

/* A check function, or a control that is one. */
typedef struct {
    const sb_claim *claim;
    size_t index; /* of the claim */
    int is_control, log;
    sb_finding finding;
    double seconds;
} sb_check_item;

typedef struct {
    const sb_ledger_options *options;
    char *claims, *certificates; /* directories */
    int temporary;               /* the certificates go when the run ends */
    sb_goal_item *goal;
    size_t goal_count;
    sb_check_item *check;
    size_t check_count;
    size_t item_count; /* goals first, then checks */
    /* under lock */
    pthread_mutex_t lock;
    size_t next, done;
    int stopped, failed;
    size_t failed_item;
    sb_error error;
} sb_ledger_run_state;

/* Lists the items that the selected claims need. */
sb_status sb_ledger_plan(sb_ledger_run_state *run, const char *selected, sb_error *error);
void sb_ledger_plan_clear(sb_ledger_run_state *run);

/* From finished items to results. */
sb_status sb_ledger_conclude(const sb_ledger_run_state *run, const char *selected, sb_claim_result *result,
                             sb_error *error);

#endif
