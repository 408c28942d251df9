#include "bounds/verdict.h"

const char *sb_verdict_name(sb_verdict verdict) {
    static const char *const name[] = {"proved",     "refuted", "undecided", "consistent",
                                       "reproduced", "differs", "quoted",    "skipped"};
    return name[verdict];
}
