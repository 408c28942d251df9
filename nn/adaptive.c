/* Most images are far from the border between certified and not, and a sixty-fourth of the samples shows it.
   The last stage keeps half of alpha, so that near the border little is lost: Phi^{-1}(1 - alpha/2) is 3.29
   where Phi^{-1}(1 - alpha) is 3.09, at alpha = 1/1000. */
#include "nn/adaptive.h"

#include "support/exact.h"

#include <stdlib.h>

void sb_stages_init(sb_stages *stages, uint64_t samples, const fmpq_t alpha, int adaptive) {
    stages->count = 0;
    for (int i = 0; i < SB_MOST_STAGES; i++) fmpq_init(stages->alpha[i]);
    for (int shift = adaptive ? 2 * (SB_MOST_STAGES - 1) : 0; shift >= 0; shift -= 2) {
        uint64_t here = (samples - 1) / (UINT64_C(1) << shift) + 1;
        if (stages->count && stages->samples[stages->count - 1] == here) continue;
        stages->samples[stages->count++] = here;
    }
    int last = stages->count - 1;
    fmpz_t shares;
    fmpz_init_set_ui(shares, 2 * (ulong)last);
    for (int i = 0; i < last; i++) fmpq_div_fmpz(stages->alpha[i], alpha, shares);
    fmpq_set(stages->alpha[last], alpha);
    if (last) fmpq_div_2exp(stages->alpha[last], alpha, 1);
    fmpz_clear(shares);
}

void sb_stages_clear(sb_stages *stages) {
    for (int i = 0; i < SB_MOST_STAGES; i++) fmpq_clear(stages->alpha[i]);
}

void sb_stages_text(const sb_stages *stages, sb_text *text) {
    for (int i = 0; i < stages->count; i++) {
        char *alpha = sb_rational_print(stages->alpha[i]);
        sb_text_format(text, "%s%llu:%s", i ? " " : "", (unsigned long long)stages->samples[i],
                       alpha ? alpha : "");
        text->failed |= !alpha;
        free(alpha);
    }
}
