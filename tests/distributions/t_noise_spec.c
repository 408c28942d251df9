/* NAME:key=value,... */
#include "distributions/family.h"
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

static int reads_as(const char *text, const sb_noise_family *family, const char *canonical) {
    sb_noise_spec spec;
    sb_error error = {SB_OK, ""};
    sb_noise_spec_init(&spec);
    sb_status status = sb_noise_spec_parse(&spec, text, &error);
    char *printed = status ? NULL : sb_noise_spec_print(&spec);
    int same = printed && spec.family == family && strcmp(printed, canonical) == 0;
    if (!same) printf("# '%s' gives '%s' %s\n", text, printed ? printed : "-", error.message);
    free(printed);
    sb_noise_spec_clear(&spec);
    return same;
}

static void reads(void) {
    SB_CHECK(reads_as("gaussian:sigma=0.12", &sb_gaussian_family, "gaussian:sigma=3/25"));
    SB_CHECK(reads_as("gaussian:sigma=1e-3", &sb_gaussian_family, "gaussian:sigma=1/1000"));
    SB_CHECK(reads_as("uniform:r=8/255", &sb_uniform_family, "uniform:r=8/255"));
    SB_CHECK(reads_as("laplace:sigma=0.5", &sb_laplace_family, "laplace:sigma=1/2"));
    SB_CHECK(reads_as("uniform:r=2^10", &sb_uniform_family, "uniform:r=1024"));
}

/* Without a scale: shapes only. */
static void reads_shapes(void) {
    sb_noise_spec spec;
    sb_noise_spec_init(&spec);
    SB_CHECK(sb_noise_spec_parse_shape(&spec, "laplace", NULL) == SB_OK && spec.scale_given == 0);
    char *printed = spec.family ? sb_noise_spec_print(&spec) : NULL;
    SB_CHECK(printed && strcmp(printed, "laplace") == 0);
    free(printed);
    SB_CHECK(sb_noise_spec_parse_shape(&spec, "laplace:sigma=2", NULL) == SB_OK && spec.scale_given == 2);
    SB_CHECK(sb_noise_spec_parse(&spec, "laplace", NULL) == SB_BAD_INPUT && !spec.family);
    sb_noise_spec_clear(&spec);
}

static void refuses(void) {
    SB_CHECK(refused("", "empty"));
    SB_CHECK(refused("gausian:sigma=1", "did you mean gaussian?"));
    SB_CHECK(refused("zzzzzzzzzz:sigma=1", "known: gaussian, laplace, uniform"));
    SB_CHECK(refused("gaussian", "needs sigma=VALUE"));
    SB_CHECK(refused("gaussian:sgma=1", "did you mean sigma?"));
    SB_CHECK(refused("gaussian:sigma", "needs a value"));
    SB_CHECK(refused("gaussian:sigma=", "gaussian:sigma ''"));
    SB_CHECK(refused("gaussian:sigma=0", "'0'"));
    SB_CHECK(refused("gaussian:sigma=-1", "'-1'"));
    SB_CHECK(refused("gaussian:sigma=inf", "'inf'"));
    SB_CHECK(refused("gaussian:sigma=1x", "'1x'"));
    SB_CHECK(refused("gaussian:sigma=1,sigma=2", "given twice"));
    SB_CHECK(refused("laplace:sigma=1,b=2", "b and sigma exclude each other"));
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
        SB_CHECK(family->product || family->radial, "%s", family->name);
        SB_CHECK(family->scale < 0 ? family->parse != NULL : family->key[family->scale].name != NULL, "%s",
                 family->name);
        SB_CHECK(*family->description && *family->density && family->source, "%s", family->name);
        SB_CHECK(sb_noise_family_named(family->name) == family, "%s", family->name);
    }
    SB_CHECK(sb_noise_family_named("gausian") == NULL);
    SB_CHECK(sb_noise_family_at(sb_noise_family_count()) == NULL);
}

static const sb_test tests[] = {{"noise: specs are read", reads},
                                {"noise: shapes without scale", reads_shapes},
                                {"noise: refusals name the word", refuses},
                                {"noise: the table", table_of_families}};
SB_TEST_MAIN(tests)
