/* Adaptive stopping: n samples are drawn in stages, and an image is settled at the first stage that decides
   whether a target radius can be certified. Every stage j has a failure probability alpha_j of its own, their
   sum is alpha. So with probability at least 1 - alpha the bounds of all stages hold at once (union bound),
   and what is read off at any of them is sound, whatever made the sampling stop. */
#ifndef SB_NN_ADAPTIVE_H
#define SB_NN_ADAPTIVE_H

#include "support/arb_compat.h"
#include "support/text.h"

#include <stdint.h>

enum { SB_MOST_STAGES = 4 };

typedef struct {
    uint64_t samples[SB_MOST_STAGES]; /* drawn when the stage ends; increasing */
    fmpq_t alpha[SB_MOST_STAGES];
    int count;
} sb_stages;

/* Not adaptive: one stage of all samples at level alpha. Adaptive: n/64, n/16, n/4 and n samples (rounded up,
   equal ones once); the last stage has alpha/2, the others share alpha/2 equally. */
void sb_stages_init(sb_stages *stages, uint64_t samples, const fmpq_t alpha, int adaptive);
void sb_stages_clear(sb_stages *stages);

/* Appends "1563:1/6000 6250:1/6000 25000:1/6000 100000:1/2000". */
void sb_stages_text(const sb_stages *stages, sb_text *text);

#endif
