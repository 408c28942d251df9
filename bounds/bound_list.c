/* Every module of statements has its own table of rows; here they stand one after the other. */
#include "bounds/bound_list.h"

#include "bounds/asymptotic.h"
#include "bounds/dual_norm.h"
#include "bounds/gaussian.h"
#include "bounds/heavy_tail.h"
#include "bounds/noise_magnitude.h"
#include "bounds/one_dimension.h"
#include "bounds/peeling.h"
#include "bounds/rotation.h"
#include "bounds/sharp.h"
#include "bounds/uniform.h"

#include <string.h>

static const struct {
    const sb_bound *row;
    const size_t *count;
} part[] = {
    {sb_asymptotic_bound, &sb_asymptotic_bound_count},
    {sb_rotation_bound, &sb_rotation_bound_count},
    {sb_dual_norm_bound, &sb_dual_norm_bound_count},
    {sb_sharp_bound, &sb_sharp_bound_count},
    {sb_noise_magnitude_bound, &sb_noise_magnitude_bound_count},
    {sb_peeling_bound, &sb_peeling_bound_count},
    {sb_one_dimension_bound, &sb_one_dimension_bound_count},
    {sb_heavy_tail_bound, &sb_heavy_tail_bound_count},
    {sb_gaussian_bound, &sb_gaussian_bound_count},
    {sb_uniform_bound, &sb_uniform_bound_count},
};
enum { PARTS = sizeof part / sizeof part[0] };

size_t sb_bound_count(void) {
    size_t count = 0;
    for (size_t i = 0; i < PARTS; i++) count += *part[i].count;
    return count;
}

const sb_bound *sb_bound_at(size_t index) {
    for (size_t i = 0; i < PARTS; i++) {
        if (index < *part[i].count) return &part[i].row[index];
        index -= *part[i].count;
    }
    return NULL;
}

const sb_bound *sb_bound_find(const char *source, const char *quantity) {
    const sb_bound *bound;
    for (size_t i = 0; (bound = sb_bound_at(i)) != NULL; i++)
        if (strcmp(bound->source, source) == 0 && strcmp(bound->quantity, quantity) == 0) return bound;
    return NULL;
}

sb_status sb_bound_evaluate(arb_t value, const sb_bound *bound, const sb_parameters *parameters, int digits,
                            sb_error *error) {
    sb_status status = bound->domain ? bound->domain(parameters, error) : SB_OK;
    return status ? status : sb_enclose(value, bound->value, parameters, digits, error);
}

sb_status sb_bound_best_necessary(arb_t rms, const sb_bound **best, const sb_parameters *parameters,
                                  sb_promise promise, int digits, sb_error *error) {
    const sb_bound *bound;
    sb_status status = SB_OK;
    arb_t value;
    arb_init(value);
    *best = NULL;
    for (size_t i = 0; !status && (bound = sb_bound_at(i)) != NULL; i++) {
        if (bound->sense != SB_NECESSARY || bound->promise != promise ||
            strcmp(bound->quantity, "rms") != 0 || strcmp(bound->applies, "any noise") != 0)
            continue;
        status = sb_bound_evaluate(value, bound, parameters, digits, error);
        if (status == SB_OUTSIDE) {
            status = SB_OK;
            continue;
        }
        if (*best && !arb_gt(value, rms)) continue;
        *best = bound;
        arb_set(rms, value);
    }
    arb_clear(value);
    return status;
}
