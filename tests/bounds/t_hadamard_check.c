/* The checks of orthogonality accept what is right and refute one wrong sign; samples of noise. */
#include "bounds/direction_samples.h"
#include "bounds/hadamard_check.h"

#include "tests/test.h"

#include <math.h>

static const sb_check_watch quiet = {NULL, NULL};

static void make(sb_hadamard *h, uint64_t order) {
    sb_hadamard_order shape;
    sb_error error = {0};
    SB_CHECK(sb_hadamard_order_find(&shape, order), "order %llu", (unsigned long long)order);
    SB_CHECK(sb_hadamard_make(h, &shape, &error) == SB_OK, "%s", error.message);
}

/* OpenBLAS and the count of bits agree, on right and on wrong matrices, at orders around the blocks of 256.
 */
static void check_gram(void) {
    static const uint64_t order[] = {1, 2, 12, 60, 252, 256, 264, 500, 504, 512, 524, 784};
    uint64_t state = 4;
    for (size_t n = 0; n < sizeof order / sizeof order[0]; n++) {
        sb_hadamard h;
        sb_sign_matrix matrix;
        sb_error error = {0};
        uint64_t row = 0, other = 0;
        int right = 0;
        make(&h, order[n]);
        sb_sign_matrix_init(&matrix);
        SB_CHECK(sb_hadamard_signs(&h, &matrix, &error) == SB_OK, "%s", error.message);
        SB_CHECK(sb_sign_orthogonal(&matrix, &row, &other), "order %llu", (unsigned long long)order[n]);
        SB_CHECK(sb_sign_gram(&matrix, &quiet, &right, &row, &other, &error) == SB_OK, "%s", error.message);
        SB_CHECK(right, "order %llu: rows %llu, %llu", (unsigned long long)order[n], (unsigned long long)row,
                 (unsigned long long)other);
        for (int t = 0; t < 10 && order[n] > 1; t++) {
            uint64_t i = sb_test_random(&state) % order[n], j = sb_test_random(&state) % order[n];
            uint64_t *word = &matrix.bits[i * matrix.words + j / 64], flip = (uint64_t)1 << j % 64;
            *word ^= flip;
            SB_CHECK(sb_sign_gram(&matrix, &quiet, &right, &row, &other, &error) == SB_OK, "%s",
                     error.message);
            SB_CHECK(!right && (row == i || other == i), "order %llu: entry (%llu, %llu) flipped",
                     (unsigned long long)order[n], (unsigned long long)i, (unsigned long long)j);
            SB_CHECK(right || sb_sign_product(&matrix, row, other) != 0, "rows %llu, %llu",
                     (unsigned long long)row, (unsigned long long)other);
            SB_CHECK(!sb_sign_orthogonal(&matrix, &row, &other) && (row == i || other == i));
            *word ^= flip;
        }
        if (order[n] >
            1) { /* the last row a copy of the first: one wrong pair, in the first and the last block */
            memcpy(matrix.bits + (order[n] - 1) * matrix.words, matrix.bits,
                   matrix.words * sizeof *matrix.bits);
            SB_CHECK(sb_sign_gram(&matrix, &quiet, &right, &row, &other, &error) == SB_OK, "%s",
                     error.message);
            SB_CHECK(!right && row == 0 && other == order[n] - 1, "order %llu: the rows found are %llu, %llu",
                     (unsigned long long)order[n], (unsigned long long)row, (unsigned long long)other);
        }
        sb_sign_matrix_clear(&matrix);
        sb_hadamard_clear(&h);
    }
}

typedef sb_status check_function(const sb_hadamard *h, sb_hadamard_finding *finding, sb_error *error);

static sb_status gram(const sb_hadamard *h, sb_hadamard_finding *finding, sb_error *error) {
    return sb_hadamard_check_gram(h, &quiet, finding, error);
}

static sb_status factors(const sb_hadamard *h, sb_hadamard_finding *finding, sb_error *error) {
    return sb_hadamard_check_factors(h, &quiet, finding, error);
}

static sb_status transform(const sb_hadamard *h, sb_hadamard_finding *finding, sb_error *error) {
    return sb_hadamard_check_transform(h, 3, 5, &quiet, finding, error);
}

/* A wrong value of a character is refuted by all three: in small fields and in those whose sums are taken. */
static void check_verdicts(void) {
    static const struct {
        check_function *check;
        sb_verdict good;
        uint64_t order;
    } row[] = {
        {gram, SB_PROVED, 12},           {gram, SB_PROVED, 784},           {gram, SB_PROVED, 1064},
        {factors, SB_PROVED, 3072},      {factors, SB_PROVED, 150528},     {factors, SB_PROVED, 12344},
        {factors, SB_PROVED, 2 * 2188}, /* GF(3^7) */
        {transform, SB_CONSISTENT, 12},  {transform, SB_CONSISTENT, 3072}, {transform, SB_CONSISTENT, 150528},
        {transform, SB_CONSISTENT, 1064}};
    for (size_t n = 0; n < sizeof row / sizeof row[0]; n++) {
        sb_hadamard h;
        sb_hadamard_finding finding;
        sb_error error = {0};
        make(&h, row[n].order);
        sb_hadamard_finding_init(&finding);
        SB_CHECK(finding.verdict == SB_SKIPPED);
        SB_CHECK(row[n].check(&h, &finding, &error) == SB_OK, "%s", error.message);
        SB_CHECK(finding.verdict == row[n].good, "check %zu: %s", n, finding.evidence.data);
        SB_CHECK(finding.evidence.length > 5);
        int8_t *value = &h.core[0].field.character[1 + h.core[0].field.order / 3];
        *value = (int8_t) - *value;
        SB_CHECK(row[n].check(&h, &finding, &error) == SB_OK, "%s", error.message);
        SB_CHECK(finding.verdict == SB_REFUTED, "check %zu: %s", n, finding.evidence.data);
        *value = (int8_t) - *value;
        SB_CHECK(row[n].check(&h, &finding, &error) == SB_OK, "%s", error.message);
        SB_CHECK(finding.verdict == SB_REFUTED, "refuted stays refuted");
        sb_hadamard_finding_clear(&finding);
        sb_hadamard_clear(&h);
    }
    sb_hadamard h;
    sb_hadamard_finding finding;
    sb_error error = {0};
    make(&h, 1 << 16);
    sb_hadamard_finding_init(&finding);
    SB_CHECK(gram(&h, &finding, &error) == SB_OUTSIDE && strstr(error.message, "65536"), "%s", error.message);
    SB_CHECK(transform(&h, &finding, &error) == SB_OK && factors(&h, &finding, &error) == SB_OK);
    SB_CHECK(finding.verdict == SB_PROVED, "consistent, then proved");
    SB_CHECK(transform(&h, &finding, &error) == SB_OK && finding.verdict == SB_PROVED, "proved stays proved");
    sb_hadamard_finding_clear(&finding);
    sb_hadamard_clear(&h);
}

/* Two wrong values that keep the row sums: only the shifted sum tells. */
static void check_sums(void) {
    sb_paley paley;
    sb_error error = {0};
    SB_CHECK(sb_paley_make(&paley, 108, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_paley_sums_hold(&paley));
    int8_t *X = paley.field.character;
    int found = 0;
    for (uint64_t a = 1; a < 107; a++) {
        for (uint64_t b = a + 1; b < 106; b++) {
            if (X[a] == X[b]) continue;
            X[a] = (int8_t)-X[a];
            X[b] = (int8_t)-X[b];
            found += !sb_paley_sums_hold(&paley);
            X[a] = (int8_t)-X[a];
            X[b] = (int8_t)-X[b];
        }
    }
    SB_CHECK(found > 1000, "%d pairs of exchanged values found", found);
    sb_paley_clear(&paley);
}

/* Gaussian noise of variance 4: (v_i . eta)^2/||v_i||^2 is 4 chi^2_1, so that its mean over b directions and
   n samples is 4 within 6 standard deviations of 4 sqrt(2/(b n)). */
static void check_samples(void) {
    static const uint64_t dimension[] = {1, 7, 784, 1079, 3072, 12288, 150528};
    sb_noise_spec noise;
    sb_error error = {0};
    sb_noise_spec_init(&noise);
    SB_CHECK(sb_noise_spec_parse(&noise, "gaussian:sigma=2", &error) == SB_OK, "%s", error.message);
    for (size_t n = 0; n < sizeof dimension / sizeof dimension[0]; n++) {
        uint64_t d = dimension[n], count = d > 100000 ? 3 : 20;
        sb_hadamard h;
        sb_direction_samples s;
        SB_CHECK(sb_hadamard_below(&h, d, &error) == SB_OK, "%s", error.message);
        SB_CHECK(sb_direction_samples_draw(&s, &h, &noise, d, 9, count, &quiet, &error) == SB_OK, "%s",
                 error.message);
        double b = (double)h.shape.order;
        SB_CHECK(s.defect <= s.allowed && s.allowed < 1e-9, "d = %llu: defect %g, allowed %g",
                 (unsigned long long)d, s.defect, s.allowed);
        SB_CHECK(s.kept <= 1 + s.allowed, "d = %llu: kept %g", (unsigned long long)d, s.kept);
        if (h.shape.order == d) SB_CHECK(fabs(s.kept - 1) <= s.allowed, "d = %llu", (unsigned long long)d);
        SB_CHECK(fabs(s.mean - 4) < 4 * 6 * sqrt(2 / (b * (double)count)), "d = %llu: mean %g",
                 (unsigned long long)d, s.mean);
        SB_CHECK(s.smallest <= s.mean && s.mean <= s.largest && s.smallest >= 0);
        sb_hadamard_clear(&h);
    }
    sb_noise_spec_clear(&noise);
}

/* A wrong sign shows on samples too; huge and tiny noise changes nothing; squares beyond doubles are refused.
 */
static void check_samples_fail(void) {
    static const char *const text[] = {"gaussian:sigma=1e-170", "gaussian:sigma=1", "gaussian:sigma=1e150",
                                       "gaussian:sigma=1e300"};
    sb_noise_spec noise;
    sb_error error = {0};
    sb_hadamard h;
    sb_direction_samples s;
    make(&h, 3072);
    for (size_t i = 0; i < 4; i++) {
        sb_noise_spec_init(&noise);
        SB_CHECK(sb_noise_spec_parse(&noise, text[i], &error) == SB_OK, "%s", error.message);
        sb_status status = sb_direction_samples_draw(&s, &h, &noise, 3072, 1, 2, &quiet, &error);
        SB_CHECK(status == (i == 3 ? SB_OUTSIDE : SB_OK), "%s: %s", text[i], error.message);
        if (i < 3) SB_CHECK(s.defect <= s.allowed, "%s: defect %g", text[i], s.defect);
        h.core[0].field.character[2] = (int8_t)-h.core[0].field.character[2];
        if (i < 3 && sb_direction_samples_draw(&s, &h, &noise, 3072, 1, 2, &quiet, &error) == SB_OK)
            SB_CHECK(s.defect > 1e-4, "%s: a wrong sign shows, defect %g", text[i], s.defect);
        h.core[0].field.character[2] = (int8_t)-h.core[0].field.character[2];
        sb_noise_spec_clear(&noise);
    }
    sb_hadamard_clear(&h);
}

static const sb_test tests[] = {
    {"Gram matrices by OpenBLAS and by counting bits", check_gram},
    {"verdicts, and a wrong character is refuted", check_verdicts},
    {"sums of the character", check_sums},
    {"Pythagoras on samples", check_samples},
    {"samples that are wrong, tiny or too large", check_samples_fail},
};
SB_TEST_MAIN(tests)
