/* Losses of logits against closed forms, against the definitions in long double, and their gradients against
   central differences. */
#include "nn/loss.h"
#include "tests/test.h"

#include <float.h>
#include <math.h>

static double uniform(uint64_t *state) { /* within (-1, 1) */
    return (double)(int64_t)sb_test_random(state) / 0x1p63;
}

static void fill(float logit[SB_CLASSES], double size, uint64_t *state) {
    for (int c = 0; c < SB_CLASSES; c++) logit[c] = (float)(size * uniform(state));
}

/* The definition, as it stands. */
static void law_of(const float logit[SB_CLASSES], long double law[SB_CLASSES]) {
    long double sum = 0;
    for (int c = 0; c < SB_CLASSES; c++) sum += law[c] = expl((long double)logit[c]);
    for (int c = 0; c < SB_CLASSES; c++) law[c] /= sum;
}

static double defined_cross_entropy(const float logit[SB_CLASSES], int label) {
    long double law[SB_CLASSES];
    law_of(logit, law);
    return (double)-logl(law[label]);
}

static double defined_divergence(const float p_logit[SB_CLASSES], const float q_logit[SB_CLASSES]) {
    long double p[SB_CLASSES], q[SB_CLASSES], sum = 0;
    law_of(p_logit, p);
    law_of(q_logit, q);
    for (int c = 0; c < SB_CLASSES; c++) sum += p[c] * logl(p[c] / q[c]);
    return (double)sum;
}

static void closed_forms(void) {
    float flat[SB_CLASSES] = {0}, one[SB_CLASSES] = {0};
    one[3] = logf(11); /* law: 11/20 on class 3, 1/20 on the others */
    double e = (double)one[3] - log(11);
    SB_CHECK(fabs(sb_cross_entropy(flat, 7, 1, NULL) - log(10)) < 1e-15, "uniform law");
    SB_CHECK(fabs(sb_cross_entropy(one, 3, 1, NULL) - log(20. / 11) + 9. / 20 * e) < 1e-13, "%.17g",
             sb_cross_entropy(one, 3, 1, NULL));
    double from_flat = .1 * (9 * log(2) + log(20. / 110)), to_flat = .45 * log(.5) + .55 * log(5.5);
    SB_CHECK(fabs(sb_kl_divergence(flat, one, 1, NULL, NULL) - from_flat) < 1e-7, "%.17g, not %.17g",
             sb_kl_divergence(flat, one, 1, NULL, NULL), from_flat);
    SB_CHECK(fabs(sb_kl_divergence(one, flat, 1, NULL, NULL) - to_flat) < 1e-7, "%.17g, not %.17g",
             sb_kl_divergence(one, flat, 1, NULL, NULL), to_flat);
    SB_CHECK(fabs(sb_kl_divergence(one, one, 1, NULL, NULL)) < 1e-16, "a law from itself");
    float law[SB_CLASSES];
    sb_softmax(one, law);
    SB_CHECK(fabsf(law[3] - .55f) < 1e-6f && fabsf(law[0] - .05f) < 1e-7f, "%g %g", (double)law[3],
             (double)law[0]);
}

static void definitions(void) {
    uint64_t state = 1;
    for (int i = 0; i < 2000; i++) {
        float a[SB_CLASSES], b[SB_CLASSES];
        fill(a, 20, &state);
        fill(b, 20, &state);
        int label = i % SB_CLASSES;
        double loss = sb_cross_entropy(a, label, 1, NULL), truth = defined_cross_entropy(a, label);
        SB_CHECK(fabs(loss - truth) < 1e-14 * (1 + truth), "%.17g, not %.17g", loss, truth);
        loss = sb_kl_divergence(a, b, 1, NULL, NULL);
        truth = defined_divergence(a, b);
        SB_CHECK(fabs(loss - truth) < 1e-13 * (1 + truth), "%.17g, not %.17g", loss, truth);
    }
}

static void far_apart(void) {
    float a[SB_CLASSES] = {0}, b[SB_CLASSES] = {0};
    a[0] = FLT_MAX;
    b[1] = FLT_MAX;
    b[2] = -FLT_MAX;
    double g[SB_CLASSES] = {0}, h[SB_CLASSES] = {0};
    SB_CHECK(sb_cross_entropy(a, 0, 1, g) == 0 && g[0] == 0, "a certain and right class");
    SB_CHECK(sb_cross_entropy(a, 5, 1, g) == (double)FLT_MAX && g[5] == -1 && g[0] == 1,
             "a certain and wrong class: %g", sb_cross_entropy(a, 5, 1, NULL));
    double loss = sb_kl_divergence(a, b, 1, g, h);
    SB_CHECK(isfinite(loss) && loss == (double)FLT_MAX, "%g", loss);
    for (int c = 0; c < SB_CLASSES; c++) SB_CHECK(isfinite(g[c]) && isfinite(h[c]), "class %d", c);
    SB_CHECK(fabs(sb_kl_divergence(a, a, 1, NULL, NULL)) == 0, "certain laws that agree");
    a[4] = NAN;
    SB_CHECK(isnan(sb_cross_entropy(a, 0, 1, NULL)) && isnan(sb_kl_divergence(a, b, 1, NULL, NULL)) &&
                 isnan(sb_kl_divergence(b, a, 1, NULL, NULL)),
             "a logit that is NaN shows");
    b[0] = INFINITY;
    SB_CHECK(!isfinite(sb_cross_entropy(b, 1, 1, NULL)), "a logit that is infinite shows");
}

/* Steps of 2^-10 keep floats exact where |logit| < 4: fourth-order differences, error below 1e-10. */
static double difference(float *at, double (*loss)(const float *a, const float *b), const float *a,
                         const float *b) {
    const float h = 0x1p-10f, x = *at;
    double value[4];
    static const float step[] = {-2, -1, 1, 2};
    for (int i = 0; i < 4; i++) {
        *at = x + step[i] * h;
        value[i] = loss(a, b);
    }
    *at = x;
    return (8 * (value[2] - value[1]) - (value[3] - value[0])) / (12 * (double)h);
}

static double label_loss(const float *a, const float *b) {
    (void)b;
    return defined_cross_entropy(a, 6);
}

static void gradients(void) {
    uint64_t state = 2;
    for (int i = 0; i < 50; i++) {
        float a[SB_CLASSES], b[SB_CLASSES];
        double g[SB_CLASSES], p[SB_CLASSES], q[SB_CLASSES];
        fill(a, 3, &state);
        fill(b, 3, &state);
        for (int c = 0; c < SB_CLASSES; c++) {
            a[c] = roundf(a[c] * 4096) / 4096; /* so that a[c] + k h is a float */
            b[c] = roundf(b[c] * 4096) / 4096;
            g[c] = p[c] = q[c] = 5; /* gradients are added */
        }
        sb_cross_entropy(a, 6, 2, g);
        sb_kl_divergence(a, b, 3, p, q);
        for (int c = 0; c < SB_CLASSES; c++) {
            double truth = difference(&a[c], label_loss, a, b);
            SB_CHECK(fabs(g[c] - 5 - 2 * truth) < 1e-9, "%.12g, not %.12g", g[c] - 5, 2 * truth);
            truth = difference(&a[c], defined_divergence, a, b);
            SB_CHECK(fabs(p[c] - 5 - 3 * truth) < 1e-9, "first law: %.12g, not %.12g", p[c] - 5, 3 * truth);
            truth = difference(&b[c], defined_divergence, a, b);
            SB_CHECK(fabs(q[c] - 5 - 3 * truth) < 1e-9, "second law: %.12g, not %.12g", q[c] - 5, 3 * truth);
        }
    }
}

static void batches(void) {
    enum { COUNT = 7 };
    float a[COUNT * SB_CLASSES], b[COUNT * SB_CLASSES], g[COUNT * SB_CLASSES], h[COUNT * SB_CLASSES];
    uint8_t label[COUNT];
    uint64_t state = 3;
    double cross_entropy = 0, trades = 0;
    for (size_t i = 0; i < COUNT; i++) {
        fill(a + i * SB_CLASSES, 3, &state);
        fill(b + i * SB_CLASSES, 3, &state);
        label[i] = (uint8_t)(3 * i % SB_CLASSES);
        cross_entropy += defined_cross_entropy(a + i * SB_CLASSES, label[i]);
        trades += 6 * defined_divergence(a + i * SB_CLASSES, b + i * SB_CLASSES);
    }
    trades += cross_entropy;
    double loss = sb_cross_entropy_batch(a, label, COUNT, g);
    SB_CHECK(fabs(loss - cross_entropy) < 1e-13 * loss, "%.17g, not %.17g", loss, cross_entropy);
    for (size_t i = 0; i < COUNT; i++) {
        double one[SB_CLASSES] = {0};
        sb_cross_entropy(a + i * SB_CLASSES, label[i], 1. / COUNT, one);
        for (size_t c = 0; c < SB_CLASSES; c++)
            SB_CHECK(g[i * SB_CLASSES + c] == (float)one[c], "image %zu, class %zu", i, c);
    }
    loss = sb_trades_batch(a, b, label, COUNT, 6, g, h);
    SB_CHECK(fabs(loss - trades) < 1e-13 * loss, "%.17g, not %.17g", loss, trades);
    for (size_t i = 0; i < COUNT; i++) {
        double p[SB_CLASSES] = {0}, q[SB_CLASSES] = {0};
        sb_cross_entropy(a + i * SB_CLASSES, label[i], 1, p);
        sb_kl_divergence(a + i * SB_CLASSES, b + i * SB_CLASSES, 6, p, q);
        for (size_t c = 0; c < SB_CLASSES; c++)
            SB_CHECK(fabs((double)g[i * SB_CLASSES + c] - p[c] / COUNT) < 1e-7 &&
                         fabs((double)h[i * SB_CLASSES + c] - q[c] / COUNT) < 1e-7,
                     "image %zu, class %zu: %g %g", i, c, (double)g[i * SB_CLASSES + c],
                     (double)h[i * SB_CLASSES + c]);
    }
}

static void correct_counts(void) {
    float logit[3 * SB_CLASSES] = {0};
    logit[4] = 1;              /* image 0: class 4 */
    logit[SB_CLASSES + 2] = 3; /* image 1: classes 2 and 8 are equal: 2 */
    logit[SB_CLASSES + 8] = 3;
    uint8_t label[3] = {4, 8, 0}; /* image 2: all equal: 0 */
    SB_CHECK(sb_count_correct(logit, label, 3) == 2, "%zu", sb_count_correct(logit, label, 3));
    label[1] = 2;
    SB_CHECK(sb_count_correct(logit, label, 3) == 3, "%zu", sb_count_correct(logit, label, 3));
}

static const sb_test tests[] = {{"closed forms", closed_forms},
                                {"the definitions", definitions},
                                {"logits far apart, NaN and infinity", far_apart},
                                {"gradients against central differences", gradients},
                                {"batches", batches},
                                {"right answers are counted", correct_counts}};
SB_TEST_MAIN(tests)
