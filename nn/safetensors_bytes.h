/* What reading and writing of safetensors share. */
#ifndef SB_NN_SAFETENSORS_BYTES_H
#define SB_NN_SAFETENSORS_BYTES_H

#include "nn/safetensors.h"

#include <nettle/sha2.h>

#define SB_METADATA_NAME "__metadata__"
enum { SB_LENGTH_SIZE = 8 /* bytes of the header's length, at the start of a file */ };

/* Between the machine's byte order and little-endian. */
void sb_safetensors_swap(unsigned char *byte, uint64_t count, size_t size);

void sb_safetensors_finish_hash(struct sha256_ctx *state, char hash[SB_HASH_TEXT]);

#endif
