/* Identities of rational functions. Every node becomes a fraction of two polynomials over the rationals
   (FLINT's fmpq_mpoly), without cancellation: the expression is the zero function exactly where the numerator
   at the root is the zero polynomial, given that no denominator on the way is. */
#include "bounds/expression_tree.h"

#include <flint/fmpq_mpoly.h>
#include <stdlib.h>

enum {
    MOST_TERMS = 200000,     /* of one polynomial */
    MOST_PRODUCTS = 4000000, /* term products in one multiplication */
    HIGHEST_DEGREE = 100000
};

typedef struct {
    fmpq_mpoly_t top, bottom;
    slong degree; /* a bound for both */
} fraction;

typedef struct {
    fmpq_mpoly_ctx_t ring;
    fraction *of; /* by node */
    int made;
} workplace;

static int multiply(workplace *w, fmpq_mpoly_t result, const fmpq_mpoly_t a, const fmpq_mpoly_t b) {
    slong m = fmpq_mpoly_length(a, w->ring), n = fmpq_mpoly_length(b, w->ring);
    if (m && n > MOST_PRODUCTS / m) return 0;
    fmpq_mpoly_mul(result, a, b, w->ring);
    return fmpq_mpoly_length(result, w->ring) <= MOST_TERMS;
}

/* r := a + sign b, over the common denominator (over one of them where they agree). */
static int add(workplace *w, fraction *r, const fraction *a, const fraction *b, int sign) {
    fmpq_mpoly_t cross;
    fmpq_mpoly_init(cross, w->ring);
    int good = 1, same = fmpq_mpoly_equal(a->bottom, b->bottom, w->ring);
    if (same) {
        fmpq_mpoly_set(r->top, a->top, w->ring);
        fmpq_mpoly_set(cross, b->top, w->ring);
        fmpq_mpoly_set(r->bottom, a->bottom, w->ring);
    } else {
        good = multiply(w, r->top, a->top, b->bottom) && multiply(w, cross, b->top, a->bottom) &&
               multiply(w, r->bottom, a->bottom, b->bottom);
    }
    if (sign > 0)
        fmpq_mpoly_add(r->top, r->top, cross, w->ring);
    else
        fmpq_mpoly_sub(r->top, r->top, cross, w->ring);
    fmpq_mpoly_clear(cross, w->ring);
    r->degree = same ? (a->degree > b->degree ? a->degree : b->degree) : a->degree + b->degree;
    return good;
}

/* r := a^n, by squaring. */
static int power(workplace *w, fraction *r, const fraction *a, slong n) {
    const fmpq_mpoly_struct *top = n < 0 ? a->bottom : a->top, *bottom = n < 0 ? a->top : a->bottom;
    ulong count = n < 0 ? 0 - (ulong)n : (ulong)n;
    if (fmpq_mpoly_is_zero(bottom, w->ring)) return 0;
    if (a->degree && count > (ulong)(HIGHEST_DEGREE / a->degree)) return 0;
    fmpq_mpoly_one(r->top, w->ring);
    fmpq_mpoly_one(r->bottom, w->ring);
    r->degree = a->degree * (slong)count;
    if (!a->degree && count > 4096) return 0;
    ulong bit = 1;
    while (bit <= count / 2) bit *= 2;
    for (; count && bit; bit /= 2) {
        if (!multiply(w, r->top, r->top, r->top) || !multiply(w, r->bottom, r->bottom, r->bottom)) return 0;
        if (!(count & bit)) continue;
        if (!multiply(w, r->top, r->top, top) || !multiply(w, r->bottom, r->bottom, bottom)) return 0;
    }
    return 1;
}

/* Fills the fraction of one node. 1; 0 when it grows too large or divides by zero; -1 for what is not a
 * rational operation. */
static int expand(workplace *w, const sb_node *node, fraction *r) {
    const fraction *a = sb_operand_count(node->operation) > 0 ? &w->of[node->operand[0]] : NULL;
    const fraction *b = sb_operand_count(node->operation) > 1 ? &w->of[node->operand[1]] : NULL;
    fmpq_mpoly_one(r->bottom, w->ring);
    int good = 1;
    switch (node->operation) {
    case SB_NUMBER:
        fmpq_mpoly_set_fmpq(r->top, node->value, w->ring);
        break;
    case SB_VARIABLE:
        fmpq_mpoly_gen(r->top, node->power, w->ring);
        r->degree = 1;
        break;
    case SB_NEGATE:
        fmpq_mpoly_neg(r->top, a->top, w->ring);
        fmpq_mpoly_set(r->bottom, a->bottom, w->ring);
        r->degree = a->degree;
        break;
    case SB_ADD:
        good = add(w, r, a, b, 1);
        break;
    case SB_SUBTRACT:
        good = add(w, r, a, b, -1);
        break;
    case SB_MULTIPLY:
        good = multiply(w, r->top, a->top, b->top) && multiply(w, r->bottom, a->bottom, b->bottom);
        r->degree = a->degree + b->degree;
        break;
    case SB_DIVIDE:
        if (fmpq_mpoly_is_zero(b->top, w->ring)) return 0;
        good = multiply(w, r->top, a->top, b->bottom) && multiply(w, r->bottom, a->bottom, b->top);
        r->degree = a->degree + b->degree;
        break;
    case SB_POWER:
        good = power(w, r, a, node->power);
        break;
    default:
        return -1;
    }
    return good && r->degree <= HIGHEST_DEGREE;
}

sb_status sb_expression_is_zero(const sb_expression *expression, int *zero, sb_error *error) {
    const sb_tree *tree = &expression->tree;
    workplace w = {.of = calloc((size_t)tree->count, sizeof *w.of)};
    if (!w.of) return sb_fail_memory(error);
    slong variables = (slong)expression->variable_count;
    fmpq_mpoly_ctx_init(w.ring, variables ? variables : 1, ORD_LEX);
    sb_status status = SB_OK;
    *zero = 0;
    for (int i = 0; i <= expression->root && !status; i++) {
        fmpq_mpoly_init(w.of[i].top, w.ring);
        fmpq_mpoly_init(w.of[i].bottom, w.ring);
        w.made++;
        int good = expand(&w, &tree->node[i], &w.of[i]);
        if (good < 0)
            status = sb_fail(error, SB_OUTSIDE, "%s is no rational operation",
                             sb_operation_name(tree->node[i].operation));
        else if (!good)
            status = sb_fail(error, SB_UNDECIDED, "the expansion divides by zero or is too large");
    }
    if (!status) *zero = fmpq_mpoly_is_zero(w.of[expression->root].top, w.ring);
    for (int i = 0; i < w.made; i++) {
        fmpq_mpoly_clear(w.of[i].top, w.ring);
        fmpq_mpoly_clear(w.of[i].bottom, w.ring);
    }
    fmpq_mpoly_ctx_clear(w.ring);
    free(w.of);
    return status;
}
