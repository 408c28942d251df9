/* The trapezoid rule for the overlap of product noise: its step and its number of nodes from the accuracy
   that is asked, and proven bounds on what the rule leaves out. */
#ifndef SB_DISTRIBUTIONS_PRODUCT_PLAN_H
#define SB_DISTRIBUTIONS_PRODUCT_PLAN_H

#include "distributions/product_integrand.h"

typedef struct {
    arb_t step;     /* h, exact */
    arb_t strip;    /* Y > 0, exact */
    arb_t alias;    /* exact, a bound */
    arb_t tail;     /* exact, a bound on the nodes that are left out */
    uint64_t nodes; /* kh for k = 0..nodes-1 */
} sb_product_plan;

void sb_product_plan_init(sb_product_plan *plan);
void sb_product_plan_clear(sb_product_plan *plan);

/* bound := 2 sqrt(lambda) cosh(cY) Phi(iY)/(e^(2 pi Y/h) - 1) or a little more; +inf where Phi(iY) is
   not known to be finite. */
void sb_product_alias_bound(arb_t bound, const sb_product_integrand *f, const arb_t log_lambda,
                            const arb_t strip, const arb_t step, slong precision);

/* overlap := what the sum over all nodes says about the overlap, given the plan's step, strip and alias. */
void sb_product_remove_aliases(arb_t overlap, const arb_t sum, const sb_product_plan *plan,
                               const sb_product_integrand *f, const arb_t log_lambda, slong precision);

/* bound := a number >= the sum over the nodes kh, k >= nodes > 0, and their negatives; +inf where none is
   known. */
void sb_product_tail_bound(arb_t bound, const sb_product_integrand *f, const arb_t log_lambda,
                           const arb_t step, uint64_t nodes, slong precision);

/* The widest step (nearly) whose alias bound is e^log_allowed, over all strips. 0 when there is none. */
int sb_product_plan_step(sb_product_plan *plan, const sb_product_integrand *f, const arb_t log_lambda,
                         double log_allowed);

/* The fewest nodes whose tail bound is e^log_allowed; 0 when more than `most` would be needed. */
int sb_product_plan_nodes(sb_product_plan *plan, const sb_product_integrand *f, const arb_t log_lambda,
                          double log_allowed, uint64_t most);

#endif
