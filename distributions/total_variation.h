/* TV(D, D + v) for a noise and a shift, as a certified enclosure; and, more generally, the overlap
   integral of min(p, lambda q) that the exact criterion T0 asks for. */
#ifndef SB_DISTRIBUTIONS_TOTAL_VARIATION_H
#define SB_DISTRIBUTIONS_TOTAL_VARIATION_H

#include "distributions/noise.h"
#include "distributions/shift.h"
#include "support/progress.h"

typedef enum {
    SB_METHOD_AUTO,
    SB_METHOD_CLOSED,  /* a formula: Gaussian, uniform, one dimension */
    SB_METHOD_PRODUCT, /* one Fourier integral, product_overlap.h */
    SB_METHOD_RADIAL,  /* spherically decreasing laws and cubes */
    SB_METHOD_LATTICE, /* losses on a grid, convolved, lattice_overlap.h */
    SB_METHOD_SAMPLE   /* Monte Carlo, sampled_tv.h: a confidence interval, not an enclosure */
} sb_tv_method;

/* "auto", "closed", ...; SB_BAD_INPUT otherwise, with the nearest word. */
sb_status sb_tv_method_parse(const char *text, sb_tv_method *method, sb_error *error);
const char *sb_tv_method_name(sb_tv_method method);

typedef struct {
    sb_tv_method method;
    int digits;             /* significant digits asked of both TV and 1 - TV */
    uint64_t seed, samples; /* SB_METHOD_SAMPLE */
    double confidence;      /* SB_METHOD_SAMPLE; 0.999 */
    int jobs;               /* threads; results never depend on it */
    FILE *progress;         /* NULL: silent */
    int (*proceed)(void);   /* NULL or: 0 stops with SB_INTERRUPTED */
} sb_tv_options;
void sb_tv_options_init(
    sb_tv_options *options); /* auto, 6 digits, seed 0, 100000 samples, .999, 1 job, silent */

typedef struct {
    arb_t total_variation, overlap; /* TV and 1 - TV, each with its own relative accuracy */
    sb_tv_method method;            /* the one that was used */
    int certified;                  /* 0: a confidence interval */
    int digits_met;                 /* whether both have the digits that were asked */
    uint64_t nodes;                 /* evaluations of the integrand, grid points, or samples */
    char *how;                      /* malloc'd, one line: the step, the truncation, what bounds the error */
} sb_tv_result;
void sb_tv_result_init(sb_tv_result *result);
void sb_tv_result_clear(sb_tv_result *result);

/* SB_OUTSIDE when the method does not apply to this noise (and why), SB_UNDECIDED never: an enclosure that is
   too wide comes back with digits_met = 0. */
sb_status sb_total_variation(sb_tv_result *result, const sb_noise_spec *noise, const sb_shift *shift,
                             const sb_tv_options *options, sb_error *error);

/* length := that of group `index` of the shift over the scale of the noise; exact where it is a rational with
   a short binary expansion. */
void sb_unit_shift(arb_t length, const sb_noise_spec *noise, const sb_shift *shift, size_t index,
                   slong precision);

#endif
