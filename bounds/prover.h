/* Proves or refutes a goal and writes a certificate that sbcheck accepts (docs/certificates.md). The prover
   may be clever and wrong; nothing counts as proved before the checker, which shares no code with it, has
   accepted the certificate. */
#ifndef SB_BOUNDS_PROVER_H
#define SB_BOUNDS_PROVER_H

#include "bounds/goal.h"
#include "bounds/verdict.h"

enum { SB_PROVER_BOXES = 200000, SB_PROVER_DEPTH = 200 }; /* the default limits */

typedef struct {
    size_t boxes;   /* give up after so many boxes; 0: SB_PROVER_BOXES */
    unsigned depth; /* cuts on one path; 0: SB_PROVER_DEPTH */
    int (*proceed)(void *context, size_t boxes_done,
                   double fraction_proved); /* may be NULL; return 0 to stop (SB_INTERRUPTED) */
    void *context;
} sb_prover_limits;

/* What kept a goal from being settled. */
typedef enum {
    SB_NO_OBSTACLE,
    SB_OBSTACLE_BOXES,   /* the limit of boxes */
    SB_OBSTACLE_DEPTH,   /* the limit of depth */
    SB_OBSTACLE_POINT,   /* the sign at a single point, perhaps 0, could not be told */
    SB_OBSTACLE_DOMAIN,  /* somewhere in the range the goal has no value */
    SB_OBSTACLE_EQUATION /* an equation that holds where it was sampled and is no identity of rational
                            functions */
} sb_obstacle;

typedef struct {
    sb_verdict verdict; /* SB_PROVED, SB_REFUTED or SB_UNSETTLED */
    char *certificate;  /* malloc'd text; NULL when unsettled */
    char *point;        /* refuted: "delta = 17/72" */
    char *value;        /* refuted: an enclosure of the goal's left side there, "[-0.0014, -0.0013]" */
    char *residual;     /* unsettled: the box that resists and why, one line */
    sb_obstacle obstacle;
    size_t boxes, leaves;
    unsigned depth;
} sb_proof;

void sb_proof_init(sb_proof *proof);
void sb_proof_clear(sb_proof *proof);

/* limits may be NULL. SB_OK also for an unsettled goal. */
sb_status sb_prove(const sb_goal *goal, const sb_prover_limits *limits, sb_proof *proof, sb_error *error);

/* Runs sbcheck (beside the running program) on a certificate file. claims: directory that holds the claim, or
   NULL for a free inequality. *verdict := SB_PROVED or SB_REFUTED as the checker says; *line := its line
   (malloc'd). SB_INTERNAL with the checker's message when it rejects. */
sb_status sb_check_certificate(const char *path, const char *claims, sb_verdict *verdict, char **line,
                               sb_error *error);

#endif
