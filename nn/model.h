/* A network with its numbers, and its file: safetensors under PyTorch's names (docs/models.md). */
#ifndef SB_NN_MODEL_H
#define SB_NN_MODEL_H

#include "nn/resnet.h"
#include "support/text.h"

typedef struct {
    sb_resnet resnet;
    float *values;            /* resnet.value_count */
    uint64_t batches_tracked; /* num_batches_tracked of every batch normalisation */
    float *momentum;          /* of the optimiser; NULL: none in the file */
    sb_text metadata;         /* the file's __metadata__ as lines KEY=VALUE */
    char hash[65]; /* SHA-256 of the file's bytes, hexadecimal; "" for a model that was not read or written */
} sb_model;

void sb_model_init(sb_model *model);
void sb_model_clear(sb_model *model);

/* A fresh network with sb_resnet_initialise. */
sb_status sb_model_create(sb_model *model, int depth, uint64_t seed, sb_error *error);

/* Reads a model; the depth follows from the tensors' names. Prefixes "module.", "model." and "1." of names
   are dropped; F32, F16, BF16 and F64 are accepted, num_batches_tracked may be missing. SB_BAD_INPUT names
   the path, and the tensor: a missing or unknown one, a wrong shape or type, a value that is NaN or infinite,
   a negative running variance; a header that is cut, too large or not JSON, offsets that overlap, leave holes
   or pass the end. On failure the model is empty. */
sb_status sb_model_read(sb_model *model, const char *path, sb_error *error);

/* Writes path.tmp, then renames; sets hash. Momentum, if any, as tensors "momentum.NAME". metadata: as in the
 * struct. */
sb_status sb_model_write(sb_model *model, const char *path, sb_error *error);

/* The value of a metadata key, malloc'd, or NULL. */
char *sb_model_metadata(const sb_model *model, const char *key);
sb_status sb_model_set_metadata(sb_model *model, const char *key, const char *value, sb_error *error);

#endif
