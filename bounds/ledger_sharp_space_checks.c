/* The sharp bounds in R^d, tried on finite laws in exact rationals and on product noises with balls. h = eps
   d^(-1/p) is the length of a coordinate of the shifts, so that eps^2 d^(2-2/p) m = h^2 d^2 m and eps
   d^(1-1/p) a = h d a: on finite laws the statements are about h and hold for every p at once. With the
   shifts w = (+-v_1, ..., +-v_d) they read sum v_i^2 E eta_i^2 >= (sum v_i^2)^2 m(delta). */
#include "bounds/ledger_sharp_space.h"

#include "bounds/dimension_law.h"
#include "bounds/ledger_instances.h"
#include "bounds/ledger_sharp_trial.h"
#include "bounds/sharp.h"
#include "support/enclosure.h"

#include <stdlib.h>

enum { MOST = 4, BITS = 96 };

/* value := (percent/100) constant(delta) */
static void scaled(fmpq_t value, void (*constant)(fmpq_t, const fmpq_t), const fmpq_t delta, slong percent) {
    fmpq_t share;
    fmpq_init(share);
    fmpq_set_si(share, percent, 100);
    constant(value, delta);
    fmpq_mul(value, value, share);
    fmpq_clear(share);
}

/* ------------------------------------------------------------------ second moments */
/* With the mean of the TVs for delta, which is at most the largest. */
static sb_status square_holds(int *holds, const sb_instance *instance, const void *percent, sb_error *error) {
    (void)error;
    fmpq_t left, right, part, weight;
    fmpq_init(left);
    fmpq_init(right);
    fmpq_init(part);
    fmpq_init(weight);
    for (size_t i = 0; i < instance->law->dimension; i++) {
        fmpq_mul(weight, instance->shift + i, instance->shift + i);
        sb_finite_law_square_moment(part, instance->law, i);
        fmpq_addmul(left, weight, part);
    }
    sb_sign_distances(part, weight, instance->law, instance->shift);
    scaled(right, sb_sharp_m, weight, *(const slong *)percent);
    fmpq_mul(right, right, instance->length);
    fmpq_mul(right, right, instance->length);
    sb_holds_at_least(holds, left, right);
    fmpq_clear(left);
    fmpq_clear(right);
    fmpq_clear(part);
    fmpq_clear(weight);
    return SB_OK;
}

/* The largest value of a decreasing constant on the ball of delta, times percent/100, eps^power and
   d^(halves/2 - multiple/p). */
static void product_bound(arb_t ball, const sb_product_instance *instance,
                          void (*constant)(fmpq_t, const fmpq_t), ulong power, slong halves, slong multiple,
                          slong percent) {
    arf_t low;
    fmpq_t delta, exponent;
    arb_t factor;
    arf_init(low);
    fmpq_init(delta);
    fmpq_init(exponent);
    arb_init(factor);
    slong bits = instance->precision;
    arb_get_lbound_arf(low, instance->delta, bits);
    arf_get_fmpq(delta, low);
    scaled(delta, constant, delta, percent);
    sb_norm_exponent(exponent, instance->norm, halves, -multiple);
    sb_scaled_power(ball, delta, instance->dimension, exponent, bits);
    arb_pow_ui(factor, instance->radius, power, bits);
    arb_mul(ball, ball, factor, bits);
    arf_clear(low);
    fmpq_clear(delta);
    fmpq_clear(exponent);
    arb_clear(factor);
}

static void product_square_holds(int *holds, const sb_product_instance *instance, const void *percent) {
    arb_t left, right;
    arb_init(left);
    arb_init(right);
    arb_mul_ui(left, instance->square, instance->dimension, instance->precision);
    product_bound(right, instance, sb_sharp_m, 2, 4, 2, *(const slong *)percent);
    *holds = arb_ge(left, right);
    arb_clear(left);
    arb_clear(right);
}

static sb_status check_square(slong percent, sb_finding *finding, sb_error *error) {
    sb_status status = sb_try_signs(finding, error, square_holds, &percent, 0);
    return status ? status : sb_try_products(finding, error, product_square_holds, &percent);
}

sb_status sb_check_space_square(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_square(100, finding, error);
}

sb_status sb_check_space_square_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_square(101, finding, error);
}

sb_status sb_check_space_weighted(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 100;
    return sb_try_signs(finding, error, square_holds, &percent, 1);
}

sb_status sb_check_space_weighted_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 101;
    return sb_try_signs(finding, error, square_holds, &percent, 1);
}

/* E||eta||_2^2 >= d h^2 m(delta), delta the largest TV(D, D + h e_i); the shifts h e_i alone count here. */
static sb_status axes_hold(int *holds, const sb_instance *instance, const void *percent, sb_error *error) {
    (void)error;
    size_t d = instance->law->dimension;
    fmpq axis[MOST];
    fmpq_t delta, here, left;
    fmpq_init(delta);
    fmpq_init(here);
    fmpq_init(left);
    for (size_t i = 0; i < MOST; i++) fmpq_init(axis + i);
    for (size_t i = 0; i < d; i++) {
        fmpq_set(axis + i, instance->shift + i);
        sb_finite_law_shift_distance(here, instance->law, axis);
        fmpq_zero(axis + i);
        if (fmpq_cmp(here, delta) > 0) fmpq_set(delta, here);
    }
    sb_finite_law_mean_square(left, instance->law);
    scaled(here, sb_sharp_m, delta, *(const slong *)percent);
    fmpq_mul(here, here, instance->length); /* d h^2 */
    sb_holds_at_least(holds, left, here);
    fmpq_clear(delta);
    fmpq_clear(here);
    fmpq_clear(left);
    for (size_t i = 0; i < MOST; i++) fmpq_clear(axis + i);
    return SB_OK;
}

sb_status sb_check_space_axes(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 100;
    return sb_try_signs(finding, error, axes_hold, &percent, 0);
}

sb_status sb_check_space_axes_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    slong percent = 101;
    return sb_try_signs(finding, error, axes_hold, &percent, 0);
}

/* ------------------------------------------------------------------ first moments */
/* E|s.eta| >= h d a(delta) for every sign vector s, exactly; (E max|eta_i|)^2 d >= (h d a)^2, exactly; and
   E||eta||_2 >= h d a by balls (by E|eta| on the line, where equality occurs). h = 1. */
static sb_status length_holds(int *holds, const sb_instance *instance, const void *percent, sb_error *error) {
    const sb_finite_law *law = instance->law;
    size_t d = law->dimension;
    fmpq sign[MOST];
    fmpq_t left, right;
    arb_t length, ball;
    sb_finite_law line;
    sb_status status = SB_OK;
    sb_finite_law_init(&line);
    fmpq_init(left);
    fmpq_init(right);
    arb_init(length);
    arb_init(ball);
    for (size_t i = 0; i < MOST; i++) fmpq_init(sign + i);
    scaled(right, sb_sharp_a, instance->delta, *(const slong *)percent);
    fmpq_mul_si(right, right, (slong)d);
    *holds = 1;
    for (unsigned signs = 0; signs < 1u << (d - 1) && !status && *holds; signs++) {
        for (size_t i = 0; i < d; i++) fmpq_set_si(sign + i, signs >> i & 1 ? -1 : 1, 1);
        status = sb_finite_law_project(&line, law, sign, error);
        if (status) break;
        sb_finite_law_absolute_moment(left, &line, 0);
        sb_holds_at_least(holds, left, right);
    }
    sb_finite_law_mean_length(length, law, BITS);
    arb_set_fmpq(ball, right, BITS);
    if (d > 1 && !fmpq_is_zero(right) && !arb_ge(length, ball)) *holds = 0;
    sb_finite_law_mean_largest(left, law);
    fmpq_mul(left, left, left);
    fmpq_mul_si(left, left, (slong)d);
    fmpq_mul(right, right, right);
    if (fmpq_cmp(left, right) < 0) *holds = 0;
    sb_finite_law_clear(&line);
    fmpq_clear(left);
    fmpq_clear(right);
    arb_clear(length);
    arb_clear(ball);
    for (size_t i = 0; i < MOST; i++) fmpq_clear(sign + i);
    return status;
}

/* On the line uniform noise attains the bound (r = eps: E|eta| = eps/2 = eps a(1/2)), which balls cannot
 * tell.
 */
static void product_length_holds(int *holds, const sb_product_instance *instance, const void *percent) {
    arb_t right;
    arb_init(right);
    product_bound(right, instance, sb_sharp_a, 1, 2, 1, *(const slong *)percent);
    *holds = instance->dimension == 1 ? -1 : arb_ge(instance->length, right);
    arb_clear(right);
}

static sb_status check_length(slong percent, sb_finding *finding, sb_error *error) {
    sb_status status = sb_try_signs(finding, error, length_holds, &percent, 0);
    return status ? status : sb_try_products(finding, error, product_length_holds, &percent);
}

sb_status sb_check_space_length(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_length(100, finding, error);
}

sb_status sb_check_space_length_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_length(101, finding, error);
}

/* ------------------------------------------------------------------ coordinates */
/* Every set S of k coordinates: sum over S of E eta_i^2 >= h^2 k^2 m(delta_S), delta_S the largest TV over
   the sign vectors on S. left: the smallest E eta_i^2 first, delta the largest delta_S: the first k have at
   least k^2 m(delta), and the k-th at least k m(delta). h = 1. */
static int prefixes_hold(const fmpq *square, size_t d, const fmpq_t m) {
    int holds = 1;
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    for (size_t k = 1; k <= d && holds; k++) {
        fmpq_add(left, left, square + k - 1);
        fmpq_mul_si(right, m, (slong)k);
        holds = fmpq_cmp(square + k - 1, right) >= 0;
        fmpq_mul_si(right, right, (slong)k);
        holds = holds && fmpq_cmp(left, right) >= 0;
    }
    fmpq_clear(left);
    fmpq_clear(right);
    return holds;
}

static sb_status subsets_hold(int *holds, const sb_instance *instance, const void *context, sb_error *error) {
    const sb_finite_law *law = instance->law;
    slong percent = *(const slong *)context;
    size_t d = law->dimension, kept[MOST], count;
    fmpq square[MOST], sorted[MOST];
    fmpq_t delta, mean, largest, left, right;
    fmpq *all[] = {delta, mean, largest, left, right};
    sb_finite_law part;
    sb_status status = SB_OK;
    sb_finite_law_init(&part);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) fmpq_init(all[i]);
    for (size_t i = 0; i < MOST; i++) fmpq_init(square + i);
    for (size_t i = 0; i < MOST; i++) fmpq_init(sorted + i);
    for (size_t i = 0; i < d; i++) {
        sb_finite_law_square_moment(square + i, law, i);
        fmpq_set(sorted + i, square + i);
        for (size_t j = i; j > 0 && fmpq_cmp(sorted + j, sorted + j - 1) < 0; j--)
            fmpq_swap(sorted + j, sorted + j - 1);
    }
    *holds = 1;
    for (unsigned set = 1; set < 1u << d && *holds && !status; set++) {
        fmpq_zero(left);
        count = 0;
        for (size_t i = 0; i < d; i++)
            if (set >> i & 1) {
                fmpq_add(left, left, square + i);
                kept[count++] = i;
            }
        status = sb_finite_law_marginal(&part, law, kept, count, error);
        if (status) break;
        sb_sign_distances(delta, mean, &part, instance->shift); /* at most the TV of the padded shift */
        if (fmpq_cmp(delta, largest) > 0) fmpq_set(largest, delta);
        scaled(right, sb_sharp_m, delta, percent);
        fmpq_mul_si(right, right, (slong)(count * count));
        sb_holds_at_least(holds, left, right);
    }
    if (!status && *holds) {
        scaled(right, sb_sharp_m, largest, percent);
        *holds = prefixes_hold(sorted, d, right);
    }
    sb_finite_law_clear(&part);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) fmpq_clear(all[i]);
    for (size_t i = 0; i < MOST; i++) fmpq_clear(square + i);
    for (size_t i = 0; i < MOST; i++) fmpq_clear(sorted + i);
    return status;
}

/* All coordinates alike: the bound on the largest is the strongest. */
static void product_coordinate_holds(int *holds, const sb_product_instance *instance, const void *percent) {
    arb_t right;
    arb_init(right);
    product_bound(right, instance, sb_sharp_m, 2, 2, 2, *(const slong *)percent);
    *holds = arb_ge(instance->square, right);
    arb_clear(right);
}

static sb_status check_subsets(slong percent, sb_finding *finding, sb_error *error) {
    sb_status status = sb_try_signs(finding, error, subsets_hold, &percent, 0);
    return status ? status : sb_try_products(finding, error, product_coordinate_holds, &percent);
}

sb_status sb_check_space_subsets(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_subsets(100, finding, error);
}

sb_status sb_check_space_subsets_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_subsets(101, finding, error);
}

/* ------------------------------------------------------------------ equality */
/* law := (u_1 + u_2, u_1 - u_2), u_1 and u_2 independent from `line`. The shift (1, 1) moves u_1 by 1 and (1,
   -1) moves u_2 by 1. */
static sb_status rotate(sb_finite_law *law, const sb_finite_law *line, sb_error *error) {
    size_t count = line->count * line->count;
    fmpq *point = _fmpq_vec_init((slong)(2 * count)), *mass = _fmpq_vec_init((slong)count);
    for (size_t k = 0; k < count; k++) {
        const fmpq *u = line->point + k / line->count, *w = line->point + k % line->count;
        fmpq_add(point + 2 * k, u, w);
        fmpq_sub(point + 2 * k + 1, u, w);
        fmpq_mul(mass + k, line->mass + k / line->count, line->mass + k % line->count);
    }
    sb_status status = sb_finite_law_set(law, 2, point, mass, count, error);
    _fmpq_vec_clear(point, (slong)(2 * count));
    _fmpq_vec_clear(mass, (slong)count);
    return status;
}

/* law := `copies` independent copies of `line` */
static sb_status copy(sb_finite_law *law, const sb_finite_law *line, size_t copies, sb_error *error) {
    sb_finite_law next;
    sb_finite_law_init(&next);
    size_t first = 0;
    sb_status status = sb_finite_law_marginal(law, line, &first, 1, error);
    for (size_t i = 1; i < copies && !status; i++) {
        status = sb_finite_law_product(&next, law, line, error);
        if (status) break;
        sb_finite_law swap = *law;
        *law = next;
        next = swap;
    }
    sb_finite_law_clear(&next);
    return status;
}

/* E||eta||_2^2 against (percent/100) scale m(delta): equality is looked for with 100, a refutation with more.
   Fills the finding when it is settled. */
static sb_status compare(const sb_finite_law *law, const fmpq_t delta, slong scale, slong percent,
                         sb_finding *finding, sb_error *error) {
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    sb_finite_law_mean_square(left, law);
    scaled(right, sb_sharp_m, delta, percent);
    fmpq_mul_si(right, right, scale);
    sb_status status = SB_OK;
    if (!fmpq_equal(left, right)) {
        char *text = sb_finite_law_print(law), *tv = sb_rational_print(delta);
        char *have = sb_rational_print(left), *want = sb_rational_print(right);
        status = sb_find(finding, error, SB_REFUTED,
                         "D = %s has TV = %s and E||eta||_2^2 = %s, not (%ld/100) %ld m(delta) = %s",
                         text ? text : "?", tv ? tv : "?", have ? have : "?", (long)percent, (long)scale,
                         want ? want : "?");
        free(text);
        free(tv);
        free(have);
        free(want);
    }
    fmpq_clear(left);
    fmpq_clear(right);
    return status;
}

/* One mixture of U_n and U_{n+1}: turned by 45 degrees (copies = 0), or that many copies of it. */
static sb_status try_equality(size_t n, ulong share, size_t copies, slong percent, sb_finding *finding,
                              sb_error *error) {
    fmpq shift[MOST];
    fmpq_t delta, mean;
    sb_finite_law line, law;
    sb_finite_law_init(&line);
    sb_finite_law_init(&law);
    fmpq_init(delta);
    fmpq_init(mean);
    for (size_t i = 0; i < MOST; i++) fmpq_init(shift + i);
    sb_status status = sb_centred_mixture(&line, n, n + 1, share, 4, error);
    if (!status) status = copies ? copy(&law, &line, copies, error) : rotate(&law, &line, error);
    if (!status && copies) {
        fmpq_one(shift);
        sb_finite_law_shift_distance(delta, &law, shift); /* the copies are alike */
        status = compare(&law, delta, (slong)copies, percent, finding, error);
    } else if (!status) {
        for (size_t i = 0; i < 2; i++) fmpq_one(shift + i);
        sb_sign_distances(delta, mean, &law, shift);
        status = compare(&law, delta, 4, percent, finding, error);
    }
    sb_finite_law_clear(&line);
    sb_finite_law_clear(&law);
    fmpq_clear(delta);
    fmpq_clear(mean);
    for (size_t i = 0; i < MOST; i++) fmpq_clear(shift + i);
    return status;
}

static sb_status check_plane(slong percent, sb_finding *finding, sb_error *error) {
    sb_status status = SB_OK;
    for (size_t n = 2; n <= 7 && !status && !finding->evidence; n++)
        for (ulong share = 0; share < 4 && !status && !finding->evidence; share++)
            status = try_equality(n, share, 0, percent, finding, error);
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_CONSISTENT,
                   "exact equality for 24 laws, delta from 29/224 to 1/2: mixtures of U_n and U_{n+1} in "
                   "shares of 4, n = 2..7");
}

sb_status sb_check_space_plane(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_plane(100, finding, error);
}

sb_status sb_check_space_plane_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_plane(101, finding, error);
}

static sb_status check_copies(slong percent, sb_finding *finding, sb_error *error) {
    sb_status status = SB_OK;
    for (size_t d = 1; d <= 3; d++)
        for (size_t n = 2; n <= 3; n++)
            for (ulong share = 0; share < 4 && !status && !finding->evidence; share++)
                status = try_equality(n, share, d, percent, finding, error);
    if (status || finding->evidence) return status;
    return sb_find(finding, error, SB_CONSISTENT,
                   "exact equality for 24 laws: 1, 2 or 3 independent copies of the mixtures of U_n and "
                   "U_{n+1} in shares of 4, n = 2, 3");
}

sb_status sb_check_space_copies(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_copies(100, finding, error);
}

sb_status sb_check_space_copies_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_copies(101, finding, error);
}
