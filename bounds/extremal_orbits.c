/* An orbit with m_i coordinates of absolute value v_i (sum m_i = d) has 2^(nonzero coordinates) d!/prod m_i!
   points. Those with j_i coordinates +v_i and m_i - j_i coordinates -v_i number d!/prod j_i! (m_i - j_i)!;
   the shift by -(t, ..., t) brings all of them to the orbit of j_i times |v_i - t| and m_i - j_i times v_i +
   t. So the walk over all (j_i) counts the pairs (y, y - t). The reflection y -> t - y swaps the two points
   of a pair: from orbit a to orbit b there are as many as from b to a, and it is enough to count those with a
   < b.
   */
#include "bounds/extremal_orbits.h"

#include <stdlib.h>
#include <string.h>

void sb_orbits_init(sb_orbits *orbits) {
    memset(orbits, 0, sizeof *orbits);
}

void sb_orbits_clear(sb_orbits *orbits) {
    free(orbits->point);
    free(orbits->size);
    free(orbits->square);
    sb_orbits_init(orbits);
}

/* ------------------------------------------------------------------ the list */
/* An orbit while the list grows. */
typedef struct {
    uint64_t square;
    int point[SB_EXTREMAL_DIMENSION];
} entry;

typedef struct {
    entry *entry;
    size_t count, capacity, most;
    unsigned dimension;
    int step; /* between values of one coordinate */
    sb_error *error;
} growing_list;

static sb_status append(growing_list *list, const entry *next) {
    if (list->count == list->most)
        return sb_fail(list->error, SB_OUTSIDE, "over %zu orbits of lattice points: too large a problem",
                       list->most);
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        entry *grown = realloc(list->entry, capacity * sizeof *grown);
        if (!grown) return sb_fail_memory(list->error);
        list->entry = grown;
        list->capacity = capacity;
    }
    list->entry[list->count++] = *next;
    return SB_OK;
}

/* Appends all completions of the first `set` coordinates whose squares sum to at most square + left. */
static sb_status extend(growing_list *list, entry *current, unsigned set, int lowest, uint64_t left) {
    if (set == list->dimension) return append(list, current);
    sb_status status = SB_OK;
    for (int x = lowest; !status && (uint64_t)x * (uint64_t)x <= left; x += list->step) {
        if (set > 0 && x > current->point[set - 1]) break;
        uint64_t square = (uint64_t)x * (uint64_t)x;
        current->point[set] = x;
        current->square += square;
        status = extend(list, current, set + 1, lowest, left - square);
        current->square -= square;
    }
    return status;
}

static int compare_points(const int *a, const int *b, unsigned dimension) {
    for (unsigned i = 0; i < dimension; i++)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}

static int compare_entries(const void *a, const void *b) {
    const entry *x = a, *y = b;
    if (x->square != y->square) return x->square < y->square ? -1 : 1;
    return compare_points(x->point, y->point, SB_EXTREMAL_DIMENSION);
}

static uint64_t factorial(unsigned n) {
    return n < 2 ? 1 : n * factorial(n - 1);
}

/* The length of the run of equal values that starts at point[i]. */
static unsigned run_length(const int *point, unsigned i, unsigned dimension) {
    unsigned length = 1;
    while (i + length < dimension && point[i + length] == point[i]) length++;
    return length;
}

static uint64_t orbit_size(const int *point, unsigned dimension) {
    uint64_t size = factorial(dimension);
    for (unsigned i = 0; i < dimension;) {
        unsigned length = run_length(point, i, dimension);
        size /= factorial(length);
        if (point[i]) size <<= length;
        i += length;
    }
    return size;
}

/* Moves the entries into the arrays. */
static sb_status store(sb_orbits *orbits, const growing_list *list, sb_error *error) {
    size_t d = orbits->dimension;
    orbits->point = malloc(list->count * d * sizeof *orbits->point);
    orbits->size = malloc(list->count * sizeof *orbits->size);
    orbits->square = malloc(list->count * sizeof *orbits->square);
    if (!orbits->point || !orbits->size || !orbits->square) return sb_fail_memory(error);
    for (size_t i = 0; i < list->count; i++) {
        memcpy(orbits->point + i * d, list->entry[i].point, d * sizeof *orbits->point);
        orbits->size[i] = orbit_size(list->entry[i].point, orbits->dimension);
        orbits->square[i] = list->entry[i].square;
    }
    orbits->count = list->count;
    return SB_OK;
}

sb_status sb_orbits_list(sb_orbits *orbits, size_t most, sb_error *error) {
    int parity = orbits->grid == SB_EXTREMAL_PARITY;
    growing_list list = {NULL, 0, 0, most, orbits->dimension, parity ? 2 : 1, error};
    entry start;
    memset(&start, 0, sizeof start);
    sb_status status = extend(&list, &start, 0, 0, orbits->square_radius);
    if (!status && parity) status = extend(&list, &start, 0, 1, orbits->square_radius);
    if (!status) {
        qsort(list.entry, list.count, sizeof *list.entry, compare_entries);
        status = store(orbits, &list, error);
    }
    free(list.entry);
    return status;
}

static int compare_falling(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return (x < y) - (x > y);
}

size_t sb_orbits_find(const sb_orbits *orbits, const int *point) {
    int name[SB_EXTREMAL_DIMENSION];
    uint64_t square = 0;
    unsigned d = orbits->dimension;
    for (unsigned i = 0; i < d; i++) {
        name[i] = abs(point[i]);
        square += (uint64_t)name[i] * (uint64_t)name[i];
    }
    qsort(name, d, sizeof *name, compare_falling);
    for (size_t low = 0, high = orbits->count; low < high;) {
        size_t middle = low + (high - low) / 2;
        const int *other = orbits->point + middle * d;
        int order = square != orbits->square[middle] ? (square < orbits->square[middle] ? -1 : 1)
                                                     : compare_points(name, other, d);
        if (!order) return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return orbits->count;
}

/* ------------------------------------------------------------------ the edges */
typedef struct {
    const sb_orbits *orbits;
    sb_orbit_edges *edges;
    int step;
    size_t inner, most;
    sb_error *error;
} edge_walk;

static sb_status add_edge(edge_walk *walk, size_t outer, uint64_t pairs) {
    sb_orbit_edges *edges = walk->edges;
    if (outer <= walk->inner) return SB_OK;
    if (edges->count == walk->most)
        return sb_fail(walk->error, SB_OUTSIDE, "over %zu pairs of orbits: too large a problem", walk->most);
    if (edges->count == edges->capacity) {
        size_t capacity = edges->capacity ? 2 * edges->capacity : 256;
        sb_orbit_edge *grown = realloc(edges->edge, capacity * sizeof *grown);
        if (!grown) return sb_fail_memory(walk->error);
        edges->edge = grown;
        edges->capacity = capacity;
    }
    edges->edge[edges->count++] = (sb_orbit_edge){walk->inner, outer, pairs};
    return SB_OK;
}

/* Chooses the signs of the coordinates from `set` on; `ways` is d!/prod j! (m-j)! so far. */
static sb_status choose_signs(edge_walk *walk, int *shifted, unsigned set, uint64_t ways) {
    unsigned d = walk->orbits->dimension;
    if (set == d) return add_edge(walk, sb_orbits_find(walk->orbits, shifted), ways);
    const int *point = walk->orbits->point + walk->inner * d;
    unsigned length = run_length(point, set, d);
    sb_status status = SB_OK;
    for (unsigned plus = point[set] ? 0 : length; plus <= length && !status; plus++) {
        for (unsigned i = 0; i < length; i++)
            shifted[set + i] = (i < plus ? point[set] : -point[set]) - walk->step;
        status = choose_signs(walk, shifted, set + length, ways / factorial(plus) / factorial(length - plus));
    }
    return status;
}

static int compare_outer(const void *a, const void *b) {
    const sb_orbit_edge *x = a, *y = b;
    return (x->outer > y->outer) - (x->outer < y->outer);
}

/* Adds up what leads to the same orbit, in edges from `first` on. */
static void merge(sb_orbit_edges *edges, size_t first) {
    if (first == edges->count) return;
    qsort(edges->edge + first, edges->count - first, sizeof *edges->edge, compare_outer);
    size_t last = first;
    for (size_t i = first + 1; i < edges->count; i++) {
        if (edges->edge[i].outer == edges->edge[last].outer)
            edges->edge[last].pairs += edges->edge[i].pairs;
        else
            edges->edge[++last] = edges->edge[i];
    }
    edges->count = last + 1;
}

sb_status sb_orbits_edges(sb_orbit_edges *edges, const sb_orbits *orbits, int step, size_t most,
                          sb_error *error) {
    edge_walk walk = {orbits, edges, step, 0, most, error};
    int shifted[SB_EXTREMAL_DIMENSION];
    sb_status status = SB_OK;
    for (; walk.inner < orbits->count && !status; walk.inner++) {
        size_t first = edges->count;
        status = choose_signs(&walk, shifted, 0, factorial(orbits->dimension));
        if (!status) merge(edges, first);
    }
    return status;
}
