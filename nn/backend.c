#include "nn/backend.h"

#include "support/text.h"

#include <string.h>

static const sb_backend *const backends[] = {&sb_cpu_backend, &sb_reference_backend};

sb_status sb_backend_find(const char *name, const sb_backend **backend, sb_error *error) {
    if (strcmp(name, "auto") == 0) {
        *backend = backends[0];
        return SB_OK;
    }
    const char *names[] = {"auto", "cpu", "reference", NULL};
    for (size_t i = 0; i < sizeof backends / sizeof backends[0]; i++) {
        if (strcmp(backends[i]->name, name)) continue;
        *backend = backends[i];
        return SB_OK;
    }
    const char *near = sb_nearest_word(name, names);
    return sb_fail(error, SB_BAD_INPUT, "device '%.40s' is none of auto, cpu and reference%s%s", name,
                   near ? ": did you mean " : "", near ? near : "");
}

sb_status sb_precision_parse(const char *name, sb_precision *precision, sb_error *error) {
    if (strcmp(name, "f32") && strcmp(name, "bf16"))
        return sb_fail(error, SB_BAD_INPUT, "precision '%.40s' is none of f32 and bf16", name);
    *precision = strcmp(name, "bf16") ? SB_PRECISION_F32 : SB_PRECISION_BF16;
    return SB_OK;
}
