/* First and second derivatives of expression trees, node by node in one pass each (every derivative is made
   once and shared, so the result grows linearly). With q = u/v, and for a function phi of one argument:

       (u v)'  = u' v + u v'               (u v)'' = u'' v + 2 u' v' + u v''
       q'      = (u' - q v') / v           q''     = (u'' - 2 q' v' - q v'') / v
       phi(u)' = phi'(u) u'                phi(u)'' = phi''(u) u'^2 + phi'(u) u''

   and u^v = exp(L) with L = v log u unless v is free of the variable. Terms are left out only where a factor
   is the constant 0, which no enclosure can notice. The slope of max, min and abs is the slope of the branch
   that is in force, and the hull of both where the branches may cross (Clarke's derivative: the function is
   Lipschitz there, so that the sign of the hull still shows monotony). The second derivative has no value
   where they may cross. */
#include "bounds/expression_tree.h"

#include <stdlib.h>

static int is_zero(const sb_tree *tree, int a) {
    return sb_tree_is_integer(tree, a, 0);
}

static int plus(sb_tree *tree, int a, int b) {
    if (is_zero(tree, a)) return b;
    return is_zero(tree, b) ? a : sb_tree_binary(tree, SB_ADD, a, b);
}

static int minus(sb_tree *tree, int a, int b) {
    if (is_zero(tree, b)) return a;
    return is_zero(tree, a) ? sb_tree_unary(tree, SB_NEGATE, b) : sb_tree_binary(tree, SB_SUBTRACT, a, b);
}

static int times(sb_tree *tree, int a, int b) {
    if (is_zero(tree, a) || sb_tree_is_integer(tree, b, 1)) return a;
    if (is_zero(tree, b) || sb_tree_is_integer(tree, a, 1)) return b;
    return sb_tree_binary(tree, SB_MULTIPLY, a, b);
}

static int over(sb_tree *tree, int a, int b) {
    if (is_zero(tree, a) || sb_tree_is_integer(tree, b, 1)) return a;
    return sb_tree_binary(tree, SB_DIVIDE, a, b);
}

static int power(sb_tree *tree, int a, slong exponent) {
    return exponent == 1 ? a : sb_tree_power(tree, a, exponent);
}

static int integer(sb_tree *tree, slong value) {
    return sb_tree_integer(tree, value);
}

/* phi'(u) for node `self` = phi(u), u = node a. */
static int outer_slope(sb_tree *tree, int self, sb_operation operation, int a) {
    switch (operation) {
    case SB_EXP:
        return self;
    case SB_LOG:
        return over(tree, integer(tree, 1), a);
    case SB_SQRT:
        return over(tree, integer(tree, 1), times(tree, integer(tree, 2), self));
    case SB_ERF: {
        int bell = sb_tree_unary(tree, SB_EXP, sb_tree_unary(tree, SB_NEGATE, power(tree, a, 2)));
        return times(tree, over(tree, integer(tree, 2), sb_tree_unary(tree, SB_SQRT, sb_tree_pi(tree))),
                     bell);
    }
    case SB_GAMMA:
        return times(tree, self, sb_tree_unary(tree, SB_DIGAMMA, a));
    case SB_LGAMMA:
        return sb_tree_unary(tree, SB_DIGAMMA, a);
    default:
        return -1;
    }
}

/* phi''(u). */
static int outer_bend(sb_tree *tree, int self, sb_operation operation, int a) {
    switch (operation) {
    case SB_EXP:
        return self;
    case SB_LOG:
        return over(tree, integer(tree, -1), power(tree, a, 2));
    case SB_SQRT:
        return over(tree, integer(tree, -1), times(tree, integer(tree, 4), power(tree, self, 3)));
    case SB_ERF:
        return times(tree, times(tree, integer(tree, -2), a), outer_slope(tree, self, operation, a));
    case SB_GAMMA: {
        int square = power(tree, sb_tree_unary(tree, SB_DIGAMMA, a), 2);
        return times(tree, self, plus(tree, square, sb_tree_unary(tree, SB_TRIGAMMA, a)));
    }
    case SB_LGAMMA:
        return sb_tree_unary(tree, SB_TRIGAMMA, a);
    default:
        return -1;
    }
}

/* phi''(u) u'^2 + phi'(u) u''. */
static int chain(sb_tree *tree, int second, int first, int slope, int bend) {
    return plus(tree, times(tree, second, power(tree, slope, 2)), times(tree, first, bend));
}

/* b (b-1) ... a^(b-order) for an exponent that is free of the variable; exact powers where b is a single
 * integer. */
static int raise_outer(sb_tree *tree, int a, int b, int order) {
    int factor = b;
    if (order == 2) factor = times(tree, b, sb_tree_binary(tree, SB_SUBTRACT, b, integer(tree, 1)));
    return times(
        tree, factor,
        sb_tree_binary(tree, SB_RAISE, a, sb_tree_binary(tree, SB_SUBTRACT, b, integer(tree, order))));
}

/* L' for L = b log a. */
static int exponent_slope(sb_tree *tree, int a, int b, int da, int db) {
    return plus(tree, times(tree, db, sb_tree_unary(tree, SB_LOG, a)), times(tree, b, over(tree, da, a)));
}

/* L'' = b'' log a + 2 b' a'/a + b (log a)''. */
static int exponent_bend(sb_tree *tree, int a, int b, const int *slope, const int *bend) {
    int log_slope = over(tree, slope[a], a);
    int log_bend =
        chain(tree, outer_bend(tree, -1, SB_LOG, a), outer_slope(tree, -1, SB_LOG, a), slope[a], bend[a]);
    int sum = plus(tree, times(tree, bend[b], sb_tree_unary(tree, SB_LOG, a)),
                   times(tree, integer(tree, 2), times(tree, slope[b], log_slope)));
    return plus(tree, sum, times(tree, b, log_bend));
}

/* The first derivative of a node; slope[] holds those of the nodes before it. */
static int first(sb_tree *tree, int self, const int *slope, int variable) {
    sb_node node = tree->node[self]; /* a copy: the array may move */
    int a = node.operand[0], b = node.operand[1];
    if (!(node.variables >> variable & 1u)) return integer(tree, 0);
    switch (node.operation) {
    case SB_VARIABLE:
        return integer(tree, 1);
    case SB_ADD:
        return plus(tree, slope[a], slope[b]);
    case SB_SUBTRACT:
        return minus(tree, slope[a], slope[b]);
    case SB_MULTIPLY:
        return plus(tree, times(tree, slope[a], b), times(tree, a, slope[b]));
    case SB_DIVIDE:
        return over(tree, minus(tree, slope[a], times(tree, self, slope[b])), b);
    case SB_NEGATE:
        return minus(tree, integer(tree, 0), slope[a]);
    case SB_POWER:
        if (!node.power) return integer(tree, 0);
        return times(tree, times(tree, integer(tree, node.power), power(tree, a, node.power - 1)), slope[a]);
    case SB_RAISE:
        if (is_zero(tree, slope[b])) return times(tree, raise_outer(tree, a, b, 1), slope[a]);
        return times(tree, self, exponent_slope(tree, a, b, slope[a], slope[b]));
    case SB_MAXIMUM:
        return sb_tree_choose(tree, SB_CHOOSE, a, b, slope[a], slope[b]);
    case SB_MINIMUM:
        return sb_tree_choose(tree, SB_CHOOSE, b, a, slope[a], slope[b]);
    case SB_ABSOLUTE:
        return sb_tree_choose(tree, SB_CHOOSE, a, integer(tree, 0), slope[a],
                              sb_tree_unary(tree, SB_NEGATE, slope[a]));
    default:
        return times(tree, outer_slope(tree, self, node.operation, a), slope[a]);
    }
}

static int second_of_quotient(sb_tree *tree, int self, int b, const int *slope, const int *bend,
                              int bend_of_a) {
    int cross = times(tree, integer(tree, 2), times(tree, slope[self], slope[b]));
    return over(tree, minus(tree, minus(tree, bend_of_a, cross), times(tree, self, bend[b])), b);
}

static int second_of_raise(sb_tree *tree, int self, int a, int b, const int *slope, const int *bend) {
    if (is_zero(tree, slope[b]))
        return chain(tree, raise_outer(tree, a, b, 2), raise_outer(tree, a, b, 1), slope[a], bend[a]);
    int exponent = exponent_slope(tree, a, b, slope[a], slope[b]);
    return chain(tree, self, self, exponent, exponent_bend(tree, a, b, slope, bend));
}

/* The second derivative of a node. */
static int second(sb_tree *tree, int self, const int *slope, const int *bend, int variable) {
    sb_node node = tree->node[self];
    int a = node.operand[0], b = node.operand[1];
    slong n = node.power;
    if (!(node.variables >> variable & 1u)) return integer(tree, 0);
    switch (node.operation) {
    case SB_VARIABLE:
        return integer(tree, 0);
    case SB_ADD:
        return plus(tree, bend[a], bend[b]);
    case SB_SUBTRACT:
        return minus(tree, bend[a], bend[b]);
    case SB_MULTIPLY: {
        int cross = times(tree, integer(tree, 2), times(tree, slope[a], slope[b]));
        return plus(tree, plus(tree, times(tree, bend[a], b), cross), times(tree, a, bend[b]));
    }
    case SB_DIVIDE:
        return second_of_quotient(tree, self, b, slope, bend, bend[a]);
    case SB_NEGATE:
        return minus(tree, integer(tree, 0), bend[a]);
    case SB_POWER: {
        if (!n) return integer(tree, 0);
        int outer =
            n == 1 ? integer(tree, 0) : times(tree, integer(tree, n * (n - 1)), power(tree, a, n - 2));
        return chain(tree, outer, times(tree, integer(tree, n), power(tree, a, n - 1)), slope[a], bend[a]);
    }
    case SB_RAISE:
        return second_of_raise(tree, self, a, b, slope, bend);
    case SB_MAXIMUM:
        return sb_tree_choose(tree, SB_BEND, a, b, bend[a], bend[b]);
    case SB_MINIMUM:
        return sb_tree_choose(tree, SB_BEND, b, a, bend[a], bend[b]);
    case SB_ABSOLUTE:
        return sb_tree_choose(tree, SB_BEND, a, integer(tree, 0), bend[a],
                              sb_tree_unary(tree, SB_NEGATE, bend[a]));
    default:
        return chain(tree, outer_bend(tree, self, node.operation, a),
                     outer_slope(tree, self, node.operation, a), slope[a], bend[a]);
    }
}

int sb_tree_derivatives(sb_tree *tree, int root, int variable, int *slope_of_root, int *bend_of_root) {
    int count = root + 1, good = 0;
    int *slope = malloc((size_t)count * sizeof *slope), *bend = malloc((size_t)count * sizeof *bend);
    if (!slope || !bend) goto cleanup;
    for (int i = 0; i < count; i++) {
        slope[i] = first(tree, i, slope, variable);
        if (slope[i] < 0) goto cleanup;
    }
    for (int i = 0; i < count; i++) {
        bend[i] = second(tree, i, slope, bend, variable);
        if (bend[i] < 0) goto cleanup;
    }
    *slope_of_root = slope[root];
    *bend_of_root = bend[root];
    good = 1;
cleanup:
    free(slope);
    free(bend);
    return good;
}
