/* Preset files: what they mean, what they refuse, and that they read back. */
#include "experiments/preset.h"

#include "support/file.h"
#include "tests/test.h"

#include <unistd.h>

static const char least[] = "data = shapes\nsizes = 16,24,32\nsigma = 0.12\nradius = 0.435\ndepth = 8\n";
static char path[300];

static sb_status read_text(sb_preset *preset, const char *text, sb_error *error) {
    sb_preset_init(preset);
    sb_status status = sb_file_write(path, text, strlen(text), error);
    return status ? status : sb_preset_read(preset, path, error);
}

/* Whether a rational is the fraction. */
static int is(const fmpq_t value, long numerator, unsigned long denominator) {
    fmpq_t other;
    fmpq_init(other);
    fmpq_set_si(other, numerator, denominator);
    int equal = fmpq_equal(value, other);
    fmpq_clear(other);
    return equal;
}

static void test_defaults(void) {
    sb_preset p;
    sb_error error = {0};
    SB_CHECK(read_text(&p, least, &error) == SB_OK, "%s", error.message);
    SB_CHECK(p.size[0] == 16 && p.size[1] == 24 && p.size[2] == 32, "%d,%d,%d", p.size[0], p.size[1],
             p.size[2]);
    SB_CHECK(p.source_size == 16 && p.reference_size == 32, "%d, %d", p.source_size, p.reference_size);
    SB_CHECK(is(p.sigma, 3, 25) && is(p.radius, 87, 200) && is(p.control_sigma, 3, 50), "sigma and radius");
    SB_CHECK(p.arms == 3 && is(p.alpha, 1, 1000) && p.rule == SB_RULE_COHEN, "arms %u", p.arms);
    SB_CHECK(p.training.depth == 8 && p.training.epochs == 55 && p.training.batch == 256, "epochs %d",
             p.training.epochs);
    SB_CHECK(p.name && strcmp(p.name, "preset-test") == 0, "%s", p.name ? p.name : "no name");
    sb_preset_clear(&p);
}

static void test_values(void) {
    sb_preset p;
    sb_error error = {0};
    char text[900];
    snprintf(text, sizeof text,
             "%s# a comment\nsource-size = 20\nreference-size=16\ncontrol-sigma = 1/4\narms = detail,scaled\n"
             "rule = two-class-bonferroni\nalpha = 1/100\nn0 = 7\nn = 2^10\ntest-images = 9\ntest-skip = 3\n"
             "report-radius = 2/255\nmargin = 0.05\npermutations = 99\ndata-seed = 5\nmethod = noise\n"
             "epochs = 2\nseed = 12\n",
             least);
    SB_CHECK(read_text(&p, text, &error) == SB_OK, "%s", error.message);
    SB_CHECK(p.source_size == 20 && p.reference_size == 16 && is(p.control_sigma, 1, 4), "sizes");
    SB_CHECK(p.arms == (1u << SB_ARM_SCALED | 1u << SB_ARM_DETAIL), "arms %u", p.arms);
    SB_CHECK(p.rule == SB_RULE_TWO_CLASS_BONFERRONI && is(p.alpha, 1, 100), "rule and alpha");
    SB_CHECK(p.selection == 7 && p.samples == 1024 && p.test_images == 9 && p.test_skip == 3, "counts");
    SB_CHECK(is(p.report_radius, 2, 255) && is(p.margin, 1, 20) && p.permutations == 99, "statistics");
    SB_CHECK(p.data_seed == 5 && p.training.method == SB_TRAIN_NOISE && p.training.epochs == 2 &&
                 p.training.seed == 12,
             "training");
    sb_text once, twice;
    sb_text_init(&once);
    sb_text_init(&twice);
    sb_preset_text(&p, &once);
    sb_preset_clear(&p);
    SB_CHECK(read_text(&p, once.data, &error) == SB_OK, "%s", error.message);
    sb_preset_text(&p, &twice);
    SB_CHECK(strcmp(once.data, twice.data) == 0 && !once.failed, "%s--\n%s", once.data, twice.data);
    SB_CHECK(p.samples == 1024 && is(p.report_radius, 2, 255) && p.training.seed == 12,
             "after the round trip");
    sb_text_clear(&once);
    sb_text_clear(&twice);
    sb_preset_clear(&p);
}

static void test_refusals(void) {
    static const struct {
        const char *line, *message;
    } wrong[] = {{"sizs = 3", "line 6: unknown key 'sizs': did you mean sizes?"},
                 {"bacth = 3", "line 6: unknown key 'bacth': did you mean batch?"},
                 {"xyzzy = 3", "line 6: unknown key 'xyzzy'"},
                 {"size = 16", "line 6: unknown key 'size': did you mean sizes?"},
                 {"name = a/b", "line 6: name 'a/b'"},
                 {"data-seed = -1", "line 6: data-seed '-1'"},
                 {"n = 0", "line 6: n '0': must be a whole number from 1"},
                 {"n = 1.5", "line 6: n '1.5'"},
                 {"n0 = many", "line 6: n0 'many'"},
                 {"alpha = 1", "line 6: alpha '1': must lie between 0 and 1"},
                 {"alpha = 0", "line 6: alpha '0'"},
                 {"margin = inf", "line 6: margin 'inf'"},
                 {"control-sigma = -1", "line 6: control-sigma '-1': must be positive"},
                 {"control-sigma = nan", "line 6: control-sigma 'nan'"},
                 {"arms = scaled,fxed", "line 6: arms 'scaled,fxed': 'fxed' is none of"},
                 {"arms =", "line 6: arms '': '' is none of"},
                 {"rule = cohn", "line 6: "},
                 {"source-size = 3", "line 6: source-size '3': must be a whole number from 4"},
                 {"test-images = 0", "line 6: test-images '0'"},
                 {"epochs = 0", "line 6: epochs '0'"},
                 {"method = trade", "line 6: method 'trade': did you mean 'trades'?"},
                 {"depth = 8", "line 6"},
                 {"no equals sign", "line 6"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        sb_preset p;
        sb_error error = {0};
        char text[400];
        snprintf(text, sizeof text, "%s%s\n", least, wrong[i].line);
        SB_CHECK(read_text(&p, text, &error) == SB_BAD_INPUT && strstr(error.message, wrong[i].message) &&
                     strstr(error.message, "preset-test.conf: "),
                 "'%s' gives '%s'", wrong[i].line, error.message);
        sb_preset_clear(&p);
    }
}

static void test_whole_files(void) {
    static const struct {
        const char *text, *message;
    } wrong[] = {{"", "the key data is missing"},
                 {"data = shapes\nsigma = 1\nradius = 1\n", "the key sizes is missing"},
                 {"data = shapes\nsizes = 8,12,16\nradius = 1\n", "the key sigma is missing"},
                 {"data = shapes\nsizes = 8,12,16\nsigma = 1\n", "the key radius is missing"},
                 {"data = mnist\n", "data 'mnist': must be shapes or cifar-10"},
                 {"sizes = 16,24\n", "sizes '16,24': must be three sizes"},
                 {"sizes = 24,16,32\n", "must increase"},
                 {"sizes = 2,24,32\n", "2 does not lie between 4 and 1024"},
                 {"data = cifar-10\nsizes = 32,48,64\nsigma = 1\nradius = 1\narms = scaled,detail\n",
                  "arm detail at 64 pixels: CIFAR-10 has detail of 32"},
                 {"data = shapes\nsizes = 8,12,16\nsigma = 1\nradius = 1\ndepth = 9\n", "depth 9"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        sb_preset p;
        sb_error error = {0};
        SB_CHECK(read_text(&p, wrong[i].text, &error) == SB_BAD_INPUT &&
                     strstr(error.message, wrong[i].message),
                 "'%s' gives '%s'", wrong[i].text, error.message);
        sb_preset_clear(&p);
    }
}

/* The presets of the suite: the paper's section 4.2 in numbers, and the ratios 1 : 1.5 : 2. */
static void test_installed(void) {
    char *names = NULL;
    sb_error error = {0};
    SB_CHECK(sb_preset_names(&names, &error) == SB_OK, "%s", error.message);
    SB_CHECK(names && strcmp(names, "cifar-small\npaper\nquick\n") == 0, "%s", names ? names : "");
    free(names);
    static const char *const name[] = {"quick", "cifar-small", "paper"};
    for (size_t i = 0; i < 3; i++) {
        sb_preset p;
        sb_preset_init(&p);
        SB_CHECK(sb_preset_read(&p, name[i], &error) == SB_OK, "%s: %s", name[i], error.message);
        SB_CHECK(2 * p.size[1] == 3 * p.size[0] && p.size[2] == 2 * p.size[0], "%s: sizes", name[i]);
        SB_CHECK(p.arms & 1u << SB_ARM_SCALED && p.arms & 1u << SB_ARM_FIXED, "%s: arms %u", name[i], p.arms);
        if (i == 2)
            SB_CHECK(p.size[0] == 32 && is(p.sigma, 12, 100) && p.reference_size == 32 &&
                         is(p.radius, 435, 1000) && p.training.depth == 110 && p.training.epochs == 55 &&
                         p.training.batch == 256 && p.samples == 100000 && is(p.alpha, 1, 1000) &&
                         p.test_images == 10000,
                     "paper");
        sb_preset_clear(&p);
    }
    sb_preset p;
    sb_preset_init(&p);
    SB_CHECK(sb_preset_read(&p, "quik", &error) == SB_BAD_INPUT &&
                 strstr(error.message, "did you mean quick?"),
             "%s", error.message);
    SB_CHECK(sb_preset_read(&p, "/nonexistent/a.conf", &error) == SB_IO, "%s", error.message);
    sb_preset_clear(&p);
}

static const sb_test tests[] = {{"what is left out", test_defaults},
                                {"every key, and back", test_values},
                                {"refused lines", test_refusals},
                                {"refused files", test_whole_files},
                                {"the presets of the suite", test_installed}};

int main(void) {
    const char *folder = getenv("SCRATCH");
    snprintf(path, sizeof path, "%s/preset-test.conf", folder ? folder : "/tmp");
    int failed = sb_test_main(tests, sizeof tests / sizeof tests[0]);
    unlink(path);
    return failed;
}
