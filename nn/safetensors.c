/* What a file holds, and writing it: the header is composed first, so that the offsets in it are known, then
   the numbers follow in the same order. */
#include "nn/safetensors.h"

#include "nn/json.h"
#include "nn/safetensors_bytes.h"
#include "support/file.h"
#include "support/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 8 };

static const struct {
    char name[5];
    unsigned char size;
} dtypes[] = {[SB_DTYPE_F64] = {"F64", 8},   [SB_DTYPE_F32] = {"F32", 4}, [SB_DTYPE_F16] = {"F16", 2},
              [SB_DTYPE_BF16] = {"BF16", 2}, [SB_DTYPE_I64] = {"I64", 8}, [SB_DTYPE_I32] = {"I32", 4},
              [SB_DTYPE_I16] = {"I16", 2},   [SB_DTYPE_I8] = {"I8", 1},   [SB_DTYPE_U64] = {"U64", 8},
              [SB_DTYPE_U32] = {"U32", 4},   [SB_DTYPE_U16] = {"U16", 2}, [SB_DTYPE_U8] = {"U8", 1},
              [SB_DTYPE_BOOL] = {"BOOL", 1}};
_Static_assert(sizeof dtypes / sizeof dtypes[0] == SB_DTYPES, "one row for each dtype");

const char *sb_dtype_name(sb_dtype dtype) {
    return dtypes[dtype].name;
}

size_t sb_dtype_size(sb_dtype dtype) {
    return dtypes[dtype].size;
}

void sb_safetensors_init(sb_safetensors *file) {
    *file = (sb_safetensors){0};
}

void sb_safetensors_clear(sb_safetensors *file) {
    for (size_t i = 0; i < file->tensor_count; i++) free(file->tensor[i].name);
    for (size_t i = 0; i < file->metadata_count; i++) {
        free(file->metadata[i].key);
        free(file->metadata[i].value);
    }
    free(file->tensor);
    free(file->metadata);
    free(file->bytes);
    sb_safetensors_init(file);
}

const sb_stored_tensor *sb_safetensors_find(const sb_safetensors *file, const char *name) {
    const sb_stored_tensor *tensor = file->tensor;
    for (size_t least = 0, end = file->tensor_count; least < end;) {
        size_t middle = least + (end - least) / 2;
        int order = strcmp(name, tensor[middle].name);
        if (order == 0) return &tensor[middle];
        if (order < 0)
            end = middle;
        else
            least = middle + 1;
    }
    return NULL;
}

/* ------------------------------------------------------------------ bytes */
void sb_safetensors_swap(unsigned char *byte, uint64_t count, size_t size) {
    const uint16_t one = 1;
    if (*(const unsigned char *)&one == 1) return;
    for (uint64_t i = 0; i < count; i++, byte += size)
        for (size_t k = 0; k < size / 2; k++) {
            unsigned char keep = byte[k];
            byte[k] = byte[size - 1 - k];
            byte[size - 1 - k] = keep;
        }
}

void sb_safetensors_finish_hash(struct sha256_ctx *state, char hash[SB_HASH_TEXT]) {
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(state, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) snprintf(hash + 2 * i, 3, "%02x", digest[i]);
}

/* ------------------------------------------------------------------ writing */
/* Bytes that are not UTF-8 become '?'. */
static void append_string(sb_text *header, const char *string) {
    size_t left = strlen(string);
    sb_text_append(header, "\"");
    for (size_t length; left; string += length, left -= length) {
        size_t valid = sb_utf8_length(string, left);
        length = valid ? valid : 1;
        if (*string == '"' || *string == '\\')
            sb_text_format(header, "\\%c", *string);
        else if (valid && (unsigned char)*string < 0x20)
            sb_text_format(header, "\\u%04x", (unsigned)*string);
        else
            sb_text_append_bytes(header, valid ? string : "?", length);
    }
    sb_text_append(header, "\"");
}

static void append_header(sb_text *header, const sb_safetensors *file) {
    uint64_t offset = 0;
    const char *separator = "";
    sb_text_append(header, "{");
    if (file->metadata_count) {
        append_string(header, SB_METADATA_NAME);
        for (size_t i = 0; i < file->metadata_count; i++) {
            sb_text_append(header, i ? "," : ":{");
            append_string(header, file->metadata[i].key);
            sb_text_append(header, ":");
            append_string(header, file->metadata[i].value);
        }
        sb_text_append(header, "}");
        separator = ",";
    }
    for (size_t i = 0; i < file->tensor_count; i++, separator = ",") {
        const sb_stored_tensor *tensor = &file->tensor[i];
        uint64_t end = offset + tensor->count * sb_dtype_size(tensor->dtype);
        sb_text_append(header, separator);
        append_string(header, tensor->name);
        sb_text_format(header, ":{\"dtype\":\"%s\",\"shape\":[", sb_dtype_name(tensor->dtype));
        for (int k = 0; k < tensor->rank; k++)
            sb_text_format(header, "%s%" PRIu64, k ? "," : "", tensor->shape[k]);
        sb_text_format(header, "],\"data_offsets\":[%" PRIu64 ",%" PRIu64 "]}", offset, end);
        offset = end;
    }
    sb_text_append(header, "}");
    sb_text_repeat(header, ' ', (ALIGNMENT - header->length % ALIGNMENT) % ALIGNMENT);
}

static void append_data(sb_text *out, const sb_safetensors *file) {
    for (size_t i = 0; i < file->tensor_count && !out->failed; i++) {
        const sb_stored_tensor *tensor = &file->tensor[i];
        size_t size = sb_dtype_size(tensor->dtype), place = out->length;
        sb_text_append_bytes(out, tensor->data, (size_t)tensor->count * size);
        if (!out->failed) sb_safetensors_swap((unsigned char *)out->data + place, tensor->count, size);
    }
}

sb_status sb_safetensors_write(sb_safetensors *file, const char *path, sb_error *error) {
    struct sha256_ctx state;
    sb_text out, header;
    sb_text_init(&out);
    sb_text_init(&header);
    append_header(&header, file);
    for (unsigned i = 0; i < SB_LENGTH_SIZE; i++)
        sb_text_append_bytes(&out, &(char){(char)((uint64_t)header.length >> 8 * i)}, 1);
    sb_text_append_bytes(&out, header.data, header.length);
    append_data(&out, file);
    sb_status status = sb_text_status(&header, error);
    if (!status) status = sb_text_status(&out, error);
    if (!status) status = sb_file_write(path, out.data, out.length, error);
    if (!status) {
        sha256_init(&state);
        sha256_update(&state, out.length, (const uint8_t *)out.data);
        sb_safetensors_finish_hash(&state, file->hash);
    }
    sb_text_clear(&header);
    sb_text_clear(&out);
    return status;
}

/* ------------------------------------------------------------------ numbers */
static float float_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* binary16: 1 sign, 5 exponent, 10 fraction bits; exact in binary32. A subnormal is fraction 2^-24. */
static float float_of_half(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 31, fraction = half & 0x3ff;
    if (exponent == 31) return float_of_bits(sign | 0x7f800000u | fraction << 13);
    if (exponent > 0) return float_of_bits(sign | (exponent + 127 - 15) << 23 | fraction << 13);
    float value = (float)fraction * 0x1p-24f;
    return sign ? -value : value;
}

int sb_stored_floats(const sb_stored_tensor *tensor, float *value) {
    const unsigned char *byte = tensor->data;
    for (uint64_t i = 0; i < tensor->count; i++) {
        uint16_t half;
        double wide;
        switch (tensor->dtype) {
        case SB_DTYPE_F64:
            memcpy(&wide, byte + 8 * i, 8);
            value[i] = (float)wide;
            break;
        case SB_DTYPE_F32:
            memcpy(&value[i], byte + 4 * i, 4);
            break;
        case SB_DTYPE_F16:
            memcpy(&half, byte + 2 * i, 2);
            value[i] = float_of_half(half);
            break;
        case SB_DTYPE_BF16:
            memcpy(&half, byte + 2 * i, 2);
            value[i] = float_of_bits((uint32_t)half << 16);
            break;
        default:
            return 0;
        }
    }
    return 1;
}
