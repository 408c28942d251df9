/* The losses of one coordinate on a grid. Let P be the law of the coordinate, Q its translate by v, p and q
   their densities, and l = log(p/q). Two experiments that live on losses k D, k an integer (D the step),
   bracket (P, Q):

   - fine: the mass of P and Q on a set where a D <= l <= b D goes to the nodes a and b, in the only way that
   keeps both masses and makes the losses there exactly a D and b D. (P, Q) is an image of that pair, which is
   thus easier to tell apart: its overlap is smaller, also after taking products.
   - coarse: the mass goes to the nearest node. That is an image of (P, Q) (with losses that are not k D any
   more), which is harder to tell apart: its overlap is larger.

   Both are stored tilted, as measures comparable to sqrt(p q): e^(-kD/2) times the mass under P. Under Q the
   mass at k is that under P at -k, for both. */
#ifndef SB_DISTRIBUTIONS_LOSS_GRID_H
#define SB_DISTRIBUTIONS_LOSS_GRID_H

#include "distributions/family.h"

typedef struct {
    int exponent;         /* D = 2^-exponent */
    slong reach;          /* nodes k = -reach .. reach, at index k + reach */
    arb_ptr fine, coarse; /* enclosures of the tilted masses */
    size_t evaluations;
} sb_loss_grid;

void sb_loss_grid_init(sb_loss_grid *grid);
void sb_loss_grid_clear(sb_loss_grid *grid);

/* The grid for a product law with SB_UNIMODAL at unit scale and a shift > 0. SB_NO_MEMORY, or SB_OUTSIDE when
   the loss is too large for the step. */
sb_status sb_loss_grid_fill(sb_loss_grid *grid, const sb_noise_spec *noise, const arb_t shift, int exponent,
                            slong precision, sb_error *error);

/* log |x| of the midpoint, roughly; for choices only. */
double sb_rough_log(const arb_t x);

#endif
