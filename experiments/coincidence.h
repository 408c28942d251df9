/* Whether three certified-accuracy curves coincide, from logs of the same test images.

   Curve c at radius r is the share of all images with a correct prediction and a certified radius >= r. It is
   looked at on the grid r_k = top k/SB_LEVELS, k = 0 .. SB_LEVELS - 1, so that an image enters by its level,
   the number of grid radii at which it is certified. `top` itself is left out: it is the sampling ceiling,
   where every curve falls to zero. */
#ifndef SB_EXPERIMENTS_COINCIDENCE_H
#define SB_EXPERIMENTS_COINCIDENCE_H

#include "nn/certification_log.h"

enum {
    SB_COMPARED_CURVES = 3,
    SB_LEVELS = 1000,
    SB_LEVEL_CELLS = 37 /* of the simultaneous bounds; divides SB_LEVELS - 1 */
};

typedef struct {
    size_t images;
    uint16_t (*level)[SB_COMPARED_CURVES];
} sb_paired_levels;

void sb_paired_levels_init(sb_paired_levels *paired);
void sb_paired_levels_clear(sb_paired_levels *paired);

/* Pairs three logs of l_2 radii, which are divided by divisor[c] before they are laid on the grid up to
   `top`. SB_BAD_INPUT, naming the log and the index, unless all three hold the same images in the same order;
   and for logs of no images. */
sb_status sb_paired_levels_read(sb_paired_levels *paired, const sb_certification_log log[SB_COMPARED_CURVES],
                                const double divisor[SB_COMPARED_CURVES], double top, sb_error *error);

typedef struct {
    size_t images;
    double gap;          /* largest distance of two curves over the grid */
    int above, below;    /* the two curves */
    double place;        /* where it is, as a share of top */
    double lower, upper; /* 95 % interval for the true largest distance over 0 <= r <= r_last, see below */
    uint64_t permutations, reached; /* of the test; those with a distance at least as large */
    double p, p_lower, p_upper;     /* (reached + 1)/(permutations + 1); 95 % interval of the exact p-value */
} sb_coincidence;

typedef struct {
    uint64_t seed, permutations;   /* permutations 0: no test (p is 1) */
    int (*proceed)(void *context); /* 0: stop (SB_INTERRUPTED); NULL: never */
    void *context;
} sb_coincidence_options;

/* The test permutes the three levels of each image at random, independently of the other images: exact for
   the hypothesis that permuting the three (fixed) networks does not change the joint law of the levels of a
   random image, and valid whatever the number of permutations. Permutation number b is a function of (seed,
   b) alone.

   [lower, upper] holds for every number of images: Clopper-Pearson bounds for the shares of discordant images
   at the ends of SB_LEVEL_CELLS cells of radii, all at once by Bonferroni's inequality; between the ends the
   curves are monotone. Not rejecting proves nothing; `upper` says by how much the curves may still differ,
   for these networks and images like these. */
sb_status sb_coincidence_compute(sb_coincidence *result, const sb_paired_levels *paired,
                                 const sb_coincidence_options *options, sb_error *error);

/* The largest distance alone, over the levels 0 .. levels - 1; the rest of *result is zero. */
void sb_coincidence_gap(sb_coincidence *result, const sb_paired_levels *paired, size_t levels);

#endif
