/* Density ~ (1 + ||x||_inf)^-a, which is integrable for a > d: uniform on the cube of half side R, R/(1+R) ~
   Beta(d+1, a-d). E||x||_inf^k is finite for k < a - d. */
#include "distributions/cube_noise.h"

#include <stdlib.h>

static sb_status domain(const sb_noise_spec *spec, uint64_t dimension, sb_error *error) {
    fmpq_t d;
    fmpq_init(d);
    fmpz_set_ui(fmpq_numref(d), dimension);
    int inside = fmpq_cmp(spec->value[0], d) > 0;
    fmpq_clear(d);
    if (inside) return SB_OK;
    char *a = sb_rational_print(spec->value[0]);
    sb_status status =
        sb_fail(error, SB_OUTSIDE, "pow-linf noise needs a > d to have a density: a = %.60s, d = %llu",
                a ? a : "?", (unsigned long long)dimension);
    free(a);
    return status;
}

static const sb_radial_law radial = {
    .infinity_norm = 1,
    .domain = domain,
    .norm_moment = sb_cube_norm_moment,
    .norm_tail = sb_cube_norm_tail,
    .coordinate_moment = sb_cube_coordinate_moment,
    .coordinate_tail = sb_cube_coordinate_tail,
    .overlap = sb_cube_overlap,
    .draw = sb_cube_draw,
};

const sb_noise_family sb_pow_linf_family = {
    .name = "pow-linf",
    .description = "level sets are cubes, density (1 + ||x||_inf/b)^-a up to a constant, a > d",
    .density = "~ (1 + ||x||_inf/b)^-a",
    .source =
        "Yang, Duan, Hu, Salman, Razenshteyn, Li, \"Randomized smoothing of all shapes and sizes\", 2020",
    .tail_class = "s^(d-a)",
    .moments = "below a - d",
    .key = {{"a", "exponent, above d", SB_KEY_POSITIVE}, {"b", "scale", SB_KEY_POSITIVE}, {0}},
    .scale = 1,
    .radial = &radial,
};
