/* Let 0 <= w_j <= price_j on the lattice, let p be the law of eta, s a vector of signs, s x the product by
   coordinates, t_j = (step_j, ..., step_j), and p_s the law of s eta. Then
     sum_x p(x) (w_j(s x) - w_j(s x + t_j)) = sum_y w_j(y) (p_s(y) - p_s(y - t_j)) <= price_j TV_j,s,
   where TV_j,s = TV(D, D + step_j s). If for every lattice point x
     (*)  |x|^2 + sum_j mean over s of (w_j(s x) - w_j(s x + t_j)) >= level,
   the mean over p gives E|eta|^2 >= level - sum_j price_j (mean over s of TV_j,s).
   For |x|^2 <= square_radius both (*) and the entries are looked at; since w_j depends on sorted |y_i| and
   |y_i - step_j| only, one x of each orbit does, and the signs of equal coordinates are counted by binomial
   coefficients. Beyond, no entry applies to s x or s x + t_j. There w_j is a test by half-spaces: it falls
   from price_j to 0 as sum_i y_i grows through d step_j/2, so w_j(s x) >= w_j(s x + t_j), and (*) follows
   from |x|^2 > square_radius >= level. */
#include "bounds/extremal_dual.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_TEXT = 160 };

void sb_dual_init(sb_extremal_dual *dual) {
    memset(dual, 0, sizeof *dual);
    fmpq_init(dual->level);
}

static void release(sb_extremal_dual *dual) {
    for (size_t i = 0; i < dual->test_count; i++) fmpq_clear(dual->test[i].weight);
    free(dual->test);
    free(dual->step);
    if (dual->price) _fmpq_vec_clear(dual->price, (slong)dual->shift_count);
    dual->test = NULL;
    dual->step = NULL;
    dual->price = NULL;
    dual->shift_count = dual->test_count = 0;
}

void sb_dual_clear(sb_extremal_dual *dual) {
    release(dual);
    fmpq_clear(dual->level);
}

sb_status sb_dual_allocate(sb_extremal_dual *dual, size_t shift_count, size_t test_count, sb_error *error) {
    release(dual);
    dual->step = calloc(shift_count + 1, sizeof *dual->step);
    dual->test = calloc(test_count + 1, sizeof *dual->test);
    if (!dual->step || !dual->test) return sb_fail_memory(error);
    dual->price = _fmpq_vec_init((slong)shift_count);
    dual->shift_count = shift_count;
    dual->test_count = test_count;
    for (size_t i = 0; i < test_count; i++) fmpq_init(dual->test[i].weight);
    return SB_OK;
}

/* ------------------------------------------------------------------ the tests */
static int compare_names(const int *a, const int *b) {
    for (size_t i = 0; i < SB_DUAL_DIMENSION; i++)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}

static int compare_tests(const void *a, const void *b) {
    const sb_dual_test *x = a, *y = b;
    if (x->shift != y->shift) return x->shift < y->shift ? -1 : 1;
    int order = compare_names(x->near, y->near);
    return order ? order : compare_names(x->far, y->far);
}

/* name := |point_i| in falling order; returns the sum of squares */
static uint64_t name_point(int *name, const int *point, unsigned dimension) {
    uint64_t square = 0;
    memset(name, 0, SB_DUAL_DIMENSION * sizeof *name);
    for (unsigned i = 0; i < dimension; i++) {
        int x = abs(point[i]);
        unsigned k = i;
        for (; k > 0 && name[k - 1] < x; k--) name[k] = name[k - 1];
        name[k] = x;
        square += (uint64_t)x * (uint64_t)x;
    }
    return square;
}

static const sb_dual_test *find_test(const sb_extremal_dual *dual, const sb_dual_test *key) {
    return dual->test_count ? bsearch(key, dual->test, dual->test_count, sizeof *dual->test, compare_tests)
                            : NULL;
}

/* weight := w_j(y) */
static void test_value(fmpq_t weight, const sb_extremal_dual *dual, size_t shift, const int *y) {
    sb_dual_test key, swapped;
    int moved[SB_DUAL_DIMENSION];
    for (unsigned i = 0; i < dual->dimension; i++) moved[i] = y[i] - dual->step[shift];
    key.shift = swapped.shift = shift;
    uint64_t here = name_point(key.near, y, dual->dimension);
    uint64_t there = name_point(key.far, moved, dual->dimension);
    memcpy(swapped.near, key.far, sizeof key.far);
    memcpy(swapped.far, key.near, sizeof key.near);
    const sb_dual_test *found;
    if ((found = find_test(dual, &key))) {
        fmpq_set(weight, found->weight);
    } else if ((found = find_test(dual, &swapped))) {
        fmpq_sub(weight, dual->price + shift, found->weight);
    } else if (here == there) {
        fmpq_div_2exp(weight, dual->price + shift, 1);
    } else if (here < there) {
        fmpq_set(weight, dual->price + shift);
    } else {
        fmpq_zero(weight);
    }
}

/* ------------------------------------------------------------------ the inequality (*) */
typedef struct {
    const sb_extremal_dual *dual;
    const int *x; /* >= 0, in falling order */
    int y[SB_DUAL_DIMENSION];
    fmpq_t left, weight; /* the left side of (*) so far */
} inequality;

static ulong binomial(unsigned n, unsigned k) {
    ulong value = 1;
    for (unsigned i = 1; i <= k; i++) value = value * (n - k + i) / i;
    return value;
}

/* left += ways/2^d (w(y) - w(y + t)) for every shift */
static void add_differences(inequality *q, ulong ways) {
    unsigned d = q->dual->dimension;
    fmpz_t factor;
    fmpz_init_set_ui(factor, ways);
    for (size_t j = 0; j < q->dual->shift_count; j++) {
        for (int moved = 0; moved < 2; moved++) {
            test_value(q->weight, q->dual, j, q->y);
            fmpq_mul_fmpz(q->weight, q->weight, factor);
            fmpq_div_2exp(q->weight, q->weight, d);
            if (moved) fmpq_neg(q->weight, q->weight);
            fmpq_add(q->left, q->left, q->weight);
            for (unsigned i = 0; i < d; i++) q->y[i] += moved ? -q->dual->step[j] : q->dual->step[j];
        }
    }
    fmpz_clear(factor);
}

/* Chooses the signs of the coordinates from `set` on, run by run of equal ones; `ways` of 2^set choices so
   far come to the same. */
static void choose_signs(inequality *q, unsigned set, ulong ways) {
    unsigned d = q->dual->dimension, length = 1;
    if (set == d) {
        add_differences(q, ways);
        return;
    }
    while (set + length < d && q->x[set + length] == q->x[set]) length++;
    for (unsigned plus = 0; plus <= length; plus++) {
        for (unsigned i = 0; i < length; i++) q->y[set + i] = i < plus ? q->x[set] : -q->x[set];
        choose_signs(q, set + length, ways * binomial(length, plus));
    }
}

/* ------------------------------------------------------------------ all lattice points of the ball */
typedef struct {
    inequality inequality;
    fmpq_t least; /* left side, and where */
    int place[SB_DUAL_DIMENSION];
    int started;
} ball_walk;

static void look_at(ball_walk *walk, const int *x, uint64_t square) {
    inequality *q = &walk->inequality;
    fmpz_set_ui(fmpq_numref(q->left), square);
    fmpz_one(fmpq_denref(q->left));
    q->x = x;
    choose_signs(q, 0, 1);
    if (walk->started && fmpq_cmp(q->left, walk->least) >= 0) return;
    walk->started = 1;
    fmpq_set(walk->least, q->left);
    memcpy(walk->place, x, q->dual->dimension * sizeof *x);
}

/* Sets the coordinates from `set` on in every way; square: of those before. */
static void walk_ball(ball_walk *walk, int *x, unsigned set, uint64_t square) {
    const sb_extremal_dual *dual = walk->inequality.dual;
    if (set == dual->dimension) {
        look_at(walk, x, square);
        return;
    }
    int first = 0, stride = 1;
    if (dual->same_parity && set) {
        first = x[0] % 2;
        stride = 2;
    }
    for (int value = first; set == 0 || value <= x[set - 1]; value += stride) {
        uint64_t sum = square + (uint64_t)value * (uint64_t)value;
        if (sum > dual->square_radius) break;
        x[set] = value;
        walk_ball(walk, x, set + 1, sum);
    }
}

static void find_least(ball_walk *walk, const sb_extremal_dual *dual) {
    int x[SB_DUAL_DIMENSION] = {0};
    memset(walk, 0, sizeof *walk);
    walk->inequality.dual = dual;
    fmpq_init(walk->inequality.left);
    fmpq_init(walk->inequality.weight);
    fmpq_init(walk->least);
    walk_ball(walk, x, 0, 0);
    fmpq_clear(walk->inequality.left);
    fmpq_clear(walk->inequality.weight);
}

/* ------------------------------------------------------------------ the form of a certificate */
static sb_status check_entry(const sb_extremal_dual *dual, size_t i, sb_error *error) {
    const sb_dual_test *test = &dual->test[i];
    int name[SB_DUAL_DIMENSION];
    if (test->shift >= dual->shift_count)
        return sb_fail(error, SB_OUTSIDE, "entry %zu of the certificate: there is no shift %zu", i,
                       test->shift);
    if (fmpq_sgn(test->weight) < 0 || fmpq_cmp(test->weight, dual->price + test->shift) > 0)
        return sb_fail(error, SB_OUTSIDE,
                       "entry %zu of the certificate: its weight is not between 0 and the price", i);
    for (int side = 0; side < 2; side++) {
        const int *point = side ? test->far : test->near;
        for (unsigned k = 0; k < dual->dimension; k++)
            if (point[k] < 0 || point[k] > SB_DUAL_SQUARE)
                return sb_fail(error, SB_OUTSIDE, "entry %zu of the certificate: coordinate %d", i, point[k]);
        if (name_point(name, point, dual->dimension) > dual->square_radius || compare_names(name, point))
            return sb_fail(error, SB_OUTSIDE,
                           "entry %zu of the certificate: not a name of a point within the radius", i);
    }
    return SB_OK;
}

static sb_status check_form(const sb_extremal_dual *dual, sb_error *error) {
    if (dual->dimension < 1 || dual->dimension > SB_DUAL_DIMENSION || dual->square_radius > SB_DUAL_SQUARE)
        return sb_fail(error, SB_OUTSIDE, "a certificate in dimension %u with squared radius %llu",
                       dual->dimension, (unsigned long long)dual->square_radius);
    for (size_t j = 0; j < dual->shift_count; j++)
        if (dual->step[j] < 1 || dual->step[j] > SB_DUAL_SQUARE || fmpq_sgn(dual->price + j) < 0)
            return sb_fail(error, SB_OUTSIDE, "shift %zu of the certificate: its step or price is below 0",
                           j);
    sb_status status = SB_OK;
    for (size_t i = 0; i < dual->test_count && !status; i++) status = check_entry(dual, i, error);
    return status;
}

static sb_status refuse(const ball_walk *walk, sb_error *error) {
    char text[NAME_TEXT] = "";
    size_t used = 0;
    for (unsigned i = 0; i < walk->inequality.dual->dimension && used + 12 < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%d", i ? ", " : "", walk->place[i]);
    return sb_fail(error, SB_OUTSIDE, "the certificate fails at the point (%s)", text);
}

sb_status sb_dual_check(fmpq_t bound, sb_extremal_dual *dual, const fmpq_t delta, sb_error *error) {
    sb_status status = check_form(dual, error);
    if (status) return status;
    if (fmpq_cmp_ui(dual->level, dual->square_radius) > 0)
        return sb_fail(error, SB_OUTSIDE,
                       "the certificate says nothing beyond its radius: its level is higher");
    qsort(dual->test, dual->test_count, sizeof *dual->test, compare_tests);
    ball_walk walk;
    find_least(&walk, dual);
    if (fmpq_cmp(walk.least, dual->level) < 0) status = refuse(&walk, error);
    fmpq_clear(walk.least);
    fmpq_zero(bound);
    for (size_t j = 0; j < dual->shift_count; j++) fmpq_sub(bound, bound, dual->price + j);
    fmpq_mul(bound, bound, delta);
    fmpq_add(bound, bound, dual->level);
    return status;
}

sb_status sb_dual_settle(sb_extremal_dual *dual, sb_error *error) {
    sb_status status = check_form(dual, error);
    if (status) return status;
    qsort(dual->test, dual->test_count, sizeof *dual->test, compare_tests);
    ball_walk walk;
    find_least(&walk, dual);
    fmpq_set(dual->level, walk.least);
    if (fmpq_cmp_ui(dual->level, dual->square_radius) > 0) {
        fmpz_set_ui(fmpq_numref(dual->level), dual->square_radius);
        fmpz_one(fmpq_denref(dual->level));
    }
    fmpq_clear(walk.least);
    return SB_OK;
}
