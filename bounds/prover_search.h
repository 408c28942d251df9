/* The state of a search for a proof or a refutation. Internal to bounds/prover*.c. */
#ifndef SB_BOUNDS_PROVER_SEARCH_H
#define SB_BOUNDS_PROVER_SEARCH_H

#include "bounds/certificate.h"
#include "bounds/expression_range.h"
#include "bounds/prover.h"

enum { SB_MOST_MARKS = 64 };

typedef struct {
    fmpq_t at[SB_GOAL_VARIABLES];
} sb_rational_point;

typedef struct {
    const sb_goal *goal;
    sb_prover_limits limits;
    int strict;
    sb_evaluator *evaluator;
    sb_box whole; /* the goal's ranges */
    sb_box box;   /* of the node at hand */
    sb_box face;  /* what the monotone steps leave of it */
    sb_box part;  /* scratch: a face's face, or a point */
    sb_step step[SB_LONGEST_CHAIN];
    int step_count;
    sb_proof_tree tree;
    double proved_volume; /* of 1 */
    /* rationals worth cutting at: where branches cross (one coordinate), where the goal is 0 (all
     * coordinates) */
    int kink_count, kink_variable[SB_MOST_MARKS];
    fmpq_t kink[SB_MOST_MARKS];
    int zero_count;
    sb_rational_point zero[SB_MOST_MARKS];
    size_t descents;       /* local minimisations so far */
    int doubtful_attempts; /* to refute at points where doubles do not tell the sign */
    int refuted;
    sb_rational_point point; /* the refutation */
} sb_search;

/* Tries to end the search on s->box by one leaf: 1, with s->step. In any case s->face is the face that the
 * monotone steps leave. */
int sb_search_leaf(sb_search *s);

/* Looks for points of the whole range where the goal is negative, before any cut. Sets s->refuted. */
void sb_search_sample(sb_search *s);
/* The same on s->face, where a leaf has failed, by a short descent; notes points at which the goal is 0. */
void sb_search_probe(sb_search *s);
/* Whether the goal is certainly false at a rational point: for an equation, 0 is outside its enclosure. Then
 * s->refuted. */
int sb_search_refute_at(sb_search *s, const sb_rational_point *point);
/* An equation: looks for a point where it fails. *tried: how many points were looked at. */
void sb_search_counterexample(sb_search *s, size_t *tried);

/* Where the branches of max, min and abs cross at a rational: fills s->kink. */
void sb_search_kinks(sb_search *s);
/* Chooses the variable and place of the next cut of s->box, strictly inside. 0 when s->face is a single
 * point. */
int sb_search_cut(sb_search *s, int *variable, fmpq_t at);

/* result := the simplest rational in [centre - radius, centre + radius] that lies in [low, high] (an end if
 * none). */
void sb_simplest_near(fmpq_t result, double centre, double radius, const fmpq_t low, const fmpq_t high);

static inline int sb_is_free(const sb_box *box, size_t variable) {
    return !fmpq_equal(box->low[variable], box->high[variable]);
}

#endif
