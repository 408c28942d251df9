/* Files of named arrays in the safetensors format (https://github.com/huggingface/safetensors): eight bytes,
   the length of the header, little-endian; the header, a JSON object from the tensors' names to {"dtype",
   "shape", "data_offsets"} and from "__metadata__" to an object of strings, padded with blanks; then the
   numbers, little-endian, in C order, without holes. No code, no links, nothing to execute. */
#ifndef SB_NN_SAFETENSORS_H
#define SB_NN_SAFETENSORS_H

#include "support/status.h"

#include <stddef.h>
#include <stdint.h>

enum { SB_STORED_AXES = 8, SB_HASH_TEXT = 65 /* 64 hexadecimal digits and a NUL */ };

typedef enum {
    SB_DTYPE_F64,
    SB_DTYPE_F32,
    SB_DTYPE_F16,  /* IEEE binary16 */
    SB_DTYPE_BF16, /* the upper half of a binary32 */
    SB_DTYPE_I64,
    SB_DTYPE_I32,
    SB_DTYPE_I16,
    SB_DTYPE_I8,
    SB_DTYPE_U64,
    SB_DTYPE_U32,
    SB_DTYPE_U16,
    SB_DTYPE_U8,
    SB_DTYPE_BOOL,
    SB_DTYPES /* how many there are */
} sb_dtype;

const char *sb_dtype_name(sb_dtype dtype); /* "F64" */
size_t sb_dtype_size(sb_dtype dtype);      /* bytes */

typedef struct {
    char *name;
    sb_dtype dtype;
    int rank; /* 0: a single number */
    uint64_t shape[SB_STORED_AXES];
    uint64_t count;   /* of its elements */
    const void *data; /* the elements in the machine's byte order, not always aligned */
} sb_stored_tensor;

typedef struct {
    char *key, *value;
} sb_metadata_item;

typedef struct {
    sb_stored_tensor *tensor; /* after reading: sorted by name */
    size_t tensor_count;
    sb_metadata_item *metadata;
    size_t metadata_count;
    void *bytes;             /* of all tensors; NULL when their data belongs to others */
    char hash[SB_HASH_TEXT]; /* SHA-256 of the file, as `sha256sum` prints it */
} sb_safetensors;

void sb_safetensors_init(sb_safetensors *file);
void sb_safetensors_clear(sb_safetensors *file); /* frees names, metadata and bytes */

/* Reads and checks a file; its whole header before the data are looked at, every length before memory is
   taken for it. SB_BAD_INPUT with the path and what is wrong: more than `limit` bytes of data, a header over
   100 MB or longer than the file, not JSON (with the byte), a name or key given twice, an unknown key or
   dtype, more than SB_STORED_AXES axes, sizes that overflow or contradict the offsets, offsets that overlap,
   leave a hole or miss the end of the file. SB_IO for what cannot be read or is not a regular file. On
   failure the file is empty. */
sb_status sb_safetensors_read(sb_safetensors *file, const char *path, uint64_t limit, sb_error *error);

/* NULL when there is none of that name. */
const sb_stored_tensor *sb_safetensors_find(const sb_safetensors *file, const char *name);

/* Writes the tensors in their order, by sb_file_write, and sets the hash. Every `count` is the product of the
   shape; names and keys differ from each other, no name is "__metadata__"; what is not UTF-8 in them becomes
   '?'. The same contents give the same bytes. */
sb_status sb_safetensors_write(sb_safetensors *file, const char *path, sb_error *error);

/* value[i] := element i of an F64, F32, F16 or BF16 tensor, rounded to nearest. 0 for any other dtype. */
int sb_stored_floats(const sb_stored_tensor *tensor, float *value);

#endif
