/* One source, compiled for each instruction set; which of them this processor has is asked at run time. */
#include "nn/cpu/evaluation_kernels.h"

#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#define KERNELS "nn/cpu/evaluation_kernels.inc"
#include "nn/cpu/each_level.inc"
#ifdef __x86_64__
#include "nn/cpu/rounded.inc"
#endif

const sb_evaluation_kernels *sb_evaluation_kernels_at(int level) {
#ifdef __x86_64__
    __builtin_cpu_init();
    if (level == 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
        return &kernels_avx512;
    if (level == 1 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &kernels_avx2;
#endif
    return level == 0 ? &kernels_baseline : NULL;
}

const sb_rounded_kernels *sb_rounded_kernels_at(int level) {
#ifdef __x86_64__
    if (level == 2 && sb_evaluation_kernels_at(2) && __builtin_cpu_supports("avx512bf16"))
        return &rounded_kernels;
#endif
    (void)level;
    return NULL;
}
