/* NAME:key=value,... */
#include "distributions/noise_spec.h"
#include "tests/test.h"

static int refused(const char *text, const char *part) {
    sb_noise_spec spec;
    sb_error error = {SB_OK, ""};
    sb_noise_spec_init(&spec);
    sb_status status = sb_noise_spec_parse(&spec, text, &error);
    int empty = spec.family == NULL;
    sb_noise_spec_clear(&spec);
    if (status != SB_BAD_INPUT || !strstr(error.message, part))
        printf("# '%s' gives status %d, '%s'\n", text, (int)status, error.message);
    return status == SB_BAD_INPUT && empty && strstr(error.message, part) != NULL;
}

static int reads_as(const char *text, sb_noise_kind kind, const char *canonical) {
    sb_noise_spec spec;
    sb_error error = {SB_OK, ""};
    sb_noise_spec_init(&spec);
    sb_status status = sb_noise_spec_parse(&spec, text, &error);
    char *printed = status ? NULL : sb_noise_spec_print(&spec);
    int same = printed && spec.family->kind == kind && strcmp(printed, canonical) == 0;
    if (!same) printf("# '%s' gives '%s' %s\n", text, printed ? printed : "-", error.message);
    free(printed);
    sb_noise_spec_clear(&spec);
    return same;
}

static void reads(void) {
    SB_CHECK(reads_as("gaussian:sigma=0.12", SB_NOISE_GAUSSIAN, "gaussian:sigma=3/25"));
    SB_CHECK(reads_as("gaussian:sigma=1e-3", SB_NOISE_GAUSSIAN, "gaussian:sigma=1/1000"));
    SB_CHECK(reads_as("uniform:r=8/255", SB_NOISE_UNIFORM, "uniform:r=8/255"));
    SB_CHECK(reads_as("uniform:r=2^10", SB_NOISE_UNIFORM, "uniform:r=1024"));
}

static void refuses(void) {
    SB_CHECK(refused("", "empty"));
    SB_CHECK(refused("gausian:sigma=1", "did you mean gaussian?"));
    SB_CHECK(refused("zzzzzzzzzz:sigma=1", "known: gaussian, uniform"));
    SB_CHECK(refused("gaussian", "needs sigma=VALUE"));
    SB_CHECK(refused("gaussian:sgma=1", "did you mean sigma?"));
    SB_CHECK(refused("gaussian:sigma", "needs a value"));
    SB_CHECK(refused("gaussian:sigma=", "gaussian:sigma ''"));
    SB_CHECK(refused("gaussian:sigma=0", "'0'"));
    SB_CHECK(refused("gaussian:sigma=-1", "'-1'"));
    SB_CHECK(refused("gaussian:sigma=inf", "'inf'"));
    SB_CHECK(refused("gaussian:sigma=1x", "'1x'"));
    SB_CHECK(refused("gaussian:sigma=1,sigma=2", "given twice"));
    SB_CHECK(refused("gaussian:sigma=1,r=2", "unknown key of gaussian noise 'r'"));
    SB_CHECK(refused("gaussian:sigma=1,", "unknown key of gaussian noise ''"));
    char longest[5000];
    memset(longest, 'g', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    SB_CHECK(refused(longest, "unknown noise 'ggg"));
}

static void table_of_families(void) {
    for (size_t i = 0; i < sb_noise_family_count(); i++) {
        const sb_noise_family *family = sb_noise_family_at(i);
        SB_CHECK(family && family->name && family->key[0] && family->description &&
                 (size_t)family->kind == i);
    }
    SB_CHECK(sb_noise_family_at(sb_noise_family_count()) == NULL);
}

static const sb_test tests[] = {{"noise: specs are read", reads},
                                {"noise: refusals name the word", refuses},
                                {"noise: the table", table_of_families}};
SB_TEST_MAIN(tests)
