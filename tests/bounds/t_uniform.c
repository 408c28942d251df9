/* Uniform noise on the cube: Lemma B.4 against counting cells, Corollaries B.5 and B.6 as printed and
 * corrected, the smallest r. */
#include "bounds/uniform.h"
#include "tests/bounds/bounds_test.h"

#include <math.h>

/* Cubes of side 2r = n cells, shifted by whole cells in three dimensions: 1 - overlap/n^3 by counting. */
static void lemma_B_4_counts_cells(void) {
    fmpq_t variation, r, expected;
    fmpq *shift = flint_malloc(3 * sizeof *shift);
    fmpq_init(variation);
    fmpq_init(r);
    fmpq_init(expected);
    for (int j = 0; j < 3; j++) fmpq_init(shift + j);
    for (int n = 1; n <= 4; n++)
        for (int a = -5; a <= 5; a++)
            for (int b = 0; b <= 5; b++)
                for (int c = -1; c <= 1; c++) {
                    int overlap = 0;
                    for (int x = 0; x < n; x++)
                        for (int y = 0; y < n; y++)
                            for (int z = 0; z < n; z++)
                                overlap += x - a >= 0 && x - a < n && y - b >= 0 && y - b < n && z - c >= 0 &&
                                           z - c < n;
                    fmpq_set_si(r, n, 2);
                    fmpq_canonicalise(r);
                    fmpq_set_si(shift, a, 1);
                    fmpq_set_si(shift + 1, b, 1);
                    fmpq_set_si(shift + 2, c, 1);
                    sb_lemma_B_4(variation, shift, 3, r);
                    fmpq_set_si(expected, n * n * n - overlap, (ulong)(n * n * n));
                    fmpq_canonicalise(expected);
                    SB_CHECK(fmpq_equal(variation, expected), "n = %d, shift (%d, %d, %d)", n, a, b, c);
                }
    for (int j = 0; j < 3; j++) fmpq_clear(shift + j);
    flint_free(shift);
    fmpq_clear(variation);
    fmpq_clear(r);
    fmpq_clear(expected);
}

/* The corrected Corollary B.5 is Lemma B.4 at (eps, ..., eps); the printed form agrees except for even d and
 * eps > 2r. */
static void corollary_B_5(void) {
    uint64_t state = 51;
    enum { MOST = 40 };
    sb_uniform_shift shift;
    fmpq_t variation, half;
    arb_t ball, other;
    fmpq *v = flint_malloc(MOST * sizeof *v);
    sb_uniform_shift_init(&shift);
    fmpq_init(variation);
    fmpq_init(half);
    arb_init(ball);
    arb_init(other);
    for (int j = 0; j < MOST; j++) fmpq_init(v + j);
    for (int i = 0; i < 600; i++) {
        shift.dimension = 1 + sb_test_random(&state) % MOST;
        random_fraction(shift.length, &state, 8);
        fmpq_mul_ui(shift.length, shift.length, 1 + sb_test_random(&state) % 6);
        random_fraction(shift.r, &state, 8);
        if (i % 20 == 0) fmpq_mul_2exp(shift.length, shift.r, 1); /* eps = 2r */
        for (int j = 0; j < MOST; j++) fmpq_set(v + j, shift.length);
        sb_lemma_B_4(variation, v, shift.dimension, shift.r);
        sb_corollary_B_5(ball, &shift, 200);
        SB_CHECK(arb_contains_fmpq(ball, variation) && arb_rel_accuracy_bits(ball) > 150);
        fmpq_mul_2exp(half, shift.r, 1);
        int wrong = shift.dimension % 2 == 0 && fmpq_cmp(shift.length, half) > 0;
        sb_corollary_B_5_as_printed(other, &shift, 200);
        SB_CHECK(wrong ? arb_lt(other, ball) : arb_overlaps(other, ball));
        sb_corollary_B_5_lower(other, &shift, 200);
        SB_CHECK(arb_lt(other, ball) || arb_overlaps(other, ball));
        if (fmpq_cmp(shift.length, shift.r) <= 0) {
            sb_corollary_B_5_upper(other, &shift, 200);
            SB_CHECK(arb_gt(other, ball) || arb_overlaps(other, ball));
        }
    }
    for (int j = 0; j < MOST; j++) fmpq_clear(v + j);
    flint_free(v);
    sb_uniform_shift_clear(&shift);
    fmpq_clear(variation);
    fmpq_clear(half);
    arb_clear(ball);
    arb_clear(other);
}

static void printed_form_fails(void) {
    sb_uniform_shift shift;
    sb_uniform_shift_init(&shift);
    shift.dimension = 2;
    fmpq_set_si(shift.length, 3, 1);
    SB_CHECK(value_of(sb_corollary_B_5_as_printed, &shift) == 0.75 &&
             value_of(sb_corollary_B_5, &shift) == 1);
    fmpq_set_si(shift.length, 6, 1);
    SB_CHECK(fabs(value_of(sb_corollary_B_5_as_printed, &shift) + 3) < 1e-30 &&
             value_of(sb_corollary_B_5, &shift) == 1);
    shift.dimension = 3;
    SB_CHECK(value_of(sb_corollary_B_5_as_printed, &shift) == 1);
    fmpq_set_si(shift.length, 1,
                1); /* 4^(-1/2) = 1/2: B.5's upper bound is attained at eps = r in one dimension */
    shift.dimension = 1;
    SB_CHECK(fabs(value_of(sb_corollary_B_5_upper, &shift) - 0.5) < 1e-30 &&
             value_of(sb_corollary_B_5, &shift) == 0.5);
    SB_CHECK(fabs(value_of(sb_corollary_B_5_lower, &shift) - (1 - exp(-0.5))) < 1e-15);
    fmpq_set_si(shift.length, 3, 1); /* beyond eps = r that bound fails: 1 - 4^(-3/2) = 7/8 < 1 */
    SB_CHECK(value_of(sb_corollary_B_5_upper, &shift) < value_of(sb_corollary_B_5, &shift));
    sb_uniform_shift_clear(&shift);
}

/* r back into 1 - (1 - eps/2r)^d by MPFR: delta again. */
static void smallest_r(void) {
    uint64_t state = 52;
    sb_parameters q;
    mpfr_t x, r, delta;
    arb_t ball;
    sb_parameters_init(&q);
    mpfr_inits2(TRUTH_BITS + 400, x, r, delta, (mpfr_ptr)0);
    arb_init(ball);
    for (int i = 0; i < 300; i++) {
        random_parameters(&q, &state, 1);
        q.norm.infinite = 1;
        if (i % 3 == 0) { /* p = 1: one coordinate decides */
            q.norm.infinite = 0;
            fmpq_one(q.norm.value);
        }
        SB_CHECK(sb_enclose(ball, sb_uniform_radius, &q, 80, NULL) == SB_OK);
        arf_get_mpfr(r, arb_midref(ball), MPFR_RNDN);
        mpfr_from_rational(x, q.radius);
        mpfr_div(x, x, r, MPFR_RNDN);
        mpfr_div_2ui(x, x, 1, MPFR_RNDN);
        mpfr_neg(x, x, MPFR_RNDN);
        mpfr_log1p(x, x, MPFR_RNDN);
        mpfr_mul_ui(x, x, i % 3 ? q.dimension : 1, MPFR_RNDN);
        mpfr_from_rational(delta, q.delta);
        if (mpfr_cmp_d(delta, 0.5) > 0) {
            mpfr_exp(x, x, MPFR_RNDN); /* 1 - TV against 1 - delta */
            mpfr_ui_sub(delta, 1, delta, MPFR_RNDN);
        } else {
            mpfr_expm1(x, x, MPFR_RNDN);
            mpfr_neg(x, x, MPFR_RNDN);
        }
        mpfr_div(x, x, delta, MPFR_RNDN);
        mpfr_sub_ui(x, x, 1, MPFR_RNDN);
        SB_CHECK(fabs(mpfr_get_d(x, MPFR_RNDN)) < 1e-30, "instance %d: off by %g", i,
                 mpfr_get_d(x, MPFR_RNDN));
    }
    sb_parameters_clear(&q);
    mpfr_clears(x, r, delta, (mpfr_ptr)0);
    arb_clear(ball);
}

/* At the smallest r no shift of the l_1 or l_inf ball has TV above delta: random shifts, exactly by Lemma
 * B.4. */
static void worst_shift(void) {
    uint64_t state = 53;
    enum { D = 5 };
    sb_parameters q;
    fmpq_t r, variation, length;
    arb_t ball;
    fmpq *v = flint_malloc(D * sizeof *v);
    for (int j = 0; j < D; j++) fmpq_init(v + j);
    sb_parameters_init(&q);
    fmpq_init(r);
    fmpq_init(variation);
    fmpq_init(length);
    arb_init(ball);
    q.dimension = D;
    for (int i = 0; i < 2000; i++) {
        random_fraction(q.delta, &state, 6);
        q.norm.infinite = i % 2;
        fmpq_one(q.norm.value);
        sb_uniform_radius(ball, &q, 100);
        arf_t up;
        arf_init(up);
        arb_get_ubound_arf(up, ball, 100);
        arf_get_fmpq(r, up); /* no smaller than the smallest r */
        arf_clear(up);
        fmpq_zero(length);
        for (int j = 0; j < D; j++) {
            random_fraction(v + j, &state, 6);
            if (sb_test_random(&state) % 3 == 0) fmpq_zero(v + j);
            fmpq_add(length, length, v + j);
        }
        if (!q.norm.infinite && !fmpq_is_zero(length))
            for (int j = 0; j < D; j++)
                fmpq_div(v + j, v + j, length); /* |v|_1 = 1 = eps; |v|_inf < 1 otherwise */
        sb_lemma_B_4(variation, v, D, r);
        SB_CHECK(fmpq_cmp(variation, q.delta) <= 0);
    }
    for (int j = 0; j < D; j++) fmpq_clear(v + j);
    flint_free(v);
    sb_parameters_clear(&q);
    fmpq_clear(r);
    fmpq_clear(variation);
    fmpq_clear(length);
    arb_clear(ball);
}

static void corollary_B_6(void) {
    uint64_t state = 54;
    sb_parameters q;
    mpfr_t truth, x;
    arb_t enough, best, later;
    sb_error error;
    sb_parameters_init(&q);
    mpfr_inits2(TRUTH_BITS + 200, truth, x, (mpfr_ptr)0);
    arb_init(enough);
    arb_init(best);
    arb_init(later);
    for (int i = 0; i < 300; i++) {
        random_parameters(&q, &state, 2);
        q.norm.infinite = 1;
        mpfr_set_ui(truth, 4, MPFR_RNDN);
        mpfr_log(truth, truth, MPFR_RNDN);
        mpfr_div_2ui(truth, truth, 1, MPFR_RNDN);
        mpfr_from_rational(x, q.radius);
        mpfr_mul(truth, truth, x, MPFR_RNDN);
        mpfr_from_rational(x, q.delta);
        mpfr_div(truth, truth, x, MPFR_RNDN);
        mpfr_mul_ui(truth, truth, q.dimension, MPFR_RNDN);
        SB_CHECK(bound_agrees(sb_corollary_B_6, &q, truth, &state));
        sb_corollary_B_6(enough, &q, 256);
        sb_uniform_radius(best, &q, 256);
        SB_CHECK(arb_gt(enough, best)); /* so TV <= delta */
        if (sb_corollary_B_5_radius_domain(&q, &error) == SB_OK) {
            sb_corollary_B_5_radius(later, &q, 256);
            SB_CHECK(arb_ge(later, best) || arb_overlaps(later, best));
            SB_CHECK(arb_le(later, enough) || arb_overlaps(later, enough)); /* delta <= log(1/(1-delta)) */
        }
    }
    sb_parameters_clear(&q);
    mpfr_clears(truth, x, (mpfr_ptr)0);
    arb_clear(enough);
    arb_clear(best);
    arb_clear(later);
}

/* eps = d = 1, delta -> variance constants: log(4)^2/12 = 0.16015, printed 0.05662, smaller by 2 sqrt 2; 1 is
 * an upper bound of both. */
static void variance_as_printed(void) {
    sb_parameters q;
    sb_parameters_init(&q);
    set_parameters(&q, "1", "inf", "1/2", "1/2");
    SB_CHECK(fabs(value_of(sb_corollary_B_6_variance, &q) - 0.16015) < 1e-5);
    SB_CHECK(fabs(value_of(sb_corollary_B_6_variance, &q) - log(4) * log(4) / 12) < 1e-15);
    SB_CHECK(fabs(value_of(sb_corollary_B_6_variance_as_printed, &q) - sqrt(2) * log(4) * log(4) / 48) <
             1e-15);
    double r = value_of(sb_corollary_B_6, &q);
    SB_CHECK(fabs(value_of(sb_corollary_B_6_variance, &q) - r * r / 3) < 1e-15);
    /* TV at that r, as the table prints it */
    set_parameters(&q, "3072", "inf", "8/255", "1/10");
    double x = 0.1 / (3072 * log(4));
    SB_CHECK(fabs(value_of(sb_bound_find("cor-B.5", "TV")->value, &q) - (1 - pow(1 - x, 3072))) < 1e-12);
    sb_parameters_clear(&q);
}

static void domains_say_why(void) {
    sb_parameters q;
    sb_error error;
    sb_parameters_init(&q);
    set_parameters(&q, "10", "2", "1", "1/2");
    SB_CHECK(sb_uniform_radius_domain(&q, &error) == SB_OUTSIDE &&
                 strstr(error.message, "p = 1 and p = inf only; got p = 2"),
             "%s", error.message);
    SB_CHECK(sb_bound_find("cor-B.6", "r")->domain(&q, &error) == SB_OUTSIDE &&
             strstr(error.message, "got p = 2"));
    q.dimension = 1;
    SB_CHECK(sb_uniform_radius_domain(&q, &error) == SB_OK);
    for (int d = 1; d <= 8; d++) { /* delta <= 1 - 2^-d */
        q.norm.infinite = 1;
        q.dimension = (uint64_t)d;
        fmpq_set_si(q.delta, (1 << d) - 1, 1ul << d);
        SB_CHECK(sb_corollary_B_5_radius_domain(&q, &error) == SB_OK, "d = %d", d);
        fmpq_set_si(q.delta, (1 << (d + 4)) - 15, 1ul << (d + 4));
        SB_CHECK(sb_corollary_B_5_radius_domain(&q, &error) == SB_OUTSIDE &&
                     strstr(error.message, "eps <= r"),
                 "d = %d", d);
    }
    set_parameters(&q, "1", "inf", "1", "7/10");
    SB_CHECK(sb_corollary_B_5_radius_domain(&q, &error) == SB_OUTSIDE);
    sb_parameters_clear(&q);
}

static const sb_test tests[] = {{"uniform: Lemma B.4 counts cells", lemma_B_4_counts_cells},
                                {"uniform: Corollary B.5 is Lemma B.4, between its bounds", corollary_B_5},
                                {"uniform: where Corollary B.5 as printed fails", printed_form_fails},
                                {"uniform: the smallest r gives delta back", smallest_r},
                                {"uniform: no shift of the ball is worse", worst_shift},
                                {"uniform: Corollary B.6 is enough", corollary_B_6},
                                {"uniform: the variance, printed and corrected", variance_as_printed},
                                {"uniform: the domains say why", domains_say_why}};
SB_TEST_MAIN(tests)
