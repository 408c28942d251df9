/* Recursive descent, one function a level of the grammar:

     sum     = product { (+|-) product }
     product = signed { (*|/) signed }
     signed  = - signed | primary [ ^ signed ]            (so ^ is right associative, and -x^2 is -(x^2))
     primary = NUMBER | pi | VARIABLE | ( sum ) | FUNCTION ( sum { , sum } )

   Each returns the index of the node it has added, or -1 after a fault. */
#include "expression.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    expression *e;
    int capacity, nesting;
    const char *at;
    char *const *variable;
    int variable_count;
    fault *why;
} parser;

static int parse_sum(parser *p);

static int complain(parser *p, const char *what) {
    size_t length = strcspn(p->at, " ");
    if (length > TEXT_WORD_SHOWN) length = TEXT_WORD_SHOWN;
    if (length == 0)
        fault_set(p->why, "%s at the end of the line", what);
    else
        fault_set(p->why, "%s at '%.*s'", what, (int)length, p->at);
    return -1;
}

/* Appends a node; left and right are indices, or negative where the operation has no such argument. */
static int add_node(parser *p, operation op, int left, int right, int which) {
    expression *e = p->e;
    if (e->count == EXPRESSION_NODES) return complain(p, "the expression is too long");
    if (e->count == p->capacity) {
        p->capacity = p->capacity ? 2 * p->capacity : 64;
        e->nodes = allocate(e->nodes, (size_t)p->capacity * sizeof *e->nodes);
        e->jets = allocate(e->jets, (size_t)p->capacity * sizeof *e->jets);
    }
    node *n = &e->nodes[e->count];
    *n = (node){.op = op, .left = left, .right = right, .which = which};
    if (op == VARIABLE) n->variables = 1u << which;
    if (left >= 0) n->variables |= e->nodes[left].variables;
    if (right >= 0) n->variables |= e->nodes[right].variables;
    mpq_init(n->number);
    jet_init(&e->jets[e->count]);
    return e->count++;
}

static bool accept(parser *p, char c) {
    if (*p->at == ' ') p->at++;
    if (*p->at != c) return false;
    p->at++;
    return true;
}

static int parse_number(parser *p) {
    int n = add_node(p, NUMBER, -1, -1, 0);
    if (n >= 0 && !read_decimal(p->e->nodes[n].number, &p->at)) return complain(p, "malformed number");
    return n;
}

/* max, min: two arguments or more, taken pairwise from the left. */
static int parse_choice(parser *p, operation op) {
    int n = parse_sum(p), arguments = 1;
    while (n >= 0 && accept(p, ',')) {
        int next = parse_sum(p);
        n = next < 0 ? -1 : add_node(p, op, n, next, 0);
        arguments++;
    }
    if (n >= 0 && arguments < 2) return complain(p, "max and min take two arguments or more: ',' is missing");
    return n;
}

static bool same(const char *word, size_t length, const char *name) {
    return strlen(name) == length && memcmp(name, word, length) == 0;
}

/* MAXIMUM, MINIMUM and ABSOLUTE are operations of their own, the rest is in the table. */
static operation find_operation(const char *word, size_t length) {
    return same(word, length, "max")   ? MAXIMUM
           : same(word, length, "min") ? MINIMUM
           : same(word, length, "abs") ? ABSOLUTE
                                       : FUNCTION;
}

static int find_function(const char *word, size_t length) {
    for (int i = 0; i < FUNCTION_COUNT; i++) {
        if (same(word, length, functions[i].name)) return i;
    }
    return -1;
}

/* `word` has been read; its arguments follow. */
static int parse_call(parser *p, const char *word, size_t length) {
    int which = find_function(word, length), n;
    operation op = find_operation(word, length);
    if (op == FUNCTION && which < 0) {
        p->at = word;
        return complain(p, "unknown name");
    }
    if (!accept(p, '(')) return complain(p, "'(' is missing");
    if (op == MAXIMUM || op == MINIMUM) {
        n = parse_choice(p, op);
    } else {
        n = parse_sum(p);
        if (n >= 0) n = add_node(p, op, n, -1, which);
    }
    if (n >= 0 && !accept(p, ')')) return complain(p, "')' is missing");
    return n;
}

static int parse_primary(parser *p) {
    if (accept(p, '(')) {
        int n = parse_sum(p);
        if (n >= 0 && !accept(p, ')')) return complain(p, "')' is missing");
        return n;
    }
    if (isdigit((unsigned char)*p->at)) return parse_number(p);
    const char *word = p->at;
    size_t length = 0;
    if (isalpha((unsigned char)*word)) {
        while (isalnum((unsigned char)word[length]) || word[length] == '_') length++;
    }
    if (length == 0) return complain(p, "a number, a variable, a function or '(' is missing");
    for (int i = 0; i < p->variable_count; i++) {
        if (same(word, length, p->variable[i])) {
            p->at += length;
            return add_node(p, VARIABLE, -1, -1, i);
        }
    }
    p->at += length;
    if (same(word, length, "pi")) return add_node(p, PI, -1, -1, 0);
    return parse_call(p, word, length);
}

/* Every way down the grammar passes here: the place to bound the recursion. */
static int parse_signed(parser *p) {
    int n;
    if (++p->nesting > EXPRESSION_NESTING) return complain(p, "the expression is nested too deeply");
    if (accept(p, '-')) {
        n = parse_signed(p);
        if (n >= 0) n = add_node(p, NEGATE, n, -1, 0);
    } else {
        n = parse_primary(p);
        if (n >= 0 && accept(p, '^')) {
            int exponent = parse_signed(p);
            n = exponent < 0 ? -1 : add_node(p, POWER, n, exponent, 0);
        }
    }
    p->nesting--;
    return n;
}

static int parse_product(parser *p) {
    int n = parse_signed(p);
    while (n >= 0) {
        bool times = accept(p, '*');
        if (!times && !accept(p, '/')) break;
        int next = parse_signed(p);
        n = next < 0 ? -1 : add_node(p, times ? MULTIPLY : DIVIDE, n, next, 0);
    }
    return n;
}

static int parse_sum(parser *p) {
    int n = parse_product(p);
    while (n >= 0) {
        bool plus = accept(p, '+');
        if (!plus && !accept(p, '-')) break;
        int next = parse_product(p);
        n = next < 0 ? -1 : add_node(p, plus ? ADD : SUBTRACT, n, next, 0);
    }
    return n;
}

bool expression_parse(expression *e, const char *text, const char **rest, char *const *variable,
                      int variable_count, fault *why) {
    *e = (expression){0};
    parser p = {.e = e, .at = text, .variable = variable, .variable_count = variable_count, .why = why};
    if (parse_sum(&p) < 0) return false;
    *rest = p.at;
    return true;
}

void expression_clear(expression *e) {
    for (int i = 0; i < e->count; i++) {
        mpq_clear(e->nodes[i].number);
        jet_clear(&e->jets[i]);
    }
    free(e->nodes);
    free(e->jets);
    *e = (expression){0};
}

bool expression_reserves(const char *word) {
    size_t length = strlen(word);
    return same(word, length, "pi") || find_operation(word, length) != FUNCTION ||
           find_function(word, length) >= 0;
}

/* --- evaluation --- */

static void evaluate_node(const node *n, jet *jets, const interval *box, jet *result, effort e) {
    const jet *u = n->left < 0 ? NULL : &jets[n->left], *v = n->right < 0 ? NULL : &jets[n->right];
    switch (n->op) {
    case NUMBER:
        interval_set_point(&result->value, n->number);
        jet_set_constant(result, e);
        break;
    case PI:
        interval_pi(&result->value, e.precision);
        jet_set_constant(result, e);
        break;
    case VARIABLE:
        jet_set_variable(result, &box[n->which], e);
        break;
    case NEGATE:
        jet_negate(result, u, e);
        break;
    case ADD:
        jet_add(result, u, v, e);
        break;
    case SUBTRACT:
        jet_subtract(result, u, v, e);
        break;
    case MULTIPLY:
        jet_multiply(result, u, v, e);
        break;
    case DIVIDE:
        jet_divide(result, u, v, e);
        break;
    case POWER:
        jet_power(result, u, v, e);
        break;
    case MAXIMUM:
        jet_maximum(result, u, v, e);
        break;
    case MINIMUM:
        jet_minimum(result, u, v, e);
        break;
    case ABSOLUTE:
        jet_absolute(result, u, e);
        break;
    case FUNCTION:
        jet_function(result, &functions[n->which], u, e);
        break;
    }
    jet_trim(result, e);
}

/* A node without the variable is constant along it, whatever its derivatives in other variables: only its
   value is worked out. */
const jet *expression_evaluate(expression *e, const interval *box, int direction, effort wanted) {
    const effort value_only = {VALUE, wanted.precision};
    for (int i = 0; i < e->count; i++) {
        bool varies = wanted.wanted > VALUE && (e->nodes[i].variables >> direction & 1);
        evaluate_node(&e->nodes[i], e->jets, box, &e->jets[i], varies ? wanted : value_only);
        if (!varies && e->jets[i].known >= VALUE) jet_set_constant(&e->jets[i], wanted);
    }
    return &e->jets[e->count - 1];
}
