/* Random expressions of two variables: what sbcheck encloses of them on random boxes, against an evaluation
   at points by MPFR at 600 bits with an evaluator of its own. Value against values, slope against difference
   quotients, curvature against second divided differences. Then the grammar and the identities. */
/* The checker is a program, not a library: the parts under test are compiled in. */
#include "bounds/checker/interval.c"

#include "bounds/checker/functions.c"
#include "bounds/checker/jet.c"
#include "bounds/checker/text.c"

#include "bounds/checker/expression.c"
#include "bounds/checker/polynomial.c"

#include "tests/test.h"

#include <stdarg.h>
#include <string.h>

enum { REFERENCE_PRECISION = 600, WORKING_PRECISION = 128, TREE_NODES = 64, TEXT_SIZE = 1 << 15 };

static uint64_t state = 42;

static unsigned pick(unsigned below) {
    return (unsigned)(sb_test_random(&state) % below);
}

/* --- random expressions --- */

/* op: + - * / n(egate) M(ax) m(in) a(bs) p(i); c: above/below; x; y; ^: left^above; r: left^(above/below);
   f: the function with index `above`. */
typedef struct {
    char op;
    int left, right, above, below;
} branch;

typedef struct {
    branch at[TREE_NODES];
    int count;
} tree;

static int add_branch(tree *t, char op, int left, int right, int above, int below) {
    t->at[t->count] = (branch){op, left, right, above, below};
    return t->count++;
}

static int random_tree(tree *t, int depth, bool rational);

/* |e| + 1/4: an argument inside every domain. */
static int random_positive(tree *t, int depth) {
    int inner = random_tree(t, depth, false);
    if (pick(4) == 0) return inner;
    inner = add_branch(t, 'a', inner, -1, 0, 0);
    return add_branch(t, '+', inner, add_branch(t, 'c', -1, -1, 1, 4), 0, 0);
}

static int random_leaf(tree *t, bool rational) {
    unsigned kind = pick(8);
    if (kind == 0 && !rational) return add_branch(t, 'p', -1, -1, 0, 0);
    if (kind <= 2) return add_branch(t, 'c', -1, -1, (int)pick(11), 1 + (int)pick(6));
    return add_branch(t, kind <= 5 ? 'x' : 'y', -1, -1, 0, 0);
}

static int random_tree(tree *t, int depth, bool rational) {
    static const char rational_ops[] = "+++---***/n^", all_ops[] = "+-*/n^+-*/n^MmaarrffffffffMm";
    if (depth == 0 || t->count > TREE_NODES - 20) return random_leaf(t, rational);
    char op = rational ? rational_ops[pick(sizeof rational_ops - 1)] : all_ops[pick(sizeof all_ops - 1)];
    int left, right = -1;
    switch (op) {
    case '^':
        return add_branch(t, op, random_tree(t, depth - 1, rational), -1, (int)pick(6) - 2, 1);
    case 'r':
        return add_branch(t, op, random_positive(t, depth - 1), -1, (int)pick(9) - 4, 2 + (int)pick(3));
    case 'f':
        left = (int)pick(FUNCTION_COUNT);
        if (left == FUNCTION_EXP || left == FUNCTION_ERF)
            return add_branch(t, op, random_tree(t, depth - 1, false), -1, left, 0);
        return add_branch(t, op, random_positive(t, depth - 1), -1, left, 0);
    default:
        break;
    }
    left = random_tree(t, depth - 1, rational);
    if (op != 'n' && op != 'a') right = random_tree(t, depth - 1, rational);
    return add_branch(t, op, left, right, 0, 0);
}

static void append(char *text, const char *format, ...) {
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, TEXT_SIZE - used, format, arguments);
    va_end(arguments);
}

/* Writes the tree with all brackets; with `rewrite`, at random in other words of the same meaning. */
static void write_tree(char *text, const tree *t, int i, bool rewrite) {
    const branch *b = &t->at[i];
    bool other = rewrite && pick(2);
    switch (b->op) {
    case 'c':
        append(text, other ? "(2*%d/(%d+%d))" : "(%d/%d)", b->above, b->below, b->below);
        return;
    case 'x':
    case 'y':
        append(text, "%c", b->op);
        return;
    case 'p':
        append(text, "pi");
        return;
    default:
        break;
    }
    append(text, b->op == 'n'   ? (other ? "(0-" : "(-")
                 : b->op == 'M' ? "max("
                 : b->op == 'm' ? "min("
                 : b->op == 'a' ? "abs("
                                : "(");
    if (b->op == 'f') append(text, "%s(", functions[b->above].name);
    bool swapped = other && (b->op == '+' || b->op == '*' || b->op == '-');
    if (swapped && b->op == '-') append(text, "-(");
    write_tree(text, t, swapped ? b->right : b->left, rewrite);
    switch (b->op) {
    case '^':
        append(text, ")^%d", b->above);
        return;
    case 'r':
        append(text, ")^(%d/%d)", b->above, b->below);
        return;
    case 'f':
        append(text, "))");
        return;
    case '/':
        append(text, other ? "*1*(" : "/(");
        break;
    case 'M':
    case 'm':
        append(text, ",");
        break;
    case 'n':
    case 'a':
        break;
    default:
        append(text, "%c", b->op);
        break;
    }
    if (b->right >= 0) write_tree(text, t, swapped ? b->left : b->right, rewrite);
    if (b->op == '/') append(text, other ? ")^-1" : ")");
    append(text, swapped && b->op == '-' ? "))" : ")");
}

static void evaluate_tree(mpfr_t r, const tree *t, int i, mpfr_srcptr x, mpfr_srcptr y) {
    static int (*const function_at[FUNCTION_COUNT])(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t) = {
        mpfr_exp, mpfr_log, mpfr_sqrt, mpfr_erf, mpfr_gamma, mpfr_lngamma};
    const branch *b = &t->at[i];
    mpfr_t u, v;
    mpfr_inits2(REFERENCE_PRECISION, u, v, (mpfr_ptr)0);
    if (b->left >= 0) evaluate_tree(u, t, b->left, x, y);
    if (b->right >= 0) evaluate_tree(v, t, b->right, x, y);
    switch (b->op) {
    case '+':
        mpfr_add(r, u, v, MPFR_RNDN);
        break;
    case '-':
        mpfr_sub(r, u, v, MPFR_RNDN);
        break;
    case '*':
        mpfr_mul(r, u, v, MPFR_RNDN);
        break;
    case '/':
        mpfr_div(r, u, v, MPFR_RNDN);
        break;
    case 'n':
        mpfr_neg(r, u, MPFR_RNDN);
        break;
    case 'a':
        mpfr_abs(r, u, MPFR_RNDN);
        break;
    case 'M':
        mpfr_max(r, u, v, MPFR_RNDN);
        break;
    case 'm':
        mpfr_min(r, u, v, MPFR_RNDN);
        break;
    case 'p':
        mpfr_const_pi(r, MPFR_RNDN);
        break;
    case 'x':
        mpfr_set(r, x, MPFR_RNDN);
        break;
    case 'y':
        mpfr_set(r, y, MPFR_RNDN);
        break;
    case '^':
        mpfr_pow_si(r, u, b->above, MPFR_RNDN);
        break;
    case 'f':
        function_at[b->above](r, u, MPFR_RNDN);
        break;
    default:
        mpfr_set_si(r, b->above, MPFR_RNDN);
        mpfr_div_si(r, r, b->below, MPFR_RNDN);
        if (b->op == 'r') mpfr_pow(r, u, r, MPFR_RNDN);
        break;
    }
    mpfr_clears(u, v, (mpfr_ptr)0);
}

/* --- enclosures of random expressions --- */

static char *const names[] = {"x", "y"};

static void parse(expression *e, const char *text) {
    fault why = {0};
    const char *rest = "";
    bool fine = expression_parse(e, text, &rest, names, 2, &why);
    SB_CHECK(fine && *rest == '\0', "%s: %s", text, why.text);
    if (!fine || *rest) exit(1);
}

static void random_side(interval *side) {
    mpq_set_si(side->low, (long)pick(64) - 24, 1 + pick(16));
    mpq_canonicalize(side->low);
    mpq_set_ui(side->high, 1 + pick(16), 1);
    mpq_div_2exp(side->high, side->high, pick(14));
    mpq_add(side->high, side->high, side->low);
}

/* low + sixteenths/16 of the side. */
static void point_of(mpq_t q, const interval *side, unsigned sixteenths) {
    mpq_t part;
    mpq_init(part);
    mpq_set_ui(part, sixteenths, 16);
    mpq_canonicalize(part);
    mpq_sub(q, side->high, side->low);
    mpq_mul(q, q, part);
    mpq_add(q, q, side->low);
    mpq_clear(part);
}

/* q lies in the interval widened by `tolerance`. */
static bool nearly_contains(const interval *x, const mpq_t q, const mpq_t tolerance) {
    mpq_t low, high;
    mpq_inits(low, high, (mpq_ptr)0);
    mpq_sub(low, x->low, tolerance);
    mpq_add(high, x->high, tolerance);
    bool inside = mpq_cmp(low, q) <= 0 && mpq_cmp(q, high) <= 0;
    mpq_clears(low, high, (mpq_ptr)0);
    return inside;
}

/* Values at three points along the direction; false when one is not a moderate number. */
static bool values_at(mpq_t value[3], mpq_t at[3], const tree *t, const interval *box, int direction) {
    mpq_t fixed;
    mpfr_t x, y, v;
    mpq_init(fixed);
    mpfr_inits2(REFERENCE_PRECISION, x, y, v, (mpfr_ptr)0);
    point_of(fixed, &box[1 - direction], pick(17));
    mpfr_set_q(direction == 0 ? y : x, fixed, MPFR_RNDN);
    unsigned first = pick(6), second = first + 1 + pick(5), third = second + 1 + pick(16 - second);
    unsigned sixteenths[3] = {first, second, third};
    bool moderate = true;
    for (int k = 0; k < 3; k++) {
        point_of(at[k], &box[direction], sixteenths[k]);
        mpfr_set_q(direction == 0 ? x : y, at[k], MPFR_RNDN);
        evaluate_tree(v, t, t->count - 1, x, y);
        moderate = moderate && mpfr_number_p(v) && mpfr_cmp_si_2exp(v, 1, 100) < 0 &&
                   mpfr_cmp_si_2exp(v, -1, 100) > 0;
        if (moderate) mpfr_get_q(value[k], v);
    }
    mpq_clear(fixed);
    mpfr_clears(x, y, v, (mpfr_ptr)0);
    return moderate;
}

static long compared[4]; /* how often each kind of knowledge was put to the test */

static void hold_against_points(const jet *j, const tree *t, const interval *box, int direction,
                                const char *text) {
    mpq_t value[3], at[3], slope[2], step, tolerance;
    mpq_inits(slope[0], slope[1], step, tolerance, (mpq_ptr)0);
    for (int k = 0; k < 3; k++) mpq_inits(value[k], at[k], (mpq_ptr)0);
    mpq_set_ui(tolerance, 1, 1);
    mpq_div_2exp(tolerance, tolerance,
                 250); /* 600 bits less 100 for the size of values and 250 for cancellation */
    if (values_at(value, at, t, box, direction)) {
        for (int k = 0; k < 3 && j->known >= VALUE; k++) {
            SB_CHECK(nearly_contains(&j->value, value[k], tolerance), "value of %s", text);
            compared[VALUE]++;
        }
        for (int k = 0; k < 2; k++) {
            mpq_sub(step, at[k + 1], at[k]);
            mpq_sub(slope[k], value[k + 1], value[k]);
            mpq_div(slope[k], slope[k], step);
            SB_CHECK(j->known < SLOPE || nearly_contains(&j->slope, slope[k], tolerance), "slope in %s of %s",
                     names[direction], text);
            compared[SLOPE] += j->known >= SLOPE;
        }
        mpq_sub(step, at[2], at[0]);
        mpq_sub(slope[1], slope[1], slope[0]);
        mpq_div(slope[1], slope[1], step);
        mpq_add(slope[1], slope[1], slope[1]);
        SB_CHECK(j->known < CURVATURE || nearly_contains(&j->curvature, slope[1], tolerance),
                 "curvature in %s of %s", names[direction], text);
        compared[CURVATURE] += j->known >= CURVATURE;
    }
    mpq_clears(slope[0], slope[1], step, tolerance, (mpq_ptr)0);
    for (int k = 0; k < 3; k++) mpq_clears(value[k], at[k], (mpq_ptr)0);
}

static void random_expressions_are_enclosed(void) {
    static char text[TEXT_SIZE];
    interval box[2];
    interval_init(&box[0]), interval_init(&box[1]);
    for (int i = 0; i < 4000; i++) {
        tree t = {0};
        expression e;
        random_tree(&t, 1 + (int)pick(4), false);
        text[0] = '\0';
        write_tree(text, &t, t.count - 1, false);
        parse(&e, text);
        for (int k = 0; k < 3; k++) {
            random_side(&box[0]), random_side(&box[1]);
            int direction = (int)pick(2);
            hold_against_points(
                expression_evaluate(&e, box, direction, (effort){CURVATURE, WORKING_PRECISION}), &t, box,
                direction, text);
        }
        expression_clear(&e);
    }
    SB_CHECK(compared[VALUE] > 6000 && compared[SLOPE] > 4000 && compared[CURVATURE] > 1500,
             "enough was compared: %ld values, %ld slopes, %ld curvatures", compared[VALUE], compared[SLOPE],
             compared[CURVATURE]);
    interval_clear(&box[0]), interval_clear(&box[1]);
}

/* Rationals stay rationals: at a point of the range a rational expression is one number. */
static void rational_expressions_are_exact_at_points(void) {
    static char text[TEXT_SIZE];
    interval box[2];
    interval_init(&box[0]), interval_init(&box[1]);
    int defined = 0;
    for (int i = 0; i < 1500; i++) {
        tree t = {0};
        expression e;
        random_tree(&t, 1 + (int)pick(4), true);
        text[0] = '\0';
        write_tree(text, &t, t.count - 1, false);
        parse(&e, text);
        random_side(&box[0]), random_side(&box[1]);
        for (int k = 0; k < 2; k++) mpq_set(box[k].high, box[k].low);
        const jet *j = expression_evaluate(&e, box, 0, (effort){VALUE, WORKING_PRECISION});
        SB_CHECK(j->known == NOTHING || interval_is_point(&j->value), "%s", text);
        defined += j->known >= VALUE;
        expression_clear(&e);
    }
    SB_CHECK(defined > 1000, "%d were defined", defined);
    interval_clear(&box[0]), interval_clear(&box[1]);
}

/* --- identities --- */

/* e is `left`, or `left`-(`right`) plus an `extra`. Is it an identity? *limits: it could not be decided. */
static bool is_identity(const char *left, const char *right, const char *extra, fault *why) {
    static char text[3 * TEXT_SIZE];
    expression e;
    snprintf(text, sizeof text, "%s-(%s)%s", left, right, extra);
    parse(&e, text);
    bool holds = identity_holds(&e, why);
    expression_clear(&e);
    return holds;
}

/* An expression equals itself in other words, unless it divides by zero everywhere; with something added it
   does not. */
static void rewritten_expressions_are_identical(void) {
    static char left[TEXT_SIZE], right[TEXT_SIZE];
    int held = 0;
    for (int i = 0; i < 1500; i++) {
        tree t = {0};
        fault why = {0};
        random_tree(&t, 1 + (int)pick(4), true);
        left[0] = right[0] = '\0';
        write_tree(left, &t, t.count - 1, false);
        write_tree(right, &t, t.count - 1, true);
        if (!is_identity(left, right, "", &why)) {
            SB_CHECK(strstr(why.text, "divides by zero") || strstr(why.text, "too many") ||
                         strstr(why.text, "too large"),
                     "%s-(%s): %s", left, right, why.text);
            continue;
        }
        held++;
        SB_CHECK(!is_identity(left, right, "+1/1000000000", &why) && strstr(why.text, "does not hold"), "%s",
                 left);
        SB_CHECK(!is_identity(left, right, "-x*y^2/7", &why) && strstr(why.text, "does not hold"), "%s",
                 left);
    }
    SB_CHECK(held > 1000, "%d identities", held);
}

/* Expansion against evaluation: a difference of two unrelated expressions is an identity exactly if it
   vanishes at random points. */
static void expansion_agrees_with_evaluation(void) {
    static char left[TEXT_SIZE], right[TEXT_SIZE], both[2 * TEXT_SIZE + 8];
    interval box[2];
    interval_init(&box[0]), interval_init(&box[1]);
    int zero = 0, nonzero = 0;
    for (int i = 0; i < 3000; i++) {
        tree s = {0}, t = {0};
        fault why = {0};
        random_tree(&s, (int)pick(3), true), random_tree(&t, (int)pick(3), true);
        left[0] = right[0] = '\0';
        write_tree(left, &s, s.count - 1, false), write_tree(right, &t, t.count - 1, false);
        snprintf(both, sizeof both, "%s-(%s)", left, right);
        bool holds = is_identity(left, right, "", &why);
        if (!holds && !strstr(why.text, "does not hold")) continue;
        expression e;
        parse(&e, both);
        bool vanishes = true;
        int seen = 0;
        for (int k = 0; k < 12; k++) {
            for (int v = 0; v < 2; v++) {
                mpq_set_ui(box[v].low, 1 + pick(100000), 1 + pick(1000));
                mpq_canonicalize(box[v].low);
                mpq_set(box[v].high, box[v].low);
            }
            const jet *j = expression_evaluate(&e, box, 0, (effort){VALUE, WORKING_PRECISION});
            seen += j->known >= VALUE;
            vanishes = vanishes && (j->known == NOTHING || interval_contains_zero(&j->value));
        }
        SB_CHECK(seen > 0 && holds == vanishes, "%s: %s", both,
                 holds ? "held, but does not vanish" : "vanishes");
        zero += holds, nonzero += !holds;
        expression_clear(&e);
    }
    SB_CHECK(zero > 30 && nonzero > 1000, "%d identities, %d others", zero, nonzero);
    interval_clear(&box[0]), interval_clear(&box[1]);
}

static const sb_test tests[] = {
    {"random expressions: value, slope and curvature", random_expressions_are_enclosed},
    {"rational expressions are exact at points", rational_expressions_are_exact_at_points},
    {"rewritten expressions are identical, altered ones are not", rewritten_expressions_are_identical},
    {"expansion agrees with evaluation", expansion_agrees_with_evaluation},
};

int main(void) {
    interval_setup();
    int status = sb_test_main(tests, sizeof tests / sizeof *tests);
    mpfr_free_cache();
    return status;
}
