/* Let u_c be the level of an image under network c. Curve c at grid radius k is Pr(u_c > k), and the distance
   of two curves is a difference of discordant shares,

     C_a(k) - C_b(k) = Pr(u_a > k >= u_b) - Pr(u_b > k >= u_a).

   In a cell [i, j] of grid radii the curves decrease, so that C_a(r) - C_b(r) <= C_a(i) - C_b(j), which
   equals Pr(u_a > i, u_b <= j) - Pr(u_a <= i, u_b > j): again two shares of disjoint sets of images, each
   with an exact Clopper-Pearson bound. The largest upper bound over cells and pairs bounds the largest
   distance at every radius; the largest lower bound at the ends of the cells bounds it from below. All BOUNDS
   of them hold together with probability 95 % when each fails with probability at most 0.05/BOUNDS.

   If permuting the three networks does not change the joint law of an image's levels, permuting the levels of
   each image leaves the law of the data unchanged, so that the rank of the observed statistic among the
   permuted ones is uniform (up to ties, which count against rejecting). */
#include "experiments/coincidence.h"

#include "distributions/binomial.h"
#include "nn/random_purpose.h"
#include "support/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CURVES = SB_COMPARED_CURVES,
    CELL = (SB_LEVELS - 1) / SB_LEVEL_CELLS,
    PAIRS = CURVES * (CURVES - 1), /* ordered */
    BOUNDS = 2 * PAIRS * SB_LEVEL_CELLS + 2 * PAIRS * (SB_LEVEL_CELLS + 1),
    DIGITS = 6,
    LOOK = 64 /* permutations between two looks at interrupts */
};

/* How many images have a level under a network. */
typedef struct {
    uint32_t at[SB_LEVELS + 1][CURVES];
} level_counts;

/* ------------------------------------------------------------------ reading */
void sb_paired_levels_init(sb_paired_levels *paired) {
    *paired = (sb_paired_levels){0, NULL};
}

void sb_paired_levels_clear(sb_paired_levels *paired) {
    free(paired->level);
    sb_paired_levels_init(paired);
}

static uint16_t level_of(const sb_certified_image *image, double divisor, double top) {
    if (!image->correct) return 0;
    double level = floor(fmpq_get_d(image->radius) / divisor / top * SB_LEVELS) + 1;
    return level < SB_LEVELS ? (uint16_t)level : SB_LEVELS;
}

sb_status sb_paired_levels_read(sb_paired_levels *paired, const sb_certification_log log[CURVES],
                                const double divisor[CURVES], double top, sb_error *error) {
    sb_paired_levels_init(paired);
    size_t count = log[0].count;
    for (int c = 0; c < CURVES; c++) {
        if (log[c].count != count || !count)
            return sb_fail(error, SB_BAD_INPUT, "%s: holds %zu images, %s holds %zu", log[c].path,
                           log[c].count, log[0].path, count);
        for (size_t i = 0; i < count; i++)
            if (log[c].image[i].index != log[0].image[i].index)
                return sb_fail(error, SB_BAD_INPUT, "%s:%zu: image %llu stands where %s has %llu",
                               log[c].path, log[c].image[i].line, (unsigned long long)log[c].image[i].index,
                               log[0].path, (unsigned long long)log[0].image[i].index);
    }
    paired->level = malloc(count * sizeof *paired->level);
    if (!paired->level) return sb_fail_memory(error);
    paired->images = count;
    for (size_t i = 0; i < count; i++)
        for (int c = 0; c < CURVES; c++) paired->level[i][c] = level_of(&log[c].image[i], divisor[c], top);
    return SB_OK;
}

/* ------------------------------------------------------------------ the largest distance */
/* The largest distance in images over the first `levels` grid radii; fills the places of *result if not NULL.
 */
static uint32_t largest_gap(const level_counts *count, size_t levels, sb_coincidence *result) {
    uint32_t certified[CURVES] = {0}, largest = 0;
    for (size_t k = SB_LEVELS; k-- > 0;) { /* certified at radius k: of level k + 1 or more */
        int high = 0, low = 0;
        for (int c = 0; c < CURVES; c++) {
            certified[c] += count->at[k + 1][c];
            if (certified[c] > certified[high]) high = c;
            if (certified[c] < certified[low]) low = c;
        }
        if (k >= levels || certified[high] - certified[low] < largest) continue;
        largest = certified[high] - certified[low];
        if (!result) continue;
        result->above = high;
        result->below = low;
        result->place = (double)k / SB_LEVELS;
    }
    return largest;
}

static void count_levels(level_counts *count, const sb_paired_levels *paired) {
    memset(count, 0, sizeof *count);
    for (size_t i = 0; i < paired->images; i++)
        for (int c = 0; c < CURVES; c++) count->at[paired->level[i][c]][c]++;
}

void sb_coincidence_gap(sb_coincidence *result, const sb_paired_levels *paired, size_t levels) {
    level_counts count;
    memset(result, 0, sizeof *result);
    count_levels(&count, paired);
    result->images = paired->images;
    result->gap = (double)largest_gap(&count, levels, result) / (double)paired->images;
}

/* ------------------------------------------------------------------ the permutation test */
/* Drops the images whose three levels agree: permuting them changes nothing. Keeps their numbers. */
static size_t varied_images(uint32_t *index, const sb_paired_levels *paired) {
    size_t varied = 0;
    for (size_t i = 0; i < paired->images; i++) {
        const uint16_t *u = paired->level[i];
        if (u[0] != u[1] || u[1] != u[2]) index[varied++] = (uint32_t)i;
    }
    return varied;
}

static void permute(level_counts *count, const sb_paired_levels *paired, const uint32_t *index, size_t varied,
                    uint64_t seed, uint64_t permutation) {
    static const uint8_t order[6][CURVES] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                             {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    memset(count, 0, sizeof *count);
    for (size_t i = 0; i < varied; i++) {
        sb_random random = sb_random_at(seed, permutation, index[i]);
        const uint8_t *to = order[sb_random_bits(&random) % 6];
        for (int c = 0; c < CURVES; c++) count->at[paired->level[index[i]][c]][to[c]]++;
    }
}

static sb_status test(sb_coincidence *result, const sb_paired_levels *paired,
                      const sb_coincidence_options *options, sb_error *error) {
    uint32_t *index = malloc(paired->images * sizeof *index);
    if (!index) return sb_fail_memory(error);
    uint64_t seed = sb_purpose_seed(options->seed, SB_PURPOSE_PERMUTATION_TEST);
    uint32_t observed = (uint32_t)lround(result->gap * (double)paired->images);
    size_t varied = varied_images(index, paired);
    sb_status status = SB_OK;
    level_counts count;
    for (uint64_t b = 0; b < options->permutations && !status; b++) {
        permute(&count, paired, index, varied, seed, b);
        result->reached += largest_gap(&count, SB_LEVELS, NULL) >= observed;
        if (b % LOOK == 0 && options->proceed && !options->proceed(options->context))
            status = sb_fail(error, SB_INTERRUPTED, "interrupted");
    }
    free(index);
    result->permutations = options->permutations;
    result->p = (double)(result->reached + 1) / (double)(options->permutations + 1);
    return status;
}

/* ------------------------------------------------------------------ exact bounds */
static double end_below(const arb_t ball) {
    arf_t end;
    arf_init(end);
    arb_get_lbound_arf(end, ball, 64);
    double value = arf_get_d(end, ARF_RND_DOWN);
    arf_clear(end);
    return fmax(0, value);
}

static double end_above(const arb_t ball) {
    arf_t end;
    arf_init(end);
    arb_get_ubound_arf(end, ball, 64);
    double value = arf_get_d(end, ARF_RND_UP);
    arf_clear(end);
    return fmin(1, value);
}

/* One-sided bounds of a share by its count, each at level 0.05/BOUNDS; computed when first asked for (-1
   before). */
typedef struct {
    uint64_t images;
    fmpq_t alpha;
    double *lower, *upper;
} share_bounds;

static sb_status bounds_init(share_bounds *b, size_t images, sb_error *error) {
    b->images = images;
    fmpq_init(b->alpha);
    fmpq_set_si(b->alpha, 1, 20 * BOUNDS);
    b->lower = malloc((images + 1) * sizeof *b->lower);
    b->upper = malloc((images + 1) * sizeof *b->upper);
    if (!b->lower || !b->upper) return sb_fail_memory(error);
    for (size_t i = 0; i <= images; i++) b->lower[i] = b->upper[i] = -1;
    return SB_OK;
}

static void bounds_clear(share_bounds *b) {
    fmpq_clear(b->alpha);
    free(b->lower);
    free(b->upper);
}

static sb_status lower_bound(double *value, const share_bounds *b, uint64_t count, sb_error *error) {
    arb_t bound;
    arb_init(bound);
    sb_status status = SB_OK;
    if (b->lower[count] < 0) {
        status = sb_clopper_pearson_lower(bound, b->images, count, b->alpha, DIGITS, error);
        if (!status) b->lower[count] = end_below(bound);
    }
    *value = b->lower[count];
    arb_clear(bound);
    return status;
}

static sb_status upper_bound(double *value, const share_bounds *b, uint64_t count, sb_error *error) {
    arb_t bound;
    arb_init(bound);
    sb_status status = SB_OK;
    if (b->upper[count] < 0) {
        status = sb_clopper_pearson_upper(bound, b->images, count, b->alpha, DIGITS, error);
        if (!status) b->upper[count] = end_above(bound);
    }
    *value = b->upper[count];
    arb_clear(bound);
    return status;
}

/* The numbers of images with u_a > i, u_b <= j and with u_a <= i, u_b > j. */
static void count_discordant(const sb_paired_levels *paired, int a, int b, size_t i, size_t j,
                             uint64_t *for_a, uint64_t *for_b) {
    *for_a = *for_b = 0;
    for (size_t image = 0; image < paired->images; image++) {
        const uint16_t *u = paired->level[image];
        *for_a += u[a] > i && u[b] <= j;
        *for_b += u[a] <= i && u[b] > j;
    }
}

/* Raises result->lower by what holds at grid radius i, result->upper by what holds up to grid radius j. */
static sb_status bound_cell(sb_coincidence *result, const sb_paired_levels *paired,
                            const share_bounds *bounds, int a, int b, size_t i, size_t j, sb_error *error) {
    uint64_t for_a, for_b;
    double plus = 0, minus = 0;
    count_discordant(paired, a, b, i, i, &for_a, &for_b);
    sb_status status = lower_bound(&plus, bounds, for_a, error);
    if (!status) status = upper_bound(&minus, bounds, for_b, error);
    result->lower = fmax(result->lower, nextafter(plus - minus, -2));
    if (status || i == j) return status;
    count_discordant(paired, a, b, i, j, &for_a, &for_b);
    status = upper_bound(&plus, bounds, for_a, error);
    if (!status) status = lower_bound(&minus, bounds, for_b, error);
    result->upper = fmax(result->upper, nextafter(plus - minus, 2));
    return status;
}

static sb_status bound_gap(sb_coincidence *result, const sb_paired_levels *paired, sb_error *error) {
    share_bounds bounds;
    sb_status status = bounds_init(&bounds, paired->images, error);
    for (int pair = 0; pair < CURVES * CURVES; pair++) {
        int a = pair / CURVES, b = pair % CURVES;
        for (size_t i = 0; a != b && i < SB_LEVELS && !status; i += CELL)
            status = bound_cell(result, paired, &bounds, a, b, i, i + CELL < SB_LEVELS ? i + CELL : i, error);
    }
    result->upper = fmin(1, result->upper);
    bounds_clear(&bounds);
    return status;
}

/* The exact p-value is the mean of (statistic >= observed) over all permutations. */
static sb_status bound_p(sb_coincidence *result, sb_error *error) {
    arb_t low, high;
    fmpq_t alpha;
    arb_init(low);
    arb_init(high);
    fmpq_init(alpha);
    fmpq_set_si(alpha, 1, 20);
    result->p_upper = 1;
    sb_status status = SB_OK;
    if (result->permutations)
        status = sb_clopper_pearson_interval(low, high, result->permutations, result->reached, alpha, DIGITS,
                                             error);
    if (!status && result->permutations) {
        result->p_lower = end_below(low);
        result->p_upper = end_above(high);
    }
    arb_clear(low);
    arb_clear(high);
    fmpq_clear(alpha);
    return status;
}

sb_status sb_coincidence_compute(sb_coincidence *result, const sb_paired_levels *paired,
                                 const sb_coincidence_options *options, sb_error *error) {
    sb_coincidence_gap(result, paired, SB_LEVELS);
    sb_status status = test(result, paired, options, error);
    if (!status) status = bound_p(result, error);
    return status ? status : bound_gap(result, paired, error);
}
