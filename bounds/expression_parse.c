/* The reader of expressions (docs/certificates.md), by recursive descent:

       sum      = product { (+|-) product }
       product  = factor { (*|/) factor }
       factor   = - factor | power
       power    = atom [ ^ exponent ]             exponent = - exponent | power
       atom     = number | name | function ( sum { , sum } ) | ( sum )

   Every message names the offending word and its column in the text that the caller passed. */
#include "bounds/expression_tree.h"

#include "support/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    DEEPEST = 200,         /* nested brackets, signs and powers */
    LONGEST_NUMBER = 1000, /* digits */
    MOST_NODES = 20000,
    LARGEST_POWER = 1000000
};

typedef struct {
    const char *text;
    size_t at, end;
    const char *const *variable;
    size_t variable_count;
    sb_tree *tree;
    int depth;
    sb_status status;
    sb_error *error;
} reader;

typedef struct {
    const char *name;
    sb_operation operation;
} function_name;

static const function_name functions[] = {{"max", SB_MAXIMUM}, {"min", SB_MINIMUM}, {"abs", SB_ABSOLUTE},
                                          {"exp", SB_EXP},     {"log", SB_LOG},     {"sqrt", SB_SQRT},
                                          {"erf", SB_ERF},     {"gamma", SB_GAMMA}, {"lgamma", SB_LGAMMA}};
enum { FUNCTION_COUNT = sizeof functions / sizeof functions[0] };

static int read_sum(reader *r);
static int read_power(reader *r);

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int in_word(char c) {
    return is_letter(c) || is_digit(c) || c == '_';
}

static char look(reader *r) {
    while (r->at < r->end && is_blank(r->text[r->at])) r->at++;
    return r->at < r->end ? r->text[r->at] : '\0';
}

static int accept(reader *r, char c) {
    if (look(r) != c || r->at >= r->end) return 0;
    r->at++;
    return 1;
}

/* The length of the word at a place: a name or number, a run of bytes beyond ASCII, or one character. */
static size_t word_length(const reader *r, size_t at) {
    size_t end = at;
    if (at >= r->end) return 0;
    if (in_word(r->text[at])) {
        while (end < r->end && (in_word(r->text[end]) || r->text[end] == '.')) end++;
    } else if ((unsigned char)r->text[at] >= 0x80) {
        while (end < r->end && (unsigned char)r->text[end] >= 0x80) end++;
    } else {
        end++;
    }
    return end - at < 60 ? end - at : 60;
}

/* Remembers the first failure: WHAT about the word at `at`. Returns -1. */
static int fail_at(reader *r, size_t at, const char *what) {
    if (r->status) return -1;
    size_t length = word_length(r, at);
    if (length)
        r->status =
            sb_fail(r->error, SB_BAD_INPUT, "column %zu: '%.*s' %s", at + 1, (int)length, r->text + at, what);
    else
        r->status =
            sb_fail(r->error, SB_BAD_INPUT, "column %zu: the expression ends here, but it %s", at + 1, what);
    return -1;
}

static int fail_here(reader *r, const char *what_for_word, const char *what_at_end) {
    look(r);
    return fail_at(r, r->at, r->at < r->end ? what_for_word : what_at_end);
}

static int read_number(reader *r) {
    size_t begin = r->at, digits = 0, places = 0;
    char plain[LONGEST_NUMBER + 1];
    for (int point = 0; r->at < r->end; r->at++) {
        char c = r->text[r->at];
        if (c == '.' && !point) {
            point = 1;
            continue;
        }
        if (!is_digit(c)) break;
        if (digits == LONGEST_NUMBER) return fail_at(r, begin, "has too many digits");
        plain[digits++] = c;
        places += (size_t)point;
    }
    if (r->text[r->at - 1] == '.') return fail_at(r, begin, "is not a number: a digit must follow the point");
    if (r->at < r->end && (in_word(r->text[r->at]) || r->text[r->at] == '.')) {
        char next = r->at + 1 < r->end ? r->text[r->at + 1] : ' ';
        if ((r->text[r->at] == 'e' || r->text[r->at] == 'E') &&
            (is_digit(next) || next == '-' || next == '+'))
            return fail_at(r, begin, "is not a number here: write 1/1000 or 0.001, not 1e-3");
        return fail_at(r, begin, "is not a number; a product needs '*'");
    }
    plain[digits] = '\0';
    fmpq_t value;
    fmpq_init(value);
    fmpz_set_str(fmpq_numref(value), plain, 10);
    fmpz_ui_pow_ui(fmpq_denref(value), 10, places);
    fmpq_canonicalise(value);
    int node = sb_tree_number(r->tree, value);
    fmpq_clear(value);
    return node;
}

static int unknown_name(reader *r, size_t begin, const char *word) {
    const char *candidate[FUNCTION_COUNT + SB_EXPRESSION_VARIABLES + 2];
    size_t count = 0;
    for (size_t i = 0; i < r->variable_count && i < SB_EXPRESSION_VARIABLES; i++)
        candidate[count++] = r->variable[i];
    for (size_t i = 0; i < FUNCTION_COUNT; i++) candidate[count++] = functions[i].name;
    candidate[count++] = "pi";
    candidate[count] = NULL;
    const char *near = sb_nearest_word(word, candidate);
    if (r->status) return -1;
    if (near)
        r->status = sb_fail(r->error, SB_BAD_INPUT,
                            "column %zu: '%s' is neither a variable nor a function (did you mean '%s'?)",
                            begin + 1, word, near);
    else
        r->status =
            sb_fail(r->error, SB_BAD_INPUT,
                    "column %zu: '%s' is neither a variable with a range nor a function", begin + 1, word);
    return -1;
}

static int read_function(reader *r, size_t begin, sb_operation operation) {
    int many = operation == SB_MAXIMUM || operation == SB_MINIMUM, count = 1;
    if (!accept(r, '(')) return fail_at(r, begin, "is a function: its argument must follow in brackets");
    int node = read_sum(r);
    while (node >= 0 && accept(r, ',')) {
        if (!many) return fail_at(r, begin, "takes one argument");
        int next = read_sum(r);
        if (next < 0) return -1;
        node = sb_tree_binary(r->tree, operation, node, next);
        count++;
    }
    if (node < 0) return -1;
    if (many && count < 2) return fail_at(r, begin, "takes two or more arguments");
    if (!accept(r, ')'))
        return fail_here(r, "is unexpected: ')' or an operator should stand here", "lacks a ')'");
    return many ? node : sb_tree_unary(r->tree, operation, node);
}

static int read_name(reader *r) {
    size_t begin = r->at, length = 0;
    char word[64];
    while (r->at < r->end && in_word(r->text[r->at])) {
        if (length == sizeof word - 1) return fail_at(r, begin, "is too long for a name");
        word[length++] = r->text[r->at++];
    }
    word[length] = '\0';
    for (size_t i = 0; i < r->variable_count; i++)
        if (strcmp(word, r->variable[i]) == 0) return sb_tree_variable(r->tree, (int)i);
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        if (strcmp(word, functions[i].name) == 0) return read_function(r, begin, functions[i].operation);
    if (strcmp(word, "pi") == 0) return sb_tree_pi(r->tree);
    return unknown_name(r, begin, word);
}

static int read_atom(reader *r) {
    char c = look(r);
    if (is_digit(c)) return read_number(r);
    if (is_letter(c)) return read_name(r);
    if (accept(r, '(')) {
        int node = read_sum(r);
        if (node < 0) return -1;
        if (!accept(r, ')'))
            return fail_here(r, "is unexpected: ')' or an operator should stand here", "lacks a ')'");
        return node;
    }
    if (c == '.') return fail_at(r, r->at, "is not a number: write 0.5, not .5");
    return fail_here(r, "is unexpected: a number, a name or '(' should stand here",
                     "lacks a number, a name or '('");
}

static int enter(reader *r) {
    if (++r->depth > DEEPEST) {
        look(r);
        return fail_at(r, r->at, "is nested too deeply");
    }
    if (r->tree->count > MOST_NODES) return fail_at(r, r->at, "makes the expression too long");
    return 0;
}

static int read_exponent(reader *r) {
    int node = -1;
    if (enter(r) == 0) {
        if (accept(r, '-'))
            node = sb_tree_unary(r->tree, SB_NEGATE, read_exponent(r));
        else
            node = read_power(r);
    }
    r->depth--;
    return node;
}

static int read_power(reader *r) {
    int base = read_atom(r);
    if (base < 0 || !accept(r, '^')) return base;
    look(r);
    size_t at = r->at;
    int exponent = read_exponent(r);
    if (exponent < 0) return -1;
    if (!sb_tree_is_number(r->tree, exponent) || !fmpz_is_one(fmpq_denref(r->tree->node[exponent].value)))
        return sb_tree_binary(r->tree, SB_RAISE, base, exponent);
    if (fmpz_cmpabs(fmpq_numref(r->tree->node[exponent].value), (fmpz_t){LARGEST_POWER}) > 0)
        return fail_at(r, at, "is too large an exponent");
    slong power = fmpz_get_si(fmpq_numref(r->tree->node[exponent].value));
    return sb_tree_power(r->tree, base, power);
}

static int read_factor(reader *r) {
    int node = -1;
    if (enter(r) == 0) {
        if (accept(r, '-'))
            node = sb_tree_unary(r->tree, SB_NEGATE, read_factor(r));
        else
            node = read_power(r);
    }
    r->depth--;
    return node;
}

static int read_product(reader *r) {
    int node = read_factor(r);
    while (node >= 0) {
        if (accept(r, '*'))
            node = sb_tree_binary(r->tree, SB_MULTIPLY, node, read_factor(r));
        else if (accept(r, '/'))
            node = sb_tree_binary(r->tree, SB_DIVIDE, node, read_factor(r));
        else
            break;
    }
    return node;
}

static int read_sum(reader *r) {
    int node = read_product(r);
    while (node >= 0) {
        if (accept(r, '+'))
            node = sb_tree_binary(r->tree, SB_ADD, node, read_product(r));
        else if (accept(r, '-'))
            node = sb_tree_binary(r->tree, SB_SUBTRACT, node, read_product(r));
        else
            break;
    }
    return node;
}

sb_status sb_expression_parse(sb_expression **expression, const char *text, size_t begin, size_t end,
                              const char *const *variable, size_t variable_count, sb_error *error) {
    *expression = NULL;
    sb_expression *made = calloc(1, sizeof *made);
    if (!made) return sb_fail_memory(error);
    sb_tree_init(&made->tree);
    made->variable_count = variable_count;
    reader r = {.text = text,
                .at = begin,
                .end = end,
                .variable = variable,
                .variable_count = variable_count,
                .tree = &made->tree,
                .error = error};
    made->root = read_sum(&r);
    look(&r);
    if (made->root >= 0 && r.at < r.end) {
        int word = in_word(r.text[r.at]) || r.text[r.at] == '(';
        fail_at(&r, r.at,
                word ? "is unexpected: an operator such as '*' should stand before it"
                     : "is unexpected here");
    }
    if (made->root < 0 && !r.status) r.status = sb_fail_memory(error);
    if (r.status) {
        sb_expression_free(made);
        return r.status;
    }
    *expression = made;
    return SB_OK;
}

sb_status sb_expression_check_name(const char *name, sb_error *error) {
    int good = is_letter(*name) && strlen(name) < 60;
    for (const char *c = name; *c; c++) good = good && in_word(*c);
    if (!good)
        return sb_fail(error, SB_BAD_INPUT,
                       "'%.80s' cannot name a variable: a letter, then letters, digits and '_'", name);
    int taken = strcmp(name, "pi") == 0;
    for (size_t i = 0; i < FUNCTION_COUNT; i++) taken = taken || strcmp(name, functions[i].name) == 0;
    if (taken)
        return sb_fail(error, SB_BAD_INPUT, "'%s' cannot name a variable: it has a meaning of its own", name);
    return SB_OK;
}
