/* Sums over the rows of one block are plain; the totals over blocks carry a compensation (Neumaier), so that
   their relative error stays near 2^-52 times the rows of a block, however many blocks there are. A sum over
   coordinates is a sum of sums of PART terms, for the same reason.

   Upper bound. For X >= 0 and t > 0, e^(-tX) <= 1 - tX + t^2 X^2/2, hence E e^(-tX) <= exp(-t mu + t^2 E
   X^2/2) and, with the best t, Pr(mean <= mu - a) <= exp(-n a^2/(2 E X^2)): a mean of non-negative variables
   seldom falls far below mu, even when a few large values carry mu. */
#include "distributions/sample_statistics.h"

#include "distributions/binomial.h"
#include "support/enclosure.h"
#include "support/progress.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_NUMBERS = 1 << 18, BLOCK_ROWS = 1 << 14, LEAST_ROWS = 16, PART = 4096, MOST_JOBS = 64 };

/* ------------------------------------------------------------------ one variable */
void sb_running_mean_add(sb_running_mean *mean, double x) {
    double step = x - mean->mean;
    mean->mean += step / (double)++mean->count;
    mean->squares += step * (x - mean->mean);
}

void sb_running_mean_merge(sb_running_mean *mean, const sb_running_mean *other) {
    double n = (double)mean->count, m = (double)other->count, step = other->mean - mean->mean;
    if (!other->count) return;
    mean->count += other->count;
    mean->mean += step * (m / (n + m));
    mean->squares += other->squares + step * step * (n * m / (n + m));
}

double sb_running_mean_variance(const sb_running_mean *mean) {
    return mean->count < 2 ? NAN : mean->squares / (double)(mean->count - 1);
}

/* ------------------------------------------------------------------ a block of samples */
typedef struct {
    const sb_sample_statistics *whole; /* dimension, thresholds */
    uint64_t seed, first;              /* number of its first sample */
    sb_running_mean square, norm, largest;
    double *row, *second, *fourth; /* sums */
    uint64_t beyond[SB_TAIL_THRESHOLDS], trials;
} block;

static int block_init(block *b, const sb_sample_statistics *whole, uint64_t seed) {
    size_t d = (size_t)whole->dimension;
    memset(b, 0, sizeof *b);
    b->whole = whole;
    b->seed = seed;
    b->row = malloc(3 * d * sizeof *b->row);
    b->second = b->row ? b->row + d : NULL;
    b->fourth = b->row ? b->row + 2 * d : NULL;
    return b->row != NULL;
}

static void block_start(block *b, uint64_t first) {
    b->first = first;
    b->square = b->norm = b->largest = (sb_running_mean){0, 0, 0};
    memset(b->second, 0, 2 * (size_t)b->whole->dimension * sizeof *b->second);
    memset(b->beyond, 0, sizeof b->beyond);
    b->trials = 0;
}

/* Counts the thresholds below |x|: beyond[k - 1] for the k of them, summed up at the end. */
static void count_tail(block *b, double x) {
    size_t low = 0, high = b->whole->threshold_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (x > b->whole->threshold[middle])
            low = middle + 1;
        else
            high = middle;
    }
    if (low) b->beyond[low - 1]++;
    b->trials++;
}

static void block_add(block *b) {
    size_t d = (size_t)b->whole->dimension;
    double square = 0, part = 0, largest = 0;
    uint64_t number = b->first + b->square.count;
    int all = b->whole->independent && number + 1 <= SB_TRIALS_LIMIT / d;
    for (size_t i = 0; i < d; i++) {
        double x = fabs(b->row[i]), x2 = x * x;
        part += x2;
        if (i % PART == PART - 1 || i == d - 1) {
            square += part;
            part = 0;
        }
        largest = fmax(largest, x);
        b->second[i] += x2;
        b->fourth[i] += x2 * x2;
        if (all) count_tail(b, x);
    }
    if (!b->whole->independent && number < SB_TRIALS_LIMIT) {
        sb_random random = sb_random_at(b->seed, number, UINT32_MAX);
        count_tail(b, fabs(b->row[sb_random_bits(&random) % d]));
    }
    sb_running_mean_add(&b->square, square);
    sb_running_mean_add(&b->norm, sqrt(square));
    sb_running_mean_add(&b->largest, largest);
}

/* ------------------------------------------------------------------ the whole */
/* Totals of all blocks: sums with their compensations. */
typedef struct {
    sb_sample_statistics *whole;
    double *low; /* of second, then of fourth */
} total;

static void add_compensated(double *sum, double *low, double x) {
    double t = *sum + x;
    *low += fabs(*sum) >= fabs(x) ? (*sum - t) + x : (x - t) + *sum;
    *sum = t;
}

static void total_merge(total *t, const block *b) {
    sb_sample_statistics *whole = t->whole;
    size_t d = (size_t)whole->dimension;
    sb_running_mean_merge(&whole->square, &b->square);
    sb_running_mean_merge(&whole->norm, &b->norm);
    sb_running_mean_merge(&whole->largest, &b->largest);
    for (size_t i = 0; i < d; i++) {
        add_compensated(&whole->second[i], &t->low[i], b->second[i]);
        add_compensated(&whole->fourth[i], &t->low[d + i], b->fourth[i]);
    }
    for (size_t k = 0; k < whole->threshold_count; k++) whole->beyond[k] += b->beyond[k];
    whole->trials += b->trials;
    whole->count += b->square.count;
}

/* From sums to means, and from counts by bin to counts beyond a threshold. */
static void total_finish(total *t) {
    sb_sample_statistics *whole = t->whole;
    size_t d = (size_t)whole->dimension;
    double n = (double)whole->count;
    for (size_t i = 0; i < d; i++) {
        double second = whole->second[i], fourth = whole->fourth[i]; /* inf stays inf */
        whole->second[i] = (isfinite(second) ? second + t->low[i] : second) / n;
        whole->fourth[i] = (isfinite(fourth) ? fourth + t->low[d + i] : fourth) / n;
    }
    for (size_t k = whole->threshold_count; k-- > 1;) whole->beyond[k - 1] += whole->beyond[k];
}

sb_status sb_sample_statistics_init(sb_sample_statistics *statistics, uint64_t dimension,
                                    const double *threshold, size_t threshold_count, int independent,
                                    sb_error *error) {
    memset(statistics, 0, sizeof *statistics);
    if (dimension < 1 || dimension > SB_SAMPLE_DIMENSION_LIMIT)
        return sb_fail(error, SB_BAD_INPUT, "d '%llu': samples are taken in at most %d dimensions",
                       (unsigned long long)dimension, (int)SB_SAMPLE_DIMENSION_LIMIT);
    if (threshold_count > SB_TAIL_THRESHOLDS)
        return sb_fail(error, SB_BAD_INPUT, "%zu thresholds: at most %d", threshold_count,
                       (int)SB_TAIL_THRESHOLDS);
    statistics->dimension = dimension;
    statistics->independent = independent;
    statistics->threshold_count = threshold_count ? threshold_count : SB_TAIL_THRESHOLDS;
    for (size_t k = 0; k < statistics->threshold_count; k++)
        statistics->threshold[k] = threshold_count ? threshold[k] : ldexp(1, (int)k - 32);
    statistics->second = calloc(2 * (size_t)dimension, sizeof *statistics->second);
    if (!statistics->second) return sb_fail_memory(error);
    statistics->fourth = statistics->second + dimension;
    return SB_OK;
}

void sb_sample_statistics_clear(sb_sample_statistics *statistics) {
    free(statistics->second);
    statistics->second = statistics->fourth = NULL;
}

/* Rows of a block: a function of d alone. */
static uint64_t block_rows(uint64_t dimension) {
    uint64_t rows = BLOCK_NUMBERS / dimension;
    return rows > BLOCK_ROWS ? BLOCK_ROWS : rows < LEAST_ROWS ? LEAST_ROWS : rows;
}

static sb_status total_init(total *t, sb_sample_statistics *statistics, sb_error *error) {
    t->whole = statistics;
    t->low = calloc(2 * (size_t)statistics->dimension, sizeof *t->low);
    return t->low ? SB_OK : sb_fail_memory(error);
}

static int stopped(const sb_sample_options *options) {
    return options->proceed && !options->proceed();
}

/* ------------------------------------------------------------------ drawn samples */
typedef struct {
    block block;
    const sb_noise_spec *noise;
    uint64_t rows;
} drawing;

static void *draw_block(void *context) {
    drawing *w = context;
    for (uint64_t i = 0; i < w->rows; i++) {
        sb_noise_draw(w->noise, w->block.whole->dimension, w->block.seed, w->block.first + i, w->block.row);
        block_add(&w->block);
    }
    return NULL;
}

/* The blocks from `first` on, one a worker, at once; returns how many samples that makes. */
static uint64_t draw_round(drawing *worker, int jobs, uint64_t first, uint64_t samples, total *t) {
    pthread_t thread[MOST_JOBS];
    int used = 0, started = 0;
    uint64_t next = first, rows = block_rows(t->whole->dimension);
    for (; used < jobs && next < samples; used++) {
        worker[used].rows = samples - next < rows ? samples - next : rows;
        block_start(&worker[used].block, next);
        next += worker[used].rows;
    }
    while (started < used - 1 && !pthread_create(&thread[started], NULL, draw_block, &worker[started]))
        started++;
    for (int i = started; i < used; i++) draw_block(&worker[i]);
    for (int i = 0; i < started; i++) pthread_join(thread[i], NULL);
    for (int i = 0; i < used; i++) total_merge(t, &worker[i].block);
    return next - first;
}

sb_status sb_sample_statistics_draw(sb_sample_statistics *statistics, const sb_noise_spec *noise,
                                    uint64_t seed, uint64_t samples, const sb_sample_options *options,
                                    sb_error *error) {
    total t;
    int jobs = options->jobs < 1 ? 1 : options->jobs > MOST_JOBS ? MOST_JOBS : options->jobs;
    sb_status status = sb_noise_domain(noise, statistics->dimension, error);
    if (!status) status = total_init(&t, statistics, error);
    if (status) return status;
    drawing *worker = calloc((size_t)jobs, sizeof *worker);
    if (!worker) status = sb_fail_memory(error);
    for (int i = 0; i < jobs && !status; i++) {
        if (!block_init(&worker[i].block, statistics, seed)) status = sb_fail_memory(error);
        worker[i].noise = noise;
    }
    sb_progress progress;
    sb_progress_start(&progress, options->progress, "sample", (double)(samples ? samples : 1));
    for (uint64_t done = 0; done < samples && !status;) {
        done += draw_round(worker, jobs, done, samples, &t);
        sb_progress_update(&progress, (double)done, NULL);
        if (stopped(options))
            status =
                sb_fail(error, SB_INTERRUPTED, "interrupted after %llu samples", (unsigned long long)done);
    }
    sb_progress_finish(&progress);
    if (!status) total_finish(&t);
    for (int i = 0; i < jobs && worker; i++) free(worker[i].block.row);
    free(worker);
    free(t.low);
    return status;
}

/* ------------------------------------------------------------------ samples from a source */
sb_status sb_sample_statistics_read(sb_sample_statistics *statistics, sb_sample_row *row, void *context,
                                    uint64_t seed, uint64_t samples, const sb_sample_options *options,
                                    sb_error *error) {
    total t;
    block b;
    sb_status status = total_init(&t, statistics, error);
    if (status) return status;
    if (!block_init(&b, statistics, seed)) status = sb_fail_memory(error);
    sb_progress progress;
    sb_progress_start(&progress, options->progress, "sample", (double)(samples ? samples : 1));
    uint64_t rows = block_rows(statistics->dimension);
    for (uint64_t done = 0; done < samples && !status;) {
        block_start(&b, done);
        for (; done < samples && b.square.count < rows && !status; done++)
            if (!(status = row(context, b.row, error))) block_add(&b);
        if (!status) total_merge(&t, &b);
        sb_progress_update(&progress, (double)done, NULL);
        if (!status && stopped(options))
            status =
                sb_fail(error, SB_INTERRUPTED, "interrupted after %llu samples", (unsigned long long)done);
    }
    sb_progress_finish(&progress);
    if (!status) total_finish(&t);
    free(b.row);
    free(t.low);
    return status;
}

/* ------------------------------------------------------------------ intervals */
/* Phi^-1(1 - alpha/2) to double precision. */
static double two_sided_quantile(double alpha) {
    arb_t u;
    arb_init(u);
    arb_set_d(u, alpha);
    arb_mul_2exp_si(u, u, -1);
    sb_normal_quantile(u, u, 64);
    double z = -arf_get_d(arb_midref(u), ARF_RND_NEAR);
    arb_clear(u);
    return z;
}

void sb_mean_interval(const sb_running_mean *mean, double alpha, double *low, double *high) {
    double half = two_sided_quantile(alpha) * sqrt(sb_running_mean_variance(mean) / (double)mean->count);
    int finite = isfinite(mean->mean) && isfinite(half);
    *low = finite ? mean->mean - half : -INFINITY;
    *high = finite ? mean->mean + half : INFINITY;
}

double sb_mean_upper_bound(double mean, double square, uint64_t count, double alpha) {
    double bound = mean + sqrt(-2 * square * log(alpha) / (double)count);
    return isfinite(bound) ? bound * (1 + 1e-9) : INFINITY; /* the margin covers the rounding of all sums */
}

sb_status sb_sample_tail_interval(arb_t low, arb_t high, const sb_sample_statistics *statistics, size_t index,
                                  const fmpq_t alpha, int digits, sb_error *error) {
    return sb_clopper_pearson_interval(low, high, statistics->trials, statistics->beyond[index], alpha,
                                       digits, error);
}
