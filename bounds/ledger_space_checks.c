/* From the line to R^d: Corollary 3.4's projection, Theorem 1.2, Lemma 3.7 and Lemma C.1, tried on finite
   laws in exact rationals and on product noises with balls. With shifts in {-1, 0, 1}^d, that is p = inf and
   eps = 1, the statements are about integers; and the vectors b^(-1/p) eps u of the proof are u itself for
   every p when eps = b^(1/p), so that E||eta||^2 >= (b^2/200)(1-delta)/delta^2 is what the proof gives for
   all p at once. */
#include "bounds/hadamard.h"
#include "bounds/ledger_checks.h"
#include "bounds/ledger_families.h"
#include "bounds/ledger_instances.h"
#include "support/enclosure.h"

/* left := left * delta^decay, right := (constant) (1-delta), as in left >= constant (1-delta)/delta^decay */
static void with_delta(fmpq_t left, fmpq_t right, const sb_instance *instance, unsigned decay) {
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_pow_si(factor, instance->delta, (slong)decay);
    fmpq_mul(left, left, factor);
    fmpq_one(factor);
    fmpq_sub(factor, factor, instance->delta);
    fmpq_mul(right, right, factor);
    fmpq_clear(factor);
}

/* ---------------------------------------- data processing */

/* Z = v.eta, Z' = v.(eta+v): Z' is Z moved by |v|_2^2, and TV(Z, Z') <= (percent/100) TV(D, D+v). */
static sb_status projection_holds(int *holds, const sb_instance *instance, const void *context,
                                  sb_error *error) {
    sb_finite_law moved, line, other;
    sb_finite_law_init(&moved);
    sb_finite_law_init(&line);
    sb_finite_law_init(&other);
    fmpq_t value, bound;
    fmpq_init(value);
    fmpq_init(bound);
    sb_status status = sb_finite_law_project(&line, instance->law, instance->shift, error);
    if (!status) status = sb_finite_law_translate(&moved, instance->law, instance->shift, error);
    if (!status) status = sb_finite_law_project(&other, &moved, instance->shift, error);
    if (!status) status = sb_finite_law_translate(&moved, &line, instance->length, error);
    if (!status) {
        sb_finite_law_distance(value, &other, &moved);
        *holds = fmpq_is_zero(value);
        sb_finite_law_distance(value, &line, &other);
        fmpq_set_si(bound, *(const slong *)context, 100);
        fmpq_mul(bound, bound, instance->delta);
        *holds = *holds && fmpq_cmp(value, bound) <= 0;
    }
    sb_finite_law_clear(&moved);
    sb_finite_law_clear(&line);
    sb_finite_law_clear(&other);
    fmpq_clear(value);
    fmpq_clear(bound);
    return status;
}

sb_status sb_check_projection(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 100;
    return sb_try_space(finding, error, projection_holds, &percent);
}

sb_status sb_check_projection_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 99;
    return sb_try_space(finding, error, projection_holds, &percent);
}

/* For every non-empty set S of coordinates: TV(D_S, D_S + v_S) <= (percent/100) TV(D, D + z), z = v on S and
 * 0 elsewhere. */
static sb_status marginal_holds(int *holds, const sb_instance *instance, const void *context,
                                sb_error *error) {
    enum { MOST = 4 };
    size_t d = instance->law->dimension, kept[MOST], count;
    fmpq padded[MOST], short_shift[MOST];
    fmpq_t value, bound;
    sb_finite_law part;
    sb_finite_law_init(&part);
    fmpq_init(value);
    fmpq_init(bound);
    for (size_t i = 0; i < MOST; i++) fmpq_init(padded + i);
    for (size_t i = 0; i < MOST; i++) fmpq_init(short_shift + i);
    sb_status status = SB_OK;
    *holds = 1;
    for (unsigned set = 1; set < 1u << d && *holds && !status; set++) {
        count = 0;
        for (size_t i = 0; i < d; i++) {
            fmpq_zero(padded + i);
            if (!(set >> i & 1)) continue;
            fmpq_set(padded + i, instance->shift + i);
            fmpq_set(short_shift + count, instance->shift + i);
            kept[count++] = i;
        }
        status = sb_finite_law_marginal(&part, instance->law, kept, count, error);
        if (status) break;
        sb_finite_law_shift_distance(value, &part, short_shift);
        sb_finite_law_shift_distance(bound, instance->law, padded);
        fmpq_mul_si(value, value, 100);
        fmpq_mul_si(bound, bound, *(const slong *)context);
        *holds = fmpq_cmp(value, bound) <= 0;
    }
    sb_finite_law_clear(&part);
    fmpq_clear(value);
    fmpq_clear(bound);
    for (size_t i = 0; i < MOST; i++) fmpq_clear(padded + i);
    for (size_t i = 0; i < MOST; i++) fmpq_clear(short_shift + i);
    return status;
}

sb_status sb_check_marginal(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 100;
    return sb_try_space(finding, error, marginal_holds, &percent);
}

sb_status sb_check_marginal_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 99;
    return sb_try_space(finding, error, marginal_holds, &percent);
}

/* ||z||_p = ||v||_p for v with zeros put in anywhere, p = 1, 2, 3, 4, inf; context: what is put in, 0 or
 * (control) 1. */
static sb_status padding_holds(int *holds, const sb_instance *instance, const void *context,
                               sb_error *error) {
    (void)error;
    slong filling = *(const slong *)context;
    fmpq_t size, sum, padded, largest, padded_largest;
    fmpq_init(size);
    fmpq_init(sum);
    fmpq_init(padded);
    fmpq_init(largest);
    fmpq_init(padded_largest);
    *holds = 1;
    for (unsigned p = 1; p <= 4 && *holds; p++) {
        fmpq_zero(sum);
        fmpq_set_si(padded, filling, 1);
        fmpq_zero(largest);
        fmpq_set_si(padded_largest, filling, 1);
        for (size_t i = 0; i < instance->law->dimension; i++) {
            fmpq_abs(size, instance->shift + i);
            if (fmpq_cmp(size, largest) > 0) fmpq_set(largest, size);
            if (fmpq_cmp(size, padded_largest) > 0) fmpq_set(padded_largest, size);
            fmpq_pow_si(size, size, (slong)p);
            fmpq_add(sum, sum, size);
            fmpq_add(padded, padded, size);
        }
        *holds = fmpq_equal(sum, padded) && fmpq_equal(largest, padded_largest);
    }
    fmpq_clear(size);
    fmpq_clear(sum);
    fmpq_clear(padded);
    fmpq_clear(largest);
    fmpq_clear(padded_largest);
    return SB_OK;
}

static sb_status check_padding(slong filling, sb_finding *finding, sb_error *error) {
    sb_status status = sb_try_space(finding, error, padding_holds, &filling);
    if (status || finding->verdict == SB_REFUTED) return status;
    return sb_find(finding, error, SB_PROVED,
                   "argument: 0^p = 0 adds nothing to a sum and max(x, 0) = x for x >= 0; exact for p = 1, "
                   "2, 3, 4, inf on vectors in "
                   "{-2..2}^d, d = 1..4");
}

sb_status sb_check_padding(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_padding(0, finding, error);
}

sb_status sb_check_padding_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_padding(1, finding, error);
}

/* ---------------------------------------- Theorem 1.2 */

/* context: k in E||eta||^2 >= (eps^2 b^(2-2/p)/k)(1-delta)/delta^2; with d for b it is 4k */
static sb_status magnitude_holds(int *holds, const sb_instance *instance, const void *context,
                                 sb_error *error) {
    (void)error;
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    slong b = (slong)sb_direction_count(instance->law->dimension);
    sb_finite_law_mean_square(left, instance->law);
    fmpq_set_si(right, b * b, (ulong) * (const slong *)context);
    with_delta(left, right, instance, 2);
    sb_holds_at_least(holds, left, right);
    fmpq_clear(left);
    fmpq_clear(right);
    return SB_OK;
}

static void product_magnitude_holds(int *holds, const sb_product_instance *instance, const void *context) {
    arb_t left, right;
    arb_init(left);
    arb_init(right);
    arb_mul_ui(left, instance->square, instance->dimension, instance->precision);
    sb_product_bound(right, instance, 4 * *(const slong *)context, 2, 4, 2, 2);
    *holds = arb_ge(left, right);
    arb_clear(left);
    arb_clear(right);
}

static sb_status check_magnitude(slong constant, sb_finding *finding, sb_error *error) {
    sb_status status = sb_try_cube(finding, error, magnitude_holds, &constant);
    if (!status) status = sb_try_products(finding, error, product_magnitude_holds, &constant);
    return status ? status : sb_try_families(finding, error, product_magnitude_holds, &constant);
}

sb_status sb_check_noise_magnitude(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_magnitude(200, finding, error);
}

sb_status sb_check_noise_magnitude_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_magnitude(9, finding, error);
}

/* ---------------------------------------- Lemma 3.7 */

/* The i-th largest E eta_j^2, i = 1..d, against ((d-i+1)/k)(1-delta)/delta^2. */
static sb_status peeling_holds(int *holds, const sb_instance *instance, const void *context,
                               sb_error *error) {
    (void)error;
    enum { MOST = 4 };
    size_t d = instance->law->dimension;
    fmpq square[MOST];
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    for (size_t i = 0; i < MOST; i++) fmpq_init(square + i);
    for (size_t i = 0; i < d; i++) { /* sorted by insertion, largest first */
        sb_finite_law_square_moment(square + i, instance->law, i);
        for (size_t j = i; j > 0 && fmpq_cmp(square + j, square + j - 1) > 0; j--)
            fmpq_swap(square + j, square + j - 1);
    }
    *holds = 1;
    for (size_t i = 1; i <= d && *holds; i++) {
        fmpq_set(left, square + i - 1);
        fmpq_set_si(right, (slong)(d - i + 1), (ulong) * (const slong *)context);
        with_delta(left, right, instance, 2);
        sb_holds_at_least(holds, left, right);
    }
    fmpq_clear(left);
    fmpq_clear(right);
    for (size_t i = 0; i < MOST; i++) fmpq_clear(square + i);
    return SB_OK;
}

/* All coordinates alike: the bound is largest for i = 1. */
static void product_peeling_holds(int *holds, const sb_product_instance *instance, const void *context) {
    arb_t right;
    arb_init(right);
    sb_product_bound(right, instance, *(const slong *)context, 2, 2, 2, 2);
    *holds = arb_ge(instance->square, right);
    arb_clear(right);
}

static sb_status check_peeling(slong constant, sb_finding *finding, sb_error *error) {
    sb_status status = sb_try_cube(finding, error, peeling_holds, &constant);
    if (!status) status = sb_try_products(finding, error, product_peeling_holds, &constant);
    return status ? status : sb_try_families(finding, error, product_peeling_holds, &constant);
}

sb_status sb_check_peeling(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_peeling(800, finding, error);
}

sb_status sb_check_peeling_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_peeling(9, finding, error);
}

/* "the coordinates of Z are those of eta with the smallest variance": eta_1 = 1 always, eta_2 = +-1/2. Sorted
   by second moment, Z keeps eta_2 (1/4 < 1), whose variance 1/4 is larger than 0. */
sb_status sb_check_smallest_variance_as_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_finite_law constant, sign;
    sb_finite_law_init(&constant);
    sb_finite_law_init(&sign);
    fmpq_t origin, one, first, second;
    fmpq_init(origin);
    fmpq_init(one);
    fmpq_init(first);
    fmpq_init(second);
    fmpq_one(one);
    sb_status status = sb_finite_law_lattice(&constant, 1, 1, one, one, NULL, error);
    fmpq_set_si(origin, -1, 2);
    if (!status) status = sb_finite_law_lattice(&sign, 1, 2, origin, one, NULL, error);
    if (!status) {
        sb_finite_law_square_moment(first, &constant, 0);
        sb_finite_law_square_moment(second, &sign, 0); /* both means are known: 1 and 0 */
        int kept_second = fmpq_cmp(second, first) < 0;
        fmpq_sub(first, first, one); /* the variance of eta_1 */
        status =
            kept_second && fmpq_cmp(second, first) > 0
                ? sb_find(finding, error, SB_REFUTED,
                          "d = 2, eta_1 = 1, eta_2 = +-1/2: Z = eta_2 has the smaller second moment and the "
                          "larger variance")
                : sb_find(finding, error, SB_CONSISTENT, "the committed counterexample does not refute it");
    }
    sb_finite_law_clear(&constant);
    sb_finite_law_clear(&sign);
    fmpq_clear(origin);
    fmpq_clear(one);
    fmpq_clear(first);
    fmpq_clear(second);
    return status;
}

/* ---------------------------------------- E max |eta_i| */

/* k delta E max|eta_i| >= sqrt(d) (1-delta), squared. */
static sb_status largest_holds(int *holds, const sb_instance *instance, const void *context,
                               sb_error *error) {
    (void)error;
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    sb_finite_law_mean_largest(left, instance->law);
    fmpq_mul(left, left, instance->delta);
    fmpq_mul_si(left, left, *(const slong *)context);
    fmpq_mul(left, left, left);
    fmpq_one(right);
    fmpq_sub(right, right, instance->delta);
    fmpq_mul(right, right, right);
    fmpq_mul_si(right, right, (slong)instance->law->dimension);
    sb_holds_at_least(holds, left, right);
    fmpq_clear(left);
    fmpq_clear(right);
    return SB_OK;
}

sb_status sb_check_largest(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong constant = 24;
    return sb_try_cube(finding, error, largest_holds, &constant);
}

sb_status sb_check_largest_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong constant = 2;
    return sb_try_cube(finding, error, largest_holds, &constant);
}

/* ---------------------------------------- Lemma C.1 */

/* context: k in E||eta||_2 >= (eps b^(1-1/p)/k)(1-delta)/delta; with d for b it is 2k */
static sb_status length_holds(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    (void)error;
    enum { BITS = 96 };
    fmpq_t right, unit;
    arb_t left, ball;
    fmpq_init(right);
    fmpq_init(unit);
    arb_init(left);
    arb_init(ball);
    fmpq_one(unit);
    fmpq_set_si(right, (slong)sb_direction_count(instance->law->dimension), (ulong) * (const slong *)context);
    with_delta(unit, right, instance, 1); /* unit = delta */
    fmpq_div(right, right, unit);
    sb_finite_law_mean_length(left, instance->law, BITS);
    arb_set_fmpq(ball, right, BITS);
    *holds = fmpq_is_zero(right) || arb_ge(left, ball);
    fmpq_clear(right);
    fmpq_clear(unit);
    arb_clear(left);
    arb_clear(ball);
    return SB_OK;
}

static void product_length_holds(int *holds, const sb_product_instance *instance, const void *context) {
    arb_t right;
    arb_init(right);
    sb_product_bound(right, instance, 2 * *(const slong *)context, 1, 2, 1, 1);
    *holds = arb_ge(instance->length, right);
    arb_clear(right);
}

static sb_status check_length(slong constant, sb_finding *finding, sb_error *error) {
    sb_status status = sb_try_cube(finding, error, length_holds, &constant);
    if (!status) status = sb_try_products(finding, error, product_length_holds, &constant);
    return status ? status : sb_try_families(finding, error, product_length_holds, &constant);
}

sb_status sb_check_noise_length(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_length(12, finding, error);
}

sb_status sb_check_noise_length_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_length(3, finding, error);
}
