/* Iterative refinement with integers. Let X/2^s approximate the solution of B x = b. The residual R = 2^s b -
   B X is computed exactly; z = B^{-1} R, from the floating-point factorisation, is right to some digits, and
   2^STEP X + round(2^STEP z) approximates 2^(s+STEP) x with an error that stays a few units as long as the
   factorisation is good to STEP bits. When s is large enough, every x_i is the simplest fraction near
   X_i/2^s, for two fractions with denominators below 2^(s/2) differ by more than 2^-s. Whether s was large
   enough, and all else that floating point may have spoilt, is settled by putting the fractions into the
   equations. */
#include "bounds/extremal_basis.h"

#include <math.h>
#include <stdlib.h>

enum {
    STEP = 24,        /* bits gained in a step */
    SLACK = 12,       /* bits by which X_i may be wrong */
    FIRST_TRIAL = 72, /* bits at which fractions are tried first; then at twice as many, and so on */
    LAST_TRIAL = 4608
};

typedef struct {
    const sb_basis_matrix *matrix;
    const fmpz *right;
    int transposed;
    fmpz *residual;
    double *correction; /* order + 1, from 1 */
} refinement;

/* residual := scale right - B x */
static void find_residual(refinement *r, const fmpz *x, const fmpz_t scale) {
    const sb_basis_matrix *matrix = r->matrix;
    const size_t *to = r->transposed ? matrix->position : matrix->row;
    const size_t *from = r->transposed ? matrix->row : matrix->position;
    for (size_t i = 0; i < matrix->order; i++) fmpz_mul(r->residual + i, r->right + i, scale);
    fmpz_t
        factor; /* not fmpz_submul_si: in FLINT 2.9 it may leave a small number in the form of a large one */
    fmpz_init(factor);
    for (size_t k = 0; k < matrix->count; k++) {
        fmpz_set_si(factor, matrix->value[k]);
        fmpz_submul(r->residual + to[k], x + from[k], factor);
    }
    fmpz_clear(factor);
}

/* x := 2^STEP x + round(2^STEP B^{-1} residual). 0: the numbers are out of bounds. */
static int improve(refinement *r, fmpz *x) {
    size_t order = r->matrix->order;
    for (size_t i = 0; i < order; i++) r->correction[i + 1] = fmpz_get_d(r->residual + i);
    if (r->transposed)
        glp_btran(r->matrix->program, r->correction);
    else
        glp_ftran(r->matrix->program, r->correction);
    int finite = 1;
    fmpz_t step;
    fmpz_init(step);
    for (size_t i = 0; i < order && finite; i++) {
        double z = rint(ldexp(r->correction[i + 1], STEP));
        finite = isfinite(z);
        if (finite) fmpz_set_d(step, z);
        fmpz_mul_2exp(x + i, x + i, STEP);
        fmpz_add(x + i, x + i, step);
    }
    fmpz_clear(step);
    return finite;
}

/* value := the simplest fraction within 2^(SLACK - bits) of x/2^bits */
static void nearby_fraction(fmpq_t value, const fmpz_t x, slong bits) {
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    fmpz_set_ui(fmpq_numref(high), 1);
    fmpz_mul_2exp(fmpq_numref(high), fmpq_numref(high), SLACK);
    fmpz_sub(fmpq_numref(low), x, fmpq_numref(high));
    fmpz_add(fmpq_numref(high), x, fmpq_numref(high));
    fmpq_div_2exp(low, low, (flint_bitcnt_t)bits);
    fmpq_div_2exp(high, high, (flint_bitcnt_t)bits);
    fmpq_simplest_between(value, low, high);
    fmpq_clear(low);
    fmpq_clear(high);
}

/* Fractions near x/2^bits over their common denominator; 0 when that is longer than any true one may be. */
static int guess(fmpz *numerator, fmpz_t denominator, const fmpz *x, size_t order, slong bits) {
    int plausible = 1;
    fmpq *value = _fmpq_vec_init((slong)order);
    fmpz_one(denominator);
    for (size_t i = 0; i < order && plausible; i++) {
        nearby_fraction(value + i, x + i, bits);
        fmpz_lcm(denominator, denominator, fmpq_denref(value + i));
        plausible = fmpz_bits(denominator) < (flint_bitcnt_t)bits;
    }
    for (size_t i = 0; i < order && plausible; i++) {
        fmpz_divexact(numerator + i, denominator, fmpq_denref(value + i));
        fmpz_mul(numerator + i, numerator + i, fmpq_numref(value + i));
    }
    _fmpq_vec_clear(value, (slong)order);
    return plausible;
}

static int solves(refinement *r, const fmpz *numerator, const fmpz_t denominator) {
    find_residual(r, numerator, denominator);
    for (size_t i = 0; i < r->matrix->order; i++)
        if (!fmpz_is_zero(r->residual + i)) return 0;
    return 1;
}

static int refine(refinement *r, fmpz *numerator, fmpz_t denominator, fmpz *x) {
    slong bits = 0, trial = FIRST_TRIAL;
    fmpz_t scale;
    fmpz_init(scale);
    int found = 0;
    while (!found && bits < LAST_TRIAL) {
        fmpz_one(scale);
        fmpz_mul_2exp(scale, scale, (flint_bitcnt_t)bits);
        find_residual(r, x, scale);
        if (!improve(r, x)) break;
        bits += STEP;
        if (bits < trial) continue;
        trial *= 2;
        found = guess(numerator, denominator, x, r->matrix->order, bits) && solves(r, numerator, denominator);
    }
    fmpz_clear(scale);
    return found;
}

sb_status sb_basis_solve(fmpz *numerator, fmpz_t denominator, const sb_basis_matrix *matrix,
                         const fmpz *right, int transposed, sb_error *error) {
    slong order = (slong)matrix->order;
    refinement r = {matrix, right, transposed, _fmpz_vec_init(order), NULL};
    fmpz *x = _fmpz_vec_init(order);
    r.correction = calloc(matrix->order + 1, sizeof *r.correction);
    sb_status status = SB_OK;
    if (!r.correction)
        status = sb_fail_memory(error);
    else if (!refine(&r, numerator, denominator, x))
        status = sb_fail(error, SB_UNDECIDED, "no exact solution of the linear program within %d bits",
                         LAST_TRIAL);
    free(r.correction);
    _fmpz_vec_clear(x, order);
    _fmpz_vec_clear(r.residual, order);
    return status;
}
