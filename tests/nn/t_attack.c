/* The inner maximisation on a linear network of two classes that differ, where the best x' is known in closed
   form, and its laws: ball, box, addresses, weights of several noises. */
#include "nn/attack.h"
#include "support/random.h"
#include "tests/test.h"

#include <math.h>

enum { SIZE = 4, ELEMENTS = SIZE * SIZE * SB_CHANNELS, MOST = 12 };

/* f(x) = W x, in double; what it was asked last is kept. */
typedef struct {
    sb_network base;
    double weight[SB_CLASSES][ELEMENTS];
    float first_input[MOST * ELEMENTS];
    int calls;
} linear_network;

static void linear_logits(const linear_network *n, const float *x, double logit[SB_CLASSES]) {
    for (int c = 0; c < SB_CLASSES; c++) {
        logit[c] = 0;
        for (int k = 0; k < ELEMENTS; k++) logit[c] += n->weight[c][k] * (double)x[k];
    }
}

static void law_of(const double logit[SB_CLASSES], double law[SB_CLASSES]) {
    double sum = 0;
    for (int c = 0; c < SB_CLASSES; c++) sum += law[c] = exp(logit[c]);
    for (int c = 0; c < SB_CLASSES; c++) law[c] /= sum;
}

static sb_status linear_gradient(sb_network *network, const float *images, size_t count, const float *target,
                                 const float *weight, float *gradient, float *logits, sb_error *error) {
    linear_network *n = (linear_network *)network;
    (void)error;
    if (n->calls++ == 0) memcpy(n->first_input, images, count * ELEMENTS * sizeof *images);
    for (size_t i = 0; i < count; i++) {
        double logit[SB_CLASSES], law[SB_CLASSES];
        linear_logits(n, images + i * ELEMENTS, logit);
        law_of(logit, law);
        for (size_t k = 0; k < ELEMENTS; k++) {
            double sum = 0;
            for (size_t c = 0; c < SB_CLASSES; c++)
                sum += (law[c] - (double)target[i * SB_CLASSES + c]) * n->weight[c][k];
            gradient[i * ELEMENTS + k] = (float)(sum * (weight ? (double)weight[i] : 1));
        }
        for (size_t c = 0; c < SB_CLASSES && logits; c++) logits[i * SB_CLASSES + c] = (float)logit[c];
    }
    return SB_OK;
}

static const sb_backend linear_backend = {.name = "linear", .input_gradient = linear_gradient};

static double uniform(uint64_t *state) { /* within (-1, 1) */
    return (double)(int64_t)sb_test_random(state) / 0x1p63;
}

typedef struct {
    linear_network network;
    sb_attack attack;
    sb_attack_batch batch;
    float image[MOST * ELEMENTS], noise[MOST * ELEMENTS], target[MOST * SB_CLASSES],
        adversarial[MOST * ELEMENTS], scratch[MOST * (2 * ELEMENTS + SB_CLASSES)];
} setting;

/* count images with m noises each, label 0; all ten classes of the network take part. */
static setting *make(size_t count, int m, double middle, double spread, uint64_t seed) {
    setting *s = calloc(1, sizeof *s);
    if (!s) abort();
    uint64_t state = seed;
    s->network.base.backend = &linear_backend;
    for (int c = 0; c < SB_CLASSES; c++)
        for (int k = 0; k < ELEMENTS; k++) s->network.weight[c][k] = uniform(&state);
    for (size_t k = 0; k < count * ELEMENTS; k++) s->image[k] = (float)(middle + spread * uniform(&state));
    for (size_t k = 0; k < count * (size_t)m * ELEMENTS; k++) s->noise[k] = (float)(.3 * uniform(&state));
    for (size_t j = 0; j < count * (size_t)m; j++) s->target[j * SB_CLASSES] = 1;
    s->attack = (sb_attack){.radius = .4,
                            .step_size = .1,
                            .steps = 10,
                            .noise_samples = m,
                            .seed = 77,
                            .stream = 1000,
                            .jobs = 1};
    s->batch = (sb_attack_batch){s->image, count, ELEMENTS, s->noise, s->target};
    return s;
}

static void run(setting *s) {
    sb_error error;
    s->network.calls = 0;
    SB_CHECK(sb_attack_scratch(s->batch.count, (size_t)s->attack.noise_samples, ELEMENTS) <=
                 sizeof s->scratch / sizeof s->scratch[0],
             "scratch");
    SB_CHECK(sb_attack_run(&s->attack, &s->network.base, &s->batch, s->adversarial, s->scratch, &error) ==
                 SB_OK,
             "the attack");
}

static double distance(const float *a, const float *b) {
    double sum = 0;
    for (int k = 0; k < ELEMENTS; k++) sum += pow((double)a[k] - (double)b[k], 2);
    return sqrt(sum);
}

/* -log of the mean over the noises of the probability of class 0: the objective by its definition. */
static double objective(const setting *s, size_t image, const double *x) {
    size_t m = (size_t)s->attack.noise_samples;
    double mean = 0;
    for (size_t j = image * m; j < (image + 1) * m; j++) {
        double logit[SB_CLASSES], law[SB_CLASSES];
        for (int c = 0; c < SB_CLASSES; c++) {
            logit[c] = 0;
            for (size_t k = 0; k < ELEMENTS; k++)
                logit[c] += s->network.weight[c][k] * (x[k] + (double)s->noise[j * ELEMENTS + k]);
        }
        law_of(logit, law);
        mean += law[0] / (double)m;
    }
    return -log(mean);
}

static double objective_at(const setting *s, size_t image, const float *point) {
    double x[ELEMENTS];
    for (int k = 0; k < ELEMENTS; k++) x[k] = (double)point[k];
    return objective(s, image, x);
}

/* Classes 0 and 1 only: the gradient points along w_1 - w_0 everywhere, so after s steps x' = x + min(s step,
   radius) u. */
static void two_classes(void) {
    for (int steps = 1; steps <= 8; steps++) {
        setting *s = make(3, 1, .5, .1, 5);
        for (int c = 2; c < SB_CLASSES; c++)
            for (int k = 0; k < ELEMENTS; k++) s->network.weight[c][k] = s->network.weight[1][k];
        double u[ELEMENTS], length = 0;
        for (int k = 0; k < ELEMENTS; k++)
            length += pow(u[k] = s->network.weight[1][k] - s->network.weight[0][k], 2);
        s->attack.steps = steps;
        run(s);
        double way = fmin(.1 * steps, .4) / sqrt(length);
        for (size_t i = 0; i < 3; i++)
            for (size_t k = 0; k < ELEMENTS; k++) {
                double truth = (double)s->image[i * ELEMENTS + k] + way * u[k];
                double found = (double)s->adversarial[i * ELEMENTS + k];
                SB_CHECK(fabs(found - truth) < 1e-6, "%d steps, image %zu, %zu: %.9g, not %.9g", steps, i, k,
                         found, truth);
            }
        SB_CHECK(s->network.calls == steps, "%d gradients in %d steps", s->network.calls, steps);
        for (size_t k = 0; k < 3 * ELEMENTS; k++)
            SB_CHECK(s->network.first_input[k] == s->image[k] + s->noise[k], "begins at x + eta");
        free(s);
    }
}

static void ball_and_box(void) {
    for (uint64_t seed = 1; seed <= 60; seed++) {
        setting *s = make(4, seed % 3 ? 1 : 3, .5, .5, seed); /* images touch 0 and 1 */
        s->attack.radius = pow(10, -3 + .08 * (double)seed);  /* .001 to 80 */
        s->attack.step_size = 2 * s->attack.radius / 10;
        s->attack.start = seed % 2 ? .001 : 0;
        for (size_t k = 0; k < 4 * ELEMENTS; k += 5) s->image[k] = k % 2 ? 1.f : 0.f;
        run(s);
        for (size_t i = 0; i < 4; i++) {
            const float *x = s->image + i * ELEMENTS, *moved = s->adversarial + i * ELEMENTS;
            double way = distance(x, moved);
            SB_CHECK(way <= s->attack.radius * (1 + 1e-6) + 1e-6, "seed %llu: %.9g from x, radius %.9g",
                     (unsigned long long)seed, way, s->attack.radius);
            for (int k = 0; k < ELEMENTS; k++)
                SB_CHECK(moved[k] >= 0 && moved[k] <= 1, "%.9g is outside of [0, 1]", (double)moved[k]);
            double before = objective_at(s, i, x), after = objective_at(s, i, moved);
            SB_CHECK(after > before, "seed %llu: the objective goes from %g to %g", (unsigned long long)seed,
                     before, after);
        }
        free(s);
    }
}

/* The first step goes along the gradient of -log of the mean probability, found by central differences. */
static void weights_of_noises(void) {
    for (int m = 1; m <= 4; m++) {
        setting *s = make(3, m, .5, .1, 40 + (uint64_t)m);
        for (size_t k = 0; k < (size_t)(3 * m) * ELEMENTS; k++) s->noise[k] *= 6; /* very different weights */
        s->attack.steps = 1;
        run(s);
        for (size_t i = 0; i < 3; i++) {
            double x[ELEMENTS], g[ELEMENTS], length = 0;
            for (size_t k = 0; k < ELEMENTS; k++) x[k] = (double)s->image[i * ELEMENTS + k];
            for (size_t k = 0; k < ELEMENTS; k++) {
                double at = x[k], h = 1e-4;
                x[k] = at + h;
                double up = objective(s, i, x);
                x[k] = at - h;
                g[k] = (up - objective(s, i, x)) / (2 * h);
                x[k] = at;
                length += g[k] * g[k];
            }
            for (size_t k = 0; k < ELEMENTS; k++) {
                double step = (double)s->adversarial[i * ELEMENTS + k] - x[k],
                       truth = .1 * g[k] / sqrt(length);
                SB_CHECK(fabs(step - truth) < 1e-6, "m %d, image %zu, %zu: %.9g, not %.9g", m, i, k, step,
                         truth);
            }
        }
        free(s);
    }
}

static void no_gradient(void) {
    setting *s = make(4, 1, .5, 0, 8);
    memset(s->network.weight, 0, sizeof s->network.weight);
    s->attack.steps = 1;
    run(s);
    for (size_t i = 0; i < 4; i++)
        SB_CHECK(fabs(distance(s->image, s->adversarial + i * ELEMENTS) - .1) < 1e-6,
                 "a random direction of length %g", distance(s->image, s->adversarial + i * ELEMENTS));
    SB_CHECK(distance(s->adversarial, s->adversarial + ELEMENTS) > .05, "one direction for two images");
    free(s);
}

/* x + .001 N(0, I) at the address (seed, stream + (steps + 1) i). */
static void start_point(void) {
    setting *s = make(3, 1, .5, .1, 9);
    s->attack.start = .001;
    run(s);
    for (size_t i = 0; i < 3; i++) {
        float normal[ELEMENTS];
        sb_random_normals_float(normal, ELEMENTS, 77, 1000 + 11 * i, 0);
        for (size_t k = 0; k < ELEMENTS; k++) {
            double truth = (double)s->image[i * ELEMENTS + k] + .001 * (double)normal[k] +
                           (double)s->noise[i * ELEMENTS + k];
            SB_CHECK(fabs((double)s->network.first_input[i * ELEMENTS + k] - truth) < 1e-6, "image %zu, %zu",
                     i, k);
        }
    }
    free(s);
}

/* Neither threads nor the cut into batches change a bit. */
static void addresses(void) {
    for (int flat = 0; flat < 2; flat++) {
        setting *all = make(6, 2, .5, .4, 10), *part = make(6, 2, .5, .4, 10);
        if (flat) {
            memset(all->network.weight, 0, sizeof all->network.weight);
            memset(part->network.weight, 0, sizeof part->network.weight);
        }
        all->attack.start = part->attack.start = .001;
        run(all);
        float whole[6 * ELEMENTS];
        memcpy(whole, all->adversarial, sizeof whole);
        all->attack.jobs = 3;
        run(all);
        SB_CHECK(memcmp(whole, all->adversarial, sizeof whole) == 0, "threads");
        for (size_t i = 0; i < 6; i += 2) {
            part->batch = (sb_attack_batch){part->image + i * ELEMENTS, 2, ELEMENTS,
                                            part->noise + 2 * i * ELEMENTS, part->target};
            part->attack.stream = 1000 + 11 * i;
            run(part);
            SB_CHECK(memcmp(whole + i * ELEMENTS, part->adversarial, 2 * ELEMENTS * sizeof *whole) == 0,
                     "images %zu and %zu alone", i, i + 1);
        }
        free(all);
        free(part);
    }
}

static const sb_test tests[] = {{"two classes: x' is known", two_classes},
                                {"x' lies in ball and box and is worse", ball_and_box},
                                {"several noises: the gradient of -log mean probability", weights_of_noises},
                                {"no gradient: a random direction", no_gradient},
                                {"the starting point", start_point},
                                {"threads and batches change nothing", addresses}};
SB_TEST_MAIN(tests)
