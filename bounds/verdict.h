/* The words that a check may end in. */
#ifndef SB_BOUNDS_VERDICT_H
#define SB_BOUNDS_VERDICT_H

typedef enum {
    SB_PROVED,    /* for all parameters in the stated range; the checker accepted the certificate, or an exact
                     finite check */
    SB_REFUTED,   /* an explicit rational point */
    SB_UNSETTLED, /* "undecided": with the residual box and the next command to try */
    SB_CONSISTENT, /* instances or statistics only; never upgraded */
    SB_REPRODUCED, /* a published number, recomputed within the stated tolerance */
    SB_DIFFERS,    /* ... or not */
    SB_QUOTED,     /* a definition or a number taken over, not checked */
    SB_SKIPPED     /* not run, and why */
} sb_verdict;

const char *sb_verdict_name(sb_verdict verdict);
#endif
