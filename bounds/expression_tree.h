/* The nodes behind sb_expression, and the helpers that the evaluator adds for derivatives. Nodes are numbered
   so that operands come before their node; a node may be the operand of several. Internal to
   bounds/expression_*.c. */
#ifndef SB_BOUNDS_EXPRESSION_TREE_H
#define SB_BOUNDS_EXPRESSION_TREE_H

#include "bounds/expression.h"

typedef enum {
    SB_NUMBER,   /* a rational */
    SB_VARIABLE, /* number `power` */
    SB_PI,
    SB_ADD,
    SB_SUBTRACT,
    SB_MULTIPLY,
    SB_DIVIDE,
    SB_NEGATE,
    SB_POWER, /* operand 0 to the integer `power` */
    SB_RAISE, /* operand 0 to operand 1 */
    SB_MAXIMUM,
    SB_MINIMUM,
    SB_ABSOLUTE,
    SB_EXP, /* from here to SB_LGAMMA: functions of one argument by name */
    SB_LOG,
    SB_SQRT,
    SB_ERF,
    SB_GAMMA,
    SB_LGAMMA,
    /* only in derivatives: */
    SB_DIGAMMA,
    SB_TRIGAMMA,
    SB_CHOOSE, /* operand 2 where operand 0 >= operand 1, operand 3 where it is not: the slope of max, min,
                  abs. Both, where unsure */
    SB_BEND    /* the same for a slope's slope: no value where unsure, for there may be a kink */
} sb_operation;

typedef struct {
    sb_operation operation;
    int operand[4];
    slong power;
    unsigned variables; /* bit i: variable i occurs below */
    fmpq_t value;       /* SB_NUMBER */
} sb_node;

typedef struct {
    sb_node *node;
    int count, capacity;
} sb_tree;

struct sb_expression {
    sb_tree tree;
    int root;
    size_t variable_count;
};

void sb_tree_init(sb_tree *tree);
void sb_tree_clear(sb_tree *tree);
int sb_tree_copy(sb_tree *tree, const sb_tree *other); /* 0 when memory is short */

/* How many operands an operation has. */
int sb_operand_count(sb_operation operation);
const char *sb_operation_name(sb_operation operation); /* "log", "division", ... */

/* Each adds a node and returns its number; -1 when memory is short or an operand is -1. Rationals among
   themselves are folded exactly as long as the result stays below SB_FOLD_BITS; nothing else is simplified,
   so the tree has the same natural interval extension as the text. */
enum { SB_FOLD_BITS = 4096 };
int sb_tree_number(sb_tree *tree, const fmpq_t value);
int sb_tree_integer(sb_tree *tree, slong value);
int sb_tree_variable(sb_tree *tree, int variable);
int sb_tree_pi(sb_tree *tree);
int sb_tree_unary(sb_tree *tree, sb_operation operation, int a);
int sb_tree_binary(sb_tree *tree, sb_operation operation, int a, int b);
int sb_tree_power(sb_tree *tree, int a, slong power);
int sb_tree_choose(sb_tree *tree, sb_operation operation, int a, int b, int above, int below);

int sb_tree_is_number(const sb_tree *tree, int node);
int sb_tree_is_integer(const sb_tree *tree, int node, slong value);

/* The first and second partial derivative of `root` by `variable`: new nodes in the same tree. 0 when memory
 * is short. */
int sb_tree_derivatives(sb_tree *tree, int root, int variable, int *slope, int *bend);

#endif
