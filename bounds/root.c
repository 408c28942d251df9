/* First the binary order of the root (or of its distance from 1) by doubling and bisection of exponents, then
   a bracket [low, high] that shrinks by tests on both sides of the secant's guess: at guess - e and guess + e
   with e = width 2^-j. Each success doubles j, so that the bracket shrinks superlinearly; each miss falls
   back on bisection. Only certified signs move an end. A point too near to the root to be decided is pinched:
   its neighbours at the wanted distance are tested instead. */
#include "bounds/root.h"

#include "support/enclosure.h"

enum { MOST_EXPONENT = 1 << 20 };

typedef struct {
    sb_point_function *f;
    const void *context;
    const fmpq *level;
    slong wanted; /* bits of relative accuracy */
    fmpq_t low, high;
    arb_t at_low, at_high; /* f - level there */
    int done, failed;
} bracket;

/* difference := f(x) - level; its certified sign, or 0 when `precision` does not decide. */
static int try_sign(bracket *b, arb_t difference, const fmpq_t x, slong precision) {
    arb_t level;
    arb_init(level);
    b->f(difference, x, b->context, precision);
    arb_set_fmpq(level, b->level, precision);
    arb_sub(difference, difference, level, precision);
    arb_clear(level);
    return arb_is_positive(difference) ? 1 : arb_is_negative(difference) ? -1 : 0;
}

static int sign_at(bracket *b, arb_t difference, const fmpq_t x, slong most) {
    int sign = 0;
    for (slong precision = b->wanted + 64; !sign && precision <= most; precision *= 2)
        sign = try_sign(b, difference, x, precision);
    return sign;
}

static void move_low(bracket *b, const fmpq_t x, const arb_t difference) {
    fmpq_set(b->low, x);
    arb_set(b->at_low, difference);
}

static void move_high(bracket *b, const fmpq_t x, const arb_t difference) {
    fmpq_set(b->high, x);
    arb_set(b->at_high, difference);
}

/* x is undecidably near to the root: certify x(1 - 2^-(wanted+2)) < root < x(1 + 2^-(wanted+2)) and finish.
 */
static void pinch(bracket *b, const fmpq_t x) {
    fmpq_t step, end;
    arb_t difference;
    fmpq_init(step);
    fmpq_init(end);
    arb_init(difference);
    fmpq_div_2exp(step, x, (flint_bitcnt_t)(b->wanted + 2));
    fmpq_sub(end, x, step);
    int below = sign_at(b, difference, end, SB_PRECISION_LIMIT) > 0;
    if (below) move_low(b, end, difference);
    fmpq_add(end, x, step);
    int above = fmpq_cmp_ui(end, 1) >= 0 || sign_at(b, difference, end, SB_PRECISION_LIMIT) < 0;
    if (above) move_high(b, end, difference);
    b->done = 1;
    b->failed = !below || !above;
    fmpq_clear(step);
    fmpq_clear(end);
    arb_clear(difference);
}

/* Tests x and moves an end. Returns the sign, or 0 after a pinch. */
static int probe(bracket *b, const fmpq_t x) {
    arb_t difference;
    arb_init(difference);
    int sign = sign_at(b, difference, x, 4 * (b->wanted + 64));
    if (sign > 0)
        move_low(b, x, difference);
    else if (sign < 0)
        move_high(b, x, difference);
    else
        pinch(b, x);
    arb_clear(difference);
    return sign;
}

/* x := 2^-k, or 1 - 2^-k */
static void dyadic(fmpq_t x, slong k, int from_one) {
    fmpq_one(x);
    fmpq_div_2exp(x, x, (flint_bitcnt_t)k);
    if (from_one) sb_rational_complement(x, x);
}

/* Brackets the root between consecutive powers: 2^-(k+1) and 2^-k, or 1 - 2^-k and 1 - 2^-(k+1). */
static void find_order(bracket *b) {
    fmpq_t x;
    fmpq_init(x);
    dyadic(x, 1, 0);
    int upper = probe(b, x);                                /* f(1/2) > level: the root lies in (1/2, 1) */
    slong same = 1, beyond = 1;                             /* exponents on either side of the root's order */
    slong most = upper > 0 ? b->wanted + 4 : MOST_EXPONENT; /* nearer to 1 than can be told apart */
    while (!b->done) {
        beyond = beyond * 2 > most ? most : beyond * 2;
        dyadic(x, beyond, upper > 0);
        int sign = probe(b, x);
        if (sign == -upper || b->done) break;
        same = beyond;
        if (beyond < most) continue;
        b->done = 1;
        b->failed = upper < 0;
        fmpq_one(b->high);
    }
    while (!b->done && beyond - same > 1) {
        slong middle = same + (beyond - same) / 2;
        dyadic(x, middle, upper > 0);
        int sign = probe(b, x);
        if (sign == upper)
            same = middle;
        else
            beyond = middle;
    }
    fmpq_clear(x);
}

/* guess := the zero of the chord, rounded; strictly inside is not promised */
static void secant(bracket *b, fmpq_t guess) {
    slong precision = b->wanted + 64;
    arb_t weight, width;
    fmpq_t share;
    arb_init(weight);
    arb_init(width);
    fmpq_init(share);
    arb_get_mid_arb(weight, b->at_low);
    arb_sub(width, b->at_low, b->at_high, precision);
    arb_div(weight, weight, width, precision);
    fmpq_sub(guess, b->high, b->low);
    if (arb_is_finite(weight)) {
        arf_get_fmpq(share, arb_midref(weight));
        fmpq_mul(guess, guess, share);
    } else {
        fmpq_div_2exp(guess, guess, 1);
    }
    fmpq_add(guess, guess, b->low);
    arb_set_fmpq(weight, guess, precision); /* keeps the numbers short */
    arf_get_fmpq(guess, arb_midref(weight));
    arb_clear(weight);
    arb_clear(width);
    fmpq_clear(share);
}

static int inside(const bracket *b, const fmpq_t x) {
    return fmpq_cmp(x, b->low) > 0 && fmpq_cmp(x, b->high) < 0;
}

/* Tests around the secant's guess. Returns whether both tests moved an end inwards (the bracket then has
 * width at most 2e). */
static int step_around(bracket *b, slong j) {
    fmpq_t guess, e, end;
    fmpq_init(guess);
    fmpq_init(e);
    fmpq_init(end);
    secant(b, guess);
    fmpq_sub(e, b->high, b->low);
    fmpq_div_2exp(e, e, (flint_bitcnt_t)j);
    fmpq_div_2exp(end, b->low, (flint_bitcnt_t)(b->wanted + 3)); /* no finer than needed */
    if (fmpq_cmp(e, end) < 0) fmpq_set(e, end);
    int hit = 1, tests = 0;
    fmpq_sub(end, guess, e);
    if (inside(b, end) && ++tests) hit = probe(b, end) > 0;
    fmpq_add(end, guess, e);
    if (hit && !b->done && inside(b, end) && ++tests) hit = probe(b, end) < 0;
    fmpq_clear(guess);
    fmpq_clear(e);
    fmpq_clear(end);
    return hit && tests;
}

static int narrow_enough(const bracket *b) {
    fmpq_t width, bar;
    fmpq_init(width);
    fmpq_init(bar);
    fmpq_sub(width, b->high, b->low);
    fmpq_div_2exp(bar, b->low, (flint_bitcnt_t)b->wanted);
    int result = fmpq_cmp(width, bar) <= 0;
    fmpq_clear(width);
    fmpq_clear(bar);
    return result;
}

static void shrink(bracket *b) {
    fmpq_t middle;
    fmpq_init(middle);
    for (slong j = 2; !b->done && !narrow_enough(b);) {
        if (step_around(b, j)) {
            j = 2 * j > b->wanted ? b->wanted : 2 * j;
            continue;
        }
        j = j / 2 < 2 ? 2 : j / 2;
        if (b->done) break;
        fmpq_add(middle, b->low, b->high);
        fmpq_div_2exp(middle, middle, 1);
        probe(b, middle);
    }
    fmpq_clear(middle);
}

sb_status sb_isolate_root(arb_t root, sb_point_function *f, const void *context, const fmpq_t level,
                          int digits, sb_error *error) {
    bracket b = {.f = f,
                 .context = context,
                 .level = level,
                 .wanted = (slong)((double)(digits + 4) * 3.3219280948873626) + 2};
    arb_t high;
    arb_init(high);
    fmpq_init(b.low);
    fmpq_init(b.high);
    arb_init(b.at_low);
    arb_init(b.at_high);
    find_order(&b);
    shrink(&b);
    arb_set_fmpq(root, b.low, b.wanted + 64);
    arb_set_fmpq(high, b.high, b.wanted + 64);
    arb_union(root, root, high, b.wanted + 64);
    int failed = b.failed;
    fmpq_clear(b.low);
    fmpq_clear(b.high);
    arb_clear(b.at_low);
    arb_clear(b.at_high);
    arb_clear(high);
    return failed ? sb_fail(error, SB_UNDECIDED, "root not isolated with %d bits", (int)SB_PRECISION_LIMIT)
                  : SB_OK;
}
