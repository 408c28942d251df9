#include "bounds/bound.h"

const char *sb_sense_name(sb_sense sense) {
    static const char *const name[] = {"necessary", "sufficient", "exact"};
    return name[sense];
}

const char *sb_promise_name(sb_promise promise) {
    static const char *const name[] = {"total-variation", "robustness"};
    return name[promise];
}
