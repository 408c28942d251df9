/* The family of laws behind the section on every dimension: distances over sign vectors by hand, failures
 * reported with their law, and the laws that the controls print. */
#include "bounds/ledger_instances.h"

#include "tests/test.h"

/* A law in the plane with equal masses at `count` points. */
static void set_plane(sb_finite_law *law, const slong (*at)[2], size_t count) {
    enum { MOST = 8 };
    fmpq point[2 * MOST], mass[MOST];
    sb_error error = {0};
    for (size_t i = 0; i < 2 * MOST; i++) fmpq_init(point + i);
    for (size_t i = 0; i < MOST; i++) fmpq_init(mass + i);
    for (size_t i = 0; i < count; i++) {
        fmpq_set_si(point + 2 * i, at[i][0], 2);
        fmpq_set_si(point + 2 * i + 1, at[i][1], 2);
        fmpq_canonicalise(point + 2 * i);
        fmpq_canonicalise(point + 2 * i + 1);
        fmpq_one(mass + i);
    }
    SB_CHECK(sb_finite_law_set(law, 2, point, mass, count, &error) == SB_OK, "%s", error.message);
    for (size_t i = 0; i < 2 * MOST; i++) fmpq_clear(point + i);
    for (size_t i = 0; i < MOST; i++) fmpq_clear(mass + i);
}

static void expect_distances(const slong (*at)[2], size_t count, slong v1, slong v2, slong largest,
                             slong mean) {
    sb_finite_law law;
    fmpq v[2];
    fmpq_t have_largest, have_mean, want;
    sb_finite_law_init(&law);
    fmpq_init(v);
    fmpq_init(v + 1);
    fmpq_init(have_largest);
    fmpq_init(have_mean);
    fmpq_init(want);
    set_plane(&law, at, count);
    fmpq_set_si(v, v1, 1);
    fmpq_set_si(v + 1, v2, 1);
    sb_sign_distances(have_largest, have_mean, &law, v);
    fmpq_set_si(want, largest, 8);
    fmpq_canonicalise(want);
    SB_CHECK(fmpq_equal(have_largest, want), "largest, %zu points, v = (%ld, %ld)", count, (long)v1,
             (long)v2);
    fmpq_set_si(want, mean, 8);
    fmpq_canonicalise(want);
    SB_CHECK(fmpq_equal(have_mean, want), "mean, %zu points, v = (%ld, %ld)", count, (long)v1, (long)v2);
    sb_finite_law_clear(&law);
    fmpq_clear(v);
    fmpq_clear(v + 1);
    fmpq_clear(have_largest);
    fmpq_clear(have_mean);
    fmpq_clear(want);
}

/* In halves; results in eighths. */
static void distances_by_hand(void) {
    static const slong diamond[][2] = {{2, 0}, {-2, 0}, {0, 2}, {0, -2}};
    static const slong square[][2] = {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}};
    static const slong diagonal[][2] = {{0, 0}, {2, 2}};
    static const slong oblong[][2] = {{2, 0}, {-2, 0}, {2, 4}, {-2, 4}};
    expect_distances(diamond, 4, 1, 1, 4, 4);  /* two of the four points meet, whichever the sign */
    expect_distances(square, 4, 1, 1, 6, 6);   /* one of four */
    expect_distances(diagonal, 2, 1, 1, 8, 6); /* 1/2 along the diagonal, 1 across it */
    expect_distances(oblong, 4, 2, 2, 6, 6);   /* spacings 2 and 2 */
    expect_distances(oblong, 4, 2, 1, 8, 8);   /* off the lattice */
}

/* True but for laws of one point; the point is 0. */
static sb_status not_a_point(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)context;
    (void)error;
    *holds = instance->law->count > 1;
    return SB_OK;
}

/* v > 0, delta in [0, 1], and v = (1, ..., 1) unless stretched. */
static sb_status is_what_it_says(int *holds, const sb_instance *instance, const void *context,
                                 sb_error *error) {
    (void)error;
    fmpq_t largest, mean;
    fmpq_init(largest);
    fmpq_init(mean);
    sb_sign_distances(largest, mean, instance->law, instance->shift);
    *holds = fmpq_equal(largest, instance->delta) && fmpq_cmp(mean, largest) <= 0 && fmpq_sgn(mean) > 0 &&
             fmpq_cmp_ui(largest, 1) <= 0;
    for (size_t i = 0; i < instance->law->dimension; i++) {
        if (fmpq_sgn(instance->shift + i) <= 0) *holds = 0;
        if (!*(const int *)context && !fmpq_is_one(instance->shift + i)) *holds = 0;
    }
    fmpq_clear(largest);
    fmpq_clear(mean);
    return SB_OK;
}

static sb_status broken(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)holds;
    (void)instance;
    (void)context;
    return sb_fail(error, SB_INTERNAL, "broken");
}

static void the_family(void) {
    for (int stretched = 0; stretched < 2; stretched++) {
        sb_finding finding = {0};
        sb_error error = {0};
        SB_CHECK(sb_try_signs(&finding, &error, is_what_it_says, &stretched, stretched) == SB_OK, "%s",
                 error.message);
        SB_CHECK(finding.verdict == SB_CONSISTENT, "%s", finding.evidence);
        /* 4 (6 + 120), and the C(12, 4) ways to write 8 as a sum of 5 */
        SB_CHECK(finding.evidence && strstr(finding.evidence, "999 instances"), "%s", finding.evidence);
        free(finding.evidence);
        finding = (sb_finding){0};
        SB_CHECK(sb_try_signs(&finding, &error, not_a_point, NULL, stretched) == SB_OK &&
                     finding.verdict == SB_REFUTED,
                 "%s", finding.evidence);
        SB_CHECK(finding.evidence && strstr(finding.evidence, "D = {0: 1}"), "%s", finding.evidence);
        free(finding.evidence);
        finding = (sb_finding){0};
        SB_CHECK(sb_try_signs(&finding, &error, broken, NULL, stretched) == SB_INTERNAL);
        free(finding.evidence);
    }
}

static void expect_control(const char *id, const char *words) {
    const sb_ledger_section *section = &sb_ledger_sharp_space;
    for (size_t i = 0; i < section->count; i++) {
        const sb_claim *claim = &section->claim[i];
        if (strcmp(claim->id, id) != 0) continue;
        sb_finding finding = {0};
        sb_error error = {0};
        SB_CHECK(claim->control && claim->control(claim, &finding, &error) == SB_OK, "%s", error.message);
        SB_CHECK(finding.verdict == SB_REFUTED && finding.evidence && strstr(finding.evidence, words),
                 "%s: '%s' not in '%s'", id, words, finding.evidence ? finding.evidence : "");
        free(finding.evidence);
        return;
    }
    SB_CHECK(0, "no row %s", id);
}

static void controls_print_their_laws(void) {
    expect_control("sharp-1.2-instances", "D = {-1/2: 1/2, 1/2: 1/2}, v = (1), delta = 1/2");
    expect_control("sharp-1.2-attained",
                   "D = {(-1, 0): 1/4, (0, -1): 1/4, (0, 1): 1/4, (1, 0): 1/4} has TV = 1/2 and "
                   "E||eta||_2^2 = 1, not (101/100) 4 m(delta) = 101/100");
    expect_control("sharp-1.3-tail-instances", "uniform on 65 points");
    expect_control("rotation-gaussian", "d = 100, p = 2, delta = 7/10");
    expect_control("sharp-gaussian-ratio-grid", "2.1981093"); /* 1/(4 Phi^-1(3/4)^2 m(1/2)), m(1/2) = 1/4 */
}

static const sb_test tests[] = {
    {"distances over sign vectors by hand", distances_by_hand},
    {"the family of laws", the_family},
    {"controls print their laws", controls_print_their_laws},
};
SB_TEST_MAIN(tests)
