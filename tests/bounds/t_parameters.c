/* Ranges of d, p, eps, delta, and the one-line messages. */
#include "tests/bounds/bounds_test.h"

static int refused(const char *d, const char *p, const char *eps, const char *delta, const char *part) {
    sb_parameters parameters;
    sb_error error = {SB_OK, ""};
    sb_parameters_init(&parameters);
    sb_status status = sb_parameters_parse(&parameters, d, p, eps, delta, &error);
    sb_parameters_clear(&parameters);
    if (status != SB_BAD_INPUT || !strstr(error.message, part))
        printf("# status %d, message '%s'\n", (int)status, error.message);
    return status == SB_BAD_INPUT && strstr(error.message, part) && !strchr(error.message, '\n');
}

static void refuses_with_the_value(void) {
    SB_CHECK(refused("0", "2", "1", "1/2", "d '0'"));
    SB_CHECK(refused("3072.5", "2", "1", "1/2", "d '3072.5'"));
    SB_CHECK(refused("2^63", "2", "1", "1/2", "d '2^63'"));
    SB_CHECK(refused("1", "0.3", "1", "1/2", "p '0.3'"));
    SB_CHECK(refused("1", "-inf", "1", "1/2", "p '-inf'"));
    SB_CHECK(refused("1", "two", "1", "1/2", "p 'two'"));
    SB_CHECK(refused("1", "2", "0", "1/2", "eps '0'"));
    SB_CHECK(refused("1", "2", "-1", "1/2", "eps '-1'"));
    SB_CHECK(refused("1", "2", "inf", "1/2", "eps 'inf'"));
    SB_CHECK(refused("1", "2", "8//255", "1/2", "eps '8//255'"));
    SB_CHECK(refused("1", "2", "nan", "1/2", "eps 'nan'"));
    SB_CHECK(refused("1", "2", "1", "0", "no noise has total variation 0"));
    SB_CHECK(refused("1", "2", "1", "1", "delta '1'"));
    SB_CHECK(refused("1", "2", "1", "1.2", "delta '1.2'"));
    SB_CHECK(refused("1", "2", "1", "-1/2", "delta '-1/2'"));
}

static void accepts_the_whole_range(void) {
    sb_parameters parameters, copy;
    sb_error error;
    fmpq_t half;
    fmpq_init(half);
    sb_parameters_init(&parameters);
    sb_parameters_init(&copy);
    SB_CHECK(sb_parameters_check(&parameters, &error) == SB_OK);
    SB_CHECK(sb_parameters_parse(&parameters, "3x32x32", "inf", "8/255", "1/10", &error) == SB_OK, "%s",
             error.message);
    SB_CHECK(parameters.dimension == 3072 && parameters.norm.infinite == 1);
    SB_CHECK(sb_parameters_parse(&parameters, "2^62", "1", "1e-4000", "1e-4000", &error) == SB_OK, "%s",
             error.message);
    SB_CHECK(parameters.dimension == (uint64_t)1 << 62);
    sb_reciprocal_norm(half, &parameters.norm);
    SB_CHECK(fmpq_is_one(half));
    sb_parameters_set(&copy, &parameters);
    SB_CHECK(fmpq_equal(copy.radius, parameters.radius) && fmpq_equal(copy.delta, parameters.delta) &&
             copy.dimension == parameters.dimension);
    copy.dimension = ((uint64_t)1 << 62) + 1;
    SB_CHECK(sb_parameters_check(&copy, &error) == SB_BAD_INPUT);
    copy.dimension = 0;
    SB_CHECK(sb_parameters_check(&copy, &error) == SB_BAD_INPUT);
    sb_parameters_clear(&parameters);
    sb_parameters_clear(&copy);
    fmpq_clear(half);
}

static const sb_test tests[] = {{"parameters: refusals name the value", refuses_with_the_value},
                                {"parameters: the whole range is read", accepts_the_whole_range}};
SB_TEST_MAIN(tests)
