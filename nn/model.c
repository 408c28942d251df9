/* A model as a list of stored tensors: first num_batches_tracked of every batch normalisation (eight bytes
   each, so that everything is aligned), then the values in the order of sb_resnet, then the momentum of the
   trained ones. Nothing in the file depends on when or where it was written. */
#include "nn/model.h"

#include "nn/model_names.h"
#include "nn/safetensors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sb_model_init(sb_model *model) {
    *model = (sb_model){.values = NULL};
    sb_text_init(&model->metadata);
}

void sb_model_clear(sb_model *model) {
    sb_resnet_clear(&model->resnet);
    free(model->values);
    free(model->momentum);
    sb_text_clear(&model->metadata);
    sb_model_init(model);
}

sb_status sb_model_create(sb_model *model, int depth, uint64_t seed, sb_error *error) {
    sb_model_init(model);
    sb_status status = sb_resnet_init(&model->resnet, depth, error);
    if (status) return status;
    model->values = malloc(model->resnet.value_count * sizeof *model->values);
    if (!model->values) {
        sb_model_clear(model);
        return sb_fail_memory(error);
    }
    sb_resnet_initialise(&model->resnet, model->values, seed);
    return SB_OK;
}

void sb_model_counter_name(const sb_tensor *running_variance, char name[SB_MODEL_NAME]) {
    const char *dot = strrchr(running_variance->name, '.');
    snprintf(name, SB_MODEL_NAME, "%.*s.num_batches_tracked", (int)(dot - running_variance->name),
             running_variance->name);
}

sb_status sb_model_check_values(const sb_tensor *tensor, const float *value, int momentum, const char *path,
                                sb_error *error) {
    for (size_t i = 0; i < tensor->count; i++)
        if (!isfinite(value[i]) || (value[i] < 0 && tensor->kind == SB_TENSOR_RUNNING_VARIANCE))
            return sb_fail(error, SB_BAD_INPUT, "%.300s: tensor %s%s: element %zu is %g: %s", path,
                           momentum ? SB_MOMENTUM_PREFIX : "", tensor->name, i, (double)value[i],
                           isfinite(value[i]) ? "a negative variance" : "not a finite number");
    return SB_OK;
}

/* ------------------------------------------------------------------ metadata */
/* The line of a key, or NULL. */
static char *find_line(const sb_model *model, const char *key) {
    size_t length = strlen(key);
    for (char *line = model->metadata.data; *line;) {
        if (strncmp(line, key, length) == 0 && line[length] == '=') return line;
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    return NULL;
}

char *sb_model_metadata(const sb_model *model, const char *key) {
    const char *line = find_line(model, key);
    if (!line) return NULL;
    const char *value = line + strlen(key) + 1;
    return sb_format("%.*s", (int)strcspn(value, "\n"), value);
}

sb_status sb_model_set_metadata(sb_model *model, const char *key, const char *value, sb_error *error) {
    if (!*key || strpbrk(key, "=\n") || strchr(value, '\n'))
        return sb_fail(error, SB_BAD_INPUT, "metadata '%.80s': cannot be a line KEY=VALUE", key);
    sb_text *text = &model->metadata;
    char *line = find_line(model, key);
    if (line) {
        size_t length = strcspn(line, "\n"), place = (size_t)(line - text->data);
        length += line[length] == '\n';
        memmove(line, line + length, text->length - place - length + 1);
        text->length -= length;
    }
    if (text->length && text->data[text->length - 1] != '\n') sb_text_append(text, "\n");
    sb_text_format(text, "%s=%s\n", key, value);
    return sb_text_status(text, error);
}

static int compare_keys(const void *a, const void *b) {
    return strcmp(((const sb_metadata_item *)a)->key, ((const sb_metadata_item *)b)->key);
}

/* The lines as items, sorted by key. */
static sb_status list_metadata(const sb_model *model, sb_safetensors *file, const char *path,
                               sb_error *error) {
    const char *text = model->metadata.data;
    size_t lines = 1;
    sb_status status = sb_text_status(&model->metadata, error);
    if (status) return status;
    for (const char *c = text; *c; c++) lines += *c == '\n';
    file->metadata = calloc(lines, sizeof *file->metadata);
    if (!file->metadata) return sb_fail_memory(error);
    for (const char *line = text; *line;) {
        int length = (int)strcspn(line, "\n"), key = (int)strcspn(line, "=\n");
        if (key == length)
            return sb_fail(error, SB_BAD_INPUT, "%.300s: metadata: '%.*s' is not KEY=VALUE", path,
                           length < 80 ? length : 80, line);
        sb_metadata_item *item = &file->metadata[file->metadata_count++];
        item->key = sb_format("%.*s", key, line);
        item->value = sb_format("%.*s", length - key - 1, line + key + 1);
        if (!item->key || !item->value) return sb_fail_memory(error);
        line += length + (line[length] == '\n');
    }
    qsort(file->metadata, file->metadata_count, sizeof *file->metadata, compare_keys);
    for (size_t i = 1; i < file->metadata_count; i++)
        if (compare_keys(&file->metadata[i - 1], &file->metadata[i]) == 0)
            return sb_fail(error, SB_BAD_INPUT, "%.300s: metadata: the key '%.80s' stands twice", path,
                           file->metadata[i].key);
    return SB_OK;
}

/* ------------------------------------------------------------------ writing */
static sb_status append_values(sb_safetensors *file, const sb_tensor *tensor, const float *values,
                               int momentum, const char *path, sb_error *error) {
    sb_stored_tensor *stored = &file->tensor[file->tensor_count];
    *stored = (sb_stored_tensor){
        .dtype = SB_DTYPE_F32, .rank = tensor->rank, .count = tensor->count, .data = values + tensor->offset};
    for (int i = 0; i < tensor->rank; i++) stored->shape[i] = (uint64_t)tensor->shape[i];
    stored->name = sb_format("%s%s", momentum ? SB_MOMENTUM_PREFIX : "", tensor->name);
    if (!stored->name) return sb_fail_memory(error);
    file->tensor_count++;
    return sb_model_check_values(tensor, values + tensor->offset, momentum, path, error);
}

static sb_status append_counter(sb_safetensors *file, const sb_tensor *running_variance,
                                const int64_t *batches, sb_error *error) {
    char name[SB_MODEL_NAME];
    sb_stored_tensor *stored = &file->tensor[file->tensor_count];
    sb_model_counter_name(running_variance, name);
    *stored = (sb_stored_tensor){.dtype = SB_DTYPE_I64, .count = 1, .data = batches};
    if (!(stored->name = sb_duplicate(name))) return sb_fail_memory(error);
    file->tensor_count++;
    return SB_OK;
}

sb_status sb_model_write(sb_model *model, const char *path, sb_error *error) {
    const sb_resnet *resnet = &model->resnet;
    int64_t batches = (int64_t)model->batches_tracked;
    sb_status status = SB_OK;
    sb_safetensors file;
    sb_safetensors_init(&file);
    file.tensor = calloc(3 * resnet->tensor_count, sizeof *file.tensor);
    if (!file.tensor) return sb_fail_memory(error);
    for (size_t i = 0; i < resnet->tensor_count && !status; i++)
        if (resnet->tensor[i].kind == SB_TENSOR_RUNNING_VARIANCE)
            status = append_counter(&file, &resnet->tensor[i], &batches, error);
    for (size_t i = 0; i < resnet->tensor_count && !status; i++)
        status = append_values(&file, &resnet->tensor[i], model->values, 0, path, error);
    for (size_t i = 0; i < resnet->tensor_count && !status && model->momentum; i++)
        if (sb_tensor_is_trained(&resnet->tensor[i]))
            status = append_values(&file, &resnet->tensor[i], model->momentum, 1, path, error);
    if (!status) status = list_metadata(model, &file, path, error);
    if (!status) status = sb_safetensors_write(&file, path, error);
    if (!status) memcpy(model->hash, file.hash, sizeof model->hash);
    sb_safetensors_clear(&file);
    return status;
}
