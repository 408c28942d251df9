/* Why a tree proves the goal on the whole range: the root's box is the range; a cut divides a box into two
   closed parts that together are the box; a leaf is accepted only if the goal holds on its box. Why a leaf is
   right:

   ok             every value of the goal on the box lies in its interval, whose lower end is >= 0 (or > 0).
   ok up x        all difference quotients in x are >= 0. So, other coordinates fixed, the goal is least at
                  x = LO: it holds on the box if it holds on the face x = LO.
   ok down x      the same with <= 0 and x = HI.
   ok concave x   the second derivative in x is <= 0. So, other coordinates fixed, the goal is nowhere below
                  the smaller of its values at x = LO and x = HI: it holds if it holds on both faces.

   Each test is one-sided: an enclosure that is too wide can reject a true leaf, never accept a false one. A
   rejected leaf is tried again at higher precision. */
#include "proof.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_PRECISION = 128, LAST_PRECISION = 1024, STEPS = 2 * EXPRESSION_VARIABLES };

void outcome_init(outcome *o) {
    *o = (outcome){0};
    for (int i = 0; i < EXPRESSION_VARIABLES; i++) mpq_init(o->point[i]);
}

void outcome_clear(outcome *o) {
    for (int i = 0; i < EXPRESSION_VARIABLES; i++) mpq_clear(o->point[i]);
}

/* --- boxes --- */

typedef struct {
    interval side[EXPRESSION_VARIABLES];
} box;

static void box_init(box *b, const interval *side, int count) {
    for (int i = 0; i < EXPRESSION_VARIABLES; i++) {
        interval_init(&b->side[i]);
        if (i < count) interval_set(&b->side[i], &side[i]);
    }
}

static void box_clear(box *b) {
    for (int i = 0; i < EXPRESSION_VARIABLES; i++) interval_clear(&b->side[i]);
}

static int find_variable(const claim *c, const char *word) {
    for (int i = 0; i < c->variable_count; i++) {
        if (strcmp(word, c->variable[i]) == 0) return i;
    }
    return -1;
}

/* --- leaves --- */

typedef enum { UP, DOWN, CONCAVE } step_kind;

typedef struct {
    step_kind kind;
    int variable;
} step;

/* "[-0.25, 3.5]", rounded outward. */
static void print_interval(char text[64], const interval *x) {
    mpfr_t low, high;
    mpfr_inits2(64, low, high, (mpfr_ptr)0);
    mpfr_set_q(low, x->low, MPFR_RNDD);
    mpfr_set_q(high, x->high, MPFR_RNDU);
    mpfr_snprintf(text, 64, "[%.6RDg, %.6RUg]", low, high);
    mpfr_clears(low, high, (mpfr_ptr)0);
}

/* A fault: `what` is unknown, or its enclosure does not decide. */
static bool not_shown(const char *what, const char *variable, const interval *enclosure, bool known,
                      fault *why) {
    char text[64] = "";
    if (known) print_interval(text, enclosure);
    return fault_set(why, "not shown: %s%s%.*s %s%s", what, *variable ? " in " : "", TEXT_WORD_SHOWN,
                     variable, known ? "is in " : "cannot be enclosed", text);
}

static bool value_holds(claim *c, const box *b, mpfr_prec_t precision, fault *why) {
    const jet *goal = expression_evaluate(&c->goal, b->side, 0, (effort){VALUE, precision});
    int sign = goal->known >= VALUE ? mpq_sgn(goal->value.low) : -1;
    if (sign > 0 || (sign == 0 && c->relation == AT_LEAST_ZERO)) return true;
    return not_shown("the goal", "", &goal->value, goal->known >= VALUE, why);
}

static bool both_ends_hold(claim *c, box *b, int variable, mpfr_prec_t precision, fault *why) {
    box low, high;
    box_init(&low, b->side, EXPRESSION_VARIABLES);
    box_init(&high, b->side, EXPRESSION_VARIABLES);
    mpq_set(low.side[variable].high, b->side[variable].low);
    mpq_set(high.side[variable].low, b->side[variable].high);
    bool holds = value_holds(c, &low, precision, why) && value_holds(c, &high, precision, why);
    box_clear(&low);
    box_clear(&high);
    return holds;
}

/* Shows what the step says on the box b; after up and down, b is the face that is left. */
static bool step_holds(claim *c, box *b, step s, mpfr_prec_t precision, fault *why) {
    knowledge needed = s.kind == CONCAVE ? CURVATURE : SLOPE;
    const jet *goal = expression_evaluate(&c->goal, b->side, s.variable, (effort){needed, precision});
    const interval *enclosure = s.kind == CONCAVE ? &goal->curvature : &goal->slope;
    bool known = goal->known >= needed;
    bool shown = known && (s.kind == UP ? mpq_sgn(enclosure->low) >= 0 : mpq_sgn(enclosure->high) <= 0);
    if (!shown)
        return not_shown(s.kind == CONCAVE ? "the second derivative" : "the slope", c->variable[s.variable],
                         enclosure, known, why);
    interval *side = &b->side[s.variable];
    switch (s.kind) {
    case UP:
        mpq_set(side->high, side->low);
        return true;
    case DOWN:
        mpq_set(side->low, side->high);
        return true;
    default:
        return both_ends_hold(c, b, s.variable, precision, why);
    }
}

static bool leaf_holds(claim *c, const box *leaf, const step *steps, int count, mpfr_prec_t precision,
                       fault *why) {
    box b;
    box_init(&b, leaf->side, EXPRESSION_VARIABLES);
    bool holds = true;
    for (int i = 0; i < count && holds; i++) holds = step_holds(c, &b, steps[i], precision, why);
    if (count == 0 || steps[count - 1].kind != CONCAVE) holds = holds && value_holds(c, &b, precision, why);
    box_clear(&b);
    return holds;
}

/* The words after `ok`: { up x | down x } [ concave x ]. */
static bool read_steps(const claim *c, char *words, step steps[STEPS], int *count, fault *why) {
    static const char *const kinds[] = {"up", "down", "concave"};
    *count = 0;
    for (char *word; (word = next_word(&words));) {
        int kind = 0;
        while (kind < 3 && strcmp(word, kinds[kind]) != 0) kind++;
        if (kind == 3) return fault_set(why, "'%.*s' is none of up, down, concave", TEXT_WORD_SHOWN, word);
        if (*count == STEPS) return fault_set(why, "more than %d steps in a leaf", STEPS);
        if (*count && steps[*count - 1].kind == CONCAVE)
            return fault_set(why, "'%s' after the last step, concave", word);
        char *name = next_word(&words);
        int variable = name ? find_variable(c, name) : -1;
        if (variable < 0)
            return fault_set(why, "'%s' needs a variable, not '%.*s'", word, TEXT_WORD_SHOWN,
                             name ? name : "");
        steps[(*count)++] = (step){(step_kind)kind, variable};
    }
    return true;
}

/* Adds the box to the message: "...; on x [0, 1], y [1/2, 1]". */
static void say_where(const claim *c, const box *b, fault *why) {
    for (int i = 0; i < c->variable_count; i++) {
        char text[64];
        size_t used = strlen(why->text);
        print_interval(text, &b->side[i]);
        snprintf(why->text + used, sizeof why->text - used, "%s %.*s %s", i ? "," : "; on", TEXT_WORD_SHOWN,
                 c->variable[i], text);
    }
}

static bool check_leaf(claim *c, const box *leaf, char *words, fault *why) {
    step steps[STEPS];
    int count;
    if (!read_steps(c, words, steps, &count, why)) return false;
    for (mpfr_prec_t precision = FIRST_PRECISION; precision <= LAST_PRECISION; precision *= 2) {
        if (leaf_holds(c, leaf, steps, count, precision, why)) return true;
    }
    say_where(c, leaf, why);
    return false;
}

/* --- the tree --- */

/* A cut above the current box. While its lower part is worked on, `end` is the upper end of the undivided
   side; after that, the lower. */
typedef struct {
    int variable;
    bool in_upper_part;
    mpq_t end;
} cut;

typedef struct {
    cut *cuts;
    long count, capacity;
} stack;

static bool read_cut(const claim *c, stack *s, box *b, char *words, fault *why) {
    char *name = next_word(&words), *number = next_word(&words);
    if (!number || *words) return fault_set(why, "'cut' needs VAR RATIONAL, no more and no less");
    int variable = find_variable(c, name);
    if (variable < 0) return fault_set(why, "'%.*s' is not a variable", TEXT_WORD_SHOWN, name);
    if (s->count == PROOF_DEPTH) return fault_set(why, "more than %d cuts above one another", PROOF_DEPTH);
    mpq_t at;
    mpq_init(at);
    interval *side = &b->side[variable];
    bool fine = read_rational(at, number) ||
                fault_set(why, "'%.*s' is not a rational number", TEXT_WORD_SHOWN, number);
    if (fine && (mpq_cmp(at, side->low) <= 0 || mpq_cmp(at, side->high) >= 0))
        fine = fault_set(why, "the cut at %.*s is not strictly inside the range of %s on this box",
                         TEXT_WORD_SHOWN, number, name);
    if (fine) {
        if (s->count == s->capacity) {
            s->capacity = s->capacity ? 2 * s->capacity : 64;
            s->cuts = allocate(s->cuts, (size_t)s->capacity * sizeof *s->cuts);
        }
        cut *new = &s->cuts[s->count++];
        new->variable = variable;
        new->in_upper_part = false;
        mpq_init(new->end);
        mpq_swap(new->end, side->high);
        mpq_swap(side->high, at);
    }
    mpq_clear(at);
    return fine;
}

/* A part is finished: leaves all cuts whose upper part that was, and enters the upper part of the one above.
   false: none is left, the tree is finished. */
static bool next_part(stack *s, box *b) {
    while (s->count) {
        cut *last = &s->cuts[s->count - 1];
        interval *side = &b->side[last->variable];
        if (!last->in_upper_part) {          /* here side = [low, cut] and end = high */
            mpq_swap(side->low, side->high); /* [cut, low] */
            mpq_swap(side->high, last->end); /* [cut, high] and end = low */
            last->in_upper_part = true;
            return true;
        }
        mpq_swap(side->low, last->end); /* the undivided side again */
        mpq_clear(last->end);
        s->count--;
    }
    return false;
}

static bool check_tree(outcome *o, claim *c, reader *r, fault *why) {
    stack s = {0};
    box b;
    bool fine = true, finished = false;
    if (c->relation == EQUAL_TO_ZERO) return fault_set(why, "a tree proves '>= 0' and '> 0', not '== 0'");
    box_init(&b, c->range, c->variable_count);
    while (fine && !finished) {
        fine = reader_need(r, "'cut' or 'ok'", why);
        if (!fine) break;
        char *words = r->line, *keyword = next_word(&words);
        if (strcmp(keyword, "cut") == 0) {
            fine = read_cut(c, &s, &b, words, why);
            if (s.count > o->depth) o->depth = s.count;
        } else if (strcmp(keyword, "ok") == 0) {
            o->leaves++;
            fine = check_leaf(c, &b, words, why);
            finished = fine && !next_part(&s, &b);
        } else {
            fine = fault_set(why, "'%.*s' where 'cut' or 'ok' should follow", TEXT_WORD_SHOWN, keyword);
        }
    }
    for (long i = 0; i < s.count; i++) mpq_clear(s.cuts[i].end);
    free(s.cuts);
    box_clear(&b);
    return fine;
}

/* --- points --- */

static bool read_point(outcome *o, const claim *c, char *words, fault *why) {
    for (int i = 0; i < c->variable_count; i++) {
        char *word = next_word(&words);
        if (!word)
            return fault_set(why, "the point has %d coordinates, but there are %d variables", i,
                             c->variable_count);
        if (!read_rational(o->point[i], word))
            return fault_set(why, "'%.*s' is not a rational number", TEXT_WORD_SHOWN, word);
        if (mpq_cmp(o->point[i], c->range[i].low) < 0 || mpq_cmp(o->point[i], c->range[i].high) > 0)
            return fault_set(why, "%.*s is outside the range of %.*s", TEXT_WORD_SHOWN, word, TEXT_WORD_SHOWN,
                             c->variable[i]);
    }
    return *words ? fault_set(why, "'%.*s' after the last coordinate of the point", TEXT_WORD_SHOWN, words)
                  : true;
}

/* Every value that the goal may have at the point contradicts it. */
static bool contradicts(const claim *c, const interval *value) {
    int low = mpq_sgn(value->low), high = mpq_sgn(value->high);
    switch (c->relation) {
    case AT_LEAST_ZERO:
        return high < 0;
    case ABOVE_ZERO:
        return high <= 0;
    default:
        return high < 0 || low > 0;
    }
}

static void print_towards_zero(char text[64], const mpq_t value) {
    mpfr_t x;
    mpfr_init2(x, 64);
    mpfr_set_q(x, value, MPFR_RNDZ);
    mpfr_snprintf(text, 64, "%.6RZg", x);
    mpfr_clear(x);
}

static bool check_point(outcome *o, claim *c, char *words, fault *why) {
    box b;
    if (!read_point(o, c, words, why)) return false;
    box_init(&b, c->range, c->variable_count);
    for (int i = 0; i < c->variable_count; i++) interval_set_point(&b.side[i], o->point[i]);
    bool shown = false;
    for (mpfr_prec_t precision = FIRST_PRECISION; precision <= LAST_PRECISION && !shown; precision *= 2) {
        const jet *goal = expression_evaluate(&c->goal, b.side, 0, (effort){VALUE, precision});
        shown = goal->known >= VALUE && contradicts(c, &goal->value);
        if (shown)
            print_towards_zero(o->value, mpq_sgn(goal->value.low) > 0 ? goal->value.low : goal->value.high);
        else
            not_shown("a contradiction; the goal at the point", "", &goal->value, goal->known >= VALUE, why);
    }
    box_clear(&b);
    return shown;
}

/* --- the body --- */

static bool check_method(outcome *o, claim *c, reader *r, fault *why) {
    char *words = r->line, *keyword = next_word(&words);
    if (strcmp(keyword, "point") == 0) {
        o->method = "point";
        o->verdict = REFUTED;
        return check_point(o, c, words, why);
    }
    if (strcmp(keyword, "tree") != 0 && strcmp(keyword, "identity") != 0)
        return fault_set(why, "'%.*s' where 'tree', 'point' or 'identity' should follow", TEXT_WORD_SHOWN,
                         keyword);
    if (*words) return fault_set(why, "'%.*s' after '%s'", TEXT_WORD_SHOWN, words, keyword);
    o->verdict = PROVED;
    if (strcmp(keyword, "tree") == 0) {
        o->method = "tree";
        return check_tree(o, c, r, why);
    }
    o->method = "identity";
    if (c->relation != EQUAL_TO_ZERO) return fault_set(why, "an identity proves '== 0' only");
    return identity_holds(&c->goal, why);
}

bool proof_check(outcome *o, claim *c, reader *r, fault *why) {
    if (!r->line) return fault_set(why, "the file ends where 'tree', 'point' or 'identity' should follow");
    if (!check_method(o, c, r, why)) return false;
    if (!reader_need(r, "'end'", why)) return false;
    if (strcmp(r->line, "end") != 0)
        return fault_set(why, "'%.*s' where 'end' should follow", TEXT_WORD_SHOWN, r->line);
    if (!reader_next(r, why)) return false;
    return r->line ? fault_set(why, "'%.*s' after 'end'", TEXT_WORD_SHOWN, r->line) : true;
}
