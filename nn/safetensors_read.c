/* Reading trusts no number: the header's length is held against the file's size, then every tensor's length
   against its shape, then the tensors, sorted by their offsets, must follow each other from the first byte of
   the data to the last. Only then the data are read. */
#include "nn/json.h"
#include "nn/safetensors.h"
#include "nn/safetensors_bytes.h"
#include "support/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER_LIMIT = 100000000 };

/* The array with room for one more: it doubles whenever its length is a power of two. NULL without memory. */
static void *grow(void *array, size_t count, size_t item_size) {
    return count & (count - 1) ? array : realloc(array, (count ? 2 * count : 1) * item_size);
}

/* ------------------------------------------------------------------ the header */
typedef struct {
    sb_safetensors *file;
    const char *path;
    uint64_t data_size;
    uint64_t *begin; /* of each tensor's data, until they are in place */
    sb_json json;
    sb_text word, value;
    int has_metadata;
} reader;

static sb_status bad_file(const reader *r, const char *what, sb_error *error) {
    return sb_fail(error, SB_BAD_INPUT, "%.300s: %s", r->path, what);
}

static sb_status bad_json(const reader *r, sb_error *error) {
    int left = (int)(r->json.end - r->json.at < 20 ? r->json.end - r->json.at : 20);
    return sb_fail(error, SB_BAD_INPUT, "%.300s: bad safetensors header: byte %td: %s expected before '%.*s'",
                   r->path, r->json.at - r->json.start, r->json.wanted, left, r->json.at);
}

static sb_status take_metadata(reader *r, sb_error *error) {
    sb_safetensors *file = r->file;
    if (r->has_metadata) return bad_file(r, "__metadata__ stands twice", error);
    r->has_metadata = 1;
    sb_json_enter(&r->json, '{');
    for (size_t items = 0; sb_json_next(&r->json, '}', &items);) {
        if (!sb_json_key(&r->json, &r->word) || !sb_json_string(&r->json, &r->value)) break;
        sb_metadata_item *list = grow(file->metadata, file->metadata_count, sizeof *file->metadata);
        if (!list) return sb_fail_memory(error);
        file->metadata = list;
        sb_metadata_item *item = &list[file->metadata_count++];
        item->key = sb_duplicate(r->word.data);
        item->value = sb_duplicate(r->value.data);
        if (!item->key || !item->value) return sb_fail_memory(error);
    }
    return r->json.wanted ? bad_json(r, error) : SB_OK;
}

static sb_status take_dtype(reader *r, sb_stored_tensor *tensor, sb_error *error) {
    unsigned i = 0;
    if (!sb_json_string(&r->json, &r->value)) return bad_json(r, error);
    while (i < SB_DTYPES && strcmp(r->value.data, sb_dtype_name((sb_dtype)i)) != 0) i++;
    tensor->dtype = (sb_dtype)i;
    return i < SB_DTYPES ? SB_OK
                         : sb_fail(error, SB_BAD_INPUT, "%.300s: tensor %.80s: unknown dtype '%.20s'",
                                   r->path, tensor->name, r->value.data);
}

static sb_status take_shape(reader *r, sb_stored_tensor *tensor, sb_error *error) {
    uint64_t length;
    sb_json_enter(&r->json, '[');
    for (size_t items = 0; sb_json_next(&r->json, ']', &items) && sb_json_natural(&r->json, &length);) {
        if (items > SB_STORED_AXES)
            return sb_fail(error, SB_BAD_INPUT, "%.300s: tensor %.80s: more than %d axes", r->path,
                           tensor->name, SB_STORED_AXES);
        tensor->shape[tensor->rank++] = length;
    }
    return r->json.wanted ? bad_json(r, error) : SB_OK;
}

static sb_status take_offsets(reader *r, uint64_t offset[2], sb_error *error) {
    size_t items = 0;
    sb_json_enter(&r->json, '[');
    for (size_t i = 0; i < 2; i++)
        if (!sb_json_next(&r->json, ']', &items) || !sb_json_natural(&r->json, &offset[i]))
            sb_json_stop(&r->json, "two offsets");
    if (sb_json_next(&r->json, ']', &items)) sb_json_stop(&r->json, "']'");
    return r->json.wanted ? bad_json(r, error) : SB_OK;
}

/* Sets the count; the shape, the dtype and the offsets must agree. */
static sb_status check_size(const reader *r, sb_stored_tensor *tensor, const uint64_t offset[2],
                            sb_error *error) {
    const char *name = tensor->name;
    uint64_t size = sb_dtype_size(tensor->dtype);
    int empty = 0;
    for (int i = 0; i < tensor->rank; i++) empty |= tensor->shape[i] == 0;
    tensor->count = !empty;
    for (int i = 0; i < tensor->rank && !empty; i++) {
        if (tensor->shape[i] > UINT64_MAX / size / tensor->count)
            return sb_fail(error, SB_BAD_INPUT, "%.300s: tensor %.80s: its shape has over 2^64 bytes",
                           r->path, name);
        tensor->count *= tensor->shape[i];
    }
    size *= tensor->count;
    if (offset[0] > offset[1] || offset[1] > r->data_size)
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: tensor %.80s: offsets %" PRIu64 " to %" PRIu64 " in %" PRIu64
                       " bytes of data (a file cut short?)",
                       r->path, name, offset[0], offset[1], r->data_size);
    if (offset[1] - offset[0] != size)
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: tensor %.80s: %" PRIu64 " bytes between its offsets, its shape has %" PRIu64,
                       r->path, name, offset[1] - offset[0], size);
    return SB_OK;
}

/* Appends a tensor of that name to the file; NULL without memory. */
static sb_stored_tensor *append_tensor(reader *r, const char *name) {
    sb_safetensors *file = r->file;
    size_t count = file->tensor_count;
    sb_stored_tensor *tensor = grow(file->tensor, count, sizeof *tensor);
    if (tensor) file->tensor = tensor;
    uint64_t *begin = grow(r->begin, count, sizeof *begin);
    if (begin) r->begin = begin;
    char *copy = sb_duplicate(name);
    if (!tensor || !begin || !copy) {
        free(copy);
        return NULL;
    }
    begin[count] = 0;
    tensor[count] = (sb_stored_tensor){.name = copy};
    return &tensor[file->tensor_count++];
}

/* One tensor of the name in r->word. */
static sb_status take_tensor(reader *r, sb_error *error) {
    static const char *const key[] = {"dtype", "shape", "data_offsets"};
    uint64_t offset[2] = {0, 0};
    unsigned seen = 0;
    sb_status status = SB_OK;
    sb_stored_tensor *tensor = append_tensor(r, r->word.data);
    if (!tensor) return sb_fail_memory(error);
    sb_json_enter(&r->json, '{');
    for (size_t items = 0; !status && sb_json_next(&r->json, '}', &items);) {
        unsigned i = 0;
        if (!sb_json_key(&r->json, &r->word)) break;
        while (i < 3 && strcmp(r->word.data, key[i]) != 0) i++;
        if (i == 3 || seen >> i & 1)
            return sb_fail(error, SB_BAD_INPUT, "%.300s: tensor %.80s: the key '%.40s' %s", r->path,
                           tensor->name, r->word.data, i == 3 ? "is unknown" : "stands twice");
        seen |= 1u << i;
        status = i == 0   ? take_dtype(r, tensor, error)
                 : i == 1 ? take_shape(r, tensor, error)
                          : take_offsets(r, offset, error);
    }
    if (status) return status;
    if (r->json.wanted) return bad_json(r, error);
    if (seen != 7)
        return sb_fail(error, SB_BAD_INPUT, "%.300s: tensor %.80s: has no %s", r->path, tensor->name,
                       key[seen & 1 ? (seen & 2 ? 2 : 1) : 0]);
    r->begin[r->file->tensor_count - 1] = offset[0];
    return check_size(r, tensor, offset, error);
}

static sb_status parse_header(reader *r, sb_error *error) {
    sb_status status = SB_OK;
    sb_json *json = &r->json;
    if (json->at == json->end || *json->at != '{')
        sb_json_stop(json, "'{'"); /* blanks are not allowed here */
    sb_json_enter(json, '{');
    for (size_t items = 0; !status && sb_json_next(json, '}', &items) && sb_json_key(json, &r->word);)
        status =
            strcmp(r->word.data, SB_METADATA_NAME) == 0 ? take_metadata(r, error) : take_tensor(r, error);
    if (status) return status;
    if (!sb_json_end(json)) return bad_json(r, error);
    status = sb_text_status(&r->word, error);
    return status ? status : sb_text_status(&r->value, error);
}

/* ------------------------------------------------------------------ what the header says */
static int compare_data(const void *a, const void *b) {
    const sb_stored_tensor *x = a, *y = b;
    uintptr_t p = (uintptr_t)x->data, q = (uintptr_t)y->data;
    if (p != q) return p < q ? -1 : 1;
    return (x->count > 0) - (y->count > 0); /* empty tensors first */
}

static int compare_names(const void *a, const void *b) {
    return strcmp(((const sb_stored_tensor *)a)->name, ((const sb_stored_tensor *)b)->name);
}

static int compare_keys(const void *a, const void *b) {
    return strcmp(((const sb_metadata_item *)a)->key, ((const sb_metadata_item *)b)->key);
}

/* Gives every tensor its place in file->bytes; together they must cover it. Leaves them in that order. */
static sb_status place_tensors(reader *r, sb_error *error) {
    sb_safetensors *file = r->file;
    const unsigned char *bytes = file->bytes, *at = bytes;
    for (size_t i = 0; i < file->tensor_count; i++) file->tensor[i].data = bytes + r->begin[i];
    if (file->tensor_count) qsort(file->tensor, file->tensor_count, sizeof *file->tensor, compare_data);
    for (size_t i = 0; i < file->tensor_count; i++) {
        const sb_stored_tensor *tensor = &file->tensor[i];
        const unsigned char *data = tensor->data;
        if (data != at)
            return sb_fail(error, SB_BAD_INPUT,
                           "%.300s: tensor %.80s: begins at byte %td of the data, %s %td", r->path,
                           tensor->name, data - bytes,
                           data < at ? "inside another, which ends at" : "leaving a hole from", at - bytes);
        at += tensor->count * sb_dtype_size(tensor->dtype);
    }
    if ((uint64_t)(at - bytes) != r->data_size)
        return sb_fail(error, SB_BAD_INPUT, "%.300s: %" PRIu64 " bytes behind the last tensor", r->path,
                       r->data_size - (uint64_t)(at - bytes));
    return SB_OK;
}

static sb_status sort_names(reader *r, sb_error *error) {
    sb_safetensors *file = r->file;
    if (file->tensor_count) qsort(file->tensor, file->tensor_count, sizeof *file->tensor, compare_names);
    for (size_t i = 1; i < file->tensor_count; i++)
        if (compare_names(&file->tensor[i - 1], &file->tensor[i]) == 0)
            return sb_fail(error, SB_BAD_INPUT, "%.300s: tensor %.80s: stands twice", r->path,
                           file->tensor[i].name);
    if (file->metadata_count)
        qsort(file->metadata, file->metadata_count, sizeof *file->metadata, compare_keys);
    for (size_t i = 1; i < file->metadata_count; i++)
        if (compare_keys(&file->metadata[i - 1], &file->metadata[i]) == 0)
            return sb_fail(error, SB_BAD_INPUT, "%.300s: __metadata__: the key '%.80s' stands twice", r->path,
                           file->metadata[i].key);
    return SB_OK;
}

/* ------------------------------------------------------------------ reading */
static sb_status read_bytes(const reader *r, FILE *stream, void *bytes, size_t size, sb_error *error) {
    if (fread(bytes, 1, size, stream) == size) return SB_OK;
    if (ferror(stream)) return sb_fail(error, SB_IO, "%.300s: %s", r->path, strerror(errno));
    return bad_file(r, "the file ends early", error);
}

/* A regular file and its size. */
static sb_status open_file(const char *path, FILE **stream, uint64_t *size, sb_error *error) {
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe without writer would block for ever */
    if (file < 0) return sb_fail(error, SB_IO, "%.300s: %s", path, strerror(errno));
    sb_status status = SB_OK;
    if (fstat(file, &about) != 0)
        status = sb_fail(error, SB_IO, "%.300s: %s", path, strerror(errno));
    else if (!S_ISREG(about.st_mode))
        status = sb_fail(error, SB_IO, "%.300s: is %s", path,
                         S_ISDIR(about.st_mode) ? "a directory, not a file" : "not a regular file");
    else if (!(*stream = fdopen(file, "rb")))
        status = sb_fail_memory(error);
    if (status) close(file);
    *size = status ? 0 : (uint64_t)about.st_size;
    return status;
}

static sb_status read_header(reader *r, FILE *stream, uint64_t file_size, uint64_t limit, char **header,
                             struct sha256_ctx *state, sb_error *error) {
    unsigned char start[SB_LENGTH_SIZE];
    uint64_t length = 0;
    if (file_size < SB_LENGTH_SIZE) return bad_file(r, "no safetensors file: too short", error);
    sb_status status = read_bytes(r, stream, start, SB_LENGTH_SIZE, error);
    if (status) return status;
    for (size_t i = SB_LENGTH_SIZE; i > 0; i--) length = length << 8 | start[i - 1];
    if (length > HEADER_LIMIT || length > file_size - SB_LENGTH_SIZE)
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: no safetensors file: a header of %" PRIu64 " bytes in a file of %" PRIu64,
                       r->path, length, file_size);
    r->data_size = file_size - SB_LENGTH_SIZE - length;
    if (r->data_size > limit || r->data_size >= SIZE_MAX)
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: %" PRIu64 " bytes of data: more than the limit of %" PRIu64, r->path,
                       r->data_size, limit);
    if (!(*header = malloc((size_t)length + 1))) return sb_fail_memory(error);
    if ((status = read_bytes(r, stream, *header, (size_t)length, error)) != SB_OK) return status;
    sha256_update(state, SB_LENGTH_SIZE, start);
    sha256_update(state, (size_t)length, (const uint8_t *)*header);
    sb_json_init(&r->json, *header, (size_t)length);
    return parse_header(r, error);
}

static sb_status read_data(reader *r, FILE *stream, struct sha256_ctx *state, sb_error *error) {
    sb_safetensors *file = r->file;
    size_t size = (size_t)r->data_size;
    if (!(file->bytes = malloc(size + 1))) return sb_fail_memory(error);
    sb_status status = place_tensors(r, error);
    if (!status) status = sort_names(r, error);
    if (!status) status = read_bytes(r, stream, file->bytes, size, error);
    if (status) return status;
    sha256_update(state, size, file->bytes);
    sb_safetensors_finish_hash(state, file->hash);
    for (size_t i = 0; i < file->tensor_count; i++) {
        const sb_stored_tensor *tensor = &file->tensor[i];
        ptrdiff_t place = (const unsigned char *)tensor->data - (const unsigned char *)file->bytes;
        sb_safetensors_swap((unsigned char *)file->bytes + place, tensor->count,
                            sb_dtype_size(tensor->dtype));
    }
    return SB_OK;
}

sb_status sb_safetensors_read(sb_safetensors *file, const char *path, uint64_t limit, sb_error *error) {
    FILE *stream = NULL;
    uint64_t size = 0;
    char *header = NULL;
    struct sha256_ctx state;
    reader r = {.file = file, .path = path};
    sb_safetensors_init(file);
    sb_status status = open_file(path, &stream, &size, error);
    if (status) return status;
    sha256_init(&state);
    sb_text_init(&r.word);
    sb_text_init(&r.value);
    status = read_header(&r, stream, size, limit, &header, &state, error);
    if (!status) status = read_data(&r, stream, &state, error);
    if (status) sb_safetensors_clear(file);
    sb_text_clear(&r.word);
    sb_text_clear(&r.value);
    free(r.begin);
    free(header);
    fclose(stream);
    return status;
}
