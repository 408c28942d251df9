/* The node store of expressions. Operands always have smaller numbers than their node, so that one pass in
   the order of the numbers evaluates everything. Sums, products, quotients and integer powers of rational
   constants are folded: rational arithmetic is exact, so this changes no value and no enclosure. */
#include "bounds/expression_tree.h"

#include <stdlib.h>
#include <string.h>

void sb_tree_init(sb_tree *tree) {
    *tree = (sb_tree){0};
}

void sb_tree_clear(sb_tree *tree) {
    for (int i = 0; i < tree->count; i++) fmpq_clear(tree->node[i].value);
    free(tree->node);
    sb_tree_init(tree);
}

static int reserve(sb_tree *tree) {
    if (tree->count < tree->capacity) return 1;
    int capacity = tree->capacity ? 2 * tree->capacity : 64;
    sb_node *node = realloc(tree->node, (size_t)capacity * sizeof *node);
    if (!node) return 0;
    tree->node = node;
    tree->capacity = capacity;
    return 1;
}

int sb_tree_copy(sb_tree *tree, const sb_tree *other) {
    sb_tree_init(tree);
    for (int i = 0; i < other->count; i++) {
        if (!reserve(tree)) {
            sb_tree_clear(tree);
            return 0;
        }
        sb_node *to = &tree->node[tree->count++];
        const sb_node *from = &other->node[i];
        to->operation = from->operation;
        memcpy(to->operand, from->operand, sizeof to->operand);
        to->power = from->power;
        to->variables = from->variables;
        fmpq_init(to->value);
        fmpq_set(to->value, from->value);
    }
    return 1;
}

int sb_operand_count(sb_operation operation) {
    switch (operation) {
    case SB_NUMBER:
    case SB_VARIABLE:
    case SB_PI:
        return 0;
    case SB_ADD:
    case SB_SUBTRACT:
    case SB_MULTIPLY:
    case SB_DIVIDE:
    case SB_RAISE:
    case SB_MAXIMUM:
    case SB_MINIMUM:
        return 2;
    case SB_CHOOSE:
    case SB_BEND:
        return 4;
    default:
        return 1;
    }
}

const char *sb_operation_name(sb_operation operation) {
    static const char *const name[] = {
        "number",   "variable", "pi",       "addition", "subtraction", "multiplication",
        "division", "negation", "power",    "power",    "max",         "min",
        "abs",      "exp",      "log",      "sqrt",     "erf",         "gamma",
        "lgamma",   "digamma",  "trigamma", "choice",   "choice"};
    return name[operation];
}

/* Adds a node; its operands are checked, its set of variables is gathered. */
static int add(sb_tree *tree, sb_operation operation, const int *operand) {
    int count = sb_operand_count(operation);
    for (int i = 0; i < count; i++)
        if (operand[i] < 0) return -1;
    if (!reserve(tree)) return -1;
    sb_node *node = &tree->node[tree->count];
    *node = (sb_node){.operation = operation};
    for (int i = 0; i < count; i++) {
        node->operand[i] = operand[i];
        node->variables |= tree->node[operand[i]].variables;
    }
    fmpq_init(node->value);
    return tree->count++;
}

int sb_tree_number(sb_tree *tree, const fmpq_t value) {
    int node = add(tree, SB_NUMBER, NULL);
    if (node >= 0) fmpq_set(tree->node[node].value, value);
    return node;
}

int sb_tree_integer(sb_tree *tree, slong value) {
    int node = add(tree, SB_NUMBER, NULL);
    if (node >= 0) fmpq_set_si(tree->node[node].value, value, 1);
    return node;
}

int sb_tree_variable(sb_tree *tree, int variable) {
    int node = add(tree, SB_VARIABLE, NULL);
    if (node >= 0) {
        tree->node[node].power = variable;
        tree->node[node].variables = 1u << variable;
    }
    return node;
}

int sb_tree_pi(sb_tree *tree) {
    return add(tree, SB_PI, NULL);
}

int sb_tree_is_number(const sb_tree *tree, int node) {
    return node >= 0 && tree->node[node].operation == SB_NUMBER;
}

int sb_tree_is_integer(const sb_tree *tree, int node, slong value) {
    return sb_tree_is_number(tree, node) && fmpz_is_one(fmpq_denref(tree->node[node].value)) &&
           fmpz_equal_si(fmpq_numref(tree->node[node].value), value);
}

static slong bits(const fmpq_t value) {
    return (slong)(fmpz_bits(fmpq_numref(value)) + fmpz_bits(fmpq_denref(value)));
}

/* result := a OPERATION b; 0 where it is not a rational operation, has no value, or would be large. */
static int fold(fmpq_t result, sb_operation operation, const fmpq_t a, const fmpq_t b) {
    if (bits(a) + bits(b) > SB_FOLD_BITS) return 0;
    switch (operation) {
    case SB_ADD:
        fmpq_add(result, a, b);
        return 1;
    case SB_SUBTRACT:
        fmpq_sub(result, a, b);
        return 1;
    case SB_MULTIPLY:
        fmpq_mul(result, a, b);
        return 1;
    case SB_DIVIDE:
        if (fmpq_is_zero(b)) return 0;
        fmpq_div(result, a, b);
        return 1;
    default:
        return 0;
    }
}

int sb_tree_unary(sb_tree *tree, sb_operation operation, int a) {
    if (operation == SB_NEGATE && sb_tree_is_number(tree, a)) {
        int node = sb_tree_number(tree, tree->node[a].value);
        if (node >= 0) fmpq_neg(tree->node[node].value, tree->node[node].value);
        return node;
    }
    return add(tree, operation, &a);
}

int sb_tree_binary(sb_tree *tree, sb_operation operation, int a, int b) {
    if (sb_tree_is_number(tree, a) && sb_tree_is_number(tree, b)) {
        fmpq_t result;
        fmpq_init(result);
        int node = -1, folded = fold(result, operation, tree->node[a].value, tree->node[b].value);
        if (folded) node = sb_tree_number(tree, result);
        fmpq_clear(result);
        if (folded) return node;
    }
    return add(tree, operation, (int[]){a, b});
}

int sb_tree_power(sb_tree *tree, int a, slong power) {
    if (sb_tree_is_number(tree, a)) {
        slong size = bits(tree->node[a].value), magnitude = power < 0 ? -power : power;
        if (magnitude <= SB_FOLD_BITS / size && (power >= 0 || !fmpq_is_zero(tree->node[a].value))) {
            int node = sb_tree_number(tree, tree->node[a].value);
            if (node >= 0) fmpq_pow_si(tree->node[node].value, tree->node[node].value, power);
            return node;
        }
    }
    int node = add(tree, SB_POWER, &a);
    if (node >= 0) tree->node[node].power = power;
    return node;
}

int sb_tree_choose(sb_tree *tree, sb_operation operation, int a, int b, int above, int below) {
    if (operation == SB_CHOOSE && sb_tree_is_integer(tree, above, 0) && sb_tree_is_integer(tree, below, 0))
        return above;
    return add(tree, operation, (int[]){a, b, above, below});
}

void sb_expression_free(sb_expression *expression) {
    if (!expression) return;
    sb_tree_clear(&expression->tree);
    free(expression);
}

size_t sb_expression_variable_count(const sb_expression *expression) {
    return expression->variable_count;
}
