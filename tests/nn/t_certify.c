/* Whole runs on a linear classifier: the counts and radii of the log against the addresses of the samples and
   the true radii, with any batch; options that are refused. */
#include "distributions/noise.h"
#include "nn/random_purpose.h"
#include "tests/nn/certify_bench.h"

#include <stddef.h>

/* ------------------------------------------------------------------ counts and radii */
/* counts of samples first .. end - 1 of image `number`, from the addresses of the documentation. */
static void recount(const bench *b, int number, uint64_t first, uint64_t end,
                    unsigned long counts[SB_CLASSES]) {
    uint64_t seed = sb_purpose_seed(b->options.seed, SB_PURPOSE_CERTIFICATION);
    int gaussian = b->noise.scale_given == 1 && strncmp("gaussian", b->noise.family->name, 8) == 0;
    for (int c = 0; c < SB_CLASSES; c++) counts[c] = 0;
    for (uint64_t k = first; k < end; k++) {
        double y[PIXELS];
        float x[PIXELS];
        uint64_t stream = ((100 + (uint64_t)number) << 32) + k;
        if (gaussian)
            sb_random_normals_float(x, PIXELS, seed, stream, 0);
        else
            sb_noise_draw(&b->noise, PIXELS, seed, stream, y);
        for (int i = 0; i < PIXELS; i++)
            x[i] =
                (float)b->images.pixel[number * PIXELS + i] / 255 + (gaussian ? 0.25f * x[i] : (float)y[i]);
        counts[place(x) > 0 ? 3 : 8]++;
    }
}

static void check_counts(const char *spec) {
    bench b;
    size_t size;
    bench_open(&b, spec);
    char *log = log_of(&b, &size);
    for (int i = 0; i < IMAGES; i++) {
        row r = read_row(log, i);
        unsigned long selection[SB_CLASSES], counts[SB_CLASSES];
        recount(&b, i, 0, 10, selection);
        recount(&b, i, 10, 510, counts);
        SB_CHECK(r.index == 100 + i && r.label == (i % 3 ? 3 : 8) && r.correct == (r.predict == r.label),
                 "%s: row %d is %d %d %d %d", spec, i, r.index, r.label, r.predict, r.correct);
        SB_CHECK(memcmp(r.selection, selection, sizeof selection) == 0 &&
                     memcmp(r.counts, counts, sizeof counts) == 0,
                 "%s: image %d: %lu and %lu, not %lu and %lu", spec, i, r.selection[3], r.counts[3],
                 selection[3], counts[3]);
    }
    free(log);
    bench_close(&b);
}

static void counts_are_those_of_the_addresses(void) {
    check_counts("gaussian:sigma=1/4");
    check_counts("uniform:r=1/2");
}

/* The radius of the smoothed classifier is |w.x|. Images that lie near the border are abstained from. */
static void radii_stay_below_the_true_ones(void) {
    bench b;
    size_t size;
    bench_open(&b, "gaussian:sigma=1/4");
    b.options.samples = 20000;
    int certified = 0;
    for (int rule = SB_RULE_COHEN; rule <= SB_RULE_TWO_CLASS_BONFERRONI; rule++) {
        b.options.rule = (sb_certificate_rule)rule;
        char *log = log_of(&b, &size);
        for (int i = 0; i < IMAGES; i++) {
            row r = read_row(log, i);
            float x[PIXELS];
            for (int j = 0; j < PIXELS; j++) x[j] = (float)b.images.pixel[i * PIXELS + j] / 255;
            double truth = fabs(place(x));
            int class = place(x) > 0 ? 3 : 8;
            SB_CHECK(r.predict == -1 || (r.predict == class && r.radius <= truth),
                     "image %d: %d %g, not %d %g", i, r.predict, r.radius, class, truth);
            SB_CHECK(r.predict == -1 || truth > 0.9 || r.radius > truth - 0.03, "image %d: %g of %g", i,
                     r.radius, truth);
            certified += r.predict != -1;
        }
        free(log);
    }
    SB_CHECK(certified > IMAGES, "%d are certified", certified);
    bench_close(&b);
}

static void the_header_says_how(void) {
    static const char *const item[][2] = {{"rule", "two-class-as-published (unsound)"},
                                          {"noise", "gaussian:sigma=1/4"},
                                          {"norm", "2"},
                                          {"certificate", "Theorem 2.1"},
                                          {"n0", "10"},
                                          {"n", "500"},
                                          {"alpha", "1/1000"},
                                          {"seed", "11"},
                                          {"size", "4"},
                                          {"data", "noise of bytes"},
                                          {"skip", "1"},
                                          {"max", "0"},
                                          {"images", "7"},
                                          {"device", "linear f64"},
                                          {"adaptive", "1/10"},
                                          {"stages", "8:1/6000 32:1/6000 125:1/6000 500:1/2000"},
                                          {"smoothbound", SB_VERSION}};
    bench b;
    sb_certification_log log;
    sb_error error = {SB_OK, ""};
    size_t size;
    bench_open(&b, "gaussian:sigma=1/4");
    b.options.rule = SB_RULE_TWO_CLASS_AS_PUBLISHED;
    b.options.adaptive = 1;
    fmpq_set_si(b.options.radius, 1, 10);
    free(log_of(&b, &size));
    SB_CHECK(!sb_certification_log_read(&log, b.path, &error) && log.count == IMAGES, "%s", error.message);
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        char *value = sb_certification_log_value(&log, item[i][0]);
        SB_CHECK(value && strcmp(value, item[i][1]) == 0, "%s is '%s'", item[i][0], value ? value : "absent");
        free(value);
    }
    char *model = sb_certification_log_value(&log, "model"),
         *shard = sb_certification_log_value(&log, "shard");
    SB_CHECK(model && strcmp(model, b.model.hash) == 0 && !shard, "%s, %s", model,
             shard ? shard : "no shard");
    free(model);
    free(shard);
    sb_certification_log_clear(&log);
    bench_close(&b);
}

/* What was counted when an image is settled are the first of the same samples. */
static void adaptive_runs_count_the_first_samples(void) {
    bench b;
    size_t size;
    int early = 0;
    bench_open(&b, "gaussian:sigma=1/4");
    b.options.adaptive = 1;
    fmpq_set_si(b.options.radius, 1, 20);
    char *log = log_of(&b, &size);
    for (int i = 0; i < IMAGES; i++) {
        row r = read_row(log, i);
        unsigned long counts[SB_CLASSES], drawn = r.counts[3] + r.counts[8];
        recount(&b, i, 10, 10 + drawn, counts);
        SB_CHECK(drawn == 8 || drawn == 32 || drawn == 125 || drawn == 500, "%lu samples", drawn);
        SB_CHECK(memcmp(r.counts, counts, sizeof counts) == 0, "image %d: %lu, not %lu", i, r.counts[3],
                 counts[3]);
        early += drawn < 500;
    }
    SB_CHECK(early > 0, "none stops early");
    free(log);
    bench_close(&b);
}

static void predictions_have_classes_only(void) {
    bench b;
    size_t size;
    bench_open(&b, "gaussian:sigma=1/4");
    b.options.predict = 1;
    b.options.samples = 200;
    char *log = log_of(&b, &size);
    SB_CHECK(strstr(log, "# rule predict\n") && strstr(log, "# n0 0\n") && !strstr(log, "# norm"), "%s", log);
    for (int i = 0; i < IMAGES; i++) {
        row r = read_row(log, i);
        unsigned long counts[SB_CLASSES], most;
        recount(&b, i, 0, 200, counts);
        most = counts[3] > counts[8] ? counts[3] : counts[8];
        int class = counts[3] >= counts[8] ? 3 : 8; /* 124 of 200: p-value .00085; 123: .00141 */
        SB_CHECK(r.predict == (most >= 124 ? class : -1) && r.radius == 0, "image %d: %d of %lu", i,
                 r.predict, most);
        SB_CHECK(memcmp(r.counts, counts, sizeof counts) == 0, "image %d", i);
    }
    free(log);
    bench_close(&b);
}

static void batches_do_not_matter(void) {
    static const uint64_t batch[] = {1, 100, 1000, 7};
    bench b;
    size_t size, other_size;
    bench_open(&b, "gaussian:sigma=1/4");
    b.options.batch = 500;
    char *log = log_of(&b, &size);
    for (int i = 0; i < 4; i++) {
        b.options.batch = batch[i];
        char *other = log_of(&b, &other_size);
        SB_CHECK(same(log, size, other, other_size), "batch %d", (int)batch[i]);
        free(other);
    }
    b.options.seed++;
    char *other = log_of(&b, &other_size);
    SB_CHECK(strcmp(strstr(log, SB_LOG_HEADING), strstr(other, SB_LOG_HEADING)) != 0, "the seed matters");
    free(other);
    free(log);
    bench_close(&b);
}

/* ------------------------------------------------------------------ refusals */
static void bad_options_are_refused(void) {
    static const struct {
        size_t offset;
        uint64_t value;
        const char *says;
    } item[] = {{offsetof(sb_certify_options, samples), 0, "n 0"},
                {offsetof(sb_certify_options, samples), 1000000001, "n 1000000001"},
                {offsetof(sb_certify_options, selection), 0, "n0 0"},
                {offsetof(sb_certify_options, batch), 0, "batch"},
                {offsetof(sb_certify_options, skip), 0, "skip"},
                {offsetof(sb_certify_options, shard), 0, "shard 0/1"},
                {offsetof(sb_certify_options, shard), 2, "shard 2/1"}};
    static const char *const alpha[] = {"0", "1", "-1", "2"};
    for (size_t i = 0; i < sizeof item / sizeof item[0] + 4; i++) {
        bench b;
        sb_error error = {SB_OK, ""};
        bench_open(&b, "gaussian:sigma=1/4");
        int is_alpha = i >= sizeof item / sizeof item[0];
        if (is_alpha)
            fmpq_set_str(b.options.alpha, alpha[i - sizeof item / sizeof item[0]], 10);
        else
            memcpy((char *)&b.options + item[i].offset, &item[i].value, sizeof item[i].value);
        SB_CHECK(sb_certify(&b.task, &error) == SB_BAD_INPUT &&
                     strstr(error.message, is_alpha ? "alpha" : item[i].says) && access(b.path, F_OK) != 0,
                 "item %zu: %s", i, error.message);
        bench_close(&b);
    }
    bench b;
    sb_error error = {SB_OK, ""};
    bench_open(&b, "lattice:points=5,spacing=1/10");
    SB_CHECK(sb_certify(&b.task, &error) == SB_OUTSIDE && strstr(error.message, "lattice"), "%s",
             error.message);
    bench_close(&b);
    bench_open(&b, "gaussian:sigma=1e-60");
    SB_CHECK(sb_certify(&b.task, &error) == SB_BAD_INPUT && strstr(error.message, "sigma"), "%s",
             error.message);
    bench_close(&b);
}

static const sb_test tests[] = {
    {"counts are those of the addresses", counts_are_those_of_the_addresses},
    {"radii stay below the true ones of a linear classifier", radii_stay_below_the_true_ones},
    {"the header says how", the_header_says_how},
    {"adaptive runs count the first samples", adaptive_runs_count_the_first_samples},
    {"predictions have classes only", predictions_have_classes_only},
    {"batches do not matter", batches_do_not_matter},
    {"bad options are refused", bad_options_are_refused},
};
SB_TEST_MAIN(tests)
