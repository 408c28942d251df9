/* Product noise D = (D')^d: the overlap of D and its translate from the losses of its coordinates on a grid
   (docs/theory). An engine that shares no formula with product_overlap.h and so can check it. */
#ifndef SB_DISTRIBUTIONS_LATTICE_OVERLAP_H
#define SB_DISTRIBUTIONS_LATTICE_OVERLAP_H

#include "distributions/total_variation.h"

/* Fills a result fresh from sb_tv_result_init, certified, to a few digits: the width falls with the square of
   the grid's step, and the grid has at most SB_LATTICE_POINTS points. Unimodal densities. SB_OUTSIDE for
   other noises, and for shifts of more than SB_LATTICE_GROUPS different lengths. */
enum { SB_LATTICE_POINTS = 1 << 17, SB_LATTICE_GROUPS = 64 };
sb_status sb_lattice_total_variation(sb_tv_result *result, const sb_noise_spec *noise, const sb_shift *shift,
                                     const sb_tv_options *options, sb_error *error);

#endif
