#include "bounds/bound.h"

#include "support/text.h"

#include <string.h>

const char *sb_sense_name(sb_sense sense) {
    static const char *const name[] = {"necessary", "sufficient", "exact"};
    return name[sense];
}

static const char *const promise_name[] = {"total-variation", "robustness", NULL};

const char *sb_promise_name(sb_promise promise) {
    return promise_name[promise];
}

sb_status sb_promise_parse(const char *text, sb_promise *promise, sb_error *error) {
    for (size_t i = 0; promise_name[i]; i++)
        if (strcmp(text, promise_name[i]) == 0) {
            *promise = (sb_promise)i;
            return SB_OK;
        }
    const char *near = sb_nearest_word(text, promise_name);
    if (near) return sb_fail(error, SB_BAD_INPUT, "promise '%.40s': did you mean %s?", text, near);
    return sb_fail(error, SB_BAD_INPUT, "promise '%.40s': must be total-variation or robustness", text);
}
