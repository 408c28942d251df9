/* The training mode of every backend against the reference, and the promises of nn/backend.h about it.

   Batch normalisation over few numbers magnifies rounding, so small maps come in larger batches. Most
   networks are `decided` (backend_models.h), so that gradients can be compared closely. */
#include "tests/nn/backend_models.h"

typedef struct {
    model model;
    size_t count;                     /* images in a batch */
    float *images[SB_TRAINING_SLOTS]; /* a batch for each slot */
    float *logit_gradient[SB_TRAINING_SLOTS];
} course;

static void course_init(course *c, int depth, int size, size_t count, int decided) {
    model_init(&c->model, depth, size, decided);
    c->count = count;
    for (int slot = 0; slot < SB_TRAINING_SLOTS; slot++) {
        c->images[slot] = random_floats(count * c->model.elements, (uint64_t)(20 + slot));
        c->logit_gradient[slot] = random_floats(count * SB_CLASSES, (uint64_t)(30 + slot));
        for (size_t k = 0; k < count * SB_CLASSES; k++)
            c->logit_gradient[slot][k] = (2 * c->logit_gradient[slot][k] - 1) / (float)count;
    }
}

static void course_clear(course *c) {
    model_clear(&c->model);
    for (int slot = 0; slot < SB_TRAINING_SLOTS; slot++) {
        free(c->images[slot]);
        free(c->logit_gradient[slot]);
    }
}

static const sb_sgd sgd = {.rate = .02f, .momentum = .9f, .decay = 1e-2f};

/* Forward and backward through both slots. After each forward the running statistics move; the slots are
   given in the other order to the backward pass, with an evaluation in between. logits: [slot][image][class].
 */
static void add_gradients(sb_network *network, const course *c, float *logits) {
    const sb_backend *b = network->backend;
    int failed = 0;
    float ignored[SB_CLASSES];
    for (int slot = 0; slot < SB_TRAINING_SLOTS; slot++) {
        failed |= b->train_forward(network, slot, c->images[slot], c->count,
                                   logits + (size_t)slot * c->count * SB_CLASSES, NULL) != SB_OK;
        failed |= b->update_statistics(network, slot, NULL) != SB_OK;
        failed |= b->logits(network, c->images[0], 1, ignored, NULL) != SB_OK;
    }
    for (int slot = SB_TRAINING_SLOTS - 1; slot >= 0; slot--)
        failed |= b->train_backward(network, slot, c->logit_gradient[slot], NULL) != SB_OK;
    SB_CHECK(!failed, "%s", network->description);
}

static void step(sb_network *network, const course *c, float *logits) {
    add_gradients(network, c, logits);
    SB_CHECK(network->backend->sgd_step(network, &sgd, NULL) == SB_OK, "%s", network->description);
}

static double length(const float *x, size_t count) {
    double sum = 0;
    for (size_t k = 0; k < count; k++) sum += (double)x[k] * (double)x[k];
    return sqrt(sum);
}

/* Tensor by tensor; a tensor much smaller than its share is measured by a hundredth of the whole. */
static void check_tensors(const sb_network *network, const char *what, const course *c, const float *got,
                          const float *expected, double tolerance) {
    const sb_resnet *resnet = network->resnet;
    double floor = .01 * length(expected, resnet->value_count);
    for (size_t i = 0; i < resnet->tensor_count; i++) {
        const sb_tensor *t = &resnet->tensor[i];
        double size = length(expected + t->offset, t->count);
        double e =
            size > 0 ? relative_error(got + t->offset, expected + t->offset, t->count) * size / (size + floor)
                     : length(got + t->offset, t->count);
        SB_CHECK(e < tolerance, "%s: depth %d, %d pixels, %zu images: %s of %s: relative error %.2g",
                 network->description, resnet->depth, network->size, c->count, what, t->name, e);
    }
}

enum { STEPS = 3 };

static const double UNDECIDED_TOLERANCE = 2e-2; /* a ReLU or two may differ */

/* What a network says after add_gradients and after STEPS steps. */
typedef struct {
    float *logits, *gradient, *moved, *momentum; /* moved: values - those at first */
} record;

static void record_init(record *r, const course *c) {
    size_t values = c->model.resnet.value_count;
    *r = (record){allocate(SB_TRAINING_SLOTS * c->count * SB_CLASSES, sizeof(float)),
                  allocate(values, sizeof(float)), allocate(values, sizeof(float)),
                  allocate(values, sizeof(float))};
}

static void record_clear(record *r) {
    free(r->logits);
    free(r->gradient);
    free(r->moved);
    free(r->momentum);
}

static void record_training(record *r, sb_network *network, const course *c) {
    const sb_backend *b = network->backend;
    float *later = allocate(SB_TRAINING_SLOTS * c->count * SB_CLASSES, sizeof *later);
    add_gradients(network, c, r->logits);
    int failed = b->get_gradient(network, r->gradient, NULL) != SB_OK;
    failed |= b->sgd_step(network, &sgd, NULL) != SB_OK;
    for (int i = 1; i < STEPS; i++) step(network, c, later);
    failed |= b->get_values(network, r->moved, NULL) != SB_OK;
    failed |= b->get_momentum(network, r->momentum, NULL) != SB_OK;
    for (size_t k = 0; k < c->model.resnet.value_count; k++) r->moved[k] -= c->model.values[k];
    SB_CHECK(!failed, "%s", network->description);
    free(later);
}

static void training_is_the_references(void) {
    static const struct {
        int depth, size;
        size_t count;
        int decided;
    } item[] = {{8, 4, 24, 1}, {8, 7, 16, 1},  {8, 8, 19, 1},  {8, 16, 3, 1}, {8, 17, 2, 1}, {8, 24, 2, 1},
                {8, 33, 1, 1}, {14, 16, 2, 1}, {20, 16, 3, 1}, {8, 7, 16, 0}, {8, 17, 3, 0}, {14, 16, 2, 0}};
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        course c;
        record expected, got;
        double tolerance = item[i].decided ? GRADIENT_TOLERANCE : UNDECIDED_TOLERANCE;
        course_init(&c, item[i].depth, item[i].size, item[i].count, item[i].decided);
        record_init(&expected, &c);
        record_init(&got, &c);
        sb_network *reference = open_f32(&sb_reference_backend, &c.model);
        record_training(&expected, reference, &c);
        FOR_EACH_OTHER(b) {
            sb_network *network = open_f32(b, &c.model);
            record_training(&got, network, &c);
            double e = relative_error(got.logits, expected.logits, SB_TRAINING_SLOTS * c.count * SB_CLASSES);
            SB_CHECK(e < LOGIT_TOLERANCE, "%s: depth %d, %d pixels, %zu images: logits' relative error %.2g",
                     network->description, item[i].depth, item[i].size, item[i].count, e);
            check_tensors(network, "gradient", &c, got.gradient, expected.gradient, tolerance);
            if (item[i].decided) { /* else differences grow step by step */
                check_tensors(network, "change", &c, got.moved, expected.moved, 4 * tolerance);
                check_tensors(network, "momentum", &c, got.momentum, expected.momentum, 4 * tolerance);
            }
            b->close(network);
        }
        sb_reference_backend.close(reference);
        record_clear(&expected);
        record_clear(&got);
        course_clear(&c);
    }
}

/* An image of 4 pixels along a side has one pixel in the last stage: one image has no variance there, every
   output is the shift, and nothing is divided by 0. */
static void a_batch_of_one_number(void) {
    course c;
    course_init(&c, 8, 4, 1, 1);
    float expected[SB_CLASSES], logits[SB_CLASSES];
    size_t values = c.model.resnet.value_count;
    float *x = allocate(values, sizeof *x);
    sb_network *reference = open_f32(&sb_reference_backend, &c.model);
    SB_CHECK(sb_reference_backend.train_forward(reference, 0, c.images[0], 1, expected, NULL) == SB_OK);
    sb_reference_backend.close(reference);
    FOR_EACH_BACKEND(b) {
        sb_network *network = open_f32(b, &c.model);
        SB_CHECK(b->train_forward(network, 1, c.images[0], 1, logits, NULL) == SB_OK);
        double e = relative_error(logits, expected, SB_CLASSES);
        SB_CHECK(e < LOGIT_TOLERANCE, "%s: relative error %.2g", network->description, e);
        SB_CHECK(b->update_statistics(network, 1, NULL) == SB_OK &&
                 b->train_backward(network, 1, c.logit_gradient[0], NULL) == SB_OK &&
                 b->sgd_step(network, &sgd, NULL) == SB_OK && b->get_values(network, x, NULL) == SB_OK);
        for (size_t k = 0; k < values; k++)
            SB_CHECK(isfinite(x[k]), "%s: value %zu is %g", network->description, k, (double)x[k]);
        b->close(network);
    }
    free(x);
    course_clear(&c);
}

/* Statistics move towards those of the batch, by a tenth, and by the unbiased variance. Two images that
   differ by a constant in every pixel have known moments after the first convolution when its weights are the
   identity on the first channel. */
static void running_statistics_in_closed_form(void) {
    enum { SIZE = 8, PIXELS = SIZE * SIZE };
    course c;
    course_init(&c, 8, SIZE, 2, 1);
    const sb_convolution *conv = &c.model.resnet.convolution[0];
    for (int o = 0; o < conv->out_channels; o++)
        for (int i = 0; i < SB_CHANNELS * 9; i++) /* the centre of red */
            c.model.values[conv->weight + (size_t)(o * SB_CHANNELS * 9 + i)] = i == 4 ? (float)(o + 1) : 0;
    for (int o = 0; o < conv->out_channels; o++) {
        c.model.values[conv->running_mean + (size_t)o] = 1;
        c.model.values[conv->running_variance + (size_t)o] = 2;
    }
    for (size_t k = 0; k < 2 * c.model.elements; k++) c.images[0][k] = k < c.model.elements ? .25f : .75f;
    size_t values = c.model.resnet.value_count;
    float logits[2 * SB_CLASSES], *x = allocate(values, sizeof *x);
    FOR_EACH_BACKEND(b) {
        sb_network *network = open_f32(b, &c.model);
        SB_CHECK(b->train_forward(network, 0, c.images[0], 2, logits, NULL) == SB_OK &&
                 b->get_values(network, x, NULL) == SB_OK);
        SB_CHECK(memcmp(x, c.model.values, values * sizeof *x) == 0, "%s: a forward pass changed values",
                 network->description);
        SB_CHECK(b->update_statistics(network, 0, NULL) == SB_OK && b->get_values(network, x, NULL) == SB_OK);
        for (int o = 0; o < conv->out_channels; o++) {
            double a = o + 1, mean = .9 + .1 * .5 * a;
            double variance = .9 * 2 + .1 * a * a / 16 * (2 * PIXELS) / (2 * PIXELS - 1.0);
            double got_mean = (double)x[conv->running_mean + (size_t)o];
            double got_variance = (double)x[conv->running_variance + (size_t)o];
            SB_CHECK(fabs(got_mean - mean) < 1e-6 * mean && fabs(got_variance - variance) < 1e-5 * variance,
                     "%s, channel %d: mean %.9g, not %.9g; variance %.9g, not %.9g", network->description, o,
                     got_mean, mean, got_variance, variance);
        }
        b->close(network);
    }
    free(x);
    course_clear(&c);
}

/* Gradients add up until the step, which sets them to zero; without decay, momentum or gradient it moves
   nothing. */
static void gradients_add_up_until_the_step(void) {
    course c;
    course_init(&c, 8, 8, 5, 1);
    size_t values = c.model.resnet.value_count;
    record first, second;
    record_init(&first, &c);
    record_init(&second, &c);
    FOR_EACH_BACKEND(b) {
        sb_network *network = open_f32(b, &c.model);
        add_gradients(network, &c, first.logits);
        SB_CHECK(b->get_gradient(network, first.gradient, NULL) == SB_OK);
        add_gradients(network, &c, first.logits);
        SB_CHECK(b->get_gradient(network, second.gradient, NULL) == SB_OK);
        for (size_t k = 0; k < values; k++) first.gradient[k] *= 2;
        check_tensors(network, "doubled gradient", &c, second.gradient, first.gradient, 1e-5);
        SB_CHECK(b->sgd_step(network, &sgd, NULL) == SB_OK);
        SB_CHECK(b->get_gradient(network, first.gradient, NULL) == SB_OK);
        for (size_t k = 0; k < values; k++)
            SB_CHECK(first.gradient[k] == 0, "%s: %zu", network->description, k);
        SB_CHECK(b->get_values(network, first.moved, NULL) == SB_OK);
        SB_CHECK(b->sgd_step(network, &(sb_sgd){.rate = 1}, NULL) == SB_OK);
        SB_CHECK(b->get_values(network, second.moved, NULL) == SB_OK);
        SB_CHECK(memcmp(first.moved, second.moved, values * sizeof(float)) == 0, "%s", network->description);
        b->close(network);
    }
    record_clear(&first);
    record_clear(&second);
    course_clear(&c);
}

/* Values after some steps are the same for every number of threads; and from values and momentum that were
   read out another network goes on to the same bits, in training and in evaluation. */
static void check_same_bits(const sb_backend *b, const course *c) {
    static const sb_backend_options options[] = {{.jobs = 1}, {.jobs = 3, .unpinned = 1}, {0}};
    record first, other;
    record_init(&first, c);
    record_init(&other, c);
    for (int i = 0; i < 3; i++) {
        sb_network *network = open_with(b, &c->model, &options[i]);
        size_t bytes = c->model.resnet.value_count * sizeof(float);
        record *r = i == 0 ? &first : &other;
        record_training(r, network, c);
        SB_CHECK(memcmp(r->moved, first.moved, bytes) == 0 &&
                     memcmp(r->momentum, first.momentum, bytes) == 0 &&
                     memcmp(r->gradient, first.gradient, bytes) == 0,
                 "%s: depth %d, %d pixels, %zu images, %d jobs: other bits", network->description,
                 c->model.resnet.depth, c->model.size, c->count, options[i].jobs);
        sb_network *heir = open_with(b, &c->model, &options[2 - i]);
        SB_CHECK(b->get_values(network, other.moved, NULL) == SB_OK &&
                 b->set_values(heir, other.moved, NULL) == SB_OK &&
                 b->set_momentum(heir, r->momentum, NULL) == SB_OK);
        step(network, c, other.logits);
        step(heir, c, other.logits);
        float *logits = allocate(2 * c->count * SB_CLASSES, sizeof *logits);
        float *heirs = logits + c->count * SB_CLASSES;
        SB_CHECK(b->get_values(network, other.moved, NULL) == SB_OK &&
                 b->get_values(heir, other.momentum, NULL) == SB_OK &&
                 b->logits(network, c->images[0], c->count, logits, NULL) == SB_OK &&
                 b->logits(heir, c->images[0], c->count, heirs, NULL) == SB_OK);
        SB_CHECK(memcmp(other.moved, other.momentum, bytes) == 0, "%s: values of a resumed network",
                 network->description);
        SB_CHECK(memcmp(logits, heirs, c->count * SB_CLASSES * sizeof(float)) == 0,
                 "%s: logits of a resumed network", network->description);
        free(logits);
        b->close(network);
        b->close(heir);
    }
    record_clear(&first);
    record_clear(&other);
}

static void same_bits_for_all_threads_and_after_a_resume(void) {
    static const struct {
        int depth, size;
        size_t count;
    } item[] = {{8, 4, 19}, {8, 8, 5}, {8, 17, 9}, {8, 24, 4}};
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        course c;
        course_init(&c, item[i].depth, item[i].size, item[i].count, 0);
        FOR_EACH_BACKEND(b)
        if (b != &sb_reference_backend || item[i].size <= 4) check_same_bits(b, &c);
        course_clear(&c);
    }
}

/* After a step the network evaluates as a fresh one with its values does. */
static void evaluation_sees_what_was_trained(void) {
    course c;
    course_init(&c, 8, 16, 3, 1);
    record r;
    record_init(&r, &c);
    float trained[SB_CLASSES], expected[SB_CLASSES], before[SB_CLASSES];
    FOR_EACH_BACKEND(b) {
        sb_network *network = open_f32(b, &c.model), *fresh = open_f32(b, &c.model);
        SB_CHECK(b->logits(network, c.images[1], 1, before, NULL) == SB_OK);
        for (int i = 0; i < 2; i++) {
            if (i == 0)
                step(network, &c, r.logits);
            else /* the statistics alone */
                SB_CHECK(b->train_forward(network, 0, c.images[0], 3, r.logits, NULL) == SB_OK &&
                         b->update_statistics(network, 0, NULL) == SB_OK);
            SB_CHECK(b->get_values(network, r.moved, NULL) == SB_OK &&
                     b->set_values(fresh, r.moved, NULL) == SB_OK &&
                     b->logits(network, c.images[1], 1, trained, NULL) == SB_OK &&
                     b->logits(fresh, c.images[1], 1, expected, NULL) == SB_OK);
            SB_CHECK(memcmp(trained, expected, sizeof trained) == 0, "%s", network->description);
            SB_CHECK(memcmp(trained, before, sizeof trained) != 0, "%s", network->description);
            memcpy(before, trained, sizeof before);
        }
        b->close(network);
        b->close(fresh);
    }
    record_clear(&r);
    course_clear(&c);
}

static const sb_test tests[] = {
    {"training is the reference's", training_is_the_references},
    {"a batch of one number", a_batch_of_one_number},
    {"running statistics in closed form", running_statistics_in_closed_form},
    {"gradients add up until the step", gradients_add_up_until_the_step},
    {"same bits for all threads and after a resume", same_bits_for_all_threads_and_after_a_resume},
    {"evaluation sees what was trained", evaluation_sees_what_was_trained},
};

SB_TEST_MAIN(tests)
