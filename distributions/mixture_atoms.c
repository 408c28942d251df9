/* The atoms of a mixture are the points of its lattices. With rational spacings they all lie on one grid g Z,
   and atoms of different lattices coincide exactly when their numbers there do. The mass of an atom depends
   only on its kind: which of the lattices it belongs to. So the sum over the atoms x for which x - v is an
   atom too, one of the mixture under x and one of its translate, is a sum over pairs of kinds. */
#include "distributions/mixture_affinity.h"

#include <stdlib.h>
#include <string.h>

enum { LATTICES = 16, ATOMS = 1 << 17 };

typedef struct {
    int64_t place; /* number on the grid */
    uint32_t kind; /* bit i: a point of lattice i */
} atom;

typedef struct {
    fmpq_t step; /* g */
    int count;
    const sb_noise_spec *lattice[LATTICES];
    const fmpq *weight[LATTICES];
    int64_t points[LATTICES], stride[LATTICES]; /* the points are stride (2i - points + 1), i < points */
} grid;

static int is_lattice(const sb_noise_spec *spec) {
    return (spec->family->product->traits(spec) & SB_HAS_ATOMS) != 0;
}

/* Finds the lattices and their common grid; SB_BAD_INPUT where it is not as above. */
static sb_status grid_fill(grid *g, const sb_noise_spec *mixture, sb_error *error) {
    int64_t total = 0;
    fmpq_t half;
    sb_status status = SB_OK;
    fmpq_init(half);
    for (size_t i = 0; i < mixture->component_count && !status; i++) {
        const sb_noise_spec *part = &mixture->component[i];
        if (!is_lattice(part)) continue;
        if (part->scale_given != 1)
            status = sb_fail(error, SB_BAD_INPUT,
                             "mixture: a lattice in a mixture needs spacing=VALUE, not sigma");
        else if (g->count == LATTICES)
            status = sb_fail(error, SB_BAD_INPUT, "mixture: more than %d lattices", LATTICES);
        if (status) break;
        g->lattice[g->count] = part;
        g->weight[g->count] = &mixture->weight[i];
        total += g->points[g->count++] = fmpz_get_si(fmpq_numref(part->value[0]));
        fmpq_div_2exp(half, part->value[1], 1);
        fmpq_gcd(g->step, g->step, half);
    }
    if (!status && total > ATOMS)
        status = sb_fail(error, SB_BAD_INPUT, "mixture: lattices of %lld points, more than %d",
                         (long long)total, ATOMS);
    for (int i = 0; i < g->count && !status; i++) {
        fmpq_div_2exp(half, g->lattice[i]->value[1], 1);
        fmpq_div(half, half, g->step);
        if (fmpz_cmp_si(fmpq_numref(half), (slong)1 << 40) > 0)
            status = sb_fail(error, SB_BAD_INPUT,
                             "mixture: the spacings of the lattices have no common grid of "
                             "moderate size");
        else
            g->stride[i] = fmpz_get_si(fmpq_numref(half));
    }
    fmpq_clear(half);
    return status;
}

sb_status sb_mixture_atoms_check(const sb_noise_spec *mixture, sb_error *error) {
    grid g = {.count = 0};
    fmpq_init(g.step);
    sb_status status = grid_fill(&g, mixture, error);
    fmpq_clear(g.step);
    return status;
}

static int by_place(const void *a, const void *b) {
    int64_t x = ((const atom *)a)->place, y = ((const atom *)b)->place;
    return (x > y) - (x < y);
}

/* malloc'd atoms in increasing order, all places different; NULL when memory is short. */
static atom *list_atoms(size_t *count, const grid *g) {
    size_t total = 0, n = 0;
    for (int k = 0; k < g->count; k++) total += (size_t)g->points[k];
    atom *list = malloc(total * sizeof *list);
    if (!list) return NULL;
    for (int k = 0; k < g->count; k++)
        for (int64_t i = 0; i < g->points[k]; i++)
            list[n++] = (atom){g->stride[k] * (2 * i - g->points[k] + 1), (uint32_t)1 << k};
    qsort(list, total, sizeof *list, by_place);
    n = 0;
    for (size_t i = 0; i < total; i++) {
        if (n && list[n - 1].place == list[i].place)
            list[n - 1].kind |= list[i].kind;
        else
            list[n++] = list[i];
    }
    *count = n;
    return list;
}

/* mass := sum of w/points over the lattices of this kind */
static void mass_of(fmpq_t mass, const grid *g, uint32_t kind) {
    fmpq_t term;
    fmpz_t points;
    fmpq_init(term);
    fmpz_init(points);
    fmpq_zero(mass);
    for (int i = 0; i < g->count; i++) {
        if (!(kind >> i & 1)) continue;
        fmpz_set_si(points, g->points[i]);
        fmpq_div_fmpz(term, g->weight[i], points);
        fmpq_add(mass, mass, term);
    }
    fmpq_clear(term);
    fmpz_clear(points);
}

/* sum += `times` the term of an atom of mass p on one of mass q */
static void add_term(arb_t sum, uint64_t times, const fmpq_t p, const fmpq_t q, sb_mixture_integral kind,
                     const arb_t t, slong precision) {
    arb_t root, other, loss;
    arb_init(root);
    arb_init(other);
    arb_init(loss);
    int order = fmpq_cmp(p, q);
    arb_set_fmpq(root, order < 0 ? p : q, precision);
    if (order && kind != SB_MIXTURE_OVERLAP) {
        arb_set_fmpq(root, p, precision);
        arb_set_fmpq(other, q, precision);
        arb_div(loss, root, other, precision);
        arb_log(loss, loss, precision);
        arb_mul(loss, loss, t, precision);
        if (kind == SB_MIXTURE_REAL)
            arb_cos(loss, loss, precision);
        else
            arb_cosh(loss, loss, precision);
        arb_mul(root, root, other, precision);
        arb_sqrt(root, root, precision);
        arb_mul(root, root, loss, precision);
    }
    arb_addmul_ui(sum, root, times, precision);
    arb_clear(root);
    arb_clear(other);
    arb_clear(loss);
}

static int by_number(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* sum := over the atoms that lie `apart` right of an atom. 0 when memory is short. */
static int add_coincidences(arb_t sum, const grid *g, int64_t apart, sb_mixture_integral kind, const arb_t t,
                            slong precision) {
    size_t count = 0, pairs = 0;
    atom *list = list_atoms(&count, g);
    uint32_t *pair = list ? malloc(count * sizeof *pair) : NULL;
    for (size_t i = 0, j = 0; pair && i < count; i++) {
        while (list[j].place < list[i].place - apart) j++; /* ends at i at the latest: apart >= 0 */
        if (list[j].place == list[i].place - apart) pair[pairs++] = list[i].kind << LATTICES | list[j].kind;
    }
    if (pair) {
        fmpq_t p, q;
        fmpq_init(p);
        fmpq_init(q);
        qsort(pair, pairs, sizeof *pair, by_number);
        for (size_t i = 0, next; i < pairs; i = next) {
            for (next = i; next < pairs && pair[next] == pair[i];) next++;
            mass_of(p, g, pair[i] >> LATTICES);
            mass_of(q, g, pair[i] & (((uint32_t)1 << LATTICES) - 1));
            add_term(sum, next - i, p, q, kind, t, precision);
        }
        fmpq_clear(p);
        fmpq_clear(q);
    }
    int fine = pair != NULL;
    free(list);
    free(pair);
    return fine;
}

/* Whether the shift is `number` steps: 1 yes, 0 no, -1 not known. */
static int is_multiple(const arb_t shift, const grid *g, const fmpz_t number) {
    if (!arb_is_exact(shift) || arf_cmpabs_2exp_si(arb_midref(shift), 1 << 21) > 0 ||
        arf_cmpabs_2exp_si(arb_midref(shift), -(1 << 21)) < 0)
        return -1;
    fmpq_t v, multiple;
    fmpq_init(v);
    fmpq_init(multiple);
    arf_get_fmpq(v, arb_midref(shift));
    fmpq_mul_fmpz(multiple, g->step, number);
    int same = fmpq_equal(v, multiple);
    fmpq_clear(v);
    fmpq_clear(multiple);
    return same;
}

void sb_mixture_atoms(arb_t value, const sb_noise_spec *mixture, sb_mixture_integral kind, const arb_t t,
                      const arb_t shift, slong precision) {
    grid g = {.count = 0};
    arb_t steps, zero;
    fmpz_t number;
    fmpq_init(g.step);
    arb_init(steps);
    arb_init(zero);
    fmpz_init(number);
    arb_indeterminate(value);
    if (!grid_fill(&g, mixture, NULL)) {
        arb_set_fmpq(steps, g.step, precision);
        arb_div(steps, shift, steps, precision);
        if (!arb_contains_int(steps)) {
            arb_zero(value);
        } else if (arb_get_unique_fmpz(number, steps)) {
            int multiple = is_multiple(shift, &g, number), fine = 1;
            arb_zero(value);
            if (multiple && fmpz_sgn(number) >= 0 && fmpz_cmp_si(number, (slong)1 << 62) < 0)
                fine = add_coincidences(value, &g, fmpz_get_si(number), kind, t, precision);
            if (multiple < 0) arb_union(value, value, zero, precision);
            if (!fine) arb_indeterminate(value);
        }
    }
    fmpq_clear(g.step);
    arb_clear(steps);
    arb_clear(zero);
    fmpz_clear(number);
}
