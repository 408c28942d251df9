/* The search. Boxes are taken in the order of their making (breadth first). A box that a leaf settles is
   done; one that resists is probed for a point where the goal fails, and cut. It ends when no open box is
   left (proved), when a rational point shows the goal to be false (refuted), or when the limits are reached
   (undecided). Nothing depends on time or threads. */
#include "bounds/prover.h"

#include "bounds/prover_search.h"
#include "support/exact.h"

#include <stdlib.h>

enum { VALUE_DIGITS = 6, LONGEST_FRACTION = 12 };

void sb_proof_init(sb_proof *proof) {
    *proof = (sb_proof){.verdict = SB_UNSETTLED};
}

void sb_proof_clear(sb_proof *proof) {
    free(proof->certificate);
    free(proof->point);
    free(proof->value);
    free(proof->residual);
    sb_proof_init(proof);
}

/* ------------------------------------------------------------------ set-up */
static sb_status start(sb_search *s, const sb_goal *goal, const sb_prover_limits *limits, sb_error *error) {
    *s = (sb_search){.goal = goal, .strict = goal->relation == SB_ABOVE_ZERO};
    if (limits) s->limits = *limits;
    if (!s->limits.boxes) s->limits.boxes = SB_PROVER_BOXES;
    if (!s->limits.depth) s->limits.depth = SB_PROVER_DEPTH;
    sb_box_init(&s->whole);
    sb_box_init(&s->box);
    sb_box_init(&s->face);
    sb_box_init(&s->part);
    for (int k = 0; k < SB_MOST_MARKS; k++) {
        fmpq_init(s->kink[k]);
        for (int i = 0; i < SB_GOAL_VARIABLES; i++) fmpq_init(s->zero[k].at[i]);
    }
    for (int i = 0; i < SB_GOAL_VARIABLES; i++) {
        fmpq_init(s->point.at[i]);
        fmpq_set(s->whole.low[i], goal->low[i]);
        fmpq_set(s->whole.high[i], goal->high[i]);
    }
    sb_status status = sb_evaluator_create(&s->evaluator, goal->expression, error);
    if (!status) status = sb_proof_tree_init(&s->tree, error);
    return status;
}

static void finish(sb_search *s) {
    sb_box_clear(&s->whole);
    sb_box_clear(&s->box);
    sb_box_clear(&s->face);
    sb_box_clear(&s->part);
    for (int k = 0; k < SB_MOST_MARKS; k++) {
        fmpq_clear(s->kink[k]);
        for (int i = 0; i < SB_GOAL_VARIABLES; i++) fmpq_clear(s->zero[k].at[i]);
    }
    for (int i = 0; i < SB_GOAL_VARIABLES; i++) fmpq_clear(s->point.at[i]);
    sb_evaluator_free(s->evaluator);
    sb_proof_tree_clear(&s->tree);
}

/* ------------------------------------------------------------------ results */
static char *print_ends(const fmpq_t low, const fmpq_t high) {
    char *a, *b, *line = NULL;
    if (fmpq_equal(low, high)) {
        a = sb_rational_print(low);
        if (a && sb_text_width(a) <= LONGEST_FRACTION) return a;
        free(a);
    }
    a = sb_rational_decimal(low, VALUE_DIGITS, -1);
    b = sb_rational_decimal(high, VALUE_DIGITS, 1);
    if (a && b) line = sb_format("[%s, %s]", a, b);
    free(a);
    free(b);
    return line;
}

static sb_status report_refutation(sb_search *s, sb_proof *proof, sb_error *error) {
    const sb_goal *goal = s->goal;
    sb_text out;
    fmpq rational[SB_GOAL_VARIABLES];
    sb_text_init(&out);
    for (size_t i = 0; i < goal->variable_count; i++) {
        char *printed = sb_rational_print(s->point.at[i]);
        rational[i] = s->point.at[i][0];
        sb_text_format(&out, "%s%s = %s", i ? ", " : "", goal->variable[i], printed ? printed : "");
        out.failed |= !printed;
        free(printed);
    }
    proof->verdict = SB_REFUTED;
    proof->point = sb_text_detach(&out);
    proof->certificate = sb_certificate_point(goal, rational);
    sb_search_refute_at(s, &s->point); /* leaves the point in s->part and in the evaluator */
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    if (sb_exact_range(s->evaluator, SB_VALUE, low, high)) proof->value = print_ends(low, high);
    fmpq_clear(low);
    fmpq_clear(high);
    return proof->point && proof->certificate && proof->value ? SB_OK : sb_fail_memory(error);
}

/* "x in [0, 1/8], y = 1: the goal is only known to lie in [-0.1, 2] there". */
static sb_status report_residual(sb_search *s, sb_proof *proof, sb_error *error) {
    const sb_goal *goal = s->goal;
    const char *limit = proof->obstacle == SB_OBSTACLE_BOXES ? "the limit of boxes was reached"
                        : proof->obstacle == SB_OBSTACLE_DEPTH
                            ? "the limit of depth was reached"
                            : "its sign at a single point could not be told";
    sb_text out;
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    sb_text_init(&out);
    for (size_t i = 0; i < goal->variable_count; i++) {
        char *range = print_ends(s->box.low[i], s->box.high[i]);
        sb_text_format(&out, "%s%s %s %s", i ? ", " : "", goal->variable[i],
                       sb_is_free(&s->box, i) ? "in" : "=", range ? range : "");
        out.failed |= !range;
        free(range);
    }
    sb_evaluator_set_box(s->evaluator, &s->box);
    char *trouble = sb_evaluator_trouble(s->evaluator), *range = NULL;
    if (sb_exact_range(s->evaluator, SB_VALUE, low, high)) range = print_ends(low, high);
    const char *lead = goal->variable_count ? ": " : "";
    if (range)
        sb_text_format(&out, "%sthe goal is only known to lie in %s there; %s", lead, range, limit);
    else
        sb_text_format(&out, "%sthe goal has no value there%s%s%s; %s", lead, trouble ? " (" : "",
                       trouble ? trouble : "", trouble ? ")" : "", limit);
    if (!range) proof->obstacle = SB_OBSTACLE_DOMAIN;
    free(trouble);
    free(range);
    fmpq_clear(low);
    fmpq_clear(high);
    proof->residual = sb_text_detach(&out);
    return proof->residual ? SB_OK : sb_fail_memory(error);
}

/* ------------------------------------------------------------------ equations */
static sb_status prove_equation(sb_search *s, sb_proof *proof, sb_error *error) {
    int zero = 0;
    sb_error inner;
    sb_status status = sb_expression_is_zero(s->goal->expression, &zero, &inner);
    if (status == SB_NO_MEMORY) return sb_fail_memory(error);
    if (!status && zero) {
        proof->verdict = SB_PROVED;
        proof->leaves = 1;
        proof->certificate = sb_certificate_identity(s->goal);
        return proof->certificate ? SB_OK : sb_fail_memory(error);
    }
    size_t tried = 0;
    sb_search_counterexample(s, &tried);
    proof->boxes = tried;
    if (s->refuted) return report_refutation(s, proof, error);
    proof->obstacle = SB_OBSTACLE_EQUATION;
    if (status)
        proof->residual = sb_format("the sides agree at %zu sampled points, but only an identity of rational "
                                    "functions can be proved: %s",
                                    tried, inner.message);
    else
        proof->residual = sb_format(
            "the sides differ as polynomials, but agree at all %zu sampled points of the range", tried);
    return proof->residual ? SB_OK : sb_fail_memory(error);
}

/* ------------------------------------------------------------------ inequalities */
/* The box of a node, from the cuts above it. */
static void find_box(sb_search *s, int node) {
    sb_box_set(&s->box, &s->whole);
    for (int child = node, parent = s->tree.node[node].parent; parent >= 0;
         child = parent, parent = s->tree.node[parent].parent) {
        const sb_proof_node *cut = &s->tree.node[parent];
        fmpq *low = s->box.low[cut->variable], *high = s->box.high[cut->variable];
        if (child == cut->child) { /* nearer cuts are tighter, and come first */
            if (fmpq_cmp(cut->at, high) < 0) fmpq_set(high, cut->at);
        } else {
            if (fmpq_cmp(cut->at, low) > 0) fmpq_set(low, cut->at);
        }
    }
}

static double share_of_volume(const sb_search *s) {
    double share = 1;
    for (size_t i = 0; i < s->goal->variable_count; i++) {
        if (!sb_is_free(&s->whole, i)) continue;
        double whole = sb_double_above(s->whole.high[i]) - sb_double_below(s->whole.low[i]);
        share *= (sb_double_above(s->box.high[i]) - sb_double_below(s->box.low[i])) / whole;
    }
    return share;
}

/* A face that is a single point: the goal's least value on the box is there. */
static int refute_corner(sb_search *s) {
    sb_rational_point point;
    for (size_t i = 0; i < s->goal->variable_count; i++) {
        fmpq_init(point.at[i]);
        fmpq_set(point.at[i], s->face.low[i]);
    }
    sb_search_refute_at(s, &point);
    for (size_t i = 0; i < s->goal->variable_count; i++) fmpq_clear(point.at[i]);
    return s->refuted;
}

/* Settles or cuts one node, or sets the obstacle that ends the search. */
static sb_status treat(sb_search *s, int node, sb_proof *proof, sb_error *error) {
    find_box(s, node);
    unsigned depth = s->tree.node[node].depth;
    if (depth > proof->depth) proof->depth = depth;
    if (sb_search_leaf(s)) {
        sb_proof_tree_close(&s->tree, node, s->step, s->step_count);
        s->proved_volume += share_of_volume(s);
        proof->leaves++;
        return SB_OK;
    }
    sb_search_probe(s);
    if (s->refuted) return SB_OK;
    if (depth >= s->limits.depth) {
        proof->obstacle = SB_OBSTACLE_DEPTH;
        return SB_OK;
    }
    int variable = -1;
    fmpq_t at;
    fmpq_init(at);
    sb_status status = SB_OK;
    if (sb_search_cut(s, &variable, at))
        status = sb_proof_tree_cut(&s->tree, node, variable, at, error);
    else if (!refute_corner(s))
        proof->obstacle = SB_OBSTACLE_POINT;
    fmpq_clear(at);
    return status;
}

static sb_status prove_inequality(sb_search *s, sb_proof *proof, sb_error *error) {
    sb_status status = SB_OK;
    sb_search_sample(s);
    if (!s->refuted) sb_search_kinks(s);
    for (int node = 0; node < s->tree.count && !status && !s->refuted && !proof->obstacle; node++) {
        if (s->limits.proceed && !s->limits.proceed(s->limits.context, proof->boxes, s->proved_volume))
            return sb_fail(error, SB_INTERRUPTED, "interrupted after %zu boxes", proof->boxes);
        if (proof->boxes == s->limits.boxes) {
            find_box(s, s->tree.count - 1);
            proof->obstacle = SB_OBSTACLE_BOXES;
            break;
        }
        status = treat(s, node, proof, error);
        proof->boxes++;
    }
    if (status) return status;
    if (s->refuted) return report_refutation(s, proof, error);
    if (proof->obstacle) return report_residual(s, proof, error);
    proof->verdict = SB_PROVED;
    proof->certificate = sb_certificate_tree(s->goal, &s->tree);
    return proof->certificate ? SB_OK : sb_fail_memory(error);
}

sb_status sb_prove(const sb_goal *goal, const sb_prover_limits *limits, sb_proof *proof, sb_error *error) {
    sb_proof_clear(proof);
    sb_search *s = malloc(sizeof *s);
    if (!s) return sb_fail_memory(error);
    sb_status status = start(s, goal, limits, error);
    if (!status)
        status = goal->relation == SB_EQUAL_ZERO ? prove_equation(s, proof, error)
                                                 : prove_inequality(s, proof, error);
    finish(s);
    free(s);
    if (status) sb_proof_clear(proof);
    return status;
}
