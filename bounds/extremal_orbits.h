/* Lattice points up to the symmetries of the cube, and how often a shift leads from one orbit to another: the
   reduction behind bounds/extremal.h (docs/theory/full-shift.md). A point of the orbit of x is x with its
   coordinates permuted and their signs changed; the orbit is named by |x_i| in falling order. */
#ifndef SB_BOUNDS_EXTREMAL_ORBITS_H
#define SB_BOUNDS_EXTREMAL_ORBITS_H

#include "support/status.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SB_EXTREMAL_DIMENSION = 12, /* limit on d: the orbits have at most 2^d d! points, below 2^41 */
    SB_EXTREMAL_PARITY = 0      /* as `grid`: integers that are all even or all odd */
};

typedef struct {
    unsigned dimension;     /* 1 to SB_EXTREMAL_DIMENSION */
    unsigned grid;          /* SB_EXTREMAL_PARITY, else every point of Z^d belongs to the lattice */
    uint64_t square_radius; /* the orbits with |x|_2^2 <= square_radius */
    size_t count;           /* orbits, by |x|_2^2, then in lexicographic order */
    int *point;             /* count x dimension */
    uint64_t *size;         /* points of each orbit */
    uint64_t *square;       /* |x|_2^2 */
} sb_orbits;

void sb_orbits_init(sb_orbits *orbits); /* none */
void sb_orbits_clear(sb_orbits *orbits);

/* Fills orbits from their dimension, grid and square_radius. SB_OUTSIDE when there are more than `most`. */
sb_status sb_orbits_list(sb_orbits *orbits, size_t most, sb_error *error);

/* The number of the orbit of |point_i|, where point may have any order and signs; count: not in the list. */
size_t sb_orbits_find(const sb_orbits *orbits, const int *point);

/* The shift by (step, ..., step) leads from `pairs` points y - (step, ..., step) of orbit `outer` to points y
   of orbit `inner`, and as often back. outer > inner; outer == count stands for all orbits not listed. */
typedef struct {
    size_t inner, outer;
    uint64_t pairs;
} sb_orbit_edge;

typedef struct {
    sb_orbit_edge *edge; /* in the order of inner, then outer */
    size_t count, capacity;
} sb_orbit_edges;

/* Appends the edges of all listed orbits. SB_OUTSIDE when there are more than `most`. */
sb_status sb_orbits_edges(sb_orbit_edges *edges, const sb_orbits *orbits, int step, size_t most,
                          sb_error *error);

#endif
