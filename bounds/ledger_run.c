/* Running the ledger. The work is cut into items: one for each claim file that any selected claim needs, one
   for each check and each control that is a function. Threads take the items in order; every item writes only
   its own slot; the verdicts are put together afterwards in one thread. So the result is the same for any
   number of threads.

   A claim's verdict is the weakest of its parts: refuted, undecided, differs, skipped, consistent,
   reproduced, proved, in this order. */
#include "bounds/ledger_run.h"
#include "bounds/goal.h"
#include "bounds/ledger.h"
#include "bounds/prover.h"
#include "support/arb_compat.h"
#include "support/file.h"
#include "support/progress.h"
#include "support/scratch.h"
#include "support/text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ progress and interrupts */
/* Under the lock. */
static void announce(sb_ledger_run_state *run, const char *name) {
    if (!run->stopped && run->options->proceed &&
        !run->options->proceed(run->options->context, run->done, run->item_count, name))
        run->stopped = 1;
}

/* Whether the caller has asked to stop. Takes the lock. */
static int prover_may_proceed(void *context, size_t boxes_done, double fraction_proved) {
    sb_ledger_run_state *run = context;
    (void)boxes_done;
    (void)fraction_proved;
    pthread_mutex_lock(&run->lock);
    announce(run, NULL);
    int stopped = run->stopped;
    pthread_mutex_unlock(&run->lock);
    return !stopped;
}

/* ------------------------------------------------------------------ one claim file */

/* Writes the certificate, has it checked, and keeps the checker's line. Only the checker's word counts. */
static sb_status check_proof(const sb_ledger_run_state *run, sb_goal_item *item, const sb_proof *proof,
                             sb_error *error) {
    char *file = sb_format("%s/%s.cert", run->certificates, item->name);
    if (!file) return sb_fail_memory(error);
    sb_verdict verdict = SB_UNSETTLED;
    sb_error rejection = {0};
    sb_status status = sb_file_write(file, proof->certificate, strlen(proof->certificate), error);
    if (!status) {
        status = sb_check_certificate(file, run->claims, &verdict, &item->line, &rejection);
        if (status == SB_INTERNAL) {
            item->line = sb_format("%s: %s", item->name, rejection.message);
            status = item->line ? SB_OK : sb_fail_memory(error);
        } else if (status) {
            sb_fail(error, status, "%s", rejection.message);
        } else if (verdict != proof->verdict) {
            status = sb_fail(error, SB_INTERNAL, "%s: the prover says %s, the checker says %s", item->name,
                             sb_verdict_name(proof->verdict), sb_verdict_name(verdict));
        } else {
            item->verdict = verdict;
            item->accepted = 1;
        }
    }
    free(file);
    return status;
}

static sb_status run_goal(sb_ledger_run_state *run, sb_goal_item *item, sb_error *error) {
    char *file = sb_path_join(run->claims, item->name);
    if (!file) return sb_fail_memory(error);
    sb_goal goal;
    sb_proof proof;
    sb_goal_init(&goal);
    sb_proof_init(&proof);
    sb_prover_limits limits = {.proceed = prover_may_proceed, .context = run};
    item->verdict = SB_UNSETTLED;
    sb_status status = sb_goal_read(&goal, file, error);
    if (!status) {
        item->hand_steps = goal.by_count;
        status = sb_prove(&goal, &limits, &proof, error);
    }
    if (!status && proof.verdict == SB_UNSETTLED) {
        item->line =
            sb_format("%s undecided: %s", item->name, proof.residual ? proof.residual : "no reason given");
        if (!item->line) status = sb_fail_memory(error);
    } else if (!status) {
        status = check_proof(run, item, &proof, error);
    }
    sb_proof_clear(&proof);
    sb_goal_clear(&goal);
    free(file);
    return status;
}

/* ------------------------------------------------------------------ one check */
static sb_status run_check(sb_ledger_run_state *run, sb_check_item *item, sb_error *error) {
    const sb_claim *claim = item->claim;
    sb_status status;
    if (item->log)
        status = (item->is_control ? run->options->check_log_control : run->options->check_log)(
            claim, run->options->logs_directory, &item->finding, error);
    else
        status = (item->is_control ? claim->control : claim->check)(claim, &item->finding, error);
    if (!status && !item->finding.evidence)
        status = sb_fail(error, SB_INTERNAL, "%s: a check without evidence", claim->id);
    return status;
}

/* Takes items until none is left. The error that is kept is that of the first failing item in the list: all
 * before it were taken before. */
static void *work(void *argument) {
    sb_ledger_run_state *run = argument;
    pthread_mutex_lock(&run->lock);
    while (!run->stopped && !run->failed && run->next < run->item_count) {
        size_t index = run->next++;
        int is_goal = index < run->goal_count;
        sb_goal_item *goal = is_goal ? &run->goal[index] : NULL;
        sb_check_item *check = is_goal ? NULL : &run->check[index - run->goal_count];
        announce(run, is_goal ? goal->name : check->claim->id);
        pthread_mutex_unlock(&run->lock);
        sb_error error = {0};
        double start = sb_seconds();
        sb_status status = is_goal ? run_goal(run, goal, &error) : run_check(run, check, &error);
        double seconds = sb_seconds() - start;
        pthread_mutex_lock(&run->lock);
        *(is_goal ? &goal->seconds : &check->seconds) = seconds;
        run->done++;
        if (status && (!run->failed || index < run->failed_item)) {
            run->failed = 1;
            run->failed_item = index;
            run->error = error;
            run->error.status = status;
        }
    }
    pthread_mutex_unlock(&run->lock);
    flint_cleanup();
    return NULL;
}

static sb_status run_items(sb_ledger_run_state *run, sb_error *error) {
    enum { MOST_THREADS = 256 };
    int jobs = run->options->jobs < 1              ? 1
               : run->options->jobs > MOST_THREADS ? MOST_THREADS
                                                   : run->options->jobs;
    pthread_t thread[MOST_THREADS];
    int started = 0;
    while (started < jobs - 1 && pthread_create(&thread[started], NULL, work, run) == 0) started++;
    work(run);
    while (started > 0) pthread_join(thread[--started], NULL);
    if (run->failed && run->error.status != SB_INTERRUPTED)
        return sb_fail(error, run->error.status, "%s", run->error.message);
    if (run->stopped || run->failed)
        return sb_fail(error, SB_INTERRUPTED, "interrupted after %zu of %zu checks", run->done,
                       run->item_count);
    return SB_OK;
}

/* ------------------------------------------------------------------ where files lie */
static sb_status open_folders(sb_ledger_run_state *run, sb_error *error) {
    const sb_ledger_options *options = run->options;
    sb_status status = SB_OK;
    if (options->claims_directory) {
        run->claims = sb_duplicate(options->claims_directory);
        if (!run->claims) return sb_fail_memory(error);
        if (!sb_directory_exists(run->claims))
            return sb_fail(error, SB_IO, "claims directory '%s': no such directory", run->claims);
    } else if ((status = sb_data_path("bounds/claims", &run->claims, error)) != SB_OK) {
        return status;
    }
    if (options->certificate_directory) {
        run->certificates = sb_duplicate(options->certificate_directory);
        return run->certificates ? sb_directory_make(run->certificates, error) : sb_fail_memory(error);
    }
    run->temporary = 1;
    return sb_scratch_make(&run->certificates, error);
}

static void close_folders(sb_ledger_run_state *run) {
    if (run->temporary)
        sb_scratch_remove(run->certificates);
    else
        free(run->certificates);
    free(run->claims);
}

/* ------------------------------------------------------------------ all of it */
sb_status sb_ledger_run(const sb_ledger_options *options, const char *selected, sb_claim_result *result,
                        sb_error *error) {
    sb_ledger_run_state run = {.options = options};
    sb_status status = SB_OK;
    if (pthread_mutex_init(&run.lock, NULL) != 0) return sb_fail_memory(error);
    status = sb_ledger_plan(&run, selected, error);
    if (!status) status = open_folders(&run, error);
    if (!status) status = run_items(&run, error);
    if (!status) status = sb_ledger_conclude(&run, selected, result, error);
    close_folders(&run);
    sb_ledger_plan_clear(&run);
    pthread_mutex_destroy(&run.lock);
    return status;
}

void sb_claim_result_clear(sb_claim_result *result) {
    free(result->evidence);
    free(result->control);
    free(result->certificates);
    memset(result, 0, sizeof *result);
}
