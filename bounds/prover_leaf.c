/* The leaves of a proof. On a box [l, h]: the goal's enclosure is >= 0; or the goal is monotone in some
   variables, so that its least value lies on a face, and the same holds on the face; or it is concave in one
   more variable, so that its least value lies on one of the two faces of that variable. */
#include "bounds/prover_search.h"

static void add_step(sb_search *s, sb_tactic tactic, size_t variable) {
    s->step[s->step_count++] = (sb_step){(unsigned char)tactic, (unsigned char)variable};
}

/* Replaces s->face by its faces along the monotone variables; whether there was one. */
static int descend(sb_search *s) {
    int moved = 0;
    for (size_t i = 0; i < s->goal->variable_count; i++) {
        if (!sb_is_free(&s->face, i)) continue;
        if (sb_certainly(s->evaluator, SB_SLOPE + (int)i, 1, 0)) {
            fmpq_set(s->face.high[i], s->face.low[i]);
            add_step(s, SB_STEP_UP, i);
            moved = 1;
        } else if (sb_certainly(s->evaluator, SB_SLOPE + (int)i, -1, 0)) {
            fmpq_set(s->face.low[i], s->face.high[i]);
            add_step(s, SB_STEP_DOWN, i);
            moved = 1;
        }
    }
    return moved;
}

static int holds_on(sb_search *s, const sb_box *box) {
    sb_evaluator_set_box(s->evaluator, box);
    return sb_certainly(s->evaluator, SB_VALUE, 1, s->strict);
}

/* Whether the goal is concave in variable i and holds on both of its faces. */
static int concave(sb_search *s, size_t i) {
    sb_evaluator_set_box(s->evaluator, &s->face);
    if (!sb_certainly(s->evaluator, SB_CURVATURE + (int)i, -1, 0)) return 0;
    sb_box_set(&s->part, &s->face);
    fmpq_set(s->part.high[i], s->face.low[i]);
    if (!holds_on(s, &s->part)) return 0;
    fmpq_set(s->part.low[i], s->face.high[i]);
    fmpq_set(s->part.high[i], s->face.high[i]);
    return holds_on(s, &s->part);
}

static int has_value(sb_search *s) {
    double low, high;
    if (sb_fast_range(s->evaluator, SB_VALUE, &low, &high)) return 1;
    return sb_exact_range(s->evaluator, SB_VALUE, s->part.low[0], s->part.high[0]);
}

int sb_search_leaf(sb_search *s) {
    sb_box_set(&s->face, &s->box);
    s->step_count = 0;
    do {
        if (holds_on(s, &s->face)) return 1;
        if (!has_value(s)) return 0;
    } while (descend(s));
    for (size_t i = 0; i < s->goal->variable_count; i++) {
        if (!sb_is_free(&s->face, i) || !concave(s, i)) continue;
        add_step(s, SB_STEP_CONCAVE, i);
        return 1;
    }
    return 0;
}
