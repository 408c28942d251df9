/* Density ~ exp(-||x||_inf^k): uniform on the cube of half side R, R^k ~ Gamma(d/k + 1). */
#include "distributions/cube_noise.h"

static const sb_radial_law radial = {
    .infinity_norm = 1,
    .norm_moment = sb_cube_norm_moment,
    .norm_tail = sb_cube_norm_tail,
    .coordinate_moment = sb_cube_coordinate_moment,
    .coordinate_tail = sb_cube_coordinate_tail,
    .overlap = sb_cube_overlap,
    .draw = sb_cube_draw,
};

const sb_noise_family sb_exp_linf_family = {
    .name = "exp-linf",
    .description = "level sets are cubes, density exp(-(||x||_inf/b)^k) up to a constant",
    .density = "~ exp(-(||x||_inf/b)^k)",
    .source =
        "Yang, Duan, Hu, Salman, Razenshteyn, Li, \"Randomized smoothing of all shapes and sizes\", 2020",
    .tail_class = "exp(-s^k)",
    .moments = "all",
    .key = {{"k", "power of the norm", SB_KEY_POSITIVE}, {"b", "scale", SB_KEY_POSITIVE}, {0}},
    .scale = 1,
    .radial = &radial,
};
