/* Models and their files: what is written is read, bit for bit; what another program may write is read; all
   else is refused and leaves the old file. With arguments, for t_pytorch.sh:

     t_model create DEPTH SEED MODEL                  a random network, its running statistics too
     t_model logits MODEL SIZE DEVICE <IMAGES >LOGITS floats, images as [row][column][channel] */
#include "nn/backend.h"
#include "nn/model.h"
#include "nn/safetensors.h"
#include "support/file.h"
#include "tests/test.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>

enum { LIMIT = 1 << 28, DEPTH = 8 };

static char *scratch(const char *name) {
    const char *folder = getenv("SCRATCH");
    return folder && *folder ? sb_path_join(folder, name) : NULL;
}

/* A network of which no two tensors agree. */
static int make_model(sb_model *model, int depth, uint64_t seed) {
    sb_error error;
    if (sb_model_create(model, depth, seed, &error)) {
        SB_CHECK(0, "%s", error.message);
        return 0;
    }
    for (size_t i = 0; i < model->resnet.tensor_count; i++) {
        const sb_tensor *tensor = &model->resnet.tensor[i];
        if (tensor->kind == SB_TENSOR_WEIGHT) continue;
        int scale = tensor->kind == SB_TENSOR_SCALE, variance = tensor->kind == SB_TENSOR_RUNNING_VARIANCE;
        for (size_t k = 0; k < tensor->count; k++) {
            double u = (double)(sb_test_random(&seed) >> 11) * 0x1p-53;
            model->values[tensor->offset + k] = (float)(variance ? .5 + u
                                                        : scale  ? .6 + .6 * u
                                                                 : .4 * u - .2);
        }
    }
    return 1;
}

static void add_momentum(sb_model *model) {
    model->momentum = calloc(model->resnet.value_count, sizeof *model->momentum);
    for (size_t i = 0; i < model->resnet.tensor_count && model->momentum; i++) {
        const sb_tensor *tensor = &model->resnet.tensor[i];
        for (size_t k = 0; k < tensor->count && sb_tensor_is_trained(tensor); k++)
            model->momentum[tensor->offset + k] = (float)(i + 1) / (float)(k + 3);
    }
}

/* ------------------------------------------------------------------ files as they should be */
static void round_trip(int depth) {
    sb_model model, again;
    sb_error error = {0};
    char *path = scratch("model.safetensors"), *bytes = NULL, *bytes_again = NULL;
    size_t size = 0, size_again = 0;
    if (!path || !make_model(&model, depth, 5)) return;
    add_momentum(&model);
    model.batches_tracked = 123456789012;
    sb_model_set_metadata(&model, "sigma", ".12", &error);
    sb_model_set_metadata(&model, "data", "a=\"b\" \\ \xc3\xa9", &error);
    SB_CHECK(sb_model_write(&model, path, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_model_read(&again, path, &error) == SB_OK, "%s", error.message);
    size_t bytes_of_values = model.resnet.value_count * sizeof(float);
    SB_CHECK(again.resnet.depth == depth && again.values && again.momentum, "depth %d", again.resnet.depth);
    if (again.values && again.momentum) {
        SB_CHECK(memcmp(model.values, again.values, bytes_of_values) == 0, "values");
        SB_CHECK(memcmp(model.momentum, again.momentum, bytes_of_values) == 0, "momentum");
    }
    SB_CHECK(again.batches_tracked == 123456789012, "%llu batches",
             (unsigned long long)again.batches_tracked);
    SB_CHECK(strlen(model.hash) == 64 && strcmp(model.hash, again.hash) == 0, "%s, %s", model.hash,
             again.hash);
    SB_CHECK(strcmp(again.metadata.data, "data=a=\"b\" \\ \xc3\xa9\nsigma=.12\n") == 0, "%s",
             again.metadata.data);
    /* the same model, written again, is the same file */
    SB_CHECK(sb_file_read(path, LIMIT, &bytes, &size, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_model_write(&again, path, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_file_read(path, LIMIT, &bytes_again, &size_again, &error) == SB_OK, "%s", error.message);
    SB_CHECK(size == size_again && memcmp(bytes, bytes_again, size) == 0, "%zu and %zu bytes", size,
             size_again);
    free(bytes);
    free(bytes_again);
    free(path);
    sb_model_clear(&model);
    sb_model_clear(&again);
}

static void models_are_read_as_written(void) {
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    round_trip(8);
    round_trip(20);
    round_trip(110);
}

/* The names and shapes in a file, against PyTorch's for a network of depth 8, spelt out. */
static void names_are_those_of_pytorch(void) {
    static const char *const convolution[] = {"conv1",          "layer1.0.conv1", "layer1.0.conv2",
                                              "layer2.0.conv1", "layer2.0.conv2", "layer2.0.downsample.0",
                                              "layer3.0.conv1", "layer3.0.conv2", "layer3.0.downsample.0"};
    static const char *const norm[] = {"bn1",          "layer1.0.bn1", "layer1.0.bn2",
                                       "layer2.0.bn1", "layer2.0.bn2", "layer2.0.downsample.1",
                                       "layer3.0.bn1", "layer3.0.bn2", "layer3.0.downsample.1"};
    static const unsigned shape[][3] = {{16, 3, 3},  {16, 16, 3}, {16, 16, 3}, {32, 16, 3}, {32, 32, 3},
                                        {32, 16, 1}, {64, 32, 3}, {64, 64, 3}, {64, 32, 1}};
    static const char *const part[] = {"weight", "bias", "running_mean", "running_var",
                                       "num_batches_tracked"};
    sb_model model;
    sb_safetensors file;
    sb_error error = {0};
    char *path = scratch("model.safetensors"), name[80];
    if (!path) SB_SKIP("no SCRATCH folder");
    if (!make_model(&model, DEPTH, 7)) return;
    SB_CHECK(sb_model_write(&model, path, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_safetensors_read(&file, path, LIMIT, &error) == SB_OK, "%s", error.message);
    SB_CHECK(file.tensor_count == 9 + 9 * 5 + 2, "%zu tensors", file.tensor_count);
    for (size_t i = 0; i < 9; i++) {
        snprintf(name, sizeof name, "%s.weight", convolution[i]);
        const sb_stored_tensor *tensor = sb_safetensors_find(&file, name);
        SB_CHECK(tensor && tensor->dtype == SB_DTYPE_F32 && tensor->rank == 4 &&
                     tensor->shape[0] == shape[i][0] && tensor->shape[1] == shape[i][1] &&
                     tensor->shape[2] == shape[i][2] && tensor->shape[3] == shape[i][2],
                 "%s", name);
        for (size_t k = 0; k < 5; k++) {
            snprintf(name, sizeof name, "%s.%s", norm[i], part[k]);
            tensor = sb_safetensors_find(&file, name);
            SB_CHECK(tensor && (k == 4 ? tensor->rank == 0 && tensor->dtype == SB_DTYPE_I64
                                       : tensor->rank == 1 && tensor->shape[0] == shape[i][0]),
                     "%s", name);
        }
    }
    const sb_stored_tensor *fc = sb_safetensors_find(&file, "fc.weight");
    SB_CHECK(fc && fc->rank == 2 && fc->shape[0] == 10 && fc->shape[1] == 64, "fc.weight");
    fc = sb_safetensors_find(&file, "fc.bias");
    SB_CHECK(fc && fc->rank == 1 && fc->shape[0] == 10, "fc.bias");
    sb_safetensors_clear(&file);
    sb_model_clear(&model);
    free(path);
}

static void metadata_lines(void) {
    sb_model model;
    sb_error error = {0};
    sb_model_init(&model);
    SB_CHECK(!sb_model_metadata(&model, "a"), "no metadata");
    static const char *const pair[][2] = {{"a", "1"}, {"ab", "2"}, {"a", "3"}, {"c", "x=y"}, {"ab", ""}};
    for (size_t i = 0; i < 5; i++)
        SB_CHECK(sb_model_set_metadata(&model, pair[i][0], pair[i][1], &error) == SB_OK, "%s", error.message);
    SB_CHECK(strcmp(model.metadata.data, "a=3\nc=x=y\nab=\n") == 0, "%s", model.metadata.data);
    char *value = sb_model_metadata(&model, "c"), *none = sb_model_metadata(&model, "b");
    SB_CHECK(value && strcmp(value, "x=y") == 0 && !none, "%s", value ? value : "no value");
    free(value);
    static const char *const bad[][2] = {{"", "1"}, {"a=b", "1"}, {"a\nb", "1"}, {"a", "1\n2"}};
    for (size_t i = 0; i < 4; i++)
        SB_CHECK(sb_model_set_metadata(&model, bad[i][0], bad[i][1], &error) == SB_BAD_INPUT, "%s",
                 bad[i][0]);
    sb_model_clear(&model);
}

/* ------------------------------------------------------------------ files of other programs */
/* A model's file as a list that a test may change before it is written. */
typedef struct {
    sb_model model;
    sb_safetensors file;
    char *path;
    float number[64 * 64 * 9]; /* for a tensor of a test's own */
    int64_t counter;
} sample;

/* 0 when there is no place for it. */
static int sample_init(sample *s, int momentum) {
    sb_error error = {0};
    s->path = scratch("sample.safetensors");
    if (!s->path || !make_model(&s->model, DEPTH, 11)) return 0;
    if (momentum) add_momentum(&s->model);
    SB_CHECK(sb_model_write(&s->model, s->path, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_safetensors_read(&s->file, s->path, LIMIT, &error) == SB_OK, "%s", error.message);
    return 1;
}

static void sample_clear(sample *s) {
    sb_safetensors_clear(&s->file);
    sb_model_clear(&s->model);
    free(s->path);
}

static sb_status sample_read(sample *s, sb_model *model, sb_error *error) {
    error->message[0] = '\0';
    sb_model_init(model);
    sb_status status = sb_safetensors_write(&s->file, s->path, error);
    return status ? status : sb_model_read(model, s->path, error);
}

static sb_stored_tensor *tensor_of(sample *s, const char *name) {
    return (sb_stored_tensor *)sb_safetensors_find(&s->file, name); /* the list is ours */
}

static void rename_tensor(sb_stored_tensor *tensor, const char *prefix) {
    char *name = sb_format("%s%s", prefix, tensor->name);
    free(tensor->name);
    tensor->name = name;
}

static void prefixes_are_dropped(void) {
    static const char *const prefix[] = {"module.",   "model.",    "1.",
                                         "1.module.", "module.1.", "module.model.1."};
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    for (size_t i = 0; i < sizeof prefix / sizeof prefix[0]; i++) {
        static sample s;
        sb_model model;
        sb_error error;
        if (!sample_init(&s, 1)) return;
        for (size_t k = 0; k < s.file.tensor_count; k++) rename_tensor(&s.file.tensor[k], prefix[i]);
        SB_CHECK(sample_read(&s, &model, &error) == SB_OK && model.values && model.momentum, "%s: %s",
                 prefix[i], error.message);
        if (model.values)
            SB_CHECK(memcmp(model.values, s.model.values, s.model.resnet.value_count * sizeof(float)) == 0,
                     "%s: values", prefix[i]);
        sb_model_clear(&model);
        sample_clear(&s);
    }
}

static void counters_may_be_missing(void) {
    static sample s;
    sb_model model;
    sb_error error;
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    if (!sample_init(&s, 0)) return;
    size_t kept = 0;
    for (size_t i = 0; i < s.file.tensor_count; i++) {
        sb_stored_tensor tensor = s.file.tensor[i];
        if (tensor.dtype == SB_DTYPE_I64)
            free(tensor.name);
        else
            s.file.tensor[kept++] = tensor;
    }
    SB_CHECK(kept == s.file.tensor_count - 9, "%zu counters", s.file.tensor_count - kept);
    s.file.tensor_count = kept;
    SB_CHECK(sample_read(&s, &model, &error) == SB_OK && model.batches_tracked == 0 && !model.momentum, "%s",
             error.message);
    sb_model_clear(&model);
    sample_clear(&s);
}

/* The same numbers, small multiples of 1/8, in all four types. */
static void other_types_are_converted(void) {
    static const sb_dtype dtype[] = {SB_DTYPE_F16, SB_DTYPE_BF16, SB_DTYPE_F32, SB_DTYPE_F64};
    static const uint16_t f16[] = {0x3000, 0xb800, 0x3e00, 0x0000}; /* 1/8, -1/2, 3/2, 0 */
    static const uint16_t bf16[] = {0x3e00, 0xbf00, 0x3fc0, 0x0000};
    static const float f32[] = {.125f, -.5f, 1.5f, 0};
    static const double f64[] = {.125, -.5, 1.5, 0};
    static const void *const number[] = {f16, bf16, f32, f64};
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    for (size_t i = 0; i < 4; i++) {
        static sample s;
        static unsigned char data[640 * 8];
        sb_model model;
        sb_error error;
        if (!sample_init(&s, 0)) return;
        sb_stored_tensor *fc = tensor_of(&s, "fc.weight");
        size_t size = sb_dtype_size(dtype[i]);
        for (size_t k = 0; k < 640; k++)
            memcpy(data + size * k, (const char *)number[i] + size * (k % 4), size);
        fc->dtype = dtype[i];
        fc->data = data;
        SB_CHECK(sample_read(&s, &model, &error) == SB_OK, "%s: %s", sb_dtype_name(dtype[i]), error.message);
        for (size_t k = 0; k < 640 && model.values; k++) {
            float value = model.values[model.resnet.classifier_weight + k];
            SB_CHECK(value == f32[k % 4], "%s: %g, not %g", sb_dtype_name(dtype[i]), (double)value,
                     (double)f32[k % 4]);
        }
        sb_model_clear(&model);
        sample_clear(&s);
    }
}

static void foreign_metadata(void) {
    static sample s;
    sb_model model;
    sb_error error;
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    if (!sample_init(&s, 0)) return;
    static const char *const pair[][2] = {
        {"format", "pt"}, {"a=b", "1"}, {"", "2"}, {"note", "two\nlines\t\x7f"}};
    s.file.metadata = calloc(4, sizeof *s.file.metadata);
    for (size_t i = 0; i < 4; i++)
        s.file.metadata[s.file.metadata_count++] =
            (sb_metadata_item){sb_duplicate(pair[i][0]), sb_duplicate(pair[i][1])};
    SB_CHECK(sample_read(&s, &model, &error) == SB_OK, "%s", error.message);
    SB_CHECK(strcmp(model.metadata.data, "format=pt\nnote=two?lines??\n") == 0, "%s", model.metadata.data);
    SB_CHECK(sb_model_write(&model, s.path, &error) == SB_OK, "%s", error.message);
    sb_model_clear(&model);
    sample_clear(&s);
}

/* ------------------------------------------------------------------ files that are refused */
static void set_number(sample *s, const char *name, size_t element, float value) {
    sb_stored_tensor *tensor = tensor_of(s, name);
    memcpy(s->number, tensor->data, tensor->count * sizeof(float));
    s->number[element] = value;
    tensor->data = s->number;
}

static void set_shape(sample *s, const char *name, int rank, uint64_t a, uint64_t b) {
    sb_stored_tensor *tensor = tensor_of(s, name);
    tensor->rank = rank;
    tensor->shape[0] = a;
    tensor->shape[1] = b;
    tensor->count = rank == 2 ? a * b : a;
    tensor->data = s->number;
}

static void set_name(sample *s, const char *name, const char *other) {
    sb_stored_tensor *tensor = tensor_of(s, name);
    free(tensor->name);
    tensor->name = sb_duplicate(other);
}

static void set_counter(sample *s, int64_t value) {
    s->counter = value;
    tensor_of(s, "bn1.num_batches_tracked")->data = &s->counter;
}

static void nan_weight(sample *s) {
    set_number(s, "layer1.0.conv1.weight", 5, NAN);
}
static void infinite_weight(sample *s) {
    set_number(s, "fc.bias", 9, -INFINITY);
}
static void nan_momentum(sample *s) {
    set_number(s, "momentum.fc.bias", 0, NAN);
}
static void negative_variance(sample *s) {
    set_number(s, "bn1.running_var", 3, -.25f);
}
static void wide_kernel(sample *s) {
    set_shape(s, "bn1.weight", 1, 17, 0);
}
static void other_rank(sample *s) {
    set_shape(s, "fc.bias", 2, 10, 1);
}
static void turned(sample *s) {
    set_shape(s, "fc.weight", 2, 64, 10);
}
static void long_shape(sample *s) {
    set_shape(s, "layer3.0.conv2.weight", 2, 4, 4);
}
static void integers(sample *s) {
    tensor_of(s, "fc.bias")->dtype = SB_DTYPE_I32;
}
static void float_counter(sample *s) {
    tensor_of(s, "bn1.num_batches_tracked")->dtype = SB_DTYPE_F64;
}
static void negative_counter(sample *s) {
    set_counter(s, -1);
}
static void missing(sample *s) {
    set_name(s, "layer2.0.downsample.1.running_mean", "x");
}
static void unknown(sample *s) {
    set_name(s, "layer2.0.bn1.num_batches_tracked", "layer4.0.bn1.weight");
}
static void no_momentum(sample *s) {
    set_name(s, "momentum.conv1.weight", "momentum.conv9.weight");
}
static void odd_momentum(sample *s) {
    set_name(s, "bn1.num_batches_tracked", "momentum.bn1.running_mean");
}
static void no_blocks(sample *s) {
    set_name(s, "layer1.0.conv1.weight", "layer1.0.conv.weight");
}
static void one_more_block(sample *s) {
    set_name(s, "bn1.num_batches_tracked", "layer1.1.conv1.weight");
}
static void collision(sample *s) {
    set_name(s, "bn1.num_batches_tracked", "module.bn1.bias");
}

static const struct {
    void (*change)(sample *s);
    const char *words;
} wrong[] = {
    {nan_weight, "tensor layer1.0.conv1.weight: element 5 is nan: not a finite number"},
    {infinite_weight, "tensor fc.bias: element 9 is -inf"},
    {nan_momentum, "tensor momentum.fc.bias: element 0 is nan"},
    {negative_variance, "tensor bn1.running_var: element 3 is -0.25: a negative variance"},
    {wide_kernel, "tensor bn1.weight: has the shape [17], not [16]"},
    {other_rank, "tensor fc.bias: has the shape [10, 1], not [10]"},
    {turned, "tensor fc.weight: has the shape [64, 10], not [10, 64]"},
    {long_shape, "tensor layer3.0.conv2.weight: has the shape [4, 4], not [64, 64, 3, 3]"},
    {integers, "tensor fc.bias: has the type I32"},
    {float_counter, "tensor bn1.num_batches_tracked: is not one number of type I64"},
    {negative_counter, "tensor bn1.num_batches_tracked: is -1"},
    {missing, "has no tensor layer2.0.downsample.1.running_mean"},
    {unknown, "unknown tensor layer4.0.bn1.weight in a ResNet-8"},
    {no_momentum, "has no tensor momentum.conv1.weight"},
    {odd_momentum, "unknown tensor momentum.bn1.running_mean"},
    {no_blocks, "has no tensor layer1.0.conv1.weight"},
    {one_more_block, "tensor layer1.1.conv1.weight: has the shape []"},
    {collision, "are the tensor bn1.bias"},
};

static void wrong_models_are_refused(void) {
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        static sample s;
        sb_model model;
        sb_error error;
        if (!sample_init(&s, 1)) return;
        wrong[i].change(&s);
        SB_CHECK(sample_read(&s, &model, &error) == SB_BAD_INPUT && strstr(error.message, wrong[i].words) &&
                     strstr(error.message, "sample.safetensors: "),
                 "wanted '%s', got '%s'", wrong[i].words, error.message);
        SB_CHECK(!model.values && !model.resnet.tensor && !*model.hash && !*model.metadata.data, "empty");
        sample_clear(&s);
    }
}

static void truncations_are_refused(void) {
    static sample s;
    sb_model model;
    sb_error error = {0};
    char *bytes = NULL;
    size_t size = 0;
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    if (!sample_init(&s, 0)) return;
    SB_CHECK(sb_file_read(s.path, LIMIT, &bytes, &size, &error) == SB_OK, "%s", error.message);
    for (size_t length = 0; length < size; length += length < 100 ? 1 : length < 12000 ? 97 : 9973) {
        FILE *out = fopen(s.path, "wb");
        int good = out && fwrite(bytes, 1, length, out) == length;
        if (out && fclose(out) != 0) good = 0;
        SB_CHECK(good && sb_model_read(&model, s.path, &error) == SB_BAD_INPUT, "%zu of %zu bytes", length,
                 size);
    }
    free(bytes);
    sample_clear(&s);
}

/* ------------------------------------------------------------------ writing that fails */
static void a_failed_write_keeps_the_old_file(void) {
    static sample s;
    sb_model model;
    sb_error error = {0};
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    if (!sample_init(&s, 0)) return;
    char hash[sizeof s.model.hash], *temporary = sb_format("%s.tmp", s.path);
    memcpy(hash, s.model.hash, sizeof hash);
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_IGN);
    static const rlim_t room[] = {0, 100, 65536, 300000};
    for (size_t i = 0; i < 4; i++) {
        small = before;
        small.rlim_cur = room[i];
        s.model.values[0] += 1;
        setrlimit(RLIMIT_FSIZE, &small);
        sb_status status = sb_model_write(&s.model, s.path, &error);
        setrlimit(RLIMIT_FSIZE, &before);
        SB_CHECK(status == SB_IO && strstr(error.message, s.path), "%llu bytes of room: %s",
                 (unsigned long long)room[i], error.message);
        SB_CHECK(strcmp(hash, s.model.hash) == 0, "the hash is that of the old file");
        SB_CHECK(!temporary || !sb_file_exists(temporary), "nothing is left behind");
    }
    s.model.values[7] = NAN;
    SB_CHECK(sb_model_write(&s.model, s.path, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "element 7 is nan"),
             "%s", error.message);
    s.model.values[7] = 0;
    sb_text_append(&s.model.metadata, "k=1\nk=2\n");
    SB_CHECK(sb_model_write(&s.model, s.path, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "stands twice"),
             "%s", error.message);
    sb_text_truncate(&s.model.metadata, 0);
    sb_text_append(&s.model.metadata, "k");
    SB_CHECK(sb_model_write(&s.model, s.path, &error) == SB_BAD_INPUT && strstr(error.message, "KEY=VALUE"),
             "%s", error.message);
    sb_text_truncate(&s.model.metadata, 0);
    SB_CHECK(sb_model_write(&s.model, "/dev/full", &error) == SB_IO, "/dev/full");
    SB_CHECK(sb_model_read(&model, s.path, &error) == SB_OK && strcmp(model.hash, hash) == 0,
             "the old file: %s", error.message);
    sb_model_clear(&model);
    free(temporary);
    sample_clear(&s);
}

/* ------------------------------------------------------------------ for t_pytorch.sh */
static int fail(const sb_error *error) {
    fprintf(stderr, "t_model: %s\n", error->message);
    return 2;
}

static int create(int depth, uint64_t seed, const char *path) {
    sb_model model;
    sb_error error = {0};
    if (!make_model(&model, depth, seed)) return 2;
    sb_status status = sb_model_write(&model, path, &error);
    sb_model_clear(&model);
    return status ? fail(&error) : 0;
}

static int print_logits(const char *path, int size, const char *device) {
    sb_model model;
    sb_error error = {0};
    const sb_backend *backend;
    sb_network *network = NULL;
    sb_backend_options options = {.jobs = 1, .unpinned = 1};
    float *image = calloc((size_t)size * (size_t)size * SB_CHANNELS, sizeof *image), logit[SB_CLASSES];
    sb_model_init(&model);
    sb_status status = sb_backend_find(device, &backend, &error);
    if (!status) status = sb_model_read(&model, path, &error);
    if (!status) status = backend->open(&network, &model.resnet, size, &options, &error);
    if (!status) status = backend->set_values(network, model.values, &error);
    while (!status && image &&
           fread(image, sizeof *image * SB_CHANNELS, (size_t)size * (size_t)size, stdin) ==
               (size_t)size * (size_t)size) {
        status = backend->logits(network, image, 1, logit, &error);
        if (!status) fwrite(logit, sizeof logit, 1, stdout);
    }
    if (network) backend->close(network);
    sb_model_clear(&model);
    free(image);
    return status ? fail(&error) : fflush(stdout) != 0;
}

static const sb_test tests[] = {
    {"models are read as they were written", models_are_read_as_written},
    {"names and shapes are those of PyTorch", names_are_those_of_pytorch},
    {"metadata are lines", metadata_lines},
    {"prefixes of wrappers are dropped", prefixes_are_dropped},
    {"counters may be missing", counters_may_be_missing},
    {"F16, BF16 and F64 are converted", other_types_are_converted},
    {"metadata of other programs", foreign_metadata},
    {"wrong models are refused with the tensor", wrong_models_are_refused},
    {"truncations are refused", truncations_are_refused},
    {"a failed write keeps the old file", a_failed_write_keeps_the_old_file},
};

int main(int count, char **argument) {
    if (count == 5 && strcmp(argument[1], "create") == 0)
        return create(atoi(argument[2]), strtoull(argument[3], NULL, 10), argument[4]);
    if (count == 5 && strcmp(argument[1], "logits") == 0)
        return print_logits(argument[2], atoi(argument[3]), argument[4]);
    return sb_test_main(tests, sizeof tests / sizeof tests[0]);
}
