/* Random expressions for tests, with an evaluator of their own: MPFR at 400 bits, nothing of the library. */
#ifndef SB_TESTS_RANDOM_EXPRESSION_H
#define SB_TESTS_RANDOM_EXPRESSION_H

#include "tests/test.h"

#include <mpfr.h>

enum { MOST_NODES = 64, BITS = 400, MOST_TEXT = 4096 };

typedef struct {
    char kind; /* n number, x variable, p pi, + - * / binary, ^ integer power, r general power, M m, | abs, e
                  l s f g G functions */
    int a, b;
    long top, bottom; /* a number, or the integer exponent in top, or the variable in top */
} random_node;

typedef struct {
    random_node node[MOST_NODES];
    int count, root;
    int variables;
    char text[MOST_TEXT];
    size_t length;
} random_expression;

static int random_below(uint64_t *state, int n) {
    return (int)(sb_test_random(state) % (uint64_t)n);
}

static int random_leaf(random_expression *e, uint64_t *state) {
    random_node *n = &e->node[e->count];
    *n = (random_node){0};
    int kind = random_below(state, 10);
    if (kind < 7) {
        n->kind = 'x';
        n->top = random_below(state, e->variables);
    } else if (kind < 9) {
        n->kind = 'n';
        n->top = random_below(state, 7) + 1;
        n->bottom = random_below(state, 4) + 1;
    } else {
        n->kind = 'p';
    }
    return e->count++;
}

static int random_subtree(random_expression *e, uint64_t *state, int depth) {
    static const char binary[] = "++--**/Mmr", unary[] = "||eellssfgG^^^";
    if (depth == 0 || random_below(state, 8) == 0) return random_leaf(e, state);
    random_node n = {0};
    if (random_below(state, 5) < 3) {
        n.kind = binary[random_below(state, (int)sizeof binary - 1)];
        n.a = random_subtree(e, state, depth - 1);
        n.b = random_subtree(e, state, depth - 1);
    } else {
        n.kind = unary[random_below(state, (int)sizeof unary - 1)];
        n.a = random_subtree(e, state, depth - 1);
        n.top = random_below(state, 8) - 3;
    }
    e->node[e->count] = n;
    return e->count++;
}

static void random_write(random_expression *e, const char *part) {
    size_t length = strlen(part);
    if (e->length + length >= MOST_TEXT) abort();
    memcpy(e->text + e->length, part, length + 1);
    e->length += length;
}

static void random_print(random_expression *e, int index) {
    const random_node *n = &e->node[index];
    static const char *const name[] = {"x", "y", "z"};
    char number[60];
    const char *function = n->kind == 'M'   ? "max"
                           : n->kind == 'm' ? "min"
                           : n->kind == '|' ? "abs"
                           : n->kind == 'e' ? "exp"
                           : n->kind == 'l' ? "log"
                           : n->kind == 's' ? "sqrt"
                           : n->kind == 'f' ? "erf"
                           : n->kind == 'g' ? "gamma"
                           : n->kind == 'G' ? "lgamma"
                                            : "";
    switch (n->kind) {
    case 'n':
        snprintf(number, sizeof number, "(%ld/%ld)", n->top, n->bottom);
        random_write(e, number);
        return;
    case 'x':
        random_write(e, name[n->top]);
        return;
    case 'p':
        random_write(e, "pi");
        return;
    default:
        break;
    }
    random_write(e, function);
    random_write(e, "(");
    random_print(e, n->a);
    if (strchr("+-*/", n->kind)) {
        snprintf(number, sizeof number, " %c ", n->kind);
        random_write(e, number);
        random_print(e, n->b);
    } else if (n->kind == 'M' || n->kind == 'm') {
        random_write(e, ", ");
        random_print(e, n->b);
    } else if (n->kind == '^') {
        snprintf(number, sizeof number, ")^(%ld", n->top);
        random_write(e, number);
    } else if (n->kind == 'r') {
        random_write(e, ")^(");
        random_print(e, n->b);
    }
    random_write(e, ")");
}

/* A random expression in `variables` (1 to 3) variables x, y, z, nested at most `depth` deep (up to 4). */
static void random_make(random_expression *e, uint64_t *state, int variables, int depth) {
    *e = (random_expression){.variables = variables};
    e->root = random_subtree(e, state, depth);
    random_print(e, e->root);
}

static int random_function(mpfr_t value, char kind, mpfr_srcptr a) {
    switch (kind) {
    case '|':
        mpfr_abs(value, a, MPFR_RNDN);
        break;
    case 'e':
        mpfr_exp(value, a, MPFR_RNDN);
        break;
    case 'l':
        return mpfr_sgn(a) > 0 ? (mpfr_log(value, a, MPFR_RNDN), 1) : 0;
    case 's':
        return mpfr_sgn(a) >= 0 ? (mpfr_sqrt(value, a, MPFR_RNDN), 1) : 0;
    case 'f':
        mpfr_erf(value, a, MPFR_RNDN);
        break;
    case 'g':
        return mpfr_sgn(a) > 0 ? (mpfr_gamma(value, a, MPFR_RNDN), 1) : 0;
    case 'G':
        return mpfr_sgn(a) > 0 ? (mpfr_lngamma(value, a, MPFR_RNDN), 1) : 0;
    default:
        return 0;
    }
    return 1;
}

static int random_binary(mpfr_t value, char kind, mpfr_srcptr a, mpfr_srcptr b) {
    switch (kind) {
    case '+':
        mpfr_add(value, a, b, MPFR_RNDN);
        return 1;
    case '-':
        mpfr_sub(value, a, b, MPFR_RNDN);
        return 1;
    case '*':
        mpfr_mul(value, a, b, MPFR_RNDN);
        return 1;
    case '/':
        return mpfr_zero_p(b) ? 0 : (mpfr_div(value, a, b, MPFR_RNDN), 1);
    case 'M':
        mpfr_max(value, a, b, MPFR_RNDN);
        return 1;
    case 'm':
        mpfr_min(value, a, b, MPFR_RNDN);
        return 1;
    default: /* r: a^b, for a > 0 or an integer b */
        if (mpfr_sgn(a) <= 0 && !(mpfr_integer_p(b) && !(mpfr_zero_p(a) && mpfr_sgn(b) < 0))) return 0;
        mpfr_pow(value, a, b, MPFR_RNDN);
        return 1;
    }
}

/* value := the expression at x[]; 0 outside the domain of a function, or where a number is not finite or
 * beyond 10^300. */
static int random_evaluate(const random_expression *e, int index, mpfr_t *x, mpfr_t value) {
    const random_node *n = &e->node[index];
    int good = 1;
    mpfr_t a, b;
    mpfr_inits2(BITS, a, b, (mpfr_ptr)0);
    switch (n->kind) {
    case 'n':
        mpfr_set_si(value, n->top, MPFR_RNDN);
        mpfr_div_si(value, value, n->bottom, MPFR_RNDN);
        break;
    case 'x':
        mpfr_set(value, x[n->top], MPFR_RNDN);
        break;
    case 'p':
        mpfr_const_pi(value, MPFR_RNDN);
        break;
    case '^':
        good = random_evaluate(e, n->a, x, a) && !(n->top < 0 && mpfr_zero_p(a));
        if (good) mpfr_pow_si(value, a, n->top, MPFR_RNDN);
        break;
    default:
        good = random_evaluate(e, n->a, x, a);
        if (strchr("+-*/Mmr", n->kind))
            good = good && random_evaluate(e, n->b, x, b) && random_binary(value, n->kind, a, b);
        else
            good = good && random_function(value, n->kind, a);
        break;
    }
    if (good) good = mpfr_number_p(value) && (mpfr_zero_p(value) || labs((long)mpfr_get_exp(value)) < 1000);
    mpfr_clears(a, b, (mpfr_ptr)0);
    return good;
}

#endif
