#include "nn/random_purpose.h"

#include "support/random.h"

uint64_t sb_purpose_seed(uint64_t seed, sb_purpose purpose) {
    const uint32_t counter[4] = {(uint32_t)purpose, 0, 0, UINT32_MAX};
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t word[4];
    sb_philox(word, counter, key);
    return word[0] | (uint64_t)word[1] << 32;
}
