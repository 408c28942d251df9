/* The linear program behind bounds/extremal.h, and its exact optimum. Lengths are in steps of the lattice. */
#ifndef SB_BOUNDS_EXTREMAL_PROGRAM_H
#define SB_BOUNDS_EXTREMAL_PROGRAM_H

#include "bounds/extremal_orbits.h"
#include "support/arb_compat.h"

typedef struct {
    const sb_orbits *orbits;
    const sb_orbit_edges *edges; /* one for each shift */
    size_t shift_count;
    const fmpq *delta;
    int (*proceed)(
        void *context); /* called several times a second; 0 stops with SB_INTERRUPTED; may be NULL */
    void *context;
} sb_extremal_program;

/* Solutions of the two systems that belong to the last basis, in exact rationals; whether they are optimal is
   for others to check. */
typedef struct {
    size_t orbit_count, shift_count, edge_count;
    int feasible; /* 0: no law on these orbits has TV <= delta; the rest is then without meaning */
    fmpq *mass;   /* of each point of an orbit */
    fmpq_t level; /* multiplier of "the masses sum to 1" */
    fmpq *price;  /* of "TV <= delta", for each shift */
    fmpq *relief; /* of "s >= mass(outer) - mass(inner)", for each edge of each shift in turn; 0 where outer
                     is not listed */
} sb_extremal_solution;

void sb_extremal_solution_init(sb_extremal_solution *solution); /* empty */
void sb_extremal_solution_clear(sb_extremal_solution *solution);

/* Solves the program. GLPK runs in a thread of its own, where it has an environment of its own: nothing that
   the caller does with GLPK is touched. SB_UNDECIDED when floating point does not find an optimal basis or
   when its exact solution is too long. */
sb_status sb_extremal_solve(sb_extremal_solution *solution, const sb_extremal_program *program,
                            sb_error *error);

#endif
