/* Let G(s) = Pr(|zeta| > s) and y = s/q > 1, so that the inequality is G(qy) >= y^-alpha. Both sides fall,
   hence on a <= y <= b G(qb) >= a^-alpha: all of it holds;   G(qa) < b^-alpha: none of it holds. This needs G
   at points only, for any law, and leaves out no y. [1, 2^j] is cut until every piece is decided or narrower
   than the asked digits; neighbouring pieces of one kind are put together.

   Beyond Y = 2^j, a bound on s^alpha G(s) decides, by G = sum of weights w_i times tails G_i of the
   components:
   - from below, those with a power tail of index <= alpha: s^alpha G_i(s) does not decrease, so its value at
   qY will do;
   - from above, power tails of index alpha by their limit, bounded laws by 0, and all others by Markov's
   inequality, G_i(s) <= E|X|^k s^-k with k > alpha: s^alpha G_i(s) <= E|X|^k (qY)^(alpha-k). Against q^alpha,
   for j = 1, 2, 4, ..., one of the two will do, unless the limit equals q^alpha. */
#include "bounds/tail_sets.h"

#include "bounds/dimension_law.h"
#include "bounds/domain.h"
#include "bounds/heavy_tail.h"
#include "distributions/power_tail.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_EVALUATIONS = 400000, MOST_EXPONENT = 1 << 20, BEYOND_BITS = 192, MOST_BITS = 4096 };

void sb_tail_set_init(sb_tail_set *set) {
    memset(set, 0, sizeof *set);
    fmpq_init(set->threshold);
    fmpq_init(set->exponent);
}

static void empty(sb_tail_set *set) {
    for (size_t i = 0; i < set->interval_count; i++) {
        arb_clear(set->interval[i].low);
        arb_clear(set->interval[i].high);
    }
    free(set->interval);
    if (set->unsettled) _arb_vec_clear(set->unsettled, (slong)set->unsettled_count);
    set->interval = NULL;
    set->unsettled = NULL;
    set->interval_count = set->unsettled_count = 0;
}

void sb_tail_set_clear(sb_tail_set *set) {
    empty(set);
    fmpq_clear(set->threshold);
    fmpq_clear(set->exponent);
}

/* ------------------------------------------------------------------ the search */
typedef enum { OUT, IN, OPEN } kind;

/* Pieces of the line of y: piece i lies between end i and end i + 1; the last may be unbounded. */
typedef struct {
    const sb_noise_spec *noise;
    sb_tail_set *set;
    slong bits, precision; /* relative width of an undecided piece; working precision */
    kind *piece;
    arf_ptr end;
    size_t count, capacity;
    int beyond_is_in, failed; /* failed: no memory or too many evaluations */
} search;

static void search_empty(search *f) {
    for (size_t i = 0; i < f->capacity; i++) arf_clear(f->end + i);
    free(f->end);
    free(f->piece);
    f->end = NULL;
    f->piece = NULL;
    f->count = f->capacity = 0;
}

/* The next piece ends at y = high (+inf: unbounded). */
static void add_piece(search *f, kind k, const arf_t high) {
    if (f->count && f->piece[f->count - 1] == k) {
        arf_set(f->end + f->count, high);
        return;
    }
    if (f->count + 2 > f->capacity) {
        size_t capacity = f->capacity ? 2 * f->capacity : 16;
        kind *piece = realloc(f->piece, capacity * sizeof *piece);
        if (piece) f->piece = piece;
        arf_ptr end = realloc(f->end, capacity * sizeof *end);
        if (end) f->end = end;
        if (!piece || !end) {
            f->failed = 1;
            return;
        }
        for (size_t i = f->capacity; i < capacity; i++) arf_init(f->end + i);
        if (!f->capacity) arf_one(f->end);
        f->capacity = capacity;
    }
    f->piece[f->count++] = k;
    arf_set(f->end + f->count, high);
}

/* tail := G(q y), power := y^-alpha. */
static void evaluate(search *f, arb_t tail, arb_t power, const arf_t y) {
    arb_t s;
    arb_init(s);
    arb_set_arf(power, y);
    arb_set_fmpq(s, f->set->threshold, f->precision);
    arb_mul(s, s, power, f->precision);
    sb_noise_tail(tail, f->noise, 1, s, f->precision);
    if (arf_is_one(y)) {
        arb_one(power);
    } else {
        arb_log(power, power, f->precision);
        arb_set_fmpq(s, f->set->exponent, f->precision);
        arb_mul(power, power, s, f->precision);
        arb_neg(power, power);
        arb_exp(power, power, f->precision);
    }
    arb_clear(s);
    f->failed |= ++f->set->evaluations > MOST_EVALUATIONS;
}

typedef struct {
    arf_t y;
    arb_t tail, power;
} point;

static void point_init(point *x) {
    arf_init(x->y);
    arb_init(x->tail);
    arb_init(x->power);
}

static void point_clear(point *x) {
    arf_clear(x->y);
    arb_clear(x->tail);
    arb_clear(x->power);
}

/* Whether the piece [a, b] is as narrow as asked. */
static int narrow(const search *f, const point *a, const point *b) {
    arf_t width, bar;
    arf_init(width);
    arf_init(bar);
    arf_sub(width, b->y, a->y, 64, ARF_RND_UP);
    arf_mul_2exp_si(bar, a->y, -f->bits);
    int result = arf_cmp(width, bar) <= 0;
    arf_clear(width);
    arf_clear(bar);
    return result;
}

/* A dyadic number between: of exponents, while b > 2a, then of the numbers. */
static void cut(arf_t y, const point *a, const point *b) {
    slong low = arf_abs_bound_lt_2exp_si(a->y), high = arf_abs_bound_lt_2exp_si(b->y);
    if (high - low >= 2) {
        arf_set_si_2exp_si(y, 1, low - 1 + (high - low) / 2);
    } else {
        arf_add(y, a->y, b->y, ARF_PREC_EXACT, ARF_RND_DOWN);
        arf_mul_2exp_si(y, y, -1);
    }
}

static void settle(search *f, const point *a, const point *b) {
    if (f->failed) return;
    if (arb_ge(b->tail, a->power)) {
        add_piece(f, IN, b->y);
    } else if (arb_lt(a->tail, b->power)) {
        add_piece(f, OUT, b->y);
    } else if (narrow(f, a, b)) {
        add_piece(f, OPEN, b->y);
    } else {
        point middle;
        point_init(&middle);
        cut(middle.y, a, b);
        evaluate(f, middle.tail, middle.power, middle.y);
        settle(f, a, &middle);
        settle(f, &middle, b);
        point_clear(&middle);
    }
}

/* ------------------------------------------------------------------ far out */
typedef struct {
    int power; /* a power tail */
    fmpq_t index;
    arb_t limit, moment;
    fmpq_t order; /* k > alpha of the moment E|X|^k; 0: none is finite */
} far_tail;

static void far_init(far_tail *far, const sb_noise_spec *law, const fmpq_t alpha) {
    static const int numerator[] = {4, 2, 3, 5, 9, 17, 33, 65}, denominator[] = {1, 1, 2, 4, 8, 16, 32, 64};
    fmpq_init(far->index);
    fmpq_init(far->order);
    arb_init(far->limit);
    arb_init(far->moment);
    far->power = sb_power_tail(far->index, far->limit, law, BEYOND_BITS);
    if (far->power) {
        if (fmpq_cmp(far->index, alpha) <= 0) return;
        fmpq_add(far->order, far->index, alpha);
        fmpq_div_2exp(far->order, far->order, 1);
        sb_noise_absolute_moment(far->moment, law, 1, far->order, BEYOND_BITS);
        if (!arb_is_finite(far->moment)) fmpq_zero(far->order);
        return;
    }
    for (size_t i = 0; i < sizeof numerator / sizeof numerator[0]; i++) {
        fmpq_set_si(far->order, numerator[i], (ulong)denominator[i]);
        fmpq_mul(far->order, far->order, alpha);
        sb_noise_absolute_moment(far->moment, law, 1, far->order, BEYOND_BITS);
        if (arb_is_finite(far->moment)) return;
    }
    fmpq_zero(far->order);
}

static void far_clear(far_tail *far) {
    fmpq_clear(far->index);
    fmpq_clear(far->order);
    arb_clear(far->limit);
    arb_clear(far->moment);
}

/* Adds weight times a component's bounds on s^alpha G_i(s) for all s >= start; `above` becomes +inf where
 * none is known. */
static void far_bounds(arb_t below, arb_t above, const far_tail *far, const sb_noise_spec *law,
                       const fmpq_t alpha, const arb_t start, const arb_t weight) {
    int order = far->power ? fmpq_cmp(far->index, alpha) : 1;
    arb_t tail, bound;
    fmpq_t exponent;
    arb_init(tail);
    arb_init(bound);
    fmpq_init(exponent);
    sb_noise_tail(tail, law, 1, start, BEYOND_BITS);
    if (order <= 0) {
        arb_pow_fmpq(bound, start, alpha, BEYOND_BITS);
        arb_mul(bound, bound, tail, BEYOND_BITS);
        arb_addmul(below, bound, weight, BEYOND_BITS);
    }
    if (order == 0) {
        arb_addmul(above, far->limit, weight, BEYOND_BITS);
    } else if (!arb_is_zero(tail)) {
        if (fmpq_is_zero(far->order)) {
            arb_pos_inf(above);
        } else {
            fmpq_sub(exponent, alpha, far->order);
            arb_pow_fmpq(bound, start, exponent, BEYOND_BITS);
            arb_mul(bound, bound, far->moment, BEYOND_BITS);
            arb_addmul(above, bound, weight, BEYOND_BITS);
        }
    }
    arb_clear(tail);
    arb_clear(bound);
    fmpq_clear(exponent);
}

/* What holds for all y >= 2^exponent: IN, OUT, or OPEN where these bounds do not tell. */
static kind beyond(const search *f, const far_tail *far, slong exponent) {
    const sb_noise_spec *noise = f->noise;
    arb_t below, above, start, weight;
    arb_ptr all[] = {below, above, start, weight};
    for (size_t i = 0; i < 4; i++) arb_init(all[i]);
    arb_set_fmpq(start, f->set->threshold, BEYOND_BITS);
    arb_mul_2exp_si(start, start, exponent);
    arb_one(weight);
    for (size_t i = 0; i < noise->component_count; i++) {
        arb_set_fmpq(weight, &noise->weight[i], BEYOND_BITS);
        far_bounds(below, above, &far[i], &noise->component[i], f->set->exponent, start, weight);
    }
    if (!noise->component_count) far_bounds(below, above, far, noise, f->set->exponent, start, weight);
    arb_set_fmpq(start, f->set->threshold, BEYOND_BITS);
    arb_pow_fmpq(start, start, f->set->exponent, BEYOND_BITS);
    kind result = arb_ge(below, start) ? IN : arb_lt(above, start) ? OUT : OPEN;
    for (size_t i = 0; i < 4; i++) arb_clear(all[i]);
    return result;
}

/* *exponent := a j for which beyond() tells. */
static sb_status find_far(search *f, slong *exponent, sb_error *error) {
    const sb_noise_spec *noise = f->noise;
    size_t count = noise->component_count ? noise->component_count : 1;
    far_tail *far = calloc(count, sizeof *far);
    if (!far) return sb_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        far_init(&far[i], noise->component_count ? &noise->component[i] : noise, f->set->exponent);
    kind result = OPEN;
    for (*exponent = 1; *exponent <= MOST_EXPONENT; *exponent *= 2)
        if ((result = beyond(f, far, *exponent)) != OPEN) break;
    for (size_t i = 0; i < count; i++) far_clear(&far[i]);
    free(far);
    f->beyond_is_in = result == IN;
    return result == OPEN
               ? sb_fail(error, SB_UNDECIDED,
                         "%s: moments and power tails leave open where the tail falls below (q/s)^alpha",
                         noise->family->name)
               : SB_OK;
}

/* ------------------------------------------------------------------ the result */
/* Whether Pareto noise with minimum xm and this index lets one decide without a search: G(s) = min(1,
   (xm/s)^index) where index = alpha or xm = q, the equality cases of Lemma 3.8. *all: whether the set is (q,
   inf), else it is empty. */
static int pareto_case(const search *f, int *all) {
    const sb_noise_spec *noise = f->noise;
    if (strcmp(noise->family->name, "pareto") != 0 || noise->scale_given != 1) return 0;
    const fmpq *minimum = noise->value[noise->family->scale];
    arb_t limit;
    fmpq_t index;
    arb_init(limit);
    fmpq_init(index);
    sb_power_tail(index, limit, noise, 64);
    int order = fmpq_cmp(index, f->set->exponent), place = fmpq_cmp(minimum, f->set->threshold);
    *all = order == 0 ? place >= 0 : order < 0;
    arb_clear(limit);
    fmpq_clear(index);
    return order == 0 || place == 0;
}

/* ball := q [a, b] */
static void set_range(arb_t ball, const search *f, const arf_t a, const arf_t b) {
    arb_t q;
    arb_init(q);
    arb_set_fmpq(q, f->set->threshold, f->precision);
    if (arf_is_pos_inf(b))
        arb_pos_inf(ball);
    else
        arb_set_interval_arf(ball, a, b, f->precision);
    arb_mul(ball, ball, q, f->precision);
    arb_clear(q);
}

static int kind_of(const search *f, size_t i) {
    return i < f->count ? (int)f->piece[i] : -1; /* i = -1 too */
}

/* An OPEN piece between an IN and an OUT piece encloses an end; before q nothing is in. */
static int is_end(const search *f, size_t i) {
    int before = i ? kind_of(f, i - 1) : OUT, after = kind_of(f, i + 1);
    return (before == IN) != (after == IN);
}

static sb_status collect(const search *f, sb_error *error) {
    sb_tail_set *set = f->set;
    size_t in = 0, open = 0;
    for (size_t i = 0; i < f->count; i++) {
        in += f->piece[i] == IN;
        open += f->piece[i] == OPEN && !is_end(f, i);
    }
    if (in && !(set->interval = calloc(in, sizeof *set->interval))) return sb_fail_memory(error);
    if (open) set->unsettled = _arb_vec_init((slong)open);
    for (size_t i = 0; i < f->count; i++) {
        if (f->piece[i] == OPEN && !is_end(f, i))
            set_range(set->unsettled + set->unsettled_count++, f, f->end + i, f->end + i + 1);
        if (f->piece[i] != IN) continue;
        sb_tail_interval *interval = &set->interval[set->interval_count++];
        arb_init(interval->low);
        arb_init(interval->high);
        interval->from_threshold = i == 0;
        interval->unbounded = arf_is_pos_inf(f->end + i + 1);
        size_t low = kind_of(f, i - 1) == OPEN ? i - 1 : i, high = kind_of(f, i + 1) == OPEN ? i + 2 : i + 1;
        set_range(interval->low, f, f->end + low, f->end + i);
        set_range(interval->high, f, f->end + i + 1, f->end + high);
    }
    return SB_OK;
}

/* Whether an OPEN piece is much wider than it must be: then a higher precision may help. */
static int is_blurred(const search *f) {
    arf_t width, bar;
    int result = 0;
    arf_init(width);
    arf_init(bar);
    for (size_t i = 0; i < f->count; i++) {
        if (f->piece[i] != OPEN) continue;
        arf_sub(width, f->end + i + 1, f->end + i, 64, ARF_RND_UP);
        arf_mul_2exp_si(bar, f->end + i, 6 - f->bits);
        result |= arf_cmp(width, bar) > 0;
    }
    arf_clear(width);
    arf_clear(bar);
    return result;
}

static void sweep(search *f, slong exponent) {
    point a, b;
    point_init(&a);
    point_init(&b);
    search_empty(f);
    f->set->evaluations = 0;
    arf_one(a.y);
    arf_set_si_2exp_si(b.y, 1, exponent);
    evaluate(f, a.tail, a.power, a.y);
    evaluate(f, b.tail, b.power, b.y);
    settle(f, &a, &b);
    arf_pos_inf(b.y);
    add_piece(f, f->beyond_is_in ? IN : OUT, b.y);
    point_clear(&a);
    point_clear(&b);
}

static sb_status look(search *f, sb_error *error) {
    slong exponent = 1;
    int all;
    if (pareto_case(f, &all)) {
        arf_t end;
        arf_init(end);
        arf_pos_inf(end);
        add_piece(f, all ? IN : OUT, end);
        arf_clear(end);
        return f->failed ? sb_fail_memory(error) : SB_OK;
    }
    sb_status status = find_far(f, &exponent, error);
    if (status) return status;
    do {
        sweep(f, exponent);
        f->precision *= 2;
    } while (!f->failed && is_blurred(f) && f->precision <= MOST_BITS);
    if (f->failed)
        return sb_fail(error, SB_UNDECIDED,
                       "the tail inequality changes too often: not settled by %d evaluations",
                       MOST_EVALUATIONS);
    return SB_OK;
}

sb_status sb_tail_set_find(sb_tail_set *set, const sb_noise_spec *noise, const sb_parameters *parameters,
                           const fmpq_t constant, int digits, sb_error *error) {
    empty(set);
    sb_status status = sb_domain_norm_above_two("Theorem 1.3", parameters, error);
    if (!status && !noise->family->product)
        status =
            sb_fail(error, SB_OUTSIDE, "Theorem 1.3 is about independent coordinates; those of %s are not",
                    noise->family->name);
    if (status) return status;
    sb_tail_exponent(set->exponent, &parameters->norm);
    sb_odds(set->threshold, parameters->delta);
    fmpq_mul(set->threshold, set->threshold, parameters->radius);
    fmpq_mul(set->threshold, set->threshold, constant);
    search f = {.noise = noise, .set = set};
    f.bits = (slong)((digits + 1) * 3.33) + 4;
    f.precision = f.bits + 64;
    status = look(&f, error);
    if (!status) status = collect(&f, error);
    search_empty(&f);
    return status;
}

/* ------------------------------------------------------------------ every s */
/* tau := sqrt(1 - (1-delta)^(2/d)) */
static void interval_mass(arb_t tau, const sb_parameters *parameters, slong precision) {
    arb_set_fmpq(tau, parameters->delta, precision);
    arb_neg(tau, tau);
    arb_log1p(tau, tau, precision);
    arb_mul_2exp_si(tau, tau, 1);
    arb_div_ui(tau, tau, parameters->dimension, precision);
    arb_expm1(tau, tau, precision);
    arb_neg(tau, tau);
    arb_sqrt(tau, tau, precision);
}

/* length := eps d^(-1/p) */
static void coordinate_shift(arb_t length, const sb_parameters *parameters, slong precision) {
    sb_dimension_law(length, parameters->radius, parameters, 0, -1, precision);
}

void sb_tail_all_s(arb_t bound, const sb_parameters *parameters, const fmpq_t s, slong precision) {
    arb_t tau, length;
    slong work = precision + 64;
    arb_init(tau);
    arb_init(length);
    interval_mass(tau, parameters, work);
    coordinate_shift(length, parameters, work);
    arb_set_fmpq(bound, s, work);
    arb_mul_2exp_si(bound, bound, 1);
    arb_div(bound, bound, length, work);
    arb_floor(bound, bound, work);
    arb_add_ui(bound, bound, 1, work);
    arb_mul(bound, bound, tau, work);
    arb_sub_ui(bound, bound, 1, precision);
    arb_neg(bound, bound);
    arb_clear(tau);
    arb_clear(length);
}

void sb_tail_median(arb_t bound, const void *context, slong precision) {
    const sb_parameters *parameters = context;
    arb_t tau, length;
    slong work = precision + 32;
    arb_init(tau);
    arb_init(length);
    interval_mass(tau, parameters, work);
    coordinate_shift(length, parameters, work);
    arb_mul_2exp_si(tau, tau, 1);
    arb_inv(bound, tau, work);
    arb_sub_ui(bound, bound, 1, work);
    arb_mul(bound, bound, length, work);
    arb_mul_2exp_si(bound, bound, -1);
    arb_clear(tau);
    arb_clear(length);
}
