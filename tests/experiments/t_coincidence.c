/* The comparison of three curves against its definition, against exact p-values by enumeration, and by
   simulation from laws whose true distance is known. */
#include "experiments/coincidence.h"

#include "tests/test.h"

#include <math.h>

enum { CURVES = SB_COMPARED_CURVES };

static sb_error error;

static void make(sb_paired_levels *paired, size_t images) {
    paired->images = images;
    paired->level = malloc(images * sizeof *paired->level);
}

/* A uniform number below 1 */
static double uniform(uint64_t *state) {
    return (double)(sb_test_random(state) >> 11) * 0x1p-53;
}

/* max over k and pairs of |#{u_a > k} - #{u_b > k}|, from the definition */
static size_t gap_by_definition(const sb_paired_levels *paired, size_t levels) {
    size_t largest = 0;
    for (size_t k = 0; k < levels; k++)
        for (int a = 0; a < CURVES; a++)
            for (int b = 0; b < CURVES; b++) {
                size_t n_a = 0, n_b = 0;
                for (size_t i = 0; i < paired->images; i++) {
                    n_a += paired->level[i][a] > k;
                    n_b += paired->level[i][b] > k;
                }
                if (n_a > n_b && n_a - n_b > largest) largest = n_a - n_b;
            }
    return largest;
}

static void test_gap(void) {
    uint64_t state = 1;
    for (int round = 0; round < 40; round++) {
        sb_paired_levels paired;
        size_t images = 1 + sb_test_random(&state) % 30;
        make(&paired, images);
        for (size_t i = 0; i < images; i++)
            for (int c = 0; c < CURVES; c++)
                paired.level[i][c] =
                    (uint16_t)(uniform(&state) < 0.3   ? 0
                               : uniform(&state) < 0.3 ? SB_LEVELS
                                                       : sb_test_random(&state) % (SB_LEVELS + 1));
        sb_coincidence result;
        for (size_t levels = 1; levels <= SB_LEVELS; levels += 333) {
            sb_coincidence_gap(&result, &paired, levels);
            size_t truth = gap_by_definition(&paired, levels);
            SB_CHECK(lround(result.gap * (double)images) == (long)truth,
                     "%zu images, %zu levels: %g, not %zu", images, levels, result.gap, truth);
            size_t k = (size_t)lround(result.place * SB_LEVELS), above = 0, below = 0;
            for (size_t i = 0; i < images; i++) {
                above += paired.level[i][result.above] > k;
                below += paired.level[i][result.below] > k;
            }
            SB_CHECK(k < levels && above - below == truth, "at %g: %zu and %zu, not %zu apart", result.place,
                     above, below, truth);
        }
        sb_paired_levels_clear(&paired);
    }
}

/* The p-value over all 6^n permutations. */
static double exact_p(const sb_paired_levels *paired) {
    static const int order[6][CURVES] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    size_t observed = gap_by_definition(paired, SB_LEVELS), total = 1, reached = 0;
    for (size_t i = 0; i < paired->images; i++) total *= 6;
    sb_paired_levels other;
    make(&other, paired->images);
    for (size_t code = 0; code < total; code++) {
        size_t rest = code;
        for (size_t i = 0; i < paired->images; i++, rest /= 6)
            for (int c = 0; c < CURVES; c++) other.level[i][c] = paired->level[i][order[rest % 6][c]];
        sb_coincidence gap;
        sb_coincidence_gap(&gap, &other, SB_LEVELS);
        reached += (size_t)lround(gap.gap * (double)other.images) >= observed;
    }
    sb_paired_levels_clear(&other);
    return (double)reached / (double)total;
}

static void test_exact_p(void) {
    static const uint16_t level[][5][CURVES] = {
        {{1000, 500, 0}, {1000, 400, 0}, {900, 900, 100}, {0, 0, 0}, {700, 650, 600}},
        {{1000, 0, 0}, {1000, 0, 0}, {1000, 0, 0}, {1000, 0, 0}, {1000, 0, 0}},
        {{10, 20, 30}, {30, 20, 10}, {20, 30, 10}, {500, 500, 500}, {0, 1000, 1000}},
        {{5, 5, 5}, {0, 0, 0}, {1000, 1000, 1000}, {3, 3, 3}, {8, 8, 8}}};
    for (size_t round = 0; round < 4; round++) {
        sb_paired_levels paired;
        make(&paired, 5);
        memcpy(paired.level, level[round], sizeof level[round]);
        double truth = exact_p(&paired);
        sb_coincidence result;
        sb_coincidence_options options = {.seed = 7 + round, .permutations = 20000};
        SB_CHECK(sb_coincidence_compute(&result, &paired, &options, &error) == SB_OK, "%s", error.message);
        double deviation = sqrt(truth * (1 - truth) / 20000);
        SB_CHECK(fabs(result.p - truth) <= 5 * deviation + 1e-4, "case %zu: p = %g, exactly %g", round,
                 result.p, truth);
        SB_CHECK(result.p_lower <= result.p && result.p <= result.p_upper + 1e-4 &&
                     result.p_upper - result.p_lower < 4 * deviation + 1e-3,
                 "case %zu: p = %g in [%g, %g]", round, result.p, result.p_lower, result.p_upper);
        SB_CHECK(result.p == (double)(result.reached + 1) / 20001, "case %zu: %g", round, result.p);
        sb_paired_levels_clear(&paired);
    }
}

/* An image of difficulty t: network c certifies it up to a level that is t plus noise of its own, on a scale
   where a share `lost` of the images of network 2 is misclassified on top. */
static void draw(sb_paired_levels *paired, size_t images, double lost, uint64_t *state) {
    make(paired, images);
    for (size_t i = 0; i < images; i++) {
        double t = 1.5 * uniform(state) - 0.3;
        for (int c = 0; c < CURVES; c++) {
            double u = SB_LEVELS * (t + 0.3 * (uniform(state) - 0.5));
            if (c == 2 && uniform(state) < lost) u = 0;
            paired->level[i][c] = (uint16_t)(u < 0 ? 0 : u > SB_LEVELS ? SB_LEVELS : u);
        }
    }
}

static int rejections(size_t rounds, size_t images, double lost, uint64_t seed) {
    int rejected = 0;
    for (size_t round = 0; round < rounds; round++) {
        sb_paired_levels paired;
        draw(&paired, images, lost, &seed);
        sb_coincidence result;
        sb_coincidence_options options = {.seed = round, .permutations = 99};
        SB_CHECK(sb_coincidence_compute(&result, &paired, &options, &error) == SB_OK, "%s", error.message);
        rejected += result.p <= 0.05;
        sb_paired_levels_clear(&paired);
    }
    return rejected;
}

static void test_level_and_power(void) {
    int none = rejections(200, 60, 0, 11); /* mean 10 at most, deviation 3.1 */
    SB_CHECK(none <= 24 && none >= 1, "%d of 200 rejected although exchangeable", none);
    int some = rejections(60, 200, 0.2, 12);
    SB_CHECK(some >= 54, "%d of 60 rejected with a fifth of the images lost", some);
}

/* The true curves of `draw` by a fine sum over t and the noise: Pr(u_c > k) (1 - lost for c = 2). Networks 0
   and 1 agree, so the largest distance is lost times the curve at 0. */
static void test_coverage(void) {
    const double lost = 0.15;
    double at_zero = 0;
    for (int i = 0; i < 1000; i++)
        for (int j = 0; j < 1000; j++)
            at_zero += SB_LEVELS * (1.5 * (i + 0.5) / 1000 - 0.3 + 0.3 * ((j + 0.5) / 1000 - 0.5)) >= 1;
    double truth = lost * at_zero / 1e6;
    uint64_t state = 5;
    int missed = 0;
    double width = 0;
    for (int round = 0; round < 40; round++) {
        sb_paired_levels paired;
        draw(&paired, 1000, lost, &state);
        sb_coincidence result;
        sb_coincidence_options options = {0};
        SB_CHECK(sb_coincidence_compute(&result, &paired, &options, &error) == SB_OK, "%s", error.message);
        missed += truth < result.lower || truth > result.upper;
        SB_CHECK(result.lower <= result.gap && result.gap <= result.upper, "%g in [%g, %g]", result.gap,
                 result.lower, result.upper);
        width += (result.upper - result.lower) / 40;
        sb_paired_levels_clear(&paired);
    }
    SB_CHECK(missed <= 2, "%d of 40 intervals miss %g", missed, truth);
    SB_CHECK(width < 0.35 && width > 0.02, "mean width %g", width);
}

/* All images alike: the bounds are powers. A certified to the top and B never: n discordant of n, so lower =
   a^(1/n) - (1 - a^(1/n)), upper = 1; three equal flat curves: 0 and 1 - a^(1/n). a = 0.05 over the number of
   bounds, 2 * 6 * 37 + 2 * 6 * 38. */
static void test_closed_form(void) {
    const double root = exp(log(0.05 / 900) / 50);
    sb_paired_levels paired;
    make(&paired, 50);
    sb_coincidence result;
    sb_coincidence_options options = {0};
    for (size_t i = 0; i < 50; i++) {
        paired.level[i][0] = paired.level[i][2] = SB_LEVELS;
        paired.level[i][1] = 0;
    }
    SB_CHECK(sb_coincidence_compute(&result, &paired, &options, &error) == SB_OK, "%s", error.message);
    SB_CHECK(fabs(result.lower - (2 * root - 1)) < 1e-6 && result.upper == 1 && result.gap == 1,
             "[%.9g, %.9g], not [%.9g, 1]", result.lower, result.upper, 2 * root - 1);
    SB_CHECK(result.below == 1 && result.above != 1, "%d above %d", result.above, result.below);
    for (size_t i = 0; i < 50; i++) paired.level[i][1] = SB_LEVELS;
    SB_CHECK(sb_coincidence_compute(&result, &paired, &options, &error) == SB_OK, "%s", error.message);
    SB_CHECK(result.lower == 0 && fabs(result.upper - (1 - root)) < 1e-6 && result.gap == 0,
             "[%.9g, %.9g], not [0, %.9g]", result.lower, result.upper, 1 - root);
    SB_CHECK(result.upper >= 1 - root * (1 + 1e-15), "%.17g is rounded below %.17g", result.upper, 1 - root);
    sb_paired_levels_clear(&paired);
}

/* Between the ends of cells a curve may fall: the upper bound must not miss that. Network 0 keeps all images
   up to level 150, network 1 loses all at level 112, just behind the end of a cell at level 111. */
static void test_between_ends(void) {
    sb_paired_levels paired;
    make(&paired, 400);
    for (size_t i = 0; i < 400; i++) {
        paired.level[i][0] = paired.level[i][2] = 50;
        paired.level[i][1] = 30;
    }
    sb_coincidence result;
    sb_coincidence_options options = {0};
    SB_CHECK(sb_coincidence_compute(&result, &paired, &options, &error) == SB_OK, "%s", error.message);
    SB_CHECK(result.gap == 1 && result.upper == 1 && result.lower == 0, "%g in [%g, %g]", result.gap,
             result.lower, result.upper);
    sb_paired_levels_clear(&paired);
}

/* ------------------------------------------------------------------ logs */
static const char heading[] = "idx\tlabel\tpredict\tradius\tcorrect\ttime\n";

static void parse_log(sb_certification_log *log, const char *name, const char *rows) {
    char text[600];
    snprintf(text, sizeof text, "%s%s", heading, rows);
    sb_certification_log_init(log);
    SB_CHECK(sb_certification_log_parse(log, name, text, strlen(text), &error) == SB_OK, "%s", error.message);
}

static void test_reading(void) {
    sb_certification_log log[CURVES];
    parse_log(&log[0], "a.tsv",
              "0\t1\t1\t0.5\t1\t0\n3\t2\t-1\t0\t0\t0\n6\t2\t2\t0\t1\t0\n9\t2\t1\t0.5\t0\t0\n");
    parse_log(&log[1], "b.tsv",
              "0\t1\t1\t0.5\t1\t0\n3\t2\t2\t1\t1\t0\n6\t2\t2\t2\t1\t0\n9\t2\t2\t0.9995\t1\t0\n");
    parse_log(&log[2], "c.tsv",
              "0\t1\t1\t0.5\t1\t0\n3\t2\t2\t1\t1\t0\n6\t2\t2\t2\t1\t0\n9\t2\t2\t3.98\t1\t0\n");
    static const double divisor[CURVES] = {1, 2, 4};
    /* radii up to 1: level = floor(1000 radius/divisor) + 1 of a correct image, at most 1000 */
    static const uint16_t truth[4][CURVES] = {{501, 251, 126}, {0, 501, 251}, {1, 1000, 501}, {0, 500, 996}};
    sb_paired_levels paired;
    SB_CHECK(sb_paired_levels_read(&paired, log, divisor, 1, &error) == SB_OK, "%s", error.message);
    for (size_t i = 0; i < 4; i++)
        for (int c = 0; c < CURVES; c++)
            SB_CHECK(paired.level[i][c] == truth[i][c], "image %zu, log %d: %d, not %d", i, c,
                     paired.level[i][c], truth[i][c]);
    sb_paired_levels_clear(&paired);
    log[2].image[2].index = 7;
    SB_CHECK(sb_paired_levels_read(&paired, log, divisor, 1, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "c.tsv:4: image 7"),
             "%s", error.message);
    sb_paired_levels_clear(&paired);
    log[2].image[2].index = 6;
    log[1].count = 3;
    SB_CHECK(sb_paired_levels_read(&paired, log, divisor, 1, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "b.tsv: holds 3"),
             "%s", error.message);
    sb_paired_levels_clear(&paired);
    log[0].count = log[1].count = log[2].count = 0;
    SB_CHECK(sb_paired_levels_read(&paired, log, divisor, 1, &error) == SB_BAD_INPUT, "%s", error.message);
    sb_paired_levels_clear(&paired);
    for (int c = 0; c < CURVES; c++) {
        log[c].count = 4;
        sb_certification_log_clear(&log[c]);
    }
}

/* ------------------------------------------------------------------ repeatable, interruptible */
static int stop(void *context) {
    return ++*(int *)context < 3;
}

static void test_repeat(void) {
    uint64_t state = 8;
    sb_paired_levels paired;
    draw(&paired, 100, 0.1, &state);
    sb_coincidence one, two, other;
    sb_coincidence_options options = {.seed = 1, .permutations = 500};
    SB_CHECK(sb_coincidence_compute(&one, &paired, &options, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_coincidence_compute(&two, &paired, &options, &error) == SB_OK, "%s", error.message);
    SB_CHECK(one.reached == two.reached && one.upper == two.upper, "%g and %g", one.p, two.p);
    options.permutations = 2000; /* the first 500 of them are the same */
    SB_CHECK(sb_coincidence_compute(&other, &paired, &options, &error) == SB_OK, "%s", error.message);
    SB_CHECK(other.reached >= one.reached && other.reached <= one.reached + 1500, "%g and %g", one.p,
             other.p);
    options.seed = 2;
    SB_CHECK(sb_coincidence_compute(&two, &paired, &options, &error) == SB_OK, "%s", error.message);
    SB_CHECK(other.reached != two.reached, "another seed: %llu both times", (unsigned long long)two.reached);
    int looks = 0;
    options.proceed = stop;
    options.context = &looks;
    SB_CHECK(sb_coincidence_compute(&two, &paired, &options, &error) == SB_INTERRUPTED, "%d looks", looks);
    sb_paired_levels_clear(&paired);
}

static const sb_test tests[] = {{"the largest distance, by its definition", test_gap},
                                {"p-values against all permutations", test_exact_p},
                                {"level and power", test_level_and_power},
                                {"the interval covers the true distance", test_coverage},
                                {"bounds in closed form", test_closed_form},
                                {"a fall between the ends of cells", test_between_ends},
                                {"pairing of logs", test_reading},
                                {"seeds and interrupts", test_repeat}};
SB_TEST_MAIN(tests)
