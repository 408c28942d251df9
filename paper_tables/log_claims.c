/* Each claim is one computation on counts, run with the true numbers for the check and with false ones for
   its control. All comparisons are in rationals or decided balls. */
#include "paper_tables/log_claims.h"

#include "nn/authors_logs.h"
#include "nn/certificate_rule.h"
#include "paper_tables/figure_2.h"
#include "support/enclosure.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *directory;
    int control; /* use the false numbers */
    sb_finding *finding;
    sb_error *error;
} job;

static sb_status skipped(const job *j, const char *what) {
    return sb_find(j->finding, j->error, SB_SKIPPED, "%s is not in %s", what, j->directory);
}

/* The verdict of a comparison: a control has to be refuted. */
static sb_verdict outcome(const job *j, int agrees) {
    if (j->control) return agrees ? SB_REPRODUCED : SB_REFUTED;
    return agrees ? SB_REPRODUCED : SB_DIFFERS;
}

/* Whether 100 count/images differs from tenths/10 by at most half a unit. */
static int agrees_in_tenths(size_t count, size_t images, unsigned tenths) {
    size_t left = 2000 * count, right = 2 * (size_t)tenths * images; /* in units of 1/(20 images) */
    return (left > right ? left - right : right - left) <= images;
}

/* ------------------------------------------------------------------ Table 1 */
static sb_status table_1_row(const job *j, sb_authors_log which, unsigned certified, unsigned natural) {
    sb_certification_log log;
    sb_divisor divisor;
    fmpq_t radius;
    int found;
    sb_divisor_init(&divisor);
    fmpq_init(radius);
    fmpq_set_si(radius, 2, 255);
    sb_authors_log_divisor(&divisor, which);
    if (j->control) { /* one unit of the last digit more than is printed */
        certified++;
        natural++;
    }
    sb_status status = sb_authors_log_read(&log, j->directory, which, &found, j->error);
    if (!status && !found && which == SB_AUTHORS_SALMAN) {
        status = sb_find(j->finding, j->error, j->control ? SB_SKIPPED : SB_QUOTED,
                         "their log, sigma_0.12 of github.com/Hadisalman/smoothing-adversarial, is not in %s",
                         j->directory);
    } else if (!status && !found) {
        status = skipped(j, sb_authors_log_facts_of(which)->name);
    } else if (!status) {
        size_t count = sb_certified_count(&log, radius, &divisor), right = sb_natural_count(&log);
        int agrees =
            agrees_in_tenths(count, log.count, certified) && agrees_in_tenths(right, log.count, natural);
        status = sb_find(j->finding, j->error, outcome(j, agrees),
                         "%zu of %zu certified at 2/255 and %zu correct, against %u.%u %% and %u.%u %%",
                         count, log.count, right, certified / 10, certified % 10, natural / 10, natural % 10);
    }
    sb_certification_log_clear(&log);
    sb_divisor_clear(&divisor);
    fmpq_clear(radius);
    return status;
}

static sb_status table_1_trades(const job *j) {
    return table_1_row(j, SB_AUTHORS_FULL_32, 626, 788);
}

static sb_status table_1_salman(const job *j) {
    return table_1_row(j, SB_AUTHORS_SALMAN, 608, 821);
}

/* ------------------------------------------------------------------ Figure 2 */
static const sb_authors_log small_log[3] = {SB_AUTHORS_32, SB_AUTHORS_48, SB_AUTHORS_64};

/* *found := whether all three are there; count[i] of images[i] at `radius` */
static sb_status small_counts(const job *j, const fmpq_t radius, size_t *count, size_t *images, int *found) {
    sb_status status = SB_OK;
    *found = 1;
    for (size_t i = 0; !status && i < 3; i++) {
        sb_certification_log log;
        int here;
        status = sb_authors_log_read(&log, j->directory, small_log[i], &here, j->error);
        count[i] = sb_certified_count(&log, radius, NULL);
        images[i] = log.count;
        *found &= here;
        sb_certification_log_clear(&log);
    }
    return status;
}

/* z^2 = (p_1-p_2)^2 / (p_1 q_1/n_1 + p_2 q_2/n_2), exact; 0 when both agree */
static void squared_distance(fmpq_t z, size_t a, size_t na, size_t b, size_t nb) {
    fmpq_t p, q, variance;
    fmpq_init(p);
    fmpq_init(q);
    fmpq_init(variance);
    fmpq_set_si(p, (slong)a, na);
    fmpq_canonicalise(p);
    fmpq_set_si(q, (slong)b, nb);
    fmpq_canonicalise(q);
    fmpq_sub(z, p, q);
    fmpq_mul(z, z, z);
    fmpq_set_si(variance, (slong)(a * (na - a)), na * na * na);
    fmpq_canonicalise(variance);
    fmpq_set_si(q, (slong)(b * (nb - b)), nb * nb * nb);
    fmpq_canonicalise(q);
    fmpq_add(variance, variance, q);
    if (!fmpq_is_zero(z) && !fmpq_is_zero(variance)) fmpq_div(z, z, variance);
    fmpq_clear(p);
    fmpq_clear(q);
    fmpq_clear(variance);
}

static sb_status figure_2(const job *j) {
    sb_table table;
    sb_paper_table_outcome values = {0};
    sb_paper_table_options options = {j->directory, 6};
    size_t count[3] = {0}, images[3] = {0};
    int found = 0;
    fmpq_t radius, z, largest, bar;
    fmpq_init(radius);
    fmpq_init(z);
    fmpq_init(largest);
    fmpq_init(bar);
    fmpq_set_si(radius, 2, 255);
    fmpq_set_si(bar, 9604, 2500); /* 1.96^2 */
    fmpq_canonicalise(bar);
    sb_table_init(&table, NULL, NULL, 0);
    sb_status status = small_counts(j, radius, count, images, &found);
    if (!status && found) status = sb_table_figure_2(&table, &options, &values, j->error);
    if (!status && !found) {
        status = skipped(j, "one of the three logs of 500 images");
    } else if (!status) {
        if (j->control) count[0] += images[0] / 10; /* size 32 a tenth higher than it is */
        for (size_t a = 0; a < 3; a++) {
            for (size_t b = 0; b < a; b++) {
                squared_distance(z, count[a], images[a], count[b], images[b]);
                if (fmpq_cmp(z, largest) > 0) fmpq_set(largest, z);
            }
        }
        int agrees = values.differs == 0 && values.reproduced > 0 && fmpq_cmp(largest, bar) < 0;
        arb_t root;
        arb_init(root);
        arb_set_fmpq(root, largest, 64);
        arb_sqrt(root, root, 64);
        char *shown = sb_decimal_upper(root, 3);
        status = shown ? sb_find(j->finding, j->error, outcome(j, agrees),
                                 "%zu of %zu plotted values agree; at 2/255 %zu, %zu and %zu of %zu images: "
                                 "any two at most %s "
                                 "standard errors apart",
                                 values.reproduced, values.reproduced + values.differs, count[0], count[1],
                                 count[2], images[0], shown)
                       : sb_fail_memory(j->error);
        free(shown);
        arb_clear(root);
    }
    sb_table_clear(&table);
    fmpq_clear(radius);
    fmpq_clear(z);
    fmpq_clear(largest);
    fmpq_clear(bar);
    return status;
}

/* ------------------------------------------------------------------ the sampling ceiling */
/* *agrees &= the largest radius of the log prints the ceiling */
static sb_status ceiling_of_log(const job *j, sb_authors_log which, int *agrees, int *found,
                                size_t *on_ceiling) {
    sb_certification_log log;
    sb_sampling sampling;
    fmpq_t largest, low, high;
    arb_t ceiling, end;
    sb_sampling_init(&sampling);
    fmpq_init(largest);
    fmpq_init(low);
    fmpq_init(high);
    arb_init(ceiling);
    arb_init(end);
    sb_authors_log_sampling(&sampling, which);
    if (j->control) sampling.samples = 10000;
    sb_status status = sb_authors_log_read(&log, j->directory, which, found, j->error);
    if (!status && *found) status = sb_sampling_ceiling(ceiling, &sampling, 20, j->error);
    if (!status && *found) {
        sb_largest_radius(largest, &log);
        sb_printed_interval(low, high, largest, sampling.radius_digits);
        sb_divisor_ball(end, &sampling.logged, 128);
        arb_div(ceiling, ceiling, end, 128);
        arb_set_fmpq(end, low, 128);
        *agrees &= arb_ge(ceiling, end);
        arb_set_fmpq(end, high, 128);
        *agrees &= arb_le(ceiling, end);
        status = sb_ceiling_count(&log, &sampling, on_ceiling, j->error);
    }
    sb_certification_log_clear(&log);
    sb_sampling_clear(&sampling);
    fmpq_clear(largest);
    fmpq_clear(low);
    fmpq_clear(high);
    arb_clear(ceiling);
    arb_clear(end);
    return status;
}

static sb_status sampling_ceiling(const job *j) {
    static const sb_authors_log log[] = {SB_AUTHORS_FULL_32, SB_AUTHORS_32, SB_AUTHORS_48, SB_AUTHORS_64,
                                         SB_AUTHORS_SALMAN};
    sb_status status = SB_OK;
    int agrees = 1, found;
    size_t read = 0, images = 0, on_ceiling = 0;
    for (size_t i = 0; !status && i < sizeof log / sizeof log[0]; i++) {
        status = ceiling_of_log(j, log[i], &agrees, &found, &on_ceiling);
        read += !status && found;
        images += !status && found ? on_ceiling : 0;
    }
    if (status) return status;
    if (!read) return skipped(j, "any of the logs");
    sb_sampling sampling;
    arb_t ceiling;
    sb_sampling_init(&sampling);
    arb_init(ceiling);
    sb_authors_log_sampling(&sampling, SB_AUTHORS_FULL_32);
    if (j->control) sampling.samples = 10000;
    status = sb_sampling_ceiling(ceiling, &sampling, 12, j->error);
    char *low = sb_decimal_lower(ceiling, 6), *high = sb_decimal_upper(ceiling, 6);
    if (!status && (!low || !high)) status = sb_fail_memory(j->error);
    if (!status)
        status =
            sb_find(j->finding, j->error, outcome(j, agrees),
                    "for n = %zu, alpha = .001, sigma = .12 the ceiling lies in [%s, %s]; %s the largest "
                    "radius in each of %zu "
                    "logs; %zu correct images sit on it",
                    (size_t)sampling.samples, low, high, agrees ? "it prints as" : "it is not", read, images);
    free(low);
    free(high);
    arb_clear(ceiling);
    sb_sampling_clear(&sampling);
    return status;
}

/* ------------------------------------------------------------------ Cohen's rule on the same samples */
static sb_status cohen_rereading(const job *j) {
    sb_certification_log log;
    sb_sampling sampling;
    sb_reread_log reread;
    fmpq_t radius;
    int found;
    sb_reread_log_init(&reread);
    sb_sampling_init(&sampling);
    fmpq_init(radius);
    fmpq_set_si(radius, 2, 255);
    sb_authors_log_sampling(&sampling, SB_AUTHORS_FULL_32);
    sb_status status = sb_authors_log_read(&log, j->directory, SB_AUTHORS_FULL_32, &found, j->error);
    if (!status && found) status = sb_reread(&reread, &log, &sampling, SB_RULE_COHEN, NULL, NULL, j->error);
    if (!status && !found) {
        status = skipped(j, sb_authors_log_facts_of(SB_AUTHORS_FULL_32)->name);
    } else if (!status) {
        size_t lowest, highest, published = sb_certified_count(&log, radius, NULL);
        sb_reread_count(&reread, &log, radius, &sampling.logged, &lowest, &highest);
        int agrees =
            j->control ? lowest <= published && published <= highest : lowest == 6115 && highest == 6181;
        status = sb_find(j->finding, j->error, outcome(j, agrees),
                         "%s%zu to %zu of %zu images at 2/255, against %zu as logged; %zu of those have "
                         "radii that no count gives under "
                         "Cohen's rule",
                         j->control ? "that its rule certifies what is logged: " : "", lowest, highest,
                         log.count, published, sb_not_cohen_count(&reread, &log, radius, NULL));
    }
    sb_reread_log_clear(&reread);
    sb_certification_log_clear(&log);
    sb_sampling_clear(&sampling);
    fmpq_clear(radius);
    return status;
}

/* ------------------------------------------------------------------ no logs needed */
/* sigma in 1/100, eps_2 in 1/10000; eps_2/sqrt(d) and sigma/eps_2 are compared by cross products of squares
 */
static sb_status radius_scaling(const job *j) {
    const unsigned long d[3] = {3072, 6912, 12288}, eps[3] = {4350, 6525, 8700};
    const unsigned long sigma[3] = {12, j->control ? 19 : 18, 24};
    int same = 1;
    for (int i = 1; i < 3; i++) {
        same &= sigma[i] * eps[0] == sigma[0] * eps[i];
        same &= eps[i] * eps[i] * d[0] == eps[0] * eps[0] * d[i];
    }
    return sb_find(j->finding, j->error, same ? SB_PROVED : SB_REFUTED,
                   "sigma/eps_2 %s for the three sizes, eps_2^2/d = .435^2/3072",
                   same ? "= 8/29" : "differs");
}

static const struct {
    const char *id;
    sb_status (*run)(const job *j);
    int needs_logs;
} claim_check[] = {{"table-1-trades", table_1_trades, 1},   {"table-1-salman", table_1_salman, 1},
                   {"figure-2-curves", figure_2, 1},        {"sampling-ceiling", sampling_ceiling, 1},
                   {"cohen-rereading", cohen_rereading, 1}, {"radius-scaling", radius_scaling, 0}};

static sb_status run(const sb_claim *claim, const char *directory, int control, sb_finding *finding,
                     sb_error *error) {
    job j = {directory, control, finding, error};
    for (size_t i = 0; i < sizeof claim_check / sizeof claim_check[0]; i++) {
        if (strcmp(claim_check[i].id, claim->id) != 0) continue;
        if (claim_check[i].needs_logs && !directory)
            return sb_find(finding, error, SB_SKIPPED, "no certification logs were given; %s",
                           sb_authors_logs_place);
        return claim_check[i].run(&j);
    }
    return sb_fail(error, SB_INTERNAL, "claim %s: no computation from logs is known for it", claim->id);
}

sb_status sb_log_claim_check(const sb_claim *claim, const char *logs_directory, sb_finding *finding,
                             sb_error *error) {
    return run(claim, logs_directory, 0, finding, error);
}

sb_status sb_log_claim_control(const sb_claim *claim, const char *logs_directory, sb_finding *finding,
                               sb_error *error) {
    return run(claim, logs_directory, 1, finding, error);
}
