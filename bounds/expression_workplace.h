/* The evaluator's inside, shared by its two arithmetics. Internal to bounds/expression_*.c. */
#ifndef SB_BOUNDS_EXPRESSION_WORKPLACE_H
#define SB_BOUNDS_EXPRESSION_WORKPLACE_H

#include "bounds/expression_range.h"
#include "bounds/expression_tree.h"

enum { SB_QUANTITIES = 1 + 2 * SB_EXPRESSION_VARIABLES };

typedef struct {
    double low, high; /* low is NaN: no value */
} sb_span;

typedef struct {
    fmpq_t low, high;
    int defined;
} sb_exact_span;

typedef struct {
    int root;
    int *order; /* the nodes that the root needs: `count` with variables, ascending; then the constants, up to
                   `total` */
    int count, total;
} sb_schedule;

struct sb_evaluator {
    sb_tree tree;
    size_t variable_count;
    sb_schedule schedule[SB_QUANTITIES];
    int *kink; /* the nodes that are max, min or abs */
    int kink_count;
    sb_box box;
    sb_span fast_box[SB_EXPRESSION_VARIABLES];
    int point_only;
    unsigned long epoch;    /* of the box */
    unsigned long delicate; /* the epoch in which a fast choice was within rounding */
    sb_span *fast;          /* by node */
    unsigned long *fast_epoch;
    sb_exact_span *exact;
    unsigned long *exact_epoch;
    arb_t ball[2];
    arf_t end[2];
    fmpq_t work;
};

/* Evaluate one node; its operands have been. */
void sb_fast_node(sb_evaluator *evaluator, int node);
void sb_exact_node(sb_evaluator *evaluator, int node);

#endif
