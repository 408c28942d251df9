/* The tables of a network against what PyTorch (2.x and 1.13) reports for the same modules, and the laws of
   the initial values. The expected lists come from

       for k, v in net.state_dict().items():
           if "num_batches" not in k: print(k, *v.shape)

   and, for the operations, from forward hooks that add weight.numel() * output.numel() / output channels. */
#include "nn/resnet.h"
#include "tests/test.h"

#include <limits.h>
#include <math.h>

static const char *const depth_14[] = {
    "conv1.weight 16 3 3 3",
    "bn1.weight 16",
    "bn1.bias 16",
    "bn1.running_mean 16",
    "bn1.running_var 16",
    "layer1.0.conv1.weight 16 16 3 3",
    "layer1.0.bn1.weight 16",
    "layer1.0.bn1.bias 16",
    "layer1.0.bn1.running_mean 16",
    "layer1.0.bn1.running_var 16",
    "layer1.0.conv2.weight 16 16 3 3",
    "layer1.0.bn2.weight 16",
    "layer1.0.bn2.bias 16",
    "layer1.0.bn2.running_mean 16",
    "layer1.0.bn2.running_var 16",
    "layer1.1.conv1.weight 16 16 3 3",
    "layer1.1.bn1.weight 16",
    "layer1.1.bn1.bias 16",
    "layer1.1.bn1.running_mean 16",
    "layer1.1.bn1.running_var 16",
    "layer1.1.conv2.weight 16 16 3 3",
    "layer1.1.bn2.weight 16",
    "layer1.1.bn2.bias 16",
    "layer1.1.bn2.running_mean 16",
    "layer1.1.bn2.running_var 16",
    "layer2.0.conv1.weight 32 16 3 3",
    "layer2.0.bn1.weight 32",
    "layer2.0.bn1.bias 32",
    "layer2.0.bn1.running_mean 32",
    "layer2.0.bn1.running_var 32",
    "layer2.0.conv2.weight 32 32 3 3",
    "layer2.0.bn2.weight 32",
    "layer2.0.bn2.bias 32",
    "layer2.0.bn2.running_mean 32",
    "layer2.0.bn2.running_var 32",
    "layer2.0.downsample.0.weight 32 16 1 1",
    "layer2.0.downsample.1.weight 32",
    "layer2.0.downsample.1.bias 32",
    "layer2.0.downsample.1.running_mean 32",
    "layer2.0.downsample.1.running_var 32",
    "layer2.1.conv1.weight 32 32 3 3",
    "layer2.1.bn1.weight 32",
    "layer2.1.bn1.bias 32",
    "layer2.1.bn1.running_mean 32",
    "layer2.1.bn1.running_var 32",
    "layer2.1.conv2.weight 32 32 3 3",
    "layer2.1.bn2.weight 32",
    "layer2.1.bn2.bias 32",
    "layer2.1.bn2.running_mean 32",
    "layer2.1.bn2.running_var 32",
    "layer3.0.conv1.weight 64 32 3 3",
    "layer3.0.bn1.weight 64",
    "layer3.0.bn1.bias 64",
    "layer3.0.bn1.running_mean 64",
    "layer3.0.bn1.running_var 64",
    "layer3.0.conv2.weight 64 64 3 3",
    "layer3.0.bn2.weight 64",
    "layer3.0.bn2.bias 64",
    "layer3.0.bn2.running_mean 64",
    "layer3.0.bn2.running_var 64",
    "layer3.0.downsample.0.weight 64 32 1 1",
    "layer3.0.downsample.1.weight 64",
    "layer3.0.downsample.1.bias 64",
    "layer3.0.downsample.1.running_mean 64",
    "layer3.0.downsample.1.running_var 64",
    "layer3.1.conv1.weight 64 64 3 3",
    "layer3.1.bn1.weight 64",
    "layer3.1.bn1.bias 64",
    "layer3.1.bn1.running_mean 64",
    "layer3.1.bn1.running_var 64",
    "layer3.1.conv2.weight 64 64 3 3",
    "layer3.1.bn2.weight 64",
    "layer3.1.bn2.bias 64",
    "layer3.1.bn2.running_mean 64",
    "layer3.1.bn2.running_var 64",
    "fc.weight 10 64",
    "fc.bias 10",
};

static void names_and_shapes_are_pytorchs(void) {
    sb_resnet resnet;
    sb_error error;
    SB_CHECK(sb_resnet_init(&resnet, 14, &error) == SB_OK, "%s", error.message);
    size_t count = sizeof depth_14 / sizeof depth_14[0];
    SB_CHECK(resnet.tensor_count == count, "%zu", resnet.tensor_count);
    for (size_t i = 0; i < count && i < resnet.tensor_count; i++) {
        const sb_tensor *t = &resnet.tensor[i];
        char text[128];
        int length = snprintf(text, sizeof text, "%s", t->name);
        for (int k = 0; k < t->rank; k++)
            length += snprintf(text + length, sizeof text - (size_t)length, " %d", t->shape[k]);
        SB_CHECK(strcmp(text, depth_14[i]) == 0, "tensor %zu: '%s', not '%s'", i, text, depth_14[i]);
    }
    sb_resnet_clear(&resnet);
    SB_CHECK(!resnet.tensor && !resnet.convolution && !resnet.block && !resnet.value_count, "cleared");
}

static void counts_are_pytorchs(void) {
    static const struct {
        int depth;
        size_t trained, tensors, values;
    } item[] = {{8, 78042, 47, 78714},
                {14, 175258, 77, 176378},
                {20, 272474, 107, 274042},
                {110, 1730714, 557, 1739002}};
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        sb_resnet resnet;
        SB_CHECK(sb_resnet_init(&resnet, item[i].depth, NULL) == SB_OK);
        size_t trained = 0, end = 0;
        for (size_t k = 0; k < resnet.tensor_count; k++) {
            const sb_tensor *t = &resnet.tensor[k];
            SB_CHECK(t->offset == end, "%s at %zu, not %zu", t->name, t->offset, end);
            end += t->count;
            if (sb_tensor_is_trained(t)) trained += t->count;
        }
        SB_CHECK(trained == item[i].trained && end == item[i].values && resnet.value_count == end &&
                     resnet.tensor_count == item[i].tensors,
                 "depth %d: %zu trained, %zu in all, %zu tensors", item[i].depth, trained, end,
                 resnet.tensor_count);
        SB_CHECK(resnet.block_count == item[i].depth / 2 - 1 && resnet.depth == item[i].depth);
        sb_resnet_clear(&resnet);
    }
}

static int tensor_is(const sb_resnet *resnet, size_t offset, const char *layer, const char *part,
                     sb_tensor_kind kind) {
    char name[128];
    snprintf(name, sizeof name, "%s.%s", layer, part);
    for (size_t i = 0; i < resnet->tensor_count; i++)
        if (strcmp(resnet->tensor[i].name, name) == 0)
            return resnet->tensor[i].offset == offset && resnet->tensor[i].kind == kind;
    return 0;
}

static void check_convolution(const sb_resnet *resnet, int index, const char *conv, const char *norm, int in,
                              int out, int side, int stride) {
    const sb_convolution *c = &resnet->convolution[index];
    SB_CHECK(c->in_channels == in && c->out_channels == out && c->side == side && c->stride == stride,
             "%s: %d -> %d, side %d, stride %d", conv, c->in_channels, c->out_channels, c->side, c->stride);
    SB_CHECK(tensor_is(resnet, c->weight, conv, "weight", SB_TENSOR_WEIGHT), "%s", conv);
    SB_CHECK(tensor_is(resnet, c->scale, norm, "weight", SB_TENSOR_SCALE), "%s", norm);
    SB_CHECK(tensor_is(resnet, c->shift, norm, "bias", SB_TENSOR_SHIFT), "%s", norm);
    SB_CHECK(tensor_is(resnet, c->running_mean, norm, "running_mean", SB_TENSOR_RUNNING_MEAN), "%s", norm);
    SB_CHECK(tensor_is(resnet, c->running_variance, norm, "running_var", SB_TENSOR_RUNNING_VARIANCE), "%s",
             norm);
}

static void blocks_point_at_their_tensors(void) {
    sb_resnet resnet;
    SB_CHECK(sb_resnet_init(&resnet, 20, NULL) == SB_OK);
    check_convolution(&resnet, 0, "conv1", "bn1", 3, 16, 3, 1);
    int next = 1, in = 16;
    for (int b = 0; b < resnet.block_count; b++) {
        const sb_block *block = &resnet.block[b];
        int stage = b / 3, out = 16 << stage, projects = out != in;
        char conv[64], norm[64];
        SB_CHECK(block->channels == out && block->first == next && block->second == next + 1 &&
                     block->shortcut == (projects ? next + 2 : -1),
                 "block %d: %d %d %d", b, block->first, block->second, block->shortcut);
        snprintf(conv, sizeof conv, "layer%d.%d.conv1", stage + 1, b % 3);
        snprintf(norm, sizeof norm, "layer%d.%d.bn1", stage + 1, b % 3);
        check_convolution(&resnet, next++, conv, norm, in, out, 3, projects ? 2 : 1);
        snprintf(conv, sizeof conv, "layer%d.%d.conv2", stage + 1, b % 3);
        snprintf(norm, sizeof norm, "layer%d.%d.bn2", stage + 1, b % 3);
        check_convolution(&resnet, next++, conv, norm, out, out, 3, 1);
        if (projects) {
            snprintf(conv, sizeof conv, "layer%d.%d.downsample.0", stage + 1, b % 3);
            snprintf(norm, sizeof norm, "layer%d.%d.downsample.1", stage + 1, b % 3);
            check_convolution(&resnet, next++, conv, norm, in, out, 1, 2);
        }
        in = out;
    }
    SB_CHECK(next == resnet.convolution_count, "%d", next);
    SB_CHECK(tensor_is(&resnet, resnet.classifier_weight, "fc", "weight", SB_TENSOR_WEIGHT));
    SB_CHECK(tensor_is(&resnet, resnet.classifier_bias, "fc", "bias", SB_TENSOR_BIAS));
    sb_resnet_clear(&resnet);
}

static void other_depths_are_refused(void) {
    static const int depth[] = {INT_MIN, -4, 0, 1, 2, 7, 9, 13, 21, 1201, 1203, 1208, INT_MAX};
    for (size_t i = 0; i < sizeof depth / sizeof depth[0]; i++) {
        sb_resnet resnet;
        sb_error error = {SB_OK, ""};
        char text[16];
        snprintf(text, sizeof text, "%d", depth[i]);
        SB_CHECK(sb_resnet_init(&resnet, depth[i], &error) == SB_BAD_INPUT, "%d was accepted", depth[i]);
        SB_CHECK(strstr(error.message, text) && !resnet.tensor && !resnet.value_count, "%s", error.message);
        sb_resnet_clear(&resnet);
    }
    sb_resnet resnet;
    SB_CHECK(sb_resnet_init(&resnet, SB_LARGEST_DEPTH, NULL) == SB_OK && resnet.block_count == 600);
    sb_resnet_clear(&resnet);
}

static void operations_are_those_of_pytorchs_modules(void) {
    static const struct {
        int depth, size;
        double products;
    } item[] = {
        {8, 4, 195968},       {8, 17, 4052016},     {14, 33, 30594096},    {20, 32, 40813184},
        {110, 32, 253149824}, {110, 48, 569586304}, {110, 64, 1012597376}, {20, 24, 22957696},
    };
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        sb_resnet resnet;
        SB_CHECK(sb_resnet_init(&resnet, item[i].depth, NULL) == SB_OK);
        double operations = sb_resnet_operations(&resnet, item[i].size);
        SB_CHECK(operations == 2 * item[i].products, "depth %d, %d pixels: %.0f", item[i].depth, item[i].size,
                 operations);
        sb_resnet_clear(&resnet);
    }
}

/* Mean, variance and the share of |x| < deviation of a tensor, each within five standard errors. */
static void check_law(const sb_tensor *t, const float *x, double variance, double share,
                      double fourth_moment) {
    double n = (double)t->count, sum = 0, squares = 0, inside = 0;
    for (size_t i = 0; i < t->count; i++) {
        sum += (double)x[i];
        squares += (double)x[i] * (double)x[i];
        inside += (double)x[i] * (double)x[i] < variance;
    }
    SB_CHECK(fabs(sum / n) < 5 * sqrt(variance / n), "%s: mean %g", t->name, sum / n);
    SB_CHECK(fabs(squares / n / variance - 1) < 5 * sqrt((fourth_moment - 1) / n), "%s: variance %g, not %g",
             t->name, squares / n, variance);
    SB_CHECK(fabs(inside / n - share) < 5 * sqrt(share * (1 - share) / n), "%s: share %g", t->name,
             inside / n);
}

static void initial_values_have_their_laws(void) {
    sb_resnet resnet;
    SB_CHECK(sb_resnet_init(&resnet, 14, NULL) == SB_OK);
    float *x = calloc(resnet.value_count, sizeof *x);
    if (!x) abort();
    sb_resnet_initialise(&resnet, x, 1);
    for (size_t i = 0; i < resnet.tensor_count; i++) {
        const sb_tensor *t = &resnet.tensor[i];
        const float *first = x + t->offset;
        if (t->rank == 4) {
            double variance = 2.0 / (t->shape[0] * t->shape[2] * t->shape[3]);
            check_law(t, first, variance, 0.682689492137, 3); /* normal */
        } else if (t->kind == SB_TENSOR_WEIGHT) {
            check_law(t, first, 1.0 / 192, 0.577350269190, 1.8); /* uniform within 1/8 */
        }
        for (size_t k = 0; k < t->count; k++) {
            if (t->kind == SB_TENSOR_SCALE || t->kind == SB_TENSOR_RUNNING_VARIANCE)
                SB_CHECK(first[k] == 1, "%s: %g", t->name, (double)first[k]);
            else if (t->kind == SB_TENSOR_SHIFT || t->kind == SB_TENSOR_RUNNING_MEAN)
                SB_CHECK(first[k] == 0, "%s: %g", t->name, (double)first[k]);
            else if (t->rank < 4)
                SB_CHECK(fabsf(first[k]) <= 0.125f && first[k] != 0, "%s: %g", t->name, (double)first[k]);
        }
    }
    free(x);
    sb_resnet_clear(&resnet);
}

/* No number occurs twice among the tensors of a network and of its twin with another seed. */
static int compare(const void *a, const void *b) {
    return memcmp(a, b, 2 * sizeof(float));
}

static void initial_values_share_no_numbers(void) {
    sb_resnet resnet;
    SB_CHECK(sb_resnet_init(&resnet, 14, NULL) == SB_OK);
    size_t n = resnet.value_count, drawn = 0;
    float *x = malloc(2 * n * sizeof *x), *again = malloc(n * sizeof *again);
    float(*pair)[2] = malloc(resnet.tensor_count * 2 * sizeof *pair);
    if (!x || !again || !pair) abort();
    sb_resnet_initialise(&resnet, x, 7);
    sb_resnet_initialise(&resnet, x + n, 8);
    memset(again, 0x55, n * sizeof *again);
    sb_resnet_initialise(&resnet, again, 7);
    SB_CHECK(memcmp(x, again, n * sizeof *x) == 0, "the same seed gives the same values");
    for (size_t i = 0; i < resnet.tensor_count; i++) {
        const sb_tensor *t = &resnet.tensor[i];
        if (t->kind != SB_TENSOR_WEIGHT && t->kind != SB_TENSOR_BIAS) continue;
        float scale = t->rank == 4 ? sqrtf((float)(t->shape[0] * t->shape[2] * t->shape[3])) : 1;
        for (size_t seed = 0; seed < 2; seed++, drawn++)
            for (size_t k = 0; k < 2; k++) /* to 8 bits or so: the scales round */
                pair[drawn][k] = rintf(256 * scale * x[seed * n + t->offset + k]);
    }
    qsort(pair, drawn, sizeof *pair, compare);
    for (size_t i = 1; i < drawn; i++)
        SB_CHECK(compare(pair[i - 1], pair[i]) != 0, "%g %g twice", (double)pair[i][0], (double)pair[i][1]);
    free(x);
    free(again);
    free(pair);
    sb_resnet_clear(&resnet);
}

static const sb_test tests[] = {
    {"names and shapes are PyTorch's", names_and_shapes_are_pytorchs},
    {"counts are PyTorch's", counts_are_pytorchs},
    {"blocks point at their tensors", blocks_point_at_their_tensors},
    {"other depths are refused", other_depths_are_refused},
    {"operations are those of PyTorch's modules", operations_are_those_of_pytorchs_modules},
    {"initial values have their laws", initial_values_have_their_laws},
    {"tensors and seeds share no initial values", initial_values_share_no_numbers},
};

SB_TEST_MAIN(tests)
