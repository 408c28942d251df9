/* One source, compiled for each instruction set; which of them this processor has is asked at run time. */
#include "nn/cpu/training_kernels.h"

#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#define KERNELS "nn/cpu/training_kernels.inc"
#include "nn/cpu/each_level.inc"

const sb_training_kernels *sb_training_kernels_at(int level) {
#ifdef __x86_64__
    __builtin_cpu_init();
    if (level >= 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
        return &kernels_avx512;
    if (level >= 1 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &kernels_avx2;
#endif
    (void)level;
    return &kernels_baseline;
}
