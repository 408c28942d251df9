/* The sum of losses is kept as a hexadecimal fraction: exactly. */
#include "nn/train_checkpoint.h"

#include <math.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ identity */
static void hash_images(const sb_image_set *set, size_t images, char text[2 * SHA256_DIGEST_SIZE + 1]) {
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char head[64];
    snprintf(head, sizeof head, "%zu images of %d pixels\n", images, set->size);
    sha256_init(&context);
    sha256_update(&context, strlen(head), (const uint8_t *)head);
    sha256_update(&context, images, set->label);
    sha256_update(&context, images * (size_t)set->size * (size_t)set->size * SB_CHANNELS, set->pixel);
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

/* A value is one line. */
static void append_line(sb_text *text, const char *key, const char *value) {
    sb_text_format(text, "%s=", key);
    for (; *value; value++) {
        char byte = (unsigned char)*value < 32 || *value == 127 ? '?' : *value;
        sb_text_append_bytes(text, &byte, 1);
    }
    sb_text_append(text, "\n");
}

sb_status sb_training_identity(const sb_training_options *options, const sb_image_set *set, size_t images,
                               const char *computed_by, sb_text *identity, sb_error *error) {
    char hash[2 * SHA256_DIGEST_SIZE + 1];
    hash_images(set, images, hash);
    sb_training_options_text(options, identity);
    append_line(identity, "data", set->description ? set->description : "unnamed");
    append_line(identity, "data-sha256", hash);
    append_line(identity, "computed-by", computed_by);
    return sb_text_status(identity, error);
}

/* ------------------------------------------------------------------ writing */
static sb_status check_finite(const sb_model *model, const float *values, const char *what, uint64_t step,
                              sb_error *error) {
    for (size_t t = 0; t < model->resnet.tensor_count; t++) {
        const sb_tensor *tensor = &model->resnet.tensor[t];
        for (size_t i = tensor->offset; i < tensor->offset + tensor->count; i++)
            if (!isfinite(values[i]))
                return sb_fail(error, SB_BAD_INPUT, "after step %llu the %s%s is %g: lower the learning rate",
                               (unsigned long long)step, what, tensor->name, (double)values[i]);
    }
    return SB_OK;
}

sb_status sb_checkpoint_write(sb_model *model, const char *path, sb_network *network, const char *identity,
                              const sb_training_position *position, uint64_t steps_per_epoch, int updates,
                              sb_error *error) {
    if (!model->momentum) model->momentum = malloc(model->resnet.value_count * sizeof *model->momentum);
    if (!model->momentum) return sb_fail_memory(error);
    sb_status status = network->backend->get_values(network, model->values, error);
    if (!status) status = network->backend->get_momentum(network, model->momentum, error);
    if (!status) status = check_finite(model, model->values, "", position->step, error);
    if (!status) status = check_finite(model, model->momentum, "momentum of ", position->step, error);
    if (status) return status;
    model->batches_tracked = position->step * (uint64_t)updates;
    sb_text *m = &model->metadata;
    sb_text_truncate(m, 0);
    sb_text_append(m, identity);
    sb_text_format(m, "epochs-done=%llu\nsteps-done=%llu\nepoch-loss=%a\nepoch-correct=%llu\n",
                   (unsigned long long)(position->step / steps_per_epoch), (unsigned long long)position->step,
                   position->sums.loss, (unsigned long long)position->sums.correct);
    status = sb_text_status(m, error);
    return status ? status : sb_model_write(model, path, error);
}

/* ------------------------------------------------------------------ reading */
static sb_status compare(const sb_model *model, const char *path, const char *identity, sb_error *error) {
    sb_status status = SB_OK;
    for (const char *line = identity; *line && !status; line += strcspn(line, "\n") + 1) {
        size_t key_length = strcspn(line, "="), length = strcspn(line, "\n") - key_length - 1;
        char *key = sb_format("%.*s", (int)key_length, line);
        char *here = sb_format("%.*s", (int)length, line + key_length + 1);
        char *there = key ? sb_model_metadata(model, key) : NULL;
        if (!key || !here)
            status = sb_fail_memory(error);
        else if (!there)
            status = sb_fail(error, SB_BAD_INPUT, "%s: says nothing of its %s: it was not made by training",
                             path, key);
        else if (strcmp(key, "data") != 0 && strcmp(here, there) != 0)
            status = sb_fail(error, SB_BAD_INPUT, "%s: was begun with %s %.80s, not %.80s", path, key, there,
                             here);
        free(key);
        free(here);
        free(there);
    }
    return status;
}

static int read_whole(const sb_model *model, const char *key, uint64_t *value) {
    char *text = sb_model_metadata(model, key), *end = text;
    int good = text && *text >= '0' && *text <= '9' && strlen(text) <= 19;
    if (good) *value = strtoull(text, &end, 10);
    good = good && !*end;
    free(text);
    return good;
}

static int read_real(const sb_model *model, const char *key, double *value) {
    char *text = sb_model_metadata(model, key), *end = text;
    if (text) *value = strtod(text, &end);
    int good = text && end != text && !*end && isfinite(*value);
    free(text);
    return good;
}

sb_status sb_checkpoint_position(const sb_model *model, const char *path, const char *identity,
                                 uint64_t steps_per_epoch, uint64_t steps, sb_training_position *position,
                                 sb_error *error) {
    sb_status status = compare(model, path, identity, error);
    if (status) return status;
    uint64_t epochs;
    if (!model->momentum)
        return sb_fail(error, SB_BAD_INPUT, "%s: has no momentum: its training cannot be continued", path);
    if (!read_whole(model, "steps-done", &position->step) || !read_whole(model, "epochs-done", &epochs) ||
        !read_whole(model, "epoch-correct", &position->sums.correct) ||
        !read_real(model, "epoch-loss", &position->sums.loss) || position->step > steps ||
        epochs != position->step / steps_per_epoch)
        return sb_fail(error, SB_BAD_INPUT,
                       "%s: its steps-done, epochs-done, epoch-loss and epoch-correct "
                       "contradict each other or the options",
                       path);
    return SB_OK;
}
