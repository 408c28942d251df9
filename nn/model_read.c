/* The stored tensors, freed of the prefixes that wrappers leave (DataParallel's "module.", the "1." of a
   Sequential behind a normalisation), are sorted by name; the blocks of the first stage give the depth; then
   every tensor of that network is taken out of the list, and nothing may be left. */
#include "nn/model.h"

#include "nn/model_names.h"
#include "nn/safetensors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t DATA_LIMIT = (uint64_t)1
                                   << 30; /* the deepest network with its momentum as F64: 0.3 GB */

typedef struct {
    const char *name;
    const sb_stored_tensor *stored;
    int taken;
} entry;

typedef struct {
    sb_model *model;
    const char *path;
    entry *entry; /* sorted by name */
    size_t count;
} reader;

static int compare_entries(const void *a, const void *b) {
    return strcmp(((const entry *)a)->name, ((const entry *)b)->name);
}

static const char *without_prefixes(const char *name) {
    static const char *const prefix[] = {"module.", "model.", "1."};
    for (size_t i = 0; i < sizeof prefix / sizeof prefix[0];) {
        size_t length = strlen(prefix[i]);
        if (strncmp(name, prefix[i], length) == 0) {
            name += length;
            i = 0;
        } else {
            i++;
        }
    }
    return name;
}

static sb_status list_entries(reader *r, const sb_safetensors *file, sb_error *error) {
    r->entry = calloc(file->tensor_count + 1, sizeof *r->entry);
    if (!r->entry) return sb_fail_memory(error);
    for (size_t i = 0; i < file->tensor_count; i++)
        r->entry[r->count++] = (entry){without_prefixes(file->tensor[i].name), &file->tensor[i], 0};
    qsort(r->entry, r->count, sizeof *r->entry, compare_entries);
    for (size_t i = 1; i < r->count; i++)
        if (compare_entries(&r->entry[i - 1], &r->entry[i]) == 0)
            return sb_fail(error, SB_BAD_INPUT, "%.200s: both %.80s and %.80s are the tensor %.80s", r->path,
                           r->entry[i - 1].stored->name, r->entry[i].stored->name, r->entry[i].name);
    return SB_OK;
}

static entry *find(const reader *r, const char *name) {
    entry wanted = {name, NULL, 0};
    return r->count ? bsearch(&wanted, r->entry, r->count, sizeof *r->entry, compare_entries) : NULL;
}

static sb_status find_depth(const reader *r, int *depth, sb_error *error) {
    int blocks = 0;
    char name[SB_MODEL_NAME];
    do {
        snprintf(name, sizeof name, "layer1.%d.conv1.weight", blocks);
    } while (6 * blocks + 2 <= SB_LARGEST_DEPTH && find(r, name) && ++blocks);
    *depth = 6 * blocks + 2;
    if (blocks && *depth <= SB_LARGEST_DEPTH) return SB_OK;
    return sb_fail(error, SB_BAD_INPUT, "%.300s: %s tensor %s: not a residual network of depth 8 to %d",
                   r->path, blocks ? "has a" : "has no", name, SB_LARGEST_DEPTH);
}

/* ------------------------------------------------------------------ tensors */
/* [16, 3, 3, 3] */
static void print_shape(const sb_stored_tensor *stored, char *text, size_t room) {
    size_t used = (size_t)snprintf(text, room, "[");
    for (int i = 0; i < stored->rank && used < room; i++)
        used += (size_t)snprintf(text + used, room - used, "%s%" PRIu64, i ? ", " : "", stored->shape[i]);
    if (used < room) snprintf(text + used, room - used, "]");
}

static sb_status check_shape(const reader *r, const entry *found, const sb_tensor *tensor, sb_error *error) {
    const sb_stored_tensor *stored = found->stored;
    sb_stored_tensor wanted = {.rank = tensor->rank};
    int same = stored->rank == tensor->rank;
    for (int i = 0; i < tensor->rank; i++) {
        wanted.shape[i] = (uint64_t)tensor->shape[i];
        same = same && stored->shape[i] == wanted.shape[i];
    }
    if (same) return SB_OK;
    char there[SB_STORED_AXES * 22 + 3], here[sizeof there];
    print_shape(stored, there, sizeof there);
    print_shape(&wanted, here, sizeof here);
    return sb_fail(error, SB_BAD_INPUT, "%.200s: tensor %s: has the shape %s, not %s", r->path, found->name,
                   there, here);
}

static sb_status take_tensor(reader *r, const sb_tensor *tensor, int momentum, float *values,
                             sb_error *error) {
    char name[SB_MODEL_NAME];
    snprintf(name, sizeof name, "%s%s", momentum ? SB_MOMENTUM_PREFIX : "", tensor->name);
    entry *found = find(r, name);
    if (!found) return sb_fail(error, SB_BAD_INPUT, "%.300s: has no tensor %s", r->path, name);
    found->taken = 1;
    sb_status status = check_shape(r, found, tensor, error);
    if (status) return status;
    if (!sb_stored_floats(found->stored, values + tensor->offset))
        return sb_fail(error, SB_BAD_INPUT, "%.300s: tensor %s: has the type %s, not F32, F16, BF16 or F64",
                       r->path, name, sb_dtype_name(found->stored->dtype));
    return sb_model_check_values(tensor, values + tensor->offset, momentum, r->path, error);
}

/* The largest of the counters counts: they agree in what PyTorch or this suite has trained as a whole. */
static sb_status take_counter(reader *r, const sb_tensor *running_variance, sb_error *error) {
    char name[SB_MODEL_NAME];
    sb_model_counter_name(running_variance, name);
    entry *found = find(r, name);
    if (!found) return SB_OK;
    found->taken = 1;
    if (found->stored->dtype != SB_DTYPE_I64 || found->stored->rank > 1 || found->stored->count != 1)
        return sb_fail(error, SB_BAD_INPUT, "%.300s: tensor %s: is not one number of type I64", r->path,
                       name);
    int64_t batches;
    memcpy(&batches, found->stored->data, sizeof batches);
    if (batches < 0)
        return sb_fail(error, SB_BAD_INPUT, "%.300s: tensor %s: is %" PRId64, r->path, name, batches);
    if ((uint64_t)batches > r->model->batches_tracked) r->model->batches_tracked = (uint64_t)batches;
    return SB_OK;
}

static sb_status take_momentum(reader *r, sb_error *error) {
    sb_model *model = r->model;
    int any = 0;
    for (size_t i = 0; i < r->count; i++)
        any |= strncmp(r->entry[i].name, SB_MOMENTUM_PREFIX, strlen(SB_MOMENTUM_PREFIX)) == 0;
    if (!any) return SB_OK;
    model->momentum = calloc(model->resnet.value_count, sizeof *model->momentum);
    if (!model->momentum) return sb_fail_memory(error);
    sb_status status = SB_OK;
    for (size_t i = 0; i < model->resnet.tensor_count && !status; i++)
        if (sb_tensor_is_trained(&model->resnet.tensor[i]))
            status = take_tensor(r, &model->resnet.tensor[i], 1, model->momentum, error);
    return status;
}

/* Lines KEY=VALUE: keys that cannot stand in one are left out, control characters of values become '?'. */
static sb_status take_metadata(sb_model *model, const sb_safetensors *file, sb_error *error) {
    for (size_t i = 0; i < file->metadata_count; i++) {
        const sb_metadata_item *item = &file->metadata[i];
        if (!*item->key || strpbrk(item->key, "=\n")) continue;
        for (char *c = item->value; *c; c++)
            if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
        sb_text_format(&model->metadata, "%s=%s\n", item->key, item->value);
    }
    return sb_text_status(&model->metadata, error);
}

static sb_status take_all(reader *r, const sb_safetensors *file, sb_error *error) {
    sb_model *model = r->model;
    int depth = 0;
    sb_status status = list_entries(r, file, error);
    if (!status) status = find_depth(r, &depth, error);
    if (!status) status = sb_resnet_init(&model->resnet, depth, error);
    if (status) return status;
    model->values = malloc(model->resnet.value_count * sizeof *model->values);
    if (!model->values) return sb_fail_memory(error);
    for (size_t i = 0; i < model->resnet.tensor_count && !status; i++) {
        const sb_tensor *tensor = &model->resnet.tensor[i];
        status = take_tensor(r, tensor, 0, model->values, error);
        if (!status && tensor->kind == SB_TENSOR_RUNNING_VARIANCE) status = take_counter(r, tensor, error);
    }
    if (!status) status = take_momentum(r, error);
    for (size_t i = 0; i < r->count && !status; i++)
        if (!r->entry[i].taken)
            status = sb_fail(error, SB_BAD_INPUT, "%.300s: unknown tensor %.80s in a ResNet-%d", r->path,
                             r->entry[i].stored->name, depth);
    return status ? status : take_metadata(model, file, error);
}

sb_status sb_model_read(sb_model *model, const char *path, sb_error *error) {
    sb_safetensors file;
    reader r = {.model = model, .path = path};
    sb_model_init(model);
    sb_status status = sb_safetensors_read(&file, path, DATA_LIMIT, error);
    if (status) return status;
    status = take_all(&r, &file, error);
    if (!status) memcpy(model->hash, file.hash, sizeof model->hash);
    if (status) sb_model_clear(model);
    free(r.entry);
    sb_safetensors_clear(&file);
    return status;
}
