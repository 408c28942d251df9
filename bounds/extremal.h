/* The least noise on a lattice, by linear programming, with certificates on both sides (docs/theory/
   full-shift.md). For a dimension d and the lattice of the multiples of eps/grid in every coordinate, the
   least E||eta||_2^2 over all laws D on it with
     TV(D, D + v) <= delta   for all v in {-eps, eps}^d          (or, with every_shift and d = 1,
     TV(D, D + v) <= delta   for all multiples v of 2 eps/grid from -eps to eps).
   These v have |v|_inf = eps. The unit of length is eps: results are to be multiplied by eps^2. */
#ifndef SB_BOUNDS_EXTREMAL_H
#define SB_BOUNDS_EXTREMAL_H

#include "bounds/extremal_dual.h"
#include "bounds/extremal_orbits.h"

typedef struct {
    unsigned dimension; /* 1 to SB_EXTREMAL_DIMENSION */
    unsigned grid;   /* 1 to SB_EXTREMAL_GRID, even with every_shift; or SB_EXTREMAL_PARITY: the multiples of
                        eps   that are all even or all odd, the points that the shifts reach from 0 */
    int every_shift; /* d = 1 only */
    fmpq_t delta;    /* 0 < delta <= 1 */
    fmpq_t radius;   /* look at laws within the ball ||x||_2 <= radius eps only; 0: choose it, large enough
                        for the lattice as a whole */
} sb_extremal_problem;

enum {
    SB_EXTREMAL_GRID = 1000,
    SB_EXTREMAL_ORBITS = 50000, /* limits on the linear program */
    SB_EXTREMAL_EDGES = 600000
};

void sb_extremal_problem_init(sb_extremal_problem *problem); /* d = 1, grid = 2, delta = 1/2 */
void sb_extremal_problem_clear(sb_extremal_problem *problem);

/* An extremal law, and the proof that there is no better one. `lo` is proved for every law on the infinite
   lattice by `dual`, and `hi` is E||eta||_2^2 of the law below, whose total variation was computed; both
   exactly. As a rule they are equal. */
typedef struct {
    fmpq_t lo, hi;
    unsigned dimension, unit; /* points are integer multiples of eps/unit */
    size_t count;             /* of orbits of the law with positive mass, by length */
    int *point;               /* count x dimension: |coordinates| in falling order */
    uint64_t *size;           /* points of the orbit: those with coordinates permuted and signs changed */
    fmpq *mass;               /* of each point */
    sb_extremal_dual dual;    /* in units of eps/unit */
} sb_extremal;

void sb_extremal_init(sb_extremal *extremal); /* no law */
void sb_extremal_clear(sb_extremal *extremal);

/* Solves the problem; `proceed` (may be NULL) is called with `context` now and then, and stops the search by
   returning 0. SB_OUTSIDE for a problem that is too large, or a radius in which no law keeps the promise;
   SB_UNDECIDED when GLPK or the exact solution of its last basis fail. */
sb_status sb_extremal_find(sb_extremal *extremal, const sb_extremal_problem *problem,
                           int (*proceed)(void *context), void *context, sb_error *error);

/* Chooses the grid: one on which the optimum for all laws is attained for d <= 2 (2 and 1), 16 with
   every_shift, and otherwise the finest of 8, 4, 2, 1 for which the program is solved in seconds, or else
   SB_EXTREMAL_PARITY. The grid that is set must be fine already. */
sb_status sb_extremal_choose_grid(sb_extremal_problem *problem, sb_error *error);

/* What the optimum of a lattice says beyond the lattice, in units of eps^2.
   every_law: a lower bound for every law on R^d that has TV(D, D + v) <= delta for the v of the problem:
   lo - d/(4 grid^2), with every_shift lo - 1/(2 grid^2); at least 0. Returns 0 for SB_EXTREMAL_PARITY, which
   says nothing about other laws.
   every_length (every_shift only): E eta^2 = hi + 1/(3 grid^2) of the law that spreads each mass evenly over
   a cell of length 2 eps/grid around its point, and has TV(D, D + v) <= delta for all |v| <= eps. Returns 0
   otherwise. */
int sb_extremal_every_law(fmpq_t value, const sb_extremal *extremal, const sb_extremal_problem *problem);
int sb_extremal_every_length(fmpq_t value, const sb_extremal *extremal, const sb_extremal_problem *problem);

#endif
