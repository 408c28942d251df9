/* Counting, the sampling ceiling, and the re-reading of two-class logs against enumeration of all counts and
 * against simulated samples. */
#include "nn/accuracy_curve.h"
#include "support/file.h"
#include "support/text.h"
#include "tests/test.h"

#include <math.h>

#define HEAD "idx\tlabel\tpredict\tradius\tcorrect\ttime\n"

static void parse(sb_certification_log *log, const char *text) {
    sb_error error;
    SB_CHECK(sb_certification_log_parse(log, "a.tsv", text, strlen(text), &error) == SB_OK, "%s",
             error.message);
}

static size_t count_at(const sb_certification_log *log, const char *radius, const sb_divisor *divisor) {
    fmpq_t r;
    fmpq_init(r);
    fmpq_set_str(r, radius, 10);
    size_t count = sb_certified_count(log, r, divisor);
    fmpq_clear(r);
    return count;
}

static void counting_is_exact(void) {
    sb_certification_log log;
    parse(&log, HEAD "0\t3\t3\t1.0\t1\t9\n1\t3\t2\t5\t0\t9\n2\t3\t-1\t0.0\t0\t9\n3\t3\t3\t1."
                     "7320508\t1\t9\n4\t3\t3\t1.7320509\t1\t9\n5\t3\t3\t0.0\t1\t9\n");
    sb_divisor d;
    sb_divisor_init(&d);
    SB_CHECK(sb_natural_count(&log) == 4 && sb_abstention_count(&log) == 1, "natural and abstentions");
    SB_CHECK(count_at(&log, "0", NULL) == 4 && count_at(&log, "1", NULL) == 3,
             "a radius that is reached counts");
    SB_CHECK(count_at(&log, "1000000001/1000000000", NULL) == 2, "one that is missed by 1e-9 does not");
    sb_divisor_sqrt_dimension(&d, 3);
    SB_CHECK(count_at(&log, "1", &d) == 1, "1.7320508 < sqrt 3 < 1.7320509");
    sb_divisor_sqrt_dimension(&d, 4);
    SB_CHECK(count_at(&log, "1/2", &d) == 3, "1/sqrt 4 >= 1/2");
    SB_CHECK(count_at(&log, "500000001/1000000000", &d) == 2, "1/sqrt 4 < 0.500000001");
    arb_t mean;
    fmpq_t expected;
    sb_error error;
    arb_init(mean);
    fmpq_init(expected);
    SB_CHECK(sb_average_certified_radius(mean, &log, NULL, 100, &error) == SB_OK, "%s", error.message);
    fmpq_set_str(expected, "44641017/60000000", 10); /* (1 + 1.7320508 + 1.7320509) / 6 */
    SB_CHECK(arb_contains_fmpq(mean, expected), "average certified radius");
    sb_divisor_clear(&d);
    sb_certification_log_clear(&log);
    parse(&log, HEAD);
    SB_CHECK(sb_average_certified_radius(mean, &log, NULL, 100, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "holds no images"),
             "no images");
    arb_clear(mean);
    fmpq_clear(expected);
    sb_certification_log_clear(&log);
}

/* ------------------------------------------------------------------ independent: floating point by bisection
 */
static double upper_tail(int n, int k, double p) {
    double sum = 0;
    for (int j = k; j <= n; j++)
        sum += exp(lgamma(n + 1.) - lgamma(j + 1.) - lgamma(n - j + 1.) + j * log(p) + (n - j) * log1p(-p));
    return sum;
}

static double normal_quantile(double p, double q) { /* Phi(x) = p, 1 - p = q */
    double low = -40, high = 40;
    for (int i = 0; i < 100; i++) {
        double x = (low + high) / 2;
        int less = p < 0.5 ? 0.5 * erfc(-x * M_SQRT1_2) < p : 0.5 * erfc(x * M_SQRT1_2) > q;
        *(less ? &low : &high) = x;
    }
    return (low + high) / 2;
}

/* a[k] = Phi^{-1}(lower Clopper-Pearson bound), k = 1..n */
static void probits(double *a, int n, double alpha) {
    a[0] = -INFINITY;
    for (int k = 1; k <= n; k++) {
        double low = 0, high = 1;
        for (int i = 0; i < 70; i++) {
            double p = (low + high) / 2;
            *(upper_tail(n, k, p) < alpha ? &low : &high) = p;
        }
        double p = k == n ? pow(alpha, 1. / n) : (low + high) / 2;
        a[k] = normal_quantile(p, k == n ? -expm1(log(alpha) / n) : 1 - p);
    }
}

typedef struct {
    char text[24];
    double value;
    int least, largest, printable;
    double bonferroni_least, bonferroni_most;
} printed_radius;

enum { N = 60, CLASSES = 5, MOST = 4000 };

static double radius_of(const double *a, int k, int others, double sigma, double divisor) {
    return sigma / 2 * (a[k] + a[N - others]) / divisor;
}

/* Whether r may print as `value` (three digits), with the slack that the reader allows for single precision.
 */
static int may_print_as(double r, double value) {
    double unit = pow(10, floor(log10(value) + 1e-9) - 2), low = value - unit / 2, high = value + unit / 2;
    if (fabs(value - 100 * unit) < unit / 100) low = value - unit / 20;
    return r >= low * (1 - 1 / 4194304.) && r <= high * (1 + 1 / 4194304.);
}

static size_t enumerate(printed_radius *item, const double *a, const double *strict, double sigma,
                        double divisor) {
    size_t count = 0;
    for (int k = 1; k <= N; k++) {
        for (int j = 0; j <= N - k; j++) {
            double r = radius_of(a, k, j, sigma, divisor);
            char text[24];
            snprintf(text, sizeof text, "%.3g", r);
            size_t i = 0;
            while (i < count && strcmp(item[i].text, text) != 0) i++;
            if (r > 1e-9 && i == count && count < MOST) {
                item[count] = (printed_radius){
                    .value = atof(text), .least = N, .bonferroni_least = 1e9, .bonferroni_most = -1e9};
                memcpy(item[count++].text, text, sizeof text);
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        for (int k = 1; k <= N; k++) {
            item[i].printable |= a[k] > 0 && may_print_as(sigma * a[k] / divisor, item[i].value);
            for (int j = 0; j <= N - k; j++) {
                if (!may_print_as(radius_of(a, k, j, sigma, divisor), item[i].value)) continue;
                if (k < item[i].least) item[i].least = k;
                if (k > item[i].largest) item[i].largest = k;
                int rest = N - k - j,
                    fewest = (rest + CLASSES - 3) / (CLASSES - 2); /* the other classes share the rest */
                for (int top = j > fewest ? j : fewest; top <= (j > rest ? j : rest); top++) {
                    double b = sigma / 2 * (strict[k] + strict[N - top]);
                    if (b < item[i].bonferroni_least) item[i].bonferroni_least = b;
                    if (b > item[i].bonferroni_most) item[i].bonferroni_most = b;
                }
            }
        }
    }
    return count;
}

static double middle(const arb_t ball) {
    return arf_get_d(arb_midref(ball), ARF_RND_NEAR);
}

static void rereading_equals_enumeration(void) {
    static printed_radius item[MOST];
    static double a[N + 1], strict[N + 1];
    static const struct {
        double sigma;
        const char *exact_sigma;
        uint64_t dimension;
    } setting[] = {{0.5, "1/2", 1}, {0.12, "3/25", 12}, {3, "3", 7}};
    probits(a, N, 0.01);
    probits(strict, N, 0.01 / CLASSES);
    for (size_t s = 0; s < 3; s++) {
        double divisor = sqrt((double)setting[s].dimension);
        size_t count = enumerate(item, a, strict, setting[s].sigma, divisor);
        SB_CHECK(count > 200 && count < MOST, "%zu radii", count);
        sb_text text;
        sb_text_init(&text);
        sb_text_append(&text, HEAD);
        for (size_t i = 0; i < count; i++) sb_text_format(&text, "%zu\t1\t1\t%s\t1\t0\n", i, item[i].text);
        sb_certification_log log;
        parse(&log, text.data);
        sb_sampling sampling;
        sb_sampling_init(&sampling);
        fmpq_set_str(sampling.sigma, setting[s].exact_sigma, 10);
        fmpq_set_si(sampling.alpha, 1, 100);
        sampling.samples = N;
        sampling.classes = CLASSES;
        sb_divisor_sqrt_dimension(&sampling.logged, setting[s].dimension);
        sb_reread_log cohen, bonferroni;
        sb_error error;
        SB_CHECK(sb_reread(&cohen, &log, &sampling, SB_RULE_COHEN, NULL, NULL, &error) == SB_OK, "%s",
                 error.message);
        SB_CHECK(sb_reread(&bonferroni, &log, &sampling, SB_RULE_TWO_CLASS_BONFERRONI, NULL, NULL, &error) ==
                     SB_OK,
                 "%s", error.message);
        int not_printable = 0;
        for (size_t i = 0; i < cohen.count && i < bonferroni.count; i++) {
            double sigma = setting[s].sigma;
            SB_CHECK(fabs(middle(cohen.image[i].least) - sigma * a[item[i].least]) < 1e-9,
                     "%s: least %.12g, enumerated %.12g (k=%d)", item[i].text, middle(cohen.image[i].least),
                     sigma * a[item[i].least], item[i].least);
            SB_CHECK(fabs(middle(cohen.image[i].largest) - sigma * a[item[i].largest]) < 1e-9,
                     "%s: largest %.12g, enumerated %.12g (k=%d)", item[i].text,
                     middle(cohen.image[i].largest), sigma * a[item[i].largest], item[i].largest);
            SB_CHECK(cohen.image[i].printable == item[i].printable, "%s: printable", item[i].text);
            not_printable += !item[i].printable;
            SB_CHECK(middle(bonferroni.image[i].least) <= item[i].bonferroni_least + 1e-9,
                     "%s: Bonferroni least", item[i].text);
            SB_CHECK(middle(bonferroni.image[i].largest) >= item[i].bonferroni_most - 1e-9,
                     "%s: Bonferroni most", item[i].text);
            SB_CHECK(middle(bonferroni.image[i].largest) < item[i].value * divisor * 1.02 + 0.1 * sigma,
                     "%s: Bonferroni is loose", item[i].text);
        }
        SB_CHECK(not_printable > 20, "most radii of the two-class rule are not Cohen's (%d)", not_printable);
        sb_reread_log_clear(&cohen);
        sb_reread_log_clear(&bonferroni);
        sb_sampling_clear(&sampling);
        sb_certification_log_clear(&log);
        sb_text_clear(&text);
    }
}

/* Samples are drawn, both rules are applied to the same counts, only the two-class radius is written: the
   count that Cohen's rule would have certified lies in the bracket. */
static void rereading_brackets_the_truth(void) {
    enum { SAMPLES = 400, IMAGES = 250 };
    static double a[SAMPLES + 1];
    double cohen[IMAGES];
    uint64_t state = 11;
    probits(a, SAMPLES, 0.001);
    sb_text text;
    sb_text_init(&text);
    sb_text_append(&text, HEAD);
    for (int i = 0; i < IMAGES; i++) {
        double p = 0.5 + 0.5 * (double)(sb_test_random(&state) % 1000) / 999,
               q = (1 - p) * (double)(sb_test_random(&state) % 1000) / 999;
        int na = 0, nb = 0;
        for (int s = 0; s < SAMPLES; s++) {
            double u = (double)(sb_test_random(&state) >> 11) * 0x1p-53;
            na += u < p;
            nb += u >= p && u < p + q;
        }
        double published = (a[na] + a[SAMPLES - nb]) / 2;
        cohen[i] = a[na];
        if (!(published >= 0))
            sb_text_format(&text, "%d\t0\t-1\t0.0\t0\t0\n", i);
        else
            sb_text_format(&text, "%d\t0\t0\t%.3g\t1\t0\n", i, published);
        if (!(published >= 0)) cohen[i] = -1;
    }
    sb_certification_log log;
    parse(&log, text.data);
    sb_sampling sampling;
    sb_sampling_init(&sampling);
    sampling.samples = SAMPLES;
    sb_reread_log reread;
    sb_error error;
    SB_CHECK(sb_reread(&reread, &log, &sampling, SB_RULE_COHEN, NULL, NULL, &error) == SB_OK, "%s",
             error.message);
    int proper = 0;
    for (int t = 0; t <= 24; t++) {
        fmpq_t radius;
        fmpq_init(radius);
        fmpq_set_si(radius, t, 10);
        fmpq_canonicalise(radius);
        size_t truth = 0, lowest, highest;
        for (int i = 0; i < IMAGES; i++) truth += cohen[i] >= t / 10.;
        sb_reread_count(&reread, &log, radius, NULL, &lowest, &highest);
        SB_CHECK(lowest <= truth && truth <= highest, "at %d/10: %zu not in %zu..%zu", t, truth, lowest,
                 highest);
        SB_CHECK(highest <= sb_certified_count(&log, radius, NULL) + 1, "Cohen's rule never certifies more");
        proper += lowest > 0 && highest < IMAGES && highest > lowest;
        fmpq_clear(radius);
    }
    SB_CHECK(proper > 5, "the brackets say something");
    sb_reread_log_clear(&reread);
    sb_sampling_clear(&sampling);
    sb_certification_log_clear(&log);
    sb_text_clear(&text);
}

static void impossible_radii_are_reported(void) {
    static const struct {
        const char *log, *value;
    } item[] = {{HEAD "0\t1\t1\t0.2\t1\t0\n1\t1\t1\t0.6\t1\t0\n", "line 3: radius 0.6 comes from no counts"},
                {HEAD "0\t1\t1\t0.0\t1\t0\n", "line 2: radius 0 comes from no counts"},
                {HEAD "0\t1\t1\t0.1234\t1\t0\n", "line 2: radius 0.1234 has more significant digits"}};
    for (size_t i = 0; i < 3; i++) {
        sb_certification_log log;
        sb_sampling sampling;
        sb_reread_log reread;
        sb_error error = {SB_OK, ""};
        parse(&log, item[i].log);
        sb_sampling_init(&sampling);
        fmpq_set_str(sampling.sigma, "3/25", 10);
        SB_CHECK(sb_reread(&reread, &log, &sampling, SB_RULE_COHEN, NULL, NULL, &error) == SB_BAD_INPUT &&
                     !reread.image,
                 "item %zu", i);
        SB_CHECK(strstr(error.message, item[i].value) != NULL, "%s", error.message);
        sb_sampling_clear(&sampling);
        sb_certification_log_clear(&log);
    }
}

static int stop(void *context, size_t done, size_t total) {
    (void)context;
    (void)total;
    return done < 1;
}

static void rereading_can_be_stopped(void) {
    sb_certification_log log;
    sb_sampling sampling;
    sb_reread_log reread;
    sb_error error;
    parse(&log, HEAD "0\t1\t1\t0.5\t1\t0\n1\t1\t1\t0.6\t1\t0\n");
    sb_sampling_init(&sampling);
    SB_CHECK(sb_reread(&reread, &log, &sampling, SB_RULE_COHEN, stop, NULL, &error) == SB_INTERRUPTED &&
                 !reread.image,
             "stopped");
    sampling.samples = 10000000;
    SB_CHECK(sb_reread(&reread, &log, &sampling, SB_RULE_COHEN, NULL, NULL, &error) == SB_OUTSIDE &&
                 strstr(error.message, "10000000"),
             "%s", error.message);
    sb_sampling_clear(&sampling);
    sb_certification_log_clear(&log);
}

static void ceiling_is_where_all_samples_agree(void) {
    static const unsigned long samples[] = {10, 1000, 10000, 100000, 1000000};
    sb_sampling sampling;
    sb_sampling_init(&sampling);
    fmpq_set_str(sampling.sigma, "3/25", 10);
    arb_t value;
    sb_error error;
    arb_init(value);
    for (size_t i = 0; i < 5; i++) {
        sampling.samples = samples[i];
        double n = (double)samples[i],
               expected = 0.12 * normal_quantile(pow(0.001, 1 / n), -expm1(log(0.001) / n));
        SB_CHECK(sb_sampling_ceiling(value, &sampling, 15, &error) == SB_OK, "%s", error.message);
        SB_CHECK(fabs(middle(value) - expected) < 1e-11 && arb_rel_accuracy_bits(value) > 50,
                 "n=%lu: %.12g, %.12g", samples[i], middle(value), expected);
    }
    sb_certification_log log; /* the ceiling for n = 10^5 is 0.457374..: it prints as 0.457 */
    parse(&log, HEAD "0\t1\t1\t0.457\t1\t0\n1\t1\t1\t0.456\t1\t0\n2\t1\t2\t0.457\t0\t0\n3\t1\t1\t0."
                     "457\t1\t0\n4\t1\t1\t0.458\t1\t0\n");
    size_t count = 99;
    sampling.samples = 100000;
    SB_CHECK(sb_ceiling_count(&log, &sampling, &count, &error) == SB_OK && count == 2, "%zu on the ceiling",
             count);
    sampling.samples = 1000;
    SB_CHECK(sb_ceiling_count(&log, &sampling, &count, &error) == SB_OK && count == 0,
             "another n: %zu on the ceiling", count);
    arb_clear(value);
    sb_certification_log_clear(&log);
    sb_sampling_clear(&sampling);
}

static void printed_intervals(void) {
    static const struct {
        const char *printed;
        int digits;
        double low, high;
    } item[] = {{"33/4000", 3, 0.008245, 0.008255},
                {"1/1000", 3, 0.0009995, 0.001005},
                {"2", 1, 1.5, 2.5},
                {"10", 2, 9.95, 10.5},
                {"99/125000", 3, 0.0007915, 0.0007925}};
    fmpq_t printed, low, high;
    fmpq_init(printed);
    fmpq_init(low);
    fmpq_init(high);
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        fmpq_set_str(printed, item[i].printed, 10);
        sb_printed_interval(low, high, printed, item[i].digits);
        double l = fmpq_get_d(low), h = fmpq_get_d(high);
        SB_CHECK(l <= item[i].low && l >= item[i].low * (1 - 3e-7) && h >= item[i].high &&
                     h <= item[i].high * (1 + 3e-7),
                 "%s: %.10g..%.10g", item[i].printed, l, h);
        SB_CHECK(sb_printed_with(printed, item[i].digits), "%s has %d digits", item[i].printed,
                 item[i].digits);
    }
    fmpq_set_str(printed, "33/4000", 10);
    SB_CHECK(!sb_printed_with(printed, 2), "0.00825 has more than 2 digits");
    fmpq_clear(printed);
    fmpq_clear(low);
    fmpq_clear(high);
}

static void radii_lists(void) {
    sb_curve_radii radii;
    sb_error error;
    SB_CHECK(sb_curve_radii_parse(&radii, "--radii", "natural,2/255,0:0.003:0.001,1..4*2", &error) == SB_OK,
             "%s", error.message);
    static const char *const label[] = {"natural", "2/255", "0", "0.001", "0.002", "0.003", "1", "2", "4"};
    SB_CHECK(radii.count == 9, "%zu radii", radii.count);
    for (size_t i = 0; i < radii.count && i < 9; i++)
        SB_CHECK(strcmp(radii.item[i].label, label[i]) == 0, "%s", radii.item[i].label);
    SB_CHECK(radii.count == 9 && radii.item[0].natural && !radii.item[1].natural, "natural");
    sb_curve_radii_clear(&radii);
    static const char *const bad[] = {"", "x", "1,,2", "-1", "inf", "0.1,", "naturel", "1:0:1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        SB_CHECK(sb_curve_radii_parse(&radii, "--radii", bad[i], &error) == SB_BAD_INPUT && !radii.count,
                 "'%s'", bad[i]);
    static const double largest[] = {0.00825, 1.93, 10, 1e-7, 0.999, 300};
    for (size_t i = 0; i < 6; i++) {
        SB_CHECK(sb_curve_radii_default(&radii, largest[i], &error) == SB_OK, "%s", error.message);
        double last = fmpq_get_d(radii.item[radii.count - 1].value);
        SB_CHECK(radii.count >= 6 && radii.count <= 13 && last >= largest[i] * (1 - 1e-9) &&
                     last <= 1.5 * largest[i],
                 "%g: %zu radii to %g", largest[i], radii.count, last);
        sb_curve_radii_clear(&radii);
    }
    SB_CHECK(sb_curve_radii_default(&radii, 0, &error) == SB_OK && radii.count == 2, "no radius above 0");
    sb_curve_radii_clear(&radii);
}

/* ------------------------------------------------------------------ the authors' logs */
static int read_authors(sb_certification_log *log, const char *name) {
    const char *directory = getenv("SMOOTHBOUND_LOGS");
    sb_error error;
    char *path = directory && *directory ? sb_path_join(directory, name) : NULL;
    if (!path) return 0;
    sb_status status = sb_certification_log_read(log, path, &error);
    SB_CHECK(status == SB_OK, "%s", error.message);
    free(path);
    return status == SB_OK;
}

static const struct {
    const char *name, *sigma;
    uint64_t dimension;
    size_t images, natural, certified, curve[10], cohen_least, cohen_most, not_cohen;
} authors[] = {{"output_noise12_size32_l2trades0435_beta6_full.tsv",
                "3/25",
                3072,
                10000,
                7884,
                6255,
                {7884},
                6115,
                6181,
                281},
               {"output_noise12_size32_l2trades0435_beta6.tsv",
                "3/25",
                3072,
                500,
                390,
                311,
                {390, 380, 374, 360, 351, 339, 332, 322, 307, 0},
                0,
                0,
                0},
               {"output_noise18_size48_l2trades06525_beta6.tsv",
                "9/50",
                6912,
                500,
                385,
                293,
                {385, 378, 365, 354, 341, 329, 319, 310, 290, 0},
                287,
                291,
                0},
               {"output_noise24_size64_l2trades087_beta6.tsv",
                "6/25",
                12288,
                500,
                378,
                298,
                {378, 370, 358, 342, 333, 328, 318, 308, 293, 0},
                290,
                294,
                0}};

static void authors_curves(void) {
    for (size_t i = 0; i < 4; i++) {
        sb_certification_log log;
        if (!read_authors(&log, authors[i].name)) SB_SKIP("SMOOTHBOUND_LOGS names no directory");
        SB_CHECK(log.count == authors[i].images && sb_natural_count(&log) == authors[i].natural, "%s",
                 authors[i].name);
        SB_CHECK(count_at(&log, "2/255", NULL) == authors[i].certified, "%s at 2/255", authors[i].name);
        for (int r = 0; r < 10 && i; r++) {
            char radius[20];
            snprintf(radius, sizeof radius, "%d/1000", r);
            SB_CHECK(count_at(&log, radius, NULL) == authors[i].curve[r], "%s at %s", authors[i].name,
                     radius);
        }
        if (i == 0) SB_CHECK(count_at(&log, "784/100000", NULL) == 6264, "at the rounded 0.00784");
        sb_certification_log_clear(&log);
    }
}

static void authors_reread(void) {
    for (size_t i = 0; i < 4; i++) {
        sb_certification_log log;
        if (!read_authors(&log, authors[i].name)) SB_SKIP("SMOOTHBOUND_LOGS names no directory");
        sb_sampling sampling;
        sb_reread_log reread;
        sb_error error;
        fmpq_t radius;
        size_t lowest, highest, on_ceiling;
        fmpq_init(radius);
        fmpq_set_si(radius, 2, 255);
        sb_sampling_init(&sampling);
        fmpq_set_str(sampling.sigma, authors[i].sigma, 10);
        sb_divisor_sqrt_dimension(&sampling.logged, authors[i].dimension);
        SB_CHECK(sb_reread(&reread, &log, &sampling, SB_RULE_COHEN, NULL, NULL, &error) == SB_OK, "%s",
                 error.message);
        sb_reread_count(&reread, &log, radius, &sampling.logged, &lowest, &highest);
        if (authors[i].cohen_most)
            SB_CHECK(lowest == authors[i].cohen_least && highest == authors[i].cohen_most, "%s: %zu..%zu",
                     authors[i].name, lowest, highest);
        if (authors[i].not_cohen)
            SB_CHECK(sb_not_cohen_count(&reread, &log, radius, NULL) == authors[i].not_cohen,
                     "%s: radii that are not Cohen's", authors[i].name);
        SB_CHECK(sb_ceiling_count(&log, &sampling, &on_ceiling, &error) == SB_OK, "%s", error.message);
        double share = (double)on_ceiling / (double)sb_natural_count(&log);
        SB_CHECK(share > 0.705 && share < 0.765, "%s: %.4f of the correct images on the ceiling",
                 authors[i].name, share);
        sb_reread_log_clear(&reread);
        sb_sampling_clear(&sampling);
        fmpq_clear(radius);
        sb_certification_log_clear(&log);
    }
}

static const sb_test tests[] = {{"counting is exact", counting_is_exact},
                                {"re-reading equals enumeration of all counts", rereading_equals_enumeration},
                                {"re-reading brackets simulated counts", rereading_brackets_the_truth},
                                {"radii that no counts give are reported", impossible_radii_are_reported},
                                {"re-reading can be stopped", rereading_can_be_stopped},
                                {"sampling ceiling", ceiling_is_where_all_samples_agree},
                                {"intervals of printed radii", printed_intervals},
                                {"lists of radii", radii_lists},
                                {"the authors' curves", authors_curves},
                                {"the authors' logs under Cohen's rule", authors_reread}};
SB_TEST_MAIN(tests)
