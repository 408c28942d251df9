/* With p the density of D, q that of D + v and L = log(p/q), |p - q|/(p + q) = |tanh(L/2)|, so that

     TV = (1/2) integral of |p - q| = E |tanh(L/2)|   under the mixture (P + Q)/2.

   All noises here are symmetric about 0: x -> v - x exchanges P and Q and turns L into -L. So |L| has the
   same law under both, and E |tanh(L/2)| under P alone is TV too. L = sum of log p(x_i) - log p(x_i - v_i)
   over the coordinates with v_i not 0; a point outside the support of q has L = +infinity and counts 1. */
#include "distributions/sampled_tv.h"

#include "distributions/binomial.h"
#include "distributions/confidence_sequence.h"
#include "support/parallel.h"
#include "support/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum {
    PIECE = 512,           /* coordinates at a time */
    ROUND_WORK = 1 << 20,  /* coordinates of a round, about */
    ROUND_SAMPLES = 65536, /* of a round, at most */
    MOST_THREADS = 256
};

typedef struct {
    double length; /* v_i at unit scale */
    uint64_t count;
} moved_group;

typedef struct {
    const sb_noise_spec *noise;
    const sb_product_law *law;
    const moved_group *group;
    size_t group_count;
    uint64_t seed, first; /* first sample of the round */
    size_t count;         /* of the round */
    double *value;        /* |tanh(L/2)| of every sample of the round */
} sampling;

/* ------------------------------------------------------------------ one sample */
/* value[i] := log p(x[i]) up to a constant. */
static void log_densities(double *value, const sampling *s, const double *x, size_t count) {
    if (s->law->log_density_at) {
        s->law->log_density_at(value, s->noise, x, count);
        return;
    }
    arb_t point, ball;
    arb_init(point);
    arb_init(ball);
    for (size_t i = 0; i < count; i++) {
        arb_set_d(point, x[i]);
        s->law->density(ball, s->noise, point, 64);
        if (arf_sgn(arb_midref(ball)) > 0) {
            mag_zero(arb_radref(ball));
            arb_log(ball, ball, 64);
            value[i] = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
        } else {
            value[i] = -HUGE_VAL;
        }
    }
    arb_clear(point);
    arb_clear(ball);
}

/* L over `count` coordinates from number `index` on, all moved by `length`. */
static double loss(const sampling *s, uint64_t sample, uint32_t index, size_t count, double length) {
    double x[PIECE] = {0}, at[PIECE], moved[PIECE], sum = 0;
    for (size_t i = 0; i < count; i++) {
        sb_random random = sb_random_at(s->seed, sample, index + (uint32_t)i);
        x[i] = s->law->draw(s->noise, &random);
    }
    log_densities(at, s, x, count);
    for (size_t i = 0; i < count; i++) x[i] -= length;
    log_densities(moved, s, x, count);
    for (size_t i = 0; i < count; i++)
        if (at[i] != moved[i]) sum += at[i] - moved[i]; /* both infinite: no loss */
    return sum;
}

static double sample_value(const sampling *s, uint64_t sample) {
    double sum = 0;
    uint64_t index = 0;
    for (size_t g = 0; g < s->group_count; g++)
        for (uint64_t left = s->group[g].count; left > 0;) {
            size_t piece = left < PIECE ? (size_t)left : PIECE;
            sum += loss(s, sample, (uint32_t)index, piece, s->group[g].length);
            index += piece;
            left -= piece;
        }
    return isnan(sum) ? 1 : fabs(tanh(sum / 2)); /* NaN: x was rounded to the edge of the support */
}

/* ------------------------------------------------------------------ rounds of samples */
typedef struct {
    const sampling *sampling;
    size_t jobs;
} round_of_samples;

/* Every job takes a fixed share. */
static void take_share(void *context, size_t job) {
    const round_of_samples *mine = context;
    const sampling *s = mine->sampling;
    for (size_t i = job; i < s->count; i += mine->jobs) s->value[i] = sample_value(s, s->first + i);
}

static void run_round(const sampling *s, size_t jobs) {
    round_of_samples mine = {s, jobs};
    sb_parallel((int)jobs, jobs, take_share, &mine);
}

/* The intervals see the samples in their order, so that nothing depends on the jobs. */
static sb_status run(sampling *s, sb_confidence_sequence *interval, size_t most, const sb_tv_options *options,
                     sb_error *error) {
    size_t jobs = options->jobs < 1 ? 1 : options->jobs > MOST_THREADS ? MOST_THREADS : (size_t)options->jobs;
    sb_status status = SB_OK;
    sb_progress progress;
    sb_progress_start(&progress, options->progress, "sampling", (double)options->samples);
    for (s->first = 0; s->first < options->samples && !status; s->first += s->count) {
        uint64_t left = options->samples - s->first;
        s->count = left < most ? (size_t)left : most;
        run_round(s, jobs);
        for (size_t i = 0; i < s->count; i++) sb_confidence_sequence_add(interval, s->value[i]);
        sb_progress_update(&progress, (double)(s->first + s->count), NULL);
        if (options->proceed && !options->proceed())
            status = sb_fail(error, SB_INTERRUPTED, "interrupted after %" PRIu64 " of %" PRIu64 " samples",
                             s->first + s->count, options->samples);
    }
    sb_progress_finish(&progress);
    return status;
}

/* ------------------------------------------------------------------ the question and the answer */
static sb_status check_question(const sb_noise_spec *noise, const sb_shift *shift,
                                const sb_tv_options *options, sb_error *error) {
    const char *name = noise->family->name;
    uint64_t moved = 0;
    if (!noise->family->product)
        return sb_fail(error, SB_OUTSIDE, "method sample: the coordinates of %s noise are not independent",
                       name);
    if (sb_noise_traits(noise) & SB_HAS_ATOMS)
        return sb_fail(error, SB_OUTSIDE, "method sample: %s noise has atoms, and no density", name);
    for (size_t i = 0; i < shift->group_count; i++)
        if (__builtin_add_overflow(moved, shift->group[i].count, &moved) || moved > UINT64_C(1) << 32)
            return sb_fail(error, SB_OUTSIDE, "method sample: the shift moves more than 2^32 coordinates");
    if (options->samples < 1 || options->samples > UINT64_C(1000000000000))
        return sb_fail(error, SB_OUTSIDE, "%" PRIu64 " samples: must be from 1 to 10^12", options->samples);
    if (!(options->confidence > 0 && options->confidence < 1))
        return sb_fail(error, SB_OUTSIDE, "confidence %g: must be above 0 and below 1", options->confidence);
    return SB_OK;
}

/* [low, high] in [0, 1]; an end that is 0 or 1 stays so. */
static void set_interval(arb_t value, double low, double high) {
    arf_t half;
    arf_init(half);
    mag_set_d(arb_radref(value), (high - low) / 2);
    arf_set_mag(half, arb_radref(value));
    if (low > 0 && high < 1) {
        arf_set_d(arb_midref(value), low);
        arf_set_d(half, (high - low) / 2);
    } else if (low > 0) {
        arf_one(arb_midref(value));
        arf_neg(half, half);
    } else {
        arf_zero(arb_midref(value));
    }
    arf_add(arb_midref(value), arb_midref(value), half, ARF_PREC_EXACT, ARF_RND_NEAR);
    arf_clear(half);
}

static int has_digits(const arb_t value, int digits) {
    return (double)arb_rel_accuracy_bits(value) >= 3.33 * (digits + 1);
}

static sb_status report(sb_tv_result *result, const sb_confidence_sequence *interval,
                        const sb_tv_options *options, sb_error *error) {
    set_interval(result->total_variation, interval->low, interval->high);
    arb_sub_ui(result->overlap, result->total_variation, 1, 64);
    arb_neg(result->overlap, result->overlap);
    result->method = SB_METHOD_SAMPLE;
    result->certified = 0;
    result->digits_met =
        has_digits(result->total_variation, options->digits) && has_digits(result->overlap, options->digits);
    result->nodes = options->samples;
    free(result->how);
    result->how = sb_format("mean of |tanh(loss/2)| over %" PRIu64 " samples (%.6f) with seed %" PRIu64
                            "; interval at confidence %.12g, valid at any number of samples",
                            options->samples, interval->sum / (double)interval->count, options->seed,
                            options->confidence);
    return result->how ? SB_OK : sb_fail_memory(error);
}

sb_status sb_sampled_total_variation(sb_tv_result *result, const sb_noise_spec *noise, const sb_shift *shift,
                                     const sb_tv_options *options, sb_error *error) {
    sb_status status = check_question(noise, shift, options, error);
    if (status) return status;
    uint64_t moved = 1;
    moved_group *group = malloc((shift->group_count + 1) * sizeof *group);
    if (!group) return sb_fail_memory(error);
    arb_t length;
    arb_init(length);
    for (size_t i = 0; i < shift->group_count; i++) {
        sb_unit_shift(length, noise, shift, i, 64);
        group[i] = (moved_group){arf_get_d(arb_midref(length), ARF_RND_NEAR), shift->group[i].count};
        moved += group[i].count;
    }
    arb_clear(length);
    uint64_t most = ROUND_WORK / moved + 16;
    if (most > ROUND_SAMPLES) most = ROUND_SAMPLES;
    double *value = malloc((size_t)most * sizeof *value);
    sampling s = {noise, noise->family->product, group, shift->group_count, options->seed, 0, 0, value};
    sb_confidence_sequence interval;
    sb_confidence_sequence_init(&interval, 1 - options->confidence, options->samples);
    status = value ? run(&s, &interval, (size_t)most, options, error) : sb_fail_memory(error);
    if (!status) status = report(result, &interval, options, error);
    free(value);
    free(group);
    return status;
}

/* ------------------------------------------------------------------ classifiers */
sb_status sb_classifier_tv_lower(arb_t bound, uint64_t count_p, uint64_t correct_p, uint64_t count_q,
                                 uint64_t correct_q, const fmpq_t alpha, int digits, sb_error *error) {
    fmpq_t half;
    arb_t other;
    fmpq_init(half);
    arb_init(other);
    fmpq_div_2exp(half, alpha, 1);
    sb_status status = sb_clopper_pearson_lower(bound, count_p, correct_p, half, digits, error);
    if (!status) status = sb_clopper_pearson_lower(other, count_q, correct_q, half, digits, error);
    if (!status) {
        arb_add(bound, bound, other, 128);
        arb_sub_ui(bound, bound, 1, 128);
        arb_zero(other);
        arb_max(bound, bound, other, 128);
    }
    fmpq_clear(half);
    arb_clear(other);
    return status;
}
