/* The evaluator: the expression's tree with its derivatives, a schedule of nodes for each quantity, and the
   values of the nodes for the box at hand, computed when first asked for. Nodes without variables are
   evaluated once. */
#include "bounds/expression_range.h"

#include "bounds/expression_workplace.h"
#include "support/exact.h"
#include "support/text.h"

#include <math.h>
#include <stdlib.h>

static const double NEAR = 1e-9; /* of the scale: rounding of the fast arithmetic stays far below */

void sb_box_init(sb_box *box) {
    for (int i = 0; i < SB_EXPRESSION_VARIABLES; i++) {
        fmpq_init(box->low[i]);
        fmpq_init(box->high[i]);
    }
}

void sb_box_clear(sb_box *box) {
    for (int i = 0; i < SB_EXPRESSION_VARIABLES; i++) {
        fmpq_clear(box->low[i]);
        fmpq_clear(box->high[i]);
    }
}

void sb_box_set(sb_box *box, const sb_box *other) {
    for (int i = 0; i < SB_EXPRESSION_VARIABLES; i++) {
        fmpq_set(box->low[i], other->low[i]);
        fmpq_set(box->high[i], other->high[i]);
    }
}

static double convert(const fmpq_t value, arf_rnd_t direction) {
    arf_t rounded;
    arf_init(rounded);
    arf_fmpz_div_fmpz(rounded, fmpq_numref(value), fmpq_denref(value), 53, direction);
    double result = arf_get_d(rounded, direction);
    arf_clear(rounded);
    return result;
}

double sb_double_below(const fmpq_t value) {
    return convert(value, ARF_RND_FLOOR);
}

double sb_double_above(const fmpq_t value) {
    return convert(value, ARF_RND_CEIL);
}

/* The nodes that a root needs. 0 when memory is short. */
static int make_schedule(const sb_tree *tree, int root, sb_schedule *schedule) {
    char *needed = calloc((size_t)root + 1, 1);
    schedule->root = root;
    schedule->order = malloc(((size_t)root + 1) * sizeof *schedule->order);
    int good = needed && schedule->order;
    for (int i = root; good && i >= 0; i--) {
        if (i == root) needed[i] = 1;
        for (int k = 0; needed[i] && k < sb_operand_count(tree->node[i].operation); k++)
            needed[tree->node[i].operand[k]] = 1;
    }
    for (int i = 0; good && i <= root; i++)
        if (needed[i] && tree->node[i].variables) schedule->order[schedule->count++] = i;
    schedule->total = schedule->count;
    for (int i = 0; good && i <= root; i++)
        if (needed[i] && !tree->node[i].variables) schedule->order[schedule->total++] = i;
    free(needed);
    return good;
}

static int make_trees(sb_evaluator *e, const sb_expression *expression) {
    if (!sb_tree_copy(&e->tree, &expression->tree)) return 0;
    int count = (int)e->variable_count;
    int root[SB_QUANTITIES] = {[SB_VALUE] = expression->root};
    for (int i = 0; i < count; i++)
        if (!sb_tree_derivatives(&e->tree, expression->root, i, &root[SB_SLOPE + i], &root[SB_CURVATURE + i]))
            return 0;
    for (int q = 0; q < SB_QUANTITIES; q++)
        if ((q == SB_VALUE || (q - 1) % SB_EXPRESSION_VARIABLES < count) &&
            !make_schedule(&e->tree, root[q], &e->schedule[q]))
            return 0;
    e->kink = malloc(((size_t)expression->root + 1) * sizeof *e->kink);
    if (!e->kink) return 0;
    for (int i = 0; i <= expression->root; i++) {
        sb_operation operation = e->tree.node[i].operation;
        if (operation == SB_MAXIMUM || operation == SB_MINIMUM || operation == SB_ABSOLUTE)
            e->kink[e->kink_count++] = i;
    }
    return 1;
}

static int make_spans(sb_evaluator *e) {
    size_t count = (size_t)e->tree.count;
    e->fast = calloc(count, sizeof *e->fast);
    e->fast_epoch = calloc(count, sizeof *e->fast_epoch);
    e->exact = calloc(
        count, sizeof *e->exact); /* all zero bytes are fmpq zeros but for the denominators, set below */
    e->exact_epoch = calloc(count, sizeof *e->exact_epoch);
    if (!e->fast || !e->fast_epoch || !e->exact || !e->exact_epoch) return 0;
    for (size_t i = 0; i < count; i++) {
        fmpq_init(e->exact[i].low);
        fmpq_init(e->exact[i].high);
    }
    for (int i = 0; i < e->tree.count; i++) {
        if (e->tree.node[i].variables) continue;
        sb_fast_node(e, i);
        sb_exact_node(e, i);
    }
    return 1;
}

sb_status sb_evaluator_create(sb_evaluator **evaluator, const sb_expression *expression, sb_error *error) {
    *evaluator = NULL;
    sb_evaluator *e = calloc(1, sizeof *e);
    if (!e) return sb_fail_memory(error);
    e->variable_count = expression->variable_count;
    e->epoch = 1;
    sb_box_init(&e->box);
    for (int i = 0; i < 2; i++) {
        arb_init(e->ball[i]);
        arf_init(e->end[i]);
    }
    fmpq_init(e->work);
    if (!make_trees(e, expression) || !make_spans(e)) {
        sb_evaluator_free(e);
        return sb_fail_memory(error);
    }
    *evaluator = e;
    return SB_OK;
}

void sb_evaluator_free(sb_evaluator *e) {
    if (!e) return;
    for (int i = 0; e->exact && i < e->tree.count; i++) {
        fmpq_clear(e->exact[i].low);
        fmpq_clear(e->exact[i].high);
    }
    free(e->fast);
    free(e->fast_epoch);
    free(e->exact);
    free(e->exact_epoch);
    free(e->kink);
    for (int q = 0; q < SB_QUANTITIES; q++) free(e->schedule[q].order);
    for (int i = 0; i < 2; i++) {
        arb_clear(e->ball[i]);
        arf_clear(e->end[i]);
    }
    fmpq_clear(e->work);
    sb_box_clear(&e->box);
    sb_tree_clear(&e->tree);
    free(e);
}

void sb_evaluator_set_box(sb_evaluator *e, const sb_box *box) {
    e->epoch++;
    e->point_only = 0;
    for (size_t i = 0; i < e->variable_count; i++) {
        fmpq_set(e->box.low[i], box->low[i]);
        fmpq_set(e->box.high[i], box->high[i]);
        e->fast_box[i] = (sb_span){sb_double_below(box->low[i]), sb_double_above(box->high[i])};
        if (isinf(e->fast_box[i].low) || isinf(e->fast_box[i].high)) e->fast_box[i] = (sb_span){NAN, NAN};
    }
}

void sb_evaluator_set_point(sb_evaluator *e, const double *x) {
    e->epoch++;
    e->point_only = 1;
    for (size_t i = 0; i < e->variable_count; i++) e->fast_box[i] = (sb_span){x[i], x[i]};
}

static const sb_span *run_fast(sb_evaluator *e, int quantity) {
    const sb_schedule *schedule = &e->schedule[quantity];
    for (int i = 0; i < schedule->count; i++) {
        int node = schedule->order[i];
        if (e->fast_epoch[node] == e->epoch) continue;
        sb_fast_node(e, node);
        e->fast_epoch[node] = e->epoch;
    }
    return &e->fast[schedule->root];
}

static const sb_exact_span *run_exact(sb_evaluator *e, int quantity) {
    const sb_schedule *schedule = &e->schedule[quantity];
    for (int i = 0; i < schedule->count; i++) {
        int node = schedule->order[i];
        if (e->exact_epoch[node] == e->epoch) continue;
        sb_exact_node(e, node);
        e->exact_epoch[node] = e->epoch;
    }
    return &e->exact[schedule->root];
}

int sb_fast_range(sb_evaluator *e, int quantity, double *low, double *high) {
    const sb_span *span = run_fast(e, quantity);
    *low = span->low;
    *high = span->high;
    return !isnan(span->low);
}

int sb_exact_range(sb_evaluator *e, int quantity, fmpq_t low, fmpq_t high) {
    const sb_exact_span *span = run_exact(e, quantity);
    if (!span->defined) return 0;
    fmpq_set(low, span->low);
    fmpq_set(high, span->high);
    return 1;
}

double sb_fast_scale(const sb_evaluator *e, int quantity) {
    const sb_schedule *schedule = &e->schedule[quantity];
    double scale = 0;
    for (int i = 0; i < schedule->total; i++) {
        const sb_span *span = &e->fast[schedule->order[i]];
        if (isnan(span->low)) continue;
        if (-span->low > scale) scale = -span->low;
        if (span->high > scale) scale = span->high;
    }
    return scale;
}

int sb_certainly(sb_evaluator *e, int quantity, int sign, int strict) {
    const sb_span *span = run_fast(e, quantity);
    if (!isnan(span->low)) {
        double low = sign > 0 ? span->low : -span->high, high = sign > 0 ? span->high : -span->low;
        if (strict ? low > 0 : low >= 0) return 1;
        if (strict ? high <= 0 : high < 0) return 0;
        if (e->delicate != e->epoch && low < -NEAR * sb_fast_scale(e, quantity)) return 0;
    }
    if (e->point_only) return 0;
    const sb_exact_span *exact = run_exact(e, quantity);
    if (!exact->defined) return 0;
    int side = sign > 0 ? fmpq_sgn(exact->low) : -fmpq_sgn(exact->high);
    return strict ? side > 0 : side >= 0;
}

char *sb_evaluator_trouble(sb_evaluator *e) {
    const sb_tree *tree = &e->tree;
    if (e->point_only || run_exact(e, SB_VALUE)->defined) return NULL;
    for (int i = 0; i <= e->schedule[SB_VALUE].root; i++) {
        const sb_node *node = &tree->node[i];
        if (e->exact[i].defined || sb_operand_count(node->operation) == 0) continue;
        int operand = node->operand[node->operation == SB_DIVIDE ? 1 : 0];
        if (!e->exact[operand].defined) continue;
        char *low = sb_rational_decimal(e->exact[operand].low, 6, -1),
             *high = sb_rational_decimal(e->exact[operand].high, 6, 1);
        char *line = low && high ? sb_format("%s%s [%s, %s]", sb_operation_name(node->operation),
                                             node->operation == SB_DIVIDE ? " by" : " of", low, high)
                                 : NULL;
        free(low);
        free(high);
        return line;
    }
    return NULL;
}

int sb_kink_count(const sb_evaluator *e) {
    return e->kink_count;
}

unsigned sb_kink_variables(const sb_evaluator *e, int kink) {
    return e->tree.node[e->kink[kink]].variables;
}

double sb_kink_difference(sb_evaluator *e, int kink) {
    const sb_node *node = &e->tree.node[e->kink[kink]];
    run_fast(e, SB_VALUE);
    sb_span a = e->fast[node->operand[0]], b = {0, 0};
    if (node->operation != SB_ABSOLUTE) b = e->fast[node->operand[1]];
    return (a.low + a.high) / 2 - (b.low + b.high) / 2;
}

int sb_kink_is_zero(sb_evaluator *e, int kink) {
    const sb_node *node = &e->tree.node[e->kink[kink]];
    if (e->point_only) return 0;
    run_exact(e, SB_VALUE);
    const sb_exact_span *a = &e->exact[node->operand[0]], *b = &e->exact[node->operand[1]];
    if (!a->defined || !fmpq_equal(a->low, a->high)) return 0;
    if (node->operation == SB_ABSOLUTE) return fmpq_is_zero(a->low);
    return b->defined && fmpq_equal(b->low, b->high) && fmpq_equal(a->low, b->low);
}
