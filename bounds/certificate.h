/* Proof trees in memory, and the texts of certificates (docs/certificates.md). */
#ifndef SB_BOUNDS_CERTIFICATE_H
#define SB_BOUNDS_CERTIFICATE_H

#include "bounds/goal.h"

/* One link of a leaf's chain. */
typedef enum { SB_STEP_UP, SB_STEP_DOWN, SB_STEP_CONCAVE } sb_tactic;

typedef struct {
    unsigned char tactic, variable; /* an sb_tactic */
} sb_step;

enum { SB_LONGEST_CHAIN = SB_GOAL_VARIABLES + 1 };

/* A node is open (to be proved), a leaf, or cut in two; the children of a cut are neighbours, the lower part
   first. Nodes are numbered in the order of their making, 0 the root. */
typedef struct {
    int parent, child; /* -1: none */
    int variable;      /* of the cut */
    unsigned depth;
    fmpq_t at; /* where the cut is */
    unsigned char proved, step_count;
    sb_step step[SB_LONGEST_CHAIN];
} sb_proof_node;

typedef struct {
    sb_proof_node *node;
    int count, capacity;
} sb_proof_tree;

sb_status sb_proof_tree_init(sb_proof_tree *tree, sb_error *error); /* an open root */
void sb_proof_tree_clear(sb_proof_tree *tree);
sb_status sb_proof_tree_cut(sb_proof_tree *tree, int node, int variable, const fmpq_t at, sb_error *error);
void sb_proof_tree_close(sb_proof_tree *tree, int node, const sb_step *step, int step_count);

/* malloc'd certificates: a finished tree, a refuting point (one rational a variable), an identity. NULL when
 * memory is short. */
char *sb_certificate_tree(const sb_goal *goal, const sb_proof_tree *tree);
char *sb_certificate_point(const sb_goal *goal, const fmpq *point);
char *sb_certificate_identity(const sb_goal *goal);

#endif
