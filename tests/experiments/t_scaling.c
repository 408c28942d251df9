/* Which networks the experiment has, and what its logs say, against numbers by hand. */
#include "experiments/scaling_results.h"

#include "experiments/scaling.h"
#include "support/file.h"
#include "tests/test.h"

#include <math.h>
#include <unistd.h>

static char folder[300];
static sb_error error;

static const char text[] = "name = trial\ndata = shapes\nsizes = 16,24,32\nsource-size = 16\n"
                           "arms = scaled,fixed,detail\nsigma = 0.12\nradius = 0.435\ndepth = 8\n"
                           "n = 100000\nalpha = 0.001\ntest-images = 4\npermutations = 999\n";

static char *in_folder(const char *name) {
    static char path[400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *content) {
    SB_CHECK(sb_file_write(in_folder(name), content, strlen(content), &error) == SB_OK, "%s", error.message);
}

/* Reads `text` with more lines. */
static void read_preset(sb_preset *preset, const char *more) {
    char all[800];
    snprintf(all, sizeof all, "%s%s", text, more);
    put("p.conf", all);
    sb_preset_init(preset);
    SB_CHECK(sb_preset_read(preset, in_folder("p.conf"), &error) == SB_OK, "%s", error.message);
}

static void test_plan(void) {
    static const struct {
        const char *name;
        int size, source;
        double sigma, radius;
    } truth[] = {{"scaled-16", 16, 16, .06, .2175}, {"scaled-24", 24, 16, .09, .32625},
                 {"scaled-32", 32, 16, .12, .435},  {"fixed-24", 24, 16, .06, .2175},
                 {"fixed-32", 32, 16, .06, .2175},  {"detail-24", 24, 24, .09, .32625},
                 {"detail-32", 32, 32, .12, .435}};
    static const int member[SB_ARMS][3] = {{0, 1, 2}, {0, 3, 4}, {0, 5, 6}};
    sb_preset preset;
    sb_scaling_plan plan;
    read_preset(&preset, "");
    sb_scaling_plan_init(&plan, &preset);
    SB_CHECK(plan.count == 7, "%d networks", plan.count);
    for (int i = 0; i < plan.count && i < 7; i++) {
        const sb_scaling_network *n = &plan.network[i];
        SB_CHECK(strcmp(n->name, truth[i].name) == 0 && n->size == truth[i].size &&
                     n->source_size == truth[i].source &&
                     fabs(fmpq_get_d(n->sigma) - truth[i].sigma) < 1e-15 &&
                     fabs(fmpq_get_d(n->radius) - truth[i].radius) < 1e-15,
                 "%d: %s, size %d from %d, sigma %g, radius %g", i, n->name, n->size, n->source_size,
                 fmpq_get_d(n->sigma), fmpq_get_d(n->radius));
    }
    for (int arm = 0; arm < SB_ARMS; arm++)
        for (int s = 0; s < 3; s++)
            SB_CHECK(plan.member[arm][s] == member[arm][s], "arm %d, size %d: network %d", arm, s,
                     plan.member[arm][s]);
    SB_CHECK(sb_scaling_needs(&plan, 1u << SB_ARM_FIXED, 0) &&
                 sb_scaling_needs(&plan, 1u << SB_ARM_FIXED, 4) &&
                 !sb_scaling_needs(&plan, 1u << SB_ARM_FIXED, 1),
             "the networks of arm fixed");
    sb_training_options options;
    sb_scaling_training(&plan, 6, &options);
    SB_CHECK(options.size == 32 && options.sigma == .12 && options.radius == .435 && options.depth == 8,
             "size %d, sigma %g, radius %g", options.size, options.sigma, options.radius);
    sb_scaling_plan_clear(&plan);
    sb_preset_clear(&preset);
    read_preset(&preset, "control-sigma = 0.12\n"); /* shares the largest network instead */
    sb_scaling_plan_init(&plan, &preset);
    SB_CHECK(plan.count == 7 && plan.member[SB_ARM_FIXED][2] == 2 && plan.member[SB_ARM_FIXED][0] == 3,
             "%d networks", plan.count);
    sb_scaling_plan_clear(&plan);
    sb_preset_clear(&preset);
}

/* sigma Phi^{-1}(alpha^(1/n))/sqrt(d) for sigma = .12, alpha = .001, n = 100000, d = 3072:
   .457374/sqrt(3072), the ceiling of the paper's Figure 2; by Phi^{-1}(1 - 6.9073e-5) = 3.81144. */
static void test_ceilings(void) {
    sb_preset preset;
    sb_scaling_plan plan;
    sb_scaling_results results;
    read_preset(&preset, "");
    sb_scaling_plan_init(&plan, &preset);
    sb_scaling_results_init(&results, &plan);
    SB_CHECK(sb_scaling_results_read(&results, in_folder("nothing"), 7, NULL, NULL, &error) == SB_OK, "%s",
             error.message);
    for (int s = 0; s < 3; s++) {
        double scaled = results.arm[SB_ARM_SCALED].ceiling[s], fixed = results.arm[SB_ARM_FIXED].ceiling[s];
        SB_CHECK(fabs(scaled - .457374 / sqrt(3072)) < 1e-7, "size %d: %.9g", s, scaled);
        SB_CHECK(fabs(fixed * preset.size[s] / 16 - scaled) < 1e-12, "size %d, one sigma: %.9g", s, fixed);
    }
    SB_CHECK(!results.arm[0].present && !results.arm[1].present && !results.arm[2].present, "no logs");
    sb_scaling_results_clear(&results);
    sb_scaling_plan_clear(&plan);
    sb_preset_clear(&preset);
    /* .95 of the ceiling is .0078395, below 2/255; with sigma = .12 at 24 pixels it is above */
    static const struct {
        const char *lines;
        double radius;
    } truth[] = {{"report-radius = 1/255\n", 1. / 255}, {"reference-size = 24\n", 2. / 255}, {"", .0078}};
    for (size_t i = 0; i < 3; i++) {
        read_preset(&preset, truth[i].lines);
        sb_scaling_plan_init(&plan, &preset);
        sb_scaling_results_init(&results, &plan);
        SB_CHECK(sb_scaling_results_read(&results, in_folder("nothing"), 7, NULL, NULL, &error) == SB_OK,
                 "%s", error.message);
        SB_CHECK(fabs(fmpq_get_d(results.report_radius) - truth[i].radius) < 1e-15, "'%s': %.9g",
                 truth[i].lines, fmpq_get_d(results.report_radius));
        sb_scaling_results_clear(&results);
        sb_scaling_plan_clear(&plan);
        sb_preset_clear(&preset);
    }
}

/* Four images; l_inf radii as shares of the ceiling .00825208: 1, .5, .25, wrong. */
static void put_logs(const char *lost) {
    static const char *const name[] = {"scaled-16.tsv", "scaled-24.tsv", "scaled-32.tsv", "fixed-24.tsv",
                                       "fixed-32.tsv"};
    static const double top[] = {.2286869, .3430304, .4573738, .2286869, .2286869};
    for (int i = 0; i < 5; i++) {
        char log[600];
        int wrong = strcmp(lost, name[i]) == 0;
        snprintf(log, sizeof log,
                 "idx\tlabel\tpredict\tradius\tcorrect\ttime\n0\t1\t%d\t%.7f\t%d\t0\n1\t1\t1\t%.7f\t1\t0\n"
                 "2\t1\t1\t%.7f\t1\t0\n3\t1\t2\t%.7f\t0\t0\n",
                 wrong ? 2 : 1, top[i], !wrong, top[i] / 2, top[i] / 4, top[i]);
        put(name[i], log);
    }
}

static void test_results(void) {
    sb_preset preset;
    sb_scaling_plan plan;
    sb_scaling_results results;
    read_preset(&preset, "");
    sb_scaling_plan_init(&plan, &preset);
    put_logs("");
    sb_scaling_results_init(&results, &plan);
    SB_CHECK(sb_scaling_results_read(&results, folder, 7, NULL, NULL, &error) == SB_OK, "%s", error.message);
    const sb_scaling_arm *scaled = &results.arm[SB_ARM_SCALED], *fixed = &results.arm[SB_ARM_FIXED];
    SB_CHECK(scaled->present && fixed->present && !results.arm[SB_ARM_DETAIL].present, "which arms");
    SB_CHECK(scaled->test.gap == 0 && scaled->test.p == 1 && scaled->verdict == SB_CURVES_CONSISTENT,
             "scaled: gap %g, p %g", scaled->test.gap, scaled->test.p);
    /* 16 pixels certifies image 0 at .9 of the ceiling, 32 pixels nothing beyond .5; between .25 and .5 image
       0 and 1 against 0: 1/4; images 0, 1 and 2 at .2 against 0 and 1 */
    SB_CHECK(fixed->test.gap == .25 && fixed->common.gap == .25, "fixed: gaps %g, %g", fixed->test.gap,
             fixed->common.gap);
    sb_scaling_results_clear(&results);
    put_logs("scaled-32.tsv");
    sb_scaling_results_init(&results, &plan);
    SB_CHECK(sb_scaling_results_read(&results, folder, 1, NULL, NULL, &error) == SB_OK, "%s", error.message);
    SB_CHECK(results.arm[0].test.gap == .25 && results.arm[0].test.below == 2, "gap %g, %d below",
             results.arm[0].test.gap, results.arm[0].test.below);
    SB_CHECK(!results.arm[1].present, "an arm that was not asked for");
    sb_scaling_results_clear(&results);
    put("scaled-24.tsv", "idx\tlabel\tpredict\tradius\tcorrect\ttime\n0\t1\t1\t0.1\t1\t0\n");
    sb_scaling_results_init(&results, &plan);
    SB_CHECK(sb_scaling_results_read(&results, folder, 7, NULL, NULL, &error) == SB_OK, "%s", error.message);
    SB_CHECK(!results.arm[0].present && results.arm[1].present, "an unfinished log");
    sb_scaling_results_clear(&results);
    put("scaled-24.tsv", "idx\tlabel\tpredict\tradius\tcorrect\ttime\n0\t1\t1\tnan\t1\t0\n");
    sb_scaling_results_init(&results, &plan);
    SB_CHECK(sb_scaling_results_read(&results, folder, 7, NULL, NULL, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "scaled-24.tsv") && strstr(error.message, "nan"),
             "%s", error.message);
    sb_scaling_results_clear(&results);
    sb_scaling_plan_clear(&plan);
    sb_preset_clear(&preset);
}

static void test_expected(void) {
    SB_CHECK(sb_curves_as_expected(SB_ARM_SCALED, SB_CURVES_CONSISTENT) &&
                 sb_curves_as_expected(SB_ARM_SCALED, SB_CURVES_ALIKE) &&
                 !sb_curves_as_expected(SB_ARM_SCALED, SB_CURVES_DIFFER),
             "scaled");
    SB_CHECK(!sb_curves_as_expected(SB_ARM_FIXED, SB_CURVES_CONSISTENT) &&
                 !sb_curves_as_expected(SB_ARM_FIXED, SB_CURVES_ALIKE) &&
                 sb_curves_as_expected(SB_ARM_FIXED, SB_CURVES_DIFFER),
             "fixed");
    SB_CHECK(sb_curves_as_expected(SB_ARM_DETAIL, SB_CURVES_DIFFER) &&
                 sb_curves_as_expected(SB_ARM_DETAIL, SB_CURVES_CONSISTENT),
             "detail");
}

static sb_status open_with(const char *more) {
    sb_preset preset;
    sb_scaling_plan plan;
    read_preset(&preset, more);
    sb_scaling_plan_init(&plan, &preset);
    char *results = sb_path_join(folder, "results");
    const sb_scaling scaling = {.plan = &plan, .arms = 7, .directory = results};
    sb_status status = sb_scaling_open(&scaling, &error);
    free(results);
    sb_scaling_plan_clear(&plan);
    sb_preset_clear(&preset);
    return status;
}

static void test_folder(void) {
    SB_CHECK(open_with("") == SB_OK, "%s", error.message);
    SB_CHECK(open_with("") == SB_OK, "again: %s", error.message);
    SB_CHECK(open_with("epochs = 3\n") == SB_BAD_INPUT &&
                 strstr(error.message, "epochs = 55, not for epochs = 3"),
             "%s", error.message);
    SB_CHECK(open_with("n0 = 3\n") == SB_BAD_INPUT && strstr(error.message, "n0 = 100, not for n0 = 3"), "%s",
             error.message);
    SB_CHECK(open_with("report-radius = 1/255\nmargin = 1/5\n") == SB_OK, "%s", error.message);
    SB_CHECK(open_with("") == SB_OK, "back: %s", error.message);
    put("results/preset.conf", "nonsense\n");
    SB_CHECK(open_with("") == SB_BAD_INPUT && strstr(error.message, "preset.conf"), "%s", error.message);
}

static const sb_test tests[] = {{"the networks and their sharing", test_plan},
                                {"ceilings and the radius of the report", test_ceilings},
                                {"logs, compared", test_results},
                                {"what is expected", test_expected},
                                {"one folder, one preset", test_folder}};

int main(void) {
    const char *scratch = getenv("SCRATCH");
    snprintf(folder, sizeof folder, "%s/scaling-test-%ld", scratch ? scratch : "/tmp", (long)getpid());
    if (sb_directory_make(folder, &error)) return 2;
    return sb_test_main(tests, sizeof tests / sizeof tests[0]);
}
