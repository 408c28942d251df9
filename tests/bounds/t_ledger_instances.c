/* The families of instances on which the ledger tries its statements: how many there are, and what becomes of
   a failure and of an error. */
#include "bounds/ledger_instances.h"
#include "tests/test.h"

/* A statement that is true of all but one instance is refuted, with that instance printed; one that fails to
 * run hands its error on. */
static sb_status all_but_one(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)error;
    fmpq_t point;
    fmpq_init(point);
    fmpq_set_si(point, *(const slong *)context, 1);
    *holds = !(instance->law->count == 1 && fmpq_equal(instance->law->point, point));
    fmpq_clear(point);
    return SB_OK;
}

static sb_status broken(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)holds;
    (void)instance;
    (void)context;
    return sb_fail(error, SB_INTERNAL, "broken");
}

static void families(void) {
    sb_finding finding = {0};
    sb_error error = {0};
    slong place = 3;
    SB_CHECK(sb_try_line(&finding, &error, all_but_one, &place) == SB_OK && finding.verdict == SB_REFUTED);
    SB_CHECK(finding.evidence && strstr(finding.evidence, "D = {3: 1}"), "%s",
             finding.evidence ? finding.evidence : "");
    free(finding.evidence);
    finding = (sb_finding){0};
    place = 77;
    SB_CHECK(sb_try_line(&finding, &error, all_but_one, &place) == SB_OK && finding.verdict == SB_CONSISTENT);
    SB_CHECK(finding.evidence && strstr(finding.evidence, "5158 instances"), "3 (462 + 924) + 1000: %s",
             finding.evidence ? finding.evidence : "");
    free(finding.evidence);
    finding = (sb_finding){0};
    SB_CHECK(sb_try_line(&finding, &error, broken, NULL) == SB_INTERNAL);
    SB_CHECK(sb_try_space(&finding, &error, broken, NULL) == SB_INTERNAL);
    SB_CHECK(sb_try_cube(&finding, &error, broken, NULL) == SB_INTERNAL);
    free(finding.evidence);
}

static const sb_test tests[] = {{"families of instances", families}};
SB_TEST_MAIN(tests)
