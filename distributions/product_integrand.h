/* Phi(t) = prod H_i(t) over the coordinates of a product noise, H_i the transform of the loss of one
   coordinate (sb_product_law.affinity), on the real and on the imaginary axis, and bounds on it. */
#ifndef SB_DISTRIBUTIONS_PRODUCT_INTEGRAND_H
#define SB_DISTRIBUTIONS_PRODUCT_INTEGRAND_H

#include "distributions/noise.h"
#include "distributions/shift.h"
#include "distributions/shift_moments.h"

enum { SB_FEW_LENGTHS = 256 }; /* up to here every length is evaluated by itself */

/* Where the lengths come from: a shift and the noise's scale; or, with shift = NULL, balls at unit scale. */
typedef struct {
    const sb_noise_spec *noise;
    const sb_shift *shift;
    size_t count;
    arb_srcptr length;
    const uint64_t *multiplicity;
} sb_product_lengths;

typedef struct {
    sb_product_lengths source;
    const sb_product_law *law;
    size_t count;
    size_t *order;          /* indices into the source by increasing length */
    arb_ptr length;         /* at unit scale, increasing */
    uint64_t *multiplicity; /* of each */
    uint64_t dimension;     /* sum of the multiplicities: coordinates that are shifted */
    size_t coarse_count;    /* balls around all lengths: themselves, or at most SB_FEW_LENGTHS */
    arb_ptr coarse;
    uint64_t *coarse_multiplicity;
    sb_shift_moments moments; /* bin_count > 0 after sb_product_integrand_bin */
} sb_product_integrand;

/* Lengths with about `precision` bits. The source must outlive *f. SB_OUTSIDE: a noise without a
   transform. */
sb_status sb_product_integrand_init(sb_product_integrand *f, const sb_product_lengths *source,
                                    slong precision, sb_error *error);
void sb_product_integrand_clear(sb_product_integrand *f);

/* The lengths anew, with another precision; forgets the bins. */
void sb_product_integrand_load(sb_product_integrand *f, slong precision);

/* Makes sb_product_integrand_value fast for very many lengths and 0 <= t <= reach. */
sb_status sb_product_integrand_bin(sb_product_integrand *f, const arb_t reach, slong terms, slong precision,
                                   sb_error *error);

void sb_product_integrand_value(arb_t value, const sb_product_integrand *f, const arb_t t, slong precision);

/* value := Phi(iy) = E exp(yS) under sqrt(pq), S = log(p/q). NaN where the family does not say. */
void sb_product_integrand_imaginary(arb_t value, const sb_product_integrand *f, const arb_t y,
                                    slong precision);

/* bound := a number >= Phi(iy); +inf where none is known. */
void sb_product_integrand_imaginary_bound(arb_t bound, const sb_product_integrand *f, const arb_t y,
                                          slong precision);

/* bound := a number >= |Phi(t)| for all t >= from; +inf where none is known. */
void sb_product_integrand_supremum(arb_t bound, const sb_product_integrand *f, const arb_t from,
                                   slong precision);

/* Phi(0) and Phi(i/2) at about these lengths: to choose parameters with. Certifies nothing; the balls
   show the rounding. */
void sb_product_integrand_estimate(arb_t real, arb_t imaginary, const sb_product_integrand *f,
                                   slong precision);

#endif
